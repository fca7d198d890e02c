//! Secrets, and database addresses that may hold one. They are shown redacted, never serialised, and read only when
//! they are used.

use super::lang::Said;
use super::values::refuse;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a secret stands: in the configuration itself, in the environment (`env:NAME`), or in a file (`file:PATH`).
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The secret itself.
    Value(Revealed),
    /// Name of an environment variable.
    Env(String),
    /// A file whose content, without the closing line end, is the secret.
    File(PathBuf),
}

/// A secret that has been read. Only [`Revealed::reveal`] shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed(String);

impl Revealed {
    /// The secret in clear. Keep it out of logs, errors and the store.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A secret cannot be had; `key` says which one is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretError {
    /// Dotted configuration key.
    pub key: String,
    /// What is wrong and what to do.
    pub problem: Said,
}

impl SecretError {
    /// One sentence in one language.
    pub fn sentence(&self, lang: super::Lang) -> String {
        format!("{}: {}", self.key, self.problem.in_lang(lang))
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}

impl std::error::Error for SecretError {}

impl Secret {
    /// A secret as written in the configuration.
    pub fn new(text: &str) -> Self {
        match text.split_once(':') {
            Some(("env", name)) => Self::Env(name.trim().to_owned()),
            Some(("file", path)) => Self::File(PathBuf::from(path.trim())),
            _ => Self::Value(Revealed(text.to_owned())),
        }
    }

    /// Makes a relative `file:` path relative to the configuration's folder.
    pub(super) fn anchor(&mut self, folder: &Path) {
        if let Self::File(path) = self {
            *path = folder.join(&path);
        }
    }

    /// Reads the secret; `key` is the dotted key that an error names.
    ///
    /// # Errors
    /// [`SecretError`] when the variable or file is missing, unreadable or empty.
    pub fn resolve(&self, key: &str) -> Result<Revealed, SecretError> {
        let text = match self {
            Self::Value(value) => value.0.clone(),
            Self::Env(name) => std::env::var(name).map_err(|_| {
                problem(
                    key,
                    format!("variabel lingkungan {name} tidak ada: isi variabel itu, atau ganti kunci ini"),
                    format!("environment variable {name} is not set: set it, or change this key"),
                )
            })?,
            Self::File(path) => std::fs::read_to_string(path).map_err(|why| unreadable(key, path, &why))?,
        };
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(problem(key, format!("rahasia dari {self} kosong"), format!("the secret from {self} is empty")));
        }
        Ok(Revealed(text.to_owned()))
    }

    /// What `doctor` warns about: a secret file that others on this machine can read.
    pub fn warning(&self, key: &str) -> Option<SecretError> {
        use std::os::unix::fs::PermissionsExt;
        let Self::File(path) = self else { return None };
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then(|| {
            let path = path.display();
            problem(
                key,
                format!("{path} dapat dibaca pengguna lain (mode {mode:o}): jalankan chmod 600 {path}"),
                format!("{path} can be read by other users (mode {mode:o}): run chmod 600 {path}"),
            )
        })
    }
}

fn problem(key: &str, id: String, en: String) -> SecretError {
    SecretError { key: key.to_owned(), problem: Said::new(id, en) }
}

fn unreadable(key: &str, path: &Path, why: &std::io::Error) -> SecretError {
    let path = path.display();
    match why.kind() {
        std::io::ErrorKind::NotFound => {
            problem(key, format!("berkas rahasia {path} tidak ada"), format!("the secret file {path} does not exist"))
        }
        std::io::ErrorKind::PermissionDenied => problem(
            key,
            format!("berkas rahasia {path} tidak boleh dibaca: jadikan milik pengguna selaras dengan mode 600"),
            format!("the secret file {path} may not be read: give it to the user of selaras, mode 600"),
        ),
        _ => problem(key, format!("berkas rahasia {path} tidak terbaca ({why})"), format!("the secret file {path} cannot be read ({why})")),
    }
}

/// Where it stands, never what it is.
impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("***"),
            Self::Env(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Accepts text only, and never repeats what it refuses: serde's own errors would print it.
struct SecretText;

fn not_text<E: serde::de::Error, T>() -> Result<T, E> {
    Err(refuse(&Said::new(
        "rahasia ditulis sebagai teks dalam tanda kutip: nilainya, \"env:NAMA\" atau \"file:LOKASI\"",
        "a secret is written as text in quotes: its value, \"env:NAME\" or \"file:PATH\"",
    )))
}

impl<'de> Visitor<'de> for SecretText {
    type Value = String;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret as text")
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<String, E> {
        not_text()
    }
    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<String, E> {
        not_text()
    }
    fn visit_i128<E: serde::de::Error>(self, _: i128) -> Result<String, E> {
        not_text()
    }
    fn visit_u128<E: serde::de::Error>(self, _: u128) -> Result<String, E> {
        not_text()
    }
    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<String, E> {
        not_text()
    }
    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<String, E> {
        not_text()
    }
    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        not_text()
    }
    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        not_text()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SecretText).map(|text| Self::new(&text))
    }
}

/// Which database an address means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// `sqlite://…`
    Sqlite,
    /// `postgres://…` or `postgresql://…`
    Postgres,
    /// `mysql://…` or `mariadb://…`; for `[[sources.sql]]` only.
    MySql,
}

impl Engine {
    /// The engine that an address names.
    pub fn of(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            "mysql" | "mariadb" => Some(Self::MySql),
            _ => None,
        }
    }
}

/// The address of a database: in clear, `env:NAME` or `file:PATH`. It may hold a password, so it is shown without.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    secret: Secret,
    folder: PathBuf,
}

impl DatabaseUrl {
    /// An address as written in the configuration.
    pub fn new(text: &str) -> Self {
        Self { secret: Secret::new(text), folder: PathBuf::new() }
    }

    pub(super) fn anchor(&mut self, folder: &Path) {
        self.secret.anchor(folder);
        self.folder = folder.to_owned();
    }

    /// The engine, unless the address stands in the environment or a file.
    pub(super) fn written_engine(&self) -> Option<Option<Engine>> {
        match &self.secret {
            Secret::Value(url) => Some(Engine::of(&url.0)),
            _ => None,
        }
    }

    /// The address in clear, `sqlite://name.db` made absolute from the configuration's folder.
    ///
    /// # Errors
    /// [`SecretError`] when the variable or file is missing, unreadable or empty.
    pub fn resolve(&self, key: &str) -> Result<Revealed, SecretError> {
        Ok(Revealed(absolute_sqlite(self.secret.resolve(key)?.reveal(), &self.folder)))
    }

    /// See [`Secret::warning`].
    pub fn warning(&self, key: &str) -> Option<SecretError> {
        self.secret.warning(key)
    }
}

/// `sqlite://name.db` means a file beside the configuration; `sqlite:///abs` and in-memory databases stay.
fn absolute_sqlite(url: &str, folder: &Path) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else { return url.to_owned() };
    let name = rest.strip_prefix("//").unwrap_or(rest);
    if name.starts_with('/') || name.starts_with(':') || folder.as_os_str().is_empty() {
        return url.to_owned();
    }
    // The store decodes the address, so what the folder itself holds of these must survive that.
    let folder = folder.display().to_string().replace('%', "%25").replace('?', "%3F");
    format!("sqlite://{}/{}", folder.trim_end_matches('/'), name.trim_start_matches("./"))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.secret {
            Secret::Value(url) => f.write_str(&without_password(&url.0)),
            other => fmt::Display::fmt(other, f),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Host and database stay; user, password and options go.
fn without_password(url: &str) -> String {
    let bare = url.split('?').next().unwrap_or_default();
    match (bare.split_once("://"), bare.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}://***{}", &bare[at..]),
        _ => bare.to_owned(),
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(SecretText).map(|text| Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_names_are_beside_the_configuration() {
        let at = |url: &str| absolute_sqlite(url, Path::new("/etc/selaras"));
        assert_eq!(at("sqlite://selaras.db"), "sqlite:///etc/selaras/selaras.db");
        assert_eq!(at("sqlite://./data/selaras.db?mode=rwc"), "sqlite:///etc/selaras/data/selaras.db?mode=rwc");
        assert_eq!(at("sqlite:///var/lib/x.db"), "sqlite:///var/lib/x.db");
        assert_eq!(at("sqlite::memory:"), "sqlite::memory:");
        assert_eq!(at("postgres://h/db"), "postgres://h/db");
        assert_eq!(absolute_sqlite("sqlite://a.db", Path::new("/50%?")), "sqlite:///50%25%3F/a.db");
    }

    #[test]
    fn nothing_shows_a_password() {
        for url in ["postgres://app:rahasia@db:5432/selaras", "postgres://db/selaras?password=rahasia", "postgres://app:r@rahasia@db/x"] {
            let shown = format!("{0} {0:?}", DatabaseUrl::new(url));
            assert!(!shown.contains("rahasia"), "{shown}");
            assert!(shown.contains("db"), "{shown}");
        }
        let secret = Secret::new("rahasia");
        assert!(!format!("{secret} {secret:?} {:?}", secret.resolve("k").unwrap()).contains("rahasia"));
        assert_eq!(secret.resolve("k").unwrap().reveal(), "rahasia");
    }
}
