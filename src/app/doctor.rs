//! `doctor`: what is well, what is not, and what to do about it. It changes nothing, except that a store that is
//! missing or older is made or brought up to date, as every command does.

mod bkn;
mod machine;
pub(super) mod schedule;

use super::{App, AppError, current_period, held};
use crate::clock::SharedClock;
use crate::config::{Config, Said};
use crate::domain::evidence::Reason;
use crate::domain::text::Lang;
use crate::policy::PolicySet;
use crate::policy::check::CheckReport;
use crate::store::{Census, Quarantined, Standing, Store};
use std::path::Path;

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Well.
    Ok,
    /// Works, but somebody should know.
    Warn,
    /// Does not work.
    Fail,
}

impl Level {
    /// The key, also on a terminal.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub check: &'static str,
    /// How well it is.
    pub level: Level,
    /// What was found.
    pub found: Said,
    /// What to do, unless `found` says it or nothing is to be done.
    pub action: Option<Said>,
}

impl Line {
    fn new(check: &'static str, level: Level, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { check, level, found: Said::new(id, en), action: None }
    }

    fn ok(check: &'static str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(check, Level::Ok, id, en)
    }

    fn warn(check: &'static str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(check, Level::Warn, id, en)
    }

    fn fail(check: &'static str, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(check, Level::Fail, id, en)
    }

    /// An error, whose sentence says what to do.
    fn error(check: &'static str, error: &AppError) -> Self {
        Self::fail(check, error.sentence(Lang::Id), error.sentence(Lang::En))
    }

    fn todo(mut self, id: impl Into<String>, en: impl Into<String>) -> Self {
        self.action = Some(Said::new(id, en));
        self
    }
}

/// Looks at everything. `file` is where the configuration was read from.
pub async fn examine(config: &Config, file: Option<&Path>, clock: &SharedClock) -> Vec<Line> {
    let mut lines = vec![configuration(file)];
    lines.extend(secrets(config));
    let (found, census) = store(config, clock).await;
    lines.extend(found);
    lines.extend(policy(config, clock));
    lines.push(machine::clock(clock.now(), census.and_then(|census| census.newest_batch), config.schedule.timezone.get()));
    lines.extend(bkn::examine(config, clock).await);
    lines.push(machine::disk(config));
    lines.push(machine::inbox(config));
    lines.extend(schedule::examine(config, clock).await);
    lines
}

/// Looks at what can be seen from a running process without asking anybody else: lists that wait, policies, disk,
/// inbox, schedule.
///
/// # Errors
/// The store's.
pub async fn look(app: &App) -> Result<Vec<Line>, AppError> {
    let mut lines: Vec<Line> = held::undecided(&app.store, app.clock.now()).await?.iter().map(held_line).collect();
    lines.extend(besides_held(app).await?);
    Ok(lines)
}

/// The same without the lists that wait, for who sees them beside it.
///
/// # Errors
/// The store's.
pub async fn besides_held(app: &App) -> Result<Vec<Line>, AppError> {
    let now = app.clock.now();
    let mut lines = policy(&app.config, &app.clock);
    lines.push(machine::disk(&app.config));
    lines.push(machine::inbox(&app.config));
    lines.extend(schedule::look(&app.config, &app.store, now).await?);
    Ok(lines)
}

fn configuration(file: Option<&Path>) -> Line {
    match file {
        Some(path) => {
            let path = path.display();
            Line::ok("config", format!("{path} dipakai"), format!("{path} is used"))
        }
        None => Line::warn(
            "config",
            "tidak ada berkas konfigurasi: nilai bawaan dipakai",
            "there is no configuration file: the defaults are used",
        )
        .todo(
            "salin config/selaras.toml, isi, lalu tunjuk dengan --config BERKAS",
            "copy config/selaras.toml, fill it in, and name it with --config FILE",
        ),
    }
}

/// Every secret that is set must be readable, by nobody else.
fn secrets(config: &Config) -> Vec<Line> {
    let mut lines = Vec::new();
    let said = |level, error: &crate::config::SecretError| Line::new("secrets", level, error.sentence(Lang::Id), error.sentence(Lang::En));
    let secrets = config.secrets();
    for (key, secret) in &secrets {
        match secret.resolve(key) {
            Err(error) => lines.push(said(Level::Fail, &error)),
            Ok(_) => lines.extend(secret.warning(key).map(|error| said(Level::Warn, &error))),
        }
    }
    lines.extend(config.store.url.warning("store.url").map(|error| said(Level::Warn, &error)));
    if lines.is_empty() {
        let count = secrets.len();
        lines.push(Line::ok("secrets", format!("{count} rahasia terbaca"), format!("{count} secrets can be read")));
    }
    lines
}

async fn store(config: &Config, clock: &SharedClock) -> (Vec<Line>, Option<Census>) {
    let opened = async {
        let url = config.store.url.resolve("store.url")?;
        let store = Store::open(url.reveal(), clock.clone()).await?;
        let (version, census, withdrawn) = (store.schema_version().await?, store.census().await?, store.withdrawals().await?);
        let held = held::undecided(&store, clock.now()).await?;
        Ok::<_, AppError>((store, version, census, withdrawn, held))
    };
    match opened.await {
        Err(error) => (vec![Line::error("store", &error)], None),
        Ok((store, version, census, withdrawn, held)) => {
            let (engine, shown, mib) = (store.engine(), store.shown(), census.bytes / (1 << 20));
            let Census { batches, statements, verdicts, open_findings, quarantined, sync_runs, .. } = census;
            let line = Line::ok(
                "store",
                format!(
                    "{engine} {shown}, skema {version}, {mib} MiB: {batches} kiriman, {statements} pernyataan, {sync_runs} tarikan, \
                     {verdicts} putusan, {open_findings} temuan terbuka, {quarantined} baris dikarantina"
                ),
                format!(
                    "{engine} {shown}, schema {version}, {mib} MiB: {batches} batches, {statements} statements, {sync_runs} pulls, \
                     {verdicts} verdicts, {open_findings} open findings, {quarantined} quarantined rows"
                ),
            );
            let lines = std::iter::once(line).chain(withdrawn.iter().map(|gone| taken_back(gone, config)));
            (lines.chain(held.iter().map(held_line)).collect(), Some(census))
        }
    }
}

/// A list that waits for somebody, with what it looks like.
pub(super) fn held_line(held: &Quarantined) -> Line {
    let Quarantined { kind, span, reason, detail, .. } = held;
    let line =
        Line::warn("store", format!("{kind} {span} ditahan ({reason}): {detail}"), format!("{kind} {span} is held ({reason}): {detail}"));
    match reason {
        Reason::Vanish => line.todo("bila benar, ulangi sync dengan --accept-vanish", "if it is right, repeat sync with --accept-vanish"),
        _ if detail.contains(crate::sync::UNREADABLE) => line.todo(
            "bila sisanya boleh dipakai, ulangi sync dengan --accept-drift",
            "if the rest may be taken, repeat sync with --accept-drift",
        ),
        _ => line.todo("laporkan contoh ini: versi ini tidak dapat membacanya", "report this sample: this version cannot read it"),
    }
}

/// A file that was taken back, and nothing in its place.
fn taken_back(gone: &Standing, config: &Config) -> Line {
    let Standing { kind, part, at } = gone;
    let at = at.with_timezone(&config.schedule.timezone.get()).format("%Y-%m-%d %H:%M");
    Line::ok("store", format!("{kind} {part} ditarik sejak {at}"), format!("{kind} {part} has been withdrawn since {at}"))
}

/// The policies: readable, complete, verified, and one for the month that is paid next.
fn policy(config: &Config, clock: &SharedClock) -> Vec<Line> {
    let dir = config.policy.dir.display();
    let set = match PolicySet::read_dir(&config.policy.dir) {
        Ok(set) => set,
        Err(error) => return vec![Line::error("policy", &error.into())],
    };
    let count = set.policies().len();
    let mut lines = vec![Line::ok("policy", format!("{count} kebijakan terbaca di {dir}"), format!("{count} policies read in {dir}"))];
    for policy in set.policies() {
        let id = policy.id();
        if policy.is_draft() {
            lines.push(
                Line::warn(
                    "policy",
                    format!("{id} masih draf: semua angka UJI COBA"),
                    format!("{id} is a draft: all figures are a trial (UJI COBA)"),
                )
                .todo(
                    "setelah diperiksa, tulis status = \"approved\" beserta approved_by dan approved_on",
                    "once it has been checked, write status = \"approved\" with approved_by and approved_on",
                ),
            );
        }
        let unverified = CheckReport::read(&policy.path).map(|report| report.unverified.len()).unwrap_or_default();
        if unverified > 0 {
            lines.push(
                Line::warn(
                    "policy",
                    format!("{id}: {unverified} aturan belum diverifikasi"),
                    format!("{id}: {unverified} rules are not verified"),
                )
                .todo(
                    format!("periksa sumbernya satu per satu: selaras policy check {}", policy.path.display()),
                    format!("check their sources one by one: selaras policy check {}", policy.path.display()),
                ),
            );
        }
    }
    let period = current_period(config, clock.now());
    lines.push(match set.for_period(period) {
        Ok(policy) => {
            let id = policy.id();
            Line::ok(
                "policy",
                format!("{period} diatur {id}, dengan daftar hari libur"),
                format!("{period} is covered by {id}, with its holiday list"),
            )
        }
        Err(error) => Line::error("policy", &error.into()),
    });
    lines
}
