//! The help in Bahasa Indonesia, by its English text. A test holds the two sets equal.

/// English and Indonesian texts.
pub(super) const HELP: &[(&str, &str)] = &[
    (
        "The whole reconciliation on files alone: no store, no network",
        "Seluruh rekonsiliasi dari berkas saja: tanpa penyimpanan, tanpa jaringan",
    ),
    ("Policy file; its holiday lists stand beside it", "Berkas kebijakan; daftar hari libur di folder yang sama"),
    ("Roster", "Daftar pegawai"),
    ("\"Laporan Penilaian SKP\" or \"Rekap Penilaian\"", "\"Laporan Penilaian SKP\" atau \"Rekap Penilaian\""),
    ("\"Laporan SKP\"", "Ekspor \"Laporan SKP\""),
    ("Attendance by person and day", "Presensi per orang per hari"),
    (
        "Logs of attendance devices (attlog.dat); --pins says whose the scans are",
        "Rekaman mesin presensi (attlog.dat); milik siapa, --pins yang menyebutkan",
    ),
    ("Whose the PINs of the devices are", "PIN mesin presensi itu milik siapa"),
    ("Leave and other permits; without it nobody has any", "Cuti dan izin lain; tanpa ini dianggap tidak ada"),
    ("Punishments; without it nobody has any", "Hukuman disiplin; tanpa ini dianggap tidak ada"),
    ("ADK tukin \"daftar bayar\", or the nominatif", "ADK tukin \"daftar bayar\", atau nominatif"),
    (
        "Reconciles BKN e-Kinerja with attendance and tukin payments, and says early whose pay would be late",
        "Mencocokkan e-Kinerja BKN dengan presensi dan pembayaran tukin, dan memberi tahu lebih awal pembayaran siapa yang akan terlambat",
    ),
    ("Configuration file; default: config/selaras.toml where it exists", "Berkas konfigurasi; bawaan: config/selaras.toml bila ada"),
    ("Language of what people read", "Bahasa untuk orang"),
    // Commands.
    ("Copy the store into a file, on either engine", "Salin penyimpanan ke sebuah berkas, dari SQLite maupun PostgreSQL"),
    ("Bring a copy into a new store, on either engine", "Pulihkan salinan ke penyimpanan baru, di SQLite maupun PostgreSQL"),
    ("The copy; `backup` makes it, `restore` reads it", "Berkas salinan; `backup` membuatnya, `restore` membacanya"),
    ("Take what lies in the inbox, once, now", "Ambil isi kotak masuk, sekali, sekarang"),
    ("Run the queries of [[sources.sql]], once, now", "Jalankan kueri [[sources.sql]], sekali, sekarang"),
    ("See it all: a simulated BKN and ministry, reconciled", "Lihat semuanya: BKN dan kementerian tiruan, dicocokkan"),
    ("A stand-in for both BKN surfaces on this machine", "Tiruan kedua layanan BKN di mesin ini"),
    ("The daemon: schedule, pulls, page", "Layanan terus-menerus: jadwal, penarikan, halaman"),
    ("Read files of the ministry or of BKN into the store", "Baca berkas kementerian atau BKN ke penyimpanan"),
    ("Pull from BKN once, now", "Tarik data BKN sekali, sekarang"),
    ("Evaluate what changed, and count verdicts and findings", "Nilai yang berubah, lalu hitung putusan dan temuan"),
    (
        "Write verdicts, findings, completeness, payment list or call list of a period",
        "Tulis putusan, temuan, kelengkapan, daftar bayar atau daftar hubung suatu periode",
    ),
    ("How one verdict came about, down to the source records", "Asal-usul satu putusan, sampai ke catatan sumbernya"),
    ("Validate policy files, and see what one would change", "Periksa berkas kebijakan, dan lihat apa yang akan diubahnya"),
    (
        "Say what a policy would change in past periods: heads and Rupiah. Nothing is stored",
        "Sebutkan apa yang akan diubah sebuah kebijakan pada periode lampau: orang dan Rupiah. Tidak ada yang disimpan",
    ),
    ("Work months, from..to (YYYY-MM..YYYY-MM)", "Bulan kerja, dari..sampai (YYYY-MM..YYYY-MM)"),
    (
        "Say what contradicts, gaps or overlaps in a policy file",
        "Sebutkan yang bertentangan, bolong atau tumpang tindih dalam berkas kebijakan",
    ),
    (
        "Configuration, store, clock, BKN, disk: what is well and what to do",
        "Konfigurasi, penyimpanan, jam, BKN, disk: mana yang beres dan apa yang perlu dilakukan",
    ),
    ("The store's schema", "Skema penyimpanan"),
    ("Bring an empty or older store up to date", "Mutakhirkan penyimpanan yang kosong atau lebih lama"),
    // Shared arguments.
    ("Formats of the report, parted by commas", "Bentuk laporan, dipisah koma"),
    (
        "File, or folder (ends in /, exists as one, or several documents); without it, standard output",
        "Berkas, atau folder (berakhir /, sudah ada sebagai folder, atau beberapa dokumen); tanpa ini, keluaran standar",
    ),
    (
        "Instant that decides about freshness and replay (RFC 3339); default: now",
        "Saat yang menentukan kesegaran dan pemutaran ulang (RFC 3339); bawaan: sekarang",
    ),
    ("Work month (YYYY-MM)", "Bulan kerja (YYYY-MM)"),
    // demo, simulate.
    (
        "Stop after the summary, which then also compares the findings with the planted truth",
        "Berhenti setelah ringkasan, yang sekaligus membandingkan temuan dengan kebenaran yang ditanam",
    ),
    ("Employees of the simulated ministry", "Jumlah pegawai kementerian tiruan"),
    (
        "Seed of the simulated ministry: the same seed gives the same people",
        "Benih kementerian tiruan: benih yang sama memberi orang yang sama",
    ),
    ("Address of the page; default: web.listen", "Alamat halaman; bawaan: web.listen"),
    ("Folder for the store and the files; default: a temporary one", "Folder untuk penyimpanan dan berkas; bawaan: folder sementara"),
    ("Address of both surfaces, on this machine", "Alamat kedua layanan, di mesin ini"),
    (
        "Named fault, on both surfaces or on one (NAME@report, NAME@siasn); `list` shows them all",
        "Nama gangguan, di kedua layanan atau di satu saja (NAMA@report, NAMA@siasn); `list` menampilkan semuanya",
    ),
    (
        "Also write the matching internal files and truth.json into this folder",
        "Tulis juga berkas internal yang cocok dan truth.json ke folder ini",
    ),
    // import.
    ("What the files are", "Jenis berkas"),
    ("Files", "Berkas"),
    ("Work month (YYYY-MM) that the files are for", "Bulan kerja (YYYY-MM) yang diwakili berkas"),
    ("Only read and report; change nothing", "Hanya baca dan laporkan; tidak mengubah apa pun"),
    (
        "Take back what this batch brought; it stays readable as of an earlier instant. May be repeated",
        "Tarik kembali isi batch ini; per waktu sebelumnya tetap terbaca. Boleh diulang",
    ),
    ("Import the good rows of a file that has refused ones", "Impor baris yang baik dari berkas yang sebagian barisnya ditolak"),
    // sync, reconcile.
    ("Work month (YYYY-MM); default: the one that is paid next", "Bulan kerja (YYYY-MM); bawaan: yang dibayar berikutnya"),
    ("Surfaces, parted by commas; default: those that are configured", "Layanan, dipisah koma; bawaan: yang sudah dikonfigurasi"),
    ("Only this person; may be repeated", "Hanya orang ini; boleh diulang"),
    ("Only say what would be asked", "Hanya sebutkan apa yang akan ditanyakan"),
    (
        "Accept answers that lack more people than the vanish limits allow",
        "Terima jawaban yang kehilangan lebih banyak orang daripada batasnya",
    ),
    (
        "Take lists without the rows that cannot be read, however many; see the sample that `sync` and `doctor` show first. \
         Whoever stands in such a row is unknown",
        "Ambil daftar tanpa baris yang tidak terbaca, berapa pun banyaknya; lihat dulu contoh yang ditampilkan `sync` dan `doctor`. \
         Orang dalam baris itu belum diketahui",
    ),
    ("Evaluate everybody, not only whose evidence changed", "Nilai semua orang, bukan hanya yang buktinya berubah"),
    // export, explain, policy.
    ("What to write", "Yang ditulis"),
    ("Whose verdict", "Putusan siapa"),
    ("Policy file", "Berkas kebijakan"),
    // user, token, audit.
    ("Accounts of people", "Akun orang"),
    ("Tokens of programs", "Token program"),
    ("The log of who did what", "Catatan siapa melakukan apa"),
    (
        "Make an account; its password is asked for, or read from standard input",
        "Buat akun; kata sandinya ditanyakan, atau dibaca dari masukan standar",
    ),
    ("Give an account another password; its sessions end", "Ganti kata sandi akun; sesinya diakhiri"),
    (
        "Give an account other roles, and other units when --unit or --all-units says so",
        "Ganti peran akun, dan unitnya bila ada --unit atau --all-units",
    ),
    ("All accounts", "Semua akun"),
    ("Close an account: its sessions end, its tokens open nothing", "Tutup akun: sesinya diakhiri, token-nya tidak berlaku"),
    ("Name of the account", "Nama akun"),
    ("Roles, parted by commas", "Peran, dipisah koma"),
    (
        "Sees people of this unit (kode_unit) only; may be repeated. Without it, everybody",
        "Hanya melihat orang dari unit ini (kode_unit); boleh diulang. Tanpa ini, semua orang",
    ),
    (
        "Sees people of this unit (kode_unit) only; may be repeated. Without it, as before",
        "Hanya melihat orang dari unit ini (kode_unit); boleh diulang. Tanpa ini, tetap seperti semula",
    ),
    ("Name to greet with; default: the account's", "Nama sapaan; bawaan: nama akun"),
    ("Sees people of all units", "Melihat orang dari semua unit"),
    ("Open it again", "Buka lagi"),
    ("Make a token; it is shown once, on standard output", "Buat token; ditampilkan sekali saja, di keluaran standar"),
    ("Take a token back", "Cabut token"),
    ("All tokens, without their secret", "Semua token, tanpa rahasianya"),
    ("What the token is for", "Untuk apa token ini"),
    ("Whose rights it has", "Memakai hak akun mana"),
    (
        "Limits it to these rights, parted by commas; without it, all that the account has",
        "Dibatasi pada hak-hak ini, dipisah koma; tanpa ini, semua hak akun",
    ),
    ("Days until it opens nothing", "Berlaku berapa hari"),
    ("Id of the token", "Id token"),
    (
        "Read the whole audit log and check its chain; exit 1 names the first broken line",
        "Baca seluruh catatan audit dan periksa rantainya; keluar 1 menyebut baris pertama yang rusak",
    ),
    (
        "A head (LINE:HASH) that was kept elsewhere: it must still be a line of the log",
        "Ujung (BARIS:HASH) yang disimpan di tempat lain: harus masih ada di catatan",
    ),
];

/// Names of values.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("FILE", "BERKAS"),
    ("LANG", "BAHASA"),
    ("FORMAT", "BENTUK"),
    ("PATH", "LOKASI"),
    ("PERIOD", "PERIODE"),
    ("PERIODS", "PERIODE"),
    ("ADDR", "ALAMAT"),
    ("DIR", "FOLDER"),
    ("NAME", "NAMA"),
    ("KIND", "JENIS"),
    ("WHAT", "APA"),
    ("SURFACE", "LAYANAN"),
    ("ACCOUNT", "AKUN"),
    ("ROLE", "PERAN"),
    ("RIGHT", "HAK"),
    ("HEAD", "UJUNG"),
];
