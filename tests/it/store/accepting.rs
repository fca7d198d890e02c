//! Batches: what is new, changed, unchanged, vanished, set aside.

use super::*;
use crate::support::on_both_engines;
use selaras::domain::evidence::Reason;
use selaras::store::BatchStatus;
use selaras::store::SetAside;
use selaras::store::SourceFilter;
use selaras::store::StoreError;

on_both_engines!(
    the_same_content_twice_changes_nothing,
    a_newer_batch_supersedes_what_differs,
    parts_stand_beside_each_other,
    too_many_vanished_are_held,
    an_empty_first_batch_is_accepted,
    declared_absences_are_statements,
    rows_are_set_aside_alone,
    who_is_set_aside_has_not_vanished,
    who_vanishes_after_being_set_aside_is_withdrawn,
    contradictory_batches_are_refused,
    raw_bodies_come_back_whole,
    a_kill_in_the_middle_leaves_nothing,
    two_importers_of_one_file_agree,
);

async fn the_same_content_twice_changes_nothing(bench: Bench) {
    let first = bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    assert_eq!((first.status, first.rows, first.new, first.changed, first.unchanged), (BatchStatus::New, 2, 2, 0, 0));
    let again = bench.store.accept(pull("one", "2026-11-01T06:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    assert_eq!((again.status, again.id.as_str(), again.unchanged, again.new), (BatchStatus::Unchanged, first.id.as_str(), 2, 0));
    // Other bytes, rows in another order, drawn at another time: still the same content.
    let mut other = pull("other bytes", "2026-11-01T12:00:00Z", vec![skp(2, "b"), skp(1, "a")]);
    other.facts.drawn_at = Some("1 November 2026".to_owned());
    let other = bench.store.accept(other).await.unwrap();
    assert_eq!((other.status, other.id.as_str(), other.sha256), (BatchStatus::Unchanged, first.id.as_str(), sha("other bytes")));

    let census = bench.store.census().await.unwrap();
    assert_eq!((census.batches, census.statements, census.answers, census.raw_bodies), (1, 2, 3, 2));
    let source = bench.store.sources(&SourceFilter::default(), at("2026-11-02T00:00:00Z")).await.unwrap().remove(0);
    assert_eq!(source.observed_at, at("2026-11-01T00:00:00Z"));
    assert_eq!(source.checked_at, at("2026-11-01T12:00:00Z"));
    assert_eq!(source.sha256, sha("one"));
}

async fn a_newer_batch_supersedes_what_differs(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b"), skp(3, "c")])).await.unwrap();
    let second = bench.store.accept(pull("two", "2026-11-02T00:00:00Z", vec![skp(1, "a"), skp(2, "B"), skp(4, "d")])).await.unwrap();
    assert_eq!(second.status, BatchStatus::Changed);
    assert_eq!((second.rows, second.new, second.changed, second.unchanged, second.vanished), (3, 1, 1, 1, 1));
    let word = |n, state, text: &str| (nip(n), state, text.to_owned());
    assert_eq!(
        known(&bench, "2026-11-02T00:00:00Z").await,
        [word(1, "present", "a"), word(2, "present", "B"), word(3, "withdrawn", ""), word(4, "present", "d")]
    );
    // What was known before stays readable.
    assert_eq!(known(&bench, "2026-11-01T23:59:59Z").await, [word(1, "present", "a"), word(2, "present", "b"), word(3, "present", "c")]);
    assert_eq!(known(&bench, "2026-10-31T23:59:59Z").await, []);
    // Back to the first content: that is a change, and who was withdrawn is new again.
    let third = bench.store.accept(pull("one", "2026-11-03T00:00:00Z", vec![skp(1, "a"), skp(2, "b"), skp(3, "c")])).await.unwrap();
    assert_eq!((third.status, third.new, third.changed, third.unchanged, third.vanished), (BatchStatus::Changed, 1, 1, 1, 1));
    assert_eq!(known(&bench, "2026-11-03T00:00:00Z").await[2], word(3, "present", "c"));
}

async fn parts_stand_beside_each_other(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let mut file = pull("file", "2026-11-01T01:00:00Z", vec![skp(1, "z"), skp(2, "y")]);
    file.part = "2026-10/skp.xlsx".to_owned();
    assert_eq!(bench.store.accept(file).await.unwrap().status, BatchStatus::New);
    let all = bench.store.evidence(&[(Kind::Skp, Span::Year(2026))], None, at("2026-11-02T00:00:00Z")).await.unwrap().all().await.unwrap();
    let found: Vec<_> = all.iter().map(|one| (one.statement.nip, &*one.part, jabatan(one))).collect();
    let (file, pull) = ("2026-10/skp.xlsx", "report:2026");
    assert_eq!(found, [(nip(1), file, "z".to_owned()), (nip(1), pull, "a".to_owned()), (nip(2), file, "y".to_owned())]);
}

async fn too_many_vanished_are_held(bench: Bench) {
    let everybody: Vec<_> = (0..10).map(|n| skp(n, "a")).collect();
    bench.store.accept(pull("all", "2026-11-01T00:00:00Z", everybody.clone())).await.unwrap();
    // Three of ten: more than 10 % and more than two.
    let held = bench.store.accept(pull("few", "2026-11-02T00:00:00Z", everybody[3..].to_vec())).await.unwrap();
    assert_eq!((held.status, held.reason, held.vanished), (BatchStatus::Quarantined, Some(Reason::Vanish), 3));
    assert_eq!(known(&bench, "2026-11-02T00:00:00Z").await.len(), 10);
    assert!(known(&bench, "2026-11-02T00:00:00Z").await.iter().all(|(_, state, _)| *state == "present"));
    let failures = bench.store.failures(&[(Kind::Skp, Span::Year(2026))], at("2026-11-02T00:00:00Z")).await.unwrap();
    assert_eq!((failures.len(), failures[0].reason, failures[0].nip), (1, Reason::Vanish, None));
    assert_eq!(bench.store.failures(&[(Kind::Skp, Span::Year(2026))], at("2026-11-01T12:00:00Z")).await.unwrap(), []);
    let set_aside = bench.store.quarantined(at("2026-11-01T00:00:00Z"), 10).await.unwrap();
    assert_eq!((set_aside[0].reason, set_aside[0].raw.as_deref()), (Reason::Vanish, Some(sha("few").as_str())));
    let source = bench.store.sources(&SourceFilter::default(), at("2026-11-02T00:00:00Z")).await.unwrap().remove(0);
    assert_eq!(source.checked_at, at("2026-11-01T00:00:00Z"), "a held batch confirms nothing");

    // Two of ten is more than 10 %, but not more than two.
    let two = bench.store.accept(pull("two less", "2026-11-02T01:00:00Z", everybody[2..].to_vec())).await.unwrap();
    assert_eq!((two.status, two.vanished), (BatchStatus::Changed, 2));
    assert_eq!(bench.store.failures(&[(Kind::Skp, Span::Year(2026))], at("2026-11-03T00:00:00Z")).await.unwrap(), []);
    // Confirmed by somebody.
    let mut confirmed = pull("none", "2026-11-02T02:00:00Z", vec![]);
    confirmed.accept_vanish = true;
    let confirmed = bench.store.accept(confirmed).await.unwrap();
    assert_eq!((confirmed.status, confirmed.vanished), (BatchStatus::Changed, 8));
}

async fn an_empty_first_batch_is_accepted(bench: Bench) {
    let empty = bench.store.accept(pull("[]", "2026-11-01T00:00:00Z", vec![])).await.unwrap();
    assert_eq!((empty.status, empty.rows), (BatchStatus::New, 0));
    let sources = bench.store.sources(&SourceFilter::of([Kind::Skp]), at("2026-11-01T00:00:00Z")).await.unwrap();
    assert_eq!(sources.len(), 1, "it speaks for everybody: nobody has an SKP");
}

async fn declared_absences_are_statements(bench: Bench) {
    let absent = Statement::absent(nip(1), Kind::Skp, Span::Year(2026));
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![absent.clone(), skp(2, "b")])).await.unwrap();
    let again = bench.store.accept(pull("two", "2026-11-02T00:00:00Z", vec![absent, skp(2, "c")])).await.unwrap();
    assert_eq!((again.unchanged, again.changed), (1, 1));
    // Who was declared absent and is no longer named was never there: nothing is withdrawn.
    let third = bench.store.accept(pull("three", "2026-11-03T00:00:00Z", vec![skp(2, "c")])).await.unwrap();
    assert_eq!((third.status, third.vanished), (BatchStatus::Changed, 0));
    let found = known(&bench, "2026-11-03T00:00:00Z").await;
    assert_eq!(found, [(nip(1), "declared_absent", String::new()), (nip(2), "present", "c".to_owned())]);
}

async fn rows_are_set_aside_alone(bench: Bench) {
    let mut batch = pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")]);
    batch.set_aside.push(SetAside { nip: None, reason: Reason::Schema, detail: "no NIP".to_owned(), locator: "data[7]".to_owned() });
    assert_eq!(bench.store.accept(batch).await.unwrap().status, BatchStatus::New);
    let aside = bench.store.quarantined(at("2026-11-01T00:00:00Z"), 10).await.unwrap();
    assert_eq!((aside.len(), aside[0].locator.as_str(), aside[0].reason), (1, "data[7]", Reason::Schema));
    let wanted = [(Kind::Skp, Span::Year(2026))];
    assert_eq!(bench.store.failures(&wanted, at("2026-11-02T00:00:00Z")).await.unwrap(), []);
    // A row whose NIP can be read makes that person unknown, also when the same answer comes again.
    for (bytes, day) in [("two", "2026-11-03T00:00:00Z"), ("two", "2026-11-04T00:00:00Z")] {
        let mut batch = pull(bytes, day, vec![skp(1, "a"), skp(3, "c")]);
        let detail = "periode_awal".to_owned();
        batch.set_aside.push(SetAside { nip: Some(nip(2)), reason: Reason::Malformed, detail, locator: "data[1]".to_owned() });
        bench.store.accept(batch).await.unwrap();
        let failed = bench.store.failures(&wanted, at(day)).await.unwrap();
        assert_eq!(failed.len(), 1, "{day}");
        assert_eq!((failed[0].nip, failed[0].reason, failed[0].at), (Some(nip(2)), Reason::Malformed, at(day)));
    }
}

/// A bulk pull in which these people's rows could not be read.
fn broken(bytes: &str, observed_at: &str, statements: Vec<Statement>, set_aside: std::ops::Range<u32>) -> NewBatch {
    let mut batch = pull(bytes, observed_at, statements);
    batch.set_aside = set_aside
        .map(|n| SetAside {
            nip: Some(nip(n)),
            reason: Reason::Malformed,
            detail: "periode_awal".to_owned(),
            locator: format!("data[{n}]"),
        })
        .collect();
    batch
}

async fn who_is_set_aside_has_not_vanished(bench: Bench) {
    let everybody: Vec<_> = (0..10).map(|n| skp(n, "a")).collect();
    bench.store.accept(pull("all", "2026-11-01T00:00:00Z", everybody.clone())).await.unwrap();
    // Five of ten are more than both limits, and yet nobody is gone.
    let batch = broken("broken", "2026-11-02T00:00:00Z", everybody[5..].to_vec(), 0..5);
    let receipt = bench.store.accept(batch).await.unwrap();
    assert_eq!((receipt.status, receipt.reason, receipt.vanished, receipt.unchanged), (BatchStatus::Changed, None, 0, 5));
    assert!(known(&bench, "2026-11-02T00:00:00Z").await.iter().all(|(_, state, text)| (*state, text.as_str()) == ("present", "a")));
    let wanted = [(Kind::Skp, Span::Year(2026))];
    let failures = bench.store.failures(&wanted, at("2026-11-02T00:00:00Z")).await.unwrap();
    let failed: Vec<_> = failures.iter().map(|failure| (failure.nip, failure.reason)).collect();
    assert_eq!(failed, (0..5).map(|n| (Some(nip(n)), Reason::Malformed)).collect::<Vec<_>>());
    // What they were known by stands, and is as old as it was: that answer did not confirm it, nor does the next of its kind.
    let checked = async |instant: &str| {
        let all = bench.store.evidence(&wanted, None, at(instant)).await.unwrap().all().await.unwrap();
        [4, 5].map(|n| all[n].checked_at)
    };
    assert_eq!(checked("2026-11-02T00:00:00Z").await, [at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")]);
    bench.store.accept(broken("broken", "2026-11-02T06:00:00Z", everybody[5..].to_vec(), 0..5)).await.unwrap();
    assert_eq!(checked("2026-11-02T06:00:00Z").await, [at("2026-11-01T00:00:00Z"), at("2026-11-02T06:00:00Z")]);
    // A whole answer confirms them, and settles the failure.
    let whole = bench.store.accept(pull("all", "2026-11-03T00:00:00Z", everybody)).await.unwrap();
    assert_eq!((whole.vanished, whole.changed), (0, 0));
    assert_eq!(checked("2026-11-03T00:00:00Z").await, [at("2026-11-03T00:00:00Z"); 2]);
    assert_eq!(bench.store.failures(&wanted, at("2026-11-03T00:00:00Z")).await.unwrap(), []);
}

async fn who_vanishes_after_being_set_aside_is_withdrawn(bench: Bench) {
    bench.store.accept(pull("both", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(2, "b")])).await.unwrap();
    bench.store.accept(broken("broken", "2026-11-02T00:00:00Z", vec![skp(1, "a")], 2..3)).await.unwrap();
    assert_eq!(known(&bench, "2026-11-02T00:00:00Z").await[1], (nip(2), "present", "b".to_owned()));
    // The same statements, but nobody is set aside any more.
    let gone = bench.store.accept(pull("one", "2026-11-03T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    assert_eq!((gone.status, gone.vanished), (BatchStatus::Changed, 1));
    assert_eq!(known(&bench, "2026-11-03T00:00:00Z").await[1], (nip(2), "withdrawn", String::new()));
}

async fn contradictory_batches_are_refused(bench: Bench) {
    let twice = bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a"), skp(1, "b")])).await.unwrap_err();
    assert!(matches!(&twice, StoreError::Inconsistent(why) if why.contains("twice") && !why.contains(nip(1).as_str())), "{twice}");
    let other_kind = bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![position(1, "a")])).await.unwrap_err();
    assert!(matches!(other_kind, StoreError::Inconsistent(_)));
    let mut other_bytes = pull("one", "2026-11-01T00:00:00Z", vec![]);
    other_bytes.sha256 = sha("two");
    assert!(matches!(bench.store.accept(other_bytes).await.unwrap_err(), StoreError::Inconsistent(_)));
    assert_eq!(bench.store.census().await.unwrap().batches, 0);
}

async fn raw_bodies_come_back_whole(bench: Bench) {
    let body = "{\"data\": []}\u{feff}".repeat(1_000);
    bench.store.accept(pull(&body, "2026-11-01T00:00:00Z", vec![])).await.unwrap();
    let raw = bench.store.raw(&sha(&body)).await.unwrap().unwrap();
    assert_eq!((raw.content_type.as_str(), raw.bytes.as_slice()), ("application/json", body.as_bytes()));
    assert_eq!(bench.store.raw(&sha("never seen")).await.unwrap(), None);
}

async fn a_kill_in_the_middle_leaves_nothing(bench: Bench) {
    bench.store.accept(pull("one", "2026-11-01T00:00:00Z", vec![skp(1, "a")])).await.unwrap();
    let many: Vec<_> = (0..4_000).map(|n| skp_of(crate::store::many(n), Span::Year(2026), "x")).collect();
    // Dropped at whatever point the time is up, from before its first statement to after its last.
    let mut finished = 0;
    for millis in [0, 1, 5, 20, 60, 120] {
        let mut batch = pull(&format!("{millis}"), "2026-11-02T00:00:00Z", many.clone());
        batch.part = format!("part {millis}");
        let limit = std::time::Duration::from_millis(millis);
        finished += u64::from(tokio::time::timeout(limit, bench.store.accept(batch)).await.is_ok());
    }
    // The next writer waits until everything that was dropped is rolled back.
    let after = bench.store.accept(pull("two", "2026-11-03T00:00:00Z", vec![skp(1, "b")])).await.unwrap();
    assert_eq!(after.changed, 1);
    let census = bench.store.census().await.unwrap();
    // A commit may have been sent before the time was up, so count by what is there: whole batches only.
    let whole = census.batches - 2;
    assert!(whole >= finished);
    assert_eq!(census.statements, 2 + 4_000 * whole);
    assert_eq!(census.answers, 2 + whole);
}

async fn two_importers_of_one_file_agree(bench: Bench) {
    let other = bench.another().await;
    let batch = || pull("one", "2026-11-01T00:00:00Z", (0..200).map(|n| skp(n, "a")).collect());
    let (one, two) = tokio::join!(bench.store.accept(batch()), other.accept(batch()));
    let mut statuses = [one.unwrap().status, two.unwrap().status];
    statuses.sort();
    assert_eq!(statuses, [BatchStatus::New, BatchStatus::Unchanged]);
    assert_eq!(bench.store.census().await.unwrap().statements, 200);
}
