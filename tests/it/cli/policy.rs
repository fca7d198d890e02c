//! `policy check` as a clerk reads it: the sections, what is wrong with what to write, what is not verified, the verdict.

use std::path::Path;
use std::process::Command;

/// What the binary prints about the main example with these edits, and its exit code.
fn printed(edits: &[(&str, &str)]) -> (String, Option<i32>) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    let folder = tempfile::tempdir().unwrap();
    let list = "national-holidays-2026.toml";
    std::fs::copy(shipped.join(list), folder.path().join(list)).unwrap();
    let example = std::fs::read_to_string(shipped.join("contoh-kemenko-infra.toml")).unwrap();
    let text = edits.iter().fold(example, |text, (from, to)| {
        assert!(text.contains(from), "the example has no `{from}`");
        text.replacen(from, to, 1)
    });
    std::fs::write(folder.path().join("kebijakan.toml"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    let output = command.current_dir(folder.path()).args(["policy", "check", "kebijakan.toml"]).output().unwrap();
    (String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(), output.status.code())
}

#[track_caller]
fn says(text: &str, lines: &[&str]) {
    let mut rest = text.lines();
    for line in lines {
        assert!(rest.any(|printed| printed.trim() == *line), "not there, or not in that order: {line}\n{text}");
    }
}

#[test]
fn gaps_overlaps_contradictions_and_what_no_source_can_answer() {
    let (text, code) = printed(&[
        ("from_minute = 31, to_minute = 61", "from_minute = 35, to_minute = 61"),
        ("code = \"PC4\", from_minute = 91", "code = \"PC4\", from_minute = 80"),
        ("treat_as = \"TM4\"", "treat_as = \"TM4\"\npercent = \"2\""),
        ("use = \"first_and_last\"", "use = \"state_field\""),
        ("{ from_day = 3, to_month = 6", "{ from_day = 5, to_month = 6"),
    ]);
    assert_eq!(code, Some(2));
    says(
        &text,
        &[
            "Harus diperbaiki (5)",
            "attendance.scan.use: `state_field` tidak dapat dihitung: berkas presensi tidak memuat status masuk/pulang dan attlog.dat \
             tidak dipakai statusnya (orang menekan tombol yang salah); tulis \"first_and_last\"",
            "deduction.band[late].bands[TM2].from_minute: celah 31 s.d. 34: tulis 31",
            "deduction.band[early_leave].bands[PC4].from_minute: tumpang tindih 80 s.d. 90: tulis 91",
            "deduction.event[no_check_in]: treat_as dan percent bertentangan: tulis salah satu",
            "leave[cuti_sakit].bands[2]: celah: hari-hari di antaranya tidak diatur; jenjang ini mulai hari 5, seharusnya hari 3",
            "DITOLAK: perbaiki yang disebut di atas",
        ],
    );
}

#[test]
fn what_is_not_verified_and_what_is_read_but_not_used() {
    let (text, code) = printed(&[]);
    assert_eq!(code, Some(0));
    says(
        &text,
        &[
            "Belum diverifikasi terhadap peraturan (hasil: uji coba) (26)",
            "performance.missing: Permenko Marves 7/2023, dari infografis; bulan atau tahun berikutnya belum jelas",
            "privacy.retention_months: dibaca, belum dipakai: Selaras belum menghapus data apa pun, berapa pun isinya",
            "dapat dipakai; masih draf, jadi semua hasil berstatus uji coba",
        ],
    );
}

#[test]
fn a_number_where_a_text_belongs_says_what_to_write() {
    let (text, code) = printed(&[("to_minute = 31, percent = \"0.5\"", "to_minute = 31, percent = 0.5")]);
    assert_eq!(code, Some(2));
    assert!(text.contains("`deduction.band.bands.percent` ditolak: tertulis 0.5, tulis di antara tanda kutip: \"0.5\""), "{text}");
    let (text, _) = printed(&[("\"17\" = 33240000", "\"17\" = 33.240.000")]);
    assert!(text.contains("uang ditulis tanpa titik ribuan (33240000)"), "{text}");
}
