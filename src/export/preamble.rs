//! What stands above every document that a person reads: which period, as known when, by which policy; whether the
//! figures are a trial; whether something required is not known.

use super::document::{Completeness, Header};
use super::words;
use super::words::pick;
use crate::domain::text::Lang;

/// How loudly a line speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// What the document is.
    Title,
    /// Provenance.
    Plain,
    /// Must not be overlooked.
    Warning,
}

/// What the document is and of which period.
pub(super) fn title(name: &str, header: &Header, lang: Lang) -> String {
    format!("Selaras – {name} – {} {}", pick(["periode", "period"], lang), words::period(header.period, lang))
}

/// The lines above a document called `name`.
pub(super) fn lines(name: &str, header: &Header, completeness: Option<&Completeness>, lang: Lang) -> Vec<(Tone, String)> {
    let mut lines = vec![(Tone::Title, title(name, header, lang))];
    let sha256: String = header.policy_sha256.chars().take(12).collect();
    lines.push((
        Tone::Plain,
        format!(
            "{} {} | {} {} | {} {} (sha256 {sha256})",
            pick(["Data per", "Data as of"], lang),
            words::instant(header.as_of, header.zone, lang),
            pick(["proses", "run"], lang),
            header.run,
            pick(["kebijakan", "policy"], lang),
            header.policy_id,
        ),
    ));
    if header.trial {
        lines.push((Tone::Warning, trial(header, lang)));
    }
    if !header.complete {
        lines.push((Tone::Warning, incomplete(completeness, lang)));
    }
    lines
}

/// The same where there is little room: the rules that nobody has verified are counted, not named.
pub(super) fn brief(header: &Header, completeness: Option<&Completeness>, lang: Lang) -> Vec<(Tone, String)> {
    let mut short = header.clone();
    let count = short.unverified_rules_used.len();
    short.unverified_rules_used.clear();
    let mut lines = lines("", &short, completeness, lang);
    lines.remove(0);
    if header.trial
        && let Some((_, line)) = lines.iter_mut().find(|(tone, _)| *tone == Tone::Warning)
    {
        let warning = pick(
            [
                "DRAF – UJI COBA / TRIAL: angka ini belum boleh dipakai untuk membayar",
                "DRAFT – UJI COBA / TRIAL: these figures must not be used to pay",
            ],
            lang,
        );
        *line = match (count, lang) {
            (0, _) => format!("{warning} ({}).", pick(["kebijakan masih draf", "the policy is a draft"], lang)),
            (_, Lang::Id) => format!("{warning} ({count} aturan belum diverifikasi)."),
            (_, Lang::En) => format!("{warning} ({count} rules not verified)."),
        };
    }
    lines
}

/// The line of trial mode (contract §6).
fn trial(header: &Header, lang: Lang) -> String {
    let warning = pick(
        ["UJI COBA / TRIAL: angka ini belum boleh dipakai untuk membayar.", "UJI COBA / TRIAL: these figures must not be used to pay."],
        lang,
    );
    let rules = header.unverified_rules_used.join(", ");
    if rules.is_empty() {
        return format!("{warning} {}", pick(["Kebijakan masih draf.", "The policy is a draft."], lang));
    }
    format!("{warning} {}: {rules}.", pick(["Aturan yang belum diverifikasi", "Rules not verified"], lang))
}

/// The line of an incomplete run (contract §7).
fn incomplete(completeness: Option<&Completeness>, lang: Lang) -> String {
    let open: Vec<String> = completeness
        .map(Completeness::sorted_kinds)
        .unwrap_or_default()
        .into_iter()
        .filter(|kind| kind.required && kind.open() > 0)
        .map(|kind| {
            let parts = [
                (kind.not_asked, pick(["belum ditanyakan", "not asked"], lang)),
                (kind.failed, pick(["gagal", "failed"], lang)),
                (kind.stale, pick(["basi", "stale"], lang)),
            ];
            let said: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
            format!("{} ({})", words::kind(kind.kind, lang), said.join(", "))
        })
        .collect();
    let warning = pick(
        [
            "TIDAK LENGKAP: data wajib sebagian pegawai belum diketahui",
            "TIDAK LENGKAP / INCOMPLETE: required data of some employees is not known",
        ],
        lang,
    );
    if open.is_empty() { format!("{warning}.") } else { format!("{warning}: {}.", open.join("; ")) }
}
