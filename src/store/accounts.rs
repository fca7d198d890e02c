//! Accounts of people, and tokens of programs. Every change stands in the audit log, in the same transaction. It knows
//! hashes only: what is typed at sign-in never comes here.

use super::Result;
use super::Store;
use super::audit::AuditEntry;
use super::codec::At;
use super::codec::to_json;
use super::tx::Tx;
use super::tx::values;
use crate::domain::access::Right;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::access::Viewer;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeSet;
use std::fmt;

/// An account, without its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// As typed at sign-in, in small letters.
    pub name: String,
    /// Name to greet with.
    pub shown: String,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whose data they see.
    pub scope: Scope,
    /// Signs in nowhere.
    pub disabled: bool,
    /// Attempts since the last good one.
    pub failed: u32,
    /// No attempt before it counts.
    pub locked_until: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When anything but attempts last changed.
    pub changed_at: DateTime<Utc>,
}

impl Account {
    /// Who looks when this account does.
    pub fn viewer(&self) -> Viewer {
        Viewer { account: self.name.clone(), name: self.shown.clone(), roles: self.roles.clone(), scope: self.scope.clone(), limits: None }
    }
}

/// An account to make.
#[derive(Clone)]
pub struct NewAccount {
    /// As typed at sign-in, in small letters.
    pub name: String,
    /// Name to greet with.
    pub shown: String,
    /// Argon2id in PHC form.
    pub hash: String,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whose data they see.
    pub scope: Scope,
}

/// Without the hash.
impl fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccount").field("name", &self.name).field("roles", &self.roles).finish_non_exhaustive()
    }
}

/// A token of a program, without its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// By which it is revoked.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Whose rights it has.
    pub account: String,
    /// What it is limited to; `None`: all that the account has.
    pub scopes: Option<BTreeSet<Right>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it opens nothing.
    pub expires_at: DateTime<Utc>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// The latch of whoever may take the last keeper away.
const KEEPERS: &str = "accounts";

/// What became of a change of an account. What is not done changed nothing and is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChange {
    /// Done.
    Done,
    /// There is no such account.
    Unknown,
    /// Nobody would be left who keeps the system.
    LastSysadmin,
}

type AccountRow = (String, String, String, String, i64, i64, i64, i64, i64);

fn account((name, shown, roles, scope, disabled, failed, locked_until, created_at, changed_at): AccountRow) -> Result<Account> {
    let at = At { table: "account", id: name.as_str() };
    let locked_until = (locked_until != 0).then(|| at.time("locked_until", locked_until)).transpose()?;
    Ok(Account {
        roles: at.json("roles", &roles)?,
        scope: at.json("scope", &scope)?,
        disabled: disabled != 0,
        failed: u32::try_from(failed).unwrap_or(u32::MAX),
        locked_until,
        created_at: at.time("created_at", created_at)?,
        changed_at: at.time("changed_at", changed_at)?,
        shown,
        name,
    })
}

type TokenRow = (String, String, String, Option<String>, i64, i64, Option<i64>);

fn token((id, name, account, scopes, created_at, expires_at, revoked_at): TokenRow) -> Result<ApiToken> {
    let at = At { table: "api_token", id: id.as_str() };
    Ok(ApiToken {
        scopes: scopes.map(|scopes| at.json("scopes", &scopes)).transpose()?,
        created_at: at.time("created_at", created_at)?,
        expires_at: at.time("expires_at", expires_at)?,
        revoked_at: revoked_at.map(|revoked| at.time("revoked_at", revoked)).transpose()?,
        name,
        account,
        id,
    })
}

impl Store {
    /// Whether anybody has an account, disabled ones too.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_accounts(&self) -> Result<bool> {
        const SQL: &str = "/* has_accounts */ SELECT COUNT(*) FROM (SELECT name FROM account LIMIT 1) AS found";
        let mut tx = self.pool.read().await?;
        let (count,): (i64,) = tx.one(SQL, values![]).await?;
        tx.commit().await?;
        Ok(count > 0)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        const SQL: &str = "/* accounts */ SELECT name, shown, roles, scope, disabled, failed, locked_until, created_at, changed_at
            FROM account ORDER BY name";
        let mut tx = self.pool.read().await?;
        let rows: Vec<AccountRow> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        rows.into_iter().map(account).collect()
    }

    /// One account.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn account(&self, name: &str) -> Result<Option<Account>> {
        let mut tx = self.pool.read().await?;
        let found = tx.account(name).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// The hash that a password of the account must have; `None` without such an account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn password_hash(&self, name: &str) -> Result<Option<String>> {
        const SQL: &str = "/* password_hash */ SELECT hash FROM account WHERE name = $1";
        let mut tx = self.pool.read().await?;
        let row: Option<(String,)> = tx.maybe(SQL, values![name]).await?;
        tx.commit().await?;
        Ok(row.map(|(hash,)| hash))
    }

    /// Makes an account; `false`: there is one of that name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_account(&self, new: &NewAccount, told: AuditEntry) -> Result<bool> {
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if !tx.insert_account(new, now).await? {
            return Ok(false);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives a new password, forgets failed attempts, and ends every session of the account but `kept` (the hash of a
    /// token). `false`: there is no such account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_password(&self, name: &str, hash: &str, kept: Option<&str>, told: AuditEntry) -> Result<bool> {
        const SQL: &str = "/* set_password */ UPDATE account SET hash = $1, failed = 0, locked_until = 0, changed_at = $2 WHERE name = $3";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if tx.run(SQL, values![hash, now.timestamp_micros(), name]).await? == 0 {
            return Ok(false);
        }
        tx.end_sessions(name, kept.unwrap_or_default()).await?;
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Gives other roles, and other units unless `scope` is `None`. What the account may do changes with its next
    /// request. The last open sysadmin stays one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_roles(&self, name: &str, roles: &BTreeSet<Role>, scope: Option<&Scope>, told: AuditEntry) -> Result<AccountChange> {
        let (now, keeps) = (self.now(), roles.contains(&Role::Sysadmin));
        let mut tx = self.pool.write().await?;
        if !keeps && tx.is_last_sysadmin(name).await? {
            return Ok(AccountChange::LastSysadmin);
        }
        if !tx.write_roles(name, roles, scope, now).await? {
            return Ok(AccountChange::Unknown);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(AccountChange::Done)
    }

    /// Gives the roles that the identity provider names, whoever is left then: its word holds. `false`: there is no such
    /// account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_roles_of_provider(&self, name: &str, roles: &BTreeSet<Role>, told: AuditEntry) -> Result<bool> {
        let now = self.now();
        let mut tx = self.pool.write().await?;
        tx.alone_on(KEEPERS).await?;
        if !tx.write_roles(name, roles, None, now).await? {
            return Ok(false);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Closes an account and its sessions, or opens it again. The last open sysadmin stays open.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_disabled(&self, name: &str, disabled: bool, told: AuditEntry) -> Result<AccountChange> {
        const SQL: &str =
            "/* set_disabled */ UPDATE account SET disabled = $1, failed = 0, locked_until = 0, changed_at = $2 WHERE name = $3";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if disabled && tx.is_last_sysadmin(name).await? {
            return Ok(AccountChange::LastSysadmin);
        }
        if tx.run(SQL, values![disabled, now.timestamp_micros(), name]).await? == 0 {
            return Ok(AccountChange::Unknown);
        }
        if disabled {
            tx.end_sessions(name, "").await?;
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(AccountChange::Done)
    }

    /// Makes a token; `token_sha` is the hash of what the program will send. `false`: there is one of that id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_token(&self, new: &ApiToken, token_sha: &str, told: AuditEntry) -> Result<bool> {
        const SQL: &str = "/* add_token */ INSERT INTO api_token (id, token_sha, name, account, scopes, created_at, expires_at, revoked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) ON CONFLICT (id) DO NOTHING";
        let (now, scopes) = (self.now(), new.scopes.as_ref().map(to_json).transpose()?);
        let (made, expires) = (new.created_at.timestamp_micros(), new.expires_at.timestamp_micros());
        let mut tx = self.pool.write().await?;
        if tx.run(SQL, values![&new.id, token_sha, &new.name, &new.account, scopes.as_deref(), made, expires]).await? == 0 {
            return Ok(false);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a token back; `false`: there is no such token, or it was taken back before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke_token(&self, id: &str, told: AuditEntry) -> Result<bool> {
        const SQL: &str = "/* revoke_token */ UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if tx.run(SQL, values![now.timestamp_micros(), id]).await? == 0 {
            return Ok(false);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// All tokens, oldest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>> {
        const SQL: &str = "/* tokens */ SELECT id, name, account, scopes, created_at, expires_at, revoked_at FROM api_token ORDER BY id";
        let mut tx = self.pool.read().await?;
        let rows: Vec<TokenRow> = tx.all(SQL, values![]).await?;
        tx.commit().await?;
        rows.into_iter().map(token).collect()
    }

    /// Whom a token lets in now; `None`: it is unknown, expired, revoked, or its account is closed.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn viewer_of_token(&self, token_sha: &str) -> Result<Option<Viewer>> {
        const SQL: &str = "/* viewer_of_token */ SELECT id, name, account, scopes, created_at, expires_at, revoked_at FROM api_token
            WHERE token_sha = $1";
        let now = self.now();
        let mut tx = self.pool.read().await?;
        let row: Option<TokenRow> = tx.maybe(SQL, values![token_sha]).await?;
        let Some(token) = row.map(token).transpose()?.filter(|token| token.revoked_at.is_none() && token.expires_at > now) else {
            return Ok(None);
        };
        let found = tx.account(&token.account).await?.filter(|account| !account.disabled);
        tx.commit().await?;
        Ok(found.map(|account| Viewer { limits: token.scopes, ..account.viewer() }))
    }
}

impl Tx {
    /// Adds an account; `false`: there is one of that name.
    pub(super) async fn insert_account(&mut self, new: &NewAccount, now: DateTime<Utc>) -> Result<bool> {
        const SQL: &str = "/* insert_account */ INSERT INTO account
            (name, shown, hash, roles, scope, disabled, failed, locked_until, created_at, changed_at)
            VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, $7) ON CONFLICT (name) DO NOTHING";
        let (roles, scope, at) = (to_json(&new.roles)?, to_json(&new.scope)?, now.timestamp_micros());
        Ok(self.run(SQL, values![&new.name, &new.shown, &new.hash, &roles, &scope, at, at]).await? > 0)
    }

    pub(super) async fn account(&mut self, name: &str) -> Result<Option<Account>> {
        const SQL: &str = "/* account */ SELECT name, shown, roles, scope, disabled, failed, locked_until, created_at, changed_at
            FROM account WHERE name = $1";
        self.maybe(SQL, values![name]).await?.map(account).transpose()
    }

    /// Whether this account is the only open one that keeps the system. Whoever asks is alone with accounts until the
    /// end of the transaction, so that two who close each other do it one after the other.
    async fn is_last_sysadmin(&mut self, name: &str) -> Result<bool> {
        const SQL: &str = "/* is_last_sysadmin */ SELECT name, roles FROM account WHERE disabled = 0 ORDER BY name";
        self.alone_on(KEEPERS).await?;
        let open: Vec<(String, String)> = self.all(SQL, values![]).await?;
        let mut keepers = BTreeSet::new();
        for (name, roles) in open {
            let roles: BTreeSet<Role> = At { table: "account", id: name.as_str() }.json("roles", &roles)?;
            if roles.contains(&Role::Sysadmin) {
                keepers.insert(name);
            }
        }
        Ok(keepers.len() == 1 && keepers.contains(name))
    }

    /// `false`: there is no such account.
    async fn write_roles(&mut self, name: &str, roles: &BTreeSet<Role>, scope: Option<&Scope>, now: DateTime<Utc>) -> Result<bool> {
        const SQL: &str = "/* write_roles */ UPDATE account SET roles = $1, scope = COALESCE($2, scope), changed_at = $3 WHERE name = $4";
        let (roles, scope) = (to_json(roles)?, scope.map(to_json).transpose()?);
        Ok(self.run(SQL, values![&roles, scope.as_deref(), now.timestamp_micros(), name]).await? > 0)
    }

    async fn end_sessions(&mut self, name: &str, kept: &str) -> Result<()> {
        const SQL: &str = "/* end_sessions */ DELETE FROM web_session WHERE account = $1 AND token_sha <> $2";
        self.run(SQL, values![name, kept]).await?;
        Ok(())
    }
}
