//! The rows of a query as the bytes of a CSV file, row by row, within the bounds of files.

use super::said_by_database as said;
use super::statement::{Day, Statement};
use crate::config::{Engine, Said};
use crate::domain::Period;
use crate::intake::{MAX_BYTES, MAX_ROWS};
use futures_util::TryStreamExt;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use sqlx::mysql::{MySqlConnectOptions, MySqlRow};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, Statement as _, TypeInfo, ValueRef};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How long a database may take to let us in, and to give everything.
const CONNECT: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// The rows as CSV, the names of the columns first.
pub(super) async fn rows(url: &str, engine: Engine, statement: &Statement, period: Period) -> Result<Vec<u8>, Said> {
    let day = |day: &Day| match day {
        Day::First => period.first_day().to_string(),
        Day::Last => period.last_day().to_string(),
    };
    let days: Vec<String> = statement.days.iter().map(day).collect();
    let work = async {
        match engine {
            Engine::Sqlite => sqlite(url, &statement.sql, &days).await,
            Engine::Postgres => postgres(url, &statement.sql, &days).await,
            Engine::MySql => mysql(url, &statement.sql, &days).await,
        }
    };
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| {
        Err(Said::new(
            "kueri tidak selesai dalam 15 menit: persempit dengan :from dan :to",
            "the query took more than 15 minutes: narrow it with :from and :to",
        ))
    })
}

/// A table on its way into CSV.
struct Sheet {
    csv: csv::Writer<Vec<u8>>,
    names: Vec<String>,
    rows: usize,
}

impl Sheet {
    fn new(names: Vec<String>) -> Result<Self, Said> {
        let mut sheet = Self { csv: csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()), names, rows: 0 };
        let names = sheet.names.clone();
        sheet.write(&names)?;
        Ok(sheet)
    }

    fn write(&mut self, cells: &[String]) -> Result<(), Said> {
        self.csv.write_record(cells).map_err(|why| Said::new(why.to_string(), why.to_string()))?;
        self.rows += 1;
        if self.rows > MAX_ROWS || self.csv.get_ref().len() > MAX_BYTES {
            return Err(Said::new(
                "hasil kueri terlalu besar: persempit dengan :from dan :to",
                "the result is too large: narrow it with :from and :to",
            ));
        }
        Ok(())
    }

    /// A value of the row that comes next which is no text, number, date or truth.
    fn unreadable(&self, column: usize, what: &str) -> Said {
        let (row, name) = (self.rows + 1, self.names.get(column).map_or("", String::as_str));
        Said::new(
            format!("baris {row}, kolom {name}: nilai berjenis {what} tidak dapat dibaca, ubah dengan CAST di kueri"),
            format!("row {row}, column {name}: a value of the type {what} cannot be read, change it by CAST in the query"),
        )
    }

    fn end(self) -> Result<Vec<u8>, Said> {
        self.csv.into_inner().map_err(|why| Said::new(why.to_string(), why.to_string()))
    }
}

fn cannot_connect(error: &sqlx::Error) -> Said {
    said("basis data tidak dapat dihubungi", "the database cannot be reached", error)
}

fn bad_url(_: sqlx::Error) -> Said {
    // The address may hold a password.
    Said::new("url tidak dipahami: periksa alamat basis data", "the url is not understood: check the address of the database")
}

fn refused(error: &sqlx::Error) -> Said {
    said("kueri ditolak basis data", "the database refused the query", error)
}

async fn within<T>(connecting: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Said> {
    match tokio::time::timeout(CONNECT, connecting).await {
        Ok(connected) => connected.map_err(|error| cannot_connect(&error)),
        Err(_) => Err(Said::new("basis data tidak menjawab dalam 15 detik", "the database did not answer within 15 seconds")),
    }
}

/// Runs the rows of a stream into a sheet. A macro, since the three engines share no row type.
macro_rules! read_rows {
    ($connection:expr, $sql:expr, $query:expr, $days:expr, $cells:expr) => {{
        let prepared = ($connection).prepare(AssertSqlSafe($sql.to_owned()).into_sql_str()).await.map_err(|error| refused(&error))?;
        let names = prepared.columns().iter().map(|column| column.name().to_owned()).collect();
        drop(prepared);
        let mut sheet = Sheet::new(names)?;
        let mut query = sqlx::query(AssertSqlSafe($query));
        for day in $days {
            query = query.bind(day.clone());
        }
        let mut stream = query.fetch($connection);
        while let Some(row) = stream.try_next().await.map_err(|error| refused(&error))? {
            let cells = $cells(&row, &sheet)?;
            sheet.write(&cells)?;
        }
        drop(stream);
        sheet.end()
    }};
}

async fn sqlite(url: &str, sql: &str, days: &[String]) -> Result<Vec<u8>, Said> {
    let options = SqliteConnectOptions::from_str(url).map_err(bad_url)?.create_if_missing(false).read_only(true).pragma("query_only", "ON");
    let mut connection = within(options.busy_timeout(CONNECT).disable_statement_logging().connect()).await?;
    // Wrapped, it can be nothing but a query.
    let query = format!("SELECT * FROM (\n{sql}\n)");
    let rows = read_rows!(&mut connection, query, query.clone(), days, sqlite_cells);
    let _ = connection.close().await;
    rows
}

fn sqlite_cells(row: &SqliteRow, sheet: &Sheet) -> Result<Vec<String>, Said> {
    let cell = |at: usize| {
        let value = row.try_get_raw(at).ok()?;
        // Of an empty value the type is that of its column; read as such it would be 0.
        if value.is_null() {
            return Some(String::new());
        }
        let kind = value.type_info().name().to_owned();
        match kind.as_str() {
            "INTEGER" | "BOOLEAN" => row.try_get_unchecked::<i64, _>(at).ok().map(|number| number.to_string()),
            "REAL" => row.try_get_unchecked::<f64, _>(at).ok().map(|number| number.to_string()),
            "TEXT" | "DATE" | "TIME" | "DATETIME" => row.try_get_unchecked::<String, _>(at).ok(),
            _ => None,
        }
    };
    let kind = |at: usize| row.try_get_raw(at).map_or_else(|_| String::new(), |value| value.type_info().name().to_owned());
    (0..row.len()).map(|at| cell(at).ok_or_else(|| sheet.unreadable(at, &kind(at)))).collect()
}

async fn postgres(url: &str, sql: &str, days: &[String]) -> Result<Vec<u8>, Said> {
    let options =
        PgConnectOptions::from_str(url).map_err(bad_url)?.application_name("selaras").options([("default_transaction_read_only", "on")]);
    let mut connection = within(options.disable_statement_logging().connect()).await?;
    let mut tx = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(|error| refused(&error))?;
    // The database itself writes any of its types as text.
    let query = format!("SELECT CAST(row_to_json(q) AS TEXT) FROM (\n{sql}\n) q");
    let cells = |row: &sqlx::postgres::PgRow, sheet: &Sheet| {
        let text: String = row.try_get(0).map_err(|error| refused(&error))?;
        let values: JsonRow<'_> = serde_json::from_str(&text).map_err(|_| sheet.unreadable(0, "json"))?;
        values
            .0
            .iter()
            .enumerate()
            .map(|(at, value)| json_cell(value).ok_or_else(|| sheet.unreadable(at, "json")))
            .collect::<Result<Vec<String>, Said>>()
    };
    let rows = read_rows!(&mut *tx, sql, query, days, cells);
    let _ = tx.rollback().await;
    let _ = connection.close().await;
    rows
}

/// The values of a JSON object in their order, as written: numbers keep all their digits, equal names stay two.
struct JsonRow<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonRow<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = Vec<&'de RawValue>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while map.next_key::<String>()?.is_some() {
                    values.push(map.next_value()?);
                }
                Ok(values)
            }
        }
        from.deserialize_map(Values).map(JsonRow)
    }
}

fn json_cell(value: &RawValue) -> Option<String> {
    match value.get() {
        "null" => Some(String::new()),
        "true" => Some("1".to_owned()),
        "false" => Some("0".to_owned()),
        text if text.starts_with('"') => serde_json::from_str(text).ok(),
        other if other.starts_with(['{', '[']) => None,
        number => Some(number.to_owned()),
    }
}

async fn mysql(url: &str, sql: &str, days: &[String]) -> Result<Vec<u8>, Said> {
    let url = url.strip_prefix("mariadb://").map_or_else(|| url.to_owned(), |rest| format!("mysql://{rest}"));
    let options = MySqlConnectOptions::from_str(&url).map_err(bad_url)?;
    let mut connection = within(options.disable_statement_logging().connect()).await?;
    let mut tx = connection.begin_with("START TRANSACTION READ ONLY").await.map_err(|error| refused(&error))?;
    let rows = read_rows!(&mut *tx, sql, sql.to_owned(), days, mysql_cells);
    let _ = tx.rollback().await;
    let _ = connection.close().await;
    rows
}

fn mysql_cells(row: &MySqlRow, sheet: &Sheet) -> Result<Vec<String>, Said> {
    let cell = |at: usize| -> Option<String> {
        let value = row.try_get_raw(at).ok()?;
        if value.is_null() {
            return Some(String::new());
        }
        let kind = value.type_info().name().to_owned();
        match kind.as_str() {
            "DATE" => row.try_get::<chrono::NaiveDate, _>(at).ok().map(|date| date.to_string()),
            "TIME" => row.try_get::<chrono::NaiveTime, _>(at).ok().map(|time| time.format("%H:%M:%S").to_string()),
            "DATETIME" => row.try_get::<chrono::NaiveDateTime, _>(at).ok().map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()),
            "TIMESTAMP" => row.try_get::<chrono::DateTime<chrono::Utc>, _>(at).ok().map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()),
            "BOOLEAN" | "YEAR" => row.try_get_unchecked::<i64, _>(at).ok().map(|number| number.to_string()),
            float if float == "FLOAT" || float == "DOUBLE" => row.try_get_unchecked::<f64, _>(at).ok().map(|number| number.to_string()),
            unsigned if unsigned.ends_with("UNSIGNED") => row.try_get_unchecked::<u64, _>(at).ok().map(|number| number.to_string()),
            whole if whole.ends_with("INT") => row.try_get_unchecked::<i64, _>(at).ok().map(|number| number.to_string()),
            // DECIMAL, texts and ENUM travel as text.
            _ => row.try_get_unchecked::<String, _>(at).ok(),
        }
    };
    let kind = |at: usize| row.try_get_raw(at).map_or_else(|_| String::new(), |value| value.type_info().name().to_owned());
    (0..row.len()).map(|at| cell(at).ok_or_else(|| sheet.unreadable(at, &kind(at)))).collect()
}
