//! Reading and writing cookies, and their names.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// The cookies of accounts. Behind https their names begin with `__Host-`: the browser then takes them from this host
/// over https only, and from no sister host.
#[derive(Debug, Clone)]
pub(in crate::web) struct Cookies {
    /// Holds the token of a session.
    pub session: String,
    /// Holds what the sign-in form must carry.
    pub before: String,
    /// Holds the secret of an attempt to sign in by the identity provider.
    pub oidc: String,
    secure: bool,
}

impl Cookies {
    /// The cookies of a page on that port; `secure`: people reach it over https.
    pub(super) fn new(port: u16, secure: bool) -> Self {
        let name = |of: &str| if secure { format!("__Host-selaras-{of}") } else { format!("selaras_{of}_{port}") };
        Self { session: name("sesi"), before: name("awal"), oidc: name("oidc"), secure }
    }

    /// A cookie as it is set; Lax, so that a link in a mail finds its reader signed in.
    pub(super) fn set(&self, name: &str, value: &str) -> String {
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{}", self.https())
    }

    /// Takes a cookie back.
    pub(super) fn clear(&self, name: &str) -> String {
        format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", self.https())
    }

    fn https(&self) -> &'static str {
        if self.secure { "; Secure" } else { "" }
    }
}

/// The values of all cookies of that name.
pub(super) fn all<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(known, _)| *known == name).map(|(_, value)| value)
}

/// The first value that has the form of one of our secrets.
pub(super) fn secret<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a str> {
    all(headers, name).find(|value| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_behind_https_belongs_to_this_host_alone() {
        let cookies = Cookies::new(8480, true);
        assert_eq!(cookies.set(&cookies.session, "x"), "__Host-selaras-sesi=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        let plain = Cookies::new(8480, false);
        assert_eq!(plain.set(&plain.session, "x"), "selaras_sesi_8480=x; Path=/; HttpOnly; SameSite=Lax");
    }
}
