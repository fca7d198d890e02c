//! What narrows a list: from where its rows are looked at, and the conditions on them.

use super::case_views::CaseFilter;
use super::pages::ListWanted;
use super::pages::Sought;
use super::tx::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// From where rows are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Everybody, in the order that is wanted.
    Everybody,
    /// Those with open findings of the code.
    Code,
    /// Those with cases of the code in a view.
    Cases,
}

/// Texts that conditions are bound to.
pub(super) struct Texts {
    pattern: String,
    from: String,
    to: String,
    /// View, comparison and word of the cases that are wanted.
    pub(super) cases: Option<(&'static str, &'static str, String)>,
}

impl Texts {
    pub(super) fn of(wanted: &ListWanted) -> Self {
        let text = match &wanted.sought {
            Sought::Any => "",
            Sought::Text(text) | Sought::Nip(text) | Sought::TextOrNip(text) => text,
        };
        let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        // What begins with the text stands between it and it with a colon, which follows the digits.
        let cases = wanted.cases.as_ref().map(CaseFilter::view);
        Self { pattern: format!("%{plain}%"), from: text.to_owned(), to: format!("{text}:"), cases }
    }

    pub(super) fn conditions<'a>(&'a self, wanted: &'a ListWanted, by: Way, into: &mut Vec<(String, Vec<Cell<'a>>)>) {
        const LIKE: &str = "l.sought LIKE ? ESCAPE '\\'";
        const BEGINS: &str = "l.nip >= ? AND l.nip < ?";
        let (like, begins) = (Cell::from(&self.pattern), [Cell::from(&self.from), Cell::from(&self.to)]);
        match &wanted.sought {
            Sought::Any => {}
            Sought::Text(_) => into.push((LIKE.to_owned(), vec![like])),
            Sought::Nip(_) => into.push((BEGINS.to_owned(), begins.to_vec())),
            Sought::TextOrNip(_) => into.push((format!("({LIKE} OR {BEGINS})"), vec![like, begins[0], begins[1]])),
        }
        if let Some(standing) = wanted.standing {
            into.push(("l.standing = ?".to_owned(), vec![Cell::from(standing.key())]));
        }
        if let Some(unit) = &wanted.unit {
            into.push(("l.unit = ?".to_owned(), vec![Cell::from(unit)]));
        }
        into.extend(wanted.units.as_ref().map(of_units));
        let Some(code) = wanted.code else {
            if wanted.cases.is_some() {
                into.push(("1 = 0".to_owned(), Vec::new()));
            }
            return;
        };
        let under = if wanted.superior.is_some() { " AND c.superior = ?" } else { "" };
        let mut of_code = vec![Cell::from(code.code())];
        of_code.extend(wanted.superior.iter().map(Cell::from));
        match (by, &self.cases) {
            (Way::Cases, Some((view, compares, word))) => {
                let cells = [Cell::from(*view), Cell::from(word)].into_iter().chain(of_code);
                into.push((format!("c.view = ? AND c.word {compares} ? AND c.code = ?{under}"), cells.collect()));
                return;
            }
            (_, Some((view, compares, word))) => {
                let taken = "NOT EXISTS (SELECT 1 FROM case_view v WHERE v.period = l.period AND v.nip = l.nip AND v.view = ?";
                let cells = vec![Cell::from(*view), Cell::from(word), Cell::from(code.code())];
                into.push((format!("{taken} AND v.word {compares} ? AND v.code = ?)"), cells));
            }
            (_, None) => {}
        }
        into.push(match by {
            Way::Code => (format!("c.code = ?{under}"), of_code),
            _ => {
                let has = "EXISTS (SELECT 1 FROM listed_code c WHERE c.period = l.period AND c.nip = l.nip AND c.code = ?";
                (format!("{has}{under})"), of_code)
            }
        });
    }
}

/// Only rows `l` of these units.
pub(super) fn of_units(units: &BTreeSet<String>) -> (String, Vec<Cell<'_>>) {
    let marks = vec!["?"; units.len().max(1)].join(", ");
    let mut cells: Vec<Cell<'_>> = units.iter().map(Cell::from).collect();
    if cells.is_empty() {
        // Who sees no unit sees nobody: no unit is called like that.
        cells.push(Cell::from("\u{1}"));
    }
    (format!("l.unit IN ({marks})"), cells)
}

/// Adds a condition whose `?` stand for the cells, in order.
pub(super) fn and_where<'a>(sql: &mut String, values: &mut Vec<Cell<'a>>, condition: &str, cells: Vec<Cell<'a>>) {
    sql.push_str(" AND ");
    let mut cells = cells.into_iter();
    for part in condition.split_inclusive('?') {
        match part.strip_suffix('?').zip(cells.next()) {
            Some((part, cell)) => {
                values.push(cell);
                let _ = write!(sql, "{part}${}", values.len());
            }
            None => sql.push_str(part),
        }
    }
}
