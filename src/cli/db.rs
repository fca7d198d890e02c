//! `db`: the store's schema.

use super::{CliError, Context, Exit};
use clap::{Args, Subcommand};

/// Arguments of `db`.
#[derive(Debug, Clone, Args)]
pub struct DbArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: DbCommand,
}

/// What can be done with the schema.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum DbCommand {
    /// Bring an empty or older store up to date
    Migrate,
}

/// Runs `db`.
///
/// # Errors
/// A store that is newer than this program.
pub async fn run(_args: DbArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "db migrate"))
}
