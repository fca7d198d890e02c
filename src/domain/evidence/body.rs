//! What a statement says: rows of one kind about one person, in an order in which that of a file never shows.

use super::{Kind, Locator};
use crate::domain::attendance::{AttendanceRecap, DevicePin};
use crate::domain::days::Days;
use crate::domain::discipline::{BknPunishment, Punishment};
use crate::domain::ekinerja::{AnnualRow, BknLeave, EvaluationRow, HistoryNote, HistoryRow, Identity, SkpRow};
use crate::domain::leave::Permit;
use crate::domain::payment::{PaymentRow, SalaryAccount};
use crate::domain::person::RosterEntry;
use crate::domain::places::Places;
use serde::{Deserialize, Serialize};

/// The content of a statement. Lists hold what one source says about one person: usually one row, several after a
/// mutasi, two different ones where the source contradicts itself (ID03). Equal rows have collapsed, and lists are
/// sorted, so the order of rows in a file never shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "rows", rename_all = "snake_case")]
pub enum Body {
    /// Roster rows (more than one only when the file contradicts itself).
    Roster(Vec<RosterEntry>),
    /// The days of one calendar month.
    Attendance(Days),
    /// What recaps state about one calendar month.
    AttendanceRecap(Vec<AttendanceRecap>),
    /// Device PINs.
    Pins(Vec<DevicePin>),
    /// All permits that the source names for the person.
    Permits(Vec<Permit>),
    /// All punishments that the source names for the person.
    Discipline(Vec<Punishment>),
    /// Payment rows.
    Payment(Vec<PaymentRow>),
    /// Accounts of the salary file.
    Bank(Vec<SalaryAccount>),
    /// Evaluation rows of one cycle.
    Evaluation(Vec<EvaluationRow>),
    /// SKP rows of one year.
    Skp(Vec<SkpRow>),
    /// Identity (always one).
    Identity(Vec<Identity>),
    /// Periodic results.
    History(Vec<HistoryRow>),
    /// Annual results.
    SkpAnnual(Vec<AnnualRow>),
    /// BKN's punishments.
    DisciplineBkn(Vec<BknPunishment>),
    /// BKN's unpaid leave and the like.
    UnpaidLeave(Vec<BknLeave>),
    /// Position history.
    Position(Vec<HistoryNote>),
    /// Terminations.
    Termination(Vec<HistoryNote>),
    /// Moves between agencies.
    Transfer(Vec<HistoryNote>),
    /// Study assignments.
    StudyLeave(Vec<HistoryNote>),
}

/// Runs one expression on the list inside any body, or on its days.
macro_rules! each_list {
    ($body:expr, $rows:ident => $what:expr) => {
        each_list!($body, $rows => $what, $what)
    };
    ($body:expr, $rows:ident => $what:expr, $days:expr) => {
        match $body {
            Body::Roster($rows) => $what,
            Body::Attendance($rows) => $days,
            Body::AttendanceRecap($rows) => $what,
            Body::Pins($rows) => $what,
            Body::Permits($rows) => $what,
            Body::Discipline($rows) => $what,
            Body::Payment($rows) => $what,
            Body::Bank($rows) => $what,
            Body::Evaluation($rows) => $what,
            Body::Skp($rows) => $what,
            Body::Identity($rows) => $what,
            Body::History($rows) => $what,
            Body::SkpAnnual($rows) => $what,
            Body::DisciplineBkn($rows) => $what,
            Body::UnpaidLeave($rows) => $what,
            Body::Position($rows) => $what,
            Body::Termination($rows) => $what,
            Body::Transfer($rows) => $what,
            Body::StudyLeave($rows) => $what,
        }
    };
}

impl Body {
    /// The kind of evidence that this content belongs to.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Roster(_) => Kind::Roster,
            Self::Attendance(_) => Kind::Attendance,
            Self::AttendanceRecap(_) => Kind::AttendanceRecap,
            Self::Pins(_) => Kind::Pins,
            Self::Permits(_) => Kind::Permits,
            Self::Discipline(_) => Kind::Discipline,
            Self::Payment(_) => Kind::Payment,
            Self::Bank(_) => Kind::Bank,
            Self::Evaluation(_) => Kind::Evaluation,
            Self::Skp(_) => Kind::Skp,
            Self::Identity(_) => Kind::Identity,
            Self::History(_) => Kind::History,
            Self::SkpAnnual(_) => Kind::SkpAnnual,
            Self::DisciplineBkn(_) => Kind::DisciplineBkn,
            Self::UnpaidLeave(_) => Kind::UnpaidLeave,
            Self::Position(_) => Kind::Position,
            Self::Termination(_) => Kind::Termination,
            Self::Transfer(_) => Kind::Transfer,
            Self::StudyLeave(_) => Kind::StudyLeave,
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        each_list!(self, rows => rows.len())
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sorts rows, lets equal ones collapse, and carries the locator along (the first place of equal rows stays).
    /// Payment rows never collapse: the same line twice is the same money twice.
    pub fn canonical(mut self, mut locator: Locator) -> (Self, Locator) {
        let collapse = !matches!(self, Self::Payment(_));
        each_list!(&mut self, rows => {
            // most sources write in order, each row once
            if rows.is_sorted_by(|one, next| if collapse { one < next } else { one <= next }) {
                locator.index.truncate(rows.len());
                return (self, locator);
            }
            (*rows, locator.index) = in_order(std::mem::take(rows), &locator.index, collapse);
        }, {
            if ascend(rows) {
                locator.index.truncate(rows.len());
                return (self, locator);
            }
            let (days, index) = in_order(rows.iter().collect(), &locator.index, collapse);
            (*rows, locator.index) = (days.into(), index);
        });
        (self, locator)
    }
}

/// Whether each day comes after the one before it.
fn ascend(days: &Days) -> bool {
    let mut last = None;
    days.iter().all(|day| last.replace(day.tanggal).is_none_or(|last| last < day.tanggal))
}

/// Rows sorted, with their places.
fn in_order<T: Ord>(rows: Vec<T>, places: &Places, collapse: bool) -> (Vec<T>, Places) {
    let mut joined: Vec<(T, u32)> = rows.into_iter().zip(places.iter().chain(std::iter::repeat(0))).collect();
    joined.sort();
    if collapse {
        joined.dedup_by(|later, earlier| later.0 == earlier.0);
    }
    let keep = places.len().min(joined.len());
    let (sorted, index): (Vec<T>, Vec<u32>) = joined.into_iter().unzip();
    (sorted, index.into_iter().take(keep).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_of_rows_never_shows() {
        let note = |isi: &str| HistoryNote { id: None, sk_nomor: None, tmt: None, isi: Some(isi.to_owned()) };
        let (one, place) = Body::Position(vec![note("b"), note("a"), note("b")]).canonical(Locator::new("data[{}]", [0, 1, 2]));
        let (other, _) = Body::Position(vec![note("a"), note("b")]).canonical(Locator::new("data[{}]", [5, 6]));
        assert_eq!(one, other);
        assert_eq!(place.index.iter().collect::<Vec<_>>(), [1, 0]);
    }
}
