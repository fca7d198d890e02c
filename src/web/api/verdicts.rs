//! Verdicts of a period: the list with its filters, one person, and how the verdict came about.

use super::answer::{self, Answer};
use super::call::{Call, Person};
use super::describe::{Gives, Operation, Parameter, Values, count, instant, list, maybe, named, number, object, one_of, text, with};
use super::params::{CODE, CURSOR, LIMIT, UNIT, codes, owners, severities, standings};
use super::problem::Problem;
use super::shown::{Page, Row, Shown, failed, head_schema, no_run};
use crate::app::AppError;
use crate::app::shown::person;
use crate::domain::text::fold;
use crate::domain::verdict::{Standing, Verdict};
use crate::domain::{Code, Nip};
use crate::export::rows;
use crate::store::{ListOrder, ListWanted, Listed, Sought};
use crate::web::Site;
use crate::web::cover;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

const VERDICT: Parameter = Parameter { name: "verdict", what: ("Putusan.", "The verdict."), values: Values::Keys(standings) };
const SEARCH: Parameter = Parameter {
    name: "search",
    what: (
        "Bagian nama, unit, atau awal NIP (NIP hanya bagi yang boleh melihatnya).",
        "A part of a name or unit, or the beginning of a NIP (a NIP only for whoever may see it).",
    ),
    values: Values::Text(100),
};
const ORDER: Parameter = Parameter {
    name: "order",
    what: (
        "Urutan: Rupiah berisiko terbesar dahulu (bawaan), nama, atau selisih terbesar dahulu.",
        "Order: the most Rupiah at risk first (if nothing is said), by name, or the largest difference first.",
    ),
    values: Values::Keys(orders),
};

fn orders() -> Vec<&'static str> {
    vec!["risk", "name", "difference"]
}

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/verdicts",
    id: "list_verdicts",
    what: ("Putusan setiap orang pada satu periode.", "The verdict about each person of a period."),
    query: &[&VERDICT, &CODE, &UNIT, &SEARCH, &ORDER, &CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Verdicts"),
    refuses: &[409],
};

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/verdicts/{person}",
    id: "get_verdict",
    what: ("Putusan satu orang.", "The verdict about one person."),
    query: &[],
    sends: None,
    gives: Gives::Json("OneVerdict"),
    refuses: &[409],
};

pub(super) const DERIVATION: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/verdicts/{person}/derivation",
    id: "explain_verdict",
    what: (
        "Bagaimana putusan satu orang terbentuk: setiap langkah dengan aturan dan buktinya.",
        "How the verdict about one person came about: each step with its rules and evidence.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Explanation"),
    refuses: &[409],
};

#[derive(Serialize)]
struct One<H, V> {
    #[serde(flatten)]
    head: H,
    person: String,
    #[serde(flatten)]
    said: V,
}

#[derive(Serialize)]
struct Alone<V> {
    verdict: V,
}

/// What somebody looks for; a NIP only where whole ones are shown.
fn sought(call: &Call) -> Sought {
    let text = fold(call.text("search").unwrap_or_default());
    let digits = text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_digit()) && call.veil.shows_nips();
    match (text.is_empty(), digits) {
        (true, _) => Sought::Any,
        (false, true) if text.len() >= 8 => Sought::Nip(text),
        (false, true) => Sought::TextOrNip(text),
        (false, false) => Sought::Text(text),
    }
}

fn order(text: &str) -> Option<ListOrder> {
    match text {
        "risk" => Some(ListOrder::Risk),
        "name" => Some(ListOrder::Name),
        "difference" => Some(ListOrder::Gap),
        _ => None,
    }
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let shown = Shown::open(&site, &call).await?;
    let place = shown.list(&call);
    let after = call.text("cursor").map(|cursor| place.behind(cursor, call.lang)).transpose()?;
    let tag = shown.tag(&call);
    if call.has(&tag) {
        return Ok(answer::unchanged(&tag));
    }
    let limit = call.limit();
    let wanted = ListWanted {
        standing: call.read(&VERDICT, |key| Standing::ALL.into_iter().find(|standing| standing.key() == key))?,
        code: call.read(&CODE, Code::from_text)?,
        superior: None,
        unit: call.text("unit").map(str::to_owned),
        units: call.units(),
        cases: None,
        sought: sought(&call),
        order: call.read(&ORDER, order)?.unwrap_or_default(),
        after,
        limit: limit + 1,
    };
    let found = site.app.store.list_verdicts(shown.period, &wanted).await.map_err(|error| call.failed(error))?;
    let Some((run, mut people)) = found else { return Err(no_run(&call, shown.period)) };
    // Somebody may have reconciled between the two looks: the rows say of which run they are.
    let shown = Shown::of(&site, &call, shown.period, Some(run)).await?;
    let more = people.len() > limit as usize;
    people.truncate(limit as usize);
    let next = people.last().filter(|_| more).map(|(row, _)| shown.list(&call).cursor(&row.handle));
    site.trail().listed(&call.viewer, &call.pass, "verdicts", shown.period, people.len()).await.map_err(failed(&call))?;
    let header = shown.header();
    let rows =
        people.iter().map(|(row, verdict)| Row { row: rows::verdict(verdict), person: cover::person(call.veil, row.nip, &row.handle) });
    answer::tagged(&call, &shown.tag(&call), &Page { head: shown.head(&header), rows: rows.collect(), next })
}

/// Whom the address names, if the viewer may see them: somebody of another unit is nobody.
pub(super) async fn find(site: &Site, call: &Call, shown: &Shown, who: Person) -> Result<Listed, Problem> {
    let store = &site.app.store;
    let nip = match &who {
        // A whole NIP is understood from whoever may see it only; else it would be a way to ask for one.
        Person::Nip(nip) => Some(*nip).filter(|_| call.veil.shows_nips()),
        Person::Handle(handle) => store.handled(handle).await.map_err(|error| call.failed(error))?,
    };
    let nobody = |nip: Option<Nip>| call.failed(AppError::Nobody(shown.period, nip.map_or("–".to_owned(), |nip| nip.masked())));
    let Some(nip) = nip else {
        return Err(nobody(match who {
            Person::Nip(nip) => Some(nip),
            Person::Handle(_) => None,
        }));
    };
    let mut listed = store.listed_of(shown.period, &[nip]).await.map_err(|error| call.failed(error))?;
    let of_handle = matches!(who, Person::Handle(_));
    let seen = listed.remove(&nip).filter(|row| call.viewer.sees(&row.unit));
    seen.ok_or_else(|| nobody(Some(nip).filter(|_| !of_handle)))
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let shown = Shown::open(&site, &call).await?;
    let row = find(&site, &call, &shown, call.person()?).await?;
    let verdicts = site.app.store.verdicts(shown.period, Some(&[row.nip])).await.map_err(|error| call.failed(error))?;
    let verdicts = verdicts.all().await.map_err(|error| call.failed(error))?;
    let Some(verdict) = verdicts.first() else { return Err(call.failed(AppError::Nobody(shown.period, row.nip.masked()))) };
    site.trail().person_seen(&call.viewer, &call.pass, shown.period, &row.nip).await.map_err(failed(&call))?;
    let header = shown.header();
    let person = cover::person(call.veil, row.nip, &row.handle);
    shown.answer(&call, &One { head: shown.head(&header), person, said: Alone { verdict: rows::verdict(verdict) } })
}

pub(super) async fn derivation(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&DERIVATION)?;
    let shown = Shown::open(&site, &call).await?;
    let row = find(&site, &call, &shown, call.person()?).await?;
    site.trail().person_seen(&call.viewer, &call.pass, shown.period, &row.nip).await.map_err(failed(&call))?;
    let tag = shown.tag(&call);
    if call.has(&tag) {
        return Ok(answer::unchanged(&tag));
    }
    let found = person(&site.app, shown.period, row.nip, &shown.run).await.map_err(failed(&call))?;
    let mut verdict: Verdict = found.verdict;
    cover::verdict(call.veil, &mut verdict, &row.handle);
    let who = cover::person(call.veil, row.nip, &row.handle);
    answer::tagged(&call, &tag, &One { head: shown.head(&found.header), person: who, said: rows::explanation(&verdict) })
}

fn amounts() -> Value {
    maybe(object([("gross", number()), ("deduction", number()), ("net", number())]))
}

fn verdict_schema() -> Value {
    object([
        ("nip", text()),
        ("name", maybe(text())),
        ("unit", maybe(text())),
        ("kelas_jabatan", maybe(number())),
        ("verdict", one_of(standings())),
        ("expected", amounts()),
        ("paid", amounts()),
        ("difference", maybe(number())),
        ("predikat", maybe(text())),
        ("deductions", list(object([("rule", text()), ("days", maybe(count())), ("percent", text())]))),
        ("findings", list(one_of(codes()))),
        ("unknown", list(text())),
    ])
}

/// A piece of evidence.
fn exhibit_schema() -> Value {
    object([
        ("kind", text()),
        ("source", text()),
        ("batch", text()),
        ("locator", text()),
        ("field", text()),
        ("value", maybe(text())),
        ("observed_at", maybe(instant())),
    ])
}

fn step_schema() -> Value {
    let verified = json!({"anyOf": [{"type": "boolean"}, {"type": "string"}]});
    object([
        ("step", text()),
        ("values", list(named("NamedValue"))),
        ("rules", list(object([("path", text()), ("source", text()), ("verified", verified)]))),
        ("evidence", list(named("Exhibit"))),
        ("parts", list(named("Step"))),
    ])
}

fn explained_finding() -> Value {
    object([
        ("id", text()),
        ("code", one_of(codes())),
        ("severity", one_of(severities())),
        ("subject", text()),
        ("owner", one_of(owners())),
        ("rupiah_at_risk", number()),
        ("params", list(named("NamedValue"))),
        ("evidence", list(named("Exhibit"))),
    ])
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let row = with(verdict_schema(), [("person", text())]);
    vec![
        ("Verdict", verdict_schema()),
        ("Exhibit", exhibit_schema()),
        ("NamedValue", object([("name", text()), ("value", text())])),
        ("Step", step_schema()),
        ("Verdicts", with(head_schema(), [("rows", list(row)), ("next", maybe(text()))])),
        ("OneVerdict", with(head_schema(), [("person", text()), ("verdict", named("Verdict"))])),
        (
            "Explanation",
            with(
                head_schema(),
                [
                    ("person", text()),
                    ("verdict", named("Verdict")),
                    ("derivation", list(named("Step"))),
                    ("findings", list(explained_finding())),
                ],
            ),
        ),
    ]
}
