//! What every page about a period needs first: the period, its stored run, the policy, and whether the reader may look.

use super::html;
use super::trouble::Trouble;
use crate::app::AppError;
use crate::app::shown::{self, Doubt, Stored};
use crate::domain::Period;
use crate::domain::access::Right;
use crate::domain::evidence::Kind;
use crate::domain::text::Lang;
use crate::export::{Header, KindCompleteness, words};
use crate::policy::Policy;
use crate::store::{Figures, ShownRun};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::links::Links;
use crate::web::veil::Veil;
use crate::web::view::{age, count, when};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often a page is read when reconciliations are committed meanwhile: they take far longer than reading a page.
pub(in crate::web) const AGAIN: usize = 4;

/// The page instead of one whose parts were of several runs each time.
pub(super) fn unsettled(site: &Site, ask: &Ask) -> Response {
    let sentence = ask.lang.pick(
        "Pencocokan baru sedang menggantikan angka halaman ini. Muat ulang sebentar lagi.",
        "A new reconciliation is taking the place of the figures of this page. Load it again in a moment.",
    );
    Trouble::new(StatusCode::SERVICE_UNAVAILABLE, sentence).at(ask.period).show(site, ask.lang)
}

/// The period that is looked at, and those that can be.
pub(super) struct Periods {
    pub(super) chosen: Period,
    /// Latest first.
    pub(super) known: Vec<Period>,
}

impl Periods {
    /// Months that were reconciled or delivered. Unless the reader chooses, the latest one that is due.
    pub(super) async fn of(site: &Site, ask: &Ask) -> Result<Self, AppError> {
        let mut known: BTreeSet<Period> = site.app.store.known_months().await?;
        let current = site.app.current_period();
        let due = known.range(..=current).next_back().copied();
        let chosen = ask.period.or(due).or(known.first().copied()).unwrap_or(current);
        known.insert(chosen);
        Ok(Self { chosen, known: known.into_iter().rev().collect() })
    }

    /// Values, names and which is chosen, for a `<select>`.
    pub(super) fn options(&self, lang: Lang) -> Vec<(String, String, bool)> {
        self.known.iter().map(|period| (period.to_string(), words::period(*period, lang), *period == self.chosen)).collect()
    }
}

/// A period with its run.
pub(super) struct Scene<'a> {
    pub(super) site: &'a Site,
    pub(super) ask: &'a Ask,
    pub(super) periods: Periods,
    pub(super) period: Period,
    pub(super) policy: Policy,
    pub(super) now: DateTime<Utc>,
    pub(super) zone: Tz,
    pub(super) links: Links,
    pub(super) veil: Veil,
    /// Why the run may hold no longer.
    pub(super) doubt: Option<Doubt>,
}

impl<'a> Scene<'a> {
    /// The period, if the reader's roles open the room; else the page that says why not.
    pub(super) async fn open(site: &'a Site, ask: &'a Ask, right: Option<Right>) -> Result<Self, Response> {
        let lang = ask.lang;
        if right.is_some_and(|right| !ask.viewer.may(right)) {
            return Err(Trouble::closed(lang).at(ask.period).show(site, lang));
        }
        let gone = |error: &AppError, period| Trouble::of(error, lang).at(period).show(site, lang);
        let periods = Periods::of(site, ask).await.map_err(|error| gone(&error, ask.period))?;
        let period = periods.chosen;
        let policy = site.memory.policy(&site.app, period).map_err(|error| gone(&error, Some(period)))?;
        let doubt = shown::doubt(&site.app, period).await.map_err(|error| gone(&error, Some(period)))?;
        Ok(Self {
            doubt,
            site,
            ask,
            periods,
            period,
            policy,
            now: site.app.clock.now(),
            zone: site.app.config.schedule.timezone.get(),
            links: ask.links(Some(period), site),
            veil: Veil::of(&ask.viewer),
        })
    }

    /// The page for an error.
    pub(super) fn trouble(&self, error: impl Into<AppError>) -> Response {
        Trouble::of(&error.into(), self.ask.lang).at(Some(self.period)).show(self.site, self.ask.lang)
    }

    /// The period's figures; else the page that says that there is no run yet.
    pub(super) async fn figures(&self) -> Result<Arc<Figures>, Response> {
        self.or_nothing_yet(self.site.memory.figures(&self.site.app, self.period).await).await
    }

    /// The figures of the last run, for what is read of that run beside them.
    pub(super) async fn figures_of_last(&self) -> Result<Arc<Figures>, Response> {
        self.or_nothing_yet(self.site.memory.figures_of_last(&self.site.app, self.period).await).await
    }

    async fn or_nothing_yet(&self, found: Result<Option<Arc<Figures>>, AppError>) -> Result<Arc<Figures>, Response> {
        let found = found.map_err(|error| self.trouble(error))?;
        match found.filter(|figures| Stored::of(&figures.run).is_some()) {
            Some(figures) => Ok(figures),
            None => Err(self.nothing_yet().await),
        }
    }

    /// Whether another reconciliation has taken the place of the run while a page of it was being read: then the parts of
    /// the page may be of two, and it has to be read again ([`AGAIN`] times at most, then [`unsettled`]).
    pub(super) async fn is_overtaken(&self, run: &ShownRun) -> Result<bool, Response> {
        self.is_overtaken_in(self.period, run).await
    }

    /// The same of a run of another period.
    pub(super) async fn is_overtaken_in(&self, period: Period, run: &ShownRun) -> Result<bool, Response> {
        let now = self.site.app.store.shown_run(period).await.map_err(|error| self.trouble(error))?;
        Ok(now.is_none_or(|now| now.stamp != run.stamp))
    }

    /// The page of a period that has not been reconciled.
    pub(super) async fn nothing_yet(&self) -> Response {
        let app = &self.site.app;
        match app.store.latest_span(Kind::Roster, self.period, self.now).await {
            Err(error) => return self.trouble(error),
            Ok(None) => return self.trouble(AppError::NoRoster(self.period)),
            Ok(Some(_)) => {}
        }
        let title = words::period(self.period, self.ask.lang);
        html(&Empty { layout: self.layout(title.clone(), Room::Home, "/", &[]), period: title, command: self.command() })
    }

    /// What a system administrator types.
    fn command(&self) -> String {
        format!("selaras reconcile --period {}", self.period)
    }

    /// The layout of a page of the scene.
    pub(super) fn layout(&self, title: String, room: Room, path: &str, filters: &[(&str, &str)]) -> Layout {
        let other = self.links.other_lang().to(path, filters);
        Layout { title, room, links: self.links, other, viewer: Some(self.ask.viewer.clone()) }
    }

    /// Today, in the ministry's own time.
    pub(super) fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// How far away a day is, in working days; whether it has passed.
    pub(super) fn until(&self, day: NaiveDate) -> (String, bool) {
        let lang = self.ask.lang;
        let today = self.today();
        let between = |from: NaiveDate, to: NaiveDate| {
            let days = self.policy.calendar.workdays(from + chrono::TimeDelta::days(1), to).len() as u64;
            count(days, lang)
        };
        match day.cmp(&today) {
            std::cmp::Ordering::Equal => (lang.pick("hari ini", "today").to_owned(), false),
            std::cmp::Ordering::Greater => {
                let left = between(today, day);
                (lang.pick(format!("{left} hari kerja lagi"), format!("{left} working days left")), false)
            }
            std::cmp::Ordering::Less => {
                let ago = between(day, today);
                (lang.pick(format!("lewat {ago} hari kerja"), format!("{ago} working days ago")), true)
            }
        }
    }

    /// Of which run the figures are, how old it is and how complete.
    pub(super) fn run_line(&self, run: &ShownRun) -> RunLine {
        let lang = self.ask.lang;
        let stored = Stored::of(run);
        let header = stored.as_ref().map(|stored| stored.header(&self.policy, self.period, run));
        let required = &self.site.app.config.evidence.required;
        let waived = stored.as_ref().map_or(0, Stored::waived);
        let open = stored.map(|stored| open_kinds(&stored.completeness(required).kinds, lang)).unwrap_or_default();
        RunLine { waived: (waived > 0).then(|| count(waived, lang)), ..self.line(run, header.as_ref(), open) }
    }

    /// The same with what is said about one person.
    pub(super) fn line(&self, run: &ShownRun, header: Option<&Header>, open: String) -> RunLine {
        let lang = self.ask.lang;
        let sha: String = run.policy_sha.chars().take(12).collect();
        RunLine {
            at: when(run.checked_at, self.zone, lang),
            age: age(run.checked_at, self.now, lang),
            as_of: when(run.as_of, self.zone, lang),
            id: run.id.clone(),
            complete: run.complete,
            waived: None,
            doubt: self.doubt.map(|doubt| doubted(doubt, lang)),
            open,
            trial: header.is_none_or(|header| header.trial),
            unverified: header.map(|header| header.unverified_rules_used.clone()).unwrap_or_default(),
            policy: format!("{} ({sha})", run.policy_id),
            policy_moved: run.policy_sha != self.policy.sha256,
        }
    }
}

fn doubted(doubt: Doubt, lang: Lang) -> &'static str {
    match doubt {
        Doubt::News => lang.pick(
            "Ada data baru atau ditarik sesudah pencocokan ini; angkanya dapat berubah. Cocokkan ulang.",
            "Data has come or was taken back since this reconciliation; its figures may change. Reconcile again.",
        ),
        Doubt::Expired => lang.pick(
            "Bukti yang dipakai sudah melewati batas umurnya; yang layak mungkin belum diketahui lagi. Tarik data dan cocokkan ulang.",
            "The evidence is older than it may be; who is eligible may be unknown again. Pull and reconcile again.",
        ),
    }
}

/// What stands over every figure.
pub(super) struct RunLine {
    /// When the run last ended.
    pub at: String,
    /// How long ago.
    pub age: String,
    /// The instant of its evidence.
    pub as_of: String,
    pub id: String,
    pub complete: bool,
    /// How many findings are excused, on which the verdicts rest; `None`: none, or it is told elsewhere.
    pub waived: Option<String>,
    /// Why it may hold no longer, in words.
    pub doubt: Option<&'static str>,
    /// Required data that is not known, in words.
    pub open: String,
    /// Figures that nobody may pay by, and the rules behind that.
    pub trial: bool,
    pub unverified: Vec<String>,
    pub policy: String,
    /// The policy in the folder is another one by now.
    pub policy_moved: bool,
}

#[derive(Template)]
#[template(path = "empty.html")]
struct Empty {
    layout: Layout,
    period: String,
    command: String,
}

/// Required kinds that are not known for everybody: `presensi (12 orang)`.
pub(super) fn open_kinds(kinds: &[KindCompleteness], lang: Lang) -> String {
    let open = kinds.iter().filter(|kind| kind.required && kind.open() > 0);
    let said = open.map(|kind| {
        let people = lang.pick("orang", "people");
        format!("{} ({} {people})", words::kind(kind.kind, lang), count(kind.open(), lang))
    });
    said.collect::<Vec<_>>().join(", ")
}
