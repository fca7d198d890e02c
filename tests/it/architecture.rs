//! Dependencies point one way; this reads the `use crate::` lines and the catalogue and holds both true.

use selaras::domain::{Code, Severity};
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// What each module may know of the crate, besides itself.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("policy", &["domain"]),
    ("reconcile", &["domain", "policy"]),
    ("store", &["domain", "clock"]),
    ("ekinerja", &["domain", "clock"]),
    ("intake", &["domain"]),
    ("export", &["domain", "policy", "reconcile"]),
    ("sync", &["domain", "clock", "store", "ekinerja"]),
    ("simulator", &["domain", "policy", "clock"]),
    ("notify", &["config", "clock"]),
    ("oidc", &["config", "clock"]),
    ("config", &["domain", "store", "ekinerja", "sync"]),
];

#[test]
fn modules_know_only_what_lies_below_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (module, may_know) in MAY_KNOW {
        let mut files = Vec::new();
        rust_files(&src.join(module), &mut files);
        assert!(!files.is_empty(), "src/{module} has no file");
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for (at, _) in line.match_indices("crate::") {
                    let known: String = line[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    if known != *module && !known.is_empty() && !may_know.contains(&known.as_str()) {
                        wrong.push(format!("{}: {}", file.display(), line.trim()));
                    }
                }
                assert!(
                    !line.contains("use crate::{"),
                    "{}: one `use crate::module` a line, so that this test can read it",
                    file.display()
                );
            }
        }
    }
    assert!(wrong.is_empty(), "modules that know too much:\n{}", wrong.join("\n"));
}

#[test]
fn the_inner_rooms_know_no_io() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in ["domain", "reconcile"] {
        let mut files = Vec::new();
        rust_files(&src.join(module), &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for word in ["tokio::", "sqlx::", "reqwest::", "std::fs", "serde_json::Value", "async fn", "Utc::now"] {
                assert!(!text.contains(word), "{} mentions {word}", file.display());
            }
        }
    }
}

#[test]
fn the_catalogue_and_the_code_agree() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/findings.toml")).unwrap();
    let catalogue: toml::Table = text.parse().unwrap();
    let listed: Vec<&str> = catalogue.keys().map(String::as_str).collect();
    let known: Vec<&str> = Code::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(listed, known);
    for code in Code::ALL {
        let entry = &catalogue[code.code()];
        assert_eq!(entry["owner"].as_str(), Some(code.owner().key()), "{code}");
        let severity = entry["severity"].as_str().unwrap();
        let expected = if severity == "policy" { Severity::Block.key() } else { severity };
        assert_eq!(expected, code.default_severity().key(), "{code}");
    }
}
