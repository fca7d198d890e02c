//! Why a policy, or a period under a policy, is refused.

use super::check::Problem;
use super::check::Sentence;
use crate::domain::period::Period;
use crate::domain::text::{Lang, system_said};
use chrono::NaiveDate;
use std::fmt;
use std::path::Path;
use std::path::PathBuf;

/// A refusal; every one is exit code 2 (usage, configuration or input refused).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyError {
    /// The file or folder cannot be read, or is no UTF-8 text.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// No valid TOML, an unknown key, a missing key, or a value of the wrong type.
    Toml {
        /// Policy file or holiday list.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: Sentence,
    },
    /// The file reads, but its rules contradict, gap, overlap or are not yet supported.
    Refused {
        /// The policy file.
        path: PathBuf,
        /// Everything that is wrong in it.
        problems: Vec<Problem>,
    },
    /// Two policies hold on the same days.
    Overlap {
        /// The one that starts earlier.
        first: PathBuf,
        /// The one that starts later.
        second: PathBuf,
        /// First common day.
        from: NaiveDate,
        /// Last common day; open when both are.
        to: Option<NaiveDate>,
    },
    /// No policy holds between two policies.
    Gap {
        /// The one before.
        first: PathBuf,
        /// The one after.
        second: PathBuf,
        /// First day without a policy.
        from: NaiveDate,
        /// Last day without a policy.
        to: NaiveDate,
    },
    /// The folder holds no policy file.
    NoPolicy {
        /// Which folder.
        dir: PathBuf,
    },
    /// No single policy covers the whole period.
    NotCovered {
        /// The period.
        period: Period,
        /// First day that a policy has to cover.
        from: NaiveDate,
        /// Last day that a policy has to cover.
        to: NaiveDate,
        /// What the policies cover: file, first day, last day.
        known: Vec<(PathBuf, NaiveDate, Option<NaiveDate>)>,
    },
    /// A year of the attendance window has no holiday list.
    UnknownYear {
        /// The policy whose `[calendar]` does not name it.
        path: PathBuf,
        /// The period.
        period: Period,
        /// The year.
        year: i32,
    },
}

impl PolicyError {
    /// The refusal in one sentence that names the file and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Refused { path, problems } => refused(path, problems, lang),
            Self::NotCovered { period, from, to, known } => not_covered(*period, *from, *to, known, lang),
            _ => match lang {
                Lang::Id => self.indonesian(),
                Lang::En => self.english(),
            },
        }
    }

    /// Everything that is wrong in the file, where the file itself reads.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Refused { problems, .. } => problems,
            _ => &[],
        }
    }

    fn indonesian(&self) -> String {
        match self {
            Self::Unreadable { path, reason } => format!("{}: tidak dapat dibaca: {}", path.display(), system_said(reason, Lang::Id)),
            Self::Toml { path, line, column, message } => format!("{}, baris {line} kolom {column}: {}", path.display(), message.id),
            Self::Overlap { first, second, from, to } => format!(
                "kebijakan {} dan {} sama-sama berlaku {from} s.d. {}: isi policy.effective_to yang pertama dengan hari sebelum yang kedua mulai",
                first.display(),
                second.display(),
                end(*to, "seterusnya")
            ),
            Self::Gap { first, second, from, to } => format!(
                "tidak ada kebijakan yang berlaku {from} s.d. {to}, antara {} dan {}: perbaiki policy.effective_to atau policy.effective_from",
                first.display(),
                second.display()
            ),
            Self::NoPolicy { dir } => format!(
                "{}: tidak ada berkas kebijakan (*.toml) di folder ini: salin contohnya dari config/policy, atau tunjuk folder lain dengan policy.dir",
                dir.display()
            ),
            Self::UnknownYear { path, period, year } => format!(
                "{}: daftar hari libur {year} belum ada untuk periode {period}: letakkan national-holidays-{year}.toml di samping kebijakan dan sebut di calendar.holidays_file",
                path.display()
            ),
            Self::Refused { .. } | Self::NotCovered { .. } => String::new(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Unreadable { path, reason } => format!("{}: cannot be read: {}", path.display(), system_said(reason, Lang::En)),
            Self::Toml { path, line, column, message } => format!("{}, line {line} column {column}: {}", path.display(), message.en),
            Self::Overlap { first, second, from, to } => format!(
                "policies {} and {} both hold from {from} to {}: set policy.effective_to of the first to the day before the second starts",
                first.display(),
                second.display(),
                end(*to, "open end")
            ),
            Self::Gap { first, second, from, to } => format!(
                "no policy holds from {from} to {to}, between {} and {}: mend policy.effective_to or policy.effective_from",
                first.display(),
                second.display()
            ),
            Self::NoPolicy { dir } => format!(
                "{}: there is no policy file (*.toml) in this folder: copy the example of config/policy, or name another folder in policy.dir",
                dir.display()
            ),
            Self::UnknownYear { path, period, year } => format!(
                "{}: there is no holiday list of {year} for period {period}: put national-holidays-{year}.toml beside the policy and name it in calendar.holidays_file",
                path.display()
            ),
            Self::Refused { .. } | Self::NotCovered { .. } => String::new(),
        }
    }
}

fn end(day: Option<NaiveDate>, open: &str) -> String {
    day.map_or_else(|| open.to_owned(), |day| day.to_string())
}

fn refused(path: &Path, problems: &[Problem], lang: Lang) -> String {
    let path = path.display();
    let first = problems.first().map(|problem| problem.sentence(lang)).unwrap_or_default();
    match (problems.len().saturating_sub(1), lang) {
        (0, _) => format!("{path}: {first}"),
        (more, Lang::Id) => format!("{path}: {first} (dan {more} masalah lain: jalankan `selaras policy check {path}`)"),
        (more, Lang::En) => format!("{path}: {first} (and {more} more: run `selaras policy check {path}`)"),
    }
}

fn not_covered(period: Period, from: NaiveDate, to: NaiveDate, known: &[(PathBuf, NaiveDate, Option<NaiveDate>)], lang: Lang) -> String {
    let open = if lang == Lang::Id { "seterusnya" } else { "open end" };
    let join = if lang == Lang::Id { "s.d." } else { "to" };
    let spans: Vec<String> =
        known.iter().map(|(path, first, last)| format!("{} {first} {join} {}", path.display(), end(*last, open))).collect();
    let spans = spans.join("; ");
    match lang {
        Lang::Id => format!("periode {period} ({from} s.d. {to}) tidak tercakup satu kebijakan; yang ada: {spans}"),
        Lang::En => format!("no single policy covers period {period} ({from} to {to}); there is: {spans}"),
    }
}

// Written by hand because the sentence exists in two languages and one `match` holds both.
impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::En))
    }
}

impl std::error::Error for PolicyError {}
