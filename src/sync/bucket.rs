//! One bucket per surface for all processes on one store (contract §5): a process books small stretches of the store's
//! schedule and hands them out. What it had booked and did not use when it ended is lost, at most [`BATCH`] of it.

use crate::clock::SharedClock;
use crate::ekinerja::Bucket;
use crate::ekinerja::Taking;
use crate::store::Booked;
use crate::store::Store;
use crate::store::StoreError;
use chrono::DateTime;
use chrono::Utc;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use tokio::time::Instant;

/// Tokens are booked for at most so long.
const BATCH: Duration = Duration::from_millis(200);
/// What the store said is believed so long: a pause of another process is seen within 250 ms.
const BELIEVED: Duration = Duration::from_millis(150);
/// A token that is not used so soon after its place in the schedule is lost: saved up, tokens would leave in a heap.
const LATE: Duration = Duration::from_millis(5);
/// Shorter waits are not slept: the timer is no finer.
const TIMER_GRAIN: Duration = Duration::from_millis(1);
/// Processes whose stretches may stand before ours; a schedule that is further ahead is not honest.
const PROCESSES: u32 = 64;
/// While the store fails, a request leaves no oftener than this.
const STORE_RETRY: Duration = Duration::from_millis(250);
/// Slower than one request a day is no rate.
const SLOWEST: Duration = Duration::from_secs(86_400);

/// The bucket of a surface, shared by all processes on a store.
pub struct StoreBucket {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    surface: String,
    interval: Duration,
    burst: u32,
    /// Held while the store is asked: one booking at a time, and everybody who waits gets something of it.
    desk: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

struct State {
    /// A time of the store, and when it was that.
    anchor: (DateTime<Utc>, Instant),
    /// What is booked and not handed out: from when and until when a request may leave, in order.
    tokens: VecDeque<(Instant, Instant)>,
    /// Rises with every pause: tokens of before are void.
    pauses: u64,
    paused_until: Instant,
    /// When the store was heard last.
    heard: Option<Instant>,
    /// Who waits for a token.
    waiting: u32,
    /// Tokens handed out since the last booking.
    used: u32,
}

/// A right to send a request at a moment.
struct Token {
    at: Instant,
    pauses: u64,
}

impl StoreBucket {
    /// The bucket of `surface` on this store. The wall clock is read once: from then on only time that passes counts.
    pub fn new(store: Store, clock: &SharedClock, surface: &str, requests_per_second: f64, burst: u32) -> Self {
        let interval = Duration::try_from_secs_f64(1.0 / requests_per_second).unwrap_or(SLOWEST).min(SLOWEST);
        let now = Instant::now();
        let state =
            State { anchor: (clock.now(), now), tokens: VecDeque::new(), pauses: 0, paused_until: now, heard: None, waiting: 0, used: 0 };
        let surface = surface.to_owned();
        let shared =
            Shared { store, surface, interval, burst: burst.max(1), desk: tokio::sync::Mutex::default(), state: Mutex::new(state) };
        Self { shared: Arc::new(shared) }
    }
}

impl Bucket for StoreBucket {
    fn take(&self) -> Taking<'_> {
        Box::pin(async move {
            loop {
                let token = self.shared.token().await;
                if token.at - Instant::now().min(token.at) >= TIMER_GRAIN {
                    tokio::time::sleep_until(token.at).await;
                }
                if self.shared.may_leave(&token).await {
                    return;
                }
            }
        })
    }

    fn pause(&self, wait: Duration) {
        let now = self.shared.state().pause(Instant::now() + wait);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            match shared.store.pause_pace(&shared.surface, now, wait).await {
                Ok(booked) => shared.state().hear(&booked, None),
                Err(error) => tracing::warn!(surface = shared.surface, %error, "other processes could not be told of a pause"),
            }
        });
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next token, booking more when none is left.
    async fn token(&self) -> Token {
        let _waiting = Waiting::enter(&self.state);
        loop {
            if let Some(token) = self.state().take() {
                return token;
            }
            let _desk = self.desk.lock().await;
            if let Some(token) = self.state().take() {
                return token;
            }
            if let Err(error) = self.book().await {
                // One, slowly: its answer cannot be kept either, and that ends the run with the store's own words, which are
                // enough where the disk is full.
                match error {
                    StoreError::DiskFull => tracing::debug!(surface = self.surface, %error, "the pace could not be booked in the store"),
                    error => tracing::warn!(surface = self.surface, %error, "the pace could not be booked in the store"),
                }
                let at = Instant::now() + self.interval.max(STORE_RETRY);
                self.state().tokens.push_back((at, at));
            }
        }
    }

    /// Books as many tokens as will be used within [`BATCH`]: what is waited for, and what the last ones were used for.
    async fn book(&self) -> crate::store::Result<()> {
        let most = (BATCH.as_nanos() / self.interval.as_nanos().max(1)).clamp(1, 100_000);
        let (count, now, asked) = {
            let state = self.state();
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            ((state.waiting + state.used).clamp(1, most), state.now(), Instant::now())
        };
        let longest = BATCH.max(self.interval) * PROCESSES;
        let booked = self.store.book_pace(&self.surface, now, self.interval * count, longest).await?;
        let mut state = self.state();
        state.hear(&booked, Some(asked));
        state.used = 0;
        let slack = self.interval * (self.burst - 1);
        let (first, arrived) = (state.moment(booked.start), Instant::now());
        let earliest = asked.max(state.paused_until);
        for place in 0..count {
            let at = first + self.interval * place;
            // The first one is good however long the store took: a slow store slows down, it does not stop.
            let until = if place == 0 { at.max(arrived) } else { at } + LATE;
            state.tokens.push_back((at.checked_sub(slack).unwrap_or(earliest).max(earliest), until));
        }
        Ok(())
    }

    /// Whether the token is still good at its moment: nobody has paused the surface meanwhile. During a pause this
    /// waits for its end, and then the answer is no: who has waited queues up again, instead of leaving in a heap.
    async fn may_leave(&self, token: &Token) -> bool {
        if self.state().is_unheard() {
            let _desk = self.desk.lock().await;
            if self.state().is_unheard() {
                let (now, asked) = (self.state().now(), Instant::now());
                match self.store.look_at_pace(&self.surface, now).await {
                    Ok(booked) => self.state().hear(&booked, Some(asked)),
                    Err(error) => tracing::warn!(surface = self.surface, %error, "the pace could not be read in the store"),
                }
            }
        }
        let (pauses, paused_until) = {
            let state = self.state();
            (state.pauses, state.paused_until)
        };
        if paused_until > Instant::now() {
            tokio::time::sleep_until(paused_until).await;
            return false;
        }
        pauses == token.pauses
    }
}

impl State {
    /// Now, by the clock of the store.
    fn now(&self) -> DateTime<Utc> {
        self.anchor.0 + self.anchor.1.elapsed()
    }

    /// The moment of a time of the store.
    fn moment(&self, at: DateTime<Utc>) -> Instant {
        let (then, moment) = self.anchor;
        match (at - then).to_std() {
            Ok(later) => moment + later,
            Err(_) => (then - at).to_std().ok().and_then(|earlier| moment.checked_sub(earlier)).unwrap_or(moment),
        }
    }

    fn take(&mut self) -> Option<Token> {
        let now = Instant::now();
        while let Some((at, until)) = self.tokens.pop_front() {
            if now <= until {
                self.used = self.used.saturating_add(1);
                return Some(Token { at, pauses: self.pauses });
            }
        }
        None
    }

    /// Nobody here leaves before `until`; gives the time at which that was said.
    fn pause(&mut self, until: Instant) -> DateTime<Utc> {
        if until > self.paused_until {
            self.paused_until = until;
            self.pauses += 1;
            self.tokens.clear();
        }
        self.now()
    }

    /// Takes over what the store says: the time, which never goes back, and the pause. `asked`: since when it is known
    /// to be so.
    fn hear(&mut self, booked: &Booked, asked: Option<Instant>) {
        let now = Instant::now();
        if let Some(asked) = asked {
            self.heard = Some(asked);
            let by_ours = self.moment(booked.now);
            if by_ours > asked {
                // Somebody's clock is ahead of ours.
                self.anchor = (booked.now, asked);
            }
        }
        let until = self.moment(booked.paused_until);
        // A pause that both know is not one more: the clocks agree to a few milliseconds only.
        if until > now && until > self.paused_until + LATE {
            self.pause(until);
        }
    }

    fn is_unheard(&self) -> bool {
        self.heard.is_none_or(|heard| heard.elapsed() >= BELIEVED)
    }
}

/// Counts somebody as waiting for as long as it lives.
struct Waiting<'a>(&'a Mutex<State>);

impl<'a> Waiting<'a> {
    fn enter(state: &'a Mutex<State>) -> Self {
        state.lock().unwrap_or_else(PoisonError::into_inner).waiting += 1;
        Self(state)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting -= 1;
    }
}
