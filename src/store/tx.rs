//! One statement, two engines: a transaction takes a statement with `$1…` placeholders and its values, and runs it
//! on whichever database it belongs to. It knows nothing of evidence, runs or verdicts.
//!
//! Dialect rules: `BIGINT` (SQLite: `INTEGER` of a STRICT table) and `TEXT` only, `BLOB`/`BYTEA` for raw bodies; times
//! are bound as microseconds UTC; no `NOW()`, arrays or `ILIKE`; every list has a total `ORDER BY`; text compares by
//! bytes on both (`COLLATE "C"`). A forgotten value would be NULL in SQLite, so the number of values is checked here.

use super::error::StoreError;
use super::open::WRITERS_CACHE;
use sqlx::AssertSqlSafe;
use sqlx::Executor;
use sqlx::FromRow;
use sqlx::Postgres;
use sqlx::Sqlite;
use sqlx::Transaction;
use sqlx::postgres::PgPool;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqlitePool;
use sqlx::sqlite::SqliteRow;
use std::fmt::Write as _;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::sync::OwnedMutexGuard;

/// Values of one multi-row statement; SQLite takes 32,766, PostgreSQL 65,535, and long statements gain nothing.
const MAX_VALUES: usize = 6_000;
/// Members of one `IN` list.
pub(super) const LIST: usize = 400;

/// Connections to one of the two engines.
#[derive(Clone)]
pub(super) enum Pool {
    /// A file, with the queue of this process's writers: SQLite has one writer at a time and its own waiting is
    /// not fair.
    Sqlite(SqlitePool, Arc<Mutex<()>>),
    /// A server.
    Postgres(PgPool),
}

/// A transaction; dropping it rolls back.
pub(super) enum Tx {
    /// On a file.
    Sqlite {
        /// The transaction; dropped before the place in the queue.
        tx: Transaction<'static, Sqlite>,
        /// This writer's turn.
        _turn: Option<OwnedMutexGuard<()>>,
    },
    /// On a server.
    Postgres(Transaction<'static, Postgres>),
}

/// A value to bind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// A number, a time or a truth value.
    Int(i64),
    /// A number or nothing.
    MaybeInt(Option<i64>),
    /// A text.
    Text(&'a str),
    /// A text or nothing.
    MaybeText(Option<&'a str>),
    /// Bytes.
    Blob(&'a [u8]),
}

impl From<i64> for Cell<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Cell<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(value: Option<i64>) -> Self {
        Self::MaybeInt(value)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Cell<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(value: Option<&'a str>) -> Self {
        Self::MaybeText(value)
    }
}

impl<'a> From<&'a [u8]> for Cell<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

/// The values of a statement, in the order of its placeholders.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::tx::Cell::from($value)),*] };
}
pub(super) use values;

/// Binds the values and runs the same call on either engine.
macro_rules! on {
    ($tx:expr, $query:expr, $values:expr, $call:ident) => {
        match $tx {
            Tx::Sqlite { tx, .. } => bound!($query, $values).$call(&mut **tx).await?,
            Tx::Postgres(tx) => bound!($query, $values).$call(&mut **tx).await?,
        }
    };
}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match *value {
                Cell::Int(value) => query.bind(value),
                Cell::MaybeInt(value) => query.bind(value),
                Cell::Text(value) => query.bind(value),
                Cell::MaybeText(value) => query.bind(value),
                Cell::Blob(value) => query.bind(value),
            };
        }
        query
    }};
}

/// A row that both engines can give.
pub(super) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}

impl Pool {
    /// A transaction that sees one state of the store and changes nothing.
    pub(super) async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool, _) => Tx::Sqlite { tx: pool.begin().await?, _turn: None },
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?),
        })
    }

    /// A transaction that reads what is committed when it asks, and may wait for locks.
    pub(super) async fn share(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool, _) => Tx::Sqlite { tx: pool.begin().await?, _turn: None },
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that writes.
    pub(super) async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(pool, queue) => {
                let turn = Arc::clone(queue).lock_owned().await;
                let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
                tx.execute(WRITERS_CACHE).await?;
                Tx::Sqlite { tx, _turn: Some(turn) }
            }
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }
}

impl Tx {
    /// Makes everything durable.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { tx, _turn } => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Whether this is SQLite.
    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// Runs a statement; gives the number of rows that it touched.
    pub(super) async fn run(&mut self, sql: &str, values: &[Cell<'_>]) -> Result<u64, StoreError> {
        check(sql, values);
        Ok(match self {
            Self::Sqlite { tx, .. } => bound!(sqlx::query(AssertSqlSafe(sql)), values).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bound!(sqlx::query(AssertSqlSafe(sql)), values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// All rows.
    pub(super) async fn all<R: Row>(&mut self, sql: &str, values: &[Cell<'_>]) -> Result<Vec<R>, StoreError> {
        check(sql, values);
        Ok(on!(self, sqlx::query_as(AssertSqlSafe(sql)), values, fetch_all))
    }

    /// The row, if there is one.
    pub(super) async fn maybe<R: Row>(&mut self, sql: &str, values: &[Cell<'_>]) -> Result<Option<R>, StoreError> {
        check(sql, values);
        Ok(on!(self, sqlx::query_as(AssertSqlSafe(sql)), values, fetch_optional))
    }

    /// The row.
    pub(super) async fn one<R: Row>(&mut self, sql: &str, values: &[Cell<'_>]) -> Result<R, StoreError> {
        check(sql, values);
        Ok(on!(self, sqlx::query_as(AssertSqlSafe(sql)), values, fetch_one))
    }

    /// Inserts many rows of the same width by multi-row statements: `head` ends in `VALUES`, `tail` follows the rows.
    pub(super) async fn insert<'a>(
        &mut self,
        head: &str,
        tail: &str,
        width: usize,
        rows: impl IntoIterator<Item = Vec<Cell<'a>>>,
    ) -> Result<(), StoreError> {
        let mut rows = rows.into_iter().peekable();
        let most = (MAX_VALUES / width.max(1)).max(1);
        while rows.peek().is_some() {
            let mut values = Vec::with_capacity(most * width);
            let mut count = 0;
            for row in rows.by_ref().take(most) {
                debug_assert_eq!(row.len(), width, "{head}");
                values.extend(row);
                count += 1;
            }
            let sql = format!("{head}{}{tail}", self.tuples(count, width));
            self.run(&sql, &values).await?;
        }
        Ok(())
    }

    /// `($1, $2), ($3, $4), …`. SQLite finds a named parameter by a linear search, which thousands of them make slow,
    /// so there the parameters of generated rows are anonymous.
    fn tuples(&self, rows: usize, width: usize) -> String {
        let mut text = String::with_capacity(rows * width * 6);
        let mut number = 0;
        for row in 0..rows {
            text.push_str(if row == 0 { " (" } else { ", (" });
            for column in 0..width {
                number += 1;
                let comma = if column == 0 { "" } else { ", " };
                match self {
                    Self::Sqlite { .. } => {
                        let _ = write!(text, "{comma}?");
                    }
                    Self::Postgres(_) => {
                        let _ = write!(text, "{comma}${number}");
                    }
                }
            }
            text.push(')');
        }
        text.push(' ');
        text
    }

    /// Waits until this transaction is the only one at work on `name`, across all processes; the end of the
    /// transaction lets the next one in. (SQLite has one writer anyway; on PostgreSQL this locks the row.)
    pub(super) async fn alone_on(&mut self, name: &str) -> Result<(), StoreError> {
        const SQL: &str = "/* alone_on */ INSERT INTO latch (name, turns) VALUES ($1, 1)
            ON CONFLICT (name) DO UPDATE SET turns = latch.turns + 1";
        self.run(SQL, values![name]).await?;
        Ok(())
    }
}

/// `$n, $n+1, …` for an `IN` list of `count` members.
pub(super) fn list(from: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 5);
    for number in from..from + count {
        let _ = write!(text, "{}${number}", if number == from { "" } else { ", " });
    }
    text
}

/// `($n, $n+1), …` for an `IN (VALUES …)` list of `count` pairs.
pub(super) fn pairs(from: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 12);
    for pair in 0..count {
        let first = from + pair * 2;
        let _ = write!(text, "{}(${first}, ${})", if pair == 0 { "" } else { ", " }, first + 1);
    }
    text
}

/// SQLite binds NULL where a value is forgotten; PostgreSQL refuses. This refuses on both, in debug builds.
fn check(sql: &str, values: &[Cell<'_>]) {
    if cfg!(debug_assertions) && !sql.contains('?') {
        let highest = sql
            .split('$')
            .skip(1)
            .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<usize>().ok()))
            .max()
            .unwrap_or(0);
        assert_eq!(highest, values.len(), "placeholders and values differ in: {sql}");
    }
}
