//! What an answer means as a whole: data, "there is nothing", or a fault of a certain kind (facts ekinerja-api §3).
//! It knows status, headers and the outermost object, never what stands in a row.

use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::fault::presentable;
use super::gateway;
use super::http::Received;
use super::scalar::Scalar;
use super::top::Top;
use crate::domain::evidence::Reason;
use crate::domain::text::fold;
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::ops::Range;

/// An opened answer.
#[derive(Debug, PartialEq)]
pub(crate) enum Envelope {
    /// Where `data` stands in the body: an object or a list that is not empty.
    Present(Range<usize>),
    /// One of the encodings of "no data".
    DeclaredAbsent,
    /// No usable answer.
    Fault(Fault),
}

/// The texts that say "no data" (contract §5): case-folded, whole.
fn says_nothing_there(text: &str) -> bool {
    matches!(fold(text).as_str(), "data tidak ditemukan" | "tidak ada data" | "record not found" | "data not found")
}

/// Opens an answer of this surface.
pub(crate) fn open(surface: Surface, received: &Received) -> Envelope {
    match read(surface, received) {
        Ok(envelope) => envelope,
        Err(fault) => Envelope::Fault(fault),
    }
}

fn read(surface: Surface, received: &Received) -> Result<Envelope, Fault> {
    let text = decoded(&received.body);
    let top = text.as_ref().map_err(Fault::clone).and_then(|text| parsed(text));
    // What the gateway or the token check says about itself counts whatever the status is.
    match (&top, &text) {
        (Ok(top), _) => gateway::refusal(surface, top, received).map_or(Ok(()), Err)?,
        (Err(_), Ok(text)) => gateway::xml_refusal(surface, text, received).map_or(Ok(()), Err)?,
        _ => {}
    }
    if let Some(fault) = gateway::by_status(surface, received) {
        return Err(fault);
    }
    if received.status >= 300 && text.is_ok_and(|text| text.trim().is_empty()) {
        return Err(failure(format!("BKN answered with {} and nothing else: check ekinerja.{surface}.base_url", received.status)));
    }
    let top = top?;
    content(surface, received, &top)
}

/// The body as text. JSON is UTF-8; anything else is told apart here instead of becoming broken names.
fn decoded(body: &[u8]) -> Result<&str, Fault> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let unreadable = || Fault::quarantine(Reason::Encoding, "BKN's answer is not in UTF-8");
    if body.contains(&0) {
        return Err(unreadable());
    }
    std::str::from_utf8(body).map_err(|error| match error.error_len() {
        Some(_) => unreadable(),
        // Cut in the middle of a character.
        None => truncated(),
    })
}

fn truncated() -> Fault {
    Fault::new(Reason::Truncated, Action::Retry, "BKN's answer ended before its end")
}

fn parsed(text: &str) -> Result<Top<'_>, Fault> {
    if text.trim_start().starts_with('<') {
        return Err(Fault::quarantine(Reason::Html, "BKN answered with a web page where data belongs"));
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Eof => truncated(),
        _ => Fault::quarantine(Reason::Malformed, "BKN's answer is not the JSON object that belongs there"),
    })
}

/// The answer of the service itself: the gateway let it through and the status is 200 or 404 or an odd one.
fn content(surface: Surface, received: &Received, top: &Top<'_>) -> Result<Envelope, Fault> {
    if let Some(error) = &top.error
        && error.truth() != Some(false)
        && !error.is_blank()
    {
        return Err(failure(format!("BKN reports a failure: {}", presentable(&top.message()))));
    }
    if top.saved || top.success.as_ref().and_then(Scalar::truth) == Some(false) {
        let said = presentable(&top.message());
        return Err(failure(format!("BKN answered as if something had been sent to be saved, where data belongs: {said}")));
    }
    if !matches!(received.status, 200..300 | 404) {
        return Err(failure(format!("BKN answered with {}: {}", received.status, presentable(&top.message()))));
    }
    match top.code.as_ref().filter(|code| !code.is_blank()).map(Scalar::whole) {
        None | Some(Some(1)) => succeeded(received, top),
        Some(Some(0)) => failed(surface, top),
        Some(_) => Err(failure(format!("BKN answered with a code of its own: {}", presentable(&top.message())))),
    }
}

fn succeeded(received: &Received, top: &Top<'_>) -> Result<Envelope, Fault> {
    let Some(data) = top.data.map(RawValue::get) else {
        if says_nothing_there(&top.message()) {
            return Ok(Envelope::DeclaredAbsent);
        }
        return Err(match received.status {
            404 => failure("BKN answered with 404 without saying that there is no data: check its base_url"),
            _ => Fault::quarantine(Reason::Malformed, "BKN's answer has no data"),
        });
    };
    if is_nothing(data) || top.data_text().is_some_and(|text| says_nothing_there(&text)) {
        return Ok(Envelope::DeclaredAbsent);
    }
    if received.status == 404 {
        return Err(failure("BKN answered with 404 without saying that there is no data: check its base_url"));
    }
    if !data.starts_with(['{', '[']) {
        return Err(Fault::quarantine(Reason::Malformed, "BKN's data is neither an object nor a list"));
    }
    let start = data.as_ptr() as usize - received.body.as_ptr() as usize;
    Ok(Envelope::Present(start..start + data.len()))
}

/// Code 0 means nothing there or a failure; only the texts tell (facts ekinerja-api §3.2).
fn failed(surface: Surface, top: &Top<'_>) -> Result<Envelope, Fault> {
    let message = top.message();
    let text = top.data_text();
    if text.as_deref().is_some_and(says_nothing_there) || (top.data.is_none() && says_nothing_there(&message)) {
        return Ok(Envelope::DeclaredAbsent);
    }
    let said = text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| message.clone());
    match top.data.map(RawValue::get) {
        Some(data) if is_nothing(data) && (is_empty_phrase(&message) || says_nothing_there(&message)) => Ok(Envelope::DeclaredAbsent),
        Some(data) if data.starts_with(['{', '[']) && !is_nothing(data) => {
            Err(Fault::quarantine(Reason::Malformed, format!("{surface} answered with data and with code 0")))
        }
        _ => Err(failure(format!("{surface} reports a failure: {}", presentable(&said)))),
    }
}

/// `null` and `[]`.
fn is_nothing(data: &str) -> bool {
    data == "null" || (data.starts_with('[') && data.ends_with(']') && data[1..data.len() - 1].trim().is_empty())
}

/// What stands in `message` without saying anything.
fn is_empty_phrase(message: &str) -> bool {
    matches!(fold(message).as_str(), "" | "failed" | "success" | "ok" | "sukses")
}

fn failure(detail: impl Into<String>) -> Fault {
    Fault::new(Reason::ServerError, Action::GiveUp, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;
    use std::time::Duration;

    fn answer(status: u16, body: impl Into<Vec<u8>>) -> Received {
        let at = DateTime::from_timestamp(1_735_689_600, 0).unwrap();
        Received { status, content_type: None, date: Some(at), retry_after: None, body: body.into(), at }
    }

    fn siasn(status: u16, body: &str) -> Envelope {
        open(Surface::Siasn, &answer(status, body))
    }

    fn fault(envelope: Envelope) -> (Reason, Action) {
        match envelope {
            Envelope::Fault(fault) => (fault.reason, fault.action),
            other => panic!("no fault: {other:?}"),
        }
    }

    #[test]
    fn data_is_found_where_it_stands() {
        let body = "\u{feff}{\"CODE\": \"1\", \"Data\": [ {\"a\": 1} ], \"message\": \"x\"}";
        let Envelope::Present(range) = siasn(200, body) else { panic!() };
        assert_eq!(&body[range], "[ {\"a\": 1} ]");
        assert!(matches!(siasn(200, r#"{"data": {}}"#), Envelope::Present(_)));
        assert!(matches!(siasn(200, r#"{"success": true, "error": null, "data": [{}]}"#), Envelope::Present(_)));
    }

    #[test]
    fn nothing_there_has_many_encodings_and_no_more() {
        for (status, body) in [
            (404, r#"{"code":0,"data":"Data tidak ditemukan"}"#),
            (200, r#"{"code":0,"data":"  DATA tidak  ditemukan "}"#),
            (200, r#"{"code":0,"data":null,"message":"failed"}"#),
            (200, r#"{"code":0,"data":[],"message":""}"#),
            (200, r#"{"code":0,"message":"record not found"}"#),
            (200, r#"{"code":1,"data":null}"#),
            (200, r#"{"code":1,"data":[ ]}"#),
            (200, r#"{"code":"1","data":"Tidak ada data"}"#),
            (404, r#"{"data":"data not found"}"#),
            (404, r#"{"data":[]}"#),
        ] {
            assert_eq!(siasn(status, body), Envelope::DeclaredAbsent, "{status} {body}");
        }
        for (status, body, reason) in [
            (404, r#"{"message":"Not Found"}"#, Reason::ServerError),
            (404, "", Reason::ServerError),
            (404, "<html>404</html>", Reason::Html),
            (200, r#"{"code":1,"data":"Data tidak ditemukan di server"}"#, Reason::Malformed),
            (200, r#"{"code":1,"data":7}"#, Reason::Malformed),
            (200, r#"{"code":1,"data":false}"#, Reason::Malformed),
            (200, r#"{"code":1,"message":"success"}"#, Reason::Malformed),
            (200, "{}", Reason::Malformed),
            (200, "[]", Reason::Malformed),
            (200, "null", Reason::Malformed),
            (200, r#"{"code":0,"data":"Gagal"}"#, Reason::ServerError),
            (200, r#"{"code":0,"data":null,"message":"dial tcp: timeout"}"#, Reason::ServerError),
            (200, r#"{"code":0,"data":[{"id":1}]}"#, Reason::Malformed),
            (200, r#"{"code":2,"data":[]}"#, Reason::ServerError),
            (500, r#"{"code":0,"data":"record not found"}"#, Reason::ServerError),
            (200, r#"{"success":false,"data":[]}"#, Reason::ServerError),
            (200, r#"{"success":true,"mapData":"x","data":[]}"#, Reason::ServerError),
            (200, "", Reason::Truncated),
            (200, r#"{"code":1,"data":[{"id""#, Reason::Truncated),
            (200, "{\"data\": nope}", Reason::Malformed),
        ] {
            assert_eq!(fault(siasn(status, body)).0, reason, "{status} {body}");
        }
    }

    #[test]
    fn other_encodings_are_told_apart() {
        let latin = [&b"{\"data\":[{\"nama\":\"JOS"[..], &[0xc9], b"\"}]}"].concat();
        assert_eq!(fault(open(Surface::Report, &answer(200, latin))).0, Reason::Encoding);
        let utf16: Vec<u8> = "{\"data\":[]}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(fault(open(Surface::Report, &answer(200, utf16))).0, Reason::Encoding);
    }

    #[test]
    fn gateways_are_understood_in_every_shape() {
        for (status, body, expected) in [
            (401, r#"{"code":900901,"message":"Invalid Credentials"}"#, (Reason::AuthGateway, Action::RefreshGateway)),
            (401, r#"{"message":"Invalid Credentials"}"#, (Reason::AuthGateway, Action::RefreshGateway)),
            (401, "", (Reason::AuthGateway, Action::RefreshGateway)),
            (401, r#"{"fault":{"code":"900902"}}"#, (Reason::AuthGateway, Action::CallOperator("ekinerja.siasn.consumer_key"))),
            (
                403,
                r#"{"code":"900908","message":"Resource forbidden"}"#,
                (Reason::AuthGateway, Action::CallOperator("ekinerja.siasn.consumer_key")),
            ),
            (429, r#"{"code":"900802"}"#, (Reason::Throttled, Action::Wait)),
            (429, "slow down", (Reason::Throttled, Action::Wait)),
            (503, r#"{"fault":{"code":303001}}"#, (Reason::Suspended, Action::Wait)),
            (500, r#"{"message":"Runtime Error","description":"[ State : SUSPENDED ]"}"#, (Reason::Suspended, Action::Wait)),
            (504, r#"{"code":"101504"}"#, (Reason::ServerError, Action::Retry)),
            (200, r#"{"code":"101503","message":"Runtime Error"}"#, (Reason::ServerError, Action::Retry)),
            (401, r#"{"message":"Invalid or expired JWT"}"#, (Reason::AuthSso, Action::RefreshSso)),
            (400, r#"{"message":"missing or malformed jwt"}"#, (Reason::AuthSso, Action::RefreshSso)),
            (502, "<html>", (Reason::ServerError, Action::Retry)),
            (200, "<html>", (Reason::Html, Action::Quarantine)),
            (200, "<am:fault><am:code>900901</am:code></am:fault>", (Reason::AuthGateway, Action::RefreshGateway)),
        ] {
            assert_eq!(fault(siasn(status, body)), expected, "{status} {body}");
        }
        for (status, body) in [(401, ""), (403, "<html>"), (401, r#"{"message":"invalid or expired jwt"}"#), (401, r#"{"code":900901}"#)] {
            let envelope = open(Surface::Report, &answer(status, body));
            assert_eq!(fault(envelope), (Reason::AuthReport, Action::CallOperator("ekinerja.report.token")), "{status} {body}");
        }
    }

    #[test]
    fn next_access_time_counts_from_the_answers_date() {
        let body = r#"{"code":"900800","nextAccessTime":"2025-Jan-01 00:01:00+0000 UTC"}"#;
        let Envelope::Fault(fault) = siasn(429, body) else { panic!() };
        assert_eq!(fault.retry_after, Some(Duration::from_secs(60)));
    }

    fn jsonish() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("[]".to_owned()),
            Just("\"Data tidak ditemukan\"".to_owned()),
            any::<i64>().prop_map(|n| n.to_string()),
            "\"[a-zA-Z ]{0,12}\"",
            Just("[{\"nip\": 1}]".to_owned()),
        ];
        let keys = prop::sample::select(vec![
            "code",
            "data",
            "DATA",
            "message",
            "fault",
            "error",
            "success",
            "nextAccessTime",
            "description",
            "x",
        ]);
        prop::collection::vec((keys, leaf), 0..6).prop_map(|pairs| {
            let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            format!("{{{}}}", pairs.join(","))
        })
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic_and_are_never_data_or_absence(status in 100u16..600, body in prop::collection::vec(any::<u8>(), 0..200)) {
            for surface in [Surface::Report, Surface::Siasn] {
                prop_assert!(matches!(open(surface, &answer(status, body.clone())), Envelope::Fault(_)));
            }
        }

        #[test]
        fn absence_is_said_by_the_body_and_by_no_error_status(status in 100u16..600, body in jsonish()) {
            match siasn(status, &body) {
                Envelope::Fault(_) => {}
                Envelope::DeclaredAbsent => prop_assert!(
                    matches!(status, 200..300 | 404) && ["null", "[]", "Data tidak ditemukan"].iter().any(|said| body.contains(said)),
                    "{} {}", status, body
                ),
                Envelope::Present(range) => {
                    prop_assert!((200..300).contains(&status));
                    let first = body.as_bytes()[range.start];
                    prop_assert!(matches!(first, b'[' | b'{'), "{}", body);
                }
            }
        }

        #[test]
        fn any_cut_of_an_answer_is_a_fault(cut in 1usize..70) {
            let body = r#"{"code":1,"data":[{"id":"x","nip":"198501012010011901"}],"message":""}"#;
            prop_assert!(matches!(siasn(200, &body[..cut.min(body.len() - 1)]), Envelope::Fault(_)));
        }
    }
}
