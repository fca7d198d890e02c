//! `/sinkronisasi`: pulls, pace, what was set aside and what waits for somebody, schedule, inbox, backups, and what to do.

mod actions;
mod live;
mod pulls;
mod standing;

pub(in crate::web) use actions::{ask_again, decide, run_now};
pub(in crate::web) use live::{Live, watch};

use super::html;
use super::trouble::Trouble;
use crate::app::access::secret;
use crate::app::doctor::{self, Level};
use crate::app::{AppError, backup, held, inbox, status};
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::export::words;
use crate::schedule::Job;
use crate::store::{RunReport, SlotState};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::operate::Done;
use crate::web::view::{age, count, when};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use pulls::{AsideRow, HeldRow, Latest, PullRow};
use standing::{JobRow, KindRow, PaceRow, TokenRow};
use std::path::Path;
use std::sync::Arc;

/// Rows of each list.
const ROWS: u32 = 15;

#[derive(Template)]
#[template(path = "operations.html")]
struct Page {
    layout: Layout,
    now: String,
    /// What became of the form that was sent.
    done: Option<(&'static str, bool)>,
    /// What forms carry; `None`: the reader may only look.
    form: Option<(String, String)>,
    well: bool,
    todo: Vec<Todo>,
    pulls: Vec<PullRow>,
    latest: Option<Latest>,
    stream: String,
    requests_of_day: String,
    /// The period that is paid next, and whether it was reconciled.
    due: String,
    counted: bool,
    kinds: Vec<KindRow>,
    pace: Vec<PaceRow>,
    tokens: Vec<TokenRow>,
    held: Vec<HeldRow>,
    aside: Vec<AsideRow>,
    jobs: Vec<JobRow>,
    refused: Vec<(String, String, Option<String>)>,
    backups: Vec<(String, String)>,
    drill: Drill,
}

/// One line of the doctor.
struct Todo {
    level: &'static str,
    tone: &'static str,
    found: String,
    action: Option<String>,
}

/// How the last copy went that was restored to try it.
struct Drill {
    said: String,
    tone: &'static str,
}

/// In which words and zone things are said.
#[derive(Clone, Copy)]
struct Voice {
    lang: Lang,
    zone: Tz,
    now: DateTime<Utc>,
}

impl Voice {
    fn of(site: &Site, ask: &Ask) -> Self {
        Self { lang: ask.lang, zone: site.app.config.schedule.timezone.get(), now: site.app.clock.now() }
    }

    fn when(self, at: DateTime<Utc>) -> String {
        when(at, self.zone, self.lang)
    }

    fn ago(self, at: DateTime<Utc>) -> String {
        age(at, self.now, self.lang)
    }
}

/// What is said when there is no running pull any more.
fn ends(report: Option<&RunReport>, lang: Lang) -> &'static str {
    match report.map(|report| report.state.as_str()) {
        None => lang.pick("Tidak ada tarikan.", "There is no pull."),
        Some("finished") => {
            lang.pick("Tarikan selesai. Muat ulang untuk melihat hasilnya.", "The pull has finished. Load again to see what came of it.")
        }
        Some(_) => lang.pick("Tarikan berhenti. Muat ulang untuk melihat sebabnya.", "The pull has stopped. Load again to see why."),
    }
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask, Query(query): Query<Vec<(String, String)>>) -> Response {
    let lang = ask.lang;
    if !ask.viewer.may(Right::SeeOperations) {
        return Trouble::closed(lang).at(ask.period).show(&site, lang);
    }
    let done = query.iter().find(|(name, _)| name == "hasil").and_then(|(_, key)| Done::from_key(key));
    match page(&site, &ask, done).await {
        Ok(page) => html(&page),
        Err(error) => Trouble::of(&error, lang).at(ask.period).show(&site, lang),
    }
}

async fn page(site: &Site, ask: &Ask, done: Option<Done>) -> Result<Page, AppError> {
    let (app, lang, voice) = (&site.app, ask.lang, Voice::of(site, ask));
    let links = ask.links(ask.period, site);
    let lines = doctor::besides_held(app).await?;
    let held = HeldRow::all(app, voice).await?;
    let waiting = held.iter().filter(|row| row.decided.is_none()).count();
    let look = site.live.look(site, true).await?;
    let status = status::of(app).await?;
    Ok(Page {
        layout: Layout {
            title: lang.pick("Sinkronisasi", "Sync").to_owned(),
            room: Room::Operations,
            links,
            other: links.other_lang().to("/sinkronisasi", &[]),
            viewer: Some(ask.viewer.clone()),
        },
        now: voice.when(voice.now),
        done: done.map(|done| done.said(lang)),
        form: ask.viewer.may(Right::Operate).then(|| (ask.pass.csrf.clone(), secret())),
        well: waiting == 0 && lines.iter().all(|line| line.level == Level::Ok),
        todo: to_decide(waiting, lang)
            .into_iter()
            .chain(lines.iter().filter(|line| line.level != Level::Ok).map(|line| todo(line, lang)))
            .collect(),
        pulls: app.store.last_runs(ROWS).await?.iter().map(|pull| PullRow::of(pull, voice)).collect(),
        latest: Latest::of(&look, voice),
        stream: links.to("/sinkronisasi/kemajuan", &[]),
        requests_of_day: count(app.store.requests_since(voice.now - TimeDelta::days(1)).await?, lang),
        due: words::period(status.period, lang),
        counted: status.reconciliation.is_some(),
        kinds: standing::kinds(site, &status, voice),
        pace: standing::pace(site, voice).await?,
        tokens: app.store.token_uses().await?.iter().map(|token| TokenRow::of(token, voice)).collect(),
        held,
        aside: app.store.set_aside_since(voice.now - held::LOOK_BACK).await?.iter().map(|row| AsideRow::of(row, voice)).collect(),
        jobs: standing::jobs(site, voice).await?,
        refused: inbox::refused(app, ROWS as usize)?.into_iter().map(|file| (file.name, voice.when(file.at), file.report)).collect(),
        backups: backup::copies(&app.config.backup.dir)?.iter().rev().take(ROWS as usize).map(|path| copy(path, lang)).collect(),
        drill: drill(site, voice).await?,
    })
}

/// What waits for a decision, as the first thing to do.
fn to_decide(waiting: usize, lang: Lang) -> Option<Todo> {
    let waiting = (waiting > 0).then(|| count(waiting as u64, lang))?;
    Some(Todo {
        level: lang.pick("perhatian", "attention"),
        tone: "tag-amber",
        found: lang.pick(
            format!("{waiting} jawaban BKN ditahan dan menunggu keputusan"),
            format!("answers of BKN that are held and wait for a decision: {waiting}"),
        ),
        action: Some(lang.pick("putuskan di bagian \"Menunggu keputusan\"", "decide under \"Waiting for a decision\"").to_owned()),
    })
}

fn todo(line: &doctor::Line, lang: Lang) -> Todo {
    let (level, tone) = match line.level {
        Level::Ok => (lang.pick("baik", "well"), "tag-green"),
        Level::Warn => (lang.pick("perhatian", "attention"), "tag-amber"),
        Level::Fail => (lang.pick("gagal", "failed"), "tag-red"),
    };
    let action = line.action.as_ref().map(|action| action.in_lang(lang).to_owned());
    Todo { level, tone, found: line.found.in_lang(lang).to_owned(), action }
}

/// A copy: its name and size.
fn copy(path: &Path, lang: Lang) -> (String, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let kib = std::fs::metadata(path).map(|meta| meta.len().div_ceil(1_024)).unwrap_or_default();
    (name, format!("{} KiB", count(kib, lang)))
}

/// Each nightly copy is restored once to try it, and removed when that fails; so the job's last end tells.
async fn drill(site: &Site, voice: Voice) -> Result<Drill, AppError> {
    let lang = voice.lang;
    let slots = site.app.store.slots(Job::Backup.key(), ROWS).await?;
    let last = slots.iter().find(|slot| matches!(slot.state, SlotState::Done | SlotState::Failed | SlotState::Lost));
    let done = slots.iter().find(|slot| slot.state == SlotState::Done).and_then(|slot| slot.ended_at).map(|at| voice.when(at));
    let (said, tone) = match (last.map(|slot| slot.state), done) {
        (None, _) => (lang.pick("belum pernah dicoba dipulihkan", "never tried by restoring").to_owned(), "tag-amber"),
        (Some(SlotState::Done), Some(at)) => {
            (lang.pick(format!("dicoba dipulihkan dan utuh, {at}"), format!("tried by restoring, whole, {at}")), "tag-green")
        }
        (Some(_), at) => {
            let at = at.unwrap_or_else(|| lang.pick("belum pernah", "never").to_owned());
            (
                lang.pick(
                    format!("cadangan terakhir gagal; yang terakhir dicoba dipulihkan dan utuh: {at}"),
                    format!("the last backup failed; last tried by restoring, whole: {at}"),
                ),
                "tag-red",
            )
        }
    };
    Ok(Drill { said, tone })
}
