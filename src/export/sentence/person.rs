//! Who a person is, whether they are in the roster, their class and status.

use super::Entry;
use super::says;
use crate::domain::finding::Code;

pub(super) static SAYS: &[Entry] = &[
    says(
        Code::Id01,
        [
            "NIP tidak terbaca",
            "Sumber data memuat NIP yang tidak terbaca[ pada {place}].",
            "perbaiki NIP di sumbernya menjadi 18 angka, lalu kirim ulang.",
        ],
        [
            "NIP cannot be read",
            "The source holds a NIP that cannot be read[ in {place}].",
            "correct the NIP in the source to its 18 digits and send it again.",
        ],
    ),
    says(
        Code::Id02,
        [
            "NIK di tempat NIP",
            "Kolom NIP berisi NIK (16 angka), bukan NIP[: {place}].",
            "ganti NIK itu dengan NIP 18 angka, lalu impor ulang berkasnya.",
        ],
        [
            "NIK in place of a NIP",
            "The NIP column holds a NIK (16 digits) instead of a NIP[: {place}].",
            "put the 18-digit NIP in its place and import the file again.",
        ],
    ),
    says(
        Code::Id03,
        [
            "NIP ganda, isinya berbeda",
            "NIP ini muncul lebih dari sekali dalam satu sumber dengan isi yang berbeda[ pada kolom {field}].",
            "tentukan baris yang benar, hapus yang lain di sumbernya, lalu impor ulang.",
        ],
        [
            "One NIP twice with different values",
            "This NIP appears more than once in one source with different values[ in the field {field}].",
            "decide which row is right, remove the other in the source and import again.",
        ],
    ),
    says(
        Code::Id04,
        [
            "Nama berbeda antarsumber",
            "Nama tidak sama di semua sumber[: daftar pegawai menulis “{roster_name}”, sumber lain menulis “{other_name}”].",
            "pastikan NIP dan orangnya cocok, lalu samakan penulisan nama.",
        ],
        [
            "Name differs between sources",
            "The name is not the same everywhere[: the roster has “{roster_name}”, another source “{other_name}”].",
            "make sure that NIP and person belong together, then spell the name alike.",
        ],
    ),
    says(
        Code::Id05,
        [
            "PIN mesin presensi tanpa pemilik",
            "PIN mesin presensi[ {pin}] belum dipasangkan dengan NIP, atau dipasangkan dengan lebih dari satu NIP.",
            "perbaiki daftar PIN, lalu impor ulang daftar itu.",
        ],
        [
            "Device PIN without a single owner",
            "An attendance device PIN[ {pin}] has no NIP, or more than one.",
            "correct the PIN list and import it again.",
        ],
    ),
    says(
        Code::Id06,
        ["NIP janggal", "NIP ini 18 angka, tetapi isinya janggal[: {oddity}].", "cocokkan NIP dengan SK pegawai."],
        [
            "NIP looks odd",
            "This NIP has 18 digits, but something in it cannot be right[: {oddity}].",
            "compare the NIP with the employee's decree.",
        ],
    ),
    says(
        Code::Ro01,
        [
            "Dibayar, tidak ada di daftar pegawai",
            "Orang ini ada di berkas pembayaran, tetapi tidak ada di daftar pegawai periode ini.",
            "masukkan ke daftar pegawai bila memang berhak; bila tidak, minta PPABP mengeluarkannya dari berkas pembayaran.",
        ],
        [
            "Paid, but not in the roster",
            "This person is in the payment file but not in the roster of the period.",
            "add the person to the roster if entitled; otherwise ask finance to take the row out of the payment file.",
        ],
    ),
    says(
        Code::Ro02,
        [
            "Berhak, tidak ada di berkas pembayaran",
            "Pegawai ini berhak menurut daftar pegawai, tetapi tidak ada di berkas pembayaran periode ini.",
            "tambahkan barisnya ke berkas pembayaran sebelum diunggah.",
        ],
        [
            "Entitled, but not in the payment file",
            "The roster entitles this employee, but the payment file of the period has no row.",
            "add the row to the payment file before it is uploaded.",
        ],
    ),
    says(
        Code::Ro03,
        [
            "Mutasi di tengah periode",
            "Pegawai ini hanya sebagian periode berada di instansi atau unit ini[ (status: {status})][ (menurut BKN pindah instansi mulai {day})].",
            "putuskan instansi atau unit mana yang membayar, lalu catat status dan TMT-nya di daftar pegawai.",
        ],
        [
            "Moved within the period",
            "This employee belongs to this agency or unit for only part of the period[ (status: {status})][ (by BKN, moved between agencies on {day})].",
            "decide which agency or unit pays, then record status and date in the roster.",
        ],
    ),
    says(
        Code::Ro04,
        [
            "Ada di BKN, tidak ada di daftar pegawai",
            "BKN mencatat orang ini di instansi ini, tetapi daftar pegawai tidak memuatnya.",
            "periksa apakah daftar pegawai tertinggal atau data BKN belum dimutakhirkan.",
        ],
        [
            "Known to BKN, not in the roster",
            "BKN lists this person for this agency, but the roster does not.",
            "find out whether the roster or BKN's record is out of date.",
        ],
    ),
    says(
        Code::Cl01,
        [
            "Kelas jabatan pembayaran berbeda",
            "Kelas jabatan di berkas pembayaran berbeda dari daftar pegawai[: dibayar sebagai kelas {payment_class}, tercatat kelas {roster_class}].",
            "tentukan kelas yang benar menurut SK, lalu perbaiki daftar pegawai atau minta PPABP memperbaiki pembayaran.",
        ],
        [
            "Class in the payment file differs",
            "The payment file has another class than the roster[: paid as class {payment_class}, recorded as class {roster_class}].",
            "decide by the decree which class is right, then correct the roster or have finance correct the payment.",
        ],
    ),
    says(
        Code::Cl02,
        [
            "Kelas jabatan belum ada",
            "Kelas jabatan kosong, tidak ada di tabel tarif, atau SK-nya belum berlaku, sehingga tukin belum dapat dihitung.",
            "isi kelas jabatan dan TMT kelas menurut SK di daftar pegawai, lalu impor ulang.",
        ],
        [
            "Class missing",
            "The class is empty, not in the tariff, or its decree is not yet in force, so the tukin cannot be computed.",
            "enter class and date of the decree in the roster and import it again.",
        ],
    ),
    says(
        Code::Cl03,
        [
            "Bruto tidak sesuai tarif",
            "Bruto di berkas pembayaran tidak sama dengan tarif kelasnya[: dibayar {paid_gross}][, seharusnya {tariff}][ untuk kelas {class}].",
            "perbaiki nilai bruto di berkas pembayaran menurut tabel tarif.",
        ],
        [
            "Gross differs from the tariff",
            "The gross in the payment file is not the tariff of the class[: paid {paid_gross}][, due {tariff}][ for class {class}].",
            "correct the gross in the payment file by the tariff.",
        ],
    ),
    says(
        Code::Cl04,
        [
            "Plt/Plh dibayar tanpa SK berlaku",
            "Tambahan Plt/Plh dibayarkan, tetapi tidak ada SK yang berlaku[: {why}].",
            "lengkapi SK Plt/Plh di daftar pegawai, atau minta PPABP mengeluarkan tambahan itu.",
        ],
        [
            "Plt/Plh paid without a valid decree",
            "An acting (Plt/Plh) supplement is paid, but no decree is in force[: {why}].",
            "enter the decree in the roster, or have finance take the supplement out.",
        ],
    ),
    says(
        Code::St01,
        [
            "CPNS/PNS dibayar dengan pengali keliru",
            "Pengali pembayaran keliru: CPNS dibayar penuh, atau PNS dibayar sebagai CPNS[ (status {status})][; pengali yang benar {multiplier}].",
            "periksa TMT PNS, lalu perbaiki daftar pegawai atau minta PPABP memperbaiki bruto.",
        ],
        [
            "CPNS paid in full, or PNS as CPNS",
            "The wrong multiplier was used: a CPNS is paid in full, or a PNS as a CPNS[ (status {status})][; the right multiplier is {multiplier}].",
            "check the date of PNS appointment, then correct the roster or have finance correct the gross.",
        ],
    ),
    says(
        Code::St02,
        [
            "Dibayar padahal tidak berhak",
            "Berkas pembayaran memuat orang ini, padahal menurut aturan tidak berhak atas tukin periode ini[ (status: {status})].",
            "keluarkan barisnya dari berkas pembayaran; bila statusnya keliru, minta Unit SDM memperbaiki daftar pegawai.",
        ],
        [
            "Paid although not entitled",
            "The payment file pays this person, who is not entitled to tukin for this period[ (status: {status})].",
            "take the row out of the payment file; if the status is wrong, ask HR to correct the roster.",
        ],
    ),
    says(
        Code::St03,
        [
            "Tugas belajar dibayar seperti aktif",
            "Pegawai tugas belajar ini dibayar seperti pegawai aktif.",
            "minta PPABP memakai kelas dan tarif tugas belajar, atau perbaiki status di daftar pegawai.",
        ],
        [
            "Study assignment paid as active",
            "This employee is on a study assignment but is paid as an active one.",
            "have finance use the class and tariff for study assignments, or correct the status in the roster.",
        ],
    ),
    says(
        Code::St04,
        [
            "Terlalu lama berstatus CPNS",
            "Pegawai ini berstatus CPNS lebih lama dari batas wajar[: {months} bulan][, batasnya {limit} bulan].",
            "periksa apakah SK PNS sudah terbit dan belum dicatat.",
        ],
        [
            "CPNS for too long",
            "This employee has been a CPNS for longer than usual[: {months} months][, the limit is {limit} months].",
            "check whether the PNS decree exists and was not recorded.",
        ],
    ),
    says(
        Code::St05,
        [
            "Status berbeda dengan BKN",
            "Status di daftar pegawai bertentangan dengan kedudukan hukum di BKN[: {status}][, di BKN “{bkn}”].",
            "pastikan status yang benar, lalu mutakhirkan daftar pegawai atau data BKN.",
        ],
        [
            "Status contradicts BKN",
            "The roster's status contradicts the legal standing (kedudukan hukum) at BKN[: {status}][, at BKN “{bkn}”].",
            "find out which status is right, then update the roster or BKN's record.",
        ],
    ),
];
