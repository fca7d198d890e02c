//! `sync --as json` (contract §8).

use super::run::Pulled;
use crate::store::RunReport;
use serde::Serialize;

/// The document.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    run: &'a str,
    period: String,
    surfaces: &'a [String],
    resumed: bool,
    deadline_hit: bool,
    items: Items,
    requests: u64,
    batches: Vec<Batch<'a>>,
    drift: Vec<Drift<'a>>,
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
    /// The document of a run.
    pub fn of(pulled: &'a Pulled) -> Self {
        let RunReport { id, period, surfaces, items, requests, batches, drift, .. } = &pulled.report;
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
            resumed: pulled.resumed,
            deadline_hit: pulled.deadline_hit,
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
        }
    }
}
