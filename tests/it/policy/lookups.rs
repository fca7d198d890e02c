//! What the rules ask of a policy, and how they cite it.

use super::*;
use selaras::domain::Percent;
use selaras::domain::Period;
use selaras::domain::Severity;
use selaras::domain::leave::PermitKind;
use selaras::policy::EventKind;
use selaras::policy::MinuteKind;

#[test]
fn rules_are_found_by_kind() {
    let policy = example();
    let file = &policy.file;
    let late = file.band_rule(MinuteKind::Late).unwrap();
    let code = |minutes| late.band_of(minutes, selaras::policy::BandBoundary::UpperExclusive).map(|band| band.code.as_str());
    let edges =
        [(0, None), (1, Some("TM1")), (30, Some("TM1")), (31, Some("TM2")), (90, Some("TM3")), (91, Some("TM4")), (u32::MAX, Some("TM4"))];
    for (minutes, expected) in edges {
        assert_eq!(code(minutes), expected, "{minutes}");
    }
    let (rule, band) = file.band_by_code(file.event_rule(EventKind::NoCheckOut).unwrap().treat_as.as_deref().unwrap()).unwrap();
    assert_eq!((rule.kind, band.percent), (MinuteKind::EarlyLeave, Percent::whole(2)));
    assert!(file.band_by_code("TM9").is_none());
    assert!(file.linear_rule(MinuteKind::Late).is_none());
    assert_eq!(file.leave_rule(PermitKind::CutiBesar).unwrap().deduct_by_month.len(), 3);
    assert_eq!(file.status_rule("tugas_belajar").unwrap().fixed_class, Some(7));
    assert!(file.status_rule("pns").is_none());
    assert_eq!(file.level(" Sedang_2 ").unwrap().months, 9);
    assert_eq!(file.severity_of(selaras::domain::Code::Id04), Some(Severity::Info));
    assert_eq!(file.severity_of(selaras::domain::Code::Pr02), None);
    assert_eq!(file.performance.predikat_of_label(" Kurang/MISCONDUCT"), Some(Predikat::Kurang));
    assert_eq!(file.performance.predikat_of_label("Istimewa"), None);
}

#[test]
fn the_matrix_is_the_national_one() {
    use selaras::domain::Rating;
    let performance = example().file.performance;
    for hasil in Rating::ALL {
        for perilaku in Rating::ALL {
            assert_eq!(performance.predikat_of_ratings(hasil, perilaku), Some(Predikat::from_ratings(hasil, perilaku)));
        }
    }
}

#[test]
fn hours_know_ramadan() {
    let file = example().file;
    let hours =
        |day: &str| file.hours_on(day.parse().unwrap()).map(|(start, end)| format!("{} {}", start.format("%H:%M"), end.format("%H:%M")));
    assert_eq!(hours("2026-02-18").as_deref(), Some("07:30 16:00"));
    assert_eq!(hours("2026-02-19").as_deref(), Some("08:00 15:00"));
    assert_eq!(hours("2026-02-20").as_deref(), Some("08:00 15:30"));
    assert_eq!(hours("2026-03-27").as_deref(), Some("07:30 16:30"));
    assert_eq!(hours("2026-02-21"), None);
    assert_eq!(file.ramadan_on("2026-03-20".parse().unwrap()).unwrap().citation().path, "calendar.ramadan[2026-02-19]");
    assert!(file.ramadan_on("2026-03-21".parse().unwrap()).is_none());
}

#[test]
fn the_payment_calendar() {
    let policy = example();
    let october: Period = "2026-10".parse().unwrap();
    let text = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    assert_eq!(policy.payment_month(october).to_string(), "2026-11");
    assert_eq!(text(policy.pay_day(october)).as_deref(), Some("2026-11-02"));
    assert_eq!(text(policy.kppn_deadline(october)).as_deref(), Some("2026-10-29"));
    let steps: Vec<_> = policy.steps(october).into_iter().map(|(step, day)| (step.owner.clone(), text(day).unwrap())).collect();
    assert_eq!(steps[0], ("Unit SDM".to_owned(), "2026-10-19".to_owned()));
    // January's list is not there yet: the pay day is unknown, the KPPN day lies in December and is known.
    let december: Period = "2026-12".parse().unwrap();
    assert_eq!(policy.pay_day(december), None);
    assert_eq!(text(policy.kppn_deadline(december)).as_deref(), Some("2026-12-30"));
}

#[test]
fn blocks_are_cited_by_their_toml_path() {
    let policy = example();
    let file = &policy.file;
    let cited = [
        (file.performance.citation(), "performance", "false"),
        (file.deduction.event[0].citation(), "deduction.event[no_check_in]", "true"),
        (file.discipline.level[0].citation(), "discipline.level[sedang_1]", "true"),
        (file.worktime.flex.citation(), "worktime.flex", "false"),
        (policy.cite_calendar(), "calendar.holidays_file", "secondary"),
    ];
    for (citation, path, verified) in cited {
        assert_eq!((citation.path.as_str(), citation.verified.as_str()), (path, verified));
    }
    let paths: std::collections::BTreeSet<String> = file.citations().into_iter().map(|citation| citation.path).collect();
    assert_eq!(paths.len(), file.citations().len(), "two rules share a path");
}
