//! What operations watch besides pulls: what was set aside, the schedule, the sources, pace, and what to do.

use super::answer::{self, Answer, Rows};
use super::call::Call;
use super::describe::{Gives, Operation, count, instant, list, maybe, object, one_of, said, text};
use crate::app::{backup, doctor, inbox};
use crate::config::Said;
use crate::domain::text::Lang;
use crate::ekinerja::Surface;
use crate::export::rows;
use crate::schedule::Job;
use crate::store::{SlotRecord, SlotState, TokenUse};
use crate::web::Site;
use axum::extract::State;
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Slots of each job, refused files and copies that are told.
const FEW: u32 = 15;
/// So far back set-aside answers are counted.
const DAYS: i64 = 31;

pub(super) const STATE: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations",
    id: "get_operations",
    what: (
        "Keadaan sistem: pemeriksaan, laju bertanya ke BKN, berkas yang ditolak, cadangan.",
        "The state of the system: checks, pace towards BKN, refused files, backups.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Operations"),
    refuses: &[],
};

pub(super) const QUARANTINE: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations/quarantine",
    id: "get_quarantine",
    what: (
        "Jawaban yang disisihkan dalam 31 hari terakhir, menurut jenis dan alasan.",
        "What was set aside in the last 31 days, by kind and reason.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Quarantine"),
    refuses: &[],
};

pub(super) const SLOTS: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations/slots",
    id: "get_slots",
    what: ("Jadwal: setiap pekerjaan dengan giliran terakhirnya.", "The schedule: each job with its last slots."),
    query: &[],
    sends: None,
    gives: Gives::Json("Slots"),
    refuses: &[],
};

pub(super) const SOURCES: Operation = Operation {
    method: "GET",
    path: "/api/v1/operations/sources",
    id: "get_sources",
    what: ("Kapan setiap jenis data terakhir diterima dan dipastikan.", "When each kind of data was last received and confirmed."),
    query: &[],
    sends: None,
    gives: Gives::Json("Sources"),
    refuses: &[],
};

#[derive(Serialize)]
struct Both {
    id: String,
    en: String,
}

impl Both {
    fn of(said: &Said) -> Self {
        Self { id: said.in_lang(Lang::Id).to_owned(), en: said.in_lang(Lang::En).to_owned() }
    }
}

#[derive(Serialize)]
struct StatePart {
    checks: Vec<Check>,
    pace: Vec<Pace>,
    tokens: Vec<Token>,
    refused: Vec<Refused>,
    backups: Vec<String>,
}

#[derive(Serialize)]
struct Check {
    check: &'static str,
    level: &'static str,
    found: Both,
    action: Option<Both>,
}

#[derive(Serialize)]
struct Pace {
    surface: &'static str,
    requests_per_second: f64,
    attempts: u32,
    paused_until: Option<String>,
    /// `None`: never asked.
    breaker: Option<Breaker>,
}

/// A breaker as the process says whose it is.
#[derive(Serialize)]
struct Breaker {
    state: String,
    host: String,
    pid: u32,
    in_flight: u32,
    rest_until: Option<String>,
    seen_at: String,
}

#[derive(Serialize)]
struct Token {
    token: String,
    fingerprint: String,
    since: String,
    expires_at: Option<String>,
    refused_at: Option<String>,
}

#[derive(Serialize)]
struct Refused {
    file: String,
    since: String,
}

pub(super) async fn state(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&STATE)?;
    let app = &site.app;
    let lines = doctor::look(app).await.map_err(|error| call.failed(error))?;
    let checks = lines.iter().map(|line| Check {
        check: line.check,
        level: line.level.key(),
        found: Both::of(&line.found),
        action: line.action.as_ref().map(Both::of),
    });
    let breakers = app.store.breakers().await.map_err(|error| call.failed(error))?;
    let mut pace = Vec::new();
    for (key, surface) in Surface::ALL {
        let set = match surface {
            Surface::Report => app.config.ekinerja.report_pace(),
            Surface::Siasn => app.config.ekinerja.siasn_pace(),
        };
        let booked = app.store.look_at_pace(key, app.clock.now()).await.map_err(|error| call.failed(error))?;
        pace.push(Pace {
            surface: key,
            requests_per_second: set.requests_per_second,
            attempts: set.attempts,
            paused_until: (booked.paused_until > booked.now).then(|| rows::instant(booked.paused_until)),
            breaker: breakers.iter().find(|seen| seen.surface == key).map(|seen| Breaker {
                state: seen.state.clone(),
                host: seen.host.clone(),
                pid: seen.pid,
                in_flight: seen.in_flight,
                rest_until: seen.rest_until.map(rows::instant),
                seen_at: rows::instant(seen.seen_at),
            }),
        });
    }
    let tokens = app.store.token_uses().await.map_err(|error| call.failed(error))?;
    let token = |token: TokenUse| Token {
        token: token.key,
        fingerprint: token.fingerprint,
        since: rows::instant(token.since),
        expires_at: token.expires_at.map(rows::instant),
        refused_at: token.refused_at.map(rows::instant),
    };
    let refused = inbox::refused(app, FEW as usize).map_err(|error| call.failed(error))?;
    let copies = backup::copies(&app.config.backup.dir).map_err(|error| call.failed(error))?;
    let name = |path: &std::path::PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let state = StatePart {
        checks: checks.collect(),
        pace,
        tokens: tokens.into_iter().map(token).collect(),
        refused: refused.into_iter().map(|refusal| Refused { file: refusal.name, since: rows::instant(refusal.at) }).collect(),
        backups: copies.iter().rev().take(FEW as usize).map(name).collect(),
    };
    answer::whole(&call, &state)
}

#[derive(Serialize)]
struct Aside {
    kind: &'static str,
    reason: &'static str,
    count: u64,
    newest: String,
}

pub(super) async fn quarantine(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&QUARANTINE)?;
    let since = site.app.clock.now() - TimeDelta::days(DAYS);
    let aside = site.app.store.set_aside_since(since).await.map_err(|error| call.failed(error))?;
    let row = |row: &crate::store::SetAsideCount| Aside {
        kind: row.kind.key(),
        reason: row.reason.key(),
        count: row.count,
        newest: rows::instant(row.newest),
    };
    answer::whole(&call, &Rows { rows: aside.iter().map(row).collect() })
}

#[derive(Serialize)]
struct JobPart {
    job: &'static str,
    /// `None`: not scheduled.
    schedule: Option<String>,
    slots: Vec<SlotPart>,
}

#[derive(Serialize)]
struct SlotPart {
    slot: String,
    state: &'static str,
    attempts: u64,
    missed: u64,
    reason: Option<String>,
    started_at: String,
    ended_at: Option<String>,
}

impl From<SlotRecord> for SlotPart {
    fn from(slot: SlotRecord) -> Self {
        Self {
            slot: rows::instant(slot.slot),
            state: slot.state.key(),
            attempts: slot.attempts,
            missed: slot.missed,
            reason: slot.reason,
            started_at: rows::instant(slot.started_at),
            ended_at: slot.ended_at.map(rows::instant),
        }
    }
}

pub(super) async fn slots(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&SLOTS)?;
    let mut jobs = Vec::new();
    for job in Job::ALL {
        let slots = site.app.store.slots(job.key(), FEW).await.map_err(|error| call.failed(error))?;
        let schedule = job.line(&site.app.config.schedule).line().map(str::to_owned);
        jobs.push(JobPart { job: job.key(), schedule, slots: slots.into_iter().map(SlotPart::from).collect() });
    }
    answer::whole(&call, &Rows { rows: jobs })
}

#[derive(Serialize)]
struct SourcePart {
    kind: &'static str,
    received_at: String,
    confirmed_at: Option<String>,
}

pub(super) async fn sources(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&SOURCES)?;
    let store = &site.app.store;
    let received = store.received().await.map_err(|error| call.failed(error))?;
    let confirmed = store.last_confirmed(site.app.clock.now()).await.map_err(|error| call.failed(error))?;
    let row = |(kind, at): (&crate::domain::Kind, &chrono::DateTime<chrono::Utc>)| SourcePart {
        kind: kind.key(),
        received_at: rows::instant(*at),
        confirmed_at: confirmed.get(kind).copied().map(rows::instant),
    };
    answer::whole(&call, &Rows { rows: received.iter().map(row).collect() })
}

fn state_schema() -> Value {
    let level = one_of([doctor::Level::Ok, doctor::Level::Warn, doctor::Level::Fail].map(doctor::Level::key));
    let check = object([("check", text()), ("level", level), ("found", said()), ("action", maybe(said()))]);
    let breaker = object([
        ("state", text()),
        ("host", text()),
        ("pid", count()),
        ("in_flight", count()),
        ("rest_until", maybe(instant())),
        ("seen_at", instant()),
    ]);
    let pace = object([
        ("surface", one_of(Surface::ALL.map(|(key, _)| key))),
        ("requests_per_second", json!({"type": "number"})),
        ("attempts", count()),
        ("paused_until", maybe(instant())),
        ("breaker", maybe(breaker)),
    ]);
    let token = object([
        ("token", text()),
        ("fingerprint", text()),
        ("since", instant()),
        ("expires_at", maybe(instant())),
        ("refused_at", maybe(instant())),
    ]);
    let refused = object([("file", text()), ("since", instant())]);
    object([("checks", list(check)), ("pace", list(pace)), ("tokens", list(token)), ("refused", list(refused)), ("backups", list(text()))])
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let slot = object([
        ("slot", instant()),
        ("state", one_of(SlotState::ALL.map(|(key, _)| key))),
        ("attempts", count()),
        ("missed", count()),
        ("reason", maybe(text())),
        ("started_at", instant()),
        ("ended_at", maybe(instant())),
    ]);
    let job = object([("job", one_of(Job::ALL.map(Job::key))), ("schedule", maybe(text())), ("slots", list(slot))]);
    let source = object([("kind", text()), ("received_at", instant()), ("confirmed_at", maybe(instant()))]);
    let aside = object([("kind", text()), ("reason", text()), ("count", count()), ("newest", instant())]);
    vec![
        ("Operations", state_schema()),
        ("Quarantine", object([("rows", list(aside))])),
        ("Slots", object([("rows", list(job))])),
        ("Sources", object([("rows", list(source))])),
    ]
}
