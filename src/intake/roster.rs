//! The ministry's roster: one row a person, holding from its period until the next roster.

use super::FileKind;
use super::content::Reading;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::settle;
use super::error::IntakeError;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::ledger::Ledger;
use super::refusal::RefusalReason;
use super::row::Row;
use super::siasn;
use super::table;
use super::values;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;
use crate::domain::person::EmployeeKind;
use crate::domain::person::EmploymentStatus;
use crate::domain::person::RosterEntry;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Roster,
    form: "roster",
    columns: &[
        must("nip"),
        must("nama"),
        must("jenis_pegawai"),
        must("kode_unit"),
        may("nama_unit"),
        may("jabatan"),
        must("kelas_jabatan"),
        may("tmt_kelas"),
        may("nip_atasan"),
        must("status"),
        may("tmt_status"),
        may("tmt_cpns"),
        may("tmt_pns"),
        may("tmt_spmt"),
        may("jpt"),
        may("plt_jabatan"),
        may("plt_sk"),
        may("plt_mulai"),
        may("plt_selesai"),
        may("kode_bank_span"),
        may("rekening"),
        may("nama_rekening"),
    ],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// Reads a roster of `reading.period`.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let Some(period) = reading.period else {
        return Err(IntakeError::PeriodNeeded { file: reading.name.to_owned(), kind: FileKind::Roster });
    };
    let span = Span::Month(period);
    let mut people = Ledger::default();
    let plan = table::Plan { layouts: &[&LAYOUT, &siasn::LAYOUT], headerless: None };
    let outcome = table::read(reading, &plan, &mut |row| {
        let is_siasn = std::ptr::eq(row.header().layout, &siasn::LAYOUT);
        if let Some((nip, entry)) = if is_siasn { siasn::entry(row) } else { entry(row) } {
            people.add(nip, span, entry, row.place());
        }
    })?;
    let settled = settle(reading, outcome, Emptiness::Refused)?;
    let statements = people.statements(&settled.outcome.sheets, Body::Roster);
    // One roster a period: a corrected file replaces the earlier one, whatever its name.
    let label = Label { kind: Kind::Roster, span, part: period.to_string(), scope: Scope::Everybody, period: Some(period) };
    Ok(vec![settled.deliver(label, SourceFacts::default(), statements)])
}

fn entry(row: &mut Row<'_>) -> Option<(Nip, RosterEntry)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let nama = row.need("nama", values::text);
    let jenis_pegawai = row.need("jenis_pegawai", |cell| values::choice(cell, &EmployeeKind::ALL));
    let kode_unit = row.need("kode_unit", values::text);
    let status = row.need("status", |cell| values::choice(cell, &EmploymentStatus::ALL));
    let nama_unit = row.take("nama_unit", values::text);
    let jabatan = row.take("jabatan", values::text);
    let kelas_jabatan = row.take("kelas_jabatan", values::whole);
    let tmt_kelas = row.take("tmt_kelas", values::date);
    let nip_atasan = row.take("nip_atasan", values::nip);
    let tmt_status = row.take("tmt_status", values::date);
    let tmt_cpns = row.take("tmt_cpns", values::date);
    let tmt_pns = row.take("tmt_pns", values::date);
    let tmt_spmt = row.take("tmt_spmt", values::date);
    let jpt = row.take("jpt", values::flag).unwrap_or(false);
    let plt_jabatan = row.take("plt_jabatan", values::text);
    let plt_sk = row.take("plt_sk", values::text);
    let plt_mulai = row.take("plt_mulai", values::date);
    let plt_selesai = row.take("plt_selesai", values::date);
    let kode_bank_span = row.take("kode_bank_span", values::text);
    let rekening = row.take("rekening", values::text);
    let nama_rekening = row.take("nama_rekening", values::text);
    if plt_mulai.zip(plt_selesai).is_some_and(|(mulai, selesai)| selesai < mulai) {
        row.refuse("plt_selesai", RefusalReason::EndBeforeStart);
    }
    if !row.is_clean() {
        return None;
    }
    let entry = RosterEntry {
        nama: nama?,
        jenis_pegawai: jenis_pegawai?,
        kode_unit: kode_unit?,
        nama_unit,
        jabatan,
        kelas_jabatan,
        tmt_kelas,
        nip_atasan,
        status: status?,
        tmt_status,
        tmt_cpns,
        tmt_pns,
        tmt_spmt,
        jpt,
        plt_jabatan,
        plt_sk,
        plt_mulai,
        plt_selesai,
        kode_bank_span,
        rekening,
        nama_rekening,
    };
    Some((nip?, entry))
}
