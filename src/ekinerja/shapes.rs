//! The keys that SIASN is known to send, in its order (facts ekinerja-api §2.1 to §2.6). Keys that no rule reads are
//! here too: only so can a new one be told from an old one.

use super::wire::Shape;
use crate::domain::Kind;
use std::sync::LazyLock;

/// `data-utama`.
pub(crate) static DATA_UTAMA: LazyLock<Shape> =
    LazyLock::new(|| Shape::new(Kind::Identity, IDENTITY_KEYS, &[&["nipBaru"], &["kedudukanPnsId"]]));

/// `data-utama/paruhwaktu`: its shape is not published, only that it is another one.
pub(crate) static PARUHWAKTU: LazyLock<Shape> = LazyLock::new(|| Shape::new(Kind::Identity, IDENTITY_KEYS, &[]).unsettled());

const IDENTITY_KEYS: &str = "id nipBaru nipLama nama gelarDepan gelarBelakang tempatLahir tempatLahirId tglLahir agama agamaId email \
    emailGov nik alamat noHp noTelp jenisPegawaiId mkTahun mkBulan jenisPegawaiNama kedudukanPnsId kedudukanPnsNama statusPegawai \
    jenisKelamin jenisIdDokumenId jenisIdDokumenNama nomorIdDocument noSeriKarpeg tkPendidikanTerakhirId tkPendidikanTerakhir \
    pendidikanTerakhirId pendidikanTerakhirNama tahunLulus tmtPns tmtPensiun bupPensiun tglSkPns tmtCpns tglSkCpns instansiIndukId \
    instansiIndukNama satuanKerjaIndukId satuanKerjaIndukNama kanregId kanregNama instansiKerjaId instansiKerjaNama \
    instansiKerjaKodeCepat satuanKerjaKerjaId satuanKerjaKerjaNama unorId unorNama unorIndukId unorIndukNama jenisJabatanId \
    jenisJabatan jabatanNama jabatanStrukturalId jabatanStrukturalNama jabatanFungsionalId jabatanFungsionalNama \
    jabatanFungsionalUmumId jabatanFungsionalUmumNama tmtJabatan lokasiKerjaId lokasiKerja golRuangAwalId golRuangAwal \
    golRuangAkhirId golRuangAkhir tmtGolAkhir masaKerja eselon eselonId eselonLevel tmtEselon gajiPokok kpknId kpknNama ktuaId \
    ktuaNama taspenId taspenNama jenisKawinId statusPerkawinan statusHidup tglSuratKeteranganDokter noSuratKeteranganDokter \
    jumlahIstriSuami jumlahAnak noSuratKeteranganBebasNarkoba tglSuratKeteranganBebasNarkoba skck tglSkck akteKelahiran \
    akteMeninggal tglMeninggal noNpwp tglNpwp noAskes bpjs kodePos noSpmt tglSpmt? noTaspen bahasa kppnId kppnNama pangkatAkhir \
    tglSttpl nomorSttpl nomorSkCpns nomorSkPns jenjang jabatanAsn kartuAsn validNik:b pangkatAwal asnJenjangJabatan \
    kode_jenjang_jabatan? levelJabatan tanggal_taspen tabrum2 kelas_jabatan karis_karsu path:j? genEmailAsn? nip?";

/// `rw-kinerjaperiodik`; the months came later than the rest and may be missing (§2.3).
pub(crate) static KINERJA_PERIODIK: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id tahun nip nama hasilKinerja hasilKinerjaNilai instansiId instansiNama jabatan koefisenId kriteria \
        kuadranKinerjaNilai kuadranNilai namaPenilai penilaiGolonganId penilaiJabatanNama penilaiNipNrp penilaiPnsId penilaiUnorNm \
        perilakuKerja perilakuKerjaNilai periodikId periodikNama persentase pnsDinilaiId statusPenilai unorId unorNama \
        bulanMulaiPenilaian? bulanSelesaiPenilaian? tahunMulaiPenilaian? tahunSelesaiPenilaian? path:j";
    Shape::new(Kind::History, keys, &[])
});

/// `rw-skp22`.
pub(crate) static SKP22: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id hasilKinerja hasilKinerjaNilai:n kuadranKinerja KuadranKinerjaNilai:n namaPenilai nipNrpPenilai \
        penilaiGolonganId penilaiJabatanNm penilaiUnorNm perilakuKerja PerilakuKerjaNilai:n pnsDinilaiId statusPenilai tahun path:j";
    Shape::new(Kind::SkpAnnual, keys, &[])
});

/// `rw-hukdis`.
pub(crate) static HUKDIS: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id rwHukumanDisiplin golongan kedudukanHukum jenisHukuman pnsOrang skNomor skTanggal hukumanTanggal masaTahun \
        masaBulan akhirHukumTanggal nomorPp golonganLama skPembatalanNomor skPembatalanTanggal alasanHukumanDisiplin \
        alasanHukumanDisiplinNama jenisHukumanNama path:j keterangan jenisTingkatHukumanId";
    Shape::new(Kind::DisciplineBkn, keys, &[])
});

/// `rw-cltn`.
pub(crate) static CLTN: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id cltnId skNomor skTanggal tanggalAwal tanggalAkhir tanggalAktif nomorLetterBkn tanggalLetterBkn pnsOrangId path:j";
    Shape::new(Kind::UnpaidLeave, keys, &[])
});

/// `rw-jabatan`.
pub(crate) static JABATAN: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id idPns nipBaru nipLama jenisJabatan instansiKerjaId instansiKerjaNama satuanKerjaId satuanKerjaNama unorId \
        unorNama unorIndukId unorIndukNama eselon eselonId jabatanFungsionalId jabatanFungsionalNama jabatanFungsionalUmumId \
        jabatanFungsionalUmumNama tmtJabatan nomorSk tanggalSk namaUnor namaJabatan tmtPelantikan path:j jenisPenugasanId \
        jenisMutasiId subJabatanId tmtMutasi";
    Shape::new(Kind::Position, keys, &[])
});

/// `rw-pemberhentian`.
pub(crate) static PEMBERHENTIAN: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id jenisHenti kedudukanHukumPns pnsOrang skNomor skTanggal asalId asalNama asalNamaLabel path:j";
    Shape::new(Kind::Termination, keys, &[])
});

/// `rw-pindahinstansi`.
pub(crate) static PINDAH: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id instansiKerjaLama jenisPegawai satuanKerjaBaru satuanKerjaIndukBaru satuanKerjaIndukLama jenisJabatanLama \
        lokasiKerjaBaru lokasiKerjaLama kpknBaru jenisJabatanBaru eselon jabatanFungsionalLama instansiKerjaBaru unorLama \
        instansiIndukBaru unorBaru instansiIndukLama jabatanFungsionalBaru pnsOrang skUsulNomor skUsulTanggal skBknNomor \
        skBknTanggal tmtPi skAsalNomor skAsalTanggal skTujuanNomor skTujuanTanggal satuanKerjaLama jenisPi \
        jabatanFungsionalUmumBaru orangUsulPeremajaanId skAsalProvNomor skAsalProvTanggal path:j";
    Shape::new(Kind::Transfer, keys, &[])
});

/// `rw-tubel`: only its "no data" is known.
pub(crate) static TUBEL: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id nip nipBaru skNomor nomorSk skTanggal tmtTubel tanggalMulai tglMulai tanggalAwal namaSekolah perguruanTinggi \
        programStudi pendidikanNama";
    Shape::new(Kind::StudyLeave, keys, &[]).unsettled()
});
