//! `serve` as a real process, and its schedule.

use super::NOW;
use selaras::app::demo::set_up;
use selaras::clock::ManualClock;
use selaras::domain::text::Lang;
use selaras::lifecycle::Shutdown;
use selaras::schedule;
use selaras::simulator::Settings;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A daemon that works every second, and what it says.
struct Daemon {
    process: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Daemon {
    fn start(folder: &Path, more: &str) -> Self {
        let config = folder.join("selaras.toml");
        let every_second = "[schedule]\nsync = \"* * * * * *\"\nreconcile = \"* * * * * *\"\n";
        std::fs::write(&config, format!("{every_second}{more}")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
        command.arg("--config").arg(&config).arg("serve").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (tell, lines) = channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Self { process, lines, said: Vec::new() }
    }

    /// Reads on until a line holds all the words.
    fn wait_for(&mut self, words: &[&str]) -> String {
        let until = Instant::now() + Duration::from_secs(20);
        while let Ok(line) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.said.push(line.clone());
            if words.iter().all(|word| line.contains(word)) {
                return line;
            }
        }
        panic!("{words:?} is not said:\n{}", self.said.join("\n"));
    }

    /// SIGTERM, then the exit code and everything that was said.
    fn leave(mut self) -> (Option<i32>, Vec<String>) {
        crate::support::terminate(&self.process);
        let left = self.process.wait().unwrap();
        self.said.extend(self.lines.iter());
        (left.code(), std::mem::take(&mut self.said))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Gone already, unless the test has failed.
        let _ = self.process.kill();
    }
}

fn count(said: &[String], words: &[&str]) -> usize {
    said.iter().filter(|line| words.iter().all(|word| line.contains(word))).count()
}

#[test]
fn a_daemon_without_anything_configured_says_so_and_lives() {
    let folder = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(folder.path(), "[web]\nlisten = \"127.0.0.1:0\"\n");
    let link = daemon.wait_for(&["/masuk?kunci="]);
    for _ in 0..2 {
        daemon.wait_for(&["WARN", "reconcile", "failed", "why="]);
    }
    let (code, said) = daemon.leave();
    assert_eq!(code, Some(0), "{said:#?}");
    for surface in ["report", "siasn"] {
        assert_eq!(count(&said, &["WARN", &format!("surface={surface}"), "not configured"]), 1, "{said:#?}");
    }
    assert_eq!(count(&said, &["sync", "not scheduled"]), 1, "{said:#?}");
    assert_eq!(count(&said, &["sync", "started"]), 0, "{said:#?}");
    let key = link.split("kunci=").nth(1).unwrap().split_whitespace().next().unwrap();
    assert_eq!(count(&said, &[key]), 1, "the key is shown once and never logged");
    assert!(!link.contains("INFO") && !link.contains("WARN"), "{link}");
}

#[test]
fn a_daemon_whose_pull_fails_tries_again_at_its_hour() {
    let folder = tempfile::tempdir().unwrap();
    let more = "[web]\nlisten = \"0.0.0.0:0\"\n[ekinerja.report]\nbase_url = \"http://127.0.0.1:9\"\ntoken = \"rahasia-sekali\"\n";
    let mut daemon = Daemon::start(folder.path(), more);
    for _ in 0..2 {
        daemon.wait_for(&["WARN", "sync", "failed", "why="]);
    }
    let (code, said) = daemon.leave();
    assert_eq!(code, Some(0), "{said:#?}");
    assert_eq!(count(&said, &["surface=siasn", "not configured"]), 1, "{said:#?}");
    assert_eq!(count(&said, &["surface=report", "not configured"]), 0, "{said:#?}");
    assert_eq!(count(&said, &["peringatan", "belum ada akun"]), 1, "a page that others can reach is warned of: {said:#?}");
    assert_eq!(count(&said, &["rahasia-sekali"]), 0);
}

#[test]
fn an_address_in_use_is_one_sentence_and_exit_1() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(folder.path(), &format!("[web]\nlisten = \"{address}\"\n"));
    let said = daemon.wait_for(&["web.listen", &address]);
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(daemon.process.wait().unwrap().code(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schedule_pulls_and_reconciles_the_month_that_is_paid_next() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
    let mut stage = set_up(Settings { employees: 20, seed: 3, ..Settings::default() }, folder.path(), clock).await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    assert_eq!(stage.app.current_period(), stage.period);
    stage.app.config.schedule.sync = "* * * * * *".parse().unwrap();
    stage.app.config.schedule.reconcile = "* * * * * *".parse().unwrap();
    let (trigger, shutdown) = Shutdown::manual();
    let night = schedule::start(stage.app.clone(), Lang::Id, shutdown).await.unwrap();
    let store = &stage.app.store;
    let until = Instant::now() + Duration::from_secs(60);
    let worked = loop {
        let pulled = store.census().await.unwrap().sync_runs > 0;
        let reconciled = store.latest_reconcile_run(stage.period).await.unwrap().is_some();
        if (pulled && reconciled) || Instant::now() > until {
            break (pulled, reconciled);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(worked, (true, true));
    trigger.pull();
    night.leave().await;
    // Nobody works any more: what is in the store stays as it is.
    let runs = store.census().await.unwrap().sync_runs;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(store.census().await.unwrap().sync_runs, runs);
}

#[tokio::test]
async fn a_schedule_that_is_off_wakes_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
    let mut stage = set_up(Settings { employees: 20, seed: 3, ..Settings::default() }, folder.path(), clock).await.unwrap();
    for job in [&mut stage.app.config.schedule.sync, &mut stage.app.config.schedule.reconcile] {
        *job = "off".parse().unwrap();
    }
    let (_trigger, shutdown) = Shutdown::manual();
    let night = schedule::start(stage.app.clone(), Lang::Id, shutdown).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), night.leave()).await.unwrap();
}
