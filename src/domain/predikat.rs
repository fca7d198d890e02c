//! Ratings, predikat and the nine cells that join them (PermenPANRB 6/2022; facts tukin-rules §1.2).

use super::text::fold;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The five predikat of periodic and annual performance, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predikat {
    /// Above expectation in both ratings.
    SangatBaik,
    /// As expected.
    Baik,
    /// Also written "Perlu Perbaikan" and "Cukup".
    ButuhPerbaikan,
    /// Also written "Kurang/Misconduct".
    Kurang,
    /// Below expectation in both ratings.
    SangatKurang,
}

impl Predikat {
    /// All five, best first.
    pub const ALL: [Self; 5] = [Self::SangatBaik, Self::Baik, Self::ButuhPerbaikan, Self::Kurang, Self::SangatKurang];

    /// The key in policy files and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::SangatBaik => "sangat_baik",
            Self::Baik => "baik",
            Self::ButuhPerbaikan => "butuh_perbaikan",
            Self::Kurang => "kurang",
            Self::SangatKurang => "sangat_kurang",
        }
    }

    /// The label as e-Kinerja writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::SangatBaik => "Sangat Baik",
            Self::Baik => "Baik",
            Self::ButuhPerbaikan => "Butuh Perbaikan",
            Self::Kurang => "Kurang",
            Self::SangatKurang => "Sangat Kurang",
        }
    }

    /// SIASN's `kuadranKinerjaNilai`: 1 Sangat Baik … 5 Sangat Kurang (facts ekinerja-api §2.4).
    pub fn from_kuadran(code: i64) -> Option<Self> {
        usize::try_from(code - 1).ok().and_then(|index| Self::ALL.get(index)).copied()
    }

    /// The predikat that the national matrix gives for two ratings.
    pub fn from_ratings(hasil: Rating, perilaku: Rating) -> Self {
        use Rating::{Atas, Bawah, Sesuai};
        match (hasil, perilaku) {
            (Atas, Atas) => Self::SangatBaik,
            (Atas | Sesuai, Sesuai) | (Sesuai, Atas) => Self::Baik,
            (Atas | Sesuai, Bawah) => Self::Kurang,
            (Bawah, Atas | Sesuai) => Self::ButuhPerbaikan,
            (Bawah, Bawah) => Self::SangatKurang,
        }
    }
}

impl fmt::Display for Predikat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// One of the two ratings (hasil kerja, perilaku kerja) against expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Di atas ekspektasi; SIASN code 1.
    Atas,
    /// Sesuai ekspektasi; SIASN code 2.
    Sesuai,
    /// Di bawah ekspektasi; SIASN code 3.
    Bawah,
}

impl Rating {
    /// All three, best first.
    pub const ALL: [Self; 3] = [Self::Atas, Self::Sesuai, Self::Bawah];

    /// Compared after removing spaces and case: "Di Atas", "Diatas", "ESPEKTASI" (contract §5).
    ///
    /// ```
    /// use selaras::domain::Rating;
    /// assert_eq!(Rating::from_label("DI ATAS ESPEKTASI"), Some(Rating::Atas));
    /// assert_eq!(Rating::from_label("Istimewa"), None);
    /// ```
    pub fn from_label(label: &str) -> Option<Self> {
        let bare: String = fold(label).chars().filter(|c| *c != ' ').collect();
        let stem = bare.strip_suffix("ekspektasi").or_else(|| bare.strip_suffix("espektasi")).unwrap_or(&bare);
        match stem {
            "diatas" => Some(Self::Atas),
            "sesuai" => Some(Self::Sesuai),
            "dibawah" => Some(Self::Bawah),
            _ => None,
        }
    }

    /// SIASN's `hasilKinerjaNilai` and `perilakuKerjaNilai`.
    pub fn from_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::Atas),
            2 => Some(Self::Sesuai),
            3 => Some(Self::Bawah),
            _ => None,
        }
    }

    /// The half of a policy's matrix key (`atas_sesuai`).
    pub fn key(self) -> &'static str {
        match self {
            Self::Atas => "atas",
            Self::Sesuai => "sesuai",
            Self::Bawah => "bawah",
        }
    }

    /// The label as e-Kinerja writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Atas => "Diatas Ekspektasi",
            Self::Sesuai => "Sesuai Ekspektasi",
            Self::Bawah => "Dibawah Ekspektasi",
        }
    }
}

/// Whether a label says that nothing was assessed: blank or "-" (facts ekinerja-api §4.1).
pub fn is_unassessed(label: &str) -> bool {
    matches!(fold(label).as_str(), "" | "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Rating::{Atas, Bawah, Sesuai};

    #[test]
    fn the_nine_cells() {
        let cells = [
            (Atas, Atas, Predikat::SangatBaik),
            (Atas, Sesuai, Predikat::Baik),
            (Atas, Bawah, Predikat::Kurang),
            (Sesuai, Atas, Predikat::Baik),
            (Sesuai, Sesuai, Predikat::Baik),
            (Sesuai, Bawah, Predikat::Kurang),
            (Bawah, Atas, Predikat::ButuhPerbaikan),
            (Bawah, Sesuai, Predikat::ButuhPerbaikan),
            (Bawah, Bawah, Predikat::SangatKurang),
        ];
        for (hasil, perilaku, predikat) in cells {
            assert_eq!(Predikat::from_ratings(hasil, perilaku), predikat);
        }
    }

    #[test]
    fn spellings_of_ratings() {
        for label in ["Diatas Ekspektasi", "Di Atas Ekspektasi", "DIATAS ESPEKTASI", "di  atas"] {
            assert_eq!(Rating::from_label(label), Some(Atas), "{label}");
        }
        assert_eq!(Rating::from_label("Dibawah Ekspektasi"), Some(Bawah));
        assert_eq!(Rating::from_label("sesuai ekspektasi"), Some(Sesuai));
        for label in ["", "-", "Baik", "Istimewa", "atas"] {
            assert_eq!(Rating::from_label(label), None, "{label}");
        }
    }

    #[test]
    fn codes_of_siasn() {
        assert_eq!(Predikat::from_kuadran(1), Some(Predikat::SangatBaik));
        assert_eq!(Predikat::from_kuadran(5), Some(Predikat::SangatKurang));
        assert_eq!(Predikat::from_kuadran(0), None);
        assert_eq!(Predikat::from_kuadran(6), None);
    }
}
