//! The holiday list of one year: `year`, `source`, `verified`, and one `[[day]]` a holiday.

use super::check::Remarks;
use super::error::PolicyError;
use super::model::Verified;
use super::model::date;
use super::wording;
use crate::domain::calendar::Holiday;
use crate::domain::calendar::HolidayKind;
use chrono::Datelike;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// One holiday list (SKB 3 Menteri of a year).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayList {
    /// Calendar year.
    pub year: i32,
    /// Decree.
    pub source: String,
    /// Checked or not.
    pub verified: Verified,
    /// Holidays, in any order.
    pub day: Vec<HolidayRow>,
}

/// One `[[day]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayRow {
    /// Date.
    #[serde(deserialize_with = "date")]
    pub date: NaiveDate,
    /// National holiday or cuti bersama.
    pub kind: HolidayKind,
    /// Its name in the decree.
    pub name: String,
}

impl HolidayList {
    /// Reads a list.
    ///
    /// # Errors
    /// No valid TOML, an unknown key, or a value of the wrong type, with line and column.
    pub fn parse(path: &Path, text: &str) -> Result<Self, PolicyError> {
        toml::from_str(text).map_err(|error| wording::explain(path, text, error))
    }

    /// Whether a TOML table is a holiday list and no policy.
    pub fn is_list(table: &toml::Table) -> bool {
        table.contains_key("year") && table.contains_key("day") && !table.contains_key("policy")
    }

    /// Its days as the calendar takes them.
    pub fn days(&self) -> impl Iterator<Item = (NaiveDate, Holiday)> {
        self.day.iter().map(|row| (row.date, Holiday { kind: row.kind, name: row.name.clone() }))
    }

    /// What is wrong with the list whose path in the policy is `at`.
    pub(super) fn check(&self, at: &str, remarks: &mut Remarks) {
        if self.day.is_empty() {
            remarks.wrong(at, "daftar tidak berisi satu hari pun", "the list holds no day at all");
        }
        let mut seen = BTreeSet::new();
        for row in &self.day {
            let at = format!("{at}.day[{}]", row.date);
            if row.date.year() != self.year {
                remarks.wrong(
                    at.as_str(),
                    format!("bukan tanggal tahun {}: perbaiki date atau year", self.year),
                    format!("is not a day of {}: mend date or year", self.year),
                );
            }
            if !seen.insert(row.date) {
                remarks.wrong(at, "ditulis dua kali: hapus satu", "is written twice: remove one");
            }
        }
    }
}
