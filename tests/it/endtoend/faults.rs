//! BKN at its worst: what can be helped is helped and changes nothing; what cannot is unknown, and unknown never
//! becomes layak.

use super::office::Desk;
use super::office::OF_THE_RUN;
use super::office::Office;
use super::office::adds_up;
use super::office::same;
use super::office::without;
use serde_json::Value;
use std::collections::BTreeMap;

/// An office with the documents of a calm day, and a second store whose files are in.
struct Days {
    office: Office,
    calm: [String; 3],
}

impl Days {
    fn open(seed: u64) -> Self {
        let office = Office::open(60, seed);
        let desk = office.desk_at("sqlite://calm.db");
        desk.import_all();
        desk.pull();
        desk.settle();
        let calm = desk.lasting(&[]);
        Self { office, calm }
    }

    /// Another store, before its first pull.
    fn desk(&self) -> Desk<'_> {
        let desk = self.office.desk_at("sqlite://other.db");
        desk.import_all();
        desk
    }

    /// The pull is complete and the documents are those of the calm day.
    fn weathered(&self, faults: &str) -> Value {
        let desk = self.desk();
        self.office.bkn.weather(faults);
        let pulled = desk.pull();
        desk.settle();
        for (one, other) in self.calm.iter().zip(&desk.lasting(&[])) {
            same(one, other, faults);
        }
        pulled
    }

    /// Who is known is judged as on the calm day; nobody else is layak. Gives how many are not known.
    fn unknown_is_never_layak(&self, desk: &Desk<'_>) -> usize {
        let calm: BTreeMap<String, Value> = super::office::rows(&self.calm[0]).into_iter().map(|row| (nip(&row), row)).collect();
        let mut unknown = 0;
        for row in desk.verdicts(&[]) {
            let missing = row["unknown"].as_array().unwrap();
            if missing.is_empty() {
                assert_eq!(Some(&row), calm.get(&nip(&row)));
            } else {
                assert!(row["verdict"] == "belum_diketahui" || row["verdict"] == "tertahan", "{row}");
                unknown += usize::from(missing.iter().all(|kind| kind != "roster"));
            }
        }
        adds_up(&desk.export("completeness", &[]));
        unknown
    }
}

fn nip(row: &Value) -> String {
    row["nip"].as_str().unwrap().to_owned()
}

fn batch<'a>(pulled: &'a Value, kind: &str) -> &'a Value {
    pulled["batches"].as_array().unwrap().iter().find(|batch| batch["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {pulled}"))
}

#[test]
fn a_flaky_day_changes_nothing() {
    let pulled = Days::open(41).weathered("flaky");
    assert!(pulled["requests"].as_u64().unwrap() > 63, "something was repeated: {pulled}");
}

#[test]
fn tokens_that_expire_change_nothing() {
    Days::open(42).weathered("token-expiry");
}

#[test]
fn answers_cut_short_change_nothing() {
    let pulled = Days::open(43).weathered("truncated");
    assert!(pulled["requests"].as_u64().unwrap() > 63, "something was repeated: {pulled}");
}

#[test]
fn a_quota_changes_nothing() {
    Days::open(44).weathered("throttled");
}

#[test]
fn a_suspension_changes_nothing() {
    Days::open(45).weathered("suspended");
}

#[test]
fn drift_is_told_and_changes_nothing() {
    let pulled = Days::open(46).weathered("drift");
    let drift = pulled["drift"].as_array().unwrap();
    assert!(drift.iter().any(|drift| drift["kind"] == "evaluation" && drift["change"] == "added"), "{pulled}");
    assert!(drift.iter().any(|drift| drift["kind"] == "skp" && drift["change"] == "added"), "{pulled}");
}

#[test]
fn web_pages_are_set_aside_and_their_people_unknown() {
    let days = Days::open(47);
    let desk = days.desk();
    days.office.bkn.weather("html");
    let pulled = desk.sync(&[]).ended(3).json();
    let set_aside = pulled["items"]["quarantined"].as_u64().unwrap();
    assert!(set_aside > days.office.gaps && pulled["items"]["failed"] == 0, "{pulled}");
    desk.reconcile(&[]).ended(3);
    assert!(days.unknown_is_never_layak(&desk) >= 1);
    let failed: u64 = adds_up(&desk.export("completeness", &[]))["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["reasons"]["html"].as_u64().unwrap_or_default())
        .sum();
    assert!(failed >= set_aside - days.office.gaps, "{failed}");
    days.office.bkn.weather("none");
    desk.pull();
    desk.settle();
    for (one, other) in [0, 2].map(|at| (&days.calm[at], desk.lasting(&[])[at].clone())) {
        same(one, &other, "the day after");
    }
}

#[test]
fn an_empty_first_list_is_believed() {
    let days = Days::open(48);
    let desk = days.desk();
    days.office.bkn.weather("empty");
    let pulled = desk.pull();
    assert_eq!((&batch(&pulled, "evaluation")["status"], &batch(&pulled, "evaluation")["rows"]), (&"new".into(), &0.into()));
    desk.settle();
    for row in desk.verdicts(&[]) {
        assert_ne!(row["verdict"], "layak", "nobody has an SKP: {row}");
    }
    let kinds = adds_up(&desk.export("completeness", &[]))["kinds"].clone();
    let evaluation = kinds.as_array().unwrap().iter().find(|kind| kind["kind"] == "evaluation").unwrap();
    assert_eq!(evaluation["declared_absent"], evaluation["heads"]);
}

#[test]
fn lists_that_shrink_too_much_wait_for_somebody() {
    let days = Days::open(49);
    let office = &days.office;
    let desk = office.desk_at("sqlite://calm.db");
    let before = desk.documents(&[]);
    for faults in ["half-vanish", "empty"] {
        office.bkn.weather(faults);
        let pulled = desk.sync(&["--surface", "report"]).ended(3).json();
        for kind in ["evaluation", "skp"] {
            let batch = batch(&pulled, kind);
            assert_eq!((&batch["status"], &batch["reason"]), (&"quarantined".into(), &"vanish".into()), "{faults}: {batch}");
            assert!(batch["vanished"].as_u64().unwrap() > 20, "{batch}");
        }
        // What was known before still is.
        desk.settle();
        for (one, other) in before.iter().zip(&desk.documents(&[])) {
            same(&without(one, &OF_THE_RUN), &without(other, &OF_THE_RUN), faults);
        }
    }
    let told = desk.run(&["sync", "--period", "2026-10", "--surface", "report"]).ended(3);
    assert!(told.out.contains("terlalu banyak data hilang") && told.out.contains("TIDAK LENGKAP"), "{}", told.out);

    office.bkn.weather("half-vanish");
    let as_of: Value = serde_json::from_str(&before[0]).unwrap();
    let as_of = as_of["as_of"].as_str().unwrap();
    let pulled = desk.sync(&["--surface", "report", "--accept-vanish"]).ended(0).json();
    let vanished = batch(&pulled, "evaluation")["vanished"].as_u64().unwrap();
    assert_eq!(batch(&pulled, "evaluation")["status"], "changed", "{pulled}");
    desk.settle();
    let findings = desk.findings(&[]);
    let gone = |row: &&Value| row["code"] == "SR04" && row["subject"] == "evaluation";
    let gone: Vec<&Value> = findings.iter().filter(gone).collect();
    assert!(gone.len() > 15 && gone.len() as u64 <= vanished, "{} of {vanished}", gone.len());
    for row in desk.verdicts(&[]).iter().filter(|row| gone.iter().any(|gone| gone["nip"] == row["nip"])) {
        assert_eq!(row["verdict"], "tertahan", "{row}");
    }
    same(
        &without(&before[0], &OF_THE_RUN),
        &without(&desk.export("verdicts", &["--as-of", as_of]), &OF_THE_RUN),
        "what was known at the time",
    );
}

/// A shrunken list is held, and the pull is left before its end: whoever accepts is not referred to what was held.
#[test]
fn what_was_held_is_asked_again_by_whoever_accepts_it() {
    let days = Days::open(54);
    let desk = days.office.desk_at("sqlite://calm.db");
    days.office.bkn.weather("half-vanish");
    // whoever was asked a moment ago is asked again, or there would be nothing to leave
    let desk = desk.with("EVIDENCE__MAX_AGE__IDENTITY", "1ms");
    let short = desk.clone().with("EKINERJA__SIASN__PACE__REQUESTS_PER_SECOND", "20").with("EKINERJA__SIASN__PACE__BURST", "1");
    let left = short.with("EKINERJA__PACE__RUN_DEADLINE", "1s").sync(&[]).ended(3).json();
    assert_eq!((&left["deadline_hit"], &batch(&left, "skp")["reason"]), (&true.into(), &"vanish".into()), "{left}");
    let pulled = desk.sync(&["--accept-vanish"]).ended(if days.office.gaps == 0 { 0 } else { 3 }).json();
    for kind in ["evaluation", "skp"] {
        assert_eq!((&batch(&pulled, kind)["status"], &batch(&pulled, kind)["reason"]), (&"changed".into(), &Value::Null), "{pulled}");
    }
}

#[test]
fn fewer_than_the_limits_are_told_one_by_one() {
    let days = Days::open(50);
    let desk = days.office.desk_at("sqlite://calm.db").with("EVIDENCE__VANISH_LIMIT_PERCENT", "90");
    days.office.bkn.weather("half-vanish");
    let pulled = desk.sync(&["--surface", "report"]).ended(0).json();
    assert_eq!(batch(&pulled, "skp")["status"], "changed", "{pulled}");
    desk.settle();
    let findings = desk.findings(&[]);
    let gone = findings.iter().filter(|row| row["code"] == "SR04").count();
    assert!(gone > 30, "evaluation and SKP of half of sixty people: {gone}");
    assert!(findings.iter().filter(|row| row["code"] == "SR04").all(|row| row["severity"] == "block"));
}

#[test]
fn a_refused_report_token_stops_its_surface_only() {
    let days = Days::open(51);
    let desk = days.desk().with("EKINERJA__REPORT__TOKEN", "wrong");
    let pulled = desk.sync(&[]);
    let sentence = Desk::run(&desk.clone().with("UI__LANGUAGE", "en"), &["sync", "--period", "2026-10"]).said(3);
    assert!(sentence.contains("ekinerja.report.token") && !sentence.contains("wrong"), "{sentence}");
    let pulled = {
        assert!(pulled.err.contains("ekinerja.report.token") && pulled.err.lines().count() == 1, "{pulled:?}");
        pulled.ended(3).json()
    };
    let items = &pulled["items"];
    assert_eq!(items["done"], 60 - days.office.gaps, "SIASN went on: {pulled}");
    assert_eq!(items["failed"].as_u64().unwrap() + items["skipped"].as_u64().unwrap(), 2, "{pulled}");
    desk.reconcile(&[]).ended(3);
    assert!(days.unknown_is_never_layak(&desk) > 50);
    assert!(!desk.verdicts(&[]).iter().any(|row| row["verdict"] == "layak"));
    assert!(desk.findings(&[]).iter().any(|row| row["code"] == "SR02" && row["subject"] == "evaluation"));
}

#[test]
fn a_refused_operator_stops_siasn_only() {
    let days = Days::open(52);
    let desk = days.desk().with("EKINERJA__SIASN__SSO_PASSWORD", "rahasia-lama");
    let ran = desk.sync(&[]).ended(3);
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    assert!(ran.err.contains("ekinerja.siasn.sso_password") && !ran.err.contains("rahasia-lama"), "{ran:?}");
    let pulled = ran.json();
    assert_eq!(pulled["items"]["done"], 2, "the report went on: {pulled}");
    assert!(pulled["items"]["skipped"].as_u64().unwrap() > 40, "nobody tries sixty times: {pulled}");
    desk.reconcile(&[]).ended(3);
    days.unknown_is_never_layak(&desk);
}

#[test]
fn nobody_there_is_said_and_everything_is_unknown() {
    let days = Days::open(53);
    let desk = days.desk().with("EKINERJA__PACE__GIVE_UP_AFTER", "5");
    days.office.bkn.vanish();
    let ran = desk.sync(&[]).ended(3);
    assert!(ran.err.contains("siasn") && ran.err.contains("ekinerja.siasn.base_url"), "{ran:?}");
    let pulled = ran.json();
    assert_eq!(pulled["items"]["done"], 0, "{pulled}");
    desk.reconcile(&[]).ended(3);
    assert!(days.unknown_is_never_layak(&desk) > 50);
    let document = adds_up(&desk.export("completeness", &[]));
    assert_eq!(document["complete"], false);
    let evaluation = document["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == "evaluation").unwrap();
    assert_eq!((&evaluation["failed"], &evaluation["reasons"]["connection"]), (&60.into(), &60.into()), "{evaluation}");
}
