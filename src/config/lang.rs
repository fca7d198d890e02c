//! The two languages that people read. Documents for machines never change with them.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Language of what a person reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bahasa Indonesia.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// `id` or `en`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "id" => Some(Self::Id),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The text in this language: Indonesian first, as everywhere.
    pub fn pick<'t>(self, id: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Id => id,
            Self::En => en,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// One sentence in both languages; `Display` is the English one, for logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Bahasa Indonesia.
    pub id: String,
    /// English.
    pub en: String,
}

impl Said {
    /// A sentence in both languages.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// The sentence in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.id, &self.en)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Said {}
