//! A served page on a store of either engine, and browsers in front of it: they keep cookies, send forms, and follow
//! nothing by themselves.

use crate::support::Bench;
use selaras::app::App;
use selaras::app::access::{By, NewUser, add_account};
use selaras::app::import::{ImportOptions, content};
use selaras::app::reconcile;
use selaras::clock::SharedClock;
use selaras::config::Config;
use selaras::domain::access::{Role, Scope};
use selaras::domain::text::Lang;
use selaras::intake::FileKind;
use selaras::lifecycle::{Shutdown, Trigger};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Of unit U1.
pub const BUDI: &str = "198501012010011901";
/// Of unit U2.
pub const SITI: &str = "199202022023211902";
pub const PASSWORD: &str = "kuda baterai stapler";

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        self.body.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }
}

/// Two people in two units, and a page that is served.
pub struct House {
    pub app: App,
    pub address: String,
    /// The link that was announced.
    pub link: String,
    trigger: Trigger,
    serving: tokio::task::JoinHandle<()>,
}

/// Two people in two units.
pub async fn office(bench: &Bench) -> App {
    let clock: SharedClock = Arc::new(bench.clock.clone());
    let mut config = Config::default();
    config.policy.dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    let app = App { config, store: bench.store.clone(), clock };
    let people = format!("{BUDI},BUDI SANTOSO,PNS,U1,8,AKTIF\n{SITI},SITI AMINAH,PPPK,U2,8,AKTIF\n");
    let text = format!("nip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n{people}");
    let options = ImportOptions { kind: FileKind::Roster, period: Some("2026-10".parse().unwrap()), dry_run: false, accept_partial: false };
    content(&app, "pegawai.csv".to_owned(), text.into_bytes(), options).await.unwrap();
    reconcile::run_now(&app, "2026-10".parse().unwrap(), false, &mut |_| {}).await.unwrap();
    app
}

/// Makes an account with the usual password.
pub async fn user(app: &App, name: &str, roles: &[Role], units: &[&str]) {
    let units = units.iter().map(|unit| (*unit).to_owned()).collect::<std::collections::BTreeSet<_>>();
    let scope = if units.is_empty() { Scope::All } else { Scope::Units(units) };
    let roles = roles.iter().copied().collect();
    let new = NewUser { name: name.to_owned(), shown: String::new(), password: PASSWORD.to_owned(), roles, scope };
    add_account(app, &By::terminal(), new).await.unwrap();
}

impl House {
    pub async fn open(app: &App) -> Self {
        let (trigger, shutdown) = Shutdown::manual();
        let (tell, told) = tokio::sync::oneshot::channel();
        let served = app.clone();
        let serving = tokio::spawn(async move {
            let mut tell = Some(tell);
            let mut announce = |link: &str| tell.take().unwrap().send(link.to_owned()).unwrap();
            selaras::web::serve(served, "127.0.0.1:0".parse().unwrap(), Lang::Id, shutdown, &mut announce).await.unwrap();
        });
        let link = told.await.unwrap();
        let (address, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
        Self { app: app.clone(), address: address.to_owned(), link: format!("/{path}"), trigger, serving }
    }

    pub fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { house: self, cookies: BTreeMap::new() }
    }

    /// A browser that has signed in with the usual password.
    pub async fn signed_in(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.sign_in(name, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// Stops; what was queued for the audit log is then written.
    pub async fn close(self) {
        self.trigger.pull();
        self.serving.await.unwrap();
    }

    /// Actions with account and subject, oldest first.
    pub async fn log(&self) -> Vec<(String, String, String, serde_json::Value)> {
        let lines = self.app.store.audit_lines(None, 1_000).await.unwrap();
        let row = |line: selaras::store::AuditLine| (line.action, line.account, line.subject, serde_json::from_str(&line.detail).unwrap());
        lines.into_iter().rev().map(row).collect()
    }
}

/// A browser.
#[derive(Clone)]
pub struct Browser<'h> {
    house: &'h House,
    pub cookies: BTreeMap<String, String>,
}

/// Encodes a form.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

impl Browser<'_> {
    pub async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_bytes(method, path, headers, body.as_bytes()).await
    }

    pub async fn send_bytes(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let at = &self.house.address;
        let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !cookies.is_empty() {
            request.push_str(&format!("Cookie: {cookies}\r\n"));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
        // Who refuses a large body may hang up before it has come.
        let _ = stream.write_all(body).await;
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes).await;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{read:?}"));
        let answer = Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), head: head.to_owned(), body: body.to_owned() };
        for cookie in answer.all("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    /// Sends a form as a browser does from our own page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = format!("http://{}", self.house.address);
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        self.send("POST", path, &[kind, ("Origin", &origin), ("Sec-Fetch-Site", "same-origin")], &encoded(fields)).await
    }

    pub async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.sign_in_at("/masuk", name, password).await
    }

    /// Signs in with the form of that address, and thereby returns to where it says.
    pub async fn sign_in_at(&mut self, form: &str, name: &str, password: &str) -> Answer {
        let page = self.get(form).await;
        let (csrf, back) = (page.hidden("csrf"), page.hidden("kembali").replace("&#38;", "&"));
        self.post("/masuk", &[("csrf", &csrf), ("kembali", &back), ("akun", name), ("sandi", password)]).await
    }

    /// What the forms of this session carry.
    pub async fn csrf(&mut self) -> String {
        self.get("/sandi").await.hidden("csrf")
    }
}
