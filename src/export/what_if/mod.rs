//! What another policy would change in past periods: heads and Rupiah by verdict and unit, causes, and whom.

mod json;
mod rows;
mod tables;
mod text;

pub use json::write_top;
pub use rows::Rows;

use super::csv;
use super::document::{Overview, Report, Totals};
use super::table::Voice;
use super::xlsx::Book;
use super::{ExportError, Format};
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::domain::{Code, Nip, Period, Rupiah};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

/// What a policy would change.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// Id of the policy that is tried.
    pub policy_id: String,
    /// Its SHA-256, in hex.
    pub policy_sha256: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// In the order of time.
    pub periods: Vec<PeriodWhatIf>,
}

/// One period under the policy in force and under the other one, of the same evidence.
#[derive(Debug, Clone)]
pub struct PeriodWhatIf {
    /// Work month.
    pub period: Period,
    /// Whether the period was reconciled before; else the evidence is that of now.
    pub reconciled: bool,
    /// Whether it was reconciled under another policy than the one in force.
    pub policy_moved: bool,
    /// Whether the tried policy does not hold in this period by its own dates.
    pub outside_dates: bool,
    /// Under the policy in force.
    pub before: Overview,
    /// Under the tried one.
    pub after: Overview,
    /// By unit code.
    pub units: BTreeMap<String, UnitWhatIf>,
    /// Whose verdict or amount moves, in the order of NIP; empty where they were not wanted.
    pub rows: Rows,
    /// How many they are.
    pub moved: u64,
    /// Those whose amount moves most.
    pub top: Vec<Moved>,
}

/// One unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitWhatIf {
    /// Its name; empty: none.
    pub name: String,
    /// Under the policy in force.
    pub before: Totals,
    /// Under the tried one.
    pub after: Totals,
    /// People whose verdict or amount moves.
    pub moved: u64,
}

/// What a policy says of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Verdict.
    pub standing: Standing,
    /// Expected net; `None`: cannot be computed.
    pub net: Option<Rupiah>,
    /// Codes of the findings, apart by blanks.
    pub codes: String,
}

/// A person whose verdict or amount moves. `None`: the policy has no evidence that makes the person part of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Who.
    pub nip: Nip,
    /// Name; empty: none.
    pub name: String,
    /// Unit code; empty: none.
    pub unit: String,
    /// Unit name; empty: none.
    pub unit_name: String,
    /// Under the policy in force.
    pub before: Option<Stand>,
    /// Under the tried one.
    pub after: Option<Stand>,
}

impl Moved {
    /// How much more the tried policy gives; `None` where either amount cannot be computed.
    pub fn difference(&self) -> Option<Rupiah> {
        let net = |stand: &Option<Stand>| stand.as_ref().and_then(|stand| stand.net);
        net(&self.before).zip(net(&self.after)).map(|(before, after)| after - before)
    }

    /// How far the amount moves, what cannot be computed counting as nothing.
    pub fn weight(&self) -> Rupiah {
        let net = |stand: &Option<Stand>| stand.as_ref().and_then(|stand| stand.net).unwrap_or_default();
        (net(&self.after) - net(&self.before)).abs()
    }
}

impl UnitWhatIf {
    /// How much more the tried policy gives, whatever the verdict.
    pub fn difference(&self) -> Rupiah {
        all(&self.after) - all(&self.before)
    }
}

impl PeriodWhatIf {
    /// How much more the tried policy gives, whatever the verdict.
    pub fn difference(&self) -> Rupiah {
        all(&self.after.totals) - all(&self.before.totals)
    }

    /// Units, the most moved first.
    pub fn sorted_units(&self) -> Vec<(&str, &UnitWhatIf)> {
        let mut units: Vec<_> = self.units.iter().map(|(code, unit)| (code.as_str(), unit)).collect();
        units.sort_by_key(|(code, unit)| (std::cmp::Reverse((unit.difference().abs(), unit.moved)), *code));
        units
    }

    /// Every code that either side has: code, heads and findings before, heads and findings after.
    pub fn codes(&self) -> Vec<(Code, [u64; 2], [u64; 2])> {
        let mut codes: BTreeMap<&'static str, (Code, [u64; 2], [u64; 2])> = BTreeMap::new();
        for (at, side) in [&self.before, &self.after].into_iter().enumerate() {
            for count in &side.codes {
                let of = codes.entry(count.code.code()).or_insert((count.code, [0; 2], [0; 2]));
                let pair = if at == 0 { &mut of.1 } else { &mut of.2 };
                *pair = [count.heads, count.findings];
            }
        }
        codes.into_values().collect()
    }
}

/// Expected net of everybody.
pub fn all(totals: &Totals) -> Rupiah {
    totals.rupiah.into_iter().sum()
}

/// One of the tables that a what-if is written as where a document holds one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatIfTable {
    /// Heads and Rupiah by period, unit and verdict.
    Units,
    /// Findings by period and code.
    Codes,
    /// People whose verdict or amount moves.
    People,
}

impl WhatIfTable {
    /// All, with the names of their files.
    pub const ALL: [(&'static str, Self); 3] =
        [("what-if-units", Self::Units), ("what-if-findings", Self::Codes), ("what-if-people", Self::People)];
}

/// One table as CSV.
///
/// # Errors
/// Writing failed.
pub fn write_what_if_csv(table: WhatIfTable, lang: Lang, what_if: &WhatIf, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    let voice = Voice::keys(lang);
    let table = match table {
        WhatIfTable::Units => tables::each(what_if, move |period| tables::units(period, voice)),
        WhatIfTable::Codes => tables::each(what_if, move |period| tables::codes(period, voice)),
        WhatIfTable::People => tables::each(what_if, move |period| tables::people(period, voice)),
    };
    csv::write(table, &mut out)?;
    Ok(out.flush()?)
}

/// The whole as text, JSON or a workbook; CSV holds one table a file: [`write_what_if_csv`].
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_what_if(format: Format, lang: Lang, what_if: &WhatIf, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    match format {
        Format::Json => json::write(what_if, &mut out)?,
        Format::Text => text::write(what_if, lang, &mut super::text::Terminal(&mut out))?,
        Format::Csv => return write_what_if_csv(WhatIfTable::Units, lang, what_if, &mut out),
        Format::Xlsx => out.write_all(&workbook(what_if, lang)?)?,
    }
    Ok(out.flush()?)
}

/// Four sheets a period, each of which says what it is.
fn workbook(what_if: &WhatIf, lang: Lang) -> Result<Vec<u8>, ExportError> {
    let report = |period: &PeriodWhatIf| Report {
        header: period.after.header.clone(),
        verdicts: &[],
        findings: &[],
        completeness: period.after.completeness.clone(),
    };
    let reports: Vec<Report<'_>> = what_if.periods.iter().map(report).collect();
    let Some(first) = reports.first() else { return Ok(Vec::new()) };
    let voice = Voice::words(lang);
    let mut book = Book::new(first, lang)?;
    for (period, report) in what_if.periods.iter().zip(&reports) {
        book.turn_to(report);
        let name = |id: &str, en: &str| format!("{} {}", period.period, lang.pick(id, en));
        book.sheets(&name("putusan", "verdicts"), tables::verdicts(period, voice))?;
        book.sheets(&name("unit", "units"), tables::units(period, voice))?;
        book.sheets(&name("temuan", "findings"), tables::codes(period, voice))?;
        book.sheets(&name("orang", "people"), tables::people(period, voice))?;
    }
    Ok(book.bytes()?)
}
