//! Which sources are current at an instant, and which questions failed.

use super::Result;
use super::Store;
use super::codec::At;
use super::evidence::words;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::list;
use super::tx::pairs;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Period;
use crate::domain::evidence::Failure;
use crate::domain::evidence::Reason;
use crate::domain::evidence::Scope;
use crate::domain::evidence::Source;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;
use std::collections::BTreeMap;

/// Which sources are wanted: of one of the kinds (none given: of any), and filed under one of the spans, or with
/// statements of one of them, or with a part that begins with one of the prefixes (neither given: all).
///
/// ```
/// use selaras::domain::Kind;
/// use selaras::store::SourceFilter;
/// let filter = SourceFilter::of([Kind::Payment]).part("2026-10/");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceFilter {
    /// Kinds.
    pub kinds: Vec<Kind>,
    /// Spans.
    pub spans: Vec<Span>,
    /// Beginnings of [`Source::part`].
    pub parts: Vec<String>,
}

impl SourceFilter {
    /// All sources of these kinds.
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self { kinds: kinds.into_iter().collect(), ..Self::default() }
    }

    /// Also those of this span.
    pub fn span(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    /// Also those whose part begins like that.
    pub fn part(mut self, prefix: impl Into<String>) -> Self {
        self.parts.push(prefix.into());
        self
    }

    fn admits(&self, source: &Source, spans: &[Span]) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&source.kind))
            && (self.spans.is_empty() && self.parts.is_empty()
                || self.spans.iter().any(|span| *span == source.span || spans.contains(span))
                || self.parts.iter().any(|prefix| source.part.starts_with(prefix.as_str())))
    }
}

type SourceRow = (i64, String, String, String, String, String, String, String, String, String, i64, Option<i64>);
type FailureRow = (i64, String, String, String, Option<String>, i64);

impl Store {
    /// The newest accepted batch of each stream at `as_of`, by kind, part. `observed_at` is when its content was
    /// first accepted, `checked_at` the last good answer up to `as_of`; a source that was taken back is none. Answers about single people (content_sha is
    /// empty) do not take the place of a batch that came as a whole: they say nothing about whom it lacked.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn sources(&self, filter: &SourceFilter, as_of: DateTime<Utc>) -> Result<Vec<Source>> {
        let kinds = if filter.kinds.is_empty() { Kind::ALL.iter().map(|(_, kind)| *kind).collect() } else { filter.kinds.clone() };
        let sql = format!(
            "/* sources */ SELECT b.seq, b.id, b.kind, b.part, b.span, b.spans, b.source, b.raw_sha, b.scope, b.facts, b.observed_at,
                {CONFIRMED} FROM batch b WHERE {CURRENT} AND b.kind IN ({}) ORDER BY b.kind, b.part",
            list(4, kinds.len())
        );
        let at = as_of.timestamp_micros();
        let mut values = vec![Cell::from(at); 3];
        values.extend(kinds.iter().map(|kind| Cell::from(kind.key())));
        let mut tx = self.pool.read().await?;
        let rows: Vec<SourceRow> = tx.all(&sql, &values).await?;
        tx.commit().await?;
        let mut sources = Vec::new();
        for row in rows {
            let (source, spans) = source(row)?;
            if filter.admits(&source, &spans) {
                sources.push(source);
            }
        }
        Ok(sources)
    }

    /// When a source of each kind was last confirmed ([`Source::checked_at`]), and nothing else of it: what sources say
    /// about themselves may be large.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn last_confirmed(&self, as_of: DateTime<Utc>) -> Result<BTreeMap<Kind, DateTime<Utc>>> {
        let sql =
            format!("/* last_confirmed */ SELECT b.seq, b.kind, b.observed_at, {CONFIRMED} FROM batch b WHERE {CURRENT} ORDER BY b.seq");
        let at = as_of.timestamp_micros();
        let mut tx = self.pool.read().await?;
        let rows: Vec<(i64, String, i64, Option<i64>)> = tx.all(&sql, values![at, at, at]).await?;
        tx.commit().await?;
        let mut newest = BTreeMap::new();
        for (seq, kind, observed_at, confirmed) in rows {
            let row = At { table: "batch", id: seq };
            let (kind, at) = (row.word("kind", &kind, Kind::from_key)?, checked_at(row, observed_at, confirmed)?);
            newest.entry(kind).and_modify(|known: &mut DateTime<Utc>| *known = at.max(*known)).or_insert(at);
        }
        Ok(newest)
    }

    /// The newest month, not after `up_to`, under which a batch of the kind was accepted by `as_of` (a roster holds
    /// until the next).
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn latest_span(&self, kind: Kind, up_to: Period, as_of: DateTime<Utc>) -> Result<Option<Period>> {
        const SQL: &str = "/* latest_span */ SELECT MAX(b.span) FROM batch b
            WHERE b.kind = $1 AND length(b.span) = 7 AND b.span <= $2 AND b.status NOT IN ('quarantined', 'withdrawn') AND b.observed_at <= $3
                AND NOT EXISTS (SELECT 1 FROM batch w WHERE w.kind = b.kind AND w.part = b.part AND w.seq > b.seq
                    AND w.status = 'withdrawn' AND w.observed_at <= $4)";
        let mut tx = self.pool.read().await?;
        let (span,): (Option<String>,) =
            tx.one(SQL, values![kind.key(), &up_to.to_string(), as_of.timestamp_micros(), as_of.timestamp_micros()]).await?;
        tx.commit().await?;
        let at = At { table: "batch", id: kind.key() };
        span.map(|span| at.word("span", &span, |text| text.parse().ok())).transpose()
    }

    /// Questions whose newest answer up to `as_of` failed, whether or not an older one was good: the caller decides
    /// by the age of the evidence. By kind, span, NIP. What failed about one person is settled by any later good answer
    /// of the kind and span about that person, whichever source or question it came from.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn failures(&self, wanted: &[(Kind, Span)], as_of: DateTime<Utc>) -> Result<Vec<Failure>> {
        let at = as_of.timestamp_micros();
        let spans: Vec<String> = wanted.iter().map(|(_, span)| span.to_string()).collect();
        let mut failures = Vec::new();
        let mut tx = self.pool.read().await?;
        for (some, spans) in wanted.chunks(LIST).zip(spans.chunks(LIST)) {
            let sql = format!(
                "/* failures */ SELECT f.seq, f.kind, f.span, f.nip, f.reason, f.at FROM answer f
                WHERE f.good = 0 AND f.at <= $1 AND (f.kind, f.span) IN (VALUES {})
                    AND NOT EXISTS (SELECT 1 FROM answer n WHERE n.kind = f.kind AND n.part = f.part AND n.span = f.span AND n.nip = f.nip
                        AND n.at <= $2 AND (n.at > f.at OR (n.at = f.at AND n.seq > f.seq)))
                    AND NOT {}
                ORDER BY f.kind, f.span, f.nip, f.part",
                pairs(5, some.len()),
                settled_elsewhere(),
            );
            let mut values = vec![Cell::from(at); 4];
            for ((kind, _), span) in some.iter().zip(spans) {
                values.extend([Cell::from(kind.key()), Cell::from(span)]);
            }
            let rows: Vec<FailureRow> = tx.all(&sql, &values).await?;
            for row in rows {
                failures.push(failure(row)?);
            }
        }
        tx.commit().await?;
        Ok(failures)
    }
}

/// Whether a failure `f` about one person is settled by a later good answer (up to `$3`) to another question: one about
/// that person, or a whole answer that names the person or speaks for everybody, unless it had to set the person's own
/// row aside. Only for the kinds that can be asked in several ways: these have few failures about single people.
fn settled_elsewhere() -> String {
    format!(
        "(f.nip <> '' AND f.kind IN ({}) AND EXISTS (SELECT 1 FROM answer n LEFT JOIN batch b ON b.seq = n.batch
            WHERE n.kind = f.kind AND n.good = 1 AND n.at > f.at AND n.at <= $3 AND (n.nip = f.nip AND n.span = f.span OR n.nip = ''
                AND NOT EXISTS (SELECT 1 FROM answer o WHERE o.kind = f.kind AND o.part = n.part AND o.nip = f.nip
                    AND o.good = 0 AND o.batch = n.batch AND o.at = n.at)
                AND (b.scope = 'everybody' AND b.span = f.span OR EXISTS (SELECT 1 FROM evidence e
                    WHERE e.nip = f.nip AND e.kind = f.kind AND e.part = n.part AND e.span = f.span AND e.state <> 'withdrawn'
                        AND e.observed_at <= n.at AND NOT EXISTS (SELECT 1 FROM evidence l WHERE l.nip = e.nip AND l.kind = e.kind
                            AND l.part = e.part AND l.span = e.span AND l.seq > e.seq AND l.observed_at <= $4))))))",
        words(Kind::is_bulk)
    )
}

/// When the stream of a batch `b` last gave a good answer as a whole, up to `$1`.
const CONFIRMED: &str =
    "(SELECT MAX(a.at) FROM answer a WHERE a.kind = b.kind AND a.part = b.part AND a.nip = '' AND a.good = 1 AND a.at <= $1)";

/// Whether a batch `b` is the current one of its stream at `$2` and `$3`, the same instant.
const CURRENT: &str = "b.observed_at <= $2 AND b.status NOT IN ('quarantined', 'withdrawn')
    AND NOT EXISTS (SELECT 1 FROM batch n WHERE n.kind = b.kind AND n.part = b.part AND n.observed_at <= $3 AND n.status <> 'quarantined'
        AND (n.content_sha <> '' AND b.content_sha = '' OR n.seq > b.seq AND (n.content_sha <> '' OR b.content_sha = '')))";

fn checked_at(row: At<i64>, observed_at: i64, confirmed: Option<i64>) -> Result<DateTime<Utc>> {
    row.time("checked_at", confirmed.unwrap_or(observed_at).max(observed_at))
}

fn source(row: SourceRow) -> Result<(Source, Vec<Span>)> {
    let (seq, batch, kind, part, span, spans, name, sha256, scope, facts, observed_at, confirmed) = row;
    let at = At { table: "batch", id: seq };
    let source = Source {
        batch,
        kind: at.word("kind", &kind, Kind::from_key)?,
        span: at.word("span", &span, |text| text.parse().ok())?,
        part,
        name,
        sha256,
        scope: at.word("scope", &scope, Scope::from_key)?,
        facts: at.json("facts", &facts)?,
        observed_at: at.time("observed_at", observed_at)?,
        checked_at: self::checked_at(at, observed_at, confirmed)?,
    };
    Ok((source, at.json("spans", &spans)?))
}

fn failure((seq, kind, span, nip, reason, at): FailureRow) -> Result<Failure> {
    let row = At { table: "answer", id: seq };
    let reason = reason.unwrap_or_default();
    Ok(Failure {
        kind: row.word("kind", &kind, Kind::from_key)?,
        nip: row.maybe_nip(&nip)?,
        span: row.word("span", &span, |text| text.parse().ok())?,
        reason: row.word("reason", &reason, Reason::from_key)?,
        at: row.time("at", at)?,
    })
}
