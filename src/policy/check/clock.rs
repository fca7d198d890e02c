//! Bands by the time of day: of an arrival from early to late, of a leaving from late to early. Half-open like bands of
//! minutes, unless `worktime.rounding.band_boundary` says that the upper edge belongs to the band.

use super::Remarks;
use crate::domain::attendance::minute_of;
use crate::policy::model::Band;
use crate::policy::model::BandBoundary;
use crate::policy::model::BandRule;
use crate::policy::model::BandScope;
use crate::policy::model::FlexMode;
use crate::policy::model::MinuteKind;
use crate::policy::model::PolicyFile;
use crate::policy::model::Uncompensated;

pub(super) fn check(file: &PolicyFile, at: &str, rule: &BandRule, remarks: &mut Remarks) {
    contradictions(file, at, rule, remarks);
    if let Some(band) = rule.bands.iter().find(|band| band.from_minute.is_some() || band.to_minute.is_some()) {
        remarks.wrong(
            format!("{at}.bands[{}]", band.code),
            "menit dan jam dalam satu aturan: tulis from_time dan to_time saja, atau from_minute dan to_minute saja",
            "minutes and times in one rule: write only from_time and to_time, or only from_minute and to_minute",
        );
        return;
    }
    let inclusive = u32::from(file.worktime.rounding.band_boundary == BandBoundary::UpperInclusive);
    match rule.kind {
        MinuteKind::Late => arrivals(file, at, &rule.bands, inclusive, remarks),
        MinuteKind::EarlyLeave => leavings(file, at, &rule.bands, inclusive, remarks),
    }
}

/// What bands by the clock cannot be joined with.
fn contradictions(file: &PolicyFile, at: &str, rule: &BandRule, remarks: &mut Remarks) {
    let worktime = &file.worktime;
    if worktime.rounding.band_scope == BandScope::CumulativeMonth {
        remarks.wrong(
            at,
            "jam tidak dapat dijumlahkan sebulan (worktime.rounding.band_scope = \"cumulative_month\"): tulis jenjang menit",
            "times of day cannot be summed over a month (worktime.rounding.band_scope = \"cumulative_month\"): write bands of minutes",
        );
    }
    if worktime.schedule.iter().any(|schedule| schedule.assign.is_some()) {
        remarks.wrong(
            at,
            "jenjang menurut jam tidak cocok untuk giliran di worktime.schedule: tulis jenjang menit",
            "bands by the clock do not fit the shifts in worktime.schedule: write bands of minutes",
        );
    }
    if rule.kind == MinuteKind::Late && worktime.flex.mode == FlexMode::ToleranceSubtract {
        remarks.wrong(
            at,
            "worktime.flex.mode = \"tolerance_subtract\" mengurangi menit, bukan jam: tulis jenjang menit",
            "worktime.flex.mode = \"tolerance_subtract\" takes minutes away, not times: write bands of minutes",
        );
    }
    let late_again = worktime.flex.mode == FlexMode::CompensateSameDay && worktime.flex.uncompensated_counts_as == Uncompensated::Late;
    if rule.kind == MinuteKind::Late && late_again {
        remarks.wrong(
            at,
            "terlambat yang tidak diganti datang sebelum jenjang pertama: tulis worktime.flex.uncompensated_counts_as = \"early_leave\"",
            "lateness that was not made up comes before the first band: write worktime.flex.uncompensated_counts_as = \"early_leave\"",
        );
    }
}

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// From the first arrival that counts as late on; the last band is open.
fn arrivals(file: &PolicyFile, at: &str, bands: &[Band], inclusive: u32, remarks: &mut Remarks) {
    let flex = &file.worktime.flex;
    let limit = if flex.mode == FlexMode::None { 0 } else { flex.late_limit_minutes };
    let starts = file.worktime.schedule.iter().filter(|schedule| schedule.assign.is_none());
    let mut expected = starts.map(|schedule| minute_of(schedule.start) + limit + 1).min().unwrap_or(0);
    for (index, band) in bands.iter().enumerate() {
        let at = format!("{at}.bands[{}]", band.code);
        let Some(from) = band.from_time.map(minute_of) else {
            remarks.wrong(format!("{at}.from_time"), "belum ada", "is missing");
            return;
        };
        // the first band may begin before anybody can be late: those minutes never occur
        if from > expected {
            gap(format!("{at}.from_time"), expected, from - 1, expected, remarks);
        } else if index > 0 && from < expected {
            overlap(format!("{at}.from_time"), from, expected - 1, expected, remarks);
        }
        match (band.to_time.map(minute_of), index + 1 == bands.len()) {
            (Some(_), true) => remarks.wrong(
                format!("{at}.to_time"),
                "jenjang terakhir harus terbuka: hapus to_time",
                "the last band must be open: remove to_time",
            ),
            (None, false) => {
                remarks.wrong(format!("{at}.to_time"), "hanya jenjang terakhir boleh terbuka", "only the last band may be open");
                return;
            }
            (Some(to), false) if to + inclusive <= from => {
                remarks.wrong(format!("{at}.to_time"), "tidak sesudah from_time", "is not after from_time");
            }
            (Some(to), false) => expected = to + inclusive,
            (None, true) => {}
        }
    }
}

/// From the latest time at which leaving is early backwards; the last band is open towards the morning.
fn leavings(file: &PolicyFile, at: &str, bands: &[Band], inclusive: u32, remarks: &mut Remarks) {
    let flex = &file.worktime.flex;
    let later = if flex.mode == FlexMode::CompensateSameDay { flex.late_limit_minutes } else { 0 };
    let ends = file.worktime.schedule.iter().filter(|schedule| schedule.assign.is_none());
    // the first minute that needs no band
    let mut expected = ends.map(|schedule| minute_of(schedule.end) + later).max().unwrap_or(0);
    for (index, band) in bands.iter().enumerate() {
        let at = format!("{at}.bands[{}]", band.code);
        let Some(to) = band.to_time.map(|to| minute_of(to) + inclusive) else {
            remarks.wrong(format!("{at}.to_time"), "belum ada", "is missing");
            return;
        };
        if to < expected {
            gap(format!("{at}.to_time"), to, expected - 1, expected - inclusive, remarks);
        } else if index > 0 && to > expected {
            overlap(format!("{at}.to_time"), expected, to - 1, expected - inclusive, remarks);
        }
        match (band.from_time.map(minute_of), index + 1 == bands.len()) {
            (Some(_), true) => remarks.wrong(
                format!("{at}.from_time"),
                "jenjang terakhir harus terbuka ke arah pagi: hapus from_time",
                "the last band must be open towards the morning: remove from_time",
            ),
            (None, false) => {
                remarks.wrong(format!("{at}.from_time"), "hanya jenjang terakhir boleh terbuka", "only the last band may be open");
                return;
            }
            (Some(from), false) if to <= from => {
                remarks.wrong(format!("{at}.from_time"), "tidak sebelum to_time", "is not before to_time");
            }
            (Some(from), false) => expected = from,
            (None, true) => {}
        }
    }
}

fn gap(at: String, from: u32, to: u32, write: u32, remarks: &mut Remarks) {
    let (from, to, write) = (clock(from), clock(to), clock(write));
    remarks.wrong(
        at,
        format!("pukul {from} s.d. {to} tidak tercakup: tulis \"{write}\""),
        format!("{from} to {to} is not covered: write \"{write}\""),
    );
}

fn overlap(at: String, from: u32, to: u32, write: u32, remarks: &mut Remarks) {
    let (from, to, write) = (clock(from), clock(to), clock(write));
    remarks.wrong(
        at,
        format!("pukul {from} s.d. {to} di dua jenjang: tulis \"{write}\""),
        format!("{from} to {to} is in two bands: write \"{write}\""),
    );
}
