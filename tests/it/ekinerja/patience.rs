//! Pace, retries, pauses and deadlines, measured at the server.

use super::*;
use selaras::domain::evidence::Reason;
use selaras::ekinerja::Bucket;
use selaras::ekinerja::LocalBucket;
use selaras::ekinerja::Taking;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Instant;

fn nothing_there() -> ResponseTemplate {
    json(200, r#"{"code":1,"data":[]}"#)
}

async fn first_then(first: ResponseTemplate, times: u64) -> MockServer {
    let server = siasn_server().await;
    Mock::given(method("GET")).respond_with(first).up_to_n_times(times).with_priority(1).mount(&server).await;
    Mock::given(method("GET")).respond_with(nothing_there()).with_priority(2).mount(&server).await;
    server
}

fn with_pace(server: &MockServer, change: impl FnOnce(&mut PaceSettings)) -> Siasn {
    let mut settings = siasn_settings(server);
    change(&mut settings.pace);
    Siasn::new(settings, clock().1).unwrap()
}

#[tokio::test]
async fn every_retry_spends_a_token() {
    let server = first_then(ResponseTemplate::new(500), 4).await;
    let client = with_pace(&server, |pace| {
        pace.requests_per_second = 20.0;
        pace.burst = 1;
        pace.attempts = 5;
        pace.backoff_initial = Duration::from_micros(1);
        pace.backoff_max = Duration::from_micros(1);
    });
    let start = Instant::now();
    let answer = client.ask(&person(Kind::History), later()).await;
    assert_eq!((answer.outcome, answer.requests), (Outcome::DeclaredAbsent, 5));
    assert!(start.elapsed() >= Duration::from_millis(195), "five requests at 20 a second: {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_rate_holds_for_everybody_together_and_tokens_cost_nothing() {
    let server = first_then(nothing_there(), 1).await;
    let client = Arc::new(with_pace(&server, |pace| {
        pace.requests_per_second = 100.0;
        pace.burst = 10;
    }));
    let start = Instant::now();
    let all: Vec<_> = (0..30)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.ask(&person(Kind::History), later()).await })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(190), "10 at once and 20 at 100 a second: {:?}", start.elapsed());
}

#[tokio::test]
async fn no_more_under_way_than_allowed() {
    let server = siasn_server().await;
    Mock::given(method("GET")).respond_with(nothing_there().set_delay(Duration::from_millis(50))).mount(&server).await;
    let client = Arc::new(with_pace(&server, |pace| pace.max_in_flight = 3));
    let start = Instant::now();
    let all: Vec<_> = (0..12)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.ask(&person(Kind::History), later()).await })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(195), "four rounds of three: {:?}", start.elapsed());
}

#[tokio::test]
async fn attempts_end_and_the_fault_stays() {
    let server = first_then(ResponseTemplate::new(502), 99).await;
    let answer = siasn(&server).ask(&person(Kind::History), later()).await;
    assert_eq!((fault(&answer).reason, fault(&answer).action, answer.requests), (Reason::ServerError, selaras::ekinerja::Action::Retry, 3));
}

#[tokio::test]
async fn retry_after_pauses_the_whole_surface() {
    let server = first_then(ResponseTemplate::new(429).insert_header("retry-after", "1"), 1).await;
    let client = Arc::new(siasn(&server));
    let start = Instant::now();
    let first = {
        let client = client.clone();
        tokio::spawn(async move { client.ask(&person(Kind::History), later()).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let second = client.ask(&person(Kind::DisciplineBkn), later()).await;
    assert!(start.elapsed() >= Duration::from_millis(995), "somebody else waits too: {:?}", start.elapsed());
    assert_eq!((second.outcome, second.requests), (Outcome::DeclaredAbsent, 1));
    assert_eq!((first.await.unwrap().requests, start.elapsed() < Duration::from_millis(1900)), (2, true));
}

/// The server's clock is a year behind: only the distance between its two dates counts.
#[tokio::test]
async fn a_retry_after_date_counts_from_the_answers_own_date() {
    let response = ResponseTemplate::new(429)
        .insert_header("date", "Sun, 05 Oct 2025 01:00:00 GMT")
        .insert_header("retry-after", "Sun, 05 Oct 2025 01:00:01 GMT");
    let server = first_then(response, 1).await;
    let start = Instant::now();
    let answer = siasn(&server).ask(&person(Kind::History), later()).await;
    assert_eq!(answer.outcome, Outcome::DeclaredAbsent);
    assert!((Duration::from_millis(995)..Duration::from_millis(1900)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn no_wait_is_longer_than_its_maximum() {
    let server = first_then(ResponseTemplate::new(429).insert_header("retry-after", "86400"), 1).await;
    let client = with_pace(&server, |pace| pace.retry_after_max = Duration::from_millis(50));
    let start = Instant::now();
    assert_eq!(client.ask(&person(Kind::History), later()).await.outcome, Outcome::DeclaredAbsent);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_deadline_ends_every_wait() {
    let soon = start() + chrono::Duration::milliseconds(200);
    let throttled = first_then(ResponseTemplate::new(429).insert_header("retry-after", "2"), 99).await;
    let slow = first_then(nothing_there().set_delay(Duration::from_secs(3)), 99).await;
    let suspended = first_then(json(503, fixture("wso2.303001.suspended.json")), 99).await;
    for server in [throttled, slow, suspended] {
        let start = Instant::now();
        let answer = siasn(&server).ask(&person(Kind::History), soon).await;
        assert_eq!(fault(&answer).reason, Reason::Deadline);
        assert!(start.elapsed() < Duration::from_millis(900), "{:?}", start.elapsed());
    }
    let past = siasn(&siasn_server().await).ask(&person(Kind::History), start() - chrono::Duration::hours(1)).await;
    assert_eq!((fault(&past).reason, past.requests), (Reason::Deadline, 0));
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout_and_asked_again() {
    let server = first_then(nothing_there().set_delay(Duration::from_secs(5)), 1).await;
    let client = with_pace(&server, |pace| pace.request_timeout = Duration::from_millis(100));
    let answer = client.ask(&person(Kind::History), later()).await;
    assert_eq!((answer.outcome, answer.requests), (Outcome::DeclaredAbsent, 2));
    let server = first_then(nothing_there().set_delay(Duration::from_secs(5)), 99).await;
    let client = with_pace(&server, |pace| pace.request_timeout = Duration::from_millis(50));
    assert_eq!(fault(&client.ask(&person(Kind::History), later()).await).reason, Reason::Timeout);
}

/// A bucket that counts, in the place of one that several processes share.
struct Counting(LocalBucket, AtomicU32, AtomicU32);

impl Bucket for Counting {
    fn take(&self) -> Taking<'_> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.take()
    }

    fn pause(&self, wait: Duration) {
        self.2.fetch_add(1, Ordering::SeqCst);
        self.0.pause(wait);
    }
}

#[tokio::test]
async fn a_shared_bucket_sees_every_request_and_every_pause() {
    let server = first_then(json(503, fixture("wso2.303001.suspended.json")), 2).await;
    let bucket = Arc::new(Counting(LocalBucket::new(1000.0, 10), AtomicU32::new(0), AtomicU32::new(0)));
    let client = siasn(&server).with_bucket(bucket.clone());
    let answer = client.ask(&person(Kind::History), later()).await;
    assert_eq!((answer.outcome, answer.requests), (Outcome::DeclaredAbsent, 3));
    assert_eq!((bucket.1.load(Ordering::SeqCst), bucket.2.load(Ordering::SeqCst)), (3, 2));
}
