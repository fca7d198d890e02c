//! The ministry's own files, and BKN's export files, as other people's systems would write them.

use super::Ministry;
use super::SimulatorError;
use super::attendance::Day;
use super::history::WrittenHistory;
use super::names::MINISTRY;
use super::payment;
use super::sheets;
use super::truth::ATTENDANCE_FILE;
use super::truth::WRONG_MONTH_FILE;
use crate::domain::Code;
use crate::domain::attendance::DayStatus;
use crate::domain::leave::DoctorsLetter;
use chrono::Datelike;
use chrono::Days;
use chrono::NaiveDate;
use serde::Serialize;
use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// Name of the bank of all rows, and its SPAN code.
pub(super) const BANK: (&str, &str) = ("520009000990", "BANK CONTOH NEGARA");

/// Another bank, whose row does not belong into the same ADK (BK03), and its SPAN code.
pub(super) const OTHER_BANK: (&str, &str) = ("520008000991", "BANK CONTOH DAERAH");

/// How the payment file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentForm {
    /// Workbook with the sheet "daftar bayar".
    Xlsx,
    /// Tab-separated text without header, CRLF, with a closing TOTAL line.
    Text,
}

/// Everything that [`Ministry::write`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFiles {
    /// Roster CSV.
    pub roster: PathBuf,
    /// Attendance CSV.
    pub attendance: PathBuf,
    /// Monthly recap of the attendance.
    pub recap: PathBuf,
    /// Permits CSV.
    pub permits: PathBuf,
    /// Discipline CSV.
    pub discipline: PathBuf,
    /// Payment files: an ADK workbook, and the text of a second ADK for people whom it forgot.
    pub payment: Vec<PathBuf>,
    /// A "Rekap Penilaian" of several months, as it was before the payment file was made; to be imported first.
    pub evaluations_before: PathBuf,
    /// BKN export files to import: one "Rekap Penilaian", of the wrong month.
    pub ekinerja: Vec<PathBuf>,
    /// "Laporan Penilaian SKP" and "Laporan SKP" of the whole agency, for days on which BKN cannot be reached.
    pub exports: Vec<PathBuf>,
    /// What the ministry had before today, and what came after the pull.
    pub history: Option<WrittenHistory>,
    /// `truth.json`.
    pub truth: PathBuf,
}

/// A CSV file under construction.
pub(super) struct Table {
    path: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl Table {
    pub(super) fn create(path: PathBuf, delimiter: u8, preamble: &[String]) -> Result<Self, SimulatorError> {
        let file = File::create(&path).map_err(|source| SimulatorError::Io { path: path.clone(), source })?;
        let mut file = BufWriter::new(file);
        for line in preamble {
            writeln!(file, "{line}").map_err(|source| SimulatorError::Io { path: path.clone(), source })?;
        }
        Ok(Self { path, writer: csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(file) })
    }

    pub(super) fn row(&mut self, cells: &[&str]) -> Result<(), SimulatorError> {
        self.writer.write_record(cells).map_err(|error| self.error(error))
    }

    fn serialize(&mut self, row: impl Serialize) -> Result<(), SimulatorError> {
        self.writer.serialize(row).map_err(|error| self.error(error))
    }

    pub(super) fn finish(mut self) -> Result<PathBuf, SimulatorError> {
        self.writer.flush().map_err(|source| SimulatorError::Io { path: self.path.clone(), source })?;
        Ok(self.path)
    }

    fn error(&self, error: csv::Error) -> SimulatorError {
        SimulatorError::Io { path: self.path.clone(), source: error.into() }
    }
}

impl Ministry {
    /// Writes all files into `dir`, which is made when it is missing; BKN's exports go into `ekspor-bkn/` in it.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, dir: &Path) -> Result<WrittenFiles, SimulatorError> {
        let exports = dir.join("ekspor-bkn");
        std::fs::create_dir_all(&exports).map_err(|source| SimulatorError::Io { path: exports.clone(), source })?;
        let truth = dir.join("truth.json");
        self.truth().write(&truth)?;
        let rekap = dir.join(WRONG_MONTH_FILE);
        sheets::rekap(self, &rekap)?;
        let evaluations_before = dir.join("Rekap Penilaian (semua bulan).xlsx");
        sheets::recap(self, &evaluations_before)?;
        Ok(WrittenFiles {
            roster: self.write_roster(dir.join("roster.csv"), |_| true)?,
            attendance: self.write_attendance(dir.join(ATTENDANCE_FILE))?,
            recap: self.write_recap(dir.join("rekap-presensi.csv"))?,
            permits: self.write_permits(dir.join("izin.csv"))?,
            discipline: self.write_discipline(dir.join("hukdis.csv"))?,
            payment: self.write_payments(dir)?,
            evaluations_before,
            ekinerja: vec![rekap],
            exports: vec![
                self.write_evaluations(exports.join("Laporan Penilaian SKP.csv"))?,
                self.write_skps(exports.join("Laporan SKP.csv"))?,
            ],
            history: if self.history { Some(self.write_history(dir)?) } else { None },
            truth,
        })
    }

    /// The payment files that there are.
    fn write_payments(&self, dir: &Path) -> Result<Vec<PathBuf>, SimulatorError> {
        let first = dir.join(format!("adk-tukin-{}.xlsx", self.period.offset(1)));
        self.write_payment(&first, PaymentForm::Xlsx)?;
        let forgotten = payment::forgotten_rows(self);
        if forgotten.is_empty() {
            return Ok(vec![first]);
        }
        let second = dir.join(self.second_payment_file());
        let text = sheets::adk_text(&forgotten, self.period.offset(1));
        std::fs::write(&second, text).map_err(|source| SimulatorError::Io { path: second.clone(), source })?;
        Ok(vec![first, second])
    }

    /// Name of the ADK from which nothing is deducted (AM04).
    pub(super) fn second_payment_file(&self) -> String {
        format!("adk-tukin-{}-susulan.txt", self.period.offset(1))
    }

    /// Writes the first payment file in one of its forms.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_payment(&self, path: &Path, form: PaymentForm) -> Result<(), SimulatorError> {
        let rows = payment::rows(self);
        match form {
            PaymentForm::Xlsx => sheets::adk(&rows, self.period.offset(1), path),
            PaymentForm::Text => {
                let text = sheets::adk_text(&rows, self.period.offset(1));
                std::fs::write(path, text).map_err(|source| SimulatorError::Io { path: path.to_owned(), source })
            }
        }
    }

    /// The largest file by far: its rows are put together in one buffer. No field of it needs quotes.
    fn write_attendance(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let io = |source| SimulatorError::Io { path: path.clone(), source };
        let mut file = BufWriter::with_capacity(1 << 16, File::create(&path).map_err(io)?);
        file.write_all(b"nip,tanggal,jam_masuk,jam_pulang,status,keterangan,alasan_manual,menit_terlambat,menit_pulang_cepat\n")
            .map_err(io)?;
        let mut line = Vec::new();
        for (person, month) in self.people.iter().zip(self.months()) {
            line.clear();
            for day in &month.days {
                push_day(&mut line, person.nip.as_str(), day);
            }
            file.write_all(&line).map_err(io)?;
        }
        file.flush().map_err(io)?;
        Ok(path)
    }

    /// The recap of the same attendance, which knows the working day that the export left out.
    fn write_recap(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let mut table = Table::create(path, b',', &[])?;
        table.row(&["nip", "bulan", "tahun", "hari_alpha", "hari_kerja"])?;
        let (month, year) = (self.period.month().to_string(), self.period.year().to_string());
        let workdays = self.workdays.len() + usize::from(self.machines.lost.is_some());
        for (person, outcome) in self.people.iter().zip(&self.outcomes).filter(|(person, _)| person.is_entitled()) {
            let absent = outcome.absent + if person.has(Code::Ab12) { 3 } else { 0 };
            table.row(&[person.nip.as_str(), &month, &year, &absent.to_string(), &workdays.to_string()])?;
        }
        table.finish()
    }

    fn write_permits(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let mut table = Table::create(path, b',', &[])?;
        table.row(&["nip", "jenis", "mulai", "selesai", "nomor_surat", "tanggal_surat", "disetujui_oleh", "surat_dokter", "anak_ke"])?;
        for (person, outcome) in self.people.iter().zip(&self.outcomes) {
            let superior = person.superior.map_or_else(|| "Menteri".to_owned(), |at| self.people[at].titled());
            for permit in &outcome.permits {
                let letter = match permit.surat_dokter {
                    DoctorsLetter::None => String::new(),
                    DoctorsLetter::InTime => "ya".to_owned(),
                    DoctorsLetter::On(date) => date.to_string(),
                };
                table.row(&[
                    person.nip.as_str(),
                    permit.jenis.code(),
                    &permit.mulai.to_string(),
                    &permit.selesai.to_string(),
                    permit.nomor_surat.as_deref().unwrap_or_default(),
                    &day(permit.tanggal_surat),
                    if permit.is_approved() { &superior } else { "" },
                    &letter,
                    &permit.anak_ke.map(|child| child.to_string()).unwrap_or_default(),
                ])?;
            }
        }
        table.finish()
    }

    fn write_discipline(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let mut table = Table::create(path, b',', &[])?;
        table.row(&["nip", "nomor_sk", "tanggal_sk", "tingkat", "jenis", "persen", "mulai", "bulan"])?;
        for (at, person) in self.people.iter().enumerate() {
            // Half of the rows leave percent and length to the policy's level.
            let given = at.is_multiple_of(2);
            for punishment in self.punishment(at).into_iter().chain(self.second_punishment(at)) {
                table.row(&[
                    person.nip.as_str(),
                    &punishment.decree,
                    &punishment.decreed.to_string(),
                    "sedang_1",
                    "Pemotongan tunjangan kinerja",
                    if given { "25" } else { "" },
                    &punishment.start.to_string(),
                    &if given { punishment.months.to_string() } else { String::new() },
                ])?;
            }
        }
        table.finish()
    }

    /// "Laporan Penilaian SKP" of the deciding cycle.
    fn write_evaluations(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let cycle = self.period.offset(-1);
        let title = format!("Laporan Penilaian SKP Periode Bulanan {} Tahun {}", cycle.month(), cycle.year());
        let mut table = Table::create(path, b';', &self.preamble(title, format!("Bulanan {}", cycle.month())))?;
        for (at, _) in self.listed_by_bkn() {
            for row in self.evaluation_rows(at, cycle) {
                table.serialize(row)?;
            }
        }
        table.finish()
    }

    /// "Laporan SKP" of the period's year.
    fn write_skps(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let year = self.period.year();
        let mut table = Table::create(path, b';', &self.preamble(format!("Laporan SKP Tahun {year}"), format!("Tahun {year}")))?;
        for (at, _) in self.listed_by_bkn() {
            for row in self.skp_rows(at, year) {
                table.serialize(row)?;
            }
        }
        table.finish()
    }

    /// The seven lines above the header of a portal export (facts ekinerja-api §4.3).
    fn preamble(&self, title: String, span: String) -> Vec<String> {
        let drawn = self.period.first_day() + Days::new(14);
        vec![
            title,
            format!("Instansi {MINISTRY}"),
            format!("Periode : {span}"),
            "Unor Induk : ALL".to_owned(),
            "Unor : ALL".to_owned(),
            format!("Data ditarik pada : {} 10:00:00", drawn.format("%d-%m-%Y")),
            String::new(),
        ]
    }
}

pub(super) fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// Appends a row of the attendance file.
fn push_day(line: &mut Vec<u8>, nip: &str, day: &Day) {
    line.extend_from_slice(nip.as_bytes());
    line.push(b',');
    let year = day.date.year().unsigned_abs();
    push_digits(line, &[year / 100, year % 100]);
    line.push(b'-');
    push_digits(line, &[day.date.month()]);
    line.push(b'-');
    push_digits(line, &[day.date.day()]);
    for seconds in [day.came, day.left] {
        line.push(b',');
        if let Some(seconds) = seconds {
            push_digits(line, &[seconds / 3600]);
            line.push(b':');
            push_digits(line, &[seconds / 60 % 60]);
            line.push(b':');
            push_digits(line, &[seconds % 60]);
        }
    }
    line.push(b',');
    line.extend_from_slice(day.status.map_or("", DayStatus::code).as_bytes());
    line.push(b',');
    line.extend_from_slice(day.note.as_bytes());
    line.push(b',');
    for minutes in day.minutes.map_or([None; 2], |minutes| minutes.map(Some)) {
        line.push(b',');
        line.extend(minutes.map(|minutes| minutes.to_string()).unwrap_or_default().bytes());
    }
    line.push(b'\n');
}

/// Appends numbers below 100 with two digits each.
fn push_digits(line: &mut Vec<u8>, numbers: &[u32]) {
    for number in numbers {
        line.extend([number / 10 % 10, number % 10].map(|digit| b'0' + digit as u8));
    }
}
