//! `/sandi`: whoever is signed in gives themselves another password.

use super::sign_in::{html, layout};
use super::{closed, see_other, shown};
use crate::app::AppError;
use crate::app::access::{self, By, Presented};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::Layout;
use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "sandi.html")]
struct Page {
    layout: Layout,
    trouble: String,
    done: bool,
    account: String,
    csrf: String,
}

fn page(site: &Site, ask: &Ask, status: StatusCode, trouble: &str, done: bool) -> Response {
    let layout = layout(site, ask.lang, "/sandi", ask.lang.pick("Ganti kata sandi", "Change the password"));
    let (account, csrf) = (ask.viewer.account.clone(), ask.pass.csrf.clone());
    html(status, &Page { layout, trouble: trouble.to_owned(), done, account, csrf })
}

/// `GET /sandi`.
pub(in crate::web) async fn show_password(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    if ask.pass.session.is_none() {
        return closed(&site, Some(if ask.lang == site.lang { "" } else { "bahasa=en" }));
    }
    page(&site, &ask, StatusCode::OK, "", false)
}

/// `POST /sandi`: the old password once more, the new one twice. All other sessions of the account end.
pub(in crate::web) async fn change_password(State(site): State<Arc<Site>>, ask: Ask, form: Form<Vec<(String, String)>>) -> Response {
    let lang = ask.lang;
    let Some(session) = ask.pass.session.clone() else { return see_other("/") };
    let value = |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let wrong = |trouble: &str| page(&site, &ask, StatusCode::UNPROCESSABLE_ENTITY, trouble, false);
    let unwell = |error: AppError| shown(&site, false, StatusCode::SERVICE_UNAVAILABLE, error.sentence(lang), lang);
    if value("baru") != value("ulang") {
        return wrong(lang.pick("Kedua kata sandi baru tidak sama.", "The two new passwords differ."));
    }
    let name = ask.viewer.account.clone();
    match access::check_password(&site.app, &name, value("baru")).await {
        Ok(()) => {}
        Err(error @ AppError::Access(_)) => return wrong(&error.sentence(lang)),
        Err(error) => return unwell(error),
    }
    let by = By { account: name.clone(), address: ask.pass.address.clone() };
    // The old one is tried like a sign-in: it counts, and too many failures bar the account.
    let presented = Presented { name: name.clone(), password: value("lama").to_owned(), address: by.address.clone(), replaces: None };
    match access::confirm(&site.app, presented).await {
        Ok(true) => {}
        Ok(false) => return wrong(lang.pick("Kata sandi lama tidak cocok.", "The old password is not right.")),
        Err(error) => return unwell(error),
    }
    match access::set_password(&site.app, &by, &name, value("baru").to_owned(), Some(&session)).await {
        Ok(()) => page(&site, &ask, StatusCode::OK, "", true),
        Err(error @ AppError::Access(_)) => wrong(&error.sentence(lang)),
        Err(error) => unwell(error),
    }
}
