//! The policies of the folder, and two of them key by key: both of the folder, or one that is sent and forgotten.

use super::answer::{self, Answer, Rows};
use super::body;
use super::call::Call;
use super::describe::{Gives, Operation, Parameter, Sends, Values, list, maybe, object, one_of, text, truth};
use super::once::{self, Asked};
use super::problem::{Kind, Problem};
use crate::app::policy_compare::{Difference, Written, compare};
use crate::app::{AppError, policy_sheet};
use crate::policy::{Policy, PolicySet};
use crate::web::Site;
use crate::web::pages::policy::sent;
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// Letters of an id.
const LONGEST: usize = 100;

const LEFT: Parameter =
    Parameter { name: "left", what: ("`id` kebijakan pertama.", "`id` of the one policy."), values: Values::Text(LONGEST) };
const RIGHT: Parameter =
    Parameter { name: "right", what: ("`id` kebijakan kedua.", "`id` of the other policy."), values: Values::Text(LONGEST) };

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/policies",
    id: "list_policies",
    what: ("Kebijakan di folder, menurut tanggal berlakunya.", "The policies of the folder, by when they hold."),
    query: &[],
    sends: None,
    gives: Gives::Json("Policies"),
    refuses: &[409],
};

pub(super) const COMPARE: Operation = Operation {
    method: "GET",
    path: "/api/v1/policies/comparison",
    id: "compare_policies",
    what: ("Dua kebijakan dari folder, kunci demi kunci.", "Two policies of the folder, key by key."),
    query: &[&LEFT, &RIGHT],
    sends: None,
    gives: Gives::Json("Comparison"),
    refuses: &[404, 409],
};

pub(super) const COMPARE_SENT: Operation = Operation {
    method: "POST",
    path: "/api/v1/policies/comparison",
    id: "compare_sent_policy",
    what: (
        "Satu kebijakan dari folder dengan berkas kebijakan yang dikirim; berkasnya tidak disimpan, jawabannya sehari di bawah kuncinya.",
        "A policy of the folder with a policy file that is sent; the file is not kept, the answer for a day under its key.",
    ),
    query: &[&LEFT],
    sends: Some(Sends { kind: body::BYTES, schema: "", if_match: false, what: ("Berkas kebijakan.", "A policy file.") }),
    gives: Gives::Json("Comparison"),
    refuses: &[404, 409, 413, 415, 422],
};

#[derive(Serialize)]
struct PolicyPart {
    id: String,
    title: String,
    sha256: String,
    draft: bool,
    effective_from: String,
    effective_to: Option<String>,
}

impl From<&Policy> for PolicyPart {
    fn from(policy: &Policy) -> Self {
        let head = &policy.file.policy;
        Self {
            id: head.id.clone(),
            title: head.title.clone(),
            sha256: policy.sha256.clone(),
            draft: policy.is_draft(),
            effective_from: head.effective_from.to_string(),
            effective_to: head.effective_to.map(|day| day.to_string()),
        }
    }
}

#[derive(Serialize)]
struct Comparison {
    left: PolicyPart,
    right: PolicyPart,
    differences: Vec<DifferencePart>,
}

#[derive(Serialize)]
struct DifferencePart {
    section: String,
    names: Vec<String>,
    key: String,
    left: Option<WrittenPart>,
    right: Option<WrittenPart>,
}

#[derive(Serialize)]
struct WrittenPart {
    value: String,
    source: Option<String>,
    verified: Option<String>,
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let set = site.memory.policies(&site.app).map_err(|error| call.failed(error))?;
    answer::whole(&call, &Rows { rows: set.policies().iter().map(PolicyPart::from).collect() })
}

/// A policy of the folder.
pub(super) fn of_folder<'s>(call: &Call, set: &'s PolicySet, id: &str) -> Result<&'s Policy, Problem> {
    set.policies().iter().find(|policy| policy.id() == id).ok_or_else(|| {
        let detail = call.lang.pick(
            "Kebijakan itu tidak ada di folder; daftarnya di /api/v1/policies.",
            "There is no such policy in the folder; they are listed at /api/v1/policies.",
        );
        Problem::new(Kind::NotFound, call.lang, detail)
    })
}

/// A parameter that must be given.
fn needed<'c>(call: &'c Call, parameter: &Parameter) -> Result<&'c str, Problem> {
    let name = parameter.name;
    call.text(name).ok_or_else(|| call.wrong(call.lang.pick(format!("'{name}' diperlukan"), format!("'{name}' is needed"))))
}

/// The policy of a file that was sent, with its text; what is wrong with it is said line by line.
pub(super) fn of_file(site: &Site, call: &Call, bytes: &[u8]) -> Result<(Policy, String), Problem> {
    sent("kebijakan.toml", bytes, &site.app.config.policy.dir, call.lang).map_err(|lines| {
        let lines = call.veil.text(&lines.join("\n"), true);
        Problem::new(Kind::File, call.lang, lines)
    })
}

fn compared(call: &Call, [left, right]: [(&Policy, &str); 2]) -> Result<Comparison, Problem> {
    let found = compare(left.1, right.1);
    let found = found.map_err(|why| call.failed(AppError::Io("kebijakan".to_owned(), std::io::Error::other(why.to_string()))))?;
    let differences = found.into_iter().map(|difference| difference_part(call, difference)).collect();
    Ok(Comparison { left: left.0.into(), right: right.0.into(), differences })
}

fn difference_part(call: &Call, Difference { place, left, right }: Difference) -> DifferencePart {
    // People whom a schedule names are covered as on the page.
    let covered = place.key == "nips" && !call.veil.shows_nips();
    let part =
        |Written { value, source, verified }: Written| WrittenPart { value: if covered { String::new() } else { value }, source, verified };
    DifferencePart { section: place.section, names: place.names, key: place.key, left: left.map(part), right: right.map(part) }
}

pub(super) async fn of_two(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&COMPARE)?;
    let set = site.memory.policies(&site.app).map_err(|error| call.failed(error))?;
    let chosen = |parameter| of_folder(&call, &set, needed(&call, parameter)?);
    let (left, right) = (chosen(&LEFT)?, chosen(&RIGHT)?);
    let text = |policy| policy_sheet::text(policy).map_err(|error| call.failed(error));
    let comparison = compared(&call, [(left, &text(left)?), (right, &text(right)?)])?;
    answer::whole(&call, &comparison)
}

pub(super) async fn with_sent(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&COMPARE_SENT)?;
    let left = needed(&call, &LEFT)?.to_owned();
    body::is_of_kind(&call, &request, body::BYTES)?;
    let (key, bytes) = body::bytes(&call, request).await?;
    let asked = Asked::new(&call, key, &bytes)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let set = worked_on.memory.policies(&worked_on.app).map_err(|error| call.failed(error))?;
        let left = of_folder(&call, &set, &left)?;
        let (right, text) = of_file(&worked_on, &call, &bytes)?;
        let own = policy_sheet::text(left).map_err(|error| call.failed(error))?;
        answer::done(&call, &compared(&call, [(left, &own), (&right, &text)])?)
    })
    .await
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let policy = || {
        object([
            ("id", text()),
            ("title", text()),
            ("sha256", text()),
            ("draft", truth()),
            ("effective_from", text()),
            ("effective_to", maybe(text())),
        ])
    };
    let written = || object([("value", text()), ("source", maybe(text())), ("verified", maybe(one_of(["true", "false", "secondary"])))]);
    let difference =
        object([("section", text()), ("names", list(text())), ("key", text()), ("left", maybe(written())), ("right", maybe(written()))]);
    vec![
        ("Policies", object([("rows", list(policy()))])),
        ("Comparison", object([("left", policy()), ("right", policy()), ("differences", list(difference))])),
    ]
}
