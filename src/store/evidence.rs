//! Reading evidence: for each (kind, span, part, NIP) the newest statement at an instant, person by person, never
//! more than a page of it in memory.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::pairs;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Locator;
use crate::domain::Nip;
use crate::domain::Statement;
use crate::domain::StatementState;
use crate::domain::evidence::Evidence;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;
use std::collections::HashMap;
use std::collections::VecDeque;

/// Rows of one page.
const PAGE: usize = 2_000;

/// Evidence in the order of NIP, kind (by key), part, span, withdrawn and declared absent statements included: the
/// caller decides what they mean. It reads one state of the store, however long that takes.
pub struct EvidenceReader {
    tx: Tx,
    as_of: i64,
    wanted: Vec<(Kind, String)>,
    nips: Option<VecDeque<Nip>>,
    batches: HashMap<i64, BatchOf>,
    confirmed: HashMap<(Kind, String), i64>,
    after: [String; 4],
    page: VecDeque<Evidence>,
    waiting: Option<Evidence>,
    at_end: bool,
}

/// What evidence takes from its batch.
struct BatchOf {
    id: String,
    source: String,
    kind: Kind,
    part: String,
}

/// seq, batch, nip, span, state, body, locator, sha256, observed at, last good answer about this NIP.
type Row = (i64, i64, String, String, String, Option<String>, String, String, i64, Option<i64>);

impl Store {
    /// Starts to read the evidence of these (kind, span), of these people or of everybody, as it was known at `as_of`.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn evidence(&self, wanted: &[(Kind, Span)], nips: Option<&[Nip]>, as_of: DateTime<Utc>) -> Result<EvidenceReader> {
        let as_of = as_of.timestamp_micros();
        let mut tx = self.pool.read().await?;
        let confirmed = tx.confirmed(as_of).await?;
        let nips = nips.map(|nips| {
            let mut nips = nips.to_vec();
            nips.sort_unstable();
            nips.dedup();
            VecDeque::from(nips)
        });
        let mut wanted: Vec<(Kind, String)> = wanted.iter().map(|(kind, span)| (*kind, span.to_string())).collect();
        wanted.sort();
        wanted.dedup();
        Ok(EvidenceReader {
            tx,
            as_of,
            at_end: wanted.is_empty(),
            wanted,
            nips,
            batches: HashMap::new(),
            confirmed,
            after: Default::default(),
            page: VecDeque::new(),
            waiting: None,
        })
    }
}

impl EvidenceReader {
    /// The next statement; `None` at the end.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn next(&mut self) -> Result<Option<Evidence>> {
        if let Some(waiting) = self.waiting.take() {
            return Ok(Some(waiting));
        }
        while self.page.is_empty() && !self.at_end {
            self.turn_page().await?;
        }
        Ok(self.page.pop_front())
    }

    /// All statements about the next person; `None` at the end.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn next_person(&mut self) -> Result<Option<(Nip, Vec<Evidence>)>> {
        let Some(first) = self.next().await? else { return Ok(None) };
        let nip = first.statement.nip;
        let mut all = vec![first];
        while let Some(next) = self.next().await? {
            if next.statement.nip != nip {
                self.waiting = Some(next);
                break;
            }
            all.push(next);
        }
        Ok(Some((nip, all)))
    }

    /// Everything that is left; only for few people.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn all(mut self) -> Result<Vec<Evidence>> {
        let mut all = Vec::new();
        while let Some(next) = self.next().await? {
            all.push(next);
        }
        Ok(all)
    }

    async fn turn_page(&mut self) -> Result<()> {
        let some: Option<Vec<Nip>> = self.nips.as_ref().map(|nips| nips.iter().copied().take(LIST).collect());
        if some.as_ref().is_some_and(Vec::is_empty) {
            self.at_end = true;
            return Ok(());
        }
        let rows = self.rows(some.as_deref()).await?;
        self.learn_batches(&rows).await?;
        let full = rows.len() == PAGE;
        for row in rows {
            let evidence = self.evidence(row)?;
            self.page.push_back(evidence);
        }
        if let Some(last) = self.page.back().filter(|_| full) {
            let statement = &last.statement;
            self.after = [statement.nip.to_string(), statement.kind.key().to_owned(), last.part.clone(), statement.span.to_string()];
            return Ok(());
        }
        self.after = Default::default();
        match (&mut self.nips, some) {
            (Some(nips), Some(some)) => drop(nips.drain(..some.len())),
            _ => self.at_end = true,
        }
        Ok(())
    }

    async fn rows(&mut self, nips: Option<&[Nip]>) -> Result<Vec<Row>> {
        let mut values = vec![Cell::from(self.as_of); 3];
        values.extend(self.after.iter().map(Cell::from));
        let mut sql = format!(
            "/* evidence */ SELECT e.seq, e.batch, e.nip, e.span, e.state, e.body, e.locator, e.sha256, e.observed_at,
                CASE WHEN e.kind IN ({}) THEN (SELECT MAX(a.at) FROM answer a WHERE a.kind = e.kind AND a.part = e.part
                    AND a.nip = e.nip AND a.span = e.span AND a.good = 1 AND a.at <= $1) END
            FROM evidence e WHERE e.observed_at <= $2 AND (e.nip, e.kind, e.part, e.span) > ($4, $5, $6, $7)
                AND NOT EXISTS (SELECT 1 FROM evidence n WHERE n.nip = e.nip AND n.kind = e.kind AND n.part = e.part AND n.span = e.span
                    AND n.seq > e.seq AND n.observed_at <= $3)
                AND (e.kind, e.span) IN (VALUES {})",
            per_nip_kinds(),
            pairs(8, self.wanted.len())
        );
        for (kind, span) in &self.wanted {
            values.extend([Cell::from(kind.key()), Cell::from(span)]);
        }
        if let Some(nips) = nips {
            sql.push_str(&format!(" AND e.nip IN ({})", list(values.len() + 1, nips.len())));
            values.extend(nips.iter().map(|nip| Cell::from(nip.as_str())));
        }
        sql.push_str(&format!(" ORDER BY e.nip, e.kind, e.part, e.span LIMIT {PAGE}"));
        self.tx.all(&sql, &values).await
    }

    async fn learn_batches(&mut self, rows: &[Row]) -> Result<()> {
        let mut unknown: Vec<i64> = rows.iter().map(|row| row.1).filter(|batch| !self.batches.contains_key(batch)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for some in unknown.chunks(LIST) {
            let sql = format!(
                "/* learn_batches */ SELECT seq, id, source, kind, part FROM batch WHERE seq IN ({}) ORDER BY seq",
                list(1, some.len())
            );
            let values: Vec<Cell<'_>> = some.iter().map(|seq| Cell::from(*seq)).collect();
            let rows: Vec<(i64, String, String, String, String)> = self.tx.all(&sql, &values).await?;
            for (seq, id, source, kind, part) in rows {
                let kind = At { table: "batch", id: seq }.word("kind", &kind, Kind::from_key)?;
                self.batches.insert(seq, BatchOf { id, source, kind, part });
            }
        }
        Ok(())
    }

    fn evidence(&self, row: Row) -> Result<Evidence> {
        let (seq, batch, nip, span, state, body, locator, sha256, observed_at, answered) = row;
        let at = At { table: "evidence", id: seq };
        let batch =
            self.batches.get(&batch).ok_or_else(|| super::StoreError::corrupt("evidence", "batch", seq, "there is no such batch"))?;
        let state = at.word("state", &state, StatementState::from_key)?;
        let body = body.map(|body| at.json::<crate::domain::Body>("body", &body)).transpose()?;
        if body.as_ref().map(crate::domain::Body::kind) != (state == StatementState::Present).then_some(batch.kind) {
            return Err(super::StoreError::corrupt("evidence", "body", seq, "it does not fit the kind and the state"));
        }
        let confirmed = answered.max(self.confirmed.get(&(batch.kind, batch.part.clone())).copied());
        Ok(Evidence {
            statement: Statement {
                nip: at.nip(&nip)?,
                kind: batch.kind,
                span: at.word("span", &span, |text| text.parse().ok())?,
                state,
                body,
                locator: Locator::decode(&locator),
            },
            part: batch.part.clone(),
            source: batch.source.clone(),
            batch: batch.id.clone(),
            observed_at: at.time("observed_at", observed_at)?,
            checked_at: at.time("observed_at", confirmed.unwrap_or(observed_at).max(observed_at))?,
            sha256,
        })
    }
}

impl Tx {
    /// When each stream was last confirmed as a whole.
    async fn confirmed(&mut self, as_of: i64) -> Result<HashMap<(Kind, String), i64>> {
        const SQL: &str = "/* confirmed */ SELECT b.kind, b.part, (SELECT MAX(a.at) FROM answer a
                WHERE a.kind = b.kind AND a.part = b.part AND a.nip = '' AND a.good = 1 AND a.at <= $1)
            FROM (SELECT DISTINCT kind, part FROM batch) b ORDER BY b.kind, b.part";
        let rows: Vec<(String, String, Option<i64>)> = self.all(SQL, values![as_of]).await?;
        let mut confirmed = HashMap::with_capacity(rows.len());
        for (kind, part, at) in rows {
            let kind = At { table: "batch", id: part.as_str() }.word("kind", &kind, Kind::from_key)?;
            confirmed.extend(at.map(|at| ((kind, part), at)));
        }
        Ok(confirmed)
    }
}

/// The kinds that are asked about one NIP at a time, as SQL texts (they are fixed words, not input).
fn per_nip_kinds() -> String {
    let keys: Vec<String> = Kind::ALL.iter().filter(|(_, kind)| kind.is_per_nip()).map(|(key, _)| format!("'{key}'")).collect();
    keys.join(", ")
}
