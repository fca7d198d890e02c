//! A payment file judged before it goes to KPPN: read like any import, held against the stored run, and kept nowhere.

use super::import::of_this_agency;
use super::{App, AppError};
use crate::domain::evidence::Body;
use crate::domain::text::Lang;
use crate::domain::verdict::Standing;
use crate::domain::{Nip, Period, Rupiah};
use crate::intake::{FileKind, Notice, Reading};
use crate::store::{ListOrder, ListWanted, ShownRun};
use std::collections::{BTreeMap, BTreeSet};

/// Differences that are shown.
const SHOWN: usize = 100;

/// What is wrong with a row of the file, or with its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Paid although held.
    Held,
    /// Paid although not everything is known.
    Unknown,
    /// Paid although the policy gives nothing.
    NotEntitled,
    /// Nobody of that NIP in the period.
    Stranger,
    /// Another amount than the policy gives.
    Amount,
    /// Eligible and not in the file.
    Missing,
    /// The same account as somebody else in the file.
    SharedAccount,
    /// Gross less deduction is not net.
    Sum,
    /// More than one row for the period.
    Twice,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Unknown,
        Self::NotEntitled,
        Self::Stranger,
        Self::Amount,
        Self::Missing,
        Self::SharedAccount,
        Self::Sum,
        Self::Twice,
    ];

    /// The stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Unknown => "unknown",
            Self::NotEntitled => "not_entitled",
            Self::Stranger => "stranger",
            Self::Amount => "amount",
            Self::Missing => "missing",
            Self::SharedAccount => "shared_account",
            Self::Sum => "sum",
            Self::Twice => "twice",
        }
    }

    /// What it is called.
    pub fn title(self, lang: Lang) -> &'static str {
        let (id, en) = match self {
            Self::Held => ("Dibayar padahal tertahan", "Paid although held"),
            Self::Unknown => ("Dibayar padahal belum diketahui", "Paid although not known yet"),
            Self::NotEntitled => ("Dibayar padahal tidak berhak", "Paid although not entitled"),
            Self::Stranger => ("Tidak dikenal pada periode ini", "Not known in this period"),
            Self::Amount => ("Jumlah berbeda dari yang seharusnya", "Another amount than is due"),
            Self::Missing => ("Layak tetapi tidak ada di berkas", "Eligible but not in the file"),
            Self::SharedAccount => ("Satu rekening untuk beberapa orang", "One account for several people"),
            Self::Sum => ("Bruto dikurangi potongan bukan bersih", "Gross less deduction is not net"),
            Self::Twice => ("Lebih dari satu baris untuk satu orang", "More than one row for a person"),
        };
        lang.pick(id, en)
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub fault: Fault,
    /// About whom.
    pub nip: Nip,
    /// Name of the list, else of the file.
    pub name: String,
    /// Unit of the list; empty: none.
    pub unit: String,
    /// Handle of the list; empty: not on it.
    pub handle: String,
    /// What the policy gives.
    pub due: Option<Rupiah>,
    /// What the file pays.
    pub paid: Option<Rupiah>,
}

impl Difference {
    /// What the file pays too much (or, below zero, too little).
    pub fn gap(&self) -> Rupiah {
        self.paid.unwrap_or(Rupiah::ZERO) - self.due.unwrap_or(Rupiah::ZERO)
    }
}

/// What a file comes to.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Name of the file.
    pub file: String,
    /// SHA-256, in hex.
    pub sha256: String,
    /// The run it was held against.
    pub run: ShownRun,
    /// Rows of the period.
    pub rows: u64,
    /// People with rows of the period.
    pub people: u64,
    /// Rows of other work months.
    pub elsewhere: u64,
    /// Net of the rows of the period.
    pub net: Rupiah,
    /// People whose row is right in every way.
    pub agreeing: u64,
    /// How many of each fault, the Rupiah that it moves.
    pub faults: BTreeMap<Fault, (u64, i64)>,
    /// Those that move most.
    pub differences: Vec<Difference>,
    /// What the reader of the file says.
    pub notices: Vec<Notice>,
}

impl Judged {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty() && self.rows > 0
    }
}

#[derive(Default)]
struct Paid {
    name: String,
    net: i64,
    rows: u64,
    sums: bool,
    accounts: BTreeSet<String>,
}

/// Judges a file; `None` before the first run of the period. `units`: what the reader may see.
///
/// # Errors
/// A refused file, or the store's.
pub async fn judge(
    app: &App,
    period: Period,
    name: String,
    bytes: Vec<u8>,
    units: Option<&BTreeSet<String>>,
) -> Result<Option<Judged>, AppError> {
    let synonyms = app.config.sources.columns.clone();
    let (file, deliveries) = tokio::task::spawn_blocking(move || {
        let reading = Reading {
            kind: FileKind::Payment,
            name: &name,
            bytes: &bytes,
            period: Some(period),
            accept_partial: false,
            synonyms: &synonyms,
        };
        crate::intake::read(&reading).map(|deliveries| (name.clone(), deliveries))
    })
    .await
    .map_err(|gone| AppError::Io("adk".to_owned(), std::io::Error::other(gone.to_string())))??;
    let (mut people, mut elsewhere, mut notices, mut sha256) = (BTreeMap::<Nip, Paid>::new(), 0, Vec::new(), String::new());
    for delivery in deliveries {
        of_this_agency(app, &file, &delivery)?;
        notices.extend(delivery.notices);
        sha256 = delivery.sha256;
        for statement in delivery.statements {
            let Some(Body::Payment(rows)) = statement.body else { continue };
            for row in rows {
                if row.awal != period {
                    elsewhere += 1;
                    continue;
                }
                let paid = people.entry(statement.nip).or_insert_with(|| Paid { sums: true, ..Paid::default() });
                paid.name = row.nama.unwrap_or_default();
                paid.net += row.bersih.0;
                paid.rows += 1;
                paid.sums &= row.bruto.0 - row.potongan.0 == row.bersih.0;
                paid.accounts.extend(row.rekening.filter(|number| !number.is_empty()));
            }
        }
    }
    let sheet = Sheet { file, sha256, people, elsewhere, notices };
    // It is read page by page: whoever is overtaken by a reconciliation begins again, or the verdict would be of two runs.
    loop {
        let Some(judged) = hold(app, period, &sheet, units).await? else { return Ok(None) };
        if app.store.shown_run(period).await?.is_some_and(|now| now.stamp == judged.run.stamp) {
            return Ok(Some(judged));
        }
    }
}

/// A file as it was read.
struct Sheet {
    file: String,
    sha256: String,
    people: BTreeMap<Nip, Paid>,
    elsewhere: u64,
    notices: Vec<Notice>,
}

async fn hold(app: &App, period: Period, sheet: &Sheet, units: Option<&BTreeSet<String>>) -> Result<Option<Judged>, AppError> {
    let Some(run) = app.store.shown_run(period).await? else { return Ok(None) };
    let nips: Vec<Nip> = sheet.people.keys().copied().collect();
    let listed = app.store.listed_of(period, &nips).await?;
    let mut owners: BTreeMap<&str, u64> = BTreeMap::new();
    for account in sheet.people.values().flat_map(|paid| &paid.accounts) {
        *owners.entry(account).or_default() += 1;
    }
    let mut differences = Vec::new();
    let mut agreeing = 0;
    for (nip, paid) in &sheet.people {
        let known = listed.get(nip).filter(|known| units.is_none_or(|units| units.contains(&known.unit)));
        let mut faults: Vec<Fault> = Vec::new();
        match known.map(|known| (known.standing, known.due)) {
            None => faults.push(Fault::Stranger),
            Some((Standing::Tertahan, _)) => faults.push(Fault::Held),
            Some((Standing::BelumDiketahui, _)) => faults.push(Fault::Unknown),
            Some((Standing::TidakBerhak, _)) => faults.push(Fault::NotEntitled),
            Some((Standing::Layak, due)) if due != Some(Rupiah(paid.net)) => faults.push(Fault::Amount),
            Some((Standing::Layak, _)) => {}
        }
        let shared = paid.accounts.iter().any(|account| owners.get(account.as_str()).is_some_and(|count| *count > 1));
        faults.extend(
            [(shared, Fault::SharedAccount), (!paid.sums, Fault::Sum), (paid.rows > 1, Fault::Twice)]
                .iter()
                .filter_map(|(is, fault)| is.then_some(*fault)),
        );
        agreeing += u64::from(faults.is_empty());
        let text = |of: fn(&crate::store::Listed) -> &String| known.map(of).cloned().unwrap_or_default();
        differences.extend(faults.into_iter().map(|fault| Difference {
            fault,
            nip: *nip,
            name: known.map(|known| known.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| paid.name.clone()),
            unit: text(|known| &known.unit),
            handle: text(|known| &known.handle),
            due: known.and_then(|known| known.due),
            paid: Some(Rupiah(paid.net)),
        }));
    }
    differences.extend(missing(app, period, &sheet.people, units).await?);
    let mut faults: BTreeMap<Fault, (u64, i64)> = BTreeMap::new();
    for difference in &differences {
        let of = faults.entry(difference.fault).or_default();
        *of = (of.0 + 1, of.1 + difference.gap().0);
    }
    differences.sort_by_key(|difference| (std::cmp::Reverse(difference.gap().abs()), difference.nip, difference.fault));
    differences.truncate(SHOWN);
    Ok(Some(Judged {
        rows: sheet.people.values().map(|paid| paid.rows).sum(),
        people: sheet.people.len() as u64,
        net: Rupiah(sheet.people.values().map(|paid| paid.net).sum()),
        file: sheet.file.clone(),
        sha256: sheet.sha256.clone(),
        elsewhere: sheet.elsewhere,
        notices: sheet.notices.clone(),
        run,
        agreeing,
        faults,
        differences,
    }))
}

/// Who is eligible for something and is not in the file, page by page.
async fn missing(
    app: &App,
    period: Period,
    people: &BTreeMap<Nip, Paid>,
    units: Option<&BTreeSet<String>>,
) -> Result<Vec<Difference>, AppError> {
    let mut found = Vec::new();
    let mut wanted = ListWanted {
        standing: Some(Standing::Layak),
        units: units.cloned(),
        order: ListOrder::Name,
        limit: 2_000,
        ..ListWanted::default()
    };
    loop {
        let Some((_, rows)) = app.store.list(period, &wanted).await? else { return Ok(found) };
        let at_end = rows.len() < wanted.limit as usize;
        wanted.after = rows.last().map(|row| row.handle.clone());
        for row in rows {
            if row.due.is_some_and(|due| due > Rupiah::ZERO) && !people.contains_key(&row.nip) {
                found.push(Difference {
                    fault: Fault::Missing,
                    nip: row.nip,
                    name: row.name,
                    unit: row.unit,
                    handle: row.handle,
                    due: row.due,
                    paid: None,
                });
            }
        }
        if at_end {
            return Ok(found);
        }
    }
}
