//! Passwords: which are too easy, and argon2id. Hashing takes memory and time on purpose, so it runs off the runtime's
//! threads and only a few at once.

use crate::app::AppError;
use crate::config::Said;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::io;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Characters at least.
const SHORTEST: usize = 12;
/// Bytes at most: hashing a longer one would only cost time.
const LONGEST: usize = 512;
/// Hashes at once; each takes 19 MiB (OWASP's least parameters: m = 19 MiB, t = 2, p = 1).
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// What a password is compared with when there is no account: the same parameters, so the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Parts that alone make no password. The lists of leaked passwords are not asked: nothing here calls another host.
const COMMON: [&str; 12] =
    ["password", "katasandi", "rahasia", "indonesia", "selaras", "qwerty", "123456", "admin", "kementerian", "tukin", "pegawai", "merdeka"];

/// Refuses what is too easy to guess.
///
/// # Errors
/// Fewer than 12 characters, more than 512 bytes, the account's name, one character many times, a common word and
/// little more.
pub fn check(password: &str, account: &str) -> Result<(), AppError> {
    let refuse = |id: &str, en: &str| Err(AppError::Access(Said::new(id, en)));
    let folded = password.to_lowercase();
    if password.chars().count() < SHORTEST {
        return refuse("kata sandi sekurangnya 12 karakter", "a password has at least 12 characters");
    }
    if password.len() > LONGEST {
        return refuse("kata sandi paling panjang 512 byte", "a password has at most 512 bytes");
    }
    if password.chars().any(char::is_control) {
        return refuse("kata sandi memuat karakter yang tidak terlihat", "the password holds a control character");
    }
    let mut rest = folded.replace(account, "");
    for word in COMMON {
        rest = rest.replace(word, "");
    }
    let kinds: std::collections::BTreeSet<char> = rest.chars().filter(|c| !c.is_whitespace()).collect();
    if kinds.len() < 5 {
        return refuse(
            "kata sandi terlalu mudah ditebak: jangan pakai nama akun, kata umum, atau karakter yang sama berulang",
            "the password is too easy to guess: no account name, no common word, not one character again and again",
        );
    }
    Ok(())
}

/// The argon2id hash in PHC form, with a salt of its own.
///
/// # Errors
/// When there is no memory for it.
pub async fn hash(password: String) -> Result<String, AppError> {
    off_thread(move || {
        let salt = Uuid::new_v4();
        let hashed: Result<PasswordHash, _> = Argon2::default().hash_password_with_salt(password.as_bytes(), salt.as_bytes());
        hashed.map(|hash| hash.to_string()).map_err(|why| failed(&why))
    })
    .await?
}

/// Whether the password has that hash; an empty or unreadable hash is nobody's, and takes as long.
///
/// # Errors
/// When there is no memory for it.
pub async fn matches(password: String, hash: String) -> Result<bool, AppError> {
    off_thread(move || {
        let sound = PasswordHash::new(&hash).ok().filter(|_| password.len() <= LONGEST);
        let (hash, real) = match sound {
            Some(hash) => (hash, true),
            None => (PasswordHash::new(NOBODY).map_err(|why| failed(&why))?, false),
        };
        let bytes = password.as_bytes();
        let right = Argon2::default().verify_password(&bytes[..bytes.len().min(LONGEST)], &hash).is_ok();
        Ok(right && real)
    })
    .await?
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let _turn = AT_ONCE.acquire().await.map_err(|why| failed(&why))?;
    tokio::task::spawn_blocking(work).await.map_err(|why| failed(&why))
}

fn failed(why: &dyn std::fmt::Display) -> AppError {
    AppError::Io("argon2".to_owned(), io::Error::other(why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn easy_passwords_are_refused() {
        for wrong in [
            "",
            "pendek",
            "aaaaaaaaaaaaaaaa",
            "password1234",
            "sri.wahyuni12",
            "rahasia rahasia",
            "abababababab",
            "tab\tdi dalam sandi ini",
            &"kuda besi ".repeat(60),
        ] {
            assert!(check(wrong, "sri.wahyuni").is_err(), "{wrong}");
        }
        for right in ["kuda baterai stapler benar", "Hujan-di-7-Mei", "ααααβββγγδδεε ζη", "sandi panjang milik saya sendiri"]
        {
            assert!(check(right, "sri.wahyuni").is_ok(), "{right}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_salted_and_belongs_to_its_password() {
        let (one, other) = (hash("kuda baterai".to_owned()).await.unwrap(), hash("kuda baterai".to_owned()).await.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && one != other, "{one} {other}");
        assert!(matches("kuda baterai".to_owned(), one.clone()).await.unwrap());
        for (password, hash) in [("kuda bateral", one.as_str()), ("", &one), ("kuda baterai", ""), ("kuda baterai", "rusak"), ("", NOBODY)]
        {
            assert!(!matches(password.to_owned(), hash.to_owned()).await.unwrap(), "{password} {hash}");
        }
    }

    /// Whether there is such an account is not told by the time that an answer takes.
    #[tokio::test]
    async fn nobody_takes_as_long_as_somebody() {
        let known = hash("kuda baterai".to_owned()).await.unwrap();
        let mut spent = [0u128; 2];
        for _ in 0..5 {
            for (at, hash) in [known.clone(), String::new()].into_iter().enumerate() {
                let began = Instant::now();
                matches("salah sama sekali".to_owned(), hash).await.unwrap();
                spent[at] += began.elapsed().as_micros();
            }
        }
        let [one, other] = spent;
        assert!(one < other * 3 && other < one * 3, "{spent:?}");
    }
}
