//! Words for a ministry that does not exist: people, titles, units and positions. Nobody real is meant.

/// Given names of men.
const MEN: &[&str] = &[
    "Adi", "Agus", "Ahmad", "Andi", "Anton", "Arif", "Bambang", "Bayu", "Budi", "Cahyo", "Dedi", "Deni", "Dimas", "Eko", "Fajar", "Fauzan",
    "Gilang", "Hadi", "Hendra", "Heru", "Indra", "Irfan", "Joko", "Kurnia", "Lukman", "Made", "Mulyadi", "Nanda", "Oki", "Putra", "Rahmat",
    "Rangga", "Rizal", "Rudi", "Slamet", "Sigit", "Taufik", "Teguh", "Wahyu", "Yoga", "Yusuf", "Zainal",
];
/// Given names of women.
const WOMEN: &[&str] = &[
    "Aisyah", "Ani", "Anggi", "Ayu", "Bunga", "Citra", "Dewi", "Dian", "Eka", "Elisa", "Endang", "Fitri", "Gita", "Hana", "Indah", "Intan",
    "Kartika", "Laras", "Lestari", "Maya", "Mega", "Murni", "Nadia", "Nina", "Nur", "Putri", "Rahayu", "Ratna", "Rina", "Sari", "Siti",
    "Sri", "Tari", "Tika", "Umi", "Vina", "Wati", "Wulan", "Yanti", "Yuni", "Zahra",
];
/// Second and last names.
const FAMILY: &[&str] = &[
    "Adiputra",
    "Anggraini",
    "Basuki",
    "Budiman",
    "Cahyadi",
    "Darmawan",
    "Firmansyah",
    "Gunawan",
    "Hakim",
    "Handayani",
    "Harahap",
    "Hartono",
    "Hidayat",
    "Hutapea",
    "Iskandar",
    "Kusuma",
    "Lubis",
    "Maulana",
    "Nasution",
    "Nugroho",
    "Permana",
    "Pradana",
    "Prasetyo",
    "Pratama",
    "Purnama",
    "Rahman",
    "Ramadhan",
    "Saputra",
    "Santoso",
    "Setiawan",
    "Simanjuntak",
    "Siregar",
    "Suharto",
    "Sulistyo",
    "Suryadi",
    "Susanto",
    "Sutrisno",
    "Tanjung",
    "Utami",
    "Wibowo",
    "Wicaksono",
    "Widodo",
    "Wijaya",
    "Yulianto",
];
/// Titles before the name.
const FRONT: &[&str] = &["", "", "", "", "", "", "Dr.", "Ir.", "Drs.", "Dr. Ir."];
/// Titles after the name.
const BACK: &[&str] = &[
    "",
    "S.E.",
    "S.H.",
    "S.T.",
    "S.Kom.",
    "S.Sos.",
    "S.IP.",
    "A.Md.",
    "S.E., M.M.",
    "S.T., M.T.",
    "S.H., M.H.",
    "S.Kom., M.Kom.",
    "S.Si., M.Si.",
    "S.P.",
];

/// Fields of work that name units.
const TOPICS: &[&str] = &[
    "Perencanaan Wilayah",
    "Infrastruktur Dasar",
    "Konektivitas",
    "Perumahan",
    "Sumber Daya Air",
    "Pertanahan",
    "Tata Ruang",
    "Transportasi Darat",
    "Transportasi Laut",
    "Transportasi Udara",
    "Kawasan Perbatasan",
    "Daerah Tertinggal",
    "Transmigrasi",
    "Keuangan",
    "Sumber Daya Manusia",
    "Hukum",
    "Hubungan Masyarakat",
    "Data dan Informasi",
    "Umum",
    "Kerja Sama",
    "Pengawasan",
    "Pembiayaan Infrastruktur",
    "Energi Kawasan",
    "Mitigasi Bencana",
    "Industri Kawasan",
];

/// The ministry's name in every answer and file.
pub(super) const MINISTRY: &str = "Kementerian Contoh Pembangunan Kewilayahan";

/// Class, position and BKN's kind of position (2 functional, 4 pelaksana) of people without subordinates.
pub(super) const POSITIONS: &[(u8, &str, u8)] = &[
    (5, "Pengadministrasi Perkantoran", 4),
    (6, "Operator Layanan Operasional", 4),
    (7, "Pengolah Data dan Informasi", 4),
    (7, "Penelaah Teknis Kebijakan", 4),
    (8, "Analis Kebijakan Ahli Pertama", 2),
    (8, "Pranata Komputer Ahli Pertama", 2),
    (8, "Perencana Ahli Pertama", 2),
    (9, "Analis Kebijakan Ahli Muda", 2),
    (9, "Pranata Komputer Ahli Muda", 2),
    (10, "Perencana Ahli Muda", 2),
    (10, "Analis Hukum Ahli Muda", 2),
    (11, "Analis Kebijakan Ahli Madya", 2),
    (12, "Perencana Ahli Madya", 2),
    (13, "Analis Kebijakan Ahli Utama", 2),
];

/// How common each of [`POSITIONS`] is.
pub(super) const POSITION_WEIGHTS: &[usize] = &[6, 8, 12, 14, 12, 10, 8, 8, 5, 6, 4, 4, 2, 1];

/// The parts of a name.
pub(super) fn name(woman: bool, pick: &mut impl FnMut(usize) -> usize) -> String {
    let given = if woman { WOMEN } else { MEN };
    let first = given[pick(given.len())];
    let last = FAMILY[pick(FAMILY.len())];
    if pick(3) == 0 {
        let middle = given[pick(given.len())];
        if middle != first {
            return format!("{first} {middle} {last}");
        }
    }
    format!("{first} {last}")
}

/// Titles before and after a name.
pub(super) fn titles(pick: &mut impl FnMut(usize) -> usize) -> (&'static str, &'static str) {
    (FRONT[pick(FRONT.len())], BACK[pick(BACK.len())])
}

/// The same name with another last name: more than titles differs (ID04).
pub(super) fn misspelt(name: &str) -> String {
    let (rest, last) = name.rsplit_once(' ').unwrap_or(("", name));
    let at = FAMILY.iter().position(|known| *known == last).unwrap_or(0);
    format!("{rest} {}", FAMILY[(at + 1) % FAMILY.len()])
}

/// The name of the `index`-th unit of a rank.
pub(super) fn unit(rank: &str, index: usize) -> String {
    let topic = TOPICS[index % TOPICS.len()];
    match index / TOPICS.len() {
        0 => format!("{rank} {topic}"),
        round => format!("{rank} {topic} {}", round + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::name_key;

    #[test]
    fn titles_never_change_a_name() {
        for given in MEN.iter().chain(WOMEN) {
            for family in FAMILY {
                let bare = format!("{given} {family}");
                assert_eq!(name_key(&bare), format!("{given}{family}").to_lowercase(), "{bare} holds a word that is a title");
            }
        }
        for front in FRONT {
            for back in BACK {
                assert_eq!(name_key(&format!("{front} Budi Santoso, {back}")), "budisantoso", "{front} {back}");
            }
        }
    }

    #[test]
    fn a_misspelt_name_is_another_name() {
        for family in FAMILY {
            let name = format!("Siti {family}");
            assert_ne!(name_key(&misspelt(&name)), name_key(&name));
        }
    }
}
