//! Tokens of programs: shown once, kept as a hash, with an end.

use super::{By, action, no_such_account, secret, sha256};
use crate::app::{App, AppError};
use crate::config::Said;
use crate::domain::access::{Right, Viewer};
use crate::store::ApiToken;
use chrono::TimeDelta;
use std::collections::BTreeSet;
use uuid::Uuid;

/// By which a scanner of leaked secrets knows one of ours.
const PREFIX: &str = "selaras_";

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Whose rights it has.
    pub account: String,
    /// What it is limited to; `None`: all that the account has.
    pub scopes: Option<BTreeSet<Right>>,
    /// For how many days.
    pub days: u32,
}

/// Days that a token may open something.
const DAYS: std::ops::RangeInclusive<u32> = 1..=366;

/// Makes a token; the text is what the program sends, and is not kept.
///
/// # Errors
/// An account that is not there or closed, a right that its roles do not give.
pub async fn add_token(app: &App, by: &By, new: NewToken) -> Result<(ApiToken, String), AppError> {
    add_token_once(app, by, new, Uuid::now_v7()).await
}

/// Makes the token of that id; what asks for it twice gets one.
///
/// # Errors
/// An account that is not there or closed, a right that its roles do not give, a token that was made before.
pub async fn add_token_once(app: &App, by: &By, new: NewToken, id: Uuid) -> Result<(ApiToken, String), AppError> {
    let name = super::account_name(&new.account)?;
    let account = app.store.account(&name).await?.filter(|account| !account.disabled).ok_or_else(|| no_such_account(&name))?;
    let viewer = account.viewer();
    if let Some(right) = new.scopes.iter().flatten().find(|right| !viewer.may(**right)) {
        let key = right.key();
        return Err(AppError::Access(Said::new(
            format!("hak {key}: peran akun '{name}' tidak memberi hak itu"),
            format!("right {key}: the roles of the account '{name}' do not give it"),
        )));
    }
    let now = app.clock.now();
    let label = new.name.trim();
    if label.is_empty() || label.chars().count() > 100 || label.chars().any(char::is_control) {
        return Err(AppError::Access(Said::new("nama token: 1 sampai 100 karakter", "name of a token: 1 to 100 characters")));
    }
    if !DAYS.contains(&new.days) {
        return Err(AppError::Access(Said::new("masa berlaku token: 1 sampai 366 hari", "days of a token: 1 to 366")));
    }
    let token = ApiToken {
        id: id.to_string(),
        name: label.to_owned(),
        account: name,
        scopes: new.scopes,
        created_at: now,
        expires_at: now + TimeDelta::days(i64::from(new.days)),
        revoked_at: None,
    };
    let text = format!("{PREFIX}{}", secret());
    let scopes = token.scopes.as_ref().map(|scopes| scopes.iter().map(|right| right.key()).collect::<Vec<_>>());
    let told = by
        .entry(action::TOKEN_ADDED, &token.id)
        .with("account", token.account.as_str())
        .with("name", token.name.as_str())
        .with("scopes", scopes)
        .with("until", token.expires_at.to_rfc3339());
    if app.store.add_token(&token, &sha256(&text), told).await? {
        return Ok((token, text));
    }
    Err(AppError::Access(Said::new(
        "formulir ini sudah dikirim: tokennya sudah dibuat dan hanya ditampilkan sekali. Bila tidak sempat disalin, cabut token itu, lalu buat yang baru",
        "this form was sent before: its token was made, and shown once. If it was not copied, revoke it and make another",
    )))
}

/// Takes a token back.
///
/// # Errors
/// A token that is not there or was taken back before.
pub async fn revoke_token(app: &App, by: &By, id: &str) -> Result<(), AppError> {
    if app.store.revoke_token(id, by.entry(action::TOKEN_REVOKED, id)).await? {
        return Ok(());
    }
    Err(AppError::Access(Said::new(
        format!("tidak ada token '{id}' yang masih berlaku: selaras token list menyebutkan semuanya"),
        format!("there is no token '{id}' that is still good: selaras token list names all"),
    )))
}

/// Whom the text of a token lets in; `None`: nobody.
///
/// # Errors
/// When the store fails.
pub async fn viewer_of_token(app: &App, text: &str) -> Result<Option<Viewer>, AppError> {
    if !text.starts_with(PREFIX) || text.len() != PREFIX.len() + 64 {
        return Ok(None);
    }
    Ok(app.store.viewer_of_token(&sha256(text)).await?)
}
