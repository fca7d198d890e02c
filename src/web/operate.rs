//! What those who run it may start or decide, from the page or through the API: written down before it is done, and done
//! once.

use super::Site;
use crate::app::access::{By, action};
use crate::app::pull::PullOptions;
use crate::app::{AppError, held};
use crate::domain::evidence::{Kind, Reason};
use crate::schedule::{Begun, Job};
use crate::store::{AuditEntry, Decided, Decision, Quarantined};

/// Jobs that may be started by hand: what tells people, or deletes, keeps to its hour.
pub(super) const BY_HAND: [Job; 5] = [Job::Inbox, Job::Sources, Job::Sync, Job::Reconcile, Job::Backup];

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Started,
    Busy,
    Twice,
    Nothing,
    Accepted,
    AcceptedForLater,
    Refused,
    Decided,
}

/// What keeps a wish from being done twice.
#[derive(Debug, Clone, Copy)]
pub(super) enum Once<'a> {
    /// The id of a form, taken here.
    Form(&'a str),
    /// The key of a program's request, which has been taken.
    Key,
}

/// An answer that is held, as whoever decides has seen it.
pub(super) struct Seen<'a> {
    pub kind: Kind,
    pub part: &'a str,
    /// When it came, in microseconds.
    pub held_at: i64,
}

/// Takes the wish in, unless it came before.
async fn first(site: &Site, once: Once<'_>, told: AuditEntry) -> Result<bool, AppError> {
    match once {
        Once::Form(id) => Ok(site.app.store.form_sent(id, told).await?),
        Once::Key => site.trail().note(told).await.map(|()| true),
    }
}

fn begun(begun: Begun) -> Done {
    match begun {
        Begun::Started => Done::Started,
        Begun::Busy => Done::Busy,
    }
}

/// Starts a job, now.
pub(super) async fn run_now(site: &Site, by: &By, once: Once<'_>, job: Job) -> Result<Done, AppError> {
    if !first(site, once, by.entry(action::JOB_STARTED, job.key())).await? {
        return Ok(Done::Twice);
    }
    Ok(begun(site.by_hand.begin(job, PullOptions::default()).await?))
}

/// Asks again what was set aside for a reason.
pub(super) async fn ask_again(site: &Site, by: &By, once: Once<'_>, kind: Kind, reason: Reason) -> Result<Done, AppError> {
    let Some(options) = held::again(&site.app, kind, reason).await? else { return Ok(Done::Nothing) };
    let told = by.entry(action::ASKED_AGAIN, kind.key()).with("reason", reason.key());
    if !first(site, once, told.with("people", options.only.len())).await? {
        return Ok(Done::Twice);
    }
    Ok(begun(site.by_hand.begin(Job::Sync, options).await?))
}

/// Decides whether an answer that was held may be taken; `None`: it cannot be.
pub(super) async fn decide(site: &Site, by: &By, seen: &Seen<'_>, decision: Decision) -> Result<Option<Done>, AppError> {
    let now = site.app.clock.now();
    let waiting = held::waiting(&site.app.store, now).await?;
    let same =
        |answer: &&Quarantined| (answer.kind, answer.part.as_str(), answer.at.timestamp_micros()) == (seen.kind, seen.part, seen.held_at);
    // What has been followed by another answer needs no decision any more.
    let Some(answer) = waiting.iter().find(same) else { return Ok(Some(Done::Decided)) };
    let count = match (held::countable(answer), decision) {
        (Some(count), _) => count,
        (None, Decision::Refused) => 0,
        (None, Decision::Accepted) => return Ok(None),
    };
    let action = if decision == Decision::Accepted { action::HELD_ACCEPTED } else { action::HELD_REFUSED };
    let told = by.entry(action, format!("{} {}", seen.kind, seen.part));
    let told = told.with("held_at", answer.at.to_rfc3339()).with("reason", answer.reason.key()).with("count", count);
    let new = Decided {
        kind: seen.kind,
        part: seen.part.to_owned(),
        held_at: answer.at,
        reason: answer.reason,
        count,
        decision,
        account: by.account.clone(),
        at: now,
    };
    if !site.app.store.decide_held(&new, told).await? {
        return Ok(Some(Done::Decided));
    }
    if decision == Decision::Refused {
        return Ok(Some(Done::Refused));
    }
    // A pull that is at work knows nothing of it: the next one takes it.
    Ok(Some(match site.by_hand.begin(Job::Sync, held::of_list(seen.kind)).await? {
        Begun::Started => Done::Accepted,
        Begun::Busy => Done::AcceptedForLater,
    }))
}
