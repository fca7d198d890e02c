//! `docs/POLICY.md` and `docs/FINDINGS.md` say what the program does: their tables are complete, their commands print
//! what stands beside them, and what they name exists.

use crate::endtoend::office::Ran;
use selaras::domain::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(root(name)).unwrap()
}

/// The fields of a struct with their types, as TOML names them.
type Structs = BTreeMap<String, Vec<(String, String)>>;

/// Every struct of the policy's shape, read from its source: the shape itself is what serde derives from it.
fn structs() -> Structs {
    let mut all = Structs::new();
    for entry in std::fs::read_dir(root("src/policy/model")).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (mut of, mut renamed) = (String::new(), None);
        for line in source.lines() {
            if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
                of = name.to_owned();
            } else if let Some((_, rest)) = line.split_once("rename = \"") {
                renamed = rest.split('"').next().map(str::to_owned);
            } else if let Some((name, kind)) = line.strip_prefix("    pub ").and_then(|rest| rest.strip_suffix(',')?.split_once(": ")) {
                all.entry(of.clone()).or_default().push((renamed.take().unwrap_or_else(|| name.to_owned()), kind.to_owned()));
            }
        }
    }
    all
}

/// Every key with its path below a struct; `inner` also those that hold further keys.
fn keys(structs: &Structs, of: &str, at: &str, inner: bool, found: &mut BTreeSet<String>) {
    for (name, kind) in &structs[of] {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let bare = kind.trim_start_matches("Option<").trim_start_matches("Vec<").trim_end_matches('>');
        let is_table = structs.contains_key(bare);
        if is_table {
            keys(structs, bare, &path, inner, found);
        }
        if inner || !is_table {
            found.insert(path);
        }
    }
}

/// The cells of every table row.
fn rows(document: &str) -> Vec<Vec<&str>> {
    document
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect()
}

/// What stands in backticks.
fn spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_key_of_a_policy_is_explained_and_no_other() {
    let mut wanted = BTreeSet::new();
    keys(&structs(), "PolicyFile", "", false, &mut wanted);
    wanted.retain(|path| !path.ends_with(".verified") && !path.ends_with(".source"));
    assert!(wanted.contains("worktime.schedule.assign.nips") && wanted.contains("tariff.class"), "{wanted:?}");
    let document = text("docs/POLICY.md");
    let (_, list) = document.split_once("\n## Every key\n").unwrap();
    let explained: Vec<&str> = rows(list).iter().filter_map(|row| spans(row[0]).first().copied()).collect();
    let once: BTreeSet<String> = explained.iter().map(|path| (*path).to_owned()).collect();
    assert_eq!(once.len(), explained.len(), "a key is explained twice");
    let missing: Vec<_> = wanted.difference(&once).collect();
    let unknown: Vec<_> = once.difference(&wanted).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "not explained: {missing:?}; no keys: {unknown:?}");
}

#[test]
fn every_code_has_its_row_and_every_row_leads_to_the_code() {
    let document = text("docs/FINDINGS.md");
    let mut known = BTreeSet::new();
    keys(&structs(), "PolicyFile", "", true, &mut known);
    let mut seen = Vec::new();
    for row in rows(&document).iter().filter(|row| Code::from_text(row[0]).is_some()) {
        let [code, rule, keys, place, basis] = row.as_slice() else { panic!("{row:?} has not five cells") };
        seen.push(Code::from_text(code).unwrap());
        assert!(!basis.is_empty() && rule.ends_with('.') && !rule.trim_end_matches('.').contains(". "), "{code}: {rule}");
        for key in spans(keys) {
            assert!(known.contains(key), "{code}: a policy has no key {key}");
        }
        let name = format!("Code::{}{}", &code[..1], code[1..].to_lowercase());
        let [file, function] = spans(place)[..] else { panic!("{code}: {place} names no file and function") };
        let source = text(&format!("src/reconcile/{file}"));
        assert!(source.contains(&name), "{code} is not in {file}");
        assert!(source.contains(&format!("fn {function}(")), "{code}: no function {function} in {file}");
    }
    assert_eq!(seen, Code::ALL, "each code once, in the order of the catalogue");
}

/// The blocks fenced as `language`.
fn blocks<'a>(document: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("\n```{language}\n");
    document.split(&fence).skip(1).map(|rest| rest.split_once("\n```").unwrap().0).collect()
}

/// The binary, run where the worked example lies.
fn selaras(line: &str, env: &[(&str, &Path)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELARAS")) {
        command.env_remove(name);
    }
    command.current_dir(root("docs/worked-example")).envs(env.iter().copied()).args(line.split_whitespace());
    Ran::of(command.output().unwrap())
}

#[test]
fn the_commands_of_the_worked_example_print_what_stands_there() {
    let document = text("docs/POLICY.md");
    let shown = blocks(&document, "console");
    assert_eq!(shown.len(), 2);
    for block in shown {
        let (line, printed) = block.split_once('\n').unwrap();
        let ran = selaras(line.strip_prefix("$ selaras ").unwrap(), &[]).ended(0);
        assert_eq!(ran.out.trim_end(), printed, "{line}");
    }
}

#[test]
fn the_excerpts_of_the_worked_example_are_its_own() {
    let document = text("docs/POLICY.md");
    let policy = text("docs/worked-example/kebijakan.toml");
    let excerpts = blocks(&document, "toml");
    assert_eq!(excerpts.len(), 1);
    for part in excerpts[0].split("\n\n") {
        assert!(policy.contains(part), "not in kebijakan.toml:\n{part}");
    }
}

#[test]
fn the_derivation_of_the_worked_example_is_what_explain_prints() {
    let folder = tempfile::tempdir().unwrap();
    let (store, policies) = (folder.path().join("selaras.db"), folder.path().join("kebijakan"));
    std::fs::create_dir(&policies).unwrap();
    let policy = text("docs/worked-example/kebijakan.toml").replace("../../config/policy/", "");
    std::fs::write(policies.join("kebijakan.toml"), policy).unwrap();
    std::fs::copy(root("config/policy/national-holidays-2026.toml"), policies.join("national-holidays-2026.toml")).unwrap();
    let url = PathBuf::from(format!("sqlite://{}", store.display()));
    let env = [("SELARAS__STORE__URL", url.as_path()), ("SELARAS__POLICY__DIR", policies.as_path())];
    for import in [
        "roster pegawai.csv --period 2026-10",
        "attendance presensi.csv",
        "permits izin.csv",
        "ekinerja laporan-penilaian.csv",
        "ekinerja laporan-skp.csv",
    ] {
        selaras(&format!("import {import}"), &env).ended(0);
    }
    selaras("reconcile --period 2026-10", &env).ended(0);
    let explained = selaras("explain --period 2026-10 --nip 198502022010011902", &env).ended(0).out;
    let document = text("docs/POLICY.md");
    let (_, rest) = document.split_once("selaras explain --period 2026-10 --nip 198502022010011902").unwrap();
    let mut lines = explained.lines();
    for line in blocks(rest, "text")[0].lines().filter(|line| !line.is_empty()) {
        assert!(lines.any(|printed| printed == line), "explain does not say, or not in that order: {line}\n{explained}");
    }
}

#[test]
fn every_test_that_security_names_exists() {
    fn sources(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut code = String::new();
    sources(&root("src"), &mut code);
    sources(&root("tests/it"), &mut code);
    let document = text("docs/SECURITY.md");
    let named: Vec<&str> = rows(&document).iter().filter(|row| row.len() == 2).flat_map(|row| spans(row[1])).collect();
    let is_name = |name: &&str| name.matches('_').count() > 1 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let named: Vec<&str> = named.into_iter().filter(is_name).collect();
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        assert!(code.contains(&format!("fn {name}(")), "docs/SECURITY.md names a test that is not there: {name}");
    }
}
