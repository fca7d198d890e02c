//! What finance is about to pay: rows of the ADK "daftar bayar" and of the 13-column nominatif.

use super::period::Period;
use super::rupiah::Rupiah;
use serde::{Deserialize, Serialize};

/// One payment row (facts tukin-rules §3.4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Satker code.
    pub kode_satker: Option<String>,
    /// Month in which it is paid.
    pub dibayar: Option<Period>,
    /// First work month that it pays; the row belongs to this period.
    pub awal: Period,
    /// Last work month that it pays.
    pub akhir: Option<Period>,
    /// Name as written.
    pub nama: Option<String>,
    /// Decree number; equal to the roster's `plt_sk` on a Plt supplement.
    pub nomor_sk: Option<String>,
    /// Class (kode grade).
    pub kelas: Option<i64>,
    /// Gross.
    pub bruto: Rupiah,
    /// Deduction.
    pub potongan: Rupiah,
    /// Net.
    pub bersih: Rupiah,
    /// SPAN bank code.
    pub kode_bank: Option<String>,
    /// Bank name.
    pub nama_bank: Option<String>,
    /// Account number.
    pub rekening: Option<String>,
    /// Account holder.
    pub nama_rekening: Option<String>,
}

/// The account of a person in a salary file, shown where the payment file lacks one. It is no evidence against the
/// account there: tukin and salary are often paid to different banks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SalaryAccount {
    /// Kind of salary payment (`kdjns`, 1 = the monthly salary).
    pub jenis: Option<String>,
    /// SPAN bank code.
    pub kode_bank: Option<String>,
    /// Bank name.
    pub nama_bank: Option<String>,
    /// Account number.
    pub rekening: Option<String>,
    /// Account holder.
    pub nama_rekening: Option<String>,
}

/// What the closing TOTAL line of an ADK states, beside the sums of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalLine {
    /// Stated gross, deduction, net.
    pub stated: [Rupiah; 3],
    /// Sums of the rows.
    pub summed: [Rupiah; 3],
}
