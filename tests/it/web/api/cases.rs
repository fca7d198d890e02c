//! Cases through the API: what the pages show and do, by the same rules.

use super::{Got, Program, token};
use crate::support::{Bench, on_both_engines};
use crate::web::visitor::{BUDI, House, SITI, office, user};
use selaras::app::App;
use selaras::domain::access::{Right, Role};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_engines![
    a_case_is_worked_as_on_the_page,
    several_cases_are_worked_or_none,
    what_was_not_seen_is_not_changed,
    who_may_not_see_nips_names_cases_by_handles,
    what_is_not_understood_changes_nothing,
];

const CASES: &str = "/api/v1/periods/2026-10/cases";
const SEVERAL: &str = "/api/v1/periods/2026-10/case-actions";
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Two people in two units, and a first account.
async fn staffed(bench: &Bench) -> App {
    let app = office(bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    app
}

impl Program<'_> {
    /// Posts JSON under a key.
    async fn post(&self, path: &str, key: &str, body: &Value) -> Got {
        self.ask("POST", path, &[JSON, ("Idempotency-Key", key)], body.to_string().as_bytes()).await
    }

    async fn act(&self, case: &str, key: &str, etag: &str, body: &Value) -> Got {
        let headers = [JSON, ("Idempotency-Key", key), ("If-Match", etag)];
        self.ask("POST", &format!("{CASES}/{case}/actions"), &headers, body.to_string().as_bytes()).await
    }

    /// Acts on the case as it is now.
    async fn act_now(&self, case: &str, key: &str, body: &Value) -> Got {
        let seen = self.get(&format!("{CASES}/{case}")).await;
        self.act(case, key, seen.header("etag"), body).await
    }

    async fn view(&self, view: &str) -> BTreeSet<String> {
        self.every(&format!("{CASES}?view={view}&limit=1")).await.iter().map(|row| row["case"].as_str().unwrap().to_owned()).collect()
    }
}

fn comment(text: &str) -> Value {
    json!({"action": "comment", "text": text})
}

fn waiver() -> Value {
    json!({"action": "ask_waiver", "reason": "rekening 1234567890 menyusul", "document": "ND-12/2026", "until": "2026-12-31"})
}

fn history(got: &Got) -> Vec<(&str, &str)> {
    let lines = got.json["history"].as_array().unwrap_or_else(|| panic!("{}", got.answer.body));
    lines.iter().map(|line| (line["account"].as_str().unwrap_or_default(), line["what"].as_str().unwrap())).collect()
}

async fn first(program: &Program<'_>, nip: &str) -> String {
    program.every(&format!("{CASES}?person={nip}")).await[0]["case"].as_str().unwrap().to_owned()
}

async fn a_case_is_worked_as_on_the_page(bench: Bench) {
    let app = staffed(&bench).await;
    let house = House::open(&app).await;
    let sri = Program::of(&house, "sri", &[Role::Sdm], &[]).await;
    let tono = Program::of(&house, "tono", &[Role::Sdm], &[]).await;
    // All that are open, page by page, as the findings say.
    let open = sri.every(&format!("{CASES}?limit=1")).await;
    let found = sri.every("/api/v1/periods/2026-10/findings").await;
    assert_eq!(open.len(), found.len());
    assert!(!open.is_empty() && open.iter().zip(&found).all(|(case, finding)| case["case"] == finding["case"]));
    let case = first(&sri, BUDI).await;
    let page = sri.get(&format!("{CASES}/{case}")).await;
    assert_eq!((page.json["version"].as_u64(), page.json["unit"].as_str(), history(&page).len()), (Some(0), Some("U1"), 0));

    // Given to herself; the answer is the case as it is then, and the page says the same.
    assert_eq!(sri.view("unassigned").await.len(), open.len());
    let done = sri.act(&case, "k1", page.header("etag"), &json!({"action": "assign", "account": "sri"})).await;
    assert_eq!((done.status, done.json["assignee"].as_str(), history(&done)), (200, Some("sri"), vec![("sri", "assigned")]));
    assert_eq!(done.json["version"], 1);
    assert_eq!((sri.view("mine").await, tono.view("mine").await.len()), (BTreeSet::from([case.clone()]), 0));
    assert_eq!(sri.view("unassigned").await.len(), open.len() - 1);
    let mut browser = house.signed_in("sri").await;
    assert!(browser.get(&format!("/sdm/kasus/2026-10/{case}")).await.body.contains("Ditugaskan kepada sri."));

    // The same request again is answered, and not done again.
    let again = sri.act(&case, "k1", page.header("etag"), &json!({"action": "assign", "account": "sri"})).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
    assert_eq!(again.answer.body, done.answer.body);
    assert_eq!(sri.act_now(&case, "k2", &comment("sudah ditelepon")).await.status, 200);
    assert_eq!(sri.act_now(&case, "k3", &json!({"action": "deadline", "day": "2026-11-20"})).await.json["deadline"], "2026-11-20");

    // A waiver takes two.
    let asked = sri.act_now(&case, "k4", &waiver()).await;
    assert_eq!((asked.status, asked.json["waiver"]["stage"].as_str()), (200, Some("waiting")), "{}", asked.answer.body);
    assert!(!asked.answer.body.contains("1234567890"), "HR sees no account numbers");
    let own = sri.act_now(&case, "k5", &json!({"action": "approve_waiver"})).await;
    assert_eq!((own.status, own.kind()), (403, "forbidden"));
    assert_eq!((sri.view("waiting").await.len(), tono.view("waiting").await), (0, BTreeSet::from([case.clone()])));
    let twice = sri.act_now(&case, "k6", &waiver()).await;
    assert_eq!((twice.status, twice.kind()), (409, "case"));
    let approved = tono.act_now(&case, "k1", &json!({"action": "approve_waiver"})).await;
    assert_eq!((approved.status, approved.json["waiver"]["decided_by"].as_str()), (200, Some("tono")));
    let withdrawn = tono.act_now(&case, "k2", &json!({"action": "withdraw_waiver"})).await;
    assert_eq!((withdrawn.status, &withdrawn.json["waiver"]), (200, &Value::Null));
    assert_eq!(sri.act_now(&case, "k7", &waiver()).await.status, 200);
    let refused = tono.act_now(&case, "k3", &json!({"action": "refuse_waiver", "text": "belum"})).await;
    let wanted =
        ["assigned", "comment", "deadline", "waiver_asked", "waiver_approved", "waiver_withdrawn", "waiver_asked", "waiver_refused"];
    assert_eq!(history(&refused).iter().map(|(_, what)| *what).collect::<Vec<_>>(), wanted);
    assert_eq!(tono.act_now(&case, "k4", &json!({"action": "assign", "account": null})).await.json["assignee"], Value::Null);
    // Everything stands in the log, by the account of the token.
    let log = house.log().await;
    for (action, count) in [("case_assigned", 2), ("case_commented", 1), ("waiver_asked", 2), ("waiver_approved", 1)] {
        assert_eq!(log.iter().filter(|line| line.0 == action).count(), count, "{action}: {log:?}");
    }
    house.close().await;
}

async fn several_cases_are_worked_or_none(bench: Bench) {
    let app = staffed(&bench).await;
    let house = House::open(&app).await;
    let sri = Program::of(&house, "sri", &[Role::Sdm], &[]).await;
    let rows = sri.every(CASES).await;
    let seen: Vec<Value> = rows.iter().map(|row| json!({"case": row["case"], "etag": row["etag"]})).collect();
    assert!(seen.len() > 1);
    let body = json!({"do": {"action": "assign", "account": "sri"}, "cases": seen});
    // Somebody is faster with one of them: nothing is done with any.
    let case = rows[0]["case"].as_str().unwrap();
    assert_eq!(sri.act_now(case, "k0", &comment("x")).await.status, 200);
    let stale = sri.post(SEVERAL, "k1", &body).await;
    assert_eq!((stale.status, stale.kind()), (412, "stale"));
    assert!(sri.view("mine").await.is_empty());
    let seen: Vec<Value> = sri.every(CASES).await.iter().map(|row| json!({"case": row["case"], "etag": row["etag"]})).collect();
    let body = json!({"do": {"action": "assign", "account": "sri"}, "cases": seen});
    let done = sri.post(SEVERAL, "k1", &body).await;
    assert_eq!((done.status, done.json["done"].as_u64()), (200, Some(seen.len() as u64)), "{}", done.answer.body);
    assert_eq!(sri.view("mine").await.len(), seen.len());
    // The marks of the answer are good for what follows.
    let again = json!({"do": comment("semua"), "cases": done.rows()});
    assert_eq!(sri.post(SEVERAL, "k2", &again).await.status, 200);
    assert_eq!(sri.post(SEVERAL, "k3", &again).await.status, 412);
    // One of another unit: the whole is nobody's.
    let dua = Program::of(&house, "dua", &[Role::Sdm], &["U2"]).await;
    let own = dua.every(CASES).await;
    assert!(!own.is_empty() && own.iter().all(|row| row["nip"] == SITI && row["unit"] == "U2"));
    let theirs = first(&sri, BUDI).await;
    let mixed = json!({"do": comment("x"), "cases": [{"case": own[0]["case"], "etag": own[0]["etag"]}, {"case": theirs, "etag": "x"}]});
    let refused = dua.post(SEVERAL, "k", &mixed).await;
    assert_eq!((refused.status, refused.kind()), (404, "not-found"));
    let nobody = dua.get(&format!("{CASES}/0123456789abcdef0123")).await;
    let foreign = dua.get(&format!("{CASES}/{theirs}")).await;
    assert_eq!((foreign.status, &foreign.answer.body), (404, &nobody.answer.body), "as if it were not there");
    assert_eq!(dua.act(&theirs, "k2", "\"x\"", &comment("x")).await.status, 404);
    assert!(history(&dua.get(&format!("{CASES}/{}", own[0]["case"].as_str().unwrap())).await).iter().all(|(who, _)| *who == "sri"));
    house.close().await;
}

async fn what_was_not_seen_is_not_changed(bench: Bench) {
    let app = staffed(&bench).await;
    let house = House::open(&app).await;
    let sri = Program::of(&house, "sri", &[Role::Sdm], &[]).await;
    let case = first(&sri, BUDI).await;
    let path = format!("{CASES}/{case}/actions");
    let blind = sri.post(&path, "k", &comment("x")).await;
    assert_eq!((blind.status, blind.kind()), (428, "match-missing"));
    assert_eq!(sri.act(&case, "k", "*", &comment("x")).await.kind(), "match-missing");
    let seen = sri.get(&format!("{CASES}/{case}")).await;
    let unchanged = sri.ask("GET", &format!("{CASES}/{case}"), &[("If-None-Match", seen.header("etag"))], &[]).await;
    assert_eq!(unchanged.status, 304);
    // Two at once, with keys of their own: one of them is done.
    let etag = format!("\"{}\"", seen.json["etag"].as_str().unwrap());
    let body = comment("x");
    let (one, other) = tokio::join!(sri.act(&case, "a", &etag, &body), sri.act(&case, "b", &etag, &body));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    let late = sri.act(&case, "c", seen.header("etag"), &comment("x")).await;
    assert_eq!((late.status, late.kind()), (412, "stale"));
    let now = sri.get(&format!("{CASES}/{case}")).await;
    assert_eq!((history(&now).len(), now.json["version"].as_u64()), (1, Some(1)));
    // A refusal is not kept: under the same key, with what is seen now, it is done.
    assert_eq!(sri.act(&case, "c", now.header("etag"), &comment("x")).await.status, 200);
    house.close().await;
}

async fn who_may_not_see_nips_names_cases_by_handles(bench: Bench) {
    let app = staffed(&bench).await;
    let house = House::open(&app).await;
    let sri = Program::of(&house, "sri", &[Role::Sdm], &[]).await;
    let auditor = Program::of(&house, "audit", &[Role::Auditor], &[]).await;
    let case = first(&sri, BUDI).await;
    assert_eq!(sri.act_now(&case, "k", &comment(&format!("telepon {SITI}"))).await.status, 200);
    let rows = auditor.every(&format!("{CASES}?limit=2")).await;
    assert_eq!(rows.len(), sri.every(CASES).await.len());
    for row in &rows {
        let name = row["case"].as_str().unwrap();
        assert!(name.starts_with('~'), "{name}");
        let one = auditor.get(&format!("{CASES}/{name}")).await;
        assert_eq!((one.status, &one.json["etag"]), (200, &row["etag"]), "{}", one.answer.body);
        assert!(!one.answer.body.contains(SITI) && !one.answer.body.contains(BUDI), "{}", one.answer.body);
    }
    assert_eq!(auditor.get(&format!("{CASES}/{case}")).await.status, 404, "from the true id a NIP could be worked out");
    assert_eq!(auditor.act(rows[0]["case"].as_str().unwrap(), "k", "\"x\"", &comment("x")).await.status, 403);
    // A token with fewer rights works by handles, too.
    let text = token(&house.app, "buta", &[Role::Sdm], &[], Some(&[Right::SeePeople, Right::SeeCases, Right::WorkCases])).await;
    let blind = Program::with(&house, &text).await;
    let worked = blind.act_now(rows[0]["case"].as_str().unwrap(), "k", &comment("dari sebutan")).await;
    assert_eq!((worked.status, &worked.json["case"]), (200, &rows[0]["case"]), "{}", worked.answer.body);
    let deaf = token(&house.app, "tuli", &[Role::Sdm], &[], Some(&[Right::WorkCases])).await;
    assert_eq!(Program::with(&house, &deaf).await.act(&case, "k", "\"x\"", &comment("x")).await.status, 403, "who works sees");
    let limited = token(&house.app, "baca", &[Role::Sdm], &[], Some(&[Right::SeeCases])).await;
    let limited = Program::with(&house, &limited).await;
    let own = limited.every(CASES).await;
    assert_eq!(limited.act(own[0]["case"].as_str().unwrap(), "k", "\"x\"", &comment("x")).await.status, 403, "the scope of the token");
    house.close().await;
}

async fn what_is_not_understood_changes_nothing(bench: Bench) {
    let app = staffed(&bench).await;
    let house = House::open(&app).await;
    let sri = Program::of(&house, "sri", &[Role::Sdm], &[]).await;
    let case = first(&sri, BUDI).await;
    for (body, kind) in [
        (json!({"action": "assign"}), "body"),
        (json!({"action": "assign", "account": "sri", "extra": 1}), "body"),
        (json!({"action": "close"}), "body"),
        (json!([]), "body"),
        (comment("  "), "body"),
        (comment("nol \u{0}"), "body"),
        (comment(&"x".repeat(2_001)), "body"),
        (json!({"action": "deadline", "day": "2026-01-01"}), "body"),
        (json!({"action": "deadline", "day": "besok"}), "body"),
        (json!({"action": "ask_waiver", "reason": "x", "document": "", "until": "2026-12-31"}), "body"),
        (json!({"action": "assign", "account": "siapa"}), "case"),
        (json!({"action": "approve_waiver"}), "case"),
    ] {
        let got = sri.act_now(&case, &format!("k{}", body.to_string().len()), &body).await;
        assert_eq!(got.kind(), kind, "{body}: {}", got.answer.body);
    }
    for wrong in ["x", "~0", "~0123456789abcdef-0", "0123456789ABCDEF0123"] {
        assert_eq!(sri.get(&format!("{CASES}/{wrong}")).await.status, 400, "{wrong}");
    }
    for (query, status) in [("view=x", 400), ("superior=x", 400), ("superior=-", 200), ("code=AB05", 200), ("x=1", 400)] {
        assert_eq!(sri.get(&format!("{CASES}?{query}")).await.status, status, "{query}");
    }
    for cases in [json!([]), json!(vec![json!({"case": case, "etag": "x"}); 201])] {
        assert_eq!(sri.post(SEVERAL, "k", &json!({"do": comment("x"), "cases": cases})).await.kind(), "body");
    }
    let kind = [("Content-Type", "text/plain"), ("Idempotency-Key", "k")];
    assert_eq!(sri.ask("POST", SEVERAL, &kind, b"{}").await.kind(), "media-type");
    assert_eq!(sri.ask("POST", SEVERAL, &[JSON], b"{}").await.kind(), "key-missing");
    let large = vec![b' '; (512 << 10) + 1];
    assert_eq!(sri.ask("POST", SEVERAL, &[JSON, ("Idempotency-Key", "k")], &large).await.kind(), "too-large");
    let untouched = sri.get(&format!("{CASES}/{case}")).await;
    assert_eq!((untouched.json["version"].as_u64(), history(&untouched).len()), (Some(0), 0));
    house.close().await;
}
