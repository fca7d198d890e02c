//! What moved the expected net from the month before to this one.

use super::answer::Answer;
use super::call::Call;
use super::describe::{Gives, Operation, count, list, maybe, number, object, one_of, text, with};
use super::shown::{Shown, failed, head_schema};
use crate::domain::Period;
use crate::store::Bridge;
use crate::web::Site;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/bridge",
    id: "get_bridge",
    what: (
        "Apa yang mengubah jumlah bersih dari bulan sebelumnya, bagian demi bagian, tanpa sisa.",
        "What moved the expected net from the month before, part by part, with nothing left over.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Bridge"),
    refuses: &[409],
};

const PARTS: [&str; 10] =
    ["joined", "left", "known_now", "unknown_now", "class", "gross", "cut_predikat", "cut_attendance", "cut_leave", "cut_discipline"];

#[derive(Serialize)]
struct Whole<H> {
    #[serde(flatten)]
    head: H,
    from: Period,
    /// `None`: the month before was not reconciled.
    bridge: Option<Moved>,
}

#[derive(Serialize)]
struct Moved {
    from_net: i64,
    to_net: i64,
    residual: i64,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    part: &'static str,
    heads: u64,
    rupiah: i64,
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let shown = Shown::open(&site, &call).await?;
    let from = shown.period.offset(-1);
    let earlier = site.app.store.shown_run(from).await.map_err(|error| call.failed(error))?;
    let bridge = match earlier {
        Some(earlier) => {
            let stamps = format!("{} {}", earlier.stamp, shown.run.stamp);
            let units = site.memory.bridge(&site.app, from, shown.period, stamps).await.map_err(failed(&call))?;
            let mut sum = Bridge::default();
            units.iter().filter(|unit| call.viewer.sees(&unit.unit)).for_each(|unit| sum.join(unit));
            Some(moved(&sum))
        }
        None => None,
    };
    let header = shown.header();
    // The month before may have been reconciled since: its figures count, not this run alone.
    super::answer::whole(&call, &Whole { head: shown.head(&header), from, bridge })
}

fn moved(bridge: &Bridge) -> Moved {
    let whole = [bridge.joined, bridge.left, bridge.known_now, bridge.unknown_now, bridge.class, bridge.gross];
    let parts = PARTS.into_iter().zip(whole.into_iter().chain(bridge.cuts));
    Moved {
        from_net: bridge.totals[0],
        to_net: bridge.totals[1],
        residual: bridge.residual(),
        parts: parts.map(|(part, (heads, rupiah))| Part { part, heads, rupiah }).collect(),
    }
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let part = object([("part", one_of(PARTS)), ("heads", count()), ("rupiah", number())]);
    let bridge = object([("from_net", number()), ("to_net", number()), ("residual", number()), ("parts", list(part))]);
    vec![("Bridge", with(head_schema(), [("from", text()), ("bridge", maybe(bridge))]))]
}
