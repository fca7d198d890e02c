//! Why a question to BKN brought no evidence.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a question to BKN brought no evidence (contract §5, "Reasons").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No answer in time.
    Timeout,
    /// No connection, or lost.
    Connection,
    /// Quota of the gateway (429).
    Throttled,
    /// Gateway suspended the endpoint (303001).
    Suspended,
    /// WSO2 token refused.
    AuthGateway,
    /// SSO token refused.
    AuthSso,
    /// Report API token refused.
    AuthReport,
    /// 5xx or a failure text from the backend.
    ServerError,
    /// HTML where JSON belongs.
    Html,
    /// A redirect; never followed.
    Redirect,
    /// A body that cannot be read.
    Malformed,
    /// A body that ends too early.
    Truncated,
    /// A body in an unreadable encoding.
    Encoding,
    /// A body above the limit.
    TooLarge,
    /// A body for another NIP.
    OtherNip,
    /// A needed key is missing.
    Schema,
    /// Too many of those present earlier are gone; held for confirmation.
    Vanish,
    /// The run's time was up.
    Deadline,
}

impl Reason {
    /// Every reason with its key.
    pub const ALL: [(&'static str, Self); 18] = [
        ("timeout", Self::Timeout),
        ("connection", Self::Connection),
        ("throttled", Self::Throttled),
        ("suspended", Self::Suspended),
        ("auth_gateway", Self::AuthGateway),
        ("auth_sso", Self::AuthSso),
        ("auth_report", Self::AuthReport),
        ("server_error", Self::ServerError),
        ("html", Self::Html),
        ("redirect", Self::Redirect),
        ("malformed", Self::Malformed),
        ("truncated", Self::Truncated),
        ("encoding", Self::Encoding),
        ("too_large", Self::TooLarge),
        ("other_nip", Self::OtherNip),
        ("schema", Self::Schema),
        ("vanish", Self::Vanish),
        ("deadline", Self::Deadline),
    ];

    /// The key in JSON and the store.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, reason)| *reason == self).map_or("", |(key, _)| key)
    }

    /// The reason with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, reason)| *reason)
    }

    /// Whether the body arrived and was set aside (as opposed to no usable answer at all).
    pub fn is_quarantine(self) -> bool {
        matches!(
            self,
            Self::Html | Self::Malformed | Self::Truncated | Self::Encoding | Self::TooLarge | Self::OtherNip | Self::Schema | Self::Vanish
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}
