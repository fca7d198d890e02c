//! A ministry with its files and its configuration on disk, a BKN, and the real binary run as its clerks would.

use super::bkn::Bkn;
use selaras::domain::Code;
use selaras::simulator::Ministry;
use selaras::simulator::Settings;
use selaras::simulator::WrittenFiles;
use serde_json::Value;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Output;
use std::sync::Arc;

/// The work month of every test.
pub const PERIOD: &str = "2026-10";

/// What may differ between two runs over the same upstream (contract §8).
pub const OF_THE_RUN: [&str; 6] = ["run", "as_of", "first_seen", "last_seen", "batch", "observed_at"];

/// What may differ too when rows stand in another order.
pub const OF_THE_PLACE: [&str; 2] = ["source", "locator"];

pub struct Office {
    pub bkn: Bkn,
    pub files: WrittenFiles,
    /// People whose identity BKN can never give: planted, so that no pull of everybody is ever complete.
    pub gaps: u64,
    folder: tempfile::TempDir,
}

impl Office {
    pub fn open(employees: usize, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ministry = Arc::new(Ministry::grow(&Settings { employees, seed, ..Settings::default() }).unwrap());
        let files = ministry.write(&folder.path().join("berkas")).unwrap();
        let gaps = ministry.truth().planted.iter().filter(|planted| planted.code == Code::Sr02).count() as u64;
        let bkn = Bkn::open(ministry);
        let policy = folder.path().join("policy");
        std::fs::create_dir(&policy).unwrap();
        for name in ["contoh-kemenko-infra.toml", "national-holidays-2026.toml"] {
            std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy").join(name), policy.join(name)).unwrap();
        }
        std::fs::write(folder.path().join("selaras.toml"), configuration(&bkn)).unwrap();
        Self { bkn, files, gaps, folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A desk with the store of the configuration.
    pub fn desk(&self) -> Desk<'_> {
        Desk { office: self, env: Vec::new() }
    }

    /// A desk with a store of its own.
    pub fn desk_at(&self, url: &str) -> Desk<'_> {
        self.desk().with("STORE__URL", url)
    }
}

fn configuration(bkn: &Bkn) -> String {
    use selaras::simulator as of;
    format!(
        r#"
[store]
url = "sqlite://selaras.db"
[policy]
dir = "policy"
[evidence]
required = ["skp", "evaluation", "attendance", "identity"]
pull = ["evaluation", "skp", "identity"]
{sections}
[ekinerja.pace]
requests_per_second = 2000
burst = 50
max_in_flight = 8
attempts = 4
backoff_initial = "5ms"
backoff_max = "40ms"
retry_after_max = "60ms"
suspended_wait = "200ms"
request_timeout = "20s"
"#,
        sections = of::sections(bkn.address),
    )
}

/// Where commands are run: an office, and what its environment says.
#[derive(Clone)]
pub struct Desk<'a> {
    pub office: &'a Office,
    env: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The one document on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|why| panic!("stdout is no JSON document ({why}): {self:?}"))
    }

    /// Ended with this code; 0 says nothing on stderr.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Ended with this code and one sentence on stderr.
    #[track_caller]
    pub fn said(self, code: i32) -> String {
        let ran = self.ended(code);
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        ran.err
    }
}

impl Desk<'_> {
    /// With this setting (`STORE__URL`) in the environment.
    pub fn with(mut self, key: &str, value: &str) -> Self {
        self.env.push((format!("SELARAS__{key}"), value.to_owned()));
        self
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELARAS")) {
            command.env_remove(name);
        }
        command.current_dir(self.office.folder.path()).args(["--config", "selaras.toml"]).args(args);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// The files in the order in which a ministry would import them, by kind.
    pub fn files(&self) -> Vec<(&'static str, &Path)> {
        let files = &self.office.files;
        let mut all: Vec<(&str, &Path)> = vec![
            ("roster", &files.roster),
            ("attendance", &files.attendance),
            ("attendance", &files.recap),
            ("permits", &files.permits),
            ("discipline", &files.discipline),
        ];
        all.extend(files.payment.iter().map(|path| ("payment", path.as_path())));
        all.extend(files.ekinerja.iter().map(|path| ("ekinerja", path.as_path())));
        all
    }

    pub fn import(&self, kind: &str, path: &Path) -> Ran {
        self.run(&["import", kind, path.to_str().unwrap(), "--period", PERIOD, "--as", "json"])
    }

    pub fn import_all(&self) {
        for (kind, path) in self.files() {
            self.import(kind, path).ended(0);
        }
    }

    pub fn sync(&self, more: &[&str]) -> Ran {
        self.run(&[&["sync", "--period", PERIOD, "--as", "json"], more].concat())
    }

    /// Pulls everything that BKN can give.
    #[track_caller]
    pub fn pull(&self) -> Value {
        let gaps = self.office.gaps;
        let ran = self.sync(&[]).ended(if gaps == 0 { 0 } else { 3 });
        assert_eq!(ran.err, "");
        let pulled = ran.json();
        let items = &pulled["items"];
        let states = ["done", "skipped", "failed", "quarantined"].map(|state| items[state].as_u64().unwrap());
        assert_eq!(states, [items["planned"].as_u64().unwrap() - gaps, 0, 0, gaps], "{pulled}");
        pulled
    }

    /// Reconciles what is known as well as it can be.
    #[track_caller]
    pub fn settle(&self) -> Value {
        let gaps = self.office.gaps;
        let done = self.reconcile(&[]).ended(if gaps == 0 { 0 } else { 3 }).json();
        assert_eq!(done["complete"], gaps == 0);
        for kind in done["kinds"].as_array().unwrap().iter().filter(|kind| kind["required"] == true) {
            let missing: u64 = ["not_asked", "failed", "stale"].iter().map(|state| kind[state].as_u64().unwrap()).sum();
            assert_eq!(missing, if kind["kind"] == "identity" { gaps } else { 0 }, "{kind}");
        }
        done
    }

    pub fn reconcile(&self, more: &[&str]) -> Ran {
        self.run(&[&["reconcile", "--period", PERIOD, "--as", "json"], more].concat())
    }

    pub fn export(&self, what: &str, more: &[&str]) -> String {
        let ran = self.run(&[&["export", what, "--period", PERIOD, "--as", "json"], more].concat()).ended(0);
        assert_eq!(ran.err, "", "{what}");
        ran.out
    }

    /// Verdicts, findings and completeness.
    pub fn documents(&self, more: &[&str]) -> [String; 3] {
        ["verdicts", "findings", "completeness"].map(|what| self.export(what, more))
    }

    /// The documents without what belongs to the run.
    pub fn lasting(&self, more: &[&str]) -> [String; 3] {
        self.documents(more).map(|text| without(&text, &OF_THE_RUN))
    }

    pub fn verdicts(&self, more: &[&str]) -> Vec<Value> {
        rows(&self.export("verdicts", more))
    }

    pub fn findings(&self, more: &[&str]) -> Vec<Value> {
        rows(&self.export("findings", more))
    }
}

/// The rows of a document.
pub fn rows(document: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(document).unwrap();
    document["rows"].as_array().unwrap().clone()
}

/// A document without these keys, wherever they stand.
pub fn without(document: &str, keys: &[&str]) -> String {
    let mut document: Value = serde_json::from_str(document).unwrap();
    strip(&mut document, keys);
    serde_json::to_string_pretty(&document).unwrap()
}

fn strip(value: &mut Value, keys: &[&str]) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| !keys.contains(&key.as_str()));
            fields.values_mut().for_each(|value| strip(value, keys));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| strip(value, keys)),
        _ => {}
    }
}

/// Two texts are equal; a difference is shown by its first lines, not by megabytes.
#[track_caller]
pub fn same(one: &str, other: &str, what: &str) {
    if one == other {
        return;
    }
    let differ: Vec<String> = one
        .lines()
        .zip(other.lines())
        .enumerate()
        .filter(|(_, (one, other))| one != other)
        .take(6)
        .map(|(at, (one, other))| format!("{at}: {one}\n{at}: {other}"))
        .collect();
    panic!("{what} differ ({} and {} lines):\n{}", one.lines().count(), other.lines().count(), differ.join("\n"));
}

/// Every kind's five states add up to its heads (contract §7).
#[track_caller]
pub fn adds_up(completeness: &str) -> Value {
    let document: Value = serde_json::from_str(completeness).unwrap();
    let mut gaps = 0;
    for kind in document["kinds"].as_array().unwrap() {
        let states = ["present", "declared_absent", "not_asked", "failed", "stale"].map(|state| kind[state].as_u64().unwrap());
        assert_eq!(states.iter().sum::<u64>(), kind["heads"].as_u64().unwrap(), "{kind}");
        let failed: u64 = kind["reasons"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(failed, states[3], "{kind}");
        gaps += states[1..].iter().sum::<u64>();
    }
    assert_eq!(document["rows"].as_array().unwrap().len() as u64, gaps, "one row for everybody who is not present");
    document
}
