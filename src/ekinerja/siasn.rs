//! What the SIASN web service is asked: one person and one kind at a time (facts ekinerja-api §2). Nothing is ever
//! written there.

use super::answer::Answer;
use super::answer::Outcome;
use super::answer::Question;
use super::answer::RawBody;
use super::auth::Credentials;
use super::auth::Grant;
use super::auth::Minted;
use super::auth::Sso;
use super::auth::Token;
use super::auth::TokenDesk;
use super::bucket::Bucket;
use super::fault::Action;
use super::fault::Fault;
use super::fault::Surface;
use super::http::Wire;
use super::http::address;
use super::http::below;
use super::line::Content;
use super::line::Line;
use super::pace::Seen;
use super::person;
use super::report::data;
use super::settings::SettingsError;
use super::settings::SiasnSettings;
use super::settings::SsoMode;
use super::wire::Drift;
use crate::clock::SharedClock;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::evidence::Reason;
use chrono::DateTime;
use chrono::Utc;
use std::sync::Arc;

/// The client of SIASN. One for the whole process: it holds the connections, the pace and the tokens.
pub struct Siasn {
    line: Line,
}

impl Siasn {
    /// A client with these settings. Nothing is asked yet.
    ///
    /// # Errors
    /// A missing or unusable value, named by its key.
    pub fn new(settings: SiasnSettings, clock: SharedClock) -> Result<Self, SettingsError> {
        let base = address("ekinerja.siasn.base_url", &settings.base_url)?;
        let wso2 = address("ekinerja.siasn.wso2_token_url", &settings.wso2_token_url)?;
        for (key, given) in
            [("ekinerja.siasn.consumer_key", &settings.consumer_key), ("ekinerja.siasn.consumer_secret", &settings.consumer_secret)]
        {
            if given.is_empty() {
                return Err(SettingsError::Missing { key, hint: "BKN issues it with the API subscription" });
            }
        }
        let cool = settings.pace.breaker_open;
        let (sso, sso_url) = sso(&settings, cool, &clock)?;
        let grant = Grant::Client { key: settings.consumer_key, secret: settings.consumer_secret };
        let gateway = Box::new(TokenDesk::new(grant, wso2.clone(), cool, clock.clone()));
        let addresses: Vec<_> = [Some(&base), Some(&wso2), sso_url.as_ref()].into_iter().flatten().collect();
        let wire = Wire::new(&settings.pace, &addresses, clock.clone())?;
        let line = Line::new(Surface::Siasn, base, wire, Credentials::Siasn { gateway, sso }, settings.pace, clock)?;
        Ok(Self { line })
    }

    /// How this process finds the surface.
    pub fn seen(&self) -> Seen {
        self.line.seen()
    }

    /// The tokens that were asked for and are still good.
    pub fn minted(&self) -> Vec<Minted> {
        self.line.minted()
    }

    /// Lets several processes share one pace.
    pub fn with_bucket(mut self, bucket: Arc<dyn Bucket>) -> Self {
        self.line.share(bucket);
        self
    }

    /// Asks, and asks again as often as the settings allow; ends by `deadline`. Dropping the future is safe: nothing
    /// but the request under way is lost.
    pub async fn ask(&self, question: &Question, deadline: DateTime<Utc>) -> Answer {
        match *question {
            Question::Person { kind, nip, part_time } => self.person(kind, nip, part_time, deadline).await,
            _ => self.unasked(question.kind()),
        }
    }

    /// Asks for both tokens: whether the token addresses and secrets are right. For `doctor`.
    ///
    /// # Errors
    /// Why not.
    pub async fn probe(&self) -> Result<(), Fault> {
        self.line.knock().await
    }

    async fn person(&self, kind: Kind, nip: Nip, part_time: bool, deadline: DateTime<Utc>) -> Answer {
        let Some(path) = person::path(kind, part_time) else { return self.unasked(kind) };
        let url = below(self.line.base(), ["pns"].into_iter().chain(path.split('/')).chain([nip.as_str()]));
        let heard = self.line.ask(&url, &format!("pns/{path}/{{nip}}"), self.line.until(deadline)).await;
        let (outcome, drift) = match (heard.content, &heard.received) {
            (Content::Data(range), Some(received)) => rows(kind, part_time, nip, data(received, range)),
            (Content::Fault(fault), _) => (Outcome::Fault(fault), Vec::new()),
            _ => (Outcome::DeclaredAbsent, Vec::new()),
        };
        Answer {
            outcome,
            raw: heard.received.map(RawBody::from),
            requests: heard.requests,
            drift,
            source: format!("siasn:{path}"),
            received_at: self.line.now(),
        }
    }

    fn unasked(&self, kind: Kind) -> Answer {
        let fault = Fault::new(Reason::Malformed, Action::GiveUp, format!("{kind} is not among the answers of SIASN"));
        let received_at = self.line.now();
        Answer { outcome: Outcome::Fault(fault), raw: None, requests: 0, drift: Vec::new(), source: "siasn:".to_owned(), received_at }
    }
}

/// What `data` of an answer about one person says.
pub(crate) fn rows(kind: Kind, part_time: bool, nip: Nip, json: &str) -> (Outcome, Vec<Drift>) {
    let (read, drift) = person::read(kind, part_time, nip, json);
    let rows = |statement| Outcome::Rows { statements: vec![statement], quarantined: Vec::new() };
    (read.map_or_else(Outcome::Fault, rows), drift)
}

fn sso(settings: &SiasnSettings, cool: std::time::Duration, clock: &SharedClock) -> Result<(Sso, Option<reqwest::Url>), SettingsError> {
    if settings.sso_mode == SsoMode::Static {
        let key = "ekinerja.siasn.sso_token";
        if settings.sso_token.is_empty() {
            return Err(SettingsError::Missing {
                key,
                hint: "ask BKN or the SIASN operator for it, or set ekinerja.siasn.sso_mode to password",
            });
        }
        return Ok((Sso::Static(Arc::new(Token::fixed(key, "bearer", &settings.sso_token)?)), None));
    }
    let url = address("ekinerja.siasn.sso_token_url", &settings.sso_token_url)?;
    let needed = [
        ("ekinerja.siasn.sso_client_id", settings.sso_client_id.is_empty(), "it is the agency's client at BKN's SSO"),
        ("ekinerja.siasn.sso_username", settings.sso_username.is_empty(), "it is the NIP of an authorised operator"),
        ("ekinerja.siasn.sso_password", settings.sso_password.is_empty(), "it is the operator's SIASN password"),
    ];
    if let Some((key, _, hint)) = needed.into_iter().find(|(_, empty, _)| *empty) {
        return Err(SettingsError::Missing { key, hint });
    }
    let grant = Grant::Password {
        client: settings.sso_client_id.clone(),
        username: settings.sso_username.clone(),
        password: settings.sso_password.clone(),
    };
    Ok((Sso::Minted(Box::new(TokenDesk::new(grant, url.clone(), cool, clock.clone()))), Some(url)))
}
