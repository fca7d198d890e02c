//! Notices as HTTP posts: a web hook signed as the Standard Webhooks specification has it, a Telegram bot, and a dead
//! man's switch.

use super::Notice;
use super::NotifyError;
use super::both;
use crate::clock::SharedClock;
use crate::config::HttpUrl;
use crate::config::Telegram;
use crate::config::Webhook;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use reqwest::redirect::Policy;
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes that a key of a web hook has, by the specification.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Telegram takes no longer text.
const LONGEST: usize = 4000;

pub(super) struct Post {
    client: reqwest::Client,
    clock: SharedClock,
}

impl Post {
    /// Certificates are always verified, redirects never followed: a secret stays with the host it is for.
    #[allow(clippy::disallowed_methods, reason = "a client without BKN's pace; every limit is set here")]
    pub fn new(clock: SharedClock) -> Result<Self, NotifyError> {
        // Fails only when somebody installed a provider before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("selaras/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .build()
            .map_err(|_| undelivered("webhook", "no TLS client can be set up"))?;
        Ok(Self { client, clock })
    }

    /// Posts to a web hook.
    pub async fn hook(&self, hook: &Webhook, id: &str, body: String) -> Result<(), NotifyError> {
        let at = self.clock.now().timestamp();
        let mut request = self
            .client
            .post(hook.url.as_str())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at.to_string());
        if let Some(secret) = &hook.secret {
            let secret = secret.resolve("notify.webhook.secret")?;
            let Some(signature) = signature(secret.reveal(), id, at, &body) else {
                return Err(undelivered(
                    "webhook",
                    "notify.webhook.secret: write whsec_ and 24 to 64 random bytes in base64, for example from: openssl rand -base64 32",
                ));
            };
            request = request.header("webhook-signature", signature);
        }
        taken("webhook", request.body(body).send().await)
    }

    /// Writes to a chat.
    pub async fn telegram(&self, bot: &Telegram, notice: &Notice) -> Result<(), NotifyError> {
        let token = bot.token.resolve("notify.telegram.token")?;
        let text: String = format!("{}\n\n{}", notice.subject.id, both(&notice.said)).chars().take(LONGEST).collect();
        let url = format!("{}/bot{}/sendMessage", bot.base_url.as_str(), token.reveal());
        let body = json!({"chat_id": bot.chat_id, "text": text, "link_preview_options": {"is_disabled": true}}).to_string();
        taken("telegram", self.client.post(url).header("content-type", "application/json").body(body).send().await)
    }

    /// Asks for the address; what it answers is nobody's business.
    pub async fn ping(&self, url: &HttpUrl) -> Result<(), NotifyError> {
        taken("ping", self.client.get(url.as_str()).send().await)
    }
}

/// What a web hook is told of a notice.
pub(super) fn hook_body(notice: &Notice) -> String {
    let end = if notice.is_over { "ended" } else { "began" };
    json!({
        "type": format!("notice.{end}"),
        "timestamp": notice.since.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": {
            "event": notice.event,
            "cause": notice.cause,
            "subject": {"id": notice.subject.id, "en": notice.subject.en},
            "sentence": {"id": notice.said.id, "en": notice.said.en},
        },
    })
    .to_string()
}

/// `v1,` and the HMAC-SHA256 of id, time and body. `None` for a secret that is not `whsec_` and a key of the right length
/// in base64: what receivers' libraries would read otherwise than we do.
fn signature(secret: &str, id: &str, at: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.trim().strip_prefix("whsec_")?).ok().filter(|key| KEY_BYTES.contains(&key.len()))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

fn undelivered(way: &'static str, why: impl Into<String>) -> NotifyError {
    NotifyError::Undelivered { way, why: why.into() }
}

/// Whether it was taken. The address of an error may hold a token, so it is left out.
fn taken(way: &'static str, answer: reqwest::Result<reqwest::Response>) -> Result<(), NotifyError> {
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(undelivered(way, format!("the other side answered {}", answer.status().as_u16()))),
        Err(error) if error.is_timeout() => Err(undelivered(way, "no answer in time")),
        Err(error) if error.is_connect() => Err(undelivered(way, "no connection")),
        Err(error) => Err(undelivered(way, error.without_url().to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        // https://github.com/standard-webhooks/standard-webhooks, the example of its reference implementations
        let signed =
            signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        for wrong in ["whsec_%", "whsec_", "whsec_MfKQ9r8G", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "rahasia"] {
            assert_eq!(signature(wrong, "a", 1, ""), None, "{wrong}");
        }
    }
}
