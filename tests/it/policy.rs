//! The example policy reads; everything else about a policy file is refused with its path and what to do.

use proptest::prelude::*;
use selaras::domain::Percent;
use selaras::domain::Period;
use selaras::domain::Predikat;
use selaras::domain::Severity;
use selaras::domain::leave::PermitKind;
use selaras::domain::text::Lang;
use selaras::policy::CheckReport;
use selaras::policy::EventKind;
use selaras::policy::MinuteKind;
use selaras::policy::Policy;
use selaras::policy::PolicyError;
use selaras::policy::PolicyFile;
use selaras::policy::PolicySet;
use std::path::Path;
use std::path::PathBuf;
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../../config/policy/contoh-kemenko-infra.toml");
const HOLIDAYS: &str = include_str!("../../config/policy/national-holidays-2026.toml");

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy")
}

fn example() -> Policy {
    Policy::read(&shipped().join("contoh-kemenko-infra.toml")).unwrap()
}

/// A folder with the holiday list and one policy file of that text.
fn folder(policy: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("national-holidays-2026.toml"), HOLIDAYS).unwrap();
    let path = folder.path().join("policy.toml");
    std::fs::write(&path, policy).unwrap();
    (folder, path)
}

/// The example with each `from` (which must occur) replaced once.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(EXAMPLE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the example has no `{from}`");
        text.replacen(from, to, 1)
    })
}

fn report(policy: &str) -> CheckReport {
    let (_folder, path) = folder(policy);
    CheckReport::read(&path).unwrap()
}

fn refusal(policy: &str) -> PolicyError {
    let (_folder, path) = folder(policy);
    Policy::read(&path).unwrap_err()
}

/// The edited example is refused with exactly these problems, in both languages, and as a policy too.
#[track_caller]
fn refused(edits: &[(&str, &str)], expected: &[(&str, &str)]) {
    let (_folder, path) = folder(&edited(edits));
    let problems = CheckReport::read(&path).unwrap().problems;
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    let wanted: Vec<&str> = expected.iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, wanted, "{problems:#?}");
    for (problem, (_, words)) in problems.iter().zip(expected) {
        assert!(problem.sentence(Lang::En).contains(words), "{problem:?} does not say `{words}`");
        assert_ne!(problem.message.id, problem.message.en);
    }
    assert_eq!(Policy::read(&path).unwrap_err().problems(), problems);
}

#[test]
fn the_example_reads_and_lists_every_unverified_rule() {
    let (_folder, path) = folder(EXAMPLE);
    let report = CheckReport::read(&path).unwrap();
    assert_eq!(report.problems, []);
    assert!(report.is_usable() && report.draft);
    assert_eq!(report.effective, ("2026-01-01".parse().unwrap(), None));
    let unverified: Vec<&str> = report.unverified.iter().map(|(path, _)| path.as_str()).collect();
    let expected = "period calendar.ramadan[2026-02-19] worktime.flex components performance performance.missing deduction.band[late] \
        deduction.band[early_leave] deduction.event[no_scan_at_all] deduction.event[absent] deduction.event[missed_ceremony] \
        leave[cuti_tahunan] leave[cuti_sakit] leave[cuti_melahirkan] leave[gugur_kandungan] leave[cuti_besar] \
        leave[cuti_alasan_penting] leave[cltn] status[cpns] status[pppk] status[pppk_paruh_waktu] status[tugas_belajar] status[mpp] \
        plt class_change tariff";
    assert_eq!(unverified, expected.split_whitespace().collect::<Vec<_>>());
    // Nothing else in the file says `verified = false`, except the legal basis, which is a notice.
    let written = EXAMPLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.matches("verified = false").count()).sum::<usize>();
    assert_eq!(unverified.len() + 1, written);
    assert!(report.notices.iter().any(|notice| notice.path == "policy.legal_basis[Permenko Marves 7/2023]"));
    assert!(report.unverified.iter().any(|(path, source)| path == "leave[cuti_sakit]" && source.contains("Kumham-Imipas")));
}

#[test]
fn keys_that_nothing_uses_yet_are_notices() {
    let unused = |report: CheckReport| -> Vec<String> {
        report.notices.into_iter().filter(|notice| notice.message.en == "read, not yet used").map(|notice| notice.path).collect()
    };
    let all = unused(report(EXAMPLE));
    assert_eq!(all, selaras::policy::check::READ_BUT_UNUSED, "a key of the list is not in the example");
    let fewer = unused(report(&edited(&[("warn_if_older_than_months = 14\n", "")])));
    assert_eq!(fewer.len() + 1, all.len());
    assert!(!fewer.contains(&"status.warn_if_older_than_months".to_owned()));
}

#[test]
fn a_leave_kind_without_a_rule_is_a_notice() {
    let report =
        report(&edited(&[("kind = \"cltn\"\neligible = false\nverified = false\n", "kind = \"x\"\neligible = false\nverified = false\n")]));
    assert!(report.notices.iter().any(|notice| notice.path == "leave[cltn]"));
}

#[test]
fn the_shipped_folder_is_a_set() {
    let set = PolicySet::read_dir(&shipped()).unwrap();
    assert_eq!(set.policies().len(), 1);
    let policy = set.for_period("2026-10".parse().unwrap()).unwrap();
    assert!(policy.is_draft());
    assert!(policy.file.policy.title.contains("CONTOH"));
}

#[test]
fn the_hash_is_over_the_policy_and_its_lists() {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(format!("{EXAMPLE}{HOLIDAYS}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(example().sha256, hex);
    let (folder, path) = folder(EXAMPLE);
    let list = folder.path().join("national-holidays-2026.toml");
    std::fs::write(&list, HOLIDAYS.replacen("Tahun Baru 2026 Masehi", "Tahun Baru", 1)).unwrap();
    assert_ne!(Policy::read(&path).unwrap().sha256, hex);
}

// --- what the reader itself refuses -------------------------------------------------------------------------------

#[track_caller]
fn unreadable(edits: &[(&str, &str)], line_of: &str, words: &str) {
    let text = edited(edits);
    let error = refusal(&text);
    let line = text.lines().position(|line| line.contains(line_of)).unwrap() + 1;
    let sentence = error.sentence(Lang::En);
    assert!(sentence.contains("policy.toml") && sentence.contains(words), "{sentence}");
    assert!(matches!(error, PolicyError::Toml { line: found, .. } if found == line), "not line {line}: {sentence}");
    assert_ne!(sentence, error.sentence(Lang::Id));
    assert!(error.sentence(Lang::Id).contains(&format!("baris {line}")));
}

#[test]
fn unknown_keys_name_the_nearest_known_one() {
    unreadable(
        &[("[performance]\n", "[performence]\n")],
        "[performence]",
        "unknown key `performence` at the top level, did you mean `performance`?",
    );
    unreadable(
        &[("due_days_after_period_end", "due_days_after_periode")],
        "due_days_after_periode",
        "unknown key `due_days_after_periode` in `[performance]`, did you mean `due_days_after_period_end`?",
    );
    unreadable(
        &[("code = \"TM2\"", "kode = \"TM2\"")],
        "kode = \"TM2\"",
        "unknown key `kode` in `[deduction.band.bands]`, did you mean `code`?",
    );
    unreadable(&[("AB05 = ", "AB5 = ")], "AB5", "unknown finding code `AB5` in `[severity]`, did you mean `AB05`?");
}

#[test]
fn wrong_values_name_their_key() {
    unreadable(&[("percent = \"35\"", "percent = \"-35\"")], "\"-35\"", "`performance.missing.percent` must not be negative");
    unreadable(&[("percent = \"35\"", "percent = 35")], "percent = 35", "`performance.missing.percent` is refused: invalid type");
    unreadable(&[("lag = 1", "lag = -1")], "lag = -1", "performance.lag");
    unreadable(
        &[("cycle = \"monthly\"", "cycle = \"montly\"")],
        "montly",
        "unknown value `montly` for `performance.cycle`, did you mean `monthly`?",
    );
    unreadable(&[("start = \"07:30\"", "start = \"7.30\"")], "7.30", "write \"HH:MM\"");
    unreadable(&[("effective_from = 2026-01-01", "effective_from = \"2026-01-01\"")], "effective_from = \"", "policy.effective_from");
    unreadable(
        &[("verified = false\nsource = \"belum ada sumber; tanyakan", "verified = \"maybe\"\nsource = \"belum ada sumber; tanyakan")],
        "maybe",
        "period.verified",
    );
    unreadable(&[("holidays_file = \"national-holidays-2026.toml\"", "holidays_file = 5")], "holidays_file", "calendar.holidays_file");
    unreadable(&[("PR01 = \"block\"", "PR01 = \"blok\"")], "blok", "did you mean `block`?");
    unreadable(&[("lag = 1", "lag = ")], "lag = ", "not valid TOML");
}

#[test]
fn a_missing_key_is_named_with_its_table() {
    let sentence = refusal(&edited(&[("tolerance_rupiah = 0\n", "")])).sentence(Lang::En);
    assert!(sentence.contains("key `tolerance_rupiah` in `[calc.compare]` is missing"), "{sentence}");
}

#[test]
fn a_file_that_is_missing_or_no_text_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("policy.toml");
    assert!(matches!(Policy::read(&path), Err(PolicyError::Unreadable { .. })));
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(Policy::read(&path), Err(PolicyError::Unreadable { .. })));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(PolicySet::read_dir(folder.path()), Err(PolicyError::NoPolicy { .. })));
    assert!(matches!(PolicySet::read_dir(&path), Err(PolicyError::Unreadable { .. })));
}

/// Where keys are data: any text is a label.
fn is_label(path: &[Step]) -> bool {
    matches!(path, [Step::Key(a), Step::Key(b), Step::Key(_)] if a == "performance" && b == "labels")
}

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

fn key_paths(value: &toml::Value, at: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let children: Vec<(Step, &toml::Value)> = match value {
        toml::Value::Table(table) => table.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
        toml::Value::Array(all) => all.iter().enumerate().map(|(index, value)| (Step::Index(index), value)).collect(),
        _ => Vec::new(),
    };
    for (step, child) in children {
        at.push(step);
        if matches!(at.last(), Some(Step::Key(_))) {
            found.push(at.clone());
        }
        key_paths(child, at, found);
        at.pop();
    }
}

fn value_at<'a>(root: &'a mut toml::Value, path: &[Step]) -> &'a mut toml::Value {
    path.iter().fold(root, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Index(index) => &mut value[*index],
    })
}

#[test]
fn no_key_is_ignored() {
    let mut root = toml::Value::Table(EXAMPLE.parse().unwrap());
    let mut paths = Vec::new();
    key_paths(&root, &mut Vec::new(), &mut paths);
    assert!(paths.len() > 300, "only {} keys", paths.len());
    let pristine = root.clone();
    for path in paths {
        let (Some(Step::Key(key)), parent) = (path.last(), &path[..path.len() - 1]) else { panic!("{path:?}") };
        let table = value_at(&mut root, parent).as_table_mut().unwrap();
        let renamed = format!("{key}x");
        let value = table.remove(key).unwrap();
        table.insert(renamed.clone(), value);
        let (_folder, file) = folder(&toml::to_string(&root).unwrap());
        root = pristine.clone();
        match Policy::read(&file) {
            Err(error) if is_label(&path) => assert!(error.to_string().contains(key.as_str()), "{path:?}: {error}"),
            Err(error) => {
                let all: Vec<String> = error.problems().iter().map(|problem| problem.path.clone()).collect();
                assert!(error.to_string().contains(&renamed) || all.iter().any(|path| path.contains(&renamed)), "{path:?}: {error}");
            }
            Ok(_) => {
                let own = Predikat::ALL.iter().any(|predikat| predikat.label().to_lowercase() == *key);
                assert!(is_label(&path) && !own, "{path:?} is ignored");
            }
        }
    }
}

#[test]
fn extreme_numbers_never_panic() {
    let root = toml::Value::Table(EXAMPLE.parse().unwrap());
    let mut paths = Vec::new();
    key_paths(&root, &mut Vec::new(), &mut paths);
    for path in paths {
        for extreme in [0, 1, 29, i64::from(u32::MAX), i64::from(i32::MIN), i64::MAX] {
            let mut root = root.clone();
            let value = value_at(&mut root, &path);
            match value {
                toml::Value::Integer(number) => *number = extreme,
                toml::Value::Array(all) if all.iter().all(toml::Value::is_integer) => all[0] = toml::Value::Integer(extreme),
                _ => continue,
            }
            let (_folder, file) = folder(&toml::to_string(&root).unwrap());
            if let Ok(policy) = Policy::read(&file) {
                let period = "2026-10".parse().unwrap();
                policy.require(period).unwrap();
                let _ = (policy.pay_day(period), policy.kppn_deadline(period), policy.steps(period), policy.evaluation_month(period));
            }
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}|([a-z_.]{1,12} ?= ?[\"0-9a-z\\[\\]{},-]{0,12}\n|\\[{1,2}[a-z.]{0,12}\\]{1,2}\n){0,12}") {
        let _ = PolicyFile::parse(Path::new("policy.toml"), &text).map_err(|error| error.sentence(Lang::Id));
        let (_folder, path) = folder(&text);
        let _ = CheckReport::read(&path);
        let _ = PolicySet::read_dir(path.parent().unwrap());
    }

    #[test]
    fn a_damaged_example_never_panics(at in 0..EXAMPLE.len(), length in 0usize..40, with in "[\\PC\n]{0,8}") {
        let mut damaged = EXAMPLE.as_bytes().to_vec();
        damaged.splice(at..(at + length).min(EXAMPLE.len()), with.bytes());
        let (folder, path) = folder("");
        std::fs::write(&path, damaged).unwrap();
        let _ = Policy::read(&path).map_err(|error| error.to_string());
        drop(folder);
    }
}

// --- what contradicts, gaps or overlaps ---------------------------------------------------------------------------

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
    refused(
        &[("attendance_from_day = 1 ", "attendance_from_day = 16 "), ("attendance_to_day = 0", "attendance_to_day = 15")],
        &[("period.attendance_from_day", "`16` is not yet supported")],
    );
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
    let span = "{ from = 2026-02-19, to = 2026-03-20, verified = false }";
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
        &[("worktime.schedule[shift-1 2]", "`shift-1` is not yet supported"), ("worktime.schedule[reguler]", "day `fri` is missing")],
    );
    refused(
        &[("end = \"16:00\"", "end = \"06:00\"")],
        &[("worktime.schedule[reguler 1].end", "not after start"), ("worktime.weekly_minutes", "sum")],
    );
    refused(
        &[("end = \"16:00\"\nbreak_minutes = 60", "end = \"16:00\"\nbreak_minutes = 600")],
        &[("worktime.schedule[reguler 1].break_minutes", "as long as"), ("worktime.weekly_minutes", "sum")],
    );
    refused(&[("days = [\"fri\"]", "days = [\"fri\", \"sat\"]")], &[("worktime.schedule[reguler 2].days", "not yet supported")]);
    let without = EXAMPLE.replace("name = \"ramadan\"\ndays = [\"fri\"]", "name = \"reguler\"\ndays = []");
    assert!(report(&without).problems.iter().any(|problem| problem.path == "worktime.schedule[ramadan]"));
}

#[test]
fn flex_and_scans() {
    refused(&[("late_limit_minutes = 90", "late_limit_minutes = 900")], &[("worktime.flex.late_limit_minutes", "write 0 to 419")]);
    refused(&[("early_limit_minutes = 0", "early_limit_minutes = 420")], &[("worktime.flex.early_limit_minutes", "write 0 to 419")]);
    refused(&[("band_scope = \"per_day\"", "band_scope = \"cumulative_month\"")], &[("worktime.rounding.band_scope", "not yet supported")]);
    refused(&[("use = \"first_and_last\"", "use = \"state_field\"")], &[("attendance.scan.use", "`state_field` is not yet supported")]);
    refused(&[("\"23:59\"", "\"24:00\"")], &[("attendance.scan.missing_values", "`24:00` is no time")]);
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
    refused(&[("cycle = \"monthly\"", "cycle = \"quarterly\"")], &[("performance.cycle", "`quarterly` is not yet supported")]);
    refused(&[("cycle = \"monthly\"", "cycle = \"annual\"")], &[("performance.cycle", "`annual` is not yet supported")]);
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
        &[
            ("deduction.band[late].bands[TM1].from_time", "not yet supported"),
            ("deduction.band[late].bands[TM1].to_time", "not yet supported"),
        ],
    );
    let linear = "[[deduction.linear]]\nkind = \"late\"\npercent_per_minute = \"0.01\"\nbase = \"total\"\nverified = true\nsource = \"x\"\n\n[[leave]]\n";
    refused(&[("[[leave]]\n", linear)], &[("deduction.band[late]", "more than once")]);
}

#[test]
fn events() {
    refused(
        &[("treat_as = \"TM4\"", "treat_as = \"TM5\"")],
        &[("deduction.event[no_check_in].treat_as", "`TM5` is unknown, did you mean `TM1`?")],
    );
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
        &[("percent = \"0\"                    #", "percent = \"3\" #")],
        &[("deduction.event[missed_ceremony].percent", "`3.0` is not yet supported")],
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
        &[("leave[cuti_tahunan].document", "not yet supported")],
    );
    refused(
        &[("partial_month = \"review\"", "partial_month = \"prorata_workdays\"")],
        &[("leave_rules.partial_month", "not yet supported")],
    );
}

#[test]
fn leave_bands() {
    let second = "{ from_day = 3, to_month = 6, deduct_per_day = \"2.5\" }";
    refused(&[(second, "{ from_day = 4, to_month = 6, deduct_per_day = \"2.5\" }")], &[("leave[cuti_sakit].bands[2]", "does not join")]);
    refused(&[(second, "{ from_day = 3, to_month = 7, deduct_per_day = \"2.5\" }")], &[("leave[cuti_sakit].bands[3]", "does not join")]);
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
    refused(
        &[("kind = \"mpp\"\neligible = false", "kind = \"mpp\"\neligible = false\nmultiplier = \"50\"")],
        &[("status[mpp].eligible", "contradicts")],
    );
    refused(&[("kind = \"mpp\"\neligible = false", "kind = \"mpp\"")], &[("status[mpp]", "or eligible = false")]);
    refused(&[("multiplier = \"80\"", "multiplier = \"800\"")], &[("status[cpns].multiplier", "above 100")]);
    refused(&[("fixed_class = 7", "fixed_class = 18")], &[("status[tugas_belajar].fixed_class", "class 18 is not in tariff.class")]);
    refused(&[("multiplier = \"100\"", "fixed_class = 7")], &[("status[pppk].fixed_class", "tugas_belajar only")]);
    refused(
        &[("multiplier = \"100\"", "multiplier = \"100\"\nwarn_if_older_than_months = 3")],
        &[("status[pppk].warn_if_older_than_months", "cpns only")],
    );
    refused(&[("add_percent = \"20\"", "add_percent = \"120\"")], &[("plt.add_percent", "above 100")]);
    refused(&[("min_calendar_months = 1", "min_calendar_months = 13")], &[("plt.min_calendar_months", "out of bounds")]);
    refused(
        &[("rule = \"next_month_unless_first_workday\"", "rule = \"prorata_workdays\"")],
        &[("class_change.rule", "not yet supported")],
    );
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

// --- dates --------------------------------------------------------------------------------------------------------

/// Two policies in one folder with these dates.
fn pair(first: (&str, Option<&str>), second: (&str, Option<&str>)) -> Result<PolicySet, PolicyError> {
    let (folder, path) = folder(EXAMPLE);
    for (name, (from, to)) in [("a.toml", first), ("b.toml", second)] {
        let to = to.map(|to| format!("effective_to = {to}")).unwrap_or_default();
        let text = edited(&[("effective_from = 2026-01-01", &format!("effective_from = {from}")), ("# effective_to = 2026-12-31", &to)]);
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    std::fs::remove_file(path).unwrap();
    PolicySet::read_dir(folder.path())
}

#[test]
fn effective_dates_may_not_overlap_or_leave_a_gap() {
    let set = pair(("2026-01-01", Some("2026-06-30")), ("2026-07-01", None)).unwrap();
    let start = |period: &str| set.for_period(period.parse().unwrap()).unwrap().file.policy.effective_from.to_string();
    assert_eq!(start("2026-06"), "2026-01-01");
    assert_eq!(start("2026-07"), "2026-07-01");

    let overlap = pair(("2026-07-01", None), ("2026-01-01", Some("2026-07-15"))).unwrap_err();
    assert!(matches!(&overlap, PolicyError::Overlap { first, second, from, to }
        if first.ends_with("b.toml") && second.ends_with("a.toml") && from.to_string() == "2026-07-01" && to.is_some_and(|to| to.to_string() == "2026-07-15")));
    assert!(overlap.to_string().contains("a.toml") && overlap.to_string().contains("b.toml"), "{overlap}");
    let open = pair(("2026-01-01", None), ("2026-07-01", None)).unwrap_err();
    assert!(matches!(open, PolicyError::Overlap { to: None, .. }));

    let gap = pair(("2026-01-01", Some("2026-06-30")), ("2026-07-03", None)).unwrap_err();
    assert!(gap.to_string().contains("no policy holds from 2026-07-01 to 2026-07-02"), "{gap}");
    assert!(gap.sentence(Lang::Id).contains("tidak ada kebijakan yang berlaku 2026-07-01 s.d. 2026-07-02"));
}

#[test]
fn a_period_needs_one_policy_for_all_of_it() {
    let set = pair(("2026-01-01", Some("2026-06-15")), ("2026-06-16", Some("2026-10-31"))).unwrap();
    for (period, covered) in
        [("2025-12", false), ("2026-01", true), ("2026-05", true), ("2026-06", false), ("2026-07", true), ("2026-11", false)]
    {
        let found = set.for_period(period.parse().unwrap());
        assert_eq!(found.is_ok(), covered, "{period}");
        if let Err(error) = found {
            assert!(error.to_string().contains(period) && error.to_string().contains("a.toml 2026-01-01 to 2026-06-15"), "{error}");
            assert!(error.sentence(Lang::Id).contains("tidak tercakup"));
        }
    }
}

#[test]
fn a_year_without_a_holiday_list_is_refused_but_december_is_not() {
    let set = PolicySet::new(vec![example()]).unwrap();
    assert!(set.for_period("2026-12".parse().unwrap()).is_ok());
    let error = set.for_period("2027-01".parse().unwrap()).unwrap_err();
    assert!(matches!(error, PolicyError::UnknownYear { year: 2027, .. }));
    assert!(error.to_string().contains("national-holidays-2027.toml"), "{error}");
    assert!(example().require("2027-01".parse().unwrap()).is_err());
    assert!(matches!(example().require("2025-12".parse().unwrap()), Err(PolicyError::NotCovered { .. })));
}

// --- lookups ------------------------------------------------------------------------------------------------------

#[test]
fn rules_are_found_by_kind() {
    let policy = example();
    let file = &policy.file;
    let late = file.band_rule(MinuteKind::Late).unwrap();
    let code = |minutes| late.band_of(minutes).map(|band| band.code.as_str());
    let edges =
        [(0, None), (1, Some("TM1")), (30, Some("TM1")), (31, Some("TM2")), (90, Some("TM3")), (91, Some("TM4")), (u32::MAX, Some("TM4"))];
    for (minutes, expected) in edges {
        assert_eq!(code(minutes), expected, "{minutes}");
    }
    let (rule, band) = file.band_by_code(file.event_rule(EventKind::NoCheckOut).unwrap().treat_as.as_deref().unwrap()).unwrap();
    assert_eq!((rule.kind, band.percent), (MinuteKind::EarlyLeave, Percent::whole(2)));
    assert!(file.band_by_code("TM9").is_none());
    assert!(file.linear_rule(MinuteKind::Late).is_none());
    assert_eq!(file.leave_rule(PermitKind::CutiBesar).unwrap().deduct_by_month.len(), 3);
    assert_eq!(file.status_rule("tugas_belajar").unwrap().fixed_class, Some(7));
    assert!(file.status_rule("pns").is_none());
    assert_eq!(file.level(" Sedang_2 ").unwrap().months, 9);
    assert_eq!(file.severity_of(selaras::domain::Code::Id04), Some(Severity::Info));
    assert_eq!(file.severity_of(selaras::domain::Code::Pr02), None);
    assert_eq!(file.performance.predikat_of_label(" Kurang/MISCONDUCT"), Some(Predikat::Kurang));
    assert_eq!(file.performance.predikat_of_label("Istimewa"), None);
}

#[test]
fn the_matrix_is_the_national_one() {
    use selaras::domain::Rating;
    let performance = example().file.performance;
    for hasil in Rating::ALL {
        for perilaku in Rating::ALL {
            assert_eq!(performance.predikat_of_ratings(hasil, perilaku), Some(Predikat::from_ratings(hasil, perilaku)));
        }
    }
}

#[test]
fn hours_know_ramadan() {
    let file = example().file;
    let hours =
        |day: &str| file.hours_on(day.parse().unwrap()).map(|(start, end)| format!("{} {}", start.format("%H:%M"), end.format("%H:%M")));
    assert_eq!(hours("2026-02-18").as_deref(), Some("07:30 16:00"));
    assert_eq!(hours("2026-02-19").as_deref(), Some("08:00 15:00"));
    assert_eq!(hours("2026-02-20").as_deref(), Some("08:00 15:30"));
    assert_eq!(hours("2026-03-27").as_deref(), Some("07:30 16:30"));
    assert_eq!(hours("2026-02-21"), None);
    assert_eq!(file.ramadan_on("2026-03-20".parse().unwrap()).unwrap().citation().path, "calendar.ramadan[2026-02-19]");
    assert!(file.ramadan_on("2026-03-21".parse().unwrap()).is_none());
}

#[test]
fn the_payment_calendar() {
    let policy = example();
    let october: Period = "2026-10".parse().unwrap();
    let text = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    assert_eq!(policy.payment_month(october).to_string(), "2026-11");
    assert_eq!(text(policy.pay_day(october)).as_deref(), Some("2026-11-02"));
    assert_eq!(text(policy.kppn_deadline(october)).as_deref(), Some("2026-10-29"));
    let steps: Vec<_> = policy.steps(october).into_iter().map(|(step, day)| (step.owner.clone(), text(day).unwrap())).collect();
    assert_eq!(steps[0], ("Unit SDM".to_owned(), "2026-10-19".to_owned()));
    // January's list is not there yet: the pay day is unknown, the KPPN day lies in December and is known.
    let december: Period = "2026-12".parse().unwrap();
    assert_eq!(policy.pay_day(december), None);
    assert_eq!(text(policy.kppn_deadline(december)).as_deref(), Some("2026-12-30"));
}

#[test]
fn blocks_are_cited_by_their_toml_path() {
    let policy = example();
    let file = &policy.file;
    let cited = [
        (file.performance.citation(), "performance", "false"),
        (file.deduction.event[0].citation(), "deduction.event[no_check_in]", "true"),
        (file.discipline.level[0].citation(), "discipline.level[sedang_1]", "true"),
        (file.worktime.flex.citation(), "worktime.flex", "false"),
        (policy.cite_calendar(), "calendar.holidays_file", "secondary"),
    ];
    for (citation, path, verified) in cited {
        assert_eq!((citation.path.as_str(), citation.verified.as_str()), (path, verified));
    }
    let paths: std::collections::BTreeSet<String> = file.citations().into_iter().map(|citation| citation.path).collect();
    assert_eq!(paths.len(), file.citations().len(), "two rules share a path");
}
