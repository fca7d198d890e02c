//! Saved views of the account: filters of the pages' lists by a name.

use super::answer::{self, Answer, JSON, Rows, done};
use super::body;
use super::call::Call;
use super::describe::{Gives, Operation, Sends, list, named as schema, object, one_of, text};
use super::once::{self, Asked};
use super::problem::{Kind, Problem};
use crate::app::access::action;
use crate::store::{SavedView, ViewChange};
use crate::web::Site;
use crate::web::access::by;
use crate::web::ask::Ask;
use crate::web::pages::views::{LONGEST_NAME, List, name_taken, named, names_nobody, too_many};
use axum::extract::{Request, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/views",
    id: "list_views",
    what: ("Tampilan tersimpan milik akun ini.", "The saved views of this account."),
    query: &[],
    sends: None,
    gives: Gives::Json("Views"),
    refuses: &[],
};

pub(super) const SAVE: Operation = Operation {
    method: "POST",
    path: "/api/v1/views",
    id: "save_view",
    what: (
        "Simpan tampilan; yang senama di halaman itu diganti. Saringannya ditulis seperti di alamat halaman.",
        "Keep a view; one of the same name in the room is replaced. Filters are written as in the page's address.",
    ),
    query: &[],
    sends: Some(Sends { kind: JSON, schema: "NewView", if_match: false, what: ("Tampilannya.", "The view.") }),
    gives: Gives::Json("View"),
    refuses: &[409, 413, 415, 422],
};

pub(super) const RENAME: Operation = Operation {
    method: "POST",
    path: "/api/v1/views/{view}/name",
    id: "rename_view",
    what: ("Ganti nama sebuah tampilan.", "Call a view otherwise."),
    query: &[],
    sends: Some(Sends { kind: JSON, schema: "ViewName", if_match: false, what: ("Namanya.", "Its name.") }),
    gives: Gives::Json("View"),
    refuses: &[409, 413, 415, 422],
};

pub(super) const DELETE: Operation = Operation {
    method: "POST",
    path: "/api/v1/views/{view}/deletion",
    id: "delete_view",
    what: ("Hapus sebuah tampilan.", "Take a view away."),
    query: &[],
    sends: None,
    gives: Gives::Json("ViewDeleted"),
    refuses: &[409, 413, 422],
};

#[derive(Serialize)]
struct ViewPart {
    view: String,
    room: String,
    name: String,
    filters: BTreeMap<String, String>,
}

impl From<SavedView> for ViewPart {
    fn from(view: SavedView) -> Self {
        Self { view: view.id, room: view.room, name: view.name, filters: view.filters.into_iter().collect() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    room: String,
    name: String,
    filters: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

#[derive(Serialize)]
struct Deleted {
    deleted: bool,
}

fn refused(call: &Call, sentence: impl Into<String>) -> Problem {
    Problem::new(Kind::Body, call.lang, sentence)
}

fn unknown(call: &Call) -> Problem {
    Problem::new(Kind::NotFound, call.lang, call.lang.pick("Tampilan itu tidak ada.", "There is no such view."))
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let mut rows = Vec::new();
    for room in List::ALL.into_iter().filter(|list| call.viewer.may(list.right())) {
        let views = site.app.store.views(&call.viewer.account, room.key()).await.map_err(|error| call.failed(error))?;
        rows.extend(views.into_iter().map(ViewPart::from));
    }
    answer::whole(&call, &Rows { rows })
}

/// A view that can be kept, or what is wrong with it.
fn checked(call: &Call, New { room, name, filters }: New) -> Result<(List, SavedView), Problem> {
    let lang = call.lang;
    let no_room = || refused(call, lang.pick("Halaman itu tidak punya tampilan tersimpan.", "That page keeps no views."));
    let room = List::of(&room).ok_or_else(no_room)?;
    if !call.viewer.may(room.right()) {
        let sentence = lang.pick("Halaman itu tidak terbuka bagi token ini.", "That page is not open to this token.");
        return Err(Problem::new(Kind::Forbidden, lang, sentence));
    }
    let name = named(&name, lang).map_err(|sentence| refused(call, sentence))?;
    let filters: Vec<(String, String)> = filters.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if filters.iter().any(|(key, value)| !room.filters().contains(&key.as_str()) || value.contains('\0')) {
        let known = room.filters().join(", ");
        return Err(refused(call, lang.pick(format!("saringan halaman itu: {known}"), format!("the filters of that page are: {known}"))));
    }
    Ask::understands(&filters, lang, &call.viewer).map_err(|trouble| refused(call, trouble.sentence))?;
    names_nobody(&filters, lang).map_err(|sentence| refused(call, sentence))?;
    let id = uuid::Uuid::new_v4().simple().to_string();
    Ok((room, SavedView { id, room: room.key().to_owned(), name, filters }))
}

pub(super) async fn save(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&SAVE)?;
    let (asked, new) = body::json::<New>(&call, request).await?;
    let (room, view) = checked(&call, new)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let (store, account) = (&worked_on.app.store, &call.viewer.account);
        let told = by(&call.viewer, &call.pass).entry(action::VIEW_SAVED, &view.id).with("room", room.key());
        let change = store.save_view(account, &view, told).await.map_err(|error| call.failed(error))?;
        if change == ViewChange::TooMany {
            return Err(refused(&call, too_many(call.lang)));
        }
        // One that is replaced keeps its id.
        let views = store.views(account, room.key()).await.map_err(|error| call.failed(error))?;
        let kept = views.into_iter().find(|kept| kept.name == view.name).unwrap_or(view);
        done(&call, &ViewPart::from(kept))
    })
    .await
}

/// A view of the account's own.
async fn own(site: &Site, call: &Call, id: &str) -> Result<SavedView, Problem> {
    let found = site.app.store.view(&call.viewer.account, id).await.map_err(|error| call.failed(error))?;
    // A token opens the lists of its scopes only.
    found.filter(|view| List::of(&view.room).is_some_and(|list| call.viewer.may(list.right()))).ok_or_else(|| unknown(call))
}

/// The id in the address.
fn id(call: &Call) -> Result<String, Problem> {
    let id = call.part("view")?;
    // What could be none of ours is not looked for.
    if id.bytes().all(|byte| byte.is_ascii_hexdigit()) { Ok(id.to_owned()) } else { Err(unknown(call)) }
}

pub(super) async fn rename(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&RENAME)?;
    let id = id(&call)?;
    let (asked, Name { name }) = body::json::<Name>(&call, request).await?;
    let name = named(&name, call.lang).map_err(|sentence| refused(&call, sentence))?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let view = own(&worked_on, &call, &id).await?;
        let told = by(&call.viewer, &call.pass).entry(action::VIEW_RENAMED, &id).with("room", view.room.as_str());
        let change = worked_on.app.store.rename_view(&call.viewer.account, &id, &name, told).await.map_err(|error| call.failed(error))?;
        match change {
            ViewChange::NameTaken => Err(refused(&call, name_taken(call.lang))),
            _ => done(&call, &ViewPart::from(SavedView { name, ..view })),
        }
    })
    .await
}

pub(super) async fn delete(State(site): State<Arc<Site>>, call: Call, request: Request) -> Result<Response, Problem> {
    call.check(&DELETE)?;
    let id = id(&call)?;
    let (key, bytes) = body::bytes(&call, request).await?;
    let asked = Asked::new(&call, key, &bytes)?;
    let worked_on = Arc::clone(&site);
    once::answer(site, asked, async move {
        let view = own(&worked_on, &call, &id).await?;
        let told = by(&call.viewer, &call.pass).entry(action::VIEW_DELETED, &id).with("room", view.room.as_str());
        worked_on.app.store.delete_view(&call.viewer.account, &id, told).await.map_err(|error| call.failed(error))?;
        done(&call, &Deleted { deleted: true })
    })
    .await
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let rooms = || one_of(List::ALL.map(List::key));
    let filters = || json!({"type": "object", "additionalProperties": text()});
    let view = object([("view", text()), ("room", rooms()), ("name", text()), ("filters", filters())]);
    let name = || json!({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME});
    let of_room = |list: List| {
        let known: serde_json::Map<String, Value> = list.filters().iter().map(|key| ((*key).to_owned(), text())).collect();
        let filters = json!({"type": "object", "properties": known, "additionalProperties": false});
        object([("room", one_of([list.key()])), ("name", name()), ("filters", filters)])
    };
    vec![
        ("View", view),
        ("Views", object([("rows", list(schema("View")))])),
        ("NewView", json!({"oneOf": List::ALL.map(of_room)})),
        ("ViewName", object([("name", name())])),
        ("ViewDeleted", object([("deleted", json!({"const": true}))])),
    ]
}
