//! ST04 and ST05: how long somebody has been CPNS, and whether roster and BKN agree about the standing.

use super::status::holds;
use crate::domain::finding::Code;
use crate::domain::period::add_months;
use crate::domain::person::{EmployeeKind, EmploymentStatus};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::Datelike;

/// Both rules.
pub fn check(sheet: &mut Worksheet<'_>) {
    long_probation(sheet);
    contradicts_bkn(sheet);
}

/// ST04: CPNS for more than the policy's months on the last day of the period.
fn long_probation(sheet: &mut Worksheet<'_>) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let rule = policy.file.status_rule("cpns");
    let Some((row, (rule, limit))) = dossier.roster.first().zip(rule.and_then(|rule| Some((rule, rule.warn_if_older_than_months?)))) else {
        return;
    };
    let Some(since) = row.value.tmt_cpns.filter(|_| row.value.jenis_pegawai == EmployeeKind::Cpns) else { return };
    let last = dossier.period.last_day();
    if add_months(since, limit) < last {
        let whole = (last.year() - since.year()) * 12 + last.month() as i32 - since.month() as i32 - i32::from(last.day() < since.day());
        sheet.cite(rule);
        let shown = row.exhibit("tmt_cpns", Some(since.to_string()));
        sheet.find(Draft::new(Code::St04).param("months", whole).param("limit", limit).shows([shown]));
    }
}

/// What a code of BKN's kedudukan hukum says about a roster status (facts ekinerja-api §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bkn {
    /// 01.
    Active,
    /// A status of its own.
    Status(EmploymentStatus),
    /// No longer in any service.
    Left,
}

/// Only what is clear: a seconded (11) or punished (15) employee may well be active, and codes that nobody has
/// published say nothing.
fn said_by(code: &str) -> Option<Bkn> {
    Some(match code {
        "01" => Bkn::Active,
        "02" | "13" => Bkn::Status(EmploymentStatus::Cltn),
        "03" => Bkn::Status(EmploymentStatus::TugasBelajar),
        "04" => Bkn::Status(EmploymentStatus::DiberhentikanSementara),
        "20" => Bkn::Status(EmploymentStatus::Mpp),
        "52" | "66" | "67" | "70" | "77" | "88" | "98" | "99" => Bkn::Left,
        _ => return None,
    })
}

/// ST05: the roster says in service and BKN does not, or the other way round. Whoever is not entitled by the roster
/// has no verdict in which this could stand (contract §7); what is left of the other way round is a status that
/// begins inside the period or that the policy pays.
fn contradicts_bkn(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let Some((row, identity)) = dossier.roster.first().zip(dossier.identity.as_ref()) else { return };
    let entry = &row.value;
    let contract = matches!(entry.jenis_pegawai, EmployeeKind::Pppk | EmployeeKind::PppkParuhWaktu);
    let Some(said) = identity.value.kedudukan_id.as_deref().filter(|_| !contract).and_then(said_by) else { return };
    let in_force = holds(entry.tmt_status, dossier.period) != Some(false);
    let contradiction = match (entry.status, said) {
        (EmploymentStatus::Aktif, Bkn::Active) => false,
        (EmploymentStatus::Aktif, _) => true,
        (EmploymentStatus::TugasBelajar, _) => false,
        (_, Bkn::Active) => in_force,
        _ => false,
    };
    if contradiction {
        let standing = identity.value.kedudukan_nama.clone().or_else(|| identity.value.kedudukan_id.clone());
        let draft = Draft::new(Code::St05).param("status", entry.status.code()).param("bkn", standing.as_deref().unwrap_or_default());
        let shown = [row.exhibit("status", Some(entry.status.code().to_owned())), identity.exhibit("kedudukanPnsNama", standing)];
        sheet.find(draft.shows(shown));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_codes_speak() {
        for code in ["05", "06", "07", "08", "09", "11", "12", "14", "15", "16", "51", "68", "69", "89", "90", "91", "92", "71", "", "1"] {
            assert_eq!(said_by(code), None, "{code}");
        }
        assert_eq!(said_by("13"), Some(Bkn::Status(EmploymentStatus::Cltn)));
        assert_eq!(said_by("99"), Some(Bkn::Left));
    }
}
