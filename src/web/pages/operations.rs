//! `/sinkronisasi`: pulls, pace, what was set aside and what waits for somebody, schedule, inbox, backups, and what to do.

use super::html;
use super::trouble::Trouble;
use crate::app::doctor::{self, Level, Line};
use crate::app::{AppError, backup, inbox};
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::ekinerja::Surface;
use crate::export::words;
use crate::schedule::Job;
use crate::store::{RunLine as Pull, RunReport, SlotState};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{age, count, when};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// Rows of each list.
const ROWS: u32 = 15;
/// So far back set-aside answers are counted.
const DAYS: i64 = 31;

#[derive(Template)]
#[template(path = "operations.html")]
struct Page {
    layout: Layout,
    now: String,
    well: bool,
    todo: Vec<Todo>,
    pulls: Vec<PullRow>,
    latest: Option<Latest>,
    received: Vec<(&'static str, String, String)>,
    pace: Vec<PaceRow>,
    aside: Vec<(&'static str, &'static str, String, String)>,
    jobs: Vec<JobRow>,
    refused: Vec<(String, String)>,
    backups: Vec<String>,
}

/// One line of the doctor.
struct Todo {
    level: &'static str,
    tone: &'static str,
    found: String,
    action: Option<String>,
}

struct PullRow {
    began: String,
    lasted: String,
    period: String,
    surfaces: String,
    state: &'static str,
    tone: &'static str,
    requests: String,
}

/// The newest pull in detail.
struct Latest {
    id: String,
    period: String,
    states: Vec<(&'static str, String)>,
    /// Per mille of the questions that are settled.
    percent: u64,
    reasons: Vec<(String, &'static str, &'static str, String)>,
    drift: Vec<(&'static str, String, String)>,
    held: Vec<(&'static str, String)>,
}

struct PaceRow {
    surface: &'static str,
    rate: String,
    attempts: String,
    state: String,
}

struct JobRow {
    name: &'static str,
    line: String,
    last: String,
    state: &'static str,
    tone: &'static str,
    reason: String,
}

/// In which words and zone things are said.
#[derive(Clone, Copy)]
struct Voice {
    lang: Lang,
    zone: Tz,
    now: DateTime<Utc>,
}

impl Voice {
    fn when(self, at: DateTime<Utc>) -> String {
        when(at, self.zone, self.lang)
    }

    fn ago(self, at: DateTime<Utc>) -> String {
        age(at, self.now, self.lang)
    }
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    let lang = ask.lang;
    if !ask.viewer.may(Right::SeeOperations) {
        return Trouble::closed(lang).at(ask.period).show(&site, lang);
    }
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(error) => Trouble::of(&error, lang).at(ask.period).show(&site, lang),
    }
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, AppError> {
    let app = &site.app;
    let voice = Voice { lang: ask.lang, zone: app.config.schedule.timezone.get(), now: app.clock.now() };
    let lang = ask.lang;
    let links = ask.links(ask.period, site);
    let lines = doctor::look(app).await?;
    let pulls = app.store.last_runs(ROWS).await?;
    let latest = match app.store.latest_run(None).await? {
        Some(run) => Some(latest(&app.store.run_report(&run).await?, lang)),
        None => None,
    };
    let received = app.store.received().await?;
    let aside = app.store.set_aside_since(voice.now - TimeDelta::days(DAYS)).await?;
    let refused = inbox::refused(app, ROWS as usize)?;
    let copies = backup::copies(&app.config.backup.dir)?;
    let title = lang.pick("Sinkronisasi", "Sync").to_owned();
    Ok(Page {
        layout: Layout {
            title,
            room: Room::Operations,
            links,
            other: links.other_lang().to("/sinkronisasi", &[]),
            viewer: Some(ask.viewer.clone()),
        },
        now: voice.when(voice.now),
        well: lines.iter().all(|line| line.level == Level::Ok),
        todo: lines.iter().filter(|line| line.level != Level::Ok).map(|line| todo(line, lang)).collect(),
        pulls: pulls.iter().map(|pull| pull_row(pull, voice)).collect(),
        latest,
        received: received.iter().map(|(kind, at)| (words::kind(*kind, lang), voice.when(*at), voice.ago(*at))).collect(),
        pace: pace(site, voice).await?,
        aside: aside
            .iter()
            .map(|row| (words::kind(row.kind, lang), words::reason(row.reason, lang), count(row.count, lang), voice.when(row.newest)))
            .collect(),
        jobs: jobs(site, voice).await?,
        refused: refused.into_iter().map(|(name, at)| (name, voice.when(at))).collect(),
        backups: copies
            .iter()
            .rev()
            .take(ROWS as usize)
            .map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
            .collect(),
    })
}

fn todo(line: &Line, lang: Lang) -> Todo {
    let (level, tone) = match line.level {
        Level::Ok => (lang.pick("baik", "well"), "tag-green"),
        Level::Warn => (lang.pick("perhatian", "attention"), "tag-amber"),
        Level::Fail => (lang.pick("gagal", "failed"), "tag-red"),
    };
    let action = line.action.as_ref().map(|action| action.in_lang(lang).to_owned());
    Todo { level, tone, found: line.found.in_lang(lang).to_owned(), action }
}

fn pull_row(pull: &Pull, voice: Voice) -> PullRow {
    let (state, tone) = pull_state(&pull.state, voice.lang);
    PullRow {
        began: voice.when(pull.started_at),
        lasted: pull.ended_at.map_or("–".to_owned(), |ended| lasted(ended - pull.started_at, voice.lang)),
        period: words::period(pull.period, voice.lang),
        surfaces: pull.surfaces.join(", "),
        state,
        tone,
        requests: count(pull.requests, voice.lang),
    }
}

fn lasted(span: TimeDelta, lang: Lang) -> String {
    let seconds = span.num_seconds().max(0);
    match seconds {
        0..60 => lang.pick(format!("{seconds} detik"), format!("{seconds} s")),
        60..3_600 => lang.pick(format!("{} menit", seconds / 60), format!("{} min", seconds / 60)),
        _ => lang.pick(
            format!("{} jam {} menit", seconds / 3_600, seconds % 3_600 / 60),
            format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        ),
    }
}

fn pull_state(key: &str, lang: Lang) -> (&'static str, &'static str) {
    match key {
        "finished" => (lang.pick("selesai", "finished"), "tag-green"),
        "running" => (lang.pick("berjalan", "running"), "tag-blue"),
        "deadline" => (lang.pick("waktunya habis, dilanjutkan nanti", "time was up, goes on later"), "tag-amber"),
        _ => (lang.pick("berhenti", "stopped"), "tag-red"),
    }
}

fn latest(report: &RunReport, lang: Lang) -> Latest {
    let items = report.items;
    let planned = items.planned();
    let states = [
        (lang.pick("menunggu", "waiting"), items.pending),
        (lang.pick("dikerjakan", "being asked"), items.leased),
        (lang.pick("terjawab", "answered"), items.done),
        (lang.pick("gagal", "failed"), items.failed),
        (lang.pick("dikarantina", "quarantined"), items.quarantined),
        (lang.pick("dilewati", "skipped"), items.skipped),
    ];
    let failed = report.reasons.iter().filter(|row| row.reason.is_some());
    Latest {
        id: report.id.clone(),
        period: words::period(report.period, lang),
        states: states.map(|(name, number)| (name, count(number, lang))).into(),
        percent: (planned - items.unsettled().min(planned)) * 100 / planned.max(1),
        reasons: failed
            .map(|row| {
                let reason = row.reason.map_or("", |reason| words::reason(reason, lang));
                (row.surface.clone(), words::kind(row.kind, lang), reason, count(row.count, lang))
            })
            .collect(),
        drift: report.drift.iter().map(|drift| (words::kind(drift.kind, lang), drift.field.clone(), change(&drift.change, lang))).collect(),
        held: report.held.iter().map(|held| (words::kind(held.kind, lang), held.detail.clone())).collect(),
    }
}

fn change(key: &str, lang: Lang) -> String {
    match key {
        "added" => lang.pick("kolom baru", "new field").to_owned(),
        "missing" => lang.pick("kolom hilang", "field is gone").to_owned(),
        "value" => lang.pick("tulisan yang belum dikenal", "label that is not known").to_owned(),
        "type" => lang.pick("jenis isinya lain", "of another type").to_owned(),
        other => other.to_owned(),
    }
}

async fn pace(site: &Site, voice: Voice) -> Result<Vec<PaceRow>, AppError> {
    let lang = voice.lang;
    let mut rows = Vec::new();
    for (key, surface) in Surface::ALL {
        let ekinerja = &site.app.config.ekinerja;
        let pace = match surface {
            Surface::Report => ekinerja.report_pace(),
            Surface::Siasn => ekinerja.siasn_pace(),
        };
        let booked = site.app.store.look_at_pace(key, voice.now).await?;
        let state = if booked.paused_until > booked.now {
            let until = voice.when(booked.paused_until);
            lang.pick(format!("berhenti sampai {until}: BKN meminta jeda"), format!("paused until {until}: BKN asked for it"))
        } else {
            lang.pick("boleh bertanya", "may ask").to_owned()
        };
        let rate = pace.requests_per_second.to_string();
        let rate = lang.pick(rate.replace('.', ","), rate);
        rows.push(PaceRow {
            surface: match surface {
                Surface::Report => lang.pick("Laporan e-Kinerja", "e-Kinerja reports"),
                Surface::Siasn => "SIASN",
            },
            rate: lang.pick(format!("{rate} per detik"), format!("{rate} a second")),
            attempts: count(u64::from(pace.attempts), lang),
            state,
        });
    }
    Ok(rows)
}

async fn jobs(site: &Site, voice: Voice) -> Result<Vec<JobRow>, AppError> {
    let lang = voice.lang;
    let mut rows = Vec::new();
    for job in Job::ALL {
        let known = site.app.store.job(job.key()).await?;
        let newest = known.and_then(|known| known.newest);
        let (state, tone) = match newest.as_ref().map(|slot| slot.state) {
            None => (lang.pick("belum pernah", "never"), "tag-grey"),
            Some(SlotState::Running) => (lang.pick("berjalan", "running"), "tag-blue"),
            Some(SlotState::Done) => (lang.pick("selesai", "done"), "tag-green"),
            Some(SlotState::Failed) => (lang.pick("gagal", "failed"), "tag-red"),
            Some(SlotState::Lost) => (lang.pick("terputus", "cut off"), "tag-red"),
        };
        rows.push(JobRow {
            name: job_name(job, lang),
            line: job
                .line(&site.app.config.schedule)
                .line()
                .map_or_else(|| lang.pick("tidak dijadwalkan", "not scheduled").to_owned(), str::to_owned),
            last: newest.as_ref().map_or("–".to_owned(), |slot| voice.when(slot.slot)),
            state,
            tone,
            reason: newest.and_then(|slot| slot.reason).unwrap_or_default(),
        });
    }
    Ok(rows)
}

fn job_name(job: Job, lang: Lang) -> &'static str {
    match job {
        Job::Inbox => lang.pick("Kotak masuk", "Inbox"),
        Job::Sources => lang.pick("Sumber SQL", "SQL sources"),
        Job::Sync => lang.pick("Tarikan BKN", "Pull from BKN"),
        Job::Backup => lang.pick("Cadangan", "Backup"),
        Job::Reconcile => lang.pick("Pencocokan", "Reconciliation"),
        Job::Retention => lang.pick("Penghapusan data lama", "Retention"),
        Job::Notices => lang.pick("Kabar", "Notices"),
        Job::Digest => lang.pick("Ringkasan harian", "Daily digest"),
    }
}
