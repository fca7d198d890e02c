//! The attendance days of one person in a few bytes each: a month of a large ministry is millions of them.

use super::attendance::{AttendanceDay, DayStatus, ManualReason};
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Attendance days in the order in which they were added, packed. An ordinary day takes eight bytes.
///
/// ```
/// use selaras::domain::attendance::AttendanceDay;
/// use selaras::domain::days::Days;
/// let day: AttendanceDay = serde_json::from_str(r#"{"t":"2026-10-01","m":27000,"s":"WFO"}"#)?;
/// let days: Days = [day.clone()].into_iter().collect();
/// assert_eq!(days.iter().collect::<Vec<_>>(), [day]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Days {
    /// Head, date, and what the head announces, day after day.
    bytes: Vec<u8>,
    count: u32,
    /// Day number of the day added last, from which the next is counted.
    last: i32,
}

// The head: which times follow, whether a second byte of marks does, and the status in the upper four bits.
const MASUK: u8 = 1;
const PULANG: u8 = 2;
const MORE: u8 = 4;
// The second byte: the letter of a manual reason in the lower three bits, and what follows.
const REMARK: u8 = 8;
const LATE: u8 = 16;
const EARLY: u8 = 32;
const MASUK_NANOS: u8 = 64;
const PULANG_NANOS: u8 = 128;

const REASONS: [ManualReason; 4] = [ManualReason::A, ManualReason::B, ManualReason::C, ManualReason::D];

impl Days {
    /// Adds a day.
    pub fn push(&mut self, day: &AttendanceDay) {
        let nanos = |time: Option<NaiveTime>| time.map_or(0, |time| time.nanosecond());
        let mark = |is_there: bool, mark: u8| if is_there { mark } else { 0 };
        let more = day.alasan_manual.map_or(0, |reason| reason as u8 + 1)
            | mark(day.keterangan.is_some(), REMARK)
            | mark(day.minutes_late.is_some(), LATE)
            | mark(day.minutes_early.is_some(), EARLY)
            | mark(nanos(day.jam_masuk) > 0, MASUK_NANOS)
            | mark(nanos(day.jam_pulang) > 0, PULANG_NANOS);
        let status = day.status.map_or(0, |status| status as u8 + 1);
        let head = mark(day.jam_masuk.is_some(), MASUK) | mark(day.jam_pulang.is_some(), PULANG) | mark(more > 0, MORE) | (status << 4);
        self.bytes.push(head);
        let number = day.tanggal.num_days_from_ce();
        self.signed(number.wrapping_sub(self.last));
        (self.last, self.count) = (number, self.count.saturating_add(1));
        for time in [day.jam_masuk, day.jam_pulang].into_iter().flatten() {
            self.bytes.extend_from_slice(&time.num_seconds_from_midnight().to_le_bytes()[..3]);
        }
        if more > 0 {
            self.bytes.push(more);
            if let Some(text) = &day.keterangan {
                self.number(text.len() as u64);
                self.bytes.extend_from_slice(text.as_bytes());
            }
            [day.minutes_late, day.minutes_early].into_iter().flatten().for_each(|minutes| self.signed(minutes));
            [nanos(day.jam_masuk), nanos(day.jam_pulang)]
                .into_iter()
                .filter(|nanos| *nanos > 0)
                .for_each(|nanos| self.number(nanos.into()));
        }
    }

    fn signed(&mut self, number: i32) {
        // small numbers of either sign become small ones without
        self.number(u64::from(((number << 1) ^ (number >> 31)) as u32));
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// The days, one after the other.
    pub fn iter(&self) -> Iter<'_> {
        Iter { bytes: &self.bytes, last: 0, left: self.count as usize }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes that they take.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Makes room for so many bytes more.
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve_exact(bytes);
    }

    /// Gives back the room that is not needed.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

/// Days being unpacked.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    bytes: &'a [u8],
    last: i32,
    left: usize,
}

impl Iter<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn signed(&mut self) -> Option<i32> {
        let number = self.number()? as u32;
        Some((number >> 1) as i32 ^ -((number & 1) as i32))
    }

    fn seconds(&mut self) -> Option<u32> {
        let (seconds, rest) = self.bytes.split_first_chunk::<3>()?;
        self.bytes = rest;
        Some(u32::from_le_bytes([seconds[0], seconds[1], seconds[2], 0]))
    }

    fn text(&mut self) -> Option<Box<str>> {
        let length = self.number()? as usize;
        let (text, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        std::str::from_utf8(text).ok().map(Box::from)
    }

    fn day(&mut self) -> Option<AttendanceDay> {
        let head = self.byte()?;
        self.last = self.last.wrapping_add(self.signed()?);
        let tanggal = NaiveDate::from_num_days_from_ce_opt(self.last)?;
        let masuk = if head & MASUK > 0 { Some(self.seconds()?) } else { None };
        let pulang = if head & PULANG > 0 { Some(self.seconds()?) } else { None };
        let status = (head >> 4).checked_sub(1).and_then(|at| DayStatus::ALL.get(usize::from(at))).map(|(_, status)| *status);
        let more = if head & MORE > 0 { self.byte()? } else { 0 };
        let keterangan = if more & REMARK > 0 { Some(self.text()?) } else { None };
        let minutes_late = if more & LATE > 0 { Some(self.signed()?) } else { None };
        let minutes_early = if more & EARLY > 0 { Some(self.signed()?) } else { None };
        let masuk_nanos = if more & MASUK_NANOS > 0 { self.number()? as u32 } else { 0 };
        let pulang_nanos = if more & PULANG_NANOS > 0 { self.number()? as u32 } else { 0 };
        let time = |seconds: Option<u32>, nanos| seconds.and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos));
        Some(AttendanceDay {
            tanggal,
            jam_masuk: time(masuk, masuk_nanos),
            jam_pulang: time(pulang, pulang_nanos),
            status,
            keterangan,
            alasan_manual: (more & 7).checked_sub(1).and_then(|at| REASONS.get(usize::from(at))).copied(),
            minutes_late,
            minutes_early,
        })
    }
}

impl Iterator for Iter<'_> {
    type Item = AttendanceDay;

    fn next(&mut self) -> Option<AttendanceDay> {
        self.left = self.left.checked_sub(1)?;
        self.day()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Days {
    type Item = AttendanceDay;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl FromIterator<AttendanceDay> for Days {
    fn from_iter<I: IntoIterator<Item = AttendanceDay>>(days: I) -> Self {
        let mut packed = Self::default();
        days.into_iter().for_each(|day| packed.push(&day));
        packed.shrink();
        packed
    }
}

impl From<Vec<AttendanceDay>> for Days {
    fn from(days: Vec<AttendanceDay>) -> Self {
        days.into_iter().collect()
    }
}

/// As a list of days, so that nobody sees how they are kept.
impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Vec::<AttendanceDay>::deserialize(from).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time() -> impl Strategy<Value = Option<NaiveTime>> {
        let nanos = prop_oneof![Just(0u32), 0u32..1_000_000_000];
        proptest::option::of(
            (0u32..86_400, nanos).prop_map(|(at, nanos)| NaiveTime::from_num_seconds_from_midnight_opt(at, nanos).unwrap()),
        )
    }

    fn day() -> impl Strategy<Value = AttendanceDay> {
        let date = (-400_000i32..4_000_000).prop_map(|number| NaiveDate::from_num_days_from_ce_opt(number).unwrap());
        let status = proptest::option::of(proptest::sample::select(DayStatus::ALL.map(|(_, status)| status).to_vec()));
        let reason = proptest::option::of(proptest::sample::select(REASONS.to_vec()));
        let minutes = || proptest::option::of(any::<i32>());
        (date, time(), time(), status, proptest::option::of(".{0,200}"), reason, minutes(), minutes()).prop_map(
            |(tanggal, jam_masuk, jam_pulang, status, remark, alasan_manual, minutes_late, minutes_early)| AttendanceDay {
                tanggal,
                jam_masuk,
                jam_pulang,
                status,
                keterangan: remark.map(String::into_boxed_str),
                alasan_manual,
                minutes_late,
                minutes_early,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(days in proptest::collection::vec(day(), 0..8)) {
            let packed = Days::from(days.clone());
            prop_assert_eq!(packed.len(), days.len());
            prop_assert_eq!(format!("{packed:?}"), format!("{days:?}"));
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), days);
        }
    }

    #[test]
    fn the_positions_of_the_statuses_are_those_of_their_list() {
        for (at, (_, status)) in DayStatus::ALL.iter().enumerate() {
            assert_eq!(*status as usize, at);
        }
        for (at, reason) in REASONS.iter().enumerate() {
            assert_eq!(*reason as usize, at);
        }
    }

    #[test]
    fn an_ordinary_month_is_small() {
        let day = |day: u32| AttendanceDay {
            tanggal: NaiveDate::from_ymd_opt(2026, 10, day).unwrap(),
            jam_masuk: NaiveTime::from_hms_opt(7, 30, 12),
            jam_pulang: NaiveTime::from_hms_opt(16, 1, 2),
            status: Some(DayStatus::Wfo),
            keterangan: None,
            alasan_manual: None,
            minutes_late: None,
            minutes_early: None,
        };
        assert!((1..32).map(day).collect::<Days>().size() <= 31 * 8 + 2);
    }
}
