//! What is done with cases through the API: the deeds of the pages by the same rules, one case or several at once, and
//! only while they are as the program has seen them.

use super::answer::{JSON, done, done_as};
use super::body;
use super::call::Call;
use super::cases::{body as case_body, etag_of, find};
use super::describe::{Gives, Operation, Sends, count, list, maybe, named, object, one_of, text};
use super::once;
use super::problem::{Kind, Problem};
use crate::domain::Period;
use crate::store::{CaseTarget, Deed, Worked};
use crate::web::Site;
use crate::web::cases::{LONGEST, LONGEST_DOCUMENT, Typed, refused};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::IF_MATCH;
use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Cases of one request.
const MOST: usize = 200;

pub(super) const ACT: Operation = Operation {
    method: "POST",
    path: "/api/v1/periods/{period}/cases/{case}/actions",
    id: "act_on_case",
    what: (
        "Kerjakan satu kasus: tugaskan, atur batas waktu, komentari, minta, setujui, tolak, atau tarik pengesampingan. Jawabannya kasus itu sesudahnya.",
        "Work a case: assign it, set its deadline, comment, ask for a waiver, approve, refuse or withdraw one. The answer is the case afterwards.",
    ),
    query: &[],
    sends: Some(Sends { kind: JSON, schema: "CaseAction", if_match: true, what: ("Apa yang dilakukan.", "What to do.") }),
    gives: Gives::Json("Case"),
    refuses: &[409, 412, 413, 415, 422, 428],
};

pub(super) const ACT_ON_SEVERAL: Operation = Operation {
    method: "POST",
    path: "/api/v1/periods/{period}/case-actions",
    id: "act_on_cases",
    what: ("Kerjakan beberapa kasus sekaligus, semuanya atau tidak satu pun.", "Work several cases at once, all of them or none."),
    query: &[],
    sends: Some(Sends {
        kind: JSON,
        schema: "CaseActions",
        if_match: false,
        what: ("Apa yang dilakukan, dan kasusnya dengan `etag` yang dilihat.", "What to do, and the cases with the `etag` that was seen."),
    }),
    gives: Gives::Json("CasesDone"),
    refuses: &[409, 412, 413, 415, 422],
};

/// What is to be done.
#[derive(Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
enum Action {
    Assign {
        #[serde(deserialize_with = "given")]
        account: Option<String>,
    },
    Deadline {
        #[serde(deserialize_with = "given")]
        day: Option<String>,
    },
    Comment {
        text: String,
    },
    AskWaiver {
        reason: String,
        document: String,
        until: String,
    },
    ApproveWaiver {},
    RefuseWaiver {
        text: String,
    },
    WithdrawWaiver {},
}

/// `null` is said, not left out: nobody is given nothing by mistake.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(from)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    r#do: Action,
    cases: Vec<Seen>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    case: String,
    etag: String,
}

#[derive(Serialize)]
struct Done {
    done: usize,
    rows: Vec<Seen>,
}

impl Action {
    /// As the form of the page says it.
    fn typed(self) -> Typed {
        let typed = |deed: &str| Typed { deed: deed.to_owned(), ..Typed::default() };
        let plain = |text: String| text.trim().to_owned();
        match self {
            Self::Assign { account } => Typed { owner: plain(account.unwrap_or_default()), ..typed("tugaskan") },
            Self::Deadline { day } => Typed { deadline: plain(day.unwrap_or_default()), ..typed("batas") },
            Self::Comment { text } => Typed { comment: plain(text), ..typed("komentar") },
            Self::AskWaiver { reason, document, until } => {
                Typed { reason: plain(reason), document: plain(document), until: plain(until), ..typed("minta") }
            }
            Self::ApproveWaiver {} => typed("setujui"),
            Self::RefuseWaiver { text } => Typed { refusal: plain(text), ..typed("tolak") },
            Self::WithdrawWaiver {} => typed("tarik"),
        }
    }
}

fn deed(site: &Site, call: &Call, action: Action) -> Result<Deed, Problem> {
    action.typed().deed(call.lang, site).map_err(|sentence| Problem::new(Kind::Body, call.lang, sentence))
}

fn stale(call: &Call) -> Problem {
    let detail = call.lang.pick(
        "Kasus ini sudah berubah sejak dilihat. Tidak ada yang diubah. Baca lagi, lalu ulangi dengan ETag yang baru bila masih perlu.",
        "The case has changed since it was seen. Nothing was changed. Read it again, and repeat with its new ETag if need be.",
    );
    Problem::new(Kind::Stale, call.lang, detail)
}

/// It is done, and kept under its key; only how the case stands now could not be read.
fn done_unread(call: &Call) -> Problem {
    let detail = call.lang.pick(
        "Sudah dilakukan, tetapi keadaan kasus sesudahnya belum dapat dibaca. Jangan ulangi; baca kasusnya.",
        "It was done, but how the case stands now could not be read. Do not repeat it; read the case.",
    );
    Problem::new(Kind::Unavailable, call.lang, detail)
}

/// Does it, or says why not.
async fn work(site: &Site, call: &Call, period: Period, targets: &[CaseTarget], deed: &Deed) -> Result<(), Problem> {
    let worked = site.app.store.work(period, targets, deed, &call.viewer.account, &call.pass.address).await;
    let worked = worked.map_err(|error| call.failed(error))?;
    if worked == Worked::Stale {
        return Err(stale(call));
    }
    match refused(worked, call.lang) {
        None => Ok(()),
        Some((StatusCode::FORBIDDEN, sentence)) => Err(Problem::new(Kind::Forbidden, call.lang, sentence)),
        Some((_, sentence)) => Err(Problem::new(Kind::Case, call.lang, sentence)),
    }
}

pub(super) async fn act(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&ACT)?;
    let period = call.period()?;
    let seen = request.headers().get(IF_MATCH).and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default().to_owned();
    let (asked, action) = body::json::<Action>(&call, request).await?;
    // "Whatever it is now" is just what a change must not say.
    if matches!(seen.as_str(), "" | "*") {
        let detail = call.lang.pick(
            "Kirim header If-Match: ETag kasus itu, atau `etag` barisnya dalam tanda kutip.",
            "Send the header If-Match: the ETag of the case, or the `etag` of its row in quotes.",
        );
        return Err(Problem::new(Kind::MatchMissing, call.lang, detail));
    }
    let deed = deed(&site, &call, action)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let site = &*worked_on;
        let name = call.part("case")?.to_owned();
        let opened = find(site, &call, period, &name).await?;
        if !names(&seen, &etag_of(&call, &opened)) {
            return Err(stale(&call));
        }
        work(site, &call, period, &[opened.target()], &deed).await?;
        let read_again = async { case_body(site, &call, period, find(site, &call, period, &name).await?).await };
        Ok(read_again.await.map_or_else(|_| once::told(done_unread(&call)), |(body, _)| done_as(body)))
    })
    .await
}

/// Whether an `If-Match` names the case as it is: by the mark of its row, or by the tag of the answer that begins with it.
fn names(seen: &str, etag: &str) -> bool {
    let tags = seen.split(',').map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'));
    tags.map(|tag| tag.split('-').next().unwrap_or_default()).any(|tag| tag == etag)
}

pub(super) async fn act_on_several(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&ACT_ON_SEVERAL)?;
    let period = call.period()?;
    let (asked, Several { r#do: action, cases }) = body::json::<Several>(&call, request).await?;
    if cases.is_empty() || cases.len() > MOST {
        let detail = call.lang.pick(format!("sebut 1 sampai {MOST} kasus"), format!("name 1 to {MOST} cases"));
        return Err(Problem::new(Kind::Body, call.lang, detail));
    }
    let deed = deed(&site, &call, action)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let site = &*worked_on;
        let mut targets = BTreeMap::new();
        for Seen { case, etag } in cases {
            let opened = find(site, &call, period, &case).await?;
            if etag != etag_of(&call, &opened) {
                return Err(stale(&call));
            }
            targets.insert(opened.target(), case);
        }
        let (targets, names): (Vec<CaseTarget>, Vec<String>) = targets.into_iter().unzip();
        work(site, &call, period, &targets, &deed).await?;
        let read_again = async {
            let mut rows = Vec::new();
            for case in names {
                let etag = etag_of(&call, &*find(site, &call, period, &case).await?);
                rows.push(Seen { case, etag });
            }
            done(&call, &Done { done: targets.len(), rows })
        };
        Ok(read_again.await.unwrap_or_else(|_| once::told(done_unread(&call))))
    })
    .await
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let letters = |most: usize| json!({"type": "string", "minLength": 1, "maxLength": most});
    let day = || json!({"type": "string", "format": "date"});
    let action = |key: &'static str| ("action", one_of([key]));
    let actions = [
        object([action("assign"), ("account", maybe(text()))]),
        object([action("deadline"), ("day", maybe(day()))]),
        object([action("comment"), ("text", letters(LONGEST))]),
        object([action("ask_waiver"), ("reason", letters(LONGEST)), ("document", letters(LONGEST_DOCUMENT)), ("until", day())]),
        object([action("approve_waiver")]),
        object([action("refuse_waiver"), ("text", letters(LONGEST))]),
        object([action("withdraw_waiver")]),
    ];
    let seen = || object([("case", text()), ("etag", text())]);
    let several = json!({"type": "array", "minItems": 1, "maxItems": MOST, "items": seen()});
    vec![
        ("CaseAction", json!({"oneOf": actions})),
        ("CaseActions", object([("do", named("CaseAction")), ("cases", several)])),
        ("CasesDone", object([("done", count()), ("rows", list(seen()))])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_named_by_its_mark_or_by_a_tag_that_begins_with_it() {
        for seen in ["\"ab\"", "\"ab-99\"", "W/\"ab-1\"", "\"x\", \"ab-0\"", "ab"] {
            assert!(names(seen, "ab"), "{seen}");
        }
        for seen in ["\"abc\"", "\"a\"", "\"\"", "\"x-ab\"", ","] {
            assert!(!names(seen, "ab"), "{seen}");
        }
    }

    #[test]
    fn nothing_is_left_out_by_mistake() {
        for wrong in [r#"{"action":"assign"}"#, r#"{"action":"approve_waiver","text":"x"}"#, r#"{"action":"close"}"#, "[]", "{}"] {
            assert!(serde_json::from_str::<Action>(wrong).is_err(), "{wrong}");
        }
        let nobody: Action = serde_json::from_str(r#"{"action":"assign","account":null}"#).unwrap();
        assert_eq!(nobody.typed(), Typed { deed: "tugaskan".to_owned(), ..Typed::default() });
    }
}
