//! A double click in a real Chromium acts once: with scripts the second click sends nothing, without them the server takes
//! a form once and says so.

use super::hand::{Hand, Way, walk};
use super::operations::{ended, ministry_with, pulled};
use super::visitor::{House, PASSWORD, office, user};
use crate::support::Bench;
use chrono::Duration;
use selaras::domain::access::Role;
use selaras::store::SlotState;

fn twice(hand: &mut Hand, selector: &str) {
    hand.page.go(|page| page.click_twice(selector));
}

/// Opens the page anew, until what both clicks have set off is over.
fn settled(hand: &mut Hand, path: &str) {
    std::thread::sleep(std::time::Duration::from_millis(500));
    hand.open(path);
}

fn keeps(hand: &mut Hand) {
    hand.sign_in("dewi", "/sinkronisasi");
    twice(hand, "button[value=tolak]");
    settled(hand, "/sinkronisasi");
    twice(hand, "form[action^='/sinkronisasi/ulangi'] button");
    settled(hand, "/sinkronisasi");
    twice(hand, "form:has(input[value=reconcile]) button");
    settled(hand, "/akun");
    hand.write("#akun", "dasbor");
    hand.tick("input[name=peran][value=sdm]");
    hand.write("#sandi", PASSWORD);
    twice(hand, "main form button[type=submit]");
    settled(hand, "/akun/dasbor");
    hand.write("#untuk", "dasbor pimpinan");
    hand.tick("input[name=hak][value=see_people]");
    twice(hand, "form:has(#untuk) button");
    settled(hand, "/akun/dasbor");
    assert_eq!(hand.count("#token ~ table tbody tr"), 1, "one token");
    twice(hand, "form:has(input[value=cabut]) button");
    settled(hand, "/akun/dasbor");
    hand.shows("dicabut");
    hand.sign_out("/akun");
}

async fn a_keepers_double_clicks(way: Way) {
    let bench = Bench::sqlite().await;
    let app = ministry_with(&bench, ["nip-blank@report", "not-nothing-object@siasn"]).await;
    user(&app, "dewi", &[Role::Sysadmin], &[]).await;
    pulled(&app).await;
    bench.clock.advance(Duration::minutes(1));
    let house = House::open(&app).await;
    walk(&house.address, way, keeps).await;
    for job in ["sync", "reconcile"] {
        assert_eq!(ended(&app, job).await, SlotState::Done);
        assert_eq!(app.store.slots(job, 10).await.unwrap().len(), 1, "{job}");
    }
    let log = house.log().await;
    for action in ["held_refused", "asked_again", "job_started", "account_added", "token_added", "token_revoked"] {
        assert_eq!(log.iter().filter(|(known, who, ..)| known == action && who == "dewi").count(), 1, "{action}");
    }
    house.close().await;
}

fn works(hand: &mut Hand) {
    hand.sign_in("sri", "/sdm");
    hand.follow("table a[href^='/sdm/kelompok']");
    let group = hand.place();
    hand.tick("input[name=semua]");
    hand.pick("laku", "tugaskan");
    hand.choose("select[name=petugas]", "sri");
    twice(hand, "main form button[type=submit]");
    settled(hand, &group);
    hand.follow("a[href^='/sdm/kasus/']");
    let case = hand.place();
    hand.write("textarea[name=komentar]", "sudah ditelepon");
    twice(hand, "button[value=komentar]");
    settled(hand, &case);
    hand.write("textarea[name=alasan]", "Surat menyusul");
    hand.write("input[name=dokumen]", "ND-12/2026");
    hand.write_day("input[name=sampai]", "12122026", "2026-12-12");
    twice(hand, "button[value=minta]");
    settled(hand, &case);
    hand.shows("Pengesampingan menunggu persetujuan");
    assert_eq!(hand.page.say("document.querySelector('#riwayat ~ table tbody').innerText.split('sudah ditelepon').length"), "2", "once");
    hand.sign_out("/sdm");
}

async fn an_officers_double_clicks(way: Way) {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Sdm], &[]).await;
    let house = House::open(&app).await;
    walk(&house.address, way, works).await;
    let log = house.log().await;
    for action in ["case_commented", "waiver_asked"] {
        assert_eq!(log.iter().filter(|(known, ..)| known == action).count(), 1, "{action}");
    }
    let assigned: Vec<_> = log.iter().filter(|(known, ..)| known == "case_assigned").map(|(.., subject, _)| subject).collect();
    let once: std::collections::BTreeSet<_> = assigned.iter().collect();
    assert!(!assigned.is_empty() && assigned.len() == once.len(), "{assigned:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keepers_double_click_acts_once() {
    a_keepers_double_clicks(Way::Mouse).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keepers_double_click_acts_once_without_scripts() {
    a_keepers_double_clicks(Way::WithoutScripts).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officers_double_click_acts_once() {
    an_officers_double_clicks(Way::Mouse).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officers_double_click_acts_once_without_scripts() {
    an_officers_double_clicks(Way::WithoutScripts).await;
}
