//! What was known before something came: of the people about whom more has come since.

use super::Result;
use super::Store;
use super::codec::At;
use super::evidence::EvidenceReader;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::period::Span;
use chrono::DateTime;
use chrono::Utc;
use std::collections::HashSet;

impl Store {
    /// Starts to read the evidence of one kind and span as it stood before a batch came, only of people (of these, or of
    /// all) about whom something newer of that kind and span has come since: what it costs is proportional to the
    /// changes.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn evidence_before(
        &self,
        kind: Kind,
        span: Span,
        batch: &str,
        among: Option<&[Nip]>,
        as_of: DateTime<Utc>,
    ) -> Result<EvidenceReader> {
        const BATCH: &str = "/* evidence_before */ SELECT COALESCE(MAX(seq), 0) FROM batch WHERE id = $1";
        const NEWER: &str = "/* evidence_before */ SELECT seq FROM batch WHERE kind = $1 AND seq > $2 AND observed_at <= $3 ORDER BY seq";
        const OLDER: &str = "/* evidence_before */ SELECT COUNT(*) FROM batch WHERE kind = $1 AND seq < $2";
        let at = as_of.timestamp_micros();
        let mut tx = self.pool.read().await?;
        let (seq,): (i64,) = tx.one(BATCH, values![batch]).await?;
        let newer: Vec<(i64,)> = tx.all(NEWER, values![kind.key(), seq, at]).await?;
        let (older,): (i64,) = tx.one(OLDER, values![kind.key(), seq]).await?;
        let newer: Vec<i64> = if older > 0 { newer.into_iter().map(|(seq,)| seq).collect() } else { Vec::new() };
        let named = match among {
            Some(among) => tx.named_among(kind, span, among, &newer).await?,
            None => tx.named_by(kind, span, seq, &newer).await?,
        };
        tx.commit().await?;
        let nips: Vec<Nip> = named.iter().map(|nip| At { table: "evidence", id: seq }.nip(nip)).collect::<Result<_>>()?;
        self.evidence_up_to(&[(kind, span)], Some(&nips), as_of, seq).await
    }
}

impl Tx {
    /// Everybody named by one of these batches, in one kind and span, of whom something was known before.
    async fn named_by(&mut self, kind: Kind, span: Span, before: i64, batches: &[i64]) -> Result<Vec<String>> {
        let span = span.to_string();
        let mut named = Vec::new();
        for some in batches.chunks(LIST) {
            let sql = format!(
                "/* named_by */ SELECT DISTINCT e.nip FROM evidence e
                WHERE e.batch IN ({}) AND e.kind || '' = $1 AND e.span || '' = $2 AND EXISTS (SELECT 1 FROM evidence o
                    WHERE o.nip = e.nip AND o.kind = $3 AND o.span = $4 AND o.batch < $5) ORDER BY e.nip",
                list(6, some.len())
            );
            let mut values = vec![Cell::from(kind.key()), Cell::from(&span), Cell::from(kind.key()), Cell::from(&span), Cell::from(before)];
            values.extend(some.iter().map(|seq| Cell::from(*seq)));
            named.extend(self.all::<(String,)>(&sql, &values).await?.into_iter().map(|(nip,)| nip));
        }
        Ok(named)
    }

    /// Those of these people whom one of the batches names, in one kind and span.
    async fn named_among(&mut self, kind: Kind, span: Span, among: &[Nip], batches: &[i64]) -> Result<Vec<String>> {
        let span = span.to_string();
        let batches: HashSet<i64> = batches.iter().copied().collect();
        let mut named = Vec::new();
        for some in if batches.is_empty() { &[] } else { among }.chunks(LIST) {
            let sql = format!(
                "/* named_among */ SELECT DISTINCT e.nip, e.batch FROM evidence e
                WHERE e.kind = $1 AND e.span = $2 AND e.nip IN ({}) ORDER BY e.nip, e.batch",
                list(3, some.len())
            );
            let mut values = vec![Cell::from(kind.key()), Cell::from(&span)];
            values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
            let rows: Vec<(String, i64)> = self.all(&sql, &values).await?;
            named.extend(rows.into_iter().filter(|(_, batch)| batches.contains(batch)).map(|(nip, _)| nip));
        }
        Ok(named)
    }
}
