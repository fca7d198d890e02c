//! Lists on paper: folio (F4), landscape, with page numbers, page subtotals, signatures and a mark across a draft.
//!
//! [`layout`] decides what stands on which page and adds up, `draw` puts it there. The same sections give the same
//! bytes: the only time in the file is the document's own. Nothing here knows what a list is about.

mod draw;
mod layout;
mod metrics;

use super::payout::Sum;
use chrono::{DateTime, Utc};
use std::io;

/// What holds for the whole file.
#[derive(Debug, Clone)]
pub(super) struct About {
    /// Title of the file.
    pub(super) title: String,
    /// When it was made: the report's instant of knowledge.
    pub(super) made: DateTime<Utc>,
    /// What stands at the foot of every page, so that paper can be traced.
    pub(super) footer: String,
    /// `Halaman`, `dari` and `(lanjutan)`.
    pub(super) words: [&'static str; 3],
    /// The mark across every page; `None` when it is final.
    pub(super) mark: Option<&'static str>,
}

/// On which side of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Text.
    Left,
    /// Short codes.
    Middle,
    /// Figures.
    Right,
}

/// One column of a table.
#[derive(Debug, Clone)]
pub(super) struct PageColumn {
    /// Heading.
    pub(super) heading: String,
    /// Share of the width of the paper.
    pub(super) share: f32,
    /// Side.
    pub(super) side: Side,
}

/// One row; a line feed in a cell begins a new line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageRow {
    /// Cells, as many as columns.
    pub(super) cells: Vec<String>,
    /// What it adds to the sums.
    pub(super) sum: Sum,
}

/// Rows under one heading.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Heading across the table.
    pub(super) heading: Option<String>,
    /// What the line with its sum is called.
    pub(super) total: Option<String>,
    /// Rows.
    pub(super) rows: Vec<PageRow>,
}

/// Where sums stand and what their lines are called.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// Columns of heads (when they have one), gross, deduction and net; the label fills what is before the first.
    pub(super) columns: [Option<usize>; 4],
    /// `Jumlah halaman ini`, `Jumlah s.d. halaman ini`, `Jumlah seluruhnya`.
    pub(super) labels: [&'static str; 3],
    /// `orang`.
    pub(super) heads: &'static str,
}

/// A table with what stands above and below it; begins a page.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// Title.
    pub(super) title: String,
    /// Lines under the title.
    pub(super) above: Vec<String>,
    /// Provenance, in small letters.
    pub(super) small: Vec<String>,
    /// What must not be overlooked.
    pub(super) warnings: Vec<String>,
    /// Columns.
    pub(super) columns: Vec<PageColumn>,
    /// Rows.
    pub(super) groups: Vec<Group>,
    /// Sums; `None` where adding up makes no sense.
    pub(super) sums: Option<Sums>,
    /// Lines below the table.
    pub(super) below: Vec<String>,
    /// Who signs; with an empty list there is no place for signatures.
    pub(super) signers: Vec<String>,
    /// Year before which a signature's date is left open.
    pub(super) year: i32,
}

/// The finished file.
///
/// # Errors
/// Compressing failed.
pub(super) fn bytes(sections: &[Section], about: &About) -> io::Result<Vec<u8>> {
    let laid: Vec<layout::Laid<'_>> = sections.iter().map(layout::lay).collect();
    draw::bytes(&laid, about)
}
