//! What the rules ask of a policy: the rule of a kind, the band of a minute, the hours of a day, the payment dates.
//!
//! A `None` is an open case that the caller must answer (with a finding), never a zero.

use super::model::Assign;
use super::model::Band;
use super::model::BandBoundary;
use super::model::BandRule;
use super::model::DayName;
use super::model::EventKind;
use super::model::EventRule;
use super::model::InternalStep;
use super::model::LeaveRule;
use super::model::LinearRule;
use super::model::MinuteKind;
use super::model::Performance;
use super::model::PolicyFile;
use super::model::PunishmentLevel;
use super::model::Ramadan;
use super::model::Schedule;
use super::model::StatusRule;
use super::set::Policy;
use crate::domain::attendance::minute_of;
use crate::domain::calendar::HolidayKind;
use crate::domain::finding::Code;
use crate::domain::finding::Severity;
use crate::domain::leave::PermitKind;
use crate::domain::nip::Nip;
use crate::domain::period::Period;
use crate::domain::period::days;
use crate::domain::predikat::Predikat;
use crate::domain::predikat::Rating;
use crate::domain::text::fold;
use chrono::Datelike;
use chrono::NaiveDate;
use chrono::NaiveTime;
use chrono::Weekday;

impl PolicyFile {
    /// The rule of a kind of leave.
    pub fn leave_rule(&self, kind: PermitKind) -> Option<&LeaveRule> {
        self.leave.iter().find(|rule| rule.kind == kind.code())
    }

    /// The rule of a special status: `cpns`, `tugas_belajar`, ….
    pub fn status_rule(&self, kind: &str) -> Option<&StatusRule> {
        self.status.iter().find(|rule| rule.kind == kind)
    }

    /// The rule of an event.
    pub fn event_rule(&self, kind: EventKind) -> Option<&EventRule> {
        self.deduction.event.iter().find(|rule| rule.kind == kind)
    }

    /// The bands of late or early minutes; `None` where a linear rule holds instead.
    pub fn band_rule(&self, kind: MinuteKind) -> Option<&BandRule> {
        self.deduction.band.iter().find(|rule| rule.kind == kind)
    }

    /// The percent per late or early minute; `None` where bands hold instead.
    pub fn linear_rule(&self, kind: MinuteKind) -> Option<&LinearRule> {
        self.deduction.linear.iter().find(|rule| rule.kind == kind)
    }

    /// The band with that code, with the rule to which it belongs; what `treat_as` names.
    pub fn band_by_code(&self, code: &str) -> Option<(&BandRule, &Band)> {
        self.deduction.band.iter().find_map(|rule| rule.bands.iter().find(|band| band.code == code).map(|band| (rule, band)))
    }

    /// The punishment level with that code; codes compare folded, as people type them.
    pub fn level(&self, code: &str) -> Option<&PunishmentLevel> {
        let code = fold(code);
        self.discipline.level.iter().find(|level| fold(&level.code) == code)
    }

    /// The severity that the policy gives a code; `None` where the catalogue's holds.
    pub fn severity_of(&self, code: Code) -> Option<Severity> {
        self.severity.get(&code).map(|word| word.0)
    }

    /// The Ramadan span in which the day lies.
    pub fn ramadan_on(&self, day: NaiveDate) -> Option<&Ramadan> {
        self.calendar.ramadan.iter().find(|span| span.from <= day && day <= span.to)
    }

    /// The schedule of the day, Ramadan's within Ramadan; `None` on Saturday and Sunday. Whether the day is a holiday
    /// is the calendar's to say.
    pub fn schedule_on(&self, day: NaiveDate) -> Option<&Schedule> {
        let name = if self.ramadan_on(day).is_some() { "ramadan" } else { "reguler" };
        self.schedule_named(name, day)
    }

    fn schedule_named(&self, name: &str, day: NaiveDate) -> Option<&Schedule> {
        let weekday = day_name(day);
        self.worktime.schedule.iter().find(|schedule| schedule.name == name && schedule.days.contains(&weekday))
    }

    /// Start and end that the day would have outside Ramadan.
    pub fn ordinary_hours_on(&self, day: NaiveDate) -> Option<(NaiveTime, NaiveTime)> {
        self.schedule_named("reguler", day).map(|schedule| (schedule.start, schedule.end))
    }

    /// Start and end of the day's schedule.
    pub fn hours_on(&self, day: NaiveDate) -> Option<(NaiveTime, NaiveTime)> {
        self.schedule_on(day).map(|schedule| (schedule.start, schedule.end))
    }
}

fn day_name(day: NaiveDate) -> DayName {
    match day.weekday() {
        Weekday::Mon => DayName::Mon,
        Weekday::Tue => DayName::Tue,
        Weekday::Wed => DayName::Wed,
        Weekday::Thu => DayName::Thu,
        Weekday::Fri => DayName::Fri,
        Weekday::Sat => DayName::Sat,
        Weekday::Sun => DayName::Sun,
    }
}

impl BandRule {
    /// The band of so many minutes; `None` below the first band (no deduction).
    pub fn band_of(&self, minutes: u32, edge: BandBoundary) -> Option<&Band> {
        let below = |to: u32| if edge == BandBoundary::UpperInclusive { minutes <= to } else { minutes < to };
        self.bands.iter().find(|band| band.from_minute.is_some_and(|from| from <= minutes) && band.to_minute.is_none_or(below))
    }

    /// The band of an arrival or a leaving at that minute of the day.
    pub fn band_at(&self, minute: u32, edge: BandBoundary) -> Option<&Band> {
        let below = |to: NaiveTime| if edge == BandBoundary::UpperInclusive { minute <= minute_of(to) } else { minute < minute_of(to) };
        self.bands.iter().find(|band| band.from_time.is_none_or(|from| minute_of(from) <= minute) && band.to_time.is_none_or(below))
    }

    /// Whether the bands go by the time of day instead of by minutes.
    pub fn is_by_clock(&self) -> bool {
        self.bands.iter().any(|band| band.from_time.is_some() || band.to_time.is_some())
    }
}

/// Whose hours are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Worker<'a> {
    /// Who.
    pub nip: Nip,
    /// Unit code of the roster; empty when there is none.
    pub unit: &'a str,
}

impl Schedule {
    /// Whether the hours end on the day after they began.
    pub fn crosses_midnight(&self) -> bool {
        self.end <= self.start
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        let within = |assign: &Assign| assign.from.is_none_or(|from| from <= day) && assign.to.is_none_or(|to| day <= to);
        self.assign.as_ref().is_some_and(within)
    }
}

impl PolicyFile {
    /// The shifts of a worker on a day, whatever the weekday: those that name the person, else those of the unit.
    fn shifts_of(&self, day: NaiveDate, worker: Worker<'_>) -> Vec<&Schedule> {
        let on = || self.worktime.schedule.iter().filter(|schedule| schedule.is_on(day));
        let names = |list: fn(&Assign) -> &[String], wanted: &str| -> Vec<&Schedule> {
            let has = |assign: &Assign| list(assign).iter().any(|listed| listed == wanted);
            on().filter(|schedule| schedule.assign.as_ref().is_some_and(has)).collect()
        };
        let own = names(|assign| &assign.nips, worker.nip.as_str());
        if own.is_empty() { names(|assign| &assign.units, worker.unit) } else { own }
    }

    /// The hours of a worker on a day: of a shift, else the general ones; `None` on a day off by the weekday.
    pub fn schedule_of(&self, day: NaiveDate, worker: Worker<'_>) -> Option<&Schedule> {
        let shifts = self.shifts_of(day, worker);
        if shifts.is_empty() {
            return self.schedule_on(day);
        }
        let weekday = day_name(day);
        shifts.into_iter().find(|shift| shift.days.contains(&weekday))
    }

    /// Whether anybody has hours other than the general ones.
    pub fn has_shifts(&self) -> bool {
        self.worktime.schedule.iter().any(|schedule| schedule.assign.is_some())
    }

    /// Whether a worker has, on some day or other, a shift that ends on the day after it began.
    pub fn has_night_shift(&self, worker: Worker<'_>) -> bool {
        let names = |assign: &Assign| {
            assign.nips.iter().any(|nip| nip == worker.nip.as_str()) || assign.units.iter().any(|unit| unit == worker.unit)
        };
        self.worktime.schedule.iter().any(|shift| shift.crosses_midnight() && shift.assign.as_ref().is_some_and(names))
    }

    /// Whether any shift ends on the day after it began, so that the day after a window belongs to it.
    pub fn has_night_shifts(&self) -> bool {
        self.worktime.schedule.iter().any(|schedule| schedule.assign.is_some() && schedule.crosses_midnight())
    }
}

impl Policy {
    /// Whether the worker has duty on a day: the ministry's working days, or those of a shift, which keeps holidays
    /// unless it says that it works on them.
    pub fn works_on(&self, day: NaiveDate, worker: Worker<'_>) -> bool {
        if self.file.shifts_of(day, worker).is_empty() {
            return self.calendar.is_workday(day);
        }
        let free = self
            .calendar
            .holiday(day)
            .is_some_and(|holiday| holiday.kind == HolidayKind::LiburNasional || !self.file.calendar.cuti_bersama_is_workday);
        self.file.schedule_of(day, worker).is_some_and(|shift| shift.works_on_holidays || !free)
    }

    /// The days of duty from `from` to `to`, both included.
    pub fn duty_days(&self, worker: Worker<'_>, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        if !self.file.has_shifts() {
            return self.calendar.workdays(from, to);
        }
        days(from, to).filter(|day| self.works_on(*day, worker)).collect()
    }
}

impl Performance {
    /// The predikat of a label, exact after folding; `None` for a label that the policy does not know (PR04).
    pub fn predikat_of_label(&self, label: &str) -> Option<Predikat> {
        self.labels.get(&fold(label)).copied()
    }

    /// The predikat that the policy's matrix gives for two ratings.
    pub fn predikat_of_ratings(&self, hasil: Rating, perilaku: Rating) -> Option<Predikat> {
        self.matrix.get(&format!("{}_{}", hasil.key(), perilaku.key())).copied()
    }
}

impl Policy {
    /// The month in which the work of `period` is paid.
    pub fn payment_month(&self, period: Period) -> Period {
        period.offset(-self.file.period.work_month_offset)
    }

    /// The day on which `period` is paid, the first working day of the payment month (PMK 20/2023 Pasal 3B); `None`
    /// while that year has no holiday list.
    pub fn pay_day(&self, period: Period) -> Option<NaiveDate> {
        let first = self.payment_month(period).first_day();
        self.calendar.knows(first.year()).then(|| self.calendar.nth_workday_from(first, 1))
    }

    /// The last day on which KPPN takes the payment of `period` as induk: so many working days before the payment
    /// month; `None` while its year has no holiday list.
    pub fn kppn_deadline(&self, period: Period) -> Option<NaiveDate> {
        self.workdays_before_payment(period, self.file.payment.kppn_deadline_workdays_before)
    }

    /// The ministry's own steps with the days on which they are due.
    pub fn steps(&self, period: Period) -> Vec<(&InternalStep, Option<NaiveDate>)> {
        let payment = &self.file.payment;
        let due = |step: &InternalStep| {
            self.workdays_before_payment(period, payment.kppn_deadline_workdays_before.saturating_add(step.workdays_before_deadline))
        };
        payment.internal_steps.iter().map(|step| (step, due(step))).collect()
    }

    fn workdays_before_payment(&self, period: Period, count: u32) -> Option<NaiveDate> {
        let first = self.payment_month(period).first_day();
        let day = self.calendar.workdays_before(first, count);
        let last = first.pred_opt()?;
        (day.year()..=last.year()).all(|year| self.calendar.knows(year)).then_some(day)
    }
}
