//! Looks at everybody: whose inputs hash as they did keeps their verdict.

use super::{Ask, Conclusion, OnPerson, Reconciled, Sum, notes, put};
use crate::app::AppError;
use crate::app::evaluation::PeriodView;
use crate::app::tally::Tally;
use crate::domain::{Kind, Nip};
use crate::reconcile::evaluate_briefly;
use crate::store::{Mark, NewVerdict, Seen};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

pub(super) async fn run(ask: &Ask<'_>, full: bool, progress: OnPerson<'_>) -> Result<Reconciled, AppError> {
    let Ask { app, policy, period, as_of, .. } = *ask;
    // Before anything else is looked at: what comes later is looked at next time.
    let stamp = app.store.mark(period).await?.map(|(stamp, _)| stamp);
    let seen = app.store.seen().await?;
    let mut view = PeriodView::open(app, policy, period, as_of).await?;
    let mut stored: HashMap<Nip, String> = app.store.inputs(period).await?;
    let kinds: Vec<Kind> = view.desk().kinds().collect();
    let mut work = Work::default();
    view.walk(None, |laid, units| {
        // The derivation is not stored: it can be worked out again from the same inputs.
        let verdict = evaluate_briefly(policy, &laid.dossier);
        let aside = notes(&laid, &kinds, units);
        work.tally.put(&verdict, &aside.knows(&kinds));
        work.inputs.put(&laid.inputs);
        work.fresh_until = [work.fresh_until, laid.leaning.fresh_until].into_iter().flatten().min();
        let known = stored.remove(&laid.dossier.nip);
        if full || known.as_ref() != Some(&laid.inputs) {
            work.verdicts.push(ask.noted(laid, &aside, verdict));
        }
        progress(work.tally.people);
        Ok(())
    })
    .await?;
    let Work { verdicts, tally, inputs, fresh_until } = work;
    let totals = serde_json::to_string(&tally).unwrap_or_default();
    let conclusion = Conclusion {
        tally,
        inputs,
        file_findings: view.file_findings(),
        removed: stored.into_keys().collect(),
        evaluated: verdicts.len() as u64,
        looked_at: None,
    };
    let mark = Mark { seen, as_of, fresh_until, shared: view.shared(), inputs_sha: inputs.to_string(), totals };
    let is_ahead = app.store.is_ahead(Seen::default(), seen, as_of).await?;
    let units: Vec<(String, String)> =
        view.units().counts().map(|(unit, days)| (unit.to_owned(), serde_json::to_string(&days).unwrap_or_default())).collect();
    let mut saving = app.store.begin_saving(period, as_of).await?;
    // Whoever was faster may have changed verdicts that were taken for unchanged here.
    let is_overtaken = saving.stamp() != stamp.as_deref();
    put(app, period, &mut saving, verdicts).await?;
    saving.keep_units(&units, true).await?;
    let mark = Some(&mark).filter(|_| !is_ahead && !is_overtaken);
    let saved = saving.finish(&ask.record(&view, &conclusion), &conclusion.removed, &conclusion.file_findings, mark).await?;
    Ok(ask.reconciled(&view, conclusion, saved))
}

#[derive(Default)]
struct Work {
    verdicts: Vec<NewVerdict>,
    tally: Tally,
    inputs: Sum,
    fresh_until: Option<DateTime<Utc>>,
}
