//! What the lines above the header of a BKN export say: which export it is, of which cycle, about which units
//! (facts ekinerja-api §4.3).

use super::refusal::RefusalReason;
use crate::domain::Cycle;
use crate::domain::Period;
use crate::domain::text::fold;
use crate::domain::text::key;
use std::collections::BTreeSet;

/// The titles of the exports, longest first: each is looked for at the start of a line.
const TITLES: [&str; 3] = ["Laporan Penilaian SKP", "Rekap Penilaian", "Laporan SKP"];

const MONTHS: [&str; 12] =
    ["januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"];

/// The export that a title names.
pub(super) fn title(preamble: &[String]) -> Option<&'static str> {
    let lines = preamble.iter().map(|line| fold(line)).collect::<Vec<_>>();
    TITLES.into_iter().find(|title| lines.iter().any(|line| line.starts_with(&fold(title))))
}

/// The cycle that the lines name; all of them have to agree.
pub(super) fn cycle(preamble: &[String]) -> Result<Cycle, RefusalReason> {
    let mut months = BTreeSet::new();
    let mut quarters = BTreeSet::new();
    let mut annual = false;
    for words in period_lines(preamble) {
        for pair in words.windows(2) {
            match pair[0].as_str() {
                "bulanan" => months.extend(month_number(&pair[1])),
                "triwulan" | "triwulanan" => quarters.extend(quarter_number(&pair[1])),
                _ => {}
            }
        }
        annual |= words.iter().any(|word| word == "tahunan" || word == "final");
    }
    let year = year(preamble)?;
    match (months.len(), quarters.len(), annual) {
        (1, 0, false) => months.pop_first().and_then(|month| Period::new(year, month)).map(Cycle::from).ok_or(RefusalReason::CycleMissing),
        (0, 1, false) => quarters.pop_first().and_then(|number| Cycle::quarter(year, number)).ok_or(RefusalReason::CycleMissing),
        (0, 0, true) => Cycle::year(year).ok_or(RefusalReason::CycleMissing),
        (0, 0, false) => Err(RefusalReason::CycleMissing),
        _ => Err(RefusalReason::CycleContradiction),
    }
}

/// The year that the lines name.
pub(super) fn year(preamble: &[String]) -> Result<i32, RefusalReason> {
    let mut after_word = BTreeSet::new();
    let mut bare = BTreeSet::new();
    for words in period_lines(preamble) {
        bare.extend(words.iter().filter_map(|word| year_number(word)));
        after_word.extend(
            words
                .windows(2)
                .filter(|pair| matches!(pair[0].as_str(), "tahun" | "tahunan" | "final"))
                .filter_map(|pair| year_number(&pair[1])),
        );
    }
    let mut years = if after_word.is_empty() { bare } else { after_word };
    match years.len() {
        0 => Err(RefusalReason::CycleMissing),
        1 => years.pop_first().ok_or(RefusalReason::CycleMissing),
        _ => Err(RefusalReason::CycleContradiction),
    }
}

/// Words of the lines that speak of the period; others (agency, unit, time of export) may hold any number.
fn period_lines(preamble: &[String]) -> impl Iterator<Item = Vec<String>> {
    preamble
        .iter()
        .filter(|line| is_about_period(line))
        .map(|line| fold(line))
        .map(|line| line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

/// Whether a line is of a BKN export, as its titles are.
pub(super) fn is_about_period(line: &str) -> bool {
    let line = fold(line);
    line.starts_with("periode") || line.starts_with("tahun") || TITLES.iter().any(|title| line.starts_with(&fold(title)))
}

fn month_number(word: &str) -> Option<u32> {
    let named = MONTHS.iter().position(|name| *name == word).map(|at| at as u32 + 1);
    named.or_else(|| word.parse().ok()).filter(|month| (1..=12).contains(month))
}

fn quarter_number(word: &str) -> Option<u32> {
    let roman = ["i", "ii", "iii", "iv"].iter().position(|roman| *roman == word).map(|at| at as u32 + 1);
    roman.or_else(|| word.parse().ok())
}

fn year_number(word: &str) -> Option<i32> {
    if word.len() == 4 { word.parse().ok().filter(|year| (1900..=2999).contains(year)) } else { None }
}

/// Whether the export covers the whole agency: `Unor Induk : ALL` and `Unor : ALL`.
pub(super) fn covers_everybody(preamble: &[String]) -> bool {
    ["unorinduk", "unor"].iter().all(|label| value(preamble, label).is_some_and(|value| fold(value) == "all"))
}

/// "Data ditarik pada", as written.
pub(super) fn drawn_at(preamble: &[String]) -> Option<String> {
    value(preamble, "dataditarikpada").filter(|value| !value.is_empty()).map(str::to_owned)
}

/// The code of the agency: the digits before the dash of the first line, "0000 - Pemerintah …". A Laporan names its
/// agency without a code.
pub(super) fn agency(preamble: &[String]) -> Option<String> {
    let (code, _) = preamble.first()?.split_once('-')?;
    let code = code.trim();
    (!code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())).then(|| code.to_owned())
}

/// What stands behind `label :`.
fn value<'p>(preamble: &'p [String], label: &str) -> Option<&'p str> {
    preamble.iter().find_map(|line| line.split_once(':').filter(|(name, _)| key(name) == label).map(|(_, value)| value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn cycles() {
        let of = |text: &str| cycle(&lines(text)).map(|cycle| cycle.to_string());
        assert_eq!(of("Laporan Penilaian SKP Periode Bulanan 1 Tahun 2025|Periode : Bulanan 1").as_deref(), Ok("2025-01"));
        assert_eq!(of("0000 - Pemerintah|Subbagian Tahun 2019|PERIODE  BULANAN 12 TAHUN 2026").as_deref(), Ok("2026-12"));
        assert_eq!(of("Periode Bulanan September Tahun 2026").as_deref(), Ok("2026-09"));
        assert_eq!(of("Periode Tahunan Tahun 2025").as_deref(), Ok("2025"));
        assert_eq!(of("Periode FINAL 2025").as_deref(), Ok("2025"));
        assert_eq!(of("Periode Triwulan 3 Tahun 2025").as_deref(), Ok("2025-Q3"));
        assert_eq!(of("Periode Triwulan II Tahun 2025|Periode : Triwulan 2").as_deref(), Ok("2025-Q2"));
        assert_eq!(of("Periode Triwulan 5 Tahun 2025"), Err(RefusalReason::CycleMissing));
        assert_eq!(of("Laporan Penilaian SKP Periode Bulanan 1 Tahun 2025|Periode : Bulanan 2"), Err(RefusalReason::CycleContradiction));
        assert_eq!(of("Periode Bulanan 1 Tahun 2025|Periode Bulanan 1 Tahun 2026"), Err(RefusalReason::CycleContradiction));
        assert_eq!(of("Periode Bulanan 13 Tahun 2025"), Err(RefusalReason::CycleMissing));
        assert_eq!(of("Periode Bulanan 1"), Err(RefusalReason::CycleMissing));
        assert_eq!(of("Data ditarik pada : 05-02-2025 10:00:00"), Err(RefusalReason::CycleMissing));
    }

    #[test]
    fn years_titles_and_coverage() {
        assert_eq!(year(&lines("Laporan SKP Tahun 2026|Instansi Kementerian")), Ok(2026));
        assert_eq!(year(&lines("Laporan SKP|Periode : 2026")), Ok(2026));
        assert_eq!(title(&lines("Laporan SKP Tahun 2026")), Some("Laporan SKP"));
        assert_eq!(title(&lines("x|LAPORAN  PENILAIAN SKP Periode")), Some("Laporan Penilaian SKP"));
        assert!(covers_everybody(&lines("Unor Induk : ALL|Unor : ALL")));
        assert!(!covers_everybody(&lines("Unor Induk : ALL|Unor : BIDANG CONTOH")));
        assert!(!covers_everybody(&lines("Unor : ALL")));
        assert_eq!(agency(&lines("0901 - Kementerian Contoh|Biro")).as_deref(), Some("0901"));
        assert_eq!(agency(&lines("Laporan SKP Tahun 2026|Instansi X")), None);
        assert_eq!(drawn_at(&lines("Data ditarik pada : 05-02-2025 10:00:00")).as_deref(), Some("05-02-2025 10:00:00"));
    }
}
