//! A what-if as JSON; never changes with the language.

use super::{Moved, PeriodWhatIf, Stand, UnitWhatIf, WhatIf};
use crate::domain::{Nip, Period};
use crate::export::document::{Overview, Totals};
use crate::export::json::{PolicyPart, TotalsPart, mode};
use crate::export::object::{Object, instant};
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct TriedPart<'a> {
    id: &'a str,
    sha256: &'a str,
    status: &'static str,
}

#[derive(Serialize)]
struct SidePart<'a> {
    mode: &'static str,
    complete: bool,
    policy: PolicyPart<'a>,
    totals: TotalsPart,
}

impl<'a> SidePart<'a> {
    fn of(overview: &'a Overview) -> Self {
        let header = &overview.header;
        Self { mode: mode(header), complete: header.complete, policy: PolicyPart::of(header), totals: TotalsPart::of(&overview.totals) }
    }
}

#[derive(Serialize)]
struct PeriodPart<'a> {
    period: Period,
    run: Option<&'a str>,
    as_of: String,
    within_dates: bool,
    before: SidePart<'a>,
    after: SidePart<'a>,
    difference: i64,
    moved: u64,
}

#[derive(Serialize)]
struct UnitPart<'a> {
    period: Period,
    unit: &'a str,
    name: &'a str,
    before: TotalsPart,
    after: TotalsPart,
    difference: i64,
    moved: u64,
}

#[derive(Serialize)]
struct CodePart {
    period: Period,
    code: &'static str,
    heads_before: u64,
    heads_after: u64,
    findings_before: u64,
    findings_after: u64,
}

#[derive(Serialize)]
struct StandPart {
    verdict: &'static str,
    net: Option<i64>,
    findings: Vec<String>,
}

impl From<Stand> for StandPart {
    fn from(stand: Stand) -> Self {
        let findings = stand.codes.split_whitespace().map(str::to_owned).collect();
        Self { verdict: stand.standing.key(), net: stand.net.map(|net| net.0), findings }
    }
}

#[derive(Serialize)]
struct MovedPart {
    period: Period,
    nip: Nip,
    name: String,
    unit: String,
    before: Option<StandPart>,
    after: Option<StandPart>,
    difference: Option<i64>,
}

fn moved(period: Period, moved: Moved) -> MovedPart {
    MovedPart {
        period,
        nip: moved.nip,
        difference: moved.difference().map(|amount| amount.0),
        name: moved.name,
        unit: moved.unit,
        before: moved.before.map(StandPart::from),
        after: moved.after.map(StandPart::from),
    }
}

fn unit<'a>(period: Period, code: &'a str, unit: &'a UnitWhatIf) -> UnitPart<'a> {
    let totals = |totals: &Totals| TotalsPart::of(totals);
    UnitPart {
        period,
        unit: code,
        name: &unit.name,
        before: totals(&unit.before),
        after: totals(&unit.after),
        difference: unit.difference().0,
        moved: unit.moved,
    }
}

fn period(period: &PeriodWhatIf) -> PeriodPart<'_> {
    let header = &period.before.header;
    PeriodPart {
        period: period.period,
        run: period.reconciled.then_some(header.run.as_str()),
        as_of: instant(header.as_of),
        within_dates: !period.outside_dates,
        before: SidePart::of(&period.before),
        after: SidePart::of(&period.after),
        difference: period.difference().0,
        moved: period.moved,
    }
}

/// `policy what-if --as json`.
///
/// # Errors
/// Writing failed.
pub(super) fn write(what_if: &WhatIf, out: &mut dyn Write) -> io::Result<()> {
    whole(what_if, what_if.periods.iter().flat_map(|of| of.rows.iter().map(|row| moved(of.period, row))), out)
}

/// The same with those people only whose amount moves most, or with nobody.
///
/// # Errors
/// Writing failed.
pub fn write_top(what_if: &WhatIf, people: bool, out: &mut dyn Write) -> io::Result<()> {
    let rows = what_if.periods.iter().filter(|_| people).flat_map(|of| of.top.iter().map(|row| moved(of.period, row.clone())));
    whole(what_if, rows, out)
}

fn whole(what_if: &WhatIf, rows: impl Iterator<Item = MovedPart>, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    let status = if what_if.draft { "draft" } else { "approved" };
    object.value("policy", &TriedPart { id: &what_if.policy_id, sha256: &what_if.policy_sha256, status })?;
    object.rows("periods", what_if.periods.iter().map(period))?;
    let units = what_if.periods.iter().flat_map(|of| of.units.iter().map(|(code, known)| unit(of.period, code, known)));
    object.rows("units", units)?;
    let codes = what_if.periods.iter().flat_map(|of| of.codes().into_iter().map(|found| (of.period, found)));
    object.rows(
        "codes",
        codes.map(|(period, (code, [heads_before, findings_before], [heads_after, findings_after]))| CodePart {
            period,
            code: code.code(),
            heads_before,
            heads_after,
            findings_before,
            findings_after,
        }),
    )?;
    object.rows("rows", rows)?;
    object.close()?;
    out.write_all(b"\n")
}
