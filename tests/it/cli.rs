//! The real binary, run as a person or a script would.

mod access;
mod edges;
mod policy;

use std::path::Path;
use std::process::{Command, Output};

/// Runs `selaras` in an empty folder, without this machine's own SELARAS variables.
fn selaras(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SELARAS") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).args(args).output().unwrap()
}

fn run(args: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    told(&selaras(folder.path(), args))
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// One sentence on stderr, nothing on stdout, exit 2.
fn refused(args: &[&str]) -> String {
    let (code, out, err) = run(args);
    assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
    assert_eq!(err.lines().count(), 1, "{args:?}: {err}");
    err.trim_end().to_owned()
}

#[test]
fn help_is_indonesian_and_english_on_request() {
    let (code, out, err) = run(&["--help"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for word in ["Pemakaian: selaras [PILIHAN] <PERINTAH>", "Perintah:", "Tarik data BKN sekali, sekarang", "--config <BERKAS>"] {
        assert!(out.contains(word), "{word}\n{out}");
    }
    for planned in ["freeze", "verify"] {
        assert!(!out.contains(&format!("  {planned} ")), "{planned} is not there yet\n{out}");
    }
    let (code, out, _) = run(&["--lang", "en", "sync", "--help"]);
    assert_eq!(code, 0);
    for word in ["Usage: selaras sync [OPTIONS]", "Pull from BKN once, now", "text, json, csv, xlsx)", "--accept-vanish"] {
        assert!(out.contains(word), "{word}\n{out}");
    }
    let (_, out, _) = run(&["demo", "-h"]);
    assert!(out.contains("[bawaan: 600]") && !out.contains("default"), "{out}");
}

#[test]
fn the_version_is_told() {
    assert_eq!(run(&["--version"]), (0, format!("selaras {}\n", env!("CARGO_PKG_VERSION")), String::new()));
}

#[test]
fn usage_errors_are_one_sentence_and_exit_2() {
    for (args, says) in [
        (&["synk"][..], "perintah tidak dikenal 'synk': maksud Anda sync?"),
        (&["sync", "--surfac", "report"], "argumen tidak dikenal --surfac: maksud Anda --surface?"),
        (&["sync", "--surface", "apim"], "'apim' tidak dikenal; pilihannya: report, siasn"),
        (&["reconcile"], "argumen wajib belum diberikan: --period <PERIODE>"),
        (&["reconcile", "--period"], "--period <PERIODE> belum diberi nilai"),
        (&["reconcile", "--period", "2026-13"], "--period <PERIODE>: '2026-13' bukan periode: tulis YYYY-MM, misalnya 2026-10"),
        (&["reconcile", "--period", "oktober"], "'oktober' bukan periode"),
        (&["explain", "--period", "2026-10", "--nip", "198501012010011901", "--as-of", "kemarin"], "'kemarin' bukan waktu RFC 3339"),
        (&["policy", "what-if", "p.toml", "--periods", "2026-03..2026-01"], "'2026-03..2026-01' berakhir sebelum mulai"),
        (&["policy", "what-if", "p.toml", "--periods", "2020-01..2026-01"], "lebih dari 36 bulan"),
        (&["policy", "what-if", "p.toml", "--periods", "2026-01...3"], "bukan periode"),
        (&["import", "rosters", "a.csv"], "pilihannya: roster, attendance, permits, discipline, payment, ekinerja"),
        (&["import", "roster"], "argumen wajib belum diberikan: <BERKAS>..."),
        (&["export", "verdicts", "--period", "2026-10", "--as", "docx"], "pilihannya: text, json, csv, xlsx"),
        (&["simulate", "--listen", "0.0.0.0:9480"], "dapat dijangkau dari luar"),
        (&["demo", "--employees", "0"], "--employees <N>: '0' bukan nilai yang sah"),
        (&["--lang", "en", "reconcile", "--period", "x"], "'x' is not a period: write YYYY-MM, for example 2026-10"),
        (&["--lang", "jv", "doctor"], "'jv' tidak dikenal; pilihannya: id, en"),
    ] {
        let sentence = refused(args);
        assert!(sentence.contains(says), "{args:?}: {sentence}");
    }
    let (code, out, err) = run(&[]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("Perintah:"), "{err}");
}

#[test]
fn a_refused_nip_is_not_repeated() {
    for wrong in ["3173010101900001", "19850101201001190", "198501012010011901x"] {
        let sentence = refused(&["explain", "--period", "2026-10", "--nip", wrong]);
        assert!(sentence.contains("--nip") && !sentence.contains(&wrong[..12]), "{sentence}");
    }
}

#[test]
fn planned_commands_say_so() {
    for args in [&["freeze", "--period", "2026-10"][..], &["verify", "pack", "--help"]] {
        assert!(refused(args).contains("belum tersedia di versi ini"), "{args:?}");
    }
    assert!(refused(&["--lang", "en", "freeze", "x"]).contains("'freeze' is not available in this version"));
}

#[test]
fn a_named_configuration_must_exist() {
    let sentence = refused(&["--config", "nowhere/selaras.toml", "doctor"]);
    assert_eq!(sentence, "berkas konfigurasi nowhere/selaras.toml tidak ada: periksa --config");
    let sentence = refused(&["--lang=en", "doctor", "--config", "nowhere/selaras.toml"]);
    assert_eq!(sentence, "the configuration file nowhere/selaras.toml does not exist: check --config");
}

#[test]
fn a_refused_configuration_names_file_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    std::fs::write(folder.path().join("config/selaras.toml"), "[ekinerja.pace]\nbrust = 4\n").unwrap();
    let (code, out, err) = told(&selaras(folder.path(), &["doctor"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "config/selaras.toml, baris 2: kunci tidak dikenal 'brust' di [ekinerja.pace]: maksud Anda 'burst'?\n");
}

#[test]
fn the_environment_chooses_the_language() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    command.current_dir(folder.path()).env("SELARAS__UI__LANGUAGE", "en").args(["freeze", "x"]);
    let (_, _, err) = told(&command.output().unwrap());
    assert!(err.contains("is not available"), "{err}");
}
