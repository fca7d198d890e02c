//! The answer for one person and one period, and the way to it.

use super::evidence::Kind;
use super::finding::{Exhibit, Finding};
use super::nip::Nip;
use super::percent::Percent;
use super::predikat::Predikat;
use super::rupiah::Rupiah;
use serde::{Deserialize, Serialize};

/// The four answers; each person gets exactly one (contract §7). Unknown never becomes `layak`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everything required is known and nothing blocks.
    Layak,
    /// Something blocks.
    Tertahan,
    /// Some required evidence is neither present nor declared absent.
    BelumDiketahui,
    /// The policy gives nothing.
    TidakBerhak,
}

impl Standing {
    /// All four, in the order of the contract's JSON.
    pub const ALL: [Self; 4] = [Self::Layak, Self::Tertahan, Self::BelumDiketahui, Self::TidakBerhak];

    /// The key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Layak => "layak",
            Self::Tertahan => "tertahan",
            Self::BelumDiketahui => "belum_diketahui",
            Self::TidakBerhak => "tidak_berhak",
        }
    }
}

/// Gross, deduction and net in whole Rupiah; `deduction = gross - net` always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// Tariff of the class times the status multiplier.
    pub gross: Rupiah,
    /// Gross less net.
    pub deduction: Rupiah,
    /// What is paid out.
    pub net: Rupiah,
}

/// One rule that cut the allowance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DeductionLine {
    /// Band code, `absent`, `predikat:kurang`, `predikat_missing`, `discipline:<level>`, `leave:<kind>`.
    pub rule: String,
    /// On how many days; `None` where days do not matter.
    pub days: Option<u32>,
    /// Percent of its base, all days together.
    pub percent: Percent,
}

/// How well one kind of evidence is known for one person (contract §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnowledgeState {
    /// There is evidence, fresh enough.
    Present,
    /// A source that speaks for the person says that there is nothing.
    DeclaredAbsent,
    /// Nobody was asked.
    NotAsked,
    /// Asked without a usable answer.
    Failed,
    /// Older than its max age.
    Stale,
}

impl KnowledgeState {
    /// All states, in the order of the contract's JSON.
    pub const ALL: [Self; 5] = [Self::Present, Self::DeclaredAbsent, Self::NotAsked, Self::Failed, Self::Stale];

    /// The key in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::DeclaredAbsent => "declared_absent",
            Self::NotAsked => "not_asked",
            Self::Failed => "failed",
            Self::Stale => "stale",
        }
    }

    /// Whether the question is answered.
    pub fn is_known(self) -> bool {
        matches!(self, Self::Present | Self::DeclaredAbsent)
    }
}

/// A rule of the policy as a derivation cites it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleCitation {
    /// TOML path: `performance`, `deduction.band[late]`.
    pub path: String,
    /// Regulation and article, as the policy file cites it.
    pub source: String,
    /// `true`, `false` or `secondary`.
    pub verified: String,
}

/// One step from the tariff to the net.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the step does: a key of `calc.order`, or of its parts.
    pub name: String,
    /// What it takes and gives, in words of numbers: (`T`, `Rp4.595.150`).
    pub values: Vec<(String, String)>,
    /// Rules that it follows.
    pub rules: Vec<RuleCitation>,
    /// Evidence on which it rests.
    pub evidence: Vec<Exhibit>,
    /// Steps inside it.
    pub parts: Vec<Step>,
}

impl Step {
    /// A step without content.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), values: Vec::new(), rules: Vec::new(), evidence: Vec::new(), parts: Vec::new() }
    }

    /// The step of somebody who writes no derivation: it has no name and keeps nothing that is added.
    pub fn silent() -> Self {
        Self::new(String::new())
    }

    /// Whether nothing that is added is kept.
    pub fn is_silent(&self) -> bool {
        self.name.is_empty()
    }

    /// Adds a named value.
    pub fn value(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        if !self.is_silent() {
            self.values.push((name.into(), value.to_string()));
        }
        self
    }

    /// Adds a rule.
    pub fn rule(mut self, rule: RuleCitation) -> Self {
        if !self.is_silent() {
            self.rules.push(rule);
        }
        self
    }

    /// Adds evidence, which is asked for only where it is kept when it comes from a lazy iterator.
    pub fn evidence(mut self, exhibits: impl IntoIterator<Item = Exhibit>) -> Self {
        if !self.is_silent() {
            self.evidence.extend(exhibits);
        }
        self
    }

    /// Adds evidence that costs something to lay out.
    pub fn evidence_of<E: IntoIterator<Item = Exhibit>>(self, exhibits: impl FnOnce() -> E) -> Self {
        if self.is_silent() { self } else { self.evidence(exhibits()) }
    }

    /// Adds a step inside.
    pub fn part(mut self, part: Step) -> Self {
        if !self.is_silent() {
            self.parts.push(part);
        }
        self
    }
}

/// The answer for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Who.
    pub nip: Nip,
    /// Name: the roster's, else the payment file's, else BKN's.
    pub name: Option<String>,
    /// Unit code of the roster.
    pub unit: Option<String>,
    /// Unit name of the roster.
    pub unit_name: Option<String>,
    /// Class of the roster.
    pub kelas_jabatan: Option<i64>,
    /// Which of the four.
    pub standing: Standing,
    /// What the policy gives; `None` when it cannot be computed.
    pub expected: Option<Amounts>,
    /// What the payment file pays for this period.
    pub paid: Option<Amounts>,
    /// The predikat that decided.
    pub predikat: Option<Predikat>,
    /// What cut the allowance.
    pub deductions: Vec<DeductionLine>,
    /// What does not agree, sorted by code and subject.
    pub findings: Vec<Finding>,
    /// Required kinds that are not known; `roster` for people outside it.
    pub unknown: Vec<Kind>,
    /// Superior's NIP, for grouping by who must act.
    pub superior: Option<String>,
    /// From tariff to net.
    pub derivation: Vec<Step>,
    /// TOML paths of the rules that were used and are not verified.
    pub unverified_rules: Vec<String>,
}

impl Verdict {
    /// `paid.net - expected.net`; `None` unless both are known.
    pub fn difference(&self) -> Option<Rupiah> {
        Some(self.paid?.net - self.expected?.net)
    }

    /// Findings that a waiver excuses.
    pub fn waived(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.is_open())
    }
}
