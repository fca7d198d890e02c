//! `user`, `token` and `audit`, as a keeper of the system runs them.

use super::told;
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const PASSWORD: &str = "kuda baterai stapler";

/// Runs `selaras` with something on its standard input.
fn run(folder: &Path, args: &[&str], typed: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELARAS")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who refuses before asking reads nothing.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    told(&child.wait_with_output().unwrap())
}

fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    std::fs::write(folder.path().join("config/selaras.toml"), "").unwrap();
    folder
}

fn store(folder: &Path) -> std::path::PathBuf {
    folder.join("config/selaras.db")
}

#[test]
fn accounts_are_made_changed_listed_and_closed() {
    let office = office();
    let folder = office.path();
    let (code, out, err) = run(folder, &["user", "add", "sri", "--role", "sdm"], PASSWORD);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("akun pertama harus berperan sysadmin"), "{err}");
    let (code, out, err) = run(folder, &["user", "add", "Admin", "--role", "sysadmin,auditor"], &format!("{PASSWORD}\n"));
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "akun admin dibuat\n"));
    for (args, typed, says) in [
        (&["user", "add", "admin", "--role", "sdm"][..], PASSWORD, "akun 'admin' sudah ada"),
        (&["user", "add", "s r i", "--role", "sdm"], PASSWORD, "nama akun: 2 sampai 64"),
        (&["user", "add", "terminal", "--role", "sdm"], PASSWORD, "nama akun: 2 sampai 64"),
        (&["user", "add", "sri", "--role", "bos"], PASSWORD, "pilihannya: keuangan, sdm, sysadmin, auditor"),
        (&["user", "add", "sri"], PASSWORD, "argumen wajib belum diberikan"),
        (&["user", "add", "sri", "--role", "sdm"], "", "kata sandi belum diberikan"),
        (&["user", "add", "sri", "--role", "sdm"], "pendek\n", "sekurangnya 12 karakter"),
        (&["user", "add", "sri", "--role", "sdm"], "password1234\n", "paling banyak dipakai"),
        (&["user", "add", "sri", "--role", "sdm"], "Sri-Oktober-2026\n", "terlalu mudah ditebak"),
        (&["user", "add", "sri", "--role", "sdm", "--password", PASSWORD], "", "argumen tidak dikenal --password"),
        (&["user", "passwd", "budi"], PASSWORD, "tidak ada akun 'budi'"),
        (&["user", "role", "budi", "--role", "sdm"], "", "tidak ada akun 'budi'"),
        (&["user", "role", "admin", "--role", "sdm", "--unit", "1", "--all-units"], "", "bertentangan"),
        (&["user", "disable", "budi"], "", "tidak ada akun 'budi'"),
    ] {
        let (code, out, err) = run(folder, args, typed);
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{args:?}: {err}");
        assert!(err.contains(says), "{args:?}: {err}");
        assert!(!err.contains(PASSWORD), "{err}");
    }
    assert_eq!(run(folder, &["user", "add", "sri", "--role", "sdm", "--unit", "01,02", "--unit", "03"], PASSWORD).0, 0);
    assert_eq!(run(folder, &["user", "role", "sri", "--role", "keuangan"], "").0, 0);
    assert_eq!(run(folder, &["user", "passwd", "sri"], "sandi lain yang panjang\r\n").0, 0);
    let (_, out, _) = run(folder, &["user", "disable", "sri"], "");
    assert_eq!(out, "");
    for args in [&["user", "disable", "admin"][..], &["user", "role", "admin", "--role", "auditor"]] {
        let (code, _, err) = run(folder, args, "");
        assert!(code == 2 && err.contains("satu-satunya sysadmin"), "{args:?}: {code} {err}");
    }
    let (code, out, _) = run(folder, &["user", "list", "--as", "json"], "");
    let list: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    let rows: Vec<(&str, String, String, bool)> = list["users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["name"].as_str().unwrap(), row["roles"].to_string(), row["units"].to_string(), row["disabled"].as_bool().unwrap()))
        .collect();
    let roles = |text: &str| text.to_owned();
    assert_eq!(
        rows,
        [
            ("admin", roles("[\"sysadmin\",\"auditor\"]"), roles("null"), false),
            ("sri", roles("[\"keuangan\"]"), roles("[\"01\",\"02\",\"03\"]"), true)
        ]
    );
    assert!(!out.contains("argon2") && !out.contains("hash"), "{out}");
    let (_, out, _) = run(folder, &["--lang", "en", "user", "list"], "");
    assert!(out.contains("all units") && out.contains("01, 02, 03  (closed)"), "{out}");
    let bytes = std::fs::read(store(folder)).unwrap();
    assert!(bytes.windows(9).any(|window| window == b"$argon2id"));
    assert!(!bytes.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes()));
}

#[test]
fn a_token_is_shown_once_and_can_be_taken_back() {
    let office = office();
    let folder = office.path();
    run(folder, &["user", "add", "admin", "--role", "sysadmin"], PASSWORD);
    let (code, out, err) = run(folder, &["token", "add", "pemantau", "--account", "admin", "--scope", "see_operations", "--days", "7"], "");
    assert_eq!(code, 0, "{err}");
    let token = out.trim();
    assert!(token.starts_with("selaras_") && token.len() == 72 && out.lines().count() == 1, "{out}");
    assert!(err.contains("tidak dapat ditampilkan lagi") && !err.contains(token), "{err}");
    for (args, says) in [
        (&["token", "add", "x", "--account", "budi"][..], "tidak ada akun 'budi'"),
        (&["token", "add", "x", "--account", "admin", "--scope", "see_people"], "tidak memberi hak itu"),
        (&["token", "add", "x", "--account", "admin", "--scope", "semua"], "pilihannya: see_people"),
        (&["token", "add", " ", "--account", "admin"], "nama token"),
        (&["token", "revoke", "x"], "tidak ada token 'x'"),
    ] {
        let (code, out, err) = run(folder, args, "");
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(says), "{args:?}: {err}");
    }
    let (_, out, _) = run(folder, &["token", "list", "--as", "json"], "");
    let list: Value = serde_json::from_str(&out).unwrap();
    let row = &list["tokens"][0];
    assert_eq!((row["name"].as_str(), row["scopes"].to_string()), (Some("pemantau"), "[\"see_operations\"]".to_owned()));
    assert!(!out.contains(token));
    let bytes = std::fs::read(store(folder)).unwrap();
    assert!(!bytes.windows(64).any(|window| window == &token.as_bytes()[8..]), "only its hash is kept");
    let id = row["id"].as_str().unwrap();
    assert_eq!(run(folder, &["token", "revoke", id], "").0, 0);
    assert_eq!(run(folder, &["token", "revoke", id], "").0, 2);
    assert!(run(folder, &["token", "list"], "").1.contains("dicabut"));
}

#[tokio::test]
async fn the_audit_log_is_verified_and_a_broken_line_is_named() {
    let office = office();
    let folder = office.path();
    let (code, _, err) = run(folder, &["audit", "verify"], "");
    assert_eq!((code, err.contains("utuh, 0 baris")), (0, true), "{err}");
    run(folder, &["user", "add", "admin", "--role", "sysadmin"], PASSWORD);
    for role in ["sdm", "keuangan", "auditor"] {
        run(folder, &["user", "role", "admin", "--role", &format!("sysadmin,{role}")], "");
    }
    let (code, out, err) = run(folder, &["audit", "verify"], "");
    assert_eq!((code, out.as_str(), err.contains("utuh, 4 baris")), (0, "", true), "{err}");
    let head = err.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(run(folder, &["audit", "verify", "--head", &head], "").0, 0);
    let (code, _, err) = run(folder, &["audit", "verify", "--head", &format!("4:{}", "0".repeat(64))], "");
    assert_eq!(code, 1);
    assert!(err.contains("tidak ada di catatan audit ini"), "{err}");
    let (code, _, err) = run(folder, &["audit", "verify", "--head", "empat"], "");
    assert_eq!((code, err.contains("bukan ujung catatan audit")), (2, true), "{err}");

    let pool = sqlx::SqlitePool::connect(store(folder).to_str().unwrap()).await.unwrap();
    sqlx::query("DROP TRIGGER audit_is_not_changed").execute(&pool).await.unwrap();
    sqlx::query("UPDATE audit SET detail = '{\"roles\":[\"sdm\"]}' WHERE seq = 3").execute(&pool).await.unwrap();
    let (code, out, err) = run(folder, &["audit", "verify"], "");
    assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1));
    assert!(err.contains("rusak mulai baris 3"), "{err}");
    let (_, _, err) = run(folder, &["--lang", "en", "audit", "verify"], "");
    assert!(err.contains("broken from line 3 on"), "{err}");
}
