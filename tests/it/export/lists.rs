//! Nominatif, rekap and call list as finance and HR meet them.

use super::ministry::{ANDI, BUDI, RINA, SITI, amounts, at, completeness, finding, header, verdict};
use super::payer::{Ministry, figure, rows};
use calamine::{Data, Reader};
use proptest::prelude::*;
use selaras::domain::Rupiah;
use selaras::domain::finding::Code;
use selaras::domain::text::Lang;
use selaras::domain::verdict::{Standing, Verdict};
use selaras::export::{
    Account, FindingRow, FindingStatus, Format, Header, InCharge, List, Report, What, write_document, write_list, write_list_pdf,
};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_lists_of_a_small_ministry() {
    for list in List::ALL {
        insta::assert_snapshot!(format!("export_{}_json", list.key()), Ministry::small().text(list, Format::Json));
        insta::assert_snapshot!(format!("export_{}_text", list.key()), Ministry::small().text(list, Format::Text));
        let csv = Ministry::small().text(list, Format::Csv);
        insta::assert_snapshot!(format!("export_{}_csv", list.key()), csv.trim_start_matches('\u{feff}'));
    }
}

#[test]
fn only_who_is_layak_is_paid_in_any_format() {
    let ministry = Ministry::small();
    for list in [List::Nominatif, List::Rekap] {
        let mut all = [Format::Json, Format::Csv, Format::Text].map(|format| ministry.text(list, format)).to_vec();
        all.push(ministry.pages(list).concat().join("\n"));
        let mut book = ministry.book(list);
        for name in book.sheet_names().to_vec() {
            all.push(rows(&mut book, &name).iter().flatten().map(|cell| format!("{cell}\n")).collect());
        }
        for text in &all {
            assert!([SITI, ANDI, RINA].iter().all(|held| !text.contains(held)), "{list:?}: {text}");
        }
        if list == List::Nominatif {
            assert_eq!(all.iter().filter(|text| text.contains(BUDI)).count(), all.len());
        }
    }
    let left_out = &ministry.json(List::Nominatif)["totals"]["left_out"];
    assert_eq!(left_out["tertahan"], serde_json::json!({"heads": 1, "rupiah": 4_595_150}));
    assert_eq!(left_out["belum_diketahui"]["heads"], 1);
    assert_eq!(left_out["tidak_berhak"]["heads"], 1);
}

#[test]
fn somebody_layak_without_an_amount_is_left_out_and_counted() {
    let mut ministry = Ministry::large(3);
    ministry.verdicts[1].expected = None;
    let json = ministry.json(List::Nominatif);
    assert_eq!(json["rows"].as_array().unwrap().len(), 2);
    assert_eq!(json["totals"]["left_out"]["not_computable"]["heads"], 1);
    let text = ministry.text(List::Nominatif, Format::Text).replace('\n', " ");
    assert!(text.contains("1 orang layak tetapi jumlahnya belum dapat dihitung"));
}

#[test]
fn the_workbook_of_the_nominatif_has_text_accounts_and_real_numbers() {
    let ministry = Ministry::large(40);
    let mut book = ministry.book(List::Nominatif);
    assert_eq!(book.sheet_names(), ["Nominatif"]);
    let rows = rows(&mut book, "Nominatif");
    let heading = rows.iter().position(|row| row[0] == Data::String("No".into())).unwrap();
    let column = |name: &str| rows[heading].iter().position(|cell| *cell == Data::String(name.into())).unwrap();
    let payable = ministry.payable();
    let people = &rows[heading + 1..=heading + payable.len()];
    for row in people {
        assert!(matches!(&row[column("NIP")], Data::String(nip) if nip.len() == 18));
        assert!(matches!(&row[column("Nomor rekening")], Data::String(account) if account.starts_with("00")));
        assert!(matches!(&row[column("Kode bank")], Data::String(code) if code == "014000000000"));
        assert!(matches!(row[column("Dibayarkan (Rp)")], Data::Float(_)));
        assert!(matches!(row[column("Potongan (%)")], Data::Float(part) if (0.0..=1.0).contains(&part)));
    }
    let net: f64 =
        people.iter().filter_map(|row| if let Data::Float(net) = row[column("Dibayarkan (Rp)")] { Some(net) } else { None }).sum();
    assert_eq!(rows[heading + 1 + people.len()][column("Dibayarkan (Rp)")], Data::Float(net));
    let expected: i64 = payable.iter().filter_map(|verdict| verdict.expected).map(|amounts| amounts.net.0).sum();
    assert_eq!(net as i64, expected);
    let units: Vec<String> = people.iter().map(|row| row[column("Kode unit")].to_string()).collect();
    assert!(units.is_sorted(), "{units:?}");
}

#[test]
fn pages_are_numbered_marked_and_add_up() {
    let ministry = Ministry::large(200);
    let pages = ministry.pages(List::Nominatif);
    assert!(pages.len() > 8, "{}", pages.len());
    let mut running = 0;
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Halaman {} dari {}", at + 1, pages.len())));
        assert!(page.contains(&"DRAF".to_owned()));
        assert!(page.contains(&"DAFTAR NOMINATIF PEMBAYARAN TUNJANGAN KINERJA".to_owned()));
        running += figure(page, "Jumlah halaman ini", 3).unwrap();
        assert_eq!(figure(page, "Jumlah s.d. halaman ini", 3), Some(running), "page {}", at + 1);
    }
    let total: i64 = ministry.payable().iter().filter_map(|verdict| verdict.expected).map(|amounts| amounts.net.0).sum();
    let last = pages.last().unwrap();
    assert_eq!((running, figure(last, "Jumlah seluruhnya", 3)), (total, Some(total)));
    for needed in ["PPABP", "Bendahara Pengeluaran", "PPK"] {
        assert!(last.contains(&needed.to_owned()), "{needed}");
        assert!(pages[..pages.len() - 1].iter().all(|page| !page.contains(&needed.to_owned())));
    }
    assert!(last.iter().any(|text| text.starts_with("Terbilang: ")));
    let all = pages.concat();
    for verdict in ministry.payable() {
        assert_eq!(all.iter().filter(|text| *text == verdict.nip.as_str()).count(), 1);
    }
}

#[test]
fn a_final_list_bears_no_mark() {
    let mut ministry = Ministry::large(10);
    ministry.header = Header { trial: false, complete: true, unverified_rules_used: Vec::new(), ..header() };
    for list in List::ALL {
        let pages = ministry.pages(list).concat();
        assert!(!pages.iter().any(|text| text.contains("DRAF") || text.contains("TIDAK LENGKAP")), "{list:?}");
    }
}

#[test]
fn an_empty_list_is_still_a_form() {
    let ministry = Ministry::of(Vec::new(), Vec::new());
    for list in List::ALL {
        for format in [Format::Json, Format::Csv, Format::Text, Format::Xlsx] {
            assert!(!ministry.list(list, format).is_empty());
        }
        assert!(!ministry.pages(list).is_empty());
    }
    assert_eq!(ministry.pages(List::Nominatif).len(), 1);
    assert!(ministry.pages(List::Nominatif)[0].contains(&"Terbilang: Nol rupiah.".to_owned()));
}

#[test]
fn the_same_input_is_the_same_bytes_in_any_order() {
    let ministry = Ministry::large(60);
    let mut shuffled = Ministry::large(60);
    shuffled.verdicts.reverse();
    for list in List::ALL {
        for format in [Format::Json, Format::Csv, Format::Text, Format::Xlsx] {
            assert_eq!(ministry.list(list, format), shuffled.list(list, format), "{list:?} {format:?}");
        }
        let pdf = |of: &Ministry| of.write(|payout, out| write_list_pdf(list, Lang::Id, payout, out).unwrap());
        assert_eq!(pdf(&ministry), pdf(&shuffled));
        let english = ministry.write(|payout, out| write_list(list, Format::Json, Lang::En, payout, out).unwrap());
        assert_eq!(english, ministry.list(list, Format::Json));
    }
}

#[test]
fn the_rekap_adds_up_to_the_nominatif_by_class_and_by_unit() {
    let ministry = Ministry::large(90);
    let rekap = ministry.json(List::Rekap);
    let nominatif = ministry.json(List::Nominatif);
    for by in ["kelas_jabatan", "unit"] {
        for part in ["heads", "gross", "deduction", "net"] {
            let rows = rekap["rows"].as_array().unwrap().iter().filter(|row| row["by"] == by);
            let sum: i64 = rows.map(|row| row[part].as_i64().unwrap()).sum();
            assert_eq!(Some(sum), nominatif["totals"][part].as_i64(), "{by} {part}");
        }
    }
    assert_eq!(rekap["totals"], nominatif["totals"]);
}

#[test]
fn nothing_in_a_table_runs_as_a_formula() {
    let bad = ["=1+1", "+62812", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\",\"y\")"];
    let mut ministry = Ministry::large(bad.len() as u64);
    for (verdict, text) in ministry.verdicts.iter_mut().zip(bad) {
        verdict.name = Some(text.to_owned());
        verdict.unit_name = Some(text.to_owned());
        verdict.standing = Standing::Layak;
        verdict.paid = Some(amounts(100, 100));
        let account =
            Account { holder: Some(text.to_owned()), bank: Some(text.to_owned()), number: Some(text.to_owned()), bank_code: None };
        ministry.accounts.insert(verdict.nip, account);
    }
    let held = |verdict: &Verdict| Verdict { standing: Standing::Tertahan, superior: Some(verdict.nip.to_string()), ..verdict.clone() };
    let calls = Ministry::of(ministry.verdicts.iter().map(held).collect(), Vec::new());
    for (ministry, list) in [(&ministry, List::Nominatif), (&ministry, List::Rekap), (&calls, List::Calllist)] {
        let csv = ministry.list(list, Format::Csv);
        let mut reader = csv::Reader::from_reader(&csv[3..]);
        for record in reader.records() {
            for field in &record.unwrap() {
                let number = field.parse::<f64>().is_ok();
                assert!(number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{list:?}: {field:?}");
            }
        }
        let mut book = ministry.book(list);
        for name in book.sheet_names().to_vec() {
            assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{list:?} {name}");
        }
        assert!(!ministry.text(list, Format::Text).contains(['\t', '\r']));
    }
    // In the workbook the name stays as it is, a text.
    let cells = rows(&mut ministry.book(List::Nominatif), "Nominatif").concat();
    assert!(cells.contains(&Data::String("=1+1".into())));
    // A difference is a number and keeps its sign.
    let report = Report { header: header(), verdicts: &ministry.verdicts, findings: &[], completeness: completeness() };
    let mut csv = Vec::new();
    write_document(What::Verdicts, Format::Csv, Lang::Id, &report, &mut csv).unwrap();
    assert!(String::from_utf8(csv).unwrap().contains(",-2999"));
}

/// A held person with one blocking finding a code.
fn held(number: u64, unit: &str, superior: Option<&str>, codes: &[Code], net: i64) -> (Verdict, Vec<FindingRow>) {
    let mut person = verdict(&format!("198501012010012{number:03}"), &format!("Pegawai {number}"), Standing::Tertahan);
    person.unit = Some(unit.to_owned());
    person.superior = superior.map(str::to_owned);
    person.expected = Some(amounts(net, net));
    let rows = codes.iter().map(|code| FindingRow {
        finding: finding(*code, Some(person.nip), "", net, &[], Vec::new()),
        status: FindingStatus::New,
        first_seen: at("2026-11-01T00:00:00Z"),
        last_seen: at("2026-11-02T00:00:00Z"),
        charge: InCharge::default(),
    });
    let rows = rows.collect();
    (person, rows)
}

fn calls(people: Vec<(Verdict, Vec<FindingRow>)>) -> Ministry {
    let (verdicts, findings): (Vec<_>, Vec<_>) = people.into_iter().unzip();
    Ministry::of(verdicts, findings.concat())
}

#[test]
fn who_works_on_a_case_and_until_when_stands_beside_who_must_act() {
    let mut people = vec![held(1, "A", None, &[Code::Pr01, Code::Pr02], 5_000_000), held(2, "A", None, &[Code::Pr01], 3_000_000)];
    people[0].1[0].charge = InCharge { name: "Sri Wahyuni (sri)".into(), until: "2026-11-20".parse().ok() };
    people[0].1[1].charge = InCharge { name: "tono".into(), until: "2026-11-12".parse().ok() };
    let ministry = calls(people);
    let list = |format| {
        let out = ministry.write(|payout, out| write_list(List::Calllist, format, Lang::Id, payout, out).unwrap());
        String::from_utf8(out).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&list(Format::Json)).unwrap();
    let of_actor = json["rows"].as_array().unwrap().iter().find(|row| row["by"] == "actor").unwrap();
    let [one, other] = &of_actor["people"].as_array().unwrap()[..] else { panic!("{of_actor}") };
    assert_eq!((one["in_charge"].as_str(), one["until"].as_str()), (Some("Sri Wahyuni (sri), tono"), Some("2026-11-12")));
    assert!(other.get("in_charge").is_none() && other.get("until").is_none(), "{other}");
    assert!(list(Format::Text).contains("Pegawai 1 (petugas Sri Wahyuni (sri), tono, sampai 12 November 2026)"), "{}", list(Format::Text));
    let report = Report { header: header(), verdicts: &ministry.verdicts, findings: &ministry.findings, completeness: completeness() };
    let document = |format| {
        let mut out = Vec::new();
        write_document(What::Findings, format, Lang::Id, &report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let csv = document(Format::Csv);
    assert!(csv.lines().any(|line| line.contains(",owner,in_charge,until,subject,")), "{csv}");
    assert!(csv.contains(",Sri Wahyuni (sri),2026-11-20,"), "{csv}");
    assert!(document(Format::Text).contains("| petugas Sri Wahyuni (sri), sampai 20 November 2026"));
    let json: serde_json::Value = serde_json::from_str(&document(Format::Json)).unwrap();
    let named: Vec<_> = json["rows"].as_array().unwrap().iter().filter_map(|row| row.get("in_charge")?.as_str()).collect();
    assert_eq!(named, ["Sri Wahyuni (sri)", "tono"]);
}

#[test]
fn a_person_counts_once_for_whoever_must_act() {
    let boss = "197001011995011901";
    let mut people = vec![
        held(1, "A", Some(boss), &[Code::Pr01, Code::Pr02], 5_000_000),
        held(2, "A", Some(boss), &[Code::Pr01, Code::Bk01], 3_000_000),
        held(3, "B", None, &[Code::Sk01], 4_000_000),
    ];
    let mut chief = verdict(boss, "Kepala Contoh", Standing::Layak);
    chief.unit_name = Some("Pimpinan".to_owned());
    people.push((chief, Vec::new()));
    let ministry = calls(people);
    let json = ministry.json(List::Calllist);
    assert_eq!(json["totals"], serde_json::json!({"heads": 3, "rupiah": 12_000_000}));
    let calls = json["rows"].as_array().unwrap();
    let first = &calls[0];
    assert_eq!((first["key"].as_str(), first["name"].as_str()), (Some("assessor:197001011995011901"), Some("Kepala Contoh")));
    assert_eq!((&first["heads"], &first["rupiah"], &first["findings"]), (&2.into(), &8_000_000.into(), &3.into()));
    // The second person also waits for finance.
    assert_eq!(first["alone"], serde_json::json!({"heads": 1, "rupiah": 5_000_000}));
    assert_eq!(first["codes"], serde_json::json!([{"code": "PR01", "heads": 2}, {"code": "PR02", "heads": 1}]));
    let keys: Vec<&str> = calls.iter().filter(|row| row["by"] == "actor").map(|row| row["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["assessor:197001011995011901", "employee:unit:B", "finance"]);
    let text = ministry.text(List::Calllist, Format::Text);
    assert!(text.contains("1. Kepala Contoh | Pejabat penilai | NIP 197001011995011901 | Pimpinan"), "{text}");
    let mut book = ministry.book(List::Calllist);
    assert_eq!(book.sheet_names(), ["Siapa", "Orang", "Unit", "Sebab"]);
    assert!(rows(&mut book, "Orang").len() >= 4);
}

#[test]
fn what_is_closed_or_only_changes_amounts_calls_nobody() {
    let (person, mut rows) = held(1, "A", None, &[Code::Pr01, Code::Am01, Code::Id04], 1_000_000);
    rows[0].status = FindingStatus::Resolved;
    let json = calls(vec![(person, rows)]).json(List::Calllist);
    let actors: Vec<&Value> = json["rows"].as_array().unwrap().iter().filter(|row| row["by"] == "actor").collect();
    // Still held, so somebody is named all the same.
    assert_eq!(actors.len(), 1);
    assert_eq!((actors[0]["key"].as_str(), &actors[0]["codes"]), (Some("sysadmin"), &Value::Array(Vec::new())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn page_subtotals_sum_to_the_total_for_any_number_of_rows(count in 0u64..160) {
        let ministry = Ministry::large(count);
        let pages = ministry.pages(List::Nominatif);
        let total: i64 = ministry.payable().iter().filter_map(|verdict| verdict.expected).map(|amounts| amounts.net.0).sum();
        let sum: i64 = pages.iter().filter_map(|page| figure(page, "Jumlah halaman ini", 3)).sum();
        prop_assert_eq!(sum, total);
        prop_assert_eq!(figure(pages.last().unwrap(), "Jumlah seluruhnya", 3), Some(total));
    }

    #[test]
    fn nobody_who_waits_is_forgotten_and_nobody_counts_twice(
        people in proptest::collection::vec((0u8..3, 0u8..4, proptest::collection::btree_set(0usize..Code::ALL.len(), 0..5), 0i64..9_000_000), 0..25)
    ) {
        let bosses = [Some("197001011995011901"), Some("197001011995011902"), Some("bukan nip"), None];
        let people: Vec<_> = people.into_iter().enumerate().map(|(number, (unit, boss, codes, net))| {
            let codes: Vec<Code> = codes.into_iter().map(|at| Code::ALL[at]).collect();
            held(number as u64, &unit.to_string(), bosses[usize::from(boss)], &codes, net)
        }).collect();
        let all: BTreeSet<String> = people.iter().map(|(person, _)| person.nip.to_string()).collect();
        let total: i64 = people.iter().map(|(person, _)| person.expected.map_or(0, |amounts| amounts.net.0)).sum();
        let json = calls(people).json(List::Calllist);
        let rows = json["rows"].as_array().unwrap();
        let of = |by: &'static str| rows.iter().filter(move |row| row["by"] == by);
        let named: BTreeSet<String> = of("actor").flat_map(|row| row["people"].as_array().unwrap())
            .map(|person| person["nip"].as_str().unwrap().to_owned()).collect();
        prop_assert_eq!(named, all);
        prop_assert_eq!(of("unit").map(|row| row["rupiah"].as_i64().unwrap()).sum::<i64>(), total);
        prop_assert_eq!(Rupiah(json["totals"]["rupiah"].as_i64().unwrap()), Rupiah(total));
        for row in rows {
            prop_assert!(row["alone"]["rupiah"].as_i64() <= row["rupiah"].as_i64() && row["rupiah"].as_i64() <= Some(total));
        }
        for by in ["actor", "unit", "cause"] {
            prop_assert!(of(by).map(|row| -row["rupiah"].as_i64().unwrap()).is_sorted());
        }
    }
}
