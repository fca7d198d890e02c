//! What is known and what is not, kind by kind. present + declared_absent + not_asked + failed + stale = heads in the
//! roster, always.

use crate::domain::dossier::Dossier;
use crate::domain::evidence::{Kind, Reason};
use crate::domain::nip::Nip;
use crate::domain::verdict::KnowledgeState;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// The count of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindTally {
    /// Kind.
    pub kind: Kind,
    /// Whether a verdict needs it.
    pub required: bool,
    /// People in the roster.
    pub heads: u64,
    /// By state, in the order of [`KnowledgeState::ALL`].
    pub states: [u64; 5],
    /// Failures by reason.
    pub reasons: BTreeMap<String, u64>,
}

/// One person for whom one kind is not present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Who.
    pub nip: Nip,
    /// Which kind.
    pub kind: Kind,
    /// What is known.
    pub state: KnowledgeState,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// When it was last confirmed or asked.
    pub at: Option<DateTime<Utc>>,
}

/// Completeness of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completeness {
    /// One line a kind.
    pub kinds: Vec<KindTally>,
    /// Sorted by NIP, then kind.
    pub gaps: Vec<Gap>,
}

impl Completeness {
    /// Nobody counted yet.
    pub fn new(kinds: impl Iterator<Item = Kind>, required: &[Kind]) -> Self {
        let tally = |kind| KindTally { kind, required: required.contains(&kind), heads: 0, states: [0; 5], reasons: BTreeMap::new() };
        Self { kinds: kinds.map(tally).collect(), gaps: Vec::new() }
    }

    /// Counts one person; people outside the roster stay outside.
    pub fn count(&mut self, dossier: &Dossier) {
        if dossier.roster.is_empty() {
            return;
        }
        for tally in &mut self.kinds {
            let known = dossier.knowledge(tally.kind);
            tally.heads += 1;
            tally.states[known.state as usize] += 1;
            if let Some(reason) = known.reason {
                *tally.reasons.entry(reason.key().to_owned()).or_default() += 1;
            }
            if known.state != KnowledgeState::Present {
                self.gaps.push(Gap { nip: dossier.nip, kind: tally.kind, state: known.state, reason: known.reason, at: known.at });
            }
        }
    }

    /// Adds what was counted elsewhere about other people, over the same kinds.
    pub fn absorb(&mut self, other: Self) {
        for (tally, more) in self.kinds.iter_mut().zip(other.kinds) {
            tally.heads += more.heads;
            tally.states.iter_mut().zip(more.states).for_each(|(count, more)| *count += more);
            for (reason, count) in more.reasons {
                *tally.reasons.entry(reason).or_default() += count;
            }
        }
        self.gaps.extend(other.gaps);
        self.gaps.sort_by_key(|gap| (gap.nip, gap.kind));
    }

    /// Whether every required kind is known for everybody.
    pub fn is_complete(&self) -> bool {
        self.kinds.iter().filter(|tally| tally.required).all(|tally| tally.states[2..].iter().all(|count| *count == 0))
    }
}
