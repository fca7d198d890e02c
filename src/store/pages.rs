//! What a page lists: some rows of one period in one order, and of which run they are. Every answer is read in one
//! transaction, so that rows of two runs never stand on one page.

use super::Result;
use super::Store;
use super::case_views::CaseFilter;
use super::codec::At;
use super::narrowing::Texts;
use super::narrowing::Way;
use super::narrowing::and_where;
use super::shown::ShownRun;
use super::tx::Cell;
use super::tx::Tx;
use super::tx::list;
use super::tx::values;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::Rupiah;
use crate::domain::verdict::Standing;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Work month.
    pub period: Period,
    /// Who.
    pub nip: Nip,
    /// Names the person to whoever may not see the NIP.
    pub handle: String,
    /// Name; empty: none.
    pub name: String,
    /// Unit code; empty: none.
    pub unit: String,
    /// Unit name; empty: none.
    pub unit_name: String,
    /// Class.
    pub class: Option<i64>,
    /// Verdict.
    pub standing: Standing,
    /// Expected net.
    pub due: Option<Rupiah>,
    /// Net of the payment file.
    pub paid: Option<Rupiah>,
    /// What waits or differs.
    pub risk: Rupiah,
    /// Codes of the open findings, apart by blanks.
    pub codes: String,
    /// Codes of the findings that a waiver excuses, apart by blanks.
    pub waived: String,
}

/// In which order a list stands; people alike stand by NIP.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// The most Rupiah at risk first.
    #[default]
    Risk,
    /// By name.
    Name,
    /// The largest difference first; where there is none to name, last.
    Gap,
}

impl ListOrder {
    /// All, with the keys in addresses.
    pub const ALL: [(&'static str, Self); 3] = [("risiko", Self::Risk), ("nama", Self::Name), ("selisih", Self::Gap)];

    /// The key.
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, order)| *order == self).map_or("", |(key, _)| key)
    }

    /// What rows are sorted by; `sorted`: no index helps but one of a unit by risk; `few`: none at all. They are picked
    /// first and sorted then.
    fn column(self, sorted: bool, few: bool) -> &'static str {
        match (self, sorted || few) {
            (Self::Risk, _) if few => "(l.by_risk + 0)",
            (Self::Risk, _) => "l.by_risk",
            (Self::Name, false) => "l.sought",
            (Self::Name, true) => "(l.sought || '')",
            (Self::Gap, false) => "l.by_gap",
            (Self::Gap, true) => "(l.by_gap + 0)",
        }
    }
}

/// What somebody looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sought {
    /// Anybody.
    #[default]
    Any,
    /// A folded part of name, unit code or unit name.
    Text(String),
    /// The beginning of a NIP.
    Nip(String),
    /// Either.
    TextOrNip(String),
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListWanted {
    /// Of this verdict.
    pub standing: Option<Standing>,
    /// With a finding of this code…
    pub code: Option<Code>,
    /// …under this superior (empty: of whom none is known).
    pub superior: Option<String>,
    /// Of this unit.
    pub unit: Option<String>,
    /// Of one of these units only: what the reader may see.
    pub units: Option<BTreeSet<String>>,
    /// Name, unit or NIP.
    pub sought: Sought,
    /// With a case of the code that matches; without a code nobody does.
    pub cases: Option<CaseFilter>,
    /// Order.
    pub order: ListOrder,
    /// Behind the row with this handle.
    pub after: Option<String>,
    /// At most so many.
    pub limit: u32,
}

type Row = (String, String, String, String, String, String, Option<i64>, String, Option<i64>, Option<i64>, i64, String, String);

const COLUMNS: &str =
    "l.period, l.nip, l.handle, l.name, l.unit, l.unit_name, l.class, l.standing, l.due, l.paid, l.risk, l.codes, l.waived";

impl Store {
    /// The rows that are wanted, and of which run they are; `None` before the first run.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn list(&self, period: Period, wanted: &ListWanted) -> Result<Option<(ShownRun, Vec<Listed>)>> {
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        let Some(run) = tx.shown_run(&period).await? else { return Ok(None) };
        let rows = self.wanted(&mut tx, &period, &run, wanted).await?;
        tx.commit().await?;
        Ok(Some((run, rows)))
    }

    /// The rows that are wanted, as of a run that the same transaction has read.
    pub(super) async fn wanted(&self, tx: &mut Tx, period: &str, run: &ShownRun, wanted: &ListWanted) -> Result<Vec<Listed>> {
        let (few, absent) = self.names.few(period, &run.stamp, &wanted.sought);
        if absent {
            self.read_names(period, &run.stamp);
        }
        tx.listed(period, wanted, few.as_ref()).await
    }

    /// Of a person, the rows of these periods, the latest first.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn listed_over(&self, nip: Nip, periods: &[Period]) -> Result<Vec<Listed>> {
        let periods: Vec<String> = periods.iter().map(Period::to_string).collect();
        let sql = format!(
            "/* listed_over */ SELECT {COLUMNS} FROM listed l WHERE l.nip = $1 AND l.period IN ({}) ORDER BY l.period DESC",
            list(2, periods.len())
        );
        let mut values = vec![Cell::from(nip.as_str())];
        values.extend(periods.iter().map(Cell::from));
        let mut tx = self.pool.read().await?;
        let rows: Vec<Row> = tx.all(&sql, &values).await?;
        tx.commit().await?;
        rows.into_iter().map(listed).collect()
    }

    /// Of these people, the rows of the period.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn listed_of(&self, period: Period, nips: &[Nip]) -> Result<BTreeMap<Nip, Listed>> {
        let mut known = BTreeMap::new();
        let period = period.to_string();
        let mut tx = self.pool.read().await?;
        for some in nips.chunks(super::tx::LIST) {
            let sql = format!(
                "/* listed_of */ SELECT {COLUMNS} FROM listed l WHERE l.period = $1 AND l.nip IN ({}) ORDER BY l.nip",
                list(2, some.len())
            );
            let mut values = vec![Cell::from(&period)];
            values.extend(some.iter().map(|nip| Cell::from(nip.as_str())));
            for row in tx.all::<Row>(&sql, &values).await? {
                let row = listed(row)?;
                known.insert(row.nip, row);
            }
        }
        tx.commit().await?;
        Ok(known)
    }

    /// Whom a handle names, in whatever period.
    ///
    /// # Errors
    /// When the store fails or holds an unreadable row.
    pub async fn handled(&self, handle: &str) -> Result<Option<Nip>> {
        const SQL: &str = "/* handled */ SELECT nip FROM listed WHERE handle = $1 ORDER BY period DESC LIMIT 1";
        let mut tx = self.pool.read().await?;
        let row: Option<(String,)> = tx.maybe(SQL, values![handle]).await?;
        tx.commit().await?;
        row.map(|(nip,)| At { table: "listed", id: "handle" }.nip(&nip)).transpose()
    }
}

impl Tx {
    /// The rows; `few`: nobody else can be meant.
    async fn listed(&mut self, period: &str, wanted: &ListWanted, few: Option<&BTreeSet<Nip>>) -> Result<Vec<Listed>> {
        let by = self.way(period, wanted, few.is_some()).await?;
        let from = match by {
            Way::Everybody => "listed l WHERE l.period = $1",
            Way::Code => "listed_code c CROSS JOIN listed l WHERE l.period = c.period AND l.nip = c.nip AND c.period = $1",
            Way::Cases => "case_view c CROSS JOIN listed l WHERE l.period = c.period AND l.nip = c.nip AND c.period = $1",
        };
        let by_code = wanted.order == ListOrder::Risk && by != Way::Everybody;
        // Of one unit, too, the rows are few: no index that has everybody in order helps.
        let sorted = wanted.unit.is_some() || by != Way::Everybody;
        let (column, nip) = match (by_code, few) {
            (true, None) => ("c.by_risk", "c.nip"),
            (true, Some(_)) => ("(c.by_risk + 0)", "c.nip"),
            (false, _) => (wanted.order.column(sorted, few.is_some()), "l.nip"),
        };
        let texts = Texts::of(wanted);
        let place = match &wanted.after {
            Some(handle) if by_code => self.place_of_code(period, by, wanted, &texts, handle).await?,
            Some(handle) => self.place(period, wanted.order, handle).await?,
            None => None,
        };
        let (mut sql, mut values) = (format!("/* list */ SELECT {COLUMNS} FROM {from}"), vec![Cell::from(period)]);
        let mut conditions: Vec<(String, Vec<Cell<'_>>)> = Vec::new();
        texts.conditions(wanted, by, &mut conditions);
        if let Some((number, text, behind)) = &place {
            let key = text.as_ref().map_or(Cell::from(*number), Cell::from);
            conditions.push((format!("({column}, {nip}) > (?, ?)"), vec![key, Cell::from(behind)]));
        }
        if let Some(few) = few {
            let marks = vec!["?"; few.len()].join(", ");
            let any = if few.is_empty() { "1 = 0".to_owned() } else { format!("{nip} IN ({marks})") };
            conditions.push((any, few.iter().map(|nip| Cell::from(nip.as_str())).collect()));
        }
        for (condition, cells) in conditions {
            and_where(&mut sql, &mut values, &condition, cells);
        }
        let _ = write!(sql, " ORDER BY {column}, {nip} LIMIT {}", wanted.limit);
        let rows: Vec<Row> = self.all(&sql, &values).await?;
        rows.into_iter().map(listed).collect()
    }

    /// Of one code, and the most at risk first: an index has just these rows in just this order; so has another for the
    /// cases of a view. In another order the few rows of a rare code are sorted; of a frequent one, rows are looked at
    /// until there are enough.
    async fn way(&mut self, period: &str, wanted: &ListWanted, few: bool) -> Result<Way> {
        Ok(match (wanted.code, &wanted.cases) {
            (None, _) => Way::Everybody,
            (Some(_), Some(cases)) if *cases != CaseFilter::Unassigned => Way::Cases,
            // By risk, too, the order is that of the code: it may not depend on what is in memory.
            (Some(_), _) if few && wanted.order != ListOrder::Risk => Way::Everybody,
            (Some(_), _) if wanted.order == ListOrder::Risk || wanted.superior.is_some() => Way::Code,
            (Some(code), _) if self.is_rare(period, code).await? => Way::Code,
            _ => Way::Everybody,
        })
    }

    async fn is_rare(&mut self, period: &str, code: Code) -> Result<bool> {
        const SQL: &str =
            "/* is_rare */ SELECT COUNT(*) FROM (SELECT nip FROM listed_code WHERE period = $1 AND code = $2 LIMIT 5001) AS few";
        let (count,): (i64,) = self.one(SQL, values![period, code.code()]).await?;
        Ok(count <= 5_000)
    }

    /// Where the row with that handle stands in the order: its number or its text, and its NIP.
    async fn place(&mut self, period: &str, order: ListOrder, handle: &str) -> Result<Option<Place>> {
        const SQL: &str = "/* place */ SELECT by_risk, by_gap, sought, nip FROM listed WHERE handle = $1 AND period = $2";
        let row: Option<(i64, i64, String, String)> = self.maybe(SQL, values![handle, period]).await?;
        Ok(row.map(|(by_risk, by_gap, sought, nip)| match order {
            ListOrder::Risk => (by_risk, None, nip),
            ListOrder::Gap => (by_gap, None, nip),
            ListOrder::Name => (0, Some(sought), nip),
        }))
    }

    /// The same among the rows of one code or of one view's cases.
    async fn place_of_code(&mut self, period: &str, by: Way, wanted: &ListWanted, texts: &Texts, handle: &str) -> Result<Option<Place>> {
        let code = wanted.code.map_or("", Code::code);
        let sql = "SELECT c.by_risk, c.nip FROM listed l JOIN {table} c ON c.period = l.period AND c.nip = l.nip
            WHERE l.handle = $1 AND l.period = $2 AND c.code = $3";
        let row: Option<(i64, String)> = match (by, &texts.cases) {
            (Way::Cases, Some((view, compares, word))) => {
                let sql = format!("/* place */ {} AND c.view = $4 AND c.word {compares} $5", sql.replace("{table}", "case_view"));
                self.maybe(&sql, values![handle, period, code, *view, word]).await?
            }
            _ => self.maybe(&format!("/* place */ {}", sql.replace("{table}", "listed_code")), values![handle, period, code]).await?,
        };
        Ok(row.map(|(by_risk, nip)| (by_risk, None, nip)))
    }
}

/// A number or a text in the order, and the NIP.
type Place = (i64, Option<String>, String);

fn listed(row: Row) -> Result<Listed> {
    let (period, nip, handle, name, unit, unit_name, class, standing, due, paid, risk, codes, waived) = row;
    let at = At { table: "listed", id: handle.as_str() };
    Ok(Listed {
        period: at.word("period", &period, |text| text.parse().ok())?,
        nip: at.nip(&nip)?,
        standing: at.word("standing", &standing, standing_of)?,
        due: due.map(Rupiah),
        paid: paid.map(Rupiah),
        risk: Rupiah(risk),
        name,
        unit,
        unit_name,
        class,
        codes,
        waived,
        handle,
    })
}

pub(super) fn standing_of(key: &str) -> Option<Standing> {
    Standing::ALL.into_iter().find(|standing| standing.key() == key)
}
