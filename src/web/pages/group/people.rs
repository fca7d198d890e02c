//! The people of a group with their cases, and what is done with several of them at once.

use crate::domain::access::Right;
use crate::domain::{Code, Finding, Nip};
use crate::export::words;
use crate::store::{Case, CaseTarget, Listed};
use crate::web::Site;
use crate::web::ask::{Ask, CaseView, is_handle};
use crate::web::cases::{Typed, refused, stamp, target};
use crate::web::cover;
use crate::web::pages::case;
use crate::web::pages::casework::{Accounts, may_work, see_other};
use crate::web::pages::finance::{PersonRow, person_row};
use crate::web::pages::scene::Scene;
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::{BTreeMap, BTreeSet};

/// Cases of one person that are linked; of more, it says how many.
const LINKED: usize = 4;
/// People of one form.
const MOST: usize = 200;

/// One person with the cases of the group's code.
pub(super) struct CaseRow {
    pub(super) person: PersonRow,
    /// What the form carries for the person; empty: nothing can be done.
    pub(super) pick: String,
    pub(super) cases: Vec<(String, String)>,
    pub(super) more: usize,
    pub(super) owners: String,
    pub(super) deadline: String,
    pub(super) overdue: bool,
    pub(super) waiver: Option<(&'static str, &'static str)>,
}

/// What can be done with those who are picked.
pub(super) struct Forms {
    pub(super) csrf: String,
    pub(super) owners: Vec<(String, String, bool)>,
    pub(super) today: String,
    pub(super) may_approve: bool,
    pub(super) typed: Typed,
}

/// The findings of a code about people, and their cases.
struct Known {
    findings: BTreeMap<Nip, Vec<Finding>>,
    cases: BTreeMap<String, Case>,
}

impl Known {
    /// Of those findings that the reader looks at; without a filter of all open ones.
    async fn of(scene: &Scene<'_>, code: Code, nips: &[Nip]) -> Result<Self, Response> {
        let store = &scene.site.app.store;
        let cases = store.cases_of(scene.period, code, nips).await.map_err(|error| scene.trouble(error))?;
        let mut reader = store.verdicts(scene.period, Some(nips)).await.map_err(|error| scene.trouble(error))?;
        let mut findings = BTreeMap::new();
        while let Some(verdict) = reader.next().await.map_err(|error| scene.trouble(error))? {
            let wanted = |finding: &Finding| finding.code == code && matches(scene, finding, cases.get(&finding.id));
            let of_code = verdict.findings.into_iter().filter(wanted);
            findings.insert(verdict.nip, of_code.collect());
        }
        Ok(Self { findings, cases })
    }

    fn targets(&self, nip: Nip) -> Vec<CaseTarget> {
        self.findings.get(&nip).into_iter().flatten().map(|finding| target(finding, self.cases.get(&finding.id))).collect()
    }
}

/// Whether the reader's filter means this finding.
fn matches(scene: &Scene<'_>, finding: &Finding, case: Option<&Case>) -> bool {
    let me = scene.ask.viewer.account.as_str();
    let waits = |case: &Case| case.waiver.as_ref().is_some_and(|waiver| waiver.is_waiting() && waiver.asked_by != me);
    let Some(view) = scene.ask.cases else { return finding.is_open() };
    match view {
        CaseView::Waived => !finding.is_open(),
        _ if !finding.is_open() => false,
        CaseView::Mine => case.is_some_and(|case| case.owner == me),
        CaseView::Unassigned => case.is_none_or(|case| case.owner.is_empty()),
        CaseView::Overdue => case.and_then(|case| case.deadline).is_some_and(|day| day < scene.today()),
        CaseView::Waiting => case.is_some_and(waits),
    }
}

/// The rows of a page.
pub(super) async fn rows(scene: &Scene<'_>, code: Code, listed: &[Listed], accounts: &Accounts) -> Result<Vec<CaseRow>, Response> {
    let nips: Vec<Nip> = listed.iter().map(|row| row.nip).collect();
    let known = Known::of(scene, code, &nips).await?;
    Ok(listed.iter().map(|row| case_row(row, &known, accounts, scene)).collect())
}

fn case_row(row: &Listed, known: &Known, accounts: &Accounts, scene: &Scene<'_>) -> CaseRow {
    let lang = scene.ask.lang;
    let findings = known.findings.get(&row.nip).map(Vec::as_slice).unwrap_or_default();
    let cases: Vec<&Case> = findings.iter().filter_map(|finding| known.cases.get(&finding.id)).collect();
    let link = |finding: &Finding| {
        let said = if finding.subject.is_empty() { lang.pick("Kasus", "Case") } else { finding.subject.as_str() };
        (
            scene.links.to(&case::path(scene.period, &cover::case_of(scene.veil, finding, &row.handle)), &[]),
            scene.veil.text(said, finding.code.code().starts_with("BK")),
        )
    };
    let owners: BTreeSet<String> = cases.iter().filter(|case| !case.owner.is_empty()).map(|case| accounts.said(&case.owner)).collect();
    let deadline = cases.iter().filter_map(|case| case.deadline).min();
    let waivers = || cases.iter().filter_map(|case| case.waiver.as_ref());
    let waiver = if waivers().any(|waiver| waiver.is_waiting()) {
        Some((lang.pick("menunggu persetujuan", "waits for approval"), "tag-amber"))
    } else if waivers().any(|waiver| waiver.is_in_force(scene.now)) {
        Some((lang.pick("dikesampingkan", "waived"), "tag-grey"))
    } else {
        None
    };
    CaseRow {
        person: person_row(row, scene),
        pick: if findings.is_empty() { String::new() } else { format!("{}.{}", row.handle, stamp(&known.targets(row.nip))) },
        cases: findings.iter().take(LINKED).map(link).collect(),
        more: findings.len().saturating_sub(LINKED),
        owners: if owners.is_empty() { "–".to_owned() } else { owners.into_iter().collect::<Vec<_>>().join(", ") },
        deadline: deadline.map_or("–".to_owned(), |day| words::day(day, lang)),
        overdue: deadline.is_some_and(|day| day < scene.today()),
        waiver,
    }
}

/// The forms, for whoever may act.
pub(super) fn forms(scene: &Scene<'_>, accounts: &Accounts, typed: Typed) -> Option<Forms> {
    may_work(scene).then(|| Forms {
        csrf: scene.ask.pass.csrf.clone(),
        owners: accounts.options(&scene.ask.viewer.account, &typed.owner, scene.ask.lang),
        today: scene.today().to_string(),
        may_approve: scene.ask.cases == Some(CaseView::Waiting),
        typed,
    })
}

/// Why nothing was done.
pub(super) enum Refusal {
    /// Another page.
    Trouble(Box<Response>),
    /// The same page with a sentence.
    Said(StatusCode, String),
}

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self::Trouble(Box::new(response))
    }
}

/// Does what the form says with everybody who is picked, or with nobody.
pub(super) async fn act(site: &Site, ask: &Ask, form: &[(String, String)], typed: &Typed) -> Result<Response, Refusal> {
    let scene = Scene::open(site, ask, Some(Right::WorkCases)).await?;
    let lang = ask.lang;
    let said = |status, id: &str, en: &str| Refusal::Said(status, lang.pick(id, en).to_owned());
    if !may_work(&scene) {
        return Err(said(StatusCode::FORBIDDEN, "Kasus dikerjakan dengan akun sendiri.", "Cases are worked with an account of one's own."));
    }
    let Some(code) = ask.code else { return Err(said(StatusCode::BAD_REQUEST, "Kode temuan belum disebut.", "No code is named.")) };
    // The first is the box for everybody on the page, whose rows the form names too.
    let all = form.iter().any(|(name, _)| name == "semua");
    let wanted = if all { "baris" } else { "pilih" };
    let picked: BTreeSet<&str> = form.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).collect();
    if picked.is_empty() || picked.len() > MOST {
        return Err(said(StatusCode::UNPROCESSABLE_ENTITY, "Pilih dahulu pegawainya.", "Choose the people first."));
    }
    let deed = typed.deed(lang, site).map_err(|sentence| Refusal::Said(StatusCode::UNPROCESSABLE_ENTITY, sentence))?;
    let mut stamps: BTreeMap<Nip, &str> = BTreeMap::new();
    for pick in picked {
        let (handle, stamp) = pick.split_once('.').unwrap_or_default();
        let nip = if is_handle(handle) { site.app.store.handled(handle).await.map_err(|error| scene.trouble(error))? } else { None };
        let Some(nip) = nip else { return Err(nobody(&scene).into()) };
        stamps.insert(nip, stamp);
    }
    let nips: Vec<Nip> = stamps.keys().copied().collect();
    let listed = site.app.store.listed_of(scene.period, &nips).await.map_err(|error| scene.trouble(error))?;
    // Somebody of another unit is nobody.
    if nips.iter().any(|nip| !listed.get(nip).is_some_and(|row| ask.viewer.sees(&row.unit))) {
        return Err(nobody(&scene).into());
    }
    let known = Known::of(&scene, code, &nips).await?;
    let mut targets = Vec::new();
    for (nip, shown) in stamps {
        let of_person = known.targets(nip);
        if of_person.is_empty() || stamp(&of_person) != shown {
            let (status, sentence) = refused(crate::store::Worked::Stale, lang).unwrap_or((StatusCode::CONFLICT, ""));
            return Err(Refusal::Said(status, sentence.to_owned()));
        }
        targets.extend(of_person);
    }
    let worked = site.app.store.work(scene.period, &targets, &deed, &ask.viewer.account, &ask.pass.address).await;
    match refused(worked.map_err(|error| scene.trouble(error))?, lang) {
        Some((status, sentence)) => Err(Refusal::Said(status, sentence.to_owned())),
        None => {
            let mut pairs = super::kept(ask);
            pairs.push(("kabar", typed.deed.clone()));
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Ok(see_other(&scene.links.to(super::PATH, &pairs)))
        }
    }
}

fn nobody(scene: &Scene<'_>) -> Response {
    let sentence = scene.ask.lang.pick("Pegawai itu tidak dikenal pada periode ini.", "That person is not known in this period.");
    crate::web::pages::trouble::Trouble::new(StatusCode::NOT_FOUND, sentence).at(Some(scene.period)).show(scene.site, scene.ask.lang)
}
