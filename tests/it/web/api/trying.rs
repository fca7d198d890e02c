//! Policies held against each other, and what another one would have changed, through the API.

use super::{ALL, Got, Program};
use crate::web::policies::changed;
use crate::web::visitor::House;
use selaras::app::demo::Stage;
use selaras::domain::access::Role;
use serde_json::{Value, json};

on_both_stores!(two_policies_are_compared, another_policy_is_tried_on_past_months);

const BYTES: (&str, &str) = ("Content-Type", "application/octet-stream");

async fn send(program: &Program<'_>, path: &str, key: &str, body: &str) -> Got {
    program.ask("POST", path, &[BYTES, ("Idempotency-Key", key)], body.as_bytes()).await
}

async fn id(program: &Program<'_>) -> String {
    program.get("/api/v1/periods/2026-10/policy").await.json["id"].as_str().unwrap().to_owned()
}

async fn two_policies_are_compared(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let id = id(&program).await;
    assert!(program.get("/api/v1/policies").await.rows().iter().any(|row| row["id"] == *id));
    let same = program.get(&format!("/api/v1/policies/comparison?left={id}&right={id}")).await;
    assert_eq!((same.status, &same.json["differences"]), (200, &json!([])));
    let path = format!("/api/v1/policies/comparison?left={id}");
    let sent = send(&program, &path, "a", &changed()).await;
    assert_eq!((sent.status, sent.json["right"]["id"].as_str()), (200, Some("calon-2027")), "{}", sent.answer.body);
    let differences = sent.json["differences"].as_array().unwrap();
    assert!(differences.iter().any(|one| one["key"] == "id" && one["right"]["value"] == "calon-2027"), "{differences:?}");
    for (path, status, kind) in [
        ("/api/v1/policies/comparison?left=x&right=x", 404, "not-found"),
        ("/api/v1/policies/comparison", 400, "parameter"),
        (path.as_str(), 400, "parameter"),
    ] {
        let got = program.get(path).await;
        assert_eq!((got.status, got.kind()), (status, kind), "{path}");
    }
    let wrong = send(&program, &path, "b", "ini bukan toml").await;
    assert_eq!((wrong.status, wrong.kind()), (422, "file"), "{}", wrong.answer.body);
    assert_eq!(send(&program, &path, "c", &"#".repeat((512 << 10) + 1)).await.kind(), "too-large");
    house.close().await;
}

async fn done(program: &Program<'_>, what_if: &str) -> Value {
    for _ in 0..60 {
        let got = program.get(&format!("/api/v1/what-ifs/{what_if}")).await;
        assert_eq!(got.status, 200, "{}", got.answer.body);
        if got.json["state"] == "done" {
            return got.json["result"].clone();
        }
    }
    panic!("it does not end");
}

async fn another_policy_is_tried_on_past_months(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let path = "/api/v1/what-ifs?from=2026-10&to=2026-10";
    let begun = send(&program, path, "a", &changed()).await;
    assert_eq!(begun.status, 200, "{}", begun.answer.body);
    let what_if = begun.json["what_if"].as_str().unwrap().to_owned();
    let result = done(&program, &what_if).await;
    let (before, after) = (&result["periods"][0]["before"], &result["periods"][0]["after"]);
    assert_eq!((result["policy"]["id"].as_str(), before["policy"]["id"] == after["policy"]["id"]), (Some("calon-2027"), false));
    let figures = program.get("/api/v1/periods/2026-10/figures").await.json;
    assert_eq!(before["totals"], figures["totals"], "the one side is what was reconciled");
    let moved = result["periods"][0]["moved"].as_u64().unwrap();
    let rows = result["rows"].as_array().unwrap();
    assert!(moved > 0 && rows.len() == moved.min(20) as usize, "{moved} {}", rows.len());
    // The policy in force moves nobody.
    let id = id(&program).await;
    let same = program.ask("POST", &format!("{path}&policy={id}"), &[("Idempotency-Key", "b")], b"").await;
    assert_eq!(done(&program, same.json["what_if"].as_str().unwrap()).await["periods"][0]["moved"], 0);
    // It is whoever's asked; who sees no people is shown sums alone, and who may not see NIPs none.
    let admin = Program::of(&house, "sys", &[Role::Sysadmin], &[]).await;
    assert_eq!(admin.get(&format!("/api/v1/what-ifs/{what_if}")).await.status, 404);
    let sums = send(&admin, path, "a", &changed()).await;
    let sums = done(&admin, sums.json["what_if"].as_str().unwrap()).await;
    assert_eq!((&sums["rows"], &sums["periods"][0]["moved"]), (&json!([]), &json!(moved)));
    let auditor = Program::of(&house, "audit", &[Role::Auditor], &[]).await;
    let veiled = send(&auditor, path, "a", &changed()).await;
    let veiled = done(&auditor, veiled.json["what_if"].as_str().unwrap()).await;
    assert!(veiled["rows"].as_array().unwrap().iter().all(|row| row["nip"].as_str().unwrap().contains('*')), "{veiled}");
    for (query, status) in [("", 400), ("?from=2026-10", 400), ("?from=2026-11&to=2026-10", 400), ("?from=2020-01&to=2026-10", 400)] {
        assert_eq!(send(&program, &format!("/api/v1/what-ifs{query}"), "c", "").await.status, status, "{query}");
    }
    assert_eq!(program.ask("POST", &format!("{path}&policy=x"), &[("Idempotency-Key", "d")], b"").await.status, 404);
    assert_eq!(program.ask("POST", path, &[("Idempotency-Key", "d")], b"").await.kind(), "media-type");
    // A month without evidence is refused by a sentence, once it has been looked at.
    let none = send(&program, "/api/v1/what-ifs?from=2026-01&to=2026-01", "e", &changed()).await;
    let none = program.get(&format!("/api/v1/what-ifs/{}", none.json["what_if"].as_str().unwrap())).await;
    assert!(matches!(none.status, 404 | 409 | 422) && !none.kind().is_empty(), "{} {}", none.status, none.answer.body);
    house.close().await;
}
