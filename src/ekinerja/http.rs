//! The wire: the only place that builds an HTTP client. It knows addresses, time limits and sizes, nothing of what the
//! bodies mean.

use super::fault::Action;
use super::fault::Fault;
use super::settings::PaceSettings;
use super::settings::SettingsError;
use crate::clock::SharedClock;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::DATE;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

/// An answer as it came, before anybody asked what it means.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) status: u16,
    pub(crate) content_type: Option<String>,
    /// The answer's own `Date`; waits are counted from it.
    pub(crate) date: Option<DateTime<Utc>>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
    pub(crate) at: DateTime<Utc>,
}

/// One HTTP client with its limits.
pub(crate) struct Wire {
    client: reqwest::Client,
    max_body: u64,
    clock: SharedClock,
}

/// Reads an address from the settings; see [`SettingsError`] for what is refused.
pub(crate) fn address(key: &'static str, text: &str) -> Result<Url, SettingsError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(SettingsError::Missing { key, hint: "write BKN's address there" });
    }
    let url = Url::parse(text).map_err(|_| SettingsError::Address { key })?;
    let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if !plain || url.host_str().is_none_or(str::is_empty) {
        return Err(SettingsError::Address { key });
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(SettingsError::Unencrypted { key }),
        _ => Err(SettingsError::Address { key }),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// `base` with these path segments behind it, encoded.
pub(crate) fn below<'a>(base: &Url, segments: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

impl Wire {
    /// A client for these addresses: rustls with ring, certificates always verified, redirects never followed.
    #[allow(clippy::disallowed_methods, reason = "the one place that builds a client; every limit is set here")]
    pub(crate) fn new(pace: &PaceSettings, addresses: &[&Url], clock: SharedClock) -> Result<Self, SettingsError> {
        // Fails only when somebody installed a provider before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("selaras/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .http1_title_case_headers()
            .connect_timeout(pace.connect_timeout)
            .timeout(pace.request_timeout)
            .pool_max_idle_per_host(pace.max_in_flight.max(1) as usize)
            .pool_idle_timeout(Duration::from_secs(60))
            .gzip(true);
        if addresses.iter().any(|url| url.scheme() == "http") {
            // A token in the clear must not reach a proxy of the environment.
            builder = builder.no_proxy();
        }
        if addresses.iter().all(|url| url.scheme() == "http") {
            // Loopback only: no certificate is trusted, so none need be read from the system.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|error| SettingsError::Tls(innermost(&error)))?;
        Ok(Self { client, max_body: pace.max_body, clock })
    }

    /// GETs one address.
    pub(crate) async fn get(&self, url: Url, headers: HeaderMap) -> Result<Received, Fault> {
        self.send(self.client.get(url).headers(headers)).await
    }

    /// POSTs a form to a token endpoint.
    pub(crate) async fn post_form(&self, url: Url, form: &[(&str, &str)], basic: Option<(&str, &str)>) -> Result<Received, Fault> {
        let mut request = self.client.post(url).form(form);
        if let Some((user, password)) = basic {
            request = request.basic_auth(user, Some(password));
        }
        self.send(request).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Received, Fault> {
        let request = request.header(reqwest::header::ACCEPT, "application/json");
        let mut response = request.send().await.map_err(|error| sending(&error))?;
        let status = response.status().as_u16();
        if response.status().is_redirection() {
            let detail =
                format!("BKN answered with a redirect ({status}), which is never followed: check the address in the configuration");
            return Err(Fault::new(Reason::Redirect, Action::GiveUp, detail));
        }
        let header = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let date = header(DATE).and_then(|text| http_date(&text));
        let at = self.clock.now();
        let mut received = Received {
            status,
            content_type: header(CONTENT_TYPE),
            date,
            retry_after: header(RETRY_AFTER).and_then(|text| wait(&text, date.unwrap_or(at))),
            body: Vec::new(),
            at,
        };
        let too_large = || Fault::quarantine(Reason::TooLarge, format!("BKN's answer is larger than max_body ({} bytes)", self.max_body));
        if response.content_length().is_some_and(|length| length > self.max_body) {
            return Err(too_large());
        }
        received.body.reserve(response.content_length().unwrap_or(0).min(1 << 20) as usize);
        while let Some(chunk) = response.chunk().await.map_err(|error| reading(&error))? {
            if (received.body.len() + chunk.len()) as u64 > self.max_body {
                return Err(too_large());
            }
            received.body.extend_from_slice(&chunk);
        }
        Ok(received)
    }
}

/// A fault before any answer came. The error's own text is not used: it holds the address, and the address a NIP.
fn sending(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        return Fault::new(Reason::Timeout, Action::Retry, "BKN did not answer in time");
    }
    let cause = innermost(error);
    Fault::new(Reason::Connection, Action::Retry, format!("no connection to BKN: {cause}"))
}

/// A fault while the body came in.
fn reading(error: &reqwest::Error) -> Fault {
    if error.is_timeout() {
        return Fault::new(Reason::Timeout, Action::Retry, "BKN did not finish its answer in time");
    }
    let broken_gzip = causes(error)
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| matches!(cause.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput));
    if broken_gzip {
        return Fault::quarantine(Reason::Malformed, "BKN's answer says that it is compressed, and cannot be decompressed");
    }
    Fault::new(Reason::Truncated, Action::Retry, "BKN's answer ended before its end")
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&'a (dyn Error + 'static)| (*cause).source())
}

fn innermost(error: &reqwest::Error) -> String {
    let cause = causes(error).last().map(ToString::to_string).unwrap_or_else(|| "unknown cause".to_owned());
    super::fault::presentable(&cause)
}

/// `Retry-After`: seconds, or a date counted from the answer's own.
fn wait(text: &str, from: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    http_date(text).map(|until| (until - from).to_std().unwrap_or_default())
}

/// The weekday is ignored: it decides nothing and may be wrong.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let day = text.split_once(',').map_or(text, |(_, day)| day);
    DateTime::parse_from_rfc2822(day.trim()).ok().map(|date| date.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_may_be_unencrypted() {
        for fine in ["http://127.0.0.1:8080", "http://localhost:9/x", "http://[::1]:1", "https://kinerja.bkn.go.id", "http://127.8.9.1"] {
            assert!(address("k", fine).is_ok(), "{fine}");
        }
        for (wrong, error) in [
            ("http://10.0.0.1", SettingsError::Unencrypted { key: "k" }),
            ("http://localhost.example.id", SettingsError::Unencrypted { key: "k" }),
            ("http://127.0.0.1.example.id", SettingsError::Unencrypted { key: "k" }),
            ("ftp://127.0.0.1", SettingsError::Address { key: "k" }),
            ("https://user:pass@kinerja.bkn.go.id", SettingsError::Address { key: "k" }),
            ("https://kinerja.bkn.go.id/?token=x", SettingsError::Address { key: "k" }),
            ("kinerja.bkn.go.id", SettingsError::Address { key: "k" }),
        ] {
            assert_eq!(address("k", wrong).err(), Some(error), "{wrong}");
        }
        assert!(matches!(address("k", " "), Err(SettingsError::Missing { .. })));
    }

    #[test]
    fn segments_are_encoded() {
        let base = Url::parse("https://h/api/").unwrap();
        assert_eq!(below(&base, ["a", "b/../c?d"]).as_str(), "https://h/api/a/b%2F..%2Fc%3Fd");
    }

    #[test]
    fn waits_are_seconds_or_dates_from_the_answers_own_date() {
        let date = http_date("Wed, 21 Oct 2026 07:28:00 GMT").unwrap();
        assert_eq!(wait("120", date), Some(Duration::from_secs(120)));
        assert_eq!(wait("Wed, 21 Oct 2026 07:28:30 GMT", date), Some(Duration::from_secs(30)));
        assert_eq!(wait("Wed, 21 Oct 2026 07:27:30 GMT", date), Some(Duration::ZERO));
        assert_eq!(wait("soon", date), None);
    }
}
