//! How the served surfaces misbehave, by name, and what is promised of a pull that meets it. Nothing falls by chance: a
//! fault strikes by the count of requests or of the times that a question is asked, so that the same pull meets the same.
//!
//! [`catalogue`] is the list; [`days`] holds the mixtures that a demo shows, [`nothing`], [`gateway`], [`wire`],
//! [`bodies`] and [`rows`] single faults.

mod bodies;
mod catalogue;
mod days;
mod gateway;
mod nothing;
mod rows;
mod spoil;
mod wire;

pub use catalogue::Promise;
pub use catalogue::Struck;
pub(super) use days::Weather;
pub(super) use spoil::spoil;

use catalogue::Deed;
use catalogue::Entry;
use catalogue::Strikes;
use days::Day;
use std::time::Duration;

/// A named way to misbehave, on both surfaces or on one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Place in the catalogue; the first entry is a calm day.
    entry: usize,
    only: Option<Struck>,
    week_ago: bool,
}

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fate {
    /// It is answered.
    Pass,
    /// It is answered after a while.
    Delay(Duration),
    /// 503, perhaps with Retry-After.
    Unavailable(bool),
    /// 429 with Retry-After and WSO2's body.
    Throttled,
    /// 303001, as JSON or as XML.
    Suspended(bool),
    /// The connection breaks before the answer.
    Reset,
    /// The connection breaks behind the head of the answer.
    ResetInside,
    /// The connection breaks in the middle of the answer.
    CutShort,
    /// The answer comes in drops of so many bytes, with so long between them.
    Drip(usize, Duration),
    /// An HTML page, with 504 or with 200.
    Html(bool),
    /// The WSO2 token is withdrawn first; with `true` the minted SSO token too.
    Withdraw(bool),
    /// Another answer, or another body than the one that was meant: see [`Faults::deed`].
    Other,
}

/// One line of the catalogue, for help texts and tests.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// Its name.
    pub name: &'static str,
    /// What it does on the wire.
    pub does: &'static str,
    /// What is promised when it strikes the report API.
    pub report: Promise,
    /// What is promised when it strikes SIASN.
    pub siasn: Promise,
}

impl Faults {
    /// The fault of that name; `NAME@report` and `NAME@siasn` strike one surface only.
    pub fn named(name: &str) -> Option<Self> {
        let (name, only) = match name.split_once('@') {
            None => (name, None),
            Some((name, "report")) => (name, Some(Struck::Report)),
            Some((name, "siasn")) => (name, Some(Struck::Siasn)),
            Some(_) => return None,
        };
        let entry = catalogue::entries().iter().position(|entry| entry.name == name)?;
        Some(Self { entry, only, week_ago: false })
    }

    /// Every name, in the order of help texts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        catalogue::entries().iter().map(|entry| entry.name.as_str())
    }

    /// The whole catalogue.
    pub fn list() -> impl Iterator<Item = Listed> {
        let listed = |entry: &'static Entry| Listed { name: &entry.name, does: entry.does, report: entry.report, siasn: entry.siasn };
        catalogue::entries().iter().map(listed)
    }

    /// This fault's name.
    pub fn name(self) -> &'static str {
        &self.entry().name
    }

    /// No faults; BKN as it was a week ago, before it withdrew what a ministry with a history misses.
    pub fn week_ago() -> Self {
        Self { week_ago: true, ..Self::default() }
    }

    fn entry(self) -> &'static Entry {
        let entries = catalogue::entries();
        entries.get(self.entry).unwrap_or(&entries[0])
    }

    fn day(self) -> Option<Day> {
        match &self.entry().deed {
            Deed::Day(day) => Some(*day),
            _ => None,
        }
    }

    /// BKN is as it was a week ago.
    pub(super) fn is_week_ago(self) -> bool {
        self.week_ago
    }

    /// Rows carry fields that nobody announced.
    pub(super) fn drifts(self) -> bool {
        self.is_of_lists(Day::Drift)
    }

    /// Bulk lists are empty.
    pub(super) fn empties(self) -> bool {
        self.is_of_lists(Day::Empty)
    }

    /// Bulk lists lack every second person.
    pub(super) fn halves(self) -> bool {
        self.is_of_lists(Day::HalfVanish)
    }

    /// Lists are of the report API: a fault that strikes SIASN alone leaves them as they are.
    fn is_of_lists(self, day: Day) -> bool {
        self.day() == Some(day) && self.only != Some(Struck::Siasn)
    }

    /// The answer that this fault gives or the change that it makes to one.
    pub(super) fn deed(self) -> &'static Deed {
        &self.entry().deed
    }

    /// What happens to the next request; `question` is its path, `since_start` the server's age.
    pub(super) fn fate(self, weather: &Weather, struck: Struck, question: &str, since_start: Duration) -> Fate {
        if self.only.is_some_and(|only| only != struck) {
            return Fate::Pass;
        }
        let entry = self.entry();
        if let Deed::Day(day) = entry.deed {
            return day.fate(weather, struck == Struck::Siasn, since_start);
        }
        // A list of evaluation months is no evidence: what spoils rows or hides them passes it by.
        let spares = entry.spares_periods || matches!(entry.deed, Deed::Rows(_));
        if spares && question.ends_with("/referensi/periode") {
            return Fate::Pass;
        }
        let count = weather.count();
        let falls = match entry.strikes {
            Strikes::Always => true,
            Strikes::First(times) => weather.asked_before(question) < times,
            Strikes::From(first) => count >= first,
            Strikes::Every(turn) => count % turn == turn - 1,
        };
        match (falls, &entry.deed) {
            (false, _) => Fate::Pass,
            (true, Deed::Wire(fate)) => *fate,
            (true, _) => Fate::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_round_trip_and_are_told_apart() {
        let names: BTreeSet<&str> = Faults::names().collect();
        assert_eq!(names.len(), Faults::names().count());
        assert!(names.len() >= 40, "{}", names.len());
        for name in names {
            assert_eq!(Faults::named(name).unwrap().name(), name);
        }
        assert_eq!(Faults::named("calm"), None);
        assert_eq!(Faults::named("html@mail"), None);
        assert_eq!(Faults::default().name(), "none");
    }

    #[test]
    fn one_surface_is_struck_alone() {
        let (faults, weather) = (Faults::named("html-200@siasn").unwrap(), Weather::default());
        assert_eq!(faults.fate(&weather, Struck::Report, "/laporan/skp/2026", Duration::ZERO), Fate::Pass);
        assert_eq!(faults.fate(&weather, Struck::Siasn, "/pns/data-utama/1", Duration::ZERO), Fate::Other);
    }

    #[test]
    fn a_question_is_spared_after_its_first_times() {
        let (faults, weather) = (Faults::named("reset-once").unwrap(), Weather::default());
        let fate = |question: &str| faults.fate(&weather, Struck::Siasn, question, Duration::ZERO);
        assert_eq!([fate("a"), fate("b"), fate("a"), fate("b")], [Fate::Reset, Fate::Reset, Fate::Pass, Fate::Pass]);
    }
}
