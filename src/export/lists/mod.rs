//! The lists that people pay and telephone by: nominatif, rekap and call list, in every format.

mod json;
mod paper;
mod tables;
mod text;

use super::calllist::Calllist;
use super::payout::{Nominatif, Payout};
use super::table::Voice;
use super::{ExportError, Format, csv, marked, pdf, text::Terminal, xlsx};
use crate::domain::text::Lang;
use std::io::BufWriter;
use std::io::Write;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Who is paid, how much and where to.
    Nominatif,
    /// The same, added up by class and by unit.
    Rekap,
    /// Whose action frees most Rupiah.
    Calllist,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 3] = [Self::Nominatif, Self::Rekap, Self::Calllist];

    /// The name in the command line and of the file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Nominatif => "nominatif",
            Self::Rekap => "rekap",
            Self::Calllist => "calllist",
        }
    }
}

/// Writes one list in one format.
///
/// # Errors
/// Writing or making the workbook failed.
pub fn write_list(list: List, format: Format, lang: Lang, payout: &Payout<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    let header = &payout.report.header;
    match format {
        Format::Json => json::write(list, payout, &mut out)?,
        Format::Text => text::write(list, payout, lang, &mut Terminal(&mut out))?,
        Format::Csv => match list {
            List::Nominatif => csv::write(marked(tables::nominatif(&Nominatif::of(payout), Voice::keys(lang)), header), &mut out)?,
            List::Rekap => csv::write(marked(tables::rekap(&Nominatif::of(payout), Voice::keys(lang)), header), &mut out)?,
            List::Calllist => csv::write(marked(tables::calls(&Calllist::of(&payout.report), None, Voice::keys(lang)), header), &mut out)?,
        },
        Format::Xlsx => out.write_all(&workbook(list, lang, payout)?)?,
    }
    Ok(out.flush()?)
}

/// Writes one list for paper: folio, landscape, page numbers and subtotals, signatures, `DRAF` across a trial.
///
/// # Errors
/// Writing failed.
pub fn write_list_pdf(list: List, lang: Lang, payout: &Payout<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let sections = match list {
        List::Nominatif => paper::nominatif(&Nominatif::of(payout), payout, lang),
        List::Rekap => paper::rekap(&Nominatif::of(payout), payout, lang),
        List::Calllist => paper::calllist(&Calllist::of(&payout.report), payout, lang),
    };
    Ok(out.write_all(&pdf::bytes(&sections, &paper::about(list, payout, lang))?)?)
}

fn workbook(list: List, lang: Lang, payout: &Payout<'_>) -> Result<Vec<u8>, ExportError> {
    let mut book = xlsx::Book::new(&payout.report, lang)?;
    let voice = Voice::words(lang);
    match list {
        List::Nominatif => {
            let list = Nominatif::of(payout);
            book.form("Nominatif", tables::nominatif(&list, voice), &tables::nominatif_form(&list, payout, lang))?;
        }
        List::Rekap => {
            let list = Nominatif::of(payout);
            for (name, table) in tables::rekaps(&list, voice) {
                book.form(name, table, &tables::rekap_form(&list, payout, lang))?;
            }
        }
        List::Calllist => {
            let list = Calllist::of(&payout.report);
            for (name, table) in tables::call_sheets(&list, voice) {
                book.sheets(name, table)?;
            }
        }
    }
    Ok(book.bytes()?)
}
