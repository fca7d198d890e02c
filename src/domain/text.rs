//! Folding of what people type, so that spelling does not decide about money; and the language of what they read.

use serde::{Deserialize, Serialize};

/// Language of what a person reads; JSON never changes with it (contract, introduction).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Bahasa Indonesia.
    #[default]
    Id,
    /// English.
    En,
}

/// What the system says of a file, in words that lead on.
pub fn system_said(why: &str, lang: Lang) -> String {
    match why {
        _ if why.contains("(os error 2)") => {
            lang.pick("tidak ada; periksa nama dan foldernya", "it is not there; check the name and the folder")
        }
        _ if why.contains("(os error 13)") => lang.pick("tidak ada izin membacanya", "there is no permission to read it"),
        _ if why.contains("(os error 21)") => lang.pick("itu folder, bukan berkas", "it is a folder, no file"),
        _ => return why.to_owned(),
    }
    .to_owned()
}

impl Lang {
    /// Both, with their keys on the command line and in the configuration.
    pub const ALL: [(&'static str, Self); 2] = [("id", Self::Id), ("en", Self::En)];

    /// The key on the command line and in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == key).map(|(_, lang)| *lang)
    }

    /// The one of two sentences that is in this language.
    pub fn pick<T>(self, indonesian: T, english: T) -> T {
        match self {
            Self::Id => indonesian,
            Self::En => english,
        }
    }
}

/// Trim, collapse white space and fold case: the comparison form of labels ("Sangat  BAIK" → "sangat baik").
///
/// ```
/// assert_eq!(selaras::domain::text::fold("  Sangat\u{a0} BAIK "), "sangat baik");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            if !char::from(byte).is_whitespace() {
                folded.push(char::from(byte.to_ascii_lowercase()));
            } else if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        folded.truncate(folded.trim_end_matches(' ').len());
        return folded;
    }
    for word in text.split(|c: char| c.is_whitespace() || is_invisible(c)) {
        if word.is_empty() {
            continue;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// Only letters and digits, case-folded: how column headers and position names are compared.
///
/// ```
/// assert_eq!(selaras::domain::text::key("Kelas Jabatan (tukin)"), "kelasjabatantukin");
/// ```
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        let mut key = String::with_capacity(text.len());
        key.extend(text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())));
        return key;
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Characters that leave no mark on a screen but break a comparison: zero-width characters and the byte order mark.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}')
}

/// Academic and honorific titles that Indonesian records put before or after a name, already reduced by [`key`].
const TITLES: &[&str] = &[
    "dr", "drs", "dra", "ir", "h", "hj", "prof", "kh", "raden", "rr", "apt", "ns", "se", "sh", "skom", "st", "ssos", "sip", "sstp", "sp",
    "spd", "spdi", "ssi", "skm", "sag", "sthi", "sthum", "shum", "sked", "spsi", "sik", "sst", "strt", "strkom", "amd", "amdkom", "ama",
    "mm", "msi", "mkom", "mt", "mh", "mhum", "mpd", "mpp", "map", "mba", "msc", "meng", "mkes", "mcom", "ma", "ms", "mti", "phd", "ak",
    "ca", "cpa", "bkp", "akt", "mak", "llm", "mpm", "mstat", "sstat", "sptk", "spt", "sf", "sfarm", "spi", "mp", "msp", "sikom", "sab",
    "sap", "sds", "sars", "spwk", "mars", "murp",
];

/// A name stripped of titles, punctuation, case and spaces; nothing else is folded (contract §6, ID04).
///
/// Titles are the words that stand in the list of titles, and after the first comma every piece written with dots.
///
/// ```
/// use selaras::domain::text::name_key;
/// assert_eq!(name_key("Dr. Ir. Budi Contoh, S.Kom., M.M."), name_key("BUDI CONTOH"));
/// assert_ne!(name_key("Budi Contoh"), name_key("Budi Contoe"));
/// ```
pub fn name_key(name: &str) -> String {
    let mut kept = String::new();
    for (index, piece) in name.split(',').enumerate().filter(|(index, piece)| *index == 0 || !piece.contains('.')) {
        for word in piece.split(|c: char| c.is_whitespace() || is_invisible(c)) {
            let bare = key(word);
            if bare.is_empty() {
                continue;
            }
            let dotted = word.contains('.');
            let title = TITLES.contains(&bare.as_str()) && (index > 0 || dotted || bare.len() > 1);
            let run_together =
                dotted && word.split('.').map(key).filter(|part| !part.is_empty()).all(|part| TITLES.contains(&part.as_str()));
            if !title && !run_together {
                kept.push_str(&bare);
            }
        }
    }
    kept
}

/// Bytes in hex, as hashes are written.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_text_is_folded_as_any_other(text in "[ -~\t\n\u{b}\r]{0,30}") {
            // a mark that leaves no trace sends the text the long way
            let long = format!("{text}\u{200b}");
            prop_assert_eq!(fold(&text), fold(&long));
            prop_assert_eq!(key(&text), key(&long));
        }
    }

    #[test]
    fn folding_removes_invisible_characters() {
        assert_eq!(fold("\u{feff}Baik\u{200b}"), "baik");
        assert_eq!(key("NIP_Atasan "), "nipatasan");
    }

    #[test]
    fn names_compare_without_titles_only() {
        assert_eq!(name_key("Drs. H. Andi Contoh, M.Si"), name_key("andi  contoh"));
        assert_eq!(name_key("Siti Contoh S.E., M.M."), name_key("SITI CONTOH"));
        assert_ne!(name_key("Siti Contoh"), name_key("Siti Aminah"));
        assert_eq!(name_key("Siti Contoh, S.Hut., M. Ec. Dev, Ph.D"), name_key("SITI CONTOH"));
        assert_ne!(name_key("Siti Contoh, Aminah"), name_key("SITI CONTOH"));
    }
}
