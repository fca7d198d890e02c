//! What is planted in attendance and permits.

use super::almanac::hours;
use super::almanac::is_ramadan;
use super::almanac::ordinary_hours;
use super::amounts::Judged;
use super::attendance::Day;
use super::attendance::Machines;
use super::attendance::Month;
use super::attendance::blank;
use super::attendance::excuse;
use super::attendance::ordinary_day;
use super::attendance::permit;
use super::attendance::punctual;
use super::dice::Dice;
use super::population::Person;
use crate::domain::Code;
use crate::domain::Period;
use crate::domain::attendance::DayStatus;
use crate::domain::leave::DoctorsLetter;
use crate::domain::leave::Permit;
use crate::domain::leave::PermitKind;
use chrono::Days;
use chrono::NaiveDate;

/// Plants what is wrong with attendance and permits.
pub(super) fn stumble(month: &mut Month, dice: &mut Dice, person: &Person, period: Period, machines: &Machines) {
    let Some((code, variant)) = person.slip else { return };
    let at = dice.below(month.days.len());
    let date = month.days[at].date;
    match code {
        Code::Ab04 => {
            let status = if variant.is_multiple_of(2) { Some(DayStatus::TidakHadir) } else { None };
            month.days.iter_mut().for_each(|day| blank(day, status, Judged::Absent));
        }
        Code::Ab05 => {
            punctual(&mut month.days[at]);
            if variant.is_multiple_of(2) {
                month.days[at].left = None;
            } else {
                month.days[at].came = None;
            }
            month.outcome.subject = Some(date);
        }
        Code::Ab06 | Code::Ab07 => {
            let day = &mut month.days[at];
            punctual(day);
            day.left = if code == Code::Ab06 { Some(86_340) } else { day.came.map(|came| came + 40) };
            month.outcome.subject = Some(date);
        }
        Code::Lv03 => {
            month.outcome.permits.push(permit(PermitKind::CutiTahunan, date, date, None));
            punctual(&mut month.days[at]);
            month.days[at].judged = Judged::Clean;
            month.outcome.subject = Some(date);
        }
        Code::Lv04 => {
            let letterless = Permit { surat_dokter: DoctorsLetter::None, ..permit(PermitKind::CutiSakit, date, date, None) };
            month.outcome.permits.push(letterless);
            blank(&mut month.days[at], Some(DayStatus::Cuti), Judged::Absent);
            month.outcome.subject = Some(date);
        }
        Code::Lv05 => {
            let at = at.max(1);
            let date = month.days[at].date;
            month.outcome.permits.push(permit(PermitKind::CutiBesar, date, date + Days::new(60), None));
            month.days[at..].iter_mut().for_each(|day| excuse(day, DayStatus::Cuti));
            month.outcome.subject = Some(date);
        }
        Code::Ab08 => {
            month.outcome.subject = machines.day_of(Code::Ab08, person.unit);
            for day in month.days.iter_mut().filter(|day| Some(day.date) == month.outcome.subject) {
                punctual(day);
                day.left = None;
            }
        }
        // Come and gone by the hours of Ramadan, late and early by those of the terminal.
        Code::Ab10 => {
            for day in month.days.iter_mut().filter(|day| is_ramadan(day.date)) {
                punctual(day);
                let (ours, theirs) = (hours(day.date), ordinary_hours(day.date));
                (day.came, day.left) = (Some(ours.start * 60), Some(ours.end * 60));
                day.minutes = Some([ours.start - theirs.start, theirs.end - ours.end]);
            }
        }
        Code::Ab03 => {
            let free = days_off(month, period, machines);
            for date in free.into_iter().take(2) {
                let mut day = ordinary_day(dice, date);
                (day.status, day.judged) = (Some(DayStatus::Wfo), Judged::Clean);
                month.days.push(day);
            }
            month.days.sort_by_key(|day| day.date);
        }
        Code::Ab09 => {
            let free = days_off(month, period, machines);
            let date = free[dice.below(free.len())];
            let mut day = ordinary_day(dice, date);
            blank(&mut day, Some(DayStatus::TidakHadir), Judged::Clean);
            month.days.push(Day { note: "Alpa", ..day });
            month.days.sort_by_key(|day| day.date);
            month.outcome.subject = Some(date);
        }
        Code::Lv01 => {
            month.outcome.permits.push(permit(PermitKind::CutiTahunan, date, date, None));
            blank(&mut month.days[at], Some(DayStatus::TidakHadir), Judged::Clean);
            month.outcome.subject = Some(date);
        }
        Code::Lv02 => {
            blank(&mut month.days[at], Some(DayStatus::Cuti), Judged::Absent);
            if !variant.is_multiple_of(2) {
                let unapproved = Permit { disetujui_oleh: None, ..permit(PermitKind::CutiTahunan, date, date, None) };
                month.outcome.permits.push(unapproved);
            }
            month.outcome.subject = Some(date);
        }
        _ => {}
    }
}

/// Days on which nobody works; the day that the export lost is none of them.
fn days_off(month: &Month, period: Period, machines: &Machines) -> Vec<NaiveDate> {
    let is_worked = |day: &NaiveDate| machines.lost == Some(*day) || month.days.iter().any(|work| work.date == *day);
    period.days().filter(|day| !is_worked(day)).collect()
}
