//! BKN's e-Kinerja exports.

use super::V::*;
use super::*;
use selaras::domain::Kind;
use selaras::domain::ekinerja::EvaluationForm;
use selaras::domain::ekinerja::EvaluationRow;
use selaras::domain::ekinerja::SkpRow;
use selaras::domain::evidence::Scope;
use selaras::intake::expect_kind;

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("tests/fixtures/bkn/{name}")).unwrap()
}

fn evaluations(delivery: &Delivery) -> Vec<EvaluationRow> {
    let of = |statement: &Statement| match statement.body.clone() {
        Some(Body::Evaluation(rows)) => rows,
        other => panic!("{other:?}"),
    };
    delivery.statements.iter().flat_map(of).collect()
}

#[test]
fn the_laporan_penilaian_sample_is_read() {
    let delivery = one(text(FileKind::Ekinerja, &fixture("export.laporan-penilaian-skp.csv")));
    assert_eq!((delivery.kind, delivery.scope), (Kind::Evaluation, Scope::Everybody));
    assert_eq!(delivery.part, "2025-01/berkas.csv");
    assert_eq!(delivery.facts.cycles, ["2025-01"]);
    assert_eq!(delivery.facts.drawn_at.as_deref(), Some("05-02-2025 10:00:00"));
    assert_eq!(delivery.facts.period, None);
    assert!(delivery.facts.unknown_columns.contains(&"golru".to_owned()));
    let rows = evaluations(&delivery);
    assert_eq!(rows[0].form, EvaluationForm::Laporan);
    assert_eq!(rows[0].hasil_akhir, "Baik");
    assert_eq!(rows[0].waktu_dinilai.unwrap().to_string(), "2025-02-05 09:15:00");
    assert_eq!(rows[0].atasan_nip.as_deref(), Some("197003031995032903"));
    assert_eq!(rows[0].periode_akhir_skp.unwrap().to_string(), "2025-12-31");
    assert!(!rows[0].plt);
    assert_eq!((rows[1].hasil_akhir.as_str(), rows[1].waktu_dinilai, rows[1].skp_penilaian_id.as_deref()), ("-", None, None));
    assert_eq!(delivery.statements[0].locator.show(0), "row 9");
}

#[test]
fn the_rekap_sample_is_read() {
    let delivery = one(text(FileKind::Ekinerja, &fixture("export.rekap-penilaian-unit.csv")));
    assert_eq!((delivery.kind, delivery.scope), (Kind::Evaluation, Scope::Named));
    assert_eq!(delivery.span.to_string(), "2025-01");
    let rows = evaluations(&delivery);
    assert_eq!(
        (rows[0].form, rows[1].hasil_akhir.as_str(), rows[1].hasil_kerja.as_str()),
        (EvaluationForm::Rekap, "Sangat Baik", "Diatas Ekspektasi")
    );
    assert!(delivery.facts.unknown_columns.is_empty());
}

const SKP: &str = "Laporan SKP Tahun 2026\nInstansi Contoh\nUnor Induk : ALL\nUnor : ALL\nData ditarik pada : 02-11-2026 08:00:00\n\n\
skp_id;id;jenis;nip;nama;jabatan;is_skp;skp_status;skp_unor;skp_jabatan;periode_awal;periode_akhir;is_plt_plh;created_at\n\
7777;A;1;198501012010011901;BUDI;Pranata;1;Persetujuan;BIDANG;Pranata Komputer;2026-01-01;2026-12-31;0;\n\
;B;1;199202022023211902;ANI;Guru;0;;;;;;0;\n";

#[test]
fn a_laporan_skp_says_who_has_none() {
    let delivery = one(text(FileKind::Ekinerja, SKP));
    assert_eq!((delivery.kind, delivery.span.to_string().as_str(), delivery.scope), (Kind::Skp, "2026", Scope::Everybody));
    assert!(delivery.facts.cycles.is_empty());
    let of = |at: usize| -> SkpRow {
        let Some(Body::Skp(rows)) = &delivery.statements[at].body else { panic!() };
        rows[0].clone()
    };
    assert!(of(0).is_skp && !of(1).is_skp);
    assert_eq!((of(0).status.as_deref(), of(0).jabatan.as_deref()), (Some("Persetujuan"), Some("Pranata Komputer")));
    assert_eq!((of(1).skp_id, of(1).periode_awal), (None, None));
    let without_flag = SKP.replace("is_skp;", "lain;");
    let delivery = one(text(FileKind::Ekinerja, &without_flag));
    let has: Vec<bool> =
        delivery.statements.iter().map(|statement| matches!(&statement.body, Some(Body::Skp(rows)) if rows[0].is_skp)).collect();
    assert_eq!(has, [true, false], "the id says it");
}

#[test]
fn a_unit_speaks_only_for_itself() {
    let file = fixture("export.laporan-penilaian-skp.csv");
    for unit in [file.replace("Unor : ALL", "Unor : BIDANG CONTOH"), file.replace("Unor Induk : ALL\n", "")] {
        assert_eq!(one(text(FileKind::Ekinerja, &unit)).scope, Scope::Named);
    }
}

const REKAP: &[V] =
    &[T("No"), T("NIP"), T("Nama"), T("Jabatan"), T("Rating Hasil Kinerja"), T("Rating Perilaku Kerja"), T("Predikat Kinerja Periodik")];

fn rekap_row(predikat: &'static str) -> Vec<V> {
    vec![N(1.0), T(BUDI), T("BUDI"), T("Pranata"), T("Sesuai Ekspektasi"), T("Sesuai Ekspektasi"), T(predikat)]
}

#[test]
fn every_sheet_of_a_rekap_is_filed_under_its_own_cycle() {
    let book = workbook(&[
        ("September", &[&[T("0000 - Contoh")], &[T("Subbagian")], &[T("Periode Bulanan 9 Tahun 2026")], &[], REKAP, &rekap_row("Baik")]),
        ("Agustus", &[&[T("Periode Bulanan 8 Tahun 2026")], REKAP, &rekap_row("Kurang")]),
        ("Tahunan", &[&[T("Periode Tahunan Tahun 2025")], REKAP, &rekap_row("Sangat Baik")]),
        ("TW", &[&[T("Periode Triwulan 3 Tahun 2026")], REKAP, &rekap_row("Baik")]),
        ("Kosong", &[]),
    ]);
    let deliveries = load(FileKind::Ekinerja, "Rekap Penilaian (3).xlsx", &book).unwrap();
    let spans: Vec<_> =
        deliveries.iter().map(|delivery| (delivery.span.to_string(), delivery.part.clone(), delivery.statements.len())).collect();
    let named = |span: &str, cycle: &str, statements| (span.to_owned(), format!("{cycle}/Rekap Penilaian (3).xlsx"), statements);
    assert_eq!(
        spans,
        [named("2025", "2025", 1), named("2026-Q3", "2026-Q3", 1), named("2026-08", "2026-08", 1), named("2026-09", "2026-09", 1),]
    );
    for delivery in &deliveries {
        assert_eq!(delivery.facts.cycles, ["2025", "2026-Q3", "2026-08", "2026-09"]);
        assert!(delivery.notices.is_empty());
    }
    assert_eq!(evaluations(&deliveries[2])[0].hasil_akhir, "Kurang");
    assert_eq!(deliveries[3].statements[0].locator.show(0), "September row 6");
}

#[test]
fn exports_that_contradict_themselves_are_refused() {
    let penilaian = fixture("export.laporan-penilaian-skp.csv");
    let other = penilaian.replace("Laporan Penilaian SKP", "Laporan SKP");
    assert_eq!(
        reasons(text(FileKind::Ekinerja, &other)),
        [RefusalReason::OtherExport { title: "Laporan SKP", columns: "Laporan Penilaian SKP" }]
    );
    assert_eq!(reasons(text(FileKind::Ekinerja, &penilaian.replace("Bulanan 1\n", "Bulanan 2\n"))), [RefusalReason::CycleContradiction]);
    let bare: String = penilaian.lines().skip(7).map(|line| format!("{line}\n")).collect();
    assert_eq!(reasons(text(FileKind::Ekinerja, &bare)), [RefusalReason::CycleMissing]);
    let untitled = workbook(&[
        ("A", &[&[T("Periode Bulanan 9 Tahun 2026")], REKAP, &rekap_row("Baik")]),
        ("B", &[&[T("Periode Bulanan 8 Tahun 2026")], &[T("x")]]),
    ]);
    assert!(matches!(reasons(load(FileKind::Ekinerja, "r.xlsx", &untitled))[..], [RefusalReason::HeaderNotFound { .. }]));
    assert_eq!(reasons(text(FileKind::Ekinerja, &penilaian.replace("198501012010011901", "3174012345678901"))).len(), 1);
    assert_eq!(reasons(text(FileKind::Roster, &penilaian)), [RefusalReason::LooksLike(FileKind::Ekinerja)]);
}

#[test]
fn one_export_given_as_another_is_refused() {
    let deliveries = text(FileKind::Ekinerja, SKP).unwrap();
    assert!(expect_kind("skp.csv", &deliveries, Kind::Skp).is_ok());
    let error = expect_kind("skp.csv", &deliveries, Kind::Evaluation).unwrap_err();
    assert_eq!(error.to_string(), "skp.csv: file ini \"Laporan SKP\", bukan \"Laporan Penilaian SKP\"");
}
