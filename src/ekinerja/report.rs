//! What e-Kinerja's report API is asked: the period list, everybody's evaluations, everybody's SKP (facts
//! ekinerja-api §4.1). Period ids belong to each agency, so they are looked up, never assumed.

use super::answer::Answer;
use super::answer::Outcome;
use super::answer::Question;
use super::answer::RawBody;
use super::auth::Credentials;
use super::auth::Token;
use super::bucket::Bucket;
use super::bulk;
use super::bulk::Bulk;
use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::http::Received;
use super::http::Wire;
use super::http::address;
use super::http::below;
use super::line::Content;
use super::line::Heard;
use super::line::LARGE;
use super::line::Line;
use super::line::beside;
use super::pace::Seen;
use super::periods;
use super::periods::Periods;
use super::settings::ReportSettings;
use super::settings::SettingsError;
use super::wire::Drift;
use crate::clock::SharedClock;
use crate::domain::Cycle;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::evidence::Reason;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;
use std::ops::Range;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The client of the report API. One for the whole process: it holds the connections and the pace.
pub struct Report {
    line: Line,
    periods: Mutex<Option<Periods>>,
}

impl Report {
    /// A client with these settings.
    ///
    /// # Errors
    /// A missing or unusable value, named by its key.
    pub fn new(settings: ReportSettings, clock: SharedClock) -> Result<Self, SettingsError> {
        let base = address("ekinerja.report.base_url", &settings.base_url)?;
        let key = "ekinerja.report.token";
        if settings.token.is_empty() {
            return Err(SettingsError::Missing { key, hint: "sign in to e-Kinerja as the agency's admin and put the token there" });
        }
        let token = Token::fixed(key, "Bearer", &settings.token)?;
        let wire = Wire::new(&settings.pace, &[&base], clock.clone())?;
        let line = Line::new(Surface::Report, base, wire, Credentials::Report(token), settings.pace, clock)?;
        Ok(Self { line, periods: Mutex::new(None) })
    }

    /// How this process finds the surface.
    pub fn seen(&self) -> Seen {
        self.line.seen()
    }

    /// Lets several processes share one pace.
    pub fn with_bucket(mut self, bucket: Arc<dyn Bucket>) -> Self {
        self.line.share(bucket);
        self
    }

    /// Asks, and asks again as often as the settings allow; ends by `deadline`. Dropping the future is safe: nothing
    /// but the request under way is lost.
    pub async fn ask(&self, question: &Question, deadline: DateTime<Utc>) -> Answer {
        let until = self.line.until(deadline);
        match *question {
            Question::Evaluation { cycle, nip } => self.evaluation(cycle, nip, until).await,
            Question::Skp { year, nip } => self.skp(year, nip, until).await,
            Question::Person { kind, .. } => self.answer(Outcome::Fault(unasked(kind)), Vec::new(), None, 0, "report:".to_owned()),
        }
    }

    /// Reads the period list: whether address and token are right. For `doctor`.
    ///
    /// # Errors
    /// Why not.
    pub async fn probe(&self, deadline: DateTime<Utc>) -> Result<(), Fault> {
        let mut requests = 0;
        self.load_periods(self.line.until(deadline), &mut requests).await.map(|_| ()).map_err(|(fault, _)| fault)
    }

    async fn evaluation(&self, cycle: Cycle, nip: Option<Nip>, until: Instant) -> Answer {
        let mut requests = 0;
        let id = match self.period_id(cycle, until, &mut requests).await {
            Ok(id) => id,
            Err((fault, raw)) => {
                return self.answer(Outcome::Fault(fault), Vec::new(), raw, requests, "report:referensi/periode".to_owned());
            }
        };
        let year = cycle.first_month().year().to_string();
        let mut url = below(self.line.base(), ["api_kinerja", "laporan", "penilaian", &year, &id]);
        if let Some(nip) = nip {
            url.query_pairs_mut().append_pair("nip", nip.as_str());
        }
        let heard = self.line.ask(&url, "api_kinerja/laporan/penilaian/{year}/{period}", until).await;
        let source = format!("report:laporan/penilaian/{year}/{id}");
        self.bulk(heard, requests, source, Question::Evaluation { cycle, nip }).await
    }

    /// The list of SKP is known to come whole only, so one person is picked out of it.
    async fn skp(&self, year: i32, nip: Option<Nip>, until: Instant) -> Answer {
        let year_text = year.to_string();
        let url = below(self.line.base(), ["api_kinerja", "laporan", "skp", &year_text]);
        let heard = self.line.ask(&url, "api_kinerja/laporan/skp/{year}", until).await;
        self.bulk(heard, 0, format!("report:laporan/skp/{year}"), Question::Skp { year, nip }).await
    }

    async fn bulk(&self, heard: Heard, earlier_requests: u32, source: String, question: Question) -> Answer {
        let requests = heard.requests + earlier_requests;
        let (outcome, drift, raw) = match (heard.content, heard.received) {
            (Content::Data(range), Some(received)) => {
                let large = received.body.len() > LARGE;
                let read = move || {
                    let (outcome, drift) = rows(&question, data(&received, range));
                    (outcome, drift, RawBody::from(received))
                };
                match beside(large, read).await {
                    Ok((outcome, drift, raw)) => (outcome, drift, Some(raw)),
                    Err(fault) => (Outcome::Fault(fault), Vec::new(), None),
                }
            }
            (Content::Fault(fault), received) => (Outcome::Fault(fault), Vec::new(), received.map(RawBody::from)),
            (_, received) => (nothing(&question), Vec::new(), received.map(RawBody::from)),
        };
        self.answer(outcome, drift, raw, requests, source)
    }

    fn answer(&self, outcome: Outcome, drift: Vec<Drift>, raw: Option<RawBody>, requests: u32, source: String) -> Answer {
        Answer { outcome, raw, requests, drift, source, received_at: self.line.now() }
    }

    /// The id of the cycle's period, from the list that is held; a cycle that is not in it is looked up once more,
    /// because agencies open periods as they go.
    async fn period_id(&self, cycle: Cycle, until: Instant, requests: &mut u32) -> Result<String, (Fault, Option<RawBody>)> {
        let mut held = self.periods.lock().await;
        if let Some(Ok(id)) = held.as_ref().filter(|held| held.is_fresh(self.line.now())).map(|held| held.id_of(cycle)) {
            return Ok(id);
        }
        let (periods, raw) = self.load_periods(until, requests).await?;
        let id = periods.id_of(cycle).map_err(|fault| (fault, raw));
        *held = Some(periods);
        id
    }

    async fn load_periods(&self, until: Instant, requests: &mut u32) -> Result<(Periods, Option<RawBody>), (Fault, Option<RawBody>)> {
        let url = below(self.line.base(), ["api_kinerja", "referensi", "periode"]);
        let heard = self.line.ask(&url, "api_kinerja/referensi/periode", until).await;
        *requests += heard.requests;
        let raw = heard.received.clone().map(RawBody::from);
        let periods = match (heard.content, heard.received) {
            (Content::Fault(fault), _) => Err(fault),
            (Content::Data(range), Some(received)) => periods::read(data(&received, range), self.line.now()),
            _ => Ok(Periods::none(self.line.now())),
        };
        match periods {
            Ok(periods) => Ok((periods, raw)),
            Err(fault) => Err((fault, raw)),
        }
    }
}

/// The part of a body in which `data` stands; it has been checked to be UTF-8.
pub(crate) fn data(received: &Received, range: Range<usize>) -> &str {
    received.body.get(range).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// An empty answer: declared for the one person asked about, or for everybody.
pub(crate) fn nothing(question: &Question) -> Outcome {
    match question.nip() {
        Some(_) => Outcome::DeclaredAbsent,
        None => Outcome::Rows { statements: Vec::new(), quarantined: Vec::new() },
    }
}

/// What `data` of an answer to one of this surface's questions says.
pub(crate) fn rows(question: &Question, json: &str) -> (Outcome, Vec<Drift>) {
    let (read, drift) = match *question {
        Question::Skp { year, .. } => bulk::skps(json, Span::Year(year)),
        Question::Evaluation { cycle, nip } => {
            let (read, drift) = bulk::evaluations(json, cycle.span());
            (read.and_then(|bulk| nip.map_or(Ok(()), |nip| names_only(&bulk, nip)).map(|()| bulk)), drift)
        }
        Question::Person { kind, .. } => (Err(unasked(kind)), Vec::new()),
    };
    let outcome = match (read, question.nip()) {
        (Err(fault), _) => Outcome::Fault(fault),
        (Ok(bulk), None) => Outcome::Rows { statements: bulk.statements, quarantined: bulk.quarantined },
        (Ok(bulk), Some(nip)) => one_person(bulk, nip),
    };
    (outcome, drift)
}

fn unasked(kind: Kind) -> Fault {
    Fault::new(Reason::Malformed, Action::GiveUp, format!("{kind} is asked from SIASN, not from the report API"))
}

/// An answer about one person must not be one about somebody else.
fn names_only(bulk: &Bulk, nip: Nip) -> Result<(), Fault> {
    if bulk.statements.is_empty() || bulk.statements.iter().any(|statement| statement.nip == nip) {
        return Ok(());
    }
    Err(Fault::quarantine(Reason::OtherNip, "the report API answered about another NIP"))
}

/// Keeps one person of a list that may speak of more.
fn one_person(bulk: Bulk, nip: Nip) -> Outcome {
    let statements: Vec<_> = bulk.statements.into_iter().filter(|statement| statement.nip == nip).collect();
    let quarantined: Vec<_> = bulk.quarantined.into_iter().filter(|row| row.nip == Some(nip)).collect();
    if statements.is_empty() && quarantined.is_empty() { Outcome::DeclaredAbsent } else { Outcome::Rows { statements, quarantined } }
}
