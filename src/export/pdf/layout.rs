//! What stands on which page.

use super::metrics::{Font, wrap};
use super::{PageRow, Section, Side};
use crate::export::payout::Sum;

/// Folio (F4) on its side, in points: 330 × 215 mm.
pub(super) const WIDTH: f32 = 935.43;
/// Height of the paper.
pub(super) const HEIGHT: f32 = 609.45;
/// Left and right.
pub(super) const MARGIN: f32 = 36.0;
/// Above the title.
pub(super) const TOP: f32 = 30.0;
/// Below the table, for the footer.
pub(super) const BOTTOM: f32 = 34.0;

/// Size of letters in the table.
pub(super) const SIZE: f32 = 9.0;
/// From line to line in the table.
pub(super) const LEADING: f32 = 10.6;
/// White above and below the text of a row, together.
pub(super) const PADDING: f32 = 5.0;
/// White left and right of a cell.
pub(super) const GAP: f32 = 3.5;
/// Height of a heading or of a sum.
pub(super) const BAR: f32 = 15.5;
/// Size and leading of the lines below the table.
pub(super) const BELOW: (f32, f32) = (9.0, 12.0);
/// Height of the place for signatures.
pub(super) const SIGNATURES: f32 = 98.0;

/// One line of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line<'s> {
    /// Heading of a group; said again where the group goes on.
    Heading { text: &'s str, again: bool },
    /// A row with its cells broken into lines.
    Row { row: &'s PageRow, cells: Vec<Vec<String>> },
    /// The sum of a group.
    GroupTotal { label: &'s str, sum: Sum },
}

impl Line<'_> {
    pub(super) fn height(&self) -> f32 {
        match self {
            Self::Heading { .. } | Self::GroupTotal { .. } => BAR,
            Self::Row { cells, .. } => cells.iter().map(Vec::len).max().unwrap_or(1).max(1) as f32 * LEADING + PADDING,
        }
    }
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Page<'s> {
    /// Lines from the top.
    pub(super) lines: Vec<Line<'s>>,
    /// Sum of its rows.
    pub(super) subtotal: Sum,
    /// Sum of all rows up to its end.
    pub(super) running: Sum,
}

/// A section laid out.
#[derive(Debug)]
pub(super) struct Laid<'s> {
    /// The section.
    pub(super) section: &'s Section,
    /// Left edges of the columns, and the right edge of the last.
    pub(super) edges: Vec<f32>,
    /// Headings broken into lines.
    pub(super) headings: Vec<Vec<String>>,
    /// Lines below the table, broken.
    pub(super) below: Vec<String>,
    /// Pages; the last one also carries what stands below the table.
    pub(super) pages: Vec<Page<'s>>,
}

impl Laid<'_> {
    /// Height of title and lines above the table.
    pub(super) fn above_height(section: &Section) -> f32 {
        17.0 + section.above.len() as f32 * 12.5 + (section.small.len() + section.warnings.len()) as f32 * 10.5 + 6.0
    }

    /// Height of the headings of the table.
    pub(super) fn heading_height(&self) -> f32 {
        self.headings.iter().map(Vec::len).max().unwrap_or(1) as f32 * LEADING + PADDING
    }

    /// Height for the lines of a page.
    pub(super) fn room(&self) -> f32 {
        let sums = if self.section.sums.is_some() { 2.0 * BAR } else { 0.0 };
        HEIGHT - TOP - BOTTOM - Self::above_height(self.section) - self.heading_height() - sums
    }

    /// Height of what follows the lines of the last page.
    pub(super) fn closing(&self) -> f32 {
        let total = if self.section.sums.is_some() { BAR } else { 0.0 };
        let below = if self.below.is_empty() { 0.0 } else { 6.0 + self.below.len() as f32 * BELOW.1 };
        total + below + if self.section.signers.is_empty() { 0.0 } else { SIGNATURES }
    }
}

/// Lays a section out.
pub(super) fn lay(section: &Section) -> Laid<'_> {
    let shares: f32 = section.columns.iter().map(|column| column.share).sum();
    let mut edges = vec![MARGIN];
    for column in &section.columns {
        let last = edges.last().copied().unwrap_or(MARGIN);
        edges.push(last + column.share / shares * (WIDTH - 2.0 * MARGIN));
    }
    let inner = |at: usize| edges[at + 1] - edges[at] - 2.0 * GAP;
    let headings =
        section.columns.iter().enumerate().map(|(at, column)| wrap(&column.heading, Font::Bold, SIZE - 0.5, inner(at))).collect();
    let below = section.below.iter().flat_map(|line| wrap(line, Font::Regular, BELOW.0, WIDTH - 2.0 * MARGIN)).collect();
    let mut laid = Laid { section, headings, below, pages: Vec::new(), edges: edges.clone() };
    let mut pages = paginate(section, &edges, laid.room());
    give_closing_room(&mut pages, laid.room() - laid.closing());
    add_up(&mut pages);
    laid.pages = pages;
    laid
}

/// A cell broken into lines; figures are never broken.
fn broken(text: &str, side: Side, width: f32) -> Vec<String> {
    if side == Side::Right {
        return vec![text.to_owned()];
    }
    text.split('\n').flat_map(|part| wrap(part, Font::Regular, SIZE, width)).collect()
}

fn paginate<'s>(section: &'s Section, edges: &[f32], room: f32) -> Vec<Page<'s>> {
    let mut pages = vec![Page::default()];
    let mut used = 0.0;
    for group in &section.groups {
        let last = group.rows.len().saturating_sub(1);
        let heading = group.heading.as_deref();
        let mut sum = Sum::default();
        for (at, row) in group.rows.iter().enumerate() {
            sum.join(row.sum);
            let cells = row.cells.iter().zip(&section.columns).enumerate();
            let cells = cells.map(|(at, (cell, column))| broken(cell, column.side, edges[at + 1] - edges[at] - 2.0 * GAP)).collect();
            let line = Line::Row { row, cells };
            // A heading stays with its first row, the sum of a group with its last.
            let before = if at == 0 && heading.is_some() { BAR } else { 0.0 };
            let after = if at == last && group.total.is_some() { BAR } else { 0.0 };
            let fresh = used > 0.0 && used + before + line.height() + after > room;
            if fresh {
                pages.push(Page::default());
                used = 0.0;
            }
            let Some(page) = pages.last_mut() else { continue };
            if let Some(text) = heading.filter(|_| at == 0 || fresh) {
                page.lines.push(Line::Heading { text, again: at > 0 });
                used += BAR;
            }
            used += line.height();
            page.lines.push(line);
            if at == last
                && let Some(label) = &group.total
            {
                page.lines.push(Line::GroupTotal { label, sum });
                used += BAR;
            }
        }
    }
    pages
}

/// Where the signatures do not fit under the last rows, the last row goes with them to a page of its own: a page with
/// signatures alone could be put under any list.
fn give_closing_room(pages: &mut Vec<Page<'_>>, room: f32) {
    let Some(page) = pages.last_mut() else { return };
    if page.lines.iter().map(Line::height).sum::<f32>() <= room {
        return;
    }
    let rows = page.lines.iter().filter(|line| matches!(line, Line::Row { .. })).count();
    let Some(at) = page.lines.iter().rposition(|line| matches!(line, Line::Row { .. })).filter(|_| rows > 1) else {
        pages.push(Page::default());
        return;
    };
    let mut moved = page.lines.split_off(at);
    let heading = page.lines.iter().rposition(|line| matches!(line, Line::Heading { .. }));
    if let Some(from) = heading {
        // The heading moves along when nothing of its group stays behind.
        let text = match page.lines[from] {
            Line::Heading { text, again } => Some((text, again || from + 1 < page.lines.len())),
            _ => None,
        };
        if from + 1 == page.lines.len() {
            page.lines.pop();
        }
        moved.splice(0..0, text.map(|(text, again)| Line::Heading { text, again }));
    }
    pages.push(Page { lines: moved, ..Page::default() });
}

fn add_up(pages: &mut [Page<'_>]) {
    let mut running = Sum::default();
    for page in pages {
        page.subtotal = Sum::of(page.lines.iter().filter_map(|line| if let Line::Row { row, .. } = line { Some(row.sum) } else { None }));
        running.join(page.subtotal);
        page.running = running;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Group, PageColumn, Sums};
    use super::*;
    use crate::domain::rupiah::Rupiah;
    use proptest::prelude::*;

    fn section(groups: &[usize], name: &str) -> Section {
        let column = |share, side| PageColumn { heading: "Judul kolom".to_owned(), share, side };
        let mut number = 0;
        let mut row = || {
            number += 1;
            let amount = Rupiah(1_000_003 * number);
            let sum = Sum { heads: 1, gross: amount, deduction: Rupiah(number), net: amount - Rupiah(number) };
            PageRow { cells: vec![number.to_string(), name.repeat(number as usize % 7), amount.to_string()], sum }
        };
        let groups = groups.iter().enumerate().map(|(at, rows)| Group {
            heading: (at % 3 != 2).then(|| format!("Unit {at}")),
            total: (at % 2 == 0).then(|| "Jumlah unit".to_owned()),
            rows: (0..*rows).map(|_| row()).collect(),
        });
        Section {
            title: "Daftar".to_owned(),
            above: vec!["a".to_owned()],
            small: vec!["b".to_owned()],
            warnings: Vec::new(),
            columns: vec![column(1.0, Side::Middle), column(6.0, Side::Left), column(2.0, Side::Right)],
            groups: groups.collect(),
            sums: Some(Sums { columns: [None, Some(2), None, None], labels: ["halaman", "s.d.", "semua"], heads: "orang" }),
            below: vec!["Terbilang: ".repeat(20)],
            signers: vec!["PPABP".to_owned()],
            year: 2026,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn page_sums_add_up_and_every_row_is_there_once(groups in proptest::collection::vec(1usize..60, 0..6), name in "[A-Z][a-z]{2,40} ") {
            let section = section(&groups, &name);
            let laid = lay(&section);
            let all: Vec<&PageRow> = section.groups.iter().flat_map(|group| &group.rows).collect();
            let shown: Vec<&PageRow> = laid.pages.iter().flat_map(|page| &page.lines)
                .filter_map(|line| if let Line::Row { row, .. } = line { Some(*row) } else { None }).collect();
            prop_assert_eq!(&shown, &all);
            let total = Sum::of(all.iter().map(|row| row.sum));
            prop_assert_eq!(Sum::of(laid.pages.iter().map(|page| page.subtotal)), total);
            prop_assert_eq!(laid.pages.last().map(|page| page.running), Some(total));
            let of_groups = laid.pages.iter().flat_map(|page| &page.lines)
                .filter_map(|line| if let Line::GroupTotal { sum, .. } = line { Some(*sum) } else { None });
            let with_total = section.groups.iter().filter(|group| group.total.is_some()).flat_map(|group| &group.rows).map(|row| row.sum);
            prop_assert_eq!(Sum::of(of_groups), Sum::of(with_total));
            let (room, closing) = (laid.room(), laid.closing());
            for (at, page) in laid.pages.iter().enumerate() {
                let used: f32 = page.lines.iter().map(Line::height).sum();
                let room = if at + 1 == laid.pages.len() { room - closing } else { room };
                prop_assert!(used <= room + 0.01, "page {at} of {}: {used} in {room}", laid.pages.len());
                prop_assert!(!matches!(page.lines.last(), Some(Line::Heading { .. })), "a heading without rows");
            }
        }
    }
}
