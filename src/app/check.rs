//! `check`: the whole reconciliation on files alone. No store, no server, no network; the same rules and the same
//! documents.

mod parcel;
mod reading;

use self::reading::{File, read};
use super::AppError;
use super::cores::{joined, workers};
use super::report::{At, PeriodReport, with_life};
use crate::config::Config;
use crate::domain::evidence::{Evidence, Source};
use crate::domain::text::Lang;
use crate::domain::{Kind, Nip, Period, Statement, Verdict};
use crate::intake::{Delivery, FileKind, Notice};
use crate::policy::Policy;
use crate::reconcile::completeness::Completeness;
use crate::reconcile::{Basis, Desk, Devices, Everybody, PaymentPeers, RosterPeers, evaluate_briefly, files};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// The files of one period.
#[derive(Debug, Clone, Default)]
pub struct CheckFiles {
    /// The roster.
    pub roster: PathBuf,
    /// "Laporan Penilaian SKP" and "Rekap Penilaian".
    pub evaluation: Vec<PathBuf>,
    /// "Laporan SKP".
    pub skp: Vec<PathBuf>,
    /// Attendance.
    pub attendance: Vec<PathBuf>,
    /// Logs of attendance devices.
    pub attlog: Vec<PathBuf>,
    /// Whose the PINs of the devices are.
    pub pins: Vec<PathBuf>,
    /// Permits; none: nobody has any.
    pub permits: Option<PathBuf>,
    /// Punishments; none: nobody has any.
    pub discipline: Option<PathBuf>,
    /// ADK.
    pub payment: Vec<PathBuf>,
}

impl CheckFiles {
    /// Every file with how it is read and, of e-Kinerja's exports, which one it must be.
    fn all(&self) -> Vec<(&Path, FileKind, Option<Kind>)> {
        let mut all: Vec<(&Path, FileKind, Option<Kind>)> = vec![(&self.roster, FileKind::Roster, None)];
        all.extend(self.evaluation.iter().map(|path| (path.as_path(), FileKind::Ekinerja, Some(Kind::Evaluation))));
        all.extend(self.skp.iter().map(|path| (path.as_path(), FileKind::Ekinerja, Some(Kind::Skp))));
        all.extend(self.attendance.iter().map(|path| (path.as_path(), FileKind::Attendance, None)));
        all.extend(self.attlog.iter().map(|path| (path.as_path(), FileKind::Attlog, None)));
        all.extend(self.pins.iter().map(|path| (path.as_path(), FileKind::Pins, None)));
        all.extend(self.permits.iter().map(|path| (path.as_path(), FileKind::Permits, None)));
        all.extend(self.discipline.iter().map(|path| (path.as_path(), FileKind::Discipline, None)));
        all.extend(self.payment.iter().map(|path| (path.as_path(), FileKind::Payment, None)));
        all
    }
}

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// The period, evaluated.
    pub report: PeriodReport,
    /// What the clerk should know of each file: its name and a sentence.
    pub notices: Vec<(String, FileNotice)>,
}

/// Something to know about a file.
#[derive(Debug, Clone, PartialEq)]
pub enum FileNotice {
    /// Said by the reader of the file.
    Read(Notice),
    /// The same bytes were given before under another name, and count once.
    Twin,
    /// Not given: nobody is taken to have any.
    NotGiven,
}

impl FileNotice {
    /// The sentence for a person.
    pub fn sentence(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Read(notice), _) => notice.sentence(lang),
            (Self::Twin, Lang::Id) => "isinya sama dengan berkas yang sudah diberikan; dihitung satu kali".to_owned(),
            (Self::Twin, Lang::En) => "holds the same bytes as a file given before; it counts once".to_owned(),
            (Self::NotGiven, Lang::Id) => "tidak diberikan; dianggap tidak ada".to_owned(),
            (Self::NotGiven, Lang::En) => "not given; taken as none".to_owned(),
        }
    }
}

/// Checks a period on files alone.
///
/// # Errors
/// A refused file or policy, or a file that cannot be read.
pub fn run(config: &Config, policy: &Policy, period: Period, files: &CheckFiles, as_of: DateTime<Utc>) -> Result<Checked, AppError> {
    policy.require(period)?;
    let mut notices = Vec::new();
    let basis = basis(config, policy, period, as_of);
    let mut deliveries = read(config, &basis, files, &mut notices)?;
    for (given, what) in [(files.permits.is_some(), "--permits"), (files.discipline.is_some(), "--discipline")] {
        if !given {
            notices.push((what.to_owned(), FileNotice::NotGiven));
        }
    }
    deliveries.sort_by(|a, b| (a.kind, &a.part, &a.sha256).cmp(&(b.kind, &b.part, &b.sha256)));
    let run = run_id(policy, period, &deliveries, as_of);
    let (desk, sources) = desk(basis, &deliveries);
    let mut of_files = files::findings(policy, period, period, &sources, desk.coverage());
    of_files.extend(desk.devices().findings(policy, period));
    let all = evaluate_all(policy, &desk, deliveries, as_of);
    of_files.extend(all.everybody.findings());
    of_files.sort_by(|a, b| (a.code, &a.subject).cmp(&(b.code, &b.subject)));
    let mut report = with_life(policy, all.verdicts, of_files, &all.completeness, At { period, as_of, run }, &[]);
    report.header.trial |= !all.unverified.is_empty();
    report.header.unverified_rules_used = all.unverified.into_iter().collect();
    Ok(Checked { report, notices })
}

/// The run is named by what went into it (contract §2).
fn run_id(policy: &Policy, period: Period, deliveries: &[File], as_of: DateTime<Utc>) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{period} {} {}", policy.sha256, as_of.timestamp_micros()));
    for delivery in deliveries {
        hash.update(format!(" {} {} {}", delivery.kind, delivery.span, delivery.sha256));
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The batch of a file, which a check has no store to number.
fn batch(delivery: &Delivery) -> String {
    delivery.sha256[..16].to_owned()
}

fn sources(deliveries: &[File], as_of: DateTime<Utc>) -> Vec<Source> {
    let source = |delivery: &File| Source {
        batch: batch(delivery),
        kind: delivery.kind,
        span: delivery.span,
        part: delivery.part.clone(),
        name: delivery.source.clone(),
        sha256: delivery.sha256.clone(),
        scope: delivery.scope,
        facts: delivery.facts.clone(),
        observed_at: as_of,
        checked_at: as_of,
    };
    deliveries.iter().map(source).collect()
}

fn basis<'a>(config: &Config, policy: &'a Policy, period: Period, as_of: DateTime<Utc>) -> Basis<'a> {
    Basis { policy, period, as_of, required: Arc::from(config.evidence.required.clone()), max_age: config.evidence.ages(), roster: period }
}

/// The desk, and every source with the attendance that the scans of devices come to.
fn desk<'a>(basis: Basis<'a>, deliveries: &[File]) -> (Desk<'a>, Vec<Source>) {
    let (as_of, window) = (basis.as_of, basis.policy.attendance_window(basis.period));
    let mut sources = sources(deliveries, as_of);
    let devices = Devices::new(basis.attendance_from(), (window.0, basis.attendance_to()), &sources, &map_of_pins(deliveries, as_of));
    sources.iter_mut().for_each(|source| source.facts.scans = None);
    sources.extend(devices.sources());
    let (mut peers, mut roster_peers) = (PaymentPeers::default(), RosterPeers::default());
    for delivery in deliveries.iter().filter(|delivery| matches!(delivery.kind, Kind::Payment | Kind::Roster)) {
        let (label, span) = (Label::of(delivery), basis.span(delivery.kind));
        delivery.statements.each(|statement| {
            if statement.span == span {
                peers.add_statement(&label.part, statement);
                roster_peers.add_statement(statement);
            }
        });
    }
    (Desk::new(basis, &sources, &[], peers).with_devices(devices).with_roster(roster_peers), sources)
}

/// Whose the PINs of devices are.
fn map_of_pins(deliveries: &[File], as_of: DateTime<Utc>) -> Vec<Evidence> {
    let mut map = Vec::new();
    for delivery in deliveries.iter().filter(|delivery| delivery.kind == Kind::Pins) {
        let label = Label::of(delivery);
        delivery.statements.each(|statement| map.push(label.evidence(statement.clone(), as_of)));
    }
    map
}

/// What every statement of a delivery takes from it.
struct Label {
    part: Arc<str>,
    source: Arc<str>,
    batch: Arc<str>,
    sha256: Arc<str>,
}

impl Label {
    fn of(delivery: &Delivery) -> Self {
        Self {
            part: delivery.part.as_str().into(),
            source: delivery.source.as_str().into(),
            batch: batch(delivery).into(),
            sha256: delivery.sha256.as_str().into(),
        }
    }

    fn evidence(&self, statement: Statement, as_of: DateTime<Utc>) -> Evidence {
        Evidence {
            statement,
            part: Arc::clone(&self.part),
            source: Arc::clone(&self.source),
            batch: Arc::clone(&self.batch),
            observed_at: as_of,
            checked_at: as_of,
            sha256: Arc::clone(&self.sha256),
        }
    }
}

/// People handed to a worker at once.
const CROWD: usize = 256;

type Crowd = Vec<(Nip, Vec<Evidence>)>;

/// What a worker has made of the people that it was handed.
struct Share<'a> {
    verdicts: Vec<(usize, Vec<Verdict>)>,
    rest: Rest<'a>,
}

/// What everybody comes to beside the verdicts.
struct Rest<'a> {
    completeness: Completeness,
    everybody: Everybody<'a>,
    /// Rules that were used and are not verified, which each verdict would have to list again.
    unverified: BTreeSet<String>,
}

impl<'a> Rest<'a> {
    fn new(policy: &'a Policy, desk: &Desk<'a>) -> Self {
        Self {
            completeness: Completeness::new(desk.kinds(), &desk.basis().required),
            everybody: Everybody::new(policy, desk.basis().period),
            unverified: BTreeSet::new(),
        }
    }

    fn absorb(&mut self, other: Self) {
        self.completeness.absorb(other.completeness);
        self.everybody.absorb(other.everybody);
        self.unverified.extend(other.unverified);
    }
}

/// What everybody comes to.
struct All<'a> {
    verdicts: Vec<Verdict>,
    completeness: Completeness,
    everybody: Everybody<'a>,
    unverified: BTreeSet<String>,
}

/// Lays out and evaluates everybody on all cores; the result does not depend on how many there are.
fn evaluate_all<'a>(policy: &'a Policy, desk: &Desk<'a>, deliveries: Vec<File>, as_of: DateTime<Utc>) -> All<'a> {
    let workers = workers();
    let (hand, taken) = sync_channel::<(usize, Crowd)>(2 * workers);
    let taken = Mutex::new(taken);
    let shares: Vec<Share<'a>> = std::thread::scope(|scope| {
        let working: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(policy, desk, &taken))).collect();
        gather(desk.basis(), deliveries, as_of, &hand);
        drop(hand);
        working.into_iter().map(joined).collect()
    });
    let mut rest = Rest::new(policy, desk);
    let mut crowds = Vec::new();
    for share in shares {
        rest.absorb(share.rest);
        crowds.extend(share.verdicts);
    }
    crowds.sort_by_key(|(at, _)| *at);
    let mut verdicts = Vec::with_capacity(crowds.iter().map(|(_, some)| some.len()).sum());
    verdicts.extend(crowds.into_iter().flat_map(|(_, some)| some));
    All { verdicts, completeness: rest.completeness, everybody: rest.everybody, unverified: rest.unverified }
}

fn work<'a>(policy: &'a Policy, desk: &Desk<'a>, taken: &Mutex<Receiver<(usize, Crowd)>>) -> Share<'a> {
    let mut share = Share { verdicts: Vec::new(), rest: Rest::new(policy, desk) };
    loop {
        let next = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((at, crowd)) = next else { return share };
        let mut verdicts = Vec::with_capacity(crowd.len());
        for (nip, evidence) in crowd {
            let dossier = desk.dossier(nip, evidence);
            if super::evaluation::has_part(&dossier) {
                share.rest.completeness.count(&dossier);
                share.rest.everybody.add(&dossier);
                let mut verdict = evaluate_briefly(policy, &dossier);
                for rule in std::mem::take(&mut verdict.unverified_rules) {
                    if !share.rest.unverified.contains(&rule) {
                        share.rest.unverified.insert(rule);
                    }
                }
                verdicts.push(verdict);
            }
        }
        share.verdicts.push((at, verdicts));
    }
}

/// Hands out people in the order of NIP, each with everything that any file says about them.
fn gather(basis: &Basis<'_>, deliveries: Vec<File>, as_of: DateTime<Utc>, hand: &SyncSender<(usize, Crowd)>) {
    let wanted: BTreeSet<_> = basis.wanted().into_iter().collect();
    let mut files: Vec<_> = deliveries
        .into_iter()
        .map(|delivery| {
            let label = Label::of(&delivery);
            let wanted = &wanted;
            let statements = delivery.statements.into_iter().filter(move |told| wanted.contains(&(told.kind, told.span)));
            (label, statements.peekable())
        })
        .collect();
    let (mut at, mut crowd) = (0, Crowd::with_capacity(CROWD));
    while let Some(nip) = files.iter_mut().filter_map(|(_, told)| told.peek().map(|statement| statement.nip)).min() {
        let mut evidence = Vec::new();
        for (label, told) in &mut files {
            while let Some(statement) = told.next_if(|statement| statement.nip == nip) {
                evidence.push(label.evidence(statement, as_of));
            }
        }
        if evidence.iter().any(|item| super::evaluation::concerns(item.statement.kind)) {
            crowd.push((nip, evidence));
        }
        if crowd.len() == CROWD {
            // every worker is there until the last crowd has been handed out
            let _ = hand.send((at, std::mem::take(&mut crowd)));
            at += 1;
        }
    }
    let _ = hand.send((at, crowd));
}
