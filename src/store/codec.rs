//! Between the words of the domain and the columns of the store. Whatever a column holds that the domain does not
//! know is a corrupt row, named by table, column and key.

use super::error::StoreError;
pub(super) use crate::domain::text::hex;
use chrono::DateTime;
use chrono::Utc;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Digest;
use sha2::Sha256;

/// Where a value comes from, for the error.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<I> {
    /// Table.
    pub table: &'static str,
    /// Key of the row.
    pub id: I,
}

impl<I: ToString + Copy> At<I> {
    /// The text as a value of the domain.
    pub(super) fn word<T>(self, column: &'static str, text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        read(text).ok_or_else(|| StoreError::corrupt(self.table, column, self.id, format!("'{text}' is not known")))
    }

    /// The text as a NIP; it is not repeated in the error.
    pub(super) fn nip(self, text: &str) -> Result<crate::domain::Nip, StoreError> {
        crate::domain::Nip::parse(text).map_err(|why| StoreError::corrupt(self.table, "nip", self.id, why))
    }

    /// The text as a NIP, the empty text as nobody in particular.
    pub(super) fn maybe_nip(self, text: &str) -> Result<Option<crate::domain::Nip>, StoreError> {
        if text.is_empty() { Ok(None) } else { self.nip(text).map(Some) }
    }

    /// The text as JSON of the domain. What serde says is cut at the place, since it may quote values.
    pub(super) fn json<T: DeserializeOwned>(self, column: &'static str, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|why| {
            let why = format!("JSON of another shape (line {}, column {})", why.line(), why.column());
            StoreError::corrupt(self.table, column, self.id, why)
        })
    }

    /// Microseconds as a time.
    pub(super) fn time(self, column: &'static str, micros: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_micros(micros)
            .ok_or_else(|| StoreError::corrupt(self.table, column, self.id, format!("{micros} is no time")))
    }

    /// A count.
    pub(super) fn count(self, column: &'static str, number: i64) -> Result<u64, StoreError> {
        u64::try_from(number).map_err(|_| StoreError::corrupt(self.table, column, self.id, format!("{number} is negative")))
    }
}

/// A value as the JSON text that is stored.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|why| StoreError::Inconsistent(format!("a value cannot be written as JSON: {why}")))
}

/// A count as a column.
pub(super) fn from_count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// SHA-256 of the bytes, in hex.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A new id; later ids sort after earlier ones.
pub(super) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Runs slow pure work where it does not hold up the runtime.
pub(super) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T, StoreError> + Send + 'static) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(join) => Err(StoreError::Inconsistent(format!("preparing it was interrupted: {join}"))),
    }
}
