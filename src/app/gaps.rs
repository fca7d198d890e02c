//! What is not known about some people of a period, as the last reconciliation saw it.

use super::evaluation::PeriodView;
use super::{App, AppError};
use crate::domain::{Nip, Period};
use crate::export::CompletenessRow;
use crate::policy::Policy;
use crate::store::ShownRun;

/// The kinds that are not present for these people of the roster, by NIP and kind. Nobody is evaluated.
///
/// # Errors
/// No roster, or the store's.
pub async fn of(app: &App, policy: &Policy, period: Period, run: &ShownRun, nips: &[Nip]) -> Result<Vec<CompletenessRow>, AppError> {
    let view = PeriodView::open_for_few(app, policy, period, run.as_of).await?;
    let mut completeness = view.completeness();
    let mut people = view.people(Some(nips.to_vec()));
    while let Some(some) = people.next().await? {
        for (nip, evidence) in some {
            if let Some(laid) = view.lay_out(nip, evidence) {
                completeness.count(&laid.dossier);
            }
        }
    }
    let mut rows: Vec<CompletenessRow> = completeness
        .gaps
        .iter()
        .map(|gap| CompletenessRow { nip: gap.nip, kind: gap.kind, state: gap.state, reason: gap.reason, observed_at: gap.at })
        .collect();
    rows.sort_by_key(|row| (row.nip, row.kind.key()));
    Ok(rows)
}
