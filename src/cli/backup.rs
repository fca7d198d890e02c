//! `backup` and `restore`: the store into a file, and back.

use super::{CliError, Context, Exit, say};
use crate::app::backup;
use crate::config::Lang;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `backup` and `restore`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    /// The copy; `backup` makes it, `restore` reads it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Runs `backup`.
///
/// # Errors
/// A file that exists or cannot be written.
pub async fn make(args: BackupArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    let made = backup::make(&app, &args.file).await.map_err(context.why())?;
    say(&backup::sentence(&made, context.lang));
    Ok(Exit::Done)
}

/// Runs `restore`.
///
/// # Errors
/// A file that is no sound copy, a store that is not empty.
pub async fn restore(args: BackupArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    let (head, rows) = backup::restore(&app.store, &args.file).await.map_err(context.why())?;
    let (rows, store, made_at, engine) = (rows.values().sum::<u64>(), app.store.shown(), head.made_at, head.engine);
    say(&match context.lang {
        Lang::Id => format!("{rows} baris dipulihkan ke {store} dari salinan {engine} tertanggal {made_at}"),
        Lang::En => format!("{rows} rows restored into {store} from a copy of {engine} made at {made_at}"),
    });
    Ok(Exit::Done)
}
