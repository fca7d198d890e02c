//! What another policy would have changed in past months: begun, and looked at while it is worked and for an hour after.

use super::answer::{self, Answer};
use super::body;
use super::call::Call;
use super::describe::{
    Gives, Operation, Parameter, Sends, Values, count, instant, list, maybe, named, number, object, one_of, text, truth,
};
use super::once::{self, Asked};
use super::policies::{of_file, of_folder};
use super::problem::{Kind, Problem};
use crate::app::AppError;
use crate::domain::Period;
use crate::domain::access::Right;
use crate::export::what_if::write_top;
use crate::web::Site;
use crate::web::pages::policy::{PATIENCE, months, start};
use crate::web::trials::{Busy, State as Trial};
use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

const MONTH: &str = "^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])$";
const FROM: Parameter =
    Parameter { name: "from", what: ("Bulan pertama, YYYY-MM.", "First month, YYYY-MM."), values: Values::Pattern(MONTH, "2026-01") };
const TO: Parameter =
    Parameter { name: "to", what: ("Bulan terakhir, YYYY-MM.", "Last month, YYYY-MM."), values: Values::Pattern(MONTH, "2026-10") };
const POLICY: Parameter = Parameter {
    name: "policy",
    what: ("`id` kebijakan dari folder; tanpa ini berkasnya dikirim.", "`id` of a policy of the folder; without it a file is sent."),
    values: Values::Text(100),
};

pub(super) const BEGIN: Operation = Operation {
    method: "POST",
    path: "/api/v1/what-ifs",
    id: "begin_what_if",
    what: (
        "Andai kebijakan lain berlaku di bulan-bulan itu: mulai menghitung. Satu pada satu saat; tidak ada yang ditulis.",
        "What if another policy had held in those months: begin to work it out. One at a time; nothing is written.",
    ),
    query: &[&FROM, &TO, &POLICY],
    sends: Some(Sends {
        kind: body::BYTES,
        schema: "",
        if_match: false,
        what: ("Berkas kebijakan; kosong bila `policy` disebut.", "A policy file; empty when `policy` is named."),
    }),
    gives: Gives::Json("WhatIfBegun"),
    refuses: &[404, 409, 413, 415, 422],
};

pub(super) const ONE: Operation = Operation {
    method: "GET",
    path: "/api/v1/what-ifs/{what_if}",
    id: "get_what_if",
    what: (
        "Sejauh mana perhitungan itu, dan hasilnya: disimpan satu jam, untuk yang memintanya.",
        "How far it is, and what came out: kept for an hour, for whoever asked.",
    ),
    query: &[],
    sends: None,
    gives: Gives::Json("WhatIf"),
    refuses: &[409, 422],
};

#[derive(Serialize)]
struct Begun {
    what_if: String,
}

#[derive(Serialize)]
struct Seen {
    state: &'static str,
    people: Option<u64>,
    result: Option<Value>,
}

pub(super) async fn begin(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&BEGIN)?;
    let month = |parameter| call.read(parameter, |text: &str| text.parse::<Period>().ok());
    let periods = months(month(&FROM)?, month(&TO)?, call.lang).map_err(|sentence| call.wrong(sentence))?;
    let policy = call.text(POLICY.name).map(str::to_owned);
    if policy.is_none() {
        body::is_of_kind(&call, &request, body::BYTES)?;
    }
    let (key, bytes) = body::bytes(&call, request).await?;
    let asked = Asked::new(&call, key, &bytes)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let site = &worked_on;
        let set = site.memory.policies(&site.app).map_err(|error| call.failed(error))?;
        let policy = match &policy {
            Some(id) => of_folder(&call, &set, id)?.clone(),
            None => of_file(site, &call, &bytes)?.0,
        };
        let what_if = start(site, &call.viewer.account, call.units(), policy, periods).map_err(|Busy| {
            let busy = call.lang.pick(
                "Perhitungan andai-andai lain sedang berjalan; hanya satu yang dikerjakan pada satu saat. Coba lagi sebentar.",
                "Another what-if is being worked; there is one at a time. Try again in a moment.",
            );
            Problem::new(Kind::Busy, call.lang, busy)
        })?;
        answer::done(&call, &Begun { what_if })
    })
    .await
}

pub(super) async fn one(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&ONE)?;
    let id = call.part("what_if")?;
    let seen = match site.trials.look(id, &call.viewer.account, call.units().as_ref(), PATIENCE).await {
        None => {
            let detail = call.lang.pick(
                "Hasil ini tidak ada atau sudah lewat satu jam. Hitung lagi dengan Idempotency-Key yang baru.",
                "This result is not there, or an hour has passed. Work it out again under a new Idempotency-Key.",
            );
            return Err(Problem::new(Kind::NotFound, call.lang, detail));
        }
        Some(Trial::Running(people)) => Seen { state: "running", people: Some(people), result: None },
        Some(Trial::Done(result)) => match &*result {
            Ok(what_if) => {
                let mut bytes = Vec::new();
                // Who moves most is shown to whoever sees people at all.
                let people = call.viewer.may(Right::SeePeople);
                let written = write_top(what_if, people, &mut bytes).and_then(|()| Ok(serde_json::from_slice(&bytes)?));
                let result = written.map_err(|why| call.failed(AppError::Io("json".to_owned(), why)))?;
                Seen { state: "done", people: None, result: Some(result) }
            }
            Err(error) => {
                let problem = Problem::of(error, call.lang);
                let detail = call.veil.text(problem.detail(), true);
                return Err(if error.is_refusal() { Problem::new(Kind::Body, call.lang, detail) } else { problem.saying(detail) });
            }
        },
    };
    answer::whole(&call, &seen)
}

fn side_schema() -> Value {
    object([
        ("mode", one_of(["final", "trial"])),
        ("complete", truth()),
        ("policy", object([("id", text()), ("sha256", text()), ("unverified_rules_used", list(text()))])),
        ("totals", named("Totals")),
    ])
}

fn result_schema() -> Value {
    let period = object([
        ("period", text()),
        ("run", maybe(text())),
        ("as_of", instant()),
        ("within_dates", truth()),
        ("before", side_schema()),
        ("after", side_schema()),
        ("difference", number()),
        ("moved", count()),
    ]);
    let unit = object([
        ("period", text()),
        ("unit", text()),
        ("name", text()),
        ("before", named("Totals")),
        ("after", named("Totals")),
        ("difference", number()),
        ("moved", count()),
    ]);
    let code = object([
        ("period", text()),
        ("code", text()),
        ("heads_before", count()),
        ("heads_after", count()),
        ("findings_before", count()),
        ("findings_after", count()),
    ]);
    let stand = || maybe(object([("verdict", one_of(super::params::standings())), ("net", maybe(number())), ("findings", list(text()))]));
    let row = object([
        ("period", text()),
        ("nip", text()),
        ("name", text()),
        ("unit", text()),
        ("before", stand()),
        ("after", stand()),
        ("difference", maybe(number())),
    ]);
    object([
        ("policy", object([("id", text()), ("sha256", text()), ("status", one_of(["draft", "approved"]))])),
        ("periods", list(period)),
        ("units", list(unit)),
        ("codes", list(code)),
        ("rows", list(row)),
    ])
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let seen = object([("state", one_of(["running", "done"])), ("people", maybe(count())), ("result", maybe(named("WhatIfResult")))]);
    vec![("WhatIfBegun", object([("what_if", text())])), ("WhatIf", seen), ("WhatIfResult", result_schema())]
}
