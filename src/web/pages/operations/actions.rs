//! What those who run it may do from the page: start a job, ask again what was set aside, decide about what is held. A
//! form is taken once, whatever is clicked; what it asks for is written down before it is done.

use crate::app::AppError;
use crate::domain::evidence::{Kind, Reason};
use crate::domain::text::Lang;
use crate::store::Decision;
use crate::web::Site;
use crate::web::access::by;
use crate::web::ask::Ask;
use crate::web::operate::{self, BY_HAND, Done, Once, Seen};
use crate::web::pages::trouble::Trouble;
use axum::extract::{Form, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

type Fields = Form<Vec<(String, String)>>;

/// What became of a form, as the address of the page that follows says it.
impl Done {
    const ALL: [(&'static str, Self); 8] = [
        ("mulai", Self::Started),
        ("sibuk", Self::Busy),
        ("sekali", Self::Twice),
        ("kosong", Self::Nothing),
        ("diterima", Self::Accepted),
        ("nanti", Self::AcceptedForLater),
        ("ditolak", Self::Refused),
        ("diputuskan", Self::Decided),
    ];

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, done)| done)
    }

    /// In words, and whether it went as was wished.
    pub(super) fn said(self, lang: Lang) -> (&'static str, bool) {
        match self {
            Self::Started => (lang.pick("Dimulai. Kemajuannya tampak di halaman ini.", "Begun. This page shows how far it is."), true),
            Self::Busy => (
                lang.pick(
                    "Pekerjaan ini sedang berjalan, jadi tidak dimulai lagi. Tunggu sampai selesai.",
                    "This job is at work, so it was not begun again. Wait until it has ended.",
                ),
                false,
            ),
            Self::Twice => (
                lang.pick("Formulir ini sudah dikirim; tidak dikerjakan dua kali.", "This form was sent before; nothing is done twice."),
                true,
            ),
            Self::Nothing => (lang.pick("Tidak ada lagi yang perlu ditanyakan ulang.", "There is nothing left to ask again."), true),
            Self::Accepted => (
                lang.pick(
                    "Diterima. Tarikan ulang sudah dimulai; jawaban yang kehilangan lebih banyak lagi akan ditahan lagi.",
                    "Accepted. It is being pulled again; an answer that lacks even more is held again.",
                ),
                true,
            ),
            Self::AcceptedForLater => (
                lang.pick(
                    "Diterima. Tarikan lain sedang berjalan; tarikan berikutnya akan mengambilnya.",
                    "Accepted. Another pull is at work; the next one takes it.",
                ),
                true,
            ),
            Self::Refused => (lang.pick("Ditolak. Data yang lama tetap berlaku.", "Refused. What was known before still holds."), true),
            Self::Decided => (lang.pick("Jawaban ini sudah diputuskan.", "This answer has been decided about."), true),
        }
    }
}

fn value<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

fn back(site: &Site, ask: &Ask, done: Done) -> Response {
    let key = Done::ALL.into_iter().find(|(_, known)| *known == done).map_or("", |(key, _)| key);
    let to = ask.links(ask.period, site).to("/sinkronisasi", &[("hasil", key)]);
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sinkronisasi"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

fn incomplete(site: &Site, lang: Lang) -> Response {
    let sentence = lang.pick(
        "Isian formulir ini tidak lengkap. Buka lagi halaman Sinkronisasi, lalu kirim sekali lagi.",
        "This form is not complete. Open the page Sync again and send it once more.",
    );
    Trouble::new(StatusCode::BAD_REQUEST, sentence).show(site, lang)
}

/// Answers with what was done, or with what was in the way.
fn answer(site: &Site, ask: &Ask, done: Result<Option<Done>, AppError>) -> Response {
    match done {
        Ok(Some(done)) => back(site, ask, done),
        Ok(None) => incomplete(site, ask.lang),
        Err(error) => Trouble::of(&error, ask.lang).show(site, ask.lang),
    }
}

fn once(form: &Fields) -> Once<'_> {
    Once::Form(value(form, "sekali"))
}

fn has_id(form: &Fields) -> bool {
    let id = value(form, "sekali");
    (16..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `POST /sinkronisasi/jalankan`: a job, now.
pub(in crate::web) async fn run_now(State(site): State<Arc<Site>>, ask: Ask, form: Fields) -> Response {
    let job = BY_HAND.into_iter().find(|job| job.key() == value(&form, "pekerjaan")).filter(|_| has_id(&form));
    let done = match job {
        Some(job) => operate::run_now(&site, &by(&ask.viewer, &ask.pass), once(&form), job).await.map(Some),
        None => Ok(None),
    };
    answer(&site, &ask, done)
}

/// `POST /sinkronisasi/ulangi`: asks again what was set aside for a reason.
pub(in crate::web) async fn ask_again(State(site): State<Arc<Site>>, ask: Ask, form: Fields) -> Response {
    let (kind, reason) = (Kind::from_key(value(&form, "jenis")), Reason::from_key(value(&form, "sebab")));
    let done = match kind.zip(reason).filter(|_| has_id(&form)) {
        Some((kind, reason)) => operate::ask_again(&site, &by(&ask.viewer, &ask.pass), once(&form), kind, reason).await.map(Some),
        None => Ok(None),
    };
    answer(&site, &ask, done)
}

/// `POST /sinkronisasi/putuskan`: whether an answer that was held may be taken.
pub(in crate::web) async fn decide(State(site): State<Arc<Site>>, ask: Ask, form: Fields) -> Response {
    let decision = match value(&form, "keputusan") {
        "terima" => Some(Decision::Accepted),
        "tolak" => Some(Decision::Refused),
        _ => None,
    };
    let (kind, part, held_at) = (Kind::from_key(value(&form, "jenis")), value(&form, "bagian"), value(&form, "pada").parse::<i64>().ok());
    let done = match (decision, kind, held_at) {
        (Some(decision), Some(kind), Some(held_at)) => {
            operate::decide(&site, &by(&ask.viewer, &ask.pass), &Seen { kind, part, held_at }, decision).await
        }
        _ => Ok(None),
    };
    answer(&site, &ask, done)
}
