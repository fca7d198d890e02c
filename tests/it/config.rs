//! The configuration file, the environment, and what is refused.

use selaras::config::Config;
use selaras::config::ConfigError;
use selaras::config::Lang;
use selaras::domain::Kind;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const SAMPLE: &str = include_str!("../../config/selaras.toml");

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("selaras.toml"))
}

fn refused(text: &str) -> String {
    parse(text).expect_err(text).sentence(Lang::Id)
}

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Loads a file in a fresh folder with these variables.
fn load(text: &str, pairs: &[(&str, &str)]) -> (tempfile::TempDir, Result<Config, ConfigError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("selaras.toml");
    std::fs::write(&path, text).unwrap();
    let config = Config::load(Some(&path), env(pairs));
    (folder, config)
}

/// The sample with its commented keys made live.
fn everything() -> String {
    let live = |line: &str| match line.strip_prefix('#') {
        Some(key) if key.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => key.to_owned(),
        _ => line.to_owned(),
    };
    SAMPLE.lines().map(live).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_documented_file_is_the_default() {
    assert_eq!(parse(SAMPLE).unwrap(), Config::default());
    assert_eq!(parse("").unwrap(), Config::default());
}

#[test]
fn every_documented_key_exists_and_every_key_is_documented() {
    let text = everything();
    parse(&text).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let mut sections = vec![(String::new(), table)];
    let mut seen = BTreeSet::new();
    while let Some((section, table)) = sections.pop() {
        if !seen.insert(section.clone()) || ["oidc.role_map", "sources.columns", "log.otlp_headers"].contains(&section.as_str()) {
            continue;
        }
        let documented: BTreeSet<String> = table.keys().cloned().collect();
        // A key that nobody knows makes serde list those that exist.
        let mut probe = text.parse::<toml::Table>().unwrap();
        let place = section.split('.').filter(|part| !part.is_empty()).fold(&mut probe, |at, part| match &mut at[part] {
            toml::Value::Table(inner) => inner,
            toml::Value::Array(items) => items[0].as_table_mut().unwrap(),
            _ => unreachable!(),
        });
        place.insert("zzz".to_owned(), true.into());
        let complaint = probe.try_into::<Config>().unwrap_err().message().to_owned();
        let known: BTreeSet<String> = complaint.split('`').skip(1).step_by(2).skip(1).map(str::to_owned).collect();
        let in_override = section.ends_with("report.pace") || section.ends_with("siasn.pace");
        let from_files = ["roster", "attendance", "attendance_recap", "attlog", "pins", "permits", "discipline", "payment", "bank"];
        for key in &known {
            let exempt = in_override || (section == "evidence.max_age" && from_files.contains(&key.as_str()));
            assert!(exempt || documented.contains(key), "[{section}] {key} is not in config/selaras.toml");
        }
        assert!(!known.is_empty(), "[{section}]: {complaint}");
        for (key, value) in table {
            let name = if section.is_empty() { key } else { format!("{section}.{key}") };
            match value {
                toml::Value::Table(inner) => sections.push((name, inner)),
                toml::Value::Array(items) => {
                    sections.extend(items.into_iter().filter_map(|item| Some((name.clone(), item.as_table()?.clone()))))
                }
                _ => {}
            }
        }
    }
    assert!(seen.len() > 15, "{seen:?}");
}

#[test]
fn every_key_has_a_sentence_above_it() {
    let lines: Vec<&str> = SAMPLE.lines().collect();
    for (at, line) in lines.iter().enumerate().skip(1) {
        let bare = line.trim_start_matches('#');
        let is_key = !line.starts_with("# ") && bare.split('=').count() > 1 && bare.starts_with(|c: char| c.is_ascii_lowercase());
        let above = lines[at - 1];
        assert!(!is_key || above.starts_with("# ") || above == "[sources.columns]", "line {}: {line}", at + 1);
    }
}

#[test]
fn nothing_waits_for_evidence_that_only_stands_beside() {
    for kind in ["attlog", "pins", "attendance_recap", "bank"] {
        let sentence = refused(&format!("[evidence]\nrequired = [\"skp\", \"{kind}\"]\n"));
        assert!(sentence.contains(kind) && sentence.contains("tidak dapat diwajibkan"), "{sentence}");
    }
}

#[test]
fn the_environment_wins() {
    let (_folder, config) = load(
        "[web]\nlisten = \"127.0.0.1:1\"\n[ekinerja.pace]\nattempts = 9\n",
        &[
            ("SELARAS__WEB__LISTEN", "127.0.0.1:2"),
            ("SELARAS__EKINERJA__REPORT__TOKEN", "12345"),
            ("SELARAS__EKINERJA__PACE__REQUESTS_PER_SECOND", "2.5"),
            ("SELARAS__EKINERJA__SIASN__PACE__BURST", "1"),
            ("SELARAS__EVIDENCE__REQUIRED", "skp, evaluation"),
            ("SELARAS__EVIDENCE__PULL", "[\"skp\"]"),
            ("SELARAS__EVIDENCE__MAX_AGE__SKP", "1h"),
            ("SELARAS__EVIDENCE__VANISH_LIMIT_PERCENT", "12.5"),
            ("SELARAS__LOG__LEVEL", ""),
            ("SELARAS_UNRELATED", "x"),
            ("PATH", "/bin"),
        ],
    );
    let config = config.unwrap();
    assert_eq!(config.web.listen.port(), 2);
    assert_eq!(config.ekinerja.report.token.as_ref().unwrap().resolve("k").unwrap().reveal(), "12345");
    assert_eq!(config.ekinerja.report_pace().requests_per_second, 2.5);
    assert_eq!((config.ekinerja.report_pace().attempts, config.ekinerja.siasn_pace().attempts), (9, 9));
    assert_eq!((config.ekinerja.report_pace().burst, config.ekinerja.siasn_pace().burst), (4, 1));
    assert_eq!(config.evidence.required, [Kind::Skp, Kind::Evaluation]);
    assert_eq!(config.evidence.pull, [Kind::Skp]);
    assert_eq!(config.evidence.max_age[&Kind::Skp].get(), Duration::from_secs(3600));
    assert_eq!(config.evidence.max_age[&Kind::Evaluation].get(), Duration::from_secs(36 * 3600));
    assert_eq!(config.evidence.vanish_limit_percent.to_string(), "12.5");
    assert_eq!(config.log.level, None);
}

#[test]
fn a_refused_variable_is_named() {
    for (name, value, says) in [
        ("SELARAS__EKINERJA__PACE__ATEMPTS", "3", "SELARAS__EKINERJA__PACE__ATTEMPTS"),
        ("SELARAS__STOR__URL", "sqlite://x", "SELARAS__STORE__URL?"),
        ("SELARAS__EKINERJA__PACE__ATTEMPTS", "many", "u32"),
        ("SELARAS__EKINERJA__PACE__ATTEMPTS", "0", "sedikitnya 1"),
        ("SELARAS__EVIDENCE__REQUIRED", "skp,evalution", "'evaluation'"),
        ("SELARAS__EKINERJA__REPORT__BASE_URL", "http://10.1.2.3", "https://"),
        ("SELARAS__WEB__LISTEN__PORT", "1", "bukan bagian"),
    ] {
        let (_folder, config) = load("[web]\nlisten = \"127.0.0.1:1\"\n", &[(name, value)]);
        let sentence = config.expect_err(name).sentence(Lang::Id);
        assert!(sentence.starts_with(&format!("variabel lingkungan {name}: ")), "{sentence}");
        assert!(sentence.contains(says), "{sentence}");
    }
}

#[test]
fn unknown_keys_name_the_nearest_with_file_and_line() {
    for (text, says) in [
        (
            "[ekinerja.pace]\nburst = 1\natempts = 3\n",
            "selaras.toml, baris 3: kunci tidak dikenal 'atempts' di [ekinerja.pace]: maksud Anda 'attempts'?",
        ),
        ("[evidence]\nrequire = []\n", "selaras.toml, baris 2: kunci tidak dikenal 'require' di [evidence]: maksud Anda 'required'?"),
        ("\n[wep]\n", "selaras.toml, baris 2: kunci tidak dikenal 'wep': maksud Anda 'web'?"),
        ("ekinerja.siasn.pace.brust = 1", "kunci tidak dikenal 'brust' di [ekinerja.siasn.pace]: maksud Anda 'burst'?"),
        (
            "[[notify.rules]]\nevent = \"job\"\nchannel = \"smtp\"\nt0 = []",
            "baris 4: kunci tidak dikenal 't0' di [notify.rules]: maksud Anda 'to'?",
        ),
        ("[evidence.max_age]\nskpp = \"1h\"", "maksud Anda 'skp'?"),
    ] {
        let sentence = refused(text);
        assert!(sentence.contains(says), "{sentence}\n{says}");
    }
}

#[test]
fn senseless_values_are_refused_where_they_stand() {
    for (text, line, says) in [
        ("[evidence]\npull = [\"skp\", \"evalution\"]", "baris 2: evidence.pull", "maksud Anda 'evaluation'"),
        ("[evidence]\npull = [\"attendance\"]", "baris 2: evidence.pull", "tidak dapat ditarik"),
        ("[evidence.max_age]\nskp = \"36 jam\"", "baris 2: evidence.max_age.skp", "bukan lama waktu"),
        ("[evidence]\nvanish_limit_percent = \"-1\"", "baris 2", "negative"),
        (
            "[ekinerja.report]\n\nbase_url = \"http://kinerja.bkn.go.id\"",
            "baris 3: ekinerja.report.base_url",
            "http:// hanya boleh ke mesin ini",
        ),
        ("[ekinerja.siasn]\nwso2_token_url = \"http://192.168.1.1/t\"", "baris 2", "http:// hanya boleh"),
        ("[notify.webhook]\nurl = \"http://example.org\"", "baris 2", "http:// hanya boleh"),
        ("[ekinerja.pace]\nburst = 0", "baris 2: ekinerja.pace.burst", "sedikitnya 1"),
        ("[ekinerja.siasn.pace]\nbackoff_initial = \"5m\"", "baris 2: ekinerja.siasn.pace.backoff_initial", "backoff_max"),
        ("[ekinerja.pace]\nrequests_per_second = 0", "baris 2", "di atas 0"),
        ("[ekinerja.pace]\nattempts = -1", "baris 2: ekinerja.pace.attempts", "seharusnya u32"),
        ("[ekinerja.pace]\nmax_body = \"lots\"", "baris 2: ekinerja.pace.max_body", "256MiB"),
        ("[store]\nurl = \"mysql://h/x\"", "baris 2: store.url", "sqlite:// atau postgres://"),
        ("[schedule]\ntimezone = \"Asia/Jakrta\"", "baris 2", "zona waktu"),
        ("[schedule]\nsync = \"0 1 * * *\"", "baris 2: schedule.sync", "cron"),
        ("[log]\nlevel = \"verbose\"", "baris 2: log.level", "tingkat log"),
        ("[ui]\nlanguage = \"jv\"", "baris 2: ui.language", "maksud Anda"),
        ("[oidc]\nissuer = \"https://sso.example.go.id\"", "oidc.client_id", "perlu diisi"),
        ("[oidc.role_map]\ntim = \"bos\"", "oidc.role_map", "bukan peran"),
        ("[web\n", "baris 1", "TOML"),
        ("[web]\nlisten = 1\nlisten = 2", "baris 3", "TOML"),
    ] {
        let sentence = refused(text);
        assert!(sentence.contains(line) && sentence.contains(says), "{text}\n{sentence}");
        assert!(!sentence.contains('\n') && !sentence.contains('\u{1f}'), "{sentence:?}");
    }
    assert!(parse("[ekinerja.report]\nbase_url = \"http://127.0.0.1:9000\"").is_ok());
    assert_eq!(parse("[ekinerja.pace]\nmax_body = 2048").unwrap().ekinerja.pace.max_body.get(), 2048);
}

#[test]
fn both_languages_say_the_same() {
    let error = parse("[ekinerja.report]\nbase_url = \"http://kinerja.bkn.go.id\"").unwrap_err();
    assert!(error.sentence(Lang::En).contains("line 2: ekinerja.report.base_url: http:// is accepted for this machine only"), "{error}");
    assert_eq!(error.to_string(), error.sentence(Lang::En));
}

#[test]
fn no_secret_is_ever_shown() {
    let text = everything()
        .replace("env:PRESENSI_DATABASE_URL", "postgres://a:rahasia@db/x")
        .replace("env:", "rahasia-")
        .replace("file:", "rahasia-");
    let config = parse(&text).unwrap();
    assert!(config.secrets().len() >= 9, "{:?}", config.secrets());
    assert!(!format!("{config:?}").contains("rahasia"));
    for wrong in ["token = 987654321", "token = [\"987654321\"]", "token = { value = \"987654321\" }", "token = 9876.54321"] {
        let sentence = refused(&format!("[ekinerja.report]\n{wrong}"));
        assert!(!sentence.contains("9876") && sentence.contains("baris 2") && sentence.contains("ekinerja.report.token"), "{sentence}");
    }
    let (_folder, config) = load("", &[("SELARAS__EKINERJA__REPORT__TOKENN", "rahasia")]);
    let sentence = config.unwrap_err().sentence(Lang::Id);
    assert!(!sentence.contains("rahasia"), "{sentence}");
    assert!(!refused("[ekinerja.report]\nbase_url = \"https://s3cret@kinerja.bkn.go.id\"").contains("s3cret"));
}

#[test]
fn secrets_are_read_when_used_and_errors_name_the_key() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, config) =
        load("[ekinerja.report]\ntoken = \"file:token\"\n[ekinerja.siasn]\nsso_token = \"env:SELARAS_TEST_NOT_SET\"", &[]);
    let config = config.unwrap();
    let token = config.ekinerja.report.token.unwrap();
    let missing = token.resolve("ekinerja.report.token").unwrap_err().sentence(Lang::Id);
    assert!(missing.starts_with("ekinerja.report.token: berkas rahasia ") && missing.contains("tidak ada"), "{missing}");

    let path = folder.path().join("token");
    std::fs::write(&path, "s3cret\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(token.resolve("k").unwrap().reveal(), "s3cret");
    assert!(token.warning("k").unwrap().sentence(Lang::Id).contains("chmod 600"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(token.warning("k"), None);
    std::fs::write(&path, "\n").unwrap();
    assert!(token.resolve("k").unwrap_err().sentence(Lang::En).contains("is empty"));

    let unset = config.ekinerja.siasn.sso_token.unwrap().resolve("ekinerja.siasn.sso_token").unwrap_err().sentence(Lang::En);
    assert!(unset.contains("ekinerja.siasn.sso_token: environment variable SELARAS_TEST_NOT_SET is not set"), "{unset}");
}

#[test]
fn relative_paths_are_beside_the_file() {
    let (folder, config) =
        load("[store]\nurl = \"sqlite://data/x.db\"\n[policy]\ndir = \"rules\"", &[("SELARAS__SOURCES__INBOX", "/srv/in")]);
    let config = config.unwrap();
    let at = folder.path().display();
    assert_eq!(config.store.url.resolve("store.url").unwrap().reveal(), format!("sqlite://{at}/data/x.db"));
    assert_eq!(config.policy.dir, folder.path().join("rules"));
    assert_eq!(config.sources.inbox, Path::new("/srv/in"));

    let (_folder, config) = load("[store]\nurl = \"sqlite:///var/x.db\"", &[]);
    assert_eq!(config.unwrap().store.url.resolve("store.url").unwrap().reveal(), "sqlite:///var/x.db");
}

#[test]
fn a_named_file_must_exist() {
    let missing = Path::new("/nonexistent/selaras.toml");
    let error = Config::load(Some(missing), []).unwrap_err();
    assert_eq!(error, ConfigError::Missing(missing.to_owned()));
    assert!(error.sentence(Lang::Id).contains("/nonexistent/selaras.toml tidak ada"));
}

#[test]
fn what_a_surface_lacks_is_known() {
    let config = parse("[ekinerja.siasn]\nsso_mode = \"password\"\nconsumer_key = \"k\"\nsso_client_id = \"c\"").unwrap();
    assert_eq!(config.ekinerja.report.missing(), ["ekinerja.report.token"]);
    assert_eq!(
        config.ekinerja.siasn.missing(),
        ["ekinerja.siasn.consumer_secret", "ekinerja.siasn.sso_username", "ekinerja.siasn.sso_password"]
    );
}

#[tokio::test]
async fn a_store_stands_where_the_configuration_says_whatever_the_folder_is_called() {
    let clock: selaras::clock::SharedClock = std::sync::Arc::new(selaras::clock::SystemClock);
    for name in ["50% selesai", "apa?", "nomor #1", "a%20b", "100%25", "dua  spasi", "persen%"] {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join(name);
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("selaras.toml"), "[store]\nurl = \"sqlite://selaras.db\"\n").unwrap();
        let config = Config::load(Some(&inner.join("selaras.toml")), env(&[])).unwrap();
        let store = selaras::store::Store::open(config.store.url.resolve("store.url").unwrap().reveal(), clock.clone()).await.unwrap();
        store.close().await;
        assert!(inner.join("selaras.db").metadata().unwrap().len() > 0, "{name}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{name}: nothing beside the folder");
        // An address that is written out is decoded as any other.
        let written = name.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace(' ', "%20");
        let url = format!("sqlite://{}/{written}/lain.db", folder.path().display());
        selaras::store::Store::open(&url, clock.clone()).await.unwrap().close().await;
        assert!(inner.join("lain.db").exists(), "{name}");
    }
}

#[test]
fn an_unknown_column_is_refused_with_the_nearest() {
    for (text, said) in [
        (
            "[sources.columns]\nnipp = [\"NIP Baru\"]",
            "selaras.toml, baris 2: kunci tidak dikenal 'nipp' di [sources.columns]: maksud Anda 'nip'?",
        ),
        (
            "[sources]\ninbox = \"x\"\n[sources.columns]\nnip = [\"a\"]\n\"roster.tmt_kelass\" = [\"TMT\"]",
            "selaras.toml, baris 5: kunci tidak dikenal 'roster.tmt_kelass' di [sources.columns]: maksud Anda 'roster.tmt_kelas'?",
        ),
        (
            "[sources.columns]\n\"rooster.nama\" = [\"x\"]",
            "selaras.toml, baris 2: kunci tidak dikenal 'rooster.nama' di [sources.columns]: maksud Anda 'roster.nama'?",
        ),
    ] {
        assert_eq!(refused(text), said);
    }
    // A column of another kind of file is none of this one's.
    assert!(refused("[sources.columns]\n\"permits.jam_masuk\" = [\"x\"]").contains("'permits."));
    let (_folder, config) = load("", &[("SELARAS__SOURCES__COLUMNS__NIPP", "NIP Baru")]);
    let said = config.unwrap_err().sentence(Lang::Id);
    assert_eq!(
        said,
        "variabel lingkungan SELARAS__SOURCES__COLUMNS__NIPP: kunci tidak dikenal: maksud Anda SELARAS__SOURCES__COLUMNS__NIP?"
    );
    // Spelled as a header is, and of one kind alone.
    parse("[sources.columns]\nNIP = [\"a\"]\n\"Nama Pegawai\" = [\"b\"]\n\"attendance.jam_masuk\" = [\"Masuk\"]").unwrap();
}

/// The configuration does not know the readers of files, so it has a list of its own.
#[test]
fn the_columns_of_the_configuration_are_those_that_are_read() {
    let known: BTreeSet<(String, String)> = Config::columns().map(|(kind, name)| (kind.to_owned(), name.to_owned())).collect();
    let read: BTreeSet<(String, String)> =
        selaras::intake::columns().map(|(kind, name)| (kind.key().to_owned(), name.to_owned())).collect();
    assert!(read.len() > 60, "{}", read.len());
    assert_eq!(known, read);
}
