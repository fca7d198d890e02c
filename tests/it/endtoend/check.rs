//! `check` on files alone says what import, reconcile and export say of the same files.

use super::office::{OF_THE_PLACE, OF_THE_RUN, Office, PERIOD, rows, same, without};
use selaras::clock::{Clock, SystemClock};
use serde_json::Value;
use std::path::Path;

const AS_OF: &str = "2026-10-28T02:00:00Z";

/// Everything that a clerk has in the folder, BKN's two exports included.
fn arguments(office: &Office, as_of: &str) -> Vec<String> {
    let files = &office.files;
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let mut all: Vec<String> = ["check", "--period", PERIOD, "--as-of", as_of].map(str::to_owned).into();
    all.extend(["--policy".to_owned(), text(&office.path("policy/contoh-kemenko-infra.toml"))]);
    all.extend(["--roster".to_owned(), text(&files.roster)]);
    all.extend(["--attendance".to_owned(), text(&files.attendance), text(&files.recap)]);
    all.extend(["--permits".to_owned(), text(&files.permits), "--discipline".to_owned(), text(&files.discipline)]);
    all.push("--payment".to_owned());
    all.extend(files.payment.iter().map(|path| text(path)));
    all.extend(["--evaluation".to_owned(), text(&files.exports[0])]);
    all.extend(files.ekinerja.iter().map(|path| text(path)));
    all.extend(["--skp".to_owned(), text(&files.exports[1])]);
    all
}

fn strs(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

#[test]
fn the_store_and_the_files_alone_agree() {
    let office = Office::open(300, 5);
    let desk = office.desk().with("EVIDENCE__REQUIRED", r#"["skp", "evaluation", "attendance"]"#);
    desk.import_all();
    for path in &office.files.exports {
        desk.import("ekinerja", path).ended(0);
    }
    desk.reconcile(&[]).ended(0);
    let now = SystemClock.now().to_rfc3339();
    let stored = ["verdicts", "findings", "completeness"].map(|what| desk.export(what, &["--as-of", &now]));
    std::fs::remove_file(office.path("selaras.db")).unwrap();
    let asked = arguments(&office, &now);
    let checked = desk.run(&[&strs(&asked)[..], &["--as", "json"]].concat()).ended(0).json();
    assert!(!office.path("selaras.db").exists(), "a check opens no store");
    for (what, stored) in ["verdicts", "findings", "completeness"].into_iter().zip(stored) {
        let alone = serde_json::to_string_pretty(&checked[what]).unwrap();
        same(&without(&alone, &OF_THE_RUN), &without(&stored, &OF_THE_RUN), what);
    }
    assert!(checked["verdicts"]["rows"].as_array().unwrap().len() >= 300);
}

#[test]
fn the_same_bytes_come_out_every_time_and_rows_may_stand_in_any_order() {
    let office = Office::open(120, 6);
    let desk = office.desk().with("EVIDENCE__REQUIRED", r#"["skp", "evaluation", "attendance"]"#);
    let all = arguments(&office, AS_OF);
    let asked = [&strs(&all)[..], &["--as", "json"]].concat();
    let first = desk.run(&asked).ended(0);
    assert_eq!(first.out, desk.run(&asked).ended(0).out);
    let path = &office.files.attendance;
    let text = std::fs::read_to_string(path).unwrap();
    let (head, body) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = body.lines().collect();
    lines.reverse();
    std::fs::write(path, format!("{head}\n{}\n", lines.join("\n"))).unwrap();
    let turned = desk.run(&asked).ended(0);
    let lasting = |text: &str| without(text, &[&OF_THE_RUN[..], &OF_THE_PLACE[..]].concat());
    same(&lasting(&first.out), &lasting(&turned.out), "a file whose rows stand the other way round");
}

#[test]
fn what_was_not_given_is_unknown_and_says_so() {
    let office = Office::open(60, 7);
    let files = &office.files;
    let policy = office.path("policy/contoh-kemenko-infra.toml");
    let args = [
        "check",
        "--period",
        PERIOD,
        "--policy",
        policy.to_str().unwrap(),
        "--roster",
        files.roster.to_str().unwrap(),
        "--attendance",
        files.attendance.to_str().unwrap(),
        "--as",
        "json",
    ];
    let ran = office.desk().run(&args).ended(3);
    let said: Vec<&str> = ran.err.lines().collect();
    assert!(said.iter().any(|line| line.starts_with("--permits: ")), "{said:?}");
    let verdicts = rows(&ran.json()["verdicts"].to_string());
    assert!(verdicts.iter().all(|row| row["verdict"] != "layak"));
    assert_eq!(ran.json()["verdicts"]["complete"], false);
    assert!(verdicts.iter().any(|row| row["unknown"].as_array().unwrap().contains(&Value::from("evaluation"))));
}

#[test]
fn a_wrong_file_is_refused_by_name_and_nothing_is_written() {
    let office = Office::open(60, 7);
    let mut all = arguments(&office, AS_OF);
    let at = all.iter().position(|arg| arg == "--skp").unwrap();
    all[at + 1] = office.files.exports[0].to_str().unwrap().to_owned();
    let folder = office.path("hasil/");
    all.extend(["--as".to_owned(), "json,csv,xlsx".to_owned(), "--output".to_owned(), format!("{}/", folder.display())]);
    let said = office.desk().run(&strs(&all)).said(2);
    assert!(said.contains("Laporan SKP") && said.contains("Laporan Penilaian SKP"), "{said}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_folder_gets_every_document_and_the_same_file_twice_counts_once() {
    let office = Office::open(60, 7);
    let copy = office.path("salinan.csv");
    std::fs::copy(&office.files.attendance, &copy).unwrap();
    let folder = office.path("hasil");
    let mut all = arguments(&office, AS_OF);
    let at = all.iter().position(|arg| arg == "--attendance").unwrap();
    all.insert(at + 2, copy.to_str().unwrap().to_owned());
    all.extend(["--as".to_owned(), "text,json,csv,xlsx".to_owned(), "--output".to_owned(), folder.to_str().unwrap().to_owned()]);
    let desk = office.desk().with("EVIDENCE__REQUIRED", r#"["skp", "evaluation", "attendance"]"#);
    let ran = desk.run(&strs(&all)).ended(0);
    assert!(ran.err.lines().any(|line| line.starts_with("salinan.csv: ") && line.contains("satu kali")), "{}", ran.err);
    let mut names: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected = [
        "check.txt",
        "check.xlsx",
        "completeness.csv",
        "completeness.json",
        "findings.csv",
        "findings.json",
        "verdicts.csv",
        "verdicts.json",
    ];
    assert_eq!(names, expected);
}
