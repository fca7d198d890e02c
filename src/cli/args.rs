//! Arguments that several commands share, and how their values are read.

use super::output::Format;
use crate::app::what_if::MOST_PERIODS;
use crate::config::{Lang, Said};
use crate::domain::Nip;
use crate::domain::Period;
use chrono::{DateTime, Utc};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::net::SocketAddr;
use std::path::PathBuf;

/// `--as` and `--output`, on everything that reports.
#[derive(Debug, Clone, Default, Args)]
pub struct ReportArgs {
    /// Formats of the report, parted by commas
    #[arg(long = "as", value_name = "FORMAT", value_delimiter = ',', value_enum, ignore_case = true)]
    pub formats: Vec<Format>,
    /// File, or folder (ends in /, exists as one, or several documents); without it, standard output
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
}

/// `--as-of`.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct AsOfArgs {
    /// Instant that decides about freshness and replay (RFC 3339); default: now
    #[arg(long, value_name = "RFC3339", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
}

/// A language.
pub fn language() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(|(key, _)| key)).map(|key| Lang::from_key(&key).unwrap_or_default())
}

/// A work month.
pub fn period(text: &str) -> Result<Period, Said> {
    text.trim().parse().map_err(|_| {
        Said::new(
            format!("'{text}' bukan periode: tulis YYYY-MM, misalnya 2026-10"),
            format!("'{text}' is not a period: write YYYY-MM, for example 2026-10"),
        )
    })
}

/// Work months from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    from: Period,
    to: Period,
}

impl Months {
    /// All of them, in order.
    pub fn all(self) -> Vec<Period> {
        (0..).map(|after| self.from.offset(after)).take_while(|period| *period <= self.to).collect()
    }
}

/// Work months: `2026-08..2026-10`, or one.
pub fn months(text: &str) -> Result<Months, Said> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let months = Months { from: period(from)?, to: period(to)? };
    if months.to < months.from {
        return Err(Said::new(
            format!("'{text}' berakhir sebelum mulai: tulis bulan yang lebih awal dahulu"),
            format!("'{text}' ends before it begins: write the earlier month first"),
        ));
    }
    if months.to > months.from.offset(MOST_PERIODS as i32 - 1) {
        return Err(Said::new(
            format!("'{text}' lebih dari {MOST_PERIODS} bulan: coba sebagian demi sebagian"),
            format!("'{text}' is more than {MOST_PERIODS} months: try one part after the other"),
        ));
    }
    Ok(months)
}

/// A NIP; a refused one is not repeated on the screen.
pub fn nip(text: &str) -> Result<Nip, Said> {
    Nip::parse(text).map_err(|why| Said::new("bukan NIP: tulis 18 digit", why.to_string()))
}

/// An instant in RFC 3339.
pub fn instant(text: &str) -> Result<DateTime<Utc>, Said> {
    DateTime::parse_from_rfc3339(text.trim()).map(|at| crate::clock::to_micros(at.with_timezone(&Utc))).map_err(|_| {
        Said::new(
            format!("'{text}' bukan waktu RFC 3339: tulis misalnya 2026-11-02T06:00:00+07:00"),
            format!("'{text}' is not an RFC 3339 instant: write for example 2026-11-02T06:00:00+07:00"),
        )
    })
}

/// An address to listen on.
pub fn address(text: &str) -> Result<SocketAddr, Said> {
    text.parse().map_err(|_| {
        Said::new(
            format!("'{text}' bukan alamat: tulis misalnya 127.0.0.1:8480"),
            format!("'{text}' is not an address: write for example 127.0.0.1:8480"),
        )
    })
}

/// An address to listen on that only this machine reaches.
pub fn loopback(text: &str) -> Result<SocketAddr, Said> {
    let found = address(text)?;
    if found.ip().is_loopback() {
        return Ok(found);
    }
    Err(Said::new(
        format!("'{text}' dapat dijangkau dari luar: pengganti BKN hanya berjalan di mesin ini, misalnya 127.0.0.1:9480"),
        format!("'{text}' can be reached from outside: the stand-in for BKN runs on this machine only, for example 127.0.0.1:9480"),
    ))
}
