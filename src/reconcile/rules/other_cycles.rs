//! PR08, PR09, PR11–PR13: the predikat that decides beside what other sources, times and cycles say.

use super::predikat::{deciding, effect, exhibits};
use crate::domain::cycle::{Cycle, CycleLength};
use crate::domain::dossier::Row;
use crate::domain::ekinerja::{AnnualRow, EvaluationRow, HistoryRow};
use crate::domain::finding::{Code, Exhibit};
use crate::domain::person::EmployeeKind;
use crate::domain::predikat::{Predikat, Rating, is_unassessed};
use crate::domain::rupiah::Rupiah;
use crate::policy::Policy;
use crate::reconcile::amount::Terms;
use crate::reconcile::worksheet::{Draft, Worksheet};

/// PR08, PR12 and PR13.
pub fn check(sheet: &mut Worksheet<'_>) {
    changed_since_paid(sheet);
    sources_disagree(sheet);
    low_again(sheet);
}

/// The predikat that a row states, by the policy's labels.
fn stated(policy: &Policy, row: &Row<EvaluationRow>) -> Option<Predikat> {
    policy.file.performance.predikat_of_label(&row.value.hasil_akhir)
}

/// The predikat of a SIASN row: its label, or the matrix of its two ratings where it has none.
fn of_siasn(policy: &Policy, label: Option<&str>, hasil: Option<i64>, perilaku: Option<i64>) -> Option<Predikat> {
    let performance = &policy.file.performance;
    match label.filter(|label| !is_unassessed(label)) {
        Some(label) => performance.predikat_of_label(label),
        None => performance.predikat_of_ratings(Rating::from_code(hasil?)?, Rating::from_code(perilaku?)?),
    }
}

/// Whether a history row is about exactly this cycle (`periodikId`: 1 a month, 2 a quarter; facts ekinerja-api §2.3).
/// SIASN keeps annual results elsewhere.
fn is_of(row: &HistoryRow, cycle: Cycle) -> bool {
    let (first, last) = (cycle.first_month(), cycle.last_month());
    let (id, whole) = match cycle.length() {
        CycleLength::Monthly => (1, row.bulan_mulai.is_none_or(|month| month == first.month())),
        CycleLength::Quarterly => (2, row.bulan_mulai.map_or(row.periodik_id == Some(2), |month| month == first.month())),
        CycleLength::Annual => return false,
    };
    row.periodik_id.is_none_or(|kind| kind == id)
        && whole
        && row.bulan_selesai == Some(last.month())
        && row.tahun_selesai.or(row.tahun) == Some(last.year())
}

/// PR08: the predikat that decides is not the one that was known when the payment file was received.
fn changed_since_paid(sheet: &mut Worksheet<'_>) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let cycle = policy.evaluation_cycle(dossier.period);
    let Some(then) = deciding(&dossier.evaluation_when_paid, cycle.last_day()) else { return };
    let Some(now) = deciding(&dossier.evaluation, cycle.last_day()) else { return };
    if stated(policy, then) == stated(policy, now) {
        return;
    }
    let draft = Draft::new(Code::Pr08)
        .param("cycle", cycle)
        .param("before", &then.value.hasil_akhir)
        .param("predikat", &now.value.hasil_akhir)
        .shows(exhibits(then))
        .shows(exhibits(now));
    sheet.find(draft);
}

/// PR09: the file pays exactly what the predikat of a neighbouring cycle would give.
pub fn compare(sheet: &mut Worksheet<'_>, paid_net: Rupiah) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let Some(terms) = sheet.terms().filter(|_| sheet.computable) else { return };
    if sheet.amounts(&terms).net == paid_net {
        return;
    }
    let (cycle, base) = (policy.evaluation_cycle(dossier.period), policy.file.performance.base);
    let shown: Vec<Exhibit> = deciding(&dossier.evaluation, cycle.last_day()).map(exhibits).unwrap_or_default();
    for neighbour in [cycle.offset(-1), cycle.offset(1)] {
        let Some(rows) = dossier.evaluations_by_cycle.get(&neighbour) else { continue };
        let Some(row) = deciding(rows, neighbour.last_day()) else { continue };
        let predikat = stated(policy, row);
        if predikat.is_none() && !is_missing(row) {
            continue;
        }
        let (cut, performance_paid) = effect(policy, predikat);
        let cuts = terms.cuts.without(base, sheet.performance_cut).with(base, cut);
        if sheet.amounts(&Terms { cuts, performance_paid, ..terms }).net == paid_net {
            let draft = Draft::new(Code::Pr09).param("cycle", neighbour).param("needed", cycle).param("predikat", &row.value.hasil_akhir);
            sheet.find(draft.shows(exhibits(row)).shows(shown));
            return;
        }
    }
}

/// A row that says that nobody assessed.
fn is_missing(row: &Row<EvaluationRow>) -> bool {
    [&row.value.hasil_akhir, &row.value.hasil_kerja, &row.value.perilaku_kerja].into_iter().all(|label| is_unassessed(label))
}

/// PR11, and how many cycles up to the deciding one, which is missing, lack a predikat in a row. A cycle that is not
/// known, or in which the person was not yet in service, ends the row.
pub(super) fn missing_in_a_row(sheet: &mut Worksheet<'_>) -> usize {
    let dossier = sheet.dossier;
    let cycle = sheet.policy.evaluation_cycle(dossier.period);
    let Some(months) = sheet.policy.file.performance.missing.consecutive_months else { return 1 };
    let spmt = dossier.roster.first().and_then(|row| row.value.tmt_spmt.or(row.value.tmt_cpns));
    let mut cycles = vec![cycle];
    let mut shown: Vec<Exhibit> = dossier.evaluation.iter().flat_map(exhibits).collect();
    for earlier in (1..months as i32).map(|back| cycle.offset(-back)) {
        let in_service = spmt.is_none_or(|first| first <= earlier.first_day());
        let rows = dossier.evaluations_by_cycle.get(&earlier).map(Vec::as_slice).unwrap_or_default();
        let missing = match deciding(rows, earlier.last_day()) {
            Some(row) => is_missing(row),
            None => !rows.is_empty() || dossier.silent_cycles.contains(&earlier),
        };
        if !in_service || !missing {
            break;
        }
        cycles.push(earlier);
        shown.extend(rows.iter().map(|row| row.exhibit("hasil_akhir", Some(row.value.hasil_akhir.clone()))));
    }
    if cycles.len() + 1 >= months as usize {
        let names: Vec<String> = cycles.iter().map(Cycle::to_string).collect();
        sheet.find(Draft::new(Code::Pr11).param("cycles", names.join(", ")).param("limit", months).shows(shown));
    }
    cycles.len()
}

/// PR12: of the same cycle, Laporan and Rekap, BKN's own answer and an export file that stood in for it, or one of them
/// and SIASN's history, state different predikat.
fn sources_disagree(sheet: &mut Worksheet<'_>) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let cycle = policy.evaluation_cycle(dossier.period);
    let Some((row, predikat)) = deciding(&dossier.evaluation, cycle.last_day()).and_then(|row| Some((row, stated(policy, row)?))) else {
        return;
    };
    let mut others: Vec<(Predikat, Exhibit)> = Vec::new();
    for rows in dossier.evaluation_elsewhere.chunk_by(|a, b| std::sync::Arc::ptr_eq(&a.origin, &b.origin)) {
        let differs_in_kind = |other: &&Row<EvaluationRow>| {
            other.value.form != row.value.form || other.origin.is_answer_of_report() != row.origin.is_answer_of_report()
        };
        let other = deciding(rows, cycle.last_day()).filter(differs_in_kind);
        others.extend(
            other.and_then(|other| Some((stated(policy, other)?, other.exhibit("hasil_akhir", Some(other.value.hasil_akhir.clone()))))),
        );
    }
    for other in dossier.history.iter().filter(|other| is_of(&other.value, cycle)) {
        let HistoryRow { kuadran, hasil_nilai, perilaku_nilai, .. } = &other.value;
        let said = of_siasn(policy, kuadran.as_deref(), *hasil_nilai, *perilaku_nilai);
        let shown = |said: Predikat| other.exhibit("kuadranNilai", kuadran.clone().or_else(|| Some(said.label().to_owned())));
        others.extend(said.map(|said| (said, shown(said))));
    }
    others.retain(|(other, _)| *other != predikat);
    let Some((first, _)) = others.first() else { return };
    let draft = Draft::new(Code::Pr12)
        .param("cycle", cycle)
        .param("predikat", predikat.label())
        .param("other", first.label())
        .shows([row.exhibit("hasil_akhir", Some(row.value.hasil_akhir.clone()))]);
    sheet.find(draft.shows(others.into_iter().map(|(_, shown)| shown)));
}

/// PR13: Kurang or Sangat Kurang in the deciding cycle and the one before it, or in the last complete year.
fn low_again(sheet: &mut Worksheet<'_>) {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let low = |predikat: Option<Predikat>| matches!(predikat, Some(Predikat::Kurang | Predikat::SangatKurang));
    let cycle = policy.evaluation_cycle(dossier.period);
    let before = cycle.offset(-1);
    let now = deciding(&dossier.evaluation, cycle.last_day()).filter(|row| low(stated(policy, row)));
    let earlier = dossier.evaluations_by_cycle.get(&before).and_then(|rows| deciding(rows, before.last_day()));
    let year = dossier.period.year() - 1;
    let annual: Vec<&Row<AnnualRow>> = dossier.skp_annual.iter().filter(|row| row.value.tahun == Some(year)).collect();
    let low_year = |row: &AnnualRow| low(of_siasn(policy, row.kuadran.as_deref(), row.hasil_nilai, row.perilaku_nilai));
    let (cycles, shown) = match (now, earlier.filter(|row| low(stated(policy, row)))) {
        (Some(now), Some(earlier)) => {
            let said = [now, earlier].map(|row| row.exhibit("hasil_akhir", Some(row.value.hasil_akhir.clone())));
            (format!("{before}, {cycle}"), said.to_vec())
        }
        _ if !annual.is_empty() && annual.iter().all(|row| low_year(&row.value)) => {
            (year.to_string(), annual.iter().map(|row| row.exhibit("kuadranKinerja", row.value.kuadran.clone())).collect())
        }
        _ => return,
    };
    let kind = dossier.roster.first().map(|row| row.value.jenis_pegawai);
    let contract = matches!(kind, Some(EmployeeKind::Pppk | EmployeeKind::PppkParuhWaktu));
    let draft = Draft::new(Code::Pr13).param("cycles", cycles).param("follow_up", if contract { "contract" } else { "service" });
    sheet.find(draft.shows(shown));
}
