//! Damaged and hostile XLSX and text files end with a sentence, within little time and memory.

use super::*;
use selaras::domain::text::Lang;
use selaras::intake::Bound;
use selaras::intake::Unreadable;
use std::io::Write;
use zip::write::SimpleFileOptions;

const RELS: &str =
    r#"<Relationships><Relationship Id="r1" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook><sheets><sheet name="P" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn inline(cells: [&str; 4]) -> String {
    cells.iter().map(|text| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#)).collect()
}

/// A sheet of an attendance table, and more behind it.
fn sheet(more: &str) -> String {
    let rows = [inline(["nip", "tanggal", "jam_masuk", "jam_pulang"]), inline([BUDI, "2026-10-01", "07:25", "16:02"])];
    format!("<worksheet><sheetData><row>{}</row><row>{}</row>{more}</sheetData></worksheet>", rows[0], rows[1])
}

fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A package in which `parts` stand instead of or beside the usual ones.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let sheet = sheet("");
    let usual =
        [("_rels/.rels", RELS), ("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", BOOK_RELS), ("xl/worksheets/sheet1.xml", &sheet)];
    let kept = usual.into_iter().filter(|(name, _)| parts.iter().all(|(other, _)| other != name));
    zip(&kept.chain(parts.iter().copied()).collect::<Vec<_>>())
}

fn with_sheet(content: &str) -> Vec<u8> {
    package(&[("xl/worksheets/sheet1.xml", content)])
}

fn reads(bytes: &[u8]) {
    let csv = format!("nip,tanggal,jam_masuk,jam_pulang\n{BUDI},2026-10-01,07:25,16:02\n");
    let expected = bodies(&one(text(FileKind::Attendance, &csv)));
    assert_eq!(bodies(&one(load(FileKind::Attendance, "p.xlsx", bytes))), expected);
}

fn why(bytes: &[u8]) -> Unreadable {
    match load(FileKind::Attendance, "p", bytes) {
        Err(IntakeError::Unreadable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

fn beyond(bound: Bound) -> Unreadable {
    Unreadable::Beyond { sheet: None, bound }
}

fn damaged(why: &str) -> Unreadable {
    Unreadable::Workbook(why.to_owned())
}

/// Where the directory entries of a ZIP stand.
fn entries(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(b"PK\x01\x02")).collect()
}

#[test]
fn a_package_that_unpacks_to_too_much_is_refused() {
    reads(&package(&[]));
    let mut bomb = package(&[]);
    for at in entries(&bomb) {
        bomb[at + 24..at + 28].copy_from_slice(&0x3000_0000u32.to_le_bytes());
    }
    assert_eq!(why(&bomb), beyond(Bound::Unpacked));
    assert_eq!(
        load(FileKind::Attendance, "p.xlsx", &bomb).unwrap_err().sentence(Lang::En),
        "p.xlsx: the XLSX is above 2 GB when unpacked; delete formatted empty rows or split the file"
    );
    let spaces = " ".repeat(2 << 20);
    assert_eq!(why(&with_sheet(&sheet(&spaces))), beyond(Bound::XmlPiece));
    assert_eq!(why(&with_sheet(&format!("<!--{}--><worksheet/>", "<c>".repeat(1 << 19)))), beyond(Bound::XmlPiece));
    let pieces = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "&amp;x".repeat(1 << 18));
    assert_eq!(why(&with_sheet(&sheet(&pieces))), beyond(Bound::XmlPiece), "text in many pieces is one cell");
}

#[test]
fn what_a_hostile_workbook_calls_things_cannot_play_with_a_terminal() {
    let tag = format!("a{}", "\u{1b}[31m".repeat(100_000));
    let sentence =
        load(FileKind::Attendance, "p.xlsx", &with_sheet(&format!("<worksheet><{tag}></worksheet>"))).unwrap_err().sentence(Lang::En);
    assert!(sentence.chars().count() < 400 && !sentence.contains(char::is_control), "{sentence:?}");
    let name = format!("<workbook><sheets><sheet name=\"{}\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>", "&#27;[31m".repeat(10_000));
    let book = package(&[("xl/workbook.xml", &name), ("xl/worksheets/sheet1.xml", &sheet("<row><c t=\"e\"><v>#REF!</v></c></row>"))]);
    let sentence = load(FileKind::Attendance, "p.xlsx", &book).unwrap_err().sentence(Lang::En);
    assert!(sentence.chars().count() < 400 && sentence.contains("[31m") && !sentence.contains(char::is_control), "{sentence:?}");
}

#[test]
fn shared_strings_are_as_many_as_the_part_can_hold() {
    let strings = |head: &str, content: &str| package(&[("xl/sharedStrings.xml", &format!("<sst {head}>{content}</sst>"))]);
    reads(&strings("uniqueCount=\"1\"", "<si><t>x</t></si>"));
    for claim in ["4000000000", "99999999999999999999999", "100"] {
        assert_eq!(why(&strings(&format!("uniqueCount=\"{claim}\""), "<si/>")), damaged("the number of shared strings is false"));
    }
}

#[test]
fn a_shared_string_counts_as_often_as_it_is_shown() {
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(600_000));
    let shown = |times| sheet(&format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(times)));
    let book = package(&[("xl/sharedStrings.xml", &long), ("xl/worksheets/sheet1.xml", &shown(2))]);
    assert_eq!(why(&book), Unreadable::Beyond { sheet: Some("P".to_owned()), bound: Bound::RowText });
}

#[test]
fn parts_and_what_they_declare_are_few() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..=10_000 {
        writer.start_file(format!("{at}"), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(why(&writer.finish().unwrap().into_inner()), beyond(Bound::Parts));
    let styles = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(131_073));
    assert_eq!(why(&package(&[("xl/styles.xml", &styles)])), beyond(Bound::Declared));
    let font = format!("<styleSheet><fonts><font><name val=\"{}\"/></font></fonts></styleSheet>", "x".repeat(3000));
    assert_eq!(why(&package(&[("xl/styles.xml", &font)])), beyond(Bound::Declared));
    let sheets: String = (0..1001).map(|at| format!("<sheet name=\"{at}\" r:id=\"r{at}\"/>")).collect();
    assert_eq!(why(&package(&[("xl/workbook.xml", &format!("<workbook>{sheets}</workbook>"))])), beyond(Bound::Sheets));
    let twice = BOOK.replace("</sheets>", r#"<sheet name="Q" sheetId="2" r:id="r1"/></sheets>"#);
    assert_eq!(why(&package(&[("xl/workbook.xml", &twice)])), damaged("two sheets share one part"));
    let same = BOOK_RELS.replace("</", r#"<Relationship Id="r2" Type="x/worksheet" Target="/xl/worksheets/SHEET1.xml"/></"#);
    assert_eq!(why(&package(&[("xl/_rels/workbook.xml.rels", &same)])), damaged("two sheets share one part"));
}

#[test]
fn what_is_no_workbook_or_locked_is_said() {
    assert_eq!(why(&zip(&[("presensi.csv", "nip")])), Unreadable::NotWorkbook);
    assert_eq!(why(&zip(&[("_rels/.rels", RELS), ("word/document.xml", "<document/>")])), Unreadable::NotWorkbook);
    let hidden = BOOK_RELS.replace("sheet1.xml", "sheet1.png");
    assert_eq!(why(&package(&[("xl/_rels/workbook.xml.rels", &hidden)])), Unreadable::NotWorkbook, "a part that was not gone through");
    let mut locked = package(&[]);
    for at in entries(&locked) {
        locked[at + 8] |= 1;
    }
    assert_eq!(why(&locked), Unreadable::Password);
    let crossed = sheet("").replace("</c></row>", "</row></c>");
    assert!(matches!(why(&with_sheet(&crossed)), Unreadable::Workbook(_)), "ends that do not match");
}

#[test]
fn a_truncated_file_is_refused() {
    let bytes = package(&[]);
    for kept in 4..bytes.len() {
        assert!(matches!(why(&bytes[..kept]), Unreadable::Workbook(_)), "{kept}");
    }
}

#[test]
fn a_million_blank_rows_are_residue() {
    let blank: String = (3..1_000_003).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"0\"/></row>")).collect();
    reads(&with_sheet(&sheet(&blank)));
}

#[test]
fn text_has_bounds_too() {
    let row = |keterangan: &str| format!("nip;tanggal;jam_masuk;jam_pulang;keterangan\n{BUDI};2026-10-01;07:30;16:00;{keterangan}\n");
    let keterangan = |text: &str| load(FileKind::Attendance, "p.csv", row(text).as_bytes());
    assert!(keterangan(&"9".repeat(400)).is_ok());
    assert_eq!(why(row(&"x".repeat(1 << 20)).as_bytes()), beyond(Bound::RowText));
    assert_eq!(why(row(&format!("\"{}\"", "x\"\"".repeat(1 << 20))).as_bytes()), beyond(Bound::RowText));
    assert_eq!(why(row("\0").as_bytes()), Unreadable::Binary);
    let separators = load(FileKind::Attendance, "p.csv", (row("") + &";".repeat(20_000_000) + "\n").as_bytes());
    assert_eq!(one(separators).rows_read, 1);
    let digits = "9".repeat(400);
    let wrong = format!("nip;tanggal;jam_masuk;jam_pulang\n{digits};2026-10-01;{digits};16:00\n");
    assert_eq!(refusals(text(FileKind::Attendance, &wrong)).len(), 2);
}

#[test]
fn refusals_end_where_nobody_reads_on() {
    let wrong = format!("nip;tanggal;jam_masuk;jam_pulang\n{}", "x;2026-10-01;07:30;16:00\n".repeat(100_100));
    assert_eq!(refusals(text(FileKind::Attendance, &wrong)).len(), 100_000);
}
