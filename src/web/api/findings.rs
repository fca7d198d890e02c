//! Findings of a period with their evidence and their life, and what they come to by cause.

use super::answer::{self, Answer};
use super::call::{Call, Person};
use super::describe::{Gives, Operation, Parameter, Values, instant, list, maybe, named, number, object, one_of, text, with};
use super::params::{CODE, CURSOR, LIMIT, OWNER, SEVERITY, UNIT, codes, owners, severities};
use super::problem::{Kind, Problem};
use super::shown::{Page, Shown, failed, head_schema, no_run};
use super::verdicts::find;
use crate::app::report::lived;
use crate::domain::finding::Owner;
use crate::domain::{Code, Nip};
use crate::export::{FindingRow, rows};
use crate::store::{FindingStatus, FindingsWanted, FoundRow};
use crate::web::Site;
use crate::web::cover;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

const STATUS: Parameter = Parameter {
    name: "status",
    what: (
        "Tahap temuan; tanpa ini semua yang terbuka dan yang baru saja selesai.",
        "Where the finding is in its life; without it all that are open, and those that the last run resolved.",
    ),
    values: Values::Keys(statuses),
};
pub(super) const PERSON: Parameter = Parameter {
    name: "person",
    what: ("Orang: `person` dari sebuah baris.", "A person: the `person` of a row."),
    values: Values::Pattern("^([0-9]{18}|~[0-9a-f]{16})$", "198503122010011004"),
};

const STATUSES: [FindingStatus; 3] = [FindingStatus::New, FindingStatus::Persisting, FindingStatus::Resolved];

fn statuses() -> Vec<&'static str> {
    STATUSES.map(FindingStatus::key).into()
}

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/findings",
    id: "list_findings",
    what: (
        "Temuan satu periode dengan bukti dan riwayatnya, menurut NIP; yang tentang berkas lebih dahulu.",
        "Findings of a period with their evidence and their life, by NIP; those about whole files first.",
    ),
    query: &[&CODE, &SEVERITY, &OWNER, &STATUS, &UNIT, &PERSON, &CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Findings"),
    refuses: &[409],
};

/// Where a list goes on: a person by handle (`-`: whole files, else a NIP of somebody who is not listed any more) and how
/// many of their findings are known already.
fn place(row: &FoundRow, known: u32) -> String {
    let who = match (&row.handle, row.state.nip) {
        (Some(handle), _) => format!("~{handle}"),
        (None, Some(nip)) => nip.to_string(),
        (None, None) => "-".to_owned(),
    };
    format!("{who} {known}")
}

async fn from(site: &Site, call: &Call, behind: &str) -> Result<(Option<Nip>, u32), Problem> {
    let gone = || {
        let detail =
            call.lang.pick("Kursor ini tidak berlaku lagi: mulai tanpa cursor.", "This cursor is not good any more: begin without one.");
        Problem::new(Kind::Cursor, call.lang, detail)
    };
    let (who, known) = behind.split_once(' ').ok_or_else(gone)?;
    let known = known.parse().ok().filter(|known| *known < 100_000).ok_or_else(gone)?;
    if who == "-" {
        return Ok((None, known));
    }
    let nip = match call.named(who).map_err(|_| gone())? {
        Person::Nip(nip) => Some(nip),
        Person::Handle(handle) => site.app.store.handled(&handle).await.map_err(|error| call.failed(error))?,
    };
    nip.map(|nip| (Some(nip), known)).ok_or_else(gone)
}

/// The codes that are wanted; `None`: all.
fn wanted_codes(call: &Call) -> Result<Option<Vec<Code>>, Problem> {
    let code = call.read(&CODE, Code::from_text)?;
    let owner: Option<Owner> = call.read(&OWNER, |key| crate::web::ask::OWNERS.into_iter().find(|owner| owner.key() == key))?;
    if code.is_none() && owner.is_none() {
        return Ok(None);
    }
    let is_wanted = |known: &&Code| code.is_none_or(|code| code == **known) && owner.is_none_or(|owner| owner == known.owner());
    Ok(Some(Code::ALL.iter().filter(is_wanted).copied().collect()))
}

/// How many rows at the end are about the person of the last one, those of the answers before included.
fn known_of_last(rows: &[FoundRow], from: Option<(Option<Nip>, u32)>) -> u32 {
    let last = rows.last().and_then(|row| row.state.nip);
    let here = rows.iter().rev().take_while(|row| row.state.nip == last).count();
    let before = from.filter(|(nip, _)| *nip == last && here == rows.len()).map_or(0, |(_, known)| known);
    before + u32::try_from(here).unwrap_or(u32::MAX)
}

/// A page of findings: of which run, the rows, and where it goes on.
pub(super) struct Found {
    pub shown: Shown,
    pub rows: Vec<FoundRow>,
    pub next: Option<String>,
}

/// What the request wants of all findings of the run.
pub(super) async fn wanted(site: &Site, call: &Call, shown: &Shown) -> Result<FindingsWanted, Problem> {
    let behind = call.text("cursor").map(|cursor| shown.list(call).behind(cursor, call.lang)).transpose()?;
    let from = match &behind {
        Some(behind) => Some(from(site, call, behind).await?),
        None => None,
    };
    let nip = match call.text("person") {
        Some(text) => Some(find(site, call, shown, call.named(text)?).await?.nip),
        None => None,
    };
    Ok(FindingsWanted {
        codes: wanted_codes(call)?,
        severity: call.read(&SEVERITY, |key| super::SEVERITIES.into_iter().find(|severity| severity.key() == key))?,
        status: call.read(&STATUS, FindingStatus::from_key)?,
        nip,
        unit: call.text("unit").map(str::to_owned),
        units: call.units(),
        // Who may not see NIPs knows people by their handles only.
        only_listed: !call.veil.shows_nips(),
        from,
        limit: call.limit() + 1,
        ..FindingsWanted::default()
    })
}

/// Reads a page.
pub(super) async fn read(site: &Site, call: &Call, shown: &Shown, wanted: &FindingsWanted) -> Result<Found, Problem> {
    let limit = call.limit() as usize;
    let found = site.app.store.list_findings(shown.period, wanted).await.map_err(|error| call.failed(error))?;
    let Some((run, mut rows)) = found else { return Err(no_run(call, shown.period)) };
    let shown = Shown::of(site, call, shown.period, Some(run)).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let known = known_of_last(&rows, wanted.from);
    let next = rows.last().filter(|_| more).map(|row| shown.list(call).cursor(&place(row, known)));
    Ok(Found { shown, rows, next })
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let shown = Shown::open(&site, &call).await?;
    let wanted = wanted(&site, &call, &shown).await?;
    let tag = shown.tag(&call);
    if call.has(&tag) {
        return Ok(answer::unchanged(&tag));
    }
    let Found { shown, rows: found, next } = read(&site, &call, &shown, &wanted).await?;
    site.trail().listed(&call.viewer, &call.pass, "findings", shown.period, found.len()).await.map_err(failed(&call))?;
    let header = shown.header();
    let told: Vec<(FindingRow, Named)> = found.iter().map(|row| told(&call, row)).collect();
    let rows = told.iter().map(|(row, named)| Told { row: rows::finding(row), named });
    answer::tagged(&call, &shown.tag(&call), &Page { head: shown.head(&header), rows: rows.collect(), next })
}

/// How a finding is named in addresses.
#[derive(Serialize)]
pub(super) struct Named {
    pub person: Option<String>,
    pub case: String,
}

/// A row with its names.
#[derive(Serialize)]
struct Told<'n, T> {
    #[serde(flatten)]
    row: T,
    #[serde(flatten)]
    named: &'n Named,
}

/// A finding as the reader may see it, and how it is named.
pub(super) fn told(call: &Call, row: &FoundRow) -> (FindingRow, Named) {
    let handle = row.handle.clone().unwrap_or_default();
    let mut lived = lived(&row.state, row.finding.clone());
    let case = cover::case(call.veil, &row.state, &handle);
    cover::finding(call.veil, &mut lived.finding, &handle);
    let person = row.state.nip.map(|nip| cover::person(call.veil, nip, &handle));
    (lived, Named { person, case })
}

/// The keys of a row.
pub(super) fn row_schema() -> Value {
    object([
        ("id", text()),
        ("code", one_of(codes())),
        ("severity", one_of(severities())),
        ("nip", maybe(text())),
        ("subject", text()),
        ("status", one_of(["new", "persisting", "resolved", "waived"])),
        ("owner", one_of(owners())),
        ("rupiah_at_risk", number()),
        ("first_seen", instant()),
        ("last_seen", instant()),
        ("evidence", list(named("Exhibit"))),
        ("person", maybe(text())),
        ("case", text()),
    ])
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    vec![("Findings", with(head_schema(), [("rows", list(row_schema())), ("next", maybe(text()))]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Period, Severity};
    use crate::store::FindingState;

    fn row(nip: Option<&str>) -> FoundRow {
        let at = chrono::DateTime::UNIX_EPOCH;
        let nip = nip.map(|nip| Nip::parse(nip).unwrap());
        let period: Period = "2026-10".parse().unwrap();
        let state = FindingState {
            id: crate::domain::Finding::stable_id(period, nip, Code::Ab05, ""),
            nip,
            code: Code::Ab05,
            subject: String::new(),
            severity: Severity::Info,
            status: FindingStatus::New,
            first_seen: at,
            last_seen: at,
            run: String::new(),
        };
        FoundRow { state, handle: None, finding: None }
    }

    #[test]
    fn a_list_goes_on_inside_a_person() {
        let [one, other] = [Some("198501012010011901"), Some("199202022023211902")];
        let nip = |text: Option<&str>| text.map(|text| Nip::parse(text).unwrap());
        assert_eq!(known_of_last(&[row(None), row(one), row(one)], None), 2);
        assert_eq!(known_of_last(&[row(one), row(one)], Some((nip(one), 3))), 5, "all of them are the person's");
        assert_eq!(known_of_last(&[row(one), row(other)], Some((nip(one), 3))), 1);
        assert_eq!(known_of_last(&[row(None)], Some((None, 1))), 2);
        assert_eq!(known_of_last(&[], None), 0);
        assert_eq!(place(&row(None), 2), "- 2");
    }
}
