//! Bad days: mixtures of faults that fall by the count of requests, not by chance, so that even a short run meets them.

use super::Fate;
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A kind of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    Calm,
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
    Quota,
}

/// One request in so many meets the fault of `flaky` (2 %).
const FLAKY_EVERY: u64 = 50;
/// One request in so many meets the fault of `html` and `truncated`.
const SPOILT_EVERY: u64 = 25;
/// The request of each round that meets it: early, so that the few bulk questions are not spared.
const UNLUCKY: u64 = 2;
/// Requests a second that `throttled` lets through.
const QUOTA: u64 = 20;
/// Requests a second that `quota` lets through, each answered after …
const LARGE_QUOTA: u64 = 200;
/// … so long, but for those that meet a fault of `flaky`'s frequency.
const QUOTA_LATENCY: Duration = Duration::from_millis(50);
/// `suspended` closes SIASN after so many requests …
const SUSPEND_AFTER: u64 = 10;
/// … for so long.
const SUSPEND_FOR: Duration = Duration::from_secs(3);
/// `token-expiry` withdraws the WSO2 token after so many requests, the minted SSO token after twice as many.
const TOKEN_LIVES: u64 = 40;

/// Counters of one server.
#[derive(Debug, Default)]
pub(crate) struct Weather {
    requests: AtomicU64,
    siasn: AtomicU64,
    /// Second and requests in it.
    quota: std::sync::Mutex<(u64, u64)>,
    suspended_until: std::sync::Mutex<Option<Duration>>,
    /// How often each question was asked.
    asked: std::sync::Mutex<HashMap<String, u32>>,
}

impl Day {
    /// What happens to the next request; `since_start` is the server's age.
    pub(super) fn fate(self, weather: &Weather, siasn: bool, since_start: Duration) -> Fate {
        let count = weather.count();
        let spoilt = count % SPOILT_EVERY == UNLUCKY;
        match self {
            Self::Slow => Fate::Delay(Duration::from_millis(300 + count * 137 % 500)),
            Self::Flaky if count % FLAKY_EVERY == UNLUCKY => match (count / FLAKY_EVERY) % 4 {
                0 => Fate::Unavailable(true),
                1 => Fate::Reset,
                2 => Fate::Throttled,
                _ => Fate::Unavailable(false),
            },
            Self::Throttled if count == 0 || weather.is_over(QUOTA, since_start.as_secs()) => Fate::Throttled,
            Self::Quota if weather.is_over(LARGE_QUOTA, since_start.as_secs()) => Fate::Throttled,
            Self::Quota if count % FLAKY_EVERY == UNLUCKY => Fate::Unavailable(false),
            Self::Quota => Fate::Delay(QUOTA_LATENCY),
            Self::Suspended if siasn => weather.suspension(since_start),
            Self::TokenExpiry if siasn => match weather.siasn.fetch_add(1, Ordering::Relaxed) {
                count if count % TOKEN_LIVES == TOKEN_LIVES - 1 => Fate::Withdraw(count % (TOKEN_LIVES * 2) == TOKEN_LIVES * 2 - 1),
                _ => Fate::Pass,
            },
            Self::Html if spoilt => Fate::Html((count / SPOILT_EVERY).is_multiple_of(2)),
            Self::Truncated if spoilt => Fate::CutShort,
            _ => Fate::Pass,
        }
    }
}

impl Weather {
    /// How many requests there were before this one.
    pub(super) fn count(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::Relaxed)
    }

    /// How often this question was asked before.
    pub(super) fn asked_before(&self, question: &str) -> u32 {
        let mut asked = self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let times = asked.entry(question.to_owned()).or_default();
        *times += 1;
        *times - 1
    }

    fn is_over(&self, allowed: u64, second: u64) -> bool {
        let mut quota = self.quota.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if quota.0 != second {
            *quota = (second, 0);
        }
        quota.1 += 1;
        quota.1 > allowed
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

    fn fates(day: Day, count: usize) -> Vec<Fate> {
        let weather = Weather::default();
        (0..count).map(|_| day.fate(&weather, true, Duration::ZERO)).collect()
    }

    #[test]
    fn two_percent_of_flaky_requests_fail() {
        let failed = fates(Day::Flaky, 400).into_iter().filter(|fate| *fate != Fate::Pass).count();
        assert_eq!(failed, 8);
    }

    #[test]
    fn a_suspension_ends() {
        let weather = Weather::default();
        let at = |seconds| Day::Suspended.fate(&weather, true, Duration::from_secs(seconds));
        assert!((0..10).all(|_| at(0) == Fate::Pass));
        assert!(matches!(at(1), Fate::Suspended(_)));
        assert!(matches!(at(3), Fate::Suspended(_)));
        assert_eq!(at(4), Fate::Pass);
        assert_eq!(at(5), Fate::Pass);
    }

    #[test]
    fn tokens_are_withdrawn_in_turn() {
        let withdrawn: Vec<Fate> = fates(Day::TokenExpiry, 100).into_iter().filter(|fate| *fate != Fate::Pass).collect();
        assert_eq!(withdrawn, [Fate::Withdraw(false), Fate::Withdraw(true)]);
    }
}
