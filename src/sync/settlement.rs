//! From BKN's answers to what the store commits.

use super::run::Pull;
use crate::domain::Statement;
use crate::domain::evidence::{Reason, Scope, SourceFacts};
use crate::domain::nip::Nip;
use crate::ekinerja::{Action, Answer, Drift as Seen, Fault, Outcome as Heard, QuarantinedRow, RawBody as Body, masked_row};
use crate::store::{ClaimedItem, Drift, NewBatch, Outcome, RawBody, RunHandle, SetAside, Settlement};
use std::collections::BTreeSet;

fn drift(seen: &[Seen]) -> Vec<Drift> {
    seen.iter().map(|drift| Drift { kind: drift.kind, field: drift.field.clone(), change: drift.change.key().to_owned() }).collect()
}

fn raw(body: Option<Body>) -> Option<RawBody> {
    body.map(|body| RawBody { content_type: body.content_type.unwrap_or_default(), bytes: body.bytes })
}

/// What [`crate::store::HeldAnswer`] of an answer says whose rows can be accepted without those that cannot be read.
pub const UNREADABLE: &str = "rows cannot be read";

/// Between the sentence and the sample of an answer that is held.
pub const SAMPLE: &str = "; sample: ";

/// A list of which more rows cannot be read than may vanish is held as a whole: BKN has changed its shape, and to take
/// the rest would be to believe half of it. Somebody who has seen the sample may accept the rest.
pub fn held(pull: &Pull, item: &ClaimedItem, answer: Answer) -> Answer {
    let Heard::Rows { statements, quarantined } = &answer.outcome else { return answer };
    let (unreadable, rows) = (quarantined.len() as u64, (quarantined.len() + statements.len()) as u64);
    let Some(first) = quarantined
        .first()
        .filter(|_| !pull.accept_drift && pull.held_beyond(Reason::Schema, item.kind, &item.part).exceeded_by(unreadable, rows))
    else {
        return answer;
    };
    let detail = format!("{unreadable} of {rows} {UNREADABLE} (data[{}]: {})", first.position, first.detail);
    let fault = Fault::new(Reason::Schema, Action::Quarantine, with_sample(detail, &answer.raw, first.position));
    Answer { outcome: Heard::Fault(fault), ..answer }
}

/// The sentence with a sample of the row, structure and types only.
fn with_sample(detail: String, raw: &Option<Body>, position: u32) -> String {
    match raw.as_ref().and_then(|raw| masked_row(&raw.bytes, position)) {
        Some(sample) => format!("{detail}{SAMPLE}{sample}"),
        None => detail,
    }
}

/// The answer to a question about one person, or a failed question about everybody.
pub fn settlement(item: ClaimedItem, answer: Answer) -> Settlement {
    let outcome = match answer.outcome {
        Heard::Rows { statements, quarantined } => {
            stated(&item, statements, quarantined.first().map(|row| (row.reason, row.detail.clone())))
        }
        Heard::DeclaredAbsent => item.nip.map_or(unreadable(), |nip| Outcome::Stated(Statement::absent(nip, item.kind, item.span))),
        Heard::Fault(fault) if fault.reason == Reason::Schema && item.nip.is_none() && !fault.detail.contains(SAMPLE) => {
            Outcome::Failed { reason: fault.reason, detail: with_sample(fault.detail, &answer.raw, 0) }
        }
        Heard::Fault(fault) => Outcome::Failed { reason: fault.reason, detail: fault.detail },
    };
    Settlement { item, outcome, raw: raw(answer.raw), source: answer.source, at: answer.received_at, drift: drift(&answer.drift) }
}

fn unreadable() -> Outcome {
    Outcome::Failed { reason: Reason::Malformed, detail: "the answer names nobody".to_owned() }
}

/// The statement about the person who was asked about; a row that was set aside makes the person unknown, not absent.
fn stated(item: &ClaimedItem, statements: Vec<Statement>, set_aside: Option<(Reason, String)>) -> Outcome {
    let Some(nip) = item.nip else { return unreadable() };
    match (statements.into_iter().find(|statement| statement.nip == nip), set_aside) {
        (Some(statement), _) => Outcome::Stated(statement),
        (None, Some((reason, detail))) => Outcome::Failed { reason, detail },
        (None, None) => Outcome::Stated(Statement::absent(nip, item.kind, item.span)),
    }
}

/// A bulk answer: it speaks for everybody, except for those whose row was set aside.
pub fn bulk_batch(pull: &Pull, run: &RunHandle, item: &ClaimedItem, answer: Answer) -> (NewBatch, Vec<Drift>) {
    let (statements, quarantined) = match answer.outcome {
        Heard::Rows { statements, quarantined } => (statements, quarantined),
        _ => (Vec::new(), Vec::new()),
    };
    // Of a list that was accepted although much of it could not be read, nobody's silence means anything.
    let rows = (quarantined.len() + statements.len()) as u64;
    let scope = if pull.vanish.exceeded_by(quarantined.len() as u64, rows) { Scope::Named } else { Scope::Everybody };
    // one unreadable row may be the one that decides: the person is unknown, not half known
    let doubtful: BTreeSet<Nip> = quarantined.iter().filter_map(|row| row.nip).collect();
    let statements = statements.into_iter().filter(|statement| !doubtful.contains(&statement.nip)).collect();
    let place = |row: &QuarantinedRow| format!("data[{}]", row.position);
    let nameless = quarantined.iter().filter(|row| row.nip.is_none()).map(place).collect();
    let set_aside: Vec<SetAside> = quarantined
        .into_iter()
        .map(|row| SetAside { nip: row.nip, reason: row.reason, detail: row.detail, locator: format!("data[{}]", row.position) })
        .collect();
    let sha256 = answer.raw.as_ref().map(|raw| raw.sha256.clone()).unwrap_or_default();
    let batch = NewBatch {
        kind: item.kind,
        span: item.span,
        part: item.part.clone(),
        source: answer.source,
        sha256,
        scope,
        facts: SourceFacts { nameless, ..SourceFacts::default() },
        raw: raw(answer.raw),
        statements,
        set_aside,
        observed_at: answer.received_at,
        run: Some(run.clone()),
        vanish: Some(pull.held_beyond(Reason::Vanish, item.kind, &item.part)),
        accept_vanish: pull.accept_vanish,
    };
    (batch, drift(&answer.drift))
}
