//! Opening: missing, empty, newer, foreign, unreachable stores, and rows that cannot be read.

use super::*;
use crate::support::on_both_engines;
use selaras::clock::SystemClock;
use selaras::store::Store;
use selaras::store::StoreError;
use sqlx::AssertSqlSafe;
use std::sync::Arc;

on_both_engines!(
    a_store_is_brought_up_to_date_once,
    a_newer_store_is_left_untouched,
    a_corrupt_row_is_named,
    operations_are_told_how_much_there_is,
);

/// Runs statements past the store, as an administrator could.
async fn behind_its_back(bench: &Bench, sql: &str) {
    if let Some(path) = bench.url.strip_prefix("sqlite://") {
        let pool = sqlx::SqlitePool::connect(path).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(&bench.url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        pool.close().await;
    }
}

async fn a_store_is_brought_up_to_date_once(bench: Bench) {
    assert_eq!(bench.store.schema_version().await.unwrap(), Store::known_schema());
    // Several processes at once on one empty store.
    let empty = if bench.is_sqlite() {
        format!("sqlite://{}", bench.folder.path().join("empty.db").display())
    } else {
        crate::support::postgres::fresh_database().await
    };
    let open = || async { Store::open(&empty, Arc::new(SystemClock)).await.unwrap() };
    let stores = tokio::join!(open(), open(), open(), open());
    for store in [stores.0, stores.1, stores.2, stores.3] {
        store.ping().await.unwrap();
        assert_eq!(store.schema_version().await.unwrap(), Store::known_schema());
    }
}

async fn a_newer_store_is_left_untouched(bench: Bench) {
    bench.store.close().await;
    behind_its_back(&bench, "INSERT INTO schema_version (version, name, applied_at) VALUES (9001, '9001_future', 0)").await;
    let path = bench.url.strip_prefix("sqlite://").map(str::to_owned);
    let before = path.as_ref().map(|path| std::fs::read(path).unwrap());
    let refused = Store::open(&bench.url, Arc::new(SystemClock)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 9001, .. }), "{refused}");
    assert!(refused.to_string().contains("newer Selaras"), "{refused}");
    assert_eq!(path.map(|path| std::fs::read(path).unwrap()), before);
}

async fn a_corrupt_row_is_named(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let read = async || match bench.store.evidence(&[(Kind::Skp, Span::Year(2026))], None, at("2026-11-02T00:00:00Z")).await {
        Ok(reader) => reader.all().await,
        Err(why) => Err(why),
    };
    for (column, value) in [("body", "{\"kind\":\"skp\",\"rows\":[{\"nama\":\"rahasia\"}]}"), ("state", "perhaps"), ("nip", "1985")] {
        behind_its_back(&bench, &format!("CREATE TABLE kept AS SELECT {column} AS was FROM evidence")).await;
        behind_its_back(&bench, &format!("UPDATE evidence SET {column} = '{value}'")).await;
        let why = read().await.unwrap_err();
        assert!(matches!(&why, StoreError::Corrupt { table: "evidence", column: named, id, .. } if *named == column && id == "1"), "{why}");
        assert!(!why.to_string().contains("rahasia"), "{why}");
        behind_its_back(&bench, &format!("UPDATE evidence SET {column} = (SELECT was FROM kept); DROP TABLE kept")).await;
    }
    assert_eq!(read().await.unwrap().len(), 1);
    behind_its_back(&bench, "UPDATE raw SET length = -1").await;
    let why = bench.store.raw(&sha("one")).await.unwrap_err();
    assert!(matches!(why, StoreError::Corrupt { table: "raw", column: "length", .. }), "{why}");
}

async fn operations_are_told_how_much_there_is(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let census = bench.store.census().await.unwrap();
    assert!(census.bytes > 10_000);
    assert_eq!((census.batches, census.newest_batch), (1, Some(at("2026-11-01T00:00:00Z"))));
}

#[tokio::test]
async fn sqlite_files_are_private_and_paths_are_said() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::sqlite().await;
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    for entry in std::fs::read_dir(bench.folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
    }
    let nowhere = bench.folder.path().join("none/selaras.db").display().to_string();
    let why = Store::open(&format!("sqlite://{nowhere}"), Arc::new(SystemClock)).await.unwrap_err();
    assert!(matches!(why, StoreError::Unreachable { .. }) && why.to_string().contains(&nowhere), "{why}");
}

#[tokio::test]
async fn sqlite_strangers_are_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "this is not a database, however long it may be ".repeat(40)).unwrap();
    let other = folder.path().join("other.db");
    let pool =
        sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&other).create_if_missing(true)).await.unwrap();
    sqlx::raw_sql("CREATE TABLE customers (id INTEGER)").execute(&pool).await.unwrap();
    pool.close().await;
    for path in [text, other] {
        let before = std::fs::read(&path).unwrap();
        let why = Store::open(&format!("sqlite://{}", path.display()), Arc::new(SystemClock)).await.unwrap_err();
        assert!(matches!(why, StoreError::Foreign { .. }), "{why}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

#[tokio::test]
async fn urls_are_understood_or_refused_without_their_password() {
    let open = async |url: &str| Store::open(url, Arc::new(SystemClock)).await.unwrap_err();
    for url in ["mysql://root:rahasia@db/x", "selaras.db", "sqlite://", "postgres://u:rahasia@127.0.0.1:99999/x"] {
        let why = open(url).await;
        assert!(matches!(why, StoreError::Url { .. }), "{url}: {why}");
    }
    let why = open("postgres://selaras:rahasia@127.0.0.1:1/selaras?sslmode=disable").await;
    assert!(matches!(why, StoreError::Unreachable { .. }), "{why}");
    for text in [why.to_string(), format!("{why:?}"), open("postgres://u:rahasia@127.0.0.1:99999/x").await.to_string()] {
        assert!(!text.contains("rahasia"), "{text}");
    }
}
