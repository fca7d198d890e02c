//! Evaluations beside the one that decides: those of neighbouring cycles (PR09, PR11, PR13), and those that stood when
//! the payment file was received (PR08).

use super::assemble::{Basis, form_rank, take};
use super::rules::predikat::deciding;
use crate::domain::cycle::Cycle;
use crate::domain::dossier::{Dossier, Origin, Row};
use crate::domain::ekinerja::EvaluationRow;
use crate::domain::evidence::{Body, Evidence, Failure, Kind, Scope, Source};
use crate::domain::nip::Nip;
use crate::domain::period::Span;
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Evaluations as they were known when each payment file was received: by part of the file, then by person. Only
/// those about whom something newer has come since.
pub type WhenPaid = HashMap<String, HashMap<Nip, Vec<Evidence>>>;

impl Basis<'_> {
    /// Evaluation cycles beside the deciding one at which the rules look: the one that a shorter lag would take, and
    /// as many earlier ones as `performance.missing` counts, at least one.
    pub fn neighbouring_cycles(&self) -> Vec<Cycle> {
        let performance = &self.policy.file.performance;
        let cycle = self.policy.evaluation_cycle(self.period);
        let back = performance.missing.consecutive_months.unwrap_or(2).max(2) as i32 - 1;
        let later = (performance.lag > 0).then(|| cycle.offset(1));
        later.into_iter().chain((1..=back).map(|back| cycle.offset(-back))).collect()
    }

    /// Whether evidence is an evaluation of a neighbouring cycle.
    pub fn is_neighbour(&self, evidence: &Evidence) -> bool {
        evidence.statement.kind == Kind::Evaluation && evidence.statement.span != self.span(Kind::Evaluation)
    }
}

/// What is known about the neighbouring cycles as such.
#[derive(Debug, Default)]
pub struct Cycles {
    /// For which a source speaks for everybody.
    whole: BTreeSet<Cycle>,
    /// People whose row of a cycle came broken: they are unknown, not absent.
    broken: HashSet<(Cycle, Nip)>,
    when_paid: WhenPaid,
}

impl Cycles {
    /// From all sources and failures of the store.
    pub fn new(basis: &Basis<'_>, sources: &[Source], failures: &[Failure]) -> Self {
        let cycles = basis.neighbouring_cycles();
        let cycle = |kind: Kind, span: Span| Cycle::of_span(span).filter(|cycle| kind == Kind::Evaluation && cycles.contains(cycle));
        let whole = sources.iter().filter(|source| source.scope == Scope::Everybody);
        Self {
            whole: whole.filter_map(|source| cycle(source.kind, source.span)).collect(),
            broken: failures.iter().filter_map(|failure| Some((cycle(failure.kind, failure.span)?, failure.nip?))).collect(),
            when_paid: WhenPaid::new(),
        }
    }

    /// The cycles for which a source speaks for everybody.
    pub fn whole(&self) -> &BTreeSet<Cycle> {
        &self.whole
    }

    /// With what was known when the payment files were received.
    pub fn when_paid(&mut self, when_paid: WhenPaid) {
        self.when_paid = when_paid;
    }

    /// Files the evaluations of neighbouring cycles, of each the newest source's, and calls `used` for each.
    pub fn file(&self, mut evidence: Vec<Evidence>, dossier: &mut Dossier, mut used: impl FnMut(&Origin, &str)) {
        newest_first(&mut evidence, |item| item.checked_at);
        for item in evidence {
            let Some(cycle) = Cycle::of_span(item.statement.span) else { continue };
            if dossier.evaluations_by_cycle.contains_key(&cycle) {
                continue;
            }
            let sha256 = Arc::clone(&item.sha256);
            if let Some((rows, origin)) = rows_of(item) {
                used(&origin, &sha256);
                dossier.evaluations_by_cycle.insert(cycle, rows);
            }
        }
        let named = |cycle: &Cycle| dossier.evaluations_by_cycle.contains_key(cycle) || self.broken.contains(&(*cycle, dossier.nip));
        dossier.silent_cycles = self.whole.iter().filter(|cycle| !named(cycle)).copied().collect();
    }

    /// Files the evaluation that decided when the person's payment row was received.
    pub fn file_when_paid(&self, dossier: &mut Dossier, basis: &Basis<'_>, mut used: impl FnMut(&Origin, &str)) {
        let known = dossier.payments.iter().find_map(|row| self.when_paid.get(row.origin.part.as_ref())?.get(&dossier.nip));
        let Some(mut evidence) = known.cloned() else { return };
        // what was confirmed afterwards says nothing about what was known then
        newest_first(&mut evidence, |item| item.observed_at);
        let last_day = basis.policy.evaluation_cycle(basis.period).last_day();
        let sources: Vec<_> = evidence.into_iter().filter_map(|item| Some((Arc::clone(&item.sha256), rows_of(item)?))).collect();
        let decides = sources.iter().position(|(_, (rows, _))| deciding(rows, last_day).is_some()).unwrap_or(0);
        if let Some((sha256, (rows, origin))) = sources.into_iter().nth(decides) {
            used(&origin, &sha256);
            dossier.evaluation_when_paid = rows;
        }
    }
}

fn newest_first(evidence: &mut [Evidence], at: impl Fn(&Evidence) -> DateTime<Utc>) {
    evidence.sort_by(|a, b| {
        let rank = |item: &Evidence| (Reverse(at(item)), form_rank(item));
        rank(a).cmp(&rank(b)).then_with(|| (&a.part, &a.sha256).cmp(&(&b.part, &b.sha256)))
    });
}

fn rows_of(evidence: Evidence) -> Option<(Vec<Row<EvaluationRow>>, Arc<Origin>)> {
    let Evidence { statement, part, source, batch, observed_at, .. } = evidence;
    let origin = Arc::new(Origin { kind: statement.kind, part, source, batch, observed_at, locator: statement.locator });
    let Some(Body::Evaluation(rows)) = statement.body else { return None };
    let mut filed = Vec::new();
    take(rows, &origin, &mut filed);
    Some((filed, origin))
}
