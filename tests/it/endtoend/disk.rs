//! A full disk: one sentence, exit 1, nothing lost that was committed, and the next run goes on. The disk is a small
//! tmpfs in a mount namespace of its own, which also who is not root may have (`unshare -Urm`).

use super::office::Desk;
use super::office::OF_THE_RUN;
use super::office::Office;
use super::office::Ran;
use super::office::same;
use super::office::without;
use std::path::PathBuf;
use std::process::Command;

/// Commands that are run on the small disk, one after the other.
struct Script<'a> {
    desk: Desk<'a>,
    disk: PathBuf,
    lines: String,
}

impl<'a> Script<'a> {
    fn on_a_disk_of(size: &str, office: &'a Office) -> Self {
        let disk = office.path("disk");
        std::fs::create_dir(&disk).unwrap();
        let desk = office.desk_at(&format!("sqlite://{}/selaras.db", disk.display()));
        let lines = format!("set -u\nmount -t tmpfs -o size={size} none '{}'\n", disk.display());
        Self { desk, disk, lines }
    }

    fn line(&mut self, line: &str) {
        self.lines.push_str(&line.replace("DISK", &self.disk.display().to_string()));
        self.lines.push('\n');
    }

    fn selaras(&mut self, name: &str, args: &[&str]) {
        let words = [&[env!("CARGO_BIN_EXE_selaras"), "--config", "selaras.toml"], args].concat();
        let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        self.line(&format!("{} >{name}.out 2>{name}.err; echo $? >{name}.code", words.join(" ")));
    }

    fn run(&self) {
        let office = self.desk.office;
        std::fs::write(office.path("disk.sh"), &self.lines).unwrap();
        let works = |flags: &&str| Command::new("unshare").args([flags, "true"]).status().is_ok_and(|status| status.success());
        let flags = ["-m", "-Urm"].into_iter().find(works).expect("a mount namespace: unshare -m or unshare -Urm");
        let mut command = Command::new("unshare");
        command.args([flags, "sh", "disk.sh"]).current_dir(office.path(""));
        for (name, value) in self.desk.command(&[]).get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let ran = Ran::of(command.output().unwrap()).ended(0);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    }

    fn ran(&self, name: &str) -> Ran {
        let read = |ending: &str| std::fs::read_to_string(self.desk.office.path(&format!("{name}.{ending}"))).unwrap();
        Ran { code: Some(read("code").trim().parse().unwrap()), out: read("out"), err: read("err") }
    }
}

#[test]
fn a_full_disk_is_one_sentence_and_the_next_run_goes_on() {
    let office = Office::open(60, 91);
    let calm = office.desk_at("sqlite://calm.db");
    calm.import_all();
    calm.pull();
    calm.settle();

    let mut script = Script::on_a_disk_of("8m", &office);
    let imports: Vec<(String, &str)> = calm.files().into_iter().map(|(kind, path)| (path.display().to_string(), kind)).collect();
    for (path, kind) in &imports {
        script.selaras(&format!("import-{kind}"), &["import", kind, path, "--period", "2026-10"]);
    }
    script.line("left=$(df --output=avail -k 'DISK' | tail -1)");
    script.line("head -c $(( (left - 160) * 1024 )) /dev/zero >'DISK/ballast'");
    let sync = ["sync", "--period", "2026-10", "--as", "json"];
    let export = |what| ["export", what, "--period", "2026-10", "--as", "json"];
    script.selaras("sync-full", &sync);
    script.selaras("import-full", &["import", "roster", &imports[0].0, "--period", "2026-11"]);
    script.selaras("export-full", &export("completeness"));
    script.line("rm 'DISK/ballast'");
    script.selaras("sync", &sync);
    script.selaras("reconcile", &["reconcile", "--period", "2026-10"]);
    for what in ["verdicts", "findings", "completeness"] {
        script.selaras(what, &export(what));
    }
    script.run();

    for (_, kind) in &imports {
        script.ran(&format!("import-{kind}")).ended(0);
    }
    for name in ["sync-full", "import-full"] {
        let ran = script.ran(name);
        assert_eq!(ran.out, "", "{ran:?}");
        let sentence = ran.said(1);
        assert!(sentence.contains("penuh"), "{name}: {sentence}");
    }
    // A document leaves only when that could be written down: whole, or not at all.
    let left = script.ran("export-full");
    match left.code {
        Some(0) => drop(left.json()),
        _ => assert!(left.out.is_empty() && left.said(1).contains("penuh")),
    }
    let rest = script.ran("sync").ended(3).json();
    let settled = rest["items"]["done"].as_u64().unwrap() + office.gaps;
    assert_eq!((&rest["resumed"], Some(settled)), (&true.into(), rest["items"]["planned"].as_u64()), "{rest}");
    script.ran("reconcile").ended(3);
    for (one, what) in calm.lasting(&[]).iter().zip(["verdicts", "findings", "completeness"]) {
        same(one, &without(&script.ran(what).ended(0).out, &OF_THE_RUN), what);
    }
}
