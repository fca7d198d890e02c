//! The main example with attendance from the 21st to the 20th and minutes summed over that month: the band is looked up
//! once, for the sum of both files.

use super::*;

const CLEAN: &str = "198501012010011901";
const TWICE: &str = "198502022010012902";
const ONE_LESS: &str = "198503032010011903";
const BOTH_ENDS: &str = "198504042010012904";

fn people() -> Vec<Person> {
    vec![
        // late outside the window only: nothing
        pns(CLEAN, "Andi", 8, (4_595_150, 0, 4_595_150), &[]),
        // 15 minutes on 21 September and 16 on 20 October are 31: TM2 1 %; 4,595,150 × 0.99 = 4,549,198.5
        pns(TWICE, "Budi", 8, (4_595_150, 45_951, 4_549_199), &["TM2"]),
        // 15 and 15 are 30: TM1 0.5 %; 4,595,150 × 0.995 = 4,572,174.25
        pns(ONE_LESS, "Citra", 8, (4_595_150, 22_976, 4_572_174), &["TM1"]),
        // 40 + 60 minutes late are 100, TM4 2 %, and 1 + 90 left early are 91, PC4 2 %; 2 % of the month, not four bands:
        // 3,915,950 × 0.96 = 3,759,312
        pns(BOTH_ENDS, "Dewi", 7, (3_915_950, 156_638, 3_759_312), &["PC4", "TM4"]),
    ]
}

/// The main example with these hours; `edits` must occur.
fn policy(ministry: &Ministry) -> PathBuf {
    let text = std::fs::read_to_string(shipped("contoh-kemenko-infra.toml")).unwrap();
    let edits = [
        ("attendance_from_day = 1 ", "attendance_from_day = 21 "),
        ("attendance_to_day = 0 ", "attendance_to_day = 20 "),
        ("mode = \"compensate_same_day\"", "mode = \"none\""),
        ("band_scope = \"per_day\"", "band_scope = \"cumulative_month\""),
    ];
    let text = edits.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "the example has no `{from}`");
        text.replacen(from, to, 1)
    });
    std::fs::copy(shipped("national-holidays-2026.toml"), ministry.path("national-holidays-2026.toml")).unwrap();
    ministry.write("kebijakan-21-20.toml", &text)
}

#[test]
fn minutes_of_two_files_make_one_band() {
    let mut ministry = Ministry::of(people());
    ministry.on(CLEAN, "2026-09-18", "09:00;16:30;WFO");
    ministry.on(CLEAN, "2026-10-21", "09:00;16:00;WFO");
    ministry.on(TWICE, "2026-09-21", "07:45;16:00;WFO");
    ministry.on(TWICE, "2026-10-20", "07:46;16:00;WFO");
    ministry.on(ONE_LESS, "2026-09-21", "07:45;16:00;WFO");
    ministry.on(ONE_LESS, "2026-10-20", "07:45;16:00;WFO");
    ministry.on(BOTH_ENDS, "2026-09-30", "08:10;15:59;WFO");
    ministry.on(BOTH_ENDS, "2026-10-01", "08:30;14:30;WFO");
    let policy = policy(&ministry);
    let files = vec![
        ("--roster", ministry.roster()),
        ("--attendance", ministry.attendance("presensi-september.csv", "2026-09-01", "2026-09-30")),
        ("--attendance", ministry.attendance("presensi-oktober.csv", "2026-10-01", "2026-10-31")),
        ("--evaluation", ministry.evaluation("september.csv", "Bulanan 9", &[])),
        ("--skp", ministry.skp()),
    ];
    ministry.both_agree(&policy, &files);
}
