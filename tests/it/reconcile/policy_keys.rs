//! Every policy key that decides about money, one worked example each: class 8, T = 4,595,150, October 2026 with its 22
//! working days.

use super::bench::{Bench, day, time};
use selaras::domain::attendance::AttendanceDay;
use selaras::domain::leave::PermitKind;
use selaras::domain::person::EmploymentStatus;
use selaras::domain::{Code, CycleLength, Kind, Rupiah, Standing};
use selaras::policy::{
    Assign, Band, BandBoundary, BandScope, ClassChangeRule, DayName, EventKind, EventUnit, FlexMode, MinuteKind, PartialMonth, PolicyFile,
    Schedule, Seconds, Uncompensated,
};

const WEEK: [DayName; 5] = [DayName::Mon, DayName::Tue, DayName::Wed, DayName::Thu, DayName::Fri];
const TUESDAY: &str = "2026-10-06";

fn net(bench: &Bench) -> i64 {
    bench.verdict().expected.unwrap().net.0
}

fn rigid(file: &mut PolicyFile) {
    file.worktime.flex.mode = FlexMode::None;
}

fn bands(file: &mut PolicyFile, kind: MinuteKind) -> &mut Vec<Band> {
    &mut file.deduction.band.iter_mut().find(|rule| rule.kind == kind).unwrap().bands
}

/// PMK 221/PMK.01/2021: 09.01 to before 09.31 1 %, to before 10.01 1.25 %, later 2.5 %.
fn by_arrival(file: &mut PolicyFile) {
    let band = |code: &str, from, to: Option<&str>, percent: &str| Band {
        code: code.to_owned(),
        from_minute: None,
        to_minute: None,
        from_time: Some(time(from)),
        to_time: to.map(time),
        percent: percent.parse().unwrap(),
    };
    *bands(file, MinuteKind::Late) =
        vec![band("TL1", "09:01", Some("09:31"), "1"), band("TL2", "09:31", Some("10:01"), "1.25"), band("TL3", "10:01", None, "2.5")];
    file.deduction.event.iter_mut().find(|event| event.kind == EventKind::NoCheckIn).unwrap().treat_as = Some("TL3".to_owned());
}

#[test]
fn bands_by_the_time_of_arrival() {
    let mut bench = Bench::clean();
    bench.policy(by_arrival);
    // 99 % of 4,595,150 = 4,549,198.5; 98.75 % = 4,537,710.625; 97.5 % = 4,480,271.25
    for (arrival, band, due) in
        [("09:01", "TL1", 4_549_199), ("09:30:59", "TL1", 4_549_199), ("09:31", "TL2", 4_537_711), ("13:00", "TL3", 4_480_271)]
    {
        bench.scan(TUESDAY, Some(arrival), Some("18:00"));
        let verdict = bench.verdict();
        assert_eq!((verdict.lines(), verdict.expected.unwrap().net), (vec![band], Rupiah(due)), "{arrival}");
    }
    let verdict = bench.verdict();
    let step = verdict.derivation.iter().find(|step| step.name == "attendance").unwrap();
    assert!(step.parts[0].values.contains(&("clock".to_owned(), "13:00".to_owned())), "{step:?}");
    // until 09:00 the day is made up in the evening: nothing
    bench.scan(TUESDAY, Some("09:00:40"), Some("17:30"));
    assert_eq!(net(&bench), 4_595_150);
    bench.scan(TUESDAY, None, Some("18:00"));
    assert_eq!(bench.verdict().lines(), ["TL3"]);
}

#[test]
fn minutes_of_the_month_summed_before_their_band() {
    let mut bench = Bench::clean();
    bench.policy(|file| {
        rigid(file);
        file.worktime.rounding.band_scope = BandScope::CumulativeMonth;
    });
    for late in ["2026-10-06", "2026-10-07", "2026-10-08"] {
        bench.scan(late, Some("07:40"), Some("16:00"));
    }
    // 30 minutes in three days: TM1 once, 0.5 %: 4,572,174.25; a day by day 1.5 %
    let verdict = bench.verdict();
    let line = verdict.line("TM1").unwrap();
    assert_eq!((line.percent.to_string().as_str(), line.days), ("0.5", Some(3)));
    assert_eq!(net(&bench), 4_572_174);
    let step = verdict.derivation.iter().find(|step| step.name == "attendance").unwrap();
    assert!(step.parts.iter().any(|part| part.name == "cumulative" && part.values.contains(&("late".to_owned(), "30".to_owned()))));
    // one minute more is TM2, 1 %
    bench.scan("2026-10-08", Some("07:41"), Some("16:00"));
    assert_eq!((bench.verdict().lines(), net(&bench)), (vec!["TM2"], 4_549_199));
    bench.policy(|file| file.worktime.rounding.band_scope = BandScope::PerDay);
    // three times TM1: 98.5 % = 4,526,222.75
    assert_eq!((bench.verdict().lines(), net(&bench)), (vec!["TM1"], 4_526_223));
}

#[test]
fn a_started_minute_and_the_upper_edge() {
    let mut bench = Bench::clean();
    bench.policy(rigid);
    bench.scan(TUESDAY, Some("07:30:01"), Some("16:00"));
    assert_eq!(net(&bench), 4_595_150);
    bench.policy(|file| file.worktime.rounding.seconds = Seconds::CeilMinute);
    assert_eq!(bench.verdict().lines(), ["TM1"]);
    bench.scan(TUESDAY, Some("07:30"), Some("15:29:30"));
    // 30 minutes and a half are 31
    assert_eq!(bench.verdict().lines(), ["PC2"]);
    bench.policy(|file| file.worktime.rounding.seconds = Seconds::Truncate);
    bench.scan(TUESDAY, Some("08:00"), Some("16:00"));
    bench.policy(|file| {
        file.worktime.rounding.band_boundary = BandBoundary::UpperInclusive;
        (bands(file, MinuteKind::Late)[0].to_minute, bands(file, MinuteKind::Late)[1].from_minute) = (Some(30), Some(31));
    });
    assert_eq!(bench.verdict().lines(), ["TM1"]);
    bench.scan(TUESDAY, Some("08:01"), Some("16:00"));
    assert_eq!(bench.verdict().lines(), ["TM2"]);
}

#[test]
fn who_arrives_early_may_leave_early() {
    // PMK 221/PMK.01/2021: up to 90 minutes
    let mut bench = Bench::clean();
    bench.policy(|file| file.worktime.flex.early_limit_minutes = 90);
    for (came, left, lines) in
        [("07:00", "15:30", vec![]), ("07:00", "15:29", vec!["PC1"]), ("05:00", "14:30", vec![]), ("05:00", "14:29", vec!["PC1"])]
    {
        bench.scan(TUESDAY, Some(came), Some(left));
        assert_eq!(bench.verdict().lines(), lines, "{came} {left}");
    }
    assert!(bench.verdict().unverified_rules.contains(&"worktime.flex".to_owned()));
}

#[test]
fn what_is_not_made_up_counts_as_early_leave_or_as_lateness() {
    let mut bench = Bench::clean();
    bench.scan(TUESDAY, Some("08:00"), Some("15:50"));
    // 30 late and 40 short
    assert_eq!(bench.verdict().lines(), ["PC2"]);
    bench.policy(|file| file.worktime.flex.uncompensated_counts_as = Uncompensated::Late);
    assert_eq!(bench.verdict().lines(), ["PC1", "TM1"]);
    bench.scan(TUESDAY, Some("08:00"), Some("16:20"));
    // 10 of 30 not made up
    assert_eq!(bench.verdict().lines(), ["TM1"]);
    bench.scan(TUESDAY, Some("08:00"), Some("16:30"));
    assert!(bench.verdict().lines().is_empty());
}

#[test]
fn tolerance_that_subtracts_and_tolerance_as_a_cliff() {
    let mut bench = Bench::clean();
    bench.scan(TUESDAY, Some("09:10"), Some("16:00"));
    bench.policy(|file| (file.worktime.flex.mode, file.worktime.flex.late_limit_minutes) = (FlexMode::ToleranceSubtract, 60));
    assert_eq!(bench.verdict().lines(), ["TM2"], "100 less 60 is 40");
    bench.policy(|file| file.worktime.flex.mode = FlexMode::ToleranceCliff);
    assert_eq!(bench.verdict().lines(), ["TM4"], "all of 100");
    bench.scan(TUESDAY, Some("08:30"), Some("16:00"));
    assert!(bench.verdict().lines().is_empty(), "60 is within the limit");
}

fn night(days: &[DayName]) -> impl Fn(&mut PolicyFile) {
    let days = days.to_vec();
    move |file: &mut PolicyFile| {
        rigid(file);
        file.worktime.schedule.push(Schedule {
            name: "shift-malam".to_owned(),
            days: days.clone(),
            start: time("22:00"),
            end: time("06:00"),
            break_minutes: 30,
            assign: Some(Assign { units: vec!["U01".to_owned()], ..Assign::default() }),
            works_on_holidays: false,
        });
    }
}

#[test]
fn a_check_out_after_midnight_belongs_to_the_day_the_shift_began() {
    let mut bench = Bench::clean();
    bench.policy(night(&WEEK));
    bench.every_row(|row| (row.jam_masuk, row.jam_pulang) = (Some(time("21:55")), Some(time("06:01"))));
    assert_eq!((bench.verdict().codes(), net(&bench)), (vec![], 4_595_150));
    bench.scan(TUESDAY, Some("22:20"), Some("05:30"));
    assert_eq!(bench.verdict().lines(), ["PC1", "TM1"], "20 late, 30 early");
    bench.scan(TUESDAY, Some("00:20"), Some("06:00"));
    assert_eq!(bench.verdict().lines(), ["TM4"], "140 late, past midnight");
    bench.scan(TUESDAY, Some("21:55"), None);
    assert_eq!((bench.verdict().codes(), bench.verdict().lines()), (vec![Code::Ab05, Code::Am01], vec!["PC4"]));
}

#[test]
fn the_scans_of_two_calendar_days_are_parted_between_two_shifts() {
    // as a device writes them: out in the morning, in again in the evening; the night of Thursday ends on Friday
    let mut bench = Bench::clean();
    bench.policy(night(&WEEK[..4]));
    bench.every_row(|row: &mut AttendanceDay| {
        (row.jam_masuk, row.jam_pulang) = match row.tanggal.format("%a").to_string().as_str() {
            "Mon" => (Some(time("21:58")), None),
            "Fri" => (None, Some(time("06:03"))),
            _ => (Some(time("06:03")), Some(time("21:58"))),
        };
        if row.tanggal.format("%a").to_string() == "Fri" {
            row.status = None;
        }
    });
    assert_eq!((bench.verdict().codes(), net(&bench)), (vec![], 4_595_150));
    // on Wednesday morning the person left at 05:20: 40 minutes early on Tuesday
    bench.scan("2026-10-07", Some("05:20"), Some("21:58"));
    let verdict = bench.verdict();
    assert_eq!(verdict.lines(), ["PC2"]);
    let step = verdict.derivation.iter().find(|step| step.name == "attendance").unwrap();
    assert!(step.parts[0].values.contains(&("day".to_owned(), TUESDAY.to_owned())), "{step:?}");
}

#[test]
fn a_shift_by_name_comes_before_that_of_the_unit_and_dates_bound_it() {
    let mut bench = Bench::clean();
    bench.policy(rigid);
    bench.policy(|file| {
        let shift = |name: &str, start: &str, end: &str, assign: Assign| Schedule {
            name: name.to_owned(),
            days: WEEK.to_vec(),
            start: time(start),
            end: time(end),
            break_minutes: 30,
            assign: Some(assign),
            works_on_holidays: false,
        };
        let own = Assign { nips: vec!["198501012010011901".to_owned()], to: Some(day(TUESDAY)), ..Assign::default() };
        file.worktime.schedule.push(shift("pagi", "06:00", "14:00", Assign { units: vec!["U01".to_owned()], ..Assign::default() }));
        file.worktime.schedule.push(shift("siang", "13:00", "21:00", own));
    });
    // until Tuesday the 6th from 13:00, from Wednesday on from 06:00
    bench.every_row(|row| {
        let own = row.tanggal <= day(TUESDAY);
        (row.jam_masuk, row.jam_pulang) =
            (Some(time(if own { "12:50" } else { "05:55" })), Some(time(if own { "21:00" } else { "14:00" })));
    });
    assert_eq!(bench.verdict().lines(), [] as [&str; 0]);
    bench.scan("2026-10-07", Some("12:50"), Some("21:00"));
    assert_eq!(bench.verdict().lines(), ["TM4"]);
}

#[test]
fn the_evaluation_of_a_month_is_never_that_of_a_quarter() {
    let mut bench = Bench::clean();
    bench.policy(|file| file.performance.cycle = CycleLength::Quarterly);
    bench.evaluation(|row| row.hasil_akhir = "Baik".to_owned());
    let verdict = bench.verdict();
    assert_eq!((verdict.standing, verdict.predikat.is_some()), (Standing::Layak, true));
    let step = verdict.derivation.iter().find(|step| step.name == "performance").unwrap();
    assert!(step.values.contains(&("cycle".to_owned(), "2026-Q3".to_owned())), "{step:?}");
    bench.forget(Kind::Evaluation);
    bench.cycle("2026-09", |_| {});
    let verdict = bench.verdict();
    assert_eq!((verdict.standing, verdict.predikat, verdict.unknown.as_slice()), (Standing::BelumDiketahui, None, &[Kind::Evaluation][..]));

    let mut bench = Bench::clean();
    bench.forget(Kind::Evaluation);
    bench.cycle("2026-Q3", |_| {});
    bench.cycle("2026", |_| {});
    assert_eq!((bench.verdict().standing, bench.verdict().predikat), (Standing::BelumDiketahui, None));
}

#[test]
fn half_an_attendance_window_is_unknown_and_costs_nothing() {
    let mut bench = Bench::clean();
    bench.policy(|file| (file.period.attendance_from_day, file.period.attendance_to_day) = (16, 15));
    let verdict = bench.verdict();
    assert_eq!((verdict.standing, verdict.expected, verdict.unknown.as_slice()), (Standing::BelumDiketahui, None, &[Kind::Attendance][..]));
    assert!(verdict.deductions.is_empty());
    // September's file names the person from the 16th on
    bench.earlier("2026-09", |_| {});
    bench.attendance_file("2026-09");
    let verdict = bench.verdict();
    assert_eq!((verdict.codes(), verdict.standing, verdict.expected.unwrap().net), (vec![], Standing::Layak, Rupiah(4_595_150)));
    // October after the 15th belongs to the next period
    bench.scan("2026-10-16", Some("12:00"), Some("16:30"));
    assert_eq!(net(&bench), 4_595_150);
    bench.scan("2026-10-15", Some("12:00"), Some("16:00"));
    assert_eq!(bench.verdict().lines(), ["TM4"]);
}

#[test]
fn half_a_window_without_the_person_is_absence_only_where_the_file_speaks_for_everybody() {
    let mut bench = Bench::clean();
    bench.policy(|file| (file.period.attendance_from_day, file.period.attendance_to_day) = (16, 15));
    bench.attendance_file("2026-09");
    // 11 working days of September without a row: absent, from the tenth day in a row on 100 %
    let verdict = bench.verdict();
    assert_eq!(verdict.line("absent").unwrap().days, Some(11));
    assert_eq!(verdict.expected.unwrap().net, Rupiah(0));
}

#[test]
fn a_part_of_a_month_of_leave_by_working_days() {
    let mut bench = Bench::clean();
    bench.policy(|file| {
        file.leave_rules.partial_month = PartialMonth::ProrataWorkdays;
        file.leave_rules.review_if_override_and_days_below_half = false;
    });
    bench.permit(PermitKind::CutiBesar, "2026-10-05", "2026-10-13");
    // 50 % × 7/22 = 15.909…: 4,595,150 × 37/44 = 3,864,103.4
    let verdict = bench.verdict();
    assert_eq!(verdict.expected.unwrap().net, Rupiah(3_864_103));
    let line = verdict.line("leave:cuti_besar").unwrap();
    assert_eq!((line.percent.to_string().as_str(), line.days), ("15.90909", Some(7)));
    bench.policy(|file| file.leave_rules.partial_month = PartialMonth::FullMonth);
    assert_eq!(net(&bench), 2_297_575);
    bench.policy(|file| file.leave_rules.review_if_override_and_days_below_half = true);
    assert!(bench.verdict().codes().contains(&Code::Lv05));
    bench.policy(|file| file.leave_rules.review_if_override_and_days_below_half = false);
    bench.policy(|file| file.leave_rules.partial_month = PartialMonth::Review);
    assert!(bench.verdict().codes().contains(&Code::Lv05));
}

#[test]
fn leave_that_pays_nothing_takes_its_working_days() {
    let mut bench = Bench::clean();
    bench.permit(PermitKind::Cltn, "2026-10-26", "2026-11-30");
    assert!(bench.verdict().codes().contains(&Code::Lv05));
    bench.policy(|file| {
        file.leave_rules.partial_month = PartialMonth::ProrataWorkdays;
        file.leave_rules.review_if_override_and_days_below_half = false;
    });
    // 5 of 22 days: 4,595,150 × 17/22 = 3,550,797.7
    assert_eq!(net(&bench), 3_550_798);
}

#[test]
fn two_missing_scans_of_a_day_by_event_and_by_working_day() {
    let mut bench = Bench::clean();
    let events = |per: EventUnit| {
        move |file: &mut PolicyFile| {
            for event in &mut file.deduction.event {
                let percent = match event.kind {
                    EventKind::NoCheckIn => "1",
                    EventKind::NoCheckOut => "2",
                    _ => continue,
                };
                (event.treat_as, event.percent, event.per) = (None, percent.parse().ok(), Some(per));
            }
            let none = file.deduction.event.iter_mut().find(|event| event.kind == EventKind::NoScanAtAll).unwrap();
            none.treat_as = Some("both_events".to_owned());
        }
    };
    bench.scan(TUESDAY, None, None);
    bench.policy(events(EventUnit::Event));
    // 97 % of 4,595,150 = 4,457,295.5
    assert_eq!((bench.verdict().lines(), net(&bench)), (vec!["no_check_in", "no_check_out"], 4_457_296));
    bench.policy(events(EventUnit::Workday));
    assert_eq!((bench.verdict().lines(), net(&bench)), (vec!["no_check_out"], 4_503_247));
    bench.scan(TUESDAY, None, Some("16:00"));
    assert_eq!(bench.verdict().lines(), ["no_check_in"]);
}

#[test]
fn a_missing_scan_may_count_as_absence_and_none_at_all_may_have_its_own_percent() {
    let mut bench = Bench::clean();
    bench.scan(TUESDAY, None, Some("16:00"));
    bench.policy(|file| {
        let event = |file: &mut PolicyFile, kind| file.deduction.event.iter().position(|event| event.kind == kind).unwrap();
        let (one, none) = (event(file, EventKind::NoCheckIn), event(file, EventKind::NoScanAtAll));
        file.deduction.event[one].treat_as = Some("absent".to_owned());
        let none = &mut file.deduction.event[none];
        (none.treat_as, none.percent, none.per) = (None, "3".parse().ok(), Some(EventUnit::Workday));
    });
    let verdict = bench.verdict();
    assert_eq!(verdict.lines(), ["absent"]);
    let step = verdict.derivation.iter().find(|step| step.name == "attendance").unwrap();
    assert!(step.parts[0].rules.iter().any(|rule| rule.path == "deduction.event[no_check_in]"), "{step:?}");
    bench.scan(TUESDAY, None, None);
    assert_eq!((bench.verdict().lines(), net(&bench)), (vec!["no_scan_at_all"], 4_457_296));
}

#[test]
fn a_class_that_changes_inside_the_month() {
    let mut bench = Bench::clean();
    bench.roster(|entry| entry.tmt_kelas = Some(day("2026-10-15")));
    for (rule, held) in [
        (ClassChangeRule::NextMonthUnlessFirstWorkday, true),
        (ClassChangeRule::ProrataWorkdays, true),
        (ClassChangeRule::SameMonth, false),
    ] {
        bench.policy(|file| file.class_change.rule = rule);
        assert_eq!(bench.verdict().codes().contains(&Code::Cl02), held, "{rule:?}");
        assert_eq!(bench.verdict().expected.is_none(), held, "{rule:?}");
    }
    bench.roster(|entry| entry.tmt_kelas = Some(day("2026-10-01")));
    bench.policy(|file| file.class_change.rule = ClassChangeRule::ProrataWorkdays);
    assert_eq!(net(&bench), 4_595_150);
}

#[test]
fn a_status_of_the_roster_may_have_a_multiplier_or_give_nothing() {
    let mut bench = Bench::clean();
    bench.roster(|entry| (entry.status, entry.tmt_status) = (EmploymentStatus::TugasBelajar, Some(day("2026-01-05"))));
    bench.policy(|file| {
        let rule = file.status.iter_mut().find(|rule| rule.kind == "tugas_belajar").unwrap();
        (rule.fixed_class, rule.multiplier) = (None, "80".parse().ok());
    });
    assert_eq!(net(&bench), 3_676_120);
    bench.policy(|file| {
        let rule = file.status.iter_mut().find(|rule| rule.kind == "tugas_belajar").unwrap();
        (rule.multiplier, rule.eligible) = (None, Some(false));
    });
    assert_eq!((bench.verdict().standing, net(&bench)), (Standing::TidakBerhak, 0));
}

#[test]
fn the_policy_sets_the_severity_of_every_code() {
    use selaras::domain::Severity;
    let bench = Bench::clean();
    let mut policy = bench.policy_file();
    for code in Code::ALL.iter().copied() {
        for severity in [Severity::Block, Severity::Amount, Severity::Info] {
            policy.file.severity.insert(code, selaras::policy::SeverityWord(severity));
            assert_eq!(selaras::reconcile::evaluate::severity(&policy, code, Some(Severity::Info)), severity, "{code:?}");
        }
    }
}
