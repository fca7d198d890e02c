//! What those who run it do through the API, as on the page: jobs, what is asked again, answers that are held.

use super::{ALL, Got, Program, token};
use crate::support::{Bench, on_both_engines};
use crate::web::operations::{ended, ministry, pulled};
use crate::web::visitor::House;
use chrono::Duration;
use selaras::app::held;
use selaras::domain::access::{Right, Role};
use selaras::domain::evidence::Kind;
use selaras::store::{SlotClaim, SlotState, WokenBy};
use serde_json::{Value, json};

on_both_engines![
    a_job_is_started_once,
    what_is_held_is_decided_about_once,
    what_was_set_aside_is_asked_again,
    views_belong_to_their_account,
    the_log_is_asked_by_who_and_what,
];

const JSON: (&str, &str) = ("Content-Type", "application/json");
const HELD: &str = "/api/v1/operations/held";

async fn post(program: &Program<'_>, path: &str, key: &str, body: &Value) -> Got {
    program.ask("POST", path, &[JSON, ("Idempotency-Key", key)], body.to_string().as_bytes()).await
}

async fn run(program: &Program<'_>, job: &str, key: &str) -> Got {
    program.ask("POST", &format!("/api/v1/operations/jobs/{job}/runs"), &[("Idempotency-Key", key)], b"").await
}

fn outcome(got: &Got) -> &str {
    got.json["outcome"].as_str().unwrap_or_else(|| panic!("{} {}", got.status, got.answer.body))
}

async fn a_job_is_started_once(bench: Bench) {
    let app = ministry(&bench, "none").await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "prog", &ALL, &[]).await;
    assert_eq!(outcome(&run(&program, "reconcile", "a").await), "started");
    assert_eq!(ended(&app, "reconcile").await, SlotState::Done);
    bench.clock.advance(Duration::minutes(1));
    let again = run(&program, "reconcile", "a").await;
    assert_eq!((outcome(&again), again.header("idempotency-replayed")), ("started", "true"));
    assert_eq!(app.store.slots("reconcile", 10).await.unwrap().len(), 1);
    // Somebody else is at it.
    app.store.plan_job("backup", "by hand").await.unwrap();
    let wait = std::time::Duration::from_secs(600);
    let claim = SlotClaim { job: "backup", slot: app.clock.now(), woken_by: WokenBy::Alarm, missed: 0, lease: wait };
    app.store.claim_slot(&claim).await.unwrap();
    bench.clock.advance(Duration::seconds(1));
    assert_eq!(outcome(&run(&program, "backup", "b").await), "busy");
    for job in ["retention", "digest", "x"] {
        assert_eq!(run(&program, job, "c").await.status, 400, "{job}");
    }
    let auditor = Program::of(&house, "audit", &[Role::Auditor], &[]).await;
    assert_eq!(run(&auditor, "sync", "a").await.status, 403);
    let text = token(&app, "lihat", &[Role::Sysadmin], &[], Some(&[Right::SeeOperations])).await;
    assert_eq!(run(&Program::with(&house, &text).await, "sync", "a").await.status, 403, "the scope of the token");
    let started: Vec<_> = house.log().await.into_iter().filter(|line| line.0 == "job_started").map(|line| line.2).collect();
    assert_eq!(started, ["reconcile", "backup"]);
    house.close().await;
}

async fn what_is_held_is_decided_about_once(bench: Bench) {
    let app = ministry(&bench, "nip-blank@report").await;
    pulled(&app).await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "prog", &ALL, &[]).await;
    let held = program.get(HELD).await;
    assert_eq!(held.rows().len(), 2, "{}", held.answer.body);
    assert!(held.rows().iter().all(|row| row["count"].as_u64().is_some_and(|count| count > 0) && row["decision"].is_null()));
    let decide = async |key: &str, kind: &str, decision: &str| {
        let row = held.rows().iter().find(|row| row["kind"] == kind).unwrap();
        let body = json!({"kind": kind, "part": row["part"], "held_at": row["held_at"], "decision": decision});
        post(&program, HELD, key, &body).await
    };
    assert_eq!(outcome(&decide("a", "skp", "refuse").await), "refused");
    assert_eq!(outcome(&decide("b", "skp", "accept").await), "decided", "it has been decided");
    bench.clock.advance(Duration::minutes(1));
    assert_eq!(outcome(&decide("c", "evaluation", "accept").await), "accepted");
    assert_eq!(ended(&app, "sync").await, SlotState::Done);
    let taken = app.store.received().await.unwrap();
    assert!(taken.contains_key(&Kind::Evaluation) && !taken.contains_key(&Kind::Skp), "{taken:?}");
    let left = program.get(HELD).await;
    let told: Vec<_> = left.rows().iter().map(|row| (row["kind"].as_str(), row["decision"].as_str(), row["decided_by"].as_str())).collect();
    assert_eq!(told, [(Some("skp"), Some("refuse"), Some("prog"))]);
    let log: Vec<_> = house.log().await.into_iter().filter(|line| line.0.starts_with("held_")).collect();
    assert_eq!(
        log.iter().map(|line| (line.0.as_str(), line.1.as_str())).collect::<Vec<_>>(),
        [("held_refused", "prog"), ("held_accepted", "prog")]
    );
    for wrong in [json!({}), json!({"kind": "x", "part": "", "held_at": "2026-11-01T00:00:00Z", "decision": "accept"})] {
        assert_eq!(post(&program, HELD, "d", &wrong).await.kind(), "body", "{wrong}");
    }
    house.close().await;
}

async fn what_was_set_aside_is_asked_again(bench: Bench) {
    let app = ministry(&bench, "not-nothing-object@siasn").await;
    pulled(&app).await;
    let counts = app.store.set_aside_since(app.clock.now() - held::LOOK_BACK).await.unwrap();
    let reason = counts.iter().find(|row| row.kind == Kind::Identity).unwrap().reason.key();
    let house = House::open(&app).await;
    let program = Program::of(&house, "prog", &ALL, &[]).await;
    bench.clock.advance(Duration::minutes(1));
    let retries = "/api/v1/operations/quarantine/retries";
    assert_eq!(outcome(&post(&program, retries, "a", &json!({"kind": "identity", "reason": "too_large"})).await), "nothing");
    assert_eq!(outcome(&post(&program, retries, "b", &json!({"kind": "identity", "reason": reason})).await), "started");
    assert_eq!(ended(&app, "sync").await, SlotState::Done);
    let seen = program.get("/api/v1/operations/pulls").await;
    assert_eq!(seen.rows().len(), 2, "{}", seen.answer.body);
    assert_eq!(post(&program, retries, "c", &json!({"kind": "identity", "reason": "x"})).await.kind(), "body");
    let state = program.get("/api/v1/operations").await.json;
    assert!(state["tokens"].as_array().is_some_and(|tokens| !tokens.is_empty()), "{state}");
    assert!(state["pace"].as_array().unwrap().iter().any(|pace| pace["breaker"]["state"] == "closed"), "{state}");
    house.close().await;
}

async fn views_belong_to_their_account(bench: Bench) {
    let app = ministry(&bench, "none").await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "prog", &ALL, &[]).await;
    let new = |name: &str, filters: Value| json!({"room": "keuangan", "name": name, "filters": filters});
    let kept = post(&program, "/api/v1/views", "a", &new("tertahan", json!({"putusan": "tertahan"}))).await;
    assert_eq!(kept.status, 200, "{}", kept.answer.body);
    let id = kept.json["view"].as_str().unwrap().to_owned();
    let replaced = post(&program, "/api/v1/views", "b", &new("tertahan", json!({"putusan": "layak"}))).await;
    assert_eq!((replaced.json["view"].as_str(), &replaced.json["filters"]), (Some(id.as_str()), &json!({"putusan": "layak"})));
    let mut browser = house.signed_in("prog").await;
    assert!(browser.get("/keuangan?periode=2026-10").await.status == 200);
    for wrong in [
        new("x", json!({"putusan": "lunas"})),
        new("x", json!({"halaman": "1"})),
        new("x", json!({"cari": "198501012010011901"})),
        new("", json!({})),
        json!({"room": "x", "name": "x", "filters": {}}),
    ] {
        assert_eq!(post(&program, "/api/v1/views", "c", &wrong).await.kind(), "body", "{wrong}");
    }
    let named = post(&program, &format!("/api/v1/views/{id}/name"), "d", &json!({"name": "siap"})).await;
    assert_eq!(named.json["name"], "siap", "{}", named.answer.body);
    assert_eq!(program.get("/api/v1/views").await.rows().len(), 1);
    // Nobody else sees, names or deletes it.
    let other = Program::of(&house, "lain", &[Role::Keuangan], &[]).await;
    assert!(other.get("/api/v1/views").await.rows().is_empty());
    assert_eq!(post(&other, &format!("/api/v1/views/{id}/name"), "a", &json!({"name": "x"})).await.status, 404);
    let delete = format!("/api/v1/views/{id}/deletion");
    assert_eq!(other.ask("POST", &delete, &[("Idempotency-Key", "b")], b"").await.status, 404);
    assert_eq!(program.ask("POST", &delete, &[("Idempotency-Key", "e")], b"").await.json, json!({"deleted": true}));
    assert_eq!(program.ask("POST", &delete, &[("Idempotency-Key", "e")], b"").await.header("idempotency-replayed"), "true");
    assert_eq!(program.ask("POST", &delete, &[("Idempotency-Key", "f")], b"").await.status, 404);
    assert!(program.get("/api/v1/views").await.rows().is_empty());
    let log = house.log().await;
    assert_eq!(["view_saved", "view_renamed", "view_deleted"].map(|what| log.iter().filter(|line| line.0 == what).count()), [2, 1, 1]);
    house.close().await;
}

async fn the_log_is_asked_by_who_and_what(bench: Bench) {
    let app = ministry(&bench, "none").await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "prog", &ALL, &[]).await;
    assert_eq!(outcome(&run(&program, "inbox", "a").await), "started");
    assert_eq!(ended(&app, "inbox").await, SlotState::Done);
    let found = program.every("/api/v1/audit?action=job_started&account=prog&from=2026-11-01&until=2026-11-02").await;
    assert_eq!(found.iter().map(|line| line["subject"].as_str().unwrap()).collect::<Vec<_>>(), ["inbox"]);
    let made = program.every("/api/v1/audit?action=account_added&limit=1").await;
    assert_eq!(made.len(), 3, "page by page: {made:?}");
    for none in ["account=tidak-ada", "until=2026-10-31", "from=2026-11-03", "action=forged"] {
        assert!(program.every(&format!("/api/v1/audit?{none}")).await.is_empty(), "{none}");
    }
    for wrong in ["action=x", "from=kemarin", "until=2026-13-01"] {
        assert_eq!(program.get(&format!("/api/v1/audit?{wrong}")).await.status, 400, "{wrong}");
    }
    house.close().await;
}
