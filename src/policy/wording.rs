//! Turns what the TOML reader says into a sentence that names the key, the place and the nearest known key.
//!
//! It must not know what any key means: the known ones come from the reader's own message, so they cannot drift from
//! the shape in `model`.

use super::check::Sentence;
use super::error::PolicyError;
use crate::domain::finding::Code;
use std::path::Path;

/// What is wrong in `text`, with line and column.
pub(super) fn explain(path: &Path, text: &str, mut error: toml::de::Error) -> PolicyError {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    let message = error.message().to_owned();
    // Without its input the error's own text ends in the path of the table, which has no accessor.
    error.set_input(None);
    let shown = error.to_string();
    let place = shown.lines().last().and_then(|last| last.strip_prefix("in `")).and_then(|last| last.strip_suffix('`')).unwrap_or_default();
    PolicyError::Toml { path: path.to_owned(), line, column, message: sentence(&message, place) }
}

/// Line and column, from 1, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

fn sentence(message: &str, place: &str) -> Sentence {
    let (within_id, within_en) = if place.is_empty() {
        ("di tingkat teratas".to_owned(), "at the top level".to_owned())
    } else {
        (format!("di `[{place}]`"), format!("in `[{place}]`"))
    };
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (subject, known) = quoted.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    if message.starts_with("unknown field") {
        let (hint_id, hint_en) = hint(subject, known);
        return Sentence::new(
            format!("kunci `{subject}` {within_id} tidak dikenal{hint_id}"),
            format!("unknown key `{subject}` {within_en}{hint_en}"),
        );
    }
    if message.starts_with("unknown variant") {
        let (hint_id, hint_en) = hint(subject, known);
        return Sentence::new(
            format!("nilai `{subject}` pada `{place}` tidak dikenal{hint_id}"),
            format!("unknown value `{subject}` for `{place}`{hint_en}"),
        );
    }
    if message.starts_with("missing field") {
        return Sentence::new(format!("kunci `{subject}` {within_id} belum ada"), format!("key `{subject}` {within_en} is missing"));
    }
    if let Some(code) = message.strip_prefix("unknown finding code '").and_then(|rest| rest.strip_suffix('\'')) {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.code()).collect();
        let (hint_id, hint_en) = hint(code, &codes);
        return Sentence::new(
            format!("kode temuan `{code}` {within_id} tidak dikenal{hint_id}"),
            format!("unknown finding code `{code}` {within_en}{hint_en}"),
        );
    }
    refused_value(message, place)
}

/// A value of the wrong type or outside its range, or TOML that is none.
fn refused_value(message: &str, place: &str) -> Sentence {
    if place.is_empty() {
        return Sentence::new(
            format!("bukan TOML yang benar ({message}): uang ditulis tanpa titik ribuan (33240000), teks dan persen di antara tanda kutip"),
            format!("not valid TOML ({message}): money is written without separators (33240000), texts and percents in quotes"),
        );
    }
    if message.starts_with("data did not match any variant") {
        return Sentence::new(format!("jenis nilai `{place}` salah"), format!("the value of `{place}` has the wrong type"));
    }
    if message.ends_with("is negative") {
        return Sentence::new(
            format!("nilai `{place}` negatif: {message}"),
            format!("the value of `{place}` must not be negative: {message}"),
        );
    }
    let (id, en) = wrong_type(message).unwrap_or_else(|| (message.to_owned(), message.to_owned()));
    Sentence::new(format!("nilai `{place}` ditolak: {id}"), format!("the value of `{place}` is refused: {en}"))
}

/// "invalid type: floating point `0.5`, expected a string" for somebody who has never heard of types.
fn wrong_type(message: &str) -> Option<(String, String)> {
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let written = found.split(['`', '"']).nth(1).unwrap_or(found);
    let (id, en) = match expected {
        "a string" => (format!("di antara tanda kutip: \"{written}\""), format!("in quotes: \"{written}\"")),
        "a boolean" => ("true atau false, tanpa tanda kutip".to_owned(), "true or false, without quotes".to_owned()),
        "i32" | "i64" | "u8" | "u32" | "u64" => {
            ("angka bulat, tanpa tanda kutip dan tanpa titik".to_owned(), "a whole number, without quotes or separators".to_owned())
        }
        _ => return None,
    };
    Some((format!("tertulis {written}, tulis {id}"), format!("invalid type, {written} is written: write {en}")))
}

fn hint(word: &str, known: &[&str]) -> (String, String) {
    match nearest(word, known.iter().copied()) {
        Some(near) => (format!(", maksudnya `{near}`?"), format!(", did you mean `{near}`?")),
        None => (String::new(), String::new()),
    }
}

/// The known word that differs least.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    known.into_iter().min_by_key(|candidate| strsim::damerau_levenshtein(&word, &candidate.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word() {
        assert_eq!(nearest("performence", ["period", "performance", "plt"]), Some("performance"));
        assert_eq!(nearest("PR1", ["PR01", "AB01"]), Some("PR01"));
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn a_wrong_type_says_what_to_write() {
        let said = |message: &str| refused_value(message, "x").id;
        assert!(
            said("invalid type: floating point `0.5`, expected a string").ends_with("tertulis 0.5, tulis di antara tanda kutip: \"0.5\"")
        );
        assert!(said("invalid type: string \"6\", expected u32").contains("tertulis 6, tulis angka bulat"));
        assert!(said("invalid type: string \"ya\", expected a boolean").contains("true atau false"));
        assert!(said("something else").ends_with("ditolak: something else"));
    }

    #[test]
    fn positions_count_characters_from_one() {
        assert_eq!(position("é = 1\nab = 2", 7), (2, 1));
        assert_eq!(position("é = 1", 2), (1, 2));
        assert_eq!(position("", 9), (1, 1));
    }
}
