//! `/api`: the descriptions of the API as a page.

use super::OPERATIONS;
use super::describe::{Gives, Operation, Parameter, Said, Values};
use super::problem::{Kind, MEDIA_TYPE};
use crate::domain::text::Lang;
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::pages::html;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "api.html")]
struct Page {
    layout: Layout,
    operations: Vec<OperationView>,
    problems: Vec<ProblemView>,
    words: Words,
}

/// What is written the same in every language.
struct Words {
    token: &'static str,
    curl: &'static str,
    me: &'static str,
    document: &'static str,
    next: &'static str,
    cursor: &'static str,
    tag: &'static str,
    key: &'static str,
    refusal: &'static str,
    kind: &'static str,
}

const WORDS: Words = Words {
    token: "selaras token add",
    curl: "curl -H \"Authorization: Bearer selaras_…\"",
    me: super::me::ONE.path,
    document: "/api/openapi.json",
    next: "next",
    cursor: super::params::CURSOR.name,
    tag: "If-None-Match",
    key: "Idempotency-Key",
    refusal: MEDIA_TYPE,
    kind: "type",
};

struct OperationView {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    what: &'static str,
    rights: String,
    parameters: Vec<ParameterView>,
    sends: Option<(&'static str, &'static str)>,
    gives: String,
    refuses: String,
}

struct ParameterView {
    name: &'static str,
    what: &'static str,
    values: String,
}

struct ProblemView {
    key: &'static str,
    uri: String,
    status: u16,
    title: &'static str,
}

pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    let lang = ask.lang;
    let links = ask.links(ask.period, &site);
    let title = lang.pick("API untuk program", "API for programs").to_owned();
    let layout = Layout { title, room: Room::Api, links, other: links.other_lang().to("/api", &[]), viewer: Some(ask.viewer) };
    let problem =
        |kind: &Kind| ProblemView { key: kind.key(), uri: kind.uri(), status: kind.status().as_u16(), title: pick(kind.title(), lang) };
    html(&Page {
        layout,
        operations: OPERATIONS.iter().map(|operation| view(operation, lang)).collect(),
        problems: Kind::ALL.iter().map(problem).collect(),
        words: WORDS,
    })
}

fn pick((id, en): Said, lang: Lang) -> &'static str {
    lang.pick(id, en)
}

fn view(operation: &'static Operation, lang: Lang) -> OperationView {
    let parameters = operation.places().chain(operation.query.iter().copied());
    OperationView {
        id: operation.id,
        method: operation.method,
        path: operation.path,
        what: pick(operation.what, lang),
        rights: operation.rights().join(", "),
        parameters: parameters.map(|known| parameter(known, lang)).chain(seen(operation, lang)).collect(),
        sends: operation.sends.as_ref().map(|sends| (sends.kind, pick(sends.what, lang))),
        gives: match operation.gives {
            Gives::Json(schema) => format!("application/json: {schema}"),
            Gives::File(kinds) => kinds.join(", "),
        },
        refuses: operation.refusals().iter().map(u16::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// The header by which a change says what it has seen.
fn seen(operation: &Operation, lang: Lang) -> Option<ParameterView> {
    operation.sends.as_ref().filter(|sends| sends.if_match)?;
    let what = lang.pick("Header: apa yang dilihat.", "Header: what was seen.");
    let values =
        lang.pick("ETag kasus itu, atau etag barisnya dalam tanda kutip", "the ETag of the case, or the etag of its row in quotes");
    Some(ParameterView { name: "If-Match", what, values: values.to_owned() })
}

fn parameter(of: &Parameter, lang: Lang) -> ParameterView {
    let values = match &of.values {
        Values::Keys(keys) => keys().join(", "),
        Values::Text(longest) => lang.pick(format!("1 sampai {longest} huruf"), format!("1 to {longest} letters")),
        Values::Pattern(_, example) => lang.pick(format!("misalnya {example}"), format!("for example {example}")),
        Values::Number(most, default) => {
            lang.pick(format!("1 sampai {most}, bawaan {default}"), format!("1 to {most}, {default} if nothing is said"))
        }
    };
    ParameterView { name: of.name, what: pick(of.what, lang), values }
}
