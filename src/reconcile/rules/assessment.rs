//! PR07 and PR10: when the evaluation that decides was made, and by whom.

use super::predikat::deciding;
use crate::domain::finding::Code;
use crate::domain::nip::Nip;
use crate::domain::person::EmploymentStatus;
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::{Days, NaiveDate};

/// Both rules; a Rekap row names neither day nor assessor and says nothing.
pub fn check(sheet: &mut Worksheet<'_>) {
    due_day(sheet);
    assessor(sheet);
}

fn cycle_end(sheet: &Worksheet<'_>) -> NaiveDate {
    sheet.policy.evaluation_cycle(sheet.dossier.period).last_day()
}

/// PR07: the day of assessment lies after the end of the cycle plus the due days, which are inclusive (contract §6).
fn due_day(sheet: &mut Worksheet<'_>) {
    let (dossier, end) = (sheet.dossier, cycle_end(sheet));
    let due = end + Days::new(u64::from(sheet.policy.file.performance.due_days_after_period_end));
    let Some((row, assessed)) = deciding(&dossier.evaluation, end).and_then(|row| Some((row, row.value.waktu_dinilai?.date()))) else {
        return;
    };
    if assessed > due {
        sheet.cite(&sheet.policy.file.performance);
        let shown = row.exhibit("waktu_dinilai", row.value.waktu_dinilai.map(|at| at.to_string()));
        let draft = Draft::new(Code::Pr07).about(row.value.skp_id.clone().unwrap_or_default());
        sheet.find(draft.param("assessed", assessed).param("due", due).shows([shown]));
    }
}

/// PR10: the assessor is the employee, was not in service on the day, or is not the roster's superior. One finding
/// with all reasons.
fn assessor(sheet: &mut Worksheet<'_>) {
    let (dossier, end) = (sheet.dossier, cycle_end(sheet));
    let Some(row) = deciding(&dossier.evaluation, end) else { return };
    let Some(stated) = row.value.atasan_nip.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { return };
    let (assessor, roster) = (Nip::parse(stated).ok(), dossier.roster.first());
    let superior = roster.and_then(|roster| roster.value.nip_atasan);
    let day = row.value.waktu_dinilai.map_or(end, |at| at.date());
    let inactive =
        dossier.peers.assessor.filter(|(status, since)| *status != EmploymentStatus::Aktif && since.is_none_or(|since| since <= day));
    let is_self = assessor == Some(dossier.nip);
    let reasons: Vec<&str> = [
        ("self", is_self),
        ("inactive", inactive.is_some() && !is_self),
        // an assessor outside the civil service (NRP) is not the superior either
        ("not_superior", superior.is_some() && superior != assessor),
    ]
    .into_iter()
    .filter_map(|(reason, holds)| holds.then_some(reason))
    .collect();
    if reasons.is_empty() {
        return;
    }
    let shown = roster.map(|roster| roster.exhibit("nip_atasan", superior.map(|nip| nip.to_string())));
    let draft = Draft::new(Code::Pr10).param("assessor_reasons", reasons.join(", ")).param("day", day);
    let draft = match inactive {
        Some((status, _)) => draft.param("status", status.code()),
        None => draft,
    };
    sheet.find(draft.shows([row.exhibit("pegawai_atasan_nip", row.value.atasan_nip.clone())]).shows(shown));
}
