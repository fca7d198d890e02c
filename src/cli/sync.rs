//! `sync`: pull from BKN once, now. It never evaluates.

use super::args::{ReportArgs, nip, period};
use super::output::{Format, Output};
use super::progress::Progress;
use super::{CliError, Context, Exit, say};
use crate::app::outlook;
use crate::app::pull::{self, PullOptions};
use crate::config::Lang;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::evidence::Reason;
use crate::ekinerja::Surface;
use crate::export::words::reason as reason_name;
use crate::store::{HeldAnswer, Receipt};
use crate::sync::report::Document;
use crate::sync::{Pulled, Stopped, UNREADABLE};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::sync::Arc;

/// BKN's surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum SurfaceArg {
    /// The e-Kinerja report API
    Report,
    /// The SIASN web service
    Siasn,
}

/// Arguments of `sync`.
#[derive(Debug, Clone, Args)]
pub struct SyncArgs {
    /// Work month (YYYY-MM); default: the one that is paid next
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Option<Period>,
    /// Surfaces, parted by commas; default: those that are configured
    #[arg(long, value_name = "SURFACE", value_enum, value_delimiter = ',')]
    pub surface: Vec<SurfaceArg>,
    /// Only this person; may be repeated
    #[arg(long, value_name = "NIP", value_parser = nip)]
    pub nip: Vec<Nip>,
    /// Only say what would be asked
    #[arg(long)]
    pub plan: bool,
    /// Accept answers that lack more people than the vanish limits allow
    #[arg(long)]
    pub accept_vanish: bool,
    /// Take lists without the rows that cannot be read, however many; see the sample that `sync` and `doctor` show first.
    /// Whoever stands in such a row is unknown
    #[arg(long)]
    pub accept_drift: bool,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `sync`. Exit 3 when something failed, was quarantined or was not asked.
///
/// # Errors
/// Exit 2 when a needed secret or address is missing.
pub async fn run(args: SyncArgs, context: &Context) -> Result<Exit, CliError> {
    let lang = context.lang;
    let output = Output::new(&args.report, &[Format::Text, Format::Json], lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let period = args.period.unwrap_or_else(|| app.current_period());
    let surface = |arg: &SurfaceArg| match arg {
        SurfaceArg::Report => Surface::Report,
        SurfaceArg::Siasn => Surface::Siasn,
    };
    let mut options = PullOptions {
        surfaces: args.surface.iter().map(surface).collect(),
        only: args.nip.clone(),
        accept_vanish: args.accept_vanish,
        accept_drift: args.accept_drift,
        ..PullOptions::default()
    };
    if args.plan {
        let planned = outlook::of(&app, period, &options).await.map_err(context.why())?;
        for format in &output.formats {
            output.write(&target, "plan", *format, |out| match format {
                Format::Json => writeln!(out, "{}", super::outlook::document(&planned)),
                _ => write!(out, "{}", super::outlook::text(&planned, &app.clock.now(), lang)),
            })?;
        }
        return Ok(Exit::Done);
    }
    let bar = Progress::new(lang, lang.pick("menarik dari BKN", "pulling from BKN"), Some(0));
    let shown = bar.clone();
    options.progress = Some(Arc::new(move |done, planned| {
        shown.total(planned);
        shown.at(done);
    }));
    let pulled = pull::run(&app, period, options, context.must_leave()).await.map_err(context.why())?;
    bar.finish();
    for format in &output.formats {
        output.write(&target, "sync", *format, |out| match format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&Document::of(&pulled))?),
            _ => write!(out, "{}", text(&pulled, lang)),
        })?;
    }
    for stopped in &pulled.stopped {
        say(&stop_sentence(stopped, lang));
    }
    for (surface, reason) in silent(&pulled) {
        say(&silent_sentence(surface, reason, lang));
    }
    for held in pulled.report.batches.iter().filter(|batch| batch.reason == Some(Reason::Vanish)) {
        say(&held_sentence(held, lang));
    }
    for held in &pulled.report.held {
        say(&drift_sentence(held, lang));
    }
    Ok(if pulled.is_complete() { Exit::Done } else { Exit::Incomplete })
}

/// Why a surface stopped, and which key to change.
fn stop_sentence(stopped: &Stopped, lang: Lang) -> String {
    let Stopped { surface, reason, key, sentence } = stopped;
    match (key, lang) {
        (Some(key), Lang::Id) => format!("{surface} berhenti: {} ({reason}); perbarui {key}", reason_name(*reason, lang)),
        (Some(key), Lang::En) => format!("{surface} stopped ({reason}): {sentence}; change {key}"),
        (None, _) => silent_sentence(*surface, *reason, lang),
    }
}

/// A batch that lost too many to be taken in, and how to take it in.
fn held_sentence(held: &Receipt, lang: Lang) -> String {
    let Receipt { id, kind, span, vanished, .. } = held;
    match lang {
        Lang::Id => format!(
            "{kind} {span}: {vanished} orang hilang dari jawaban BKN, batch {id} ditahan; bila benar, ulangi dengan --accept-vanish"
        ),
        Lang::En => format!(
            "{kind} {span}: {vanished} people vanished from BKN's answer, batch {id} is held; if it is right, repeat with --accept-vanish"
        ),
    }
}

/// A list that was held because its shape has changed, and what can be done about it.
fn drift_sentence(held: &HeldAnswer, lang: Lang) -> String {
    let HeldAnswer { kind, span, detail, .. } = held;
    match (detail.contains(UNREADABLE), lang) {
        (true, Lang::Id) => {
            format!(
                "{kind} {span}: bentuk jawaban BKN berubah, ditahan: {detail}; bila sisanya boleh dipakai, ulangi dengan --accept-drift"
            )
        }
        (true, Lang::En) => {
            format!(
                "{kind} {span}: BKN's answer has changed its shape and is held: {detail}; if the rest may be taken, repeat with --accept-drift"
            )
        }
        (false, Lang::Id) => format!("{kind} {span}: bentuk jawaban BKN berubah dan tidak terbaca, ditahan: {detail}; laporkan contoh ini"),
        (false, Lang::En) => {
            format!("{kind} {span}: BKN's answer has changed its shape and cannot be read, it is held: {detail}; report this sample")
        }
    }
}

/// A surface of which no answer could be used.
fn silent_sentence(surface: Surface, reason: Reason, lang: Lang) -> String {
    let name = reason_name(reason, lang);
    match lang {
        Lang::Id => format!("{surface} tidak menjawab: {name} ({reason}); periksa ekinerja.{surface}.base_url dan jaringan"),
        Lang::En => format!("{surface} does not answer: {name} ({reason}); check ekinerja.{surface}.base_url and the network"),
    }
}

/// Surfaces that did not stop by themselves and did not answer one question, with the commonest reason: too few
/// questions to be given up, and yet nobody was there.
fn silent(pulled: &Pulled) -> Vec<(Surface, Reason)> {
    let is_of_network = |reason: Reason| {
        matches!(reason, Reason::Timeout | Reason::Connection | Reason::ServerError | Reason::Redirect | Reason::AuthGateway)
    };
    let stopped = |surface: Surface| pulled.stopped.iter().any(|stopped| stopped.surface == surface);
    let of = |surface: Surface| {
        let rows: Vec<_> = pulled.report.reasons.iter().filter(|row| row.surface == surface.key()).collect();
        let unheard = rows.iter().all(|row| row.reason.is_some_and(is_of_network));
        let commonest = rows.iter().max_by_key(|row| row.count).and_then(|row| row.reason);
        commonest.filter(|_| unheard && !stopped(surface)).map(|reason| (surface, reason))
    };
    [Surface::Report, Surface::Siasn].into_iter().filter_map(of).collect()
}

/// What became of an answer or a question, for a person.
fn status_said(key: &'static str, lang: Lang) -> &'static str {
    match (lang, key) {
        (Lang::Id, "new") => "baru",
        (Lang::Id, "changed") => "diperbarui",
        (Lang::Id, "unchanged") => "sama",
        (Lang::Id, "quarantined") => "dikarantina",
        (Lang::Id, "failed") => "gagal",
        (Lang::Id, "skipped") => "dilewati",
        _ => key,
    }
}

/// What a pull came to, for a person.
pub fn text(pulled: &Pulled, lang: Lang) -> String {
    let report = &pulled.report;
    let mut text = String::new();
    let resumed = if pulled.resumed { lang.pick(", melanjutkan yang terputus", ", taken up again") } else { "" };
    let _ = writeln!(text, "{} {} ({} {}{resumed})", lang.pick("tarikan", "pull"), report.period, lang.pick("nomor", "run"), report.id);
    let heads = lang.pick(
        ["jenis", "status", "baris", "baru", "berubah", "sama", "hilang"],
        ["kind", "status", "rows", "new", "changed", "same", "vanished"],
    );
    let [kind, status, rows, new, changed, same, gone] = heads;
    let _ = writeln!(text, "  {kind:<16} {status:<12} {rows:>8} {new:>8} {changed:>8} {same:>8} {gone:>8}");
    for batch in &report.batches {
        let reason = batch.reason.map(|reason| format!("  {}", reason_name(reason, lang))).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {:<16} {:<12} {:>8} {:>8} {:>8} {:>8} {:>8}{reason}",
            batch.kind,
            status_said(batch.status.key(), lang),
            batch.rows,
            batch.new,
            batch.changed,
            batch.unchanged,
            batch.vanished
        );
    }
    let items = &report.items;
    let _ = match lang {
        Lang::Id => writeln!(
            text,
            "  pertanyaan: {} direncanakan, {} selesai, {} gagal, {} dikarantina, {} dilewati; {} permintaan",
            items.planned(),
            items.done,
            items.failed,
            items.quarantined,
            items.skipped,
            report.requests
        ),
        Lang::En => writeln!(
            text,
            "  questions: {} planned, {} done, {} failed, {} quarantined, {} skipped; {} requests",
            items.planned(),
            items.done,
            items.failed,
            items.quarantined,
            items.skipped,
            report.requests
        ),
    };
    for row in report.reasons.iter().filter(|row| row.reason.is_some()) {
        let reason = row.reason.map(|reason| reason_name(reason, lang)).unwrap_or_default();
        let _ = writeln!(text, "  {} {}: {reason} {}", row.kind, status_said(row.state.key(), lang), row.count);
    }
    if pulled.set_aside > 0 {
        let words = lang.pick("baris tidak terbaca dan disisihkan", "rows could not be read and were set aside");
        let _ = writeln!(text, "  {} {words}", pulled.set_aside);
    }
    for drift in &report.drift {
        let _ = writeln!(text, "  {}: {} {} {}", lang.pick("bentuk data berubah", "drift"), drift.kind, drift.field, drift.change);
    }
    for held in &report.held {
        let _ = writeln!(text, "  {}: {} {}: {}", lang.pick("ditahan", "held"), held.kind, held.span, held.detail);
    }
    if !pulled.is_complete() {
        let _ = writeln!(text, "{}", lang.pick("TIDAK LENGKAP", "TIDAK LENGKAP (incomplete)"));
    }
    text
}
