//! `contoh-berbobot-70-30.toml`: f = 0.7·p·(1 − Dk) + 0.3·(1 − Dh) − Dt, net = T·m·f rounded to the Rupiah.

use super::*;

const CLEAN: &str = "198501012010011901";
const LATE: &str = "198502022010012902";
const BETTER: &str = "198503032010011903";
const WORSE: &str = "198504042010012904";
const CPNS: &str = "200001012026031905";
const LONG_LEAVE: &str = "198506062010012906";
const WAITING: &str = "198507072010011907";
const PUNISHED: &str = "198508082010012908";
const PART_LEAVE: &str = "198509092010011909";
const CEREMONY: &str = "198510102010012910";
const EDGE: &str = "198511112010011911";

fn people() -> Vec<Person> {
    vec![
        // Baik pays 100 %: f = 1
        pns(CLEAN, "Andi", 8, (4_595_150, 0, 4_595_150), &[]),
        // one day absent 3 % and 90 − 60 minutes late × 0.01 % = 0.3 %: f = 0.7 + 0.3 × 0.967 = 0.9901;
        // 4,595,150 × 0.9901 = 4,549,658.015
        pns(LATE, "Budi", 8, (4_595_150, 45_492, 4_549_658), &["absent", "late"]),
        // Butuh Perbaikan pays 85 %: f = 0.7 × 0.85 + 0.3 = 0.895; 5,979,200 × 0.895 = 5,351,384
        pns(BETTER, "Citra", 10, (5_979_200, 627_816, 5_351_384), &["predikat:butuh_perbaikan"]),
        // Sangat Kurang pays 60 %; one check-out missing 1 % and a day without any scan, two events, 2 %:
        // f = 0.7 × 0.6 + 0.3 × 0.97 = 0.711; 3,915,950 × 0.711 = 2,784,240.45
        pns(WORSE, "Dewi", 7, (3_915_950, 1_131_710, 2_784_240), &["no_check_in", "no_check_out", "predikat:sangat_kurang"]),
        // m = 80 %: 3,134,250 × 0.8 = 2,507,400; left 20 minutes early, no tolerance in the evening, 0.2 %:
        // f = 0.7 + 0.3 × 0.998 = 0.9994; 2,507,400 × 0.9994 = 2,505,895.56
        Person { kind: "CPNS", ..pns(CPNS, "Eka", 5, (2_507_400, 1_504, 2_505_896), &["early_leave"]) },
        // the whole of October is the second month of cuti besar, 75 % of the total: f = 1 − 0.75;
        // 4,595,150 × 0.25 = 1,148,787.5, and halves go up
        pns(LONG_LEAVE, "Fajar", 8, (4_595_150, 3_446_362, 1_148_788), &["leave:cuti_besar"]),
        // no predikat: the payment waits, nothing is cut
        Person { verdict: "tertahan", ..pns(WAITING, "Gita", 8, (4_595_150, 0, 4_595_150), &[]) },
        // four days absent, 12 %, and a punishment of 25 % of the total: f = 0.7 + 0.3 × 0.88 − 0.25 = 0.714;
        // 9,896,000 × 0.714 = 7,065,744
        pns(PUNISHED, "Hadi", 12, (9_896_000, 2_830_256, 7_065_744), &["absent", "discipline:sedang_1"]),
        // cuti besar from 19 October, first month 50 %, 10 of 22 working days: f = 1 − 0.5 × 10/22 = 17/22;
        // 4,595,150 × 17/22 = 3,550,797.72…
        pns(PART_LEAVE, "Indra", 8, (4_595_150, 1_044_352, 3_550_798), &["leave:cuti_besar"]),
        // one ceremony missed, 3 %: f = 0.7 + 0.3 × 0.97 = 0.991; 4,595,150 × 0.991 = 4,553,793.65
        pns(CEREMONY, "Joko", 8, (4_595_150, 41_356, 4_553_794), &["missed_ceremony"]),
        // 60 minutes late are tolerated, the 61st costs 0.01 %; Sangat Baik pays 100 %, not more:
        // f = 0.7 + 0.3 × 0.9999 = 0.99997; 2,531,250 × 0.99997 = 2,531,174.0625
        pns(EDGE, "Kiki", 1, (2_531_250, 76, 2_531_174), &["late"]),
    ]
}

fn ministry() -> Ministry {
    let mut ministry = Ministry::of(people());
    ministry.on(LATE, "2026-10-06", ";;TIDAK_HADIR");
    ministry.on(LATE, "2026-10-07", "09:00;16:00;WFO");
    ministry.on(WORSE, "2026-10-08", "07:20;;WFO");
    ministry.on(WORSE, "2026-10-12", ";;WFO");
    ministry.on(CPNS, "2026-10-13", "07:30;15:40;WFO");
    for at in day("2026-10-01").iter_days().take(31) {
        ministry.on(LONG_LEAVE, &at.to_string(), ";;CUTI");
    }
    for absent in ["2026-10-05", "2026-10-14", "2026-10-20", "2026-10-26"] {
        ministry.on(PUNISHED, absent, ";;TIDAK_HADIR");
    }
    ministry.away(PART_LEAVE, "2026-10-19", "2026-10-31");
    ministry.on(EDGE, "2026-10-21", "08:30;16:00;WFO");
    ministry.on(EDGE, "2026-10-22", "08:31;16:00;WFO");
    ministry
}

fn files(ministry: &Ministry) -> Vec<(&'static str, PathBuf)> {
    let labels = [(BETTER, "Butuh Perbaikan"), (WORSE, "Sangat Kurang"), (WAITING, ""), (EDGE, "Sangat Baik")];
    let recap = format!("nip;bulan;tahun;hari_kerja;tidak_ikut_upacara\n{CEREMONY};10;2026;22;1\n");
    let punished =
        format!("nip;nomor_sk;tanggal_sk;tingkat;jenis;persen;mulai;bulan\n{PUNISHED};SK-1;2026-07-15;sedang_1;potongan tukin;;;\n");
    vec![
        ("--roster", ministry.roster()),
        ("--attendance", ministry.attendance("presensi.csv", "2026-10-01", "2026-10-31")),
        ("--attendance", ministry.write("rekap.csv", &recap)),
        (
            "--permits",
            ministry.permits(&[
                &format!("{LONG_LEAVE};cuti_besar;2026-09-01;2026-11-30;C-1;2026-08-20;Sekretaris;;"),
                &format!("{PART_LEAVE};cuti_besar;2026-10-19;2026-12-18;C-2;2026-10-01;Sekretaris;;"),
            ]),
        ),
        ("--discipline", ministry.write("hukdis.csv", &punished)),
        ("--evaluation", ministry.evaluation("laporan-penilaian.csv", "Bulanan 10", &labels)),
        ("--skp", ministry.skp()),
    ]
}

#[test]
fn everybody_of_a_weighted_ministry_by_hand() {
    let ministry = ministry();
    let files = files(&ministry);
    let policy = shipped("examples/contoh-berbobot-70-30.toml");
    let checked = ministry.both_agree(&policy, &files);
    // PR01 alone waits, whatever else was found costs money or informs
    let held = rows(&checked["findings"].to_string());
    let held: Vec<&str> = held.iter().filter(|row| row["severity"] == "block").map(|row| row["code"].as_str().unwrap()).collect();
    assert_eq!(held, ["PR01"]);
}

#[test]
fn attendance_never_eats_the_performance_part() {
    // 22 days absent × 3 % = 66 % of the attendance part; with 40 % a day it is used up at the floor of zero and the
    // performance part stays: 4,595,150 × 0.7 = 3,216,605
    let mut ministry =
        Ministry::of(vec![Person { verdict: "tertahan", ..pns(CLEAN, "Andi", 8, (4_595_150, 1_378_545, 3_216_605), &["absent"]) }]);
    for at in day("2026-10-01").iter_days().take(31).filter(|at| !matches!(at.weekday(), Weekday::Sat | Weekday::Sun)) {
        ministry.on(CLEAN, &at.to_string(), ";;TIDAK_HADIR");
    }
    let text = std::fs::read_to_string(shipped("examples/contoh-berbobot-70-30.toml")).unwrap();
    let dear = text.replacen("kind = \"absent\"\npercent = \"3\"", "kind = \"absent\"\npercent = \"40\"", 1);
    assert_ne!(text, dear);
    let list = shipped("national-holidays-2026.toml");
    let policy = ministry.write("kebijakan.toml", &dear.replace("../national-holidays-2026.toml", list.to_str().unwrap()));
    let files = [
        ("--roster", ministry.roster()),
        ("--attendance", ministry.attendance("presensi.csv", "2026-10-01", "2026-10-31")),
        ("--evaluation", ministry.evaluation("laporan-penilaian.csv", "Bulanan 10", &[])),
        ("--skp", ministry.skp()),
    ];
    // AB04, a month without a trace, holds the payment
    ministry.agrees(&ministry.check(&policy, &files, 0)["verdicts"]);
}
