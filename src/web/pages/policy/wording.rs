//! The keys of a policy file as people say them. A key without a wording is shown as it is written.

use crate::domain::text::Lang;

const SECTIONS: &[(&str, &str, &str)] = &[
    ("", "Berkas", "File"),
    ("policy", "Tentang kebijakan", "About the policy"),
    ("policy.legal_basis", "Dasar hukum", "Legal basis"),
    ("period", "Bulan kerja dan bulan bayar", "Work month and month of payment"),
    ("calendar", "Kalender", "Calendar"),
    ("calendar.ramadan", "Ramadan", "Ramadan"),
    ("worktime", "Jam kerja", "Working time"),
    ("worktime.schedule", "Jadwal", "Schedules"),
    ("worktime.schedule.assign", "Jadwal: berlaku bagi", "Schedules: for whom"),
    ("worktime.flex", "Jam kerja fleksibel", "Flexible time"),
    ("worktime.rounding", "Pembulatan menit", "Rounding of minutes"),
    ("attendance.scan", "Cara membaca presensi", "How attendance is read"),
    ("attendance.scan.manual_reasons", "Alasan presensi manual", "Reasons for manual attendance"),
    ("components", "Komponen", "Components"),
    ("performance", "Kinerja", "Performance"),
    ("performance.predikat", "Akibat predikat", "Effect of the predikat"),
    ("performance.missing", "Predikat belum ada", "Predikat missing"),
    ("performance.labels", "Tulisan predikat yang dikenal", "Labels of the predikat that are known"),
    ("performance.matrix", "Matriks hasil dan perilaku", "Matrix of results and behaviour"),
    ("deduction.band", "Jenjang potongan", "Bands of deductions"),
    ("deduction.band.bands", "Jenjang potongan: tiap jenjang", "Bands of deductions: each band"),
    ("deduction.linear", "Potongan per menit", "Deductions by minute"),
    ("deduction.event", "Kejadian presensi", "Events of attendance"),
    ("leave", "Cuti", "Leave"),
    ("leave.bands", "Cuti: tiap jenjang", "Leave: each band"),
    ("leave_rules", "Ketentuan umum cuti", "What all leave shares"),
    ("discipline", "Hukuman disiplin", "Punishments"),
    ("discipline.level", "Tingkat hukuman", "Levels of punishment"),
    ("discipline.warn", "Peringatan ketidakhadiran", "Warnings of absence"),
    ("status", "Status kepegawaian khusus", "Special statuses"),
    ("plt", "Plt dan Plh", "Acting positions"),
    ("class_change", "Perubahan kelas jabatan", "Change of class"),
    ("calc", "Perhitungan", "Computation"),
    ("calc.rounding", "Pembulatan Rupiah", "Rounding of Rupiah"),
    ("calc.compare", "Pembandingan", "Comparison"),
    ("tariff", "Tarif", "Tariff"),
    ("tariff.class", "Tukin per kelas jabatan", "Tukin by class"),
    ("payment", "Pembayaran", "Payment"),
    ("payment.internal_steps", "Langkah internal", "Internal steps"),
    ("payment.spp_codes", "Kode SPP", "SPP codes"),
    ("severity", "Akibat temuan yang diatur sendiri", "Severities that differ"),
    ("privacy", "Privasi", "Privacy"),
];

const KEYS: &[(&str, &str, &str)] = &[
    ("schema_version", "Versi bentuk", "Version of the shape"),
    ("id", "Kode kebijakan", "Id"),
    ("title", "Judul", "Title"),
    ("agency_code", "Kode instansi", "Agency code"),
    ("timezone", "Zona waktu", "Time zone"),
    ("status", "Keadaan", "Status"),
    ("approved_by", "Disetujui oleh", "Approved by"),
    ("approved_on", "Disetujui pada", "Approved on"),
    ("effective_from", "Berlaku sejak", "In force from"),
    ("effective_to", "Berlaku sampai", "In force to"),
    ("ref", "Peraturan", "Regulation"),
    ("read", "Yang dibaca", "What was read"),
    ("verified", "Verifikasi", "Verified"),
    ("source", "Sumber", "Source"),
    ("kind", "Jenis", "Kind"),
    ("name", "Nama", "Name"),
    ("code", "Kode", "Code"),
    ("text", "Keterangan", "Text"),
    ("days", "Hari", "Days"),
    ("start", "Mulai", "Start"),
    ("end", "Selesai", "End"),
    ("from", "Dari", "From"),
    ("to", "Sampai", "To"),
    ("break_minutes", "Istirahat (menit)", "Break (minutes)"),
    ("base", "Dasar potongan", "Base"),
    ("bands", "Jenjang", "Bands"),
    ("percent", "Persen", "Percent"),
    ("percent_per_minute", "Persen per menit", "Percent a minute"),
    ("treat_as", "Diperlakukan sebagai", "Treated as"),
    ("model", "Model", "Model"),
    ("cycle", "Siklus penilaian", "Cycle"),
    ("lag", "Jeda siklus", "Lag in cycles"),
    ("effect", "Akibat", "Effect"),
    ("action", "Tindakan", "Action"),
    ("consecutive_months", "Bulan berturut-turut", "Months in a row"),
    ("consecutive_percent", "Persen bila berturut-turut", "Percent when in a row"),
    ("mode", "Cara", "Mode"),
    ("late_limit_minutes", "Batas terlambat (menit)", "Limit of lateness (minutes)"),
    ("early_limit_minutes", "Batas datang awal (menit)", "Limit of early arrival (minutes)"),
    ("currency", "Mata uang", "Currency"),
    ("pay_day", "Hari bayar", "Pay day"),
    ("kppn_deadline_workdays_before", "Hari kerja sebelum bulan bayar (KPPN)", "Working days before the month of payment (KPPN)"),
    ("late_type", "Nama pembayaran terlambat", "Name of a late payment"),
    ("signers", "Penanda tangan", "Signers"),
    ("step", "Langkah", "Step"),
    ("owner", "Pelaksana", "Owner"),
    ("workdays_before_deadline", "Hari kerja sebelum batas", "Working days before the deadline"),
    ("induk", "Induk", "Regular"),
    ("susulan", "Susulan", "Late"),
    ("order", "Urutan", "Order"),
    ("retention_months", "Disimpan (bulan)", "Kept (months)"),
    ("assign", "Berlaku bagi", "For"),
    ("attendance_from_day", "Presensi dari tanggal", "Attendance from day"),
    ("attendance_to_day", "Presensi sampai tanggal (0: akhir bulan)", "Attendance to day (0: end of the month)"),
    ("work_month_offset", "Bulan kerja terhadap bulan bayar", "Work month against month of payment"),
    ("cuti_bersama_is_workday", "Cuti bersama dihitung hari kerja", "Collective leave counts as a working day"),
    ("uncompensated_counts_as", "Yang tidak diganti dihitung sebagai", "What is not made up counts as"),
    ("seconds", "Detik", "Seconds"),
    ("band_boundary", "Batas jenjang", "Edge of the bands"),
    ("band_scope", "Jenjang dihitung", "Bands are counted"),
    ("missing_values", "Isian yang berarti kosong", "Values that mean nothing"),
    ("outage_ratio", "Batas gangguan mesin", "Limit of a device outage"),
    ("statuses_exempt", "Status tanpa kewajiban presensi", "Statuses without scan duty"),
    ("statuses_with_scan_duty", "Status wajib presensi", "Statuses with scan duty"),
    ("statuses_with_office_hours", "Status dengan jam kantor", "Statuses with office hours"),
    ("due_days_after_period_end", "Batas menilai (hari setelah periode)", "Days to assess after the period"),
    ("require_ratings_match_matrix", "Predikat harus sesuai matriks", "Predikat must match the matrix"),
    ("block_if_skp_not_set", "Tahan bila SKP belum ada", "Hold when there is no SKP"),
    ("sangat_baik", "Sangat Baik", "Sangat Baik"),
    ("baik", "Baik", "Baik"),
    ("butuh_perbaikan", "Butuh Perbaikan", "Butuh Perbaikan"),
    ("kurang", "Kurang", "Kurang"),
    ("sangat_kurang", "Sangat Kurang", "Sangat Kurang"),
    ("one_bank_per_file", "Satu bank tiap berkas", "One bank a file"),
    ("mask_nip", "Cara menyamarkan NIP", "How NIPs are masked"),
    ("mask_account", "Cara menyamarkan rekening", "How accounts are masked"),
    ("store_health_reasons", "Alasan kesehatan disimpan", "Reasons of health are kept"),
    ("holidays_file", "Daftar hari libur", "List of holidays"),
    ("weekly_minutes", "Menit kerja seminggu", "Working minutes a week"),
    ("ramadan_weekly_minutes", "Menit kerja seminggu dalam Ramadan", "Working minutes a week in Ramadan"),
    ("duplicate_gap_minutes", "Ketukan berulang dalam (menit) dihitung satu", "Taps within so many minutes count as one"),
    ("use", "Ketukan yang dipakai", "Taps that are used"),
    ("absorbs_other_same_day", "Menggantikan potongan lain hari itu", "Replaces the other deductions of that day"),
    ("consecutive_days_limit", "Batas hari berturut-turut", "Limit of days in a row"),
    ("consecutive_limit_percent", "Persen bila batas tercapai", "Percent at that limit"),
    ("per", "Dihitung per", "Counted by"),
    ("percent_paid", "Persen dibayar", "Percent paid"),
    ("document", "Dokumen", "Document"),
    ("document_due_workdays", "Dokumen paling lambat (hari kerja)", "Document due (working days)"),
    ("without_document", "Tanpa dokumen", "Without a document"),
    ("max_child", "Paling banyak anak ke-", "Up to child no."),
    ("deduct_by_month", "Potongan tiap bulan cuti (persen)", "Deduction by month of leave (percent)"),
    ("deduct_per_day", "potongan per hari (persen)", "deduction a day (percent)"),
    ("eligible", "Berhak", "Entitled"),
    ("from_day", "dari hari ke-", "from day"),
    ("to_day", "hingga hari ke-", "up to day"),
    ("from_month", "dari bulan ke-", "from month"),
    ("to_month", "hingga bulan ke-", "up to month"),
    ("from_minute", "dari menit", "from minute"),
    ("to_minute", "hingga menit", "up to minute"),
    ("from_time", "dari pukul", "from"),
    ("to_time", "hingga pukul", "up to"),
    ("partial_month", "Cuti besar kurang dari sebulan", "Long leave of part of a month"),
    (
        "review_if_override_and_days_below_half",
        "Diputuskan orang bila harinya kurang dari separuh",
        "A person decides when the days are less than half",
    ),
    ("multiple", "Bila ada beberapa hukuman", "Where there are several"),
    ("starts", "Mulai berlaku", "Begins"),
    ("months", "Lama (bulan)", "For months"),
    ("cumulative_absent_days_year", "Hari tidak hadir setahun", "Absent days in the year"),
    ("cumulative_days", "Hari kumulatif", "Days altogether"),
    ("consecutive_days", "Hari berturut-turut", "Days in a row"),
    ("multiplier", "Pengali (persen)", "Multiplier (percent)"),
    ("deductions_on", "Potongan dihitung dari", "Deductions are of"),
    ("warn_if_older_than_months", "Peringatan bila lebih lama dari (bulan)", "Warned when older than (months)"),
    ("fixed_class", "Kelas tetap", "Fixed class"),
    ("extension_percent_paid", "Persen dibayar bila diperpanjang", "Percent paid when extended"),
    ("add_percent", "Tambahan (persen)", "Supplement (percent)"),
    ("min_calendar_months", "Sekurangnya (bulan kalender)", "At least (calendar months)"),
    ("paid_lag_months", "Dibayar sesudah (bulan)", "Paid after (months)"),
    ("rule", "Aturan", "Rule"),
    ("max_total_deduction_percent", "Potongan paling banyak (persen)", "Deduction at most (percent)"),
    ("component_floor", "Komponen paling sedikit", "A component at least"),
    ("unit", "Dibulatkan ke (Rupiah)", "Rounded to (Rupiah)"),
    ("apply_to", "Yang dibulatkan", "What is rounded"),
    ("tolerance_rupiah", "Selisih yang dibiarkan (Rupiah)", "Difference that is let pass (Rupiah)"),
    ("weight_performance", "Bobot kinerja (persen)", "Weight of performance (percent)"),
    ("weight_attendance", "Bobot kehadiran (persen)", "Weight of attendance (percent)"),
    ("nips", "Untuk NIP", "For NIPs"),
    ("units", "Untuk unit", "For units"),
    ("date", "Tanggal", "Date"),
    ("year", "Tahun", "Year"),
    ("atas_atas", "hasil di atas, perilaku di atas", "results above, behaviour above"),
    ("atas_sesuai", "hasil di atas, perilaku sesuai", "results above, behaviour as expected"),
    ("atas_bawah", "hasil di atas, perilaku di bawah", "results above, behaviour below"),
    ("sesuai_atas", "hasil sesuai, perilaku di atas", "results as expected, behaviour above"),
    ("sesuai_sesuai", "hasil sesuai, perilaku sesuai", "results as expected, behaviour as expected"),
    ("sesuai_bawah", "hasil sesuai, perilaku di bawah", "results as expected, behaviour below"),
    ("bawah_atas", "hasil di bawah, perilaku di atas", "results below, behaviour above"),
    ("bawah_sesuai", "hasil di bawah, perilaku sesuai", "results below, behaviour as expected"),
    ("bawah_bawah", "hasil di bawah, perilaku di bawah", "results below, behaviour below"),
];

const VALUES: &[(&str, &str, &str)] = &[
    ("true", "ya", "yes"),
    ("false", "tidak", "no"),
    ("draft", "draf", "draft"),
    ("approved", "disetujui", "approved"),
    ("monthly", "bulanan", "monthly"),
    ("quarterly", "triwulanan", "quarterly"),
    ("annual", "tahunan", "annual"),
    ("deduct", "dipotong", "deducted"),
    ("block", "menahan pembayaran", "holds the payment"),
    ("amount", "mengubah jumlah", "changes the amount"),
    ("info", "keterangan", "information"),
    ("late", "terlambat", "late"),
    ("early_leave", "pulang cepat", "early leave"),
    ("total", "seluruh tukin", "the whole tukin"),
    ("absent", "tidak hadir", "absent"),
    ("no_check_in", "tanpa presensi masuk", "no check-in"),
    ("no_check_out", "tanpa presensi pulang", "no check-out"),
    ("no_scan_at_all", "tanpa presensi sama sekali", "no scan at all"),
    ("mon; tue; wed; thu", "Senin sampai Kamis", "Monday to Thursday"),
    ("fri", "Jumat", "Friday"),
    ("reguler", "reguler", "regular"),
    ("pay", "menentukan bagian yang dibayar", "decides the part that is paid"),
    ("pay_full_with_warning", "dibayar penuh dengan peringatan", "paid in full with a warning"),
    ("performance_component", "komponen kinerja", "the component of performance"),
    ("attendance_component", "komponen kehadiran", "the component of attendance"),
    ("kelas_jabatan", "kelas jabatan", "class of position"),
    ("deduction_only", "potongan dari seluruh tukin", "deductions from the whole tukin"),
    ("weighted", "berbobot: kinerja dan kehadiran", "weighted: performance and attendance"),
    ("missed_ceremony", "tidak ikut upacara", "missed a ceremony"),
    ("both_events", "tanpa presensi masuk dan pulang", "no check-in and no check-out"),
    ("workday", "hari kerja", "working day"),
    ("event", "kejadian", "event"),
    ("day_band", "jenjang hari", "bands of days"),
    ("month_of_leave", "bulan cuti", "month of leave"),
    ("review", "diputuskan orang", "a person decides"),
    ("prorata_workdays", "sebanding hari kerja", "in proportion to working days"),
    ("full_month", "sebulan penuh", "a whole month"),
    ("heaviest_only", "hanya yang terberat", "the heaviest only"),
    ("sum", "dijumlahkan", "added up"),
    ("month_after_decision", "bulan sesudah keputusan", "the month after the decision"),
    ("month_of_decision", "bulan keputusan", "the month of the decision"),
    ("spmt_date", "tanggal SPMT", "date of the SPMT"),
    ("after_multiplier", "jumlah sesudah pengali", "the amount after the multiplier"),
    (
        "next_month_unless_first_workday",
        "bulan berikutnya, kecuali sejak hari kerja pertama",
        "the next month, unless from the first working day on",
    ),
    ("same_month", "bulan itu juga", "that month"),
    ("half_up", "setengah ke atas", "half up"),
    ("half_even", "setengah ke genap", "half to even"),
    ("floor", "ke bawah", "down"),
    ("gross_and_net", "bruto dan bersih", "gross and net"),
    ("first_workday", "hari kerja pertama", "the first working day"),
    ("none", "tidak ada", "none"),
    ("compensate_same_day", "diganti pada hari yang sama", "made up on the same day"),
    ("tolerance_subtract", "toleransi dikurangkan", "the tolerance is taken off"),
    ("tolerance_cliff", "di atas toleransi dihitung seluruhnya", "above the tolerance all of it counts"),
    ("truncate", "dibuang", "cut off"),
    ("ceil_minute", "dibulatkan ke menit berikutnya", "rounded to the next minute"),
    ("upper_exclusive", "batas atas tidak termasuk", "upper edge not within"),
    ("upper_inclusive", "batas atas termasuk", "upper edge within"),
    ("per_day", "per hari", "by day"),
    ("month_total", "jumlah sebulan", "total of the month"),
    ("first_and_last", "yang pertama dan yang terakhir", "the first and the last"),
    ("first4_last3", "empat angka pertama dan tiga terakhir tampak", "the first four and the last three digits are shown"),
    ("last4", "empat angka terakhir tampak", "the last four digits are shown"),
    ("sangat_baik", "Sangat Baik", "Sangat Baik"),
    ("baik", "Baik", "Baik"),
    ("butuh_perbaikan", "Butuh Perbaikan", "Butuh Perbaikan"),
    ("kurang", "Kurang", "Kurang"),
    ("sangat_kurang", "Sangat Kurang", "Sangat Kurang"),
    ("cuti_tahunan", "cuti tahunan", "annual leave"),
    ("cuti_sakit", "cuti sakit", "sick leave"),
    ("cuti_besar", "cuti besar", "long leave"),
    ("cuti_melahirkan", "cuti melahirkan", "maternity leave"),
    ("cuti_alasan_penting", "cuti alasan penting", "leave for important reasons"),
    ("gugur_kandungan", "gugur kandungan", "miscarriage"),
    ("cltn", "CLTN (cuti di luar tanggungan negara)", "CLTN (unpaid leave)"),
    ("cpns", "CPNS", "CPNS"),
    ("pppk", "PPPK", "PPPK"),
    ("pppk_paruh_waktu", "PPPK paruh waktu", "PPPK, part-time"),
    ("tugas_belajar", "tugas belajar", "study assignment"),
    ("mpp", "MPP (masa persiapan pensiun)", "MPP (pre-retirement)"),
    ("libur_nasional", "libur nasional", "national holiday"),
    ("cuti_bersama", "cuti bersama", "collective leave"),
    ("eligibility", "hak", "entitlement"),
    ("base_class", "kelas", "class"),
    ("status_multiplier", "pengali status", "multiplier of the status"),
    ("leave_override", "cuti", "leave"),
    ("performance", "kinerja", "performance"),
    ("attendance", "kehadiran", "attendance"),
    ("discipline", "disiplin", "discipline"),
    ("plt", "Plt", "acting position"),
    ("round", "pembulatan", "rounding"),
    ("WFO", "kantor (WFO)", "office (WFO)"),
    ("WFH", "dari rumah (WFH)", "from home (WFH)"),
    ("WFA", "dari mana saja (WFA)", "from anywhere (WFA)"),
    ("DINAS", "dinas", "on duty elsewhere"),
    ("DIKLAT", "diklat", "training"),
    ("CUTI", "cuti", "leave"),
    ("TUGAS_BELAJAR", "tugas belajar", "study assignment"),
    ("LIBUR", "libur", "day off"),
    ("IDR", "Rupiah", "Rupiah"),
];

fn said(list: &[(&str, &'static str, &'static str)], key: &str, lang: Lang) -> Option<&'static str> {
    list.iter().find(|(known, ..)| *known == key).map(|(_, id, en)| lang.pick(*id, *en))
}

/// A section.
pub(super) fn section_said(path: &str, lang: Lang) -> String {
    said(SECTIONS, path, lang).map_or_else(|| path.to_owned(), str::to_owned)
}

/// A key.
pub(super) fn key_said(key: &str, lang: Lang) -> String {
    said(KEYS, key, lang).map_or_else(|| key.replace('_', " "), str::to_owned)
}

/// Keys whose values are names or texts of the ministry's own.
const NAMES: &[&str] = &["id", "code", "title", "source", "text", "ref", "read", "step", "owner", "late_type", "missing_values", "name"];

/// A value; amounts of the tariff as Rupiah, bands as a sentence each.
pub(super) fn value_said(key: &str, text: &str, lang: Lang) -> String {
    if let Some(word) = said(VALUES, text, lang) {
        return word.to_owned();
    }
    if key == "bands" {
        return text.split("; ").map(|band| band_said(band, lang)).collect::<Vec<_>>().join("; ");
    }
    if text.contains("; ") && !NAMES.contains(&key) {
        return text.split("; ").map(|one| said(VALUES, one, lang).unwrap_or(one)).collect::<Vec<_>>().join("; ");
    }
    // Keys of the tariff are classes, and only its numbers are that long.
    match text.parse::<i64>() {
        Ok(amount) if key.bytes().all(|byte| byte.is_ascii_digit()) && amount >= 10_000 => crate::domain::Rupiah(amount).to_string(),
        _ => text.to_owned(),
    }
}

/// `code TM1, from_minute 1, percent 0.5` in words.
fn band_said(band: &str, lang: Lang) -> String {
    let part = |part: &str| match part.split_once(' ') {
        Some((key, value)) => format!("{} {value}", key_said(key, lang).to_lowercase()).replace("- ", "-"),
        None => part.to_owned(),
    };
    band.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::policy_sheet::{self, Section};
    use crate::policy::Policy;
    use std::path::Path;

    /// The sections of every policy that comes with Selaras.
    fn sections() -> Vec<Section> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
        let files = ["contoh-kemenko-infra.toml", "examples/contoh-berbobot-70-30.toml", "examples/contoh-triwulan-jam.toml"];
        files.iter().flat_map(|file| policy_sheet::sections(&Policy::read(&folder.join(file)).unwrap()).unwrap()).collect()
    }

    #[test]
    fn every_key_and_word_of_the_policies_has_a_wording() {
        // Their keys are classes, labels, codes and names of the ministry's own.
        let own = ["tariff.class", "performance.labels", "attendance.scan.manual_reasons", "severity"];
        let mut missing = std::collections::BTreeSet::new();
        for section in sections() {
            if said(SECTIONS, &section.path, Lang::Id).is_none() {
                missing.insert(format!("section {}", section.path));
            }
            let cells = section.rows.iter().flat_map(|row| section.columns.iter().zip(row));
            let pairs = section.values.iter().map(|(key, text)| (key, text)).chain(cells);
            for (key, text) in pairs {
                if !own.contains(&section.path.as_str()) && said(KEYS, key, Lang::Id).is_none() {
                    missing.insert(format!("key {key} in {}", section.path));
                }
                let shown = value_said(key, text, Lang::Id);
                if !NAMES.contains(&key.as_str()) && key != "holidays_file" && shown.contains('_') {
                    missing.insert(format!("value {shown} of {key} in {}", section.path));
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn a_band_is_said_in_words() {
        let said = value_said("bands", "code TM1, from_minute 1, to_minute 31, percent 0.5; code TM2, from_minute 31, percent 1", Lang::Id);
        assert_eq!(said, "kode TM1, dari menit 1, hingga menit 31, persen 0.5; kode TM2, dari menit 31, persen 1");
    }
}
