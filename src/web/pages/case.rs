//! `/sdm/kasus/{periode}/{kasus}`: one finding as a case: what it says and rests on, who works on it until when, what
//! excuses it, what can be done, and everything that was done.

mod history;

use self::history::{Line, lines};
use super::casework::{Accounts, may_work, see_other, told};
use super::html;
use super::scene::{RunLine, Scene, unsettled};
use super::trouble::Trouble;
use crate::domain::access::Right;
use crate::domain::verdict::Verdict;
use crate::domain::{Period, Severity};
use crate::export::{sentence, words};
use crate::store::{FindingStatus, Listed, WaiverRecord};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::cases::{self, Found, Opened, Typed, refused};
use crate::web::layout::{Layout, Room};
use crate::web::view::{FindingView, severity_of, standing_tone, when};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Lines of the history on a page.
const LINES: usize = 25;

#[derive(Template)]
#[template(path = "case.html")]
struct Page {
    layout: Layout,
    run: RunLine,
    /// Something was done.
    told: Option<&'static str>,
    /// Nothing was done, and why.
    wrong: Option<String>,
    code: &'static str,
    title: &'static str,
    period: String,
    person: Option<Person>,
    status: (&'static str, &'static str),
    severity: (&'static str, &'static str),
    finding: Option<FindingView>,
    subject: String,
    owner: Option<String>,
    deadline: Option<(String, bool)>,
    waiver: Option<WaiverView>,
    back: String,
    action: String,
    forms: Option<Forms>,
    /// May work cases, but has no account of their own.
    needs_account: bool,
    history: Vec<Line>,
    /// Where the lines before and after these are.
    newer: Option<String>,
    older: Option<String>,
}

struct Person {
    name: String,
    nip: String,
    link: String,
    standing: (&'static str, &'static str),
    why: String,
}

struct WaiverView {
    waiting: bool,
    reason: String,
    document: String,
    until: String,
    asked: String,
    approved: Option<String>,
    /// The evidence is another one than it was asked for.
    moved: bool,
    /// It is approved, and what it is about holds the person all the same, as nobody knows the amount.
    idle: bool,
}

/// What can be done, with what the forms carry.
struct Forms {
    csrf: String,
    version: u64,
    evidence: String,
    owners: Vec<(String, String, bool)>,
    deadline: String,
    /// Only what can still be said of a finding that is gone.
    comment_only: bool,
    may_ask: bool,
    may_decide: bool,
    may_withdraw: bool,
    own: bool,
    today: String,
    typed: Typed,
}

type Address = (String, String);

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, Path(address): Path<Address>, ask: Ask) -> Response {
    match page(&site, ask, &address, None).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

pub(in crate::web) async fn work(
    State(site): State<Arc<Site>>,
    Path(address): Path<Address>,
    ask: Ask,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let typed = Typed::read(&form);
    let (status, sentence) = match act(&site, ask.clone(), &address, &form, &typed).await {
        Ok(link) => return see_other(&link),
        Err(Refusal::Trouble(trouble)) => return *trouble,
        Err(Refusal::Said(status, sentence)) => (status, sentence),
    };
    match page(&site, ask, &address, Some((sentence, typed))).await {
        Ok(page) => {
            let mut response = html(&page);
            *response.status_mut() = status;
            response
        }
        Err(trouble) => trouble,
    }
}

enum Refusal {
    Trouble(Box<Response>),
    Said(StatusCode, String),
}

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self::Trouble(Box::new(response))
    }
}

/// Does what the form says; gives where to go then.
async fn act(site: &Site, mut ask: Ask, address: &Address, form: &[(String, String)], typed: &Typed) -> Result<String, Refusal> {
    let Some(period) = period_of(&mut ask, address) else { return Err(unknown(site, &ask).into()) };
    let scene = Scene::open(site, &ask, Some(Right::WorkCases)).await?;
    let lang = ask.lang;
    let opened = open(&scene, &address.1).await?;
    if !may_work(&scene) {
        return Err(Refusal::Said(StatusCode::FORBIDDEN, needs_account(lang).to_owned()));
    }
    let deed = typed.deed(lang, site).map_err(|sentence| Refusal::Said(StatusCode::UNPROCESSABLE_ENTITY, sentence))?;
    let value = |name: &str| form.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let Ok(version) = value("versi").parse() else {
        let sentence = lang.pick(
            "Formulir ini tidak utuh. Tidak ada yang diubah; ulangi dari halaman ini.",
            "This form is not whole. Nothing was changed; try again from this page.",
        );
        return Err(Refusal::Said(StatusCode::BAD_REQUEST, sentence.to_owned()));
    };
    let shown = crate::store::CaseTarget { id: opened.file.state.id.clone(), version, evidence: value("bukti").to_owned() };
    let worked = site.app.store.work(period, &[shown], &deed, &ask.viewer.account, &ask.pass.address).await;
    match refused(worked.map_err(|error| scene.trouble(error))?, lang) {
        Some((status, sentence)) => Err(Refusal::Said(status, sentence.to_owned())),
        None => Ok(scene.links.to(&path(period, &opened.name(scene.veil)), &[("kabar", &typed.deed)])),
    }
}

fn needs_account(lang: crate::domain::text::Lang) -> &'static str {
    lang.pick(
        "Kasus dikerjakan dengan akun sendiri: mintalah akun kepada pengelola sistem (selaras user add).",
        "Cases are worked with an account of one's own: ask the keeper of the system for one (selaras user add).",
    )
}

/// The address of a case.
pub(super) fn path(period: Period, name: &str) -> String {
    format!("/sdm/kasus/{period}/{name}")
}

fn unknown(site: &Site, ask: &Ask) -> Response {
    let sentence = ask.lang.pick("Kasus itu tidak dikenal.", "That case is not known.");
    Trouble::new(StatusCode::NOT_FOUND, sentence).at(ask.period).show(site, ask.lang)
}

/// The period that the address names; `None`: it is none.
fn period_of(ask: &mut Ask, (period, _): &Address) -> Option<Period> {
    ask.period = period.parse().ok();
    ask.period
}

/// The case, else the page that says why there is none.
async fn open(scene: &Scene<'_>, name: &str) -> Result<Box<Opened>, Response> {
    let meant = cases::meant(scene.site, scene.period, name).await.map_err(|error| scene.trouble(error))?;
    let Some(id) = meant else { return Err(unknown(scene.site, scene.ask)) };
    let found = cases::open(scene.site, &scene.ask.viewer, scene.period, &id).await;
    match found.map_err(|error| scene.trouble(error))? {
        Found::NoRun => Err(scene.nothing_yet().await),
        Found::Nothing => Err(unknown(scene.site, scene.ask)),
        Found::Unsettled => Err(unsettled(scene.site, scene.ask)),
        Found::Case(opened) if opened.is_open_by(name, scene.veil) => Ok(opened),
        Found::Case(_) => Err(unknown(scene.site, scene.ask)),
    }
}

async fn page(site: &Site, mut ask: Ask, address: &Address, wrong: Option<(String, Typed)>) -> Result<Page, Response> {
    let Some(period) = period_of(&mut ask, address) else { return Err(unknown(site, &ask)) };
    let scene = Scene::open(site, &ask, Some(Right::SeeCases)).await?;
    let opened = open(&scene, &address.1).await?;
    if let Some(nip) = opened.file.state.nip {
        let seen = site.trail().person_seen(&ask.viewer, &ask.pass, period, &nip).await;
        seen.map_err(|error| scene.trouble(error))?;
    }
    let unit = opened.listed.as_ref().map(|row| row.unit.as_str());
    let accounts = Accounts::of(&scene, unit).await?;
    Ok(view(&scene, &opened, &accounts, wrong))
}

fn view(scene: &Scene<'_>, opened: &Opened, accounts: &Accounts, wrong: Option<(String, Typed)>) -> Page {
    let (lang, ask) = (scene.ask.lang, scene.ask);
    let Opened { run, file, finding, .. } = opened;
    let (state, case) = (&file.state, &file.case);
    let title = sentence::title(state.code, lang);
    let path = path(scene.period, &opened.name(scene.veil));
    let (wrong, typed) = wrong.map_or((None, None), |(sentence, typed)| (Some(sentence), Some(typed)));
    let today = scene.today();
    let deadline = case.deadline.map(|day| (format!("{} ({})", words::day(day, lang), scene.until(day).0), day < today));
    let evidence = opened.target().evidence;
    let waiver = case.waiver.as_ref().filter(|waiver| waiver.is_waiting() || waiver.is_in_force(scene.now));
    let pages = file.events.len().div_ceil(LINES).max(1);
    let at = ask.page.clamp(1, pages);
    let to = |page: usize| scene.links.to(&path, &[("hal", &page.to_string())]);
    Page {
        layout: scene.layout(format!("{} {title}", state.code), Room::Hr, &path, &[]),
        run: scene.run_line(run),
        told: told(&ask.told, lang).filter(|_| wrong.is_none()),
        wrong,
        code: state.code.code(),
        title,
        period: words::period(scene.period, lang),
        person: opened.listed.as_ref().map(|row| person(row, opened.verdict.as_ref(), scene)),
        status: status(state.status, lang),
        severity: severity_of(state.severity, lang),
        finding: finding.as_ref().map(|finding| FindingView::of(finding, scene.veil, scene.zone, lang)),
        subject: scene.veil.text(&state.subject, state.code.code().starts_with("BK")),
        owner: (!case.owner.is_empty()).then(|| accounts.said(&case.owner)),
        deadline,
        waiver: waiver.map(|waiver| waiver_view(waiver, opened, &evidence, accounts, scene)),
        back: scene.links.to("/sdm", &[]),
        action: scene.links.to(&path, &[]),
        forms: may_work(scene).then(|| forms(scene, opened, accounts, evidence, typed)),
        needs_account: ask.viewer.may(Right::WorkCases) && !may_work(scene),
        history: lines(file.events.iter().rev().skip((at - 1) * LINES).take(LINES), accounts, scene),
        newer: (at > 1).then(|| to(at - 1)),
        older: (at < pages).then(|| to(at + 1)),
    }
}

fn person(row: &Listed, verdict: Option<&Verdict>, scene: &Scene<'_>) -> Person {
    let lang = scene.ask.lang;
    Person {
        name: if row.name.is_empty() { lang.pick("(tanpa nama)", "(no name)").to_owned() } else { row.name.clone() },
        nip: scene.veil.nip(row.nip),
        link: scene.links.person(&row.handle),
        standing: (words::standing(row.standing, lang), standing_tone(row.standing)),
        why: verdict.map(|verdict| scene.veil.text(&crate::export::why(verdict, lang), true)).unwrap_or_default(),
    }
}

fn status(status: FindingStatus, lang: crate::domain::text::Lang) -> (&'static str, &'static str) {
    use crate::export::FindingStatus as Shown;
    match status {
        FindingStatus::New => (words::status(Shown::New, lang), "tag-blue"),
        FindingStatus::Persisting => (words::status(Shown::Persisting, lang), "tag-amber"),
        FindingStatus::Resolved => (words::status(Shown::Resolved, lang), "tag-green"),
        FindingStatus::Waived => (words::status(Shown::Waived, lang), "tag-grey"),
    }
}

fn waiver_view(waiver: &WaiverRecord, opened: &Opened, evidence: &str, accounts: &Accounts, scene: &Scene<'_>) -> WaiverView {
    let (lang, zone) = (scene.ask.lang, scene.zone);
    let is_incomputable = opened.verdict.as_ref().is_some_and(|verdict| verdict.expected.is_none());
    let holds = opened.finding.as_ref().is_some_and(|finding| finding.severity == Severity::Block && finding.is_open());
    let by = |account: &str, at| format!("{}, {}", accounts.said(account), when(at, zone, lang));
    WaiverView {
        waiting: waiver.is_waiting(),
        reason: scene.veil.text(&waiver.reason, true),
        document: scene.veil.text(&waiver.document, false),
        until: words::day(waiver.until, lang),
        asked: by(&waiver.asked_by, waiver.asked_at),
        approved: waiver.decided_at.map(|at| by(&waiver.decided_by, at)),
        moved: waiver.evidence != evidence,
        idle: !waiver.is_waiting() && is_incomputable && holds,
    }
}

fn forms(scene: &Scene<'_>, opened: &Opened, accounts: &Accounts, evidence: String, typed: Option<Typed>) -> Forms {
    let (ask, case) = (scene.ask, &opened.file.case);
    let gone = opened.file.state.status == FindingStatus::Resolved;
    let waiver = case.waiver.as_ref();
    let waiting = waiver.filter(|waiver| waiver.is_waiting());
    let holds = waiver.is_some_and(|waiver| waiver.is_in_force(scene.now));
    let own = waiting.is_some_and(|waiver| waiver.asked_by == ask.viewer.account);
    let typed = typed.unwrap_or_default();
    Forms {
        csrf: ask.pass.csrf.clone(),
        version: case.version,
        evidence,
        owners: accounts.options(&ask.viewer.account, &case.owner, ask.lang),
        deadline: if typed.deed == "batas" { typed.deadline.clone() } else { case.deadline.map(|day| day.to_string()).unwrap_or_default() },
        comment_only: gone,
        may_ask: !gone && waiting.is_none() && !holds,
        may_decide: !gone && waiting.is_some() && !own,
        may_withdraw: waiting.is_some() || holds,
        own,
        today: scene.today().to_string(),
        typed,
    }
}
