//! What happened to cases and waits to be posted to a web hook. It is written in the transaction in which it happens, so
//! that nothing is lost between the two, and forgotten once somebody has taken it. Whether anybody is told it does not
//! know.

use super::Result;
use super::Store;
use super::codec::At;
use super::tx::Tx;
use super::tx::values;
use crate::domain::Code;
use crate::domain::Period;
use chrono::DateTime;
use chrono::TimeDelta;
use chrono::Utc;

/// What is posted of what a history says; comments and deadlines are nobody else's business.
const POSTED: [&str; 8] =
    ["assigned", "waiver_asked", "waiver_approved", "waiver_refused", "waiver_withdrawn", "waiver_lapsed", "resolved", "returned"];
/// What nobody has taken for so long is not posted any more.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePost {
    /// Number of the line of the history: no other has it.
    pub event: i64,
    /// What, as a stable key.
    pub what: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Id of the finding. A NIP could be worked out from that of a person's.
    pub case: String,
    /// Whether it is about a person.
    pub of_person: bool,
    /// Names the person in the list of the month; `None`: is on it no more.
    pub handle: Option<String>,
    /// The subject of the finding.
    pub subject: String,
    /// Its code.
    pub code: Code,
    /// Work month.
    pub period: Period,
    /// Unit code of the person; empty: none.
    pub unit: String,
    /// How often it was posted in vain.
    pub tries: u64,
}

type Row = (i64, String, i64, String, String, String, String, String, Option<String>, String, i64);

impl Store {
    /// What is to be posted now, the oldest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn case_posts(&self, most: u32) -> Result<Vec<CasePost>> {
        const SQL: &str = "/* case_posts */ SELECT p.event, p.what, e.at, e.case_id, k.nip, k.code, k.period, k.subject, l.handle,
                COALESCE(l.unit, ''), p.tries
            FROM case_post p JOIN case_event e ON e.seq = p.event JOIN finding_case k ON k.id = e.case_id
                LEFT JOIN listed l ON l.period = k.period AND l.nip = k.nip
            WHERE p.next_at <= $1 ORDER BY p.event, CASE WHEN p.what = 'opened' THEN 0 ELSE 1 END, p.what LIMIT $2";
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(SQL, values![self.now().timestamp_micros(), i64::from(most)]).await?;
        tx.commit().await?;
        let post = |(event, what, time, case, nip, code, period, subject, handle, unit, tries): Row| {
            let at = At { table: "case_post", id: case.as_str() };
            Ok(CasePost {
                at: at.time("at", time)?,
                code: at.word("code", &code, Code::from_text)?,
                period: at.word("period", &period, |text| text.parse().ok())?,
                tries: at.count("tries", tries)?,
                of_person: !nip.is_empty(),
                event,
                what,
                subject,
                handle,
                unit,
                case,
            })
        };
        rows.into_iter().map(post).collect()
    }

    /// Somebody has taken it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn case_posted(&self, post: &CasePost) -> Result<()> {
        const SQL: &str = "/* case_posted */ DELETE FROM case_post WHERE event = $1 AND what = $2";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![post.event, &post.what]).await?;
        tx.commit().await
    }

    /// Nobody has taken it: not again before `next`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn case_post_failed(&self, post: &CasePost, next: DateTime<Utc>) -> Result<()> {
        const SQL: &str = "/* case_post_failed */ UPDATE case_post SET tries = tries + 1, next_at = $1 WHERE event = $2 AND what = $3";
        let mut tx = self.pool.write().await?;
        tx.run(SQL, values![next.timestamp_micros(), post.event, &post.what]).await?;
        tx.commit().await
    }

    /// Nobody is to be told: gives how many are forgotten.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_case_posts(&self) -> Result<u64> {
        const ANY: &str = "/* drop_case_posts */ SELECT event FROM case_post ORDER BY event, what LIMIT 1";
        const SQL: &str = "/* drop_case_posts */ DELETE FROM case_post";
        // Mostly there is none: no writer is made to wait for that.
        let mut tx = self.pool.read().await?;
        let any: Option<(i64,)> = tx.maybe(ANY, values![]).await?;
        tx.commit().await?;
        if any.is_none() {
            return Ok(0);
        }
        let mut tx = self.pool.write().await?;
        let dropped = tx.run(SQL, values![]).await?;
        tx.commit().await?;
        Ok(dropped)
    }
}

impl Tx {
    /// The last line of the history of a case is to be posted, if it is one of those that are.
    pub(super) async fn post_last_event(&mut self, case: &str, what: &str, at: DateTime<Utc>) -> Result<()> {
        const SQL: &str = "/* post_last_event */ INSERT INTO case_post (event, what, tries, next_at)
            SELECT MAX(seq), $1, 0, $2 FROM case_event WHERE case_id = $3";
        if what == "opened" || POSTED.contains(&what) {
            self.run(SQL, values![what, at.timestamp_micros(), case]).await?;
        }
        Ok(())
    }

    /// Forgets what nobody has taken for too long.
    pub(super) async fn purge_case_posts(&mut self, now: DateTime<Utc>) -> Result<u64> {
        const SQL: &str = "/* purge_case_posts */ DELETE FROM case_post WHERE event IN (SELECT seq FROM case_event WHERE at < $1)";
        self.run(SQL, values![(now - KEPT).timestamp_micros()]).await
    }
}
