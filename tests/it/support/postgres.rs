//! A real PostgreSQL. `tests/postgres.sh run -- CMD` starts one and says where in `SELARAS_TEST_POSTGRES_URL`; without
//! it the first test starts it through the same script, the others share it, and it stops itself when idle.
//! There is no way to skip: a machine without PostgreSQL fails these tests.

use sqlx::AssertSqlSafe;
use sqlx::ConnectOptions;
use sqlx::Connection;
use sqlx::postgres::PgConnectOptions;
use std::process::Command;
use std::str::FromStr;

/// The URL of a new, empty database.
pub async fn fresh_database() -> String {
    new_database("").await
}

/// The URL of a copy of a database to which nobody is connected.
pub async fn copy_of(url: &str) -> String {
    let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
    new_database(&format!(" TEMPLATE {name}")).await
}

async fn new_database(like: &str) -> String {
    let server = tokio::task::spawn_blocking(server_url).await.unwrap();
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let options = PgConnectOptions::from_str(&server).unwrap();
    let mut connection = options.connect().await.unwrap_or_else(|why| panic!("the tests' PostgreSQL at {server} cannot be reached: {why}"));
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}{like}"))).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let (before, query) = server.split_once('?').map_or((server.as_str(), String::new()), |(before, query)| (before, format!("?{query}")));
    let (host, _) = before.rsplit_once('/').unwrap();
    format!("{host}/{name}{query}")
}

fn server_url() -> String {
    if let Ok(url) = std::env::var("SELARAS_TEST_POSTGRES_URL") {
        return url;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres.sh");
    let output = Command::new(script).arg("start").output().unwrap_or_else(|why| panic!("{script}: {why}"));
    assert!(output.status.success(), "the tests need PostgreSQL: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
