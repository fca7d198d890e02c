//! Accounts, sessions, tokens and the audit log.

use crate::support::Bench;
use crate::support::on_both_engines;
use chrono::Duration;
use selaras::app::App;
use selaras::app::access;
use selaras::app::access::By;
use selaras::clock::Clock;
use selaras::clock::SharedClock;
use selaras::config::Config;
use selaras::domain::access::Right;
use selaras::domain::access::Role;
use selaras::domain::access::Scope;
use selaras::store::AccountChange;
use selaras::store::ApiToken;
use selaras::store::Attempt;
use selaras::store::AuditEntry;
use selaras::store::AuditHead;
use selaras::store::NewAccount;
use selaras::store::NewSession;
use selaras::store::Store;
use sqlx::AssertSqlSafe;
use std::sync::Arc;

on_both_engines![
    an_account_is_made_once_and_changes_are_told,
    attempts_are_counted_before_they_are_tried,
    a_session_lives_with_its_account,
    a_token_opens_what_its_account_and_its_end_allow,
    many_writers_make_one_chain,
    a_log_that_was_touched_is_found,
    the_log_is_only_added_to,
    a_copy_holds_accounts_and_log_but_no_session,
    the_last_open_sysadmin_stays_whoever_acts_at_once,
];

fn told(action: &'static str) -> AuditEntry {
    AuditEntry::new("terminal", "", action, "sri")
}

async fn account(store: &Store, name: &str) {
    let roles = [Role::Sdm].into();
    let new = NewAccount { name: name.into(), shown: "Sri".into(), hash: "$hash".into(), roles, scope: Scope::All };
    assert!(store.add_account(&new, told("account_added")).await.unwrap());
}

async fn session(store: &Store, clock: &dyn Clock, sha: &str, replaces: Option<&str>) -> bool {
    let new = NewSession { token_sha: sha, account: "sri", csrf: "c", replaces };
    let ago = |hours| clock.now() - Duration::hours(hours);
    store.open_session(&new, ago(12), ago(1), told("sign_in")).await.unwrap()
}

/// Runs a statement as somebody with the database's own rights would.
async fn tamper(bench: &Bench, sql: &str) -> Result<u64, sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned());
    Ok(match bench.url.strip_prefix("sqlite://") {
        Some(path) => {
            let pool = sqlx::SqlitePool::connect(path).await.unwrap();
            sqlx::query(sql).execute(&pool).await?.rows_affected()
        }
        None => sqlx::query(sql).execute(&sqlx::PgPool::connect(&bench.url).await.unwrap()).await?.rows_affected(),
    })
}

/// Takes the triggers away, as an attacker would.
async fn unguard(bench: &Bench) {
    let on = if bench.is_sqlite() { "" } else { " ON audit" };
    for trigger in ["audit_is_not_changed", "audit_is_not_cut"] {
        tamper(bench, &format!("DROP TRIGGER IF EXISTS {trigger}{on}")).await.unwrap();
    }
}

async fn an_account_is_made_once_and_changes_are_told(bench: Bench) {
    let store = &bench.store;
    assert!(!store.has_accounts().await.unwrap());
    account(store, "sri").await;
    assert!(store.has_accounts().await.unwrap());
    let roles = [Role::Keuangan].into();
    let again = NewAccount { name: "sri".into(), shown: String::new(), hash: "x".into(), roles, scope: Scope::All };
    assert!(!store.add_account(&again, told("account_added")).await.unwrap());
    assert_eq!(store.password_hash("sri").await.unwrap().as_deref(), Some("$hash"));
    assert_eq!(store.password_hash("budi").await.unwrap(), None);

    let roles = [Role::Auditor, Role::Sysadmin].into();
    let units = Scope::Units(["01".to_owned(), "02".to_owned()].into());
    assert_eq!(store.set_roles("sri", &roles, Some(&units), told("roles_set")).await.unwrap(), AccountChange::Done);
    assert_eq!(store.set_roles("sri", &roles, None, told("roles_set")).await.unwrap(), AccountChange::Done);
    assert_eq!(store.set_roles("budi", &roles, None, told("roles_set")).await.unwrap(), AccountChange::Unknown);
    assert!(!store.set_password("budi", "x", None, told("password_set")).await.unwrap());
    assert_eq!(store.set_disabled("budi", true, told("account_disabled")).await.unwrap(), AccountChange::Unknown);
    let found = store.account("sri").await.unwrap().unwrap();
    assert_eq!((&found.roles, &found.scope, found.disabled), (&roles, &units, false));
    assert_eq!(store.accounts().await.unwrap(), [found]);

    // What changed nothing is not told.
    let actions: Vec<String> = store.audit_lines(None, 10).await.unwrap().into_iter().map(|line| line.action).collect();
    assert_eq!(actions, ["roles_set", "roles_set", "account_added"]);
}

async fn attempts_are_counted_before_they_are_tried(bench: Bench) {
    let store = &bench.store;
    account(store, "sri").await;
    assert_eq!(store.begin_attempt("budi").await.unwrap(), Attempt::Unknown);
    // Twelve at once, as a program would that hopes to be faster than the count.
    let attempts: Vec<_> = (0..12)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.begin_attempt("sri").await.unwrap() })
        })
        .collect();
    let (mut admitted, mut barred) = (0, 0);
    for attempt in attempts {
        match attempt.await.unwrap() {
            Attempt::Admitted { .. } => admitted += 1,
            Attempt::Barred => barred += 1,
            Attempt::Unknown => panic!("sri is known"),
        }
    }
    assert_eq!((admitted, barred), (5, 7));
    let mut waits = Vec::new();
    for _ in 0..6 {
        let until = store.account("sri").await.unwrap().unwrap().locked_until.unwrap();
        waits.push((until - bench.clock.now()).num_minutes());
        bench.clock.advance(until - bench.clock.now());
        assert!(matches!(store.begin_attempt("sri").await.unwrap(), Attempt::Admitted { .. }));
    }
    assert_eq!(waits, [1, 2, 4, 8, 15, 15]);
    bench.clock.advance(Duration::minutes(15));
    assert!(matches!(store.begin_attempt("sri").await.unwrap(), Attempt::Admitted { .. }));
    assert!(session(store, &bench.clock, "s1", None).await);
    let account = store.account("sri").await.unwrap().unwrap();
    assert_eq!((account.failed, account.locked_until), (0, None));
}

async fn a_session_lives_with_its_account(bench: Bench) {
    let store = &bench.store;
    account(store, "sri").await;
    assert!(session(store, &bench.clock, "s1", None).await);
    let found = store.session("s1").await.unwrap().unwrap();
    assert_eq!((found.account.name.as_str(), found.csrf.as_str(), found.seen_at), ("sri", "c", bench.clock.now()));
    assert_eq!(store.session("s2").await.unwrap(), None);

    bench.clock.advance(Duration::minutes(5));
    store.touch_session("s1", bench.clock.now()).await.unwrap();
    store.touch_session("s1", bench.clock.now() - Duration::minutes(1)).await.unwrap();
    assert_eq!(store.session("s1").await.unwrap().unwrap().seen_at, bench.clock.now(), "it never becomes older");

    assert!(session(store, &bench.clock, "s2", Some("s1")).await);
    assert_eq!(store.session("s1").await.unwrap(), None, "the browser's earlier session ends");
    assert!(session(store, &bench.clock, "s3", None).await);
    assert!(store.set_password("sri", "new", Some("s3"), told("password_set")).await.unwrap());
    assert_eq!(store.session("s2").await.unwrap(), None);
    assert!(store.session("s3").await.unwrap().is_some(), "the one that asked stays");

    bench.clock.advance(Duration::hours(2));
    assert!(session(store, &bench.clock, "s4", None).await);
    assert_eq!(store.session("s3").await.unwrap(), None, "what is over is swept away");
    assert!(store.close_session("s4", told("sign_out")).await.unwrap());
    assert!(!store.close_session("s4", told("sign_out")).await.unwrap());

    assert!(session(store, &bench.clock, "s5", None).await);
    assert_eq!(store.set_disabled("sri", true, told("account_disabled")).await.unwrap(), AccountChange::Done);
    assert_eq!(store.session("s5").await.unwrap(), None);
    assert_eq!(store.begin_attempt("sri").await.unwrap(), Attempt::Barred);
    assert!(!session(store, &bench.clock, "s6", None).await, "closed between password and session");
    assert_eq!(store.set_disabled("sri", false, told("account_enabled")).await.unwrap(), AccountChange::Done);
    assert_eq!(store.session("s5").await.unwrap(), None, "an account that is opened again signs in again");
}

async fn a_token_opens_what_its_account_and_its_end_allow(bench: Bench) {
    let store = &bench.store;
    account(store, "sri").await;
    let token = ApiToken {
        id: "t1".into(),
        name: "lembar".into(),
        account: "sri".into(),
        scopes: Some([Right::SeeCases, Right::SeeAudit].into()),
        created_at: bench.clock.now(),
        expires_at: bench.clock.now() + Duration::days(1),
        revoked_at: None,
    };
    store.add_token(&token, "sha1", told("token_added")).await.unwrap();
    store.add_token(&ApiToken { id: "t2".into(), scopes: None, ..token.clone() }, "sha2", told("token_added")).await.unwrap();
    let viewer = store.viewer_of_token("sha1").await.unwrap().unwrap();
    assert!(viewer.may(Right::SeeCases) && !viewer.may(Right::WorkCases) && !viewer.may(Right::SeeAudit));
    assert!(store.viewer_of_token("sha2").await.unwrap().unwrap().may(Right::WorkCases));
    assert_eq!(store.viewer_of_token("sha3").await.unwrap(), None);

    assert!(store.revoke_token("t2", told("token_revoked")).await.unwrap());
    assert!(!store.revoke_token("t2", told("token_revoked")).await.unwrap());
    assert_eq!(store.viewer_of_token("sha2").await.unwrap(), None);
    let listed: Vec<(String, bool)> =
        store.tokens().await.unwrap().into_iter().map(|token| (token.id, token.revoked_at.is_some())).collect();
    assert_eq!(listed, [("t1".to_owned(), false), ("t2".to_owned(), true)]);

    store.set_disabled("sri", true, told("account_disabled")).await.unwrap();
    assert_eq!(store.viewer_of_token("sha1").await.unwrap(), None, "a closed account's token");
    store.set_disabled("sri", false, told("account_enabled")).await.unwrap();
    assert!(store.viewer_of_token("sha1").await.unwrap().is_some());
    bench.clock.advance(Duration::days(1));
    assert_eq!(store.viewer_of_token("sha1").await.unwrap(), None, "its end");
}

async fn many_writers_make_one_chain(bench: Bench) {
    let (one, other) = (bench.store.clone(), bench.another().await);
    let writers: Vec<_> = (0..8)
        .map(|at| {
            let store = if at % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move {
                for _ in 0..10 {
                    store.audit(&[told("a"), told("b").with("n", at)]).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let verified = one.verify_audit(None).await.unwrap();
    assert_eq!((verified.head.seq, verified.broken), (160, None));
    assert_eq!(one.audit_head().await.unwrap(), verified.head);
    let page = one.audit_lines(Some(5), 3).await.unwrap();
    assert_eq!(page.iter().map(|line| line.seq).collect::<Vec<_>>(), [4, 3, 2]);
    one.audit(&[]).await.unwrap();
    assert_eq!(one.audit_head().await.unwrap(), verified.head);
}

async fn a_log_that_was_touched_is_found(bench: Bench) {
    let store = &bench.store;
    let empty = store.verify_audit(Some(&AuditHead::default())).await.unwrap();
    assert_eq!((empty.broken, empty.known, empty.head.seq), (None, true, 0));
    for _ in 0..1_005 {
        store.audit(&[told("a")]).await.unwrap();
    }
    let kept = store.audit_head().await.unwrap();
    store.audit(&[told("b")]).await.unwrap();
    let sound = store.verify_audit(Some(&kept)).await.unwrap();
    assert_eq!((sound.broken, sound.known, sound.head.seq), (None, true, 1_006));
    let foreign = AuditHead { seq: 3, hash: "f".repeat(64) };
    assert!(!store.verify_audit(Some(&foreign)).await.unwrap().known);

    unguard(&bench).await;
    for (touch, mend, broken) in [
        ("UPDATE audit SET account = 'budi' WHERE seq = 1003", "UPDATE audit SET account = 'terminal' WHERE seq = 1003", 1_003),
        ("UPDATE audit SET seq = 2000 WHERE seq = 7", "UPDATE audit SET seq = 7 WHERE seq = 2000", 7),
        ("DELETE FROM audit WHERE seq = 1006", "", 1_006),
    ] {
        tamper(&bench, touch).await.unwrap();
        assert_eq!(store.verify_audit(None).await.unwrap().broken, Some(broken), "{touch}");
        if !mend.is_empty() {
            tamper(&bench, mend).await.unwrap();
            assert_eq!(store.verify_audit(None).await.unwrap().broken, None, "{mend}");
        }
    }
    // Who also sets the head back is found by a head that was kept elsewhere only.
    let lost = sound.head;
    tamper(&bench, &format!("UPDATE audit_head SET seq = 1005, hash = '{}'", kept.hash)).await.unwrap();
    let cut = store.verify_audit(Some(&lost)).await.unwrap();
    assert_eq!((cut.broken, cut.known), (None, false));
}

async fn the_log_is_only_added_to(bench: Bench) {
    bench.store.audit(&[told("a"), told("b")]).await.unwrap();
    for sql in ["UPDATE audit SET account = 'budi'", "DELETE FROM audit WHERE seq = 2"] {
        let why = tamper(&bench, sql).await.unwrap_err().to_string();
        assert!(why.contains("only added to"), "{why}");
    }
    assert_eq!(bench.store.verify_audit(None).await.unwrap().head.seq, 2);
}

async fn a_copy_holds_accounts_and_log_but_no_session(bench: Bench) {
    let store = &bench.store;
    account(store, "sri").await;
    assert!(session(store, &bench.clock, "s1", None).await);
    let mut copy = Vec::new();
    let counts = store.back_up(&mut copy).await.unwrap();
    assert_eq!((counts.get("account"), counts.get("audit"), counts.get("web_session")), (Some(&1), Some(&2), None));
    for target in [Bench::sqlite().await, Bench::postgres().await] {
        target.store.restore(copy.as_slice()).await.unwrap();
        assert_eq!(target.store.accounts().await.unwrap(), store.accounts().await.unwrap());
        assert_eq!(target.store.session("s1").await.unwrap(), None);
        assert_eq!(target.store.verify_audit(None).await.unwrap(), store.verify_audit(None).await.unwrap());
        target.store.audit(&[told("after")]).await.unwrap();
        assert_eq!(target.store.verify_audit(None).await.unwrap().head.seq, 3, "the chain goes on");
    }
}

/// Two keepers who close or demote each other at once, in two processes: one of them stays.
async fn the_last_open_sysadmin_stays_whoever_acts_at_once(bench: Bench) {
    let clock: SharedClock = Arc::new(bench.clock.clone());
    let app = |store| App { config: Config::default(), store, clock: Arc::clone(&clock) };
    let (one, other) = (Arc::new(app(bench.store.clone())), Arc::new(app(bench.another().await)));
    let keeper = [Role::Sysadmin];
    for name in ["ani", "budi"] {
        let new = NewAccount { name: name.into(), shown: String::new(), hash: "x".into(), roles: keeper.into(), scope: Scope::All };
        assert!(bench.store.add_account(&new, told("account_added")).await.unwrap());
    }
    let by = |name: &str| By { account: name.to_owned(), address: String::new() };
    for round in 0..12 {
        let (first, second) = (Arc::clone(&one), Arc::clone(&other));
        let (ani, budi) = (by("ani"), by("budi"));
        let demotes = round % 2 == 0;
        let closing = tokio::spawn(async move { access::set_disabled(&first, &ani, "budi", true).await.is_ok() });
        let demoting = tokio::spawn(async move {
            if demotes {
                access::set_roles(&second, &budi, "ani", &[Role::Sdm].into(), None).await.is_ok()
            } else {
                access::set_disabled(&second, &budi, "ani", true).await.is_ok()
            }
        });
        let done = [closing.await.unwrap(), demoting.await.unwrap()];
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "round {round}: {done:?}");
        for name in ["ani", "budi"] {
            access::set_roles(&one, &by(name), name, &keeper.into(), None).await.unwrap();
            access::set_disabled(&one, &by(name), name, false).await.unwrap();
        }
    }
    // Nor does whoever works on the machine itself; what is refused is not told.
    access::set_disabled(&one, &By::terminal(), "budi", true).await.unwrap();
    let head = bench.store.audit_head().await.unwrap();
    assert!(access::set_disabled(&one, &By::terminal(), "ani", true).await.is_err());
    assert!(access::set_roles(&one, &By::terminal(), "ani", &[Role::Auditor].into(), None).await.is_err());
    assert_eq!(bench.store.audit_head().await.unwrap(), head);
    // Who is none can go, and a sysadmin may have more roles.
    access::set_roles(&one, &By::terminal(), "ani", &[Role::Auditor, Role::Sysadmin].into(), None).await.unwrap();
    access::set_disabled(&one, &By::terminal(), "budi", true).await.unwrap();
}
