//! Saved views: kept by name for one account, renamed, taken away, and never twice.

use super::visitor::{Answer, Browser, House, office, user};
use crate::support::{Bench, on_both_engines};
use selaras::domain::access::Role;

on_both_engines![views_are_kept_renamed_and_taken_away_by_their_owner_only, what_is_no_view_is_not_kept];

async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let csrf = browser.csrf().await;
    let all: Vec<(&str, &str)> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
    browser.post(path, &all).await
}

async fn views_are_kept_renamed_and_taken_away_by_their_owner_only(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "uang", &[Role::Keuangan], &[]).await;
    user(&app, "lain", &[Role::Keuangan], &[]).await;
    let house = House::open(&app).await;
    let mut uang = house.signed_in("uang").await;
    let filtered = uang.get("/keuangan?putusan=belum_diketahui&urut=nama").await;
    assert!(filtered.body.contains("Simpan saringan ini dengan nama"), "{}", filtered.body);
    let fields = [("halaman", "keuangan"), ("putusan", "belum_diketahui"), ("urut", "nama"), ("nama", "Belum <lengkap>")];
    for click in 1..=2 {
        let kept = post(&mut uang, "/tampilan?periode=2026-10", &fields).await;
        assert_eq!((kept.status, kept.header("location")), (303, "/keuangan?periode=2026-10&putusan=belum_diketahui&urut=nama"), "{click}");
    }
    let views = app.store.views("uang", "keuangan").await.unwrap();
    assert_eq!((views.len(), views[0].name.as_str()), (1, "Belum <lengkap>"), "a double click keeps one");
    let page = uang.get("/keuangan").await.body;
    let link = "href=\"/keuangan?periode=2026-10&#38;putusan=belum_diketahui&#38;urut=nama\"><bdi>Belum &#60;lengkap&#62;</bdi>";
    assert!(page.contains(link), "{page}");
    assert!(!uang.get("/sdm").await.body.contains("lengkap"), "a view stands on its own list only");
    let at = format!("/tampilan/{}", views[0].id);

    let mut lain = house.signed_in("lain").await;
    assert!(!lain.get("/keuangan").await.body.contains("lengkap"));
    assert_eq!(post(&mut lain, &format!("{at}/nama"), &[("nama", "x")]).await.status, 404);
    assert_eq!(post(&mut lain, &format!("{at}/hapus"), &[]).await.status, 303, "as if it had gone already");
    assert_eq!(app.store.views("uang", "keuangan").await.unwrap(), views);

    for _ in 0..2 {
        assert_eq!(post(&mut uang, &format!("{at}/nama"), &[("nama", "Tunggu")]).await.status, 303);
    }
    assert_eq!(post(&mut uang, "/tampilan", &[("halaman", "keuangan"), ("urut", "nama"), ("nama", "Menurut nama")]).await.status, 303);
    let taken = post(&mut uang, &format!("{at}/nama"), &[("nama", "Menurut nama")]).await;
    assert!(taken.status == 422 && taken.body.contains("sudah dipakai"), "{}", taken.body);
    assert_eq!(post(&mut uang, "/tampilan", &[("halaman", "sdm"), ("pemilik", "assessor"), ("nama", "Penilai")]).await.status, 303);
    assert!(uang.get("/sdm").await.body.contains("pemilik=assessor\"><bdi>Penilai</bdi>"));

    // A copy has them.
    let mut copy = Vec::new();
    let rows = app.store.back_up(&mut copy).await.unwrap();
    assert_eq!(rows["saved_view"], 3);

    for _ in 0..2 {
        assert_eq!(post(&mut uang, &format!("{at}/hapus"), &[("halaman", "keuangan")]).await.status, 303);
    }
    let names: Vec<String> = app.store.views("uang", "keuangan").await.unwrap().into_iter().map(|view| view.name).collect();
    assert_eq!(names, ["Menurut nama"]);
    let told: Vec<String> = house.log().await.into_iter().map(|(action, ..)| action).filter(|action| action.starts_with("view_")).collect();
    assert_eq!(told, ["view_saved", "view_saved", "view_renamed", "view_saved", "view_saved", "view_deleted"]);
    house.close().await;
}

async fn what_is_no_view_is_not_kept(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "uang", &[Role::Keuangan], &[]).await;
    let house = House::open(&app).await;
    let mut uang = house.signed_in("uang").await;
    let long = "x".repeat(61);
    for (fields, status, says) in [
        (vec![("halaman", "keuangan"), ("nama", "")], 422, "Beri nama"),
        (vec![("halaman", "keuangan"), ("nama", long.as_str())], 422, "Beri nama"),
        (vec![("halaman", "kebijakan"), ("nama", "x")], 422, "tidak punya tampilan"),
        (vec![("halaman", "keuangan"), ("nama", "x"), ("putusan", "lunas")], 400, "bukan putusan"),
        (vec![("halaman", "keuangan"), ("nama", "x"), ("cari", "198501012010011901")], 422, "NIP tidak disimpan"),
    ] {
        let answer = post(&mut uang, "/tampilan", &fields).await;
        assert!(answer.status == status && answer.body.contains(says), "{fields:?}: {} {}", answer.status, answer.body);
    }
    assert_eq!(uang.post("/tampilan", &[("halaman", "keuangan"), ("nama", "x")]).await.status, 403, "without the form's token");
    assert_eq!(app.store.views("uang", "keuangan").await.unwrap(), []);
    for at in 0..selaras::store::MOST_VIEWS {
        assert_eq!(post(&mut uang, "/tampilan", &[("halaman", "keuangan"), ("nama", &format!("v{at}"))]).await.status, 303);
    }
    let full = post(&mut uang, "/tampilan", &[("halaman", "keuangan"), ("nama", "satu lagi")]).await;
    assert!(full.status == 422 && full.body.contains("hapus satu dahulu"));
    assert_eq!(
        post(&mut uang, "/tampilan", &[("halaman", "keuangan"), ("nama", "v3"), ("urut", "nama")]).await.status,
        303,
        "one of them again"
    );
    house.close().await;
}
