//! The read-only page over real HTTP, on a store filled by the demo's own steps; `doctor` and `serve` as real processes.

/// Runs each test on the demo's ministry, in a store of either engine.
macro_rules! on_both_stores {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let stage = crate::web::stage_on(folder.path(), None).await;
                super::$name(stage).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let url = crate::support::postgres::fresh_database().await;
                let stage = crate::web::stage_on(folder.path(), Some(&url)).await;
                super::$name(stage).await;
            })*
        }
    };
}

mod access;
mod accounts;
mod api;
mod auditor;
mod browser;
mod cases;
mod chrome;
mod clerk;
mod daemon;
mod doctor;
mod hand;
mod keeper;
mod matrix;
mod metrics;
mod officer;
mod oidc;
mod one_run;
mod operations;
mod pages;
mod paint;
mod policies;
mod returns;
mod rooms;
mod saved_views;
mod twice;
mod visitor;
mod weight;

use selaras::app::demo::{Stage, set_up};
use selaras::app::report::{self, PeriodReport};
use selaras::clock::ManualClock;
use selaras::domain::text::Lang;
use selaras::lifecycle::{Shutdown, Trigger};
use selaras::simulator::Settings;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const NOW: &str = "2026-11-02T01:00:00Z";
const HOSTILE: &str = "<script>alert('x')</script>&\"";

/// An answer: status, headers in lower case, body.
struct Answer {
    status: u16,
    head: String,
    body: String,
    bytes: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_else(|| panic!("{name}\n{}", self.head))
    }

    /// NIPs that the page lists.
    fn nips(&self) -> BTreeSet<String> {
        self.body.split("<span class=\"nip\">").skip(1).map(|rest| rest.chars().take(18).collect()).collect()
    }
}

/// A served page with its reader's cookie.
struct Page {
    address: String,
    cookie: String,
    trigger: Trigger,
    serving: tokio::task::JoinHandle<()>,
}

impl Page {
    async fn open(stage: &Stage, lang: Lang) -> Self {
        let (trigger, shutdown) = Shutdown::manual();
        let (tell, told) = tokio::sync::oneshot::channel();
        let app = stage.app.clone();
        let serving = tokio::spawn(async move {
            let mut tell = Some(tell);
            let mut announce = |link: &str| tell.take().unwrap().send(link.to_owned()).unwrap();
            selaras::web::serve(app, "127.0.0.1:0".parse().unwrap(), lang, shutdown, &mut announce).await.unwrap();
        });
        let link = told.await.unwrap();
        let (address, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut page = Self { address: address.to_owned(), cookie: String::new(), trigger, serving };
        let entered = page.send("GET", &format!("/{path}"), "").await;
        assert_eq!((entered.status, entered.header("location")), (303, "/"));
        let cookie = entered.header("set-cookie");
        assert!(cookie.contains("httponly") && cookie.contains("samesite=strict") && !path.contains(&cookie[13..40]), "{cookie}");
        page.cookie = cookie.split(';').next().unwrap().to_owned();
        page
    }

    async fn send(&self, method: &str, path: &str, cookie: &str) -> Answer {
        let at = &self.address;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        self.exchange(request.into_bytes()).await
    }

    async fn exchange(&self, request: Vec<u8>) -> Answer {
        let stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        let (mut from, mut to) = stream.into_split();
        // Whoever refuses a large body answers before it has been sent.
        let sent = tokio::spawn(async move {
            let _ = to.write_all(&request).await;
            // Half a connection counts as none.
            to
        });
        let mut answer = Vec::new();
        let _ = from.read_to_end(&mut answer).await;
        sent.abort();
        let at = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..at]).into_owned();
        let bytes = answer[at + 4..].to_vec();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Sends a file as a browser's form does.
    async fn upload(&self, path: &str, name: &str, content: &[u8]) -> Answer {
        let (at, cookie) = (&self.address, &self.cookie);
        let form = self.get(path).await;
        let csrf = form.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let mut body = format!(
            "--grenze\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--grenze\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--grenze--\r\n");
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\nOrigin: http://{at}\r\nContent-Type: multipart/form-data; boundary=grenze\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend(body);
        self.exchange(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &self.cookie).await
    }

    async fn close(self) {
        self.trigger.pull();
        self.serving.await.unwrap();
    }
}

/// Sixty people with everything imported, pulled and reconciled; one of them has a name that would like to run.
async fn stage(folder: &std::path::Path) -> Stage {
    stage_on(folder, None).await
}

/// The same on the store of this address.
async fn stage_on(folder: &std::path::Path, url: Option<&str>) -> Stage {
    let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
    let mut stage = set_up(Settings { employees: 60, seed: 3, ..Settings::default() }, folder, clock.clone()).await.unwrap();
    if let Some(url) = url {
        stage.app.store = selaras::store::Store::open(url, clock).await.unwrap();
    }
    let roster = std::fs::read_to_string(&stage.files.roster).unwrap();
    let clean = stage.truth.planted.iter().filter_map(|planted| planted.nip).map(|nip| nip.to_string()).collect::<BTreeSet<_>>();
    let mut table = csv::ReaderBuilder::new().from_reader(roster.as_bytes());
    let heads = table.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("{heads:?}"));
    let (nip, name) = (at("nip"), at("nama"));
    let mut out = csv::Writer::from_path(&stage.files.roster).unwrap();
    out.write_record(&heads).unwrap();
    let mut named = false;
    for row in table.records() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        if !named && !clean.contains(&row[nip]) {
            row[name] = HOSTILE.to_owned();
            named = true;
        }
        out.write_record(&row).unwrap();
    }
    out.flush().unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    stage
}

async fn evaluated(stage: &Stage) -> PeriodReport {
    report::of(&stage.app, stage.period, stage.app.clock.now()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_is_closed_inert_and_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let stage = stage(folder.path()).await;
    let page = Page::open(&stage, Lang::Id).await;
    let report = evaluated(&stage).await;
    let name = "&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;&#34;";
    let hostile = report.verdicts.iter().find(|verdict| verdict.name.as_deref() == Some(HOSTILE)).unwrap().nip;

    for path in [
        "/",
        "/keuangan",
        "/keuangan/jembatan",
        "/keuangan/periksa-adk",
        "/unduh/2026-10/nominatif.xlsx",
        "/sdm",
        "/sdm/kelompok?kode=AB05",
        "/sinkronisasi",
        "/kebijakan",
        "/kebijakan/banding",
        "/kebijakan/andai",
        "/temuan",
        "/pegawai",
        &format!("/pegawai/{hostile}"),
        "/tidak-ada",
        "/?periode=2026-13",
    ] {
        let stranger = page.send("GET", path, "selaras_1=x; selaras=y").await;
        assert_eq!(stranger.status, 401, "{path}");
        assert!(stranger.body.contains("tautan masuk") && !stranger.body.contains("2026-10"), "{path}");
    }
    for wrong in ["/masuk", "/masuk?kunci=", "/masuk?kunci=0000", "/masuk?kunci=%00%ff"] {
        let refused = page.send("GET", wrong, "").await;
        assert!(refused.status == 401 && !refused.head.contains("set-cookie"), "{wrong}");
    }
    for (path, word) in [("/healthz", "ok"), ("/readyz", "ok")] {
        let well = page.send("GET", path, "").await;
        assert_eq!((well.status, well.body.trim()), (200, word), "{path}");
    }

    for (path, status, says) in [
        ("/tidak-ada", 404, "Tidak ada halaman di alamat ini"),
        ("/?periode=oktober", 400, "&#39;oktober&#39; bukan periode: tulis YYYY-MM"),
        ("/keuangan?kode=XX99", 400, "bukan kode temuan"),
        ("/keuangan?putusan=lunas", 400, "bukan putusan"),
        ("/keuangan?urut=acak", 400, "bukan urutan"),
        ("/keuangan?sesudah=../x", 400, "bukan tempat dalam daftar"),
        ("/keuangan?sesudah=0123456789abcdef", 200, "Daftar pegawai"),
        ("/sdm?hal=0", 400, "bukan nomor halaman"),
        ("/sdm?hal=99999999", 200, "Kelompok penyebab"),
        ("/sdm?pemilik=siapa", 400, "bukan pemilik"),
        ("/sdm/kelompok", 400, "memerlukan kode temuan"),
        ("/sdm/kelompok?kode=AB05&atasan=198", 404, "Penilai itu tidak dikenal"),
        ("/sdm/kelompok?kode=AB05&atasan=~zzz", 404, "Penilai itu tidak dikenal"),
        ("/pegawai/1985", 400, "Bukan NIP"),
        ("/pegawai/~0123456789abcdef", 404, "tidak dikenal pada 2026-10"),
        ("/pegawai/~x", 404, "tidak dikenal pada 2026-10"),
        ("/pegawai/198501012010011999", 404, "tidak dikenal pada 2026-10"),
        ("/unduh/2026-10/gaji.xlsx", 404, "Tidak ada dokumen"),
        ("/unduh/2026-10/nominatif.exe", 404, "Tidak ada dokumen"),
        ("/unduh/oktober/nominatif.pdf", 404, "Tidak ada dokumen"),
        ("/?periode=2024-01", 409, "2024-01"),
        ("/?bahasa=en&periode=x", 400, "is not a period"),
        ("/?periode=%3Cb%3E", 400, "&#39;&#60;b&#62;&#39;"),
        ("/keuangan?cari=%22%3E%3Cscript%3E", 200, "value=\"&#34;&#62;&#60;script&#62;\""),
        ("/keuangan?cari=%25_%5C", 200, "Tidak ada pegawai yang cocok"),
        ("/keuangan?cari=script", 200, name),
        (&format!("/pegawai/{hostile}"), 200, name),
    ] {
        let answer = page.get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.contains(says), "{path}: {}", answer.body);
        assert!(!answer.body.contains("<script") && !answer.body.contains("<b>"), "{path}");
        assert!(!answer.body.contains("198501012010011999"), "a NIP that nobody knows is masked: {path}");
        for (header, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("x-frame-options", "deny"),
        ] {
            assert_eq!(answer.header(header), value, "{path}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert!(!answer.body.contains("http://") && !answer.body.contains("https://"), "no other host: {path}");
    }
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(page.send(method, "/", &page.cookie).await.status, 405, "{method}");
    }
    let head = page.send("HEAD", "/", &page.cookie).await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));

    let english = page.get("/?bahasa=en").await;
    assert!(english.body.contains("<html lang=\"en\">") && english.body.contains("Readiness of the tukin payment"));
    let inside: Vec<&str> = english.body.split("href=\"/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let switch = inside.iter().filter(|link| !link.contains("bahasa=en")).count();
    assert_eq!(switch, 1, "only the way back to Indonesian leaves English: {inside:?}");
    page.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_follows_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
    let stage = set_up(Settings { employees: 20, seed: 3, ..Settings::default() }, folder.path(), clock).await.unwrap();
    let page = Page::open(&stage, Lang::Id).await;
    let empty = page.get("/").await;
    assert!(empty.status == 404 && empty.body.contains("belum ada daftar pegawai"), "{}", empty.body);
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    let before = page.get("/").await;
    assert!(before.status == 200 && before.body.contains("Belum ada pencocokan"), "{}", before.body);
    for path in ["/keuangan", "/sdm", "/keuangan/jembatan", "/keuangan/periksa-adk", "/unduh/2026-10/rekap.pdf"] {
        let none = page.get(path).await;
        assert!(none.status == 200 && none.body.contains("selaras reconcile --period 2026-10"), "{path}");
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    stage.reconcile(&mut |_| {}).await.unwrap();
    let after = page.get("/").await;
    assert!(after.body.contains("<strong>2 November 2026 pukul 08.00 WIB</strong> (baru saja)"), "{}", after.body);

    stage.app.store.close().await;
    assert_eq!(page.send("GET", "/healthz", "").await.status, 200);
    assert_eq!(page.send("GET", "/readyz", "").await.status, 503);
    assert_eq!(page.get("/").await.status, 503);
    page.close().await;
}
