//! A real Chromium looks at every page, in both languages, on a wide screen and on one of 360 px: axe-core (vendored,
//! MPL-2.0, `tests/fixtures/axe`) must find nothing, nothing may stick out to the right, and headings may not skip.

use super::visitor::{House, user};
use super::{Page, stage};
use selaras::app::demo::{Stage, set_up};
use selaras::clock::ManualClock;
use selaras::domain::Code;
use selaras::domain::access::Role;
use selaras::domain::evidence::Kind;
use selaras::domain::period::Span;
use selaras::domain::text::Lang;
use selaras::intake::FileKind;
use selaras::simulator::Settings;
use selaras::store::{CaseTarget, Deed, ListWanted, NewItem, NewRun, NewWaiver, Worked};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/axe/axe.min.js");

/// Every page of the demo: a name and its address.
async fn pages(stage: &Stage, page: &Page) -> Vec<(&'static str, String)> {
    let wanted = ListWanted { limit: 60, ..ListWanted::default() };
    let (_, rows) = stage.app.store.list(stage.period, &wanted).await.unwrap().unwrap();
    let differs = rows.iter().find(|row| row.due.zip(row.paid).is_some_and(|(due, paid)| due != paid)).unwrap();
    let sdm = page.get("/sdm?pemilik=assessor").await;
    let group = sdm.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).find(|link| link.starts_with("/sdm/kelompok"));
    vec![
        ("beranda", "/".to_owned()),
        ("keuangan", "/keuangan".to_owned()),
        ("keuangan-kosong", "/keuangan?cari=tidakadayangbegini".to_owned()),
        ("jembatan", "/keuangan/jembatan".to_owned()),
        ("periksa-adk", "/keuangan/periksa-adk".to_owned()),
        ("sdm", "/sdm".to_owned()),
        ("kelompok", group.unwrap().replace("&#38;", "&")),
        ("pegawai", format!("/pegawai/{}", differs.nip)),
        ("sinkronisasi", "/sinkronisasi".to_owned()),
        ("akun", "/akun".to_owned()),
        ("audit", "/audit?periksa=ya".to_owned()),
        ("kebijakan", "/kebijakan".to_owned()),
        ("api", "/api".to_owned()),
        ("kebijakan-banding", "/kebijakan/banding".to_owned()),
        ("kebijakan-andai", "/kebijakan/andai".to_owned()),
        ("tidak-ada", "/tidak-ada".to_owned()),
        ("ditolak", "/masuk".to_owned()),
    ]
}

/// What an HR officer with an account sees of a case that waits for them, of its group and of their inbox.
async fn officers_pages(stage: &Stage) -> Vec<(&'static str, &'static str, String)> {
    let verdicts = stage.app.store.verdicts(stage.period, None).await.unwrap().all().await.unwrap();
    let code = Code::Pr01;
    let held: Vec<_> = verdicts.iter().flat_map(|verdict| &verdict.findings).filter(|finding| finding.code == code).collect();
    for (name, role) in [("kepala", Role::Sysadmin), ("sri", Role::Sdm), ("tono", Role::Sdm)] {
        user(&stage.app, name, &[role], &[]).await;
    }
    let until = "2026-12-31".parse().unwrap();
    let ends_at = "2026-12-31T17:00:00Z".parse().unwrap();
    let reason = "Penilaian sudah ditandatangani di atas kertas; aplikasi menolak unggahan.".to_owned();
    let deeds = [
        Deed::Assign("sri".to_owned()),
        Deed::Deadline("2026-11-20".parse().ok()),
        Deed::Comment("Sudah ditelepon; dokumen menyusul.".to_owned()),
        Deed::Ask(NewWaiver { reason, document: "ND-12/SDM/2026".to_owned(), until, ends_at }),
    ];
    for (version, deed) in deeds.into_iter().enumerate() {
        let target = CaseTarget { id: held[0].id.clone(), version: version as u64, evidence: held[0].evidence_hash() };
        assert_eq!(stage.app.store.work(stage.period, &[target], &deed, "sri", "").await.unwrap(), Worked::Done(1));
    }
    let house = House::open(&stage.app).await;
    let mut tono = house.signed_in("tono").await;
    let mut shown = Vec::new();
    for (name, path) in [
        ("kasus", format!("/sdm/kasus/{}/{}", stage.period, held[0].id)),
        ("kelompok", format!("/sdm/kelompok?kode={code}")),
        ("sdm-menunggu", "/sdm?saring=menunggu-persetujuan-saya".to_owned()),
    ] {
        for (lang, path) in [("id", path.clone()), ("en", in_english(&path))] {
            let answer = tono.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            shown.push((name, lang, answer.body));
        }
    }
    house.close().await;
    shown
}

/// Another policy held against the one in force, and tried on the month, in both languages.
async fn tried(page: &Page) -> Vec<(&'static str, String)> {
    let id = page.get("/kebijakan").await.body.split("<p><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let file = Some(("kebijakan-baru.toml", super::policies::changed()));
    let file = file.as_ref().map(|(name, text)| (*name, text.as_str()));
    let compared = super::policies::sent(page, "/kebijakan/banding", &[("kiri", &id)], file).await;
    let english = super::policies::sent(page, "/kebijakan/banding?bahasa=en", &[("kiri", &id)], file).await;
    let begun = super::policies::sent(page, "/kebijakan/andai", &[("dari", "2026-10"), ("sampai", "2026-10")], file).await;
    let link = begun.header("location").to_owned();
    let (found, in_both) = (page.get(&link).await, page.get(&in_english(&link)).await);
    assert!(found.status == 200 && compared.status == 200, "{} {}", found.body, compared.body);
    vec![
        ("kebijakan-dibandingkan", compared.body),
        ("kebijakan-dibandingkan en", english.body),
        ("kebijakan-dicoba", found.body),
        ("kebijakan-dicoba en", in_both.body),
    ]
}

fn in_english(path: &str) -> String {
    format!("{path}{}bahasa=en", if path.contains('?') { '&' } else { '?' })
}

pub fn chromium() -> Command {
    let found = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|said| said.status.success()));
    let mut command =
        Command::new(found.expect("Chromium is not installed: the tests of the pages need it (Debian: apt install chromium)"));
    command.args([
        "--headless",
        // Nothing of its own leaves for other hosts.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
    ]);
    command
}

/// Runs in the page: each document in a frame, as wide as its screen, looked at by axe.
const LOOK: &str = r#"
const found = [];
async function look({name, html, width}) {
  const frame = document.createElement('iframe');
  frame.width = width; frame.height = 900;
  const loaded = new Promise(done => { frame.onload = done; });
  frame.srcdoc = html;
  document.body.append(frame);
  await loaded;
  const inside = frame.contentWindow, root = frame.contentDocument;
  inside.eval(axeSource);
  const result = await inside.axe.run(root, { resultTypes: ['violations'] });
  for (const violation of result.violations) {
    for (const node of violation.nodes) found.push(`${name}: ${violation.id}: ${node.html.slice(0, 160)} ${(node.any[0] || {}).message || ''}`);
  }
  if (root.documentElement.scrollWidth > width) {
    const wide = [...root.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 1 && !one.closest('.scroll, .hidden, .skip'));
    found.push(`${name}: sticks out: ${root.documentElement.scrollWidth} px: ${wide.slice(0, 3).map(one => one.outerHTML.slice(0, 120)).join(' | ')}`);
  }
  let before = 0;
  for (const heading of root.querySelectorAll('h1, h2, h3, h4')) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) found.push(`${name}: heading skips: ${heading.outerHTML.slice(0, 120)}`);
    before = level;
  }
  if (root.querySelectorAll('h1').length !== 1) found.push(`${name}: not one h1`);
  if (root.querySelector('script:not([src^="/aset/"]), script:not(:empty)')) found.push(`${name}: a script of its own`);
  for (const table of root.querySelectorAll('table')) if (!table.caption) found.push(`${name}: a table without a caption`);
  frame.remove();
}
(async () => {
  try { for (const one of documents) await look(one); } catch (error) { found.push('error: ' + error); }
  document.body.innerHTML = '';
  const said = document.createElement('pre');
  said.textContent = 'SEEN ' + documents.length + '\n' + found.join('\n');
  document.body.append(said);
})();
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn axe_finds_nothing_on_any_page_in_either_language() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let page = Page::open(&stage, Lang::Id).await;
    let mut documents = Vec::new();
    for (name, path) in pages(&stage, &page).await {
        for (lang, path) in [("id", path.clone()), ("en", in_english(&path))] {
            let answer = page.get(&path).await;
            for width in [1280, 360] {
                let html = &answer.body;
                documents.push(serde_json::json!({ "name": format!("{name} {lang} {width}"), "html": html, "width": width }));
            }
        }
    }
    let adk = stage.imports().into_iter().find(|(kind, _)| kind.key() == "payment").unwrap().1.to_owned();
    let judged = page.upload("/keuangan/periksa-adk", "adk.xlsx", &std::fs::read(adk).unwrap()).await;
    documents.push(serde_json::json!({ "name": "adk diperiksa", "html": judged.body, "width": 360 }));
    for (name, html) in tried(&page).await {
        for width in [1280, 360] {
            documents.push(serde_json::json!({ "name": format!("{name} {width}"), "html": html, "width": width }));
        }
    }
    page.close().await;
    documents.extend(for_accounts(&stage).await);
    for (name, lang, html) in officers_pages(&stage).await {
        for width in [1280, 360] {
            documents.push(serde_json::json!({ "name": format!("{name} {lang} {width}"), "html": html, "width": width }));
        }
    }
    let count = documents.len();
    let script = |value: &serde_json::Value| value.to_string().replace("</", "<\\/").replace("<!--", "<\\!--");
    let axe = serde_json::Value::String(std::fs::read_to_string(AXE).unwrap());
    let html = format!(
        "<!doctype html><meta charset=\"utf-8\"><body><script>const axeSource = {}; const documents = {};</script><script>{LOOK}</script>",
        script(&axe),
        script(&serde_json::Value::Array(documents)),
    );
    let file = folder.path().join("look.html");
    std::fs::write(&file, html).unwrap();
    let seen = tokio::task::spawn_blocking(move || {
        chromium()
            .args(["--virtual-time-budget=600000", "--dump-dom", "--window-size=1400,1000"])
            .arg(format!("file://{}", file.display()))
            .output()
            .unwrap()
    });
    let seen = String::from_utf8_lossy(&seen.await.unwrap().stdout).into_owned();
    let said = seen.rsplit("<pre>").next().unwrap().split("</pre>").next().unwrap();
    assert!(said.starts_with(&format!("SEEN {count}")), "{}", &seen[seen.len().saturating_sub(2000)..]);
    let wrong: Vec<&str> = said.lines().skip(1).filter(|line| !line.is_empty()).collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Pages that only somebody with an account sees, and a pull that is running.
async fn for_accounts(stage: &Stage) -> Vec<serde_json::Value> {
    user(&stage.app, "admin", &[Role::Sysadmin, Role::Auditor], &[]).await;
    let item = NewItem { kind: Kind::Skp, surface: "report".into(), part: "report:2026".into(), span: Span::Year(2026), nip: None };
    let (surfaces, resume_within) = (vec!["report".to_owned()], std::time::Duration::from_secs(60));
    let run = NewRun { period: stage.period, surfaces, plan_sha: "x".to_owned(), items: vec![item], resume_within, about_some: false };
    stage.app.store.begin_run(run).await.unwrap();
    let house = House::open(&stage.app).await;
    let sign_in = house.browser().get("/masuk").await.body;
    let mut documents = vec![serde_json::json!({ "name": "masuk", "html": sign_in, "width": 360 })];
    let mut admin = house.signed_in("admin").await;
    for path in ["/akun/admin", "/sesi", "/sandi", "/sinkronisasi"] {
        for address in [path.to_owned(), in_english(path)] {
            let html = admin.get(&address).await.body;
            for width in [1280, 360] {
                documents.push(serde_json::json!({ "name": format!("{} {width}", &address[1..]), "html": html, "width": width }));
            }
        }
    }
    house.close().await;
    documents
}

/// Writes docs/screens/*.png: `docs/screens/make.sh`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes docs/screens"]
async fn screens() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at("2026-10-23T01:00:00Z".parse().unwrap()));
    let stage = set_up(Settings { employees: 240, seed: 7, ..Settings::default() }, folder.path(), clock).await.unwrap();
    let file = |kind: &FileKind| {
        stage.imports().into_iter().filter(move |(of, _)| of == kind).map(|(_, path)| path.to_owned()).collect::<Vec<_>>()
    };
    // The payment file comes after a first run, so that something has changed.
    for (kind, path) in stage.imports().into_iter().filter(|(kind, _)| *kind != FileKind::Payment) {
        stage.import(kind, path).await.unwrap();
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    for path in file(&FileKind::Payment) {
        stage.import(FileKind::Payment, &path).await.unwrap();
    }
    stage.reconcile(&mut |_| {}).await.unwrap();
    let page = Page::open(&stage, Lang::Id).await;
    let out = std::env::var("SELARAS_SCREENS").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screens").to_owned());
    for (name, path) in pages(&stage, &page).await {
        if matches!(name, "kebijakan-banding" | "kebijakan-andai" | "keuangan-kosong" | "tidak-ada" | "ditolak") {
            continue;
        }
        let answer = page.get(&path).await;
        shoot(folder.path(), Path::new(&out), name, &answer.body);
    }
    for (name, html) in tried(&page).await.iter().filter(|(name, _)| !name.ends_with(" en")) {
        shoot(folder.path(), Path::new(&out), name, html);
    }
    page.close().await;
    for (name, _, html) in officers_pages(&stage).await.into_iter().filter(|(_, lang, _)| *lang == "id") {
        shoot(folder.path(), Path::new(&out), name, &html);
    }
}

/// Both widths. Chromium's own window does not get as narrow as a telephone, a frame does.
fn shoot(folder: &Path, out: &Path, name: &str, html: &str) {
    for (screen, width, height) in [("", 1280, 1800), ("-360", 360, 2200)] {
        let file = folder.join("shown.html");
        let inner = html.replace('&', "&amp;").replace('"', "&quot;");
        let frame = format!(
            "<!doctype html><meta charset=\"utf-8\"><style>*{{margin:0}}</style><iframe style=\"border:0;display:block\" width=\"{width}\" height=\"{height}\" srcdoc=\"{inner}\"></iframe>"
        );
        std::fs::write(&file, frame).unwrap();
        let shot = chromium()
            .arg(format!("--screenshot={}", out.join(format!("{name}{screen}.png")).display()))
            .arg(format!("--window-size={width},{height}"))
            .arg(format!("file://{}", file.display()))
            .output()
            .unwrap();
        assert!(shot.status.success(), "{}", String::from_utf8_lossy(&shot.stderr));
    }
}
