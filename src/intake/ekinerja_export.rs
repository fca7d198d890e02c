//! BKN's e-Kinerja exports: "Laporan Penilaian SKP", "Laporan SKP", "Rekap Penilaian" (facts ekinerja-api §4.3). Which
//! one a sheet is, its columns say; of which cycle and about whom, the lines above them.

use super::FileKind;
use super::cell::Cell;
use super::content::Reading;
use super::cycle;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::Settled;
use super::delivery::part;
use super::delivery::settle;
use super::error::IntakeError;
use super::header::Header;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::ledger::Ledger;
use super::refusal::Refusal;
use super::refusal::RefusalReason;
use super::row::Place;
use super::row::Row;
use super::table;
use super::table::Sheet;
use super::values;
use crate::domain::Body;
use crate::domain::Cycle;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::ekinerja::EvaluationForm;
use crate::domain::ekinerja::EvaluationRow;
use crate::domain::ekinerja::SkpRow;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The live assessment of everybody or of a unit; columns are the keys of `laporan/penilaian`.
pub(super) static PENILAIAN: Layout = Layout {
    kind: FileKind::Ekinerja,
    form: "Laporan Penilaian SKP",
    columns: &[
        must("nip"),
        must("hasil_akhir"),
        should("hasil_kerja"),
        should("perilaku_kerja"),
        should("periode_awal_skp"),
        should("periode_akhir_skp"),
        should("is_skp_plt_plh_pjb"),
        should("skp_id"),
        should("skp_penilaian_id"),
        should("waktu_dinilai"),
        should("pegawai_atasan_nip"),
        may("pegawai_atasan_nama"),
        may("nama"),
        may("skp_jabatan"),
        may("skp_unor"),
    ],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// Who has an SKP; columns are the keys of `laporan/skp`.
pub(super) static SKP: Layout = Layout {
    kind: FileKind::Ekinerja,
    form: "Laporan SKP",
    columns: &[
        must("nip"),
        may("is_skp"),
        may("skp_id"),
        should("skp_status"),
        should("periode_awal"),
        should("periode_akhir"),
        should("is_plt_plh"),
        may("nama"),
        may("skp_jabatan"),
        may("skp_unor"),
    ],
    one_of: &["is_skp", "skp_id"],
    full_rows: false,
    sections: false,
};

/// What one assessing unit prints, often merged by hand into one sheet a month.
pub(super) static REKAP: Layout = Layout {
    kind: FileKind::Ekinerja,
    form: "Rekap Penilaian",
    columns: &[
        must("nip"),
        must("predikat").or(&["Predikat Kinerja Periodik", "Predikat Kinerja Tahunan", "Predikat Kinerja", "Predikat Kinerja Pegawai"]),
        should("rating_hasil_kerja").or(&["Rating Hasil Kinerja"]),
        should("rating_perilaku").or(&["Rating Perilaku Kerja", "Rating Perilaku Kinerja"]),
        may("nama"),
        may("jabatan"),
    ],
    one_of: &[],
    full_rows: false,
    sections: true,
};

/// Rows of a piece of a file.
const PIECE: usize = 1024;

/// A row of either kind of evidence.
enum Found {
    Evaluation(EvaluationRow),
    Skp(SkpRow),
}

/// What one sheet is.
#[derive(Clone)]
struct About {
    kind: Kind,
    cycle: Cycle,
    scope: Scope,
    drawn_at: Option<String>,
    agency: Option<String>,
}

/// Reads any of the exports, every sheet of a workbook.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut found: Vec<Vec<(Nip, Found, Place)>> = Vec::new();
    let plan = table::Plan { layouts: &[&PENILAIAN, &SKP, &REKAP], headerless: None };
    let mut outcome = table::read(reading, &plan, &mut |row| {
        if let Some((nip, what)) = row_of(row) {
            // in pieces, each of which is let go of as soon as its rows have been sorted by cycle
            match found.last_mut().filter(|piece| piece.len() < PIECE) {
                Some(piece) => piece.push((nip, what, row.place())),
                None => found.push(vec![(nip, what, row.place())]),
            }
        }
    })?;
    let mut sheets = Vec::new();
    let mut refused = Vec::new();
    for (sheet, header) in &outcome.sheets {
        match about(sheet, header) {
            Ok(about) => sheets.push(about),
            // Titles inside a sheet that say nothing of a cycle leave the one above in force.
            Err(RefusalReason::CycleMissing) if sheet.continues && !sheets.is_empty() => sheets.extend(sheets.last().cloned()),
            Err(reason) => refused.push(Refusal::of_sheet(sheet.name.as_deref(), reason)),
        }
    }
    outcome.refused.extend(refused);
    let settled = settle(reading, outcome, Emptiness::Means)?;
    Ok(deliveries(reading, &settled, &sheets, found))
}

fn about(sheet: &Sheet, header: &Header) -> Result<About, RefusalReason> {
    let columns = header.layout.form;
    if let Some(title) = cycle::title(&sheet.preamble).filter(|title| *title != columns) {
        return Err(RefusalReason::OtherExport { title, columns });
    }
    let is_skp = std::ptr::eq(header.layout, &SKP);
    let year = |year| Cycle::year(year).ok_or(RefusalReason::CycleMissing);
    let (kind, cycle) =
        if is_skp { (Kind::Skp, year(cycle::year(&sheet.preamble)?)?) } else { (Kind::Evaluation, cycle::cycle(&sheet.preamble)?) };
    let is_rekap = std::ptr::eq(header.layout, &REKAP);
    let scope = if !is_rekap && cycle::covers_everybody(&sheet.preamble) { Scope::Everybody } else { Scope::Named };
    Ok(About { kind, cycle, scope, drawn_at: cycle::drawn_at(&sheet.preamble), agency: cycle::agency(&sheet.preamble) })
}

/// One delivery a kind and cycle, so that each batch is filed under the span of its statements.
fn deliveries(reading: &Reading<'_>, settled: &Settled<'_>, sheets: &[About], found: Vec<Vec<(Nip, Found, Place)>>) -> Vec<Delivery> {
    let mut evaluations: BTreeMap<&Cycle, Ledger<EvaluationRow>> = BTreeMap::new();
    let mut skps: BTreeMap<&Cycle, Ledger<SkpRow>> = BTreeMap::new();
    for (nip, what, place) in found.into_iter().flatten() {
        let Some(about) = sheets.get(usize::from(place.sheet)) else { continue };
        let span = about.cycle.span();
        match what {
            Found::Evaluation(row) => evaluations.entry(&about.cycle).or_default().add(nip, span, row, place),
            Found::Skp(row) => skps.entry(&about.cycle).or_default().add(nip, span, row, place),
        }
    }
    let cycles: BTreeSet<&Cycle> = sheets.iter().filter(|about| about.kind == Kind::Evaluation).map(|about| &about.cycle).collect();
    let kinds: BTreeSet<(Kind, &Cycle)> = sheets.iter().map(|about| (about.kind, &about.cycle)).collect();
    let mut deliveries = Vec::new();
    for (kind, cycle) in kinds {
        let of = || sheets.iter().filter(|about| (about.kind, &about.cycle) == (kind, cycle));
        let everybody = of().any(|about| about.scope == Scope::Everybody);
        let rows = &settled.outcome.sheets;
        let statements = match kind {
            Kind::Skp => skps.remove(cycle).unwrap_or_default().statements(rows, Body::Skp),
            _ => evaluations.remove(cycle).unwrap_or_default().statements(rows, Body::Evaluation),
        };
        let facts = SourceFacts {
            cycles: if kind == Kind::Evaluation { cycles.iter().map(ToString::to_string).collect() } else { Vec::new() },
            drawn_at: of().find_map(|about| about.drawn_at.clone()),
            agency: of().find_map(|about| about.agency.clone()),
            ..SourceFacts::default()
        };
        let label = Label {
            kind,
            span: cycle.span(),
            part: part(cycle, reading),
            scope: if everybody { Scope::Everybody } else { Scope::Named },
            period: reading.period,
        };
        deliveries.push(settled.deliver(label, facts, statements));
    }
    deliveries
}

fn row_of(row: &mut Row<'_>) -> Option<(Nip, Found)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let layout = row.header().layout;
    let what = if std::ptr::eq(layout, &PENILAIAN) {
        Found::Evaluation(penilaian(row))
    } else if std::ptr::eq(layout, &SKP) {
        Found::Skp(skp(row))
    } else {
        Found::Evaluation(rekap(row))
    };
    if row.is_clean() { Some((nip?, what)) } else { None }
}

fn penilaian(row: &mut Row<'_>) -> EvaluationRow {
    EvaluationRow {
        form: EvaluationForm::Laporan,
        nama: row.take("nama", values::text),
        periode_awal_skp: dash_or(row, "periode_awal_skp", values::date),
        periode_akhir_skp: dash_or(row, "periode_akhir_skp", values::date),
        jabatan: row.take("skp_jabatan", values::text),
        unor: row.take("skp_unor", values::text),
        plt: dash_or(row, "is_skp_plt_plh_pjb", values::truth).unwrap_or(false),
        hasil_kerja: label(row, "hasil_kerja"),
        perilaku_kerja: label(row, "perilaku_kerja"),
        hasil_akhir: label(row, "hasil_akhir"),
        atasan_nip: dash_or(row, "pegawai_atasan_nip", values::text),
        atasan_nama: dash_or(row, "pegawai_atasan_nama", values::text),
        waktu_dinilai: dash_or(row, "waktu_dinilai", values::timestamp),
        skp_id: dash_or(row, "skp_id", values::text),
        skp_penilaian_id: dash_or(row, "skp_penilaian_id", values::text),
    }
}

fn rekap(row: &mut Row<'_>) -> EvaluationRow {
    EvaluationRow {
        form: EvaluationForm::Rekap,
        nama: row.take("nama", values::text),
        periode_awal_skp: None,
        periode_akhir_skp: None,
        jabatan: row.take("jabatan", values::text),
        unor: None,
        plt: false,
        hasil_kerja: label(row, "rating_hasil_kerja"),
        perilaku_kerja: label(row, "rating_perilaku"),
        hasil_akhir: label(row, "predikat"),
        atasan_nip: None,
        atasan_nama: None,
        waktu_dinilai: None,
        skp_id: None,
        skp_penilaian_id: None,
    }
}

fn skp(row: &mut Row<'_>) -> SkpRow {
    let skp_id = dash_or(row, "skp_id", values::text);
    let is_skp = dash_or(row, "is_skp", values::truth);
    SkpRow {
        nama: row.take("nama", values::text),
        // Without the flag an id says it (contract §5: is_skp or skp_id).
        is_skp: is_skp.unwrap_or(skp_id.is_some()),
        skp_id,
        status: dash_or(row, "skp_status", values::text),
        jabatan: dash_or(row, "skp_jabatan", values::text),
        unor: dash_or(row, "skp_unor", values::text),
        periode_awal: dash_or(row, "periode_awal", values::date),
        periode_akhir: dash_or(row, "periode_akhir", values::date),
        plt: dash_or(row, "is_plt_plh", values::truth).unwrap_or(false),
    }
}

/// A label as written; blank and "-" are for the rules to tell apart from a predikat.
fn label(row: &mut Row<'_>, column: &'static str) -> String {
    row.take(column, values::text).unwrap_or_default()
}

/// BKN writes a lone dash, or "null", where it has nothing.
fn dash_or<'a, T>(row: &mut Row<'a>, column: &'static str, read: impl FnOnce(Cell<'a>) -> Result<T, RefusalReason>) -> Option<T> {
    match row.cell(column) {
        Cell::Text(text) if text == "-" || text.eq_ignore_ascii_case("null") => None,
        _ => row.take(column, read),
    }
}
