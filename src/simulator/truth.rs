//! What must be found: the planted mismatches with everything that follows from each.

use super::Ministry;
use super::SimulatorError;
use super::population::Person;
use super::report;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Severity;
use chrono::NaiveDate;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// One finding that must come out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Planted {
    /// Code of the finding.
    pub code: Code,
    /// About whom; `None` when it is about a whole file.
    pub nip: Option<Nip>,
    /// Day, SKP id, evaluation id, evidence kind or file; empty for the person as such.
    pub subject: String,
}

/// `truth.json`: all findings that must come out, and no other may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// The work month that is reconciled.
    pub period: Period,
    /// Sorted by code, NIP and subject.
    pub planted: Vec<Planted>,
}

impl Truth {
    /// Writes it as a file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), SimulatorError> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        std::fs::write(path, text).map_err(|source| SimulatorError::Io { path: path.to_owned(), source })
    }
}

/// Name of the evaluation export of the wrong month (PR05).
pub(super) const WRONG_MONTH_FILE: &str = "Rekap Penilaian (2).xlsx";

/// Name of the attendance file, of which a working day is missing (AB02).
pub(super) const ATTENDANCE_FILE: &str = "presensi.csv";

/// Evidence kind that SR02 and SR05 are about.
const IDENTITY: &str = "identity";

/// Evidence kind that SR04 is about.
const SKP: &str = "skp";

impl Ministry {
    /// What must be found when everything that [`Ministry::write`] puts into the main folder is imported, and BKN asked
    /// without faults for the report lists and what its SIASN service says about everybody; on a day on which KPPN still
    /// takes the payment ([`Ministry::truth_on`]). Of a ministry with a history: when it is lived through as the history's
    /// files are described ([`super::WrittenHistory`]).
    pub fn truth(&self) -> Truth {
        let of_file = |code, subject| Planted { code, nip: None, subject };
        let mut planted = vec![of_file(Code::Pr05, WRONG_MONTH_FILE.to_owned()), of_file(Code::Ab02, ATTENDANCE_FILE.to_owned())];
        planted.extend(self.of_history());
        if self.people.iter().any(|person| person.has(Code::Am04)) {
            planted.push(of_file(Code::Am04, self.second_payment_file()));
        }
        for (unit, (code, day)) in &self.machines.troubles {
            planted.push(of_file(*code, format!("{} {day}", self.units[*unit].code)));
        }
        for (at, person) in self.people.iter().enumerate() {
            if let Some((code, _)) = person.slip {
                let subject = self.subject(at, person, code);
                let code = match code {
                    // the device is the unit's; what it costs a person is a missing scan
                    Code::Ab08 => Code::Ab05,
                    // the file is wrong as a whole; each of its rows pays too much
                    Code::Am04 => Code::Am01,
                    code => code,
                };
                planted.push(Planted { code, nip: Some(person.nip), subject });
                let follow = self.consequences(at, code);
                planted.extend(follow.into_iter().map(|(code, subject)| Planted { code, nip: Some(person.nip), subject }));
            }
        }
        for person in self.paid.iter().chain(&self.listed) {
            planted.extend(person.slip.map(|(code, _)| Planted { code, nip: Some(person.nip), subject: String::new() }));
        }
        planted.sort();
        Truth { period: self.period, planted }
    }

    /// The same when it is looked at on that day: after the KPPN day, everybody who is held is late too (PE03).
    pub fn truth_on(&self, day: NaiveDate) -> Truth {
        let mut truth = self.truth();
        if day > self.kppn_day {
            let held = truth.planted.iter().filter(|planted| holds(planted.code)).filter_map(|planted| planted.nip);
            let held: BTreeSet<Nip> = held.collect();
            truth.planted.extend(held.into_iter().map(|nip| Planted { code: Code::Pe03, nip: Some(nip), subject: String::new() }));
            truth.planted.sort();
        }
        truth
    }

    /// The findings that follow from a planted one: a wrong amount (contract §6: AM01 is not silenced), evidence that
    /// could not be had, or what is behind it.
    fn consequences(&self, at: usize, code: Code) -> Vec<(Code, String)> {
        let plain = |codes: &[Code]| codes.iter().map(|code| (*code, String::new())).collect();
        match code {
            Code::Cl01 | Code::Cl03 | Code::St01 | Code::Ds01 | Code::Am03 | Code::Pr09 | Code::St03 | Code::Ds03 | Code::Pe02 => {
                plain(&[Code::Am01])
            }
            // The recap that somebody imported early still says what it said.
            Code::Pr08 => plain(&[Code::Am01, Code::Pr12]),
            Code::Ab04 => plain(&[Code::Ds02]),
            Code::Pr11 => plain(&[Code::Pr01]),
            Code::Sk05 => vec![(Code::Sk02, report::skp_id(self.seed, at, self.period.year(), 0))],
            Code::Sr04 => plain(&[Code::Sk01]),
            Code::Sr05 => vec![(Code::Sr02, IDENTITY.to_owned())],
            _ => Vec::new(),
        }
    }

    /// The day that a mistake is about.
    fn day_of(&self, at: usize) -> String {
        self.outcomes[at].subject.map(|day| day.to_string()).unwrap_or_default()
    }

    fn subject(&self, at: usize, person: &Person, code: Code) -> String {
        let cycle = self.period.offset(-1);
        match code {
            Code::Id03 => report::evaluation_id(self.seed, at, cycle, 0),
            Code::Cl04 => self.supplement_decree(at),
            Code::Sk02 | Code::Sk03 => report::skp_id(self.seed, at, self.period.year(), 0),
            Code::Pr02 | Code::Pr03 | Code::Pr04 | Code::Pr07 => report::skp_id(self.seed, at, cycle.year(), 0),
            Code::Ab05 | Code::Ab06 | Code::Ab07 | Code::Ab08 | Code::Ab09 => self.day_of(at),
            Code::Lv01 | Code::Lv02 | Code::Lv03 | Code::Lv04 | Code::Lv05 => self.day_of(at),
            Code::Sr01 | Code::Sr02 | Code::Sr03 | Code::Sr05 => IDENTITY.to_owned(),
            Code::Sr04 => SKP.to_owned(),
            _ => {
                debug_assert!(person.has(code));
                String::new()
            }
        }
    }
}

/// Whether a finding holds the payment under the example policy, or leaves unknown what is needed for it. Who is not
/// entitled (ST02) waits for nothing.
fn holds(code: Code) -> bool {
    match code {
        Code::Pr01 | Code::Sr01 | Code::Sr02 | Code::Sr03 => true,
        Code::Pr06 | Code::St02 => false,
        code => code.default_severity() == Severity::Block,
    }
}
