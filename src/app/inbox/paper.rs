//! What is written beside the files, and the sentences about files that cannot be read at all.

use super::{AppError, Found, Imported};
use crate::config::Said;
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::export::words;
use crate::intake::FileKind;
use crate::telemetry::mask;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::ffi::OsStr;
use std::fmt::Write as _;

/// Characters of a name that are kept; with the hash before it and `.txt` behind it stays below what systems allow.
const NAME_CHARS: usize = 60;

/// A name that is one name on every system: no separators, no control characters, not too long; the ending stays.
pub(super) fn safe_name(name: &OsStr) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '/' | '\\' | ':' | '\u{fffd}') { '_' } else { c };
    let name: String = name.to_string_lossy().chars().map(plain).collect();
    let count = name.chars().count();
    if count <= NAME_CHARS {
        return if name.is_empty() { "_".to_owned() } else { name };
    }
    let ending: String = name.rsplit_once('.').map(|(_, ending)| ending.chars().take(8).collect()).unwrap_or_default();
    let stem: String = name.chars().take(NAME_CHARS - ending.chars().count() - 1).collect();
    format!("{stem}.{ending}")
}

pub(super) fn unrecognised() -> Said {
    let kinds = FileKind::ALL.map(|(key, _)| key).join(", ");
    Said::new(
        format!("jenisnya tidak dikenali dari isinya: taruh di sub-folder yang menyebut jenisnya ({kinds})"),
        format!("its content does not tell its kind: put it into a sub-folder that does ({kinds})"),
    )
}

pub(super) fn not_a_file() -> Said {
    Said::new(
        "bukan berkas biasa (tautan atau perangkat): taruh berkasnya sendiri",
        "not a plain file (a link or a device): put the file itself here",
    )
}

pub(super) fn empty() -> Said {
    Said::new("berkas kosong (0 byte): unggah ulang", "the file is empty (0 bytes): upload it again")
}

pub(super) fn too_large() -> Said {
    Said::new("lebih dari 512 MB: pecah menjadi beberapa berkas", "above 512 MB: split it into several files")
}

pub(super) fn unreadable(why: &std::io::Error) -> Said {
    Said::new(
        format!("tidak dapat dibaca ({why}): beri izin baca kepada pengguna selaras"),
        format!("cannot be read ({why}): let the user of selaras read it"),
    )
}

/// Beside a file that brought nothing.
pub(super) fn copy_note(lang: Lang, imported: &[Imported]) -> String {
    let mut text = String::from(lang.pick(
        "Isi berkas ini sudah ada di penyimpanan; tidak ada yang berubah.\n",
        "What this file says was known already; nothing changed.\n",
    ));
    for batch in imported.iter().filter_map(|imported| imported.batch.as_deref()) {
        let _ = writeln!(text, "batch {batch}");
    }
    text
}

/// A refused file.
pub(super) struct Refused<'a> {
    pub file: &'a Found,
    pub sha256: Option<&'a str>,
    pub kind: Option<FileKind>,
    pub period: Option<Period>,
    pub error: &'a AppError,
    pub at: DateTime<Utc>,
    pub zone: Tz,
}

/// Why a file was refused, row by row. NIPs are masked.
pub(super) fn report(lang: Lang, refused: &Refused<'_>) -> String {
    let Refused { file, sha256, kind, period, error, at, zone } = refused;
    let mut text = String::new();
    let mut put = |id: &str, en: &str, value: &str| {
        let _ = writeln!(text, "{:<9}: {value}", lang.pick(id, en));
    };
    put("Berkas", "File", &safe_name(&file.name));
    put("Diterima", "Received", &words::instant(*at, *zone, lang));
    put("SHA-256", "SHA-256", sha256.unwrap_or("-"));
    put("Jenis", "Kind", kind.map_or("-", FileKind::key));
    put("Periode", "Period", &period.map_or_else(|| "-".to_owned(), |period| period.to_string()));
    put("Ditolak", "Refused", &error.sentence(lang));
    let refusals = match error {
        AppError::Intake(error) => error.refusals(),
        _ => &[],
    };
    if !refusals.is_empty() {
        let _ = writeln!(text, "\n{} ({}):", lang.pick("Semua yang ditolak", "Everything that was refused"), refusals.len());
    }
    for refusal in refusals {
        let _ = writeln!(text, "  {}", refusal.sentence(lang));
    }
    text.push('\n');
    text.push_str(lang.pick(
        "Tidak ada yang diimpor dari berkas ini. Perbaiki, lalu taruh lagi di kotak masuk; periode boleh disebut oleh\nsub-folder YYYY-MM atau nama berkas.\n",
        "Nothing was imported from this file. Mend it and drop it again; its period may stand in a sub-folder YYYY-MM or in\nits name.\n",
    ));
    mask(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(safe_name(OsStr::new("..\\..\\etc\npasswd")), ".._.._etc_passwd");
        assert_eq!(safe_name(OsStr::new("presensi.csv")), "presensi.csv");
        let long = safe_name(OsStr::new(&format!("{}.xlsx", "é".repeat(200))));
        assert!(long.ends_with(".xlsx") && long.chars().count() == NAME_CHARS && long.len() < 200, "{long}");
    }
}
