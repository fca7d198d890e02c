//! A person's attendance, day by day.

use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

/// `status` of an attendance row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DayStatus {
    /// At the office.
    Wfo,
    /// From home.
    Wfh,
    /// From anywhere.
    Wfa,
    /// On duty elsewhere (dinas luar).
    Dinas,
    /// In training.
    Diklat,
    /// On leave.
    Cuti,
    /// On study assignment.
    TugasBelajar,
    /// Day off.
    Libur,
    /// Absent.
    TidakHadir,
}

impl DayStatus {
    /// All statuses, as files spell them.
    pub const ALL: [(&'static str, Self); 9] = [
        ("WFO", Self::Wfo),
        ("WFH", Self::Wfh),
        ("WFA", Self::Wfa),
        ("DINAS", Self::Dinas),
        ("DIKLAT", Self::Diklat),
        ("CUTI", Self::Cuti),
        ("TUGAS_BELAJAR", Self::TugasBelajar),
        ("LIBUR", Self::Libur),
        ("TIDAK_HADIR", Self::TidakHadir),
    ];

    /// The spelling in files and policies.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(_, status)| *status == self).map_or("", |(code, _)| code)
    }
}

/// `alasan_manual`: why a row was entered by hand (Permenko Infra 10/2025 Pasal 22 ayat (2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ManualReason {
    /// Device or system broken.
    A,
    /// Employee not yet registered.
    B,
    /// Identity not recorded in the device.
    C,
    /// Force majeure.
    D,
}

impl ManualReason {
    /// The letter in files and policies.
    pub fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

/// One day of one person. Scans keep their seconds; the rules cut them to the minute (contract §6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AttendanceDay {
    /// Local date.
    #[serde(rename = "t")]
    pub tanggal: NaiveDate,
    /// Check-in as recorded, auto-filled values included.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none", with = "seconds")]
    pub jam_masuk: Option<NaiveTime>,
    /// Check-out as recorded.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none", with = "seconds")]
    pub jam_pulang: Option<NaiveTime>,
    /// Status; `None` for a blank cell.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DayStatus>,
    /// Remark as written.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub keterangan: Option<String>,
    /// Reason for a manual row.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub alasan_manual: Option<ManualReason>,
}

/// Minutes since midnight, seconds cut off.
pub fn minute_of(time: NaiveTime) -> u32 {
    time.hour() * 60 + time.minute()
}

/// Times in stored evidence are seconds of the day: a month is one row, and rows are many.
mod seconds {
    use chrono::{NaiveTime, Timelike};
    use serde::{Deserialize, Deserializer, Serializer};

    // serde's `with` hands the field by reference.
    #[allow(clippy::ref_option)]
    pub fn serialize<S: Serializer>(time: &Option<NaiveTime>, to: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => to.serialize_u32(time.num_seconds_from_midnight()),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveTime>, D::Error> {
        let Some(seconds) = Option::<u32>::deserialize(from)? else {
            return Ok(None);
        };
        NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
            .map(Some)
            .ok_or_else(|| serde::de::Error::custom("a time of day beyond 24 hours"))
    }
}
