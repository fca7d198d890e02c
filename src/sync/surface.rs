//! One surface of a run: claim, ask, commit. A slot is held from the question until its answer is committed, so a kill
//! costs at most `max_in_flight` repeated requests.

use super::plan::question;
use super::run::{Pull, Stopped};
use super::settlement::{bulk_batch, held, settlement};
use crate::domain::evidence::Reason;
use crate::domain::nip::Nip;
use crate::ekinerja::{Action, Answer, Fault, Outcome as Heard, PaceSettings, Question, Report, Siasn, Surface};
use crate::store::{ClaimedItem, Outcome, RunHandle, Settlement, StoreError};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::Id;
use tokio::task::JoinError;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// A client of one surface.
#[derive(Clone)]
pub enum Client {
    /// The report API.
    Report(Arc<Report>),
    /// SIASN.
    Siasn(Arc<Siasn>),
}

impl Client {
    /// Which surface it asks.
    pub fn surface(&self) -> Surface {
        match self {
            Self::Report(_) => Surface::Report,
            Self::Siasn(_) => Surface::Siasn,
        }
    }

    async fn ask(&self, question: Question, deadline: DateTime<Utc>, span: Span) -> Answer {
        let answer = match self {
            Self::Report(client) => client.ask(&question, deadline).instrument(span.clone()).await,
            Self::Siasn(client) => client.ask(&question, deadline).instrument(span.clone()).await,
        };
        if let Heard::Fault(fault) = &answer.outcome {
            span.record("error", fault.reason.key());
            span.in_scope(|| tracing::debug!(requests = answer.requests, "no usable answer"));
        }
        answer
    }
}

/// How a surface came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurfaceEnd {
    /// All its items are settled.
    Settled,
    /// Its time was up, or the process was told to leave.
    Left,
    /// It stopped for good in this run.
    Stopped(Stopped),
}

/// How often to look whether the process has to leave, and whether another one has given back its items.
const POLL: Duration = Duration::from_millis(250);

/// Items claimed at once, as a multiple of the slots: a claim costs a commit, a lost process holds them for a lease.
const CLAIM_AHEAD: usize = 4;

/// The state of one surface while its items are worked.
pub struct Worker<'a> {
    pull: &'a Pull,
    run: &'a RunHandle,
    client: Client,
    pace: PaceSettings,
    deadline: DateTime<Utc>,
    queue: VecDeque<ClaimedItem>,
    held: Vec<ClaimedItem>,
    asking: JoinSet<Answer>,
    asked: HashMap<Id, ClaimedItem>,
    failed_in_a_row: u32,
    stopped: Option<Stopped>,
    /// Whether a wait would have outlasted the run: what is still held at the end is left to the next one.
    overdue: bool,
    leaving_since: Option<Instant>,
    renewed: Instant,
    told: Instant,
}

impl<'a> Worker<'a> {
    /// A worker that has claimed nothing yet.
    pub fn new(pull: &'a Pull, run: &'a RunHandle, client: Client, pace: PaceSettings, deadline: DateTime<Utc>) -> Self {
        Self {
            pull,
            run,
            client,
            pace,
            deadline,
            queue: VecDeque::new(),
            held: Vec::new(),
            asking: JoinSet::new(),
            asked: HashMap::new(),
            failed_in_a_row: 0,
            stopped: None,
            overdue: false,
            leaving_since: None,
            renewed: Instant::now(),
            told: Instant::now(),
        }
    }

    /// Works until everything of the surface is settled, the time is up, or it has to stop.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn work(mut self) -> Result<SurfaceEnd, StoreError> {
        loop {
            let leaving = self.must_leave();
            if !leaving && self.stopped.is_none() {
                self.fill().await?;
            }
            if self.asking.is_empty() {
                if let Some(end) = self.at_rest(leaving || self.overdue).await? {
                    return Ok(end);
                }
                tokio::time::sleep(POLL).await;
                continue;
            }
            self.end_waits(leaving);
            let mut answers = Vec::new();
            tokio::select! {
                answer = self.asking.join_next_with_id() => answers.extend(answer),
                () = tokio::time::sleep(POLL) => {}
            }
            // whatever else has arrived meanwhile goes into the same commit
            while let Some(answer) = self.asking.try_join_next_with_id() {
                answers.push(answer);
            }
            let answers = answers.into_iter().filter_map(|ended| self.answered(ended)).collect();
            self.commit(answers).await?;
            self.renew().await?;
        }
    }

    /// Whoever leaves waits for answers under way as long as one may take, but not for a pause that BKN has asked for.
    fn end_waits(&mut self, leaving: bool) {
        if leaving && self.leaving_since.get_or_insert_with(Instant::now).elapsed() >= self.pace.request_timeout {
            self.asking.abort_all();
        }
    }

    /// The item of a question that has ended, with its answer. One that was given up stays held until the surface is
    /// at rest, one that was lost to a bug fails: it must neither end the run nor be waited for.
    fn answered(&mut self, ended: Result<(Id, Answer), JoinError>) -> Option<(ClaimedItem, Answer)> {
        match ended {
            Ok((id, answer)) => Some((self.asked.remove(&id)?, answer)),
            Err(lost) => {
                let item = self.asked.remove(&lost.id())?;
                let fault = Fault::new(Reason::Malformed, Action::GiveUp, "the answer could not be read: this is a bug, please report it");
                let (outcome, source, received_at) = (Heard::Fault(fault), self.client.surface().key().to_owned(), self.pull.clock.now());
                let answer = Answer { outcome, raw: None, requests: 0, drift: Vec::new(), source, received_at };
                lost.is_panic().then_some((item, answer))
            }
        }
    }

    fn must_leave(&self) -> bool {
        (self.pull.stop)() || self.pull.clock.now() >= self.deadline
    }

    /// Nothing is in flight: what follows? `None`: wait for items that another process holds.
    async fn at_rest(&mut self, leaving: bool) -> Result<Option<SurfaceEnd>, StoreError> {
        let store = &self.pull.store;
        let surface = self.client.surface();
        if let Some(stopped) = self.stopped.take() {
            store.release(&self.held).await?;
            store.skip_rest(self.run, surface.key(), Some(stopped.reason)).await?;
            return Ok(Some(SurfaceEnd::Stopped(stopped)));
        }
        if leaving {
            store.release(&self.held).await?;
            let unsettled = store.unsettled(self.run, Some(surface.key())).await?.unsettled();
            return Ok(Some(if unsettled == 0 { SurfaceEnd::Settled } else { SurfaceEnd::Left }));
        }
        let unsettled = store.unsettled(self.run, Some(surface.key())).await?.unsettled();
        Ok((unsettled == 0).then_some(SurfaceEnd::Settled))
    }

    /// Claims items and asks until all slots are taken.
    async fn fill(&mut self) -> Result<(), StoreError> {
        let slots = self.pace.max_in_flight.max(1) as usize;
        while self.asking.len() < slots {
            if self.queue.is_empty() {
                let surface = self.client.surface();
                let claimed =
                    self.pull.store.claim(self.run, surface.key(), slots * CLAIM_AHEAD, self.pace.lease, &self.pull.owner).await?;
                self.renewed = Instant::now();
                self.held.extend(claimed.iter().cloned());
                self.queue.extend(claimed);
            }
            let Some(item) = self.queue.pop_front() else { return Ok(()) };
            let part_time = item.nip.is_some_and(|nip| self.pull.part_time.contains(&nip));
            let Some(question) = question(item.kind, item.span, item.nip, part_time) else {
                self.settle(vec![Settlement {
                    item,
                    outcome: Outcome::Skipped(None),
                    raw: None,
                    source: String::new(),
                    at: self.pull.clock.now(),
                    drift: Vec::new(),
                }])
                .await?;
                continue;
            };
            let (client, deadline) = (self.client.clone(), self.deadline);
            let (number, attempt, kind) = (item.number(), item.attempts, item.kind.key());
            let span = tracing::info_span!("item", item = number, kind, surface = %client.surface(), attempt, error = Empty);
            let task = self.asking.spawn(async move { client.ask(question, deadline, span).await });
            self.asked.insert(task.id(), item);
        }
        Ok(())
    }

    /// Answers and the progress that they make are one commit.
    async fn commit(&mut self, answers: Vec<(ClaimedItem, Answer)>) -> Result<(), StoreError> {
        if answers.is_empty() {
            return Ok(());
        }
        let requests = answers.iter().map(|(_, answer)| u64::from(answer.requests)).sum();
        let mut single = Vec::new();
        for (item, answer) in answers {
            self.heed(&answer);
            if is_overdue(&answer) {
                self.overdue = true;
                continue;
            }
            let answer = if item.nip.is_none() { held(self.pull, &item, answer) } else { answer };
            match (item.nip, &answer.outcome) {
                (None, Heard::Rows { .. } | Heard::DeclaredAbsent) => self.commit_bulk(&item, answer).await?,
                _ => single.push(settlement(item, answer)),
            }
        }
        self.settle(single).await?;
        self.pull.store.add_requests(self.run, requests).await?;
        self.pull.report_progress(self.run, &mut self.told).await
    }

    async fn commit_bulk(&mut self, item: &ClaimedItem, answer: Answer) -> Result<(), StoreError> {
        let (batch, drift) = bulk_batch(self.pull, self.run, item, answer);
        self.pull.set_aside.fetch_add(batch.set_aside.len() as u64, Ordering::Relaxed);
        self.pull.store.settle_bulk(self.run, item, batch, &drift).await?;
        self.forget(std::slice::from_ref(item));
        Ok(())
    }

    async fn settle(&mut self, settlements: Vec<Settlement>) -> Result<(), StoreError> {
        if settlements.is_empty() {
            return Ok(());
        }
        let items: Vec<ClaimedItem> = settlements.iter().map(|settlement| settlement.item.clone()).collect();
        self.pull.store.settle(self.run, settlements).await?;
        self.forget(&items);
        Ok(())
    }

    fn forget(&mut self, items: &[ClaimedItem]) {
        self.held.retain(|held| !items.contains(held));
    }

    /// What an answer means for the surface as a whole: a refused token stops it at once, too many failures in a row
    /// give it up for this run.
    fn heed(&mut self, answer: &Answer) {
        let Heard::Fault(fault) = &answer.outcome else {
            self.failed_in_a_row = 0;
            return;
        };
        if is_overdue(answer) || self.stopped.is_some() {
            return;
        }
        let stopped = |key| Stopped { surface: self.client.surface(), reason: fault.reason, key, sentence: fault.detail.clone() };
        if let Some(key) = fault.stops_surface() {
            self.stopped = Some(stopped(Some(key)));
        } else if !fault.is_quarantine() {
            self.failed_in_a_row += 1;
            if self.failed_in_a_row >= self.pace.give_up_after.max(1) {
                self.stopped = Some(stopped(None));
            }
        }
    }

    async fn renew(&mut self) -> Result<(), StoreError> {
        if self.renewed.elapsed() >= self.pace.lease / 3 && !self.held.is_empty() {
            self.pull.store.renew(&self.held, self.pace.lease).await?;
            self.renewed = Instant::now();
        }
        Ok(())
    }
}

/// Not asked to the end, because the run's time was up: the next run asks.
fn is_overdue(answer: &Answer) -> bool {
    matches!(&answer.outcome, Heard::Fault(fault) if fault.reason == Reason::Deadline)
}

/// People who are asked for under the path of part-time PPPK.
pub type PartTime = std::collections::HashSet<Nip>;
