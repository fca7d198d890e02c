//! ADK tukin "daftar bayar", and what comes in its place or beside it (`nominatif`, `gpp`). The ADK has 21 columns, as a sheet with a header or as tab text without one, closed by a TOTAL line
//! (facts tukin-rules §3.4). A row belongs to the month of its Bulan/Tahun Awal, never to that of the file.

use super::FileKind;
use super::cell::Cell;
use super::content::Reading;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::part;
use super::delivery::refuse;
use super::delivery::settle;
use super::error::IntakeError;
use super::gpp;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::ledger::Ledger;
use super::nominatif;
use super::notice::Notice;
use super::refusal::RefusalReason;
use super::row::Place;
use super::row::Row;
use super::table;
use super::values;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Rupiah;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::payment::PaymentRow;
use crate::domain::payment::SalaryAccount;
use crate::domain::payment::TotalLine;
use crate::domain::period::Span;
use crate::domain::text::key;
use std::collections::BTreeMap;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Payment,
    form: "daftar bayar",
    columns: &[
        should("kode_satker"),
        should("bulan"),
        should("tahun"),
        must("nip"),
        should("nama_pegawai").or(&["nama"]),
        should("nomor_sk"),
        must("kode_grade"),
        must("nilai_bruto").or(&["bruto"]),
        must("nilai_potongan").or(&["potongan"]),
        must("nilai_bersih").or(&["bersih"]),
        should("kode_bank_span"),
        should("nama_bank"),
        must("nomor_rekening").or(&["rekening"]),
        should("nama_rekening"),
        must("bulan_awal"),
        must("tahun_awal"),
        should("bulan_akhir"),
        should("tahun_akhir"),
        may("tukin_kali"),
        may("nomor_tukin_lama"),
        may("nomor_tukin_baru"),
    ],
    one_of: &[],
    full_rows: true,
    sections: false,
};

/// The three amounts of a line, in the order of [`TotalLine`].
const AMOUNTS: [&str; 3] = ["nilai_bruto", "nilai_potongan", "nilai_bersih"];

/// What the lines of a file come to.
#[derive(Default)]
struct Lines {
    rows: Vec<(Nip, PaymentRow, Place)>,
    summed: [i128; 3],
    stated: Option<[Rupiah; 3]>,
    /// Lines about nobody: totals, numbers of columns.
    other_lines: usize,
    /// The sheet whose TOTAL line has been read.
    closed: Option<u16>,
    /// Lines of a salary file.
    accounts: Ledger<SalaryAccount>,
    /// A line of a nominatif, which names no month, without `--period`.
    monthless: bool,
}

/// Reads an ADK.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut lines = Lines::default();
    let plan = table::Plan { layouts: &[&LAYOUT, &nominatif::LAYOUT, &gpp::LAYOUT], headerless: Some(&LAYOUT) };
    let mut outcome = table::read(reading, &plan, &mut |row| lines.line(row, reading.period))?;
    outcome.rows = outcome.rows.saturating_sub(lines.other_lines);
    let mut settled = settle(reading, outcome, Emptiness::Refused)?;
    if lines.monthless {
        return Err(IntakeError::PeriodNeeded { file: reading.name.to_owned(), kind: FileKind::Payment });
    }
    let accounts = std::mem::take(&mut lines.accounts);
    let mut deliveries = Vec::new();
    if let Some(span @ Span::Month(period)) = accounts.main_span() {
        let statements = accounts.statements(&settled.outcome.sheets, Body::Bank);
        let label = Label { kind: Kind::Bank, span, part: part(period, reading), scope: Scope::Named, period: Some(period) };
        deliveries.push(settled.deliver(label, SourceFacts::default(), statements));
        if lines.rows.is_empty() {
            return Ok(deliveries);
        }
    }
    let Some(period) = reading.period.or_else(|| lines.main_period()) else { return Err(refuse(reading, RefusalReason::OnlyHeader)) };
    // Sums without the rows that were left out would contradict a TOTAL line that is right.
    let total = if settled.is_partial() { None } else { lines.total().map_err(|reason| refuse(reading, reason))? };
    let strays = lines.rows.iter().filter(|(_, row, _)| row.awal != period).count();
    match lines.main_period().filter(|found| *found != period) {
        Some(found) => settled.notices.push(Notice::AnotherMonth { rows: strays, period, found }),
        None if strays > 0 => settled.notices.push(Notice::OtherMonths { rows: strays, period }),
        None => {}
    }
    let statements = lines.ledger(period).statements(&settled.outcome.sheets, Body::Payment);
    let label = Label {
        kind: Kind::Payment,
        span: Span::Month(period),
        part: part(period, reading),
        scope: Scope::Everybody,
        period: Some(period),
    };
    deliveries.push(settled.deliver(label, SourceFacts { total, ..SourceFacts::default() }, statements));
    Ok(deliveries)
}

impl Lines {
    fn line(&mut self, row: &mut Row<'_>, period: Option<Period>) {
        if std::ptr::eq(row.header().layout, &gpp::LAYOUT) {
            if let Some((nip, month, account)) = gpp::account(row) {
                self.accounts.add(nip, Span::Month(period.unwrap_or(month)), account, row.place());
            }
            return;
        }
        if self.closed == Some(row.sheet_at) {
            row.refuse_row(RefusalReason::AfterTotal);
            return;
        }
        let is_nominatif = std::ptr::eq(row.header().layout, &nominatif::LAYOUT);
        let first = row.raw().cells().enumerate().find(|(_, cell)| *cell != Cell::Empty);
        if let Some((at, Cell::Text(text))) = first
            && (key(text) == "total" || is_nominatif && matches!(key(text).as_str(), "jumlah" | "jumlahtotal" | "totaljumlah"))
        {
            self.close(row, at);
            return;
        }
        if is_nominatif && nominatif::is_numbering(row) {
            self.other_lines += 1;
            return;
        }
        self.monthless |= is_nominatif && period.is_none();
        let payment = match period {
            Some(period) if is_nominatif => nominatif::payment(row, period),
            // Settled when the file has been read.
            None if is_nominatif => None,
            _ => payment(row),
        };
        if let Some((nip, payment)) = payment {
            for (sum, amount) in self.summed.iter_mut().zip([payment.bruto, payment.potongan, payment.bersih]) {
                *sum += i128::from(amount.0);
            }
            self.rows.push((nip, payment, row.place()));
        }
    }

    fn close(&mut self, row: &mut Row<'_>, label_at: usize) {
        self.other_lines += 1;
        self.closed = Some(row.sheet_at);
        let is_nominatif = std::ptr::eq(row.header().layout, &nominatif::LAYOUT);
        let amounts = if is_nominatif { nominatif::amounts(row) } else { total_amounts(row, label_at) };
        match amounts {
            // A workbook with a TOTAL on each sheet states the sum of them.
            Some(amounts) => {
                let before = self.stated.unwrap_or_default();
                self.stated = Some([0, 1, 2].map(|at| before[at] + amounts[at]));
            }
            None => row.refuse_row(RefusalReason::TotalUnreadable),
        }
    }

    /// The month of most rows; of equals the latest.
    fn main_period(&self) -> Option<Period> {
        let mut months: BTreeMap<Period, usize> = BTreeMap::new();
        for (_, row, _) in &self.rows {
            *months.entry(row.awal).or_default() += 1;
        }
        months.into_iter().max_by_key(|(period, rows)| (*rows, *period)).map(|(period, _)| period)
    }

    fn total(&self) -> Result<Option<TotalLine>, RefusalReason> {
        let Some(stated) = self.stated else { return Ok(None) };
        let mut summed = [Rupiah::ZERO; 3];
        for (whole, sum) in summed.iter_mut().zip(self.summed) {
            *whole = i64::try_from(sum).map(Rupiah).map_err(|_| RefusalReason::SumTooLarge)?;
        }
        Ok(Some(TotalLine { stated, summed }))
    }

    /// Each row under its own month; a stray row under the file's month as well, where PE01 looks for it.
    fn ledger(self, period: Period) -> Ledger<PaymentRow> {
        let mut ledger = Ledger::default();
        for (nip, row, place) in self.rows {
            if row.awal != period {
                ledger.add(nip, Span::Month(period), row.clone(), place);
            }
            ledger.add(nip, Span::Month(row.awal), row, place);
        }
        ledger
    }
}

/// The amounts of a TOTAL line: under their columns, or the only three filled cells behind the label.
fn total_amounts(row: &Row<'_>, label_at: usize) -> Option<[Rupiah; 3]> {
    let under = AMOUNTS.map(|name| values::rupiah(row.cell(name)).ok());
    if let [Some(bruto), Some(potongan), Some(bersih)] = under {
        return Some([bruto, potongan, bersih]);
    }
    let filled: Vec<Cell<'_>> = row.raw().cells().skip(label_at + 1).filter(|cell| *cell != Cell::Empty).collect();
    let [bruto, potongan, bersih] = filled[..] else { return None };
    Some([values::rupiah(bruto).ok()?, values::rupiah(potongan).ok()?, values::rupiah(bersih).ok()?])
}

fn payment(row: &mut Row<'_>) -> Option<(Nip, PaymentRow)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let bruto = row.need("nilai_bruto", values::rupiah);
    let potongan = row.need("nilai_potongan", values::rupiah);
    let bersih = row.need("nilai_bersih", values::rupiah);
    let awal = month(row, "bulan_awal", "tahun_awal", true);
    let akhir = month(row, "bulan_akhir", "tahun_akhir", false);
    let dibayar = month(row, "bulan", "tahun", false);
    let kode_satker = row.take("kode_satker", values::text);
    let nama = row.take("nama_pegawai", values::text);
    let nomor_sk = row.take("nomor_sk", values::text);
    let kelas = row.take("kode_grade", values::whole);
    let kode_bank = row.take("kode_bank_span", values::text);
    let nama_bank = row.take("nama_bank", values::text);
    let rekening = row.take("nomor_rekening", values::text);
    let nama_rekening = row.take("nama_rekening", values::text);
    if bruto.is_some_and(|bruto| bruto < Rupiah::ZERO) {
        row.refuse("nilai_bruto", RefusalReason::NegativeGross);
    }
    if awal.zip(akhir).is_some_and(|(awal, akhir)| akhir < awal) {
        row.refuse("bulan_akhir", RefusalReason::EndBeforeStart);
    }
    if !row.is_clean() {
        return None;
    }
    let payment = PaymentRow {
        kode_satker,
        dibayar,
        awal: awal?,
        akhir,
        nama,
        nomor_sk,
        kelas,
        bruto: bruto?,
        potongan: potongan?,
        bersih: bersih?,
        kode_bank,
        nama_bank,
        rekening,
        nama_rekening,
    };
    Some((nip?, payment))
}

/// A month in two columns: both filled, or both empty where that is allowed.
pub(super) fn month(row: &mut Row<'_>, month: &'static str, year: &'static str, needed: bool) -> Option<Period> {
    if !needed && row.cell(month) == Cell::Empty && row.cell(year) == Cell::Empty {
        return None;
    }
    let month = row.need(month, |cell| match values::count(cell, 12)? {
        0 => Err(RefusalReason::OutOfRange),
        month => Ok(month),
    });
    let year = row.need(year, |cell| match values::count(cell, 9999)? {
        0..=99 => Err(RefusalReason::TwoDigitYear),
        1900..=9999 => values::count(cell, 9999),
        _ => Err(RefusalReason::OutOfRange),
    });
    Period::new(i32::try_from(year?).ok()?, month?)
}
