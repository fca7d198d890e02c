//! `[notify]`: who is told what, and on which way.

use super::lang::Said;
use super::secret::Secret;
use super::values::HttpUrl;
use serde::Deserialize;

/// `[notify]`: who is told what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notify {
    /// Mail.
    pub smtp: Option<Smtp>,
    /// A web hook.
    pub webhook: Option<Webhook>,
    /// A Telegram bot.
    pub telegram: Option<Telegram>,
    /// Asked for after each round of notices, so that a service outside notices when nobody does.
    pub ping: Option<HttpUrl>,
    /// Which event goes where.
    pub rules: Vec<NotifyRule>,
}

impl Notify {
    /// A rule that can tell nobody.
    pub(super) fn problem(&self) -> Option<Said> {
        self.rules.iter().find_map(|rule| {
            let (section, is_set) = match rule.channel {
                Channel::Smtp => ("smtp", self.smtp.is_some()),
                Channel::Webhook => ("webhook", self.webhook.is_some()),
                Channel::Telegram => ("telegram", self.telegram.is_some()),
            };
            if !is_set {
                return Some(Said::new(
                    format!("channel \"{section}\" perlu [notify.{section}]"),
                    format!("channel \"{section}\" needs [notify.{section}]"),
                ));
            }
            if rule.event == Event::Case && rule.channel != Channel::Webhook {
                return Some(Said::new(
                    "event \"case\" hanya lewat channel \"webhook\"",
                    "event \"case\" goes by channel \"webhook\" only",
                ));
            }
            (rule.channel == Channel::Smtp && rule.to.is_empty())
                .then(|| Said::new("channel \"smtp\" perlu to = [alamat]", "channel \"smtp\" needs to = [addresses]"))
        })
    }
}

/// `[notify.smtp]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Mail server.
    pub host: String,
    /// Its port; always with TLS, except to this machine.
    #[serde(default = "submission")]
    pub port: u16,
    /// User name.
    pub username: Option<String>,
    /// Password.
    pub password: Option<Secret>,
    /// Sender address.
    pub from: String,
}

fn submission() -> u16 {
    587
}

/// `[notify.webhook]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Where notices are posted.
    pub url: HttpUrl,
    /// Key with which they are signed.
    pub secret: Option<Secret>,
}

/// `[notify.telegram]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// Token of the bot.
    pub token: Secret,
    /// Chat to write to.
    pub chat_id: String,
    /// Where Telegram answers.
    #[serde(default = "telegram_org")]
    pub base_url: HttpUrl,
}

fn telegram_org() -> HttpUrl {
    HttpUrl::known("https://api.telegram.org")
}

/// What people can be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// All of the below but cases.
    All,
    /// Evidence is missing and KPPN's day is near.
    Incomplete,
    /// A kind of evidence has not been confirmed for longer than it may.
    Stale,
    /// An answer of BKN waits for a person.
    Held,
    /// BKN refuses a token.
    Token,
    /// Questions to BKN fail.
    Pull,
    /// A job of the schedule failed, or was not worked.
    Job,
    /// How the month stands, every morning.
    Digest,
    /// What happens to cases, each by itself and to a web hook only.
    Case,
}

impl Event {
    /// Whether a rule for this event is meant by that key.
    pub fn covers(self, key: &str) -> bool {
        // Who asked for all when there were no cases is not told of each of them.
        self.key() == key || self == Self::All && key != Self::Case.key()
    }

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Incomplete => "incomplete",
            Self::Stale => "stale",
            Self::Held => "held",
            Self::Token => "token",
            Self::Pull => "pull",
            Self::Job => "job",
            Self::Digest => "digest",
            Self::Case => "case",
        }
    }
}

/// The ways on which a notice can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Mail.
    Smtp,
    /// A web hook.
    Webhook,
    /// A Telegram bot.
    Telegram,
}

/// One `[[notify.rules]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotifyRule {
    /// What happened.
    pub event: Event,
    /// On which way.
    pub channel: Channel,
    /// To whom, where the way needs it.
    #[serde(default)]
    pub to: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_posted_to_a_web_hook_only_and_to_whom_asked_for_them() {
        let rule = |channel| NotifyRule { event: Event::Case, channel, to: vec!["a@b.go.id".to_owned()] };
        let webhook = Webhook { url: HttpUrl::known("https://hook.example.go.id"), secret: None };
        let telegram: Telegram = toml::from_str("token = \"env:T\"\nchat_id = \"1\"").unwrap();
        let of = |rule| Notify { webhook: Some(webhook.clone()), telegram: Some(telegram.clone()), rules: vec![rule], ..Notify::default() };
        assert_eq!(of(rule(Channel::Webhook)).problem(), None);
        assert!(of(rule(Channel::Telegram)).problem().is_some_and(|said| said.en.contains("webhook")));
        assert!(Event::Case.covers("case") && !Event::All.covers("case") && Event::All.covers("held"));
    }
}
