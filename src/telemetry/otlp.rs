//! Spans as OTLP over HTTP has them in JSON: ids in hexadecimal, whole numbers and nanoseconds as text.

use super::mask;
use super::spans::Finished;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Kinds of span (`SpanKind` of the protocol).
const INTERNAL: u8 = 1;
const SERVER: u8 = 2;
const CLIENT: u8 = 3;

/// Status of a span that failed (`StatusCode` of the protocol).
const ERROR: u8 = 2;

/// The name of the field that makes a span a failed one, and says why.
const FAILED: &str = "error";

/// The body of one export; `instance` tells the processes of one service apart. Nothing as long as a NIP is in it.
pub(super) fn body(spans: &[Finished], instance: &str) -> String {
    let resource = [("service.name", "selaras"), ("service.version", env!("CARGO_PKG_VERSION")), ("service.instance.id", instance)];
    let resource: Vec<Value> = resource.iter().map(|(key, text)| attribute(key, &Value::from(*text))).collect();
    let spans: Vec<Value> = spans.iter().map(span).collect();
    let scope = json!({"name": "selaras", "version": env!("CARGO_PKG_VERSION")});
    let text =
        json!({"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [{"scope": scope, "spans": spans}]}]}).to_string();
    match mask(&text) {
        Cow::Owned(masked) => masked,
        Cow::Borrowed(_) => text,
    }
}

/// How many spans the answer to an export says were not taken; whole numbers come as text, or as numbers all the same.
pub(super) fn rejected(answer: &[u8]) -> u64 {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let count = &answer["partialSuccess"]["rejectedSpans"];
    count.as_u64().or_else(|| count.as_str()?.parse().ok()).unwrap_or_default()
}

fn span(span: &Finished) -> Value {
    let start = span.start.timestamp_nanos_opt().unwrap_or_default();
    let end = start.saturating_add(i64::try_from(span.took.as_nanos()).unwrap_or(i64::MAX));
    let attributes: Vec<Value> = span.fields.iter().map(|(name, value)| attribute(name, value)).collect();
    let mut told = json!({
        "traceId": format!("{:032x}", span.trace),
        "spanId": format!("{:016x}", span.span),
        "name": span.name,
        "kind": kind(span.name),
        "startTimeUnixNano": start.to_string(),
        "endTimeUnixNano": end.to_string(),
        "attributes": attributes,
    });
    if let Some(parent) = span.parent {
        told["parentSpanId"] = format!("{parent:016x}").into();
    }
    if let Some(why) = span.fields.text(FAILED) {
        told["status"] = json!({"code": ERROR, "message": why});
    }
    told
}

/// What crosses the wire has a kind of its own.
fn kind(name: &str) -> u8 {
    match name {
        "request" => CLIENT,
        "page" => SERVER,
        _ => INTERNAL,
    }
}

fn attribute(key: &str, value: &Value) -> Value {
    let value = match value {
        Value::Bool(truth) => json!({"boolValue": truth}),
        Value::Number(number) if number.is_f64() => json!({"doubleValue": number}),
        Value::Number(number) => json!({"intValue": number.to_string()}),
        Value::String(text) => json!({"stringValue": text}),
        other => json!({"stringValue": other.to_string()}),
    };
    json!({"key": key, "value": value})
}

#[cfg(test)]
mod tests {
    use super::super::spans::Fields;
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_was_not_taken_is_read_however_it_is_written() {
        for (answer, count) in [
            (r#"{"partialSuccess":{"rejectedSpans":"7","errorMessage":"x"}}"#, 7),
            (r#"{"partialSuccess":{"rejectedSpans":7}}"#, 7),
            (r#"{"partialSuccess":{"rejectedSpans":"-1"}}"#, 0),
            (r#"{"partialSuccess":{}}"#, 0),
            ("{}", 0),
            ("[]", 0),
            ("", 0),
            ("<html>", 0),
        ] {
            assert_eq!(rejected(answer.as_bytes()), count, "{answer}");
        }
    }

    #[test]
    fn a_span_is_told_as_the_protocol_has_it() {
        let mut fields = Fields::default();
        fields.put("surface", "siasn".into());
        fields.put("status", 503.into());
        fields.put("error", "server_error 198501012010011901".into());
        let start = chrono::DateTime::from_timestamp(1_796_000_000, 5_000).unwrap();
        let (trace, span, parent) = (0xabc, 0xdef, Some(0xa));
        let told = Finished { name: "request", trace, span, parent, start, took: Duration::from_nanos(1_500), fields };
        let body: Value = serde_json::from_str(&body(&[told], "x")).unwrap();
        let scope = &body["resourceSpans"][0]["scopeSpans"][0];
        let expected = json!([{
            "traceId": "00000000000000000000000000000abc",
            "spanId": "0000000000000def",
            "parentSpanId": "000000000000000a",
            "name": "request",
            "kind": 3,
            "startTimeUnixNano": "1796000000000005000",
            "endTimeUnixNano": "1796000000000006500",
            "attributes": [
                {"key": "surface", "value": {"stringValue": "siasn"}},
                {"key": "status", "value": {"intValue": "503"}},
                {"key": "error", "value": {"stringValue": "server_error 1985***********901"}},
            ],
            "status": {"code": 2, "message": "server_error 1985***********901"},
        }]);
        assert_eq!(scope["spans"], expected);
        assert_eq!(
            body["resourceSpans"][0]["resource"]["attributes"][0],
            json!({"key": "service.name", "value": {"stringValue": "selaras"}})
        );
    }
}
