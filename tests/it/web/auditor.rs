//! An auditor's day in a real Chromium: reads the figures, a person, a case, the data's state, the policy and the log, with
//! NIPs covered; finds nothing that could be changed or taken away; signs out.

use super::hand::{Hand, Way, in_every_way, walk};
use super::stage;
use super::visitor::{House, user};
use selaras::domain::access::Role;

in_every_way!(a_day);

fn works(hand: &mut Hand) {
    hand.sign_in("putri", "/");
    hand.shows("Kesiapan pembayaran tukin");
    reads_only(hand);
    hand.follow("nav a[href^='/keuangan']");
    reads_only(hand);
    hand.follow("table.people tbody th a");
    assert!(hand.place().starts_with("/pegawai/~"), "a person is known by a handle: {}", hand.place());
    hand.shows("Sumber berdampingan");
    reads_only(hand);
    hand.follow("nav a[href^='/sdm']");
    hand.follow("table a[href^='/sdm/kelompok']");
    reads_only(hand);
    hand.follow("a[href^='/sdm/kasus/']");
    hand.shows("Apa yang tidak cocok");
    reads_only(hand);
    for (room, says) in [("/sinkronisasi", "Kelengkapan dan kesegaran"), ("/kebijakan", "Dasar hukum")] {
        hand.follow(&format!("nav a[href^='{room}']"));
        hand.shows(says);
        reads_only(hand);
    }
    hand.follow("nav a[href^='/audit']");
    hand.follow("a[href*='periksa=ya']");
    hand.shows("utuh, berurutan");
    hand.shows("melihat pegawai");
    reads_only(hand);
    hand.sign_out("/audit");
}

/// No whole NIP, no document to take away, no form that changes anything but the session.
fn reads_only(hand: &mut Hand) {
    let place = hand.place();
    let shown = hand.page.say("document.body.innerText + [...document.links].map(link => link.pathname).join(' ')");
    let long = shown.split(|letter: char| !letter.is_ascii_digit()).find(|digits| digits.len() == 18);
    assert_eq!(long, None, "{place}");
    assert_eq!(hand.count("a[download]"), 0, "{place}");
    assert_eq!(hand.count("main form[method=post]:not([action^='/tampilan'])"), 0, "{place}");
}

async fn a_day(way: Way) {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    user(&stage.app, "admin", &[Role::Sysadmin], &[]).await;
    user(&stage.app, "putri", &[Role::Auditor], &[]).await;
    let house = House::open(&stage.app).await;
    walk(&house.address, way, works).await;
    let log = house.log().await;
    let did: std::collections::BTreeSet<_> = log.iter().filter(|(_, who, ..)| who == "putri").map(|(action, ..)| action.as_str()).collect();
    for action in did {
        assert!(["sign_in", "person_seen", "sign_out"].contains(&action), "{action}");
    }
    house.close().await;
}
