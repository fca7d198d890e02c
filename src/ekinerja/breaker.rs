//! When a surface is left alone: after too many failures in a row nobody asks for a while, then one request looks
//! whether it is there again. Pure: times are given, nothing waits here.

use std::time::Duration;
use tokio::time::Instant;

/// Whether a request may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Like any other.
    Go,
    /// Alone, to look whether the surface is there again; its outcome must be told.
    Probe,
    /// Not before this moment.
    Rest(Instant),
    /// Not before the outcome of the probe is known.
    Probing,
    /// Not in this run: it has been looked for often enough.
    Gone,
}

/// What a request did to the breaker, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing that is worth telling.
    None,
    /// The surface is left alone.
    Opened,
    /// It is there again.
    Closed,
    /// It is not looked for any more.
    GaveUp,
}

/// A circuit breaker.
#[derive(Debug, Clone)]
pub(crate) struct Breaker {
    /// Failures in a row that open it.
    open_after: u32,
    /// How long it stays open.
    open_for: Duration,
    /// Probes in a row that may fail.
    probes: u32,
    state: State,
    failed: u32,
    failed_probes: u32,
    /// Whether anything was ever heard from the surface.
    heard: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open(Instant),
    HalfOpen { probing: bool },
    Gone,
}

impl Breaker {
    /// Closed. Of `open_after` and `probes` at least one each.
    pub(crate) fn new(open_after: u32, open_for: Duration, probes: u32) -> Self {
        Self {
            open_after: open_after.max(1),
            open_for,
            probes: probes.max(1),
            state: State::Closed,
            failed: 0,
            failed_probes: 0,
            heard: false,
        }
    }

    /// Its state as a key, and how much longer it rests.
    pub(crate) fn seen(&self, now: Instant) -> (&'static str, Option<Duration>) {
        match self.state {
            State::Closed => ("closed", None),
            State::Open(until) => ("open", Some(until.saturating_duration_since(now))),
            State::HalfOpen { .. } => ("probing", None),
            State::Gone => ("gone", None),
        }
    }

    /// Whether a request may leave now; [`Gate::Probe`] is given to one at a time.
    pub(crate) fn gate(&mut self, now: Instant) -> Gate {
        match self.state {
            State::Closed => Gate::Go,
            State::Open(until) if now < until => Gate::Rest(until),
            State::Open(_) | State::HalfOpen { probing: false } => {
                self.state = State::HalfOpen { probing: true };
                Gate::Probe
            }
            State::HalfOpen { probing: true } => Gate::Probing,
            State::Gone => Gate::Gone,
        }
    }

    /// The surface answered, whatever it said. What left before the breaker opened does not close it.
    pub(crate) fn answered(&mut self, probe: bool) -> Turn {
        self.heard = true;
        self.failed = 0;
        if !probe {
            return Turn::None;
        }
        self.failed_probes = 0;
        self.state = State::Closed;
        Turn::Closed
    }

    /// The surface failed. `unreached`: there was no connection at all. As long as nothing was ever heard, that is a
    /// wrong address or a network that is down: waiting does not mend it, so whoever asks is told at once.
    pub(crate) fn failed(&mut self, probe: bool, unreached: bool, now: Instant) -> Turn {
        self.heard |= !unreached;
        if probe {
            self.failed_probes += 1;
            let gone = self.failed_probes >= self.probes;
            self.state = if gone { State::Gone } else { State::Open(now + self.open_for) };
            return if gone { Turn::GaveUp } else { Turn::Opened };
        }
        if self.state != State::Closed || !self.heard {
            return Turn::None;
        }
        self.failed += 1;
        if self.failed < self.open_after {
            return Turn::None;
        }
        self.failed = 0;
        self.state = State::Open(now + self.open_for);
        Turn::Opened
    }

    /// The probe was dropped before its outcome was known: somebody else may look.
    pub(crate) fn probe_lost(&mut self) {
        if self.state == (State::HalfOpen { probing: true }) {
            self.state = State::HalfOpen { probing: false };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REST: Duration = Duration::from_secs(60);

    #[test]
    fn it_opens_rests_looks_and_closes() {
        let start = Instant::now();
        let mut breaker = Breaker::new(3, REST, 2);
        assert_eq!(breaker.failed(false, false, start), Turn::None);
        breaker.answered(false);
        assert_eq!(breaker.failed(false, false, start), Turn::None);
        assert_eq!(breaker.failed(false, false, start), Turn::None);
        assert_eq!(breaker.gate(start), Gate::Go);
        assert_eq!(breaker.failed(false, true, start), Turn::Opened);
        assert_eq!(breaker.gate(start + REST / 2), Gate::Rest(start + REST));
        let later = start + REST;
        assert_eq!((breaker.gate(later), breaker.gate(later)), (Gate::Probe, Gate::Probing));
        breaker.answered(false);
        assert_eq!(breaker.gate(later), Gate::Probing, "an old answer is not the probe's");
        breaker.probe_lost();
        assert_eq!(breaker.gate(later), Gate::Probe);
        assert_eq!(breaker.failed(true, false, later), Turn::Opened);
        assert_eq!(breaker.gate(later + REST), Gate::Probe);
        assert_eq!(breaker.answered(true), Turn::Closed);
        assert_eq!(breaker.gate(later + REST), Gate::Go);
    }

    #[test]
    fn it_does_not_look_for_ever() {
        let mut now = Instant::now();
        let mut breaker = Breaker::new(1, REST, 2);
        breaker.failed(false, false, now);
        for turn in [Turn::Opened, Turn::GaveUp] {
            now += REST;
            assert_eq!(breaker.gate(now), Gate::Probe);
            assert_eq!(breaker.failed(true, false, now), turn);
        }
        assert_eq!(breaker.gate(now + REST * 100), Gate::Gone);
    }

    #[test]
    fn a_surface_that_was_never_there_is_not_waited_for() {
        let mut breaker = Breaker::new(2, REST, 2);
        for _ in 0..50 {
            assert_eq!(breaker.failed(false, true, Instant::now()), Turn::None);
            assert_eq!(breaker.gate(Instant::now()), Gate::Go);
        }
    }

    proptest! {
        /// Whatever happens in whatever order: never two probes at once, never a request during the rest, and what has
        /// opened closes by a probe's answer only.
        #[test]
        fn one_probe_at_a_time(events in prop::collection::vec((0u8..6, 0u64..40), 0..200), open_after in 1u32..5, probes in 1u32..4) {
            let mut now = Instant::now();
            let mut breaker = Breaker::new(open_after, REST, probes);
            let (mut probing, mut open, mut resting) = (false, false, None);
            for (event, seconds) in events {
                now += Duration::from_secs(seconds);
                let turn = match event {
                    0 | 1 => match breaker.gate(now) {
                        Gate::Go => {
                            prop_assert!(!open);
                            Turn::None
                        }
                        Gate::Probe => {
                            prop_assert!(!probing && open && resting.is_none_or(|until| now >= until));
                            probing = true;
                            Turn::None
                        }
                        Gate::Rest(until) => {
                            prop_assert!(until > now && until <= now + REST);
                            Turn::None
                        }
                        Gate::Probing => {
                            prop_assert!(probing);
                            Turn::None
                        }
                        Gate::Gone => Turn::None,
                    },
                    2 => breaker.answered(std::mem::take(&mut probing)),
                    3 => breaker.failed(std::mem::take(&mut probing), false, now),
                    4 => breaker.failed(false, true, now),
                    _ => {
                        breaker.probe_lost();
                        probing = false;
                        Turn::None
                    }
                };
                match turn {
                    Turn::Opened => (open, resting) = (true, Some(now + REST)),
                    Turn::Closed => (open, resting) = (false, None),
                    Turn::GaveUp => open = true,
                    Turn::None => {}
                }
            }
        }
    }
}
