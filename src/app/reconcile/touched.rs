//! Looks only at whom the news since the last reconciliation may touch.
//!
//! Everybody else's dossier is what it was: made of the same evidence, of what everybody shares (one hash), of what
//! others say (the same payments and roster) and of nothing that moves with time or with other people's answers. Where
//! any of this cannot be said, or a finding about a payment file would have to be worked out again, this way gives up
//! before it has changed anything, and everybody is looked at.

use super::units::Moved;
use super::{Ask, Conclusion, OnPerson, Reconciled, Sum, Totals, Verdicts, notes};
use crate::app::AppError;
use crate::app::aside;
use crate::app::evaluation::PeriodView;
use crate::domain::evidence::Evidence;
use crate::domain::{Kind, Nip};
use crate::reconcile::deductions::about_deductions;
use crate::reconcile::shared::names_peers;
use crate::reconcile::{Leaning, Recalled, evaluate_briefly};
use crate::store::{KnownVerdict, Mark};
use std::collections::{BTreeSet, HashMap};

/// From here on a walk over everybody costs less than asking for people by name, if they are also…
const MANY: usize = 1_000;
/// …more than one in this many.
const SHARE: usize = 5;
/// People laid out together.
const TOGETHER: usize = 256;

/// `None`: everybody has to be looked at.
pub(super) async fn run(ask: &Ask<'_>, progress: OnPerson<'_>) -> Result<Option<Reconciled>, AppError> {
    let Ask { app, policy, period, .. } = *ask;
    let (stamp, Some(mark)) = app.store.mark(period).await? else { return Ok(None) };
    let as_of = ask.as_of().await?;
    if as_of < mark.as_of {
        return Ok(None);
    }
    let seen = app.store.seen().await?;
    let mut view = PeriodView::open_for_few(app, policy, period, as_of).await?;
    let Some(touched) = touched(ask, &view, &mark).await? else { return Ok(None) };
    let Some(mut work) = Work::from(&mark, &view) else { return Ok(None) };
    if touched.len() > MANY.max(work.totals.tally.people as usize / SHARE) || !work.look_at(ask, &mut view, &touched, progress).await? {
        return Ok(None);
    }
    let Some(run) = app.store.latest_reconcile_run(period).await? else { return Ok(None) };
    let Some((units, mut of_everybody)) = work.moved.settle(ask, &view, &run.file_findings).await? else { return Ok(None) };
    of_everybody.extend(about_deductions(&run.file_findings));
    let Work { totals, inputs, mut leaning, verdicts, evaluated, removed, .. } = work;
    leaning.join(view.leaning_of_files());
    let (totals, tally) = (serde_json::to_string(&totals).unwrap_or_default(), totals.tally);
    let mut conclusion = Conclusion {
        tally,
        inputs,
        file_findings: view.file_findings_with(of_everybody),
        removed,
        evaluated,
        looked_at: Some(touched.len() as u64),
    };
    conclusion.tally.note_files(&conclusion.file_findings);
    // What is of a later instant was not looked at.
    let seen = if app.store.is_ahead(mark.seen, seen, as_of).await? { mark.seen } else { seen };
    let Leaning { fresh_until, followed, .. } = leaning;
    let mark = Mark { seen, as_of, fresh_until, followed, shared: mark.shared, inputs_sha: inputs.to_string(), totals };
    let mut saving = app.store.begin_saving(period, as_of).await?;
    if saving.stamp() != stamp {
        return Ok(None);
    }
    verdicts.save(&mut saving).await?;
    saving.keep_units(&units, false).await?;
    if !saving.rests_on(view.waivers()).await? {
        return Ok(None);
    }
    let saved = saving.finish(&ask.record(&view, &conclusion), &conclusion.removed, &conclusion.file_findings, Some(&mark)).await?;
    Ok(Some(ask.reconciled(&view, conclusion, saved)))
}

/// Whom the news may touch; `None` where it may be anybody.
async fn touched(ask: &Ask<'_>, view: &PeriodView<'_>, mark: &Mark) -> Result<Option<Vec<Nip>>, AppError> {
    let leaning = Leaning { on: 0, fresh_until: mark.fresh_until, followed: mark.followed };
    let is_stale = view.desk().fresh_until(&leaning, mark.as_of).is_some_and(|until| view.desk().basis().as_of > until);
    if is_stale || view.shared() != mark.shared {
        return Ok(None);
    }
    let news = ask.app.store.news(mark.seen, &view.desk().basis().wanted()).await?;
    let several_rosters = news.answered.contains(&Kind::Roster) && view.sources_of(Kind::Roster) > 1;
    if several_rosters || news.stated.iter().any(|kind| names_peers(*kind)) {
        return Ok(None);
    }
    let mut touched: BTreeSet<Nip> = news.people;
    touched.extend(view.desk().failed());
    touched.extend(ask.app.store.ever_waived(ask.period).await?);
    touched.extend(ask.app.store.leaning(ask.period, Leaning::bits(&news.answered)).await?);
    Ok(Some(touched.into_iter().collect()))
}

/// What the figures come to, one person out and in after the other.
struct Work {
    kinds: Vec<Kind>,
    totals: Totals,
    inputs: Sum,
    leaning: Leaning,
    verdicts: Verdicts,
    evaluated: u64,
    removed: Vec<Nip>,
    moved: Moved,
}

impl Work {
    fn from(mark: &Mark, view: &PeriodView<'_>) -> Option<Self> {
        Some(Self {
            kinds: view.desk().kinds().collect(),
            totals: serde_json::from_str(&mark.totals).ok()?,
            inputs: Sum::parse(&mark.inputs_sha),
            leaning: Leaning { on: 0, fresh_until: mark.fresh_until, followed: mark.followed },
            verdicts: Verdicts::default(),
            evaluated: 0,
            removed: Vec::new(),
            moved: Moved::default(),
        })
    }

    /// Whether these people could be looked at without anybody else.
    async fn look_at(
        &mut self,
        ask: &Ask<'_>,
        view: &mut PeriodView<'_>,
        touched: &[Nip],
        progress: OnPerson<'_>,
    ) -> Result<bool, AppError> {
        let mut people = view.people(Some(touched.to_vec()));
        let mut gone: BTreeSet<Nip> = touched.iter().copied().collect();
        let (mut waiting, mut done) = (Vec::new(), 0);
        loop {
            let more = people.next().await?;
            let at_end = more.is_none();
            waiting.extend(more.into_iter().flatten());
            if waiting.len() < TOGETHER && !at_end {
                continue;
            }
            done += waiting.len() as u64;
            if !self.look_at_some(ask, view, std::mem::take(&mut waiting), &mut gone).await? {
                return Ok(false);
            }
            progress(done);
            if at_end {
                break;
            }
        }
        let gone: Vec<Nip> = gone.into_iter().collect();
        for (nip, known) in ask.app.store.known_verdicts(ask.period, &gone).await? {
            // The roster is what it was, so nobody of it has left.
            if !known.noted.unit.is_empty() || !self.take(&known)? {
                return Ok(false);
            }
            self.removed.push(nip);
        }
        Ok(true)
    }

    async fn look_at_some(
        &mut self,
        ask: &Ask<'_>,
        view: &mut PeriodView<'_>,
        people: Vec<(Nip, Vec<Evidence>)>,
        gone: &mut BTreeSet<Nip>,
    ) -> Result<bool, AppError> {
        let nips: Vec<Nip> = people.iter().map(|(nip, _)| *nip).collect();
        let known = ask.app.store.known_verdicts(ask.period, &nips).await?;
        let mut recalled = HashMap::with_capacity(known.len());
        for (nip, known) in &known {
            let Some(aside) = aside::decode(&known.noted.aside) else { return Ok(false) };
            recalled.insert(*nip, aside.peers());
        }
        view.recall(&people, Recalled(recalled)).await?;
        for (nip, evidence) in people {
            let Some(laid) = view.lay_out(nip, evidence) else { continue };
            gone.remove(&nip);
            // Of somebody new nobody knows what others say.
            let Some(known) = known.get(&nip) else { return Ok(false) };
            self.leaning.join(laid.leaning);
            if known.inputs_sha == laid.inputs {
                continue;
            }
            let aside = notes(&laid, &self.kinds, view.units());
            let verdict = evaluate_briefly(ask.policy, &laid.dossier);
            let days = aside.days().unwrap_or_default();
            let unit = aside::unit(&laid.dossier);
            if self.totals.without_deductions.is_moved_by(&laid.dossier, &known.verdict()?, &verdict) {
                return Ok(false);
            }
            if unit != known.noted.unit || !self.take(known)? || !self.moved.note(nip, known, days) {
                return Ok(false);
            }
            self.totals.tally.put(&verdict, &aside.knows(&self.kinds));
            self.inputs.put(&laid.inputs);
            self.evaluated += 1;
            self.verdicts.take(ask.noted(laid, &aside, verdict), Some(known))?;
        }
        Ok(true)
    }

    /// Takes a person out of the figures, if the notes can be read.
    fn take(&mut self, known: &KnownVerdict) -> Result<bool, AppError> {
        let Some(aside) = aside::decode(&known.noted.aside) else { return Ok(false) };
        self.totals.tally.take(&known.verdict()?, &aside.knows(&self.kinds));
        self.inputs.take(&known.inputs_sha);
        Ok(true)
    }
}
