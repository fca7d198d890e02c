//! Findings about whole files: raised once, with the file as subject; they hold nobody (contract §7).

use super::coverage::Coverage;
use super::evaluate::severity;
use crate::domain::evidence::{Kind, Source};
use crate::domain::finding::{Code, Exhibit, Finding};
use crate::domain::period::{Period, Span};
use crate::domain::rupiah::Rupiah;
use crate::policy::Policy;
use chrono::NaiveDate;

/// The file name inside a part (`2026-10/adk.xlsx` → `adk.xlsx`).
pub fn file_name(part: &str) -> &str {
    part.rsplit_once('/').map_or(part, |(_, name)| name)
}

fn exhibit(source: &Source, field: &str, value: String) -> Exhibit {
    Exhibit {
        kind: source.kind,
        source: source.name.clone(),
        batch: source.batch.clone(),
        locator: String::new(),
        field: field.to_owned(),
        value: Some(value),
        observed_at: Some(source.observed_at),
    }
}

/// ID01 and ID02 of the rows of a source that name nobody: each with the file and the place of the row as subject.
fn nameless(policy: &Policy, period: Period, source: &Source) -> Vec<Finding> {
    let (facts, name) = (&source.facts, file_name(&source.part));
    let rows = facts.nameless.iter().map(|place| (Code::Id01, place)).chain(facts.niks.iter().map(|place| (Code::Id02, place)));
    let finding = |(code, place): (Code, &String)| {
        let subject = format!("{name} {place}");
        let mut shown = exhibit(source, "nip", String::new());
        (shown.locator, shown.value) = (place.clone(), None);
        Finding {
            id: Finding::stable_id(period, None, code, &subject),
            code,
            severity: severity(policy, code, None),
            nip: None,
            rupiah_at_risk: Rupiah::ZERO,
            excuse: None,
            params: vec![("place".to_owned(), subject.clone())],
            subject,
            evidence: vec![shown],
        }
    };
    rows.map(finding).collect()
}

/// Whether a source is of the period: its roster or payment file, or BKN's lists as they are needed for it.
fn is_of(source: &Source, policy: &Policy, period: Period, roster: Period) -> bool {
    match source.kind {
        Kind::Roster => source.span == Span::Month(roster),
        Kind::Evaluation => source.span == policy.evaluation_cycle(period).span(),
        Kind::Skp => source.span == Span::Year(period.year()),
        Kind::Attendance => {
            let (from, to) = policy.attendance_window(period);
            [from, to].map(|day| Span::Month(Period::of(day))).contains(&source.span)
        }
        _ => source.span == Span::Month(period),
    }
}

/// ID01 and ID02 of sources of the period, AM02 of a TOTAL line that lies, PR05 of an evaluation file that holds no sheet
/// of the cycle needed, AB02 of an attendance file without any row of a working day.
pub fn findings(policy: &Policy, period: Period, roster: Period, sources: &[Source], coverage: &Coverage) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |code, source: &Source, params: Vec<(&str, String)>, evidence| {
        let subject = file_name(&source.part).to_owned();
        found.push(Finding {
            id: Finding::stable_id(period, None, code, &subject),
            code,
            severity: severity(policy, code, None),
            nip: None,
            subject,
            rupiah_at_risk: Rupiah::ZERO,
            excuse: None,
            params: params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            evidence,
        });
    };
    let needed = policy.evaluation_cycle(period).to_string();
    for source in sources {
        match source.kind {
            Kind::Payment if source.span == Span::Month(period) => {
                let Some(total) = source.facts.total.filter(|total| total.stated != total.summed) else {
                    continue;
                };
                let words = |amounts: [Rupiah; 3]| amounts.map(|amount| amount.to_string()).join(" / ");
                let (stated, summed) = (words(total.stated), words(total.summed));
                let evidence = vec![exhibit(source, "TOTAL", stated.clone()), exhibit(source, "jumlah baris", summed.clone())];
                add(Code::Am02, source, vec![("file", source.part.clone()), ("stated", stated), ("summed", summed)], evidence);
            }
            Kind::Evaluation
                if source.facts.period == Some(period) && !source.facts.cycles.is_empty() && !source.facts.cycles.contains(&needed) =>
            {
                let cycles = source.facts.cycles.join(", ");
                let evidence = vec![exhibit(source, "periode", cycles.clone())];
                add(Code::Pr05, source, vec![("cycles", cycles), ("needed", needed.clone())], evidence);
            }
            _ => {}
        }
    }
    let (from, to) = policy.attendance_window(period);
    for (part, days) in coverage.lacking(from, to) {
        let of_part = sources.iter().find(|source| source.kind == Kind::Attendance && source.part == part);
        if let Some(source) = of_part {
            let count = policy.calendar.workdays(from, to).len();
            let evidence = vec![
                exhibit(source, "hari kerja", count.to_string()),
                exhibit(source, "hari kerja tanpa catatan", days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(", ")),
            ];
            let params = vec![("file", file_name(part).to_owned()), ("days", days.len().to_string()), ("day", days[0].to_string())];
            add(Code::Ab02, source, params, evidence);
        }
    }
    found.extend(sources.iter().filter(|source| is_of(source, policy, period, roster)).flat_map(|source| nameless(policy, period, source)));
    found.sort_by(|a, b| (a.code, &a.subject).cmp(&(b.code, &b.subject)));
    // a workbook with sheets of several cycles is several sources and one file
    found.dedup_by(|later, earlier| later.id == earlier.id);
    found
}
