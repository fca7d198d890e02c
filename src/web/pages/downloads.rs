//! `/unduh/{periode}/{dokumen}`: the lists of the stored run, as the export writes them.

use super::scene::Scene;
use super::trouble::Trouble;
use crate::app::AppError;
use crate::app::report::{self, PayoutReport};
use crate::domain::access::Right;
use crate::export::{Format, List, write_list, write_list_pdf};
use crate::web::Site;
use crate::web::ask::Ask;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeSet;
use std::sync::Arc;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
    let Some((key, ending)) = name.split_once('.') else { return wrong() };
    let Some(list) = List::ALL.into_iter().find(|list| list.key() == key) else { return wrong() };
    if !matches!(ending, "xlsx" | "pdf") {
        return wrong();
    }
    ask.period = Some(period);
    let shuts = list == List::Nominatif && !ask.viewer.may(Right::SeeAccounts);
    if shuts || !ask.viewer.may(Right::SeeNip) {
        return Trouble::closed(lang).at(ask.period).show(&site, lang);
    }
    match write(&site, &ask, list, ending == "pdf").await {
        Ok(bytes) => answer(bytes, &format!("{key}-{period}.{ending}"), if ending == "pdf" { "application/pdf" } else { XLSX }),
        Err(trouble) => trouble,
    }
}

async fn write(site: &Arc<Site>, ask: &Ask, list: List, pdf: bool) -> Result<Vec<u8>, Response> {
    let scene = Scene::open(site, ask, Some(Right::Export)).await?;
    let document = format!("{}.{}", list.key(), if pdf { "pdf" } else { "xlsx" });
    let noted = site.trail().exported(&ask.viewer, &ask.pass, &document, scene.period).await;
    noted.map_err(|error| scene.trouble(error))?;
    // A whole period is laid out for it: one after the other.
    let turn = Arc::clone(&site.exports).acquire_owned().await;
    // Read when it is our turn: who waited must not put an older run's evidence under a newer one's name.
    let run = site.app.store.shown_run(scene.period).await.map_err(|error| scene.trouble(error))?;
    let Some(run) = run else { return Err(scene.nothing_yet().await) };
    if run.policy_sha != scene.policy.sha256 {
        let sentence = ask.lang.pick(
            "Kebijakan berubah sejak pencocokan terakhir: dokumen ini akan berisi angka yang belum pernah dicocokkan. Cocokkan ulang dahulu.",
            "The policy has changed since the last reconciliation: this document would hold figures that nobody has reconciled. Reconcile first.",
        );
        return Err(Trouble::new(StatusCode::CONFLICT, sentence).at(ask.period).show(site, ask.lang));
    }
    let mut report = report::payout(&site.app, scene.period, run.as_of).await.map_err(|error| scene.trouble(error))?;
    report.report.header.run = run.id;
    if let Some(units) = ask.units() {
        keep(&mut report, &units);
    }
    let lang = ask.lang;
    let written = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        let payout = report.as_payout();
        if pdf {
            write_list_pdf(list, lang, &payout, &mut bytes)?
        } else {
            write_list(list, Format::Xlsx, lang, &payout, &mut bytes)?
        }
        Ok::<_, crate::export::ExportError>(bytes)
    });
    let written = written.await.map_err(|gone| scene.trouble(AppError::Io("unduh".to_owned(), std::io::Error::other(gone.to_string()))))?;
    drop(turn);
    written.map_err(|error| scene.trouble(error))
}

/// Leaves only people of these units; what is wrong with whole files is nobody's.
fn keep(report: &mut PayoutReport, units: &BTreeSet<String>) {
    let seen = |unit: Option<&String>| units.contains(unit.map_or("", String::as_str));
    report.report.verdicts.retain(|verdict| seen(verdict.unit.as_ref()));
    let kept: BTreeSet<_> = report.report.verdicts.iter().map(|verdict| verdict.nip).collect();
    report.report.findings.retain(|row| row.finding.nip.is_some_and(|nip| kept.contains(&nip)));
    report.accounts.retain(|nip, _| kept.contains(nip));
}

fn answer(bytes: Vec<u8>, name: &str, kind: &'static str) -> Response {
    let mut response = bytes.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}
