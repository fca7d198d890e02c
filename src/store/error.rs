//! What can go wrong with the store, in words for whoever runs it. No error carries a value of a row: a message of
//! the database may quote a NIP, so only its code and its first line are kept, and URLs are shown without password.

use sqlx::error::DatabaseError;

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// `store.url` is of no known form.
    #[error("store.url '{url}' is not understood: write sqlite:///folder/selaras.db or postgres://user:password@host/database")]
    Url {
        /// As configured, password masked.
        url: String,
    },
    /// The file cannot be opened or the server does not answer.
    #[error("the store {store} cannot be reached: {why}; check store.url")]
    Unreachable {
        /// Path or URL, password masked.
        store: String,
        /// What the system said.
        why: String,
    },
    /// A newer Selaras has written it.
    #[error("the store {store} is of schema {found}, this Selaras knows {known}: it was left untouched, use the newer Selaras")]
    Newer {
        /// Path or URL, password masked.
        store: String,
        /// Schema version found.
        found: i64,
        /// Newest schema version that this build knows.
        known: i64,
    },
    /// The database belongs to something else.
    #[error("{store} is not a store of Selaras: {why}; it was left untouched, point store.url to another one")]
    Foreign {
        /// Path or URL, password masked.
        store: String,
        /// What was found.
        why: String,
    },
    /// No space left.
    #[error("the disk of the store is full: free some space and run the command again; nothing of the last step was kept")]
    DiskFull,
    /// The file or the server refuses writes.
    #[error("the store cannot be written: {0}")]
    ReadOnly(String),
    /// Another process holds the store for too long.
    #[error("the store is busy: another process has held it for too long; run the command again")]
    Busy,
    /// Another process has taken the job over.
    #[error("the job {job} was taken over by another process: nothing more is written here")]
    LeaseLost {
        /// Which job.
        job: String,
    },
    /// A copy is to be restored into a store that knows something.
    #[error("the store {store} is not empty: a copy is only restored into a new one, point store.url to it")]
    NotEmpty {
        /// Path or URL, password masked.
        store: String,
    },
    /// A copy that cannot be made or restored.
    #[error("the backup cannot be used: {why}")]
    Backup {
        /// What is wrong.
        why: String,
    },
    /// A row that this build cannot read.
    #[error("the store holds an unreadable value in table {table}, column {column}, row {id}: {why}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Key of the row; NIPs are masked.
        id: String,
        /// What is wrong.
        why: String,
    },
    /// What was handed over contradicts itself.
    #[error("cannot be stored: {0}")]
    Inconsistent(String),
    /// Anything else that the database said.
    #[error("the store failed{}: {message}", .code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Database {
        /// SQLSTATE or SQLite's result code.
        code: Option<String>,
        /// The database's sentence.
        message: String,
    },
}

impl StoreError {
    /// Shorthand for a row that cannot be read.
    pub(super) fn corrupt(table: &'static str, column: &'static str, id: impl ToString, why: impl ToString) -> Self {
        Self::Corrupt { table, column, id: id.to_string(), why: why.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => from_database(database.as_ref()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => Self::DiskFull,
            other => Self::Database { code: None, message: other.to_string() },
        }
    }
}

fn from_database(error: &dyn DatabaseError) -> StoreError {
    let code = error.code().map(|code| code.into_owned());
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    let sqlite = error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
    // SQLite's extended codes hold the primary one in their low byte.
    let primary = code.as_deref().filter(|_| sqlite).and_then(|code| code.parse::<i64>().ok()).map(|code| code & 0xff);
    match (primary, code.as_deref()) {
        (Some(13), _) | (None, Some("53100")) => StoreError::DiskFull,
        (Some(5 | 6), _) | (None, Some("55P03" | "40P01" | "40001")) => StoreError::Busy,
        (Some(8), _) | (None, Some("25006")) => StoreError::ReadOnly(message),
        _ => StoreError::Database { code, message },
    }
}

/// A URL as it may be shown: whatever stands between the user and the host is masked, and query values too, since
/// PostgreSQL accepts `?password=`.
pub(super) fn show_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    if !scheme.starts_with("postgres") {
        return url.to_owned();
    }
    let rest = rest.split_once('?').map_or(rest, |(before, _)| before);
    match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:***@{host}"),
            None => format!("{scheme}://{user}@{host}"),
        },
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::show_url;

    #[test]
    fn passwords_are_never_shown() {
        assert_eq!(show_url("postgres://selaras:r@h:a@db.kemen.go.id:5432/selaras"), "postgres://selaras:***@db.kemen.go.id:5432/selaras");
        assert_eq!(show_url("postgresql://selaras@db/selaras?password=rahasia"), "postgresql://selaras@db/selaras");
        assert_eq!(show_url("postgres://db/selaras"), "postgres://db/selaras");
        assert_eq!(show_url("sqlite:///var/lib/a@b:c.db"), "sqlite:///var/lib/a@b:c.db");
    }
}
