//! `/sdm`: findings grouped by their root cause, the most Rupiah first.

use super::html;
use super::scene::{RunLine, Scene};
use super::views::{List, Saved, saved};
use crate::domain::access::Right;
use crate::domain::finding::Owner;
use crate::domain::{Code, Nip, Rupiah, Severity};
use crate::export::{sentence, words};
use crate::store::{CaseGroup, CauseFigures, Figures, Listed};
use crate::web::Site;
use crate::web::ask::{Ask, CaseView, OWNERS};
use crate::web::layout::{Layout, Room};
use crate::web::view::{Bar, count, money, share, tone};
use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Groups on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "hr.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    run: RunLine,
    deadline: Option<String>,
    owners: Vec<(&'static str, &'static str, bool)>,
    codes: Vec<(&'static str, String, bool)>,
    views: Vec<(String, &'static str, bool)>,
    view: &'static str,
    groups: Vec<GroupRow>,
    total: String,
    saved: Option<Saved>,
    /// Sentences about whole files.
    files: Vec<FileRow>,
    /// The list of whom to call, for who may take it away: address and form.
    calls: Vec<(String, &'static str)>,
    previous: Option<String>,
    next: Option<String>,
}

struct GroupRow {
    code: &'static str,
    title: &'static str,
    who: String,
    severity: &'static str,
    tone: &'static str,
    heads: String,
    rupiah: String,
    bar: Bar,
    link: String,
}

struct FileRow {
    code: &'static str,
    sentence: String,
    step: String,
    case: String,
}

/// People with one code under one assessor; of codes that no assessor can mend, all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    code: Code,
    /// `None`: not by assessor; empty: nobody is known.
    superior: Option<String>,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

/// `/temuan` of earlier versions.
pub(in crate::web) async fn moved(request: Request) -> Response {
    super::finance::redirect("/sdm", request.uri().query())
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeeCases)).await?;
    let figures = scene.figures().await?;
    let lang = ask.lang;
    let groups = groups(&figures, &scene).await?;
    let most = groups.first().map_or(0, |(_, (.., risk))| *risk);
    let pages = groups.len().div_ceil(PAGE).max(1);
    let at = ask.page.min(pages);
    let shown: Vec<_> = groups.iter().skip((at - 1) * PAGE).take(PAGE).collect();
    let named: Vec<Nip> = shown.iter().filter_map(|(group, _)| Nip::parse(group.superior.as_deref()?).ok()).collect();
    let named = site.app.store.listed_of(scene.period, &named).await.map_err(|error| scene.trouble(error))?;
    let view = ask.cases.map_or("", CaseView::key);
    let filters = [("kode", ask.code.map_or("", Code::code)), ("pemilik", ask.owner.map_or("", Owner::key)), ("saring", view)];
    let to = |page: usize| {
        let page = page.to_string();
        scene.links.to("/sdm", &[filters[0], filters[1], filters[2], ("hal", &page)])
    };
    let period = words::period(scene.period, lang);
    let deadline = scene.policy.kppn_deadline(scene.period).map(|day| format!("{} ({})", words::day(day, lang), scene.until(day).0));
    Ok(Page {
        layout: scene.layout(format!("SDM – {period}"), Room::Hr, "/sdm", &filters),
        periods: scene.periods.options(lang),
        period,
        run: scene.run_line(&figures.run),
        deadline,
        owners: OWNERS.map(|owner| (owner.key(), words::owner(owner, lang), ask.owner == Some(owner))).into(),
        codes: codes(&figures, &scene),
        views: views(&scene),
        view,
        groups: shown.iter().map(|(group, sums)| row(group, *sums, most, &named, &scene)).collect(),
        total: count(groups.len() as u64, lang),
        saved: saved(&scene, List::Hr, &filters).await?,
        files: if ask.cases.is_none() { files(&figures, &scene) } else { Vec::new() },
        calls: super::finance::forms_of(&scene, "calllist"),
        previous: (at > 1).then(|| to(at - 1)),
        next: (at < pages).then(|| to(at + 1)),
    })
}

type Sums = (Severity, u64, i64);

/// The views of the inbox: address, name, whether the reader is there.
fn views(scene: &Scene<'_>) -> Vec<(String, &'static str, bool)> {
    let (ask, lang) = (scene.ask, scene.ask.lang);
    let view =
        |view: Option<CaseView>, said| (scene.links.to("/sdm", &[("saring", view.map_or("", CaseView::key))]), said, ask.cases == view);
    let all = view(None, lang.pick("Semua yang terbuka", "Everything open"));
    std::iter::once(all).chain(CaseView::ALL.map(|one| view(Some(one), one.said(lang)))).collect()
}

/// What is shown: causes as the run added them up, or those with cases that match.
async fn causes(figures: &Figures, scene: &Scene<'_>) -> Result<Vec<CauseFigures>, Response> {
    let Some(view) = scene.ask.cases else { return Ok(figures.causes.clone()) };
    let found = scene.site.app.store.case_groups(scene.period, &view.filter(&scene.ask.viewer, scene.today())).await;
    let found = found.map_err(|error| scene.trouble(error))?;
    let by_assessor = |code: Code| code.owner() == Owner::Assessor;
    if view == CaseView::Unassigned {
        // Everything less what somebody works on.
        let mut left = figures.causes.clone();
        for group in found {
            let superior = if by_assessor(group.code) { group.superior.as_str() } else { "" };
            let same = |cause: &&mut CauseFigures| cause.code == group.code && cause.unit == group.unit && cause.superior == superior;
            if let Some(cause) = left.iter_mut().find(same) {
                cause.heads = cause.heads.saturating_sub(group.heads);
                cause.risk.0 = if cause.heads == 0 { 0 } else { (cause.risk.0 - group.risk).max(0) };
            }
        }
        left.retain(|cause| cause.heads > 0);
        return Ok(left);
    }
    let severity = |code: Code| figures.causes.iter().filter(|cause| cause.code == code).map(|cause| cause.severity).min();
    let cause = |group: CaseGroup| CauseFigures {
        severity: severity(group.code).unwrap_or(group.code.default_severity()),
        code: group.code,
        superior: group.superior,
        unit: group.unit,
        heads: group.heads,
        findings: group.heads,
        risk: Rupiah(group.risk),
    };
    Ok(found.into_iter().map(cause).collect())
}

async fn groups(figures: &Figures, scene: &Scene<'_>) -> Result<Vec<(Group, Sums)>, Response> {
    let ask = scene.ask;
    let mut groups: BTreeMap<Group, Sums> = BTreeMap::new();
    let wanted = causes(figures, scene).await?.into_iter().filter(|cause| {
        ask.viewer.sees(&cause.unit)
            && ask.code.is_none_or(|code| code == cause.code)
            && ask.owner.is_none_or(|owner| owner == cause.code.owner())
    });
    for cause in wanted {
        let superior = (cause.code.owner() == Owner::Assessor).then(|| cause.superior.clone());
        let of = groups.entry(Group { code: cause.code, superior }).or_insert((cause.severity, 0, 0));
        *of = (of.0.min(cause.severity), of.1 + cause.heads, of.2 + cause.risk.0);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(one, (a, heads, risk)), (other, (b, more, higher))| (higher, a, more, one).cmp(&(risk, b, heads, other)));
    Ok(groups)
}

fn row(group: &Group, (severity, heads, risk): Sums, most: i64, named: &BTreeMap<Nip, Listed>, scene: &Scene<'_>) -> GroupRow {
    let lang = scene.ask.lang;
    let superior = group.superior.as_deref().map(|text| Superior::of(text, named, scene));
    let mut pairs = vec![("kode", group.code.code())];
    if let Some(superior) = &superior {
        pairs.push(("atasan", &superior.key));
    }
    pairs.push(("saring", scene.ask.cases.map_or("", CaseView::key)));
    GroupRow {
        code: group.code.code(),
        title: sentence::title(group.code, lang),
        who: match &superior {
            Some(superior) => format!("{} {}", lang.pick("Penilai", "Assessor"), superior.said),
            None => words::owner(group.code.owner(), lang).to_owned(),
        },
        severity: words::severity(severity, lang),
        tone: tone(severity),
        heads: count(heads, lang),
        rupiah: if risk == 0 { "–".to_owned() } else { money(Rupiah(risk)) },
        bar: Bar::one(share(risk, most), tone(severity)),
        link: scene.links.to("/sdm/kelompok", &pairs),
    }
}

/// An assessor as the reader may see them.
pub(super) struct Superior {
    /// In an address.
    pub key: String,
    /// In a sentence.
    pub said: String,
    /// Name alone, where it is known.
    pub name: Option<String>,
}

impl Superior {
    pub(super) fn of(text: &str, named: &BTreeMap<Nip, Listed>, scene: &Scene<'_>) -> Self {
        let lang = scene.ask.lang;
        let Ok(nip) = Nip::parse(text) else {
            let said = lang.pick("yang belum diketahui", "who is not known yet").to_owned();
            return Self { key: "-".to_owned(), said, name: None };
        };
        let known = named.get(&nip);
        let name = known.map(|known| known.name.clone()).filter(|name| !name.is_empty());
        let shown = scene.veil.nip(nip);
        let key = match (scene.veil.shows_nips(), known) {
            (true, _) => nip.to_string(),
            (false, Some(known)) => format!("~{}", known.handle),
            (false, None) => "?".to_owned(),
        };
        let said = name.as_ref().map_or_else(|| shown.clone(), |name| format!("{name} ({shown})"));
        Self { key, said, name }
    }
}

fn codes(figures: &Figures, scene: &Scene<'_>) -> Vec<(&'static str, String, bool)> {
    let mut codes: Vec<Code> = figures.causes.iter().map(|cause| cause.code).chain(scene.ask.code).collect();
    codes.sort_unstable_by_key(|code| code.code());
    codes.dedup();
    let option = |code: Code| (code.code(), format!("{code} {}", sentence::title(code, scene.ask.lang)), scene.ask.code == Some(code));
    codes.into_iter().map(option).collect()
}

/// Findings about whole files: shown to whoever sees everybody.
fn files(figures: &Figures, scene: &Scene<'_>) -> Vec<FileRow> {
    let ask = scene.ask;
    let wanted = figures.of_files.iter().filter(|finding| {
        ask.units().is_none()
            && ask.code.is_none_or(|code| code == finding.code)
            && ask.owner.is_none_or(|owner| owner == finding.code.owner())
    });
    let row = |finding: &crate::domain::Finding| FileRow {
        code: finding.code.code(),
        sentence: scene.veil.text(&sentence::sentence(finding, ask.lang), true),
        step: scene.veil.text(&sentence::next_step(finding, ask.lang), true),
        case: scene.links.to(&super::case::path(scene.period, &finding.id), &[]),
    };
    wanted.take(PAGE).map(row).collect()
}
