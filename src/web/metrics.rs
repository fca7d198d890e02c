//! `/metrics`: what Prometheus scrapes. Everything is read from the store when it is asked for, so that any replica
//! says the same; base units, and never a NIP, a name or a unit in a label.

use super::Site;
use crate::app::status::{self, Status};
use crate::store::ItemCounts;
use crate::telemetry;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

type Labels = Vec<(&'static str, String)>;
type Whole = Family<Labels, Gauge>;
type Seconds = Family<Labels, Gauge<f64, AtomicU64>>;

/// Answers a scrape.
pub(super) async fn show(State(site): State<Arc<Site>>) -> Response {
    let told = match status::of(&site.app).await {
        Ok(status) => written(&status),
        Err(error) => {
            tracing::warn!(why = %error.sentence(site.lang), "the metrics could not be read");
            None
        }
    };
    match told {
        Some(text) => ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "store\n").into_response(),
    }
}

fn written(status: &Status) -> Option<String> {
    let mut sheet = Sheet { registry: Registry::with_prefix("selaras"), period: status.period.to_string() };
    sheet.build();
    sheet.calendar(status);
    sheet.pull(status);
    sheet.reconciliation(status);
    sheet.traces();
    let mut text = String::new();
    encode(&mut text, &sheet.registry).ok()?;
    Some(text)
}

/// Metrics of one period.
struct Sheet {
    registry: Registry,
    period: String,
}

fn stamp(at: DateTime<Utc>) -> f64 {
    at.timestamp_micros() as f64 / 1e6
}

impl Sheet {
    fn whole(&mut self, name: &str, help: &str) -> Whole {
        let family = Whole::default();
        self.registry.register(name, help, family.clone());
        family
    }

    fn seconds(&mut self, name: &str, help: &str) -> Seconds {
        let family = Seconds::default();
        self.registry.register(name, help, family.clone());
        family
    }

    /// The labels of a figure about the period.
    fn of(&self, more: &[(&'static str, &str)]) -> Labels {
        let mut labels = vec![("period", self.period.clone())];
        labels.extend(more.iter().map(|(key, value)| (*key, (*value).to_owned())));
        labels
    }

    fn build(&mut self) {
        let build = self.whole("build_info", "This build; always 1");
        build.get_or_create(&vec![("version", env!("CARGO_PKG_VERSION").to_owned())]).set(1);
    }

    /// Of this process, unlike the rest.
    fn traces(&mut self) {
        let Some((taken, lost)) = telemetry::spans() else { return };
        for (name, help, count) in [
            ("trace_spans_sent", "Spans of this process that the collector of log.otlp has taken", taken),
            ("trace_spans_lost", "Spans of this process that were lost because the queue was full or the collector refused them", lost),
        ] {
            let counter = Counter::<u64>::default();
            counter.inc_by(count);
            self.registry.register(name, help, counter);
        }
    }

    fn calendar(&mut self, status: &Status) {
        if let Some(deadline) = status.kppn_deadline {
            let last = self.seconds("kppn_deadline_timestamp_seconds", "End of the last day on which KPPN takes the payment as induk");
            last.get_or_create(&self.of(&[])).set(stamp(deadline));
        }
        let checked = self.seconds("source_checked_timestamp_seconds", "When a source of this kind of evidence was last confirmed");
        for (kind, at) in &status.checked {
            checked.get_or_create(&vec![("kind", kind.key().to_owned())]).set(stamp(*at));
        }
    }

    fn pull(&mut self, status: &Status) {
        let items = self.whole("sync_items", "Questions of the newest pull by state");
        let Some(pull) = &status.pull else { return };
        let ItemCounts { pending, leased, done, failed, quarantined, skipped } = pull.items;
        for (state, count) in [
            ("pending", pending),
            ("leased", leased),
            ("done", done),
            ("failed", failed),
            ("quarantined", quarantined),
            ("skipped", skipped),
        ] {
            items.get_or_create(&self.of(&[("state", state)])).set(figure(count));
        }
        let reasons = self.whole("sync_failed_items", "Questions of the newest pull without a usable answer, by surface, kind and reason");
        for row in pull.reasons.iter().filter(|row| row.reason.is_some()) {
            let reason = row.reason.map_or("", |reason| reason.key());
            let labels = self.of(&[("surface", row.surface.as_str()), ("kind", row.kind.key()), ("reason", reason)]);
            reasons.get_or_create(&labels).inc_by(figure(row.count));
        }
        let requests = self.whole("sync_requests", "Requests that the newest pull sent to BKN");
        requests.get_or_create(&self.of(&[])).set(figure(pull.requests));
        let held = self.whole("sync_held_batches", "Batches of the newest pull that wait for a person");
        held.get_or_create(&self.of(&[])).set(figure(pull.batches.iter().filter(|batch| batch.reason.is_some()).count() as u64));
        let drift = self.whole("sync_drift_fields", "Fields of BKN's answers that differ from what is known, in the newest pull");
        drift.get_or_create(&self.of(&[])).set(figure(pull.drift.len() as u64));
        let began = self.seconds("sync_started_timestamp_seconds", "When the newest pull began");
        began.get_or_create(&self.of(&[])).set(stamp(pull.started_at));
        if let Some(ended) = pull.ended_at {
            let end = self.seconds("sync_ended_timestamp_seconds", "When the newest pull ended");
            end.get_or_create(&self.of(&[("state", pull.state.as_str())])).set(stamp(ended));
        }
    }

    fn reconciliation(&mut self, status: &Status) {
        let open = self.whole("findings_open", "Open findings by code and severity");
        for (code, severity, count) in &status.open {
            open.get_or_create(&self.of(&[("code", code.code()), ("severity", severity.key())])).set(figure(*count));
        }
        let Some(run) = &status.reconciliation else { return };
        let heads = self.whole("evidence_heads", "People of the roster by kind of evidence and how well it is known");
        for (kind, state, count) in status.heads() {
            heads.get_or_create(&self.of(&[("kind", kind), ("state", state.key())])).set(figure(count));
        }
        let complete = self.whole("complete", "1 when every required kind is known for everybody");
        complete.get_or_create(&self.of(&[])).set(i64::from(run.record.complete));
        let trial = self.whole("trial", "1 while an unverified rule or a draft policy is in use");
        trial.get_or_create(&self.of(&[])).set(i64::from(run.record.mode == "trial"));
        let checked = self.seconds("reconcile_checked_timestamp_seconds", "When the last reconciliation ended, even if it changed nothing");
        checked.get_or_create(&self.of(&[])).set(stamp(run.checked_at));
        let took = self.seconds("reconcile_duration_seconds", "How long the last reconciliation took that changed anything");
        took.get_or_create(&self.of(&[])).set(stamp(run.ended_at) - stamp(run.record.started_at));
    }
}

fn figure(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
