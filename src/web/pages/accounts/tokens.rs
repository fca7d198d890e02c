//! Tokens of programs on the page of their account: all of them, and one that is made and shown once.

use super::{Fields, value};
use crate::app::AppError;
use crate::app::access::{self, NewToken};
use crate::config::Said;
use crate::domain::access::{Right, Viewer};
use crate::domain::text::Lang;
use crate::store::ApiToken;
use crate::web::Site;
use crate::web::access::by;
use crate::web::ask::Ask;
use crate::web::view::when;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What the form for a token asks for.
pub(super) const MAKE: &str = "token";

/// A token without its secret.
pub(super) struct TokenRow {
    pub id: String,
    pub name: String,
    pub scopes: String,
    pub until: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub good: bool,
}

impl TokenRow {
    pub(super) fn of(token: &ApiToken, site: &Site, lang: Lang) -> Self {
        let (zone, now) = (site.app.config.schedule.timezone.get(), site.app.clock.now());
        let (state, tone, good) = match token {
            _ if token.revoked_at.is_some() => (lang.pick("dicabut", "revoked"), "tag-grey", false),
            _ if token.expires_at <= now => (lang.pick("habis", "ended"), "tag-grey", false),
            _ => (lang.pick("berlaku", "good"), "tag-green", true),
        };
        let all = lang.pick("semua hak akun", "all rights of the account");
        let said = |rights: &BTreeSet<Right>| rights.iter().map(|right| says(*right, lang)).collect::<Vec<_>>().join(", ");
        Self {
            id: token.id.clone(),
            name: token.name.clone(),
            scopes: token.scopes.as_ref().map_or(all.to_owned(), said),
            until: when(token.expires_at, zone, lang),
            state,
            tone,
            good,
        }
    }
}

/// A right to tick.
pub(super) struct RightTick {
    pub key: &'static str,
    pub says: &'static str,
}

/// What a token of that account may be limited to.
pub(super) fn rights(viewer: &Viewer, lang: Lang) -> Vec<RightTick> {
    let given = Right::ALL.into_iter().filter(|(_, right)| viewer.may(*right));
    given.map(|(key, right)| RightTick { key, says: says(right, lang) }).collect()
}

/// A right in words.
fn says(right: Right, lang: Lang) -> &'static str {
    match right {
        Right::SeePeople => lang.pick("melihat putusan dan jumlah per orang", "see verdicts and amounts by person"),
        Right::SeeNip => lang.pick("melihat NIP utuh", "see whole NIPs"),
        Right::SeeAccounts => lang.pick("melihat rekening", "see account numbers"),
        Right::Export => lang.pick("mengunduh dokumen", "take documents away"),
        Right::CheckPayment => lang.pick("memeriksa berkas pembayaran", "check a payment file"),
        Right::SeeCases => lang.pick("melihat temuan dan kasus", "see findings and cases"),
        Right::WorkCases => lang.pick("mengerjakan kasus", "work on cases"),
        Right::SeeOperations => lang.pick("melihat keadaan sinkronisasi", "see how the pulls stand"),
        Right::Operate => lang.pick("menjalankan pekerjaan dan memutuskan jawaban tertahan", "start jobs and decide about held answers"),
        Right::SeePolicy => lang.pick("melihat kebijakan", "see the policy"),
        Right::ManageAccounts => lang.pick("mengelola akun", "manage accounts"),
        Right::SeeAudit => lang.pick("membaca log audit", "read the audit log"),
    }
}

/// A token that was made just now: the only time that its text is seen.
pub(super) struct Made {
    pub name: String,
    pub text: String,
    pub until: String,
}

/// Makes the token that the form asks for; a form makes one, however often it is sent.
pub(super) async fn make(site: &Site, ask: &Ask, account: &str, form: &Fields) -> Result<Made, AppError> {
    let wrong = |id: &str, en: &str| AppError::Access(Said::new(id, en));
    let incomplete = || wrong("isian formulir ini tidak lengkap", "this form is not complete");
    // Of the form's 256 random bits a token's id has half.
    let id = value(form, "sekali").get(..32).and_then(|id| Uuid::parse_str(id).ok()).ok_or_else(incomplete)?;
    let scopes: BTreeSet<Right> = form.iter().filter(|(name, _)| name == "hak").filter_map(|(_, key)| Right::from_key(key)).collect();
    if scopes.is_empty() {
        return Err(wrong("pilih sekurangnya satu hak untuk token ini", "choose at least one right for this token"));
    }
    let days =
        value(form, "hari").trim().parse().map_err(|_| wrong("masa berlaku token: 1 sampai 366 hari", "days of a token: 1 to 366"))?;
    let new = NewToken { name: value(form, "untuk").to_owned(), account: account.to_owned(), scopes: Some(scopes), days };
    let (token, text) = access::add_token_once(&site.app, &by(&ask.viewer, &ask.pass), new, id).await?;
    Ok(Made { name: token.name, text, until: when(token.expires_at, site.app.config.schedule.timezone.get(), ask.lang) })
}
