//! CSV, XLSX and XLS tell the same; cells that lost something are refused.

use super::V::*;
use super::*;
use selaras::domain::nip::NipError;

const CSV: &str = "nip,tanggal,jam_masuk,jam_pulang,status,keterangan\n198501012010011901,2026-10-01,07:25,16:02:30,WFO,Surat é\n199202022023211902,2026-10-02,07:30,,,\n";

fn same_as_csv(name: &str, bytes: &[u8]) {
    let expected = one(text(FileKind::Attendance, CSV));
    let found = one(load(FileKind::Attendance, name, bytes));
    assert_eq!(bodies(&found), bodies(&expected), "{name}");
}

#[test]
fn encodings_separators_and_line_ends_do_not_matter() {
    let bom = [b"\xef\xbb\xbf".as_slice(), CSV.as_bytes()].concat();
    same_as_csv("bom.csv", &bom);
    let windows: Vec<u8> = CSV.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    same_as_csv("windows-1252.csv", &windows);
    for (name, separator) in [("titik-koma.csv", ";"), ("tab.txt", "\t")] {
        same_as_csv(name, CSV.replace(',', separator).as_bytes());
    }
    let mut lines = CSV.lines();
    let mixed = [lines.next().unwrap(), "\r\n\r\n", lines.next().unwrap(), "\r", lines.next().unwrap()].concat();
    same_as_csv("campur.csv", mixed.as_bytes());
    same_as_csv("kutip.csv", CSV.replace("Surat é", "\"Surat é\"").as_bytes());
}

#[test]
fn columns_may_stand_anywhere_under_a_preamble() {
    let file = "Rekap presensi, Oktober\n\nSTATUS,Kolom Lain,Jam-Pulang,jam masuk,Keterangan, TANGGAL ,N.I.P.\nWFO,x,16:02:30,07:25,Surat é,01-10-2026,'19850101 201001 1 901\n,,,07:30,,02/10/2026,199202022023211902\n";
    same_as_csv("urutan.csv", file.as_bytes());
    let delivery = one(text(FileKind::Attendance, file));
    assert_eq!(delivery.facts.unknown_columns, ["Kolom Lain"]);
    assert_eq!(delivery.statements[0].locator.show(0), "row 4");
}

#[test]
fn a_workbook_tells_the_same() {
    let header: &[V] = &[T("NIP"), T("Tanggal"), T("Jam Masuk"), T("Jam Pulang"), T("Status"), T("Keterangan")];
    let book = workbook(&[
        ("Petunjuk", &[]),
        (
            "Satu",
            &[
                &[T("Presensi Oktober")],
                &[],
                header,
                &[T(BUDI), D(46_296.0), H(0.309_027_777_777_777_8), N(57_750.0 / 86_400.0), T("WFO"), T("Surat é")],
            ],
        ),
        ("Dua", &[header, &[F("19920202 202321 1 902"), T("02-10-2026"), T("07.30"), E, E, E]]),
    ]);
    same_as_csv("presensi.xlsx", &book);
    let delivery = one(load(FileKind::Attendance, "presensi.xlsx", &book));
    assert_eq!(delivery.statements[0].locator.show(0), "Satu row 4");
    assert_eq!(delivery.statements[1].locator.show(0), "Dua row 2");
}

#[test]
fn an_old_workbook_is_read() {
    let bytes = std::fs::read("tests/fixtures/intake/presensi.xls").unwrap();
    let delivery = one(load(FileKind::Attendance, "presensi.xls", &bytes));
    let Some(Body::Attendance(days)) = &delivery.statements[0].body else { panic!() };
    let days: Vec<_> = days.iter().collect();
    assert_eq!(days[0].jam_masuk.unwrap().to_string(), "07:25:00");
    assert_eq!(days[0].jam_pulang.unwrap().to_string(), "16:02:30");
    assert_eq!(days[1].tanggal.to_string(), "2026-10-02");
    assert_eq!(days[1].jam_pulang, None);
    assert_eq!(delivery.statements[0].locator.show(0), "Presensi row 4");
}

#[test]
fn cells_that_lost_something_are_refused() {
    let header: &[V] = &[T("nip"), T("tanggal"), T("jam_masuk"), T("jam_pulang")];
    let case = |nip: V, tanggal: V, masuk: V| {
        let refused = refusals(load(FileKind::Attendance, "p.xlsx", &workbook(&[("P", &[header, &[nip, tanggal, masuk, T("16:00")]])])));
        assert_eq!((refused.len(), refused[0].sheet.as_deref(), refused[0].row), (1, Some("P"), Some(2)));
        (refused[0].column.clone().unwrap(), refused[0].value.clone().unwrap(), refused[0].reason.clone())
    };
    let nip = |value: &str, reason| ("nip".to_owned(), value.to_owned(), reason);
    assert_eq!(case(N(198_501_012_010_011_901.0), T("2026-10-01"), T("07:30")), nip("1985***********904", RefusalReason::NumericNip));
    assert_eq!(case(F("198501012010011901.0"), T("2026-10-01"), T("07:30")).2, RefusalReason::NumericNip);
    assert_eq!(case(T("1.98501E+17"), T("2026-10-01"), T("07:30")).2, RefusalReason::Nip(NipError::Scientific));
    assert_eq!(case(T(BUDI), D(46_296.5), T("07:30")).2, RefusalReason::NotDate);
    assert_eq!(case(T(BUDI), B(true), T("07:30")).2, RefusalReason::NotDate);
    assert_eq!(case(T(BUDI), N(2026.0), T("07:30")).2, RefusalReason::NotDate);
    assert_eq!(case(T(BUDI), D(46_296.0), H(1.0)).2, RefusalReason::TwentyFour);
    assert_eq!(case(T(BUDI), D(46_296.0), N(7.3)).2, RefusalReason::NotTime);
    assert_eq!(case(T(BUDI), D(46_296.0), F("#REF!")).2, RefusalReason::CellError);
}

#[test]
fn quotes_and_headers_that_cannot_be_read_are_refused() {
    let open = refusals(text(FileKind::Attendance, &CSV.replace("Surat é", "\"Surat é")));
    assert_eq!((open[0].row, open[0].reason.clone()), (Some(2), RefusalReason::UnclosedQuote));
    let twice = refusals(text(FileKind::Attendance, &CSV.replace("keterangan", "NIP")));
    assert_eq!((twice[0].row, twice[0].column.as_deref(), twice[0].reason.clone()), (Some(1), Some("nip"), RefusalReason::DuplicateColumn));
    let missing = refusals(text(FileKind::Attendance, &CSV.replace("jam_pulang", "jam_keluar")));
    assert_eq!((missing[0].row, missing[0].reason.clone()), (Some(1), RefusalReason::MissingColumns(vec!["jam_pulang"])));
    let low = format!("{}{CSV}", "x\n".repeat(20));
    assert!(matches!(reasons(text(FileKind::Attendance, &low))[..], [RefusalReason::HeaderNotFound { .. }]));
    assert!(text(FileKind::Attendance, &format!("{}{CSV}", "x\n".repeat(19))).is_ok());
    let untitled = workbook(&[
        ("A", &[&[T("nip"), T("tanggal"), T("jam_masuk"), T("jam_pulang")], &[T(BUDI), T("2026-10-01")]]),
        ("B", &[&[T("catatan")]]),
    ]);
    let read = one(load(FileKind::Attendance, "p.xlsx", &untitled));
    assert!(!read.notices.is_empty(), "a sheet of notes is left out, and said to be");
    assert_eq!(reasons(text(FileKind::Roster, CSV)), [RefusalReason::LooksLike(FileKind::Attendance)]);
}

#[test]
fn synonyms_of_the_configuration_name_columns() {
    let synonyms =
        BTreeMap::from([("jam_pulang".to_owned(), vec!["Jam Keluar".to_owned()]), ("roster.nip".to_owned(), vec!["nomor".to_owned()])]);
    let file = CSV.replace("jam_pulang", "JAM_KELUAR");
    let reading = Reading {
        kind: FileKind::Attendance,
        name: "p.csv",
        bytes: file.as_bytes(),
        period: None,
        accept_partial: false,
        synonyms: &synonyms,
    };
    assert_eq!(bodies(&one(read(&reading))), bodies(&one(text(FileKind::Attendance, CSV))));
    let other = CSV.replace("nip", "nomor");
    assert!(
        matches!(reasons(read(&Reading { bytes: other.as_bytes(), ..reading }))[..], [RefusalReason::MissingColumns(_)]),
        "a synonym of another kind"
    );
}

#[test]
fn numbers_in_text_columns_keep_their_digits_or_are_refused() {
    let header: &[V] = &[T("nip"), T("nama"), T("jenis_pegawai"), T("kode_unit"), T("kelas_jabatan"), T("status"), T("rekening")];
    let book = |account: V| workbook(&[("R", &[header, &[T(BUDI), T("Budi"), T("PNS"), N(101.0), N(8.0), T("AKTIF"), account]])]);
    let delivery = one(load(FileKind::Roster, "r.xlsx", &book(N(1_234_567_890.0))));
    let Some(Body::Roster(rows)) = &delivery.statements[0].body else { panic!() };
    assert_eq!((rows[0].kode_unit.as_str(), rows[0].rekening.as_deref(), rows[0].kelas_jabatan), ("101", Some("1234567890"), Some(8)));
    assert_eq!(reasons(load(FileKind::Roster, "r.xlsx", &book(N(1_234_567_890_123_456.0)))), [RefusalReason::Precision]);
}

#[test]
fn a_sheet_of_notes_is_left_out_and_a_sheet_that_names_somebody_is_not() {
    let header: &[V] = &[T("NIP"), T("Tanggal"), T("Jam Masuk"), T("Jam Pulang")];
    let row: &[V] = &[T(BUDI), T("2026-10-01"), T("07:30"), T("16:00")];
    let notes: Vec<&[V]> = vec![&[T("Dibuat oleh"), T("Bagian Umum")]; 30];
    let book = workbook(&[("Catatan", &notes), ("Presensi", &[header, row])]);
    let delivery = one(load(FileKind::Attendance, "presensi.xlsx", &book));
    assert_eq!((delivery.rows_read, delivery.statements.len()), (1, 1));
    assert!(delivery.notices.contains(&selaras::intake::Notice::SheetSkipped("Catatan".to_owned())), "{:?}", delivery.notices);
    let late: Vec<&[V]> = notes.iter().copied().chain([row]).collect();
    for lost in [&[row][..], &late[..]] {
        let book = workbook(&[("Satu", &[header, row]), ("Dua", lost)]);
        let refusals = refusals(load(FileKind::Attendance, "presensi.xlsx", &book));
        assert_eq!(refusals[0].sheet.as_deref(), Some("Dua"));
        assert!(matches!(refusals[0].reason, RefusalReason::HeaderNotFound { .. }), "{refusals:?}");
    }
}
