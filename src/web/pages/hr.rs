//! `/sdm`: findings grouped by their root cause, the most Rupiah first.

use super::html;
use super::scene::{AGAIN, RunLine, Scene, unsettled};
use super::views::{List, Saved, saved};
use crate::domain::access::Right;
use crate::domain::finding::Owner;
use crate::domain::{Code, Finding, Nip, Rupiah, Severity};
use crate::export::{sentence, words};
use crate::store::{CaseGroup, Figures, Listed, ShownRun};
use crate::web::Site;
use crate::web::ask::{Ask, CaseView, OWNERS};
use crate::web::layout::{Layout, Room};
use crate::web::view::{Bar, FindingView, count, money, share, tone};
use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use std::collections::{BTreeMap, HashMap};
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
    /// By which document it is excused, and until when.
    waived: Option<String>,
}

/// People with one code under one assessor; of codes that no assessor can mend, all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Group<'a> {
    code: Code,
    /// `None`: not by assessor; empty: nobody is known.
    superior: Option<&'a str>,
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
    for _ in 0..AGAIN {
        if let Some(page) = read(site, ask).await? {
            return Ok(page);
        }
    }
    Err(unsettled(site, ask))
}

/// `None`: a reconciliation was committed meanwhile.
async fn read(site: &Site, ask: &Ask) -> Result<Option<Page>, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeeCases)).await?;
    // What nobody works on is what the last run found less what somebody does: the figures must be of that run. Of other
    // views they only say how grave a code is, and nobody waits for them.
    let figures = if ask.cases == Some(CaseView::Unassigned) { scene.figures_of_last().await? } else { scene.figures().await? };
    let run = match ask.cases {
        None => figures.run.clone(),
        Some(_) => site.app.store.shown_run(scene.period).await.map_err(|error| scene.trouble(error))?.unwrap_or(figures.run.clone()),
    };
    let lang = ask.lang;
    let found = found(&scene).await?;
    let groups = groups(&figures, found.as_deref().map(Vec::as_slice), ask);
    let most = groups.first().map_or(0, |(_, (.., risk))| *risk);
    let pages = groups.len().div_ceil(PAGE).max(1);
    let at = ask.page.min(pages);
    let shown: Vec<_> = groups.iter().skip((at - 1) * PAGE).take(PAGE).collect();
    let named: Vec<Nip> = shown.iter().filter_map(|(group, _)| Nip::parse(group.superior?).ok()).collect();
    let named = site.app.store.listed_of(scene.period, &named).await.map_err(|error| scene.trouble(error))?;
    let view = ask.cases.map_or("", CaseView::key);
    let filters = [("kode", ask.code.map_or("", Code::code)), ("pemilik", ask.owner.map_or("", Owner::key)), ("saring", view)];
    let to = |page: usize| {
        let page = page.to_string();
        scene.links.to("/sdm", &[filters[0], filters[1], filters[2], ("hal", &page)])
    };
    let period = words::period(scene.period, lang);
    let deadline = scene.policy.kppn_deadline(scene.period).map(|day| format!("{} ({})", words::day(day, lang), scene.until(day).0));
    let of_two_runs = ask.cases == Some(CaseView::Unassigned) && figures.run.stamp != run.stamp;
    if of_two_runs || (ask.cases.is_some() && scene.is_overtaken(&run).await?) {
        return Ok(None);
    }
    Ok(Some(Page {
        layout: scene.layout(format!("SDM – {period}"), Room::Hr, "/sdm", &filters),
        periods: scene.periods.options(lang),
        period,
        run: scene.run_line(&run),
        deadline,
        owners: OWNERS.map(|owner| (owner.key(), words::owner(owner, lang), ask.owner == Some(owner))).into(),
        codes: codes(&figures, &scene),
        views: views(&scene),
        view,
        groups: shown.iter().map(|(group, sums)| row(group, *sums, most, &named, &scene)).collect(),
        total: count(groups.len() as u64, lang),
        saved: saved(&scene, List::Hr, &filters).await?,
        files: files(&figures, &run, &scene).await?,
        calls: super::finance::forms_of(&scene, "calllist"),
        previous: (at > 1).then(|| to(at - 1)),
        next: (at < pages).then(|| to(at + 1)),
    }))
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

/// The groups with cases of the view; `None`: all findings are looked at.
async fn found(scene: &Scene<'_>) -> Result<Option<Arc<Vec<CaseGroup>>>, Response> {
    let Some(view) = scene.ask.cases else { return Ok(None) };
    let filter = view.filter(&scene.ask.viewer, scene.today());
    let by_unit = scene.ask.units().is_some();
    let found = scene.site.memory.case_groups(&scene.site.app, scene.period, filter, by_unit).await;
    found.map(Some).map_err(|error| scene.trouble(error))
}

/// What is shown by code and, where the assessor can mend it, by assessor, the most Rupiah first: causes as the run added
/// them up, or those with cases that match.
fn groups<'a>(figures: &'a Figures, found: Option<&'a [CaseGroup]>, ask: &Ask) -> Vec<(Group<'a>, Sums)> {
    // Whoever sees everybody is told no units of cases.
    let wanted = |code: Code, unit: &str| {
        (ask.units().is_none() || ask.viewer.sees(unit))
            && ask.code.is_none_or(|wanted| wanted == code)
            && ask.owner.is_none_or(|owner| owner == code.owner())
    };
    let add = |sums: &mut HashMap<Group<'a>, (u64, i64)>, group: Group<'a>, heads: u64, risk: i64| {
        let known = sums.entry(group).or_default();
        *known = (known.0 + heads, known.1 + risk);
    };
    let group = |code: Code, superior: &'a str| Group { code, superior: (code.owner() == Owner::Assessor).then_some(superior) };
    let mut gravest: HashMap<Code, Severity> = HashMap::new();
    let mut all: HashMap<Group<'a>, (u64, i64)> = HashMap::new();
    let mut with_cases = all.clone();
    for cause in &figures.causes {
        let severity = gravest.entry(cause.code).or_insert(cause.severity);
        *severity = (*severity).min(cause.severity);
        if wanted(cause.code, &cause.unit) {
            add(&mut all, group(cause.code, &cause.superior), cause.heads, cause.risk.0);
        }
    }
    for of in found.unwrap_or_default().iter().filter(|of| wanted(of.code, &of.unit)) {
        add(&mut with_cases, group(of.code, &of.superior), of.heads, of.risk);
    }
    let shown = match ask.cases {
        None => all,
        Some(CaseView::Unassigned) => all
            .into_iter()
            .filter_map(|(group, (heads, risk))| {
                let (taken, of_them) = with_cases.get(&group).copied().unwrap_or_default();
                (heads > taken).then(|| (group, (heads - taken, (risk - of_them).max(0))))
            })
            .collect(),
        Some(_) => with_cases,
    };
    let sums = |(group, (heads, risk)): (Group<'a>, (u64, i64))| {
        let severity = gravest.get(&group.code).copied().unwrap_or(group.code.default_severity());
        (group, (severity, heads, risk))
    };
    let mut groups: Vec<_> = shown.into_iter().map(sums).collect();
    groups.sort_by(|(one, (a, heads, risk)), (other, (b, more, higher))| (higher, a, more, one).cmp(&(risk, b, heads, other)));
    groups
}

fn row(group: &Group<'_>, (severity, heads, risk): Sums, most: i64, named: &BTreeMap<Nip, Listed>, scene: &Scene<'_>) -> GroupRow {
    let lang = scene.ask.lang;
    let superior = group.superior.map(|text| Superior::of(text, named, scene));
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
        let key = match known {
            Some(known) => format!("~{}", known.handle),
            // An assessor whom the period does not list has no handle.
            None if scene.veil.shows_nips() => nip.to_string(),
            None => "?".to_owned(),
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

/// Findings about whole files, in a view those with such a case: shown to whoever sees everybody. While the figures are
/// of an earlier run than the cases, none.
async fn files(figures: &Figures, run: &ShownRun, scene: &Scene<'_>) -> Result<Vec<FileRow>, Response> {
    let ask = scene.ask;
    let wanted = figures.of_files.iter().filter(|finding| {
        ask.units().is_none()
            && figures.run.stamp == run.stamp
            && ask.code.is_none_or(|code| code == finding.code)
            && ask.owner.is_none_or(|owner| owner == finding.code.owner())
    });
    let mut wanted: Vec<&Finding> = wanted.collect();
    if let Some(view) = ask.cases {
        let ids: Vec<&str> = wanted.iter().map(|finding| finding.id.as_str()).collect();
        let cases = scene.site.app.store.cases_named(&ids).await.map_err(|error| scene.trouble(error))?;
        let filter = view.filter(&ask.viewer, scene.today());
        wanted.retain(|finding| filter.holds(cases.get(&finding.id), finding.is_open()));
    }
    let row = |finding: &Finding| FileRow {
        code: finding.code.code(),
        sentence: scene.veil.text(&sentence::sentence(finding, ask.lang), true),
        step: scene.veil.text(&sentence::next_step(finding, ask.lang), true),
        case: scene.links.to(&super::case::path(scene.period, &finding.id), &[]),
        waived: FindingView::of(finding, scene.veil, scene.zone, ask.lang).waived,
    };
    Ok(wanted.into_iter().take(PAGE).map(row).collect())
}
