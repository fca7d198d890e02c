//! Pieces that several pages show: findings, evidence, counts, amounts, times, bars.

use super::veil::{Veil, is_of_accounts};
use crate::domain::Rupiah;
use crate::domain::finding::{Exhibit, Finding, Severity};
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::export::{sentence, words};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

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

/// A severity in words, and its key in the style sheet.
pub(super) fn severity_of(severity: Severity, lang: Lang) -> (&'static str, &'static str) {
    (words::severity(severity, lang), tone(severity))
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

/// How long ago something was, in words.
pub(super) fn age(at: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> String {
    let minutes = (now - at).num_minutes();
    let said = |number: i64, id: &str, en: &str| {
        let many = if number == 1 { "" } else { "s" };
        lang.pick(format!("{number} {id} yang lalu"), format!("{number} {en}{many} ago"))
    };
    match minutes {
        ..1 => lang.pick("baru saja", "just now").to_owned(),
        1..60 => said(minutes, "menit", "minute"),
        60..2_880 => said(minutes / 60, "jam", "hour"),
        _ => said(minutes / 1_440, "hari", "day"),
    }
}

/// An amount, with a sign that does not break from it.
pub(super) fn money(amount: Rupiah) -> String {
    amount.to_string().replace('-', "\u{2212}")
}

/// An amount or a dash.
pub(super) fn maybe_money(amount: Option<Rupiah>) -> String {
    amount.map_or("–".to_owned(), money)
}

/// An amount as people say it: `Rp212 jt`.
pub(super) fn short(amount: Rupiah, lang: Lang) -> String {
    let whole = amount.0.unsigned_abs();
    let sign = if amount.0 < 0 { "\u{2212}" } else { "" };
    let tenths = |unit: u64, id: &str, en: &str| {
        let (full, part) = (whole / unit, whole % unit * 10 / unit);
        let point = lang.pick(',', '.');
        let number = if part == 0 || full >= 100 { count(full, lang) } else { format!("{full}{point}{part}") };
        format!("{sign}Rp{number} {}", lang.pick(id, en))
    };
    match whole {
        1_000_000_000_000.. => tenths(1_000_000_000_000, "T", "tn"),
        1_000_000_000.. => tenths(1_000_000_000, "M", "bn"),
        1_000_000.. => tenths(1_000_000, "jt", "m"),
        _ => money(amount),
    }
}

/// So many percent of the most, at least one of what is not nothing.
pub(super) fn share(amount: i64, most: i64) -> u32 {
    if amount <= 0 || most <= 0 {
        return 0;
    }
    u32::try_from(i128::from(amount) * 100 / i128::from(most)).unwrap_or(100).clamp(1, 100)
}

/// A bar of a picture: widths in percent, one after the other, each with its tone. Its figures stand beside it.
pub(super) struct Bar {
    pub parts: Vec<(u32, &'static str)>,
}

impl Bar {
    pub(super) fn one(width: u32, tone: &'static str) -> Self {
        Self { parts: vec![(width, tone)] }
    }

    /// Where each part begins, how wide it is, and its tone.
    pub(super) fn placed(&self) -> Vec<(u32, u32, &'static str)> {
        let mut at = 0;
        let place = |(width, tone): &(u32, &'static str)| {
            at += width;
            (at - width, *width, *tone)
        };
        self.parts.iter().map(place).collect()
    }
}

/// Where evidence comes from, in words: the name of a file with the beginning of its hash, or whom was asked for what.
fn source_said(source: &str, lang: Lang) -> String {
    match source.split_once(':') {
        Some(("file", rest)) => match rest.rsplit_once(" sha256:") {
            Some((name, hash)) => format!("{name} ({} {hash})", lang.pick("sidik", "hash")),
            None => rest.to_owned(),
        },
        Some(("report", rest)) => format!("{} {rest}", lang.pick("e-Kinerja BKN,", "BKN's e-Kinerja,")),
        Some(("siasn", rest)) => format!("{} {rest}", lang.pick("SIASN BKN,", "BKN's SIASN,")),
        Some(("sql", rest)) => format!("{} {rest}", lang.pick("basis data kementerian,", "the ministry's database,")),
        _ => source.to_owned(),
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
    pub(super) fn of(exhibit: &Exhibit, veil: Veil, zone: Tz, lang: Lang) -> Self {
        let of_accounts = is_of_accounts(&exhibit.field);
        Self {
            kind: words::kind(exhibit.kind, lang),
            field: exhibit.field.clone(),
            value: exhibit.value.as_ref().map(|value| veil.text(value, of_accounts)),
            source: source_said(&exhibit.source, lang),
            locator: veil.text(&lang.pick(exhibit.locator.replace("row ", "baris "), exhibit.locator.clone()), false),
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
    pub subject: String,
    pub sentence: String,
    pub step: String,
    pub rupiah: Option<String>,
    /// Which document excuses it, and until when.
    pub waived: Option<String>,
    /// Address of its case; empty where none is shown.
    pub case: String,
    pub evidence: Vec<ExhibitView>,
}

impl FindingView {
    /// The finding with all its evidence, covered where the reader may not see.
    pub(super) fn of(finding: &Finding, veil: Veil, zone: Tz, lang: Lang) -> Self {
        let of_accounts = finding.code.code().starts_with("BK");
        Self {
            code: finding.code.code(),
            title: sentence::title(finding.code, lang),
            severity: words::severity(finding.severity, lang),
            tone: tone(finding.severity),
            subject: veil.text(&finding.subject, of_accounts),
            // A hyphen would let a line end between it and the amount.
            sentence: veil.text(&sentence::sentence(finding, lang), of_accounts).replace("-Rp", "\u{2212}Rp"),
            step: veil.text(&sentence::next_step(finding, lang), of_accounts),
            rupiah: (finding.rupiah_at_risk != Rupiah::ZERO).then(|| money(finding.rupiah_at_risk)),
            waived: finding.excuse.as_ref().map(|excuse| {
                let (document, day) = (veil.text(&excuse.document, false), words::day(excuse.until, lang));
                lang.pick(format!("dokumen {document}, sampai {day}"), format!("document {document}, until {day}"))
            }),
            case: String::new(),
            evidence: finding.evidence.iter().map(|exhibit| ExhibitView::of(exhibit, veil, zone, lang)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_named() {
        let said = |source: &str| source_said(source, Lang::Id);
        assert_eq!(said("file:adk: susulan.txt sha256:b455f61d0166"), "adk: susulan.txt (sidik b455f61d0166)");
        assert_eq!(said("siasn:rw-hukdis"), "SIASN BKN, rw-hukdis");
        assert_eq!(said("report:laporan/skp/2026"), "e-Kinerja BKN, laporan/skp/2026");
        assert_eq!(said("sql:attendance"), "basis data kementerian, attendance");
    }

    #[test]
    fn numbers_and_times_are_written_as_people_write_them() {
        assert_eq!((count(1_234_567, Lang::Id), count(999, Lang::En)), ("1.234.567".to_owned(), "999".to_owned()));
        assert_eq!(short(Rupiah(212_400_000), Lang::Id), "Rp212 jt");
        assert_eq!(short(Rupiah(-1_250_000_000), Lang::Id), "\u{2212}Rp1,2 M");
        assert_eq!(short(Rupiah(1_250_000_000), Lang::En), "Rp1.2 bn");
        assert_eq!(short(Rupiah(9_500), Lang::Id), "Rp9.500");
        assert_eq!((share(1, 1_000), share(0, 5), share(5, 5), share(5, 0)), (1, 0, 100, 0));
        let at: DateTime<Utc> = "2026-11-01T18:05:00Z".parse().unwrap();
        assert_eq!(age(at, at + chrono::TimeDelta::seconds(59), Lang::Id), "baru saja");
        assert_eq!(age(at, at + chrono::TimeDelta::minutes(61), Lang::En), "1 hour ago");
        assert_eq!(age(at, at + chrono::TimeDelta::hours(49), Lang::Id), "2 hari yang lalu");
        assert_eq!(when(at, chrono_tz::Asia::Jakarta, Lang::Id), "2 November 2026 pukul 01.05 WIB");
        assert_eq!(when(at, chrono_tz::Asia::Jayapura, Lang::En), "2 November 2026, 03:05 WIT");
    }
}
