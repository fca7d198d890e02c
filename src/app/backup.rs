//! `backup` and `restore`: a copy of the store in a file, tried before it is relied upon.

use super::{App, AppError};
use crate::domain::text::Lang;
use crate::store::{BackupHead, RowCounts, Store, StoreError};
use chrono::Utc;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A copy that was made.
#[derive(Debug)]
pub struct BackedUp {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Rows by table.
    pub rows: RowCounts,
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> AppError + use<> {
    let shown = path.display().to_string();
    move |why| AppError::Io(shown.clone(), why)
}

/// Copies the store into a new file that only its owner can read, and reads the copy through once.
///
/// # Errors
/// A file that exists or cannot be written; the store's. No half copy is left under the file's name.
pub async fn make(app: &App, file: &Path) -> Result<BackedUp, AppError> {
    if fs::symlink_metadata(file).is_ok() {
        return Err(AppError::FileExists(file.display().to_string()));
    }
    let part = with_ending(file, ".part");
    let made = write(app, &part).await.and_then(|rows| {
        let (_, read) = Store::verify_backup(BufReader::new(File::open(&part).map_err(failed(&part))?))?;
        if read != rows {
            return Err(StoreError::Backup { why: "its counts are not those of the store".to_owned() }.into());
        }
        fs::rename(&part, file).map_err(failed(file))?;
        Ok(rows)
    });
    if made.is_err() {
        let _ = fs::remove_file(&part);
    }
    let rows = made?;
    let bytes = fs::metadata(file).map_err(failed(file))?.len();
    Ok(BackedUp { file: file.to_owned(), bytes, rows })
}

async fn write(app: &App, part: &Path) -> Result<RowCounts, AppError> {
    if let Some(folder) = part.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    let out = File::options().write(true).create(true).truncate(true).mode(0o600).open(part).map_err(failed(part))?;
    let rows = app.store.back_up(BufWriter::new(&out)).await?;
    out.sync_all().map_err(failed(part))?;
    Ok(rows)
}

/// Takes a copy into the store, which must know nothing yet. The copy is read through before anything is written.
///
/// # Errors
/// A file that cannot be read or is no sound copy; a store that knows something already.
pub async fn restore(store: &Store, file: &Path) -> Result<(BackupHead, RowCounts), AppError> {
    let open = || File::open(file).map(BufReader::new).map_err(failed(file));
    let (head, _) = Store::verify_backup(open()?)?;
    let rows = store.restore(open()?).await?;
    Ok((head, rows))
}

/// Restores a copy into a SQLite store that is thrown away, and compares the counts with those that were copied.
///
/// # Errors
/// When the copy cannot be restored or holds something else.
pub async fn drill(app: &App, made: &BackedUp) -> Result<(), AppError> {
    let tried = with_ending(&made.file, ".try");
    let remove = || ["", "-wal", "-shm", "-journal"].iter().for_each(|ending| drop(fs::remove_file(with_ending(&tried, ending))));
    remove();
    let url = tried.display().to_string().replace('%', "%25").replace('?', "%3F");
    let outcome = async {
        let store = Store::open(&format!("sqlite://{url}"), app.clock.clone()).await?;
        let restored = restore(&store, &made.file).await;
        store.close().await;
        restored
    };
    let outcome = outcome.await;
    remove();
    let (_, rows) = outcome?;
    if rows == made.rows {
        return Ok(());
    }
    Err(StoreError::Backup { why: "the store that was restored from it holds other counts".to_owned() }.into())
}

/// The nightly copy: made, tried, and the oldest beyond `backup.keep` deleted. A copy that fails its trial is removed.
///
/// # Errors
/// See [`make`] and [`drill`].
pub async fn nightly(app: &App) -> Result<BackedUp, AppError> {
    let dir = &app.config.backup.dir;
    let name = format!("selaras-{}.jsonl.gz", app.clock.now().with_timezone(&Utc).format("%Y%m%dT%H%M%SZ"));
    let made = make(app, &dir.join(name)).await?;
    if let Err(error) = drill(app, &made).await {
        let _ = fs::remove_file(&made.file);
        return Err(error);
    }
    for old in copies(dir)?.into_iter().rev().skip(app.config.backup.keep as usize) {
        fs::remove_file(&old).map_err(failed(&old))?;
    }
    Ok(made)
}

/// The copies that [`nightly`] made, oldest first; other files are nobody's business.
///
/// # Errors
/// A folder that cannot be read.
pub fn copies(dir: &Path) -> Result<Vec<PathBuf>, AppError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(failed(dir)(why)),
    };
    let is_copy = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix("selaras-").and_then(|rest| rest.strip_suffix(".jsonl.gz")).is_some_and(|stamp| stamp.len() == 16)
    };
    let mut copies: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_copy).collect();
    copies.sort();
    Ok(copies)
}

/// What a copy came to, in one sentence.
pub fn sentence(made: &BackedUp, lang: Lang) -> String {
    let (file, rows, kib) = (made.file.display(), made.rows.values().sum::<u64>(), made.bytes.div_ceil(1024));
    match lang {
        Lang::Id => format!("{file}: {rows} baris, {kib} KiB, terbaca utuh"),
        Lang::En => format!("{file}: {rows} rows, {kib} KiB, read through"),
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
