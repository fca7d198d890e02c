//! Other people's layouts: device programs, monthly recaps, hand-merged exports, SIASN's list, the paper nominatif, the
//! salary file of a bank.

use super::*;
use selaras::domain::Kind;
use selaras::domain::evidence::Scope;
use selaras::intake::Notice;

const FINGERSPOT: [V; 19] = [
    V::T("Emp No."),
    V::T("No. ID"),
    V::T("NIK"),
    V::T("Nama"),
    V::T("Auto-Assign"),
    V::T("Tanggal"),
    V::T("Jam Kerja"),
    V::T("Jam Masuk"),
    V::T("Jam Pulang"),
    V::T("Scan Masuk"),
    V::T("Scan Pulang"),
    V::T("Normal"),
    V::T("Riil"),
    V::T("Terlambat"),
    V::T("Plg. Cepat"),
    V::T("Absent"),
    V::T("Lembur"),
    V::T("Jml Jam Kerja"),
    V::T("Pengecualian"),
];

/// `[emp, id, nik, date, scan in, scan out, late, early, absent, exception]` in a row of that program.
fn fingerspot(cells: [V; 10]) -> Vec<V> {
    let [emp, id, nik, date, came, left, late, early, absent, exception] = cells;
    let schedule = [V::T("Normal"), V::T("07:30"), V::T("16:00")];
    let worked = [V::T("1"), V::T("1")];
    let mut row = vec![emp, id, nik, V::T("BUDI"), V::E, date];
    row.extend(schedule);
    row.extend([came, left]);
    row.extend(worked);
    row.extend([late, early, absent, V::E, V::T("08:30"), exception]);
    row
}

fn program(rows: &[Vec<V>]) -> Vec<u8> {
    let mut sheet: Vec<&[V]> = vec![&FINGERSPOT];
    sheet.extend(rows.iter().map(Vec::as_slice));
    workbook(&[("Laporan", &sheet)])
}

#[test]
fn a_device_program_names_people_by_nip_in_any_of_its_columns() {
    let bytes = program(&[
        fingerspot([
            V::N(1.0),
            V::N(101.0),
            V::T(BUDI),
            V::T("01/10/2026"),
            V::T("07:42"),
            V::T("16:10"),
            V::T("00:12"),
            V::E,
            V::T("False"),
            V::E,
        ]),
        fingerspot([V::N(1.0), V::N(101.0), V::T(BUDI), V::T("02/10/2026"), V::E, V::E, V::E, V::E, V::T("True"), V::E]),
        fingerspot([V::N(2.0), V::T(ANI), V::E, V::T("01/10/2026"), V::E, V::E, V::E, V::E, V::T("True"), V::T("Cuti - Tahunan")]),
        fingerspot([V::N(2.0), V::T(ANI), V::E, V::T("02/10/2026"), V::H(0.3125), V::E, V::E, V::E, V::T("True"), V::T("Upacara")]),
    ]);
    let delivery = one(load(FileKind::Attendance, "fingerspot.xlsx", &bytes));
    assert_eq!((delivery.kind, delivery.scope, delivery.statements.len()), (Kind::Attendance, Scope::Everybody, 2));
    let days = |at: usize| match &delivery.statements[at].body {
        Some(Body::Attendance(days)) => days.iter().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let said = |at: usize| {
        let of = |day: &selaras::domain::attendance::AttendanceDay| {
            format!(
                "{} {:?} {:?} {:?} {:?} {:?}",
                day.tanggal,
                day.jam_masuk.map(|time| time.to_string()),
                day.jam_pulang.map(|time| time.to_string()),
                day.status.map(|status| status.code()),
                day.minutes_late,
                day.keterangan
            )
        };
        days(at).iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(
        said(0),
        [r#"2026-10-01 Some("07:42:00") Some("16:10:00") None Some(12) None"#, r#"2026-10-02 None None Some("TIDAK_HADIR") None None"#,]
    );
    assert_eq!(
        said(1),
        [
            r#"2026-10-01 None None Some("CUTI") None Some("Cuti - Tahunan")"#,
            r#"2026-10-02 Some("07:30:00") None None None Some("Upacara")"#,
        ]
    );
}

#[test]
fn a_device_program_may_name_people_by_pin_only() {
    let bytes = program(&[
        fingerspot([V::N(1.0), V::N(101.0), V::E, V::T("01/10/2026"), V::T("07:42"), V::T("16:10"), V::T("00:12"), V::E, V::E, V::E]),
        fingerspot([V::N(2.0), V::N(102.0), V::T(ANI), V::T("01/10/2026"), V::T("07:20"), V::T("16:10"), V::E, V::E, V::E, V::E]),
    ]);
    let read = load(FileKind::Attendance, "kantor-pusat.xlsx", &bytes).unwrap();
    let kinds: Vec<(Kind, Scope)> = read.iter().map(|delivery| (delivery.kind, delivery.scope)).collect();
    assert_eq!(kinds, [(Kind::Attendance, Scope::Named), (Kind::Attlog, Scope::Named)], "who stands there by PIN is not missing");
    let scans = read[1].facts.scans.as_ref().unwrap();
    assert_eq!((scans.device.as_str(), scans.pins[0].pin.as_str(), scans.pins[0].days[0].minutes_late), ("kantor-pusat", "101", Some(12)));
}

#[test]
fn values_of_a_device_program_are_refused_like_any_other() {
    let of = |cells| refusals(load(FileKind::Attendance, "f.xlsx", &program(&[fingerspot(cells)]))).remove(0);
    let [n, t] = [V::N(101.0), V::T("07:42")];
    let date = V::T("01/10/2026");
    let refusal = of([n, V::N(198_501_012_010_011_900.0), V::E, date, t, t, V::E, V::E, V::E, V::E]);
    assert_eq!((refusal.reason, refusal.row, refusal.column.as_deref()), (RefusalReason::NumericNip, Some(2), Some("no_id")));
    assert_eq!(of([n, n, V::E, V::T("31/02/2026"), t, t, V::E, V::E, V::E, V::E]).reason, RefusalReason::NotDate);
    assert_eq!(of([n, n, V::E, date, t, V::T("24:00"), V::E, V::E, V::E, V::E]).reason, RefusalReason::TwentyFour);
    assert_eq!(of([n, n, V::E, date, t, t, V::N(-3.0), V::E, V::E, V::E]).reason, RefusalReason::Negative);
    assert_eq!(of([V::E, V::E, V::E, date, t, t, V::E, V::E, V::E, V::E]).reason, RefusalReason::Empty);
    assert_eq!(of([n, n, V::E, date, t, t, V::E, V::E, V::T("mungkin"), V::E]).reason, RefusalReason::NotOneOf(vec!["0", "1"]));
}

#[test]
fn the_minutes_that_a_daily_file_states_are_kept() {
    let file =
        format!("nip;tanggal;jam_masuk;jam_pulang;status;menit_terlambat;menit_pulang_cepat\n{BUDI};2026-10-01;07:42;16:00;WFO;12;0\n");
    let (_, _, body) = bodies(&one(text(FileKind::Attendance, &file))).remove(0);
    let Body::Attendance(days) = body else { panic!() };
    let days: Vec<_> = days.iter().collect();
    assert_eq!((days[0].minutes_late, days[0].minutes_early), (Some(12), Some(0)));
}

const RECAP: &str = "NIP;Hari Alpha;Tidak Presensi;Menit Terlambat;Menit Pulang Cepat;Menit Meninggalkan Kantor;Tidak Ikut Upacara;Jenis Cuti;\
                     Bulan Cuti Ke;Hari Cuti;Hari Kerja;Hari Hadir;Hari WFO;Hari WFH/WFA;Hari Diklat;Hari Dinas Luar\n";

fn recap(rows: &str, period: Option<&str>) -> Result<Vec<Delivery>, IntakeError> {
    let bytes = format!("{RECAP}{rows}");
    let period = period.map(|period| period.parse().unwrap());
    let synonyms = BTreeMap::new();
    read(&Reading {
        kind: FileKind::Attendance,
        name: "rekap.csv",
        bytes: bytes.as_bytes(),
        period,
        accept_partial: false,
        synonyms: &synonyms,
    })
}

#[test]
fn a_monthly_recap_stands_beside_the_days() {
    let row = format!("{BUDI};1;2;35;0;;;Cuti Tahunan;;2;22;19;17;2;;\n");
    let delivery = one(recap(&row, Some("2026-10")));
    assert_eq!((delivery.kind, delivery.scope, delivery.span.to_string().as_str()), (Kind::AttendanceRecap, Scope::Named, "2026-10"));
    let Some(Body::AttendanceRecap(recaps)) = &delivery.statements[0].body else { panic!() };
    let it = &recaps[0];
    assert_eq!((it.hari_alpha, it.tidak_presensi, it.menit_terlambat, it.menit_pulang_cepat), (Some(1), Some(2), Some(35), Some(0)));
    assert_eq!((it.hari_kerja, it.hari_hadir, it.hari_wfh_wfa, it.hari_diklat), (Some(22), Some(19), Some(2), None), "empty is not nought");
    assert_eq!(it.jenis_cuti.as_deref(), Some("Cuti Tahunan"));
    assert!(matches!(recap(&row, None), Err(IntakeError::PeriodNeeded { .. })), "nothing in it names the month");
    let counters = one(text(FileKind::Attendance, &format!("nip;bulan;tahun;tl1;tl2;tl3;tl4;psw1\n{BUDI};10;2026;3;0;0;1;2\n")));
    let Some(Body::AttendanceRecap(recaps)) = &counters.statements[0].body else { panic!() };
    assert_eq!((recaps[0].tl, recaps[0].psw), ([Some(3), Some(0), Some(0), Some(1)], [Some(2), None, None, None]));
}

#[test]
fn recaps_are_refused_rather_than_guessed() {
    let of = |rows: &str| reasons(recap(rows, Some("2026-10")));
    assert_eq!(of(&format!("{BUDI};-1;;;;;;;;;;;;;;\n")), [RefusalReason::Negative]);
    assert_eq!(of(&format!("{BUDI};32;;;;;;;;;;;;;;\n")), [RefusalReason::OutOfRange]);
    assert_eq!(of(&format!("{BUDI};1,5;;;;;;;;;;;;;;\n")), [RefusalReason::NotWhole]);
    assert_eq!(of("TOTAL;1;;;;;;;;;;;;;;\n").len(), 1);
    let twice = format!("{BUDI};1;;;;;;;;;;;;;;\n{BUDI};2;;;;;;;;;;;;;;\n");
    assert_eq!(of(&twice), [RefusalReason::NamedTwice]);
    let same = format!("{BUDI};1;;;;;;;;;;;;;;\n{BUDI};1;;;;;;;;;;;;;;\n");
    assert_eq!(one(recap(&same, Some("2026-10"))).statements[0].body.as_ref().unwrap().len(), 1);
    let doubled = format!("nip;hari_alpha;hari_alpha\n{BUDI};1;2\n");
    assert_eq!(reasons(text(FileKind::Attendance, &doubled)), [RefusalReason::DuplicateColumn]);
}

const REKAP_HEADER: [V; 7] = [
    V::T("No"),
    V::T("NIP"),
    V::T("Nama"),
    V::T("Jabatan"),
    V::T("Rating Hasil Kinerja"),
    V::T("Rating Perilaku Kerja"),
    V::T("Predikat Kinerja Periodik"),
];

fn rated(nip: &'static str, predikat: &'static str) -> [V; 7] {
    [V::N(1.0), V::T(nip), V::T("X"), V::T("J"), V::T("Sesuai Ekspektasi"), V::T("Sesuai Ekspektasi"), V::T(predikat)]
}

#[test]
fn a_hand_merged_rekap_is_read_whole_and_each_block_under_its_own_cycle() {
    let [title, unit] = [[V::T("0000 - Kementerian Contoh")], [V::T("Bagian Tata Usaha")]];
    let [september, october] = [[V::T("Periode Bulanan 9 Tahun 2026")], [V::T("Periode Bulanan 10 Tahun 2026")]];
    let signature = [V::E, V::E, V::E, V::E, V::E, V::T("Kepala Bagian Tata Usaha")];
    let (budi, ani, later) = (rated(BUDI, "Baik"), rated(ANI, "Sangat Baik"), rated(BUDI, "Butuh Perbaikan"));
    let merged: [&[V]; 12] = [&title, &unit, &september, &[], &REKAP_HEADER, &budi, &[], &REKAP_HEADER, &ani, &signature, &october, &later];
    let annual: [&[V]; 4] = [&title, &[V::T("Periode Tahunan Tahun 2025")], &REKAP_HEADER, &budi];
    let notes: [&[V]; 2] = [&[V::T("Catatan")], &[V::T("digabung dari tiga unduhan")]];
    let bytes = workbook(&[("Gabungan", &merged), ("Tahunan", &annual), ("Catatan", &notes)]);
    let read = load(FileKind::Ekinerja, "Rekap Penilaian.xlsx", &bytes).unwrap();
    let said: Vec<String> = read
        .iter()
        .flat_map(|delivery| delivery.statements.iter())
        .map(|statement| match &statement.body {
            Some(Body::Evaluation(rows)) => {
                format!("{} {} {} {}", statement.span, statement.nip, rows[0].hasil_akhir, statement.locator.show(0))
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        said,
        [
            format!("2025 {BUDI} Baik Tahunan row 4"),
            format!("2026-09 {BUDI} Baik Gabungan row 6"),
            format!("2026-09 {ANI} Sangat Baik Gabungan row 9"),
            format!("2026-10 {BUDI} Butuh Perbaikan Gabungan row 12"),
        ]
    );
    assert!(read[0].notices.contains(&Notice::SheetSkipped("Catatan".into())));
}

#[test]
fn a_broken_row_of_a_merged_rekap_is_no_title() {
    let title = [V::T("Periode Bulanan 9 Tahun 2026")];
    let nameless = [V::N(2.0), V::E, V::T("ANI")];
    let refused =
        |row: &[V]| reasons(load(FileKind::Ekinerja, "r.xlsx", &workbook(&[("A", &[&title, &REKAP_HEADER, &rated(BUDI, "Baik"), row])])));
    assert_eq!(refused(&nameless), [RefusalReason::Empty]);
    assert_eq!(refused(&[V::E, V::T("3174012345678901")]).len(), 1);
    let contradicted = [V::T("Periode Bulanan 9 Tahun 2026 dan Periode Bulanan 8 Tahun 2026")];
    let sheet = workbook(&[("A", &[&title, &REKAP_HEADER, &rated(BUDI, "Baik"), &contradicted, &rated(ANI, "Baik")])]);
    assert_eq!(reasons(load(FileKind::Ekinerja, "r.xlsx", &sheet)), [RefusalReason::CycleContradiction]);
}

#[test]
fn the_siasn_export_is_a_roster_that_lacks_a_good_deal() {
    let file = "pns_id,nip_baru,nip_lama,nama,gelar_depan,gelar_belakang,kedudukan_hukum_id,status_cpns_pns,jabatan_nama,tmt_cpns,tmt_pns,unor_id,unor_nama\n\
                'A1,'198501012010011901,'null,'BUDI CONTOH,'Dr.,'S.Kom.,'01,'P,'Pranata Komputer,'01-01-2010,'01-01-2011,'U-1,'BAGIAN TU\n\
                'A2,'199202022023211902,null,ANI CONTOH,null,null,71,null,null,'01-01-2023,null,'U-2,null\n";
    let delivery = one(text(FileKind::Roster, file));
    assert_eq!((delivery.kind, delivery.statements.len()), (Kind::Roster, 2));
    let said: Vec<String> = bodies(&delivery)
        .into_iter()
        .map(|(_, _, body)| match body {
            Body::Roster(rows) => {
                let it = &rows[0];
                format!(
                    "{} {:?} {} {:?} {:?} {:?}",
                    it.nama,
                    it.jenis_pegawai,
                    it.kode_unit,
                    it.status,
                    it.kelas_jabatan,
                    it.tmt_pns.map(|day| day.to_string())
                )
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(said, [r#"Dr. BUDI CONTOH, S.Kom. Pns U-1 Aktif None Some("2011-01-01")"#, "ANI CONTOH Pppk U-2 Aktif None None",]);
    for lacking in ["kelas_jabatan", "nip_atasan", "rekening", "jpt"] {
        assert!(delivery.notices.contains(&Notice::ColumnAbsent(lacking)), "{lacking}");
    }
    let of = |standing: &str, kind: &str| {
        let file = format!("nip_baru;nama;kedudukan_hukum_id;status_cpns_pns;unor_id\n{BUDI};BUDI;{standing};{kind};U\n");
        refusals(text(FileKind::Roster, &file)).remove(0)
    };
    assert_eq!(of("70", "PNS").column.as_deref(), Some("kedudukan_hukum_id"));
    assert_eq!(of("01", "null").reason, RefusalReason::NotOneOf(vec!["PNS", "CPNS", "PPPK"]));
    let missing = reasons(text(FileKind::Roster, "pns_id,nip_baru,nip_lama,nama\n'A,'198501012010011901,null,'BUDI\n"));
    assert_eq!(missing, [RefusalReason::MissingColumns(vec!["unor_id", "kedudukan_hukum_id"])]);
}

fn nominatif(sheet: &[&[V]], period: Option<&str>) -> Result<Vec<Delivery>, IntakeError> {
    let bytes = workbook(&[("Nominatif", sheet)]);
    let period = period.map(|period| period.parse().unwrap());
    read(&Reading {
        kind: FileKind::Payment,
        name: "nominatif.xlsx",
        bytes: &bytes,
        period,
        accept_partial: false,
        synonyms: &BTreeMap::new(),
    })
}

/// A paper form: names of columns in two rows, numbers below them.
const ABOVE: [V; 16] = [
    V::T("No"),
    V::T("Nama / NIP"),
    V::T("Eselon"),
    V::T("Golongan"),
    V::T("Status Kawin"),
    V::T("Jml Anak"),
    V::T("Kelas Jabatan"),
    V::T("GAJI"),
    V::T("TUNJANGAN KINERJA DAN POTONGAN"),
    V::E,
    V::E,
    V::E,
    V::E,
    V::T("Dibayarkan"),
    V::T("Rekening"),
    V::T("Keterangan"),
];
const BELOW: [V; 13] = [
    V::E,
    V::E,
    V::E,
    V::E,
    V::E,
    V::E,
    V::E,
    V::T("Gaji Pokok"),
    V::T("Tukin"),
    V::T("Tunj Penyesuaian"),
    V::T("Pot Absen"),
    V::T("Jumlah"),
    V::T("Tunj PPh21"),
];

fn numbers() -> Vec<V> {
    ["1", "2", "3", "4", "5", "6", "7", "A", "D", "E", "G", "H=D+E-G", "I", "J-K"].map(V::T).to_vec()
}

fn paid(person: &'static str, amounts: [V; 4]) -> Vec<V> {
    let [tukin, cut, left, net] = amounts;
    let who = [V::N(1.0), V::T(person), V::E, V::T("III/a"), V::T("K"), V::N(2.0), V::T("08"), V::N(3_000_000.0)];
    who.into_iter().chain([tukin, V::E, cut, left, V::E, net, V::T("0123456789")]).collect()
}

#[test]
fn the_nominatif_is_a_payment_file_without_what_it_does_not_say() {
    let title = [V::T("DAFTAR PEMBAYARAN TUNJANGAN KINERJA")];
    let n = V::N;
    let budi = paid("BUDI CONTOH, S.Kom.\n198501012010011901", [n(4_595_150.0), n(45_951.0), n(4_549_199.0), n(4_549_199.0)]);
    let ani = paid("ANI CONTOH / NIP 199202022023211902", [n(4_595_150.0), V::T("2,5 %"), n(4_480_271.0), n(4_480_271.0)]);
    let total = paid("", [n(9_190_300.0), n(160_830.0), n(9_029_470.0), n(9_029_470.0)]);
    let total: Vec<V> = [V::T("JUMLAH")]
        .into_iter()
        .chain(total.into_iter().skip(1).map(|cell| if matches!(cell, V::T(_)) { V::E } else { cell }))
        .collect();
    let numbered = numbers();
    let sheet: [&[V]; 8] = [&title, &[], &ABOVE, &BELOW, &numbered, &budi, &ani, &total];
    let delivery = one(nominatif(&sheet, Some("2026-10")));
    assert_eq!((delivery.kind, delivery.scope, delivery.rows_read), (Kind::Payment, Scope::Everybody, 2));
    let rows: Vec<_> = bodies(&delivery)
        .into_iter()
        .map(|(nip, _, body)| match body {
            Body::Payment(rows) => (nip, rows[0].clone()),
            other => panic!("{other:?}"),
        })
        .collect();
    let (nip, row) = &rows[0];
    assert_eq!((nip.as_str(), row.nama.as_deref(), row.kelas), (BUDI, Some("BUDI CONTOH, S.Kom."), Some(8)));
    assert_eq!([row.bruto.0, row.potongan.0, row.bersih.0], [4_595_150, 45_951, 4_549_199]);
    assert_eq!(row.rekening.as_deref(), Some("0123456789"));
    let lacking = [&row.kode_satker, &row.nomor_sk, &row.kode_bank, &row.nama_bank, &row.nama_rekening];
    assert!(lacking.iter().all(|field| field.is_none()) && row.dibayar.is_none() && row.akhir.is_none(), "not there, not guessed");
    let (nip, row) = &rows[1];
    assert_eq!((nip.as_str(), row.nama.as_deref()), (ANI, Some("ANI CONTOH")));
    assert_eq!([row.bruto.0, row.potongan.0, row.bersih.0], [4_595_150, 114_879, 4_480_271], "a percent is what was taken");
    let total = delivery.facts.total.unwrap();
    assert_eq!((total.stated, total.stated.map(|amount| amount.0)), (total.summed, [9_190_300, 160_830, 9_029_470]));
    assert!(matches!(nominatif(&sheet, None), Err(IntakeError::PeriodNeeded { .. })), "nothing in it names the work month");
}

#[test]
fn rows_of_a_nominatif_are_refused_like_any_other() {
    let of = |person, amounts| {
        let row = paid(person, amounts);
        refusals(nominatif(&[&ABOVE, &BELOW, &row], Some("2026-10"))).remove(0)
    };
    let n = V::N;
    let sound = [n(4_595_150.0), n(0.0), n(4_595_150.0), n(4_595_150.0)];
    let refusal = of("BUDI 3174012345678901", sound);
    assert_eq!(refusal.column.as_deref(), Some("nama_nip"));
    assert!(!refusal.value.unwrap().contains("3174012345678901"), "masked");
    assert_eq!(of("BUDI 198501012010011901", [n(-1.0), n(0.0), V::E, n(-1.0)]).reason, RefusalReason::NegativeGross);
    assert_eq!(of("BUDI 198501012010011901", [n(4_595_150.5), n(0.0), V::E, n(1.0)]).reason, RefusalReason::NotRupiah);
    assert_eq!(of("BUDI 198501012010011901", [n(4_595_150.0), V::T("sepuluh"), V::E, n(1.0)]).reason, RefusalReason::NotRupiah);
}

#[test]
fn the_salary_file_is_kept_for_its_accounts_only() {
    let file = format!(
        "nip,bulan,tahun,kdjns,gjpokok,tjistri,bersih,kdbankspan,nmbankspan,rekening,nmrek\n{BUDI},10,2026,1,3000000,0,2900000,520009000990,BANK CONTOH,0011223344,BUDI CONTOH\n"
    );
    let delivery = one(load(FileKind::Payment, "Gaji_Bank_10.csv", file.as_bytes()));
    assert_eq!((delivery.kind, delivery.scope, delivery.span.to_string().as_str()), (Kind::Bank, Scope::Named, "2026-10"));
    let Some(Body::Bank(accounts)) = &delivery.statements[0].body else { panic!() };
    assert_eq!(accounts[0].rekening.as_deref(), Some("0011223344"));
    let wrong = file.replace(",10,2026,", ",13,2026,");
    assert_eq!(reasons(load(FileKind::Payment, "Gaji_Bank_13.csv", wrong.as_bytes())), [RefusalReason::OutOfRange]);
}
