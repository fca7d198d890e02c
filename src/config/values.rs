//! Values that can only hold what makes sense: durations, sizes, addresses, cron lines, time zones.
//!
//! Each is written as text in the file, and refuses anything else with a sentence in both languages.

use super::lang::Said;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

/// Parts the two languages of a sentence while it travels through serde, which carries one text only.
pub(super) const LANGUAGE_MARK: char = '\u{1f}';

/// A serde error that keeps both languages.
pub(super) fn refuse<E: serde::de::Error>(said: &Said) -> E {
    E::custom(format!("{}{LANGUAGE_MARK}{}", said.en, said.id))
}

/// Reads a text, then the value in it.
macro_rules! read_from_text {
    ($($type:ty),+) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(|said: Said| refuse(&said))
            }
        }
    )+};
}
read_from_text!(HumanDuration, HttpUrl, CronLine, TimeZone, LogFilter);

/// A span of time as people write it: `"200ms"`, `"30s"`, `"10m"`, `"36h"`, `"7d"`.
///
/// ```
/// use selaras::config::HumanDuration;
/// let wait: HumanDuration = "36h".parse()?;
/// assert_eq!(wait.get(), std::time::Duration::from_secs(36 * 3600));
/// assert_eq!(wait.to_string(), "36h");
/// # Ok::<(), selaras::config::Said>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HumanDuration(Duration);

/// Units, largest first, in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl HumanDuration {
    /// Milliseconds.
    pub const fn millis(count: u64) -> Self {
        Self(Duration::from_millis(count))
    }

    /// Seconds.
    pub const fn seconds(count: u64) -> Self {
        Self(Duration::from_secs(count))
    }

    /// Minutes.
    pub const fn minutes(count: u64) -> Self {
        Self::seconds(count * 60)
    }

    /// Hours.
    pub const fn hours(count: u64) -> Self {
        Self::seconds(count * 3600)
    }

    /// Days of 24 hours.
    pub const fn days(count: u64) -> Self {
        Self::hours(count * 24)
    }

    /// As the standard library's type.
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl FromStr for HumanDuration {
    type Err = Said;
    fn from_str(text: &str) -> Result<Self, Said> {
        let wrong = || {
            Said::new(
                format!("'{text}' bukan lama waktu: tulis misalnya \"200ms\", \"30s\", \"36h\" atau \"7d\""),
                format!("'{text}' is not a duration: write for example \"200ms\", \"30s\", \"36h\" or \"7d\""),
            )
        };
        let bare = text.trim();
        let digits = bare.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (count, unit) = bare.split_at(digits);
        let (_, millis) = UNITS.into_iter().find(|(name, _)| *name == unit.trim_start()).ok_or_else(wrong)?;
        let count: u64 = count.parse().map_err(|_| wrong())?;
        // A century is more than any of these keys can mean, and keeps later arithmetic far from overflow.
        count.checked_mul(millis).filter(|total| *total <= 36_525 * 86_400_000).map(Self::millis).ok_or_else(wrong)
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        // "36h" stays hours: a day is only used from two days on.
        let unit = UNITS.into_iter().find(|(name, unit)| {
            let unit = u128::from(*unit);
            millis.is_multiple_of(unit) && millis >= if *name == "d" { 2 * unit } else { unit }
        });
        let (name, unit) = unit.unwrap_or(("ms", 1));
        write!(f, "{}{name}", millis / u128::from(unit))
    }
}

/// A number of bytes: an integer, or text such as `"256MiB"`.
///
/// ```
/// use selaras::config::ByteSize;
/// assert_eq!("256MiB".parse::<ByteSize>()?.get(), 256 << 20);
/// assert_eq!("1000".parse::<ByteSize>()?.get(), 1000);
/// # Ok::<(), selaras::config::Said>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

impl ByteSize {
    /// Mebibytes.
    pub const fn mib(count: u64) -> Self {
        Self(count << 20)
    }

    /// Bytes.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl FromStr for ByteSize {
    type Err = Said;
    fn from_str(text: &str) -> Result<Self, Said> {
        let wrong = || {
            Said::new(
                format!("'{text}' bukan ukuran: tulis jumlah byte, atau misalnya \"64KiB\", \"256MiB\", \"1GiB\""),
                format!("'{text}' is not a size: write a number of bytes, or for example \"64KiB\", \"256MiB\", \"1GiB\""),
            )
        };
        let bare = text.trim();
        let (count, unit) = bare.split_at(bare.find(|c: char| !c.is_ascii_digit()).unwrap_or(bare.len()));
        let factor: u64 = match unit.trim_start().to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "kib" => 1 << 10,
            "mib" => 1 << 20,
            "gib" => 1 << 30,
            "kb" => 1_000,
            "mb" => 1_000_000,
            "gb" => 1_000_000_000,
            _ => return Err(wrong()),
        };
        let count: u64 = count.parse().map_err(|_| wrong())?;
        count.checked_mul(factor).map(Self).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a number of bytes or text such as \"256MiB\"")]
        enum Form {
            Bytes(u64),
            Text(String),
        }
        match Form::deserialize(from)? {
            Form::Bytes(count) => Ok(Self(count)),
            Form::Text(text) => text.parse().map_err(|said: Said| refuse(&said)),
        }
    }
}

/// An `https://` address, or `http://` to this very machine. Nothing secret may hide in it.
///
/// ```
/// use selaras::config::HttpUrl;
/// assert!("http://127.0.0.1:9000/x".parse::<HttpUrl>().is_ok());
/// assert!("http://kinerja.bkn.go.id".parse::<HttpUrl>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HttpUrl(String);

impl HttpUrl {
    /// An address that stands in the code; a test parses each.
    pub(super) fn known(url: &str) -> Self {
        Self(url.to_owned())
    }

    /// The address without a closing slash, so that paths can be appended.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for HttpUrl {
    type Err = Said;
    fn from_str(text: &str) -> Result<Self, Said> {
        // A refused address is not repeated: somebody may have pasted a token into it.
        let url = reqwest::Url::parse(text.trim())
            .map_err(|why| Said::new(format!("bukan alamat https yang sah ({why})"), format!("not a valid https address ({why})")))?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(Said::new(
                "alamat memuat nama pengguna, kata sandi, '?' atau '#': tulis alamat dasarnya saja, rahasia punya kuncinya sendiri",
                "the address holds a user name, a password, '?' or '#': write the base address only, secrets have their own keys",
            ));
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => {
                return Err(Said::new(
                    "http:// hanya boleh ke mesin ini sendiri (localhost, 127.0.0.1, [::1]): pakai https://",
                    "http:// is accepted for this machine only (localhost, 127.0.0.1, [::1]): use https://",
                ));
            }
            other => {
                return Err(Said::new(
                    format!("alamat '{other}:' tidak dikenal: pakai https://"),
                    format!("'{other}:' is no web address: use https://"),
                ));
            }
        }
        Ok(Self(text.trim().trim_end_matches('/').to_owned()))
    }
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// When a job is due: a cron line with seconds (`"0 0 1 * * *"`), or `"off"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CronLine(Option<String>);

impl CronLine {
    /// A line that stands in the code; a test parses each.
    pub(super) fn known(line: &str) -> Self {
        Self(Some(line.to_owned()))
    }

    /// The line, unless the job is off.
    pub fn line(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl FromStr for CronLine {
    type Err = Said;
    fn from_str(text: &str) -> Result<Self, Said> {
        let line = text.trim();
        if line == "off" {
            return Ok(Self(None));
        }
        // The scheduler's own parser decides, so that nothing passes here that fails at one in the morning.
        let accepted = line.split_whitespace().count() == 6 && tokio_cron_scheduler::Job::new(line, |_, _| {}).is_ok();
        accepted.then(|| Self(Some(line.to_owned()))).ok_or_else(|| {
            Said::new(
                format!("'{line}' bukan baris cron: tulis enam bagian, detik menit jam tanggal bulan hari, atau \"off\""),
                format!("'{line}' is not a cron line: write six parts, second minute hour day month weekday, or \"off\""),
            )
        })
    }
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(chrono_tz::Tz);

impl TimeZone {
    /// Western Indonesia (WIB).
    pub const JAKARTA: Self = Self(chrono_tz::Asia::Jakarta);

    /// As `chrono` knows it.
    pub const fn get(self) -> chrono_tz::Tz {
        self.0
    }
}

impl FromStr for TimeZone {
    type Err = Said;
    fn from_str(text: &str) -> Result<Self, Said> {
        text.trim().parse().map(Self).map_err(|_| {
            Said::new(
                format!("zona waktu '{text}' tidak dikenal: tulis misalnya \"Asia/Jakarta\", \"Asia/Makassar\", \"Asia/Jayapura\""),
                format!("unknown time zone '{text}': write for example \"Asia/Jakarta\", \"Asia/Makassar\", \"Asia/Jayapura\""),
            )
        })
    }
}

/// How much is logged: `"info"`, or finer such as `"warn,selaras::sync=debug"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LogFilter(String);

impl LogFilter {
    /// The directives.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LogFilter {
    type Err = Said;
    fn from_str(text: &str) -> Result<Self, Said> {
        let known = ["off", "error", "warn", "info", "debug", "trace"];
        // A lone word would be taken for the name of a module and silence everything: it must be a level.
        let lone_word = !text.contains(['=', ',', ':']);
        let accepted = tracing_subscriber::EnvFilter::try_new(text).is_ok() && !text.is_empty() && (!lone_word || known.contains(&text));
        accepted.then(|| Self(text.to_owned())).ok_or_else(|| {
            Said::new(
                format!("'{text}' bukan tingkat log: pakai {}", known.join(", ")),
                format!("'{text}' is not a log level: use {}", known.join(", ")),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_are_exact_and_refuse_guesses() {
        for (text, millis) in [("200ms", 200), ("30s", 30_000), ("10m", 600_000), ("36h", 129_600_000), ("7d", 604_800_000), ("0s", 0)] {
            assert_eq!(text.parse::<HumanDuration>().unwrap().get().as_millis(), millis, "{text}");
        }
        for wrong in ["", "5", "s", "-5s", "1.5h", "5 weeks", "5S", "99999999999999999999s", "999999999d"] {
            assert!(wrong.parse::<HumanDuration>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for fine in ["https://kinerja.bkn.go.id", "http://localhost:1", "http://127.9.0.1", "http://[::1]:80/a/"] {
            assert!(fine.parse::<HttpUrl>().is_ok(), "{fine}");
        }
        for wrong in [
            "http://10.0.0.1",
            "http://localhost.evil.id",
            "ftp://localhost",
            "kinerja.bkn.go.id",
            "https://a:b@c.id",
            "https://c.id?t=1",
            "http://0.0.0.0",
        ] {
            assert!(wrong.parse::<HttpUrl>().is_err(), "{wrong}");
        }
        assert_eq!("https://a.id/x/".parse::<HttpUrl>().unwrap().as_str(), "https://a.id/x");
    }

    #[test]
    fn cron_lines_have_six_parts() {
        assert_eq!("0 0 1 * * *".parse::<CronLine>().unwrap().line(), Some("0 0 1 * * *"));
        assert_eq!("off".parse::<CronLine>().unwrap().line(), None);
        for wrong in ["0 1 * * *", "0 0 25 * * *", "nightly", ""] {
            assert!(wrong.parse::<CronLine>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn log_levels_are_levels() {
        for fine in ["info", "off", "warn,selaras::sync=debug"] {
            assert!(fine.parse::<LogFilter>().is_ok(), "{fine}");
        }
        for wrong in ["", "verbose", "info,=="] {
            assert!(wrong.parse::<LogFilter>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn durations_round_trip(millis in 0u64..10_000_000_000) {
            let span = HumanDuration::millis(millis);
            prop_assert_eq!(span.to_string().parse::<HumanDuration>().unwrap(), span);
        }
    }
}
