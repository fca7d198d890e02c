//! What is wrong with the configuration: where it stands, which key, and what to write instead.

use super::lang::Said;
use super::values::LANGUAGE_MARK;
use crate::domain::text::Lang;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A line of the file, counted from 1.
    Line(PathBuf, usize),
    /// The file as a whole.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

impl Place {
    fn in_lang(&self, lang: Lang) -> String {
        match self {
            Self::Line(path, line) => format!("{}, {} {line}", path.display(), lang.pick("baris", "line")),
            Self::File(path) => path.display().to_string(),
            Self::Variable(name) => format!("{} {name}", lang.pick("variabel lingkungan", "environment variable")),
        }
    }
}

/// Why the configuration is refused. `Display` is English; [`ConfigError::sentence`] speaks both languages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// `--config` names a file that is not there.
    Missing(PathBuf),
    /// The file cannot be read.
    Unreadable(PathBuf, String),
    /// The file is not TOML.
    Syntax(Place, String),
    /// A key that nothing reads.
    UnknownKey {
        /// Where.
        place: Place,
        /// Dotted section; empty at the top.
        section: String,
        /// The key as written.
        key: String,
        /// The nearest key of that section.
        nearest: Option<String>,
    },
    /// A value that makes no sense for its key.
    BadValue {
        /// Where.
        place: Place,
        /// Dotted key.
        key: String,
        /// What is wrong.
        problem: Said,
    },
}

impl ConfigError {
    /// One sentence: place, key, what is wrong, what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Missing(path) => {
                let path = path.display();
                match lang {
                    Lang::Id => format!("berkas konfigurasi {path} tidak ada: periksa --config"),
                    Lang::En => format!("the configuration file {path} does not exist: check --config"),
                }
            }
            Self::Unreadable(path, why) => {
                let path = path.display();
                match lang {
                    Lang::Id => format!("berkas konfigurasi {path} tidak terbaca ({why}): periksa hak bacanya"),
                    Lang::En => format!("the configuration file {path} cannot be read ({why}): check its permissions"),
                }
            }
            Self::Syntax(place, why) => format!("{}: {} ({why})", place.in_lang(lang), lang.pick("bukan TOML yang sah", "not valid TOML")),
            Self::UnknownKey { place, section, key, nearest } => unknown_key(lang, place, section, key, nearest.as_deref()),
            Self::BadValue { place, key, problem } => format!("{}: {key}: {}", place.in_lang(lang), problem.in_lang(lang)),
        }
    }
}

fn unknown_key(lang: Lang, place: &Place, section: &str, key: &str, nearest: Option<&str>) -> String {
    let shown = match place {
        Place::Variable(_) => String::new(),
        _ if section.is_empty() => format!(" '{key}'"),
        _ => format!(" '{key}' {} [{section}]", lang.pick("di", "in")),
    };
    let nearest = match (place, nearest) {
        (_, None) => lang.pick("hapus kunci itu", "remove it").to_owned(),
        (Place::Variable(_), Some(near)) => {
            let dotted = if section.is_empty() { near.to_owned() } else { format!("{section}.{near}") };
            format!("{} {}?", lang.pick("maksud Anda", "did you mean"), super::env::variable(&dotted))
        }
        (_, Some(near)) => format!("{} '{near}'?", lang.pick("maksud Anda", "did you mean")),
    };
    let place = place.in_lang(lang);
    format!("{place}: {}{shown}: {nearest}", lang.pick("kunci tidak dikenal", "unknown key"))
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::En))
    }
}

/// What a message of serde means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    /// `unknown field`: the key and those known there.
    UnknownKey(String, Vec<String>),
    /// Anything else, in both languages.
    Value(Said),
}

impl Complaint {
    /// Reads a message of serde; its wording is fixed in `serde::de::Error`.
    pub(super) fn read(message: &str) -> Self {
        let quoted: Vec<String> = message.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        if message.starts_with("unknown field `") && !quoted.is_empty() {
            return Self::UnknownKey(quoted[0].clone(), quoted[1..].to_vec());
        }
        if message.starts_with("unknown variant `") && !quoted.is_empty() {
            let near = nearest(&quoted[0], &quoted[1..]).unwrap_or_default();
            return Self::Value(Said::new(
                format!("nilai '{}' tidak dikenal: maksud Anda '{near}'?", quoted[0]),
                format!("unknown value '{}': did you mean '{near}'?", quoted[0]),
            ));
        }
        if let Some((en, id)) = message.split_once(LANGUAGE_MARK) {
            return Self::Value(Said::new(id, en));
        }
        if let Some(field) = message.strip_prefix("missing field `") {
            let field = field.trim_end_matches('`');
            return Self::Value(Said::new(format!("kunci '{field}' belum diisi"), format!("the key '{field}' is missing")));
        }
        let found = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
        match found.and_then(|rest| rest.split_once(", expected ")) {
            Some((found, wanted)) => {
                Self::Value(Said::new(format!("tertulis {found}, seharusnya {wanted}"), format!("{found} is written, expected {wanted}")))
            }
            None => Self::Value(Said::new(message, message)),
        }
    }
}

/// The word that looks most like `word`.
pub(super) fn nearest(word: &str, known: &[String]) -> Option<String> {
    let likeness = |candidate: &String| (strsim::jaro_winkler(word, candidate) * 1e6) as i64;
    known.iter().max_by_key(|candidate| likeness(candidate)).cloned()
}

/// The line (from 1) in which a byte of the text stands.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The dotted key whose name or value holds the byte `at`, as deep as it goes.
pub(super) fn key_at(text: &str, at: usize) -> String {
    let mut path = Vec::new();
    if let Ok(table) = toml::de::DeTable::parse(text) {
        descend(table.get_ref(), at, &mut path);
    }
    path.join(".")
}

fn descend(table: &toml::de::DeTable<'_>, at: usize, path: &mut Vec<String>) {
    use toml::de::DeValue;
    for (key, value) in table {
        if key.span().contains(&at) {
            path.push(key.get_ref().to_string());
            return;
        }
        // A table's own span is its header only; its keys lie elsewhere, so every table is looked into.
        let depth = path.len();
        path.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => descend(inner, at, path),
            DeValue::Array(items) => {
                for item in items.iter() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        descend(inner, at, path);
                    }
                }
            }
            _ => {}
        }
        if path.len() > depth + 1 || value.span().contains(&at) {
            return;
        }
        path.truncate(depth);
    }
}

/// The line on which a dotted key stands, or else its nearest section.
pub(super) fn line_of_key(text: &str, dotted: &str) -> Option<usize> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let mut table = table.get_ref();
    let mut found = None;
    let mut rest = dotted;
    loop {
        // A key in quotes may hold dots itself.
        let (part, below) = rest.split_once('.').unwrap_or((rest, ""));
        let whole = table.iter().find(|(key, _)| key.get_ref() == rest);
        let Some((key, value)) = whole.or_else(|| table.iter().find(|(key, _)| key.get_ref() == part)) else { break };
        found = Some(line_of(text, key.span().start));
        match value.get_ref() {
            toml::de::DeValue::Table(inner) => table = inner,
            _ => break,
        }
        rest = below;
    }
    found
}

/// Says what is wrong with the text of a file, from serde's error.
pub(super) fn of_file(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map(|span| span.start);
    let place = at.map_or_else(|| Place::File(path.to_owned()), |at| Place::Line(path.to_owned(), line_of(text, at)));
    if toml::de::DeTable::parse(text).is_err() {
        return ConfigError::Syntax(place, error.message().replace('\n', ", "));
    }
    let dotted = at.map(|at| key_at(text, at)).unwrap_or_default();
    of_complaint(place, &dotted, Complaint::read(error.message()))
}

/// Says what is wrong at a place that is known already.
pub(super) fn of_complaint(place: Place, dotted: &str, complaint: Complaint) -> ConfigError {
    match complaint {
        Complaint::UnknownKey(key, known) => {
            let parts: Vec<&str> = dotted.split('.').collect();
            let at = parts.iter().rposition(|part| *part == key).unwrap_or(parts.len());
            // A variable spells the whole way: what follows the wrong part belongs to the suggestion.
            let rest = parts.iter().skip(at + 1).map(|part| format!(".{part}")).collect::<String>();
            let nearest = nearest(&key, &known).map(|near| if matches!(place, Place::Variable(_)) { near + &rest } else { near });
            let section = parts[..at].join(".");
            ConfigError::UnknownKey { place, section, key, nearest }
        }
        Complaint::Value(problem) => ConfigError::BadValue { place, key: dotted.to_owned(), problem },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_their_place() {
        let text = "[a.b]\nc = 1\nd = { e = 2 }\n[[f]]\ng = 3\n";
        for (needle, dotted) in [("c =", "a.b.c"), ("1", "a.b.c"), ("2", "a.b.d.e"), ("g", "f.g"), ("3", "f.g")] {
            assert_eq!(key_at(text, text.find(needle).unwrap()), dotted, "{needle}");
        }
        assert_eq!(line_of_key(text, "a.b.d.e"), Some(3));
        assert_eq!(line_of_key(text, "a.b.unknown"), Some(1));
        assert_eq!(line_of_key(text, "x"), None);
    }

    #[test]
    fn serde_is_understood() {
        let known = |message: &str| match Complaint::read(message) {
            Complaint::UnknownKey(key, known) => (key, known.len()),
            Complaint::Value(said) => (said.en, 99),
        };
        assert_eq!(known("unknown field `x`, expected one of `a`, `b`, `c`"), ("x".to_owned(), 3));
        assert_eq!(known("unknown field `x`, expected `a` or `b`"), ("x".to_owned(), 2));
        assert_eq!(known("unknown field `x`, there are no fields").1, 0);
        assert_eq!(
            known("unknown variant `evalution`, expected one of `evaluation`, `skp`").0,
            "unknown value 'evalution': did you mean 'evaluation'?"
        );
    }
}
