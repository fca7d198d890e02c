//! What the pages add up over a period: by unit and verdict, by cause, and from one month to the next. These queries
//! read every narrow row of a period once; whoever shows them keeps them until the next reconciliation.

use super::Result;
use super::Store;
use super::codec::At;
use super::pages::standing_of;
use super::shown::ShownRun;
use super::tx::Cell;
use super::tx::list;
use super::tx::values;
use super::verdicts::severity_of;
use crate::domain::Code;
use crate::domain::Finding;
use crate::domain::Period;
use crate::domain::Rupiah;
use crate::domain::Severity;
use crate::domain::finding::Owner;
use crate::domain::verdict::Standing;

/// People of one unit with one verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFigures {
    /// Unit code; empty: none.
    pub unit: String,
    /// Unit name; empty: none.
    pub name: String,
    /// Verdict.
    pub standing: Standing,
    /// People.
    pub heads: u64,
    /// People whose amount cannot be computed.
    pub uncounted: u64,
    /// Expected net.
    pub due: Rupiah,
    /// Net of the payment file.
    pub paid: Rupiah,
    /// What waits or differs.
    pub risk: Rupiah,
}

/// People of one unit under one superior who have findings of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseFigures {
    /// Code.
    pub code: Code,
    /// Severity.
    pub severity: Severity,
    /// Superior's NIP as the verdicts name it, where the assessor can mend it; empty: none.
    pub superior: String,
    /// Unit code; empty: none.
    pub unit: String,
    /// People.
    pub heads: u64,
    /// Findings.
    pub findings: u64,
    /// What hangs on these people, each counted once.
    pub risk: Rupiah,
}

/// A period, added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Of which run.
    pub run: ShownRun,
    /// By unit and verdict.
    pub units: Vec<UnitFigures>,
    /// By cause.
    pub causes: Vec<CauseFigures>,
    /// Findings about whole files.
    pub of_files: Vec<Finding>,
    /// Findings that the run opened.
    pub opened: u64,
    /// Findings that the run resolved.
    pub resolved: u64,
}

/// What moved the expected net of a unit from one month to the next. All parts together are the difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bridge {
    /// Unit code; empty: none.
    pub unit: String,
    /// Expected net of the earlier and of the later month.
    pub totals: [i64; 2],
    /// What the month before each of the two still owed its eligible people, to be paid with it: people, and Rupiah less
    /// what was paid too much. Nothing where no payment file of that month has come.
    pub rapel: [(u64, i64); 2],
    /// People and Rupiah who came.
    pub joined: (u64, i64),
    /// Who left; Rupiah below zero.
    pub left: (u64, i64),
    /// Who could not be computed in the earlier month.
    pub known_now: (u64, i64),
    /// Who cannot be computed in the later month; Rupiah below zero.
    pub unknown_now: (u64, i64),
    /// Gross of people with another class.
    pub class: (u64, i64),
    /// Gross of people with the same class: status, tariff, acting positions.
    pub gross: (u64, i64),
    /// Deductions by predikat, attendance, leave and discipline: people for whom they differ, Rupiah.
    pub cuts: [(u64, i64); 4],
}

type UnitRow = (String, String, String, i64, i64, i64, i64, i64);
type CauseRow = (String, String, String, String, i64, i64, i64);

impl Store {
    /// The period, added up; `None` before the first run.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn figures(&self, period: Period) -> Result<Option<Figures>> {
        const UNITS: &str = "/* figures */ SELECT unit, MAX(unit_name), standing, COUNT(*), COUNT(*) - COUNT(due),
                CAST(COALESCE(SUM(due), 0) AS BIGINT), CAST(COALESCE(SUM(paid), 0) AS BIGINT), CAST(SUM(risk) AS BIGINT)
            FROM listed WHERE period = $1 GROUP BY unit, standing ORDER BY unit, standing";
        // Under whom somebody works matters where the assessor can mend it.
        let assessors: Vec<&str> = Code::ALL.iter().filter(|code| code.owner() == Owner::Assessor).map(|code| code.code()).collect();
        let causes = format!(
            "/* figures */ SELECT code, severity, CASE WHEN code IN ({}) THEN superior ELSE '' END, unit, COUNT(*),
                CAST(SUM(findings) AS BIGINT), CAST(SUM(risk) AS BIGINT)
            FROM listed_code WHERE period = ${} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            list(1, assessors.len()),
            assessors.len() + 1
        );
        const FILES: &str = "/* figures */ SELECT file_findings FROM reconcile_run WHERE seq = $1";
        const LIVES: &str = "/* figures */ SELECT CASE WHEN status = 'resolved' THEN 'resolved' ELSE 'open' END, COUNT(*)
            FROM finding_state WHERE run = $1 GROUP BY 1 ORDER BY 1";
        let key = period.to_string();
        let mut tx = self.pool.read().await?;
        let Some(run) = tx.shown_run(&key).await? else { return Ok(None) };
        let units: Vec<UnitRow> = tx.all(UNITS, values![&key]).await?;
        let mut of_causes: Vec<Cell<'_>> = assessors.into_iter().map(Cell::from).collect();
        of_causes.push(Cell::from(&key));
        let causes: Vec<CauseRow> = tx.all(&causes, &of_causes).await?;
        let (files,): (String,) = tx.one(FILES, values![run.seq]).await?;
        let lives: Vec<(String, i64)> = tx.all(LIVES, values![run.seq]).await?;
        tx.commit().await?;
        let of = |key: &str| lives.iter().find(|(known, _)| known == key).map_or(0, |(_, count)| count.unsigned_abs());
        Ok(Some(Figures {
            units: units.into_iter().map(unit_figures).collect::<Result<_>>()?,
            causes: causes.into_iter().map(cause_figures).collect::<Result<_>>()?,
            of_files: At { table: "reconcile_run", id: run.seq }.json("file_findings", &files)?,
            opened: of("open"),
            resolved: of("resolved"),
            run,
        }))
    }

    /// From one month to another, unit by unit; a person who moved counts with the unit of the later month.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bridge(&self, from: Period, to: Period) -> Result<Vec<Bridge>> {
        const STAYED: &str = "/* bridge */ SELECT b.unit, CAST(SUM(a.due) AS BIGINT), CAST(SUM(b.due) AS BIGINT),
                SUM(CASE WHEN COALESCE(a.class, -1) <> COALESCE(b.class, -1) THEN 1 ELSE 0 END),
                CAST(SUM(CASE WHEN COALESCE(a.class, -1) <> COALESCE(b.class, -1) THEN b.gross - a.gross ELSE 0 END) AS BIGINT),
                SUM(CASE WHEN COALESCE(a.class, -1) = COALESCE(b.class, -1) AND a.gross <> b.gross THEN 1 ELSE 0 END),
                CAST(SUM(CASE WHEN COALESCE(a.class, -1) = COALESCE(b.class, -1) THEN b.gross - a.gross ELSE 0 END) AS BIGINT)
            FROM listed a JOIN listed b ON b.nip = a.nip AND b.period = $1
            WHERE a.period = $2 AND a.due IS NOT NULL AND b.due IS NOT NULL GROUP BY b.unit ORDER BY b.unit";
        const CUTS: &str = "/* bridge */ SELECT b.unit,
                SUM(CASE WHEN a.cut_predikat <> b.cut_predikat THEN 1 ELSE 0 END), CAST(SUM(a.cut_predikat - b.cut_predikat) AS BIGINT),
                SUM(CASE WHEN a.cut_attendance <> b.cut_attendance THEN 1 ELSE 0 END), CAST(SUM(a.cut_attendance - b.cut_attendance) AS BIGINT),
                SUM(CASE WHEN a.cut_leave <> b.cut_leave THEN 1 ELSE 0 END), CAST(SUM(a.cut_leave - b.cut_leave) AS BIGINT),
                SUM(CASE WHEN a.cut_discipline <> b.cut_discipline THEN 1 ELSE 0 END), CAST(SUM(a.cut_discipline - b.cut_discipline) AS BIGINT)
            FROM listed a JOIN listed b ON b.nip = a.nip AND b.period = $1
            WHERE a.period = $2 AND a.due IS NOT NULL AND b.due IS NOT NULL GROUP BY b.unit ORDER BY b.unit";
        // Who has an amount in $1 and none in $2, and whether they are on the other list at all.
        const ALONE: &str = "/* bridge */ SELECT o.unit, COUNT(*) - COUNT(p.nip),
                CAST(COALESCE(SUM(CASE WHEN p.nip IS NULL THEN o.due ELSE 0 END), 0) AS BIGINT), COUNT(p.nip),
                CAST(COALESCE(SUM(CASE WHEN p.nip IS NULL THEN 0 ELSE o.due END), 0) AS BIGINT)
            FROM listed o LEFT JOIN listed p ON p.nip = o.nip AND p.period = $1
            WHERE o.period = $2 AND o.due IS NOT NULL AND p.due IS NULL GROUP BY o.unit ORDER BY o.unit";
        // What eligible people of a month were not paid, or were paid too much; who is held or unknown is owed nothing yet.
        const RAPEL: &str = "/* bridge */ SELECT o.unit, COUNT(*), CAST(SUM(o.due - COALESCE(o.paid, 0)) AS BIGINT)
            FROM listed o WHERE o.period = $1 AND o.standing = 'layak' AND o.due IS NOT NULL AND o.due <> COALESCE(o.paid, 0)
            AND EXISTS (SELECT 1 FROM listed f WHERE f.period = $2 AND f.paid IS NOT NULL) GROUP BY o.unit ORDER BY o.unit";
        type Rapel = (String, i64, i64);
        type Stayed = (String, i64, i64, i64, i64, i64, i64);
        type Cuts = (String, i64, i64, i64, i64, i64, i64, i64, i64);
        type Alone = (String, i64, i64, i64, i64);
        let (earlier, from, to) = (from.offset(-1).to_string(), from.to_string(), to.to_string());
        let mut tx = self.pool.read().await?;
        let stayed: Vec<Stayed> = tx.all(STAYED, values![&to, &from]).await?;
        let cuts: Vec<Cuts> = tx.all(CUTS, values![&to, &from]).await?;
        let came: Vec<Alone> = tx.all(ALONE, values![&from, &to]).await?;
        let went: Vec<Alone> = tx.all(ALONE, values![&to, &from]).await?;
        let owed: [Vec<Rapel>; 2] = [tx.all(RAPEL, values![&earlier, &earlier]).await?, tx.all(RAPEL, values![&from, &from]).await?];
        tx.commit().await?;
        let mut units: std::collections::BTreeMap<String, Bridge> = std::collections::BTreeMap::new();
        let mut of = |unit: String, write: &mut dyn FnMut(&mut Bridge)| {
            write(units.entry(unit.clone()).or_insert_with(|| Bridge { unit, ..Bridge::default() }));
        };
        for (unit, before, now, classes, class, others, gross) in stayed {
            of(unit, &mut |bridge| {
                bridge.totals = [before, now];
                bridge.class = (classes.unsigned_abs(), class);
                bridge.gross = (others.unsigned_abs(), gross);
            });
        }
        for (unit, n0, r0, n1, r1, n2, r2, n3, r3) in cuts {
            of(unit, &mut |bridge| bridge.cuts = [(n0, r0), (n1, r1), (n2, r2), (n3, r3)].map(|(heads, sum)| (heads.unsigned_abs(), sum)));
        }
        for (unit, new, new_sum, known, known_sum) in came {
            of(unit, &mut |bridge| {
                bridge.joined = (new.unsigned_abs(), new_sum);
                bridge.known_now = (known.unsigned_abs(), known_sum);
                bridge.totals[1] += new_sum + known_sum;
            });
        }
        for (unit, gone, gone_sum, unknown, unknown_sum) in went {
            of(unit, &mut |bridge| {
                bridge.left = (gone.unsigned_abs(), -gone_sum);
                bridge.unknown_now = (unknown.unsigned_abs(), -unknown_sum);
                bridge.totals[0] += gone_sum + unknown_sum;
            });
        }
        for (at, rows) in owed.into_iter().enumerate() {
            for (unit, heads, sum) in rows {
                of(unit, &mut |bridge| bridge.rapel[at] = (heads.unsigned_abs(), sum));
            }
        }
        Ok(units.into_values().collect())
    }
}

impl Bridge {
    /// Adds another unit.
    pub fn join(&mut self, other: &Self) {
        let add = |one: &mut (u64, i64), other: (u64, i64)| *one = (one.0 + other.0, one.1 + other.1);
        self.totals = [self.totals[0] + other.totals[0], self.totals[1] + other.totals[1]];
        self.rapel.iter_mut().zip(other.rapel).for_each(|(one, other)| add(one, other));
        add(&mut self.joined, other.joined);
        add(&mut self.left, other.left);
        add(&mut self.known_now, other.known_now);
        add(&mut self.unknown_now, other.unknown_now);
        add(&mut self.class, other.class);
        add(&mut self.gross, other.gross);
        self.cuts.iter_mut().zip(other.cuts).for_each(|(one, other)| add(one, other));
    }

    /// Expected net of each month with the rapel that is paid with it.
    pub fn with_rapel(&self) -> [i64; 2] {
        [self.totals[0] + self.rapel[0].1, self.totals[1] + self.rapel[1].1]
    }

    /// How much more rapel there is than a month earlier, and how many people have any now.
    pub fn more_rapel(&self) -> (u64, i64) {
        (self.rapel[1].0, self.rapel[1].1 - self.rapel[0].1)
    }

    /// What no part explains: always 0.
    pub fn residual(&self) -> i64 {
        let parts = [self.joined, self.left, self.known_now, self.unknown_now, self.class, self.gross, self.more_rapel()];
        let [before, now] = self.with_rapel();
        now - before - parts.into_iter().chain(self.cuts).map(|(_, sum)| sum).sum::<i64>()
    }
}

fn unit_figures((unit, name, standing, heads, uncounted, due, paid, risk): UnitRow) -> Result<UnitFigures> {
    let at = At { table: "listed", id: unit.as_str() };
    Ok(UnitFigures {
        standing: at.word("standing", &standing, standing_of)?,
        heads: at.count("heads", heads)?,
        uncounted: at.count("uncounted", uncounted)?,
        due: Rupiah(due),
        paid: Rupiah(paid),
        risk: Rupiah(risk),
        name,
        unit,
    })
}

fn cause_figures((code, severity, superior, unit, heads, findings, risk): CauseRow) -> Result<CauseFigures> {
    let at = At { table: "listed_code", id: code.as_str() };
    Ok(CauseFigures {
        code: at.word("code", &code, Code::from_text)?,
        severity: at.word("severity", &severity, severity_of)?,
        heads: at.count("heads", heads)?,
        findings: at.count("findings", findings)?,
        risk: Rupiah(risk),
        superior,
        unit,
    })
}
