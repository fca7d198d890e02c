//! A collector of traces on this machine: takes, refuses, hangs, as it is told.

use crate::endtoend::office::Office;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

/// What a collector does with the next posts.
#[derive(Clone, Copy)]
pub enum Mood {
    Takes,
    Says(u16),
    /// Answers 200, and says that so many spans of it were not taken.
    Rejects(u64),
    Hangs,
}

#[derive(Default)]
struct Kept {
    mood: Mutex<Option<Mood>>,
    posts: Mutex<Vec<(HeaderMap, Bytes)>>,
    turned_away: Mutex<u64>,
}

pub struct Collector {
    pub address: SocketAddr,
    kept: Arc<Kept>,
}

/// A span as it arrived.
#[derive(Debug, Clone)]
pub struct Span {
    pub name: String,
    pub trace: String,
    pub id: String,
    pub parent: Option<String>,
    pub kind: u64,
    pub start: u128,
    pub end: u128,
    pub held: BTreeMap<String, Value>,
    pub failed: Option<String>,
}

impl Collector {
    pub fn open(office: &Office, mood: Mood) -> Self {
        let kept = Arc::new(Kept::default());
        *kept.mood.lock().unwrap() = Some(mood);
        let address = office.bkn.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = Router::new().route("/v1/traces", post(take)).with_state(kept.clone());
            tokio::spawn(async move { axum::serve(listener, router).await });
            address
        });
        Self { address, kept }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn becomes(&self, mood: Mood) {
        *self.kept.mood.lock().unwrap() = Some(mood);
    }

    /// Posts that it did not take.
    pub fn turned_away(&self) -> u64 {
        *self.kept.turned_away.lock().unwrap()
    }

    /// Headers and bodies of the posts that it took.
    pub fn posts(&self) -> Vec<(HeaderMap, Bytes)> {
        self.kept.posts.lock().unwrap().clone()
    }

    /// Everything that it took, as text.
    pub fn text(&self) -> String {
        self.posts().iter().map(|(_, body)| String::from_utf8(body.to_vec()).unwrap()).collect::<Vec<_>>().join("\n")
    }

    pub fn spans(&self) -> Vec<Span> {
        self.posts().iter().flat_map(|(_, body)| spans(&serde_json::from_slice(body).unwrap())).collect()
    }
}

async fn take(State(kept): State<Arc<Kept>>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let mood = kept.mood.lock().unwrap().unwrap();
    match mood {
        Mood::Takes => kept.posts.lock().unwrap().push((headers, body)),
        Mood::Says(status) => {
            *kept.turned_away.lock().unwrap() += 1;
            return (StatusCode::from_u16(status).unwrap(), String::new());
        }
        Mood::Rejects(count) => {
            *kept.turned_away.lock().unwrap() += count;
            // The protocol writes whole numbers as text.
            let said = json!({"partialSuccess": {"rejectedSpans": count.to_string(), "errorMessage": "rahasia 198501012010011901"}});
            return (StatusCode::OK, said.to_string());
        }
        Mood::Hangs => {
            *kept.turned_away.lock().unwrap() += 1;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
    }
    (StatusCode::OK, json!({"partialSuccess": {}}).to_string())
}

fn spans(body: &Value) -> Vec<Span> {
    let [resource] = &body["resourceSpans"].as_array().unwrap()[..] else { panic!("{body}") };
    let service = attributes(&resource["resource"]["attributes"]);
    assert_eq!((&service["service.name"], service["service.version"].as_str()), (&"selaras".into(), Some(env!("CARGO_PKG_VERSION"))));
    resource["scopeSpans"].as_array().unwrap().iter().flat_map(|scope| scope["spans"].as_array().unwrap()).map(span).collect()
}

fn span(told: &Value) -> Span {
    let text = |key: &str| told[key].as_str().unwrap_or_else(|| panic!("{key}: {told}")).to_owned();
    let id = |key: &str, length: usize| {
        let id = text(key);
        assert!(id.len() == length && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{key}: {told}");
        id
    };
    Span {
        name: text("name"),
        trace: id("traceId", 32),
        id: id("spanId", 16),
        parent: told.get("parentSpanId").map(|_| id("parentSpanId", 16)),
        kind: told["kind"].as_u64().unwrap(),
        start: text("startTimeUnixNano").parse().unwrap(),
        end: text("endTimeUnixNano").parse().unwrap(),
        held: attributes(&told["attributes"]),
        failed: told["status"]["message"].as_str().map(str::to_owned),
    }
}

fn attributes(list: &Value) -> BTreeMap<String, Value> {
    let value = |value: &Value| match value.as_object().unwrap().iter().next().unwrap() {
        (kind, text) if kind == "intValue" => text.as_str().unwrap().parse::<i64>().unwrap().into(),
        (_, value) => value.clone(),
    };
    list.as_array().unwrap().iter().map(|one| (one["key"].as_str().unwrap().to_owned(), value(&one["value"]))).collect()
}
