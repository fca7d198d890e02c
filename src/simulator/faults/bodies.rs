//! Bodies that are not what belongs there: web pages, broken text, wrong envelopes, too much.

use super::catalogue::Deed;
use super::catalogue::Entry;
use super::catalogue::Instead;
use super::catalogue::Promise::Fails;
use super::catalogue::Promise::Recovers;
use super::catalogue::Strikes;
use super::catalogue::Strikes::Always;

impl Instead {
    /// A JSON body.
    pub(super) fn json(status: u16, body: &str) -> Self {
        Self { status, content_type: "application/json", headers: &[], body: body.as_bytes().to_vec() }
    }

    fn page(status: u16, body: &str) -> Self {
        Self { content_type: "text/html", ..Self::json(status, body) }
    }
}

/// Bytes of the body that is too large for anybody.
const HUGE: usize = 24 << 20;

const LOGIN: &str = "<!DOCTYPE html><html><body><form action=\"/login\"><input name=\"username\"></form></body></html>";
const GATEWAY: &str = "<html><body><h1>504 Gateway Time-out</h1></body></html>";

pub(super) fn entries() -> Vec<Entry> {
    let once = Strikes::First(1);
    let instead = |name: &str, does, strikes, instead, promise| Entry::new(name, does, strikes, Deed::Answer(instead), [promise; 2]);
    let body = |name: &str, does, change, promises| Entry::new(name, does, Always, Deed::Body(change), promises);
    let login = Instead { headers: &[("location", "/login")], ..Instead::page(302, LOGIN) };
    let moved = Instead { headers: &[("location", "https://contoh.invalid/")], ..Instead::page(301, "") };
    vec![
        instead("html-200", "a web page with 200", Always, Instead::page(200, GATEWAY), Fails("html")),
        instead("html-504-once", "a web page with 504, once a question", once, Instead::page(504, GATEWAY), Recovers),
        instead("html-504-for-ever", "a web page with 504", Always, Instead::page(504, GATEWAY), Fails("server_error")),
        instead("html-as-json", "a web page that calls itself JSON", Always, Instead::json(200, GATEWAY), Fails("html")),
        instead("login-page", "the sign-in page with 200", Always, Instead::page(200, LOGIN), Fails("html")),
        instead("login-redirect", "a redirect to the sign-in page", Always, login, Fails("redirect")),
        instead("moved", "a redirect to another host", Always, moved, Fails("redirect")),
        instead("empty-body", "200 without a body", Always, Instead::json(200, ""), Fails("truncated")),
        instead("no-content", "204", Always, Instead::json(204, ""), Fails("truncated")),
        instead("prose", "a sentence", Always, Instead::json(200, "Layanan sedang dalam pemeliharaan"), Fails("malformed")),
        instead(
            "saved",
            "the answer to a save",
            Always,
            Instead::json(200, r#"{"success":true,"mapData":"1","data":[]}"#),
            Fails("server_error"),
        ),
        instead(
            "sync-error",
            "the capitalised error of a sync",
            Always,
            Instead::json(200, r#"{"Error":"true","Message":"gagal"}"#),
            Fails("server_error"),
        ),
        instead("code-2", "a code of its own", Always, Instead::json(200, r#"{"code":2,"data":[]}"#), Fails("server_error")),
        instead("code-0-data", "data with code 0", Always, Instead::json(200, r#"{"code":0,"data":[{"id":"1"}]}"#), Fails("malformed")),
        instead("failed-success", "success is false", Always, Instead::json(200, r#"{"success":false,"data":[]}"#), Fails("server_error")),
        body("bom", "a byte order mark before the body", |body| [b"\xef\xbb\xbf", body.as_slice()].concat(), [Recovers; 2]),
        body("spaced", "space around the body", |body| [b"\n  ", body.as_slice(), b"\n"].concat(), [Recovers; 2]),
        body("upper-envelope", "CODE and DATA in capitals", upper, [Recovers; 2]),
        body(
            "cut-json",
            "whole for HTTP, and half of the JSON",
            |mut body| {
                body.truncate(body.len() / 2);
                body
            },
            [Fails("truncated"); 2],
        ),
        body("bare-list", "the list without its envelope", bare, [Fails("malformed"); 2]),
        body("rewrapped", "a proxy's envelope around the envelope", rewrapped, [Fails("malformed"), Fails("schema")]),
        body(
            "utf16",
            "UTF-16",
            |body| String::from_utf8_lossy(&body).encode_utf16().flat_map(u16::to_le_bytes).collect(),
            [Fails("encoding"); 2],
        ),
        body("latin1", "a name in Latin-1", |body| replaced(&body, b"\"nama\":\"", b"\"nama\":\"\xc9"), [Fails("encoding"); 2]),
        body("huge", "more bytes than anybody takes", huge, [Fails("too_large"); 2]),
        Entry::new("not-gzip", "called gzip and is none", Always, Deed::Header("content-encoding", "gzip"), [Fails("malformed"); 2]),
        Entry::new("wrong-type", "JSON that calls itself a web page", Always, Deed::Header("content-type", "text/html"), [Recovers; 2]),
    ]
}

fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        made.extend_from_slice(&rest[..at]);
        made.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    made.extend_from_slice(rest);
    made
}

fn upper(body: Vec<u8>) -> Vec<u8> {
    [("\"data\":", "\"DATA\":"), ("\"code\":", "\"CODE\":")]
        .iter()
        .fold(body, |body, (from, to)| replaced(&body, from.as_bytes(), to.as_bytes()))
}

fn bare(body: Vec<u8>) -> Vec<u8> {
    let answer: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    answer["data"].to_string().into_bytes()
}

fn rewrapped(body: Vec<u8>) -> Vec<u8> {
    [b"{\"code\":1,\"data\":", body.as_slice(), b"}"].concat()
}

fn huge(body: Vec<u8>) -> Vec<u8> {
    let mut huge = body;
    huge.resize(huge.len().max(HUGE), b' ');
    huge
}
