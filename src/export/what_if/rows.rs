//! People whom another policy would move, in a few bytes each: of 200,000 people and twelve months all may move.

use super::Moved;

/// Bytes after which a piece is compressed.
const PIECE: usize = 256 << 10;

/// Rows in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    pieces: Vec<Vec<u8>>,
    open: Vec<u8>,
    count: u64,
}

impl Rows {
    /// Keeps one more.
    pub fn push(&mut self, moved: &Moved) {
        self.open = postcard::to_extend(moved, std::mem::take(&mut self.open)).unwrap_or_else(|_| damaged());
        self.count += 1;
        if self.open.len() >= PIECE {
            self.pieces.push(lz4_flex::compress_prepend_size(&self.open));
            self.open.clear();
        }
    }

    /// How many.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them; one piece at a time is plain.
    pub fn iter(&self) -> impl Iterator<Item = Moved> + '_ {
        let full = self.pieces.iter().map(|piece| lz4_flex::decompress_size_prepended(piece).unwrap_or_else(|_| damaged()));
        full.chain(std::iter::once_with(|| self.open.clone())).flat_map(|piece| {
            let mut at = 0;
            std::iter::from_fn(move || {
                let rest = piece.get(at..).filter(|rest| !rest.is_empty())?;
                let (moved, left) = postcard::take_from_bytes(rest).unwrap_or_else(|_| damaged());
                at = piece.len() - left.len();
                Some(moved)
            })
        })
    }
}

/// Only a mistake in this file leads here, and then nobody must go missing in silence.
fn damaged() -> ! {
    panic!("packed rows cannot be unpacked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Rupiah;
    use crate::domain::verdict::Standing;
    use crate::export::what_if::Stand;

    #[test]
    fn what_was_packed_comes_out_in_its_order() {
        let mut rows = Rows::default();
        let row = |at: i64| Moved {
            nip: "198501012010011901".parse().unwrap(),
            name: format!("ORANG {at}"),
            unit: "U1".into(),
            unit_name: String::new(),
            before: (at % 3 != 0).then(|| Stand { standing: Standing::Layak, net: Some(Rupiah(at)), codes: "AB05".into() }),
            after: Some(Stand { standing: Standing::Tertahan, net: None, codes: String::new() }),
        };
        assert_eq!(rows.iter().count(), 0);
        (0..20_000).for_each(|at| rows.push(&row(at)));
        assert!(rows.pieces.len() > 2);
        assert_eq!(rows.len(), 20_000);
        assert!(rows.iter().zip(0..).all(|(found, at)| found == row(at)));
    }
}
