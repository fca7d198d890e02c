//! What is done once, and a payment file that is judged.

use super::{ALL, Got, Program, token};
use crate::support::{Bench, on_both_engines};
use crate::web::visitor::{BUDI, House, office};
use chrono::Duration;
use selaras::app::access::sha256;
use selaras::domain::access::{Right, Role};
use selaras::store::{Begun, KeptAnswer};

on_both_engines![
    a_repeated_request_is_done_once,
    a_key_is_taken_by_one_and_given_back_when_nothing_was_done,
    a_payment_file_is_judged_as_on_the_page,
];

const CHECK: &str = "/api/v1/periods/2026-10/payment-checks";
const BYTES: (&str, &str) = ("Content-Type", "application/octet-stream");

/// A payment file of one row for work month 2026-10, as tab text.
fn adk(net: i64) -> Vec<u8> {
    let cells = format!("123456\t11\t2026\t{BUDI}\tBUDI\tSK/1\t08\t{net}\t0\t{net}\t002\tBRI\t0123456789\tBUDI");
    format!("{cells}\t10\t2026\t10\t2026\t1\t\t\r\n").into_bytes()
}

async fn send(program: &Program<'_>, key: &str, body: &[u8]) -> Got {
    program.ask("POST", CHECK, &[BYTES, ("Idempotency-Key", key)], body).await
}

async fn a_repeated_request_is_done_once(bench: Bench) {
    let app = office(&bench).await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let first = send(&program, "k1", b"bukan berkas").await;
    assert_eq!((first.status, first.kind()), (422, "file"), "{}", first.answer.body);
    let again = send(&program, "k1", b"bukan berkas").await;
    assert_eq!((again.status, &again.answer.body), (422, &first.answer.body));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    let other = send(&program, "k1", b"berkas lain").await;
    assert_eq!((other.status, other.kind()), (422, "key-reused"));
    let elsewhere = program.ask("POST", &format!("{CHECK}?name=x"), &[BYTES, ("Idempotency-Key", "k1")], b"bukan berkas").await;
    assert_eq!(elsewhere.kind(), "key-reused", "the address is part of the request");
    // Another program's keys are its own.
    let theirs = Program::of(&house, "lain", &[Role::Keuangan], &[]).await;
    assert_eq!(send(&theirs, "k1", b"berkas lain").await.header("idempotency-replayed"), "");
    let checks = async || house.log().await.iter().filter(|line| line.0 == "payment_checked").count();
    assert_eq!(checks().await, 2, "worked on once each");
    bench.clock.advance(Duration::hours(24));
    assert_eq!(send(&program, "k1", b"berkas lain").await.kind(), "file", "a day later the key is free");
    assert_eq!(checks().await, 3);
    bench.clock.advance(Duration::hours(25));
    let purged = app.store.purge(app.clock.now()).await.unwrap();
    assert_eq!(purged.answers, 2);
    for key in ["", "dua kata", &"x".repeat(256)] {
        let refused = program.ask("POST", CHECK, &[BYTES, ("Idempotency-Key", key)], b"x").await;
        assert_eq!((refused.status, refused.kind()), (400, "key-missing"), "{key}");
    }
    assert_eq!(program.ask("POST", CHECK, &[BYTES], b"x").await.kind(), "key-missing");
    house.close().await;
}

async fn a_key_is_taken_by_one_and_given_back_when_nothing_was_done(bench: Bench) {
    let app = office(&bench).await;
    let sha = sha256(&token(&app, "semua", &ALL, &[], None).await);
    let store = &bench.store;
    let asked: Vec<_> = (0..8).map(|_| store.begin_once(&sha, "k", "r")).collect();
    let taken = futures_util::future::join_all(asked).await;
    assert_eq!(taken.iter().filter(|begun| *begun.as_ref().unwrap() == Begun::Now).count(), 1);
    assert_eq!(taken.iter().filter(|begun| *begun.as_ref().unwrap() == Begun::AtWork).count(), 7);
    assert_eq!(store.begin_once(&sha, "k", "s").await.unwrap(), Begun::Other);
    store.release_once(&sha, "k").await.unwrap();
    assert_eq!(store.begin_once(&sha, "k", "s").await.unwrap(), Begun::Now);
    // Whoever took it has died.
    bench.clock.advance(Duration::minutes(11));
    assert_eq!(store.begin_once(&sha, "k", "r").await.unwrap(), Begun::Now);
    let kept = KeptAnswer { status: 200, kind: "application/json".to_owned(), body: b"{}".to_vec() };
    store.end_once(&sha, "k", &kept).await.unwrap();
    store.release_once(&sha, "k").await.unwrap();
    assert_eq!(store.begin_once(&sha, "k", "r").await.unwrap(), Begun::Done(kept), "what is done is not given back");
    // A copy of the store takes no answers along.
    let mut copy = Vec::new();
    assert!(!store.back_up(&mut copy).await.unwrap().contains_key("idempotency"));

    // Over HTTP: while the first is at work the second is told so.
    let house = House::open(&app).await;
    let text = token(&app, "lain", &[Role::Keuangan], &[], None).await;
    let program = Program::with(&house, &text).await;
    let request = "/api/v1/periods/2026-10/payment-checks";
    assert_eq!(store.begin_once(&sha256(&text), "k2", &sha256(&format!("{request}\0x"))).await.unwrap(), Begun::Now);
    let busy = send(&program, "k2", b"x").await;
    assert_eq!((busy.status, busy.kind()), (409, "at-work"));
    assert!(!busy.header("retry-after").is_empty());
    house.close().await;
}

async fn a_payment_file_is_judged_as_on_the_page(bench: Bench) {
    let app = office(&bench).await;
    let house = House::open(&app).await;
    let program = Program::of(&house, "semua", &ALL, &[]).await;
    let good = send(&program, "a", &adk(5_000_000)).await;
    assert_eq!(good.status, 200, "{}", good.answer.body);
    assert_eq!(
        (good.json["rows"].as_u64(), good.json["net"].as_i64(), good.json["good"].as_bool()),
        (Some(1), Some(5_000_000), Some(false))
    );
    assert_eq!(good.json["differences"][0]["person"], BUDI, "{}", good.json);
    let census = app.store.census().await.unwrap();
    assert_eq!(send(&program, "b", &adk(1)).await.json["net"], 1);
    assert_eq!(app.store.census().await.unwrap().batches, census.batches, "nothing of it is stored");

    let foreign = Program::of(&house, "u2", &[Role::Keuangan], &["U2"]).await;
    let theirs = send(&foreign, "a", &adk(5_000_000)).await;
    assert_eq!(theirs.json["differences"][0]["fault"], "stranger", "{}", theirs.json);

    let elsewhere = "/api/v1/periods/2026-09/payment-checks";
    let none = program.ask("POST", elsewhere, &[BYTES, ("Idempotency-Key", "c")], &adk(1)).await;
    assert_eq!((none.status, none.kind()), (404, "no-run"));
    let none = program.ask("POST", elsewhere, &[BYTES, ("Idempotency-Key", "c")], &adk(1)).await;
    assert_eq!(none.header("idempotency-replayed"), "", "it may be asked again once there is a run");

    let kind = ("Content-Type", "application/json");
    let wrong = program.ask("POST", CHECK, &[kind, ("Idempotency-Key", "d")], b"{}").await;
    assert_eq!((wrong.status, wrong.kind()), (415, "media-type"));
    let large = vec![b'x'; (64 << 20) + 1];
    let refused = program.ask("POST", CHECK, &[BYTES, ("Idempotency-Key", "e")], &large).await;
    assert_eq!((refused.status, refused.kind()), (413, "too-large"));
    let limited = token(&app, "sempit", &ALL, &[], Some(&[Right::SeePeople])).await;
    let limited = Program::with(&house, &limited).await;
    assert_eq!(send(&limited, "f", &adk(1)).await.status, 403);
    // A browser's session reads only.
    let mut browser = house.signed_in("semua").await;
    let csrf = browser.csrf().await;
    let own = format!("http://{}", house.address);
    let headers = [BYTES, ("Idempotency-Key", "g"), ("X-CSRF-Token", csrf.as_str()), ("Origin", own.as_str())];
    let by_session = browser.send("POST", CHECK, &headers, "x").await;
    assert_eq!(by_session.status, 403);
    assert!(by_session.body.contains("needs a token"), "{}", by_session.body);
    assert_eq!(browser.get("/api/v1/me").await.status, 200);
    house.close().await;
}
