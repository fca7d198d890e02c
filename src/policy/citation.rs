//! Every rule block as a derivation cites it: TOML path, source, verified (contract §6).
//!
//! A table of a `[[…]]` is named by its own key, so that a path stays the same when tables change places.

use super::holidays::HolidayList;
use super::model::BandRule;
use super::model::Citation;
use super::model::ClassChange;
use super::model::Components;
use super::model::EventRule;
use super::model::Flex;
use super::model::LeaveRule;
use super::model::LinearRule;
use super::model::MissingPredikat;
use super::model::Performance;
use super::model::PeriodRule;
use super::model::Plt;
use super::model::PolicyFile;
use super::model::PunishmentLevel;
use super::model::Ramadan;
use super::model::StatusRule;
use super::model::Tariff;
use super::model::Verified;
use super::model::Worktime;
use super::set::Policy;
use crate::domain::verdict::RuleCitation;

fn cited(path: impl Into<String>, source: &str, verified: Verified) -> RuleCitation {
    RuleCitation { path: path.into(), source: source.to_owned(), verified: verified.key().to_owned() }
}

/// What a derivation can cite. Whoever writes no derivation asks only which rules were used without being verified.
pub trait Cited: 'static {
    /// How a derivation cites it.
    fn cited(&self) -> RuleCitation;

    /// Whether it says of itself that it is not verified.
    fn is_unverified(&self) -> bool;
}

/// Gives each block its `citation()`.
macro_rules! cites {
    ($($block:ty: |$rule:ident| $path:expr;)*) => {
        $(impl $block {
            /// How a derivation cites this rule.
            pub fn citation(&self) -> RuleCitation {
                let $rule = self;
                cited($path, &self.source, self.verified)
            }
        }

        impl Cited for $block {
            fn cited(&self) -> RuleCitation {
                self.citation()
            }

            fn is_unverified(&self) -> bool {
                self.verified == Verified::No
            }
        })*
    };
}

cites! {
    PeriodRule: |_rule| "period";
    Worktime: |_rule| "worktime";
    Flex: |_rule| "worktime.flex";
    Components: |_rule| "components";
    Performance: |_rule| "performance";
    MissingPredikat: |_rule| "performance.missing";
    BandRule: |rule| format!("deduction.band[{}]", rule.kind.key());
    LinearRule: |rule| format!("deduction.linear[{}]", rule.kind.key());
    EventRule: |rule| format!("deduction.event[{}]", rule.kind.key());
    LeaveRule: |rule| format!("leave[{}]", rule.kind);
    PunishmentLevel: |rule| format!("discipline.level[{}]", rule.code);
    StatusRule: |rule| format!("status[{}]", rule.kind);
    Plt: |_rule| "plt";
    ClassChange: |_rule| "class_change";
    Tariff: |_rule| "tariff";
}

impl Ramadan {
    /// How a derivation cites this span.
    pub fn citation(&self) -> RuleCitation {
        cited(format!("calendar.ramadan[{}]", self.from), &self.source, self.verified)
    }
}

impl Cited for Ramadan {
    fn cited(&self) -> RuleCitation {
        self.citation()
    }

    fn is_unverified(&self) -> bool {
        self.verified == Verified::No
    }
}

impl HolidayList {
    /// How `policy check` cites this list, under the name that `[calendar]` gives it.
    pub fn citation(&self, name: &str) -> RuleCitation {
        cited(format!("calendar.holidays_file[{name}]"), &self.source, self.verified)
    }
}

/// The holiday lists, all together.
impl Cited for Citation {
    fn cited(&self) -> RuleCitation {
        cited("calendar.holidays_file", &self.source, self.verified)
    }

    fn is_unverified(&self) -> bool {
        self.verified == Verified::No
    }
}

impl Policy {
    /// How a derivation cites the holiday lists, all together.
    pub fn cite_calendar(&self) -> RuleCitation {
        self.calendar_citation.cited()
    }
}

impl PolicyFile {
    /// Every rule block of the file, in the order of the file. Holiday lists are files of their own.
    pub fn citations(&self) -> Vec<RuleCitation> {
        let mut all = vec![self.period.citation()];
        all.extend(self.calendar.ramadan.iter().map(Ramadan::citation));
        all.extend([
            self.worktime.citation(),
            self.worktime.flex.citation(),
            self.components.citation(),
            self.performance.citation(),
            self.performance.missing.citation(),
        ]);
        all.extend(self.deduction.band.iter().map(BandRule::citation));
        all.extend(self.deduction.linear.iter().map(LinearRule::citation));
        all.extend(self.deduction.event.iter().map(EventRule::citation));
        all.extend(self.leave.iter().map(LeaveRule::citation));
        all.extend(self.discipline.level.iter().map(PunishmentLevel::citation));
        all.extend(self.status.iter().map(StatusRule::citation));
        all.extend([self.plt.citation(), self.class_change.citation(), self.tariff.citation()]);
        all
    }
}
