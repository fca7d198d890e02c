//! A page that cannot be shown, and why, in one sentence.

use super::html;
use crate::app::AppError;
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::web::Site;
use crate::web::access::is_api;
use crate::web::api;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::links::Links;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// What is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Trouble {
    /// HTTP's word for it.
    pub status: StatusCode,
    /// What is wrong and what to do, in the reader's language.
    pub sentence: String,
    period: Option<Period>,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page {
    layout: Layout,
    heading: &'static str,
    sentence: String,
    back: String,
}

impl Trouble {
    pub(in crate::web) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, sentence: sentence.into(), period: None }
    }

    /// What the application says, and whether it is the address, the ministry's data or the store.
    pub(super) fn of(error: &AppError, lang: Lang) -> Self {
        let status = match error {
            AppError::Nobody(..) | AppError::NoRoster(_) => StatusCode::NOT_FOUND,
            AppError::Policy(_) => StatusCode::CONFLICT,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        if status.is_server_error() {
            tracing::warn!(why = %error.sentence(Lang::En), "a page cannot be shown");
        }
        Self::new(status, error.sentence(lang))
    }

    /// A room that the reader's roles do not open.
    pub(in crate::web) fn closed(lang: Lang) -> Self {
        let sentence = lang.pick(
            "Peran Anda tidak membuka halaman ini. Bila Anda memerlukannya, mintalah peran yang sesuai kepada pengelola Selaras.",
            "Your role does not open this page. If you need it, ask whoever runs Selaras for the right role.",
        );
        Self::new(StatusCode::FORBIDDEN, sentence)
    }

    /// The period that the reader was looking at.
    pub(super) fn at(self, period: Option<Period>) -> Self {
        Self { period, ..self }
    }

    /// The page.
    pub(in crate::web) fn show(self, site: &Site, lang: Lang) -> Response {
        let links = Links { period: self.period, lang, default_lang: site.lang };
        let heading = match self.status {
            StatusCode::UNAUTHORIZED => lang.pick("Anda belum masuk", "You are not signed in"),
            StatusCode::FORBIDDEN => lang.pick("Tidak diizinkan", "Not allowed"),
            StatusCode::TOO_MANY_REQUESTS => lang.pick("Terlalu sering", "Too often"),
            StatusCode::NOT_FOUND => lang.pick("Tidak ditemukan", "Not found"),
            StatusCode::FORBIDDEN => lang.pick("Bukan untuk peran Anda", "Not for your role"),
            StatusCode::UNPROCESSABLE_ENTITY => lang.pick("Isian belum dapat disimpan", "This cannot be saved yet"),
            StatusCode::BAD_REQUEST => lang.pick("Alamat tidak dipahami", "The address is not understood"),
            StatusCode::METHOD_NOT_ALLOWED => lang.pick("Halaman ini hanya dapat dibaca", "This page can only be read"),
            StatusCode::CONFLICT => lang.pick("Periode ini belum dapat dinilai", "This period cannot be evaluated yet"),
            _ => lang.pick("Halaman belum dapat ditampilkan", "The page cannot be shown at the moment"),
        };
        let signed_in = self.status != StatusCode::UNAUTHORIZED;
        let layout = Layout { title: heading.to_owned(), room: Room::Outside, links, other: links.other_lang().to("/", &[]), viewer: None };
        let back = if signed_in { Links { period: None, ..links }.to("/", &[]) } else { String::new() };
        let mut response = html(&Page { layout, heading, sentence: self.sentence, back });
        *response.status_mut() = self.status;
        response
    }
}

/// No such page.
pub(in crate::web) async fn not_found(State(site): State<Arc<Site>>, request: Request) -> Response {
    if is_api(request.uri().path()) {
        return api::nothing_here(request.headers());
    }
    let lang = Ask::lang_of(request.uri().query(), site.lang);
    let sentence =
        lang.pick("Tidak ada halaman di alamat ini. Mulailah dari beranda.", "There is no page at this address. Begin at the home page.");
    Trouble::new(StatusCode::NOT_FOUND, sentence).show(&site, lang)
}

/// Nothing can be changed here.
pub(in crate::web) async fn get_only(State(site): State<Arc<Site>>, request: Request) -> Response {
    if is_api(request.uri().path()) {
        return api::other_method(request.headers());
    }
    let lang = Ask::lang_of(request.uri().query(), site.lang);
    let sentence = lang.pick("Alamat ini hanya dapat dibaca.", "This address can only be read.");
    Trouble::new(StatusCode::METHOD_NOT_ALLOWED, sentence).show(&site, lang)
}
