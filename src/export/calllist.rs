//! Whom to call: the open findings that hold payments, grouped by who can make them go away, by unit and by cause.
//!
//! A person's Rupiah count once in a group, however many findings hold the person. Two groups of one grouping may hold
//! the same person; what a group frees *alone* is counted beside it.

use super::document::{FindingRow, InCharge, Report};
use crate::domain::finding::{Code, Owner, Severity};
use crate::domain::nip::Nip;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::{Standing, Verdict};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What groups are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    /// Whoever must act.
    Actor,
    /// The held people's unit.
    Unit,
    /// The code of the finding.
    Cause,
}

impl By {
    pub(super) const ALL: [Self; 3] = [Self::Actor, Self::Unit, Self::Cause];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Unit => "unit",
            Self::Cause => "cause",
        }
    }
}

/// Who or what a group is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who<'a> {
    /// One assessor.
    Assessor(Nip),
    /// The unknown assessors of a unit.
    Assessors(Option<&'a str>),
    /// The employees of a unit, each for himself.
    Employees(Option<&'a str>),
    /// An office.
    Office(Owner),
    /// A unit.
    Unit(Option<&'a str>),
    /// A cause.
    Cause(Code),
}

impl Who<'_> {
    pub(super) fn by(&self) -> By {
        match self {
            Self::Assessor(_) | Self::Assessors(_) | Self::Employees(_) | Self::Office(_) => By::Actor,
            Self::Unit(_) => By::Unit,
            Self::Cause(_) => By::Cause,
        }
    }

    /// `assessor:1985…`, `assessor:unit:1001`, `employee:unit:1001`, `hr`; the unit's code; the finding's code.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Assessor(nip) => format!("assessor:{nip}"),
            Self::Assessors(unit) => format!("assessor:unit:{}", unit.unwrap_or_default()),
            Self::Employees(unit) => format!("employee:unit:{}", unit.unwrap_or_default()),
            Self::Office(owner) => owner.key().to_owned(),
            Self::Unit(unit) => unit.unwrap_or_default().to_owned(),
            Self::Cause(code) => code.code().to_owned(),
        }
    }

    /// Who owns the findings; `None` for a unit, whose findings have several owners.
    pub(super) fn owner(&self) -> Option<Owner> {
        match self {
            Self::Assessor(_) | Self::Assessors(_) => Some(Owner::Assessor),
            Self::Employees(_) => Some(Owner::Employee),
            Self::Office(owner) => Some(*owner),
            Self::Unit(_) => None,
            Self::Cause(code) => Some(code.owner()),
        }
    }

    /// The NIP to call.
    pub(super) fn nip(&self) -> Option<Nip> {
        if let Self::Assessor(nip) = self { Some(*nip) } else { None }
    }

    /// The unit that it is about.
    pub(super) fn unit(&self) -> Option<&str> {
        match self {
            Self::Assessors(unit) | Self::Employees(unit) | Self::Unit(unit) => *unit,
            _ => None,
        }
    }
}

/// One held person of a group.
#[derive(Debug, Clone)]
pub(super) struct Held<'a> {
    /// The person.
    pub(super) verdict: &'a Verdict,
    /// Expected net; 0 when it cannot be computed.
    pub(super) rupiah: Rupiah,
    /// What holds the person within this group.
    pub(super) codes: BTreeSet<Code>,
    /// Who works on that, and the first day until which some of it should be settled.
    pub(super) charge: InCharge,
}

/// One group.
#[derive(Debug, Clone)]
pub(super) struct Call<'a> {
    /// Who or what.
    pub(super) who: Who<'a>,
    /// Name of the assessor or of the unit, where a verdict knows it.
    pub(super) name: Option<&'a str>,
    /// The assessor's own unit.
    pub(super) at: Option<&'a str>,
    /// Held people: most Rupiah first, then by NIP.
    pub(super) people: Vec<Held<'a>>,
    /// Their Rupiah.
    pub(super) rupiah: Rupiah,
    /// Heads and Rupiah of those whom nobody else of this grouping holds.
    pub(super) alone: (u64, Rupiah),
    /// Open findings, those about whole files too.
    pub(super) findings: u64,
    /// Codes with the people whom they hold; 0 for a finding about a whole file.
    pub(super) codes: BTreeMap<Code, u64>,
}

impl Call<'_> {
    pub(super) fn heads(&self) -> u64 {
        self.people.len() as u64
    }

    /// Codes, most people first.
    pub(super) fn causes(&self) -> Vec<(Code, u64)> {
        let mut causes: Vec<_> = self.codes.iter().map(|(code, heads)| (*code, *heads)).collect();
        causes.sort_by(|one, other| (other.1, one.0.code()).cmp(&(one.1, other.0.code())));
        causes
    }
}

/// The call list of a period.
#[derive(Debug)]
pub(super) struct Calllist<'a> {
    /// By actor, unit and cause; in each the most Rupiah first, then heads, then key.
    pub(super) calls: Vec<Call<'a>>,
    /// People held or unknown.
    pub(super) heads: u64,
    /// Their Rupiah.
    pub(super) rupiah: Rupiah,
}

impl<'a> Calllist<'a> {
    pub(super) fn of(report: &Report<'a>) -> Self {
        let people: BTreeMap<Nip, &'a Verdict> = report.verdicts.iter().map(|verdict| (verdict.nip, verdict)).collect();
        let mut groups = Groups { people: &people, of: BTreeMap::new() };
        let mut waiting: BTreeSet<Nip> = report.verdicts.iter().filter(|verdict| waits(verdict)).map(|verdict| verdict.nip).collect();
        let (heads, rupiah) = (waiting.len() as u64, waiting.iter().filter_map(|nip| people.get(nip)).map(|verdict| net(verdict)).sum());
        for row in report.findings.iter().filter(|row| row.status.is_open()) {
            match row.finding.nip {
                None if row.finding.severity == Severity::Block => groups.file(row),
                None => {}
                Some(nip) => {
                    if let Some(verdict) = people.get(&nip).filter(|verdict| holds(row, verdict)) {
                        waiting.remove(&nip);
                        groups.finding(verdict, row);
                    }
                }
            }
        }
        // Nobody who waits is forgotten, whatever the findings say.
        waiting.iter().filter_map(|nip| people.get(nip)).for_each(|verdict| groups.unexplained(verdict));
        Self { calls: groups.calls(), heads, rupiah }
    }

    /// The groups of one grouping.
    pub(super) fn by(&self, by: By) -> impl Iterator<Item = &Call<'a>> {
        self.calls.iter().filter(move |call| call.who.by() == by)
    }
}

/// Whether somebody's payment waits.
fn waits(verdict: &Verdict) -> bool {
    matches!(verdict.standing, Standing::Tertahan | Standing::BelumDiketahui)
}

fn net(verdict: &Verdict) -> Rupiah {
    verdict.expected.map_or(Rupiah::ZERO, |amounts| amounts.net)
}

/// Whether a finding keeps a waiting person from being paid: one that blocks, or the reason for which something is not
/// known.
fn holds(row: &FindingRow, verdict: &Verdict) -> bool {
    let missing = matches!(row.finding.code, Code::Sr01 | Code::Sr02 | Code::Sr03 | Code::Ro04) && !verdict.unknown.is_empty();
    waits(verdict) && (row.finding.severity == Severity::Block || missing)
}

/// What holds one person within a group.
#[derive(Default)]
struct Holding {
    codes: BTreeSet<Code>,
    names: BTreeSet<String>,
    until: Option<NaiveDate>,
}

impl Holding {
    fn note(&mut self, row: &FindingRow) {
        self.codes.insert(row.finding.code);
        self.names.extend(Some(row.charge.name.clone()).filter(|name| !name.is_empty()));
        self.until = self.until.into_iter().chain(row.charge.until).min();
    }

    fn charge(&self) -> InCharge {
        InCharge { name: self.names.iter().map(String::as_str).collect::<Vec<_>>().join(", "), until: self.until }
    }
}

#[derive(Default)]
struct Group {
    people: BTreeMap<Nip, Holding>,
    findings: u64,
    codes: BTreeSet<Code>,
}

struct Groups<'p, 'a> {
    people: &'p BTreeMap<Nip, &'a Verdict>,
    of: BTreeMap<Who<'a>, Group>,
}

impl<'a> Groups<'_, 'a> {
    fn finding(&mut self, verdict: &'a Verdict, row: &FindingRow) {
        let code = row.finding.code;
        for who in [actor(verdict, code), Who::Unit(verdict.unit.as_deref()), Who::Cause(code)] {
            let group = self.of.entry(who).or_default();
            group.findings += 1;
            group.codes.insert(code);
            group.people.entry(verdict.nip).or_default().note(row);
        }
    }

    /// A finding about a whole file: nobody is held, but the period cannot be closed.
    fn file(&mut self, row: &FindingRow) {
        let code = row.finding.code;
        for who in [Who::Office(code.owner()), Who::Cause(code)] {
            let group = self.of.entry(who).or_default();
            group.findings += 1;
            group.codes.insert(code);
        }
    }

    fn unexplained(&mut self, verdict: &'a Verdict) {
        for who in [Who::Office(Owner::Sysadmin), Who::Unit(verdict.unit.as_deref())] {
            self.of.entry(who).or_default().people.entry(verdict.nip).or_default();
        }
    }

    fn calls(self) -> Vec<Call<'a>> {
        let mut holders: BTreeMap<(By, Nip), u64> = BTreeMap::new();
        for (who, group) in &self.of {
            for nip in group.people.keys() {
                *holders.entry((who.by(), *nip)).or_default() += 1;
            }
        }
        let mut calls: Vec<_> = self.of.into_iter().map(|(who, group)| call(who, group, self.people, &holders)).collect();
        calls.sort_by_cached_key(|call| (call.who.by(), std::cmp::Reverse((call.rupiah, call.heads(), call.findings)), call.who.key()));
        calls
    }
}

fn call<'a>(who: Who<'a>, group: Group, known: &BTreeMap<Nip, &'a Verdict>, holders: &BTreeMap<(By, Nip), u64>) -> Call<'a> {
    let mut codes: BTreeMap<Code, u64> = group.codes.into_iter().map(|code| (code, 0)).collect();
    for code in group.people.values().flat_map(|holding| &holding.codes) {
        *codes.entry(*code).or_default() += 1;
    }
    let held = |(nip, holding): (Nip, Holding)| {
        let charge = holding.charge();
        known.get(&nip).map(|verdict| Held { verdict, rupiah: net(verdict), codes: holding.codes, charge })
    };
    let mut people: Vec<Held<'a>> = group.people.into_iter().filter_map(held).collect();
    people.sort_by_key(|held| (std::cmp::Reverse(held.rupiah), held.verdict.nip));
    let by = who.by();
    let only = people.iter().filter(|held| holders.get(&(by, held.verdict.nip)) == Some(&1));
    let alone = only.fold((0, Rupiah::ZERO), |(heads, rupiah), held| (heads + 1, rupiah + held.rupiah));
    let assessor = who.nip().and_then(|nip| known.get(&nip));
    let name = match who {
        Who::Assessor(_) => assessor.and_then(|verdict| verdict.name.as_deref()),
        Who::Assessors(_) | Who::Employees(_) | Who::Unit(_) => people.iter().find_map(|held| held.verdict.unit_name.as_deref()),
        Who::Office(_) | Who::Cause(_) => None,
    };
    let at = assessor.and_then(|verdict| verdict.unit_name.as_deref().or(verdict.unit.as_deref()));
    let rupiah = people.iter().map(|held| held.rupiah).sum();
    Call { who, name, at, rupiah, alone, findings: group.findings, codes, people }
}

/// Who can make a finding about a person go away.
fn actor<'a>(verdict: &'a Verdict, code: Code) -> Who<'a> {
    let unit = verdict.unit.as_deref();
    match code.owner() {
        Owner::Assessor => match verdict.superior.as_deref().and_then(|text| Nip::parse(text).ok()) {
            Some(nip) => Who::Assessor(nip),
            None => Who::Assessors(unit),
        },
        Owner::Employee => Who::Employees(unit),
        office => Who::Office(office),
    }
}
