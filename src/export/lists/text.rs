//! The lists for a terminal, and for a telephone.

use super::{List, tables};
use crate::domain::text::Lang;
use crate::export::calllist::{By, Call, Calllist, Held};
use crate::export::payout::{Nominatif, Payout};
use crate::export::table::Voice;
use crate::export::text;
use crate::export::text::group;
use crate::export::words;
use crate::export::words::pick;
use std::io;
use std::io::Write;

/// Names under one actor; the workbook has all.
const NAMES: usize = 10;

/// Writes the list.
pub(super) fn write(list: List, payout: &Payout<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let name = match list {
        List::Nominatif => "nominatif",
        List::Rekap => "rekap",
        List::Calllist => pick(["yang perlu dihubungi", "whom to call"], lang),
    };
    text::above(name, &payout.report.header, &payout.report.completeness, lang, out)?;
    if list == List::Calllist {
        return calls(&Calllist::of(&payout.report), lang, out);
    }
    for line in tables::above(payout, lang) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    let list_of = Nominatif::of(payout);
    let voice = Voice::words(lang);
    if list == List::Nominatif {
        let shown =
            ["no", "unit", "nip", "name", "kelas_jabatan", "gross", "deduction_percent", "deduction", "net", "bank", "account", "note"];
        text::table(tables::nominatif(&list_of, voice).only(&shown), lang, out)?;
    } else {
        for (name, table) in tables::rekaps(&list_of, voice) {
            writeln!(out, "{name}")?;
            text::table(table, lang, out)?;
            writeln!(out)?;
        }
    }
    let total = list_of.total;
    writeln!(
        out,
        "\n{}: {} {}, {} {}, {} {}, {} {}",
        pick(["Jumlah", "Total"], lang),
        group(total.heads),
        pick(["orang", "heads"], lang),
        pick(["tunjangan", "gross"], lang),
        total.gross,
        pick(["potongan", "deduction"], lang),
        total.deduction,
        pick(["dibayarkan", "net"], lang),
        total.net,
    )?;
    for line in tables::below(&list_of, lang) {
        for line in text::wrap(&line, 120) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn calls(list: &Calllist<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if list.calls.is_empty() {
        return writeln!(out, "{}", pick(["Tidak ada pembayaran yang tertahan.", "No payment is held."], lang));
    }
    writeln!(
        out,
        "{}: {} {}, {}",
        pick(["Tertahan dan belum diketahui", "Held and unknown"], lang),
        group(list.heads),
        pick(["orang", "heads"], lang),
        list.rupiah,
    )?;
    for (number, call) in list.by(By::Actor).enumerate() {
        writeln!(out)?;
        actor(number + 1, call, lang, out)?;
    }
    for by in [By::Unit, By::Cause] {
        let hidden = if by == By::Unit { "owner" } else { "" };
        let shown: Vec<&str> = ["name", "heads", "rupiah", "owner", "codes"].into_iter().filter(|key| *key != hidden).collect();
        writeln!(out, "\n{} {}", pick(["Menurut", "By"], lang), tables::grouping(by, lang).to_lowercase())?;
        text::table(tables::calls(list, Some(by), Voice::words(lang)).only(&shown), lang, out)?;
    }
    Ok(())
}

/// One person or office to call: how much hangs on it, why, for whom.
fn actor(number: usize, call: &Call<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let heads = pick(["orang", "heads"], lang);
    writeln!(out, "{number}. {}", actor_line(call, lang))?;
    writeln!(out, "   {} {heads}, {}{}", group(call.heads()), call.rupiah, alone(call, lang))?;
    for (code, count) in call.causes() {
        writeln!(out, "   - {}", tables::cause(code, count, lang))?;
    }
    let names = names(call, lang);
    if !names.is_empty() {
        for line in text::wrap(&names, 110) {
            writeln!(out, "   {line}")?;
        }
    }
    Ok(())
}

/// `Hasan Contoh | Pejabat penilai | NIP 1985… | Biro Umum`.
pub(super) fn actor_line(call: &Call<'_>, lang: Lang) -> String {
    let mut parts = vec![tables::called(call, lang)];
    if let Some(owner) = call.who.owner().map(|owner| words::owner(owner, lang)).filter(|owner| *owner != parts[0]) {
        parts.push(owner.to_owned());
    }
    if let Some(nip) = call.who.nip().filter(|_| call.name.is_some()) {
        parts.push(format!("NIP {nip}"));
    }
    parts.extend(call.at.map(str::to_owned));
    parts.join(" | ")
}

/// What this call frees without any other, where that is less than all.
fn alone(call: &Call<'_>, lang: Lang) -> String {
    if call.alone.0 == call.heads() {
        return String::new();
    }
    let pair = ["yang cair bila hanya ini selesai", "freed by this alone"];
    format!(" ({}: {} {}, {})", pick(pair, lang), group(call.alone.0), pick(["orang", "heads"], lang), call.alone.1)
}

/// The first names and how many more there are.
pub(super) fn names(call: &Call<'_>, lang: Lang) -> String {
    let name = |held: &Held<'_>| {
        let name = held.verdict.name.as_deref().unwrap_or(held.verdict.nip.as_str());
        match held.charge.is_nobody() {
            true => name.to_owned(),
            false => format!("{name} ({})", text::in_charge(&held.charge, lang)),
        }
    };
    let mut names: Vec<String> = call.people.iter().take(NAMES).map(name).collect();
    let more = call.people.len().saturating_sub(NAMES) as u64;
    let rest = format!("{} {} {}", pick(["dan", "and"], lang), group(more), pick(["orang lagi", "more"], lang));
    if more > 0 {
        names.push(rest);
    }
    names.join("; ")
}
