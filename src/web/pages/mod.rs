//! The pages, one a file: each gathers what its template shows.

pub(super) mod findings;
pub(super) mod home;
pub(super) mod people;
pub(super) mod person;
pub(super) mod trouble;

use super::Site;
use super::ask::Ask;
use super::memory::Seen;
use crate::app::AppError;
use crate::domain::Period;
use crate::domain::evidence::Kind;
use crate::domain::period::Span;
use crate::domain::text::Lang;
use crate::export::words;
use crate::store::SourceFilter;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use std::collections::BTreeSet;
use trouble::Trouble;

/// Renders a page; a template that cannot be rendered is a bug.
fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The period that is looked at, and those that can be.
struct Periods {
    chosen: Period,
    /// Latest first.
    known: Vec<Period>,
}

impl Periods {
    /// Months for which the ministry has delivered something. Unless the reader chooses, the latest one that is due.
    async fn of(site: &Site, ask: &Ask) -> Result<Self, AppError> {
        let files = SourceFilter::of([Kind::Roster, Kind::Attendance, Kind::Payment]);
        let sources = site.app.store.sources(&files, site.app.clock.now()).await?;
        let months = sources.iter().filter_map(|source| match source.span {
            Span::Month(month) => Some(month),
            _ => None,
        });
        let mut known: BTreeSet<Period> = months.collect();
        let current = site.app.current_period();
        let due = known.range(..=current).next_back().copied();
        let chosen = ask.period.or(due).or(known.first().copied()).unwrap_or(current);
        known.insert(chosen);
        Ok(Self { chosen, known: known.into_iter().rev().collect() })
    }

    /// Values, names and which is chosen, for a `<select>`.
    fn options(&self, lang: Lang) -> Vec<(String, String, bool)> {
        self.known.iter().map(|period| (period.to_string(), words::period(*period, lang), *period == self.chosen)).collect()
    }
}

/// The periods and the chosen one, evaluated.
async fn look(site: &Site, ask: &Ask) -> Result<(Periods, Seen), Response> {
    let gone = |error: AppError, period| Trouble::of(&error, ask.lang).at(period).show(site, ask.lang);
    let periods = Periods::of(site, ask).await.map_err(|error| gone(error, ask.period))?;
    let seen = site.memory.of(&site.app, periods.chosen).await.map_err(|error| gone(error, Some(periods.chosen)))?;
    Ok((periods, seen))
}
