//! What a run asks: the bulk questions first, then of the people what is not known well enough: who is held up first,
//! then what was never answered, then what was answered longest ago.

use super::need::Known;
use super::need::Need;
use super::need::Why;
use crate::domain::cycle::Cycle;
use crate::domain::evidence::{Kind, REPORT_STREAM};
use crate::domain::nip::Nip;
use crate::domain::period::{Period, Span};
use crate::domain::text::hex;
use crate::ekinerja::{Question, Surface};
use crate::store::NewItem;
use chrono::DateTime;
use chrono::Utc;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

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
    /// Only these people, whatever is known of them; empty: everybody, and the bulk questions.
    pub only: Vec<Nip>,
    /// Somebody has named people or kinds: all others are not asked.
    pub about_some: bool,
    /// What is known already.
    pub known: Known,
}

/// The questions of a run, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The questions that are due.
    pub items: Vec<NewItem>,
    /// How many of each kind, and why; those too that are not due.
    pub needs: Vec<Need>,
    /// Hash of all that is wanted, due or not: two runs that want the same share one run's items, and what was answered
    /// meanwhile makes no other plan of it.
    pub sha: String,
}

impl Wanted {
    /// Under which span an answer is filed.
    pub fn span(&self, kind: Kind) -> Span {
        match kind {
            Kind::Evaluation => self.cycle.span(),
            Kind::Skp => Span::Year(self.period.year()),
            _ => Span::Standing,
        }
    }

    /// The stream to which an answer belongs.
    pub fn part(&self, kind: Kind) -> String {
        if kind.is_bulk() { format!("{REPORT_STREAM}{}", self.span(kind)) } else { Surface::Siasn.key().to_owned() }
    }

    fn item(&self, kind: Kind, nip: Option<Nip>) -> NewItem {
        let surface = if kind.is_bulk() { Surface::Report } else { Surface::Siasn };
        NewItem { kind, surface: surface.key().to_owned(), part: self.part(kind), span: self.span(kind), nip }
    }

    /// The plan: bulk questions speak for everybody in one request; per person only what they do not hold.
    pub fn plan(&self) -> Plan {
        let mut hash = Sha256::new();
        let mut needs: Vec<Need> = Vec::new();
        let mut due = Vec::new();
        for (place, item) in self.everything().into_iter().enumerate() {
            hash.update(format!("{} {} {} {:?}\n", item.kind, item.part, item.span, item.nip.map(|nip| nip.to_string())));
            let rank = self.rank(&item);
            note(&mut needs, &item, rank.as_ref().map(|rank| rank.why));
            if rank.as_ref().is_none_or(|rank| rank.why != Why::Fresh) {
                due.push((rank, place, item));
            }
        }
        // Bulk questions have no rank and stay in front; equal ranks stay in the order of kinds and people.
        due.sort_by(|(one, at, _), (other, and, _)| (one, at).cmp(&(other, and)));
        let sha = hex(&hash.finalize());
        Plan { items: due.into_iter().map(|(_, _, item)| item).collect(), needs, sha }
    }

    /// All that is wanted, known or not, in the order of kinds and people.
    fn everything(&self) -> Vec<NewItem> {
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
        items
    }

    /// Where a question about one person stands; `None`: it is about everybody.
    fn rank(&self, item: &NewItem) -> Option<Rank> {
        let nip = item.nip?;
        let (mut why, answered) = self.known.why(item.kind, nip);
        if why == Why::Fresh && !self.only.is_empty() {
            // Who is asked about by name is asked about now.
            why = Why::Stale;
        }
        Some(Rank { waits: !self.known.urgent.contains(&nip), known: why == Why::Stale, answered, why })
    }
}

/// The order of questions about people.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Nobody is held up.
    waits: bool,
    /// There is an answer, if an old one.
    known: bool,
    /// When that was.
    answered: Option<DateTime<Utc>>,
    why: Why,
}

fn note(needs: &mut Vec<Need>, item: &NewItem, why: Option<Why>) {
    let surface = if item.kind.is_bulk() { Surface::Report } else { Surface::Siasn };
    let at = needs.iter().position(|need| need.kind == item.kind).unwrap_or_else(|| {
        needs.push(Need { surface, kind: item.kind, bulk: 0, people: BTreeMap::new() });
        needs.len() - 1
    });
    match why {
        None => needs[at].bulk += 1,
        Some(why) => *needs[at].people.entry(why).or_default() += 1,
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
    use crate::store::Check;

    fn wanted() -> Wanted {
        Wanted {
            period: "2026-10".parse().unwrap(),
            cycle: "2026-09".parse().unwrap(),
            surfaces: vec![Surface::Report, Surface::Siasn],
            kinds: vec![Kind::Evaluation, Kind::Skp, Kind::Identity],
            people: vec![(Nip::parse("198501012010011901").unwrap(), false), (Nip::parse("199202022023211902").unwrap(), true)],
            only: Vec::new(),
            about_some: false,
            known: Known::default(),
        }
    }

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hours * 3_600, 0).unwrap()
    }

    /// Ten people of whom the first three were answered at these hours, the fourth badly.
    fn known() -> (Wanted, Vec<Nip>) {
        let mut wanted = wanted();
        let nips: Vec<Nip> = (0..10).map(|n| Nip::parse(&format!("19850101201001190{n}")).unwrap()).collect();
        wanted.people = nips.iter().map(|nip| (*nip, false)).collect();
        wanted.known.now = at(100);
        wanted.known.fresh_for = BTreeMap::from([(Kind::Identity, std::time::Duration::from_secs(24 * 3_600))]);
        for (nip, good, last) in [(0, Some(80), 80), (1, Some(76), 76), (2, Some(60), 60), (3, Some(90), 95), (4, None, 95)] {
            let check = Check { good: good.map(at), last: at(last) };
            wanted.known.checks.insert((Kind::Identity, nips[nip]), check);
        }
        (wanted, nips)
    }

    fn asked(plan: &Plan, nips: &[Nip]) -> Vec<usize> {
        plan.items.iter().filter_map(|item| nips.iter().position(|nip| Some(*nip) == item.nip)).collect()
    }

    #[test]
    fn what_is_fresh_is_deferred_and_the_rest_comes_in_order_of_need() {
        let (mut wanted, nips) = known();
        let plan = wanted.plan();
        assert_eq!(asked(&plan, &nips), [5, 6, 7, 8, 9, 4, 3, 2, 1], "never asked, then badly answered, then the stalest");
        assert_eq!(plan.items.len(), 2 + 9, "bulk questions are always asked");
        let need = plan.needs.iter().find(|need| need.kind == Kind::Identity).unwrap();
        let counts = [Why::Never, Why::Failed, Why::Stale, Why::Fresh].map(|why| need.of(why));
        assert_eq!((counts, need.due()), ([5, 2, 2, 1], 9));
        wanted.known.urgent = [nips[1], nips[0], nips[8]].into();
        assert_eq!(asked(&wanted.plan(), &nips), [8, 1, 5, 6, 7, 9, 4, 3, 2], "who is held up first; what is fresh not even then");
    }

    #[test]
    fn who_is_named_is_asked_about() {
        let (mut wanted, nips) = known();
        wanted.only = vec![nips[0]];
        wanted.surfaces = vec![Surface::Siasn];
        assert_eq!(asked(&wanted.plan(), &nips), [0]);
    }

    /// What a run has answered must not make another plan of what is left.
    #[test]
    fn the_hash_is_of_what_is_wanted() {
        let (known, _) = known();
        let unknown = Wanted { known: Known::default(), ..known.clone() };
        assert_eq!(known.plan().sha, unknown.plan().sha);
        assert_ne!(known.plan().items.len(), unknown.plan().items.len());
        assert_eq!(unknown.plan().items.len(), 12, "nobody is dropped");
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
