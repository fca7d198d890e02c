//! The audit log, the newest line first.

use super::answer::{self, Answer, Listing};
use super::call::Call;
use super::cursor::Place;
use super::describe::{Gives, Operation, Parameter, Values, instant, list, maybe, number, object, text};
use super::params::{CURSOR, LIMIT};
use super::problem::{Kind, Problem};
use crate::app::access::action;
use crate::export::rows;
use crate::store::{AuditLine, AuditWanted};
use crate::web::Site;
use crate::web::pages::audit::between;
use crate::web::veil::Veil;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;

const ACCOUNT: Parameter = Parameter { name: "account", what: ("Oleh akun ini.", "By this account."), values: Values::Text(64) };
const ACTION: Parameter = Parameter { name: "action", what: ("Tindakan ini.", "This action."), values: Values::Keys(actions) };
const DAY: &str = "^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$";
const FROM: Parameter = Parameter {
    name: "from",
    what: ("Sejak hari ini, waktu kementerian.", "From this day on, as the ministry's clock has it."),
    values: Values::Pattern(DAY, "2026-10-01"),
};
const UNTIL: Parameter =
    Parameter { name: "until", what: ("Sampai hari ini.", "Up to this day."), values: Values::Pattern(DAY, "2026-10-31") };

fn actions() -> Vec<&'static str> {
    action::ALL.to_vec()
}

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/audit",
    id: "list_audit",
    what: (
        "Catatan audit, terbaru dahulu. Hanya bagi akun yang melihat semua unit.",
        "The audit log, the newest line first. Only for accounts that see all units.",
    ),
    query: &[&ACCOUNT, &ACTION, &FROM, &UNTIL, &CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Audit"),
    refuses: &[409],
};

#[derive(Serialize)]
struct Line {
    seq: i64,
    at: String,
    account: String,
    action: String,
    subject: String,
    detail: Value,
    hash: String,
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    if call.units().is_some() {
        let detail = call.lang.pick(
            "Catatan audit menyangkut semua unit; akun ini hanya melihat sebagian.",
            "The audit log is about all units; this account sees some of them only.",
        );
        return Err(Problem::new(Kind::Forbidden, call.lang, detail));
    }
    let place = Place { list: call.filters(), run: String::new() };
    let before: Option<i64> = match call.text("cursor") {
        Some(cursor) => Some(place.behind(cursor, call.lang)?.parse().map_err(|_| Problem::new(Kind::Cursor, call.lang, cursor))?),
        None => None,
    };
    let limit = call.limit();
    let day = |parameter| call.read(parameter, |text: &str| text.parse::<NaiveDate>().ok());
    let [from, until] = between(day(&FROM)?, day(&UNTIL)?, site.app.config.schedule.timezone.get());
    let text = |parameter: &Parameter| call.text(parameter.name).unwrap_or_default().to_owned();
    let wanted = AuditWanted { before, account: text(&ACCOUNT).to_lowercase(), action: text(&ACTION), from, until };
    let mut lines = site.app.store.audit_wanted(&wanted, limit + 1).await.map_err(|error| call.failed(error))?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines.last().filter(|_| more).map(|line| place.cursor(&line.seq.to_string()));
    answer::whole(&call, &Listing { rows: lines.into_iter().map(|one| line(one, call.veil)).collect(), next })
}

fn line(line: AuditLine, veil: Veil) -> Line {
    // What cannot be read is somebody's doing, and is shown as it stands.
    let mut detail: Value = serde_json::from_str(&line.detail).unwrap_or_else(|_| json!({"unreadable": line.detail}));
    if let Some(detail) = detail.as_object_mut().filter(|_| !veil.shows_nips()) {
        // From the id of a case a NIP could be worked out.
        detail.remove("case");
    }
    Line {
        seq: line.seq,
        at: rows::instant(DateTime::<Utc>::from_timestamp_micros(line.at).unwrap_or_default()),
        account: line.account,
        action: line.action,
        subject: line.subject,
        detail,
        hash: line.hash,
    }
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let line = object([
        ("seq", number()),
        ("at", instant()),
        ("account", text()),
        ("action", text()),
        ("subject", text()),
        ("detail", json!({"type": "object"})),
        ("hash", text()),
    ]);
    vec![("Audit", object([("rows", list(line)), ("next", maybe(text()))]))]
}
