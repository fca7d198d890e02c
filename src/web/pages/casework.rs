//! What forms about cases say, and what they are answered: shared by the page of a case and that of a group.

use super::scene::Scene;
use crate::domain::Finding;
use crate::domain::access::Right;
use crate::domain::text::{Lang, hex};
use crate::store::{Case, CaseTarget, Deed, NewWaiver, Worked};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Letters of a comment or a reason.
const LONGEST: usize = 2_000;
/// Letters of a document's number.
const LONGEST_DOCUMENT: usize = 100;

/// What was typed into a form; it is shown again when something is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    /// `laku`: what to do.
    pub deed: String,
    /// `petugas`: an account.
    pub owner: String,
    /// `batas`: a day.
    pub deadline: String,
    /// `komentar`.
    pub comment: String,
    /// `alasan`.
    pub reason: String,
    /// `dokumen`.
    pub document: String,
    /// `sampai`: a day.
    pub until: String,
    /// `tolak`: why not.
    pub refusal: String,
}

impl Typed {
    /// The fields of a form.
    pub(super) fn read(form: &[(String, String)]) -> Self {
        let value = |name: &str| form.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim()).to_owned();
        Self {
            deed: value("laku"),
            owner: value("petugas"),
            deadline: value("batas"),
            comment: value("komentar"),
            reason: value("alasan"),
            document: value("dokumen"),
            until: value("sampai"),
            refusal: value("tolak"),
        }
    }

    /// What is asked for, else what is missing or wrong.
    pub(super) fn deed(&self, scene: &Scene<'_>) -> Result<Deed, String> {
        let lang = scene.ask.lang;
        let (today, zone) = (scene.today(), scene.zone);
        let missing = |id: &str, en: &str| lang.pick(id, en).to_owned();
        let text = |text: &str, longest: usize, id: &str, en: &str| match text.chars().count() {
            0 => Err(missing(id, en)),
            count if count > longest => Err(lang.pick(format!("Paling banyak {longest} huruf."), format!("At most {longest} letters."))),
            _ => Ok(text.to_owned()),
        };
        let day = |text: &str| match text.parse::<NaiveDate>() {
            Ok(day) if day >= today => Ok(day),
            Ok(_) => Err(missing("Tanggal itu sudah lewat.", "That day has passed.")),
            Err(_) => Err(missing("Isi tanggal, misalnya 2026-12-31.", "Fill in a day, for example 2026-12-31.")),
        };
        match self.deed.as_str() {
            "tugaskan" => Ok(Deed::Assign(self.owner.clone())),
            "batas" if self.deadline.is_empty() => Ok(Deed::Deadline(None)),
            "batas" => day(&self.deadline).map(|day| Deed::Deadline(Some(day))),
            "komentar" => text(&self.comment, LONGEST, "Tulis komentarnya.", "Write the comment.").map(Deed::Comment),
            "minta" => {
                let reason = text(&self.reason, LONGEST, "Tulis alasannya.", "Write the reason.")?;
                let number = ("Isi nomor dokumen yang mengizinkannya.", "Fill in the number of the document that allows it.");
                let document = text(&self.document, LONGEST_DOCUMENT, number.0, number.1)?;
                let until = day(&self.until)?;
                let ends_at = end_of(until, zone).ok_or_else(|| missing("Tanggal itu terlalu jauh.", "That day is too far away."))?;
                Ok(Deed::Ask(NewWaiver { reason, document, until, ends_at }))
            }
            "setujui" => Ok(Deed::Approve),
            "tolak" => text(&self.refusal, LONGEST, "Tulis alasan penolakannya.", "Write why it is refused.").map(Deed::Refuse),
            "tarik" => Ok(Deed::Withdraw),
            _ => Err(missing("Pilih dahulu apa yang akan dilakukan.", "Choose first what to do.")),
        }
    }
}

/// The first instant after a day.
fn end_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let next = day.succ_opt()?.and_hms_opt(0, 0, 0)?;
    Some(zone.from_local_datetime(&next).earliest()?.to_utc())
}

/// Why nothing was changed; `None`: it was.
pub(super) fn refused(worked: Worked, lang: Lang) -> Option<(StatusCode, &'static str)> {
    let conflict = StatusCode::CONFLICT;
    let (status, id, en) = match worked {
        Worked::Done(_) => return None,
        Worked::Stale => (
            conflict,
            "Kasus ini sudah berubah sejak halaman dibuka, mungkin oleh klik Anda sebelumnya. Tidak ada yang diubah sekarang. Periksa keadaan terbaru di bawah, lalu ulangi bila masih perlu.",
            "This case has changed since the page was opened, perhaps by your own click before. Nothing was changed now. Look at what it says below, and try again if need be.",
        ),
        Worked::Forbidden => (
            StatusCode::FORBIDDEN,
            "Peran atau unit akun Anda tidak mencakup kasus ini. Tidak ada yang diubah.",
            "The roles or units of your account do not include this case. Nothing was changed.",
        ),
        Worked::NoOwner => (
            conflict,
            "Petugas itu tidak dapat mengerjakan kasus ini: akunnya tidak ada, ditutup, bukan SDM, atau untuk unit lain. Tidak ada yang diubah.",
            "That account cannot work this case: it does not exist, is closed, has no HR role or is for other units. Nothing was changed.",
        ),
        Worked::NotOpen => (
            conflict,
            "Temuannya sudah tidak ada, jadi tidak ada yang perlu dikerjakan. Tidak ada yang diubah.",
            "The finding is gone, so there is nothing to do. Nothing was changed.",
        ),
        Worked::HasWaiver => (
            conflict,
            "Pengesampingan sudah diminta atau sudah berlaku. Tidak ada yang diubah.",
            "A waiver is asked for or in force already. Nothing was changed.",
        ),
        Worked::NoWaiver => (
            conflict,
            "Tidak ada pengesampingan yang menunggu atau berlaku. Tidak ada yang diubah.",
            "No waiver waits or is in force. Nothing was changed.",
        ),
        Worked::OwnWaiver => (
            StatusCode::FORBIDDEN,
            "Permintaan sendiri harus diputuskan orang lain. Tidak ada yang diubah.",
            "What you have asked for somebody else must decide. Nothing was changed.",
        ),
        Worked::OtherEvidence => (
            conflict,
            "Buktinya sudah berubah sejak pengesampingan diminta, jadi tidak dapat disetujui. Tarik permintaannya dan minta lagi untuk bukti yang baru.",
            "The evidence has changed since the waiver was asked for, so it cannot be approved. Take the request back and ask again for what it says now.",
        ),
        Worked::Expired => {
            (conflict, "Tanggal berlakunya sudah lewat. Tidak ada yang diubah.", "Its last day has passed. Nothing was changed.")
        }
    };
    Some((status, lang.pick(id, en)))
}

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

/// A finding as a form shows it.
pub(super) fn target(finding: &Finding, case: Option<&Case>) -> CaseTarget {
    CaseTarget { id: finding.id.clone(), version: case.map_or(0, |case| case.version), evidence: finding.evidence_hash() }
}

/// One word for several findings as they were shown.
pub(super) fn stamp(targets: &[CaseTarget]) -> String {
    let mut targets = targets.to_vec();
    targets.sort();
    let mut digest = Sha256::new();
    for CaseTarget { id, version, evidence } in targets {
        digest.update(format!("{id} {version} {evidence}\n"));
    }
    hex(&digest.finalize()[..8])
}

/// On to another page of ours.
pub(super) fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/sdm"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_the_ministry_is() {
        let end = end_of("2026-12-31".parse().unwrap(), chrono_tz::Asia::Jakarta).unwrap();
        assert_eq!(end.to_rfc3339(), "2026-12-31T17:00:00+00:00");
    }

    #[test]
    fn a_stamp_knows_versions_and_evidence_and_no_order() {
        let one = CaseTarget { id: "a".into(), version: 1, evidence: "x".into() };
        let other = CaseTarget { id: "b".into(), version: 0, evidence: "y".into() };
        let plain = stamp(&[one.clone(), other.clone()]);
        assert_eq!(plain, stamp(&[other.clone(), one.clone()]));
        assert_ne!(plain, stamp(&[CaseTarget { version: 2, ..one.clone() }, other.clone()]));
        assert_ne!(plain, stamp(&[one.clone(), CaseTarget { evidence: "z".into(), ..other }]));
        assert_ne!(plain, stamp(&[one]));
    }
}
