//! `/temuan`: open findings with their sentence, what to do next, and both sides of the evidence.

use super::home::open_kinds;
use super::{Periods, html, look};
use crate::domain::Nip;
use crate::domain::text::fold;
use crate::domain::verdict::Verdict;
use crate::export::{FindingRow, count_codes, sentence, words};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::memory::Seen;
use crate::web::view::{Banners, FindingView, Pager, is_sought};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::collections::HashMap;
use std::sync::Arc;

/// Pieces of evidence that a list shows of one finding; the person's page shows all.
const EVIDENCE: usize = 6;

#[derive(Template)]
#[template(path = "findings.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    codes: Vec<(&'static str, String, bool)>,
    search: String,
    banners: Banners,
    pager: Pager,
    findings: Vec<FindingView>,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match look(&site, &ask).await {
        Ok((periods, seen)) => html(&page(&site, &ask, &periods, &seen)),
        Err(trouble) => trouble,
    }
}

fn page(site: &Site, ask: &Ask, periods: &Periods, seen: &Seen) -> Page {
    let (lang, zone) = (ask.lang, site.app.config.schedule.timezone.get());
    let links = ask.links(Some(periods.chosen), site);
    let report = &seen.report;
    let people: HashMap<Nip, &Verdict> = report.verdicts.iter().map(|verdict| (verdict.nip, verdict)).collect();
    let rows = sought(&report.findings, &people, ask);
    let filters = [("kode", ask.code.map_or("", |code| code.code())), ("cari", ask.search.as_str())];
    let pager = Pager::new(rows.len(), ask.page, &links, "/temuan", &filters);
    let shown = pager.cut(&rows).iter().map(|row| {
        let name = row.finding.nip.and_then(|nip| people.get(&nip)).and_then(|verdict| verdict.name.as_deref());
        FindingView::of(&row.finding, Some(row.status), name, EVIDENCE, zone, &links)
    });
    let mut codes: Vec<_> = count_codes(&report.findings).into_iter().map(|found| found.code).collect();
    codes.extend(ask.code.filter(|code| !codes.contains(code)));
    codes.sort_by_key(|code| code.code());
    let title = lang.pick("Temuan", "Findings");
    Page {
        periods: periods.options(lang),
        period: words::period(periods.chosen, lang),
        codes: codes
            .iter()
            .map(|code| (code.code(), format!("{code} {}", sentence::title(*code, lang)), ask.code == Some(*code)))
            .collect(),
        search: ask.search.clone(),
        banners: Banners::of(&report.header, open_kinds(&report.completeness.kinds, lang)),
        findings: shown.collect(),
        layout: Layout {
            title: format!("{title} – {}", words::period(periods.chosen, lang)),
            room: Room::Findings,
            links,
            other: links.other_lang().to("/temuan", &filters),
        },
        pager,
    }
}

/// Open findings that the reader looks for: gravest first, then by code, by Rupiah, by person.
fn sought<'a>(findings: &'a [FindingRow], people: &HashMap<Nip, &Verdict>, ask: &Ask) -> Vec<&'a FindingRow> {
    let folded = fold(&ask.search);
    let about = |row: &FindingRow| {
        let person = row.finding.nip.and_then(|nip| people.get(&nip));
        person.is_some_and(|verdict| is_sought(verdict, &folded))
            || fold(&row.finding.subject).contains(&folded)
            || fold(row.finding.code.code()).contains(&folded)
            || row.finding.nip.is_some_and(|nip| nip.as_str().contains(&folded))
    };
    // What is about nobody is about everybody: only who sees everybody sees it.
    let seen = |row: &FindingRow| {
        let unit = row.finding.nip.and_then(|nip| people.get(&nip)).and_then(|verdict| verdict.unit.as_deref());
        ask.viewer.sees(unit.unwrap_or_default())
    };
    let wanted =
        |row: &&FindingRow| row.status.is_open() && seen(row) && ask.code.is_none_or(|code| code == row.finding.code) && about(row);
    let mut rows: Vec<_> = findings.iter().filter(wanted).collect();
    rows.sort_by(|one, other| {
        let key = |row: &'a FindingRow| {
            let finding = &row.finding;
            (finding.severity, finding.code.code(), -finding.rupiah_at_risk.0, finding.nip, finding.subject.as_str())
        };
        key(one).cmp(&key(other))
    });
    rows
}
