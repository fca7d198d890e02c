//! Accounts, signing in, tokens: what the commands and the page may ask for. Every change is told to the audit log with
//! who did it; passwords and tokens are hashed here and go no further.

pub mod oidc;
pub mod password;
mod tokens;

pub use crate::domain::action;
pub use tokens::{NewToken, add_token, add_token_once, revoke_token, viewer_of_token};

use super::{App, AppError};
use crate::config::Said;
use crate::domain::access::{Role, Scope};
use crate::store::{AccountChange, Attempt, AuditEntry, NewAccount, NewSession};
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The account of whoever works on the machine itself.
pub const TERMINAL: &str = "terminal";
/// Accounts that nobody can have: they stand in the audit log for something else.
const RESERVED: [&str; 3] = [TERMINAL, "tautan-masuk", UNKNOWN];
/// What the audit log says instead of a name that nobody has: it may be a password, typed into the wrong field.
const UNKNOWN: &str = "?";

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Account.
    pub account: String,
    /// Address of the request; empty on the machine itself.
    pub address: String,
}

impl By {
    /// Whoever runs a command.
    pub fn terminal() -> Self {
        Self { account: TERMINAL.to_owned(), address: String::new() }
    }

    /// An entry of the audit log.
    pub fn entry(&self, action: &'static str, subject: impl Into<String>) -> AuditEntry {
        let entry = AuditEntry::new(&self.account, &self.address, action, subject);
        // On the machine there is no sign-in: the name that the system gives is the best that is known.
        let user = ["SUDO_USER", "USER"].into_iter().find_map(|name| std::env::var(name).ok());
        match user.filter(|_| self.account == TERMINAL) {
            Some(user) => entry.with("user", user),
            None => entry,
        }
    }
}

/// 256 random bits in hex.
pub fn secret() -> String {
    // Each id has 122 random bits of the system.
    let mut digest = Sha256::new();
    (0..3).for_each(|_| digest.update(Uuid::new_v4().as_bytes()));
    hex(&digest.finalize())
}

/// What the store knows of a secret.
pub fn sha256(secret: &str) -> String {
    hex(&Sha256::digest(secret))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of an account as it is kept: without space around it, in small letters.
///
/// # Errors
/// A name of other characters, too short, too long, or one that stands for something else.
pub fn account_name(typed: &str) -> Result<String, AppError> {
    let name = typed.trim().to_lowercase();
    let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-@".contains(c);
    let first = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if first && (2..=64).contains(&name.len()) && name.chars().all(sound) && !RESERVED.contains(&name.as_str()) {
        return Ok(name);
    }
    Err(AppError::Access(Said::new(
        "nama akun: 2 sampai 64 huruf kecil, angka, titik, garis atau @, diawali huruf atau angka",
        "name of an account: 2 to 64 small letters, digits, dots, dashes or @, beginning with a letter or digit",
    )))
}

fn no_such_account(name: &str) -> AppError {
    AppError::Access(Said::new(
        format!("tidak ada akun '{name}': selaras user list menyebutkan semua akun"),
        format!("there is no account '{name}': selaras user list names all accounts"),
    ))
}

/// An account to make.
pub struct NewUser {
    /// As typed.
    pub name: String,
    /// Name to greet with; empty: the account's.
    pub shown: String,
    /// In clear; it goes no further.
    pub password: String,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whose data they see.
    pub scope: Scope,
}

/// Whether an account of that name and these roles could be made, before anybody is asked for a password.
///
/// # Errors
/// What [`add_account`] refuses.
pub async fn may_add(app: &App, name: &str, roles: &BTreeSet<Role>) -> Result<(), AppError> {
    let name = account_name(name)?;
    needs_role(roles)?;
    if !roles.contains(&Role::Sysadmin) && !app.store.has_accounts().await? {
        return Err(AppError::Access(Said::new(
            "akun pertama harus berperan sysadmin (--role sysadmin): sesudah ada akun, tautan masuk tidak berlaku lagi",
            "the first account must have the role sysadmin (--role sysadmin): once there are accounts, the sign-in link opens nothing",
        )));
    }
    if app.store.account(&name).await?.is_some() { Err(exists(&name)) } else { Ok(()) }
}

fn exists(name: &str) -> AppError {
    AppError::Access(Said::new(format!("akun '{name}' sudah ada"), format!("the account '{name}' exists")))
}

fn needs_role(roles: &BTreeSet<Role>) -> Result<(), AppError> {
    if !roles.is_empty() {
        return Ok(());
    }
    Err(AppError::Access(Said::new(
        "akun tanpa peran tidak melihat apa pun: beri --role",
        "an account without a role sees nothing: give --role",
    )))
}

fn roles_and_units(entry: AuditEntry, roles: &BTreeSet<Role>, scope: Option<&Scope>) -> AuditEntry {
    let keys: Vec<&str> = roles.iter().map(|role| role.key()).collect();
    let entry = entry.with("roles", keys);
    match scope {
        None => entry,
        Some(Scope::All) => entry.with("units", "all"),
        Some(Scope::Units(units)) => entry.with("units", units.iter().map(String::as_str).collect::<Vec<_>>()),
    }
}

/// Makes an account.
///
/// # Errors
/// A name that exists or is refused, no role, a password that is too easy, a first account that is no sysadmin.
pub async fn add_account(app: &App, by: &By, new: NewUser) -> Result<String, AppError> {
    may_add(app, &new.name, &new.roles).await?;
    let name = account_name(&new.name)?;
    let shown = if new.shown.trim().is_empty() { name.clone() } else { new.shown.trim().to_owned() };
    password::check(&new.password, &words_of(app, &name, &shown, &new.scope))?;
    let hash = password::hash(new.password).await?;
    let told = roles_and_units(by.entry(action::ACCOUNT_ADDED, &name), &new.roles, Some(&new.scope));
    let account = NewAccount { name: name.clone(), shown, hash, roles: new.roles, scope: new.scope };
    if app.store.add_account(&account, told).await? { Ok(name) } else { Err(exists(&name)) }
}

/// Whether an account may have that password.
///
/// # Errors
/// An account that is not there, a password that is too easy.
pub async fn check_password(app: &App, name: &str, new: &str) -> Result<(), AppError> {
    let Some(known) = app.store.account(name).await? else { return Err(no_such_account(name)) };
    password::check(new, &words_of(app, name, &known.shown, &known.scope))
}

/// What would be tried first for an account.
fn words_of(app: &App, name: &str, shown: &str, scope: &Scope) -> Vec<String> {
    password::words_of(name, shown, scope, app.config.web.public_url.as_ref().map(|url| url.as_str()))
}

/// Gives an account another password; its sessions end, but the one that asks (`kept`, the hash of its token).
///
/// # Errors
/// An account that is not there, a password that is too easy.
pub async fn set_password(app: &App, by: &By, name: &str, new: String, kept: Option<&str>) -> Result<(), AppError> {
    let name = account_name(name)?;
    check_password(app, &name, &new).await?;
    let hash = password::hash(new).await?;
    let set = app.store.set_password(&name, &hash, kept, by.entry(action::PASSWORD_SET, &name)).await?;
    if set { Ok(()) } else { Err(no_such_account(&name)) }
}

/// Gives an account other roles, and other units unless `scope` is `None`.
///
/// # Errors
/// An account that is not there, no role, the only open sysadmin who would be none any more.
pub async fn set_roles(app: &App, by: &By, name: &str, roles: &BTreeSet<Role>, scope: Option<&Scope>) -> Result<(), AppError> {
    let name = account_name(name)?;
    needs_role(roles)?;
    let told = roles_and_units(by.entry(action::ROLES_SET, &name), roles, scope);
    done(app.store.set_roles(&name, roles, scope, told).await?, &name)
}

/// Closes an account, or opens it again.
///
/// # Errors
/// An account that is not there, the only open sysadmin.
pub async fn set_disabled(app: &App, by: &By, name: &str, disabled: bool) -> Result<(), AppError> {
    let name = account_name(name)?;
    let action = if disabled { action::ACCOUNT_DISABLED } else { action::ACCOUNT_ENABLED };
    done(app.store.set_disabled(&name, disabled, by.entry(action, &name)).await?, &name)
}

fn done(change: AccountChange, name: &str) -> Result<(), AppError> {
    match change {
        AccountChange::Done => Ok(()),
        AccountChange::Unknown => Err(no_such_account(name)),
        AccountChange::LastSysadmin => Err(AppError::Access(Said::new(
            format!("'{name}' satu-satunya sysadmin yang terbuka: beri peran itu kepada akun lain lebih dulu"),
            format!("'{name}' is the only open sysadmin: give another account that role first"),
        ))),
    }
}

/// Ends all sessions of an account.
///
/// # Errors
/// An account that is not there.
pub async fn end_sessions(app: &App, by: &By, name: &str) -> Result<(), AppError> {
    let name = account_name(name)?;
    if app.store.account(&name).await?.is_none() {
        return Err(no_such_account(&name));
    }
    app.store.close_sessions(&name, by.entry(action::SESSIONS_ENDED, &name)).await?;
    Ok(())
}

/// Ends one of one's own sessions, by its id; one that is not there, or not one's own, has ended.
///
/// # Errors
/// The store's.
pub async fn end_session(app: &App, by: &By, id: &str) -> Result<(), AppError> {
    let own = app.store.sessions(Some(&by.account)).await?;
    if let Some(session) = own.iter().find(|session| session.id() == id) {
        app.store.close_session(&session.token_sha, by.entry(action::SESSIONS_ENDED, &by.account).with("session", id)).await?;
    }
    Ok(())
}

/// What somebody who wants to sign in has sent.
pub struct Presented {
    /// As typed.
    pub name: String,
    /// As typed.
    pub password: String,
    /// Where it came from.
    pub address: String,
    /// Hash of the token that the browser had before.
    pub replaces: Option<String>,
}

/// Signs in: gives the token of the new session, or `None` when name and password do not belong together, whatever the
/// reason. All reasons take the same work: one counted attempt, one hash, one line in the audit log.
///
/// # Errors
/// When the store fails.
pub async fn sign_in(app: &App, presented: Presented) -> Result<Option<String>, AppError> {
    let by_address = presented.address.clone();
    let replaces = presented.replaces.clone();
    let Some(name) = tried(app, presented).await? else { return Ok(None) };
    let (token, csrf) = (secret(), secret());
    let sha = sha256(&token);
    let new = NewSession { token_sha: &sha, account: &name, csrf: &csrf, replaces: replaces.as_deref() };
    let (now, web) = (app.clock.now(), &app.config.web);
    let ago = |span: std::time::Duration| now - TimeDelta::from_std(span).unwrap_or(TimeDelta::days(36_500));
    let told = By { account: name.clone(), address: by_address }.entry(action::SIGN_IN, &name);
    let opened = app.store.open_session(&new, ago(web.session_max.get()), ago(web.session_idle.get()), told).await?;
    Ok(opened.then_some(token))
}

/// Whether whoever is signed in knows the password; a failure counts as one of signing in. The next good sign-in, or a
/// new password, forgets the attempts.
///
/// # Errors
/// When the store fails.
pub async fn confirm(app: &App, presented: Presented) -> Result<bool, AppError> {
    Ok(tried(app, presented).await?.is_some())
}

/// Tries a password: gives the account's name, or writes the failure down.
async fn tried(app: &App, presented: Presented) -> Result<Option<String>, AppError> {
    let name = account_name(&presented.name).unwrap_or_default();
    let attempt = app.store.begin_attempt(&name).await?;
    let hash = if let Attempt::Admitted { hash, .. } = &attempt { hash.clone() } else { String::new() };
    let right = password::matches(presented.password, hash).await?;
    let (why, waits) = match attempt {
        Attempt::Admitted { .. } if right => return Ok(Some(name)),
        Attempt::Admitted { then_waits_until, .. } => ("password", then_waits_until),
        Attempt::Barred => ("barred", None),
        Attempt::Unknown => ("unknown", None),
    };
    let known = if why == "unknown" { UNKNOWN } else { name.as_str() };
    let by = By { account: known.to_owned(), address: presented.address };
    let mut told = vec![by.entry(action::SIGN_IN_FAILED, known).with("why", why)];
    told.extend(waits.map(|until| by.entry(action::LOCKOUT, known).with("until", until.to_rfc3339())));
    app.store.audit(&told).await?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_in_one_form() {
        assert_eq!(account_name("  Sri.Wahyuni@Kemen ").unwrap(), "sri.wahyuni@kemen");
        for wrong in ["", "a", "-sri", "sri wahyuni", "terminal", "Tautan-Masuk", "?", "sri\0", "é2", &"a".repeat(65)] {
            assert!(account_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let (one, other) = (secret(), secret());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
        assert_ne!(sha256(&one), one);
    }
}
