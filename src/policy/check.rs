//! What is wrong with a policy file, all of it at once, each with its TOML path and what to do.
//!
//! Three things are refused: what contradicts itself, what leaves a case open, and what no source of evidence can
//! answer. Keys that are read and not yet used are notices, so that nobody believes in them.

mod clock;
mod deduction;
mod general;
mod leave;
mod people;
mod performance;
mod worktime;

use super::error::PolicyError;
use super::load::Reading;
use super::model::PolicyStatus;
use super::model::Verified;
use super::wording::nearest;
use crate::domain::percent::Percent;
use crate::domain::text::Lang;
use crate::domain::verdict::RuleCitation;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// Keys that are read and checked and by which nothing is decided yet, with what holds instead in both languages; a
/// `[[…]]` on the way stands for each of its tables. Whoever makes a rule use one removes it here.
pub const READ_BUT_UNUSED: &[(&str, &str, &str)] = &[
    (
        "privacy.retention_months",
        "dibaca, belum dipakai: Selaras belum menghapus data apa pun, berapa pun isinya",
        "read, not yet used: Selaras does not delete any data yet, whatever it says",
    ),
    (
        "privacy.store_health_reasons",
        "dibaca, belum dipakai: jenis cuti dan surat dokter tersimpan seperti di berkas izin, apa pun isinya",
        "read, not yet used: kinds of leave and doctor's letters are kept as the permits file has them, whatever it says",
    ),
];

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// Bahasa Indonesia.
    pub id: String,
    /// English.
    pub en: String,
}

impl Sentence {
    /// A sentence.
    pub fn new(id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { id: id.into(), en: en.into() }
    }

    /// The sentence in one language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Id => &self.id,
            Lang::En => &self.en,
        }
    }
}

/// Something about one place of a policy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// TOML path; a table of a `[[…]]` is named by its own key: `deduction.band[late].bands[TM2]`.
    pub path: String,
    /// What is wrong and what to do.
    pub message: Sentence,
}

impl Problem {
    /// A problem.
    pub fn new(path: impl Into<String>, id: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: path.into(), message: Sentence::new(id, en) }
    }

    /// `path: message`.
    pub fn sentence(&self, lang: Lang) -> String {
        format!("{}: {}", self.path, self.message.text(lang))
    }
}

/// What `policy check` reports.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Id of the policy.
    pub id: String,
    /// Its hash, as [`Policy::sha256`](super::Policy) has it.
    pub sha256: String,
    /// Everything that makes the file refused; empty for a usable policy.
    pub problems: Vec<Problem>,
    /// Not wrong, but worth knowing: keys that nothing uses yet, leave without a rule.
    pub notices: Vec<Problem>,
    /// TOML path and source of each rule whose `verified` is false.
    pub unverified: Vec<(String, String)>,
    /// The same of each rule that was read in a secondary source only.
    pub secondary: Vec<(String, String)>,
    /// Whether the policy is a draft, which puts every period into trial mode.
    pub draft: bool,
    /// First and last day on which it holds; open when the last is missing.
    pub effective: (NaiveDate, Option<NaiveDate>),
}

impl CheckReport {
    /// Reads a policy file with its holiday lists and checks everything in it.
    ///
    /// # Errors
    /// [`PolicyError::Unreadable`] or [`PolicyError::Toml`]: the file does not even read.
    pub fn read(path: &Path) -> Result<Self, PolicyError> {
        Ok(examine(&Reading::of(path)?))
    }

    /// Whether the policy can be used.
    pub fn is_usable(&self) -> bool {
        self.problems.is_empty()
    }
}

pub(super) fn examine(reading: &Reading) -> CheckReport {
    let file = &reading.file;
    let mut remarks = Remarks { problems: reading.unread.clone(), notices: Vec::new() };
    general::check(file, &mut remarks);
    general::check_lists(file, &reading.lists, &mut remarks);
    worktime::check(file, &mut remarks);
    performance::check(file, &mut remarks);
    deduction::check(file, &mut remarks);
    leave::check(file, &mut remarks);
    people::check(file, &mut remarks);
    for (path, id, en) in READ_BUT_UNUSED.iter().filter(|(path, ..)| is_written(&reading.table, path)) {
        remarks.notice(*path, *id, *en);
    }
    let rules = || file.citations().into_iter().chain(reading.lists.iter().map(|(name, list)| list.citation(name)));
    let marked = |verified: Verified| rules().filter(|rule| rule.verified == verified.key()).map(|rule| (rule.path, rule.source)).collect();
    for rule in rules().filter(|rule| rule.source.trim().is_empty()) {
        uncited(&rule, &mut remarks);
    }
    CheckReport {
        id: file.policy.id.clone(),
        sha256: reading.sha256.clone(),
        problems: remarks.problems,
        notices: remarks.notices,
        unverified: marked(Verified::No),
        secondary: marked(Verified::Secondary),
        draft: file.policy.status == PolicyStatus::Draft,
        effective: (file.policy.effective_from, file.policy.effective_to),
    }
}

/// A rule that nobody can look up: checked against what, when it claims to be checked?
fn uncited(rule: &RuleCitation, remarks: &mut Remarks) {
    let at = format!("{}.source", rule.path);
    if rule.verified == Verified::No.key() {
        remarks.notice(at, "kosong: tulis pasalnya, atau kepada siapa ditanyakan", "is empty: write the article, or whom to ask");
    } else {
        remarks.wrong(
            at,
            format!("kosong padahal verified = {}: tulis pasalnya, atau verified = false", rule.verified),
            format!("is empty although verified = {}: write the article, or verified = false", rule.verified),
        );
    }
}

/// Whether the file writes the key, in any table of a `[[…]]` on the way.
fn is_written(table: &toml::Table, path: &str) -> bool {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    match (table.get(head), rest) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(toml::Value::Table(inner)), Some(rest)) => is_written(inner, rest),
        (Some(toml::Value::Array(all)), Some(rest)) => all.iter().filter_map(toml::Value::as_table).any(|inner| is_written(inner, rest)),
        (Some(_), Some(_)) => false,
    }
}

/// What the checks have found so far.
#[derive(Default)]
pub(super) struct Remarks {
    problems: Vec<Problem>,
    notices: Vec<Problem>,
}

impl Remarks {
    pub(super) fn wrong(&mut self, path: impl Into<String>, id: impl Into<String>, en: impl Into<String>) {
        self.problems.push(Problem::new(path, id, en));
    }

    pub(super) fn notice(&mut self, path: impl Into<String>, id: impl Into<String>, en: impl Into<String>) {
        self.notices.push(Problem::new(path, id, en));
    }

    /// A word outside a fixed list.
    fn unknown(&mut self, path: impl Into<String>, word: &str, known: &[&str]) {
        let near = nearest(word, known.iter().copied()).unwrap_or_default();
        self.wrong(path, format!("`{word}` tidak dikenal, maksudnya `{near}`?"), format!("`{word}` is unknown, did you mean `{near}`?"));
    }

    /// A name that must not occur twice.
    fn once<'a>(&mut self, seen: &mut BTreeSet<&'a str>, path: impl Into<String>, name: &'a str) {
        if !seen.insert(name) {
            self.wrong(path, format!("`{name}` ditulis dua kali: hapus satu"), format!("`{name}` is written twice: remove one"));
        }
    }

    fn at_most_hundred(&mut self, path: impl Into<String>, percent: Percent) {
        if percent > Percent::HUNDRED {
            self.wrong(path, format!("{percent} persen melebihi 100"), format!("{percent} percent is above 100"));
        }
    }

    fn not_blank(&mut self, path: &str, text: &str) {
        if text.trim().is_empty() {
            self.wrong(path, "kosong: isi", "is empty: fill it in");
        }
    }

    /// A number outside its bounds.
    fn within(&mut self, path: &str, value: i64, low: i64, high: i64) {
        if !(low..=high).contains(&value) {
            self.wrong(
                path,
                format!("{value} di luar batas: tulis {low} sampai {high}"),
                format!("{value} is out of bounds: write {low} to {high}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_in_any_table_of_a_list() {
        let table: toml::Table = "[plt]\na = 1\n[[status]]\nkind = \"x\"\n[[status]]\nlimit = 3\n".parse().unwrap();
        for (path, written) in
            [("plt.a", true), ("plt", true), ("plt.b", false), ("status.limit", true), ("status.other", false), ("x", false)]
        {
            assert_eq!(is_written(&table, path), written, "{path}");
        }
    }
}
