//! Every route, every role, own and foreign unit: the answer stands in one table. A route that the table does not list
//! fails, and so does a row without its route.

use super::visitor::{BUDI, Browser, House, SITI, office, user};
use crate::support::Bench;
use crate::support::on_both_engines;
use chrono::Duration;
use selaras::app::access::sha256;
use selaras::domain::access::Role;
use selaras::domain::{Finding, Nip};
use selaras::store::{AuditEntry, NewSession};
use selaras::web::RULES;
use std::collections::BTreeSet;
use std::path::Path;

on_both_engines![every_route_answers_each_role_as_the_table_says];

/// Method, route, whoever has not signed in, then by role who sees the person's unit and who sees another one only.
type Row = (&'static str, &'static str, u16, [[u16; 2]; 4]);

const ROLES: [Role; 4] = [Role::Keuangan, Role::Sdm, Role::Sysadmin, Role::Auditor];

/// What everybody gets who has signed in.
const fn all(status: u16) -> [[u16; 2]; 4] {
    [[status; 2]; 4]
}

/// In a route that names a person, it is one of unit U1. Forms carry their token and nothing else.
#[rustfmt::skip]
const MATRIX: &[Row] = &[
    //                          nobody  keuangan    sdm         sysadmin    auditor
    ("GET", "/",                   303, [[200, 200], [200, 200], [200, 200], [200, 200]]),
    ("GET", "/keuangan",           303, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/keuangan/jembatan",  303, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/keuangan/periksa-adk",   303, [[200, 200], [403, 403], [403, 403], [403, 403]]),
    ("POST", "/keuangan/periksa-adk",  401, [[400, 400], [403, 403], [403, 403], [403, 403]]),
    ("GET", "/unduh/{periode}/{dokumen}", 303, [[200, 200], [200, 200], [403, 403], [403, 403]]),
    ("GET", "/sdm",                303, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/sdm/kelompok",       303, [[400, 400], [400, 400], [403, 403], [400, 400]]),
    // A form without a code and without anybody chosen.
    ("POST", "/sdm/kelompok",      401, [[403, 403], [400, 400], [403, 403], [403, 403]]),
    ("GET", "/sdm/kasus/{periode}/{kasus}",  303, [[200, 404], [200, 404], [403, 403], [404, 404]]), // by the true id; see below
    // A form that names nothing to do.
    ("POST", "/sdm/kasus/{periode}/{kasus}", 401, [[403, 403], [422, 404], [403, 403], [403, 403]]),
    ("GET", "/sinkronisasi",       303, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("GET", "/sinkronisasi/kemajuan",  303, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("POST", "/sinkronisasi/jalankan", 401, [[403, 403], [403, 403], [400, 400], [403, 403]]),
    ("POST", "/sinkronisasi/ulangi",   401, [[403, 403], [403, 403], [400, 400], [403, 403]]),
    ("POST", "/sinkronisasi/putuskan", 401, [[403, 403], [403, 403], [400, 400], [403, 403]]),
    ("GET", "/aset/kemajuan.js",   200, all(200)),
    ("GET", "/aset/sekali.js",     200, all(200)),
    ("GET", "/akun",               303, [[403, 403], [403, 403], [200, 200], [403, 403]]),
    ("POST", "/akun",              401, [[403, 403], [403, 403], [422, 422], [403, 403]]),
    ("GET", "/akun/{nama}",        303, [[403, 403], [403, 403], [200, 200], [403, 403]]),
    ("POST", "/akun/{nama}",       401, [[403, 403], [403, 403], [400, 400], [403, 403]]),
    ("GET", "/sesi",               303, all(200)),
    ("POST", "/sesi",              401, all(400)),
    ("GET", "/audit",              303, [[403, 403], [403, 403], [403, 403], [200, 200]]),
    // A view without a name, one that is not there, and one that has gone already.
    ("POST", "/tampilan",          401, [[422, 422], [422, 422], [403, 403], [422, 422]]),
    ("POST", "/tampilan/{tampilan}/nama",  401, [[404, 404], [404, 404], [403, 403], [404, 404]]),
    ("POST", "/tampilan/{tampilan}/hapus", 401, [[303, 303], [303, 303], [403, 403], [303, 303]]),
    ("GET", "/kebijakan",          303, all(200)),
    ("GET", "/kebijakan/banding",  303, all(200)),
    ("POST", "/kebijakan/banding", 401, all(400)),
    ("GET", "/kebijakan/andai",    303, all(200)),
    ("POST", "/kebijakan/andai",   401, all(400)),
    // Of a what-if, only whoever asked for it sees anything.
    ("GET", "/kebijakan/andai/{kerja}", 303, all(404)),
    ("GET", "/temuan",             303, [[308, 308], [308, 308], [403, 403], [308, 308]]),
    ("GET", "/pegawai",            303, [[308, 308], [308, 308], [403, 403], [308, 308]]),
    // Who may not see a NIP finds nobody by one.
    ("GET", "/pegawai/{nip}",      303, [[200, 404], [200, 404], [403, 403], [404, 404]]),
    ("GET", "/sandi",              303, all(200)),
    ("POST", "/sandi",             401, all(422)),
    ("GET", "/masuk",              200, all(303)),
    ("POST", "/masuk",             403, all(403)),
    // A program's own matrix, by tokens, is in `api`; these come with a browser's session, which reads only.
    ("GET", "/api",                303, all(200)),
    ("GET", "/api/openapi.json",   401, all(200)),
    ("GET", "/api/v1/me",          401, all(200)),
    ("GET", "/api/v1/periods",     401, all(200)),
    ("GET", "/api/v1/periods/{period}",              401, all(200)),
    ("GET", "/api/v1/periods/{period}/figures",      401, all(200)),
    ("GET", "/api/v1/periods/{period}/verdicts",     401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/api/v1/periods/{period}/verdicts/{person}",            401, [[200, 404], [200, 404], [403, 403], [404, 404]]),
    ("GET", "/api/v1/periods/{period}/verdicts/{person}/derivation", 401, [[200, 404], [200, 404], [403, 403], [404, 404]]),
    ("GET", "/api/v1/periods/{period}/findings",     401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/api/v1/periods/{period}/cases",        401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    // Who may not see NIPs names a case by a handle, and this is the id.
    ("GET", "/api/v1/periods/{period}/cases/{case}", 401, [[200, 404], [200, 404], [403, 403], [404, 404]]),
    ("POST", "/api/v1/periods/{period}/cases/{case}/actions", 401, all(403)),
    ("POST", "/api/v1/periods/{period}/case-actions", 401, all(403)),
    ("GET", "/api/v1/periods/{period}/causes",       401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/api/v1/periods/{period}/completeness", 401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/api/v1/periods/{period}/bridge",       401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("GET", "/api/v1/periods/{period}/calllist",     401, [[200, 200], [200, 200], [403, 403], [403, 403]]),
    ("GET", "/api/v1/periods/{period}/documents/{document}", 401, [[200, 200], [200, 200], [403, 403], [403, 403]]),
    ("GET", "/api/v1/periods/{period}/policy",       401, all(200)),
    ("POST", "/api/v1/periods/{period}/payment-checks", 401, all(403)),
    ("GET", "/api/v1/operations",            401, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("GET", "/api/v1/operations/pulls",      401, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("GET", "/api/v1/operations/pulls/{pull}", 401, [[403, 403], [403, 403], [404, 404], [404, 404]]),
    ("GET", "/api/v1/operations/quarantine", 401, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("GET", "/api/v1/operations/slots",      401, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("GET", "/api/v1/operations/sources",    401, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("GET", "/api/v1/operations/held",       401, [[403, 403], [403, 403], [200, 200], [200, 200]]),
    ("POST", "/api/v1/operations/held",      401, all(403)),
    ("POST", "/api/v1/operations/quarantine/retries",  401, all(403)),
    ("POST", "/api/v1/operations/jobs/{job}/runs",     401, all(403)),
    ("GET", "/api/v1/policies",              401, all(200)),
    // Nobody is told which two.
    ("GET", "/api/v1/policies/comparison",   401, all(400)),
    ("POST", "/api/v1/policies/comparison",  401, all(403)),
    ("POST", "/api/v1/what-ifs",             401, all(403)),
    ("GET", "/api/v1/what-ifs/{what_if}",    401, all(404)),
    ("GET", "/api/v1/views",                 401, [[200, 200], [200, 200], [403, 403], [200, 200]]),
    ("POST", "/api/v1/views",                401, all(403)),
    ("POST", "/api/v1/views/{view}/name",    401, all(403)),
    ("POST", "/api/v1/views/{view}/deletion", 401, all(403)),
    // The log is about everybody, and these accounts see one unit.
    ("GET", "/api/v1/audit",                 401, all(403)),
    // No identity provider is set up in this house.
    ("GET", "/masuk/oidc/mulai",   404, all(404)),
    ("GET", "/masuk/oidc",         404, all(404)),
    ("GET", "/healthz",            200, all(200)),
    ("GET", "/readyz",             200, all(200)),
    ("GET", "/metrics",            200, all(200)),
    ("POST", "/keluar",            303, all(303)),
];

/// What stands in the parts of a path.
const PARTS: [(&str, &str); 13] = [
    ("{job}", "sync"),
    ("{what_if}", "0123456789abcdef0123456789abcdef"),
    ("{view}", "0123456789abcdef0123456789abcdef"),
    ("{kerja}", "0"),
    ("{tampilan}", "0"),
    ("{nama}", "admin"),
    ("{nip}", BUDI),
    ("{periode}", "2026-10"),
    ("{dokumen}", "rekap.xlsx"),
    ("{period}", "2026-10"),
    ("{person}", BUDI),
    ("{document}", "rekap.xlsx"),
    ("{pull}", "0199c2de-0000-7000-8000-000000000000"),
];

/// Text between the parenthesis that opens at the start and its own end.
fn inside(text: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 1 => return &text[1..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    panic!("a route without an end: {text}");
}

fn rust_files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The routes that the source of the page makes, read from it: the router itself does not tell.
fn routes() -> BTreeSet<(String, String)> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut files);
    let mut found = BTreeSet::new();
    for text in &files {
        for way in [".nest(", ".merge(", ".route_service(", ".nest_service(", "any("] {
            let calls = text.match_indices(way).filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            let calls = calls.filter(|(at, _)| way != "any(" || text[..*at].ends_with(", "));
            assert_eq!(calls.count(), 0, "{way} makes routes that this test cannot read");
        }
        for (at, call) in text.match_indices(".route(") {
            let call = inside(&text[at + call.len() - 1..]);
            let path = call.split('"').nth(1).unwrap_or_else(|| panic!("a route whose path is no text: {call}"));
            let handlers = call.split_once(',').unwrap().1;
            let mut any = false;
            for method in ["get", "post", "put", "patch", "delete"] {
                let is_called = handlers
                    .match_indices(&format!("{method}("))
                    .any(|(at, _)| !handlers[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
                if is_called {
                    any = true;
                    found.insert((method.to_uppercase(), path.to_owned()));
                }
            }
            assert!(any, "no method in {call}");
        }
    }
    found
}

#[test]
fn the_table_the_rules_and_the_router_list_the_same_routes() {
    let known = |(method, path): (&str, &str)| (method.to_owned(), path.to_owned());
    let ruled: BTreeSet<_> = RULES.iter().map(|(method, path, _)| known((method, path))).collect();
    let listed: BTreeSet<_> = MATRIX.iter().map(|(method, path, ..)| known((method, path))).collect();
    let made = routes();
    assert!(made.len() >= 10, "{made:?}");
    assert_eq!(made, ruled, "routes of the router and of src/web/access/rules.rs");
    assert_eq!(made, listed, "routes of the router and of the table in this test");
    assert_eq!(listed.len(), MATRIX.len(), "a route stands twice");
}

/// Signs in without typing: the store is told, the browser is given the cookie.
async fn seated<'h>(house: &'h House, account: &str) -> Browser<'h> {
    let (app, token) = (&house.app, selaras::app::access::secret());
    let (sha, csrf) = (sha256(&token), sha256(&format!("csrf of {token}")));
    let new = NewSession { token_sha: &sha, account, csrf: &csrf, replaces: None };
    let ago = app.clock.now() - Duration::hours(1);
    assert!(app.store.open_session(&new, ago, ago, AuditEntry::new(account, "", "sign_in", account)).await.unwrap());
    let mut browser = house.browser();
    browser.cookies.insert(format!("selaras_sesi_{}", house.port()), token);
    browser
}

async fn every_route_answers_each_role_as_the_table_says(bench: Bench) {
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    for role in ROLES {
        for unit in ["U1", "U2"] {
            user(&app, &format!("{}-{}", role.key(), unit.to_lowercase()), &[role], &[unit]).await;
        }
    }
    let states = app.store.finding_states("2026-10".parse().unwrap()).await.unwrap();
    let state = states.into_iter().find(|state| state.nip.is_some_and(|nip| nip.as_str() == BUDI)).expect("nothing is found about BUDI");
    let (case, state) = (state.id.clone(), state);
    let house = House::open(&app).await;
    let mut wrong = Vec::new();
    for (method, route, nobody, by_role) in MATRIX {
        let path = PARTS
            .iter()
            .fold((*route).to_owned(), |path, (part, given)| path.replace(part, given))
            .replace("{kasus}", &case)
            .replace("{case}", &case);
        let mut ask = async |who: &str, browser: &mut Browser<'_>, csrf: &str, expected: u16| {
            let answer = if *method == "GET" { browser.get(&path).await } else { browser.post(&path, &[("csrf", csrf)]).await };
            if answer.status != expected {
                wrong.push(format!("{method} {path} for {who}: {} instead of {expected}", answer.status));
            }
            answer
        };
        let stranger = ask("nobody", &mut house.browser(), "", *nobody).await;
        assert!(!stranger.body.contains("BUDI") && !stranger.body.contains("SITI"), "{method} {path}");
        for (role, [own, foreign]) in ROLES.into_iter().zip(by_role) {
            for (unit, expected, hidden, other) in [("u1", *own, "SITI", SITI), ("u2", *foreign, "BUDI", BUDI)] {
                let account = format!("{}-{unit}", role.key());
                let mut browser = seated(&house, &account).await;
                // `/sandi` is open to everybody who has signed in, so its form tells the session's token.
                let csrf = browser.csrf().await;
                let mut forger = browser.clone();
                if *method != "GET" && *route != "/masuk" {
                    let answer = forger.post(&path, &[("csrf", "")]).await;
                    assert_eq!(answer.status, 403, "{method} {path} without a token");
                }
                let answer = ask(&account, &mut browser, &csrf, expected).await;
                assert!(!answer.body.contains(hidden), "{method} {path} shows {account} somebody of another unit");
                let is_path = path.contains(other);
                assert!(is_path || !answer.body.contains(other), "{method} {path} shows {account} the NIP of somebody of another unit");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Who may not see NIPs opens a case by the name that leads to no NIP.
    let period = "2026-10".parse().unwrap();
    let budi = Nip::parse(BUDI).unwrap();
    let handle = app.store.listed_of(period, &[budi]).await.unwrap()[&budi].handle.clone();
    let covered = Finding::covered_id(&handle, state.code, &state.subject);
    for (account, expected) in [("auditor-u1", 200), ("auditor-u2", 404), ("sdm-u1", 200), ("sdm-u2", 404)] {
        let answer = seated(&house, account).await.get(&format!("/sdm/kasus/2026-10/~{handle}-{covered}")).await;
        assert_eq!(answer.status, expected, "{account}");
    }
    house.close().await;
}
