//! Findings counted by code: once over rows of a document, and person by person for whoever keeps the sums.

use super::document::FindingRow;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::nip::Nip;
use crate::domain::rupiah::Rupiah;
use std::collections::BTreeMap;

/// How often one code is open, and what hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCount {
    /// The code.
    pub code: Code,
    /// Its severity under the policy; the gravest where rows differ.
    pub severity: Severity,
    /// Open findings.
    pub findings: u64,
    /// Persons who have it; findings about whole files count nobody.
    pub heads: u64,
    /// What waits or differs. Several findings of one code about one person count once: each of them names all that
    /// hangs on the person.
    pub rupiah: Rupiah,
}

/// What the findings of one code come to about one subject: a person, or all whole files together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfSubject {
    /// Findings.
    pub findings: u64,
    /// The same by severity, the gravest first.
    pub severities: [u64; 3],
    /// The highest that waits or differs: each of them names all that hangs on the subject.
    pub rupiah: Rupiah,
}

const SEVERITIES: [Severity; 3] = [Severity::Block, Severity::Amount, Severity::Info];

/// Findings about one subject by code.
pub fn by_code<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> BTreeMap<Code, OfSubject> {
    let mut codes: BTreeMap<Code, OfSubject> = BTreeMap::new();
    for finding in findings {
        let of = codes.entry(finding.code).or_default();
        of.findings += 1;
        for (count, severity) in of.severities.iter_mut().zip(SEVERITIES) {
            *count += u64::from(severity == finding.severity);
        }
        of.rupiah = of.rupiah.max(finding.rupiah_at_risk);
    }
    codes
}

impl CodeCount {
    /// Sums over these heads.
    pub fn new(code: Code, heads: u64, of: OfSubject) -> Self {
        let gravest = SEVERITIES.into_iter().zip(of.severities).find(|(_, count)| *count > 0);
        let severity = gravest.map_or(Severity::Info, |(severity, _)| severity);
        Self { code, severity, findings: of.findings, heads, rupiah: of.rupiah }
    }

    /// With those of another subject.
    pub fn and(self, other: Self) -> Self {
        Self {
            code: self.code,
            severity: self.severity.min(other.severity),
            findings: self.findings + other.findings,
            heads: self.heads + other.heads,
            rupiah: self.rupiah + other.rupiah,
        }
    }
}

/// Puts what a subject comes to beside what the others do.
pub fn join_codes(counts: &mut BTreeMap<Code, CodeCount>, heads: u64, of: BTreeMap<Code, OfSubject>) {
    for (code, of) in of {
        let new = CodeCount::new(code, heads, of);
        counts.entry(code).and_modify(|known| *known = known.and(new)).or_insert(new);
    }
}

/// Open findings by code: gravest first, then by Rupiah, then by code.
pub fn count_codes(findings: &[FindingRow]) -> Vec<CodeCount> {
    let mut subjects: BTreeMap<Option<Nip>, Vec<&Finding>> = BTreeMap::new();
    for row in findings.iter().filter(|row| row.status.is_open()) {
        subjects.entry(row.finding.nip).or_default().push(&row.finding);
    }
    let mut counts = BTreeMap::new();
    for (nip, findings) in subjects {
        join_codes(&mut counts, u64::from(nip.is_some()), by_code(findings));
    }
    in_order(counts.into_values().collect())
}

pub(super) fn in_order(mut counts: Vec<CodeCount>) -> Vec<CodeCount> {
    counts.sort_by(|one, other| (one.severity, other.rupiah, one.code.code()).cmp(&(other.severity, one.rupiah, other.code.code())));
    counts
}
