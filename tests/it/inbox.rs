//! The inbox, on real folders and a real store; its command as a real process.

use crate::support::at;
use selaras::app::App;
use selaras::app::import::{ImportOptions, file as import_file};
use selaras::app::inbox::{Swept, sweep};
use selaras::clock::ManualClock;
use selaras::config::Config;
use selaras::domain::text::Lang;
use selaras::intake::FileKind;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

const ATTENDANCE: &str = "nip;tanggal;jam_masuk;jam_pulang;status\n198501012010011901;01-10-2026;07:25;16:02;WFO\n";
const ROSTER: &str = "nip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n198501012010011901,Uji,PNS,U1,8,AKTIF\n";
const SETTLE: Duration = Duration::from_millis(30);

struct Desk {
    folder: tempfile::TempDir,
    app: App,
}

impl Desk {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("selaras.toml"), "[store]\nurl = \"sqlite://s.db\"\n").unwrap();
        std::fs::create_dir(folder.path().join("inbox")).unwrap();
        let config = Config::load(Some(&folder.path().join("selaras.toml")), []).unwrap();
        let app = App::open(config, Arc::new(ManualClock::at(at("2026-11-02T01:00:00Z")))).await.unwrap();
        Self { folder, app }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("inbox").join(name)
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    async fn sweep(&self) -> Swept {
        sweep(&self.app, Lang::Id, SETTLE).await.unwrap()
    }

    /// Names of everything below a folder of the inbox, folders left out.
    fn files(&self, below: &str) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
            let Ok(entries) = std::fs::read_dir(folder) else { return };
            for entry in entries.flatten() {
                if entry.file_type().unwrap().is_dir() {
                    walk(&entry.path(), root, found);
                } else {
                    found.push(entry.path().strip_prefix(root).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path(below), &self.path(below), &mut found);
        found.sort();
        found
    }

    async fn statements(&self) -> (u64, u64) {
        let census = self.app.store.census().await.unwrap();
        (census.batches, census.statements)
    }
}

#[tokio::test]
async fn files_are_imported_by_content_folder_and_name_and_archived_with_their_hash() {
    let desk = Desk::open().await;
    desk.put("presensi.csv", ATTENDANCE);
    desk.put("roster/2026-10/pegawai.csv", ROSTER);
    desk.put("2026-09/pegawai lama.csv", ROSTER);
    desk.put("pegawai-2026-08.csv", &ROSTER.replace("Uji", "Coba"));
    let swept = desk.sweep().await;
    assert!(swept.taken.iter().all(|taken| taken.outcome.is_ok()), "{swept:#?}");
    let mut spans: Vec<_> =
        swept.taken.iter().flat_map(|taken| taken.outcome.as_ref().unwrap()).map(|i| (i.kind, i.span.clone().unwrap())).collect();
    spans.sort();
    let roster = |month: &str| ("roster", month.to_owned());
    assert_eq!(spans, [("attendance", "2026-10".to_owned()), roster("2026-08"), roster("2026-09"), roster("2026-10")]);
    let archived = desk.files("archive");
    assert_eq!(archived.iter().filter(|name| name.starts_with("2026-11/") && !name.ends_with(".txt")).count(), 4, "{archived:?}");
    assert!(
        archived.iter().any(|name| name.ends_with("-presensi.csv") && name.len() == "2026-11/12345678-presensi.csv".len()),
        "{archived:?}"
    );
    assert_eq!((desk.files("work"), desk.files("refused")), (vec![], vec![]));
    assert!(!desk.path("presensi.csv").exists());
    assert!(desk.sweep().await.taken.is_empty());
}

#[tokio::test]
async fn a_second_copy_is_archived_with_a_note_and_changes_nothing() {
    let desk = Desk::open().await;
    desk.put("presensi.csv", ATTENDANCE);
    desk.sweep().await;
    let before = desk.statements().await.1;
    for name in ["presensi.csv", "presensi (1).csv"] {
        desk.put(name, ATTENDANCE);
        let swept = desk.sweep().await;
        assert!(swept.taken[0].is_known(), "{swept:#?}");
        let note = std::fs::read_to_string(format!("{}.txt", swept.taken[0].place.display())).unwrap();
        assert!(note.contains("tidak ada yang berubah"), "{note}");
    }
    assert_eq!(desk.statements().await.1, before);
    assert_eq!(desk.files("archive").iter().filter(|name| name.ends_with(".csv")).count(), 3, "no copy replaces another");
}

#[tokio::test]
async fn a_refused_file_is_put_aside_with_every_row_and_no_nip() {
    let desk = Desk::open().await;
    desk.put(
        "attendance/2026-10/salah.csv",
        &format!("{ATTENDANCE}198501012010011902;31-13-2026;07:25;16:02;WFO\n3174012345678901;02-10-2026;25:99;;WFO\n"),
    );
    let swept = desk.sweep().await;
    assert!(swept.taken[0].outcome.is_err());
    assert!(swept.taken[0].place.starts_with(desk.path("refused")));
    let report = std::fs::read_to_string(format!("{}.txt", swept.taken[0].place.display())).unwrap();
    for said in [
        "salah.csv",
        "Jenis    : attendance",
        "Periode  : 2026-10",
        "baris 3, kolom tanggal",
        "baris 4, kolom nip",
        "baris 4, kolom jam_masuk",
        "3174*********901",
    ] {
        assert!(report.contains(said), "{said}\n{report}");
    }
    assert!(!report.contains("3174012345678901") && !report.contains("198501012010011902"), "{report}");
    assert_eq!(desk.statements().await, (0, 0));
    assert_eq!(desk.files("refused").len(), 2);
}

#[tokio::test]
async fn what_is_still_written_or_has_a_passing_name_is_left_alone() {
    let desk = Desk::open().await;
    let growing = desk.put("presensi.csv", &ATTENDANCE[..60]);
    for name in ["a.csv.part", ".tersembunyi.csv", "~$pegawai.xlsx"] {
        desk.put(name, ATTENDANCE);
    }
    let writer = std::thread::spawn({
        let growing = growing.clone();
        move || {
            std::thread::sleep(Duration::from_millis(40));
            std::fs::write(growing, ATTENDANCE).unwrap();
        }
    });
    let swept = sweep(&desk.app, Lang::Id, Duration::from_millis(200)).await.unwrap();
    writer.join().unwrap();
    assert_eq!((swept.taken.len(), swept.waiting.as_slice()), (0, &[growing][..]), "{swept:#?}");
    assert_eq!(desk.sweep().await.taken.len(), 1);
    assert_eq!(
        desk.files("").iter().filter(|name| name.contains("part") || name.contains("tersembunyi") || name.contains("~$")).count(),
        3
    );
}

#[tokio::test]
async fn a_crash_between_import_and_archive_loses_nothing_and_imports_nothing_twice() {
    let desk = Desk::open().await;
    // As a process leaves it that dies after the import: taken aside, in the store, not archived.
    let left = desk.put("work/0190/roster/2026-10/pegawai.csv", ROSTER);
    let options = ImportOptions { kind: FileKind::Roster, period: Some("2026-10".parse().unwrap()), dry_run: false, accept_partial: false };
    import_file(&desk.app, &left, options).await.unwrap();
    let before = desk.statements().await.1;
    // And one that died before its import.
    desk.put("work/0191/_/_/presensi.csv", ATTENDANCE);
    let swept = desk.sweep().await;
    assert_eq!(swept.taken.len(), 2, "{swept:#?}");
    assert!(swept.taken[0].is_known() && !swept.taken[1].is_known(), "{swept:#?}");
    assert_eq!(desk.statements().await.1, before + 1);
    assert_eq!((desk.files("work"), desk.files("archive").iter().filter(|name| name.ends_with(".csv")).count()), (vec![], 2));
}

#[tokio::test]
async fn a_store_that_fails_keeps_the_file_for_the_next_look() {
    let desk = Desk::open().await;
    desk.put("presensi.csv", ATTENDANCE);
    let broken = App { store: desk.app.store.clone(), ..desk.app.clone() };
    broken.store.close().await;
    assert!(sweep(&broken, Lang::Id, SETTLE).await.is_err());
    assert_eq!(desk.files("work").len(), 1, "it waits there");
    let again = App::open(desk.app.config.clone(), desk.app.clock.clone()).await.unwrap();
    let swept = sweep(&again, Lang::Id, SETTLE).await.unwrap();
    assert!(swept.taken[0].outcome.is_ok(), "{swept:#?}");
}

#[tokio::test]
async fn links_folders_empty_and_strange_files_do_no_harm() {
    let desk = Desk::open().await;
    let secret = desk.folder.path().join("rahasia.csv");
    std::fs::write(&secret, ATTENDANCE).unwrap();
    symlink(&secret, desk.path("tautan.csv")).unwrap();
    symlink(desk.folder.path(), desk.path("roster")).unwrap();
    desk.put("kosong.csv", "");
    desk.put("surat.txt", "Yth. Kepala Biro\n");
    desk.put("arsip lama/pegawai.csv", ROSTER);
    desk.put("x\\..\\etc\\passwd.csv", "x\n");
    desk.put(&format!("{}.csv", "panjang".repeat(30)), "x\n");
    let swept = desk.sweep().await;
    assert!(swept.taken.iter().all(|taken| taken.outcome.is_err()), "{swept:#?}");
    assert_eq!(swept.taken.len(), 6, "{swept:#?}");
    assert_eq!(swept.unknown, [desk.path("arsip lama")]);
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), ATTENDANCE, "what a link points to is not touched");
    assert_eq!(desk.statements().await, (0, 0));
    let refused = desk.files("refused");
    assert_eq!(refused.iter().filter(|name| name.ends_with(".txt")).count(), 7, "six reports and surat.txt: {refused:?}");
    assert!(refused.iter().any(|name| name.contains("x_.._etc_passwd.csv")), "{refused:?}");
    assert!(desk.files("arsip lama").len() == 1);
}

#[tokio::test]
async fn an_unreadable_file_is_refused_where_permissions_count() {
    let desk = Desk::open().await;
    let path = desk.put("presensi.csv", ATTENDANCE);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads everything.
    let readable = std::fs::read(&path).is_ok();
    let swept = desk.sweep().await;
    assert_eq!(swept.taken[0].outcome.is_ok(), readable, "{swept:#?}");
}

#[test]
fn import_inbox_is_a_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.toml"), "").unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_selaras"))
            .current_dir(folder.path())
            .args(["--config", "c.toml"])
            .args(args)
            .output()
            .unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, out, err) = run(&["import", "--inbox"]);
    assert_eq!((code, err.as_str()), (0, ""), "no inbox, nothing to do: {out}");
    std::fs::create_dir(folder.path().join("inbox")).unwrap();
    std::fs::write(folder.path().join("inbox/presensi.csv"), ATTENDANCE).unwrap();
    std::fs::write(folder.path().join("inbox/kosong.csv"), "").unwrap();
    let (code, out, _) = run(&["import", "--inbox", "--as", "json"]);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let mut status: Vec<_> = document["files"].as_array().unwrap().iter().map(|file| file["status"].as_str().unwrap()).collect();
    status.sort_unstable();
    assert_eq!((code, status), (2, vec!["new", "refused"]), "{out}");
    assert_eq!(run(&["import", "roster", "--inbox"]).0, 2);
}
