//! SIASN's per-NIP answers in the shapes of facts ekinerja-api §2 and §3: envelopes, spellings, and the many ways in
//! which it says that there is nothing.

use super::Ministry;
use super::dice::mix;
use super::names::MINISTRY;
use super::population::Person;
use super::report::pns_id;
use super::report::unit_id;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Predikat;
use crate::domain::Rating;
use crate::domain::period::add_months;
use crate::domain::person::EmployeeKind;
use crate::domain::person::EmploymentStatus;
use chrono::Days;
use chrono::NaiveDate;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// Status and body of an answer.
pub(super) struct Answer {
    pub status: u16,
    pub body: String,
}

/// BKN's id of the ministry.
pub(super) const MINISTRY_ID: &str = "00000000BBBB0001E040640A00000001";

impl Ministry {
    /// The answer of `pns/{what}/{nip}`; `None` for a path that SIASN does not have.
    pub(super) fn siasn(&self, what: &str, nip: Nip) -> Option<Answer> {
        let at = self.by_nip.get(&nip).copied();
        let person = at.and_then(|at| Some((at, self.known(at)?)));
        let rows = match (what, person) {
            ("data-utama", Some((at, person))) => return Some(self.identity_answer(at, person)),
            ("rw-hukdis", Some((at, person))) => self.hukdis(at, person),
            ("rw-cltn", Some((at, person))) => self.cltn(at, person),
            ("rw-skp22", Some((at, person))) => self.annual(at, person),
            ("rw-kinerjaperiodik", Some((at, person))) => self.periodic(at, person),
            ("rw-jabatan", Some((at, person))) => vec![self.position(at, person)],
            ("rw-pindahinstansi", Some((at, person))) if person.has(Code::Ro03) => vec![self.transfer(at, person)],
            ("rw-pemberhentian" | "rw-pindahinstansi" | "rw-tubel" | "data-utama/paruhwaktu", _) => Vec::new(),
            ("data-utama", None) => return Some(nothing(0)),
            ("rw-hukdis" | "rw-cltn" | "rw-skp22" | "rw-kinerjaperiodik" | "rw-jabatan", None) => Vec::new(),
            _ => return None,
        };
        Some(if rows.is_empty() { nothing(mix(self.seed, what, at.unwrap_or(0) as u64)) } else { found(&Value::Array(rows)) })
    }

    /// The punishments of `rw-hukdis`: what the discipline file says, as BKN keeps it.
    fn hukdis(&self, at: usize, person: &Person) -> Vec<Value> {
        let Some(punishment) = self.punishment(at) else { return Vec::new() };
        let start = punishment.start.first_day();
        let end = punishment.start.offset(punishment.months as i32).first_day() - Days::new(1);
        let id = row_id(self.seed, "hukdis", at, 0);
        vec![json!({
            "id": id, "rwHukumanDisiplin": id, "golongan": "", "kedudukanHukum": "", "jenisHukuman": "23", "pnsOrang": pns_id(self.seed, at),
            "skNomor": punishment.decree, "skTanggal": date(Some(punishment.decreed)), "hukumanTanggal": date(Some(start)), "masaTahun": "0",
            "masaBulan": punishment.months.to_string(), "akhirHukumTanggal": date(Some(end)), "nomorPp": "94/2021", "golonganLama": "",
            "skPembatalanNomor": "", "skPembatalanTanggal": "", "alasanHukumanDisiplin": "", "jenisHukumanNama": "PEMOTONGAN TUNJANGAN KINERJA 25%",
            "alasanHukumanDisiplinNama": "TIDAK MENAATI KETENTUAN JAM KERJA", "path": null, "keterangan": person.rank(), "jenisTingkatHukumanId": "S",
        })]
    }

    fn cltn(&self, at: usize, person: &Person) -> Vec<Value> {
        let (EmploymentStatus::Cltn, Some(since)) = (person.status, person.status_since) else { return Vec::new() };
        vec![json!({
            "id": row_id(self.seed, "cltn", at, 0), "cltnId": "1", "skNomor": format!("850/{at:04}/CONTOH"), "skTanggal": date(Some(since - Days::new(20))),
            "tanggalAwal": date(Some(since)), "tanggalAkhir": date(Some(add_months(since, 24) - Days::new(1))), "tanggalAktif": "",
            "nomorLetterBkn": format!("CONTOH/{at:04}"), "tanggalLetterBkn": format!("{} 00:00:00", since - Days::new(30)),
            "pnsOrangId": pns_id(self.seed, at), "path": null,
        })]
    }

    /// Annual results of the two years before, for who served them.
    fn annual(&self, at: usize, person: &Person) -> Vec<Value> {
        let year = self.period.year();
        let served = |year: &i32| !self.skps(person, *year).is_empty();
        [year - 2, year - 1].into_iter().filter(served).map(|year| {
            let good = mix(self.seed, "annual", at as u64 * 10_000 + year as u64).is_multiple_of(4);
            let low = person.has(Code::Pr13) && !person.variant().is_multiple_of(2) && year == self.period.year() - 1;
            let (hasil, perilaku) = if low { (Rating::Sesuai, Rating::Bawah) } else if good { (Rating::Atas, Rating::Atas) } else { (Rating::Sesuai, Rating::Sesuai) };
            let mut row = self.assessor(person).annual();
            merge(&mut row, json!({
                "id": row_id(self.seed, "skp22", at, year as usize), "tahun": year.to_string(), "hasilKinerja": label(hasil), "hasilKinerjaNilai": code(hasil),
                "perilakuKerja": label(perilaku), "PerilakuKerjaNilai": code(perilaku), "kuadranKinerja": quadrant(hasil, perilaku).1,
                "KuadranKinerjaNilai": quadrant(hasil, perilaku).0, "pnsDinilaiId": pns_id(self.seed, at), "path": null,
            }));
            row
        }).collect()
    }

    /// Monthly results as far as they have reached SIASN's history: up to the month before the deciding one; that one
    /// only where it is planted that it says something else than the report (PR12).
    fn periodic(&self, at: usize, person: &Person) -> Vec<Value> {
        let last = self.period.offset(-2);
        if person.status == EmploymentStatus::Cltn {
            return Vec::new();
        }
        let planted = person.has(Code::Pr12).then(|| last.offset(1));
        let months = (0..6).rev().map(|back| last.offset(-back)).chain(planted);
        let served = months.filter(|cycle| person.service.spmt <= cycle.first_day());
        served.map(|cycle| {
            let other = Some(cycle) == planted;
            let (hasil, perilaku) = if other { (Rating::Bawah, Rating::Sesuai) } else { self.ratings(at, cycle) };
            let (year, month) = (cycle.year().to_string(), cycle.month().to_string());
            let mut row = self.assessor(person).periodic();
            merge(&mut row, json!({
                "id": row_id(self.seed, "periodik", at, (cycle.year() * 12) as usize + cycle.month() as usize), "tahun": year, "nip": person.nip,
                "nama": person.shouted(), "hasilKinerja": label(hasil), "hasilKinerjaNilai": code(hasil).to_string(), "instansiId": MINISTRY_ID,
                "instansiNama": MINISTRY, "jabatan": person.post.name, "koefisenId": "22", "kriteria": "25", "persentase": "100",
                "kuadranKinerjaNilai": quadrant(hasil, perilaku).0.to_string(), "kuadranNilai": quadrant(hasil, perilaku).1,
                "perilakuKerja": label(perilaku), "perilakuKerjaNilai": code(perilaku).to_string(), "periodikId": "1", "periodikNama": "bulanan",
                "pnsDinilaiId": pns_id(self.seed, at), "unorId": unit_id(self.seed, person.unit), "unorNama": self.units[person.unit].name,
                "bulanMulaiPenilaian": month, "bulanSelesaiPenilaian": month, "tahunMulaiPenilaian": year, "tahunSelesaiPenilaian": year, "path": null,
            }));
            row
        }).collect()
    }

    /// A move to another agency in the middle of the period that the roster does not know yet.
    fn transfer(&self, at: usize, person: &Person) -> Value {
        const OTHER_AGENCY: &str = "00000000BBBB0002E040640A00000002";
        let mut row = Map::new();
        let empty = "lokasiKerjaBaru lokasiKerjaLama kpknBaru eselon jabatanFungsionalLama unorLama unorBaru jabatanFungsionalBaru \
            skUsulNomor skUsulTanggal skAsalNomor skAsalTanggal skTujuanNomor skTujuanTanggal satuanKerjaLama jenisPi \
            jabatanFungsionalUmumBaru orangUsulPeremajaanId skAsalProvNomor skAsalProvTanggal";
        row.extend(empty.split_whitespace().map(|key| (key.to_owned(), json!(""))));
        let since = self.period.first_day() + Days::new(9 + person.variant() as u64 % 10);
        let own = json!({
            "id": row_id(self.seed, "pindah", at, 0), "pnsOrang": pns_id(self.seed, at), "jenisPegawai": "15",
            "instansiKerjaLama": MINISTRY_ID, "instansiIndukLama": MINISTRY_ID, "satuanKerjaIndukLama": MINISTRY_ID,
            "instansiKerjaBaru": OTHER_AGENCY, "instansiIndukBaru": OTHER_AGENCY, "satuanKerjaBaru": OTHER_AGENCY,
            "satuanKerjaIndukBaru": OTHER_AGENCY, "jenisJabatanLama": "4", "jenisJabatanBaru": "4", "skBknNomor": format!("PI/{at:04}/CONTOH"),
            "skBknTanggal": date(Some(since - Days::new(20))), "tmtPi": date(Some(since)), "path": null,
        });
        if let Value::Object(own) = own {
            row.extend(own);
        }
        Value::Object(row)
    }

    /// Who assessed the person; the highest leader was assessed by somebody outside the ministry.
    fn assessor(&self, person: &Person) -> Assessor {
        let Some((at, superior)) = person.superior.map(|at| (at, &self.people[at])) else {
            return Assessor { name: "PIMPINAN CONTOH".to_owned(), status: "NON ASN", ..Assessor::default() };
        };
        Assessor {
            name: superior.shouted(),
            nip: superior.nip.to_string(),
            id: pns_id(self.seed, at),
            rank: "42",
            position: superior.post.name.clone(),
            unit: self.units[superior.unit].name.to_uppercase(),
            status: "ASN",
        }
    }

    fn position(&self, at: usize, person: &Person) -> Value {
        let unit = self.units[person.unit].name.to_uppercase();
        let (functional, structural) =
            if person.post.kind == 1 { ("", person.post.name.as_str()) } else { (person.post.name.as_str(), "") };
        let kontrak = person.kind == EmployeeKind::Pppk;
        json!({
            "id": row_id(self.seed, "jabatan", at, 0), "idPns": pns_id(self.seed, at), "nipBaru": person.nip, "nipLama": "",
            "jenisJabatan": person.post.kind.to_string(), "instansiKerjaId": MINISTRY_ID, "instansiKerjaNama": MINISTRY, "satuanKerjaId": MINISTRY_ID,
            "satuanKerjaNama": MINISTRY, "unorId": unit_id(self.seed, person.unit), "unorNama": unit, "unorIndukId": unit_id(self.seed, 0),
            "unorIndukNama": MINISTRY, "eselon": "", "eselonId": "", "jabatanFungsionalId": "", "jabatanFungsionalNama": functional,
            "jabatanFungsionalUmumId": "", "jabatanFungsionalUmumNama": "", "tmtJabatan": date(Some(person.service.spmt)),
            "nomorSk": format!("{}/{at:04}/CONTOH", if kontrak { 813 } else { 821 }), "tanggalSk": date(Some(person.service.spmt - Days::new(10))),
            "namaUnor": unit, "namaJabatan": structural, "tmtPelantikan": date(Some(person.service.spmt)), "path": null, "jenisPenugasanId": "",
            "jenisMutasiId": "", "subJabatanId": "", "tmtMutasi": "",
        })
    }
}

/// An assessor; two endpoints name the same things differently.
#[derive(Default)]
struct Assessor {
    name: String,
    nip: String,
    id: String,
    rank: &'static str,
    position: String,
    unit: String,
    status: &'static str,
}

impl Assessor {
    /// In the keys of `rw-skp22` (facts ekinerja-api §2.2).
    fn annual(&self) -> Value {
        json!({
            "namaPenilai": self.name, "nipNrpPenilai": self.nip, "penilaiGolonganId": self.rank, "penilaiJabatanNm": self.position,
            "penilaiUnorNm": self.unit, "statusPenilai": self.status,
        })
    }

    /// In the keys of `rw-kinerjaperiodik` (facts ekinerja-api §2.3).
    fn periodic(&self) -> Value {
        json!({
            "namaPenilai": self.name, "penilaiNipNrp": self.nip, "penilaiPnsId": self.id, "penilaiGolonganId": self.rank,
            "penilaiJabatanNama": self.position, "penilaiUnorNm": self.unit, "statusPenilai": self.status,
        })
    }
}

/// The envelope of content.
pub(super) fn found(data: &Value) -> Answer {
    Answer { status: 200, body: format!(r#"{{"code":1,"data":{data},"message":"success"}}"#) }
}

/// One of the encodings of "nothing there" (facts ekinerja-api §3.2), chosen by `turn`.
pub(super) fn nothing(turn: u64) -> Answer {
    let (status, body) = match turn % 6 {
        0 => (404, r#"{"code":0,"data":"Data tidak ditemukan"}"#),
        1 => (200, r#"{"code":0,"data":"Data tidak ditemukan","message":"failed"}"#),
        2 => (200, r#"{"code":1,"data":null,"message":"success"}"#),
        3 => (200, r#"{"code":1,"data":"Data tidak ditemukan","message":"success"}"#),
        4 => (200, r#"{"code":0,"data":"record not found","message":"failed"}"#),
        _ => (200, r#"{"code":1,"data":[],"message":"success"}"#),
    };
    Answer { status, body: body.to_owned() }
}

/// `dd-mm-yyyy`, as SIASN writes days; empty for none.
pub(super) fn date(day: Option<NaiveDate>) -> String {
    day.map(|day| day.format("%d-%m-%Y").to_string()).unwrap_or_default()
}

fn row_id(seed: u64, purpose: &str, at: usize, number: usize) -> String {
    format!("{:08x}-0000-4000-8000-{:012}", mix(seed, purpose, at as u64) as u32, at * 100_000 + number)
}

fn label(rating: Rating) -> String {
    rating.label().to_uppercase()
}

fn code(rating: Rating) -> u8 {
    match rating {
        Rating::Atas => 1,
        Rating::Sesuai => 2,
        Rating::Bawah => 3,
    }
}

/// Code and label of the predikat.
fn quadrant(hasil: Rating, perilaku: Rating) -> (usize, String) {
    let predikat = Predikat::from_ratings(hasil, perilaku);
    let position = Predikat::ALL.iter().position(|known| *known == predikat).unwrap_or(0);
    (position + 1, predikat.label().to_uppercase())
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}
