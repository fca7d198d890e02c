//! One surface at work: a question goes out with its tokens at the surface's pace, and is repeated as the faults demand,
//! until an answer can be opened or nothing helps. It knows no kinds of evidence.

use super::auth::Badge;
use super::auth::Credentials;
use super::auth::Minted;
use super::bucket::Bucket;
use super::envelope::Envelope;
use super::envelope::open;
use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::http::Received;
use super::http::Wire;
use super::pace::Pace;
use super::pace::Seen;
use super::pace::Shut;
use super::pace::Told;
use super::retry::Next;
use super::retry::Tries;
use super::settings::PaceSettings;
use super::settings::SettingsError;
use crate::clock::SharedClock;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use reqwest::Url;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;
use tracing::field::Empty;

/// Bodies above this size (in bytes) are read beside the async workers, so that progress, leases and signals go on.
pub(crate) const LARGE: usize = 256 << 10;

/// A surface: its address, wire, tokens and pace.
pub(crate) struct Line {
    surface: Surface,
    base: Url,
    wire: Wire,
    credentials: Credentials,
    pace: Pace,
    settings: PaceSettings,
    clock: SharedClock,
}

/// How a question ended on the wire.
pub(crate) struct Heard {
    pub(crate) content: Content,
    /// The last body that arrived.
    pub(crate) received: Option<Received>,
    /// Requests sent.
    pub(crate) requests: u32,
}

/// An opened answer, or why there is none.
pub(crate) enum Content {
    /// Where `data` stands in the body.
    Data(Range<usize>),
    /// There is nothing.
    Absent,
    /// No usable answer.
    Fault(Fault),
}

/// The first part of the configuration keys of a surface's pace.
fn check(surface: Surface, pace: &PaceSettings) -> Result<(), SettingsError> {
    let keys = match surface {
        Surface::Report => {
            ["ekinerja.report.pace.requests_per_second", "ekinerja.report.pace.max_in_flight", "ekinerja.report.pace.attempts"]
        }
        Surface::Siasn => ["ekinerja.siasn.pace.requests_per_second", "ekinerja.siasn.pace.max_in_flight", "ekinerja.siasn.pace.attempts"],
    };
    let positive = [pace.requests_per_second.is_finite() && pace.requests_per_second > 0.0, pace.max_in_flight > 0, pace.attempts > 0];
    match positive.iter().position(|positive| !positive) {
        Some(wrong) => Err(SettingsError::NotPositive { key: keys[wrong] }),
        None => Ok(()),
    }
}

impl Line {
    pub(crate) fn new(
        surface: Surface,
        base: Url,
        wire: Wire,
        credentials: Credentials,
        settings: PaceSettings,
        clock: SharedClock,
    ) -> Result<Self, SettingsError> {
        check(surface, &settings)?;
        Ok(Self { surface, base, wire, credentials, pace: Pace::new(surface, &settings), settings, clock })
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn share(&mut self, bucket: Arc<dyn Bucket>) {
        self.pace.share(bucket);
    }

    pub(crate) fn seen(&self) -> Seen {
        self.pace.seen()
    }

    pub(crate) fn minted(&self) -> Vec<Minted> {
        self.credentials.minted()
    }

    /// Tokens only, no question: what a check of the configuration needs.
    pub(crate) async fn knock(&self) -> Result<(), Fault> {
        self.credentials.badge(&self.wire).await.map(|_| ())
    }

    /// The deadline on the monotonic clock, at most a month ahead.
    pub(crate) fn until(&self, deadline: DateTime<Utc>) -> Instant {
        let left = (deadline - self.clock.now()).to_std().unwrap_or_default();
        Instant::now() + left.min(Duration::from_secs(31 * 86_400))
    }

    /// GETs an address of this surface. Everything that can be helped is helped here; what comes back is final. `path`
    /// is what the address may be called by: no NIP stands in it.
    pub(crate) async fn ask(&self, url: &Url, path: &str, until: Instant) -> Heard {
        let mut tries = Tries::new(&self.settings);
        let mut heard = Heard { content: Content::Absent, received: None, requests: 0 };
        loop {
            let mut badge = None;
            let fault = match self.attempt(url, path, until, &mut badge, &mut heard).await {
                Ok(content) => {
                    heard.content = content;
                    return heard;
                }
                Err(fault) => fault,
            };
            if let Some(settled) = self.follow(tries.next(fault.clone()), fault, badge.as_ref(), until).await {
                heard.content = Content::Fault(settled);
                return heard;
            }
        }
    }

    /// One attempt: tokens, a seat and a rate token, the request, the envelope.
    async fn attempt(&self, url: &Url, path: &str, until: Instant, badge: &mut Option<Badge>, heard: &mut Heard) -> Result<Content, Fault> {
        let late = || Fault::new(Reason::Deadline, Action::GiveUp, "the run's time was up before BKN had answered");
        if Instant::now() >= until {
            return Err(late());
        }
        // Minted before the seat is taken: token endpoints spend nothing of the surface's pace.
        tokio::time::timeout_at(until, self.credentials.badge(&self.wire)).await.map_err(|_| late())??;
        let mut seat = self.pace.enter(until).await.map_err(|shut| match shut {
            Shut::Late => late(),
            Shut::Gone(fault) => fault,
        })?;
        let minting = tokio::time::timeout_at(until, self.credentials.badge(&self.wire));
        let shown = badge.insert(minting.await.map_err(|_| late())??);
        heard.requests += 1;
        let asking = seen(self.surface, path, self.wire.get(url.clone(), shown.headers.clone()));
        let received = tokio::time::timeout_at(until, asking).await.map_err(|_| late())?;
        let ended = Instant::now();
        let received = match received {
            Ok(received) => received,
            Err(fault) => {
                seat.tell(unheard(&fault), ended);
                return Err(fault);
            }
        };
        seat.free();
        let (received, envelope) = self.open(received).await?;
        seat.tell(told(received.status, &envelope), ended);
        heard.received = Some(received);
        match envelope {
            Envelope::Present(range) => Ok(Content::Data(range)),
            Envelope::DeclaredAbsent => Ok(Content::Absent),
            Envelope::Fault(fault) => Err(fault),
        }
    }

    async fn open(&self, received: Received) -> Result<(Received, Envelope), Fault> {
        let surface = self.surface;
        let large = received.body.len() > LARGE;
        beside(large, move || {
            let envelope = open(surface, &received);
            (received, envelope)
        })
        .await
    }

    /// Does what follows from a fault; the fault comes back when it is final.
    async fn follow(&self, next: Next, fault: Fault, badge: Option<&Badge>, until: Instant) -> Option<Fault> {
        match next {
            Next::Settle(fault) => Some(fault),
            Next::After(wait) if Instant::now() + wait >= until => Some(out_of_time(&fault)),
            Next::After(wait) => {
                tokio::time::sleep(wait).await;
                None
            }
            Next::Pause(wait) => {
                self.pace.pause(wait);
                (Instant::now() + wait >= until).then(|| out_of_time(&fault))
            }
            Next::RefreshGateway => (!badge.is_some_and(|badge| self.credentials.renew_gateway(badge))).then_some(fault),
            Next::RefreshSso if badge.is_some_and(|badge| self.credentials.renew_sso(badge)) => None,
            Next::RefreshSso => {
                let key = "ekinerja.siasn.sso_token";
                let detail = format!("{}: get a new one from BKN or the SIASN operator and put it into {key}", fault.detail);
                Some(Fault { action: Action::CallOperator(key), detail, ..fault })
            }
        }
    }
}

/// A request as the log and traces see it.
pub(crate) async fn seen(surface: Surface, path: &str, request: impl Future<Output = Result<Received, Fault>>) -> Result<Received, Fault> {
    let span = tracing::info_span!("request", %surface, path, status = Empty, bytes = Empty, error = Empty);
    let received = request.instrument(span.clone()).await;
    match &received {
        Ok(received) => {
            span.record("status", received.status).record("bytes", received.body.len());
        }
        Err(fault) => {
            span.record("error", fault.reason.key());
        }
    }
    received
}

/// What a request without a whole answer tells about the surface.
fn unheard(fault: &Fault) -> Told {
    if fault.action == Action::Retry { Told::Failed(fault.clone()) } else { Told::Well }
}

/// What an answer tells about the surface, whatever it says to the question.
fn told(status: u16, envelope: &Envelope) -> Told {
    match envelope {
        Envelope::Fault(fault) if fault.action == Action::Wait => Told::Less,
        Envelope::Fault(fault) if fault.action == Action::Retry || status >= 500 => Told::Failed(fault.clone()),
        _ => Told::Well,
    }
}

/// The wait that is due would outlast the run.
fn out_of_time(fault: &Fault) -> Fault {
    Fault::new(Reason::Deadline, Action::GiveUp, format!("the run's time was up while waiting: {}", fault.detail))
}

/// Runs work on a large body beside the async workers, on a small one right here.
pub(crate) async fn beside<T: Send + 'static>(large: bool, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    if !large {
        return Ok(work());
    }
    let lost = |_| Fault::new(Reason::Malformed, Action::GiveUp, "reading BKN's answer was interrupted");
    tokio::task::spawn_blocking(work).await.map_err(lost)
}
