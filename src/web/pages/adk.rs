//! `/keuangan/periksa-adk`: a payment file judged before it goes to KPPN. Nothing of it is stored.

use super::html;
use super::scene::{RunLine, Scene};
use super::trouble::Trouble;
use crate::app::adk::{Difference, Judged, judge};
use crate::domain::access::Right;
use crate::export::words;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{count, maybe_money, money};
use askama::Template;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// A larger file is no payment file of one period: 200,000 rows of an ADK are some 40 MB.
pub(in crate::web) const LARGEST: usize = 64 * 1024 * 1024;

#[derive(Template)]
#[template(path = "adk.html")]
struct Page {
    layout: Layout,
    period: String,
    run: RunLine,
    action: String,
    back: String,
    /// Why the file cannot be read.
    refused: Option<String>,
    judged: Option<Shown>,
}

struct Shown {
    file: String,
    sha: String,
    good: bool,
    rows: String,
    people: String,
    net: String,
    agreeing: String,
    elsewhere: Option<String>,
    notices: Vec<String>,
    faults: Vec<(&'static str, String, String)>,
    differences: Vec<Row>,
    more: Option<String>,
}

struct Row {
    name: String,
    nip: String,
    link: Option<String>,
    fault: &'static str,
    due: String,
    paid: String,
    gap: String,
}

pub(in crate::web) async fn ask_for_file(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    match page(&site, &ask, None).await {
        Ok(page) => html(&page),
        Err(trouble) => trouble,
    }
}

pub(in crate::web) async fn look(State(site): State<Arc<Site>>, ask: Ask, request: Request) -> Response {
    let lang = ask.lang;
    if !ask.viewer.may(Right::CheckPayment) {
        return Trouble::closed(lang).at(ask.period).show(&site, lang);
    }
    let too_large = lang.pick(
        "Berkas tidak diterima utuh: lebih dari 64 MB atau sambungan terputus. Tidak ada yang disimpan; ulangi bila perlu.",
        "The file did not come whole: more than 64 MB, or the connection broke. Nothing was stored; try again if need be.",
    );
    let none = lang.pick("Pilih berkas ADK terlebih dahulu.", "Choose a payment file first.");
    let file = match read(request).await {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err(none.to_owned()),
        Err(()) => Err(too_large.to_owned()),
    };
    let given = file.is_ok();
    match page(&site, &ask, Some(file)).await {
        Ok(page) => {
            let refused = page.refused.is_some();
            let mut response = html(&page);
            if refused {
                *response.status_mut() = if given { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
            }
            response
        }
        Err(trouble) => trouble,
    }
}

type File = (String, Vec<u8>);

/// The first file of the form that has a name.
async fn read(request: Request) -> Result<Option<File>, ()> {
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Ok(None) };
    while let Some(field) = form.next_field().await.map_err(|_| ())? {
        let name = field.file_name().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        if field.name() == Some("berkas") && !name.is_empty() {
            let bytes = field.bytes().await.map_err(|_| ())?;
            return Ok(Some((name.chars().take(120).collect(), bytes.to_vec())));
        }
    }
    Ok(None)
}

async fn page(site: &Site, ask: &Ask, file: Option<Result<File, String>>) -> Result<Page, Response> {
    let scene = Scene::open(site, ask, Some(Right::CheckPayment)).await?;
    let lang = ask.lang;
    let run = site.app.store.shown_run(scene.period).await.map_err(|error| scene.trouble(error))?;
    let Some(mut run) = run else { return Err(scene.nothing_yet().await) };
    let (mut refused, mut judged) = (None, None);
    match file {
        None => {}
        Some(Err(sentence)) => refused = Some(sentence),
        Some(Ok((name, bytes))) => match judge(&site.app, scene.period, name, bytes, ask.units().as_ref()).await {
            Ok(Some(found)) => {
                run = found.run.clone();
                judged = Some(shown(&found, &scene));
            }
            Ok(None) => return Err(scene.nothing_yet().await),
            Err(error) => refused = Some(scene.veil.text(&error.sentence(lang), true)),
        },
    }
    let (title, period) = (lang.pick("Periksa ADK sebelum ke KPPN", "Check a payment file before KPPN"), words::period(scene.period, lang));
    let path = "/keuangan/periksa-adk";
    Ok(Page {
        layout: scene.layout(format!("{title} – {period}"), Room::Finance, path, &[]),
        period,
        run: scene.run_line(&run),
        action: scene.links.to(path, &[]),
        back: scene.links.to("/keuangan", &[]),
        refused,
        judged,
    })
}

fn shown(judged: &Judged, scene: &Scene<'_>) -> Shown {
    let lang = scene.ask.lang;
    let total: u64 = judged.faults.values().map(|(count, _)| count).sum();
    let more = total - judged.differences.len() as u64;
    Shown {
        file: judged.file.clone(),
        sha: judged.sha256.chars().take(12).collect(),
        good: judged.is_good() && scene.doubt.is_none(),
        rows: count(judged.rows, lang),
        people: count(judged.people, lang),
        net: money(judged.net),
        agreeing: count(judged.agreeing, lang),
        elsewhere: (judged.elsewhere > 0).then(|| count(judged.elsewhere, lang)),
        notices: judged.notices.iter().map(|notice| notice.sentence(lang)).collect(),
        faults: judged
            .faults
            .iter()
            .map(|(fault, (heads, sum))| (fault.title(lang), count(*heads, lang), money(crate::domain::Rupiah(*sum))))
            .collect(),
        differences: judged.differences.iter().map(|difference| row(difference, scene)).collect(),
        more: (more > 0).then(|| count(more, lang)),
    }
}

fn row(difference: &Difference, scene: &Scene<'_>) -> Row {
    Row {
        name: difference.name.clone(),
        nip: scene.veil.nip(difference.nip),
        link: (!difference.handle.is_empty()).then(|| scene.links.person(&difference.handle)),
        fault: difference.fault.title(scene.ask.lang),
        due: maybe_money(difference.due),
        paid: maybe_money(difference.paid),
        gap: money(difference.gap()),
    }
}
