//! `demo`: one command to see it all.

use super::args::address;
use super::progress::Progress;
use super::reconcile::write_summary;
use super::{CliError, Context, Exit, say};
use crate::app::demo::{Comparison, Key, Stage, set_up};
use crate::config::Lang;
use crate::simulator::Settings;
use crate::web;
use clap::Args;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Stop after the summary, which then also compares the findings with the planted truth
    #[arg(long)]
    pub once: bool,
    /// Employees of the simulated ministry
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(20..=1_000_000))]
    pub employees: u32,
    /// Seed of the simulated ministry: the same seed gives the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Address of the page; default: web.listen
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub listen: Option<SocketAddr>,
    /// Folder for the store and the files; default: a temporary one
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Runs `demo`. Exit 0 when nothing planted was missed and nothing was found that is not there.
///
/// # Errors
/// What the importers, the sync and the reconciliation refuse.
pub async fn run(args: DemoArgs, context: &Context) -> Result<Exit, CliError> {
    let folder = Folder::new(args.data.clone()).map_err(|why| CliError::failed(format!("--data: {why}")))?;
    let settings = Settings::of_demo(args.employees as usize, args.seed);
    let stage = set_up(settings, &folder.path, context.clock.clone()).await.map_err(context.why())?;
    let report = play(&stage, context).await?;
    let findings = crate::app::report::stored(&stage.app, stage.period).await.map_err(context.why())?.findings;
    let comparison = Comparison::of(&stage.truth, &findings);
    let mut out = std::io::stdout().lock();
    let written = write_summary(&report, context.lang, &mut out)
        .and_then(|()| if args.once { out.write_all(compared(&comparison, context.lang).as_bytes()) } else { Ok(()) });
    drop(out);
    written.map_err(|why| CliError::failed(format!("stdout: {why}")))?;
    if args.once {
        return Ok(if comparison.is_exact() { Exit::Done } else { Exit::Failed });
    }
    say(&match context.lang {
        Lang::Id => format!("coba juga: selaras --config {} explain --period {} --nip NIP", stage.config_path.display(), stage.period),
        Lang::En => format!("try also: selaras --config {} explain --period {} --nip NIP", stage.config_path.display(), stage.period),
    });
    let listen = args.listen.unwrap_or(stage.app.config.web.listen);
    web::serve(stage.app.clone(), listen, context.lang, context.shutdown.clone(), &mut |link| {
        say(&match context.lang {
            Lang::Id => format!("buka {link} (Ctrl-C untuk berhenti)"),
            Lang::En => format!("open {link} (Ctrl-C to stop)"),
        });
    })
    .await
    .map_err(context.why())?;
    Ok(Exit::Done)
}

/// Imports, pulls and reconciles, saying each step on stderr.
async fn play(stage: &Stage, context: &Context) -> Result<crate::app::reconcile::Reconciled, CliError> {
    let lang = context.lang;
    say(&match lang {
        Lang::Id => format!("kementerian contoh {}, BKN tiruan di http://{}", stage.period, stage.bkn),
        Lang::En => format!("a sample ministry, {}; a stand-in for BKN on http://{}", stage.period, stage.bkn),
    });
    if let Some(pulled) = stage.live_through_last_week().await.map_err(context.why())? {
        say(&lang.pick(
            format!("pekan lalu: ditarik dari BKN, {} permintaan", pulled.report.requests),
            format!("a week ago: pulled from BKN, {} requests", pulled.report.requests),
        ));
    }
    for (kind, path) in stage.imports() {
        for imported in stage.import(kind, path).await.map_err(context.why())? {
            say(&super::import::line(&imported, lang));
        }
    }
    let bar = Progress::new(lang, lang.pick("menarik dari BKN", "pulling from BKN"), Some(0));
    let shown = bar.clone();
    let progress: crate::sync::run::OnProgress = Arc::new(move |done, planned| {
        shown.total(planned);
        shown.at(done);
    });
    let pulled = stage.pull(Some(progress), context.must_leave()).await.map_err(context.why())?;
    bar.finish();
    say(super::sync::text(&pulled, lang).trim_end());
    for imported in stage.import_whole_roster().await.map_err(context.why())? {
        say(&super::import::line(&imported, lang));
    }
    stage.reconcile(&mut |_| {}).await.map_err(context.why())
}

/// Planted, found, missed, false: in all, and code by code where they differ.
fn compared(comparison: &Comparison, lang: Lang) -> String {
    let [planted, found, missed, wrong] = comparison.totals();
    let mut text = String::from("\n");
    let heading = lang.pick("Dibandingkan dengan yang ditanam simulator", "Compared with what the simulator planted");
    let _ = writeln!(text, "{heading}");
    let words = lang.pick(["ditanam", "ditemukan", "terlewat", "salah"], ["planted", "found", "missed", "false"]);
    let _ = writeln!(text, "  {:<6} {:>9} {:>9} {:>9} {:>9}", lang.pick("kode", "code"), words[0], words[1], words[2], words[3]);
    for (code, [planted, found, missed, wrong]) in &comparison.codes {
        let _ = writeln!(text, "  {code:<6} {planted:>9} {found:>9} {missed:>9} {wrong:>9}");
    }
    let _ = writeln!(text, "  {:<6} {planted:>9} {found:>9} {missed:>9} {wrong:>9}", lang.pick("semua", "all"));
    let mut list = |name: &str, keys: &[Key]| {
        for (code, nip, subject) in keys.iter().take(20) {
            let who = nip.map(|nip| nip.masked()).unwrap_or_default();
            let _ = writeln!(text, "  {name}: {code} {who} {subject}");
        }
    };
    list(words[2], &comparison.missed);
    list(words[3], &comparison.false_ones);
    text
}

/// The folder of a demo; a temporary one goes when the demo ends.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn new(given: Option<PathBuf>) -> std::io::Result<Self> {
        let temporary = given.is_none();
        let path = given.unwrap_or_else(|| std::env::temp_dir().join(format!("selaras-demo-{}", uuid::Uuid::new_v4().simple())));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path: std::path::absolute(path)?, temporary })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed now is the temporary folder's own concern.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
