//! What a pull notes about itself for those who look from elsewhere: how it finds each surface, and which tokens it uses.
//! Nothing of it decides anything, so what cannot be noted is only logged.

use crate::app::access::sha256;
use crate::app::{App, AppError};
use crate::ekinerja::{Report, ReportSettings, Seen, Siasn, SiasnSettings, SsoMode, Surface};
use crate::store::StoreError;
use crate::sync::Pulled;
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;

/// How often it is noted.
const EVERY: Duration = Duration::from_secs(5);
/// So much of a hash tells tokens apart.
const FINGERPRINT: usize = 12;

/// Notes which tokens of the configuration are in use.
pub(super) async fn given(app: &App, report: Option<&ReportSettings>, siasn: Option<&SiasnSettings>) -> Result<(), AppError> {
    let report = report.map(|settings| ("ekinerja.report.token", &settings.token));
    let fixed = siasn.filter(|settings| settings.sso_mode == SsoMode::Static);
    let siasn = fixed.map(|settings| ("ekinerja.siasn.sso_token", &settings.sso_token));
    for (key, token) in report.into_iter().chain(siasn) {
        let fingerprint = &sha256(token.reveal())[..FINGERPRINT];
        app.store.note_token(key, fingerprint, app.clock.now(), token.expires_at()).await?;
    }
    Ok(())
}

/// The clients of a pull that is at work.
pub(super) struct Watch<'a> {
    pub app: &'a App,
    pub report: Option<Arc<Report>>,
    pub siasn: Option<Arc<Siasn>>,
}

impl Watch<'_> {
    /// Notes now and then how the pull finds the surfaces, until it has ended, and once more then.
    pub(super) async fn over(&self, pull: impl Future<Output = Result<Pulled, StoreError>>) -> Result<Pulled, AppError> {
        let noting = async {
            loop {
                tokio::time::sleep(EVERY).await;
                self.note().await;
            }
        };
        let pulled = tokio::select! {
            pulled = pull => pulled?,
            () = noting => return Err(StoreError::Busy.into()),
        };
        self.note().await;
        for stopped in &pulled.stopped {
            let Some(key) = stopped.key else { continue };
            self.app.store.token_refused(key).await?;
        }
        Ok(pulled)
    }

    async fn note(&self) {
        if let Err(error) = self.noted().await {
            tracing::warn!(%error, "how the surfaces are found could not be noted");
        }
    }

    async fn noted(&self) -> Result<(), StoreError> {
        let report = self.report.as_ref().map(|client| (Surface::Report, client.seen()));
        let siasn = self.siasn.as_ref().map(|client| (Surface::Siasn, client.seen()));
        for (surface, Seen { breaker, rests_for, in_flight }) in report.into_iter().chain(siasn) {
            let rest = rests_for.map(|wait| self.app.clock.now() + TimeDelta::from_std(wait).unwrap_or_default());
            self.app.store.note_breaker(surface.key(), breaker, rest, in_flight).await?;
        }
        for token in self.siasn.iter().flat_map(|client| client.minted()) {
            // A token that was asked for is told from the next by when that was: nothing of it is kept.
            let fingerprint = token.at.timestamp_micros().to_string();
            self.app.store.note_token(token.key, &fingerprint, token.at, token.until).await?;
        }
        Ok(())
    }
}
