//! `user`: accounts.

use super::args::ReportArgs;
use super::output::{Format, Output};
use super::typed::new_password;
use super::{CliError, Context, Exit, say};
use crate::app::access::{self, By, NewUser};
use crate::config::Lang;
use crate::domain::access::{Role, Scope};
use crate::store::Account;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Arguments of `user`.
#[derive(Debug, Clone, Args)]
pub struct UserArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: UserCommand,
}

/// What can be done with accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum UserCommand {
    /// Make an account; its password is asked for, or read from standard input
    Add(AddArgs),
    /// Give an account another password; its sessions end
    Passwd(NameArgs),
    /// Give an account other roles, and other units when --unit or --all-units says so
    Role(RoleArgs),
    /// All accounts
    List(ListArgs),
    /// Close an account: its sessions end, its tokens open nothing
    Disable(DisableArgs),
}

/// An account.
#[derive(Debug, Clone, Args)]
pub struct NameArgs {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    pub name: String,
}

/// Arguments of `user add`.
#[derive(Debug, Clone, Args)]
pub struct AddArgs {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    pub name: String,
    /// Roles, parted by commas
    #[arg(long, value_name = "ROLE", value_delimiter = ',', required = true, value_parser = role())]
    pub role: Vec<Role>,
    /// Sees people of this unit (kode_unit) only; may be repeated. Without it, everybody
    #[arg(long, value_name = "UNIT", value_delimiter = ',')]
    pub unit: Vec<String>,
    /// Name to greet with; default: the account's
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub shown: String,
}

/// Arguments of `user role`.
#[derive(Debug, Clone, Args)]
pub struct RoleArgs {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    pub name: String,
    /// Roles, parted by commas
    #[arg(long, value_name = "ROLE", value_delimiter = ',', required = true, value_parser = role())]
    pub role: Vec<Role>,
    /// Sees people of this unit (kode_unit) only; may be repeated. Without it, as before
    #[arg(long, value_name = "UNIT", value_delimiter = ',', conflicts_with = "all_units")]
    pub unit: Vec<String>,
    /// Sees people of all units
    #[arg(long)]
    pub all_units: bool,
}

/// Arguments of `user list`.
#[derive(Debug, Clone, Args)]
pub struct ListArgs {
    /// Where the list goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Arguments of `user disable`.
#[derive(Debug, Clone, Args)]
pub struct DisableArgs {
    /// Name of the account
    #[arg(value_name = "ACCOUNT")]
    pub name: String,
    /// Open it again
    #[arg(long)]
    pub undo: bool,
}

/// A role by its key.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(|(key, _)| key)).map(|key| Role::from_key(&key).unwrap_or(Role::Auditor))
}

/// Runs `user`.
///
/// # Errors
/// A name that is refused or not there, a password that is too easy.
pub async fn run(args: UserArgs, context: &Context) -> Result<Exit, CliError> {
    match args.command {
        UserCommand::Add(args) => add(args, context).await,
        UserCommand::Passwd(args) => passwd(args, context).await,
        UserCommand::Role(args) => set_role(args, context).await,
        UserCommand::List(args) => list(&args, context).await,
        UserCommand::Disable(args) => disable(args, context).await,
    }
}

fn done(lang: Lang, id: String, en: String) -> Exit {
    say(&lang.pick(id, en));
    Exit::Done
}

async fn add(args: AddArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    let roles: BTreeSet<Role> = args.role.into_iter().collect();
    access::may_add(&app, &args.name, &roles).await.map_err(context.why())?;
    let password = new_password(context).await?;
    let scope = units(args.unit).unwrap_or(Scope::All);
    let new = NewUser { name: args.name, shown: args.shown, password, roles, scope };
    let name = access::add_account(&app, &By::terminal(), new).await.map_err(context.why())?;
    Ok(done(context.lang, format!("akun {name} dibuat"), format!("the account {name} was made")))
}

fn units(units: Vec<String>) -> Option<Scope> {
    let units: BTreeSet<String> = units.into_iter().map(|unit| unit.trim().to_owned()).filter(|unit| !unit.is_empty()).collect();
    (!units.is_empty()).then_some(Scope::Units(units))
}

async fn passwd(args: NameArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    let password = new_password(context).await?;
    access::set_password(&app, &By::terminal(), &args.name, password, None).await.map_err(context.why())?;
    let name = args.name;
    Ok(done(
        context.lang,
        format!("kata sandi akun {name} diganti, semua sesinya diakhiri"),
        format!("the account {name} has another password, all its sessions were ended"),
    ))
}

async fn set_role(args: RoleArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    let roles: BTreeSet<Role> = args.role.into_iter().collect();
    let scope = if args.all_units { Some(Scope::All) } else { units(args.unit) };
    access::set_roles(&app, &By::terminal(), &args.name, &roles, scope.as_ref()).await.map_err(context.why())?;
    let name = args.name;
    Ok(done(context.lang, format!("peran akun {name} diganti"), format!("the account {name} has other roles")))
}

async fn disable(args: DisableArgs, context: &Context) -> Result<Exit, CliError> {
    let app = context.app().await?;
    access::set_disabled(&app, &By::terminal(), &args.name, !args.undo).await.map_err(context.why())?;
    let name = args.name;
    Ok(if args.undo {
        done(context.lang, format!("akun {name} dibuka lagi"), format!("the account {name} was opened again"))
    } else {
        done(
            context.lang,
            format!("akun {name} ditutup, semua sesinya diakhiri"),
            format!("the account {name} was closed, all its sessions were ended"),
        )
    })
}

async fn list(args: &ListArgs, context: &Context) -> Result<Exit, CliError> {
    let output = Output::new(&args.report, &[Format::Text, Format::Json], context.lang)?;
    let target = output.target(output.formats.len())?;
    let app = context.app().await?;
    let accounts = app.store.accounts().await.map_err(|error| context.why()(error.into()))?;
    for format in &output.formats {
        output.write(&target, "users", *format, |out| match format {
            Format::Json => {
                writeln!(out, "{}", serde_json::to_string_pretty(&json!({"users": accounts.iter().map(object).collect::<Vec<_>>()}))?)
            }
            _ => accounts.iter().try_for_each(|account| write_line(account, context.lang, out)),
        })?;
    }
    Ok(Exit::Done)
}

fn role_keys(account: &Account) -> Vec<&'static str> {
    account.roles.iter().map(|role| role.key()).collect()
}

fn object(account: &Account) -> serde_json::Value {
    let units = match &account.scope {
        Scope::All => None,
        Scope::Units(units) => Some(units.iter().cloned().collect::<Vec<_>>()),
    };
    json!({
        "name": account.name, "shown": account.shown, "roles": role_keys(account), "units": units, "disabled": account.disabled,
        "failed": account.failed, "locked_until": account.locked_until, "created_at": account.created_at, "changed_at": account.changed_at,
    })
}

fn write_line(account: &Account, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let units = match &account.scope {
        Scope::All => lang.pick("semua unit", "all units").to_owned(),
        Scope::Units(units) => units.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    };
    let state = if account.disabled { lang.pick("  (ditutup)", "  (closed)") } else { "" };
    writeln!(out, "{:<20} {:<30} {units}{state}", account.name, role_keys(account).join(", "))
}
