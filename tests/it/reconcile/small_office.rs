//! An office of six people in whose files nothing is wrong, imported into a store and reconciled there.

use selaras::app::import::{self, ImportOptions};
use selaras::app::pull::{self, PullOptions};
use selaras::app::{App, reconcile, report};
use selaras::clock::ManualClock;
use selaras::config::Config;
use selaras::domain::{Code, Kind, Period};
use selaras::intake::FileKind;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

const T8: i64 = 4_595_150;
const NAMES: [&str; 6] = ["Budi Contoh", "Citra Contoh", "Dewi Contoh", "Eko Contoh", "Fajar Contoh", "Gita Contoh"];
const ROSTER: &str = "nip,nama,jenis_pegawai,kode_unit,nama_unit,jabatan,kelas_jabatan,status\n";
const ATTENDANCE: &str = "nip,tanggal,jam_masuk,jam_pulang,status,keterangan,alasan_manual\n";
const EVALUATION: &str =
    "nip;nama;periode_awal_skp;periode_akhir_skp;is_skp_plt_plh_pjb;hasil_kerja;perilaku_kerja;hasil_akhir;skp_id;skp_penilaian_id";

/// A BKN that answers every question with this list.
async fn bkn(list: Value) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(move || std::future::ready(axum::Json(list.clone())));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// The files, as they are about to be written.
pub struct SmallOffice {
    /// NIP, day, check-in, check-out, status.
    pub attendance: Vec<[String; 5]>,
    /// Gross, deduction and net of each.
    pub paid: Vec<[i64; 3]>,
    /// The log of an attendance device; empty: there is none.
    pub attlog: String,
    /// Whether somebody also imports the evaluation of August.
    pub wrong_month: bool,
    /// Whether a list of BKN's holds a row without a NIP.
    pub bkn_names_nobody: bool,
    nips: Vec<String>,
    more: Vec<String>,
}

impl SmallOffice {
    pub fn clean() -> Self {
        let nips: Vec<String> = (1..=6).map(|serial| format!("19850101201001190{serial}")).collect();
        let period: Period = "2026-10".parse().unwrap();
        let workdays =
            || period.days().filter(|day| !matches!(chrono::Datelike::weekday(day), chrono::Weekday::Sat | chrono::Weekday::Sun));
        let row = |nip: &String, day: chrono::NaiveDate| [nip, &day.to_string(), "07:25:00", "16:40:00", "WFO"].map(str::to_owned);
        Self {
            attendance: nips.iter().flat_map(|nip| workdays().map(move |day| row(nip, day))).collect(),
            paid: vec![[T8, 0, T8]; nips.len()],
            attlog: String::new(),
            wrong_month: false,
            bkn_names_nobody: false,
            nips,
            more: Vec::new(),
        }
    }

    /// One more row of the payment file.
    pub fn also_paid(&mut self, nip: &str) {
        self.more.push(nip.to_owned());
    }

    fn people(&self) -> impl Iterator<Item = (&String, &str)> {
        self.nips.iter().zip(NAMES)
    }

    fn roster(&self) -> String {
        let row = |(nip, name): (&String, &str)| format!("{nip},{name},PNS,U01,Bidang Contoh,Arsiparis,8,AKTIF\n");
        ROSTER.to_owned() + &self.people().map(row).collect::<String>()
    }

    fn attendance(&self) -> String {
        ATTENDANCE.to_owned() + &self.attendance.iter().map(|row| format!("{},,\n", row.join(","))).collect::<String>()
    }

    /// The 21 columns of the ADK.
    fn payment(&self) -> String {
        let row = |at: usize, nip: &str, [gross, deduction, net]: [i64; 3]| {
            let name = NAMES.get(at).unwrap_or(&"Orang Lain").to_uppercase();
            let head = format!("000901\t11\t2026\t{nip}\t{name}\tKEP-1\t08\t{gross}\t{deduction}\t{net}");
            format!("{head}\t520009000990\tBANK CONTOH\t900000000{at}\t{name}\t10\t2026\t10\t2026\t1\t\t\r\n")
        };
        let own = self.nips.iter().zip(&self.paid).enumerate().map(|(at, (nip, paid))| row(at, nip, *paid));
        let more = self.more.iter().enumerate().map(|(at, nip)| row(NAMES.len() + at, nip, [T8, 0, T8]));
        own.chain(more).collect()
    }

    fn evaluation(&self, month: u32) -> String {
        let row = |(nip, name): (&String, &str)| {
            format!("{nip};{name};2026-01-01;2026-12-31;0;Sesuai Ekspektasi;Sesuai Ekspektasi;Baik;SKP-{nip};PEN-{month}-{nip}\n")
        };
        let title =
            format!("Laporan Penilaian SKP Periode Bulanan {month} Tahun 2026\nInstansi Kementerian Contoh\nPeriode : Bulanan {month}\n");
        format!("{title}Unor Induk : ALL\nUnor : ALL\nData ditarik pada : 15-10-2026 10:00:00\n\n{EVALUATION}\n")
            + &self.people().map(row).collect::<String>()
    }

    fn skp(&self) -> String {
        let row = |(nip, name): (&String, &str)| format!("SKP-{nip};{nip};{name};Arsiparis;1;Persetujuan;2026-01-01;2026-12-31;0\n");
        let title = "Laporan SKP Tahun 2026\nInstansi Kementerian Contoh\nPeriode : Tahun 2026\nUnor Induk : ALL\nUnor : ALL\n";
        format!(
            "{title}Data ditarik pada : 15-10-2026 10:00:00\n\nskp_id;nip;nama;jabatan;is_skp;skp_status;periode_awal;periode_akhir;is_skp_plt_plh_pjb\n"
        ) + &self.people().map(row).collect::<String>()
    }

    /// BKN's list of SKPs, in which one row has no NIP.
    fn list(&self) -> Value {
        let nobody = String::new();
        let row = |(nip, name): (&String, &str)| {
            json!({
                "skp_id": format!("SKP-{nip}"), "nip": nip, "nama": name, "jabatan": "Arsiparis", "is_skp": 1, "skp_status": "Persetujuan",
                "periode_awal": "2026-01-01", "periode_akhir": "2026-12-31", "is_plt_plh": 0,
            })
        };
        let rows: Vec<Value> = self.people().chain([(&nobody, "Orang Lain")]).map(row).collect();
        json!({ "data": rows })
    }

    /// The codes that are open after import and reconciliation, each once.
    pub async fn codes(&self) -> Vec<Code> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
        let config = format!(
            "[store]\nurl = \"sqlite://kantor.db\"\n[policy]\ndir = \"{}\"\n[evidence]\nrequired = [\"skp\", \"evaluation\", \"attendance\"]\n\
             [ekinerja.report]\ntoken = \"rahasia\"\n",
            policy.display()
        );
        std::fs::write(at("selaras.toml"), config).unwrap();
        let config = Config::load(Some(&at("selaras.toml")), []).unwrap();
        let clock = ManualClock::at(crate::support::at("2026-10-27T02:00:00Z"));
        let app = App::open(config, Arc::new(clock)).await.unwrap();
        let mut files = vec![
            (FileKind::Roster, "roster.csv", self.roster()),
            (FileKind::Attendance, "presensi.csv", self.attendance()),
            (FileKind::Payment, "adk.txt", self.payment()),
            (FileKind::Ekinerja, "Laporan Penilaian SKP.csv", self.evaluation(9)),
            (FileKind::Ekinerja, "Laporan SKP.csv", self.skp()),
        ];
        if self.wrong_month {
            files.push((FileKind::Ekinerja, "Laporan Penilaian SKP (1).csv", self.evaluation(8)));
        }
        if !self.attlog.is_empty() {
            files.push((FileKind::Attlog, "7_attlog.dat", self.attlog.clone()));
        }
        let period: Period = "2026-10".parse().unwrap();
        for (kind, name, text) in files {
            std::fs::write(at(name), text).unwrap();
            let accept_partial = kind == FileKind::Payment && !self.more.is_empty();
            let options = ImportOptions { kind, period: Some(period), dry_run: false, accept_partial };
            import::file(&app, &at(name), options).await.unwrap();
        }
        if self.bkn_names_nobody {
            let mut app = app.clone();
            let address = bkn(self.list()).await;
            app.config.ekinerja.report.base_url = format!("http://{address}").parse().unwrap();
            app.config.evidence.pull = vec![Kind::Skp];
            let pulled = pull::run(&app, period, PullOptions::default(), Arc::new(|| false)).await.unwrap();
            assert_eq!((pulled.report.items.done, pulled.set_aside), (1, 1), "{pulled:?}");
        }
        reconcile::run(&app, period, false, app.clock.now(), &mut |_| {}).await.unwrap();
        let done = report::stored(&app, period).await.unwrap();
        let found = done.findings.iter().filter(|row| row.status.is_open());
        found.map(|row| row.finding.code).collect::<BTreeSet<Code>>().into_iter().collect()
    }
}
