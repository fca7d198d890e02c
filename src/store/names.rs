//! What a search looks through: the folded texts of one period's list, kept in memory as of one reconciliation, so that a
//! rare name costs a look and not a walk over everybody in the database.
//!
//! It only says who *could* match. Rows come from the database under the same conditions, and a list of another
//! reconciliation than the one that is read is not asked.

use super::Result;
use super::Store;
use super::codec::At;
use super::pages::Sought;
use super::tx::values;
use crate::domain::Nip;
use memchr::memmem;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

/// More people than that are soon found by walking in the order that is wanted.
const FEW: usize = 400;
/// Periods kept at once; a ministry of 200,000 people takes 15 MB.
const KEPT: usize = 2;
/// Rows fetched at a time.
const PAGE: i64 = 10_000;

/// The lists that are in memory, by period and stamp. Shared by all clones of a store.
#[derive(Default)]
pub(super) struct Names(Mutex<BTreeMap<String, Kept>>);

struct Kept {
    stamp: String,
    /// `None`: is being read.
    list: Option<Arc<List>>,
}

/// One list: texts and NIPs, by NIP.
#[derive(Default)]
struct List {
    /// Each ends with a line feed, which no folded text has.
    texts: String,
    /// Where each ends.
    ends: Vec<usize>,
    nips: Vec<Nip>,
}

impl List {
    fn push(&mut self, nip: Nip, text: &str) {
        self.texts.push_str(text);
        self.texts.push('\n');
        self.ends.push(self.texts.len());
        self.nips.push(nip);
    }

    /// Who has the text; `None`: more than a few.
    fn with(&self, text: &str) -> Option<BTreeSet<Nip>> {
        let (finder, mut found, mut from) = (memmem::Finder::new(text), BTreeSet::new(), 0);
        while let Some(at) = self.texts.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let row = self.ends.partition_point(|end| *end <= from + at);
            let (Some(nip), Some(end)) = (self.nips.get(row), self.ends.get(row)) else { break };
            found.insert(*nip);
            if found.len() > FEW {
                return None;
            }
            from = *end;
        }
        Some(found)
    }

    /// Whose NIP begins so; `None`: more than a few.
    fn beginning(&self, digits: &str) -> Option<BTreeSet<Nip>> {
        let from = self.nips.partition_point(|nip| nip.as_str() < digits);
        let begins = self.nips.get(from..)?.iter().take_while(|nip| nip.as_str().starts_with(digits)).take(FEW + 1);
        let found: BTreeSet<Nip> = begins.copied().collect();
        (found.len() <= FEW).then_some(found)
    }

    fn few(&self, sought: &Sought) -> Option<BTreeSet<Nip>> {
        match sought {
            Sought::Any | Sought::Nip(_) => None,
            Sought::Text(text) => self.with(text),
            Sought::TextOrNip(text) => {
                let mut found = self.with(text)?;
                found.extend(self.beginning(text)?);
                (found.len() <= FEW).then_some(found)
            }
        }
    }
}

impl Names {
    /// The few people who could match in the list of that stamp; `None`: many, or the list is not there. Whether nobody
    /// has begun to read it.
    pub(super) fn few(&self, period: &str, stamp: &str, sought: &Sought) -> (Option<BTreeSet<Nip>>, bool) {
        if matches!(sought, Sought::Any | Sought::Nip(_)) {
            return (None, false);
        }
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = kept.get(period).filter(|known| known.stamp == stamp) else { return (None, true) };
        let list = known.list.clone();
        drop(kept);
        (list.and_then(|list| list.few(sought)), false)
    }

    /// Whether the caller is the one to read it.
    fn begin(&self, period: &str, stamp: &str) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One reading at a time: several would hold the connections that pages wait for.
        if kept.get(period).is_some_and(|known| known.stamp == stamp) || kept.values().any(|known| known.list.is_none()) {
            return false;
        }
        kept.insert(period.to_owned(), Kept { stamp: stamp.to_owned(), list: None });
        while kept.len() > KEPT {
            let Some(other) = kept.keys().find(|known| *known != period).cloned() else { break };
            kept.remove(&other);
        }
        true
    }

    /// Keeps the list that was read; `None`: it could not be, or was of another stamp.
    fn end(&self, period: &str, stamp: &str, list: Option<List>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (kept.get_mut(period).filter(|known| known.stamp == stamp), list) {
            (Some(known), Some(list)) => known.list = Some(Arc::new(list)),
            (Some(_), None) => drop(kept.remove(period)),
            (None, _) => {}
        }
    }
}

impl Store {
    /// Reads the list of a period beside the one who asked for it; the next search has it.
    pub(super) fn read_names(&self, period: &str, stamp: &str) {
        if !self.names.begin(period, stamp) {
            return;
        }
        let (store, period, stamp) = (self.clone(), period.to_owned(), stamp.to_owned());
        tokio::spawn(async move {
            let list = store.names_of(&period, &stamp).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the names of a period could not be read; searches go through the database");
                None
            });
            store.names.end(&period, &stamp, list);
        });
    }

    async fn names_of(&self, period: &str, stamp: &str) -> Result<Option<List>> {
        const SQL: &str = "/* names_of */ SELECT nip, sought FROM listed WHERE period = $1 AND nip > $2 ORDER BY nip LIMIT $3";
        let mut list = List::default();
        let mut tx = self.pool.read().await?;
        if tx.stamp(period).await? != stamp {
            return Ok(None);
        }
        let mut last = String::new();
        loop {
            let rows: Vec<(String, String)> = tx.all(SQL, values![period, &last, PAGE]).await?;
            let Some((nip, _)) = rows.last() else { break };
            last.clone_from(nip);
            for (nip, sought) in &rows {
                list.push(At { table: "listed", id: "nip" }.nip(nip)?, sought);
            }
        }
        tx.commit().await?;
        list.texts.shrink_to_fit();
        Ok(Some(list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn nip(n: usize) -> Nip {
        Nip::parse(&format!("19850101201001{:04}", n + 1000)).unwrap()
    }

    proptest! {
        /// Who is named is exactly who has the text, or whose NIP begins so.
        #[test]
        fn who_could_match_is_who_does(texts in proptest::collection::vec("[ab ]{0,6}", 0..40), text in "[ab ]{1,4}", digits in "[0-9]{1,3}") {
            let mut list = List::default();
            for (n, text) in texts.iter().enumerate() {
                list.push(nip(n), text);
            }
            let has = |wanted: &str| (0..texts.len()).filter(|n| texts[*n].contains(wanted)).map(nip).collect::<BTreeSet<_>>();
            prop_assert_eq!(list.few(&Sought::Text(text.clone())), Some(has(&text)));
            let mut either = has(&digits);
            either.extend((0..texts.len()).map(nip).filter(|nip| nip.as_str().starts_with(&digits)));
            prop_assert_eq!(list.few(&Sought::TextOrNip(digits)), Some(either));
            prop_assert_eq!(list.few(&Sought::Any), None);
        }
    }

    #[test]
    fn of_many_nobody_is_named() {
        let mut list = List::default();
        for n in 0..=FEW {
            list.push(nip(n), "budi");
        }
        assert_eq!(list.few(&Sought::Text("budi".into())), None);
        assert_eq!(list.few(&Sought::TextOrNip("1985".into())), None);
        assert_eq!(list.few(&Sought::Text("siti".into())), Some(BTreeSet::new()));
    }

    #[test]
    fn a_list_of_another_reconciliation_is_not_asked() {
        let names = Names::default();
        let sought = Sought::Text("siti".into());
        assert_eq!(names.few("2026-10", "a", &sought), (None, true));
        assert!(names.begin("2026-10", "a"));
        assert!(!names.begin("2026-10", "a"), "one reads it");
        assert_eq!(names.few("2026-10", "a", &sought), (None, false));
        names.end("2026-10", "a", Some(List::default()));
        assert_eq!(names.few("2026-10", "a", &sought), (Some(BTreeSet::new()), false));
        assert_eq!(names.few("2026-10", "b", &sought), (None, true));
        assert!(names.begin("2026-10", "b"));
        names.end("2026-10", "a", Some(List::default()));
        assert_eq!(names.few("2026-10", "b", &sought), (None, false), "what came late is not taken for the newer one");
    }
}
