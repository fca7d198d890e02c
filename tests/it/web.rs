//! The read-only page over real HTTP, on a store filled by the demo's own steps; `doctor` and `serve` as real processes.

use selaras::app::demo::set_up;
use selaras::clock::SystemClock;
use selaras::domain::text::Lang;
use selaras::lifecycle::Shutdown;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// One GET, status and whole answer, headers included.
async fn get(at: &str, path: &str, cookie: Option<&str>) -> (u16, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
    let cookie = cookie.map(|cookie| format!("Cookie: {cookie}\r\n")).unwrap_or_default();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n{cookie}Connection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer).into_owned();
    (text.split(' ').nth(1).unwrap().parse().unwrap(), text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_the_period_to_whoever_holds_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let stage = set_up(50, 3, folder.path(), Arc::new(SystemClock)).await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    stage.pull(None, Arc::new(|| false)).await.unwrap();
    let done = stage.reconcile(&mut |_| {}).await.unwrap();
    let (trigger, shutdown) = Shutdown::manual();
    let (tell, told) = tokio::sync::oneshot::channel();
    let app = stage.app.clone();
    let page = tokio::spawn(async move {
        let mut tell = Some(tell);
        let mut announce = |link: &str| {
            if let Some(tell) = tell.take() {
                tell.send(link.to_owned()).unwrap();
            }
        };
        selaras::web::serve(app, "127.0.0.1:0".parse().unwrap(), Lang::Id, shutdown, &mut announce).await
    });
    let link = told.await.unwrap();
    let rest = link.strip_prefix("http://").unwrap();
    let (at, path) = rest.split_once('/').unwrap();

    let (status, _) = get(at, "/", None).await;
    assert_eq!(status, 401, "nobody reads without the link");
    assert_eq!(get(at, "/masuk?kunci=salah", None).await.0, 401);
    assert_eq!((get(at, "/healthz", None).await.0, get(at, "/readyz", None).await.0), (200, 200));

    let (status, entered) = get(at, &format!("/{path}"), None).await;
    assert_eq!(status, 303, "{entered}");
    let cookie =
        entered.lines().find_map(|line| line.to_lowercase().starts_with("set-cookie:").then(|| line[11..].trim().to_owned())).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();

    let (status, home) = get(at, "/?periode=2026-10", Some(&cookie)).await;
    assert_eq!(status, 200, "{home}");
    for word in ["Layak", "Tertahan", "Belum diketahui", "Tidak berhak", "TIDAK LENGKAP", "UJI COBA", "content-security-policy"] {
        assert!(home.to_lowercase().contains(&word.to_lowercase()), "{word}\n{home}");
    }
    let held = &done.report.verdicts.iter().find(|verdict| !verdict.findings.is_empty()).unwrap();
    let (status, person) = get(at, &format!("/pegawai/{}?periode=2026-10", held.nip), Some(&cookie)).await;
    assert_eq!(status, 200);
    assert!(person.contains(held.nip.as_str()) && person.contains(held.findings[0].code.code()), "{person}");
    assert_eq!(get(at, "/temuan?periode=2026-10", Some(&cookie)).await.0, 200);
    assert_eq!(get(at, "/pegawai?periode=2026-10&cari=%3Cscript%3E", Some(&cookie)).await.0, 200);
    assert!(!get(at, "/pegawai?periode=2026-10&cari=%3Cscript%3E", Some(&cookie)).await.1.contains("<script>"));
    assert_eq!(get(at, "/tidak-ada", Some(&cookie)).await.0, 404);
    assert_eq!(get(at, "/?periode=oktober", Some(&cookie)).await.0, 400);
    trigger.pull();
    page.await.unwrap().unwrap();
}

#[test]
fn doctor_says_what_to_do_and_serve_leaves_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("selaras.toml");
    std::fs::write(&config, "[store]\nurl = \"sqlite://s.db\"\n[policy]\ndir = \"policy\"\n[web]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    let policy = folder.path().join("policy");
    std::fs::create_dir(&policy).unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    for name in ["contoh-kemenko-infra.toml", "national-holidays-2026.toml"] {
        std::fs::copy(shipped.join(name), policy.join(name)).unwrap();
    }
    let selaras = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
        command.arg("--config").arg(&config).args(args);
        command
    };
    let out = selaras(&["doctor", "--as", "json"]).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|why| panic!("{why}: {text}"));
    assert!(text.contains("ekinerja.report.token"), "a surface without its token is named: {report}");
    assert_eq!(out.status.code(), Some(0), "{text}");

    let mut daemon = selaras(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    assert!(Command::new("kill").args(["-TERM", &daemon.id().to_string()]).status().unwrap().success());
    assert_eq!(daemon.wait().unwrap().code(), Some(0));
}
