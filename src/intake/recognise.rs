//! What kind of file something is, when nobody says so: by the columns of its header, or as the log of a device.

use super::ALL_LAYOUTS;
use super::FileKind;
use super::content::Content;
use super::content::Reading;
use super::payment;
use super::sniff;
use super::sniff::Format;
use super::table;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// The kind of a file by its content; `None`: it resembles nothing that is read.
pub fn recognise(name: &str, bytes: &[u8], synonyms: &BTreeMap<String, Vec<String>>) -> Option<FileKind> {
    if bytes.len() > super::MAX_BYTES {
        return None;
    }
    if let Format::Text(text) = sniff::format(bytes).ok()?
        && is_log(&text)
    {
        return Some(FileKind::Attlog);
    }
    // The kind said here only words refusals, which nobody reads.
    let reading = Reading { kind: FileKind::Roster, name, content: Content::Bytes(bytes), period: None, accept_partial: true, synonyms };
    let plan = table::Plan { layouts: ALL_LAYOUTS, headerless: Some(&payment::LAYOUT) };
    let outcome = table::read(&reading, &plan, &mut |_| {}).ok()?;
    outcome.sheets.first().map(|(_, header)| header.layout.kind)
}

/// Whether the first line is a scan: a PIN, then a date with a time, parted by tabs.
fn is_log(text: &str) -> bool {
    let Some(line) = text.lines().find(|line| !line.trim().is_empty()) else { return false };
    let mut fields = line.split('\t');
    let pin = fields.next().is_some_and(|pin| !pin.trim().is_empty());
    let at = fields.next().is_some_and(|at| NaiveDateTime::parse_from_str(at.trim(), "%Y-%m-%d %H:%M:%S").is_ok());
    pin && at && fields.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Option<FileKind> {
        recognise("x", text.as_bytes(), &BTreeMap::new())
    }

    #[test]
    fn kinds_are_told_by_their_columns() {
        assert_eq!(kind("nip;tanggal;jam_masuk;jam_pulang\n198501012010011901;01-10-2026;07:30;16:00\n"), Some(FileKind::Attendance));
        assert_eq!(kind("Judul\n\nnip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n"), Some(FileKind::Roster));
        assert_eq!(kind("nip,jenis,mulai,selesai,disetujui_oleh\n"), Some(FileKind::Permits));
        assert_eq!(kind("perangkat;pin;nip\n1;7;198501012010011901\n"), Some(FileKind::Pins));
        assert_eq!(kind("    7\t2026-10-01 07:25:00\t1\t0\t1\t0\n"), Some(FileKind::Attlog));
        assert_eq!(kind("surat biasa, tanpa tabel\n"), None);
        assert_eq!(kind(""), None);
    }
}
