//! Signing in with the ministry's own accounts: OpenID Connect's authorization code flow with PKCE, state and nonce.
//!
//! | file | is for |
//! |---|---|
//! | `wire` | asking the provider, and nobody else |
//! | `token` | whether an ID token is what it says: signature, issuer, audience, nonce, time |
//!
//! It knows addresses, keys and claims; accounts, sessions and pages it must not know.

mod token;
mod wire;

pub use token::{Key, keys};

use crate::clock::SharedClock;
use crate::config::{HttpUrl, Oidc, Secret, SecretError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use token::Wanted;
use tokio::sync::Mutex;
use wire::Wire;

/// What the provider says about itself is believed so long.
const BELIEVED: TimeDelta = TimeDelta::hours(1);
/// A key that is not known makes us ask again, no oftener than this: nobody can make us ask by sending nonsense.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(10);

/// Why nobody came in. No variant carries a token, a code or what a claim says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The provider does not answer, or not as one.
    #[error("the identity provider does not answer as it should: {0}")]
    Provider(String),
    /// The provider did not take the code.
    #[error("the identity provider did not take the code: {0}")]
    Code(String),
    /// The ID token is not what it should be.
    #[error("the ID token is refused: {0}")]
    Token(&'static str),
    /// The client secret cannot be had.
    #[error("oidc.client_secret cannot be read")]
    Secret,
}

impl From<SecretError> for OidcError {
    fn from(_: SecretError) -> Self {
        Self::Secret
    }
}

/// What one sign-in carries from its beginning to its end; all of it is made from a secret that only the browser has.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Comes back with the code, so that the code belongs to this browser.
    pub state: String,
    /// Comes back in the ID token, so that the token belongs to this attempt.
    pub nonce: String,
    /// Goes with the code to the token endpoint (PKCE).
    pub verifier: String,
    /// Where the provider sends the browser back to.
    pub redirect: String,
}

/// What came back with the browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Returned {
    /// The code, for which there is an ID token.
    pub code: String,
    /// Whose answer it says to be (`iss`), each time that it says so.
    pub issuers: Vec<String>,
}

/// Who signed in, as the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Of the provider.
    pub issuer: String,
    /// Of the person at the provider; never given to another one.
    pub subject: String,
    /// Name of the account that the person would like.
    pub name: String,
    /// Name to greet with.
    pub shown: String,
    /// Values of the claim that holds roles.
    pub groups: Vec<String>,
}

/// What the provider says about itself.
#[derive(Debug, Clone, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    scopes_supported: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    /// It says in each answer whose that is (RFC 9207).
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

struct Found {
    discovery: Discovery,
    keys: Vec<Key>,
    at: DateTime<Utc>,
    keys_at: DateTime<Utc>,
}

/// An identity provider.
pub struct Provider {
    issuer: HttpUrl,
    client_id: String,
    client_secret: Option<Secret>,
    role_claim: String,
    wire: Wire,
    clock: SharedClock,
    found: Mutex<Option<Arc<Found>>>,
}

impl Provider {
    /// The provider of the configuration; `None`: there is none.
    ///
    /// # Errors
    /// When no client can be built.
    pub fn new(oidc: &Oidc, clock: SharedClock) -> Result<Option<Self>, OidcError> {
        let Some((issuer, client_id)) = oidc.issuer.clone().zip(oidc.client_id.clone()) else { return Ok(None) };
        let wire = Wire::new(issuer.as_str())?;
        let (client_secret, role_claim) = (oidc.client_secret.clone(), oidc.role_claim.clone());
        Ok(Some(Self { issuer, client_id, client_secret, role_claim, wire, clock, found: Mutex::default() }))
    }

    /// Where the browser is sent to.
    ///
    /// # Errors
    /// When the provider does not answer as one.
    pub async fn address(&self, attempt: &Attempt) -> Result<String, OidcError> {
        let found = self.found(false).await?;
        let mut url = self.endpoint(&found.discovery.authorization_endpoint)?;
        let mut scope = "openid profile email".to_owned();
        for more in ["groups", "roles"] {
            if found.discovery.scopes_supported.iter().any(|known| known == more) {
                scope.push(' ');
                scope.push_str(more);
            }
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&attempt.verifier));
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &attempt.redirect)
            .append_pair("scope", &scope)
            .append_pair("state", &attempt.state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Exchanges a code, and believes what the ID token says once everything about it is right. The code of an answer
    /// that names another issuer, or none where the provider always names itself, is shown to nobody.
    ///
    /// # Errors
    /// See [`OidcError`].
    pub async fn identity(&self, returned: &Returned, attempt: &Attempt) -> Result<Identity, OidcError> {
        let found = self.found(false).await?;
        if returned.issuers.iter().any(|issuer| *issuer != found.discovery.issuer) {
            return Err(OidcError::Token("the answer is another provider's"));
        }
        if returned.issuers.is_empty() && found.discovery.authorization_response_iss_parameter_supported {
            return Err(OidcError::Token("the answer does not say whose it is"));
        }
        let token = self.exchange(&found.discovery, &returned.code, attempt).await?;
        let wanted = Wanted { issuer: &found.discovery.issuer, client: &self.client_id, nonce: &attempt.nonce, now: self.clock.now() };
        let claims = match token::claims(&token, &found.keys, &wanted) {
            // The provider may have begun to sign with another key.
            Err(OidcError::Token(token::NO_KEY)) => token::claims(&token, &self.found(true).await?.keys, &wanted)?,
            other => other?,
        };
        Ok(self.identity_of(&found.discovery.issuer, &claims))
    }

    fn identity_of(&self, issuer: &str, claims: &Map<String, Value>) -> Identity {
        let text = |key: &str| claims.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let subject = text("sub").unwrap_or_default();
        // An address is only a name when the provider has made sure of it.
        let mail = text("email").filter(|_| claims.get("email_verified") == Some(&Value::Bool(true)));
        let name = text("preferred_username").or(mail).unwrap_or_else(|| subject.clone());
        let shown = text("name").map_or_else(String::new, |name| name.chars().filter(|c| !c.is_control()).take(100).collect());
        Identity { issuer: issuer.to_owned(), name, shown, groups: groups(claims, &self.role_claim), subject }
    }

    /// The ID token for a code.
    async fn exchange(&self, discovery: &Discovery, code: &str, attempt: &Attempt) -> Result<String, OidcError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", attempt.redirect.as_str()),
            ("code_verifier", attempt.verifier.as_str()),
            ("client_id", self.client_id.as_str()),
        ];
        let secret = self.client_secret.as_ref().map(|secret| secret.resolve("oidc.client_secret")).transpose()?;
        let methods = &discovery.token_endpoint_auth_methods_supported;
        let in_form = !methods.is_empty() && !methods.iter().any(|method| method == "client_secret_basic");
        let mut basic = None;
        if let Some(secret) = &secret {
            if in_form {
                form.push(("client_secret", secret.reveal()));
            } else {
                basic = Some((self.client_id.as_str(), secret.reveal()));
            }
        }
        let answer = self.wire.post(self.endpoint(&discovery.token_endpoint)?, &form, basic).await?;
        let token = answer.get("id_token").and_then(Value::as_str);
        token.map(str::to_owned).ok_or(OidcError::Token("the answer holds no id_token"))
    }

    /// What is known of the provider; asked for when it is old, or (`anew`) when a key is not known.
    async fn found(&self, anew: bool) -> Result<Arc<Found>, OidcError> {
        let now = self.clock.now();
        let mut found = self.found.lock().await;
        if let Some(known) = found.as_ref() {
            let age = now - known.at;
            let is_young = (TimeDelta::zero()..BELIEVED).contains(&age);
            if is_young && (!anew || now - known.keys_at < ASK_AGAIN) {
                return Ok(Arc::clone(known));
            }
        }
        let discovery = self.discover().await?;
        let set = self.wire.get(self.endpoint(&discovery.jwks_uri)?).await?;
        let new = Arc::new(Found { keys: keys(&Value::Object(set)), discovery, at: now, keys_at: now });
        *found = Some(Arc::clone(&new));
        Ok(new)
    }

    async fn discover(&self) -> Result<Discovery, OidcError> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.as_str());
        let url = self.endpoint(&address)?;
        let answer = self.wire.get(url).await?;
        let discovery: Discovery = serde_json::from_value(Value::Object(answer))
            .map_err(|_| OidcError::Provider("its discovery document lacks an endpoint".to_owned()))?;
        // Whoever says that they are somebody else is not whom we asked for.
        if discovery.issuer.trim_end_matches('/') != self.issuer.as_str() {
            return Err(OidcError::Provider("its discovery document names another issuer than oidc.issuer".to_owned()));
        }
        Ok(discovery)
    }

    /// An address of the provider: encrypted, unless it is on this machine as the issuer is.
    fn endpoint(&self, address: &str) -> Result<Url, OidcError> {
        let refused = || OidcError::Provider("one of its addresses is not a plain https address".to_owned());
        // Fragments and names in it are refused with everything else that an issuer may not have; a query may stand.
        let base = address.split('?').next().unwrap_or_default();
        let known: HttpUrl = base.parse().map_err(|_| refused())?;
        if known.as_str().starts_with("http://") && !self.issuer.as_str().starts_with("http://") {
            return Err(refused());
        }
        Url::parse(address).map_err(|_| refused())
    }
}

/// The texts of a claim: a text, a list, or one of these inside objects (`realm_access.roles`).
fn groups(claims: &Map<String, Value>, claim: &str) -> Vec<String> {
    let inside = || {
        let mut parts = claim.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    };
    match claims.get(claim).or_else(inside) {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn groups_are_found_where_providers_put_them() {
        let claims = json!({"roles": ["a", 7, "b"], "role": "c", "realm_access": {"roles": ["d"]}, "https://x.example/roles": ["e"]});
        let Value::Object(claims) = claims else { panic!() };
        let of = |claim| groups(&claims, claim);
        assert_eq!((of("roles"), of("role"), of("realm_access.roles")), (vec!["a".into(), "b".into()], vec!["c".into()], vec!["d".into()]));
        assert_eq!(of("https://x.example/roles"), ["e"]);
        assert!(of("none").is_empty() && of("realm_access").is_empty() && of("realm_access.roles.x").is_empty());
    }
}
