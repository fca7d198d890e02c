//! Documents for a terminal: plain characters, columns that line up, warnings above the figures.

use super::document::{Completeness, FindingRow, FindingStatus, Header, InCharge, Overview, Report, Totals};
use super::preamble;
use super::sentence;
use super::table;
use super::table::{Cell, Table, Voice};
use super::tabulate;
use super::words;
use super::words::pick;
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::domain::verdict::Verdict;
use std::io;
use std::io::Write;

/// Lets no control character through to a terminal but the line feed: names come from files that anybody may have
/// written, and an escape sequence could rewrite what a clerk reads.
pub(super) struct Terminal<'w>(pub(super) &'w mut dyn Write);

impl Write for Terminal<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let clean: Vec<u8> = bytes.iter().map(|byte| if byte.is_ascii_control() && *byte != b'\n' { b'?' } else { *byte }).collect();
        self.0.write_all(&clean)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Counts by verdict with heads and Rupiah, open findings by code, and what is not known: what `reconcile` and
/// `check` print.
///
/// # Errors
/// Writing failed.
pub(super) fn write_summary(overview: &Overview, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let voice = Voice::words(lang);
    above(pick(["ringkasan", "summary"], lang), &overview.header, &overview.completeness, lang, out)?;
    self::table(tabulate::standings(&overview.totals, voice), lang, out)?;
    writeln!(
        out,
        "\n{}: {} {}, {}",
        pick(["Berisiko terlambat (tertahan + belum diketahui)", "At risk of being late (tertahan + belum diketahui)"], lang),
        group(overview.totals.heads_at_risk()),
        pick(["orang", "heads"], lang),
        overview.totals.at_risk(),
    )?;
    writeln!(out, "\n{}", pick(["Temuan terbuka", "Open findings"], lang))?;
    if overview.codes.is_empty() {
        writeln!(out, "{}", pick(["  Tidak ada.", "  None."], lang))?;
    } else {
        self::table(tabulate::codes(&overview.codes, voice), lang, out)?;
    }
    closed(overview, lang, out)
}

/// How many findings no longer ask for anything.
fn closed(overview: &Overview, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let (resolved, waived) = (overview.resolved, overview.waived);
    if resolved + waived == 0 {
        return Ok(());
    }
    let word = |status| words::status(status, lang);
    writeln!(
        out,
        "{}: {} {}, {} {}",
        pick(["Tidak dihitung di atas", "Not counted above"], lang),
        group(resolved),
        word(FindingStatus::Resolved),
        group(waived),
        word(FindingStatus::Waived)
    )
}

/// One line a person.
///
/// # Errors
/// Writing failed.
pub(super) fn write_verdicts(report: &Report<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    above(pick(["putusan", "verdicts"], lang), &report.header, &report.completeness, lang, out)?;
    let shown = ["nip", "name", "unit", "kelas_jabatan", "verdict", "expected_net", "paid_net", "difference", "findings", "unknown"];
    let rows: Vec<&Verdict> = report.sorted_verdicts();
    self::table(tabulate::verdicts(rows, Voice::words(lang)).only(&shown), lang, out)?;
    writeln!(out)?;
    self::table(tabulate::standings(&Totals::of(report.verdicts), Voice::words(lang)), lang, out)
}

/// Each finding with its sentence and what to do next.
///
/// # Errors
/// Writing failed.
pub(super) fn write_findings(report: &Report<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    above(pick(["temuan", "findings"], lang), &report.header, &report.completeness, lang, out)?;
    let mut about = None;
    for row in report.sorted_findings() {
        let finding = &row.finding;
        if about != Some(finding.nip) {
            about = Some(finding.nip);
            match finding.nip {
                Some(nip) => writeln!(out, "\n{nip}")?,
                None => writeln!(out, "{}", pick(["Seluruh berkas", "Whole files"], lang))?,
            }
        }
        writeln!(out, "  {}", finding_line(row, lang))?;
        write_advice(out, "      ", &sentence::sentence(finding, lang), &sentence::next_step(finding, lang))?;
    }
    if report.findings.is_empty() {
        writeln!(out, "{}", pick(["Tidak ada temuan.", "There is no finding."], lang))?;
    }
    Ok(())
}

/// `AB05 Presensi … | mengubah jumlah | baru | Rp45.952 | 2026-10-05`.
fn finding_line(row: &FindingRow, lang: Lang) -> String {
    let finding = &row.finding;
    let mut line = format!(
        "{} {} | {} | {}",
        finding.code,
        sentence::title(finding.code, lang),
        words::severity(finding.severity, lang),
        words::status(row.status, lang)
    );
    if finding.rupiah_at_risk != Rupiah::ZERO {
        line.push_str(&format!(" | {}", finding.rupiah_at_risk));
    }
    if !finding.subject.is_empty() {
        line.push_str(&format!(" | {}", finding.subject));
    }
    if !row.charge.is_nobody() {
        line.push_str(&format!(" | {}", in_charge(&row.charge, lang)));
    }
    line
}

/// `petugas Sri Wahyuni, sampai 20 November 2026`.
pub(super) fn in_charge(charge: &InCharge, lang: Lang) -> String {
    let name = (!charge.name.is_empty()).then(|| format!("{} {}", pick(["petugas", "in charge"], lang), charge.name));
    let until = charge.until.map(|day| format!("{} {}", pick(["sampai", "until"], lang), words::day(day, lang)));
    name.into_iter().chain(until).collect::<Vec<_>>().join(", ")
}

/// The sentence, and below it the next step.
pub(super) fn write_advice(out: &mut dyn Write, indent: &str, sentence: &str, step: &str) -> io::Result<()> {
    for line in wrap(sentence, 110) {
        writeln!(out, "{indent}{line}")?;
    }
    for (number, line) in wrap(step, 107).into_iter().enumerate() {
        writeln!(out, "{indent}{} {line}", if number == 0 { "->" } else { "  " })?;
    }
    Ok(())
}

/// What is known by kind, and who is missing where.
///
/// # Errors
/// Writing failed.
pub(super) fn write_completeness(report: &Report<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let voice = Voice::words(lang);
    above(pick(["kelengkapan", "completeness"], lang), &report.header, &report.completeness, lang, out)?;
    self::table(tabulate::kinds(report, voice), lang, out)?;
    if !report.completeness.sorted_rows().is_empty() {
        writeln!(out)?;
        self::table(tabulate::open(report, voice), lang, out)?;
    }
    Ok(())
}

pub(super) fn above(name: &str, header: &Header, completeness: &Completeness, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for (_, line) in preamble::lines(name, header, Some(completeness), lang) {
        for line in wrap(&line, 120) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)
}

/// A table whose columns line up; text beyond a column's width ends in `…`.
pub(super) fn table(table: Table<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let headings: Vec<String> = table.columns.iter().map(|column| pick(column.heading, lang).to_owned()).collect();
    let mut lines = vec![headings];
    for row in table.rows {
        lines.push(row.iter().zip(&table.columns).map(|(cell, column)| shorten(show(cell), usize::from(column.width))).collect());
    }
    let widths: Vec<usize> =
        (0..table.columns.len()).map(|at| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0)).collect();
    for (number, line) in lines.iter().enumerate() {
        let mut text = String::new();
        for ((cell, width), column) in line.iter().zip(&widths).zip(&table.columns) {
            text.push_str("  ");
            text.push_str(&if column.numeric { format!("{cell:>width$}") } else { format!("{cell:<width$}") });
        }
        writeln!(out, "{}", text.trim_end())?;
        if number == 0 {
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            writeln!(out, "  {}", rule.join("  "))?;
        }
    }
    Ok(())
}

pub(super) fn show(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => u64::try_from(*count).map_or_else(|_| count.to_string(), group),
        Cell::Rupiah(amount) => amount.to_string(),
        Cell::Percent(hundredths) => format!("{}%", table::percent(*hundredths).replace('.', ",")),
    }
}

/// Thousands with dots, as Rupiah are written in both languages.
pub(super) fn group(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn shorten(text: String, width: usize) -> String {
    if text.chars().count() <= width {
        return text;
    }
    text.chars().take(width.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

/// Breaks at spaces; a word longer than the line stays whole.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > width {
            lines.push(String::new());
            length = 0;
        }
        if let Some(line) = lines.last_mut() {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += word_length;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_every_word() {
        let text = "satu dua tiga empat lima enam";
        let lines = wrap(text, 10);
        assert!(lines.iter().all(|line| line.chars().count() <= 10), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap("terlalupanjang", 5), ["terlalupanjang"]);
    }

    #[test]
    fn no_escape_sequence_reaches_a_terminal() {
        let mut out = Vec::new();
        Terminal(&mut out).write_all("Budi\u{1b}[2J é\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "Budi?[2J é\n");
    }

    #[test]
    fn counts_have_thousands() {
        assert_eq!(group(0), "0");
        assert_eq!(group(199_923), "199.923");
    }
}
