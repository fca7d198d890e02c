//! The e-Kinerja report API's view of the ministry: rows of `laporan/penilaian`, `laporan/skp` and
//! `referensi/periode` in the shapes of facts ekinerja-api §4.1, which the portal's exports share.

use super::Ministry;
use super::dice::mix;
use super::marks::Marks;
use super::marks::rated;
use super::marks::unassessed;
use super::names::MINISTRY;
use super::population::Person;
use super::population::Story;
use crate::domain::Code;
use crate::domain::Period;
use crate::domain::Rating;
use crate::domain::person::EmploymentStatus;
use chrono::Days;
use chrono::NaiveDate;
use serde::Serialize;

/// One row of `laporan/penilaian`; 30 keys, and the file's 30 columns.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EvaluationRow {
    jenis: &'static str,
    id: String,
    pub nip: String,
    pub nama: String,
    periode_awal_skp: String,
    periode_akhir_skp: String,
    skp_unor_id: String,
    skp_unor: String,
    skp_unor_induk: &'static str,
    pub skp_jabatan: String,
    skp_jenis_jabatan: String,
    is_skp_plt_plh_pjb: u8,
    pub hasil_kerja: String,
    pub perilaku_kerja: String,
    pub hasil_akhir: String,
    pegawai_atasan_id: Option<String>,
    pegawai_atasan_nip: Option<String>,
    pegawai_atasan_nama: Option<String>,
    pegawai_atasan_unor_id: Option<String>,
    pegawai_atasan_unor: Option<String>,
    pegawai_atasan_jabatan: Option<String>,
    pegawai_atasan_golru: Option<&'static str>,
    waktu_dinilai: Option<String>,
    pegawai_penilai_id: Option<String>,
    tahun_skp: String,
    skp_id: String,
    periode_id: String,
    skp_penilaian_id: Option<String>,
    golru: &'static str,
    jenis_pegawai: &'static str,
    /// A field that nobody announced (fault profile `drift`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skp_versi: Option<u8>,
}

/// One row of `laporan/skp`; 20 keys, and the file's 20 columns.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SkpRow {
    skp_id: Option<String>,
    id: String,
    jenis: &'static str,
    nip: String,
    nama: String,
    jabatan: String,
    is_skp: u8,
    unit: String,
    jenis_pegawai: &'static str,
    skp_status: Option<&'static str>,
    skp_model: Option<&'static str>,
    skp_unor: Option<String>,
    skp_unor_atasan: Option<String>,
    skp_unor_induk: Option<&'static str>,
    skp_jabatan: Option<String>,
    skp_jenis_jabatan: Option<String>,
    periode_awal: Option<String>,
    periode_akhir: Option<String>,
    is_plt_plh: u8,
    created_at: Option<String>,
    /// A field that nobody announced (fault profile `drift`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skp_versi: Option<u8>,
}

/// One row of `referensi/periode`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PeriodRow {
    id: String,
    nama: &'static str,
    tahun: Option<String>,
    periode_awal: String,
    periode_akhir: String,
    batas_pengisian: String,
    jenis_periode: &'static str,
    tipe_periodik: Option<&'static str>,
    angka_periodik: Option<String>,
}

/// One SKP of a person: its interval and what is special about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Skp {
    pub number: usize,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub acting: bool,
}

const MONTHS: [&str; 12] =
    ["JANUARI", "FEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER", "OKTOBER", "NOVEMBER", "DESEMBER"];

/// BKN's id of a person.
pub(super) fn pns_id(seed: u64, at: usize) -> String {
    format!("{:016X}{:016X}", mix(seed, "pns", at as u64), mix(seed, "pns-low", at as u64))
}

/// Id of the `number`-th SKP of a person in a year.
pub(super) fn skp_id(seed: u64, at: usize, year: i32, number: usize) -> String {
    format!("{:08x}-{year:04}-4000-8000-{at:010}{number:02}", mix(seed, "skp", at as u64) as u32)
}

/// Id of the evaluation of that SKP in a month.
pub(super) fn evaluation_id(seed: u64, at: usize, cycle: Period, number: usize) -> String {
    let month = cycle.month();
    format!("{:08x}-{:04}-4{month:03}-8000-{at:010}{number:02}", mix(seed, "penilaian", at as u64) as u32, cycle.year())
}

/// Id of an evaluation month; every agency has its own (facts ekinerja-api §4.1).
pub(super) fn period_id(seed: u64, cycle: Period) -> String {
    format!("P{:06}-{:04}{:02}", mix(seed, "periode", 0) % 1_000_000, cycle.year(), cycle.month())
}

/// Id of a unit.
pub(super) fn unit_id(seed: u64, unit: usize) -> String {
    format!("{:08x}-2222-4333-8444-{unit:012}", mix(seed, "unor", 0) as u32)
}

impl Ministry {
    /// The evaluation months of the period's year and the year before, and a FINAL row of every year.
    pub(super) fn period_rows(&self) -> Vec<PeriodRow> {
        let year = self.period.year();
        let months = [year - 1, year].into_iter().flat_map(|year| (1..=12).filter_map(move |month| Period::new(year, month)));
        let mut rows: Vec<PeriodRow> = months
            .map(|cycle| PeriodRow {
                id: period_id(self.seed, cycle),
                nama: MONTHS[cycle.month() as usize - 1],
                tahun: Some(cycle.year().to_string()),
                periode_awal: cycle.first_day().format("%m-%d").to_string(),
                periode_akhir: cycle.last_day().format("%m-%d").to_string(),
                batas_pengisian: (cycle.last_day() + Days::new(10)).format("%m-%d").to_string(),
                jenis_periode: "periodik",
                tipe_periodik: Some("bulanan"),
                angka_periodik: Some(cycle.month().to_string()),
            })
            .collect();
        rows.push(PeriodRow {
            id: format!("P{:06}-FINAL", mix(self.seed, "periode", 0) % 1_000_000),
            nama: "FINAL",
            tahun: None,
            periode_awal: "01-01".to_owned(),
            periode_akhir: "12-31".to_owned(),
            batas_pengisian: "01-31".to_owned(),
            jenis_periode: "final",
            tipe_periodik: None,
            angka_periodik: None,
        });
        rows
    }

    /// The evaluation month with that id, when the year of the path is its year.
    pub(super) fn cycle_of(&self, year: i32, id: &str) -> Option<Period> {
        (1..=12).filter_map(|month| Period::new(year, month)).find(|cycle| period_id(self.seed, *cycle) == id)
    }

    /// Everybody whom BKN lists, with position.
    pub(super) fn listed_by_bkn(&self) -> impl Iterator<Item = (usize, &Person)> {
        let known = self.people.iter().chain(&self.listed).enumerate();
        known.filter(|(_, person)| person.status != EmploymentStatus::Cltn)
    }

    /// The SKPs of a person in a year, in order.
    pub(super) fn skps(&self, person: &Person, year: i32) -> Vec<Skp> {
        let Some(january) = Period::new(year, 1) else { return Vec::new() };
        let (first, last) = (january.first_day().max(person.service.spmt), january.offset(11).last_day());
        if first > last || year > self.period.year() {
            return Vec::new();
        }
        let whole = Skp { number: 0, from: first, to: last, acting: false };
        if year != self.period.year() {
            return vec![whole];
        }
        let day = |day: u64| self.period.first_day() + Days::new(day - 1);
        let split = |end: NaiveDate, start: NaiveDate| vec![Skp { to: end, ..whole }, Skp { number: 1, from: start, ..whole }];
        let moved = self.period.offset(-3);
        match person.story {
            _ if person.has(Code::Sk04) && person.variant().is_multiple_of(2) => split(day(10), day(20)),
            _ if person.has(Code::Sk04) => split(day(20), day(10)),
            Story::Moved if moved.year() == year && moved.month() > 1 => split(moved.offset(-1).last_day(), moved.first_day()),
            Story::WasActing => vec![whole, Skp { number: 1, acting: true, ..whole }],
            Story::IsActing => vec![whole, Skp { number: 1, from: day(12), acting: true, ..whole }],
            Story::LongActing => vec![whole, Skp { number: 1, from: self.acting_since().max(first), acting: true, ..whole }],
            _ => vec![whole],
        }
    }

    /// Rows of `laporan/penilaian` for one person and evaluation month; none for months that have not been assessed.
    pub(super) fn evaluation_rows(&self, at: usize, cycle: Period) -> Vec<EvaluationRow> {
        let Some(person) = self.known(at) else { return Vec::new() };
        let deciding = cycle == self.period.offset(-1);
        let silent = person.has(Code::Pr06) || person.has(Code::Sk01);
        if cycle > self.period || person.status == EmploymentStatus::Cltn || (deciding && silent) {
            return Vec::new();
        }
        let skps = self.skps(person, cycle.year());
        let mut rows = Vec::new();
        for skp in skps.iter().filter(|skp| skp.from <= cycle.last_day()) {
            // The older SKP of somebody who moved is listed too, but nobody assesses it any more.
            let ended = skp.to < cycle.first_day();
            let marks = if ended { unassessed() } else { self.marks(at, person, cycle) };
            rows.push(self.evaluation_row(at, person, cycle, *skp, marks));
        }
        if deciding && person.has(Code::Id03) {
            // The same evaluation once more, with another result.
            rows.push(self.evaluation_row(at, person, cycle, skps[0], rated(Rating::Bawah, Rating::Sesuai)));
        }
        rows
    }

    /// Who assesses somebody: the superior, unless another one is planted.
    fn assessor_of(&self, at: usize, person: &Person) -> Option<usize> {
        match person.slip {
            Some((Code::Pr10, variant)) if variant.is_multiple_of(2) => Some(0),
            Some((Code::Pr10, _)) => Some(at),
            _ => person.superior,
        }
    }

    fn evaluation_row(&self, at: usize, person: &Person, cycle: Period, skp: Skp, marks: Marks) -> EvaluationRow {
        let superior = self.assessor_of(at, person).map(|superior| (superior, &self.people[superior]));
        // Ten days after the end of the cycle the assessment is due.
        let late = if person.has(Code::Pr07) { 10 + person.variant() as u64 } else { 0 };
        let assessed_on = cycle.last_day() + Days::new(1 + late + mix(self.seed, "dinilai", at as u64) % 9);
        let unit = self.unit_of(at, person, skp);
        EvaluationRow {
            jenis: "1",
            id: pns_id(self.seed, at),
            nip: person.nip.to_string(),
            nama: person.shouted(),
            periode_awal_skp: skp.from.to_string(),
            periode_akhir_skp: skp.to.to_string(),
            skp_unor_id: unit_id(self.seed, unit),
            skp_unor: self.units[unit].name.to_uppercase(),
            skp_unor_induk: MINISTRY,
            skp_jabatan: position(person, skp),
            skp_jenis_jabatan: person.post.kind.to_string(),
            is_skp_plt_plh_pjb: u8::from(skp.acting),
            hasil_kerja: marks.hasil,
            perilaku_kerja: marks.perilaku,
            hasil_akhir: marks.akhir,
            pegawai_atasan_id: superior.map(|(at, _)| pns_id(self.seed, at)),
            pegawai_atasan_nip: superior.map(|(_, person)| person.nip.to_string()),
            pegawai_atasan_nama: superior.map(|(_, person)| person.shouted()),
            pegawai_atasan_unor_id: superior.map(|(_, person)| unit_id(self.seed, person.unit)),
            pegawai_atasan_unor: superior.map(|(_, person)| self.units[person.unit].name.to_uppercase()),
            pegawai_atasan_jabatan: superior.map(|(_, person)| person.post.name.to_uppercase()),
            pegawai_atasan_golru: superior.map(|(_, person)| person.rank()),
            waktu_dinilai: marks.assessed.then(|| format!("{assessed_on} {:02}:{:02}:00", 8 + at % 8, at % 60)),
            pegawai_penilai_id: if marks.assessed { superior.map(|(at, _)| pns_id(self.seed, at)) } else { None },
            tahun_skp: cycle.year().to_string(),
            skp_id: skp_id(self.seed, at, cycle.year(), skp.number),
            periode_id: period_id(self.seed, cycle),
            skp_penilaian_id: marks.assessed.then(|| evaluation_id(self.seed, at, cycle, skp.number)),
            golru: person.rank(),
            jenis_pegawai: person.kind_code(),
            skp_versi: None,
        }
    }

    /// Rows of `laporan/skp` for one person and year, as BKN has them today: none of who had some a week ago (SR04).
    pub(super) fn skp_rows(&self, at: usize, year: i32) -> Vec<SkpRow> {
        if self.known(at).is_some_and(|person| self.is_withdrawn(person)) { Vec::new() } else { self.skp_rows_before(at, year) }
    }

    /// The row of BKN's list that names nobody (ID01).
    pub(super) fn nameless_skp_row(&self, year: i32) -> Option<SkpRow> {
        let row = self.skp_rows_before(0, year).pop().filter(|_| self.lists_somebody_nameless())?;
        Some(SkpRow { nip: String::new(), nama: "ORANG CONTOH".to_owned(), ..row })
    }

    /// The same a week ago: one without an SKP for who has none.
    pub(super) fn skp_rows_before(&self, at: usize, year: i32) -> Vec<SkpRow> {
        let Some(person) = self.known(at) else { return Vec::new() };
        let this_year = year == self.period.year();
        if person.status == EmploymentStatus::Cltn || year > self.period.year() {
            return Vec::new();
        }
        if person.has(Code::Sk01) && this_year {
            return vec![self.skp_row(at, person, None, year)];
        }
        self.skps(person, year).into_iter().map(|skp| self.skp_row(at, person, Some(skp), year)).collect()
    }

    fn skp_row(&self, at: usize, person: &Person, skp: Option<Skp>, year: i32) -> SkpRow {
        let unit = self.units[person.unit].name.to_uppercase();
        let pending = (person.has(Code::Sk02) || person.has(Code::Sk05)) && year == self.period.year();
        let status = if pending { "Pengajuan" } else { "Persetujuan" };
        SkpRow {
            skp_id: skp.map(|skp| skp_id(self.seed, at, year, skp.number)),
            id: pns_id(self.seed, at),
            jenis: "1",
            nip: person.nip.to_string(),
            nama: person.shouted(),
            jabatan: person.post.name.clone(),
            is_skp: u8::from(skp.is_some()),
            unit,
            jenis_pegawai: person.kind_code(),
            skp_status: skp.map(|_| status),
            skp_model: skp.map(|_| "kuantitatif"),
            skp_unor: skp.map(|skp| self.units[self.unit_of(at, person, skp)].name.to_uppercase()),
            skp_unor_atasan: skp.and(person.superior).map(|superior| self.units[self.people[superior].unit].name.to_uppercase()),
            skp_unor_induk: skp.map(|_| MINISTRY),
            skp_jabatan: skp.map(|skp| position(person, skp)),
            skp_jenis_jabatan: skp.map(|_| person.post.kind.to_string()),
            periode_awal: skp.map(|skp| skp.from.to_string()),
            periode_akhir: skp.map(|skp| skp.to.to_string()),
            is_plt_plh: u8::from(skp.is_some_and(|skp| skp.acting)),
            created_at: skp.map(|skp| format!("{} 08:{:02}:00", skp.from + Days::new(5), at % 60)),
            skp_versi: None,
        }
    }

    /// The unit of an SKP: another one before somebody moved.
    fn unit_of(&self, at: usize, person: &Person, skp: Skp) -> usize {
        if person.story == Story::Moved && skp.number == 0 && skp.to < self.period.first_day() {
            return (person.unit + 1 + at % 3) % self.units.len();
        }
        person.unit
    }
}

fn position(person: &Person, skp: Skp) -> String {
    if person.has(Code::Sk03) {
        return "Penata Kearsipan Contoh".to_owned();
    }
    if skp.acting { "Plt. Kepala Subbagian Tata Usaha".to_owned() } else { person.post.name.clone() }
}
