//! The dossier: everything that is known at an instant about one person and one period, ready for the rules.

use super::attendance::{AttendanceDay, AttendanceRecap};
use super::cycle::Cycle;
use super::discipline::{BknPunishment, Punishment};
use super::ekinerja::{AnnualRow, BknLeave, EvaluationRow, HistoryNote, HistoryRow, Identity, SkpRow};
use super::evidence::{Kind, Locator, Reason};
use super::finding::Exhibit;
use super::leave::Permit;
use super::nip::Nip;
use super::payment::{PaymentRow, SalaryAccount};
use super::period::Period;
use super::person::{EmploymentStatus, RosterEntry};
use super::verdict::KnowledgeState;
use super::waiver::Waiver;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where a row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Kind of evidence.
    pub kind: Kind,
    /// Which of several sources of the kind.
    pub part: Arc<str>,
    /// How outputs name the source.
    pub source: Arc<str>,
    /// Batch.
    pub batch: Arc<str>,
    /// When it was observed.
    pub observed_at: DateTime<Utc>,
    /// Places of the rows.
    pub locator: Locator,
}

impl Origin {
    /// Whether BKN's report API has answered it; else it stands in a file.
    pub fn is_answer_of_report(&self) -> bool {
        self.part.starts_with(super::evidence::REPORT_STREAM)
    }
}

/// One row with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T> {
    /// What it says.
    pub value: T,
    /// Which source says it.
    pub origin: Arc<Origin>,
    /// Position in the statement.
    pub position: usize,
}

impl<T> Row<T> {
    /// The row as an exhibit: one field and what it says.
    pub fn exhibit(&self, field: &str, value: Option<String>) -> Exhibit {
        Exhibit {
            kind: self.origin.kind,
            source: self.origin.source.to_string(),
            batch: self.origin.batch.to_string(),
            locator: self.origin.locator.show(self.position),
            field: field.to_owned(),
            value,
            observed_at: Some(self.origin.observed_at),
        }
    }
}

/// How well a kind is known for the person, why not, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// The state.
    pub state: KnowledgeState,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// When it was last confirmed or last asked.
    pub at: Option<DateTime<Utc>>,
    /// When what is known was first said; a later confirmation does not move it.
    pub said: Option<DateTime<Utc>>,
}

impl Knowledge {
    /// Nobody was asked.
    pub const NOT_ASKED: Self = Self { state: KnowledgeState::NotAsked, reason: None, at: None, said: None };
}

/// What other people's evidence says about this person (one account for two NIPs, the file's majority bank).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peers {
    /// Other people whose payment rows name the same account: their NIPs.
    pub same_account: Vec<Nip>,
    /// The bank that most rows of the person's payment file name, when this person's differs.
    pub majority_bank: Option<String>,
    /// How most rows join this bank code and name, when this person's row joins them otherwise.
    pub usual_bank: Option<String>,
    /// Device PINs with scans that the map gives to this person and to others as well (ID05).
    pub shared_pins: Vec<SharedPin>,
    /// People in service whom the roster puts directly under this person.
    pub subordinates: u32,
    /// The roster's status of the assessor in the evaluation that decides, and since when; `None` when there is none
    /// or the roster does not have them.
    pub assessor: Option<(EmploymentStatus, Option<NaiveDate>)>,
}

/// A device PIN that the map gives to several people: whose its scans are, nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPin {
    /// `device/PIN`.
    pub subject: String,
    /// PIN.
    pub pin: String,
    /// Everybody else to whom the map gives it.
    pub others: Vec<Nip>,
    /// The lines of the map and of the scans.
    pub shown: Vec<Exhibit>,
}

/// Everything that is known about one person and one period.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Who.
    pub nip: Nip,
    /// Work month.
    pub period: Period,
    /// Roster rows: one, or several that contradict each other (ID03), or none (outside the roster).
    pub roster: Vec<Row<RosterEntry>>,
    /// Attendance rows of the policy's window, by date; where several files have the day, the newest. A day is twice
    /// in the list only when one file contradicts itself (ID03).
    pub attendance: Vec<Row<AttendanceDay>>,
    /// Attendance rows of the calendar year before that window, by date, in the same way.
    pub earlier_attendance: Vec<Row<AttendanceDay>>,
    /// Working days on which nobody in the person's attendance files has a row (AB02): no absence follows from them.
    pub unrecorded: Arc<BTreeSet<NaiveDate>>,
    /// Attendance rows of the day after the window, on which a night shift of its last day ends.
    pub attendance_after: Vec<Row<AttendanceDay>>,
    /// Whether nothing is known about one month of an attendance window over two months.
    pub half_unknown: bool,
    /// What the newest monthly recap of the period states.
    pub recap: Option<Row<AttendanceRecap>>,
    /// Permits that touch the period or the days of its year before it.
    pub permits: Vec<Row<Permit>>,
    /// Punishments of the ministry's file.
    pub punishments: Vec<Row<Punishment>>,
    /// Payment rows of the period's files and rows of other files that name this period.
    pub payments: Vec<Row<PaymentRow>>,
    /// Accounts of the period's salary files.
    pub salary_accounts: Vec<Row<SalaryAccount>>,
    /// Evaluation rows of the cycle that decides, of the newest source that has a row of the person that decides (else
    /// of the newest that has the person).
    pub evaluation: Vec<Row<EvaluationRow>>,
    /// Evaluation rows of the other sources that have the person (for PR12).
    pub evaluation_elsewhere: Vec<Row<EvaluationRow>>,
    /// Evaluation rows of the neighbouring cycles, each of its newest source that has the person.
    pub evaluations_by_cycle: BTreeMap<Cycle, Vec<Row<EvaluationRow>>>,
    /// Neighbouring cycles for which a source that speaks for everybody does not name the person.
    pub silent_cycles: BTreeSet<Cycle>,
    /// Evaluation rows of the cycle that decides as they were known when the person's payment row was received; empty
    /// when nothing has changed since.
    pub evaluation_when_paid: Vec<Row<EvaluationRow>>,
    /// SKP rows of the year, of the newest source that has the person; of several unit files together.
    pub skp: Vec<Row<SkpRow>>,
    /// BKN identity.
    pub identity: Option<Row<Identity>>,
    /// Periodic results.
    pub history: Vec<Row<HistoryRow>>,
    /// Annual results.
    pub skp_annual: Vec<Row<AnnualRow>>,
    /// BKN's punishments.
    pub discipline_bkn: Vec<Row<BknPunishment>>,
    /// BKN's unpaid leave.
    pub unpaid_leave: Vec<Row<BknLeave>>,
    /// Terminations, transfers, positions and study leave at BKN.
    pub notes: Vec<Row<HistoryNote>>,
    /// How well each kind is known; kinds that play no part are missing.
    pub knowledge: BTreeMap<Kind, Knowledge>,
    /// Evidence that was present earlier and has vanished upstream (SR04).
    pub withdrawn: Vec<Arc<Origin>>,
    /// Kinds whose latest answer was about another NIP (SR05), and when it came.
    pub other_nip: Vec<(Kind, DateTime<Utc>)>,
    /// Whether a payment file of the period exists.
    pub payment_file_exists: bool,
    /// Whether the instant of the dossier lies after the day on which KPPN still takes the payment as induk.
    pub past_kppn_day: bool,
    /// Other people's evidence.
    pub peers: Peers,
    /// Kinds that a verdict needs (`[evidence] required`).
    pub required: Arc<[Kind]>,
    /// Waivers in force about the person, in the order of their findings.
    pub waivers: Vec<Waiver>,
}

impl Dossier {
    /// A dossier that knows nothing.
    pub fn empty(nip: Nip, period: Period) -> Self {
        Self {
            nip,
            period,
            roster: Vec::new(),
            attendance: Vec::new(),
            earlier_attendance: Vec::new(),
            unrecorded: Arc::default(),
            attendance_after: Vec::new(),
            half_unknown: false,
            recap: None,
            permits: Vec::new(),
            punishments: Vec::new(),
            payments: Vec::new(),
            salary_accounts: Vec::new(),
            evaluation: Vec::new(),
            evaluation_elsewhere: Vec::new(),
            evaluations_by_cycle: BTreeMap::new(),
            silent_cycles: BTreeSet::new(),
            evaluation_when_paid: Vec::new(),
            skp: Vec::new(),
            identity: None,
            history: Vec::new(),
            skp_annual: Vec::new(),
            discipline_bkn: Vec::new(),
            unpaid_leave: Vec::new(),
            notes: Vec::new(),
            knowledge: BTreeMap::new(),
            withdrawn: Vec::new(),
            other_nip: Vec::new(),
            payment_file_exists: false,
            past_kppn_day: false,
            peers: Peers::default(),
            required: Arc::from([]),
            waivers: Vec::new(),
        }
    }

    /// Whether a verdict needs the kind.
    pub fn requires(&self, kind: Kind) -> bool {
        self.required.contains(&kind)
    }

    /// How well the kind is known.
    pub fn knowledge(&self, kind: Kind) -> Knowledge {
        self.knowledge.get(&kind).copied().unwrap_or(Knowledge::NOT_ASKED)
    }
}
