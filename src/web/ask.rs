//! What a reader asks for in the query of an address. What is not understood is refused in a sentence.

use super::Site;
use super::access::Pass;
use super::links::Links;
use super::pages::trouble::Trouble;
use super::veil::Veil;
use crate::domain::access::{Scope, Viewer};
use crate::domain::finding::Owner;
use crate::domain::text::{Lang, fold};
use crate::domain::verdict::Standing;
use crate::domain::{Code, Period};
use crate::store::{CaseFilter, ListOrder, Sought};
use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A longer search finds nothing that a shorter one would not.
const LONGEST_SEARCH: usize = 100;

/// The query, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ask {
    /// `periode`.
    pub period: Option<Period>,
    /// `bahasa`.
    pub lang: Lang,
    /// `kode`.
    pub code: Option<Code>,
    /// `putusan`.
    pub standing: Option<Standing>,
    /// `cari`, trimmed.
    pub search: String,
    /// `hal`, from 1.
    pub page: usize,
    /// `unit`, a code.
    pub unit: String,
    /// `urut`.
    pub order: ListOrder,
    /// `sesudah`: the handle of the last row of the page before.
    pub after: String,
    /// `atasan`: a NIP, or `~` and a handle; `-`: nobody is known.
    pub superior: String,
    /// `pemilik`: who can mend it.
    pub owner: Option<Owner>,
    /// `saring`: which cases.
    pub cases: Option<CaseView>,
    /// `kabar`: what was just done.
    pub told: String,
    /// Who asks.
    pub viewer: Viewer,
    /// What forms carry, and where the request came from.
    pub pass: Pass,
}

impl Ask {
    /// Reads pairs of a query. A name that is not known is ignored; an empty value counts as not given.
    fn read(pairs: &[(String, String)], default_lang: Lang, viewer: Viewer) -> Result<Self, Trouble> {
        let value = |name: &str| pairs.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
        let lang = lang_in(pairs).unwrap_or(default_lang);
        let wrong = |name: &str, id: &str, en: &str| {
            let given: String = value(name).chars().take(40).collect();
            Trouble::new(StatusCode::BAD_REQUEST, lang.pick(format!("'{given}' {id}"), format!("'{given}' {en}")))
        };
        if !matches!(value("bahasa"), "" | "id" | "en") {
            return Err(wrong("bahasa", "bukan bahasa halaman ini: tulis id atau en", "is no language of this page: write id or en"));
        }
        Ok(Self {
            period: optional(value("periode"), |text| text.parse().ok()).map_err(|()| {
                wrong("periode", "bukan periode: tulis YYYY-MM, misalnya 2026-10", "is not a period: write YYYY-MM, for example 2026-10")
            })?,
            lang,
            code: optional(value("kode"), Code::from_text).map_err(|()| {
                wrong("kode", "bukan kode temuan: tulis misalnya AB05", "is not a code of a finding: write for example AB05")
            })?,
            standing: optional(value("putusan"), |key| Standing::ALL.into_iter().find(|standing| standing.key() == key)).map_err(|()| {
                let keys = Standing::ALL.map(Standing::key).join(", ");
                wrong("putusan", &format!("bukan putusan: tulis {keys}"), &format!("is not a verdict: write {keys}"))
            })?,
            search: value("cari").chars().take(LONGEST_SEARCH).collect(),
            page: optional(value("hal"), |text| text.parse().ok().filter(|page| *page > 0))
                .map_err(|()| wrong("hal", "bukan nomor halaman", "is not a page number"))?
                .unwrap_or(1),
            unit: value("unit").chars().take(LONGEST_SEARCH).collect(),
            order: optional(value("urut"), |key| ListOrder::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, order)| order))
                .map_err(|()| {
                    wrong("urut", "bukan urutan: tulis risiko, nama, atau selisih", "is no order: write risiko, nama or selisih")
                })?
                .unwrap_or_default(),
            after: optional(value("sesudah"), |text| Some(text.to_owned()).filter(|text| is_handle(text)))
                .map_err(|()| wrong("sesudah", "bukan tempat dalam daftar", "is no place in the list"))?
                .unwrap_or_default(),
            superior: value("atasan").chars().take(40).collect(),
            owner: optional(value("pemilik"), |key| OWNERS.into_iter().find(|owner| owner.key() == key)).map_err(|()| {
                let keys = OWNERS.map(Owner::key).join(", ");
                wrong("pemilik", &format!("bukan pemilik: tulis {keys}"), &format!("is nobody: write {keys}"))
            })?,
            cases: optional(value("saring"), |key| CaseView::ALL.into_iter().find(|view| view.key() == key)).map_err(|()| {
                let keys = CaseView::ALL.map(CaseView::key).join(", ");
                wrong("saring", &format!("bukan saringan kasus: tulis {keys}"), &format!("is no filter of cases: write {keys}"))
            })?,
            told: value("kabar").chars().take(40).collect(),
            viewer,
            pass: Pass::default(),
        })
    }

    /// Whether these pairs of a query would be understood.
    pub(super) fn understands(pairs: &[(String, String)], lang: Lang, viewer: &Viewer) -> Result<(), Trouble> {
        let mut pairs = pairs.to_vec();
        pairs.push(("bahasa".to_owned(), lang.key().to_owned()));
        Self::read(&pairs, lang, viewer.clone()).map(drop)
    }

    /// What the reader looks for; a NIP only where whole ones are shown.
    pub(super) fn sought(&self) -> Sought {
        let text = fold(&self.search);
        let digits = text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        match (text.is_empty(), digits && Veil::of(&self.viewer).shows_nips()) {
            (true, _) => Sought::Any,
            (false, true) if text.len() >= 8 => Sought::Nip(text),
            (false, true) => Sought::TextOrNip(text),
            (false, false) => Sought::Text(text),
        }
    }

    /// The units that the reader may see; `None`: all.
    pub(super) fn units(&self) -> Option<BTreeSet<String>> {
        match &self.viewer.scope {
            Scope::All => None,
            Scope::Units(units) => Some(units.clone()),
        }
    }

    /// The language that a query asks for, whatever else is wrong with it.
    pub(super) fn lang_of(query: Option<&str>, default_lang: Lang) -> Lang {
        let uri = query.and_then(|query| format!("/?{query}").parse().ok()).unwrap_or_default();
        let pairs: Vec<(String, String)> = Query::try_from_uri(&uri).map(|Query(pairs)| pairs).unwrap_or_default();
        lang_in(&pairs).unwrap_or(default_lang)
    }

    /// Links that carry on what was asked.
    pub(super) fn links(&self, period: Option<Period>, site: &Site) -> Links {
        Links { period, lang: self.lang, default_lang: site.lang }
    }
}

/// Which cases are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseView {
    /// Those of whoever reads.
    Mine,
    /// Those that nobody works on.
    Unassigned,
    /// Those whose deadline has passed.
    Overdue,
    /// Those whose waiver waits for whoever reads.
    Waiting,
    /// Findings that a waiver excuses.
    Waived,
}

impl CaseView {
    /// All, in the order in which they are offered.
    pub(super) const ALL: [Self; 5] = [Self::Mine, Self::Waiting, Self::Overdue, Self::Unassigned, Self::Waived];

    /// The key in addresses.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Mine => "milik-saya",
            Self::Unassigned => "belum-ditugaskan",
            Self::Overdue => "lewat-batas",
            Self::Waiting => "menunggu-persetujuan-saya",
            Self::Waived => "dikesampingkan",
        }
    }

    /// The name.
    pub(super) fn said(self, lang: Lang) -> &'static str {
        match self {
            Self::Mine => lang.pick("Milik saya", "Mine"),
            Self::Unassigned => lang.pick("Belum ditugaskan", "Unassigned"),
            Self::Overdue => lang.pick("Lewat batas waktu", "Overdue"),
            Self::Waiting => lang.pick("Menunggu persetujuan saya", "Waiting for my approval"),
            Self::Waived => lang.pick("Dikesampingkan", "Waived"),
        }
    }

    /// What the store looks for.
    pub(super) fn filter(self, viewer: &Viewer, today: chrono::NaiveDate) -> CaseFilter {
        match self {
            Self::Mine => CaseFilter::Mine(viewer.account.clone()),
            Self::Unassigned => CaseFilter::Unassigned,
            Self::Overdue => CaseFilter::Overdue(today),
            Self::Waiting => CaseFilter::Waiting(viewer.account.clone()),
            Self::Waived => CaseFilter::Waived,
        }
    }
}

/// Who can make a finding go away, in the order in which they are offered.
pub(super) const OWNERS: [Owner; 6] = [Owner::Assessor, Owner::Employee, Owner::Hr, Owner::Finance, Owner::FileOwner, Owner::Sysadmin];

/// Whether that may be a handle of a list.
pub(super) fn is_handle(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn lang_in(pairs: &[(String, String)]) -> Option<Lang> {
    pairs.iter().rev().find(|(name, _)| name == "bahasa").and_then(|(_, key)| Lang::from_key(key.trim()))
}

fn optional<T>(text: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ()> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or(()) }
}

impl FromRequestParts<Arc<Site>> for Ask {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let pairs: Vec<(String, String)> = Query::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).unwrap_or_default();
        let lang = lang_in(&pairs).unwrap_or(site.lang);
        let Some(viewer) = parts.extensions.get::<Viewer>().cloned() else { return Err(super::access::closed(site, parts.uri.query())) };
        let pass = parts.extensions.get::<Pass>().cloned().unwrap_or_default();
        Self::read(&pairs, site.lang, viewer).map(|ask| Self { pass, ..ask }).map_err(|trouble| trouble.show(site, lang))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<Ask, Trouble> {
        let pairs: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Ask::read(&pairs, Lang::Id, Viewer::of_link())
    }

    #[test]
    fn empty_fields_of_a_form_are_not_given() {
        let ask = read(&[("periode", "2026-10"), ("kode", ""), ("cari", "  budi "), ("hal", ""), ("x", "y")]).unwrap();
        assert_eq!((ask.period, ask.code, ask.search.as_str(), ask.page), ("2026-10".parse().ok(), None, "budi", 1));
    }

    #[test]
    fn what_is_not_understood_is_refused_in_the_readers_language() {
        for wrong in [
            ("periode", "2026-13"),
            ("periode", "<b>"),
            ("kode", "XX99"),
            ("putusan", "lunas"),
            ("bahasa", "jv"),
            ("hal", "0"),
            ("urut", "x"),
            ("sesudah", "1"),
            ("pemilik", "y"),
            ("saring", "z"),
        ] {
            let trouble = read(&[wrong]).unwrap_err();
            assert_eq!(trouble.status, StatusCode::BAD_REQUEST, "{wrong:?}");
            assert!(trouble.sentence.contains(wrong.1), "{}", trouble.sentence);
        }
        assert!(read(&[("bahasa", "en"), ("periode", "x")]).unwrap_err().sentence.contains("is not a period"));
        assert_eq!(Ask::lang_of(Some("periode=x&bahasa=en"), Lang::Id), Lang::En);
        assert_eq!(Ask::lang_of(None, Lang::En), Lang::En);
    }
}
