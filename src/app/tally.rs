//! The figures of a period that are added up over its people: one person can be taken out and put in again.

use crate::domain::dossier::Dossier;
use crate::domain::evidence::{Kind, Reason};
use crate::domain::verdict::KnowledgeState;
use crate::domain::{Code, Finding, Rupiah, Verdict};
use crate::export::{CodeCount, Completeness, KindCompleteness, OfSubject, Totals, by_code, join_codes, place};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How well one kind is known for a person in the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knows {
    /// Kind.
    pub kind: Kind,
    /// How well.
    pub state: KnowledgeState,
    /// Why it failed.
    pub reason: Option<Reason>,
}

impl Knows {
    /// How well these kinds are known for a person; nothing of whoever is outside the roster.
    pub fn of(dossier: &Dossier, kinds: &[Kind]) -> Vec<Self> {
        let known = |kind: &Kind| {
            let known = dossier.knowledge(*kind);
            Self { kind: *kind, state: known.state, reason: known.reason }
        };
        if dossier.roster.is_empty() { Vec::new() } else { kinds.iter().map(known).collect() }
    }
}

/// The figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// People.
    pub people: u64,
    heads: [u64; 4],
    rupiah: [i64; 4],
    /// People by rule that was used and is not verified.
    rules: BTreeMap<String, u64>,
    codes: BTreeMap<Code, OfCode>,
    /// Findings that a waiver excuses; they count nowhere else.
    #[serde(default)]
    waived: u64,
    /// The same about whole files.
    #[serde(default)]
    waived_of_files: u64,
    kinds: BTreeMap<Kind, OfKind>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OfCode {
    findings: u64,
    heads: u64,
    rupiah: i64,
    /// Findings by severity, the gravest first.
    severities: [u64; 3],
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OfKind {
    heads: u64,
    states: [u64; 5],
    reasons: BTreeMap<Reason, u64>,
}

/// In or out.
#[derive(Clone, Copy)]
enum Way {
    In,
    Out,
}

impl Way {
    fn count(self, count: &mut u64) {
        self.add(count, 1);
    }

    fn add(self, count: &mut u64, more: u64) {
        *count = match self {
            Self::In => *count + more,
            Self::Out => count.saturating_sub(more),
        };
    }

    fn sum(self, sum: &mut i64, amount: Rupiah) {
        *sum = match self {
            Self::In => *sum + amount.0,
            Self::Out => *sum - amount.0,
        };
    }

    fn count_in<K: Ord + Clone>(self, counts: &mut BTreeMap<K, u64>, key: &K) {
        match counts.get_mut(key) {
            Some(count) => self.count(count),
            None => self.count(counts.entry(key.clone()).or_default()),
        }
        if matches!(self, Self::Out) && counts.get(key) == Some(&0) {
            counts.remove(key);
        }
    }
}

impl Tally {
    /// Puts a person in; `knows` is empty for whoever is outside the roster.
    pub fn put(&mut self, verdict: &Verdict, knows: &[Knows]) {
        self.turn(Way::In, verdict, knows);
    }

    /// Notes the findings about whole files that are there now.
    pub fn note_files(&mut self, of_files: &[Finding]) {
        self.waived_of_files = of_files.iter().filter(|finding| !finding.is_open()).count() as u64;
    }

    /// Takes a person out who was put in with the same.
    pub fn take(&mut self, verdict: &Verdict, knows: &[Knows]) {
        self.turn(Way::Out, verdict, knows);
    }

    fn turn(&mut self, way: Way, verdict: &Verdict, knows: &[Knows]) {
        way.count(&mut self.people);
        let at = place(verdict.standing);
        way.count(&mut self.heads[at]);
        way.sum(&mut self.rupiah[at], verdict.expected.map_or(Rupiah::ZERO, |amounts| amounts.net));
        for rule in &verdict.unverified_rules {
            way.count_in(&mut self.rules, rule);
        }
        verdict.waived().for_each(|_| way.count(&mut self.waived));
        for (code, person) in by_code(verdict.findings.iter().filter(|finding| finding.is_open())) {
            let of = self.codes.entry(code).or_default();
            way.add(&mut of.findings, person.findings);
            for (count, more) in of.severities.iter_mut().zip(person.severities) {
                way.add(count, more);
            }
            way.count(&mut of.heads);
            way.sum(&mut of.rupiah, person.rupiah);
            if of.findings == 0 {
                self.codes.remove(&code);
            }
        }
        for known in knows {
            let of = self.kinds.entry(known.kind).or_default();
            way.count(&mut of.heads);
            way.count(&mut of.states[known.state as usize]);
            if let Some(reason) = known.reason {
                way.count_in(&mut of.reasons, &reason);
            }
            if of.heads == 0 {
                self.kinds.remove(&known.kind);
            }
        }
    }

    /// Kinds of which somebody was counted.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.keys().copied()
    }

    /// By verdict.
    pub fn totals(&self) -> Totals {
        Totals { heads: self.heads, rupiah: self.rupiah.map(Rupiah) }
    }

    /// Findings that a waiver excuses.
    pub fn waived(&self) -> u64 {
        self.waived + self.waived_of_files
    }

    /// Rules that were used and are not verified.
    pub fn unverified_rules(&self) -> Vec<String> {
        self.rules.keys().cloned().collect()
    }

    /// Open findings by code: of people, and these of whole files.
    pub fn codes(&self, of_files: &[Finding]) -> Vec<CodeCount> {
        let count = |(code, of): (&Code, &OfCode)| {
            let sums = OfSubject { findings: of.findings, severities: of.severities, rupiah: Rupiah(of.rupiah) };
            (*code, CodeCount::new(*code, of.heads, sums))
        };
        let mut counts: BTreeMap<Code, CodeCount> = self.codes.iter().map(count).collect();
        join_codes(&mut counts, 0, by_code(of_files.iter().filter(|finding| finding.is_open())));
        counts.into_values().collect()
    }

    /// What is known of these kinds.
    pub fn completeness(&self, kinds: impl Iterator<Item = Kind>, required: &[Kind]) -> Completeness {
        let line = |kind| {
            let nobody = OfKind::default();
            let of = self.kinds.get(&kind).unwrap_or(&nobody);
            let [present, declared_absent, not_asked, failed, stale] = of.states;
            let reasons = of.reasons.iter().map(|(reason, count)| (reason.key().to_owned(), *count)).collect();
            let required = required.contains(&kind);
            KindCompleteness { kind, required, heads: of.heads, present, declared_absent, not_asked, failed, stale, reasons }
        };
        Completeness { kinds: kinds.map(line).collect(), rows: Vec::new() }
    }
}
