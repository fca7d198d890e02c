//! `/`: the period at a glance, and the one next step.

mod change;

use self::change::{Change, change};
use super::html;
use super::scene::{RunLine, Scene};
use crate::app::shown::Stored;
use crate::domain::access::Right;
use crate::domain::evidence::{Kind, Reason};
use crate::domain::verdict::Standing;
use crate::domain::{Code, Rupiah, Severity};
use crate::export::{KindCompleteness, sentence, words};
use crate::store::Figures;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{Bar, count, share, short, standing_tone, tone, when};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of a picture; the lists have the rest.
const CAUSES: usize = 10;
const UNITS: usize = 12;

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    layout: Layout,
    periods: Vec<(String, String, bool)>,
    period: String,
    run: RunLine,
    heads: String,
    scoped: bool,
    next: Next,
    standings: Vec<StandingCard>,
    days: Option<String>,
    steps: Vec<StepRow>,
    causes: Vec<CauseRow>,
    more_causes: usize,
    units: Vec<UnitRow>,
    more_units: usize,
    change: Option<Change>,
    kinds: Vec<KindRow>,
}

/// The one thing to do now.
struct Next {
    text: String,
    link: Option<(String, &'static str)>,
}

/// One of the four verdicts.
struct StandingCard {
    label: &'static str,
    tone: &'static str,
    heads: String,
    rupiah: String,
    /// People whose amount cannot be computed and is not in the sum.
    uncounted: Option<String>,
    link: Option<String>,
}

struct StepRow {
    name: String,
    owner: String,
    day: String,
    state: String,
    late: bool,
}

struct CauseRow {
    code: &'static str,
    title: &'static str,
    severity: &'static str,
    tone: &'static str,
    heads: String,
    rupiah: String,
    bar: Bar,
    link: Option<String>,
}

struct UnitRow {
    name: String,
    held: [String; 2],
    unknown: [String; 2],
    bar: Bar,
    link: Option<String>,
}

struct KindRow {
    name: &'static str,
    required: bool,
    states: [String; 5],
    /// Some required question is open.
    open: bool,
    reasons: String,
    seen: String,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, None).await?;
    let figures = scene.figures().await?;
    let stored = Stored::of(&figures.run);
    let lang = ask.lang;
    let midnight = scene.now.with_timezone(&scene.zone).date_naive().and_time(NaiveTime::MIN).and_local_timezone(scene.zone).earliest();
    let midnight = midnight.map_or(scene.now, |midnight| midnight.with_timezone(&Utc));
    let before = site.app.store.run_before(scene.period, &figures.run, midnight).await.map_err(|error| scene.trouble(error))?;
    let seen = site.app.store.received().await.map_err(|error| scene.trouble(error))?;
    let kinds = stored.as_ref().map(|stored| stored.completeness(&site.app.config.evidence.required).kinds).unwrap_or_default();
    let totals = Sums::of(&figures, ask);
    let (causes, more_causes) = causes(&figures, &scene);
    let (units, more_units) = units(&figures, &scene);
    let period = words::period(scene.period, lang);
    let run = scene.run_line(&figures.run);
    Ok(Page {
        layout: scene.layout(period.clone(), Room::Home, "/", &[]),
        periods: scene.periods.options(lang),
        period,
        heads: count(totals.0.iter().map(|sum| sum.heads).sum(), lang),
        scoped: ask.units().is_some(),
        next: next(&scene, &run, &kinds, &totals, &causes),
        standings: totals.cards(&scene),
        days: days(&scene),
        steps: steps(&scene),
        change: before.filter(|_| ask.units().is_none()).and_then(|before| change(&scene, &before, &figures)),
        kinds: kinds.iter().map(|kind| kind_row(kind, &scene, &seen)).collect(),
        causes,
        more_causes,
        units,
        more_units,
        run,
    })
}

/// Heads and Rupiah of the four verdicts, of what the reader may see.
#[derive(Default)]
pub(super) struct Sums([Sum; 4]);

#[derive(Default, Clone, Copy)]
struct Sum {
    heads: u64,
    due: i64,
    uncounted: u64,
}

impl Sums {
    pub(super) fn of(figures: &Figures, ask: &Ask) -> Self {
        let mut sums = Self::default();
        for unit in figures.units.iter().filter(|unit| ask.viewer.sees(&unit.unit) && (ask.unit.is_empty() || ask.unit == unit.unit)) {
            let sum = &mut sums.0[crate::export::place(unit.standing)];
            *sum = Sum { heads: sum.heads + unit.heads, due: sum.due + unit.due.0, uncounted: sum.uncounted + unit.uncounted };
        }
        sums
    }

    pub(super) fn of_standing(&self, standing: Standing) -> (u64, Rupiah) {
        let sum = self.0[crate::export::place(standing)];
        (sum.heads, Rupiah(sum.due))
    }

    fn cards(&self, scene: &Scene<'_>) -> Vec<StandingCard> {
        let lang = scene.ask.lang;
        let card = |standing: Standing| {
            let sum = self.0[crate::export::place(standing)];
            let open = scene.ask.viewer.may(Right::SeePeople);
            StandingCard {
                label: words::standing(standing, lang),
                tone: standing_tone(standing),
                heads: count(sum.heads, lang),
                rupiah: Rupiah(sum.due).to_string(),
                uncounted: (sum.uncounted > 0).then(|| count(sum.uncounted, lang)),
                link: open.then(|| scene.links.to("/keuangan", &[("putusan", standing.key())])),
            }
        };
        Standing::ALL.map(card).into()
    }
}

/// What hangs on each code, the most Rupiah first.
fn causes(figures: &Figures, scene: &Scene<'_>) -> (Vec<CauseRow>, usize) {
    let lang = scene.ask.lang;
    let mut codes: BTreeMap<Code, (Severity, u64, i64)> = BTreeMap::new();
    for cause in figures.causes.iter().filter(|cause| scene.ask.viewer.sees(&cause.unit)) {
        let of = codes.entry(cause.code).or_insert((cause.severity, 0, 0));
        *of = (of.0.min(cause.severity), of.1 + cause.heads, of.2 + cause.risk.0);
    }
    // What is wrong with whole files is nobody's unit.
    if scene.ask.units().is_none() {
        let mut of_files: BTreeMap<Code, (Severity, i64)> = BTreeMap::new();
        for finding in figures.of_files.iter().filter(|finding| finding.is_open()) {
            let of = of_files.entry(finding.code).or_insert((finding.severity, 0));
            *of = (of.0.min(finding.severity), of.1.max(finding.rupiah_at_risk.0));
        }
        for (code, (severity, risk)) in of_files {
            let of = codes.entry(code).or_insert((severity, 0, 0));
            *of = (of.0.min(severity), of.1, of.2 + risk);
        }
    }
    let mut codes: Vec<_> = codes.into_iter().filter(|(_, (.., risk))| *risk > 0).collect();
    codes.sort_by_key(|(code, (_, heads, risk))| (-risk, std::cmp::Reverse(*heads), code.code()));
    let most = codes.first().map_or(0, |(_, (.., risk))| *risk);
    let rows = codes.iter().take(CAUSES).map(|(code, (severity, heads, risk))| CauseRow {
        code: code.code(),
        title: sentence::title(*code, lang),
        severity: words::severity(*severity, lang),
        tone: tone(*severity),
        heads: count(*heads, lang),
        rupiah: Rupiah(*risk).to_string(),
        bar: Bar::one(share(*risk, most), tone(*severity)),
        link: scene.ask.viewer.may(Right::SeeCases).then(|| scene.links.to("/sdm", &[("kode", code.code())])),
    });
    (rows.collect(), codes.len().saturating_sub(CAUSES))
}

/// A unit's name, and heads and Rupiah of who is held and of who is unknown.
type Waiting<'a> = (&'a str, [(u64, i64); 2]);

/// What is held and what is unknown in each unit, apart; the most first.
fn units(figures: &Figures, scene: &Scene<'_>) -> (Vec<UnitRow>, usize) {
    let lang = scene.ask.lang;
    let mut units: BTreeMap<&str, Waiting<'_>> = BTreeMap::new();
    for unit in figures.units.iter().filter(|unit| scene.ask.viewer.sees(&unit.unit)) {
        let at = match unit.standing {
            Standing::Tertahan => 0,
            Standing::BelumDiketahui => 1,
            Standing::Layak | Standing::TidakBerhak => continue,
        };
        let of = units.entry(&unit.unit).or_default();
        of.0 = if unit.name.is_empty() { &unit.unit } else { &unit.name };
        of.1[at] = (of.1[at].0 + unit.heads, of.1[at].1 + unit.due.0);
    }
    let mut units: Vec<_> = units.into_iter().collect();
    units.sort_by_key(|(code, (_, [held, unknown]))| (-(held.1 + unknown.1), *code));
    let most = units.first().map_or(0, |(_, (_, [held, unknown]))| held.1 + unknown.1);
    let rows = units.iter().take(UNITS).map(|(code, (name, [held, unknown]))| {
        let said = |(heads, rupiah): (u64, i64)| [count(heads, lang), Rupiah(rupiah).to_string()];
        UnitRow {
            name: if name.is_empty() { lang.pick("(tanpa unit)", "(no unit)").to_owned() } else { (*name).to_owned() },
            held: said(*held),
            unknown: said(*unknown),
            bar: Bar { parts: vec![(share(held.1, most), "tag-red"), (share(unknown.1, most), "tag-amber")] },
            link: scene.ask.viewer.may(Right::SeePeople).then(|| scene.links.to("/keuangan", &[("unit", code)])),
        }
    });
    (rows.collect(), units.len().saturating_sub(UNITS))
}

/// Working days to the day on which KPPN must have the payment.
fn days(scene: &Scene<'_>) -> Option<String> {
    let lang = scene.ask.lang;
    let day = scene.policy.kppn_deadline(scene.period)?;
    Some(format!("{}: {}", words::day(day, lang), scene.until(day).0))
}

fn steps(scene: &Scene<'_>) -> Vec<StepRow> {
    let lang = scene.ask.lang;
    let row = |(step, day): (&crate::policy::InternalStep, Option<NaiveDate>)| {
        let (state, late) = day.map_or_else(
            || (lang.pick("daftar hari libur tahun itu belum ada", "no list of holidays for that year").to_owned(), false),
            |day| scene.until(day),
        );
        StepRow {
            name: step.step.clone(),
            owner: step.owner.clone(),
            day: day.map_or("–".to_owned(), |day| words::day(day, lang)),
            state,
            late,
        }
    };
    scene.policy.steps(scene.period).into_iter().map(row).collect()
}

fn kind_row(kind: &KindCompleteness, scene: &Scene<'_>, seen: &BTreeMap<Kind, DateTime<Utc>>) -> KindRow {
    let lang = scene.ask.lang;
    let reasons = kind.reasons.iter().map(|(key, heads)| {
        let said = Reason::from_key(key).map_or(key.as_str(), |reason| words::reason(reason, lang));
        format!("{said}: {}", count(*heads, lang))
    });
    KindRow {
        name: words::kind(kind.kind, lang),
        required: kind.required,
        states: [kind.present, kind.declared_absent, kind.not_asked, kind.failed, kind.stale].map(|heads| count(heads, lang)),
        open: kind.required && kind.open() > 0,
        reasons: reasons.collect::<Vec<_>>().join("; "),
        seen: seen.get(&kind.kind).map_or_else(|| lang.pick("belum pernah", "never").to_owned(), |at| when(*at, scene.zone, lang)),
    }
}

/// The one next step: what is known must be known first, then what holds most, then the documents.
fn next(scene: &Scene<'_>, run: &RunLine, kinds: &[KindCompleteness], totals: &Sums, causes: &[CauseRow]) -> Next {
    let lang = scene.ask.lang;
    let viewer = &scene.ask.viewer;
    let may =
        |right, path: &str, id: &'static str, en: &'static str| viewer.may(right).then(|| (scene.links.to(path, &[]), lang.pick(id, en)));
    if run.policy_moved {
        let text = lang.pick(
            "Kebijakan berubah sejak pencocokan ini. Jalankan pencocokan ulang sebelum memakai angka di bawah.",
            "The policy has changed since this reconciliation. Reconcile again before you use the figures below.",
        );
        return Next { text: text.to_owned(), link: may(Right::SeePolicy, "/kebijakan", "Lihat kebijakan", "See the policy") };
    }
    if let Some(doubt) = run.doubt {
        return Next { text: doubt.to_owned(), link: may(Right::SeeOperations, "/sinkronisasi", "Buka sinkronisasi", "Open sync") };
    }
    if let Some(kind) = kinds.iter().filter(|kind| kind.required && kind.open() > 0).max_by_key(|kind| kind.open()) {
        let (name, heads) = (words::kind(kind.kind, lang), count(kind.open(), lang));
        let text = lang.pick(
            format!("Lengkapi {name}: belum diketahui untuk {heads} orang. Selama itu mereka tidak dapat dinyatakan layak."),
            format!("Complete {name}: not known for {heads} people. Until then they cannot be called eligible."),
        );
        return Next { text, link: may(Right::SeeOperations, "/sinkronisasi", "Buka sinkronisasi", "Open sync") };
    }
    let (held, rupiah) = totals.of_standing(Standing::Tertahan);
    if let Some(cause) = causes.first().filter(|_| held > 0) {
        let (heads, title, sum) = (count(held, lang), cause.title, short(rupiah, lang));
        let text = lang.pick(
            format!("{heads} orang tertahan ({sum}). Mulai dari penyebab terbesar: {title}."),
            format!("{heads} people are held ({sum}). Begin with the largest cause: {title}."),
        );
        return Next { text, link: may(Right::SeeCases, "/sdm", "Buka temuan", "Open the findings") };
    }
    let text = lang.pick("Tidak ada yang tertahan. Unduh nominatif dan rekap.", "Nobody is held. Download nominatif and rekap.");
    Next { text: text.to_owned(), link: may(Right::Export, "/keuangan", "Buka keuangan", "Open finance") }
}
