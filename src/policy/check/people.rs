//! Punishments, special statuses, acting positions, change of class.

use super::Remarks;
use crate::domain::percent::Percent;
use crate::policy::model::ClassChangeRule;
use crate::policy::model::Discipline;
use crate::policy::model::PolicyFile;
use crate::policy::model::StatusRule;
use crate::policy::model::Tariff;
use std::collections::BTreeSet;

/// `[[status]]` kinds; each is a kind of employee or a status of the roster.
const STATUS_KINDS: [&str; 7] = ["cpns", "pppk", "pppk_paruh_waktu", "tugas_belajar", "mpp", "cltn", "diberhentikan_sementara"];

/// Whoever the policy does not name is paid like a PNS; of these that is seldom meant.
const UNRULED: [(&str, &str, &str); 4] = [
    ("cpns", "belum ada aturannya: dibayar penuh seperti PNS", "has no rule: paid in full like a PNS"),
    ("pppk", "belum ada aturannya: dibayar penuh seperti PNS", "has no rule: paid in full like a PNS"),
    ("pppk_paruh_waktu", "belum ada aturannya: dibayar penuh seperti PNS", "has no rule: paid in full like a PNS"),
    ("tugas_belajar", "belum ada aturannya: dibayar menurut kelas di daftar pegawai", "has no rule: paid by the class in the roster"),
];

pub(super) fn check(file: &PolicyFile, remarks: &mut Remarks) {
    discipline(&file.discipline, remarks);
    let mut seen = BTreeSet::new();
    for rule in &file.status {
        let at = rule.citation().path;
        if !STATUS_KINDS.contains(&rule.kind.as_str()) {
            remarks.unknown(format!("{at}.kind"), &rule.kind, &STATUS_KINDS);
        }
        remarks.once(&mut seen, at.as_str(), &rule.kind);
        status(&at, rule, &file.tariff, remarks);
    }
    for (kind, id, en) in UNRULED.iter().filter(|(kind, ..)| !seen.contains(kind)) {
        remarks.notice(format!("status[{kind}]"), *id, *en);
    }
    remarks.at_most_hundred("plt.add_percent", file.plt.add_percent);
    remarks.within("plt.min_calendar_months", i64::from(file.plt.min_calendar_months), 0, 12);
    remarks.within("plt.paid_lag_months", i64::from(file.plt.paid_lag_months), 0, 12);
    if file.class_change.rule == ClassChangeRule::ProrataWorkdays {
        remarks.notice(
            "class_change.rule",
            "daftar pegawai tidak memuat kelas sebelumnya: kelas yang berubah di tengah bulan ditahan (CL02) untuk diputuskan orang",
            "the roster has no earlier class: a class that changes inside the month is held (CL02) for a person to decide",
        );
    }
}

fn discipline(discipline: &Discipline, remarks: &mut Remarks) {
    let mut seen = BTreeSet::new();
    let mut ranges = Vec::new();
    for level in &discipline.level {
        let at = level.citation().path;
        remarks.not_blank(&format!("{at}.code"), &level.code);
        remarks.once(&mut seen, at.as_str(), &level.code);
        remarks.at_most_hundred(format!("{at}.percent"), level.percent);
        remarks.within(&format!("{at}.months"), i64::from(level.months), 1, 120);
        if let Some([from, to]) = level.cumulative_absent_days_year {
            let at = format!("{at}.cumulative_absent_days_year");
            if to < from || from == 0 {
                remarks.wrong(at, format!("[{from}, {to}] bukan rentang hari"), format!("[{from}, {to}] is no range of days"));
            } else {
                ranges.push((from, to, at));
            }
        }
    }
    ranges.sort();
    for pair in ranges.windows(2) {
        if let [(_, to, other), (from, _, at)] = pair
            && from <= to
        {
            remarks.wrong(at.as_str(), format!("bertumpang tindih dengan {other}"), format!("overlaps {other}"));
        }
    }
    let steps = &discipline.warn.cumulative_days;
    if steps.first() == Some(&0) || !steps.is_sorted_by(|a, b| a < b) {
        remarks.wrong(
            "discipline.warn.cumulative_days",
            "tulis dari kecil ke besar, mulai di atas nol",
            "write them ascending, from above zero",
        );
    }
    remarks.within("discipline.warn.consecutive_days", i64::from(discipline.warn.consecutive_days), 1, 366);
}

fn status(at: &str, rule: &StatusRule, tariff: &Tariff, remarks: &mut Remarks) {
    let of_employee = ["cpns", "pppk", "pppk_paruh_waktu"].contains(&rule.kind.as_str());
    let pays = rule.multiplier.is_some() || rule.fixed_class.is_some() || rule.extension_percent_paid.is_some();
    if rule.eligible == Some(false) && pays {
        remarks.wrong(
            format!("{at}.eligible"),
            "eligible = false bertentangan dengan multiplier, fixed_class, extension_percent_paid",
            "eligible = false contradicts multiplier, fixed_class, extension_percent_paid",
        );
    }
    if rule.eligible.is_none() && rule.multiplier.is_none() && rule.fixed_class.is_none() {
        remarks.wrong(at, "tulis multiplier, fixed_class, atau eligible", "write multiplier, fixed_class, or eligible");
    }
    for (key, percent) in [("multiplier", rule.multiplier), ("extension_percent_paid", rule.extension_percent_paid)] {
        remarks.at_most_hundred(format!("{at}.{key}"), percent.unwrap_or(Percent::ZERO));
    }
    if let Some(class) = rule.fixed_class
        && tariff.of(class).is_none()
    {
        remarks.wrong(
            format!("{at}.fixed_class"),
            format!("kelas {class} tidak ada di tariff.class"),
            format!("class {class} is not in tariff.class"),
        );
    }
    misplaced(at, rule, of_employee, remarks);
}

/// Keys that mean something for some kinds only.
fn misplaced(at: &str, rule: &StatusRule, of_employee: bool, remarks: &mut Remarks) {
    let study = rule.kind == "tugas_belajar";
    let employees = "cpns, pppk, pppk_paruh_waktu";
    let written = [
        ("starts", rule.starts.is_some() && !of_employee, employees),
        ("deductions_on", rule.deductions_on.is_some() && !of_employee && rule.multiplier.is_none(), "multiplier"),
        ("fixed_class", rule.fixed_class.is_some() && of_employee, "tugas_belajar, mpp, cltn, diberhentikan_sementara"),
        ("extension_percent_paid", rule.extension_percent_paid.is_some() && !study, "tugas_belajar"),
        ("warn_if_older_than_months", rule.warn_if_older_than_months.is_some() && rule.kind != "cpns", "cpns"),
    ];
    for (key, _, meant) in written.into_iter().filter(|(_, wrong, _)| *wrong) {
        remarks.wrong(
            format!("{at}.{key}"),
            format!("tidak berarti bagi {}, hanya untuk {meant}: hapus", rule.kind),
            format!("means nothing for {}, only for {meant}: remove it", rule.kind),
        );
    }
    let unpaid_by_law = !of_employee && !study;
    if unpaid_by_law && rule.eligible != Some(true) && (rule.multiplier.is_some() || rule.fixed_class.is_some()) {
        remarks.wrong(
            format!("{at}.eligible"),
            format!("{} tidak dibayar kecuali dengan eligible = true: tulis itu, atau hapus multiplier dan fixed_class", rule.kind),
            format!("{} is not paid without eligible = true: write it, or remove multiplier and fixed_class", rule.kind),
        );
    }
}
