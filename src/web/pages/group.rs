//! `/sdm/kelompok`: the people behind one root cause with their cases, what can be done with several of them at once, and
//! a reminder that can be copied.

mod people;

use self::people::{CaseRow, Forms, Refusal};
use super::casework::{Accounts, told};
use super::finance::PAGE;
use super::hr::Superior;
use super::html;
use super::scene::{AGAIN, RunLine, Scene, unsettled};
use super::trouble::Trouble;
use crate::domain::access::Right;
use crate::domain::finding::{Finding, Owner};
use crate::domain::text::fold;
use crate::domain::{Code, Nip, Rupiah};
use crate::export::{sentence, words};
use crate::store::{Figures, ListWanted, Listed, ShownRun};
use crate::web::Site;
use crate::web::ask::{Ask, CaseView, is_handle};
use crate::web::cases::Typed;
use crate::web::layout::{Layout, Room};
use crate::web::view::{count, money, severity_of};
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// People whom a reminder names; of more, it says how many.
const NAMED: u32 = 200;

#[derive(Template)]
#[template(path = "group.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    path: &'static str,
    kept: Vec<(&'static str, String)>,
    run: RunLine,
    code: &'static str,
    title: &'static str,
    severity: (&'static str, &'static str),
    who: String,
    /// Heads and Rupiah; `None`: they are being added up.
    sums: Option<(String, String)>,
    deadline: Option<String>,
    example: Option<(String, String)>,
    reminder: String,
    /// Something was done.
    told: Option<&'static str>,
    /// Nothing was done, and why.
    wrong: Option<String>,
    view: Option<&'static str>,
    forms: Option<Forms>,
    action: String,
    people: Vec<CaseRow>,
    first: Option<String>,
    next: Option<String>,
    back: String,
}

/// The address.
const PATH: &str = "/sdm/kelompok";

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask, None).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

pub(in crate::web) async fn work(State(site): State<Arc<Site>>, ask: Ask, Form(form): Form<Vec<(String, String)>>) -> Response {
    let typed = Typed::read(&form);
    let (status, sentence) = match people::act(&site, &ask, &form, &typed).await {
        Ok(response) => return response,
        Err(Refusal::Trouble(trouble)) => return *trouble,
        Err(Refusal::Said(status, sentence)) => (status, sentence),
    };
    match page(&site, &ask, Some((sentence, typed))).await {
        Ok(page) => {
            let mut response = html(&page);
            *response.status_mut() = status;
            response
        }
        Err(trouble) => trouble,
    }
}

/// What the addresses of a group carry on.
fn kept(ask: &Ask) -> Vec<(&'static str, String)> {
    let code = ask.code.map_or("", Code::code).to_owned();
    let view = ask.cases.map_or("", CaseView::key).to_owned();
    vec![("kode", code), ("atasan", ask.superior.clone()), ("saring", view)]
}

fn unknown_assessor(scene: &Scene<'_>) -> Response {
    let lang = scene.ask.lang;
    let sentence = lang.pick("Penilai itu tidak dikenal pada periode ini.", "That assessor is not known in this period.");
    Trouble::new(StatusCode::NOT_FOUND, sentence).at(Some(scene.period)).show(scene.site, lang)
}

/// Under whom; `None`: whoever it is.
async fn superior(scene: &Scene<'_>) -> Result<Option<String>, Response> {
    let given = scene.ask.superior.as_str();
    let nobody = || unknown_assessor(scene);
    match given.strip_prefix('~') {
        _ if given.is_empty() => Ok(None),
        _ if given == "-" => Ok(Some(String::new())),
        Some(handle) if is_handle(handle) => {
            let nip = scene.site.app.store.handled(handle).await.map_err(|error| scene.trouble(error))?;
            nip.map(|nip| Some(nip.to_string())).ok_or_else(nobody)
        }
        None if scene.veil.shows_nips() => Nip::parse(given).map(|nip| Some(nip.to_string())).map_err(|_| nobody()),
        _ => Err(nobody()),
    }
}

fn without_code(scene: &Scene<'_>) -> Response {
    let lang = scene.ask.lang;
    let sentence =
        lang.pick("Kelompok ini memerlukan kode temuan. Pilih dari daftar SDM.", "This group needs a code. Choose it from the HR list.");
    Trouble::new(StatusCode::BAD_REQUEST, sentence).at(Some(scene.period)).show(scene.site, lang)
}

/// Whom the reminder names: everybody of the group, whatever cases are looked at.
async fn named(scene: &Scene<'_>, wanted: ListWanted) -> Result<Vec<Listed>, Response> {
    let wanted = ListWanted { after: None, cases: None, limit: NAMED, ..wanted };
    let listed = scene.site.app.store.list(scene.period, &wanted).await.map_err(|error| scene.trouble(error))?;
    let mut named = listed.map(|(_, rows)| rows).unwrap_or_default();
    named.sort_by_cached_key(|row| fold(&row.name));
    Ok(named)
}

/// The assessor, as the reader may see them.
async fn assessor(scene: &Scene<'_>, superior: Option<&str>) -> Result<Option<Superior>, Response> {
    let nips: Vec<Nip> = superior.iter().filter_map(|nip| Nip::parse(nip).ok()).collect();
    let listed = scene.site.app.store.listed_of(scene.period, &nips).await.map_err(|error| scene.trouble(error))?;
    Ok(superior.map(|nip| Superior::of(nip, &listed, scene)))
}

async fn page(site: &Site, ask: &Ask, wrong: Option<(String, Typed)>) -> Result<Page, Response> {
    for _ in 0..AGAIN {
        if let Some(page) = read(site, ask, wrong.clone()).await? {
            return Ok(page);
        }
    }
    Err(unsettled(site, ask))
}

/// What hangs on the group: heads and Rupiah of whom the reader may see; `None` while the run of the rows is being added up.
fn sums(scene: &Scene<'_>, figures: &Figures, run: &ShownRun, code: Code, superior: Option<&str>) -> Option<(u64, Rupiah)> {
    (figures.run.stamp == run.stamp).then(|| sums_of(scene, figures, code, superior))
}

/// Heads and Rupiah of the group in these figures.
fn sums_of(scene: &Scene<'_>, figures: &Figures, code: Code, superior: Option<&str>) -> (u64, Rupiah) {
    let of_group = figures.causes.iter().filter(|cause| {
        cause.code == code && scene.ask.viewer.sees(&cause.unit) && superior.is_none_or(|superior| *superior == cause.superior)
    });
    let (heads, risk) = of_group.fold((0, 0), |(heads, risk), cause| (heads + cause.heads, risk + cause.risk.0));
    (heads, Rupiah(risk))
}

/// `None`: a reconciliation was committed meanwhile.
async fn read(site: &Site, ask: &Ask, wrong: Option<(String, Typed)>) -> Result<Option<Page>, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeeCases)).await?;
    let lang = ask.lang;
    let Some(code) = ask.code else { return Err(without_code(&scene)) };
    // Only where the assessor can mend it are people grouped by assessor.
    let superior = superior(&scene).await?.filter(|_| code.owner() == Owner::Assessor);
    let wanted = ListWanted {
        code: Some(code),
        superior: superior.clone(),
        units: ask.units(),
        cases: ask.cases.map(|view| view.filter(&ask.viewer, scene.today())),
        after: Some(ask.after.clone()).filter(|after| !after.is_empty()),
        limit: PAGE + 1,
        ..ListWanted::default()
    };
    let listed = site.app.store.list(scene.period, &wanted).await.map_err(|error| scene.trouble(error))?;
    let Some((run, mut rows)) = listed else { return Err(scene.nothing_yet().await) };
    let figures = scene.figures().await?;
    let sums = sums(&scene, &figures, &run, code, superior.as_deref());
    // An assessor under whom the reader sees nobody is told from one who does not exist by nothing.
    if rows.is_empty() && superior.as_ref().is_some_and(|superior| !superior.is_empty()) {
        let figures = scene.figures_of_last().await?;
        if sums_of(&scene, &figures, code, superior.as_deref()).0 == 0 {
            return Err(unknown_assessor(&scene));
        }
    }
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let accounts = Accounts::of(&scene, None).await?;
    let people = people::rows(&scene, code, &rows, &accounts).await?;
    let example = match rows.first() {
        Some(row) => example(&scene, row.nip, code).await?,
        None => None,
    };
    let named = named(&scene, wanted).await?;
    let assessor = assessor(&scene, superior.as_deref()).await?;
    let kept = kept(ask);
    let pairs: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = PATH;
    let (wrong, typed) = wrong.map_or((None, Typed::default()), |(sentence, typed)| (Some(sentence), typed));
    let with = |after: &str| {
        let mut pairs = pairs.clone();
        pairs.push(("sesudah", after));
        scene.links.to(path, &pairs)
    };
    let deadline = scene.policy.kppn_deadline(scene.period).map(|day| format!("{} ({})", words::day(day, lang), scene.until(day).0));
    let title = sentence::title(code, lang);
    let severity = figures.causes.iter().filter(|cause| cause.code == code).map(|cause| cause.severity).min();
    let about = About { code, sums, assessor: assessor.as_ref(), step: example.as_ref().map(|(_, step)| step.as_str()) };
    if scene.is_overtaken(&run).await? {
        return Ok(None);
    }
    Ok(Some(Page {
        layout: scene.layout(format!("{code} {title}"), Room::Hr, path, &pairs),
        periods: scene.periods.options(lang),
        period: words::period(scene.period, lang),
        path,
        run: scene.run_line(&run),
        code: code.code(),
        severity: severity_of(severity.unwrap_or(code.default_severity()), lang),
        who: assessor.as_ref().map_or_else(|| words::owner(code.owner(), lang).to_owned(), |superior| superior.said.clone()),
        sums: sums.map(|(heads, risk)| (count(heads, lang), money(risk))),
        reminder: reminder(&scene, &about, &named),
        told: told(&ask.told, lang).filter(|_| wrong.is_none()),
        wrong,
        view: ask.cases.map(|view| view.said(lang)),
        forms: people::forms(&scene, &accounts, typed).filter(|_| !people.is_empty()),
        action: scene.links.to(path, &pairs),
        people,
        first: (!ask.after.is_empty()).then(|| scene.links.to(path, &pairs)),
        next: rows.last().filter(|_| more).map(|row| with(&row.handle)),
        back: scene.links.to("/sdm", &[("saring", ask.cases.map_or("", CaseView::key))]),
        title,
        deadline,
        example,
        kept: kept.clone(),
    }))
}

/// What the finding says about one of the people, and what to do about it.
async fn example(scene: &Scene<'_>, nip: Nip, code: Code) -> Result<Option<(String, String)>, Response> {
    let reader = scene.site.app.store.verdicts(scene.period, Some(&[nip])).await.map_err(|error| scene.trouble(error))?;
    let verdicts = reader.all().await.map_err(|error| scene.trouble(error))?;
    let (lang, veil) = (scene.ask.lang, scene.veil);
    let of_accounts = code.code().starts_with("BK");
    let say = |finding: &Finding| {
        (veil.text(&sentence::sentence(finding, lang), of_accounts), veil.text(&sentence::next_step(finding, lang), of_accounts))
    };
    Ok(verdicts.iter().flat_map(|verdict| &verdict.findings).find(|finding| finding.code == code).map(say))
}

struct About<'a> {
    code: Code,
    sums: Option<(u64, Rupiah)>,
    assessor: Option<&'a Superior>,
    step: Option<&'a str>,
}

/// A letter that can be copied into a mail or a message.
fn reminder(scene: &Scene<'_>, about: &About<'_>, people: &[Listed]) -> String {
    let lang = scene.ask.lang;
    let owner = words::owner(about.code.owner(), lang);
    let to = match about.assessor {
        Some(superior) => superior.name.clone().unwrap_or_else(|| superior.said.clone()),
        None => owner.to_owned(),
    };
    let period = words::period(scene.period, lang);
    // While they are being added up, the letter names no number.
    let heads = about.sums.map_or(String::new(), |(heads, _)| format!("{} ", count(heads, lang)));
    let title = sentence::title(about.code, lang);
    let assessed = about.code.owner() == Owner::Assessor;
    let mut lines = vec![lang.pick(format!("Yth. {to},"), format!("Dear {to},")), String::new()];
    lines.push(match assessed {
        true => lang.pick(
            format!("Untuk tukin {period}, {heads}pegawai yang Bapak/Ibu nilai masih terkendala: {title}."),
            format!("For the tukin of {period}, {heads}people whom you assess are still held up: {title}."),
        ),
        false => lang.pick(
            format!("Untuk tukin {period}, {heads}pegawai masih terkendala: {title}."),
            format!("For the tukin of {period}, {heads}people are still held up: {title}."),
        ),
    });
    if let Some((_, risk)) = about.sums.filter(|(_, risk)| risk.0 > 0) {
        let sum = money(risk);
        lines.push(lang.pick(format!("Nilai yang menunggu: {sum}."), format!("Amount that waits: {sum}.")));
    }
    lines.extend(about.step.map(|step| lang.pick(format!("Yang diperlukan: {step}"), format!("What is needed: {step}"))));
    if let Some(day) = scene.policy.kppn_deadline(scene.period) {
        let day = words::day(day, lang);
        lines.push(lang.pick(format!("Batas penyampaian ke KPPN: {day}."), format!("KPPN must have the payment by {day}.")));
    }
    lines.push(String::new());
    for (at, row) in people.iter().enumerate() {
        lines.push(format!("{}. {} ({})", at + 1, row.name, scene.veil.nip(row.nip)));
    }
    let rest = about.sums.map_or(0, |(heads, _)| heads.saturating_sub(people.len() as u64));
    if about.sums.is_none() && people.len() >= NAMED as usize {
        lines.push(lang.pick("… dan pegawai lain.", "… and others.").to_owned());
    }
    if rest > 0 {
        let rest = count(rest, lang);
        lines.push(lang.pick(format!("… dan {rest} pegawai lain."), format!("… and {rest} others.")));
    }
    lines.extend([String::new(), lang.pick("Terima kasih.", "Thank you.").to_owned()]);
    lines.join("\n")
}
