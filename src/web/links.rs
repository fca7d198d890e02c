//! Addresses inside the page: they keep the period and a chosen language.

use crate::domain::Period;
use crate::domain::text::Lang;

/// What every link carries on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Links {
    /// The period that is looked at.
    pub period: Option<Period>,
    /// The reader's language.
    pub lang: Lang,
    /// The language of a reader who does not choose.
    pub default_lang: Lang,
}

impl Links {
    /// A path with the period, the language and more; empty values are left out.
    pub(super) fn to(&self, path: &str, more: &[(&str, &str)]) -> String {
        let period = self.period.map(|period| period.to_string()).unwrap_or_default();
        let kept = [("periode", period.as_str()), ("bahasa", self.lang_key())];
        let mut link = path.to_owned();
        let mut mark = '?';
        for (name, value) in kept.iter().chain(more).filter(|(_, value)| !value.is_empty()) {
            link.push(mark);
            link.push_str(name);
            link.push('=');
            encode(value, &mut link);
            mark = '&';
        }
        link
    }

    /// One person's page, by the handle of the list: no address that a page makes holds a NIP, whoever reads it.
    pub(super) fn person(&self, handle: &str) -> String {
        self.to(&format!("/pegawai/~{handle}"), &[])
    }

    /// The language when it is not the one that a reader gets anyway, else nothing.
    pub(super) fn lang_key(&self) -> &'static str {
        if self.lang == self.default_lang { "" } else { self.lang.key() }
    }

    /// The same in the other language.
    pub(super) fn other_lang(self) -> Self {
        Self { lang: self.lang.pick(Lang::En, Lang::Id), ..self }
    }
}

/// Percent-encodes a value of a query.
fn encode(value: &str, into: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => into.push(char::from(byte)),
            other => into.push_str(&format!("%{other:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_what_was_chosen_and_encode_what_was_typed() {
        let links = Links { period: "2026-10".parse().ok(), lang: Lang::Id, default_lang: Lang::Id };
        assert_eq!(links.to("/", &[]), "/?periode=2026-10");
        assert_eq!(
            links.other_lang().to("/temuan", &[("cari", "a&b é"), ("kode", "")]),
            "/temuan?periode=2026-10&bahasa=en&cari=a%26b%20%C3%A9"
        );
        assert_eq!(links.other_lang().other_lang(), links);
        assert_eq!(Links { period: None, ..links }.to("/pegawai", &[]), "/pegawai");
    }
}
