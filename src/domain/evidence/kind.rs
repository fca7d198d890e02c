//! What a statement is about.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a statement is about (contract §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The ministry's roster.
    Roster,
    /// Attendance, one statement a calendar month.
    Attendance,
    /// A monthly attendance recap, one statement a calendar month, beside the days.
    AttendanceRecap,
    /// Scans of an attendance device by PIN; what they say about people, the map of PINs decides.
    Attlog,
    /// Device PINs of people.
    Pins,
    /// Leave and other permits.
    Permits,
    /// Punishments in the ministry's file.
    Discipline,
    /// Payment rows.
    Payment,
    /// Accounts of the salary file, beside those of the payment file.
    Bank,
    /// `laporan/penilaian` of an evaluation month.
    Evaluation,
    /// `laporan/skp` of a year.
    Skp,
    /// `data-utama`.
    Identity,
    /// `rw-kinerjaperiodik`.
    History,
    /// `rw-skp22`.
    SkpAnnual,
    /// `rw-hukdis`.
    DisciplineBkn,
    /// `rw-cltn`.
    UnpaidLeave,
    /// `rw-jabatan`.
    Position,
    /// `rw-pemberhentian`.
    Termination,
    /// `rw-pindahinstansi`.
    Transfer,
    /// `rw-tubel`.
    StudyLeave,
}

impl Kind {
    /// Every kind with its key in configuration, JSON and the store.
    pub const ALL: [(&'static str, Self); 20] = [
        ("roster", Self::Roster),
        ("attendance", Self::Attendance),
        ("attendance_recap", Self::AttendanceRecap),
        ("attlog", Self::Attlog),
        ("pins", Self::Pins),
        ("permits", Self::Permits),
        ("discipline", Self::Discipline),
        ("payment", Self::Payment),
        ("bank", Self::Bank),
        ("evaluation", Self::Evaluation),
        ("skp", Self::Skp),
        ("identity", Self::Identity),
        ("history", Self::History),
        ("skp_annual", Self::SkpAnnual),
        ("discipline_bkn", Self::DisciplineBkn),
        ("unpaid_leave", Self::UnpaidLeave),
        ("position", Self::Position),
        ("termination", Self::Termination),
        ("transfer", Self::Transfer),
        ("study_leave", Self::StudyLeave),
    ];

    /// The key in configuration, JSON and the store.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(key, _)| key)
    }

    /// The kind with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, kind)| *kind)
    }

    /// Whether it only stands beside evidence of another kind, or is turned into it: nobody lacks it, and it counts in
    /// no completeness.
    pub fn is_beside(self) -> bool {
        matches!(self, Self::AttendanceRecap | Self::Attlog | Self::Pins | Self::Bank)
    }

    /// Whether BKN's report API answers it for the whole agency at once.
    pub fn is_bulk(self) -> bool {
        matches!(self, Self::Evaluation | Self::Skp)
    }

    /// Whether BKN's SIASN web service answers it, one NIP at a time.
    pub fn is_per_nip(self) -> bool {
        matches!(
            self,
            Self::Identity
                | Self::History
                | Self::SkpAnnual
                | Self::DisciplineBkn
                | Self::UnpaidLeave
                | Self::Position
                | Self::Termination
                | Self::Transfer
                | Self::StudyLeave
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}
