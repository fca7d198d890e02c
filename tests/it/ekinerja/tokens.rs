//! Tokens: minted once for everybody, as long-lived as they say, renewed once when refused, and never shown.

use super::*;
use selaras::domain::evidence::Reason;
use selaras::ekinerja::SettingsError;
use wiremock::matchers::body_string;
use wiremock::matchers::header;
use wiremock::matchers::header_exists;

fn token(value: &str, expires_in: &str) -> ResponseTemplate {
    json(200, format!(r#"{{"access_token":"{value}","token_type":"Bearer"{expires_in}}}"#))
}

fn nothing_there() -> ResponseTemplate {
    json(200, r#"{"code":1,"data":[]}"#)
}

fn history_of(number: usize) -> Question {
    Question::Person { kind: Kind::History, nip: nip(&format!("1985010120100119{number:02}")), part_time: false }
}

#[tokio::test]
async fn both_tokens_go_out_in_their_own_headers() {
    let server = siasn_server().await;
    Mock::given(method("GET"))
        .and(path(format!("/apisiasn/1.0/pns/rw-hukdis/{BUDI}")))
        .and(header("authorization", "Bearer SYNTHETIC-OPAQUE-OR-JWT"))
        .and(header("auth", format!("bearer {}", SECRETS[3])))
        .respond_with(nothing_there())
        .mount(&server)
        .await;
    let answer = siasn(&server).ask(&person(Kind::DisciplineBkn), later()).await;
    assert_eq!(answer.outcome, Outcome::DeclaredAbsent);
    let requests = server.received_requests().await.unwrap();
    let mint = requests.iter().find(|request| request.url.path() == "/oauth2/token").unwrap();
    assert_eq!(mint.body, b"grant_type=client_credentials");
    // echo -n kunci-rahasia:sandi-konsumen-rahasia | base64
    assert_eq!(mint.headers["authorization"], "Basic a3VuY2ktcmFoYXNpYTpzYW5kaS1rb25zdW1lbi1yYWhhc2lh");
}

#[tokio::test]
async fn password_mode_asks_keycloak() {
    let server = siasn_server().await;
    let form = format!("client_id=contohws&grant_type=password&username={BUDI}&password={}", SECRETS[4]);
    Mock::given(path("/sso/token"))
        .and(body_string(form))
        .respond_with(token("jwt-baru", r#","expires_in":300"#))
        .with_priority(1)
        .mount(&server)
        .await;
    let at = format!("/apisiasn/1.0/pns/rw-hukdis/{BUDI}");
    Mock::given(path(at)).and(header("auth", "bearer jwt-baru")).respond_with(nothing_there()).mount(&server).await;
    let settings = SiasnSettings { sso_mode: SsoMode::Password, ..siasn_settings(&server) };
    let answer = Siasn::new(settings, clock().1).unwrap().ask(&person(Kind::DisciplineBkn), later()).await;
    assert_eq!(answer.outcome, Outcome::DeclaredAbsent);
}

#[tokio::test]
async fn fifty_at_once_mint_once() {
    let server = siasn_server().await;
    let slow = token("t", r#","expires_in":3600"#).set_delay(Duration::from_millis(50));
    Mock::given(path("/oauth2/token")).respond_with(slow).with_priority(1).mount(&server).await;
    Mock::given(method("GET")).and(header_exists("auth")).respond_with(nothing_there()).mount(&server).await;
    let client = Arc::new(siasn(&server));
    let all: Vec<_> = (10..60)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { client.ask(&history_of(number), later()).await })
        })
        .collect();
    for one in all {
        assert_eq!(one.await.unwrap().outcome, Outcome::DeclaredAbsent);
    }
    assert_eq!(asked(&server, "/oauth2/token").await, 1);
}

#[tokio::test]
async fn fifty_at_once_renew_a_refused_token_once() {
    let server = siasn_server().await;
    Mock::given(path("/oauth2/token"))
        .respond_with(token("lama", r#","expires_in":3600"#))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(path("/oauth2/token")).respond_with(token("baru", r#","expires_in":3600"#)).with_priority(2).mount(&server).await;
    let refused = json(401, fixture("wso2.900901.json")).set_delay(Duration::from_millis(20));
    Mock::given(method("GET")).and(header("authorization", "Bearer lama")).respond_with(refused).mount(&server).await;
    Mock::given(method("GET")).and(header("authorization", "Bearer baru")).respond_with(nothing_there()).mount(&server).await;
    let client = Arc::new(siasn(&server));
    let all: Vec<_> = (10..60)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { client.ask(&history_of(number), later()).await })
        })
        .collect();
    for one in all {
        let answer = one.await.unwrap();
        assert_eq!((answer.outcome, answer.requests), (Outcome::DeclaredAbsent, 2));
    }
    assert_eq!(asked(&server, "/oauth2/token").await, 2);
}

#[tokio::test]
async fn fifty_at_once_try_a_wrong_password_once() {
    let server = siasn_server().await;
    let refused = json(401, r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#);
    Mock::given(path("/sso/token")).respond_with(refused).with_priority(1).mount(&server).await;
    let settings = SiasnSettings { sso_mode: SsoMode::Password, ..siasn_settings(&server) };
    let client = Arc::new(Siasn::new(settings, clock().1).unwrap());
    let all: Vec<_> = (10..60)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move { client.ask(&history_of(number), later()).await })
        })
        .collect();
    for one in all {
        let answer = one.await.unwrap();
        let fault = fault(&answer);
        assert_eq!((fault.reason, fault.stops_surface(), answer.requests), (Reason::AuthSso, Some("ekinerja.siasn.sso_password"), 0));
        assert!(fault.to_string().contains("Invalid user credentials"), "{fault}");
    }
    assert_eq!(asked(&server, "/sso/token").await, 1, "more would lock the operator's account");
}

/// WSO2 hands out the token that it still has, with what is left of its life: only `expires_in` tells.
#[tokio::test]
async fn a_token_lives_as_long_as_it_says_less_a_margin() {
    let server = siasn_server().await;
    Mock::given(path("/oauth2/token")).respond_with(token("t", r#","expires_in":"100""#)).with_priority(1).mount(&server).await;
    Mock::given(method("GET")).respond_with(nothing_there()).mount(&server).await;
    let (manual, shared) = clock();
    let client = Siasn::new(siasn_settings(&server), shared).unwrap();
    for (after, mints) in [(0, 1), (89, 1), (2, 2), (88, 2), (3, 3)] {
        manual.advance(chrono::Duration::seconds(after));
        client.ask(&person(Kind::History), later()).await;
        assert_eq!(asked(&server, "/oauth2/token").await, mints);
    }
}

#[tokio::test]
async fn a_token_without_a_life_is_used_until_it_is_refused() {
    let server = siasn_server().await;
    Mock::given(path("/oauth2/token")).respond_with(token("t", "")).with_priority(1).mount(&server).await;
    Mock::given(method("GET")).respond_with(nothing_there()).mount(&server).await;
    let (manual, shared) = clock();
    let client = Siasn::new(siasn_settings(&server), shared).unwrap();
    for _ in 0..3 {
        client.ask(&person(Kind::History), manual_later(&manual)).await;
        manual.advance(chrono::Duration::hours(5));
    }
    assert_eq!(asked(&server, "/oauth2/token").await, 1);
}

fn manual_later(clock: &ManualClock) -> DateTime<Utc> {
    use selaras::clock::Clock;
    clock.now() + chrono::Duration::hours(1)
}

#[tokio::test]
async fn password_mode_renews_a_refused_sso_token_once() {
    let server = siasn_server().await;
    Mock::given(path("/sso/token"))
        .respond_with(token("lama", r#","expires_in":3600"#))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(path("/sso/token")).respond_with(token("baru", r#","expires_in":3600"#)).with_priority(2).mount(&server).await;
    Mock::given(method("GET"))
        .and(header("auth", "bearer lama"))
        .respond_with(json(401, fixture("error.jwt.401.json")))
        .mount(&server)
        .await;
    Mock::given(method("GET")).and(header("auth", "bearer baru")).respond_with(nothing_there()).mount(&server).await;
    let settings = SiasnSettings { sso_mode: SsoMode::Password, ..siasn_settings(&server) };
    let client = Siasn::new(settings.clone(), clock().1).unwrap();
    let answer = client.ask(&person(Kind::History), later()).await;
    assert_eq!((answer.outcome, answer.requests), (Outcome::DeclaredAbsent, 2));

    let server = siasn_server().await;
    Mock::given(method("GET")).respond_with(json(401, fixture("error.jwt.401.json"))).mount(&server).await;
    let settings = SiasnSettings { sso_mode: SsoMode::Password, ..siasn_settings(&server) };
    let answer = Siasn::new(settings, clock().1).unwrap().ask(&person(Kind::History), later()).await;
    assert_eq!((fault(&answer).reason, fault(&answer).stops_surface()), (Reason::AuthSso, Some("ekinerja.siasn.sso_password")));
    assert_eq!((answer.requests, asked(&server, "/sso/token").await), (2, 2));
}

#[tokio::test]
async fn a_refused_static_token_calls_the_operator_at_once() {
    let answer = ask_siasn(Kind::History, "rw-kinerjaperiodik", json(401, fixture("error.jwt.401.json"))).await;
    assert_eq!((fault(&answer).stops_surface(), answer.requests), (Some("ekinerja.siasn.sso_token"), 1));
    assert!(fault(&answer).to_string().contains("ekinerja.siasn.sso_token"));
}

#[tokio::test]
async fn a_failing_token_endpoint_is_tried_again_and_a_refusing_one_is_not() {
    let server = siasn_server().await;
    Mock::given(path("/oauth2/token")).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).with_priority(1).mount(&server).await;
    Mock::given(method("GET")).respond_with(nothing_there()).mount(&server).await;
    let answer = siasn(&server).ask(&person(Kind::History), later()).await;
    assert_eq!((answer.outcome, answer.requests, asked(&server, "/oauth2/token").await), (Outcome::DeclaredAbsent, 1, 3));

    let server = siasn_server().await;
    Mock::given(path("/oauth2/token")).respond_with(json(401, r#"{"error":"invalid_client"}"#)).with_priority(1).mount(&server).await;
    let client = siasn(&server);
    for _ in 0..3 {
        let answer = client.ask(&person(Kind::History), later()).await;
        assert_eq!((fault(&answer).stops_surface(), answer.requests), (Some("ekinerja.siasn.consumer_key"), 0));
    }
    assert_eq!(asked(&server, "/oauth2/token").await, 1);
    assert_eq!(client.probe().await.unwrap_err().reason, Reason::AuthGateway);
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let server = siasn_server().await;
    Mock::given(method("GET")).respond_with(json(500, format!("{{\"message\":\"{}\"}}", SECRETS[3]))).mount(&server).await;
    let settings = siasn_settings(&server);
    assert_no_secret(&format!("{settings:?} {:?}", report_settings(&server)));
    let answer = Siasn::new(settings, clock().1).unwrap().ask(&person(Kind::History), later()).await;
    assert_no_secret(&format!("{} {answer:?}", fault(&answer)));
    let nowhere = SiasnSettings { base_url: "http://127.0.0.1:9/x".to_owned(), ..siasn_settings(&server) };
    let answer = Siasn::new(nowhere, clock().1).unwrap().ask(&person(Kind::History), later()).await;
    assert_eq!(fault(&answer).reason, Reason::Connection);
    assert_no_secret(&format!("{} {answer:?}", fault(&answer)));
}

#[tokio::test]
async fn what_is_missing_or_unsafe_is_refused_by_its_key() {
    let server = MockServer::start().await;
    let wrong = |change: &dyn Fn(&mut SiasnSettings)| {
        let mut settings = siasn_settings(&server);
        change(&mut settings);
        let error = Siasn::new(settings, clock().1).err().expect("refused");
        assert_no_secret(&format!("{error} {error:?}"));
        error
    };
    assert_eq!(
        wrong(&|s| s.base_url = "http://apimws.bkn.go.id".to_owned()),
        SettingsError::Unencrypted { key: "ekinerja.siasn.base_url" }
    );
    assert_eq!(
        wrong(&|s| s.wso2_token_url = "http://10.1.2.3/t".to_owned()),
        SettingsError::Unencrypted { key: "ekinerja.siasn.wso2_token_url" }
    );
    assert_eq!(
        wrong(&|s| s.sso_token = Secret::new(format!("{}\nx", SECRETS[3]))),
        SettingsError::Unsendable { key: "ekinerja.siasn.sso_token" }
    );
    assert_eq!(wrong(&|s| s.pace.attempts = 0), SettingsError::NotPositive { key: "ekinerja.siasn.pace.attempts" });
    for (key, change) in [
        ("ekinerja.siasn.consumer_key", &(|s: &mut SiasnSettings| s.consumer_key = Secret::default()) as &dyn Fn(&mut SiasnSettings)),
        ("ekinerja.siasn.consumer_secret", &|s| s.consumer_secret = Secret::new("  ")),
        ("ekinerja.siasn.sso_token", &|s| s.sso_token = Secret::default()),
        ("ekinerja.siasn.sso_password", &|s| {
            s.sso_mode = SsoMode::Password;
            s.sso_password = Secret::default();
        }),
    ] {
        assert!(wrong(change).to_string().starts_with(key), "{key}");
    }
    let http = ReportSettings { base_url: "http://kinerja.bkn.go.id".to_owned(), ..report_settings(&server) };
    assert_eq!(Report::new(http, clock().1).err(), Some(SettingsError::Unencrypted { key: "ekinerja.report.base_url" }));
    let no_token = ReportSettings { token: Secret::default(), ..report_settings(&server) };
    assert!(Report::new(no_token, clock().1).err().unwrap().to_string().starts_with("ekinerja.report.token"));
}
