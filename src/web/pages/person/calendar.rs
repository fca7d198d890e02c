//! The days of the attendance window as weeks.

use crate::app::shown::Person;
use crate::domain::attendance::{AttendanceDay, DayStatus};
use crate::domain::calendar::HolidayKind;
use crate::domain::period::days;
use crate::domain::text::Lang;
use crate::export::words;
use crate::web::pages::scene::Scene;
use chrono::{Datelike, NaiveDate, NaiveTime};

/// Monday to Sunday; `None`: outside the window.
pub(super) struct Week {
    pub(super) days: Vec<Option<Day>>,
}

/// One day.
pub(super) struct Day {
    pub(super) number: String,
    /// What the sources say, line by line.
    pub(super) lines: Vec<String>,
    /// Codes of the findings about the day.
    pub(super) codes: String,
    pub(super) tone: &'static str,
}

/// Monday to Sunday, short and whole.
pub(super) fn weekdays(lang: Lang) -> [(&'static str, &'static str); 7] {
    lang.pick(
        [("Sen", "Senin"), ("Sel", "Selasa"), ("Rab", "Rabu"), ("Kam", "Kamis"), ("Jum", "Jumat"), ("Sab", "Sabtu"), ("Min", "Minggu")],
        [
            ("Mon", "Monday"),
            ("Tue", "Tuesday"),
            ("Wed", "Wednesday"),
            ("Thu", "Thursday"),
            ("Fri", "Friday"),
            ("Sat", "Saturday"),
            ("Sun", "Sunday"),
        ],
    )
}

pub(super) fn weeks(person: &Person, scene: &Scene<'_>) -> Vec<Week> {
    let (from, to) = person.window;
    let mut weeks: Vec<Week> = Vec::new();
    for day in days(from, to) {
        let at = day.weekday().num_days_from_monday() as usize;
        if weeks.is_empty() || at == 0 {
            weeks.push(Week { days: (0..7).map(|_| None).collect() });
        }
        if let Some(slot) = weeks.last_mut().and_then(|week| week.days.get_mut(at)) {
            *slot = Some(look(day, day == from || day.day() == 1, person, scene));
        }
    }
    weeks
}

fn look(day: NaiveDate, names_month: bool, person: &Person, scene: &Scene<'_>) -> Day {
    let lang = scene.ask.lang;
    let dossier = &person.dossier;
    let row = dossier.attendance.iter().map(|row| &row.value).find(|row| row.tanggal == day);
    let mut lines = Vec::new();
    let holiday = person.policy.calendar.holiday(day);
    if let Some(holiday) = holiday {
        let kind = match holiday.kind {
            HolidayKind::LiburNasional => lang.pick("Libur", "Holiday"),
            HolidayKind::CutiBersama => lang.pick("Cuti bersama", "Collective leave"),
        };
        lines.push(format!("{kind}: {}", holiday.name));
    }
    lines.extend(row.into_iter().flat_map(|row| said(row, lang)));
    let permits = dossier.permits.iter().map(|row| &row.value).filter(|permit| permit.covers(day) && permit.is_approved());
    lines.extend(permits.map(|permit| words::permit_of(permit.jenis, lang).to_owned()));
    let workday = person.policy.calendar.is_workday(day);
    if row.is_none() && workday {
        lines.push(lang.pick("tidak ada catatan", "nothing recorded").to_owned());
    }
    let subject = day.to_string();
    let mut codes: Vec<&str> =
        person.verdict.findings.iter().filter(|finding| finding.subject.contains(&subject)).map(|finding| finding.code.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    let absent = row.is_some_and(|row| row.status == Some(DayStatus::TidakHadir));
    let tone = match () {
        () if absent || (row.is_none() && workday) => "tag-red",
        () if !codes.is_empty() => "tag-amber",
        () if !workday => "tag-grey",
        () => "plain",
    };
    // A cell of a telephone has room for the short name of a month: 1 Okt.
    let month = words::day(day, lang).split(' ').nth(1).map(|month| month.chars().take(3).collect::<String>());
    let number = month.filter(|_| names_month).map_or(day.day().to_string(), |month| format!("{} {month}", day.day()));
    Day { number, lines, codes: codes.join(" "), tone }
}

fn said(row: &AttendanceDay, lang: Lang) -> Vec<String> {
    let clock = |time: Option<NaiveTime>| time.map_or("–".to_owned(), |time| time.format(lang.pick("%H.%M", "%H:%M")).to_string());
    let mut lines = Vec::new();
    if let Some(status) = row.status {
        lines.push(status_said(status, lang).to_owned());
    }
    if row.jam_masuk.is_some() || row.jam_pulang.is_some() {
        lines.push(format!("{}\u{2013}{}", clock(row.jam_masuk), clock(row.jam_pulang)));
    }
    lines
}

fn status_said(status: DayStatus, lang: Lang) -> &'static str {
    match status {
        DayStatus::Wfo => lang.pick("Kantor", "Office"),
        DayStatus::Wfh => lang.pick("Dari rumah", "From home"),
        DayStatus::Wfa => lang.pick("Dari mana saja", "From anywhere"),
        DayStatus::Dinas => lang.pick("Dinas", "On duty"),
        DayStatus::Diklat => lang.pick("Diklat", "Training"),
        DayStatus::Cuti => lang.pick("Cuti", "Leave"),
        DayStatus::TugasBelajar => lang.pick("Tugas belajar", "Study"),
        DayStatus::Libur => lang.pick("Libur", "Day off"),
        DayStatus::TidakHadir => lang.pick("Tidak hadir", "Absent"),
    }
}
