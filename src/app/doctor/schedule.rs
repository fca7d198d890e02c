//! The schedule: whether each job has had its turn, how it ended, and whether its alarm still rings.

use super::Line;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::text::Lang;
use crate::export::words;
use crate::schedule::{self, GRACE, Job};
use crate::store::{JobRecord, SlotRecord, SlotState, Store, StoreError, WokenBy};
use chrono::{DateTime, Utc};

/// Slots that are looked at for alarms that did not ring.
const RECENT: u32 = 5;

/// One line about all jobs that are well, and one for each that is not. A store that no `serve` has used owes nothing.
pub(super) async fn examine(config: &Config, clock: &SharedClock) -> Vec<Line> {
    let Ok(url) = config.store.url.resolve("store.url") else { return Vec::new() };
    // What is wrong with the store has been said.
    let Ok(store) = Store::open(url.reveal(), clock.clone()).await else { return Vec::new() };
    let lines = look(config, &store, clock.now()).await;
    store.close().await;
    lines.unwrap_or_default()
}

pub(super) async fn look(config: &Config, store: &Store, now: DateTime<Utc>) -> Result<Vec<Line>, StoreError> {
    let (mut lines, mut well) = (Vec::new(), Vec::new());
    for (job, trouble) in jobs(config, store, now).await? {
        match trouble {
            Some(line) => lines.push(line),
            None => well.push(job.key()),
        }
    }
    if !well.is_empty() {
        let jobs = well.join(", ");
        lines.push(Line::ok("schedule", format!("tepat waktu: {jobs}"), format!("on time: {jobs}")));
    }
    if lines.is_empty() {
        lines.push(Line::ok(
            "schedule",
            "selaras serve belum pernah berjalan di penyimpanan ini",
            "selaras serve has never run on this store",
        ));
    }
    Ok(lines)
}

/// Every job that `serve` has planned on this store, with what is wrong with it, if anything is.
pub(in crate::app) async fn jobs(config: &Config, store: &Store, now: DateTime<Utc>) -> Result<Vec<(Job, Option<Line>)>, StoreError> {
    let mut jobs = Vec::new();
    for job in Job::ALL {
        let Some(text) = job.line(&config.schedule).line() else { continue };
        let Some(line) = schedule::Line::new(text, config.schedule.timezone.get()) else { continue };
        let Some(known) = store.job(job.key()).await? else { continue };
        let due = line.latest(now).filter(|due| *due >= known.since);
        let recent = store.slots(job.key(), RECENT).await?;
        let unrung = recent.iter().filter(|slot| slot.woken_by == WokenBy::Watchdog).count();
        let trouble = unwell(config, job, &known, due, now);
        jobs.push((job, trouble.or_else(|| (unrung > 0).then(|| deaf(job, unrung, recent.len())))));
    }
    Ok(jobs)
}

/// What is wrong with a job, if anything is.
fn unwell(config: &Config, job: Job, known: &JobRecord, due: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Line> {
    let key = job.key();
    let at = |at: DateTime<Utc>| [Lang::Id, Lang::En].map(|lang| words::instant(at, config.schedule.timezone.get(), lang));
    let worked = known.newest.as_ref().map(|newest| newest.slot);
    if let Some(due) = due.filter(|due| worked.is_none_or(|worked| worked < *due) && now - *due > GRACE) {
        let [id, en] = at(due);
        let line = Line::warn(
            "schedule",
            format!("{key} terlambat: jadwal {id} belum dijalankan"),
            format!("{key} is overdue: its slot of {en} has not been worked"),
        );
        return Some(line.todo("periksa apakah selaras serve berjalan", "see whether selaras serve is running"));
    }
    let SlotRecord { slot, state, reason, .. } = known.newest.as_ref()?;
    let [id, en] = at(*slot);
    match state {
        SlotState::Failed => {
            let why = reason.as_deref().unwrap_or_default();
            Some(Line::warn("schedule", format!("{key} ({id}) gagal: {why}"), format!("{key} ({en}) failed: {why}")))
        }
        SlotState::Lost => Some(Line::warn(
            "schedule",
            format!("{key} ({id}): prosesnya berhenti sebelum selesai"),
            format!("{key} ({en}): its process ended before it was done"),
        )),
        SlotState::Running | SlotState::Done => None,
    }
}

/// The watchdog had to do what the alarm should have done.
fn deaf(job: Job, unrung: usize, recent: usize) -> Line {
    let key = job.key();
    Line::warn(
        "schedule",
        format!("{key}: {unrung} dari {recent} jadwal terakhir dijalankan penjaga karena alarmnya tidak berbunyi"),
        format!("{key}: {unrung} of the last {recent} slots were run by the watchdog, since no alarm rang"),
    )
    .todo("mulai ulang selaras serve", "restart selaras serve")
}
