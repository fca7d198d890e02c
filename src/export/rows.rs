//! The rows of the documents one by one, as contract §8 has them, for whoever pages through them instead of reading a
//! document. How a row is written stands in `json` and `explain` only.

use super::codes::CodeCount;
use super::document::{Completeness, CompletenessRow, FindingRow, Header, Totals};
use super::explain::ExplanationPart;
use super::json::{CodePart, FindingPart, HeadPart, KindPart, TotalsPart, UnknownPart, VerdictPart};
use super::object;
use crate::domain::verdict::Verdict;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Period, run, instant, mode, completeness and policy.
pub fn head(header: &Header) -> impl Serialize + '_ {
    HeadPart::from(header)
}

/// Heads and Rupiah by verdict.
pub fn totals(totals: &Totals) -> impl Serialize + use<> {
    TotalsPart::of(totals)
}

/// Findings of one code, added up.
pub fn code(count: CodeCount) -> impl Serialize + use<> {
    CodePart::from(count)
}

/// How completely each kind is known, in the order of the document.
pub fn kinds(completeness: &Completeness) -> Vec<impl Serialize + '_> {
    completeness.sorted_kinds().into_iter().map(KindPart::from).collect()
}

/// A row of the verdict document.
pub fn verdict(verdict: &Verdict) -> impl Serialize + '_ {
    VerdictPart::from(verdict)
}

/// A row of the findings document.
pub fn finding(row: &FindingRow) -> impl Serialize + '_ {
    FindingPart::from(row)
}

/// A row of the completeness document.
pub fn gap(row: &CompletenessRow) -> impl Serialize + use<> {
    UnknownPart::from(row)
}

/// One verdict with its derivation and findings, as `explain` writes it below its head.
pub fn explanation(verdict: &Verdict) -> impl Serialize + '_ {
    ExplanationPart::from(verdict)
}

/// An instant as every document writes it.
pub fn instant(at: DateTime<Utc>) -> String {
    object::instant(at)
}
