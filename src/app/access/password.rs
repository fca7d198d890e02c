//! Passwords: which are too easy, and argon2id. Hashing takes memory and time on purpose, so it runs off the runtime's
//! threads and only a few at once.

use crate::app::AppError;
use crate::config::Said;
use crate::domain::access::Scope;
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
/// The 3,000 passwords of at least [`SHORTEST`] characters that are used most, in small letters and in order: of Mark
/// Burnett's ten million, as SecLists has them (MIT). No list that lies on another host is asked.
const USED_MOST: &str = include_str!("common-passwords.txt");
/// Parts that alone make no password.
const COMMON: [&str; 28] = [
    "password",
    "katasandi",
    "rahasia",
    "indonesia",
    "selaras",
    "qwerty",
    "123456",
    "admin",
    "kementerian",
    "kemenko",
    "tukin",
    "tunjangan",
    "kinerja",
    "pegawai",
    "sandi",
    "merdeka",
    "januari",
    "februari",
    "maret",
    "april",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
    "jakarta",
];
/// Letters of a word about somebody that count.
const WORD: usize = 3;

/// Words that somebody else would try first for an account: its name, that of its person, their units, where the page is.
pub fn words_of(account: &str, shown: &str, scope: &Scope, page: Option<&str>) -> Vec<String> {
    let mut words = vec![account.to_lowercase()];
    let mut put = |text: &str| {
        let parts = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        words.extend(parts.filter(|part| part.chars().count() >= WORD));
    };
    put(account);
    put(shown);
    if let Scope::Units(units) = scope {
        units.iter().for_each(|unit| put(unit));
    }
    put(page.unwrap_or_default());
    // The longest first, so that what holds another one goes whole.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// Without years of the last and of this century.
fn without_years(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    for run in text.as_bytes().chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit()) {
        let is_year = run.len() == 4 && (run.starts_with(b"19") || run.starts_with(b"20"));
        rest.push_str(if is_year { "" } else { std::str::from_utf8(run).unwrap_or_default() });
    }
    rest
}

/// Refuses what is too easy to guess; `about` are the words of [`words_of`].
///
/// # Errors
/// Fewer than 12 characters, more than 512 bytes, one of the passwords that are used most, one character many times,
/// words about the account, common words, a year and little more.
pub fn check(password: &str, about: &[String]) -> Result<(), AppError> {
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
    if USED_MOST.lines().any(|known| known == folded) {
        return refuse(
            "kata sandi itu termasuk yang paling banyak dipakai orang: pilih yang lain",
            "that password is one of those that are used most: choose another one",
        );
    }
    let words = about.iter().map(String::as_str).chain(COMMON);
    let rest = without_years(&words.fold(folded, |rest, word| rest.replace(word, "")));
    let kinds: std::collections::BTreeSet<char> = rest.chars().filter(|c| !c.is_whitespace()).collect();
    if kinds.len() < 5 {
        return refuse(
            "kata sandi terlalu mudah ditebak: jangan pakai nama, unit, kata umum, tahun, atau karakter yang sama berulang",
            "the password is too easy to guess: no name, unit, common word or year, not one character again and again",
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
        let units = Scope::Units(["keuangan01".to_owned()].into());
        let about = words_of("sri.wahyuni", "Sri Wahyuni, S.E.", &units, Some("selaras.kemenkocontoh.go.id"));
        for wrong in [
            "",
            "pendek",
            "aaaaaaaaaaaaaaaa",
            "password1234",
            "sri.wahyuni12",
            "rahasia rahasia",
            "abababababab",
            "Wahyuni-2026!",
            "Sri & Wahyuni 1987",
            "Keuangan01!2026",
            "kemenkocontoh1",
            "Selaras2026!!",
            "TukinOktober2026",
            "1QAZ2wsx3edc",
            "tab\tdi dalam sandi ini",
            &"kuda besi ".repeat(60),
        ] {
            assert!(check(wrong, &about).is_err(), "{wrong}");
        }
        for right in [
            "kuda baterai stapler benar",
            "Hujan-di-7-Mei",
            "Oktober 2026 hujan deras",
            "ααααβββγγδδεε ζη",
            "sandi panjang milik saya sendiri",
        ] {
            assert!(check(right, &about).is_ok(), "{right}");
        }
        assert!(check("keuangan01!2026", &[]).is_ok(), "it is the unit of somebody else");
    }

    #[test]
    fn the_passwords_that_are_used_most_are_refused() {
        let known: Vec<&str> = USED_MOST.lines().collect();
        assert_eq!(known.len(), 3_000);
        assert!(known.is_sorted_by(|one, other| one < other), "each once, in order");
        assert!(known.iter().all(|known| known.chars().count() >= SHORTEST && known.to_lowercase() == **known));
        for known in known {
            assert!(check(known, &[]).is_err() && check(&known.to_uppercase(), &[]).is_err(), "{known}");
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
