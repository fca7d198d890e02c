//! Files as a whole: what they are, who speaks of them, which forms come later.

use super::*;
use selaras::intake::Unreadable;
use selaras::intake::read_path;

#[test]
fn bytes_that_are_no_table_say_why() {
    let why = |bytes: &[u8]| match load(FileKind::Roster, "r.xls", bytes) {
        Err(IntakeError::Unreadable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(b""), Unreadable::Empty);
    assert_eq!(why(b"<html><table><tr><td>nip"), Unreadable::Html);
    assert_eq!(why(b"n\0i\0p\0"), Unreadable::Binary);
    assert_eq!(why(b"\xff\xfen\0i\0p\0"), Unreadable::Encoding);
    assert!(matches!(why(b"PK\x03\x04 no zip"), Unreadable::Workbook(_)));
    assert!(matches!(why(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook"), Unreadable::Workbook(_)));
}

#[test]
fn a_long_list_of_refusals_is_shortened_in_words_only() {
    let mut file = "nip;jenis;mulai;selesai\n".to_owned();
    for _ in 0..30 {
        file.push_str(&format!("{BUDI};cuti;2026-10-01;2026-10-01\n"));
    }
    let error = text(FileKind::Permits, &file).unwrap_err();
    assert_eq!(error.refusals().len(), 30);
    let shown = error.to_string();
    assert!(shown.starts_with("berkas.csv ditolak, 30 masalah: (1) baris 2, "), "{shown}");
    assert_eq!(shown.lines().count(), 1, "one sentence on the terminal");
    assert!(shown.ends_with("dan 27 lagi"), "{shown}");
    assert!(!shown.contains(BUDI));
}

#[test]
fn a_path_gives_name_and_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("izin.csv");
    std::fs::write(&path, format!("nip;jenis;mulai;selesai\n{BUDI};diklat;2026-10-01;2026-10-02\n")).unwrap();
    let reading = Reading {
        kind: FileKind::Permits,
        name: "",
        bytes: &[],
        period: Some("2026-10".parse().unwrap()),
        accept_partial: false,
        synonyms: &BTreeMap::new(),
    };
    let delivery = one(read_path(&path, &reading));
    assert_eq!(delivery.part, "2026-10/izin.csv");
    let gone = read_path(&folder.path().join("tiada.csv"), &reading).unwrap_err();
    assert!(matches!(gone, IntakeError::Io { .. }));
    assert!(gone.to_string().contains("tiada.csv"));
}

#[test]
fn kinds_have_keys() {
    for (key, kind) in FileKind::ALL {
        assert_eq!(FileKind::from_key(key), Some(kind));
        assert_eq!(kind.key(), key);
    }
    assert_eq!(FileKind::from_key("verdicts"), None);
}
