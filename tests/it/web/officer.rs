//! An HR officer's day in a real Chromium: signs in, finds a cause, gives its people to herself, comments, asks for a
//! waiver, which a colleague approves, takes the list of whom to call, signs out. Every stop of the focus is seen.

use super::hand::{Hand, Way, in_every_way, walk};
use super::visitor::{House, office, user};
use crate::support::Bench;
use selaras::domain::access::Role;

in_every_way!(a_day);

fn works(hand: &mut Hand) {
    hand.sign_in("sri", "/sdm");
    // Finds.
    hand.follow("a[href*='belum-ditugaskan']");
    hand.follow("table a[href^='/sdm/kelompok']");
    // Gives everybody of it to herself.
    hand.tick("input[name=semua]");
    hand.pick("laku", "tugaskan");
    hand.choose("select[name=petugas]", "sri");
    hand.follow("main form button[type=submit]");
    hand.shows("Petugas dicatat.");
    hand.shows("Tidak ada pegawai yang cocok dalam kelompok ini");
    // Opens one of her cases, comments, asks for a waiver.
    hand.follow("a.back");
    hand.follow("a[href*='milik-saya']");
    hand.follow("table a[href^='/sdm/kelompok']");
    hand.follow("a[href^='/sdm/kasus/']");
    hand.shows("Ditugaskan kepada sri.");
    hand.write("textarea[name=komentar]", "sudah ditelepon");
    hand.follow("button[value=komentar]");
    hand.shows("sudah ditelepon");
    hand.write("textarea[name=alasan]", "Surat menyusul");
    hand.write("input[name=dokumen]", "ND-12/2026");
    hand.write_day("input[name=sampai]", "12122026", "2026-12-12");
    hand.follow("button[value=minta]");
    hand.shows("Pengesampingan menunggu persetujuan");
    hand.shows("berlaku sampai 12 Desember 2026");
    assert_eq!(hand.count("button[value=setujui]"), 0, "never her own");
    // Takes the list of whom to call.
    hand.follow("nav a[href^='/sdm']");
    assert!(hand.take("a[download][href*='calllist'][href*='.xlsx']", "calllist-2026-10.xlsx").starts_with(b"PK"));
    hand.sign_out("/sdm");
    // A colleague decides.
    hand.give_name("tono");
    hand.follow("nav a[href^='/sdm']");
    hand.follow("a[href*='menunggu-persetujuan-saya']");
    hand.follow("table a[href^='/sdm/kelompok']");
    hand.follow("a[href^='/sdm/kasus/']");
    hand.follow("button[value=setujui]");
    hand.shows("Dikesampingkan");
    hand.shows("Disetujui");
    hand.sign_out("/sdm");
}

async fn a_day(way: Way) {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Sdm], &[]).await;
    user(&app, "tono", &[Role::Sdm], &[]).await;
    let house = House::open(&app).await;
    walk(&house.address, way, works).await;
    let log = house.log().await;
    let did = |who: &str, action: &str| log.iter().any(|(known, by, ..)| known == action && by == who);
    for action in ["case_assigned", "case_commented", "waiver_asked", "exported", "sign_out"] {
        assert!(did("sri", action), "{action}");
    }
    assert!(did("tono", "waiver_approved") && !did("sri", "waiver_approved"));
    house.close().await;
}
