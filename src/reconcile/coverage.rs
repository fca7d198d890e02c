//! Which working days an attendance file says nothing about (AB02), and from which therefore no absence follows.
//!
//! A file speaks for everybody, for its days (contract §4). A working day on which nobody in it has a row is none of
//! its days: the export was cut short, or the calendar is wrong; nobody is absent for it (contract §6).
//! Several files may share a month, by weeks or by units. A day between the first and the last day of a file that lacks
//! it is missing for those whom that file names, whatever other files say; a day outside is missing only when no file
//! has it, and is then put down to the file that comes nearest. Logs of devices, and files of which rows were left out,
//! speak only for whom they name: such a one lacks a day only when no file has it.

use crate::domain::evidence::{Kind, Scope, Source};
use crate::domain::period::Span;
use crate::policy::Policy;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Days that files of attendance have, and the working days that they lack.
#[derive(Debug, Default)]
pub struct Coverage {
    files: BTreeMap<String, File>,
    /// Working days that no file has.
    nowhere: Arc<BTreeSet<NaiveDate>>,
}

#[derive(Debug)]
struct File {
    first: NaiveDate,
    last: NaiveDate,
    scope: Scope,
    days: BTreeSet<NaiveDate>,
    /// Working days from the first to the last that it lacks.
    gaps: BTreeSet<NaiveDate>,
    /// What is missing for somebody whom only this file names.
    missing: Arc<BTreeSet<NaiveDate>>,
}

impl File {
    fn new(scope: Scope, days: BTreeSet<NaiveDate>, workdays: &[NaiveDate]) -> Option<Self> {
        let (first, last) = (*days.first()?, *days.last()?);
        let gaps = workdays.iter().copied().filter(|day| first <= *day && *day <= last && !days.contains(day)).collect();
        Some(Self { first, last, scope, days, gaps, missing: Arc::default() })
    }

    fn spans(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Days from the file to a day outside of it.
    fn distance(&self, day: NaiveDate) -> i64 {
        (self.first - day).num_days().max((day - self.last).num_days()).max(0)
    }
}

impl Coverage {
    /// What the sources that hold days from `from` to `to` cover. A source imported by a version that did not note the
    /// days counts as having all of its month.
    pub fn new(policy: &Policy, (from, to): (NaiveDate, NaiveDate), sources: &[Source]) -> Self {
        let workdays = policy.calendar.workdays(from, to);
        let mut files = BTreeMap::new();
        for source in sources.iter().filter(|source| source.kind == Kind::Attendance) {
            let days = match source.span {
                Span::Month(month) if source.facts.days.is_empty() => month.days().collect(),
                _ => source.facts.days.iter().copied().collect::<BTreeSet<_>>(),
            };
            let file = File::new(source.scope, days, &workdays).filter(|file| file.first <= to && from <= file.last);
            files.extend(file.map(|file| (source.part.clone(), file)));
        }
        let had = |day: &NaiveDate| files.values().any(|file| file.days.contains(day));
        let nowhere: BTreeSet<NaiveDate> = workdays.iter().copied().filter(|day| !had(day)).collect();
        for file in files.values_mut() {
            if file.scope == Scope::Named {
                file.gaps.retain(|day| nowhere.contains(day));
            }
            file.missing = Arc::new(nowhere.union(&file.gaps).copied().collect());
        }
        Self { files, nowhere: Arc::new(nowhere) }
    }

    /// The working days about which nothing is known for somebody whom these files name.
    pub fn missing_for<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Arc<BTreeSet<NaiveDate>> {
        let named: Vec<&File> = parts.into_iter().filter_map(|part| self.files.get(part)).collect();
        if let [] | [_] = named.as_slice() {
            return Arc::clone(named.first().map_or(&self.nowhere, |file| &file.missing));
        }
        let lacked = |day: &NaiveDate| named.iter().all(|file| !file.spans(*day) || file.gaps.contains(day));
        let gaps = named.iter().flat_map(|file| &file.gaps).copied().filter(lacked);
        Arc::new(gaps.chain(self.nowhere.iter().copied()).collect())
    }

    /// The working days from `from` to `to` that each file lacks (AB02); files that hold none of these days lack
    /// nothing.
    pub fn lacking(&self, from: NaiveDate, to: NaiveDate) -> Vec<(&str, Vec<NaiveDate>)> {
        let inside = |day: &&NaiveDate| from <= **day && **day <= to;
        let files: Vec<(&String, &File)> = self.files.iter().filter(|(_, file)| file.days.range(from..=to).next().is_some()).collect();
        let nearest = |day: NaiveDate| files.iter().map(|(_, file)| file.distance(day)).min();
        let lacking = files.iter().map(|(part, file)| {
            let own = self.nowhere.iter().filter(|day| nearest(**day) == Some(file.distance(**day)));
            let days: BTreeSet<NaiveDate> = file.gaps.iter().chain(own).filter(inside).copied().collect();
            (part.as_str(), days.into_iter().collect::<Vec<_>>())
        });
        lacking.filter(|(_, days)| !days.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::SourceFacts;
    use crate::policy::Policy;
    use std::path::Path;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 10, day).unwrap()
    }

    fn source(part: &str, days: impl IntoIterator<Item = u32>) -> Source {
        let now = chrono::DateTime::from_timestamp(0, 0).unwrap();
        Source {
            batch: String::new(),
            kind: Kind::Attendance,
            span: Span::Month("2026-10".parse().unwrap()),
            part: part.to_owned(),
            name: String::new(),
            sha256: String::new(),
            scope: Scope::Everybody,
            facts: SourceFacts { days: days.into_iter().map(day).collect(), ..SourceFacts::default() },
            observed_at: now,
            checked_at: now,
        }
    }

    fn coverage(sources: &[Source]) -> Coverage {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy/contoh-kemenko-infra.toml");
        Coverage::new(&Policy::read(&path).unwrap(), (day(1), day(31)), sources)
    }

    fn days(coverage: &Coverage, parts: &[&str]) -> Vec<NaiveDate> {
        coverage.missing_for(parts.iter().copied()).iter().copied().collect()
    }

    #[test]
    fn a_day_without_any_row_and_a_file_that_ends_early() {
        // 14 October is a Wednesday; from 28 October on there is nothing
        let coverage = coverage(&[source("a", (1..28).filter(|day| *day != 14))]);
        let lacks = vec![day(14), day(28), day(29), day(30)];
        assert_eq!(days(&coverage, &["a"]), lacks);
        assert_eq!(coverage.lacking(day(1), day(31)), [("a", lacks)]);
    }

    #[test]
    fn two_halves_of_a_month_lack_nothing_and_absence_follows_from_both() {
        let coverage = coverage(&[source("first", 1..16), source("second", 16..32)]);
        assert!(coverage.lacking(day(1), day(31)).is_empty());
        assert!(days(&coverage, &["first"]).is_empty(), "who is only in the first half is absent in the second");
    }

    #[test]
    fn the_gap_of_one_unit_is_that_of_its_people() {
        let coverage = coverage(&[source("u1", (1..32).filter(|day| *day != 14)), source("u2", 1..32)]);
        assert_eq!(coverage.lacking(day(1), day(31)), [("u1", vec![day(14)])]);
        assert_eq!(days(&coverage, &["u1"]), [day(14)]);
        assert!(days(&coverage, &["u2"]).is_empty());
        assert!(days(&coverage, &["u1", "u2"]).is_empty());
    }

    #[test]
    fn a_log_of_one_door_lacks_only_what_nobody_has() {
        let named = |days: Vec<u32>| Source { scope: Scope::Named, ..source("log", days) };
        let log: Vec<u32> = (1..32).filter(|day| *day != 14).collect();
        assert!(coverage(&[named(log.clone()), source("all", 1..32)]).lacking(day(1), day(31)).is_empty());
        let without = (1..32).filter(|day| *day != 14);
        let both = coverage(&[named(log), source("all", without)]);
        assert_eq!(both.lacking(day(1), day(31)).len(), 2);
    }

    #[test]
    fn sources_that_did_not_note_their_days_have_all() {
        assert!(coverage(&[source("old", [])]).lacking(day(1), day(31)).is_empty());
    }
}
