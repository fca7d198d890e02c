//! What a file is, from its bytes: never from its name.

use super::csv::Records;
use super::error::Unreadable;
use std::borrow::Cow;

/// How the bytes are to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format<'a> {
    /// Delimited text, decoded.
    Text(Cow<'a, str>),
    /// Office Open XML workbook.
    Xlsx,
    /// Binary workbook (BIFF8 in an OLE container).
    Xls,
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// Bytes that Windows-1252 leaves undefined: text that holds them is in another encoding.
const UNDEFINED_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// Tells text from workbooks, and decodes text.
pub(super) fn format(bytes: &[u8]) -> Result<Format<'_>, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.starts_with(ZIP) {
        return Ok(Format::Xlsx);
    }
    if bytes.starts_with(OLE) {
        return Ok(Format::Xls);
    }
    decode(bytes).map(Format::Text)
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let (bytes, marked) = bytes.strip_prefix(BOM).map_or((bytes, false), |rest| (rest, true));
    if bytes.contains(&0) {
        // UTF-16 is full of zero bytes too, but says so in its first two.
        return Err(if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            Unreadable::Encoding
        } else {
            Unreadable::Binary
        });
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) if marked || bytes.iter().any(|byte| UNDEFINED_1252.contains(byte)) => return Err(Unreadable::Encoding),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    if text.starts_with("%PDF") {
        return Err(Unreadable::Binary);
    }
    let start: String = text.trim_start().chars().take(14).flat_map(char::to_lowercase).collect();
    if ["<!doctype html", "<html", "<table", "<meta", "<head", "<div"].iter().any(|tag| start.starts_with(tag)) {
        return Err(Unreadable::Html);
    }
    Ok(text)
}

/// The separator of a text: the one under which a row looks most like a header, and of those the one that makes the
/// most cells. `likeness` counts the known column names in a row.
pub(super) fn delimiter(text: &str, likeness: impl Fn(&[Cow<'_, str>]) -> usize) -> u8 {
    let mut best = (0, 0, b',');
    for candidate in [b'\t', b';', b','] {
        let mut records = Records::new(text, candidate);
        let mut cells = Vec::new();
        let (mut like, mut width) = (0, 0);
        for _ in 0..super::HEADER_WITHIN {
            if !matches!(records.read(&mut cells), Ok(true)) {
                break;
            }
            like = like.max(likeness(&cells));
            width = width.max(cells.len());
        }
        if (like, width) > (best.0, best.1) {
            best = (like, width, candidate);
        }
    }
    best.2
}

/// Whether the rows by which [`delimiter`] decides all stand within this beginning of a longer text, whatever separates
/// its cells.
pub(super) fn shows_columns(head: &str) -> bool {
    [b'\t', b';', b','].into_iter().all(|candidate| {
        let (mut records, mut cells) = (Records::new(head, candidate), Vec::new());
        (0..super::HEADER_WITHIN).all(|_| matches!(records.read(&mut cells), Ok(true)) && records.at() < head.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_formats_by_content() {
        assert_eq!(format(b""), Err(Unreadable::Empty));
        assert_eq!(format(b"PK\x03\x04rest"), Ok(Format::Xlsx));
        assert_eq!(format(OLE), Ok(Format::Xls));
        assert_eq!(format(b"\xef\xbb\xbfnip"), Ok(Format::Text("nip".into())));
        assert_eq!(format(b"caf\xe9"), Ok(Format::Text("caf\u{e9}".into())));
        assert_eq!(format(b"\xef\xbb\xbfcaf\xe9"), Err(Unreadable::Encoding));
        assert_eq!(format(b"n\x81"), Err(Unreadable::Encoding));
        assert_eq!(format(b"\xff\xfen\0i\0p\0"), Err(Unreadable::Encoding));
        assert_eq!(format(b"\x09\x08\0\0"), Err(Unreadable::Binary));
        assert_eq!(format(b"\n<HTML><table>"), Err(Unreadable::Html));
    }

    #[test]
    fn the_header_decides_about_the_separator() {
        let known = |cells: &[Cow<'_, str>]| cells.iter().filter(|cell| matches!(cell.as_ref(), "nip" | "nama")).count();
        assert_eq!(delimiter("a, b, c, d, e\nnip;nama\n", known), b';');
        assert_eq!(delimiter("1\t2\t3\n", known), b'\t');
        assert_eq!(delimiter("\"open", known), b',');
    }
}
