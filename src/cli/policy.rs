//! `policy`: validate policy files.

use super::args::ReportArgs;
use super::not_yet::Rest;
use super::{CliError, Context, Exit};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Arguments of `policy`.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What can be done with a policy.
#[derive(Debug, Clone, Subcommand)]
pub enum PolicyCommand {
    /// Say what contradicts, gaps or overlaps in a policy file
    Check(CheckArgs),
    /// Heads and Rupiah that a policy would change.
    #[command(hide = true)]
    WhatIf(Rest),
}

/// Arguments of `policy check`.
#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    /// Policy file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Runs `policy`.
///
/// # Errors
/// Exit 2 for a policy that is refused.
pub async fn run(args: PolicyArgs, context: &Context) -> Result<Exit, CliError> {
    match args.command {
        PolicyCommand::Check(_) => Err(CliError::not_yet(context.lang, "policy check")),
        PolicyCommand::WhatIf(_) => Err(CliError::not_yet(context.lang, "policy what-if")),
    }
}
