//! Amounts, accounts, periods, and what was not known.

use super::Entry;
use super::says;
use crate::domain::finding::Code;

pub(super) static SAYS: &[Entry] = &[
    says(
        Code::Am01,
        [
            "Jumlah bersih berbeda dari hitungan",
            "Jumlah bersih di berkas pembayaran tidak sama dengan hasil hitung ulang[: dibayar {paid}, seharusnya {expected}][, selisih {difference}].",
            "telusuri perhitungannya, lalu perbaiki potongan atau bruto di berkas pembayaran.",
        ],
        [
            "Net differs from the computed net",
            "The net in the payment file is not the recomputed one[: paid {paid}, due {expected}][, difference {difference}].",
            "follow the computation, then correct deduction or gross in the payment file.",
        ],
    ),
    says(
        Code::Am02,
        [
            "Hitungan berkas pembayaran tidak klop",
            "Bruto dikurangi potongan tidak sama dengan bersih, atau baris TOTAL keliru[ di {file}][: bruto {gross}, potongan {deduction}, bersih {net}][: tertulis {stated}, jumlah barisnya {summed}].",
            "perbaiki angka di berkas pembayaran sehingga klop, lalu impor ulang.",
        ],
        [
            "The payment file does not add up",
            "Gross less deduction is not net, or the TOTAL line is wrong[ in {file}][: gross {gross}, deduction {deduction}, net {net}][: stated {stated}, the rows sum to {summed}].",
            "correct the figures in the payment file and import it again.",
        ],
    ),
    says(
        Code::Am03,
        [
            "Potongan negatif atau melebihi bruto",
            "Potongan negatif atau lebih besar dari bruto[: potongan {deduction}, bruto {gross}].",
            "perbaiki nilai potongan di berkas pembayaran.",
        ],
        [
            "Deduction negative or above gross",
            "The deduction is negative or larger than the gross[: deduction {deduction}, gross {gross}].",
            "correct the deduction in the payment file.",
        ],
    ),
    says(
        Code::Am04,
        [
            "Tidak ada potongan sama sekali",
            "Berkas pembayaran[ {file}] tidak memotong seorang pun, padahal ada potongan yang seharusnya dikenakan.",
            "pastikan kolom potongan terisi, lalu buat ulang berkas pembayaran.",
        ],
        [
            "No deduction for anyone",
            "The payment file[ {file}] deducts nothing from anyone although deductions were due.",
            "make sure that the deduction column is filled, then make the file again.",
        ],
    ),
    says(
        Code::Bk01,
        [
            "Rekening atau bank bermasalah",
            "Nomor rekening kosong, atau kode bank tidak cocok dengan nama bank[ ({reason})].",
            "lengkapi atau perbaiki data rekening di berkas pembayaran.",
        ],
        [
            "Account missing or bank contradicts",
            "The account is missing, or bank code and bank name contradict each other[ ({reason})].",
            "complete or correct the account in the payment file.",
        ],
    ),
    says(
        Code::Bk02,
        [
            "Satu rekening untuk dua NIP",
            "Rekening ini[ ({accounts})] dipakai lebih dari satu NIP[, juga oleh {others}].",
            "minta bukti rekening masing-masing pegawai, lalu perbaiki yang keliru.",
        ],
        [
            "One account for two NIPs",
            "This account[ ({accounts})] is used for more than one NIP[, also for {others}].",
            "ask each employee for proof of the account and correct the wrong one.",
        ],
    ),
    says(
        Code::Bk03,
        [
            "Bank berbeda dalam satu ADK",
            "Bank orang ini berbeda dari bank mayoritas dalam satu ADK.",
            "pindahkan barisnya ke ADK untuk bank itu.",
        ],
        [
            "More than one bank in one ADK",
            "This person's bank differs from that of most rows in the same ADK.",
            "move the row to an ADK of its own bank.",
        ],
    ),
    says(
        Code::Pe01,
        [
            "Baris untuk bulan kerja lain",
            "Baris pembayaran ini untuk bulan kerja lain[: {awal}][, sedangkan periodenya {period}].",
            "perbaiki Bulan/Tahun Awal, atau pindahkan baris ke periode yang benar.",
        ],
        [
            "Row belongs to another work month",
            "This payment row is for another work month[: {awal}][, while the period is {period}].",
            "correct the first month and year (Bulan/Tahun Awal), or move the row to its period.",
        ],
    ),
    says(
        Code::Pe02,
        [
            "Dibayar dua kali untuk satu bulan",
            "Ada lebih dari satu pembayaran untuk bulan kerja yang sama.",
            "hapus baris yang berlebih, atau buktikan bahwa itu rapel.",
        ],
        [
            "Paid twice for one work month",
            "There is more than one payment for the same work month.",
            "remove the surplus row, or show that it is arrears (rapel).",
        ],
    ),
    says(
        Code::Pe03,
        [
            "Melewati batas KPPN, jadi susulan",
            "Temuan yang menahan belum selesai sampai melewati hari batas KPPN[ ({deadline})]; pembayaran orang ini menjadi susulan.",
            "siapkan orang ini untuk SPP susulan.",
        ],
        [
            "Past the KPPN day, becomes susulan",
            "What holds this payment is still open past the KPPN day[ ({deadline})]; it will be paid later (susulan).",
            "prepare this person for a later (susulan) payment order.",
        ],
    ),
    says(
        Code::Sr01,
        [
            "Data wajib belum ditanyakan",
            "Data wajib belum pernah diambil atau diimpor[: {kind}].",
            "jalankan sinkronisasi, atau impor berkasnya.",
        ],
        ["Required data never asked for", "Required data was never pulled or imported[: {kind}].", "run a sync, or import the file."],
    ),
    says(
        Code::Sr02,
        [
            "Data wajib gagal diambil",
            "Data wajib gagal diambil atau dikarantina[: {kind}][ ({reason})].",
            "hilangkan sebabnya (lihat perintah doctor), lalu sinkronkan ulang.",
        ],
        [
            "Required data failed",
            "Required data could not be pulled or was quarantined[: {kind}][ ({reason})].",
            "remove the cause (see the doctor command), then sync again.",
        ],
    ),
    says(
        Code::Sr03,
        [
            "Data wajib sudah basi",
            "Data wajib lebih tua dari umur yang diizinkan[: {kind}].",
            "sinkronkan ulang, atau impor berkas terbaru.",
        ],
        ["Required data is too old", "Required data is older than its max age[: {kind}].", "sync again, or import a newer file."],
    ),
    says(
        Code::Sr04,
        [
            "Data BKN hilang atau ditarik",
            "Data yang sebelumnya ada di BKN kini tidak ada lagi[: {kind}].",
            "tanyakan kepada pegawai atau penilainya mengapa datanya hilang di e-Kinerja.",
        ],
        [
            "Evidence vanished at BKN",
            "Data that BKN had earlier is no longer there[: {kind}].",
            "ask the employee or assessor why it is gone from e-Kinerja.",
        ],
    ),
    says(
        Code::Sr05,
        [
            "Jawaban BKN untuk NIP lain",
            "BKN menjawab dengan data NIP lain dari yang ditanyakan[: {kind}].",
            "sinkronkan ulang; bila berulang, laporkan ke BKN.",
        ],
        [
            "BKN answered for another NIP",
            "BKN answered with another NIP's data than was asked for[: {kind}].",
            "sync again; if it repeats, report it to BKN.",
        ],
    ),
];
