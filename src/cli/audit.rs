//! `audit`: whether the log of who did what is still the one that was written.

use super::{CliError, Context, Exit, say};
use crate::config::{Lang, Said};
use crate::store::AuditHead;
use clap::{Args, Subcommand};

/// Arguments of `audit`.
#[derive(Debug, Clone, Args)]
pub struct AuditArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What can be done with the audit log.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Read the whole audit log and check its chain; exit 1 names the first broken line
    Verify(VerifyArgs),
}

/// Arguments of `audit verify`.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// A head (LINE:HASH) that was kept elsewhere: it must still be a line of the log
    #[arg(long, value_name = "HEAD", value_parser = head)]
    pub head: Option<AuditHead>,
}

fn head(text: &str) -> Result<AuditHead, Said> {
    text.parse().map_err(|()| {
        Said::new(
            format!("'{text}' bukan ujung catatan audit: tulis BARIS:HASH seperti yang dicetak selaras audit verify"),
            format!("'{text}' is no head of an audit log: write LINE:HASH as selaras audit verify prints it"),
        )
    })
}

/// Runs `audit`.
///
/// # Errors
/// Exit 1 for a log that is not what was written.
pub async fn run(args: AuditArgs, context: &Context) -> Result<Exit, CliError> {
    let AuditCommand::Verify(args) = args.command;
    let app = context.app().await?;
    let verified = app.store.verify_audit(args.head.as_ref()).await.map_err(|error| context.why()(error.into()))?;
    let lang = context.lang;
    if let Some(seq) = verified.broken {
        return Err(CliError::failed(match lang {
            Lang::Id => format!(
                "catatan audit rusak mulai baris {seq}: baris itu diubah, dihapus, atau dipindahkan; jangan lanjutkan sebelum salinan cadangan dibandingkan"
            ),
            Lang::En => format!(
                "the audit log is broken from line {seq} on: that line was changed, removed or moved; compare it with a backup before going on"
            ),
        }));
    }
    if let Some(wanted) = args.head.filter(|_| !verified.known) {
        return Err(CliError::failed(match lang {
            Lang::Id => format!("ujung {wanted} tidak ada di catatan audit ini: catatan itu ditulis ulang, atau milik penyimpanan lain"),
            Lang::En => format!("the head {wanted} is not in this audit log: the log was written anew, or belongs to another store"),
        }));
    }
    let head = verified.head;
    say(&match lang {
        Lang::Id => format!("catatan audit utuh, {} baris; ujungnya {head}", head.seq),
        Lang::En => format!("the audit log is whole, {} lines; its head is {head}", head.seq),
    });
    Ok(Exit::Done)
}
