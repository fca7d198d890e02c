//! What pages about cases share: accounts by name, what was done, and where forms lead.

use super::scene::Scene;
use crate::domain::access::Right;
use crate::domain::text::Lang;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;

/// What was done, by the key in the address (`kabar`).
pub(super) fn told(key: &str, lang: Lang) -> Option<&'static str> {
    let (id, en) = match key {
        "tugaskan" => ("Petugas dicatat.", "The account in charge is noted."),
        "batas" => ("Batas waktu dicatat.", "The deadline is noted."),
        "komentar" => ("Komentar dicatat.", "The comment is noted."),
        "minta" => (
            "Pengesampingan diminta. Sekarang orang lain harus menyetujuinya.",
            "The waiver is asked for. Now somebody else has to approve it.",
        ),
        "setujui" => (
            "Pengesampingan disetujui. Putusan berubah pada pencocokan berikutnya.",
            "The waiver is approved. The verdict changes with the next reconciliation.",
        ),
        "tolak" => ("Pengesampingan ditolak.", "The waiver is refused."),
        "tarik" => (
            "Pengesampingan ditarik. Putusan berubah pada pencocokan berikutnya.",
            "The waiver is taken back. The verdict changes with the next reconciliation.",
        ),
        _ => return None,
    };
    Some(lang.pick(id, en))
}

/// Accounts by name, and which of them may work cases of these units.
pub(super) struct Accounts {
    shown: BTreeMap<String, String>,
    workers: Vec<String>,
}

impl Accounts {
    pub(super) async fn of(scene: &Scene<'_>, unit: Option<&str>) -> Result<Self, Response> {
        let all = scene.site.app.store.accounts().await.map_err(|error| scene.trouble(error))?;
        let may = |account: &&crate::store::Account| {
            let viewer = account.viewer();
            !account.disabled && viewer.may(Right::WorkCases) && unit.is_none_or(|unit| viewer.sees(unit))
        };
        let workers = all.iter().filter(may).map(|account| account.name.clone()).collect();
        let shown = all.into_iter().map(|account| (account.name.clone(), account.shown)).collect();
        Ok(Self { shown, workers })
    }

    /// How an account is called.
    pub(super) fn said(&self, account: &str) -> String {
        self.shown.get(account).filter(|shown| !shown.is_empty()).cloned().unwrap_or_else(|| account.to_owned())
    }

    /// Those whom a case can be given to, whoever reads first.
    pub(super) fn options(&self, me: &str, chosen: &str, lang: Lang) -> Vec<(String, String, bool)> {
        let mut workers: Vec<&String> = self.workers.iter().collect();
        workers.sort_by_key(|account| (account.as_str() != me, account.as_str()));
        let option = |account: &String| {
            let mut said = format!("{} ({account})", self.said(account));
            if account == me {
                said = lang.pick(format!("Saya: {said}"), format!("Me: {said}"));
            }
            (account.clone(), said, account == chosen)
        };
        workers.into_iter().map(option).collect()
    }
}

/// Whether whoever reads may act, which takes an account of their own.
pub(super) fn may_work(scene: &Scene<'_>) -> bool {
    scene.ask.viewer.may(Right::WorkCases) && scene.ask.pass.session.is_some()
}

/// On to another page of ours.
pub(super) fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/sdm"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}
