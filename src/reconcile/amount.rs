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

/// The share of T·m that is paid, as a fraction over `WHOLE³`.
fn share(components: &Components, calc: &Calc, terms: &Terms) -> i128 {
    let parts = |percent: Percent| i128::from(percent.parts());
    match components.model {
        Model::DeductionOnly => {
            let sum = parts(terms.cuts.total) + parts(terms.cuts.performance) + parts(terms.cuts.attendance);
            let cut = sum.clamp(0, parts(calc.max_total_deduction_percent).min(WHOLE));
            (WHOLE - cut) * WHOLE * WHOLE
        }
        Model::Weighted => {
            let floor = parts(calc.component_floor).clamp(0, WHOLE);
            let bracket = |cut: Percent| (WHOLE - parts(cut).clamp(0, WHOLE)).max(floor);
            let weight = |weight: Option<Percent>| parts(weight.unwrap_or_default());
            let performance = weight(components.weight_performance) * parts(terms.performance_paid) * bracket(terms.cuts.performance);
            let attendance = weight(components.weight_attendance) * WHOLE * bracket(terms.cuts.attendance);
            let total = parts(terms.cuts.total) * WHOLE * WHOLE;
            (performance + attendance - total).clamp(0, WHOLE * WHOLE * WHOLE)
        }
    }
}

/// Gross and net of an allowance; the deduction is their difference.
pub fn amounts(components: &Components, calc: &Calc, terms: &Terms) -> Amounts {
    let base = I256::from(terms.tariff.0) * I256::from(terms.multiplier.parts());
    let gross = round(base, I256::from(WHOLE), calc.rounding);
    let whole_cubed = WHOLE * WHOLE * WHOLE;
    let net = round(base * I256::from(share(components, calc, terms)), I256::from(WHOLE) * I256::from(whole_cubed), calc.rounding);
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

    proptest! {
        #[test]
        fn gross_less_deduction_is_net(tariff in 0i64..50_000_000, multiplier in 0i64..=150_000_000, cut in 0i64..300_000_000,
                                       weighted: bool, unit in prop_oneof![Just(1i64), Just(1000)]) {
            let components = components(if weighted { Model::Weighted } else { Model::DeductionOnly }, Some(("60", "40")));
            let cuts = Cuts { total: Percent::from_parts(cut / 3), performance: Percent::from_parts(cut), attendance: Percent::from_parts(cut / 2) };
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
