//! What a run asks: the bulk questions first, then the people one by one.

use crate::domain::cycle::Cycle;
use crate::domain::evidence::Kind;
use crate::domain::nip::Nip;
use crate::domain::period::{Period, Span};
use crate::ekinerja::{Question, Surface};
use crate::store::NewItem;
use sha2::{Digest, Sha256};

/// What a run is wanted for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Work month.
    pub period: Period,
    /// Evaluation cycle that decides about it.
    pub cycle: Cycle,
    /// Surfaces to ask.
    pub surfaces: Vec<Surface>,
    /// Kinds to ask for, in order of importance (`[evidence] pull`).
    pub kinds: Vec<Kind>,
    /// Everybody in the roster, whatever the status; with whether it is a part-time PPPK.
    pub people: Vec<(Nip, bool)>,
    /// Only these people; empty: everybody, and the bulk questions.
    pub only: Vec<Nip>,
}

/// The questions of a run, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The questions.
    pub items: Vec<NewItem>,
    /// Hash of the questions: two runs of one plan share its items.
    pub sha: String,
}

impl Wanted {
    /// Under which span an answer is filed.
    fn span(&self, kind: Kind) -> Span {
        match kind {
            Kind::Evaluation => self.cycle.span(),
            Kind::Skp => Span::Year(self.period.year()),
            _ => Span::Standing,
        }
    }

    /// The stream to which an answer belongs.
    fn part(&self, kind: Kind) -> String {
        if kind.is_bulk() { format!("report:{}", self.span(kind)) } else { Surface::Siasn.key().to_owned() }
    }

    fn item(&self, kind: Kind, nip: Option<Nip>) -> NewItem {
        let surface = if kind.is_bulk() { Surface::Report } else { Surface::Siasn };
        NewItem { kind, surface: surface.key().to_owned(), part: self.part(kind), span: self.span(kind), nip }
    }

    /// The plan: bulk questions speak for everybody in one request; per person only what they do not hold.
    pub fn plan(&self) -> Plan {
        let mut items = Vec::new();
        let asked = |surface| self.surfaces.contains(&surface);
        let people: Vec<Nip> =
            self.people.iter().map(|(nip, _)| *nip).filter(|nip| self.only.is_empty() || self.only.contains(nip)).collect();
        for kind in self.kinds.iter().copied().filter(|kind| kind.is_bulk() && asked(Surface::Report)) {
            if self.only.is_empty() {
                items.push(self.item(kind, None));
            } else {
                items.extend(people.iter().map(|nip| self.item(kind, Some(*nip))));
            }
        }
        for kind in self.kinds.iter().copied().filter(|kind| kind.is_per_nip() && asked(Surface::Siasn)) {
            items.extend(people.iter().map(|nip| self.item(kind, Some(*nip))));
        }
        let mut hash = Sha256::new();
        for item in &items {
            hash.update(format!("{} {} {} {:?}\n", item.kind, item.part, item.span, item.nip.map(|nip| nip.to_string())));
        }
        let sha = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Plan { items, sha }
    }
}

/// The question behind an item.
pub fn question(kind: Kind, span: Span, nip: Option<Nip>, part_time: bool) -> Option<Question> {
    match (kind, span, nip) {
        (Kind::Evaluation, span, nip) => Some(Question::Evaluation { cycle: Cycle::of_span(span)?, nip }),
        (Kind::Skp, Span::Year(year), nip) => Some(Question::Skp { year, nip }),
        (kind, _, Some(nip)) if kind.is_per_nip() => Some(Question::Person { kind, nip, part_time }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted() -> Wanted {
        Wanted {
            period: "2026-10".parse().unwrap(),
            cycle: "2026-09".parse().unwrap(),
            surfaces: vec![Surface::Report, Surface::Siasn],
            kinds: vec![Kind::Evaluation, Kind::Skp, Kind::Identity],
            people: vec![(Nip::parse("198501012010011901").unwrap(), false), (Nip::parse("199202022023211902").unwrap(), true)],
            only: Vec::new(),
        }
    }

    #[test]
    fn bulk_first_then_everybody() {
        let plan = wanted().plan();
        assert_eq!(plan.items.len(), 4);
        assert!(plan.items[..2].iter().all(|item| item.nip.is_none() && item.surface == "report"));
        assert_eq!(plan.items[0].part, "report:2026-09");
        assert_eq!(plan.items[1].span, Span::Year(2026));
        assert!(plan.items[2..].iter().all(|item| item.surface == "siasn"));
    }

    #[test]
    fn one_person_is_asked_for_alone() {
        let mut wanted = wanted();
        let whole = wanted.plan().sha;
        wanted.only = vec![wanted.people[0].0];
        let plan = wanted.plan();
        assert_eq!(plan.items.len(), 3);
        assert!(plan.items.iter().all(|item| item.nip.is_some()));
        assert_ne!(plan.sha, whole);
        wanted.surfaces = vec![Surface::Report];
        assert_eq!(wanted.plan().items.len(), 2);
    }
}
