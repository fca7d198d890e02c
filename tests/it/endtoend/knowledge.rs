//! What was not asked and what is too old is unknown, counted, and never layak.

use super::office::Office;
use super::office::adds_up;
use super::office::same;
use selaras::app::pull;
use selaras::app::pull::PullOptions;
use selaras::domain::Standing;
use selaras::ekinerja::Surface;
use serde_json::Value;
use std::sync::Arc;

fn kind<'a>(completeness: &'a Value, kind: &str) -> &'a Value {
    completeness["kinds"].as_array().unwrap().iter().find(|row| row["kind"] == kind).unwrap()
}

fn verdicts_of(rows: &[Value], verdict: &str) -> usize {
    rows.iter().filter(|row| row["verdict"] == verdict).count()
}

#[test]
fn what_was_not_asked_is_unknown() {
    let office = Office::open(50, 61);
    let desk = office.desk();
    desk.import_all();
    desk.sync(&["--surface", "report"]).ended(0);
    let done = desk.reconcile(&[]).ended(3).json();
    assert_eq!(done["complete"], false);
    let rows = desk.verdicts(&[]);
    assert_eq!(verdicts_of(&rows, "layak"), 0);
    let unknown: Vec<&Value> = rows.iter().filter(|row| row["verdict"] == "belum_diketahui" && row["unknown"][0] == "identity").collect();
    assert!(unknown.len() > 5, "{}", unknown.len());
    assert!(unknown.iter().all(|row| row["findings"].as_array().unwrap().contains(&"SR01".into())), "{unknown:?}");
    let completeness = adds_up(&desk.export("completeness", &[]));
    let identity = kind(&completeness, "identity");
    assert_eq!((&identity["heads"], &identity["not_asked"], &identity["required"]), (&50.into(), &50.into(), &true.into()));
    assert_eq!(done["totals"]["heads"]["belum_diketahui"].as_u64().unwrap() as usize, verdicts_of(&rows, "belum_diketahui"));

    // One person is asked: one gap less.
    let nip = unknown[0]["nip"].as_str().unwrap();
    let pulled = desk.sync(&["--surface", "siasn", "--nip", nip]).ended(0).json();
    assert_eq!(pulled["items"]["planned"], 1, "{pulled}");
    desk.reconcile(&[]).ended(3);
    assert_eq!(kind(&adds_up(&desk.export("completeness", &[])), "identity")["not_asked"], 49);
    desk.pull();
    desk.settle();
    assert!(verdicts_of(&desk.verdicts(&[]), "layak") > 5);
}

#[test]
fn what_is_too_old_is_unknown() {
    let office = Office::open(50, 62);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let fresh = desk.verdicts(&[]);
    assert!(verdicts_of(&fresh, "layak") > 5);
    let document: Value = serde_json::from_str(&desk.export("verdicts", &[])).unwrap();
    let now = chrono::DateTime::parse_from_rfc3339(document["as_of"].as_str().unwrap()).unwrap();
    let later = (now + chrono::TimeDelta::days(2)).to_rfc3339();
    let later = ["--as-of", later.as_str()];
    let rows = desk.verdicts(&later);
    assert_eq!(verdicts_of(&rows, "layak"), 0);
    for (then, row) in fresh.iter().zip(&rows) {
        match then["verdict"].as_str().unwrap() {
            "layak" => {
                assert_eq!(
                    (&row["verdict"], &row["unknown"]),
                    (&"belum_diketahui".into(), &serde_json::json!(["evaluation", "skp"])),
                    "{row}"
                );
                assert!(row["findings"].as_array().unwrap().contains(&"SR03".into()), "{row}");
                // What an old list says is still computed with; that somebody is missing from it proves nothing any more.
                let missing = then["findings"].as_array().unwrap().iter().any(|code| code == "PR06" || code == "PR01" || code == "SK01");
                let expected = if missing { &Value::Null } else { &then["expected"] };
                assert_eq!(&row["expected"], expected, "{then} {row}");
            }
            // What held somebody back may itself have come from what is too old now.
            "tertahan" => assert!(row["verdict"] == "tertahan" || row["verdict"] == "belum_diketahui", "{row}"),
            verdict => assert_eq!(row["verdict"], verdict, "{row}"),
        }
    }
    let completeness = adds_up(&desk.export("completeness", &later));
    for (name, stale) in [("evaluation", 50), ("skp", 50), ("identity", 0), ("attendance", 0)] {
        assert_eq!(kind(&completeness, name)["stale"], stale, "{name}");
    }
    desk.reconcile(&later).ended(3);
    desk.pull();
    desk.settle();
    assert_eq!(verdicts_of(&desk.verdicts(&[]), "layak"), verdicts_of(&fresh, "layak"), "asked again, known again");
}

/// What the whole list said is old; the one who is asked about alone is known again, with nothing changed at BKN.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_asked_about_alone_is_fresh_again() {
    let folder = tempfile::tempdir().unwrap();
    let (stage, clock) = super::truth::stage(50, 64, folder.path()).await;
    super::truth::play(&stage).await;
    let fresh = super::truth::stored(&stage).await.verdicts;
    let one = fresh.iter().find(|verdict| verdict.standing == Standing::Layak).unwrap();
    clock.advance(chrono::TimeDelta::days(2));
    stage.reconcile(&mut |_| {}).await.unwrap();
    let old = super::truth::stored(&stage).await.verdicts;
    assert!(old.iter().all(|verdict| verdict.standing != Standing::Layak));
    let options = PullOptions { surfaces: vec![Surface::Report], only: vec![one.nip], ..PullOptions::default() };
    let pulled = pull::run(&stage.app, stage.period, options, Arc::new(|| false)).await.unwrap();
    assert!(pulled.is_complete() && pulled.report.items.done == 2, "{pulled:?}");
    stage.reconcile(&mut |_| {}).await.unwrap();
    let again = super::truth::stored(&stage).await.verdicts;
    let known: Vec<_> = again.iter().filter(|verdict| verdict.standing == Standing::Layak).map(|verdict| verdict.nip).collect();
    assert_eq!(known, [one.nip]);
}

/// A question about one person says nothing about anybody else: whom the whole list lacked is absent still.
#[test]
fn asking_about_one_person_forgets_nobody() {
    let office = Office::open(60, 63);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let before = desk.lasting(&[]);
    let absent = |completeness: &Value| kind(completeness, "evaluation")["declared_absent"].as_u64().unwrap();
    assert!(absent(&serde_json::from_str(&before[2]).unwrap()) > 0, "somebody has no evaluation");
    for row in desk.verdicts(&[]).iter().filter(|row| row["unknown"] == serde_json::json!([])).step_by(20) {
        let pulled = desk.sync(&["--surface", "report", "--nip", row["nip"].as_str().unwrap()]).ended(0).json();
        assert_eq!((&pulled["items"]["planned"], &pulled["items"]["done"]), (&2.into(), &2.into()), "{pulled}");
        for batch in pulled["batches"].as_array().unwrap() {
            assert_eq!((&batch["status"], &batch["unchanged"]), (&"unchanged".into(), &1.into()), "{batch}");
        }
        desk.settle();
        for (one, other) in before.iter().zip(&desk.lasting(&[])) {
            same(one, other, "documents before and after a question about one person");
        }
    }
    for batch in desk.pull()["batches"].as_array().unwrap() {
        assert_eq!((&batch["status"], &batch["new"], &batch["changed"]), (&"unchanged".into(), &0.into(), &0.into()), "{batch}");
    }
    desk.settle();
    for (one, other) in before.iter().zip(&desk.lasting(&[])) {
        same(one, other, "documents before and after asking everybody again");
    }
}
