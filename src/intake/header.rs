//! Column names: which a kind of file has, and where they stand in one file.

use super::FileKind;
use super::cell::Cell;
use super::cell::RawRow;
use crate::domain::text::key;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// How much a column is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Without it the file is refused.
    Must,
    /// Without it the file is read with a notice: rules use its values.
    Should,
    /// Without it nothing is said.
    May,
}

/// One column of a kind of file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Name of contract §4, by which rows are read and refusals speak.
    pub name: &'static str,
    /// Other spellings that are known of old.
    pub also: &'static [&'static str],
    /// How much it is needed.
    pub need: Need,
}

/// A column without which the file is refused.
pub(super) const fn must(name: &'static str) -> Column {
    Column { name, also: &[], need: Need::Must }
}

/// A column that rules use.
pub(super) const fn should(name: &'static str) -> Column {
    Column { name, also: &[], need: Need::Should }
}

/// A column that may be missing.
pub(super) const fn may(name: &'static str) -> Column {
    Column { name, also: &[], need: Need::May }
}

impl Column {
    /// With other spellings.
    pub const fn or(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }
}

/// The columns of one form of a kind of file.
#[derive(Debug)]
pub(super) struct Layout {
    /// To which kind it belongs.
    pub kind: FileKind,
    /// Name of the form, as its title says it.
    pub form: &'static str,
    /// Columns, in the order of files without a header.
    pub columns: &'static [Column],
    /// At least one of these must be there as well; empty: no such condition.
    pub one_of: &'static [&'static str],
    /// Whether a row shorter than the header is cut off, even where only unneeded cells are gone.
    pub full_rows: bool,
    /// Whether the table may begin again within a sheet: people paste such files below each other, titles included.
    pub sections: bool,
}

impl Layout {
    /// Names of the needed columns.
    pub fn needed(&self) -> Vec<&'static str> {
        self.columns.iter().filter(|column| column.need == Need::Must).map(|column| column.name).collect()
    }
}

/// Where the columns of a layout stand in one sheet.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Which form.
    pub layout: &'static Layout,
    /// Position of each column of the layout.
    pub positions: Vec<Option<usize>>,
    /// Columns that nobody reads.
    pub unknown: Vec<String>,
    /// Number of columns, up to the last named one.
    pub width: usize,
}

impl Header {
    /// The header that a file without one has: the columns of the layout in order, behind `skip` others.
    pub fn positional(layout: &'static Layout, skip: usize) -> Self {
        let positions: Vec<_> = (0..layout.columns.len()).map(|at| Some(at + skip)).collect();
        Self { layout, width: positions.len() + skip, positions, unknown: Vec::new() }
    }

    /// Where a column stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        // readers name a column by the very text of its layout, or by an equal one
        let columns = self.layout.columns;
        let same = columns.iter().position(|column| std::ptr::eq(column.name, name));
        let at = same.or_else(|| columns.iter().position(|column| column.name == name))?;
        self.positions.get(at).copied().flatten()
    }

    /// Columns that rules use and that are not there.
    pub fn absent(&self) -> impl Iterator<Item = &'static str> {
        let columns = self.layout.columns.iter().zip(&self.positions);
        columns.filter(|(column, position)| column.need == Need::Should && position.is_none()).map(|(column, _)| column.name)
    }

    /// Position behind the last needed column.
    pub fn needed_width(&self) -> usize {
        if self.layout.full_rows {
            return self.width;
        }
        let columns = self.layout.columns.iter().zip(&self.positions);
        columns.filter(|(column, _)| column.need == Need::Must).filter_map(|(_, position)| *position).max().map_or(0, |last| last + 1)
    }
}

/// How well one row is the header of one layout.
#[derive(Debug)]
pub(super) struct Fit {
    /// The header, as far as it goes.
    pub header: Header,
    /// Known columns in the row.
    pub score: usize,
    /// Needed columns that the row lacks.
    pub missing: Vec<&'static str>,
    /// Known columns that the row has twice.
    pub twice: Vec<&'static str>,
}

/// The names of one layout, folded, synonyms of the configuration included.
#[derive(Debug)]
pub(super) struct Names {
    layout: &'static Layout,
    at: HashMap<String, usize>,
}

impl Names {
    /// Folds the names of a layout. Synonyms stand under the column's name, or under `kind.name` for one kind alone.
    pub fn new(layout: &'static Layout, synonyms: &BTreeMap<String, Vec<String>>) -> Self {
        let mut at = HashMap::new();
        for (index, column) in layout.columns.iter().enumerate() {
            at.insert(key(column.name), index);
            at.extend(column.also.iter().map(|name| (key(name), index)));
        }
        for (name, others) in synonyms {
            let name = match name.split_once('.') {
                Some((kind, name)) if kind == layout.kind.key() => name,
                Some(_) => continue,
                None => name,
            };
            if let Some(index) = layout.columns.iter().position(|column| key(column.name) == key(name)) {
                at.extend(others.iter().map(|other| (key(other), index)));
            }
        }
        Self { layout, at }
    }

    /// The layout whose names these are.
    pub fn layout(&self) -> &'static Layout {
        self.layout
    }

    /// How well a row is its header.
    pub fn fit(&self, row: RawRow<'_>) -> Fit {
        let columns = self.layout.columns;
        let mut header = Header { layout: self.layout, positions: vec![None; columns.len()], unknown: Vec::new(), width: 0 };
        let mut twice = Vec::new();
        for (position, cell) in row.cells().enumerate() {
            if cell == Cell::Empty {
                continue;
            }
            header.width = position + 1;
            let Cell::Text(text) = cell else {
                header.unknown.push(cell.shown());
                continue;
            };
            let name = key(text);
            match self.at.get(&name) {
                Some(&index) if header.positions[index].is_some() => twice.push(columns[index].name),
                Some(&index) => header.positions[index] = Some(position),
                // Line numbers say nothing.
                None if matches!(name.as_str(), "no" | "nourut") => {}
                None => header.unknown.push(text.to_owned()),
            }
        }
        let score = header.positions.iter().flatten().count();
        let mut missing: Vec<_> = self.layout.needed().into_iter().filter(|name| header.position(name).is_none()).collect();
        let one_of = self.layout.one_of;
        if !one_of.is_empty() && one_of.iter().all(|name| header.position(name).is_none()) {
            missing.extend(one_of.first());
        }
        Fit { header, score, missing, twice }
    }
}
