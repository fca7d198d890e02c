//! What is otherwise than in an earlier run: verdicts, and causes that came and went.

use super::CAUSES;
use crate::app::shown::Stored;
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::domain::{Code, Rupiah};
use crate::export::{sentence, words};
use crate::store::{Figures, ShownRun};
use crate::web::pages::scene::Scene;
use crate::web::view::{count, money, when};
use std::collections::BTreeMap;

/// What is otherwise than in an earlier run.
pub(super) struct Change {
    pub(super) since: String,
    pub(super) rows: Vec<(&'static str, String, String, String, String)>,
    pub(super) opened: String,
    pub(super) resolved: String,
    pub(super) causes: Vec<ChangedCause>,
}

/// A cause that came, went, grew or shrank.
pub(super) struct ChangedCause {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) word: (&'static str, &'static str),
    pub(super) then: String,
    pub(super) now: String,
    pub(super) rupiah: String,
}

/// From one run to another; `None` where either has no figures.
pub(super) fn change(scene: &Scene<'_>, before: &ShownRun, figures: &Figures) -> Option<Change> {
    let lang = scene.ask.lang;
    let (then, now) = (Stored::of(before)?, Stored::of(&figures.run)?);
    let rows = Standing::ALL.map(|standing| {
        let ((heads, rupiah), (heads_now, rupiah_now)) = (then.of_standing(standing), now.of_standing(standing));
        let heads_moved = heads_now as i64 - heads as i64;
        let sign = if heads_moved > 0 {
            "+"
        } else if heads_moved < 0 {
            "\u{2212}"
        } else {
            ""
        };
        let moved = rupiah_now - rupiah;
        (
            words::standing(standing, lang),
            count(heads, lang),
            count(heads_now, lang),
            format!("{sign}{}", count(heads_moved.unsigned_abs(), lang)),
            format!("{}{}", if moved.0 > 0 { "+" } else { "" }, money(moved)),
        )
    });
    Some(Change {
        since: when(before.ended_at, scene.zone, lang),
        rows: rows.into(),
        opened: count(figures.opened, lang),
        resolved: count(figures.resolved, lang),
        causes: changed_causes(&then, &now, lang),
    })
}

/// Heads and Rupiah of a cause then and now.
type Sides = [(u64, i64); 2];

/// Causes of which heads or Rupiah are otherwise, the most moved first.
fn changed_causes(then: &Stored, now: &Stored, lang: Lang) -> Vec<ChangedCause> {
    let mut causes: BTreeMap<&'static str, (Code, Sides)> = BTreeMap::new();
    for (at, side) in [then, now].into_iter().enumerate() {
        for found in side.codes(&[]) {
            causes.entry(found.code.code()).or_insert((found.code, [(0, 0); 2])).1[at] = (found.heads, found.rupiah.0);
        }
    }
    let mut causes: Vec<_> = causes.into_values().filter(|(_, [then, now])| then != now).collect();
    causes.sort_by_key(|(code, [then, now])| (-(now.1 - then.1).abs(), code.code()));
    let row = |(code, [then, now]): (Code, Sides)| ChangedCause {
        code: code.code(),
        title: sentence::title(code, lang),
        word: match (then.0, now.0) {
            (0, _) => (lang.pick("baru", "new"), "tag-amber"),
            (_, 0) => (lang.pick("hilang", "gone"), "tag-green"),
            (before, after) if after > before => (lang.pick("bertambah", "more"), "tag-amber"),
            (before, after) if after < before => (lang.pick("berkurang", "fewer"), "tag-green"),
            _ => (lang.pick("berubah nilainya", "other amounts"), "tag-blue"),
        },
        then: count(then.0, lang),
        now: count(now.0, lang),
        rupiah: format!("{}{}", if now.1 > then.1 { "+" } else { "" }, money(Rupiah(now.1 - then.1))),
    };
    causes.into_iter().take(CAUSES).map(row).collect()
}
