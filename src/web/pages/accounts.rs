//! `/akun`: who has an account, with which roles and units, which sessions and tokens; `/akun/{nama}`: one of them.

mod tokens;

use super::html;
use super::trouble::Trouble;
use crate::app::AppError;
use crate::app::access::{self, By, NewUser};
use crate::domain::access::{Role, Scope};
use crate::domain::text::Lang;
use crate::store::Account;
use crate::web::Site;
use crate::web::access::by;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::view::{age, when};
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokens::{Made, RightTick, TokenRow};

type Fields = Form<Vec<(String, String)>>;

fn value<'a>(form: &'a Fields, name: &str) -> &'a str {
    form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// A role to tick.
struct Tick {
    key: &'static str,
    says: &'static str,
    ticked: bool,
}

fn ticks(roles: &BTreeSet<Role>, lang: Lang) -> Vec<Tick> {
    let says = |role: Role| match role {
        Role::Keuangan => lang.pick("keuangan: siapa dapat dibayar, dokumen", "keuangan: who can be paid, documents"),
        Role::Sdm => lang.pick("sdm: temuan dan siapa memperbaikinya", "sdm: findings and who mends them"),
        Role::Sysadmin => lang.pick("sysadmin: tarikan, jadwal, akun", "sysadmin: pulls, schedule, accounts"),
        Role::Auditor => lang.pick("auditor: membaca semuanya dan log audit", "auditor: reads everything and the audit log"),
    };
    Role::ALL.into_iter().map(|(key, role)| Tick { key, says: says(role), ticked: roles.contains(&role) }).collect()
}

/// The roles and units of a form; units that are left empty mean all.
fn wished(form: &Fields) -> (BTreeSet<Role>, Scope) {
    let roles = form.iter().filter(|(name, _)| name == "peran").filter_map(|(_, key)| Role::from_key(key)).collect();
    let units: BTreeSet<String> =
        value(form, "unit").split([',', '\n', ' ']).map(|unit| unit.trim().to_owned()).filter(|unit| !unit.is_empty()).collect();
    (roles, if units.is_empty() { Scope::All } else { Scope::Units(units) })
}

fn units(scope: &Scope) -> String {
    match scope {
        Scope::All => String::new(),
        Scope::Units(units) => units.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    }
}

struct Row {
    name: String,
    shown: String,
    roles: String,
    units: String,
    state: &'static str,
    tone: &'static str,
    sessions: usize,
    link: String,
}

fn state(account: &Account, site: &Site, lang: Lang) -> (&'static str, &'static str) {
    match account {
        _ if account.disabled => (lang.pick("ditutup", "closed"), "tag-grey"),
        _ if account.locked_until.is_some_and(|until| until > site.app.clock.now()) => {
            (lang.pick("menunggu setelah gagal masuk", "waits after failures"), "tag-amber")
        }
        _ => (lang.pick("terbuka", "open"), "tag-green"),
    }
}

fn roles(account: &Account) -> String {
    account.roles.iter().map(|role| role.key()).collect::<Vec<_>>().join(", ")
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct Page {
    layout: Layout,
    csrf: String,
    trouble: String,
    rows: Vec<Row>,
    /// What was typed into the form for a new one.
    name: String,
    shown: String,
    units: String,
    ticks: Vec<Tick>,
}

fn layout(site: &Site, ask: &Ask, path: &str, title: &str) -> Layout {
    let links = ask.links(ask.period, site);
    let other = links.other_lang().to(path, &[]);
    Layout { title: title.to_owned(), room: Room::Accounts, links, other, viewer: Some(ask.viewer.clone()) }
}

async fn list(site: &Site, ask: &Ask, form: Option<&Fields>, trouble: String) -> Result<Response, AppError> {
    let lang = ask.lang;
    let layout = layout(site, ask, "/akun", lang.pick("Akun", "Accounts"));
    let mut sessions: BTreeMap<String, usize> = BTreeMap::new();
    for session in site.app.store.sessions(None).await? {
        *sessions.entry(session.account).or_default() += 1;
    }
    let row = |account: &Account| {
        let (state, tone) = state(account, site, lang);
        Row {
            name: account.name.clone(),
            shown: account.shown.clone(),
            roles: roles(account),
            units: units(&account.scope),
            state,
            tone,
            sessions: sessions.get(&account.name).copied().unwrap_or_default(),
            link: layout.way(&format!("/akun/{}", account.name)),
        }
    };
    let rows = site.app.store.accounts().await?.iter().map(row).collect();
    let typed = |name: &str| form.map_or_else(String::new, |form| value(form, name).chars().take(200).collect());
    let ticked = form.map(|form| wished(form).0).unwrap_or_default();
    let (name, shown, units, csrf) = (typed("akun"), typed("sapaan"), typed("unit"), ask.pass.csrf.clone());
    let mut response = html(&Page { csrf, rows, name, shown, units, ticks: ticks(&ticked, lang), layout, trouble: trouble.clone() });
    if !trouble.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn shown(site: &Site, ask: &Ask, answer: Result<Response, AppError>) -> Response {
    answer.unwrap_or_else(|error| Trouble::of(&error, ask.lang).show(site, ask.lang))
}

/// `GET /akun`.
pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    let answer = list(&site, &ask, None, String::new()).await;
    shown(&site, &ask, answer)
}

/// `POST /akun`: a new account. Sent twice, the second finds that there is one of that name.
pub(in crate::web) async fn add(State(site): State<Arc<Site>>, ask: Ask, form: Fields) -> Response {
    let (roles, scope) = wished(&form);
    let new = NewUser {
        name: value(&form, "akun").to_owned(),
        shown: value(&form, "sapaan").to_owned(),
        password: value(&form, "sandi").to_owned(),
        roles,
        scope,
    };
    let answer = match access::add_account(&site.app, &by(&ask.viewer, &ask.pass), new).await {
        Ok(name) => Ok(to(&site, &ask, &name, "dibuat")),
        Err(error @ AppError::Access(_)) => list(&site, &ask, Some(&form), error.sentence(ask.lang)).await,
        Err(error) => Err(error),
    };
    shown(&site, &ask, answer)
}

fn to(site: &Site, ask: &Ask, name: &str, done: &str) -> Response {
    let to = ask.links(None, site).to(&format!("/akun/{name}"), &[("hasil", done)]);
    let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/akun"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

#[derive(Template)]
#[template(path = "account.html")]
struct One {
    layout: Layout,
    csrf: String,
    trouble: String,
    done: &'static str,
    name: String,
    shown: String,
    action: String,
    back: String,
    state: &'static str,
    tone: &'static str,
    disabled: bool,
    own: bool,
    units: String,
    ticks: Vec<Tick>,
    /// Began, last used.
    sessions: Vec<(String, String)>,
    tokens: Vec<TokenRow>,
    /// Rights that a token of this account may be limited to.
    rights: Vec<RightTick>,
    /// What the form for a token carries, so that it is taken once.
    once: String,
    /// A token that was made just now.
    made: Option<Made>,
}

fn said(key: &str, lang: Lang) -> &'static str {
    match key {
        "dibuat" => lang.pick("Akun dibuat.", "The account was made."),
        "peran" => lang.pick(
            "Peran dan unit diganti; berlaku mulai permintaan berikutnya.",
            "Roles and units were changed, from the next request on.",
        ),
        "sandi" => lang.pick("Kata sandi diganti; semua sesinya diakhiri.", "The password was changed; all sessions were ended."),
        "tutup" => lang
            .pick("Akun ditutup; sesi dan tokennya tidak berlaku lagi.", "The account was closed; its sessions and tokens open nothing."),
        "buka" => lang.pick("Akun dibuka lagi.", "The account was opened again."),
        "sesi" => lang.pick("Semua sesi akun ini diakhiri.", "All sessions of this account were ended."),
        "cabut" => lang.pick("Token dicabut.", "The token was revoked."),
        _ => "",
    }
}

async fn one(site: &Site, ask: &Ask, name: &str, done: &'static str, trouble: String, made: Option<Made>) -> Result<Response, AppError> {
    let lang = ask.lang;
    let Some(account) = site.app.store.account(name).await? else {
        let sentence = lang.pick("Tidak ada akun bernama itu.", "There is no account of that name.");
        return Ok(Trouble::new(StatusCode::NOT_FOUND, sentence).show(site, lang));
    };
    let (zone, now) = (site.app.config.schedule.timezone.get(), site.app.clock.now());
    let path = format!("/akun/{}", account.name);
    let layout = layout(site, ask, &path, &format!("{} {}", lang.pick("Akun", "Account"), account.name));
    let (state, tone) = state(&account, site, lang);
    let sessions = site.app.store.sessions(Some(&account.name)).await?;
    let tokens = site.app.store.tokens().await?;
    let page = One {
        csrf: ask.pass.csrf.clone(),
        trouble: trouble.clone(),
        done,
        action: layout.way(&path),
        back: layout.way("/akun"),
        state,
        tone,
        disabled: account.disabled,
        own: account.name == ask.viewer.account,
        units: units(&account.scope),
        ticks: ticks(&account.roles, lang),
        sessions: sessions.iter().map(|session| (when(session.created_at, zone, lang), age(session.seen_at, now, lang))).collect(),
        tokens: tokens.iter().filter(|token| token.account == account.name).map(|token| TokenRow::of(token, site, lang)).collect(),
        rights: tokens::rights(&account.viewer(), lang),
        once: access::secret(),
        made,
        name: account.name,
        shown: account.shown,
        layout,
    };
    let mut response = html(&page);
    if !trouble.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// `GET /akun/{nama}`.
pub(in crate::web) async fn show_one(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    ask: Ask,
    query: axum::extract::Query<Vec<(String, String)>>,
) -> Response {
    let done = query.iter().find(|(name, _)| name == "hasil").map_or("", |(_, key)| said(key, ask.lang));
    let answer = one(&site, &ask, &name, done, String::new(), None).await;
    shown(&site, &ask, answer)
}

/// `POST /akun/{nama}`: one change. Sent twice, it finds itself done.
pub(in crate::web) async fn change(State(site): State<Arc<Site>>, Path(name): Path<String>, ask: Ask, form: Fields) -> Response {
    let action = value(&form, "tindakan").to_owned();
    if action == tokens::MAKE {
        // The answer is the page itself: what it shows cannot be asked for again.
        let answer = match tokens::make(&site, &ask, &name, &form).await {
            Ok(made) => one(&site, &ask, &name, "", String::new(), Some(made)).await,
            Err(error @ AppError::Access(_)) => one(&site, &ask, &name, "", error.sentence(ask.lang), None).await,
            Err(error) => Err(error),
        };
        return shown(&site, &ask, answer);
    }
    let answer = match changed(&site, &by(&ask.viewer, &ask.pass), &name, &action, &form).await {
        Ok(true) => Ok(to(&site, &ask, &name, &action)),
        Ok(false) => {
            let sentence = ask.lang.pick("Isian formulir ini tidak lengkap.", "This form is not complete.");
            Ok(Trouble::new(StatusCode::BAD_REQUEST, sentence).show(&site, ask.lang))
        }
        Err(error @ AppError::Access(_)) => one(&site, &ask, &name, "", error.sentence(ask.lang), None).await,
        Err(error) => Err(error),
    };
    shown(&site, &ask, answer)
}

/// Whether there is such a change.
async fn changed(site: &Site, by: &By, name: &str, action: &str, form: &Fields) -> Result<bool, AppError> {
    let app = &site.app;
    match action {
        "peran" => {
            let (roles, scope) = wished(form);
            access::set_roles(app, by, name, &roles, Some(&scope)).await?;
        }
        "sandi" => access::set_password(app, by, name, value(form, "sandi").to_owned(), None).await?,
        "tutup" => access::set_disabled(app, by, name, true).await?,
        "buka" => access::set_disabled(app, by, name, false).await?,
        "sesi" => access::end_sessions(app, by, name).await?,
        "cabut" => access::revoke_token(app, by, value(form, "token")).await?,
        _ => return Ok(false),
    }
    Ok(true)
}
