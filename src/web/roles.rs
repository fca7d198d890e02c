//! Tests: what each role and each scope sees of the rooms, over real HTTP, without the gate.

use super::access::{Doors, Pass};
use super::memory::Memory;
use super::{Site, rooms};
use crate::app::demo::{Stage, set_up};
use crate::clock::ManualClock;
use crate::domain::Nip;
use crate::domain::access::{Role, Scope, Viewer};
use crate::domain::text::Lang;
use crate::simulator::Settings;
use crate::store::{ListWanted, Listed};
use axum::Extension;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;

async fn stage(folder: &std::path::Path) -> Stage {
    let clock = Arc::new(ManualClock::at("2026-11-02T01:00:00Z".parse().unwrap()));
    let stage = set_up(Settings { employees: 60, seed: 3, ..Settings::default() }, folder, clock).await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    stage
}

/// The rooms as one reader sees them.
struct Reader(String);

impl Reader {
    async fn enter(stage: &Stage, roles: &[Role], scope: Scope) -> Self {
        let viewer = Viewer { account: "uji".into(), name: "Uji".into(), roles: roles.iter().copied().collect(), scope, limits: None };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let site = Site {
            app: stage.app.clone(),
            lang: Lang::Id,
            doors: Doors::new(&stage.app, 1),
            memory: Memory::default(),
            exports: Arc::new(Semaphore::new(1)),
            trials: super::Trials::default(),
        };
        let pass = Pass { csrf: String::new(), address: String::new(), session: None };
        let router = rooms().layer(Extension(viewer)).layer(Extension(pass)).with_state(Arc::new(site));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self(address)
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let mut stream = tokio::net::TcpStream::connect(&self.0).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

async fn everybody(stage: &Stage) -> Vec<Listed> {
    let wanted = ListWanted { limit: 1_000, ..ListWanted::default() };
    stage.app.store.list(stage.period, &wanted).await.unwrap().unwrap().1
}

fn named(text: &str) -> BTreeSet<Nip> {
    let digits: Vec<&str> = text.split(|letter: char| !letter.is_ascii_digit()).filter(|run| run.len() == 18).collect();
    digits.into_iter().filter_map(|run| Nip::parse(run).ok()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_opens_its_rooms_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let documents = ["nominatif.xlsx", "nominatif.pdf", "rekap.xlsx", "calllist.pdf"].map(|name| format!("/unduh/{}/{name}", stage.period));
    let rooms = ["/", "/keuangan", "/keuangan/jembatan", "/keuangan/periksa-adk", "/sdm", "/sinkronisasi", "/kebijakan"];
    let all: Vec<&str> = rooms.into_iter().chain(documents.iter().map(String::as_str)).collect();
    let opens = |role: Role| match role {
        Role::Keuangan => [200, 200, 200, 200, 200, 403, 200, 200, 200, 200, 200],
        Role::Sdm => [200, 200, 200, 403, 200, 403, 200, 403, 403, 200, 200],
        Role::Sysadmin => [200, 403, 403, 403, 403, 200, 200, 403, 403, 403, 403],
        Role::Auditor => [200, 200, 200, 403, 200, 200, 200, 403, 403, 403, 403],
    };
    for (_, role) in Role::ALL {
        let reader = Reader::enter(&stage, &[role], Scope::All).await;
        for (path, wanted) in all.iter().zip(opens(role)) {
            assert_eq!(reader.get(path).await.0, wanted, "{role:?} {path}");
        }
    }
    let nobody = Reader::enter(&stage, &[], Scope::All).await;
    assert_eq!(nobody.get("/keuangan").await.0, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nips_and_accounts_are_covered_from_whom_they_do_not_concern() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let people = everybody(&stage).await;
    let auditor = Reader::enter(&stage, &[Role::Auditor], Scope::All).await;
    let mut paths = vec!["/".to_owned(), "/keuangan".into(), "/keuangan?cari=1".into(), "/sdm".into(), "/kebijakan".into()];
    paths.extend(people.iter().map(|row| format!("/pegawai/~{}", row.handle)));
    paths.push("/sdm/kelompok?kode=PR01&atasan=-".to_owned());
    for path in &paths {
        let (status, body) = auditor.get(path).await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(named(&body), BTreeSet::new(), "{path}");
    }
    let whole = people[0].nip;
    assert_eq!(auditor.get(&format!("/pegawai/{whole}")).await.0, 404, "a NIP cannot be asked for");
    assert!(!auditor.get(&format!("/keuangan?cari={}", &whole.as_str()[..9])).await.1.contains(&people[0].handle));
    // Every link of the list and of the groups leads somewhere.
    for room in ["/keuangan", "/sdm"] {
        let body = auditor.get(room).await.1;
        let links = body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| link.starts_with("/pegawai/") || link.starts_with("/sdm/kelompok")) {
            let link = link.replace("&#38;", "&").replace("&amp;", "&");
            assert_eq!(auditor.get(&link).await.0, 200, "{link}");
        }
    }

    let accounts: BTreeMap<Nip, String> = {
        let report = crate::app::report::payout(&stage.app, stage.period, stage.app.clock.now()).await.unwrap();
        report.accounts.into_iter().filter_map(|(nip, account)| Some((nip, account.number?))).collect()
    };
    let finance = Reader::enter(&stage, &[Role::Keuangan], Scope::All).await;
    let hr = Reader::enter(&stage, &[Role::Sdm], Scope::All).await;
    let mut shown = 0;
    for row in people.iter().filter(|row| accounts.contains_key(&row.nip)) {
        let path = format!("/pegawai/{}", row.nip);
        let (number, seen) = (&accounts[&row.nip], hr.get(&path).await.1);
        assert!(seen.contains(row.nip.as_str()) && !seen.contains(number.as_str()), "{path}");
        shown += usize::from(finance.get(&path).await.1.contains(number.as_str()));
    }
    assert!(shown > 10, "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_of_other_units_are_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let people = everybody(&stage).await;
    let own = people.iter().find(|row| !row.unit.is_empty()).unwrap().unit.clone();
    let (mine, foreign): (Vec<&Listed>, Vec<&Listed>) = people.iter().partition(|row| row.unit == own);
    assert!(!mine.is_empty() && foreign.len() > 5);
    let reader = Reader::enter(&stage, &[Role::Keuangan, Role::Sdm], Scope::Units([own.clone()].into())).await;
    let listed = named(&reader.get("/keuangan").await.1);
    assert_eq!(listed, mine.iter().map(|row| row.nip).collect());
    for row in &foreign {
        let answers = [
            reader.get(&format!("/pegawai/{}", row.nip)).await,
            reader.get(&format!("/pegawai/~{}", row.handle)).await,
            reader.get(&format!("/keuangan?cari={}", row.nip)).await,
        ];
        assert_eq!(answers.each_ref().map(|(status, _)| *status), [404, 404, 200]);
        assert!(!answers[2].1.contains(&format!("/pegawai/{}", row.nip)));
    }
    let (unknown, foreign_page) =
        (reader.get("/pegawai/198501012010011999").await.1, reader.get(&format!("/pegawai/{}", foreign[0].nip)).await.1);
    assert_eq!(unknown.replace("1985***********999", ""), foreign_page.replace(&foreign[0].nip.masked(), ""), "the two look alike");
    assert_eq!(reader.get(&format!("/keuangan?unit={}", foreign[0].unit)).await.1.matches("/pegawai/").count(), 0);
    for who in [foreign[0].nip.to_string(), format!("~{}", foreign[0].handle), "198501012010011999".to_owned()] {
        let (status, body) = reader.get(&format!("/sdm/kelompok?kode=PR01&atasan={who}")).await;
        assert_eq!(status, 404, "{who}");
        assert!(!body.contains(&foreign[0].name), "an assessor of whom nobody is seen is nobody");
    }
    let group = named(&reader.get("/sdm/kelompok?kode=AB05").await.1);
    assert!(group.iter().all(|nip| mine.iter().any(|row| row.nip == *nip)));
    let heads = |body: &str| -> u64 {
        body.split("class=\"figure\">").skip(1).map(|rest| rest.split(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    };
    assert_eq!(heads(&reader.get("/").await.1), mine.len() as u64);
}
