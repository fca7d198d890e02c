//! Where the last reconciliation of a period stood, and what has come since: so that the next one need not look at
//! everybody. What the totals, the units and the notes about people mean is the reconciliation's own concern.

use super::Result;
use super::Store;
use super::codec::At;
use super::codec::to_json;
use super::reconciliation::NewVerdict;
use super::reconciliation::Noted;
use super::reconciliation::Saving;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Verdict;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// How far the ledger had been written at some moment: nothing up to here can still appear.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    evidence: i64,
    answer: i64,
}

/// What a reconciliation leaves to the next one of the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it had surely seen.
    pub seen: Seen,
    /// The instant of its evidence.
    pub as_of: DateTime<Utc>,
    /// The last instant up to which the mere passing of time changes nothing; `None`: it never does.
    pub fresh_until: Option<DateTime<Utc>>,
    /// Bits of kinds that besides stay fresh as long as their sources do.
    pub followed: i64,
    /// Hash of what all dossiers share.
    pub shared: String,
    /// Sum of the hashes of everybody's inputs.
    pub inputs_sha: String,
    /// Totals, in the caller's own shape.
    pub totals: String,
}

/// What has come since a mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Kinds of the new statements.
    pub stated: BTreeSet<Kind>,
    /// People about whom there are new statements, or new answers that are more than a confirmation.
    pub people: BTreeSet<Nip>,
    /// Kinds with a new answer about everybody, or with a new confirmation of what is known about somebody.
    pub answered: BTreeSet<Kind>,
}

/// A person as the last reconciliation left them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVerdict {
    /// Hash of the inputs.
    pub inputs_sha: String,
    /// The notes.
    pub noted: Noted,
    body: String,
}

impl KnownVerdict {
    /// The verdict.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn verdict(&self) -> Result<Verdict> {
        At { table: "verdict", id: "body" }.json("body", &self.body)
    }

    /// Whether all of it is what would be stored.
    ///
    /// # Errors
    /// When the new verdict cannot be written.
    pub fn is(&self, new: &NewVerdict) -> Result<bool> {
        Ok(self.inputs_sha == new.inputs_sha && self.noted == new.noted && self.body == to_json(&new.verdict)?)
    }
}

/// Held in common by everybody who adds evidence, alone by who reads how far it goes (PostgreSQL).
const LOCK: i64 = 7_301_540_919;

type MarkRow = (String, i64, i64, i64, i64, i64, String, String, String);

impl Store {
    /// How far the ledger has been written. Sequence numbers are given out before they are committed; so on PostgreSQL
    /// this waits for those who are writing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn seen(&self) -> Result<Seen> {
        const EVIDENCE: &str = "/* seen */ SELECT COALESCE(MAX(seq), 0) FROM evidence";
        const ANSWER: &str = "/* seen */ SELECT COALESCE(MAX(seq), 0) FROM answer";
        let mut tx = self.pool.share().await?;
        tx.alone_with_evidence().await?;
        let (evidence,): (i64,) = tx.one(EVIDENCE, values![]).await?;
        let (answer,): (i64,) = tx.one(ANSWER, values![]).await?;
        tx.commit().await?;
        Ok(Seen { evidence, answer })
    }

    /// Whether anything between the two is of a later instant than `as_of`, and was therefore not looked at.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_ahead(&self, since: Seen, seen: Seen, as_of: DateTime<Utc>) -> Result<bool> {
        const EVIDENCE: &str = "/* is_ahead */ SELECT MAX(observed_at) FROM evidence WHERE seq > $1 AND seq <= $2";
        const ANSWER: &str = "/* is_ahead */ SELECT MAX(at) FROM answer WHERE seq > $1 AND seq <= $2";
        // Of all there is an index answers; a range of numbers would have the rows read.
        const ALL_EVIDENCE: &str = "/* is_ahead */ SELECT MAX(observed_at) FROM evidence";
        const ALL_ANSWERS: &str = "/* is_ahead */ SELECT MAX(at) FROM answer";
        let mut tx = self.pool.read().await?;
        let all = since == Seen::default();
        let (stated,): (Option<i64>,) =
            if all { tx.one(ALL_EVIDENCE, values![]).await? } else { tx.one(EVIDENCE, values![since.evidence, seen.evidence]).await? };
        let (answered,): (Option<i64>,) =
            if all { tx.one(ALL_ANSWERS, values![]).await? } else { tx.one(ANSWER, values![since.answer, seen.answer]).await? };
        tx.commit().await?;
        Ok(stated.max(answered).is_some_and(|newest| newest > as_of.timestamp_micros()))
    }

    /// The stamp of the period, another one after each reconciliation and empty before the first; and the mark, if the
    /// last one left any.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn mark(&self, period: Period) -> Result<(String, Option<Mark>)> {
        const SQL: &str = "/* mark */ SELECT stamp, evidence, answer, as_of, fresh_until, followed, shared, inputs_sha, totals
            FROM reconcile_mark WHERE period = $1";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let row: Option<MarkRow> = tx.maybe(SQL, values![&period]).await?;
        tx.commit().await?;
        let at = At { table: "reconcile_mark", id: period.as_str() };
        let standing = |(stamp, evidence, answer, as_of, until, followed, shared, inputs_sha, totals): MarkRow| {
            let mark = Mark {
                seen: Seen { evidence, answer },
                as_of: at.time("as_of", as_of)?,
                fresh_until: (until < i64::MAX).then(|| at.time("fresh_until", until)).transpose()?,
                followed,
                shared,
                inputs_sha,
                totals,
            };
            Ok((stamp, Some(mark).filter(|mark| !mark.shared.is_empty())))
        };
        row.map_or_else(|| Ok(Default::default()), standing)
    }

    /// What has come since, of statements only those of these (kind, span).
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn news(&self, since: Seen, wanted: &[(Kind, Span)]) -> Result<News> {
        const ANSWERS: &str = "/* news */ SELECT DISTINCT a.kind, CASE WHEN a.outcome = 'unchanged' THEN '' ELSE a.nip END
            FROM answer a WHERE a.seq > $1 ORDER BY 1, 2";
        let wanted: Vec<String> = wanted.iter().map(|(kind, span)| format!("{kind} {span}")).collect();
        let sql = format!(
            "/* news */ SELECT DISTINCT e.kind, e.nip FROM evidence e WHERE e.seq > $1 AND e.kind || ' ' || e.span IN ({}) ORDER BY 1, 2",
            list(2, wanted.len())
        );
        let mut values = vec![Cell::from(since.evidence)];
        values.extend(wanted.iter().map(Cell::from));
        let mut tx = self.pool.read().await?;
        let stated: Vec<(String, String)> = tx.all(&sql, &values).await?;
        let answered: Vec<(String, String)> = tx.all(ANSWERS, values![since.answer]).await?;
        tx.commit().await?;
        let mut news = News::default();
        for (kind, nip) in stated {
            let at = At { table: "evidence", id: "kind" };
            news.stated.insert(at.word("kind", &kind, Kind::from_key)?);
            news.people.insert(at.nip(&nip)?);
        }
        for (kind, nip) in answered {
            let at = At { table: "answer", id: "kind" };
            match at.maybe_nip(&nip)? {
                Some(nip) => news.people.insert(nip),
                None => news.answered.insert(at.word("kind", &kind, Kind::from_key)?),
            };
        }
        Ok(news)
    }

    /// People of the period who lean on one of these.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn leaning(&self, period: Period, leans: i64) -> Result<Vec<Nip>> {
        const SQL: &str = "/* leaning */ SELECT nip FROM verdict WHERE period = $1 AND leans <> 0 AND (leans & $2) <> 0 ORDER BY nip";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String,)> = tx.all(SQL, values![&period, leans]).await?;
        tx.commit().await?;
        rows.into_iter().map(|(nip,)| At { table: "verdict", id: period.as_str() }.nip(&nip)).collect()
    }

    /// What is kept about these people of the period.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn known_verdicts(&self, period: Period, nips: &[Nip]) -> Result<BTreeMap<Nip, KnownVerdict>> {
        let period = period.to_string();
        let at = At { table: "verdict", id: period.as_str() };
        let mut known = BTreeMap::new();
        let mut tx = self.pool.read().await?;
        for some in nips.chunks(LIST) {
            let sql = format!(
                "/* known_verdicts */ SELECT nip, inputs_sha, leans, unit, aside, body FROM verdict
                WHERE period = $1 AND nip IN ({}) ORDER BY nip",
                list(2, some.len())
            );
            let mut values = vec![Cell::from(&period)];
            values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
            let rows: Vec<(String, String, i64, String, String, String)> = tx.all(&sql, &values).await?;
            for (nip, inputs_sha, leans, unit, aside, body) in rows {
                known.insert(at.nip(&nip)?, KnownVerdict { inputs_sha, noted: Noted { leans, unit, aside }, body });
            }
        }
        tx.commit().await?;
        Ok(known)
    }

    /// What is kept about the days of these units.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unit_days(&self, period: Period, units: &[&str]) -> Result<BTreeMap<String, String>> {
        let period = period.to_string();
        let mut known = BTreeMap::new();
        let mut tx = self.pool.read().await?;
        for some in units.chunks(LIST) {
            let sql = format!(
                "/* unit_days */ SELECT unit, body FROM unit_days WHERE period = $1 AND unit IN ({}) ORDER BY unit",
                list(2, some.len())
            );
            let mut values = vec![Cell::from(&period)];
            values.extend(some.iter().map(|unit| Cell::from(*unit)));
            known.extend(tx.all::<(String, String)>(&sql, &values).await?);
        }
        tx.commit().await?;
        Ok(known)
    }

    /// The notes about people of a unit in the order of NIP, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn unit_members(&self, period: Period, unit: &str, after: Option<Nip>, limit: u32) -> Result<Vec<(Nip, String)>> {
        const SQL: &str = "/* unit_members */ SELECT nip, aside FROM verdict
            WHERE period = $1 AND unit = $2 AND unit <> '' AND nip > $3 ORDER BY nip LIMIT $4";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let after = after.as_ref().map_or("", Nip::as_str);
        let rows: Vec<(String, String)> = tx.all(SQL, values![&period, unit, after, i64::from(limit)]).await?;
        tx.commit().await?;
        rows.into_iter().map(|(nip, aside)| Ok((At { table: "verdict", id: period.as_str() }.nip(&nip)?, aside))).collect()
    }
}

impl Saving {
    /// Keeps what is known about the days of units; with `all`, of no other unit anything stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_units(&mut self, units: &[(String, String)], all: bool) -> Result<()> {
        const FORGET: &str = "/* keep_units */ DELETE FROM unit_days WHERE period = $1";
        if all {
            self.tx.run(FORGET, values![&self.period]).await?;
        }
        let cells = units.iter().map(|(unit, body)| vec![Cell::from(&self.period), Cell::from(unit), Cell::from(body)]);
        self.tx
            .insert(
                "/* keep_units */ INSERT INTO unit_days (period, unit, body) VALUES",
                "ON CONFLICT (period, unit) DO UPDATE SET body = excluded.body",
                3,
                cells,
            )
            .await
    }
}

impl Tx {
    /// Says that this transaction will add evidence or answers; before it waits for anything else, so that nobody waits
    /// in a circle.
    pub(super) async fn will_add_evidence(&mut self) -> Result<()> {
        const TOGETHER: &str = "/* will_add_evidence */ SELECT CAST(pg_advisory_xact_lock_shared($1) AS TEXT)";
        if !self.is_sqlite() {
            let _: (String,) = self.one(TOGETHER, values![LOCK]).await?;
        }
        Ok(())
    }

    /// Waits for everybody who adds evidence or answers, and keeps others from it until the end of the transaction.
    pub(super) async fn alone_with_evidence(&mut self) -> Result<()> {
        const ALONE: &str = "/* alone_with_evidence */ SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)";
        if !self.is_sqlite() {
            let _: (String,) = self.one(ALONE, values![LOCK]).await?;
        }
        Ok(())
    }

    /// The stamp of the period; empty before the first reconciliation.
    pub(super) async fn stamp(&mut self, period: &str) -> Result<String> {
        const SQL: &str = "/* stamp */ SELECT stamp FROM reconcile_mark WHERE period = $1";
        Ok(self.maybe::<(String,)>(SQL, values![period]).await?.map_or_else(String::new, |(stamp,)| stamp))
    }

    /// Puts the mark in the place of the last one; without one, the next reconciliation looks at everybody.
    pub(super) async fn leave_mark(&mut self, period: &str, as_of: i64, stamp: &str, mark: Option<&Mark>) -> Result<()> {
        const FORGET: &str = "/* leave_mark */ DELETE FROM reconcile_mark WHERE period = $1";
        const SQL: &str = "/* leave_mark */ INSERT INTO reconcile_mark
                (period, stamp, evidence, answer, as_of, fresh_until, followed, shared, inputs_sha, totals)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        self.run(FORGET, values![period]).await?;
        let seen = mark.map(|mark| mark.seen).unwrap_or_default();
        let until = mark.and_then(|mark| mark.fresh_until).map_or(i64::MAX, |until| until.timestamp_micros());
        let followed = mark.map_or(0, |mark| mark.followed);
        let [shared, inputs, totals] = mark.map_or([""; 3], |mark| [&mark.shared, &mark.inputs_sha, &mark.totals]);
        self.run(SQL, values![period, stamp, seen.evidence, seen.answer, as_of, until, followed, shared, inputs, totals]).await?;
        Ok(())
    }
}
