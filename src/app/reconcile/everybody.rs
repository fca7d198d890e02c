//! Looks at everybody: whose inputs hash as they did keeps their verdict.

use super::{Ask, Conclusion, OnPerson, Reconciled, Sum, Totals, Verdicts, notes};
use crate::app::AppError;
use crate::app::evaluation::{Crowd, PeriodView};
use crate::app::tally::Tally;
use crate::domain::{Kind, Nip};
use crate::reconcile::{Leaning, WithoutDeductions};
use crate::store::{Mark, NewVerdict, Seen};
use std::collections::HashMap;

/// `None`: another process has reconciled the period meanwhile, and nothing was stored.
pub(super) async fn run(ask: &Ask<'_>, full: bool, progress: OnPerson<'_>) -> Result<Option<Reconciled>, AppError> {
    let Ask { app, policy, period, .. } = *ask;
    // Before anything else is looked at: what comes later is looked at next time.
    let (stamp, _) = app.store.mark(period).await?;
    let as_of = ask.as_of().await?;
    let seen = app.store.seen().await?;
    let mut view = PeriodView::open(app, policy, period, as_of).await?;
    let mut work = Work { full, stored: app.store.inputs(period).await?, kinds: view.desk().kinds().collect(), ..Work::default() };
    let mut people = view.people(None);
    while let Some(crowd) = people.next().await? {
        work.look_at(ask, &mut view, crowd).await?;
        progress(work.tally.people);
    }
    let Work { verdicts, tally, inputs, mut leaning, evaluated, stored, .. } = work;
    leaning.join(view.leaning_of_files());
    let Leaning { fresh_until, followed, .. } = leaning;
    let totals = Totals { tally, without_deductions: WithoutDeductions::of(view.everybody()) };
    let (totals, tally) = (serde_json::to_string(&totals).unwrap_or_default(), totals.tally);
    let removed = stored.into_keys().collect();
    let mut conclusion = Conclusion { tally, inputs, file_findings: view.file_findings(), removed, evaluated, looked_at: None };
    conclusion.tally.note_files(&conclusion.file_findings);
    let mark = Mark { seen, as_of, fresh_until, followed, shared: view.shared(), inputs_sha: inputs.to_string(), totals };
    // What is of a later instant was not looked at, and a mark would hide it.
    let is_ahead = app.store.is_ahead(Seen::default(), seen, as_of).await?;
    let units: Vec<(String, String)> =
        view.units().counts().map(|(unit, days)| (unit.to_owned(), serde_json::to_string(&days).unwrap_or_default())).collect();
    let mut saving = app.store.begin_saving(period, as_of).await?;
    if saving.stamp() != stamp {
        return Ok(None);
    }
    verdicts.save(&mut saving).await?;
    saving.keep_units(&units, true).await?;
    let mark = Some(&mark).filter(|_| !is_ahead);
    if !saving.rests_on(view.waivers()).await? {
        return Ok(None);
    }
    let saved = saving.finish(&ask.record(&view, &conclusion), &conclusion.removed, &conclusion.file_findings, mark).await?;
    Ok(Some(ask.reconciled(&view, conclusion, saved)))
}

#[derive(Default)]
struct Work {
    full: bool,
    kinds: Vec<Kind>,
    /// Hashes of the inputs of those who have not come yet.
    stored: HashMap<Nip, String>,
    verdicts: Verdicts,
    evaluated: u64,
    tally: Tally,
    inputs: Sum,
    leaning: Leaning,
}

impl Work {
    async fn look_at(&mut self, ask: &Ask<'_>, view: &mut PeriodView<'_>, crowd: Crowd) -> Result<(), AppError> {
        let mut found: Vec<(NewVerdict, bool)> = Vec::new();
        // The derivation is not stored: it can be worked out again from the same inputs.
        for (laid, verdict) in view.evaluate(crowd) {
            view.count(&laid.dossier);
            let aside = notes(&laid, &self.kinds, view.units());
            self.tally.put(&verdict, &aside.knows(&self.kinds));
            self.inputs.put(&laid.inputs);
            self.leaning.join(laid.leaning);
            let known = self.stored.remove(&laid.dossier.nip);
            if self.full || known.as_ref() != Some(&laid.inputs) {
                found.push((ask.noted(laid, &aside, verdict), known.is_some()));
            }
        }
        self.evaluated += found.len() as u64;
        let nips: Vec<Nip> = found.iter().filter(|(_, is_known)| *is_known).map(|(new, _)| new.verdict.nip).collect();
        let known = if nips.is_empty() { Default::default() } else { ask.app.store.known_verdicts(ask.period, &nips).await? };
        for (new, _) in found {
            let known = known.get(&new.verdict.nip);
            self.verdicts.take(new, known)?;
        }
        Ok(())
    }
}
