//! What was before today, where the ministry has a history, and what came after the pull.
//!
//! A week ago the ministry pulled from BKN with a roster that lacked people (SR01: nobody has ever asked about them), and
//! BKN had SKPs that it has withdrawn since (SR04). Today's pull runs with a roster that lacks others too: about them the
//! last word is a week old (SR03). Then the whole roster is imported, and a row of it that has a NIK is left out (ID02).
//! BKN's list has a row without a NIP (ID01), and the device at a door knows a PIN that nobody does (ID05).

use super::Ministry;
use super::SimulatorError;
use super::population::Person;
use super::truth::Planted;
use crate::domain::Code;
use chrono::TimeDelta;
use std::path::Path;
use std::path::PathBuf;

/// How long ago the earlier pull was: longer than an identity may be old (`evidence.max_age`).
pub const WEEK_AND_A_DAY: TimeDelta = TimeDelta::days(8);

const WHOLE_ROSTER: &str = "roster-lengkap.csv";
const DEVICE_LOG: &str = "7_attlog.dat";
const UNKNOWN_PIN: u32 = 31;

/// The files of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenHistory {
    /// The roster of a week ago.
    pub roster_before: PathBuf,
    /// The roster at the time of today's pull.
    pub roster_at_pull: PathBuf,
    /// The roster with everybody, to be imported after the pull, and in part: a row has a NIK.
    pub roster_after: PathBuf,
    /// The log of an attendance device.
    pub attlog: PathBuf,
}

/// Whether a roster lacked the person a week ago.
fn is_new(person: &Person) -> bool {
    person.has(Code::Sr01)
}

/// Whether the roster lacked the person at the time of today's pull.
fn is_added(person: &Person) -> bool {
    is_new(person) || person.has(Code::Sr03)
}

impl Ministry {
    /// Writes what belongs to the history: earlier rosters into a folder each, under the name that a roster has.
    pub(super) fn write_history(&self, dir: &Path) -> Result<WrittenHistory, SimulatorError> {
        let (before, at_pull) = (dir.join("pekan-lalu"), dir.join("sebelum-penarikan"));
        for folder in [&before, &at_pull] {
            std::fs::create_dir_all(folder).map_err(|source| SimulatorError::Io { path: folder.clone(), source })?;
        }
        let attlog = dir.join(DEVICE_LOG);
        let day = self.workdays.first().copied().unwrap_or(self.period.first_day());
        let taps = ["07:21:00", "16:48:00"].map(|time| format!("{UNKNOWN_PIN:>9}\t{day} {time}\t1\t0\t1\t0\r\n"));
        std::fs::write(&attlog, taps.concat()).map_err(|source| SimulatorError::Io { path: attlog.clone(), source })?;
        Ok(WrittenHistory {
            roster_before: self.write_roster(before.join("roster.csv"), |person| !is_new(person))?,
            roster_at_pull: self.write_roster(at_pull.join("roster.csv"), |person| !is_added(person))?,
            roster_after: self.write_roster_with_nik(dir.join(WHOLE_ROSTER))?,
            attlog,
        })
    }

    /// Whether BKN has withdrawn everything that it had about the person's SKP.
    pub(super) fn is_withdrawn(&self, person: &Person) -> bool {
        person.has(Code::Sr04)
    }

    /// Whether BKN's list of SKPs begins with a row that names nobody.
    pub(super) fn lists_somebody_nameless(&self) -> bool {
        self.history
    }

    /// What is found about files and devices because of the history.
    pub(super) fn of_history(&self) -> Vec<Planted> {
        let of_file = |code, subject: String| Planted { code, nip: None, subject };
        let found = [
            of_file(Code::Id01, format!("report:{} data[0]", self.period.year())),
            of_file(Code::Id02, format!("{} row 2", self.period)),
            of_file(Code::Id05, format!("7/{UNKNOWN_PIN}")),
        ];
        found.into_iter().filter(|_| self.history).collect()
    }
}
