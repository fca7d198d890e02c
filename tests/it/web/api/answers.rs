//! What is answered is what the pages and documents say.

use super::{ALL, Program, by, token};
use crate::web::visitor::House;
use selaras::app::demo::Stage;
use selaras::app::report::{self, PeriodReport};
use selaras::domain::access::{Right, Role};
use selaras::domain::text::Lang;
use selaras::export::{Format, List, Overview, What, write_document, write_explanation, write_list, write_overview};
use serde_json::Value;
use std::collections::BTreeSet;

on_both_stores!(
    every_request_answers_as_it_is_described,
    rows_are_those_of_the_documents,
    a_person_is_explained_as_the_command_does,
    who_may_not_see_nips_is_told_none,
    another_units_people_are_nobody,
    looks_and_exports_are_written_down,
);

const PERIOD: &str = "/api/v1/periods/2026-10";

/// The document as the command line writes it.
async fn document(stage: &Stage, what: What) -> Value {
    let report: PeriodReport = report::stored(&stage.app, stage.period).await.unwrap();
    let mut bytes = Vec::new();
    write_document(what, Format::Json, Lang::Id, &report.as_export(), &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A row without what only the API adds.
fn plain(row: &Value) -> Value {
    let mut row = row.clone();
    for key in ["person", "case"] {
        row.as_object_mut().unwrap().remove(key);
    }
    row
}

async fn every_request_answers_as_it_is_described(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let nip = program.get(&format!("{PERIOD}/verdicts?limit=1")).await.rows()[0]["nip"].as_str().unwrap().to_owned();
    let case = program.get(&format!("{PERIOD}/cases?limit=1")).await.rows()[0]["case"].as_str().unwrap().to_owned();
    let pull = program.get("/api/v1/operations/pulls").await.rows()[0]["run"].as_str().unwrap().to_owned();
    let policy = program.get(&format!("{PERIOD}/policy")).await.json["id"].as_str().unwrap().to_owned();
    let mut asked = 0;
    for (path, of) in program.document["paths"].as_object().unwrap() {
        // A what-if is begun first: `trying`.
        if of.get("get").is_none() || path.ends_with("{what_if}") {
            continue;
        }
        let parts = [("{period}", "2026-10"), ("{person}", &nip), ("{pull}", &pull), ("{document}", "rekap.json"), ("{case}", &case)];
        let query = if path.ends_with("/comparison") { format!("?left={policy}&right={policy}") } else { String::new() };
        let path = parts.iter().fold(path.clone(), |path, (part, given)| path.replace(part, given)) + &query;
        let got = program.get(&path).await;
        assert_eq!(got.status, 200, "{path}: {}", got.answer.body);
        assert_eq!(got.header("cache-control"), "private, no-cache", "{path}");
        let again = program.ask("GET", &path, &[("If-None-Match", got.header("etag"))], &[]).await;
        // The log grows by every look, and the disk fills; all else stands still.
        assert!(again.status == 304 || path.ends_with("/audit") || path.ends_with("/operations"), "{path} {}", again.status);
        asked += 1;
    }
    assert!(asked >= 27, "{asked}");
    for name in ["nominatif.pdf", "nominatif.xlsx", "nominatif.json", "rekap.pdf", "calllist.xlsx"] {
        let got = program.get(&format!("{PERIOD}/documents/{name}")).await;
        assert_eq!(got.status, 200, "{name}");
        assert!(got.header("content-disposition").contains("2026-10"), "{name}");
    }
    house.close().await;
}

async fn rows_are_those_of_the_documents(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;

    let wanted = document(&stage, What::Verdicts).await;
    let wanted_rows = wanted["rows"].as_array().unwrap();
    for order in ["risk", "name", "difference"] {
        let rows = program.every(&format!("{PERIOD}/verdicts?order={order}&limit=7")).await;
        assert_eq!(rows.len(), wanted_rows.len(), "{order}");
        let rows = by(&rows, "nip");
        assert!(wanted_rows.iter().all(|row| plain(rows[row["nip"].as_str().unwrap()]) == *row), "{order}");
    }
    let first = program.get(&format!("{PERIOD}/verdicts?limit=1")).await.json;
    for key in ["period", "run", "as_of", "mode", "complete", "policy"] {
        assert_eq!(first[key], wanted[key], "{key}");
    }

    let wanted = document(&stage, What::Findings).await;
    for limit in [3, 500] {
        let rows = program.every(&format!("{PERIOD}/findings?limit={limit}")).await;
        let rows: Vec<Value> = rows.iter().map(plain).collect();
        assert_eq!(rows.len(), wanted["rows"].as_array().unwrap().len());
        let (rows, wanted) = (by(&rows, "id"), by(wanted["rows"].as_array().unwrap(), "id"));
        assert_eq!(rows, wanted, "{limit} at a time");
    }

    let wanted = document(&stage, What::Completeness).await;
    for limit in [10, 500] {
        let rows: Vec<Value> = program.every(&format!("{PERIOD}/completeness?limit={limit}")).await.iter().map(plain).collect();
        assert_eq!(&rows, wanted["rows"].as_array().unwrap(), "{limit} at a time");
    }
    assert_eq!(program.get(&format!("{PERIOD}/completeness")).await.json["kinds"], wanted["kinds"]);

    let report = report::stored(&stage.app, stage.period).await.unwrap();
    let mut bytes = Vec::new();
    write_overview(Format::Json, Lang::Id, &Overview::of(&report.as_export()), &mut bytes).unwrap();
    let (wanted, figures): (Value, Value) = (serde_json::from_slice(&bytes).unwrap(), program.get(&format!("{PERIOD}/figures")).await.json);
    for key in ["totals", "codes", "kinds"] {
        assert_eq!(figures[key], wanted[key], "{key}");
    }

    let run = stage.app.store.shown_run(stage.period).await.unwrap().unwrap();
    let payout = report::payout(&stage.app, stage.period, run.as_of).await.unwrap();
    let mut bytes = Vec::new();
    write_list(List::Calllist, Format::Json, Lang::Id, &payout.as_payout(), &mut bytes).unwrap();
    assert_eq!(program.get(&format!("{PERIOD}/calllist")).await.json, serde_json::from_slice::<Value>(&bytes).unwrap());
    house.close().await;
}

async fn a_person_is_explained_as_the_command_does(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let held = program.every(&format!("{PERIOD}/verdicts?verdict=tertahan")).await;
    assert!(!held.is_empty() && held.iter().all(|row| row["verdict"] == "tertahan"));
    for row in held.iter().take(5) {
        let nip = row["nip"].as_str().unwrap();
        let run = stage.app.store.shown_run(stage.period).await.unwrap().unwrap();
        let (header, verdict) = report::one(&stage.app, stage.period, nip.parse().unwrap(), run.as_of).await.unwrap();
        let mut bytes = Vec::new();
        write_explanation(Format::Json, Lang::Id, &header, &verdict, &mut bytes).unwrap();
        let wanted: Value = serde_json::from_slice(&bytes).unwrap();
        let told = program.get(&format!("{PERIOD}/verdicts/{nip}/derivation")).await.json;
        for key in ["verdict", "derivation", "findings", "run", "as_of"] {
            assert_eq!(told[key], wanted[key], "{key}");
        }
        assert_eq!(program.get(&format!("{PERIOD}/verdicts/{nip}")).await.json["verdict"], plain(row));
        let own = program.every(&format!("{PERIOD}/findings?person={nip}&limit=2")).await;
        assert!(!own.is_empty() && own.iter().all(|finding| finding["nip"] == *nip));
    }
    house.close().await;
}

/// Runs of just eighteen digits.
fn nips(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| digits.len() == 18).collect()
}

async fn who_may_not_see_nips_is_told_none(stage: Stage) {
    let house = House::open(&stage.app).await;
    let seer = Program::of(&house, "semua", &ALL, &[]).await;
    let program = Program::of(&house, "auditor", &[Role::Auditor], &[]).await;
    let rows = program.every(&format!("{PERIOD}/verdicts?limit=20")).await;
    let all = seer.every(&format!("{PERIOD}/verdicts")).await;
    assert_eq!(rows.len(), all.len());
    let person = rows[0]["person"].as_str().unwrap();
    assert!(person.starts_with('~') && person.len() == 17, "{person}");
    let mut bodies = Vec::new();
    for path in ["verdicts?limit=500", "findings?limit=500", "completeness?limit=500", "causes", "figures", "policy"] {
        bodies.push(program.get(&format!("{PERIOD}/{path}")).await);
    }
    for row in &rows {
        let person = row["person"].as_str().unwrap();
        bodies.push(program.get(&format!("{PERIOD}/verdicts/{person}/derivation")).await);
    }
    // A deed of somebody else's, in the log: from the true id of its case the NIP could be found by trying.
    let officer = Program::of(&house, "petugas", &[Role::Sdm], &[]).await;
    let case = officer.get(&format!("{PERIOD}/cases?limit=1")).await.rows()[0].clone();
    let of_case = format!("{PERIOD}/cases/{}/actions", case["case"].as_str().unwrap());
    let quoted = format!("\"{}\"", case["etag"].as_str().unwrap());
    let heads = [("If-Match", quoted.as_str()), ("Idempotency-Key", "tak-terlihat-1"), ("Content-Type", "application/json")];
    let done = officer.ask("POST", &of_case, &heads, br#"{"action": "comment", "text": "diperiksa"}"#).await;
    assert_eq!(done.status, 200, "{}", done.answer.body);
    bodies.push(program.get(&format!("{PERIOD}/cases?limit=500")).await);
    let log = program.every("/api/v1/audit?limit=500").await;
    let ids: Vec<String> = seer.every(&format!("{PERIOD}/cases?limit=500")).await.iter().map(|row| row["case"].to_string()).collect();
    let named = |text: &str| ids.iter().filter(|id| text.contains(id.trim_matches('"'))).count();
    assert!(seer.every("/api/v1/audit?limit=500").await.iter().any(|line| named(&line.to_string()) > 0), "who sees NIPs is told");
    assert!(log.iter().any(|line| line["action"] == "case_commented") && log.iter().all(|line| named(&line.to_string()) == 0));
    // Those about whole files are hashes of nobody.
    let of_files = named(&bodies.last().unwrap().answer.body);
    assert!(of_files < ids.len() / 2, "{of_files} of {}", ids.len());
    // A hash may hold as many digits by chance.
    let told: String = log.iter().map(|line| format!("{} {}\n", line["subject"], line["detail"])).collect();
    assert!(log.len() > 10 && nips(&told).is_empty(), "{told}");
    for got in &bodies {
        assert_eq!(got.status, 200, "{}", got.answer.body);
        let shown = nips(&got.answer.body);
        assert!(shown.is_empty(), "{shown:?}");
    }
    let (veiled, open) = (bodies[1].rows(), seer.every(&format!("{PERIOD}/findings?limit=500")).await);
    assert_eq!(veiled.len(), open.len());
    let ids = |rows: &[Value]| {
        rows.iter().filter(|row| !row["nip"].is_null()).map(|row| row["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert!(ids(veiled).is_disjoint(&ids(&open)), "from the true id a NIP could be worked out");
    // A whole NIP is no question either.
    let nip = all[0]["nip"].as_str().unwrap();
    for path in [format!("verdicts/{nip}"), format!("verdicts/{nip}/derivation"), format!("findings?person={nip}")] {
        assert_eq!(program.get(&format!("{PERIOD}/{path}")).await.status, 404, "{path}");
    }
    assert!(program.every(&format!("{PERIOD}/verdicts?search={nip}")).await.is_empty());
    assert_eq!(program.get(&format!("{PERIOD}/documents/rekap.json")).await.status, 403);
    // Account numbers are covered from whoever has no business with them.
    let sdm = Program::of(&house, "sdm", &[Role::Sdm], &[]).await;
    let of_accounts = |rows: &[Value]| -> Vec<String> {
        let exhibits = rows.iter().flat_map(|row| row["evidence"].as_array().unwrap().clone());
        let exhibits = exhibits.filter(|exhibit| exhibit["field"].as_str().unwrap() == "rekening");
        exhibits.filter_map(|exhibit| exhibit["value"].as_str().map(str::to_owned)).collect()
    };
    let covered = of_accounts(&sdm.every(&format!("{PERIOD}/findings?limit=500")).await);
    let plain = of_accounts(&open);
    assert!(!plain.is_empty() && plain.len() == covered.len(), "{plain:?}");
    let longest = |text: &String| text.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    assert!(covered.iter().all(|number| longest(number) < 7), "{covered:?}");
    house.close().await;
}

async fn another_units_people_are_nobody(stage: Stage) {
    let house = House::open(&stage.app).await;
    let seer = Program::of(&house, "semua", &ALL, &[]).await;
    let all = seer.every(&format!("{PERIOD}/verdicts?limit=500")).await;
    let unit = all.iter().find_map(|row| row["unit"].as_str()).unwrap().to_owned();
    let program = Program::of(&house, "satker", &[Role::Keuangan, Role::Sdm, Role::Auditor], &[&unit]).await;
    let (own, foreign): (Vec<&Value>, Vec<&Value>) = all.iter().partition(|row| row["unit"] == *unit);
    assert!(!own.is_empty() && !foreign.is_empty());
    assert_eq!(program.every(&format!("{PERIOD}/verdicts")).await.len(), own.len());
    let hidden: BTreeSet<&str> = foreign.iter().map(|row| row["nip"].as_str().unwrap()).collect();
    for list in ["findings?limit=500", "completeness?limit=500"] {
        let rows = program.every(&format!("{PERIOD}/{list}")).await;
        assert!(
            !rows.is_empty() && rows.iter().all(|row| !row["nip"].is_null() && !hidden.contains(row["nip"].as_str().unwrap())),
            "{list}"
        );
    }
    let figures = program.get(&format!("{PERIOD}/figures")).await.json;
    let heads: u64 = figures["totals"]["heads"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(heads as usize, own.len());
    assert!(figures["units"].as_array().unwrap().iter().all(|row| row["unit"] == *unit));
    let calls = program.get(&format!("{PERIOD}/calllist")).await;
    let people = calls.rows().iter().flat_map(|row| row["people"].as_array().unwrap());
    assert!(people.map(|person| person["nip"].as_str().unwrap()).all(|nip| !hidden.contains(nip)));
    let nip = foreign[0]["nip"].as_str().unwrap();
    for path in ["verdicts/{}", "verdicts/{}/derivation", "findings?person={}"] {
        let theirs = program.get(&format!("{PERIOD}/{}", path.replace("{}", nip))).await;
        let nobodys = program.get(&format!("{PERIOD}/{}", path.replace("{}", "198501012010011999"))).await;
        assert_eq!((theirs.status, nobodys.status), (404, 404), "{path}");
        let masked = format!("{}***********{}", &nip[..4], &nip[15..]);
        assert_eq!(theirs.answer.body.replace(&masked, "1985***********999"), nobodys.answer.body, "{path}");
    }
    assert_eq!(program.get("/api/v1/audit").await.status, 403, "the log is about everybody");
    house.close().await;
}

async fn looks_and_exports_are_written_down(stage: Stage) {
    let house = House::open(&stage.app).await;
    let text = token(&house.app, "semua", &ALL, &[], None).await;
    let program = Program::with(&house, &text).await;
    let rows = program.get(&format!("{PERIOD}/verdicts?limit=3")).await;
    let nip = rows.rows()[0]["nip"].as_str().unwrap().to_owned();
    program.get(&format!("{PERIOD}/verdicts/{nip}")).await;
    program.get(&format!("{PERIOD}/documents/rekap.pdf")).await;
    let limited = token(&house.app, "sempit", &ALL, &[], Some(&[Right::SeePolicy])).await;
    let limited = Program::with(&house, &limited).await;
    assert_eq!(limited.get(&format!("{PERIOD}/verdicts")).await.status, 403);
    let app = house.app.clone();
    house.close().await;
    let lines = app.store.audit_lines(None, 100).await.unwrap();
    let told: Vec<(String, String, String)> = lines.into_iter().rev().map(|line| (line.account, line.action, line.subject)).collect();
    for (account, action, subject) in [
        ("semua", "listed", "verdicts"),
        ("semua", "person_seen", nip.as_str()),
        ("semua", "exported", "rekap.pdf"),
        ("sempit", "refused", "/api/v1/periods/2026-10/verdicts"),
    ] {
        let wanted = (account.to_owned(), action.to_owned(), subject.to_owned());
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    assert!(app.store.verify_audit(None).await.unwrap().broken.is_none());
}
