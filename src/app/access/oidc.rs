//! Coming in with an account of the ministry's identity provider: the provider says who it is and which groups they are
//! in, `oidc.role_map` says which roles these are. The first time an account is made, without a password.

use super::{By, account_name, action, roles_and_units, secret, sha256};
use crate::app::{App, AppError};
use crate::domain::access::{Role, Scope};
use crate::oidc::Identity;
use crate::store::{NewAccount, NewSession};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// How somebody came in, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// With the token of a new session.
    Session(String),
    /// None of their groups is a role here.
    NoRole,
    /// Somebody else has an account of that name.
    NameTaken,
    /// What the provider calls them cannot be a name of an account.
    NoName,
    /// The account was closed.
    Closed,
    /// There is no local account yet: the first one is made on the machine.
    NoAccounts,
}

/// Lets somebody in whom the provider has made sure of. `replaces`: hash of the token that the browser had before.
///
/// # Errors
/// When the store fails.
pub async fn enter(app: &App, identity: &Identity, address: &str, replaces: Option<&str>) -> Result<Entered, AppError> {
    let store = &app.store;
    if !store.has_accounts().await? {
        return Ok(Entered::NoAccounts);
    }
    let bound = store.oidc_account(&identity.issuer, &identity.subject).await?;
    let map = &app.config.oidc.role_map;
    let roles: BTreeSet<Role> = identity.groups.iter().filter_map(|group| Role::from_key(map.get(group)?)).collect();
    if roles.is_empty() {
        return no_role(app, bound, address).await;
    }
    let name = match bound {
        Some(name) => name,
        None => {
            let Ok(name) = account_name(&identity.name) else { return Ok(Entered::NoName) };
            let by = By { account: name.clone(), address: address.to_owned() };
            let told = roles_and_units(by.entry(action::ACCOUNT_ADDED, &name), &roles, Some(&Scope::All)).with("by", "oidc");
            let shown = if identity.shown.is_empty() { name.clone() } else { identity.shown.clone() };
            let new = NewAccount { name: name.clone(), shown, hash: String::new(), roles: roles.clone(), scope: Scope::All };
            if !store.add_oidc_account(&new, &identity.issuer, &identity.subject, told).await? {
                return Ok(Entered::NameTaken);
            }
            name
        }
    };
    let Some(account) = store.account(&name).await?.filter(|account| !account.disabled) else { return Ok(Entered::Closed) };
    let by = By { account: name.clone(), address: address.to_owned() };
    if account.roles != roles {
        // The provider's word holds; the units are ours.
        let told = roles_and_units(by.entry(action::ROLES_SET, &name), &roles, None).with("by", "oidc");
        store.set_roles_of_provider(&name, &roles, told).await?;
    }
    let (token, csrf) = (secret(), secret());
    let sha = sha256(&token);
    let new = NewSession { token_sha: &sha, account: &name, csrf: &csrf, replaces };
    let (now, web) = (app.clock.now(), &app.config.web);
    let ago = |span: std::time::Duration| now - TimeDelta::from_std(span).unwrap_or(TimeDelta::days(36_500));
    let told = by.entry(action::SIGN_IN, &name).with("by", "oidc");
    let opened = store.open_session(&new, ago(web.session_max.get()), ago(web.session_idle.get()), told).await?;
    Ok(if opened { Entered::Session(token) } else { Entered::Closed })
}

/// Whose roles were all taken away at the provider has no session here any more either.
async fn no_role(app: &App, bound: Option<String>, address: &str) -> Result<Entered, AppError> {
    let name = bound.as_deref().unwrap_or(super::UNKNOWN);
    let by = By { account: name.to_owned(), address: address.to_owned() };
    app.store.audit(&[by.entry(action::SIGN_IN_FAILED, name).with("why", "no role").with("by", "oidc")]).await?;
    if let Some(name) = bound {
        app.store.close_sessions(&name, by.entry(action::SESSIONS_ENDED, &name).with("by", "oidc")).await?;
    }
    Ok(Entered::NoRole)
}
