//! CL01–CL03: the class, its tariff, and what the payment file makes of them.

use super::status::fixed_class;
use crate::domain::dossier::Row;
use crate::domain::finding::Code;
use crate::domain::payment::PaymentRow;
use crate::domain::person::RosterEntry;
use crate::policy::{ClassChangeRule, Policy};
use crate::reconcile::amount::gross;
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;

/// Whether a class that holds from `tmt` counts for the period.
fn in_force(policy: &Policy, tmt: Option<NaiveDate>, first_workday: NaiveDate, last_day: NaiveDate) -> bool {
    match (tmt, policy.file.class_change.rule) {
        (None, _) => true,
        // what the class was before, which prorata needs, the roster does not say: a change inside the month is CL02
        (Some(tmt), ClassChangeRule::NextMonthUnlessFirstWorkday | ClassChangeRule::ProrataWorkdays) => tmt <= first_workday,
        (Some(tmt), ClassChangeRule::SameMonth) => tmt <= last_day,
    }
}

/// T: the tariff of the class in force; CL02 when there is none.
pub fn tariff(sheet: &mut Worksheet<'_>, row: &Row<RosterEntry>) {
    let (policy, dossier, entry) = (sheet.policy, sheet.dossier, &row.value);
    let fixed = fixed_class(sheet, entry);
    let class = fixed.as_ref().map(|(class, _)| *class).or(entry.kelas_jabatan);
    let first_workday = policy.calendar.nth_workday_from(dossier.period.first_day(), 1);
    let valid = fixed.is_some() || in_force(policy, entry.tmt_kelas, first_workday, dossier.period.last_day());
    let amount = class.and_then(|class| policy.file.tariff.of(class)).filter(|_| valid);
    let shown = || {
        [
            row.exhibit("kelas_jabatan", entry.kelas_jabatan.map(|class| class.to_string())),
            row.exhibit("tmt_kelas", entry.tmt_kelas.map(|day| day.to_string())),
        ]
    };
    let Some(amount) = amount else {
        let why = if class.is_none() {
            "missing"
        } else if valid {
            "not_in_tariff"
        } else {
            "not_yet_in_force"
        };
        sheet.find_blocking_amount(Draft::new(Code::Cl02).param("why", why).shows(shown()));
        return;
    };
    sheet.class = class;
    sheet.tariff = Some(amount);
    let table = &policy.file.tariff;
    let mut step = sheet.step("base_class").value("class", class.unwrap_or_default()).value("T", amount).rule(sheet.cite(table));
    if let Some((_, rule)) = fixed {
        step = step.rule(rule);
    }
    if entry.tmt_kelas.is_some_and(|tmt| tmt > dossier.period.first_day()) {
        let change = &policy.file.class_change;
        step = step.rule(sheet.cite(change));
    }
    sheet.explain(step.evidence_of(shown));
}

/// CL01 and CL03 for one payment row. ST01 and ST03 silence both.
pub fn compare(sheet: &mut Worksheet<'_>, row: &Row<PaymentRow>) {
    if sheet.has(Code::St01) || sheet.has(Code::St03) {
        return;
    }
    let (Some(class), policy) = (sheet.class, sheet.policy) else {
        return;
    };
    let roster = &sheet.dossier.roster[0];
    if let Some(paid_class) = row.value.kelas.filter(|paid| *paid != class) {
        let shown = [row.exhibit("kode_grade", Some(paid_class.to_string())), roster.exhibit("kelas_jabatan", Some(class.to_string()))];
        sheet.find(Draft::new(Code::Cl01).param("payment_class", paid_class).param("roster_class", class).shows(shown));
    }
    let paid_class = row.value.kelas.unwrap_or(class);
    let expected = policy.file.tariff.of(paid_class).map(|tariff| gross(&policy.file.calc, tariff, sheet.multiplier));
    if expected != Some(row.value.bruto) {
        let shown = [row.exhibit("bruto", Some(row.value.bruto.to_string())), row.exhibit("kode_grade", Some(paid_class.to_string()))];
        let tariff = expected.map(|amount| amount.to_string()).unwrap_or_default();
        sheet.find(
            Draft::new(Code::Cl03).param("paid_gross", row.value.bruto).param("tariff", tariff).param("class", paid_class).shows(shown),
        );
    }
}
