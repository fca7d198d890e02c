//! A policy ready for use: the file, its hash, its calendar; and the set of policies of a ministry by date.

use super::error::PolicyError;
use super::model::{Citation, PolicyFile, PolicyStatus};
use crate::domain::calendar::Calendar;
use crate::domain::cycle::Cycle;
use crate::domain::period::Period;
use chrono::NaiveDate;
use std::path::PathBuf;

/// One policy with everything that it needs.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The rules.
    pub file: PolicyFile,
    /// Where they were read.
    pub path: PathBuf,
    /// SHA-256 of the policy file and its holiday lists, in hex.
    pub sha256: String,
    /// Working days.
    pub calendar: Calendar,
    /// Source and verified of each holiday list, for the derivation.
    pub calendar_citation: Citation,
}

impl Policy {
    /// Stable id of the policy.
    pub fn id(&self) -> &str {
        &self.file.policy.id
    }

    /// Whether the whole policy is a draft, which puts every period into trial mode.
    pub fn is_draft(&self) -> bool {
        self.file.policy.status == PolicyStatus::Draft
    }

    /// The evaluation cycle that decides about `period`: the one in which it lies, less `performance.lag` cycles.
    pub fn evaluation_cycle(&self, period: Period) -> Cycle {
        let performance = &self.file.performance;
        Cycle::containing(period, performance.cycle).offset(-(performance.lag as i32))
    }

    /// First and last day of the attendance window of `period`.
    pub fn attendance_window(&self, period: Period) -> (NaiveDate, NaiveDate) {
        let rule = &self.file.period;
        let from = if rule.attendance_from_day <= 1 {
            period.first_day()
        } else {
            period.offset(-1).first_day() + chrono::Days::new(u64::from(rule.attendance_from_day - 1))
        };
        let to = if rule.attendance_to_day == 0 {
            period.last_day()
        } else {
            (period.first_day() + chrono::Days::new(u64::from(rule.attendance_to_day - 1))).min(period.last_day())
        };
        (from, to)
    }

    /// Checks that the policy holds on every day of `period`, and that each year of its attendance window has a holiday
    /// list. The payment month's year may still be unknown: January's list need not exist to
    /// reconcile December.
    ///
    /// # Errors
    /// [`PolicyError::NotCovered`] or [`PolicyError::UnknownYear`].
    pub fn require(&self, period: Period) -> Result<(), PolicyError> {
        if !self.covers(period) {
            return Err(not_covered(period, vec![self.dates()]));
        }
        self.require_calendar(period)
    }

    /// Whether the policy holds on every day of `period`. Its attendance window may begin before the policy does: the
    /// month of work decides whose rules hold, and windows "from the 16th to the 15th" of two policies that adjoin at
    /// the end of a month would otherwise leave a month to neither.
    pub fn covers(&self, period: Period) -> bool {
        self.holds_on(period.first_day()) && self.holds_on(period.last_day())
    }

    /// Checks that each year of the attendance window of `period` has a holiday list.
    ///
    /// # Errors
    /// [`PolicyError::UnknownYear`] with the first year without one.
    pub fn require_calendar(&self, period: Period) -> Result<(), PolicyError> {
        let (from, to) = self.attendance_window(period);
        let (from, to) = (from.min(period.first_day()), to.max(period.last_day()));
        self.calendar.require(from, to).map_err(|unknown| PolicyError::UnknownYear { path: self.path.clone(), period, year: unknown.0 })
    }

    /// Whether the policy holds on that day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.file.policy.effective_from <= day && self.file.policy.effective_to.is_none_or(|last| day <= last)
    }

    fn dates(&self) -> (PathBuf, NaiveDate, Option<NaiveDate>) {
        (self.path.clone(), self.file.policy.effective_from, self.file.policy.effective_to)
    }
}

/// The policies of a ministry, one after the other without overlap or gap.
#[derive(Debug, Clone)]
pub struct PolicySet {
    policies: Vec<Policy>,
}

impl PolicySet {
    /// A set of policies; order does not matter.
    ///
    /// # Errors
    /// [`PolicyError::Overlap`] or [`PolicyError::Gap`], with both files and the days.
    pub fn new(mut policies: Vec<Policy>) -> Result<Self, PolicyError> {
        policies.sort_by(|a, b| (a.file.policy.effective_from, &a.path).cmp(&(b.file.policy.effective_from, &b.path)));
        for pair in policies.windows(2) {
            if let [first, second] = pair {
                adjoining(first, second)?;
            }
        }
        Ok(Self { policies })
    }

    /// All of them, earliest first.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The policy for `period`: the one that holds on every day of it.
    ///
    /// # Errors
    /// [`PolicyError::NotCovered`] when there is none, [`PolicyError::UnknownYear`] when a year of the window has no
    /// holiday list.
    pub fn for_period(&self, period: Period) -> Result<&Policy, PolicyError> {
        let Some(policy) = self.policies.iter().find(|policy| policy.covers(period)) else {
            let known = self.policies.iter().map(Policy::dates).collect();
            return Err(not_covered(period, known));
        };
        policy.require_calendar(period)?;
        Ok(policy)
    }
}

fn not_covered(period: Period, known: Vec<(PathBuf, NaiveDate, Option<NaiveDate>)>) -> PolicyError {
    PolicyError::NotCovered { period, from: period.first_day(), to: period.last_day(), known }
}

/// Checks that the later policy starts on the day after the earlier one ends.
fn adjoining(first: &Policy, second: &Policy) -> Result<(), PolicyError> {
    let starts = second.file.policy.effective_from;
    let ends = first.file.policy.effective_to;
    let (first_path, second_path) = (first.path.clone(), second.path.clone());
    match ends {
        Some(ends) if ends < starts => match (ends.succ_opt(), starts.pred_opt()) {
            (Some(from), Some(to)) if from <= to => Err(PolicyError::Gap { first: first_path, second: second_path, from, to }),
            _ => Ok(()),
        },
        _ => {
            let to = [ends, second.file.policy.effective_to].into_iter().flatten().min();
            Err(PolicyError::Overlap { first: first_path, second: second_path, from: starts, to })
        }
    }
}
