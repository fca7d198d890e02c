//! A sentence in both languages that people read. Documents for machines never change with them.

use crate::domain::text::Lang;
use std::fmt;

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
        lang.pick(self.id.as_str(), self.en.as_str())
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl std::error::Error for Said {}
