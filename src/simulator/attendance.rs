//! Days at work and days away: what the machines of the ministry record, which permits explain the rest, and what each
//! day comes to when a careful clerk reads both.

use super::almanac::hours;
use super::amounts;
use super::amounts::Judged;
use super::dice::Dice;
use super::population::Person;
use super::population::Role;
use super::population::Story;
use super::stumbles;
use crate::domain::Code;
use crate::domain::Period;
use crate::domain::attendance::DayStatus;
use crate::domain::leave::DoctorsLetter;
use crate::domain::leave::Permit;
use crate::domain::leave::PermitKind;
use crate::domain::person::EmployeeKind;
use chrono::Days;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// One row of the attendance file. Scans are seconds of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    pub date: NaiveDate,
    pub came: Option<u32>,
    pub left: Option<u32>,
    pub status: Option<DayStatus>,
    pub note: &'static str,
    pub judged: Judged,
    /// Minutes late and left early, where the source states its own.
    pub minutes: Option<[u32; 2]>,
}

/// A person's month: its rows, and what they come to.
#[derive(Debug, Clone, Default)]
pub(super) struct Month {
    pub days: Vec<Day>,
    pub outcome: Outcome,
}

/// What remains of a month without its days.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome {
    pub permits: Vec<Permit>,
    /// What days and permits cost, in tenths of a percent.
    pub tenths: i64,
    /// Days of absence.
    pub absent: usize,
    /// The day that a planted mistake is about.
    pub subject: Option<NaiveDate>,
}

/// What keeps somebody away from the office in the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Away {
    Nothing,
    AnnualLeave,
    ShortSick,
    LongSick,
    Maternity,
    Duty,
    LateWithPermit,
    Absent,
}

/// What went wrong with the recording itself.
#[derive(Debug, Clone)]
pub(super) struct Machines {
    /// A working day that the export left out for everybody (AB02).
    pub lost: Option<NaiveDate>,
    /// Units whose device was down (AB08) or ran an hour slow (AB11) on a day.
    pub troubles: BTreeMap<usize, (Code, NaiveDate)>,
}

impl Machines {
    /// Which day each trouble falls on. `workdays` loses the day that the export left out: one of the last three, so that
    /// a whole month of absence is still ten days in a row.
    pub(super) fn new(seed: u64, troubles: &[(Code, usize)], workdays: &mut Vec<NaiveDate>) -> Self {
        let back = 1 + Dice::new(seed, "lost day", 0).below(3);
        let lost = workdays.len().checked_sub(back).map(|at| workdays.remove(at));
        let day = |unit: usize| workdays.get(Dice::new(seed, "device", unit as u64).below(workdays.len().max(1))).copied();
        let troubles = troubles.iter().filter_map(|(code, unit)| Some((*unit, (*code, day(*unit)?)))).collect();
        Self { lost, troubles }
    }

    pub(super) fn day_of(&self, code: Code, unit: usize) -> Option<NaiveDate> {
        self.troubles.get(&unit).filter(|(trouble, _)| *trouble == code).map(|(_, day)| *day)
    }
}

/// The months of all people in order, the same ones each time. They are not kept: the days of a large ministry take more
/// room than all the rest of it.
pub(super) fn months(
    seed: u64,
    people: &[Person],
    workdays: &[NaiveDate],
    machines: &Machines,
    period: Period,
) -> impl Iterator<Item = Month> {
    let mut turn = 0;
    people.iter().zip(0..).map(move |(person, at)| {
        if !person.is_entitled() {
            return Month::default();
        }
        month(&mut Dice::new(seed, "attendance", at), person, (workdays, machines), period, &mut turn)
    })
}

/// The month of one person. `turn` counts those who may be away, so that even a small ministry has each kind of leave.
fn month(dice: &mut Dice, person: &Person, (workdays, machines): (&[NaiveDate], &Machines), period: Period, turn: &mut usize) -> Month {
    let mut month = Month { days: workdays.iter().map(|date| ordinary_day(dice, *date)).collect(), ..Month::default() };
    if person.slip.is_some() {
        stumbles::stumble(&mut month, dice, person, period, machines);
    } else {
        let away = choose_away(dice, person, turn);
        stay_away(&mut month, dice, person, period, away);
    }
    if let Some(slow) = machines.day_of(Code::Ab11, person.unit) {
        let day = month.days.iter_mut().find(|day| day.date == slow && day.judged != Judged::Clean);
        if let Some(came) = day.and_then(|day| day.came.as_mut()) {
            *came -= 3600;
        }
    }
    month.outcome.tenths = cost(&month, workdays);
    month.outcome.absent = month.days.iter().filter(|day| day.judged == Judged::Absent).count();
    if person.has(Code::Ab01) {
        month.days.clear();
        month.outcome.tenths = 0;
    }
    month
}

/// A working day: mostly on time, sometimes late and made up, seldom too late or gone too early.
pub(super) fn ordinary_day(dice: &mut Dice, date: NaiveDate) -> Day {
    let hours = hours(date);
    let second = dice.below(60) as u32;
    let mut spread = |from: u32, width: usize| from + dice.below(width) as u32;
    let (came, left) = match spread(0, 1000) {
        0..30 => {
            let late = spread(3, 80);
            (hours.start + late, hours.end + late + spread(0, 30))
        }
        30..44 => {
            let late = spread(0, 2) * spread(0, 40);
            (hours.start + late, hours.end + late - spread(1, 110))
        }
        44..49 => (hours.start + spread(91, 80), hours.end + spread(0, 40)),
        _ => (hours.start - spread(0, 45), hours.end + spread(0, 70)),
    };
    let status = match spread(0, 25) {
        0..3 => DayStatus::Wfh,
        3..5 => DayStatus::Wfa,
        _ => DayStatus::Wfo,
    };
    Day {
        date,
        came: Some(came * 60 + second),
        left: Some(left * 60 + 59 - second),
        status: Some(status),
        note: "",
        judged: Judged::Scans,
        minutes: None,
    }
}

/// A day on time, so that only the planted mistake shows.
pub(super) fn punctual(day: &mut Day) {
    let hours = hours(day.date);
    (day.came, day.left, day.status) = (Some(hours.start * 60 - 300), Some(hours.end * 60 + 600), Some(DayStatus::Wfo));
    day.judged = Judged::Scans;
}

fn choose_away(dice: &mut Dice, person: &Person, turn: &mut usize) -> Away {
    if person.role == Role::SmallStaff {
        return Away::Absent;
    }
    if person.role == Role::Leader || person.kind == EmployeeKind::Cpns || person.story == Story::IsActing {
        return Away::Nothing;
    }
    *turn += 1;
    match turn {
        1 => return Away::AnnualLeave,
        2 => return Away::ShortSick,
        3 => return Away::LongSick,
        4 => return Away::Duty,
        5 => return Away::LateWithPermit,
        _ => {}
    }
    match dice.below(1000) {
        0..90 => Away::AnnualLeave,
        90..115 => Away::ShortSick,
        115..120 => Away::LongSick,
        120..180 => Away::Duty,
        180..195 => Away::LateWithPermit,
        195..205 if person.woman && person.role == Role::Staff => Away::Maternity,
        _ => Away::Nothing,
    }
}

fn stay_away(month: &mut Month, dice: &mut Dice, person: &Person, period: Period, away: Away) {
    match away {
        Away::Nothing => {}
        Away::AnnualLeave => {
            let length = 1 + dice.below(3);
            leave(month, dice, PermitKind::CutiTahunan, length, DayStatus::Cuti);
        }
        Away::ShortSick => {
            let length = 1 + dice.below(2);
            leave(month, dice, PermitKind::CutiSakit, length, DayStatus::Cuti);
        }
        Away::LongSick => leave(month, dice, PermitKind::CutiSakit, 4, DayStatus::Cuti),
        Away::Duty => {
            let length = 2 + dice.below(3);
            leave(month, dice, PermitKind::DinasLuar, length, DayStatus::Dinas);
        }
        Away::Maternity => {
            let start = period.offset(-1).first_day() + Days::new(dice.below(20) as u64);
            month.outcome.permits.push(permit(PermitKind::CutiMelahirkan, start, start + Days::new(90), Some(1 + dice.below(3) as u32)));
            month.days.iter_mut().for_each(|day| excuse(day, DayStatus::Cuti));
        }
        Away::LateWithPermit => {
            let at = dice.below(month.days.len());
            let day = &mut month.days[at];
            let hours = hours(day.date);
            (day.came, day.left) = (Some((hours.start + 120) * 60), Some((hours.end + 10) * 60));
            day.judged = Judged::LateExcused;
            month.outcome.permits.push(permit(PermitKind::IzinTerlambat, day.date, day.date, None));
        }
        Away::Absent => {
            let at = dice.below(month.days.len());
            let status = if person.woman { None } else { Some(DayStatus::TidakHadir) };
            blank(&mut month.days[at], status, Judged::Absent);
        }
    }
}

/// Approved leave or duty of at most `length` calendar days, all of them working days.
fn leave(month: &mut Month, dice: &mut Dice, kind: PermitKind, length: usize, status: DayStatus) {
    let count = month.days.len();
    let from = dice.below(count);
    let runs_on = |at: usize| at + 1 < count && month.days[at].date + Days::new(1) == month.days[at + 1].date;
    // The first stretch of working days after `from` that is long enough; one day always is.
    let at = (from..count).chain(0..from).find(|at| (*at..*at + length - 1).all(runs_on));
    let (at, length) = at.map_or((from, 1), |at| (at, length));
    let (first, last) = (month.days[at].date, month.days[at + length - 1].date);
    month.outcome.permits.push(permit(kind, first, last, None));
    for day in &mut month.days[at..at + length] {
        if status == DayStatus::Dinas {
            punctual(day);
            (day.status, day.note, day.judged) = (Some(status), "Dinas luar", Judged::Clean);
        } else {
            excuse(day, status);
        }
    }
}

pub(super) fn excuse(day: &mut Day, status: DayStatus) {
    blank(day, Some(status), Judged::Clean);
}

pub(super) fn blank(day: &mut Day, status: Option<DayStatus>, judged: Judged) {
    (day.came, day.left, day.status, day.judged) = (None, None, status, judged);
}

pub(super) fn permit(jenis: PermitKind, mulai: NaiveDate, selesai: NaiveDate, anak_ke: Option<u32>) -> Permit {
    let surat_dokter = match (jenis, mulai < selesai) {
        (PermitKind::CutiSakit, true) => DoctorsLetter::On(mulai),
        (PermitKind::CutiSakit, false) => DoctorsLetter::InTime,
        _ => DoctorsLetter::None,
    };
    Permit {
        jenis,
        mulai,
        selesai,
        nomor_surat: Some(format!("SI-{}/{}", mulai.format("%m%d"), jenis.code().to_uppercase())),
        tanggal_surat: Some(if jenis == PermitKind::CutiSakit { mulai } else { mulai - Days::new(3) }),
        disetujui_oleh: Some("Atasan langsung".to_owned()),
        surat_dokter,
        anak_ke,
    }
}

/// What the month costs: working days by their scans, sick leave by its running days.
fn cost(month: &Month, workdays: &[NaiveDate]) -> i64 {
    let working = month.days.iter().filter(|day| workdays.binary_search(&day.date).is_ok());
    let days: Vec<(bool, i64)> =
        working.map(|day| (day.judged == Judged::Absent, amounts::day(hours(day.date), day.came, day.left, day.judged))).collect();
    let sick = month.outcome.permits.iter().filter(|permit| permit.jenis == PermitKind::CutiSakit).flat_map(|permit| {
        crate::domain::period::days(permit.mulai, permit.selesai)
            .zip(1u32..)
            .filter(|(day, _)| workdays.binary_search(day).is_ok())
            .map(|(_, running)| amounts::sick_day(running))
    });
    amounts::month(&days) + sick.sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Ministry;
    use crate::simulator::Settings;

    #[test]
    fn every_kind_of_leave_occurs_and_long_sickness_costs() {
        let settings = Settings { employees: 50, seed: 7, period: "2026-10".parse().unwrap(), history: false };
        let ministry = Ministry::grow(&settings).unwrap();
        let permits: Vec<&Permit> = ministry.outcomes.iter().flat_map(|outcome| &outcome.permits).collect();
        for kind in [PermitKind::CutiTahunan, PermitKind::CutiSakit, PermitKind::DinasLuar, PermitKind::IzinTerlambat] {
            assert!(permits.iter().any(|permit| permit.jenis == kind), "{}", kind.code());
        }
        let long = |permit: &Permit| permit.jenis == PermitKind::CutiSakit && permit.selesai - permit.mulai >= chrono::Duration::days(3);
        let sick = ministry.outcomes.iter().find(|outcome| outcome.permits.iter().any(long)).unwrap();
        assert!(sick.tenths >= 50, "days three and four cost 2.5 % each: {}", sick.tenths);
    }

    #[test]
    fn a_month_has_a_row_for_every_working_day() {
        let settings = Settings { employees: 60, seed: 3, period: "2026-03".parse().unwrap(), history: false };
        let ministry = Ministry::grow(&settings).unwrap();
        for (person, month) in ministry.people.iter().zip(ministry.months()) {
            // 22 weekdays less Nyepi, four days of cuti bersama, and the one that the export left out.
            let expected = if person.has(Code::Ab01) || !person.is_entitled() { 0 } else { 16 };
            let more = usize::from(person.has(Code::Ab09)) + 2 * usize::from(person.has(Code::Ab03));
            assert_eq!(month.days.len() - more, expected);
        }
    }
}
