//! Punishments of the ministry's people: those that finance applies, and those that it forgot or forgot to end.

use super::Ministry;
use super::population::Story;
use crate::domain::Code;
use crate::domain::Period;
use chrono::Days;
use chrono::NaiveDate;

/// One punishment of level `sedang_1`: 25 % for six months (PP 94/2021).
pub(super) struct Punishment {
    pub decree: String,
    pub decreed: NaiveDate,
    pub start: Period,
    pub months: u32,
}

impl Ministry {
    /// The punishment of the person at that position.
    pub(super) fn punishment(&self, at: usize) -> Option<Punishment> {
        let person = self.people.get(at)?;
        let back = match person.slip {
            Some((Code::Ds03, _)) => 1,
            Some((Code::Ds01, variant)) if variant.is_multiple_of(2) => 1,
            // Ended two months ago.
            Some((Code::Ds01, _)) => 7,
            _ if person.story == Story::Punished => (at % 5) as i32,
            _ => return None,
        };
        Some(self.decreed(at, back))
    }

    /// The second punishment of somebody of whom finance cuts both (DS03).
    pub(super) fn second_punishment(&self, at: usize) -> Option<Punishment> {
        let first = self.people.get(at)?.has(Code::Ds03);
        first.then(|| Punishment { decree: format!("HD-{at:05}-B"), ..self.decreed(at, 2) })
    }

    /// The cut starts in the month after the decision.
    fn decreed(&self, at: usize, months_ago: i32) -> Punishment {
        let start = self.period.offset(-months_ago);
        Punishment { decree: format!("HD-{at:05}/{}", start.year()), decreed: start.first_day() - Days::new(12), start, months: 6 }
    }
}
