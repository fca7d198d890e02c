//! CL04 and the supplement of an acting position (Plt): which payment row it is, when it is due, what it comes to
//! (contract §6).

use crate::domain::dossier::{Dossier, Row};
use crate::domain::finding::{Code, Exhibit};
use crate::domain::payment::PaymentRow;
use crate::domain::period::Period;
use crate::domain::person::RosterEntry;
use crate::domain::rupiah::Rupiah;
use crate::policy::Policy;
use crate::reconcile::amount::gross;
use crate::reconcile::worksheet::{Draft, Worksheet};

/// The decree number of the roster's Plt entry.
fn decree(dossier: &Dossier) -> Option<&str> {
    dossier.roster.first().and_then(|row| row.value.plt_sk.as_deref()).filter(|sk| !sk.trim().is_empty())
}

/// Whether a row of the period pays the supplement: its Nomor SK is the roster's `plt_sk`.
fn is_supplement(dossier: &Dossier, row: &PaymentRow) -> bool {
    decree(dossier).is_some_and(|sk| row.nomor_sk.as_deref() == Some(sk))
}

/// A supplement that the roster knows nothing of: a further row of the period whose gross is exactly what a supplement
/// would be.
fn without_entry<'a>(policy: &Policy, dossier: &'a Dossier) -> Option<&'a Row<PaymentRow>> {
    let entry = &dossier.roster.first()?.value;
    if decree(dossier).is_some() || entry.plt_jabatan.is_some() {
        return None;
    }
    let tariff = policy.file.tariff.of(entry.kelas_jabatan?)?;
    let supplement = gross(&policy.file.calc, tariff, policy.file.plt.add_percent);
    let mut rows = dossier.payments.iter().filter(|row| row.value.awal == dossier.period);
    let further = rows.clone().count() > 1 && supplement > Rupiah::ZERO && supplement != tariff;
    rows.find(|row| further && row.value.bruto == supplement)
}

/// Rows that pay this period, the Plt supplement apart.
pub fn paying<'a>(policy: &Policy, dossier: &'a Dossier) -> Vec<&'a Row<PaymentRow>> {
    let stray = without_entry(policy, dossier);
    let own = |row: &&Row<PaymentRow>| row.value.awal == dossier.period && !is_supplement(dossier, &row.value);
    dossier.payments.iter().filter(own).filter(|row| !stray.is_some_and(|stray| std::ptr::eq(stray, *row))).collect()
}

/// The month of acting that a supplement of the period pays, and whether it is due for it: only whole months inside
/// the decree, once as many of them as the policy asks have been served, this one counted.
fn due_month(policy: &Policy, period: Period, entry: &RosterEntry) -> (Period, bool) {
    let rule = &policy.file.plt;
    let month = period.offset(-(rule.paid_lag_months as i32));
    let Some(from) = entry.plt_mulai else { return (month, true) };
    let first_whole = if from == Period::of(from).first_day() { Period::of(from) } else { Period::of(from).offset(1) };
    let served = |month: Period| (month.year() - first_whole.year()) * 12 + month.month() as i32 - first_whole.month() as i32 + 1;
    let ends = entry.plt_selesai.is_none_or(|to| to >= month.last_day());
    (month, ends && served(month) >= 1 && served(month) >= rule.min_calendar_months as i32)
}

/// CL04, AM01 of the supplement (its subject is the decree), and the step `plt`.
pub fn check(sheet: &mut Worksheet<'_>) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let Some(entry) = dossier.roster.first() else { return };
    if let Some(row) = without_entry(policy, dossier) {
        let draft = Draft::new(Code::Cl04).about(row.value.nomor_sk.clone().unwrap_or_default()).param("why", "no_entry");
        let shown = [row.exhibit("bruto", Some(row.value.bruto.to_string())), entry.exhibit("plt_sk", None)];
        sheet.find(draft.at_risk(row.value.bersih).param("paid", row.value.bersih).shows(shown));
        return;
    }
    let Some(sk) = decree(dossier) else { return };
    let rows: Vec<_> =
        dossier.payments.iter().filter(|row| row.value.awal == dossier.period && is_supplement(dossier, &row.value)).collect();
    let (month, is_due) = due_month(policy, dossier.period, &entry.value);
    let Some(tariff) = sheet.tariff.filter(|_| is_due || !rows.is_empty()) else { return };
    let due = if is_due { gross(&policy.file.calc, tariff, policy.file.plt.add_percent) } else { Rupiah::ZERO };
    let paid: Rupiah = rows.iter().map(|row| row.value.bersih).sum();
    let mut shown: Vec<Exhibit> = vec![
        entry.exhibit("plt_sk", Some(sk.to_owned())),
        entry.exhibit("plt_mulai", entry.value.plt_mulai.map(|day| day.to_string())),
        entry.exhibit("plt_selesai", entry.value.plt_selesai.map(|day| day.to_string())),
    ];
    shown.extend(rows.iter().map(|row| row.exhibit("bersih", Some(row.value.bersih.to_string()))));
    let rule = sheet.cite(&policy.file.plt);
    let step = sheet.step("plt").value("cycle", month).value("T", tariff).value("percent", policy.file.plt.add_percent);
    sheet.explain(step.value("expected", due).value("paid", paid).rule(rule).evidence(shown.clone()));
    if rows.is_empty() {
        return;
    }
    let begun = entry.value.plt_mulai.is_none_or(|from| from <= month.last_day());
    let ended = entry.value.plt_selesai.is_some_and(|to| to < month.first_day());
    let tolerance = Rupiah(policy.file.calc.compare.tolerance_rupiah);
    if !begun || ended {
        let draft = Draft::new(Code::Cl04).about(sk).param("why", "outside").param("cycle", month).param("paid", paid);
        sheet.find(draft.at_risk(paid).shows(shown));
    } else if (paid - due).abs() > tolerance {
        let draft = Draft::new(Code::Am01).about(sk).param("paid", paid).param("expected", due).param("difference", paid - due);
        sheet.find(draft.at_risk(paid - due).shows(shown));
    }
}
