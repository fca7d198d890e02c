//! What a file brings, once it is settled that it may be taken in.

use super::content::Reading;
use super::error::IntakeError;
use super::notice::Notice;
use super::refusal::Refusal;
use super::refusal::RefusalReason;
use super::table::Outcome;
use crate::domain::Kind;
use crate::domain::Period;
use crate::domain::Statement;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::nip::NipError;
use crate::domain::period::Span;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// The statements of one file (or of one evaluation cycle of a workbook), ready to become a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What it is about.
    pub kind: Kind,
    /// For which span.
    pub span: Span,
    /// Which of several sources of the kind: a newer delivery of the same part supersedes the older one.
    pub part: String,
    /// How outputs name it: `file:presensi.csv sha256:0123456789ab`.
    pub source: String,
    /// SHA-256 of the file's bytes, in hex.
    pub sha256: String,
    /// For whom it speaks.
    pub scope: Scope,
    /// What the file says about itself.
    pub facts: SourceFacts,
    /// What it says about people, ordered by NIP and span.
    pub statements: Vec<Statement>,
    /// Data rows in the file, refused ones included.
    pub rows_read: usize,
    /// Rows that were left out; empty unless `accept_partial`.
    pub refused: Vec<Refusal>,
    /// What the operator should know.
    pub notices: Vec<Notice>,
}

impl Delivery {
    /// Number of rows that were left out; a row may be refused for several reasons.
    pub fn rows_refused(&self) -> usize {
        refused_rows(&self.refused)
    }
}

/// Checks that a file is the export that was asked for, as `check --evaluation` and `check --skp` need it.
///
/// # Errors
/// [`RefusalReason::NotTheExport`], naming both.
pub fn expect_kind(file: &str, deliveries: &[Delivery], wanted: Kind) -> Result<(), IntakeError> {
    let Some(other) = deliveries.iter().find(|delivery| delivery.kind != wanted) else { return Ok(()) };
    let reason = RefusalReason::NotTheExport { wanted: export_name(wanted), found: export_name(other.kind) };
    Err(IntakeError::Refused { file: file.to_owned(), refusals: vec![Refusal::of_sheet(None, reason)] })
}

/// Checks that a file says something about one of these months, as `check --attlog` needs it for `period`.
///
/// # Errors
/// [`RefusalReason::NoRowOfPeriod`].
pub fn expect_month(file: &str, deliveries: &[Delivery], months: RangeInclusive<Period>, period: Period) -> Result<(), IntakeError> {
    let is_of = |delivery: &Delivery| matches!(delivery.span, Span::Month(month) if months.contains(&month));
    if deliveries.iter().any(is_of) {
        return Ok(());
    }
    let refusals = vec![Refusal::of_sheet(None, RefusalReason::NoRowOfPeriod(period))];
    Err(IntakeError::Refused { file: file.to_owned(), refusals })
}

fn export_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Evaluation => "Laporan Penilaian SKP",
        Kind::Skp => "Laporan SKP",
        other => other.key(),
    }
}

/// What stands on a delivery besides its content.
pub(super) struct Label {
    pub kind: Kind,
    pub span: Span,
    pub part: String,
    pub scope: Scope,
    pub period: Option<Period>,
}

/// A file that may be taken in.
pub(super) struct Settled<'r> {
    reading: &'r Reading<'r>,
    pub outcome: Outcome,
    sha256: String,
    pub notices: Vec<Notice>,
}

/// Whether a file without rows says something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Emptiness {
    /// That there is nothing.
    Means,
    /// That something is wrong.
    Refused,
}

/// Refuses the file when something is refused that cannot be left out, or may not be.
pub(super) fn settle<'r>(reading: &'r Reading<'r>, mut outcome: Outcome, emptiness: Emptiness) -> Result<Settled<'r>, IntakeError> {
    let refused = refused_rows(&outcome.refused);
    let whole = outcome.refused.iter().any(|refusal| !refusal.reason.is_of_row());
    let nothing_left = refused > 0 && refused >= outcome.rows;
    if whole || nothing_left || (refused > 0 && !reading.accept_partial) {
        return Err(IntakeError::Refused { file: reading.name.to_owned(), refusals: std::mem::take(&mut outcome.refused) });
    }
    if outcome.rows == 0 && emptiness == Emptiness::Refused {
        return Err(refuse(reading, RefusalReason::OnlyHeader));
    }
    let absent: BTreeSet<&'static str> = outcome.sheets.iter().flat_map(|(_, header)| header.absent()).collect();
    let mut notices: Vec<Notice> = absent.into_iter().map(Notice::ColumnAbsent).collect();
    notices.extend(outcome.skipped.iter().cloned().map(Notice::SheetSkipped));
    if outcome.rows == 0 {
        notices.push(Notice::NoRows);
    }
    if refused > 0 {
        notices.push(Notice::Partial { rows: refused });
    }
    Ok(Settled { reading, outcome, sha256: reading.content.sha256(), notices })
}

/// A refusal of the file as a whole.
pub(super) fn refuse(reading: &Reading<'_>, reason: RefusalReason) -> IntakeError {
    IntakeError::Refused { file: reading.name.to_owned(), refusals: vec![Refusal::of_sheet(None, reason)] }
}

impl Settled<'_> {
    /// Whether rows were left out.
    pub fn is_partial(&self) -> bool {
        !self.outcome.refused.is_empty()
    }

    /// Beginning of the file's SHA-256, as sources show it.
    pub fn short_sha256(&self) -> &str {
        &self.sha256[..12]
    }

    /// Columns that no rule reads, each once, in the order of the file.
    pub fn unknown_columns(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let columns = self.outcome.sheets.iter().flat_map(|(_, header)| header.unknown.iter());
        columns.filter(|name| seen.insert(name.as_str())).cloned().collect()
    }

    /// Places of the rows that were left out because of a NIK in place of a NIP.
    fn niks(&self) -> Vec<String> {
        let niks = self.outcome.refused.iter().filter(|refusal| refusal.reason == RefusalReason::Nip(NipError::Nik));
        let place = |refusal: &Refusal| {
            let sheet = refusal.sheet.as_deref().map(|sheet| format!("{sheet} ")).unwrap_or_default();
            format!("{sheet}row {}", refusal.row.unwrap_or_default())
        };
        niks.map(place).collect()
    }

    /// A delivery of this file.
    pub fn deliver(&self, label: Label, facts: SourceFacts, statements: Vec<Statement>) -> Delivery {
        // A file of which rows were left out cannot say who is missing; a roster says only who is there.
        let scope = if self.is_partial() && label.kind != Kind::Roster { Scope::Named } else { label.scope };
        Delivery {
            kind: label.kind,
            span: label.span,
            part: label.part,
            source: format!("file:{} sha256:{}", self.reading.name, self.short_sha256()),
            sha256: self.sha256.clone(),
            scope,
            facts: SourceFacts { period: label.period, unknown_columns: self.unknown_columns(), niks: self.niks(), ..facts },
            statements,
            rows_read: self.outcome.rows,
            refused: self.outcome.refused.clone(),
            notices: self.notices.clone(),
        }
    }
}

/// `<label>/<file name>`: files of several months stand beside each other.
pub(super) fn part(label: impl std::fmt::Display, reading: &Reading<'_>) -> String {
    format!("{label}/{}", reading.name)
}

fn refused_rows(refused: &[Refusal]) -> usize {
    let rows = refused.iter().filter(|refusal| refusal.reason.is_of_row());
    rows.map(|refusal| (refusal.sheet.as_deref(), refusal.row)).collect::<BTreeSet<_>>().len()
}
