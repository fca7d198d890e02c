//! `serve`: the daemon.

use super::{CliError, Context, Exit};
use clap::Args;

/// Arguments of `serve`: everything stands in the configuration.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {}

/// Runs `serve` until it is asked to leave.
///
/// # Errors
/// A store that cannot be opened, an address in use.
pub async fn run(_args: ServeArgs, context: &Context) -> Result<Exit, CliError> {
    Err(CliError::not_yet(context.lang, "serve"))
}
