//! Reading evidence: for each (kind, span, part, NIP) the newest statement at an instant, person by person, never
//! more than a page of it in memory.

use super::Result;
use super::Store;
use super::StoreError;
use super::batch::BatchStatus;
use super::codec::At;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
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
use std::collections::HashSet;
use std::collections::VecDeque;

/// Statements of all times and kinds among which one page is looked for; the last person's may be more.
const PAGE: usize = 4_000;
/// People of one page when they are asked for by name.
const PEOPLE: usize = 100;

/// Evidence in the order of NIP, kind (by key), part, span, withdrawn and declared absent statements included: the
/// caller decides what they mean. It reads one state of the store, however long that takes.
pub struct EvidenceReader {
    tx: Tx,
    as_of: i64,
    wanted: Vec<(Kind, String)>,
    nips: Option<VecDeque<Nip>>,
    /// Only what came before the batch with this number.
    before: i64,
    batches: HashMap<i64, BatchOf>,
    confirmed: HashMap<(Kind, String), i64>,
    /// The same for people whose row in some whole answer could not be read: the last one that had them.
    passed_over: HashMap<(Kind, String, String), Option<i64>>,
    after: String,
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
    /// It is the record that somebody took the source back.
    is_withdrawal: bool,
}

/// seq, batch, head, body. The head holds, between bars, all the small columns in the order of [`Head`]: sqlx copies
/// every column of a row by itself, and that is most of what a row costs.
type Row = (i64, i64, String, Option<String>);

/// What stands between the bars; the locator is last, since it may hold bars itself.
struct Head<'a> {
    nip: &'a str,
    span: &'a str,
    state: &'a str,
    sha256: &'a str,
    observed_at: i64,
    /// Last good answer about this NIP.
    answered: Option<i64>,
    locator: &'a str,
}

impl<'a> Head<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(7, '|');
        Some(Self {
            nip: parts.next()?,
            span: parts.next()?,
            state: parts.next()?,
            sha256: parts.next()?,
            observed_at: parts.next()?.parse().ok()?,
            answered: parts.next().map(|text| if text.is_empty() { Ok(None) } else { text.parse().map(Some) })?.ok()?,
            locator: parts.next()?,
        })
    }
}

impl Store {
    /// Starts to read the evidence of these (kind, span), of these people or of everybody, as it was known at `as_of`.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn evidence(&self, wanted: &[(Kind, Span)], nips: Option<&[Nip]>, as_of: DateTime<Utc>) -> Result<EvidenceReader> {
        self.evidence_up_to(wanted, nips, as_of, i64::MAX).await
    }

    pub(super) async fn evidence_up_to(
        &self,
        wanted: &[(Kind, Span)],
        nips: Option<&[Nip]>,
        as_of: DateTime<Utc>,
        before: i64,
    ) -> Result<EvidenceReader> {
        let as_of = as_of.timestamp_micros();
        let mut tx = self.pool.read().await?;
        let confirmed = tx.confirmed(as_of).await?;
        let passed_over = tx.passed_over(as_of).await?;
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
            before,
            batches: HashMap::new(),
            confirmed,
            passed_over,
            after: String::new(),
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
        let people = match &mut self.nips {
            Some(nips) => People::Named(nips.drain(..nips.len().min(PEOPLE)).collect()),
            None => People::UpTo(self.tx.page_end(&self.after).await?),
        };
        let until = match &people {
            People::Named(nips) if nips.is_empty() => None,
            People::Named(_) => Some(String::new()),
            People::UpTo(until) => until.clone(),
        };
        let Some(until) = until else {
            self.at_end = true;
            return Ok(());
        };
        let rows = self.rows(&people).await?;
        self.after = until;
        self.learn_batches(&rows).await?;
        for row in rows {
            let evidence = self.evidence(row)?;
            self.push(evidence);
        }
        // Who took a source back said nothing about people: it is as if it had never named them.
        let taken_back: HashSet<&str> = self.batches.values().filter(|batch| batch.is_withdrawal).map(|batch| batch.id.as_str()).collect();
        if !taken_back.is_empty() {
            self.page.retain(|evidence| !taken_back.contains(&*evidence.batch));
        }
        Ok(())
    }

    /// Statements come oldest first: a newer one takes the place of the one that it supersedes.
    fn push(&mut self, evidence: Evidence) {
        let key = |item: &Evidence| (item.statement.nip, item.statement.kind, item.statement.span);
        match self.page.back_mut() {
            Some(last) if key(last) == key(&evidence) && last.part == evidence.part => *last = evidence,
            _ => self.page.push_back(evidence),
        }
    }

    /// The engine must walk the people in order and look at nothing else, however little it knows about the table:
    /// so kind and span are compared as one text that no index holds, and older statements come along ([`push`] lets
    /// the newest win): a probe for the newest one costs more than the few that were superseded.
    ///
    /// [`push`]: EvidenceReader::push
    async fn rows(&mut self, people: &People) -> Result<Vec<Row>> {
        let wanted: Vec<String> = self.wanted.iter().map(|(kind, span)| format!("{kind} {span}")).collect();
        let mut sql = format!(
            "/* evidence */ SELECT e.seq, e.batch,
                e.nip || '|' || e.span || '|' || e.state || '|' || e.sha256 || '|' || e.observed_at || '|' ||
                COALESCE(CASE WHEN e.kind IN ({}) THEN (SELECT CAST(MAX(a.at) AS TEXT) FROM answer a WHERE a.kind = e.kind
                    AND a.part = e.part AND a.nip = e.nip AND a.span = e.span AND a.good = 1 AND a.at <= $1) END, '')
                || '|' || e.locator, e.body
            FROM evidence e WHERE e.kind || ' ' || e.span IN ({}) AND e.observed_at <= $2",
            asked_one_by_one(),
            list(3, wanted.len())
        );
        let mut values = vec![Cell::from(self.as_of); 2];
        values.extend(wanted.iter().map(Cell::from));
        let next = values.len() + 1;
        match people {
            People::Named(nips) => {
                sql.push_str(&format!(" AND e.nip IN ({})", list(next, nips.len())));
                values.extend(nips.iter().map(|nip| Cell::from(nip.as_str())));
            }
            People::UpTo(until) => {
                sql.push_str(&format!(" AND e.nip > ${next} AND e.nip <= ${}", next + 1));
                values.extend([Cell::from(&self.after), Cell::from(until.as_deref())]);
            }
        }
        if self.before < i64::MAX {
            values.push(Cell::from(self.before));
            sql.push_str(&format!(" AND e.batch < ${}", values.len()));
        }
        sql.push_str(" ORDER BY e.nip, e.kind, e.part, e.span, e.seq");
        self.tx.all(&sql, &values).await
    }

    async fn learn_batches(&mut self, rows: &[Row]) -> Result<()> {
        let mut unknown: Vec<i64> = rows.iter().map(|row| row.1).filter(|batch| !self.batches.contains_key(batch)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for some in unknown.chunks(LIST) {
            let sql = format!(
                "/* learn_batches */ SELECT seq, id, source, kind, part, status FROM batch WHERE seq IN ({}) ORDER BY seq",
                list(1, some.len())
            );
            let values: Vec<Cell<'_>> = some.iter().map(|seq| Cell::from(*seq)).collect();
            let rows: Vec<(i64, String, String, String, String, String)> = self.tx.all(&sql, &values).await?;
            for (seq, id, source, kind, part, status) in rows {
                let kind = At { table: "batch", id: seq }.word("kind", &kind, Kind::from_key)?;
                self.batches.insert(seq, BatchOf { id, source, kind, part, is_withdrawal: status == BatchStatus::Withdrawn.key() });
            }
        }
        Ok(())
    }

    fn evidence(&self, row: Row) -> Result<Evidence> {
        let (seq, batch, head, body) = row;
        let at = At { table: "evidence", id: seq };
        let corrupt = |column, why: &str| StoreError::corrupt("evidence", column, seq, why);
        let Some(head) = Head::read(&head) else { return Err(corrupt("span", "a bar stands in a column that holds none")) };
        let batch = self.batches.get(&batch).ok_or_else(|| corrupt("batch", "there is no such batch"))?;
        let state = at.word("state", head.state, StatementState::from_key)?;
        let body = body.map(|body| at.json::<crate::domain::Body>("body", &body)).transpose()?;
        if body.as_ref().map(crate::domain::Body::kind) != (state == StatementState::Present).then_some(batch.kind) {
            return Err(corrupt("body", "it does not fit the kind and the state"));
        }
        let whole = match self.passed_over.get(&(batch.kind, batch.part.clone(), head.nip.to_owned())) {
            Some(passed_over) => *passed_over,
            None => self.confirmed.get(&(batch.kind, batch.part.clone())).copied(),
        };
        let confirmed = head.answered.max(whole);
        Ok(Evidence {
            statement: Statement {
                nip: at.nip(head.nip)?,
                kind: batch.kind,
                span: at.word("span", head.span, |text| text.parse().ok())?,
                state,
                body,
                locator: Locator::decode(head.locator),
            },
            part: batch.part.as_str().into(),
            source: batch.source.as_str().into(),
            batch: batch.id.as_str().into(),
            observed_at: at.time("observed_at", head.observed_at)?,
            checked_at: at.time("observed_at", confirmed.unwrap_or(head.observed_at).max(head.observed_at))?,
            sha256: head.sha256.into(),
        })
    }
}

/// Whose evidence a page holds.
enum People {
    /// These.
    Named(Vec<Nip>),
    /// Everybody after the last page, up to and including this one; `None`: nobody is left.
    UpTo(Option<String>),
}

impl Tx {
    async fn page_end(&mut self, after: &str) -> Result<Option<String>> {
        let sql = format!("/* page_end */ SELECT MAX(p.nip) FROM (SELECT nip FROM evidence WHERE nip > $1 ORDER BY nip LIMIT {PAGE}) p");
        Ok(self.one::<(Option<String>,)>(&sql, values![after]).await?.0)
    }

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

    /// Whom some whole answer could not be read about, and when a stream was last confirmed by one that could.
    async fn passed_over(&mut self, as_of: i64) -> Result<HashMap<(Kind, String, String), Option<i64>>> {
        let sql = format!(
            "/* passed_over */ SELECT f.kind, f.part, f.nip, (SELECT MAX(a.at) FROM answer a
                WHERE a.kind = f.kind AND a.part = f.part AND a.nip = '' AND a.good = 1 AND a.at <= $1
                    AND NOT EXISTS (SELECT 1 FROM answer o WHERE o.kind = f.kind AND o.part = f.part AND o.nip = f.nip
                        AND o.good = 0 AND o.batch = a.batch AND o.at = a.at))
            FROM (SELECT DISTINCT kind, part, nip FROM answer WHERE good = 0 AND kind IN ({}) AND nip <> '' AND batch IS NOT NULL AND at <= $2) f
            ORDER BY f.kind, f.part, f.nip",
            words(Kind::is_bulk)
        );
        let rows: Vec<(String, String, String, Option<i64>)> = self.all(&sql, values![as_of, as_of]).await?;
        let mut passed_over = HashMap::with_capacity(rows.len());
        for (kind, part, nip, at) in rows {
            let kind = At { table: "answer", id: part.as_str() }.word("kind", &kind, Kind::from_key)?;
            passed_over.insert((kind, part, nip), at);
        }
        Ok(passed_over)
    }
}

/// The kinds that BKN is asked about one NIP at a time, always or now and then, as SQL texts (they are fixed words, not
/// input).
fn asked_one_by_one() -> String {
    words(|kind| kind.is_per_nip() || kind.is_bulk())
}

/// The keys of the kinds for which `wanted` holds, as SQL texts.
pub(super) fn words(wanted: impl Fn(Kind) -> bool) -> String {
    let keys: Vec<String> = Kind::ALL.iter().filter(|(_, kind)| wanted(*kind)).map(|(key, _)| format!("'{key}'")).collect();
    keys.join(", ")
}
