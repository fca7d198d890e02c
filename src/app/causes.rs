//! What is wrong right now, each cause with a name that stays the same as long as it lasts. Sentences hold counts and
//! kinds, never a person.

use super::doctor;
use super::status::{self, Status};
use super::{App, AppError, held};
use crate::config::{Event, Said};
use crate::domain::Period;
use crate::domain::evidence::Reason;
use crate::domain::text::Lang;
use crate::domain::verdict::KnowledgeState;
use crate::export::words;
use crate::store::RunReport;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// From so long before the end of KPPN's day on, missing evidence is told.
const NEAR: TimeDelta = TimeDelta::days(7);

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Stable name.
    pub key: String,
    /// What it is about.
    pub event: Event,
    /// A line that says what it is about.
    pub subject: Said,
    /// What is wrong and what to do.
    pub said: Said,
}

/// What is wrong, and what cannot be said yet.
#[derive(Debug, Default)]
pub struct Causes {
    /// What is wrong.
    pub all: Vec<Cause>,
    /// A pull is at work: how the last one ended counts until this one has.
    pub pull_is_running: bool,
    /// Surfaces of the newest pull, whomever it was about: of the tokens of others it says nothing.
    pub tried: Vec<String>,
    /// Surfaces of the newest pull about everybody: about how others answer it says nothing.
    pub pulled: Vec<String>,
    /// The month that is looked at.
    pub period: Option<Period>,
}

/// What has become of a cause that somebody was told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is there, or nothing says that it is not.
    Lasts,
    /// It is over.
    Over,
    /// It belongs to a month that nobody looks at any more; that is no recovery.
    Unwatched,
}

impl Causes {
    /// What has become of a cause.
    pub fn fate(&self, key: &str) -> Fate {
        if self.all.iter().any(|cause| cause.key == key) {
            return Fate::Lasts;
        }
        match key.split_once(':') {
            Some(("token", surface)) if self.pull_is_running || !self.tried.iter().any(|tried| tried == surface) => Fate::Lasts,
            Some(("pull", surface)) if self.pull_is_running || !self.pulled.iter().any(|pulled| pulled == surface) => Fate::Lasts,
            Some(("held", _)) if self.pull_is_running => Fate::Lasts,
            Some(("incomplete", period)) if self.period.is_none_or(|watched| watched.to_string() != period) => Fate::Unwatched,
            _ => Fate::Over,
        }
    }
}

/// Looks.
///
/// # Errors
/// The store's.
pub async fn of(app: &App) -> Result<Causes, AppError> {
    let (status, now) = (status::of(app).await?, app.clock.now());
    let mut causes = Causes {
        pull_is_running: status.pull.as_ref().is_some_and(|pull| pull.state == "running"),
        tried: status.pull.as_ref().map(|pull| pull.surfaces.clone()).unwrap_or_default(),
        period: Some(status.period),
        ..Causes::default()
    };
    causes.all.extend(incomplete(app, &status));
    causes.all.extend(stale(app, &status));
    if !causes.pull_is_running {
        causes.all.extend(failed(&status.pull, true));
        let whole = match app.store.latest_whole_run(status.period).await? {
            Some(run) => Some(app.store.run_report(&run).await?),
            None => None,
        };
        causes.all.extend(failed(&whole, false));
        causes.pulled = whole.map(|pull| pull.surfaces).unwrap_or_default();
        causes.all.extend(waiting(app, now).await?);
    }
    for (job, trouble) in doctor::schedule::jobs(&app.config, &app.store, now).await? {
        let Some(line) = trouble else { continue };
        let job = job.key();
        let subject = Said::new(format!("pekerjaan {job} bermasalah"), format!("job {job} is in trouble"));
        causes.all.push(Cause { key: format!("job:{job}"), event: Event::Job, subject, said: whole(&line) });
    }
    causes.all.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(causes)
}

/// What was found and what to do about it.
fn whole(line: &doctor::Line) -> Said {
    let told = |lang: Lang| match &line.action {
        Some(action) => format!("{}: {}", line.found.in_lang(lang), action.in_lang(lang)),
        None => line.found.in_lang(lang).to_owned(),
    };
    Said::new(told(Lang::Id), told(Lang::En))
}

fn incomplete(app: &App, status: &Status) -> Option<Cause> {
    status.reconciliation.as_ref().filter(|run| !run.record.complete)?;
    // Once the day has passed it is no better: it lasts until the evidence is there.
    let deadline = status.kppn_deadline.filter(|deadline| *deadline - status.now <= NEAR)?;
    let zone = app.config.schedule.timezone.get();
    let required = &app.config.evidence.required;
    let open = |state: &KnowledgeState| matches!(state, KnowledgeState::NotAsked | KnowledgeState::Failed | KnowledgeState::Stale);
    let mut heads: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, state, count) in status.heads() {
        if open(&state) && count > 0 && required.iter().any(|known| known.key() == kind) {
            *heads.entry(kind).or_default() += count;
        }
    }
    let told = |lang: Lang| {
        let kinds: Vec<String> = heads.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let (month, last) = (words::period(status.period, lang), words::instant(deadline - TimeDelta::seconds(1), zone, lang));
        let kinds = kinds.join(", ");
        lang.pick(
            format!("{month} TIDAK LENGKAP (pegawai yang belum diketahui: {kinds}); akhir hari KPPN: {last}. Lihat selaras doctor."),
            format!("{month} is incomplete (people not known: {kinds}); end of KPPN's day: {last}. See selaras doctor."),
        )
    };
    let subject = Said::new(
        format!("{} TIDAK LENGKAP menjelang hari KPPN", status.period),
        format!("{} is incomplete and KPPN's day is near", status.period),
    );
    let key = format!("incomplete:{}", status.period);
    Some(Cause { key, event: Event::Incomplete, subject, said: Said::new(told(Lang::Id), told(Lang::En)) })
}

/// Kinds that were confirmed once and are older than they may be.
fn stale(app: &App, status: &Status) -> Vec<Cause> {
    status::stale_kinds(&app.config.evidence, &status.checked, status.now)
        .into_iter()
        .map(|(kind, checked)| {
            let zone = app.config.schedule.timezone.get();
            let told = |lang: Lang| {
                let (name, at) = (words::kind(kind, lang), words::instant(checked, zone, lang));
                lang.pick(
                    format!(
                        "{name} terakhir dikonfirmasi {at}, lebih lama dari batas evidence.max_age: jalankan sync atau impor berkasnya"
                    ),
                    format!("{name} was last confirmed {at}, longer ago than evidence.max_age: run sync, or import its file"),
                )
            };
            Cause {
                key: format!("stale:{kind}"),
                event: Event::Stale,
                subject: Said::new(
                    format!("{} kedaluwarsa", words::kind(kind, Lang::Id)),
                    format!("{} is stale", words::kind(kind, Lang::En)),
                ),
                said: Said::new(told(Lang::Id), told(Lang::En)),
            }
        })
        .collect()
}

/// What a pull could not do, by surface: for want of a token that BKN takes, or for any other reason. Whether a token is
/// good any pull says; how the questions about everybody are answered only one that asked them.
fn failed(pull: &Option<RunReport>, for_tokens: bool) -> Vec<Cause> {
    let mut failed: BTreeMap<&str, BTreeMap<Reason, u64>> = BTreeMap::new();
    for row in pull.iter().flat_map(|pull| &pull.reasons) {
        let Some(reason) = row.reason else { continue };
        let is_token = matches!(reason, Reason::AuthGateway | Reason::AuthSso | Reason::AuthReport);
        if is_token == for_tokens && !matches!(reason, Reason::Vanish | Reason::Schema) {
            *failed.entry(&row.surface).or_default().entry(reason).or_default() += row.count;
        }
    }
    failed.into_iter().map(|(surface, reasons)| of_surface(surface, for_tokens, &reasons)).collect()
}

fn of_surface(surface: &str, is_token: bool, reasons: &BTreeMap<Reason, u64>) -> Cause {
    let count: u64 = reasons.values().sum();
    let told = |lang: Lang| {
        let why: Vec<String> = reasons.iter().map(|(reason, count)| format!("{} {count}", words::reason(*reason, lang))).collect();
        let why = why.join(", ");
        match is_token {
            true => lang.pick(
                format!("BKN menolak token permukaan {surface} ({why}): perbarui kunci ekinerja.{surface} lalu jalankan sync"),
                format!("BKN refuses the token of surface {surface} ({why}): renew the keys of ekinerja.{surface}, then run sync"),
            ),
            false => lang.pick(
                format!("{count} pertanyaan ke {surface} gagal ({why}); yang sudah diketahui tetap berlaku. Lihat selaras doctor."),
                format!("{count} questions to {surface} failed ({why}); what is known still holds. See selaras doctor."),
            ),
        }
    };
    let (kind, event) = if is_token { ("token", Event::Token) } else { ("pull", Event::Pull) };
    let subject = if is_token {
        Said::new(format!("token {surface} ditolak BKN"), format!("BKN refuses the token of {surface}"))
    } else {
        Said::new(format!("tarikan {surface} gagal sebagian"), format!("the pull of {surface} failed in part"))
    };
    Cause { key: format!("{kind}:{surface}"), event, subject, said: Said::new(told(Lang::Id), told(Lang::En)) }
}

async fn waiting(app: &App, now: DateTime<Utc>) -> Result<Vec<Cause>, AppError> {
    let held = held::undecided(&app.store, now).await?;
    let causes = held.iter().map(|answer| Cause {
        key: format!("held:{}:{}", answer.kind, answer.part),
        event: Event::Held,
        subject: Said::new(format!("jawaban BKN {} ditahan", answer.kind), format!("BKN's answer {} is held", answer.kind)),
        said: whole(&doctor::held_line(answer)),
    });
    Ok(causes.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_looked_at_has_not_recovered() {
        let tried = vec!["report".to_owned()];
        let causes = Causes { pulled: tried.clone(), tried, period: "2026-10".parse().ok(), ..Causes::default() };
        let fates = ["token:report", "pull:siasn", "token:siasn", "incomplete:2026-10", "incomplete:2026-09", "stale:skp"]
            .map(|key| causes.fate(key));
        assert_eq!(fates, [Fate::Over, Fate::Lasts, Fate::Lasts, Fate::Over, Fate::Unwatched, Fate::Over]);
        let running = Causes { pull_is_running: true, ..causes };
        assert_eq!(["token:report", "held:skp:"].map(|key| running.fate(key)), [Fate::Lasts; 2]);
    }
}
