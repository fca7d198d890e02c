//! The inbox: a file that is dropped there is taken aside whole, imported like any other, and archived with its hash; a
//! refused one is put aside with a report that says why.
//!
//! `INBOX/x`, `INBOX/KIND/x`, `INBOX/YYYY-MM/x` and both folders in either order are looked at. A file is first renamed
//! into `INBOX/work`, and only leaves it once the store has it or has refused it: after a crash it is found there and
//! imported again, which changes nothing when it had been imported (the same bytes twice change nothing, contract §4).
//! Nothing follows a link, and nothing outside the inbox is written.

mod find;
mod paper;

use super::import::{self, ImportOptions, Imported};
use super::{App, AppError};
use crate::config::Said;
use crate::domain::Period;
use crate::domain::text::{Lang, hex};
use crate::intake::{self, FileKind};
use chrono::{DateTime, Utc};
use find::Found;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A file that changes within this time is still being written.
pub const SETTLE: Duration = Duration::from_secs(3);

/// Folders of the inbox that are its own.
const WORK: &str = "work";
const ARCHIVE: &str = "archive";
const REFUSED: &str = "refused";

/// What became of one file.
#[derive(Debug)]
pub struct Taken {
    /// Its name, as far as it can be written.
    pub name: String,
    /// What it was taken for.
    pub kind: Option<FileKind>,
    /// Where it lies now.
    pub place: PathBuf,
    /// What was imported, or why nothing was.
    pub outcome: Result<Vec<Imported>, AppError>,
}

impl Taken {
    /// Whether it brought nothing that the store did not have.
    pub fn is_known(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|imported| imported.iter().all(|imported| imported.status == "unchanged"))
    }
}

/// What one look into the inbox came to.
#[derive(Debug, Default)]
pub struct Swept {
    /// Files that were taken, in the order in which they were.
    pub taken: Vec<Taken>,
    /// Files that are still being written or cannot be taken yet.
    pub waiting: Vec<PathBuf>,
    /// Folders that mean nothing here.
    pub unknown: Vec<PathBuf>,
}

/// A file that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its name in the folder.
    pub name: String,
    /// Since when it lies there.
    pub at: DateTime<Utc>,
    /// What stands beside it: why, row by row, NIPs masked; the beginning of it when it is long.
    pub report: Option<String>,
}

/// So much of a report is shown.
const SHOWN: u64 = 4 << 10;

/// Files that were refused, the newest first, at most `limit`. A missing folder holds none.
///
/// # Errors
/// A folder that cannot be read.
pub fn refused(app: &App, limit: usize) -> Result<Vec<Refusal>, AppError> {
    let folder = app.config.sources.inbox.join(REFUSED);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(AppError::Io(folder.display().to_string(), why)),
    };
    let since = |entry: fs::DirEntry| {
        let at = entry.metadata().ok().filter(fs::Metadata::is_file)?.modified().ok()?;
        Some((entry.path(), DateTime::<Utc>::from(at)))
    };
    let mut files: Vec<_> = entries.flatten().filter_map(since).collect();
    let all: std::collections::BTreeSet<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    // The report beside a file belongs to it.
    files.retain(|(path, _)| path.extension().is_none_or(|ending| ending != "txt") || !all.contains(&path.with_extension("")));
    files.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    files.truncate(limit);
    let read = |path: &Path| {
        let mut bytes = Vec::new();
        fs::File::open(path).ok()?.take(SHOWN).read_to_end(&mut bytes).ok()?;
        Some(crate::telemetry::mask(&String::from_utf8_lossy(&bytes)).into_owned())
    };
    let name = |path: &Path| crate::telemetry::mask(&path.file_name().unwrap_or_default().to_string_lossy()).into_owned();
    Ok(files.into_iter().map(|(path, at)| Refusal { name: name(&path), at, report: read(&beside(&path)) }).collect())
}

/// Looks into the inbox once. Files that change within `settle` are left for the next look. A missing inbox holds nothing.
///
/// # Errors
/// The store's, and a folder that cannot be read or written; what was taken by then is settled, the rest waits.
pub async fn sweep(app: &App, lang: Lang, settle: Duration) -> Result<Swept, AppError> {
    let inbox = &app.config.sources.inbox;
    let mut swept = Swept::default();
    if !inbox.is_dir() {
        return Ok(swept);
    }
    let _alone = alone(inbox)?;
    for leftover in find::leftovers(&inbox.join(WORK))? {
        let taken = settle_one(app, lang, &leftover).await?;
        swept.taken.extend(taken);
    }
    let (found, unknown) = find::search(inbox)?;
    swept.unknown = unknown;
    if found.is_empty() {
        return Ok(swept);
    }
    tokio::time::sleep(settle).await;
    for found in found {
        if find::print(&found.path).as_ref() != Some(&found.print) {
            swept.waiting.push(found.path);
            continue;
        }
        let path = found.path.clone();
        let Ok(aside) = take_aside(inbox, found) else {
            swept.waiting.push(path);
            continue;
        };
        match settle_one(app, lang, &aside).await? {
            Some(taken) => swept.taken.push(taken),
            None => swept.waiting.push(path),
        }
    }
    Ok(swept)
}

/// One process at a time: the lock ends with its process.
fn alone(inbox: &Path) -> Result<fs::File, AppError> {
    let path = inbox.join(".selaras.lock");
    let lock = fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(failed(&path))?;
    match rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(lock),
        Err(why) if why == rustix::io::Errno::WOULDBLOCK => Err(AppError::FolderBusy(inbox.display().to_string())),
        Err(why) => Err(failed(&path)(why.into())),
    }
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> AppError + use<> {
    let shown = path.display().to_string();
    move |why| AppError::Io(shown.clone(), why)
}

/// Renames a file into the work folder, so that nobody else takes it and what is imported is what is archived.
fn take_aside(inbox: &Path, found: Found) -> Result<Found, AppError> {
    let folder = inbox.join(WORK).join(find::folder_of(&found));
    fs::create_dir_all(&folder).map_err(failed(&folder))?;
    let path = folder.join(paper::safe_name(&found.name));
    fs::rename(&found.path, &path).map_err(failed(&found.path))?;
    Ok(Found { path, ..found })
}

/// Imports a file of the work folder and puts it where it belongs. `None`: it was still being written, and is back.
async fn settle_one(app: &App, lang: Lang, file: &Found) -> Result<Option<Taken>, AppError> {
    let (inbox, now) = (app.config.sources.inbox.clone(), app.clock.now());
    let name = paper::safe_name(&file.name);
    let before = find::print(&file.path);
    let bytes = match read(&file.path) {
        Ok(bytes) => bytes,
        Err(said) => {
            let error = AppError::Inbox(name.clone(), said);
            let place = put_aside(app, lang, &inbox, file, None, &error, now)?;
            return Ok(Some(Taken { name, kind: file.kind, place, outcome: Err(error) }));
        }
    };
    // A program that had the file open goes on writing into it, wherever it is renamed to.
    if find::print(&file.path) != before {
        let back = find::home_of(&inbox, file).join(&name);
        if !back.exists() && fs::rename(&file.path, &back).is_ok() {
            tidy(&file.path);
            return Ok(None);
        }
    }
    let sha256 = hex(&Sha256::digest(&bytes));
    let synonyms = &app.config.sources.columns;
    let kind = file.kind.or_else(|| intake::recognise(&name, &bytes, synonyms));
    let outcome = match kind {
        None => Err(AppError::Inbox(name.clone(), paper::unrecognised())),
        Some(kind) => {
            let period = file.period.or_else(|| find::period_in(&name));
            let options = ImportOptions { kind, period, dry_run: false, accept_partial: false };
            import::content(app, name.clone(), bytes, options).await
        }
    };
    let place = match &outcome {
        Ok(imported) => archive(app, lang, &inbox, file, &sha256, imported, now)?,
        // The store or the disk failed: the file stays in the work folder for the next look.
        Err(error) if !error.is_refusal() => return outcome.map(|_| None),
        Err(error) => put_aside(app, lang, &inbox, file, Some((&sha256, kind)), error, now)?,
    };
    Ok(Some(Taken { name, kind, place, outcome }))
}

/// The content, or what is wrong with the file. Nothing that is no plain file is ever opened.
fn read(path: &Path) -> Result<Vec<u8>, Said> {
    let meta = fs::symlink_metadata(path).map_err(|why| paper::unreadable(&why))?;
    if !meta.is_file() {
        return Err(paper::not_a_file());
    }
    if meta.len() == 0 {
        return Err(paper::empty());
    }
    if meta.len() > intake::MAX_BYTES as u64 {
        return Err(paper::too_large());
    }
    let file = fs::File::open(path).map_err(|why| paper::unreadable(&why))?;
    let mut bytes = Vec::new();
    file.take(intake::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|why| paper::unreadable(&why))?;
    Ok(bytes)
}

/// `archive/YYYY-MM/<sha8>-name`, with a note when it brought nothing new.
fn archive(
    app: &App,
    lang: Lang,
    inbox: &Path,
    file: &Found,
    sha256: &str,
    imported: &[Imported],
    now: DateTime<Utc>,
) -> Result<PathBuf, AppError> {
    let month = Period::of(now.with_timezone(&app.config.schedule.timezone.get()).date_naive());
    let folder = inbox.join(ARCHIVE).join(month.to_string());
    let name = format!("{}-{}", &sha256[..8], paper::safe_name(&file.name));
    let place = put(&file.path, &folder, &name)?;
    if imported.iter().all(|imported| imported.status == "unchanged") {
        let note = beside(&place);
        fs::write(&note, paper::copy_note(lang, imported)).map_err(failed(&note))?;
    }
    Ok(place)
}

/// `refused/<sha8>-name` and a report beside it.
fn put_aside(
    app: &App,
    lang: Lang,
    inbox: &Path,
    file: &Found,
    known: Option<(&str, Option<FileKind>)>,
    error: &AppError,
    now: DateTime<Utc>,
) -> Result<PathBuf, AppError> {
    let sha256 = known.map(|(sha256, _)| sha256);
    let first = sha256.map_or_else(|| now.format("%Y%m%dT%H%M%S").to_string(), |sha256| sha256[..8].to_owned());
    let name = format!("{first}-{}", paper::safe_name(&file.name));
    let place = put(&file.path, &inbox.join(REFUSED), &name)?;
    let kind = known.and_then(|(_, kind)| kind).or(file.kind);
    let period = file.period.or_else(|| find::period_in(&file.name.to_string_lossy()));
    let zone = app.config.schedule.timezone.get();
    let text = paper::report(lang, &paper::Refused { file, sha256, kind, period, error, at: now, zone });
    let report = beside(&place);
    fs::write(&report, text).map_err(failed(&report))?;
    Ok(place)
}

/// The text beside a file.
fn beside(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".txt");
    place.with_file_name(name)
}

/// Renames a file into a folder; a name that is taken gets a number.
fn put(from: &Path, folder: &Path, name: &str) -> Result<PathBuf, AppError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let taken = |path: &Path| fs::symlink_metadata(path).is_ok();
    let numbered = |n: u32| match name.split_once('-') {
        Some((first, rest)) if n > 1 => folder.join(format!("{first}-{n}-{rest}")),
        _ => folder.join(name),
    };
    let place = (1..).map(numbered).find(|path| !taken(path)).unwrap_or_else(|| folder.join(name));
    fs::rename(from, &place).map_err(failed(from))?;
    tidy(from);
    Ok(place)
}

/// Removes the emptied folders of the work folder.
fn tidy(file: &Path) {
    for folder in file.ancestors().skip(1).take(3) {
        if folder.file_name().is_some_and(|name| name == WORK) || fs::remove_dir(folder).is_err() {
            break;
        }
    }
}
