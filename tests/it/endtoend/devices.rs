//! An office whose door is an attendance device: its scans are kept until somebody says whose they are.

use super::truth::app_at;
use super::truth::documents;
use super::truth::play;
use super::truth::stage;
use super::truth::stored;
use selaras::app::report::PeriodReport;
use selaras::intake::FileKind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a reconciliation says about somebody, and its findings about devices.
fn said(done: &PeriodReport, nip: &str) -> (Value, Vec<String>) {
    let [verdicts, findings, _] = documents(done).map(|text| serde_json::from_str::<Value>(&text).unwrap());
    let row = verdicts["rows"].as_array().unwrap().iter().find(|row| row["nip"] == nip).unwrap().clone();
    let open = findings["rows"].as_array().unwrap().iter().filter(|row| row["code"] == "ID05" && row["status"] != "resolved");
    let subjects = open.filter(|row| row["nip"].is_null()).map(|row| row["subject"].as_str().unwrap().to_owned());
    (row, subjects.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_wait_for_the_map_and_then_count_like_any_attendance() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(40, 21, folder.path()).await;
    let text = std::fs::read_to_string(&stage.files.attendance).unwrap();
    let mut of_person: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        of_person.entry(cells[0]).or_default().push(cells);
    }
    play(&stage).await;
    let first = stored(&stage).await;
    let is_there =
        |days: &[Vec<&str>]| days.len() > 18 && days.iter().all(|day| !day[2].is_empty() && !day[3].is_empty() && day[5].is_empty());
    let clean = |nip: &str| said(&first, nip).0["findings"].as_array().unwrap().is_empty();
    let (nip, days) = of_person.iter().find(|(nip, days)| is_there(days) && clean(nip)).unwrap();
    let before = said(&first, nip).0;

    // the file without that person, whose scans are in a device
    let rest: String = text.lines().filter(|line| !line.starts_with(nip)).map(|line| format!("{line}\n")).collect();
    std::fs::write(&stage.files.attendance, rest).unwrap();
    let mut log = String::new();
    for day in days {
        let _ = write!(log, "       31\t{} {}\t1\t0\t1\t0\r\n       31\t{} {}\t1\t0\t1\t0\r\n", day[1], day[2], day[1], day[3]);
    }
    let path = folder.path().join("7_attlog.dat");
    std::fs::write(&path, log).unwrap();
    let pins = folder.path().join("pin.csv");
    std::fs::write(&pins, format!("perangkat;pin;nip\n7;00031;{nip}\n")).unwrap();

    stage.app = app_at(&stage, "sqlite://devices.db", &clock).await;
    play(&stage).await;
    let missing = stored(&stage).await;
    assert_eq!(said(&missing, nip).0["findings"], serde_json::json!(["AB01", "PE03"]));
    let imported = stage.import(FileKind::Attlog, &path).await.unwrap();
    assert_eq!((imported[0].kind, imported[0].status, imported[0].rows), ("attlog", "new", 2 * days.len() as u64));
    stage.reconcile(&mut |_| {}).await.unwrap();
    let unmapped = stored(&stage).await;
    assert_eq!(said(&unmapped, nip).0["findings"], serde_json::json!(["AB01", "PE03"]));
    assert_eq!(said(&unmapped, nip).1, ["7/31"], "nobody knows whose they are");
    stage.import(FileKind::Pins, &pins).await.unwrap();
    let done = stage.reconcile(&mut |_| {}).await.unwrap();
    let mapped = stored(&stage).await;
    let (after, devices) = said(&mapped, nip);
    assert_eq!((&after, devices.len()), (&before, 0), "as if the days had stood in the file");
    assert_eq!(done.evaluated, 1, "the map changes one person");
    assert_eq!(stage.import(FileKind::Attlog, &path).await.unwrap()[0].status, "unchanged");

    // a PIN given to two people: both wait
    let other = of_person.keys().find(|other| *other != nip && clean(other)).unwrap();
    std::fs::write(&pins, format!("perangkat;pin;nip\n7;31;{nip}\n7;31;{other}\n")).unwrap();
    stage.import(FileKind::Pins, &pins).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    let shared = stored(&stage).await;
    for person in [nip, other] {
        let row = said(&shared, person).0;
        assert!(row["findings"].as_array().unwrap().contains(&Value::from("ID05")) && row["verdict"] == "tertahan", "{row}");
    }
}
