//! `/pegawai/{nip}`: one verdict, every step from tariff to net, every rule and every piece of evidence.

use super::home::unknown_kinds;
use super::trouble::Trouble;
use super::{Periods, html};
use crate::app::{AppError, report};
use crate::domain::Nip;
use crate::domain::verdict::{Amounts, Step, Verdict};
use crate::export::{Header, sentence, steps, why, words};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::links::Links;
use crate::web::view::{Banners, ExhibitView, FindingView, standing_tone, when};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono_tz::Tz;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "person.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    path: String,
    nip: String,
    name: String,
    as_of: String,
    policy: String,
    banners: Banners,
    standing: &'static str,
    tone: &'static str,
    why: String,
    facts: Vec<(&'static str, String)>,
    amounts: Vec<AmountRow>,
    difference: Option<String>,
    deductions: Vec<(String, String, String)>,
    steps: Vec<StepView>,
    findings: Vec<FindingView>,
}

/// Gross, deduction and net of one side.
struct AmountRow {
    side: &'static str,
    /// `None`, and why.
    amounts: Option<[String; 3]>,
    none: &'static str,
}

/// One step, flat: how deep it lies stands in `depth`.
struct StepView {
    number: String,
    depth: usize,
    name: String,
    values: Vec<(String, String)>,
    rules: Vec<(String, String, &'static str, bool)>,
    evidence: Vec<ExhibitView>,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, Path(nip): Path<String>, ask: Ask) -> Response {
    let lang = ask.lang;
    let Ok(nip) = Nip::parse(&nip) else {
        let sentence = lang
            .pick("Bukan NIP: tulis 18 digit di alamat ini, /pegawai/NIP.", "Not a NIP: write 18 digits in this address, /pegawai/NIP.");
        return Trouble::new(StatusCode::BAD_REQUEST, sentence).at(ask.period).show(&site, lang);
    };
    let periods = match Periods::of(&site, &ask).await {
        Ok(periods) => periods,
        Err(error) => return Trouble::of(&error, lang).at(ask.period).show(&site, lang),
    };
    match seen(&site, &ask, &periods, nip).await {
        Ok((header, verdict)) => html(&page(&site, &ask, &periods, &header, &verdict)),
        Err(error) => Trouble::of(&error, lang).at(Some(periods.chosen)).show(&site, lang),
    }
}

/// The person, when the viewer may see their unit; that they were looked at is written down first.
async fn seen(site: &Site, ask: &Ask, periods: &Periods, nip: Nip) -> Result<(Header, Verdict), AppError> {
    let (header, verdict) = report::one(&site.app, periods.chosen, nip, site.app.clock.now()).await?;
    if !ask.viewer.sees(verdict.unit.as_deref().unwrap_or_default()) {
        return Err(AppError::Nobody(periods.chosen, nip.masked()));
    }
    site.trail().person_seen(&ask.viewer, &ask.pass, periods.chosen, &nip).await?;
    Ok((header, verdict))
}

fn page(site: &Site, ask: &Ask, periods: &Periods, header: &Header, verdict: &Verdict) -> Page {
    let (lang, zone) = (ask.lang, site.app.config.schedule.timezone.get());
    let links = ask.links(Some(periods.chosen), site);
    let name = verdict.name.clone().unwrap_or_else(|| lang.pick("(tanpa nama)", "(no name)").to_owned());
    let sha: String = header.policy_sha256.chars().take(12).collect();
    let mut derivation = Vec::new();
    for (at, step) in verdict.derivation.iter().enumerate() {
        flatten(step, format!("{}.", at + 1), 0, zone, &links, &mut derivation);
    }
    let path = format!("/pegawai/{}", verdict.nip.as_str());
    let deduction = |line: &crate::domain::verdict::DeductionLine| {
        let days = line.days.map_or("–".to_owned(), |days| days.to_string());
        (words::deduction(&line.rule, lang), days, words::percent(line.percent, lang))
    };
    let finding = |finding| FindingView::of(finding, None, None, usize::MAX, zone, &links);
    Page {
        layout: Layout { title: name.clone(), room: Room::People, links, other: links.other_lang().to(&path, &[]) },
        periods: periods.options(lang),
        period: words::period(periods.chosen, lang),
        path,
        nip: ask.viewer.shown_nip(&verdict.nip),
        name,
        as_of: when(header.as_of, zone, lang),
        policy: format!("{} ({sha})", header.policy_id),
        banners: Banners::of(header, unknown_kinds(&verdict.unknown, lang)),
        standing: words::standing(verdict.standing, lang),
        tone: standing_tone(verdict.standing),
        why: why(verdict, lang),
        facts: facts(verdict, &links),
        amounts: amounts(verdict, &links),
        difference: verdict.difference().map(|difference| difference.to_string()),
        deductions: verdict.deductions.iter().map(deduction).collect(),
        steps: derivation,
        findings: verdict.findings.iter().map(finding).collect(),
    }
}

fn facts(verdict: &Verdict, links: &Links) -> Vec<(&'static str, String)> {
    let lang = links.lang;
    let none = || lang.pick("tidak ada", "none").to_owned();
    let unit = [verdict.unit.as_deref(), verdict.unit_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    vec![
        (lang.pick("Unit", "Unit"), if unit.is_empty() { none() } else { unit }),
        (lang.pick("Kelas jabatan", "Class"), verdict.kelas_jabatan.map_or_else(none, |class| class.to_string())),
        ("Predikat", verdict.predikat.map_or_else(none, |predikat| predikat.label().to_owned())),
    ]
}

fn amounts(verdict: &Verdict, links: &Links) -> Vec<AmountRow> {
    let lang = links.lang;
    let three = |amounts: Amounts| [amounts.gross, amounts.deduction, amounts.net].map(|amount| amount.to_string());
    vec![
        AmountRow {
            side: lang.pick("Seharusnya", "Due"),
            amounts: verdict.expected.map(three),
            none: lang.pick("tidak dapat dihitung", "cannot be computed"),
        },
        AmountRow {
            side: lang.pick("Dibayar", "Paid"),
            amounts: verdict.paid.map(three),
            none: lang.pick("tidak ada di berkas pembayaran", "not in the payment file"),
        },
    ]
}

fn flatten(step: &Step, number: String, depth: usize, zone: Tz, links: &Links, into: &mut Vec<StepView>) {
    let lang = links.lang;
    let value = |(name, value): &(String, String)| (steps::value(name, lang).to_owned(), sentence::say(name, value, lang));
    into.push(StepView {
        name: steps::step(&step.name, lang),
        depth: depth.min(4),
        values: step.values.iter().map(value).collect(),
        rules: step
            .rules
            .iter()
            .map(|rule| (rule.path.clone(), rule.source.clone(), steps::verified(rule, lang), rule.verified == "true"))
            .collect(),
        evidence: step.evidence.iter().map(|exhibit| ExhibitView::of(exhibit, zone, lang)).collect(),
        number: number.clone(),
    });
    for (at, part) in step.parts.iter().enumerate() {
        flatten(part, format!("{number}{}.", at + 1), depth + 1, zone, links, into);
    }
}
