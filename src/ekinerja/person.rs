//! SIASN's answers about one person: which path each kind has, and what its rows say (facts ekinerja-api §2). Unlike in
//! a bulk answer, one row that cannot be read sets the whole answer aside: a punishment left out would be a lie.

use super::bulk::nip_of;
use super::fault::Fault;
use super::shapes;
use super::wire::Drift;
use super::wire::Reading;
use super::wire::Row;
use super::wire::Shape;
use super::wire::Unusable;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Locator;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::discipline::BknPunishment;
use crate::domain::ekinerja::AnnualRow;
use crate::domain::ekinerja::BknLeave;
use crate::domain::ekinerja::HistoryNote;
use crate::domain::ekinerja::HistoryRow;
use crate::domain::ekinerja::Identity;
use crate::domain::evidence::Reason;
use crate::domain::period::Span;

/// Path behind `/pns`, without the NIP; `None` when SIASN does not answer this kind.
pub(crate) fn path(kind: Kind, part_time: bool) -> Option<&'static str> {
    Some(match kind {
        Kind::Identity if part_time => "data-utama/paruhwaktu",
        Kind::Identity => "data-utama",
        Kind::History => "rw-kinerjaperiodik",
        Kind::SkpAnnual => "rw-skp22",
        Kind::DisciplineBkn => "rw-hukdis",
        Kind::UnpaidLeave => "rw-cltn",
        Kind::Position => "rw-jabatan",
        Kind::Termination => "rw-pemberhentian",
        Kind::Transfer => "rw-pindahinstansi",
        Kind::StudyLeave => "rw-tubel",
        _ => return None,
    })
}

/// Reads `data` of the answer about `nip`.
pub(crate) fn read(kind: Kind, part_time: bool, nip: Nip, json: &str) -> (Result<Statement, Fault>, Vec<Drift>) {
    match kind {
        Kind::Identity if part_time => rows(&shapes::PARUHWAKTU, nip, json, identity, Body::Identity),
        Kind::Identity => rows(&shapes::DATA_UTAMA, nip, json, signed_identity, Body::Identity),
        Kind::History => rows(&shapes::KINERJA_PERIODIK, nip, json, history, Body::History),
        Kind::SkpAnnual => rows(&shapes::SKP22, nip, json, annual, Body::SkpAnnual),
        Kind::DisciplineBkn => rows(&shapes::HUKDIS, nip, json, punishment, Body::DisciplineBkn),
        Kind::UnpaidLeave => rows(&shapes::CLTN, nip, json, leave, Body::UnpaidLeave),
        Kind::Position => rows(&shapes::JABATAN, nip, json, position, Body::Position),
        Kind::Termination => rows(&shapes::PEMBERHENTIAN, nip, json, termination, Body::Termination),
        Kind::Transfer => rows(&shapes::PINDAH, nip, json, transfer, Body::Transfer),
        _ => rows(&shapes::TUBEL, nip, json, study, Body::StudyLeave),
    }
}

fn rows<T>(
    shape: &Shape,
    asked: Nip,
    json: &str,
    row_of: impl Fn(&Row<'_, '_>) -> Result<T, Unusable>,
    body_of: impl Fn(Vec<T>) -> Body,
) -> (Result<Statement, Fault>, Vec<Drift>) {
    let single = std::ptr::eq(shape, &*shapes::DATA_UTAMA) || std::ptr::eq(shape, &*shapes::PARUHWAKTU);
    if json.starts_with('{') != single {
        let expected = if single { "an object" } else { "a list of rows" };
        return (Err(Fault::quarantine(Reason::Malformed, format!("SIASN's data is not {expected}"))), Vec::new());
    }
    let mut read = Vec::new();
    let mut unusable: Option<Unusable> = None;
    let mut reading = Reading::new(shape);
    let parsed = reading.rows(json, |at, row| {
        let row = row.ok_or_else(|| Unusable::new(Reason::Malformed, "it is not an object"));
        match row.and_then(|row| whose(&row, asked).and_then(|()| row_of(&row))) {
            Ok(value) => read.push(value),
            // A body for somebody else outweighs a row that cannot be read.
            Err(problem) if unusable.is_none() || problem.reason == Reason::OtherNip => {
                unusable = Some(Unusable::new(problem.reason, format!("data[{at}]: {}", problem.detail)));
            }
            Err(_) => {}
        }
    });
    let (complete, drift) = reading.finish();
    let other_nip = unusable.take_if(|problem| problem.reason == Reason::OtherNip);
    let problem = other_nip.map(Fault::from).map_or(Ok(()), Err).and(parsed).and(complete);
    if let Err(fault) = problem.and(unusable.map(Fault::from).map_or(Ok(()), Err)) {
        return (Err(fault), drift);
    }
    let places = 0..read.len() as u32;
    let at = if single { "data" } else { "data[{}]" };
    (Ok(Statement::present(asked, Span::Standing, body_of(read), Locator::new(at, places))), drift)
}

/// A row that names a NIP must name the one that was asked about; most name none (facts §2.9).
fn whose(row: &Row<'_, '_>, asked: Nip) -> Result<(), Unusable> {
    for key in ["nipBaru", "nip"] {
        if row.text(key).is_some() && nip_of(row, key)? != asked {
            return Err(Unusable::new(Reason::OtherNip, format!("{key} is not the NIP that was asked about")));
        }
    }
    Ok(())
}

/// `data-utama` always names its NIP; one that does not cannot be filed under anybody.
fn signed_identity(row: &Row<'_, '_>) -> Result<Identity, Unusable> {
    nip_of(row, "nipBaru").and_then(|_| identity(row))
}

fn identity(row: &Row<'_, '_>) -> Result<Identity, Unusable> {
    row.flat(&["kedudukanPnsId", "kedudukanPnsNama", "statusPegawai", "jabatanNama", "instansiKerjaNama", "tmtCpns", "tmtPns"])?;
    Ok(Identity {
        pns_id: row.text("id"),
        nama: row.text("nama"),
        kedudukan_id: two_digits(row.code("kedudukanPnsId")),
        kedudukan_nama: row.text("kedudukanPnsNama"),
        status_pegawai: row.text("statusPegawai"),
        jabatan: row.text("jabatanNama"),
        unor: row.text("unorNama"),
        instansi_kerja: row.text("instansiKerjaNama"),
        tmt_cpns: row.day("tmtCpns")?,
        tmt_pns: row.day("tmtPns")?,
        tmt_spmt: row.day("tglSpmt")?,
    })
}

/// Codes of kedudukan hukum have two digits; as a number they lose the zero in front.
fn two_digits(code: Option<String>) -> Option<String> {
    code.map(|code| if code.len() == 1 { format!("0{code}") } else { code })
}

fn history(row: &Row<'_, '_>) -> Result<HistoryRow, Unusable> {
    row.flat(&["tahun", "periodikId", "hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai", "kuadranNilai"])?;
    Ok(HistoryRow {
        id: row.code("id"),
        tahun: year(row, "tahun"),
        periodik_id: row.whole("periodikId"),
        bulan_mulai: month(row, "bulanMulaiPenilaian"),
        bulan_selesai: month(row, "bulanSelesaiPenilaian"),
        tahun_selesai: year(row, "tahunSelesaiPenilaian"),
        hasil_nilai: row.whole("hasilKinerjaNilai"),
        perilaku_nilai: row.whole("perilakuKerjaNilai"),
        kuadran_nilai: row.whole("kuadranKinerjaNilai"),
        kuadran: row.text("kuadranNilai"),
        penilai_nip: row.text("penilaiNipNrp"),
    })
}

fn annual(row: &Row<'_, '_>) -> Result<AnnualRow, Unusable> {
    row.flat(&["tahun", "hasilKinerjaNilai", "PerilakuKerjaNilai", "KuadranKinerjaNilai", "kuadranKinerja"])?;
    Ok(AnnualRow {
        id: row.code("id"),
        tahun: year(row, "tahun"),
        hasil_nilai: row.whole("hasilKinerjaNilai"),
        perilaku_nilai: row.whole("PerilakuKerjaNilai"),
        kuadran_nilai: row.whole("KuadranKinerjaNilai"),
        kuadran: row.text("kuadranKinerja"),
        penilai_nip: row.text("nipNrpPenilai"),
    })
}

fn year(row: &Row<'_, '_>, key: &str) -> Option<i32> {
    row.whole(key).and_then(|year| i32::try_from(year).ok())
}

fn month(row: &Row<'_, '_>, key: &str) -> Option<u32> {
    row.whole(key).and_then(|month| u32::try_from(month).ok()).filter(|month| (1..=12).contains(month))
}

fn punishment(row: &Row<'_, '_>) -> Result<BknPunishment, Unusable> {
    row.flat(&["jenisHukuman", "jenisTingkatHukumanId", "skNomor", "masaTahun", "masaBulan", "skPembatalanNomor", "skPembatalanTanggal"])?;
    let length = match (row.whole("masaTahun"), row.whole("masaBulan")) {
        (None, None) => None,
        (years, months) => u32::try_from(years.unwrap_or(0).saturating_mul(12).saturating_add(months.unwrap_or(0))).ok(),
    };
    Ok(BknPunishment {
        id: row.code("id"),
        jenis_hukuman: row.code("jenisHukuman"),
        jenis_hukuman_nama: row.text("jenisHukumanNama"),
        tingkat: row.text("jenisTingkatHukumanId"),
        sk_nomor: row.text("skNomor"),
        sk_tanggal: row.day("skTanggal")?,
        mulai: row.day("hukumanTanggal")?,
        akhir: row.day("akhirHukumTanggal")?,
        masa_bulan: length,
        // Annulled when either is given; the date stands in for a number that was not recorded.
        pembatalan_nomor: row.first_text(&["skPembatalanNomor", "skPembatalanTanggal"]),
    })
}

fn leave(row: &Row<'_, '_>) -> Result<BknLeave, Unusable> {
    Ok(BknLeave {
        id: row.code("id"),
        cltn_id: row.whole("cltnId"),
        sk_nomor: row.text("skNomor"),
        awal: row.day("tanggalAwal")?,
        akhir: row.day("tanggalAkhir")?,
        aktif: row.day("tanggalAktif")?,
    })
}

fn position(row: &Row<'_, '_>) -> Result<HistoryNote, Unusable> {
    Ok(HistoryNote {
        id: row.code("id"),
        sk_nomor: row.text("nomorSk"),
        tmt: row.day("tmtJabatan")?,
        isi: row.first_text(&["namaJabatan", "jabatanFungsionalNama", "jabatanFungsionalUmumNama"]),
    })
}

fn termination(row: &Row<'_, '_>) -> Result<HistoryNote, Unusable> {
    Ok(HistoryNote { id: row.code("id"), sk_nomor: row.text("skNomor"), tmt: row.day("skTanggal")?, isi: row.code("jenisHenti") })
}

fn transfer(row: &Row<'_, '_>) -> Result<HistoryNote, Unusable> {
    Ok(HistoryNote { id: row.code("id"), sk_nomor: row.text("skBknNomor"), tmt: row.day("tmtPi")?, isi: row.text("instansiKerjaBaru") })
}

/// Nobody has published this shape; the keys are those of its siblings. What is not found stays empty.
fn study(row: &Row<'_, '_>) -> Result<HistoryNote, Unusable> {
    let tmt = ["tmtTubel", "tanggalMulai", "tglMulai", "tanggalAwal", "skTanggal"];
    Ok(HistoryNote {
        id: row.code("id"),
        sk_nomor: row.first_text(&["skNomor", "nomorSk"]),
        tmt: tmt.iter().find_map(|key| row.day(key).ok().flatten()),
        isi: row.first_text(&["namaSekolah", "perguruanTinggi", "programStudi", "pendidikanNama"]),
    })
}
