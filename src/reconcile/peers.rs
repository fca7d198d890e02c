//! What one person looks like beside everybody else: shared accounts, unusual banks, who depends on whom.

use crate::domain::dossier::Peers;
use crate::domain::evidence::{Body, Evidence, Statement};
use crate::domain::nip::Nip;
use crate::domain::payment::PaymentRow;
use crate::domain::person::EmploymentStatus;
use crate::domain::text::fold;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// File, bank code and bank name.
type Bank = (String, String, String);

/// Accounts and banks of all payment files of a period.
#[derive(Debug, Default)]
pub struct PaymentPeers {
    /// Each account (bank code and digits) by its place in `holders`.
    accounts: HashMap<Box<str>, u32>,
    holders: Vec<Holders>,
    of_person: HashMap<Nip, Own>,
    /// File, bank code and bank name of all rows, nearly all of which have the same, and how many rows have them.
    banks: Vec<(Bank, usize)>,
    /// The place of the bank of the row before, with its name as written.
    latest: Option<(usize, String)>,
    /// What each of `banks` looks like beside the others, once all rows are known.
    compared: OnceLock<Vec<Compared>>,
}

/// A list that nearly always has one entry.
#[derive(Debug)]
struct Few<T> {
    first: Option<T>,
    more: Vec<T>,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { first: None, more: Vec::new() }
    }
}

impl<T: PartialEq> Few<T> {
    fn note(&mut self, item: T) {
        match &self.first {
            None => self.first = Some(item),
            Some(first) if *first == item || self.more.contains(&item) => {}
            Some(_) => self.more.push(item),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(&self.more)
    }
}

/// Who holds an account.
type Holders = Few<Nip>;

/// Accounts and banks of one person, by their places.
#[derive(Debug, Default)]
struct Own {
    accounts: Few<u32>,
    banks: Few<usize>,
}

/// See [`Peers`].
#[derive(Debug, Default)]
struct Compared {
    majority_bank: Option<String>,
    usual_bank: Option<String>,
}

/// Bank code and account, digits only; `None` when there is no account.
fn account(row: &PaymentRow) -> Option<String> {
    let number = row.rekening.as_deref()?;
    let code = row.kode_bank.as_deref().unwrap_or_default();
    let mut key = String::with_capacity(code.len() + 1 + number.len());
    key.push_str(code);
    key.push(' ');
    let bare = key.len();
    key.extend(number.chars().filter(char::is_ascii_digit));
    (key.len() > bare).then_some(key)
}

impl PaymentPeers {
    /// Takes the payment rows of one person into account.
    pub fn add(&mut self, evidence: &Evidence) {
        self.add_statement(&evidence.part, &evidence.statement);
    }

    /// The same of a statement of some file.
    pub fn add_statement(&mut self, part: &str, statement: &Statement) {
        let Some(Body::Payment(rows)) = &statement.body else {
            return;
        };
        self.compared.take();
        for row in rows {
            let account = account(row).map(|key| self.account(key));
            let bank = row.kode_bank.as_deref().filter(|code| !code.is_empty()).map(|code| self.bank(part, code, row.nama_bank.as_deref()));
            if let Some(holders) = account.and_then(|at| self.holders.get_mut(at as usize)) {
                holders.note(statement.nip);
            }
            if account.is_some() || bank.is_some() {
                let own = self.of_person.entry(statement.nip).or_default();
                account.into_iter().for_each(|at| own.accounts.note(at));
                bank.into_iter().for_each(|at| own.banks.note(at));
            }
        }
    }

    fn account(&mut self, key: String) -> u32 {
        if let Some(at) = self.accounts.get(key.as_str()) {
            return *at;
        }
        let at = self.holders.len() as u32;
        self.holders.push(Holders::default());
        self.accounts.insert(key.into_boxed_str(), at);
        at
    }

    /// The place of a row's bank, where the row is counted.
    fn bank(&mut self, part: &str, code: &str, written: Option<&str>) -> usize {
        let written = written.unwrap_or("");
        let is = |bank: &Bank| bank.0 == part && bank.1 == code;
        let latest = self.latest.as_ref().filter(|(at, name)| name == written && self.banks.get(*at).is_some_and(|(bank, _)| is(bank)));
        let at = latest.map(|(at, _)| *at).unwrap_or_else(|| {
            let name = fold(written);
            let known = self.banks.iter().position(|(bank, _)| is(bank) && bank.2 == name);
            let at = known.unwrap_or_else(|| {
                self.banks.push(((part.to_owned(), code.to_owned(), name), 0));
                self.banks.len() - 1
            });
            self.latest = Some((at, written.to_owned()));
            at
        });
        if let Some((_, rows)) = self.banks.get_mut(at) {
            *rows += 1;
        }
        at
    }

    /// What the others say about this person.
    pub fn of(&self, nip: Nip) -> Peers {
        let mut peers = Peers::default();
        let Some(own) = self.of_person.get(&nip) else { return peers };
        for holders in own.accounts.iter().filter_map(|at| self.holders.get(*at as usize)) {
            peers.same_account.extend(holders.iter().filter(|other| **other != nip));
        }
        peers.same_account.sort();
        peers.same_account.dedup();
        let mut banks: Vec<(&Bank, usize)> = own.banks.iter().filter_map(|at| Some((&self.banks.get(*at)?.0, *at))).collect();
        banks.sort();
        let compared = self.compared.get_or_init(|| self.compare());
        for compared in banks.into_iter().filter_map(|(_, at)| compared.get(at)) {
            peers.majority_bank = peers.majority_bank.or_else(|| compared.majority_bank.clone());
            peers.usual_bank = peers.usual_bank.or_else(|| compared.usual_bank.clone());
        }
        peers
    }

    fn compare(&self) -> Vec<Compared> {
        let mut codes_of_part: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for ((part, code, name), rows) in &self.banks {
            *codes_of_part.entry(part).or_default().entry(code).or_default() += rows;
            *pairs.entry((code, name)).or_default() += rows;
        }
        let compare = |((part, code, name), _): &(Bank, usize)| Compared {
            majority_bank: codes_of_part.get(part.as_str()).and_then(|codes| other_bank(codes, code)),
            usual_bank: usual(&pairs, code, name),
        };
        self.banks.iter().map(compare).collect()
    }
}

/// The bank that most rows of a file name, unless it is this one. Where several are named equally often none is the
/// file's, and everybody is outside.
fn other_bank(codes: &BTreeMap<&str, usize>, code: &str) -> Option<String> {
    let most = *codes.values().max()?;
    let mut leading = codes.iter().filter(|(_, count)| **count == most).map(|(bank, _)| *bank);
    leading.find(|bank| *bank != code).map(str::to_owned)
}

/// How more rows join this code or this name, when this pair is the rarer one.
fn usual(pairs: &BTreeMap<(&str, &str), usize>, code: &str, name: &str) -> Option<String> {
    let own = pairs.get(&(code, name)).copied().unwrap_or(0);
    let related = pairs.iter().filter(|((c, n), _)| (*c == code) != (*n == name) && !n.is_empty());
    let (pair, count) = related.max_by_key(|(_, count)| **count)?;
    (!name.is_empty() && *count > own).then(|| format!("{} {}", pair.0, pair.1))
}

/// Who depends on whom in the roster of a period, and who is in service.
#[derive(Debug, Default)]
pub struct RosterPeers {
    subordinates: HashMap<Nip, u32>,
    status: HashMap<Nip, (EmploymentStatus, Option<NaiveDate>)>,
}

impl RosterPeers {
    /// Takes the roster rows of one person into account; of rows that contradict each other (ID03) the first.
    pub fn add(&mut self, evidence: &Evidence) {
        self.add_statement(&evidence.statement);
    }

    /// The same of a statement.
    pub fn add_statement(&mut self, statement: &Statement) {
        let Some(Body::Roster(rows)) = &statement.body else {
            return;
        };
        let Some(entry) = rows.first() else { return };
        let nip = statement.nip;
        self.status.insert(nip, (entry.status, entry.tmt_status));
        if let Some(superior) = entry.nip_atasan.filter(|superior| *superior != nip && entry.status == EmploymentStatus::Aktif) {
            *self.subordinates.entry(superior).or_default() += 1;
        }
    }

    /// How many people in service name this person as their superior.
    pub fn subordinates(&self, nip: Nip) -> u32 {
        self.subordinates.get(&nip).copied().unwrap_or(0)
    }

    /// Status and since when; `None` for who is not in the roster.
    pub fn status(&self, nip: Nip) -> Option<(EmploymentStatus, Option<NaiveDate>)> {
        self.status.get(&nip).copied()
    }
}
