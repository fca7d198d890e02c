//! `/kebijakan/andai`: what another policy would have changed in past months, worked beside the pages; and what came out.

mod result;

use self::result::{Shown, shown};
use super::compare::options;
use super::form::{Sent, too_large};
use crate::app::what_if::{self, MOST_PERIODS, Wanted};
use crate::domain::Period;
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::export::words;
use crate::policy::{Policy, PolicySet};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::pages::html;
use crate::web::pages::scene::Scene;
use crate::web::pages::trouble::Trouble;
use crate::web::trials::{Asked, Busy, State as Trial};
use crate::web::view::count;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// People who are shown to whoever may see people.
const TOP: usize = 20;
/// How long a page waits for work that is nearly done.
pub(in crate::web) const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Template)]
#[template(path = "policy_what_if.html")]
struct Page {
    layout: Layout,
    action: String,
    back: String,
    compare: String,
    policies: Vec<(String, String, bool)>,
    from: Vec<(String, String, bool)>,
    to: Vec<(String, String, bool)>,
    refused: Vec<String>,
    /// How many people are done, and where to look again.
    running: Option<(String, String)>,
    shown: Option<Shown>,
}

/// What the form chose.
#[derive(Default)]
struct Chosen {
    policy: String,
    from: Option<Period>,
    to: Option<Period>,
}

pub(in crate::web) async fn ask_for(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match prepared(&site, &ask).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

async fn prepared(site: &Site, ask: &Ask) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeePolicy)).await?;
    let set = site.memory.policies(&site.app).map_err(|error| scene.trouble(error))?;
    Ok(page(&scene, &set, &Chosen::default()))
}

pub(in crate::web) async fn begin(State(site): State<Arc<Site>>, ask: Ask, request: Request) -> Response {
    match begun(&site, &ask, request).await {
        Ok(Ok(to)) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Ok(Err((status, page))) => {
            let mut response = html(&*page);
            *response.status_mut() = status;
            response
        }
        Err(trouble) => trouble,
    }
}

/// Where to look for the answer, or the form again with what is wrong.
type Begun = Result<HeaderValue, (StatusCode, Box<Page>)>;

async fn begun(site: &Arc<Site>, ask: &Ask, request: Request) -> Result<Begun, Response> {
    let (scene, lang) = (Scene::open(site, ask, Some(Right::SeePolicy)).await?, ask.lang);
    let set = site.memory.policies(&site.app).map_err(|error| scene.trouble(error))?;
    let refuse = |chosen: &Chosen, status: StatusCode, lines: Vec<String>| {
        let page = Page { refused: lines, ..page(&scene, &set, chosen) };
        (status, Box::new(page))
    };
    let Ok(sent) = Sent::read(request).await else {
        return Ok(Err(refuse(&Chosen::default(), StatusCode::BAD_REQUEST, vec![too_large(lang)])));
    };
    let month = |name: &str| sent.field(name).parse().ok();
    let chosen = Chosen { policy: sent.field("kebijakan").to_owned(), from: month("dari"), to: month("sampai") };
    let periods = match months(chosen.from, chosen.to, lang) {
        Ok(periods) => periods,
        Err(line) => return Ok(Err(refuse(&chosen, StatusCode::BAD_REQUEST, vec![line]))),
    };
    let known = || set.policies().iter().find(|policy| policy.id() == chosen.policy).cloned();
    let policy = match sent.policy(&site.app.config.policy.dir, lang) {
        Some(Ok((policy, _))) => policy,
        Some(Err(lines)) => return Ok(Err(refuse(&chosen, StatusCode::UNPROCESSABLE_ENTITY, lines))),
        None => match known() {
            Some(policy) => policy,
            None => {
                let choose = lang.pick("Pilih kebijakan dari daftar, atau sebuah berkas.", "Choose a policy of the list, or a file.");
                return Ok(Err(refuse(&chosen, StatusCode::BAD_REQUEST, vec![choose.to_owned()])));
            }
        },
    };
    match start(site, &ask.viewer.account, ask.units(), policy, periods) {
        Ok(id) => match HeaderValue::from_str(&scene.links.to(&format!("/kebijakan/andai/{id}"), &[])) {
            Ok(to) => Ok(Ok(to)),
            Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        },
        Err(Busy) => {
            let busy = lang.pick(
                "Perhitungan andai-andai lain sedang berjalan; hanya satu yang dikerjakan pada satu saat. Coba lagi sebentar.",
                "Another what-if is being worked; there is one at a time. Try again in a moment.",
            );
            Ok(Err(refuse(&chosen, StatusCode::CONFLICT, vec![busy.to_owned()])))
        }
    }
}

/// The months from the first to the last, or what is wrong with them.
pub(in crate::web) fn months(from: Option<Period>, to: Option<Period>, lang: Lang) -> Result<Vec<Period>, String> {
    let (Some(from), Some(to)) = (from, to) else {
        return Err(lang.pick("Pilih bulan pertama dan bulan terakhir.", "Choose the first and the last month.").to_owned());
    };
    if to < from {
        return Err(lang.pick("Bulan terakhir mendahului bulan pertama.", "The last month comes before the first.").to_owned());
    }
    let periods: Vec<Period> = (0..).map(|after| from.offset(after)).take_while(|period| *period <= to).take(MOST_PERIODS + 1).collect();
    if periods.len() > MOST_PERIODS {
        return Err(lang.pick(format!("Paling banyak {MOST_PERIODS} bulan sekaligus."), format!("At most {MOST_PERIODS} months at once.")));
    }
    Ok(periods)
}

/// Begins the work beside the pages.
pub(in crate::web) fn start(
    site: &Arc<Site>,
    account: &str,
    units: Option<BTreeSet<String>>,
    policy: Policy,
    periods: Vec<Period>,
) -> Result<String, Busy> {
    let what = format!("{} {} {}", policy.sha256, periods[0], periods[periods.len() - 1]);
    let asked = Asked { account: account.to_owned(), units: units.clone(), what };
    let app = site.app.clone();
    site.trials.begin(asked, move |people| async move {
        let wanted = Wanted { units: units.as_ref(), top: TOP, rows: false };
        what_if::run(&app, &policy, &periods, wanted, &mut |done| people.store(done, Ordering::Relaxed)).await
    })
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask) -> Response {
    match found(&site, &ask, &id).await {
        Ok((status, page)) => {
            let mut response = html(&page);
            *response.status_mut() = status;
            response
        }
        Err(trouble) => trouble,
    }
}

async fn found(site: &Site, ask: &Ask, id: &str) -> Result<(StatusCode, Page), Response> {
    let (scene, lang) = (Scene::open(site, ask, Some(Right::SeePolicy)).await?, ask.lang);
    let set = site.memory.policies(&site.app).map_err(|error| scene.trouble(error))?;
    let state = site.trials.look(id, &ask.viewer.account, ask.units().as_ref(), PATIENCE).await;
    let path = format!("/kebijakan/andai/{id}");
    let mut page = page(&scene, &set, &Chosen::default());
    match state {
        None => {
            let sentence = lang.pick(
                "Hasil ini tidak ada atau sudah lewat satu jam. Hitung lagi dari halaman kebijakan.",
                "This result is not there, or an hour has passed. Work it out again from the policy page.",
            );
            Err(Trouble::new(StatusCode::NOT_FOUND, sentence).at(ask.period).show(site, lang))
        }
        Some(Trial::Running(people)) => {
            page.layout.other = scene.links.other_lang().to(&path, &[]);
            page.running = Some((count(people, lang), scene.links.to(&path, &[])));
            Ok((StatusCode::OK, page))
        }
        Some(Trial::Done(result)) => {
            page.layout.other = scene.links.other_lang().to(&path, &[]);
            match &*result {
                Ok(what_if) => {
                    page.shown = Some(shown(what_if, &scene));
                    Ok((StatusCode::OK, page))
                }
                Err(error) => {
                    page.refused = vec![scene.veil.text(&error.sentence(lang), true)];
                    let status = if error.is_refusal() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::SERVICE_UNAVAILABLE };
                    Ok((status, page))
                }
            }
        }
    }
}

/// The form; unless the reader chooses, the latest policy of the folder and the month that is looked at.
fn page(scene: &Scene<'_>, set: &PolicySet, chosen: &Chosen) -> Page {
    let lang = scene.ask.lang;
    let path = "/kebijakan/andai";
    let policy = if chosen.policy.is_empty() { set.policies().last().map_or("", Policy::id) } else { &chosen.policy };
    let months = |chosen: Option<Period>| {
        let chosen = chosen.unwrap_or(scene.period);
        scene.periods.known.iter().map(|period| (period.to_string(), words::period(*period, lang), *period == chosen)).collect()
    };
    Page {
        layout: scene.layout(lang.pick("Andai kebijakan lain berlaku", "What if another policy held").to_owned(), Room::Policy, path, &[]),
        action: scene.links.to(path, &[]),
        back: scene.links.to("/kebijakan", &[]),
        compare: scene.links.to("/kebijakan/banding", &[]),
        policies: options(set, policy, lang),
        from: months(chosen.from),
        to: months(chosen.to),
        refused: Vec::new(),
        running: None,
        shown: None,
    }
}
