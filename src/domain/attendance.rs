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
    pub keterangan: Option<Box<str>>,
    /// Reason for a manual row.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub alasan_manual: Option<ManualReason>,
    /// Minutes late as the source itself states them (for AB10); the rules work out their own.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub minutes_late: Option<i32>,
    /// Minutes of early leave as the source itself states them (for AB10).
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub minutes_early: Option<i32>,
}

/// What a monthly recap states about one person and month (facts tukin-rules §3.3), beside the days (for AB12). The
/// month is the span of the statement. A counter that the file does not have, or leaves empty, is `None`, never 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct AttendanceRecap {
    /// Days absent without a reason (alpha).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_alpha: Option<i64>,
    /// Missing check-ins and check-outs (tidak presensi), a count of scans.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tidak_presensi: Option<i64>,
    /// Minutes late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menit_terlambat: Option<i64>,
    /// Minutes of early leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menit_pulang_cepat: Option<i64>,
    /// Minutes away from the office during the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menit_meninggalkan_kantor: Option<i64>,
    /// Ceremonies missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tidak_ikut_upacara: Option<i64>,
    /// Kind of leave as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jenis_cuti: Option<String>,
    /// Which month of that leave it is, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bulan_cuti_ke: Option<i64>,
    /// Days on leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_cuti: Option<i64>,
    /// Working days of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_kerja: Option<i64>,
    /// Days present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_hadir: Option<i64>,
    /// Days at the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_wfo: Option<i64>,
    /// Days from home or anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_wfh_wfa: Option<i64>,
    /// Days in training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_diklat: Option<i64>,
    /// Days on duty elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hari_dinas_luar: Option<i64>,
    /// Times late by band TL1 to TL4.
    pub tl: [Option<i64>; 4],
    /// Times of early leave by band PSW1 to PSW4.
    pub psw: [Option<i64>; 4],
}

/// The scans that one file of an attendance device holds of one month, by PIN: whose they are, only the map of PINs
/// says, which may come later or change. States (in, out, overtime) are not kept: people press the wrong key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceScans {
    /// Device, as the map of PINs calls it.
    pub device: String,
    /// Ordered by PIN.
    pub pins: Vec<PinScans>,
}

/// The scans of one PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinScans {
    /// PIN, see [`pin_key`].
    pub pin: String,
    /// One a day, ordered: first and last scan as check-in and check-out. A single scan stands in both.
    pub days: Vec<AttendanceDay>,
    /// Row of the first scan of each day in the file, from 1.
    pub rows: Vec<u32>,
}

/// A device PIN of a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DevicePin {
    /// Device; [`ANY_DEVICE`] when the PIN is the same on all of them.
    pub perangkat: String,
    /// PIN, see [`pin_key`].
    pub pin: String,
}

/// The device of a PIN that is the same on all devices.
pub const ANY_DEVICE: &str = "*";

/// How PINs and device numbers are compared: devices fill up with blanks, spreadsheets cut zeros off.
///
/// ```
/// use selaras::domain::attendance::pin_key;
/// assert_eq!(pin_key("     00012"), "12");
/// assert_eq!(pin_key("A012"), "a012");
/// ```
pub fn pin_key(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.trim_start_matches('0') {
        "" if digits => "0".to_owned(),
        bare if digits => bare.to_owned(),
        _ => text,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_before_still_reads() {
        let day: AttendanceDay = serde_json::from_str(r#"{"t":"2026-10-01","m":27000,"s":"WFO"}"#).unwrap();
        assert_eq!((day.minutes_late, day.minutes_early), (None, None));
        assert_eq!(serde_json::to_string(&day).unwrap(), r#"{"t":"2026-10-01","m":27000,"s":"WFO"}"#);
        let recap: AttendanceRecap = serde_json::from_str(r#"{"hari_alpha":2}"#).unwrap();
        assert_eq!(recap, AttendanceRecap { hari_alpha: Some(2), ..AttendanceRecap::default() });
    }
}
