//! The API over real HTTP: every answer is held against the document that it serves itself.

mod answers;
mod cases;
mod lists;
mod once;
mod operating;
mod refusals;
mod trying;

use super::visitor::{Answer, Browser, House, user};
use selaras::app::App;
use selaras::app::access::{By, NewToken, add_token};
use selaras::domain::access::{Right, Role};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Somebody who may do everything.
const ALL: [Role; 4] = [Role::Keuangan, Role::Sdm, Role::Sysadmin, Role::Auditor];

/// A program with a token, and the document that it has read.
struct Program<'h> {
    house: &'h House,
    bearer: String,
    document: Value,
}

/// What came, as JSON where it is.
struct Got {
    status: u16,
    answer: Answer,
    json: Value,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.answer.header(name)
    }

    fn rows(&self) -> &Vec<Value> {
        self.json["rows"].as_array().unwrap_or_else(|| panic!("{}", self.json))
    }

    /// The end of a problem's type.
    fn kind(&self) -> &str {
        self.json["type"].as_str().unwrap_or_default().trim_start_matches("/api#")
    }
}

/// An account of these roles and units with a token that is limited to these rights.
async fn token(app: &App, name: &str, roles: &[Role], units: &[&str], scopes: Option<&[Right]>) -> String {
    user(app, name, roles, units).await;
    let scopes = scopes.map(|rights| rights.iter().copied().collect());
    let new = NewToken { name: name.to_owned(), account: name.to_owned(), scopes, days: 30 };
    add_token(app, &By::terminal(), new).await.unwrap().1
}

impl<'h> Program<'h> {
    async fn with(house: &'h House, token: &str) -> Self {
        let bearer = format!("Bearer {token}");
        let answer = house.browser().send("GET", "/api/openapi.json", &[("Authorization", &bearer)], "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.body);
        Self { house, bearer, document: serde_json::from_str(&answer.body).unwrap() }
    }

    /// A program of a new account.
    async fn of(house: &'h House, name: &str, roles: &[Role], units: &[&str]) -> Self {
        Self::with(house, &token(&house.app, name, roles, units, None).await).await
    }

    async fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[], &[]).await
    }

    /// Asks, and makes sure that the answer is one of those that the document promises.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Got {
        let mut browser: Browser<'_> = self.house.browser();
        let mut sent = vec![("Authorization", self.bearer.as_str())];
        sent.extend(headers);
        let answer = browser.send_bytes(method, path, &sent, body).await;
        let json = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
        let got = Got { status: answer.status, answer, json };
        self.is_promised(method, path, &got);
        got
    }

    fn is_promised(&self, method: &str, path: &str, got: &Got) {
        let plain = path.split('?').next().unwrap();
        let same = |template: &str| {
            let (one, other): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), plain.split('/').collect());
            one.len() == other.len() && one.iter().zip(&other).all(|(part, given)| part.starts_with('{') || part == given)
        };
        let known = self.document["paths"].as_object().unwrap().iter().find(|(template, _)| same(template));
        let described = known.and_then(|(_, of)| of.get(method.to_lowercase()));
        let promised = match described {
            Some(described) => described["responses"].get(got.status.to_string()),
            // What is not there is refused like everything.
            None => Some(&*PROBLEM).filter(|_| matches!(got.status, 401 | 404 | 405)),
        };
        let promised = promised.unwrap_or_else(|| panic!("{method} {path} answers {}: {}", got.status, got.answer.body));
        let promised = promised["$ref"].as_str().map_or(promised, |to| self.document.pointer(&to[1..]).unwrap_or(&Value::Null));
        let Some(content) = promised["content"].as_object() else {
            assert_eq!(got.answer.body, "", "{method} {path} {}", got.status);
            return;
        };
        let kind = got.header("content-type");
        let of = content.get(kind).unwrap_or_else(|| panic!("{method} {path} {} is {kind}", got.status));
        if let Some(schema) = of.get("schema") {
            let whole = json!({"allOf": [schema], "components": self.document["components"]});
            let validator = jsonschema::validator_for(&whole).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&got.json).map(|wrong| format!("{}: {wrong}", wrong.instance_path())).collect();
            assert!(wrong.is_empty(), "{method} {path} {}: {wrong:#?}\n{}", got.status, got.answer.body);
        }
        for name in
            promised["headers"].as_object().into_iter().flatten().map(|(name, _)| name).filter(|name| *name != "idempotency-replayed")
        {
            assert!(!got.header(name).is_empty(), "{method} {path} {} has no {name}", got.status);
        }
    }

    /// All rows of a list, page by page.
    async fn every(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = None;
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let at = next.as_ref().map_or(path.to_owned(), |next| format!("{path}{mark}cursor={next}"));
            let got = self.get(&at).await;
            assert_eq!(got.status, 200, "{at}: {}", got.answer.body);
            rows.extend(got.rows().iter().cloned());
            match got.json["next"].as_str() {
                Some(cursor) => next = Some(cursor.to_owned()),
                None => return rows,
            }
            assert!(rows.len() < 10_000, "{path} has no end");
        }
    }
}

/// What every refusal is.
static PROBLEM: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({"$ref": "#/components/responses/Problem"}));

/// Rows by a text of theirs.
fn by<'r>(rows: &'r [Value], key: &str) -> BTreeMap<&'r str, &'r Value> {
    rows.iter().map(|row| (row[key].as_str().unwrap(), row)).collect()
}
