//! Saved views: what a reader filters again and again, by a name. They are made, renamed and taken away here, and shown
//! on the lists that they belong to.

use super::scene::Scene;
use super::trouble::Trouble;
use crate::app::access::action;
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::store::{SavedView, ViewChange};
use crate::web::Site;
use crate::web::access::by;
use crate::web::ask::Ask;
use axum::extract::{Form, Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Characters of a name.
pub(in crate::web) const LONGEST_NAME: usize = 60;
/// A search with so many digits names one person, and is no view.
const DIGITS: usize = 6;

/// A list whose filters can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum List {
    Finance,
    Hr,
}

impl List {
    pub(in crate::web) const ALL: [Self; 2] = [Self::Finance, Self::Hr];

    pub(in crate::web) fn key(self) -> &'static str {
        match self {
            Self::Finance => "keuangan",
            Self::Hr => "sdm",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Finance => "/keuangan",
            Self::Hr => "/sdm",
        }
    }

    /// Names of its filters.
    pub(in crate::web) fn filters(self) -> &'static [&'static str] {
        match self {
            Self::Finance => &["putusan", "kode", "cari", "unit", "urut"],
            Self::Hr => &["kode", "pemilik"],
        }
    }

    pub(in crate::web) fn right(self) -> Right {
        match self {
            Self::Finance => Right::SeePeople,
            Self::Hr => Right::SeeCases,
        }
    }

    pub(in crate::web) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.key() == key)
    }
}

/// The views of a list, and what it takes to keep another one.
pub(super) struct Saved {
    pub(super) room: &'static str,
    pub(super) action: String,
    pub(super) csrf: String,
    pub(super) rows: Vec<SavedRow>,
    /// The filters of the page, where there are any to keep.
    pub(super) fields: Vec<(String, String)>,
}

/// One view.
pub(super) struct SavedRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) link: String,
    pub(super) here: bool,
    pub(super) rename: String,
    pub(super) delete: String,
}

/// The views of the reader; `None`: the reader has no account to which they could belong.
pub(super) async fn saved(scene: &Scene<'_>, list: List, filters: &[(&str, &str)]) -> Result<Option<Saved>, Response> {
    let ask = scene.ask;
    if ask.pass.session.is_none() {
        return Ok(None);
    }
    let views = scene.site.app.store.views(&ask.viewer.account, list.key()).await.map_err(|error| scene.trouble(error))?;
    let fields: Vec<(String, String)> =
        filters.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let row = |view: SavedView| {
        let pairs: Vec<(&str, &str)> = view.filters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        SavedRow {
            link: scene.links.to(list.path(), &pairs),
            here: view.filters.len() == fields.len() && view.filters.iter().all(|pair| fields.contains(pair)),
            rename: scene.links.to(&format!("/tampilan/{}/nama", view.id), &[]),
            delete: scene.links.to(&format!("/tampilan/{}/hapus", view.id), &[]),
            id: view.id,
            name: view.name,
        }
    };
    Ok(Some(Saved {
        room: list.key(),
        action: scene.links.to("/tampilan", &[]),
        csrf: ask.pass.csrf.clone(),
        rows: views.into_iter().map(row).collect(),
        fields,
    }))
}

type Fields = Vec<(String, String)>;

fn value<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
}

fn wrong(site: &Site, ask: &Ask, status: StatusCode, sentence: &str) -> Response {
    Trouble::new(status, sentence).at(ask.period).show(site, ask.lang)
}

/// A name that can be given, or what is wrong with it.
pub(in crate::web) fn named(name: &str, lang: Lang) -> Result<String, &'static str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(lang.pick("Beri nama tampilan, paling panjang 60 huruf.", "Give the view a name of at most 60 letters."));
    }
    Ok(name.to_owned())
}

/// A view outlives who looks: it does not name a person.
pub(in crate::web) fn names_nobody(filters: &[(String, String)], lang: Lang) -> Result<(), &'static str> {
    let names = |(key, value): &(String, String)| key == "cari" && value.bytes().filter(u8::is_ascii_digit).count() >= DIGITS;
    if filters.iter().any(names) {
        return Err(lang.pick(
            "Pencarian dengan NIP tidak disimpan: hapus angkanya dahulu.",
            "A search by NIP is not kept: take the digits out first.",
        ));
    }
    Ok(())
}

pub(in crate::web) fn too_many(lang: Lang) -> &'static str {
    lang.pick("Tampilan tersimpan sudah 40: hapus satu dahulu.", "There are 40 saved views already: take one away first.")
}

pub(in crate::web) fn name_taken(lang: Lang) -> &'static str {
    lang.pick("Nama itu sudah dipakai tampilan lain.", "Another view is called that.")
}

/// Back to a list; as it was asked for.
fn back(ask: &Ask, site: &Site, list: List, filters: &[(String, String)]) -> Response {
    let pairs: Vec<(&str, &str)> = filters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    match HeaderValue::from_str(&ask.links(ask.period, site).to(list.path(), &pairs)) {
        Ok(to) => (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Whoever has no account has nothing to which a view could belong.
fn nobody(site: &Site, ask: &Ask) -> Option<Response> {
    let sentence = ask.lang.pick("Masuk dengan akun untuk menyimpan tampilan.", "Sign in with an account to keep a view.");
    ask.pass.session.is_none().then(|| wrong(site, ask, StatusCode::FORBIDDEN, sentence))
}

/// `POST /tampilan`.
pub(in crate::web) async fn save(State(site): State<Arc<Site>>, ask: Ask, form: Form<Fields>) -> Response {
    match keep(&site, &ask, &form).await {
        Ok(response) | Err(response) => response,
    }
}

async fn keep(site: &Site, ask: &Ask, form: &Fields) -> Result<Response, Response> {
    if let Some(refused) = nobody(site, ask) {
        return Err(refused);
    }
    let lang = ask.lang;
    let unprocessable = |sentence: &str| wrong(site, ask, StatusCode::UNPROCESSABLE_ENTITY, sentence);
    let list = List::of(value(form, "halaman"));
    let list = list.ok_or_else(|| unprocessable(lang.pick("Halaman itu tidak punya tampilan tersimpan.", "That page keeps no views.")))?;
    if !ask.viewer.may(list.right()) {
        return Err(Trouble::closed(lang).at(ask.period).show(site, lang));
    }
    let name = named(value(form, "nama"), lang).map_err(unprocessable)?;
    let filters: Fields =
        list.filters().iter().map(|key| ((*key).to_owned(), value(form, key).to_owned())).filter(|(_, value)| !value.is_empty()).collect();
    // What no list would understand is not kept.
    Ask::understands(&filters, lang, &ask.viewer).map_err(|trouble| trouble.at(ask.period).show(site, lang))?;
    names_nobody(&filters, lang).map_err(unprocessable)?;
    let id = uuid::Uuid::new_v4().simple().to_string();
    let told = by(&ask.viewer, &ask.pass).entry(action::VIEW_SAVED, &id).with("room", list.key());
    let view = SavedView { id, room: list.key().to_owned(), name, filters };
    let done = site.app.store.save_view(&ask.viewer.account, &view, told).await;
    match done.map_err(|error| Trouble::of(&error.into(), lang).at(ask.period).show(site, lang))? {
        ViewChange::TooMany => Err(unprocessable(too_many(lang))),
        _ => Ok(back(ask, site, list, &view.filters)),
    }
}

/// `POST /tampilan/{tampilan}/nama`.
pub(in crate::web) async fn rename(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask, form: Form<Fields>) -> Response {
    match call(&site, &ask, &id, &form).await {
        Ok(response) | Err(response) => response,
    }
}

async fn call(site: &Site, ask: &Ask, id: &str, form: &Fields) -> Result<Response, Response> {
    let (list, view) = own(site, ask, id).await?;
    let name = named(value(form, "nama"), ask.lang).map_err(|sentence| wrong(site, ask, StatusCode::UNPROCESSABLE_ENTITY, sentence))?;
    let told = by(&ask.viewer, &ask.pass).entry(action::VIEW_RENAMED, id).with("room", list.key());
    let done = site.app.store.rename_view(&ask.viewer.account, id, &name, told).await;
    match done.map_err(|error| Trouble::of(&error.into(), ask.lang).at(ask.period).show(site, ask.lang))? {
        ViewChange::NameTaken => Err(wrong(site, ask, StatusCode::UNPROCESSABLE_ENTITY, name_taken(ask.lang))),
        _ => Ok(back(ask, site, list, &view.filters)),
    }
}

/// `POST /tampilan/{tampilan}/hapus`.
pub(in crate::web) async fn delete(State(site): State<Arc<Site>>, Path(id): Path<String>, ask: Ask, form: Form<Fields>) -> Response {
    match take_away(&site, &ask, &id, &form).await {
        Ok(response) | Err(response) => response,
    }
}

async fn take_away(site: &Site, ask: &Ask, id: &str, form: &Fields) -> Result<Response, Response> {
    if let Some(refused) = nobody(site, ask) {
        return Err(refused);
    }
    // Of a second click the view has gone: the list that the form names is where both lead.
    let list = List::of(value(form, "halaman")).unwrap_or(List::Finance);
    let told = by(&ask.viewer, &ask.pass).entry(action::VIEW_DELETED, id).with("room", list.key());
    let done = site.app.store.delete_view(&ask.viewer.account, id, told).await;
    done.map_err(|error| Trouble::of(&error.into(), ask.lang).at(ask.period).show(site, ask.lang))?;
    Ok(back(ask, site, list, &[]))
}

/// A view of the reader's own; somebody else's is answered like none.
async fn own(site: &Site, ask: &Ask, id: &str) -> Result<(List, SavedView), Response> {
    if let Some(refused) = nobody(site, ask) {
        return Err(refused);
    }
    let found = site.app.store.view(&ask.viewer.account, id).await;
    let found = found.map_err(|error| Trouble::of(&error.into(), ask.lang).at(ask.period).show(site, ask.lang))?;
    let known = found.and_then(|view| List::of(&view.room).map(|list| (list, view)));
    known.ok_or_else(|| wrong(site, ask, StatusCode::NOT_FOUND, ask.lang.pick("Tampilan itu tidak ada.", "There is no such view.")))
}
