//! Amounts by class, and the payment calendar.

use super::Verified;
use crate::domain::rupiah::Rupiah;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[tariff]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// Always IDR.
    pub currency: String,
    /// Checked or not.
    pub verified: Verified,
    /// Regulation and article.
    pub source: String,
    /// Class → Rupiah a month.
    #[serde(rename = "class")]
    pub classes: BTreeMap<String, Rupiah>,
}

impl Tariff {
    /// The amount of a class.
    pub fn of(&self, class: i64) -> Option<Rupiah> {
        self.classes.get(&class.to_string()).copied()
    }
}

/// `[payment]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentCalendar {
    /// When tukin is paid.
    pub pay_day: PayDay,
    /// Working days before the month by which KPPN must have it.
    pub kppn_deadline_workdays_before: u32,
    /// What a late payment is called.
    pub late_type: String,
    /// SPP codes.
    pub spp_codes: SppCodes,
    /// Whether one ADK may name one bank only (BK03).
    pub one_bank_per_file: bool,
    /// Who signs.
    pub signers: Vec<String>,
    /// Steps inside the ministry.
    pub internal_steps: Vec<InternalStep>,
}

/// When tukin is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayDay {
    /// First working day (PMK 20/2023 Pasal 3B).
    FirstWorkday,
}

/// SPP codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SppCodes {
    /// Regular.
    pub induk: String,
    /// Late.
    pub susulan: String,
}

/// One step inside the ministry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InternalStep {
    /// What.
    pub step: String,
    /// Working days before the deadline.
    pub workdays_before_deadline: u32,
    /// Who.
    pub owner: String,
}
