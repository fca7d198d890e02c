//! Whether a request that changes something was sent by one of our own pages.
//!
//! Three things must agree: what the browser says about where it comes from (`Sec-Fetch-Site`, `Origin`), and a token
//! that only our pages know, in the field `csrf` of a form (the first one, where files follow) or in `X-CSRF-Token`.

use super::lock::same;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use futures_util::StreamExt;

/// A form without files is never larger.
const LARGEST_FORM: usize = 1 << 20;
/// The first field of a form with files ends before this.
const FIRST_FIELD: usize = 4 << 10;
/// Name of the field.
pub(in crate::web) const FIELD: &str = "csrf";

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Another site has sent it.
    OtherSite,
    /// It carries no token, or that of another session.
    NoToken,
    /// A form that is too large.
    TooLarge,
}

/// Whether the method changes nothing.
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether the browser says that one of our pages has sent it; `own`: the origin that people type, when it is known.
pub(super) fn is_same_site(headers: &HeaderMap, own: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    match own {
        Some(own) => origin.eq_ignore_ascii_case(own),
        None => text(HOST.as_str()).is_some_and(|host| origin.eq_ignore_ascii_case(&format!("http://{host}"))),
    }
}

/// Gives the request back, whole, when it carries the token.
pub(super) async fn believe(request: Request, own: Option<&str>, token: &str) -> Result<Request, Doubt> {
    if !is_same_site(request.headers(), own) {
        return Err(Doubt::OtherSite);
    }
    if let Some(given) = request.headers().get("x-csrf-token") {
        let right = given.to_str().is_ok_and(|given| same(given, token));
        return if right { Ok(request) } else { Err(Doubt::NoToken) };
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let (parts, body) = request.into_parts();
    let lower = kind.to_ascii_lowercase();
    if lower.starts_with("application/x-www-form-urlencoded") {
        let bytes = to_bytes(body, LARGEST_FORM).await.map_err(|_| Doubt::TooLarge)?;
        let fields = form(bytes.clone()).await;
        let right = fields.iter().any(|(name, value)| name == FIELD && same(value, token));
        return if right { Ok(Request::from_parts(parts, Body::from(bytes))) } else { Err(Doubt::NoToken) };
    }
    if lower.starts_with("multipart/form-data") {
        let body = first_field(body, &kind, token).await.ok_or(Doubt::NoToken)?;
        return Ok(Request::from_parts(parts, body));
    }
    Err(Doubt::NoToken)
}

/// The fields of a form; none when it cannot be read.
pub(super) async fn form(bytes: Bytes) -> Vec<(String, String)> {
    let request = Request::builder().method(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let Ok(request) = request.body(Body::from(bytes)) else { return Vec::new() };
    Form::<Vec<(String, String)>>::from_request(request, &()).await.map(|Form(fields)| fields).unwrap_or_default()
}

/// Reads a form with files up to the end of its first field; the files that follow are not touched.
async fn first_field(body: Body, kind: &str, token: &str) -> Option<Body> {
    let boundary = kind.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?.trim_matches('"').to_owned();
    let mut stream = body.into_data_stream();
    let mut read: Vec<u8> = Vec::new();
    loop {
        if let Some(value) = value_of_first(&read, &boundary) {
            let whole = futures_util::stream::iter([Ok(Bytes::from(read.clone()))]).chain(stream);
            return same(&value, token).then(|| Body::from_stream(whole));
        }
        if read.len() > FIRST_FIELD {
            return None;
        }
        read.extend_from_slice(&stream.next().await?.ok()?);
    }
}

/// The value of the first field, if it is ours and has ended.
fn value_of_first(read: &[u8], boundary: &str) -> Option<String> {
    let head = &read[..read.len().min(FIRST_FIELD)];
    let rest = head.strip_prefix(format!("--{boundary}\r\n").as_bytes())?;
    let rest = String::from_utf8_lossy(rest);
    let (headers, rest) = rest.split_once("\r\n\r\n")?;
    let (value, _) = rest.split_once("\r\n")?;
    let wanted = format!("name=\"{FIELD}\"");
    headers.split([';', '\r', '\n']).any(|part| part.trim() == wanted).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_our_own_pages_are_the_same_site() {
        let host = ("host", "127.0.0.1:8480");
        let own = Some("https://selaras.example.go.id");
        for (given, own, right) in [
            (vec![host], None, true),
            (vec![host, ("origin", "http://127.0.0.1:8480"), ("sec-fetch-site", "same-origin")], None, true),
            (vec![host, ("origin", "http://127.0.0.1:8481")], None, false),
            (vec![host, ("origin", "null")], None, false),
            (vec![host, ("sec-fetch-site", "cross-site")], None, false),
            (vec![host, ("sec-fetch-site", "same-site")], None, false),
            (vec![host, ("sec-fetch-site", "none")], None, false),
            (vec![host, ("origin", "https://selaras.example.go.id")], own, true),
            (vec![host, ("origin", "http://127.0.0.1:8480")], own, false),
            (vec![host, ("origin", "https://selaras.example.go.id.evil.example")], own, false),
        ] {
            assert_eq!(is_same_site(&headers(&given), own), right, "{given:?} {own:?}");
        }
    }

    async fn believed(kind: &str, body: &str) -> Result<String, Doubt> {
        let request = Request::builder().method("POST").header(CONTENT_TYPE, kind).body(Body::from(body.to_owned())).unwrap();
        let request = believe(request, None, "benar").await?;
        Ok(String::from_utf8(to_bytes(request.into_body(), 1 << 22).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_form_with_the_token_arrives_whole() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(believed(form, "a=1&csrf=benar&b=%20").await.unwrap(), "a=1&csrf=benar&b=%20");
        for wrong in ["", "csrf=", "csrf=bena", "a=benar", "CSRF=benar", "csrf=benar0"] {
            assert_eq!(believed(form, wrong).await, Err(Doubt::NoToken), "{wrong}");
        }
        assert_eq!(believed(form, &"x".repeat(LARGEST_FORM + 1)).await, Err(Doubt::TooLarge));
        for kind in ["application/json", "text/plain", ""] {
            assert_eq!(believed(kind, "csrf=benar").await, Err(Doubt::NoToken), "{kind}");
        }
    }

    #[tokio::test]
    async fn a_form_with_files_has_the_token_first_and_arrives_whole() {
        let kind = "multipart/form-data; boundary=XX";
        let field = |name: &str, value: &str| format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let file = field("berkas", &"isi ".repeat(100_000));
        let whole = format!("{}{file}--XX--\r\n", field("csrf", "benar"));
        assert_eq!(believed(kind, &whole).await.unwrap(), whole);
        for wrong in [
            format!("{file}{}--XX--\r\n", field("csrf", "benar")),
            format!("{}--XX--\r\n", field("csrf", "salah")),
            format!("{}--XX--\r\n", field("xcsrf", "benar")),
            "--XX\r\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(believed(kind, &wrong).await, Err(Doubt::NoToken));
        }
    }
}
