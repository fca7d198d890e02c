//! RO01 paid but not rostered, RO02 entitled but not paid, RO03 status changes inside the period, RO04 known to BKN
//! only.

use super::source;
use crate::domain::evidence::Kind;
use crate::domain::finding::Code;
use crate::domain::person::EmploymentStatus;
use crate::reconcile::worksheet::{Draft, Worksheet};

/// RO01 and RO04, for people outside the roster.
pub fn outside(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    if let Some(row) = dossier.payments.iter().find(|row| row.value.awal == dossier.period).or_else(|| dossier.payments.first()) {
        sheet.find(Draft::new(Code::Ro01).shows([row.exhibit("bersih", Some(row.value.bersih.to_string()))]));
    }
    let skp = dossier.skp.first().map(|row| row.exhibit("nip", Some(dossier.nip.to_string())));
    let evaluation = || dossier.evaluation.first().map(|row| row.exhibit("nip", Some(dossier.nip.to_string())));
    if let Some(exhibit) = skp.or_else(evaluation) {
        sheet.find(Draft::new(Code::Ro04).shows([exhibit]));
    }
}

/// RO02: raised once a payment file of the period exists. A row of another month (PE01) silences it. Like every RO
/// finding it leaves `expected` null (contract §6).
pub fn not_paid(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    if dossier.payment_file_exists && dossier.payments.is_empty() {
        let shown = dossier.roster.iter().map(|row| row.exhibit("status", Some(row.value.status.code().to_owned())));
        let missing = source::coverage(sheet, Kind::Payment);
        sheet.find_blocking_amount(Draft::new(Code::Ro02).shows(shown).shows(missing));
    }
}

/// RO03: a status that ends entitlement begins inside the period; a person decides (contract §6).
pub fn changes_inside(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let Some(row) = dossier.roster.first() else {
        return;
    };
    let draft = Draft::new(Code::Ro03).param("status", row.value.status.code()).shows([
        row.exhibit("status", Some(row.value.status.code().to_owned())),
        row.exhibit("tmt_status", row.value.tmt_status.map(|day| day.to_string())),
    ]);
    sheet.find_blocking_amount(draft);
}

/// RO03 by BKN: a move between agencies takes effect inside the period, and the roster says in service throughout.
pub fn moved_by_bkn(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let Some(row) = dossier.roster.first().filter(|row| row.value.status == EmploymentStatus::Aktif) else { return };
    let inside = |day: chrono::NaiveDate| day > dossier.period.first_day() && day <= dossier.period.last_day();
    let moved = dossier.notes.iter().find(|note| note.origin.kind == Kind::Transfer && note.value.tmt.is_some_and(inside));
    let Some(note) = moved.filter(|_| !sheet.has(Code::Ro03)) else { return };
    let draft = Draft::new(Code::Ro03).param("day", note.value.tmt.map(|day| day.to_string()).unwrap_or_default()).shows([
        row.exhibit("status", Some(row.value.status.code().to_owned())),
        note.exhibit("tmtPi", note.value.tmt.map(|day| day.to_string())),
        note.exhibit("instansiKerjaBaru", note.value.isi.clone()),
    ]);
    sheet.find_blocking_amount(draft);
}
