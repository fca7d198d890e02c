//! `db`: the store's schema.

use super::{CliError, Context, Exit, say};
use crate::config::Lang;
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
pub async fn run(args: DbArgs, context: &Context) -> Result<Exit, CliError> {
    let DbCommand::Migrate = args.command;
    let app = context.app().await?;
    let version = app.store.schema_version().await.map_err(|error| context.why()(error.into()))?;
    let (engine, shown) = (app.store.engine(), app.store.shown());
    say(&match context.lang {
        Lang::Id => format!("penyimpanan {engine} {shown} memakai skema {version}, mutakhir"),
        Lang::En => format!("the {engine} store {shown} is at schema {version}, up to date"),
    });
    Ok(Exit::Done)
}
