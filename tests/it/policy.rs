//! The example policy reads; everything else about a policy file is refused with its path and what to do.

mod general;
mod lookups;
mod reader;
mod rules;

use selaras::domain::Predikat;
use selaras::domain::text::Lang;
use selaras::policy::CheckReport;
use selaras::policy::Policy;
use selaras::policy::PolicyError;
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
        report.notices.into_iter().filter(|notice| notice.message.en.starts_with("read, not yet used")).map(|notice| notice.path).collect()
    };
    let all = unused(report(EXAMPLE));
    let listed: Vec<&str> = selaras::policy::check::READ_BUT_UNUSED.iter().map(|(path, ..)| *path).collect();
    assert_eq!(all, listed, "a key of the list is not in the example");
}

#[test]
fn what_is_probably_a_slip_is_a_notice() {
    let noticed = |edits: &[(&str, &str)], at: &str, words: &str| {
        let report = report(&edited(edits));
        assert!(report.is_usable(), "{:?}", report.problems);
        let found = report.notices.iter().any(|notice| notice.path == at && notice.message.id.contains(words));
        assert!(found, "{at} does not say `{words}`: {:#?}", report.notices);
    };
    noticed(&[("\"16\" = 27577500\n", "")], "tariff.class.17", "kelas 16 di bawahnya tidak ada");
    noticed(&[("\"15\" = 19280000", "\"15\" = 1928000")], "tariff.class.15", "lebih kecil dari kelas 14");
    noticed(&[("ramadan = [ {", "ramadan = [] # {")], "calendar.ramadan", "tahun 2026");
    noticed(&[("effect = \"deduct\"", "effect = \"pay\"")], "performance.effect", "mungkin maksudnya \"deduct\"");
    noticed(&[("kind = \"pppk\"\nmultiplier = \"100\"", "kind = \"cltn\"\neligible = false")], "status[pppk]", "seperti PNS");
    // as it stands nothing of the kind is said of the example
    let paths: Vec<String> = report(EXAMPLE).notices.into_iter().map(|notice| notice.path).collect();
    assert_eq!(paths, ["policy.legal_basis[Permenko Marves 7/2023]", "privacy.retention_months", "privacy.store_health_reasons"]);
}

#[test]
fn a_rule_says_where_it_comes_from() {
    let source = "source = \"belum ada sumber; tanyakan ke Unit Sumber Daya Manusia\"";
    refused(
        &[(&format!("verified = false\n{source}"), "verified = true\nsource = \" \"")],
        &[("period.source", "is empty although verified = true")],
    );
    let report = report(&edited(&[(source, "source = \"\"")]));
    assert!(report.is_usable() && report.notices.iter().any(|notice| notice.path == "period.source"));
    // each rule of each example, and of the worked one, is cited
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "config/policy/contoh-kemenko-infra.toml",
        "config/policy/examples/contoh-berbobot-70-30.toml",
        "config/policy/examples/contoh-triwulan-jam.toml",
        "docs/worked-example/kebijakan.toml",
    ] {
        let policy = Policy::read(&root.join(name)).unwrap();
        assert!(policy.file.citations().iter().all(|rule| !rule.source.trim().is_empty()), "{name}");
    }
}

#[test]
fn rules_of_a_secondary_source_are_listed_apart() {
    let report = report(&edited(&[("verified = false\nsource = \"pola Permenko", "verified = \"secondary\"\nsource = \"pola Permenko")]));
    let secondary: Vec<&str> = report.secondary.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(secondary, ["components", "calendar.holidays_file[national-holidays-2026.toml]"]);
    assert!(!report.unverified.iter().any(|(path, _)| path == "components"));
}

#[test]
fn a_leave_kind_without_a_rule_is_a_notice() {
    let report =
        report(&edited(&[("kind = \"cltn\"\neligible = false\nverified = false\n", "kind = \"x\"\neligible = false\nverified = false\n")]));
    assert!(report.notices.iter().any(|notice| notice.path == "leave[cltn]"));
}

#[test]
fn a_limit_that_the_mode_does_not_use_is_a_notice() {
    let noticed = |edits: &[(&str, &str)]| {
        let report = report(&edited(edits));
        assert!(report.is_usable());
        report.notices.iter().filter(|notice| notice.path.starts_with("worktime.flex")).count()
    };
    let early = ("early_limit_minutes = 0", "early_limit_minutes = 30");
    assert_eq!(noticed(&[early]), 0);
    assert_eq!(noticed(&[early, ("mode = \"compensate_same_day\"", "mode = \"tolerance_cliff\"")]), 1);
    assert_eq!(noticed(&[early, ("mode = \"compensate_same_day\"", "mode = \"none\"")]), 2);
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
fn a_window_over_two_months_leaves_no_month_between_two_policies() {
    let (folder, path) = folder(EXAMPLE);
    std::fs::remove_file(path).unwrap();
    let window = [("attendance_from_day = 1 ", "attendance_from_day = 16 "), ("attendance_to_day = 0", "attendance_to_day = 15")];
    let old = [window[0], window[1], ("# effective_to = 2026-12-31", "effective_to = 2026-06-30")];
    let new = [window[0], window[1], ("effective_from = 2026-01-01", "effective_from = 2026-07-01")];
    std::fs::write(folder.path().join("a.toml"), edited(&old)).unwrap();
    std::fs::write(folder.path().join("b.toml"), edited(&new)).unwrap();
    let set = PolicySet::read_dir(folder.path()).unwrap();
    for (period, file) in [("2026-02", "a.toml"), ("2026-06", "a.toml"), ("2026-07", "b.toml"), ("2026-08", "b.toml")] {
        assert!(set.for_period(period.parse().unwrap()).unwrap().path.ends_with(file), "{period}");
    }
    // January's window begins in a year without a holiday list
    let january = set.for_period("2026-01".parse().unwrap()).unwrap_err();
    assert!(matches!(january, PolicyError::UnknownYear { year: 2025, .. }), "{january}");
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
