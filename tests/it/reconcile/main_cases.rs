//! Worked examples: one person, one month, rule by rule, under the example policy of October 2026.

use super::bench::{Bench, day};
use selaras::domain::attendance::DayStatus;
use selaras::domain::dossier::Dossier;
use selaras::domain::ekinerja::EvaluationRow;
use selaras::domain::finding::Finding;
use selaras::domain::leave::{DoctorsLetter, PermitKind};
use selaras::domain::person::{EmployeeKind, EmploymentStatus};
use selaras::domain::{Code, Kind, Rupiah, Severity, Standing, Waiver};
use selaras::reconcile::evaluate;

/// Class 8 of the example tariff.
const T8: i64 = 4_595_150;

#[test]
fn a_clean_month_is_paid_in_full() {
    let bench = Bench::clean();
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [] as [Code; 0]);
    assert_eq!(verdict.standing, Standing::Layak);
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
    assert_eq!(verdict.difference(), Some(Rupiah::ZERO));
    assert!(verdict.unverified_rules.contains(&"tariff".to_owned()));
    assert!(verdict.deductions.is_empty());
}

#[test]
fn sangat_kurang_cuts_twenty_percent() {
    // facts tukin-rules §7 no. 2
    let mut bench = Bench::clean();
    bench.evaluation(|row| rate(row, "Dibawah Ekspektasi", "Dibawah Ekspektasi", "Sangat Kurang"));
    let verdict = bench.verdict();
    assert_eq!(verdict.expected.unwrap().net, Rupiah(3_676_120));
    assert_eq!(verdict.line("predikat:sangat_kurang").unwrap().percent.to_string(), "20.0");
    assert_eq!(verdict.codes(), [Code::Am01]);
    assert_eq!(verdict.finding(Code::Am01).rupiah_at_risk, Rupiah(919_030));
}

/// Kind, place, field and value of each piece of evidence.
fn shown(finding: &Finding) -> Vec<(Kind, &str, &str, Option<&str>)> {
    finding.evidence.iter().map(|one| (one.kind, one.locator.as_str(), one.field.as_str(), one.value.as_deref())).collect()
}

#[test]
fn a_missing_predikat_cuts_and_blocks() {
    // facts tukin-rules §7 no. 3; the example policy's [severity] makes PR01 block
    let mut bench = Bench::clean();
    bench.evaluation(|row| rate(row, "-", "-", "-"));
    let verdict = bench.verdict();
    assert_eq!(verdict.expected.unwrap().net, Rupiah(2_986_848));
    assert_eq!(verdict.finding(Code::Pr01).severity, Severity::Block);
    assert_eq!(verdict.finding(Code::Pr01).rupiah_at_risk, Rupiah(2_986_848));
    assert_eq!(verdict.standing, Standing::Tertahan);
    bench.no_evaluation();
    assert_eq!(bench.verdict().codes(), [Code::Pr01, Code::Am01]);
    let asked = (Kind::Evaluation, "2026-09", "state", Some("declared_absent"));
    assert_eq!(shown(bench.verdict().finding(Code::Pr01)), [asked]);
    bench.roster(|entry| entry.jpt = true);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Pr06, Code::Am01]);
    let [leader, missing] = shown(verdict.finding(Code::Pr06))[..] else { panic!("two exhibits") };
    assert_eq!((leader.0, leader.2, leader.3, missing), (Kind::Roster, "jpt", Some("1"), asked));
}

#[test]
fn labels_that_cannot_be_right() {
    let mut bench = Bench::clean();
    bench.evaluation(|row| rate(row, "Sesuai Ekspektasi", "Sesuai Ekspektasi", "-"));
    assert_eq!(bench.verdict().codes(), [Code::Pr02]);
    assert_eq!(bench.verdict().expected, None);
    bench.evaluation(|row| rate(row, "Dibawah Ekspektasi", "Sesuai Ekspektasi", "Baik"));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Pr03]);
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8), "the stated predikat counts for the amount");
    bench.evaluation(|row| rate(row, "Sesuai Ekspektasi", "Sesuai Ekspektasi", "Istimewa"));
    assert_eq!(bench.verdict().codes(), [Code::Pr04]);
    assert_eq!(bench.verdict().expected, None);
    bench.evaluation(|row| rate(row, "DI  ATAS espektasi", "sesuai ekspektasi", " BAIK "));
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
}

#[test]
fn one_evaluation_id_with_two_predikat() {
    let mut bench = Bench::clean();
    bench.evaluation_twin(|row| row.hasil_akhir = "Sangat Baik".to_owned());
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Id03]);
    assert_eq!(verdict.finding(Code::Id03).subject, "PEN-1");
    assert_eq!(verdict.finding(Code::Id03).evidence.len(), 2);
    assert_eq!(verdict.expected, None);
    assert_eq!(verdict.difference(), None);
}

#[test]
fn skp_not_set_not_approved_not_covering() {
    let mut bench = Bench::clean();
    bench.skp(|rows| rows.clear());
    bench.no_evaluation();
    bench.pay(2_986_848);
    assert_eq!(bench.verdict().codes(), [Code::Sk01], "SK01 silences PR01");
    let mut bench = Bench::clean();
    bench.skp(|rows| rows[0].status = Some("Pengajuan".to_owned()));
    assert_eq!(bench.verdict().codes(), [Code::Sk02]);
    assert_eq!(bench.verdict().findings[0].subject, "SKP-1");
    bench.skp(|rows| {
        let mut second = rows[0].clone();
        second.status = Some("persetujuan ".to_owned());
        second.skp_id = Some("SKP-2".to_owned());
        rows[0].periode_akhir = Some(day("2026-10-10"));
        second.periode_awal = Some(day("2026-10-20"));
        rows.push(second);
    });
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Sk04]);
    assert_eq!((verdict.findings[0].param("from"), verdict.findings[0].param("to")), ("2026-10-11", "2026-10-19"));
}

#[test]
fn adjoining_skps_after_a_mutasi_are_normal_and_plt_rows_never_count() {
    let mut bench = Bench::clean();
    bench.skp(|rows| {
        let mut second = rows[0].clone();
        second.skp_id = Some("SKP-2".to_owned());
        let mut plt = rows[0].clone();
        plt.plt = true;
        plt.status = Some("Draf".to_owned());
        rows[0].periode_akhir = Some(day("2026-10-15"));
        second.periode_awal = Some(day("2026-10-16"));
        rows.extend([second, plt]);
    });
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
}

#[test]
fn lateness_is_made_up_or_counts() {
    let mut bench = Bench::clean();
    // 45 minutes late, made up: out at 16:45
    bench.scan("2026-10-05", Some("08:15:59"), Some("16:45"));
    assert_eq!(bench.verdict().expected.unwrap().net, Rupiah(T8));
    // 45 minutes late, out at 16:30: 15 minutes short, PC1 0.5 %
    bench.scan("2026-10-05", Some("08:15"), Some("16:30"));
    let verdict = bench.verdict();
    assert_eq!(verdict.line("PC1").map(|line| (line.days, line.percent.to_string())), Some((Some(1), "0.5".to_owned())));
    // 91 minutes late counts whole (TM4 2 %), and the end stays 16:00
    bench.scan("2026-10-05", Some("09:01"), Some("16:00"));
    assert_eq!(bench.verdict().lines(), ["TM4"]);
    // the edge of a band: 31 minutes belong to PC2
    bench.scan("2026-10-05", Some("07:30"), Some("15:29"));
    assert_eq!(bench.verdict().lines(), ["PC2"]);
    bench.scan("2026-10-05", Some("07:30"), Some("15:30"));
    assert_eq!(bench.verdict().lines(), ["PC1"]);
}

#[test]
fn one_missing_scan_is_the_top_band_and_ab05() {
    // Permenko Infra 10/2025 Pasal 22(4) and (5); facts tukin-rules §7 no. 4
    let mut bench = Bench::clean();
    bench.scan("2026-10-05", None, Some("16:00"));
    bench.scan("2026-10-06", Some("07:30"), Some("23:59"));
    let verdict = bench.verdict();
    assert_eq!(verdict.lines(), ["PC4", "TM4"]);
    assert_eq!(verdict.codes(), [Code::Ab05, Code::Ab06, Code::Am01]);
    assert_eq!(verdict.finding(Code::Ab05).subject, "2026-10-05");
    // both missing: the policy decides between absence and two events
    bench.scan("2026-10-05", None, None);
    bench.scan("2026-10-06", Some("07:30"), Some("16:00"));
    let verdict = bench.verdict();
    assert_eq!(verdict.line("absent").map(|line| (line.days, line.percent.to_string())), Some((Some(1), "4.0".to_owned())));
    assert_eq!(verdict.codes(), [Code::Am01]);
    bench.policy(|file| {
        let event = file.deduction.event.iter_mut().find(|event| event.kind == selaras::policy::EventKind::NoScanAtAll).unwrap();
        event.treat_as = Some("both_events".to_owned());
    });
    assert_eq!(bench.verdict().lines(), ["PC4", "TM4"]);
}

#[test]
fn permits_excuse_what_they_name() {
    let mut bench = Bench::clean();
    bench.scan("2026-10-05", None, Some("16:00"));
    bench.permit(PermitKind::IzinTidakPresensi, "2026-10-05", "2026-10-05");
    bench.scan("2026-10-06", Some("09:30"), Some("16:00"));
    bench.permit(PermitKind::IzinTerlambat, "2026-10-06", "2026-10-06");
    bench.scan("2026-10-07", Some("07:30"), Some("13:00"));
    bench.permit(PermitKind::IzinPulangCepat, "2026-10-07", "2026-10-07");
    bench.row("2026-10-08", |row| {
        row.status = Some(DayStatus::TidakHadir);
        (row.jam_masuk, row.jam_pulang) = (None, None);
    });
    bench.permit(PermitKind::DinasLuar, "2026-10-08", "2026-10-08");
    bench.drop_day("2026-10-09");
    bench.permit(PermitKind::CutiTahunan, "2026-10-09", "2026-10-09");
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Lv01]);
    assert_eq!(verdict.finding(Code::Lv01).subject, "2026-10-08");
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
}

#[test]
fn an_unapproved_permit_excuses_nothing() {
    let mut bench = Bench::clean();
    bench.row("2026-10-05", |row| row.status = Some(DayStatus::Cuti));
    bench.permit(PermitKind::CutiTahunan, "2026-10-05", "2026-10-05");
    bench.permits_unapproved();
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Lv02, Code::Am01]);
    assert_eq!(verdict.lines(), ["absent"]);
}

#[test]
fn a_month_without_trace() {
    let mut bench = Bench::clean();
    bench.every_row(|row| (row.status, row.jam_masuk, row.jam_pulang) = (None, None, None));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ab04, Code::Ds02, Code::Am01]);
    // ten consecutive days or more: 100 % instead of the sum (facts tukin-rules §7 no. 5: never below zero)
    assert_eq!(verdict.expected.unwrap().net, Rupiah::ZERO);
    assert_eq!(verdict.line("absent").unwrap().percent.to_string(), "100.0");
    bench.permit(PermitKind::CutiTahunan, "2026-10-05", "2026-10-05");
    assert!(!bench.verdict().codes().contains(&Code::Ab04));
}

#[test]
fn nine_days_sum_and_ten_in_a_row_are_all() {
    let mut bench = Bench::clean();
    let days: Vec<String> = bench.workdays();
    for day in &days[..9] {
        bench.row(day, |row| (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::TidakHadir), None, None));
    }
    assert_eq!(bench.verdict().line("absent").unwrap().percent.to_string(), "36.0");
    bench.row(&days[9], |row| (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::TidakHadir), None, None));
    assert_eq!(bench.verdict().line("absent").unwrap().percent.to_string(), "100.0");
}

#[test]
fn absence_on_a_day_off_costs_nothing() {
    let mut bench = Bench::clean();
    bench.add_row("2026-10-04", |row| row.status = Some(DayStatus::TidakHadir));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ab09]);
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
}

#[test]
fn nobody_in_the_attendance_file() {
    let mut bench = Bench::clean();
    bench.no_attendance();
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ab01]);
    assert_eq!((verdict.expected, verdict.standing), (None, Standing::Tertahan));
    let [rostered, missing] = shown(verdict.finding(Code::Ab01))[..] else { panic!("two exhibits") };
    assert_eq!((rostered.0, rostered.2, rostered.3), (Kind::Roster, "status", Some("AKTIF")));
    assert_eq!(missing, (Kind::Attendance, "2026-10", "state", Some("declared_absent")));
}

#[test]
fn sick_leave_bands_and_letters() {
    let mut bench = Bench::clean();
    // five running days, Monday to Friday: two free, three at 2.5 %
    bench.permit(PermitKind::CutiSakit, "2026-10-05", "2026-10-09");
    bench.letter(DoctorsLetter::On(day("2026-10-07")));
    let verdict = bench.verdict();
    assert_eq!(verdict.line("leave:cuti_sakit").map(|line| (line.days, line.percent.to_string())), Some((Some(3), "7.5".to_owned())));
    // due on the third working day from the first day: 7 October; the 8th is late, and the days count as absence
    bench.letter(DoctorsLetter::On(day("2026-10-08")));
    let verdict = bench.verdict();
    assert!(verdict.codes().contains(&Code::Lv04));
    assert_eq!(verdict.line("absent").map(|line| (line.days, line.percent.to_string())), Some((Some(5), "20.0".to_owned())));
    bench.letter(DoctorsLetter::None);
    assert!(bench.verdict().codes().contains(&Code::Lv04));
}

#[test]
fn long_leave_by_calendar_month_or_a_person_decides() {
    let mut bench = Bench::clean();
    bench.permit(PermitKind::CutiBesar, "2026-09-01", "2026-11-30");
    let verdict = bench.verdict();
    assert_eq!(verdict.line("leave:cuti_besar").unwrap().percent.to_string(), "75.0");
    let mut bench = Bench::clean();
    bench.permit(PermitKind::CutiBesar, "2026-10-12", "2026-12-11");
    let verdict = bench.verdict();
    assert_eq!(verdict.expected, None);
    assert!(verdict.codes().contains(&Code::Lv05));
}

#[test]
fn class_tariff_and_status() {
    let mut bench = Bench::clean();
    bench.payment(|row| row.kelas = Some(9));
    assert_eq!(bench.verdict().codes(), [Code::Cl01, Code::Cl03], "class 9 with the gross of class 8");
    let mut bench = Bench::clean();
    bench.payment(|row| (row.bruto, row.bersih) = (Rupiah(T8 + 1000), Rupiah(T8 + 1000)));
    assert_eq!(bench.verdict().codes(), [Code::Cl03, Code::Am01]);
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Cpns);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::St01, Code::Am01], "ST01 silences CL03");
    assert_eq!(verdict.expected.unwrap().gross, Rupiah(3_676_120));
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.kelas_jabatan = None);
    assert_eq!(bench.verdict().codes(), [Code::Cl02]);
    assert_eq!(bench.verdict().expected, None);
    bench.roster(|entry| (entry.kelas_jabatan, entry.tmt_kelas) = (Some(8), Some(day("2026-10-02"))));
    assert_eq!(bench.verdict().codes(), [Code::Cl02]);
    bench.roster(|entry| entry.tmt_kelas = Some(day("2026-10-01")));
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
}

#[test]
fn who_gets_nothing() {
    let mut bench = Bench::clean();
    bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Cltn, Some(day("2026-10-01"))));
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::St02], Standing::TidakBerhak));
    assert_eq!(verdict.expected.unwrap().net, Rupiah::ZERO);
    bench.no_payment();
    assert_eq!(bench.verdict().codes(), [] as [Code; 0], "and nobody misses them in the payment file");
    bench.roster(|entry| entry.tmt_status = Some(day("2026-10-15")));
    let verdict = bench.verdict();
    assert!(verdict.codes().contains(&Code::Ro03));
    assert_eq!(verdict.standing, Standing::Tertahan);
    bench.roster(|entry| entry.tmt_status = Some(day("2026-11-01")));
    assert_eq!(bench.verdict().codes(), [Code::Ro02]);
}

#[test]
fn punishments_applied_or_not() {
    let mut bench = Bench::clean();
    bench.punish("sedang_1", "2026-09");
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ds01, Code::Am01]);
    assert_eq!(verdict.line("discipline:sedang_1").unwrap().percent.to_string(), "25.0");
    bench.pay(3_446_363);
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
    let mut bench = Bench::clean();
    bench.punish("sedang_1", "2026-01");
    bench.pay(3_446_363);
    assert_eq!(bench.verdict().codes(), [Code::Ds01, Code::Am01], "expired in June, still applied");
    bench.pay(3_446_364);
    assert_eq!(bench.verdict().codes(), [Code::Am01]);
}

#[test]
fn payment_rows_that_do_not_add_up() {
    let mut bench = Bench::clean();
    bench.payment(|row| row.potongan = Rupiah(5));
    assert_eq!(bench.verdict().codes(), [Code::Am02]);
    bench.payment(|row| (row.potongan, row.bersih) = (Rupiah(-5), Rupiah(T8 + 5)));
    assert_eq!(bench.verdict().codes(), [Code::Am01, Code::Am03]);
    let mut bench = Bench::clean();
    bench.payment(|row| row.rekening = None);
    assert_eq!(bench.verdict().codes(), [Code::Bk01]);
    let mut bench = Bench::clean();
    bench.payment(|row| row.awal = "2026-09".parse().unwrap());
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.paid), (vec![Code::Pe01], None), "PE01 silences RO02");
    let mut bench = Bench::clean();
    bench.payment_twin(|_| {});
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Am01, Code::Pe02]);
    assert_eq!(verdict.paid.unwrap().net, Rupiah(2 * T8));
}

#[test]
fn one_account_for_two_people() {
    let mut bench = Bench::clean();
    bench.neighbour_with_same_account();
    assert_eq!(bench.verdict().codes(), [Code::Bk02]);
}

#[test]
fn names_differ_beyond_titles() {
    let mut bench = Bench::clean();
    bench.payment(|row| row.nama = Some("Dr. BUDI CONTOH UJI, S.Kom., M.M.".to_owned()));
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
    bench.payment(|row| row.nama = Some("BUDI COMTOH UJI".to_owned()));
    assert_eq!(bench.verdict().codes(), [Code::Id04]);
    assert_eq!(bench.verdict().standing, Standing::Layak);
}

#[test]
fn people_outside_the_roster() {
    let mut bench = Bench::clean();
    bench.not_in_roster();
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ro01, Code::Ro04]);
    assert_eq!(verdict.unknown, [Kind::Roster]);
    assert_eq!(verdict.standing, Standing::Tertahan);
    bench.no_payment();
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Ro04], Standing::BelumDiketahui));
}

#[test]
fn the_roster_contradicts_itself() {
    let mut bench = Bench::clean();
    bench.roster_twin(|entry| entry.kelas_jabatan = Some(9));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Id03]);
    assert_eq!((verdict.expected, verdict.kelas_jabatan), (None, None));
    assert_eq!(verdict.name.as_deref(), Some("Budi Contoh Uji, S.Kom."));
}

#[test]
fn unknown_never_becomes_layak() {
    let mut bench = Bench::clean();
    bench.forget(Kind::Skp);
    let verdict = bench.verdict();
    assert_eq!((verdict.standing, verdict.unknown.clone()), (Standing::BelumDiketahui, vec![Kind::Skp]));
    assert_eq!(verdict.codes(), [Code::Sr01]);
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8), "an SKP list changes no amount");
    let mut bench = Bench::clean();
    bench.forget(Kind::Evaluation);
    let verdict = bench.verdict();
    assert_eq!((verdict.standing, verdict.expected), (Standing::BelumDiketahui, None));
    let mut bench = Bench::clean();
    bench.fail(Kind::Evaluation);
    bench.forget(Kind::Evaluation);
    assert_eq!(bench.verdict().finding(Code::Sr02).param("reason"), "html");
    let mut bench = Bench::clean();
    bench.age_hours(Kind::Evaluation, 37);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Sr03], Standing::BelumDiketahui));
    bench.age_hours(Kind::Evaluation, 36);
    assert_eq!(bench.verdict().standing, Standing::Layak);
}

#[test]
fn an_answer_about_somebody_else_and_one_that_vanished() {
    let mut bench = Bench::clean();
    bench.other_nip(Kind::Identity);
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing), (vec![Code::Sr05], Standing::Tertahan));
    let mut bench = Bench::clean();
    bench.withdraw(Kind::Evaluation);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Pr01, Code::Am01, Code::Sr04]);
}

#[test]
fn the_weighted_model_end_to_end() {
    // facts tukin-rules §7 no. 1, through the rules: 70/30, one absence 3 %, 30 minutes late at 0.01 %, both of the
    // attendance component
    let mut bench = Bench::clean();
    bench.policy(super::bench::weighted_70_30);
    bench.row("2026-10-05", |row| (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::TidakHadir), None, None));
    bench.scan("2026-10-06", Some("08:00"), Some("16:00"));
    let verdict = bench.verdict();
    assert_eq!(verdict.expected.unwrap().net, Rupiah(4_549_658));
    assert_eq!(verdict.lines(), ["absent", "late"]);
}

fn rate(row: &mut EvaluationRow, hasil: &str, perilaku: &str, akhir: &str) {
    (row.hasil_kerja, row.perilaku_kerja, row.hasil_akhir) = (hasil.to_owned(), perilaku.to_owned(), akhir.to_owned());
}

/// A waiver of each finding, in force.
fn waived(dossier: &mut Dossier, findings: &[Finding]) {
    dossier.waivers = findings
        .iter()
        .map(|finding| Waiver {
            finding: finding.id.clone(),
            evidence: finding.evidence_hash(),
            document: "ND-1/2026".to_owned(),
            until: day("2026-12-31"),
            ends_at: "2026-12-31T17:00:00Z".parse().unwrap(),
        })
        .collect();
}

#[test]
fn a_waiver_excuses_nothing_that_holds_somebody_whose_amount_nobody_knows() {
    let mut bench = Bench::clean();
    bench.evaluation(|row| rate(row, "-", "-", "-"));
    let mut dossier = bench.dossier();
    waived(&mut dossier, &bench.verdict().findings);
    let verdict = evaluate(bench.rules(), &dossier);
    assert_eq!((verdict.standing, verdict.waived().count()), (Standing::Layak, verdict.findings.len()));
    assert!(verdict.derivation.iter().any(|step| step.name == "waiver"));
    bench.roster(|entry| entry.kelas_jabatan = None);
    let mut dossier = bench.dossier();
    waived(&mut dossier, &bench.verdict().findings);
    let verdict = evaluate(bench.rules(), &dossier);
    assert_eq!((verdict.standing, verdict.expected), (Standing::Tertahan, None));
    let blocks: Vec<&Finding> = verdict.findings.iter().filter(|finding| finding.severity == Severity::Block).collect();
    assert_eq!(blocks.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::Pr01, Code::Cl02]);
    assert!(blocks.iter().all(|finding| finding.is_open()), "what holds somebody is not called waived");
    assert!(verdict.derivation.iter().all(|step| step.name != "waiver"));
}
