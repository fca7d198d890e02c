//! Who is told what: one notice per cause, silence while nothing changes, and one when it is over.

use super::case_posts;
use super::causes::{self, Cause, Fate};
use super::status::{self, Status};
use super::{App, AppError};
use crate::config::{Event, Said};
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::export::words;
use crate::notify::{Messenger, Notice};
use crate::store::{NoticeRecord, Told};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// What a round came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Causes that last.
    pub causes: usize,
    /// Notices that were told now, each way counted.
    pub told: usize,
    /// Notices that did not leave; the next round tries again.
    pub undelivered: usize,
}

/// Looks what is wrong, tells who has not been told, and who was told that it is over. What was told is kept at once,
/// so that a crash repeats one notice at most, under the same id.
///
/// # Errors
/// The store's. A way that fails is no error: it is tried again.
pub async fn round(app: &App, messenger: &Messenger) -> Result<Round, AppError> {
    let (causes, now) = (causes::of(app).await?, app.clock.now());
    let known = app.store.notices().await?;
    let mut round = Round { causes: causes.all.len(), ..Round::default() };
    for cause in &causes.all {
        let known = known.iter().find(|known| known.cause == cause.key);
        let record = begun(cause, known, now);
        if known != Some(&record) {
            app.store.keep_notice(&record).await?;
        }
        tell(app, messenger, cause, record, &mut round).await?;
    }
    for mut record in known {
        match causes.fate(&record.cause) {
            Fate::Lasts => {}
            Fate::Unwatched => app.store.drop_notice(&record.cause).await?,
            Fate::Over => {
                record.ended_at.get_or_insert(now);
                tell_the_end(app, messenger, record, &mut round).await?;
            }
        }
    }
    if let Err(error) = messenger.ping().await {
        round.undelivered += 1;
        tracing::warn!(%error, "the dead man's switch was not told");
    }
    case_posts::send(app, messenger, &mut round).await?;
    Ok(round)
}

/// The record of a cause that lasts. One that had ended and comes back before everybody was told of the end goes on.
fn begun(cause: &Cause, known: Option<&NoticeRecord>, now: DateTime<Utc>) -> NoticeRecord {
    let said = [cause.said.id.clone(), cause.said.en.clone()];
    let mut record = known.cloned().unwrap_or_else(|| NoticeRecord {
        cause: cause.key.clone(),
        event: cause.event.key().to_owned(),
        since: now,
        said: said.clone(),
        ended_at: None,
        told: Told::default(),
    });
    if record.ended_at.take().is_some() {
        // who has been told of the end hears of it again
        record.told.begun = record.told.begun.difference(&record.told.ended).cloned().collect();
        record.told.ended = BTreeSet::new();
        record.since = now;
    }
    record.said = said;
    record
}

async fn tell(app: &App, messenger: &Messenger, cause: &Cause, mut record: NoticeRecord, round: &mut Round) -> Result<(), AppError> {
    for (way, rule) in messenger.ways(cause.event.key()) {
        if record.told.begun.contains(&way) {
            continue;
        }
        let notice = Notice {
            id: id(&record, "mulai"),
            event: cause.event.key(),
            cause: cause.key.clone(),
            since: record.since,
            is_over: false,
            subject: cause.subject.clone(),
            said: cause.said.clone(),
        };
        match messenger.tell(rule, &notice).await {
            Ok(()) => {
                round.told += 1;
                record.told.begun.insert(way);
                app.store.keep_notice(&record).await?;
            }
            Err(error) => undelivered(&error, &cause.key, round),
        }
    }
    Ok(())
}

/// Whoever was told of a cause is told of its end; then it is forgotten.
async fn tell_the_end(app: &App, messenger: &Messenger, mut record: NoticeRecord, round: &mut Round) -> Result<(), AppError> {
    let event = ALL_EVENTS.into_iter().find(|event| event.key() == record.event).unwrap_or(Event::All);
    let mut failed = false;
    for (way, rule) in messenger.ways(event.key()) {
        if !record.told.begun.contains(&way) || record.told.ended.contains(&way) {
            continue;
        }
        let [was_id, was_en] = &record.said;
        let notice = Notice {
            id: id(&record, "selesai"),
            event: event.key(),
            cause: record.cause.clone(),
            since: record.since,
            is_over: true,
            subject: Said::new(format!("pulih: {}", record.cause), format!("over: {}", record.cause)),
            said: Said::new(format!("Sudah pulih. Sebelumnya: {was_id}"), format!("It is over. It was: {was_en}")),
        };
        match messenger.tell(rule, &notice).await {
            Ok(()) => {
                round.told += 1;
                record.told.ended.insert(way);
                app.store.keep_notice(&record).await?;
            }
            Err(error) => {
                failed = true;
                undelivered(&error, &record.cause, round);
            }
        }
    }
    match failed {
        true => app.store.keep_notice(&record).await?,
        false => app.store.drop_notice(&record.cause).await?,
    }
    Ok(())
}

const ALL_EVENTS: [Event; 7] = [Event::Incomplete, Event::Stale, Event::Held, Event::Token, Event::Pull, Event::Job, Event::Digest];

/// Without a full stop, which parts what a web hook signs.
fn id(record: &NoticeRecord, end: &str) -> String {
    format!("{}:{}:{end}", record.cause, record.since.timestamp_micros()).replace('.', "_")
}

fn undelivered(error: &crate::notify::NotifyError, cause: &str, round: &mut Round) {
    round.undelivered += 1;
    tracing::warn!(%error, cause, "a notice did not leave; the next round tries again");
}

/// Tells how the month that is paid next stands.
///
/// # Errors
/// The store's, and the first way that fails: the job has failed then, and that is told as a cause.
pub async fn digest(app: &App, messenger: &Messenger) -> Result<(), AppError> {
    let status = status::of(app).await?;
    let day = status.now.with_timezone(&app.config.schedule.timezone.get()).date_naive();
    let month = |lang| words::period(status.period, lang);
    let notice = Notice {
        id: format!("digest:{day}"),
        event: Event::Digest.key(),
        cause: format!("digest:{day}"),
        since: status.now,
        is_over: false,
        subject: Said::new(format!("ringkasan {}", month(Lang::Id)), format!("summary of {}", month(Lang::En))),
        said: Said::new(summary(app, &status, Lang::Id), summary(app, &status, Lang::En)),
    };
    let mut failed = None;
    for (_, rule) in messenger.ways(Event::Digest.key()) {
        if let Err(error) = messenger.tell(rule, &notice).await {
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(()), |error| Err(AppError::Notify(error)))
}

fn summary(app: &App, status: &Status, lang: Lang) -> String {
    let zone = app.config.schedule.timezone.get();
    let mut lines = vec![words::period(status.period, lang)];
    match &status.reconciliation {
        None => lines.push(lang.pick("Belum pernah dicocokkan.", "Never reconciled.").to_owned()),
        Some(run) => {
            let at = words::instant(run.checked_at, zone, lang);
            let complete = match run.record.complete {
                true => lang.pick("bukti lengkap", "the evidence is complete"),
                false => lang.pick("TIDAK LENGKAP", "INCOMPLETE"),
            };
            lines.push(lang.pick(format!("Dicocokkan {at}: {complete}."), format!("Reconciled {at}: {complete}.")));
        }
    }
    for standing in status.totals.iter().flat_map(|_| Standing::ALL) {
        let Some(totals) = &status.totals else { continue };
        let (heads, rupiah) = (totals.heads(standing), totals.rupiah(standing));
        lines.push(format!("- {}: {heads}, {rupiah}", words::standing(standing, lang)));
    }
    if let Some(deadline) = status.kppn_deadline.filter(|deadline| status.now < *deadline) {
        let days = (deadline - status.now).num_days();
        lines.push(lang.pick(format!("Hari KPPN berakhir dalam {days} hari."), format!("KPPN's day ends in {days} days.")));
    }
    let open: Vec<String> = status.open.iter().map(|(code, _, count)| format!("{} {count}", code.code())).collect();
    if !open.is_empty() {
        let open = open.join(", ");
        lines.push(lang.pick(format!("Temuan terbuka: {open}."), format!("Open findings: {open}.")));
    }
    lines.join("\n")
}
