//! Nomor Induk Pegawai: the key of everything, and the field that spreadsheets damage most often.

use super::text::is_invisible;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Eighteen digits: birth date `yyyymmdd`, TMT CPNS `yyyymm` (PPPK: year and a two-digit kind code above 12),
/// sex, serial (Perka BKN 22/2007; facts tukin-rules §4).
///
/// ```
/// use selaras::domain::Nip;
/// let nip = Nip::parse("'19850312 201001 1 004")?;
/// assert_eq!(nip.as_str(), "198503122010011004");
/// assert_eq!(nip.masked(), "1985***********004");
/// # Ok::<(), selaras::domain::nip::NipError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nip([u8; 18]);

/// Why a text is not a NIP.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NipError {
    /// Nothing was given.
    #[error("NIP is empty")]
    Empty,
    /// 16 digits: a population number stands in the NIP column.
    #[error("this is a NIK (16 digits), not a NIP: put the 18-digit NIP into this column")]
    Nik,
    /// Excel or Sheets turned the digits into a float; the last digits are lost for good.
    #[error("NIP in scientific notation, its last digits are lost: format the column as text and enter the NIP again")]
    Scientific,
    /// Digits, but not eighteen.
    #[error("NIP has {0} digits instead of 18")]
    Length(usize),
    /// Letters or signs that are no part of a NIP.
    #[error("NIP holds a character that is not a digit")]
    NotDigits,
}

/// A well-formed NIP that cannot be right in some part (finding ID06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// The first eight digits are no date.
    BirthDate,
    /// Younger than 18 or older than 70 in the period.
    Age,
    /// TMT month 00, TMT after the period or before the 17th birthday.
    Tmt,
    /// Digit 15 is neither 1 nor 2.
    Sex,
    /// The serial is 000.
    Serial,
}

impl Oddity {
    /// The key in findings.
    pub fn key(self) -> &'static str {
        match self {
            Self::BirthDate => "birth_date",
            Self::Age => "age",
            Self::Tmt => "tmt",
            Self::Sex => "sex",
            Self::Serial => "serial",
        }
    }
}

impl Nip {
    /// Cleans what people and spreadsheets add (spaces, NBSP, dots, an apostrophe in front, full-width digits,
    /// zero-width characters, BOM) and refuses everything else (contract §4).
    ///
    /// # Errors
    /// [`NipError`] says what stands there instead of a NIP.
    pub fn parse(text: &str) -> Result<Self, NipError> {
        // files of millions of rows write it plainly
        if let Ok(plain) = <[u8; 18]>::try_from(text.as_bytes())
            && plain.iter().all(u8::is_ascii_digit)
        {
            return Ok(Self(plain));
        }
        let mut digits = [0u8; 18];
        let mut count = 0;
        let mut odd = false;
        let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
        let bare = trimmed.strip_prefix(['\'', '\u{2018}', '\u{2019}', '`']).unwrap_or(trimmed);
        if looks_scientific(bare) {
            return Err(NipError::Scientific);
        }
        for c in bare.chars() {
            let digit = match c {
                '0'..='9' => c as u8,
                '\u{ff10}'..='\u{ff19}' => b'0' + (c as u32 - 0xff10) as u8,
                '.' => continue,
                c if c.is_whitespace() || is_invisible(c) => continue,
                _ => {
                    odd = true;
                    continue;
                }
            };
            if count < 18 {
                digits[count] = digit;
            }
            count += 1;
        }
        match (odd, count) {
            (true, _) => Err(NipError::NotDigits),
            (_, 0) => Err(NipError::Empty),
            (_, 16) => Err(NipError::Nik),
            (_, 18) => Ok(Self(digits)),
            (_, other) => Err(NipError::Length(other)),
        }
    }

    /// The eighteen digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// First four and last three digits, for logs, notices and refusal lists (`privacy.mask_nip = "first4_last3"`).
    pub fn masked(&self) -> String {
        mask(self.as_str())
    }

    fn number(&self, from: usize, to: usize) -> u32 {
        self.0[from..to].iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    }

    /// Birth date from the first eight digits; `None` when they are no date.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.number(0, 4) as i32, self.number(4, 6), self.number(6, 8))
    }

    /// Whether digits 13–14 hold a PPPK kind code instead of a month (facts tukin-rules §4: "digits 13-14 > 12").
    pub fn is_pppk(&self) -> bool {
        self.number(12, 14) > 12
    }

    /// What cannot be right about this NIP for somebody employed on `day` (the last day of the period).
    pub fn oddities(&self, day: NaiveDate) -> Vec<Oddity> {
        let mut odd = Vec::new();
        let birth = self.birth_date();
        match birth {
            None => odd.push(Oddity::BirthDate),
            Some(birth) => {
                let age = day.years_since(birth);
                if !matches!(age, Some(18..=70)) {
                    odd.push(Oddity::Age);
                }
            }
        }
        let (tmt_year, tmt_month) = (self.number(8, 12) as i32, self.number(12, 14));
        let tmt_odd = if self.is_pppk() {
            tmt_year > day.year() || birth.is_some_and(|b| tmt_year < b.year() + 17)
        } else {
            match NaiveDate::from_ymd_opt(tmt_year, tmt_month, 1) {
                None => true,
                Some(tmt) => tmt > day || birth.is_some_and(|b| tmt.years_since(b).is_none_or(|years| years < 17)),
            }
        };
        if tmt_odd {
            odd.push(Oddity::Tmt);
        }
        if !matches!(self.0[14], b'1' | b'2') {
            odd.push(Oddity::Sex);
        }
        if &self.0[15..18] == b"000" {
            odd.push(Oddity::Serial);
        }
        odd
    }
}

/// Masks any text that may be a NIP, a NIK or an account: the first four and last three characters stay.
pub fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 7 {
        return "*".repeat(chars.len());
    }
    let hidden = chars.len() - 7;
    let mut masked: String = chars[..4].iter().collect();
    masked.extend(std::iter::repeat_n('*', hidden));
    masked.extend(&chars[chars.len() - 3..]);
    masked
}

fn looks_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    !mantissa.is_empty()
        && mantissa.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && !exponent.is_empty()
        && exponent.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-'))
}

impl fmt::Display for Nip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Debug output is masked: a NIP must never reach a log by accident.
impl fmt::Debug for Nip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nip({})", self.masked())
    }
}

impl TryFrom<String> for Nip {
    type Error = NipError;
    fn try_from(text: String) -> Result<Self, NipError> {
        Self::parse(&text)
    }
}

impl std::str::FromStr for Nip {
    type Err = NipError;
    fn from_str(text: &str) -> Result<Self, NipError> {
        Self::parse(text)
    }
}

impl From<Nip> for String {
    fn from(nip: Nip) -> Self {
        nip.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cleans_what_spreadsheets_add() {
        for dirty in [
            "198503122010011004",
            " 19850312 201001 1 004\u{a0}",
            "'198503122010011004",
            "\u{feff}1985.0312.201001.1.004",
            "１９８５０３１２２０１００１１００４",
            "19850312\u{200b}2010011004",
        ] {
            assert_eq!(Nip::parse(dirty).map(|n| n.to_string()).as_deref(), Ok("198503122010011004"), "{dirty:?}");
        }
    }

    #[test]
    fn refuses_everything_else_with_the_reason() {
        assert_eq!(Nip::parse("3174012345678901"), Err(NipError::Nik));
        assert_eq!(Nip::parse("1.98503E+17"), Err(NipError::Scientific));
        assert_eq!(Nip::parse("1,98503e17"), Err(NipError::Scientific));
        assert_eq!(Nip::parse("19850312201001100"), Err(NipError::Length(17)));
        assert_eq!(Nip::parse("19850312201001100X"), Err(NipError::NotDigits));
        assert_eq!(Nip::parse("19850312-2010011004"), Err(NipError::NotDigits));
        assert_eq!(Nip::parse(" ' "), Err(NipError::Empty));
    }

    #[test]
    fn names_what_is_odd() {
        let day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let odd = |text: &str| Nip::parse(text).unwrap().oddities(day);
        assert_eq!(odd("198503122010011004"), []);
        assert_eq!(odd("199202022023211902"), []);
        assert_eq!(odd("198513122010011004"), [Oddity::BirthDate]);
        assert_eq!(odd("194003121960011004"), [Oddity::Age]);
        assert_eq!(odd("198503122010001004"), [Oddity::Tmt]);
        assert_eq!(odd("198503122010013004"), [Oddity::Sex]);
        assert_eq!(odd("198503122010011000"), [Oddity::Serial]);
    }

    proptest! {
        #[test]
        fn any_eighteen_digits_survive_spacing(digits in "[0-9]{18}", at in 0usize..18) {
            let spaced = format!("{}\u{a0} {}", &digits[..at], &digits[at..]);
            prop_assert_eq!(Nip::parse(&spaced).unwrap().to_string(), digits);
        }

        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = Nip::parse(&text);
        }

        #[test]
        fn debug_never_shows_the_whole(digits in "[0-9]{18}") {
            let nip = Nip::parse(&digits).unwrap();
            let shown = format!("{:?}", nip);
            prop_assert!(!shown.contains(&digits));
        }
    }
}
