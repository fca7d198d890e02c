//! The list of faults: what each does on the wire, how often, and what is promised of a pull that meets it.

use super::Fate;
use super::days::Day;
use serde_json::Value;
use std::sync::LazyLock;

/// A surface that is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Struck {
    /// The report API.
    Report,
    /// SIASN.
    Siasn,
}

/// What is promised of a pull after a good one. In the first pull of a store, `Held("vanish")` and `Retracted` become an
/// answer that is believed: there is nothing that it could contradict (contract §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// The pull ends as on a calm day, and so do the verdicts.
    Recovers,
    /// The same, and the difference is told: kind of change (`added`, `missing`, `type`).
    Noted(&'static str),
    /// The answers say something else than is true and are believed; the unknown value is told.
    Told,
    /// Questions end without an answer, for this reason (or one of two); nobody's earlier evidence is lost.
    Fails(&'static str),
    /// The same for some of the questions only.
    FailsSome(&'static str),
    /// Whole lists are set aside for this reason; nothing is superseded.
    Held(&'static str),
    /// The surface stops at once, and names the key to change.
    Stops(&'static str, &'static str),
    /// BKN says of everybody that there is nothing; of one person at a time it is believed.
    Absent,
    /// Some people are no longer listed, fewer than the limits: each is told (SR04).
    Retracted,
    /// The run's time is up; what is left is asked by the next.
    Unasked,
    /// This surface has nothing that the fault could strike.
    Untouched,
}

/// Which requests are struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strikes {
    /// Every one.
    Always,
    /// The first times that a question is asked.
    First(u32),
    /// Every one from this number on.
    From(u64),
    /// Every one of so many.
    Every(u64),
}

/// Another answer than the one that was meant.
#[derive(Debug, Clone)]
pub(crate) struct Instead {
    pub status: u16,
    pub content_type: &'static str,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: Vec<u8>,
}

/// What a fault does.
#[derive(Debug)]
pub(crate) enum Deed {
    /// A day of many faults.
    Day(Day),
    /// To the connection or the tokens.
    Wire(Fate),
    /// Instead of an answer.
    Answer(Instead),
    /// To the whole body.
    Body(fn(Vec<u8>) -> Vec<u8>),
    /// To the rows of an answer (of an object: to the one).
    Rows(fn(&mut Vec<Value>)),
    /// To a header: the body is not what it says.
    Header(&'static str, &'static str),
}

/// One line of the catalogue.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: String,
    pub does: &'static str,
    pub strikes: Strikes,
    pub deed: Deed,
    pub report: Promise,
    pub siasn: Promise,
    /// Whether the list of evaluation months is answered as always.
    pub spares_periods: bool,
}

impl Entry {
    pub(super) fn new(name: impl Into<String>, does: &'static str, strikes: Strikes, deed: Deed, promises: [Promise; 2]) -> Self {
        let [report, siasn] = promises;
        Self { name: name.into(), does, strikes, deed, report, siasn, spares_periods: false }
    }

    pub(super) fn sparing_periods(mut self) -> Self {
        self.spares_periods = true;
        self
    }
}

/// All of them; the first is none.
pub(super) fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let mut entries = days();
        entries.extend(super::nothing::entries());
        entries.extend(super::gateway::entries());
        entries.extend(super::wire::entries());
        entries.extend(super::bodies::entries());
        entries.extend(super::rows::entries());
        entries
    });
    &ENTRIES
}

fn days() -> Vec<Entry> {
    use Promise::{FailsSome, Held, Noted, Recovers, Untouched};
    let day = |name: &str, does, day, promises| Entry::new(name, does, Strikes::Always, Deed::Day(day), promises);
    vec![
        day("none", "nothing: BKN as it should be", Day::Calm, [Recovers; 2]),
        day("slow", "every answer takes 0.3 to 0.8 s", Day::Slow, [Recovers; 2]),
        day("flaky", "2 % of requests meet 503, a reset or 429", Day::Flaky, [Recovers; 2]),
        day("throttled", "more than 20 requests a second meet 429", Day::Throttled, [Recovers; 2]),
        day("suspended", "the gateway suspends SIASN for 3 s, once", Day::Suspended, [Untouched, Recovers]),
        day("token-expiry", "tokens are withdrawn in the middle", Day::TokenExpiry, [Untouched, Recovers]),
        day("html", "4 % of requests meet a web page, with 504 or with 200", Day::Html, [Recovers, FailsSome("html")]),
        day("truncated", "4 % of answers end too early", Day::Truncated, [Recovers; 2]),
        day("drift", "rows of lists carry a field that nobody announced", Day::Drift, [Noted("added"), Untouched]),
        day("empty", "lists are empty", Day::Empty, [Held("vanish"), Untouched]),
        day("quota", "200 requests a second pass, after 50 ms; 2 % of them meet 503", Day::Quota, [Recovers; 2]),
        day("half-vanish", "lists lack every second person", Day::HalfVanish, [Held("vanish"), Untouched]),
    ]
}
