//! The documents as JSON, key by key as contract §8 shows them; never changes with the language.
//!
//! What each row holds; how it is laid out is `object`'s.

use super::codes::CodeCount;
use super::document::{CompletenessRow, FindingRow, Header, InCharge, KindCompleteness, Overview, Report, Totals};
use super::object::{Object, instant};
use crate::domain::evidence::Kind;
use crate::domain::finding::{Exhibit, Finding};
use crate::domain::verdict::{Amounts, DeductionLine, Standing, Verdict};
use crate::domain::{Nip, Percent, Period};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Serialize)]
pub(super) struct PolicyPart<'a> {
    id: &'a str,
    sha256: &'a str,
    unverified_rules_used: &'a [String],
}

impl<'a> PolicyPart<'a> {
    pub(super) fn of(header: &'a Header) -> Self {
        let rules = header.unverified_rules_used.as_slice();
        Self { id: &header.policy_id, sha256: &header.policy_sha256, unverified_rules_used: rules }
    }
}

/// The keys with which verdicts, summary and explanation begin.
#[derive(Serialize)]
pub(super) struct HeadPart<'a> {
    period: Period,
    run: &'a str,
    as_of: String,
    mode: &'static str,
    complete: bool,
    policy: PolicyPart<'a>,
}

impl<'a> From<&'a Header> for HeadPart<'a> {
    fn from(header: &'a Header) -> Self {
        Self {
            period: header.period,
            run: &header.run,
            as_of: instant(header.as_of),
            mode: mode(header),
            complete: header.complete,
            policy: PolicyPart::of(header),
        }
    }
}

/// A map with a key for each of the four verdicts, in the order of the contract.
struct ByStanding<T>([T; 4]);

impl<T: Serialize> Serialize for ByStanding<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(4))?;
        for (standing, value) in Standing::ALL.iter().zip(&self.0) {
            map.serialize_entry(standing.key(), value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
pub(super) struct TotalsPart {
    heads: ByStanding<u64>,
    rupiah: ByStanding<i64>,
    at_risk: i64,
}

impl TotalsPart {
    pub(super) fn of(totals: &Totals) -> Self {
        Self { heads: ByStanding(totals.heads), rupiah: ByStanding(totals.rupiah.map(|amount| amount.0)), at_risk: totals.at_risk().0 }
    }
}

#[derive(Serialize)]
struct AmountsPart {
    gross: i64,
    deduction: i64,
    net: i64,
}

impl From<Amounts> for AmountsPart {
    fn from(amounts: Amounts) -> Self {
        Self { gross: amounts.gross.0, deduction: amounts.deduction.0, net: amounts.net.0 }
    }
}

#[derive(Serialize)]
struct DeductionPart<'a> {
    rule: &'a str,
    days: Option<u32>,
    percent: Percent,
}

impl<'a> From<&'a DeductionLine> for DeductionPart<'a> {
    fn from(line: &'a DeductionLine) -> Self {
        Self { rule: &line.rule, days: line.days, percent: line.percent }
    }
}

/// One row of the verdict document.
#[derive(Serialize)]
pub(super) struct VerdictPart<'a> {
    nip: Nip,
    name: Option<&'a str>,
    unit: Option<&'a str>,
    kelas_jabatan: Option<i64>,
    verdict: &'static str,
    expected: Option<AmountsPart>,
    paid: Option<AmountsPart>,
    difference: Option<i64>,
    predikat: Option<&'static str>,
    deductions: Vec<DeductionPart<'a>>,
    findings: Vec<&'static str>,
    unknown: Vec<&'static str>,
    /// Codes among the findings that a waiver excuses; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    waived: Vec<&'static str>,
}

impl<'a> From<&'a Verdict> for VerdictPart<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        Self {
            nip: verdict.nip,
            name: verdict.name.as_deref(),
            unit: verdict.unit.as_deref(),
            kelas_jabatan: verdict.kelas_jabatan,
            verdict: verdict.standing.key(),
            expected: verdict.expected.map(AmountsPart::from),
            paid: verdict.paid.map(AmountsPart::from),
            difference: verdict.difference().map(|amount| amount.0),
            predikat: verdict.predikat.map(|predikat| predikat.key()),
            deductions: verdict.deductions.iter().map(DeductionPart::from).collect(),
            findings: codes(verdict),
            unknown: unknown(verdict),
            waived: sorted(verdict.waived()),
        }
    }
}

/// The codes that a verdict carries, each once, sorted.
pub(super) fn codes(verdict: &Verdict) -> Vec<&'static str> {
    sorted(verdict.findings.iter())
}

fn sorted<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<&'static str> {
    let mut codes: Vec<_> = findings.map(|finding| finding.code.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The keys of what is required and not known, sorted.
pub(super) fn unknown(verdict: &Verdict) -> Vec<&'static str> {
    let mut kinds: Vec<_> = verdict.unknown.iter().map(|kind| kind.key()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// One piece of evidence.
#[derive(Serialize)]
pub(super) struct ExhibitPart<'a> {
    kind: Kind,
    source: &'a str,
    batch: &'a str,
    locator: &'a str,
    field: &'a str,
    value: Option<&'a str>,
    observed_at: Option<String>,
}

impl<'a> From<&'a Exhibit> for ExhibitPart<'a> {
    fn from(exhibit: &'a Exhibit) -> Self {
        Self {
            kind: exhibit.kind,
            source: &exhibit.source,
            batch: &exhibit.batch,
            locator: &exhibit.locator,
            field: &exhibit.field,
            value: exhibit.value.as_deref(),
            observed_at: exhibit.observed_at.map(instant),
        }
    }
}

#[derive(Serialize)]
pub(super) struct FindingPart<'a> {
    id: &'a str,
    code: &'static str,
    severity: &'static str,
    nip: Option<Nip>,
    subject: &'a str,
    status: &'static str,
    owner: &'static str,
    #[serde(flatten)]
    charge: &'a InCharge,
    rupiah_at_risk: i64,
    first_seen: String,
    last_seen: String,
    evidence: Vec<ExhibitPart<'a>>,
}

impl<'a> From<&'a FindingRow> for FindingPart<'a> {
    fn from(row: &'a FindingRow) -> Self {
        let finding = &row.finding;
        Self {
            id: &finding.id,
            code: finding.code.code(),
            severity: finding.severity.key(),
            nip: finding.nip,
            subject: &finding.subject,
            status: row.status.key(),
            owner: finding.code.owner().key(),
            charge: &row.charge,
            rupiah_at_risk: finding.rupiah_at_risk.0,
            first_seen: instant(row.first_seen),
            last_seen: instant(row.last_seen),
            evidence: finding.evidence.iter().map(ExhibitPart::from).collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct KindPart<'a> {
    kind: &'static str,
    required: bool,
    heads: u64,
    present: u64,
    declared_absent: u64,
    not_asked: u64,
    failed: u64,
    stale: u64,
    reasons: &'a BTreeMap<String, u64>,
}

impl<'a> From<&'a KindCompleteness> for KindPart<'a> {
    fn from(kind: &'a KindCompleteness) -> Self {
        Self {
            kind: kind.kind.key(),
            required: kind.required,
            heads: kind.heads,
            present: kind.present,
            declared_absent: kind.declared_absent,
            not_asked: kind.not_asked,
            failed: kind.failed,
            stale: kind.stale,
            reasons: &kind.reasons,
        }
    }
}

#[derive(Serialize)]
pub(super) struct UnknownPart {
    nip: Nip,
    kind: &'static str,
    state: &'static str,
    reason: Option<&'static str>,
    observed_at: Option<String>,
}

impl From<&CompletenessRow> for UnknownPart {
    fn from(row: &CompletenessRow) -> Self {
        Self {
            nip: row.nip,
            kind: row.kind.key(),
            state: row.state.key(),
            reason: row.reason.map(|reason| reason.key()),
            observed_at: row.observed_at.map(instant),
        }
    }
}

#[derive(Serialize)]
pub(super) struct CodePart {
    code: &'static str,
    severity: &'static str,
    owner: &'static str,
    findings: u64,
    heads: u64,
    rupiah_at_risk: i64,
}

impl From<CodeCount> for CodePart {
    fn from(count: CodeCount) -> Self {
        Self {
            code: count.code.code(),
            severity: count.severity.key(),
            owner: count.code.owner().key(),
            findings: count.findings,
            heads: count.heads,
            rupiah_at_risk: count.rupiah.0,
        }
    }
}

/// Writes the keys of [`HeadPart`].
pub(super) fn head(object: &mut Object<'_>, header: &Header) -> io::Result<()> {
    let head = HeadPart::from(header);
    object.value("period", &head.period)?;
    object.value("run", &head.run)?;
    object.value("as_of", &head.as_of)?;
    object.value("mode", &head.mode)?;
    object.value("complete", &head.complete)?;
    object.value("policy", &head.policy)
}

/// `trial` or `final`.
pub(super) fn mode(header: &Header) -> &'static str {
    if header.trial { "trial" } else { "final" }
}

fn verdicts(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    head(&mut object, &report.header)?;
    object.value("totals", &TotalsPart::of(&Totals::of(report.verdicts)))?;
    object.rows("rows", report.sorted_verdicts().into_iter().map(VerdictPart::from))?;
    object.close()
}

fn findings(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    object.value("period", &report.header.period)?;
    object.value("run", &report.header.run)?;
    object.rows("rows", report.sorted_findings().into_iter().map(FindingPart::from))?;
    object.close()
}

fn completeness(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    object.value("period", &report.header.period)?;
    object.value("run", &report.header.run)?;
    object.value("as_of", &instant(report.header.as_of))?;
    object.value("complete", &report.header.complete)?;
    object.rows("kinds", report.completeness.sorted_kinds().into_iter().map(KindPart::from))?;
    let rows = report.completeness.sorted_rows().into_iter().map(UnknownPart::from);
    object.rows("rows", rows)?;
    object.close()
}

/// `export verdicts --as json`.
///
/// # Errors
/// Writing failed.
pub(super) fn write_verdicts(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    verdicts(report, out)?;
    out.write_all(b"\n")
}

/// `export findings --as json`.
///
/// # Errors
/// Writing failed.
pub(super) fn write_findings(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    findings(report, out)?;
    out.write_all(b"\n")
}

/// `export completeness --as json`.
///
/// # Errors
/// Writing failed.
pub(super) fn write_completeness(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    completeness(report, out)?;
    out.write_all(b"\n")
}

/// Counts by verdict and by code: what `reconcile` reports.
///
/// # Errors
/// Writing failed.
pub(super) fn write_summary(overview: &Overview, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    head(&mut object, &overview.header)?;
    object.value("totals", &TotalsPart::of(&overview.totals))?;
    object.rows("codes", overview.codes.iter().copied().map(CodePart::from))?;
    object.rows("kinds", overview.completeness.sorted_kinds().into_iter().map(KindPart::from))?;
    object.close()?;
    out.write_all(b"\n")
}

/// `check --as json`: the three documents in one object.
///
/// # Errors
/// Writing failed.
pub(super) fn write_check(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"verdicts\": ")?;
    verdicts(report, out)?;
    out.write_all(b",\n\"findings\": ")?;
    findings(report, out)?;
    out.write_all(b",\n\"completeness\": ")?;
    completeness(report, out)?;
    out.write_all(b"}\n")
}
