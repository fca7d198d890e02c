//! How soon a page is seen: first contentful paint of every page in a real Chromium with a cold cache, the median of five
//! loads. A measurement, not a test: `benches/paint.sh`.

use super::chrome::Chrome;
use super::rooms::{WHO, ministry, rooms};
use super::visitor::{House, PASSWORD};
use serde_json::json;

const LOADS: usize = 5;

/// What the browser noted of the page that it shows: milliseconds to the first paint with content, bytes that came, and
/// bytes when unpacked. It waits for the paint, which comes after the page.
const NOTED: &str = "new Promise(done => {
    const bytes = key => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, one) => sum + one[key], 0);
    const told = paint => done([paint.startTime, bytes('transferSize'), bytes('decodedBodySize')].join(' '));
    new PerformanceObserver(seen => seen.getEntriesByName('first-contentful-paint').forEach(told)).observe({ type: 'paint', buffered: true });
})";

struct Load {
    paint: f64,
    sent: u64,
    unpacked: u64,
}

fn load(page: &mut Chrome, url: &str) -> Load {
    page.ask("Network.clearBrowserCache", json!({}));
    page.go(|page| drop(page.ask("Page.navigate", json!({ "url": url }))));
    let noted = page.ask("Runtime.evaluate", json!({"expression": NOTED, "awaitPromise": true, "returnByValue": true}));
    let noted = noted["result"]["value"].as_str().unwrap_or_else(|| panic!("{url}: {noted}")).to_owned();
    let mut parts = noted.split(' ');
    let mut next = || parts.next().unwrap();
    Load { paint: next().parse().unwrap(), sent: next().parse().unwrap(), unpacked: next().parse().unwrap() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: benches/paint.sh"]
async fn first_paint_of_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let stage = ministry(folder.path()).await;
    let house = House::open(&stage.app).await;
    let mut rooms = rooms(&stage, &house).await;
    // The sign-in page is one for who has not signed in.
    rooms.sort_by_key(|(route, _)| *route != "/masuk");
    let (address, folder) = (house.address.clone(), tempfile::tempdir().unwrap());
    let measured = tokio::task::spawn_blocking(move || {
        let mut page = Chrome::start(folder.path());
        page.ask("Network.enable", json!({}));
        page.ask("Network.setCacheDisabled", json!({"cacheDisabled": true}));
        // The browser's own first page is not ours.
        load(&mut page, &format!("http://{address}/masuk"));
        println!("| page | first contentful paint, median (slowest) of {LOADS} | sent, unpacked |\n|---|---|---|");
        for (route, path) in rooms {
            let mut loads: Vec<Load> = (0..LOADS).map(|_| load(&mut page, &format!("http://{address}{path}"))).collect();
            loads.sort_by(|one, other| one.paint.total_cmp(&other.paint));
            let (middle, slowest) = (&loads[LOADS / 2], &loads[LOADS - 1]);
            let kb = |bytes: u64| format!("{:.1} kB", bytes as f64 / 1_000.0);
            println!("| `{route}` | {:.0} ms ({:.0} ms) | {}, {} |", middle.paint, slowest.paint, kb(middle.sent), kb(middle.unpacked));
            if route == "/masuk" {
                page.say("document.querySelector('#akun').focus()");
                page.ask("Input.insertText", json!({"text": WHO}));
                page.say("document.querySelector('#sandi').focus()");
                page.ask("Input.insertText", json!({"text": PASSWORD}));
                page.go(|page| page.key("Enter", 13, "\r"));
                assert_eq!(page.say("location.pathname"), "/");
            }
        }
    });
    measured.await.unwrap();
    house.close().await;
}
