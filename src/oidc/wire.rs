//! The client for the identity provider: certificates always verified, redirects never followed, answers of a bounded
//! size. What goes over it holds codes and secrets, so nothing of it is logged.

use super::OidcError;
use reqwest::Url;
use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use serde_json::{Map, Value};
use std::time::Duration;

/// Somebody waits for it in front of a browser.
const PATIENCE: Duration = Duration::from_secs(10);
/// No answer of a provider is larger.
const LARGEST: usize = 256 << 10;

/// The client.
pub(super) struct Wire {
    client: reqwest::Client,
}

impl Wire {
    /// A client for the provider of that address.
    #[allow(clippy::disallowed_methods, reason = "a client for another host than BKN, without its pace; every limit is set here")]
    pub(super) fn new(issuer: &str) -> Result<Self, OidcError> {
        // Fails only when somebody installed a provider before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("selaras/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE);
        if issuer.starts_with("http://") {
            // Loopback only: no proxy is to see a code in the clear.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|_| OidcError::Provider("no TLS client can be set up on this machine".to_owned()))?;
        Ok(Self { client })
    }

    /// An object that the provider publishes.
    pub(super) async fn get(&self, url: Url) -> Result<Map<String, Value>, OidcError> {
        let (status, body) = self.send(self.client.get(url)).await?;
        if status != 200 {
            return Err(OidcError::Provider(format!("it answers {status}")));
        }
        object(&body)
    }

    /// Sends a form to the token endpoint; with a name and a secret as HTTP Basic where they are wanted there.
    pub(super) async fn post(&self, url: Url, form: &[(&str, &str)], basic: Option<(&str, &str)>) -> Result<Map<String, Value>, OidcError> {
        let mut request = self.client.post(url).form(form);
        if let Some((name, secret)) = basic {
            // RFC 6749 has both encoded as in a form first.
            request = request.basic_auth(form_encoded(name), Some(form_encoded(secret)));
        }
        let (status, body) = self.send(request).await?;
        if status == 200 {
            return object(&body);
        }
        // OAuth's error is a short word; its description may hold anything and is left out.
        let said = object(&body).ok().and_then(|body| body.get("error").and_then(Value::as_str).map(str::to_owned)).unwrap_or_default();
        let said: String = said.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        Err(if status < 500 { OidcError::Code(format!("{status} {said}")) } else { OidcError::Provider(format!("it answers {status}")) })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), OidcError> {
        let lost = |_| OidcError::Provider("no connection, or no whole answer in time".to_owned());
        let mut response = request.header(ACCEPT, "application/json").send().await.map_err(lost)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(OidcError::Provider("its answer is too large".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((status, body))
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, OidcError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(OidcError::Provider("its answer is no JSON object".to_owned())),
    }
}

fn form_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
