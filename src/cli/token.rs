//! `token`: what programs send instead of a password.

use super::args::ReportArgs;
use super::output::{Format, Output};
use super::{CliError, Context, Exit, say};
use crate::app::access::{self, By, NewToken};
use crate::config::Lang;
use crate::domain::access::Right;
use crate::store::ApiToken;
use chrono::{DateTime, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::{self, Write};

/// Arguments of `token`.
#[derive(Debug, Clone, Args)]
pub struct TokenArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: TokenCommand,
}

/// What can be done with tokens.
#[derive(Debug, Clone, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is shown once, on standard output
    Add(AddArgs),
    /// Take a token back
    Revoke(RevokeArgs),
    /// All tokens, without their secret
    List(ListArgs),
}

/// Arguments of `token add`.
#[derive(Debug, Clone, Args)]
pub struct AddArgs {
    /// What the token is for
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Whose rights it has
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,
    /// Limits it to these rights, parted by commas; without it, all that the account has
    #[arg(long, value_name = "RIGHT", value_delimiter = ',', value_parser = right())]
    pub scope: Vec<Right>,
    /// Days until it opens nothing
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: u32,
}

/// Arguments of `token revoke`.
#[derive(Debug, Clone, Args)]
pub struct RevokeArgs {
    /// Id of the token
    #[arg(value_name = "ID")]
    pub id: String,
}

/// Arguments of `token list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Where the list goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

fn right() -> impl TypedValueParser<Value = Right> {
    PossibleValuesParser::new(Right::ALL.map(|(key, _)| key)).map(|key| Right::from_key(&key).unwrap_or(Right::SeePolicy))
}

/// Runs `token`.
///
/// # Errors
/// An account or token that is not there, a right that the account does not have.
pub async fn run(args: TokenArgs, context: &Context) -> Result<Exit, CliError> {
    match args.command {
        TokenCommand::Add(args) => add(args, context).await,
        TokenCommand::Revoke(args) => revoke(args, context).await,
        TokenCommand::List(args) => list(&args, context).await,
    }
}

async fn add(args: AddArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    let scopes = (!args.scope.is_empty()).then(|| args.scope.into_iter().collect());
    let new = NewToken { name: args.name, account: args.account, scopes, days: args.days };
    let (token, text) = access::add_token(&app, &By::terminal(), new).await.map_err(context.why())?;
    writeln!(io::stdout().lock(), "{text}").map_err(|why| CliError::failed(format!("stdout: {why}")))?;
    let (id, until) = (&token.id, token.expires_at.format("%Y-%m-%d"));
    say(&match context.lang {
        Lang::Id => format!("token {id} berlaku sampai {until}; simpan sekarang, teksnya tidak dapat ditampilkan lagi"),
        Lang::En => format!("token {id} is good until {until}; keep it now, its text cannot be shown again"),
    });
    Ok(Exit::Done)
}

async fn revoke(args: RevokeArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    access::revoke_token(&app, &By::terminal(), &args.id).await.map_err(context.why())?;
    let id = args.id;
    say(&match context.lang {
        Lang::Id => format!("token {id} dicabut"),
        Lang::En => format!("token {id} was revoked"),
    });
    Ok(Exit::Done)
}

async fn list(args: &ListArgs, context: &Context) -> Result<Exit, CliError> {
    let output = Output::new(&args.report, &[Format::Text, Format::Json], context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let tokens = app.store.tokens().await.map_err(|error| context.why()(error.into()))?;
    let now = app.clock.now();
    for format in &output.formats {
        output.write(&target, "tokens", *format, |out| match format {
            Format::Json => {
                writeln!(out, "{}", serde_json::to_string_pretty(&json!({"tokens": tokens.iter().map(object).collect::<Vec<_>>()}))?)
            }
            _ => tokens.iter().try_for_each(|token| write_line(token, now, context.lang, out)),
        })?;
    }
    Ok(Exit::Done)
}

fn scope_keys(token: &ApiToken) -> Option<Vec<&'static str>> {
    token.scopes.as_ref().map(|scopes| scopes.iter().map(|right| right.key()).collect())
}

fn object(token: &ApiToken) -> serde_json::Value {
    json!({
        "id": token.id, "name": token.name, "account": token.account, "scopes": scope_keys(token),
        "created_at": token.created_at, "expires_at": token.expires_at, "revoked_at": token.revoked_at,
    })
}

fn write_line(token: &ApiToken, now: DateTime<Utc>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let scopes =
        scope_keys(token).map_or_else(|| lang.pick("semua hak akun", "all rights of the account").to_owned(), |keys| keys.join(", "));
    let until = token.expires_at.format("%Y-%m-%d");
    let state = match token.revoked_at {
        Some(_) => lang.pick("dicabut", "revoked").to_owned(),
        None if token.expires_at <= now => format!("{} {until}", lang.pick("habis", "expired")),
        None => format!("{} {until}", lang.pick("sampai", "until")),
    };
    writeln!(out, "{} {:<16} {:<20} {state:<18} {scopes}", token.id, token.account, token.name)
}
