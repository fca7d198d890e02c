//! A session that ends while somebody works, in a real Chromium: whoever was reading comes back to where they were going;
//! what was typed into a form is not done behind their back, and the form is the page that they come back to.

use super::hand::{Hand, Way, walk};
use super::visitor::{House, office, user};
use crate::support::Bench;
use chrono::Duration;
use selaras::clock::ManualClock;
use selaras::domain::access::Role;

/// Longer than a session is idle.
fn time_passes(clock: &ManualClock) {
    clock.advance(Duration::hours(1));
}

fn works(hand: &mut Hand, clock: &ManualClock) {
    hand.sign_in("sri", "/sdm");
    // Reading: the link that was followed, with its filters, is where one comes to.
    time_passes(clock);
    hand.follow("table a[href^='/sdm/kelompok']");
    assert_eq!(hand.page.say("location.pathname"), "/masuk");
    hand.give_name("sri");
    assert!(hand.place().starts_with("/sdm/kelompok?") && hand.place().contains("kode="), "{}", hand.place());
    // Writing: nothing is kept, and one comes back to the form.
    hand.follow("a[href^='/sdm/kasus/']");
    let case = hand.place();
    hand.write("textarea[name=komentar]", "ditulis sesudah sesi berakhir");
    time_passes(clock);
    hand.follow("button[value=komentar]");
    hand.shows("Sesi Anda sudah berakhir, jadi isian tadi tidak disimpan.");
    hand.give_name("sri");
    assert_eq!(hand.place(), case);
    hand.shows("Belum ada yang dilakukan.");
    // Sent again, it is done.
    hand.write("textarea[name=komentar]", "ditulis lagi");
    hand.follow("button[value=komentar]");
    hand.shows("ditulis lagi");
    // In the other language one stays in it.
    hand.follow("a.tongue");
    time_passes(clock);
    hand.follow("button[value=batas]");
    hand.shows("Your session had ended");
    hand.give_name("sri");
    assert!(hand.place().contains("bahasa=en"), "{}", hand.place());
}

async fn a_session_ends(way: Way) {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Sdm], &[]).await;
    let house = House::open(&app).await;
    let clock = bench.clock.clone();
    walk(&house.address, way, move |hand| works(hand, &clock)).await;
    let comments = house.log().await.into_iter().filter(|(action, ..)| action == "case_commented").count();
    assert_eq!(comments, 1, "only what was sent within a session");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_returns_to_where_one_was() {
    a_session_ends(Way::Mouse).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_returns_to_where_one_was_without_scripts() {
    a_session_ends(Way::WithoutScripts).await;
}
