//! The pulls: a line each, the newest in detail, what was set aside, and what waits for a decision.

use super::Voice;
use super::live::Look;
use super::standing::surface_said;
use crate::app::{App, AppError, held};
use crate::domain::evidence::Reason;
use crate::domain::text::Lang;
use crate::export::words;
use crate::store::{Decided, Decision, Quarantined, RunLine as Pull, RunReport, SetAsideCount};
use crate::web::view::count;
use chrono::TimeDelta;

pub(super) struct PullRow {
    pub began: String,
    pub lasted: String,
    pub period: String,
    pub surfaces: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub requests: String,
    /// Read, new or changed, unchanged, vanished, quarantined.
    pub came: [String; 5],
}

impl PullRow {
    pub(super) fn of(pull: &Pull, voice: Voice) -> Self {
        let (state, tone) = state_of(&pull.state, voice.lang);
        let came = &pull.came;
        Self {
            began: voice.when(pull.started_at),
            lasted: pull.ended_at.map_or("–".to_owned(), |ended| lasted(ended - pull.started_at, voice.lang)),
            period: words::period(pull.period, voice.lang),
            surfaces: pull.surfaces.iter().map(|key| surface_said(key, voice.lang)).collect::<Vec<_>>().join(", "),
            state,
            tone,
            requests: count(pull.requests, voice.lang),
            came: [came.read, came.new + came.changed, came.unchanged, came.vanished, came.quarantined].map(|n| count(n, voice.lang)),
        }
    }
}

fn lasted(span: TimeDelta, lang: Lang) -> String {
    let seconds = span.num_seconds().max(0);
    match seconds {
        0..60 => lang.pick(format!("{seconds} detik"), format!("{seconds} s")),
        60..3_600 => lang.pick(format!("{} menit", seconds / 60), format!("{} min", seconds / 60)),
        _ => lang.pick(
            format!("{} jam {} menit", seconds / 3_600, seconds % 3_600 / 60),
            format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        ),
    }
}

fn state_of(key: &str, lang: Lang) -> (&'static str, &'static str) {
    match key {
        "finished" => (lang.pick("selesai", "finished"), "tag-green"),
        "running" => (lang.pick("berjalan", "running"), "tag-blue"),
        "deadline" => (lang.pick("dilanjutkan nanti", "goes on later"), "tag-amber"),
        _ => (lang.pick("berhenti", "stopped"), "tag-red"),
    }
}

/// The newest pull in detail.
pub(super) struct Latest {
    pub id: String,
    pub period: String,
    pub running: bool,
    pub states: Vec<(&'static str, &'static str, String)>,
    pub percent: u64,
    pub requests: String,
    pub rate: String,
    pub reasons: Vec<(&'static str, &'static str, &'static str, String)>,
    pub drift: Vec<(&'static str, String, String)>,
}

/// Questions by state: a key, its name, how many.
pub(super) fn states(report: &RunReport, lang: Lang) -> [(&'static str, &'static str, u64); 6] {
    let items = report.items;
    [
        ("menunggu", lang.pick("menunggu", "waiting"), items.pending),
        ("dikerjakan", lang.pick("dikerjakan", "being asked"), items.leased),
        ("terjawab", lang.pick("terjawab", "answered"), items.done),
        ("gagal", lang.pick("gagal", "failed"), items.failed),
        ("dikarantina", lang.pick("dikarantina", "quarantined"), items.quarantined),
        ("dilewati", lang.pick("dilewati", "skipped"), items.skipped),
    ]
}

/// Of a hundred questions, how many are settled.
pub(super) fn percent(report: &RunReport) -> u64 {
    let planned = report.items.planned();
    (planned - report.items.unsettled().min(planned)) * 100 / planned.max(1)
}

/// A rate in words.
pub(super) fn rate(rate: Option<f64>, lang: Lang) -> String {
    let Some(rate) = rate else { return lang.pick("sedang diukur", "being measured").to_owned() };
    lang.pick(format!("{rate:.1} per detik").replace('.', ","), format!("{rate:.1} a second"))
}

impl Latest {
    pub(super) fn of(look: &Look, voice: Voice) -> Option<Self> {
        let report = look.report.as_ref()?;
        let lang = voice.lang;
        let failed = report.reasons.iter().filter(|row| row.reason.is_some());
        let until = report.ended_at.unwrap_or(voice.now);
        let mean = report.requests as f64 / (until - report.started_at).as_seconds_f64().max(1.0);
        Some(Self {
            id: report.id.clone(),
            period: words::period(report.period, lang),
            running: report.state == "running",
            states: states(report, lang).map(|(key, name, number)| (key, name, count(number, lang))).into(),
            percent: percent(report),
            requests: count(report.requests, lang),
            rate: rate(look.rate.or(Some(mean)), lang),
            reasons: failed
                .map(|row| {
                    let reason = row.reason.map_or("", |reason| words::reason(reason, lang));
                    (surface_said(&row.surface, lang), words::kind(row.kind, lang), reason, count(row.count, lang))
                })
                .collect(),
            drift: report
                .drift
                .iter()
                .map(|drift| (words::kind(drift.kind, lang), drift.field.clone(), change(&drift.change, lang)))
                .collect(),
        })
    }
}

fn change(key: &str, lang: Lang) -> String {
    match key {
        "added" => lang.pick("kolom baru", "new field").to_owned(),
        "missing" => lang.pick("kolom hilang", "field is gone").to_owned(),
        "value" => lang.pick("tulisan yang belum dikenal", "label that is not known").to_owned(),
        "type" => lang.pick("jenis isinya lain", "of another type").to_owned(),
        other => other.to_owned(),
    }
}

/// What was set aside for one reason.
pub(super) struct AsideRow {
    pub kind_key: &'static str,
    pub reason_key: &'static str,
    pub kind: &'static str,
    pub reason: &'static str,
    pub count: String,
    pub last: String,
    /// Whether it is for a form to ask again, not for a decision.
    pub can_ask: bool,
}

impl AsideRow {
    pub(super) fn of(row: &SetAsideCount, voice: Voice) -> Self {
        Self {
            kind_key: row.kind.key(),
            reason_key: row.reason.key(),
            kind: words::kind(row.kind, voice.lang),
            reason: words::reason(row.reason, voice.lang),
            count: count(row.count, voice.lang),
            last: voice.when(row.newest),
            can_ask: row.kind.is_bulk() && row.reason != Reason::Vanish || row.kind.is_per_nip(),
        }
    }
}

/// An answer that was held.
pub(super) struct HeldRow {
    pub kind_key: &'static str,
    pub part: String,
    pub at_key: i64,
    pub kind: &'static str,
    pub span: String,
    pub at: String,
    pub why: String,
    /// Keys and types of one row.
    pub sample: Option<String>,
    pub can_accept: bool,
    /// Who has decided what.
    pub decided: Option<String>,
    pub refused: bool,
}

impl HeldRow {
    fn of(answer: &Quarantined, decisions: &[Decided], voice: Voice) -> Self {
        let lang = voice.lang;
        let (detail, sample) = match answer.detail.split_once(crate::sync::SAMPLE) {
            Some((detail, sample)) => (detail, Some(format!("{detail}\n{sample}"))),
            None => (answer.detail.as_str(), None),
        };
        let countable = held::countable(answer);
        let decided = held::decided(answer, decisions);
        Self {
            kind_key: answer.kind.key(),
            part: answer.part.clone(),
            at_key: answer.at.timestamp_micros(),
            kind: words::kind(answer.kind, lang),
            span: answer.span.to_string(),
            at: voice.when(answer.at),
            why: why(answer.reason, countable, detail, lang),
            sample,
            can_accept: countable.is_some(),
            decided: decided.map(|known| said(known, voice)),
            refused: decided.is_some_and(|known| known.decision == Decision::Refused),
        }
    }

    pub(super) async fn all(app: &App, voice: Voice) -> Result<Vec<Self>, AppError> {
        let decisions = app.store.held_decisions(voice.now - held::LOOK_BACK).await?;
        let waiting = held::waiting(&app.store, voice.now).await?;
        Ok(waiting.iter().map(|answer| Self::of(answer, &decisions, voice)).collect())
    }
}

fn why(reason: Reason, rows: Option<u64>, detail: &str, lang: Lang) -> String {
    match (reason, rows) {
        (Reason::Vanish, Some(rows)) => {
            let rows = count(rows, lang);
            lang.pick(
                format!(
                    "{rows} orang yang sebelumnya ada kini tidak disebut. Menerima berarti mereka dianggap tidak ada lagi di daftar ini."
                ),
                format!("{rows} people who were there are no longer named. To accept means that they no longer stand in this list."),
            )
        }
        (_, Some(rows)) => {
            let rows = count(rows, lang);
            lang.pick(
                format!("{rows} baris tidak terbaca karena bentuknya berubah. Menerima berarti sisanya dipakai; orang di baris itu tetap belum diketahui."),
                format!("{rows} rows cannot be read since their shape has changed. To accept means that the rest is used; whoever stands in those rows stays unknown."),
            )
        }
        (_, None) => lang.pick(
            format!("Tidak terbaca oleh versi ini ({detail}). Laporkan contoh di bawah; jawaban ini tidak dapat diterima."),
            format!("This version cannot read it ({detail}). Report the sample below; it cannot be accepted."),
        ),
    }
}

fn said(known: &Decided, voice: Voice) -> String {
    let (account, at) = (&known.account, voice.when(known.at));
    match known.decision {
        Decision::Accepted => voice.lang.pick(
            format!("Diterima oleh {account}, {at}; menunggu tarikan berikutnya."),
            format!("Accepted by {account}, {at}; waits for the next pull."),
        ),
        Decision::Refused => voice.lang.pick(format!("Ditolak oleh {account}, {at}."), format!("Refused by {account}, {at}.")),
    }
}
