//! Delimited text, record by record, without copying. Stricter than the usual readers: a quote left open, or one that
//! swallowed its neighbours, is refused instead of being read as a very long cell (contract §4).

use super::bounds::MAX_COLUMNS;
use super::refusal::RefusalReason;
use std::borrow::Cow;

/// A quote that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BrokenQuote {
    /// Record in which it stands, from 1.
    pub row: u32,
    /// Unclosed or followed by characters.
    pub reason: RefusalReason,
}

/// Walks over a text. Lines may end in `\n`, `\r\n` or `\r`, mixed; blank lines count as records, so that numbers are
/// those that a spreadsheet shows.
pub(super) struct Records<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    row: u32,
}

impl<'a> Records<'a> {
    pub fn new(text: &'a str, delimiter: u8) -> Self {
        Self::behind(text, delimiter, 0)
    }

    /// Goes on in a further piece of a text, behind `row` records.
    pub fn behind(text: &'a str, delimiter: u8, row: u32) -> Self {
        Self { text, at: 0, delimiter, row }
    }

    /// How many bytes have been read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Number of the record read last, from 1.
    pub fn row(&self) -> u32 {
        self.row
    }

    /// Reads the next record into `cells`; `false` at the end of the text.
    pub fn read(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<bool, BrokenQuote> {
        cells.clear();
        if self.at >= self.text.len() {
            return Ok(false);
        }
        self.row = self.row.saturating_add(1);
        loop {
            let cell = if self.peek() == Some(b'"') { self.quoted()? } else { Cow::Borrowed(self.bare()) };
            // As in workbooks, what stands further right is residue: a line of separators alone must not fill the memory.
            if cells.len() < MAX_COLUMNS {
                cells.push(cell);
            }
            match self.peek() {
                Some(byte) if byte == self.delimiter => self.at += 1,
                Some(b'\r') => {
                    self.at += 1;
                    if self.peek() == Some(b'\n') {
                        self.at += 1;
                    }
                    return Ok(true);
                }
                Some(_) => {
                    self.at += 1;
                    return Ok(true);
                }
                None => return Ok(true),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Up to the next delimiter or line end; a quote inside is an ordinary character.
    fn bare(&mut self) -> &'a str {
        let from = self.at;
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == self.delimiter || matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        self.at = from + length;
        self.slice(from, self.at)
    }

    /// From behind an opening quote to behind its closing one.
    fn quoted(&mut self) -> Result<Cow<'a, str>, BrokenQuote> {
        self.at += 1;
        let mut from = self.at;
        let mut joined: Option<String> = None;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(length) = rest.iter().position(|byte| *byte == b'"') else {
                return Err(BrokenQuote { row: self.row, reason: RefusalReason::UnclosedQuote });
            };
            let to = self.at + length;
            self.at = to + 1;
            if self.peek() == Some(b'"') {
                joined.get_or_insert_default().push_str(self.slice(from, self.at));
                self.at += 1;
                from = self.at;
                continue;
            }
            self.expect_cell_end()?;
            let last = self.slice(from, to);
            return Ok(match joined {
                Some(text) => Cow::Owned(text + last),
                None => Cow::Borrowed(last),
            });
        }
    }

    /// Behind a closing quote only blanks may come before the delimiter or line end.
    fn expect_cell_end(&mut self) -> Result<(), BrokenQuote> {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        match self.peek() {
            None | Some(b'\r' | b'\n') => Ok(()),
            Some(byte) if byte == self.delimiter => Ok(()),
            Some(_) => Err(BrokenQuote { row: self.row, reason: RefusalReason::BrokenQuote }),
        }
    }

    // Quotes, delimiters and line ends are ASCII, so every cut lies between characters.
    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str, delimiter: u8) -> Result<Vec<Vec<String>>, BrokenQuote> {
        let mut records = Records::new(text, delimiter);
        let mut cells = Vec::new();
        let mut found = Vec::new();
        while records.read(&mut cells)? {
            found.push(cells.iter().map(|cell| cell.to_string()).collect());
        }
        Ok(found)
    }

    #[test]
    fn quotes_and_line_ends() {
        let rows = all("a;\"b;\"\"c\"\"\"\r\n\n\"x\ny\";z\r1;\"2\" ;", b';').unwrap();
        assert_eq!(rows, [vec!["a", "b;\"c\""], vec![""], vec!["x\ny", "z"], vec!["1", "2", ""]]);
        assert_eq!(all("5\" disk,b\n", b',').unwrap(), [vec!["5\" disk", "b"]]);
    }

    #[test]
    fn a_quote_left_open_is_refused_with_its_row() {
        let open = all("a,b\n\"c,d\ne,f\n", b',').unwrap_err();
        assert_eq!(open, BrokenQuote { row: 2, reason: RefusalReason::UnclosedQuote });
        let swallowed = all("a,b\n\"c,d\n\"e\",f\n", b',').unwrap_err();
        assert_eq!(swallowed, BrokenQuote { row: 2, reason: RefusalReason::BrokenQuote });
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_comes_back(rows in proptest::collection::vec(proptest::collection::vec("[a-z\",;\n\u{e9} ]{0,6}", 2..5), 1..6)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(all(&text, b',').unwrap(), rows);
        }

        #[test]
        fn never_panics(text in ".{0,60}", delimiter in proptest::sample::select(vec![b',', b';', b'\t'])) {
            let _ = all(&text, delimiter);
        }
    }
}
