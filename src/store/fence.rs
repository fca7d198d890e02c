//! Writing under a lease: every transaction that writes first makes sure that the job still holds its slot, so that a
//! process that was suspended past its lease cannot write beside the one that took its work over.

use super::Result;
use super::Store;
use super::StoreError;
use super::slots::SlotLease;
use super::tx::Pool;
use super::tx::Tx;
use super::tx::values;
use std::ops::Deref;
use std::sync::Arc;

/// Connections, and the lease under which they may write.
#[derive(Clone)]
pub(super) struct Fenced {
    pool: Pool,
    lease: Option<Arc<SlotLease>>,
}

impl From<Pool> for Fenced {
    fn from(pool: Pool) -> Self {
        Self { pool, lease: None }
    }
}

impl Deref for Fenced {
    type Target = Pool;
    fn deref(&self) -> &Pool {
        &self.pool
    }
}

impl Fenced {
    /// A transaction that writes.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`].
    pub(super) async fn write(&self) -> Result<Tx> {
        let mut tx = self.pool.write().await?;
        if let Some(lease) = &self.lease {
            tx.still_holds(lease).await?;
        }
        Ok(tx)
    }
}

impl Store {
    /// The same store for the work of one slot: it refuses to write once somebody else has taken the job over.
    #[must_use]
    pub fn under(&self, lease: &SlotLease) -> Self {
        let pool = Fenced { pool: self.pool.pool.clone(), lease: Some(Arc::new(lease.clone())) };
        Self { pool, clock: self.clock.clone(), shown: Arc::clone(&self.shown), names: Arc::clone(&self.names) }
    }
}

impl Tx {
    /// The row stays locked until the end of the transaction, so that nobody takes over in between.
    async fn still_holds(&mut self, lease: &SlotLease) -> Result<()> {
        const SQLITE: &str = "/* still_holds */ SELECT fence FROM job WHERE name = $1 AND fence = $2 AND lease_token = $3";
        const POSTGRES: &str = "/* still_holds */ SELECT fence FROM job WHERE name = $1 AND fence = $2 AND lease_token = $3 FOR SHARE";
        let fence = i64::try_from(lease.fence).unwrap_or(i64::MAX);
        let sql = if self.is_sqlite() { SQLITE } else { POSTGRES };
        let held: Option<(i64,)> = self.maybe(sql, values![&lease.job, fence, &lease.token]).await?;
        held.map(drop).ok_or_else(|| StoreError::LeaseLost { job: lease.job.clone() })
    }
}
