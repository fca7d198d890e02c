//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Dots between thousands whatever the language of Excel, a little room on the right, less than nothing in red.
const RUPIAH: &str = "[$-421]#,##0_);[Red][$-421]-#,##0_)";
/// The formats of a workbook.
pub(super) struct Style {
    pub(super) title: Format,
    pub(super) label: Format,
    pub(super) warning: Format,
    pub(super) heading: Format,
    pub(super) figures: Format,
    pub(super) text: Format,
    pub(super) prose: Format,
    pub(super) count: Format,
    pub(super) rupiah: Format,
    pub(super) percent: Format,
    pub(super) total: [Format; 2],
}

impl Style {
    pub(super) fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        let heading =
            top.clone().set_bold().set_background_color(Color::RGB(0xDD_E6_ED)).set_border_bottom(FormatBorder::Thin).set_text_wrap();
        let total = Format::new().set_bold().set_border_top(FormatBorder::Thin).set_background_color(Color::RGB(0xED_F2_F6));
        Self {
            title: Format::new().set_bold().set_font_size(14),
            label: Format::new().set_bold(),
            warning: Format::new().set_bold().set_font_color(Color::RGB(0xB0_00_20)),
            figures: heading.clone().set_align(FormatAlign::Right).set_indent(1),
            heading,
            text: top.clone(),
            prose: top.clone().set_text_wrap(),
            count: top.clone().set_num_format("[$-421]#,##0_)"),
            rupiah: top.clone().set_num_format(RUPIAH),
            percent: top.set_num_format("[$-421]0.00%_)"),
            total: [total.clone(), total.set_num_format(RUPIAH)],
        }
    }
}
