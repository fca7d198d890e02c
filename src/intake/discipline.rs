//! Punishments in the ministry's own file. Standing facts, which speak only for those whom they name.

use super::FileKind;
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
use super::row::Row;
use super::table;
use super::values;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::discipline::Punishment;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Discipline,
    form: "discipline",
    columns: &[
        must("nip"),
        may("nomor_sk"),
        may("tanggal_sk"),
        should("tingkat"),
        may("jenis"),
        should("persen"),
        must("mulai"),
        should("bulan"),
    ],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// A working life; a longer punishment is a slip.
const MOST_MONTHS: u32 = 600;

/// Reads punishments; a file without rows says that there are none.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut punishments = Ledger::default();
    let plan = table::Plan { layouts: &[&LAYOUT], headerless: None };
    let outcome = table::read(reading, &plan, &mut |row| {
        if let Some((nip, punishment)) = punishment(row) {
            punishments.add(nip, Span::Standing, punishment, row.place());
        }
    })?;
    let settled = settle(reading, outcome, Emptiness::Means)?;
    let statements = punishments.statements(&settled.outcome.sheets, Body::Discipline);
    let of = reading.period.map_or_else(String::new, |period| period.to_string());
    let label =
        Label { kind: Kind::Discipline, span: Span::Standing, part: part(of, reading), scope: Scope::Named, period: reading.period };
    Ok(vec![settled.deliver(label, SourceFacts::default(), statements)])
}

fn punishment(row: &mut Row<'_>) -> Option<(Nip, Punishment)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let punishment = Punishment {
        nomor_sk: row.take("nomor_sk", values::text),
        tanggal_sk: row.take("tanggal_sk", values::date),
        tingkat: row.take("tingkat", values::text),
        jenis: row.take("jenis", values::text),
        persen: row.take("persen", values::percent),
        mulai: row.take("mulai", values::month),
        bulan: row.take("bulan", |cell| values::count(cell, MOST_MONTHS)),
    };
    if row.is_clean() { Some((nip?, punishment)) } else { None }
}
