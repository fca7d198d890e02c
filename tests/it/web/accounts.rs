//! `/akun`, `/sesi` and `/audit` over real HTTP, on both engines.

use super::visitor::{Answer, BUDI, Browser, House, PASSWORD, office, user};
use crate::support::Bench;
use crate::support::on_both_engines;
use chrono::Duration;
use selaras::app::access::{By, NewToken, add_token};
use selaras::domain::access::{Role, Scope};

on_both_engines![
    the_keeper_manages_accounts_from_the_page,
    a_form_makes_one_token,
    one_ends_ones_own_sessions_and_no_others,
    the_log_is_read_page_by_page_and_its_breaks_are_told,
];

async fn house(bench: &Bench) -> House {
    let app = office(bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Keuangan], &[]).await;
    user(&app, "pemeriksa", &[Role::Auditor], &[]).await;
    House::open(&app).await
}

async fn change(browser: &mut Browser<'_>, name: &str, csrf: &str, fields: &[(&str, &str)]) -> Answer {
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf)]).collect();
    browser.post(&format!("/akun/{name}"), &all).await
}

async fn the_keeper_manages_accounts_from_the_page(bench: Bench) {
    let house = house(&bench).await;
    let mut admin = house.signed_in("admin").await;
    let csrf = admin.csrf().await;
    let list = admin.get("/akun").await;
    assert!(list.body.contains("href=\"/akun/sri\"") && list.body.contains("keuangan"), "{}", list.body);

    // What is wrong is said, and what was typed stays, but no password.
    for (name, password, roles, says) in [
        ("s r i", PASSWORD, &["sdm"][..], "nama akun: 2 sampai 64"),
        ("sri", PASSWORD, &["sdm"], "sudah ada"),
        ("tono", "pendek", &["sdm"], "sekurangnya 12"),
        ("tono", PASSWORD, &[], "akun tanpa peran"),
        ("tono", PASSWORD, &["bos"], "akun tanpa peran"),
    ] {
        let mut fields = vec![("csrf", csrf.as_str()), ("akun", name), ("sandi", password), ("unit", "U1, U2")];
        fields.extend(roles.iter().map(|role| ("peran", *role)));
        let refused = admin.post("/akun", &fields).await;
        assert_eq!(refused.status, 422, "{says}");
        assert!(
            refused.body.contains(says) && refused.body.contains("value=\"U1, U2\"") && !refused.body.contains(PASSWORD),
            "{}",
            refused.body
        );
    }
    let fields = [
        ("csrf", csrf.as_str()),
        ("akun", "Tono"),
        ("sapaan", "Tono S."),
        ("sandi", PASSWORD),
        ("peran", "sdm"),
        ("peran", "auditor"),
        ("unit", "U1,U2"),
    ];
    let made = admin.post("/akun", &fields).await;
    assert_eq!((made.status, made.header("location")), (303, "/akun/tono?hasil=dibuat"));
    assert_eq!(admin.post("/akun", &fields).await.status, 422, "a second click makes no second one");
    let tono = house.app.store.account("tono").await.unwrap().unwrap();
    assert_eq!((tono.roles, tono.scope), ([Role::Sdm, Role::Auditor].into(), Scope::Units(["U1".to_owned(), "U2".to_owned()].into())));

    let mut his = house.signed_in("tono").await;
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "peran"), ("peran", "keuangan"), ("unit", "")]).await.status, 303);
    assert_eq!(his.get("/audit").await.status, 403, "felt at once");
    assert_eq!(house.app.store.account("tono").await.unwrap().unwrap().scope, Scope::All);
    let page = admin.get("/akun/tono?hasil=peran").await;
    assert!(page.body.contains("Peran dan unit diganti") && page.body.contains("value=\"keuangan\" checked"), "{}", page.body);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "sesi")]).await.status, 303);
    assert_eq!(his.get("/").await.status, 303, "signed out");
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "sesi")]).await.status, 303, "there is nothing left to end");

    let new = NewToken { name: "dasbor".to_owned(), account: "tono".to_owned(), scopes: None, days: 9 };
    let (token, text) = add_token(&house.app, &By::terminal(), new).await.unwrap();
    let page = admin.get("/akun/tono").await;
    assert!(page.body.contains("dasbor") && !page.body.contains(&text), "{}", page.body);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "cabut"), ("token", &token.id)]).await.status, 303);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "cabut"), ("token", &token.id)]).await.status, 422);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "sandi"), ("sandi", "pendek")]).await.status, 422);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "sandi"), ("sandi", "hujan di tujuh Mei")]).await.status, 303);
    assert_eq!(house.browser().sign_in("tono", PASSWORD).await.status, 401);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "tutup")]).await.status, 303);
    assert_eq!(house.browser().sign_in("tono", "hujan di tujuh Mei").await.status, 401);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "buka")]).await.status, 303);
    assert_eq!(house.browser().sign_in("tono", "hujan di tujuh Mei").await.status, 303);
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "hapus")]).await.status, 400);
    assert_eq!(admin.get("/akun/budi").await.status, 404);

    // The last sysadmin stays one.
    for fields in [&[("tindakan", "tutup")][..], &[("tindakan", "peran"), ("peran", "sdm")]] {
        let refused = change(&mut admin, "admin", &csrf, fields).await;
        assert!(refused.status == 422 && refused.body.contains("satu-satunya sysadmin"), "{}", refused.body);
    }
    assert_eq!(change(&mut admin, "tono", &csrf, &[("tindakan", "peran"), ("peran", "sysadmin")]).await.status, 303);
    assert_eq!(change(&mut admin, "admin", &csrf, &[("tindakan", "tutup")]).await.status, 303);
    assert_eq!(admin.get("/akun").await.status, 303, "and is out");
    let log = house.log().await;
    let by_admin: Vec<&str> = log.iter().filter(|line| line.1 == "admin" && line.0 != "sign_in").map(|line| line.0.as_str()).collect();
    let wanted = [
        "account_added",
        "roles_set",
        "sessions_ended",
        "token_revoked",
        "password_set",
        "account_disabled",
        "account_enabled",
        "roles_set",
        "account_disabled",
    ];
    assert_eq!(by_admin, wanted);
    house.close().await;
}

async fn one_ends_ones_own_sessions_and_no_others(bench: Bench) {
    let house = house(&bench).await;
    let mut here = house.signed_in("sri").await;
    bench.clock.advance(Duration::minutes(1));
    let mut there = house.signed_in("sri").await;
    let mut other = house.signed_in("admin").await;
    let page = here.get("/sesi").await;
    assert_eq!((page.body.matches("name=\"sesi\"").count(), page.body.matches("sesi ini").count()), (1, 1), "{}", page.body);
    let (id, csrf) = (page.hidden("sesi"), page.hidden("csrf"));
    let foreign = house.app.store.sessions(Some("admin")).await.unwrap()[0].id().to_owned();
    for sesi in [foreign.as_str(), "0123456789abcdef"] {
        assert_eq!(here.post("/sesi", &[("csrf", &csrf), ("sesi", sesi)]).await.status, 303);
    }
    assert_eq!((other.get("/akun").await.status, there.get("/sesi").await.status), (200, 200), "nobody else's");
    for _ in 0..2 {
        assert_eq!(here.post("/sesi", &[("csrf", &csrf), ("sesi", &id)]).await.status, 303);
    }
    assert_eq!((there.get("/").await.status, here.get("/sesi").await.status), (303, 200));
    let ended: Vec<_> = house.log().await.into_iter().filter(|line| line.0 == "sessions_ended").collect();
    assert_eq!(ended.len(), 1, "{ended:?}");
    house.close().await;
}

async fn the_log_is_read_page_by_page_and_its_breaks_are_told(bench: Bench) {
    let house = house(&bench).await;
    let entries: Vec<_> =
        (0..120).map(|n| By { account: format!("a{}", n % 2), address: String::new() }.entry("exported", format!("uji-{n}"))).collect();
    house.app.store.audit(&entries).await.unwrap();
    let mut sri = house.signed_in("sri").await;
    assert_eq!(sri.get(&format!("/pegawai/{BUDI}")).await.status, 200);
    let mut auditor = house.signed_in("pemeriksa").await;
    for _ in 0..200 {
        if house.log().await.iter().any(|line| line.0 == "person_seen") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let seen = auditor.get("/audit?tindakan=person_seen").await;
    assert!(
        seen.body.contains("melihat pegawai") && seen.body.contains("1985***********901") && !seen.body.contains(BUDI),
        "{}",
        seen.body
    );

    let (mut path, mut rows, mut pages) = ("/audit?akun=A1&tindakan=exported".to_owned(), Vec::new(), 0);
    loop {
        let page = auditor.get(&path).await;
        assert_eq!(page.status, 200);
        rows.extend(page.body.split("uji-").skip(1).map(|rest| rest.split('<').next().unwrap().parse::<u32>().unwrap()));
        pages += 1;
        let Some(next) = page.body.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&#38;", "&");
    }
    assert_eq!((pages, rows), (2, (0..60).rev().map(|n| n * 2 + 1).collect()), "each once, newest first");
    assert!(auditor.get("/audit?dari=2026-11-03").await.body.contains("Tidak ada baris"));
    assert!(auditor.get("/audit?dari=2026-11-02&sampai=2026-11-02").await.body.contains("uji-119"));
    for wrong in ["dari=kemarin", "sebelum=0", "sebelum=x", "sampai=2026-13-01"] {
        assert_eq!(auditor.get(&format!("/audit?{wrong}")).await.status, 400, "{wrong}");
    }
    assert!(auditor.get("/audit?akun=%27%3B--").await.body.contains("Tidak ada baris"));
    let whole = auditor.get("/audit?periksa=ya").await;
    let head = house.app.store.audit_head().await.unwrap().to_string();
    assert!(whole.body.contains("baris diperiksa: utuh") && whole.body.contains(&head), "{}", whole.body);
    house.close().await;
    if let Some(path) = bench.url.strip_prefix("sqlite://") {
        let pool = sqlx::SqlitePool::connect(path).await.unwrap();
        sqlx::raw_sql("DROP TRIGGER audit_is_not_changed; UPDATE audit SET subject = 'lain' WHERE seq = 7").execute(&pool).await.unwrap();
        let house = House::open(&house_app(&bench).await).await;
        let broken = house.signed_in("pemeriksa").await.get("/audit?periksa=ya").await;
        assert!(broken.body.contains("Baris 7 bukan yang dulu ditulis"), "{}", broken.body);
        house.close().await;
    }
}

/// The same office, opened again.
async fn house_app(bench: &Bench) -> selaras::app::App {
    let mut config = selaras::config::Config::default();
    config.policy.dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    selaras::app::App { config, store: bench.store.clone(), clock: std::sync::Arc::new(bench.clock.clone()) }
}

async fn a_form_makes_one_token(bench: Bench) {
    let house = house(&bench).await;
    let mut admin = house.signed_in("admin").await;
    let page = admin.get("/akun/sri").await;
    // Only what the account itself may is offered.
    assert!(page.body.contains("value=\"see_people\"") && !page.body.contains("value=\"operate\""), "{}", page.body);
    let (csrf, once) = (page.hidden("csrf"), page.hidden("sekali"));
    let form = |untuk: &'static str, hak: &'static str, hari: &'static str| {
        [("tindakan", "token"), ("untuk", untuk), ("hak", hak), ("hari", hari)]
    };
    for (wrong, says) in [
        (form("", "see_people", "90"), "1 sampai 100 karakter"),
        (form("dasbor", "operate", "90"), "tidak memberi hak itu"),
        (form("dasbor", "semua", "90"), "pilih sekurangnya satu hak"),
        (form("dasbor", "see_people", "0"), "1 sampai 366 hari"),
        (form("dasbor", "see_people", "367"), "1 sampai 366 hari"),
        (form("dasbor", "see_people", "lama"), "1 sampai 366 hari"),
    ] {
        let refused = change(&mut admin, "sri", &csrf, &[&wrong[..], &[("sekali", once.as_str())]].concat()).await;
        assert!(refused.status == 422 && refused.body.contains(says), "{says}: {}", refused.body);
    }
    let good = form("dasbor", "see_people", "90");
    for wrong in ["", "zz", "0123"] {
        let refused = change(&mut admin, "sri", &csrf, &[&good[..], &[("sekali", wrong)]].concat()).await;
        assert!(refused.status == 422 && refused.body.contains("tidak lengkap"), "{}", refused.body);
    }
    assert!(house.app.store.tokens().await.unwrap().is_empty());
    let all = [&good[..], &[("sekali", once.as_str())]].concat();
    let made = change(&mut admin, "sri", &csrf, &all).await;
    let token = made.body.split("<code id=\"token-baru\" class=\"long\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(made.status == 200 && token.starts_with("selaras_"), "{}", made.body);
    let again = change(&mut admin, "sri", &csrf, &all).await;
    assert!(again.status == 422 && again.body.contains("sudah dikirim") && !again.body.contains("selaras_"), "{}", again.body);
    assert!(!admin.get("/akun/sri").await.body.contains("selaras_"), "it is shown once");
    let tokens = house.app.store.tokens().await.unwrap();
    assert_eq!((tokens.len(), tokens[0].account.as_str()), (1, "sri"));
    let bearer = format!("Bearer {token}");
    assert_eq!(house.browser().send("GET", "/api/v1/me", &[("Authorization", &bearer)], "").await.status, 200);
    assert_eq!(house.log().await.iter().filter(|line| line.0 == "token_added").count(), 1);
    house.close().await;
}
