//! Who is entitled at all, the status multiplier, ST01–ST03.

use super::leave::covers_whole_period;
use crate::domain::dossier::{Dossier, Row};
use crate::domain::finding::{Code, Exhibit};
use crate::domain::payment::PaymentRow;
use crate::domain::percent::Percent;
use crate::domain::period::Period;
use crate::domain::person::{EmployeeKind, EmploymentStatus, RosterEntry};
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::RuleCitation;
use crate::policy::{Policy, StatusRule, StatusStart};
use crate::reconcile::amount::gross;
use crate::reconcile::worksheet::{Draft, Worksheet};

/// Whether the policy gives anything to the person in the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entitlement {
    /// Yes.
    Entitled,
    /// No, for that reason and by that rule.
    NotEntitled(String, Option<RuleCitation>),
    /// The status changes inside the period: a person decides (RO03).
    Undecided,
}

/// The key of a kind of employee in `[[status]]`.
pub fn employee_key(kind: EmployeeKind) -> &'static str {
    match kind {
        EmployeeKind::Pns => "pns",
        EmployeeKind::Cpns => "cpns",
        EmployeeKind::Pppk => "pppk",
        EmployeeKind::PppkParuhWaktu => "pppk_paruh_waktu",
    }
}

/// The key of a status in `[[status]]`.
fn status_key(status: EmploymentStatus) -> String {
    status.code().to_lowercase()
}

/// When a status counts for a period (contract §6): on or before its first day it holds for all of it, inside it a
/// person decides, later it does not count yet. A missing date means that the roster states it as in force.
pub(super) fn holds(tmt: Option<chrono::NaiveDate>, period: Period) -> Option<bool> {
    match tmt {
        Some(tmt) if tmt > period.last_day() => Some(false),
        Some(tmt) if tmt > period.first_day() => None,
        _ => Some(true),
    }
}

/// Whether somebody with that status is no longer, or not now, in the ministry's service.
pub fn ends_entitlement(status: EmploymentStatus) -> bool {
    !matches!(status, EmploymentStatus::Aktif | EmploymentStatus::TugasBelajar)
}

/// Entitlement by roster and policy. Roster rows that contradict each other about it decide nothing (ID03 holds the
/// person).
pub fn entitlement(policy: &Policy, dossier: &Dossier) -> Entitlement {
    let mut answers = dossier.roster.iter().map(|row| entitlement_of(policy, dossier, &row.value));
    let first = answers.next().unwrap_or(Entitlement::Entitled);
    let agrees = |other: &Entitlement| std::mem::discriminant(other) == std::mem::discriminant(&first);
    if answers.all(|other| agrees(&other)) { first } else { Entitlement::Entitled }
}

fn entitlement_of(policy: &Policy, dossier: &Dossier, entry: &RosterEntry) -> Entitlement {
    let status = entry.status;
    let rule = policy.file.status_rule(&status_key(status));
    if ends_entitlement(status) || rule.is_some_and(|rule| rule.eligible == Some(false)) {
        let leave = policy.file.leave.iter().find(|rule| status == EmploymentStatus::Cltn && rule.kind == "cltn");
        let given = rule.is_some_and(|rule| rule.eligible == Some(true)) || leave.is_some_and(|leave| leave.eligible == Some(true));
        let cited = rule.map(|rule| rule.citation()).or_else(|| leave.map(|leave| leave.citation()));
        match holds(entry.tmt_status, dossier.period) {
            Some(true) if !given => {
                return Entitlement::NotEntitled(status.code().to_owned(), cited);
            }
            None => return Entitlement::Undecided,
            _ => {}
        }
    }
    if let Some(row) = dossier.permits.iter().find(|row| covers_whole_period(row, dossier.period)) {
        let leave = policy.file.leave.iter().find(|rule| rule.kind == "cltn" && rule.eligible == Some(false));
        if let Some(leave) = leave {
            let cited = leave.citation();
            return Entitlement::NotEntitled(row.value.jenis.code().to_owned(), Some(cited));
        }
    }
    let kind = employee_key(entry.jenis_pegawai);
    match policy.file.status_rule(kind) {
        Some(rule) if rule.eligible == Some(false) => Entitlement::NotEntitled(kind.to_uppercase(), Some(rule.citation())),
        Some(rule) if rule.starts == Some(StatusStart::SpmtDate) && entry.tmt_spmt.is_some_and(|spmt| spmt > dossier.period.last_day()) => {
            Entitlement::NotEntitled("SPMT".to_owned(), Some(rule.citation()))
        }
        _ => Entitlement::Entitled,
    }
}

/// m: the multiplier of the kind of employee.
pub fn multiplier(sheet: &mut Worksheet<'_>, row: &Row<RosterEntry>) {
    let (policy, entry) = (sheet.policy, &row.value);
    let kind = employee_key(entry.jenis_pegawai);
    let mut step = sheet.step("status_multiplier").value("jenis_pegawai", kind.to_uppercase());
    if let Some(rule) = policy.file.status_rule(kind) {
        sheet.multiplier = rule.multiplier.unwrap_or(Percent::HUNDRED);
        step = step.rule(sheet.cite(rule));
    }
    if let Some((percent, rule)) = status_in_force(sheet, entry).and_then(|rule| Some((rule.multiplier?, rule))) {
        sheet.multiplier = sheet.multiplier.of(percent);
        step = step.value("status", entry.status.code()).value("multiplier", percent).rule(sheet.cite(rule));
    }
    if let Some((percent, rule, exhibit)) = extension(sheet, entry) {
        sheet.multiplier = sheet.multiplier.of(percent);
        step = step.value("extension_percent_paid", percent).rule(rule).evidence([exhibit]);
    }
    step = step.value("m", sheet.multiplier).evidence_of(|| [row.exhibit("jenis_pegawai", Some(kind.to_uppercase()))]);
    sheet.explain(step);
}

/// What is paid in the extension of a study assignment. BKN says that there is one (`rw-cltn` with id 7, facts
/// ekinerja-api §2.6); like a status it holds for the whole period when it is in force on the first day.
fn extension(sheet: &mut Worksheet<'_>, entry: &RosterEntry) -> Option<(Percent, RuleCitation, Exhibit)> {
    const EXTENDED: i64 = 7;
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let first = dossier.period.first_day();
    let rule = policy.file.status_rule("tugas_belajar").filter(|_| entry.status == EmploymentStatus::TugasBelajar)?;
    let percent = rule.extension_percent_paid?;
    let in_force = |from: chrono::NaiveDate, to: Option<chrono::NaiveDate>| from <= first && to.is_none_or(|to| to >= first);
    let row = dossier.unpaid_leave.iter().find(|row| {
        row.value.cltn_id == Some(EXTENDED)
            && row.value.awal.is_some_and(|from| in_force(from, row.value.akhir))
            && row.value.aktif.is_none_or(|back| back > first)
    })?;
    Some((percent, sheet.cite(rule), row.exhibit("tanggalAwal", row.value.awal.map(|day| day.to_string()))))
}

/// The policy's rule of a status of the roster other than in service, where it counts for the period.
fn status_in_force<'a>(sheet: &Worksheet<'a>, entry: &RosterEntry) -> Option<&'a StatusRule> {
    let counts = entry.status != EmploymentStatus::Aktif && holds(entry.tmt_status, sheet.dossier.period) != Some(false);
    let policy = sheet.policy;
    counts.then(|| policy.file.status_rule(&status_key(entry.status))).flatten()
}

/// The class that replaces the roster's, as for a study assignment.
pub fn fixed_class(sheet: &mut Worksheet<'_>, entry: &RosterEntry) -> Option<(i64, RuleCitation)> {
    let rule = status_in_force(sheet, entry)?;
    let class = rule.fixed_class?;
    Some((class, sheet.cite(rule)))
}

/// ST02: paid although not entitled.
pub fn paid_though_not_entitled(sheet: &mut Worksheet<'_>, why: &str, paid: &[&Row<PaymentRow>]) {
    let net: Rupiah = paid.iter().map(|row| row.value.bersih).sum();
    if paid.is_empty() {
        return;
    }
    let roster = sheet.dossier.roster.first().map(|row| row.exhibit("status", Some(row.value.status.code().to_owned())));
    let shown = roster.into_iter().chain(paid.iter().map(|row| row.exhibit("bersih", Some(row.value.bersih.to_string()))));
    let draft = Draft::new(Code::St02).param("status", why).param("paid", net).shows(shown);
    sheet.find(draft);
}

/// ST01: CPNS with the full gross, or PNS with the gross of a CPNS. ST03: tugas belajar paid by the roster's class.
pub fn paid_by_wrong_status(sheet: &mut Worksheet<'_>, entry: &RosterEntry, row: &Row<PaymentRow>) {
    let (Some(tariff), policy) = (sheet.tariff, sheet.policy) else {
        return;
    };
    let calc = &policy.file.calc;
    let cpns = policy.file.status_rule("cpns").and_then(|rule| rule.multiplier).unwrap_or(Percent::HUNDRED);
    let full = gross(calc, tariff, Percent::HUNDRED);
    let reduced = gross(calc, tariff, cpns);
    let wrong = match entry.jenis_pegawai {
        EmployeeKind::Cpns => row.value.bruto == full,
        EmployeeKind::Pns => row.value.bruto == reduced,
        _ => false,
    };
    if wrong && full != reduced {
        let shown = [
            row.exhibit("bruto", Some(row.value.bruto.to_string())),
            sheet.dossier.roster[0].exhibit("jenis_pegawai", Some(employee_key(entry.jenis_pegawai).to_uppercase())),
        ];
        let draft = Draft::new(Code::St01).param("status", employee_key(entry.jenis_pegawai).to_uppercase()).param("multiplier", cpns);
        sheet.find(draft.shows(shown));
    }
    let studying = entry.status == EmploymentStatus::TugasBelajar && sheet.class.is_some() && sheet.class != entry.kelas_jabatan;
    let roster_gross =
        entry.kelas_jabatan.and_then(|class| policy.file.tariff.of(class)).map(|tariff| gross(calc, tariff, sheet.multiplier));
    let by_fixed_class = row.value.bruto == gross(calc, tariff, sheet.multiplier);
    if studying && (Some(row.value.bruto) == roster_gross || (row.value.kelas == entry.kelas_jabatan && !by_fixed_class)) {
        let shown = [
            row.exhibit("bruto", Some(row.value.bruto.to_string())),
            sheet.dossier.roster[0].exhibit("status", Some(entry.status.code().to_owned())),
        ];
        sheet.find(Draft::new(Code::St03).param("status", entry.status.code()).shows(shown));
    }
}
