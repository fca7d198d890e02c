//! A pull asks what is not known: lists always, people when there is a reason.

use super::tally;
use crate::endtoend::office::Desk;
use crate::endtoend::office::Office;
use serde_json::Value;

fn plan(desk: &Desk<'_>, more: &[&str]) -> Value {
    desk.run(&[&["sync", "--period", "2026-10", "--plan", "--as", "json"], more].concat()).ended(0).json()
}

fn of<'a>(plan: &'a Value, kind: &str) -> &'a Value {
    plan["questions"].as_array().unwrap().iter().find(|question| question["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {plan}"))
}

#[test]
fn what_is_fresh_is_not_asked_again() {
    let office = Office::open(40, 61);
    let desk = office.desk();
    desk.import_all();
    let first = plan(&desk, &[]);
    assert_eq!((&of(&first, "identity")["never"], &of(&first, "evaluation")["everybody"]), (&40.into(), &1.into()), "{first}");
    assert_eq!(first["items"]["identity"], 40);
    desk.pull();
    let (asked, gaps) = (office.bkn.asked().len(), office.gaps);

    let second = plan(&desk, &[]);
    let identity = of(&second, "identity");
    let counts = ["due", "never", "failed", "stale", "fresh"].map(|why| identity[why].as_u64().unwrap());
    assert_eq!(counts, [gaps, 0, gaps, 0, 40 - gaps], "{second}");
    assert_eq!(desk.pull()["items"]["planned"].as_u64(), Some(2 + gaps), "lists are asked for every time");
    assert_eq!(office.bkn.asked().len() as u64, asked as u64 + 2 + gaps);

    let nip = desk.verdicts(&[]).iter().find(|row| row["unknown"].as_array().unwrap().is_empty()).unwrap()["nip"].clone();
    let nip = nip.as_str().unwrap();
    assert_eq!(of(&plan(&desk, &["--nip", nip]), "identity")["due"], 1, "who is named is asked about");
    desk.sync(&["--nip", nip, "--surface", "siasn"]).ended(0);
    let again = tally(&office).into_iter().filter(|(path, _)| path.contains(nip) && path.contains("/pns/")).map(|(_, times)| times);
    assert_eq!(again.sum::<usize>(), 2);

    let old = desk.clone().with("EVIDENCE__MAX_AGE__IDENTITY", "2ms");
    assert_eq!(of(&plan(&old, &[]), "identity")["stale"].as_u64(), Some(40 - gaps), "what is half as old as it may be is due");
    desk.settle();
}

/// Who is held up is asked about before the others.
#[test]
fn who_is_held_up_comes_first() {
    let office = Office::open(60, 62);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let blocks = |row: &&Value| row["severity"] == "block" && row["status"] != "resolved" && row["nip"].is_string();
    let findings = desk.findings(&[]);
    let mut held: Vec<String> = findings.iter().filter(blocks).map(|row| row["nip"].as_str().unwrap().to_owned()).collect();
    held.sort();
    held.dedup();
    assert!(held.len() > 3 && held.len() < 50, "{}", held.len());
    let before = office.bkn.asked().len();
    let slow = desk.with("EKINERJA__PACE__MAX_IN_FLIGHT", "1").with("EVIDENCE__MAX_AGE__IDENTITY", "2ms");
    slow.sync(&["--surface", "siasn"]);
    let order: Vec<String> = office.bkn.asked()[before..].iter().filter_map(|path| path.rsplit('/').next().map(str::to_owned)).collect();
    assert!(order.len() >= 55, "{}", order.len());
    let last = order.iter().rposition(|nip| held.contains(nip)).unwrap();
    let first = order.iter().position(|nip| !held.contains(nip)).unwrap();
    assert!(last < first, "{last} {first}");
}

#[test]
fn the_plan_says_when_it_would_be_done() {
    let office = Office::open(40, 63);
    let desk = office.desk().with("EKINERJA__SIASN__PACE__REQUESTS_PER_SECOND", "0.1").with("EKINERJA__SIASN__PACE__BURST", "4");
    desk.import_all();
    let planned = plan(&desk, &[]);
    let siasn = planned["surfaces"].as_array().unwrap().iter().find(|load| load["surface"] == "siasn").unwrap();
    assert_eq!((&siasn["requests"], &siasn["seconds"]), (&40.into(), &360.into()), "{planned}");
    let report = planned["surfaces"].as_array().unwrap().iter().find(|load| load["surface"] == "report").unwrap();
    assert_eq!(report["requests"], 3, "two lists and the list of periods");
    assert!(planned["ends_at"].as_str().unwrap().ends_with("+07:00"), "{planned}");
    let (id, en) = (["sync", "--period", "2026-10", "--plan"], desk.clone().with("UI__LANGUAGE", "en"));
    let text = desk.run(&id).ended(0).out;
    for words in
        ["rencana tarikan 2026-10", "belum pernah", "masih baru", "semua orang", "40 permintaan, sedikitnya 6 menit", "selesai ", "HK-"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = en.run(&id).ended(0).out;
    for words in ["40 requests, at least 6 minutes", "done by ", "KPPN's deadline"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(office.bkn.asked().is_empty(), "a plan asks nothing");
}
