//! A page is of one run, whatever is committed while it is read.

use super::visitor::{BUDI, Browser, House, SITI, office, user};
use crate::support::Bench;
use crate::support::on_both_engines;
use selaras::app::import::{ImportOptions, content};
use selaras::app::{App, reconcile};
use selaras::domain::Period;
use selaras::domain::access::Role;
use selaras::intake::FileKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

on_both_engines![sums_and_rows_of_a_group_are_of_one_run];

fn period() -> Period {
    "2026-10".parse().unwrap()
}

/// A roster in which the first so many of two people have no class: each is a finding CL02.
async fn roster(app: &App, without_class: usize) {
    let people = [(BUDI, "BUDI SANTOSO,PNS,U1"), (SITI, "SITI AMINAH,PPPK,U2")];
    let mut text = "nip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n".to_owned();
    for (at, (nip, who)) in people.into_iter().enumerate() {
        text.push_str(&format!("{nip},{who},{},AKTIF\n", if at < without_class { "" } else { "8" }));
    }
    let options = ImportOptions { kind: FileKind::Roster, period: Some(period()), dry_run: false, accept_partial: false };
    content(app, "pegawai.csv".to_owned(), text.into_bytes(), options).await.unwrap();
    reconcile::run_now(app, period(), false, &mut |_| {}).await.unwrap();
}

/// Asks for the page of a group until told to stop; gives how many pages had sums, and how many said that there are none.
async fn look(mut browser: Browser<'_>, stop: &AtomicBool) -> (u32, u32) {
    let (mut with, mut without) = (0, 0);
    while !stop.load(Ordering::Relaxed) {
        let page = browser.get("/sdm/kelompok?kode=CL02&periode=2026-10").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let rows = page.body.matches("/pegawai/").count();
        let named = page.body.split("id=\"teks\"").nth(1).unwrap_or_default();
        let named = ["BUDI SANTOSO (", "SITI AMINAH ("].iter().filter(|name| named.contains(**name)).count();
        if page.body.contains("jumlahnya sedang dihitung") {
            without += 1;
            continue;
        }
        with += 1;
        assert!(page.body.contains(&format!("</bdi>: {rows} pegawai")), "{rows} rows: {}", page.body);
        assert!(named == 0 || named == rows, "{rows} rows, {named} in the letter: {}", page.body);
    }
    (with, without)
}

async fn sums_and_rows_of_a_group_are_of_one_run(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "sri", &[Role::Sysadmin, Role::Sdm], &[]).await;
    roster(&app, 1).await;
    let house = House::open(&app).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (one, other) = (house.signed_in("sri").await, house.signed_in("sri").await);
    let work = async {
        for round in 0..60 {
            bench.clock.advance(chrono::Duration::seconds(1));
            roster(&app, if round % 2 == 0 { 2 } else { 1 }).await;
        }
        stop.store(true, Ordering::Relaxed);
    };
    let ((), (a, b), (c, d)) = tokio::join!(work, look(one, &stop), look(other, &stop));
    assert!(a + c > 40, "{a} {b} {c} {d}");
    house.close().await;
}
