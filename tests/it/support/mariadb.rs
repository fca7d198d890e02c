//! A real MariaDB in a folder of its own, reached over a unix socket, gone with the test. There is no way to skip: a
//! machine without `mariadbd` fails these tests (`.ci/setup` installs it).

use sqlx::Connection;
use sqlx::Executor;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// Needs: Debian's package.
const MISSING: &str = "the tests need MariaDB (Debian: apt install mariadb-server-core mariadb-client-core)";

/// A server with one empty database.
pub struct MariaDb {
    server: Child,
    folder: tempfile::TempDir,
}

impl MariaDb {
    /// Starts one.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let of_data = format!("--datadir={}", data.display());
        let mut install = Command::new("mariadb-install-db");
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", &of_data]);
        let installed = as_whoever_we_are(&mut install).output().expect(MISSING);
        assert!(installed.status.success(), "{MISSING}: {}", String::from_utf8_lossy(&installed.stderr));
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut server = Command::new(if cfg!(target_os = "linux") { "/usr/sbin/mariadbd" } else { "mariadbd" });
        server.args(["--no-defaults", "--skip-networking", "--innodb-flush-method=nosync", "--innodb-buffer-pool-size=16M", &of_data]);
        server.arg(format!("--socket={}", folder.path().join("s").display()));
        let server = as_whoever_we_are(&mut server).stdout(Stdio::null()).stderr(log).spawn().expect(MISSING);
        let mut started = Self { server, folder };
        let began = Instant::now();
        while sqlx::MySqlConnection::connect(&started.url("")).await.is_err() {
            let log = || std::fs::read_to_string(started.folder.path().join("log")).unwrap_or_default();
            assert!(began.elapsed() < Duration::from_secs(60) && started.server.try_wait().unwrap().is_none(), "{}", log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        started.run("", "CREATE DATABASE kementerian CHARACTER SET utf8mb4").await;
        started
    }

    /// How the ministry's database is reached.
    pub fn ministry(&self) -> String {
        self.url("kementerian")
    }

    fn url(&self, database: &str) -> String {
        let socket = self.folder.path().join("s").display().to_string().replace('/', "%2F");
        format!("mysql://root@localhost/{database}?socket={socket}")
    }

    /// Runs statements.
    pub async fn run(&self, database: &str, statements: &'static str) {
        let mut connection = sqlx::MySqlConnection::connect(&self.url(database)).await.unwrap();
        connection.execute(sqlx::raw_sql(statements)).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Rows of a table.
    pub async fn count(&self, query: &'static str) -> i64 {
        let mut connection = sqlx::MySqlConnection::connect(&self.ministry()).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// MariaDB runs as root only when it is told to.
fn as_whoever_we_are(command: &mut Command) -> &mut Command {
    if rustix::process::getuid().is_root() { command.arg("--user=root") } else { command }
}
