//! A what-if for a terminal.

use super::{PeriodWhatIf, WhatIf, tables};
use crate::domain::text::Lang;
use crate::export::table::Voice;
use crate::export::text::{above, group, table, wrap};
use crate::export::words::{Pair, pick};
use std::io;
use std::io::Write;

/// Units that are shown; the documents have all.
const UNITS: usize = 20;

/// Period by period.
///
/// # Errors
/// Writing failed.
pub(super) fn write(what_if: &WhatIf, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for (at, period) in what_if.periods.iter().enumerate() {
        if at > 0 {
            writeln!(out, "\n{}\n", "=".repeat(80))?;
        }
        of_period(period, lang, out)?;
    }
    Ok(())
}

fn of_period(period: &PeriodWhatIf, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let voice = Voice::words(lang);
    above(
        pick(["andai kebijakan ini berlaku", "what if this policy held"], lang),
        &period.after.header,
        &period.after.completeness,
        lang,
        out,
    )?;
    for line in notes(period, lang) {
        for line in wrap(&line, 120) {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    table(tables::verdicts(period, voice), lang, out)?;
    writeln!(
        out,
        "\n{}: {} {}, {}",
        pick(["Berubah putusan atau jumlahnya", "Verdict or amount moves"], lang),
        group(period.moved),
        pick(["orang", "heads"], lang),
        period.difference()
    )?;
    let moved = period.sorted_units().iter().filter(|(_, unit)| unit.moved > 0).count();
    if moved > 0 {
        writeln!(out, "\n{}", pick(["Unit, perubahan terbesar dahulu", "Units, the largest change first"], lang))?;
        table(tables::moved_units(period, UNITS), lang, out)?;
        rest(
            moved.saturating_sub(UNITS) as u64,
            [
                "unit lain yang berubah ada di dokumen json, csv, dan xlsx.",
                "more units that move stand in the json, csv and xlsx documents.",
            ],
            lang,
            out,
        )?;
    }
    let changed = period.codes().iter().any(|(_, before, after)| before != after);
    if changed {
        writeln!(out, "\n{}", pick(["Temuan", "Findings"], lang))?;
        table(tables::codes(period, voice), lang, out)?;
    }
    if !period.top.is_empty() {
        writeln!(out, "\n{}", pick(["Orang, perubahan terbesar dahulu", "People, the largest change first"], lang))?;
        let shown = ["nip", "name", "unit", "verdict_before", "verdict_after", "net_before", "net_after", "difference"];
        table(tables::top(period, voice).only(&shown), lang, out)?;
        rest(
            period.moved - period.top.len() as u64,
            ["orang lain ada di dokumen json, csv, dan xlsx.", "more people stand in the json, csv and xlsx documents."],
            lang,
            out,
        )?;
    }
    Ok(())
}

/// How many are not shown.
fn rest(more: u64, said: Pair, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if more == 0 { Ok(()) } else { writeln!(out, "{} {}", group(more), pick(said, lang)) }
}

/// What must be known about the figures.
pub(super) fn notes(period: &PeriodWhatIf, lang: Lang) -> Vec<String> {
    let header = &period.before.header;
    let sha: String = header.policy_sha256.chars().take(12).collect();
    let mut notes = vec![format!(
        "{} {} (sha256 {sha}).",
        pick(["Dibandingkan dengan kebijakan yang berlaku:", "Held against the policy in force:"], lang),
        header.policy_id
    )];
    let mut note = |is: bool, id: &'static str, en: &'static str| {
        if is {
            notes.push(pick([id, en], lang).to_owned());
        }
    };
    note(
        !period.reconciled,
        "Periode ini belum pernah dicocokkan: buktinya adalah yang diketahui sekarang.",
        "This period was never reconciled: the evidence is that of now.",
    );
    note(
        period.policy_moved,
        "Kebijakan yang berlaku sudah diubah sejak pencocokan periode ini; kolom kini memakai isinya yang sekarang.",
        "The policy in force was changed since this period was reconciled; the column of now goes by what it says today.",
    );
    note(
        period.outside_dates,
        "Menurut tanggalnya kebijakan yang dicoba tidak berlaku pada periode ini; di sini ia dihitung seolah-olah berlaku.",
        "By its own dates the tried policy does not hold in this period; here it counts as if it did.",
    );
    note(
        !header.complete,
        "Menurut kebijakan yang berlaku pun data wajib sebagian pegawai belum diketahui.",
        "Under the policy in force, too, required data of some employees is not known.",
    );
    notes
}
