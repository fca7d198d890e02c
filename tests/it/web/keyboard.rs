//! A day of an HR officer in a real Chromium with the keyboard only: signs in, finds a cause, gives its people to
//! somebody, comments, asks for a waiver, signs out. Once as it is, once 360 px wide with scripts switched off.
//!
//! Chromium is spoken to through its pipe (`--remote-debugging-pipe`): JSON, each message ended by a zero byte.

use super::browser::chromium;
use super::visitor::{House, PASSWORD, office, user};
use crate::support::Bench;
use selaras::domain::access::Role;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Stops of the Tab key on one page before something cannot be reached.
const STOPS: usize = 300;

/// One page of a Chromium.
struct Chrome {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: Option<String>,
    next: u64,
    events: Vec<String>,
}

impl Chrome {
    fn start(folder: &Path) -> Self {
        let (to, from) = (folder.join("to"), folder.join("from"));
        for pipe in [&to, &from] {
            assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let plain = chromium();
        let mut command = Command::new("sh");
        command.arg("-c").arg("exec \"$@\" 3<\"$TO\" 4>\"$FROM\"").arg("sh").arg(plain.get_program()).args(plain.get_args());
        command
            .args(["--remote-debugging-pipe", "--lang=en-US", "about:blank"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()));
        command.env("TO", &to).env("FROM", &from).env("LANG", "en_US.UTF-8").stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let to = File::options().write(true).open(&to).unwrap();
        let from = BufReader::new(File::open(&from).unwrap());
        let mut chrome = Self { child, to, from, session: None, next: 0, events: Vec::new() };
        let target = chrome.ask("Target.createTarget", json!({"url": "about:blank"}))["targetId"].as_str().unwrap().to_owned();
        let session = chrome.ask("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        chrome.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        chrome.ask("Page.enable", json!({}));
        chrome
    }

    fn read(&mut self) -> Value {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message).unwrap();
        assert_eq!(message.pop(), Some(0), "Chromium has gone");
        serde_json::from_slice(&message).unwrap()
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.read();
            if answer["id"] == self.next {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.extend(answer["method"].as_str().map(str::to_owned));
        }
    }

    /// Does something that leads to another page, and waits for it.
    fn go(&mut self, leave: impl FnOnce(&mut Self)) {
        self.events.clear();
        leave(self);
        while !self.events.iter().any(|event| event == "Page.loadEventFired") {
            let event = self.read();
            self.events.extend(event["method"].as_str().map(str::to_owned));
        }
    }

    fn say(&mut self, expression: &str) -> String {
        let said = self.ask("Runtime.evaluate", json!({"expression": format!("String({expression})"), "returnByValue": true}));
        said["result"]["value"].as_str().unwrap_or_else(|| panic!("{expression}: {said}")).to_owned()
    }

    fn key(&mut self, key: &str, code: u32, text: &str) {
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code});
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = text.into();
            }
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Presses Tab until the focus is on what matches; every stop must be seen. (Inside a field for a day, the browser
    /// itself marks the part that has the focus.)
    fn tab_to(&mut self, selector: &str) {
        for _ in 0..STOPS {
            self.key("Tab", 9, "");
            let seen = self.say(
                "(() => { const at = document.activeElement; if (at === document.body || at.type === 'date') return 'body';
                    const style = getComputedStyle(at); return style.outlineStyle === 'none' && style.boxShadow === 'none' ? 'unseen ' + at.outerHTML.slice(0, 200) : 'seen'; })()",
            );
            assert!(!seen.starts_with("unseen"), "{seen}");
            if self.say(&format!("document.activeElement.matches({})", json!(selector))) == "true" {
                return;
            }
        }
        panic!("Tab does not come to {selector} on {}", self.say("location.pathname + ' ' + document.title"));
    }

    fn follow(&mut self, selector: &str) {
        self.tab_to(selector);
        self.go(|page| page.key("Enter", 13, "\r"));
    }

    fn write(&mut self, selector: &str, text: &str) {
        self.tab_to(selector);
        self.ask("Input.insertText", json!({"text": text}));
    }

    fn shows(&mut self, text: &str) {
        let body = self.say("document.body.innerText");
        assert!(body.contains(text), "{text} is not on the page:\n{body}");
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn a_day(chrome: &mut Chrome, address: &str) {
    chrome.go(|page| drop(page.ask("Page.navigate", json!({"url": format!("http://{address}/masuk")}))));
    chrome.write("input[name=akun]", "sri");
    chrome.write("input[name=sandi]", PASSWORD);
    chrome.go(|page| page.key("Enter", 13, "\r"));
    // Finds.
    chrome.follow("nav a[href^='/sdm']");
    chrome.follow("a[href*='belum-ditugaskan']");
    chrome.follow("table a[href^='/sdm/kelompok']");
    // Gives everybody of it to herself.
    chrome.tab_to("input[name=semua]");
    chrome.key(" ", 32, " ");
    chrome.tab_to("input[name=laku]");
    while chrome.say("document.activeElement.value") != "tugaskan" {
        chrome.key("ArrowDown", 40, "");
    }
    chrome.key(" ", 32, " ");
    assert_eq!(chrome.say("document.activeElement.checked"), "true");
    chrome.tab_to("select[name=petugas]");
    chrome.key("s", 83, "s");
    assert_eq!(chrome.say("document.activeElement.value"), "sri");
    chrome.follow("main form button[type=submit]");
    chrome.shows("Petugas dicatat.");
    chrome.shows("Tidak ada pegawai yang cocok dalam kelompok ini");
    // Opens one of her cases, comments, asks for a waiver.
    chrome.follow("a.back");
    chrome.follow("a[href*='milik-saya']");
    chrome.follow("table a[href^='/sdm/kelompok']");
    chrome.follow("a[href^='/sdm/kasus/']");
    chrome.shows("Ditugaskan kepada sri.");
    chrome.write("textarea[name=komentar]", "sudah ditelepon");
    chrome.follow("button[value=komentar]");
    chrome.shows("sudah ditelepon");
    chrome.write("textarea[name=alasan]", "Surat menyusul");
    chrome.write("input[name=dokumen]", "ND-12/2026");
    chrome.tab_to("input[name=sampai]");
    // Whichever comes first, day or month.
    for digit in "12122026".chars() {
        chrome.key(&digit.to_string(), u32::from(digit), &digit.to_string());
    }
    assert_eq!(chrome.say("document.querySelector('input[name=sampai]').value"), "2026-12-12");
    chrome.follow("button[value=minta]");
    chrome.shows("Pengesampingan menunggu persetujuan");
    chrome.shows("berlaku sampai 12 Desember 2026");
    assert_eq!(chrome.say("document.querySelectorAll('button[value=setujui]').length"), "0", "never her own");
    assert_eq!(chrome.say("document.documentElement.scrollWidth <= innerWidth"), "true");
    // Signs out.
    chrome.follow("header form button");
    chrome.go(|page| drop(page.ask("Page.navigate", json!({"url": format!("http://{address}/sdm")}))));
    assert!(chrome.say("location.pathname").starts_with("/masuk"));
}

async fn walk(prepare: fn(&mut Chrome)) {
    let bench = Bench::sqlite().await;
    let app = office(&bench).await;
    user(&app, "admin", &[Role::Sysadmin], &[]).await;
    user(&app, "sri", &[Role::Sdm], &[]).await;
    user(&app, "tono", &[Role::Sdm], &[]).await;
    let house = House::open(&app).await;
    let (address, folder) = (house.address.clone(), tempfile::tempdir().unwrap());
    let walked = tokio::task::spawn_blocking(move || {
        let mut chrome = Chrome::start(folder.path());
        prepare(&mut chrome);
        a_day(&mut chrome, &address);
    });
    walked.await.unwrap();
    let log = house.log().await;
    for action in ["case_assigned", "case_commented", "waiver_asked", "sign_out"] {
        assert!(log.iter().any(|(known, who, ..)| known == action && who == "sri"), "{action}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officers_day_with_the_keyboard_only() {
    walk(|_| ()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_day_on_a_telephone_without_scripts() {
    walk(|chrome| {
        chrome.ask("Emulation.setScriptExecutionDisabled", json!({"value": true}));
        let narrow = json!({"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": false});
        chrome.ask("Emulation.setDeviceMetricsOverride", narrow);
    })
    .await;
}
