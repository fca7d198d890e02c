//! What spans hold, kept as long as they are open: for the lines of the log inside them, and for a collector.

use super::is_ours;
use super::sender::Outbox;
use crate::clock::{Clock, SystemClock};
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;

/// Names and values in the order in which they came; the last value of a name counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    /// Sets a field.
    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        self.0.iter()
    }

    /// The text of one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).and_then(|(_, value)| value.as_str())
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.put(field.name(), format!("{value:?}").into());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), value.into());
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), value.into());
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_map(self.iter().map(|(name, value)| (name, value)))
    }
}

/// What is kept with an open span.
pub(super) struct Kept {
    /// What it was given.
    pub(super) fields: Fields,
    /// Where it stands in its trace; `None`: nobody collects traces.
    open: Option<Open>,
}

struct Open {
    place: Place,
    parent: Option<u64>,
    start: DateTime<Utc>,
    began: Instant,
}

/// Trace and span.
#[derive(Clone, Copy)]
struct Place {
    trace: u128,
    span: u64,
}

/// A span that has ended.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) name: &'static str,
    pub(super) trace: u128,
    pub(super) span: u64,
    pub(super) parent: Option<u64>,
    pub(super) start: DateTime<Utc>,
    pub(super) took: Duration,
    pub(super) fields: Fields,
}

/// Keeps what spans hold, and hands over those that have ended.
pub(super) struct Spans {
    outbox: Option<Outbox>,
}

impl Spans {
    pub(super) fn new(outbox: Option<Outbox>) -> Self {
        Self { outbox }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, given: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| is_ours(span.metadata())) else { return };
        let mut fields = Fields::default();
        given.record(&mut fields);
        let open = self.outbox.is_some().then(|| {
            let above = span.scope().skip(1).find_map(|above| Some(above.extensions().get::<Kept>()?.open.as_ref()?.place));
            let place = Place { trace: above.map_or_else(new_trace, |above| above.trace), span: new_span() };
            Open { place, parent: above.map(|above| above.span), start: SystemClock.now(), began: Instant::now() }
        });
        span.extensions_mut().insert(Kept { fields, open });
    }

    fn on_record(&self, id: &Id, given: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(kept) = span.extensions_mut().get_mut::<Kept>() {
            given.record(&mut kept.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let (Some(outbox), Some(span)) = (&self.outbox, context.span(&id)) else { return };
        let Some(Kept { fields, open: Some(open) }) = span.extensions_mut().remove::<Kept>() else { return };
        let Open { place: Place { trace, span: number }, parent, start, began } = open;
        outbox.put(Finished { name: span.name(), trace, span: number, parent, start, took: began.elapsed(), fields });
    }
}

/// Whether an id in hexadecimal would be taken for a NIP: such ids are not used, so that everything that leaves can be
/// masked without breaking one.
fn is_like_a_nip(hex: &str) -> bool {
    hex.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).any(|run| run.len() >= 16 && run[0].is_ascii_digit())
}

fn new_trace() -> u128 {
    loop {
        let id = Uuid::new_v4().as_u128();
        if !is_like_a_nip(&format!("{id:032x}")) {
            return id;
        }
    }
}

/// Ids of this process: a counter from a random start, well mixed (splitmix64), as asking the system for each is dear.
fn new_span() -> u64 {
    static START: LazyLock<u64> = LazyLock::new(|| Uuid::new_v4().as_u64_pair().1);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut id = START.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        id ^= id >> 31;
        // Zero means "none".
        if id != 0 && !is_like_a_nip(&format!("{id:016x}")) {
            return id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_id_is_taken_for_a_nip_and_none_comes_twice() {
        let ids: BTreeSet<u64> = (0..20_000).map(|_| new_span()).collect();
        assert_eq!(ids.len(), 20_000);
        for id in ids.into_iter().map(|id| format!("{id:016x}")).chain((0..2_000).map(|_| format!("{:032x}", new_trace()))) {
            assert_eq!(crate::telemetry::mask(&id), id);
        }
        assert!(is_like_a_nip("1985010120100119") && !is_like_a_nip("198501012010011a"));
    }
}
