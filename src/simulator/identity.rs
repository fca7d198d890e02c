//! `data-utama`, the identity of one person (facts ekinerja-api §2.1), and the answers that are planted in its place.

use super::Ministry;
use super::names::MINISTRY;
use super::population::Person;
use super::population::Role;
use super::report::pns_id;
use super::report::unit_id;
use super::siasn::Answer;
use super::siasn::MINISTRY_ID;
use super::siasn::date;
use super::siasn::found;
use crate::domain::Code;
use crate::domain::person::EmploymentStatus;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// Fields of `data-utama` that stay empty here; the real answer carries them all.
const EMPTY_FIELDS: &[&str] = &[
    "nipLama",
    "emailGov",
    "noTelp",
    "noSeriKarpeg",
    "tmtPensiun",
    "jabatanStrukturalId",
    "jabatanFungsionalUmumId",
    "eselonId",
    "eselonLevel",
    "tmtEselon",
    "gajiPokok",
    "kpknId",
    "kpknNama",
    "ktuaId",
    "ktuaNama",
    "taspenId",
    "taspenNama",
    "tglSuratKeteranganDokter",
    "noSuratKeteranganDokter",
    "noSuratKeteranganBebasNarkoba",
    "tglSuratKeteranganBebasNarkoba",
    "skck",
    "tglSkck",
    "akteKelahiran",
    "akteMeninggal",
    "tglMeninggal",
    "noNpwp",
    "tglNpwp",
    "noAskes",
    "bpjs",
    "kodePos",
    "noSpmt",
    "noTaspen",
    "bahasa",
    "kppnId",
    "kppnNama",
    "tglSttpl",
    "nomorSttpl",
    "nomorSkCpns",
    "nomorSkPns",
    "jenjang",
    "jabatanAsn",
    "kartuAsn",
    "asnJenjangJabatan",
    "kode_jenjang_jabatan",
    "levelJabatan",
    "tabrum2",
    "karis_karsu",
    "masaKerja",
    "pangkatAkhir",
    "pangkatAwal",
    "tmtGolAkhir",
    "pendidikanTerakhirId",
];

/// Fields of `data-utama` with the same value for everybody.
const CONSTANT_FIELDS: &[(&str, &str)] = &[
    ("tempatLahir", "CONTOH"),
    ("tempatLahirId", "00000000CCCC0001E040640A00000001"),
    ("agama", "Islam"),
    ("agamaId", "1"),
    ("email", "contoh@example.invalid"),
    ("nik", "0000000000000000"),
    ("alamat", "JL. CONTOH NO. 1"),
    ("noHp", "080000000000"),
    ("jenisPegawaiId", "11"),
    ("jenisPegawaiNama", "PNS Pusat"),
    ("mkTahun", "10"),
    ("mkBulan", "0"),
    ("jenisIdDokumenId", "1"),
    ("jenisIdDokumenNama", "KTP"),
    ("nomorIdDocument", "0000000000000000"),
    ("tkPendidikanTerakhirId", "40"),
    ("tkPendidikanTerakhir", "S-1/Sarjana"),
    ("pendidikanTerakhirNama", "S-1 CONTOH"),
    ("tahunLulus", "2008"),
    ("bupPensiun", "58"),
    ("kanregId", "00"),
    ("kanregNama", "KANREG CONTOH"),
    ("instansiKerjaKodeCepat", "0000"),
    ("lokasiKerja", "CONTOH"),
    ("lokasiKerjaId", "00000000CCCC0001E040640A00000001"),
    ("jenisKawinId", "1"),
    ("statusPerkawinan", "Menikah"),
    ("statusHidup", "1"),
    ("jumlahIstriSuami", "1"),
    ("jumlahAnak", "2"),
];

/// Fields of `data-utama` that name the ministry or its id.
const MINISTRY_FIELDS: &[&str] = &["instansiInduk", "satuanKerjaInduk", "instansiKerja", "satuanKerjaKerja"];
impl Ministry {
    /// The identity, unless somebody else's or an unreadable one is planted.
    pub(super) fn identity_answer(&self, at: usize, person: &Person) -> Answer {
        if person.has(Code::Sr02) {
            return Answer { status: 200, body: format!("{{\"code\":1,\"data\":{{\"id\":\"{}\",\"nama\":?,,", pns_id(self.seed, at)) };
        }
        if person.has(Code::Sr05) {
            let other = (at + 1) % self.people.len();
            return found(&self.identity(other, &self.people[other]));
        }
        found(&self.identity(at, person))
    }

    fn identity(&self, at: usize, person: &Person) -> Value {
        let mut data = Map::new();
        data.extend(EMPTY_FIELDS.iter().map(|key| ((*key).to_owned(), json!(""))));
        data.extend(CONSTANT_FIELDS.iter().map(|(key, value)| ((*key).to_owned(), json!(value))));
        for key in MINISTRY_FIELDS {
            data.insert(format!("{key}Id"), json!(MINISTRY_ID));
            data.insert(format!("{key}Nama"), json!(MINISTRY));
        }
        let (standing, standing_name) = match person.status {
            EmploymentStatus::Cltn => ("02", "CLTN"),
            EmploymentStatus::Mpp => ("20", "MPP"),
            _ if person.has(Code::St03) => ("03", "Tugas Belajar"),
            _ if person.has(Code::St05) && person.variant().is_multiple_of(2) => ("03", "Tugas Belajar"),
            _ if person.has(Code::St05) => ("04", "Pemberhentian Sementara"),
            _ => ("01", "Aktif"),
        };
        let birth = person.nip.birth_date().unwrap_or(person.service.spmt);
        let (structural, functional) =
            if person.post.kind == 1 { (person.post.name.as_str(), "") } else { ("", person.post.name.as_str()) };
        let (front, back) = (person.front, person.back);
        let unit = &self.units[person.unit];
        let own = json!({
            "id": pns_id(self.seed, at), "nipBaru": person.nip, "nama": person.shouted(), "gelarDepan": front, "gelarBelakang": back,
            "tglLahir": date(Some(birth)), "kedudukanPnsId": standing, "kedudukanPnsNama": standing_name, "statusPegawai": person.kind_code(),
            "jenisKelamin": if person.woman { "F" } else { "M" }, "tmtPns": date(person.service.tmt_pns), "tglSkPns": date(person.service.tmt_pns),
            "tmtCpns": date(person.service.tmt_cpns.or(Some(person.service.spmt))), "tglSkCpns": date(person.service.tmt_cpns),
            "unorId": unit_id(self.seed, person.unit), "unorNama": unit.name.to_uppercase(), "unorIndukId": unit_id(self.seed, 0),
            "unorIndukNama": MINISTRY, "jenisJabatanId": person.post.kind.to_string(), "jenisJabatan": kind_of_position(person.post.kind),
            "jabatanNama": person.post.name, "jabatanStrukturalNama": structural, "jabatanFungsionalNama": functional,
            "jabatanFungsionalId": "00000000EEEE0001E050640A00000001", "jabatanFungsionalUmumNama": "",
            "tmtJabatan": date(Some(person.service.spmt)), "golRuangAwalId": "31", "golRuangAwal": person.rank(),
            "golRuangAkhirId": "33", "golRuangAkhir": person.rank(), "eselon": if person.role == Role::Leader { "II.a" } else { "" },
            "tglSpmt": date(Some(person.service.spmt)), "validNik": true, "tanggal_taspen": null,
            "kelas_jabatan": person.post.class.to_string(), "path": null, "genEmailAsn": null,
        });
        if let Value::Object(own) = own {
            data.extend(own);
        }
        Value::Object(data)
    }
}

fn kind_of_position(kind: u8) -> &'static str {
    match kind {
        1 => "Jabatan Struktural",
        2 => "Jabatan Fungsional Tertentu",
        _ => "Jabatan Fungsional Umum",
    }
}
