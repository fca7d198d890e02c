//! What a what-if came to, month by month, as the reader may see it.

use crate::domain::Rupiah;
use crate::domain::access::Right;
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::export::what_if::{Moved, PeriodWhatIf, Stand, UnitWhatIf, WhatIf, all};
use crate::export::{Overview, sentence, words};
use crate::web::pages::scene::{Scene, open_kinds};
use crate::web::view::{count, maybe_money, money, standing_tone};

/// Units of a month that are shown.
const UNITS: usize = 40;

/// All months.
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) sha: String,
    pub(super) draft: bool,
    pub(super) scoped: bool,
    pub(super) months: Vec<Month>,
}

/// One month.
pub(super) struct Month {
    pub(super) key: String,
    pub(super) name: String,
    /// What must be known first: a word, its tone, and a sentence.
    pub(super) notes: Vec<(&'static str, &'static str, String)>,
    pub(super) against: String,
    pub(super) moved: String,
    pub(super) difference: String,
    pub(super) verdicts: Vec<VerdictRow>,
    pub(super) units: Vec<UnitRow>,
    pub(super) more_units: usize,
    pub(super) codes: Vec<(&'static str, &'static str, String, String, String)>,
    pub(super) people: Vec<PersonRow>,
    pub(super) more_people: Option<String>,
}

pub(super) struct VerdictRow {
    pub(super) name: &'static str,
    pub(super) tone: &'static str,
    pub(super) heads: [String; 3],
    pub(super) rupiah: [String; 3],
}

pub(super) struct UnitRow {
    pub(super) name: String,
    pub(super) moved: String,
    pub(super) eligible: [String; 2],
    pub(super) rupiah: [String; 3],
}

pub(super) struct PersonRow {
    pub(super) name: String,
    pub(super) nip: String,
    pub(super) unit: String,
    pub(super) standings: [(&'static str, &'static str); 2],
    pub(super) nets: [String; 2],
    pub(super) difference: String,
}

pub(super) fn shown(what_if: &WhatIf, scene: &Scene<'_>) -> Shown {
    Shown {
        id: what_if.policy_id.clone(),
        sha: what_if.policy_sha256.chars().take(12).collect(),
        draft: what_if.draft,
        scoped: scene.ask.units().is_some(),
        months: what_if.periods.iter().map(|period| month(period, scene)).collect(),
    }
}

fn month(period: &PeriodWhatIf, scene: &Scene<'_>) -> Month {
    let lang = scene.ask.lang;
    let header = &period.before.header;
    let sha: String = header.policy_sha256.chars().take(12).collect();
    let units: Vec<_> = period.sorted_units().into_iter().filter(|(_, unit)| unit.moved > 0).collect();
    // Names and amounts of people are for whoever sees them elsewhere, too.
    let people: &[Moved] = if scene.ask.viewer.may(Right::SeePeople) { &period.top } else { &[] };
    let more = period.moved.saturating_sub(people.len() as u64);
    let code = |(code, [heads, _], [heads_after, _]): (crate::domain::Code, [u64; 2], [u64; 2])| {
        (heads != heads_after).then(|| {
            let moved = signed(heads_after as i64 - heads as i64, lang);
            (code.code(), sentence::title(code, lang), count(heads, lang), count(heads_after, lang), moved)
        })
    };
    Month {
        key: period.period.to_string(),
        name: words::period(period.period, lang),
        notes: notes(period, lang),
        against: format!("{} ({sha})", header.policy_id),
        moved: count(period.moved, lang),
        difference: plus(period.difference()),
        verdicts: verdicts(period, lang),
        more_units: units.len().saturating_sub(UNITS),
        units: units.into_iter().take(UNITS).map(|(code, of)| unit(code, of, lang)).collect(),
        codes: period.codes().into_iter().filter_map(code).collect(),
        people: people.iter().map(|moved| person(moved, scene)).collect(),
        more_people: (!people.is_empty() && more > 0).then(|| count(more, lang)),
    }
}

fn verdicts(period: &PeriodWhatIf, lang: Lang) -> Vec<VerdictRow> {
    let (before, after) = (&period.before.totals, &period.after.totals);
    let row = |standing: Standing| {
        let (heads, heads_after) = (before.heads(standing), after.heads(standing));
        let (rupiah, rupiah_after) = (before.rupiah(standing), after.rupiah(standing));
        VerdictRow {
            name: words::standing(standing, lang),
            tone: standing_tone(standing),
            heads: [count(heads, lang), count(heads_after, lang), signed(heads_after as i64 - heads as i64, lang)],
            rupiah: [money(rupiah), money(rupiah_after), plus(rupiah_after - rupiah)],
        }
    };
    Standing::ALL.map(row).into()
}

fn unit(code: &str, of: &UnitWhatIf, lang: Lang) -> UnitRow {
    let name = match (of.name.as_str(), code) {
        ("", "") => lang.pick("(tanpa unit)", "(no unit)"),
        ("", code) => code,
        (name, _) => name,
    };
    UnitRow {
        name: name.to_owned(),
        moved: count(of.moved, lang),
        eligible: [&of.before, &of.after].map(|totals| count(totals.heads(Standing::Layak), lang)),
        rupiah: [money(all(&of.before)), money(all(&of.after)), plus(of.difference())],
    }
}

fn person(moved: &Moved, scene: &Scene<'_>) -> PersonRow {
    let lang = scene.ask.lang;
    let or = |text: &str, instead: &str| if text.is_empty() { instead.to_owned() } else { text.to_owned() };
    let none = (lang.pick("di luar periode", "not of the period"), "tag-grey");
    let standing =
        |stand: &Option<Stand>| stand.as_ref().map_or(none, |stand| (words::standing(stand.standing, lang), standing_tone(stand.standing)));
    let net = |stand: &Option<Stand>| maybe_money(stand.as_ref().and_then(|stand| stand.net));
    PersonRow {
        name: or(&moved.name, lang.pick("(tanpa nama)", "(no name)")),
        nip: scene.veil.nip(moved.nip),
        unit: or(&moved.unit_name, &or(&moved.unit, "–")),
        standings: [standing(&moved.before), standing(&moved.after)],
        nets: [net(&moved.before), net(&moved.after)],
        difference: moved.difference().map_or("–".to_owned(), plus),
    }
}

fn plus(amount: Rupiah) -> String {
    format!("{}{}", if amount.0 > 0 { "+" } else { "" }, money(amount))
}

fn signed(moved: i64, lang: Lang) -> String {
    let sign = match moved {
        1.. => "+",
        0 => "",
        _ => "\u{2212}",
    };
    format!("{sign}{}", count(moved.unsigned_abs(), lang))
}

fn notes(period: &PeriodWhatIf, lang: Lang) -> Vec<(&'static str, &'static str, String)> {
    let mut notes = Vec::new();
    let mut note = |is: bool, word: &'static str, sentence: &str| {
        if is {
            notes.push((word, "tag-amber", sentence.to_owned()));
        }
    };
    let trial = &period.after.header;
    note(trial.trial, lang.pick("UJI COBA", "TRIAL"), &unverified(&period.after, lang));
    note(
        !period.reconciled,
        lang.pick("BELUM DICOCOKKAN", "NOT RECONCILED"),
        lang.pick("Buktinya adalah yang diketahui sekarang.", "The evidence is that of now."),
    );
    note(
        period.policy_moved,
        lang.pick("KEBIJAKAN BERUBAH", "POLICY CHANGED"),
        lang.pick(
            "Kebijakan yang berlaku diubah sejak bulan ini dicocokkan; kolom kini memakai isinya yang sekarang.",
            "The policy in force was changed since this month was reconciled; the column of now goes by what it says today.",
        ),
    );
    note(
        period.outside_dates,
        lang.pick("DI LUAR TANGGALNYA", "OUTSIDE ITS DATES"),
        lang.pick("Dihitung seolah-olah kebijakan ini berlaku pada bulan ini.", "Worked out as if this policy held in this month."),
    );
    for (side, word) in [(&period.before, lang.pick("kini", "now")), (&period.after, lang.pick("nanti", "then"))] {
        let open = open_kinds(&side.completeness.kinds, lang);
        let said =
            lang.pick(format!("Menurut kolom {word}, belum diketahui: {open}."), format!("In the column of {word}, not known: {open}."));
        note(!side.header.complete, lang.pick("TIDAK LENGKAP", "INCOMPLETE"), &said);
    }
    notes
}

/// Which rules nobody has verified.
fn unverified(side: &Overview, lang: Lang) -> String {
    let rules = &side.header.unverified_rules_used;
    if rules.is_empty() {
        return lang.pick("Kebijakan yang dicoba masih draf.", "The tried policy is a draft.").to_owned();
    }
    let said = lang.pick("Aturan yang terpakai dan belum diverifikasi", "Rules that were used and are not verified");
    format!("{said} ({}): {}.", rules.len(), rules.join(", "))
}
