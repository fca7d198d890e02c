//! Findings grouped by cause: one code, and where the assessor can mend it, under one assessor.

use super::answer::Answer;
use super::call::Call;
use super::describe::{Gives, Operation, count, list, maybe, number, object, one_of, text, with};
use super::params::{CODE, CURSOR, LIMIT, OWNER, SEVERITY, codes, owners, severities};
use super::periods::figures_of;
use super::problem::{Kind, Problem};
use super::shown::{Page, Shown, head_schema};
use crate::domain::finding::Owner;
use crate::domain::{Code, Nip, Severity};
use crate::store::Figures;
use crate::web::Site;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const LIST: Operation = Operation {
    method: "GET",
    path: "/api/v1/periods/{period}/causes",
    id: "list_causes",
    what: (
        "Temuan menurut penyebab, Rupiah terbesar dahulu: satu kode, dan bila penilai yang memperbaiki, di bawah satu penilai.",
        "Findings by cause, the most Rupiah first: one code, and where the assessor can mend it, under one assessor.",
    ),
    query: &[&CODE, &SEVERITY, &OWNER, &CURSOR, &LIMIT],
    sends: None,
    gives: Gives::Json("Causes"),
    refuses: &[409],
};

/// A cause: what it is about, and under whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cause {
    code: Code,
    /// `None`: not by assessor; empty: nobody is known.
    assessor: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Sums {
    severity: Severity,
    heads: u64,
    findings: u64,
    risk: i64,
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    severity: &'static str,
    owner: &'static str,
    assessor: Option<Assessor>,
    heads: u64,
    findings: u64,
    rupiah_at_risk: i64,
}

#[derive(Serialize)]
struct Assessor {
    nip: Option<String>,
    name: Option<String>,
}

fn causes(figures: &Figures, call: &Call) -> Result<Vec<(Cause, Sums)>, Problem> {
    let code = call.read(&CODE, Code::from_text)?;
    let severity = call.text("severity");
    let owner = call.text("owner");
    let mut causes: BTreeMap<Cause, Sums> = BTreeMap::new();
    let wanted = figures.causes.iter().filter(|cause| {
        call.viewer.sees(&cause.unit)
            && code.is_none_or(|code| code == cause.code)
            && owner.is_none_or(|owner| owner == cause.code.owner().key())
    });
    for cause in wanted {
        let assessor = (cause.code.owner() == Owner::Assessor).then(|| cause.superior.clone());
        let fresh = Sums { severity: cause.severity, heads: 0, findings: 0, risk: 0 };
        let of = causes.entry(Cause { code: cause.code, assessor }).or_insert(fresh);
        *of = Sums {
            severity: of.severity.min(cause.severity),
            heads: of.heads + cause.heads,
            findings: of.findings + cause.findings,
            risk: of.risk + cause.risk.0,
        };
    }
    let mut causes: Vec<_> = causes.into_iter().filter(|(_, of)| severity.is_none_or(|severity| severity == of.severity.key())).collect();
    causes.sort_by(|(one, a), (other, b)| (b.risk, b.heads, one).cmp(&(a.risk, a.heads, other)));
    Ok(causes)
}

pub(super) async fn all(State(site): State<Arc<Site>>, call: Call) -> Answer {
    call.check(&LIST)?;
    let period = call.period()?;
    let figures = figures_of(&site, &call, period).await?;
    let shown = Shown::of(&site, &call, period, Some(figures.run.clone())).await?;
    let place = shown.list(&call);
    let from = match call.text("cursor") {
        // A cause has no key that may be told: its place among the causes of this run is one.
        Some(cursor) => place.behind(cursor, call.lang)?.parse().map_err(|_| Problem::new(Kind::Cursor, call.lang, cursor))?,
        None => 0_usize,
    };
    let causes = causes(&figures, &call)?;
    let limit = call.limit() as usize;
    let some: Vec<_> = causes.iter().skip(from).take(limit).collect();
    let assessors: Vec<Nip> = some.iter().filter_map(|(cause, _)| Nip::parse(cause.assessor.as_deref()?).ok()).collect();
    let named = site.app.store.listed_of(period, &assessors).await.map_err(|error| call.failed(error))?;
    let assessor = |text: &String| {
        let nip = Nip::parse(text).ok();
        let known = nip.and_then(|nip| named.get(&nip)).filter(|known| call.viewer.sees(&known.unit));
        // An assessor of another unit is known by NIP only, as the person's own data names them.
        Assessor { nip: nip.map(|nip| call.veil.nip(nip)), name: known.map(|known| known.name.clone()).filter(|name| !name.is_empty()) }
    };
    let rows = some.iter().map(|(cause, of)| Row {
        code: cause.code.code(),
        severity: of.severity.key(),
        owner: cause.code.owner().key(),
        assessor: cause.assessor.as_ref().map(assessor),
        heads: of.heads,
        findings: of.findings,
        rupiah_at_risk: of.risk,
    });
    let header = shown.header();
    let next = (from + some.len() < causes.len()).then(|| place.cursor(&(from + some.len()).to_string()));
    shown.answer(&call, &Page { head: shown.head(&header), rows: rows.collect(), next })
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let row = object([
        ("code", one_of(codes())),
        ("severity", one_of(severities())),
        ("owner", one_of(owners())),
        ("assessor", maybe(object([("nip", maybe(text())), ("name", maybe(text()))]))),
        ("heads", count()),
        ("findings", count()),
        ("rupiah_at_risk", number()),
    ]);
    vec![("Causes", with(head_schema(), [("rows", list(row)), ("next", maybe(text()))]))]
}
