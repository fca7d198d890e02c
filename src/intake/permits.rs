//! Permits: leave, duty elsewhere, excuses for scans. Standing facts, which speak only for those whom they name.

use super::FileKind;
use super::cell::Cell;
use super::content::Reading;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::part;
use super::delivery::settle;
use super::error::IntakeError;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::ledger::Ledger;
use super::refusal::RefusalReason;
use super::row::Row;
use super::table;
use super::values;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::leave::DoctorsLetter;
use crate::domain::leave::Permit;
use crate::domain::leave::PermitKind;
use crate::domain::period::Span;
use crate::domain::text::fold;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Permits,
    form: "permits",
    columns: &[
        must("nip"),
        must("jenis"),
        must("mulai"),
        must("selesai"),
        may("nomor_surat"),
        may("tanggal_surat"),
        should("disetujui_oleh"),
        should("surat_dokter"),
        should("anak_ke"),
    ],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// More children than anybody has; a larger number is a slip.
const MOST_CHILDREN: u32 = 99;

/// Reads permits; a file without rows says that there are none.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut permits = Ledger::default();
    let plan = table::Plan { layouts: &[&LAYOUT], headerless: None };
    let outcome = table::read(reading, &plan, &mut |row| {
        if let Some((nip, permit)) = permit(row) {
            permits.add(nip, Span::Standing, permit, row.place());
        }
    })?;
    let settled = settle(reading, outcome, Emptiness::Means)?;
    let statements = permits.statements(&settled.outcome.sheets, Body::Permits);
    let of = reading.period.map_or_else(String::new, |period| period.to_string());
    let label = Label { kind: Kind::Permits, span: Span::Standing, part: part(of, reading), scope: Scope::Named, period: reading.period };
    Ok(vec![settled.deliver(label, SourceFacts::default(), statements)])
}

fn permit(row: &mut Row<'_>) -> Option<(Nip, Permit)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let jenis = row.need("jenis", |cell| values::choice(cell, &PermitKind::ALL));
    let mulai = row.need("mulai", values::date);
    let selesai = row.need("selesai", values::date);
    let nomor_surat = row.take("nomor_surat", values::text);
    let tanggal_surat = row.take("tanggal_surat", values::date);
    let disetujui_oleh = row.take("disetujui_oleh", values::text);
    let surat_dokter = row.take("surat_dokter", doctors_letter).unwrap_or(DoctorsLetter::None);
    let anak_ke = row.take("anak_ke", |cell| values::count(cell, MOST_CHILDREN));
    if mulai.zip(selesai).is_some_and(|(mulai, selesai)| selesai < mulai) {
        row.refuse("selesai", RefusalReason::EndBeforeStart);
    }
    if !row.is_clean() {
        return None;
    }
    let permit =
        Permit { jenis: jenis?, mulai: mulai?, selesai: selesai?, nomor_surat, tanggal_surat, disetujui_oleh, surat_dokter, anak_ke };
    Some((nip?, permit))
}

/// 0, tidak: none; 1, ya: in time; a date: handed in then (contract §4).
fn doctors_letter(cell: Cell<'_>) -> Result<DoctorsLetter, RefusalReason> {
    let word = if let Cell::Text(text) = cell { fold(text) } else { cell.shown() };
    match word.as_str() {
        "0" | "tidak" => Ok(DoctorsLetter::None),
        "1" | "ya" => Ok(DoctorsLetter::InTime),
        _ => values::date(cell).map(DoctorsLetter::On),
    }
}
