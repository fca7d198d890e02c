//! What is asked and what comes back, as the rest of the crate sees it.

use super::fault::Fault;
use super::http::Received;
use super::wire::Drift;
use crate::domain::Cycle;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use sha2::Digest;
use sha2::Sha256;

/// One question to BKN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Question {
    /// `laporan/penilaian` of an evaluation month: of everybody in the agency, or of one person.
    Evaluation {
        /// Evaluation month.
        cycle: Cycle,
        /// About whom; `None`: everybody.
        nip: Option<Nip>,
    },
    /// `laporan/skp` of a year: of everybody, or (the whole list is asked and one person kept) of one.
    Skp {
        /// Year.
        year: i32,
        /// About whom; `None`: everybody.
        nip: Option<Nip>,
    },
    /// One of SIASN's per-NIP answers.
    Person {
        /// A kind for which [`Kind::is_per_nip`] holds.
        kind: Kind,
        /// About whom.
        nip: Nip,
        /// Whether the person is a part-time PPPK, whose identity stands under another path.
        part_time: bool,
    },
}

impl Question {
    /// The kind of evidence asked for.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Evaluation { .. } => Kind::Evaluation,
            Self::Skp { .. } => Kind::Skp,
            Self::Person { kind, .. } => *kind,
        }
    }

    /// About whom; `None`: everybody.
    pub fn nip(&self) -> Option<Nip> {
        match self {
            Self::Evaluation { nip, .. } | Self::Skp { nip, .. } => *nip,
            Self::Person { nip, .. } => Some(*nip),
        }
    }
}

/// How a question ended, with what is needed to prove it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What it says.
    pub outcome: Outcome,
    /// The last body that arrived, also one that could not be used.
    pub raw: Option<RawBody>,
    /// Requests sent for it, retries and period lists included, token endpoints not.
    pub requests: u32,
    /// Differences from the known shape.
    pub drift: Vec<Drift>,
    /// How outputs name it: `report:laporan/penilaian/2026/P0000009`, `siasn:data-utama`. Never holds a NIP.
    pub source: String,
    /// When the answer had arrived (or the last attempt had failed).
    pub received_at: DateTime<Utc>,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Data. A bulk answer speaks for everybody: who has no statement and no quarantined row is declared absent; an
    /// empty one declares so for all.
    Rows {
        /// One for each NIP, sorted by NIP.
        statements: Vec<Statement>,
        /// Rows that were set aside one by one.
        quarantined: Vec<QuarantinedRow>,
    },
    /// BKN says that there is nothing about the one person who was asked about.
    DeclaredAbsent,
    /// No usable answer.
    Fault(Fault),
}

/// A row of a bulk answer that was set aside alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedRow {
    /// Position in `data`, from 0.
    pub position: u32,
    /// About whom, when that could be read: this person is unknown, not absent.
    pub nip: Option<Nip>,
    /// Why.
    pub reason: Reason,
    /// One sentence that names the key, never a value.
    pub detail: String,
}

/// A body as it arrived, after decompression.
#[derive(Clone, PartialEq, Eq)]
pub struct RawBody {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// HTTP status.
    pub status: u16,
    /// SHA-256 of the bytes, in hex.
    pub sha256: String,
}

/// Bodies hold people's data: `Debug` shows size and hash only.
impl std::fmt::Debug for RawBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawBody({} bytes, status {}, sha256 {})", self.bytes.len(), self.status, self.sha256)
    }
}

impl From<Received> for RawBody {
    fn from(received: Received) -> Self {
        let digest = Sha256::digest(&received.body);
        let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        let sha256 = digest.iter().flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]).collect();
        Self { bytes: received.body, content_type: received.content_type, status: received.status, sha256 }
    }
}
