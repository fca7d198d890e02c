//! A policy ready for use: the file, its hash, its calendar; and the set of policies of a ministry by date.

use super::model::{Citation, PolicyFile, PolicyStatus, Verified};
use crate::domain::calendar::Calendar;
use crate::domain::period::Period;
use crate::domain::verdict::RuleCitation;
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

    /// The evaluation month that decides about `period` (monthly cycles).
    pub fn evaluation_month(&self, period: Period) -> Period {
        period.offset(-(self.file.performance.lag as i32))
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

    /// A citation of a rule of this policy.
    pub fn cite(&self, path: impl Into<String>, source: &str, verified: Verified) -> RuleCitation {
        RuleCitation { path: path.into(), source: source.to_owned(), verified: verified.key().to_owned() }
    }
}
