//! Whether a question is asked again, and when. It knows faults and numbers, no HTTP and no clock.
//!
//! The only user of the crate `backoff`, which is unmaintained (RUSTSEC-2025-0012). Only its interval arithmetic is
//! used, none of its retry loops; to replace it by `backon`, let [`Delays`] hold an iterator of
//! `backon::ExponentialBuilder::default().with_min_delay(initial).with_max_delay(max).with_jitter().without_max_times().build()`.

use super::fault::Action;
use super::fault::Fault;
use super::settings::PaceSettings;
use crate::domain::evidence::Reason;
use backoff::ExponentialBackoff;
use backoff::ExponentialBackoffBuilder;
use backoff::backoff::Backoff;
use std::time::Duration;

/// Growing waits with jitter, never above the maximum.
struct Delays {
    intervals: ExponentialBackoff,
    max: Duration,
}

impl Delays {
    fn new(pace: &PaceSettings) -> Self {
        let intervals = ExponentialBackoffBuilder::new()
            .with_initial_interval(pace.backoff_initial)
            .with_max_interval(pace.backoff_max.max(pace.backoff_initial))
            .with_max_elapsed_time(None)
            .build();
        Self { intervals, max: pace.backoff_max }
    }

    fn next(&mut self) -> Duration {
        self.intervals.next_backoff().unwrap_or(self.max).min(self.max)
    }
}

/// What follows after a failed attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// No further attempt; this is the answer.
    Settle(Fault),
    /// Ask again after this wait.
    After(Duration),
    /// Nobody asks this surface before this wait is over; then ask again.
    Pause(Duration),
    /// Drop the gateway token and ask again at once.
    RefreshGateway,
    /// Drop the SSO token and ask again at once.
    RefreshSso,
}

/// The attempts at one question.
pub(crate) struct Tries<'a> {
    pace: &'a PaceSettings,
    made: u32,
    gateway_refreshed: bool,
    sso_refreshed: bool,
    delays: Delays,
    pauses: Delays,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(pace: &'a PaceSettings) -> Self {
        Self { pace, made: 0, gateway_refreshed: false, sso_refreshed: false, delays: Delays::new(pace), pauses: Delays::new(pace) }
    }

    /// Decides after a failed attempt. `attempts` counts the first; 429, 303001 and one new token of each kind spend
    /// none (contract §5, "Pace").
    pub(crate) fn next(&mut self, mut fault: Fault) -> Next {
        match fault.action {
            Action::Retry => {
                self.made += 1;
                if self.made >= self.pace.attempts {
                    fault.detail = format!("{} ({} attempts)", fault.detail, self.made);
                    return Next::Settle(fault);
                }
                let asked = fault.retry_after.unwrap_or_default().min(self.pace.retry_after_max);
                Next::After(self.delays.next().max(asked))
            }
            Action::Wait => Next::Pause(self.pause(&fault)),
            Action::RefreshGateway if !std::mem::replace(&mut self.gateway_refreshed, true) => Next::RefreshGateway,
            Action::RefreshSso if !std::mem::replace(&mut self.sso_refreshed, true) => Next::RefreshSso,
            Action::RefreshGateway => {
                fault.action = Action::CallOperator("ekinerja.siasn.consumer_key");
                fault.detail = format!("{}, also with a new token: check ekinerja.siasn.consumer_key and consumer_secret", fault.detail);
                Next::Settle(fault)
            }
            Action::RefreshSso => {
                fault.action = Action::CallOperator("ekinerja.siasn.sso_password");
                fault.detail = format!("{}, also with a new token: check ekinerja.siasn.sso_username and sso_password", fault.detail);
                Next::Settle(fault)
            }
            Action::CallOperator(_) | Action::Quarantine | Action::GiveUp => Next::Settle(fault),
        }
    }

    /// A wait for the whole surface: what the answer asks for up to `retry_after_max`, or a growing one; never
    /// nothing, because a pause spends no attempt. A suspended endpoint gets at least `suspended_wait`.
    fn pause(&mut self, fault: &Fault) -> Duration {
        let asked = fault.retry_after.map(|wait| wait.min(self.pace.retry_after_max));
        match (fault.reason, asked) {
            (Reason::Suspended, asked) => asked.unwrap_or_default().max(self.pace.suspended_wait),
            (_, Some(asked)) if asked >= Duration::from_millis(1) => asked,
            _ => self.pauses.next().max(Duration::from_millis(10)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> PaceSettings {
        PaceSettings { attempts: 3, ..PaceSettings::siasn() }
    }

    fn fault(reason: Reason, action: Action) -> Fault {
        Fault::new(reason, action, "x")
    }

    #[test]
    fn attempts_count_the_first() {
        let pace = pace();
        let mut tries = Tries::new(&pace);
        let down = fault(Reason::ServerError, Action::Retry);
        assert!(matches!(tries.next(down.clone()), Next::After(_)));
        assert!(matches!(tries.next(down.clone()), Next::After(_)));
        assert!(matches!(tries.next(down), Next::Settle(_)));
    }

    #[test]
    fn waits_grow_up_to_the_maximum() {
        let pace = PaceSettings { attempts: 50, backoff_max: Duration::from_secs(2), ..pace() };
        let mut tries = Tries::new(&pace);
        let mut waits = Vec::new();
        for _ in 0..20 {
            match tries.next(fault(Reason::Timeout, Action::Retry)) {
                Next::After(wait) => waits.push(wait),
                other => panic!("{other:?}"),
            }
        }
        assert!(waits[0] <= Duration::from_millis(751), "{waits:?}");
        assert!(waits[10..].iter().all(|wait| (Duration::from_secs(1)..=Duration::from_secs(2)).contains(wait)), "{waits:?}");
    }

    #[test]
    fn pauses_spend_no_attempt_and_are_bounded() {
        let pace = PaceSettings { attempts: 1, ..pace() };
        let mut tries = Tries::new(&pace);
        let long = fault(Reason::Throttled, Action::Wait).after(Some(Duration::from_secs(86_400)));
        for _ in 0..5 {
            assert_eq!(tries.next(long.clone()), Next::Pause(pace.retry_after_max));
        }
        assert_eq!(tries.next(fault(Reason::Suspended, Action::Wait)), Next::Pause(pace.suspended_wait));
        assert!(matches!(tries.next(fault(Reason::Throttled, Action::Wait)), Next::Pause(wait) if wait >= Duration::from_millis(250)));
        let none = fault(Reason::Throttled, Action::Wait).after(Some(Duration::ZERO));
        assert!(matches!(tries.next(none), Next::Pause(wait) if wait >= Duration::from_millis(10)));
        assert!(matches!(tries.next(fault(Reason::Connection, Action::Retry)), Next::Settle(_)));
    }

    #[test]
    fn a_retry_waits_as_long_as_the_answer_asks() {
        let pace = pace();
        let asked = fault(Reason::ServerError, Action::Retry).after(Some(Duration::from_secs(7)));
        assert_eq!(Tries::new(&pace).next(asked), Next::After(Duration::from_secs(7)));
    }

    #[test]
    fn each_token_is_renewed_once() {
        let pace = pace();
        let mut tries = Tries::new(&pace);
        assert_eq!(tries.next(fault(Reason::AuthGateway, Action::RefreshGateway)), Next::RefreshGateway);
        assert_eq!(tries.next(fault(Reason::AuthSso, Action::RefreshSso)), Next::RefreshSso);
        let Next::Settle(settled) = tries.next(fault(Reason::AuthGateway, Action::RefreshGateway)) else { panic!() };
        assert_eq!(settled.stops_surface(), Some("ekinerja.siasn.consumer_key"));
        let Next::Settle(settled) = tries.next(fault(Reason::AuthSso, Action::RefreshSso)) else { panic!() };
        assert_eq!(settled.stops_surface(), Some("ekinerja.siasn.sso_password"));
    }
}
