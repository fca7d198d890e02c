//! How a command ends: an exit code, and one sentence when something is wrong.

use crate::config::{ConfigError, Lang, SecretError};
use crate::telemetry::mask;
use std::fmt;
use std::process::ExitCode;

/// Exit codes (contract §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Store, disk or bug.
    Failed = 1,
    /// Usage, configuration or an input file refused; a needed secret or address missing.
    Refused = 2,
    /// Finished, but something is missing, quarantined or unasked.
    Incomplete = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what was asked: one sentence in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// The exit code.
    pub exit: Exit,
    sentence: String,
}

impl CliError {
    /// An error with its exit code. Line breaks become spaces and long numbers are masked, whoever wrote the sentence.
    pub fn new(exit: Exit, sentence: impl fmt::Display) -> Self {
        let sentence = sentence.to_string();
        let sentence: Vec<&str> = sentence.split_whitespace().collect();
        Self { exit, sentence: mask(&sentence.join(" ")).into_owned() }
    }

    /// Exit 1: store, disk, bug.
    pub fn failed(sentence: impl fmt::Display) -> Self {
        Self::new(Exit::Failed, sentence)
    }

    /// Exit 2: usage, configuration, an input file, a missing secret.
    pub fn refused(sentence: impl fmt::Display) -> Self {
        Self::new(Exit::Refused, sentence)
    }

    /// Exit 3: finished but incomplete.
    pub fn incomplete(sentence: impl fmt::Display) -> Self {
        Self::new(Exit::Incomplete, sentence)
    }

    /// Exit 2: `what` is planned, and this version does not have it.
    pub fn not_yet(lang: Lang, what: &str) -> Self {
        Self::refused(match lang {
            Lang::Id => format!("'{what}' belum tersedia di versi ini: lihat selaras --help untuk yang sudah ada"),
            Lang::En => format!("'{what}' is not available in this version: see selaras --help for what is"),
        })
    }

    /// A refused configuration.
    pub fn config(lang: Lang, error: &ConfigError) -> Self {
        Self::refused(error.sentence(lang))
    }

    /// A secret that cannot be had.
    pub fn secret(lang: Lang, error: &SecretError) -> Self {
        Self::refused(error.sentence(lang))
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for CliError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_masked_line() {
        let error = CliError::failed("baris\n  pertama\tNIP 198501012010011901");
        assert_eq!(error.to_string(), "baris pertama NIP 1985***********901");
        assert_eq!(error.exit as u8, 1);
    }
}
