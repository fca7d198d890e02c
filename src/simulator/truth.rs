//! What must be found: the planted mismatches with everything that follows from each.

use super::Ministry;
use super::population::Person;
use super::report;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Period;
use serde::Deserialize;
use serde::Serialize;

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

/// Name of the evaluation export of the wrong month (PR05).
pub(super) const WRONG_MONTH_FILE: &str = "Rekap Penilaian (2).xlsx";

/// Name of the attendance file, of which a working day is missing (AB02).
pub(super) const ATTENDANCE_FILE: &str = "presensi.csv";

/// Evidence kind that SR02 and SR05 are about.
const IDENTITY: &str = "identity";

impl Ministry {
    /// What must be found when everything that [`Ministry::write`] puts into the main folder is imported, and BKN asked
    /// without faults for the report lists and everybody's identity.
    pub fn truth(&self) -> Truth {
        let of_file = |code, subject| Planted { code, nip: None, subject };
        let mut planted = vec![of_file(Code::Pr05, WRONG_MONTH_FILE.to_owned()), of_file(Code::Ab02, ATTENDANCE_FILE.to_owned())];
        for (unit, (code, day)) in &self.machines.troubles {
            planted.push(of_file(*code, format!("{} {day}", self.units[*unit].code)));
        }
        for (at, person) in self.people.iter().enumerate() {
            if let Some((code, _)) = person.slip {
                let subject = self.subject(at, person, code);
                // the device is the unit's; what it costs a person is a missing scan
                let code = if code == Code::Ab08 { Code::Ab05 } else { code };
                planted.push(Planted { code, nip: Some(person.nip), subject });
                planted.extend(consequence(code).map(|(code, subject)| Planted {
                    code,
                    nip: Some(person.nip),
                    subject: subject.to_owned(),
                }));
            }
        }
        for person in self.paid.iter().chain(&self.listed) {
            planted.extend(person.slip.map(|(code, _)| Planted { code, nip: Some(person.nip), subject: String::new() }));
        }
        planted.sort();
        Truth { period: self.period, planted }
    }

    fn subject(&self, at: usize, person: &Person, code: Code) -> String {
        let cycle = self.period.offset(-1);
        match code {
            Code::Id03 => report::evaluation_id(self.seed, at, cycle, 0),
            Code::Sk02 => report::skp_id(self.seed, at, self.period.year(), 0),
            Code::Pr02 | Code::Pr03 | Code::Pr04 => report::skp_id(self.seed, at, cycle.year(), 0),
            Code::Ab05 | Code::Ab08 | Code::Ab09 | Code::Lv01 | Code::Lv02 => {
                self.outcomes[at].subject.map(|day| day.to_string()).unwrap_or_default()
            }
            Code::Sr02 | Code::Sr05 => IDENTITY.to_owned(),
            _ => {
                debug_assert!(person.has(code));
                String::new()
            }
        }
    }
}

/// The finding that follows from a planted one: a wrong amount (contract §6: AM01 is not silenced), or evidence
/// that could not be had.
fn consequence(code: Code) -> Option<(Code, &'static str)> {
    match code {
        Code::Cl01 | Code::Cl03 | Code::St01 | Code::Ds01 | Code::Am03 => Some((Code::Am01, "")),
        Code::Ab04 => Some((Code::Ds02, "")),
        Code::Sr05 => Some((Code::Sr02, IDENTITY)),
        _ => None,
    }
}
