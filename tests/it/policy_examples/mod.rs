//! The example policies on small ministries written by hand: real files through `check` of the real binary, and the
//! same files imported, reconciled and exported from a store. What everybody is due was worked out on paper; the
//! arithmetic stands beside each person.

mod quarterly;
mod weighted;
mod window;

use crate::endtoend::office::{Ran, rows, same};
use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const PERIOD: &str = "2026-10";

/// A person, and what the policy gives: gross, deduction, net; what was deducted for, in the order of the rules' names.
struct Person {
    nip: &'static str,
    name: &'static str,
    kind: &'static str,
    class: u8,
    due: (i64, i64, i64),
    rules: &'static [&'static str],
    verdict: &'static str,
}

/// A civil servant of a class with what is due.
fn pns(nip: &'static str, name: &'static str, class: u8, due: (i64, i64, i64), rules: &'static [&'static str]) -> Person {
    Person { nip, name, kind: "PNS", class, due, rules, verdict: "layak" }
}

/// A ministry: its people, what is special about their days, and its files in a folder.
struct Ministry {
    people: Vec<Person>,
    folder: tempfile::TempDir,
    /// NIP and day to the cells `jam_masuk;jam_pulang;status`; `None`: no row.
    days: BTreeMap<(&'static str, NaiveDate), Option<String>>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Ministry {
    fn of(people: Vec<Person>) -> Self {
        Self { people, folder: tempfile::tempdir().unwrap(), days: BTreeMap::new() }
    }

    /// On that day the person has these cells instead of a full day: `09:00;17:00;WFO`.
    fn on(&mut self, nip: &'static str, at: &str, cells: &str) {
        self.days.insert((nip, day(at)), Some(cells.to_owned()));
    }

    /// From one day to another the person has no rows.
    fn away(&mut self, nip: &'static str, from: &str, to: &str) {
        for at in day(from).iter_days().take_while(|at| *at <= day(to)) {
            self.days.insert((nip, at), None);
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn roster(&self) -> PathBuf {
        let mut text = "nip;nama;jenis_pegawai;kode_unit;nama_unit;jabatan;kelas_jabatan;status;tmt_cpns;tmt_spmt\n".to_owned();
        for Person { nip, name, kind, class, .. } in &self.people {
            let since = if *kind == "CPNS" { "2026-03-01;2026-03-01" } else { ";" };
            let _ = writeln!(text, "{nip};{name};{kind};U1;Unit Satu;Analis;{class};AKTIF;{since}");
        }
        self.write("pegawai.csv", &text)
    }

    /// Everybody's weekdays from one day to another, full days unless something else was said.
    fn attendance(&self, name: &str, from: &str, to: &str) -> PathBuf {
        let mut text = "nip;tanggal;jam_masuk;jam_pulang;status\n".to_owned();
        let weekdays = day(from).iter_days().take_while(|at| *at <= day(to));
        for at in weekdays.filter(|at| !matches!(at.weekday(), Weekday::Sat | Weekday::Sun)) {
            let full = if at.weekday() == Weekday::Fri { "07:25;16:35;WFO" } else { "07:25;16:05;WFO" };
            for person in &self.people {
                let cells = self.days.get(&(person.nip, at)).cloned().unwrap_or_else(|| Some(full.to_owned()));
                let _ = cells.map(|cells| writeln!(text, "{};{at};{cells}", person.nip));
            }
        }
        self.write(name, &text)
    }

    fn skp(&self) -> PathBuf {
        let mut text = "Laporan SKP Tahun 2026\nInstansi Kementerian Contoh\nTahun : 2026\nUnor Induk : ALL\nUnor : ALL\n\n\
            nip;nama;is_skp;skp_id;skp_status;periode_awal;periode_akhir;is_plt_plh;skp_jabatan\n"
            .to_owned();
        for Person { nip, name, .. } in &self.people {
            let _ = writeln!(text, "{nip};{name};1;skp-{nip};Persetujuan;2026-01-01;2026-12-31;0;Analis");
        }
        self.write("laporan-skp.csv", &text)
    }

    /// "Laporan Penilaian SKP" of a cycle (`Bulanan 10`, `Triwulan III`): everybody Baik, except as said here; "" has no
    /// assessment.
    fn evaluation(&self, name: &str, cycle: &str, labels: &[(&str, &str)]) -> PathBuf {
        let mut text = format!(
            "Laporan Penilaian SKP Periode {cycle} Tahun 2026\nInstansi Kementerian Contoh\nPeriode : {cycle}\nUnor Induk : ALL\n\
             Unor : ALL\nData ditarik pada : 20-10-2026 10:00:00\n\nnip;nama;periode_awal_skp;periode_akhir_skp;is_skp_plt_plh_pjb;\
             hasil_kerja;perilaku_kerja;hasil_akhir;skp_id;skp_penilaian_id;waktu_dinilai;pegawai_atasan_nip\n"
        );
        for Person { nip, name, .. } in &self.people {
            let label = labels.iter().find(|(known, _)| known == nip).map_or("Baik", |(_, label)| label);
            let (work, conduct) = match label {
                "Sangat Baik" => ("Diatas Ekspektasi", "Diatas Ekspektasi"),
                "Butuh Perbaikan" => ("Dibawah Ekspektasi", "Sesuai Ekspektasi"),
                "Kurang" => ("Sesuai Ekspektasi", "Dibawah Ekspektasi"),
                "Sangat Kurang" => ("Dibawah Ekspektasi", "Dibawah Ekspektasi"),
                "" => ("-", "-"),
                _ => ("Sesuai Ekspektasi", "Sesuai Ekspektasi"),
            };
            let label = if label.is_empty() { "-" } else { label };
            let _ = writeln!(text, "{nip};{name};2026-01-01;2026-12-31;0;{work};{conduct};{label};skp-{nip};p-{nip};;");
        }
        self.write(name, &text)
    }

    fn permits(&self, lines: &[&str]) -> PathBuf {
        let head = "nip;jenis;mulai;selesai;nomor_surat;tanggal_surat;disetujui_oleh;surat_dokter;anak_ke";
        self.write("izin.csv", &format!("{head}\n{}\n", lines.join("\n")))
    }

    /// Everybody's verdict is as worked out by hand.
    #[track_caller]
    fn agrees(&self, document: &Value) {
        let found = rows(&document.to_string());
        assert_eq!(found.len(), self.people.len());
        for person in &self.people {
            let row = found.iter().find(|row| row["nip"] == person.nip).unwrap_or_else(|| panic!("{} has no verdict", person.name));
            let due = ["gross", "deduction", "net"].map(|key| row["expected"][key].as_i64().unwrap_or(-1));
            let mut rules: Vec<&str> = row["deductions"].as_array().unwrap().iter().map(|line| line["rule"].as_str().unwrap()).collect();
            rules.sort_unstable();
            assert_eq!((due, row["verdict"].as_str().unwrap()), (person.due.into(), person.verdict), "{}: {row:#}", person.name);
            assert_eq!(rules, person.rules, "{}: {row:#}", person.name);
        }
    }

    /// Files alone and the store say the same of everybody.
    #[track_caller]
    fn both_agree(&self, policy: &Path, files: &[(&'static str, PathBuf)]) -> Value {
        let checked = self.check(policy, files, 0);
        self.agrees(&checked["verdicts"]);
        let stored = self.through_a_store(policy, files);
        self.agrees(&stored);
        let text = |rows: &Value| serde_json::to_string_pretty(rows).unwrap();
        same(&text(&checked["verdicts"]["rows"]), &text(&stored["rows"]), "files alone and the store");
        checked
    }

    /// The binary, run in the folder.
    fn run(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELARAS")) {
            command.env_remove(name);
        }
        let url = format!("sqlite://{}", self.path("selaras.db").display());
        command.current_dir(self.folder.path()).env("SELARAS__STORE__URL", url).env("SELARAS__POLICY__DIR", self.path("kebijakan"));
        Ran::of(command.args(args).output().unwrap())
    }

    /// `check` on these files (`("--roster", path)`), as JSON.
    #[track_caller]
    fn check(&self, policy: &Path, files: &[(&'static str, PathBuf)], code: i32) -> Value {
        self.run(&[&["check", "--period", PERIOD, "--as", "json"][..], &arguments(policy, files)].concat()).ended(code).json()
    }

    /// The same files imported into a store, reconciled under the policy and exported.
    #[track_caller]
    fn through_a_store(&self, policy: &Path, files: &[(&'static str, PathBuf)]) -> Value {
        std::fs::create_dir_all(self.path("kebijakan")).unwrap();
        for source in [policy, &shipped("national-holidays-2026.toml")] {
            std::fs::copy(source, self.path("kebijakan").join(source.file_name().unwrap())).unwrap();
        }
        let copy = self.path("kebijakan").join(policy.file_name().unwrap());
        let text = std::fs::read_to_string(&copy).unwrap().replace("../national-holidays", "national-holidays");
        std::fs::write(copy, text).unwrap();
        for (option, path) in files {
            let kind = match *option {
                "--evaluation" | "--skp" => "ekinerja",
                other => other.trim_start_matches("--"),
            };
            let import = ["import", kind, path.to_str().unwrap()];
            let period: &[&str] = if kind == "attendance" { &[] } else { &["--period", PERIOD] };
            self.run(&[&import, period].concat()).ended(0);
        }
        self.run(&["reconcile", "--period", PERIOD]).ended(0);
        let exported = self.run(&["export", "verdicts", "--period", PERIOD, "--as", "json"]).ended(0);
        exported.json()
    }
}

/// `--policy` and every option once with all of its files.
fn arguments<'a>(policy: &'a Path, files: &'a [(&'static str, PathBuf)]) -> Vec<&'a str> {
    let mut options: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    options.entry("--policy").or_default().push(policy.to_str().unwrap());
    for (option, path) in files {
        options.entry(option).or_default().push(path.to_str().unwrap());
    }
    options.into_iter().flat_map(|(option, paths)| std::iter::once(option).chain(paths)).collect()
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy").join(name)
}
