//! What must be told to reach BKN, as plain values with sensible defaults. Where they come from (file, environment) is
//! the business of the configuration; only the names of the keys are known here, for messages to the operator.

use chrono::DateTime;
use chrono::Utc;
use std::fmt;
use std::time::Duration;

/// A token, key or password. Never shown: not by `Debug`, not in errors, not in logs.
///
/// ```
/// use selaras::ekinerja::Secret;
/// assert_eq!(format!("{:?}", Secret::new("rahasia")), "Secret(***)");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the secret; white space around it (a newline at the end of a file) is no part of it.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().trim().to_owned())
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret itself, for the one header or form that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// When a JWT says that it expires (`exp`); `None` for anything else. Only a hint for the operator: whether a token
    /// is good is for BKN to say.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        let payload = self.0.split('.').nth(1)?;
        let claims: serde_json::Value = serde_json::from_slice(&base64url(payload)?).ok()?;
        DateTime::from_timestamp(claims.get("exp")?.as_i64()?, 0)
    }
}

/// Decodes base64url without padding, the alphabet of JWTs.
fn base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0u32, 0u32);
    for symbol in text.trim_end_matches('=').bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Secret(empty)" } else { "Secret(***)" })
    }
}

/// How fast, how patient and how stubborn a surface is asked (`[ekinerja.pace]` and its two overrides).
#[derive(Debug, Clone, PartialEq)]
pub struct PaceSettings {
    /// Requests a second over the long run; every retry counts, token endpoints do not.
    pub requests_per_second: f64,
    /// Requests that may leave at once after a quiet time; at least 1.
    pub burst: u32,
    /// Requests under way at the same time; at least 1.
    pub max_in_flight: u32,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest time for a whole request, body included.
    pub request_timeout: Duration,
    /// Attempts for one question, the first included; at least 1.
    pub attempts: u32,
    /// First wait between attempts; it doubles, with jitter.
    pub backoff_initial: Duration,
    /// Longest wait between attempts.
    pub backoff_max: Duration,
    /// Longest wait that an answer may ask for (Retry-After, nextAccessTime).
    pub retry_after_max: Duration,
    /// Wait when the gateway has suspended the endpoint (303001); WSO2 suspends for about 30 s.
    pub suspended_wait: Duration,
    /// How long a surface that gave up, or a token that was refused, is left alone.
    pub breaker_open: Duration,
    /// Failed items in a row after which the surface is given up for the run.
    pub give_up_after: u32,
    /// How long a dead process holds its items.
    pub lease: Duration,
    /// Longest duration of a run.
    pub run_deadline: Duration,
    /// Age up to which a run that did not end is resumed.
    pub resume_within: Duration,
    /// Largest body that is read, in bytes after decompression.
    pub max_body: u64,
}

impl PaceSettings {
    /// For SIASN: many small questions, at the pace that its known clients use (facts ekinerja-api §3.5).
    pub fn siasn() -> Self {
        Self {
            requests_per_second: 4.0,
            burst: 4,
            max_in_flight: 4,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            attempts: 4,
            backoff_initial: Duration::from_millis(500),
            backoff_max: Duration::from_secs(30),
            retry_after_max: Duration::from_secs(600),
            suspended_wait: Duration::from_secs(30),
            breaker_open: Duration::from_secs(60),
            give_up_after: 20,
            lease: Duration::from_secs(300),
            run_deadline: Duration::from_secs(4 * 3600),
            resume_within: Duration::from_secs(12 * 3600),
            max_body: 8 << 20,
        }
    }

    /// For the report API: few questions whose answers are a whole agency.
    pub fn report() -> Self {
        Self { requests_per_second: 1.0, burst: 2, request_timeout: Duration::from_secs(300), max_body: 256 << 20, ..Self::siasn() }
    }
}

impl Default for PaceSettings {
    fn default() -> Self {
        Self::siasn()
    }
}

/// `[ekinerja.report]`.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportSettings {
    /// Scheme and host; `/api_kinerja/…` is added.
    pub base_url: String,
    /// Bearer token, issued to a person by e-Kinerja.
    pub token: Secret,
    /// Pace.
    pub pace: PaceSettings,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self { base_url: "https://kinerja.bkn.go.id".to_owned(), token: Secret::default(), pace: PaceSettings::report() }
    }
}

/// Where the SSO token comes from (facts ekinerja-api §1.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SsoMode {
    /// BKN or the operator supplies it; when it is refused only they can help.
    #[default]
    Static,
    /// Asked from Keycloak with an operator's name and password.
    Password,
}

impl SsoMode {
    /// The spellings in the configuration.
    pub const ALL: [(&'static str, Self); 2] = [("static", Self::Static), ("password", Self::Password)];
}

/// `[ekinerja.siasn]`.
#[derive(Debug, Clone, PartialEq)]
pub struct SiasnSettings {
    /// Up to and including the version; `/pns/…` is added.
    pub base_url: String,
    /// Where the gateway token comes from.
    pub wso2_token_url: String,
    /// Consumer key at the gateway.
    pub consumer_key: Secret,
    /// Consumer secret at the gateway.
    pub consumer_secret: Secret,
    /// Where the SSO token comes from.
    pub sso_mode: SsoMode,
    /// The SSO token, in static mode.
    pub sso_token: Secret,
    /// Keycloak's token endpoint, in password mode.
    pub sso_token_url: String,
    /// Keycloak client, in password mode.
    pub sso_client_id: String,
    /// Operator's NIP, in password mode.
    pub sso_username: Secret,
    /// Operator's password, in password mode.
    pub sso_password: Secret,
    /// Pace.
    pub pace: PaceSettings,
}

impl Default for SiasnSettings {
    fn default() -> Self {
        Self {
            base_url: "https://apimws.bkn.go.id:8243/apisiasn/1.0".to_owned(),
            wso2_token_url: "https://apimws.bkn.go.id/oauth2/token".to_owned(),
            consumer_key: Secret::default(),
            consumer_secret: Secret::default(),
            sso_mode: SsoMode::Static,
            sso_token: Secret::default(),
            sso_token_url: "https://sso-siasn.bkn.go.id/auth/realms/public-siasn/protocol/openid-connect/token".to_owned(),
            sso_client_id: String::new(),
            sso_username: Secret::default(),
            sso_password: Secret::default(),
            pace: PaceSettings::siasn(),
        }
    }
}

/// Why a client cannot be built; each names the key to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A needed value is empty.
    #[error("{key} is empty: {hint}")]
    Missing {
        /// Key in the configuration.
        key: &'static str,
        /// What belongs there.
        hint: &'static str,
    },
    /// Not an address, or one with a name, password, query or fragment in it.
    #[error("{key} is not a plain http or https address: write it as https://host/path, without user, query or fragment")]
    Address {
        /// Key in the configuration.
        key: &'static str,
    },
    /// Unencrypted, and not this machine.
    #[error("{key} is an http:// address of another machine: use https://, http:// is accepted for loopback only")]
    Unencrypted {
        /// Key in the configuration.
        key: &'static str,
    },
    /// A token that no header can carry.
    #[error("{key} holds a character that no HTTP header can carry: paste the token again")]
    Unsendable {
        /// Key in the configuration.
        key: &'static str,
    },
    /// A rate, burst or count that is not positive.
    #[error("{key} must be above zero")]
    NotPositive {
        /// Key in the configuration.
        key: &'static str,
    },
    /// TLS could not be set up: no trusted certificates on this machine.
    #[error("the HTTPS client cannot start ({0}): install the system's CA certificates")]
    Tls(String),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_jwt_tells_when_it_expires() {
        // {"sub":"contoh","exp":1791158400}
        let jwt = Secret::new("eyJhbGciOiJub25lIn0.eyJzdWIiOiJjb250b2giLCJleHAiOjE3OTExNTg0MDB9.x");
        assert_eq!(jwt.expires_at(), DateTime::from_timestamp(1_791_158_400, 0));
        for other in ["", "opaque", "a.b.c", "a.e30.c"] {
            assert_eq!(Secret::new(other).expires_at(), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            let _ = Secret::new(&text).expires_at();
        }
    }
}
