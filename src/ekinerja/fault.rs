//! How a question to BKN fails, and what follows from it: retry, a new token, a pause, a call to somebody, or a body
//! that is set aside. Whoever sees a fault need not look at HTTP again.

use crate::domain::evidence::Reason;
use crate::domain::nip::mask;
use std::fmt;
use std::time::Duration;

/// One of BKN's two web services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Surface {
    /// e-Kinerja's report API: one token, whole agencies.
    Report,
    /// The SIASN web service: two tokens, one NIP at a time.
    Siasn,
}

impl Surface {
    /// Both, with their keys.
    pub const ALL: [(&'static str, Self); 2] = [("report", Self::Report), ("siasn", Self::Siasn)];

    /// The key in configuration, sources and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Siasn => "siasn",
        }
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// What helps against a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Asking again may help. In a finished answer: all attempts are spent.
    Retry,
    /// A new gateway token, once.
    RefreshGateway,
    /// A new SSO token, once, where it is ours to ask for.
    RefreshSso,
    /// The whole surface must pause (429, 303001).
    Wait,
    /// Nothing but a person who changes this configuration key; the surface stops.
    CallOperator(&'static str),
    /// The body is set aside; asking again would bring the same.
    Quarantine,
    /// This question failed and asking again would not help; others may succeed.
    GiveUp,
}

/// Why a question brought no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Fault {
    /// The reason of contract §5.
    pub reason: Reason,
    /// What helps.
    pub action: Action,
    /// One sentence, without secrets, whole NIPs or bodies.
    pub detail: String,
    /// How long the answer asked us to wait, counted from its own `Date`.
    pub retry_after: Option<Duration>,
}

impl Fault {
    /// A fault without a wait.
    pub fn new(reason: Reason, action: Action, detail: impl Into<String>) -> Self {
        Self { reason, action, detail: detail.into(), retry_after: None }
    }

    /// The same with the wait that the answer asked for.
    pub fn after(mut self, wait: Option<Duration>) -> Self {
        self.retry_after = wait;
        self
    }

    /// Set aside, not to be asked again.
    pub(crate) fn quarantine(reason: Reason, detail: impl Into<String>) -> Self {
        Self::new(reason, Action::Quarantine, detail)
    }

    /// The key that somebody must change before the surface can go on; `None` when it may go on.
    pub fn stops_surface(&self) -> Option<&'static str> {
        match self.action {
            Action::CallOperator(key) => Some(key),
            _ => None,
        }
    }

    /// Whether a body arrived and was set aside.
    pub fn is_quarantine(&self) -> bool {
        self.reason.is_quarantine()
    }
}

/// A text of BKN that may stand in a message: one line, at most 160 characters, and nothing in it that could be a
/// NIP, a NIK or a token.
pub(crate) fn presentable(text: &str) -> String {
    let mut shown = String::new();
    for word in text.split_whitespace() {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if !shown.is_empty() {
            shown.push(' ');
        }
        if digits >= 9 || word.chars().count() > 32 {
            shown.push_str(&mask(word));
        } else {
            shown.extend(word.chars().filter(|c| !c.is_control()));
        }
        if shown.chars().count() >= 160 {
            return shown.chars().take(160).chain(['…']).collect();
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_lose_nips_tokens_and_line_breaks() {
        assert_eq!(presentable("NIP 198501012010011901\n\ttidak valid"), "NIP 1985***********901 tidak valid");
        assert!(!presentable("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjb250b2gifQ.abc ditolak").contains("eyJzdWIi"));
    }

    proptest! {
        #[test]
        fn any_text_becomes_one_short_line(text in "\\PC{0,400}[0-9]{18}\\s.{0,200}") {
            let shown = presentable(&text);
            prop_assert!(shown.chars().count() <= 400, "{}", shown);
            prop_assert!(!shown.contains('\n'));
        }
    }
}
