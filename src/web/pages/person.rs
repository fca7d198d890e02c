//! `/pegawai/{nip}`: one person as the run saw them: verdict and why, what each source says side by side, the days,
//! the computation, and the last twelve months.

mod calendar;
mod sides;

use self::calendar::{Week, weekdays, weeks};
use self::sides::{SideRow, sides};
use super::html;
use super::scene::{AGAIN, RunLine, Scene, unsettled};
use super::trouble::Trouble;
use crate::app::AppError;
use crate::app::shown::{self, Person};
use crate::domain::access::Right;
use crate::domain::evidence::Kind;
use crate::domain::text::Lang;
use crate::domain::verdict::{Amounts, DeductionLine, Step, Verdict};
use crate::domain::{Finding, Nip, Period};
use crate::export::{sentence, steps, why, words};
use crate::store::{Listed, ShownRun};
use crate::web::Site;
use crate::web::ask::{Ask, is_handle};
use crate::web::cover;
use crate::web::layout::{Layout, Room};
use crate::web::view::{ExhibitView, FindingView, maybe_money, money, standing_tone};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Months that are looked back.
const MONTHS: i32 = 12;

#[derive(Template)]
#[template(path = "person.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    path: String,
    nip: String,
    name: String,
    run: RunLine,
    standing: &'static str,
    tone: &'static str,
    why: String,
    facts: Vec<(&'static str, String)>,
    amounts: Vec<AmountRow>,
    difference: Option<String>,
    deductions: Vec<(String, String, String)>,
    steps: Vec<StepView>,
    /// Working it out again comes to what the run concluded.
    is_replayed: bool,
    findings: Vec<FindingView>,
    sides: Vec<SideRow>,
    window: String,
    weekdays: [(&'static str, &'static str); 7],
    weeks: Vec<Week>,
    history: Vec<Month>,
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

/// One of the last months.
struct Month {
    period: String,
    link: String,
    here: bool,
    standing: &'static str,
    tone: &'static str,
    due: String,
    paid: String,
    difference: String,
    codes: String,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, Path(who): Path<String>, ask: Ask) -> Response {
    match page(&site, &ask, &who).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

/// Whom the address names. A whole NIP is understood from whoever may see it only; else it would be a way to ask for
/// one. A person of another unit is nobody.
async fn find(scene: &Scene<'_>, who: &str) -> Result<Listed, Response> {
    let (lang, store) = (scene.ask.lang, &scene.site.app.store);
    let nip = match who.strip_prefix('~') {
        Some(handle) if is_handle(handle) => store.handled(handle).await.map_err(|error| scene.trouble(error))?,
        Some(_) => None,
        None => match Nip::parse(who) {
            Ok(nip) => Some(nip).filter(|_| scene.veil.shows_nips()),
            Err(_) => {
                let sentence = lang.pick(
                    "Bukan NIP: tulis 18 digit di alamat ini, /pegawai/NIP.",
                    "Not a NIP: write 18 digits in this address, /pegawai/NIP.",
                );
                return Err(Trouble::new(StatusCode::BAD_REQUEST, sentence).at(Some(scene.period)).show(scene.site, lang));
            }
        },
    };
    let nobody = |shown: String| scene.trouble(AppError::Nobody(scene.period, shown));
    let Some(nip) = nip else { return Err(nobody("–".to_owned())) };
    let mut listed = store.listed_of(scene.period, &[nip]).await.map_err(|error| scene.trouble(error))?;
    let seen = listed.remove(&nip).filter(|row| scene.ask.viewer.sees(&row.unit));
    seen.ok_or_else(|| nobody(nip.masked()))
}

async fn page(site: &Site, ask: &Ask, who: &str) -> Result<Page, Response> {
    // However often the page is read, one look is one line in the audit log.
    let mut told = false;
    for _ in 0..AGAIN {
        if let Some(page) = read(site, ask, who, &mut told).await? {
            return Ok(page);
        }
    }
    Err(unsettled(site, ask))
}

/// `None`: a reconciliation was committed meanwhile.
async fn read(site: &Site, ask: &Ask, who: &str, told: &mut bool) -> Result<Option<Page>, Response> {
    let scene = Scene::open(site, ask, Some(Right::SeePeople)).await?;
    let run = site.app.store.shown_run(scene.period).await.map_err(|error| scene.trouble(error))?;
    let Some(run) = run else { return Err(scene.nothing_yet().await) };
    let listed = find(&scene, who).await?;
    let months: Vec<Period> = (0..MONTHS).map(|back| scene.period.offset(-back)).collect();
    if !std::mem::replace(told, true) {
        let seen = site.trail().person_seen(&ask.viewer, &ask.pass, scene.period, &listed.nip).await;
        seen.map_err(|error| scene.trouble(error))?;
    }
    let person = shown::person(&site.app, scene.period, listed.nip, &run).await.map_err(|error| scene.trouble(error))?;
    let history = site.app.store.listed_over(listed.nip, &months).await.map_err(|error| scene.trouble(error))?;
    let is_overtaken = scene.is_overtaken(&run).await?;
    Ok((!is_overtaken).then(|| view(&scene, &run, &listed, &person, &history)))
}

fn view(scene: &Scene<'_>, run: &ShownRun, listed: &Listed, person: &Person, history: &[Listed]) -> Page {
    let (lang, veil) = (scene.ask.lang, scene.veil);
    let verdict = &person.verdict;
    let name = verdict.name.clone().unwrap_or_else(|| lang.pick("(tanpa nama)", "(no name)").to_owned());
    let mut derivation = Vec::new();
    for (at, step) in verdict.derivation.iter().enumerate() {
        flatten(step, format!("{}.", at + 1), 0, scene, &mut derivation);
    }
    let path = format!("/pegawai/~{}", listed.handle);
    let deduction = |line: &DeductionLine| {
        let days = line.days.map_or("–".to_owned(), |days| days.to_string());
        (words::deduction(&line.rule, lang), days, words::percent(line.percent, lang))
    };
    let mut line = scene.line(run, Some(&person.header), unknown_kinds(&verdict.unknown, lang));
    line.complete = verdict.unknown.is_empty();
    let (from, to) = person.window;
    Page {
        layout: scene.layout(name.clone(), Room::Person, &path, &[]),
        periods: scene.periods.options(lang),
        period: words::period(scene.period, lang),
        path,
        nip: veil.nip(verdict.nip),
        name,
        run: line,
        standing: words::standing(verdict.standing, lang),
        tone: standing_tone(verdict.standing),
        why: veil.text(&why(verdict, lang), true),
        facts: facts(verdict, lang),
        amounts: amounts(verdict, lang),
        difference: verdict.difference().map(money),
        deductions: verdict.deductions.iter().map(deduction).collect(),
        steps: derivation,
        is_replayed: person.is_replayed,
        findings: verdict.findings.iter().map(|finding| finding_view(finding, &listed.handle, scene)).collect(),
        sides: sides(person, scene),
        window: format!("{} – {}", words::day(from, lang), words::day(to, lang)),
        weekdays: weekdays(lang),
        weeks: weeks(person, scene),
        history: history.iter().filter(|row| scene.ask.viewer.sees(&row.unit)).map(|row| month(row, scene)).collect(),
    }
}

/// A finding with the address of its case, for whoever sees cases.
fn finding_view(finding: &Finding, handle: &str, scene: &Scene<'_>) -> FindingView {
    let view = FindingView::of(finding, scene.veil, scene.zone, scene.ask.lang);
    let sees = scene.ask.viewer.may(Right::SeeCases);
    let name = cover::case_of(scene.veil, finding, handle);
    let case = if sees { scene.links.to(&super::case::path(scene.period, &name), &[]) } else { String::new() };
    FindingView { case, ..view }
}

fn month(row: &Listed, scene: &Scene<'_>) -> Month {
    let lang = scene.ask.lang;
    let links = crate::web::links::Links { period: Some(row.period), ..scene.links };
    Month {
        period: words::period(row.period, lang),
        link: links.person(&row.handle),
        here: row.period == scene.period,
        standing: words::standing(row.standing, lang),
        tone: standing_tone(row.standing),
        due: maybe_money(row.due),
        paid: maybe_money(row.paid),
        difference: maybe_money(row.paid.zip(row.due).map(|(paid, due)| paid - due)),
        codes: if row.codes.is_empty() { "–".to_owned() } else { row.codes.clone() },
    }
}

fn facts(verdict: &Verdict, lang: Lang) -> Vec<(&'static str, String)> {
    let none = || lang.pick("tidak ada", "none").to_owned();
    let unit = [verdict.unit.as_deref(), verdict.unit_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    vec![
        (lang.pick("Unit", "Unit"), if unit.is_empty() { none() } else { unit }),
        (lang.pick("Kelas jabatan", "Class"), verdict.kelas_jabatan.map_or_else(none, |class| class.to_string())),
        ("Predikat", verdict.predikat.map_or_else(none, |predikat| predikat.label().to_owned())),
    ]
}

fn amounts(verdict: &Verdict, lang: Lang) -> Vec<AmountRow> {
    let three = |amounts: Amounts| [amounts.gross, amounts.deduction, amounts.net].map(money);
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

fn flatten(step: &Step, number: String, depth: usize, scene: &Scene<'_>, into: &mut Vec<StepView>) {
    let (lang, veil) = (scene.ask.lang, scene.veil);
    let value =
        |(name, value): &(String, String)| (steps::value(name, lang).to_owned(), veil.text(&sentence::say(name, value, lang), false));
    into.push(StepView {
        name: steps::step(&step.name, lang),
        depth: depth.min(4),
        values: step.values.iter().map(value).collect(),
        rules: step
            .rules
            .iter()
            .map(|rule| (rule.path.clone(), rule.source.clone(), steps::verified(rule, lang), rule.verified == "true"))
            .collect(),
        evidence: step.evidence.iter().map(|exhibit| ExhibitView::of(exhibit, veil, scene.zone, lang)).collect(),
        number: number.clone(),
    });
    for (at, part) in step.parts.iter().enumerate() {
        flatten(part, format!("{number}{}.", at + 1), depth + 1, scene, into);
    }
}

/// Names of required kinds that are not known for a person.
fn unknown_kinds(kinds: &[Kind], lang: Lang) -> String {
    let mut kinds = kinds.to_vec();
    kinds.sort_by_key(|kind| kind.key());
    kinds.dedup();
    kinds.iter().map(|kind| words::kind(*kind, lang)).collect::<Vec<_>>().join(", ")
}
