//! What WSO2 says about itself, in each of its shapes (facts ekinerja-api §3.4), and what the token checks say.

use super::Fate;
use super::catalogue::Deed;
use super::catalogue::Entry;
use super::catalogue::Instead;
use super::catalogue::Promise;
use super::catalogue::Promise::Fails;
use super::catalogue::Promise::Recovers;
use super::catalogue::Promise::Stops;
use super::catalogue::Strikes;

const REPORT_TOKEN: Promise = Stops("auth_report", "ekinerja.report.token");
const CONSUMER: Promise = Stops("auth_gateway", "ekinerja.siasn.consumer_key");
const OPERATOR: Promise = Stops("auth_sso", "ekinerja.siasn.sso_password");

/// Code, status, message, description, which requests, promises.
type Said = (u32, u16, &'static str, &'static str, Strikes, [Promise; 2]);

const ONCE: Strikes = Strikes::First(1);
const CONNECT: &str = "Error connecting to the back end";

const CODES: [Said; 11] = [
    (900_901, 401, "Invalid Credentials", "Make sure you have provided the correct security credentials", ONCE, [REPORT_TOKEN, CONSUMER]),
    (900_902, 401, "Missing Credentials", "Required OAuth credentials not provided", ONCE, [REPORT_TOKEN, CONSUMER]),
    (900_908, 403, "Resource forbidden", "User is NOT authorized to access the Resource", ONCE, [REPORT_TOKEN, CONSUMER]),
    (900_800, 429, "Message throttled out", "You have exceeded your quota", ONCE, [Recovers; 2]),
    (900_802, 429, "Resource throttled out", "You have exceeded your quota", ONCE, [Recovers; 2]),
    (900_803, 429, "Application throttled out", "You have exceeded your quota", ONCE, [Recovers; 2]),
    (900_804, 429, "Subscription throttled out", "You have exceeded your quota", ONCE, [Recovers; 2]),
    (303_001, 503, "Runtime Error", "Currently , Address endpoint : [ Name : contoh ] [ State : SUSPENDED ]", ONCE, [Recovers; 2]),
    (101_503, 500, "Runtime Error", CONNECT, ONCE, [Recovers; 2]),
    (101_504, 504, "Runtime Error", "Connection timed out", ONCE, [Recovers; 2]),
    (101_508, 500, "Runtime Error", "Connection refused", ONCE, [Recovers; 2]),
];

/// One body in each shape.
fn shapes(code: u32, message: &str, description: &str) -> [(&'static str, &'static str, String); 4] {
    let inner = format!(r#""code":{code},"type":"Status report","message":"{message}","description":"{description}""#);
    let xml = format!(
        "<am:fault xmlns:am=\"http://wso2.org/apimanager\"><am:code>{code}</am:code><am:type>Status report</am:type>\
         <am:message>{message}</am:message><am:description>{description}</am:description></am:fault>"
    );
    [
        ("json", "application/json", format!("{{{}}}", inner.replace(&code.to_string(), &format!("\"{code}\"")))),
        ("wrapper", "application/json", format!("{{\"fault\":{{{inner}}}}}")),
        ("flat", "application/json", format!(r#"{{"error_message":"{message}","code":"{code}","error_description":"{description}"}}"#)),
        ("xml", "application/xml", xml),
    ]
}

pub(super) fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (code, status, message, description, strikes, promises) in CODES {
        for (shape, content_type, body) in shapes(code, message, description) {
            // One new WSO2 token may help against 900901: only a gateway that goes on refusing stops SIASN.
            let strikes = if code == 900_901 { Strikes::Always } else { strikes };
            let instead = Instead { status, content_type, headers: &[], body: body.into_bytes() };
            let does = "what the gateway says about itself";
            entries.push(Entry::new(format!("{code}-{shape}"), does, strikes, Deed::Answer(instead), promises));
        }
    }
    let said = |name: &str, does, strikes, status: u16, body: &str, promises| {
        Entry::new(name, does, strikes, Deed::Answer(Instead::json(status, body)), promises)
    };
    let always = Strikes::Always;
    let suspended = r#"{"code":"303001","message":"Runtime Error","description":"[ State : SUSPENDED ]"}"#;
    let unreachable = r#"{"fault":{"code":101503,"message":"Runtime Error","description":"Error connecting to the back end"}}"#;
    let next = r#"{"code":"900800","message":"Message throttled out","nextAccessTime":"2024-Jan-01 00:01:00+0000 UTC"}"#;
    let mismatch = r#"{"code":0,"data":"Token SSO mismatch"}"#;
    let jwt = r#"{"message":"invalid or expired jwt"}"#;
    entries.extend([
        said("900901-once", "the gateway refuses a token once", ONCE, 401, r#"{"code":"900901"}"#, [REPORT_TOKEN, Recovers]),
        said("401-bare", "401 without a word", always, 401, "", [REPORT_TOKEN, CONSUMER]),
        said("403-bare", "403 without a word", always, 403, "", [REPORT_TOKEN, Fails("server_error")]),
        said("900800-next", "a quota with nextAccessTime in the past", ONCE, 429, next, [Recovers; 2]),
        said("303001-for-ever", "the gateway suspends the surface and does not end it", always, 503, suspended, [Promise::Unasked; 2]),
        said("429-for-ever", "the quota is used up and stays so", always, 429, next, [Promise::Unasked; 2]),
        said("101503-for-ever", "the gateway never reaches the service", always, 500, unreachable, [Fails("server_error"); 2]),
        said("101503-midway", "the same from the third request on", Strikes::From(2), 500, unreachable, [Fails("server_error"); 2]),
        said("jwt-once", "the SSO token is refused once", ONCE, 401, jwt, [REPORT_TOKEN, Recovers]),
        said("jwt-for-ever", "the SSO token is refused", always, 401, jwt, [REPORT_TOKEN, OPERATOR]),
        said(
            "jwt-malformed",
            "the SSO token is called malformed",
            always,
            400,
            r#"{"message":"missing or malformed jwt"}"#,
            [REPORT_TOKEN, OPERATOR],
        ),
        said(
            "sso-mismatch",
            "the SSO token belongs to somebody else",
            always,
            200,
            mismatch,
            [Fails("server_error"), Stops("auth_sso", "ekinerja.siasn.sso_token")],
        ),
        Entry::new(
            "token-midway",
            "the WSO2 token is withdrawn at every fifth request",
            Strikes::Every(5),
            Deed::Wire(Fate::Withdraw(false)),
            [Promise::Untouched, Recovers],
        ),
        Entry::new(
            "tokens-midway",
            "both tokens are withdrawn at every fifth request",
            Strikes::Every(5),
            Deed::Wire(Fate::Withdraw(true)),
            [Promise::Untouched, Recovers],
        ),
    ]);
    entries
}
