//! How things stand: completeness and freshness by kind, the pace and the breaker of each surface, tokens, schedule.

use super::Voice;
use crate::app::AppError;
use crate::app::status::{self, Status};
use crate::domain::evidence::Kind;
use crate::domain::text::Lang;
use crate::domain::verdict::KnowledgeState;
use crate::ekinerja::Surface;
use crate::export::words;
use crate::schedule::{GRACE, Job, Line};
use crate::store::{BreakerSeen, SlotState, TokenUse, WokenBy};
use crate::web::Site;
use crate::web::operate::BY_HAND;
use crate::web::view::count;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Slots ahead that are shown.
const COMING: usize = 2;
/// A token that ends sooner should be renewed now.
const SOON: TimeDelta = TimeDelta::days(7);

/// What is known of a kind, of all heads of the roster.
pub(super) struct KindRow {
    pub kind: &'static str,
    pub required: bool,
    /// Whether it plays a part in the last reconciliation.
    pub counted: bool,
    /// By state, in the order of [`KnowledgeState::ALL`]; dashes where nobody has counted.
    pub heads: Vec<(&'static str, String)>,
    pub confirmed: String,
    pub age: String,
    pub fresh: &'static str,
    pub tone: &'static str,
}

pub(super) fn kinds(site: &Site, status: &Status, voice: Voice) -> Vec<KindRow> {
    let (lang, evidence) = (voice.lang, &site.app.config.evidence);
    let stale: BTreeMap<Kind, _> = status::stale_kinds(evidence, &status.checked, voice.now).into_iter().collect();
    let mut counted: BTreeMap<&str, BTreeMap<KnowledgeState, u64>> = BTreeMap::new();
    for (kind, state, heads) in status.heads() {
        counted.entry(kind).or_default().insert(state, heads);
    }
    let shown = Kind::ALL
        .into_iter()
        .map(|(_, kind)| kind)
        .filter(|kind| counted.contains_key(kind.key()) || status.checked.contains_key(kind) || evidence.required.contains(kind));
    let row = |kind: Kind| {
        let states = counted.get(kind.key());
        let head = |state: KnowledgeState| {
            let number = states.map(|states| states.get(&state).copied().unwrap_or_default());
            (words::state(state, lang), number.map_or("–".to_owned(), |number| count(number, lang)))
        };
        let checked = status.checked.get(&kind);
        let limit = evidence.max_age.get(&kind).and_then(|age| TimeDelta::from_std(age.get()).ok());
        let (fresh, tone) = match (checked, limit) {
            (None, _) => (lang.pick("belum pernah", "never"), "tag-red"),
            (Some(_), _) if stale.contains_key(&kind) => (lang.pick("kedaluwarsa", "stale"), "tag-red"),
            (Some(at), Some(limit)) if voice.now - *at > limit => (lang.pick("kedaluwarsa", "stale"), "tag-amber"),
            (Some(_), Some(_)) => (lang.pick("segar", "fresh"), "tag-green"),
            (Some(_), None) => (lang.pick("tetap berlaku", "holds on"), "tag-grey"),
        };
        KindRow {
            kind: words::kind(kind, lang),
            required: evidence.required.contains(&kind),
            counted: states.is_some(),
            heads: KnowledgeState::ALL.map(head).into(),
            confirmed: checked.map_or("–".to_owned(), |at| voice.when(*at)),
            age: checked.map_or(String::new(), |at| voice.ago(*at)),
            fresh,
            tone,
        }
    };
    shown.map(row).collect()
}

/// How a surface is asked.
pub(super) struct PaceRow {
    pub surface: &'static str,
    pub limit: String,
    pub state: String,
    pub breaker: String,
    pub tone: &'static str,
    /// Whose breaker it is, and when it was seen.
    pub whose: String,
}

/// A surface by its key, as people call it.
pub(super) fn surface_said(key: &str, lang: Lang) -> &'static str {
    name(if key == Surface::Siasn.key() { Surface::Siasn } else { Surface::Report }, lang)
}

fn name(surface: Surface, lang: Lang) -> &'static str {
    match surface {
        Surface::Report => lang.pick("Laporan e-Kinerja", "e-Kinerja reports"),
        Surface::Siasn => "SIASN",
    }
}

pub(super) async fn pace(site: &Site, voice: Voice) -> Result<Vec<PaceRow>, AppError> {
    let lang = voice.lang;
    let breakers = site.app.store.breakers().await?;
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
        let (attempts, rate) = (count(u64::from(pace.attempts), lang), lang.pick(rate.replace('.', ","), rate));
        let (breaker, tone, whose) = breaker(breakers.iter().find(|seen| seen.surface == key), voice);
        rows.push(PaceRow {
            surface: name(surface, lang),
            limit: lang.pick(format!("{rate} per detik, {attempts} percobaan"), format!("{rate} a second, {attempts} attempts")),
            state,
            breaker,
            tone,
            whose,
        });
    }
    Ok(rows)
}

fn breaker(seen: Option<&BreakerSeen>, voice: Voice) -> (String, &'static str, String) {
    let lang = voice.lang;
    let Some(seen) = seen else {
        return (lang.pick("belum pernah ditanya", "never asked").to_owned(), "tag-grey", String::new());
    };
    let whose = lang.pick(
        format!("menurut proses {} di {}, {}", seen.pid, seen.host, voice.ago(seen.seen_at)),
        format!("says process {} on {}, {}", seen.pid, seen.host, voice.ago(seen.seen_at)),
    );
    let (said, tone) = match seen.state.as_str() {
        "closed" => {
            (lang.pick(format!("menjawab, {} sekaligus", seen.in_flight), format!("answers, {} at once", seen.in_flight)), "tag-green")
        }
        "open" => {
            let until = seen.rest_until.map(|until| voice.when(until)).unwrap_or_default();
            (lang.pick(format!("dibiarkan sampai {until}"), format!("left alone until {until}")), "tag-red")
        }
        "probing" => (lang.pick("sedang dicoba lagi", "being looked for again").to_owned(), "tag-amber"),
        _ => (lang.pick("ditinggalkan untuk tarikan itu", "given up for that pull").to_owned(), "tag-red"),
    };
    (said, tone, whose)
}

/// A token.
pub(super) struct TokenRow {
    pub key: String,
    pub since: String,
    pub age: String,
    pub expiry: String,
    pub tone: &'static str,
    pub refused: Option<String>,
}

impl TokenRow {
    pub(super) fn of(token: &TokenUse, voice: Voice) -> Self {
        let lang = voice.lang;
        let (expiry, tone) = match token.expires_at {
            None => (lang.pick("tidak disebutkan", "not said").to_owned(), "tag-grey"),
            Some(at) if at <= voice.now => {
                (lang.pick(format!("habis {}", voice.when(at)), format!("ended {}", voice.when(at))), "tag-amber")
            }
            Some(at) => {
                // What BKN gives for an hour is asked for anew; what people gave has to be replaced by people.
                let given = token.key.ends_with("token");
                let tone = if given && at - voice.now < SOON { "tag-amber" } else { "tag-green" };
                (lang.pick(format!("sampai {}", voice.when(at)), format!("until {}", voice.when(at))), tone)
            }
        };
        Self {
            key: token.key.clone(),
            since: voice.when(token.since),
            age: voice.ago(token.since),
            expiry,
            tone,
            refused: token.refused_at.map(|at| voice.when(at)),
        }
    }
}

/// A job of the schedule.
pub(super) struct JobRow {
    pub key: &'static str,
    pub name: &'static str,
    pub line: String,
    pub last: String,
    pub by_hand: bool,
    pub state: &'static str,
    pub tone: &'static str,
    pub reason: String,
    /// Since when a slot waits that nobody has worked.
    pub overdue: Option<String>,
    pub coming: Vec<String>,
    pub can_run: bool,
}

pub(super) async fn jobs(site: &Site, voice: Voice) -> Result<Vec<JobRow>, AppError> {
    let mut rows = Vec::new();
    for job in Job::ALL {
        rows.push(job_row(site, job, voice).await?);
    }
    Ok(rows)
}

async fn job_row(site: &Site, job: Job, voice: Voice) -> Result<JobRow, AppError> {
    let (lang, schedule) = (voice.lang, &site.app.config.schedule);
    let known = site.app.store.job(job.key()).await?;
    let text = job.line(schedule).line();
    let line = text.and_then(|text| Line::new(text, schedule.timezone.get()));
    let worked = known.as_ref().and_then(|known| known.newest.as_ref()).map(|newest| newest.slot);
    // Fresh is what the calendar says, not that the last run went well.
    let due = line.as_ref().zip(known.as_ref()).and_then(|(line, known)| line.latest(voice.now).filter(|due| *due >= known.since));
    let overdue = due.filter(|due| worked.is_none_or(|worked| worked < *due) && voice.now - *due > GRACE);
    let newest = known.and_then(|known| known.newest);
    let (state, tone) = match newest.as_ref().map(|slot| slot.state) {
        None => (lang.pick("belum pernah", "never"), "tag-grey"),
        Some(SlotState::Running) => (lang.pick("berjalan", "running"), "tag-blue"),
        Some(SlotState::Done) => (lang.pick("selesai", "done"), "tag-green"),
        Some(SlotState::Failed) => (lang.pick("gagal", "failed"), "tag-red"),
        Some(SlotState::Lost) => (lang.pick("terputus", "cut off"), "tag-red"),
    };
    let has_work = job != Job::Sources || !site.app.config.sources.sql.is_empty();
    Ok(JobRow {
        key: job.key(),
        name: job_name(job, lang),
        line: text.map_or_else(|| lang.pick("tidak dijadwalkan", "not scheduled").to_owned(), str::to_owned),
        last: newest.as_ref().map_or("–".to_owned(), |slot| voice.when(slot.slot)),
        by_hand: newest.as_ref().is_some_and(|slot| slot.woken_by == WokenBy::Hand),
        state,
        tone,
        reason: newest.and_then(|slot| slot.reason).unwrap_or_default(),
        overdue: overdue.map(|due| voice.when(due)),
        coming: line.iter().flat_map(|line| line.coming(voice.now, COMING)).map(|slot| voice.when(slot)).collect(),
        can_run: BY_HAND.contains(&job) && has_work,
    })
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
