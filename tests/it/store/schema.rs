//! Both migration trees make the same schema, and every file of them is taken.

use crate::support::Bench;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// (table, column) → (position, type, not null)
type Columns = BTreeMap<(String, String), (i64, String, bool)>;

async fn sqlite_columns(url: &str) -> Columns {
    let pool = sqlx::SqlitePool::connect(url.strip_prefix("sqlite://").unwrap()).await.unwrap();
    let rows: Vec<(String, String, i64, String, i64)> = sqlx::query_as(
        "SELECT t.name, c.name, c.cid + 1, c.type, c.\"notnull\" FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY 1, 3",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let strict: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%'")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(strict, [], "tables that are not STRICT");
    rows.into_iter().map(|(table, column, at, kind, required)| ((table, column), (at, kind, required != 0))).collect()
}

async fn postgres_columns(url: &str) -> Columns {
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    let rows: Vec<(String, String, i64, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, ordinal_position::bigint, data_type::text, is_nullable = 'NO'
         FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 3",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let loose: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name <> 'schema_version' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(loose, [], "texts that do not compare by bytes");
    rows.into_iter()
        .map(|(table, column, at, kind, required)| {
            let kind = match kind.as_str() {
                "bigint" => "INTEGER",
                "text" => "TEXT",
                "bytea" => "BLOB",
                other => panic!("{table}.{column} is {other}"),
            };
            ((table, column), (at, kind.to_owned(), required))
        })
        .collect()
}

/// Names of indexes that were made by hand.
async fn indexes(sqlite: &str, postgres: &str) -> [BTreeSet<String>; 2] {
    let pool = sqlx::SqlitePool::connect(sqlite.strip_prefix("sqlite://").unwrap()).await.unwrap();
    let one: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").fetch_all(&pool).await.unwrap();
    let pool = sqlx::PgPool::connect(postgres).await.unwrap();
    let other: Vec<(String,)> = sqlx::query_as(
        "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = current_schema() AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    [one, other].map(|rows| rows.into_iter().map(|(name,)| name).collect())
}

#[tokio::test]
async fn sqlite_and_postgres_have_the_same_schema() {
    let (sqlite, postgres) = (Bench::sqlite().await, Bench::postgres().await);
    let (one, other) = (sqlite_columns(&sqlite.url).await, postgres_columns(&postgres.url).await);
    assert!(one.len() > 100, "{} columns", one.len());
    assert_eq!(one, other);
    let [one, other] = indexes(&sqlite.url, &postgres.url).await;
    assert_eq!(one, other);
}

#[test]
fn both_trees_have_the_same_files() {
    let files = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    assert_eq!(files("sqlite"), files("postgres"));
    let last = files("sqlite").last().unwrap()[..4].parse::<i64>().unwrap();
    assert_eq!((files("sqlite").len() as i64, last), (selaras::store::Store::known_schema(), selaras::store::Store::known_schema()));
}
