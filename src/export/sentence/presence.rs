//! Attendance, leave and punishments.

use super::Entry;
use super::says;
use crate::domain::finding::Code;

pub(super) static SAYS: &[Entry] = &[
    says(
        Code::Ab01,
        [
            "Presensi tidak ada sama sekali",
            "Berkas presensi periode ini sama sekali tidak memuat pegawai ini.",
            "periksa apakah pegawai terdaftar di mesin presensi, lalu impor presensinya.",
        ],
        [
            "No attendance at all",
            "The attendance file of the period does not hold this employee.",
            "check that the employee is registered with the devices, then import the attendance.",
        ],
    ),
    says(
        Code::Ab02,
        [
            "Hari kerja tidak lengkap di berkas",
            "Ada hari kerja[ ({days} hari, mulai {day})] yang sama sekali tidak dicatat di berkas presensi[ {file}]; hari itu tidak dihitung tidak hadir bagi siapa pun.",
            "tarik ulang presensi hari itu, atau perbaiki kalender bila hari itu libur.",
        ],
        [
            "Working days missing from the file",
            "There are working days[ ({days}, from {day})] on which nobody has a record in the attendance file[ {file}]; nobody counts as absent for them.",
            "export that day's attendance again, or correct the calendar if it was a holiday.",
        ],
    ),
    says(
        Code::Ab03,
        [
            "Hadir melebihi hari kerja",
            "Jumlah hari hadir[ ({days})] melebihi jumlah hari kerja periode ini[ ({workdays})].",
            "periksa catatan presensi ganda atau hari libur yang terhitung masuk.",
        ],
        [
            "Present on more than the working days",
            "The employee was present on more days[ ({days})] than the period has working days[ ({workdays})].",
            "look for doubled records or holidays counted as working days.",
        ],
    ),
    says(
        Code::Ab04,
        [
            "Sebulan tanpa jejak",
            "Sepanjang periode tidak ada satu pun presensi maupun izin.",
            "hubungi pegawai dan atasannya; catat izin atau keadaan yang sebenarnya.",
        ],
        [
            "A month without any trace",
            "There is neither a scan nor a permit in the whole period.",
            "contact the employee and the superior; record the permit or what really happened.",
        ],
    ),
    says(
        Code::Ab05,
        [
            "Presensi masuk atau pulang tidak ada",
            "Presensi tidak lengkap tanpa izin yang disetujui[: presensi {scan} tidak ada][ pada {day}].",
            "ajukan izin tidak presensi beserta buktinya, disetujui atasan langsung.",
        ],
        [
            "Check-in or check-out missing",
            "A scan is missing without an approved permit[: no {scan}][ on {day}].",
            "submit a permit for the missing scan with its proof, approved by the direct superior.",
        ],
    ),
    says(
        Code::Ab06,
        [
            "Jam terisi otomatis",
            "Jam yang diisi otomatis oleh sistem tercatat sebagai presensi[ pada {day}]; Selaras menganggapnya tidak presensi.",
            "periksa rekaman mesin hari itu dan perbaiki jam yang sebenarnya.",
        ],
        [
            "Auto-filled time",
            "A time filled in by the system stands as a scan[ on {day}]; Selaras takes it as no scan.",
            "look at the device log of that day and enter the real time.",
        ],
    ),
    says(
        Code::Ab07,
        [
            "Satu ketukan tersalin ke dua kolom",
            "Satu ketukan presensi tersalin ke kolom masuk dan pulang[ pada {day}].",
            "periksa rekaman mesin hari itu; tanpa ketukan kedua diperlukan izin.",
        ],
        [
            "One tap copied into both columns",
            "A single tap was copied into check-in and check-out[ on {day}].",
            "look at the device log of that day; without a second tap a permit is needed.",
        ],
    ),
    says(
        Code::Ab08,
        [
            "Mesin presensi diduga rusak",
            "Pada satu hari di satu unit, presensi yang hilang jauh melebihi biasanya[: {unit}][, {day}][, {missing} dari {due} presensi][ ({share}, biasanya {usual})].",
            "pastikan gangguan mesin, buat berita acaranya, lalu catat izin tidak presensi bagi yang terdampak; Selaras tidak memaafkan sendiri.",
        ],
        [
            "Attendance device probably down",
            "On one day in one unit far more scans than usual are missing[: {unit}][, {day}][, {missing} of {due} scans][ ({share}, usually {usual})].",
            "confirm the outage, put it on record, then enter a permit for the missing scans of those affected; Selaras forgives nothing by itself.",
        ],
    ),
    says(
        Code::Ab09,
        [
            "Tidak hadir dicatat pada hari libur",
            "Ketidakhadiran dicatat pada hari yang bukan hari kerja[: {day}][ ({holiday})].",
            "hapus ketidakhadiran hari itu dari presensi.",
        ],
        [
            "Absence recorded on a day off",
            "An absence is recorded on a day that is no working day[: {day}][ ({holiday})].",
            "remove that day's absence from the attendance.",
        ],
    ),
    says(
        Code::Ab10,
        [
            "Jam kerja Ramadan tidak dipakai",
            "Menit terlambat atau pulang cepat di sumber dihitung dengan jam kerja biasa, bukan jam kerja Ramadan[ ({days} hari, mulai {day})].",
            "atur jam kerja Ramadan di sistem presensi, lalu tarik ulang.",
        ],
        [
            "Ramadan hours not applied",
            "The source's own minutes late or early are by the ordinary hours, not by those of Ramadan[ ({days} days, from {day})].",
            "set the Ramadan hours in the attendance system and export again.",
        ],
    ),
    says(
        Code::Ab11,
        [
            "Jam mesin presensi bergeser",
            "Jam mesin presensi tampaknya tidak tepat[: {unit}][, {day}][, median presensi masuk {median}, biasanya {usual_time}].",
            "cocokkan jam mesin dan catat selisihnya.",
        ],
        [
            "Device clock off",
            "The clock of an attendance device seems to be off[: {unit}][, {day}][, median check-in {median}, usually {usual_time}].",
            "set the clock of the device and record the difference.",
        ],
    ),
    says(
        Code::Ab12,
        [
            "Rekap bulanan berbeda dari harian",
            "Rekap bulanan presensi tidak sama dengan jumlah catatan hariannya[: {components}].",
            "buat ulang rekap dari catatan harian.",
        ],
        [
            "Monthly recap differs from the days",
            "The monthly recap is not the sum of the daily records[: {components}].",
            "make the recap again from the daily records.",
        ],
    ),
    says(
        Code::Lv01,
        [
            "Ada izin, dicatat tidak hadir",
            "Presensi mencatat tidak hadir[ pada {day}], padahal ada izin yang disetujui[: {kind}].",
            "perbaiki status presensi hari itu sesuai izinnya.",
        ],
        [
            "Permit for a day counted as absent",
            "Attendance counts an absence[ on {day}] although a permit was approved[: {kind}].",
            "correct that day's attendance by the permit.",
        ],
    ),
    says(
        Code::Lv02,
        [
            "Cuti tanpa izin yang disetujui",
            "Presensi mencatat cuti[ pada {day}], tetapi tidak ada izin yang disetujui[ ({kind})].",
            "serahkan surat cuti yang sudah disetujui, atau hari itu dihitung tidak hadir.",
        ],
        [
            "Leave without an approved permit",
            "Attendance says leave[ on {day}], but there is no approved permit[ ({kind})].",
            "hand in the approved leave letter, or the day counts as absence.",
        ],
    ),
    says(
        Code::Lv03,
        [
            "Ada presensi pada hari cuti",
            "Ada presensi pada hari cuti[, yaitu {day}].",
            "pastikan apakah cutinya jadi diambil; bila tidak, batalkan izinnya.",
        ],
        [
            "Scans on a leave day",
            "There are scans on a day of leave[, {day}].",
            "make sure whether the leave was taken; if not, cancel the permit.",
        ],
    ),
    says(
        Code::Lv04,
        [
            "Cuti sakit tanpa surat dokter",
            "Surat dokter untuk cuti sakit[ mulai {day}] tidak ada atau terlambat diserahkan.",
            "serahkan surat dokter kepada Unit SDM.",
        ],
        [
            "Sick leave without a doctor's letter",
            "The doctor's letter for the sick leave[ from {day}] is missing or came late.",
            "hand the doctor's letter to HR.",
        ],
    ),
    says(
        Code::Lv05,
        [
            "Cuti panjang perlu keputusan",
            "Bulan ke berapa cuti panjang ini tidak dapat ditentukan, atau aturan tidak mengatur sebagian bulan[ ({kind})].",
            "putuskan perlakuannya dan perbaiki data izinnya.",
        ],
        [
            "Long leave needs a decision",
            "The month of this long leave cannot be determined, or the rules are silent on part of a month[ ({kind})].",
            "decide how it is treated and correct the permit.",
        ],
    ),
    says(
        Code::Ds01,
        [
            "Hukuman disiplin tidak sesuai",
            "Hukuman disiplin[ {level}][ ({percent})] yang berlaku belum diterapkan, atau yang sudah berakhir masih diterapkan.",
            "cocokkan SK hukuman dan masa berlakunya dengan potongan di berkas pembayaran.",
        ],
        [
            "Punishment not applied, or past its end",
            "An active punishment[ {level}][ ({percent})] is not applied, or an expired one still is.",
            "compare decree and duration with the deduction in the payment file.",
        ],
    ),
    says(
        Code::Ds02,
        [
            "Akumulasi tidak hadir mencapai batas",
            "Jumlah hari tidak hadir tanpa alasan sah tahun ini[ ({days} hari)][, terpanjang {consecutive} hari kerja berturut-turut,] mencapai batas[ {step} hari] menurut PP 94/2021[ (tingkat {level})].",
            "teruskan kepada atasan langsung untuk pemeriksaan.",
        ],
        [
            "Yearly absence reached a step",
            "Unexcused absence this year[ ({days} days)][, at most {consecutive} working days in a row,] reached a step[ of {step} days] of PP 94/2021[ (level {level})].",
            "pass it to the direct superior for examination.",
        ],
    ),
    says(
        Code::Ds03,
        [
            "Dua hukuman diterapkan sekaligus",
            "Berkas pembayaran menerapkan dua hukuman disiplin, padahal hanya yang terberat yang berlaku.",
            "minta PPABP memotong hanya untuk hukuman terberat.",
        ],
        [
            "Two punishments both applied",
            "The payment file applies two punishments although only the heaviest counts.",
            "have finance deduct for the heaviest one only.",
        ],
    ),
];
