//! The attendance window of a period that is no calendar month ("from the 16th to the 15th"): two months of evidence,
//! and what is known has to hold for both.

use super::assemble::Basis;
use super::knowledge::{Heard, judge};
use crate::domain::dossier::Knowledge;
use crate::domain::evidence::{Kind, Source};
use crate::domain::period::{Period, Span};
use crate::domain::verdict::KnowledgeState;
use chrono::NaiveDate;

impl Basis<'_> {
    /// The spans under which a kind is looked up: one, or the months of the attendance window.
    pub fn spans(&self, kind: Kind) -> Vec<Span> {
        if kind != Kind::Attendance {
            return vec![self.span(kind)];
        }
        let (from, to) = self.policy.attendance_window(self.period);
        let mut months = vec![Span::Month(Period::of(from))];
        if Period::of(to) != Period::of(from) {
            months.push(Span::Month(Period::of(to)));
        }
        months
    }

    /// The days of the window inside a month.
    fn part(&self, month: Period) -> (NaiveDate, NaiveDate) {
        let (from, to) = self.policy.attendance_window(self.period);
        (from.max(month.first_day()), to.min(month.last_day()))
    }

    /// The spans for which a source speaks. Of a window over two months an attendance file speaks for the month of
    /// which it has at least half of the window's working days, whatever month it is filed under: a file "from the 16th
    /// to the 15th" speaks for both, and a stray row of a neighbouring month speaks for none.
    pub(super) fn spoken_for(&self, source: &Source) -> Vec<Span> {
        let mut spans = self.spans(source.kind);
        if spans.len() == 1 || source.facts.days.is_empty() {
            spans.retain(|span| *span == source.span);
            return spans;
        }
        spans.retain(|span| {
            let Span::Month(month) = *span else { return false };
            let (from, to) = self.part(month);
            let has = |day: &&NaiveDate| source.facts.days.contains(day);
            let workdays = self.policy.calendar.workdays(from, to);
            workdays.iter().filter(has).count() * 2 >= workdays.len().max(1)
        });
        spans
    }
}

/// What is known of a kind from what was heard for each of its spans: as little as of the least known one. Presence in
/// one month of the window is presence.
pub(super) fn judge_together(heard: &[Heard], judged: impl Fn(Heard) -> Knowledge) -> Knowledge {
    let all: Vec<Knowledge> = heard.iter().map(|heard| judged(*heard)).collect();
    let unknown = all.iter().find(|known| !known.state.is_known());
    let present = all.iter().find(|known| known.state == KnowledgeState::Present);
    unknown.or(present).or(all.first()).copied().unwrap_or(Knowledge::NOT_ASKED)
}

/// Whether nothing was ever heard of one of several spans.
pub(super) fn is_half_unknown(heard: &[Heard], as_of: chrono::DateTime<chrono::Utc>) -> bool {
    let never = |heard: &Heard| !judge(Heard { failure: None, ..*heard }, None, as_of).state.is_known();
    heard.len() > 1 && heard.iter().any(never)
}
