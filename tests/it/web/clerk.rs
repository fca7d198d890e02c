//! A finance clerk's day in a real Chromium: signs in, finds a person, reads why, holds the payment file against the
//! reconciliation and sees that it must not go out, downloads the nominatif, signs out.

use super::hand::{Hand, Way, in_every_way, walk};
use super::stage;
use super::visitor::{House, user};
use selaras::domain::access::Role;
use selaras::intake::FileKind;
use selaras::store::ListWanted;
use std::path::Path;

in_every_way!(a_day);

fn works(hand: &mut Hand, name: &str, adk: &Path) {
    hand.sign_in("rina", "/keuangan");
    // Finds a person.
    hand.write("#cari", name);
    hand.enter();
    hand.shows(name);
    hand.follow("table.people tbody th a");
    // Reads why.
    assert!(hand.page.say("document.querySelector('.answer').innerText").len() > 20);
    hand.shows("Sumber berdampingan");
    hand.shows("Perhitungan");
    // Decides whether the payment file may go out.
    hand.follow("nav a[href^='/keuangan']");
    hand.follow("a[href^='/keuangan/periksa-adk']");
    hand.attach("#berkas", adk);
    hand.follow("form.upload button");
    hand.shows("Jangan kirim dahulu");
    hand.shows("Yang perlu diperbaiki");
    // Takes the nominatif away.
    hand.follow("nav a[href^='/keuangan']");
    assert!(hand.take("a[download][href*='nominatif'][href*='.xlsx']", "nominatif-2026-10.xlsx").starts_with(b"PK"));
    hand.sign_out("/keuangan");
}

async fn a_day(way: Way) {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    user(&stage.app, "admin", &[Role::Sysadmin], &[]).await;
    user(&stage.app, "rina", &[Role::Keuangan], &[]).await;
    let wanted = ListWanted { limit: 1, ..ListWanted::default() };
    let name = stage.app.store.list(stage.period, &wanted).await.unwrap().unwrap().1.remove(0).name;
    let adk = stage.imports().into_iter().find(|(kind, _)| *kind == FileKind::Payment).unwrap().1.to_owned();
    let house = House::open(&stage.app).await;
    walk(&house.address, way, move |hand| works(hand, &name, &adk)).await;
    let log = house.log().await;
    for action in ["sign_in", "person_seen", "exported", "sign_out"] {
        assert!(log.iter().any(|(known, who, ..)| known == action && who == "rina"), "{action}");
    }
    house.close().await;
}
