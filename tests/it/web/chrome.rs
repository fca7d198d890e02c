//! One page of a real Chromium, driven as a person would: with keys and with the mouse.
//!
//! Chromium is spoken to through its pipe (`--remote-debugging-pipe`): JSON, each message ended by a zero byte.

use super::browser::chromium;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long Chromium may say nothing.
const SILENCE: Duration = Duration::from_secs(45);

/// Stops of the Tab key on one page before something cannot be reached.
const STOPS: usize = 300;

/// One page of a Chromium.
pub struct Chrome {
    child: Child,
    to: File,
    from: Receiver<Value>,
    session: Option<String>,
    next: u64,
    events: Vec<String>,
}

/// What comes through the pipe, message by message.
fn messages(pipe: File) -> Receiver<Value> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut message = Vec::new();
        while pipe.read_until(0, &mut message).is_ok() && message.pop() == Some(0) {
            if tell.send(serde_json::from_slice(&message).unwrap()).is_err() {
                return;
            }
            message.clear();
        }
    });
    told
}

impl Chrome {
    pub fn start(folder: &Path) -> Self {
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
        let from = messages(File::open(&from).unwrap());
        let mut chrome = Self { child, to, from, session: None, next: 0, events: Vec::new() };
        chrome.ask("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": folder}));
        let target = chrome.ask("Target.createTarget", json!({"url": "about:blank"}))["targetId"].as_str().unwrap().to_owned();
        let session = chrome.ask("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        chrome.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        chrome.ask("Page.enable", json!({}));
        chrome
    }

    fn read(&mut self) -> Value {
        self.from.recv_timeout(SILENCE).expect("Chromium has gone, or waits for something that does not come")
    }

    fn send(&mut self, method: &str, params: Value) -> u64 {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        self.next
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params);
        loop {
            let answer = self.read();
            if answer["id"] == id {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.extend(answer["method"].as_str().map(str::to_owned));
        }
    }

    /// Does something that leads to another page, and waits for it.
    pub fn go(&mut self, leave: impl FnOnce(&mut Self)) {
        self.events.clear();
        leave(self);
        while !self.events.iter().any(|event| event == "Page.loadEventFired") {
            let event = self.read();
            self.events.extend(event["method"].as_str().map(str::to_owned));
        }
    }

    pub fn say(&mut self, expression: &str) -> String {
        let said = self.ask("Runtime.evaluate", json!({"expression": format!("String({expression})"), "returnByValue": true}));
        said["result"]["value"].as_str().unwrap_or_else(|| panic!("{expression}: {said}")).to_owned()
    }

    pub fn key(&mut self, key: &str, code: u32, text: &str) {
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
    pub fn tab_to(&mut self, selector: &str) {
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

    pub fn follow(&mut self, selector: &str) {
        self.tab_to(selector);
        self.go(|page| page.key("Enter", 13, "\r"));
    }

    pub fn write(&mut self, selector: &str, text: &str) {
        self.tab_to(selector);
        self.ask("Input.insertText", json!({"text": text}));
    }

    /// The middle of what matches, once it is in sight.
    fn middle(&mut self, selector: &str) -> (f64, f64) {
        let place = self.say(&format!(
            "(() => {{ const one = document.querySelector({}); one.scrollIntoView({{ block: 'center' }});
                const at = one.getClientRects()[0]; return (at.left + at.width / 2) + ' ' + (at.top + at.height / 2); }})()",
            json!(selector)
        ));
        let (x, y) = place.split_once(' ').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    }

    /// Clicks with the mouse in the middle of what matches.
    pub fn click(&mut self, selector: &str) {
        let (x, y) = self.middle(selector);
        for kind in ["mousePressed", "mouseReleased"] {
            self.ask("Input.dispatchMouseEvent", json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}));
        }
    }

    /// Clicks twice as fast as a hand can: the second click comes before anything has answered the first.
    pub fn click_twice(&mut self, selector: &str) {
        let (x, y) = self.middle(selector);
        for (kind, count) in [("mousePressed", 1), ("mouseReleased", 1), ("mousePressed", 2), ("mouseReleased", 2)] {
            self.send("Input.dispatchMouseEvent", json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": count}));
        }
    }

    /// Gives a field for files a file.
    pub fn attach(&mut self, selector: &str, file: &Path) {
        let root = self.ask("DOM.getDocument", json!({"depth": 0}))["root"]["nodeId"].clone();
        let field = self.ask("DOM.querySelector", json!({"nodeId": root, "selector": selector}))["nodeId"].clone();
        self.ask("DOM.setFileInputFiles", json!({"nodeId": field, "files": [file]}));
    }

    pub fn shows(&mut self, text: &str) {
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
