//! `contoh-triwulan-jam.toml`: attendance from 16 September to 15 October, the predikat of the third quarter, bands by
//! the time of arrival, gross and net rounded down to a thousand.

use super::*;

const CLEAN: &str = "198501012010011901";
const LATE: &str = "198502022010012902";
const WORSE: &str = "198503032010011903";
const MISSING: &str = "198504042010012904";
const CPNS: &str = "200001012026031905";
const EARLY: &str = "198506062010012906";
const WAITING: &str = "198507072010011907";
const SICK: &str = "198508082010012908";

fn people() -> Vec<Person> {
    vec![
        // absent on days outside the window, 75 minutes late made up in the evening: nothing; 4,595,150 down
        pns(CLEAN, "Andi", 8, (4_595_000, 0, 4_595_000), &[]),
        // 09:10 TL1 1 %, 09:31 TL2 1.25 %, 10:30 TL3 2.5 %: 4.75 %; 5,979,200 × 0.9525 = 5,695,188
        pns(LATE, "Budi", 10, (5_979_000, 284_000, 5_695_000), &["TL1", "TL2", "TL3"]),
        // Kurang 10 % and a day absent in each month of the window, 2 × 5 %: 3,915,950 × 0.8 = 3,132,760
        pns(WORSE, "Citra", 7, (3_915_000, 783_000, 3_132_000), &["absent", "predikat:kurang"]),
        // Butuh Perbaikan 5 %, no check-in TL3 2.5 %, no check-out PSW4 2.5 %: 9,896,000 × 0.9 = 8,906,400
        pns(MISSING, "Dewi", 12, (9_896_000, 990_000, 8_906_000), &["PSW4", "TL3", "predikat:butuh_perbaikan"]),
        // m = 80 %: 2,507,400; came 08:30, left 16:30 instead of 17:00, PSW1 0.5 %: 2,507,400 × 0.995 = 2,494,863
        Person { kind: "CPNS", ..pns(CPNS, "Eka", 5, (2_507_000, 13_000, 2_494_000), &["PSW1"]) },
        // came 06:00 and left 14:30: 90 minutes each, nothing; came 06:30 and left 14:29 instead of 15:00, 31 minutes,
        // PSW2 1 %: 4,595,150 × 0.99 = 4,549,198.5
        pns(EARLY, "Fajar", 8, (4_595_000, 46_000, 4_549_000), &["PSW2"]),
        // no predikat of the quarter, whatever the export of September says: waits, nothing is cut
        Person { verdict: "tertahan", ..pns(WAITING, "Gita", 8, (4_595_000, 0, 4_595_000), &[]) },
        // sick 14–18 September, days 3 to 5 lie in the window, and 12–16 October, days 3 and 4 do:
        // 5 × 2.5 % = 12.5 %; 4,595,150 × 0.875 = 4,020,756.25
        pns(SICK, "Hana", 8, (4_595_000, 575_000, 4_020_000), &["leave:cuti_sakit"]),
    ]
}

fn ministry() -> Ministry {
    let mut ministry = Ministry::of(people());
    ministry.on(CLEAN, "2026-09-07", ";;TIDAK_HADIR");
    ministry.on(CLEAN, "2026-09-15", ";;TIDAK_HADIR");
    ministry.on(CLEAN, "2026-10-16", ";;TIDAK_HADIR");
    ministry.on(CLEAN, "2026-10-20", ";;TIDAK_HADIR");
    ministry.on(CLEAN, "2026-09-16", "08:45;17:15;WFO");
    ministry.on(LATE, "2026-09-17", "09:10;17:30;WFO");
    ministry.on(LATE, "2026-10-14", "09:31;17:30;WFO");
    ministry.on(LATE, "2026-10-05", "10:30;16:00;WFO");
    ministry.on(LATE, "2026-09-14", "11:00;16:00;WFO");
    ministry.on(WORSE, "2026-09-16", ";;TIDAK_HADIR");
    ministry.on(WORSE, "2026-10-15", ";;TIDAK_HADIR");
    ministry.on(MISSING, "2026-09-21", ";16:10;WFO");
    ministry.on(MISSING, "2026-10-01", "07:20;;WFO");
    ministry.on(CPNS, "2026-10-06", "08:30;16:30;WFO");
    ministry.on(EARLY, "2026-09-29", "06:00;14:30;WFO");
    ministry.on(EARLY, "2026-10-07", "06:30;14:29;WFO");
    ministry.away(SICK, "2026-09-14", "2026-09-18");
    ministry.away(SICK, "2026-10-12", "2026-10-16");
    ministry
}

fn standing(ministry: &Ministry) -> Vec<(&'static str, PathBuf)> {
    let quarter = [(WORSE, "Kurang"), (MISSING, "Butuh Perbaikan"), (WAITING, "")];
    vec![
        ("--roster", ministry.roster()),
        (
            "--permits",
            ministry.permits(&[
                &format!("{SICK};cuti_sakit;2026-09-14;2026-09-18;C-1;2026-09-14;Kepala;2026-09-15;"),
                &format!("{SICK};cuti_sakit;2026-10-12;2026-10-16;C-2;2026-10-12;Kepala;1;"),
            ]),
        ),
        ("--evaluation", ministry.evaluation("triwulan-3.csv", "Triwulan III", &quarter)),
        ("--evaluation", ministry.evaluation("september.csv", "Bulanan 9", &[])),
        ("--skp", ministry.skp()),
    ]
}

#[test]
fn everybody_of_a_quarterly_ministry_by_hand() {
    let ministry = ministry();
    let policy = shipped("examples/contoh-triwulan-jam.toml");
    // two files of a calendar month each
    let mut files = standing(&ministry);
    files.push(("--attendance", ministry.attendance("presensi-september.csv", "2026-09-01", "2026-09-30")));
    files.push(("--attendance", ministry.attendance("presensi-oktober.csv", "2026-10-01", "2026-10-31")));
    ministry.both_agree(&policy, &files);
    // one file of the window
    let mut files = standing(&ministry);
    files.push(("--attendance", ministry.attendance("presensi-16-15.csv", "2026-09-16", "2026-10-15")));
    ministry.agrees(&ministry.check(&policy, &files, 0)["verdicts"]);
}

#[test]
fn half_a_window_pays_nobody() {
    let ministry = ministry();
    let policy = shipped("examples/contoh-triwulan-jam.toml");
    let mut files = standing(&ministry);
    files.push(("--attendance", ministry.attendance("presensi-oktober.csv", "2026-10-01", "2026-10-31")));
    let checked = ministry.check(&policy, &files, 3);
    for row in rows(&checked["verdicts"].to_string()) {
        assert_ne!(row["verdict"], "layak", "{row:#}");
        assert!(row["unknown"].as_array().unwrap().contains(&Value::from("attendance")), "{row:#}");
        assert!(row["expected"].is_null(), "half a window is no month: {row:#}");
    }
}

#[test]
fn the_last_month_of_a_quarter_and_the_first_take_different_quarters() {
    // lag 1: December still takes the third quarter, January the fourth
    let policy = selaras::policy::Policy::read(&shipped("examples/contoh-triwulan-jam.toml")).unwrap();
    let cycle = |period: &str| policy.evaluation_cycle(period.parse().unwrap()).to_string();
    assert_eq!(["2026-09", "2026-10", "2026-12", "2027-01"].map(cycle), ["2026-Q2", "2026-Q3", "2026-Q3", "2026-Q4"]);
}
