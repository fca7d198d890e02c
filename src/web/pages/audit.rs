//! `/audit`: who did what, the newest first. What was asked for stands in the address; NIPs are covered for who may not
//! see them.

use super::html;
use super::trouble::Trouble;
use crate::app::AppError;
use crate::app::access::action;
use crate::domain::text::Lang;
use crate::store::{AuditLine, AuditWanted};
use crate::web::Site;
use crate::web::ask::Ask;
use crate::web::layout::{Layout, Room};
use crate::web::veil::Veil;
use crate::web::view::when;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use std::sync::Arc;

/// Lines of a page.
const ROWS: u32 = 50;

/// Every action with its name.
fn name(key: &str, lang: Lang) -> &'static str {
    match key {
        action::SIGN_IN => lang.pick("masuk", "signed in"),
        action::SIGN_IN_FAILED => lang.pick("gagal masuk", "failed to sign in"),
        action::LOCKOUT => lang.pick("akun menunggu", "account waits"),
        action::SIGN_OUT => lang.pick("keluar", "signed out"),
        action::ACCOUNT_ADDED => lang.pick("akun dibuat", "account made"),
        action::PASSWORD_SET => lang.pick("kata sandi diganti", "password changed"),
        action::ROLES_SET => lang.pick("peran diganti", "roles changed"),
        action::ACCOUNT_DISABLED => lang.pick("akun ditutup", "account closed"),
        action::ACCOUNT_ENABLED => lang.pick("akun dibuka", "account opened"),
        action::TOKEN_ADDED => lang.pick("token dibuat", "token made"),
        action::TOKEN_REVOKED => lang.pick("token dicabut", "token revoked"),
        action::SESSIONS_ENDED => lang.pick("sesi diakhiri", "sessions ended"),
        action::PERSON_SEEN => lang.pick("melihat pegawai", "looked at a person"),
        action::EXPORTED => lang.pick("dokumen keluar", "document left"),
        action::JOB_STARTED => lang.pick("pekerjaan dijalankan", "job started"),
        action::ASKED_AGAIN => lang.pick("karantina ditanyakan lagi", "quarantine asked again"),
        action::HELD_ACCEPTED => lang.pick("jawaban tertahan diterima", "held answer accepted"),
        action::HELD_REFUSED => lang.pick("jawaban tertahan ditolak", "held answer refused"),
        action::LISTED => lang.pick("daftar diberikan kepada program", "rows given to a program"),
        action::PAYMENT_CHECKED => lang.pick("berkas bayar diperiksa", "payment file judged"),
        action::VIEW_SAVED => lang.pick("tampilan disimpan", "view saved"),
        action::VIEW_RENAMED => lang.pick("tampilan diganti nama", "view renamed"),
        action::VIEW_DELETED => lang.pick("tampilan dihapus", "view deleted"),
        action::CASE_ASSIGNED => lang.pick("kasus ditugaskan", "case assigned"),
        action::CASE_DEADLINE_SET => lang.pick("batas kasus diatur", "deadline of a case set"),
        action::CASE_COMMENTED => lang.pick("kasus dikomentari", "case commented"),
        action::WAIVER_ASKED => lang.pick("pengesampingan diajukan", "waiver asked for"),
        action::WAIVER_APPROVED => lang.pick("pengesampingan disetujui", "waiver approved"),
        action::WAIVER_REFUSED => lang.pick("pengesampingan ditolak", "waiver refused"),
        action::WAIVER_WITHDRAWN => lang.pick("pengesampingan ditarik", "waiver withdrawn"),
        action::REFUSED => lang.pick("akses ditolak", "access refused"),
        action::FORGED => lang.pick("permintaan palsu", "forged request"),
        _ => lang.pick("lainnya", "other"),
    }
}

/// What the address asks for.
struct Filter {
    account: String,
    action: String,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    before: Option<i64>,
    verify: bool,
}

impl Filter {
    fn read(pairs: &[(String, String)], lang: Lang) -> Result<Self, Trouble> {
        let value = |name: &str| pairs.iter().rev().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
        let wrong = |text: &str| {
            let text: String = text.chars().take(40).collect();
            let said = lang.pick(format!("'{text}' bukan isian yang dipahami"), format!("'{text}' is not understood"));
            Trouble::new(StatusCode::BAD_REQUEST, said)
        };
        let day = |name: &str| match value(name) {
            "" => Ok(None),
            text => text.parse::<NaiveDate>().map(Some).map_err(|_| wrong(text)),
        };
        let before = match value("sebelum") {
            "" => None,
            text => Some(text.parse::<i64>().ok().filter(|seq| *seq > 0).ok_or_else(|| wrong(text))?),
        };
        Ok(Self {
            account: value("akun").chars().take(64).collect::<String>().to_lowercase(),
            action: value("tindakan").chars().take(40).collect(),
            from: day("dari")?,
            until: day("sampai")?,
            before,
            verify: value("periksa") == "ya",
        })
    }

    fn pairs(&self) -> [(&'static str, String); 4] {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        [("akun", self.account.clone()), ("tindakan", self.action.clone()), ("dari", day(self.from)), ("sampai", day(self.until))]
    }

    fn wanted(&self, zone: Tz) -> AuditWanted {
        let [from, until] = between(self.from, self.until, zone);
        AuditWanted { before: self.before, account: self.account.clone(), action: self.action.clone(), from, until }
    }
}

/// From the beginning of the one day to the end of the other, where the ministry is.
pub(in crate::web) fn between(from: Option<NaiveDate>, until: Option<NaiveDate>, zone: Tz) -> [Option<DateTime<Utc>>; 2] {
    let begins = |day: NaiveDate| -> Option<DateTime<Utc>> {
        day.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest().map(|at| at.with_timezone(&Utc))
    };
    [from.and_then(begins), until.and_then(|day| day.checked_add_days(Days::new(1))).and_then(begins)]
}

struct Row {
    seq: i64,
    at: String,
    account: String,
    action: &'static str,
    subject: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    layout: Layout,
    rows: Vec<Row>,
    head: String,
    /// What a look through the whole log came to: the sentence, and whether all is well.
    verified: Option<(String, bool)>,
    verify: String,
    account: String,
    actions: Vec<(&'static str, &'static str, bool)>,
    from: String,
    until: String,
    first: Option<String>,
    next: Option<String>,
}

/// What a line says besides who, what and to whom. A key without a name is shown as it is written.
fn detail_name(key: &str, lang: Lang) -> &str {
    match key {
        "about" => lang.pick("perihal", "about"),
        "account" => lang.pick("akun", "account"),
        "address" => lang.pick("alamat", "address"),
        "bytes" => lang.pick("bita", "bytes"),
        "case" => lang.pick("kasus", "case"),
        "count" => lang.pick("jumlah", "count"),
        "finding" => lang.pick("temuan", "finding"),
        "held_at" => lang.pick("ditahan pada", "held at"),
        "method" => lang.pick("cara", "method"),
        "name" => lang.pick("nama", "name"),
        "nip_whole" => lang.pick("NIP utuh", "whole NIP"),
        "people" => lang.pick("orang", "people"),
        "period" => lang.pick("periode", "period"),
        "periods" => lang.pick("periode-periode", "periods"),
        "reason" => lang.pick("sebab", "reason"),
        "roles" => lang.pick("peran", "roles"),
        "room" => lang.pick("halaman", "room"),
        "rows" => lang.pick("baris", "rows"),
        "scopes" => lang.pick("hak", "rights"),
        "session" => lang.pick("sesi", "session"),
        "units" => lang.pick("unit", "units"),
        "until" => lang.pick("sampai", "until"),
        "user" => lang.pick("pengguna mesin", "user of the machine"),
        "why" => lang.pick("karena", "why"),
        "by" => lang.pick("lewat", "by"),
        _ => key,
    }
}

fn detail_said(value: &serde_json::Value, lang: Lang) -> String {
    match value {
        serde_json::Value::Bool(true) => lang.pick("ya", "yes").to_owned(),
        serde_json::Value::Bool(false) => lang.pick("tidak", "no").to_owned(),
        serde_json::Value::Null => "–".to_owned(),
        serde_json::Value::String(text) if text == "all" => lang.pick("semua", "all").to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(|item| detail_said(item, lang)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn row(line: AuditLine, veil: Veil, zone: Tz, lang: Lang) -> Result<Row, AppError> {
    let at = line.time()?;
    let detail: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&line.detail).unwrap_or_default();
    // From the id of a case a NIP could be worked out.
    let detail = detail
        .iter()
        .filter(|(key, _)| veil.shows_nips() || *key != "case")
        .map(|(key, value)| format!("{}: {}", detail_name(key, lang), detail_said(value, lang)));
    let detail = detail.collect::<Vec<_>>().join("; ");
    Ok(Row {
        seq: line.seq,
        at: when(at, zone, lang),
        account: line.account,
        action: name(&line.action, lang),
        subject: veil.text(&line.subject, false),
        detail: veil.text(&detail, false),
    })
}

async fn page(site: &Site, ask: &Ask, filter: &Filter) -> Result<Page, AppError> {
    let (lang, zone) = (ask.lang, site.app.config.schedule.timezone.get());
    let links = ask.links(ask.period, site);
    let lines = site.app.store.audit_wanted(&filter.wanted(zone), ROWS + 1).await?;
    let more = lines.len() > ROWS as usize;
    let veil = Veil::of(&ask.viewer);
    let rows = lines.into_iter().take(ROWS as usize).map(|line| row(line, veil, zone, lang)).collect::<Result<Vec<_>, _>>()?;
    let pairs = filter.pairs();
    let with = |more: &[(&str, &str)]| {
        let mut all: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.extend(more);
        links.to("/audit", &all)
    };
    let last = rows.last().map(|row| row.seq.to_string()).unwrap_or_default();
    let verified = if filter.verify { Some(verified(site, lang).await?) } else { None };
    let other_pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(Page {
        head: site.app.store.audit_head().await?.to_string(),
        verified,
        verify: with(&[("periksa", "ya")]),
        account: filter.account.clone(),
        actions: action::ALL.iter().map(|key| (*key, name(key, lang), *key == filter.action)).collect(),
        from: pairs[2].1.clone(),
        until: pairs[3].1.clone(),
        first: filter.before.map(|_| with(&[])),
        next: more.then(|| with(&[("sebelum", &last)])),
        layout: Layout {
            title: lang.pick("Log audit", "Audit log").to_owned(),
            room: Room::Audit,
            links,
            other: links.other_lang().to("/audit", &other_pairs),
            viewer: Some(ask.viewer.clone()),
        },
        rows,
    })
}

async fn verified(site: &Site, lang: Lang) -> Result<(String, bool), AppError> {
    let seen = site.app.store.verify_audit(None).await?;
    Ok(match seen.broken {
        None => (
            lang.pick(
                format!("Seluruh {} baris diperiksa: utuh, berurutan, tidak ada yang diubah.", seen.head.seq),
                format!("All {} lines were checked: whole, in order, none changed.", seen.head.seq),
            ),
            true,
        ),
        Some(at) => (
            lang.pick(
                format!("Baris {at} bukan yang dulu ditulis: diubah, hilang, atau ditambahkan. Bandingkan dengan kepala log yang disimpan di tempat lain."),
                format!("Line {at} is not what was written: changed, missing or added. Compare with a head that was kept elsewhere."),
            ),
            false,
        ),
    })
}

/// `GET /audit`.
pub(in crate::web) async fn show(State(site): State<Arc<Site>>, ask: Ask, Query(query): Query<Vec<(String, String)>>) -> Response {
    let filter = match Filter::read(&query, ask.lang) {
        Ok(filter) => filter,
        Err(trouble) => return trouble.show(&site, ask.lang),
    };
    match page(&site, &ask, &filter).await {
        Ok(page) => html(&page),
        Err(error) => Trouble::of(&error, ask.lang).show(&site, ask.lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_written_down_has_a_name() {
        for lang in [Lang::Id, Lang::En] {
            assert!(action::ALL.iter().all(|key| name(key, lang) != name("?", lang)));
        }
    }
}
