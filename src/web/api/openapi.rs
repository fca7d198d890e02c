//! `/api/openapi.json`: OpenAPI 3.1 made from the descriptions beside the handlers.

use super::answer::{self, Answer};
use super::call::Call;
use super::describe::{Gives, Operation, PLACES, Parameter, named, object, text};
use super::problem::{Kind, MEDIA_TYPE};
use super::{OPERATIONS, once};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The document does not change while the program runs.
static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

pub(super) async fn show(call: Call) -> Answer {
    answer::whole(&call, &*DOCUMENT)
}

fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let of = paths.entry(operation.path).or_insert_with(|| json!({}));
        of[operation.method.to_lowercase()] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Selaras",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the pages of Selaras show, for programs. All figures are of one stored reconciliation, which every answer names. \
                Lists go on with `next` as `cursor`. Refusals are application/problem+json (RFC 9457).",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {
                "type": "http", "scheme": "bearer",
                "description": "A token of `selaras token add`. It has the rights of its account, or fewer.",
            }},
            "parameters": PLACES.iter().map(|place| (place.name.to_owned(), parameter(place, "path"))).collect::<Map<_, _>>(),
            "headers": headers(),
            "responses": {"Problem": {
                "description": "Refused: the type and the detail say why.",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }},
            "schemas": schemas(),
        },
    })
}

fn headers() -> Value {
    json!({
        "ETag": {"description": "Send it as If-None-Match to be told 304 while nothing has changed.", "schema": text()},
        "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
        "Replayed": {"description": "`true`: this was done before; the first answer is given again.", "schema": text()},
    })
}

fn schemas() -> Map<String, Value> {
    let kinds: Vec<String> = Kind::ALL.iter().map(|kind| kind.uri()).collect();
    let problem = object([
        ("type", json!({"type": "string", "enum": kinds})),
        ("title", text()),
        ("status", json!({"type": "integer"})),
        ("detail", text()),
    ]);
    let all = [
        super::me::schemas(),
        super::periods::schemas(),
        super::verdicts::schemas(),
        super::findings::schemas(),
        super::cases::schemas(),
        super::casework::schemas(),
        super::causes::schemas(),
        super::completeness::schemas(),
        super::bridge::schemas(),
        super::documents::schemas(),
        super::policy::schemas(),
        super::policies::schemas(),
        super::what_ifs::schemas(),
        super::operate::schemas(),
        super::views::schemas(),
        super::payment_checks::schemas(),
        super::operations::schemas(),
        super::pulls::schemas(),
        super::audit::schemas(),
        vec![("Problem", problem)],
    ];
    all.into_iter().flatten().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn parameter(of: &Parameter, place: &str) -> Value {
    json!({"name": of.name, "in": place, "required": place == "path", "description": of.what.1, "schema": of.values.schema()})
}

fn described(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> =
        operation.places().map(|place| json!({"$ref": format!("#/components/parameters/{}", place.name)})).collect();
    parameters.extend(operation.query.iter().map(|known| parameter(known, "query")));
    let changes = operation.method != "GET";
    if changes {
        let schema = json!({"type": "string", "minLength": 1, "maxLength": once::LONGEST, "pattern": "^[!-~]+$"});
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true, "schema": schema,
            "description": "New for each request, the same when you repeat one: the answer is kept for 24 hours.",
        }));
    }
    if operation.sends.as_ref().is_some_and(|sends| sends.if_match) {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": true, "schema": {"type": "string", "minLength": 1, "pattern": "^[ -~]+$"},
            "description": "The ETag of the case, or the `etag` of its row: what has changed since is not changed again.",
        }));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.what.1,
        "parameters": parameters,
        "responses": responses(operation),
    });
    let rights = operation.rights();
    if !rights.is_empty() {
        described["description"] = json!(format!("Needs one of these rights: {}.", rights.join(", ")));
        described["x-rights"] = json!(rights);
    }
    if let Some(sends) = &operation.sends {
        let schema = match sends.schema {
            "" => json!({"type": "string", "format": "binary"}),
            name => named(name),
        };
        let content = json!({sends.kind: {"schema": schema}});
        described["requestBody"] = json!({"required": true, "description": sends.what.1, "content": content});
    }
    described
}

fn responses(operation: &Operation) -> Value {
    let content = match operation.gives {
        Gives::Json(schema) => json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}}),
        Gives::File(kinds) => kinds.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect::<Map<_, _>>().into(),
    };
    let header = |name: &str| json!({"$ref": format!("#/components/headers/{name}")});
    let mut responses = json!({});
    if operation.method == "GET" {
        responses["200"] = json!({"description": "What was asked for.", "headers": {"ETag": header("ETag")}, "content": content});
        responses["304"] = json!({"description": "Nothing has changed.", "headers": {"ETag": header("ETag")}});
    } else {
        let replayed = json!({once::REPLAYED: header("Replayed")});
        responses["200"] = json!({"description": "Done.", "headers": replayed, "content": content});
    }
    for status in operation.refusals() {
        let mut refusal = json!({"$ref": "#/components/responses/Problem"});
        if status == StatusCode::TOO_MANY_REQUESTS.as_u16() {
            refusal = json!({
                "description": "Too many requests.", "headers": {"Retry-After": header("Retry-After")},
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            });
        }
        responses[status.to_string()] = refusal;
    }
    responses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::access::rules::RULES;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_and_the_rules_list_the_same_requests() {
        let described: BTreeSet<(String, String)> = document()["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, of)| of.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>())
            .collect();
        let ruled: BTreeSet<(String, String)> = RULES
            .iter()
            .filter(|(_, path, _)| path.starts_with("/api/v1/"))
            .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
            .collect();
        assert_eq!(described, ruled);
        let ids: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(ids.len(), OPERATIONS.len());
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_part_of_a_path_is_described() {
        let document = document();
        let text = document.to_string();
        for found in text.split("\"$ref\":\"#").skip(1) {
            let pointer = found.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        for operation in OPERATIONS {
            assert_eq!(operation.places().count(), operation.path.matches('{').count(), "{}", operation.path);
        }
    }
}
