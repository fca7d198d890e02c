//! ID tokens: compact JWS of three algorithms, each tied to its kind of key, so that no token chooses how it is checked.
//! `none` and HMAC are no algorithms here.

use super::OidcError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Map, Value};

/// No provider's ID token is larger.
const LARGEST: usize = 64 << 10;
/// Clocks of two machines differ by no more.
const LEEWAY: i64 = 60;
/// What is said when no key fits: then the provider is asked for its keys again.
pub(super) const NO_KEY: &str = "no key of the provider fits";

enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// A key of the provider.
pub struct Key {
    id: Option<String>,
    public: Public,
}

impl Key {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|of| of != "sig") {
            return None;
        }
        let bytes = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
        let public = match (text("kty")?, text("crv")) {
            ("RSA", _) => Public::Rsa { n: bytes("n")?, e: bytes("e")? },
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                let point: Vec<u8> = [4].into_iter().chain(x).chain(y).collect();
                (point.len() == 65).then_some(Public::P256(point))?
            }
            ("OKP", Some("Ed25519")) => Public::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
            _ => return None,
        };
        let key = Self { id: text("kid").map(str::to_owned), public };
        // A key that says for what it is says it rightly, or is none of ours.
        (text("alg").is_none_or(|alg| alg == key.algorithm())).then_some(key)
    }

    /// The one algorithm of its kind.
    fn algorithm(&self) -> &'static str {
        match self.public {
            Public::Rsa { .. } => "RS256",
            Public::P256(_) => "ES256",
            Public::Ed25519(_) => "EdDSA",
        }
    }

    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok(),
            Public::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok(),
            Public::Ed25519(x) => UnparsedPublicKey::new(&ED25519, x).verify(message, signature).is_ok(),
        }
    }
}

/// The keys of a set (JWKS) that can be used; others are left out.
pub fn keys(set: &Value) -> Vec<Key> {
    set.get("keys").and_then(Value::as_array).into_iter().flatten().filter_map(Key::read).collect()
}

/// What a token must say.
pub(super) struct Wanted<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    pub now: DateTime<Utc>,
}

/// The claims of a token that is what it should be.
pub(super) fn claims(token: &str, keys: &[Key], wanted: &Wanted<'_>) -> Result<Map<String, Value>, OidcError> {
    let refused = OidcError::Token;
    if token.len() > LARGEST {
        return Err(refused("it is too large"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(refused("it is no signed token"))?;
    let (header, payload) = signed.split_once('.').ok_or(refused("it is no signed token"))?;
    let header = object(header).ok_or(refused("its header cannot be read"))?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| refused("its signature cannot be read"))?;
    let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    if !["RS256", "ES256", "EdDSA"].contains(&algorithm) {
        return Err(refused("its algorithm is not RS256, ES256 or EdDSA"));
    }
    if header.contains_key("crit") {
        return Err(refused("it demands something that is not known here"));
    }
    let id = header.get("kid").and_then(Value::as_str);
    let fits = |key: &&Key| key.algorithm() == algorithm && (id.is_none() || key.id.as_deref() == id);
    let mut fitting = keys.iter().filter(fits).peekable();
    if fitting.peek().is_none() {
        return Err(refused(NO_KEY));
    }
    if !fitting.any(|key| key.has_signed(signed.as_bytes(), &signature)) {
        return Err(refused("its signature is not the provider's"));
    }
    let claims = object(payload).ok_or(refused("its claims cannot be read"))?;
    check(&claims, wanted)?;
    Ok(claims)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

fn check(claims: &Map<String, Value>, wanted: &Wanted<'_>) -> Result<(), OidcError> {
    let refuse = |why| Err(OidcError::Token(why));
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // A time may be written with a fraction.
    let time = |name: &str| claims.get(name).and_then(Value::as_f64).filter(|at| at.is_finite());
    let now = wanted.now.timestamp() as f64;
    let leeway = LEEWAY as f64;
    if text("iss") != Some(wanted.issuer) {
        return refuse("it is of another issuer");
    }
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !audiences.contains(&wanted.client) {
        return refuse("it is for another client");
    }
    let party = text("azp");
    if party.is_some_and(|party| party != wanted.client) || audiences.len() > 1 && party.is_none() {
        return refuse("it was given to another client");
    }
    match time("exp") {
        None => return refuse("it does not say until when it holds"),
        Some(until) if until + leeway <= now => return refuse("it has expired"),
        Some(_) => {}
    }
    if time("iat").is_none_or(|at| at > now + leeway) || time("nbf").is_some_and(|at| at > now + leeway) {
        return refuse("it is of a later time");
    }
    if text("nonce") != Some(wanted.nonce) || wanted.nonce.is_empty() {
        return refuse("it belongs to another attempt");
    }
    if text("sub").is_none_or(|subject| subject.is_empty() || subject.len() > 255) {
        return refuse("it names nobody");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
    use serde_json::json;

    fn b64(bytes: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn ed25519() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn set() -> Vec<Key> {
        keys(&json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": b64(ed25519().public_key())}]}))
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn good() -> Value {
        let at = now().timestamp();
        json!({"iss": "https://sso", "aud": "selaras", "sub": "7", "nonce": "n", "iat": at, "exp": at + 300})
    }

    fn signed(header: &Value, claims: &Value) -> String {
        let text = format!("{}.{}", b64(header.to_string()), b64(claims.to_string()));
        let signature = ed25519().sign(text.as_bytes());
        format!("{text}.{}", b64(signature))
    }

    fn taken(token: &str, keys: &[Key]) -> Result<Map<String, Value>, OidcError> {
        claims(token, keys, &Wanted { issuer: "https://sso", client: "selaras", nonce: "n", now: now() })
    }

    #[test]
    fn only_what_is_wholly_right_is_believed() {
        let header = json!({"alg": "EdDSA", "kid": "1"});
        assert_eq!(taken(&signed(&header, &good()), &set()).unwrap()["sub"], "7");
        let at = now().timestamp();
        for (name, value, why) in [
            ("iss", json!("https://sso/"), "of another issuer"),
            ("aud", json!("lain"), "for another client"),
            ("aud", json!(["selaras", "lain"]), "given to another client"),
            ("azp", json!("lain"), "given to another client"),
            ("exp", json!(at - 60), "expired"),
            ("exp", json!(null), "until when"),
            ("exp", json!("2099"), "until when"),
            ("iat", json!(at + 61), "later time"),
            ("iat", json!(null), "later time"),
            ("nbf", json!(at + 61), "later time"),
            ("nonce", json!("m"), "another attempt"),
            ("nonce", json!(null), "another attempt"),
            ("sub", json!(""), "nobody"),
            ("sub", json!(7), "nobody"),
        ] {
            let mut claims = good();
            claims[name] = value;
            let refused = taken(&signed(&header, &claims), &set()).unwrap_err().to_string();
            assert!(refused.contains(why), "{name}: {refused}");
        }
        let mut fine = good();
        (fine["aud"], fine["azp"], fine["exp"]) = (json!(["selaras", "lain"]), json!("selaras"), json!(at - 59));
        assert!(taken(&signed(&header, &fine), &set()).is_ok(), "a minute between two clocks is forgiven");
    }

    #[test]
    fn no_token_chooses_how_it_is_checked() {
        for (header, why) in [
            (json!({"alg": "none", "kid": "1"}), "algorithm"),
            (json!({"alg": "HS256", "kid": "1"}), "algorithm"),
            (json!({"kid": "1"}), "algorithm"),
            (json!({"alg": "RS256", "kid": "1"}), NO_KEY),
            (json!({"alg": "EdDSA", "kid": "2"}), NO_KEY),
            (json!({"alg": "EdDSA", "kid": "1", "crit": ["b64"]}), "demands"),
        ] {
            let refused = taken(&signed(&header, &good()), &set()).unwrap_err().to_string();
            assert!(refused.contains(why), "{header}: {refused}");
        }
        assert!(taken(&signed(&json!({"alg": "EdDSA"}), &good()), &set()).is_ok(), "without a kid, a key of the kind");
        let token = signed(&json!({"alg": "EdDSA", "kid": "1"}), &good());
        let (text, signature) = token.rsplit_once('.').unwrap();
        let mut other = good();
        other["sub"] = json!("8");
        let forged = format!("{}.{}.{signature}", text.split('.').next().unwrap(), b64(other.to_string()));
        for (token, why) in [
            (format!("{text}."), "signature"),
            (forged, "signature is not"),
            (format!("{text}.{}", b64([0u8; 64])), "signature is not"),
            (text.to_owned(), ""),
            (String::new(), "no signed token"),
            ("a.b.c".to_owned(), "header"),
            ("x".repeat(LARGEST + 1), "too large"),
        ] {
            let refused = taken(&token, &set()).unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }

    #[test]
    fn an_elliptic_key_signs_too_and_keys_for_other_ends_do_not() {
        let (random, alg) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let pair = EcdsaKeyPair::from_pkcs8(alg, EcdsaKeyPair::generate_pkcs8(alg, &random).unwrap().as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let key = |more: Value| {
            let mut key = json!({"kty": "EC", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])});
            for (name, value) in more.as_object().unwrap() {
                key[name] = value.clone();
            }
            keys(&json!({ "keys": [key] }))
        };
        let text = format!("{}.{}", b64(json!({"alg": "ES256"}).to_string()), b64(good().to_string()));
        let token = format!("{text}.{}", b64(pair.sign(&random, text.as_bytes()).unwrap()));
        assert!(taken(&token, &key(json!({"use": "sig", "alg": "ES256"}))).is_ok());
        for wrong in [json!({"use": "enc"}), json!({"alg": "ES384"}), json!({"x": "AA"}), json!({"crv": "P-384"}), json!({"kty": "oct"})] {
            assert!(key(wrong.clone()).is_empty(), "{wrong}");
        }
    }
}
