//! Workbooks and the tab text of the ADK: the 21 columns of the "daftar bayar" (facts tukin-rules §3.4) and the portal's
//! "Rekap Penilaian" (facts ekinerja-api §4.3).

use super::Ministry;
use super::SimulatorError;
use super::marks::before_the_change;
use super::names::MINISTRY;
use super::payment::Row;
use super::population::Person;
use super::population::Role;
use super::population::printed_unit;
use super::report::EvaluationRow;
use crate::domain::Code;
use crate::domain::Period;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::ExcelDateTime;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::XlsxError;
use std::path::Path;

/// Code of the satker that pays.
const SATKER: &str = "000901";

/// Columns of the ADK.
const ADK_COLUMNS: [&str; 21] = [
    "Kode Satker",
    "Bulan",
    "Tahun",
    "NIP",
    "Nama Pegawai",
    "Nomor SK",
    "Kode Grade",
    "Nilai Bruto",
    "Nilai Potongan",
    "Nilai Bersih",
    "Kode Bank SPAN",
    "Nama Bank",
    "Nomor Rekening",
    "Nama Rekening",
    "Bulan Awal",
    "Tahun Awal",
    "Bulan Akhir",
    "Tahun Akhir",
    "Tukin Kali",
    "Nomor Tukin Lama",
    "Nomor Tukin Baru",
];

/// First of the three columns with amounts.
const AMOUNTS: usize = 7;

/// The 21 cells of a row.
fn cells(row: &Row, paid: Period) -> [String; 21] {
    let month = |period: Period| format!("{:02}", period.month());
    let year = |period: Period| period.year().to_string();
    [
        SATKER.to_owned(),
        month(paid),
        year(paid),
        row.nip.clone(),
        row.name.clone(),
        row.decree.clone(),
        format!("{:02}", row.grade),
        row.gross.to_string(),
        row.deduction.to_string(),
        row.net.to_string(),
        row.bank.0.to_owned(),
        row.bank.1.to_owned(),
        row.account.clone(),
        row.holder.clone(),
        month(row.work),
        year(row.work),
        month(row.work),
        year(row.work),
        "1".to_owned(),
        String::new(),
        String::new(),
    ]
}

/// The closing sums: of the rows as they are written, mistakes included.
fn totals(rows: &[Row]) -> [i64; 3] {
    rows.iter().fold([0; 3], |sum, row| [sum[0] + row.gross, sum[1] + row.deduction, sum[2] + row.net])
}

/// The ADK as a workbook with the sheet "daftar bayar".
pub(super) fn adk(rows: &[Row], paid: Period, path: &Path) -> Result<(), SimulatorError> {
    let mut workbook = dated_workbook(paid);
    let fill = |workbook: &mut Workbook| -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name("daftar bayar")?;
        for (column, title) in (0u16..).zip(ADK_COLUMNS) {
            sheet.write_string(0, column, title)?;
        }
        let mut line = 0;
        for row in rows {
            line += 1;
            for (column, cell) in (0u16..).zip(cells(row, paid)) {
                // NIPs, codes and accounts are text; only amounts are numbers, whole ones that a float holds exactly.
                match usize::from(column).checked_sub(AMOUNTS).and_then(|at| [row.gross, row.deduction, row.net].get(at).copied()) {
                    Some(amount) => sheet.write_number(line, column, amount as f64)?,
                    None if cell.is_empty() => continue,
                    None => sheet.write_string(line, column, cell)?,
                };
            }
        }
        sheet.write_string(line + 1, 0, "TOTAL")?;
        for (column, sum) in (AMOUNTS as u16..).zip(totals(rows)) {
            sheet.write_number(line + 1, column, sum as f64)?;
        }
        Ok(())
    };
    fill(&mut workbook).and_then(|()| workbook.save(path)).map_err(|error| sheet_error(path, &error))
}

/// The ADK as tab text, CRLF, without header; the closing line writes its amounts with dots and spaces.
pub(super) fn adk_text(rows: &[Row], paid: Period) -> String {
    let mut text = String::new();
    for row in rows {
        text.push_str(&cells(row, paid).join("\t"));
        text.push_str("\r\n");
    }
    let mut closing = vec![String::new(); ADK_COLUMNS.len()];
    closing[0] = "TOTAL".to_owned();
    for (at, sum) in totals(rows).into_iter().enumerate() {
        closing[AMOUNTS + at] = format!(" {} ", crate::domain::Rupiah(sum).to_string().replace("Rp", ""));
    }
    text.push_str(&closing.join("\t"));
    text.push_str("\r\n");
    text
}

/// "Rekap Penilaian" of one unit, of the month before the deciding one: somebody picked the wrong month (PR05).
pub(super) fn rekap(ministry: &Ministry, path: &Path) -> Result<(), SimulatorError> {
    let cycle = ministry.period.offset(-2);
    let mut workbook = dated_workbook(ministry.period);
    let unit = printed_unit(&ministry.people);
    let members = ministry.listed_by_bkn().filter(|(_, person)| person.unit == unit).map(|(at, _)| at);
    let rows: Vec<EvaluationRow> =
        members.filter(|at| *at < ministry.people.len()).filter_map(|at| ministry.evaluation_rows(at, cycle).pop()).collect();
    let filled = month(&mut workbook, cycle, &ministry.units[unit].name, &rows);
    filled.and_then(|()| workbook.save(path)).map_err(|error| sheet_error(path, &error))
}

/// "Rekap Penilaian" of six months, a sheet each, of people about whom earlier months say something (PR09, PR11, PR13)
/// or whose predikat of the deciding month changed after it was printed (PR08).
pub(super) fn recap(ministry: &Ministry, path: &Path) -> Result<(), SimulatorError> {
    let mut workbook = dated_workbook(ministry.period);
    let told = |person: &Person| [Code::Pr08, Code::Pr09, Code::Pr11, Code::Pr13].iter().any(|code| person.has(*code));
    let head = ministry.people.iter().position(|person| person.role == Role::Head && person.slip.is_none());
    let people: Vec<usize> = (0..ministry.people.len()).filter(|at| head == Some(*at) || told(&ministry.people[*at])).collect();
    let fill = |workbook: &mut Workbook| -> Result<(), XlsxError> {
        for back in 1..=6 {
            let cycle = ministry.period.offset(-back);
            let mut rows = Vec::new();
            for at in &people {
                let Some(mut row) = ministry.evaluation_rows(*at, cycle).pop() else { continue };
                if back == 1 && ministry.people[*at].has(Code::Pr08) {
                    [row.hasil_kerja, row.perilaku_kerja, row.hasil_akhir] = before_the_change();
                }
                rows.push(row);
            }
            month(workbook, cycle, "Unit Sumber Daya Manusia", &rows)?;
        }
        Ok(())
    };
    fill(&mut workbook).and_then(|()| workbook.save(path)).map_err(|error| sheet_error(path, &error))
}

/// One sheet of a "Rekap Penilaian".
fn month(workbook: &mut Workbook, cycle: Period, unit: &str, rows: &[EvaluationRow]) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(format!("Bulanan {}", cycle.month()))?;
    sheet.write_string(0, 0, format!("0000 - {MINISTRY}"))?;
    sheet.write_string(1, 0, unit)?;
    sheet.write_string(2, 0, format!("Periode Bulanan {} Tahun {}", cycle.month(), cycle.year()))?;
    let header = ["No", "NIP", "Nama", "Jabatan", "Rating Hasil Kinerja", "Rating Perilaku Kerja", "Predikat Kinerja Periodik"];
    for (column, title) in (0u16..).zip(header) {
        sheet.write_string(4, column, title)?;
    }
    for (line, row) in (5u32..).zip(rows) {
        sheet.write_number(line, 0, line - 4)?;
        let cells = [&row.nip, &row.nama, &row.skp_jabatan, &row.hasil_kerja, &row.perilaku_kerja, &row.hasil_akhir];
        for (column, cell) in (1u16..).zip(cells) {
            sheet.write_string(line, column, cell)?;
        }
    }
    Ok(())
}

/// A workbook that carries the period's date instead of today's: the same seed gives the same bytes.
fn dated_workbook(period: Period) -> Workbook {
    let mut workbook = Workbook::new();
    let day = period.first_day();
    let date = u16::try_from(period.year()).ok().and_then(|year| ExcelDateTime::from_ymd(year, period.month() as u8, 1).ok());
    if let Some(date) = date {
        workbook.set_properties(&DocProperties::new().set_author(MINISTRY).set_title(day.to_string()).set_creation_datetime(&date));
    }
    workbook
}

fn sheet_error(path: &Path, error: &XlsxError) -> SimulatorError {
    SimulatorError::Sheet { path: path.to_owned(), reason: error.to_string() }
}
