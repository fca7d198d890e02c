//! The configuration: one file, overridden by the environment, refused when anything in it is not understood.
//!
//! `config/selaras.toml` documents every key with its default; a test holds it equal to [`Config::default`]. This
//! module knows no other part than the words of the field: whoever needs a setting is given it.

mod columns;
mod ekinerja;
mod env;
mod error;
mod lang;
mod notify;
mod secret;
mod sections;
mod values;

pub use crate::domain::text::Lang;
pub use ekinerja::{Ekinerja, Pace, PaceOverride, Report, Siasn, SsoMode};
pub use error::{ConfigError, Place};
pub use lang::Said;
pub use notify::{Channel, Event, Notify, NotifyRule, Smtp, Telegram, Webhook};
pub use secret::{DatabaseUrl, Engine, Revealed, Secret, SecretError};
pub use sections::{Backup, Evidence, Log, LogFormat, Masking, Oidc, PolicyFolder, Privacy, Schedule, Sources, SqlSource, Store, Ui, Web};
pub use values::{ByteSize, CronLine, HttpUrl, HumanDuration, LogFilter, TimeZone};

use crate::domain::Kind;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where the configuration is looked for when `--config` does not say.
pub const DEFAULT_PATH: &str = "config/selaras.toml";

/// Everything that can be set.
///
/// ```
/// use selaras::config::Config;
/// let config = Config::parse("[ekinerja.siasn.pace]\nattempts = 2", "selaras.toml".as_ref())?;
/// assert_eq!(config.ekinerja.siasn_pace().attempts, 2);
/// assert_eq!(config.ekinerja.report_pace().attempts, 4);
/// # Ok::<(), selaras::config::ConfigError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[store]`.
    pub store: Store,
    /// `[web]`.
    pub web: Web,
    /// `[oidc]`.
    pub oidc: Oidc,
    /// `[ekinerja]`.
    pub ekinerja: Ekinerja,
    /// `[evidence]`.
    pub evidence: Evidence,
    /// `[policy]`.
    pub policy: PolicyFolder,
    /// `[sources]`.
    pub sources: Sources,
    /// `[schedule]`.
    pub schedule: Schedule,
    /// `[backup]`.
    pub backup: Backup,
    /// `[notify]`.
    pub notify: Notify,
    /// `[privacy]`.
    pub privacy: Privacy,
    /// `[log]`.
    pub log: Log,
    /// `[ui]`.
    pub ui: Ui,
}

impl Config {
    /// Reads the file (`explicit`, or [`DEFAULT_PATH`] where it exists), lets the environment win, and makes relative
    /// paths absolute: from the folder of the file, or from the current one when there is no file.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that is named but missing, and for anything that is not understood.
    pub fn load(explicit: Option<&Path>, env: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let path = explicit.unwrap_or(Path::new(DEFAULT_PATH));
        let (text, folder) = match std::fs::read_to_string(path) {
            Ok(text) => (text, path.parent().unwrap_or(Path::new("")).to_owned()),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => match explicit {
                Some(path) => return Err(ConfigError::Missing(path.to_owned())),
                None => (String::new(), PathBuf::new()),
            },
            Err(why) => return Err(ConfigError::Unreadable(path.to_owned(), why.to_string())),
        };
        let mut config = Self::read(&text, path, &env::settings(env))?;
        let folder = std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder });
        config.anchor(&folder.map_err(|why| ConfigError::Unreadable(path.to_owned(), why.to_string()))?);
        Ok(config)
    }

    /// Reads the text of a file alone: no environment, paths as written. `path` is only named in errors.
    ///
    /// # Errors
    /// [`ConfigError`] for anything that is not understood.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        Self::read(text, path, &[])
    }

    fn read(text: &str, path: &Path, settings: &[(String, String, String)]) -> Result<Self, ConfigError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let of_file = |error: toml::de::Error| error::of_file(path, text, &error);
        let mut config: Self = toml::from_str(text).map_err(of_file)?;
        if !settings.is_empty() {
            let table = env::apply(text.parse().map_err(of_file)?, settings)?;
            config = Self::deserialize(table).map_err(of_file)?;
        }
        if let Some(error) = config.unknown_column(text, path, settings) {
            return Err(error);
        }
        match config.contradiction() {
            None => Ok(config),
            Some((key, problem)) => Err(ConfigError::BadValue { place: place_of(&key, text, path, settings), key, problem }),
        }
    }

    /// The first setting that contradicts another one, or that only a look at the whole can refuse.
    fn contradiction(&self) -> Option<(String, Said)> {
        let paces = [
            ("ekinerja.pace", self.ekinerja.pace.clone()),
            ("ekinerja.report.pace", self.ekinerja.report_pace()),
            ("ekinerja.siasn.pace", self.ekinerja.siasn_pace()),
        ];
        for (section, pace) in paces {
            if let Some((key, problem)) = pace.problem() {
                return Some((format!("{section}.{key}"), problem));
            }
        }
        if let Some(kind) = self.evidence.pull.iter().find(|kind| !kind.is_bulk() && !kind.is_per_nip()) {
            let problem = Said::new(
                format!("'{kind}' datang dari berkas, tidak dapat ditarik dari BKN"),
                format!("'{kind}' comes from a file, it cannot be pulled from BKN"),
            );
            return Some(("evidence.pull".to_owned(), problem));
        }
        match self.store.url.written_engine() {
            None | Some(Some(Engine::Sqlite | Engine::Postgres)) => {}
            Some(_) => {
                return Some(("store.url".to_owned(), Said::new("pakai sqlite:// atau postgres://", "use sqlite:// or postgres://")));
            }
        }
        if self.sources.sql.iter().any(|source| source.url.written_engine() == Some(None)) {
            let problem = Said::new("url: pakai postgres://, mysql:// atau sqlite://", "url: use postgres://, mysql:// or sqlite://");
            return Some(("sources.sql".to_owned(), problem));
        }
        let readable = [Kind::Roster, Kind::Attendance, Kind::Pins, Kind::Permits, Kind::Discipline, Kind::Payment];
        if let Some(source) = self.sources.sql.iter().find(|source| !readable.contains(&source.kind)) {
            let kinds = readable.map(Kind::key).join(", ");
            let problem = Said::new(
                format!("kind: '{}' tidak dapat dibaca dari kueri, pakai {kinds}", source.kind),
                format!("kind: '{}' cannot be read from a query, use {kinds}", source.kind),
            );
            return Some(("sources.sql".to_owned(), problem));
        }
        if self.backup.keep == 0 {
            return Some(("backup.keep".to_owned(), Said::new("sedikitnya 1", "at least 1")));
        }
        if let Some(problem) = self.notify.problem() {
            return Some(("notify.rules".to_owned(), problem));
        }
        if let Some(problem) = self.log.problem() {
            return Some(("log.otlp_headers".to_owned(), problem));
        }
        if self.privacy.retention_months < 12 {
            let problem = Said::new("sedikitnya 12 bulan", "at least 12 months");
            return Some(("privacy.retention_months".to_owned(), problem));
        }
        let oidc = &self.oidc;
        if let Some((group, role)) = oidc.role_map.iter().find(|(_, role)| crate::domain::access::Role::from_key(role).is_none()) {
            let roles = crate::domain::access::Role::ALL.map(|(key, _)| key).join(", ");
            let problem = Said::new(
                format!("'{group}': '{role}' bukan peran, pakai {roles}"),
                format!("'{group}': '{role}' is no role, use {roles}"),
            );
            return Some(("oidc.role_map".to_owned(), problem));
        }
        (oidc.issuer.is_some() && oidc.client_id.is_none())
            .then(|| ("oidc.client_id".to_owned(), Said::new("perlu diisi bila oidc.issuer diisi", "is needed when oidc.issuer is set")))
    }

    fn anchor(&mut self, folder: &Path) {
        self.store.url.anchor(folder);
        self.policy.dir = folder.join(&self.policy.dir);
        self.sources.inbox = folder.join(&self.sources.inbox);
        self.backup.dir = folder.join(&self.backup.dir);
        for source in &mut self.sources.sql {
            source.url.anchor(folder);
        }
        for (_, secret) in self.secrets_mut() {
            secret.anchor(folder);
        }
    }

    /// Every secret that is set, with its dotted key; for `doctor`.
    pub fn secrets(&self) -> Vec<(&'static str, Secret)> {
        self.clone().secrets_mut().into_iter().map(|(key, secret)| (key, secret.clone())).collect()
    }

    fn secrets_mut(&mut self) -> Vec<(&'static str, &mut Secret)> {
        let siasn = &mut self.ekinerja.siasn;
        let notify = &mut self.notify;
        [
            ("oidc.client_secret", self.oidc.client_secret.as_mut()),
            ("ekinerja.report.token", self.ekinerja.report.token.as_mut()),
            ("ekinerja.siasn.consumer_key", siasn.consumer_key.as_mut()),
            ("ekinerja.siasn.consumer_secret", siasn.consumer_secret.as_mut()),
            ("ekinerja.siasn.sso_token", siasn.sso_token.as_mut()),
            ("ekinerja.siasn.sso_username", siasn.sso_username.as_mut()),
            ("ekinerja.siasn.sso_password", siasn.sso_password.as_mut()),
            ("notify.smtp.password", notify.smtp.as_mut().and_then(|smtp| smtp.password.as_mut())),
            ("notify.webhook.secret", notify.webhook.as_mut().and_then(|hook| hook.secret.as_mut())),
            ("notify.telegram.token", notify.telegram.as_mut().map(|bot| &mut bot.token)),
        ]
        .into_iter()
        .filter_map(|(key, secret)| secret.map(|secret| (key, secret)))
        .chain(self.log.otlp_headers.values_mut().map(|secret| ("log.otlp_headers", secret)))
        .collect()
    }
}

/// Where a key was set: the environment first, as it wins.
fn place_of(key: &str, text: &str, path: &Path, settings: &[(String, String, String)]) -> Place {
    let variable = settings.iter().find(|(_, set, _)| set == key);
    match (variable, error::line_of_key(text, key)) {
        (Some((name, _, _)), _) => Place::Variable(name.clone()),
        (None, Some(line)) => Place::Line(path.to_owned(), line),
        (None, None) => Place::File(path.to_owned()),
    }
}
