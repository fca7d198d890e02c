//! A small ministry with two stores to copy: one with its files only, one after a good pull as well.

use crate::support::at;
use selaras::app::App;
use selaras::app::import;
use selaras::app::import::ImportOptions;
use selaras::app::pull;
use selaras::app::pull::PullOptions;
use selaras::app::reconcile;
use selaras::app::report;
use selaras::app::report::PeriodReport;
use selaras::clock::ManualClock;
use selaras::config::Config;
use selaras::domain::Period;
use selaras::domain::Verdict;
use selaras::simulator as of;
use selaras::simulator::Faults;
use selaras::simulator::Ministry;
use selaras::simulator::Settings;
use selaras::sync::Pulled;
use sqlx::Connection;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Enough people for a fault that meets one request in twenty-five, and for more than both vanish limits.
const EMPLOYEES: usize = 32;

/// When the files came and the good pull was; four days later everybody is due to be asked again, and what was said
/// then still holds.
const BEFORE: &str = "2026-11-02T01:00:00Z";
const NOW: &str = "2026-11-06T01:00:00Z";
const LATER: &str = "2026-11-06T02:00:00Z";

pub struct Ground {
    calm: Option<Day>,
    ministry: Arc<Ministry>,
    folder: tempfile::TempDir,
    calm_bkn: SocketAddr,
    stores: AtomicU64,
}

/// What a pull and the reconciliation after it came to.
pub struct Day {
    pub pulled: Pulled,
    pub report: PeriodReport,
}

/// How a client is set up for a fault.
#[derive(Clone, Copy)]
pub struct Patience {
    pub request_timeout: &'static str,
    pub run_deadline: &'static str,
    pub max_in_flight: u32,
}

impl Patience {
    pub const CALM: Self = Self { request_timeout: "20s", run_deadline: "2m", max_in_flight: 16 };
}

pub fn period() -> Period {
    "2026-10".parse().unwrap()
}

impl Ground {
    pub async fn lay(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ministry = Arc::new(Ministry::grow(&Settings { employees: EMPLOYEES, seed, ..Settings::default() }).unwrap());
        let policy = folder.path().join("policy");
        std::fs::create_dir(&policy).unwrap();
        for name in ["contoh-kemenko-infra.toml", "national-holidays-2026.toml"] {
            std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy").join(name), policy.join(name)).unwrap();
        }
        let calm_bkn = serve(&ministry, "none").await;
        let mut ground = Self { calm: None, ministry, folder, calm_bkn, stores: AtomicU64::new(0) };
        let files = ground.app(&ground.url("files.db"), calm_bkn, Patience::CALM, BEFORE).await;
        ground.import(&files).await;
        ground.copy("files.db", "first.db").await;
        ground.copy("files.db", "start.db").await;
        let good = ground.app(&ground.url("start.db"), calm_bkn, Patience::CALM, BEFORE).await;
        ground.calm = Some(day(&good).await);
        ground.copy("start.db", "good.db").await;
        ground
    }

    /// The good pull.
    pub fn calm(&self) -> &Day {
        self.calm.as_ref().unwrap()
    }

    /// Imports every file, as a clerk would.
    pub async fn import(&self, app: &App) {
        let files = self.ministry.write(&self.folder.path().join("berkas")).unwrap();
        let mut all = vec![("roster", &files.roster), ("attendance", &files.attendance), ("permits", &files.permits)];
        all.push(("discipline", &files.discipline));
        all.extend(files.payment.iter().map(|path| ("payment", path)));
        for (kind, path) in all {
            let options = ImportOptions {
                kind: selaras::intake::FileKind::from_key(kind).unwrap(),
                period: Some(period()),
                dry_run: false,
                accept_partial: false,
            };
            import::file(app, path, options).await.unwrap();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite://{}", self.path(name).display())
    }

    async fn copy(&self, from: &str, to: &str) {
        let mut store = sqlx::SqliteConnection::connect(&self.url(from)).await.unwrap();
        let into = format!("VACUUM INTO '{}'", self.path(to).display());
        sqlx::query(sqlx::AssertSqlSafe(into)).execute(&mut store).await.unwrap();
        store.close().await.unwrap();
    }

    /// The URL of a new copy of one of the two stores.
    pub fn fresh(&self, of: &str) -> String {
        let name = format!("{}.db", self.stores.fetch_add(1, Ordering::Relaxed));
        std::fs::copy(self.path(of), self.path(&name)).unwrap();
        self.url(&name)
    }

    /// Selaras with this store, asking a BKN that misbehaves in this way.
    pub async fn under(&self, url: &str, faults: &str, patience: Patience) -> App {
        self.app(url, serve(&self.ministry, faults).await, patience, NOW).await
    }

    /// The same, asking a BKN as it should be.
    pub async fn calmly(&self, url: &str) -> App {
        self.app(url, self.calm_bkn, Patience::CALM, NOW).await
    }

    /// The same as [`Ground::under`], an hour later.
    pub async fn later(&self, url: &str, faults: &str) -> App {
        self.app(url, serve(&self.ministry, faults).await, Patience::CALM, LATER).await
    }

    /// The same, on the day of the good pull.
    pub async fn calmly_before(&self, url: &str) -> App {
        self.app(url, self.calm_bkn, Patience::CALM, BEFORE).await
    }

    async fn app(&self, url: &str, bkn: SocketAddr, patience: Patience, now: &str) -> App {
        let text = configuration(url, bkn, self.path("policy").as_path(), patience);
        let config = Config::parse(&text, Path::new("selaras.toml")).unwrap();
        App::open(config, Arc::new(ManualClock::at(at(now)))).await.unwrap()
    }
}

/// Pulls and reconciles.
pub async fn day(app: &App) -> Day {
    accepting(app, PullOptions::default()).await
}

/// The same with other options of the pull.
pub async fn accepting(app: &App, options: PullOptions) -> Day {
    let pulled = pull::run(app, period(), options, Arc::new(|| false)).await.unwrap();
    reconcile::run(app, period(), false, app.clock.now(), &mut |_| ()).await.unwrap();
    let report = report::stored(app, period()).await.unwrap();
    Day { pulled, report }
}

/// Verdicts without what may differ between two runs (contract §8); with rows in another order the place too.
pub fn timeless(verdicts: &[Verdict]) -> Vec<Verdict> {
    let mut verdicts = verdicts.to_vec();
    for exhibit in verdicts.iter_mut().flat_map(|verdict| &mut verdict.findings).flat_map(|finding| &mut finding.evidence) {
        (exhibit.batch, exhibit.observed_at) = (String::new(), None);
        (exhibit.source, exhibit.locator) = Default::default();
    }
    verdicts
}

async fn serve(ministry: &Arc<Ministry>, faults: &str) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let faults = Faults::named(faults).unwrap_or_else(|| panic!("no fault {faults}"));
    tokio::spawn(of::serve(ministry.clone(), listener, faults, std::future::pending()));
    address
}

fn configuration(url: &str, bkn: SocketAddr, policy: &Path, patience: Patience) -> String {
    let Patience { request_timeout, run_deadline, max_in_flight } = patience;
    format!(
        r#"
[store]
url = "{url}"
[policy]
dir = "{policy}"
[evidence]
required = ["skp", "evaluation", "attendance", "identity"]
pull = ["evaluation", "skp", "identity"]
[evidence.max_age]
evaluation = "30d"
skp = "30d"
identity = "7d"
{sections}
[ekinerja.pace]
requests_per_second = 5000
burst = 100
max_in_flight = {max_in_flight}
attempts = 3
backoff_initial = "2ms"
backoff_max = "10ms"
retry_after_max = "20ms"
suspended_wait = "20ms"
give_up_after = 8
max_body = "4MiB"
request_timeout = "{request_timeout}"
run_deadline = "{run_deadline}"
"#,
        sections = of::sections(bkn),
        policy = policy.display(),
    )
}
