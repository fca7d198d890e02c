//! How the served surfaces misbehave, by name. Faults fall by the count of requests, not by chance, so that even a short
//! run meets them.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A named way to misbehave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults(Profile);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Profile {
    #[default]
    None,
    Slow,
    Flaky,
    Throttled,
    Suspended,
    TokenExpiry,
    Html,
    Truncated,
    Drift,
    Empty,
    HalfVanish,
    WeekAgo,
}

const PROFILES: [(&str, Profile); 11] = [
    ("none", Profile::None),
    ("slow", Profile::Slow),
    ("flaky", Profile::Flaky),
    ("throttled", Profile::Throttled),
    ("suspended", Profile::Suspended),
    ("token-expiry", Profile::TokenExpiry),
    ("html", Profile::Html),
    ("truncated", Profile::Truncated),
    ("drift", Profile::Drift),
    ("empty", Profile::Empty),
    ("half-vanish", Profile::HalfVanish),
];

/// One request in so many meets the fault of `flaky` (2 %).
const FLAKY_EVERY: u64 = 50;
/// One request in so many meets the fault of `html` and `truncated`.
const SPOILT_EVERY: u64 = 25;
/// The request of each round that meets it: early, so that the few bulk questions are not spared.
const UNLUCKY: u64 = 2;
/// Requests a second that `throttled` lets through.
const QUOTA: u64 = 20;
/// `suspended` closes SIASN after so many requests …
const SUSPEND_AFTER: u64 = 10;
/// … for so long.
const SUSPEND_FOR: Duration = Duration::from_secs(3);
/// `token-expiry` withdraws the WSO2 token after so many requests, the minted SSO token after twice as many.
const TOKEN_LIVES: u64 = 40;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is answered.
    Pass,
    /// It is answered after a while.
    Delay(Duration),
    /// 503, perhaps with Retry-After.
    Unavailable(bool),
    /// 429 with Retry-After and WSO2's body.
    Throttled,
    /// 303001, as JSON or as XML.
    Suspended(bool),
    /// The connection breaks before the answer.
    Reset,
    /// The connection breaks in the middle of the answer.
    CutShort,
    /// An HTML page, with 504 or with 200.
    Html(bool),
    /// The WSO2 token is withdrawn first; with `true` the minted SSO token too.
    Withdraw(bool),
}

/// Counters of one server.
#[derive(Debug, Default)]
pub(super) struct Weather {
    requests: AtomicU64,
    siasn: AtomicU64,
    /// Second and requests in it.
    quota: std::sync::Mutex<(u64, u64)>,
    suspended_until: std::sync::Mutex<Option<Duration>>,
}

impl Faults {
    /// The profile of that name.
    pub fn named(name: &str) -> Option<Self> {
        PROFILES.iter().find(|(known, _)| *known == name).map(|(_, profile)| Self(*profile))
    }

    /// Every name, in the order of help texts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PROFILES.iter().map(|(name, _)| *name)
    }

    /// This profile's name.
    pub fn name(self) -> &'static str {
        PROFILES.iter().find(|(_, profile)| *profile == self.0).map_or("none", |(name, _)| name)
    }

    /// No faults; BKN as it was a week ago, before it withdrew what a ministry with a history misses.
    pub fn week_ago() -> Self {
        Self(Profile::WeekAgo)
    }

    /// BKN is as it was a week ago.
    pub(super) fn is_week_ago(self) -> bool {
        self.0 == Profile::WeekAgo
    }

    /// Rows carry fields that nobody announced.
    pub(super) fn drifts(self) -> bool {
        self.0 == Profile::Drift
    }

    /// Bulk lists are empty.
    pub(super) fn empties(self) -> bool {
        self.0 == Profile::Empty
    }

    /// Bulk lists lack every second person.
    pub(super) fn halves(self) -> bool {
        self.0 == Profile::HalfVanish
    }

    /// What happens to the next request; `since_start` is the server's age.
    pub(super) fn fate(self, weather: &Weather, siasn: bool, since_start: Duration) -> Fate {
        let count = weather.requests.fetch_add(1, Ordering::Relaxed);
        let spoilt = count % SPOILT_EVERY == UNLUCKY;
        match self.0 {
            Profile::Slow => Fate::Delay(Duration::from_millis(300 + count * 137 % 500)),
            Profile::Flaky if count % FLAKY_EVERY == UNLUCKY => match (count / FLAKY_EVERY) % 4 {
                0 => Fate::Unavailable(true),
                1 => Fate::Reset,
                2 => Fate::Throttled,
                _ => Fate::Unavailable(false),
            },
            Profile::Throttled if count == 0 || weather.over_quota(since_start.as_secs()) => Fate::Throttled,
            Profile::Suspended if siasn => weather.suspension(since_start),
            Profile::TokenExpiry if siasn => match weather.siasn.fetch_add(1, Ordering::Relaxed) {
                count if count % TOKEN_LIVES == TOKEN_LIVES - 1 => Fate::Withdraw(count % (TOKEN_LIVES * 2) == TOKEN_LIVES * 2 - 1),
                _ => Fate::Pass,
            },
            Profile::Html if spoilt => Fate::Html((count / SPOILT_EVERY).is_multiple_of(2)),
            Profile::Truncated if spoilt => Fate::CutShort,
            _ => Fate::Pass,
        }
    }
}

impl Weather {
    fn over_quota(&self, second: u64) -> bool {
        let mut quota = self.quota.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if quota.0 != second {
            *quota = (second, 0);
        }
        quota.1 += 1;
        quota.1 > QUOTA
    }

    /// SIASN is closed once, some requests after the start.
    fn suspension(&self, since_start: Duration) -> Fate {
        let count = self.siasn.fetch_add(1, Ordering::Relaxed);
        let mut until = self.suspended_until.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if count < SUSPEND_AFTER {
            return Fate::Pass;
        }
        let until = *until.get_or_insert(since_start + SUSPEND_FOR);
        if since_start < until { Fate::Suspended(count.is_multiple_of(2)) } else { Fate::Pass }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fates(name: &str, count: usize) -> Vec<Fate> {
        let (faults, weather) = (Faults::named(name).unwrap(), Weather::default());
        (0..count).map(|_| faults.fate(&weather, true, Duration::ZERO)).collect()
    }

    #[test]
    fn two_percent_of_flaky_requests_fail() {
        let failed = fates("flaky", 400).into_iter().filter(|fate| *fate != Fate::Pass).count();
        assert_eq!(failed, 8);
    }

    #[test]
    fn a_suspension_ends() {
        let (faults, weather) = (Faults::named("suspended").unwrap(), Weather::default());
        let at = |seconds| faults.fate(&weather, true, Duration::from_secs(seconds));
        assert!((0..10).all(|_| at(0) == Fate::Pass));
        assert!(matches!(at(1), Fate::Suspended(_)));
        assert!(matches!(at(3), Fate::Suspended(_)));
        assert_eq!(at(4), Fate::Pass);
        assert_eq!(at(5), Fate::Pass);
    }

    #[test]
    fn tokens_are_withdrawn_in_turn() {
        let withdrawn: Vec<Fate> = fates("token-expiry", 100).into_iter().filter(|fate| *fate != Fate::Pass).collect();
        assert_eq!(withdrawn, [Fate::Withdraw(false), Fate::Withdraw(true)]);
    }

    #[test]
    fn names_round_trip() {
        for name in Faults::names() {
            assert_eq!(Faults::named(name).unwrap().name(), name);
        }
        assert_eq!(Faults::named("calm"), None);
    }
}
