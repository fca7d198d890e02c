//! `/kebijakan/banding`: two policies key by key, of the folder or one that is sent and forgotten.

use super::form::{Sent, too_large};
use super::verified;
use super::wording::{key_said, section_said, value_said};
use crate::app::policy_compare::{Difference, Place, Written, compare};
use crate::app::{AppError, policy_sheet};
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::export::words;
use crate::policy::{Policy, PolicySet};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::pages::html;
use crate::web::pages::scene::Scene;
use crate::web::view::count;
use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;

/// Differences that are shown: two files that share nothing differ in some 400 keys.
const SHOWN: usize = 1_000;

/// Which two of the folder.
#[derive(Deserialize, Default)]
pub(in crate::web) struct Pair {
    #[serde(default)]
    kiri: String,
    #[serde(default)]
    kanan: String,
}

#[derive(Template)]
#[template(path = "policy_compare.html")]
struct Page {
    layout: Layout,
    action: String,
    back: String,
    trial: String,
    left: Vec<(String, String, bool)>,
    right: Vec<(String, String, bool)>,
    refused: Vec<String>,
    compared: Option<Compared>,
}

struct Compared {
    sides: [Head; 2],
    sections: Vec<Section>,
    differences: String,
    more: Option<String>,
}

struct Head {
    name: &'static str,
    title: String,
    id: String,
    sha: String,
    dates: String,
    draft: bool,
}

struct Section {
    id: String,
    name: String,
    rows: Vec<Row>,
}

struct Row {
    key: String,
    change: (&'static str, &'static str),
    sides: [Option<Said>; 2],
}

struct Said {
    value: String,
    source: Option<String>,
    verified: Option<(&'static str, &'static str)>,
}

/// One of the two sides with its text.
type Side = (Policy, String);

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, Query(pair): Query<Pair>, ask: Ask) -> Response {
    match folder_pair(&site, &ask, &pair).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

async fn folder_pair(site: &Site, ask: &Ask, pair: &Pair) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeePolicy)).await?;
    let set = site.memory.policies(&site.app).map_err(|error| scene.trouble(error))?;
    let mut page = page(&scene, &set, pair);
    let chosen = |id: &str| set.policies().iter().find(|policy| policy.id() == id);
    if let (Some(left), Some(right)) = (chosen(&pair.kiri), chosen(&pair.kanan)) {
        let sides = side(left).and_then(|left| Ok([left, side(right)?]));
        page.compared = Some(sides.and_then(|sides| compared(&scene, sides)).map_err(|error| scene.trouble(error))?);
    } else if !(pair.kiri.is_empty() && pair.kanan.is_empty()) {
        page.refused.push(ask.lang.pick("Pilih dua kebijakan dari daftar.", "Choose two policies of the list.").to_owned());
    }
    Ok(page)
}

pub(in crate::web) async fn look(State(site): State<Arc<Site>>, ask: Ask, request: Request) -> Response {
    match sent(&site, &ask, request).await {
        Ok((status, page)) => {
            let mut response = html(&page);
            *response.status_mut() = status;
            response
        }
        Err(trouble) => trouble,
    }
}

async fn sent(site: &Site, ask: &Ask, request: Request) -> Result<(StatusCode, Page), Response> {
    let (scene, lang) = (Scene::open(site, ask, Some(Right::SeePolicy)).await?, ask.lang);
    let set = site.memory.policies(&site.app).map_err(|error| scene.trouble(error))?;
    let sent = Sent::read(request).await;
    let refuse = |pair: &Pair, status: StatusCode, lines: Vec<String>| (status, Page { refused: lines, ..page(&scene, &set, pair) });
    let Ok(sent) = sent else { return Ok(refuse(&Pair::default(), StatusCode::BAD_REQUEST, vec![too_large(lang)])) };
    let pair = Pair { kiri: sent.field("kiri").to_owned(), kanan: sent.field("kanan").to_owned() };
    let chosen = |id: &str| set.policies().iter().find(|policy| policy.id() == id);
    let choose = || vec![lang.pick("Pilih kebijakan pembanding dari daftar.", "Choose the policy to hold it against.").to_owned()];
    let Some(left) = chosen(&pair.kiri) else { return Ok(refuse(&pair, StatusCode::BAD_REQUEST, choose())) };
    let right = match (sent.policy(&site.app.config.policy.dir, lang), chosen(&pair.kanan)) {
        (Some(Ok(side)), _) => side,
        (Some(Err(lines)), _) => return Ok(refuse(&pair, StatusCode::UNPROCESSABLE_ENTITY, lines)),
        (None, Some(right)) => side(right).map_err(|error| scene.trouble(error))?,
        (None, None) => return Ok(refuse(&pair, StatusCode::BAD_REQUEST, choose())),
    };
    let left = side(left).map_err(|error| scene.trouble(error))?;
    let compared = compared(&scene, [left, right]).map_err(|error| scene.trouble(error))?;
    Ok((StatusCode::OK, Page { compared: Some(compared), ..page(&scene, &set, &pair) }))
}

fn side(policy: &Policy) -> Result<Side, AppError> {
    Ok((policy.clone(), policy_sheet::text(policy)?))
}

/// The page without a comparison; unless the reader chooses, the policy in force is held against the next one.
fn page(scene: &Scene<'_>, set: &PolicySet, pair: &Pair) -> Page {
    let lang = scene.ask.lang;
    let or = |chosen: &str, id: &str| if chosen.is_empty() { id.to_owned() } else { chosen.to_owned() };
    let last = set.policies().last().map_or("", Policy::id);
    let path = "/kebijakan/banding";
    Page {
        layout: scene.layout(lang.pick("Bandingkan kebijakan", "Compare policies").to_owned(), Room::Policy, path, &[]),
        action: scene.links.to(path, &[]),
        back: scene.links.to("/kebijakan", &[]),
        trial: scene.links.to("/kebijakan/andai", &[]),
        left: options(set, &or(&pair.kiri, scene.policy.id()), lang),
        right: options(set, &or(&pair.kanan, last), lang),
        refused: Vec::new(),
        compared: None,
    }
}

/// The policies of the folder, for a `<select>`.
pub(super) fn options(set: &PolicySet, chosen: &str, lang: Lang) -> Vec<(String, String, bool)> {
    let option = |policy: &Policy| (policy.id().to_owned(), format!("{} ({})", policy.id(), dates(policy, lang)), policy.id() == chosen);
    set.policies().iter().map(option).collect()
}

/// From when to when a policy holds.
pub(super) fn dates(policy: &Policy, lang: Lang) -> String {
    let head = &policy.file.policy;
    let open = || lang.pick("seterusnya", "without end").to_owned();
    let to = head.effective_to.map_or_else(open, |day| words::day(day, lang));
    format!("{} {} {to}", words::day(head.effective_from, lang), lang.pick("sampai", "to"))
}

fn compared(scene: &Scene<'_>, [left, right]: [Side; 2]) -> Result<Compared, AppError> {
    let lang = scene.ask.lang;
    let mut differences =
        compare(&left.1, &right.1).map_err(|why| AppError::Io("kebijakan".to_owned(), std::io::Error::other(why.to_string())))?;
    let all = differences.len();
    differences.truncate(SHOWN);
    let mut sections: Vec<Section> = Vec::new();
    let mut before: Option<String> = None;
    for difference in &differences {
        let path = &difference.place.section;
        if before.as_ref() != Some(path) {
            sections.push(Section { id: format!("bagian-{}", sections.len()), name: section_said(path, lang), rows: Vec::new() });
            before = Some(path.clone());
        }
        if let Some(section) = sections.last_mut() {
            section.rows.push(row(difference, scene));
        }
    }
    let head = |name, (policy, _): &Side| Head {
        name,
        title: policy.file.policy.title.clone(),
        id: policy.id().to_owned(),
        sha: policy.sha256.chars().take(12).collect(),
        dates: dates(policy, lang),
        draft: policy.is_draft(),
    };
    Ok(Compared {
        sides: [head(lang.pick("Kiri", "Left"), &left), head(lang.pick("Kanan", "Right"), &right)],
        sections,
        differences: count(all as u64, lang),
        more: (all > SHOWN).then(|| count((all - SHOWN) as u64, lang)),
    })
}

fn row(difference: &Difference, scene: &Scene<'_>) -> Row {
    let lang = scene.ask.lang;
    let change = match (&difference.left, &difference.right) {
        (Some(_), None) => (lang.pick("dihapus", "removed"), "tag-red"),
        (None, _) => (lang.pick("ditambah", "added"), "tag-green"),
        (Some(_), Some(_)) => (lang.pick("diubah", "changed"), "tag-blue"),
    };
    let said = |side: &Option<Written>| side.as_ref().map(|written| said(&difference.place, written, scene));
    Row { key: place(&difference.place, lang), change, sides: [said(&difference.left), said(&difference.right)] }
}

/// `terlambat, TM2: persen`.
fn place(place: &Place, lang: Lang) -> String {
    let names: Vec<String> = place.names.iter().map(|name| value_said("", name, lang)).collect();
    let key = key_said(&place.key, lang);
    if names.is_empty() { key } else { format!("{}: {key}", names.join(", ")) }
}

fn said(place: &Place, written: &Written, scene: &Scene<'_>) -> Said {
    let lang = scene.ask.lang;
    let covered = place.key == "nips" && !scene.veil.shows_nips();
    Said {
        value: if covered { lang.pick("(tertutup)", "(covered)").to_owned() } else { value_said(&place.key, &written.value, lang) },
        source: written.source.clone().filter(|_| place.key != "source"),
        verified: written.verified.as_deref().filter(|_| place.key != "verified").map(|key| verified(key, lang)),
    }
}
