//! BKN: does each surface answer, and how long do its tokens hold.

use super::Line;
use crate::app::{AppError, settings};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::text::Lang;
use crate::ekinerja::{Action, Fault, PaceSettings, Report, Secret, Siasn, Surface};
use crate::export::words;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use std::time::Duration;

/// Nobody waits longer for a surface.
const PATIENCE: Duration = Duration::from_secs(12);
/// A token that ends sooner should be renewed now.
const SOON: TimeDelta = TimeDelta::days(7);

pub(super) async fn examine(config: &Config, clock: &SharedClock) -> Vec<Line> {
    let (report, siasn) = tokio::join!(report(config, clock), siasn(config, clock));
    let mut lines = vec![report, siasn];
    let ekinerja = &config.ekinerja;
    let tokens = [("ekinerja.report.token", &ekinerja.report.token), ("ekinerja.siasn.sso_token", &ekinerja.siasn.sso_token)];
    for (key, secret) in tokens {
        // A secret that cannot be read has its own line.
        if let Some(Ok(token)) = secret.as_ref().map(|secret| secret.resolve(key)) {
            lines.push(expiry(key, Secret::new(token.reveal()).expires_at(), clock.now(), config.schedule.timezone.get()));
        }
    }
    lines
}

async fn report(config: &Config, clock: &SharedClock) -> Line {
    let check = "bkn_report";
    match settings::report(config) {
        Err(error) => Line::error(check, &error),
        Ok(None) => not_configured(check, Surface::Report, &config.ekinerja.report.missing()),
        Ok(Some(mut settings)) => {
            hurry(&mut settings.pace);
            let address = settings.base_url.clone();
            match Report::new(settings, clock.clone()) {
                Err(error) => Line::error(check, &AppError::Settings(error)),
                Ok(client) => answered(
                    check,
                    Surface::Report,
                    &address,
                    tokio::time::timeout(PATIENCE, client.probe(clock.now() + PATIENCE)).await.ok(),
                ),
            }
        }
    }
}

async fn siasn(config: &Config, clock: &SharedClock) -> Line {
    let check = "bkn_siasn";
    match settings::siasn(config) {
        Err(error) => Line::error(check, &error),
        Ok(None) => not_configured(check, Surface::Siasn, &config.ekinerja.siasn.missing()),
        Ok(Some(mut settings)) => {
            hurry(&mut settings.pace);
            let address = settings.wso2_token_url.clone();
            match Siasn::new(settings, clock.clone()) {
                Err(error) => Line::error(check, &AppError::Settings(error)),
                Ok(client) => answered(check, Surface::Siasn, &address, tokio::time::timeout(PATIENCE, client.probe()).await.ok()),
            }
        }
    }
}

/// One attempt, and no long wait.
fn hurry(pace: &mut PaceSettings) {
    pace.attempts = 1;
    pace.connect_timeout = pace.connect_timeout.min(Duration::from_secs(5));
    pace.request_timeout = pace.request_timeout.min(Duration::from_secs(10));
}

fn not_configured(check: &'static str, surface: Surface, missing: &[&str]) -> Line {
    let missing = missing.join(", ");
    Line::warn(
        check,
        format!("{surface} belum dikonfigurasi, tidak ditarik"),
        format!("{surface} is not configured and is not pulled from"),
    )
    .todo(format!("isi {missing}"), format!("set {missing}"))
}

fn answered(check: &'static str, surface: Surface, address: &str, answer: Option<Result<(), Fault>>) -> Line {
    let key = match surface {
        Surface::Report => "ekinerja.report.base_url",
        Surface::Siasn => "ekinerja.siasn.wso2_token_url",
    };
    let network = |line: Line| line.todo(format!("periksa {key}, jaringan dan proxy"), format!("check {key}, the network and the proxy"));
    match answer {
        Some(Ok(())) => Line::ok(check, format!("{address} menjawab dan mengenali kita"), format!("{address} answers and knows us")),
        Some(Err(fault)) => {
            let line = Line::fail(
                check,
                format!("{address}: {} ({fault})", words::reason(fault.reason, Lang::Id)),
                format!("{address}: {} ({fault})", words::reason(fault.reason, Lang::En)),
            );
            match fault.action {
                Action::CallOperator(key) => line.todo(format!("perbarui {key}"), format!("change {key}")),
                _ => network(line),
            }
        }
        None => {
            let seconds = PATIENCE.as_secs();
            network(Line::fail(
                check,
                format!("{address} tidak menjawab dalam {seconds} detik"),
                format!("{address} does not answer within {seconds} seconds"),
            ))
        }
    }
}

fn expiry(key: &str, expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: Tz) -> Line {
    let check = "token";
    let Some(at) = expires_at else {
        return Line::ok(check, format!("{key}: tidak memuat tanggal kedaluwarsa"), format!("{key}: does not say when it expires"));
    };
    let [id, en] = [Lang::Id, Lang::En].map(|lang| words::instant(at, zone, lang));
    let renew = |line: Line| line.todo(format!("minta token baru dan perbarui {key}"), format!("ask for a new token and change {key}"));
    if at <= now {
        return renew(Line::fail(check, format!("{key}: kedaluwarsa sejak {id}"), format!("{key}: expired on {en}")));
    }
    let (id, en) = (format!("{key}: berlaku sampai {id}"), format!("{key}: holds until {en}"));
    if at <= now + SOON { renew(Line::warn(check, id, en)) } else { Line::ok(check, id, en) }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;
    use crate::domain::evidence::Reason;

    #[test]
    fn a_token_is_judged_by_its_end() {
        let now: DateTime<Utc> = "2026-11-02T01:00:00Z".parse().unwrap();
        let level = |left: i64| expiry("ekinerja.report.token", Some(now + TimeDelta::hours(left)), now, Tz::UTC).level;
        assert_eq!([level(24 * 30), level(24), level(-1), level(0)], [Level::Ok, Level::Warn, Level::Fail, Level::Fail]);
        assert_eq!(expiry("k", None, now, Tz::UTC).level, Level::Ok);
    }

    #[test]
    fn a_refused_token_names_its_key_and_silence_the_network() {
        let fault = Fault::new(Reason::AuthReport, Action::CallOperator("ekinerja.report.token"), "401");
        let line = answered("bkn_report", Surface::Report, "https://x", Some(Err(fault)));
        assert_eq!((line.level, line.action.unwrap().id.as_str()), (Level::Fail, "perbarui ekinerja.report.token"));
        let silent = answered("bkn_report", Surface::Report, "https://x", None);
        assert!(silent.action.unwrap().en.contains("ekinerja.report.base_url"));
    }
}
