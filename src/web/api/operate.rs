//! What those who run it start or decide through the API, as on the page: a job, what is asked again, an answer that is
//! held.

use super::answer::{self, Answer, JSON, Rows};
use super::body;
use super::call::Call;
use super::describe::{Gives, Operation, Sends, count, instant, list, maybe, object, one_of, text};
use super::once::{self, Asked};
use super::problem::{Kind as Refusal, Problem};
use crate::app::AppError;
use crate::app::held;
use crate::domain::evidence::{Kind, Reason};
use crate::export::rows;
use crate::store::{Decision, KeptAnswer};
use crate::web::Site;
use crate::web::access::by;
use crate::web::operate::{self, BY_HAND, Done, Once, Seen};
use axum::extract::{Request, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

pub(super) const HELD: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations/held",
    id: "get_held",
    what: (
        "Jawaban BKN yang ditahan dan menunggu keputusan, dengan apa yang sudah diputuskan.",
        "Answers of BKN that are held and wait for somebody, with what was decided.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Held"),
    refuses: &[],
};

pub(super) const DECIDE: Operation = Operation {
    method: "POST",
    path: "/api/v1/operations/held",
    id: "decide_held",
    what: (
        "Terima atau tolak jawaban yang ditahan. Yang diterima ditarik ulang.",
        "Accept or refuse an answer that is held. What is accepted is pulled again.",
    ),
    query: &[],
    sends: Some(Sends {
        kind: JSON,
        schema: "HeldDecision",
        if_match: false,
        what: ("Jawaban mana, seperti di daftarnya, dan keputusannya.", "Which answer, as in the list, and the decision."),
    }),
    gives: Gives::Json("Outcome"),
    refuses: &[409, 413, 415, 422],
};

pub(super) const AGAIN: Operation = Operation {
    method: "POST",
    path: "/api/v1/operations/quarantine/retries",
    id: "retry_quarantine",
    what: ("Tanyakan lagi yang disisihkan karena satu sebab.", "Ask again what was set aside for a reason."),
    query: &[],
    sends: Some(Sends {
        kind: JSON,
        schema: "Retry",
        if_match: false,
        what: ("Jenis dan sebab, seperti di daftarnya.", "Kind and reason, as in the list."),
    }),
    gives: Gives::Json("Outcome"),
    refuses: &[409, 413, 415, 422],
};

pub(super) const RUN: Operation = Operation {
    method: "POST",
    path: "/api/v1/operations/jobs/{job}/runs",
    id: "run_job",
    what: (
        "Jalankan satu pekerjaan sekarang; kemajuannya di jadwal dan daftar tarikan.",
        "Start a job now; the schedule and the list of pulls tell how far it is.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Outcome"),
    refuses: &[409, 413, 422],
};

pub(super) fn jobs() -> Vec<&'static str> {
    BY_HAND.map(|job| job.key()).into()
}

#[derive(Serialize)]
struct HeldPart {
    kind: &'static str,
    part: String,
    held_at: String,
    reason: &'static str,
    /// How many rows are gone or cannot be read; `None`: it cannot be accepted.
    count: Option<u64>,
    sample: Option<String>,
    decision: Option<&'static str>,
    decided_by: Option<String>,
    decided_at: Option<String>,
}

const DECISIONS: [(&str, Decision); 2] = [("accept", Decision::Accepted), ("refuse", Decision::Refused)];

fn key(decision: Decision) -> &'static str {
    DECISIONS.into_iter().find(|(_, known)| *known == decision).map_or("", |(key, _)| key)
}

pub(super) async fn waiting(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&HELD)?;
    let (store, now) = (&site.app.store, site.app.clock.now());
    let decisions = store.held_decisions(now - held::LOOK_BACK).await.map_err(|error| call.failed(error))?;
    let waiting = held::waiting(store, now).await.map_err(|error| call.failed(error))?;
    let row = |answer: &crate::store::Quarantined| {
        let decided = held::decided(answer, &decisions);
        HeldPart {
            kind: answer.kind.key(),
            part: answer.part.clone(),
            held_at: rows::instant(answer.at),
            reason: answer.reason.key(),
            count: held::countable(answer),
            sample: answer.detail.split_once(crate::sync::SAMPLE).map(|(_, sample)| sample.to_owned()),
            decision: decided.map(|known| key(known.decision)),
            decided_by: decided.map(|known| known.account.clone()),
            decided_at: decided.map(|known| rows::instant(known.at)),
        }
    };
    answer::whole(&call, &Rows { rows: waiting.iter().map(row).collect() })
}

/// What became of it, by key.
const OUTCOMES: [(&str, Done); 7] = [
    ("started", Done::Started),
    ("busy", Done::Busy),
    ("nothing", Done::Nothing),
    ("accepted", Done::Accepted),
    ("accepted_for_later", Done::AcceptedForLater),
    ("refused", Done::Refused),
    ("decided", Done::Decided),
];

#[derive(Serialize)]
struct Outcome {
    outcome: &'static str,
}

fn told(call: &Call, done: Result<Done, AppError>) -> Result<KeptAnswer, Problem> {
    let done = done.map_err(|error| call.failed(error))?;
    let outcome = OUTCOMES.into_iter().find(|(_, known)| *known == done).map_or("busy", |(key, _)| key);
    answer::done(call, &Outcome { outcome })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    kind: String,
    part: String,
    held_at: DateTime<Utc>,
    decision: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Retry {
    kind: String,
    reason: String,
}

fn unknown(call: &Call, what: &str) -> Problem {
    let what: String = what.chars().take(40).collect();
    let detail = call.lang.pick(format!("'{what}' tidak dikenal; lihat /api"), format!("'{what}' is not known; see /api"));
    Problem::new(Refusal::Body, call.lang, detail)
}

pub(super) async fn decide(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&DECIDE)?;
    let (asked, Decide { kind, part, held_at, decision }) = body::json::<Decide>(&call, request).await?;
    let kind = Kind::from_key(&kind).ok_or_else(|| unknown(&call, &kind))?;
    let known = DECISIONS.into_iter().find(|(key, _)| *key == decision);
    let (_, decision) = known.ok_or_else(|| unknown(&call, &decision))?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let seen = Seen { kind, part: &part, held_at: held_at.timestamp_micros() };
        let done = operate::decide(&worked_on, &by(&call.viewer, &call.pass), &seen, decision).await;
        match done.map_err(|error| call.failed(error))? {
            Some(done) => told(&call, Ok(done)),
            None => {
                let detail = call.lang.pick(
                    "Jawaban ini tidak terbaca oleh versi ini, jadi tidak dapat diterima. Tolak, atau tunggu versi yang memahaminya.",
                    "This answer cannot be read by this version, so it cannot be accepted. Refuse it, or wait for a version that understands it.",
                );
                Err(Problem::new(Refusal::Body, call.lang, detail))
            }
        }
    })
    .await
}

pub(super) async fn again(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&AGAIN)?;
    let (asked, Retry { kind, reason }) = body::json::<Retry>(&call, request).await?;
    let kind = Kind::from_key(&kind).ok_or_else(|| unknown(&call, &kind))?;
    let reason = Reason::from_key(&reason).ok_or_else(|| unknown(&call, &reason))?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        told(&call, operate::ask_again(&worked_on, &by(&call.viewer, &call.pass), Once::Key, kind, reason).await)
    })
    .await
}

pub(super) async fn run(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&RUN)?;
    let wanted = call.part("job")?.to_owned();
    let job = BY_HAND.into_iter().find(|job| job.key() == wanted).ok_or_else(|| call.nothing())?;
    let (key, bytes) = body::bytes(&call, request).await?;
    let asked = Asked::new(&call, key, &bytes)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move { told(&call, operate::run_now(&worked_on, &by(&call.viewer, &call.pass), Once::Key, job).await) })
        .await
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let kinds = || one_of(Kind::ALL.map(|(key, _)| key));
    let reasons = || one_of(Reason::ALL.map(|(key, _)| key));
    let decisions = || one_of(DECISIONS.map(|(key, _)| key));
    let held = object([
        ("kind", kinds()),
        ("part", text()),
        ("held_at", instant()),
        ("reason", reasons()),
        ("count", maybe(count())),
        ("sample", maybe(text())),
        ("decision", maybe(decisions())),
        ("decided_by", maybe(text())),
        ("decided_at", maybe(instant())),
    ]);
    vec![
        ("Held", object([("rows", list(held))])),
        ("HeldDecision", object([("kind", kinds()), ("part", text()), ("held_at", instant()), ("decision", decisions())])),
        ("Retry", object([("kind", kinds()), ("reason", reasons())])),
        ("Outcome", object([("outcome", one_of(OUTCOMES.map(|(key, _)| key)))])),
    ]
}
