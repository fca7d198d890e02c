//! The sheet on which one person's month is worked out: cuts, findings, steps and the rules that were used.

use super::amount::{Cuts, Terms, amounts};
use crate::domain::dossier::Dossier;
use crate::domain::finding::{Code, Exhibit, Severity};
use crate::domain::percent::Percent;
use crate::domain::predikat::Predikat;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::{Amounts, DeductionLine, RuleCitation, Step};
use crate::policy::{Base, Cited, Policy};
use std::any::TypeId;
use std::collections::BTreeSet;

/// A finding before its severity and its Rupiah are known.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Code.
    pub code: Code,
    /// Day, SKP id, file, kind, or empty.
    pub subject: String,
    /// Severity that a rule sets by itself (PR01 follows `performance.missing`); the policy's table still wins.
    pub severity: Option<Severity>,
    /// What differs, where it is not the difference between paid and expected.
    pub at_risk: Option<Rupiah>,
    /// Values for the sentence.
    pub params: Vec<(String, String)>,
    /// Both sides.
    pub evidence: Vec<Exhibit>,
}

impl Draft {
    /// A finding about the person as such.
    pub fn new(code: Code) -> Self {
        Self { code, subject: String::new(), severity: None, at_risk: None, params: Vec::new(), evidence: Vec::new() }
    }

    /// About a day, an SKP, a file, a kind.
    pub fn about(mut self, subject: impl ToString) -> Self {
        self.subject = subject.to_string();
        self
    }

    /// With a severity of the rule's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With a difference of its own.
    pub fn at_risk(mut self, amount: Rupiah) -> Self {
        self.at_risk = Some(amount.abs());
        self
    }

    /// With a value for the sentence.
    pub fn param(mut self, name: &str, value: impl ToString) -> Self {
        self.params.push((name.to_owned(), value.to_string()));
        self
    }

    /// With evidence.
    pub fn shows(mut self, exhibits: impl IntoIterator<Item = Exhibit>) -> Self {
        self.evidence.extend(exhibits);
        self
    }
}

/// The working state of one evaluation.
#[derive(Debug)]
pub struct Worksheet<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// The evidence.
    pub dossier: &'a Dossier,
    /// What was found.
    pub drafts: Vec<Draft>,
    /// From tariff to net.
    pub steps: Vec<Step>,
    /// What was cut, for the row.
    pub lines: Vec<DeductionLine>,
    /// What was cut, for the arithmetic.
    pub cuts: Cuts,
    /// p of the weighted model.
    pub performance_paid: Percent,
    /// What the predikat, or its lack, cut of `performance.base`.
    pub performance_cut: Percent,
    /// T.
    pub tariff: Option<Rupiah>,
    /// The class whose tariff counts.
    pub class: Option<i64>,
    /// m.
    pub multiplier: Percent,
    /// The predikat that decided.
    pub predikat: Option<Predikat>,
    /// Cut by punishments in force, and of what.
    pub punishment: Percent,
    /// Whether money can be computed.
    pub computable: bool,
    /// Whether the derivation is written.
    explains: bool,
    used: BTreeSet<(String, String)>,
    /// Rules that are in `used`, by type and place: the first field of a block stands where the block does.
    seen: Vec<(TypeId, usize)>,
}

impl<'a> Worksheet<'a> {
    /// An empty sheet, on which the derivation is written or not.
    pub fn new(policy: &'a Policy, dossier: &'a Dossier, explains: bool) -> Self {
        Self {
            policy,
            dossier,
            drafts: Vec::new(),
            steps: Vec::new(),
            lines: Vec::new(),
            cuts: Cuts::default(),
            performance_paid: Percent::HUNDRED,
            performance_cut: Percent::ZERO,
            tariff: None,
            class: None,
            multiplier: Percent::HUNDRED,
            predikat: None,
            punishment: Percent::ZERO,
            computable: true,
            explains,
            used: BTreeSet::new(),
            seen: Vec::new(),
        }
    }

    /// Notes a finding.
    pub fn find(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    /// Notes a finding after which money cannot be computed.
    pub fn find_blocking_amount(&mut self, draft: Draft) {
        self.computable = false;
        self.drafts.push(draft);
    }

    /// Whether a code was found.
    pub fn has(&self, code: Code) -> bool {
        self.drafts.iter().any(|draft| draft.code == code)
    }

    /// Takes back all findings of a code (the specific silences the general).
    pub fn silence(&mut self, code: Code) {
        self.drafts.retain(|draft| draft.code != code);
    }

    /// A step of the derivation; silent when none is written.
    pub fn step(&self, name: &str) -> Step {
        if self.explains { Step::new(name) } else { Step::silent() }
    }

    /// Puts a step into the derivation.
    pub fn explain(&mut self, step: Step) {
        if !step.is_silent() {
            self.steps.push(step);
        }
    }

    /// Cites a rule and remembers that it was used. Without a derivation the citation is empty, and a rule is spelled
    /// out once a person at most.
    pub fn cite<C: Cited>(&mut self, rule: &C) -> RuleCitation {
        if self.explains {
            return self.cite_as(rule.cited());
        }
        let mark = (TypeId::of::<C>(), std::ptr::from_ref(rule).addr());
        if rule.is_unverified() && !self.seen.contains(&mark) {
            self.seen.push(mark);
            self.cite_as(rule.cited());
        }
        RuleCitation { path: String::new(), source: String::new(), verified: String::new() }
    }

    /// The same of a citation that has been spelled out.
    pub fn cite_as(&mut self, citation: RuleCitation) -> RuleCitation {
        if citation.verified == "false" {
            self.used.insert((citation.path.clone(), citation.source.clone()));
        }
        citation
    }

    /// Cuts a percent of a base under a rule name; the same rule on several days becomes one line.
    pub fn cut(&mut self, rule: &str, base: Base, percent: Percent, days: Option<u32>) {
        self.cuts.add(base, percent);
        match self.lines.iter_mut().find(|line| line.rule == rule) {
            Some(line) => {
                line.percent += percent;
                line.days = match (line.days, days) {
                    (Some(known), Some(more)) => Some(known + more),
                    (known, more) => known.or(more),
                };
            }
            None => self.lines.push(DeductionLine { rule: rule.to_owned(), days, percent }),
        }
    }

    /// Cuts the part of a percent that `days` of `workdays` come to; the line shows it cut to a millionth.
    pub fn cut_share(&mut self, rule: &str, base: Base, percent: Percent, days: u32, workdays: u32) {
        self.cuts.add_share(base, percent, days, workdays);
        let shown = Percent::from_parts(percent.times(i64::from(days)).parts() / i64::from(workdays.max(1)));
        self.lines.push(DeductionLine { rule: rule.to_owned(), days: Some(days), percent: shown });
    }

    /// The terms as worked out so far, when there is a tariff.
    pub fn terms(&self) -> Option<Terms> {
        Some(Terms { tariff: self.tariff?, multiplier: self.multiplier, performance_paid: self.performance_paid, cuts: self.cuts })
    }

    /// Gross, deduction and net for these terms.
    pub fn amounts(&self, terms: &Terms) -> Amounts {
        amounts(&self.policy.file.components, &self.policy.file.calc, terms)
    }

    /// What the policy gives; `None` when it cannot be computed.
    pub fn expected(&self) -> Option<Amounts> {
        let terms = self.terms().filter(|_| self.computable)?;
        Some(self.amounts(&terms))
    }

    /// TOML paths of used rules that are not verified.
    pub fn unverified(&self) -> Vec<String> {
        let mut paths: Vec<String> = self.used.iter().map(|(path, _)| path.clone()).collect();
        paths.dedup();
        paths
    }
}
