//! Statements of a file in a few bytes each while they wait for their turn: as they are worked with, what files say about
//! everybody of a large ministry would take most of the memory. Knows no rules.

use crate::domain::period::Span;
use crate::domain::places::Places;
use crate::domain::{Body, Kind, Locator, Nip, Statement, StatementState};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes after which a piece is full. A full one is compressed, as the same words return from person to person, and given
/// back as soon as it has been unpacked.
const PIECE: usize = 256 << 10;

/// The statements of one file, in order.
#[derive(Default)]
pub(super) struct Parcel {
    /// Full ones, compressed.
    pieces: VecDeque<Vec<u8>>,
    /// The one that is being filled.
    open: Vec<u8>,
    /// Templates of places, which hardly differ within a file.
    templates: Vec<Arc<str>>,
    /// Statements of the other kinds, as they are; in the pieces only their turn is noted.
    aside: VecDeque<Statement>,
}

/// What stands before the rows of a packed statement.
type Head = (Nip, Kind, Span, u32, Places);

impl Parcel {
    /// Packs statements, each of which is let go of at once.
    pub fn of(statements: Vec<Statement>) -> Self {
        let mut parcel = Self::default();
        for statement in statements {
            parcel.add(statement);
        }
        parcel.close();
        parcel.open = Vec::new();
        parcel.aside.shrink_to_fit();
        parcel
    }

    fn add(&mut self, statement: Statement) {
        match self.packed(&statement) {
            Some(packed) => self.open.extend_from_slice(&packed),
            None => {
                self.open.push(ASIDE);
                self.aside.push_back(statement);
            }
        }
        if self.open.len() >= PIECE {
            self.close();
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.pieces.push_back(lz4_flex::compress_prepend_size(&self.open));
            self.open.clear();
        }
    }

    /// The statement in bytes; `None` leaves it as it is.
    fn packed(&mut self, statement: &Statement) -> Option<Vec<u8>> {
        let body = statement.body.as_ref().filter(|_| statement.state == StatementState::Present)?;
        let template = self.templates.iter().position(|known| *known == statement.locator.at).unwrap_or_else(|| {
            self.templates.push(Arc::clone(&statement.locator.at));
            self.templates.len() - 1
        });
        let head: Head = (statement.nip, statement.kind, statement.span, u32::try_from(template).ok()?, statement.locator.index.clone());
        match body {
            Body::Roster(rows) => bytes(&head, rows),
            Body::Payment(rows) => bytes(&head, rows),
            Body::Evaluation(rows) => bytes(&head, rows),
            Body::Skp(rows) => bytes(&head, rows),
            // days are packed already; what is left is of few
            _ => None,
        }
    }

    /// What stands next; `None` for a statement that was set aside.
    fn read(&self, from: &mut &[u8]) -> Option<Statement> {
        if take::<u8>(from) == ASIDE {
            return None;
        }
        let (nip, kind, span, template, index): Head = take(from);
        let body = match kind {
            Kind::Roster => Body::Roster(take(from)),
            Kind::Payment => Body::Payment(take(from)),
            Kind::Evaluation => Body::Evaluation(take(from)),
            Kind::Skp => Body::Skp(take(from)),
            _ => damaged(),
        };
        let at = self.templates.get(template as usize).map_or_else(|| damaged(), Arc::clone);
        Some(Statement { nip, kind, span, state: StatementState::Present, body: Some(body), locator: Locator { at, index } })
    }

    /// Shows every statement, those first that were set aside.
    pub fn each(&self, mut show: impl FnMut(&Statement)) {
        self.aside.iter().for_each(&mut show);
        for piece in &self.pieces {
            let piece = unfolded(piece);
            let mut from = piece.as_slice();
            while !from.is_empty() {
                self.read(&mut from).iter().for_each(&mut show);
            }
        }
    }
}

const ASIDE: u8 = 0;
const PACKED: u8 = 1;

fn bytes<T: Serialize>(head: &Head, rows: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(&(PACKED, head, rows)).ok()
}

fn take<T: DeserializeOwned>(from: &mut &[u8]) -> T {
    let (value, rest) = postcard::take_from_bytes(from).unwrap_or_else(|_| damaged());
    *from = rest;
    value
}

fn unfolded(piece: &[u8]) -> Vec<u8> {
    lz4_flex::decompress_size_prepended(piece).unwrap_or_else(|_| damaged())
}

/// Only a mistake in this file leads here, and then nobody must go missing in silence.
fn damaged() -> ! {
    panic!("packed statements cannot be unpacked")
}

impl IntoIterator for Parcel {
    type Item = Statement;
    type IntoIter = Unpacked;

    fn into_iter(self) -> Unpacked {
        Unpacked { parcel: self, piece: Vec::new(), at: 0 }
    }
}

/// Statements being unpacked.
pub(super) struct Unpacked {
    parcel: Parcel,
    piece: Vec<u8>,
    at: usize,
}

impl Iterator for Unpacked {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        while self.at >= self.piece.len() {
            (self.piece, self.at) = (unfolded(&self.parcel.pieces.pop_front()?), 0);
        }
        let mut from = &self.piece[self.at..];
        let told = self.parcel.read(&mut from);
        self.at = self.piece.len() - from.len();
        Some(told.or_else(|| self.parcel.aside.pop_front()).unwrap_or_else(|| damaged()))
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Period;
    use crate::domain::ekinerja::SkpRow;
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    fn skp(text: Option<String>, from: Option<NaiveDate>, is_skp: bool) -> Body {
        let row = SkpRow {
            nama: text.clone(),
            skp_id: None,
            is_skp,
            status: text,
            jabatan: None,
            unor: None,
            periode_awal: from,
            periode_akhir: from,
            plt: !is_skp,
        };
        Body::Skp(vec![row])
    }

    fn span() -> impl Strategy<Value = Span> {
        prop_oneof![
            Just(Span::Standing),
            (1900i32..2100).prop_map(Span::Year),
            (1900i32..2100, 1u32..5).prop_map(|(year, quarter)| Span::Quarter(year, quarter)),
            (1900i32..2100, 1u32..13).prop_map(|(year, month)| Span::Month(Period::new(year, month).unwrap())),
        ]
    }

    fn statement() -> impl Strategy<Value = Statement> {
        let date = (0u64..100_000).prop_map(|days| NaiveDate::from_ymd_opt(1900, 1, 1).unwrap().checked_add_days(Days::new(days)));
        let body = (proptest::option::of(".{0,2000}"), date, any::<bool>()).prop_map(|(text, date, is_skp)| skp(text, date, is_skp));
        let places = proptest::collection::vec(prop_oneof![0u32..5, Just(u32::MAX)], 1..2);
        ("[0-9]{18}", span(), body, "(a|b) row [{}]{2}", places, 0u8..4).prop_map(|(nip, span, body, at, places, turn)| {
            let nip = Nip::parse(&nip).unwrap();
            match turn {
                0 => Statement::absent(nip, Kind::Skp, span),
                1 => Statement::present(nip, span, Body::Permits(Vec::new()), Locator::new(at, [])),
                _ => Statement::present(nip, span, body, Locator::new(at, places)),
            }
        })
    }

    proptest! {
        // enough of them for several pieces
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn what_is_packed_comes_back_in_order(statements in proptest::collection::vec(statement(), 0..400)) {
            prop_assert_eq!(Parcel::of(statements.clone()).into_iter().collect::<Vec<_>>(), statements);
        }
    }
}
