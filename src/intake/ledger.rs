//! Rows gathered by person and span, until the file has been read whole.

use super::header::Header;
use super::row::Place;
use super::table::Sheet;
use crate::domain::Body;
use crate::domain::Locator;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::attendance::AttendanceDay;
use crate::domain::days::Days;
use crate::domain::period::Span;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

/// Rows for which room is made at once: the days of a month.
const LIKELY: usize = 31;

/// What the rows of one person and span are kept in.
pub(super) trait Shelf<T>: Default {
    /// Makes room for as much as stands on another shelf: most people have as many rows as the one before.
    fn like(&mut self, other: &Self);
    /// Adds a row.
    fn put(&mut self, row: T);
    /// How many rows there are.
    fn count(&self) -> usize;
    /// Gives back the room that is not needed.
    fn close(&mut self);
}

impl<T> Shelf<T> for Vec<T> {
    fn like(&mut self, other: &Self) {
        self.reserve_exact(other.len().min(LIKELY));
    }

    fn put(&mut self, row: T) {
        self.push(row);
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn close(&mut self) {
        self.shrink_to_fit();
    }
}

impl Shelf<AttendanceDay> for Days {
    fn like(&mut self, other: &Self) {
        self.reserve(other.size().min(LIKELY * 8));
    }

    fn put(&mut self, row: AttendanceDay) {
        self.push(&row);
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn close(&mut self) {
        self.shrink();
    }
}

/// Rows of one kind of evidence.
pub(super) struct Ledger<T, S = Vec<T>> {
    at: HashMap<(Nip, Span), usize>,
    rows: Vec<OfPerson<S>>,
    row: PhantomData<T>,
}

/// The rows of one person and span, with their places.
type OfPerson<S> = ((Nip, Span), S, Stand);

/// Where the rows of one person stand.
struct Stand {
    first: Run,
    /// Where they do not stand one below the other.
    more: Vec<Run>,
}

/// Rows one below the other in one sheet.
#[derive(Clone, Copy)]
struct Run {
    sheet: u16,
    from: u32,
    length: u32,
}

impl Stand {
    fn add(&mut self, place: Place) {
        let last = self.more.last_mut().unwrap_or(&mut self.first);
        if last.length == 0 {
            *last = Run { sheet: place.sheet, from: place.row, length: 1 };
        } else if last.sheet == place.sheet && last.from.checked_add(last.length) == Some(place.row) {
            last.length += 1;
        } else {
            self.more.push(Run { sheet: place.sheet, from: place.row, length: 1 });
        }
    }

    fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

impl<T, S> Default for Ledger<T, S> {
    fn default() -> Self {
        Self { at: HashMap::new(), rows: Vec::new(), row: PhantomData }
    }
}

impl<T, S: Shelf<T>> Ledger<T, S> {
    /// Adds a row.
    pub fn add(&mut self, nip: Nip, span: Span, row: T, place: Place) {
        let key = (nip, span);
        // rows of one person mostly stand together
        let at = match self.rows.last() {
            Some((last, ..)) if *last == key => self.rows.len() - 1,
            _ => *self.at.entry(key).or_insert_with(|| {
                let mut shelf = S::default();
                if let Some((_, other, _)) = self.rows.last() {
                    shelf.like(other);
                }
                self.rows.push((key, shelf, Stand { first: Run { sheet: 0, from: 0, length: 0 }, more: Vec::new() }));
                self.rows.len() - 1
            }),
        };
        if let Some((_, shelf, stand)) = self.rows.get_mut(at) {
            shelf.put(row);
            stand.add(place);
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there are of each span.
    pub fn spans(&self) -> BTreeMap<Span, usize> {
        let mut spans = BTreeMap::new();
        for ((_, span), shelf, _) in &self.rows {
            *spans.entry(*span).or_default() += shelf.count();
        }
        spans
    }

    /// The span with the most rows; of equals the latest.
    pub fn main_span(&self) -> Option<Span> {
        self.spans().into_iter().max_by_key(|(span, rows)| (*rows, *span)).map(|(span, _)| span)
    }

    /// One statement a person and span, in order.
    pub fn statements(mut self, sheets: &[(Sheet, Header)], body: impl Fn(S) -> Body) -> Vec<Statement> {
        drop(self.at);
        self.rows.sort_by_key(|(key, ..)| *key);
        let of_one: Vec<Arc<str>> = (0..sheets.len()).map(|at| template([at], sheets).into()).collect();
        let rows = self.rows.into_iter();
        rows.map(|((nip, span), mut shelf, stand)| {
            shelf.close();
            Statement::present(nip, span, body(shelf), locator(&stand, sheets, &of_one))
        })
        .collect()
    }
}

/// `Presensi row {}`; a statement whose rows stand in several sheets names them all.
fn locator(stand: &Stand, sheets: &[(Sheet, Header)], of_one: &[Arc<str>]) -> Locator {
    let first = usize::from(stand.first.sheet);
    let at = match of_one.get(first) {
        Some(at) if stand.more.iter().all(|run| run.sheet == stand.first.sheet) => Arc::clone(at),
        _ => {
            let mut named: Vec<usize> = stand.runs().map(|run| usize::from(run.sheet)).collect();
            named.sort_unstable();
            named.dedup();
            template(named, sheets).into()
        }
    };
    Locator::new(at, stand.runs().flat_map(|run| (0..run.length).map(move |after| run.from + after)))
}

fn template(named: impl IntoIterator<Item = usize>, sheets: &[(Sheet, Header)]) -> String {
    let names = named.into_iter().filter_map(|at| sheets.get(at)).filter_map(|(sheet, _)| sheet.name.as_deref());
    // `{}` is where the row number goes.
    let mut names: Vec<String> = names.map(|name| name.replace("{}", "()")).collect();
    // Sections of one sheet stand beside each other.
    names.dedup();
    if names.is_empty() { "row {}".to_owned() } else { format!("{} row {{}}", names.join("+")) }
}
