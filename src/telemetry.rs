//! The log: to stderr, for people or for collectors.
//!
//! What may stand in it: counts, kinds, periods, batch ids, reasons, durations, masked NIPs. What may not: a whole NIP,
//! a name, an account, a body of BKN, a secret. Types help (`Nip` and `Secret` print masked); as a second line every
//! written line passes through [`mask`], which hides whatever is as long as a NIP or a NIK.

use crate::config::{Log, LogFormat};
use std::borrow::Cow;
use std::io::{self, Write};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts the log, once a process. `quiet` is the level when the configuration names none (`info` for a daemon, `warn`
/// for a command that ends); `write` receives whole lines.
///
/// A second start in one process (tests) changes nothing.
pub fn start(log: &Log, quiet: &str, write: fn(&[u8])) {
    let level = log.level.as_ref().map_or(quiet, |filter| filter.as_str());
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_ansi(false).with_writer(Lines(write));
    // The error says only that a log runs already.
    let _ = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
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

/// Gathers one event and hands it over as a whole, masked.
#[derive(Clone, Copy)]
struct Lines(fn(&[u8]));

struct Line {
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

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn long_numbers_are_hidden_short_ones_stay() {
        assert_eq!(mask("3173010101900001,198501012010011901"), "3173*********001,1985***********901");
        for kept in ["123456789012345", "1234567890123456789", "Rp 1.234.567", "é 2026"] {
            assert_eq!(mask(kept), kept);
        }
    }
}
