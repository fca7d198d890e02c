//! Cursors, filters and tags.

use super::{ALL, Program};
use crate::web::visitor::House;
use selaras::app::demo::Stage;
use selaras::domain::{Code, Period};
use serde_json::Value;
use std::collections::BTreeSet;

on_both_stores!(a_cursor_is_of_one_list_and_one_run, filters_narrow_as_they_say, a_tag_holds_until_something_changes);

const PERIOD: &str = "/api/v1/periods/2026-10";

async fn a_cursor_is_of_one_list_and_one_run(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    for list in ["verdicts", "findings", "causes", "completeness"] {
        let path = format!("{PERIOD}/{list}");
        let first = program.get(&format!("{path}?limit=2")).await;
        let next = first.json["next"].as_str().unwrap_or_else(|| panic!("{list} has one page")).to_owned();
        assert!(!next.contains('/') && !next.contains('+') && !next.contains('='), "{next}");
        assert_eq!(program.get(&format!("{path}?cursor={next}&limit=2")).await.status, 200, "{list}");
        let filter = if list == "completeness" { "kind=skp" } else { "code=AB05" };
        let other = program.get(&format!("{path}?{filter}&cursor={next}")).await;
        assert_eq!((other.status, other.kind()), (400, "cursor"), "{list}");
        let elsewhere = if list == "verdicts" { "findings" } else { "verdicts" };
        assert_eq!(program.get(&format!("{PERIOD}/{elsewhere}?cursor={next}")).await.kind(), "cursor");
        for forged in ["x", "AAAA", &"A".repeat(300), "%00", "%F0%9F%98%80"] {
            assert_eq!(program.get(&format!("{path}?cursor={forged}")).await.status, 400, "{list} {forged}");
        }
        stage.reconcile(&mut |_| {}).await.unwrap();
        let stale = program.get(&format!("{path}?cursor={next}&limit=2")).await;
        assert_eq!((stale.status, stale.kind()), (409, "other-run"), "{list}");
        assert!(stale.json["detail"].as_str().unwrap().contains("begin again"), "{}", stale.json);
    }
    for list in ["/api/v1/audit", "/api/v1/periods"] {
        let wanted = program.get(&format!("{list}?limit=500")).await.rows().len();
        assert!(program.every(&format!("{list}?limit=1")).await.len() >= wanted, "{list}");
    }
    house.close().await;
}

async fn filters_narrow_as_they_say(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let all = program.every(&format!("{PERIOD}/findings?limit=500")).await;
    let nips = |rows: &[Value]| rows.iter().map(|row| row["nip"].to_string()).collect::<BTreeSet<_>>();
    for code in [Code::Am01, Code::Ab05, Code::Pr01] {
        let wanted: Vec<&Value> = all.iter().filter(|row| row["code"] == code.code()).collect();
        assert!(!wanted.is_empty(), "{code}");
        let found = program.every(&format!("{PERIOD}/findings?code={code}")).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{code}");
        let people = program.every(&format!("{PERIOD}/verdicts?code={code}")).await;
        assert_eq!(nips(&people), nips(&found), "{code}");
    }
    for (name, key) in [("severity", "severity"), ("owner", "owner"), ("status", "status")] {
        for value in all.iter().map(|row| row[key].as_str().unwrap()).collect::<BTreeSet<_>>() {
            let found = program.every(&format!("{PERIOD}/findings?{name}={value}")).await;
            assert_eq!(found.len(), all.iter().filter(|row| row[key] == *value).count(), "{name} {value}");
        }
    }
    assert!(program.every(&format!("{PERIOD}/findings?status=resolved")).await.is_empty());
    let people = program.every(&format!("{PERIOD}/verdicts")).await;
    let one = people.iter().find(|row| row["unit"].is_string() && row["name"].is_string()).unwrap();
    let unit = one["unit"].as_str().unwrap();
    let of_unit = |rows: &[Value]| rows.iter().filter(|row| row["unit"] == *unit).count();
    assert_eq!(program.every(&format!("{PERIOD}/verdicts?unit={unit}")).await.len(), of_unit(&people));
    let nip = one["nip"].as_str().unwrap();
    assert_eq!(program.every(&format!("{PERIOD}/verdicts?search={nip}")).await.len(), 1);
    let gaps = program.every(&format!("{PERIOD}/completeness?limit=500")).await;
    for state in gaps.iter().map(|row| row["state"].as_str().unwrap()).collect::<BTreeSet<_>>() {
        let found = program.every(&format!("{PERIOD}/completeness?state={state}&limit=500")).await;
        assert_eq!(found.len(), gaps.iter().filter(|row| row["state"] == *state).count(), "{state}");
    }
    let causes = program.every(&format!("{PERIOD}/causes?limit=5")).await;
    let findings: u64 = causes.iter().filter_map(|row| row["findings"].as_u64()).sum();
    assert_eq!(findings as usize, all.iter().filter(|row| !row["nip"].is_null()).count(), "each finding of a person has its cause");
    assert!(causes.is_sorted_by_key(|row| -row["rupiah_at_risk"].as_i64().unwrap()));
    house.close().await;
}

async fn a_tag_holds_until_something_changes(stage: Stage) {
    let house = House::open(&stage.app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let narrow = Program::of(&house, "sdm", &[selaras::domain::access::Role::Sdm], &[]).await;
    let path = format!("{PERIOD}/verdicts?limit=5");
    let first = program.get(&path).await;
    let tag = first.header("etag").to_owned();
    let if_none = async |program: &Program<'_>, path: String, tag: String| {
        house.browser().send("GET", &path, &[("Authorization", &program.bearer), ("If-None-Match", &tag)], "").await
    };
    let same = if_none(&program, path.clone(), format!("\"x\", W/{tag}")).await;
    assert_eq!((same.status, same.body.as_str(), same.header("etag")), (304, "", tag.as_str()));
    assert_eq!(if_none(&program, path.clone(), "\"x\"".to_owned()).await.status, 200);
    assert_eq!(if_none(&program, format!("{path}&order=name"), tag.clone()).await.status, 200, "another question");
    assert_eq!(if_none(&narrow, path.clone(), tag.clone()).await.status, 200, "other rights");
    stage.reconcile(&mut |_| {}).await.unwrap();
    let changed = if_none(&program, path, tag.clone()).await;
    assert!(changed.status == 200 && changed.header("etag") != tag, "another run");
    let period: Period = "2026-10".parse().unwrap();
    let run = stage.app.store.shown_run(period).await.unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&changed.body).unwrap()["run"], *run.id);
    house.close().await;
}
