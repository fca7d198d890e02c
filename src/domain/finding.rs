//! Findings: what does not agree, whose task it is, and what it is drawn from.

use super::evidence::Kind;
use super::nip::Nip;
use super::period::Period;
use super::rupiah::Rupiah;
use super::text::hex;
use super::waiver::Excuse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// What a finding does to the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Payment waits.
    Block,
    /// Payment changes.
    Amount,
    /// Somebody should know.
    Info,
}

impl Severity {
    /// The key in policies and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Amount => "amount",
            Self::Info => "info",
        }
    }
}

/// Who can make a finding go away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The employee.
    Employee,
    /// The employee's assessor.
    Assessor,
    /// Unit Sumber Daya Manusia.
    Hr,
    /// PPABP, Bendahara.
    Finance,
    /// Whoever runs Selaras.
    Sysadmin,
    /// Whoever made the file.
    FileOwner,
}

impl Owner {
    /// The key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Assessor => "assessor",
            Self::Hr => "hr",
            Self::Finance => "finance",
            Self::Sysadmin => "sysadmin",
            Self::FileOwner => "file_owner",
        }
    }
}

/// The catalogue, one line a code: name, default severity, owner. A test holds it equal to the catalogue file.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = ($code:literal, $severity:expr, $owner:expr),)*) => {
        /// The code of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as people and files write it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Severity unless the policy says otherwise. PR01 follows `performance.missing`.
            pub fn default_severity(self) -> Severity {
                match self { $(Self::$name => $severity,)* }
            }

            /// Who can make it go away.
            pub fn owner(self) -> Owner {
                match self { $(Self::$name => $owner,)* }
            }
        }
    };
}

catalogue! {
    /// NIP unreadable in a stored source (import refuses such rows; raised when a SQL source or BKN returns one).
    Id01 = ("ID01", Severity::Block, Owner::FileOwner),
    /// NIK given where a NIP belongs.
    Id02 = ("ID02", Severity::Block, Owner::Finance),
    /// One NIP twice in one source for the period with different values.
    Id03 = ("ID03", Severity::Block, Owner::Finance),
    /// Name differs after titles are stripped and spelling folded.
    Id04 = ("ID04", Severity::Info, Owner::Hr),
    /// Device PIN without a NIP, or mapped twice.
    Id05 = ("ID05", Severity::Block, Owner::Hr),
    /// NIP well-formed but odd: impossible birth or TMT date, age outside 18..70, sex digit not 1/2, serial 000.
    Id06 = ("ID06", Severity::Info, Owner::Hr),
    /// In the payment file, not in the roster of the period.
    Ro01 = ("RO01", Severity::Block, Owner::Hr),
    /// Entitled in the roster, missing from the payment file (raised once a payment file for the period exists).
    Ro02 = ("RO02", Severity::Block, Owner::Finance),
    /// Belongs to another agency or unit for part of the period (mutasi).
    Ro03 = ("RO03", Severity::Block, Owner::Hr),
    /// In BKN's list for this agency, not in the roster.
    Ro04 = ("RO04", Severity::Info, Owner::Hr),
    /// No SKP set for the year (declared by BKN, not merely unasked).
    Sk01 = ("SK01", Severity::Block, Owner::Employee),
    /// SKP exists, not approved.
    Sk02 = ("SK02", Severity::Block, Owner::Assessor),
    /// SKP is for another position or superior than the roster's.
    Sk03 = ("SK03", Severity::Block, Owner::Employee),
    /// The SKPs of the year leave part of the period uncovered, or overlap as definitive (not Plt/Plh) SKPs.
    Sk04 = ("SK04", Severity::Block, Owner::Employee),
    /// Cascade broken: the superior's own SKP for the year is missing or not approved while subordinates depend on it.
    Sk05 = ("SK05", Severity::Info, Owner::Hr),
    /// No predikat for the evaluation cycle; severity and amount follow performance.missing.
    Pr01 = ("PR01", Severity::Block, Owner::Assessor),
    /// Ratings present, predikat empty or "-".
    Pr02 = ("PR02", Severity::Block, Owner::Assessor),
    /// Predikat contradicts the matrix of its two ratings.
    Pr03 = ("PR03", Severity::Block, Owner::Hr),
    /// Unknown predikat or rating label, or a label of organisational performance.
    Pr04 = ("PR04", Severity::Block, Owner::Hr),
    /// Evaluation file is of another cycle, month or year than the period needs.
    Pr05 = ("PR05", Severity::Block, Owner::Hr),
    /// JPT without a predikat (comes from another unit's export).
    Pr06 = ("PR06", Severity::Block, Owner::Hr),
    /// Assessed after the due day.
    Pr07 = ("PR07", Severity::Info, Owner::Assessor),
    /// Predikat changed after the payment file was received.
    Pr08 = ("PR08", Severity::Amount, Owner::Finance),
    /// Deduction in the file matches a cycle with the wrong lag.
    Pr09 = ("PR09", Severity::Amount, Owner::Finance),
    /// Assessor is the employee, inactive, or not the roster's superior.
    Pr10 = ("PR10", Severity::Info, Owner::Hr),
    /// Predikat missing for the last N cycles in a row (performance.missing.consecutive_months reached or one short).
    Pr11 = ("PR11", Severity::Info, Owner::Assessor),
    /// SIASN history and the e-Kinerja report disagree.
    Pr12 = ("PR12", Severity::Info, Owner::Hr),
    /// Predikat Kurang or Sangat Kurang for consecutive cycles or the year: follow-up due (uji kompetensi, mutasi, and for PPPK the contract); Selaras reports, people decide.
    Pr13 = ("PR13", Severity::Info, Owner::Hr),
    /// No attendance at all for the person.
    Ab01 = ("AB01", Severity::Block, Owner::Hr),
    /// Working days in the source differ from the calendar.
    Ab02 = ("AB02", Severity::Block, Owner::Hr),
    /// Present on more days than there were working days.
    Ab03 = ("AB03", Severity::Info, Owner::Hr),
    /// A whole month without any trace and without a permit.
    Ab04 = ("AB04", Severity::Block, Owner::Hr),
    /// Check-in or check-out missing without a permit.
    Ab05 = ("AB05", Severity::Amount, Owner::Employee),
    /// Auto-filled time taken as a scan.
    Ab06 = ("AB06", Severity::Amount, Owner::Hr),
    /// One tap copied into both columns.
    Ab07 = ("AB07", Severity::Amount, Owner::Hr),
    /// Device outage day (missing scans far above the median); one finding per day and unit, never auto-forgiven.
    Ab08 = ("AB08", Severity::Amount, Owner::Hr),
    /// Absence recorded on a holiday, cuti bersama or weekend.
    Ab09 = ("AB09", Severity::Amount, Owner::Hr),
    /// Ramadan hours not applied by the source's own minutes.
    Ab10 = ("AB10", Severity::Amount, Owner::Hr),
    /// Device clock off (median first scan shifted).
    Ab11 = ("AB11", Severity::Info, Owner::Hr),
    /// Monthly recap differs from the sum of the days.
    Ab12 = ("AB12", Severity::Amount, Owner::Hr),
    /// Permit covers a day that attendance counts as absent.
    Lv01 = ("LV01", Severity::Amount, Owner::Hr),
    /// Attendance says leave, no approved permit.
    Lv02 = ("LV02", Severity::Amount, Owner::Employee),
    /// Scans on a leave day.
    Lv03 = ("LV03", Severity::Info, Owner::Employee),
    /// Sick leave without a doctor's letter or with a late one.
    Lv04 = ("LV04", Severity::Amount, Owner::Employee),
    /// Long leave whose month-of-leave cannot be determined, or unregulated part month: a person decides.
    Lv05 = ("LV05", Severity::Block, Owner::Hr),
    /// Class in the payment file differs from the roster.
    Cl01 = ("CL01", Severity::Amount, Owner::Hr),
    /// Class missing, or its decree not yet in force.
    Cl02 = ("CL02", Severity::Block, Owner::Hr),
    /// Gross differs from the tariff of its class.
    Cl03 = ("CL03", Severity::Amount, Owner::Finance),
    /// Plt/Plh paid without a valid decree.
    Cl04 = ("CL04", Severity::Amount, Owner::Hr),
    /// CPNS paid in full, or PNS paid as CPNS.
    St01 = ("ST01", Severity::Amount, Owner::Hr),
    /// Paid although not entitled.
    St02 = ("ST02", Severity::Block, Owner::Finance),
    /// Tugas belajar paid as active.
    St03 = ("ST03", Severity::Amount, Owner::Hr),
    /// CPNS for longer than the policy's warning.
    St04 = ("ST04", Severity::Info, Owner::Hr),
    /// Roster status contradicts BKN's kedudukan hukum.
    St05 = ("ST05", Severity::Block, Owner::Hr),
    /// Active punishment not applied, or an expired one still applied.
    Ds01 = ("DS01", Severity::Amount, Owner::Hr),
    /// Yearly unexcused absence reached a PP 94/2021 step.
    Ds02 = ("DS02", Severity::Info, Owner::Hr),
    /// Two punishments both applied.
    Ds03 = ("DS03", Severity::Amount, Owner::Hr),
    /// Net in the file differs from the recomputed net beyond tolerance.
    Am01 = ("AM01", Severity::Amount, Owner::Finance),
    /// Gross - deduction is not net, or the TOTAL line is wrong.
    Am02 = ("AM02", Severity::Block, Owner::Finance),
    /// Deduction negative or above gross.
    Am03 = ("AM03", Severity::Block, Owner::Finance),
    /// No deduction for anyone in the file although some were due.
    Am04 = ("AM04", Severity::Block, Owner::Finance),
    /// Account missing, or bank code contradicts bank name.
    Bk01 = ("BK01", Severity::Block, Owner::Finance),
    /// One account for two NIPs.
    Bk02 = ("BK02", Severity::Block, Owner::Finance),
    /// More than one bank in one ADK.
    Bk03 = ("BK03", Severity::Block, Owner::Finance),
    /// Row belongs to another work month.
    Pe01 = ("PE01", Severity::Block, Owner::Finance),
    /// Paid twice for one work month.
    Pe02 = ("PE02", Severity::Block, Owner::Finance),
    /// Open past the KPPN day: will become susulan.
    Pe03 = ("PE03", Severity::Info, Owner::Finance),
    /// Required evidence never asked.
    Sr01 = ("SR01", Severity::Info, Owner::Sysadmin),
    /// Required evidence failed or quarantined, with the reason.
    Sr02 = ("SR02", Severity::Info, Owner::Sysadmin),
    /// Required evidence older than its max age.
    Sr03 = ("SR03", Severity::Info, Owner::Sysadmin),
    /// Evidence present earlier has vanished or been withdrawn upstream.
    Sr04 = ("SR04", Severity::Block, Owner::Hr),
    /// A body answers for another NIP than was asked.
    Sr05 = ("SR05", Severity::Block, Owner::Sysadmin),
}

impl Code {
    /// The code written like that.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.code() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown finding code '{text}'")))
    }
}

/// One piece of evidence as a finding or a derivation shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Exhibit {
    /// Kind of evidence.
    pub kind: Kind,
    /// How the source is called.
    pub source: String,
    /// Batch that brought it.
    pub batch: String,
    /// Where in the source.
    pub locator: String,
    /// Which field.
    pub field: String,
    /// What it says; `None` when it says nothing.
    pub value: Option<String>,
    /// When it was observed.
    pub observed_at: Option<DateTime<Utc>>,
}

/// One mismatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable for (period, nip, code, subject).
    pub id: String,
    /// Code.
    pub code: Code,
    /// Severity under the policy in force.
    pub severity: Severity,
    /// About whom; `None` when it is about a whole file.
    pub nip: Option<Nip>,
    /// The day, SKP id or file that it is about; empty for the person as such.
    pub subject: String,
    /// What waits or differs.
    pub rupiah_at_risk: Rupiah,
    /// Named values for the sentence that a clerk reads.
    pub params: Vec<(String, String)>,
    /// Both sides, as the sources say them.
    pub evidence: Vec<Exhibit>,
    /// A waiver that excuses just this evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excuse: Option<Excuse>,
}

impl Finding {
    /// The stable id of a finding.
    pub fn stable_id(period: Period, nip: Option<Nip>, code: Code, subject: &str) -> String {
        let nip = nip.map(|nip| nip.to_string()).unwrap_or_default();
        let digest = Sha256::digest(format!("{period}\u{1f}{nip}\u{1f}{code}\u{1f}{subject}"));
        hex(&digest[..10])
    }

    /// An id for who may not see NIPs. The true one is a hash of a NIP and little more, so that who has a masked NIP could
    /// find the rest by trying; this one is made of the handle of the person's row on the list.
    pub fn covered_id(handle: &str, code: Code, subject: &str) -> String {
        let digest = Sha256::digest(format!("{handle}\u{1f}{code}\u{1f}{subject}"));
        hex(&digest[..10])
    }

    /// The value of a named parameter; empty when there is none.
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_distinct() {
        let period: Period = "2026-10".parse().unwrap();
        let nip = Nip::parse("198503122010011004").unwrap();
        let id = Finding::stable_id(period, Some(nip), Code::Ab05, "2026-10-05");
        assert_eq!(id, Finding::stable_id(period, Some(nip), Code::Ab05, "2026-10-05"));
        assert_ne!(id, Finding::stable_id(period, Some(nip), Code::Ab05, "2026-10-06"));
        assert_ne!(id, Finding::stable_id(period, None, Code::Ab05, "2026-10-05"));
        assert_eq!(id.len(), 20);
    }

    #[test]
    fn codes_round_trip() {
        for code in Code::ALL {
            assert_eq!(Code::from_text(code.code()), Some(*code));
        }
        assert_eq!(Code::from_text("XX99"), None);
    }
}
