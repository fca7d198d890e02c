//! Durations, as sources of attendance state them.

use super::cell::Cell;
use super::refusal::RefusalReason;
use super::values;
use crate::domain::attendance::minute_of;

/// Minutes of the longest month.
const MOST: u32 = 31 * 24 * 60;

/// Minutes: whole ones, `hh:mm`, `hh:mm:ss` (seconds are cut off) or a cell shown as a time. `07.30` may be minutes or
/// hours and is refused.
pub(super) fn minutes(cell: Cell<'_>) -> Result<i32, RefusalReason> {
    let is_clock = match cell {
        Cell::Text(text) => text.contains(':'),
        cell => matches!(cell, Cell::Serial(_)),
    };
    if is_clock {
        return values::time(cell).map(|time| minute_of(time) as i32);
    }
    values::count(cell, MOST).map(|minutes| minutes as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, read) in [("00:15", 15), ("0:07:59", 7), ("15", 15), ("0", 0), ("125", 125)] {
            assert_eq!(minutes(Cell::Text(text)), Ok(read), "{text}");
        }
        assert_eq!(minutes(Cell::Serial(0.0625)), Ok(90));
        assert_eq!(minutes(Cell::Number(12.0)), Ok(12));
        assert_eq!(minutes(Cell::Text("-5")), Err(RefusalReason::Negative));
        assert_eq!(minutes(Cell::Text("24:00")), Err(RefusalReason::TwentyFour));
        for cell in [Cell::Number(0.0625), Cell::Text("07.30"), Cell::Text("1 jam")] {
            assert_eq!(minutes(cell), Err(RefusalReason::NotWhole), "{cell:?}");
        }
    }
}
