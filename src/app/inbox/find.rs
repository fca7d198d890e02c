//! Which files lie in the inbox, what their folders say about them, and whether they still change.

use super::{ARCHIVE, AppError, REFUSED, WORK, failed};
use crate::domain::Period;
use crate::intake::FileKind;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What tells whether a file has changed: device, inode, size, time of change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Print(u64, u64, u64, i64, i64);

/// The print of a file (of a link itself); `None`: it is gone.
pub(super) fn print(path: &Path) -> Option<Print> {
    let meta = fs::symlink_metadata(path).ok()?;
    Some(Print(meta.dev(), meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec()))
}

/// A file of the inbox, or of its work folder.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub path: PathBuf,
    pub name: OsString,
    /// By its folder.
    pub kind: Option<FileKind>,
    /// By its folder.
    pub period: Option<Period>,
    pub print: Print,
}

/// Names under which programs write what is not finished, and what systems leave behind.
fn is_passing(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    let endings = ["~", ".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".lock", ".upload"];
    name.starts_with('.')
        || name.starts_with("~$")
        || endings.iter().any(|ending| name.ends_with(ending))
        || name == "desktop.ini"
        || name == "thumbs.db"
}

/// Files that may be taken, oldest first (a newer file of the same name supersedes the older), and folders that mean
/// nothing.
pub(super) fn search(inbox: &Path) -> Result<(Vec<Found>, Vec<PathBuf>), AppError> {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    walk(inbox, (None, None), 0, &mut found, &mut unknown)?;
    found.sort_by(|a, b| (a.print.3, a.print.4, &a.path).cmp(&(b.print.3, b.print.4, &b.path)));
    unknown.sort();
    Ok((found, unknown))
}

fn walk(
    folder: &Path,
    (kind, period): (Option<FileKind>, Option<Period>),
    depth: usize,
    found: &mut Vec<Found>,
    unknown: &mut Vec<PathBuf>,
) -> Result<(), AppError> {
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let entry = entry.map_err(failed(folder))?;
        let (path, name) = (entry.path(), entry.file_name());
        if is_passing(&name) || (depth == 0 && [WORK, ARCHIVE, REFUSED].iter().any(|own| name == *own)) {
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|file_type| file_type.is_dir());
        if !is_folder {
            if let Some(print) = print(&path) {
                found.push(Found { path, name, kind, period, print });
            }
            continue;
        }
        let text = name.to_string_lossy();
        match (FileKind::from_key(&text), text.parse::<Period>().ok()) {
            (Some(of), _) if kind.is_none() => walk(&path, (Some(of), period), depth + 1, found, unknown)?,
            (_, Some(of)) if period.is_none() => walk(&path, (kind, Some(of)), depth + 1, found, unknown)?,
            _ => unknown.push(path),
        }
    }
    Ok(())
}

/// Where a file stands within the work folder: `<id>/<kind or _>/<period or _>`, so that what its folder said is not
/// lost with the process.
pub(super) fn folder_of(found: &Found) -> PathBuf {
    let kind = found.kind.map_or("_", FileKind::key);
    let period = found.period.map_or_else(|| "_".to_owned(), |period| period.to_string());
    Path::new(&uuid::Uuid::now_v7().to_string()).join(kind).join(period)
}

/// The folder of the inbox in which such a file would have been found.
pub(super) fn home_of(inbox: &Path, found: &Found) -> PathBuf {
    let mut home = inbox.to_owned();
    home.extend(found.kind.map(FileKind::key));
    home.extend(found.period.map(|period| period.to_string()));
    home
}

/// What a process that ended left in the work folder, in the order in which it was taken.
pub(super) fn leftovers(work: &Path) -> Result<Vec<Found>, AppError> {
    let mut found = Vec::new();
    for id in folders(work)? {
        for kind in folders(&id)? {
            for period in folders(&kind)? {
                for entry in fs::read_dir(&period).map_err(failed(&period))? {
                    let entry = entry.map_err(failed(&period))?;
                    let said = |folder: &Path| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    let (path, name) = (entry.path(), entry.file_name());
                    let Some(print) = print(&path) else { continue };
                    let (kind, period) = (FileKind::from_key(&said(&kind)), said(&period).parse().ok());
                    found.push(Found { path, name, kind, period, print });
                }
            }
        }
    }
    Ok(found)
}

fn folders(of: &Path) -> Result<Vec<PathBuf>, AppError> {
    let entries = match fs::read_dir(of) {
        Ok(entries) => entries,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(why) => return Err(failed(of)(why)),
    };
    let mut folders: Vec<PathBuf> =
        entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect();
    folders.sort();
    Ok(folders)
}

/// The month that a file name holds: `2026-10`, `2026_10` or `202610`, and only one.
pub(super) fn period_in(name: &str) -> Option<Period> {
    let mut found = None;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_digit() && c != '-' && c != '_').flat_map(|word| word.split('_')).collect();
    let runs: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect();
    let pairs = runs
        .windows(2)
        .filter(|pair| name.contains(&format!("{}-{}", pair[0], pair[1])) || name.contains(&format!("{}_{}", pair[0], pair[1])));
    let pairs = pairs.filter(|pair| pair[0].len() == 4 && pair[1].len() == 2).map(|pair| format!("{}-{}", pair[0], pair[1]));
    let whole = words.iter().flat_map(|word| word.split('-')).filter(|word| word.len() == 6 && digits(word));
    for text in pairs.chain(whole.map(|word| format!("{}-{}", &word[..4], &word[4..]))) {
        match text.parse::<Period>() {
            Ok(period) if (2020..2100).contains(&period.year()) && found.is_none_or(|known| known == period) => found = Some(period),
            Ok(period) if (2020..2100).contains(&period.year()) => return None,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_may_hold_its_month() {
        let said = |name: &str| period_in(name).map(|period| period.to_string()).unwrap_or_default();
        for name in [
            "pegawai-2026-10.csv",
            "2026-10.xlsx",
            "presensi_2026_10_unit7.csv",
            "ADK202610.txt",
            "x 2026-10-31.csv",
            "2026-10 ke 2026-10.csv",
        ] {
            assert_eq!(said(name), "2026-10", "{name}");
        }
        for name in [
            "pegawai.csv",
            "20261031.csv",
            "2026-13.csv",
            "2026-09 sd 2026-10.csv",
            "198501012010011901.csv",
            "1999-10.csv",
            "7_attlog.dat",
        ] {
            assert_eq!(said(name), "", "{name}");
        }
    }

    #[test]
    fn unfinished_names_are_left_alone() {
        for name in [".x.csv", "~$pegawai.xlsx", "a.csv.part", "a.CRDOWNLOAD", "a.csv~", "Thumbs.db"] {
            assert!(is_passing(OsStr::new(name)), "{name}");
        }
        assert!(!is_passing(OsStr::new("partai.csv")));
    }
}
