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

/// A value; amounts of the tariff as Rupiah.
pub(super) fn value_said(key: &str, text: &str, lang: Lang) -> String {
    if let Some(word) = said(VALUES, text, lang) {
        return word.to_owned();
    }
    // Keys of the tariff are classes, and only its numbers are that long.
    match text.parse::<i64>() {
        Ok(amount) if key.bytes().all(|byte| byte.is_ascii_digit()) && amount >= 10_000 => crate::domain::Rupiah(amount).to_string(),
        _ => text.to_owned(),
    }
}
