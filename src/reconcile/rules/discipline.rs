//! Punishments: what they cut, DS01 and DS03.

use crate::domain::discipline::Punishment;
use crate::domain::dossier::Row;
use crate::domain::finding::{Code, Exhibit};
use crate::domain::percent::Percent;
use crate::domain::period::Period;
use crate::domain::rupiah::Rupiah;
use crate::policy::{Multiple, Policy, PunishmentLevel, PunishmentStart};
use crate::reconcile::worksheet::{Draft, Worksheet};

/// A punishment with the values of its level filled in.
#[derive(Debug, Clone)]
struct Sanction<'a> {
    row: &'a Row<Punishment>,
    level: Option<&'a PunishmentLevel>,
    percent: Percent,
    from: Option<Period>,
    until: Option<Period>,
}

impl<'a> Sanction<'a> {
    /// Values given in the file win over the policy level whose code is `tingkat` (contract §4).
    fn read(policy: &'a Policy, row: &'a Row<Punishment>) -> Self {
        let value = &row.value;
        let level = value.tingkat.as_deref().and_then(|code| policy.file.level(code));
        let from = value.mulai.or_else(|| {
            let decided = Period::of(value.tanggal_sk?);
            Some(match policy.file.discipline.starts {
                PunishmentStart::MonthAfterDecision => decided.offset(1),
                PunishmentStart::MonthOfDecision => decided,
            })
        });
        let months = value.bulan.or(level.map(|level| level.months)).unwrap_or(0);
        Self {
            row,
            level,
            percent: value.persen.or(level.map(|level| level.percent)).unwrap_or_default(),
            from,
            until: from.filter(|_| months > 0).map(|from| from.offset(months as i32 - 1)),
        }
    }

    fn is_active(&self, period: Period) -> bool {
        self.from.is_some_and(|from| from <= period) && self.until.is_some_and(|until| period <= until)
    }

    fn has_expired(&self, period: Period) -> bool {
        self.until.is_some_and(|until| until < period)
    }

    fn name(&self) -> String {
        let level = self.level.map(|level| level.code.as_str());
        let word = level.or(self.row.value.tingkat.as_deref()).or(self.row.value.jenis.as_deref()).unwrap_or("");
        format!("discipline:{word}")
    }

    fn exhibits(&self) -> Vec<Exhibit> {
        let span = |period: Option<Period>| period.map(|period| period.to_string());
        vec![
            self.row.exhibit("nomor_sk", self.row.value.nomor_sk.clone()),
            self.row.exhibit("persen", Some(self.percent.to_string())),
            self.row.exhibit("mulai", span(self.from)),
            self.row.exhibit("sampai", span(self.until)),
        ]
    }
}

fn sanctions<'a>(sheet: &Worksheet<'a>) -> Vec<Sanction<'a>> {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    let mut all: Vec<Sanction<'a>> =
        dossier.punishments.iter().map(|row| Sanction::read(policy, row)).filter(|s| s.percent > Percent::ZERO).collect();
    all.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.row.value.cmp(&b.row.value)));
    all
}

/// Cuts the punishments in force: the heaviest, or all, as the policy says.
pub fn apply(sheet: &mut Worksheet<'_>) {
    let (policy, period) = (sheet.policy, sheet.dossier.period);
    let rule = &policy.file.discipline;
    let active: Vec<Sanction<'_>> = sanctions(sheet).into_iter().filter(|sanction| sanction.is_active(period)).collect();
    let counted = match rule.multiple {
        Multiple::HeaviestOnly => active.len().min(1),
        Multiple::Sum => active.len(),
    };
    for sanction in &active[..counted] {
        sheet.cut(&sanction.name(), rule.base, sanction.percent, None);
        sheet.punishment += sanction.percent;
        let mut step =
            sheet.step("discipline").value("punishment", sanction.name()).value("percent", sanction.percent).value("base", rule.base.key());
        if let Some(level) = sanction.level {
            step = step.rule(sheet.cite(level));
        }
        sheet.explain(step.evidence(sanction.exhibits()));
    }
}

/// DS01: the file pays as if an active punishment were not there, or as if an expired one still were. DS03: as if
/// the lighter ones counted too.
pub fn compare(sheet: &mut Worksheet<'_>, paid_net: Rupiah) {
    let Some(terms) = sheet.terms().filter(|_| sheet.computable) else {
        return;
    };
    if sheet.amounts(&terms).net == paid_net {
        return;
    }
    let (base, period) = (sheet.policy.file.discipline.base, sheet.dossier.period);
    let net_with = |sheet: &Worksheet<'_>, cuts| sheet.amounts(&crate::reconcile::amount::Terms { cuts, ..terms }).net;
    let all = sanctions(sheet);
    let active: Vec<&Sanction<'_>> = all.iter().filter(|sanction| sanction.is_active(period)).collect();
    let draft = |code, sanction: &Sanction<'_>| {
        Draft::new(code)
            .param("level", sanction.row.value.tingkat.clone().unwrap_or_default())
            .param("percent", sanction.percent)
            .shows(sanction.exhibits())
    };
    let all_left_out = active.first().filter(|_| net_with(sheet, terms.cuts.without(base, sheet.punishment)) == paid_net);
    let summed = sheet.policy.file.discipline.multiple == Multiple::Sum;
    let one_left_out = || active.iter().filter(|_| summed).find(|s| net_with(sheet, terms.cuts.without(base, s.percent)) == paid_net);
    if let Some(left_out) = all_left_out.or_else(one_left_out) {
        let draft = draft(Code::Ds01, left_out).param("how", "not_applied");
        sheet.find(draft);
        return;
    }
    if let Some(expired) = all.iter().find(|s| s.has_expired(period) && net_with(sheet, terms.cuts.with(base, s.percent)) == paid_net) {
        let draft = draft(Code::Ds01, expired).param("how", "expired");
        sheet.find(draft);
        return;
    }
    let lighter: Percent = active.iter().skip(1).map(|sanction| sanction.percent).sum();
    let heaviest_only = sheet.policy.file.discipline.multiple == Multiple::HeaviestOnly;
    if heaviest_only && lighter > Percent::ZERO && net_with(sheet, terms.cuts.with(base, lighter)) == paid_net {
        let shown: Vec<Exhibit> = active.iter().flat_map(|sanction| sanction.exhibits()).collect();
        sheet.find(Draft::new(Code::Ds03).param("percent", lighter).shows(shown));
    }
}
