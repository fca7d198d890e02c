//! A sysadmin's day in a real Chromium: signs in, sees on Sinkronisasi what is stale and what has failed, decides about
//! an answer that is held, asks again what was set aside, starts a job, makes an account and a token, reads the audit log
//! (the roles are `sysadmin` and `auditor`), signs out.

use super::hand::{Hand, Way, in_every_way, walk};
use super::operations::{ended, ministry_with, pulled};
use super::visitor::{House, PASSWORD, user};
use crate::support::Bench;
use chrono::Duration;
use selaras::domain::access::Role;
use selaras::domain::evidence::Kind;
use selaras::store::SlotState;

in_every_way!(a_day);

/// From the sign-in page to jobs that run.
fn sees_to_the_data(hand: &mut Hand) {
    hand.sign_in("dewi", "/sinkronisasi");
    // What is stale, what has failed, what waits.
    for said in ["Yang perlu dilakukan", "Menunggu keputusan", "kedaluwarsa", "Yang gagal, menurut sebabnya", "Karantina"] {
        hand.shows(said);
    }
    assert!(hand.count("#langkah ~ .todo li") >= 2, "each thing to do is a line of its own");
    // Decides.
    let waiting = hand.count("button[value=tolak]");
    hand.follow("button[value=tolak]");
    hand.shows("Ditolak. Data yang lama tetap berlaku.");
    hand.shows("Ditolak oleh");
    assert_eq!(hand.count("button[value=tolak]"), waiting - 1);
    // Asks again, and reconciles.
    hand.follow("form[action^='/sinkronisasi/ulangi'] button");
    hand.shows("Dimulai.");
    hand.follow("form:has(input[value=reconcile]) button");
    hand.shows("Dimulai.");
}

/// An account with its token, the log, and home. Gives the token.
fn sees_to_the_accounts(hand: &mut Hand) -> String {
    hand.follow("nav a[href^='/akun']");
    hand.write("#akun", "dasbor");
    hand.tick("input[name=peran][value=sdm]");
    hand.write("#sandi", PASSWORD);
    hand.follow("main form button[type=submit]");
    assert_eq!(hand.place(), "/akun/dasbor?hasil=dibuat");
    hand.shows("Akun dibuat.");
    hand.write("#untuk", "dasbor pimpinan");
    hand.tick("input[name=hak][value=see_people]");
    hand.follow("form:has(#untuk) button");
    hand.shows("hanya ditampilkan sekali");
    let token = hand.page.say("document.querySelector('#token-baru').innerText");
    // Reads what was done, and that nobody has touched the log.
    hand.follow("nav a[href^='/audit']");
    for said in ["jawaban tertahan ditolak", "karantina ditanyakan lagi", "pekerjaan dijalankan", "akun dibuat", "token dibuat"] {
        hand.shows(said);
    }
    hand.follow("a[href*='periksa=ya']");
    hand.shows("utuh, berurutan");
    hand.sign_out("/akun");
    token
}

async fn a_day(way: Way) {
    let bench = Bench::sqlite().await;
    let mut app = ministry_with(&bench, ["nip-blank@report", "not-nothing-object@siasn"]).await;
    app.config.evidence.max_age.insert(Kind::Roster, "7d".parse().unwrap());
    user(&app, "dewi", &[Role::Sysadmin, Role::Auditor], &[]).await;
    pulled(&app).await;
    bench.clock.advance(Duration::days(20));
    let house = House::open(&app).await;
    let (tell, told) = std::sync::mpsc::channel();
    walk(&house.address, way, move |hand| {
        sees_to_the_data(hand);
        tell.send(sees_to_the_accounts(hand)).unwrap();
    })
    .await;
    assert_eq!(ended(&app, "sync").await, SlotState::Done);
    assert_eq!(ended(&app, "reconcile").await, SlotState::Done);
    // The token opens what it was made for, and no more.
    let bearer = format!("Bearer {}", told.recv().unwrap());
    let mut program = house.browser();
    for (path, status) in [("/api/v1/me", 200), ("/api/v1/periods", 200), ("/api/v1/operations", 403)] {
        assert_eq!(program.send("GET", path, &[("Authorization", &bearer)], "").await.status, status, "{path}");
    }
    let log = house.log().await;
    let did = |action: &str| log.iter().filter(|(known, who, ..)| known == action && who == "dewi").count();
    for action in ["sign_in", "held_refused", "asked_again", "job_started", "account_added", "token_added", "sign_out"] {
        assert_eq!(did(action), 1, "{action}");
    }
    house.close().await;
}
