//! Opening a store: the URL, the file that may not exist yet, the engine's settings, the schema.

use super::Store;
use super::error::StoreError;
use super::error::show_url;
use super::migrate;
use super::migrate::Found;
use super::tx::Pool;
use crate::clock::SharedClock;
use sqlx::ConnectOptions;
use sqlx::Connection;
use sqlx::Executor;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::sqlite::SqliteSynchronous;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// How long a writer waits for another process.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a connection to a file keeps in memory, in KiB below zero. The machine keeps the file's pages too, so little is
/// enough for readers; a large commit would otherwise be written twice.
const SMALL_CACHE: &str = "-4096";
/// See [`SMALL_CACHE`].
const READERS_CACHE: &str = "/* read */ PRAGMA cache_size = -4096";
/// See [`SMALL_CACHE`].
pub(super) const WRITERS_CACHE: &str = "/* write */ PRAGMA cache_size = -16384";
/// How long a server may take to let us in when the store is opened.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

impl Store {
    /// Opens the store at `sqlite:///folder/name.db` (percent-encoded) or `postgres://…`: creates a file that is missing (readable only
    /// by its owner), and brings an empty or older store up to date under a lock.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] leave the database untouched; [`StoreError::Url`] and
    /// [`StoreError::Unreachable`] name the URL without its password.
    pub async fn open(url: &str, clock: SharedClock) -> Result<Self, StoreError> {
        let shown = show_url(url);
        let pool = if let Some(path) = url.strip_prefix("sqlite://") {
            open_sqlite(path, &shown).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, &shown).await?
        } else {
            return Err(StoreError::Url { url: shown });
        };
        let store = Self { pool: pool.into(), clock, shown: shown.into(), names: Arc::default() };
        let mut tx = store.pool.read().await?;
        let found = migrate::look(&mut tx).await?;
        tx.commit().await?;
        migrate::admit(found, &store.shown)?;
        if found != Found::Version(migrate::KNOWN) {
            migrate::bring_up_to_date(&store.pool, &store.shown, store.now().timestamp_micros()).await?;
        }
        Ok(store)
    }
}

async fn open_sqlite(path: &str, shown: &str) -> Result<Pool, StoreError> {
    let unreachable = |why: String| StoreError::Unreachable { store: shown.to_owned(), why };
    if path.is_empty() || path.contains('?') {
        return Err(StoreError::Url { url: shown.to_owned() });
    }
    let path = &decoded(path).ok_or_else(|| StoreError::Url { url: shown.to_owned() })?;
    if path.exists() {
        refuse_strangers(path, shown).await?;
    } else {
        create_private(path).map_err(|why| unreachable(why.to_string()))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that was reported survives a power cut too; commits are few and large, so this costs little.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("cache_size", SMALL_CACHE)
        .pragma("temp_store", "memory")
        .row_buffer_size(1_000)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new()
        .max_connections(8)
        .acquire_timeout(PATIENCE)
        // SQLite ends a transaction by itself when the disk is full; sqlx then still counts it as open, and would
        // refuse the next one on this connection for as long as the process lives.
        .after_release(|connection, _| {
            Box::pin(async move {
                // What a writer kept is let go; this also says whether the connection is well.
                connection.execute(READERS_CACHE).await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options)
        .await
        .map_err(|why| unreachable(StoreError::from(why).to_string()))?;
    Ok(Pool::Sqlite(pool, Arc::default()))
}

/// The path in an address: `%20` is a space, as in any other; a `%` before anything but two hex digits is itself.
/// `None`: what is meant is not text.
fn decoded(path: &str) -> Option<PathBuf> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [byte, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..)?;
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// Looks into an existing file before any setting (the journal mode is one) could change a byte of it.
async fn refuse_strangers(path: &Path, shown: &str) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE).disable_statement_logging();
    let look = async {
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let look = Pool::Sqlite(pool.clone(), Arc::default());
        let mut tx = look.read().await?;
        let found = migrate::look(&mut tx).await;
        drop(tx);
        pool.close().await;
        found
    };
    let found = look.await.map_err(|why| match why {
        StoreError::Database { code: Some(code), message } if code == "26" => StoreError::Foreign { store: shown.to_owned(), why: message },
        StoreError::Database { message, .. } => StoreError::Unreachable { store: shown.to_owned(), why: message },
        other => other,
    })?;
    migrate::admit(found, shown)
}

/// An empty file with mode 0600; SQLite gives its journals the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

async fn open_postgres(url: &str, shown: &str) -> Result<Pool, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Url { url: shown.to_owned() })?
        .application_name("selaras")
        .disable_statement_logging();
    let unreachable = |why: String| StoreError::Unreachable { store: shown.to_owned(), why };
    // The pool would go on trying for as long as it has patience; a server that is not there should be said at once.
    let first = tokio::time::timeout(FIRST_ANSWER, options.connect()).await;
    let first = first.map_err(|_| unreachable(format!("no answer within {} s", FIRST_ANSWER.as_secs())))?;
    sqlx::Connection::close(first.map_err(|why| unreachable(why.to_string()))?).await?;
    let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(PATIENCE).connect_lazy_with(options);
    Ok(Pool::Postgres(pool))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    /// On a full disk SQLite rolls a transaction back by itself, and sqlx's own ROLLBACK then fails.
    #[tokio::test]
    async fn a_transaction_that_sqlite_ended_by_itself_spoils_no_connection() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/s.db", folder.path().display());
        let store = Store::open(&url, Arc::new(SystemClock)).await.unwrap();
        for _ in 0..20 {
            let mut tx = store.pool.write().await.unwrap();
            tx.run("ROLLBACK", &[]).await.unwrap();
            drop(tx);
        }
        store.pool.read().await.unwrap();
        store.ping().await.unwrap();
    }
}
