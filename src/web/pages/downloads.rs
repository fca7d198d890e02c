//! `/unduh/{periode}/{dokumen}`: the lists of the stored run, as the export writes them.

use super::scene::Scene;
use super::trouble::Trouble;
use crate::domain::access::Right;
use crate::export::List;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::document::{Form, Unwritten, Wanted, of_name, written};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, Path((period, name)): Path<(String, String)>, mut ask: Ask) -> Response {
    let lang = ask.lang;
    let wrong = || {
        let sentence = lang.pick(
            "Tidak ada dokumen di alamat ini. Yang ada: nominatif, rekap, dan calllist, sebagai .xlsx atau .pdf.",
            "There is no document at this address. There are: nominatif, rekap and calllist, as .xlsx or .pdf.",
        );
        Trouble::new(StatusCode::NOT_FOUND, sentence).show(&site, lang)
    };
    let Ok(period) = period.parse() else { return wrong() };
    let Some((list, form)) = of_name(&name).filter(|(_, form)| *form != Form::Json) else { return wrong() };
    ask.period = Some(period);
    let shuts = list == List::Nominatif && !ask.viewer.may(Right::SeeAccounts);
    if shuts || !ask.viewer.may(Right::SeeNip) {
        return Trouble::closed(lang).at(ask.period).show(&site, lang);
    }
    match write(&site, &ask, list, form).await {
        Ok(bytes) => answer(bytes, &format!("{}-{period}.{}", list.key(), form.ending()), form.media_type()),
        Err(trouble) => trouble,
    }
}

async fn write(site: &Arc<Site>, ask: &Ask, list: List, form: Form) -> Result<Vec<u8>, Response> {
    let scene = Scene::open(site, ask, Some(Right::Export)).await?;
    let wanted = Wanted { viewer: &ask.viewer, pass: &ask.pass, lang: ask.lang, period: scene.period, list, form };
    match written(site, &wanted).await {
        Ok(bytes) => Ok(bytes),
        Err(Unwritten::App(error)) => Err(scene.trouble(error)),
        Err(Unwritten::NoRun) => Err(scene.nothing_yet().await),
        Err(Unwritten::PolicyMoved) => {
            let sentence = Unwritten::policy_moved(ask.lang);
            Err(Trouble::new(StatusCode::CONFLICT, sentence).at(ask.period).show(site, ask.lang))
        }
    }
}

fn answer(bytes: Vec<u8>, name: &str, kind: &'static str) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}
