//! Tokens: the gateway's (WSO2) and the person's (Keycloak SSO, or the report API's), minted once for everybody who
//! waits, used as long as `expires_in` allows. It knows no questions.

use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::fault::presentable;
use super::http::Received;
use super::http::Wire;
use super::line::seen;
use super::scalar::Scalar;
use super::settings::Secret;
use super::settings::SettingsError;
use crate::clock::SharedClock;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use reqwest::Url;
use reqwest::header::HeaderValue;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Mutex;

/// A token as the header that carries it.
pub(crate) struct Token {
    header: HeaderValue,
    /// `None`: nobody said how long it lives; it is used until it is refused.
    until: Option<DateTime<Utc>>,
    /// When it was asked for; `None`: it stands in the configuration.
    minted_at: Option<DateTime<Utc>>,
}

/// A token that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minted {
    /// The configuration key that it was asked for with.
    pub key: &'static str,
    /// When.
    pub at: DateTime<Utc>,
    /// How long it is used; `None`: until it is refused.
    pub until: Option<DateTime<Utc>>,
}

impl Token {
    /// `prefix token`, marked sensitive so that no log of headers shows it.
    pub(crate) fn fixed(key: &'static str, prefix: &str, secret: &Secret) -> Result<Self, SettingsError> {
        header(prefix, secret.reveal()).map(|header| Self { header, until: None, minted_at: None }).ok_or(SettingsError::Unsendable { key })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

fn header(prefix: &str, token: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("{prefix} {token}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// What a token endpoint is told.
pub(crate) enum Grant {
    /// WSO2: client_credentials with HTTP Basic.
    Client {
        /// Consumer key.
        key: Secret,
        /// Consumer secret.
        secret: Secret,
    },
    /// Keycloak: a person's name and password.
    Password {
        /// Client id.
        client: String,
        /// Operator's NIP.
        username: Secret,
        /// Operator's password.
        password: Secret,
    },
}

impl Grant {
    fn reason(&self) -> Reason {
        match self {
            Self::Client { .. } => Reason::AuthGateway,
            Self::Password { .. } => Reason::AuthSso,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Client { .. } => "ekinerja.siasn.consumer_key",
            Self::Password { .. } => "ekinerja.siasn.sso_password",
        }
    }

    /// What its endpoint is called by; the address is the ministry's own.
    fn name(&self) -> &'static str {
        match self {
            Self::Client { .. } => "{wso2_token_url}",
            Self::Password { .. } => "{sso_token_url}",
        }
    }

    fn prefix(&self) -> &'static str {
        match self {
            Self::Client { .. } => "Bearer",
            Self::Password { .. } => "bearer",
        }
    }

    async fn ask(&self, wire: &Wire, url: Url) -> Result<Received, Fault> {
        match self {
            Self::Client { key, secret } => {
                wire.post_form(url, &[("grant_type", "client_credentials")], Some((key.reveal(), secret.reveal()))).await
            }
            Self::Password { client, username, password } => {
                let form = [
                    ("client_id", client.as_str()),
                    ("grant_type", "password"),
                    ("username", username.reveal()),
                    ("password", password.reveal()),
                ];
                wire.post_form(url, &form, None).await
            }
        }
    }
}

/// One token endpoint and the token that it last gave.
pub(crate) struct TokenDesk {
    grant: Grant,
    url: Url,
    clock: SharedClock,
    /// How long a refusal stands before the endpoint is asked again: a wrong password tried by every waiting request
    /// would lock the operator's account.
    cool: Duration,
    current: RwLock<Option<Arc<Token>>>,
    mints: AtomicU64,
    last: Mutex<Last>,
}

/// How the last mint ended.
#[derive(Default)]
struct Last {
    fault: Option<Fault>,
    refused_until: Option<DateTime<Utc>>,
}

impl TokenDesk {
    pub(crate) fn new(grant: Grant, url: Url, cool: Duration, clock: SharedClock) -> Self {
        Self { grant, url, clock, cool, current: RwLock::new(None), mints: AtomicU64::new(0), last: Mutex::default() }
    }

    /// A token that is still good; asks for a new one when there is none. Everybody who waits for the same mint gets
    /// its result, good or bad.
    pub(crate) async fn token(&self, wire: &Wire) -> Result<Arc<Token>, Fault> {
        if let Some(token) = self.good() {
            return Ok(token);
        }
        let seen = self.mints.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(token) = self.good() {
            return Ok(token);
        }
        let minted_meanwhile = self.mints.load(Ordering::Acquire) != seen;
        let refused = last.refused_until.is_some_and(|until| self.clock.now() < until);
        if let Some(fault) = last.fault.as_ref().filter(|_| minted_meanwhile || refused) {
            return Err(fault.clone());
        }
        let minted = self.mint(wire).await;
        self.mints.fetch_add(1, Ordering::Release);
        match minted {
            Ok(token) => {
                let token = Arc::new(token);
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
                *last = Last::default();
                Ok(token)
            }
            Err(fault) => {
                let cool = chrono::Duration::from_std(self.cool).unwrap_or_default();
                last.refused_until = fault.stops_surface().map(|_| self.clock.now() + cool);
                last.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    /// Drops a token that was refused, unless a newer one has taken its place already.
    pub(crate) fn discard(&self, refused: &Arc<Token>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|token| Arc::ptr_eq(token, refused)) {
            *current = None;
        }
    }

    fn good(&self) -> Option<Arc<Token>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|token| token.until.is_none_or(|until| self.clock.now() < until)).cloned()
    }

    /// The token that it holds, as long as it is good.
    fn minted(&self) -> Option<Minted> {
        let token = self.good()?;
        Some(Minted { key: self.grant.key(), at: token.minted_at?, until: token.until })
    }

    async fn mint(&self, wire: &Wire) -> Result<Token, Fault> {
        let asked_at = self.clock.now();
        let received = seen(Surface::Siasn, self.grant.name(), self.grant.ask(wire, self.url.clone())).await?;
        match received.status {
            200..300 => self.read(&received, asked_at),
            429 => {
                let detail = "the token endpoint asks for a pause (429)";
                Err(Fault::new(Reason::Throttled, Action::Wait, detail).after(received.retry_after))
            }
            500.. | 408 => {
                let detail = format!("the token endpoint failed with {}", received.status);
                Err(Fault::new(Reason::ServerError, Action::Retry, detail).after(received.retry_after))
            }
            status => {
                let said = said(&received.body);
                let detail = format!("the token endpoint refused us with {status}{said}: check {}", self.grant.key());
                Err(Fault::new(self.grant.reason(), Action::CallOperator(self.grant.key()), detail))
            }
        }
    }

    fn read(&self, received: &Received, asked_at: DateTime<Utc>) -> Result<Token, Fault> {
        let unreadable = || Fault::new(self.grant.reason(), Action::Retry, "the token endpoint answered without an access_token");
        let fields: BTreeMap<String, Scalar<'_>> = serde_json::from_slice(&received.body).map_err(|_| unreadable())?;
        let header = fields.get("access_token").and_then(Scalar::text).and_then(|token| header(self.grant.prefix(), &token));
        let until = fields.get("expires_in").and_then(Scalar::whole).map(|seconds| asked_at + usable(seconds));
        Ok(Token { header: header.ok_or_else(unreadable)?, until, minted_at: Some(asked_at) })
    }
}

/// Life of a token from its `expires_in` in seconds: less a margin of a tenth, at most a minute (contract §5).
fn usable(expires_in: i64) -> chrono::Duration {
    let life = chrono::Duration::seconds(expires_in.clamp(0, 366 * 86_400));
    life - (life / 10).min(chrono::Duration::seconds(60))
}

/// The error of a token endpoint in its own words (OAuth's `error` and `error_description`).
fn said(body: &[u8]) -> String {
    let fields: BTreeMap<String, Scalar<'_>> = serde_json::from_slice(body).unwrap_or_default();
    let words = ["error_description", "error", "message"].iter().find_map(|key| fields.get(*key).and_then(Scalar::text));
    words.map(|words| format!(" ({})", presentable(&words))).unwrap_or_default()
}

/// Where the SSO token comes from.
pub(crate) enum Sso {
    /// Given by the operator.
    Static(Arc<Token>),
    /// Asked for.
    Minted(Box<TokenDesk>),
}

/// What a surface shows at the door.
pub(crate) enum Credentials {
    /// The report API's token.
    Report(Token),
    /// Gateway token and SSO token.
    Siasn {
        /// WSO2.
        gateway: Box<TokenDesk>,
        /// Keycloak.
        sso: Sso,
    },
}

/// The tokens of one attempt, so that exactly these can be discarded when they are refused.
pub(crate) struct Badge {
    pub(crate) headers: reqwest::header::HeaderMap,
    gateway: Option<Arc<Token>>,
    sso: Option<Arc<Token>>,
}

impl Credentials {
    /// Headers for one request, minting what is missing.
    pub(crate) async fn badge(&self, wire: &Wire) -> Result<Badge, Fault> {
        let mut headers = reqwest::header::HeaderMap::with_capacity(2);
        match self {
            Self::Report(token) => {
                headers.insert(reqwest::header::AUTHORIZATION, token.header());
                Ok(Badge { headers, gateway: None, sso: None })
            }
            Self::Siasn { gateway, sso } => {
                let gateway = gateway.token(wire).await?;
                let sso = match sso {
                    Sso::Static(token) => token.clone(),
                    Sso::Minted(desk) => desk.token(wire).await?,
                };
                headers.insert(reqwest::header::AUTHORIZATION, gateway.header());
                headers.insert("auth", sso.header());
                Ok(Badge { headers, gateway: Some(gateway), sso: Some(sso) })
            }
        }
    }

    /// The tokens that were asked for and are still good.
    pub(crate) fn minted(&self) -> Vec<Minted> {
        match self {
            Self::Report(_) => Vec::new(),
            Self::Siasn { gateway, sso } => {
                let sso = match sso {
                    Sso::Static(_) => None,
                    Sso::Minted(desk) => desk.minted(),
                };
                gateway.minted().into_iter().chain(sso).collect()
            }
        }
    }

    /// Drops the refused gateway token; `false` when this surface has none.
    pub(crate) fn renew_gateway(&self, badge: &Badge) -> bool {
        match (self, &badge.gateway) {
            (Self::Siasn { gateway, .. }, Some(refused)) => {
                gateway.discard(refused);
                true
            }
            _ => false,
        }
    }

    /// Drops the refused SSO token; `false` when it is not ours to renew.
    pub(crate) fn renew_sso(&self, badge: &Badge) -> bool {
        match (self, &badge.sso) {
            (Self::Siasn { sso: Sso::Minted(desk), .. }, Some(refused)) => {
                desk.discard(refused);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_is_a_tenth_and_at_most_a_minute() {
        assert_eq!(usable(3600), chrono::Duration::seconds(3540));
        assert_eq!(usable(100), chrono::Duration::seconds(90));
        assert_eq!(usable(0), chrono::Duration::zero());
        assert_eq!(usable(-5), chrono::Duration::zero());
        assert!(usable(i64::MAX) < chrono::Duration::days(367));
    }

    #[test]
    fn headers_do_not_show_their_token() {
        let token = Token::fixed("k", "bearer", &Secret::new("eyJrahasia")).unwrap();
        assert!(!format!("{:?}", token.header()).contains("rahasia"));
        assert!(Token::fixed("k", "bearer", &Secret::new("a\nb")).is_err());
    }
}
