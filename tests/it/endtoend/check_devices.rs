//! The same attendance in the log of a device with the map of its PINs, and as rows of a file: `check` says the same,
//! and so does the store.

use super::office::{OF_THE_PLACE, OF_THE_RUN, Office, PERIOD, same, without};
use selaras::clock::{Clock, SystemClock};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::slice::from_ref;

/// The arguments of a check of this attendance, as of an instant.
fn check(office: &Office, now: &str, attendance: &[(&str, &[PathBuf])]) -> Vec<String> {
    let files = &office.files;
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let mut all: Vec<String> = ["check", "--period", PERIOD, "--as-of", now, "--as", "json"].map(str::to_owned).into();
    all.extend(["--policy".to_owned(), text(&office.path("policy/contoh-kemenko-infra.toml"))]);
    all.extend(["--roster".to_owned(), text(&files.roster)]);
    all.extend(["--permits".to_owned(), text(&files.permits), "--discipline".to_owned(), text(&files.discipline)]);
    for (flag, paths) in
        [("--payment", &files.payment[..]), ("--evaluation", &files.exports[..1]), ("--skp", &files.exports[1..])].iter().chain(attendance)
    {
        all.push((*flag).to_owned());
        all.extend(paths.iter().map(|path| text(path)));
    }
    all
}

fn ran(office: &Office, asked: &[String]) -> super::office::Ran {
    let words: Vec<&str> = asked.iter().map(String::as_str).collect();
    office.desk().with("EVIDENCE__REQUIRED", r#"["skp", "evaluation", "attendance"]"#).run(&words)
}

/// What lasts of a document: other files are other sources, and a day that no file has is missing from each (AB02).
fn lasting(document: &Value) -> String {
    let mut document = document.clone();
    document["rows"].as_array_mut().unwrap().retain(|row| row["code"] != "AB02");
    without(&document.to_string(), &[&OF_THE_RUN[..], &OF_THE_PLACE[..], &["evidence"]].concat())
}

#[test]
fn a_device_and_a_file_say_the_same() {
    let office = Office::open(120, 11);
    let now = SystemClock.now().to_rfc3339();
    let path = office.files.attendance.clone();
    let all = std::fs::read_to_string(&path).unwrap();
    let (head, body) = all.split_once('\n').unwrap();
    let mut of_person: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in body.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        of_person.entry(cells[0]).or_default().push(cells);
    }
    // who scanned twice every day, so that nothing but scans is known of them
    let two = |day: &Vec<&str>| !day[2].is_empty() && !day[3].is_empty() && day[2][..5] != day[3][..5];
    let of_device: BTreeSet<&str> =
        of_person.iter().filter(|(_, days)| days.len() > 18 && days.iter().all(two)).map(|(nip, _)| *nip).collect();
    assert!(of_device.len() > 10, "{}", of_device.len());
    let (mut log, mut rows, mut pins) = (String::new(), format!("{head}\n"), "perangkat;pin;nip\n".to_owned());
    let mut rest = format!("{head}\n");
    for (at, (nip, days)) in of_person.iter().enumerate() {
        if !of_device.contains(nip) {
            days.iter().for_each(|day| rest.extend([&day.join(","), "\n"]));
            continue;
        }
        let _ = writeln!(pins, "7;{at:05};{nip}");
        for day in days {
            let _ = write!(log, "{at:9}\t{} {}\t1\t0\t1\t0\r\n{at:9}\t{} {}\t1\t1\t1\t0\r\n", day[1], day[2], day[1], day[3]);
            // a device knows neither status nor remark
            let _ = writeln!(rows, "{nip},{},{},{}{}", day[1], day[2], day[3], ",".repeat(day.len() - 4));
        }
    }
    let [rest_path, rows_path, log_path, pins_path] = ["presensi.csv", "unit.csv", "7_attlog.dat", "pin.csv"].map(|name| office.path(name));
    for (path, text) in [(&rest_path, &rest), (&rows_path, &rows), (&log_path, &log), (&pins_path, &pins)] {
        std::fs::write(path, text).unwrap();
    }

    let by_rows = ran(&office, &check(&office, &now, &[("--attendance", &[rest_path.clone(), rows_path])])).ended(0).json();
    let by_device = [("--attendance", from_ref(&rest_path)), ("--attlog", from_ref(&log_path)), ("--pins", from_ref(&pins_path))];
    let alone = ran(&office, &check(&office, &now, &by_device)).ended(0).json();
    for what in ["verdicts", "findings", "completeness"] {
        same(&lasting(&alone[what]), &lasting(&by_rows[what]), what);
    }

    // the store says what the check says, to the last source
    let desk = office.desk().with("EVIDENCE__REQUIRED", r#"["skp", "evaluation", "attendance"]"#);
    let exports = office.files.exports.iter().map(|path| ("ekinerja", path.clone()));
    let single = [("roster", &office.files.roster), ("permits", &office.files.permits), ("discipline", &office.files.discipline)];
    let devices = [("attendance", rest_path.clone()), ("attlog", log_path.clone()), ("pins", pins_path.clone())];
    let payment = office.files.payment.iter().map(|path| ("payment", path.clone()));
    for (kind, path) in single.map(|(kind, path)| (kind, path.clone())).into_iter().chain(devices).chain(payment).chain(exports) {
        desk.import(kind, &path).ended(0);
    }
    desk.reconcile(&[]).ended(0);
    let now = SystemClock.now().to_rfc3339();
    let alone = ran(&office, &check(&office, &now, &by_device)).ended(0).json();
    for what in ["verdicts", "findings", "completeness"] {
        let stored = desk.export(what, &["--as-of", &now]);
        same(&without(&alone[what].to_string(), &OF_THE_RUN), &without(&stored, &OF_THE_RUN), what);
    }

    // without the map nobody has been there, and the device is asked about
    let unmapped = ran(&office, &check(&office, &now, &by_device[..2])).ended(0).json();
    let rows = unmapped["findings"]["rows"].as_array().unwrap();
    let of = |code: &str| rows.iter().filter(|row| row["code"] == code).count();
    assert!(of("ID05") == of_device.len() && of("AB01") >= of_device.len(), "{} {}", of("ID05"), of("AB01"));

    // a log of another month is refused by its name
    std::fs::write(&log_path, log.replace("2026-10", "2026-05")).unwrap();
    let said = ran(&office, &check(&office, &now, &by_device)).said(2);
    assert!(said.contains("7_attlog.dat") && said.contains(PERIOD), "{said}");
}
