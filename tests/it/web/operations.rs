//! `/sinkronisasi` at work, on both engines: what is held is decided about, jobs are started, a pull is watched.

use super::visitor::{Browser, House, user};
use crate::support::Bench;
use crate::support::on_both_engines;
use chrono::Duration;
use selaras::app::App;
use selaras::app::import::{ImportOptions, content};
use selaras::app::pull::{self, PullOptions};
use selaras::app::{doctor, held};
use selaras::clock::SharedClock;
use selaras::config::Config;
use selaras::domain::access::Role;
use selaras::domain::evidence::{Kind, Reason};
use selaras::domain::period::Span;
use selaras::intake::FileKind;
use selaras::simulator::{self, Faults, Ministry, Settings};
use selaras::store::{NewItem, NewRun, RunEnd, SlotClaim, SlotState, WokenBy};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration as Wait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

on_both_engines![
    what_is_held_is_decided_about_once,
    a_job_is_started_once_however_often_the_form_is_sent,
    what_was_set_aside_is_asked_again,
    who_watches_a_pull_is_cut_off_with_the_session,
];

/// A ministry of 32 people whose BKN misbehaves in this way, with an account for each role.
pub async fn ministry(bench: &Bench, faults: &str) -> App {
    ministry_with(bench, [faults; 2]).await
}

/// The same where the report API and SIASN misbehave each in its own way.
pub async fn ministry_with(bench: &Bench, faults: [&str; 2]) -> App {
    let grown = Arc::new(Ministry::grow(&Settings { employees: 32, seed: 7, ..Settings::default() }).unwrap());
    let mut sections = Vec::new();
    for name in faults {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        sections.push(simulator::sections(listener.local_addr().unwrap()));
        tokio::spawn(simulator::serve(grown.clone(), listener, Faults::named(name).unwrap(), std::future::pending()));
    }
    let (report, siasn) = (sections[0].split("[ekinerja.siasn]").next().unwrap(), sections[1].split_once("[ekinerja.siasn]").unwrap().1);
    let text = format!(
        "[evidence]\npull = [\"evaluation\", \"skp\", \"identity\"]\n{report}[ekinerja.siasn]{siasn}\n[ekinerja.pace]\nrequests_per_second = 5000\nburst = 100\nattempts = 2\nbackoff_initial = \"2ms\"\nbackoff_max = \"10ms\"\n"
    );
    let mut config = Config::parse(&text, Path::new("selaras.toml")).unwrap();
    config.policy.dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    config.backup.dir = bench.folder.path().join("backup");
    config.sources.inbox = bench.folder.path().join("inbox");
    let clock: SharedClock = Arc::new(bench.clock.clone());
    let app = App { config, store: bench.store.clone(), clock };
    let files = grown.write(&bench.folder.path().join("berkas")).unwrap();
    let options = ImportOptions { kind: FileKind::Roster, period: Some("2026-10".parse().unwrap()), dry_run: false, accept_partial: false };
    content(&app, "pegawai.csv".to_owned(), std::fs::read(&files.roster).unwrap(), options).await.unwrap();
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "pemeriksa", &[Role::Auditor], &[]).await;
    app
}

pub async fn pulled(app: &App) {
    pull::run(app, "2026-10".parse().unwrap(), PullOptions::default(), Arc::new(|| false)).await.unwrap();
}

/// The hidden fields of the form that holds this text.
fn fields(page: &str, holds: &str) -> Vec<(String, String)> {
    let form = page.split("<form").find(|form| form.split("</form>").next().unwrap().contains(holds)).unwrap_or_else(|| panic!("{holds}"));
    let form = form.split("</form>").next().unwrap();
    let hidden = form.split("type=\"hidden\" name=\"").skip(1);
    hidden
        .map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        })
        .collect()
}

async fn send(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)], more: &[(&str, &str)]) -> String {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.extend(more);
    let answer = browser.post(path, &all).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    let to = answer.header("location").to_owned();
    to.strip_prefix("/sinkronisasi?hasil=").unwrap_or_else(|| panic!("{to}")).to_owned()
}

/// Waits until the newest slot of the job has ended.
pub async fn ended(app: &App, job: &str) -> SlotState {
    for _ in 0..1500 {
        let newest = app.store.slots(job, 1).await.unwrap().into_iter().next();
        if let Some(slot) = newest.filter(|slot| slot.state != SlotState::Running) {
            return slot.state;
        }
        tokio::time::sleep(Wait::from_millis(20)).await;
    }
    panic!("{job} does not end");
}

async fn what_is_held_is_decided_about_once(bench: Bench) {
    let app = ministry(&bench, "nip-blank@report").await;
    pulled(&app).await;
    let house = House::open(&app).await;
    let mut auditor = house.signed_in("pemeriksa").await;
    let seen = auditor.get("/sinkronisasi").await;
    assert!(seen.body.contains("Menunggu keputusan") && seen.body.contains("baris tidak terbaca"), "{}", seen.body);
    assert!(!seen.body.contains("/sinkronisasi/") && !seen.body.contains("name=\"sekali\""), "who may only look gets no form");
    let mut admin = house.signed_in("admin").await;
    let page = admin.get("/sinkronisasi").await;
    for word in ["ekinerja.report.token", "ekinerja.siasn.sso_password", "menjawab", "menurut proses", "text("] {
        assert!(page.body.contains(word), "{word}");
    }
    let waiting = held::waiting(&app.store, app.clock.now()).await.unwrap();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    let of = |kind: &str| fields(&page.body, &format!("name=\"jenis\" value=\"{kind}\"><input type=\"hidden\" name=\"bagian\""));
    let decide = "/sinkronisasi/putuskan";
    assert_eq!(admin.post(decide, &[("csrf", &admin.clone().csrf().await), ("keputusan", "hapus")]).await.status, 400);
    assert_eq!(send(&mut admin, decide, &of("skp"), &[("keputusan", "tolak")]).await, "ditolak");
    assert_eq!(send(&mut admin, decide, &of("skp"), &[("keputusan", "terima")]).await, "diputuskan", "it has been decided");
    bench.clock.advance(Duration::minutes(1));
    assert_eq!(send(&mut admin, decide, &of("evaluation"), &[("keputusan", "terima")]).await, "diterima");
    assert_eq!(send(&mut admin, decide, &of("evaluation"), &[("keputusan", "terima")]).await, "diputuskan", "a second click");
    assert_eq!(ended(&app, "sync").await, SlotState::Done);

    let taken = app.store.received().await.unwrap();
    assert!(taken.contains_key(&Kind::Evaluation) && !taken.contains_key(&Kind::Skp), "{taken:?}");
    let page = admin.get("/sinkronisasi?hasil=diterima").await;
    assert!(page.body.contains("role=\"status\"") && page.body.contains("Diterima. Tarikan ulang"), "{}", page.body);
    assert!(page.body.contains("Ditolak oleh admin") && page.body.contains("(dengan tangan)"), "{}", page.body);
    let told = doctor::look(&app).await.unwrap();
    assert!(!told.iter().any(|line| line.found.en.contains("is held")), "nobody is asked again about what was refused: {told:?}");
    let log: Vec<_> = house.log().await.into_iter().filter(|line| line.0.starts_with("held_")).collect();
    let told: Vec<_> = log.iter().map(|line| (line.0.as_str(), line.1.as_str(), line.2.split(' ').next().unwrap())).collect();
    assert_eq!(told, [("held_refused", "admin", "skp"), ("held_accepted", "admin", "evaluation")]);

    // As much as was seen, and not one more: a list that has lost more is held again.
    let accepted = held::accepted(&app).await.unwrap();
    assert!(accepted.is_empty(), "what was taken is not accepted for ever: {accepted:?}");
    house.close().await;
}

async fn a_job_is_started_once_however_often_the_form_is_sent(bench: Bench) {
    let app = ministry(&bench, "none").await;
    let house = House::open(&app).await;
    let mut admin = house.signed_in("admin").await;
    let page = admin.get("/sinkronisasi").await;
    let form = fields(&page.body, "value=\"reconcile\"");
    let start = "/sinkronisasi/jalankan";
    assert_eq!(send(&mut admin, start, &form, &[]).await, "mulai");
    assert_eq!(ended(&app, "reconcile").await, SlotState::Done);
    bench.clock.advance(Duration::minutes(1));
    assert_eq!(send(&mut admin, start, &form, &[]).await, "sekali");
    assert_eq!(app.store.slots("reconcile", 10).await.unwrap().len(), 1);
    let slot = app.store.slots("reconcile", 1).await.unwrap().remove(0);
    assert_eq!((slot.woken_by, slot.attempts), (WokenBy::Hand, 1));

    let csrf = admin.csrf().await;
    let id = form.iter().find(|(name, _)| name == "sekali").unwrap().1.replace('a', "b");
    for wrong in
        [vec![("pekerjaan", "sync")], vec![("pekerjaan", "retention"), ("sekali", &id)], vec![("pekerjaan", "sync"), ("sekali", "<b>")]]
    {
        let all: Vec<(&str, &str)> = wrong.into_iter().chain([("csrf", csrf.as_str())]).collect();
        assert_eq!(admin.post(start, &all).await.status, 400, "{all:?}");
    }
    // Somebody else is at it.
    app.store.plan_job("backup", "by hand").await.unwrap();
    bench.clock.advance(Duration::minutes(1));
    let now = app.clock.now();
    let claim = SlotClaim { job: "backup", slot: now, woken_by: WokenBy::Alarm, missed: 0, lease: Wait::from_secs(600) };
    app.store.claim_slot(&claim).await.unwrap();
    bench.clock.advance(Duration::seconds(1));
    let page = admin.get("/sinkronisasi").await;
    assert!(page.body.contains("never") || page.body.contains("belum pernah dicoba dipulihkan"), "{}", page.body);
    assert_eq!(send(&mut admin, start, &fields(&page.body, "value=\"backup\""), &[]).await, "sibuk");
    let started: Vec<_> = house.log().await.into_iter().filter(|line| line.0 == "job_started").map(|line| line.2).collect();
    assert_eq!(started, ["reconcile", "backup"], "each wish is written down once, also one that came to nothing");
    house.close().await;
}

async fn what_was_set_aside_is_asked_again(bench: Bench) {
    let app = ministry(&bench, "not-nothing-object@siasn").await;
    pulled(&app).await;
    let counts = app.store.set_aside_since(app.clock.now() - held::LOOK_BACK).await.unwrap();
    let row = counts.iter().find(|row| row.kind == Kind::Identity).unwrap_or_else(|| panic!("{counts:?}"));
    let reason = row.reason;
    let options = held::again(&app, Kind::Identity, reason).await.unwrap().unwrap();
    assert!(!options.only.is_empty() && options.kinds == [Kind::Identity], "{:?}", options.only.len());
    assert!(held::again(&app, Kind::Identity, Reason::TooLarge).await.unwrap().is_none());
    let house = House::open(&app).await;
    let mut admin = house.signed_in("admin").await;
    bench.clock.advance(Duration::minutes(1));
    let page = admin.get("/sinkronisasi").await;
    let form =
        fields(&page.body, &format!("name=\"jenis\" value=\"identity\"><input type=\"hidden\" name=\"sebab\" value=\"{}\"", reason.key()));
    assert_eq!(send(&mut admin, "/sinkronisasi/ulangi", &form, &[]).await, "mulai");
    assert_eq!(ended(&app, "sync").await, SlotState::Done);
    let run = app.store.latest_run(None).await.unwrap().unwrap();
    let report = app.store.run_report(&run).await.unwrap();
    assert_eq!((report.items.planned(), report.surfaces), (options.only.len() as u64, vec!["siasn".to_owned()]), "nobody else is asked");
    assert!(house.log().await.iter().any(|line| line.0 == "asked_again" && line.2 == "identity"));
    house.close().await;
}

/// A stream that is open: what has come so far.
struct Watch {
    stream: tokio::net::TcpStream,
    text: String,
}

impl Watch {
    async fn open(house: &House, browser: &Browser<'_>) -> Self {
        let mut stream = tokio::net::TcpStream::connect(&house.address).await.unwrap();
        let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = format!("GET /sinkronisasi/kemajuan HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n", house.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        Self { stream, text: String::new() }
    }

    /// Reads until the text is there; `false`: the stream has ended before.
    async fn until(&mut self, wanted: &str) -> bool {
        let mut part = [0; 4096];
        while !self.text.contains(wanted) {
            // The last chunk of a body.
            if self.text.ends_with("\r\n0\r\n\r\n") {
                return false;
            }
            let read = tokio::time::timeout(Wait::from_secs(20), self.stream.read(&mut part)).await.expect("nothing comes").unwrap();
            if read == 0 {
                return false;
            }
            self.text.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        true
    }
}

async fn who_watches_a_pull_is_cut_off_with_the_session(bench: Bench) {
    let app = ministry(&bench, "none").await;
    let house = House::open(&app).await;
    let mut admin = house.signed_in("admin").await;
    assert!(!admin.get("/sinkronisasi").await.body.contains("kemajuan.js"), "nothing runs, nothing is watched");
    let item = NewItem { kind: Kind::Skp, surface: "report".into(), part: "report:2026".into(), span: Span::Year(2026), nip: None };
    let new = NewRun {
        period: "2026-10".parse().unwrap(),
        surfaces: vec!["report".to_owned()],
        plan_sha: "x".to_owned(),
        items: vec![item],
        resume_within: Wait::from_secs(3600),
        about_some: false,
    };
    let run = app.store.begin_run(new).await.unwrap();
    let page = admin.get("/sinkronisasi").await;
    assert!(
        page.body.contains("data-kemajuan=\"/sinkronisasi/kemajuan\"")
            && page.body.contains("<script src=\"/aset/kemajuan.js\" defer></script>")
    );
    let script = admin.get("/aset/kemajuan.js").await;
    assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));

    let mut watch = Watch::open(&house, &admin).await;
    assert!(watch.until("\"menunggu\":\"1\"").await, "{}", watch.text);
    assert!(watch.text.contains("text/event-stream") && watch.text.contains("\"percent\":0"), "{}", watch.text);
    // Another one, whose account is closed.
    user(&app, "lain", &[Role::Sysadmin], &[]).await;
    let other = house.signed_in("lain").await;
    let mut closed = Watch::open(&house, &other).await;
    assert!(closed.until("\"menunggu\":\"1\"").await);
    selaras::app::access::set_disabled(&app, &selaras::app::access::By::terminal(), "lain", true).await.unwrap();
    assert!(!closed.until("never said").await, "{}", closed.text);
    assert!(!closed.text.contains("selesai"), "{}", closed.text);

    let claimed = app.store.claim(&run, "report", 1, Wait::from_secs(60), &selaras::store::LeaseOwner::this_process()).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert!(watch.until("\"dikerjakan\":\"1\"").await, "{}", watch.text);
    app.store.skip_rest(&run, "report", None).await.unwrap();
    app.store.finish_run(&run, RunEnd::Finished).await.unwrap();
    assert!(watch.until("event: selesai").await, "{}", watch.text);
    assert!(!watch.until("never said").await, "it ends by itself");

    // Seats are counted, and given back by whoever leaves.
    let again = NewRun {
        plan_sha: "y".to_owned(),
        items: Vec::new(),
        period: "2026-10".parse().unwrap(),
        surfaces: vec![],
        resume_within: Wait::ZERO,
        about_some: false,
    };
    app.store.begin_run(again).await.unwrap();
    // What was seen a moment ago is shown for two seconds.
    tokio::time::sleep(Wait::from_millis(2_500)).await;
    let mut seats = Vec::new();
    for _ in 0..64 {
        let mut watch = Watch::open(&house, &admin).await;
        assert!(watch.until("\"percent\"").await, "{}", watch.text);
        seats.push(watch);
    }
    let full = admin.get("/sinkronisasi/kemajuan").await;
    assert_eq!((full.status, full.header("retry-after")), (503, "30"));
    drop(seats);
    for _ in 0..200 {
        let mut watch = Watch::open(&house, &admin).await;
        if watch.until("\"percent\"").await {
            house.close().await;
            return;
        }
        tokio::time::sleep(Wait::from_millis(100)).await;
    }
    panic!("seats are not given back");
}

/// A door that gives whoever comes the cookies of a browser that has signed in: Chromium is told none on its command line.
async fn door(house: &House, browser: &Browser<'_>, watched: Arc<AtomicBool>) -> String {
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, to) = (listener.local_addr().unwrap().to_string(), house.address.clone());
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (cookies, to, watched) = (cookies.clone(), to.clone(), Arc::clone(&watched));
            tokio::spawn(async move {
                let (mut head, mut part) = (String::new(), [0; 4096]);
                while !head.contains("\r\n\r\n") {
                    match near.read(&mut part).await {
                        Ok(read) if read > 0 => head.push_str(&String::from_utf8_lossy(&part[..read])),
                        _ => return,
                    }
                }
                watched.fetch_or(head.starts_with("GET /sinkronisasi/kemajuan "), Ordering::Relaxed);
                let lines = head.lines().filter(|line| !line.is_empty() && !line.to_lowercase().starts_with("connection:"));
                let head = lines.collect::<Vec<_>>().join("\r\n");
                let mut far = tokio::net::TcpStream::connect(to).await.unwrap();
                far.write_all(format!("{head}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    at
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_browser_shows_a_running_pull_and_its_end() {
    let bench = Bench::sqlite().await;
    let app = ministry(&bench, "none").await;
    let house = House::open(&app).await;
    let admin = house.signed_in("admin").await;
    let item = NewItem { kind: Kind::Skp, surface: "report".into(), part: "report:2026".into(), span: Span::Year(2026), nip: None };
    let (surfaces, resume_within) = (vec!["report".to_owned()], Wait::from_secs(3600));
    let new = NewRun {
        period: "2026-10".parse().unwrap(),
        surfaces,
        plan_sha: "x".to_owned(),
        items: vec![item],
        resume_within,
        about_some: false,
    };
    let run = app.store.begin_run(new).await.unwrap();
    let watched = Arc::new(AtomicBool::new(false));
    let address = format!("http://{}/sinkronisasi", door(&house, &admin, Arc::clone(&watched)).await);
    let seen = tokio::task::spawn_blocking(move || {
        super::browser::chromium().args(["--virtual-time-budget=30000", "--dump-dom", &address]).output().unwrap()
    });
    // The script has come, and watches.
    while !seen.is_finished() && !watched.load(Ordering::Relaxed) {
        tokio::time::sleep(Wait::from_millis(50)).await;
    }
    tokio::time::sleep(Wait::from_secs(1)).await;
    app.store.skip_rest(&run, "report", None).await.unwrap();
    app.store.finish_run(&run, RunEnd::Finished).await.unwrap();
    let seen = String::from_utf8_lossy(&seen.await.unwrap().stdout).into_owned();
    assert!(seen.contains("data-angka=\"akhir\">Tarikan selesai. Muat ulang"), "{}", &seen[seen.len().saturating_sub(3000)..]);
    house.close().await;
}
