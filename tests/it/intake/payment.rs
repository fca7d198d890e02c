//! ADK "daftar bayar" as sheet and as tab text.

use super::V::*;
use super::*;
use selaras::domain::Rupiah;
use selaras::domain::evidence::Scope;
use selaras::domain::payment::PaymentRow;
use selaras::domain::payment::TotalLine;
use selaras::intake::Notice;

/// One ADK line of tab text; `month` is the work month.
fn line(nip: &str, bruto: &str, potongan: &str, bersih: &str, month: &str) -> String {
    format!(
        "123456\t11\t2026\t{nip}\tBUDI\tSK/1\t08\t{bruto}\t{potongan}\t{bersih}\t002\tBRI\t0123456789\tBUDI\t{month}\t2026\t{month}\t2026\t1\t\t\r\n"
    )
}

fn adk(lines: &str) -> Result<Vec<Delivery>, IntakeError> {
    load(FileKind::Payment, "adk.txt", lines.as_bytes())
}

fn rows(delivery: &Delivery) -> Vec<(String, Vec<PaymentRow>)> {
    let of = |statement: &Statement| match statement.body.clone() {
        Some(Body::Payment(rows)) => (statement.span.to_string(), rows),
        other => panic!("{other:?}"),
    };
    delivery.statements.iter().map(of).collect()
}

#[test]
fn tab_text_without_a_header_is_read() {
    let file = line(BUDI, "4595150", "0", "4.595.150", "10")
        + &line(ANI, " 3.510.400 ", "10.400", "3500000", "10")
        + "TOTAL\t\t\t\t\t\t\t 8.105.550 \t 10.400 \t 8.095.150 \t\t\t\t\t\t\t\t\t\t\t\r\n";
    let delivery = one(adk(&file));
    assert_eq!(delivery.scope, Scope::Everybody);
    assert_eq!(delivery.part, "2026-10/adk.txt");
    assert_eq!(delivery.rows_read, 2);
    let amounts = [8_105_550, 10_400, 8_095_150].map(Rupiah);
    assert_eq!(delivery.facts.total, Some(TotalLine { stated: amounts, summed: amounts }));
    let (_, first) = &rows(&delivery)[0];
    assert_eq!(first[0].bersih, Rupiah(4_595_150));
    assert_eq!(first[0].kelas, Some(8));
    assert_eq!(first[0].rekening.as_deref(), Some("0123456789"));
    assert_eq!(first[0].dibayar.unwrap().to_string(), "2026-11");
    assert_eq!(first[0].awal.to_string(), "2026-10");
    assert_eq!(delivery.statements[1].locator.show(0), "row 2");
}

#[test]
fn a_file_of_another_month_is_told() {
    let file = line(BUDI, "4595150", "0", "4595150", "10") + &line(ANI, "3510400", "0", "3510400", "10");
    let synonyms = BTreeMap::new();
    let notices = |period: &str| {
        let period = Some(period.parse().unwrap());
        let (kind, name, bytes) = (FileKind::Payment, "adk.txt", file.as_bytes());
        one(read(&Reading { kind, name, bytes, period, accept_partial: false, synonyms: &synonyms })).notices
    };
    let told = notices("2026-09");
    let [period, found] = ["2026-09", "2026-10"].map(|month| month.parse().unwrap());
    assert_eq!(told, [Notice::AnotherMonth { rows: 2, period, found }]);
    assert_eq!(notices("2026-10"), []);
}

#[test]
fn a_sheet_with_a_header_tells_the_same() {
    let header: &[V] = &[
        T("NO"),
        T("Kode Satker"),
        T("Bulan"),
        T("Tahun"),
        T("NIP"),
        T("Nama Pegawai"),
        T("Nomor SK"),
        T("Kode Grade"),
        T("Nilai Bruto"),
        T("Nilai Potongan"),
        T("Nilai Bersih"),
        T("Kode Bank SPAN"),
        T("Nama Bank"),
        T("Nomor Rekening"),
        T("Nama Rekening"),
        T("Bulan Awal"),
        T("Tahun Awal"),
        T("Bulan Akhir"),
        T("Tahun Akhir"),
        T("Tukin Kali"),
        T("Nomor Tukin Lama"),
        T("Nomor Tukin Baru"),
    ];
    let row = |no: f64, nip: &'static str| {
        vec![
            N(no),
            T("123456"),
            T("11"),
            N(2026.0),
            T(nip),
            T("BUDI"),
            T("SK/1"),
            T("08"),
            N(4_595_150.0),
            N(0.0),
            T("4.595.150"),
            T("002"),
            T("BRI"),
            T("0123456789"),
            T("BUDI"),
            N(10.0),
            T("2026"),
            T("10"),
            N(2026.0),
            N(1.0),
        ]
    };
    let total: &[V] = &[E, T("TOTAL"), E, E, E, E, E, E, N(9_190_300.0), N(0.0), N(9_190_301.0)];
    let book = workbook(&[("daftar bayar", &[&[T("DAFTAR BAYAR")], header, &row(1.0, BUDI), &row(2.0, ANI), total])]);
    let delivery = one(load(FileKind::Payment, "adk.xlsx", &book));
    let same = one(adk(&(line(BUDI, "4595150", "0", "4595150", "10") + &line(ANI, "4595150", "0", "4595150", "10"))));
    assert_eq!(bodies(&delivery), bodies(&same));
    assert_eq!(delivery.statements[1].locator.show(0), "daftar bayar row 4");
    let total = delivery.facts.total.unwrap();
    assert_eq!((total.stated[2], total.summed[2]), (Rupiah(9_190_301), Rupiah(9_190_300)));
    assert!(delivery.facts.unknown_columns.is_empty());
    assert_eq!(same.facts.total, None);
}

#[test]
fn a_stray_row_is_filed_under_its_own_month_and_under_the_files() {
    let file = line(BUDI, "100", "0", "100", "10") + &line(ANI, "100", "0", "100", "10") + &line(ANI, "90", "0", "90", "09");
    let delivery = one(adk(&file));
    let found = rows(&delivery);
    let spans: Vec<_> = found.iter().map(|(span, rows)| (span.as_str(), rows.len())).collect();
    assert_eq!(spans, [("2026-10", 1), ("2026-09", 1), ("2026-10", 2)]);
    assert_eq!(found[2].1.iter().filter(|row| row.awal.to_string() == "2026-09").count(), 1);
    assert_eq!(delivery.notices, [Notice::OtherMonths { rows: 1, period: "2026-10".parse().unwrap() }]);
    let reading = Reading {
        kind: FileKind::Payment,
        name: "adk.txt",
        bytes: file.as_bytes(),
        period: Some("2026-09".parse().unwrap()),
        accept_partial: false,
        synonyms: &BTreeMap::new(),
    };
    assert_eq!(one(read(&reading)).part, "2026-09/adk.txt");
}

#[test]
fn equal_lines_are_two_payments() {
    let twice = line(BUDI, "100", "0", "100", "10").repeat(2);
    let delivery = one(adk(&(twice + "TOTAL\t200\t0\t200\r\n")));
    assert_eq!(rows(&delivery)[0].1.len(), 2, "the same line twice is the same money twice (PE02)");
    let total = delivery.facts.total.unwrap();
    assert_eq!((total.stated, total.summed), ([200, 0, 200].map(Rupiah), [200, 0, 200].map(Rupiah)));
}

#[test]
fn amounts_and_months_outside_their_range_are_refused() {
    let case = |bruto: &str, potongan: &str, bersih: &str, month: &str| reasons(adk(&line(BUDI, bruto, potongan, bersih, month)));
    assert_eq!(case("-100", "0", "-100", "10"), [RefusalReason::NegativeGross]);
    assert_eq!(case("100,50", "0", "100", "10"), [RefusalReason::NotRupiah]);
    assert_eq!(case("100.5", "0", "100", "10"), [RefusalReason::NotRupiah]);
    assert_eq!(case("9223372036854775808", "0", "100", "10"), [RefusalReason::OutOfRange]);
    assert_eq!(case("100", "", "100", "10"), [RefusalReason::Empty]);
    assert_eq!(case("100", "0", "100", "13"), [RefusalReason::OutOfRange, RefusalReason::OutOfRange]);
    let negative = one(adk(&line(BUDI, "100", "-10", "110", "10")));
    assert_eq!(rows(&negative)[0].1[0].potongan, Rupiah(-10));
    let backwards = line(BUDI, "1", "0", "1", "10").replace("\t10\t2026\t1\t", "\t09\t2026\t1\t");
    assert_eq!(reasons(adk(&backwards)), [RefusalReason::EndBeforeStart]);
    let short_year = line(BUDI, "1", "0", "1", "10").replace("\t10\t2026\t10\t2026", "\t10\t26\t10\t2026");
    assert_eq!(reasons(adk(&short_year)), [RefusalReason::TwoDigitYear]);
}

#[test]
fn cut_rows_and_rows_below_the_total_are_refused() {
    let whole = line(BUDI, "100", "0", "100", "10");
    let cut = whole.replace("\t1\t\t\r\n", "\t1\t\r\n");
    assert_eq!(reasons(adk(&(whole.clone() + &cut))), [RefusalReason::ShortRow { cells: 20, needed: 21 }]);
    assert_eq!(reasons(adk(&cut)), [RefusalReason::ShortRow { cells: 20, needed: 21 }]);
    let after = format!("{whole}TOTAL\t100\t0\t100\r\n{whole}");
    assert_eq!(reasons(adk(&after)), [RefusalReason::AfterTotal]);
    assert_eq!(reasons(adk(&format!("{whole}TOTAL\t100\t0\r\n"))), [RefusalReason::TotalUnreadable]);
    let numbered = format!("1\t{whole}");
    assert_eq!(bodies(&one(adk(&numbered))), bodies(&one(adk(&whole))), "a leading NO column");
}
