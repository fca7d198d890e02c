//! `[sources.columns]`: the columns of the ministry's files for which another header may be named. The readers of
//! files are not known here, so their names stand here once more; a test holds both equal.

use super::error::{ConfigError, nearest};
use super::{Config, place_of};
use crate::domain::text::key;
use std::path::Path;

const SECTION: &str = "sources.columns";

/// By kind of file.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "roster",
        &[
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
            "gelar_belakang",
            "gelar_depan",
            "jabatan_nama",
            "jenis_pegawai_nama",
            "kedudukan_hukum_id",
            "kedudukan_hukum_nama",
            "nip_baru",
            "status_cpns_pns",
            "unor_id",
            "unor_nama",
        ],
    ),
    (
        "attendance",
        &[
            "nip",
            "tanggal",
            "jam_masuk",
            "jam_pulang",
            "status",
            "keterangan",
            "alasan_manual",
            "absent",
            "bulan",
            "bulan_cuti_ke",
            "departemen",
            "emp_no",
            "hari_alpha",
            "hari_cuti",
            "hari_diklat",
            "hari_dinas_luar",
            "hari_hadir",
            "hari_kerja",
            "hari_wfh_wfa",
            "hari_wfo",
            "jam_kerja",
            "jenis_cuti",
            "menit_meninggalkan_kantor",
            "menit_pulang_cepat",
            "menit_terlambat",
            "nama",
            "nik",
            "no_id",
            "pengecualian",
            "plg_cepat",
            "psw1",
            "psw2",
            "psw3",
            "psw4",
            "scan_masuk",
            "scan_pulang",
            "tahun",
            "terlambat",
            "tidak_ikut_upacara",
            "tidak_presensi",
            "tl1",
            "tl2",
            "tl3",
            "tl4",
        ],
    ),
    ("permits", &["nip", "jenis", "mulai", "selesai", "nomor_surat", "tanggal_surat", "disetujui_oleh", "surat_dokter", "anak_ke"]),
    ("discipline", &["nip", "nomor_sk", "tanggal_sk", "tingkat", "jenis", "persen", "mulai", "bulan"]),
    (
        "payment",
        &[
            "kode_satker",
            "bulan",
            "tahun",
            "nip",
            "nama_pegawai",
            "nomor_sk",
            "kode_grade",
            "nilai_bruto",
            "nilai_potongan",
            "nilai_bersih",
            "kode_bank_span",
            "nama_bank",
            "nomor_rekening",
            "nama_rekening",
            "bulan_awal",
            "tahun_awal",
            "bulan_akhir",
            "tahun_akhir",
            "tukin_kali",
            "nomor_tukin_lama",
            "nomor_tukin_baru",
            "bersih",
            "dibayarkan",
            "eselon",
            "gaji_kotor",
            "gaji_pokok",
            "gjpokok",
            "golongan",
            "jml_anak",
            "jumlah",
            "kdbankspan",
            "kdjns",
            "kelas_jabatan",
            "keterangan",
            "nama",
            "nama_nip",
            "nmbankspan",
            "nmrek",
            "pot_absen",
            "pot_pph21",
            "rekening",
            "status_kawin",
            "tukin",
            "tunj_jabatan",
            "tunj_khusus",
            "tunj_penyesuaian",
            "tunj_pph21",
        ],
    ),
    (
        "ekinerja",
        &[
            "nip",
            "nama",
            "hasil_akhir",
            "hasil_kerja",
            "perilaku_kerja",
            "periode_awal_skp",
            "periode_akhir_skp",
            "is_skp_plt_plh_pjb",
            "skp_id",
            "skp_penilaian_id",
            "waktu_dinilai",
            "pegawai_atasan_nip",
            "pegawai_atasan_nama",
            "skp_jabatan",
            "skp_unor",
            "is_skp",
            "skp_status",
            "periode_awal",
            "periode_akhir",
            "is_plt_plh",
            "predikat",
            "rating_hasil_kerja",
            "rating_perilaku",
            "jabatan",
        ],
    ),
    ("pins", &["nip", "perangkat", "pin"]),
];

impl Config {
    /// Every (kind of file, column) for which `[sources.columns]` may name another header.
    pub fn columns() -> impl Iterator<Item = (&'static str, &'static str)> {
        KNOWN.iter().flat_map(|(kind, names)| names.iter().map(|name| (*kind, *name)))
    }

    /// The first name in `[sources.columns]` that is no column of any file: `name`, or `kind.name` for one kind alone.
    pub(super) fn unknown_column(&self, text: &str, path: &Path, settings: &[(String, String, String)]) -> Option<ConfigError> {
        let unknown = self.sources.columns.keys().find(|name| !is_column(name))?;
        let known: Vec<String> = match unknown.split_once('.') {
            Some(_) => Self::columns().map(|(kind, name)| format!("{kind}.{name}")).collect(),
            None => Self::columns().map(|(_, name)| name.to_owned()).collect(),
        };
        Some(ConfigError::UnknownKey {
            place: place_of(&format!("{SECTION}.{unknown}"), text, path, settings),
            section: SECTION.to_owned(),
            key: unknown.clone(),
            nearest: nearest(unknown, &known),
        })
    }
}

/// Names are compared as headers are: case, spaces and punctuation do not count.
fn is_column(written: &str) -> bool {
    let (kind, name) = written.split_once('.').map_or((None, written), |(kind, name)| (Some(kind), name));
    Config::columns().any(|(known, column)| kind.is_none_or(|kind| kind == known) && key(column) == key(name))
}
