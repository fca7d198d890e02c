//! A copy of everything that the store knows, as compressed lines of JSON that either engine can take in again: a head,
//! then for each table its columns and rows, then the counts and the hash of all lines before.
//!
//! It is read in one transaction, so it is one state of the store. Who is at work on what is left out: no lease outlives
//! a restore.

use super::Result;
use super::Store;
use super::StoreError;
use super::codec::hex;
use super::migrate;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::values;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;

/// Rows by table.
pub type RowCounts = BTreeMap<String, u64>;

const FORMAT: &str = "selaras-backup";
const VERSION: u64 = 1;
/// Tables that say who is at work or signed in or was answered today, not what is known.
const AT_WORK: [&str; 6] = ["latch", "job", "job_slot", "web_session", "idempotency", "form_sent"];
/// Tables that may have rows in a store that knows nothing yet; a restore replaces them.
const PASSING: [&str; 3] = ["pace", "breaker", "token_use"];
/// Rows fetched at a time, where they are small and where they hold bodies.
const PAGE: [i64; 2] = [1_000, 8];
/// Rows and bytes of one insert.
const MOST_ROWS: usize = 400;
const MOST_BYTES: usize = 4 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnKind {
    Number,
    Text,
    Bytes,
}

struct Column {
    name: String,
    kind: ColumnKind,
}

/// What a copy says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupHead {
    /// Schema of the store that it was taken from.
    pub schema: i64,
    /// Engine of that store.
    pub engine: String,
    /// When it was taken, RFC 3339.
    pub made_at: String,
}

impl Store {
    /// Writes a copy; gives the rows by table.
    ///
    /// # Errors
    /// When the store fails or the copy cannot be written.
    pub async fn back_up(&self, out: impl Write + Send) -> Result<RowCounts> {
        let mut lines = Lines { gzip: GzEncoder::new(out, Compression::fast()), hash: Sha256::new() };
        let mut tx = self.pool.read().await?;
        let made_at = self.now().to_rfc3339();
        lines.put(
            &json!({"format": FORMAT, "version": VERSION, "schema": migrate::KNOWN, "engine": self.engine(), "made_at": made_at})
                .to_string(),
        )?;
        let mut counts = RowCounts::new();
        for table in copied() {
            let columns = tx.columns(table).await?;
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            lines.put(&json!({"table": table, "columns": names}).to_string())?;
            counts.insert(table.to_owned(), tx.copy_rows(table, &columns, &mut lines).await?);
        }
        tx.commit().await?;
        lines.end(&counts)?;
        Ok(counts)
    }

    /// Takes a copy in, all of it or nothing: the store must know nothing yet. Gives the rows by table.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`]; [`StoreError::Backup`] for a copy that is damaged, cut off or of another schema.
    pub async fn restore(&self, from: impl Read + Send) -> Result<RowCounts> {
        let mut reader = CopyReader::open(from)?;
        if reader.head.schema != migrate::KNOWN {
            let why = format!(
                "it holds schema {}, this Selaras writes {}: restore it with the Selaras that made it, then start the newer one",
                reader.head.schema,
                migrate::KNOWN
            );
            return Err(StoreError::Backup { why });
        }
        let mut tx = self.pool.write().await?;
        for table in copied() {
            if PASSING.iter().any(|passing| table.starts_with(passing)) {
                tx.run(&format!("/* restore */ DELETE FROM {table}"), values![]).await?;
            } else if tx.count_rows(table).await? > 0 {
                return Err(StoreError::NotEmpty { store: self.shown.to_string() });
            }
        }
        tx.take_in(&mut reader).await?;
        let mut counts = RowCounts::new();
        for table in copied() {
            counts.insert(table.to_owned(), tx.count_rows(table).await?);
        }
        let said = reader.counts.clone().unwrap_or_default();
        if let Some((table, count)) = said.iter().find(|(table, count)| counts.get(*table) != Some(count)) {
            return Err(StoreError::Backup { why: format!("table {table} should have {count} rows") });
        }
        tx.commit().await?;
        Ok(counts)
    }

    /// Reads a copy through and checks it, without a store.
    ///
    /// # Errors
    /// [`StoreError::Backup`].
    pub fn verify_backup(from: impl Read) -> Result<(BackupHead, RowCounts)> {
        let mut reader = CopyReader::open(from)?;
        while reader.next()?.is_some() {}
        Ok((reader.head, reader.counts.unwrap_or_default()))
    }
}

/// Tables that are copied, parents before their children: the order in which the migrations make them.
fn copied() -> Vec<&'static str> {
    migrate::tables().filter(|table| !AT_WORK.contains(table)).collect()
}

fn broken(why: impl ToString) -> StoreError {
    StoreError::Backup { why: why.to_string() }
}

fn unwritable(why: std::io::Error) -> StoreError {
    if why.kind() == std::io::ErrorKind::StorageFull { StoreError::DiskFull } else { broken(format!("it cannot be written: {why}")) }
}

/// Lines on their way into a copy.
struct Lines<W: Write> {
    gzip: GzEncoder<W>,
    hash: Sha256,
}

impl<W: Write> Lines<W> {
    fn put(&mut self, line: &str) -> Result<()> {
        self.hash.update(line);
        self.hash.update(b"\n");
        self.gzip.write_all(line.as_bytes()).and_then(|()| self.gzip.write_all(b"\n")).map_err(unwritable)
    }

    fn end(mut self, counts: &RowCounts) -> Result<()> {
        let end = json!({"end": counts, "sha256": hex(&self.hash.finalize())}).to_string();
        self.gzip.write_all(end.as_bytes()).and_then(|()| self.gzip.write_all(b"\n")).map_err(unwritable)?;
        self.gzip.finish().and_then(|mut out| out.flush()).map_err(unwritable)
    }
}

impl Tx {
    async fn columns(&mut self, table: &str) -> Result<Vec<Column>> {
        const SQLITE: &str = "/* columns */ SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid";
        const POSTGRES: &str = "/* columns */ SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";
        let rows: Vec<(String, String)> = self.all(if self.is_sqlite() { SQLITE } else { POSTGRES }, values![table]).await?;
        let kind = |kind: &str| match kind {
            "integer" | "bigint" => Some(ColumnKind::Number),
            "text" => Some(ColumnKind::Text),
            "blob" | "bytea" => Some(ColumnKind::Bytes),
            _ => None,
        };
        let column = |(name, text): (String, String)| {
            let kind = kind(&text).ok_or_else(|| StoreError::Inconsistent(format!("{table}.{name} is of the unknown type {text}")))?;
            Ok(Column { name, kind })
        };
        rows.into_iter().map(column).collect()
    }

    async fn count_rows(&mut self, table: &str) -> Result<u64> {
        let (count,): (i64,) = self.one(&format!("/* count_rows */ SELECT COUNT(*) FROM {table}"), values![]).await?;
        Ok(count.unsigned_abs())
    }

    /// Writes each row as a JSON list that the database itself has made.
    async fn copy_rows<W: Write>(&mut self, table: &str, columns: &[Column], lines: &mut Lines<W>) -> Result<u64> {
        let sqlite = self.is_sqlite();
        let has_bytes = columns.iter().any(|column| column.kind == ColumnKind::Bytes);
        let page = PAGE[usize::from(has_bytes)];
        let cell = |column: &Column| match (column.kind, sqlite) {
            (ColumnKind::Bytes, true) => format!("lower(hex({}))", column.name),
            (ColumnKind::Bytes, false) => format!("encode({}, 'hex')", column.name),
            _ => column.name.clone(),
        };
        let cells = columns.iter().map(cell).collect::<Vec<_>>().join(", ");
        let mut count = 0;
        if sqlite {
            let sql = format!("/* copy_rows */ SELECT rowid, json_array({cells}) FROM {table} WHERE rowid > $1 ORDER BY rowid LIMIT $2");
            let mut after = i64::MIN;
            loop {
                let rows: Vec<(i64, String)> = self.all(&sql, values![after, page]).await?;
                let Some((last, _)) = rows.last() else { return Ok(count) };
                after = *last;
                count += rows.len() as u64;
                rows.iter().try_for_each(|(_, row)| lines.put(row))?;
            }
        }
        let select = format!("SELECT CAST(json_build_array({cells}) AS TEXT) FROM {table}");
        self.run(&format!("/* copy_rows */ DECLARE copied_{table} NO SCROLL CURSOR FOR {select}"), values![]).await?;
        let fetch = format!("/* copy_rows */ FETCH {page} FROM copied_{table}");
        loop {
            let rows: Vec<(String,)> = self.all(&fetch, values![]).await?;
            if rows.is_empty() {
                return Ok(count);
            }
            count += rows.len() as u64;
            // The list may be broken over lines by nobody: JSON of the database holds none outside of texts, which escape them.
            rows.iter().try_for_each(|(row,)| lines.put(row))?;
        }
    }

    async fn take_in<R: Read>(&mut self, reader: &mut CopyReader<R>) -> Result<()> {
        let mut into: Option<Table> = None;
        while let Some(line) = reader.next()? {
            match line {
                CopyLine::Table(name, names) => {
                    if let Some(mut table) = into.take() {
                        table.flush(self).await?;
                    }
                    into = Some(Table::new(self, name, names).await?);
                }
                CopyLine::Row(row, bytes) => {
                    let table = into.as_mut().ok_or_else(|| broken("a row stands outside of its table"))?;
                    table.push(row, bytes)?;
                    if table.rows.len() >= MOST_ROWS || table.bytes >= MOST_BYTES {
                        table.flush(self).await?;
                    }
                }
            }
        }
        match into {
            Some(mut table) => table.flush(self).await,
            None => Ok(()),
        }
    }
}

/// A value on its way into a table.
enum Held {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Vec<u8>),
}

impl Held {
    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Number(number) => Cell::MaybeInt(*number),
            Self::Text(text) => Cell::MaybeText(text.as_deref()),
            Self::Bytes(bytes) => Cell::Blob(bytes),
        }
    }
}

/// A table that is being filled.
struct Table {
    name: &'static str,
    columns: Vec<Column>,
    rows: Vec<Vec<Held>>,
    bytes: usize,
}

impl Table {
    /// Only tables and columns that the schema has; names in a copy never become SQL.
    async fn new(tx: &mut Tx, name: String, names: Vec<String>) -> Result<Self> {
        let name = copied().into_iter().find(|known| *known == name).ok_or_else(|| broken(format!("there is no table '{name}'")))?;
        let mut known = tx.columns(name).await?;
        let mut columns = Vec::new();
        for wanted in names {
            let at = known.iter().position(|column| column.name == wanted);
            let at = at.ok_or_else(|| broken(format!("the table {name} has no column '{wanted}'")))?;
            columns.push(known.swap_remove(at));
        }
        Ok(Self { name, columns, rows: Vec::new(), bytes: 0 })
    }

    fn push(&mut self, row: Vec<Value>, bytes: usize) -> Result<()> {
        if row.len() != self.columns.len() {
            return Err(broken(format!("a row of {} has {} values instead of {}", self.name, row.len(), self.columns.len())));
        }
        let held = |(column, value): (&Column, Value)| match (column.kind, value) {
            (ColumnKind::Number, Value::Null) => Some(Held::Number(None)),
            (ColumnKind::Number, Value::Number(number)) => number.as_i64().map(|number| Held::Number(Some(number))),
            (ColumnKind::Text, Value::Null) => Some(Held::Text(None)),
            (ColumnKind::Text, Value::String(text)) => Some(Held::Text(Some(text))),
            (ColumnKind::Bytes, Value::String(text)) => unhex(&text).map(Held::Bytes),
            _ => None,
        };
        let row: Option<Vec<Held>> = self.columns.iter().zip(row).map(held).collect();
        self.rows.push(row.ok_or_else(|| broken(format!("a row of {} holds a value of another type", self.name)))?);
        self.bytes += bytes;
        Ok(())
    }

    async fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        let names = self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        let head = format!("/* restore */ INSERT INTO {} ({names}) VALUES", self.name);
        let cells = self.rows.iter().map(|row| row.iter().map(Held::cell).collect());
        tx.insert(&head, "", self.columns.len(), cells).await?;
        self.rows.clear();
        self.bytes = 0;
        // PostgreSQL numbers new rows by a counter of its own, which has not seen these.
        if !tx.is_sqlite() && self.columns.iter().any(|column| column.name == "seq") {
            let sql = format!("/* restore */ SELECT setval(pg_get_serial_sequence('{0}', 'seq'), (SELECT MAX(seq) FROM {0}))", self.name);
            let _: (Option<i64>,) = tx.one(&sql, values![]).await?;
        }
        Ok(())
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
    text.as_bytes().chunks(2).map(pair).collect()
}

enum CopyLine {
    Table(String, Vec<String>),
    /// The values, and how long the line was.
    Row(Vec<Value>, usize),
}

/// A copy that is read and checked line by line.
struct CopyReader<R: Read> {
    lines: BufReader<GzDecoder<R>>,
    hash: Sha256,
    head: BackupHead,
    seen: RowCounts,
    table: String,
    /// What the end of the copy says; set once it was reached and found right.
    counts: Option<RowCounts>,
}

impl<R: Read> CopyReader<R> {
    fn open(from: R) -> Result<Self> {
        let head = BackupHead { schema: 0, engine: String::new(), made_at: String::new() };
        let lines = BufReader::new(GzDecoder::new(from));
        let mut reader = Self { lines, hash: Sha256::new(), head, seen: RowCounts::new(), table: String::new(), counts: None };
        let head = reader.line()?;
        reader.hash.update(&head);
        let head: Value = serde_json::from_slice(&head).map_err(|_| broken("it is no backup of Selaras"))?;
        if head["format"] != FORMAT || head["version"] != VERSION {
            return Err(broken("it is no backup of Selaras, or of a newer form"));
        }
        let text = |key: &str| head[key].as_str().unwrap_or_default().to_owned();
        reader.head = BackupHead { schema: head["schema"].as_i64().unwrap_or_default(), engine: text("engine"), made_at: text("made_at") };
        Ok(reader)
    }

    fn line(&mut self) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        let read = self.lines.read_until(b'\n', &mut line);
        read.map_err(|why| broken(format!("it is damaged or no backup ({why})")))?;
        if line.last() != Some(&b'\n') {
            return Err(broken("it ends too early"));
        }
        Ok(line)
    }

    fn next(&mut self) -> Result<Option<CopyLine>> {
        if self.counts.is_some() {
            return Ok(None);
        }
        let line = self.line()?;
        let value: Value = serde_json::from_slice(&line).map_err(|_| broken("a line of it is damaged"))?;
        if let Some(end) = value.get("end") {
            return self.check_end(&value, end).map(|()| None);
        }
        self.hash.update(&line);
        if let Value::Array(row) = value {
            *self.seen.entry(self.table.clone()).or_default() += 1;
            return Ok(Some(CopyLine::Row(row, line.len())));
        }
        let table = value["table"].as_str().ok_or_else(|| broken("a line of it is damaged"))?.to_owned();
        let names = value["columns"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        self.table.clone_from(&table);
        self.seen.entry(table.clone()).or_default();
        Ok(Some(CopyLine::Table(table, names)))
    }

    fn check_end(&mut self, line: &Value, end: &Value) -> Result<()> {
        let said: RowCounts = serde_json::from_value(end.clone()).map_err(|_| broken("its end is damaged"))?;
        if line["sha256"] != hex(&std::mem::take(&mut self.hash).finalize()) || said != self.seen {
            return Err(broken("its content is not what was written"));
        }
        // Reading to the end makes the decoder check its own sum.
        let mut rest = Vec::new();
        self.lines.read_to_end(&mut rest).map_err(|why| broken(format!("it is damaged ({why})")))?;
        self.counts = Some(said);
        Ok(())
    }
}
