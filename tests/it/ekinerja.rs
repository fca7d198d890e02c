//! The BKN clients against a real HTTP server that says what BKN says.

mod fixtures;
mod patience;
mod report;
mod tokens;
mod wire;

use chrono::DateTime;
use chrono::Utc;
use selaras::clock::ManualClock;
use selaras::clock::SharedClock;
use selaras::domain::Kind;
use selaras::domain::Nip;
use selaras::domain::Statement;
use selaras::ekinerja::Answer;
use selaras::ekinerja::Fault;
use selaras::ekinerja::Outcome;
use selaras::ekinerja::PaceSettings;
use selaras::ekinerja::Question;
use selaras::ekinerja::Report;
use selaras::ekinerja::ReportSettings;
use selaras::ekinerja::Secret;
use selaras::ekinerja::Siasn;
use selaras::ekinerja::SiasnSettings;
use selaras::ekinerja::SsoMode;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::method;
use wiremock::matchers::path;

const BUDI: &str = "198501012010011901";
const ANI: &str = "199202022023211902";
const SECRETS: [&str; 5] =
    ["token-laporan-rahasia", "kunci-rahasia", "sandi-konsumen-rahasia", "jwt-sso-rahasia", "sandi-operator-rahasia"];

fn nip(text: &str) -> Nip {
    Nip::parse(text).unwrap()
}

fn start() -> DateTime<Utc> {
    "2026-10-05T01:00:00Z".parse().unwrap()
}

fn clock() -> (ManualClock, SharedClock) {
    let clock = ManualClock::at(start());
    (clock.clone(), Arc::new(clock))
}

/// An hour from the start: far away.
fn later() -> DateTime<Utc> {
    start() + chrono::Duration::hours(1)
}

fn fixture_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bkn").join(name)
}

fn fixture(name: &str) -> String {
    std::fs::read_to_string(fixture_path(name)).unwrap()
}

fn quick() -> PaceSettings {
    PaceSettings {
        requests_per_second: 5_000.0,
        burst: 1_000,
        max_in_flight: 50,
        connect_timeout: Duration::from_secs(2),
        request_timeout: Duration::from_secs(5),
        attempts: 3,
        backoff_initial: Duration::from_millis(2),
        backoff_max: Duration::from_millis(10),
        retry_after_max: Duration::from_secs(2),
        suspended_wait: Duration::from_millis(30),
        max_body: 64 << 20,
        ..PaceSettings::siasn()
    }
}

fn report_settings(server: &MockServer) -> ReportSettings {
    ReportSettings { base_url: server.uri(), token: Secret::new(SECRETS[0]), pace: quick() }
}

fn siasn_settings(server: &MockServer) -> SiasnSettings {
    SiasnSettings {
        base_url: format!("{}/apisiasn/1.0", server.uri()),
        wso2_token_url: format!("{}/oauth2/token", server.uri()),
        consumer_key: Secret::new(SECRETS[1]),
        consumer_secret: Secret::new(SECRETS[2]),
        sso_mode: SsoMode::Static,
        sso_token: Secret::new(SECRETS[3]),
        sso_token_url: format!("{}/sso/token", server.uri()),
        sso_client_id: "contohws".to_owned(),
        sso_username: Secret::new(BUDI),
        sso_password: Secret::new(SECRETS[4]),
        pace: quick(),
    }
}

fn json(status: u16, body: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.into().into_bytes(), "application/json")
}

async fn siasn_server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/oauth2/token"))
        .respond_with(json(200, fixture("token.wso2.json")))
        .with_priority(9)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/sso/token"))
        .respond_with(json(200, fixture("token.sso.json")))
        .with_priority(9)
        .mount(&server)
        .await;
    server
}

/// A report server that knows every month of 2025 and 2026 as `P01` … `P12`.
async fn report_server() -> MockServer {
    let server = MockServer::start().await;
    let months: Vec<String> = (1..=12)
        .map(|month| format!(r#"{{"id":"P{month:02}","nama":"X","tahun":null,"tipe_periodik":"bulanan","angka_periodik":"{month}"}}"#))
        .collect();
    let list = format!(r#"{{"data":[{}]}}"#, months.join(","));
    Mock::given(method("GET"))
        .and(path("/api_kinerja/referensi/periode"))
        .respond_with(json(200, list))
        .with_priority(9)
        .mount(&server)
        .await;
    server
}

fn siasn(server: &MockServer) -> Siasn {
    Siasn::new(siasn_settings(server), clock().1).unwrap()
}

fn report(server: &MockServer) -> Report {
    Report::new(report_settings(server), clock().1).unwrap()
}

fn person(kind: Kind) -> Question {
    Question::Person { kind, nip: nip(BUDI), part_time: false }
}

fn evaluation() -> Question {
    Question::Evaluation { cycle: "2025-01".parse().unwrap(), nip: None }
}

fn skp() -> Question {
    Question::Skp { year: 2025, nip: None }
}

/// Answers every GET to this SIASN path about Budi.
async fn serve(server: &MockServer, what: &str, response: ResponseTemplate) {
    let at = format!("/apisiasn/1.0/pns/{what}/{BUDI}");
    Mock::given(method("GET")).and(path(at)).respond_with(response).mount(server).await;
}

/// One question to a fresh SIASN that gives this answer.
async fn ask_siasn(kind: Kind, what: &str, response: ResponseTemplate) -> Answer {
    let server = siasn_server().await;
    serve(&server, what, response).await;
    siasn(&server).ask(&person(kind), later()).await
}

/// One question to a fresh report API that gives this answer.
async fn ask_report(question: Question, response: ResponseTemplate) -> Answer {
    let server = report_server().await;
    let at = match question {
        Question::Skp { year, .. } => format!("/api_kinerja/laporan/skp/{year}"),
        _ => "/api_kinerja/laporan/penilaian/2025/P01".to_owned(),
    };
    Mock::given(method("GET")).and(path(at)).respond_with(response).mount(&server).await;
    report(&server).ask(&question, later()).await
}

fn statements(answer: &Answer) -> &[Statement] {
    match &answer.outcome {
        Outcome::Rows { statements, .. } => statements,
        other => panic!("no rows: {other:?}"),
    }
}

fn only(answer: &Answer) -> &Statement {
    match statements(answer) {
        [statement] => statement,
        others => panic!("{} statements", others.len()),
    }
}

fn fault(answer: &Answer) -> &Fault {
    match &answer.outcome {
        Outcome::Fault(fault) => fault,
        other => panic!("no fault: {other:?}"),
    }
}

/// Requests that reached the server at this path.
async fn asked(server: &MockServer, at: &str) -> usize {
    server.received_requests().await.unwrap().iter().filter(|request| request.url.path() == at).count()
}

fn assert_no_secret(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(!text.contains("SYNTHETIC"), "a minted token in {text}");
    assert!(!text.contains(BUDI), "a whole NIP in {text}");
}
