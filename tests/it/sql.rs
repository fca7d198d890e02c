//! Queries on the ministry's databases: a real SQLite file, a real PostgreSQL, a real MariaDB.

use crate::support::at;
use crate::support::mariadb::MariaDb;
use crate::support::postgres::fresh_database;
use selaras::app::App;
use selaras::app::sql::{Queried, import_all, sentence};
use selaras::clock::ManualClock;
use selaras::config::{Config, SqlSource};
use selaras::domain::text::Lang;
use selaras::domain::{Body, Kind, Period};
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::sync::Arc;

const SQLITE: &str = "CREATE TABLE presensi (nip TEXT, tanggal TEXT, masuk TEXT, pulang TEXT, status TEXT, menit INTEGER);
    INSERT INTO presensi VALUES ('198501012010011901', '2026-09-30', '07:20', '16:00', 'WFO', 1), ('198501012010011901', '2026-10-01', '07:25', '16:02', 'WFO', 2),
        ('198501012010011902', '2026-10-31', '07:40:10', NULL, NULL, NULL), ('198501012010011902', '2026-11-01', '07:25', '16:02', 'WFO', 0);";
const POSTGRES: &str = "CREATE TABLE presensi (nip BIGINT, tanggal DATE, masuk TIME, pulang TIME, status TEXT, menit NUMERIC);
    INSERT INTO presensi VALUES (198501012010011901, '2026-09-30', '07:20', '16:00', 'WFO', 1), (198501012010011901, '2026-10-01', '07:25', '16:02', 'WFO', 2),
        (198501012010011902, '2026-10-31', '07:40:10', NULL, NULL, NULL), (198501012010011902, '2026-11-01', '07:25', '16:02', 'WFO', 0);
    CREATE TABLE jejak (n BIGINT);
    CREATE FUNCTION menulis() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN INSERT INTO jejak VALUES (1); RETURN 1; END $$;
    CREATE SEQUENCE nomor;";
const QUERY: &str = "SELECT nip, tanggal, masuk AS jam_masuk, pulang AS jam_pulang, status, menit AS menit_terlambat
    FROM presensi WHERE tanggal BETWEEN :from AND :to ORDER BY nip, tanggal;";

struct Desk {
    folder: tempfile::TempDir,
    app: App,
    urls: [String; 2],
}

impl Desk {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("selaras.toml"), "[store]\nurl = \"sqlite://s.db\"\n").unwrap();
        let config = Config::load(Some(&folder.path().join("selaras.toml")), []).unwrap();
        let app = App::open(config, Arc::new(ManualClock::at(at("2026-11-02T01:00:00Z")))).await.unwrap();
        let file = folder.path().join("presensi.db");
        let mut sqlite = sqlx::SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
        sqlite.execute(sqlx::raw_sql(SQLITE)).await.unwrap();
        sqlite.close().await.unwrap();
        let server = fresh_database().await;
        let mut postgres = sqlx::PgConnection::connect(&server).await.unwrap();
        postgres.execute(sqlx::raw_sql(POSTGRES)).await.unwrap();
        postgres.close().await.unwrap();
        Self { urls: [format!("sqlite://{}", file.display()), server], app, folder }
    }

    async fn query(&self, kind: Kind, url: &str, query: &str) -> Queried {
        let mut app = self.app.clone();
        app.config.sources.sql = vec![SqlSource { kind, url: selaras::config::DatabaseUrl::new(url), query: query.to_owned() }];
        import_all(&app, period(), false).await.unwrap().remove(0)
    }

    async fn rows_in(&self, table: &str) -> i64 {
        let mut postgres = sqlx::PgConnection::connect(&self.urls[1]).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"))).fetch_one(&mut postgres).await.unwrap()
    }
}

fn period() -> Period {
    "2026-10".parse().unwrap()
}

fn said(queried: &Queried) -> String {
    assert!(queried.outcome.is_err(), "{queried:?}");
    sentence(queried, Lang::Id)
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_the_period_are_read_as_a_file_would_be() {
    let desk = Desk::open().await;
    for url in &desk.urls {
        let queried = desk.query(Kind::Attendance, url, QUERY).await;
        let imported = &queried.outcome.as_ref().unwrap_or_else(|error| panic!("{url}: {}", error.sentence(Lang::En)))[0];
        assert_eq!((imported.rows, imported.span.as_deref(), imported.file.as_str()), (2, Some("2026-10"), "sql:attendance"), "{url}");
        let month = [(Kind::Attendance, "2026-10".parse().unwrap())];
        let all = desk.app.store.evidence(&month, None, at("2026-11-03T00:00:00Z")).await.unwrap().all().await.unwrap();
        assert_eq!(all.len(), 2);
        assert!(all[0].source.starts_with("sql:attendance sha256:"), "{}", all[0].source);
        let Some(Body::Attendance(days)) = &all[1].statement.body else { panic!() };
        let first = days.iter().next().unwrap();
        assert_eq!(
            (first.tanggal.to_string(), first.jam_masuk.unwrap().to_string(), first.jam_pulang),
            ("2026-10-31".to_owned(), "07:40:10".to_owned(), None)
        );
    }
    // The same rows from another engine say the same: nothing has changed, an empty number is not 0 minutes.
    for url in &desk.urls {
        let again = desk.query(Kind::Attendance, url, QUERY).await;
        assert_eq!(again.outcome.unwrap()[0].status, "unchanged", "{url}");
    }
    let empty = desk
        .query(Kind::Permits, &desk.urls[0], "SELECT nip, status AS jenis, tanggal AS mulai, tanggal AS selesai FROM presensi WHERE 1 = 0")
        .await;
    assert_eq!(empty.outcome.unwrap()[0].rows, 0, "permits may be empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_value_names_source_row_and_column() {
    let desk = Desk::open().await;
    for url in &desk.urls {
        let wrong = QUERY
            .replace("status, menit", "'LIBURAN' AS status, menit")
            .replace(":from", "CAST(:from AS TEXT)")
            .replace(":to", "CAST(:to AS TEXT)");
        let wrong = wrong.replace("tanggal BETWEEN", "CAST(tanggal AS TEXT) BETWEEN");
        let queried = desk.query(Kind::Attendance, url, &wrong).await;
        let refused = said(&queried);
        assert!(refused.contains("sql:attendance"), "{refused}");
        match &queried.outcome {
            Err(selaras::app::AppError::Intake(error)) => {
                let rows: Vec<String> = error.refusals().iter().map(|refusal| refusal.sentence(Lang::Id)).collect();
                assert!(rows.len() == 2 && rows[0].starts_with("baris 2, kolom status, nilai 'LIBURAN'"), "{rows:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    let blob = said(
        &desk.query(Kind::Attendance, &desk.urls[0], "SELECT nip, tanggal, masuk AS jam_masuk, x'00ff' AS jam_pulang FROM presensi").await,
    );
    assert!(blob.contains("baris 2, kolom jam_pulang"), "{blob}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_written() {
    let desk = Desk::open().await;
    let before = std::fs::read(desk.folder.path().join("presensi.db")).unwrap();
    for (url, writes) in [
        (
            &desk.urls[0],
            vec![
                "INSERT INTO presensi VALUES (1,2,3,4,5,6)",
                "SELECT 1; DELETE FROM presensi",
                "WITH a AS (SELECT 1) INSERT INTO presensi SELECT 1,2,3,4,5,6 FROM a",
                "SELECT 1) ; DELETE FROM presensi --",
                "PRAGMA user_version = 7",
            ],
        ),
        (
            &desk.urls[1],
            vec![
                "INSERT INTO jejak VALUES (1)",
                "SELECT menulis() AS nip",
                "SELECT nextval('nomor') AS nip",
                "WITH a AS (INSERT INTO jejak VALUES (1) RETURNING n) SELECT n AS nip FROM a",
                "SELECT 1 AS nip) q; COMMIT; INSERT INTO jejak VALUES (1); SELECT * FROM (SELECT 1",
                "SELECT 1 AS nip) q, menulis() --",
                "SELECT set_config('transaction_read_only', 'off', false) AS nip, menulis() AS tanggal",
                "SELECT n INTO baru FROM jejak",
            ],
        ),
    ] {
        for query in writes {
            let refused = said(&desk.query(Kind::Attendance, url, query).await);
            assert!(refused.starts_with("sql:attendance: "), "{query}: {refused}");
        }
    }
    assert_eq!(std::fs::read(desk.folder.path().join("presensi.db")).unwrap(), before);
    assert_eq!((desk.rows_in("jejak").await, desk.rows_in("presensi").await), (0, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_is_one_sentence_without_a_password() {
    let desk = Desk::open().await;
    for url in [
        "postgres://u:rahasia-sekali@127.0.0.1:9/x",
        "mysql://u:rahasia-sekali@127.0.0.1:9/x",
        "sqlite:///tidak/ada.db",
        "oracle://u:rahasia-sekali@x",
    ] {
        let refused = said(&desk.query(Kind::Attendance, url, QUERY).await);
        assert!(!refused.contains("rahasia-sekali") && refused.lines().count() == 1, "{refused}");
    }
    let missing = said(&desk.query(Kind::Attendance, &desk.urls[1], "SELECT x FROM tidak_ada").await);
    assert!(missing.contains("tidak_ada"), "{missing}");
}

const MARIADB: &str = "CREATE TABLE presensi (nip BIGINT UNSIGNED, tanggal DATE, masuk TIME, pulang TIME, status ENUM('WFO', 'WFH'), menit DECIMAL(5,0));
    INSERT INTO presensi VALUES (198501012010011901, '2026-09-30', '07:20', '16:00', 'WFO', 1), (198501012010011901, '2026-10-01', '07:25', '16:02', 'WFO', 2),
        (198501012010011902, '2026-10-31', '07:40:10', NULL, NULL, NULL), (198501012010011902, '2026-11-01', '07:25', '16:02', 'WFO', 0);
    CREATE TABLE jejak (n BIGINT) ENGINE = MyISAM;
    CREATE SEQUENCE nomor;
    CREATE FUNCTION menulis() RETURNS BIGINT BEGIN INSERT INTO jejak VALUES (1); RETURN 1; END;
    CREATE TABLE jenis (nip CHAR(18), tanggal DATETIME, masuk TIMESTAMP NULL, aktif BOOLEAN, kecil SMALLINT, persen DOUBLE, teks TEXT, isi BLOB);
    INSERT INTO jenis VALUES ('198501012010011901', '2026-10-01 00:00:00', '2026-10-01 07:25:00', TRUE, -3, 1.5, 'Bambang Sutrisno; \"S.H.\"', x'00ff');";

/// What a ministry's MariaDB gives is read as the same rows of a file would be; it refuses the same and writes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn mariadb_gives_the_same_and_takes_nothing() {
    let (desk, server) = (Desk::open().await, MariaDb::start().await);
    server.run("kementerian", MARIADB).await;
    let url = server.ministry();
    desk.query(Kind::Attendance, &desk.urls[0], QUERY).await.outcome.unwrap();
    for url in [&url, &url.replacen("mysql", "mariadb", 1)] {
        let queried = desk.query(Kind::Attendance, url, QUERY).await;
        let imported = &queried.outcome.as_ref().unwrap_or_else(|error| panic!("{url}: {}", error.sentence(Lang::En)))[0];
        assert_eq!((imported.rows, imported.status), (2, "unchanged"), "as SQLite gave them");
    }

    let wrong = QUERY.replace("status, menit", "'LIBURAN' AS status, menit");
    match desk.query(Kind::Attendance, &url, &wrong).await.outcome {
        Err(selaras::app::AppError::Intake(error)) => {
            let rows: Vec<String> = error.refusals().iter().map(|refusal| refusal.sentence(Lang::Id)).collect();
            assert!(rows.len() == 2 && rows[0].starts_with("baris 2, kolom status, nilai 'LIBURAN'"), "{rows:?}");
        }
        other => panic!("{other:?}"),
    }
    let blob = "SELECT nip, tanggal, masuk AS jam_masuk, isi AS jam_pulang FROM jenis";
    let blob = said(&desk.query(Kind::Attendance, &url, blob).await);
    assert!(blob.contains("baris 2, kolom jam_pulang"), "{blob}");
    let types = "SELECT nip, DATE(tanggal) AS tanggal, TIME(masuk) AS jam_masuk, CAST('16:00' AS TIME) AS jam_pulang, teks AS keterangan, aktif, kecil, persen FROM jenis";
    let typed = desk.query(Kind::Attendance, &url, types).await;
    assert_eq!(typed.outcome.unwrap_or_else(|error| panic!("{}", error.sentence(Lang::En)))[0].rows, 1);

    for writes in [
        "INSERT INTO jejak VALUES (1)",
        "SELECT menulis() AS nip",
        "SELECT NEXTVAL(nomor) AS nip",
        "SELECT 1 AS nip; INSERT INTO jejak VALUES (1)",
        "SELECT 1 AS nip; COMMIT; INSERT INTO jejak VALUES (1)",
        "SELECT n AS nip FROM jejak INTO OUTFILE '/tmp/selaras-tidak-boleh'",
        "SELECT 1 INTO @nip",
        "SELECT 1 AS nip /*! FOR UPDATE */",
        "SELECT nip FROM presensi FOR UPDATE",
        "/*M! INSERT INTO jejak VALUES (1) */",
    ] {
        let refused = said(&desk.query(Kind::Attendance, &url, writes).await);
        assert!(refused.starts_with("sql:attendance: "), "{writes}: {refused}");
    }
    assert_eq!(server.count("SELECT COUNT(*) FROM jejak").await, 0);
    assert_eq!(server.count("SELECT NEXTVAL(nomor)").await, 1, "nobody has drawn a number");
    assert!(!std::path::Path::new("/tmp/selaras-tidak-boleh").exists());
}
