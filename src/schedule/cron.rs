//! Which instants a cron line names in a zone. Wall-clock times are searched as such and turned into instants here, so
//! that a change of the zone's offset neither swallows nor doubles a slot: a time that is skipped counts at the end of
//! the gap, one that comes twice counts the first time.
//!
//! It must not know jobs, stores or the time of day: the instant is given.

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds};

/// Clocks go back by less than this.
const LARGEST_STEP: TimeDelta = TimeDelta::hours(3);
/// Clocks go forward by no more than this (a whole day on the date line), in minutes.
const LARGEST_GAP: i64 = 26 * 60;

/// A cron line (second minute hour day month weekday) in a zone.
#[derive(Debug, Clone)]
pub struct Line {
    text: String,
    zone: Tz,
    cron: Cron,
}

impl Line {
    /// Reads a line; `None` when it is none.
    pub fn new(text: &str, zone: Tz) -> Option<Self> {
        // The settings of the scheduler that wakes us, so that both mean the same instants.
        let parser = CronParser::builder().seconds(Seconds::Required).dom_and_dow(true).build();
        Some(Self { text: text.to_owned(), zone, cron: parser.parse(text).ok()? })
    }

    /// The line as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and its zone, as one text: another one means other slots.
    pub fn key(&self) -> String {
        format!("{} {}", self.text, self.zone)
    }

    /// The newest slot that is not after `now`.
    pub fn latest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let offset =
            |at: DateTime<Utc>| TimeDelta::seconds(self.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into());
        // In the hour that comes twice, later wall-clock times than the present one have been already.
        let wall = now.naive_utc().checked_add_signed(offset(now).max(offset(now - LARGEST_STEP)))?;
        let mut from = Utc.from_utc_datetime(&wall.with_nanosecond(0)?);
        let mut inclusive = true;
        loop {
            from = self.cron.find_previous_occurrence(&from, inclusive).ok()?;
            inclusive = false;
            match self.instant(from.naive_utc()) {
                Some(slot) if slot <= now => return Some(slot),
                _ => {}
            }
        }
    }

    /// The slots after `now`, the nearest first, at most `most`.
    pub fn coming(&self, now: DateTime<Utc>, most: usize) -> Vec<DateTime<Utc>> {
        // In the hour that comes twice a wall-clock time may have been already: what is not later than now is left out.
        let offset = self.zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc();
        let mut from = now + TimeDelta::seconds(offset.into()) - LARGEST_STEP;
        let mut coming: Vec<DateTime<Utc>> = Vec::new();
        while coming.len() < most {
            let Ok(next) = self.cron.find_next_occurrence(&from, false) else { break };
            from = next;
            coming.extend(self.instant(next.naive_utc()).filter(|slot| *slot > now && coming.last().is_none_or(|last| slot > last)));
        }
        coming
    }

    /// How many slots lie after `after` and before `slot`, both excluded; at most `most`.
    pub fn between(&self, after: DateTime<Utc>, slot: DateTime<Utc>, most: u64) -> u64 {
        let mut count = 0;
        let mut at = slot;
        while count < most {
            match self.latest(at - TimeDelta::microseconds(1)) {
                Some(earlier) if earlier > after => (at, count) = (earlier, count + 1),
                _ => break,
            }
        }
        count
    }

    fn instant(&self, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        if let Some(at) = self.zone.from_local_datetime(&wall).earliest() {
            return Some(at.to_utc());
        }
        let minute = wall.with_second(0)?;
        let after = (1..=LARGEST_GAP).find_map(|minutes| self.zone.from_local_datetime(&(minute + TimeDelta::minutes(minutes))).earliest());
        after.map(|at| at.to_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{Asia, Europe, Pacific};
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn line(text: &str, zone: Tz) -> Line {
        Line::new(text, zone).unwrap()
    }

    #[test]
    fn a_slot_is_a_time_of_the_zone() {
        let daily = line("0 0 1 * * *", Asia::Jakarta);
        assert_eq!(daily.latest(at("2026-11-01T18:00:00Z")), Some(at("2026-11-01T18:00:00Z")));
        assert_eq!(daily.latest(at("2026-11-01T17:59:59.999999Z")), Some(at("2026-10-31T18:00:00Z")));
        assert_eq!(daily.between(at("2026-10-28T18:00:00Z"), at("2026-11-01T18:00:00Z"), 100), 3);
        assert_eq!(daily.between(at("2026-10-28T18:00:00Z"), at("2026-11-01T18:00:00Z"), 2), 2);
        assert_eq!(line("0 0 0 30 2 *", Asia::Jakarta).latest(at("2026-11-01T18:00:00Z")), None);
        assert!(Line::new("0 0 1 * *", Asia::Jakarta).is_none());
        let coming = daily.coming(at("2026-11-01T18:00:00Z"), 2);
        assert_eq!(coming, [at("2026-11-02T18:00:00Z"), at("2026-11-03T18:00:00Z")]);
        assert!(line("0 0 0 30 2 *", Asia::Jakarta).coming(at("2026-11-01T18:00:00Z"), 2).is_empty());
        let nightly = line("0 30 2 * * *", Europe::Amsterdam).coming(at("2026-03-28T12:00:00Z"), 2);
        assert_eq!(nightly, [at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")], "as `latest` counts them");
    }

    /// Every slot that a clock which walks second by second (or in larger steps) comes to see.
    fn walk(line: &Line, from: &str, until: &str, step: TimeDelta) -> Vec<DateTime<Utc>> {
        let mut seen = Vec::new();
        let mut now = at(from);
        while now < at(until) {
            let slot = line.latest(now).unwrap();
            if slot >= at(from) && seen.last() != Some(&slot) {
                seen.push(slot);
            }
            now += step;
        }
        seen
    }

    #[test]
    fn a_change_of_the_offset_neither_swallows_nor_doubles_a_slot() {
        let nightly = line("0 30 2 * * *", Europe::Amsterdam);
        let minute = TimeDelta::minutes(1);
        // Forward at 01:00Z from 02:00 to 03:00: 02:30 does not exist and counts at 03:00.
        let spring = walk(&nightly, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", minute);
        assert_eq!(spring, [at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")]);
        // Back at 01:00Z from 03:00 to 02:00: 02:30 comes twice and counts once.
        let autumn = walk(&nightly, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", minute);
        assert_eq!(autumn, [at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]);
        let quarters = walk(&line("0 */15 * * * *", Europe::Amsterdam), "2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z", minute);
        assert!(quarters.is_sorted_by(|a, b| a < b), "{quarters:?}");
        // A day that the date line swallowed.
        let samoa = walk(&line("0 0 12 * * *", Pacific::Apia), "2011-12-29T00:00:00Z", "2011-12-31T12:00:00Z", minute);
        assert_eq!(samoa, [at("2011-12-29T22:00:00Z"), at("2011-12-30T10:00:00Z"), at("2011-12-30T22:00:00Z")]);
    }

    proptest! {
        /// The newest slot never goes back while time goes on, and is a slot at its own instant.
        #[test]
        fn slots_follow_the_clock(seconds in 1_770_000_000i64..1_800_000_000, step in 1i64..7200, which in 0usize..4) {
            let zone = [Asia::Jakarta, Asia::Jayapura, Europe::Amsterdam, Pacific::Apia][which];
            let line = line("0 */20 1-3 * * *", zone);
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            let (one, other) = (line.latest(now).unwrap(), line.latest(now + TimeDelta::seconds(step)).unwrap());
            prop_assert!(one <= now && one <= other);
            prop_assert_eq!(line.latest(one), Some(one));
        }
    }
}
