//! How people were assessed, month by month: ordinary months, stories, and the planted mistakes.

use super::Ministry;
use super::dice::mix;
use super::population::Person;
use super::population::Story;
use crate::domain::Code;
use crate::domain::Period;
use crate::domain::Predikat;
use crate::domain::Rating;

/// Ratings and predikat of one evaluation, as written; all "-" when nobody assessed.
pub(super) struct Marks {
    pub hasil: String,
    pub perilaku: String,
    pub akhir: String,
    pub assessed: bool,
}

impl Ministry {
    /// How somebody was assessed for a month.
    pub(super) fn marks(&self, at: usize, person: &Person, cycle: Period) -> Marks {
        let deciding = self.period.offset(-1);
        if let Some(marks) = planted_marks(person, |back| cycle == deciding.offset(-back)) {
            return marks;
        }
        if cycle == deciding {
            match person.slip.map(|(code, _)| code) {
                Some(Code::Pr01) => return unassessed(),
                Some(Code::Pr02) => return Marks { akhir: "-".to_owned(), ..rated(Rating::Sesuai, Rating::Sesuai) },
                Some(Code::Pr03) => return Marks { akhir: Predikat::Baik.label().to_owned(), ..rated(Rating::Bawah, Rating::Bawah) },
                Some(Code::Pr04) => return Marks { akhir: "Istimewa".to_owned(), ..rated(Rating::Atas, Rating::Atas) },
                Some(Code::Am04) => return rated(Rating::Bawah, Rating::Bawah),
                Some(_) => return rated(Rating::Sesuai, Rating::Sesuai),
                None if person.story == Story::Weak => return rated(Rating::Bawah, Rating::Bawah),
                None => {}
            }
        }
        let (hasil, perilaku) = self.ratings(at, cycle);
        let mut marks = rated(hasil, perilaku);
        // Spellings that occur side by side in one agency (facts tukin-rules §1.2).
        if marks.akhir == Predikat::ButuhPerbaikan.label() && at.is_multiple_of(2) {
            marks.akhir = "Perlu Perbaikan".to_owned();
        }
        if at.is_multiple_of(7) {
            marks.hasil = marks.hasil.replace("Diatas", "Di Atas").replace("Dibawah", "Di Bawah");
        }
        marks
    }

    /// Ratings of an ordinary month; never so bad that somebody has to be called.
    pub(super) fn ratings(&self, at: usize, cycle: Period) -> (Rating, Rating) {
        let index = at as u64 * 4096 + u64::from(cycle.month()) + 16 * (cycle.year() as u64 % 200);
        match mix(self.seed, "rating", index) % 100 {
            0..18 => (Rating::Atas, Rating::Atas),
            18..30 => (Rating::Atas, Rating::Sesuai),
            30..40 => (Rating::Sesuai, Rating::Atas),
            40..97 => (Rating::Sesuai, Rating::Sesuai),
            _ => (Rating::Bawah, Rating::Sesuai),
        }
    }
}

/// Marks that are planted over several months; `is` tells whether the month lies so many before the deciding one.
fn planted_marks(person: &Person, is: impl Fn(i32) -> bool) -> Option<Marks> {
    let (code, variant) = person.slip?;
    let even = variant.is_multiple_of(2);
    match code {
        // One month short of the limit, or at it.
        Code::Pr11 => (0..if even { 5 } else { 6 }).any(is).then(unassessed),
        Code::Pr13 if even => (0..2).any(is).then(|| rated(Rating::Sesuai, Rating::Bawah)),
        Code::Pr09 => is(1).then(|| rated(Rating::Bawah, Rating::Bawah)),
        _ => None,
    }
}

/// What the early recap says about somebody whose predikat changed afterwards.
pub(super) fn before_the_change() -> [String; 3] {
    let marks = rated(Rating::Bawah, Rating::Bawah);
    [marks.hasil, marks.perilaku, marks.akhir]
}

pub(super) fn rated(hasil: Rating, perilaku: Rating) -> Marks {
    let akhir = Predikat::from_ratings(hasil, perilaku).label().to_owned();
    Marks { hasil: hasil.label().to_owned(), perilaku: perilaku.label().to_owned(), akhir, assessed: true }
}

pub(super) fn unassessed() -> Marks {
    Marks { hasil: "-".to_owned(), perilaku: "-".to_owned(), akhir: "-".to_owned(), assessed: false }
}
