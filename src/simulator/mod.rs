//! A stand-in for both BKN surfaces and a believable ministry with planted mismatches, for the demo, for tests and for
//! whoever wants to see what a finding looks like.
//!
//! The same seed, size and period give the same people, files and answers, byte for byte. Nothing here knows how Selaras
//! reads, stores or judges: what the simulated finance office pays is computed by its own arithmetic ([`amounts`]),
//! and [`Truth`] says which findings must come out. Nobody in it is real; NIP serials from 901 mark them.

mod almanac;
mod amounts;
mod attendance;
mod dice;
mod discipline;
mod faults;
mod files;
mod history;
mod identity;
mod marks;
mod names;
mod payment;
mod plant;
mod population;
mod report;
mod roster;
mod server;
mod sheets;
mod siasn;
mod stumbles;
mod truth;
mod wire;

pub use faults::Faults;
pub use faults::Listed;
pub use faults::Promise;
pub use faults::Struck;
pub use files::PaymentForm;
pub use files::WrittenFiles;
pub use history::WEEK_AND_A_DAY;
pub use history::WrittenHistory;
pub use server::serve;
pub use truth::Planted;
pub use truth::Truth;

use crate::domain::Period;
use crate::domain::calendar::UnknownYear;
use chrono::NaiveDate;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Bearer token of the report API.
pub const REPORT_TOKEN: &str = "demo-report-token";
/// WSO2 consumer key.
pub const CONSUMER_KEY: &str = "demo-consumer";
/// WSO2 consumer secret.
pub const CONSUMER_SECRET: &str = "demo-consumer-secret";
/// SSO client of the password grant.
pub const SSO_CLIENT_ID: &str = "contohws";
/// Operator of the password grant.
pub const SSO_USERNAME: &str = "198001012005011999";
/// Password of the operator.
pub const SSO_PASSWORD: &str = "demo-password";
/// Static SSO token, for `sso_mode = "static"`.
pub const SSO_TOKEN: &str = "demo-sso-token";
/// Path of the report API under the server's address.
pub const REPORT_PATH: &str = "/api_kinerja";
/// Path of SIASN's web service under the server's address.
pub const SIASN_PATH: &str = "/apisiasn/1.0";
/// Path of the WSO2 token endpoint.
pub const WSO2_TOKEN_PATH: &str = "/oauth2/token";
/// Path of the SSO token endpoint.
pub const SSO_TOKEN_PATH: &str = "/auth/realms/public-siasn/protocol/openid-connect/token";
/// Fewest employees with which a ministry makes sense.
pub const FEWEST_EMPLOYEES: usize = 20;

/// The sections of a configuration with which both surfaces of a served simulator are asked, without their pace.
pub fn sections(served: SocketAddr) -> String {
    format!(
        r#"
[ekinerja.report]
base_url = "http://{served}"
token = "{REPORT_TOKEN}"

[ekinerja.siasn]
base_url = "http://{served}{SIASN_PATH}"
wso2_token_url = "http://{served}{WSO2_TOKEN_PATH}"
consumer_key = "{CONSUMER_KEY}"
consumer_secret = "{CONSUMER_SECRET}"
sso_mode = "password"
sso_token_url = "http://{served}{SSO_TOKEN_PATH}"
sso_client_id = "{SSO_CLIENT_ID}"
sso_username = "{SSO_USERNAME}"
sso_password = "{SSO_PASSWORD}"
"#
    )
}

/// Which ministry to grow. How its BKN misbehaves is said to [`serve`], not here: faults change no person and no file.
#[derive(Debug, Clone)]
pub struct Settings {
    /// People in the roster, at least [`FEWEST_EMPLOYEES`]. From 100 on every kind of mistake is planted.
    pub employees: usize,
    /// The seed of all chance.
    pub seed: u64,
    /// The work month that is reconciled.
    pub period: Period,
    /// Whether there was something before today: a pull a week ago, a roster that lacked people, a device at a door
    /// ([`history`]). What follows from it is found only by who lives through it in that order.
    pub history: bool,
}

impl Default for Settings {
    /// 500 employees in October 2026, without a history.
    fn default() -> Self {
        Self { employees: 500, seed: 1, period: month(10), history: false }
    }
}

impl Settings {
    /// The ministry of a demo: with its history; that of every tenth seed is looked at in March 2026, of which the greater
    /// part is Ramadan.
    pub fn of_demo(employees: usize, seed: u64) -> Self {
        Self { employees, seed, period: Self::period_of(seed), history: true }
    }

    /// The work month in which the ministry of a seed is looked at when nobody asks for another one.
    pub fn period_of(seed: u64) -> Period {
        month(if seed.is_multiple_of(10) { 3 } else { 10 })
    }
}

/// A month of 2026.
fn month(month: u32) -> Period {
    Period::of(NaiveDate::from_ymd_opt(2026, month, 1).unwrap_or_default())
}

/// Why the simulator cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// Too few people for units, leaders and mistakes.
    #[error("a simulated ministry needs at least {FEWEST_EMPLOYEES} employees, not {0}")]
    TooFew(usize),
    /// The period lies in a year without holidays.
    #[error(transparent)]
    UnknownYear(#[from] UnknownYear),
    /// The built-in holiday list cannot be read.
    #[error("the built-in holiday list cannot be read: {0}")]
    Holidays(String),
    /// A file cannot be written.
    #[error("cannot write {path}: {source}", path = path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A spreadsheet cannot be made.
    #[error("cannot write {path}: {reason}", path = path.display())]
    Sheet {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// A simulated ministry: people, their month, what finance is about to pay, and what is wrong with it.
#[derive(Debug)]
pub struct Ministry {
    seed: u64,
    period: Period,
    history: bool,
    units: Vec<population::Unit>,
    people: Vec<population::Person>,
    /// Working days of which the attendance file has rows.
    workdays: Vec<NaiveDate>,
    /// The last day on which KPPN takes the payment as induk.
    kppn_day: NaiveDate,
    machines: attendance::Machines,
    /// What the month comes to for each of `people`; its days are made again when the file is written.
    outcomes: Vec<attendance::Outcome>,
    /// Listed by BKN, not in the roster.
    listed: Vec<population::Person>,
    /// Paid, not in the roster.
    paid: Vec<population::Person>,
    by_nip: std::collections::HashMap<crate::domain::Nip, usize>,
}

impl Ministry {
    /// Grows the ministry of these settings.
    ///
    /// # Errors
    /// Fewer than [`FEWEST_EMPLOYEES`] people, or a period in a year without a holiday list.
    pub fn grow(settings: &Settings) -> Result<Self, SimulatorError> {
        if settings.employees < FEWEST_EMPLOYEES {
            return Err(SimulatorError::TooFew(settings.employees));
        }
        let (seed, period) = (settings.seed, settings.period);
        let calendar = almanac::calendar()?;
        let mut workdays = almanac::workdays(&calendar, period)?;
        let kppn_day = calendar.workdays_before(period.offset(1).first_day(), almanac::KPPN_WORKDAYS);
        let mut founding = population::Founding::new(dice::Dice::new(seed, "population", 0), period);
        founding.found(settings.employees, plant::small_units(settings.employees));
        let occasions = plant::Occasions { ramadan: workdays.iter().any(|day| almanac::is_ramadan(*day)), history: settings.history };
        let outsiders = plant::plant(&mut founding, occasions);
        let people = founding.people;
        let machines = attendance::Machines::new(seed, &outsiders.troubles, &mut workdays);
        let outcomes = attendance::months(seed, &people, &workdays, &machines, period).map(|month| month.outcome).collect();
        let by_nip = people.iter().chain(&outsiders.listed).enumerate().map(|(at, person)| (person.nip, at)).collect();
        let (units, listed, paid) = (founding.units, outsiders.listed, outsiders.paid);
        let history = settings.history;
        Ok(Self { seed, period, history, units, people, workdays, machines, kppn_day, outcomes, listed, paid, by_nip })
    }

    /// The work month that is reconciled.
    pub fn period(&self) -> Period {
        self.period
    }

    /// People in the roster.
    pub fn employees(&self) -> usize {
        self.people.len()
    }

    /// NIPs of the roster, in its order.
    pub fn nips(&self) -> impl Iterator<Item = crate::domain::Nip> {
        self.people.iter().map(|person| person.nip)
    }

    /// Everybody's days, one person at a time.
    fn months(&self) -> impl Iterator<Item = attendance::Month> {
        attendance::months(self.seed, &self.people, &self.workdays, &self.machines, self.period)
    }

    /// The position of somebody whom BKN knows.
    fn position_of(&self, nip: &str) -> Option<usize> {
        self.by_nip.get(&crate::domain::Nip::parse(nip).ok()?).copied()
    }

    /// Somebody whom BKN knows, by position: the roster first, then those whom only BKN lists.
    fn known(&self, at: usize) -> Option<&population::Person> {
        self.people.get(at).or_else(|| self.listed.get(at.checked_sub(self.people.len())?))
    }
}
