//! The arithmetic of contract §6, exact to the last digit. Rounding happens once, at the end.

use crate::domain::percent::Percent;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::Amounts;
use crate::policy::{Base, Calc, Components, Model, Rounding, RoundingMode};
use ethnum::I256;

/// The whole (100 %) in the unit of [`Percent::parts`].
const WHOLE: i128 = Percent::HUNDRED.parts() as i128;

/// Percents that were cut, by what they are percents of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cuts {
    /// Dt: of the whole allowance.
    pub total: Percent,
    /// Dk: of the performance component.
    pub performance: Percent,
    /// Dh: of the attendance component.
    pub attendance: Percent,
    /// What is cut by working days: each sum of percent times days, to be divided by `workdays` only at the end, so that
    /// seven days of twenty-two stay exact.
    pub shares: Shares,
}

/// Percents times working days, by what they are percents of, and the working days that make the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    total: Percent,
    performance: Percent,
    attendance: Percent,
    workdays: u32,
}

impl Cuts {
    /// Adds a percent to the sum of its base.
    pub fn add(&mut self, base: Base, percent: Percent) {
        match base {
            Base::Total => self.total += percent,
            Base::PerformanceComponent => self.performance += percent,
            Base::AttendanceComponent => self.attendance += percent,
        }
    }

    /// Adds the part of a percent that `days` of `workdays` come to.
    pub fn add_share(&mut self, base: Base, percent: Percent, days: u32, workdays: u32) {
        let share = percent.times(i64::from(days));
        self.shares.workdays = workdays;
        match base {
            Base::Total => self.shares.total += share,
            Base::PerformanceComponent => self.shares.performance += share,
            Base::AttendanceComponent => self.shares.attendance += share,
        }
    }

    /// Dt, Dk and Dh as people read them, cut to a millionth of a percent.
    pub fn sums(&self) -> [Percent; 3] {
        let share = |sum: Percent| Percent::from_parts(sum.parts() / i64::from(self.shares.workdays.max(1)));
        [
            self.total + share(self.shares.total),
            self.performance + share(self.shares.performance),
            self.attendance + share(self.shares.attendance),
        ]
    }

    /// Each sum over `WHOLE` times the working days: Dt, Dk, Dh.
    fn exact(&self) -> ([i128; 3], i128) {
        let workdays = i128::from(self.shares.workdays.max(1));
        let sum = |cut: Percent, share: Percent| i128::from(cut.parts()) * workdays + i128::from(share.parts());
        let shares = self.shares;
        let sums = [(self.total, shares.total), (self.performance, shares.performance), (self.attendance, shares.attendance)];
        (sums.map(|(cut, share)| sum(cut, share)), workdays)
    }

    /// The same cuts with a percent taken away from the sum of its base.
    pub fn without(mut self, base: Base, percent: Percent) -> Self {
        match base {
            Base::Total => self.total = self.total - percent,
            Base::PerformanceComponent => self.performance = self.performance - percent,
            Base::AttendanceComponent => self.attendance = self.attendance - percent,
        }
        self
    }

    /// The same cuts with a percent more.
    pub fn with(mut self, base: Base, percent: Percent) -> Self {
        self.add(base, percent);
        self
    }
}

/// What an allowance is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// T: tariff of the class.
    pub tariff: Rupiah,
    /// m: status multiplier.
    pub multiplier: Percent,
    /// p: percent paid of the performance component (100 % unless `performance.effect = "pay"`).
    pub performance_paid: Percent,
    /// D: what was cut.
    pub cuts: Cuts,
}

/// The share of T·m that is paid, as a fraction over `WHOLE³` times the second number.
fn share(components: &Components, calc: &Calc, terms: &Terms) -> (i128, i128) {
    let parts = |percent: Percent| i128::from(percent.parts());
    let ([total, performance, attendance], workdays) = terms.cuts.exact();
    let whole = WHOLE * workdays;
    let paid = match components.model {
        Model::DeductionOnly => {
            let cut = (total + performance + attendance).clamp(0, parts(calc.max_total_deduction_percent).min(WHOLE) * workdays);
            (whole - cut) * WHOLE * WHOLE
        }
        Model::Weighted => {
            let floor = parts(calc.component_floor).clamp(0, WHOLE) * workdays;
            let bracket = |cut: i128| (whole - cut.clamp(0, whole)).max(floor);
            let weight = |weight: Option<Percent>| parts(weight.unwrap_or_default());
            let performance = weight(components.weight_performance) * parts(terms.performance_paid) * bracket(performance);
            let attendance = weight(components.weight_attendance) * WHOLE * bracket(attendance);
            (performance + attendance - total * WHOLE * WHOLE).clamp(0, whole * WHOLE * WHOLE)
        }
    };
    (paid, workdays)
}

/// Gross and net of an allowance; the deduction is their difference.
pub fn amounts(components: &Components, calc: &Calc, terms: &Terms) -> Amounts {
    let base = I256::from(terms.tariff.0) * I256::from(terms.multiplier.parts());
    let gross = round(base, I256::from(WHOLE), calc.rounding);
    let (paid, workdays) = share(components, calc, terms);
    let whole_cubed = I256::from(WHOLE * WHOLE * WHOLE) * I256::from(workdays);
    let net = round(base * I256::from(paid), I256::from(WHOLE) * whole_cubed, calc.rounding);
    Amounts { gross, deduction: gross - net, net }
}

/// T·m rounded by itself: the gross for a multiplier.
pub fn gross(calc: &Calc, tariff: Rupiah, multiplier: Percent) -> Rupiah {
    round(I256::from(tariff.0) * I256::from(multiplier.parts()), I256::from(WHOLE), calc.rounding)
}

/// `numerator / denominator`, rounded to the unit. Both are non-negative.
fn round(numerator: I256, denominator: I256, rounding: Rounding) -> Rupiah {
    let unit = I256::from(rounding.unit.max(1));
    let step = denominator * unit;
    let (whole, rest) = (numerator / step, numerator % step);
    let up = match rounding.mode {
        RoundingMode::Floor => false,
        RoundingMode::HalfUp => rest * 2 >= step,
        RoundingMode::HalfEven => rest * 2 > step || (rest * 2 == step && whole % 2 == 1),
    };
    let rounded = (if up { whole + 1 } else { whole }) * unit;
    Rupiah(i64::try_from(rounded).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Compare, ComponentBase, RoundingTarget, Verified};
    use proptest::prelude::*;

    fn percent(text: &str) -> Percent {
        text.parse().unwrap()
    }

    fn calc(mode: RoundingMode, unit: i64) -> Calc {
        Calc {
            max_total_deduction_percent: Percent::HUNDRED,
            component_floor: Percent::ZERO,
            order: Vec::new(),
            rounding: Rounding { unit, mode, apply_to: RoundingTarget::GrossAndNet },
            compare: Compare { tolerance_rupiah: 0 },
        }
    }

    fn components(model: Model, weights: Option<(&str, &str)>) -> Components {
        Components {
            model,
            base: ComponentBase::KelasJabatan,
            weight_performance: weights.map(|(k, _)| percent(k)),
            weight_attendance: weights.map(|(_, h)| percent(h)),
            verified: Verified::No,
            source: String::new(),
        }
    }

    const CLASS_8: Rupiah = Rupiah(4_595_150);

    fn terms(cuts: Cuts) -> Terms {
        Terms { tariff: CLASS_8, multiplier: Percent::HUNDRED, performance_paid: Percent::HUNDRED, cuts }
    }

    #[test]
    fn example_1_weighted_70_30() {
        // facts tukin-rules §7 no. 1: one absence (3 %) and 30 minutes late at 0.01 %, both of the attendance component
        let mut cuts = Cuts::default();
        cuts.add(Base::AttendanceComponent, percent("3"));
        cuts.add(Base::AttendanceComponent, percent("0.01").times(30));
        let got = amounts(&components(Model::Weighted, Some(("70", "30"))), &calc(RoundingMode::HalfUp, 1), &terms(cuts));
        assert_eq!(got.net, Rupiah(4_549_658));
        assert_eq!(got.gross, CLASS_8);
        assert_eq!(got.deduction, Rupiah(4_595_150 - 4_549_658));
    }

    #[test]
    fn example_2_sangat_kurang() {
        // facts tukin-rules §7 no. 2
        let cuts = Cuts { total: percent("20"), ..Cuts::default() };
        let got = amounts(&components(Model::DeductionOnly, None), &calc(RoundingMode::HalfUp, 1), &terms(cuts));
        assert_eq!(got.net, Rupiah(3_676_120));
    }

    #[test]
    fn example_3_not_filled_and_the_half_rupiah() {
        // facts tukin-rules §7 no. 3: 2,986,847.5 goes where the rounding policy says
        let cuts = Cuts { total: percent("35"), ..Cuts::default() };
        let net = |mode| amounts(&components(Model::DeductionOnly, None), &calc(mode, 1), &terms(cuts)).net;
        assert_eq!(net(RoundingMode::HalfUp), Rupiah(2_986_848));
        assert_eq!(net(RoundingMode::Floor), Rupiah(2_986_847));
        assert_eq!(net(RoundingMode::HalfEven), Rupiah(2_986_848));
    }

    #[test]
    fn example_5_the_cap() {
        // facts tukin-rules §7 no. 5: 24 absences of 5 % are 100 %, never negative
        let cuts = Cuts { total: percent("5").times(24), ..Cuts::default() };
        let got = amounts(&components(Model::DeductionOnly, None), &calc(RoundingMode::HalfUp, 1), &terms(cuts));
        assert_eq!(got.net, Rupiah::ZERO);
        assert_eq!(got.deduction, CLASS_8);
    }

    #[test]
    fn rounds_to_thousands_where_the_policy_says_so() {
        let got = amounts(&components(Model::DeductionOnly, None), &calc(RoundingMode::Floor, 1000), &terms(Cuts::default()));
        assert_eq!(got.gross, Rupiah(4_595_000));
    }

    #[test]
    fn the_floor_bounds_each_bracket() {
        let mut calc = calc(RoundingMode::HalfUp, 1);
        calc.component_floor = percent("10");
        let cuts = Cuts { attendance: percent("250"), ..Cuts::default() };
        let got = amounts(&components(Model::Weighted, Some(("60", "40"))), &calc, &terms(cuts));
        // 60 % + 40 % × 10 % = 64 %
        assert_eq!(got.net, Rupiah(2_940_896));
    }

    #[test]
    fn seven_days_of_twenty_two_are_exact() {
        // 50 % × 7/22 of 4,595,150 = 731,046.59…, so 3,864,103.41 is paid
        let mut cuts = Cuts::default();
        cuts.add_share(Base::Total, percent("50"), 7, 22);
        let got = amounts(&components(Model::DeductionOnly, None), &calc(RoundingMode::HalfUp, 1), &terms(cuts));
        assert_eq!(got.net, Rupiah(3_864_103));
        let mut third = Cuts::default();
        third.add_share(Base::Total, percent("100"), 1, 3);
        let of_300 = Terms { tariff: Rupiah(300), ..terms(third) };
        assert_eq!(amounts(&components(Model::DeductionOnly, None), &calc(RoundingMode::Floor, 1), &of_300).net, Rupiah(200));
        assert_eq!(third.sums()[0], percent("33.333333"));
    }

    #[test]
    fn shares_in_the_weighted_model_stay_in_their_bracket() {
        // Dh = 5/20 of 100 % = 25 %: 70 % + 30 % × 75 % = 92.5 % of 4,595,150 = 4,250,513.75
        let mut cuts = Cuts::default();
        cuts.add_share(Base::AttendanceComponent, percent("100"), 5, 20);
        let got = amounts(&components(Model::Weighted, Some(("70", "30"))), &calc(RoundingMode::HalfUp, 1), &terms(cuts));
        assert_eq!(got.net, Rupiah(4_250_514));
    }

    proptest! {
        #[test]
        fn gross_less_deduction_is_net(tariff in 0i64..50_000_000, multiplier in 0i64..=150_000_000, cut in 0i64..300_000_000,
                                       weighted: bool, unit in prop_oneof![Just(1i64), Just(1000)]) {
            let components = components(if weighted { Model::Weighted } else { Model::DeductionOnly }, Some(("60", "40")));
            let cuts = Cuts { total: Percent::from_parts(cut / 3), performance: Percent::from_parts(cut), attendance: Percent::from_parts(cut / 2), ..Cuts::default() };
            let terms = Terms { tariff: Rupiah(tariff), multiplier: Percent::from_parts(multiplier), performance_paid: Percent::HUNDRED, cuts };
            let got = amounts(&components, &calc(RoundingMode::HalfUp, unit), &terms);
            prop_assert_eq!(got.gross - got.deduction, got.net);
            prop_assert!(got.net >= Rupiah::ZERO && got.net <= got.gross);
        }

        #[test]
        fn more_cut_never_pays_more(tariff in 0i64..50_000_000, cut in 0i64..200_000_000, more in 0i64..50_000_000, weighted: bool) {
            let components = components(if weighted { Model::Weighted } else { Model::DeductionOnly }, Some(("70", "30")));
            let calc = calc(RoundingMode::HalfUp, 1);
            let terms = |cut| Terms { tariff: Rupiah(tariff), multiplier: Percent::HUNDRED, performance_paid: Percent::HUNDRED,
                                      cuts: Cuts { attendance: Percent::from_parts(cut), ..Cuts::default() } };
            prop_assert!(amounts(&components, &calc, &terms(cut + more)).net <= amounts(&components, &calc, &terms(cut)).net);
        }
    }
}
