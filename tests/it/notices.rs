//! Notices: one per cause, silence while nothing changes, one when it is over; each way against a real server.

use crate::support::Bench;
use crate::support::on_both_engines;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use selaras::app::App;
use selaras::app::import::{ImportOptions, content};
use selaras::app::notices;
use selaras::clock::SharedClock;
use selaras::config::Config;
use selaras::intake::FileKind;
use selaras::notify::Messenger;
use sha2::Sha256;
use std::sync::Arc;
use std::sync::Mutex;
use tokio::io::AsyncBufReadExt;
use tokio::io::AsyncWriteExt;
use tokio::io::BufReader;
use tokio::net::TcpListener;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::Request;
use wiremock::ResponseTemplate;
use wiremock::matchers::method;
use wiremock::matchers::path;

on_both_engines![
    a_cause_is_told_once_and_its_end_too,
    a_way_that_fails_is_tried_again_and_nobody_else_hears_twice,
    the_digest_tells_how_the_month_stands
];

/// A mail server that takes everything on one port of this machine.
struct Post {
    port: u16,
    mails: Arc<Mutex<Vec<String>>>,
}

impl Post {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, mails) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
        let kept = Arc::clone(&mails);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    let (read, mut write) = stream.into_split();
                    let mut lines = BufReader::new(read).lines();
                    write.write_all(b"220 here\r\n").await.unwrap();
                    let (mut mail, mut inside) = (String::new(), false);
                    while let Ok(Some(line)) = lines.next_line().await {
                        let answer: &[u8] = match line.as_str() {
                            "." if inside => {
                                inside = false;
                                kept.lock().unwrap().push(std::mem::take(&mut mail));
                                b"250 taken\r\n"
                            }
                            _ if inside => {
                                mail.push_str(&line);
                                mail.push('\n');
                                continue;
                            }
                            "DATA" => {
                                inside = true;
                                b"354 go on\r\n"
                            }
                            "QUIT" => b"221 bye\r\n",
                            _ => b"250 yes\r\n",
                        };
                        if write.write_all(answer).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { port, mails }
    }

    fn mails(&self) -> Vec<String> {
        self.mails.lock().unwrap().clone()
    }
}

struct Desk {
    bench: Bench,
    app: App,
    messenger: Messenger,
    net: MockServer,
    post: Post,
}

impl Desk {
    async fn open(bench: Bench, event: &str) -> Self {
        let (net, post) = (MockServer::start().await, Post::open().await);
        let (url, port) = (net.uri(), post.port);
        let text = format!(
            "[evidence.max_age]\nattendance = \"7d\"\n
            [notify]\nping = \"{url}/ping\"\n
            [notify.smtp]\nhost = \"127.0.0.1\"\nport = {port}\nfrom = \"selaras@kementerian.go.id\"\n
            [notify.webhook]\nurl = \"{url}/hook\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n
            [notify.telegram]\ntoken = \"7:rahasia\"\nchat_id = \"-100\"\nbase_url = \"{url}\"\n
            [[notify.rules]]\nevent = \"{event}\"\nchannel = \"smtp\"\nto = [\"sdm@kementerian.go.id\", \"ti@kementerian.go.id\"]\n
            [[notify.rules]]\nevent = \"{event}\"\nchannel = \"webhook\"\n
            [[notify.rules]]\nevent = \"{event}\"\nchannel = \"telegram\"\n
            [[notify.rules]]\nevent = \"held\"\nchannel = \"telegram\"\n"
        );
        let config: Config = toml::from_str(&text).unwrap();
        let clock: SharedClock = Arc::new(bench.clock.clone());
        let messenger = Messenger::new(config.notify.clone(), Arc::clone(&clock)).unwrap();
        let app = App { config, store: bench.store.clone(), clock };
        Self { app, messenger, net, post, bench }
    }

    async fn answer(&self, place: &str, status: u16) {
        Mock::given(path(place)).respond_with(ResponseTemplate::new(status)).mount(&self.net).await;
    }

    async fn answer_all(&self) {
        for place in ["/ping", "/hook", "/bot7:rahasia/sendMessage"] {
            self.answer(place, 200).await;
        }
    }

    async fn attendance(&self, day: u32) {
        let text = format!("nip;tanggal;jam_masuk;jam_pulang;status\n198501012010011901;{day:02}-10-2026;07:25;16:02;WFO\n");
        let options = ImportOptions { kind: FileKind::Attendance, period: None, dry_run: false, accept_partial: false };
        content(&self.app, "presensi.csv".to_owned(), text.into_bytes(), options).await.unwrap();
    }

    async fn round(&self) -> (usize, usize, usize) {
        let round = notices::round(&self.app, &self.messenger).await.unwrap();
        (round.causes, round.told, round.undelivered)
    }

    async fn asked(&self, place: &str) -> Vec<Request> {
        let all = self.net.received_requests().await.unwrap();
        all.into_iter().filter(|request| request.url.path() == place).collect()
    }
}

async fn a_cause_is_told_once_and_its_end_too(bench: Bench) {
    let desk = Desk::open(bench, "stale").await;
    desk.answer_all().await;
    assert_eq!(desk.round().await, (0, 0, 0), "a store that knows nothing is not stale");
    desk.attendance(1).await;
    desk.bench.clock.advance(TimeDelta::days(8));
    assert_eq!(desk.round().await, (1, 3, 0));
    assert_eq!(desk.round().await, (1, 0, 0), "nothing has changed");
    desk.attendance(2).await;
    assert_eq!(desk.round().await, (0, 3, 0), "it is over");
    assert_eq!(desk.round().await, (0, 0, 0));
    assert!(desk.app.store.notices().await.unwrap().is_empty());
    assert_eq!(desk.asked("/ping").await.len(), 5, "once a round");

    let mails = desk.post.mails();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].contains("To: sdm@kementerian.go.id, ti@kementerian.go.id") && mails[0].contains("max_age"), "{}", mails[0]);
    assert!(mails[1].contains("Sudah pulih") && mails[1].contains("It is over"), "{}", mails[1]);
    let hooks = desk.asked("/hook").await;
    let body: serde_json::Value = hooks[0].body_json().unwrap();
    assert_eq!((body["type"].as_str(), body["data"]["cause"].as_str()), (Some("notice.began"), Some("stale:attendance")), "{body}");
    assert_eq!(hooks[1].body_json::<serde_json::Value>().unwrap()["type"], "notice.ended");
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        assert!(hooks.iter().all(|hook| hook.headers.contains_key(name)), "{name}");
    }
    hooks.iter().for_each(is_signed);
    assert_ne!(hooks[0].headers["webhook-id"], hooks[1].headers["webhook-id"]);
    let chats = desk.asked("/bot7:rahasia/sendMessage").await;
    assert_eq!((chats.len(), chats[0].body_json::<serde_json::Value>().unwrap()["chat_id"].as_str()), (2, Some("-100")));
    let said = format!("{mails:?}{}", String::from_utf8_lossy(&hooks[0].body));
    assert!(!said.contains("198501012010011901"), "no person in a notice");
}

/// Checks a web hook as a receiver does who has read the specification of Standard Webhooks and nothing of ours.
pub fn is_signed(hook: &wiremock::Request) {
    let header = |name: &str| hook.headers[name].to_str().unwrap();
    let (id, at) = (header("webhook-id"), header("webhook-timestamp"));
    assert!(!id.contains('.') && at.parse::<i64>().is_ok(), "{id} {at}");
    let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update([id.as_bytes(), b".", at.as_bytes(), b".", &hook.body].concat().as_slice());
    assert_eq!(header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
}

async fn a_way_that_fails_is_tried_again_and_nobody_else_hears_twice(bench: Bench) {
    let desk = Desk::open(bench, "all").await;
    for place in ["/ping", "/bot7:rahasia/sendMessage"] {
        desk.answer(place, 200).await;
    }
    Mock::given(method("POST")).and(path("/hook")).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&desk.net).await;
    desk.answer("/hook", 204).await;
    desk.attendance(1).await;
    desk.bench.clock.advance(TimeDelta::days(8));
    assert_eq!(desk.round().await, (1, 2, 1));
    assert_eq!(desk.round().await, (1, 0, 1));
    assert_eq!(desk.round().await, (1, 1, 0));
    let hooks = desk.asked("/hook").await;
    assert!(hooks.iter().all(|hook| hook.headers["webhook-id"] == hooks[0].headers["webhook-id"]), "the same, told again");
    assert_eq!((desk.post.mails().len(), desk.asked("/bot7:rahasia/sendMessage").await.len()), (1, 1));
}

async fn the_digest_tells_how_the_month_stands(bench: Bench) {
    let desk = Desk::open(bench, "digest").await;
    desk.answer_all().await;
    notices::digest(&desk.app, &desk.messenger).await.unwrap();
    let mails = desk.post.mails();
    assert!(mails.len() == 1 && mails[0].contains("Belum pernah dicocokkan"), "{mails:?}");
    let refusing = Desk::open(Bench::sqlite().await, "digest").await;
    let error = notices::digest(&refusing.app, &refusing.messenger).await.unwrap_err();
    let sentence = error.sentence(selaras::domain::text::Lang::Id);
    assert!(sentence.contains("404") && !sentence.contains("rahasia"), "{sentence}");
}
