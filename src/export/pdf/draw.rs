//! Puts laid-out pages on paper.

use super::layout::{BAR, BELOW, BOTTOM, GAP, HEIGHT, LEADING, Laid, Line, MARGIN, PADDING, Page, SIZE, TOP, WIDTH};
use super::metrics::{Font, encode};
use super::{About, Side, Sums};
use crate::domain::rupiah::Rupiah;
use crate::export::payout::Sum;
use crate::export::text::group;
use chrono::{Datelike, Timelike};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::io;
use std::io::Write;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const REGULAR: Ref = Ref::new(4);
const BOLD: Ref = Ref::new(5);
const FAINT: Ref = Ref::new(6);
const FIRST_PAGE: i32 = 7;

/// Red of warnings.
const WARNING: [f32; 3] = [0.69, 0.0, 0.13];
const BLACK: [f32; 3] = [0.0, 0.0, 0.0];
/// Behind headings and sums.
const SHADE: f32 = 0.92;

/// The finished file.
pub(super) fn bytes(sections: &[Laid<'_>], about: &About) -> io::Result<Vec<u8>> {
    let pages: Vec<(&Laid<'_>, usize)> = sections.iter().flat_map(|laid| (0..laid.pages.len()).map(move |at| (laid, at))).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(PAGES);
    let ids = (0..).map(|at| Ref::new(FIRST_PAGE + 2 * at));
    pdf.pages(PAGES).kids(ids.clone().take(pages.len())).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for (font, name) in [(REGULAR, Name(b"Helvetica")), (BOLD, Name(b"Helvetica-Bold"))] {
        pdf.type1_font(font).base_font(name).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.ext_graphics(FAINT).non_stroking_alpha(0.08);
    let made = about.made;
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = Date::new(u16::try_from(made.year()).unwrap_or_default())
        .month(part(made.month()))
        .day(part(made.day()))
        .hour(part(made.hour()))
        .minute(part(made.minute()))
        .second(part(made.second()))
        .utc_offset_hour(0);
    pdf.document_info(INFO).title(TextStr(&about.title)).producer(TextStr("Selaras")).creation_date(date);
    for ((number, (laid, at)), id) in pages.iter().enumerate().zip(ids) {
        let place = format!("{} {} {} {}", about.words[0], group(number as u64 + 1), about.words[1], group(pages.len() as u64));
        let content = compressed(&Canvas::new().page(laid, *at, about, &place))?;
        let content_id = Ref::new(id.get() + 1);
        pdf.stream(content_id, &content).filter(Filter::FlateDecode);
        let mut page = pdf.page(id);
        page.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(PAGES).contents(content_id);
        let mut resources = page.resources();
        resources.fonts().pair(Name(b"R"), REGULAR).pair(Name(b"B"), BOLD);
        resources.ext_g_states().pair(Name(b"Faint"), FAINT);
        resources.finish();
    }
    Ok(pdf.finish())
}

fn compressed(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    encoder.finish()
}

/// One page being drawn; `y` is the distance from the top of the paper.
struct Canvas {
    content: Content,
    y: f32,
}

impl Canvas {
    fn new() -> Self {
        Self { content: Content::new(), y: TOP }
    }

    fn page(mut self, laid: &Laid<'_>, at: usize, about: &About, place: &str) -> Vec<u8> {
        let page = &laid.pages[at];
        self.above(laid);
        self.table(laid, page, at + 1 == laid.pages.len(), about.words[2]);
        if at + 1 == laid.pages.len() {
            self.below(laid);
        }
        self.text(Font::Regular, 7.0, MARGIN, HEIGHT - 20.0, &about.footer);
        let width = Font::Regular.width(place, 8.0);
        self.text(Font::Regular, 8.0, WIDTH - MARGIN - width, HEIGHT - 20.0, place);
        if let Some(mark) = about.mark {
            self.mark(mark);
        }
        self.content.finish().to_vec()
    }

    fn color(&mut self, [red, green, blue]: [f32; 3]) {
        self.content.set_fill_rgb(red, green, blue);
    }

    /// Text whose baseline lies `y` below the top.
    fn text(&mut self, font: Font, size: f32, x: f32, y: f32, text: &str) {
        let name = if font == Font::Bold { Name(b"B") } else { Name(b"R") };
        let bytes = encode(text);
        self.content.begin_text().set_font(name, size).next_line(x, HEIGHT - y).show(Str(&bytes)).end_text();
    }

    fn centered(&mut self, font: Font, size: f32, text: &str) {
        // A long line is made smaller rather than cut.
        let room = WIDTH - 2.0 * MARGIN;
        let size = size.min(size * room / font.width(text, size).max(1.0));
        let x = (WIDTH - font.width(text, size)) / 2.0;
        self.text(font, size, x, self.y, text);
    }

    fn above(&mut self, laid: &Laid<'_>) {
        let section = laid.section;
        self.y += 13.0;
        self.centered(Font::Bold, 13.0, &section.title);
        self.y += 4.0;
        for line in &section.above {
            self.y += 12.5;
            self.centered(Font::Regular, 10.0, line);
        }
        for line in &section.small {
            self.y += 10.5;
            self.centered(Font::Regular, 8.0, line);
        }
        self.color(WARNING);
        for line in &section.warnings {
            self.y += 10.5;
            self.centered(Font::Bold, 8.5, line);
        }
        self.color(BLACK);
        self.y = TOP + Laid::above_height(section);
    }

    fn table(&mut self, laid: &Laid<'_>, page: &Page<'_>, last: bool, continued: &str) {
        let top = self.y;
        self.headings(laid);
        // Columns are parted where rows stand, not through headings and sums.
        let mut from = top;
        for line in &page.lines {
            match line {
                Line::Row { cells, .. } => self.row(laid, cells, line.height()),
                Line::Heading { text, again } => {
                    self.verticals(&laid.edges, from);
                    self.heading(text, again.then_some(continued));
                    from = self.y;
                }
                Line::GroupTotal { label, sum } => {
                    self.verticals(&laid.edges, from);
                    if let Some(sums) = &laid.section.sums {
                        self.sum(laid, sums, label, *sum, false);
                    }
                    from = self.y;
                }
            }
        }
        self.verticals(&laid.edges, from);
        if let Some(sums) = &laid.section.sums {
            self.sum(laid, sums, sums.labels[0], page.subtotal, false);
            self.sum(laid, sums, sums.labels[1], page.running, false);
            if last {
                self.sum(laid, sums, sums.labels[2], page.running, true);
            }
        }
        self.outline(&laid.edges, top);
    }

    fn headings(&mut self, laid: &Laid<'_>) {
        let height = laid.heading_height();
        self.shade(height);
        for (at, lines) in laid.headings.iter().enumerate() {
            let (left, right) = (laid.edges[at], laid.edges[at + 1]);
            let free = height - lines.len() as f32 * LEADING;
            for (number, line) in lines.iter().enumerate() {
                let width = Font::Bold.width(line, SIZE - 0.5);
                let y = self.y + free / 2.0 + number as f32 * LEADING + 8.0;
                self.text(Font::Bold, SIZE - 0.5, (left + right - width) / 2.0, y, line);
            }
        }
        self.y += height;
        self.rule(0.6, 0.0);
    }

    fn row(&mut self, laid: &Laid<'_>, cells: &[Vec<String>], height: f32) {
        for (at, lines) in cells.iter().enumerate() {
            for (number, line) in lines.iter().enumerate() {
                let y = self.y + PADDING / 2.0 + number as f32 * LEADING + 8.0;
                self.cell(laid, at, Font::Regular, y, line);
            }
        }
        self.y += height;
        self.rule(0.3, 0.65);
    }

    /// One line of a cell on its side; a figure wider than its column is made smaller, never cut.
    fn cell(&mut self, laid: &Laid<'_>, at: usize, font: Font, y: f32, text: &str) {
        let (left, right) = (laid.edges[at] + GAP, laid.edges[at + 1] - GAP);
        let size = SIZE.min(SIZE * (right - left) / font.width(text, SIZE).max(0.1));
        let width = font.width(text, size);
        let x = match laid.section.columns[at].side {
            Side::Left => left,
            Side::Middle => (left + right - width) / 2.0,
            Side::Right => right - width,
        };
        self.text(font, size, x, y, text);
    }

    fn heading(&mut self, text: &str, continued: Option<&str>) {
        self.shade(BAR);
        let text = continued.map_or_else(|| text.to_owned(), |continued| format!("{text} {continued}"));
        self.text(Font::Bold, SIZE, MARGIN + GAP, self.y + 11.0, &text);
        self.y += BAR;
        self.rule(0.3, 0.4);
    }

    fn sum(&mut self, laid: &Laid<'_>, sums: &Sums, label: &str, sum: Sum, shaded: bool) {
        if shaded {
            self.shade(BAR);
        }
        let first = sums.columns.iter().flatten().min().copied().unwrap_or(0);
        let label = if sums.columns[0].is_some() { label.to_owned() } else { format!("{label} ({} {})", group(sum.heads), sums.heads) };
        let y = self.y + 11.0;
        let x = laid.edges[first] - GAP - Font::Bold.width(&label, SIZE);
        self.text(Font::Bold, SIZE, x.max(MARGIN + GAP), y, &label);
        let figure = |amount: Rupiah| amount.to_string().trim_start_matches("Rp").to_owned();
        let figures = [group(sum.heads), figure(sum.gross), figure(sum.deduction), figure(sum.net)];
        for (column, text) in sums.columns.iter().zip(figures) {
            if let Some(at) = column {
                self.cell(laid, *at, Font::Bold, y, &text);
            }
        }
        self.y += BAR;
        self.rule(0.3, 0.4);
    }

    fn below(&mut self, laid: &Laid<'_>) {
        if !laid.below.is_empty() {
            self.y += 6.0;
        }
        for line in &laid.below {
            self.y += BELOW.1;
            self.text(Font::Regular, BELOW.0, MARGIN, self.y - 2.0, line);
        }
        let signers = &laid.section.signers;
        let share = (WIDTH - 2.0 * MARGIN) / signers.len().max(1) as f32;
        for (at, signer) in signers.iter().enumerate() {
            let middle = MARGIN + share * (at as f32 + 0.5);
            let mut y = self.y + 16.0;
            if at + 1 == signers.len() {
                self.around(
                    middle,
                    y,
                    Font::Regular,
                    &format!("........................., ......................... {}", laid.section.year),
                );
            }
            y += 13.0;
            self.around(middle, y, Font::Bold, signer);
            self.around(middle, y + 48.0, Font::Regular, "(.............................................................)");
            self.around(middle, y + 60.0, Font::Regular, "NIP .........................................");
        }
    }

    fn around(&mut self, middle: f32, y: f32, font: Font, text: &str) {
        self.text(font, BELOW.0, middle - font.width(text, BELOW.0) / 2.0, y, text);
    }

    fn shade(&mut self, height: f32) {
        self.content.set_fill_gray(SHADE).rect(MARGIN, HEIGHT - self.y - height, WIDTH - 2.0 * MARGIN, height).fill_nonzero();
        self.color(BLACK);
    }

    /// A line across the table at `y`.
    fn rule(&mut self, thick: f32, gray: f32) {
        let y = HEIGHT - self.y;
        self.content.set_line_width(thick).set_stroke_gray(gray).move_to(MARGIN, y).line_to(WIDTH - MARGIN, y).stroke();
    }

    /// Lines between columns, from `from` down to `y`.
    fn verticals(&mut self, edges: &[f32], from: f32) {
        self.content.set_line_width(0.3).set_stroke_gray(0.65);
        for x in edges.iter().skip(1).take(edges.len().saturating_sub(2)) {
            self.content.move_to(*x, HEIGHT - from).line_to(*x, HEIGHT - self.y).stroke();
        }
    }

    fn outline(&mut self, edges: &[f32], top: f32) {
        let (left, right) = (MARGIN, edges.last().copied().unwrap_or(WIDTH - MARGIN));
        self.content.set_line_width(0.6).set_stroke_gray(0.0);
        self.content.rect(left, HEIGHT - self.y, right - left, self.y - top).stroke();
    }

    /// Large, faint, from corner to corner, over everything.
    fn mark(&mut self, text: &str) {
        let size = 190.0;
        let (sine, cosine) = (0.5f32.to_radians() * 57.0).sin_cos();
        let width = Font::Bold.width(text, size);
        let (x, y) =
            (WIDTH / 2.0 - width / 2.0 * cosine + size / 3.0 * sine, (HEIGHT + BOTTOM) / 2.0 - width / 2.0 * sine - size / 3.0 * cosine);
        let bytes = encode(text);
        self.content.save_state().set_parameters(Name(b"Faint"));
        self.content.begin_text().set_font(Name(b"B"), size).set_text_matrix([cosine, sine, -sine, cosine, x, y]);
        self.content.show(Str(&bytes)).end_text().restore_state();
    }
}
