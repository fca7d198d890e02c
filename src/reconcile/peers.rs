//! What one person looks like beside everybody else: shared accounts, unusual banks, who depends on whom.

use crate::domain::dossier::Peers;
use crate::domain::evidence::{Body, Evidence};
use crate::domain::nip::Nip;
use crate::domain::payment::PaymentRow;
use crate::domain::person::EmploymentStatus;
use crate::domain::text::fold;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Bank code and account.
type Account = (String, String);

/// File, bank code and bank name.
type Bank = (String, String, String);

/// Accounts and banks of all payment files of a period.
#[derive(Debug, Default)]
pub struct PaymentPeers {
    accounts: HashMap<Account, Vec<Nip>>,
    /// Accounts of each person, so that a person's peers are found without looking at everybody.
    of_person: HashMap<Nip, Vec<Account>>,
    /// File, bank code and bank name of each person's rows, by their place in `known_banks`: nearly all have the same.
    banks: HashMap<Nip, Vec<usize>>,
    known_banks: Vec<Bank>,
    codes_of_part: BTreeMap<String, BTreeMap<String, usize>>,
    pairs: BTreeMap<(String, String), usize>,
}

/// Bank code and account, digits only; `None` when there is no account.
fn account(row: &PaymentRow) -> Option<Account> {
    let digits: String = row.rekening.as_deref()?.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| (row.kode_bank.clone().unwrap_or_default(), digits))
}

/// Adds to a list that nearly always has one entry.
fn note<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.reserve_exact(1);
        list.push(item);
    }
}

impl PaymentPeers {
    /// Takes the payment rows of one person into account.
    pub fn add(&mut self, evidence: &Evidence) {
        let Some(Body::Payment(rows)) = &evidence.statement.body else {
            return;
        };
        for row in rows {
            if let Some(key) = account(row) {
                note(self.of_person.entry(evidence.statement.nip).or_default(), key.clone());
                // statements come by person: who holds the account already stands last, or comes from another file
                let holders = self.accounts.entry(key).or_insert_with(|| Vec::with_capacity(1));
                if holders.last() != Some(&evidence.statement.nip) {
                    holders.push(evidence.statement.nip);
                }
            }
            let code = row.kode_bank.clone().unwrap_or_default();
            let name = fold(row.nama_bank.as_deref().unwrap_or(""));
            if code.is_empty() {
                continue;
            }
            *self.codes_of_part.entry(evidence.part.clone()).or_default().entry(code.clone()).or_default() += 1;
            *self.pairs.entry((code.clone(), name.clone())).or_default() += 1;
            let bank = (evidence.part.clone(), code, name);
            let at = self.known_banks.iter().position(|known| *known == bank).unwrap_or_else(|| {
                self.known_banks.push(bank);
                self.known_banks.len() - 1
            });
            note(self.banks.entry(evidence.statement.nip).or_default(), at);
        }
    }

    /// What the others say about this person.
    pub fn of(&self, nip: Nip) -> Peers {
        let mut peers = Peers::default();
        let own = self.of_person.get(&nip).into_iter().flatten();
        for people in own.filter_map(|account| self.accounts.get(account)) {
            peers.same_account.extend(people.iter().filter(|other| **other != nip));
        }
        peers.same_account.sort();
        peers.same_account.dedup();
        let mut banks: Vec<&Bank> = self.banks.get(&nip).into_iter().flatten().filter_map(|at| self.known_banks.get(*at)).collect();
        banks.sort();
        for (part, code, name) in banks {
            peers.majority_bank = peers.majority_bank.or_else(|| self.other_bank(part, code));
            peers.usual_bank = peers.usual_bank.or_else(|| self.usual(code, name));
        }
        peers
    }

    /// The bank that most rows of a file name, unless it is this one. Where several are named equally often none is
    /// the file's, and everybody is outside.
    fn other_bank(&self, part: &str, code: &str) -> Option<String> {
        let codes = self.codes_of_part.get(part)?;
        let most = *codes.values().max()?;
        let mut leading = codes.iter().filter(|(_, count)| **count == most).map(|(bank, _)| bank);
        leading.find(|bank| *bank != code).cloned()
    }

    /// How more rows join this code or this name, when this pair is the rarer one.
    fn usual(&self, code: &str, name: &str) -> Option<String> {
        let own = self.pairs.get(&(code.to_owned(), name.to_owned())).copied().unwrap_or(0);
        let related = self.pairs.iter().filter(|((c, n), _)| (c == code) != (n == name) && !n.is_empty());
        let (pair, count) = related.max_by_key(|(_, count)| **count)?;
        (!name.is_empty() && *count > own).then(|| format!("{} {}", pair.0, pair.1))
    }
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
        let Some(Body::Roster(rows)) = &evidence.statement.body else {
            return;
        };
        let Some(entry) = rows.first() else { return };
        let nip = evidence.statement.nip;
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
