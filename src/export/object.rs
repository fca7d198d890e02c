//! How JSON is laid out: a header that people can read, then one row a line, so that two documents can be compared line
//! by line and a large ministry does not have to fit into memory twice.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use serde::Serialize;
use std::io;
use std::io::Write;

/// RFC 3339 in UTC with `Z`, to the microsecond, without needless zeros.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.trunc_subsecs(6).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Writes one object: its keys in order, each value compact, lists of rows one row a line.
pub(super) struct Object<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

impl<'w> Object<'w> {
    pub(super) fn open(out: &'w mut dyn Write) -> io::Result<Self> {
        out.write_all(b"{")?;
        Ok(Self { out, first: true })
    }

    fn key(&mut self, key: &str) -> io::Result<()> {
        let before = if self.first { "\n  " } else { ",\n  " };
        self.first = false;
        write!(self.out, "{before}\"{key}\": ")
    }

    pub(super) fn value(&mut self, key: &str, value: &impl Serialize) -> io::Result<()> {
        self.key(key)?;
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    pub(super) fn rows<R: Serialize>(&mut self, key: &str, rows: impl IntoIterator<Item = R>) -> io::Result<()> {
        self.key(key)?;
        self.out.write_all(b"[")?;
        let mut before: &[u8] = b"\n    ";
        let mut any = false;
        for row in rows {
            self.out.write_all(before)?;
            serde_json::to_writer(&mut *self.out, &row)?;
            before = b",\n    ";
            any = true;
        }
        self.out.write_all(if any { b"\n  ]" } else { b"]" })
    }

    pub(super) fn close(self) -> io::Result<()> {
        self.out.write_all(b"\n}")
    }
}
