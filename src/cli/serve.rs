//! `serve`: the daemon.

use super::{CliError, Context, Exit, say};
use crate::config::Lang;
use crate::{schedule, web};
use clap::Args;

/// Arguments of `serve`: everything stands in the configuration.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {}

/// Runs `serve` until it is asked to leave.
///
/// # Errors
/// A store that cannot be opened, an address in use, a schedule that does not start.
pub async fn run(_args: ServeArgs, context: &Context) -> Result<Exit, CliError> {
    let lang = context.lang;
    let app = context.app().await?;
    let listen = app.config.web.listen;
    let has_accounts = app.store.has_accounts().await.map_err(|error| context.why()(error.into()))?;
    if !listen.ip().is_loopback() && !has_accounts {
        say(&lang.pick(
            format!("peringatan: {listen} dapat dijangkau dari luar mesin ini dan belum ada akun: siapa pun yang memegang tautan masuk dapat membaca semuanya; buat akun pertama dengan selaras user add"),
            format!("warning: {listen} can be reached from outside this machine and there are no accounts yet: whoever holds the sign-in link can read everything; make the first account with selaras user add"),
        ));
    } else if !listen.ip().is_loopback() {
        say(&lang.pick(
            format!("peringatan: {listen} dapat dijangkau dari luar mesin ini lewat HTTP biasa: pasang proxy TLS di depannya, isi web.public_url, dan dengarkan di 127.0.0.1"),
            format!("warning: {listen} can be reached from outside this machine by plain HTTP: put a TLS proxy in front of it, set web.public_url, and listen on 127.0.0.1"),
        ));
    }
    let night = schedule::start(app.clone(), lang, context.shutdown.clone()).await.map_err(CliError::failed)?;
    let served = web::serve(app, listen, lang, context.shutdown.clone(), &mut |link| {
        // The link opens everything, so it goes to the terminal and never through the log.
        say(&match lang {
            Lang::Id => format!("halaman: buka {link}"),
            Lang::En => format!("page: open {link}"),
        });
    })
    .await;
    if served.is_err() {
        // Without its page the daemon leaves; a job that has just begun is to notice.
        context.trigger.pull();
    }
    night.leave().await;
    served.map_err(context.why())?;
    Ok(Exit::Done)
}
