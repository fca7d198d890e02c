//! One JSON value, read leniently: BKN writes the same number as `2`, `2.0`, `"2"` and `"2.00"`, and the same truth as
//! `1`, `"1"`, `true` and `"true"` (contract §5). It knows JSON and the shapes of values, no keys.

use chrono::DateTime;
use chrono::FixedOffset;
use chrono::NaiveDate;
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use std::borrow::Cow;
use std::fmt;

/// A value without its insides when it is an object or a list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    /// A number without a fraction point: NIPs written as numbers survive here, digit by digit.
    Whole(i64),
    Float(f64),
    Text(Cow<'a, str>),
    Nested,
}

/// Spellings that mean "nothing here" in a field.
fn is_blank(text: &str) -> bool {
    matches!(text.trim(), "" | "-" | "null" | "NULL" | "0000-00-00" | "00-00-0000" | "0000-00-00 00:00:00")
}

impl Scalar<'_> {
    /// Null, or a text with nothing in it.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => is_blank(text),
            _ => false,
        }
    }

    /// The value exactly as written; `None` for null, objects and lists.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Null | Self::Nested => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Whole(value) => Some(value.to_string()),
            // Digits beyond the precision of a float are invented ones; written this way no NIP comes out of them.
            Self::Float(value) if value.abs() >= 9e15 => Some(format!("{value:e}")),
            Self::Float(value) => Some(value.to_string()),
            Self::Text(text) => Some(text.clone().into_owned()),
        }
    }

    /// A whole number in any of its spellings.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            Self::Whole(value) => Some(*value),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(*value as i64),
            Self::Text(text) => whole(text),
            _ => None,
        }
    }

    /// A truth in any of its spellings.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "ya" | "yes" | "y" | "t" => Some(true),
                "false" | "tidak" | "no" | "n" | "f" => Some(false),
                other => whole(other).and_then(flag),
            },
            other => other.whole().and_then(flag),
        }
    }

    /// A day: `dd-mm-yyyy` (SIASN), ISO (report API), with `/` for `-`, with or without a time behind it.
    pub(crate) fn day(&self) -> Option<NaiveDate> {
        let Self::Text(text) = self else { return None };
        let text = text.trim();
        let day = text.split(['T', ' ']).next().unwrap_or(text);
        let mut parts = day.split(['-', '/']);
        let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || ![a, b, c].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
            return None;
        }
        let (year, month, day) = match (a.len(), b.len(), c.len()) {
            (4, 1..=2, 1..=2) => (a, b, c),
            (1..=2, 1..=2, 4) => (c, b, a),
            _ => return None,
        };
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// A moment in local time. One that names its offset is told in e-Kinerja's own time, UTC+7.
    pub(crate) fn moment(&self) -> Option<NaiveDateTime> {
        let Self::Text(text) = self else { return None };
        let text = text.trim();
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return FixedOffset::east_opt(7 * 3600).map(|jakarta| moment.with_timezone(&jakarta).naive_local());
        }
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M"]
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
            .or_else(|| self.day().and_then(|day| day.and_hms_opt(0, 0, 0)))
    }
}

fn flag(number: i64) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// Digits with an optional sign and an optional fraction of zeros.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let (digits, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte == b'0') {
        return None;
    }
    digits.parse().ok()
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Scalar<'de>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(json: &str) -> Scalar<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn equal_numbers_and_truths_are_equal() {
        for two in ["2", "2.0", "\"2\"", "\"2.00\"", "\" 2 \""] {
            assert_eq!(read(two).whole(), Some(2), "{two}");
        }
        for other in ["2.5", "\"2.5\"", "\"\"", "null", "\"dua\"", "true", "[2]", "\"2.\""] {
            assert_eq!(read(other).whole(), None, "{other}");
        }
        for yes in ["1", "1.0", "\"1\"", "true", "\"true\"", "\"TRUE\"", "\"1.0\""] {
            assert_eq!(read(yes).truth(), Some(true), "{yes}");
        }
        for no in ["0", "0.0", "\"0\"", "false", "\"False\""] {
            assert_eq!(read(no).truth(), Some(false), "{no}");
        }
        for neither in ["2", "\"\"", "null", "\"mungkin\"", "{}"] {
            assert_eq!(read(neither).truth(), None, "{neither}");
        }
    }

    #[test]
    fn days_are_read_in_both_orders() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 3);
        for written in
            ["\"03-09-2026\"", "\"2026-09-03\"", "\"03/09/2026\"", "\"2026-09-03 00:00:00\"", "\"2026-09-03T07:00:00Z\"", "\"3-9-2026\""]
        {
            assert_eq!(read(written).day(), day, "{written}");
        }
        for wrong in ["\"31-02-2026\"", "\"03-09-26\"", "\"2026-13-01\"", "\"\"", "20260903", "\"03-09\"", "\"+3-09-2026\""] {
            assert_eq!(read(wrong).day(), None, "{wrong}");
        }
    }

    #[test]
    fn a_moment_with_an_offset_is_told_in_jakarta() {
        assert_eq!(read("\"2026-10-05T20:00:00Z\"").moment().unwrap().to_string(), "2026-10-06 03:00:00");
        assert_eq!(read("\"2026-10-05 09:15:00\"").moment().unwrap().to_string(), "2026-10-05 09:15:00");
        assert_eq!(read("\"2026-10-05\"").moment().unwrap().to_string(), "2026-10-05 00:00:00");
        assert_eq!(read("\"kemarin\"").moment(), None);
    }

    #[test]
    fn a_nip_as_a_number_keeps_its_digits() {
        assert_eq!(read("198501012010011901").text().unwrap(), "198501012010011901");
        assert_eq!(read("198501012010011901.0").text().unwrap(), "1.985010120100119e17", "these digits are lost");
    }

    proptest! {
        #[test]
        fn numbers_survive_every_spelling(value in -1_000_000i64..1_000_000) {
            for written in [format!("{value}"), format!("{value}.0"), format!("\"{value}\""), format!("\"{value}.00\"")] {
                prop_assert_eq!(read(&written).whole(), Some(value));
            }
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in ".{0,40}") {
            let scalar = Scalar::Text(Cow::Borrowed(&text));
            let _ = (scalar.whole(), scalar.truth(), scalar.day(), scalar.moment(), scalar.is_blank());
        }
    }
}
