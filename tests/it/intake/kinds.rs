//! Roster, attendance, permits and discipline: what is read, and what is refused.

use super::*;
use selaras::domain::Kind;
use selaras::domain::attendance::DayStatus;
use selaras::domain::attendance::ManualReason;
use selaras::domain::evidence::Scope;
use selaras::domain::leave::DoctorsLetter;
use selaras::domain::nip::NipError;
use selaras::domain::period::Span;
use selaras::domain::person::EmployeeKind;
use selaras::domain::person::EmploymentStatus;
use selaras::domain::person::RosterEntry;
use selaras::intake::Notice;

const ROSTER: &str =
    "NIP;Nama;Jenis Pegawai;Kode Unit;Kelas Jabatan;Status;JPT;NIP Atasan;plt_mulai;plt_selesai;TMT CPNS;rekening;Pangkat\n";

fn roster_row(row: &str) -> Result<Vec<Delivery>, IntakeError> {
    text(FileKind::Roster, &format!("{ROSTER}{row}\n"))
}

fn entries(delivery: &Delivery) -> Vec<RosterEntry> {
    let of = |statement: &Statement| match statement.body.clone() {
        Some(Body::Roster(rows)) => rows,
        other => panic!("{other:?}"),
    };
    delivery.statements.iter().flat_map(of).collect()
}

#[test]
fn a_roster_is_read() {
    let file = format!(
        "{ROSTER}{BUDI};Budi Contoh, S.Kom;PNS;01;8;AKTIF;0;197003031995032903;;;01-01-2010;0123456789;III/c\n{ANI};Ani Contoh;PPPK Paruh Waktu;02;;tugas belajar;1;;2026-10-01;31/10/2026;;;\n"
    );
    let delivery = one(text(FileKind::Roster, &file));
    assert_eq!((delivery.kind, delivery.scope), (Kind::Roster, Scope::Everybody));
    assert_eq!(delivery.part, "2026-10");
    assert_eq!(delivery.span, Span::Month("2026-10".parse().unwrap()));
    assert_eq!(delivery.facts.unknown_columns, ["Pangkat"]);
    assert_eq!(delivery.rows_read, 2);
    assert_eq!(delivery.source, format!("file:berkas.csv sha256:{}", &delivery.sha256[..12]));
    let rows = entries(&delivery);
    assert_eq!(rows[0].nama, "Budi Contoh, S.Kom");
    assert_eq!(rows[0].kelas_jabatan, Some(8));
    assert_eq!(rows[0].rekening.as_deref(), Some("0123456789"));
    assert_eq!(rows[0].tmt_cpns.unwrap().to_string(), "2010-01-01");
    assert_eq!(rows[1].jenis_pegawai, EmployeeKind::PppkParuhWaktu);
    assert_eq!(rows[1].status, EmploymentStatus::TugasBelajar);
    assert_eq!(rows[1].kelas_jabatan, None);
    assert!(rows[1].jpt);
    assert_eq!(delivery.statements[1].locator.show(0), "row 3");
}

#[test]
fn a_roster_needs_a_period_and_rows() {
    let reading = Reading {
        kind: FileKind::Roster,
        name: "r.csv",
        bytes: ROSTER.as_bytes(),
        period: None,
        accept_partial: false,
        synonyms: &BTreeMap::new(),
    };
    let error = read(&reading).unwrap_err();
    assert!(matches!(error, IntakeError::PeriodNeeded { .. }));
    assert!(error.to_string().contains("--period"));
    assert_eq!(reasons(text(FileKind::Roster, ROSTER)), [RefusalReason::OnlyHeader]);
}

#[test]
fn equal_roster_rows_collapse_and_different_ones_stay() {
    let row = format!("{BUDI};Budi;PNS;01;8;AKTIF;;;;;;;\n");
    assert_eq!(entries(&one(text(FileKind::Roster, &format!("{ROSTER}{row}{row}")))).len(), 1);
    let other = row.replace(";8;", ";9;");
    let delivery = one(text(FileKind::Roster, &format!("{ROSTER}{row}{other}")));
    assert_eq!(delivery.statements.len(), 1);
    assert_eq!(entries(&delivery).len(), 2);
    assert_eq!(delivery.statements[0].locator.show(1), "row 3");
}

#[test]
fn roster_values_outside_type_or_range_are_refused() {
    let case = |row: String| {
        refusals(roster_row(&row)).into_iter().map(|refusal| (refusal.column.unwrap_or_default(), refusal.reason)).collect::<Vec<_>>()
    };
    let only = |column: &str, reason| vec![(column.to_owned(), reason)];
    assert_eq!(case(format!("{BUDI};;PNS;01;8;AKTIF;;;;;;;")), only("nama", RefusalReason::Empty));
    assert_eq!(case(format!("{BUDI};Budi;PNS;01;8.5;AKTIF;;;;;;;")), only("kelas_jabatan", RefusalReason::NotWhole));
    assert_eq!(case(format!("{BUDI};Budi;PNS;01;8;AKTIF;2;;;;;;")), only("jpt", RefusalReason::NotOneOf(vec!["0", "1"])));
    assert_eq!(case(format!("{BUDI};Budi;PNS;01;8;AKTIF;;3174012345678901;;;;;")), only("nip_atasan", RefusalReason::Nip(NipError::Nik)));
    assert_eq!(case(format!("{BUDI};Budi;PNS;01;8;AKTIF;;;02-10-2026;01-10-2026;;;")), only("plt_selesai", RefusalReason::EndBeforeStart));
    assert_eq!(case(format!("{BUDI};Budi;PNS;01;8;AKTIF;;;;;01-01-10;;")), only("tmt_cpns", RefusalReason::TwoDigitYear));
    assert!(
        matches!(&case(format!("{BUDI};Budi;HONORER;01;8;AKTIF;;;;;;;"))[..], [(column, RefusalReason::NotOneOf(_))] if column == "jenis_pegawai")
    );
    assert_eq!(case("1.98503E+17;Budi;PNS;01;8;AKTIF;;;;;;;".to_owned()), only("nip", RefusalReason::Nip(NipError::Scientific)));
    assert_eq!(entries(&one(roster_row(&format!("{BUDI};Budi;PNS;01;99;AKTIF;;;;;;;"))))[0].kelas_jabatan, Some(99));
}

#[test]
fn refusals_name_place_and_mask_the_value() {
    let error = roster_row("3174012345678901;Budi;PNS;01;8;AKTIF;;;;;;;").unwrap_err();
    let shown = error.to_string();
    assert_eq!(shown, "berkas.csv: baris 2, kolom nip, nilai '3174*********901': ini NIK (16 digit), bukan NIP; isi NIP 18 digit");
    assert!(error.sentence(selaras::domain::text::Lang::En).contains("this is a NIK"));
}

const ATTENDANCE: &str = "nip,tanggal,jam_masuk,jam_pulang,status,keterangan,alasan_manual\n";

fn days(statement: &Statement) -> Vec<selaras::domain::attendance::AttendanceDay> {
    match statement.body.as_ref() {
        Some(Body::Attendance(days)) => days.iter().collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn attendance_is_grouped_by_person_and_month() {
    let file = format!(
        "{ATTENDANCE}{BUDI},2026-10-02,00:00,23:59,,\"lupa, sakit\",b\n{BUDI},01/10/2026,07.25,16:02:30,WFO,,\n{BUDI},30-09-2026,,,TIDAK_HADIR,,\n{ANI},2026-10-01,07:30,16:00,WFH,,\n"
    );
    let delivery = one(text(FileKind::Attendance, &file));
    assert_eq!(delivery.part, "2026-10/berkas.csv");
    assert_eq!(delivery.span.to_string(), "2026-10");
    assert_eq!(delivery.scope, Scope::Everybody);
    assert_eq!(delivery.facts.period.unwrap().to_string(), "2026-10");
    let spans: Vec<_> = delivery.statements.iter().map(|statement| (statement.nip.to_string(), statement.span.to_string())).collect();
    assert_eq!(
        spans,
        [(BUDI.to_owned(), "2026-09".to_owned()), (BUDI.to_owned(), "2026-10".to_owned()), (ANI.to_owned(), "2026-10".to_owned())]
    );
    let october = days(&delivery.statements[1]);
    assert_eq!(october[0].tanggal.to_string(), "2026-10-01");
    assert_eq!(october[0].jam_pulang.unwrap().to_string(), "16:02:30");
    assert_eq!(october[0].status, Some(DayStatus::Wfo));
    assert_eq!(october[1].jam_masuk.unwrap().to_string(), "00:00:00");
    assert_eq!(october[1].keterangan.as_deref(), Some("lupa, sakit"));
    assert_eq!(october[1].alasan_manual, Some(ManualReason::B));
    assert_eq!(days(&delivery.statements[0])[0].status, Some(DayStatus::TidakHadir));
    assert_eq!(delivery.statements[1].locator.encode(), "row {}|3,2");
    assert_eq!(delivery.notices, [Notice::OtherMonths { rows: 1, period: "2026-10".parse().unwrap() }]);
}

#[test]
fn attendance_refuses_what_it_cannot_read() {
    let case = |row: &str| reasons(text(FileKind::Attendance, &format!("{ATTENDANCE}{row}\n")));
    assert_eq!(case(&format!("{BUDI},2026-10-01,24:00,16:00,,,")), [RefusalReason::TwentyFour]);
    assert_eq!(case(&format!("{BUDI},2026-10-01,07:60,16:00,,,")), [RefusalReason::NotTime]);
    assert_eq!(case(&format!("{BUDI},31-10-26,07:30,16:00,,,")), [RefusalReason::TwoDigitYear]);
    assert_eq!(case(&format!("{BUDI},2026-10-01,07:30,16:00,,,E")), [RefusalReason::NotOneOf(vec!["A", "B", "C", "D"])]);
    assert!(matches!(case(&format!("{BUDI},2026-10-01,07:30,16:00,SAKIT,,"))[..], [RefusalReason::NotOneOf(_)]));
    assert_eq!(case(&format!("{BUDI},,07:30,16:00,,,")), [RefusalReason::Empty]);
    assert_eq!(case(&format!("{BUDI},2026-10-01,07:30")), [RefusalReason::ShortRow { cells: 3, needed: 4 }]);
    assert_eq!(case(&format!("{BUDI},2026-10-01,07:30,16:00,WFO,lupa, sakit,A,")), [RefusalReason::LongRow { cells: 9, columns: 7 }]);
    assert_eq!(case(&format!("{BUDI},2026-13-01,25:00,16:00,,,")).len(), 2, "every bad cell of a row is named");
    assert_eq!(reasons(text(FileKind::Attendance, ATTENDANCE)), [RefusalReason::OnlyHeader]);
}

#[test]
fn a_period_without_rows_is_refused() {
    let file = format!("{ATTENDANCE}{BUDI},2026-09-01,07:30,16:00,,,\n");
    let reading = Reading {
        kind: FileKind::Attendance,
        name: "p.csv",
        bytes: file.as_bytes(),
        period: Some("2026-10".parse().unwrap()),
        accept_partial: false,
        synonyms: &BTreeMap::new(),
    };
    assert_eq!(reasons(read(&reading)), [RefusalReason::NoRowOfPeriod("2026-10".parse().unwrap())]);
    let labelled = one(read(&Reading { period: Some("2026-09".parse().unwrap()), ..reading }));
    assert_eq!(labelled.part, "2026-09/p.csv");
}

#[test]
fn accept_partial_leaves_rows_out_and_declares_nobody_absent() {
    let file = format!("{ATTENDANCE}{BUDI},2026-10-01,07:30,16:00,,,\n{ANI},2026-10-01,7h30,16h,,,\n");
    let reading = Reading {
        kind: FileKind::Attendance,
        name: "p.csv",
        bytes: file.as_bytes(),
        period: None,
        accept_partial: true,
        synonyms: &BTreeMap::new(),
    };
    let delivery = one(read(&reading));
    assert_eq!((delivery.rows_read, delivery.rows_refused(), delivery.refused.len()), (2, 1, 2));
    assert_eq!(delivery.statements.len(), 1);
    assert_eq!(delivery.scope, Scope::Named);
    assert_eq!(delivery.notices, [Notice::Partial { rows: 1 }]);
    let hopeless = format!("{ATTENDANCE}{BUDI},x,07:30,16:00,,,\n");
    assert_eq!(reasons(read(&Reading { bytes: hopeless.as_bytes(), ..reading })), [RefusalReason::NotDate]);
}

const PERMITS: &str = "nip;jenis;mulai;selesai;nomor_surat;tanggal_surat;disetujui_oleh;surat_dokter;anak_ke\n";

#[test]
fn permits_are_standing_and_may_be_empty() {
    let file = format!(
        "{PERMITS}{BUDI};Cuti Sakit;01-10-2026;2026-10-03;S/1;;Siti;05-10-2026;\n{BUDI};izin_terlambat;2026-10-09;2026-10-09;;;;ya;2\n"
    );
    let delivery = one(text(FileKind::Permits, &file));
    assert_eq!((delivery.span, delivery.scope), (Span::Standing, Scope::Named));
    assert_eq!(delivery.part, "/berkas.csv");
    let Some(Body::Permits(permits)) = &delivery.statements[0].body else { panic!() };
    assert_eq!(permits[0].surat_dokter, DoctorsLetter::On("2026-10-05".parse().unwrap()));
    assert!(permits[0].is_approved() && !permits[1].is_approved());
    assert_eq!(permits[1].surat_dokter, DoctorsLetter::InTime);
    assert_eq!(permits[1].anak_ke, Some(2));

    let empty = one(text(FileKind::Permits, PERMITS));
    assert!(empty.statements.is_empty());
    assert_eq!(empty.notices, [Notice::NoRows]);
}

#[test]
fn permits_refuse_what_they_cannot_read() {
    let case = |row: &str| reasons(text(FileKind::Permits, &format!("{PERMITS}{row}\n")));
    assert_eq!(case(&format!("{BUDI};cuti_sakit;2026-10-03;2026-10-01;;;;;")), [RefusalReason::EndBeforeStart]);
    assert_eq!(case(&format!("{BUDI};cuti_sakit;2026-10-03;2026-10-03;;;;mungkin;")), [RefusalReason::NotDate]);
    assert_eq!(case(&format!("{BUDI};cuti_sakit;2026-10-03;2026-10-03;;;;;-1")), [RefusalReason::Negative]);
    assert_eq!(case(&format!("{BUDI};cuti_sakit;2026-10-03;2026-10-03;;;;;1.5")), [RefusalReason::NotWhole]);
    assert!(matches!(case(&format!("{BUDI};cuti;2026-10-03;2026-10-03;;;;;"))[..], [RefusalReason::NotOneOf(_)]));
    for none in ["", "0", "tidak", "TIDAK"] {
        let delivery = one(text(FileKind::Permits, &format!("{PERMITS}{BUDI};cuti_sakit;2026-10-03;2026-10-03;;;;{none};\n")));
        assert!(matches!(&delivery.statements[0].body, Some(Body::Permits(rows)) if rows[0].surat_dokter == DoctorsLetter::None));
    }
}

#[test]
fn discipline_takes_months_dates_and_exact_percents() {
    let header = "nip;nomor_sk;tanggal_sk;tingkat;jenis;persen;mulai;bulan\n";
    let file = format!("{header}{BUDI};SK/1;01-09-2026;sedang;Pemotongan;25.0;2026-10;6\n{ANI};;;ringan;;;15-10-2026;\n");
    let delivery = one(text(FileKind::Discipline, &file));
    let Some(Body::Discipline(rows)) = &delivery.statements[0].body else { panic!() };
    assert_eq!(rows[0].persen.unwrap().to_string(), "25.0");
    assert_eq!(rows[0].mulai.unwrap().to_string(), "2026-10");
    assert_eq!(rows[0].bulan, Some(6));
    let Some(Body::Discipline(rows)) = &delivery.statements[1].body else { panic!() };
    assert_eq!((rows[0].persen, rows[0].mulai.unwrap().to_string()), (None, "2026-10".to_owned()));

    let case = |row: &str| reasons(text(FileKind::Discipline, &format!("{header}{BUDI};;;;;{row}\n")));
    assert_eq!(case("-25;2026-10;6"), [RefusalReason::NotPercent]);
    assert_eq!(case("25;10-2026;6"), [RefusalReason::NotMonth]);
    assert_eq!(case("25;2026-10;-6"), [RefusalReason::Negative]);
    assert_eq!(case("25;2026-10;6.5"), [RefusalReason::NotWhole]);
    assert_eq!(case("25;01-10-26;6"), [RefusalReason::TwoDigitYear]);
    assert!(one(text(FileKind::Discipline, header)).statements.is_empty());
}
