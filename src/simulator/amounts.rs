//! What the simulated finance office pays: its own arithmetic in exact integers.
//!
//! It must not know the reconciliation engine: the two have to agree because both follow the same rules, not because
//! one calls the other. The numbers are those of the shipped example policy.

use super::almanac::Hours;

/// Rupiah a month of classes 1 to 17 (`[tariff.class]`).
const TARIFF: [i64; 17] = [
    2_531_250, 2_708_250, 2_898_000, 2_985_000, 3_134_250, 3_510_400, 3_915_950, 4_595_150, 5_079_200, 5_979_200, 8_757_600, 9_896_000,
    10_936_000, 17_064_000, 19_280_000, 27_577_500, 33_240_000,
];

/// Tenths of a percent that an unexcused absence costs a working day.
pub(super) const ABSENT: i64 = 40;
/// Cut for a missing predikat.
pub(super) const NO_PREDIKAT: i64 = 350;
/// Cut for a predikat that has been missing for six months.
pub(super) const NO_PREDIKAT_FOR_LONG: i64 = 700;
/// Percent of the tariff that an acting position adds.
pub(super) const ACTING_PERCENT: i64 = 20;
/// Cut for the predikat Sangat Kurang.
pub(super) const SANGAT_KURANG: i64 = 200;
/// Cut of a `sedang_1` punishment.
pub(super) const PUNISHMENT: i64 = 250;
/// Cut a working day of sick leave from its third running day on.
const SICK_DAY: i64 = 25;
/// Absent working days in a row that cost everything.
const ABSENT_IN_A_ROW: usize = 10;
/// The whole.
pub(super) const WHOLE: i64 = 1000;
/// Percent of the tariff that a CPNS earns.
pub(super) const CPNS_PERCENT: i64 = 80;
/// Lateness up to this many minutes may be made up on the same day.
const FLEX_MINUTES: u32 = 90;
/// A missing scan counts as the highest band.
const HIGHEST_BAND: i64 = 20;

/// Gross, deduction and net of one payment row, in Rupiah.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pay {
    pub gross: i64,
    pub deduction: i64,
    pub net: i64,
}

/// What a day of attendance comes to, once permits are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// Nothing is cut whatever the scans say.
    Clean,
    /// Absent without a valid reason.
    Absent,
    /// The scans decide.
    Scans,
    /// The scans decide, but lateness is excused.
    LateExcused,
}

/// Rupiah a month of a class; 0 for a class that does not exist.
pub(super) fn tariff(class: u8) -> i64 {
    usize::from(class).checked_sub(1).and_then(|at| TARIFF.get(at)).copied().unwrap_or(0)
}

/// Tariff times status multiplier, cut by `tenths` of a percent (at most the whole), rounded half up.
pub(super) fn pay(tariff: i64, percent: i64, tenths: i64) -> Pay {
    let gross = round_half_up(i128::from(tariff) * i128::from(percent), 100);
    let left = i128::from(WHOLE - tenths.clamp(0, WHOLE));
    let net = round_half_up(i128::from(tariff) * i128::from(percent) * left, 100 * i128::from(WHOLE));
    Pay { gross, deduction: gross - net, net }
}

/// Rounds a quotient of numbers that are not negative.
fn round_half_up(numerator: i128, denominator: i128) -> i64 {
    i64::try_from((numerator * 2 + denominator) / (denominator * 2)).unwrap_or(i64::MAX)
}

/// TM and PC bands: upper bound exclusive, minute 31 belongs to the next one.
fn band(minutes: u32) -> i64 {
    match minutes {
        0 => 0,
        1..31 => 5,
        31..61 => 10,
        61..91 => 15,
        _ => HIGHEST_BAND,
    }
}

/// What one working day costs, from its scans in seconds of the day; each is cut to the minute first. 23:59 was filled in
/// by the machine, and a check-out right after the check-in is the same tap.
pub(super) fn day(hours: Hours, came: Option<u32>, left: Option<u32>, judged: Judged) -> i64 {
    let late_excused = match judged {
        Judged::Clean => return 0,
        Judged::Absent => return ABSENT,
        Judged::Scans => false,
        Judged::LateExcused => true,
    };
    let left = left.filter(|left| left / 60 != 1439 && came.is_none_or(|came| left / 60 > came / 60 + 2));
    let late = |came: u32| (came / 60).saturating_sub(hours.start);
    let early = |left: u32, end: u32| end.saturating_sub(left / 60);
    match (came, left) {
        (None, None) => ABSENT,
        (None, Some(left)) => HIGHEST_BAND + band(early(left, hours.end)),
        (Some(came), None) if late(came) > FLEX_MINUTES => band(late(came)) + HIGHEST_BAND,
        (Some(_), None) => HIGHEST_BAND,
        (Some(_), Some(left)) if late_excused => band(early(left, hours.end)),
        (Some(came), Some(left)) if late(came) <= FLEX_MINUTES => band(early(left, hours.end + late(came))),
        (Some(came), Some(left)) => band(late(came)) + band(early(left, hours.end)),
    }
}

/// What all working days of a month cost together, each given as whether it was an absence and what it costs; ten
/// absences in a row cost everything.
pub(super) fn month(days: &[(bool, i64)]) -> i64 {
    let mut row = 0;
    for (absent, _) in days {
        row = if *absent { row + 1 } else { 0 };
        if row >= ABSENT_IN_A_ROW {
            return WHOLE;
        }
    }
    days.iter().map(|(_, cost)| cost).sum()
}

/// What a day of sick leave with its letter costs; `running` counts calendar days of the leave from 1.
pub(super) fn sick_day(running: u32) -> i64 {
    if running < 3 { 0 } else { SICK_DAY }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: Hours = Hours { start: 450, end: 960 };

    fn at(hour: u32, minute: u32, second: u32) -> Option<u32> {
        Some(hour * 3600 + minute * 60 + second)
    }

    #[test]
    fn worked_examples_of_pay() {
        assert_eq!(pay(tariff(8), 100, 0), Pay { gross: 4_595_150, deduction: 0, net: 4_595_150 });
        // facts tukin-rules §7, examples 2 and 3 (half up)
        assert_eq!(pay(tariff(8), 100, 200).net, 3_676_120);
        assert_eq!(pay(tariff(8), 100, 350), Pay { gross: 4_595_150, deduction: 1_608_302, net: 2_986_848 });
        assert_eq!(pay(tariff(7), 80, 5), Pay { gross: 3_132_760, deduction: 15_664, net: 3_117_096 });
        assert_eq!(pay(tariff(5), 100, 1200), Pay { gross: 3_134_250, deduction: 3_134_250, net: 0 });
        assert_eq!(tariff(0), 0);
        assert_eq!(tariff(18), 0);
    }

    #[test]
    fn lateness_is_made_up_on_the_same_day() {
        assert_eq!(day(OFFICE, at(7, 30, 59), at(16, 0, 0), Judged::Scans), 0);
        assert_eq!(day(OFFICE, at(8, 10, 0), at(16, 40, 0), Judged::Scans), 0);
        assert_eq!(day(OFFICE, at(8, 10, 0), at(16, 39, 59), Judged::Scans), 5);
        assert_eq!(day(OFFICE, at(9, 0, 0), at(16, 0, 0), Judged::Scans), 15);
        assert_eq!(day(OFFICE, at(9, 0, 59), at(17, 30, 0), Judged::Scans), 0);
        assert_eq!(day(OFFICE, at(9, 1, 0), at(16, 0, 0), Judged::Scans), 20);
        assert_eq!(day(OFFICE, at(9, 31, 0), at(15, 29, 0), Judged::Scans), 30);
        assert_eq!(day(OFFICE, at(9, 31, 0), at(16, 0, 0), Judged::LateExcused), 0);
    }

    #[test]
    fn missing_scans_and_absence() {
        assert_eq!(day(OFFICE, None, at(16, 0, 0), Judged::Scans), 20);
        assert_eq!(day(OFFICE, at(8, 0, 0), None, Judged::Scans), 20);
        assert_eq!(day(OFFICE, None, None, Judged::Scans), 40);
        assert_eq!(day(OFFICE, None, None, Judged::Clean), 0);
        assert_eq!(month(&[(true, ABSENT); 9]), 360);
        assert_eq!(month(&[(true, ABSENT); 10]), WHOLE);
        assert_eq!(month(&[(false, 40); 10]), 400);
        let broken: Vec<(bool, i64)> = [(true, ABSENT); 9].into_iter().chain([(false, 0)]).chain([(true, ABSENT); 9]).collect();
        assert_eq!(month(&broken), 720);
        assert_eq!([1, 2, 3, 4].map(sick_day), [0, 0, 25, 25]);
    }
}
