//! Which account is whose at an identity provider. A person is known by the provider and its own id for them, never by
//! a name: names are given to others.

use super::Result;
use super::Store;
use super::accounts::NewAccount;
use super::audit::AuditEntry;
use super::tx::values;

impl Store {
    /// The account of somebody at a provider, if they came before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn oidc_account(&self, issuer: &str, subject: &str) -> Result<Option<String>> {
        const SQL: &str = "/* oidc_account */ SELECT account FROM oidc_account WHERE issuer = $1 AND subject = $2";
        let mut tx = self.pool.read().await?;
        let row: Option<(String,)> = tx.maybe(SQL, values![issuer, subject]).await?;
        tx.commit().await?;
        Ok(row.map(|(account,)| account))
    }

    /// Makes the account of somebody at a provider; `false`: there is one of that name, or they have one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_oidc_account(&self, new: &NewAccount, issuer: &str, subject: &str, told: AuditEntry) -> Result<bool> {
        const BIND: &str = "/* add_oidc_account */ INSERT INTO oidc_account (issuer, subject, account) VALUES ($1, $2, $3)
            ON CONFLICT (issuer, subject) DO NOTHING";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if !tx.insert_account(new, now).await? || tx.run(BIND, values![issuer, subject, &new.name]).await? == 0 {
            return Ok(false);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
