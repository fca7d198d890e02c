//! What stands in front of the services says about itself: WSO2's error codes in their four shapes, the token checks,
//! and the bare HTTP status (facts ekinerja-api §3.3, §3.4).

use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::http::Received;
use super::scalar::Scalar;
use super::top::Top;
use crate::domain::evidence::Reason;
use crate::domain::text::fold;
use chrono::DateTime;
use chrono::Utc;
use std::time::Duration;

const REPORT_TOKEN: &str = "ekinerja.report.token";
const CONSUMER: &str = "ekinerja.siasn.consumer_key";
const SSO_TOKEN: &str = "ekinerja.siasn.sso_token";

/// A refusal in JSON: a gateway code at the top or inside `fault`, or the words of a token check.
pub(crate) fn refusal(surface: Surface, top: &Top<'_>, received: &Received) -> Option<Fault> {
    let inner: Option<Top<'_>> = top.fault.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let top = inner.as_ref().unwrap_or(top);
    let text = |scalar: &Option<Scalar<'_>>| scalar.as_ref().and_then(Scalar::text).unwrap_or_default();
    let words = Words {
        code: top.code.as_ref().and_then(Scalar::whole),
        message: text(&top.message),
        description: text(&top.description),
        next_access: text(&top.next_access),
        data: top.data_text().unwrap_or_default(),
    };
    words.meaning(surface, received)
}

/// The same in the XML that APIM up to 3.2 writes by default (`<am:fault>`).
pub(crate) fn xml_refusal(surface: Surface, text: &str, received: &Received) -> Option<Fault> {
    if !text.trim_start().starts_with('<') || !text.contains("fault") {
        return None;
    }
    let element = |name: &str| {
        let open = format!("{name}>");
        let from = text.find(&open)? + open.len();
        let to = text[from..].find("</")?;
        Some(text[from..from + to].trim().to_owned())
    };
    let words = Words {
        code: element("code").and_then(|code| code.parse().ok()),
        message: element("message").unwrap_or_default(),
        description: element("description").unwrap_or_default(),
        next_access: element("nextAccessTime").unwrap_or_default(),
        data: String::new(),
    };
    words.meaning(surface, received)
}

/// What the bare status says, when the body says nothing better.
pub(crate) fn by_status(surface: Surface, received: &Received) -> Option<Fault> {
    let status = received.status;
    match (status, surface) {
        (401 | 403, Surface::Report) => Some(report_token()),
        (401, Surface::Siasn) => Some(gateway_token("SIASN refused us with 401")),
        (429, _) => Some(throttled(surface, received.retry_after)),
        (408 | 425 | 500.., _) => {
            let fault = Fault::new(Reason::ServerError, Action::Retry, format!("{surface} failed with {status}"));
            Some(fault.after(received.retry_after))
        }
        _ => None,
    }
}

struct Words {
    code: Option<i64>,
    message: String,
    description: String,
    next_access: String,
    data: String,
}

impl Words {
    fn meaning(&self, surface: Surface, received: &Received) -> Option<Fault> {
        self.by_code(surface, received).or_else(|| self.by_text(surface))
    }

    fn by_code(&self, surface: Surface, received: &Received) -> Option<Fault> {
        let code = self.code.filter(|code| (100_000..1_000_000).contains(code))?;
        Some(match (code, surface) {
            (900_900..900_911, Surface::Report) => report_token(),
            (900_900 | 900_901 | 900_903 | 900_904, _) => gateway_token(&format!("the gateway refused our token ({code})")),
            (900_908 | 900_909, _) => {
                consumer(format!("the gateway says that we have not subscribed to this API ({code}): ask BKN, then check {CONSUMER}"))
            }
            (900_900..900_911, _) => {
                consumer(format!("the gateway refused our credentials ({code}): check {CONSUMER} and consumer_secret"))
            }
            (900_800..900_900, _) => throttled(surface, next_access(&self.next_access, received).or(received.retry_after)),
            (303_000..304_000, _) => suspended(surface, received.retry_after),
            (101_500..101_600, _) => Fault::new(Reason::ServerError, Action::Retry, format!("the gateway cannot reach {surface} ({code})"))
                .after(received.retry_after),
            _ if received.status >= 500 => Fault::new(Reason::ServerError, Action::Retry, format!("the gateway failed ({code})")),
            _ => Fault::new(
                Reason::ServerError,
                Action::GiveUp,
                format!("the gateway refused the question ({code}): check ekinerja.{surface}.base_url"),
            ),
        })
    }

    fn by_text(&self, surface: Surface) -> Option<Fault> {
        let message = fold(&self.message);
        if matches!(message.as_str(), "invalid or expired jwt" | "missing or malformed jwt") {
            return Some(match surface {
                Surface::Report => report_token(),
                Surface::Siasn => Fault::new(Reason::AuthSso, Action::RefreshSso, "SIASN refused the SSO token"),
            });
        }
        if surface == Surface::Siasn && (fold(&self.data) == "token sso mismatch" || message == "token sso mismatch") {
            let detail =
                format!("the SSO token belongs to another agency or consumer: check {SSO_TOKEN} (or sso_username) against consumer_key");
            return Some(Fault::new(Reason::AuthSso, Action::CallOperator(SSO_TOKEN), detail));
        }
        if message == "invalid credentials" {
            return Some(match surface {
                Surface::Report => report_token(),
                Surface::Siasn => gateway_token("the gateway refused our token"),
            });
        }
        (message == "runtime error" && self.description.contains("SUSPENDED")).then(|| suspended(surface, None))
    }
}

fn report_token() -> Fault {
    let detail = format!("the report API refused the token: sign in to e-Kinerja, take a new one and put it into {REPORT_TOKEN}");
    Fault::new(Reason::AuthReport, Action::CallOperator(REPORT_TOKEN), detail)
}

fn gateway_token(detail: &str) -> Fault {
    Fault::new(Reason::AuthGateway, Action::RefreshGateway, detail)
}

fn consumer(detail: String) -> Fault {
    Fault::new(Reason::AuthGateway, Action::CallOperator(CONSUMER), detail)
}

fn throttled(surface: Surface, wait: Option<Duration>) -> Fault {
    Fault::new(Reason::Throttled, Action::Wait, format!("{surface} asks for a pause: our quota is used up")).after(wait)
}

fn suspended(surface: Surface, wait: Option<Duration>) -> Fault {
    Fault::new(Reason::Suspended, Action::Wait, format!("the gateway has suspended {surface} for a while")).after(wait)
}

/// WSO2's `nextAccessTime`, `2025-Jan-01 00:01:00+0000 UTC`, counted from the answer's own `Date`.
fn next_access(text: &str, received: &Received) -> Option<Duration> {
    let text = text.trim().trim_end_matches("UTC").trim_end();
    let until: DateTime<Utc> = DateTime::parse_from_str(text, "%Y-%b-%d %H:%M:%S%z").ok()?.with_timezone(&Utc);
    Some((until - received.date.unwrap_or(received.at)).to_std().unwrap_or_default())
}
