//! Sentences of contract §4 to §7 read once more, against the grain: each test is one sentence.

use super::bench::{Bench, day};
use selaras::domain::attendance::DayStatus;
use selaras::domain::evidence::{Reason, Scope};
use selaras::domain::leave::{DoctorsLetter, PermitKind};
use selaras::domain::person::{EmployeeKind, EmploymentStatus};
use selaras::domain::{Body, Code, Kind, Rupiah, Standing};
use selaras::policy::{EventKind, FlexMode, Verified};

const NONE: [Code; 0] = [];
/// Classes 8 and 7 of the example tariff.
const T8: i64 = 4_595_150;
const T7: i64 = 3_915_950;

// §4 Completeness of a source

#[test]
fn a_broken_row_about_the_person_is_not_an_absence() {
    for kind in [Kind::Skp, Kind::Evaluation] {
        let mut bench = Bench::clean();
        bench.skp(Vec::clear);
        bench.no_evaluation();
        bench.own_failure(kind, Reason::Malformed, 0);
        let verdict = bench.verdict();
        assert_eq!(verdict.unknown, [kind], "as new as the answer of everybody");
        assert_eq!(verdict.finding(Code::Sr02).param("reason"), "malformed");
        assert!(!verdict.codes().contains(&if kind == Kind::Skp { Code::Sk01 } else { Code::Pr01 }));
        let mut bench = Bench::clean();
        bench.skp(Vec::clear);
        bench.no_evaluation();
        bench.own_failure(kind, Reason::Malformed, 1);
        assert!(bench.verdict().unknown.is_empty(), "an answer of everybody that is newer is an absence");
    }
}

#[test]
fn a_broken_row_is_no_withdrawal_and_leaves_what_is_present() {
    let mut bench = Bench::clean();
    bench.own_failure(Kind::Evaluation, Reason::Malformed, 0);
    assert_eq!(bench.verdict().standing, Standing::Layak, "evidence that is fresh enough stands");
    bench.withdraw(Kind::Evaluation);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Sr02], Standing::BelumDiketahui));
}

#[test]
fn presence_in_any_skp_file_beats_absence_in_another() {
    let mut bench = Bench::clean();
    let mut none = bench.skp_rows();
    (none[0].is_skp, none[0].skp_id, none[0].periode_awal, none[0].periode_akhir) = (false, None, None, None);
    bench.further("aaa", Body::Skp(none), Scope::Everybody);
    assert_eq!(bench.verdict().codes(), NONE);
}

#[test]
fn skps_of_two_unit_files_belong_together() {
    let mut bench = Bench::clean();
    bench.scope(Kind::Skp, Scope::Named);
    let mut later = bench.skp_rows();
    (later[0].skp_id, later[0].periode_awal) = (Some("SKP-2".to_owned()), Some(day("2026-10-16")));
    bench.skp(|rows| rows[0].periode_akhir = Some(day("2026-10-15")));
    assert_eq!(bench.verdict().codes(), [Code::Sk04]);
    bench.further("zzz", Body::Skp(later.clone()), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE);
    let mut bench = Bench::clean();
    bench.further("zzz", Body::Skp(later), Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE, "the bulk list knows all SKPs; an older file adds none");
}

#[test]
fn of_two_unit_files_the_one_with_the_skp_of_the_last_day_decides() {
    let mut bench = Bench::clean();
    bench.scope(Kind::Evaluation, Scope::Named);
    let now = bench.evaluation_rows();
    bench.evaluation(|row| (row.periode_akhir_skp, row.hasil_akhir) = (Some(day("2026-06-30")), "Kurang".to_owned()));
    bench.further("zzz", Body::Evaluation(now), Scope::Named);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), NONE);
    assert_eq!(verdict.predikat.map(|predikat| predikat.key()), Some("baik"));
}

#[test]
fn a_payment_file_with_rows_left_out_misses_nobody() {
    let mut bench = Bench::clean();
    bench.no_payment();
    assert_eq!(bench.verdict().codes(), [Code::Ro02]);
    bench.scope(Kind::Payment, Scope::Named);
    assert_eq!(bench.verdict().codes(), NONE);
}

// §5 What BKN's answers mean

#[test]
fn two_rekap_rows_that_differ_are_no_choice_of_ours() {
    let mut bench = Bench::clean();
    bench.evaluation(|row| {
        (row.periode_awal_skp, row.periode_akhir_skp, row.skp_id, row.skp_penilaian_id) = (None, None, None, None);
    });
    bench.evaluation_twin(|row| row.hasil_akhir = "Butuh Perbaikan".to_owned());
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.expected, verdict.predikat), (vec![Code::Id03], None, None));
}

#[test]
fn a_contradiction_that_does_not_decide_leaves_the_amount() {
    let mut bench = Bench::clean();
    let old = |row: &mut selaras::domain::ekinerja::EvaluationRow| {
        row.periode_akhir_skp = Some(day("2026-06-30"));
        row.skp_penilaian_id = Some("PEN-0".to_owned());
    };
    bench.evaluation_twin(old);
    bench.evaluation_twin(|row| {
        old(row);
        row.hasil_akhir = "Sangat Baik".to_owned();
    });
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Id03], Standing::Tertahan));
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
}

#[test]
fn a_contradicting_predikat_hides_nothing_of_the_payment() {
    let mut bench = Bench::clean();
    bench.evaluation_twin(|row| row.hasil_akhir = "Sangat Baik".to_owned());
    bench.payment(|row| row.kelas = Some(9));
    assert_eq!(bench.verdict().codes(), [Code::Id03, Code::Cl01, Code::Cl03]);
}

// §6 Arithmetic, and what has no expected amount

#[test]
fn expected_is_null_for_every_finding_about_the_roster() {
    let mut bench = Bench::clean();
    bench.no_payment();
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.expected), (vec![Code::Ro02], None));
}

#[test]
fn rows_that_disagree_about_entitlement_decide_nothing() {
    let mut bench = Bench::clean();
    bench.roster_twin(|entry| entry.status = EmploymentStatus::Cltn);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing, verdict.expected), (vec![Code::Id03], Standing::Tertahan, None));
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.status = EmploymentStatus::Cltn);
    bench.roster_twin(|entry| entry.status = EmploymentStatus::Aktif);
    assert_eq!(bench.verdict().standing, Standing::Tertahan);
}

#[test]
fn a_roster_field_that_money_does_not_need() {
    let mut bench = Bench::clean();
    bench.roster_twin(|entry| entry.jabatan = Some("Arsiparis".to_owned()));
    let verdict = bench.verdict();
    assert_eq!(verdict.finding(Code::Id03).param("field"), "jabatan");
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
}

#[test]
fn two_rows_of_one_day_that_differ_in_a_remark_only() {
    let mut bench = Bench::clean();
    bench.add_row("2026-10-05", |row| {
        row.jam_masuk = Some("07:29:40".parse().unwrap());
        row.jam_pulang = Some("16:00:00".parse().unwrap());
        row.status = Some(DayStatus::Wfo);
        row.keterangan = Some("apel".into());
    });
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.expected.map(|due| due.net)), (vec![Code::Id03], Some(Rupiah(T8))));
    let mut bench = Bench::clean();
    bench.add_row("2026-10-05", |row| row.status = Some(DayStatus::TidakHadir));
    assert_eq!((bench.verdict().codes(), bench.verdict().expected), (vec![Code::Id03], None));
}

#[test]
fn after_a_status_ended_service_nobody_is_absent() {
    let mut bench = Bench::clean();
    bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Pensiun, Some(day("2026-10-15"))));
    for at in bench.workdays().into_iter().filter(|at| at.as_str() >= "2026-10-15") {
        bench.row(&at, |row| (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::Cuti), None, None));
    }
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.expected), (vec![Code::Ro03], None));
}

#[test]
fn a_change_inside_the_period_does_not_hide_the_class() {
    let mut bench = Bench::clean();
    bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Pindah, Some(day("2026-10-15"))));
    bench.payment(|row| row.kelas = Some(9));
    assert_eq!(bench.verdict().codes(), [Code::Ro03, Code::Cl01, Code::Cl03]);
}

#[test]
fn leave_and_absence_on_one_day() {
    let mut bench = Bench::clean();
    bench.row("2026-10-05", |row| row.status = Some(DayStatus::TidakHadir));
    bench.permit(PermitKind::CutiTahunan, "2026-10-05", "2026-10-05");
    assert_eq!(bench.verdict().codes(), [Code::Lv01, Code::Lv03], "scans on a leave day that is counted as absent");
    let mut bench = Bench::clean();
    bench.row("2026-10-05", |row| row.status = Some(DayStatus::TidakHadir));
    bench.permit(PermitKind::DinasLuar, "2026-10-05", "2026-10-05");
    assert_eq!(bench.verdict().codes(), [Code::Lv01], "LV03 is for leave kinds only");
}

#[test]
fn a_permit_for_missing_scans_wins_over_tidak_hadir() {
    let mut bench = Bench::clean();
    bench.row("2026-10-05", |row| (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::TidakHadir), None, None));
    bench.permit(PermitKind::IzinTidakPresensi, "2026-10-05", "2026-10-05");
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.expected.unwrap().net), (vec![Code::Lv01], Rupiah(T8)));
}

#[test]
fn a_band_that_is_paid_in_full_is_no_override() {
    let mut bench = Bench::clean();
    bench.policy(|file| {
        let rule = file.leave.iter_mut().find(|rule| rule.kind == "cuti_sakit").unwrap();
        (rule.bands[0].deduct_per_day, rule.bands[0].percent_paid) = (None, "100".parse().ok());
    });
    bench.permit(PermitKind::CutiSakit, "2026-10-05", "2026-10-09");
    bench.letter(DoctorsLetter::InTime);
    let verdict = bench.verdict();
    assert_eq!(verdict.line("leave:cuti_sakit").map(|line| line.percent.to_string()).as_deref(), Some("7.5"));
}

#[test]
fn the_end_of_flexible_time() {
    let mut bench = Bench::clean();
    // exactly at the limit it is still made up; a missing check-out on such a day is only that
    bench.scan("2026-10-05", Some("09:00:59"), Some("17:30"));
    assert_eq!(bench.verdict().lines(), [""; 0]);
    bench.scan("2026-10-05", Some("09:00"), None);
    assert_eq!(bench.verdict().lines(), ["PC4"]);
    bench.policy(|file| file.worktime.flex.mode = FlexMode::ToleranceCliff);
    bench.scan("2026-10-05", Some("09:00"), Some("16:00"));
    assert_eq!(bench.verdict().lines(), [""; 0]);
    bench.scan("2026-10-05", Some("09:01"), Some("16:00"));
    assert_eq!(bench.verdict().lines(), ["TM4"]);
    bench.policy(|file| file.worktime.flex.mode = FlexMode::ToleranceSubtract);
    assert_eq!(bench.verdict().lines(), ["TM1"]);
}

// §6 silences and comparisons

#[test]
fn a_study_assignment_is_held_against_its_class() {
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.status = EmploymentStatus::TugasBelajar);
    assert_eq!(bench.verdict().codes(), [Code::St03, Code::Am01]);
    bench.payment(|row| (row.kelas, row.bruto, row.bersih) = (Some(7), Rupiah(T7), Rupiah(T7)));
    assert_eq!(bench.verdict().codes(), NONE);
    bench.payment(|row| row.kelas = Some(8));
    assert_eq!(bench.verdict().codes(), [Code::Cl01, Code::Cl03], "paid by the fixed class under another grade");
}

#[test]
fn a_status_paid_wrong_silences_the_class_of_every_row() {
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Cpns);
    bench.payment_twin(|row| (row.bruto, row.bersih) = (Rupiah(T8 + 1), Rupiah(T8 + 1)));
    assert_eq!(bench.verdict().codes(), [Code::St01, Code::Am01, Code::Pe02]);
}

#[test]
fn a_level_is_named_as_the_policy_names_it() {
    let mut bench = Bench::clean();
    bench.punish("Sedang_1 ", "2026-09");
    assert_eq!(bench.verdict().lines(), ["discipline:sedang_1"]);
}

#[test]
fn one_of_two_summed_punishments_left_out() {
    let mut bench = Bench::clean();
    bench.policy(|file| file.discipline.multiple = selaras::policy::Multiple::Sum);
    bench.punish("sedang_1", "2026-09");
    bench.punish("sedang_2", "2026-09");
    bench.pay(3_446_363);
    assert_eq!(bench.verdict().codes(), [Code::Ds01, Code::Am01]);
}

#[test]
fn more_than_one_bank_in_one_file() {
    let mut bench = Bench::clean();
    let other = |row: &mut selaras::domain::payment::PaymentRow| {
        (row.kode_bank, row.nama_bank) = (Some("009".to_owned()), Some("BANK LAIN".to_owned()));
    };
    bench.stranger_is_paid("198601012010011902", other);
    assert_eq!(bench.verdict().codes(), [Code::Bk03], "half and half: no bank is the file's");
    bench.stranger_is_paid("198701012010011903", |_| {});
    assert_eq!(bench.verdict().codes(), NONE);
    bench.stranger_is_paid("198801012010011904", |row| {
        (row.kode_bank, row.nama_bank) = (Some("010".to_owned()), Some("BANK KETIGA".to_owned()));
    });
    bench.stranger_is_paid("198901012010011905", other);
    bench.stranger_is_paid("199001012010011906", other);
    assert_eq!(bench.verdict().codes(), [Code::Bk03], "no bank has half of the rows, and another has the most");
}

// §6 trial mode

#[test]
fn a_rule_is_used_also_where_it_cuts_nothing() {
    let mut bench = Bench::clean();
    let used = |bench: &Bench| bench.verdict().unverified_rules.clone();
    assert!(used(&bench).contains(&"period".to_owned()), "which days count");
    assert!(!used(&bench).contains(&"worktime.flex".to_owned()));
    bench.scan("2026-10-05", Some("09:30"), Some("16:00"));
    assert!(used(&bench).contains(&"worktime.flex".to_owned()), "beyond the limit it counts whole: the rule says so");
    bench.scan("2026-10-05", None, None);
    assert!(used(&bench).contains(&"deduction.event[no_scan_at_all]".to_owned()));
    bench.policy(|file| {
        for event in file.deduction.event.iter_mut().filter(|event| event.kind == EventKind::NoScanAtAll) {
            event.verified = Verified::Secondary;
        }
    });
    assert!(!used(&bench).contains(&"deduction.event[no_scan_at_all]".to_owned()));
}
