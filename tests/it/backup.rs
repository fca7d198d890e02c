//! Copies of the store: both engines into each other, damaged ones, the nightly one with its trial; and retention.

use crate::support::Bench;
use crate::support::at;
use crate::support::on_both_engines;
use selaras::app::App;
use selaras::app::backup;
use selaras::app::demo::set_up;
use selaras::app::import::{ImportOptions, content};
use selaras::clock::ManualClock;
use selaras::clock::SharedClock;
use selaras::config::Config;
use selaras::domain::text::Lang;
use selaras::intake::FileKind;
use selaras::simulator::Settings;
use selaras::store::Store;
use selaras::store::StoreError;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

on_both_engines![a_copy_comes_back_on_either_engine, a_damaged_copy_changes_nothing, retention_deletes_bodies_and_no_evidence];

async fn app(bench: &Bench) -> App {
    let clock: SharedClock = Arc::new(bench.clock.clone());
    App { config: Config::default(), store: bench.store.clone(), clock }
}

async fn import(app: &App, kind: FileKind, name: &str, text: &str) {
    let options = ImportOptions { kind, period: Some("2026-10".parse().unwrap()), dry_run: false, accept_partial: false };
    content(app, name.to_owned(), text.as_bytes().to_vec(), options).await.unwrap();
}

async fn fill(app: &App) {
    let people: String = (0..200).map(|n| format!("198501012010011{n:03},\"Uji \"\"é\"\" {n}\\n\t\",PNS,U1,8,AKTIF\n")).collect();
    import(app, FileKind::Roster, "pegawai.csv", &format!("nip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n{people}")).await;
    let days: String = (0..200).map(|n| format!("198501012010011{n:03};01-10-2026;07:25;16:02;WFO\n")).collect();
    import(app, FileKind::Attendance, "presensi.csv", &format!("nip;tanggal;jam_masuk;jam_pulang;status\n{days}")).await;
}

async fn everything(store: &Store) -> String {
    let wanted = ["roster", "attendance"].map(|kind| (selaras::domain::Kind::from_key(kind).unwrap(), "2026-10".parse().unwrap()));
    format!("{:?}", store.evidence(&wanted, None, at("2026-12-01T00:00:00Z")).await.unwrap().all().await.unwrap())
}

async fn a_copy_comes_back_on_either_engine(bench: Bench) {
    let app = app(&bench).await;
    fill(&app).await;
    let file = bench.folder.path().join("salinan.gz");
    let made = backup::make(&app, &file).await.unwrap();
    assert_eq!((made.rows["batch"], made.rows["evidence"], made.rows["raw"]), (2, 400, 2), "{:?}", made.rows);
    assert!(backup::make(&app, &file).await.unwrap_err().sentence(Lang::Id).contains("sudah ada"));
    backup::drill(&app, &made).await.unwrap();
    assert_eq!(
        std::fs::read_dir(bench.folder.path()).unwrap().flatten().filter(|e| e.file_name().to_string_lossy().contains(".try")).count(),
        0
    );
    for target in [Bench::sqlite().await, Bench::postgres().await] {
        let (head, rows) = backup::restore(&target.store, &file).await.unwrap();
        assert_eq!((head.engine.as_str(), rows), (bench.store.engine(), made.rows.clone()));
        assert_eq!(everything(&target.store).await, everything(&bench.store).await);
        let raw = bench.store.sources(&Default::default(), at("2026-12-01T00:00:00Z")).await.unwrap();
        for source in raw {
            assert_eq!(target.store.raw(&source.sha256).await.unwrap(), bench.store.raw(&source.sha256).await.unwrap());
            assert!(target.store.raw(&source.sha256).await.unwrap().is_some());
        }
        // Never over something that is known already.
        let again = target.store.restore(std::fs::File::open(&file).unwrap()).await.unwrap_err();
        assert!(matches!(again, StoreError::NotEmpty { .. }), "{again}");
        // And life goes on: new rows get numbers of their own.
        let other = App { store: target.store.clone(), ..app.clone() };
        import(&other, FileKind::Attendance, "lain.csv", "nip;tanggal;jam_masuk;jam_pulang\n198501012010011001;02-10-2026;07:25;16:02\n")
            .await;
        assert_eq!(target.store.census().await.unwrap().batches, 3);
    }
}

async fn a_damaged_copy_changes_nothing(bench: Bench) {
    let app = app(&bench).await;
    fill(&app).await;
    let file = bench.folder.path().join("salinan.gz");
    backup::make(&app, &file).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x55;
    let target = Bench::sqlite().await;
    for (bytes, name) in [
        (whole[..whole.len() / 2].to_vec(), "cut"),
        (whole[..whole.len() - 4].to_vec(), "end cut"),
        (flipped, "flipped"),
        (b"bukan".to_vec(), "none"),
        (Vec::new(), "empty"),
    ] {
        let path = target.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let refused = backup::restore(&target.store, &path).await.unwrap_err();
        assert!(refused.is_refusal(), "{name}: {}", refused.sentence(Lang::En));
        assert!(target.store.restore(std::fs::File::open(&path).unwrap()).await.is_err(), "{name}");
        assert_eq!(target.store.census().await.unwrap().batches, 0, "{name}");
    }
}

async fn retention_deletes_bodies_and_no_evidence(bench: Bench) {
    let app = app(&bench).await;
    fill(&app).await;
    let before = everything(&bench.store).await;
    assert_eq!(bench.store.purge(at("2026-11-01T00:00:00Z")).await.unwrap().bodies, 0, "younger than that");
    bench.clock.advance(chrono::Duration::days(400));
    import(&app, FileKind::Attendance, "presensi.csv", "nip;tanggal;jam_masuk;jam_pulang\n198501012010011001;02-10-2026;07:25;16:02\n")
        .await;
    let known = bench.store.evidence(&[], None, at("2026-11-03T00:00:00Z")).await;
    drop(known);
    assert_eq!(bench.store.purge(at("2026-12-01T00:00:00Z")).await.unwrap().bodies, 2);
    let census = bench.store.census().await.unwrap();
    assert_eq!((census.raw_bodies, census.batches), (1, 3));
    assert_eq!(before.len(), everything(&bench.store).await.len(), "what was known then is still read");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_copy_is_tried_and_the_oldest_go() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(at("2026-11-02T01:00:00Z"));
    let stage = set_up(Settings { employees: 20, seed: 3, ..Settings::default() }, folder.path(), Arc::new(clock.clone())).await.unwrap();
    for (kind, path) in stage.imports() {
        stage.import(kind, path).await.unwrap();
    }
    let mut app = stage.app.clone();
    app.config.backup.dir = folder.path().join("salinan");
    app.config.backup.keep = 2;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(backup::nightly(&app).await.unwrap().file);
        clock.advance(chrono::Duration::days(1));
    }
    std::fs::write(app.config.backup.dir.join("catatan.txt"), "punya orang lain").unwrap();
    assert_eq!(backup::copies(&app.config.backup.dir).unwrap(), made[1..]);
    assert_eq!(std::fs::read_dir(&app.config.backup.dir).unwrap().count(), 3, "nothing of the trial is left");
}

#[test]
fn backup_and_restore_are_commands() {
    let folder = tempfile::tempdir().unwrap();
    let run = |config: &str, args: &[&str]| {
        let path: &Path = folder.path();
        std::fs::write(path.join(config), format!("[store]\nurl = \"sqlite://{config}.db\"\n")).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_selaras")).current_dir(path).args(["--config", config]).args(args).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    std::fs::write(folder.path().join("p.csv"), "nip;tanggal;jam_masuk;jam_pulang\n198501012010011001;02-10-2026;07:25;16:02\n").unwrap();
    assert_eq!(run("a", &["import", "attendance", "p.csv"]).0, 0);
    assert_eq!(run("a", &["backup", "s.gz"]).0, 0);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(folder.path().join("s.gz")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(run("a", &["backup", "s.gz"]).0, 2);
    let (code, said) = run("b", &["restore", "s.gz"]);
    assert!(code == 0 && said.contains("dipulihkan"), "{code} {said}");
    let (code, said) = run("b", &["restore", "s.gz"]);
    assert!(code == 2 && said.contains("tidak kosong"), "{code} {said}");
    assert_eq!(run("c", &["restore", "p.csv"]).0, 2);
    assert_eq!(run("c", &["restore", "tidak-ada"]).0, 1);
}
