//! PR01–PR06 and PR11: the predikat of the cycle that decides, or its lack, and what it does to the allowance.

use super::other_cycles::missing_in_a_row;
use super::skp::missing_severity;
use super::source;
use crate::domain::dossier::Row;
use crate::domain::ekinerja::EvaluationRow;
use crate::domain::evidence::Kind;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::percent::Percent;
use crate::domain::predikat::{Predikat, Rating, is_unassessed};
use crate::policy::{Effect, MissingAction, Model, Policy};
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::NaiveDate;

/// Of several rows, the one that decides (contract §5): never Plt/Plh; of the rest the SKP whose interval covers the
/// last day of the cycle, latest `periode_akhir` first. A Rekap row carries no interval and is taken as covering.
pub fn deciding(rows: &[Row<EvaluationRow>], last_day: NaiveDate) -> Option<&Row<EvaluationRow>> {
    rows.iter()
        .filter(|row| !row.value.plt && covers(&row.value, last_day))
        .max_by_key(|row| (row.value.periode_akhir_skp, std::cmp::Reverse(row.position)))
}

/// Whether the SKP of a row covers the day.
pub fn covers(row: &EvaluationRow, day: NaiveDate) -> bool {
    row.periode_awal_skp.is_none_or(|from| from <= day) && row.periode_akhir_skp.is_none_or(|to| to >= day)
}

/// Both ratings and the predikat as the source writes them.
pub(super) fn exhibits(row: &Row<EvaluationRow>) -> Vec<Exhibit> {
    vec![
        row.exhibit("hasil_kerja", Some(row.value.hasil_kerja.clone())),
        row.exhibit("perilaku_kerja", Some(row.value.perilaku_kerja.clone())),
        row.exhibit("hasil_akhir", Some(row.value.hasil_akhir.clone())),
    ]
}

fn draft(code: Code, row: &Row<EvaluationRow>) -> Draft {
    Draft::new(code)
        .about(row.value.skp_id.clone().unwrap_or_default())
        .param("hasil", &row.value.hasil_kerja)
        .param("perilaku", &row.value.perilaku_kerja)
        .param("predikat", &row.value.hasil_akhir)
        .shows(exhibits(row))
}

/// All predikat rules. Evidence that nobody needs and nobody gave does nothing.
pub fn check(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let knowledge = dossier.knowledge(Kind::Evaluation);
    let has_rows = !dossier.evaluation.is_empty();
    if !has_rows && !knowledge.state.is_known() {
        // unknown and needed: what is due cannot be computed; unknown and not needed: the policy is silent
        if dossier.requires(Kind::Evaluation) {
            sheet.computable = false;
        }
        return;
    }
    let last_day = sheet.policy.evaluation_cycle(dossier.period).last_day();
    let Some(row) = deciding(&dossier.evaluation, last_day) else {
        let mut shown: Vec<Exhibit> = dossier.evaluation.iter().flat_map(exhibits).collect();
        if !has_rows {
            shown.extend(source::coverage(sheet, Kind::Evaluation));
        }
        missing(sheet, shown);
        return;
    };
    let rated = !is_unassessed(&row.value.hasil_kerja) || !is_unassessed(&row.value.perilaku_kerja);
    if is_unassessed(&row.value.hasil_akhir) {
        if rated {
            sheet.find_blocking_amount(draft(Code::Pr02, row));
        } else {
            missing(sheet, exhibits(row));
        }
        return;
    }
    stated(sheet, row);
}

/// A stated predikat: PR04 when a label is unknown, PR03 when it contradicts the matrix, else its percent.
fn stated(sheet: &mut Worksheet<'_>, row: &Row<EvaluationRow>) {
    let performance = &sheet.policy.file.performance;
    let predikat = performance.predikat_of_label(&row.value.hasil_akhir);
    let rating = |label: &str| {
        if is_unassessed(label) { Ok(None) } else { Rating::from_label(label).map(Some).ok_or(()) }
    };
    let (Some(predikat), Ok(hasil), Ok(perilaku)) = (predikat, rating(&row.value.hasil_kerja), rating(&row.value.perilaku_kerja)) else {
        sheet.find_blocking_amount(draft(Code::Pr04, row));
        return;
    };
    if let (true, Some(hasil), Some(perilaku)) = (performance.require_ratings_match_matrix, hasil, perilaku) {
        let expected = performance.predikat_of_ratings(hasil, perilaku).unwrap_or_else(|| Predikat::from_ratings(hasil, perilaku));
        if expected != predikat {
            sheet.find(draft(Code::Pr03, row).param("expected", expected.label()));
        }
    }
    apply(sheet, predikat, row);
}

/// What a predikat, or its lack, does: the percent that joins the D of `performance.base`, and p (contract §6).
pub(super) fn effect(policy: &Policy, predikat: Option<Predikat>) -> (Percent, Percent) {
    let performance = &policy.file.performance;
    let Some(predikat) = predikat else {
        let missing = &performance.missing;
        return (missing.percent.filter(|_| missing.action == MissingAction::Deduct).unwrap_or_default(), Percent::HUNDRED);
    };
    let value = performance.predikat.of(predikat);
    match (performance.effect, policy.file.components.model) {
        (Effect::Deduct, _) => (value, Percent::HUNDRED),
        (Effect::Pay, Model::DeductionOnly) => (value.complement(), Percent::HUNDRED),
        (Effect::Pay, Model::Weighted) => (Percent::ZERO, value),
    }
}

/// A cut, or a percent paid of its base.
fn apply(sheet: &mut Worksheet<'_>, predikat: Predikat, row: &Row<EvaluationRow>) {
    let performance = &sheet.policy.file.performance;
    sheet.predikat = Some(predikat);
    let citation = sheet.cite(performance);
    let (joins, paid) = effect(sheet.policy, Some(predikat));
    (sheet.performance_cut, sheet.performance_paid) = (joins, paid);
    let name = format!("predikat:{}", predikat.key());
    let cut = joins + paid.complement();
    if joins > Percent::ZERO {
        sheet.cut(&name, performance.base, joins, None);
    } else if cut > Percent::ZERO {
        sheet.lines.push(crate::domain::verdict::DeductionLine { rule: name, days: None, percent: cut });
    }
    let step = sheet
        .step("performance")
        .value("predikat", predikat.label())
        .value("cycle", sheet.policy.evaluation_cycle(sheet.dossier.period))
        .value("percent", cut)
        .value("base", performance.base.key())
        .rule(citation)
        .evidence_of(|| exhibits(row));
    sheet.explain(step);
}

/// PR01, PR06 and the cut for a missing predikat (contract §6). SK01 and PR06 silence PR01.
fn missing(sheet: &mut Worksheet<'_>, shown: Vec<Exhibit>) {
    let performance = &sheet.policy.file.performance;
    let missing = &performance.missing;
    let leader = sheet.dossier.roster.first().filter(|row| row.value.jpt);
    let jpt = leader.is_some();
    let cycle = sheet.policy.evaluation_cycle(sheet.dossier.period);
    if jpt || !sheet.has(Code::Sk01) {
        let code = if jpt { Code::Pr06 } else { Code::Pr01 };
        let draft = Draft::new(code).severity(missing_severity(missing)).param("cycle", cycle);
        sheet.find(draft.shows(leader.map(|row| row.exhibit("jpt", Some("1".to_owned())))).shows(shown.clone()));
    }
    let in_a_row = missing_in_a_row(sheet);
    let long = missing.consecutive_months.is_some_and(|months| in_a_row >= months as usize);
    let percent = match missing.consecutive_percent {
        Some(percent) if long && missing.action == MissingAction::Deduct => percent,
        _ => effect(sheet.policy, None).0,
    };
    sheet.performance_cut = percent;
    let citation = sheet.cite(missing);
    if percent > Percent::ZERO {
        sheet.cut("predikat_missing", performance.base, percent, None);
    }
    let mut step = sheet.step("performance").value("predikat_missing", cycle);
    if in_a_row > 1 {
        step = step.value("cycles_in_a_row", in_a_row);
    }
    step = step.value("percent", percent).value("base", performance.base.key()).rule(citation).evidence(shown);
    sheet.explain(step);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dossier::Origin;
    use crate::domain::ekinerja::EvaluationForm;
    use crate::domain::evidence::Locator;
    use std::sync::Arc;

    fn row(from: &str, to: &str, plt: bool, position: usize) -> Row<EvaluationRow> {
        let origin = Origin {
            kind: Kind::Evaluation,
            part: "".into(),
            source: "".into(),
            batch: "".into(),
            observed_at: chrono::DateTime::UNIX_EPOCH,
            locator: Locator::default(),
        };
        Row {
            value: EvaluationRow {
                form: EvaluationForm::Laporan,
                nama: None,
                periode_awal_skp: from.parse().ok(),
                periode_akhir_skp: to.parse().ok(),
                jabatan: None,
                unor: None,
                plt,
                hasil_kerja: String::new(),
                perilaku_kerja: String::new(),
                hasil_akhir: String::new(),
                atasan_nip: None,
                atasan_nama: None,
                waktu_dinilai: None,
                skp_id: None,
                skp_penilaian_id: None,
            },
            origin: Arc::new(origin),
            position,
        }
    }

    #[test]
    fn after_a_mutasi_the_skp_of_the_last_day_decides() {
        let rows = [
            row("2026-01-01", "2026-06-30", false, 0),
            row("2026-07-01", "2026-12-31", false, 1),
            row("2026-01-01", "2026-12-31", true, 2),
        ];
        assert_eq!(deciding(&rows, "2026-09-30".parse().unwrap()).unwrap().position, 1);
        assert_eq!(deciding(&rows, "2026-05-31".parse().unwrap()).unwrap().position, 0);
        assert!(deciding(&rows[..1], "2026-09-30".parse().unwrap()).is_none());
        assert!(deciding(&rows[2..], "2026-09-30".parse().unwrap()).is_none());
    }
}
