//! What happens to cases, posted to a web hook: signed, at least once, and nothing lost when a process dies in between.

use super::cases::{asked, excused_reconcile, office, said, target, work};
use super::*;
use crate::notices::is_signed;
use crate::support::on_both_engines;
use selaras::app::{App, notices};
use selaras::clock::Clock as _;
use selaras::clock::SharedClock;
use selaras::config::Config;
use selaras::notify::Messenger;
use selaras::store::{Deed, Worked};
use serde_json::Value;
use std::sync::Arc;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

on_both_engines!(
    everything_that_happens_is_posted_after_a_crash_before_sending,
    what_was_taken_and_not_noted_is_posted_again_under_its_id,
    a_hook_that_is_away_loses_nothing,
    nobody_is_told_who_did_not_ask,
);

const CASE: &str = "[[notify.rules]]\nevent = \"case\"\nchannel = \"webhook\"\n";
const ALL: &str = "[[notify.rules]]\nevent = \"all\"\nchannel = \"webhook\"\n";

/// A process of its own on the same store.
struct Daemon {
    app: App,
    messenger: Messenger,
}

impl Daemon {
    async fn start(bench: &Bench, net: &MockServer, rules: &str) -> Self {
        let text = format!(
            "[web]\npublic_url = \"https://selaras.example.go.id\"\n
            [notify.webhook]\nurl = \"{}/hook\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n{rules}",
            net.uri()
        );
        let config: Config = toml::from_str(&text).unwrap();
        let clock: SharedClock = Arc::new(bench.clock.clone());
        let messenger = Messenger::new(config.notify.clone(), Arc::clone(&clock)).unwrap();
        Self { app: App { config, store: bench.another().await, clock }, messenger }
    }

    /// How many were taken and how many were not.
    async fn round(&self) -> (usize, usize) {
        let round = notices::round(&self.app, &self.messenger).await.unwrap();
        (round.told, round.undelivered)
    }
}

async fn answers(net: &MockServer, template: ResponseTemplate) {
    net.reset().await;
    Mock::given(path("/hook")).respond_with(template).mount(net).await;
}

async fn came(net: &MockServer) -> Vec<Request> {
    net.received_requests().await.unwrap()
}

fn ids(posts: &[Request]) -> Vec<String> {
    posts.iter().map(|post| post.headers["webhook-id"].to_str().unwrap().to_owned()).collect()
}

fn types(posts: &[Request]) -> Vec<String> {
    posts.iter().map(|post| post.body_json::<Value>().unwrap()["type"].as_str().unwrap().to_owned()).collect()
}

async fn everything_that_happens_is_posted_after_a_crash_before_sending(bench: Bench) {
    office(&bench).await;
    let text = "nama BUDI SANTOSO, rekening 1234567890";
    for (version, (deed, who)) in [
        (Deed::Assign("budi".into()), "sri"),
        (Deed::Comment(text.into()), "sri"),
        (asked("2026-12-31"), "sri"),
        (Deed::Refuse(text.into()), "budi"),
        (asked("2026-12-31"), "sri"),
        (Deed::Approve, "budi"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(work(&bench, target(1, "-", version as u64), deed, who).await, Worked::Done(1));
    }
    excused_reconcile(&bench, "2026-11-02T02:00:00Z", &[said(1, Some("-"))]).await;
    excused_reconcile(&bench, "2026-11-03T00:00:00Z", &[said(1, Some("Baik"))]).await;
    excused_reconcile(&bench, "2026-11-04T00:00:00Z", &[said(1, None)]).await;
    excused_reconcile(&bench, "2026-11-05T00:00:00Z", &[said(1, Some("-"))]).await;

    // Whoever did all that has died, and told nobody. Another process finds what is committed.
    let net = MockServer::start().await;
    answers(&net, ResponseTemplate::new(204)).await;
    let daemon = Daemon::start(&bench, &net, CASE).await;
    assert_eq!(daemon.round().await, (9, 0));
    let posts = came(&net).await;
    let wanted = [
        "opened",
        "assigned",
        "waiver_asked",
        "waiver_refused",
        "waiver_asked",
        "waiver_approved",
        "waiver_lapsed",
        "resolved",
        "returned",
    ];
    assert_eq!(types(&posts), wanted.map(|what| format!("case.{what}")));
    let unique: std::collections::BTreeSet<String> = ids(&posts).into_iter().collect();
    assert_eq!(unique.len(), posts.len());
    posts.iter().for_each(is_signed);
    for post in &posts {
        let body: Value = post.body_json().unwrap();
        let true_id = target(1, "-", 0).id;
        let listed = bench.store.listed_of(period(), &[nip(1)]).await.unwrap();
        let handle = &listed[&nip(1)].handle;
        let id = format!("~{handle}-{}", selaras::domain::Finding::covered_id(handle, selaras::domain::Code::Pr01, ""));
        let link = format!("https://selaras.example.go.id/sdm/kasus/{}/{id}", period());
        // From the true id, a hash, the NIP could be found by trying.
        let said = format!("{:?} {}", post.headers, String::from_utf8_lossy(&post.body));
        assert!(!said.contains(&true_id) && !said.contains(nip(1).as_str()), "{said}");
        let data = serde_json::json!({"case": id, "code": "PR01", "period": period().to_string(), "unit": "U1", "link": link});
        assert_eq!(body["data"], data, "a case, and no person");
        assert!(body["timestamp"].as_str().unwrap().starts_with("2026-11-02T01:00:00"), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 3);
    }
    assert_eq!(daemon.round().await, (0, 0), "each is taken once");
}

async fn what_was_taken_and_not_noted_is_posted_again_under_its_id(bench: Bench) {
    office(&bench).await;
    let net = MockServer::start().await;
    answers(&net, ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(60))).await;
    assert_eq!(work(&bench, target(1, "-", 0), Deed::Assign("budi".into()), "sri").await, Worked::Done(1));
    let daemon = Daemon::start(&bench, &net, CASE).await;
    let working = tokio::spawn(async move { daemon.round().await });
    while came(&net).await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    // The other side has it; this one dies before it can note so.
    working.abort();
    let _ = working.await;
    let first = ids(&came(&net).await);
    answers(&net, ResponseTemplate::new(200)).await;
    assert_eq!(Daemon::start(&bench, &net, CASE).await.round().await, (2, 0));
    let again = came(&net).await;
    assert_eq!((types(&again), &ids(&again)[..1]), (vec!["case.opened".to_owned(), "case.assigned".to_owned()], &first[..]));
}

async fn a_hook_that_is_away_loses_nothing(bench: Bench) {
    office(&bench).await;
    let net = MockServer::start().await;
    answers(&net, ResponseTemplate::new(503)).await;
    let daemon = Daemon::start(&bench, &net, CASE).await;
    for (n, version) in [(1, 0), (2, 0), (1, 1), (2, 1)] {
        assert_eq!(work(&bench, target(n, "-", version), Deed::Assign("budi".into()), "sri").await, Worked::Done(1));
    }
    assert_eq!(daemon.round().await, (0, 3), "three in vain are enough");
    assert_eq!(daemon.round().await, (0, 3));
    let tried = ids(&came(&net).await);
    assert_eq!(daemon.round().await, (0, 0), "not before a while has passed");
    bench.clock.advance(Duration::minutes(5));
    answers(&net, ResponseTemplate::new(200)).await;
    assert_eq!(daemon.round().await, (6, 0));
    assert_eq!(ids(&came(&net).await), tried, "in their order, each under its id");
    // What nobody takes for a month is forgotten.
    assert_eq!(work(&bench, target(1, "-", 2), Deed::Assign("sri".into()), "sri").await, Worked::Done(1));
    assert_eq!(bench.store.purge(bench.clock.now() - Duration::days(365)).await.unwrap().posts, 0);
    bench.clock.advance(Duration::days(31));
    assert_eq!(bench.store.purge(bench.clock.now() - Duration::days(365)).await.unwrap().posts, 1);
}

async fn nobody_is_told_who_did_not_ask(bench: Bench) {
    office(&bench).await;
    let net = MockServer::start().await;
    answers(&net, ResponseTemplate::new(200)).await;
    assert_eq!(work(&bench, target(1, "-", 0), Deed::Assign("budi".into()), "sri").await, Worked::Done(1));
    assert_eq!(Daemon::start(&bench, &net, ALL).await.round().await, (0, 0), "who asked for all is not told of cases");
    let daemon = Daemon::start(&bench, &net, CASE).await;
    assert_eq!(daemon.round().await, (0, 0), "what happened before is not told");
    assert_eq!(work(&bench, target(1, "-", 1), Deed::Assign("sri".into()), "sri").await, Worked::Done(1));
    assert_eq!((daemon.round().await, types(&came(&net).await)), ((1, 0), vec!["case.assigned".to_owned()]));
}
