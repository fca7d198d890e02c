//! Lines of the log: each whole, masked, and either a sentence for people or one flat JSON object.

use super::mask;
use super::spans::{Fields, Kept};
use crate::clock::{Clock, SystemClock};
use chrono::SecondsFormat;
use std::io::{self, Write};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

/// One object a line: time, level and target, what the spans around it hold (`run`, `item`, `job`, …), then its own
/// fields. All of them stand side by side, so that a collector finds a run by one key whoever speaks.
pub(super) struct ObjectLines;

impl<S, N> FormatEvent<S, N> for ObjectLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> std::fmt::Result {
        let mut line = Fields::default();
        line.put("timestamp", SystemClock.now().to_rfc3339_opts(SecondsFormat::Micros, true).into());
        line.put("level", event.metadata().level().as_str().into());
        line.put("target", event.metadata().target().into());
        let spans: Vec<_> = context.event_scope().into_iter().flat_map(|scope| scope.from_root()).collect();
        if !spans.is_empty() {
            line.put("span", spans.iter().map(|span| span.name()).collect::<Vec<_>>().join(":").into());
        }
        for span in &spans {
            if let Some(kept) = span.extensions().get::<Kept>() {
                kept.fields.iter().for_each(|(name, value)| line.put(name, value.clone()));
            }
        }
        event.record(&mut line);
        writeln!(out, "{}", serde_json::to_string(&line).map_err(|_| std::fmt::Error)?)
    }
}

/// Writes nothing: what a span holds is kept by [`super::spans::Spans`].
pub(super) struct NoFields;

impl<'w> FormatFields<'w> for NoFields {
    fn format_fields<R: RecordFields>(&self, _: Writer<'w>, _: R) -> std::fmt::Result {
        Ok(())
    }
}

/// Gathers one event and hands it over as a whole, masked.
#[derive(Clone, Copy)]
pub(super) struct Lines(pub fn(&[u8]));

pub(super) struct Line {
    text: Vec<u8>,
    write: fn(&[u8]),
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Line;
    fn make_writer(&'w self) -> Line {
        Line { text: Vec::with_capacity(160), write: self.0 }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.text.is_empty() {
            (self.write)(mask(&String::from_utf8_lossy(&self.text)).as_bytes());
        }
    }
}
