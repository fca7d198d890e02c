//! `sync --as json` (contract §8).

use super::run::Pulled;
use super::settlement::SAMPLE;
use crate::domain::evidence::Reason;
use crate::store::{HeldAnswer, RunReport};
use serde::Serialize;

/// The document.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    run: &'a str,
    period: String,
    surfaces: &'a [String],
    /// Whether this process took up a run of another one; a stored run does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed: Option<bool>,
    deadline_hit: bool,
    items: Items,
    requests: u64,
    batches: Vec<Batch<'a>>,
    drift: Vec<Drift<'a>>,
    /// Answers that wait for somebody because their shape has changed.
    held: Vec<Held<'a>>,
}

#[derive(Debug, Serialize)]
struct Held<'a> {
    kind: &'static str,
    span: String,
    sha256: Option<&'a str>,
    reason: &'static str,
    detail: &'a str,
    /// Keys and types of one row: no value stands in it.
    sample: Option<serde_json::Value>,
}

impl<'a> Held<'a> {
    fn of(held: &'a HeldAnswer) -> Self {
        let (detail, sample) =
            held.detail.split_once(SAMPLE).map_or((held.detail.as_str(), None), |(detail, sample)| (detail, Some(sample)));
        Self {
            kind: held.kind.key(),
            span: held.span.to_string(),
            sha256: held.raw.as_deref(),
            reason: Reason::Schema.key(),
            detail,
            sample: sample.and_then(|sample| serde_json::from_str(sample).ok()),
        }
    }
}

#[derive(Debug, Serialize)]
struct Items {
    planned: u64,
    done: u64,
    skipped: u64,
    failed: u64,
    quarantined: u64,
}

#[derive(Debug, Serialize)]
struct Batch<'a> {
    id: &'a str,
    kind: &'static str,
    sha256: &'a str,
    status: &'static str,
    rows: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    vanished: u64,
    reason: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Drift<'a> {
    kind: &'static str,
    field: &'a str,
    change: &'a str,
}

impl<'a> Document<'a> {
    /// The document of a run that this process took part in.
    pub fn of(pulled: &'a Pulled) -> Self {
        Self { resumed: Some(pulled.resumed), deadline_hit: pulled.deadline_hit, ..Self::stored(&pulled.report) }
    }

    /// The document of a run as the store has it.
    pub fn stored(report: &'a RunReport) -> Self {
        let RunReport { id, period, surfaces, state, items, requests, batches, drift, held, .. } = report;
        let batch = |receipt: &'a crate::store::Receipt| Batch {
            id: &receipt.id,
            kind: receipt.kind.key(),
            sha256: &receipt.sha256,
            status: receipt.status.key(),
            rows: receipt.rows,
            new: receipt.new,
            changed: receipt.changed,
            unchanged: receipt.unchanged,
            vanished: receipt.vanished,
            reason: receipt.reason.map(|reason| reason.key()),
        };
        Self {
            run: id,
            period: period.to_string(),
            surfaces,
            resumed: None,
            deadline_hit: state == "deadline",
            items: Items {
                planned: items.planned(),
                done: items.done,
                skipped: items.skipped,
                failed: items.failed,
                quarantined: items.quarantined,
            },
            requests: *requests,
            batches: batches.iter().map(batch).collect(),
            drift: drift.iter().map(|drift| Drift { kind: drift.kind.key(), field: &drift.field, change: &drift.change }).collect(),
            held: held.iter().map(Held::of).collect(),
        }
    }
}
