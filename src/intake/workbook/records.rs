//! The BIFF records of an XLS workbook stream (MS-XLS 2.1.4), written anew without what calamine would only stumble over.
//!
//! What stays: versions, code page, epoch, number formats, sheet names, shared strings, cells with a value. What goes:
//! declared dimensions (calamine reserves memory by them), formatted empty cells, formulas' tokens (only whether there is
//! a formula matters, and their text costs quadratic time), names, charts, pictures. Sizes are counted on the way.

use super::super::bounds::Bound;
use super::super::bounds::MAX_SHEETS;
use super::super::bounds::MAX_XLS_PLACES;
use super::super::bounds::MAX_XLS_TEXT;
use super::super::bounds::XLS_COLUMNS;
use super::super::error::Unreadable;
use super::super::table::Stop;
use super::damaged;
use super::strings;

/// Kinds of records (MS-XLS 2.3.2).
mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000a;
    pub const DATE_MODE: u16 = 0x0022;
    pub const FILE_PASS: u16 = 0x002f;
    pub const CONTINUE: u16 = 0x003c;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const MUL_RK: u16 = 0x00bd;
    pub const RSTRING: u16 = 0x00d6;
    pub const XF: u16 = 0x00e0;
    pub const SST: u16 = 0x00fc;
    pub const LABEL_SST: u16 = 0x00fd;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_ERR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const RK: u16 = 0x027e;
    pub const FORMAT: u16 = 0x041e;
    pub const BOF: u16 = 0x0809;
}

/// A record and those that go on with it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    continues: Vec<&'a [u8]>,
}

/// Walks over a stream as calamine does.
struct Records<'a> {
    stream: &'a [u8],
    walked: usize,
}

impl<'a> Records<'a> {
    fn new(stream: &'a [u8]) -> Self {
        Self { stream, walked: 0 }
    }

    fn next(&mut self) -> Result<Option<Record<'a>>, Stop> {
        if self.stream.is_empty() {
            return Ok(None);
        }
        let (kind, data) = self.part()?;
        let mut continues = Vec::new();
        while self.stream.len() > 4 && number(self.stream, 0)? == kind::CONTINUE {
            continues.push(self.part()?.1);
        }
        Ok(Some(Record { kind, data, continues }))
    }

    fn part(&mut self) -> Result<(u16, &'a [u8]), Stop> {
        let kind = number(self.stream, 0)?;
        let end = 4 + usize::from(number(self.stream, 2)?);
        let (part, rest) = self.stream.split_at_checked(end).ok_or_else(|| damaged("a record ends early"))?;
        self.stream = rest;
        self.walked += end;
        Ok((kind, &part[4..]))
    }
}

/// A sheet as the start of the stream tells it.
struct Listed {
    name: String,
    /// Where its records begin in the stream that is read.
    from: usize,
    /// Where that position is written in the stream that is made.
    entry: usize,
}

/// What is counted over the whole workbook.
#[derive(Default)]
struct Counts {
    places: u64,
    cells: u64,
    text: u64,
}

/// The rows and columns between the outermost cells of a sheet.
#[derive(Default)]
struct Extent {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

/// The stream written anew.
///
/// # Errors
/// [`Stop`] with the bound, and the sheet where it is one's.
pub(super) fn rewrite(stream: &[u8]) -> Result<Vec<u8>, Stop> {
    let mut made = Vec::with_capacity(stream.len().min(1 << 20));
    let (listed, lengths) = globals(stream, &mut made)?;
    let mut counts = Counts::default();
    let mut walked = 0;
    for sheet in &listed {
        let position = u32::try_from(made.len()).map_err(damaged)?;
        made[sheet.entry..sheet.entry + 4].copy_from_slice(&position.to_le_bytes());
        let from = stream.get(sheet.from..).ok_or_else(|| damaged(format!("sheet \"{}\" lies outside of the file", sheet.name)))?;
        let mut writer = Writer { sheet: &sheet.name, lengths: &lengths, counts: &mut counts, extent: Extent::default(), made: &mut made };
        walked += writer.sheet(from)?;
        // Sheets follow each other; only a forged file lets them share their records.
        if walked > stream.len() * 2 {
            return Err(damaged("sheets lie over each other"));
        }
    }
    Ok(made)
}

/// The records before the first sheet: which sheets there are, and how long the shared strings.
fn globals(stream: &[u8], made: &mut Vec<u8>) -> Result<(Vec<Listed>, Vec<u32>), Stop> {
    let mut records = Records::new(stream);
    let (mut listed, mut lengths, mut biff8) = (Vec::new(), Vec::new(), true);
    while let Some(record) = records.next()? {
        match record.kind {
            kind::FILE_PASS => return Err(Stop::Unreadable(Unreadable::Password)),
            kind::BOF => {
                biff8 = number(record.data, 0)? == 0x0600;
                put(made, record.kind, record.data);
            }
            kind::CODE_PAGE | kind::DATE_MODE | kind::FORMAT | kind::XF => put(made, record.kind, record.data),
            kind::BOUND_SHEET => {
                if listed.len() >= MAX_SHEETS {
                    return Err(Stop::beyond(None, Bound::Sheets));
                }
                let from = usize::from(number(record.data, 0)?) | usize::from(number(record.data, 2)?) << 16;
                listed.push(Listed { name: sheet_name(record.data, biff8), from, entry: made.len() + 4 });
                put(made, record.kind, record.data);
            }
            kind::SST => {
                lengths = strings::lengths(record.data, &record.continues)?;
                put(made, record.kind, record.data);
                record.continues.iter().for_each(|data| put(made, kind::CONTINUE, data));
            }
            kind::EOF => break,
            _ => {}
        }
    }
    put(made, kind::EOF, &[]);
    Ok((listed, lengths))
}

/// Copies one sheet.
struct Writer<'w> {
    sheet: &'w str,
    lengths: &'w [u32],
    counts: &'w mut Counts,
    extent: Extent,
    made: &'w mut Vec<u8>,
}

impl Writer<'_> {
    /// Copies the records of a sheet up to its end; gives how many bytes it walked over.
    fn sheet(&mut self, stream: &[u8]) -> Result<usize, Stop> {
        let mut records = Records::new(stream);
        let (mut begun, mut inner) = (false, 0usize);
        while let Some(record) = records.next()? {
            match record.kind {
                // Charts within the sheet have cells too; they are not the sheet's.
                kind::BOF if begun => inner += 1,
                kind::EOF if inner > 0 => inner -= 1,
                kind::EOF => break,
                _ if inner > 0 => {}
                kind::BOF => {
                    begun = true;
                    put(self.made, record.kind, record.data);
                }
                _ => self.cell(record.kind, record.data)?,
            }
        }
        put(self.made, kind::EOF, &[]);
        self.counts.places += self.extent.places();
        if self.counts.places > MAX_XLS_PLACES {
            return Err(self.beyond(Bound::XlsPlaces));
        }
        Ok(records.walked)
    }

    fn cell(&mut self, kind: u16, data: &[u8]) -> Result<(), Stop> {
        let columns = match kind {
            kind::NUMBER | kind::LABEL | kind::RSTRING | kind::BOOL_ERR | kind::RK | kind::LABEL_SST | kind::FORMULA => 1,
            kind::MUL_RK => u16::try_from(data.len().saturating_sub(6) / 6).unwrap_or(u16::MAX),
            // The text of the formula before it.
            kind::STRING => return self.text(kind, data, 0),
            _ => return Ok(()),
        };
        let place = (|| Ok::<_, Stop>((number(data, 0)?, number(data, 2)?)))();
        let (row, column) = place.map_err(|_| damaged(format!("sheet \"{}\": a cell ends early", self.sheet)))?;
        self.extent.hold(row, column, columns).ok_or_else(|| self.beyond(Bound::XlsColumn))?;
        self.counts.cells += u64::from(columns);
        if self.counts.cells > MAX_XLS_PLACES {
            return Err(self.beyond(Bound::XlsPlaces));
        }
        match kind {
            kind::LABEL | kind::RSTRING => self.text(kind, data, 6),
            kind::FORMULA => self.formula(data),
            kind::LABEL_SST => {
                let at = usize::from(number(data, 6)?) | usize::from(number(data, 8)?) << 16;
                self.count_text(self.lengths.get(at).copied().unwrap_or(0).into())?;
                put(self.made, kind, data);
                Ok(())
            }
            _ => {
                put(self.made, kind, data);
                Ok(())
            }
        }
    }

    /// A formula whose tokens are the number 0: calamine asks for tokens, we only whether there is a formula.
    fn formula(&mut self, data: &[u8]) -> Result<(), Stop> {
        let head = data.get(..20).ok_or_else(|| damaged(format!("sheet \"{}\": a formula ends early", self.sheet)))?;
        put(self.made, kind::FORMULA, &[head, &[3, 0, 0x1e, 0, 0]].concat());
        Ok(())
    }

    /// A text with its length at `at`, which must not claim more than there is: calamine reserves memory by it.
    fn text(&mut self, kind: u16, data: &[u8], at: usize) -> Result<(), Stop> {
        let from = self.made.len() + 4 + at;
        put(self.made, kind, data);
        if let Some(rest) = data.get(at + 2..) {
            let claimed = number(data, at)?;
            let held = u16::try_from(rest.len()).unwrap_or(u16::MAX).min(claimed);
            self.made[from..from + 2].copy_from_slice(&held.to_le_bytes());
            self.count_text(held.into())?;
        }
        Ok(())
    }

    fn count_text(&mut self, characters: u64) -> Result<(), Stop> {
        self.counts.text += characters;
        if self.counts.text > MAX_XLS_TEXT { Err(self.beyond(Bound::Text)) } else { Ok(()) }
    }

    fn beyond(&self, bound: Bound) -> Stop {
        Stop::beyond(Some(self.sheet), bound)
    }
}

impl Extent {
    /// Takes cells in; `None` when one stands where XLS has no column.
    fn hold(&mut self, row: u16, column: u16, count: u16) -> Option<()> {
        let last = column.checked_add(count.max(1) - 1).filter(|last| *last < XLS_COLUMNS)?;
        let (top, bottom) = self.rows.unwrap_or((row, row));
        let (left, right) = self.columns.unwrap_or((column, last));
        self.rows = Some((top.min(row), bottom.max(row)));
        self.columns = Some((left.min(column), right.max(last)));
        Some(())
    }

    fn places(&self) -> u64 {
        let span = |held: Option<(u16, u16)>| held.map_or(0, |(first, last)| u64::from(last - first) + 1);
        span(self.rows) * span(self.columns)
    }
}

fn put(made: &mut Vec<u8>, kind: u16, data: &[u8]) {
    made.extend_from_slice(&kind.to_le_bytes());
    // Data come from records, whose length is of 16 bits.
    made.extend_from_slice(&(data.len() as u16).to_le_bytes());
    made.extend_from_slice(data);
}

fn number(data: &[u8], at: usize) -> Result<u16, Stop> {
    let bytes = data.get(at..at + 2).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u16::from_le_bytes).ok_or_else(|| damaged("a record ends early"))
}

/// The name of a sheet (MS-XLS 2.4.28), for messages.
fn sheet_name(data: &[u8], biff8: bool) -> String {
    let count = usize::from(data.get(6).copied().unwrap_or(0));
    let wide = biff8 && data.get(7).is_some_and(|flags| flags & 1 == 1);
    let text = data.get(if biff8 { 8 } else { 7 }..).unwrap_or_default();
    if wide {
        let units: Vec<u16> = text.chunks_exact(2).take(count).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        return String::from_utf16_lossy(&units);
    }
    text.iter().take(count).map(|byte| char::from(*byte)).collect()
}
