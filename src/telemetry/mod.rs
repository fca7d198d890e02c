//! The log, to stderr, for people or for collectors; and spans (`[log] otlp`), to a collector of traces.
//!
//! What may stand in either: counts, kinds, periods, ids of runs, items and batches, reasons, durations, masked NIPs.
//! What may not: a whole NIP, a name, an account, a body of BKN, a secret. Types help (`Nip` and `Secret` print masked);
//! as a second line everything that leaves passes through [`mask`], which hides whatever is as long as a NIP or a NIK.

mod lines;
mod otlp;
mod sender;
mod spans;

use crate::config::{Log, LogFormat};
use lines::{Lines, NoFields, ObjectLines};
use sender::{Outbox, Prepared, Sending};
use spans::Spans;
use std::borrow::Cow;
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, FilterFn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

/// Spans on their way to a collector, if one is configured. Dropped without [`Traces::leave`], it loses the last ones.
#[must_use = "the last spans leave with Traces::leave"]
pub struct Traces(Option<Sending>);

impl Traces {
    /// Gives the last spans two seconds to leave.
    pub async fn leave(self) {
        if let Some(sending) = self.0 {
            sending.leave().await;
        }
    }
}

/// Spans of this process that a collector has taken, and those that were lost. `None`: no collector is configured.
pub fn spans() -> Option<(u64, u64)> {
    sender::counts()
}

/// Starts the log, once a process; with a collector it needs a running runtime. `quiet` is the level when the
/// configuration names none (`info` for a daemon, `warn` for a command that ends); `write` receives whole lines.
///
/// A second start in one process (tests) changes nothing.
pub fn start(log: &Log, quiet: &str, write: fn(&[u8])) -> Traces {
    let (outbox, sending, problem) = match log.otlp.as_ref().map(|url| sender::prepare(url, &log.otlp_headers)) {
        Some(Ok((outbox, sending))) => (Some(outbox), Some(sending), None),
        Some(Err(problem)) => (None, None, Some(problem)),
        None => (None, None, None),
    };
    // The error says only that a log runs already.
    if tracing_subscriber::registry().with(layers(log, quiet, write, outbox)).try_init().is_err() {
        return Traces(None);
    }
    if let Some(why) = problem {
        tracing::warn!(%why, "no traces are sent");
    }
    Traces(sending.map(Prepared::start))
}

/// What listens: the lines, and what keeps spans where lines or a collector need them.
///
/// All of it stands behind one filter, so that a line never names a span that is not kept.
fn layers(log: &Log, quiet: &str, write: fn(&[u8]), outbox: Option<Outbox>) -> Box<dyn Layer<Registry> + Send + Sync> {
    let level = log.level.as_ref().map_or(quiet, |filter| filter.as_str());
    let ours: fn(&Metadata<'_>) -> bool = is_ours;
    let ours = FilterFn::new(ours).with_max_level_hint(LevelFilter::INFO);
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info")).or(ours);
    let lines = fmt::layer().with_ansi(false).with_writer(Lines(write));
    match (log.format, outbox) {
        (LogFormat::Text, None) => lines.with_filter(filter).boxed(),
        (LogFormat::Text, outbox) => Spans::new(outbox).and_then(lines).with_filter(filter).boxed(),
        (LogFormat::Json, outbox) => {
            let lines = lines.fmt_fields(NoFields).event_format(ObjectLines);
            Spans::new(outbox).and_then(lines).with_filter(filter).boxed()
        }
    }
}

/// Our own spans, whatever the level of the log: a warning is to carry the ids of the run and the item that it is about.
fn is_ours(what: &Metadata<'_>) -> bool {
    what.is_span() && what.target().starts_with("selaras")
}

/// Hides runs of 16 to 18 digits (NIK, NIP): the first four and the last three stay.
///
/// ```
/// use selaras::telemetry::mask;
/// assert_eq!(mask("nip 198501012010011901 baris 7"), "nip 1985***********901 baris 7");
/// assert_eq!(mask("2026-10-01T00:00:00.123456Z"), "2026-10-01T00:00:00.123456Z");
/// ```
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut masked: Option<Vec<u8>> = None;
    let mut from = 0;
    let bytes = text.as_bytes();
    for run in bytes.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
        if (16..=18).contains(&run.len()) && run[0].is_ascii_digit() {
            let copy = masked.get_or_insert_with(|| bytes.to_vec());
            copy[from + 4..from + run.len() - 3].fill(b'*');
        }
        from += run.len();
    }
    match masked.map(String::from_utf8) {
        Some(Ok(masked)) => Cow::Owned(masked),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};
    use tracing::field::Empty;

    /// A question to BKN costs milliseconds; the two spans of one must not be seen beside that. `--no-capture` shows them.
    #[test]
    fn the_spans_of_a_question_cost_microseconds() {
        let quiet = Log::default();
        let object = Log { format: LogFormat::Json, ..Log::default() };
        let (outbox, _queue) = Outbox::new();
        for (name, log, outbox) in [("text", &quiet, None), ("json", &object, None), ("collector", &quiet, Some(outbox))] {
            let listening = tracing_subscriber::registry().with(layers(log, "warn", |_| {}, outbox));
            let took = tracing::subscriber::with_default(listening, || {
                let pull = tracing::info_span!(target: "selaras", "pull", run = "019adf3e-8c5e-7a10-9d3a-5b1f2c3d4e5f");
                let began = Instant::now();
                pull.in_scope(|| (0..1_000).for_each(question));
                began.elapsed() / 1_000
            });
            println!("{name}: {took:?}");
            assert!(took < Duration::from_micros(200), "{name}: {took:?}");
        }
    }

    /// The spans of one question, as a pull makes them.
    fn question(number: i64) {
        let item = tracing::info_span!(target: "selaras", "item", item = number, kind = "identity", attempt = 1, error = Empty);
        item.in_scope(|| {
            let path = "pns/data-utama/{nip}";
            let request = tracing::info_span!(target: "selaras", "request", surface = "siasn", path, status = Empty, bytes = Empty);
            request.in_scope(|| {});
            request.record("status", 200).record("bytes", 2_345);
        });
    }

    #[test]
    fn long_numbers_are_hidden_short_ones_stay() {
        assert_eq!(mask("3173010101900001,198501012010011901"), "3173*********001,1985***********901");
        for kept in ["123456789012345", "1234567890123456789", "Rp 1.234.567", "é 2026"] {
            assert_eq!(mask(kept), kept);
        }
    }
}
