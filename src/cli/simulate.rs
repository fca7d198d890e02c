//! `simulate`: a stand-in for both BKN surfaces, on this machine only.

use super::args::{loopback, period};
use super::{CliError, Context, Exit, say};
use crate::app::AppError;
use crate::app::demo::local_day;
use crate::domain::Period;
use crate::simulator::{self, Faults, Ministry, Settings};
use clap::Args;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    /// Employees of the simulated ministry
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub employees: u32,
    /// Seed of the simulated ministry: the same seed gives the same people
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Work month (YYYY-MM)
    #[arg(long, value_name = "PERIOD", value_parser = period)]
    pub period: Option<Period>,
    /// Address of both surfaces, on this machine
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9480", value_parser = loopback)]
    pub listen: SocketAddr,
    /// Named fault, on both surfaces or on one (NAME@report, NAME@siasn); `list` shows them all
    #[arg(long, value_name = "NAME")]
    pub faults: Option<String>,
    /// Also write the matching internal files and truth.json into this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Runs `simulate` until it is asked to leave.
///
/// # Errors
/// An address in use, an unknown fault profile, a folder that cannot be written.
pub async fn run(args: SimulateArgs, context: &Context) -> Result<Exit, CliError> {
    if args.faults.as_deref() == Some("list") {
        let mut out = std::io::stdout().lock();
        for fault in Faults::list() {
            writeln!(out, "{:<24} {}", fault.name, fault.does).map_err(CliError::failed)?;
        }
        return Ok(Exit::Done);
    }
    let faults = match args.faults.as_deref() {
        None => Faults::default(),
        Some(name) => Faults::named(name).ok_or_else(|| {
            let near = Faults::names().filter(|known| strsim::jaro_winkler(known, name) > 0.8);
            let known = near.take(5).chain(["list"]).collect::<Vec<_>>().join(", ");
            CliError::refused(context.lang.pick(
                format!("--faults {name}: tidak dikenal; yang ada: {known}"),
                format!("--faults {name}: unknown; there are: {known}"),
            ))
        })?,
    };
    let period = args.period.unwrap_or(Settings::period_of(args.seed));
    let settings = Settings { employees: args.employees as usize, seed: args.seed, period, history: false };
    let ministry = tokio::task::spawn_blocking(move || Ministry::grow(&settings)).await.map_err(CliError::failed)?;
    let ministry = Arc::new(ministry.map_err(|error| context.why()(AppError::from(error)))?);
    if let Some(dir) = &args.write {
        std::fs::create_dir_all(dir).map_err(|why| CliError::failed(format!("{}: {why}", dir.display())))?;
        let refused = |error| context.why()(AppError::from(error));
        let files = ministry.write(dir).map_err(refused)?;
        ministry.truth_on(local_day(context.clock.now())).write(&files.truth).map_err(refused)?;
        say(&context.lang.pick(format!("berkas ditulis di {}", dir.display()), format!("files are in {}", dir.display())));
    }
    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|why| CliError::failed(format!("{}: {why}", args.listen)))?;
    let address = listener.local_addr().map_err(CliError::failed)?;
    say(&context.lang.pick(
        format!("BKN tiruan di http://{address} (faults: {}), Ctrl-C untuk berhenti", faults.name()),
        format!("a stand-in for BKN on http://{address} (faults: {}), Ctrl-C to stop", faults.name()),
    ));
    let paste = context.lang.pick(
        "di berkas konfigurasi, ganti bagian [ekinerja.report] dan [ekinerja.siasn] dengan ini:",
        "in the configuration file, put this in the place of [ekinerja.report] and [ekinerja.siasn]:",
    );
    say(&format!("{paste}\n{}", simulator::sections(address)));
    let shutdown = context.shutdown.clone();
    simulator::serve(ministry, listener, faults, async move { shutdown.notified().await }).await.map_err(CliError::failed)?;
    Ok(Exit::Done)
}
