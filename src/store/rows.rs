//! What programs page through: verdicts and findings whole, some people at a time. Every page is read in one
//! transaction, so that rows of two runs never stand on one.

use super::Result;
use super::Store;
use super::case_views::CaseFilter;
use super::codec::At;
use super::narrowing::and_where;
use super::narrowing::of_units;
use super::pages::ListWanted;
use super::pages::Listed;
use super::shown::ShownRun;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use super::verdicts::FindingState;
use super::verdicts::FindingStatus;
use super::verdicts::STATE;
use super::verdicts::finding_state;
use crate::domain::Code;
use crate::domain::Finding;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Severity;
use crate::domain::Verdict;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Which findings are wanted, by NIP (those about whole files first), code and subject: those that are open, and those
/// that the last run resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingsWanted {
    /// Of one of these codes.
    pub codes: Option<Vec<Code>>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// At this place in their life.
    pub status: Option<FindingStatus>,
    /// About this person.
    pub nip: Option<Nip>,
    /// About people of this unit.
    pub unit: Option<String>,
    /// About people of one of these units only: what the reader may see.
    pub units: Option<BTreeSet<String>>,
    /// About people under this superior (empty: of whom none is known).
    pub superior: Option<String>,
    /// Open ones only.
    pub open: bool,
    /// Whose case matches.
    pub cases: Option<CaseFilter>,
    /// About whole files, and people who are on the list and so have a handle.
    pub only_listed: bool,
    /// From this person on (`None`: from the files on), but so many of theirs are known already.
    pub from: Option<(Option<Nip>, u32)>,
    /// At most so many.
    pub limit: u32,
}

/// A finding as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// Its life.
    pub state: FindingState,
    /// The handle of the person; `None`: of nobody who is listed.
    pub handle: Option<String>,
    /// The finding; `None` of one that is resolved.
    pub finding: Option<Finding>,
}

type Row = (String, String, String, String, String, String, i64, i64, String, Option<String>);

impl Store {
    /// The rows that are wanted with their verdicts, and of which run they are; `None` before the first run.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn list_verdicts(&self, period: Period, wanted: &ListWanted) -> Result<Option<(ShownRun, Vec<(Listed, Verdict)>)>> {
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let Some(run) = tx.shown_run(&period).await? else { return Ok(None) };
        let rows = self.wanted(&mut tx, &period, &run, wanted).await?;
        let mut verdicts = tx.verdicts_of(&period, &rows.iter().map(|row| row.nip).collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(Some((run, rows.into_iter().filter_map(|row| verdicts.remove(&row.nip).map(|verdict| (row, verdict))).collect())))
    }

    /// The findings that are wanted, and of which run they are; `None` before the first run.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn list_findings(&self, period: Period, wanted: &FindingsWanted) -> Result<Option<(ShownRun, Vec<FoundRow>)>> {
        const FILES: &str = "/* list_findings */ SELECT file_findings FROM reconcile_run WHERE seq = $1";
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let Some(run) = tx.shown_run(&period).await? else { return Ok(None) };
        let states = tx.found(&period, &run, wanted).await?;
        let people: BTreeSet<Nip> = states.iter().filter_map(|(state, _)| state.nip).collect();
        let verdicts = tx.verdicts_of(&period, &people.into_iter().collect::<Vec<_>>()).await?;
        let (files,): (String,) = tx.one(FILES, values![run.seq]).await?;
        tx.commit().await?;
        let of_files: Vec<Finding> = At { table: "reconcile_run", id: run.seq }.json("file_findings", &files)?;
        let all = verdicts.into_values().flat_map(|verdict| verdict.findings).chain(of_files);
        let mut findings: BTreeMap<String, Finding> = all.map(|finding| (finding.id.clone(), finding)).collect();
        let row = |(state, handle): (FindingState, Option<String>)| {
            let finding = findings.remove(&state.id).filter(|_| state.status != FindingStatus::Resolved);
            FoundRow { state, handle, finding }
        };
        Ok(Some((run, states.into_iter().map(row).collect())))
    }

    /// People of a list in the order of NIP, behind `after`, of these units only (`None`: of all), with their handles.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn listed_nips(
        &self,
        period: Period,
        after: Option<Nip>,
        units: Option<&BTreeSet<String>>,
        limit: u32,
    ) -> Result<Vec<(Nip, String)>> {
        let period = period.to_string();
        let mut sql = "/* listed_nips */ SELECT l.nip, l.handle FROM listed l WHERE l.period = $1".to_owned();
        let mut values = vec![Cell::from(&period)];
        let after = after.map(|nip| nip.to_string()).unwrap_or_default();
        and_where(&mut sql, &mut values, "l.nip > ?", vec![Cell::from(&after)]);
        if let Some((condition, cells)) = units.map(of_units) {
            and_where(&mut sql, &mut values, &condition, cells);
        }
        let _ = write!(sql, " ORDER BY l.nip LIMIT {limit}");
        let mut tx = self.pool.read().await?;
        let rows: Vec<(String, String)> = tx.all(&sql, &values).await?;
        tx.commit().await?;
        rows.into_iter().map(|(nip, handle)| Ok((At { table: "listed", id: handle.as_str() }.nip(&nip)?, handle))).collect()
    }
}

impl Tx {
    async fn verdicts_of(&mut self, period: &str, nips: &[Nip]) -> Result<BTreeMap<Nip, Verdict>> {
        let at = At { table: "verdict", id: period };
        let mut known = BTreeMap::new();
        for some in nips.chunks(LIST) {
            let sql = format!(
                "/* verdicts_of */ SELECT nip, body FROM verdict WHERE period = $1 AND nip IN ({}) ORDER BY nip",
                list(2, some.len())
            );
            let mut values = vec![Cell::from(period)];
            values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
            for (nip, body) in self.all::<(String, String)>(&sql, &values).await? {
                known.insert(at.nip(&nip)?, at.json("body", &body)?);
            }
        }
        Ok(known)
    }

    async fn found(&mut self, period: &str, run: &ShownRun, wanted: &FindingsWanted) -> Result<Vec<(FindingState, Option<String>)>> {
        let [with_case, matching] = wanted.cases.as_ref().map_or(["", ""], CaseFilter::of_one);
        let text = wanted.cases.as_ref().and_then(CaseFilter::text);
        // Whole files are nobody's, and have no row on the list.
        let mut sql = format!(
            "/* found */ SELECT {STATE}, l.handle FROM finding_state f JOIN reconcile_run r ON r.seq = f.run
                JOIN reconcile_run n ON n.seq = $1 LEFT JOIN listed l ON l.period = f.period AND l.nip = f.nip {with_case}
            WHERE f.period = $2 AND (f.status <> 'resolved' OR f.run = n.seq)"
        );
        let mut values = vec![Cell::from(run.seq), Cell::from(period)];
        let texts = [wanted.nip, wanted.from.and_then(|(nip, _)| nip)].map(|nip| nip.map(|nip| nip.to_string()).unwrap_or_default());
        for (condition, cells) in conditions(wanted, &texts) {
            and_where(&mut sql, &mut values, &condition, cells);
        }
        if !matching.is_empty() {
            and_where(&mut sql, &mut values, matching, text.as_deref().map(Cell::from).into_iter().collect());
        }
        let known = wanted.from.map_or(0, |(_, known)| known);
        let _ = write!(sql, " ORDER BY f.nip, f.code, f.subject, f.id LIMIT {}", wanted.limit.saturating_add(known));
        let rows: Vec<Row> = self.all(&sql, &values).await?;
        let rows = rows.into_iter().map(|(id, nip, code, subject, severity, status, first, last, run, handle)| {
            Ok((finding_state((id, nip, code, subject, severity, status, first, last, run))?, handle))
        });
        rows.skip(known as usize).collect()
    }
}

/// What narrows a list of findings; `texts`: the NIP that is wanted and the one from which on.
fn conditions<'a>(wanted: &'a FindingsWanted, [nip, from]: &'a [String; 2]) -> Vec<(String, Vec<Cell<'a>>)> {
    let mut conditions = Vec::new();
    let mut and = |condition: &str, cells| conditions.push((condition.to_owned(), cells));
    if let Some(codes) = &wanted.codes {
        let marks = vec!["?"; codes.len().max(1)].join(", ");
        let mut cells: Vec<Cell<'_>> = codes.iter().map(|code| Cell::from(code.code())).collect();
        if cells.is_empty() {
            // No code is called like that.
            cells.push(Cell::from("-"));
        }
        and(&format!("f.code IN ({marks})"), cells);
    }
    if let Some(severity) = wanted.severity {
        and("f.severity = ?", vec![Cell::from(severity.key())]);
    }
    match wanted.status {
        None => {}
        Some(FindingStatus::New) => and("f.status = 'open' AND f.run = n.seq", Vec::new()),
        Some(FindingStatus::Persisting) => and("f.status = 'open' AND f.run <> n.seq", Vec::new()),
        Some(FindingStatus::Resolved) => and("f.status = 'resolved'", Vec::new()),
        Some(FindingStatus::Waived) => and("f.status = 'waived'", Vec::new()),
    }
    if wanted.nip.is_some() {
        and("f.nip = ?", vec![Cell::from(nip)]);
    }
    if wanted.from.is_some() {
        and("f.nip >= ?", vec![Cell::from(from)]);
    }
    if wanted.open {
        and("f.status = 'open'", Vec::new());
    }
    if let Some(superior) = &wanted.superior {
        and("l.superior = ?", vec![Cell::from(superior)]);
    }
    if wanted.only_listed {
        and("(f.nip = '' OR l.handle IS NOT NULL)", Vec::new());
    }
    if let Some(unit) = &wanted.unit {
        and("l.unit = ?", vec![Cell::from(unit)]);
    }
    conditions.extend(wanted.units.as_ref().map(of_units));
    conditions
}
