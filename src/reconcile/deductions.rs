//! Payment files that deduct nothing from anyone although something was due (AM04): what of a person counts for it, and
//! what is kept of everybody so that one person can be looked at again alone.
//!
//! Which files those are is known as long as the files are the same; what should have been deducted may still move, and
//! shows only where it moves the first person from whom something was due.

use super::everybody::Everybody;
use crate::domain::dossier::{Dossier, Row};
use crate::domain::finding::{Code, Finding};
use crate::domain::nip::Nip;
use crate::domain::payment::PaymentRow;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a file should have deducted from the person, by this verdict.
pub(super) fn due(verdict: &Verdict) -> Rupiah {
    verdict.expected.map_or(Rupiah::ZERO, |amounts| amounts.deduction)
}

/// Whether it should have stood in this row: in that of the month itself.
pub(super) fn is_due_in(row: &Row<PaymentRow>, dossier: &Dossier) -> bool {
    row.value.awal == dossier.period
}

/// Payment files, by part, that deduct nothing, with the first person, in the order of NIP, from whom something was due.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutDeductions(BTreeMap<String, Option<Nip>>);

impl WithoutDeductions {
    /// As everybody shows them.
    pub fn of(everybody: &Everybody<'_>) -> Self {
        Self(everybody.without_deductions().map(|(part, first)| (part.to_owned(), first)).collect())
    }

    /// Whether the finding about some file may become another one by what a person's verdict was and is.
    pub fn is_moved_by(&self, dossier: &Dossier, before: &Verdict, now: &Verdict) -> bool {
        let rows = dossier.payments.iter().filter(|row| is_due_in(row, dossier));
        self.is_moved(dossier.nip, rows.map(|row| &*row.origin.part), due(before), due(now))
    }

    fn is_moved<'p>(&self, nip: Nip, parts: impl Iterator<Item = &'p str>, before: Rupiah, now: Rupiah) -> bool {
        let is_first = |first: &Option<Nip>| first.map_or(now > Rupiah::ZERO, |first| nip == first || (nip < first && now > Rupiah::ZERO));
        before != now && parts.filter_map(|part| self.0.get(part)).any(is_first)
    }
}

/// Those of the findings that are about such files.
pub fn about_deductions(findings: &[Finding]) -> impl Iterator<Item = Finding> {
    findings.iter().filter(|finding| finding.code == Code::Am04).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_who_was_due_and_those_before_move_a_file() {
        let [one, two, three] = ["198501012010011901", "198501012010011902", "198501012010011903"].map(|nip| Nip::parse(nip).unwrap());
        let files = |first: Option<Nip>| WithoutDeductions(BTreeMap::from([("2026-10/adk".to_owned(), first)]));
        let moves = |first: Option<Nip>, nip: Nip, [before, now]: [i64; 2]| {
            assert!(
                !files(first).is_moved(nip, ["2026-10/lain"].into_iter(), Rupiah(before), Rupiah(now)),
                "another file deducts something"
            );
            files(first).is_moved(nip, ["2026-10/lain", "2026-10/adk"].into_iter(), Rupiah(before), Rupiah(now))
        };
        assert!(moves(Some(two), one, [0, 5]), "becomes the first");
        assert!(!moves(Some(two), one, [5, 5]) && !moves(Some(two), one, [5, 0]));
        assert!(moves(Some(two), two, [5, 0]) && moves(Some(two), two, [5, 6]), "is the first");
        assert!(!moves(Some(two), three, [0, 5]) && !moves(Some(two), three, [5, 0]), "comes later");
        assert!(moves(None, three, [0, 5]) && !moves(None, three, [5, 0]), "nobody was due anything");
    }
}
