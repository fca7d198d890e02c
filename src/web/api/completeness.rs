//! What is known of a period and what is not: each kind over the roster, and person by person what is not present.

use super::answer::{self, Answer};
use super::call::{Call, Person};
use super::describe::{Gives, Operation, Parameter, Values, instant, list, maybe, named, object, one_of, text, with};
use super::params::{CURSOR, LIMIT};
use super::problem::Problem;
use super::shown::{Row, Shown, failed, head_schema};
use crate::app::gaps;
use crate::domain::Nip;
use crate::domain::evidence::Kind;
use crate::domain::verdict::KnowledgeState;
use crate::export::{CompletenessRow, rows};
use crate::web::Site;
use crate::web::cover;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

const KIND: Parameter = Parameter { name: "kind", what: ("Jenis bukti.", "Kind of evidence."), values: Values::Keys(kinds) };
const STATE: Parameter = Parameter { name: "state", what: ("Yang diketahui.", "What is known."), values: Values::Keys(states) };

/// People who are looked through for one answer: who asks for what is rare goes on with `next`.
const MOST: usize = 2_000;
/// People who are looked through at once.
const CROWD: u32 = 500;

fn kinds() -> Vec<&'static str> {
    Kind::ALL.map(|(key, _)| key).into()
}

fn states() -> Vec<&'static str> {
    KnowledgeState::ALL.into_iter().filter(|state| *state != KnowledgeState::Present).map(KnowledgeState::key).collect()
}

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/completeness",
    id: "get_completeness",
    what: (
        "Kelengkapan setiap jenis bukti, dan per orang apa yang tidak ada. Satu jawaban dapat berisi sedikit baris; lanjutkan selama ada `next`.",
        "How complete each kind of evidence is, and person by person what is not present. An answer may hold few rows; go on while there is a `next`.",
    ),
    query: &[&KIND, &STATE, &CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Completeness"),
    refuses: &[409],
};

#[derive(Serialize)]
struct Page<H, K, R> {
    #[serde(flatten)]
    head: H,
    kinds: Vec<K>,
    rows: Vec<R>,
    next: Option<String>,
}

/// Rows with the handles of their people, and the handle behind which it goes on.
type Found = (Vec<(CompletenessRow, String)>, Option<String>);

/// Looks through people from `after` on until there are enough rows; all rows of one person stand in one answer.
async fn look(site: &Site, call: &Call, shown: &Shown, mut after: Option<Nip>) -> Result<Found, Problem> {
    let (store, units, limit) = (&site.app.store, call.units(), call.limit() as usize);
    let is_wanted = |row: &CompletenessRow| {
        call.text("kind").is_none_or(|kind| kind == row.kind.key()) && call.text("state").is_none_or(|state| state == row.state.key())
    };
    let (mut found, mut looked) = (Vec::new(), 0);
    loop {
        let people = store.listed_nips(shown.period, after, units.as_ref(), CROWD).await.map_err(|error| call.failed(error))?;
        let nips: Vec<Nip> = people.iter().map(|(nip, _)| *nip).collect();
        let gaps = gaps::of(&site.app, &shown.policy, shown.period, &shown.run, &nips).await.map_err(failed(call))?;
        let mut by_person: BTreeMap<Nip, Vec<CompletenessRow>> = BTreeMap::new();
        for row in gaps.into_iter().filter(is_wanted) {
            by_person.entry(row.nip).or_default().push(row);
        }
        let at_end = people.len() < CROWD as usize;
        let last = nips.last().copied();
        for (nip, handle) in people {
            looked += 1;
            found.extend(by_person.remove(&nip).unwrap_or_default().into_iter().map(|row| (row, handle.clone())));
            let enough = found.len() >= limit || looked >= MOST;
            if enough && !(at_end && Some(nip) == last) {
                return Ok((found, Some(handle)));
            }
        }
        if at_end {
            return Ok((found, None));
        }
        after = last;
    }
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let shown = Shown::open(&site, &call).await?;
    let place = shown.list(&call);
    let after = match call.text("cursor") {
        None => None,
        Some(cursor) => match call.named(&place.behind(cursor, call.lang)?)? {
            Person::Nip(nip) => Some(nip),
            Person::Handle(handle) => site.app.store.handled(&handle).await.map_err(|error| call.failed(error))?,
        },
    };
    let tag = shown.tag(&call);
    if call.has(&tag) {
        return Ok(answer::unchanged(&tag));
    }
    let (found, next) = look(&site, &call, &shown, after).await?;
    site.trail().listed(&call.viewer, &call.pass, "completeness", shown.period, found.len()).await.map_err(failed(&call))?;
    let completeness = shown.stored.completeness(&site.app.config.evidence.required);
    let header = shown.header();
    let rows = found.iter().map(|(row, handle)| Row { row: rows::gap(row), person: cover::person(call.veil, row.nip, handle) });
    let page = Page {
        head: shown.head(&header),
        kinds: rows::kinds(&completeness),
        rows: rows.collect(),
        next: next.map(|handle| place.cursor(&format!("~{handle}"))),
    };
    answer::tagged(&call, &tag, &page)
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let row = object([
        ("nip", text()),
        ("kind", one_of(kinds())),
        ("state", one_of(states())),
        ("reason", maybe(text())),
        ("observed_at", maybe(instant())),
        ("person", text()),
    ]);
    vec![("Completeness", with(head_schema(), [("kinds", list(named("Kind"))), ("rows", list(row)), ("next", maybe(text()))]))]
}
