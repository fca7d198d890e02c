//! Lengths of the strings in an XLS file's shared string table (MS-XLS 2.4.265), cut at the same places as calamine cuts
//! them. The text itself is not looked at.

use super::super::bounds::Bound;
use super::super::bounds::MAX_XLS_CONTINUES;
use super::super::bounds::MAX_XLS_PLACES;
use super::super::table::Stop;
use super::damaged;

/// What is left of a record and of those that go on with it.
struct Pieces<'a> {
    data: &'a [u8],
    rest: std::slice::Iter<'a, &'a [u8]>,
}

/// Characters of each string.
pub(super) fn lengths(data: &[u8], continues: &[&[u8]]) -> Result<Vec<u32>, Stop> {
    if continues.len() > MAX_XLS_CONTINUES {
        return Err(Stop::beyond(None, Bound::XlsStream));
    }
    let mut pieces = Pieces { data: data.get(8..).ok_or_else(short)?, rest: continues.iter() };
    let mut lengths = Vec::new();
    while !pieces.data.is_empty() || pieces.go_on() {
        if lengths.len() as u64 >= MAX_XLS_PLACES {
            return Err(Stop::beyond(None, Bound::XlsPlaces));
        }
        lengths.push(pieces.string()?);
    }
    Ok(lengths)
}

fn short() -> Stop {
    damaged("the string table ends early")
}

impl<'a> Pieces<'a> {
    fn go_on(&mut self) -> bool {
        match self.rest.next() {
            Some(data) => {
                self.data = data;
                true
            }
            None => false,
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Stop> {
        let (taken, rest) = self.data.split_at_checked(count).ok_or_else(short)?;
        self.data = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<usize, Stop> {
        Ok(usize::from(u16::from_le_bytes(self.take(2)?.try_into().map_err(damaged)?)))
    }

    /// One string; gives its characters.
    fn string(&mut self) -> Result<u32, Stop> {
        if self.data.is_empty() {
            return Ok(0);
        }
        let characters = self.number()?;
        let flags = self.take(1)?[0];
        let runs = if flags & 8 == 0 { 0 } else { self.number()? };
        let extra = if flags & 4 == 0 { 0 } else { u32::from_le_bytes(self.take(4)?.try_into().map_err(damaged)?) as usize };
        self.characters(characters, flags)?;
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Ok(characters as u32)
    }

    /// Each record that goes on says anew whether its characters are of one byte or of two.
    fn characters(&mut self, mut count: usize, mut flags: u8) -> Result<(), Stop> {
        while count > 0 {
            let width = if flags & 1 == 0 { 1 } else { 2 };
            let here = count.min(self.data.len() / width);
            self.take(here * width)?;
            count -= here;
            if count > 0 {
                if !self.go_on() {
                    return Err(short());
                }
                flags = self.take(1)?[0];
            }
        }
        Ok(())
    }

    fn skip(&mut self, mut count: usize) -> Result<(), Stop> {
        while count > 0 {
            if self.data.is_empty() && !self.go_on() {
                return Err(short());
            }
            count -= self.take(count.min(self.data.len()))?.len();
        }
        Ok(())
    }
}
