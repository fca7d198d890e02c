//! `/sesi`: whoever is signed in sees where else, and ends what is not theirs any more.

use super::html;
use super::trouble::Trouble;
use crate::app::{AppError, access};
use crate::web::Site;
use crate::web::access::{by, closed};
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{age, when};
use askama::Template;
use axum::extract::{Form, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

struct Row {
    id: String,
    began: String,
    seen: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct Page {
    layout: Layout,
    csrf: String,
    rows: Vec<Row>,
}

async fn page(site: &Site, ask: &Ask) -> Result<Page, AppError> {
    let (zone, now, lang) = (site.app.config.schedule.timezone.get(), site.app.clock.now(), ask.lang);
    let links = ask.links(ask.period, site);
    let here = ask.pass.session.as_deref().unwrap_or_default();
    let rows = site.app.store.sessions(Some(&ask.viewer.account)).await?.into_iter().map(|session| Row {
        began: when(session.created_at, zone, lang),
        seen: age(session.seen_at, now, lang),
        here: session.token_sha == here,
        id: session.id().to_owned(),
    });
    let rows = rows.collect();
    let title = lang.pick("Sesi Anda", "Your sessions").to_owned();
    let other = links.other_lang().to("/sesi", &[]);
    let layout = Layout { title, room: Room::Sessions, links, other, viewer: Some(ask.viewer.clone()) };
    Ok(Page { layout, csrf: ask.pass.csrf.clone(), rows })
}

/// `GET /sesi`.
pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    if ask.pass.session.is_none() {
        return closed(&site, Some(if ask.lang == site.lang { "" } else { "bahasa=en" }));
    }
    match page(&site, &ask).await {
        Ok(page) => html(&page),
        Err(error) => Trouble::of(&error, ask.lang).show(&site, ask.lang),
    }
}

/// `POST /sesi`: ends one of one's own sessions. One that has ended already is as it should be.
pub(in crate::web) async fn end(State(site): State<Arc<Site>>, ask: Ask, form: Form<Vec<(String, String)>>) -> Response {
    let id = form.iter().find(|(name, _)| name == "sesi").map_or("", |(_, value)| value.as_str());
    if id.is_empty() {
        let sentence = ask.lang.pick("Formulir ini tidak menyebut sesi.", "This form names no session.");
        return Trouble::new(StatusCode::BAD_REQUEST, sentence).show(&site, ask.lang);
    }
    match access::end_session(&site.app, &by(&ask.viewer, &ask.pass), id).await {
        Ok(()) => {
            let to = ask.links(None, &site).to("/sesi", &[]);
            let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sesi"));
            (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
        }
        Err(error) => Trouble::of(&error, ask.lang).show(&site, ask.lang),
    }
}
