//! Head, attendance window, calendar, arithmetic, tariff, payment calendar, privacy.

use super::Remarks;
use crate::domain::percent::Percent;
use crate::domain::rupiah::Rupiah;
use crate::policy::holidays::HolidayList;
use crate::policy::model::CALC_ORDER;
use crate::policy::model::Calc;
use crate::policy::model::CalendarRule;
use crate::policy::model::Head;
use crate::policy::model::Model;
use crate::policy::model::PeriodRule;
use crate::policy::model::PolicyFile;
use crate::policy::model::PolicyStatus;
use crate::policy::model::Privacy;
use crate::policy::model::Tariff;
use crate::policy::model::Verified;
use chrono::Datelike;
use chrono::NaiveDate;
use std::collections::BTreeMap;

pub(super) fn check(file: &PolicyFile, remarks: &mut Remarks) {
    if file.schema_version != 1 {
        remarks.wrong(
            "schema_version",
            format!("{} tidak dikenal: versi ini membaca 1", file.schema_version),
            format!("{} is unknown: this version reads 1", file.schema_version),
        );
    }
    head(&file.policy, remarks);
    period(&file.period, remarks);
    calendar(&file.calendar, remarks);
    calc(&file.calc, file.components.model, remarks);
    tariff(&file.tariff, remarks);
    remarks.within("payment.kppn_deadline_workdays_before", i64::from(file.payment.kppn_deadline_workdays_before), 0, 20);
    for step in &file.payment.internal_steps {
        let at = format!("payment.internal_steps[{}]", step.step);
        remarks.within(&at, i64::from(step.workdays_before_deadline), 0, 60);
    }
    privacy(&file.privacy, remarks);
}

fn head(head: &Head, remarks: &mut Remarks) {
    remarks.not_blank("policy.id", &head.id);
    remarks.not_blank("policy.title", &head.title);
    if head.timezone.parse::<chrono_tz::Tz>().is_err() {
        remarks.unknown("policy.timezone", &head.timezone, &["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]);
    }
    if head.effective_to.is_some_and(|last| last < head.effective_from) {
        remarks.wrong("policy.effective_to", "lebih awal dari effective_from", "is earlier than effective_from");
    }
    let approved = head.status == PolicyStatus::Approved;
    if approved {
        remarks.not_blank("policy.approved_by", &head.approved_by);
    }
    if (approved || !head.approved_on.is_empty()) && head.approved_on.parse::<NaiveDate>().is_err() {
        remarks.wrong("policy.approved_on", "tulis tanggalnya: \"2026-01-31\"", "write its date: \"2026-01-31\"");
    }
    for basis in head.legal_basis.iter().filter(|basis| basis.verified == Verified::No) {
        remarks.notice(
            format!("policy.legal_basis[{}]", basis.reference),
            format!("belum diverifikasi (dibaca: {})", basis.read),
            format!("not verified (read: {})", basis.read),
        );
    }
}

fn period(period: &PeriodRule, remarks: &mut Remarks) {
    let (from, to) = (period.attendance_from_day, period.attendance_to_day);
    if !(1..=28).contains(&from) {
        remarks.within("period.attendance_from_day", i64::from(from), 1, 28);
    } else if to != from - 1 {
        // Anything else would count a day twice or never.
        remarks.wrong(
            "period.attendance_to_day",
            format!("{to} tidak menyambung dengan attendance_from_day {from}: tulis {}", from - 1),
            format!("{to} does not join attendance_from_day {from}: write {}", from - 1),
        );
    }
    remarks.within("period.work_month_offset", i64::from(period.work_month_offset), -12, 0);
}

fn calendar(calendar: &CalendarRule, remarks: &mut Remarks) {
    if calendar.holidays_file.all().is_empty() {
        remarks.wrong("calendar.holidays_file", "sebut paling sedikit satu daftar hari libur", "name at least one holiday list");
    }
    let mut spans: Vec<_> = calendar.ramadan.iter().map(|span| (span.from, span.to)).collect();
    spans.sort_unstable();
    for (from, to) in &spans {
        let at = format!("calendar.ramadan[{from}]");
        if to < from {
            remarks.wrong(at, "to lebih awal dari from", "to is earlier than from");
        } else if (*to - *from).num_days() > 30 {
            remarks.wrong(at, "lebih panjang dari 31 hari", "is longer than 31 days");
        }
    }
    for pair in spans.windows(2) {
        if let [(_, ends), (starts, _)] = pair
            && starts <= ends
        {
            remarks.wrong(format!("calendar.ramadan[{starts}]"), "bertumpang tindih dengan rentang sebelumnya", "overlaps the span before");
        }
    }
}

pub(super) fn check_lists(file: &PolicyFile, lists: &[(String, HolidayList)], remarks: &mut Remarks) {
    let mut years: BTreeMap<i32, &str> = BTreeMap::new();
    for (name, list) in lists {
        let at = format!("calendar.holidays_file[{name}]");
        if let Some(other) = years.insert(list.year, name) {
            remarks.wrong(
                at.as_str(),
                format!("tahun {} sudah ada di {other}: sebut satu saja", list.year),
                format!("{} is already in {other}: name only one", list.year),
            );
        }
        list.check(&at, remarks);
    }
    // Ramadan falls into every civil year; without its span the hours of that month are the ordinary ones.
    let spans = || file.calendar.ramadan.iter().flat_map(|span| [span.from.year(), span.to.year()]);
    for year in years.keys().filter(|year| !spans().any(|known| known == **year)) {
        remarks.notice(
            "calendar.ramadan",
            format!("tahun {year} tidak punya rentang Ramadan: jam kerja biasa berlaku sepanjang tahun itu"),
            format!("{year} has no span of Ramadan: the ordinary hours hold all that year"),
        );
    }
}

fn calc(calc: &Calc, model: Model, remarks: &mut Remarks) {
    remarks.at_most_hundred("calc.max_total_deduction_percent", calc.max_total_deduction_percent);
    remarks.at_most_hundred("calc.component_floor", calc.component_floor);
    match model {
        Model::DeductionOnly if calc.component_floor != Percent::ZERO => remarks.wrong(
            "calc.component_floor",
            "hanya berarti pada components.model = \"weighted\": tulis \"0\"",
            "has a meaning with components.model = \"weighted\" only: write \"0\"",
        ),
        Model::Weighted if calc.max_total_deduction_percent != Percent::HUNDRED => {
            remarks.notice("calc.max_total_deduction_percent", "tidak berlaku pada model weighted", "does not apply to the weighted model");
        }
        _ => {}
    }
    if calc.order != CALC_ORDER {
        let order = CALC_ORDER.join("\", \"");
        remarks.wrong("calc.order", format!("harus persis [\"{order}\"]"), format!("must be exactly [\"{order}\"]"));
    }
    remarks.within("calc.rounding.unit", calc.rounding.unit, 1, 1_000_000);
    remarks.within("calc.compare.tolerance_rupiah", calc.compare.tolerance_rupiah, 0, 1_000_000_000);
}

fn tariff(tariff: &Tariff, remarks: &mut Remarks) {
    if tariff.currency != "IDR" {
        remarks.unknown("tariff.currency", &tariff.currency, &["IDR"]);
    }
    if tariff.classes.is_empty() {
        remarks.wrong("tariff.class", "belum ada satu kelas pun", "has no class at all");
    }
    for (class, amount) in &tariff.classes {
        let at = format!("tariff.class.{class}");
        if !class.parse::<u8>().is_ok_and(|number| (1..=99).contains(&number) && number.to_string() == *class) {
            remarks.wrong(
                at.as_str(),
                "bukan kelas jabatan: tulis \"1\" sampai \"99\" tanpa nol di depan",
                "is no class: write \"1\" to \"99\" without a leading zero",
            );
        }
        if *amount <= Rupiah::ZERO {
            remarks.wrong(at, format!("{amount} harus di atas nol"), format!("{amount} must be above zero"));
        }
    }
    let mut classes: Vec<(u8, Rupiah)> = tariff.classes.iter().filter_map(|(class, amount)| Some((class.parse().ok()?, *amount))).collect();
    classes.sort_unstable();
    for pair in classes.windows(2) {
        if let [(lower, less), (higher, more)] = pair {
            steps(*lower, *less, *higher, *more, remarks);
        }
    }
}

/// Two neighbouring classes: none left out between them, and the higher one is not paid less. Both may be meant; most
/// often a line was lost, or a digit.
fn steps(lower: u8, less: Rupiah, higher: u8, more: Rupiah, remarks: &mut Remarks) {
    let at = format!("tariff.class.{higher}");
    if higher > lower + 1 {
        let missing = if higher == lower + 2 { format!("{}", lower + 1) } else { format!("{}–{}", lower + 1, higher - 1) };
        remarks.notice(
            at.as_str(),
            format!("kelas {missing} di bawahnya tidak ada: pegawai kelas itu ditahan (CL02)"),
            format!("class {missing} below it is missing: people of that class are held (CL02)"),
        );
    }
    if more < less {
        remarks.notice(
            at,
            format!("{more} lebih kecil dari kelas {lower} ({less}): periksa angkanya"),
            format!("{more} is less than class {lower} ({less}): check the figure"),
        );
    }
}

fn privacy(privacy: &Privacy, remarks: &mut Remarks) {
    if privacy.mask_nip != "first4_last3" {
        remarks.unknown("privacy.mask_nip", &privacy.mask_nip, &["first4_last3"]);
    }
    if privacy.mask_account != "last4" {
        remarks.unknown("privacy.mask_account", &privacy.mask_account, &["last4"]);
    }
    remarks.within("privacy.retention_months", i64::from(privacy.retention_months), 1, 1200);
}
