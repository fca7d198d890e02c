//! A day of an HR officer in a real Chromium with the keyboard only: signs in, finds a cause, gives its people to
//! somebody, comments, asks for a waiver, signs out. Once as it is, once 360 px wide with scripts switched off.

use super::chrome::Chrome;
use super::visitor::{House, PASSWORD, office, user};
use crate::support::Bench;
use selaras::domain::access::Role;
use serde_json::json;

fn a_day(chrome: &mut Chrome, address: &str) {
    chrome.go(|page| drop(page.ask("Page.navigate", json!({"url": format!("http://{address}/masuk")}))));
    chrome.write("input[name=akun]", "sri");
    chrome.write("input[name=sandi]", PASSWORD);
    chrome.go(|page| page.key("Enter", 13, "\r"));
    // Finds.
    chrome.follow("nav a[href^='/sdm']");
    chrome.follow("a[href*='belum-ditugaskan']");
    chrome.follow("table a[href^='/sdm/kelompok']");
    // Gives everybody of it to herself.
    chrome.tab_to("input[name=semua]");
    chrome.key(" ", 32, " ");
    chrome.tab_to("input[name=laku]");
    while chrome.say("document.activeElement.value") != "tugaskan" {
        chrome.key("ArrowDown", 40, "");
    }
    chrome.key(" ", 32, " ");
    assert_eq!(chrome.say("document.activeElement.checked"), "true");
    chrome.tab_to("select[name=petugas]");
    chrome.key("s", 83, "s");
    assert_eq!(chrome.say("document.activeElement.value"), "sri");
    chrome.follow("main form button[type=submit]");
    chrome.shows("Petugas dicatat.");
    chrome.shows("Tidak ada pegawai yang cocok dalam kelompok ini");
    // Opens one of her cases, comments, asks for a waiver.
    chrome.follow("a.back");
    chrome.follow("a[href*='milik-saya']");
    chrome.follow("table a[href^='/sdm/kelompok']");
    chrome.follow("a[href^='/sdm/kasus/']");
    chrome.shows("Ditugaskan kepada sri.");
    chrome.write("textarea[name=komentar]", "sudah ditelepon");
    chrome.follow("button[value=komentar]");
    chrome.shows("sudah ditelepon");
    chrome.write("textarea[name=alasan]", "Surat menyusul");
    chrome.write("input[name=dokumen]", "ND-12/2026");
    chrome.tab_to("input[name=sampai]");
    // Whichever comes first, day or month.
    for digit in "12122026".chars() {
        chrome.key(&digit.to_string(), u32::from(digit), &digit.to_string());
    }
    assert_eq!(chrome.say("document.querySelector('input[name=sampai]').value"), "2026-12-12");
    chrome.follow("button[value=minta]");
    chrome.shows("Pengesampingan menunggu persetujuan");
    chrome.shows("berlaku sampai 12 Desember 2026");
    assert_eq!(chrome.say("document.querySelectorAll('button[value=setujui]').length"), "0", "never her own");
    assert_eq!(chrome.say("document.documentElement.scrollWidth <= innerWidth"), "true");
    // Signs out.
    chrome.follow("header form button");
    chrome.go(|page| drop(page.ask("Page.navigate", json!({"url": format!("http://{address}/sdm")}))));
    assert!(chrome.say("location.pathname").starts_with("/masuk"));
}

async fn walk(prepare: fn(&mut Chrome)) {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Sdm], &[]).await;
    user(&app, "tono", &[Role::Sdm], &[]).await;
    let house = House::open(&app).await;
    let (address, folder) = (house.address.clone(), tempfile::tempdir().unwrap());
    let walked = tokio::task::spawn_blocking(move || {
        let mut chrome = Chrome::start(folder.path());
        prepare(&mut chrome);
        a_day(&mut chrome, &address);
    });
    walked.await.unwrap();
    let log = house.log().await;
    for action in ["case_assigned", "case_commented", "waiver_asked", "sign_out"] {
        assert!(log.iter().any(|(known, who, ..)| known == action && who == "sri"), "{action}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officers_day_with_the_keyboard_only() {
    walk(|_| ()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_day_on_a_telephone_without_scripts() {
    walk(|chrome| {
        chrome.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}));
        let narrow = json!({"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": false});
        chrome.ask("Emulation.setDeviceMetricsOverride", narrow);
    })
    .await;
}
