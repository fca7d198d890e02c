//! A what-if as tables.

use super::{Moved, PeriodWhatIf, Stand, WhatIf};
use crate::domain::Rupiah;
use crate::domain::verdict::Standing;
use crate::export::document::Totals;
use crate::export::sentence;
use crate::export::table::{Cell, Column, Table, Voice, number, text};
use crate::export::words;
use crate::export::words::pick;

const SIDES: [Column; 6] = [
    number("heads_before", "Orang kini", "Heads now", 11),
    number("heads_after", "Orang nanti", "Heads then", 11),
    number("heads_difference", "Selisih orang", "Heads difference", 14),
    number("rupiah_before", "Rupiah kini", "Rupiah now", 20),
    number("rupiah_after", "Rupiah nanti", "Rupiah then", 20),
    number("rupiah_difference", "Selisih Rupiah", "Rupiah difference", 20),
];

const VERDICT: Column = text("verdict", "Putusan", "Verdict", 28);
const UNIT: [Column; 2] = [text("unit", "Kode unit", "Unit code", 12), text("unit_name", "Unit", "Unit", 30)];

const CODE: &[Column] = &[
    text("code", "Kode", "Code", 6),
    text("title", "Temuan", "Finding", 48),
    number("heads_before", "Orang kini", "Heads now", 11),
    number("heads_after", "Orang nanti", "Heads then", 11),
    number("heads_difference", "Selisih orang", "Heads difference", 14),
    number("findings_before", "Temuan kini", "Findings now", 12),
    number("findings_after", "Temuan nanti", "Findings then", 13),
];

const PEOPLE: &[Column] = &[
    text("nip", "NIP", "NIP", 20),
    text("name", "Nama", "Name", 30),
    UNIT[0],
    UNIT[1],
    text("verdict_before", "Putusan kini", "Verdict now", 26),
    text("verdict_after", "Putusan nanti", "Verdict then", 26),
    number("net_before", "Bersih kini", "Net now", 15),
    number("net_after", "Bersih nanti", "Net then", 15),
    number("difference", "Selisih", "Difference", 15),
    text("findings_before", "Temuan kini", "Findings now", 24),
    text("findings_after", "Temuan nanti", "Findings then", 24),
];

/// The table of every period under one another, with the period in the first column.
pub(super) fn each<'a>(what_if: &'a WhatIf, of: impl Fn(&'a PeriodWhatIf) -> Table<'a> + 'a) -> Table<'a> {
    let mut columns = vec![text("period", "Periode", "Period", 10)];
    columns.extend(what_if.periods.first().map(|period| of(period).columns).unwrap_or_default());
    let rows = what_if.periods.iter().flat_map(move |period| {
        let key = period.period.to_string();
        of(period).rows.map(move |mut row| {
            row.insert(0, Cell::text(key.as_str()));
            row
        })
    });
    Table { columns, rows: Box::new(rows) }
}

fn counted(before: u64, after: u64) -> [Cell; 3] {
    let difference = Cell::Count(i64::try_from(after).unwrap_or(i64::MAX) - i64::try_from(before).unwrap_or(i64::MAX));
    [Cell::heads(before), Cell::heads(after), difference]
}

fn sides(heads: [u64; 2], rupiah: [Rupiah; 2]) -> impl Iterator<Item = Cell> {
    let [before, after] = rupiah;
    counted(heads[0], heads[1]).into_iter().chain([before, after, after - before].map(Cell::Rupiah))
}

fn of_standing(standing: Standing, before: &Totals, after: &Totals) -> impl Iterator<Item = Cell> {
    sides([before.heads(standing), after.heads(standing)], [before.rupiah(standing), after.rupiah(standing)])
}

/// One row a verdict, closed by the sum for people.
pub(super) fn verdicts(period: &PeriodWhatIf, voice: Voice) -> Table<'static> {
    let columns: Vec<Column> = std::iter::once(VERDICT).chain(SIDES).collect();
    let (before, after) = (period.before.totals, period.after.totals);
    let rows = Standing::ALL.into_iter().map(move |standing| {
        let name = voice.say(standing.key(), words::standing(standing, voice.lang));
        std::iter::once(name).chain(of_standing(standing, &before, &after)).collect()
    });
    let heads = [before.heads.iter().sum(), after.heads.iter().sum()];
    let sum = std::iter::once(Cell::text(pick(["Jumlah", "Total"], voice.lang)));
    let last: Vec<Cell> = sum.chain(sides(heads, [super::all(&before), super::all(&after)])).collect();
    Table::new(&columns, rows.chain((!voice.keys).then_some(last)))
}

/// One row a unit and verdict that either side has.
pub(super) fn units(period: &PeriodWhatIf, voice: Voice) -> Table<'_> {
    let columns: Vec<Column> = UNIT.into_iter().chain([VERDICT]).chain(SIDES).collect();
    let rows = period.units.iter().flat_map(move |(code, unit)| {
        let has = |standing: &Standing| unit.before.heads(*standing) + unit.after.heads(*standing) > 0;
        Standing::ALL.into_iter().filter(has).map(move |standing| {
            let names = [
                Cell::text(code.as_str()),
                Cell::text(unit.name.as_str()),
                voice.say(standing.key(), words::standing(standing, voice.lang)),
            ];
            names.into_iter().chain(of_standing(standing, &unit.before, &unit.after)).collect()
        })
    });
    Table::new(&columns, rows)
}

const MOVED: &[Column] = &[
    UNIT[0],
    UNIT[1],
    number("moved", "Orang berubah", "People who move", 15),
    number("rupiah_before", "Rupiah kini", "Rupiah now", 20),
    number("rupiah_after", "Rupiah nanti", "Rupiah then", 20),
    number("rupiah_difference", "Selisih Rupiah", "Rupiah difference", 20),
];

/// One row a unit that moves, the most moved first.
pub(super) fn moved_units(period: &PeriodWhatIf, most: usize) -> Table<'_> {
    let units = period.sorted_units().into_iter().filter(|(_, unit)| unit.moved > 0).take(most);
    Table::new(
        MOVED,
        units.map(|(code, unit)| {
            let amounts = [super::all(&unit.before), super::all(&unit.after), unit.difference()].map(Cell::Rupiah);
            [Cell::text(code), Cell::text(unit.name.as_str()), Cell::heads(unit.moved)].into_iter().chain(amounts).collect()
        }),
    )
}

/// One row a code.
pub(super) fn codes(period: &PeriodWhatIf, voice: Voice) -> Table<'static> {
    let rows = period.codes().into_iter().map(move |(code, [heads, findings], [heads_after, findings_after])| {
        let names = [Cell::text(code.code()), Cell::text(sentence::title(code, voice.lang))];
        let [before, after, difference] = counted(heads, heads_after);
        names.into_iter().chain([before, after, difference, Cell::heads(findings), Cell::heads(findings_after)]).collect()
    });
    Table::new(CODE, rows)
}

/// One row a person whose verdict or amount moves.
pub(super) fn people(period: &PeriodWhatIf, voice: Voice) -> Table<'_> {
    Table::new(PEOPLE, period.rows.iter().map(move |moved| person(&moved, voice)))
}

/// Those whose amount moves most.
pub(super) fn top(period: &PeriodWhatIf, voice: Voice) -> Table<'_> {
    Table::new(PEOPLE, period.top.iter().map(move |moved| person(moved, voice)))
}

fn person(moved: &Moved, voice: Voice) -> Vec<Cell> {
    let standing = |stand: &Option<Stand>| {
        stand.as_ref().map_or(Cell::Empty, |stand| voice.say(stand.standing.key(), words::standing(stand.standing, voice.lang)))
    };
    let net = |stand: &Option<Stand>| Cell::from(stand.as_ref().and_then(|stand| stand.net));
    let codes = |stand: &Option<Stand>| Cell::from(stand.as_ref().map(|stand| stand.codes.as_str()));
    vec![
        Cell::text(moved.nip.as_str()),
        Cell::text(moved.name.as_str()),
        Cell::text(moved.unit.as_str()),
        Cell::text(moved.unit_name.as_str()),
        standing(&moved.before),
        standing(&moved.after),
        net(&moved.before),
        net(&moved.after),
        moved.difference().into(),
        codes(&moved.before),
        codes(&moved.after),
    ]
}
