//! What a cell means as a date, a time, a number, an amount, a word. Each reader takes a cell that holds something and
//! gives the value or the reason against it; none of them guesses.

use super::cell::Cell;
use super::cell::number_text;
use super::error::one_line;
use super::refusal::RefusalReason;
use crate::domain::Nip;
use crate::domain::Percent;
use crate::domain::Period;
use crate::domain::Rupiah;
use crate::domain::nip::NipError;
use crate::domain::text::key;
use chrono::Datelike;
use chrono::Days;
use chrono::NaiveDate;
use chrono::NaiveDateTime;
use chrono::NaiveTime;

type Read<T> = Result<T, RefusalReason>;

/// Excel keeps 15 significant digits; a longer number has lost its end.
const EXACT_BELOW: f64 = 1e15;

/// Bare numbers count as day serials from 1950 to 2099 only, so that a year or a count in a date column is no date.
const BARE_SERIALS: std::ops::RangeInclusive<f64> = 18_264.0..=73_050.0;

/// Serials of cells that are shown as dates: from 1 March 1900, before which Excel's calendar is wrong, to 9999.
const DATE_SERIALS: std::ops::RangeInclusive<f64> = 61.0..=2_958_465.0;

/// A NIP: text only. A number has lost digits, whatever it looks like.
pub(super) fn nip(cell: Cell<'_>) -> Read<Nip> {
    match cell {
        Cell::Text(text) => Nip::parse(text).map_err(|error| match error {
            NipError::Empty => RefusalReason::Empty,
            other => RefusalReason::Nip(other),
        }),
        Cell::Number(_) | Cell::Serial(_) => Err(RefusalReason::NumericNip),
        _ => Err(RefusalReason::WrongType),
    }
}

/// Text in one line: a line end or another control character within a cell becomes a blank, since names and devices are
/// shown on terminals. A whole number of a workbook counts as its digits, unless digits are lost.
pub(super) fn text(cell: Cell<'_>) -> Read<String> {
    match cell {
        Cell::Text(text) => Ok(one_line(text, usize::MAX)),
        Cell::Number(number) if number.abs() >= EXACT_BELOW => Err(RefusalReason::Precision),
        Cell::Number(number) => Ok(number_text(number)),
        _ => Err(RefusalReason::WrongType),
    }
}

/// A remark, which no rule reads: anything counts.
pub(super) fn remark(cell: Cell<'_>) -> Read<String> {
    Ok(match cell {
        Cell::Serial(_) => date(cell).map_or_else(|_| cell.shown(), |day| day.to_string()),
        other => one_line(&other.shown(), usize::MAX),
    })
}

/// `2026-10-31`, `31-10-2026`, `31/10/2026`, or an Excel serial.
pub(super) fn date(cell: Cell<'_>) -> Read<NaiveDate> {
    match cell {
        Cell::Text(text) => text_date(text),
        Cell::Number(number) if BARE_SERIALS.contains(&number) => serial_date(number),
        Cell::Serial(number) if DATE_SERIALS.contains(&number) => serial_date(number),
        _ => Err(RefusalReason::NotDate),
    }
}

fn serial_date(serial: f64) -> Read<NaiveDate> {
    if serial.fract() != 0.0 {
        return Err(RefusalReason::NotDate);
    }
    NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|start| start.checked_add_days(Days::new(serial as u64))).ok_or(RefusalReason::NotDate)
}

fn text_date(text: &str) -> Read<NaiveDate> {
    if let Some(day) = plain_date(text.as_bytes()) {
        return Ok(day);
    }
    if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A spreadsheet that saved its dates as serials.
        let serial = text.parse().map_err(|_| RefusalReason::NotDate)?;
        return if BARE_SERIALS.contains(&serial) { serial_date(serial) } else { Err(RefusalReason::NotDate) };
    }
    let separator = if text.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = text.split(separator).collect();
    let [first, second, third] = parts[..] else { return Err(RefusalReason::NotDate) };
    if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err(RefusalReason::NotDate);
    }
    let (year, month, day) = match (first.len(), second.len(), third.len()) {
        (4, 2, 2) if separator == '-' => (first, second, third),
        (2, 2, 4) => (third, second, first),
        (1 | 2, 1 | 2, 2) => return Err(RefusalReason::TwoDigitYear),
        // Without leading zeros it may as well be month/day: an American spreadsheet writes 10/1/2026 for 1 October.
        _ => return Err(RefusalReason::NotDate),
    };
    let number = |part: &str| part.parse::<u32>().unwrap_or_default();
    NaiveDate::from_ymd_opt(number(year) as i32, number(month), number(day)).filter(|day| day.year() >= 1900).ok_or(RefusalReason::NotDate)
}

/// `2026-10-31`, the form of files with millions of rows; everything else is for [`text_date`].
fn plain_date(text: &[u8]) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text else { return None };
    let year = two_digits(y1, y2)? * 100 + two_digits(y3, y4)?;
    NaiveDate::from_ymd_opt(year as i32, two_digits(m1, m2)?, two_digits(d1, d2)?).filter(|day| day.year() >= 1900)
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// `07:30` and `07:30:15`; everything else is for [`text_time`].
fn plain_time(text: &[u8]) -> Option<NaiveTime> {
    let (hour, minute, second) = match *text {
        [h1, h2, b':', m1, m2] => (two_digits(h1, h2)?, two_digits(m1, m2)?, 0),
        [h1, h2, b':', m1, m2, b':', s1, s2] => (two_digits(h1, h2)?, two_digits(m1, m2)?, two_digits(s1, s2)?),
        _ => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// `07:30`, `07:30:15`, `07.30`, or an Excel fraction of a day.
pub(super) fn time(cell: Cell<'_>) -> Read<NaiveTime> {
    match cell {
        Cell::Text(text) => text_time(text),
        Cell::Number(number) | Cell::Serial(number) => fraction_time(number),
        _ => Err(RefusalReason::NotTime),
    }
}

fn fraction_time(fraction: f64) -> Read<NaiveTime> {
    if fraction == 1.0 {
        return Err(RefusalReason::TwentyFour);
    }
    if !(0.0..1.0).contains(&fraction) {
        return Err(RefusalReason::NotTime);
    }
    // Rounding to milliseconds undoes binary fractions; cutting to seconds keeps 08:59:59.7 out of the next minute.
    let milliseconds = (fraction * 86_400_000.0).round() as u32;
    NaiveTime::from_num_seconds_from_midnight_opt(milliseconds / 1000, 0).ok_or(RefusalReason::TwentyFour)
}

fn text_time(text: &str) -> Read<NaiveTime> {
    if let Some(time) = plain_time(text.as_bytes()) {
        return Ok(time);
    }
    if let Some(decimals) = text.strip_prefix("0.").or_else(|| text.strip_prefix("0,")) {
        // "0.25" may be a quarter past midnight or six o'clock; three decimals and more can only be a fraction.
        if decimals.len() < 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(RefusalReason::NotTime);
        }
        return fraction_time(text.replace(',', ".").parse().map_err(|_| RefusalReason::NotTime)?);
    }
    let parts: Vec<&str> = if text.contains(':') { text.split(':').collect() } else { text.split('.').collect() };
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] if text.contains(':') => (hour, minute, second),
        _ => return Err(RefusalReason::NotTime),
    };
    let digits = |part: &str, shortest: usize| (shortest..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour, 1) || !digits(minute, 2) || !digits(second, 2) {
        return Err(RefusalReason::NotTime);
    }
    let number = |part: &str| part.parse::<u32>().unwrap_or(99);
    if number(hour) == 24 {
        return Err(RefusalReason::TwentyFour);
    }
    NaiveTime::from_hms_opt(number(hour), number(minute), number(second)).ok_or(RefusalReason::NotTime)
}

/// A date with or without a time of day, as BKN's exports write timestamps.
pub(super) fn timestamp(cell: Cell<'_>) -> Read<NaiveDateTime> {
    if let Cell::Serial(number) = cell {
        let day = date(Cell::Serial(number.floor()))?;
        return Ok(day.and_time(fraction_time(number.fract())?));
    }
    let Cell::Text(text) = cell else { return date(cell).map(|day| day.and_time(NaiveTime::MIN)) };
    let Some((day, time)) = text.split_once([' ', 'T']) else { return text_date(text).map(|day| day.and_time(NaiveTime::MIN)) };
    let (time, fraction) = time.trim().split_once('.').unwrap_or((time.trim(), ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RefusalReason::NotTime);
    }
    Ok(text_date(day)?.and_time(text_time(time)?))
}

/// A month: `2026-10`, or the month of a date.
pub(super) fn month(cell: Cell<'_>) -> Read<Period> {
    if let Cell::Text(text) = cell
        && let Ok(period) = text.parse()
    {
        return Ok(period);
    }
    date(cell).map(Period::of).map_err(|reason| if reason == RefusalReason::NotDate { RefusalReason::NotMonth } else { reason })
}

/// A whole number, negative ones included. "8.0" is whole, as some programs write it.
pub(super) fn whole(cell: Cell<'_>) -> Read<i64> {
    match cell {
        Cell::Number(number) if number.fract() != 0.0 || !number.is_finite() => Err(RefusalReason::NotWhole),
        Cell::Number(number) if number.abs() >= EXACT_BELOW => Err(RefusalReason::OutOfRange),
        Cell::Number(number) => Ok(number as i64),
        Cell::Text(text) => {
            let digits =
                text.split_once('.').filter(|(_, zeros)| !zeros.is_empty() && zeros.bytes().all(|b| b == b'0')).map_or(text, |(d, _)| d);
            let bare = digits.strip_prefix('-').unwrap_or(digits);
            if bare.is_empty() || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(RefusalReason::NotWhole);
            }
            digits.parse().map_err(|_| RefusalReason::OutOfRange)
        }
        _ => Err(RefusalReason::NotWhole),
    }
}

/// A count from 0 to `most`.
pub(super) fn count(cell: Cell<'_>, most: u32) -> Read<u32> {
    let number = whole(cell)?;
    if number < 0 {
        return Err(RefusalReason::Negative);
    }
    u32::try_from(number).ok().filter(|number| *number <= most).ok_or(RefusalReason::OutOfRange)
}

/// Whole Rupiah: `4595150`, `4.595.150`, `4 595 150`, with a minus in front where a program wrote one.
pub(super) fn rupiah(cell: Cell<'_>) -> Read<Rupiah> {
    match cell {
        Cell::Number(number) if number.fract() != 0.0 || !number.is_finite() => Err(RefusalReason::NotRupiah),
        Cell::Number(number) if number.abs() >= EXACT_BELOW => Err(RefusalReason::OutOfRange),
        Cell::Number(number) => Ok(Rupiah(number as i64)),
        Cell::Text(text) => {
            let (sign, bare) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest.trim_start()));
            let groups: Vec<&str> = bare.split(|c: char| c == '.' || c.is_whitespace()).collect();
            let digits = groups.iter().all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
            let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
            if !digits || !grouped {
                return Err(RefusalReason::NotRupiah);
            }
            format!("{sign}{}", groups.concat()).parse().map(Rupiah).map_err(|_| RefusalReason::OutOfRange)
        }
        _ => Err(RefusalReason::NotRupiah),
    }
}

/// A percent from 0 to 100, exact.
pub(super) fn percent(cell: Cell<'_>) -> Read<Percent> {
    let written = match cell {
        // A cell shown as "25%" stores 0.25.
        Cell::Number(number) if number > 0.0 && number < 1.0 => return Err(RefusalReason::PercentFraction),
        Cell::Number(number) => number_text(number),
        Cell::Text(text) => text.to_owned(),
        _ => return Err(RefusalReason::NotPercent),
    };
    written.parse().ok().filter(|percent| *percent <= Percent::HUNDRED).ok_or(RefusalReason::NotPercent)
}

/// One of the words of a field, whatever its case and punctuation.
pub(super) fn choice<T: Copy>(cell: Cell<'_>, words: &[(&'static str, T)]) -> Read<T> {
    let unknown = || RefusalReason::NotOneOf(words.iter().map(|(word, _)| *word).collect());
    let Cell::Text(text) = cell else { return Err(unknown()) };
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let folded = key(text);
    words.iter().find(|(word, _)| key(word) == folded).map(|(_, value)| *value).ok_or_else(unknown)
}

/// `0` or `1`.
pub(super) fn flag(cell: Cell<'_>) -> Read<bool> {
    match cell {
        Cell::Text("0") => Ok(false),
        Cell::Text("1") => Ok(true),
        Cell::Number(0.0) => Ok(false),
        Cell::Number(1.0) => Ok(true),
        _ => Err(RefusalReason::NotOneOf(vec!["0", "1"])),
    }
}

/// Yes or no as BKN writes it: 0/1, true/false, or a boolean cell.
pub(super) fn truth(cell: Cell<'_>) -> Read<bool> {
    match cell {
        Cell::Bool(value) => Ok(value),
        Cell::Text(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Cell::Text(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        other => match whole(other) {
            Ok(number @ (0 | 1)) => Ok(number == 1),
            _ => Err(RefusalReason::NotOneOf(vec!["0", "1"])),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Read<String> {
        date(Cell::Text(text)).map(|day| day.to_string())
    }

    fn clock(text: &str) -> Read<String> {
        time(Cell::Text(text)).map(|time| time.to_string())
    }

    #[test]
    fn text_is_one_line() {
        assert_eq!(text(Cell::Text("BUDI\nSANTOSO")), Ok("BUDI SANTOSO".to_owned()));
        assert_eq!(text(Cell::Text("\u{1b}[31mmerah")), Ok(" [31mmerah".to_owned()));
        assert_eq!(remark(Cell::Text("a\r\nb")), Ok("a  b".to_owned()));
    }

    #[test]
    fn dates() {
        for text in ["2026-10-31", "31-10-2026", "31/10/2026", "46326"] {
            assert_eq!(day(text).as_deref(), Ok("2026-10-31"), "{text}");
        }
        for text in ["31-10-26", "31/10/26", "1/10/26", "26-10-31"] {
            assert_eq!(day(text), Err(RefusalReason::TwoDigitYear), "{text}");
        }
        for text in
            ["1/10/2026", "2026/10/31", "31-02-2026", "2026-10", "20261031", "31.10.2026", "2026-10-31 07:00", "99999", "01-01-0026"]
        {
            assert_eq!(day(text), Err(RefusalReason::NotDate), "{text}");
        }
        assert_eq!(date(Cell::Serial(46_326.0)).map(|day| day.to_string()).as_deref(), Ok("2026-10-31"));
        assert_eq!(date(Cell::Number(46_326.0)).map(|day| day.to_string()).as_deref(), Ok("2026-10-31"));
        for cell in [Cell::Serial(46_326.5), Cell::Number(2026.0), Cell::Number(20_261_031.0), Cell::Bool(true)] {
            assert_eq!(date(cell), Err(RefusalReason::NotDate), "{cell:?}");
        }
    }

    #[test]
    fn times() {
        for (text, shown) in [
            ("07:30", "07:30:00"),
            ("7:30", "07:30:00"),
            ("07:30:15", "07:30:15"),
            ("07.30", "07:30:00"),
            ("00:00", "00:00:00"),
            ("0.3125", "07:30:00"),
            ("0,3125", "07:30:00"),
        ] {
            assert_eq!(clock(text).as_deref(), Ok(shown), "{text}");
        }
        for text in ["24:00", "24.00", "24:00:00"] {
            assert_eq!(clock(text), Err(RefusalReason::TwentyFour), "{text}");
        }
        for text in ["07:60", "25:00", "0730", "07:3", "07.30.15", "0.25", "0.5", "07:30 AM", "-07:30", "07:30:15.5", "2026-10-31 07:30"] {
            assert_eq!(clock(text), Err(RefusalReason::NotTime), "{text}");
        }
        assert_eq!(time(Cell::Number(1.0)), Err(RefusalReason::TwentyFour));
        assert_eq!(time(Cell::Number(7.3)), Err(RefusalReason::NotTime));
        assert_eq!(time(Cell::Serial(32_399.7 / 86_400.0)).map(|time| time.to_string()).as_deref(), Ok("08:59:59"));
    }

    #[test]
    fn amounts() {
        for (text, amount) in [("4595150", 4_595_150), ("4.595.150", 4_595_150), ("4 595 150", 4_595_150), ("-1.000", -1000), ("0", 0)] {
            assert_eq!(rupiah(Cell::Text(text)), Ok(Rupiah(amount)), "{text}");
        }
        for text in ["4595150,00", "4595150.00", "4.5951.50", "1.5", "Rp4.000", "(1.000)", "", "-", "1..000", "4595.150"] {
            assert_eq!(rupiah(Cell::Text(text)), Err(RefusalReason::NotRupiah), "{text}");
        }
        assert_eq!(rupiah(Cell::Text("9223372036854775808")), Err(RefusalReason::OutOfRange));
        assert_eq!(rupiah(Cell::Number(0.5)), Err(RefusalReason::NotRupiah));
        assert_eq!(rupiah(Cell::Number(1e16)), Err(RefusalReason::OutOfRange));
    }

    #[test]
    fn numbers_percents_and_words() {
        assert_eq!(count(Cell::Text("3"), 99), Ok(3));
        assert_eq!(count(Cell::Number(3.0), 99), Ok(3));
        assert_eq!(count(Cell::Text("-3"), 99), Err(RefusalReason::Negative));
        assert_eq!(count(Cell::Text("3.5"), 99), Err(RefusalReason::NotWhole));
        assert_eq!(count(Cell::Number(3.5), 99), Err(RefusalReason::NotWhole));
        assert_eq!(count(Cell::Text("99999999999999999999"), 99), Err(RefusalReason::OutOfRange));
        assert_eq!(percent(Cell::Number(25.0)), Ok(Percent::whole(25)));
        assert_eq!(percent(Cell::Text("25.0")), Ok(Percent::whole(25)));
        assert_eq!(percent(Cell::Number(0.25)), Err(RefusalReason::PercentFraction));
        assert_eq!(percent(Cell::Text("101")), Err(RefusalReason::NotPercent));
        assert_eq!(choice(Cell::Text("Tugas Belajar"), &[("TUGAS_BELAJAR", 1)]), Ok(1));
        assert_eq!(choice(Cell::Text("Tugas"), &[("TUGAS_BELAJAR", 1)]), Err(RefusalReason::NotOneOf(vec!["TUGAS_BELAJAR"])));
        assert_eq!(text(Cell::Number(1_234_567_890_123_456.0)), Err(RefusalReason::Precision));
        assert_eq!(text(Cell::Number(123_456_789_012_345.0)).as_deref(), Ok("123456789012345"));
        assert_eq!(month(Cell::Text("2026-10")), Ok("2026-10".parse().unwrap()));
        assert_eq!(month(Cell::Text("15-10-2026")), Ok("2026-10".parse().unwrap()));
        assert_eq!(month(Cell::Text("10-2026")), Err(RefusalReason::NotMonth));
        assert_eq!(timestamp(Cell::Text("2025-02-05 09:15:00")).unwrap().to_string(), "2025-02-05 09:15:00");
        assert_eq!(timestamp(Cell::Text("2025-02-05T09:15:00.000")).unwrap().to_string(), "2025-02-05 09:15:00");
        assert_eq!(timestamp(Cell::Serial(45_693.5)).unwrap().to_string(), "2025-02-05 12:00:00");
    }

    proptest! {
        #[test]
        fn every_second_of_a_day_survives_excel(second in 0u32..86_400) {
            let written = time(Cell::Serial(f64::from(second) / 86_400.0)).unwrap();
            prop_assert_eq!(written, NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap());
        }

        #[test]
        fn grouped_amounts_come_back(amount in any::<i64>()) {
            let grouped = Rupiah(amount).to_string().replace("Rp", "");
            prop_assert_eq!(rupiah(Cell::Text(&grouped)), Ok(Rupiah(amount)));
            prop_assert_eq!(rupiah(Cell::Text(&amount.to_string())), Ok(Rupiah(amount)));
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in ".{0,24}") {
            let cell = Cell::Text(&text);
            let _ = (date(cell), time(cell), timestamp(cell), month(cell), whole(cell), rupiah(cell), percent(cell), nip(cell), truth(cell));
        }

        #[test]
        fn no_number_makes_a_reader_panic(number in any::<f64>()) {
            for cell in [Cell::Number(number), Cell::Serial(number)] {
                let _ = (date(cell), time(cell), timestamp(cell), month(cell), whole(cell), rupiah(cell), percent(cell), nip(cell), text(cell));
            }
        }
    }
}
