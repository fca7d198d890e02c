//! Payment list, rekap and call list of the stored run: the files that the page gives, and the call list as JSON.

use super::answer::{self, Answer};
use super::call::Call;
use super::describe::{Gives, Operation, count, list, maybe, number, object, one_of, text, with};
use super::params::{codes, owners, standings};
use super::problem::{Kind, Problem};
use super::shown::{Shown, failed, head_schema};
use crate::domain::access::Right;
use crate::export::List;
use crate::web::Site;
use crate::web::document::{Form, Unwritten, Wanted, written};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use serde_json::Value;
use std::sync::Arc;

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/documents/{document}",
    id: "get_document",
    what: (
        "Nominatif, rekap, atau daftar telepon sebagai berkas. Nominatif memerlukan see_accounts, semuanya see_nip.",
        "Nominatif, rekap or call list as a file. The nominatif needs see_accounts, all of them see_nip.",
    ),
    query: &[],
    sends: None,
    gives: Gives::File(&[Form::Xlsx.media_type(), Form::Pdf.media_type(), Form::Json.media_type()]),
    refuses: &[409],
};

pub(super) const CALLS: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/calllist",
    id: "get_calllist",
    what: ("Siapa yang perlu dihubungi dahulu, seperti selaras export calllist.", "Whom to call first, as selaras export calllist has it."),
    query: &[],
    sends: None,
    gives: Gives::Json("Calllist"),
    refuses: &[409],
};

/// Names of the documents.
pub(super) fn names() -> Vec<&'static str> {
    vec![
        "nominatif.xlsx",
        "nominatif.pdf",
        "nominatif.json",
        "rekap.xlsx",
        "rekap.pdf",
        "rekap.json",
        "calllist.xlsx",
        "calllist.pdf",
        "calllist.json",
    ]
}

/// Refuses whoever may not have what stands in the list.
fn admit(call: &Call, list: List) -> Result<(), Problem> {
    let may = call.viewer.may(Right::SeeNip) && (list != List::Nominatif || call.viewer.may(Right::SeeAccounts));
    if !may {
        let detail = call.lang.pick(
            "Dokumen ini memuat NIP lengkap (dan nominatif nomor rekening); peran atau token ini tidak boleh melihatnya.",
            "This document holds whole NIPs (and the nominatif account numbers); this role or token may not see them.",
        );
        return Err(Problem::new(Kind::Forbidden, call.lang, detail));
    }
    Ok(())
}

async fn write(site: &Arc<Site>, call: &Call, shown: &Shown, list: List, form: Form) -> Result<Vec<u8>, Problem> {
    let period = shown.period;
    let lang = call.asked.unwrap_or(site.lang);
    let wanted = Wanted { viewer: &call.viewer, pass: &call.pass, lang, period, list, form };
    written(site, &wanted).await.map_err(|why| match why {
        Unwritten::App(error) => failed(call)(error),
        Unwritten::NoRun => super::shown::no_run(call, period),
        Unwritten::PolicyMoved => Problem::new(Kind::Policy, call.lang, Unwritten::policy_moved(call.lang)),
    })
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    call.period()?;
    let name = call.part("document").map_err(|_| call.nothing())?;
    let Some((list, form)) = crate::web::document::of_name(name) else { return Err(call.nothing()) };
    admit(&call, list)?;
    let shown = Shown::open(&site, &call).await?;
    let tag = shown.tag(&call);
    if call.has(&tag) {
        return Ok(answer::unchanged(&tag));
    }
    let bytes = write(&site, &call, &shown, list, form).await?;
    let mut response = answer::kept(bytes.into_response(), &tag);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    let name = format!("attachment; filename=\"{}-{}.{}\"", list.key(), shown.period, form.ending());
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

pub(super) async fn calls(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&CALLS)?;
    admit(&call, List::Calllist)?;
    let shown = Shown::open(&site, &call).await?;
    let tag = shown.tag(&call);
    if call.has(&tag) {
        return Ok(answer::unchanged(&tag));
    }
    let bytes = write(&site, &call, &shown, List::Calllist, Form::Json).await?;
    Ok(answer::json(String::from_utf8(bytes).unwrap_or_default(), &tag))
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let waiting = || object([("heads", count()), ("rupiah", number())]);
    let held = object([
        ("nip", text()),
        ("name", maybe(text())),
        ("unit", maybe(text())),
        ("verdict", one_of(standings())),
        ("rupiah", number()),
        ("codes", list(one_of(codes()))),
    ]);
    let row = object([
        ("by", text()),
        ("key", text()),
        ("owner", maybe(one_of(owners()))),
        ("nip", maybe(text())),
        ("name", maybe(text())),
        ("heads", count()),
        ("rupiah", number()),
        ("alone", waiting()),
        ("findings", count()),
        ("codes", list(object([("code", one_of(codes())), ("heads", count())]))),
        ("people", list(held)),
    ]);
    // The export's own head: it tells no doubt.
    let mut head = head_schema();
    if let Some(properties) = head["properties"].as_object_mut() {
        properties.remove("doubt");
    }
    if let Some(required) = head["required"].as_array_mut() {
        required.retain(|name| name != "doubt");
    }
    vec![("Calllist", with(head, [("totals", waiting()), ("rows", list(row))]))]
}
