//! The documents as other people's scripts and eyes meet them.

mod lists;
mod ministry;
mod payer;

use calamine::{Data, Reader, Xlsx};
use ministry::{BUDI, andi, budi, completeness, finding, finding_rows, header, nip, verdicts};
use selaras::domain::Rupiah;
use selaras::domain::evidence::Kind;
use selaras::domain::finding::{Code, Severity};
use selaras::domain::text::Lang;
use selaras::domain::verdict::Verdict;
use selaras::export::{
    Completeness, FindingRow, Format, Header, Report, What, count_codes, write_check_json, write_check_workbook, write_document,
    write_explanation,
};
use std::io::Cursor;

/// Writes with the same synthetic ministry every time.
fn written(write: impl FnOnce(&Report<'_>, &mut Vec<u8>)) -> Vec<u8> {
    let verdicts = verdicts();
    let findings = finding_rows(&verdicts);
    let report = Report { header: header(), verdicts: &verdicts, findings: &findings, completeness: completeness() };
    let mut out = Vec::new();
    write(&report, &mut out);
    out
}

fn document(what: What, format: Format, lang: Lang) -> Vec<u8> {
    written(|report, out| write_document(what, format, lang, report, out).unwrap())
}

fn text_of(what: What, format: Format, lang: Lang) -> String {
    String::from_utf8(document(what, format, lang)).unwrap()
}

fn explained(verdict: &Verdict, format: Format, lang: Lang) -> String {
    let mut out = Vec::new();
    write_explanation(format, lang, &header(), verdict, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn verdicts_as_json() {
    insta::assert_snapshot!("export_verdicts_json", text_of(What::Verdicts, Format::Json, Lang::Id));
}

#[test]
fn findings_as_json() {
    insta::assert_snapshot!("export_findings_json", text_of(What::Findings, Format::Json, Lang::Id));
}

#[test]
fn completeness_as_json() {
    insta::assert_snapshot!("export_completeness_json", text_of(What::Completeness, Format::Json, Lang::Id));
}

#[test]
fn json_never_changes_with_the_language_nor_between_runs() {
    for what in What::DOCUMENTS {
        let json = document(what, Format::Json, Lang::Id);
        assert_eq!(json, document(what, Format::Json, Lang::En), "{what:?}");
        assert!(serde_json::from_slice::<serde_json::Value>(&json).is_ok(), "{what:?}");
    }
}

#[test]
fn totals_add_up() {
    let json: serde_json::Value = serde_json::from_slice(&document(What::Verdicts, Format::Json, Lang::Id)).unwrap();
    let totals = &json["totals"];
    assert_eq!(totals["heads"]["layak"], 1);
    assert_eq!(totals["rupiah"]["layak"], 4_480_271);
    assert_eq!(totals["rupiah"]["tertahan"], 4_595_150);
    // What cannot be computed counts as nothing.
    assert_eq!(totals["rupiah"]["belum_diketahui"], 0);
    assert_eq!(totals["at_risk"], 4_595_150);
    assert_eq!(json["rows"][1]["difference"], 114_879);
}

#[test]
fn check_is_one_object_of_the_three_documents() {
    let all: serde_json::Value = serde_json::from_slice(&written(|report, out| write_check_json(report, out).unwrap())).unwrap();
    for what in What::DOCUMENTS {
        let alone: serde_json::Value = serde_json::from_slice(&document(what, Format::Json, Lang::Id)).unwrap();
        assert_eq!(all[what.key()], alone);
    }
    assert_eq!(all.as_object().unwrap().len(), 3);
}

#[test]
fn rows_are_in_the_order_of_the_contract_whatever_the_input() {
    let json: serde_json::Value = serde_json::from_slice(&document(What::Findings, Format::Json, Lang::Id)).unwrap();
    let keys: Vec<(String, String)> = json["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["nip"].as_str().unwrap_or_default().to_owned(), row["code"].as_str().unwrap().to_owned()))
        .collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert_eq!(keys, sorted);
    assert_eq!(keys[0].0, "");
}

#[test]
fn codes_count_a_person_once() {
    let mut rows = finding_rows(&verdicts());
    rows.push(FindingRow { finding: finding(Code::Ab05, Some(nip(BUDI)), "2026-10-07", 114_879, &[], Vec::new()), ..rows[1].clone() });
    let counts = count_codes(&rows);
    let missing = counts.iter().find(|count| count.code == Code::Ab05).unwrap();
    assert_eq!((missing.findings, missing.heads, missing.rupiah), (2, 1, Rupiah(114_879)));
    assert!(counts.iter().all(|count| count.code != Code::Id04), "a resolved finding counts no more");
    assert_eq!(counts[0].severity, Severity::Block);
}

#[test]
fn completeness_counts_heads() {
    let known = completeness();
    assert!(!known.is_complete());
    for kind in &known.kinds {
        assert_eq!(kind.present + kind.declared_absent + kind.not_asked + kind.failed + kind.stale, kind.heads);
    }
    let nobody = Completeness::tally(&[Kind::Skp], []);
    assert_eq!((nobody.kinds[0].heads, nobody.is_complete()), (0, true));
}

#[test]
fn csv_is_plain_and_harmless() {
    let csv = text_of(What::Verdicts, Format::Csv, Lang::Id);
    assert!(csv.starts_with("\u{feff}nip,name,unit,"));
    assert!(csv.contains("'=HYPERLINK"));
    assert!(!csv.contains(",\"=HYPERLINK") && !csv.contains(",=HYPERLINK"));
    insta::assert_snapshot!("export_verdicts_csv", csv.trim_start_matches('\u{feff}'));
    insta::assert_snapshot!("export_completeness_csv", text_of(What::Completeness, Format::Csv, Lang::Id).trim_start_matches('\u{feff}'));
}

#[test]
fn every_csv_is_a_rectangle_that_says_trial() {
    for what in [What::Verdicts, What::Findings, What::Completeness, What::Summary] {
        let bytes = document(what, Format::Csv, Lang::En);
        let mut reader = csv::Reader::from_reader(&bytes[3..]);
        let mode = reader.headers().unwrap().iter().position(|name| name == "mode").unwrap();
        let mut rows = 0;
        for record in reader.records() {
            assert_eq!(record.unwrap().get(mode), Some("trial"), "{what:?}");
            rows += 1;
        }
        assert!(rows > 0, "{what:?}");
    }
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// All cells of a sheet, and the place of the heading `nip`.
fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(name).unwrap_or_else(|e| panic!("{name}: {e}")).rows().map(<[Data]>::to_vec).collect()
}

fn says(rows: &[Vec<Data>], text: &str) -> bool {
    rows.iter().flatten().any(|cell| cell.to_string().contains(text))
}

#[test]
fn the_workbook_keeps_nip_as_text_and_rupiah_as_numbers() {
    let mut book = opened(document(What::Verdicts, Format::Xlsx, Lang::Id));
    assert_eq!(book.sheet_names(), ["Ringkasan", "Layak", "Tertahan", "Belum diketahui", "Tidak berhak"]);
    let rows = sheet(&mut book, "Layak");
    assert!(says(&rows[..4], "UJI COBA / TRIAL") && says(&rows[..4], "TIDAK LENGKAP"));
    let heading = rows.iter().position(|row| row[0] == Data::String("NIP".into())).unwrap();
    let column = |name: &str| rows[heading].iter().position(|cell| *cell == Data::String(name.into())).unwrap();
    let person = &rows[heading + 1];
    assert_eq!(person[0], Data::String(BUDI.into()));
    assert_eq!(person[column("Bersih")], Data::Float(4_480_271.0));
    assert_eq!(person[column("Selisih")], Data::Float(114_879.0));
    assert_eq!(rows.len(), heading + 2);
    let held = sheet(&mut book, "Tertahan");
    assert_eq!(held[heading + 1][1], Data::String("=HYPERLINK(\"x\")".into()));
    assert!(book.worksheet_formula("Tertahan").unwrap().is_empty());
    // What cannot be computed is an empty cell, not a zero.
    assert_eq!(sheet(&mut book, "Belum diketahui")[heading + 1][column("Bersih")], Data::Empty);
}

#[test]
fn the_workbook_of_check_holds_everything_and_is_the_same_each_time() {
    let make = |lang| written(move |report, out| write_check_workbook(report, lang, out).unwrap());
    assert_eq!(make(Lang::Id), make(Lang::Id));
    let mut book = opened(make(Lang::En));
    assert_eq!(book.sheet_names().len(), 8);
    for name in book.sheet_names().to_vec() {
        let rows = sheet(&mut book, &name);
        assert!(says(&rows[..4], "UJI COBA / TRIAL"), "{name}");
    }
    let findings = sheet(&mut book, "Findings");
    assert!(says(&findings, "Assessor: assess this employee"));
    assert!(says(&sheet(&mut book, "Completeness"), "attendance"));
}

#[test]
fn text_for_a_terminal() {
    insta::assert_snapshot!("export_summary_text_id", text_of(What::Summary, Format::Text, Lang::Id));
    insta::assert_snapshot!("export_summary_text_en", text_of(What::Summary, Format::Text, Lang::En));
    insta::assert_snapshot!("export_verdicts_text_id", text_of(What::Verdicts, Format::Text, Lang::Id));
    insta::assert_snapshot!("export_findings_text_id", text_of(What::Findings, Format::Text, Lang::Id));
    insta::assert_snapshot!("export_completeness_text_en", text_of(What::Completeness, Format::Text, Lang::En));
}

#[test]
fn a_final_complete_report_warns_of_nothing() {
    let verdicts = [budi()];
    let header = Header { trial: false, complete: true, unverified_rules_used: Vec::new(), ..header() };
    let report = Report { header, verdicts: &verdicts, findings: &[], completeness: Completeness::default() };
    for what in [What::Summary, What::Verdicts, What::Findings, What::Completeness] {
        let mut out = Vec::new();
        write_document(what, Format::Text, Lang::Id, &report, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("UJI COBA") && !text.contains("TIDAK LENGKAP"), "{text}");
    }
}

#[test]
fn a_verdict_explained() {
    insta::assert_snapshot!("export_explain_text_id", explained(&budi(), Format::Text, Lang::Id));
    insta::assert_snapshot!("export_explain_text_en", explained(&budi(), Format::Text, Lang::En));
    insta::assert_snapshot!("export_explain_unknown_text_id", explained(&andi(), Format::Text, Lang::Id));
    insta::assert_snapshot!("export_explain_json", explained(&budi(), Format::Json, Lang::Id));
}

#[test]
fn every_format_of_an_explanation_shows_the_whole_way() {
    for format in [Format::Csv, Format::Xlsx] {
        let mut out = Vec::new();
        write_explanation(format, Lang::Id, &header(), &budi(), &mut out).unwrap();
        assert!(out.len() > 500);
    }
    let csv = explained(&budi(), Format::Csv, Lang::Id);
    for needed in ["tariff", "Perpres 6/2024", "file:presensi.csv sha256:bb22", "2026-10-06", "Rp114.879", "AB05"] {
        assert!(csv.contains(needed), "{needed}:\n{csv}");
    }
}
