//! `sync --plan`: what would be asked, why, and when it would be done.

use crate::app::outlook::{CutOff, Load, Outlook};
use crate::config::Lang;
use crate::sync::Why;
use chrono::{DateTime, TimeZone};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The document for programs.
pub fn document(outlook: &Outlook) -> Value {
    let asked = outlook.plan.needs.iter().filter(|need| need.due() > 0);
    let items: BTreeMap<&str, u64> = asked.map(|need| (need.kind.key(), need.due())).collect();
    let questions: Vec<Value> = outlook
        .plan
        .needs
        .iter()
        .map(|need| {
            json!({
                "surface": need.surface.key(), "kind": need.kind.key(), "due": need.due(), "everybody": need.bulk,
                "never": need.of(Why::Never), "failed": need.of(Why::Failed), "stale": need.of(Why::Stale), "fresh": need.of(Why::Fresh),
            })
        })
        .collect();
    let surface = |load: &Load| json!({ "surface": load.surface.key(), "requests": load.requests, "seconds": load.seconds });
    let cut_off = outlook.cut_off.map(|cut_off| {
        json!({ "day": cut_off.day.to_string(), "workdays_before": cut_off.workdays_before, "workdays_left": cut_off.workdays_left })
    });
    json!({
        "period": outlook.period.to_string(), "items": items, "questions": questions,
        "surfaces": outlook.surfaces.iter().map(surface).collect::<Vec<_>>(), "ends_at": outlook.ends_at.to_rfc3339(), "cut_off": cut_off,
    })
}

/// The same for a person; `now` in any zone.
pub fn text<Z: TimeZone>(outlook: &Outlook, now: &DateTime<Z>, lang: Lang) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} {}", lang.pick("rencana tarikan", "plan of a pull for"), outlook.period);
    let heads = lang.pick(
        ["layanan", "jenis", "ditanya", "belum pernah", "gagal", "basi", "masih baru"],
        ["surface", "kind", "asked", "never", "failed", "stale", "fresh"],
    );
    let [surface, kind, asked, never, failed, stale, fresh] = heads;
    let _ = writeln!(text, "  {surface:<8} {kind:<16} {asked:>8} {never:>13} {failed:>8} {stale:>8} {fresh:>11}");
    for need in &outlook.plan.needs {
        let (surface, kind, asked) = (need.surface, need.kind, need.due());
        let _ = if need.bulk > 0 {
            writeln!(text, "  {surface:<8} {kind:<16} {asked:>8} {:>13}", lang.pick("semua orang", "everybody"))
        } else {
            let [never, failed, stale, fresh] = [Why::Never, Why::Failed, Why::Stale, Why::Fresh].map(|why| need.of(why));
            writeln!(text, "  {surface:<8} {kind:<16} {asked:>8} {never:>13} {failed:>8} {stale:>8} {fresh:>11}")
        };
    }
    for load in &outlook.surfaces {
        let Load { surface, requests, .. } = load;
        let _ = write!(text, "  {surface}: {requests} {}, ", lang.pick("permintaan", "requests"));
        let _ = write!(text, "{} {}", lang.pick("sedikitnya", "at least"), span(load.seconds, lang));
        let more = lang
            .pick(" (lebih lama dari run_deadline; sisanya pada tarikan berikutnya)", " (longer than run_deadline; the next pull goes on)");
        let _ = writeln!(text, "{}", if load.outlasts_run { more } else { "" });
    }
    let ends = &outlook.ends_at;
    let today = now.with_timezone(&ends.timezone()).date_naive();
    let format = if ends.date_naive() == today { "%H:%M" } else { "%d-%m-%Y %H:%M" };
    let _ = writeln!(text, "{} {}, {}", lang.pick("selesai", "done by"), ends.format(format), distance(outlook.cut_off, lang));
    text
}

fn span(seconds: u64, lang: Lang) -> String {
    let (number, unit) = match seconds {
        0..120 => (seconds, lang.pick("detik", "seconds")),
        120..7_200 => (seconds.div_ceil(60), lang.pick("menit", "minutes")),
        _ => return format!("{}.{} {}", seconds / 3_600, seconds % 3_600 / 360, lang.pick("jam", "hours")),
    };
    format!("{number} {unit}")
}

fn distance(cut_off: Option<CutOff>, lang: Lang) -> String {
    let Some(CutOff { day, workdays_before, workdays_left }) = cut_off else {
        return lang
            .pick("batas KPPN belum diketahui (tahun tanpa daftar hari libur)", "KPPN's deadline is not known (no list of holidays)")
            .to_owned();
    };
    let (count, day) = (workdays_left.unsigned_abs(), day.format("%d-%m-%Y"));
    let words = match (workdays_left, lang) {
        (0, Lang::Id) => "pada hari".to_owned(),
        (0, Lang::En) => "on the day of".to_owned(),
        (1.., Lang::Id) => format!("{count} hari kerja sebelum"),
        (1.., Lang::En) => format!("{count} working days before"),
        (_, Lang::Id) => format!("{count} hari kerja setelah"),
        (_, Lang::En) => format!("{count} working days after"),
    };
    let office = lang.pick("batas KPPN", "KPPN's deadline");
    format!("{words} HK-{workdays_before} ({office} {day})")
}
