//! Who is paid, how much and where to: the figures of the nominatif and of the rekap.
//!
//! Only people who are `layak` and whose amount is known are on them; everybody else is counted as left out. How the
//! lists look is not known here.

use super::document::{Report, Totals};
use crate::domain::nip::Nip;
use crate::domain::period::Period;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::{Amounts, Standing, Verdict};
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where the money of one person goes: the payment file's account, else the roster's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// SPAN bank code.
    pub bank_code: Option<String>,
    /// Bank name.
    pub bank: Option<String>,
    /// Account number, whole.
    pub number: Option<String>,
    /// Account holder.
    pub holder: Option<String>,
}

/// What the printed form says about the payment itself; all of it from the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Title of the policy: whose tukin it is.
    pub title: String,
    /// Agency code in e-Kinerja; empty when the policy has none.
    pub agency_code: String,
    /// Month in which the work month is paid.
    pub payment_month: Period,
    /// Last day on which KPPN takes it as induk; `None` while that year has no holiday list.
    pub kppn_deadline: Option<NaiveDate>,
    /// `induk`, or what the policy calls a late payment.
    pub kind: String,
    /// SPP code of that kind.
    pub spp_code: String,
    /// Who signs.
    pub signers: Vec<String>,
}

/// A report with what the lists need beyond it.
#[derive(Debug, Clone)]
pub struct Payout<'a> {
    /// Verdicts and findings.
    pub report: Report<'a>,
    /// Accounts of the people of the period.
    pub accounts: &'a BTreeMap<Nip, Account>,
    /// About the payment.
    pub terms: &'a Terms,
}

/// Heads and amounts of several people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Persons.
    pub heads: u64,
    /// Gross.
    pub gross: Rupiah,
    /// Deduction.
    pub deduction: Rupiah,
    /// Net.
    pub net: Rupiah,
}

impl Sum {
    /// Adds one person.
    pub fn add(&mut self, amounts: Amounts) {
        self.join(Self { heads: 1, gross: amounts.gross, deduction: amounts.deduction, net: amounts.net });
    }

    /// Adds other people.
    pub fn join(&mut self, other: Self) {
        self.heads += other.heads;
        self.gross += other.gross;
        self.deduction += other.deduction;
        self.net += other.net;
    }

    /// The sum of several sums.
    pub fn of(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().fold(Self::default(), |mut sum, part| {
            sum.join(part);
            sum
        })
    }
}

/// One person on the list.
#[derive(Debug, Clone, Copy)]
pub(super) struct PayRow<'a> {
    /// The person.
    pub(super) verdict: &'a Verdict,
    /// What the policy gives.
    pub(super) amounts: Amounts,
    /// Where it goes.
    pub(super) account: Option<&'a Account>,
}

impl PayRow<'_> {
    /// The account number, when one is known.
    pub(super) fn number(&self) -> Option<&str> {
        self.account?.number.as_deref()
    }

    /// What is deducted in hundredths of a percent of the gross, rounded half up.
    pub(super) fn basis_points(&self) -> i64 {
        basis_points(self.amounts.deduction, self.amounts.gross)
    }
}

/// `part` of `whole` in hundredths of a percent; 0 of nothing.
fn basis_points(part: Rupiah, whole: Rupiah) -> i64 {
    if whole.0 == 0 {
        return 0;
    }
    let (part, whole) = (i128::from(part.0), i128::from(whole.0));
    i64::try_from((part * 20_000 + whole).div_euclid(whole * 2)).unwrap_or(i64::MAX)
}

/// Who is not on the list, and what waits with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// Held: heads and expected net.
    pub(super) held: (u64, Rupiah),
    /// Not known: heads and expected net.
    pub(super) unknown: (u64, Rupiah),
    /// Not entitled: heads.
    pub(super) not_entitled: u64,
    /// Payable, but the amount cannot be computed: heads.
    pub(super) uncomputed: u64,
}

/// The payment list.
#[derive(Debug)]
pub(super) struct Nominatif<'a> {
    /// By unit, then class from the highest, then NIP.
    pub(super) rows: Vec<PayRow<'a>>,
    /// Everybody on the list.
    pub(super) total: Sum,
    /// Everybody else.
    pub(super) left_out: LeftOut,
}

impl<'a> Nominatif<'a> {
    pub(super) fn of(payout: &Payout<'a>) -> Self {
        let payable = payout.report.verdicts.iter().filter(|verdict| verdict.standing == Standing::Layak);
        let mut rows: Vec<PayRow<'a>> = payable
            .clone()
            .filter_map(|verdict| Some(PayRow { verdict, amounts: verdict.expected?, account: payout.accounts.get(&verdict.nip) }))
            .collect();
        rows.sort_by_key(|row| (row.verdict.unit.as_deref(), Reverse(row.verdict.kelas_jabatan), row.verdict.nip));
        let mut total = Sum::default();
        rows.iter().for_each(|row| total.add(row.amounts));
        let totals = Totals::of(payout.report.verdicts);
        let both = |standing| (totals.heads(standing), totals.rupiah(standing));
        let left_out = LeftOut {
            held: both(Standing::Tertahan),
            unknown: both(Standing::BelumDiketahui),
            not_entitled: totals.heads(Standing::TidakBerhak),
            uncomputed: totals.heads(Standing::Layak) - total.heads,
        };
        Self { rows, total, left_out }
    }

    /// The rows of each unit with the unit's code, in order.
    pub(super) fn units(&self) -> impl Iterator<Item = &[PayRow<'a>]> {
        self.rows.chunk_by(|one, other| one.verdict.unit == other.verdict.unit)
    }
}

/// What one line of the rekap adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Kelas jabatan.
    Class,
    /// Unit.
    Unit,
}

impl By {
    pub(super) const ALL: [Self; 2] = [Self::Class, Self::Unit];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Class => "kelas_jabatan",
            Self::Unit => "unit",
        }
    }
}

/// One line of the rekap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RekapRow {
    /// Which of the two tables.
    pub(super) by: By,
    /// Class, or unit code; `None` for people without one.
    pub(super) key: Option<String>,
    /// Name of the unit.
    pub(super) name: Option<String>,
    /// Its people.
    pub(super) sum: Sum,
}

/// The list added up by class, from the highest, and by unit.
pub(super) fn rekap(list: &Nominatif<'_>) -> Vec<RekapRow> {
    let mut classes: BTreeMap<Reverse<Option<i64>>, Sum> = BTreeMap::new();
    for row in &list.rows {
        classes.entry(Reverse(row.verdict.kelas_jabatan)).or_default().add(row.amounts);
    }
    let by_class = classes.into_iter().map(|(Reverse(class), sum)| RekapRow {
        by: By::Class,
        key: class.map(|class| class.to_string()),
        name: None,
        sum,
    });
    let by_unit = list.units().map(|rows| RekapRow {
        by: By::Unit,
        key: rows.first().and_then(|row| row.verdict.unit.clone()),
        name: rows.iter().find_map(|row| row.verdict.unit_name.clone()),
        sum: sum(rows),
    });
    by_class.chain(by_unit).collect()
}

/// The sum of rows.
pub(super) fn sum(rows: &[PayRow<'_>]) -> Sum {
    rows.iter().fold(Sum::default(), |mut sum, row| {
        sum.add(row.amounts);
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_round_half_up() {
        let points = |part, whole| basis_points(Rupiah(part), Rupiah(whole));
        assert_eq!((points(25, 1000), points(1, 3), points(2, 3), points(0, 0), points(5, 5)), (250, 3333, 6667, 0, 10_000));
        assert_eq!(points(1, 20_000), 1);
    }
}
