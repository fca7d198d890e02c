//! `referensi/periode`: which id an agency's month, quarter or year has (facts ekinerja-api §4.1.1).

use super::fault::Action;
use super::fault::Fault;
use super::wire::Reading;
use super::wire::Shape;
use crate::domain::Cycle;
use crate::domain::CycleLength;
use crate::domain::Kind;
use crate::domain::evidence::Reason;
use crate::domain::text::fold;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static PERIODE: LazyLock<Shape> = LazyLock::new(|| {
    let keys = "id nama tahun periode_awal periode_akhir batas_pengisian jenis_periode tipe_periodik angka_periodik";
    Shape::new(Kind::Evaluation, keys, &[&["id"], &["tipe_periodik"], &["angka_periodik"]]).unsettled()
});

/// How long a list is believed, in seconds.
const FRESH: i64 = 3600;

/// The periods of an agency.
#[derive(Debug)]
pub(crate) struct Periods {
    listed: Vec<Listed>,
    read_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Listed {
    id: String,
    length: CycleLength,
    /// `None` holds for every year.
    year: Option<i64>,
    /// Which of its year.
    number: i64,
    /// Last month by `periode_akhir`, where it is stated.
    ends: Option<u32>,
}

/// What `tipe_periodik` says. Only "bulanan" has been seen at BKN; the other words are those of its exports and SIASN,
/// and a row counts for a quarter or a year only when its last month agrees.
fn length(word: &str) -> Option<CycleLength> {
    match fold(word).as_str() {
        "bulanan" => Some(CycleLength::Monthly),
        "triwulan" | "triwulanan" => Some(CycleLength::Quarterly),
        "tahunan" | "tahun" => Some(CycleLength::Annual),
        _ => None,
    }
}

/// The month of a `MM-DD`.
fn month_of(text: &str) -> Option<u32> {
    text.split('-').next()?.parse().ok().filter(|month| (1..=12).contains(month))
}

/// Reads the list.
pub(crate) fn read(json: &str, at: DateTime<Utc>) -> Result<Periods, Fault> {
    let mut listed = Vec::new();
    let mut reading = Reading::new(&PERIODE);
    reading.rows(json, |_, row| {
        let Some(row) = row else { return };
        let length = row.text("tipe_periodik").and_then(|kind| length(&kind));
        let ends = row.text("periode_akhir").and_then(|day| month_of(&day));
        // a year has no number of its own
        let number = row.whole("angka_periodik").or((length == Some(CycleLength::Annual)).then_some(1));
        if let (Some(length), Some(id), Some(number)) = (length, row.code("id"), number) {
            let year = row.whole("tahun");
            // A year that is neither blank nor a number must not pass for "every year".
            if year.is_some() || row.text("tahun").is_none() {
                listed.push(Listed { id, length, year, number, ends });
            }
        }
    })?;
    reading.finish().0?;
    Ok(Periods { listed, read_at: at })
}

impl Periods {
    pub(crate) fn none(at: DateTime<Utc>) -> Self {
        Self { listed: Vec::new(), read_at: at }
    }

    pub(crate) fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        (0..FRESH).contains(&(now - self.read_at).num_seconds())
    }

    /// The id of a cycle: the one of its own year, else the one that holds for every year.
    pub(crate) fn id_of(&self, cycle: Cycle) -> Result<String, Fault> {
        let of_year = |year: Option<i64>| {
            let same = |listed: &&Listed| {
                let (length, last) = (cycle.length(), cycle.last_month().month());
                let numbered = length == CycleLength::Annual || listed.number == i64::from(cycle.number());
                let ends = length == CycleLength::Monthly || listed.ends.is_none_or(|month| month == last);
                listed.length == length && numbered && ends && listed.year == year
            };
            self.listed.iter().filter(same).map(|listed| listed.id.as_str()).collect::<BTreeSet<_>>()
        };
        let own = of_year(Some(i64::from(cycle.first_month().year())));
        let ids = if own.is_empty() { of_year(None) } else { own };
        let word = match cycle.length() {
            CycleLength::Monthly => "monthly",
            CycleLength::Quarterly => "quarterly",
            CycleLength::Annual => "annual",
        };
        let fault = |detail| Err(Fault::new(Reason::Schema, Action::GiveUp, detail));
        match (ids.first(), ids.len()) {
            (Some(id), 1) => Ok((*id).to_owned()),
            (None, _) => {
                fault(format!("e-Kinerja's list of periods has no {word} period for {cycle}: ask the agency's e-Kinerja admin to open it"))
            }
            (_, many) => fault(format!(
                "e-Kinerja's list of periods has {many} {word} periods for {cycle}: ask the agency's e-Kinerja admin which one holds"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(json: &str, period: &str) -> Result<String, String> {
        let at = DateTime::<Utc>::default();
        read(json, at).unwrap().id_of(period.parse().unwrap()).map_err(|fault| fault.detail)
    }

    const LIST: &str = r#"[
        {"id": "J", "tahun": "2025", "tipe_periodik": "bulanan", "angka_periodik": "1"},
        {"id": "S-every", "tahun": null, "tipe_periodik": "Bulanan", "angka_periodik": 9},
        {"id": "S-2026", "tahun": 2026, "tipe_periodik": "bulanan", "angka_periodik": "09"},
        {"id": "T", "tahun": "", "tipe_periodik": "triwulan", "angka_periodik": "3", "periode_akhir": "09-30"},
        {"id": "T-wrong", "tahun": "", "tipe_periodik": "triwulan", "angka_periodik": "2", "periode_akhir": "02-28"},
        {"id": "Y", "tahun": "2025", "tipe_periodik": "Tahunan", "angka_periodik": null, "periode_akhir": "12-31"},
        {"id": "D1", "tahun": "", "tipe_periodik": "bulanan", "angka_periodik": "12"},
        {"id": "D2", "tahun": "", "tipe_periodik": "bulanan", "angka_periodik": "12"},
        {"id": "O", "tahun": "semua", "tipe_periodik": "bulanan", "angka_periodik": "11"}
    ]"#;

    #[test]
    fn the_own_year_wins_over_every_year() {
        assert_eq!(id(LIST, "2026-09").as_deref(), Ok("S-2026"));
        assert_eq!(id(LIST, "2025-09").as_deref(), Ok("S-every"));
        assert_eq!(id(LIST, "2025-01").as_deref(), Ok("J"));
    }

    #[test]
    fn quarters_and_years() {
        assert_eq!(id(LIST, "2026-Q3").as_deref(), Ok("T"));
        assert_eq!(id(LIST, "2025").as_deref(), Ok("Y"));
    }

    #[test]
    fn nothing_is_assumed() {
        assert!(id(LIST, "2026-01").unwrap_err().contains("no monthly period for 2026-01"));
        assert!(id(LIST, "2026-03").is_err(), "a quarter is no month");
        assert!(id(LIST, "2026-Q2").unwrap_err().contains("no quarterly period for 2026-Q2"), "a quarter ends in its third month");
        assert!(id(LIST, "2026-Q4").is_err(), "December is no quarter");
        assert!(id(LIST, "2026").unwrap_err().contains("no annual period for 2026"));
        assert!(id(LIST, "2026-11").is_err(), "an unreadable year is not every year");
        assert!(id(LIST, "2026-12").unwrap_err().contains("2 monthly periods"));
    }
}
