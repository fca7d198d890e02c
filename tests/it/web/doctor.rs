//! `doctor`, as a real process and on the demo's ministry.

use super::NOW;
use selaras::app::demo::set_up;
use selaras::app::doctor::{self, Level, Line};
use selaras::clock::{ManualClock, SharedClock};
use selaras::config::Config;
use selaras::simulator::Settings;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

fn selaras(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELARAS")) {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } = command.current_dir(folder).args(args).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The level of the worst line of a check.
fn worst(lines: &[Line], check: &str) -> Level {
    lines.iter().filter(|line| line.check == check).map(|line| line.level).max().unwrap_or_else(|| panic!("no line about {check}"))
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.toml"), "[ekinerja.report]\ntoken = \"env:TIDAK_ADA_TOKEN_INI\"\n").unwrap();
    let (code, out, err) = selaras(folder.path(), &["--config", "x.toml", "doctor"]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    for line in out.lines().filter(|line| !line.trim_start().starts_with("->")) {
        assert!(["ok ", "warn ", "fail "].iter().any(|level| line.starts_with(level)), "{line}");
    }
    for said in [
        "x.toml dipakai",
        "fail  secrets     ekinerja.report.token: variabel lingkungan TIDAK_ADA_TOKEN_INI tidak ada",
        "ok    store       sqlite",
        "fail  policy",
        "ok    clock",
        "warn  bkn_siasn   siasn belum dikonfigurasi",
        "-> isi ekinerja.siasn.consumer_key",
        "disk",
        "warn  inbox",
    ] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    let (code, out, _) = selaras(folder.path(), &["--lang", "en", "doctor", "--as", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["ok"]), (1, &serde_json::json!(false)), "{out}");
    let first = &report["lines"][0];
    assert_eq!((&first["check"], &first["level"]), (&serde_json::json!("config"), &serde_json::json!("warn")), "defaults are told");
    assert!(first["action"]["id"].is_string() && first["action"]["en"].is_string());
    let (code, _, err) = selaras(folder.path(), &["doctor", "--as", "csv"]);
    assert!(code == 2 && err.contains("text, json"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_asks_bkn_and_looks_at_the_policy() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(NOW.parse().unwrap());
    let shared: SharedClock = Arc::new(clock.clone());
    let stage = set_up(Settings { employees: 20, seed: 3, ..Settings::default() }, folder.path(), Arc::clone(&shared)).await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    let examine = async |config: &Config| doctor::examine(config, Some(&stage.config_path), &shared).await;
    let config = &stage.app.config;
    let lines = examine(config).await;
    assert!(lines.iter().all(|line| line.level != Level::Fail), "{lines:#?}");
    for well in ["config", "secrets", "store", "clock", "bkn_report", "bkn_siasn"] {
        assert_eq!(worst(&lines, well), Level::Ok, "{lines:#?}");
    }
    assert_eq!(worst(&lines, "policy"), Level::Warn, "a draft with unverified rules");
    assert!(lines.iter().any(|line| line.check == "policy" && line.found.en.contains("2026-10 is covered by")), "{lines:#?}");

    // A token that BKN refuses is named by its key; a surface that is not there by its address.
    let changed = |from: &str, to: &str| {
        let path = folder.path().join("changed.toml");
        std::fs::write(&path, std::fs::read_to_string(&stage.config_path).unwrap().replace(from, to)).unwrap();
        Config::load(Some(&path), []).unwrap()
    };
    let lines = examine(&changed(selaras::simulator::REPORT_TOKEN, "basi")).await;
    let report = lines.iter().find(|line| line.check == "bkn_report").unwrap();
    assert_eq!(report.level, Level::Fail);
    assert!(report.action.as_ref().unwrap().en.contains("ekinerja.report.token"), "{report:?}");
    let lines = examine(&changed(&stage.bkn.to_string(), "127.0.0.1:9")).await;
    assert_eq!([worst(&lines, "bkn_report"), worst(&lines, "bkn_siasn")], [Level::Fail; 2]);

    // Behind the store's own data, and without a policy for the month.
    clock.advance(chrono::Duration::days(-500));
    let lines = examine(config).await;
    assert_eq!([worst(&lines, "clock"), worst(&lines, "policy")], [Level::Fail; 2], "{lines:#?}");
}
