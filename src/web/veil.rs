//! What a reader may not see is covered here: whole NIPs, account numbers. Names and amounts are what the pages are for.

use crate::domain::access::{Right, Viewer};
use crate::domain::finding::Exhibit;
use crate::domain::{Nip, nip};

/// Digits of a NIP.
const NIP_DIGITS: usize = 18;
/// Runs of digits from here on are taken for an account number where accounts are spoken of.
const ACCOUNT_DIGITS: usize = 7;
/// Digits of an account number that stay (`privacy.mask_account = "last4"`).
const SHOWN: usize = 4;

/// What is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Veil {
    nips: bool,
    accounts: bool,
}

impl Veil {
    pub(super) fn of(viewer: &Viewer) -> Self {
        Self { nips: !viewer.may(Right::SeeNip), accounts: !viewer.may(Right::SeeAccounts) }
    }

    /// Whether whole NIPs are shown, and may be looked for.
    pub(super) fn shows_nips(self) -> bool {
        !self.nips
    }

    /// A NIP as the reader may see it.
    pub(super) fn nip(self, nip: Nip) -> String {
        if self.nips { nip.masked() } else { nip.to_string() }
    }

    /// A text in which whole NIPs may stand, and, where it speaks of accounts, their numbers.
    pub(super) fn text(self, text: &str, of_accounts: bool) -> String {
        if !(self.nips || self.accounts && of_accounts) {
            return text.to_owned();
        }
        // Sources write it with blanks too.
        if let Some(nip) = Nip::parse(text).ok().filter(|_| self.nips) {
            return nip.masked();
        }
        let mut covered = String::with_capacity(text.len());
        let mut digits = String::new();
        for letter in text.chars().chain(std::iter::once('\0')) {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            covered.push_str(&self.digits(&digits, of_accounts));
            digits.clear();
            if letter != '\0' {
                covered.push(letter);
            }
        }
        covered
    }

    /// A document of JSON in which whole NIPs may stand as texts. Hashes are left as they are.
    pub(super) fn json(self, text: &str) -> String {
        let mut covered = String::with_capacity(text.len());
        let (mut rest, mut key) = (text, "");
        while let Some(at) = rest.find('"') {
            covered.push_str(&rest[..at]);
            let literal = string_literal(&rest[at..]);
            rest = &rest[at + literal.len()..];
            let is_key = rest.trim_start().starts_with(':');
            if is_key || IDS.contains(&key) {
                covered.push_str(literal);
            } else {
                let plain: String = serde_json::from_str(literal).unwrap_or_default();
                covered.push_str(&serde_json::Value::String(self.text(&plain, false)).to_string());
            }
            if is_key {
                key = literal.trim_matches('"');
            }
        }
        covered.push_str(rest);
        covered
    }

    /// Covers the accounts of a piece of evidence.
    pub(super) fn exhibit(self, exhibit: &mut Exhibit) {
        let of_accounts = is_of_accounts(&exhibit.field);
        exhibit.value = exhibit.value.take().map(|value| self.text(&value, of_accounts));
    }

    /// An account number.
    pub(super) fn account(self, number: &str) -> String {
        if self.accounts { last_four(number) } else { number.to_owned() }
    }

    fn digits(self, digits: &str, of_accounts: bool) -> String {
        match digits.len() {
            NIP_DIGITS if self.nips => nip::mask(digits),
            NIP_DIGITS => digits.to_owned(),
            long if long >= ACCOUNT_DIGITS && of_accounts && self.accounts => last_four(digits),
            _ => digits.to_owned(),
        }
    }
}

/// Keys of JSON under which only hashes stand.
const IDS: [&str; 5] = ["sha256", "policy_sha256", "hash", "case", "etag"];

/// Whether a field of a source holds account numbers.
pub(super) fn is_of_accounts(field: &str) -> bool {
    field.contains("rekening") || field.contains("norek")
}

/// The string that begins here, with its quotes.
fn string_literal(text: &str) -> &str {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return &text[..=at],
            _ => {}
        }
    }
    text
}

fn last_four(number: &str) -> String {
    let shown = number.chars().count().saturating_sub(SHOWN);
    number.chars().enumerate().map(|(at, letter)| if at < shown { '•' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{Role, Scope};

    fn veil(role: Role) -> Veil {
        Veil::of(&Viewer { account: "x".into(), name: "x".into(), roles: [role].into(), scope: Scope::All, limits: None })
    }

    #[test]
    fn each_role_sees_what_it_needs() {
        let text = "198501012010011901 dan rekening 1234567890, hari 2026-10-05";
        assert_eq!(veil(Role::Keuangan).text(text, true), text);
        assert_eq!(veil(Role::Sdm).text(text, true), "198501012010011901 dan rekening ••••••7890, hari 2026-10-05");
        assert_eq!(veil(Role::Sdm).text(text, false), text);
        let covered = veil(Role::Auditor).text(text, true);
        assert!(!covered.contains("198501012010011901") && !covered.contains("1234567890") && covered.contains("2026-10-05"), "{covered}");
        assert_eq!(veil(Role::Sdm).account("123"), "123");
        let spaced = "19850101 201001 1 901";
        assert_eq!(veil(Role::Auditor).text(spaced, false), "1985***********901");
        assert_eq!(veil(Role::Sdm).text(spaced, false), spaced);
    }

    #[test]
    fn json_is_covered_in_its_values_only() {
        let text =
            r#"{"nip":"198501012010011901","198501012010011901":1,"a":["x \"198501012010011901\" é\n",2],"sha256":"198501012010011901"}"#;
        let covered = veil(Role::Auditor).json(text);
        let wanted =
            r#"{"nip":"1985***********901","198501012010011901":1,"a":["x \"1985***********901\" é\n",2],"sha256":"198501012010011901"}"#;
        assert_eq!(covered, wanted);
        assert_eq!(veil(Role::Keuangan).json(text), text);
        for broken in ["", "\"", "\"\\\"", "{\"a\":\"b"] {
            veil(Role::Auditor).json(broken);
        }
    }
}
