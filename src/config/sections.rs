//! The other sections, in the order of the file.

use super::lang::Said;
use super::secret::{DatabaseUrl, Secret};
use super::values::{CronLine, HttpUrl, HumanDuration, LogFilter, TimeZone, refuse};
use crate::domain::Kind;
use crate::domain::Percent;
use crate::domain::text::Lang;
use chrono::TimeDelta;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// `[store]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// `sqlite://…` for one machine, `postgres://…` beyond it.
    pub url: DatabaseUrl,
}

impl Default for Store {
    fn default() -> Self {
        Self { url: DatabaseUrl::new("sqlite://selaras.db") }
    }
}

/// `[web]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Web {
    /// Where `serve` listens.
    pub listen: SocketAddr,
    /// The address that people type, when a proxy stands in front.
    pub public_url: Option<HttpUrl>,
    /// A session ends after this long without a request.
    pub session_idle: HumanDuration,
    /// A session ends after this long in any case.
    pub session_max: HumanDuration,
}

impl Default for Web {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8480)),
            public_url: None,
            session_idle: HumanDuration::minutes(30),
            session_max: HumanDuration::hours(12),
        }
    }
}

/// `[oidc]`: sign-in with the ministry's own accounts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    /// Address of the identity provider; absent: no OIDC.
    pub issuer: Option<HttpUrl>,
    /// Client id at the provider.
    pub client_id: Option<String>,
    /// Client secret at the provider.
    pub client_secret: Option<Secret>,
    /// The claim that holds roles or groups.
    pub role_claim: String,
    /// From a value of that claim to a role of Selaras.
    pub role_map: BTreeMap<String, String>,
}

impl Default for Oidc {
    fn default() -> Self {
        Self { issuer: None, client_id: None, client_secret: None, role_claim: "roles".to_owned(), role_map: BTreeMap::new() }
    }
}

/// `[evidence]`: what must be known of a person, and how old it may be.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// Kinds without which nobody is `layak`.
    #[serde(deserialize_with = "demanded")]
    pub required: Vec<Kind>,
    /// Kinds that `sync` asks BKN for.
    pub pull: Vec<Kind>,
    /// Percent of people who may vanish from an answer before it is quarantined.
    pub vanish_limit_percent: Percent,
    /// Number of people who may vanish before it is quarantined; both limits must be passed.
    pub vanish_limit_min: u32,
    /// Age from which evidence counts as stale. A kind that is not named does not age.
    #[serde(deserialize_with = "over_default_ages")]
    pub max_age: BTreeMap<Kind, HumanDuration>,
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            required: vec![Kind::Skp, Kind::Evaluation, Kind::Attendance],
            pull: vec![Kind::Evaluation, Kind::Skp, Kind::Identity, Kind::DisciplineBkn, Kind::UnpaidLeave, Kind::History, Kind::SkpAnnual],
            vanish_limit_percent: Percent::whole(10),
            vanish_limit_min: 5,
            max_age: default_ages(),
        }
    }
}

impl Evidence {
    /// [`Evidence::max_age`], to reckon with.
    pub fn ages(&self) -> BTreeMap<Kind, TimeDelta> {
        self.max_age.iter().filter_map(|(kind, age)| Some((*kind, TimeDelta::from_std(age.get()).ok()?))).collect()
    }
}

fn default_ages() -> BTreeMap<Kind, HumanDuration> {
    let pulled = Kind::ALL.into_iter().map(|(_, kind)| kind).filter(|kind| kind.is_bulk() || kind.is_per_nip());
    let age = |kind: Kind| match kind {
        Kind::Identity => HumanDuration::days(7),
        bulk if bulk.is_bulk() => HumanDuration::hours(36),
        _ => HumanDuration::days(30),
    };
    pulled.map(|kind| (kind, age(kind))).collect()
}

/// A kind that only stands beside another is never anybody's gap, so nothing can wait for it.
fn demanded<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Kind>, D::Error> {
    let kinds = Vec::<Kind>::deserialize(from)?;
    match kinds.iter().find(|kind| kind.is_beside()) {
        Some(kind) => Err(refuse(&Said::new(
            format!("jenis {kind} hanya mendampingi bukti lain, jadi tidak dapat diwajibkan"),
            format!("the kind {kind} only stands beside other evidence and cannot be required"),
        ))),
        None => Ok(kinds),
    }
}

/// A file that names one kind does not forget the others.
fn over_default_ages<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<Kind, HumanDuration>, D::Error> {
    let mut ages = default_ages();
    ages.extend(BTreeMap::<Kind, HumanDuration>::deserialize(from)?);
    Ok(ages)
}

/// `[policy]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyFolder {
    /// Folder whose `*.toml` are the policies, one after the other in time.
    pub dir: PathBuf,
}

impl Default for PolicyFolder {
    fn default() -> Self {
        Self { dir: PathBuf::from("policy") }
    }
}

/// `[sources]`: the ministry's own files and databases.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sources {
    /// Folder whose files are imported, then archived with their hash.
    pub inbox: PathBuf,
    /// Other headers under which a column is found: our name → theirs.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Read-only queries on the ministry's databases.
    pub sql: Vec<SqlSource>,
}

impl Default for Sources {
    fn default() -> Self {
        Self { inbox: PathBuf::from("inbox"), columns: BTreeMap::new(), sql: Vec::new() }
    }
}

/// One `[[sources.sql]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlSource {
    /// What its rows are.
    pub kind: Kind,
    /// `postgres://`, `mysql://` or `sqlite://`.
    pub url: DatabaseUrl,
    /// One SELECT; `:from` and `:to` are bound to the first and last day.
    pub query: String,
}

/// `[schedule]`: when `serve` works by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// Zone in which the lines below are read.
    pub timezone: TimeZone,
    /// Look into the inbox.
    pub inbox: CronLine,
    /// Query `[[sources.sql]]`.
    pub sources: CronLine,
    /// Pull from BKN.
    pub sync: CronLine,
    /// Copy the store, and try the copy.
    pub backup: CronLine,
    /// Evaluate what changed.
    pub reconcile: CronLine,
    /// Delete what is older than `privacy.retention_months`.
    pub retention: CronLine,
    /// See what is wrong, and tell it.
    pub notices: CronLine,
    /// Tell how the month stands.
    pub digest: CronLine,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            timezone: TimeZone::JAKARTA,
            inbox: CronLine::known("0 */5 * * * *"),
            sources: CronLine::known("0 30 0 * * *"),
            sync: CronLine::known("0 0 1 * * *"),
            backup: CronLine::known("0 0 4 * * *"),
            reconcile: CronLine::known("0 30 5 * * *"),
            retention: CronLine::known("0 0 3 1 * *"),
            notices: CronLine::known("0 */5 * * * *"),
            digest: CronLine::known("0 0 7 * * Mon-Fri"),
        }
    }
}

/// `[backup]`: copies of the store.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Folder of the copies that `serve` makes.
    pub dir: PathBuf,
    /// Copies that are kept.
    pub keep: u32,
}

impl Default for Backup {
    fn default() -> Self {
        Self { dir: PathBuf::from("backup"), keep: 7 }
    }
}

/// How a NIP is masked in logs, refusals and notices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Masking {
    /// The first four and the last three digits stay.
    #[default]
    First4Last3,
}

/// `[privacy]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// How NIPs are masked.
    pub masking: Masking,
    /// Months for which evidence is kept.
    pub retention_months: u32,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { masking: Masking::First4Last3, retention_months: 60 }
    }
}

/// The form of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line, for collectors.
    Json,
}

/// `[log]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Form.
    pub format: LogFormat,
    /// How much; absent: `info` for `serve`, `warn` for commands that end.
    pub level: Option<LogFilter>,
    /// Collector of traces (OTLP over HTTP); absent: none are kept.
    pub otlp: Option<HttpUrl>,
    /// Headers that the collector asks for, by name.
    pub otlp_headers: BTreeMap<String, Secret>,
}

impl Log {
    /// A header that cannot be one.
    pub(super) fn problem(&self) -> Option<Said> {
        let name = self.otlp_headers.keys().find(|name| reqwest::header::HeaderName::from_bytes(name.as_bytes()).is_err())?;
        Some(Said::new(format!("'{name}' bukan nama header HTTP"), format!("'{name}' is not the name of an HTTP header")))
    }
}

/// `[ui]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ui {
    /// Language of what a person reads, unless `--lang` says otherwise.
    pub language: Lang,
}
