//! What only shows when everybody has been looked at: the days of whole units, and a payment file that deducts nothing
//! from anyone (AM04). Each dossier is shown once, in the order of NIP, while it is laid out anyway.

use super::deductions::{self, is_due_in};
use super::evaluate::{evaluate_briefly, severity};
use super::files::file_name;
use super::units::AttendancePeers;
use crate::domain::dossier::Dossier;
use crate::domain::finding::{Code, Exhibit, Finding};
use crate::domain::nip::Nip;
use crate::domain::period::Period;
use crate::domain::rupiah::Rupiah;
use crate::policy::Policy;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everybody of a period, as far as they have been shown.
#[derive(Debug)]
pub struct Everybody<'a> {
    policy: &'a Policy,
    period: Period,
    attendance: AttendancePeers<'a>,
    /// By part, of payment files with a row of somebody who was shown.
    files: BTreeMap<Arc<str>, Deductions>,
}

/// Whether a payment file deducts anything, and what it should have.
#[derive(Debug, Default)]
struct Deductions {
    made: bool,
    /// The first person, in the order of NIP, from whom something was due; looked for only while nothing was deducted
    /// from anyone.
    due: Option<(Nip, [Exhibit; 2])>,
}

impl<'a> Everybody<'a> {
    /// Nobody yet.
    pub fn new(policy: &'a Policy, period: Period) -> Self {
        Self { policy, period, attendance: AttendancePeers::new(policy, period), files: BTreeMap::new() }
    }

    /// Shows one person.
    pub fn add(&mut self, dossier: &Dossier) {
        self.attendance.add(dossier);
        let mut due = None;
        for row in &dossier.payments {
            if !self.files.contains_key(&row.origin.part) {
                self.files.insert(Arc::clone(&row.origin.part), Deductions::default());
            }
            let Some(file) = self.files.get_mut(&row.origin.part) else { continue };
            file.made |= row.value.potongan != Rupiah::ZERO;
            if file.made || file.due.is_some() || !is_due_in(row, dossier) {
                continue;
            }
            let due = *due.get_or_insert_with(|| deductions::due(&evaluate_briefly(self.policy, dossier)));
            if due > Rupiah::ZERO {
                let ours = row.exhibit("potongan seharusnya", Some(due.to_string()));
                let theirs = row.exhibit("potongan", Some(row.value.potongan.to_string()));
                file.due = Some((dossier.nip, [theirs, Exhibit { locator: String::new(), ..ours }]));
            }
        }
    }

    /// Takes in who was shown elsewhere.
    pub fn absorb(&mut self, others: Self) {
        self.attendance.absorb(others.attendance);
        for (part, more) in others.files {
            let file = self.files.entry(part).or_default();
            file.made |= more.made;
            file.due = file.due.take().into_iter().chain(more.due).min_by_key(|(nip, _)| *nip);
        }
    }

    /// The days of units.
    pub fn attendance(&self) -> &AttendancePeers<'a> {
        &self.attendance
    }

    /// Payment files, by part, that deduct nothing from anyone, with the first person from whom something was due.
    pub fn without_deductions(&self) -> impl Iterator<Item = (&str, Option<Nip>)> {
        let without = self.files.iter().filter(|(_, file)| !file.made);
        without.map(|(part, file)| (&**part, file.due.as_ref().map(|(nip, _)| *nip)))
    }

    /// AB08, AB11 and AM04: about units and files, not about persons; they hold nobody.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = self.attendance.findings();
        let without = self.files.iter().filter(|(_, file)| !file.made);
        found.extend(without.filter_map(|(part, file)| file.due.as_ref().map(|(_, due)| self.nothing_deducted(part, due))));
        found
    }

    /// AM04: no row of the file deducts anything, and somebody in it was due a deduction.
    fn nothing_deducted(&self, part: &str, due: &[Exhibit; 2]) -> Finding {
        let (period, subject) = (self.period, file_name(part).to_owned());
        Finding {
            id: Finding::stable_id(period, None, Code::Am04, &subject),
            code: Code::Am04,
            severity: severity(self.policy, Code::Am04, None),
            nip: None,
            rupiah_at_risk: Rupiah::ZERO,
            excuse: None,
            params: vec![("file".to_owned(), subject.clone())],
            subject,
            evidence: due.to_vec(),
        }
    }
}
