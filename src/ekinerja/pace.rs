//! How fast a surface is asked: its bucket, an adaptive limit on requests under way, and a breaker for one that fails.
//! It knows no HTTP.

use super::breaker::Breaker;
use super::breaker::Gate;
use super::breaker::Turn;
use super::bucket::Bucket;
use super::bucket::LocalBucket;
use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::limit::Limit;
use super::settings::PaceSettings;
use crate::domain::evidence::Reason;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Fewer failures in a row than these open no breaker.
const FEWEST_FAILURES: u32 = 5;

/// The pace of one surface: who may send a request now.
pub(crate) struct Pace {
    surface: Surface,
    bucket: Arc<dyn Bucket>,
    state: Mutex<State>,
    /// Somebody may enter who could not before.
    moved: Notify,
}

struct State {
    under_way: u32,
    limit: Limit,
    breaker: Breaker,
    /// What failed last.
    last: Option<Fault>,
}

/// How this process finds a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// `closed`, `open`, `probing` or `gone`.
    pub breaker: &'static str,
    /// How much longer nobody here asks.
    pub rests_for: Option<Duration>,
    /// Requests that may be under way at once.
    pub in_flight: u32,
}

/// Why nobody enters.
#[derive(Debug)]
pub(crate) enum Shut {
    /// The time is up, or would be before the surface may be asked again.
    Late,
    /// The surface was looked for often enough; with what failed last.
    Gone(Fault),
}

/// What a request told about the surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is well, whatever it said to the question.
    Well,
    /// It asks for less (429, 303001).
    Less,
    /// It failed, or was not there.
    Failed(Fault),
}

impl Pace {
    pub(crate) fn new(surface: Surface, settings: &PaceSettings) -> Self {
        // As many as may fail at once, twice: one bad moment alone leaves nobody waiting.
        let open_after = settings.max_in_flight.saturating_mul(2).max(FEWEST_FAILURES);
        let state = State {
            under_way: 0,
            limit: Limit::new(settings.max_in_flight),
            breaker: Breaker::new(open_after, settings.breaker_open, settings.attempts),
            last: None,
        };
        Self {
            surface,
            bucket: Arc::new(LocalBucket::new(settings.requests_per_second, settings.burst)),
            state: Mutex::new(state),
            moved: Notify::new(),
        }
    }

    pub(crate) fn share(&mut self, bucket: Arc<dyn Bucket>) {
        self.bucket = bucket;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat and a token. The seat is held as long as the request is under way, never during a wait between attempts.
    pub(crate) async fn enter(&self, until: Instant) -> Result<Seat<'_>, Shut> {
        tokio::time::timeout_at(until, self.entered(until)).await.unwrap_or(Err(Shut::Late))
    }

    async fn entered(&self, until: Instant) -> Result<Seat<'_>, Shut> {
        loop {
            let mut seat = self.seat(until).await?;
            self.bucket.take().await;
            // Meanwhile the surface may have become one that nobody asks.
            if seat.probe || self.state().breaker.gate(Instant::now()) == Gate::Go {
                seat.left = Instant::now();
                return Ok(seat);
            }
        }
    }

    /// Waits for a place among those under way, and for the breaker.
    async fn seat(&self, until: Instant) -> Result<Seat<'_>, Shut> {
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            // Before looking: what moves after the look must not be missed.
            moved.as_mut().enable();
            match self.sit()? {
                Ok(seat) => return Ok(seat),
                Err(Some(rest)) if rest >= until => return Err(Shut::Late),
                Err(Some(rest)) => tokio::time::sleep_until(rest).await,
                Err(None) => moved.await,
            }
        }
    }

    /// A seat, or until when nobody gets one; `None`: until something moves.
    fn sit(&self) -> Result<Result<Seat<'_>, Option<Instant>>, Shut> {
        let mut state = self.state();
        let now = Instant::now();
        if state.under_way >= state.limit.allowed() {
            return Ok(Err(None));
        }
        let probe = match state.breaker.gate(now) {
            Gate::Go => false,
            Gate::Probe => true,
            Gate::Rest(rest) => return Ok(Err(Some(rest))),
            Gate::Probing => return Ok(Err(None)),
            Gate::Gone => return Err(Shut::Gone(gone(self.surface, state.last.as_ref()))),
        };
        state.under_way += 1;
        Ok(Ok(Seat { pace: self, probe, left: now, seated: true }))
    }

    /// How the surface is found.
    pub(crate) fn seen(&self) -> Seen {
        let state = self.state();
        let (breaker, rests_for) = state.breaker.seen(Instant::now());
        Seen { breaker, rests_for, in_flight: state.limit.allowed() }
    }

    pub(crate) fn pause(&self, wait: Duration) {
        self.bucket.pause(wait);
    }
}

/// The fault of whoever is not let in any more.
fn gone(surface: Surface, last: Option<&Fault>) -> Fault {
    let reason = last.map_or(Reason::Connection, |fault| fault.reason);
    let said = last.map_or("it did not answer", |fault| fault.detail.as_str());
    Fault::new(reason, Action::GiveUp, format!("{surface} was given up after failing again and again: {said}"))
}

/// A place among the requests under way; dropping it gives it back.
pub(crate) struct Seat<'a> {
    pace: &'a Pace,
    probe: bool,
    left: Instant,
    seated: bool,
}

impl Seat<'_> {
    /// The request is over; what it told is not known yet.
    pub(crate) fn free(&mut self) {
        if std::mem::take(&mut self.seated) {
            self.pace.state().under_way -= 1;
            self.pace.moved.notify_one();
        }
    }

    /// Notes what the request told, `ended` being the moment at which its answer was there.
    pub(crate) fn tell(mut self, told: Told, ended: Instant) {
        let (pace, probe) = (self.pace, std::mem::take(&mut self.probe));
        let (turn, before, after) = {
            let mut state = pace.state();
            let before = state.limit.allowed();
            let turn = match told {
                Told::Well => {
                    state.limit.answered(self.left, ended);
                    state.breaker.answered(probe)
                }
                Told::Less => {
                    state.limit.refused(self.left, ended);
                    state.breaker.answered(probe)
                }
                Told::Failed(fault) => {
                    state.limit.failed(self.left, ended);
                    let unreached = matches!(fault.reason, Reason::Connection | Reason::Timeout);
                    state.last = Some(fault);
                    state.breaker.failed(probe, unreached, ended)
                }
            };
            (turn, before, state.limit.allowed())
        };
        self.free();
        if turn != Turn::None || after > before {
            pace.moved.notify_waiters();
        }
        log(pace.surface, turn, before, after);
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.free();
        if self.probe {
            self.pace.state().breaker.probe_lost();
            self.pace.moved.notify_waiters();
        }
    }
}

/// The run's log.
fn log(surface: Surface, turn: Turn, before: u32, after: u32) {
    match turn {
        Turn::Opened => tracing::warn!(%surface, "the surface failed too often in a row: it is left alone for a while"),
        Turn::Closed => tracing::info!(%surface, "the surface answers again"),
        Turn::GaveUp => tracing::warn!(%surface, "the surface is given up: it failed whenever it was looked for"),
        Turn::None => {}
    }
    match after {
        after if after < before => tracing::info!(%surface, in_flight = after, "fewer requests at once: the surface struggles"),
        after if after > before => tracing::debug!(%surface, in_flight = after, "more requests at once"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(change: impl FnOnce(&mut PaceSettings)) -> Pace {
        let mut settings = PaceSettings { requests_per_second: 1_000.0, burst: 1_000, ..PaceSettings::siasn() };
        change(&mut settings);
        Pace::new(Surface::Siasn, &settings)
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(20)
    }

    fn down() -> Told {
        Told::Failed(Fault::new(Reason::ServerError, Action::Retry, "siasn failed with 503"))
    }

    #[tokio::test(start_paused = true)]
    async fn no_seat_before_the_deadline_is_no_entry() {
        let pace = pace(|settings| settings.max_in_flight = 1);
        let seat = pace.enter(soon()).await;
        assert!(seat.is_ok());
        assert!(matches!(pace.enter(soon()).await, Err(Shut::Late)));
        drop(seat);
        assert!(pace.enter(soon()).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn trouble_makes_fewer_seats_and_answers_bring_them_back() {
        let pace = pace(|settings| settings.max_in_flight = 8);
        let mut seats = Vec::new();
        for _ in 0..8 {
            seats.push(pace.enter(soon()).await.unwrap());
        }
        seats.drain(..).for_each(|seat| seat.tell(Told::Less, Instant::now()));
        for _ in 0..4 {
            seats.push(pace.enter(soon()).await.unwrap());
        }
        assert!(pace.enter(soon()).await.is_err(), "half of them");
        tokio::time::advance(Duration::from_millis(30)).await;
        seats.drain(..).for_each(|seat| seat.tell(Told::Well, Instant::now()));
        for _ in 0..40 {
            pace.enter(soon()).await.unwrap().tell(Told::Well, Instant::now());
        }
        for _ in 0..8 {
            seats.push(pace.enter(soon()).await.unwrap());
        }
        assert!(pace.enter(soon()).await.is_err());
    }

    /// The breaker rests, one looks while the others wait, and its answer lets them all in.
    #[tokio::test(start_paused = true)]
    async fn one_looks_while_the_others_wait() {
        let pace = Arc::new(pace(|settings| settings.max_in_flight = 4));
        let far = Instant::now() + Duration::from_secs(600);
        for _ in 0..8 {
            pace.enter(far).await.unwrap().tell(down(), Instant::now());
        }
        assert!(matches!(pace.enter(Instant::now() + Duration::from_secs(59)).await, Err(Shut::Late)), "waits count");
        let start = Instant::now();
        let waiting: Vec<_> = (0..6)
            .map(|_| {
                let pace = Arc::clone(&pace);
                tokio::spawn(async move {
                    let seat = pace.enter(far).await.unwrap();
                    let (entered, probe) = (start.elapsed(), seat.probe);
                    tokio::time::sleep(Duration::from_secs(5)).await;
                    seat.tell(Told::Well, Instant::now());
                    (entered, probe)
                })
            })
            .collect();
        let mut entered = Vec::new();
        for one in waiting {
            entered.push(one.await.unwrap());
        }
        entered.sort();
        assert!(entered[0].1 && entered[1..].iter().all(|(_, probe)| !probe), "{entered:?}");
        assert!(entered[0].0 >= Duration::from_secs(60), "{entered:?}");
        assert!(entered[1..].iter().all(|(at, _)| *at >= Duration::from_secs(65)), "{entered:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_surface_that_stays_away_is_given_up() {
        let pace = pace(|settings| (settings.max_in_flight, settings.attempts) = (1, 3));
        let (start, far) = (Instant::now(), Instant::now() + Duration::from_secs(3_600));
        let fault = loop {
            match pace.enter(far).await {
                Ok(seat) => seat.tell(down(), Instant::now()),
                Err(Shut::Gone(fault)) => break fault,
                Err(Shut::Late) => panic!("late"),
            }
        };
        assert_eq!((fault.reason, fault.action), (Reason::ServerError, Action::GiveUp));
        let took = start.elapsed();
        assert!((Duration::from_secs(180)..Duration::from_secs(190)).contains(&took), "three looks: {took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_that_is_dropped_leaves_the_look_to_another() {
        let pace = pace(|settings| settings.max_in_flight = 1);
        let far = Instant::now() + Duration::from_secs(600);
        for _ in 0..5 {
            pace.enter(far).await.unwrap().tell(down(), Instant::now());
        }
        let seat = pace.enter(far).await.unwrap();
        assert!(seat.probe);
        drop(seat);
        assert!(pace.enter(soon()).await.unwrap().probe);
    }
}
