//! The cases, one for each code of the catalogue.

use super::super::bench::{Bench, day};
use super::{Case, from, office, person};
use selaras::domain::attendance::{AttendanceDay, AttendanceRecap, DayStatus};
use selaras::domain::ekinerja::{EvaluationRow, HistoryRow, Identity};
use selaras::domain::evidence::Scope;
use selaras::domain::leave::PermitKind;
use selaras::domain::payment::PaymentRow;
use selaras::domain::person::{EmployeeKind, EmploymentStatus};
use selaras::domain::{Body, Code, Kind, Nip, Rupiah};

/// Class 8 of the example tariff, whole and with the percents that the cases cost.
const T8: i64 = 4_595_150;
const T8_LESS_2: i64 = 4_503_247;
const T8_LESS_4: i64 = 4_411_344;
const T8_LESS_20: i64 = 3_676_120;
const T8_LESS_25: i64 = 3_446_363;
const T8_LESS_35: i64 = 2_986_848;
const T8_LESS_50: i64 = 2_297_575;
const T7: i64 = 3_915_950;
const T9: i64 = 5_079_200;
/// The supplement of an acting position.
const PLT: i64 = 919_030;
const BOSS: &str = "197001011995011901";

fn rate(row: &mut EvaluationRow, hasil: &str, perilaku: &str, akhir: &str) {
    (row.hasil_kerja, row.perilaku_kerja, row.hasil_akhir) = (hasil.to_owned(), perilaku.to_owned(), akhir.to_owned());
}

fn low(row: &mut EvaluationRow) {
    rate(row, "Dibawah Ekspektasi", "Dibawah Ekspektasi", "Sangat Kurang");
}

fn blank(row: &mut EvaluationRow) {
    rate(row, "-", "-", "-");
}

fn away(row: &mut AttendanceDay, status: DayStatus) {
    (row.status, row.jam_masuk, row.jam_pulang) = (Some(status), None, None);
}

fn pays(row: &mut PaymentRow, class: i64, amount: i64) {
    (row.kelas, row.bruto, row.bersih) = (Some(class), Rupiah(amount), Rupiah(amount));
}

fn history(label: &str) -> Body {
    Body::History(vec![HistoryRow {
        id: None,
        tahun: Some(2026),
        periodik_id: Some(1),
        bulan_mulai: Some(9),
        bulan_selesai: Some(9),
        tahun_selesai: Some(2026),
        hasil_nilai: None,
        perilaku_nilai: None,
        kuadran_nilai: None,
        kuadran: Some(label.to_owned()),
        penilai_nip: None,
    }])
}

fn standing(code: &str) -> Body {
    Body::Identity(vec![Identity {
        pns_id: None,
        nama: None,
        kedudukan_id: Some(code.to_owned()),
        kedudukan_nama: Some(code.to_owned()),
        status_pegawai: None,
        jabatan: None,
        unor: None,
        instansi_kerja: None,
        tmt_cpns: None,
        tmt_pns: None,
        tmt_spmt: None,
    }])
}

pub fn all() -> Vec<Case> {
    [people(), performance(), presence(), leave(), money(), sources(), files()].into_iter().flatten().collect()
}

fn people() -> Vec<Case> {
    vec![
        person(Code::Id03, |bench| bench.evaluation_twin(|row| row.hasil_akhir = "Sangat Baik".to_owned())),
        person(Code::Id04, |bench| bench.payment(|row| row.nama = Some("BUDI COMTOH UJI".to_owned()))),
        person(Code::Id06, |bench| bench.nip("194501012010011901")),
        person(Code::Ro01, |bench| {
            bench.not_in_roster();
            bench.no_evaluation();
            bench.skp(Vec::clear);
        }),
        person(Code::Ro02, Bench::no_payment),
        person(Code::Ro03, |bench| {
            bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Pindah, Some(day("2026-10-15"))));
        }),
        person(Code::Ro04, |bench| {
            bench.not_in_roster();
            bench.no_payment();
        }),
        from(
            Code::St01,
            |bench| {
                bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Cpns);
                bench.payment(|row| pays(row, 8, T8_LESS_20));
            },
            |bench| bench.payment(|row| pays(row, 8, T8)),
        )
        .and(&[Code::Am01]),
        person(Code::St02, |bench| bench.roster(|entry| entry.status = EmploymentStatus::Cltn)),
        from(
            Code::St03,
            |bench| {
                bench.roster(|entry| entry.status = EmploymentStatus::TugasBelajar);
                bench.payment(|row| pays(row, 7, T7));
            },
            |bench| bench.payment(|row| pays(row, 8, T8)),
        )
        .and(&[Code::Am01]),
        from(
            Code::St04,
            |bench| {
                bench.roster(|entry| (entry.jenis_pegawai, entry.tmt_cpns) = (EmployeeKind::Cpns, Some(day("2025-12-01"))));
                bench.payment(|row| pays(row, 8, T8_LESS_20));
            },
            |bench| bench.roster(|entry| entry.tmt_cpns = Some(day("2025-08-01"))),
        ),
        person(Code::St05, |bench| bench.further("bkn", standing("99"), Scope::Named)),
        from(
            Code::Ds01,
            |bench| {
                bench.punish("sedang_1", "2026-09");
                bench.pay(T8_LESS_25);
            },
            |bench| bench.pay(T8),
        )
        .and(&[Code::Am01]),
        person(Code::Ds02, |bench| {
            let days = ["2026-05-05", "2026-05-06", "2026-05-08"].map(day);
            bench.earlier("2026-05", |row| {
                if days.contains(&row.tanggal) {
                    away(row, DayStatus::TidakHadir);
                }
            });
        }),
        from(
            Code::Ds03,
            |bench| {
                bench.punish("sedang_1", "2026-09");
                bench.punish("sedang_2", "2026-09");
                bench.pay(T8_LESS_25);
            },
            |bench| bench.pay(T8_LESS_50),
        )
        .and(&[Code::Am01]),
    ]
}

fn performance() -> Vec<Case> {
    vec![
        person(Code::Sk01, |bench| bench.skp(Vec::clear)),
        person(Code::Sk02, |bench| bench.skp(|rows| rows[0].status = Some("Draf".to_owned()))),
        person(Code::Sk03, |bench| bench.skp(|rows| rows[0].jabatan = Some("Arsiparis".to_owned()))),
        person(Code::Sk04, |bench| bench.skp(|rows| rows[0].periode_akhir = Some(day("2026-10-15")))),
        from(
            Code::Sk05,
            |bench| bench.colleague("199001012015011901", |entry| entry.nip_atasan = Nip::parse("198501012010011901").ok()),
            |bench| bench.skp(|rows| rows[0].status = Some("Draf".to_owned())),
        )
        .and(&[Code::Sk02]),
        person(Code::Pr01, |bench| {
            bench.evaluation(blank);
            bench.pay(T8_LESS_35);
        }),
        person(Code::Pr02, |bench| bench.evaluation(|row| row.hasil_akhir = "-".to_owned())),
        person(Code::Pr03, |bench| bench.evaluation(|row| rate(row, "Dibawah Ekspektasi", "Sesuai Ekspektasi", "Baik"))),
        person(Code::Pr04, |bench| bench.evaluation(|row| row.hasil_akhir = "Istimewa".to_owned())),
        from(
            Code::Pr06,
            |bench| bench.roster(|entry| entry.jpt = true),
            |bench| {
                bench.no_evaluation();
                bench.pay(T8_LESS_35);
            },
        ),
        person(Code::Pr07, |bench| bench.evaluation(|row| row.waktu_dinilai = "2026-10-11T00:00:00".parse().ok())),
        from(Code::Pr08, |bench| bench.when_paid(|_| {}), |bench| bench.when_paid(low)),
        from(Code::Pr09, |bench| bench.cycle("2026-08", low), |bench| bench.pay(T8_LESS_20)).and(&[Code::Am01]),
        from(
            Code::Pr10,
            |bench| {
                bench.roster(|entry| entry.nip_atasan = Nip::parse(BOSS).ok());
                bench.colleague(BOSS, |_| {});
                bench.evaluation(|row| row.atasan_nip = Some(BOSS.to_owned()));
            },
            |bench| bench.evaluation(|row| row.atasan_nip = Some("198501012010011901".to_owned())),
        ),
        from(
            Code::Pr11,
            |bench| ["2026-08", "2026-07", "2026-06", "2026-05"].iter().for_each(|cycle| bench.cycle(cycle, blank)),
            |bench| {
                bench.evaluation(blank);
                bench.pay(T8_LESS_35);
            },
        )
        .and(&[Code::Pr01]),
        from(
            Code::Pr12,
            |bench| bench.further("riwayat", history("BAIK"), Scope::Named),
            |bench| bench.further("riwayat-2", history("KURANG"), Scope::Named),
        ),
        from(
            Code::Pr13,
            |bench| {
                bench.evaluation(low);
                bench.pay(T8_LESS_20);
            },
            |bench| bench.cycle("2026-08", low),
        ),
    ]
}

fn presence() -> Vec<Case> {
    vec![
        person(Code::Ab01, Bench::no_attendance),
        person(Code::Ab03, |bench| {
            for at in ["2026-10-17", "2026-10-18"] {
                bench.add_row(at, |row| row.jam_masuk = "08:00:00".parse().ok());
            }
        }),
        person(Code::Ab04, |bench| {
            bench.every_row(|row| away(row, DayStatus::TidakHadir));
            bench.pay(0);
        })
        .and(&[Code::Ds02]),
        person(Code::Ab05, |bench| {
            bench.scan("2026-10-05", None, Some("16:00"));
            bench.pay(T8_LESS_2);
        }),
        person(Code::Ab06, |bench| {
            bench.scan("2026-10-05", Some("07:25"), Some("23:59"));
            bench.pay(T8_LESS_2);
        }),
        person(Code::Ab07, |bench| {
            bench.scan("2026-10-05", Some("07:25"), Some("07:26"));
            bench.pay(T8_LESS_2);
        }),
        person(Code::Ab09, |bench| bench.add_row("2026-10-04", |row| row.status = Some(DayStatus::TidakHadir))),
        from(
            Code::Ab10,
            |bench| {
                *bench = Bench::of("2026-03");
                bench.scan("2026-03-04", Some("08:10"), Some("15:10"));
            },
            |bench| bench.row("2026-03-04", |row| (row.minutes_late, row.minutes_early) = (Some(40), Some(50))),
        ),
        from(
            Code::Ab12,
            |bench| bench.recap(AttendanceRecap { hari_alpha: Some(0), ..AttendanceRecap::default() }),
            |bench| bench.recap(AttendanceRecap { hari_alpha: Some(2), ..AttendanceRecap::default() }),
        ),
    ]
}

fn leave() -> Vec<Case> {
    vec![
        from(
            Code::Lv01,
            |bench| {
                bench.permit(PermitKind::CutiTahunan, "2026-10-05", "2026-10-05");
                bench.row("2026-10-05", |row| away(row, DayStatus::Cuti));
            },
            |bench| bench.row("2026-10-05", |row| row.status = Some(DayStatus::TidakHadir)),
        ),
        person(Code::Lv02, |bench| {
            bench.row("2026-10-05", |row| away(row, DayStatus::Cuti));
            bench.pay(T8_LESS_4);
        }),
        person(Code::Lv03, |bench| bench.permit(PermitKind::CutiTahunan, "2026-10-05", "2026-10-05")),
        person(Code::Lv04, |bench| {
            bench.permit(PermitKind::CutiSakit, "2026-10-05", "2026-10-05");
            bench.row("2026-10-05", |row| away(row, DayStatus::Cuti));
            bench.pay(T8_LESS_4);
        }),
        person(Code::Lv05, |bench| {
            bench.permit(PermitKind::CutiBesar, "2026-10-12", "2026-12-11");
            bench.every_row(|row| {
                if row.tanggal >= day("2026-10-12") {
                    away(row, DayStatus::Cuti);
                }
            });
        }),
    ]
}

fn money() -> Vec<Case> {
    vec![
        person(Code::Cl01, |bench| bench.payment(|row| pays(row, 9, T9))).and(&[Code::Am01]),
        person(Code::Cl02, |bench| bench.roster(|entry| entry.kelas_jabatan = None)),
        person(Code::Cl03, |bench| {
            bench.payment(|row| (row.bruto, row.potongan) = (Rupiah(T8 + 1_000), Rupiah(1_000)));
        }),
        person(Code::Cl04, |bench| {
            bench.payment_twin(|row| {
                row.nomor_sk = Some("PLT-1".to_owned());
                pays(row, 8, PLT);
            });
        }),
        person(Code::Am01, |bench| bench.pay(T8 - 1)),
        person(Code::Am02, |bench| bench.payment(|row| row.potongan = Rupiah(5))),
        person(Code::Am03, |bench| bench.payment(|row| (row.potongan, row.bersih) = (Rupiah(-5), Rupiah(T8 + 5)))).and(&[Code::Am01]),
        person(Code::Bk01, |bench| bench.payment(|row| row.rekening = None)),
        person(Code::Bk02, Bench::neighbour_with_same_account),
        from(
            Code::Bk03,
            |bench| {
                bench.stranger_is_paid("198601012010011902", |_| {});
                bench.stranger_is_paid("198701012010011903", |_| {});
            },
            |bench| {
                bench.payment(|row| (row.kode_bank, row.nama_bank) = (Some("009".to_owned()), Some("BANK LAIN".to_owned())));
            },
        ),
        person(Code::Pe01, |bench| bench.payment(|row| row.awal = "2026-09".parse().unwrap())),
        person(Code::Pe02, |bench| bench.payment_twin(|_| {})).and(&[Code::Am01]),
        from(
            Code::Pe03,
            |bench| {
                bench.now("2026-11-05T02:00:00Z");
                bench.age_hours(Kind::Evaluation, 0);
            },
            |bench| bench.skp(|rows| rows[0].status = Some("Draf".to_owned())),
        )
        .and(&[Code::Sk02]),
    ]
}

fn sources() -> Vec<Case> {
    vec![
        person(Code::Sr01, |bench| bench.forget(Kind::Skp)),
        person(Code::Sr02, |bench| {
            bench.forget(Kind::Skp);
            bench.fail(Kind::Skp);
        }),
        person(Code::Sr03, |bench| bench.age_hours(Kind::Evaluation, 37)),
        person(Code::Sr04, |bench| bench.withdraw(Kind::Skp)).and(&[Code::Sk01]),
        person(Code::Sr05, |bench| bench.other_nip(Kind::Identity)),
    ]
}

fn files() -> Vec<Case> {
    vec![
        office(Code::Id01, |office| office.bkn_names_nobody = true),
        office(Code::Id02, |office| office.also_paid("3171010101850001")),
        office(Code::Id05, |office| office.attlog = "       31\t2026-10-05 07:20:00\t1\t0\t1\t0\r\n".to_owned()),
        office(Code::Pr05, |office| office.wrong_month = true),
        office(Code::Ab02, |office| office.attendance.retain(|row| row[1] != "2026-10-14")),
        office(Code::Ab08, |office| {
            let mut left = 3;
            for row in office.attendance.iter_mut().filter(|row| row[1] == "2026-10-14") {
                if left > 0 {
                    (left, row[3]) = (left - 1, String::new());
                }
            }
            (0..3).for_each(|person| office.paid[person] = [T8, T8 - T8_LESS_2, T8_LESS_2]);
        })
        .and(&[Code::Ab05]),
        office(Code::Ab11, |office| {
            for row in office.attendance.iter_mut().filter(|row| row[1] == "2026-10-14") {
                row[2] = "06:25:00".to_owned();
            }
        }),
        office(Code::Am04, |office| {
            let row = office.attendance.iter_mut().find(|row| row[1] == "2026-10-14").unwrap();
            row[3] = "15:00:00".to_owned();
        })
        .and(&[Code::Am01]),
    ]
}
