//! Brings a store up to date: all missing steps in one transaction under a lock, so that two processes that start
//! together cannot both do it, and a process that is killed leaves the store as it was.

use super::error::StoreError;
use super::tx::Pool;
use super::tx::Tx;
use super::tx::values;
use sqlx::AssertSqlSafe;

/// One step.
struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($version:literal => $name:literal),* $(,)?) => {
        &[$(Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

const STEPS: &[Step] = steps! {
    1 => "0001_runs",
    2 => "0002_evidence",
    3 => "0003_verdicts",
    4 => "0004_marks",
    5 => "0005_slots",
    6 => "0006_pace",
    7 => "0007_notices",
    8 => "0008_access",
    9 => "0009_pages",
    10 => "0010_cases",
    11 => "0011_idempotency",
    12 => "0012_views",
    13 => "0013_operations",
    14 => "0014_oidc",
    15 => "0015_case_posts",
    16 => "0016_pulls",
    17 => "0017_case_views",
};

/// The schema version that this build writes.
pub(super) const KNOWN: i64 = STEPS[STEPS.len() - 1].version;

/// Every table of the schema but the record of its version, in the order in which they are made.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    let lines = STEPS.iter().flat_map(|step| step.sqlite.lines());
    lines.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next())
}

/// What stands in the database before anything is touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing at all.
    Empty,
    /// A store of this version.
    Version(i64),
    /// Tables of something else.
    Other,
}

/// Looks without changing anything.
pub(super) async fn look(tx: &mut Tx) -> Result<Found, StoreError> {
    const SQLITE: &str = "/* look */ SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    const POSTGRES: &str = "/* look */ SELECT CAST(table_name AS TEXT) FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1";
    const VERSION: &str = "/* look */ SELECT COALESCE(MAX(version), 0) FROM schema_version";
    let tables: Vec<(String,)> = tx.all(if tx.is_sqlite() { SQLITE } else { POSTGRES }, values![]).await?;
    if tables.is_empty() {
        return Ok(Found::Empty);
    }
    if !tables.iter().any(|(name,)| name == "schema_version") {
        return Ok(Found::Other);
    }
    let (version,): (i64,) = tx.one(VERSION, values![]).await?;
    Ok(Found::Version(version))
}

/// Refuses what must not be touched.
pub(super) fn admit(found: Found, store: &str) -> Result<(), StoreError> {
    match found {
        Found::Version(version) if version > KNOWN => Err(StoreError::Newer { store: store.to_owned(), found: version, known: KNOWN }),
        Found::Other => Err(StoreError::Foreign { store: store.to_owned(), why: "it holds other tables".to_owned() }),
        Found::Empty | Found::Version(_) => Ok(()),
    }
}

/// Takes all missing steps; gives the number of them.
pub(super) async fn bring_up_to_date(pool: &Pool, store: &str, now: i64) -> Result<usize, StoreError> {
    const LOCK: &str = "/* bring_up_to_date */ SELECT CAST(pg_advisory_xact_lock(7301540918) AS TEXT)";
    const TABLE: &str = "/* bring_up_to_date */ CREATE TABLE IF NOT EXISTS schema_version
        (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";
    const STRICT_TABLE: &str = "/* bring_up_to_date */ CREATE TABLE IF NOT EXISTS schema_version
        (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
    const DONE: &str = "/* bring_up_to_date */ INSERT INTO schema_version (version, name, applied_at) VALUES ($1, $2, $3)";
    let mut tx = pool.write().await?;
    if !tx.is_sqlite() {
        let _: (String,) = tx.one(LOCK, values![]).await?;
    }
    // Another process may have been faster, or newer, since the first look.
    let found = look(&mut tx).await?;
    admit(found, store)?;
    let at = match found {
        Found::Version(version) => version,
        Found::Empty | Found::Other => 0,
    };
    let missing: Vec<&Step> = STEPS.iter().filter(|step| step.version > at).collect();
    if missing.is_empty() {
        return Ok(0);
    }
    tx.run(if tx.is_sqlite() { STRICT_TABLE } else { TABLE }, values![]).await?;
    for step in &missing {
        match &mut tx {
            Tx::Sqlite { tx, .. } => sqlx::raw_sql(AssertSqlSafe(step.sqlite)).execute(&mut **tx).await.map(drop)?,
            Tx::Postgres(tx) => sqlx::raw_sql(AssertSqlSafe(step.postgres)).execute(&mut **tx).await.map(drop)?,
        }
        tx.run(DONE, values![step.version, step.name, now]).await?;
    }
    tx.commit().await?;
    Ok(missing.len())
}
