//! `/kebijakan`: the policy in force, rule by rule, with its sources and what nobody has verified.

pub(in crate::web) mod compare;
mod form;
pub(in crate::web) mod what_if;
mod wording;

pub(in crate::web) use form::{LARGEST, sent};
pub(in crate::web) use what_if::{PATIENCE, months, start};

use super::html;
use super::scene::Scene;
use crate::app::policy_sheet::{self, Section};
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::export::words;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::count;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use wording::{key_said, section_said, value_said};

#[derive(Template)]
#[template(path = "policy.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    title: String,
    id: String,
    sha: String,
    draft: bool,
    from: String,
    to: String,
    rules: String,
    unverified: Vec<(String, String)>,
    sections: Vec<SectionView>,
    compare: String,
    trial: String,
}

struct SectionView {
    id: String,
    name: String,
    path: String,
    values: Vec<(String, String)>,
    columns: Vec<String>,
    rows: Vec<Vec<CellView>>,
    verified: Option<(&'static str, &'static str)>,
    source: Option<String>,
}

struct CellView {
    column: String,
    text: String,
    tag: Option<(&'static str, &'static str)>,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeePolicy)).await?;
    let lang = ask.lang;
    let policy = &scene.policy;
    let sections = policy_sheet::sections(policy).map_err(|error| scene.trouble(error))?;
    let citations = policy.file.citations();
    let unverified = citations.iter().filter(|rule| rule.verified == "false").map(|rule| (rule.path.clone(), rule.source.clone()));
    let head = &policy.file.policy;
    let open = || lang.pick("seterusnya", "without end").to_owned();
    let period = words::period(scene.period, lang);
    Ok(Page {
        layout: scene.layout(lang.pick("Kebijakan", "Policy").to_owned(), Room::Policy, "/kebijakan", &[]),
        periods: scene.periods.options(lang),
        period,
        title: head.title.clone(),
        id: head.id.clone(),
        sha: policy.sha256.chars().take(12).collect(),
        draft: policy.is_draft(),
        from: words::day(head.effective_from, lang),
        to: head.effective_to.map_or_else(open, |day| words::day(day, lang)),
        rules: count(citations.len() as u64, lang),
        unverified: unverified.collect(),
        compare: scene.links.to("/kebijakan/banding", &[]),
        trial: scene.links.to("/kebijakan/andai", &[]),
        sections: sections.iter().enumerate().map(|(at, section)| view(section, at, scene.veil.shows_nips(), lang)).collect(),
    })
}

fn verified(key: &str, lang: Lang) -> (&'static str, &'static str) {
    match key {
        "true" => (lang.pick("sudah diverifikasi", "verified"), "tag-green"),
        "secondary" => (lang.pick("dari sumber kedua", "from a secondary source"), "tag-blue"),
        _ => (lang.pick("BELUM diverifikasi", "NOT verified"), "tag-amber"),
    }
}

fn view(section: &Section, at: usize, nips: bool, lang: Lang) -> SectionView {
    let said = |key: &str, text: &str| {
        if key == "nips" && !nips { lang.pick("(tertutup)", "(covered)").to_owned() } else { value_said(key, text, lang) }
    };
    let cell = |(column, text): (&String, &String)| CellView {
        column: key_said(column, lang),
        tag: (column == "verified").then(|| verified(text, lang)),
        text: said(column, text),
    };
    SectionView {
        id: format!("bagian-{at}"),
        name: section_said(&section.path, lang),
        path: section.path.clone(),
        values: section.values.iter().map(|(key, text)| (key_said(key, lang), said(key, text))).collect(),
        columns: section.columns.iter().map(|key| key_said(key, lang)).collect(),
        rows: section.rows.iter().map(|row| section.columns.iter().zip(row).map(cell).collect()).collect(),
        verified: section.verified.as_deref().map(|key| verified(key, lang)),
        source: section.source.clone(),
    }
}
