//! No bytes make the readers panic, and the order of rows never shows.

use super::*;
use proptest::prelude::*;
use selaras::intake::FileKind;

const KINDS: [FileKind; 6] =
    [FileKind::Roster, FileKind::Attendance, FileKind::Permits, FileKind::Discipline, FileKind::Payment, FileKind::Ekinerja];

/// One good file of each kind.
fn samples() -> Vec<(FileKind, String)> {
    let payment = |nip: &str, month: &str| {
        format!("1\t11\t2026\t{nip}\tA\tSK\t08\t100\t0\t100\t002\tBRI\t1\tA\t{month}\t2026\t{month}\t2026\t1\t\t\n")
    };
    vec![
        (
            FileKind::Roster,
            format!(
                "nip;nama;jenis_pegawai;kode_unit;kelas_jabatan;status\n{BUDI};B;PNS;1;8;AKTIF\n{ANI};A;PPPK;1;7;AKTIF\n{ANI};A;PPPK;1;6;AKTIF\n"
            ),
        ),
        (
            FileKind::Attendance,
            format!(
                "nip;tanggal;jam_masuk;jam_pulang\n{BUDI};2026-10-01;07:30;16:00\n{BUDI};2026-10-02;07:30;16:00\n{ANI};2026-09-02;;16:00\n{ANI};2026-10-02;07:00;\n"
            ),
        ),
        (
            FileKind::Permits,
            format!(
                "nip;jenis;mulai;selesai\n{BUDI};diklat;2026-10-01;2026-10-01\n{BUDI};cltn;2026-10-02;2026-10-02\n{ANI};cltn;2026-10-02;2026-10-02\n"
            ),
        ),
        (FileKind::Discipline, format!("nip;persen;mulai;bulan\n{BUDI};25;2026-10;6\n{BUDI};10;2026-01;3\n{ANI};10;2026-01;3\n")),
        (FileKind::Payment, payment(BUDI, "10") + &payment(ANI, "10") + &payment(ANI, "09")),
        (FileKind::Ekinerja, std::fs::read_to_string("tests/fixtures/bkn/export.rekap-penilaian-unit.csv").unwrap()),
    ]
}

#[test]
fn the_samples_are_good() {
    for (kind, file) in samples() {
        assert!(text(kind, &file).is_ok(), "{kind:?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for kind in KINDS {
            let _ = load(kind, "x", &bytes);
        }
    }

    #[test]
    fn damaged_files_never_panic(at in any::<prop::sample::Index>(), by in "\\PC{0,3}|[\"\n\r\t;,]{1,3}") {
        for (kind, file) in samples() {
            let mut cut: Vec<char> = file.chars().collect();
            let place = at.index(cut.len());
            cut.splice(place..(place + 2).min(cut.len()), by.chars());
            let _ = text(kind, &cut.into_iter().collect::<String>());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_rows_never_shows(seed in any::<u64>()) {
        for (kind, file) in samples() {
            let head = file.lines().position(|line| line.contains(BUDI)).unwrap();
            let mut lines: Vec<&str> = file.lines().collect();
            // A rotation and a swap, drawn from the seed, reach every order of these few rows.
            let rows = &mut lines[head..];
            rows.rotate_left(seed as usize % rows.len());
            rows.swap(seed as usize / 7 % rows.len(), seed as usize / 49 % rows.len());
            let shuffled = one(text(kind, &(lines.join("\n") + "\n")));
            let original = one(text(kind, &file));
            prop_assert_eq!(bodies(&shuffled), bodies(&original));
        }
    }

    #[test]
    fn damaged_workbooks_never_panic(hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let xlsx = workbook(&[("P", &[&[V::T("nip"), V::T("tanggal"), V::T("jam_masuk"), V::T("jam_pulang")], &[V::T(BUDI), V::D(46_296.0), V::H(0.3), V::T("16:00")]])]);
        let xls = std::fs::read("tests/fixtures/intake/presensi.xls").unwrap();
        for mut bytes in [xlsx, xls] {
            for (at, byte) in &hits {
                let place = at.index(bytes.len());
                bytes[place] = *byte;
            }
            let _ = load(FileKind::Attendance, "p", &bytes);
        }
    }
}
