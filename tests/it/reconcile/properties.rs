//! What holds for any person, however disturbed: less evidence never makes a verdict better, and other people's
//! evidence changes nothing.

use super::bench::{Bench, day};
use proptest::prelude::*;
use selaras::domain::attendance::DayStatus;
use selaras::domain::evidence::Reason;
use selaras::domain::leave::{DoctorsLetter, PermitKind};
use selaras::domain::person::{EmployeeKind, EmploymentStatus};
use selaras::domain::verdict::DeductionLine;
use selaras::domain::{Code, Kind, Rupiah, Standing, Verdict};

/// Kinds that the bench requires.
const REQUIRED: [Kind; 3] = [Kind::Skp, Kind::Evaluation, Kind::Attendance];

fn disturb(bench: &mut Bench, what: u8) {
    match what {
        0..=2 if bench.evaluation_rows().is_empty() => {}
        0 => bench.evaluation(|row| row.hasil_akhir = "-".to_owned()),
        1 => bench.evaluation(|row| row.hasil_akhir = "Istimewa".to_owned()),
        2 => bench.evaluation_twin(|row| row.hasil_akhir = "Kurang".to_owned()),
        3 => bench.no_evaluation(),
        4 => bench.skp(|rows| rows.truncate(0)),
        5 => bench.skp(|rows| rows.iter_mut().for_each(|row| row.status = Some("Draf".to_owned()))),
        6 => bench.every_row(|row| (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::TidakHadir), None, None)),
        7 => bench.every_row(|row| row.jam_masuk = None),
        8 => bench.no_payment(),
        9 => bench.roster(|entry| entry.jenis_pegawai = EmployeeKind::Cpns),
        10 => bench.roster(|entry| entry.kelas_jabatan = None),
        11 => bench.roster(|entry| entry.status = EmploymentStatus::TugasBelajar),
        12 => bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::Mpp, Some(day("2026-10-20")))),
        13 => bench.roster(|entry| entry.status = EmploymentStatus::Cltn),
        14 => bench.roster_twin(|entry| entry.status = EmploymentStatus::Pensiun),
        15 => bench.punish("sedang_1", "2026-09"),
        16 => {
            bench.permit(PermitKind::CutiSakit, "2026-10-05", "2026-10-09");
            bench.letter(DoctorsLetter::None);
        }
        17 => bench.permit(PermitKind::CutiBesar, "2026-10-12", "2026-12-11"),
        18 => bench.age_hours(Kind::Evaluation, 40),
        19 => bench.roster(|entry| entry.jpt = true),
        _ => bench.skp(|rows| rows.iter_mut().for_each(|row| row.plt = true)),
    }
}

fn disturbed(by: &[u8]) -> Bench {
    let mut bench = Bench::clean();
    by.iter().for_each(|what| disturb(&mut bench, *what));
    bench
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn less_evidence_is_never_better(by in proptest::collection::vec(0u8..=20, 0..4), without in 0usize..3, failed: bool) {
        let kind = REQUIRED[without];
        let whole = disturbed(&by).verdict().standing;
        let mut bench = disturbed(&by);
        bench.forget(kind);
        if failed {
            bench.own_failure(kind, Reason::Timeout, 0);
        }
        let verdict = bench.verdict();
        prop_assert_ne!(verdict.standing, Standing::Layak, "without {}", kind);
        prop_assert_eq!(verdict.standing == Standing::TidakBerhak, whole == Standing::TidakBerhak);
        if verdict.standing != Standing::TidakBerhak {
            prop_assert!(verdict.unknown.contains(&kind));
        }
    }

    #[test]
    fn every_verdict_adds_up(by in proptest::collection::vec(0u8..=20, 0..5)) {
        let verdict = disturbed(&by).verdict();
        if let Some(due) = verdict.expected {
            prop_assert_eq!(due.gross - due.deduction, due.net);
            prop_assert!(due.net >= Rupiah::ZERO && due.net <= due.gross);
        }
        if verdict.standing == Standing::TidakBerhak {
            prop_assert_eq!(verdict.expected.map(|due| due.gross), Some(Rupiah::ZERO));
            prop_assert!(verdict.codes().iter().all(|code| ["ST02", "ID", "BK"].iter().any(|start| code.code().starts_with(start))));
        }
        if verdict.standing == Standing::Layak {
            prop_assert!(verdict.unknown.is_empty());
        }
        let ids: std::collections::BTreeSet<&str> = verdict.findings.iter().map(|finding| finding.id.as_str()).collect();
        prop_assert_eq!(ids.len(), verdict.findings.len());
    }

    #[test]
    fn an_unrelated_person_changes_nothing(by in proptest::collection::vec(0u8..=20, 0..4), net in 0i64..5_000_000) {
        let alone = disturbed(&by).verdict().clone();
        let mut bench = disturbed(&by);
        bench.stranger_is_paid("198601012010011902", |row| (row.bersih, row.potongan) = (Rupiah(net), row.bruto - Rupiah(net)));
        prop_assert_eq!(alone, bench.verdict().clone());
    }

    #[test]
    fn the_order_of_rows_and_how_they_lie_in_files_change_nothing(by in proptest::collection::vec(0u8..=20, 0..4), scans in 0u8..6, seed: u64) {
        let bench = || {
            let mut bench = disturbed(&by);
            some_days(&mut bench, scans);
            bench
        };
        let said = essence(&bench().verdict());
        let mut shuffled = bench();
        shuffled.shuffle(seed);
        prop_assert_eq!(&said, &essence(&shuffled.verdict()), "rows in another order");
        let mut split = bench();
        split.split_attendance("2026-10-15");
        prop_assert_eq!(&said, &essence(&split.verdict()), "one file in two");
        let mut twice = bench();
        twice.attendance_twice();
        prop_assert_eq!(&said, &essence(&twice.verdict()), "one file twice");
    }

    #[test]
    fn a_file_that_no_longer_names_the_person_is_never_better(by in proptest::collection::vec(0u8..=20, 0..4), without in 0usize..3) {
        let whole = disturbed(&by).verdict().standing;
        let mut bench = disturbed(&by);
        match REQUIRED[without] {
            Kind::Skp => bench.skp(Vec::clear),
            Kind::Evaluation => bench.no_evaluation(),
            _ => bench.no_attendance(),
        }
        let verdict = bench.verdict();
        if verdict.standing == Standing::Layak {
            // this policy lets PR01 block and gives PR06, a JPT without a predikat, no severity of its own: its cut stands
            let cut = verdict.deductions.iter().any(|line| line.rule == "predikat_missing");
            prop_assert!(verdict.codes().contains(&Code::Pr06) && cut, "nobody is payable whom {} does not name", REQUIRED[without]);
        }
        prop_assert_eq!(verdict.standing == Standing::TidakBerhak, whole == Standing::TidakBerhak);
    }

    #[test]
    fn a_tariff_moves_its_own_class_and_upwards(by in proptest::collection::vec(0u8..=20, 0..4), scans in 0u8..6, raise in 1i64..2_000_000) {
        let expected = |raised: Option<&str>| {
            let mut bench = disturbed(&by);
            some_days(&mut bench, scans);
            if let Some(class) = raised {
                bench.policy(|file| file.tariff.classes.get_mut(class).unwrap().0 += raise);
            }
            bench.verdict().expected
        };
        let before = expected(None);
        prop_assert_eq!(expected(Some("12")), before, "another class");
        for class in ["7", "8"] {
            if let Some((before, after)) = before.zip(expected(Some(class))) {
                prop_assert!(before.gross <= after.gross && before.net <= after.net && before.deduction <= after.deduction);
            }
        }
        if let Some(before) = before.filter(|before| before.gross > Rupiah::ZERO) {
            let moved = ["7", "8"].into_iter().filter(|class| expected(Some(class)).is_some_and(|after| after.gross > before.gross)).count();
            prop_assert_eq!(moved, 1, "one class is the person's");
        }
    }

    #[test]
    fn the_name_of_a_band_is_only_a_name(by in proptest::collection::vec(0u8..=20, 0..4), scans in 0u8..6) {
        let mut bench = disturbed(&by);
        some_days(&mut bench, scans);
        let before = bench.verdict().clone();
        bench.policy(|file| {
            let named = |code: &str| format!("JENJANG-{code}");
            file.deduction.band.iter_mut().flat_map(|rule| &mut rule.bands).for_each(|band| band.code = named(&band.code));
            for event in &mut file.deduction.event {
                event.treat_as = event.treat_as.take().map(|code| if code.len() == 3 { named(&code) } else { code });
            }
        });
        let after = bench.verdict().clone();
        prop_assert_eq!((before.standing, before.expected, &before.findings), (after.standing, after.expected, &after.findings));
        let bands = |verdict: &Verdict| {
            let line = |line: &DeductionLine| (line.rule.trim_start_matches("JENJANG-").to_owned(), line.days, line.percent);
            let mut lines: Vec<_> = verdict.deductions.iter().map(line).collect();
            lines.sort();
            lines
        };
        prop_assert_eq!(bands(&before), bands(&after));
    }
}

/// Days that cost something.
fn some_days(bench: &mut Bench, scans: u8) {
    let times = [("08:10", "16:00"), ("09:30", "16:00"), ("07:30", "13:15"), ("07:30", "23:59"), ("07:25", "07:26")];
    for (at, (came, left)) in (5..).zip(&times[..usize::from(scans.min(5))]) {
        bench.scan(&format!("2026-10-{at:02}"), Some(came), Some(left));
    }
}

/// A verdict without the places where things stand.
fn essence(verdict: &Verdict) -> impl PartialEq + std::fmt::Debug + use<> {
    let findings: Vec<_> =
        verdict.findings.iter().map(|found| (found.id.clone(), found.code, found.severity, found.rupiah_at_risk)).collect();
    (verdict.standing, verdict.expected, verdict.paid, verdict.predikat, verdict.deductions.clone(), findings, verdict.unknown.clone())
}
