//! The package of an XLSX workbook, unpacked once to nowhere before calamine reads it: how much is in it, how large its
//! pieces are, what it declares. The same ZIP and XML readers as calamine's (same crates, same bytes), so that both see the
//! same parts and the same tags; what the ZIP directory says of sizes is not believed.

use super::super::bounds::Bound;
use super::super::bounds::MAX_DECLARED;
use super::super::bounds::MAX_FORMAT_TAG;
use super::super::bounds::MAX_PARTS;
use super::super::bounds::MAX_RATIO;
use super::super::bounds::MAX_ROWS;
use super::super::bounds::MAX_SHARED;
use super::super::bounds::MAX_SHARED_BYTES;
use super::super::bounds::MAX_SHEETS;
use super::super::bounds::MAX_UNPACKED;
use super::super::bounds::MAX_XML_PIECE;
use super::super::bounds::UNPACKED_ALWAYS;
use super::super::error::Unreadable;
use super::super::table::Stop;
use super::damaged;
use super::meter::Meter;
use quick_xml::Reader;
use quick_xml::errors::Error as XmlError;
use quick_xml::errors::IllFormedError;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use std::collections::BTreeSet;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Cursor;
use std::io::Read;
use zip::ZipArchive;

/// How an entry of the ZIP directory begins.
const ENTRY: &[u8] = b"PK\x01\x02";

/// The shortest shared string, `<si/>`.
const SHORTEST_SHARED: u64 = 5;

/// Checks every part.
///
/// # Errors
/// [`Stop`] with the bound, or why this is no workbook.
pub(super) fn check(bytes: &[u8]) -> Result<(), Stop> {
    check_within(bytes, MAX_UNPACKED)
}

fn check_within(bytes: &[u8], mut left: u64) -> Result<(), Stop> {
    // Counted before the directory is read, which takes memory for each entry.
    if bytes.windows(ENTRY.len()).filter(|window| *window == ENTRY).count() > MAX_PARTS {
        return Err(Stop::beyond(None, Bound::Parts));
    }
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut declared = 0u64;
    for at in 0..package.len() {
        let entry = package.by_index_raw(at).map_err(damaged)?;
        if entry.encrypted() {
            return Err(Stop::Unreadable(Unreadable::Password));
        }
        declared = declared.saturating_add(entry.size());
    }
    if declared > left {
        return Err(Stop::beyond(None, Bound::Unpacked));
    }
    // A part that is larger than it declares ends in an error below.
    if declared > UNPACKED_ALWAYS.max((bytes.len() as u64).saturating_mul(MAX_RATIO)) {
        return Err(Stop::beyond(None, Bound::Ratio));
    }
    let mut is_workbook = false;
    for at in 0..package.len() {
        let entry = package.by_index(at).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.to_ascii_lowercase();
        let mut meter = Meter::new(BufReader::new(entry), left, MAX_XML_PIECE);
        if name.ends_with(".xml") || name.ends_with(".rels") {
            is_workbook |= Part::default().check(&mut meter)?;
        }
        drain(&mut meter)?;
        left -= meter.passed();
    }
    if is_workbook { Ok(()) } else { Err(Stop::Unreadable(Unreadable::NotWorkbook)) }
}

/// Unpacks what the XML reader left.
fn drain<R: Read>(meter: &mut Meter<R>) -> Result<(), Stop> {
    loop {
        meter.next_piece();
        let held = meter.fill_buf().map(<[u8]>::len);
        match held {
            Ok(0) => return Ok(()),
            Ok(held) => meter.consume(held),
            Err(error) => return Err(meter.beyond().map_or_else(|| damaged(error), |bound| Stop::beyond(None, bound))),
        }
    }
}

/// What is counted of one XML part.
#[derive(Default)]
struct Part {
    depth: usize,
    /// Depth and place of the element that is open and that calamine gathers in memory: a cell, a shared string, a format.
    whole: Option<(usize, u64)>,
    shared: u64,
    claimed: u64,
    declared: u64,
    rows: usize,
    sheets: BTreeSet<String>,
    targets: BTreeSet<String>,
    is_workbook: bool,
}

impl Part {
    /// Goes through the part as calamine would; whether it is a workbook's main part.
    fn check<R: Read>(mut self, meter: &mut Meter<R>) -> Result<bool, Stop> {
        let mut reader = Reader::from_reader(meter);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // Stricter than calamine: where ends match, text cannot gather over many cells.
        config.check_end_names = true;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            reader.get_mut().next_piece();
            let event = match reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(error) => match reader.get_ref().beyond() {
                    Some(bound) => return Err(Stop::beyond(None, bound)),
                    None if is_ends(&error) => return Err(damaged(error)),
                    // Calamine ends here as well, if it reads this part at all.
                    None => break,
                },
            };
            let place = reader.get_ref().passed();
            match event {
                Event::Start(tag) => self.open(&tag, place)?,
                Event::End(_) => self.close(),
                Event::Eof => break,
                _ => {}
            }
            if self.whole.is_some_and(|(_, from)| place - from > MAX_XML_PIECE) {
                return Err(Stop::beyond(None, Bound::XmlPiece));
            }
        }
        let read = reader.get_ref().passed();
        if self.claimed > MAX_SHARED || self.claimed.saturating_mul(SHORTEST_SHARED) > read {
            return Err(damaged("the number of shared strings is false"));
        }
        Ok(self.is_workbook)
    }

    fn open(&mut self, tag: &BytesStart<'_>, place: u64) -> Result<(), Stop> {
        self.depth += 1;
        match tag.local_name().as_ref() {
            "row" => {
                self.rows += 1;
                if self.rows > MAX_ROWS {
                    return Err(Stop::Unreadable(Unreadable::TooManyRows));
                }
            }
            "c" | "clrScheme" => self.begin(place),
            "si" => {
                self.begin(place);
                self.shared += 1;
                if self.shared > MAX_SHARED || place > MAX_SHARED_BYTES {
                    return Err(Stop::beyond(None, Bound::Shared));
                }
            }
            "definedName" => {
                self.begin(place);
                self.declare()?;
            }
            "xf" | "font" | "fill" | "border" => {
                self.begin(place);
                self.declare()?;
            }
            "numFmt" | "name" if tag.len() > MAX_FORMAT_TAG => return Err(Stop::beyond(None, Bound::Declared)),
            "numFmt" => self.declare()?,
            "sst" => self.claimed = self.claimed.max(claimed(tag)?),
            "workbook" => self.is_workbook = true,
            "sheet" => self.sheet(tag)?,
            "Relationship" => self.relation(tag)?,
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, place: u64) {
        self.whole.get_or_insert((self.depth, place));
    }

    fn close(&mut self) {
        if self.whole.is_some_and(|(depth, _)| depth == self.depth) {
            self.whole = None;
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn declare(&mut self) -> Result<(), Stop> {
        self.declared += 1;
        if self.declared > MAX_DECLARED { Err(Stop::beyond(None, Bound::Declared)) } else { Ok(()) }
    }

    /// Each sheet is read once: a part that many sheets share would be read as often.
    fn sheet(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            if attribute.key.local_name().as_ref() == "id" && !self.sheets.insert(attribute.value.into_owned()) {
                return Err(damaged("two sheets share one part"));
            }
        }
        if self.sheets.len() > MAX_SHEETS { Err(Stop::beyond(None, Bound::Sheets)) } else { Ok(()) }
    }

    fn relation(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        self.declare()?;
        let (mut kind, mut target) = (String::new(), String::new());
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(damaged)?;
            match attribute.key.as_ref() {
                "Type" => kind = attribute.value.into_owned(),
                "Target" => target = attribute.value.to_ascii_lowercase(),
                _ => {}
            }
        }
        let is_sheet = kind.rsplit('/').next() == Some("worksheet");
        if !is_sheet && !kind.ends_with("/officeDocument") {
            return Ok(());
        }
        // Only parts that are called so were gone through.
        if !target.ends_with(".xml") {
            return Err(Stop::Unreadable(Unreadable::NotWorkbook));
        }
        let file = target.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if is_sheet && !self.targets.insert(file) {
            return Err(damaged("two sheets share one part"));
        }
        Ok(())
    }
}

/// An error that calamine would read over, and one of the ZIP.
fn is_ends(error: &XmlError) -> bool {
    match error {
        XmlError::IllFormed(error) => {
            matches!(error, IllFormedError::MissingEndTag(_) | IllFormedError::UnmatchedEndTag(_) | IllFormedError::MismatchedEndTag { .. })
        }
        error => matches!(error, XmlError::Io(_)),
    }
}

/// The number of shared strings that the table claims, for which calamine reserves memory.
fn claimed(tag: &BytesStart<'_>) -> Result<u64, Stop> {
    let mut most = 0;
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.as_ref() == "uniqueCount" {
            let digits: String = attribute.value.chars().filter(char::is_ascii_digit).take(20).collect();
            most = most.max(if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) });
        }
    }
    Ok(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// A package of one part whose directory says that the part is small.
    fn lying(name: &str, content: &[u8]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        let mut bytes = writer.finish().unwrap().into_inner();
        let entry = bytes.windows(4).position(|window| window == ENTRY).unwrap();
        bytes[entry + 24..entry + 28].copy_from_slice(&9u32.to_le_bytes());
        bytes[22..26].copy_from_slice(&9u32.to_le_bytes());
        bytes
    }

    #[test]
    fn sizes_are_counted_and_a_lie_ends_the_part() {
        let content = format!("<workbook>{}</workbook>", "<row/>".repeat(100_000));
        for name in ["xl/workbook.xml", "xl/media/image.png"] {
            let Err(Stop::Unreadable(reason)) = check_within(&lying(name, content.as_bytes()), MAX_UNPACKED) else { panic!() };
            let Unreadable::Workbook(why) = reason else { panic!("{reason:?}") };
            assert!(why.ends_with("larger than its declared uncompressed size"), "{name}: {why}");
            let mut meter = Meter::new(BufReader::new(content.as_bytes()), 500_000, MAX_XML_PIECE);
            let counted = if name.ends_with(".xml") { Part::default().check(&mut meter).map(|_| ()) } else { drain(&mut meter) };
            let Err(Stop::Unreadable(reason)) = counted else { panic!() };
            assert_eq!(reason, Unreadable::Beyond { sheet: None, bound: Bound::Unpacked }, "{name}");
        }
    }
}
