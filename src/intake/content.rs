//! What a file holds: bytes in memory, or a large text that is read block by block, so that it never stands in memory
//! as a whole. Knows no columns and no kind of file.

use super::FileKind;
use super::bounds::MAX_BYTES;
use super::csv::BrokenQuote;
use super::csv::Records;
use super::refusal::RefusalReason;
use super::sniff;
use super::sniff::Format;
use super::table::Stop;
use crate::domain::Period;
use crate::domain::text::hex;
use sha2::Digest;
use sha2::Sha256;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;

/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;

/// By the first bytes of a text that are no blanks it is told whether it is one.
const HEAD: usize = 64;

/// Smaller files are simply read.
const LARGE: u64 = 4 << 20;

/// What is done with a record and its number.
type OnRow<'f> = dyn FnMut(u32, &[Cow<'_, str>]) -> Result<(), Stop> + 'f;

/// One file to be read, see [`super::Reading`].
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub kind: FileKind,
    pub name: &'a str,
    pub content: Content<'a>,
    pub period: Option<Period>,
    pub accept_partial: bool,
    pub synonyms: &'a BTreeMap<String, Vec<String>>,
}

/// What a file holds.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// A large text.
    Blocks(&'a Blocks),
}

impl Content<'_> {
    /// SHA-256 of all bytes, in hex; of a text in blocks once it has been read.
    pub fn sha256(&self) -> String {
        match self {
            Self::Bytes(bytes) => hex(&Sha256::digest(bytes)),
            Self::Blocks(blocks) => blocks.sha256.get().cloned().unwrap_or_default(),
        }
    }
}

/// A large UTF-8 text in a file.
pub(super) struct Blocks {
    file: File,
    block: usize,
    /// How it begins, without the byte order mark.
    head: String,
    /// Bytes of the byte order mark.
    mark: usize,
    sha256: OnceCell<String>,
}

impl Blocks {
    /// Looks through a file; `None` when it is small or anything but a sound UTF-8 text that shows its columns at once:
    /// then it is for [`sniff::format`] to say what it is.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(file: &File) -> io::Result<Option<Self>> {
        let length = file.metadata()?.len();
        if length < LARGE || length > MAX_BYTES as u64 { Ok(None) } else { Self::in_blocks(file, BLOCK) }
    }

    fn in_blocks(mut file: &File, block: usize) -> io::Result<Option<Self>> {
        let mut buffer = Vec::new();
        let mut head = None;
        loop {
            let ended = fill(&mut file, &mut buffer, block, None)?;
            let sound = sound(&buffer, ended).filter(|text| !text.as_bytes().contains(&0)).map(str::len);
            let Some(sound) = sound else { return Ok(None) };
            if head.is_none() {
                match sniff::format(&buffer[..sound]) {
                    // what a text that begins with blanks alone is, nobody can tell from its first block
                    Ok(Format::Text(Cow::Borrowed(text))) if sniff::shows_columns(text) && text.trim_start().len() > HEAD => {
                        head = Some((text.to_owned(), sound - text.len()));
                    }
                    _ => return Ok(None),
                }
            }
            buffer.drain(..sound);
            if ended {
                break;
            }
        }
        file.seek(SeekFrom::Start(0))?;
        let (head, mark) = head.unwrap_or_default();
        Ok(Some(Self { file: file.try_clone()?, block, head, mark, sha256: OnceCell::new() }))
    }

    /// How the text begins.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Hands out every record with its number, as [`Records`] would of the whole text.
    pub fn records(&self, delimiter: u8, on_row: &mut OnRow<'_>) -> Result<Result<(), BrokenQuote>, Stop> {
        let mut hash = Sha256::new();
        let done = self.walk(delimiter, &mut hash, on_row);
        if matches!(done, Ok(Err(_))) {
            // what follows is not looked at, but it is part of the file
            let mut rest = Vec::new();
            while !fill(&mut &self.file, &mut rest, self.block, Some(&mut hash)).map_err(Stop::Io)? {
                rest.clear();
            }
        }
        self.sha256.get_or_init(|| hex(&hash.finalize()));
        done
    }

    fn walk(&self, delimiter: u8, hash: &mut Sha256, on_row: &mut OnRow<'_>) -> Result<Result<(), BrokenQuote>, Stop> {
        let mut buffer = Vec::new();
        let (mut row, mut skip) = (0, self.mark);
        loop {
            // a record longer than a block makes the next one as long as itself
            let more = self.block.max(buffer.len()).max(skip);
            let ended = fill(&mut &self.file, &mut buffer, more, Some(hash)).map_err(Stop::Io)?;
            let text = sound(&buffer, ended).and_then(|text| text.get(skip..));
            let Some(text) = text else { return Err(Stop::Io(io::Error::other("the file changed while it was read"))) };
            let mut records = Records::behind(text, delimiter, row);
            let mut cells = Vec::new();
            let used = loop {
                let before = (records.at(), records.row());
                match records.read(&mut cells) {
                    // a record at the very end may go on in the next block
                    Ok(true) if ended || records.at() < text.len() => on_row(records.row(), &cells)?,
                    Ok(false) if ended => return Ok(Ok(())),
                    Err(broken) if ended || broken.reason != RefusalReason::UnclosedQuote => return Ok(Err(broken)),
                    Ok(_) | Err(_) => {
                        row = before.1;
                        break before.0;
                    }
                }
            };
            buffer.drain(..skip + used);
            skip = 0;
        }
    }
}

/// Reads `more` bytes behind those of the buffer; whether the file has ended.
fn fill(file: &mut &File, buffer: &mut Vec<u8>, more: usize, hash: Option<&mut Sha256>) -> io::Result<bool> {
    let from = buffer.len();
    buffer.reserve_exact(more);
    let read = file.take(more as u64).read_to_end(buffer)?;
    if let Some(hash) = hash {
        hash.update(&buffer[from..]);
    }
    Ok(read < more)
}

/// The text of a block, up to a character that goes on in the next; `None` when it is no UTF-8.
fn sound(bytes: &[u8], ended: bool) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(cut) if cut.error_len().is_none() && !ended => std::str::from_utf8(&bytes[..cut.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    type Read = (Vec<(u32, Vec<String>)>, Option<BrokenQuote>);

    fn whole(text: &str) -> Read {
        let (mut records, mut cells, mut rows) = (Records::new(text, b','), Vec::new(), Vec::new());
        loop {
            match records.read(&mut cells) {
                Ok(true) => rows.push((records.row(), cells.iter().map(|cell| cell.to_string()).collect())),
                Ok(false) => return (rows, None),
                Err(broken) => return (rows, Some(broken)),
            }
        }
    }

    fn in_blocks(bytes: &[u8], block: usize) -> Option<(Read, String)> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut blocks = Blocks::in_blocks(&file, 1 << 12).unwrap()?;
        blocks.block = block;
        let mut rows = Vec::new();
        let done = blocks.records(b',', &mut |row, cells| {
            rows.push((row, cells.iter().map(|cell| cell.to_string()).collect()));
            Ok(())
        });
        let done = done.unwrap_or_else(|_| panic!("nothing stops here"));
        Some(((rows, done.err()), Content::Blocks(&blocks).sha256()))
    }

    proptest! {
        #[test]
        fn blocks_of_any_size_say_what_the_whole_text_says(
            pieces in proptest::collection::vec("[a\u{e9}\u{20ac}]{0,3}|\"|\"\"|,|\n|\r|\r\n|\"a,\n\u{20ac}\"| ", 1..40), block in 1usize..12, mark in any::<bool>()
        ) {
            let lines = "a,b\n".repeat(super::super::HEADER_WITHIN + 1);
            let text = format!("{lines}{}", pieces.concat());
            let bytes = if mark { format!("\u{feff}{text}").into_bytes() } else { text.clone().into_bytes() };
            let (read, sha256) = in_blocks(&bytes, block).unwrap();
            prop_assert_eq!(read, whole(&text));
            prop_assert_eq!(sha256, Content::Bytes(&bytes).sha256());
        }
    }

    #[test]
    fn what_is_no_plain_text_is_for_others_to_tell() {
        let lines = "a,b\n".repeat(30);
        assert!(in_blocks(lines.as_bytes(), 8).is_some());
        for odd in [b"caf\xe9".as_slice(), b"\0", b"\xe2\x82"] {
            assert!(in_blocks(&[lines.as_bytes(), odd].concat(), 8).is_none());
        }
        for odd in ["<html>", "%PDF", "PK\u{3}\u{4}", "\"open"] {
            assert!(in_blocks(format!("{odd}{lines}").as_bytes(), 8).is_none(), "{odd}");
        }
        assert!(in_blocks(b"a,b\n", 8).is_none(), "too few lines to be sure of the columns");
    }
}
