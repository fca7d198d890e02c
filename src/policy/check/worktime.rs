//! Schedules, flexible time, rounding of minutes, and how scans are read.

use super::Remarks;
use crate::domain::attendance::DayStatus;
use crate::domain::attendance::minute_of;
use crate::domain::percent::Percent;
use crate::policy::model::BandScope;
use crate::policy::model::DayName;
use crate::policy::model::Flex;
use crate::policy::model::FlexMode;
use crate::policy::model::PolicyFile;
use crate::policy::model::Scan;
use crate::policy::model::ScanUse;
use crate::policy::model::Schedule;
use crate::policy::model::Worktime;
use chrono::NaiveTime;
use std::collections::BTreeSet;

/// The schedules that can be assigned: by date, not yet by person.
const NAMES: [&str; 2] = ["reguler", "ramadan"];

const WEEK: [(DayName, &str); 5] =
    [(DayName::Mon, "mon"), (DayName::Tue, "tue"), (DayName::Wed, "wed"), (DayName::Thu, "thu"), (DayName::Fri, "fri")];

pub(super) fn check(file: &PolicyFile, remarks: &mut Remarks) {
    let worktime = &file.worktime;
    for (index, schedule) in worktime.schedule.iter().enumerate() {
        one_schedule(&format!("worktime.schedule[{} {}]", schedule.name, index + 1), schedule, remarks);
    }
    week(worktime, "reguler", "worktime.weekly_minutes", worktime.weekly_minutes, remarks);
    if !file.calendar.ramadan.is_empty() || worktime.schedule.iter().any(|schedule| schedule.name == "ramadan") {
        week(worktime, "ramadan", "worktime.ramadan_weekly_minutes", worktime.ramadan_weekly_minutes, remarks);
    }
    flex(worktime, &worktime.flex, remarks);
    if worktime.rounding.band_scope == BandScope::CumulativeMonth {
        remarks.unsupported("worktime.rounding.band_scope", "cumulative_month");
    }
    scan(&file.attendance.scan, remarks);
}

/// Minutes from start to end, the break included; negative when the end is earlier.
fn span(schedule: &Schedule) -> i64 {
    i64::from(minute_of(schedule.end)) - i64::from(minute_of(schedule.start))
}

fn one_schedule(at: &str, schedule: &Schedule, remarks: &mut Remarks) {
    if !NAMES.contains(&schedule.name.as_str()) {
        remarks.unsupported(at, &schedule.name);
    }
    if schedule.end <= schedule.start {
        remarks.wrong(
            format!("{at}.end"),
            "tidak sesudah start (jadwal lewat tengah malam belum didukung)",
            "is not after start (a schedule across midnight is not yet supported)",
        );
    } else if i64::from(schedule.break_minutes) >= span(schedule) {
        remarks.wrong(format!("{at}.break_minutes"), "istirahat sepanjang jam kerja", "the break is as long as the working time");
    }
    if schedule.days.iter().any(|day| matches!(day, DayName::Sat | DayName::Sun)) {
        remarks.unsupported(format!("{at}.days"), "sat, sun");
    }
}

/// Monday to Friday each once, and the sum of the week as stated.
fn week(worktime: &Worktime, name: &str, at: &str, stated: u32, remarks: &mut Remarks) {
    let mut sum = 0;
    let mut complete = true;
    for (day, word) in WEEK {
        let rows: Vec<&Schedule> =
            worktime.schedule.iter().filter(|schedule| schedule.name == name && schedule.days.contains(&day)).collect();
        match rows.as_slice() {
            [row] => sum += span(row) - i64::from(row.break_minutes),
            other => {
                complete = false;
                let path = format!("worktime.schedule[{name}]");
                if other.is_empty() {
                    remarks.wrong(path, format!("hari `{word}` belum ada"), format!("day `{word}` is missing"));
                } else {
                    remarks.wrong(path, format!("hari `{word}` ditulis dua kali"), format!("day `{word}` is written twice"));
                }
            }
        }
    }
    if complete && sum != i64::from(stated) {
        remarks.wrong(
            at,
            format!("{stated} tidak sama dengan jumlah jadwal {name} tanpa istirahat, {sum} menit"),
            format!("{stated} is not the sum of the {name} schedule without breaks, {sum} minutes"),
        );
    }
}

fn flex(worktime: &Worktime, flex: &Flex, remarks: &mut Remarks) {
    let shortest = worktime.schedule.iter().map(span).filter(|minutes| *minutes > 0).min().unwrap_or(1);
    for (key, minutes) in [("late_limit_minutes", flex.late_limit_minutes), ("early_limit_minutes", flex.early_limit_minutes)] {
        let at = format!("worktime.flex.{key}");
        remarks.within(&at, i64::from(minutes), 0, shortest - 1);
        let applies = match flex.mode {
            FlexMode::CompensateSameDay => true,
            FlexMode::ToleranceSubtract | FlexMode::ToleranceCliff => key == "late_limit_minutes",
            FlexMode::None => false,
        };
        if minutes > 0 && !applies {
            remarks.notice(at, "tidak berlaku pada worktime.flex.mode ini", "does not apply to this worktime.flex.mode");
        }
    }
}

fn scan(scan: &Scan, remarks: &mut Remarks) {
    if scan.scans == ScanUse::StateField {
        remarks.unsupported("attendance.scan.use", "state_field");
    }
    for value in scan.missing_values.iter().filter(|value| !value.is_empty()) {
        // Compared as text with a scan written HH:MM, so "7:30" would never be found.
        if NaiveTime::parse_from_str(value, "%H:%M").map(|time| time.format("%H:%M").to_string()).as_ref() != Ok(value) {
            remarks.wrong(
                "attendance.scan.missing_values",
                format!("`{value}` bukan jam: tulis \"HH:MM\" atau \"\""),
                format!("`{value}` is no time: write \"HH:MM\" or \"\""),
            );
        }
    }
    if scan.outage_ratio < Percent::whole(1) {
        remarks.wrong("attendance.scan.outage_ratio", "kurang dari 1", "is below 1");
    }
    let mut seen = BTreeSet::new();
    for reason in &scan.manual_reasons {
        let at = format!("attendance.scan.manual_reasons[{}]", reason.code);
        if !["A", "B", "C", "D"].contains(&reason.code.as_str()) {
            remarks.wrong(at.as_str(), "kode alasan manual hanya A sampai D", "manual reasons are A to D only");
        }
        remarks.once(&mut seen, at, &reason.code);
    }
    statuses(scan, remarks);
}

fn statuses(scan: &Scan, remarks: &mut Remarks) {
    let lists = [
        ("statuses_with_office_hours", &scan.statuses_with_office_hours),
        ("statuses_with_scan_duty", &scan.statuses_with_scan_duty),
        ("statuses_exempt", &scan.statuses_exempt),
    ];
    let known: Vec<&str> = DayStatus::ALL.iter().map(|(code, _)| *code).collect();
    for (key, list) in lists {
        let at = format!("attendance.scan.{key}");
        let mut seen = BTreeSet::new();
        for word in list {
            if word == DayStatus::TidakHadir.code() {
                remarks.wrong(
                    at.as_str(),
                    "TIDAK_HADIR diatur deduction.event[absent]",
                    "TIDAK_HADIR is what deduction.event[absent] is for",
                );
            } else if !known.contains(&word.as_str()) {
                remarks.unknown(at.as_str(), word, &known);
            }
            remarks.once(&mut seen, at.as_str(), word);
        }
    }
    let unmeasured = |word: &&String| known.contains(&word.as_str()) && !scan.statuses_with_scan_duty.contains(word);
    for word in scan.statuses_with_office_hours.iter().filter(unmeasured) {
        remarks.wrong(
            "attendance.scan.statuses_with_office_hours",
            format!("`{word}` tanpa presensi tidak dapat diukur: sebut juga di statuses_with_scan_duty"),
            format!("`{word}` without scans cannot be measured: name it in statuses_with_scan_duty too"),
        );
    }
    if scan.statuses_with_scan_duty.iter().any(|word| word == DayStatus::Cuti.code()) {
        remarks.wrong(
            "attendance.scan.statuses_with_scan_duty",
            "CUTI tidak wajib presensi: pindahkan ke statuses_exempt",
            "CUTI has no duty to scan: move it to statuses_exempt",
        );
    }
    for word in &scan.statuses_exempt {
        if scan.statuses_with_office_hours.contains(word) || scan.statuses_with_scan_duty.contains(word) {
            remarks.wrong(
                "attendance.scan.statuses_exempt",
                format!("`{word}` juga disebut wajib"),
                format!("`{word}` is also named as having a duty"),
            );
        }
    }
    for word in known.iter().filter(|word| **word != DayStatus::TidakHadir.code()) {
        if !lists.iter().any(|(_, list)| list.iter().any(|listed| listed == word)) {
            remarks.wrong(
                "attendance.scan.statuses_exempt",
                format!("status `{word}` tidak ada di daftar mana pun"),
                format!("status `{word}` is in none of the lists"),
            );
        }
    }
}
