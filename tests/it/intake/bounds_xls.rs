//! Damaged and hostile XLS files end with a sentence, within little time and memory.

use super::*;
use proptest::prelude::*;
use selaras::intake::Bound;
use selaras::intake::Unreadable;
use std::io::Write;

const HEADER: [&str; 4] = ["nip", "tanggal", "jam_masuk", "jam_pulang"];
const SHEET: &str = "Presensi";

type Records = Vec<(u16, Vec<u8>)>;

fn write(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    stream.extend(data);
}

/// A cell's head: row, column, format.
fn head(row: u16, column: u16) -> Vec<u8> {
    [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat()
}

fn label(row: u16, column: u16, text: &str) -> (u16, Vec<u8>) {
    let count = u16::try_from(text.len()).unwrap().to_le_bytes();
    (0x0204, [head(row, column), count.to_vec(), vec![0], text.as_bytes().to_vec()].concat())
}

fn number(row: u16, column: u16) -> (u16, Vec<u8>) {
    (0x0203, [head(row, column), 7.0f64.to_le_bytes().to_vec()].concat())
}

fn dimensions(rows: u32, columns: u16) -> (u16, Vec<u8>) {
    (0x0200, [vec![0; 4], rows.to_le_bytes().to_vec(), vec![0; 2], columns.to_le_bytes().to_vec(), vec![0; 2]].concat())
}

/// An attendance table of one row.
fn table() -> Records {
    let row = [BUDI, "2026-10-01", "07:25", "16:02"];
    let cells = |row: u16, texts: [&str; 4]| (0u16..).zip(texts).map(|(at, text)| label(row, at, text)).collect::<Vec<_>>();
    [cells(0, HEADER), cells(1, row)].concat()
}

/// The stream: one sheet, listed `listed` times.
fn stream(globals: &[(u16, Vec<u8>)], sheet: &[(u16, Vec<u8>)], listed: usize) -> Vec<u8> {
    let bof = |kind: u8| [[0, 6], [kind, 0]].concat();
    let mut stream = Vec::new();
    write(&mut stream, 0x0809, &bof(5));
    let mut entries = Vec::new();
    for _ in 0..listed {
        entries.push(stream.len() + 4);
        let name = [&[0, 0, 0, 0, 0, 0, SHEET.len() as u8, 0], SHEET.as_bytes()].concat();
        write(&mut stream, 0x0085, &name);
    }
    globals.iter().for_each(|(kind, data)| write(&mut stream, *kind, data));
    write(&mut stream, 0x000a, &[]);
    let position = u32::try_from(stream.len()).unwrap().to_le_bytes();
    entries.iter().for_each(|at| stream[*at..at + 4].copy_from_slice(&position));
    write(&mut stream, 0x0809, &bof(0x10));
    sheet.iter().for_each(|(kind, data)| write(&mut stream, *kind, data));
    write(&mut stream, 0x000a, &[]);
    stream
}

fn container(name: &str, content: &[u8]) -> Vec<u8> {
    let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, std::io::Cursor::new(Vec::new())).unwrap();
    container.create_stream(name).unwrap().write_all(content).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

fn xls(globals: &[(u16, Vec<u8>)], sheet: &[(u16, Vec<u8>)]) -> Vec<u8> {
    container("/Workbook", &stream(globals, sheet, 1))
}

fn with(more: impl IntoIterator<Item = (u16, Vec<u8>)>) -> Records {
    table().into_iter().chain(more).collect()
}

fn reads(bytes: &[u8]) {
    let csv = format!("{}\n{BUDI},2026-10-01,07:25,16:02\n", HEADER.join(","));
    let expected = bodies(&one(text(FileKind::Attendance, &csv)));
    assert_eq!(bodies(&one(load(FileKind::Attendance, "p.xls", bytes))), expected);
}

fn why(bytes: &[u8]) -> Unreadable {
    match load(FileKind::Attendance, "p.xls", bytes) {
        Err(IntakeError::Unreadable { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

fn beyond(bound: Bound) -> Unreadable {
    Unreadable::Beyond { sheet: Some(SHEET.to_owned()), bound }
}

fn damaged(why: &str) -> Unreadable {
    Unreadable::Workbook(why.to_owned())
}

#[test]
fn declared_dimensions_reserve_nothing() {
    reads(&xls(&[], &table()));
    reads(&xls(&[], &[vec![dimensions(u32::MAX, 256)], table()].concat()));
    reads(&xls(&[], &[vec![dimensions(65_536, 0xffff)], table()].concat()));
    reads(&xls(&[], &[vec![(0x0200, vec![1, 2, 3])], table()].concat()));
}

#[test]
fn formatted_empty_cells_are_residue_and_a_far_cell_is_not() {
    let blanks = (0..1000u16).map(|at| (0x0201, head(65_535 - at, 255)));
    reads(&xls(&[], &with(blanks)));
    assert_eq!(why(&xls(&[], &with([number(65_535, 255)]))), beyond(Bound::XlsPlaces));
    assert_eq!(why(&xls(&[], &with([number(2, 256)]))), beyond(Bound::XlsColumn));
    assert_eq!(why(&xls(&[], &with([number(65_535, 65_535)]))), beyond(Bound::XlsColumn));
    let wide = (0x00bd, [vec![2, 0, 250, 0], vec![0; 6 * 8], vec![1, 1]].concat());
    assert_eq!(why(&xls(&[], &with([wide]))), beyond(Bound::XlsColumn));
    let sentence = load(FileKind::Attendance, "p.xls", &xls(&[], &with([number(65_535, 255)]))).unwrap_err();
    assert_eq!(
        sentence.sentence(selaras::domain::text::Lang::En),
        "p.xls: sheet \"Presensi\": the outermost cells span more than 4,000,000 places; delete rows and columns outside the table and save it as XLSX"
    );
}

#[test]
fn a_text_claims_no_more_than_it_holds() {
    let mut sheet = table();
    let claim = |data: &mut Vec<u8>| data[6..8].copy_from_slice(&[0xff, 0xff]);
    sheet.iter_mut().for_each(|(_, data)| claim(data));
    reads(&xls(&[], &sheet));
}

#[test]
fn a_shared_string_counts_as_often_as_it_is_shown() {
    let count = 8000u16;
    let string = [vec![0; 8], count.to_le_bytes().to_vec(), vec![0], vec![b'x'; count.into()]].concat();
    let shown = |times: u16| (0..times).map(|at| (0x00fd, [head(2 + at / 200, at % 200), vec![0; 4]].concat()));
    assert_eq!(why(&xls(&[(0x00fc, string.clone())], &with(shown(12_501)))), beyond(Bound::Text));
    assert_eq!(why(&xls(&[(0x00fc, string.clone())], &with(shown(200)))), beyond(Bound::RowText));
    assert_eq!(why(&xls(&[(0x00fc, string[..20].to_vec())], &table())), damaged("the string table ends early"));
}

#[test]
fn formulas_are_not_worked_out() {
    // Each token puts 255 blanks before all that stands already.
    let tokens: Vec<u8> = [0x1e, 1, 0].into_iter().chain([0x19, 0x40, 0, 255].repeat(2000)).collect();
    let count = u16::try_from(tokens.len()).unwrap().to_le_bytes().to_vec();
    let formula = |row| (0x0006, [head(row, 9), 1.0f64.to_le_bytes().to_vec(), vec![0; 6], count.clone(), tokens.clone()].concat());
    reads(&xls(&[], &with((0..100).map(|_| formula(1)))));
}

#[test]
fn sheets_are_few_and_apart() {
    let book = |listed| container("/Workbook", &stream(&[], &table(), listed));
    assert_eq!(why(&book(1001)), Unreadable::Beyond { sheet: None, bound: Bound::Sheets });
    assert_eq!(why(&book(1000)), damaged("sheets lie over each other"));
    let mut outside = stream(&[], &table(), 1);
    outside[12..16].copy_from_slice(&[0xff; 4]);
    assert_eq!(why(&container("/Workbook", &outside)), damaged("sheet \"Presensi\" lies outside of the file"));
}

#[test]
fn passwords_are_seen_in_both_forms() {
    assert_eq!(why(&xls(&[(0x002f, vec![0; 6])], &table())), Unreadable::Password);
    assert_eq!(why(&container("/EncryptedPackage", &[1; 5000])), Unreadable::Password);
    reads(&xls(&[], &with([label(1, 9, "EncryptedPackage")])));
}

#[test]
fn a_container_that_runs_in_a_circle_is_refused() {
    let good = xls(&[], &with((0..2000).map(|row| number(row, 5))));
    let at = |place: usize| u32::from_le_bytes(good[place..place + 4].try_into().unwrap()) as usize;
    let (directory, fat) = (at(48), (at(76) + 1) * 512);
    let mut circle = good.clone();
    circle[fat + directory * 4..fat + directory * 4 + 4].copy_from_slice(&u32::try_from(directory).unwrap().to_le_bytes());
    let Unreadable::Workbook(why) = why(&circle) else { panic!() };
    assert!(why.contains("duplicate sector"), "{why}");
    assert_eq!(self::why(&container("/Other", b"x")), damaged("no workbook stream"));
}

#[test]
fn a_truncated_file_is_refused() {
    let bytes = std::fs::read("tests/fixtures/intake/presensi.xls").unwrap();
    for kept in (8..bytes.len() - 512).step_by(97) {
        assert!(matches!(why(&bytes[..kept]), Unreadable::Workbook(_)), "{kept}");
    }
    let mut records = stream(&[], &table(), 1);
    records.truncate(records.len() - 9);
    assert_eq!(why(&container("/Workbook", &records)), damaged("a record ends early"));
}

proptest! {
    #[test]
    fn hits_in_the_records_never_panic(
        hits in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(0u8), Just(0xffu8)]), 1..24),
    ) {
        let bytes = std::fs::read("tests/fixtures/intake/presensi.xls").unwrap();
        let mut opened = cfb::CompoundFile::open(std::io::Cursor::new(&bytes)).unwrap();
        let mut real = Vec::new();
        std::io::Read::read_to_end(&mut opened.open_stream("/Workbook").unwrap(), &mut real).unwrap();
        let made = stream(&[(0x00fc, [vec![0; 8], vec![3, 0, 0], b"abc".to_vec()].concat())], &with([dimensions(2, 4), number(2, 5), (0x00fd, [head(2, 2), vec![0; 4]].concat())]), 1);
        for mut records in [real, made] {
            for (at, byte) in &hits {
                let place = at.index(records.len());
                records[place] = *byte;
            }
            let _ = load(FileKind::Attendance, "p.xls", &container("/Workbook", &records));
        }
    }
}
