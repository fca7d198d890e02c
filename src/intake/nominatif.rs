//! The 13-column nominatif, "Daftar pembayaran tukin" (facts tukin-rules §3.4): a paper form as a sheet, with name and NIP
//! in one cell. It has no satker, decree, bank or months; those stay empty. The work month is what the operator says.

use super::FileKind;
use super::cell::Cell;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::header::should;
use super::refusal::RefusalReason;
use super::row::Row;
use super::values;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Rupiah;
use crate::domain::nip::NipError;
use crate::domain::payment::PaymentRow;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Payment,
    form: "nominatif",
    columns: &[
        may("nama_nip").or(&["nip_nama", "nama_dan_nip", "nama_pegawai_nip"]),
        may("nip"),
        may("nama").or(&["nama_pegawai"]),
        may("eselon"),
        may("golongan").or(&["gol"]),
        may("status_kawin"),
        may("jml_anak"),
        must("kelas_jabatan").or(&["kelas", "grade", "kls_jabatan"]),
        may("gaji_pokok"),
        may("tunj_jabatan"),
        may("gaji_kotor"),
        must("tukin").or(&["tunjangan_kinerja", "tunj_kinerja"]),
        may("tunj_penyesuaian"),
        may("tunj_khusus"),
        should("pot_absen").or(&["potongan", "potongan_absen", "pot", "potongan_absensi"]),
        may("jumlah").or(&["jumlah_h"]),
        may("tunj_pph21").or(&["tunjangan_pph_21"]),
        may("pot_pph21").or(&["potongan_pph_21"]),
        must("dibayarkan").or(&["jumlah_dibayarkan", "yang_dibayarkan", "jumlah_yang_dibayarkan"]),
        should("rekening").or(&["no_rekening", "nomor_rekening"]),
        may("keterangan"),
    ],
    one_of: &["nama_nip", "nip"],
    full_rows: false,
    sections: false,
};

/// What is paid before deductions; only tukin must be there.
const GROSS: [&str; 3] = ["tukin", "tunj_penyesuaian", "tunj_khusus"];

/// Whether the row below the header only numbers the columns: `1 2 3`, `A B C`, `H=D+E+F-G`.
pub(super) fn is_numbering(row: &Row<'_>) -> bool {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let short = |text: &str| {
        text.len() <= if number(text) { 2 } else { 12 }
            && text.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || "=+-() ".contains(c))
    };
    let mut cells = row.raw().cells().filter(|cell| *cell != Cell::Empty);
    let numbers = |cell: Cell<'_>| match cell {
        Cell::Text(text) => short(text),
        Cell::Number(number) => (0.0..100.0).contains(&number),
        _ => false,
    };
    let person = [row.cell("nama_nip"), row.cell("nip")].into_iter().find(|cell| *cell != Cell::Empty);
    person.is_some_and(|cell| cell.shown().len() <= 2) && cells.all(numbers)
}

/// Gross, deduction and net of a line; a total line may lack the deduction.
pub(super) fn amounts(row: &mut Row<'_>) -> Option<[Rupiah; 3]> {
    row.need("tukin", values::rupiah);
    let parts = GROSS.map(|column| row.take(column, values::rupiah).unwrap_or_default());
    let bersih = row.need("dibayarkan", values::rupiah);
    let sum = parts.iter().try_fold(0_i64, |sum, part| sum.checked_add(part.0));
    let Some(bruto) = sum.map(Rupiah) else {
        row.refuse("tukin", RefusalReason::OutOfRange);
        return None;
    };
    let stated = row.take("pot_absen", deduction);
    // A percent says how much was meant, the sum behind it how much was taken.
    let left = row.take("jumlah", values::rupiah).or(bersih);
    let potongan = match stated {
        Some(Deduction::Amount(amount)) => Some(amount),
        Some(Deduction::Percent) | None => left.and_then(|left| bruto.0.checked_sub(left.0)).map(Rupiah),
    };
    Some([bruto, potongan?, bersih?])
}

/// What stands in the column of deductions.
enum Deduction {
    Amount(Rupiah),
    Percent,
}

/// Rupiah, or a percent: up to 100, or written as one. Nothing of nothing is both.
fn deduction(cell: Cell<'_>) -> Result<Deduction, RefusalReason> {
    let written = match cell {
        Cell::Text(text) => text.strip_suffix('%').map(str::trim_end),
        _ => None,
    };
    if let Some(percent) = written {
        return values::percent(Cell::Text(&percent.replace(',', "."))).map(|_| Deduction::Percent);
    }
    match values::rupiah(cell) {
        Ok(Rupiah(0)) => Ok(Deduction::Amount(Rupiah::ZERO)),
        Ok(Rupiah(1..=100)) => Ok(Deduction::Percent),
        Ok(amount) => Ok(Deduction::Amount(amount)),
        // 2.5 or 0.025: a cell shown as percent keeps the fraction.
        Err(_) if matches!(cell, Cell::Number(number) if number > 0.0 && number <= 100.0) => Ok(Deduction::Percent),
        Err(reason) => match values::percent(cell) {
            Ok(_) => Ok(Deduction::Percent),
            Err(_) => Err(reason),
        },
    }
}

/// One line of a person.
pub(super) fn payment(row: &mut Row<'_>, period: Period) -> Option<(Nip, PaymentRow)> {
    if !row.fits() {
        return None;
    }
    let (nip, nama) = person(row);
    let amounts = amounts(row);
    let kelas = row.take("kelas_jabatan", values::whole);
    let rekening = row.take("rekening", values::text);
    if amounts.is_some_and(|[bruto, _, _]| bruto < Rupiah::ZERO) {
        row.refuse("tukin", RefusalReason::NegativeGross);
    }
    if !row.is_clean() {
        return None;
    }
    let [bruto, potongan, bersih] = amounts?;
    let payment = PaymentRow {
        kode_satker: None,
        dibayar: None,
        awal: period,
        akhir: None,
        nama,
        nomor_sk: None,
        kelas,
        bruto,
        potongan,
        bersih,
        kode_bank: None,
        nama_bank: None,
        rekening,
        nama_rekening: None,
    };
    Some((nip?, payment))
}

fn person(row: &mut Row<'_>) -> (Option<Nip>, Option<String>) {
    if row.cell("nip") != Cell::Empty {
        return (row.need("nip", values::nip), row.take("nama", values::text));
    }
    match row.need("nama_nip", name_and_nip) {
        Some((nip, nama)) => (Some(nip), nama),
        None => (None, None),
    }
}

/// `BUDI CONTOH, S.Kom. / NIP 19850101 201001 1 901`, in either order, on one line or two.
fn name_and_nip(cell: Cell<'_>) -> Result<(Nip, Option<String>), RefusalReason> {
    let Cell::Text(text) = cell else { return values::nip(cell).map(|nip| (nip, None)) };
    let gap = |c: char| c == '.' || c.is_whitespace() || crate::domain::text::is_invisible(c);
    // The longest run of digits, gaps between them included.
    let (mut best, mut start, mut digits) = ((0, 0, 0), 0, 0);
    for (at, c) in text.char_indices() {
        if c.is_numeric() {
            if digits == 0 {
                start = at;
            }
            digits += 1;
            best = best.max((digits, start, at + c.len_utf8()));
        } else if !gap(c) {
            digits = 0;
        }
    }
    let (count, start, end) = best;
    if count == 0 {
        return Err(RefusalReason::Nip(NipError::NotDigits));
    }
    let nip = Nip::parse(&text[start..end]).map_err(RefusalReason::Nip)?;
    let edge = |c: char| c.is_whitespace() || matches!(c, '/' | ':' | '-' | '(' | ')' | ',' | ';');
    let before = text[..start].trim_matches(edge);
    let label = ["NIP.", "NIP", "Nip.", "Nip"].into_iter().find_map(|label| before.strip_suffix(label));
    let before = label.unwrap_or(before).trim_matches(edge);
    let name = if before.is_empty() { text[end..].trim_matches(edge) } else { before };
    Ok((nip, (!name.is_empty()).then(|| name.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_nip_stand_in_one_cell() {
        let read = |text: &str| name_and_nip(Cell::Text(text)).map(|(nip, name)| (nip.to_string(), name.unwrap_or_default()));
        for (text, name) in [
            ("BUDI CONTOH UJI, S.Kom.\n198501012010011901", "BUDI CONTOH UJI, S.Kom."),
            ("Budi Contoh / NIP. 19850101 201001 1 901", "Budi Contoh"),
            ("198501012010011901 / BUDI CONTOH", "BUDI CONTOH"),
            ("BUDI 2 CONTOH (NIP 198501012010011901)", "BUDI 2 CONTOH"),
            ("198501012010011901", ""),
        ] {
            assert_eq!(read(text), Ok(("198501012010011901".to_owned(), name.to_owned())), "{text}");
        }
        assert_eq!(read("BUDI\n3174012345678901"), Err(RefusalReason::Nip(NipError::Nik)));
        assert_eq!(read("BUDI\n19850101201001190"), Err(RefusalReason::Nip(NipError::Length(17))));
        assert_eq!(read("BUDI CONTOH"), Err(RefusalReason::Nip(NipError::NotDigits)));
    }
}
