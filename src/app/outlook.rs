//! What a pull would ask, why, and when it would be done: against the pace of each surface and the day by which the
//! treasury office takes the payment.

use super::pull::{self, PullOptions};
use super::{App, AppError};
use crate::config::Pace;
use crate::domain::{Kind, Period};
use crate::ekinerja::Surface;
use crate::policy::Policy;
use crate::sync::Plan;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use chrono_tz::Tz;

/// A pull before it is made.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// Work month.
    pub period: Period,
    /// The questions.
    pub plan: Plan,
    /// Surfaces that are asked.
    pub surfaces: Vec<Load>,
    /// When the slower surface would be done, had it begun now, at the pace that is configured; in the ministry's time.
    pub ends_at: DateTime<Tz>,
    /// The last day on which KPPN takes the payment; `None` while its year has no list of holidays.
    pub cut_off: Option<CutOff>,
}

/// What is asked of one surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Which one.
    pub surface: Surface,
    /// Requests, when each question takes one.
    pub requests: u64,
    /// How long they take at the configured pace, in seconds; BKN's own time comes on top when it is slower.
    pub seconds: u64,
    /// Whether that is longer than one run may last: the next one goes on.
    pub outlasts_run: bool,
}

/// A day that decides, and how far away it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff {
    /// The day.
    pub day: NaiveDate,
    /// So many working days before the month of payment (the ministry's HK-n).
    pub workdays_before: u32,
    /// Working days from the end of the pull to that day; below zero: after it.
    pub workdays_left: i64,
}

/// The pull that would be made now.
///
/// # Errors
/// See [`pull::wanted`].
pub async fn of(app: &App, period: Period, options: &PullOptions) -> Result<Outlook, AppError> {
    let wanted = pull::wanted(app, period, options).await?;
    let plan = wanted.plan();
    let loads: Vec<Load> = wanted.surfaces.iter().map(|surface| load(app, &plan, *surface)).collect();
    let seconds = loads.iter().map(|load| load.seconds).max().unwrap_or_default();
    let ends_at = app.clock.now() + TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000_000));
    let ends_at = ends_at.with_timezone(&app.config.schedule.timezone.get());
    let cut_off = cut_off(&app.policy(period)?, period, ends_at.date_naive());
    Ok(Outlook { period, plan, surfaces: loads, ends_at, cut_off })
}

fn load(app: &App, plan: &Plan, surface: Surface) -> Load {
    let ekinerja = &app.config.ekinerja;
    let pace = match surface {
        Surface::Report => ekinerja.report_pace(),
        Surface::Siasn => ekinerja.siasn_pace(),
    };
    let questions = plan.needs.iter().filter(|need| need.surface == surface).map(|need| need.due()).sum::<u64>();
    // The list of an agency's periods is asked for once before its evaluations.
    let lists = plan.needs.iter().any(|need| need.kind == Kind::Evaluation && need.surface == surface && need.due() > 0);
    let requests = questions + u64::from(lists);
    let seconds = seconds(&pace, requests);
    Load { surface, requests, seconds, outlasts_run: seconds > pace.run_deadline.get().as_secs() }
}

/// Whole seconds, rounded up, that so many requests take after the first burst.
fn seconds(pace: &Pace, requests: u64) -> u64 {
    (requests.saturating_sub(u64::from(pace.burst)) as f64 / pace.requests_per_second).ceil() as u64
}

fn cut_off(policy: &Policy, period: Period, ends: NaiveDate) -> Option<CutOff> {
    let day = policy.kppn_deadline(period)?;
    let calendar = &policy.calendar;
    if !(ends.min(day).year()..=ends.max(day).year()).all(|year| calendar.knows(year)) {
        return None;
    }
    let between = |from: NaiveDate, to: NaiveDate| calendar.workdays(from + TimeDelta::days(1), to).len() as i64;
    let workdays_left = if ends <= day { between(ends, day) } else { -between(day, ends) };
    Some(CutOff { day, workdays_before: policy.file.payment.kppn_deadline_workdays_before, workdays_left })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_costs_no_time() {
        let pace = Pace { requests_per_second: 4.0, burst: 4, ..Pace::default() };
        assert_eq!([0, 4, 5, 8, 60_004].map(|requests| seconds(&pace, requests)), [0, 0, 1, 1, 15_000]);
    }
}
