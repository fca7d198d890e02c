//! `[ekinerja]`: the two BKN surfaces and how gently they are asked.

use super::lang::Said;
use super::secret::Secret;
use super::values::{ByteSize, HttpUrl, HumanDuration};
use serde::Deserialize;

/// `[ekinerja]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ekinerja {
    /// The e-Kinerja report API, which answers for the whole agency.
    pub report: Report,
    /// The SIASN web service, which answers one NIP at a time.
    pub siasn: Siasn,
    /// How both are asked, unless a surface says otherwise.
    pub pace: Pace,
}

impl Ekinerja {
    /// The pace of the report API.
    pub fn report_pace(&self) -> Pace {
        self.report.pace.over(&self.pace)
    }

    /// The pace of the SIASN web service.
    pub fn siasn_pace(&self) -> Pace {
        self.siasn.pace.over(&self.pace)
    }
}

/// `[ekinerja.report]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Report {
    /// Address before `/api_kinerja/…`.
    pub base_url: HttpUrl,
    /// The bearer token that an operator of the agency copied from e-Kinerja.
    pub token: Option<Secret>,
    /// What differs from `[ekinerja.pace]`.
    pub pace: PaceOverride,
}

impl Default for Report {
    fn default() -> Self {
        Self { base_url: HttpUrl::known("https://kinerja.bkn.go.id"), token: None, pace: PaceOverride::default() }
    }
}

impl Report {
    /// Dotted keys without which the surface cannot be asked.
    pub fn missing(&self) -> Vec<&'static str> {
        if self.token.is_none() { vec!["ekinerja.report.token"] } else { Vec::new() }
    }
}

/// Where the SSO token comes from (facts ekinerja-api §1.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SsoMode {
    /// An operator puts it into `sso_token`; when BKN refuses it, the surface stops.
    #[default]
    Static,
    /// It is asked for with user name and password, and again when it runs out.
    Password,
}

/// `[ekinerja.siasn]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Siasn {
    /// Address before `/pns/…`.
    pub base_url: HttpUrl,
    /// Where the WSO2 token is minted.
    pub wso2_token_url: HttpUrl,
    /// WSO2 consumer key.
    pub consumer_key: Option<Secret>,
    /// WSO2 consumer secret.
    pub consumer_secret: Option<Secret>,
    /// Where the SSO token comes from.
    pub sso_mode: SsoMode,
    /// The SSO token, for `static`.
    pub sso_token: Option<Secret>,
    /// Where the SSO token is minted, for `password`.
    pub sso_token_url: HttpUrl,
    /// Client id, for `password`.
    pub sso_client_id: Option<String>,
    /// User name (an operator's NIP), for `password`.
    pub sso_username: Option<Secret>,
    /// Password, for `password`.
    pub sso_password: Option<Secret>,
    /// What differs from `[ekinerja.pace]`.
    pub pace: PaceOverride,
}

impl Default for Siasn {
    fn default() -> Self {
        Self {
            base_url: HttpUrl::known("https://apimws.bkn.go.id:8243/apisiasn/1.0"),
            wso2_token_url: HttpUrl::known("https://apimws.bkn.go.id/oauth2/token"),
            consumer_key: None,
            consumer_secret: None,
            sso_mode: SsoMode::Static,
            sso_token: None,
            sso_token_url: HttpUrl::known("https://sso-siasn.bkn.go.id/auth/realms/public-siasn/protocol/openid-connect/token"),
            sso_client_id: None,
            sso_username: None,
            sso_password: None,
            pace: PaceOverride::default(),
        }
    }
}

impl Siasn {
    /// Dotted keys without which the surface cannot be asked.
    pub fn missing(&self) -> Vec<&'static str> {
        let password = self.sso_mode == SsoMode::Password;
        [
            ("ekinerja.siasn.consumer_key", self.consumer_key.is_none()),
            ("ekinerja.siasn.consumer_secret", self.consumer_secret.is_none()),
            ("ekinerja.siasn.sso_token", !password && self.sso_token.is_none()),
            ("ekinerja.siasn.sso_client_id", password && self.sso_client_id.is_none()),
            ("ekinerja.siasn.sso_username", password && self.sso_username.is_none()),
            ("ekinerja.siasn.sso_password", password && self.sso_password.is_none()),
        ]
        .into_iter()
        .filter_map(|(key, missing)| missing.then_some(key))
        .collect()
    }
}

/// One list of keys for the pace and for what a surface overrides of it.
macro_rules! pace {
    ($($(#[$doc:meta])* $key:ident: $type:ty = $default:expr,)+) => {
        /// `[ekinerja.pace]`: how fast, how patiently, how long (contract §5).
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Pace {
            $($(#[$doc])* pub $key: $type,)+
        }

        impl Default for Pace {
            fn default() -> Self {
                Self { $($key: $default,)+ }
            }
        }

        /// `[ekinerja.report.pace]` and `[ekinerja.siasn.pace]`: only the keys that differ.
        #[derive(Debug, Clone, Default, PartialEq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct PaceOverride {
            $($(#[$doc])* pub $key: Option<$type>,)+
        }

        impl PaceOverride {
            /// `base` with the keys that are given here.
            pub fn over(&self, base: &Pace) -> Pace {
                Pace { $($key: self.$key.unwrap_or(base.$key),)+ }
            }
        }
    };
}

pace! {
    /// Requests a second, for all processes on one store together; may be decimal.
    requests_per_second: f64 = 4.0,
    /// Requests that may go out at once after a pause.
    burst: u32 = 4,
    /// Requests waiting for an answer at the same time, in one process.
    max_in_flight: u32 = 4,
    /// Longest wait for a connection.
    connect_timeout: HumanDuration = HumanDuration::seconds(10),
    /// Longest wait for a whole answer.
    request_timeout: HumanDuration = HumanDuration::seconds(60),
    /// Tries of one item, the first included.
    attempts: u32 = 4,
    /// First wait before a retry; it doubles.
    backoff_initial: HumanDuration = HumanDuration::millis(500),
    /// Longest wait between two tries.
    backoff_max: HumanDuration = HumanDuration::seconds(30),
    /// Longest wait that an answer (Retry-After, nextAccessTime) may ask for.
    retry_after_max: HumanDuration = HumanDuration::minutes(10),
    /// Pause of the surface when the gateway suspends it (303001).
    suspended_wait: HumanDuration = HumanDuration::seconds(30),
    /// How long the surface rests after too many failures in a row.
    breaker_open: HumanDuration = HumanDuration::seconds(60),
    /// Failed items in a row that stop the surface.
    give_up_after: u32 = 20,
    /// How long a dead process keeps an item from others.
    lease: HumanDuration = HumanDuration::minutes(5),
    /// Longest run.
    run_deadline: HumanDuration = HumanDuration::hours(4),
    /// Age until which a run that did not end is resumed.
    resume_within: HumanDuration = HumanDuration::hours(12),
    /// Largest answer.
    max_body: ByteSize = ByteSize::mib(256),
}

impl Pace {
    /// The key that contradicts itself or another one, and why.
    pub(super) fn problem(&self) -> Option<(&'static str, Said)> {
        let rate = self.requests_per_second;
        if !(rate.is_finite() && rate > 0.0 && rate <= 100_000.0) {
            return Some((
                "requests_per_second",
                Said::new("harus di atas 0 dan paling banyak 100000", "must be above 0 and at most 100000"),
            ));
        }
        let counts = [
            ("burst", self.burst),
            ("max_in_flight", self.max_in_flight),
            ("attempts", self.attempts),
            ("give_up_after", self.give_up_after),
        ];
        if let Some((key, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Some((key, Said::new("harus sedikitnya 1", "must be at least 1")));
        }
        let spans = [
            ("connect_timeout", self.connect_timeout),
            ("request_timeout", self.request_timeout),
            ("lease", self.lease),
            ("run_deadline", self.run_deadline),
        ];
        if let Some((key, _)) = spans.into_iter().find(|(_, span)| span.get().is_zero()) {
            return Some((key, Said::new("harus lebih dari nol", "must be more than zero")));
        }
        if self.backoff_initial > self.backoff_max {
            return Some(("backoff_initial", Said::new("melebihi backoff_max", "is longer than backoff_max")));
        }
        (self.max_body.get() < 1024).then(|| ("max_body", Said::new("harus sedikitnya 1KiB", "must be at least 1KiB")))
    }
}
