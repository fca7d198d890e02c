//! Reads a policy file with the holiday lists that it names, and a folder of policy files.

use super::check;
use super::check::Problem;
use super::error::PolicyError;
use super::holidays::HolidayList;
use super::model::Citation;
use super::model::PolicyFile;
use super::model::Verified;
use super::set::Policy;
use super::set::PolicySet;
use super::wording;
use crate::domain::calendar::Calendar;
use crate::domain::text::Lang;
use crate::domain::text::hex;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Why bytes are no policy.
const NOT_TEXT: &str = "not UTF-8 text / bukan teks UTF-8";

/// A policy file and its lists as read, not yet checked.
pub(super) struct Reading {
    pub(super) file: PolicyFile,
    /// The same text as a plain table, to see which keys are written.
    pub(super) table: toml::Table,
    /// Holiday lists with the names under which `[calendar]` knows them.
    pub(super) lists: Vec<(String, HolidayList)>,
    /// Lists that could not be read.
    pub(super) unread: Vec<Problem>,
    pub(super) sha256: String,
}

impl Reading {
    pub(super) fn of(path: &Path) -> Result<Self, PolicyError> {
        let text = text_of(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::new(path, &text, |name| {
            let list = folder.join(name);
            text_of(&list).map(|text| (list, text))
        })
    }

    /// Of a text that somebody has sent: its lists are those of the folder and nothing outside of it, and no error tells
    /// where the folder is.
    fn sent(name: &Path, text: &str, folder: &Path) -> Result<Self, PolicyError> {
        Self::new(name, text, |list| {
            let shown = PathBuf::from(list);
            let refused = |reason: String| PolicyError::Unreadable { path: shown.clone(), reason };
            if shown.file_name() != Some(shown.as_os_str()) {
                return Err(refused("write the name of a file in the policy folder / tulis nama berkas di folder kebijakan".to_owned()));
            }
            let bytes = fs::read(folder.join(list)).map_err(|error| refused(error.kind().to_string()))?;
            let text = String::from_utf8(bytes).map_err(|_| refused(NOT_TEXT.to_owned()))?;
            Ok((shown, text))
        })
    }

    fn new(path: &Path, text: &str, list_of: impl Fn(&str) -> Result<(PathBuf, String), PolicyError>) -> Result<Self, PolicyError> {
        let file = PolicyFile::parse(path, text)?;
        let table = table_of(path, text)?;
        let mut hash = Sha256::new();
        hash.update(text);
        let (mut lists, mut unread) = (Vec::new(), Vec::new());
        for name in file.calendar.holidays_file.all() {
            match list_of(name).and_then(|(list, text)| HolidayList::parse(&list, &text).map(|list| (text, list))) {
                Ok((text, list)) => {
                    hash.update(&text);
                    lists.push((name.clone(), list));
                }
                Err(error) => {
                    unread.push(Problem::new(format!("calendar.holidays_file[{name}]"), error.sentence(Lang::Id), error.sentence(Lang::En)))
                }
            }
        }
        Ok(Self { file, table, lists, unread, sha256: hex(&hash.finalize()) })
    }

    /// The policy, if nothing is wrong with it.
    fn examined(self, path: &Path) -> Result<Policy, PolicyError> {
        let report = check::examine(&self);
        if !report.problems.is_empty() {
            return Err(PolicyError::Refused { path: path.to_owned(), problems: report.problems });
        }
        Ok(self.into_policy(path))
    }

    fn into_policy(self, path: &Path) -> Policy {
        let mut calendar = Calendar::new(self.file.calendar.cuti_bersama_is_workday);
        for (_, list) in &self.lists {
            calendar.add_year(list.year, list.days());
        }
        let sources: Vec<&str> = self.lists.iter().map(|(_, list)| list.source.as_str()).collect();
        let calendar_citation = Citation { source: sources.join("; "), verified: weakest(&self.lists) };
        Policy { file: self.file, path: path.to_owned(), sha256: self.sha256, calendar, calendar_citation }
    }
}

/// How far all lists together are checked: as far as the least checked one.
fn weakest(lists: &[(String, HolidayList)]) -> Verified {
    let has = |verified| lists.iter().any(|(_, list)| list.verified == verified);
    if has(Verified::No) {
        Verified::No
    } else if has(Verified::Secondary) {
        Verified::Secondary
    } else {
        Verified::Yes
    }
}

impl PolicyFile {
    /// Reads the shape of a policy; `path` only names it in errors. Nothing is checked beyond types and keys.
    ///
    /// # Errors
    /// No valid TOML, an unknown key (with the nearest known one), a missing key, or a value of the wrong type, with
    /// line and column.
    pub fn parse(path: &Path, text: &str) -> Result<Self, PolicyError> {
        toml::from_str(text).map_err(|error| wording::explain(path, text, error))
    }
}

impl Policy {
    /// Reads and checks a policy file with the holiday lists that it names relative to itself. `sha256` is over the
    /// bytes of the policy file and then of each list in the order named: `cat policy.toml list.toml | sha256sum`.
    ///
    /// # Errors
    /// [`PolicyError::Unreadable`], [`PolicyError::Toml`], or [`PolicyError::Refused`] with everything that is wrong.
    pub fn read(path: &Path) -> Result<Self, PolicyError> {
        Reading::of(path)?.examined(path)
    }

    /// Reads and checks the text of a policy that somebody has sent and nobody stores. `name` only names it in errors;
    /// its holiday lists are files of `folder`.
    ///
    /// # Errors
    /// As [`Policy::read`].
    pub fn of_text(name: &Path, text: &str, folder: &Path) -> Result<Self, PolicyError> {
        Reading::sent(name, text, folder)?.examined(name)
    }
}

impl PolicySet {
    /// Reads every policy of a folder: its `*.toml` files except holiday lists, which lie beside them.
    ///
    /// # Errors
    /// What [`Policy::read`] refuses in any of them, no policy at all, or effective dates that overlap or leave a gap.
    pub fn read_dir(dir: &Path) -> Result<Self, PolicyError> {
        let mut policies = Vec::new();
        for path in toml_files(dir)? {
            let text = text_of(&path)?;
            if !HolidayList::is_list(&table_of(&path, &text)?) {
                policies.push(Policy::read(&path)?);
            }
        }
        if policies.is_empty() {
            return Err(PolicyError::NoPolicy { dir: dir.to_owned() });
        }
        Self::new(policies)
    }
}

fn toml_files(dir: &Path) -> Result<Vec<PathBuf>, PolicyError> {
    let unreadable = |error: std::io::Error| PolicyError::Unreadable { path: dir.to_owned(), reason: error.to_string() };
    let mut found = Vec::new();
    let entries = match fs::read_dir(dir) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Err(PolicyError::NoPolicy { dir: dir.to_owned() }),
        entries => entries.map_err(unreadable)?,
    };
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn text_of(path: &Path) -> Result<String, PolicyError> {
    let unreadable = |reason: String| PolicyError::Unreadable { path: path.to_owned(), reason };
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| unreadable(NOT_TEXT.to_owned()))
}

fn table_of(path: &Path, text: &str) -> Result<toml::Table, PolicyError> {
    toml::from_str(text).map_err(|error| wording::explain(path, text, error))
}
