//! Bands, events, leave, punishments, statuses: gaps, overlaps, contradictions, and what no source can answer.

use super::*;

#[test]
fn bands() {
    let second = "from_minute = 31, to_minute = 61, percent = \"1\"";
    refused(
        &[(second, "from_minute = 32, to_minute = 61, percent = \"1\"")],
        &[("deduction.band[late].bands[TM2].from_minute", "a gap from 31 to 31: write 31")],
    );
    refused(
        &[(second, "from_minute = 30, to_minute = 61, percent = \"1\"")],
        &[("deduction.band[late].bands[TM2].from_minute", "an overlap from 30 to 30")],
    );
    refused(&[("from_minute = 1,", "from_minute = 5,")], &[("deduction.band[late].bands[TM1].from_minute", "minutes 1 to 4")]);
    assert!(report(&edited(&[("from_minute = 1,", "from_minute = 0,")])).is_usable());
    refused(
        &[("from_minute = 91, percent", "from_minute = 91, to_minute = 500, percent")],
        &[("deduction.band[late].bands[TM4].to_minute", "must be open")],
    );
    refused(&[(second, "from_minute = 31, percent = \"1\"")], &[("deduction.band[late].bands[TM2].to_minute", "only the last band")]);
    refused(&[(second, "to_minute = 61, percent = \"1\"")], &[("deduction.band[late].bands[TM2].from_minute", "is missing")]);
    refused(
        &[(second, "from_minute = 31, to_minute = 31, percent = \"1\"")],
        &[
            ("deduction.band[late].bands[TM2].to_minute", "not after"),
            ("deduction.band[late].bands[TM3].from_minute", "a gap from 31 to 60"),
        ],
    );
    refused(
        &[("from_minute = 1, to_minute = 31, percent = \"0.5\"", "from_minute = 1, to_minute = 31, percent = \"200\"")],
        &[("deduction.band[late].bands[TM1].percent", "above 100")],
    );
    refused(&[("code = \"PC1\"", "code = \"TM1\"")], &[("deduction.band[early_leave].bands[TM1]", "written twice")]);
    refused(&[("code = \"TM1\"", "code = \"absent\"")], &[("deduction.band[late].bands[absent]", "already means")]);
    refused(
        &[("kind = \"early_leave\"", "kind = \"late\"")],
        &[("deduction.band[late]", "more than once"), ("deduction.band[early_leave]", "is missing")],
    );
    refused(
        &[("from_minute = 1, to_minute = 31", "from_time = \"09:01\", to_time = \"09:31\"")],
        &[("deduction.band[late].bands[TM2]", "minutes and times in one rule")],
    );
    let linear = "[[deduction.linear]]\nkind = \"late\"\npercent_per_minute = \"0.01\"\nbase = \"total\"\nverified = true\nsource = \"x\"\n\n[[leave]]\n";
    refused(&[("[[leave]]\n", linear)], &[("deduction.band[late]", "more than once")]);
}

/// The example with bands by the clock for one kind.
fn by_clock(from: &str, bands: &[&str]) -> String {
    let start = EXAMPLE.find(from).unwrap();
    let open = start + EXAMPLE[start..].find("bands = [\n").unwrap();
    let close = open + EXAMPLE[open..].find("\n]\n").unwrap();
    let codes = if from.contains("late\"") { ["TM1", "TM2", "TM4"] } else { ["PC1", "PC2", "PC4"] };
    let bands: Vec<String> =
        bands.iter().zip(codes).map(|(band, code)| format!("  {{ code = \"{code}\", {band}, percent = \"1\" }},")).collect();
    format!("{}bands = [\n{}{}", &EXAMPLE[..open], bands.join("\n"), &EXAMPLE[close..])
}

#[track_caller]
fn clock(from: &str, bands: &[&str], expected: &[(&str, &str)]) {
    let problems = report(&by_clock(from, bands)).problems;
    let said: Vec<(&str, &str)> = problems.iter().map(|problem| (problem.path.as_str(), problem.message.en.as_str())).collect();
    assert_eq!(said.len(), expected.len(), "{said:?}");
    for ((path, message), (wanted, words)) in said.iter().zip(expected) {
        assert!(path.ends_with(wanted) && message.contains(words), "{path}: {message}");
    }
}

#[test]
fn bands_by_the_clock() {
    // lateness counts from 07:30 + 90 minutes on, in Ramadan from 08:00 + 90
    let late = "kind = \"late\"\n";
    let second = "from_time = \"09:31\", to_time = \"10:01\"";
    let last = "from_time = \"10:01\"";
    clock(late, &["from_time = \"09:01\", to_time = \"09:31\"", second, last], &[]);
    clock(late, &["from_time = \"08:00\", to_time = \"09:31\"", second, last], &[]);
    clock(
        late,
        &["from_time = \"09:11\", to_time = \"09:31\"", second, last],
        &[("bands[TM1].from_time", "09:01 to 09:10 is not covered: write \"09:01\"")],
    );
    clock(
        late,
        &["from_time = \"09:01\", to_time = \"09:21\"", second, last],
        &[("bands[TM2].from_time", "09:21 to 09:30 is not covered: write \"09:21\"")],
    );
    clock(
        late,
        &["from_time = \"09:01\", to_time = \"09:41\"", second, last],
        &[("bands[TM2].from_time", "09:31 to 09:40 is in two bands: write \"09:41\"")],
    );
    clock(
        late,
        &["from_time = \"09:01\", to_time = \"09:31\"", second, "from_time = \"10:01\", to_time = \"12:00\""],
        &[("bands[TM4].to_time", "must be open")],
    );
    // leaving is early before 16:30 on a Friday, and before 18:00 after 90 minutes of lateness
    let early = "kind = \"early_leave\"\n";
    let (second, last) = ("from_time = \"15:00\", to_time = \"15:30\"", "to_time = \"15:00\"");
    clock(early, &["from_time = \"15:30\", to_time = \"18:00\"", second, last], &[]);
    clock(
        early,
        &["from_time = \"15:30\", to_time = \"16:00\"", second, last],
        &[("bands[PC1].to_time", "16:00 to 17:59 is not covered: write \"18:00\"")],
    );
    clock(
        early,
        &["from_time = \"15:40\", to_time = \"18:00\"", second, last],
        &[("bands[PC2].to_time", "15:30 to 15:39 is not covered: write \"15:40\"")],
    );
    let text = by_clock(
        late,
        &["from_time = \"09:01\", to_time = \"09:31\"", "from_time = \"09:31\", to_time = \"10:01\"", "from_time = \"10:01\""],
    );
    for (from, to, words) in [
        ("band_scope = \"per_day\"", "band_scope = \"cumulative_month\"", "cannot be summed"),
        ("mode = \"compensate_same_day\"", "mode = \"tolerance_subtract\"", "takes minutes away"),
        ("uncompensated_counts_as = \"early_leave\"", "uncompensated_counts_as = \"late\"", "not made up"),
    ] {
        let said = report(&text.replacen(from, to, 1)).problems;
        assert!(said.iter().any(|problem| problem.path == "deduction.band[late]" && problem.message.en.contains(words)), "{said:?}");
    }
}

#[test]
fn events() {
    refused(
        &[("treat_as = \"TM4\"", "treat_as = \"TM5\"")],
        &[("deduction.event[no_check_in].treat_as", "`TM5` is unknown, did you mean `TM1`?")],
    );
    assert!(report(&edited(&[("treat_as = \"TM4\"", "treat_as = \"absent\"")])).is_usable());
    refused(&[("treat_as = \"TM4\"", "treat_as = \"TM4\"\nper = \"event\"")], &[("deduction.event[no_check_in]", "remove them")]);
    refused(&[("treat_as = \"absent\"", "treat_as = \"TM4\"")], &[("deduction.event[no_scan_at_all].treat_as", "`TM4` is unknown")]);
    assert!(report(&edited(&[("treat_as = \"absent\"", "percent = \"4\"\nper = \"workday\"")])).is_usable());
    refused(&[("treat_as = \"TM4\"", "treat_as = \"both_events\"")], &[("deduction.event[no_check_in].treat_as", "is unknown")]);
    assert!(report(&edited(&[("treat_as = \"absent\"", "treat_as = \"both_events\"")])).is_usable());
    refused(&[("treat_as = \"TM4\"\n", "")], &[("deduction.event[no_check_in]", "write percent or treat_as")]);
    refused(&[("treat_as = \"TM4\"", "treat_as = \"TM4\"\npercent = \"1\"")], &[("deduction.event[no_check_in]", "contradict")]);
    refused(&[("treat_as = \"TM4\"", "percent = \"1\"")], &[("deduction.event[no_check_in].per", "write workday or event")]);
    refused(
        &[("percent = \"4\"\nper = \"workday\"", "percent = \"4\"\nper = \"event\"")],
        &[("deduction.event[absent].per", "by working day")],
    );
    refused(&[("percent = \"4\"\nper = \"workday\"", "treat_as = \"TM4\"")], &[("deduction.event[absent].treat_as", "percent of its own")]);
    refused(&[("consecutive_days_limit = 10 ", "# ")], &[("deduction.event[absent].consecutive_days_limit", "both or neither")]);
    refused(
        &[("treat_as = \"TM4\"", "treat_as = \"TM4\"\nabsorbs_other_same_day = true")],
        &[("deduction.event[no_check_in].absorbs_other_same_day", "absent] only")],
    );
    refused(
        &[("kind = \"no_check_out\"", "kind = \"no_check_in\"")],
        &[("deduction.event[no_check_in]", "more than once"), ("deduction.event[no_check_out]", "is missing")],
    );
    refused(
        &[("percent = \"0\"                    #", "percent = \"101\" #")],
        &[("deduction.event[missed_ceremony].percent", "above 100")],
    );
}

#[test]
fn leave() {
    let annual = "kind = \"cuti_tahunan\"\npercent_paid = \"100\"";
    refused(&[(annual, "kind = \"dinas_luar\"\npercent_paid = \"100\"")], &[("leave[dinas_luar].kind", "is unknown")]);
    refused(&[(annual, "kind = \"cltn\"\npercent_paid = \"100\"")], &[("leave[cltn]", "written twice")]);
    refused(
        &[(annual, "kind = \"cuti_tahunan\"\npercent_paid = \"50\"")],
        &[("leave[cuti_tahunan].percent_paid", "below 100 on a per-day leave")],
    );
    refused(&[(annual, "kind = \"cuti_tahunan\"")], &[("leave[cuti_tahunan].percent_paid", "is missing")]);
    refused(
        &[(annual, "kind = \"cuti_tahunan\"\neligible = false\npercent_paid = \"100\"")],
        &[("leave[cuti_tahunan].eligible", "contradicts")],
    );
    refused(
        &[(annual, "kind = \"cuti_tahunan\"\nmax_child = 3\npercent_paid = \"100\"")],
        &[("leave[cuti_tahunan].max_child", "cuti_melahirkan only")],
    );
    refused(
        &[(annual, "kind = \"cuti_tahunan\"\npercent_paid = \"100\"\ndeduct_by_month = [\"5\"]")],
        &[("leave[cuti_tahunan].deduct_by_month", "needs per")],
    );
    refused(
        &[("deduct_by_month = [\"50\", \"75\", \"90\"]", "deduct_by_month = []")],
        &[("leave[cuti_besar].deduct_by_month", "needed by this per")],
    );
    refused(&[("deduct_by_month = [\"50\",", "deduct_by_month = [\"500\",")], &[("leave[cuti_besar].deduct_by_month[1]", "above 100")]);
    refused(
        &[("deduct_by_month = [\"50\",", "percent_paid = \"100\"\ndeduct_by_month = [\"50\",")],
        &[("leave[cuti_besar].percent_paid", "contradicts per")],
    );
    refused(&[("without_document = \"absent\"\n", "")], &[("leave[cuti_sakit].without_document", "together")]);
    refused(
        &[(
            annual,
            "kind = \"cuti_tahunan\"\npercent_paid = \"100\"\ndocument = \"x\"\ndocument_due_workdays = 3\nwithout_document = \"absent\"",
        )],
        &[("leave[cuti_tahunan].document", "surat_dokter only")],
    );
    for partial in ["prorata_workdays", "full_month"] {
        assert!(report(&edited(&[("partial_month = \"review\"", &format!("partial_month = \"{partial}\""))])).is_usable());
    }
}

#[test]
fn leave_bands() {
    let second = "{ from_day = 3, to_month = 6, deduct_per_day = \"2.5\" }";
    refused(
        &[(second, "{ from_day = 4, to_month = 6, deduct_per_day = \"2.5\" }")],
        &[("leave[cuti_sakit].bands[2]", "a gap: the days between have no rule; this band starts on day 4 and should start on day 3")],
    );
    refused(&[(second, "{ from_day = 2, to_month = 6, deduct_per_day = \"2.5\" }")], &[("leave[cuti_sakit].bands[2]", "an overlap")]);
    refused(
        &[(second, "{ from_day = 3, to_month = 7, deduct_per_day = \"2.5\" }")],
        &[("leave[cuti_sakit].bands[3]", "should start after 7 months")],
    );
    refused(&[("{ from_day = 1, to_day = 3,", "{ from_day = 2, to_day = 3,")], &[("leave[cuti_sakit].bands[1]", "start on day 1")]);
    refused(
        &[(second, "{ from_day = 3, from_month = 1, to_month = 6, deduct_per_day = \"2.5\" }")],
        &[("leave[cuti_sakit].bands[2]", "one of from_day/from_month")],
    );
    refused(
        &[(second, "{ from_day = 3, deduct_per_day = \"2.5\" }")],
        &[("leave[cuti_sakit].bands[2]", "only the last band"), ("leave[cuti_sakit].bands[3]", "does not join")],
    );
    refused(&[("from_month = 6, to_month = 18", "from_month = 6, to_month = 6")], &[("leave[cuti_sakit].bands[3]", "not after")]);
    refused(
        &[("to_month = 18, percent_paid = \"10\"", "to_month = 18")],
        &[("leave[cuti_sakit].bands[3]", "either deduct_per_day or percent_paid")],
    );
    refused(
        &[(second, "{ from_day = 3, to_month = 6, percent_paid = \"50\" }")],
        &[("leave[cuti_sakit].bands[2].percent_paid", "per-day leave")],
    );
    // Two months are never fewer than 58 days and never more than 62.
    let days = |first: &str| {
        format!(
            "{{ from_day = 1, to_day = {first}, deduct_per_day = \"0\" }}, {{ from_day = {first}, to_month = 2, deduct_per_day = \"2\" }}, {{ from_month = 2, to_day = 64, deduct_per_day = \"3\" }}"
        )
    };
    let old = "{ from_day = 1, to_day = 31, deduct_per_day = \"0\" }, { from_day = 31, to_day = 46, deduct_per_day = \"1\" }";
    assert!(report(&edited(&[(old, &days("58"))])).is_usable());
    refused(&[(old, &days("59"))], &[("leave[gugur_kandungan].bands[2]", "not after")]);
}

#[test]
fn discipline() {
    refused(&[("code = \"sedang_2\"", "code = \"sedang_1\"")], &[("discipline.level[sedang_1]", "written twice")]);
    refused(
        &[("[14, 16]", "[13, 16]")],
        &[("discipline.level[sedang_2].cumulative_absent_days_year", "overlaps discipline.level[sedang_1]")],
    );
    refused(&[("[14, 16]", "[16, 14]")], &[("discipline.level[sedang_2].cumulative_absent_days_year", "no range of days")]);
    refused(&[("months = 9", "months = 0")], &[("discipline.level[sedang_2].months", "out of bounds")]);
    refused(&[("percent = \"25\"\nmonths = 9", "percent = \"125\"\nmonths = 9")], &[("discipline.level[sedang_2].percent", "above 100")]);
    refused(&[("[3, 4, 7,", "[4, 3, 7,")], &[("discipline.warn.cumulative_days", "ascending")]);
    refused(&[("consecutive_days = 10\n", "consecutive_days = 0\n")], &[("discipline.warn.consecutive_days", "write 1 to 366")]);
    assert!(report(&edited(&[("multiple = \"heaviest_only\"", "multiple = \"sum\"")])).is_usable());
}

#[test]
fn statuses_plt_and_class_change() {
    refused(&[("kind = \"mpp\"", "kind = \"mmp\"")], &[("status[mmp].kind", "did you mean `mpp`?")]);
    refused(&[("kind = \"mpp\"", "kind = \"pppk_paruh_waktu\"")], &[("status[pppk_paruh_waktu]", "written twice")]);
    let mpp = "kind = \"mpp\"\neligible = false";
    refused(
        &[(mpp, "kind = \"mpp\"\neligible = false\nmultiplier = \"50\"")],
        &[("status[mpp].eligible", "contradicts"), ("status[mpp].eligible", "not paid without eligible = true")],
    );
    assert!(report(&edited(&[(mpp, "kind = \"mpp\"\neligible = true")])).is_usable());
    assert!(report(&edited(&[(mpp, "kind = \"mpp\"\neligible = true\nmultiplier = \"50\"")])).is_usable());
    assert!(report(&edited(&[("fixed_class = 7\nextension_percent_paid = \"50\"", "eligible = false")])).is_usable());
    refused(&[("kind = \"mpp\"\neligible = false", "kind = \"mpp\"")], &[("status[mpp]", "or eligible")]);
    refused(&[("multiplier = \"80\"", "multiplier = \"800\"")], &[("status[cpns].multiplier", "above 100")]);
    refused(&[("fixed_class = 7", "fixed_class = 18")], &[("status[tugas_belajar].fixed_class", "class 18 is not in tariff.class")]);
    refused(&[("multiplier = \"100\"", "fixed_class = 7")], &[("status[pppk].fixed_class", "means nothing for pppk")]);
    refused(
        &[("multiplier = \"100\"", "multiplier = \"100\"\nwarn_if_older_than_months = 3")],
        &[("status[pppk].warn_if_older_than_months", "only for cpns")],
    );
    refused(&[("add_percent = \"20\"", "add_percent = \"120\"")], &[("plt.add_percent", "above 100")]);
    refused(&[("min_calendar_months = 1", "min_calendar_months = 13")], &[("plt.min_calendar_months", "out of bounds")]);
    let prorata = report(&edited(&[("rule = \"next_month_unless_first_workday\"", "rule = \"prorata_workdays\"")]));
    assert!(prorata.is_usable() && prorata.notices.iter().any(|notice| notice.path == "class_change.rule"));
}

#[test]
fn arithmetic_tariff_payment_privacy() {
    refused(
        &[("\"performance\", \"attendance\", \"discipline\"", "\"attendance\", \"performance\", \"discipline\"")],
        &[("calc.order", "must be exactly [\"eligibility\"")],
    );
    refused(
        &[("max_total_deduction_percent = \"100\"", "max_total_deduction_percent = \"101\"")],
        &[("calc.max_total_deduction_percent", "above 100")],
    );
    refused(&[("component_floor = \"0\"", "component_floor = \"10\"")], &[("calc.component_floor", "weighted")]);
    refused(&[("unit = 1 ", "unit = 0 ")], &[("calc.rounding.unit", "out of bounds")]);
    refused(&[("tolerance_rupiah = 0", "tolerance_rupiah = -1")], &[("calc.compare.tolerance_rupiah", "out of bounds")]);
    refused(&[("\"17\" =", "\"017\" =")], &[("tariff.class.017", "without a leading zero")]);
    refused(&[("\"17\" =", "\"100\" =")], &[("tariff.class.100", "is no class")]);
    refused(&[("\"17\" = 33240000", "\"17\" = 0")], &[("tariff.class.17", "above zero")]);
    refused(&[("mask_nip = \"first4_last3\"", "mask_nip = \"none\"")], &[("privacy.mask_nip", "did you mean `first4_last3`?")]);
    refused(&[("mask_account = \"last4\"", "mask_account = \"none\"")], &[("privacy.mask_account", "did you mean `last4`?")]);
    refused(&[("retention_months = 24", "retention_months = 0")], &[("privacy.retention_months", "out of bounds")]);
    refused(
        &[("kppn_deadline_workdays_before = 2", "kppn_deadline_workdays_before = 99")],
        &[("payment.kppn_deadline_workdays_before", "out of bounds")],
    );
}
