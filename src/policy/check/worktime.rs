//! Schedules, flexible time, rounding of minutes, and how scans are read.

use super::Remarks;
use crate::domain::attendance::DayStatus;
use crate::domain::attendance::minute_of;
use crate::domain::nip::Nip;
use crate::domain::nip::mask;
use crate::domain::percent::Percent;
use crate::policy::model::Assign;
use crate::policy::model::DayName;
use crate::policy::model::Flex;
use crate::policy::model::FlexMode;
use crate::policy::model::PolicyFile;
use crate::policy::model::Scan;
use crate::policy::model::ScanUse;
use crate::policy::model::Schedule;
use crate::policy::model::Uncompensated;
use crate::policy::model::Worktime;
use chrono::NaiveTime;
use std::collections::BTreeSet;

/// The hours of everybody without a shift.
const GENERAL: [&str; 2] = ["reguler", "ramadan"];

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
    shifts(worktime, remarks);
    flex(worktime, &worktime.flex, remarks);
    scan(&file.attendance.scan, remarks);
}

/// Minutes from start to end, the break included; across midnight where the end is not later.
fn span(schedule: &Schedule) -> i64 {
    let minutes = i64::from(minute_of(schedule.end)) - i64::from(minute_of(schedule.start));
    if minutes <= 0 { minutes + 24 * 60 } else { minutes }
}

fn one_schedule(at: &str, schedule: &Schedule, remarks: &mut Remarks) {
    if GENERAL.contains(&schedule.name.as_str()) {
        general(at, schedule, remarks);
    } else {
        shift(at, schedule, remarks);
    }
    if i64::from(schedule.break_minutes) >= span(schedule) {
        remarks.wrong(format!("{at}.break_minutes"), "istirahat sepanjang jam kerja", "the break is as long as the working time");
    }
    if schedule.days.is_empty() {
        remarks.wrong(format!("{at}.days"), "tidak ada harinya: tulis misalnya [\"mon\"]", "has no day: write for example [\"mon\"]");
    }
}

/// Everybody's hours: five days, each within its own day (Perpres 21/2023 Pasal 3 and 4).
fn general(at: &str, schedule: &Schedule, remarks: &mut Remarks) {
    if schedule.end <= schedule.start {
        remarks.wrong(
            format!("{at}.end"),
            "tidak sesudah start: hanya giliran dengan assign boleh lewat tengah malam",
            "is not after start: only a shift with assign may cross midnight",
        );
    }
    if schedule.days.iter().any(|day| matches!(day, DayName::Sat | DayName::Sun)) {
        remarks.wrong(
            format!("{at}.days"),
            "hari kerja instansi Senin sampai Jumat (Perpres 21/2023): tulis sat dan sun di giliran dengan assign",
            "the ministry works Monday to Friday (Perpres 21/2023): write sat and sun in a shift with assign",
        );
    }
    if schedule.assign.is_some() || schedule.works_on_holidays {
        remarks.wrong(
            at,
            "assign dan works_on_holidays hanya untuk giliran: beri nama lain, misalnya \"shift-1\"",
            "assign and works_on_holidays are for shifts: give it another name, such as \"shift-1\"",
        );
    }
}

fn shift(at: &str, schedule: &Schedule, remarks: &mut Remarks) {
    let Some(assign) = schedule.assign.as_ref().filter(|assign| !assign.units.is_empty() || !assign.nips.is_empty()) else {
        remarks.wrong(
            format!("{at}.assign"),
            "giliran tanpa pegawai: tulis assign = { units = [\"KODE\"] } atau { nips = [\"…\"] }",
            "a shift of nobody: write assign = { units = [\"CODE\"] } or { nips = [\"…\"] }",
        );
        return;
    };
    for nip in assign.nips.iter().filter(|nip| Nip::parse(nip).is_err()) {
        let shown = mask(nip);
        remarks.wrong(format!("{at}.assign.nips"), format!("`{shown}` bukan NIP 18 angka"), format!("`{shown}` is no NIP of 18 digits"));
    }
    if assign.from.zip(assign.to).is_some_and(|(from, to)| to < from) {
        remarks.wrong(format!("{at}.assign.to"), "lebih awal dari from", "is earlier than from");
    }
}

/// Nobody may have two shifts on one day: which one counts would be chance.
fn shifts(worktime: &Worktime, remarks: &mut Remarks) {
    let all: Vec<(usize, &Schedule, &Assign)> =
        worktime.schedule.iter().enumerate().filter_map(|(index, shift)| Some((index, shift, shift.assign.as_ref()?))).collect();
    for (place, (_, first, one)) in all.iter().enumerate() {
        for (index, second, other) in &all[place + 1..] {
            let same_day = first.days.iter().any(|day| second.days.contains(day));
            let apart =
                one.to.zip(other.from).is_some_and(|(to, from)| to < from) || other.to.zip(one.from).is_some_and(|(to, from)| to < from);
            let who = one.units.iter().find(|unit| other.units.contains(unit)).map(|unit| format!("unit {unit}"));
            let who = who.or_else(|| one.nips.iter().find(|nip| other.nips.contains(nip)).map(|nip| mask(nip)));
            if let Some(who) = who.filter(|_| same_day && !apart) {
                remarks.wrong(
                    format!("worktime.schedule[{} {}].assign", second.name, index + 1),
                    format!("{who} sudah di giliran {} pada hari dan tanggal yang sama: pisahkan dengan days, from dan to", first.name),
                    format!("{who} already has the shift {} on the same days and dates: part them by days, from and to", first.name),
                );
            }
        }
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
    if flex.uncompensated_counts_as == Uncompensated::Late && flex.mode != FlexMode::CompensateSameDay {
        remarks.notice(
            "worktime.flex.uncompensated_counts_as",
            "hanya berlaku pada worktime.flex.mode = \"compensate_same_day\"",
            "applies to worktime.flex.mode = \"compensate_same_day\" only",
        );
    }
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
        remarks.wrong(
            "attendance.scan.use",
            "`state_field` tidak dapat dihitung: berkas presensi tidak memuat status masuk/pulang dan attlog.dat tidak dipakai statusnya \
             (orang menekan tombol yang salah); tulis \"first_and_last\"",
            "`state_field` cannot be computed: attendance files carry no in/out state and that of attlog.dat is not kept (people press \
             the wrong key); write \"first_and_last\"",
        );
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
