//! From configuration keys to what the BKN clients and a pull need. Secrets are read here, at the moment of use.

use super::AppError;
use crate::config::{Config, Pace, Secret as Configured};
use crate::ekinerja::{PaceSettings, ReportSettings, Secret, SiasnSettings, SsoMode};
use crate::store::VanishLimits;

fn pace(pace: &Pace) -> PaceSettings {
    PaceSettings {
        requests_per_second: pace.requests_per_second,
        burst: pace.burst,
        max_in_flight: pace.max_in_flight,
        connect_timeout: pace.connect_timeout.get(),
        request_timeout: pace.request_timeout.get(),
        attempts: pace.attempts,
        backoff_initial: pace.backoff_initial.get(),
        backoff_max: pace.backoff_max.get(),
        retry_after_max: pace.retry_after_max.get(),
        suspended_wait: pace.suspended_wait.get(),
        breaker_open: pace.breaker_open.get(),
        give_up_after: pace.give_up_after,
        lease: pace.lease.get(),
        run_deadline: pace.run_deadline.get(),
        resume_within: pace.resume_within.get(),
        max_body: pace.max_body.get(),
    }
}

fn secret(configured: Option<&Configured>, key: &str) -> Result<Secret, AppError> {
    match configured {
        Some(secret) => Ok(Secret::new(secret.resolve(key)?.reveal())),
        None => Ok(Secret::default()),
    }
}

/// The report API; `None` when its token is not configured.
///
/// # Errors
/// When the token cannot be read.
pub fn report(config: &Config) -> Result<Option<ReportSettings>, AppError> {
    let section = &config.ekinerja.report;
    if !section.missing().is_empty() {
        return Ok(None);
    }
    let token = secret(section.token.as_ref(), "ekinerja.report.token")?;
    Ok(Some(ReportSettings { base_url: section.base_url.to_string(), token, pace: pace(&config.ekinerja.report_pace()) }))
}

/// SIASN; `None` when one of its needed keys is not configured.
///
/// # Errors
/// When a secret cannot be read.
pub fn siasn(config: &Config) -> Result<Option<SiasnSettings>, AppError> {
    let section = &config.ekinerja.siasn;
    if !section.missing().is_empty() {
        return Ok(None);
    }
    Ok(Some(SiasnSettings {
        base_url: section.base_url.to_string(),
        wso2_token_url: section.wso2_token_url.to_string(),
        consumer_key: secret(section.consumer_key.as_ref(), "ekinerja.siasn.consumer_key")?,
        consumer_secret: secret(section.consumer_secret.as_ref(), "ekinerja.siasn.consumer_secret")?,
        sso_mode: match section.sso_mode {
            crate::config::SsoMode::Static => SsoMode::Static,
            crate::config::SsoMode::Password => SsoMode::Password,
        },
        sso_token: secret(section.sso_token.as_ref(), "ekinerja.siasn.sso_token")?,
        sso_token_url: section.sso_token_url.to_string(),
        sso_client_id: section.sso_client_id.clone().unwrap_or_default(),
        sso_username: secret(section.sso_username.as_ref(), "ekinerja.siasn.sso_username")?,
        sso_password: secret(section.sso_password.as_ref(), "ekinerja.siasn.sso_password")?,
        pace: pace(&config.ekinerja.siasn_pace()),
    }))
}

/// When a shrunken bulk answer is held.
pub fn vanish(config: &Config) -> VanishLimits {
    VanishLimits { percent: config.evidence.vanish_limit_percent, min: u64::from(config.evidence.vanish_limit_min) }
}
