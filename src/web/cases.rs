//! What somebody asks to be done with a case, through a form or the API: what is missing or wrong in it, whom it is about,
//! and why nothing was done. One copy, so that a program may do no more than a page.

use super::Site;
use super::ask::is_handle;
use super::cover;
use super::pages::scene::AGAIN;
use super::veil::Veil;
use crate::app::AppError;
use crate::domain::access::Viewer;
use crate::domain::text::{Lang, hex};
use crate::domain::verdict::Verdict;
use crate::domain::{Finding, Period};
use crate::store::{Case, CaseFile, CaseTarget, Deed, Listed, NewWaiver, ShownRun, Worked};
use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

/// Letters of a comment or a reason.
pub(super) const LONGEST: usize = 2_000;
/// Letters of a document's number.
pub(super) const LONGEST_DOCUMENT: usize = 100;

/// What was typed into a form, which is shown again when something is wrong with it; or sent by a program.
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
    pub(super) fn deed(&self, lang: Lang, site: &Site) -> Result<Deed, String> {
        let zone = site.app.config.schedule.timezone.get();
        let today = site.app.clock.now().with_timezone(&zone).date_naive();
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
        // PostgreSQL keeps no such letter.
        let typed = [&self.owner, &self.comment, &self.reason, &self.document, &self.refusal];
        if typed.iter().any(|text| text.contains('\0')) {
            return Err(missing("Tulis teks tanpa karakter kosong (NUL).", "Write text without NUL characters."));
        }
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

/// A case with whom it is about.
pub(super) struct Opened {
    pub run: ShownRun,
    pub file: CaseFile,
    pub listed: Option<Listed>,
    pub verdict: Option<Verdict>,
    /// The finding as the last reconciliation put it; `None`: it is gone.
    pub finding: Option<Finding>,
}

/// What stands at the address of a case.
pub(super) enum Found {
    /// The period has not been reconciled.
    NoRun,
    /// Nothing, or nothing that this reader sees.
    Nothing,
    /// Reconciliations were committed again and again while it was read.
    Unsettled,
    /// A case.
    Case(Box<Opened>),
}

/// Letters of an id.
const ID: usize = 20;

/// The handle, if there is one, and the id of a case's name; `None`: no case could be called like that.
pub(super) fn parts(name: &str) -> Option<(Option<&str>, &str)> {
    let (handle, id) = match name.strip_prefix('~') {
        None => (None, name),
        Some(rest) => rest.split_once('-').map(|(handle, id)| (Some(handle), id))?,
    };
    let is_id = id.len() == ID && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_id && handle.is_none_or(is_handle)).then_some((handle, id))
}

/// The finding that is meant: by its id, or by a handle and the id that goes with it. From a true id a NIP could be worked
/// out: who may not see it does not come in by it, but to findings about whole files. `None`: none.
///
/// # Errors
/// The store's.
pub(super) async fn meant(site: &Site, period: Period, name: &str) -> Result<Option<String>, AppError> {
    let (handle, id) = match parts(name) {
        None => return Ok(None),
        Some((None, id)) => return Ok(Some(id.to_owned())),
        Some((Some(handle), id)) => (handle, id),
    };
    let store = &site.app.store;
    let Some(nip) = store.handled(handle).await? else { return Ok(None) };
    let states = store.finding_states_of(period, nip).await?;
    Ok(states.into_iter().find(|state| Finding::covered_id(handle, state.code, &state.subject) == id).map(|state| state.id))
}

impl Opened {
    /// Whether the reader may come in by that name.
    pub(super) fn is_open_by(&self, name: &str, veil: Veil) -> bool {
        veil.shows_nips() || self.file.state.nip.is_none() || name.starts_with('~')
    }

    /// How the reader is told to name it.
    pub(super) fn name(&self, veil: Veil) -> String {
        cover::case(veil, &self.file.state, self.listed.as_ref().map_or("", |row| &row.handle))
    }
}

/// Opens a case, if the reader sees the person's unit; that of somebody else is none. All of it is of one run.
pub(super) async fn open(site: &Site, viewer: &Viewer, period: Period, id: &str) -> Result<Found, AppError> {
    for _ in 0..AGAIN {
        let found = read(site, viewer, period, id).await?;
        let Found::Case(opened) = &found else { return Ok(found) };
        if site.app.store.shown_run(period).await?.is_some_and(|now| now.stamp == opened.run.stamp) {
            return Ok(found);
        }
    }
    Ok(Found::Unsettled)
}

async fn read(site: &Site, viewer: &Viewer, period: Period, id: &str) -> Result<Found, AppError> {
    let store = &site.app.store;
    let Some(run) = store.shown_run(period).await? else { return Ok(Found::NoRun) };
    let Some(file) = store.case_file(period, id).await? else { return Ok(Found::Nothing) };
    let (mut listed, mut verdict) = (None, None);
    if let Some(nip) = file.state.nip {
        listed = store.listed_of(period, &[nip]).await?.remove(&nip);
        verdict = store.verdicts(period, Some(&[nip])).await?.all().await?.pop();
    }
    if !viewer.sees(listed.as_ref().map_or("", |row| &row.unit)) {
        return Ok(Found::Nothing);
    }
    let of_files = match file.state.nip {
        Some(_) => Vec::new(),
        None => site.memory.figures_of_last(&site.app, period).await?.map(|figures| figures.of_files.clone()).unwrap_or_default(),
    };
    let all = verdict.iter().flat_map(|verdict: &Verdict| &verdict.findings).chain(&of_files);
    let finding = all.into_iter().find(|finding| finding.id == id).cloned();
    Ok(Found::Case(Box::new(Opened { run, file, listed, verdict, finding })))
}

impl Opened {
    /// What a form about it carries, so that what was not seen is not changed.
    pub(super) fn target(&self) -> CaseTarget {
        let evidence = self.finding.as_ref().map(|finding| target(finding, None).evidence).unwrap_or_default();
        CaseTarget { id: self.file.state.id.clone(), version: self.file.case.version, evidence }
    }
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
