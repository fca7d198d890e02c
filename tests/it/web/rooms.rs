//! Every page of a ministry of 2,000 people, as somebody with all roles sees it, with more in it than on most days: the
//! first page of long lists, the cause with most people, the person with most findings, a case with a history, refusals
//! of the inbox with long reports, sixty accounts. A page that is not listed here fails.

use super::policies::{KIND, changed, multipart};
use super::visitor::{Answer, Browser, House, user};
use selaras::app::demo::{Stage, set_up};
use selaras::clock::ManualClock;
use selaras::domain::access::Role;
use selaras::simulator::Settings;
use selaras::store::{CaseTarget, Deed, Worked};
use selaras::web::RULES;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Who sees everything.
pub const WHO: &str = "semua";

/// Routes that are no pages: documents, streams, scripts, redirects, what programs and supervisors ask.
const NO_PAGES: [&str; 11] = [
    "/unduh/{periode}/{dokumen}",
    "/sinkronisasi/kemajuan",
    "/aset/kemajuan.js",
    "/aset/sekali.js",
    "/temuan",
    "/pegawai",
    "/masuk/oidc/mulai",
    "/masuk/oidc",
    "/healthz",
    "/readyz",
    "/metrics",
];

/// A page: the route that it belongs to, and its address.
pub type Room = (&'static str, String);

/// The ministry.
pub async fn ministry(folder: &Path) -> Stage {
    let clock = Arc::new(ManualClock::at(super::NOW.parse().unwrap()));
    let mut stage = set_up(Settings { employees: 2_000, seed: 7, ..Settings::default() }, folder, clock).await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    stage.app.config.sources.inbox = folder.join("kotak");
    let refused = stage.app.config.sources.inbox.join("refused");
    std::fs::create_dir_all(&refused).unwrap();
    for number in 0..15 {
        std::fs::write(refused.join(format!("presensi-{number}.csv")), "x").unwrap();
        let report: String = (1..2_000).map(|row| format!("baris {row}, kolom \"jam_masuk\": '7.3O' bukan jam\n")).collect();
        std::fs::write(refused.join(format!("presensi-{number}.csv.txt")), report).unwrap();
    }
    user(&stage.app, "admin", &[Role::Sysadmin], &[]).await;
    user(&stage.app, WHO, &[Role::Keuangan, Role::Sdm, Role::Sysadmin, Role::Auditor], &[]).await;
    stage
}

/// Sixty more accounts, sessions of one, a case that many have written about, and a log.
async fn lived_in(stage: &Stage, house: &House) {
    for number in 0..60 {
        // What a password costs is of no interest here.
        let account = selaras::store::NewAccount {
            name: format!("pegawai.{number}@kementerian.example"),
            shown: format!("Pegawai Nomor {number}"),
            hash: String::new(),
            roles: [Role::Keuangan, Role::Sdm].into(),
            scope: selaras::domain::access::Scope::Units(["01.24.03".to_owned(), "01.24.04".to_owned()].into()),
        };
        let told = selaras::store::AuditEntry::new("admin", "127.0.0.1", "account_added", &account.name);
        stage.app.store.add_account(&account, told).await.unwrap();
    }
    let verdicts = stage.app.store.verdicts(stage.period, None).await.unwrap().all().await.unwrap();
    let finding = verdicts.iter().flat_map(|verdict| &verdict.findings).find(|finding| finding.code.code() == "AM01").unwrap();
    for version in 0..60 {
        let target = CaseTarget { id: finding.id.clone(), version, evidence: finding.evidence_hash() };
        let deed = Deed::Comment(format!("{version}: {}", "sudah ditelepon, menunggu surat; ".repeat(40)));
        assert_eq!(stage.app.store.work(stage.period, &[target], &deed, WHO, "").await.unwrap(), Worked::Done(1));
    }
    for _ in 0..10 {
        house.signed_in(WHO).await;
    }
}

/// Sends a form with files as a browser does.
pub async fn send(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)], file: (&str, &str)) -> Answer {
    let csrf = browser.csrf().await;
    let all: Vec<(&str, &str)> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
    browser.send("POST", path, &[KIND], &multipart(&all, Some(file))).await
}

/// Sends a file alone, whatever is in it.
pub async fn upload(browser: &mut Browser<'_>, path: &str, file: &Path) -> Answer {
    let csrf = browser.csrf().await;
    let text = multipart(&[("csrf", &csrf)], Some((&file.file_name().unwrap().to_string_lossy(), "ISI")));
    let (before, after) = text.split_once("ISI").unwrap();
    let body = [before.as_bytes(), &std::fs::read(file).unwrap(), after.as_bytes()].concat();
    browser.send_bytes("POST", path, &[KIND], &body).await
}

fn links(page: &Answer, start: &str) -> Vec<String> {
    let all = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|link| link.starts_with(start));
    all.map(|link| link.replace("&#38;", "&")).collect()
}

/// Every page that has an address.
pub async fn rooms(stage: &Stage, house: &House) -> Vec<Room> {
    lived_in(stage, house).await;
    let mut browser = house.signed_in(WHO).await;
    let group = links(&browser.get("/sdm?kode=AM01").await, "/sdm/kelompok").remove(0);
    let case = links(&browser.get(&group).await, "/sdm/kasus/");
    let mut most = (0, String::new());
    for person in links(&browser.get("/keuangan?putusan=tertahan").await, "/pegawai/").into_iter().take(25) {
        most = most.max((browser.get(&person).await.body.len(), person));
    }
    let begun = send(&mut browser, "/kebijakan/andai", &[("dari", "2026-10"), ("sampai", "2026-10")], ("calon.toml", &changed())).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let mut worked = Vec::new();
    for link in &case {
        worked.push((browser.get(link).await.body.len(), link.clone()));
    }
    let rooms: Vec<Room> = vec![
        ("/", "/".into()),
        ("/keuangan", "/keuangan".into()),
        ("/keuangan", "/keuangan?putusan=layak&urut=nama".into()),
        ("/keuangan/jembatan", "/keuangan/jembatan".into()),
        ("/keuangan/periksa-adk", "/keuangan/periksa-adk".into()),
        ("/sdm", "/sdm".into()),
        ("/sdm/kelompok", group),
        ("/sdm/kasus/{periode}/{kasus}", worked.into_iter().max().unwrap().1),
        ("/sinkronisasi", "/sinkronisasi".into()),
        ("/akun", "/akun".into()),
        ("/akun/{nama}", format!("/akun/{WHO}")),
        ("/sesi", "/sesi".into()),
        ("/audit", "/audit?periksa=ya".into()),
        ("/kebijakan", "/kebijakan".into()),
        ("/kebijakan/banding", "/kebijakan/banding".into()),
        ("/kebijakan/andai", "/kebijakan/andai".into()),
        ("/kebijakan/andai/{kerja}", begun.header("location").to_owned()),
        ("/pegawai/{nip}", most.1),
        ("/sandi", "/sandi".into()),
        ("/masuk", "/masuk".into()),
        ("/api", "/api".into()),
        ("404", "/tidak-ada".into()),
    ];
    let listed: BTreeSet<&str> = rooms.iter().map(|(route, _)| *route).collect();
    let pages = RULES.iter().filter(|(method, path, _)| *method == "GET" && !path.starts_with("/api/") && !NO_PAGES.contains(path));
    let missing: Vec<_> = pages.map(|(_, path, _)| *path).filter(|path| !listed.contains(path)).collect();
    assert!(missing.is_empty(), "pages whose weight nobody looks at: {missing:?}");
    rooms
}

pub fn in_english(path: &str) -> String {
    format!("{path}{}bahasa=en", if path.contains('?') { '&' } else { '?' })
}
