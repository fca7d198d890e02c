//! `referensi/periode`: which id an agency's month has (facts ekinerja-api §4.1.1).

use super::fault::Action;
use super::fault::Fault;
use super::wire::Reading;
use super::wire::Shape;
use crate::domain::Kind;
use crate::domain::Period;
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

/// The monthly periods of an agency.
#[derive(Debug)]
pub(crate) struct Periods {
    months: Vec<Month>,
    read_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Month {
    id: String,
    /// `None` holds for every year.
    year: Option<i64>,
    month: i64,
}

/// Reads the list.
pub(crate) fn read(json: &str, at: DateTime<Utc>) -> Result<Periods, Fault> {
    let mut months = Vec::new();
    let mut reading = Reading::new(&PERIODE);
    reading.rows(json, |_, row| {
        let Some(row) = row else { return };
        let monthly = row.text("tipe_periodik").is_some_and(|kind| fold(&kind) == "bulanan");
        if let (true, Some(id), Some(month)) = (monthly, row.code("id"), row.whole("angka_periodik")) {
            let year = row.whole("tahun");
            // A year that is neither blank nor a number must not pass for "every year".
            if year.is_some() || row.text("tahun").is_none() {
                months.push(Month { id, year, month });
            }
        }
    })?;
    reading.finish().0?;
    Ok(Periods { months, read_at: at })
}

impl Periods {
    pub(crate) fn none(at: DateTime<Utc>) -> Self {
        Self { months: Vec::new(), read_at: at }
    }

    pub(crate) fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        (0..FRESH).contains(&(now - self.read_at).num_seconds())
    }

    /// The id of a month: the one of its own year, else the one that holds for every year.
    pub(crate) fn id_of(&self, period: Period) -> Result<String, Fault> {
        let of_year = |year: Option<i64>| {
            let same = |month: &&Month| month.month == i64::from(period.month()) && month.year == year;
            self.months.iter().filter(same).map(|month| month.id.as_str()).collect::<BTreeSet<_>>()
        };
        let own = of_year(Some(i64::from(period.year())));
        let ids = if own.is_empty() { of_year(None) } else { own };
        let fault = |detail| Err(Fault::new(Reason::Schema, Action::GiveUp, detail));
        match (ids.first(), ids.len()) {
            (Some(id), 1) => Ok((*id).to_owned()),
            (None, _) => fault(format!(
                "e-Kinerja's list of periods has no monthly period for {period}: ask the agency's e-Kinerja admin to open it"
            )),
            (_, many) => fault(format!(
                "e-Kinerja's list of periods has {many} monthly periods for {period}: ask the agency's e-Kinerja admin which one holds"
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
        {"id": "T", "tahun": "", "tipe_periodik": "triwulan", "angka_periodik": "3"},
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
    fn nothing_is_assumed() {
        assert!(id(LIST, "2026-01").unwrap_err().contains("no monthly period for 2026-01"));
        assert!(id(LIST, "2026-03").is_err(), "a quarter is no month");
        assert!(id(LIST, "2026-11").is_err(), "an unreadable year is not every year");
        assert!(id(LIST, "2026-12").unwrap_err().contains("2 monthly periods"));
    }
}
