//! What the reader itself refuses: unknown keys, wrong types, files that are none. No key is ignored, no text panics.

use super::*;
use proptest::prelude::*;
use selaras::policy::PolicyFile;

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
    assert!(matches!(PolicySet::read_dir(&path), Err(PolicyError::NoPolicy { .. })));
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
                let _ = (policy.pay_day(period), policy.kppn_deadline(period), policy.steps(period), policy.evaluation_cycle(period));
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
