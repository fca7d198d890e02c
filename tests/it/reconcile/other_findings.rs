//! The findings that need more than one row: other cycles, other sources, other people, another day.

use super::bench::{Bench, day};
use selaras::domain::ekinerja::{AnnualRow, BknLeave, EvaluationForm, EvaluationRow, HistoryNote, HistoryRow, Identity};
use selaras::domain::evidence::Scope;
use selaras::domain::person::{EmployeeKind, EmploymentStatus};
use selaras::domain::{Body, Code, Kind, Nip, Rupiah, Severity, Standing};

const NONE: [Code; 0] = [];
/// Class 8 of the example tariff, whole, less 20 %, less 35 %, less 70 %.
const T8: i64 = 4_595_150;
const LESS_20: i64 = 3_676_120;
const LESS_35: i64 = 2_986_848;
const LESS_70: i64 = 1_378_545;
/// The supplement of an acting position: 20 % of T8.
const PLT: i64 = 919_030;
const BOSS: &str = "197001011995011901";

fn low(row: &mut EvaluationRow) {
    (row.hasil_kerja, row.perilaku_kerja) = ("Dibawah Ekspektasi".to_owned(), "Dibawah Ekspektasi".to_owned());
    row.hasil_akhir = "Sangat Kurang".to_owned();
}

fn blank(row: &mut EvaluationRow) {
    (row.hasil_kerja, row.perilaku_kerja, row.hasil_akhir) = ("-".to_owned(), "-".to_owned(), "-".to_owned());
}

fn history(month: u32, label: Option<&str>, ratings: (i64, i64)) -> Body {
    Body::History(vec![HistoryRow {
        id: None,
        tahun: Some(2026),
        periodik_id: Some(1),
        bulan_mulai: Some(month),
        bulan_selesai: Some(month),
        tahun_selesai: Some(2026),
        hasil_nilai: Some(ratings.0),
        perilaku_nilai: Some(ratings.1),
        kuadran_nilai: None,
        kuadran: label.map(str::to_owned),
        penilai_nip: None,
    }])
}

fn identity(code: &str) -> Body {
    Body::Identity(vec![Identity {
        pns_id: None,
        nama: None,
        kedudukan_id: Some(code.to_owned()),
        kedudukan_nama: Some(format!("kode {code}")),
        status_pegawai: None,
        jabatan: None,
        unor: None,
        instansi_kerja: None,
        tmt_cpns: None,
        tmt_pns: None,
        tmt_spmt: None,
    }])
}

#[test]
fn sk03_the_skp_is_for_another_position() {
    let mut bench = Bench::clean();
    bench.skp(|rows| rows[0].jabatan = Some("PRANATA  KOMPUTER Ahli Muda".to_owned()));
    assert_eq!(bench.verdict().codes(), NONE, "spelling does not matter");
    bench.skp(|rows| rows[0].jabatan = Some("Arsiparis Ahli Muda".to_owned()));
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Sk03], Standing::Tertahan));
    assert_eq!(verdict.finding(Code::Sk03).evidence.len(), 2);
    bench.skp(|rows| rows[0].plt = true);
    assert!(!bench.verdict().codes().contains(&Code::Sk03), "an acting SKP is for another position by its nature");
    let mut bench = Bench::clean();
    bench.skp(|rows| rows[0].jabatan = Some("Arsiparis".to_owned()));
    bench.roster(|entry| entry.jabatan = None);
    assert_eq!(bench.verdict().codes(), NONE);
}

#[test]
fn sk05_is_raised_on_the_superior_once() {
    let mut bench = Bench::clean();
    let me = Nip::parse("198501012010011901").ok();
    bench.skp(|rows| rows[0].status = Some("Draf".to_owned()));
    assert_eq!(bench.verdict().codes(), [Code::Sk02], "nobody depends on it");
    bench.colleague("199001012015011901", |entry| entry.nip_atasan = me);
    bench.colleague("199101012015011902", |entry| entry.nip_atasan = me);
    bench.colleague("199201012015011903", |entry| (entry.nip_atasan, entry.status) = (me, EmploymentStatus::Cltn));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Sk02, Code::Sk05]);
    assert_eq!(verdict.finding(Code::Sk05).param("subordinates"), "2");
    assert_eq!(verdict.finding(Code::Sk05).severity, Severity::Info);
    bench.skp(|rows| rows[0].status = Some("Persetujuan".to_owned()));
    assert_eq!(bench.verdict().codes(), NONE);
}

#[test]
fn pr07_the_due_day_is_inclusive() {
    let mut bench = Bench::clean();
    bench.evaluation(|row| row.waktu_dinilai = "2026-10-10T23:59:59".parse().ok());
    assert_eq!(bench.verdict().codes(), NONE);
    bench.evaluation(|row| row.waktu_dinilai = "2026-10-11T00:00:00".parse().ok());
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Pr07], Standing::Layak));
    assert_eq!(verdict.finding(Code::Pr07).param("due"), "2026-10-10");
}

#[test]
fn pr10_the_assessor() {
    let boss = Nip::parse(BOSS).ok();
    let mut bench = Bench::clean();
    bench.evaluation(|row| row.atasan_nip = Some(BOSS.to_owned()));
    assert_eq!(bench.verdict().codes(), NONE, "the roster names no superior");
    bench.roster(|entry| entry.nip_atasan = boss);
    bench.colleague(BOSS, |_| {});
    assert_eq!(bench.verdict().codes(), NONE);
    bench.colleague(BOSS, |entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Pensiun, Some(day("2026-10-01"))));
    assert_eq!(bench.verdict().codes(), NONE, "in service on the last day of the cycle");
    bench.evaluation(|row| row.waktu_dinilai = "2026-10-05T08:00:00".parse().ok());
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.finding(Code::Pr10).param("assessor_reasons")), (vec![Code::Pr10], "inactive"));
    bench.evaluation(|row| row.atasan_nip = Some("198501012010011901".to_owned()));
    assert_eq!(bench.verdict().finding(Code::Pr10).param("assessor_reasons"), "self, not_superior");
}

#[test]
fn pr08_changed_after_the_payment_file() {
    let mut bench = Bench::clean();
    bench.when_paid(|_| {});
    assert_eq!(bench.verdict().codes(), NONE, "the same predikat");
    bench.when_paid(low);
    bench.pay(LESS_20);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Pr08, Code::Am01]);
    assert_eq!(verdict.finding(Code::Pr08).rupiah_at_risk, Rupiah(PLT));
    assert_eq!((verdict.finding(Code::Pr08).param("before"), verdict.finding(Code::Pr08).evidence.len()), ("Sangat Kurang", 6));
    bench.no_payment();
    assert_eq!(bench.verdict().codes(), [Code::Ro02], "nothing was paid by the old predikat");
}

#[test]
fn pr09_the_predikat_of_a_neighbouring_cycle_was_taken() {
    for cycle in ["2026-08", "2026-10"] {
        let mut bench = Bench::clean();
        bench.cycle(cycle, low);
        assert_eq!(bench.verdict().codes(), NONE, "rightly paid");
        bench.pay(LESS_20);
        let verdict = bench.verdict();
        assert_eq!(verdict.codes(), [Code::Pr09, Code::Am01], "{cycle}");
        assert_eq!(verdict.finding(Code::Pr09).param("cycle"), cycle);
        bench.pay(LESS_20 - 1);
        assert_eq!(bench.verdict().codes(), [Code::Am01]);
    }
    let mut bench = Bench::clean();
    bench.cycle("2026-08", blank);
    bench.pay(LESS_35);
    assert_eq!(bench.verdict().codes(), [Code::Pr09, Code::Am01], "a missing predikat has its percent too");
    let mut bench = Bench::clean();
    bench.cycle("2026-07", low);
    bench.pay(LESS_20);
    assert_eq!(bench.verdict().codes(), [Code::Am01], "two cycles away is no wrong lag");
}

#[test]
fn pr11_missing_cycles_in_a_row() {
    let mut bench = Bench::clean();
    bench.evaluation(blank);
    for cycle in ["2026-08", "2026-06", "2026-05"] {
        bench.cycle(cycle, blank);
    }
    bench.silent_cycle("2026-07");
    bench.pay(LESS_35);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Pr01, Code::Pr11], "five of six");
    assert_eq!(verdict.finding(Code::Pr11).param("cycles"), "2026-09, 2026-08, 2026-07, 2026-06, 2026-05");
    bench.silent_cycle("2026-04");
    bench.pay(LESS_70);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Pr01, Code::Pr11], "six of six: the other percent");
    assert_eq!(verdict.line("predikat_missing").unwrap().percent.to_string(), "70.0");
    let step = verdict.derivation.iter().find(|step| step.name == "performance").unwrap();
    assert!(step.values.contains(&("cycles_in_a_row".to_owned(), "6".to_owned())), "{step:?}");
    bench.roster(|entry| entry.tmt_spmt = Some(day("2026-07-01")));
    bench.skp(|rows| rows[0].periode_awal = Some(day("2026-07-01")));
    bench.pay(LESS_35);
    assert_eq!(bench.verdict().codes(), [Code::Pr01], "before the first day of duty nobody is missing");
}

#[test]
fn pr11_an_unknown_cycle_breaks_the_row() {
    let mut bench = Bench::clean();
    bench.evaluation(blank);
    for cycle in ["2026-08", "2026-07", "2026-05", "2026-04"] {
        bench.cycle(cycle, blank);
    }
    bench.pay(LESS_35);
    assert_eq!(bench.verdict().codes(), [Code::Pr01]);
}

#[test]
fn pr12_sources_that_contradict_each_other() {
    let mut bench = Bench::clean();
    bench.further("riwayat", history(9, Some("BAIK"), (3, 3)), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE, "the label counts");
    for body in [history(9, Some("KURANG"), (2, 2)), history(9, None, (3, 3))] {
        let mut bench = Bench::clean();
        bench.further("riwayat", body, Scope::Named);
        let verdict = bench.verdict();
        assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Pr12], Standing::Layak));
    }
    let mut bench = Bench::clean();
    bench.further("riwayat", history(8, Some("KURANG"), (1, 3)), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE, "another month");
    let mut rekap = bench.evaluation_rows();
    (rekap[0].form, rekap[0].hasil_akhir) = (EvaluationForm::Rekap, "Sangat Baik".to_owned());
    bench.further("zzz", Body::Evaluation(rekap.clone()), Scope::Named);
    assert_eq!(bench.verdict().codes(), [Code::Pr12]);
    let mut answered = bench.evaluation_rows();
    answered[0].hasil_akhir = "Sangat Baik".to_owned();
    for (stream, codes) in [("report:", &[Code::Pr12][..]), ("unit lain", &NONE[..])] {
        let mut bench = Bench::clean();
        bench.further(stream, Body::Evaluation(answered.clone()), Scope::Named);
        assert_eq!(bench.verdict().codes(), codes, "an export file stood in while BKN was down: {stream}");
    }
    let mut bench = Bench::clean();
    rekap[0].hasil_akhir = "-".to_owned();
    bench.further("zzz", Body::Evaluation(rekap), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE, "a recap that lags contradicts nothing");
}

#[test]
fn pr13_low_again_or_low_in_the_year() {
    let mut bench = Bench::clean();
    bench.evaluation(low);
    bench.pay(LESS_20);
    assert_eq!(bench.verdict().codes(), NONE, "once");
    bench.cycle("2026-08", low);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.finding(Code::Pr13).param("follow_up")), (vec![Code::Pr13], "service"));
    let annual = |year| AnnualRow {
        id: None,
        tahun: Some(year),
        hasil_nilai: Some(1),
        perilaku_nilai: Some(3),
        kuadran_nilai: None,
        kuadran: Some("KURANG".to_owned()),
        penilai_nip: None,
    };
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Pppk);
    bench.further("skp22", Body::SkpAnnual(vec![annual(2024)]), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE, "an older year");
    bench.further("skp22-2", Body::SkpAnnual(vec![annual(2025)]), Scope::Named);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.finding(Code::Pr13).param("follow_up")), (vec![Code::Pr13], "contract"));
}

#[test]
fn st04_long_probation() {
    let mut bench = Bench::clean();
    bench.roster(|entry| (entry.jenis_pegawai, entry.tmt_cpns) = (EmployeeKind::Cpns, Some(day("2025-08-31"))));
    bench.payment(|row| (row.bruto, row.bersih) = (Rupiah(3_676_120), Rupiah(3_676_120)));
    assert_eq!(bench.verdict().codes(), NONE, "exactly fourteen months");
    bench.roster(|entry| entry.tmt_cpns = Some(day("2025-08-01")));
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.finding(Code::St04).param("months")), (vec![Code::St04], "14"));
    bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Pppk);
    assert!(!bench.verdict().codes().contains(&Code::St04));
}

#[test]
fn st05_standing_at_bkn() {
    for (code, expected) in [("01", None), ("02", Some(())), ("04", Some(())), ("99", Some(())), ("15", None), ("11", None), ("XX", None)] {
        let mut bench = Bench::clean();
        bench.further("bkn", identity(code), Scope::Named);
        let wanted: Vec<Code> = expected.map(|()| Code::St05).into_iter().collect();
        assert_eq!(bench.verdict().codes(), wanted, "{code}");
        bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Pppk);
        assert_eq!(bench.verdict().codes(), NONE, "codes are PNS codes: {code}");
    }
    let mut bench = Bench::clean();
    bench.further("bkn", identity("01"), Scope::Named);
    bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Mpp, Some(day("2026-10-15"))));
    assert_eq!(bench.verdict().codes(), [Code::Ro03, Code::St05]);
    bench.roster(|entry| entry.tmt_status = Some(day("2026-09-01")));
    assert_eq!(bench.verdict().codes(), [Code::St02], "nothing but ST02 for who is not entitled");
}

#[test]
fn ro03_by_a_move_that_only_bkn_knows() {
    for (tmt, codes) in [("2026-10-15", vec![Code::Ro03]), ("2026-10-01", vec![]), ("2026-11-01", vec![])] {
        let mut bench = Bench::clean();
        let note = HistoryNote { id: None, sk_nomor: None, tmt: Some(day(tmt)), isi: Some("INSTANSI LAIN".to_owned()) };
        bench.further("pindah", Body::Transfer(vec![note.clone()]), Scope::Named);
        let verdict = bench.verdict();
        assert_eq!(verdict.codes(), codes, "{tmt}");
        assert_eq!(verdict.expected.is_none(), !codes.is_empty());
        let mut bench = Bench::clean();
        bench.further("jabatan", Body::Position(vec![note]), Scope::Named);
        assert_eq!(bench.verdict().codes(), NONE, "a new position is no move between agencies");
    }
}

/// Acting from 1 September; in October the supplement for September is paid (`paid_lag_months`).
fn acting() -> Bench {
    let mut bench = Bench::clean();
    bench.roster(|entry| {
        (entry.plt_jabatan, entry.plt_sk) = (Some("Kepala Bagian Contoh".to_owned()), Some("PLT-1".to_owned()));
        (entry.plt_mulai, entry.plt_selesai) = (Some(day("2026-09-01")), Some(day("2026-12-31")));
    });
    bench.payment_twin(|row| {
        row.nomor_sk = Some("PLT-1".to_owned());
        (row.bruto, row.bersih) = (Rupiah(PLT), Rupiah(PLT));
    });
    bench
}

#[test]
fn the_supplement_of_an_acting_position() {
    let mut bench = acting();
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), NONE);
    assert_eq!(verdict.paid.unwrap().net, Rupiah(T8), "the supplement stands beside");
    let step = verdict.derivation.iter().find(|step| step.name == "plt").unwrap();
    for (name, value) in [("cycle", "2026-09".to_owned()), ("expected", Rupiah(PLT).to_string()), ("paid", Rupiah(PLT).to_string())] {
        assert!(step.values.contains(&(name.to_owned(), value)), "{step:?}");
    }
    bench.roster(|entry| entry.plt_mulai = Some(day("2026-09-02")));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Am01], "September is no whole month of acting");
    assert_eq!((verdict.finding(Code::Am01).subject.as_str(), verdict.finding(Code::Am01).rupiah_at_risk), ("PLT-1", Rupiah(PLT)));
    bench.roster(|entry| entry.plt_mulai = Some(day("2026-08-15")));
    assert_eq!(bench.verdict().codes(), NONE);
    bench.policy(|file| file.plt.min_calendar_months = 2);
    assert_eq!(bench.verdict().codes(), [Code::Am01], "the first whole month of two");
    bench.roster(|entry| entry.plt_mulai = Some(day("2026-08-01")));
    assert_eq!(bench.verdict().codes(), NONE);
}

#[test]
fn cl04_outside_the_decree_or_without_one() {
    let mut bench = acting();
    bench.roster(|entry| (entry.plt_mulai, entry.plt_selesai) = (Some(day("2026-05-01")), Some(day("2026-08-31"))));
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.finding(Code::Cl04).subject.as_str()), (vec![Code::Cl04], "PLT-1"));
    bench.roster(|entry| (entry.plt_mulai, entry.plt_selesai) = (Some(day("2026-10-01")), None));
    assert_eq!(bench.verdict().codes(), [Code::Cl04], "not yet begun");
    bench.roster(|entry| (entry.plt_sk, entry.plt_jabatan) = (None, None));
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.paid.unwrap().net), (vec![Code::Cl04], Rupiah(T8)), "not PE02");
    let mut bench = acting();
    bench.roster(|entry| (entry.plt_sk, entry.plt_jabatan) = (None, None));
    bench.payment_twin(|_| {});
    assert_eq!(bench.verdict().codes(), [Code::Cl04, Code::Am01, Code::Pe02], "the third row is a payment like the first");
}

#[test]
fn a_study_assignment_in_its_extension() {
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.status = EmploymentStatus::TugasBelajar);
    bench.payment(|row| (row.kelas, row.bruto, row.bersih) = (Some(7), Rupiah(3_915_950), Rupiah(3_915_950)));
    assert_eq!(bench.verdict().codes(), NONE);
    let leave =
        |cltn_id, awal| BknLeave { id: None, cltn_id: Some(cltn_id), sk_nomor: None, awal: Some(day(awal)), akhir: None, aktif: None };
    bench.further("tb", Body::UnpaidLeave(vec![leave(6, "2024-09-01"), leave(7, "2026-10-02")]), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE, "the extension begins inside the period");
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.status = EmploymentStatus::TugasBelajar);
    bench.payment(|row| (row.kelas, row.bruto, row.bersih) = (Some(7), Rupiah(1_957_975), Rupiah(1_957_975)));
    bench.further("tb", Body::UnpaidLeave(vec![leave(7, "2026-10-01")]), Scope::Named);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.expected.unwrap().net), (vec![], Rupiah(1_957_975)));
}

#[test]
fn pe03_for_whom_is_held_after_the_kppn_day() {
    // two working days before November: 29 October; the night of the 30th in Jakarta is the 29th in UTC
    for (now, past) in [("2026-10-29T16:59:59Z", false), ("2026-10-29T17:00:00Z", true)] {
        let mut bench = Bench::clean();
        bench.now(now);
        assert_eq!(bench.verdict().codes(), NONE);
        bench.skp(|rows| rows[0].status = Some("Draf".to_owned()));
        let codes = bench.verdict().codes();
        assert_eq!(codes, if past { vec![Code::Sk02, Code::Pe03] } else { vec![Code::Sk02] }, "{now}");
        let mut bench = Bench::clean();
        bench.now(now);
        bench.forget(Kind::Skp);
        assert_eq!(bench.verdict().codes().contains(&Code::Pe03), past);
        let mut bench = Bench::clean();
        bench.now(now);
        bench.roster(|entry| entry.status = EmploymentStatus::Cltn);
        assert_eq!(bench.verdict().codes(), [Code::St02], "who is not entitled waits for nothing");
        let mut bench = Bench::clean();
        bench.now(now);
        bench.not_in_roster();
        assert_eq!(bench.verdict().codes().contains(&Code::Pe03), past, "paid and not rostered");
        bench.no_payment();
        assert_eq!(bench.verdict().codes(), [Code::Ro04], "nothing to be paid");
    }
}
