//! What is known already, and so what has to be asked: never asked before everything else, what is fresh not at all.

use crate::domain::evidence::Kind;
use crate::domain::nip::Nip;
use crate::ekinerja::Surface;
use crate::store::Check;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::time::Duration;

/// Why a question about one person is asked, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Never answered, never asked.
    Never,
    /// The last answer was no good.
    Failed,
    /// Answered, too long ago.
    Stale,
    /// Answered not long ago: not due.
    Fresh,
}

/// What the store knows of the answers about single people. Nothing is known by default, so everything is asked.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Now.
    pub now: DateTime<Utc>,
    /// The last answers, by kind and person.
    pub checks: HashMap<(Kind, Nip), Check>,
    /// How long an answer of a kind is fresh; a kind that is not named never is.
    pub fresh_for: BTreeMap<Kind, Duration>,
    /// People whose payment is held up: asked about before all others.
    pub urgent: BTreeSet<Nip>,
}

impl Known {
    /// Why the question is asked or not, and when it was answered last.
    pub fn why(&self, kind: Kind, nip: Nip) -> (Why, Option<DateTime<Utc>>) {
        let Some(check) = self.checks.get(&(kind, nip)) else { return (Why::Never, None) };
        let Some(good) = check.good else { return (Why::Failed, None) };
        if check.last > good {
            return (Why::Failed, Some(good));
        }
        // An answer of a later time, from a clock that ran ahead, is not looked at by any evaluation: it is no answer yet.
        let age = (self.now - good).to_std().ok();
        let is_fresh = age.zip(self.fresh_for.get(&kind)).is_some_and(|(age, limit)| age < *limit);
        (if is_fresh { Why::Fresh } else { Why::Stale }, Some(good))
    }
}

/// How many questions of a kind are asked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Who answers.
    pub surface: Surface,
    /// What about.
    pub kind: Kind,
    /// Questions about everybody at once: always asked.
    pub bulk: u64,
    /// Questions about single people, by reason.
    pub people: BTreeMap<Why, u64>,
}

impl Need {
    /// Questions that are asked.
    pub fn due(&self) -> u64 {
        self.bulk + self.people.iter().filter(|(why, _)| **why != Why::Fresh).map(|(_, count)| count).sum::<u64>()
    }

    /// Questions for that reason.
    pub fn of(&self, why: Why) -> u64 {
        self.people.get(&why).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn an_answer_of_a_later_time_is_no_answer_yet() {
        let (nip, now) = (Nip::parse("198501012010011901").unwrap(), DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap());
        let why = |hours: i64| {
            let at = now + TimeDelta::hours(hours);
            let known = Known {
                now,
                checks: [((Kind::Identity, nip), Check { good: Some(at), last: at })].into(),
                fresh_for: [(Kind::Identity, Duration::from_secs(84 * 3600))].into(),
                ..Known::default()
            };
            known.why(Kind::Identity, nip).0
        };
        assert_eq!([-83, -84, 1, 24 * 31].map(why), [Why::Fresh, Why::Stale, Why::Stale, Why::Stale]);
    }
}
