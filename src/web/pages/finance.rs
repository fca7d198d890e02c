//! `/keuangan`: everybody of the period with verdict and amounts, filtered, sorted and page by page.

use super::home::Sums;
use super::html;
use super::scene::{RunLine, Scene};
use super::views::{List, Saved, saved};
use crate::app::shown::Stored;
use crate::domain::Code;
use crate::domain::access::Right;
use crate::domain::verdict::Standing;
use crate::export::{sentence, words};
use crate::store::{Figures, ListOrder, ListWanted, Listed, ShownRun};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{count, maybe_money, money, standing_tone};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows on one page of a list.
pub(super) const PAGE: u32 = 50;
/// Units offered in a `<select>`; of more, the code is typed.
const UNITS: usize = 80;

#[derive(Template)]
#[template(path = "finance.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    run: RunLine,
    totals: Option<Vec<(&'static str, &'static str, String, String)>>,
    views: Vec<(String, &'static str, bool)>,
    saved: Option<Saved>,
    standings: Vec<(&'static str, &'static str, bool)>,
    codes: Vec<(&'static str, String, bool)>,
    units: Option<Vec<(String, String, bool)>>,
    unit: String,
    orders: Vec<(&'static str, &'static str, bool)>,
    search: String,
    people: Vec<PersonRow>,
    first: Option<String>,
    next: Option<String>,
    documents: Vec<Document>,
    check: Option<String>,
    bridge: String,
    /// What the codes of the list mean.
    legend: Vec<(&'static str, &'static str)>,
}

/// One person of a list.
pub(super) struct PersonRow {
    pub nip: String,
    pub name: String,
    pub unit: String,
    pub class: String,
    pub standing: &'static str,
    pub tone: &'static str,
    pub due: String,
    pub paid: String,
    pub difference: String,
    pub differs: bool,
    pub risk: String,
    pub codes: String,
    /// Codes that a waiver excuses; empty: none.
    pub waived: String,
    pub link: String,
}

/// One list to take away.
struct Document {
    name: &'static str,
    what: &'static str,
    links: Vec<(String, &'static str)>,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

/// `/pegawai` of earlier versions.
pub(in crate::web) async fn moved(request: Request) -> Response {
    redirect("/keuangan", request.uri().query())
}

/// Another address with the same query.
pub(super) fn redirect(path: &str, query: Option<&str>) -> Response {
    let to = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    match axum::http::HeaderValue::from_str(&to) {
        Ok(to) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, to)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeePeople)).await?;
    let figures = scene.figures().await?;
    let wanted = ListWanted {
        standing: ask.standing,
        code: ask.code,
        superior: None,
        unit: Some(ask.unit.clone()).filter(|unit| !unit.is_empty()),
        units: ask.units(),
        sought: ask.sought(),
        order: ask.order,
        cases: None,
        after: Some(ask.after.clone()).filter(|after| !after.is_empty()),
        limit: PAGE + 1,
    };
    let listed = site.app.store.list(scene.period, &wanted).await.map_err(|error| scene.trouble(error))?;
    let Some((run, mut rows)) = listed else { return Err(scene.nothing_yet().await) };
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let filters = filters(ask);
    let after = rows.last().map(|row| row.handle.clone()).filter(|_| more);
    let links = scene.links;
    let with = |after: &str| {
        let mut pairs = filters.clone();
        pairs.push(("sesudah", after));
        links.to("/keuangan", &pairs)
    };
    let lang = ask.lang;
    let period = words::period(scene.period, lang);
    let title = lang.pick("Keuangan", "Finance");
    Ok(Page {
        layout: scene.layout(format!("{title} – {period}"), Room::Finance, "/keuangan", &filters),
        periods: scene.periods.options(lang),
        period,
        run: scene.run_line(&run),
        totals: totals(&scene, &figures, &run),
        views: views(&scene),
        saved: saved(&scene, List::Finance, &filters).await?,
        standings: Standing::ALL.map(|known| (known.key(), words::standing(known, lang), ask.standing == Some(known))).into(),
        codes: codes(&scene, &figures),
        units: units(&scene, &figures),
        unit: ask.unit.clone(),
        orders: ListOrder::ALL.map(|(key, order)| (key, said(order, lang), ask.order == order)).into(),
        search: ask.search.clone(),
        legend: legend(&rows, lang),
        people: rows.iter().map(|row| person_row(row, &scene)).collect(),
        first: (!ask.after.is_empty()).then(|| links.to("/keuangan", &filters)),
        next: after.map(|after| with(&after)),
        documents: if ask.viewer.may(Right::Export) { documents(&scene) } else { Vec::new() },
        check: ask.viewer.may(Right::CheckPayment).then(|| links.to("/keuangan/periksa-adk", &[])),
        bridge: links.to("/keuangan/jembatan", &[]),
    })
}

fn filters(ask: &Ask) -> Vec<(&'static str, &str)> {
    vec![
        ("putusan", ask.standing.map_or("", Standing::key)),
        ("kode", ask.code.map_or("", Code::code)),
        ("unit", &ask.unit),
        ("cari", &ask.search),
        ("urut", if ask.order == ListOrder::default() { "" } else { ask.order.key() }),
    ]
}

fn said(order: ListOrder, lang: crate::domain::text::Lang) -> &'static str {
    match order {
        ListOrder::Risk => lang.pick("Rupiah berisiko", "Rupiah at risk"),
        ListOrder::Name => lang.pick("Nama", "Name"),
        ListOrder::Gap => lang.pick("Selisih terbesar", "Largest difference"),
    }
}

/// Heads and Rupiah by verdict, unless they are of another run than the rows or the filters ask for some of them only.
fn totals(scene: &Scene<'_>, figures: &Figures, run: &ShownRun) -> Option<Vec<(&'static str, &'static str, String, String)>> {
    let (ask, lang) = (scene.ask, scene.ask.lang);
    let stored = Stored::of(run).filter(|_| ask.unit.is_empty() && ask.units().is_none());
    let sums = (figures.run.stamp == run.stamp).then(|| Sums::of(figures, ask));
    let of = |standing| match &stored {
        Some(stored) => Some(stored.of_standing(standing)),
        None => sums.as_ref().map(|sums| sums.of_standing(standing)),
    };
    let row = |standing| {
        let (heads, rupiah) = of(standing)?;
        Some((words::standing(standing, lang), standing_tone(standing), count(heads, lang), money(rupiah)))
    };
    Standing::ALL.into_iter().map(row).collect()
}

/// Lists that are asked for often; any other one is its address.
fn views(scene: &Scene<'_>) -> Vec<(String, &'static str, bool)> {
    let (ask, lang) = (scene.ask, scene.ask.lang);
    let plain = ask.search.is_empty() && ask.unit.is_empty() && ask.code.is_none();
    let view = |standing: Option<Standing>, order: ListOrder, id, en| {
        let pairs = [("putusan", standing.map_or("", Standing::key)), ("urut", if order == ListOrder::Risk { "" } else { order.key() })];
        (scene.links.to("/keuangan", &pairs), lang.pick(id, en), plain && ask.standing == standing && ask.order == order)
    };
    vec![
        view(None, ListOrder::Risk, "Semua", "Everybody"),
        view(Some(Standing::Tertahan), ListOrder::Risk, "Tertahan, Rupiah terbesar", "Held, most Rupiah"),
        view(Some(Standing::BelumDiketahui), ListOrder::Risk, "Belum diketahui", "Not known yet"),
        view(None, ListOrder::Gap, "Selisih bayar terbesar", "Largest difference paid"),
        view(Some(Standing::Layak), ListOrder::Name, "Layak menurut nama", "Eligible by name"),
    ]
}

fn codes(scene: &Scene<'_>, figures: &Figures) -> Vec<(&'static str, String, bool)> {
    let (ask, lang) = (scene.ask, scene.ask.lang);
    let mut codes: Vec<Code> = figures.causes.iter().map(|cause| cause.code).chain(ask.code).collect();
    codes.sort_unstable_by_key(|code| code.code());
    codes.dedup();
    codes.iter().map(|code| (code.code(), format!("{code} {}", sentence::title(*code, lang)), ask.code == Some(*code))).collect()
}

fn units(scene: &Scene<'_>, figures: &Figures) -> Option<Vec<(String, String, bool)>> {
    let mut units: BTreeMap<&str, &str> = BTreeMap::new();
    for unit in figures.units.iter().filter(|unit| !unit.unit.is_empty() && scene.ask.viewer.sees(&unit.unit)) {
        units.insert(&unit.unit, &unit.name);
    }
    let known = scene.ask.unit.is_empty() || units.contains_key(scene.ask.unit.as_str());
    let option = |(code, name): (&&str, &&str)| ((*code).to_owned(), format!("{code} {name}"), scene.ask.unit == **code);
    (units.len() <= UNITS && known).then(|| units.iter().map(option).collect())
}

/// Every code that stands in these rows, with its title.
fn legend(rows: &[Listed], lang: crate::domain::text::Lang) -> Vec<(&'static str, &'static str)> {
    let said: std::collections::BTreeSet<&str> = rows.iter().flat_map(|row| row.codes.split(' ')).collect();
    let named = Code::ALL.iter().filter(|code| said.contains(code.code()));
    named.map(|code| (code.code(), crate::export::sentence::title(*code, lang))).collect()
}

/// A person of a list as the reader may see them.
pub(super) fn person_row(row: &Listed, scene: &Scene<'_>) -> PersonRow {
    let lang = scene.ask.lang;
    let difference = row.paid.zip(row.due).map(|(paid, due)| paid - due);
    let or = |text: &str, instead: &str| if text.is_empty() { instead.to_owned() } else { text.to_owned() };
    PersonRow {
        nip: scene.veil.nip(row.nip),
        name: or(&row.name, lang.pick("(tanpa nama)", "(no name)")),
        unit: or(&row.unit_name, &or(&row.unit, "–")),
        class: row.class.map_or("–".to_owned(), |class| class.to_string()),
        standing: words::standing(row.standing, lang),
        tone: standing_tone(row.standing),
        due: maybe_money(row.due),
        paid: maybe_money(row.paid),
        differs: difference.is_some_and(|difference| difference.0 != 0),
        difference: maybe_money(difference),
        risk: if row.risk.0 == 0 { "–".to_owned() } else { money(row.risk) },
        codes: or(&row.codes, "–"),
        waived: row.waived.clone(),
        link: scene.links.person(&row.handle),
    }
}

/// Where a list is taken away, as XLSX and as PDF; nowhere by who may not.
pub(super) fn forms_of(scene: &Scene<'_>, key: &str) -> Vec<(String, &'static str)> {
    if !scene.ask.viewer.may(Right::Export) {
        return Vec::new();
    }
    let link = |ending: &str| scene.links.to(&format!("/unduh/{}/{key}.{ending}", scene.period), &[]);
    vec![(link("xlsx"), "XLSX"), (link("pdf"), "PDF")]
}

fn documents(scene: &Scene<'_>) -> Vec<Document> {
    let lang = scene.ask.lang;
    let document = |key: &str, name, what| Document { name, what, links: forms_of(scene, key) };
    let mut documents = Vec::new();
    if scene.ask.viewer.may(Right::SeeAccounts) {
        let what = lang.pick("siapa dibayar berapa, ke rekening mana", "who is paid how much, to which account");
        documents.push(document("nominatif", "Nominatif", what));
    }
    documents.push(document("rekap", "Rekap", lang.pick("jumlah per kelas dan per unit", "sums by class and by unit")));
    let calls = lang.pick("siapa yang perlu dihubungi dahulu", "whom to call first");
    documents.push(document("calllist", lang.pick("Daftar hubung", "Call list"), calls));
    documents
}
