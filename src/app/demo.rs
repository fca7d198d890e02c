//! `demo`: a simulated BKN and ministry, imported, pulled and reconciled with the ordinary parts, then held against
//! the planted truth.

use super::import::{ImportOptions, Imported};
use super::pull::PullOptions;
use super::reconcile::Reconciled;
use super::{App, AppError, import, pull, reconcile};
use crate::clock::ManualClock;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::{Code, Kind, Nip, Period};
use crate::export::FindingRow;
use crate::intake::FileKind;
use crate::simulator::{self, Faults, Ministry, Settings, Truth, WrittenFiles};
use crate::sync::Pulled;
use crate::sync::run::{MustLeave, OnProgress};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The example policy and the holiday list, as they are shipped.
const POLICY: &str = include_str!("../../config/policy/contoh-kemenko-infra.toml");
const HOLIDAYS: &str = include_str!("../../config/policy/national-holidays-2026.toml");

/// A ministry on disk and a BKN on loopback, ready to be worked on.
pub struct Stage {
    /// The ordinary application, configured for the simulator.
    pub app: App,
    /// Its configuration file, for other commands.
    pub config_path: PathBuf,
    /// The internal files.
    pub files: WrittenFiles,
    /// What was planted.
    pub truth: Truth,
    /// Work month.
    pub period: Period,
    /// Where the simulator listens.
    pub bkn: SocketAddr,
    /// Where BKN of a week ago listens, of a ministry with a history.
    bkn_before: Option<SocketAddr>,
}

/// The day in the ministry's time.
pub fn local_day(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&chrono_tz::Tz::Asia__Jakarta).date_naive()
}

/// Grows the ministry, writes its files and the configuration into `dir`, and starts the simulator.
///
/// # Errors
/// The simulator's, the disk's, the store's.
pub async fn set_up(settings: Settings, dir: &Path, clock: SharedClock) -> Result<Stage, AppError> {
    let files_dir = dir.join("berkas");
    let (today, history) = (local_day(clock.now()), settings.history);
    let written = tokio::task::spawn_blocking(move || -> Result<_, AppError> {
        let ministry = Ministry::grow(&settings)?;
        std::fs::create_dir_all(&files_dir).map_err(|why| AppError::Io(files_dir.display().to_string(), why))?;
        let files = ministry.write(&files_dir)?;
        let truth = ministry.truth_on(today);
        truth.write(&files.truth)?;
        Ok((Arc::new(ministry), files, truth))
    });
    let (ministry, files, truth) =
        written.await.map_err(|gone| AppError::Io("demo".to_owned(), std::io::Error::other(gone.to_string())))??;
    let io = |what: &Path| {
        let what = what.display().to_string();
        move |why| AppError::Io(what, why)
    };
    let bkn = listen(&ministry, Faults::default()).await?;
    let bkn_before = if history { Some(listen(&ministry, Faults::week_ago()).await?) } else { None };
    let policy_dir = dir.join("policy");
    std::fs::create_dir_all(&policy_dir).map_err(io(&policy_dir))?;
    for (name, text) in [("contoh-kemenko-infra.toml", POLICY), ("national-holidays-2026.toml", HOLIDAYS)] {
        let path = policy_dir.join(name);
        std::fs::write(&path, text).map_err(io(&path))?;
    }
    let config_path = dir.join("selaras.toml");
    std::fs::write(&config_path, configuration(bkn)).map_err(io(&config_path))?;
    let config = Config::load(Some(&config_path), [])
        .map_err(|error| AppError::Io(error.sentence(Default::default()), std::io::Error::other("demo")))?;
    let app = App::open(config, clock).await?;
    Ok(Stage { app, config_path, files, truth, period: ministry.period(), bkn, bkn_before })
}

/// Serves the ministry's BKN on a port of its own.
async fn listen(ministry: &Arc<Ministry>, faults: Faults) -> Result<SocketAddr, AppError> {
    let io = |why| AppError::Io("127.0.0.1".to_owned(), why);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.map_err(io)?;
    let address = listener.local_addr().map_err(io)?;
    tokio::spawn(simulator::serve(Arc::clone(ministry), listener, faults, std::future::pending()));
    Ok(address)
}

/// The configuration of the demo: the defaults, pointed at the simulator, at a pace that a loopback can take.
fn configuration(bkn: SocketAddr) -> String {
    format!(
        r#"# Written by `selaras demo`: the simulator listens on {bkn} while the demo runs.
[store]
url = "sqlite://selaras.db"

[policy]
dir = "policy"

[evidence]
required = ["skp", "evaluation", "attendance", "identity"]
pull = ["evaluation", "skp", "identity", "discipline_bkn", "unpaid_leave", "history", "skp_annual", "transfer"]

{sections}
[ekinerja.pace]
requests_per_second = 20000
burst = 200
max_in_flight = 48
attempts = 2
backoff_initial = "20ms"
backoff_max = "100ms"
"#,
        sections = simulator::sections(bkn),
    )
}

impl Stage {
    /// What the ministry did a week ago: its roster of then, and a pull from BKN of then. Nothing without a history.
    ///
    /// # Errors
    /// A refused file; the store's.
    pub async fn live_through_last_week(&self) -> Result<Option<Pulled>, AppError> {
        let Some((history, bkn)) = self.files.history.as_ref().zip(self.bkn_before) else { return Ok(None) };
        let mut config = self.app.config.clone();
        config.evidence.pull = vec![Kind::Skp, Kind::Identity];
        config.ekinerja.report.base_url =
            format!("http://{bkn}").parse().map_err(|why| AppError::Io(bkn.to_string(), std::io::Error::other(format!("{why}"))))?;
        let clock = ManualClock::at(self.app.clock.now() - simulator::WEEK_AND_A_DAY);
        let app = App::open(config, Arc::new(clock)).await?;
        import::file(&app, &history.roster_before, self.options(FileKind::Roster, false)).await?;
        Ok(Some(pull::run(&app, self.period, PullOptions::default(), Arc::new(|| false)).await?))
    }

    /// The internal files in the order in which a ministry would import them before it pulls.
    pub fn imports(&self) -> Vec<(FileKind, &Path)> {
        let files = &self.files;
        let history = files.history.as_ref();
        let single = [
            (FileKind::Roster, history.map_or(&files.roster, |history| &history.roster_at_pull)),
            (FileKind::Attendance, &files.attendance),
            (FileKind::Attendance, &files.recap),
            (FileKind::Permits, &files.permits),
            (FileKind::Discipline, &files.discipline),
        ];
        let single = single.into_iter().map(|(kind, path)| (kind, path.as_path()));
        let payment = files.payment.iter().map(|path| (FileKind::Payment, path.as_path()));
        let ekinerja = files.ekinerja.iter().map(|path| (FileKind::Ekinerja, path.as_path()));
        let before = std::iter::once((FileKind::Ekinerja, files.evaluations_before.as_path()));
        let device = history.map(|history| (FileKind::Attlog, history.attlog.as_path()));
        single.chain(before).chain(payment).chain(ekinerja).chain(device).collect()
    }

    /// Imports one file with the ordinary importer.
    ///
    /// # Errors
    /// A refused file; the store's.
    pub async fn import(&self, kind: FileKind, path: &Path) -> Result<Vec<Imported>, AppError> {
        import::file(&self.app, path, self.options(kind, false)).await
    }

    fn options(&self, kind: FileKind, accept_partial: bool) -> ImportOptions {
        ImportOptions { kind, period: Some(self.period), dry_run: false, accept_partial }
    }

    /// Imports the roster with those whom it lacked at the time of the pull, without the row that is refused. Nothing without a history.
    ///
    /// # Errors
    /// The store's.
    pub async fn import_whole_roster(&self) -> Result<Vec<Imported>, AppError> {
        match &self.files.history {
            Some(history) => import::file(&self.app, &history.roster_after, self.options(FileKind::Roster, true)).await,
            None => Ok(Vec::new()),
        }
    }

    /// Pulls from the simulator.
    ///
    /// # Errors
    /// The store's.
    pub async fn pull(&self, progress: Option<OnProgress>, stop: MustLeave) -> Result<Pulled, AppError> {
        pull::run(&self.app, self.period, PullOptions { progress, ..PullOptions::default() }, stop).await
    }

    /// Reconciles.
    ///
    /// # Errors
    /// The policy's, the store's.
    pub async fn reconcile(&self, progress: &mut (dyn FnMut(u64) + Send)) -> Result<Reconciled, AppError> {
        reconcile::run_now(&self.app, self.period, false, progress).await
    }
}

/// A finding as the truth knows it.
pub type Key = (Code, Option<Nip>, String);

/// The findings beside the planted truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// By code: planted, found, missed, false.
    pub codes: BTreeMap<Code, [u64; 4]>,
    /// Planted and not found.
    pub missed: Vec<Key>,
    /// Found and not planted.
    pub false_ones: Vec<Key>,
}

impl Comparison {
    /// Compares open findings with the truth, one by one.
    pub fn of(truth: &Truth, findings: &[FindingRow]) -> Self {
        let planted: BTreeSet<Key> = truth.planted.iter().map(|planted| (planted.code, planted.nip, planted.subject.clone())).collect();
        let found: BTreeSet<Key> = findings
            .iter()
            .filter(|row| row.status.is_open())
            .map(|row| (row.finding.code, row.finding.nip, row.finding.subject.clone()))
            .collect();
        let mut comparison = Self {
            missed: planted.difference(&found).cloned().collect(),
            false_ones: found.difference(&planted).cloned().collect(),
            ..Self::default()
        };
        let counted: [(&mut dyn Iterator<Item = &Key>, usize); 4] = [
            (&mut planted.iter(), 0),
            (&mut found.intersection(&planted), 1),
            (&mut comparison.missed.iter(), 2),
            (&mut comparison.false_ones.iter(), 3),
        ];
        let mut codes: BTreeMap<Code, [u64; 4]> = BTreeMap::new();
        for (keys, column) in counted {
            for (code, ..) in keys {
                codes.entry(*code).or_default()[column] += 1;
            }
        }
        comparison.codes = codes;
        comparison
    }

    /// Planted, found, missed, false over all codes.
    pub fn totals(&self) -> [u64; 4] {
        self.codes.values().fold([0; 4], |sum, counts| std::array::from_fn(|column| sum[column] + counts[column]))
    }

    /// Nothing missed, nothing false.
    pub fn is_exact(&self) -> bool {
        self.missed.is_empty() && self.false_ones.is_empty()
    }
}
