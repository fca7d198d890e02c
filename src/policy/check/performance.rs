//! The model, its weights, and what a predikat does.

use super::Remarks;
use crate::domain::percent::Percent;
use crate::domain::predikat::Predikat;
use crate::domain::predikat::Rating;
use crate::domain::text::fold;
use crate::policy::model::Base;
use crate::policy::model::Components;
use crate::policy::model::CycleLength;
use crate::policy::model::Effect;
use crate::policy::model::MissingAction;
use crate::policy::model::MissingPredikat;
use crate::policy::model::Model;
use crate::policy::model::Performance;
use crate::policy::model::PolicyFile;

pub(super) fn check(file: &PolicyFile, remarks: &mut Remarks) {
    components(&file.components, remarks);
    bases(file, remarks);
    let performance = &file.performance;
    if performance.lag == 0 && performance.cycle != CycleLength::Monthly {
        remarks.wrong(
            "performance.lag",
            "0 memakai siklus yang belum selesai: pembayaran bulan pertamanya tidak dapat menunggu predikatnya; tulis 1 (siklus sebelumnya)",
            "0 takes a cycle that has not ended: the payment of its first month cannot wait for its predikat; write 1 (the cycle before)",
        );
    }
    remarks.within("performance.lag", i64::from(performance.lag), 0, 12);
    remarks.within("performance.due_days_after_period_end", i64::from(performance.due_days_after_period_end), 0, 366);
    if performance.base == Base::AttendanceComponent {
        remarks.wrong(
            "performance.base",
            "predikat bukan bagian kehadiran: tulis total atau performance_component",
            "a predikat is no part of attendance: write total or performance_component",
        );
    }
    for predikat in Predikat::ALL {
        remarks.at_most_hundred(format!("performance.predikat.{}", predikat.key()), performance.predikat.of(predikat));
    }
    direction(performance, remarks);
    missing(&performance.missing, remarks);
    labels(performance, remarks);
    matrix(performance, remarks);
}

/// From Sangat Baik to Sangat Kurang a cut grows and a pay shrinks; the other way round, `effect` was taken for its
/// opposite.
fn direction(performance: &Performance, remarks: &mut Remarks) {
    let percents = Predikat::ALL.map(|predikat| performance.predikat.of(predikat));
    let (best, worst) = (performance.predikat.sangat_baik, performance.predikat.sangat_kurang);
    let (wrong, other) = match performance.effect {
        Effect::Deduct => (best > worst, "pay"),
        Effect::Pay => (best < worst, "deduct"),
    };
    let words = percents.map(|percent| percent.to_string()).join(", ");
    if wrong {
        remarks.notice(
            "performance.effect",
            format!("persennya ({words}) membayar Sangat Kurang lebih dari Sangat Baik: periksa, mungkin maksudnya \"{other}\""),
            format!("the percents ({words}) pay Sangat Kurang more than Sangat Baik: check them, perhaps \"{other}\" is meant"),
        );
    }
}

fn components(components: &Components, remarks: &mut Remarks) {
    let weights = [("weight_performance", components.weight_performance), ("weight_attendance", components.weight_attendance)];
    for (key, weight) in weights {
        let at = format!("components.{key}");
        match (components.model, weight) {
            (Model::Weighted, None) => remarks.wrong(at, "wajib pada model weighted", "is needed by the weighted model"),
            (Model::DeductionOnly, Some(_)) => {
                remarks.wrong(at, "hanya untuk model weighted: hapus", "is for the weighted model only: remove it");
            }
            _ => {}
        }
    }
    if let (Model::Weighted, Some(performance), Some(attendance)) =
        (components.model, components.weight_performance, components.weight_attendance)
        && performance + attendance != Percent::HUNDRED
    {
        remarks.wrong(
            "components.weight_performance",
            format!("{performance} + {attendance} bukan 100"),
            format!("{performance} + {attendance} is not 100"),
        );
    }
}

/// A base that is a component needs the model that has components.
fn bases(file: &PolicyFile, remarks: &mut Remarks) {
    if file.components.model == Model::Weighted {
        return;
    }
    let deduction = &file.deduction;
    let mut bases = vec![("performance".to_owned(), file.performance.base), ("discipline".to_owned(), file.discipline.base)];
    bases.extend(deduction.band.iter().map(|rule| (rule.citation().path, rule.base)));
    bases.extend(deduction.linear.iter().map(|rule| (rule.citation().path, rule.base)));
    bases.extend(deduction.event.iter().map(|rule| (rule.citation().path, rule.base)));
    bases.extend(file.leave.iter().map(|rule| (rule.citation().path, rule.base)));
    for (path, base) in bases.into_iter().filter(|(_, base)| *base != Base::Total) {
        remarks.wrong(
            format!("{path}.base"),
            format!("`{}` bertentangan dengan components.model = \"deduction_only\": tulis total", base.key()),
            format!("`{}` contradicts components.model = \"deduction_only\": write total", base.key()),
        );
    }
}

fn missing(missing: &MissingPredikat, remarks: &mut Remarks) {
    match (missing.action, missing.percent) {
        (MissingAction::Deduct, None) => {
            remarks.wrong("performance.missing.percent", "wajib pada action = \"deduct\"", "is needed by action = \"deduct\"");
        }
        (MissingAction::Block | MissingAction::PayFullWithWarning, Some(_)) => {
            remarks.notice("performance.missing.percent", "hanya berlaku pada action = \"deduct\"", "applies to action = \"deduct\" only");
        }
        _ => {}
    }
    if missing.consecutive_months.is_some() != missing.consecutive_percent.is_some() {
        remarks.wrong(
            "performance.missing.consecutive_months",
            "consecutive_months dan consecutive_percent ditulis berdua atau tidak sama sekali",
            "write consecutive_months and consecutive_percent both or neither",
        );
    }
    if let Some(months) = missing.consecutive_months {
        remarks.within("performance.missing.consecutive_months", i64::from(months), 2, 24);
    }
    for (key, percent) in [("percent", missing.percent), ("consecutive_percent", missing.consecutive_percent)] {
        remarks.at_most_hundred(format!("performance.missing.{key}"), percent.unwrap_or_default());
    }
}

fn labels(performance: &Performance, remarks: &mut Remarks) {
    for label in performance.labels.keys() {
        let at = format!("performance.labels.\"{label}\"");
        let folded = fold(label);
        if folded != *label {
            remarks.wrong(at, format!("tulis dalam huruf kecil tanpa spasi ganda: \"{folded}\""), format!("write it folded: \"{folded}\""));
        } else if folded == "istimewa" {
            // PermenPANRB 6/2022: a label of organisational performance, never an employee's predikat.
            remarks.wrong(
                at,
                "predikat organisasi, bukan predikat pegawai: hapus",
                "is a label of organisations, not of employees: remove it",
            );
        }
    }
    for predikat in Predikat::ALL {
        let label = fold(predikat.label());
        let at = format!("performance.labels.\"{label}\"");
        match performance.labels.get(&label) {
            None => remarks.wrong(at, "belum ada", "is missing"),
            Some(given) if *given != predikat => remarks.wrong(
                at,
                format!("harus `{}`, bukan `{}`", predikat.key(), given.key()),
                format!("must be `{}`, not `{}`", predikat.key(), given.key()),
            ),
            Some(_) => {}
        }
    }
}

fn matrix(performance: &Performance, remarks: &mut Remarks) {
    let mut cells = Vec::new();
    for hasil in Rating::ALL {
        for perilaku in Rating::ALL {
            cells.push(format!("{}_{}", hasil.key(), perilaku.key()));
        }
    }
    for cell in cells.iter().filter(|cell| !performance.matrix.contains_key(*cell)) {
        remarks.wrong(format!("performance.matrix.{cell}"), "sel ini belum ada", "this cell is missing");
    }
    let known: Vec<&str> = cells.iter().map(String::as_str).collect();
    for cell in performance.matrix.keys().filter(|cell| !known.contains(&cell.as_str())) {
        remarks.unknown(format!("performance.matrix.{cell}"), cell, &known);
    }
}
