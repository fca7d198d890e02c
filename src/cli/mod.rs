//! The command line: what can be asked, one file per command. It reads arguments, calls the part that knows, and
//! prints; it decides nothing itself.

pub mod args;
pub mod audit;
pub mod backup;
pub mod check;
pub mod db;
pub mod demo;
pub mod doctor;
pub mod exit;
pub mod explain;
pub mod export;
mod help;
pub mod import;
mod not_yet;
pub mod outlook;
pub mod output;
pub mod policy;
pub mod progress;
pub mod reconcile;
pub mod serve;
pub mod simulate;
pub mod sync;
pub mod token;
mod typed;
pub mod user;
pub mod what_if;
mod words;

pub use exit::{CliError, Exit};

use crate::app::{App, AppError};
use crate::clock::{SharedClock, SystemClock};
use crate::config::{Config, DEFAULT_PATH, Lang};
use crate::lifecycle::{FORCED_EXIT, Shutdown, Trigger};
use crate::sync::run::MustLeave;
use crate::telemetry::{self, Traces};
use clap::{FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Reconciles BKN e-Kinerja with attendance and tukin payments, and says early whose pay would be late
#[derive(Debug, Parser)]
#[command(name = "selaras", version)]
pub struct Cli {
    /// Configuration file; default: config/selaras.toml where it exists
    #[arg(long, value_name = "FILE", global = true, display_order = 900)]
    pub config: Option<PathBuf>,
    /// Language of what people read
    #[arg(long, value_name = "LANG", global = true, display_order = 901, value_parser = args::language())]
    pub lang: Option<Lang>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands (contract §2).
#[derive(Debug, Subcommand)]
pub enum Command {
    /// See it all: a simulated BKN and ministry, reconciled
    Demo(demo::DemoArgs),
    /// A stand-in for both BKN surfaces on this machine
    Simulate(simulate::SimulateArgs),
    /// The daemon: schedule, pulls, page
    Serve(serve::ServeArgs),
    /// The whole reconciliation on files alone: no store, no network
    Check(check::CheckArgs),
    /// Read files of the ministry or of BKN into the store
    Import(import::ImportArgs),
    /// Pull from BKN once, now
    Sync(sync::SyncArgs),
    /// Evaluate what changed, and count verdicts and findings
    Reconcile(reconcile::ReconcileArgs),
    /// Write verdicts, findings, completeness, payment list or call list of a period
    Export(export::ExportArgs),
    /// How one verdict came about, down to the source records
    Explain(explain::ExplainArgs),
    /// Validate policy files, and see what one would change
    Policy(policy::PolicyArgs),
    /// Configuration, store, clock, BKN, disk: what is well and what to do
    Doctor(doctor::DoctorArgs),
    /// The store's schema
    Db(db::DbArgs),
    /// Accounts of people
    User(user::UserArgs),
    /// Tokens of programs
    Token(token::TokenArgs),
    /// The log of who did what
    Audit(audit::AuditArgs),
    /// Copy the store into a file, on either engine
    Backup(backup::BackupArgs),
    /// Bring a copy into a new store, on either engine
    Restore(backup::BackupArgs),
    /// Commands that this version does not have.
    #[command(flatten)]
    NotYet(not_yet::NotYet),
}

/// What every command is given.
#[derive(Clone)]
pub struct Context {
    /// Language of what people read.
    pub lang: Lang,
    /// The configuration, paths absolute.
    pub config: Config,
    /// The file that it was read from; `None`: the defaults.
    pub config_file: Option<PathBuf>,
    /// The time.
    pub clock: SharedClock,
    /// Whether to finish and leave.
    pub shutdown: Shutdown,
    /// Asks for the shutdown from inside.
    pub trigger: Trigger,
}

impl Context {
    /// Opens the store of the configuration.
    ///
    /// # Errors
    /// When it cannot be opened, in one sentence.
    pub async fn app(&self) -> Result<App, CliError> {
        App::open(self.config.clone(), self.clock.clone()).await.map_err(self.why())
    }

    /// Turns what went wrong into one sentence with its exit code.
    pub fn why(&self) -> impl Fn(AppError) -> CliError + use<> {
        let lang = self.lang;
        move |error| {
            let exit = if error.is_refusal() { Exit::Refused } else { Exit::Failed };
            CliError::new(exit, error.sentence(lang))
        }
    }

    /// Whether somebody has asked the process to leave.
    pub fn must_leave(&self) -> MustLeave {
        let shutdown = self.shutdown.clone();
        Arc::new(move || shutdown.is_requested())
    }
}

/// Reads the arguments, runs the command, prints the sentence of an error. Needs a running runtime.
pub async fn run(args: Vec<OsString>, env: Vec<(String, String)>) -> ExitCode {
    let early = help::early_lang(&args, &env);
    let cli = match help::command(early).try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return help::answer(early, &error),
    };
    let ended = match prepare(&cli, env, early) {
        Ok((context, traces)) => {
            let ended = tokio::select! {
                ended = dispatch(cli.command, &context) => ended,
                () = context.shutdown.forced() => return ExitCode::from(FORCED_EXIT),
            };
            traces.leave().await;
            ended
        }
        Err(error) => Err(error),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(error) => {
            say(&error.to_string());
            error.exit.into()
        }
    }
}

fn prepare(cli: &Cli, env: Vec<(String, String)>, early: Lang) -> Result<(Context, Traces), CliError> {
    let config = Config::load(cli.config.as_deref(), env).map_err(|error| CliError::config(early, &error))?;
    let lang = cli.lang.unwrap_or(config.ui.language);
    let quiet = if matches!(cli.command, Command::Serve(_)) { "info,tokio_cron_scheduler=warn" } else { "warn" };
    let traces = telemetry::start(&config.log, quiet, progress::write_between_bars);
    let (trigger, shutdown) = Shutdown::on_signals().map_err(CliError::failed)?;
    let default = || Some(PathBuf::from(DEFAULT_PATH)).filter(|path| path.exists());
    let config_file = cli.config.clone().or_else(default);
    Ok((Context { lang, config, config_file, clock: Arc::new(SystemClock), shutdown, trigger }, traces))
}

async fn dispatch(command: Command, context: &Context) -> Result<Exit, CliError> {
    match command {
        Command::Demo(args) => demo::run(args, context).await,
        Command::Simulate(args) => simulate::run(args, context).await,
        Command::Serve(args) => serve::run(args, context).await,
        Command::Check(args) => check::run(args, context).await,
        Command::Import(args) => import::run(args, context).await,
        Command::Sync(args) => sync::run(args, context).await,
        Command::Reconcile(args) => reconcile::run(args, context).await,
        Command::Export(args) => export::run(args, context).await,
        Command::Explain(args) => explain::run(args, context).await,
        Command::Policy(args) => policy::run(args, context).await,
        Command::Doctor(args) => doctor::run(args, context).await,
        Command::Db(args) => db::run(args, context).await,
        Command::User(args) => user::run(args, context).await,
        Command::Token(args) => token::run(args, context).await,
        Command::Audit(args) => audit::run(args, context).await,
        Command::Backup(args) => backup::make(args, context).await,
        Command::Restore(args) => backup::restore(args, context).await,
        Command::NotYet(command) => Err(CliError::not_yet(context.lang, command.name())),
    }
}

/// One sentence to stderr; a closed stderr is nobody's problem.
pub fn say(sentence: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{sentence}");
}
