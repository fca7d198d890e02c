//! SK01 no SKP for the year, SK02 not approved, SK03 for another position, SK04 part of the period uncovered or covered
//! twice, SK05 others depend on an SKP that is not in order.

use super::source;
use crate::domain::dossier::Row;
use crate::domain::ekinerja::SkpRow;
use crate::domain::evidence::Kind;
use crate::domain::finding::{Code, Severity};
use crate::domain::text::{fold, key};
use crate::policy::{MissingAction, MissingPredikat};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::{Days, NaiveDate};

/// The severity that `performance.missing` gives to a missing predikat (contract §6).
pub fn missing_severity(missing: &MissingPredikat) -> Severity {
    match missing.action {
        MissingAction::Block => Severity::Block,
        MissingAction::Deduct => Severity::Amount,
        MissingAction::PayFullWithWarning => Severity::Info,
    }
}

/// Definitive SKPs: they exist and are not Plt/Plh.
fn definitive(rows: &[Row<SkpRow>]) -> impl Iterator<Item = &Row<SkpRow>> {
    rows.iter().filter(|row| row.value.is_skp && !row.value.plt)
}

/// All SKP rules. Only when BKN's list is known: "declared by BKN, not merely unasked".
pub fn check(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let named = dossier.skp.iter().any(|row| row.value.is_skp);
    if !named && !dossier.knowledge(Kind::Skp).state.is_known() {
        return;
    }
    if definitive(&dossier.skp).next().is_none() {
        not_set(sheet);
    } else {
        not_approved(sheet);
        other_position(sheet);
        coverage(sheet);
    }
    cascade(sheet);
}

/// *The* SKP: the definitive one that covers the last day of the period (contract §5).
fn covering<'a>(sheet: &Worksheet<'a>) -> Option<&'a Row<SkpRow>> {
    let last = sheet.dossier.period.last_day();
    definitive(&sheet.dossier.skp)
        .filter(|row| row.value.periode_awal.is_some_and(|from| from <= last) && row.value.periode_akhir.is_some_and(|to| to >= last))
        .max_by_key(|row| (row.value.periode_akhir, row.value.skp_id.clone()))
}

/// SK03: the SKP names another position than the roster, both given. BKN's list names no superior.
fn other_position(sheet: &mut Worksheet<'_>) {
    let Some((row, roster)) = covering(sheet).zip(sheet.dossier.roster.first()) else { return };
    let (Some(stated), Some(known)) = (&row.value.jabatan, &roster.value.jabatan) else { return };
    let (said, expected) = (key(stated), key(known));
    if !said.is_empty() && !expected.is_empty() && said != expected {
        let draft = Draft::new(Code::Sk03)
            .about(row.value.skp_id.clone().unwrap_or_default())
            .param("skp_position", stated)
            .param("roster_position", known)
            .shows([row.exhibit("skp_jabatan", Some(stated.clone())), roster.exhibit("jabatan", Some(known.clone()))]);
        sheet.find(draft);
    }
}

/// SK05, on the superior: SKPs of others hang on one that is missing or not approved.
fn cascade(sheet: &mut Worksheet<'_>) {
    let (dossier, subordinates) = (sheet.dossier, sheet.dossier.peers.subordinates);
    if subordinates == 0 || !(sheet.has(Code::Sk01) || sheet.has(Code::Sk02)) {
        return;
    }
    let shown = dossier.skp.iter().map(|row| row.exhibit("skp_status", row.value.status.clone()));
    let roster = dossier.roster.first().map(|row| row.exhibit("bawahan", Some(subordinates.to_string())));
    sheet.find(Draft::new(Code::Sk05).param("subordinates", subordinates).shows(shown).shows(roster));
}

/// SK01; follows `performance.missing`, and blocks when the policy says so for an SKP that was never set.
fn not_set(sheet: &mut Worksheet<'_>) {
    let missing = &sheet.policy.file.performance.missing;
    let severity = if missing.block_if_skp_not_set { Severity::Block } else { missing_severity(missing) };
    let dossier = sheet.dossier;
    let listed = dossier.skp.iter().map(|row| row.exhibit("is_skp", Some(row.value.is_skp.to_string())));
    let missing = source::coverage(sheet, Kind::Skp).filter(|_| dossier.skp.is_empty());
    sheet.find(Draft::new(Code::Sk01).severity(severity).shows(listed).shows(missing));
}

/// SK02: the definitive SKP that covers the last day of the period is approved only by the word "Persetujuan".
fn not_approved(sheet: &mut Worksheet<'_>) {
    let Some(row) = covering(sheet) else { return };
    let status = row.value.status.clone().unwrap_or_default();
    if fold(&status) != "persetujuan" {
        let draft = Draft::new(Code::Sk02)
            .about(row.value.skp_id.clone().unwrap_or_default())
            .param("status", &status)
            .shows([row.exhibit("skp_status", row.value.status.clone())]);
        sheet.find(draft);
    }
}

/// SK04: looks at the period from `max(first day, tmt_spmt)` (contract §5).
fn coverage(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let spmt = dossier.roster.first().and_then(|row| row.value.tmt_spmt);
    let from = spmt.map_or(dossier.period.first_day(), |day| day.max(dossier.period.first_day()));
    let to = dossier.period.last_day();
    if from > to {
        return;
    }
    let mut spans: Vec<(NaiveDate, NaiveDate, &Row<SkpRow>)> = definitive(&dossier.skp)
        .filter_map(|row| Some((row.value.periode_awal?.max(from), row.value.periode_akhir?.min(to), row)))
        .filter(|(start, end, _)| start <= end)
        .collect();
    spans.sort_by_key(|(start, end, _)| (*start, *end));
    let mut next = from;
    let mut wrong: Option<(NaiveDate, NaiveDate)> = None;
    for (start, end, _) in &spans {
        if *start > next {
            wrong.get_or_insert((next, *start - Days::new(1)));
        } else if *start < next {
            wrong.get_or_insert((*start, (*end).min(next - Days::new(1))));
        }
        next = next.max(*end + Days::new(1));
    }
    if next <= to {
        wrong.get_or_insert((next, to));
    }
    if let Some((gap_from, gap_to)) = wrong {
        let shown: Vec<_> = definitive(&dossier.skp)
            .flat_map(|row| {
                [
                    row.exhibit("periode_awal", row.value.periode_awal.map(|day| day.to_string())),
                    row.exhibit("periode_akhir", row.value.periode_akhir.map(|day| day.to_string())),
                ]
            })
            .collect();
        sheet.find(Draft::new(Code::Sk04).param("from", gap_from).param("to", gap_to).shows(shown));
    }
}
