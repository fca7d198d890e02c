//! What is kept beside a verdict, so that the next reconciliation can take the person out of the figures again and need
//! not ask everybody else about them.

use super::tally::Knows;
use crate::domain::Nip;
use crate::domain::dossier::{Dossier, Peers};
use crate::domain::evidence::{Kind, Reason};
use crate::domain::verdict::KnowledgeState;
use crate::reconcile::Days;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The notes about one person. Most of them are empty for nearly everybody, and then not written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aside<'a> {
    /// A letter a kind that plays a part, in their order; then the failed ones' reasons.
    #[serde(rename = "k", default, skip_serializing_if = "str::is_empty")]
    knows: Cow<'a, str>,
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
    #[serde(rename = "d", default, skip_serializing_if = "str::is_empty")]
    days: Cow<'a, str>,
    #[serde(rename = "s", default, skip_serializing_if = "is_none")]
    subordinates: u32,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    same_account: Vec<Nip>,
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    majority_bank: Option<String>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    usual_bank: Option<String>,
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

/// One letter a state, in the order of [`KnowledgeState::ALL`].
const LETTERS: [char; 5] = ['p', 'a', 'n', 'f', 's'];

impl Aside<'_> {
    /// The notes about a person. `kinds` are those that play a part.
    pub fn of(dossier: &Dossier, kinds: &[Kind], days: &Days) -> Self {
        let (mut knows, mut reasons) = (String::new(), Vec::new());
        if !dossier.roster.is_empty() {
            for kind in kinds {
                let known = dossier.knowledge(*kind);
                knows.push(LETTERS[known.state as usize]);
                reasons.extend(known.reason);
            }
        }
        let Peers { same_account, majority_bank, usual_bank, subordinates, .. } = &dossier.peers;
        Self {
            knows: knows.into(),
            reasons,
            days: days.encode().into(),
            subordinates: *subordinates,
            same_account: same_account.clone(),
            majority_bank: majority_bank.clone(),
            usual_bank: usual_bank.clone(),
        }
    }

    /// As it is stored.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was known of each kind.
    pub fn knows(&self, kinds: &[Kind]) -> Vec<Knows> {
        let mut reasons = self.reasons.iter().copied();
        let known = |(letter, kind): (char, &Kind)| {
            let state = LETTERS.iter().zip(KnowledgeState::ALL).find(|(known, _)| **known == letter)?.1;
            let reason = if state == KnowledgeState::Failed { reasons.next() } else { None };
            Some(Knows { kind: *kind, state, reason })
        };
        self.knows.chars().zip(kinds).filter_map(known).collect()
    }

    /// What the days added to the unit's; `None` when they cannot be read.
    pub fn days(&self) -> Option<Days> {
        Days::decode(&self.days)
    }

    /// What others said about the person.
    pub fn peers(&self) -> Peers {
        Peers {
            same_account: self.same_account.clone(),
            majority_bank: self.majority_bank.clone(),
            usual_bank: self.usual_bank.clone(),
            subordinates: self.subordinates,
            ..Peers::default()
        }
    }
}

/// The notes as they were stored; `None` when they cannot be read.
pub fn decode(text: &str) -> Option<Aside<'_>> {
    serde_json::from_str(text).ok()
}

/// The unit of a person: that of the first roster row.
pub fn unit(dossier: &Dossier) -> String {
    dossier.roster.first().map(|row| row.value.kode_unit.clone()).unwrap_or_default()
}
