//! Ended spans on their way to a collector: a bounded queue, batches, one post at a time. Whoever ends a span never
//! waits: when the queue is full the span is lost, and counted.

use super::otlp;
use super::spans::Finished;
use crate::config::{HttpUrl, Lang, Secret};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;

/// Spans that wait at most: half a minute of a quick pull, and about four megabytes.
const ROOM: usize = 8_192;
/// Spans of one post.
const BATCH: usize = 512;
/// How long a span waits for others.
const GATHER: Duration = Duration::from_secs(1);
/// No answer of a collector is larger.
const LARGEST: usize = 64 << 10;
/// How long the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Waits between posts that fail, doubled from the first to the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long spans may end after the work: the database's own thread holds on to the one in which it was asked last.
const STRAGGLERS: Duration = Duration::from_millis(50);
/// How long the last spans may take to leave.
const LEAVE: Duration = Duration::from_secs(2);

static COLLECTED: AtomicBool = AtomicBool::new(false);
static SENT: AtomicU64 = AtomicU64::new(0);
static LOST: AtomicU64 = AtomicU64::new(0);

/// Spans that were taken and that were lost.
pub(super) fn counts() -> Option<(u64, u64)> {
    COLLECTED.load(Ordering::Relaxed).then(|| (SENT.load(Ordering::Relaxed), LOST.load(Ordering::Relaxed)))
}

/// Where ended spans go.
pub(super) struct Outbox(mpsc::Sender<Finished>);

impl Outbox {
    /// An outbox with the queue that it fills.
    pub(super) fn new() -> (Self, mpsc::Receiver<Finished>) {
        let (outbox, queue) = mpsc::channel(ROOM);
        (Self(outbox), queue)
    }

    /// Takes a span, or loses it.
    pub(super) fn put(&self, span: Finished) {
        if self.0.try_send(span).is_err() {
            LOST.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A sender that has not begun.
pub(super) struct Prepared(Sender);

/// A sender at work.
pub(super) struct Sending {
    leave: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// A way to the collector; nothing is sent yet.
///
/// # Errors
/// What is wrong with the headers, in one sentence.
pub(super) fn prepare(url: &HttpUrl, headers: &BTreeMap<String, Secret>) -> Result<(Outbox, Prepared), String> {
    let client = client(url)?;
    let headers = read(headers)?;
    let (outbox, queue) = Outbox::new();
    let url = format!("{}/v1/traces", url.as_str());
    let instance = Uuid::new_v4().to_string();
    let sender = Sender { client, url, headers, instance, queue, batch: Vec::new(), wait: FIRST_WAIT, is_down: false, is_choosy: false };
    Ok((outbox, Prepared(sender)))
}

/// Certificates are always verified, redirects never followed: a token stays with the host it is for.
#[allow(clippy::disallowed_methods, reason = "a client without BKN's pace; every limit is set here")]
fn client(url: &HttpUrl) -> Result<reqwest::Client, String> {
    // Fails only when somebody installed a provider before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("selaras/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(PATIENCE)
        .timeout(PATIENCE);
    if url.as_str().starts_with("http://") {
        // This machine only: no proxy is asked, and no certificate is trusted, so none need be read from the system.
        builder = builder.no_proxy().tls_certs_only([]);
    }
    builder.build().map_err(|_| "log.otlp: no TLS client can be set up".to_owned())
}

fn read(headers: &BTreeMap<String, Secret>) -> Result<HeaderMap, String> {
    let mut read = HeaderMap::with_capacity(headers.len() + 1);
    read.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, secret) in headers {
        let key = format!("log.otlp_headers.{name}");
        let value = secret.resolve(&key).map_err(|error| error.sentence(Lang::En))?;
        let unsendable = || format!("{key}: no header can hold this");
        let mut value = HeaderValue::from_str(value.reveal()).map_err(|_| unsendable())?;
        value.set_sensitive(true);
        read.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?, value);
    }
    Ok(read)
}

impl Prepared {
    /// Begins to send.
    pub(super) fn start(self) -> Sending {
        COLLECTED.store(true, Ordering::Relaxed);
        let (leave, asked) = oneshot::channel();
        Sending { leave, task: tokio::spawn(self.0.work(asked)) }
    }
}

impl Sending {
    /// Sends what is there, for two seconds at most.
    pub(super) async fn leave(mut self) {
        tokio::time::sleep(STRAGGLERS).await;
        let _ = self.leave.send(());
        if tokio::time::timeout(LEAVE, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

/// How many spans an answer says that it did not take (`partialSuccess`). Its own words may hold anything and are left out;
/// an answer that cannot be read rejects none.
async fn rejected(mut answer: reqwest::Response) -> u64 {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        if body.len() + chunk.len() > LARGEST {
            return 0;
        }
        body.extend_from_slice(&chunk);
    }
    otlp::rejected(&body)
}

struct Sender {
    client: reqwest::Client,
    url: String,
    headers: HeaderMap,
    instance: String,
    queue: mpsc::Receiver<Finished>,
    batch: Vec<Finished>,
    wait: Duration,
    is_down: bool,
    /// That it takes some and rejects others has been said.
    is_choosy: bool,
}

/// How a post ended.
enum Posted {
    /// All but so many.
    Taken(u64),
    /// Not now; the same may be taken later.
    Later(String),
    /// Never.
    Refused(String),
}

impl Sender {
    async fn work(mut self, mut asked_to_leave: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                _ = &mut asked_to_leave => return self.last().await,
                open = self.gather() => if !open { return self.last().await },
            }
            // A post is not broken off: whoever leaves gives it the time that is left.
            if !self.deliver().await {
                tokio::select! {
                    _ = &mut asked_to_leave => return self.last().await,
                    () = tokio::time::sleep(self.wait) => self.wait = (self.wait * 2).min(LONGEST_WAIT),
                }
            }
        }
    }

    /// Waits for a batch, or for what has come a while after the first; `false`: nobody is left who could end a span.
    /// What was not taken stays in the batch.
    async fn gather(&mut self) -> bool {
        let mut until = (!self.batch.is_empty()).then(Instant::now);
        while self.batch.len() < BATCH {
            let room = BATCH - self.batch.len();
            let due = tokio::time::sleep_until(until.unwrap_or_else(Instant::now));
            tokio::select! {
                biased;
                more = self.queue.recv_many(&mut self.batch, room) => match more {
                    0 => return false,
                    _ => _ = until.get_or_insert(Instant::now() + GATHER),
                },
                () = due, if until.is_some() => return true,
            }
        }
        true
    }

    /// Posts the batch; `false`: it is to be tried again.
    async fn deliver(&mut self) -> bool {
        let count = self.batch.len() as u64;
        match self.post().await {
            Posted::Taken(rejected) => {
                let rejected = rejected.min(count);
                SENT.fetch_add(count - rejected, Ordering::Relaxed);
                LOST.fetch_add(rejected, Ordering::Relaxed);
                if rejected > 0 && !std::mem::replace(&mut self.is_choosy, true) {
                    tracing::warn!(rejected, of = count, "the collector of traces rejects some spans: they are lost, and nothing else");
                }
                if std::mem::take(&mut self.is_down) {
                    tracing::info!(lost = LOST.load(Ordering::Relaxed), "the collector of traces takes spans again");
                }
                self.wait = FIRST_WAIT;
            }
            Posted::Refused(why) => {
                LOST.fetch_add(count, Ordering::Relaxed);
                self.say(&why);
            }
            Posted::Later(why) => {
                self.say(&why);
                return false;
            }
        }
        self.batch.clear();
        true
    }

    /// Said once, until it is over.
    fn say(&mut self, why: &str) {
        if !std::mem::replace(&mut self.is_down, true) {
            tracing::warn!(why, "the collector of traces takes no spans: they are lost, and nothing else");
        }
    }

    /// Everything that is there, each batch tried once.
    async fn last(mut self) {
        loop {
            while self.batch.len() < BATCH
                && let Ok(span) = self.queue.try_recv()
            {
                self.batch.push(span);
            }
            if self.batch.is_empty() || !self.deliver().await {
                return;
            }
        }
    }

    async fn post(&self) -> Posted {
        let body = otlp::body(&self.batch, &self.instance);
        // An error's own text holds the address; what is wrong is said without.
        match self.client.post(&self.url).headers(self.headers.clone()).body(body).send().await {
            Ok(answer) if answer.status().is_success() => Posted::Taken(rejected(answer).await),
            Ok(answer) => {
                let status = answer.status().as_u16();
                let why = format!("log.otlp answers {status}");
                if matches!(status, 429 | 502 | 503 | 504) { Posted::Later(why) } else { Posted::Refused(why) }
            }
            Err(error) if error.is_timeout() => Posted::Later("log.otlp does not answer in time".to_owned()),
            Err(_) => Posted::Later("no connection to log.otlp".to_owned()),
        }
    }
}
