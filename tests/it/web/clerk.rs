//! A finance clerk's day in a real Chromium: signs in, finds a person, reads why, downloads the nominatif, signs out. Once
//! with scripts switched off, once 360 px wide, once with the keyboard only.

use super::chrome::Chrome;
use super::stage;
use super::visitor::{House, PASSWORD, user};
use selaras::domain::access::Role;
use selaras::store::ListWanted;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// What the clerk works with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hand {
    Mouse,
    Keys,
}

impl Hand {
    fn follow(self, page: &mut Chrome, selector: &str) {
        match self {
            Self::Keys => page.follow(selector),
            Self::Mouse => page.go(|page| page.click(selector)),
        }
        // Nothing sticks out, on whatever screen.
        assert_eq!(page.say("document.documentElement.scrollWidth <= innerWidth"), "true", "{}", page.say("location.href"));
    }

    fn write(self, page: &mut Chrome, selector: &str, text: &str) {
        match self {
            Self::Keys => page.write(selector, text),
            Self::Mouse => {
                page.click(selector);
                page.ask("Input.insertText", json!({"text": text}));
            }
        }
    }

    /// Follows a link that leads to a file.
    fn take(self, page: &mut Chrome, selector: &str) {
        match self {
            Self::Keys => {
                page.tab_to(selector);
                page.key("Enter", 13, "\r");
            }
            Self::Mouse => page.click(selector),
        }
    }
}

/// The bytes of a file, once it is whole.
fn downloaded(file: &Path) -> Vec<u8> {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match std::fs::read(file) {
            Ok(bytes) if !bytes.is_empty() => return bytes,
            _ => assert!(Instant::now() < until, "{} did not come", file.display()),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn a_day(page: &mut Chrome, hand: Hand, address: &str, folder: &Path, name: &str) {
    page.go(|page| drop(page.ask("Page.navigate", json!({"url": format!("http://{address}/keuangan")}))));
    assert_eq!(page.say("location.pathname"), "/masuk");
    hand.write(page, "#akun", "rina");
    hand.write(page, "#sandi", PASSWORD);
    page.go(|page| page.key("Enter", 13, "\r"));
    assert_eq!(page.say("location.pathname"), "/keuangan", "one comes to where one was going");
    // Finds a person.
    hand.write(page, "#cari", name);
    page.go(|page| page.key("Enter", 13, "\r"));
    page.shows(name);
    hand.follow(page, "table.people tbody th a");
    // Reads why.
    assert!(page.say("document.querySelector('.answer').innerText").len() > 20);
    page.shows("Sumber berdampingan");
    page.shows("Perhitungan");
    // Takes the nominatif away.
    hand.follow(page, "nav a[href^='/keuangan']");
    hand.take(page, "a[download][href*='nominatif'][href*='.xlsx']");
    assert!(downloaded(&folder.join("nominatif-2026-10.xlsx")).starts_with(b"PK"));
    // Signs out.
    hand.follow(page, "header form button");
    page.go(|page| drop(page.ask("Page.navigate", json!({"url": format!("http://{address}/keuangan")}))));
    assert_eq!(page.say("location.pathname"), "/masuk", "nothing opens any more");
}

async fn walk(hand: Hand, prepare: fn(&mut Chrome)) {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    user(&stage.app, "admin", &[Role::Sysadmin], &[]).await;
    user(&stage.app, "rina", &[Role::Keuangan], &[]).await;
    let wanted = ListWanted { limit: 1, ..ListWanted::default() };
    let name = stage.app.store.list(stage.period, &wanted).await.unwrap().unwrap().1.remove(0).name;
    let house = House::open(&stage.app).await;
    let (address, taken) = (house.address.clone(), tempfile::tempdir().unwrap());
    let walked = tokio::task::spawn_blocking(move || {
        let mut page = Chrome::start(taken.path());
        prepare(&mut page);
        a_day(&mut page, hand, &address, taken.path(), &name);
    });
    walked.await.unwrap();
    let log = house.log().await;
    for action in ["sign_in", "person_seen", "exported", "sign_out"] {
        assert!(log.iter().any(|(known, who, ..)| known == action && who == "rina"), "{action}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerks_day_without_scripts() {
    walk(Hand::Mouse, |page| drop(page.ask("Emulation.setScriptExecutionDisabled", json!({"value": true})))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerks_day_on_a_telephone() {
    let narrow = |page: &mut Chrome| {
        page.ask("Emulation.setDeviceMetricsOverride", json!({"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": false}));
    };
    walk(Hand::Mouse, narrow).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerks_day_with_the_keyboard_only() {
    walk(Hand::Keys, |_| ()).await;
}
