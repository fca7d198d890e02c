//! Head, window, calendar, worktime, components, performance, arithmetic: what contradicts is refused.

use super::*;

#[test]
fn every_problem_is_reported_at_once() {
    refused(
        &[("schema_version = 1", "schema_version = 2"), ("lag = 1", "lag = 99"), ("currency = \"IDR\"", "currency = \"USD\"")],
        &[("schema_version", "this version reads 1"), ("tariff.currency", "did you mean `IDR`?"), ("performance.lag", "write 0 to 12")],
    );
    let error = refusal(&edited(&[("schema_version = 1", "schema_version = 2"), ("lag = 1", "lag = 99")]));
    assert!(error.to_string().contains("and 1 more: run `selaras policy check"), "{error}");
}

#[test]
fn head() {
    refused(&[("id = \"kemenko-infra-2025-draft\"", "id = \" \"")], &[("policy.id", "is empty")]);
    refused(&[("\"Asia/Jakarta\"", "\"Asia/Jakrta\"")], &[("policy.timezone", "did you mean `Asia/Jakarta`?")]);
    refused(&[("# effective_to = 2026-12-31", "effective_to = 2025-12-31")], &[("policy.effective_to", "earlier than effective_from")]);
    refused(
        &[("status = \"draft\"                 #", "status = \"approved\" #")],
        &[("policy.approved_by", "is empty"), ("policy.approved_on", "write its date")],
    );
    refused(&[("approved_on = \"\"", "approved_on = \"31-01-2026\"")], &[("policy.approved_on", "write its date")]);
    let approved = [
        ("status = \"draft\"                 #", "status = \"approved\" #"),
        ("approved_by = \"\"", "approved_by = \"Sekretaris\""),
        ("approved_on = \"\"", "approved_on = \"2026-01-05\""),
    ];
    let report = report(&edited(&approved));
    assert!(report.is_usable() && !report.draft);
}

#[test]
fn attendance_window() {
    let sixteenth = [("attendance_from_day = 1 ", "attendance_from_day = 16 "), ("attendance_to_day = 0", "attendance_to_day = 15")];
    assert!(report(&edited(&sixteenth)).is_usable());
    let ceremony = ("percent = \"0\"                    #", "percent = \"3\" #");
    refused(&[sixteenth[0], sixteenth[1], ceremony], &[("deduction.event[missed_ceremony].percent", "recaps of a calendar month")]);
    assert!(report(&edited(&[ceremony])).notices.iter().any(|notice| notice.path == "deduction.event[missed_ceremony].percent"));
    refused(&[("attendance_to_day = 0", "attendance_to_day = 15")], &[("period.attendance_to_day", "does not join")]);
    refused(&[("attendance_from_day = 1 ", "attendance_from_day = 0 ")], &[("period.attendance_from_day", "out of bounds")]);
    refused(&[("work_month_offset = -1", "work_month_offset = 1")], &[("period.work_month_offset", "write -12 to 0")]);
}

#[test]
fn calendar() {
    let list = "holidays_file = \"national-holidays-2026.toml\"";
    refused(&[(list, "holidays_file = []")], &[("calendar.holidays_file", "at least one")]);
    refused(&[(list, "holidays_file = \"none.toml\"")], &[("calendar.holidays_file[none.toml]", "cannot be read")]);
    refused(
        &[(list, "holidays_file = [\"national-holidays-2026.toml\", \"./national-holidays-2026.toml\"]")],
        &[("calendar.holidays_file[./national-holidays-2026.toml]", "already in national-holidays-2026.toml")],
    );
    let span = "{ from = 2026-02-19, to = 2026-03-20, verified = false, source = \"perkiraan; tunggu penetapan 1 Ramadan 1447 H\" }";
    refused(&[(span, "{ from = 2026-03-20, to = 2026-02-19, verified = false }")], &[("calendar.ramadan[2026-03-20]", "earlier")]);
    refused(
        &[(span, "{ from = 2026-02-19, to = 2026-04-20, verified = false }")],
        &[("calendar.ramadan[2026-02-19]", "longer than 31 days")],
    );
    let two = format!("{span}, {{ from = 2026-03-20, to = 2026-03-21, verified = false }}");
    refused(&[(span, &two)], &[("calendar.ramadan[2026-03-20]", "overlaps")]);
}

#[test]
fn holiday_lists() {
    let with_list = |list: &str| {
        let (folder, path) = folder(EXAMPLE);
        std::fs::write(folder.path().join("national-holidays-2026.toml"), list).unwrap();
        let problems = CheckReport::read(&path).unwrap().problems;
        problems.iter().map(|problem| problem.sentence(Lang::En)).collect::<Vec<_>>().join("\n")
    };
    assert!(with_list(&HOLIDAYS.replacen("2026-01-01", "2025-01-01", 1)).contains("day[2025-01-01]: is not a day of 2026"));
    assert!(with_list(&HOLIDAYS.replacen("2026-01-16", "2026-01-01", 1)).contains("day[2026-01-01]: is written twice"));
    assert!(with_list(&HOLIDAYS.replacen("libur_nasional", "libur", 1)).contains("did you mean `libur_nasional`?"));
    assert!(with_list(&HOLIDAYS.replacen("name =", "nama =", 1)).contains("unknown key `nama` in `[day]`, did you mean `name`?"));
    assert!(with_list("year = 2026\nsource = \"x\"\nverified = true\nday = []\n").contains("no day at all"));
}

#[test]
fn schedules() {
    refused(&[("days = [\"fri\"]", "days = [\"fri\", \"mon\"]")], &[("worktime.schedule[reguler]", "day `mon` is written twice")]);
    refused(
        &[("[\"mon\", \"tue\", \"wed\", \"thu\"]", "[\"mon\", \"tue\", \"wed\"]")],
        &[("worktime.schedule[reguler]", "day `thu` is missing")],
    );
    refused(
        &[("weekly_minutes = 2250", "weekly_minutes = 2550")],
        &[("worktime.weekly_minutes", "sum of the reguler schedule without breaks, 2250")],
    );
    refused(&[("ramadan_weekly_minutes = 1950", "ramadan_weekly_minutes = 1")], &[("worktime.ramadan_weekly_minutes", "1950 minutes")]);
    refused(
        &[("name = \"reguler\"\ndays = [\"fri\"]", "name = \"shift-1\"\ndays = [\"fri\"]")],
        &[("worktime.schedule[shift-1 2].assign", "a shift of nobody"), ("worktime.schedule[reguler]", "day `fri` is missing")],
    );
    refused(
        &[("end = \"16:00\"", "end = \"06:00\"")],
        &[("worktime.schedule[reguler 1].end", "not after start"), ("worktime.weekly_minutes", "sum")],
    );
    refused(
        &[("end = \"16:00\"\nbreak_minutes = 60", "end = \"16:00\"\nbreak_minutes = 600")],
        &[("worktime.schedule[reguler 1].break_minutes", "as long as"), ("worktime.weekly_minutes", "sum")],
    );
    refused(&[("days = [\"fri\"]", "days = [\"fri\", \"sat\"]")], &[("worktime.schedule[reguler 2].days", "Monday to Friday")]);
    let without = EXAMPLE.replace("name = \"ramadan\"\ndays = [\"fri\"]", "name = \"reguler\"\ndays = []");
    assert!(report(&without).problems.iter().any(|problem| problem.path == "worktime.schedule[ramadan]"));
}

#[test]
fn shifts() {
    let shift = |more: &str| {
        let text = "[worktime.flex]\n# none".to_owned();
        assert!(EXAMPLE.contains(&text));
        EXAMPLE.replacen("[worktime.flex]\n", &format!("{more}\n[worktime.flex]\n"), 1)
    };
    let one = |name: &str, assign: &str| {
        format!(
            "[[worktime.schedule]]\nname = \"{name}\"\ndays = [\"mon\", \"sat\"]\nstart = \"22:00\"\nend = \"06:00\"\nbreak_minutes = 30\nassign = {assign}\n"
        )
    };
    assert_eq!(report(&shift(&one("shift-1", "{ units = [\"U01\"] }"))).problems, []);
    let problems = |text: &str| -> Vec<String> { report(text).problems.iter().map(|problem| problem.sentence(Lang::En)).collect() };
    let refused = |text: &str, words: &str| {
        let said = problems(&shift(text));
        assert!(said.len() == 1 && said[0].contains(words), "{said:?}");
    };
    refused(&one("shift-1", "{ nips = [\"123\"] }"), "is no NIP of 18 digits");
    refused(&one("shift-1", "{ units = [\"U01\"], from = 2026-02-01, to = 2026-01-01 }"), "is earlier than from");
    let twice = |other: &str| one("shift-1", "{ units = [\"U01\"], to = 2026-06-30 }") + &one("shift-2", other);
    refused(&twice("{ units = [\"U02\", \"U01\"] }"), "unit U01 already has the shift shift-1");
    assert_eq!(problems(&shift(&twice("{ units = [\"U01\"], from = 2026-07-01 }"))), [] as [&str; 0]);
    assert_eq!(problems(&shift(&twice("{ units = [\"U02\"] }"))), [] as [&str; 0]);
    refused(
        "[[worktime.schedule]]\nname = \"reguler\"\ndays = [\"sat\"]\nstart = \"08:00\"\nend = \"12:00\"\nbreak_minutes = 0\n",
        "Monday to Friday",
    );
}

#[test]
fn flex_and_scans() {
    refused(&[("late_limit_minutes = 90", "late_limit_minutes = 900")], &[("worktime.flex.late_limit_minutes", "write 0 to 419")]);
    refused(&[("early_limit_minutes = 0", "early_limit_minutes = 420")], &[("worktime.flex.early_limit_minutes", "write 0 to 419")]);
    assert!(report(&edited(&[("band_scope = \"per_day\"", "band_scope = \"cumulative_month\"")])).is_usable());
    refused(&[("use = \"first_and_last\"", "use = \"state_field\"")], &[("attendance.scan.use", "carry no in/out state")]);
    refused(&[("\"23:59\"", "\"24:00\"")], &[("attendance.scan.missing_values", "`24:00` is no time")]);
    refused(&[("\"00:00\"", "\"0:00\"")], &[("attendance.scan.missing_values", "`0:00` is no time")]);
    let duty = "statuses_with_scan_duty = [\"WFO\", \"WFH\", \"WFA\", \"DINAS\", \"DIKLAT\"]";
    refused(
        &[(duty, "statuses_with_scan_duty = [\"WFO\", \"WFH\", \"DINAS\", \"DIKLAT\"]")],
        &[("attendance.scan.statuses_with_office_hours", "`WFA` without scans")],
    );
    refused(
        &[(duty, "statuses_with_scan_duty = [\"WFO\", \"WFH\", \"WFA\", \"DINAS\", \"DIKLAT\", \"CUTI\"]")],
        &[("attendance.scan.statuses_with_scan_duty", "CUTI"), ("attendance.scan.statuses_exempt", "`CUTI` is also")],
    );
    refused(&[("outage_ratio = \"3.0\"", "outage_ratio = \"0.5\"")], &[("attendance.scan.outage_ratio", "below 1")]);
    refused(&[("code = \"D\"", "code = \"E\"")], &[("attendance.scan.manual_reasons[E]", "A to D")]);
    refused(&[("code = \"D\"", "code = \"C\"")], &[("attendance.scan.manual_reasons[C]", "written twice")]);
    let exempt = "statuses_exempt = [\"CUTI\", \"TUGAS_BELAJAR\", \"LIBUR\"]";
    refused(&[(exempt, "statuses_exempt = [\"CUTI\", \"TUGAS_BELAJAR\"]")], &[("attendance.scan.statuses_exempt", "`LIBUR` is in none")]);
    refused(
        &[(exempt, "statuses_exempt = [\"CUTI\", \"TUGAS_BELAJAR\", \"LIBUR\", \"WFA\"]")],
        &[("attendance.scan.statuses_exempt", "`WFA` is also")],
    );
    refused(
        &[(exempt, "statuses_exempt = [\"CUTI\", \"TUGAS_BELAJAR\", \"LIBUR\", \"TIDAK_HADIR\"]")],
        &[("attendance.scan.statuses_exempt", "absent")],
    );
    refused(
        &[("[\"WFO\", \"WFH\", \"WFA\"]", "[\"WFO\", \"WFH\", \"WFA\", \"WFX\"]")],
        &[("attendance.scan.statuses_with_office_hours", "`WFX` is unknown")],
    );
}

#[test]
fn components_and_bases() {
    let model = "model = \"deduction_only\"";
    refused(&[(model, "model = \"weighted\"")], &[("components.weight_performance", "needed"), ("components.weight_attendance", "needed")]);
    let weighted = |performance: &str, attendance: &str| {
        format!("model = \"weighted\"\nweight_performance = \"{performance}\"\nweight_attendance = \"{attendance}\"")
    };
    refused(&[(model, &weighted("70", "20"))], &[("components.weight_performance", "70.0 + 20.0 is not 100")]);
    refused(
        &[(model, "model = \"deduction_only\"\nweight_attendance = \"30\"")],
        &[("components.weight_attendance", "weighted model only")],
    );
    refused(
        &[("base = \"total\"                   # performance", "base = \"performance_component\" # performance")],
        &[("performance.base", "contradicts components.model")],
    );
    refused(
        &[("kind = \"early_leave\"\nbase = \"total\"", "kind = \"early_leave\"\nbase = \"attendance_component\"")],
        &[("deduction.band[early_leave].base", "contradicts")],
    );
    refused(
        &[("per = \"workday\"\nbase = \"total\"", "per = \"workday\"\nbase = \"attendance_component\"")],
        &[("deduction.event[absent].base", "contradicts")],
    );
    refused(
        &[("kind = \"cuti_tahunan\"", "kind = \"cuti_tahunan\"\nbase = \"attendance_component\"")],
        &[("leave[cuti_tahunan].base", "contradicts")],
    );
    refused(
        &[("starts = \"month_after_decision\"\nbase = \"total\"", "starts = \"month_after_decision\"\nbase = \"performance_component\"")],
        &[("discipline.base", "contradicts")],
    );
    let both = weighted("70", "30");
    assert_eq!(
        report(&edited(&[
            (model, &both),
            ("kind = \"early_leave\"\nbase = \"total\"", "kind = \"early_leave\"\nbase = \"attendance_component\"")
        ]))
        .problems,
        []
    );
    refused(
        &[(model, &both), ("kind = \"early_leave\"\nbase = \"total\"", "kind = \"early_leave\"\nbase = \"performance_component\"")],
        &[("deduction.band[early_leave].base", "no part of performance")],
    );
    refused(
        &[(model, &both), ("base = \"total\"                   # performance", "base = \"attendance_component\" # performance")],
        &[("performance.base", "no part of attendance")],
    );
}

#[test]
fn performance() {
    for cycle in ["cycle = \"quarterly\"", "cycle = \"annual\""] {
        assert!(report(&edited(&[("cycle = \"monthly\"", cycle)])).is_usable());
        refused(&[("cycle = \"monthly\"", cycle), ("lag = 1 ", "lag = 0 ")], &[("performance.lag", "has not ended")]);
    }
    assert!(report(&edited(&[("lag = 1 ", "lag = 0 ")])).is_usable());
    refused(&[("sangat_kurang = \"20\"", "sangat_kurang = \"101\"")], &[("performance.predikat.sangat_kurang", "above 100")]);
    refused(&[("percent = \"35\"\n", "")], &[("performance.missing.percent", "needed by action")]);
    refused(&[("consecutive_percent = \"70\"\n", "")], &[("performance.missing.consecutive_months", "both or neither")]);
    refused(&[("consecutive_months = 6", "consecutive_months = 1")], &[("performance.missing.consecutive_months", "write 2 to 24")]);
    refused(&[("\"cukup\" =", "\"Cukup  ya\" =")], &[("performance.labels.\"Cukup  ya\"", "write it folded: \"cukup ya\"")]);
    refused(&[("\"cukup\" =", "\"istimewa\" =")], &[("performance.labels.\"istimewa\"", "organisations")]);
    refused(&[("\"baik\" = \"baik\"\n", "")], &[("performance.labels.\"baik\"", "is missing")]);
    refused(&[("\"baik\" = \"baik\"", "\"baik\" = \"kurang\"")], &[("performance.labels.\"baik\"", "must be `baik`")]);
    refused(&[("bawah_bawah = \"sangat_kurang\"\n", "")], &[("performance.matrix.bawah_bawah", "cell is missing")]);
    refused(
        &[("bawah_bawah = \"sangat_kurang\"\n", "bawah_bawah = \"sangat_kurang\"\nbawah_bawahh = \"kurang\"\n")],
        &[("performance.matrix.bawah_bawahh", "did you mean `bawah_bawah`?")],
    );
}
