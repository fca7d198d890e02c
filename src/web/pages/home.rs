//! `/`: heads and Rupiah by verdict, findings by code, what is known.

use super::{Periods, html, look};
use crate::domain::Rupiah;
use crate::domain::evidence::{Kind, Reason};
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::export::{CodeCount, FindingStatus, KindCompleteness, Totals, count_codes, sentence, words};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::links::Links;
use crate::web::memory::Seen;
use crate::web::view::{Banners, count, standing_tone, tone, when};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    as_of: String,
    policy: String,
    last_run: Option<String>,
    heads: String,
    banners: Banners,
    standings: Vec<StandingCard>,
    codes: Vec<CodeRow>,
    resolved: Option<String>,
    kinds: Vec<KindRow>,
}

/// One of the four verdicts.
struct StandingCard {
    label: &'static str,
    tone: &'static str,
    heads: String,
    rupiah: String,
    /// People whose amount cannot be computed and is not in the sum.
    uncounted: Option<String>,
    link: String,
}

struct CodeRow {
    code: &'static str,
    title: &'static str,
    severity: &'static str,
    tone: &'static str,
    findings: String,
    heads: String,
    rupiah: String,
    owner: &'static str,
    link: String,
}

struct KindRow {
    name: &'static str,
    required: bool,
    present: String,
    absent: String,
    not_asked: String,
    failed: String,
    stale: String,
    /// Some required question is open.
    open: bool,
    reasons: String,
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
    let header = &report.header;
    let sha: String = header.policy_sha256.chars().take(12).collect();
    let resolved = report.findings.iter().filter(|row| row.status == FindingStatus::Resolved).count() as u64;
    let period = words::period(periods.chosen, lang);
    Page {
        layout: Layout { title: period.clone(), room: Room::Home, links, other: links.other_lang().to("/", &[]) },
        periods: periods.options(lang),
        period,
        as_of: when(header.as_of, zone, lang),
        policy: format!("{} ({sha})", header.policy_id),
        last_run: seen.last_run.as_ref().map(|(_, at)| when(*at, zone, lang)),
        heads: count(report.verdicts.len() as u64, lang),
        banners: Banners::of(header, open_kinds(&report.completeness.kinds, lang)),
        standings: standings(seen, &links),
        codes: count_codes(&report.findings).iter().map(|count| code_row(count, &links)).collect(),
        resolved: (resolved > 0).then(|| count(resolved, lang)),
        kinds: report.completeness.kinds.iter().map(|kind| kind_row(kind, lang)).collect(),
    }
}

/// The four verdicts, each on its own: held and unknown are never one figure.
fn standings(seen: &Seen, links: &Links) -> Vec<StandingCard> {
    let lang = links.lang;
    let verdicts = &seen.report.verdicts;
    let totals = Totals::of(verdicts);
    let card = |standing: Standing| {
        let uncounted = verdicts.iter().filter(|verdict| verdict.standing == standing && verdict.expected.is_none()).count() as u64;
        StandingCard {
            label: words::standing(standing, lang),
            tone: standing_tone(standing),
            heads: count(totals.heads(standing), lang),
            rupiah: totals.rupiah(standing).to_string(),
            uncounted: (uncounted > 0).then(|| count(uncounted, lang)),
            link: links.to("/pegawai", &[("putusan", standing.key())]),
        }
    };
    Standing::ALL.map(card).into()
}

fn code_row(found: &CodeCount, links: &Links) -> CodeRow {
    let lang = links.lang;
    CodeRow {
        code: found.code.code(),
        title: sentence::title(found.code, lang),
        severity: words::severity(found.severity, lang),
        tone: tone(found.severity),
        findings: count(found.findings, lang),
        heads: count(found.heads, lang),
        rupiah: if found.rupiah == Rupiah::ZERO { "–".to_owned() } else { found.rupiah.to_string() },
        owner: words::owner(found.code.owner(), lang),
        link: links.to("/temuan", &[("kode", found.code.code())]),
    }
}

fn kind_row(kind: &KindCompleteness, lang: Lang) -> KindRow {
    let reasons = kind.reasons.iter().map(|(key, heads)| {
        let said = Reason::from_key(key).map_or(key.as_str(), |reason| words::reason(reason, lang));
        format!("{said}: {}", count(*heads, lang))
    });
    KindRow {
        name: words::kind(kind.kind, lang),
        required: kind.required,
        present: count(kind.present, lang),
        absent: count(kind.declared_absent, lang),
        not_asked: count(kind.not_asked, lang),
        failed: count(kind.failed, lang),
        stale: count(kind.stale, lang),
        open: kind.required && kind.open() > 0,
        reasons: reasons.collect::<Vec<_>>().join("; "),
    }
}

/// Required kinds that are not known for everybody: `presensi (12)`.
pub(super) fn open_kinds(kinds: &[KindCompleteness], lang: Lang) -> String {
    let open = kinds.iter().filter(|kind| kind.required && kind.open() > 0);
    let said = open.map(|kind| {
        let people = lang.pick("orang", "people");
        format!("{} ({} {people})", words::kind(kind.kind, lang), count(kind.open(), lang))
    });
    said.collect::<Vec<_>>().join(", ")
}

/// Names of required kinds that are not known for a person.
pub(super) fn unknown_kinds(kinds: &[Kind], lang: Lang) -> String {
    let mut kinds = kinds.to_vec();
    kinds.sort_by_key(|kind| kind.key());
    kinds.dedup();
    kinds.iter().map(|kind| words::kind(*kind, lang)).collect::<Vec<_>>().join(", ")
}
