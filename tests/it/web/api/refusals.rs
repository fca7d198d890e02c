//! What is refused, and how: always as `application/problem+json`, with a type that stays.

use super::{ALL, Program};
use crate::support::{Bench, on_both_engines};
use crate::web::visitor::{Answer, House, office};
use selaras::domain::access::Role;
use serde_json::Value;

on_both_engines![refusals_are_problems];

fn problem(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{} {}", answer.status, answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem["status"], answer.status);
    assert!(problem["type"].as_str().unwrap().starts_with("/api#"), "{problem}");
    assert!(!problem["title"].as_str().unwrap().is_empty() && !problem["detail"].as_str().unwrap().is_empty(), "{problem}");
    problem
}

async fn refusals_are_problems(bench: Bench) {
    let app = office(&bench).await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let finance = Program::of(&house, "sri", &[Role::Keuangan], &[]).await;
    let ask = async |program: &Program<'_>, method: &str, path: &str, language: &str| {
        house.browser().send(method, path, &[("Authorization", &program.bearer), ("Accept-Language", language)], "").await
    };
    let p = "/api/v1/periods/2026-10";
    for (method, path, status, kind) in [
        ("GET", "/api/v1/tidak-ada".to_owned(), 404, "not-found"),
        ("GET", "/api/".to_owned(), 404, "not-found"),
        ("DELETE", "/api/v1/me".to_owned(), 405, "method"),
        ("POST", format!("{p}/verdicts"), 405, "method"),
        ("OPTIONS", "/api/v1/me".to_owned(), 405, "method"),
        ("GET", format!("{p}/payment-checks"), 405, "method"),
        ("GET", "/api/v1/periods/2026-13".to_owned(), 400, "parameter"),
        ("GET", "/api/v1/periods/%FF/verdicts".to_owned(), 400, "parameter"),
        ("GET", "/api/v1/periods/2026-09".to_owned(), 404, "no-run"),
        ("GET", "/api/v1/periods/2026-09/verdicts".to_owned(), 404, "no-run"),
        ("GET", "/api/v1/periods/2024-01/policy".to_owned(), 409, "policy"),
        ("GET", format!("{p}/verdicts?verdit=layak"), 400, "parameter"),
        ("GET", format!("{p}/verdicts?verdict=lunas"), 400, "parameter"),
        ("GET", format!("{p}/verdicts?limit=0"), 400, "parameter"),
        ("GET", format!("{p}/verdicts?limit=501"), 400, "parameter"),
        ("GET", format!("{p}/verdicts?limit=5&limit=6"), 400, "parameter"),
        ("GET", format!("{p}/verdicts?search="), 400, "parameter"),
        ("GET", format!("{p}/verdicts?search=%00"), 400, "parameter"),
        ("GET", format!("{p}/verdicts/123"), 400, "parameter"),
        ("GET", format!("{p}/verdicts/~0123456789abcdef"), 404, "not-found"),
        ("GET", format!("{p}/documents/gaji.xlsx"), 404, "not-found"),
        ("GET", "/api/v1/operations/pulls/x".to_owned(), 404, "not-found"),
        ("GET", "/api/v1/me?x=1".to_owned(), 400, "parameter"),
    ] {
        let answer = ask(&program, method, &path, "en").await;
        assert_eq!(answer.status, status, "{method} {path} {}", answer.body);
        assert_eq!(problem(&answer)["type"], format!("/api#{kind}"), "{method} {path}");
    }
    let allowed = ask(&program, "DELETE", "/api/v1/me", "").await;
    assert!(allowed.header("allow").contains("GET"), "{}", allowed.head);
    let near = problem(&ask(&program, "GET", &format!("{p}/verdicts?verdit=layak"), "en").await);
    assert!(near["detail"].as_str().unwrap().contains("did you mean 'verdict'"), "{near}");
    let in_indonesian = problem(&ask(&program, "GET", &format!("{p}/verdicts?verdit=layak"), "id-ID,en;q=0.5").await);
    assert!(in_indonesian["detail"].as_str().unwrap().contains("maksudnya 'verdict'"), "{in_indonesian}");
    assert_eq!(in_indonesian["type"], near["type"]);
    for path in ["/api/v1/operations", "/api/v1/audit"] {
        let answer = ask(&finance, "GET", path, "en").await;
        assert_eq!((answer.status, problem(&answer)["type"].as_str().unwrap()), (403, "/api#forbidden"), "{path}");
    }
    let nobody = house.browser().get("/api/v1/me").await;
    assert_eq!((nobody.status, problem(&nobody)["type"].as_str().unwrap()), (401, "/api#unauthenticated"));
    // Data says the same in every language.
    let (one, other) =
        (ask(&program, "GET", &format!("{p}/verdicts"), "id").await, ask(&program, "GET", &format!("{p}/verdicts"), "en").await);
    assert_eq!((one.status, one.body), (200, other.body));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_asks_too_fast_is_told_when_to_come_again() {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let other = Program::of(&house, "lain", &ALL, &[]).await;
    let mut refused = None;
    for _ in 0..20 {
        let many = (0..200).map(|_| async { house.browser().send("GET", "/api/v1/me", &[("Authorization", &program.bearer)], "").await });
        let answers = futures_util::future::join_all(many).await;
        refused = answers.into_iter().find(|answer| answer.status != 200);
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!((refused.status, problem(&refused)["type"].as_str().unwrap()), (429, "/api#too-often"));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(other.get("/api/v1/me").await.status, 200, "another token has its own");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_the_api_names_every_request_and_every_refusal() {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let mut browser = house.signed_in("semua").await;
    for language in ["id", "en"] {
        let page = browser.get(&format!("/api?bahasa={language}")).await;
        assert_eq!(page.status, 200);
        for (path, of) in program.document["paths"].as_object().unwrap() {
            for (method, described) in of.as_object().unwrap() {
                assert!(page.body.contains(&format!("{} {path}", method.to_uppercase())), "{method} {path}");
                assert!(page.body.contains(&format!("id=\"{}\"", described["operationId"].as_str().unwrap())), "{path}");
            }
        }
        for kind in program.document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"].as_array().unwrap() {
            assert!(page.body.contains(&format!("id=\"{}\"", kind.as_str().unwrap().trim_start_matches("/api#"))), "{kind}");
        }
        assert!(!page.body.contains("<script"));
    }
    assert_eq!(program.document["openapi"], "3.1.0");
    house.close().await;
}
