//! The sign-in link of a start: until there are accounts, whoever holds it may read.
//!
//! The link's key is exchanged for a cookie once, so that it does not stay in the address bar. Both are random, live
//! in memory only, and are never logged.

use super::cookies;
use crate::app::access::secret;
use axum::http::HeaderMap;

/// The key of this start and what it is exchanged for. Deliberately without `Debug`.
pub(in crate::web) struct Lock {
    key: String,
    pass: String,
    /// What the forms of its holders carry.
    csrf: String,
    /// Cookies do not tell ports apart, so the name does: two Selaras on one machine keep their readers.
    cookie: String,
}

impl Lock {
    /// A new lock for a page on that port.
    pub(in crate::web) fn new(port: u16) -> Self {
        Self { key: secret(), pass: secret(), csrf: secret(), cookie: format!("selaras_{port}") }
    }

    /// Path and query of the sign-in link.
    pub(in crate::web) fn link(&self) -> String {
        format!("/masuk?kunci={}", self.key)
    }

    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        cookies::all(headers, &self.cookie).any(|value| same(value, &self.pass))
    }

    pub(super) fn is_key(&self, given: &str) -> bool {
        same(given, &self.key)
    }

    pub(super) fn csrf(&self) -> &str {
        &self.csrf
    }

    pub(super) fn set_cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie, self.pass)
    }
}

/// Compares without telling by its duration how much was right.
pub(super) fn same(given: &str, right: &str) -> bool {
    let (given, right) = (given.as_bytes(), right.as_bytes());
    let differing = given.iter().zip(right).fold(0u8, |seen, (one, other)| std::hint::black_box(seen | (one ^ other)));
    given.len() == right.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    #[test]
    fn only_the_whole_key_is_the_key() {
        let key = secret();
        assert!(same(&key, &key));
        assert!(!same(&key[1..], &key) && !same("", &key) && !same(&format!("{key}0"), &key) && !same(&secret(), &key));
    }

    #[test]
    fn the_cookie_is_found_among_others_and_belongs_to_its_port() {
        let lock = Lock::new(8480);
        let with = |text: String| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_str(&text).unwrap());
            lock.admits(&headers)
        };
        assert!(with(format!("a=b; selaras_8480={}; c=d", lock.pass)));
        assert!(!with(format!("selaras_8481={}", lock.pass)));
        assert!(!with(format!("selaras_8480={}", lock.key)));
        assert!(!lock.admits(&HeaderMap::new()));
    }
}
