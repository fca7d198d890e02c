//! Bodies and files as they came, kept once per SHA-256, compressed.

use super::Result;
use super::Store;
use super::StoreError;
use super::codec::At;
use super::codec::from_count;
use super::codec::sha256_hex;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::values;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::Read;
use std::io::Write;

/// A body or a file as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct RawBody {
    /// Media type, as the source said or as the file's form is.
    pub content_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for RawBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawBody({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

/// A body ready to be kept.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    pub sha256: String,
    content_type: String,
    length: i64,
    gzip: Vec<u8>,
}

impl Packed {
    /// Hashes and compresses; takes a while for a large file, so call it off the runtime's threads.
    pub(super) fn of(raw: &RawBody) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::with_capacity(raw.bytes.len() / 4 + 64), Compression::fast());
        let packed = gzip.write_all(&raw.bytes).and_then(|()| gzip.finish());
        Ok(Self {
            sha256: sha256_hex(&raw.bytes),
            content_type: raw.content_type.clone(),
            length: from_count(raw.bytes.len()),
            gzip: packed.map_err(|why| StoreError::Inconsistent(format!("a body cannot be compressed: {why}")))?,
        })
    }
}

impl Tx {
    /// Keeps the bodies that are not kept yet.
    pub(super) async fn keep_raw<'a>(&mut self, bodies: impl IntoIterator<Item = &'a Packed>) -> Result<()> {
        // Equal bodies once, in the same order in every process, so that two of them cannot wait for each other.
        let bodies: BTreeMap<&str, &Packed> = bodies.into_iter().map(|body| (body.sha256.as_str(), body)).collect();
        self.insert(
            "/* keep_raw */ INSERT INTO raw (sha256, content_type, length, body) VALUES",
            "ON CONFLICT (sha256) DO NOTHING",
            4,
            bodies.into_iter().map(|(sha256, body)| {
                vec![Cell::from(sha256), Cell::from(&body.content_type), Cell::from(body.length), Cell::from(body.gzip.as_slice())]
            }),
        )
        .await
    }
}

impl Store {
    /// The body with that SHA-256 (hex), if it was kept.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when what was kept no longer gives these bytes.
    pub async fn raw(&self, sha256: &str) -> Result<Option<RawBody>> {
        const SQL: &str = "/* raw */ SELECT content_type, length, body FROM raw WHERE sha256 = $1";
        let mut tx = self.pool.read().await?;
        let row: Option<(String, i64, Vec<u8>)> = tx.maybe(SQL, values![sha256]).await?;
        tx.commit().await?;
        let Some((content_type, length, gzip)) = row else { return Ok(None) };
        let at = At { table: "raw", id: sha256 };
        let length = at.count("length", length)?;
        let mut bytes = Vec::new();
        let read = GzDecoder::new(gzip.as_slice()).take(length + 1).read_to_end(&mut bytes);
        read.map_err(|why| StoreError::corrupt("raw", "body", sha256, why))?;
        if sha256_hex(&bytes) != sha256 {
            return Err(StoreError::corrupt("raw", "body", sha256, "the bytes are not those of this hash"));
        }
        Ok(Some(RawBody { content_type, bytes }))
    }
}
