//! Pieces that several pages show: findings, evidence, counts, times, pages of a list.

use super::layout::Layout;
use super::links::Links;
use crate::domain::finding::{Exhibit, Finding, Severity};
use crate::domain::text::{Lang, fold};
use crate::domain::verdict::{Standing, Verdict};
use crate::domain::{Nip, Rupiah};
use crate::export::{FindingStatus, Header, sentence, words};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Rows on one page of a list.
pub(super) const PAGE: usize = 50;

/// A number with its thousands apart.
pub(super) fn count(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(lang.pick('.', ','));
        }
        text.push(digit);
    }
    text
}

/// An instant in the ministry's own time.
pub(super) fn when(at: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    let local = at.with_timezone(&zone);
    let day = words::day(local.date_naive(), lang);
    lang.pick(format!("{day} pukul {}", local.format("%H.%M %Z")), format!("{day}, {}", local.format("%H:%M %Z")))
}

/// The key of a severity in the style sheet.
pub(super) fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Block => "tag-red",
        Severity::Amount => "tag-amber",
        Severity::Info => "tag-blue",
    }
}

/// The key of a verdict in the style sheet.
pub(super) fn standing_tone(standing: Standing) -> &'static str {
    match standing {
        Standing::Layak => "tag-green",
        Standing::Tertahan => "tag-red",
        Standing::BelumDiketahui => "tag-amber",
        Standing::TidakBerhak => "tag-grey",
    }
}

/// What must not be overlooked about figures.
pub(super) struct Banners {
    /// Figures that nobody may pay by.
    pub trial: bool,
    /// Rules behind that.
    pub unverified: Vec<String>,
    /// Required data that is not known, in words; `None`: complete.
    pub incomplete: Option<String>,
}

impl Banners {
    pub(super) fn of(header: &Header, open: String) -> Self {
        Self { trial: header.trial, unverified: header.unverified_rules_used.clone(), incomplete: (!header.complete).then_some(open) }
    }
}

/// One piece of evidence.
pub(super) struct ExhibitView {
    pub kind: &'static str,
    pub field: String,
    /// `None`: the source says nothing there.
    pub value: Option<String>,
    pub source: String,
    pub locator: String,
    pub seen: String,
}

impl ExhibitView {
    pub(super) fn of(exhibit: &Exhibit, zone: Tz, lang: Lang) -> Self {
        Self {
            kind: words::kind(exhibit.kind, lang),
            field: exhibit.field.clone(),
            value: exhibit.value.clone(),
            source: exhibit.source.clone(),
            locator: exhibit.locator.clone(),
            seen: exhibit.observed_at.map(|at| when(at, zone, lang)).unwrap_or_default(),
        }
    }
}

/// A finding as a reader sees it.
pub(super) struct FindingView {
    pub code: &'static str,
    pub title: &'static str,
    pub severity: &'static str,
    pub tone: &'static str,
    pub status: Option<&'static str>,
    pub nip: Option<Nip>,
    pub name: String,
    pub link: String,
    pub subject: String,
    pub sentence: String,
    pub step: String,
    pub rupiah: Option<String>,
    pub evidence: Vec<ExhibitView>,
    /// Pieces of evidence that are not listed.
    pub more: usize,
}

impl FindingView {
    /// The finding with at most `evidence` pieces of it.
    pub(super) fn of(
        finding: &Finding,
        status: Option<FindingStatus>,
        name: Option<&str>,
        evidence: usize,
        zone: Tz,
        links: &Links,
    ) -> Self {
        let lang = links.lang;
        Self {
            code: finding.code.code(),
            title: sentence::title(finding.code, lang),
            severity: words::severity(finding.severity, lang),
            tone: tone(finding.severity),
            status: status.map(|status| words::status(status, lang)),
            nip: finding.nip,
            name: name.unwrap_or_default().to_owned(),
            link: finding.nip.map(|nip| links.person(nip)).unwrap_or_default(),
            subject: finding.subject.clone(),
            sentence: sentence::sentence(finding, lang),
            step: sentence::next_step(finding, lang),
            rupiah: (finding.rupiah_at_risk != Rupiah::ZERO).then(|| finding.rupiah_at_risk.to_string()),
            evidence: finding.evidence.iter().take(evidence).map(|exhibit| ExhibitView::of(exhibit, zone, lang)).collect(),
            more: finding.evidence.len().saturating_sub(evidence),
        }
    }
}

/// Whether a person is one that the reader looks for: by NIP, name or unit.
pub(super) fn is_sought(verdict: &Verdict, folded: &str) -> bool {
    let texts = [verdict.name.as_deref(), verdict.unit.as_deref(), verdict.unit_name.as_deref()];
    folded.is_empty() || verdict.nip.as_str().contains(folded) || texts.into_iter().flatten().any(|text| fold(text).contains(folded))
}

/// One page of a list.
pub(super) struct Pager {
    /// Of how many.
    pub total: usize,
    /// First row, from 1; 0 in an empty list.
    pub from: usize,
    /// Last row.
    pub to: usize,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    skip: usize,
}

impl Pager {
    /// Page `page` (from 1) of `total` rows; past the end is the last one.
    pub(super) fn new(total: usize, page: usize, links: &Links, path: &str, filters: &[(&str, &str)]) -> Self {
        let pages = total.div_ceil(PAGE).max(1);
        let page = page.clamp(1, pages);
        let skip = (page - 1) * PAGE;
        let link = |number: usize| {
            let number = number.to_string();
            let mut pairs = filters.to_vec();
            pairs.push(("hal", &number));
            links.to(path, &pairs)
        };
        Self {
            total,
            from: if total == 0 { 0 } else { skip + 1 },
            to: (skip + PAGE).min(total),
            previous: (page > 1).then(|| link(page - 1)),
            next: (page < pages).then(|| link(page + 1)),
            skip,
        }
    }

    /// The rows of the page.
    pub(super) fn cut<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        &rows[self.skip.min(rows.len())..self.to.min(rows.len())]
    }

    /// `1–50 dari 312`.
    pub(super) fn said(&self, layout: &Layout) -> String {
        let lang = layout.lang();
        let [from, to, total] = [self.from, self.to, self.total].map(|number| count(number as u64, lang));
        format!("{from}–{to} {} {total}", layout.t("dari", "of"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cut_a_list_without_gap_or_overlap() {
        let rows: Vec<usize> = (0..120).collect();
        let links = Links { period: None, lang: Lang::Id, default_lang: Lang::Id };
        let pager = |page| Pager::new(rows.len(), page, &links, "/temuan", &[("kode", "AB05")]);
        let all: Vec<usize> = (1..=3).flat_map(|page| pager(page).cut(&rows).to_vec()).collect();
        assert_eq!(all, rows);
        assert_eq!(pager(1).previous, None);
        assert_eq!(pager(2).previous.as_deref(), Some("/temuan?kode=AB05&hal=1"));
        assert_eq!(pager(2).next.as_deref(), Some("/temuan?kode=AB05&hal=3"));
        assert_eq!((pager(99).from, pager(99).to, pager(99).next), (101, 120, None));
        let none = Pager::new(0, 1, &links, "/", &[]);
        assert_eq!((none.from, none.to, none.cut(&rows).len()), (0, 0, 0));
    }

    #[test]
    fn numbers_and_times_are_written_as_people_write_them() {
        assert_eq!((count(1_234_567, Lang::Id), count(999, Lang::En)), ("1.234.567".to_owned(), "999".to_owned()));
        let at: DateTime<Utc> = "2026-11-01T18:05:00Z".parse().unwrap();
        assert_eq!(when(at, chrono_tz::Asia::Jakarta, Lang::Id), "2 November 2026 pukul 01.05 WIB");
        assert_eq!(when(at, chrono_tz::Asia::Jayapura, Lang::En), "2 November 2026, 03:05 WIT");
    }
}
