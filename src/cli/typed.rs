//! Passwords that are typed: without echo on a terminal, or the first line of standard input. Never an argument, which
//! every user of the machine could read.

use super::{CliError, Context};
use crate::config::Lang;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead, IsTerminal, Read, Write};

/// Longest line that is read.
const LONGEST: u64 = 4 << 10;

/// Asks for a new password, on a terminal twice.
///
/// # Errors
/// Two that differ, nothing typed, a signal.
pub async fn new_password(context: &Context) -> Result<String, CliError> {
    let lang = context.lang;
    if !std::io::stdin().is_terminal() {
        return line(context).await;
    }
    let first = ask(context, lang.pick("Kata sandi baru: ", "New password: ")).await?;
    let second = ask(context, lang.pick("Sekali lagi: ", "Once more: ")).await?;
    if first == second { Ok(first) } else { Err(CliError::refused(lang.pick("kedua kata sandi tidak sama", "the two passwords differ"))) }
}

async fn ask(context: &Context, question: &str) -> Result<String, CliError> {
    let _quiet = Quiet::new()?;
    {
        let mut err = std::io::stderr().lock();
        // Who closed stderr sees no question.
        let _ = write!(err, "{question}").and_then(|()| err.flush());
    }
    let typed = line(context).await;
    super::say("");
    typed
}

async fn line(context: &Context) -> Result<String, CliError> {
    let lang = context.lang;
    let reading = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().take(LONGEST).read_line(&mut line).map(|_| line)
    });
    let read = tokio::select! {
        read = reading => read,
        () = context.shutdown.notified() => return Err(CliError::failed(lang.pick("dibatalkan", "cancelled"))),
    };
    let line = read.map_err(CliError::failed)?.map_err(|why| CliError::failed(format!("stdin: {why}")))?;
    let line = line.trim_end_matches(['\r', '\n']);
    if line.is_empty() {
        return Err(CliError::refused(match lang {
            Lang::Id => "kata sandi belum diberikan: ketik di terminal, atau kirim lewat masukan standar",
            Lang::En => "no password was given: type it on a terminal, or send it through standard input",
        }));
    }
    Ok(line.to_owned())
}

/// A terminal that does not show what is typed, until this is dropped.
struct Quiet(Termios);

impl Quiet {
    fn new() -> Result<Self, CliError> {
        let failed = |why: rustix::io::Errno| CliError::failed(format!("terminal: {why}"));
        let before = tcgetattr(std::io::stdin()).map_err(failed)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &quiet).map_err(failed)?;
        Ok(Self(before))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // A terminal that has gone needs no echo.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}
