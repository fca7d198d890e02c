//! Names of the things that outputs speak of, in both languages. Field terms stay Indonesian.
//!
//! Knows only keys and labels; sentences about findings are in `sentence`.

use crate::domain::evidence::{Kind, Reason};
use crate::domain::finding::{Owner, Severity};
use crate::domain::leave::PermitKind;
use crate::domain::percent::Percent;
use crate::domain::period::Period;
use crate::domain::person::EmploymentStatus;
use crate::domain::predikat::Predikat;
use crate::domain::text::Lang;
use crate::domain::verdict::{KnowledgeState, Standing};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::document::FindingStatus;

/// The same thing in both languages: Indonesian, English.
pub(super) type Pair = [&'static str; 2];

/// The half of a pair.
pub(super) fn pick(pair: Pair, lang: Lang) -> &'static str {
    match lang {
        Lang::Id => pair[0],
        Lang::En => pair[1],
    }
}

/// Name of a verdict; English explains the field term.
pub fn standing(standing: Standing, lang: Lang) -> &'static str {
    let pair = match standing {
        Standing::Layak => ["Layak", "Layak (payable)"],
        Standing::Tertahan => ["Tertahan", "Tertahan (held)"],
        Standing::BelumDiketahui => ["Belum diketahui", "Belum diketahui (unknown)"],
        Standing::TidakBerhak => ["Tidak berhak", "Tidak berhak (not entitled)"],
    };
    pick(pair, lang)
}

/// Name of whoever can make a finding go away.
pub fn owner(owner: Owner, lang: Lang) -> &'static str {
    let pair = match owner {
        Owner::Employee => ["Pegawai", "Employee"],
        Owner::Assessor => ["Pejabat penilai", "Assessor"],
        Owner::Hr => ["Unit SDM", "HR unit"],
        Owner::Finance => ["PPABP/Bendahara", "Finance (PPABP)"],
        Owner::Sysadmin => ["Admin sistem", "System administrator"],
        Owner::FileOwner => ["Pembuat berkas", "Owner of the file"],
    };
    pick(pair, lang)
}

/// What a severity does to the payment.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    let pair = match severity {
        Severity::Block => ["menahan", "holds payment"],
        Severity::Amount => ["mengubah jumlah", "changes amount"],
        Severity::Info => ["untuk diketahui", "for information"],
    };
    pick(pair, lang)
}

/// Where a finding stands across runs.
pub fn status(status: FindingStatus, lang: Lang) -> &'static str {
    let pair = match status {
        FindingStatus::New => ["baru", "new"],
        FindingStatus::Persisting => ["masih ada", "persisting"],
        FindingStatus::Resolved => ["selesai", "resolved"],
        FindingStatus::Waived => ["dikesampingkan", "waived"],
    };
    pick(pair, lang)
}

/// Name of a kind of evidence.
pub fn kind(kind: Kind, lang: Lang) -> &'static str {
    let pair = match kind {
        Kind::Roster => ["daftar pegawai", "roster"],
        Kind::Attendance => ["presensi", "attendance"],
        Kind::AttendanceRecap => ["rekap presensi bulanan", "monthly attendance recap"],
        Kind::Attlog => ["rekaman mesin presensi", "device scans"],
        Kind::Pins => ["daftar PIN mesin presensi", "map of device PINs"],
        Kind::Permits => ["izin dan cuti", "permits and leave"],
        Kind::Discipline => ["hukuman disiplin", "punishments"],
        Kind::Payment => ["berkas pembayaran", "payment file"],
        Kind::Bank => ["berkas gaji", "salary file"],
        Kind::Evaluation => ["penilaian e-Kinerja", "e-Kinerja evaluation"],
        Kind::Skp => ["SKP e-Kinerja", "e-Kinerja SKP"],
        Kind::Identity => ["data utama SIASN", "SIASN identity"],
        Kind::History => ["riwayat kinerja periodik SIASN", "SIASN periodic results"],
        Kind::SkpAnnual => ["SKP tahunan SIASN", "SIASN annual SKP"],
        Kind::DisciplineBkn => ["hukuman disiplin SIASN", "SIASN punishments"],
        Kind::UnpaidLeave => ["CLTN SIASN", "SIASN unpaid leave"],
        Kind::Position => ["riwayat jabatan SIASN", "SIASN positions"],
        Kind::Termination => ["pemberhentian SIASN", "SIASN terminations"],
        Kind::Transfer => ["pindah instansi SIASN", "SIASN transfers"],
        Kind::StudyLeave => ["tugas belajar SIASN", "SIASN study assignments"],
    };
    pick(pair, lang)
}

/// How well something is known.
pub fn state(state: KnowledgeState, lang: Lang) -> &'static str {
    let pair = match state {
        KnowledgeState::Present => ["ada", "present"],
        KnowledgeState::DeclaredAbsent => ["dinyatakan tidak ada", "declared absent"],
        KnowledgeState::NotAsked => ["belum ditanyakan", "not asked"],
        KnowledgeState::Failed => ["gagal diambil", "failed"],
        KnowledgeState::Stale => ["sudah basi", "stale"],
    };
    pick(pair, lang)
}

/// Why a question to BKN brought nothing.
pub fn reason(reason: Reason, lang: Lang) -> &'static str {
    let pair = match reason {
        Reason::Timeout => ["tidak dijawab tepat waktu", "no answer in time"],
        Reason::Connection => ["tidak tersambung", "no connection"],
        Reason::Throttled => ["kuota permintaan habis", "request quota used up"],
        Reason::Suspended => ["layanan sedang ditangguhkan", "service suspended"],
        Reason::AuthGateway => ["token gateway (WSO2) ditolak", "gateway (WSO2) token refused"],
        Reason::AuthSso => ["token SSO ditolak", "SSO token refused"],
        Reason::AuthReport => ["token laporan e-Kinerja ditolak", "e-Kinerja report token refused"],
        Reason::ServerError => ["server BKN bermasalah", "BKN server error"],
        Reason::Html => ["jawaban berupa halaman web", "a web page instead of data"],
        Reason::Redirect => ["jawaban mengalihkan ke alamat lain", "redirected elsewhere"],
        Reason::Malformed => ["jawaban tidak terbaca", "unreadable answer"],
        Reason::Truncated => ["jawaban terpotong", "answer cut off"],
        Reason::Encoding => ["huruf dalam jawaban tidak terbaca", "unreadable encoding"],
        Reason::TooLarge => ["jawaban terlalu besar", "answer too large"],
        Reason::OtherNip => ["jawaban untuk NIP lain", "answer for another NIP"],
        Reason::Schema => ["kolom yang diperlukan tidak ada", "a needed field is missing"],
        Reason::Vanish => ["terlalu banyak data hilang, menunggu persetujuan", "too many rows vanished, awaiting approval"],
        Reason::Deadline => ["waktu penarikan habis", "time for the pull was up"],
    };
    pick(pair, lang)
}

/// Name of a permit, when the key is one.
pub(super) fn permit(key: &str, lang: Lang) -> Option<&'static str> {
    PermitKind::ALL.iter().find(|(known, _)| *known == key).map(|(_, kind)| permit_of(*kind, lang))
}

/// Name of a permit.
pub fn permit_of(kind: PermitKind, lang: Lang) -> &'static str {
    let pair = match kind {
        PermitKind::CutiTahunan => ["cuti tahunan", "annual leave"],
        PermitKind::CutiSakit => ["cuti sakit", "sick leave"],
        PermitKind::CutiBesar => ["cuti besar", "long leave"],
        PermitKind::CutiMelahirkan => ["cuti melahirkan", "maternity leave"],
        PermitKind::CutiAlasanPenting => ["cuti karena alasan penting", "leave for an important reason"],
        PermitKind::GugurKandungan => ["cuti gugur kandungan", "miscarriage leave"],
        PermitKind::Cltn => ["cuti di luar tanggungan negara", "unpaid leave (CLTN)"],
        PermitKind::DinasLuar => ["dinas luar", "duty elsewhere"],
        PermitKind::Diklat => ["diklat", "training"],
        PermitKind::IzinTerlambat => ["izin terlambat", "permit to be late"],
        PermitKind::IzinPulangCepat => ["izin pulang cepat", "permit to leave early"],
        PermitKind::IzinTidakPresensi => ["izin tidak presensi", "permit for missing scans"],
    };
    pick(pair, lang)
}

/// Name of an employment status, when the text is one.
pub(super) fn employment(code: &str, lang: Lang) -> Option<&'static str> {
    EmploymentStatus::ALL.iter().find(|(known, _)| *known == code).map(|(_, status)| status_of(*status, lang))
}

/// Name of an employment status.
pub fn status_of(status: EmploymentStatus, lang: Lang) -> &'static str {
    let pair = match status {
        EmploymentStatus::Aktif => ["aktif", "active"],
        EmploymentStatus::Cltn => ["CLTN", "unpaid leave (CLTN)"],
        EmploymentStatus::Mpp => ["masa persiapan pensiun", "pre-retirement (MPP)"],
        EmploymentStatus::TugasBelajar => ["tugas belajar", "study assignment"],
        EmploymentStatus::DiberhentikanSementara => ["diberhentikan sementara", "suspended"],
        EmploymentStatus::Pindah => ["pindah", "moved away"],
        EmploymentStatus::Pensiun => ["pensiun", "retired"],
        EmploymentStatus::Meninggal => ["meninggal", "died"],
        EmploymentStatus::Berhenti => ["berhenti", "left service"],
    };
    pick(pair, lang)
}

/// A predikat by its key.
pub(super) fn predikat(key: &str) -> Option<&'static str> {
    Predikat::ALL.iter().find(|predikat| predikat.key() == key).map(|predikat| predikat.label())
}

/// A deduction rule as people say it (contract §8 names the keys).
pub fn deduction(rule: &str, lang: Lang) -> String {
    match rule.split_once(':') {
        Some(("predikat", key)) => format!("predikat {}", predikat(key).unwrap_or(key)),
        Some(("discipline", level)) => format!("{} {level}", pick(["hukuman disiplin", "punishment"], lang)),
        Some(("leave", key)) => permit(key, lang).map_or_else(|| key.to_owned(), str::to_owned),
        _ => match rule {
            "absent" => pick(["tidak hadir", "absent"], lang).to_owned(),
            "predikat_missing" => pick(["predikat belum ada", "predikat missing"], lang).to_owned(),
            other => other.to_owned(),
        },
    }
}

const MONTHS: [Pair; 12] = [
    ["Januari", "January"],
    ["Februari", "February"],
    ["Maret", "March"],
    ["April", "April"],
    ["Mei", "May"],
    ["Juni", "June"],
    ["Juli", "July"],
    ["Agustus", "August"],
    ["September", "September"],
    ["Oktober", "October"],
    ["November", "November"],
    ["Desember", "December"],
];

fn month(number: u32, lang: Lang) -> &'static str {
    pick(MONTHS[(number.clamp(1, 12) - 1) as usize], lang)
}

/// A work month: `Oktober 2026`.
pub fn period(period: Period, lang: Lang) -> String {
    format!("{} {}", month(period.month(), lang), period.year())
}

/// A day: `5 Oktober 2026`.
pub fn day(day: NaiveDate, lang: Lang) -> String {
    format!("{} {} {}", day.day(), month(day.month(), lang), day.year())
}

/// An instant, to the minute, by the clock of a zone and saying which.
pub fn instant(at: DateTime<Utc>, zone: Tz, lang: Lang) -> String {
    let local = at.with_timezone(&zone);
    let clock = match lang {
        Lang::Id => local.format("%H.%M"),
        Lang::En => local.format("%H:%M"),
    };
    let zone = match zone {
        Tz::Asia__Jakarta | Tz::Asia__Pontianak => "WIB".to_owned(),
        Tz::Asia__Makassar => "WITA".to_owned(),
        Tz::Asia__Jayapura => "WIT".to_owned(),
        _ => local.format("%Z").to_string(),
    };
    format!("{} {clock} {zone}", day(local.date_naive(), lang))
}

/// A percent as people write it: `2,5%`, in English `2.5%`; whole percents without decimals.
pub fn percent(percent: Percent, lang: Lang) -> String {
    let text = percent.to_string();
    let text = text.strip_suffix(".0").unwrap_or(&text);
    match lang {
        Lang::Id => format!("{}%", text.replace('.', ",")),
        Lang::En => format!("{text}%"),
    }
}
