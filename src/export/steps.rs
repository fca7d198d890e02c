//! Names of the steps from tariff to net, and of the values in them. What has no name here shows as the rule named it.

use super::words;
use super::words::{Pair, pick};
use crate::domain::text::Lang;
use crate::domain::verdict::RuleCitation;

const STEPS: &[(&str, Pair)] = &[
    ("eligibility", ["Hak atas tukin", "Eligibility"]),
    ("base_class", ["Kelas jabatan", "Class"]),
    ("status_multiplier", ["Pengali status", "Status multiplier"]),
    ("leave_override", ["Cuti", "Leave"]),
    ("leave", ["Cuti", "Leave"]),
    ("performance", ["Kinerja", "Performance"]),
    ("attendance", ["Presensi", "Attendance"]),
    ("discipline", ["Hukuman disiplin", "Punishments"]),
    ("punishment", ["Hukuman disiplin", "Punishment"]),
    ("plt", ["Tambahan Plt/Plh", "Acting (Plt/Plh) supplement"]),
    ("round", ["Pembulatan", "Rounding"]),
    ("tariff", ["Tarif", "Tariff"]),
    ("gross", ["Bruto", "Gross"]),
    ("deduction", ["Potongan", "Deduction"]),
    ("net", ["Bersih", "Net"]),
    ("day", ["Hari", "Day"]),
    ("predikat", ["Predikat", "Predikat"]),
    ("predikat_missing", ["Predikat belum ada", "Predikat missing"]),
    ("event", ["Kejadian", "Event"]),
    ("band", ["Rentang menit", "Band"]),
    ("absent", ["Tidak hadir", "Absent"]),
    ("cumulative", ["Menit sebulan", "Minutes of the month"]),
    ("missed_ceremony", ["Tidak ikut upacara", "Ceremony missed"]),
    ("paid", ["Dibayar", "Paid"]),
    ("compare", ["Bandingkan dengan pembayaran", "Compare with the payment"]),
    ("cap", ["Batas potongan", "Cap of the deduction"]),
    ("formula", ["Rumus", "Formula"]),
    ("waiver", ["Temuan dikesampingkan", "Finding waived"]),
];

const VALUES: &[(&str, Pair)] = &[
    ("T", ["tarif (T)", "tariff (T)"]),
    ("m", ["pengali (m)", "multiplier (m)"]),
    ("D", ["jumlah potongan (D)", "sum of deductions (D)"]),
    ("Dk", ["potongan komponen kinerja (Dk)", "deductions on performance (Dk)"]),
    ("Dh", ["potongan komponen kehadiran (Dh)", "deductions on attendance (Dh)"]),
    ("Dt", ["potongan total (Dt)", "deductions on the total (Dt)"]),
    ("p", ["bagian yang dibayar (p)", "share paid (p)"]),
    ("f", ["faktor (f)", "factor (f)"]),
    ("w_k", ["bobot kinerja (w_k)", "weight of performance (w_k)"]),
    ("w_h", ["bobot kehadiran (w_h)", "weight of attendance (w_h)"]),
    ("gross", ["bruto", "gross"]),
    ("deduction", ["potongan", "deduction"]),
    ("net", ["bersih", "net"]),
    ("paid", ["dibayar", "paid"]),
    ("expected", ["seharusnya", "due"]),
    ("difference", ["selisih", "difference"]),
    ("tolerance", ["toleransi", "tolerance"]),
    ("tariff", ["tarif", "tariff"]),
    ("class", ["kelas", "class"]),
    ("kelas", ["kelas", "class"]),
    ("status", ["status", "status"]),
    ("multiplier", ["pengali", "multiplier"]),
    ("percent", ["persen", "percent"]),
    ("days", ["hari", "days"]),
    ("day", ["hari", "day"]),
    ("minutes", ["menit", "minutes"]),
    ("clock", ["jam", "time"]),
    ("share", ["bagian sebulan (persen)", "share of the month (percent)"]),
    ("days_of_period", ["dari hari kerja", "of working days"]),
    ("no_scan_at_all", ["tanpa presensi sama sekali", "no scan at all"]),
    ("late", ["terlambat (menit)", "late (minutes)"]),
    ("early", ["pulang cepat", "early leave"]),
    ("early_leave", ["pulang cepat (menit)", "early leave (minutes)"]),
    ("no_check_in", ["tanpa presensi masuk, dihitung", "no check-in, counted as"]),
    ("no_check_out", ["tanpa presensi pulang, dihitung", "no check-out, counted as"]),
    ("absent", ["tidak hadir (hari)", "absent (days)"]),
    ("consecutive", ["terpanjang berturut-turut", "longest run"]),
    ("compensated", ["diganti di hari yang sama", "made up the same day"]),
    ("workdays", ["hari kerja", "working days"]),
    ("unrecorded", ["hari kerja tanpa catatan bagi siapa pun", "working days without a record for anybody"]),
    ("manual", ["presensi manual, alasan", "entered by hand, reason"]),
    ("finding", ["temuan", "finding"]),
    ("subject", ["perihal", "subject"]),
    ("document", ["nomor dokumen", "document"]),
    ("until", ["berlaku sampai", "holds until"]),
    ("band", ["jenjang", "band"]),
    ("base", ["dasar", "of"]),
    ("formula", ["rumus", "formula"]),
    ("predikat_missing", ["belum ada predikat", "predikat missing"]),
    ("cycles_in_a_row", ["berturut-turut (siklus)", "in a row (cycles)"]),
    ("extension_percent_paid", ["dibayar dalam perpanjangan (persen)", "paid in the extension (percent)"]),
    ("percent_paid", ["dibayar (persen)", "paid (percent)"]),
    ("month_of_leave", ["bulan cuti ke", "month of the leave"]),
    ("jenis_pegawai", ["jenis pegawai", "kind of employee"]),
    ("punishment", ["hukuman", "punishment"]),
    ("in", ["masuk", "in"]),
    ("out", ["pulang", "out"]),
    ("code", ["kode", "code"]),
    ("rule", ["aturan", "rule"]),
    ("level", ["tingkat", "level"]),
    ("kind", ["jenis", "kind"]),
    ("predikat", ["predikat", "predikat"]),
    ("cycle", ["siklus", "cycle"]),
    ("cap", ["batas", "cap"]),
    ("unit", ["satuan", "unit"]),
    ("mode", ["cara", "mode"]),
    ("eligible", ["berhak", "eligible"]),
];

fn named(names: &[(&str, Pair)], key: &str, lang: Lang) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == key).map(|(_, pair)| pick(*pair, lang))
}

/// Name of a step. A name such as `band:TM1` or `leave:cuti_sakit` is named by both halves.
pub fn step(name: &str, lang: Lang) -> String {
    if let Some(known) = named(STEPS, name, lang) {
        return known.to_owned();
    }
    match name.split_once([':', ' ']) {
        Some((head, tail)) => match named(STEPS, head, lang) {
            Some(known) => format!("{known} {}", words::permit(tail, lang).or_else(|| words::predikat(tail)).unwrap_or(tail)),
            None => name.to_owned(),
        },
        None => name.to_owned(),
    }
}

/// Name of a value inside a step.
pub fn value(name: &str, lang: Lang) -> &str {
    named(VALUES, name, lang).unwrap_or(name)
}

/// Whether somebody has checked the rule.
pub fn verified(rule: &RuleCitation, lang: Lang) -> &'static str {
    let pair = match rule.verified.as_str() {
        "true" => ["sudah diverifikasi", "verified"],
        "secondary" => ["dari sumber sekunder", "secondary source"],
        _ => ["BELUM diverifikasi", "NOT verified"],
    };
    pick(pair, lang)
}
