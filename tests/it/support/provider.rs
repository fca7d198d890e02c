//! An identity provider of our own, over real HTTP: it signs real tokens, and lies where a test wants it to.

use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair as RsaKeyPair;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Made for these tests; it opens nothing.
const RSA_KEY: &[u8] = include_bytes!("../../fixtures/oidc/rsa.pk8");
pub const CLIENT: &str = "selaras";
pub const SECRET: &str = "rahasia klien: + %";

/// How the provider signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

type Change = Arc<dyn Fn(&mut Value, &mut Value) + Send + Sync>;

struct Inner {
    issuer: String,
    now: DateTime<Utc>,
    /// Keys that are published, by id; the last one signs.
    keys: Vec<(String, Key)>,
    /// What the next person is.
    person: Value,
    /// What is done to header and claims before they are signed.
    change: Option<Change>,
    /// Signs with a key that is not published.
    foreign: bool,
    /// By code: challenge, redirect, nonce.
    codes: BTreeMap<String, (String, String, String)>,
    asked_for_keys: u32,
    /// Whether it promises to say who answers (RFC 9207), and what it says then.
    says_who: (bool, Option<String>),
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Es(EcdsaKeyPair, SystemRandom),
    Ed(Ed25519KeyPair),
}

impl Key {
    fn new(algorithm: Algorithm) -> Self {
        let random = SystemRandom::new();
        match algorithm {
            Algorithm::Rs256 => Self::Rsa(Box::new(RsaKeyPair::from_pkcs8(RSA_KEY).unwrap())),
            Algorithm::Es256 => {
                let alg = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let document = EcdsaKeyPair::generate_pkcs8(alg, &random).unwrap();
                Self::Es(EcdsaKeyPair::from_pkcs8(alg, document.as_ref(), &random).unwrap(), random)
            }
            Algorithm::EdDsa => {
                let document = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Self::Ed(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap())
            }
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Es(..) => "ES256",
            Self::Ed(_) => "EdDSA",
        }
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).unwrap();
                signature
            }
            Self::Es(pair, random) => pair.sign(random, text).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(text).as_ref().to_vec(),
        }
    }

    fn published(&self, id: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let parts = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": b64(parts.n), "e": b64(parts.e)})
            }
            Self::Es(pair, _) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "kid": id, "x": b64(&point[1..33]), "y": b64(&point[33..])})
            }
            Self::Ed(pair) => json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": b64(pair.public_key())}),
        }
    }
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A provider that is served.
#[derive(Clone)]
pub struct Provider(Arc<Mutex<Inner>>);

impl Provider {
    pub async fn open(now: DateTime<Utc>, algorithm: Algorithm) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let keys = vec![("1".to_owned(), Key::new(algorithm))];
        let inner = Inner {
            issuer,
            now,
            keys,
            person: json!({}),
            change: None,
            foreign: false,
            codes: BTreeMap::new(),
            asked_for_keys: 0,
            says_who: (false, None),
        };
        let provider = Self(Arc::new(Mutex::new(inner)));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys_of))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    pub fn issuer(&self) -> String {
        self.0.lock().unwrap().issuer.clone()
    }

    /// Who comes next.
    pub fn person(&self, claims: Value) {
        self.0.lock().unwrap().person = claims;
    }

    /// Whether it promises to say who answers, and what it says from now on; what it has published once is remembered.
    pub fn says_who(&self, promised: bool, iss: Option<&str>) {
        self.0.lock().unwrap().says_who = (promised, iss.map(str::to_owned));
    }

    /// Changes header and claims of what is signed from now on.
    pub fn lie(&self, change: impl Fn(&mut Value, &mut Value) + Send + Sync + 'static) {
        self.0.lock().unwrap().change = Some(Arc::new(change));
    }

    pub fn be_honest(&self) {
        let mut inner = self.0.lock().unwrap();
        (inner.change, inner.foreign) = (None, false);
    }

    /// Signs with a key that nobody can know.
    pub fn sign_with_a_foreign_key(&self) {
        self.0.lock().unwrap().foreign = true;
    }

    /// Signs with a new key from now on, and forgets the old one.
    pub fn rotate(&self, algorithm: Algorithm) {
        let mut inner = self.0.lock().unwrap();
        let id = format!("{}", inner.keys.len() + 1 + inner.asked_for_keys as usize);
        inner.keys = vec![(id, Key::new(algorithm))];
    }

    pub fn asked_for_keys(&self) -> u32 {
        self.0.lock().unwrap().asked_for_keys
    }
}

async fn discovery(State(provider): State<Provider>) -> Json<Value> {
    let at = provider.issuer();
    let promised = provider.0.lock().unwrap().says_who.0;
    Json(json!({
        "authorization_response_iss_parameter_supported": promised,
        "issuer": at, "authorization_endpoint": format!("{at}/authorize"), "token_endpoint": format!("{at}/token"),
        "jwks_uri": format!("{at}/keys"), "scopes_supported": ["openid", "groups"], "response_types_supported": ["code"],
    }))
}

async fn keys_of(State(provider): State<Provider>) -> Json<Value> {
    let mut inner = provider.0.lock().unwrap();
    inner.asked_for_keys += 1;
    Json(json!({ "keys": inner.keys.iter().map(|(id, key)| key.published(id)).collect::<Vec<_>>() }))
}

async fn authorize(State(provider): State<Provider>, Query(asked): Query<BTreeMap<String, String>>) -> Redirect {
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
    assert_eq!((asked["code_challenge_method"].as_str(), asked["scope"].as_str()), ("S256", "openid profile email groups"));
    let code = selaras::app::access::secret();
    let held = (asked["code_challenge"].clone(), asked["redirect_uri"].clone(), asked["nonce"].clone());
    let mut inner = provider.0.lock().unwrap();
    inner.codes.insert(code.clone(), held);
    let iss = inner.says_who.1.as_ref().map_or_else(String::new, |iss| format!("&iss={}", iss.replace(':', "%3A").replace('/', "%2F")));
    Redirect::to(&format!("{}?code={code}&state={}{iss}", asked["redirect_uri"], asked["state"]))
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, Form(form): Form<BTreeMap<String, String>>) -> impl IntoResponse {
    let refused = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why })));
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:rahasia+klien%3A+%2B+%25")));
    if headers.get("authorization").and_then(|value| value.to_str().ok()) != Some(&basic) {
        return refused("invalid_client");
    }
    let mut inner = provider.0.lock().unwrap();
    // A code is good once.
    let Some((challenge, redirect, nonce)) = inner.codes.remove(&form["code"]) else { return refused("invalid_grant") };
    if b64(Sha256::digest(&form["code_verifier"])) != challenge || form["redirect_uri"] != redirect {
        return refused("invalid_grant");
    }
    let at = inner.now.timestamp();
    let mut claims = json!({"iss": inner.issuer, "aud": CLIENT, "nonce": nonce, "iat": at, "exp": at + 300});
    for (name, value) in inner.person.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let (id, key) = inner.keys.last().unwrap();
    let mut header = json!({"alg": key.algorithm(), "kid": id, "typ": "JWT"});
    if let Some(change) = inner.change.clone() {
        change(&mut header, &mut claims);
    }
    let text = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
    let foreign = Key::new(Algorithm::EdDsa);
    let signature = match header["alg"].as_str().unwrap() {
        "none" => Vec::new(),
        _ if inner.foreign => foreign.sign(text.as_bytes()),
        _ => key.sign(text.as_bytes()),
    };
    (StatusCode::OK, Json(json!({ "access_token": "x", "token_type": "Bearer", "id_token": format!("{text}.{}", b64(signature)) })))
}
