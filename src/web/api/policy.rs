//! The policy that holds for a period, rule by rule.

use super::answer::{self, Answer};
use super::call::Call;
use super::describe::{Gives, Operation, list, maybe, named, object, one_of, text, truth};
use crate::app::policy_sheet;
use crate::web::Site;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/policy",
    id: "get_policy",
    what: (
        "Kebijakan yang berlaku untuk satu periode, dengan sumber setiap aturan.",
        "The policy in force for a period, with the source of each rule.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("Policy"),
    refuses: &[409],
};

#[derive(Serialize)]
struct Sheet {
    id: String,
    title: String,
    sha256: String,
    draft: bool,
    effective_from: String,
    effective_to: Option<String>,
    kppn_deadline: Option<String>,
    unverified: Vec<Rule>,
    sections: Vec<Section>,
}

#[derive(Serialize)]
struct Rule {
    path: String,
    source: String,
}

#[derive(Serialize)]
struct Section {
    path: String,
    verified: Option<String>,
    source: Option<String>,
    values: Vec<Entry>,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    value: String,
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let period = call.period()?;
    let policy = site.memory.policy(&site.app, period).map_err(|error| call.failed(error))?;
    let sections = policy_sheet::sections(&policy).map_err(|error| call.failed(error))?;
    // People whom a schedule names are covered as on the page, whoever they are.
    let plain = |key: &str, text: String| if key == "nips" && !call.veil.shows_nips() { String::new() } else { text };
    let section = |section: policy_sheet::Section| Section {
        rows: section.rows.into_iter().map(|row| section.columns.iter().zip(row).map(|(key, text)| plain(key, text)).collect()).collect(),
        values: section.values.into_iter().map(|(name, value)| Entry { value: plain(&name, value), name }).collect(),
        path: section.path,
        verified: section.verified,
        source: section.source,
        columns: section.columns,
    };
    let unverified = policy.file.citations().into_iter().filter(|rule| rule.verified == "false");
    let head = &policy.file.policy;
    let sheet = Sheet {
        id: head.id.clone(),
        title: head.title.clone(),
        sha256: policy.sha256.clone(),
        draft: policy.is_draft(),
        effective_from: head.effective_from.to_string(),
        effective_to: head.effective_to.map(|day| day.to_string()),
        kppn_deadline: policy.kppn_deadline(period).map(|day| day.to_string()),
        unverified: unverified.map(|rule| Rule { path: rule.path, source: rule.source }).collect(),
        sections: sections.into_iter().map(section).collect(),
    };
    answer::whole(&call, &sheet)
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let section = object([
        ("path", text()),
        ("verified", maybe(one_of(["true", "false", "secondary"]))),
        ("source", maybe(text())),
        ("values", list(named("NamedValue"))),
        ("columns", list(text())),
        ("rows", list(list(text()))),
    ]);
    let sheet = object([
        ("id", text()),
        ("title", text()),
        ("sha256", text()),
        ("draft", truth()),
        ("effective_from", text()),
        ("effective_to", maybe(text())),
        ("kppn_deadline", maybe(text())),
        ("unverified", list(object([("path", text()), ("source", text())]))),
        ("sections", list(section)),
    ]);
    vec![("Policy", sheet)]
}
