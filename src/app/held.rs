//! Answers of BKN that wait for somebody: lists that lost too many or changed their shape, what can be decided about
//! them, and what is asked again of what was set aside.

use super::pull::PullOptions;
use super::{App, AppError};
use crate::domain::evidence::{Kind, Reason};
use crate::ekinerja::Surface;
use crate::store::{Decided, Decision, Quarantined, SourceFilter, Store, StoreError};
use crate::sync::{Accepted, UNREADABLE};
use chrono::{DateTime, TimeDelta, Utc};

/// So far back is looked.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(31);
/// Rows that are looked through.
const MOST: u32 = 1_000;

/// Lists that were held in the last month and have not been followed by one that was accepted, the newest of each.
///
/// # Errors
/// The store's.
pub async fn waiting(store: &Store, now: DateTime<Utc>) -> Result<Vec<Quarantined>, StoreError> {
    let set_aside = store.quarantined(now - LOOK_BACK, MOST).await?;
    let sources = store.sources(&SourceFilter::default(), now).await?;
    let mut held: Vec<Quarantined> = Vec::new();
    for answer in set_aside.into_iter().filter(|row| row.nip.is_none() && row.locator.is_empty() && row.kind.is_bulk()) {
        let same = |kind, part: &str| kind == answer.kind && part == answer.part;
        let waits = matches!(answer.reason, Reason::Schema | Reason::Vanish);
        let followed = sources.iter().any(|source| same(source.kind, &source.part) && source.checked_at > answer.at);
        if waits && !followed && !held.iter().any(|known| same(known.kind, &known.part)) {
            held.push(answer);
        }
    }
    Ok(held)
}

/// What was decided about an answer that waits.
pub fn decided<'a>(answer: &Quarantined, decisions: &'a [Decided]) -> Option<&'a Decided> {
    decisions.iter().find(|known| (known.kind, &known.part, known.held_at) == (answer.kind, &answer.part, answer.at))
}

/// Those of which nobody has said that they stay aside.
///
/// # Errors
/// The store's.
pub async fn undecided(store: &Store, now: DateTime<Utc>) -> Result<Vec<Quarantined>, StoreError> {
    let decisions = store.held_decisions(now - LOOK_BACK).await?;
    let mut waiting = waiting(store, now).await?;
    waiting.retain(|answer| decided(answer, &decisions).is_none_or(|known| known.decision != Decision::Refused));
    Ok(waiting)
}

/// What the next pull may take, although it would be held: as much as somebody has seen, of what still waits.
///
/// # Errors
/// The store's.
pub async fn accepted(app: &App) -> Result<Vec<Accepted>, StoreError> {
    let now = app.clock.now();
    let decisions = app.store.held_decisions(now - LOOK_BACK).await?;
    if !decisions.iter().any(|known| known.decision == Decision::Accepted) {
        return Ok(Vec::new());
    }
    let waiting = waiting(&app.store, now).await?;
    let known = waiting.iter().filter_map(|answer| decided(answer, &decisions)).filter(|known| known.decision == Decision::Accepted);
    Ok(known.map(|known| Accepted { kind: known.kind, part: known.part.clone(), reason: known.reason, count: known.count }).collect())
}

/// How many rows are gone or cannot be read, as the answer's own sentence begins; `None`: it cannot be accepted at all.
pub fn countable(answer: &Quarantined) -> Option<u64> {
    let can_be = answer.reason == Reason::Vanish || answer.reason == Reason::Schema && answer.detail.contains(UNREADABLE);
    answer.detail.split(' ').next().filter(|_| can_be)?.parse().ok()
}

/// The pull that asks for a list again.
pub fn of_list(kind: Kind) -> PullOptions {
    PullOptions { surfaces: vec![Surface::Report], kinds: vec![kind], ..PullOptions::default() }
}

/// The pull that asks again what was set aside for a reason and has not been answered well since; `None`: there is nothing.
///
/// # Errors
/// The store's.
pub async fn again(app: &App, kind: Kind, reason: Reason) -> Result<Option<PullOptions>, AppError> {
    let since = app.clock.now() - LOOK_BACK;
    if kind.is_bulk() {
        let any = app.store.set_aside_since(since).await?.iter().any(|row| (row.kind, row.reason) == (kind, reason));
        return Ok(any.then(|| of_list(kind)));
    }
    let mut people = app.store.set_aside_people(kind, reason, since).await?;
    let period = app.current_period();
    let checks = app.store.checks(kind, Surface::Siasn.key(), crate::domain::period::Span::Standing).await?;
    for (nip, check) in checks {
        if people.get(&nip).is_some_and(|at| check.good.is_some_and(|good| good > *at)) {
            people.remove(&nip);
        }
    }
    let roster = super::pull::people(app, period).await?;
    let only: Vec<_> = roster.into_iter().map(|(nip, _)| nip).filter(|nip| people.contains_key(nip)).collect();
    let options = PullOptions { surfaces: vec![Surface::Siasn], kinds: vec![kind], only, ..PullOptions::default() };
    Ok(Some(options).filter(|options| !options.only.is_empty()))
}
