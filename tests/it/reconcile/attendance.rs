//! Attendance beyond one person's day: what a file lacks, what a unit's days look like together, the year, and the
//! source's own arithmetic.

use super::bench::{Bench, day};
use selaras::domain::attendance::{AttendanceDay, AttendanceRecap, DayStatus, ManualReason};
use selaras::domain::finding::Finding;
use selaras::domain::leave::{DoctorsLetter, PermitKind};
use selaras::domain::{Code, Rupiah, Severity};
use selaras::policy::EventKind;
use selaras::reconcile::AttendancePeers;

const T8: i64 = 4_595_150;

fn absent(row: &mut AttendanceDay) {
    (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::TidakHadir), None, None);
}

#[test]
fn no_absence_follows_from_a_day_that_the_file_lacks() {
    let mut bench = Bench::clean();
    let all = bench.workdays();
    bench.drop_day("2026-10-14");
    bench.file_has_days(&all);
    assert_eq!(bench.verdict().line("absent").unwrap().days, Some(1), "others have a row that day");
    bench.file_has_days(&bench.workdays());
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [] as [Code; 0]);
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
    let step = verdict.derivation.iter().find(|step| step.name == "attendance").unwrap();
    assert!(step.values.contains(&("unrecorded".to_owned(), "1".to_owned())), "{:?}", step.values);
}

#[test]
fn a_day_without_records_ends_a_run_of_absence() {
    let mut bench = Bench::clean();
    bench.drop_day("2026-10-14");
    let days = bench.workdays();
    bench.file_has_days(&days);
    let around = |row: &AttendanceDay| (day("2026-10-07")..=day("2026-10-21")).contains(&row.tanggal);
    bench.every_row(|row| {
        if around(row) {
            absent(row);
        }
    });
    // five and five days: 40 %, not the 100 % of ten in a row
    assert_eq!(bench.verdict().line("absent").map(|line| (line.days, line.percent.to_string())), Some((Some(10), "40.0".to_owned())));
}

#[test]
fn a_window_across_two_months_reads_both() {
    let mut bench = Bench::clean();
    bench.policy(|file| (file.period.attendance_from_day, file.period.attendance_to_day) = (16, 15));
    bench.earlier("2026-09", |row| {
        if row.tanggal == day("2026-09-21") || row.tanggal == day("2026-09-07") {
            absent(row);
        }
    });
    assert_eq!(bench.verdict().line("absent").unwrap().days, Some(1), "21 September is in the window, 7 September is not");
}

#[test]
fn present_on_more_days_than_the_calendar_has() {
    let mut bench = Bench::clean();
    let scanned = |row: &mut AttendanceDay| row.jam_masuk = "08:00:00".parse().ok();
    bench.drop_day("2026-10-14");
    bench.permit(PermitKind::CutiTahunan, "2026-10-14", "2026-10-14");
    bench.add_row("2026-10-17", scanned);
    assert_eq!(bench.verdict().codes(), [] as [Code; 0], "one day off worked, one working day away");
    bench.add_row("2026-10-18", scanned);
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ab03]);
    let found = verdict.finding(Code::Ab03);
    assert_eq!((found.severity, found.param("workdays"), found.param("days")), (Severity::Info, "22", "23"));
    assert!(found.evidence.iter().any(|exhibit| exhibit.value.as_deref() == Some("08:00:00")));
}

#[test]
fn absence_of_the_year_reaches_a_step() {
    let mut bench = Bench::clean();
    bench.earlier("2026-05", |row| {
        if [5, 6].map(|at| day(&format!("2026-05-0{at}"))).contains(&row.tanggal) {
            absent(row);
        }
    });
    assert_eq!(bench.verdict().codes(), [] as [Code; 0], "two days are below the lowest step, and cost nothing in October");
    bench.earlier("2026-08", |row| {
        if row.tanggal == day("2026-08-04") {
            (row.status, row.jam_masuk, row.jam_pulang) = (Some(DayStatus::Cuti), None, None);
        }
    });
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ds02]);
    let found = verdict.finding(Code::Ds02);
    assert_eq!((found.severity, found.subject.as_str()), (Severity::Info, ""));
    assert_eq!((found.param("days"), found.param("step"), found.param("consecutive")), ("3", "3", "2"));
    assert_eq!(found.evidence[0].value.as_deref(), Some("2"), "{:?}", found.evidence);
    assert_eq!(verdict.expected.unwrap().net, Rupiah(T8));
    bench.permit(PermitKind::CutiTahunan, "2026-08-04", "2026-08-04");
    assert_eq!(bench.verdict().codes(), [] as [Code; 0], "the permit of August excuses August");
    bench.permit(PermitKind::CutiSakit, "2026-05-11", "2026-05-11");
    assert_eq!(bench.verdict().codes(), [Code::Ds02], "sick leave without a letter counts (LV04)");
    bench.letter(DoctorsLetter::InTime);
    assert_eq!(bench.verdict().codes(), [Code::Ds02], "the letter is that of the annual leave");
}

#[test]
fn a_step_names_the_level_and_other_years_do_not_count() {
    let mut bench = Bench::of("2026-03");
    let days = bench.workdays();
    days.iter().take(12).for_each(|at| bench.row(at, absent));
    let verdict = bench.verdict();
    let found = verdict.finding(Code::Ds02);
    assert_eq!((found.param("days"), found.param("step"), found.param("level")), ("12", "11", "sedang_1"));
    let mut bench = Bench::of("2026-03");
    bench.policy(|file| file.discipline.warn.cumulative_days = vec![28]);
    days.iter().take(9).for_each(|at| bench.row(at, absent));
    assert!(!bench.verdict().codes().contains(&Code::Ds02));
    bench.row(&days[9], absent);
    assert!(bench.verdict().codes().contains(&Code::Ds02), "ten in a row");
}

#[test]
fn a_manual_row_says_why() {
    let mut bench = Bench::clean();
    bench.row("2026-10-05", |row| row.alasan_manual = Some(ManualReason::A));
    let manual = |bench: &Bench| {
        let verdict = bench.verdict();
        let step = verdict.derivation.iter().find(|step| step.name == "attendance").unwrap().parts[0].clone();
        step.values.iter().find(|(name, _)| name == "manual").unwrap().1.clone()
    };
    assert_eq!(manual(&bench), "A: perangkat/sistem rusak");
    bench.policy(|file| file.attendance.scan.manual_reasons.retain(|reason| reason.code != "A"));
    assert!(manual(&bench).starts_with("A (tidak ada di "), "{}", manual(&bench));
    assert_eq!(bench.verdict().expected.unwrap().net, Rupiah(T8));
}

/// Findings of a unit of so many people, each disturbed by `change` with the number of the person.
fn unit(people: usize, change: impl Fn(usize, &mut Bench)) -> Vec<Finding> {
    let policy = Bench::clean();
    let period = "2026-10".parse().unwrap();
    let mut peers = AttendancePeers::new(policy.rules(), period);
    for person in 0..people {
        let mut bench = Bench::clean();
        change(person, &mut bench);
        peers.add(&bench.dossier());
    }
    peers.findings()
}

fn codes(found: &[Finding]) -> Vec<(Code, &str)> {
    found.iter().map(|finding| (finding.code, finding.subject.as_str())).collect()
}

#[test]
fn a_device_that_was_down() {
    let down = |person: usize, bench: &mut Bench| {
        if person < 4 {
            bench.scan("2026-10-14", Some("07:25"), None);
        }
    };
    let found = unit(10, down);
    assert_eq!(codes(&found), [(Code::Ab08, "U01 2026-10-14")]);
    let one = &found[0];
    assert_eq!((one.nip, one.severity, one.rupiah_at_risk), (None, Severity::Amount, Rupiah::ZERO));
    assert_eq!((one.param("missing"), one.param("due"), one.param("share"), one.param("usual")), ("4", "20", "20.0", "0.0"));
    assert!(one.evidence.iter().any(|exhibit| exhibit.value.as_deref() == Some("07:25:00 / -")), "{:?}", one.evidence);
    assert_eq!(codes(&unit(4, down)), [], "a unit of four says nothing about a device");
    let permitted = unit(10, |person, bench| {
        down(person, bench);
        bench.permit(PermitKind::IzinTidakPresensi, "2026-10-14", "2026-10-14");
    });
    assert_eq!(codes(&permitted), [], "permits settle it");
}

#[test]
fn three_times_the_median_is_the_limit() {
    // one of 17 people never checks out: 1 of 34 scans each day, 2.94 %; three times that is not passed by 3 of 34
    let never = |person: usize, bench: &mut Bench| {
        if person == 0 {
            bench.every_row(|row| row.jam_pulang = None);
        }
    };
    assert_eq!(codes(&unit(17, never)), []);
    let on_the_limit = |more: usize| {
        unit(17, move |person, bench| {
            never(person, bench);
            if (1..=more).contains(&person) {
                bench.scan("2026-10-14", Some("07:25"), None);
            }
        })
    };
    assert_eq!(codes(&on_the_limit(2)), []);
    assert_eq!(codes(&on_the_limit(3)), [(Code::Ab08, "U01 2026-10-14")]);
}

#[test]
fn leave_and_exempt_statuses_are_no_outage() {
    let away = unit(6, |person, bench| {
        if person < 3 {
            bench.permit(PermitKind::CutiTahunan, "2026-10-14", "2026-10-14");
            bench.row("2026-10-14", absent);
        } else {
            bench.row("2026-10-14", |row| {
                absent(row);
                row.status = Some(DayStatus::Cuti);
            });
        }
    });
    assert_eq!(codes(&away), []);
    let nobody = unit(6, |_, bench| bench.no_attendance());
    assert_eq!(codes(&nobody), []);
}

#[test]
fn a_clock_that_is_off() {
    let shifted = |minutes: i64| {
        unit(6, move |_, bench| {
            bench.row("2026-10-14", |row| row.jam_masuk = row.jam_masuk.map(|time| time + chrono::TimeDelta::minutes(minutes)));
        })
    };
    assert_eq!(codes(&shifted(30)), []);
    let found = shifted(-60);
    assert_eq!(codes(&found), [(Code::Ab11, "U01 2026-10-14")]);
    let one = &found[0];
    assert_eq!(
        (one.severity, one.param("minutes"), one.param("median"), one.param("usual_time")),
        (Severity::Info, "60", "06:29", "07:29")
    );
    assert_eq!(one.evidence.len(), 3);
}

#[test]
fn ramadan_by_the_ordinary_clock() {
    // Ramadan 08:00-15:00; on Wednesday 4 March the person came 08:10 and left 15:05
    let mut bench = Bench::of("2026-03");
    let worked = |late: i32, early: i32| {
        move |row: &mut AttendanceDay| {
            (row.jam_masuk, row.jam_pulang) = ("08:10:00".parse().ok(), "15:10:00".parse().ok());
            (row.minutes_late, row.minutes_early) = (Some(late), Some(early));
        }
    };
    bench.row("2026-03-04", worked(10, 0));
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
    bench.row("2026-03-04", worked(0, 0));
    assert_eq!(bench.verdict().codes(), [] as [Code; 0], "made up the same day");
    bench.row("2026-03-04", worked(40, 50));
    bench.row("2026-03-05", worked(40, 50));
    let verdict = bench.verdict();
    assert_eq!(verdict.codes(), [Code::Ab10]);
    let found = verdict.finding(Code::Ab10);
    assert_eq!((found.param("day"), found.param("days")), ("2026-03-04", "2"));
    let values: Vec<&str> = found.evidence.iter().filter_map(|exhibit| exhibit.value.as_deref()).collect();
    assert_eq!(values, ["40 / 50", "10 / 0", "40 / 50", "10 / 0"]);
    bench.row("2026-03-04", worked(7, 7));
    bench.row("2026-03-05", worked(7, 7));
    assert_eq!(bench.verdict().codes(), [] as [Code; 0], "minutes that fit no hours are no question of Ramadan");
}

#[test]
fn a_recap_that_is_not_the_sum_of_the_days() {
    let mut bench = Bench::clean();
    bench.scan("2026-10-05", Some("07:50"), Some("16:20"));
    bench.scan("2026-10-06", Some("09:30"), Some("16:00"));
    bench.row("2026-10-07", absent);
    bench.scan("2026-10-08", Some("07:25"), None);
    let right = AttendanceRecap {
        hari_alpha: Some(1),
        tidak_presensi: Some(1),
        menit_terlambat: Some(120),
        menit_pulang_cepat: Some(0),
        hari_kerja: Some(22),
        hari_hadir: Some(21),
        hari_wfo: Some(21),
        tl: [Some(0), Some(0), Some(0), Some(1)],
        psw: [None, None, None, Some(1)],
        ..AttendanceRecap::default()
    };
    bench.recap(right.clone());
    assert!(!bench.verdict().codes().contains(&Code::Ab12));
    bench.recap(AttendanceRecap { menit_terlambat: Some(140), ..right.clone() });
    assert!(!bench.verdict().codes().contains(&Code::Ab12), "by the clock, before the flexible rule");
    bench.recap(AttendanceRecap { menit_terlambat: Some(130), hari_alpha: Some(2), ..right.clone() });
    let verdict = bench.verdict();
    let found = verdict.finding(Code::Ab12);
    assert_eq!((found.severity, found.param("components")), (Severity::Amount, "hari_alpha, menit_terlambat"));
    let shown: Vec<(&str, &str)> =
        found.evidence.iter().map(|exhibit| (exhibit.field.as_str(), exhibit.value.as_deref().unwrap())).collect();
    assert_eq!(shown, [("hari_alpha", "2"), ("hari_alpha (harian)", "1"), ("menit_terlambat", "130"), ("menit_terlambat (harian)", "120")]);
    bench.every_row(|row| row.minutes_late = Some(0));
    bench.row("2026-10-06", |row| row.minutes_late = Some(130));
    bench.recap(AttendanceRecap { menit_terlambat: Some(130), tl: [None; 4], ..right });
    assert!(!bench.verdict().codes().contains(&Code::Ab12), "the rows' own minutes are what a recap sums");
    bench.drop_day("2026-10-20");
    bench.file_has_days(&bench.workdays());
    assert!(!bench.verdict().codes().contains(&Code::Ab12), "the recap may know the day that the days lack");
}

#[test]
fn ceremonies_are_counted_by_the_recap() {
    let mut bench = Bench::clean();
    bench.recap(AttendanceRecap { tidak_ikut_upacara: Some(2), ..AttendanceRecap::default() });
    assert!(bench.verdict().deductions.is_empty(), "the example policy takes nothing for it");
    bench.policy(|file| {
        let event = file.deduction.event.iter_mut().find(|event| event.kind == EventKind::MissedCeremony).unwrap();
        event.percent = "1.5".parse().ok();
    });
    let verdict = bench.verdict();
    assert_eq!(verdict.line("missed_ceremony").map(|line| (line.days, line.percent.to_string())), Some((Some(2), "3.0".to_owned())));
    assert!(verdict.derivation.iter().any(|step| step.name == "missed_ceremony" && !step.evidence.is_empty()));
}
