//! Leave, kind by kind.

use super::Remarks;
use crate::domain::leave::PermitKind;
use crate::domain::percent::Percent;
use crate::policy::model::LeaveBand;
use crate::policy::model::LeaveRule;
use crate::policy::model::LeaveUnit;
use crate::policy::model::PolicyFile;
use std::collections::BTreeSet;

pub(super) fn check(file: &PolicyFile, remarks: &mut Remarks) {
    let kinds: Vec<&str> = PermitKind::ALL.iter().filter(|(_, kind)| kind.is_leave()).map(|(code, _)| *code).collect();
    let mut seen = BTreeSet::new();
    for rule in &file.leave {
        let at = rule.citation().path;
        if !kinds.contains(&rule.kind.as_str()) {
            remarks.unknown(format!("{at}.kind"), &rule.kind, &kinds);
        }
        remarks.once(&mut seen, at.as_str(), &rule.kind);
        one_rule(&at, rule, remarks);
    }
    for kind in kinds.iter().filter(|kind| !seen.contains(*kind)) {
        remarks.notice(
            format!("leave[{kind}]"),
            "belum ada aturannya: siapa yang mengambilnya ditahan (LV05) untuk diputuskan orang",
            "has no rule: whoever takes it is held (LV05) for a person to decide",
        );
    }
}

fn one_rule(at: &str, rule: &LeaveRule, remarks: &mut Remarks) {
    if rule.eligible == Some(false) {
        if rule.percent_paid.is_some() || rule.per.is_some() || !rule.bands.is_empty() || !rule.deduct_by_month.is_empty() {
            remarks.wrong(
                format!("{at}.eligible"),
                "eligible = false bertentangan dengan percent_paid, per, bands, deduct_by_month",
                "eligible = false contradicts percent_paid, per, bands, deduct_by_month",
            );
        }
    } else {
        amounts(at, rule, remarks);
    }
    document(at, rule, remarks);
    if let Some(child) = rule.max_child {
        remarks.within(&format!("{at}.max_child"), i64::from(child), 1, 20);
        if rule.kind != PermitKind::CutiMelahirkan.code() {
            remarks.wrong(format!("{at}.max_child"), "hanya untuk cuti_melahirkan", "is for cuti_melahirkan only");
        }
    }
}

/// The way in which the rule pays must be one, and whole.
fn amounts(at: &str, rule: &LeaveRule, remarks: &mut Remarks) {
    let needs = |key: &str| format!("{at}.{key}");
    match rule.per {
        None => {
            if rule.percent_paid.is_none() {
                remarks.wrong(
                    needs("percent_paid"),
                    "belum ada: tulis \"100\", atau per dengan jenjangnya",
                    "is missing: write \"100\", or per with its bands",
                );
            }
        }
        Some(unit) => {
            let (key, empty) = match unit {
                LeaveUnit::DayBand => ("bands", rule.bands.is_empty()),
                LeaveUnit::MonthOfLeave => ("deduct_by_month", rule.deduct_by_month.is_empty()),
            };
            if empty {
                remarks.wrong(needs(key), "wajib untuk per ini", "is needed by this per");
            }
            if rule.percent_paid.is_some() {
                remarks.wrong(needs("percent_paid"), "bertentangan dengan per: hapus salah satu", "contradicts per: remove one");
            }
        }
    }
    for (key, written, unit) in [
        ("bands", !rule.bands.is_empty(), LeaveUnit::DayBand),
        ("deduct_by_month", !rule.deduct_by_month.is_empty(), LeaveUnit::MonthOfLeave),
    ] {
        if written && rule.per != Some(unit) {
            let word = if unit == LeaveUnit::DayBand { "day_band" } else { "month_of_leave" };
            remarks.wrong(needs(key), format!("perlu per = \"{word}\""), format!("needs per = \"{word}\""));
        }
    }
    if let Some(paid) = rule.percent_paid
        && rule.per != Some(LeaveUnit::MonthOfLeave)
    {
        paid_in_full(&needs("percent_paid"), paid, remarks);
    }
    for (index, percent) in rule.deduct_by_month.iter().enumerate() {
        remarks.at_most_hundred(format!("{at}.deduct_by_month[{}]", index + 1), *percent);
    }
    bands(at, &rule.bands, remarks);
}

/// Contract §6: what less than everything means for a single day is not defined; a cut per day is.
fn paid_in_full(at: &str, paid: Percent, remarks: &mut Remarks) {
    if paid < Percent::HUNDRED {
        remarks.wrong(
            at,
            format!("{paid} di bawah 100 pada cuti per hari: tulis potongannya sebagai deduct_per_day"),
            format!("{paid} is below 100 on a per-day leave: write the cut as deduct_per_day"),
        );
    }
    remarks.at_most_hundred(at, paid);
}

fn document(at: &str, rule: &LeaveRule, remarks: &mut Remarks) {
    let written = [
        ("document", rule.document.is_some()),
        ("document_due_workdays", rule.document_due_workdays.is_some()),
        ("without_document", rule.without_document.is_some()),
    ];
    if written.iter().all(|(_, written)| !written) {
        return;
    }
    for (key, _) in written.iter().filter(|(_, written)| !written) {
        remarks.wrong(
            format!("{at}.{key}"),
            "document, document_due_workdays dan without_document ditulis bertiga",
            "write document, document_due_workdays and without_document together",
        );
    }
    if let Some(days) = rule.document_due_workdays {
        remarks.within(&format!("{at}.document_due_workdays"), i64::from(days), 1, 60);
    }
    // The permits file has one column for a document, and that is the doctor's letter.
    if ![PermitKind::CutiSakit, PermitKind::GugurKandungan, PermitKind::CutiMelahirkan].iter().any(|kind| kind.code() == rule.kind) {
        remarks.wrong(
            format!("{at}.document"),
            "berkas izin hanya punya kolom surat_dokter: hapus document, document_due_workdays dan without_document",
            "the permits file has the column surat_dokter only: remove document, document_due_workdays and without_document",
        );
    }
}

/// An edge of a band: a running calendar day of the leave, or full months after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Day(u32),
    Month(u32),
}

impl Edge {
    fn of(day: Option<u32>, month: Option<u32>) -> Result<Option<Self>, ()> {
        match (day, month) {
            (Some(day), None) => Ok(Some(Self::Day(day))),
            (None, Some(month)) => Ok(Some(Self::Month(month))),
            (None, None) => Ok(None),
            (Some(_), Some(_)) => Err(()),
        }
    }

    /// As a place in a sentence, in both languages.
    fn words(self) -> (String, String) {
        match self {
            Self::Day(day) => (format!("hari {day}"), format!("on day {day}")),
            Self::Month(months) => (format!("sesudah {months} bulan"), format!("after {months} months")),
        }
    }

    /// Whether this edge lies before the other in every leave, however long its months are.
    fn is_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::Day(a), Self::Day(b)) | (Self::Month(a), Self::Month(b)) => a < b,
            (Self::Day(day), Self::Month(months)) => i64::from(day) <= i64::from(months) * 30 - 2,
            (Self::Month(months), Self::Day(day)) => i64::from(months) * 31 + 1 < i64::from(day),
        }
    }
}

fn bands(at: &str, bands: &[LeaveBand], remarks: &mut Remarks) {
    let mut expected = Some(Edge::Day(1));
    for (index, band) in bands.iter().enumerate() {
        let at = format!("{at}.bands[{}]", index + 1);
        let (Ok(Some(from)), Ok(to)) = (Edge::of(band.from_day, band.from_month), Edge::of(band.to_day, band.to_month)) else {
            remarks.wrong(
                at,
                "tulis satu dari from_day/from_month dan paling banyak satu dari to_day/to_month",
                "write one of from_day/from_month and at most one of to_day/to_month",
            );
            return;
        };
        let first = index == 0 && from == Edge::Month(0);
        if !first && expected != Some(from) {
            unjoined(&at, expected, from, remarks);
        }
        if to.is_some_and(|to| !from.is_before(to)) {
            remarks.wrong(at.as_str(), "batas akhir tidak sesudah batas awal", "the upper edge is not after the lower one");
        }
        if to.is_none() && index + 1 != bands.len() {
            remarks.wrong(at.as_str(), "hanya jenjang terakhir boleh terbuka", "only the last band may be open");
        }
        band_amount(&at, band, from, remarks);
        expected = to;
    }
}

/// A band that leaves days out, or has days that another has too.
fn unjoined(at: &str, expected: Option<Edge>, from: Edge, remarks: &mut Remarks) {
    let Some(expected) = expected else {
        remarks.wrong(at, "tidak menyambung: jenjang sebelumnya terbuka", "does not join: the band before is open");
        return;
    };
    let (id, en) = if expected.is_before(from) {
        ("celah: hari-hari di antaranya tidak diatur", "a gap: the days between have no rule")
    } else if from.is_before(expected) {
        ("tumpang tindih: hari-hari di antaranya diatur dua kali", "an overlap: the days between have two rules")
    } else {
        ("tidak menyambung", "does not join")
    };
    let ((from_id, from_en), (to_id, to_en)) = (from.words(), expected.words());
    remarks.wrong(
        at,
        format!("{id}; jenjang ini mulai {from_id}, seharusnya {to_id}"),
        format!("{en}; this band starts {from_en} and should start {to_en}"),
    );
}

fn band_amount(at: &str, band: &LeaveBand, from: Edge, remarks: &mut Remarks) {
    match (band.deduct_per_day, band.percent_paid) {
        (Some(cut), None) => remarks.at_most_hundred(format!("{at}.deduct_per_day"), cut),
        (None, Some(paid)) => match from {
            Edge::Day(_) => paid_in_full(&format!("{at}.percent_paid"), paid, remarks),
            Edge::Month(_) => remarks.at_most_hundred(format!("{at}.percent_paid"), paid),
        },
        _ => remarks.wrong(at, "tulis deduct_per_day atau percent_paid, salah satu", "write either deduct_per_day or percent_paid"),
    }
}
