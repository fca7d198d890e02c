//! People on shifts: the same scans say the same whatever way somebody splits them into rows, and the devices of their
//! units are judged by their own hours.

use super::bench::{Bench, day, time};
use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};
use proptest::prelude::*;
use selaras::domain::attendance::{AttendanceDay, DayStatus};
use selaras::domain::evidence::Scope;
use selaras::domain::finding::Finding;
use selaras::domain::{Body, Code};
use selaras::policy::{Assign, DayName, EventKind, FlexMode, PolicyFile, Schedule};
use selaras::reconcile::AttendancePeers;
use std::collections::BTreeMap;

const WEEK: [DayName; 7] = [DayName::Mon, DayName::Tue, DayName::Wed, DayName::Thu, DayName::Fri, DayName::Sat, DayName::Sun];

/// A shift of the unit, without flexible time.
fn shift(days: &[DayName], start: &str, end: &str, assign: Assign) -> impl Fn(&mut PolicyFile) + use<> {
    let schedule = Schedule {
        name: format!("shift-{start}"),
        days: days.to_vec(),
        start: time(start),
        end: time(end),
        break_minutes: 30,
        assign: Some(assign),
        works_on_holidays: false,
    };
    move |file: &mut PolicyFile| {
        file.worktime.flex.mode = FlexMode::None;
        file.worktime.schedule.push(schedule.clone());
    }
}

fn of_unit() -> Assign {
    Assign { units: vec!["U01".to_owned()], ..Assign::default() }
}

fn row(bench: &mut Bench, at: NaiveDate, status: Option<DayStatus>, masuk: Option<NaiveTime>, pulang: Option<NaiveTime>) {
    bench.add_row(&at.to_string(), |row| (row.status, row.jam_masuk, row.jam_pulang) = (status, masuk, pulang));
}

/// One night: when the person came before midnight and left after it.
#[derive(Debug, Clone, Copy)]
struct Night {
    begins: NaiveDate,
    came: Option<NaiveTime>,
    left: Option<NaiveTime>,
}

/// How somebody writes the scans of nights into rows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Split {
    /// A row a shift.
    ByShift,
    /// A row a calendar day: its first and its last scan; a lone one stands where it belongs by its hour.
    FirstAndLast,
    /// The same; a lone one is a check-in.
    FirstAlways,
    /// A row a calendar day, with the scan of each column that day: in at 21:58, out at 06:03 of the night before.
    ByColumn,
    /// The log of a device: a lone scan is first and last.
    Device,
}

fn written(bench: &mut Bench, nights: &[Night], duty: &[NaiveDate], split: Split) {
    bench.no_attendance();
    let of = |at: NaiveDate| if duty.contains(&at) { Some(DayStatus::Wfo) } else { None };
    if split == Split::ByShift {
        // the night that began before the window belongs to the file of the month before
        for night in nights.iter().filter(|night| duty.contains(&night.begins)) {
            if night.came.is_some() || night.left.is_some() {
                row(bench, night.begins, of(night.begins), night.came, night.left);
            }
        }
        return;
    }
    let mut days: BTreeMap<NaiveDate, (Option<NaiveTime>, Option<NaiveTime>)> = BTreeMap::new();
    for night in nights {
        if night.left.is_some() {
            days.entry(night.begins + Days::new(1)).or_default().0 = night.left;
        }
        if night.came.is_some() {
            days.entry(night.begins).or_default().1 = night.came;
        }
    }
    // the day before the window stands in the file of the month before
    days.remove(&day("2026-09-30"));
    let mut log = Vec::new();
    for (at, (morning, evening)) in days {
        let (masuk, pulang) = match (split, morning, evening) {
            (Split::ByColumn, morning, evening) => (evening, morning),
            (_, Some(morning), Some(evening)) => (Some(morning), Some(evening)),
            (Split::FirstAndLast, None, evening) => (evening, None),
            (Split::FirstAndLast, morning, None) => (None, morning),
            (Split::Device, morning, evening) => (morning.or(evening), morning.or(evening)),
            (_, morning, evening) => (morning.or(evening), None),
        };
        if split == Split::Device {
            log.push(tapped(at, masuk, pulang));
        } else {
            row(bench, at, of(at), masuk, pulang);
        }
    }
    if split == Split::Device {
        bench.further("attlog", Body::Attendance(log.into()), Scope::Named);
    }
}

fn tapped(tanggal: NaiveDate, jam_masuk: Option<NaiveTime>, jam_pulang: Option<NaiveTime>) -> AttendanceDay {
    AttendanceDay {
        tanggal,
        jam_masuk,
        jam_pulang,
        status: None,
        keterangan: None,
        alasan_manual: None,
        minutes_late: None,
        minutes_early: None,
    }
}

/// What a verdict comes to, without the files that it was read from.
fn said(bench: &Bench) -> String {
    let verdict = bench.verdict();
    let found: Vec<(Code, &str)> = verdict.findings.iter().map(|finding| (finding.code, finding.subject.as_str())).collect();
    format!("{:?} {found:?} {:?} {:?}", verdict.standing, verdict.deductions, verdict.expected)
}

/// Nights of October 2026 on these weekdays, and the one before it that ends on the 1st.
fn nights(weekdays: &[DayName], offsets: &[(Option<i64>, Option<i64>)]) -> (Vec<Night>, Vec<NaiveDate>) {
    let on = |at: &NaiveDate| weekdays.contains(&WEEK[at.weekday().num_days_from_monday() as usize]);
    let all = (0..32).map(|back| day("2026-09-30") + Days::new(back)).filter(on);
    let minutes = |from: &str, by: Option<i64>| by.map(|by| time(from) + TimeDelta::minutes(by));
    let nights: Vec<Night> = all
        .zip(offsets)
        .map(|(begins, (came, left))| Night { begins, came: minutes("22:00", *came), left: minutes("06:00", *left) })
        .collect();
    let duty = nights.iter().map(|night| night.begins).filter(|at| at.month() == 10).collect();
    (nights, duty)
}

fn offset(from: i64, to: i64) -> impl Strategy<Value = Option<i64>> {
    prop_oneof![9 => (from..to).prop_map(Some), 1 => Just(None)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever way a device splits the scans of nights into rows, the verdict is the same.
    #[test]
    fn the_split_into_rows_changes_nothing(
        weekdays in prop::sample::select(vec![&WEEK[..4], &WEEK[..5], &WEEK[4..], &WEEK[1..2], &WEEK[2..6], &WEEK[..]]),
        offsets in prop::collection::vec((offset(-30, 119), offset(-100, 60)), 32),
    ) {
        let mut bench = Bench::clean();
        bench.policy(shift(weekdays, "22:00", "06:00", of_unit()));
        let (nights, duty) = nights(weekdays, &offsets);
        written(&mut bench, &nights, &duty, Split::ByShift);
        let whole = said(&bench);
        for split in [Split::FirstAndLast, Split::FirstAlways, Split::ByColumn, Split::Device] {
            // of nights without a day off between them nothing says which morning a column means
            if split == Split::ByColumn && weekdays.len() == 7 {
                continue;
            }
            let mut bench = Bench::clean();
            bench.policy(shift(weekdays, "22:00", "06:00", of_unit()));
            written(&mut bench, &nights, &duty, split);
            prop_assert_eq!(&said(&bench), &whole, "{:?} {:?}", split, nights);
        }
    }
}

#[test]
fn a_night_before_a_holiday_ends_on_it_and_that_of_the_holiday_is_none() {
    // Tuesday to Thursday; Thursday 24 December is collective leave
    let mut bench = Bench::of("2026-12");
    bench.policy(shift(&[DayName::Tue, DayName::Wed, DayName::Thu], "22:00", "06:00", of_unit()));
    bench.no_attendance();
    for at in ["2026-12-01", "2026-12-02", "2026-12-03"] {
        row(&mut bench, day(at), Some(DayStatus::Wfo), Some(time("21:58")), Some(time("06:03")));
    }
    // on the 23rd the person left 40 minutes early; on the day off they came all the same
    row(&mut bench, day("2026-12-23"), Some(DayStatus::Wfo), Some(time("21:58")), Some(time("05:20")));
    row(&mut bench, day("2026-12-24"), None, Some(time("21:58")), Some(time("06:03")));
    let verdict = bench.verdict();
    assert_eq!(verdict.line("PC2").and_then(|line| line.days), Some(1), "{:?}", verdict.deductions);
}

/// The days of a unit under a policy, each person disturbed by `change` with their number.
fn unit(people: usize, policy: impl Fn(&mut PolicyFile), change: impl Fn(usize, &mut Bench)) -> Vec<Finding> {
    let mut rules = Bench::clean();
    rules.policy(&policy);
    let period = "2026-10".parse().unwrap();
    let mut peers = AttendancePeers::new(rules.rules(), period);
    for person in 0..people {
        let mut bench = Bench::clean();
        bench.policy(&policy);
        change(person, &mut bench);
        peers.add(&bench.dossier());
    }
    peers.findings()
}

fn codes(found: &[Finding]) -> Vec<(Code, &str)> {
    found.iter().map(|finding| (finding.code, finding.subject.as_str())).collect()
}

/// Rows on Tuesday to Saturday, 12:50 to 21:05.
fn afternoons(bench: &mut Bench) {
    bench.no_attendance();
    let saturdays = ["2026-10-03", "2026-10-10", "2026-10-17", "2026-10-24", "2026-10-31"];
    let weekdays = Bench::clean().workdays().into_iter().filter(|at| day(at).weekday() != chrono::Weekday::Mon);
    for at in weekdays.chain(saturdays.map(str::to_owned)) {
        row(bench, day(&at), Some(DayStatus::Wfo), Some(time("12:50")), Some(time("21:05")));
    }
}

#[test]
fn a_device_that_was_down_on_a_saturday_of_duty() {
    let policy = shift(&WEEK[1..6], "13:00", "21:00", of_unit());
    // somebody's only tap stands in both columns: it is the check-in by the hours of the shift
    let one_tap = |person: usize, bench: &mut Bench| {
        afternoons(bench);
        if person < 4 {
            bench.scan("2026-10-17", Some("12:55"), Some("12:55"));
        }
    };
    let found = unit(10, &policy, one_tap);
    assert_eq!(codes(&found), [(Code::Ab08, "U01 2026-10-17")]);
    assert_eq!((found[0].param("missing"), found[0].param("due"), found[0].param("usual")), ("4", "20", "0.0"));
    assert_eq!(codes(&unit(10, &policy, |_, bench| afternoons(bench))), [], "nobody is due on Monday");
}

#[test]
fn arrivals_count_from_the_start_of_each_shift() {
    // half of the unit begins at 06:00; from the 12th on all of it does
    let people: Vec<String> = vec!["198501012010011901".to_owned()];
    let until =
        |to: Option<&str>, from: Option<&str>| Assign { nips: people.clone(), from: from.map(day), to: to.map(day), ..Assign::default() };
    let policy = |file: &mut PolicyFile| {
        shift(&WEEK[..5], "13:00", "21:00", until(Some("2026-10-11"), None))(file);
        shift(&WEEK[..5], "06:00", "14:00", until(None, Some("2026-10-12")))(file);
    };
    let rows = |came_on_the_14th: &'static str| {
        move |_: usize, bench: &mut Bench| {
            bench.every_row(|row| {
                let late = row.tanggal < day("2026-10-12");
                (row.jam_masuk, row.jam_pulang) =
                    if late { (Some(time("12:55")), Some(time("21:05"))) } else { (Some(time("05:55")), Some(time("14:05"))) };
                if row.tanggal == day("2026-10-14") {
                    row.jam_masuk = Some(time(came_on_the_14th));
                }
            });
        }
    };
    assert_eq!(codes(&unit(6, policy, rows("05:55"))), [], "another shift is no clock that is off");
    let found = unit(6, policy, rows("04:55"));
    assert_eq!(codes(&found), [(Code::Ab11, "U01 2026-10-14")]);
    assert_eq!((found[0].param("minutes"), found[0].param("median"), found[0].param("usual_time")), ("60", "04:55", "05:55"));
}

#[test]
fn a_night_that_a_device_writes_by_calendar_days_is_no_outage() {
    let policy = shift(&WEEK[..4], "22:00", "06:00", of_unit());
    let (came, left) = (vec![(Some(-2), Some(3)); 32], day("2026-10-14"));
    let by_days = |off: i64| {
        let came = came.clone();
        move |_: usize, bench: &mut Bench| {
            let (mut nights, duty) = nights(&WEEK[..4], &came);
            let one = nights.iter_mut().find(|night| night.begins == left).unwrap();
            one.came = one.came.map(|time| time + TimeDelta::minutes(off));
            written(bench, &nights, &duty, Split::FirstAndLast);
        }
    };
    assert_eq!(codes(&unit(6, &policy, by_days(0))), []);
    let found = unit(6, &policy, by_days(-60));
    assert_eq!(codes(&found), [(Code::Ab11, "U01 2026-10-14")]);
    assert_eq!((found[0].param("median"), found[0].param("usual_time")), ("20:58", "21:58"));
}

/// Out in the morning and in again in the evening, as the rows of calendar days of nights from Monday to Thursday.
fn by_calendar_day(row: &mut AttendanceDay) {
    (row.jam_masuk, row.jam_pulang) = match row.tanggal.weekday() {
        chrono::Weekday::Mon => (Some(time("21:58")), None),
        chrono::Weekday::Fri => (Some(time("06:03")), None),
        _ => (Some(time("06:03")), Some(time("21:58"))),
    };
    row.status = (row.tanggal.weekday() != chrono::Weekday::Fri).then_some(DayStatus::Wfo);
}

#[test]
fn nights_of_the_year_before_are_no_absence() {
    let mut bench = Bench::clean();
    bench.policy(shift(&WEEK[..4], "22:00", "06:00", of_unit()));
    bench.policy(|file| {
        let missing = file.deduction.event.iter_mut().filter(|event| matches!(event.kind, EventKind::NoCheckIn | EventKind::NoCheckOut));
        missing.for_each(|event| event.treat_as = Some("absent".to_owned()));
    });
    bench.every_row(by_calendar_day);
    bench.earlier("2026-09", by_calendar_day);
    assert_eq!(bench.verdict().codes(), [] as [Code; 0]);
    bench.every_row(|row| {
        if row.tanggal.weekday() == chrono::Weekday::Fri {
            row.jam_masuk = None;
        }
    });
    assert!(bench.verdict().codes().contains(&Code::Ds02), "five nights without their end");
}

#[test]
fn shifts_keep_their_hours_in_ramadan() {
    // by the ordinary hours 40 minutes late and 50 early, as the source says
    let mut bench = Bench::of("2026-03");
    bench.policy(|file| file.worktime.flex.mode = FlexMode::None);
    bench.row("2026-03-04", |row| {
        (row.jam_masuk, row.jam_pulang) = (Some(time("08:10")), Some(time("15:10")));
        (row.minutes_late, row.minutes_early) = (Some(40), Some(50));
    });
    assert!(bench.verdict().codes().contains(&Code::Ab10));
    bench.policy(shift(&WEEK[..5], "07:30", "16:00", of_unit()));
    assert!(!bench.verdict().codes().contains(&Code::Ab10));
}
