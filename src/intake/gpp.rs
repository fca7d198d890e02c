//! The salary file of GPP for a bank, `Gaji_Bank_*.xlsx` (facts tukin-rules §3.4): of all its columns only the account is
//! taken, to be shown beside a payment row that lacks one. Salary and tukin are often paid to different banks, so two
//! different accounts mean nothing.

use super::FileKind;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::row::Row;
use super::values;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::payment::SalaryAccount;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Payment,
    form: "GPP gaji bank",
    columns: &[
        must("nip"),
        must("bulan"),
        must("tahun"),
        may("kdjns"),
        must("gjpokok"),
        may("bersih"),
        may("kdbankspan"),
        may("nmbankspan"),
        must("rekening"),
        may("nmrek"),
    ],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// One line, under the month of the salary.
pub(super) fn account(row: &mut Row<'_>) -> Option<(Nip, Period, SalaryAccount)> {
    if !row.fits() {
        return None;
    }
    let nip = row.need("nip", values::nip);
    let month = super::payment::month(row, "bulan", "tahun", true);
    let account = SalaryAccount {
        jenis: row.take("kdjns", values::text),
        kode_bank: row.take("kdbankspan", values::text),
        nama_bank: row.take("nmbankspan", values::text),
        rekening: row.take("rekening", values::text),
        nama_rekening: row.take("nmrek", values::text),
    };
    if !row.is_clean() {
        return None;
    }
    Some((nip?, month?, account))
}
