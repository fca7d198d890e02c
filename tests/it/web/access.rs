//! Signing in and out, sessions, lockout, forged requests, what is written down: over real HTTP, on both engines.

use super::visitor::{Answer, BUDI, Browser, House, PASSWORD, SITI, encoded, office, user};
use crate::support::Bench;
use crate::support::on_both_engines;
use chrono::Duration;
use selaras::app::access::{By, NewToken, add_token, set_disabled, set_roles};
use selaras::domain::access::{Right, Role};
use serde_json::json;

on_both_engines![
    a_session_begins_returns_and_ends,
    a_session_expires_by_idleness_and_by_age,
    five_failures_bar_an_account_and_nobody_learns_whether_there_is_one,
    a_forged_change_changes_nothing,
    a_password_is_changed_by_who_knows_it,
    an_account_that_is_closed_or_changed_feels_it_at_once,
    the_link_opens_nothing_once_there_are_accounts,
    who_looked_at_whom_is_written_down,
];

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

async fn house(bench: &Bench) -> House {
    let app = office(bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Keuangan], &[]).await;
    House::open(&app).await
}

fn session_cookie(house: &House) -> String {
    format!("selaras_sesi_{}", house.port())
}

async fn a_session_begins_returns_and_ends(bench: Bench) {
    let house = house(&bench).await;
    assert_eq!(house.link, "/masuk");
    let mut browser = house.browser();
    let wanted = "/keuangan?periode=2026-10&cari=a%20b";
    let away = browser.get(wanted).await;
    assert_eq!((away.status, away.header("location")), (303, "/masuk?kembali=%2Fkeuangan%3Fperiode%3D2026-10%26cari%3Da%2520b"));
    assert!(!away.body.contains("BUDI"));
    let form = browser.get(away.header("location")).await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("autocomplete=\"current-password\"") && !form.body.contains("/keluar"), "{}", form.body);

    let refused = browser.sign_in_at(away.header("location"), "sri", "bukan ini sandinya").await;
    assert_eq!(refused.status, 401);
    assert!(refused.body.contains("tidak cocok") && refused.body.contains("value=\"sri\"") && !refused.body.contains("bukan ini"));
    assert_eq!(browser.cookies.get(&session_cookie(&house)), None);

    let entered = browser.sign_in_at(away.header("location"), " SRI ", PASSWORD).await;
    assert_eq!((entered.status, entered.header("location")), (303, wanted));
    let set: Vec<&str> = entered.all("set-cookie");
    assert!(set[0].starts_with(&session_cookie(&house)) && set[0].ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{set:?}");
    let people = browser.get(wanted).await;
    assert_eq!((people.status, people.header("cache-control")), (200, "no-store"));
    assert!(people.body.contains(">sri</a>") && people.body.contains("Keluar"), "{}", people.body);

    // Each sign-in has a token of its own, and takes the place of the browser's last one.
    let first = browser.cookies.clone();
    assert_eq!(browser.get("/masuk?kembali=/sdm").await.header("location"), "/sdm");
    let csrf_of_form = house.browser().get("/masuk").await;
    assert_eq!(csrf_of_form.hidden("csrf").len(), 64);
    let mut again = browser.clone();
    let before = format!("selaras_awal_{}", house.port());
    let fresh = house.browser().get("/masuk").await;
    again.cookies.insert(before.clone(), fresh.all("set-cookie")[0].split([';', '=']).nth(1).unwrap().to_owned());
    let csrf = fresh.hidden("csrf");
    assert_eq!(again.post("/masuk", &[("csrf", &csrf), ("akun", "sri"), ("sandi", PASSWORD)]).await.status, 303);
    assert_ne!(again.cookies[&session_cookie(&house)], first[&session_cookie(&house)]);
    assert_eq!(browser.get("/").await.status, 303, "the earlier session has ended");

    let csrf = again.csrf().await;
    let copy = again.clone();
    let out = again.post("/keluar", &[("csrf", &csrf)]).await;
    assert_eq!((out.status, out.header("location"), out.header("clear-site-data")), (303, "/masuk", "\"cache\", \"storage\""));
    assert_eq!(again.cookies.get(&session_cookie(&house)), None);
    assert_eq!(copy.clone().get("/").await.status, 303, "a copy of the cookie opens nothing any more");
    assert_eq!(copy.clone().post("/keluar", &[]).await.status, 303, "who is out already has what they wanted");

    let log = house.log().await;
    let actions: Vec<&str> = log.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["account_added", "account_added", "sign_in_failed", "sign_in", "sign_in", "sign_out"]);
    assert_eq!(log[3], ("sign_in".into(), "sri".into(), "sri".into(), json!({"address": "127.0.0.1"})));
    assert_eq!(house.app.store.verify_audit(None).await.unwrap().broken, None);
    if let Some(path) = bench.url.strip_prefix("sqlite://") {
        // Neither password nor token stands in the store.
        for file in [path.to_owned(), format!("{path}-wal")] {
            let bytes = std::fs::read(file).unwrap_or_default();
            for secret in [PASSWORD, &first[&session_cookie(&house)]] {
                assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
            }
        }
    }
    house.close().await;
}

async fn a_session_expires_by_idleness_and_by_age(bench: Bench) {
    let house = house(&bench).await;
    let mut browser = house.signed_in("sri").await;
    for _ in 0..28 {
        bench.clock.advance(Duration::minutes(25));
        assert_eq!(browser.get("/keuangan").await.status, 200);
        // That it was used is noted a moment later.
        for _ in 0..1000 {
            let sha = selaras::app::access::sha256(&browser.cookies[&session_cookie(&house)]);
            if bench.store.session(&sha).await.unwrap().unwrap().seen_at == selaras::clock::Clock::now(&bench.clock) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    // 11 h 40 min of use: another 20 minutes and the day is over, however busy.
    bench.clock.advance(Duration::minutes(20));
    let over = browser.get("/sdm?kode=AB05").await;
    assert_eq!((over.status, over.header("location")), (303, "/masuk?kembali=%2Fsdm%3Fkode%3DAB05"));

    let mut browser = house.signed_in("sri").await;
    let csrf = browser.csrf().await;
    bench.clock.advance(Duration::minutes(30));
    assert_eq!(browser.get("/").await.status, 303, "idle for half an hour");
    let late = browser.post("/sandi", &[("csrf", &csrf), ("lama", PASSWORD), ("baru", "x"), ("ulang", "x")]).await;
    assert_eq!(late.status, 401);
    assert!(late.body.contains("Sesi Anda sudah berakhir") && late.hidden("kembali") == "/sandi", "{}", late.body);
    house.close().await;
}

/// What a stranger can see of an answer: everything but the form's own token and the name that they typed.
fn seen(answer: &Answer, name: &str) -> (u16, String) {
    let body = answer.body.replace(&answer.hidden("csrf"), "").replace(&format!("value=\"{name}\""), "");
    (answer.status, body)
}

async fn five_failures_bar_an_account_and_nobody_learns_whether_there_is_one(bench: Bench) {
    let house = house(&bench).await;
    let mut browser = house.browser();
    for _ in 0..5 {
        let known = browser.sign_in("sri", "salah sekali ini").await;
        let unknown = browser.sign_in("tono", "salah sekali ini").await;
        assert_eq!(known.status, 401);
        assert_eq!(seen(&known, "sri"), seen(&unknown, "tono"));
    }
    // The right password does not help now, and the answer is still the same.
    let barred = browser.sign_in("sri", PASSWORD).await;
    assert_eq!(seen(&barred, "sri"), seen(&browser.sign_in("tono", PASSWORD).await, "tono"));
    bench.clock.advance(Duration::seconds(61));
    assert_eq!(browser.sign_in("sri", PASSWORD).await.status, 303);

    let log = house.log().await;
    let count = |action: &str, account: &str| log.iter().filter(|line| line.0 == action && line.1 == account).count();
    assert_eq!((count("sign_in_failed", "sri"), count("lockout", "sri"), count("sign_in", "sri")), (6, 1, 1));
    assert_eq!(count("sign_in_failed", "?"), 6, "what nobody is called may be a password: it is not written down");
    assert!(!log.iter().any(|line| format!("{line:?}").contains("tono")));
    house.close().await;
}

async fn a_forged_change_changes_nothing(bench: Bench) {
    let house = house(&bench).await;
    let mut browser = house.signed_in("sri").await;
    let mut other = house.signed_in("admin").await;
    let (csrf, of_other) = (browser.csrf().await, other.csrf().await);
    assert_ne!(csrf, of_other);
    let origin = format!("http://{}", house.address);
    let new = "sandi baru yang panjang";
    let body = |csrf: &str| encoded(&[("csrf", csrf), ("lama", PASSWORD), ("baru", new), ("ulang", new)]);
    let right = body(&csrf);
    for (headers, body, why) in [
        (vec![FORM], body(""), "no token"),
        (vec![FORM], encoded(&[("lama", PASSWORD), ("baru", new), ("ulang", new)]), "no field"),
        (vec![FORM], body(&of_other), "another session's token"),
        (vec![FORM], body(&csrf[..63]), "a part of the token"),
        (vec![FORM, ("Origin", "https://evil.example")], right.clone(), "another site"),
        (vec![FORM, ("Origin", "null")], right.clone(), "a site that hides"),
        (vec![FORM, ("Origin", "http://127.0.0.1:1")], right.clone(), "another port"),
        (vec![FORM, ("Sec-Fetch-Site", "cross-site")], right.clone(), "another site, as the browser says"),
        (vec![FORM, ("Origin", &origin), ("Sec-Fetch-Site", "same-site")], right.clone(), "a sister site"),
        (vec![("Content-Type", "text/plain")], right.clone(), "a form that is none"),
        (vec![("Content-Type", "application/json")], "{}".to_owned(), "JSON"),
        (vec![FORM, ("X-CSRF-Token", "salah")], right.clone(), "a wrong header"),
    ] {
        let answer = browser.send("POST", "/sandi", &headers, &body).await;
        assert_eq!(answer.status, 403, "{why}: {}", answer.body);
        assert!(answer.body.contains("<h1>Tidak diizinkan</h1>"), "{why}");
        assert_eq!(answer.header("content-security-policy").split(';').next(), Some("default-src 'none'"), "{why}");
    }
    let huge = format!("{right}&x={}", "x".repeat(1 << 20));
    assert_eq!(browser.send("POST", "/sandi", &[FORM], &huge).await.status, 413);
    // Signing out somebody else is a change too; signing in as somebody else needs a form of ours.
    assert_eq!(browser.send("POST", "/keluar", &[FORM, ("Origin", "https://evil.example")], &right).await.status, 403);
    assert_eq!(browser.send("POST", "/keluar", &[FORM], "").await.status, 403);
    let mut stranger = house.browser();
    let signing = encoded(&[("csrf", &csrf), ("akun", "sri"), ("sandi", PASSWORD)]);
    assert_eq!(stranger.send("POST", "/masuk", &[FORM], &signing).await.status, 403);
    stranger.cookies.clear();
    let form = stranger.get("/masuk").await.hidden("csrf");
    let signing = encoded(&[("csrf", &form), ("akun", "sri"), ("sandi", PASSWORD)]);
    let answer = stranger.send("POST", "/masuk", &[FORM, ("Origin", "https://evil.example")], &signing).await;
    assert_eq!((answer.status, stranger.cookies.contains_key(&session_cookie(&house))), (403, false));

    assert_eq!(browser.get("/").await.status, 200, "still signed in");
    assert_eq!(house.browser().sign_in("sri", PASSWORD).await.status, 303, "and with the old password");
    let app = house.app.clone();
    assert!(!house.log().await.iter().any(|line| line.0 == "password_set"));
    // The same with the header that a script of ours would send.
    let headers = [FORM, ("X-CSRF-Token", csrf.as_str()), ("Origin", origin.as_str())];
    let answer = browser.send("POST", "/sandi", &headers, &encoded(&[("lama", PASSWORD), ("baru", new), ("ulang", new)])).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    house.close().await;
    let forged = app.store.audit_lines(None, 100).await.unwrap().into_iter().filter(|line| line.action == "forged").collect::<Vec<_>>();
    assert_eq!(forged.len(), 12, "each is written down");
    assert!(forged.iter().all(|line| line.account == "sri" && line.subject == "/sandi"), "{forged:?}");
}

async fn a_password_is_changed_by_who_knows_it(bench: Bench) {
    let house = house(&bench).await;
    let mut browser = house.signed_in("sri").await;
    let mut elsewhere = house.signed_in("sri").await;
    let csrf = browser.csrf().await;
    let new = "hujan di tujuh Mei";
    for (old, one, two, says) in [
        ("salah sekali ini", new, new, "lama tidak cocok"),
        (PASSWORD, new, "lain lagi sandinya", "tidak sama"),
        (PASSWORD, "pendek", "pendek", "sekurangnya 12"),
        (PASSWORD, "sri sri sri sri", "sri sri sri sri", "mudah ditebak"),
        (PASSWORD, "", "", "sekurangnya 12"),
    ] {
        let answer = browser.post("/sandi", &[("csrf", &csrf), ("lama", old), ("baru", one), ("ulang", two)]).await;
        assert_eq!(answer.status, 422, "{says}");
        assert!(answer.body.contains(says) && !answer.body.contains(&format!("value=\"{new}\"")), "{says}: {}", answer.body);
    }
    let answer = browser.post("/sandi", &[("csrf", &csrf), ("lama", PASSWORD), ("baru", new), ("ulang", new)]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("sudah diganti"), "{}", answer.body);
    assert_eq!(browser.get("/").await.status, 200);
    assert_eq!(elsewhere.get("/").await.status, 303, "sessions elsewhere have ended");
    assert_eq!(house.browser().sign_in("sri", PASSWORD).await.status, 401);
    assert_eq!(house.browser().sign_in("sri", new).await.status, 303);
    house.close().await;
}

async fn an_account_that_is_closed_or_changed_feels_it_at_once(bench: Bench) {
    let house = house(&bench).await;
    let mut browser = house.signed_in("sri").await;
    assert_eq!(browser.get("/keuangan").await.status, 200);
    set_roles(&house.app, &By::terminal(), "sri", &[Role::Sysadmin].into(), None).await.unwrap();
    let refused = browser.get("/keuangan").await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("Peran akun Anda") && !refused.body.contains("BUDI"), "{}", refused.body);
    set_disabled(&house.app, &By::terminal(), "sri", true).await.unwrap();
    assert_eq!(browser.get("/").await.status, 303);
    assert_eq!(house.browser().sign_in("sri", PASSWORD).await.status, 401);
    house.close().await;
}

async fn the_link_opens_nothing_once_there_are_accounts(bench: Bench) {
    let app = office(&bench).await;
    let house = House::open(&app).await;
    assert!(house.link.starts_with("/masuk?kunci="));
    let mut browser = house.browser();
    assert_eq!(browser.get("/").await.status, 401);
    assert_eq!(browser.post("/masuk", &[("akun", "sri"), ("sandi", PASSWORD)]).await.status, 401);
    assert_eq!(browser.get(&house.link).await.status, 303);
    let page = browser.get("/keuangan").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("BUDI") && !page.body.contains("/keluar"), "{}", page.body);
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    assert_eq!(browser.get("/keuangan").await.header("location"), "/masuk?kembali=%2Fkeuangan");
    let form = house.browser().get(&house.link).await;
    assert!(form.status == 200 && form.header("set-cookie").contains("awal"), "the link is the form now");
    // Also when somebody with the database's own rights closes the last account again.
    let close = "UPDATE account SET disabled = 1";
    match bench.url.strip_prefix("sqlite://") {
        Some(path) => drop(sqlx::query(close).execute(&sqlx::SqlitePool::connect(path).await.unwrap()).await.unwrap()),
        None => drop(sqlx::query(close).execute(&sqlx::PgPool::connect(&bench.url).await.unwrap()).await.unwrap()),
    }
    let again = House::open(&app).await;
    assert_eq!(again.link, "/masuk");
    again.close().await;
    house.close().await;
}

async fn who_looked_at_whom_is_written_down(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Keuangan], &[]).await;
    user(&app, "agus", &[Role::Auditor], &["U1"]).await;
    let house = House::open(&app).await;
    let mut sri = house.signed_in("sri").await;
    let page = sri.get(&format!("/pegawai/{BUDI}?periode=2026-10")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!(">{BUDI}<")) || page.body.contains(BUDI), "{}", page.body);
    let mut agus = house.signed_in("agus").await;
    assert_eq!(agus.get(&format!("/pegawai/{BUDI}?periode=2026-10")).await.status, 404, "nobody is found by a NIP that is not shown");
    let all = agus.get("/keuangan").await.body;
    let link = all.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|link| link.starts_with("/pegawai/~")).unwrap();
    assert_eq!(agus.get(&link.replace("&#38;", "&")).await.status, 200);
    let foreign = agus.get(&format!("/pegawai/{SITI}?periode=2026-10")).await;
    let nobody = agus.get("/pegawai/198501012010011999?periode=2026-10").await;
    assert_eq!((foreign.status, nobody.status), (404, 404));
    assert_eq!(foreign.body.replace("1992***********902", "1985***********999"), nobody.body, "another unit's person is nobody");
    let list = agus.get("/keuangan").await;
    assert!(list.body.contains("BUDI") && list.body.contains("1985***********901") && !list.body.contains("SITI"), "{}", list.body);
    let app = house.app.clone();
    house.close().await;
    let lines = app.store.audit_lines(None, 100).await.unwrap();
    let seen: Vec<(String, String, serde_json::Value)> = lines
        .into_iter()
        .rev()
        .filter(|line| line.action == "person_seen")
        .map(|line| (line.account, line.subject, serde_json::from_str(&line.detail).unwrap()))
        .collect();
    let detail = |whole: bool| json!({"address": "127.0.0.1", "period": "2026-10", "nip_whole": whole});
    assert_eq!(seen, [("sri".into(), BUDI.into(), detail(true)), ("agus".into(), BUDI.into(), detail(false))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_may_not_try_for_ever() {
    let bench = Bench::sqlite().await;
    let house = house(&bench).await;
    let mut statuses = Vec::new();
    let mut last = None;
    for _ in 0..25 {
        // Without the form's token nothing is hashed; it counts all the same.
        let answer = house.browser().send("POST", "/masuk", &[FORM], "akun=sri&sandi=x").await;
        statuses.push(answer.status);
        last = Some(answer);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 20, "{statuses:?}");
    let last = last.unwrap();
    assert_eq!(last.status, 429);
    assert!((1..=7).contains(&last.header("retry-after").parse().unwrap()) && last.body.contains("Terlalu"), "{}", last.body);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_https_cookies_are_secure_and_only_the_public_origin_is_ours() {
    let bench = Bench::sqlite().await;
    let mut app = office(&bench).await;
    app.config.web.public_url = Some("https://selaras.example.go.id".parse().unwrap());
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    let house = House::open(&app).await;
    let mut browser = house.browser();
    let form = browser.get("/masuk").await;
    let cookie = form.header("set-cookie");
    assert!(cookie.starts_with("__Host-selaras-awal=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert_eq!(form.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    assert_eq!(form.header("referrer-policy"), "same-origin");
    let csrf = form.hidden("csrf");
    let body = encoded(&[("csrf", &csrf), ("akun", "admin"), ("sandi", PASSWORD)]);
    let local = format!("http://{}", house.address);
    assert_eq!(browser.send("POST", "/masuk", &[FORM, ("Origin", &local)], &body).await.status, 403);
    let csrf = browser.get("/masuk").await.hidden("csrf");
    let body = encoded(&[("csrf", &csrf), ("akun", "admin"), ("sandi", PASSWORD)]);
    let headers = [FORM, ("Origin", "https://selaras.example.go.id"), ("X-Forwarded-For", "9.9.9.9, 10.1.2.3")];
    let entered = browser.send("POST", "/masuk", &headers, &body).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    assert!(entered.header("set-cookie").starts_with("__Host-selaras-sesi="));
    assert_eq!(house.log().await.last().unwrap().3, json!({"address": "10.1.2.3"}), "the address that the proxy saw");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_comes_in_by_its_token_and_is_told_no_as_a_program() {
    let bench = Bench::sqlite().await;
    let house = house(&bench).await;
    let scopes = Some([Right::SeePeople].into());
    let new = NewToken { name: "lembar".into(), account: "sri".into(), scopes, days: 1 };
    let (_, text) = add_token(&house.app, &By::terminal(), new).await.unwrap();
    let bearer = format!("Bearer {text}");
    let wrong = format!("Bearer selaras_{}", "0".repeat(64));
    let ask = async |authorization: Option<&str>, cookies: Option<&Browser<'_>>| {
        let mut browser = cookies.cloned().unwrap_or(house.browser());
        let headers: Vec<(&str, &str)> = authorization.into_iter().map(|value| ("Authorization", value)).collect();
        browser.send("GET", "/api/v1/tidak-ada", &headers, "").await
    };
    for nobody in [None, Some(wrong.as_str()), Some("Basic c3JpOng="), Some("Bearer ")] {
        let answer = ask(nobody, None).await;
        assert_eq!((answer.status, answer.header("content-type")), (401, "application/problem+json"), "{nobody:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"Selaras\"");
    }
    assert_eq!(ask(Some(&bearer), None).await.status, 404, "let in, and there is nothing");
    let signed_in = house.signed_in("sri").await;
    assert_eq!(ask(Some(&wrong), Some(&signed_in)).await.status, 401, "a wrong token is not helped by a cookie");
    // A page is not opened by a token: browsers have sessions.
    assert_eq!(house.browser().send("GET", "/keuangan", &[("Authorization", &bearer)], "").await.status, 303);
    bench.clock.advance(Duration::days(1));
    assert_eq!(ask(Some(&bearer), None).await.status, 401);
    house.close().await;
}
