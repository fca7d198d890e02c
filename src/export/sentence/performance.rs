//! SKP and predikat.

use super::Entry;
use super::says;
use crate::domain::finding::Code;

pub(super) static SAYS: &[Entry] = &[
    says(
        Code::Sk01,
        [
            "SKP tahun ini belum ada",
            "BKN menyatakan pegawai ini belum mempunyai SKP untuk tahun berjalan.",
            "buat SKP di e-Kinerja BKN dan ajukan kepada pejabat penilai.",
        ],
        [
            "No SKP for the year",
            "BKN declares that this employee has no SKP for the year.",
            "make the SKP in e-Kinerja BKN and submit it to the assessor.",
        ],
    ),
    says(
        Code::Sk02,
        [
            "SKP belum disetujui",
            "SKP sudah ada, tetapi belum disetujui[ (status: {status})].",
            "setujui atau kembalikan SKP ini di e-Kinerja BKN.",
        ],
        ["SKP not approved", "The SKP exists but is not approved[ (status: {status})].", "approve or return this SKP in e-Kinerja BKN."],
    ),
    says(
        Code::Sk03,
        [
            "SKP untuk jabatan atau atasan lain",
            "SKP dibuat untuk jabatan atau atasan yang berbeda dari daftar pegawai[: SKP menulis “{skp_position}”, daftar pegawai “{roster_position}”].",
            "perbarui jabatan dan atasan di e-Kinerja, lalu buat SKP untuk jabatan sekarang; bila daftar pegawai yang keliru, lapor ke Unit SDM.",
        ],
        [
            "SKP for another position or superior",
            "The SKP is for another position or superior than the roster's[: the SKP has “{skp_position}”, the roster “{roster_position}”].",
            "update position and superior in e-Kinerja and make the SKP for the present position; if the roster is wrong, tell HR.",
        ],
    ),
    says(
        Code::Sk04,
        [
            "SKP tidak menutup periode",
            "SKP tahun ini menyisakan waktu yang tidak tertutup atau bertumpuk dalam periode[, yaitu {from} sampai {to}].",
            "lengkapi atau perbaiki masa SKP di e-Kinerja sehingga bersambung tanpa tumpang tindih.",
        ],
        [
            "SKPs leave a gap or overlap",
            "The SKPs of the year leave a gap or overlap within the period[, from {from} to {to}].",
            "complete or correct the SKP dates in e-Kinerja so that they join without overlapping.",
        ],
    ),
    says(
        Code::Sk05,
        [
            "SKP atasan belum beres",
            "SKP atasan pegawai ini belum ada atau belum disetujui, padahal SKP bawahan bergantung padanya[ ({subordinates} orang)].",
            "ingatkan atasan itu untuk menyelesaikan SKP-nya sendiri lebih dahulu.",
        ],
        [
            "The superior's own SKP is not in order",
            "The superior's own SKP is missing or not approved while subordinates depend on it[ ({subordinates} people)].",
            "remind the superior to complete their own SKP first.",
        ],
    ),
    says(
        Code::Pr01,
        [
            "Predikat belum ada",
            "Belum ada predikat kinerja[ untuk siklus {cycle}].",
            "nilai pegawai ini di e-Kinerja BKN[ untuk siklus {cycle}].",
        ],
        ["No predikat", "There is no predikat[ for the cycle {cycle}].", "assess this employee in e-Kinerja BKN[ for the cycle {cycle}]."],
    ),
    says(
        Code::Pr02,
        [
            "Rating ada, predikat kosong",
            "Rating sudah diisi[ (hasil kerja “{hasil}”, perilaku “{perilaku}”)], tetapi predikatnya masih kosong.",
            "buka penilaian ini di e-Kinerja BKN dan tuntaskan sampai predikatnya terbit.",
        ],
        [
            "Ratings without a predikat",
            "The ratings are given[ (result “{hasil}”, behaviour “{perilaku}”)], but the predikat is empty.",
            "open this assessment in e-Kinerja BKN and finish it so that the predikat is issued.",
        ],
    ),
    says(
        Code::Pr03,
        [
            "Predikat tidak sesuai matriks",
            "Predikat tidak cocok dengan kedua ratingnya[: tertulis “{predikat}”][, hasil kerja “{hasil}”][, perilaku “{perilaku}”][; menurut matriks “{expected}”].",
            "minta pejabat penilai memperbaiki rating atau predikat di e-Kinerja; Selaras tidak mengubahnya.",
        ],
        [
            "Predikat contradicts its ratings",
            "The predikat does not follow from its two ratings[: it says “{predikat}”][, result “{hasil}”][, behaviour “{perilaku}”][; the matrix gives “{expected}”].",
            "have the assessor correct rating or predikat in e-Kinerja; Selaras does not change it.",
        ],
    ),
    says(
        Code::Pr04,
        [
            "Label predikat atau rating tidak dikenal",
            "Label predikat atau rating tidak dikenal, atau itu predikat organisasi[: predikat “{predikat}”][, hasil kerja “{hasil}”][, perilaku “{perilaku}”].",
            "periksa apakah berkasnya benar; bila label itu sah, minta ditambahkan ke kebijakan.",
        ],
        [
            "Unknown predikat or rating",
            "A predikat or rating is not known, or belongs to an organisation[: predikat “{predikat}”][, result “{hasil}”][, behaviour “{perilaku}”].",
            "check whether it is the right file; if the label is valid, have it added to the policy.",
        ],
    ),
    says(
        Code::Pr05,
        [
            "Berkas penilaian salah siklus",
            "Berkas penilaian[ {file}] bukan untuk siklus yang diperlukan[: isinya {cycles}][, yang diperlukan {needed}].",
            "unduh ulang dari e-Kinerja dengan siklus yang benar, lalu impor.",
        ],
        [
            "Evaluation file of another cycle",
            "The evaluation file[ {file}] is not of the cycle needed[: it holds {cycles}][, needed is {needed}].",
            "download the right cycle from e-Kinerja and import it.",
        ],
    ),
    says(
        Code::Pr06,
        [
            "Predikat JPT belum ada",
            "Pejabat pimpinan tinggi ini belum mempunyai predikat[ untuk siklus {cycle}]; datanya berasal dari ekspor unit lain.",
            "minta ekspor penilaian JPT kepada unit yang menilainya, lalu impor.",
        ],
        [
            "JPT without a predikat",
            "This senior official (JPT) has no predikat[ for the cycle {cycle}]; it comes from another unit's export.",
            "ask the unit that assesses JPT for its export and import it.",
        ],
    ),
    says(
        Code::Pr07,
        [
            "Dinilai melewati tenggat",
            "Penilaian dibuat setelah tenggat[: {assessed}, paling lambat {due}].",
            "nilai sebelum tenggat pada siklus berikutnya.",
        ],
        [
            "Assessed after the due day",
            "The assessment was made after the due day[: on {assessed}, due by {due}].",
            "assess before the due day in the next cycle.",
        ],
    ),
    says(
        Code::Pr08,
        [
            "Predikat berubah setelah berkas bayar",
            "Predikat berubah setelah berkas pembayaran diterima[: semula “{before}”][, kini “{predikat}”].",
            "hitung ulang potongan orang ini dengan predikat terakhir.",
        ],
        [
            "Predikat changed after the payment file",
            "The predikat changed after the payment file was received[: it was “{before}”][ and is now “{predikat}”].",
            "compute this person's deduction again with the latest predikat.",
        ],
    ),
    says(
        Code::Pr09,
        [
            "Potongan memakai siklus yang keliru",
            "Potongan di berkas pembayaran cocok dengan predikat siklus lain[ ({cycle}: “{predikat}”)], bukan siklus yang menentukan periode ini[ ({needed})].",
            "pakai predikat dari siklus yang benar, lalu perbaiki potongan.",
        ],
        [
            "Deduction uses the wrong cycle",
            "The deduction in the payment file fits the predikat of another cycle[ ({cycle}: “{predikat}”)] than the one that decides this period[ ({needed})].",
            "use the predikat of the right cycle and correct the deduction.",
        ],
    ),
    says(
        Code::Pr10,
        [
            "Penilai tidak semestinya",
            "Penilainya pegawai itu sendiri, sudah tidak aktif, atau bukan atasan menurut daftar pegawai[: {assessor_reasons}].",
            "perbaiki atasan di e-Kinerja atau di daftar pegawai.",
        ],
        [
            "Assessor is not the superior",
            "The assessor is the employee, no longer active, or not the roster's superior[: {assessor_reasons}].",
            "correct the superior in e-Kinerja or in the roster.",
        ],
    ),
    says(
        Code::Pr11,
        [
            "Predikat kosong berturut-turut",
            "Predikat belum ada selama beberapa siklus berturut-turut[ ({cycles})], mencapai atau hampir mencapai batas aturan[ ({limit} siklus)].",
            "nilai siklus yang tertinggal di e-Kinerja sebelum potongan bertambah.",
        ],
        [
            "Predikat missing for cycles in a row",
            "The predikat has been missing for several cycles in a row[ ({cycles})], at or one short of the rule's limit[ of {limit} cycles].",
            "assess the missed cycles in e-Kinerja before the deduction grows.",
        ],
    ),
    says(
        Code::Pr12,
        [
            "Dua sumber penilaian berbeda",
            "Dua sumber penilaian BKN tidak sepakat tentang siklus yang sama[ ({cycle})][: “{predikat}” dan “{other}”].",
            "cocokkan laporan e-Kinerja dengan riwayat SIASN atau rekap, lalu minta sinkronisasi bila tertinggal.",
        ],
        [
            "Two sources of the predikat disagree",
            "Two BKN sources disagree about the same cycle[ ({cycle})][: “{predikat}” and “{other}”].",
            "compare the e-Kinerja report with the SIASN history or the recap, and ask for a synchronisation if one lags.",
        ],
    ),
    says(
        Code::Pr13,
        [
            "Predikat rendah, perlu tindak lanjut",
            "Predikat Kurang atau Sangat Kurang berturut-turut[ ({cycles})]: aturan meminta tindak lanjut[, yaitu {follow_up}].",
            "siapkan tindak lanjut menurut aturan; Selaras hanya melaporkan, pejabat yang memutuskan.",
        ],
        [
            "Low predikat, follow-up due",
            "The predikat was Kurang or Sangat Kurang repeatedly[ ({cycles})]: regulations ask for a follow-up[, namely {follow_up}].",
            "prepare the follow-up that regulations ask for; Selaras only reports, people decide.",
        ],
    ),
];
