//! Signing in by an identity provider, over real HTTP on both sides, on both engines.

use super::visitor::{Answer, Browser, House, office, user};
use crate::support::Bench;
use crate::support::on_both_engines;
use crate::support::provider::{Algorithm, CLIENT, Provider, SECRET};
use selaras::app::App;
use selaras::config::Config;
use selaras::domain::access::{Role, Scope};
use serde_json::{Value, json};
use std::path::Path;

on_both_engines![
    who_comes_by_the_provider_has_an_account_and_its_roles,
    what_is_not_wholly_right_lets_nobody_in,
    a_new_key_is_asked_for_and_nonsense_asks_for_nothing,
    an_answer_of_another_provider_is_refused,
    an_answer_that_does_not_say_whose_it_is_is_refused_where_that_is_promised,
    one_address_may_not_begin_for_ever,
];

async fn house(bench: &Bench, algorithm: Algorithm) -> (House, Provider) {
    let provider = Provider::open(bench.clock.clone().now_at(), algorithm).await;
    let mut app: App = office(bench).await;
    let text = format!(
        "[oidc]\nissuer = \"{}/\"\nclient_id = \"{CLIENT}\"\nclient_secret = \"{SECRET}\"\nrole_claim = \"realm_access.roles\"\n[oidc.role_map]\nkeu = \"keuangan\"\nit = \"sysadmin\"\n",
        provider.issuer()
    );
    app.config.oidc = Config::parse(&text, Path::new("selaras.toml")).unwrap().oidc;
    (House::open(&app).await, provider)
}

trait NowAt {
    fn now_at(&self) -> chrono::DateTime<chrono::Utc>;
}

impl NowAt for selaras::clock::ManualClock {
    fn now_at(&self) -> chrono::DateTime<chrono::Utc> {
        selaras::clock::Clock::now(self)
    }
}

fn sri(groups: &[&str]) -> Value {
    json!({"sub": "f:1:sri", "preferred_username": "Sri.Wahyuni", "name": "Sri Wahyuni", "realm_access": {"roles": groups}})
}

/// Follows the provider's redirect by hand, as a browser would; gives the address to which it sends back.
async fn back_from(house: &House, browser: &mut Browser<'_>, begin: &str) -> String {
    let away = browser.get(begin).await;
    assert_eq!(away.status, 303, "{}", away.body);
    let sent = reqwest_less(away.header("location")).await;
    let at = format!("http://127.0.0.1:{}", house.port());
    sent.strip_prefix(&at).unwrap_or_else(|| panic!("{sent}")).to_owned()
}

/// One GET at the provider; gives where it redirects to.
async fn reqwest_less(url: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{text}")).to_owned()
}

async fn come(house: &House, browser: &mut Browser<'_>, begin: &str) -> Answer {
    let back = back_from(house, browser, begin).await;
    browser.get(&back).await
}

async fn who_comes_by_the_provider_has_an_account_and_its_roles(bench: Bench) {
    let (house, provider) = house(&bench, Algorithm::Rs256).await;
    provider.person(sri(&["keu", "tamu"]));
    let begin = "/masuk/oidc/mulai?kembali=%2Fkeuangan%3Fcari%3Da";
    let early = come(&house, &mut house.browser(), begin).await;
    assert!(early.status == 403 && early.body.contains("selaras user add"), "{}", early.body);
    user(&house.app, "admin", &[Role::Sysadmin], &[]).await;
    let form = house.browser().get("/masuk?kembali=%2Fkeuangan%3Fcari%3Da").await;
    assert!(form.body.contains(&format!("href=\"{begin}\"")) && form.body.contains("name=\"sandi\""), "{}", form.body);

    let mut browser = house.browser();
    let entered = come(&house, &mut browser, begin).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/keuangan?cari=a"), "{}", entered.body);
    let page = browser.get("/keuangan").await;
    assert!(page.status == 200 && page.body.contains("Sri Wahyuni"), "{}", page.body);
    assert_eq!(browser.get("/akun").await.status, 403);
    let account = house.app.store.account("sri.wahyuni").await.unwrap().unwrap();
    assert_eq!((account.roles.clone(), account.scope.clone()), ([Role::Keuangan].into(), Scope::All));
    assert!(house.app.store.password_hash("sri.wahyuni").await.unwrap().unwrap().is_empty());
    assert_eq!(house.browser().sign_in("sri.wahyuni", "").await.status, 401, "without a password nobody signs in by one");

    // Units are ours, roles are the provider's.
    let units = Scope::Units(["U1".to_owned()].into());
    selaras::app::access::set_roles(&house.app, &selaras::app::access::By::terminal(), "sri.wahyuni", &account.roles, Some(&units))
        .await
        .unwrap();
    provider.person(json!({"sub": "f:1:sri", "preferred_username": "sri.baru", "realm_access": {"roles": ["it"]}}));
    assert_eq!(come(&house, &mut house.browser(), "/masuk/oidc/mulai").await.status, 303);
    let account = house.app.store.account("sri.wahyuni").await.unwrap().unwrap();
    assert_eq!((account.roles, account.scope), ([Role::Sysadmin].into(), units), "the same person under another name");
    assert!(house.app.store.account("sri.baru").await.unwrap().is_none());

    // Somebody else who is called like a local account does not get it.
    provider.person(json!({"sub": "f:1:lain", "preferred_username": "admin", "realm_access": {"roles": ["it"]}}));
    let taken = come(&house, &mut house.browser(), "/masuk/oidc/mulai").await;
    assert!(taken.status == 403 && taken.body.contains("nama yang sama"), "{}", taken.body);
    provider.person(sri(&["tamu"]));
    let none = come(&house, &mut house.browser(), "/masuk/oidc/mulai").await;
    assert!(none.status == 403 && none.body.contains("tidak ada grupnya"), "{}", none.body);
    assert_eq!(browser.get("/").await.status, 303, "whose roles are gone has no session any more");
    provider.person(sri(&["keu"]));
    selaras::app::access::set_disabled(&house.app, &selaras::app::access::By::terminal(), "sri.wahyuni", true).await.unwrap();
    let closed = come(&house, &mut house.browser(), "/masuk/oidc/mulai").await;
    assert!(closed.status == 403 && closed.body.contains("ditutup"), "{}", closed.body);
    assert_eq!(house.browser().sign_in("admin", super::visitor::PASSWORD).await.status, 303, "local accounts come in as before");
    assert_eq!(house.app.store.verify_audit(None).await.unwrap().broken, None);
    let log: Vec<String> = house.log().await.into_iter().filter(|line| line.3["by"] == "oidc").map(|line| line.0).collect();
    assert_eq!(log, ["account_added", "sign_in", "roles_set", "sign_in", "sign_in_failed", "sessions_ended"]);
    house.close().await;
}

async fn what_is_not_wholly_right_lets_nobody_in(bench: Bench) {
    let (house, provider) = house(&bench, Algorithm::Es256).await;
    user(&house.app, "admin", &[Role::Sysadmin], &[]).await;
    provider.person(sri(&["keu"]));
    let session = format!("selaras_sesi_{}", house.port());
    type Lie = fn(&mut Value, &mut Value);
    let lies: [(&str, Lie); 8] = [
        ("another audience", |_, claims| claims["aud"] = json!("lain")),
        ("another issuer", |_, claims| claims["iss"] = json!("https://sso.example")),
        ("expired", |_, claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 3_600)),
        ("another attempt", |_, claims| claims["nonce"] = json!("lain")),
        ("no algorithm", |header, _| header["alg"] = json!("none")),
        ("a shared secret", |header, _| header["alg"] = json!("HS256")),
        ("another algorithm than its key's", |header, _| header["alg"] = json!("RS256")),
        ("nobody", |_, claims| claims["sub"] = json!("")),
    ];
    for (why, lie) in lies {
        provider.lie(lie);
        let mut browser = house.browser();
        let refused = come(&house, &mut browser, "/masuk/oidc/mulai").await;
        assert!(refused.status == 403 && refused.body.contains("tidak dapat dipercaya"), "{why}: {}", refused.body);
        assert!(!browser.cookies.contains_key(&session), "{why}");
    }
    provider.be_honest();
    provider.sign_with_a_foreign_key();
    assert_eq!(come(&house, &mut house.browser(), "/masuk/oidc/mulai").await.status, 403, "somebody else's signature");
    provider.be_honest();

    // The answer belongs to the browser that asked, and is good once.
    let mut browser = house.browser();
    let back = back_from(&house, &mut browser, "/masuk/oidc/mulai").await;
    assert_eq!(house.browser().get(&back).await.status, 403, "another browser");
    let mut other = house.browser();
    back_from(&house, &mut other, "/masuk/oidc/mulai").await;
    assert_eq!(other.get(&back).await.status, 403, "another attempt");
    let moved = back.replace("&state=", "&state=0");
    assert_eq!(browser.clone().get(&moved).await.status, 403, "a state that is not ours");
    let copy = browser.clone();
    assert_eq!(browser.get(&back).await.status, 303);
    assert_eq!(copy.clone().get(&back).await.status, 403, "the code was used");
    for path in ["/masuk/oidc", "/masuk/oidc?code=x", "/masuk/oidc?error=access_denied"] {
        assert_eq!(house.browser().get(path).await.status, 403, "{path}");
    }
    // The way back is ours only, whatever the attempt says.
    let mut browser = house.browser();
    let away = come(&house, &mut browser, "/masuk/oidc/mulai?kembali=%2F%2Fevil.example").await;
    assert_eq!((away.status, away.header("location")), (303, "/"));
    house.close().await;
}

async fn a_new_key_is_asked_for_and_nonsense_asks_for_nothing(bench: Bench) {
    let (house, provider) = house(&bench, Algorithm::EdDsa).await;
    user(&house.app, "admin", &[Role::Sysadmin], &[]).await;
    provider.person(sri(&["keu"]));
    assert_eq!(come(&house, &mut house.browser(), "/masuk/oidc/mulai").await.status, 303);
    assert_eq!(provider.asked_for_keys(), 1);
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        provider.rotate(algorithm);
        bench.clock.advance(chrono::Duration::seconds(20));
        assert_eq!(come(&house, &mut house.browser(), "/masuk/oidc/mulai").await.status, 303, "{algorithm:?}");
    }
    assert_eq!(provider.asked_for_keys(), 3);
    provider.lie(|header, _| header["kid"] = json!("never"));
    for _ in 0..3 {
        assert_eq!(come(&house, &mut house.browser(), "/masuk/oidc/mulai").await.status, 403);
    }
    assert_eq!(provider.asked_for_keys(), 3, "keys of a moment ago are not asked for again");
    house.close().await;
}

/// An answer that names another issuer than the one that was asked: somebody has mixed up two providers (RFC 9207).
async fn an_answer_of_another_provider_is_refused(bench: Bench) {
    let (house, provider) = house(&bench, Algorithm::Es256).await;
    user(&house.app, "admin", &[Role::Sysadmin], &[]).await;
    provider.person(sri(&["keu"]));
    for (iss, status) in [(Some("https://sso.example"), 403), (Some(""), 403), (None, 303), (Some(provider.issuer().as_str()), 303)] {
        provider.says_who(false, iss);
        let answer = come(&house, &mut house.browser(), "/masuk/oidc/mulai").await;
        assert_eq!(answer.status, status, "{iss:?}: {}", answer.body);
        assert!(status == 303 || answer.body.contains("tidak dapat dipercaya"), "{iss:?}: {}", answer.body);
    }
    // Two answers in one are none.
    provider.says_who(false, Some(&provider.issuer()));
    let mut browser = house.browser();
    let back = back_from(&house, &mut browser, "/masuk/oidc/mulai").await;
    assert_eq!(browser.get(&format!("{back}&iss=https%3A%2F%2Fsso.example")).await.status, 403);
    house.close().await;
}

async fn an_answer_that_does_not_say_whose_it_is_is_refused_where_that_is_promised(bench: Bench) {
    let (house, provider) = house(&bench, Algorithm::Es256).await;
    user(&house.app, "admin", &[Role::Sysadmin], &[]).await;
    provider.person(sri(&["keu"]));
    for (iss, status) in [(None, 403), (Some("https://sso.example"), 403), (Some(provider.issuer().as_str()), 303)] {
        provider.says_who(true, iss);
        let answer = come(&house, &mut house.browser(), "/masuk/oidc/mulai").await;
        assert_eq!(answer.status, status, "{iss:?}: {}", answer.body);
    }
    house.close().await;
}

async fn one_address_may_not_begin_for_ever(bench: Bench) {
    let (house, provider) = house(&bench, Algorithm::Es256).await;
    user(&house.app, "admin", &[Role::Sysadmin], &[]).await;
    provider.person(sri(&["keu"]));
    let mut browser = house.browser();
    let begun = back_from(&house, &mut browser, "/masuk/oidc/mulai").await;
    let mut statuses = Vec::new();
    for _ in 0..25 {
        let answer = house.browser().get("/masuk/oidc/mulai").await;
        assert!(answer.status == 303 || answer.header("retry-after").parse::<u64>().is_ok_and(|wait| wait > 0), "{}", answer.body);
        statuses.push(answer.status);
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    // Who has begun may still end it, and a password is another matter.
    assert_eq!(browser.get(&begun).await.status, 303);
    assert_eq!(house.browser().sign_in("admin", super::visitor::PASSWORD).await.status, 303);
    house.close().await;
}
