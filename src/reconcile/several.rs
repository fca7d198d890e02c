//! Several sources that name the same person: which rows stand, when units export apart and people move between them.
//!
//! Presence in one file beats absence in another (contract §4), so nothing is concluded from the first file alone.

use super::rules::predikat::deciding;
use crate::domain::discipline::Punishment;
use crate::domain::dossier::{Dossier, Origin, Row};
use crate::domain::ekinerja::{EvaluationRow, SkpRow};
use chrono::NaiveDate;
use std::sync::Arc;

/// Adds the SKPs that a further source names; sources come newest first. One that speaks for everybody knows all SKPs
/// of a person, so nothing older adds to it; files of units know their own. A row that says "no SKP" gives way to any
/// that names one. Returns whether something was taken.
pub fn add_skp(rows: Vec<SkpRow>, origin: &Arc<Origin>, to: &mut Vec<Row<SkpRow>>, speaks_for_all: impl Fn(&str) -> bool) -> bool {
    if to.iter().all(|row| !row.value.is_skp) {
        if !to.is_empty() && rows.iter().all(|row| !row.is_skp) {
            return false;
        }
        to.clear();
        return super::assemble::take(rows, origin, to);
    }
    if to.iter().any(|row| speaks_for_all(&row.origin.part)) {
        return false;
    }
    let known: Vec<SkpRow> = to.iter().map(|row| row.value.clone()).collect();
    let is_known = |row: &SkpRow| known.iter().any(|other| other.skp_id == row.skp_id && (row.skp_id.is_some() || other == row));
    let before = to.len();
    let more = rows.into_iter().enumerate().filter(|(_, row)| row.is_skp && !is_known(row));
    to.extend(more.map(|(position, value)| Row { value, origin: Arc::clone(origin), position }));
    to.len() > before
}

/// Puts the evaluation rows first whose source has a row that decides: of several unit files, the one that holds the
/// SKP of the last day, not the one that holds an SKP left behind.
pub fn put_deciding_first(dossier: &mut Dossier, last_day: NaiveDate) {
    if dossier.evaluation_elsewhere.is_empty() || deciding(&dossier.evaluation, last_day).is_some() {
        return;
    }
    let other = dossier
        .evaluation_elsewhere
        .chunk_by(|a, b| Arc::ptr_eq(&a.origin, &b.origin))
        .find(|rows| deciding(rows, last_day).is_some())
        .map(|rows| Arc::clone(&rows[0].origin));
    let Some(other) = other else { return };
    let (chosen, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut dossier.evaluation_elsewhere)
        .into_iter()
        .partition(|row: &Row<EvaluationRow>| Arc::ptr_eq(&row.origin, &other));
    let first = std::mem::replace(&mut dossier.evaluation, chosen);
    dossier.evaluation_elsewhere = first.into_iter().chain(rest).collect();
}

/// Whether two files tell of one punishment: the same decree, or, without its number, all the same.
pub fn same_decree(one: &Punishment, other: &Punishment) -> bool {
    match (&one.nomor_sk, &other.nomor_sk) {
        (Some(a), Some(b)) => a == b && one.tanggal_sk == other.tanggal_sk,
        _ => one == other,
    }
}
