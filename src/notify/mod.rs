//! Telling people: one notice on its way by mail, web hook or Telegram. It knows addresses and forms, not what is wrong:
//! whoever calls says so in a sentence without personal data.

mod mail;
mod post;

use crate::clock::SharedClock;
use crate::config::Channel;
use crate::config::Event;
use crate::config::Notify;
use crate::config::NotifyRule;
use crate::config::Said;
use crate::config::SecretError;
use chrono::DateTime;
use chrono::Utc;
use post::Post;

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for every try to tell the same: whoever gets it twice can see that.
    pub id: String,
    /// Kind of event.
    pub event: &'static str,
    /// Stable name of what is wrong.
    pub cause: String,
    /// When it was first seen.
    pub since: DateTime<Utc>,
    /// Whether it is over.
    pub is_over: bool,
    /// A line that says what it is about.
    pub subject: Said,
    /// What is wrong and what to do.
    pub said: Said,
}

/// A notice did not leave.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// A rule names a way that is not configured.
    #[error("notify.rules: [notify.{0}] is not configured")]
    NoWay(&'static str),
    /// A secret cannot be read.
    #[error("{}", .0.sentence(crate::config::Lang::En))]
    Secret(#[from] SecretError),
    /// An address is none: its key, as the log must not name people.
    #[error("{0}: this is not a mail address")]
    Address(&'static str),
    /// The other side does not answer, or refuses.
    #[error("notify.{way}: {why}")]
    Undelivered {
        /// Section of the configuration.
        way: &'static str,
        /// What happened; never an address or a secret.
        why: String,
    },
}

/// Sends notices. One for the whole process: it holds the connections.
pub struct Messenger {
    settings: Notify,
    post: Post,
}

impl Messenger {
    /// Prepares the ways of `[notify]`.
    ///
    /// # Errors
    /// When no TLS can be set up.
    pub fn new(settings: Notify, clock: SharedClock) -> Result<Self, NotifyError> {
        Ok(Self { post: Post::new(clock)?, settings })
    }

    /// The ways on which an event is told, each with a name that stays the same as long as the rule does.
    pub fn ways(&self, event: &str) -> Vec<(String, &NotifyRule)> {
        let told = self.settings.rules.iter().filter(|rule| rule.event.covers(event));
        let mut ways: Vec<(String, &NotifyRule)> = told.map(|rule| (name_of(rule), rule)).collect();
        ways.sort_by(|(one, _), (other, _)| one.cmp(other));
        ways.dedup_by(|(one, _), (other, _)| one == other);
        ways
    }

    /// Tells one notice on one way.
    ///
    /// # Errors
    /// [`NotifyError`]; nothing was told as far as can be known.
    pub async fn tell(&self, rule: &NotifyRule, notice: &Notice) -> Result<(), NotifyError> {
        match rule.channel {
            Channel::Smtp => {
                let smtp = self.settings.smtp.as_ref().ok_or(NotifyError::NoWay("smtp"))?;
                mail::send(smtp, &rule.to, notice).await
            }
            Channel::Webhook => self.post(&notice.id, post::hook_body(notice)).await,
            Channel::Telegram => {
                let bot = self.settings.telegram.as_ref().ok_or(NotifyError::NoWay("telegram"))?;
                self.post.telegram(bot, notice).await
            }
        }
    }

    /// Whether what happens to cases is posted.
    pub fn posts_cases(&self) -> bool {
        self.settings.rules.iter().any(|rule| rule.event == Event::Case && rule.channel == Channel::Webhook)
    }

    /// Posts a body to the web hook; `id` is the same for every try.
    ///
    /// # Errors
    /// [`NotifyError`]; nothing was taken as far as can be known.
    pub async fn post(&self, id: &str, body: String) -> Result<(), NotifyError> {
        let hook = self.settings.webhook.as_ref().ok_or(NotifyError::NoWay("webhook"))?;
        self.post.hook(hook, id, body).await
    }

    /// Tells the dead man's switch, if there is one, that somebody is alive.
    ///
    /// # Errors
    /// [`NotifyError::Undelivered`].
    pub async fn ping(&self) -> Result<(), NotifyError> {
        match &self.settings.ping {
            Some(url) => self.post.ping(url).await,
            None => Ok(()),
        }
    }
}

fn name_of(rule: &NotifyRule) -> String {
    let channel = match rule.channel {
        Channel::Smtp => "smtp",
        Channel::Webhook => "webhook",
        Channel::Telegram => "telegram",
    };
    match rule.channel {
        Channel::Smtp => format!("{channel} {}", rule.to.join(" ")),
        _ => channel.to_owned(),
    }
}

/// Both languages below each other, as nobody knows who reads.
fn both(said: &Said) -> String {
    if said.id == said.en { said.id.clone() } else { format!("{}\n\n{}", said.id, said.en) }
}
