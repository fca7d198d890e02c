//! Rows gathered by person and span, until the file has been read whole.

use super::header::Header;
use super::row::Place;
use super::table::Sheet;
use crate::domain::Body;
use crate::domain::Locator;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::period::Span;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// Rows for which room is made at once: the days of a month.
const LIKELY: usize = 31;

/// Rows of one kind of evidence.
pub(super) struct Ledger<T> {
    at: HashMap<(Nip, Span), usize>,
    rows: Vec<OfPerson<T>>,
}

/// The rows of one person and span, with their places.
type OfPerson<T> = ((Nip, Span), Vec<T>, Vec<Place>);

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        Self { at: HashMap::new(), rows: Vec::new() }
    }
}

impl<T> Ledger<T> {
    /// Adds a row.
    pub fn add(&mut self, nip: Nip, span: Span, row: T, place: Place) {
        let key = (nip, span);
        // rows of one person mostly stand together
        let at = match self.rows.last() {
            Some((last, ..)) if *last == key => self.rows.len() - 1,
            last => {
                // most people have as many rows as the one before
                let likely = last.map_or(0, |(_, rows, _)| rows.len().min(LIKELY));
                *self.at.entry(key).or_insert_with(|| {
                    self.rows.push((key, Vec::with_capacity(likely), Vec::with_capacity(likely)));
                    self.rows.len() - 1
                })
            }
        };
        if let Some((_, rows, places)) = self.rows.get_mut(at) {
            rows.push(row);
            places.push(place);
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there are of each span.
    pub fn spans(&self) -> BTreeMap<Span, usize> {
        let mut spans = BTreeMap::new();
        for ((_, span), rows, _) in &self.rows {
            *spans.entry(*span).or_default() += rows.len();
        }
        spans
    }

    /// The span with the most rows; of equals the latest.
    pub fn main_span(&self) -> Option<Span> {
        self.spans().into_iter().max_by_key(|(span, rows)| (*rows, *span)).map(|(span, _)| span)
    }

    /// One statement a person and span, in order.
    pub fn statements(mut self, sheets: &[(Sheet, Header)], body: impl Fn(Vec<T>) -> Body) -> Vec<Statement> {
        drop(self.at);
        self.rows.sort_by_key(|(key, ..)| *key);
        let rows = self.rows.into_iter();
        rows.map(|((nip, span), mut rows, places)| {
            rows.shrink_to_fit();
            Statement::present(nip, span, body(rows), locator(&places, sheets))
        })
        .collect()
    }
}

/// `Presensi row {}`; a statement whose rows stand in several sheets names them all.
fn locator(places: &[Place], sheets: &[(Sheet, Header)]) -> Locator {
    let mut named: Vec<u16> = places.iter().map(|place| place.sheet).collect();
    named.sort_unstable();
    named.dedup();
    let names = named.iter().filter_map(|at| sheets.get(usize::from(*at))).filter_map(|(sheet, _)| sheet.name.as_deref());
    // `{}` is where the row number goes.
    let mut names: Vec<String> = names.map(|name| name.replace("{}", "()")).collect();
    // Sections of one sheet stand beside each other.
    names.dedup();
    let at = if names.is_empty() { "row {}".to_owned() } else { format!("{} row {{}}", names.join("+")) };
    Locator::new(at, places.iter().map(|place| place.row))
}
