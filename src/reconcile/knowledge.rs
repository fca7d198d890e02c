//! How well one kind of evidence is known for one person: present, declared absent, not asked, failed or stale.

use crate::domain::dossier::Knowledge;
use crate::domain::evidence::Reason;
use crate::domain::verdict::KnowledgeState;
use chrono::{DateTime, TimeDelta, Utc};

/// What the sources of a kind say about one person.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heard {
    /// When content was last confirmed.
    pub present: Option<DateTime<Utc>>,
    /// When a source that speaks for the person last said that there is nothing.
    pub absent: Option<DateTime<Utc>>,
    /// When that content was said for the first time.
    pub present_said: Option<DateTime<Utc>>,
    /// When it was said for the first time that there is nothing.
    pub absent_said: Option<DateTime<Utc>>,
    /// Whether content will be confirmed whenever its source is.
    pub present_follows: bool,
    /// Whether it will be confirmed that there is nothing, whenever a source is.
    pub absent_follows: bool,
    /// The latest question that brought nothing usable.
    pub failure: Option<(Reason, DateTime<Utc>)>,
}

impl Heard {
    /// Content was confirmed.
    pub fn hear_present(&mut self, at: DateTime<Utc>, said: DateTime<Utc>, follows: bool) {
        self.present_follows = latest_follows(self.present, self.present_follows, at, follows);
        (self.present, self.present_said) = (self.present.max(Some(at)), self.present_said.max(Some(said)));
    }

    /// It was confirmed that there is nothing; since when that is said, not every source tells.
    pub fn hear_absent(&mut self, at: DateTime<Utc>, said: Option<DateTime<Utc>>, follows: bool) {
        self.absent_follows = latest_follows(self.absent, self.absent_follows, at, follows);
        (self.absent, self.absent_said) = (self.absent.max(Some(at)), self.absent_said.max(said));
    }
}

/// Whether the latest of two confirmations moves with its source.
fn latest_follows(known: Option<DateTime<Utc>>, known_follows: bool, at: DateTime<Utc>, follows: bool) -> bool {
    match known.map(|known| known.cmp(&at)) {
        None | Some(std::cmp::Ordering::Less) => follows,
        Some(std::cmp::Ordering::Equal) => known_follows || follows,
        Some(std::cmp::Ordering::Greater) => known_follows,
    }
}

/// Presence in any source beats absence in another (contract §4). An answer that is fresh enough stands although a
/// later question failed; once it is too old, the failure says why there is no newer one.
pub fn judge(heard: Heard, max_age: Option<TimeDelta>, as_of: DateTime<Utc>) -> Knowledge {
    let present = heard.present.map(|at| (KnowledgeState::Present, at, heard.present_said));
    let known = present.or(heard.absent.map(|at| (KnowledgeState::DeclaredAbsent, at, heard.absent_said)));
    let failed = |(reason, at)| Knowledge { state: KnowledgeState::Failed, reason: Some(reason), at: Some(at), said: None };
    match known {
        Some((state, at, said)) if max_age.is_none_or(|age| as_of - at <= age) => Knowledge { state, reason: None, at: Some(at), said },
        Some((_, at, _)) => match heard.failure.filter(|(_, failed_at)| *failed_at > at) {
            Some(failure) => failed(failure),
            None => Knowledge { state: KnowledgeState::Stale, reason: None, at: Some(at), said: None },
        },
        None => heard.failure.map_or(Knowledge::NOT_ASKED, failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hour * 3600, 0).unwrap()
    }

    #[test]
    fn presence_beats_absence_and_freshness_beats_failure() {
        let day = Some(TimeDelta::hours(24));
        let heard = Heard { present: Some(at(1)), absent: Some(at(5)), failure: Some((Reason::Timeout, at(6))), ..Heard::default() };
        assert_eq!(judge(heard, day, at(10)).state, KnowledgeState::Present);
        assert_eq!(judge(heard, day, at(26)).state, KnowledgeState::Failed);
        assert_eq!(judge(Heard { failure: None, ..heard }, day, at(26)).state, KnowledgeState::Stale);
        assert_eq!(judge(Heard { present: None, ..heard }, day, at(10)).state, KnowledgeState::DeclaredAbsent);
        assert_eq!(judge(Heard::default(), day, at(10)).state, KnowledgeState::NotAsked);
    }

    proptest! {
        #[test]
        fn nothing_heard_is_never_known(present in proptest::option::of(0i64..50), absent in proptest::option::of(0i64..50),
                                        failure in proptest::option::of(0i64..50), age in proptest::option::of(0i64..50), now in 50i64..200) {
            let heard = Heard { present: present.map(at), absent: absent.map(at), failure: failure.map(|f| (Reason::Html, at(f))), ..Heard::default() };
            let known = judge(heard, age.map(TimeDelta::hours), at(now)).state;
            if present.is_none() && absent.is_none() {
                prop_assert!(!known.is_known());
            }
            if known == KnowledgeState::Present {
                prop_assert!(present.is_some());
            }
        }
    }
}
