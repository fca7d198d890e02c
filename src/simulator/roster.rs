//! The roster, as personnel writes it; and the rosters that lacked somebody (SR01, SR03, [`super::history`]).

use super::Ministry;
use super::SimulatorError;
use super::files::BANK;
use super::files::Table;
use super::files::day;
use super::population::Person;
use super::population::Story;
use crate::domain::Code;
use crate::domain::person::EmploymentStatus;
use chrono::Days;
use chrono::NaiveDate;
use std::path::PathBuf;

const COLUMNS: [&str; 22] = [
    "nip",
    "nama",
    "jenis_pegawai",
    "kode_unit",
    "nama_unit",
    "jabatan",
    "kelas_jabatan",
    "tmt_kelas",
    "nip_atasan",
    "status",
    "tmt_status",
    "tmt_cpns",
    "tmt_pns",
    "tmt_spmt",
    "jpt",
    "plt_jabatan",
    "plt_sk",
    "plt_mulai",
    "plt_selesai",
    "kode_bank_span",
    "rekening",
    "nama_rekening",
];

impl Ministry {
    /// The roster of those who are wanted, by position.
    pub(super) fn write_roster(&self, path: PathBuf, wanted: impl Fn(&Person) -> bool) -> Result<PathBuf, SimulatorError> {
        let rows = self.people.iter().enumerate().filter(|(_, person)| wanted(person)).map(|(at, person)| self.roster_row(at, person));
        write(path, rows)
    }

    /// The whole roster below somebody whose NIK stands in place of the NIP (ID02).
    pub(super) fn write_roster_with_nik(&self, path: PathBuf) -> Result<PathBuf, SimulatorError> {
        let rows = self.people.iter().enumerate().map(|(at, person)| self.roster_row(at, person));
        let mut nameless = self.people.first().map(|person| self.roster_row(0, person));
        if let Some(row) = &mut nameless {
            (row[0], row[1]) = ("0000000101800001".to_owned(), "Orang Contoh".to_owned());
        }
        write(path, nameless.into_iter().chain(rows))
    }

    fn roster_row(&self, at: usize, person: &Person) -> [String; 22] {
        let unit = &self.units[person.unit];
        let superior = person.superior.map(|at| self.people[at].nip.to_string()).unwrap_or_default();
        let class_since = person.service.spmt.max(self.period.offset(-20).first_day());
        let status = if person.has(Code::St03) { EmploymentStatus::TugasBelajar } else { person.status };
        let [acting, decree, from, to] = self.acting(at, person);
        [
            person.nip.to_string(),
            person.titled(),
            person.kind_code().to_owned(),
            unit.code.clone(),
            unit.name.clone(),
            person.post.name.clone(),
            if person.has(Code::Cl02) { String::new() } else { person.post.class.to_string() },
            class_since.to_string(),
            superior,
            status.code().to_owned(),
            day(person.status_since),
            day(person.service.tmt_cpns),
            day(person.service.tmt_pns),
            day(Some(person.service.spmt)),
            if person.post.class >= 15 { "1" } else { "0" }.to_owned(),
            acting,
            decree,
            from,
            to,
            BANK.0.to_owned(),
            person.account.clone(),
            person.shouted(),
        ]
    }

    /// The Plt columns of who acts, from this period on (too short yet for a supplement, `plt.min_calendar_months`) or
    /// for some months.
    fn acting(&self, at: usize, person: &Person) -> [String; 4] {
        let start = match person.story {
            Story::IsActing => self.period.first_day() + Days::new(11),
            Story::LongActing => self.acting_since(),
            _ => return Default::default(),
        };
        let end = self.period.offset(4).last_day();
        ["Kepala Subbagian Tata Usaha".to_owned(), self.supplement_decree(at), start.to_string(), end.to_string()]
    }

    /// First day of a long acting duty.
    pub(super) fn acting_since(&self) -> NaiveDate {
        self.period.offset(-3).first_day()
    }

    /// Number of the decree of an acting duty.
    pub(super) fn supplement_decree(&self, at: usize) -> String {
        format!("PLT-{at:05}/{}", self.period.year())
    }
}

fn write(path: PathBuf, rows: impl Iterator<Item = [String; 22]>) -> Result<PathBuf, SimulatorError> {
    let mut table = Table::create(path, b',', &[])?;
    table.row(&COLUMNS)?;
    for row in rows {
        table.row(&row.each_ref().map(String::as_str))?;
    }
    table.finish()
}
