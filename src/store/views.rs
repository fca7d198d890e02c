//! Saved views: filters of a list to which somebody has given a name. They belong to an account; nobody else sees them.

use super::Result;
use super::Store;
use super::audit::AuditEntry;
use super::codec::At;
use super::codec::to_json;
use super::tx::Tx;
use super::tx::values;

/// Views that an account may keep.
pub const MOST_VIEWS: usize = 40;

/// One view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Id.
    pub id: String,
    /// `keuangan` or `sdm`.
    pub room: String,
    /// What it is called.
    pub name: String,
    /// Pairs of the query.
    pub filters: Vec<(String, String)>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewChange {
    /// It is as wanted, maybe since before.
    Done,
    /// The account has no such view.
    NotThere,
    /// Another view of the room is called that.
    NameTaken,
    /// The account keeps as many as it may.
    TooMany,
}

type Row = (String, String, String, String);

fn view((id, room, name, filters): Row) -> Result<SavedView> {
    let filters = At { table: "saved_view", id: id.as_str() }.json("filters", &filters)?;
    Ok(SavedView { id, room, name, filters })
}

impl Store {
    /// The views of an account in a room, by name.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn views(&self, account: &str, room: &str) -> Result<Vec<SavedView>> {
        const SQL: &str = "/* views */ SELECT id, room, name, filters FROM saved_view WHERE account = $1 AND room = $2 ORDER BY name, id";
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![account, room]).await?;
        tx.commit().await?;
        rows.into_iter().map(view).collect()
    }

    /// One view of an account.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn view(&self, account: &str, id: &str) -> Result<Option<SavedView>> {
        let mut tx = self.pool.read().await?;
        let found = tx.view(account, id).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// Keeps a view; one of the same name in the room is replaced, so that saving twice saves once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn save_view(&self, account: &str, new: &SavedView, told: AuditEntry) -> Result<ViewChange> {
        const COUNT: &str = "/* save_view */ SELECT COUNT(*) FROM saved_view WHERE account = $1 AND NOT (room = $2 AND name = $3)";
        const SQL: &str = "/* save_view */ INSERT INTO saved_view (id, account, room, name, filters, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (account, room, name) DO UPDATE SET filters = excluded.filters, changed_at = excluded.changed_at";
        let (now, filters) = (self.now(), to_json(&new.filters)?);
        let mut tx = self.pool.write().await?;
        let (count,): (i64,) = tx.one(COUNT, values![account, &new.room, &new.name]).await?;
        if count.unsigned_abs() >= MOST_VIEWS as u64 {
            return Ok(ViewChange::TooMany);
        }
        tx.audit(&[told], now).await?;
        tx.run(SQL, values![&new.id, account, &new.room, &new.name, &filters, now.timestamp_micros()]).await?;
        tx.commit().await?;
        Ok(ViewChange::Done)
    }

    /// Calls a view otherwise.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rename_view(&self, account: &str, id: &str, name: &str, told: AuditEntry) -> Result<ViewChange> {
        const TAKEN: &str = "/* rename_view */ SELECT COUNT(*) FROM saved_view WHERE account = $1 AND room = $2 AND name = $3 AND id <> $4";
        const SQL: &str = "/* rename_view */ UPDATE saved_view SET name = $1, changed_at = $2 WHERE account = $3 AND id = $4";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        let Some(known) = tx.view(account, id).await? else { return Ok(ViewChange::NotThere) };
        let (taken,): (i64,) = tx.one(TAKEN, values![account, &known.room, name, id]).await?;
        if taken > 0 {
            return Ok(ViewChange::NameTaken);
        }
        if known.name == name {
            return Ok(ViewChange::Done);
        }
        tx.audit(&[told], now).await?;
        tx.run(SQL, values![name, now.timestamp_micros(), account, id]).await?;
        tx.commit().await?;
        Ok(ViewChange::Done)
    }

    /// Takes a view away.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delete_view(&self, account: &str, id: &str, told: AuditEntry) -> Result<ViewChange> {
        const SQL: &str = "/* delete_view */ DELETE FROM saved_view WHERE account = $1 AND id = $2";
        let now = self.now();
        let mut tx = self.pool.write().await?;
        if tx.run(SQL, values![account, id]).await? == 0 {
            return Ok(ViewChange::NotThere);
        }
        tx.audit(&[told], now).await?;
        tx.commit().await?;
        Ok(ViewChange::Done)
    }
}

impl Tx {
    async fn view(&mut self, account: &str, id: &str) -> Result<Option<SavedView>> {
        const SQL: &str = "/* view */ SELECT id, room, name, filters FROM saved_view WHERE account = $1 AND id = $2";
        self.maybe(SQL, values![account, id]).await?.map(view).transpose()
    }
}
