//! What every answer says to the browser: nothing is stored, framed, sniffed, told to or loaded from another host.

use super::Site;
use super::layout::CSS;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::Response;
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};

/// The one style sheet stands in the page and is named here by its hash.
static POLICY: LazyLock<Option<HeaderValue>> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; style-src 'self' 'sha256-{}'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; \
         object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        base64(&Sha256::digest(CSS))
    );
    HeaderValue::from_str(&policy).ok()
});

/// Adds the headers.
pub(super) async fn guard(State(site): State<Arc<Site>>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    // Only an asset, whose name changes with its content, may say that it can be kept; and an answer to a program, which
    // asks each time whether it still holds.
    let said = headers.get(CACHE_CONTROL).and_then(|said| said.to_str().ok()).unwrap_or_default();
    if !(said.contains("immutable") || said == super::api::CACHING) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let fixed: [(HeaderName, &str); 7] = [
        // With `no-referrer` browsers would send `Origin: null` with our own forms. Other hosts are told nothing.
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if site.doors.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    // Without its style the page is still readable; without a policy it would be open.
    let policy = POLICY.clone().unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= three.len() { char::from(symbol) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xff, 0xef]), "/+8=");
        assert!(POLICY.is_some());
    }
}
