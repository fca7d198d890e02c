//! RO01 paid but not rostered, RO02 entitled but not paid, RO03 status changes inside the period, RO04 known to BKN
//! only.

use super::source;
use crate::domain::evidence::Kind;
use crate::domain::finding::Code;
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
