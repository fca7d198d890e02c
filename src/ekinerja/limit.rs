//! How many requests may be under way at once: few when the surface struggles, more again while it answers well. Pure:
//! times are given, nothing waits here.

use std::time::Duration;
use tokio::time::Instant;

/// Share that is left after a refusal.
const AFTER_REFUSAL: f64 = 0.5;
/// Share that is left after a failure: one request in fifty may fail without slowing the others down for good.
const AFTER_FAILURE: f64 = 0.7;
/// Seats more for each round of answers.
const MORE: f64 = 2.0;
/// Share that is left when answers have become slow.
const AFTER_SLOWNESS: f64 = 0.8;
/// Weight of the newest answer in what is usual, and in what is the case at present.
const USUAL: f64 = 0.02;
const PRESENT: f64 = 0.2;
/// Answers before anything is called unusual.
const KNOWN_AFTER: u32 = 20;
/// Slow is more than so many times the usual …
const SLOW_FACTOR: f64 = 2.0;
/// … and so much more: below that it is the noise of a network.
const SLOW_MORE: f64 = 0.1;

/// Additive increase, multiplicative decrease, between one and a maximum.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    most: f64,
    now: f64,
    latency: Option<Latency>,
    /// Requests that left before belong to a trouble that has been heeded.
    heeded: Option<Instant>,
}

/// Two moving averages, in seconds.
#[derive(Debug, Clone, Copy)]
struct Latency {
    usual: f64,
    present: f64,
    count: u32,
}

impl Limit {
    /// Starts at the maximum, at least one.
    pub(crate) fn new(most: u32) -> Self {
        let most = f64::from(most.max(1));
        Self { most, now: most, latency: None, heeded: None }
    }

    /// How many may be under way, from one to the maximum.
    pub(crate) fn allowed(&self) -> u32 {
        (self.now as u32).max(1)
    }

    /// An answer came after so long.
    pub(crate) fn answered(&mut self, left: Instant, now: Instant) {
        if self.has_become_slow(now - left.min(now)) {
            self.shrink(AFTER_SLOWNESS, left, now);
        } else {
            // As many more for as many answers as are under way at once.
            self.now = (self.now + MORE / self.now).min(self.most);
        }
    }

    /// A request that left at `left` was refused because there are too many (429, 303001). What was under way together
    /// counts once.
    pub(crate) fn refused(&mut self, left: Instant, now: Instant) {
        self.shrink(AFTER_REFUSAL, left, now);
    }

    /// An error, or no answer in time.
    pub(crate) fn failed(&mut self, left: Instant, now: Instant) {
        self.shrink(AFTER_FAILURE, left, now);
    }

    fn shrink(&mut self, share: f64, left: Instant, now: Instant) {
        if self.heeded.is_none_or(|heeded| left > heeded) {
            self.now = (self.now * share).max(1.0);
            self.heeded = Some(now);
        }
    }

    fn has_become_slow(&mut self, took: Duration) -> bool {
        let took = took.as_secs_f64();
        let Some(latency) = &mut self.latency else {
            self.latency = Some(Latency { usual: took, present: took, count: 1 });
            return false;
        };
        latency.count = latency.count.saturating_add(1);
        // At first every answer counts alike, so that the first one alone does not say what is usual.
        let weight = USUAL.max(1.0 / f64::from(latency.count));
        latency.usual += (took - latency.usual) * weight;
        latency.present += (took - latency.present) * PRESENT;
        latency.count > KNOWN_AFTER && latency.present > latency.usual * SLOW_FACTOR && latency.present > latency.usual + SLOW_MORE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STEP: Duration = Duration::from_millis(50);

    #[test]
    fn what_was_under_way_together_counts_once() {
        let start = Instant::now();
        let mut limit = Limit::new(16);
        for _ in 0..16 {
            limit.refused(start, start + STEP);
        }
        assert_eq!(limit.allowed(), 8);
        limit.refused(start + STEP * 2, start + STEP * 3);
        assert_eq!(limit.allowed(), 4);
    }

    #[test]
    fn answers_bring_it_back_one_by_one() {
        let mut now = Instant::now();
        let mut limit = Limit::new(16);
        limit.refused(now, now);
        let mut seen = vec![limit.allowed()];
        for _ in 0..200 {
            now += STEP;
            limit.answered(now - STEP, now);
            if seen.last() != Some(&limit.allowed()) {
                seen.push(limit.allowed());
            }
        }
        assert_eq!(seen, (8..=16).collect::<Vec<_>>());
    }

    #[test]
    fn answers_that_become_slow_make_it_smaller() {
        let mut now = Instant::now();
        let mut limit = Limit::new(16);
        let mut answer = |limit: &mut Limit, took: Duration| {
            now += took;
            limit.answered(now - took, now);
        };
        for _ in 0..100 {
            answer(&mut limit, STEP);
        }
        assert_eq!(limit.allowed(), 16);
        for _ in 0..10 {
            answer(&mut limit, STEP * 20);
        }
        let slow = limit.allowed();
        assert!(slow < 10, "{slow}");
        // A new usual is found in the end: nobody is held down for ever.
        for _ in 0..1_000 {
            answer(&mut limit, STEP * 20);
        }
        assert_eq!(limit.allowed(), 16);
    }

    /// Two in a hundred fail, answers take 50 ms: what 200 requests a second need stays allowed.
    #[test]
    fn a_few_failures_do_not_slow_the_rest() {
        let start = Instant::now();
        let mut limit = Limit::new(32);
        let (mut fewest, mut sum) = (32, 0);
        for number in 0..20_000u32 {
            let now = start + STEP + Duration::from_millis(5) * number;
            if number % 50 == 2 {
                limit.failed(now - STEP, now)
            } else {
                limit.answered(now - STEP, now)
            }
            (fewest, sum) = (fewest.min(limit.allowed()), sum + limit.allowed());
        }
        assert!(fewest >= 10 && sum / 20_000 >= 12, "{fewest} {}", sum / 20_000);
    }

    #[derive(Debug, Clone)]
    enum Event {
        Answer(u64),
        Trouble(u64),
    }

    fn events() -> impl Strategy<Value = Vec<Event>> {
        let event = prop_oneof![(0u64..5_000).prop_map(Event::Answer), (0u64..5_000).prop_map(Event::Trouble)];
        prop::collection::vec(event, 0..300)
    }

    proptest! {
        #[test]
        fn it_stays_between_one_and_the_maximum_and_recovers(most in 0u32..64, events in events()) {
            let mut now = Instant::now() + Duration::from_secs(10);
            let mut limit = Limit::new(most);
            for event in events {
                now += Duration::from_millis(7);
                let before = limit.now;
                match event {
                    Event::Answer(took) => limit.answered(now - Duration::from_millis(took), now),
                    Event::Trouble(took) => {
                        limit.failed(now - Duration::from_millis(took), now);
                        prop_assert!(limit.now <= before);
                    }
                }
                prop_assert!((1..=most.max(1)).contains(&limit.allowed()), "{}", limit.allowed());
            }
            for _ in 0..10_000 {
                now += STEP;
                limit.answered(now - STEP, now);
            }
            prop_assert_eq!(limit.allowed(), most.max(1));
        }
    }
}
