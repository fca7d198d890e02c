//! Cases: findings with who works on them, until when, what excuses them, and everything that was done.

use super::answer::{self, Answer};
use super::call::{Call, Person};
use super::describe::{Gives, Operation, Parameter, Values, count, instant, list, maybe, named, object, one_of, text, truth, with};
use super::findings::{self, Found, Named, PERSON};
use super::params::{CODE, CURSOR, LIMIT, OWNER, SEVERITY, UNIT};
use super::problem::{Kind, Problem};
use super::shown::{Page, Shown, failed, head_schema, no_run};
use crate::domain::access::Right;
use crate::domain::{Nip, Period};
use crate::export::{FindingRow, rows};
use crate::store::{Case, CaseEvent, CaseTarget, FindingsWanted, FoundRow, WaiverRecord};
use crate::web::Site;
use crate::web::ask::CaseView;
use crate::web::cases::{self, Opened, stamp, target};
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Keys of the views of the pages.
const VIEWS: [(&str, CaseView); 5] = [
    ("mine", CaseView::Mine),
    ("waiting", CaseView::Waiting),
    ("overdue", CaseView::Overdue),
    ("unassigned", CaseView::Unassigned),
    ("waived", CaseView::Waived),
];

fn views() -> Vec<&'static str> {
    VIEWS.map(|(key, _)| key).into()
}

const VIEW: Parameter = Parameter {
    name: "view",
    what: (
        "Seperti di halaman SDM: milik saya, menunggu persetujuan saya, lewat batas, belum ditugaskan, dikesampingkan; tanpa ini semua yang terbuka.",
        "As on the HR pages: mine, waiting for my approval, overdue, unassigned, waived; without it all that are open.",
    ),
    values: Values::Keys(views),
};
const SUPERIOR: Parameter = Parameter {
    name: "superior",
    what: ("Penilai: `person`-nya, atau `-` bila belum diketahui.", "Assessor: their `person`, or `-` where none is known."),
    values: Values::Pattern("^([0-9]{18}|~[0-9a-f]{16}|-)$", "198503122010011004"),
};

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/cases",
    id: "list_cases",
    what: (
        "Kasus satu periode: temuan dengan petugas, batas waktu, dan pengesampingannya, menurut NIP.",
        "Cases of a period: findings with who works on them, until when and what excuses them, by NIP.",
    ),
    query: &[&VIEW, &CODE, &SEVERITY, &OWNER, &SUPERIOR, &UNIT, &PERSON, &CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Cases"),
    refuses: &[409],
};

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/cases/{case}",
    id: "get_case",
    what: ("Satu kasus dengan riwayatnya, terlama dahulu.", "One case with its history, the oldest line first."),
    query: &[],
    sends: None,
    gives: Gives::Json("Case"),
    refuses: &[409],
};

/// What people have said about a finding.
#[derive(Serialize)]
struct CasePart {
    #[serde(flatten)]
    named: Named,
    unit: Option<String>,
    etag: String,
    version: u64,
    assignee: Option<String>,
    deadline: Option<String>,
    waiver: Option<WaiverPart>,
}

#[derive(Serialize)]
struct WaiverPart {
    stage: &'static str,
    reason: String,
    document: String,
    until: String,
    asked_by: String,
    asked_at: String,
    decided_by: Option<String>,
    decided_at: Option<String>,
    evidence_moved: bool,
}

#[derive(Serialize)]
struct CaseRow<'c, F> {
    #[serde(flatten)]
    row: F,
    #[serde(flatten)]
    case: &'c CasePart,
}

#[derive(Serialize)]
struct Whole<'c, H, F> {
    #[serde(flatten)]
    head: H,
    #[serde(flatten)]
    row: CaseRow<'c, F>,
    history: Vec<EventPart>,
}

#[derive(Serialize)]
struct EventPart {
    at: String,
    /// `None`: a reconciliation.
    account: Option<String>,
    what: String,
    detail: Value,
}

/// The mark of what a program has seen of a case: another one after each deed, and when the evidence moves. Made of the
/// name that the reader knows, so that nothing can be worked out from it.
fn etag(name: &str, target: &CaseTarget) -> String {
    stamp(&[CaseTarget { id: name.to_owned(), ..target.clone() }])
}

fn waiver(call: &Call, waiver: &WaiverRecord, evidence: &str) -> WaiverPart {
    WaiverPart {
        stage: waiver.stage.key(),
        reason: call.veil.text(&waiver.reason, true),
        document: call.veil.text(&waiver.document, false),
        until: waiver.until.to_string(),
        asked_by: waiver.asked_by.clone(),
        asked_at: rows::instant(waiver.asked_at),
        decided_by: super::periods::some(&waiver.decided_by),
        decided_at: waiver.decided_at.map(rows::instant),
        evidence_moved: waiver.evidence != evidence,
    }
}

/// A finding and its case as the reader may see them; `case`: nobody has acted when there is none.
fn told(site: &Site, call: &Call, row: &FoundRow, case: Option<&Case>, unit: Option<String>) -> (FindingRow, CasePart) {
    let none = Case::default();
    let case = case.unwrap_or(&none);
    let (told, named) = findings::told(call, row);
    let seen = match &row.finding {
        Some(finding) => target(finding, Some(case)),
        None => CaseTarget { id: row.state.id.clone(), version: case.version, evidence: String::new() },
    };
    let now = site.app.clock.now();
    let open = case.waiver.as_ref().filter(|waiver| waiver.is_waiting() || waiver.is_in_force(now));
    let part = CasePart {
        etag: etag(&named.case, &seen),
        named,
        unit,
        version: case.version,
        assignee: super::periods::some(&case.owner),
        deadline: case.deadline.map(|day| day.to_string()),
        waiver: open.map(|open| waiver(call, open, &seen.evidence)),
    };
    (told, part)
}

/// Under whom; `None`: whoever it is.
async fn superior(site: &Site, call: &Call) -> Result<Option<String>, Problem> {
    let Some(text) = call.text(SUPERIOR.name) else { return Ok(None) };
    if text == "-" {
        return Ok(Some(String::new()));
    }
    let nip = match call.named(text)? {
        // Who may not see NIPs cannot ask by one.
        Person::Nip(nip) => Some(nip).filter(|_| call.veil.shows_nips()),
        Person::Handle(handle) => site.app.store.handled(&handle).await.map_err(|error| call.failed(error))?,
    };
    nip.map(|nip| Some(nip.to_string())).ok_or_else(|| {
        let detail = call.lang.pick("Penilai itu tidak dikenal pada periode ini.", "That assessor is not known in this period.");
        Problem::new(Kind::NotFound, call.lang, detail)
    })
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let shown = Shown::open(&site, &call).await?;
    let view = call.read(&VIEW, |key| VIEWS.into_iter().find(|(known, _)| *known == key).map(|(_, view)| view))?;
    let today = site.app.clock.now().with_timezone(&site.app.config.schedule.timezone.get()).date_naive();
    let wanted = FindingsWanted {
        cases: view.map(|view| view.filter(&call.viewer, today)),
        open: view.is_none(),
        superior: superior(&site, &call).await?,
        ..findings::wanted(&site, &call, &shown).await?
    };
    let Found { shown, rows: found, next } = findings::read(&site, &call, &shown, &wanted).await?;
    site.trail().listed(&call.viewer, &call.pass, "cases", shown.period, found.len()).await.map_err(failed(&call))?;
    let store = &site.app.store;
    let ids: Vec<&str> = found.iter().map(|row| row.state.id.as_str()).collect();
    let cases = store.cases_named(&ids).await.map_err(|error| call.failed(error))?;
    let nips: Vec<Nip> = found.iter().filter_map(|row| row.state.nip).collect();
    let listed = store.listed_of(shown.period, &nips).await.map_err(|error| call.failed(error))?;
    let unit = |row: &FoundRow| row.state.nip.and_then(|nip| listed.get(&nip)).and_then(|listed| super::periods::some(&listed.unit));
    let told: Vec<(FindingRow, CasePart)> = found.iter().map(|row| told(&site, &call, row, cases.get(&row.state.id), unit(row))).collect();
    let rows = told.iter().map(|(row, case)| CaseRow { row: rows::finding(row), case }).collect();
    let header = shown.header();
    answer::whole(&call, &Page { head: shown.head(&header), rows, next })
}

/// Nobody's case.
fn unknown(call: &Call) -> Problem {
    Problem::new(Kind::NotFound, call.lang, call.lang.pick("Kasus itu tidak dikenal.", "That case is not known."))
}

/// The case of that name, if the reader sees it.
pub(super) async fn find(site: &Site, call: &Call, period: Period, name: &str) -> Result<Box<Opened>, Problem> {
    if !call.viewer.may(Right::SeeCases) {
        let detail = call.lang.pick("Token ini tidak boleh melihat kasus.", "This token may not see cases.");
        return Err(Problem::new(Kind::Forbidden, call.lang, detail));
    }
    let meant = cases::meant(site, period, name).await.map_err(|error| call.failed(error))?;
    let Some(id) = meant else { return Err(if cases::parts(name).is_some() { unknown(call) } else { wrong_name(call) }) };
    match cases::open(site, &call.viewer, period, &id).await.map_err(|error| call.failed(error))? {
        cases::Found::NoRun => Err(no_run(call, period)),
        cases::Found::Unsettled => {
            let again = call
                .lang
                .pick("Pencocokan baru sedang disimpan; coba lagi sebentar.", "A new reconciliation is being kept; try again in a moment.");
            Err(Problem::new(Kind::Unavailable, call.lang, again))
        }
        cases::Found::Case(opened) if opened.is_open_by(name, call.veil) => Ok(opened),
        cases::Found::Case(_) | cases::Found::Nothing => Err(unknown(call)),
    }
}

fn wrong_name(call: &Call) -> Problem {
    call.wrong(call.lang.pick("kasus: tulis `case` dari sebuah baris", "case: write the `case` of a row"))
}

/// The mark of what is seen of a case now.
pub(super) fn etag_of(call: &Call, opened: &Opened) -> String {
    etag(&opened.name(call.veil), &opened.target())
}

/// The case in JSON, with its mark; that it is shown is written down.
pub(super) async fn body(site: &Site, call: &Call, period: Period, opened: Box<Opened>) -> Result<(String, String), Problem> {
    let Opened { run, file, listed, finding, .. } = *opened;
    if let Some(nip) = file.state.nip {
        site.trail().person_seen(&call.viewer, &call.pass, period, &nip).await.map_err(failed(call))?;
    }
    let shown = Shown::of(site, call, period, Some(run)).await?;
    let unit = listed.as_ref().and_then(|row| super::periods::some(&row.unit));
    let row = FoundRow { state: file.state, handle: listed.map(|row| row.handle), finding };
    let (told, case) = told(site, call, &row, Some(&file.case), unit);
    let etag = case.etag.clone();
    let header = shown.header();
    let row = CaseRow { row: rows::finding(&told), case: &case };
    let history = file.events.into_iter().map(|line| event(call, line)).collect();
    Ok((answer::write(call, &Whole { head: shown.head(&header), row, history })?, etag))
}

fn event(call: &Call, event: CaseEvent) -> EventPart {
    let mut detail = event.detail;
    // What people wrote may speak of accounts.
    if let Some(text) = detail.get_mut("text") {
        *text = json!(call.veil.text(text.as_str().unwrap_or_default(), true));
    }
    EventPart { at: rows::instant(event.at), account: super::periods::some(&event.account), what: event.what, detail }
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let period = call.period()?;
    let opened = find(&site, &call, period, call.part("case")?).await?;
    let (text, etag) = body(&site, &call, period, opened).await?;
    // The mark of the case first, which is what a change is held against; then that of the answer.
    let tag = format!("\"{etag}-{}\"", answer::tag(&[&text]).trim_matches('"'));
    Ok(if call.has(&tag) { answer::unchanged(&tag) } else { answer::json(text, &tag) })
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let waiver = object([
        ("stage", one_of(["waiting", "approved"])),
        ("reason", text()),
        ("document", text()),
        ("until", text()),
        ("asked_by", text()),
        ("asked_at", instant()),
        ("decided_by", maybe(text())),
        ("decided_at", maybe(instant())),
        ("evidence_moved", truth()),
    ]);
    let row = || {
        with(
            findings::row_schema(),
            [
                ("unit", maybe(text())),
                ("etag", text()),
                ("version", count()),
                ("assignee", maybe(text())),
                ("deadline", maybe(text())),
                ("waiver", maybe(named("Waiver"))),
            ],
        )
    };
    let event = object([("at", instant()), ("account", maybe(text())), ("what", text()), ("detail", json!({"type": "object"}))]);
    let mut whole = with(head_schema(), [("history", list(event))]);
    let row = row();
    for (key, schema) in row["properties"].as_object().into_iter().flatten() {
        whole = with(whole, [(key.as_str(), schema.clone())]);
    }
    vec![("Waiver", waiver), ("Cases", with(head_schema(), [("rows", list(row)), ("next", maybe(text()))])), ("Case", whole)]
}
