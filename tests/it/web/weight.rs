//! No page weighs more than 150 kB, whatever is in it: the HTML with its style, and every script that it asks for. Nothing
//! is compressed, so what is sent is what it weighs; there are no fonts and no pictures but those drawn in the HTML.

use super::rooms::{in_english, ministry, rooms, send, upload};
use super::visitor::{Browser, House};
use selaras::intake::FileKind;

/// Bytes.
const MOST: usize = 150_000;

/// What a page weighs with all that it asks for; nothing may come from elsewhere.
async fn weight(browser: &mut Browser<'_>, html: &str) -> usize {
    let mut whole = html.len();
    for part in [" src=\"", "<link "].iter().flat_map(|start| html.split(start).skip(1)) {
        let part = part.split('>').next().unwrap();
        if let Some(script) = part.starts_with("/aset/").then(|| part.split('"').next().unwrap()) {
            let answer = browser.get(script).await;
            assert_eq!(answer.status, 200, "{script}");
            whole += answer.body.len();
        } else {
            assert!(part.contains("href=\"data:,\""), "asks for something else: {part}");
        }
    }
    whole
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_weighs_more_than_150_kb() {
    let folder = tempfile::tempdir().unwrap();
    let stage = ministry(folder.path()).await;
    let house = House::open(&stage.app).await;
    let rooms = rooms(&stage, &house).await;
    let mut browser = house.signed_in(super::rooms::WHO).await;
    let mut weights = Vec::new();
    for (route, path) in rooms {
        let mut reader = if route == "/masuk" { house.browser() } else { browser.clone() };
        for address in [in_english(&path), path] {
            let answer = reader.get(&address).await;
            assert_eq!(answer.status, if route == "404" { 404 } else { 200 }, "{address}");
            weights.push((weight(&mut reader, &answer.body).await, address));
        }
    }
    // What has no address of its own: a payment file that was judged, two policies that were compared, a form that was refused.
    let adk = stage.imports().into_iter().find(|(kind, _)| *kind == FileKind::Payment).unwrap().1.to_owned();
    let judged = upload(&mut browser, "/keuangan/periksa-adk", &adk).await;
    assert!(judged.body.contains("Yang perlu diperbaiki"), "{}", judged.body);
    let id = stage.app.policy(stage.period).unwrap().id().to_owned();
    let fine = ("calon.toml", super::policies::changed());
    let compared = send(&mut browser, "/kebijakan/banding", &[("kiri", &id)], (fine.0, &fine.1)).await;
    let lines: String = (0..5_000).map(|line| format!("kunci_{line} = {line}\n")).collect();
    let refused = send(&mut browser, "/kebijakan/banding", &[("kiri", &id)], ("rusak.toml", &lines)).await;
    for (name, answer) in [("adk", judged), ("banding", compared), ("banding refused", refused)] {
        weights.push((weight(&mut browser, &answer.body).await, name.to_owned()));
    }
    weights.sort();
    weights.reverse();
    let said = weights.iter().map(|(weight, page)| format!("{weight:>7}  {page}")).collect::<Vec<_>>().join("\n");
    println!("{said}");
    assert!(weights[0].0 <= MOST, "{said}");
    house.close().await;
}
