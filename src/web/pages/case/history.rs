//! The history of a case in sentences.

use crate::domain::Kind;
use crate::export::words;
use crate::store::{CaseEvent, WaiverEnd};
use crate::web::pages::casework::Accounts;
use crate::web::pages::scene::Scene;
use crate::web::view::when;
use chrono::NaiveDate;
use serde_json::Value;

/// One line.
pub(super) struct Line {
    pub(super) at: String,
    pub(super) who: String,
    pub(super) said: String,
    /// What somebody wrote.
    pub(super) text: Option<String>,
}

/// These events as lines.
pub(super) fn lines<'a>(events: impl Iterator<Item = &'a CaseEvent>, accounts: &Accounts, scene: &Scene<'_>) -> Vec<Line> {
    let lang = scene.ask.lang;
    let line = |event: &CaseEvent| {
        let text = event.detail["text"].as_str().map(|text| scene.veil.text(text, true));
        Line {
            at: when(event.at, scene.zone, lang),
            who: if event.account.is_empty() {
                lang.pick("Pencocokan", "Reconciliation").to_owned()
            } else {
                accounts.said(&event.account)
            },
            said: said(event, accounts, scene),
            text,
        }
    };
    events.map(line).collect()
}

fn said(event: &CaseEvent, accounts: &Accounts, scene: &Scene<'_>) -> String {
    let lang = scene.ask.lang;
    let text = |key: &str| event.detail[key].as_str().unwrap_or_default();
    let day = |key: &str| text(key).parse::<NaiveDate>().map(|day| words::day(day, lang)).unwrap_or_default();
    let document = scene.veil.text(text("document"), false);
    match event.what.as_str() {
        "assigned" if text("owner").is_empty() => lang.pick("Petugas dilepas.", "Given to nobody.").to_owned(),
        "assigned" => {
            let owner = accounts.said(text("owner"));
            lang.pick(format!("Ditugaskan kepada {owner}."), format!("Given to {owner}."))
        }
        "deadline" if day("day").is_empty() => lang.pick("Batas waktu dihapus.", "The deadline was taken away.").to_owned(),
        "deadline" => lang.pick(format!("Batas waktu: {}.", day("day")), format!("Deadline: {}.", day("day"))),
        "comment" => lang.pick("Komentar.", "Comment.").to_owned(),
        "waiver_asked" => {
            let until = day("until");
            lang.pick(
                format!("Pengesampingan diminta: dokumen {document}, berlaku sampai {until}."),
                format!("A waiver was asked for: document {document}, until {until}."),
            )
        }
        "waiver_approved" => {
            lang.pick(format!("Pengesampingan disetujui: dokumen {document}."), format!("The waiver was approved: document {document}."))
        }
        "waiver_refused" => {
            lang.pick(format!("Pengesampingan ditolak: dokumen {document}."), format!("The waiver was refused: document {document}."))
        }
        "waiver_withdrawn" => {
            lang.pick(format!("Pengesampingan ditarik: dokumen {document}."), format!("The waiver was taken back: document {document}."))
        }
        "waiver_lapsed" => lapsed(&document, text("why"), scene),
        "resolved" => resolved(&event.detail, scene),
        "returned" => lang.pick("Temuan muncul lagi.", "The finding is back.").to_owned(),
        other => other.to_owned(),
    }
}

fn lapsed(document: &str, why: &str, scene: &Scene<'_>) -> String {
    let (id, en) = match WaiverEnd::from_key(why) {
        Some(WaiverEnd::Evidence) => ("bukti di balik temuan berubah", "the evidence behind the finding has changed"),
        Some(WaiverEnd::Expired) => ("tanggal berlakunya sudah lewat", "its last day has passed"),
        Some(WaiverEnd::Gone) => ("temuannya sudah tidak ada", "the finding is gone"),
        Some(WaiverEnd::Withdrawn) | None => ("ditarik", "taken back"),
    };
    scene.ask.lang.pick(
        format!("Pengesampingan gugur: dokumen {document}, karena {id}."),
        format!("The waiver lapsed: document {document}, because {en}."),
    )
}

/// By which evidence a finding went.
fn resolved(detail: &Value, scene: &Scene<'_>) -> String {
    let lang = scene.ask.lang;
    let batches = detail["batches"].as_array().map(Vec::as_slice).unwrap_or_default();
    let named: Vec<String> = batches
        .iter()
        .map(|batch| {
            let text = |key: &str| batch[key].as_str().unwrap_or_default();
            let kind = Kind::from_key(text("kind")).map_or(text("kind"), |kind| words::kind(kind, lang));
            let back = if text("status") == "withdrawn" { lang.pick(", ditarik kembali", ", taken back") } else { "" };
            format!("{kind}: {} ({}{back})", scene.veil.text(text("source"), false), text("batch"))
        })
        .collect();
    if named.is_empty() {
        return lang
            .pick(
                "Selesai: temuannya tidak ada lagi. Tidak ada bukti baru tentang orang ini; yang berubah adalah aturan atau data bersama.",
                "Resolved: the finding is gone. There is no new evidence about this person; rules or data that all share have changed.",
            )
            .to_owned();
    }
    let named = named.join("; ");
    lang.pick(format!("Selesai oleh bukti baru: {named}."), format!("Resolved by new evidence: {named}."))
}
