//! Bands, percent per minute, and single events.

use super::Remarks;
use super::clock;
use crate::domain::percent::Percent;
use crate::policy::model::Band;
use crate::policy::model::BandBoundary;
use crate::policy::model::BandRule;
use crate::policy::model::Base;
use crate::policy::model::Deductions;
use crate::policy::model::EventKind;
use crate::policy::model::EventRule;
use crate::policy::model::EventUnit;
use crate::policy::model::MinuteKind;
use crate::policy::model::PolicyFile;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub(super) fn check(file: &PolicyFile, remarks: &mut Remarks) {
    let deduction = &file.deduction;
    for kind in [MinuteKind::Late, MinuteKind::EarlyLeave] {
        let rules = deduction.band.iter().filter(|rule| rule.kind == kind).count()
            + deduction.linear.iter().filter(|rule| rule.kind == kind).count();
        one_of_each(&format!("deduction.band[{}]", kind.key()), rules, remarks);
    }
    let mut codes = BTreeSet::new();
    for rule in &deduction.band {
        band_rule(file, rule, &mut codes, remarks);
    }
    for rule in &deduction.linear {
        let at = rule.citation().path;
        remarks.at_most_hundred(format!("{at}.percent_per_minute"), rule.percent_per_minute);
        not_of_performance(&at, rule.base, remarks);
    }
    for kind in [EventKind::NoCheckIn, EventKind::NoCheckOut, EventKind::NoScanAtAll, EventKind::Absent, EventKind::MissedCeremony] {
        let rules = deduction.event.iter().filter(|rule| rule.kind == kind).count();
        // A ceremony can be no matter at all; the others happen everywhere and need an answer.
        if rules != 0 || kind != EventKind::MissedCeremony {
            one_of_each(&format!("deduction.event[{}]", kind.key()), rules, remarks);
        }
    }
    for rule in &deduction.event {
        event_rule(rule, deduction, remarks);
    }
    ceremonies(file, remarks);
}

fn one_of_each(at: &str, rules: usize, remarks: &mut Remarks) {
    match rules {
        1 => {}
        0 => remarks.wrong(
            at,
            "belum ada: tulis aturannya, dengan persen \"0\" bila tidak dipotong",
            "is missing: write the rule, with percent \"0\" where nothing is cut",
        ),
        _ => remarks.wrong(at, "diatur lebih dari sekali: sisakan satu", "is ruled more than once: keep one"),
    }
}

fn not_of_performance(at: &str, base: Base, remarks: &mut Remarks) {
    if base == Base::PerformanceComponent {
        remarks.wrong(
            format!("{at}.base"),
            "kehadiran bukan bagian kinerja: tulis total atau attendance_component",
            "attendance is no part of performance: write total or attendance_component",
        );
    }
}

fn band_rule<'a>(file: &PolicyFile, rule: &'a BandRule, codes: &mut BTreeSet<&'a str>, remarks: &mut Remarks) {
    let at = rule.citation().path;
    not_of_performance(&at, rule.base, remarks);
    if rule.bands.is_empty() {
        remarks.wrong(at.as_str(), "belum ada satu jenjang pun", "has no band at all");
    }
    for band in &rule.bands {
        let at = format!("{at}.bands[{}]", band.code);
        remarks.not_blank(&at, &band.code);
        remarks.once(codes, at.as_str(), &band.code);
        if ["absent", "both_events"].contains(&band.code.as_str()) {
            remarks.wrong(at.as_str(), "kode ini sudah punya arti lain", "this code already means something else");
        }
        remarks.at_most_hundred(format!("{at}.percent"), band.percent);
    }
    if rule.is_by_clock() {
        clock::check(file, &at, rule, remarks);
    } else {
        minutes_touch(&at, &rule.bands, file.worktime.rounding.band_boundary, remarks);
    }
}

/// The bands cover every minute from the first on, each once.
fn minutes_touch(at: &str, bands: &[Band], edge: BandBoundary, remarks: &mut Remarks) {
    let mut expected = None;
    for (index, band) in bands.iter().enumerate() {
        let at = format!("{at}.bands[{}]", band.code);
        let Some(from) = band.from_minute else {
            remarks.wrong(format!("{at}.from_minute"), "belum ada", "is missing");
            return;
        };
        match expected {
            None if from > 1 => remarks.wrong(
                format!("{at}.from_minute"),
                format!("menit 1 s.d. {} tidak tercakup: mulai dari 1", from - 1),
                format!("minutes 1 to {} are not covered: start at 1", from - 1),
            ),
            Some(expected) => joins(&format!("{at}.from_minute"), expected, from, remarks),
            None => {}
        }
        let last = index + 1 == bands.len();
        match band.to_minute {
            Some(_) if last => remarks.wrong(
                format!("{at}.to_minute"),
                "jenjang terakhir harus terbuka: hapus to_minute",
                "the last band must be open: remove to_minute",
            ),
            None if !last => {
                remarks.wrong(format!("{at}.to_minute"), "hanya jenjang terakhir boleh terbuka", "only the last band may be open");
                return;
            }
            Some(to) if to < from || (to == from && edge == BandBoundary::UpperExclusive) => {
                remarks.wrong(format!("{at}.to_minute"), "tidak sesudah from_minute", "is not after from_minute");
            }
            _ => {}
        }
        expected = band.to_minute.map(|to| if edge == BandBoundary::UpperInclusive { to.saturating_add(1) } else { to });
    }
}

fn joins(at: &str, expected: u32, from: u32, remarks: &mut Remarks) {
    match from.cmp(&expected) {
        Ordering::Equal => {}
        Ordering::Greater => remarks.wrong(
            at,
            format!("celah {expected} s.d. {}: tulis {expected}", from - 1),
            format!("a gap from {expected} to {}: write {expected}", from - 1),
        ),
        Ordering::Less => remarks.wrong(
            at,
            format!("tumpang tindih {from} s.d. {}: tulis {expected}", expected - 1),
            format!("an overlap from {from} to {}: write {expected}", expected - 1),
        ),
    }
}

fn event_rule(rule: &EventRule, deduction: &Deductions, remarks: &mut Remarks) {
    let at = rule.citation().path;
    not_of_performance(&at, rule.base, remarks);
    match (&rule.treat_as, rule.percent) {
        (Some(_), Some(_)) => remarks.wrong(
            at.as_str(),
            "treat_as dan percent bertentangan: tulis salah satu",
            "treat_as and percent contradict: write one of them",
        ),
        (None, None) => remarks.wrong(at.as_str(), "tulis percent atau treat_as", "write percent or treat_as"),
        (Some(target), None) => {
            treat_as(&at, rule.kind, target, deduction, remarks);
            if rule.per.is_some() || rule.base != Base::Total {
                remarks.wrong(
                    at.as_str(),
                    "per dan base mengikuti aturan yang disebut treat_as: hapus",
                    "per and base are those of the rule that treat_as names: remove them",
                );
            }
        }
        (None, Some(percent)) => own_percent(&at, rule, percent, remarks),
    }
    absence_only(&at, rule, remarks);
}

fn treat_as(at: &str, kind: EventKind, target: &str, deduction: &Deductions, remarks: &mut Remarks) {
    let at = format!("{at}.treat_as");
    if matches!(kind, EventKind::Absent | EventKind::MissedCeremony) {
        remarks.wrong(at, "kejadian ini perlu percent sendiri", "this event needs a percent of its own");
        return;
    }
    let codes: Vec<&str> = deduction.band.iter().flat_map(|rule| rule.bands.iter().map(|band| band.code.as_str())).collect();
    match (kind, target) {
        (EventKind::NoScanAtAll, "absent" | "both_events") => {}
        (EventKind::NoScanAtAll, _) => remarks.unknown(at, target, &["absent", "both_events"]),
        (_, "absent") => {}
        (_, code) if codes.contains(&code) => {}
        _ => remarks.unknown(at, target, &codes),
    }
}

fn own_percent(at: &str, rule: &EventRule, percent: Percent, remarks: &mut Remarks) {
    remarks.at_most_hundred(format!("{at}.percent"), percent);
    match rule.per {
        None => remarks.wrong(format!("{at}.per"), "belum ada: tulis workday atau event", "is missing: write workday or event"),
        Some(EventUnit::Event) if rule.kind == EventKind::Absent => {
            remarks.wrong(
                format!("{at}.per"),
                "ketidakhadiran dihitung per hari kerja: tulis workday",
                "absence counts by working day: write workday",
            );
        }
        Some(_) => {}
    }
}

/// Keys that have a meaning for absence only.
fn absence_only(at: &str, rule: &EventRule, remarks: &mut Remarks) {
    if rule.kind != EventKind::Absent {
        let written = [
            ("absorbs_other_same_day", rule.absorbs_other_same_day),
            ("consecutive_days_limit", rule.consecutive_days_limit.is_some()),
            ("consecutive_limit_percent", rule.consecutive_limit_percent.is_some()),
        ];
        for (key, _) in written.into_iter().filter(|(_, written)| *written) {
            remarks.wrong(format!("{at}.{key}"), "hanya untuk deduction.event[absent]", "is for deduction.event[absent] only");
        }
        return;
    }
    if rule.consecutive_days_limit.is_some() != rule.consecutive_limit_percent.is_some() {
        remarks.wrong(
            format!("{at}.consecutive_days_limit"),
            "consecutive_days_limit dan consecutive_limit_percent ditulis berdua atau tidak sama sekali",
            "write consecutive_days_limit and consecutive_limit_percent both or neither",
        );
    }
    if let Some(limit) = rule.consecutive_days_limit {
        remarks.within(&format!("{at}.consecutive_days_limit"), i64::from(limit), 1, 366);
    }
    remarks.at_most_hundred(format!("{at}.consecutive_limit_percent"), rule.consecutive_limit_percent.unwrap_or_default());
}

/// Only a monthly recap counts ceremonies, and it counts them by the calendar month.
fn ceremonies(file: &PolicyFile, remarks: &mut Remarks) {
    let cuts = file.deduction.event.iter().any(|rule| rule.kind == EventKind::MissedCeremony && rule.percent > Some(Percent::ZERO));
    let at = "deduction.event[missed_ceremony].percent";
    if cuts && file.period.attendance_from_day != 1 {
        remarks.wrong(
            at,
            "upacara hanya ada di rekap bulan kalender, sedangkan period.attendance_from_day bukan 1: tulis \"0\"",
            "ceremonies are only in recaps of a calendar month, and period.attendance_from_day is not 1: write \"0\"",
        );
    } else if cuts {
        remarks.notice(
            at,
            "hanya dipotong bila rekap presensi memuat kolom tidak_ikut_upacara",
            "is cut only where an attendance recap has the column tidak_ikut_upacara",
        );
    }
}
