//! From stored evidence to dossiers: which statements count, which of several wins, and what everybody's evidence
//! says about one person.

use super::coverage::Coverage;
use super::cycles::{Cycles, WhenPaid};
use super::devices::Devices;
use super::evaluate::ENGINE_REVISION;
use super::knowledge::{Heard, judge};
use super::peers::{PaymentPeers, RosterPeers};
use super::rules::predikat::deciding;
use super::several;
use super::shared::{Leaning, Recalled, SILENT};
use super::window::{is_half_unknown, judge_together};
use crate::domain::attendance::AttendanceDay;
use crate::domain::days::Days;
use crate::domain::dossier::{Dossier, Origin, Row};
use crate::domain::evidence::{Body, Evidence, Failure, Kind, Reason, Scope, Source, StatementState};
use crate::domain::nip::Nip;
use crate::domain::period::{Period, Span};
use crate::domain::text::hex;
use crate::domain::verdict::KnowledgeState;
use crate::domain::waiver::Waiver;
use crate::policy::Policy;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What all dossiers of a period share.
#[derive(Debug, Clone)]
pub struct Basis<'a> {
    /// Rules in force.
    pub policy: &'a Policy,
    /// Work month.
    pub period: Period,
    /// The instant that is replayed.
    pub as_of: DateTime<Utc>,
    /// Kinds that a verdict needs.
    pub required: Arc<[Kind]>,
    /// How old evidence may be.
    pub max_age: BTreeMap<Kind, TimeDelta>,
    /// The period of the roster that holds (the latest not after `period`).
    pub roster: Period,
}

impl Basis<'_> {
    /// Under which span each kind is looked up for this period.
    pub fn span(&self, kind: Kind) -> Span {
        match kind {
            Kind::Roster => Span::Month(self.roster),
            Kind::Attendance | Kind::AttendanceRecap | Kind::Attlog | Kind::Payment | Kind::Bank => Span::Month(self.period),
            Kind::Evaluation => self.policy.evaluation_cycle(self.period).span(),
            Kind::Skp => Span::Year(self.period.year()),
            _ => Span::Standing,
        }
    }

    /// Everything that a dossier is made of: each kind under its span, and the attendance of the year so far.
    pub fn wanted(&self) -> Vec<(Kind, Span)> {
        let cycles = self.neighbouring_cycles().into_iter().map(|cycle| (Kind::Evaluation, cycle.span()));
        let mut wanted: Vec<(Kind, Span)> = Kind::ALL.iter().map(|(_, kind)| (*kind, self.span(*kind))).chain(cycles).collect();
        let mut month = Period::of(self.attendance_from());
        while month < self.period {
            wanted.push((Kind::Attendance, Span::Month(month)));
            month = month.offset(1);
        }
        // the attendance of the day after the window, on which the last night shift ends
        let after = Span::Month(Period::of(self.attendance_to()));
        wanted.extend((!self.spans(Kind::Attendance).contains(&after)).then_some((Kind::Attendance, after)));
        wanted
    }

    /// Whether the instant lies, in the ministry's time, after the last day on which KPPN takes the payment as induk.
    fn is_past_kppn_day(&self) -> bool {
        let zone = self.policy.file.policy.timezone.parse().unwrap_or(chrono_tz::Tz::Asia__Jakarta);
        self.policy.kppn_deadline(self.period).is_some_and(|last| self.as_of.with_timezone(&zone).date_naive() > last)
    }

    /// The last day whose attendance counts for anything: that of the window, or the day after it.
    pub fn attendance_to(&self) -> NaiveDate {
        let (_, to) = self.policy.attendance_window(self.period);
        if self.policy.file.has_night_shifts() { to.succ_opt().unwrap_or(to) } else { to }
    }

    /// The first day whose attendance counts for anything: that of the window, or of the calendar year (DS02).
    pub fn attendance_from(&self) -> NaiveDate {
        let (from, _) = self.policy.attendance_window(self.period);
        NaiveDate::from_ymd_opt(self.period.year(), 1, 1).map_or(from, |year| year.min(from))
    }
}

/// Lays out one dossier after another.
#[derive(Debug)]
pub struct Desk<'a> {
    pub(super) basis: Basis<'a>,
    peers: PaymentPeers,
    roster_peers: RosterPeers,
    /// What was known about peers before, where nobody looks at everybody.
    pub(super) recalled: Option<Recalled>,
    pub(super) cycles: Cycles,
    pub(super) past_kppn_day: bool,
    /// Kinds that play a part in this period.
    pub(super) in_play: BTreeSet<Kind>,
    /// When somebody who speaks for everybody was last confirmed, by kind.
    pub(super) everybody: BTreeMap<(Kind, Span), DateTime<Utc>>,
    /// When the newest content of those who speak for everybody was first seen, by kind.
    pub(super) everybody_said: BTreeMap<(Kind, Span), DateTime<Utc>>,
    /// Parts of attendance that count for a month of a window over two months.
    pub(super) counted: BTreeSet<(Arc<str>, Span)>,
    /// The parts that speak for everybody.
    pub(super) whole: BTreeSet<(Kind, String)>,
    pub(super) failures: HashMap<(Kind, Option<Nip>), (Reason, DateTime<Utc>)>,
    /// Everybody about whom some question failed.
    pub(super) failed: HashSet<Nip>,
    /// When each source of the period that came as a whole was last confirmed.
    pub(super) confirmed: HashMap<(Kind, String), DateTime<Utc>>,
    payment_file_exists: bool,
    /// Waivers in force, by person.
    waivers: HashMap<Nip, Vec<Waiver>>,
    pub(super) coverage: Coverage,
    devices: Devices,
}

/// A dossier as it was laid out for somebody who keeps what comes of it.
#[derive(Debug)]
pub struct Laid {
    /// The dossier.
    pub dossier: Dossier,
    /// Hash of everything in it.
    pub inputs: String,
    /// What may move it without any news about the person.
    pub leaning: Leaning,
}

impl<'a> Desk<'a> {
    /// A desk for a period. `sources` and `failures` may hold more than this period needs.
    pub fn new(basis: Basis<'a>, sources: &[Source], failures: &[Failure], peers: PaymentPeers) -> Self {
        let mut in_play: BTreeSet<Kind> = basis.required.iter().copied().collect();
        let mut everybody: BTreeMap<(Kind, Span), DateTime<Utc>> = BTreeMap::new();
        let mut everybody_said: BTreeMap<(Kind, Span), DateTime<Utc>> = BTreeMap::new();
        let mut counted = BTreeSet::new();
        let mut whole = BTreeSet::new();
        for source in sources.iter().filter(|source| !source.kind.is_beside()) {
            for span in basis.spoken_for(source) {
                in_play.insert(source.kind);
                counted.insert((Arc::from(source.part.as_str()), span));
                if source.scope == Scope::Everybody {
                    whole.insert((source.kind, source.part.clone()));
                    let at = everybody.entry((source.kind, span)).or_insert(source.checked_at);
                    *at = (*at).max(source.checked_at);
                    let said = everybody_said.entry((source.kind, span)).or_insert(source.observed_at);
                    *said = (*said).max(source.observed_at);
                }
            }
        }
        if basis.spans(Kind::Attendance).len() == 1 {
            counted.clear();
        }
        let mut latest: HashMap<(Kind, Option<Nip>), (Reason, DateTime<Utc>)> = HashMap::new();
        for failure in failures.iter().filter(|failure| basis.spans(failure.kind).contains(&failure.span)) {
            in_play.insert(failure.kind);
            let entry = latest.entry((failure.kind, failure.nip)).or_insert((failure.reason, failure.at));
            if failure.at > entry.1 {
                *entry = (failure.reason, failure.at);
            }
        }
        in_play.retain(|kind| *kind != Kind::Roster && !SILENT.contains(kind) || basis.required.contains(kind));
        for silent in SILENT.into_iter().filter(|kind| in_play.contains(kind)) {
            let newest = sources.iter().filter(|source| source.kind == silent).map(|source| source.checked_at).max();
            everybody.extend(newest.map(|at| ((silent, basis.span(silent)), at)));
        }
        // a file of which rows were left out cannot say who is not paid
        let payment_file_exists = everybody.contains_key(&(Kind::Payment, basis.span(Kind::Payment)));
        let (cycles, past_kppn_day) = (Cycles::new(&basis, sources, failures), basis.is_past_kppn_day());
        let confirmed = sources
            .iter()
            .filter(|source| source.is_whole() && basis.spans(source.kind).contains(&source.span))
            .map(|source| ((source.kind, source.part.clone()), source.checked_at))
            .collect();
        let (_, to) = basis.policy.attendance_window(basis.period);
        let coverage = Coverage::new(basis.policy, (basis.attendance_from(), to), sources);
        Self {
            basis,
            peers,
            roster_peers: RosterPeers::default(),
            recalled: None,
            cycles,
            past_kppn_day,
            in_play,
            everybody,
            everybody_said,
            counted,
            whole,
            failures: latest,
            failed: failures.iter().filter_map(|failure| failure.nip).collect(),
            confirmed,
            payment_file_exists,
            waivers: HashMap::new(),
            coverage,
            devices: Devices::default(),
        }
    }

    /// With the scans of attendance devices. Their [`Devices::sources`] belong to the sources of [`Desk::new`].
    pub fn with_devices(self, devices: Devices) -> Self {
        Self { devices, ..self }
    }

    /// With the waivers that hold at the instant of the basis; of one finding at most one.
    pub fn with_waivers(mut self, waivers: impl IntoIterator<Item = (Nip, Waiver)>) -> Self {
        for (nip, waiver) in waivers {
            self.waivers.entry(nip).or_default().push(waiver);
        }
        self.waivers.values_mut().for_each(|of_person| of_person.sort());
        self
    }

    /// The scans of attendance devices.
    pub fn devices(&self) -> &Devices {
        &self.devices
    }

    /// With what the roster says about superiors and assessors (SK05, PR10).
    pub fn with_roster(mut self, peers: RosterPeers) -> Self {
        self.roster_peers = peers;
        self
    }

    /// With the evaluations that stood when the payment files were received (PR08).
    pub fn with_evaluations_when_paid(mut self, when_paid: WhenPaid) -> Self {
        self.cycles.when_paid(when_paid);
        self
    }

    /// From now on what others say about people is what was known before, and `roster` knows whoever assesses them.
    pub fn recall(&mut self, recalled: Recalled, roster: RosterPeers, when_paid: WhenPaid) {
        self.recalled = Some(recalled);
        self.roster_peers = roster;
        self.cycles.when_paid(when_paid);
    }

    /// What the dossiers share.
    pub fn basis(&self) -> &Basis<'a> {
        &self.basis
    }

    /// Which days the files of attendance have.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Kinds whose completeness counts in this period.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> + '_ {
        self.in_play.iter().copied()
    }

    /// The dossier of one person from all evidence about that person, with what is kept beside its verdict.
    pub fn lay_out(&self, nip: Nip, evidence: Vec<Evidence>) -> Laid {
        let mut hash = Inputs(Some(Sha256::new()));
        let (dossier, leaning) = self.compile(nip, evidence, &mut hash);
        Laid { dossier, inputs: hash.0.map(|hash| hex(&hash.finalize())).unwrap_or_default(), leaning }
    }

    /// The dossier alone, for who keeps nothing to compare with.
    pub fn dossier(&self, nip: Nip, evidence: Vec<Evidence>) -> Dossier {
        self.compile(nip, evidence, &mut Inputs(None)).0
    }

    fn compile(&self, nip: Nip, mut evidence: Vec<Evidence>, hash: &mut Inputs) -> (Dossier, Leaning) {
        let mut dossier = Dossier::empty(nip, self.basis.period);
        dossier.required = Arc::clone(&self.basis.required);
        dossier.payment_file_exists = self.payment_file_exists;
        dossier.past_kppn_day = self.past_kppn_day;
        dossier.peers = self.recalled.as_ref().map_or_else(|| self.peers.of(nip), |recalled| recalled.peers(nip));
        dossier.peers.shared_pins = self.devices.shared(nip).to_vec();
        self.devices.add_to(self.basis.policy, nip, &mut evidence);
        hash.note(|| format!("{} {ENGINE_REVISION} {} {nip} {:?}", env!("CARGO_PKG_VERSION"), self.basis.policy.sha256, dossier.required));
        let mut leaning = self.leaning(nip, &evidence);
        let (neighbours, evidence): (Vec<_>, Vec<_>) = evidence.into_iter().partition(|item| self.basis.is_neighbour(item));
        let mut heard: BTreeMap<(Kind, Span), Heard> = BTreeMap::new();
        self.listen(&evidence, &mut heard);
        let attendance = evidence.iter().filter(|item| item.statement.state == StatementState::Present);
        let parts = attendance.filter(|item| item.statement.kind == Kind::Attendance).map(|item| item.part.as_ref());
        dossier.unrecorded = self.coverage.missing_for(parts.collect::<BTreeSet<&str>>());
        let mut sorted = evidence;
        sorted.sort_by(|a, b| {
            let of = |item: &Evidence| (item.statement.kind, item.statement.span);
            let rank = |item: &Evidence| (of(item), std::cmp::Reverse(item.checked_at), form_rank(item));
            rank(a).cmp(&rank(b)).then_with(|| (&a.part, &a.sha256).cmp(&(&b.part, &b.sha256)))
        });
        for statement in sorted {
            self.file(statement, &mut dossier, hash);
        }
        let cycle = self.basis.policy.evaluation_cycle(self.basis.period);
        several::put_deciding_first(&mut dossier, cycle.last_day());
        self.cycles.file(neighbours, &mut dossier, |origin, sha256| hash.origin(origin, sha256));
        dossier.attendance.sort_by(|a, b| a.value.cmp(&b.value));
        dossier.attendance_after.sort_by(|a, b| a.value.cmp(&b.value));
        dossier.earlier_attendance.sort_by(|a, b| a.value.cmp(&b.value));
        dossier.payments.sort_by(|a, b| (&a.value, &a.origin.part).cmp(&(&b.value, &b.origin.part)));
        self.cycles.file_when_paid(&mut dossier, &self.basis, |origin, sha256| hash.origin(origin, sha256));
        self.judge_all(&mut dossier, &heard, &mut leaning);
        self.look_around(&mut dossier);
        self.excuse(&mut dossier, &mut leaning, hash);
        hash.note(|| {
            format!(
                "{:?} {:?} {:?} {} {:?} {:?} {} {:?} {} {}",
                dossier.knowledge.iter().map(|(kind, known)| (*kind, known.state, known.reason, stamp(known))).collect::<Vec<_>>(),
                dossier.other_nip,
                dossier.withdrawn.iter().map(|origin| (origin.kind, &origin.part)).collect::<Vec<_>>(),
                dossier.payment_file_exists,
                dossier.peers,
                dossier.silent_cycles,
                dossier.past_kppn_day,
                dossier.unrecorded,
                dossier.half_unknown,
                leaning.on,
            )
        });
        (dossier, leaning)
    }

    /// Notes the waivers about the person. Each holds up to an instant: then everybody is looked at again.
    fn excuse(&self, dossier: &mut Dossier, leaning: &mut Leaning, hash: &mut Inputs) {
        dossier.waivers = self.waivers.get(&dossier.nip).cloned().unwrap_or_default();
        for waiver in &dossier.waivers {
            hash.note(|| format!("waiver {} {} {} {}", waiver.finding, waiver.evidence, waiver.document, waiver.until));
            leaning.join(Leaning { fresh_until: Some(waiver.ends_at - TimeDelta::microseconds(1)), ..Leaning::default() });
        }
    }

    /// Notes what the roster says about those around the person.
    fn look_around(&self, dossier: &mut Dossier) {
        if self.recalled.is_none() {
            dossier.peers.subordinates = self.roster_peers.subordinates(dossier.nip);
        }
        let cycle = self.basis.policy.evaluation_cycle(self.basis.period);
        let assessor = deciding(&dossier.evaluation, cycle.last_day()).and_then(|row| Nip::parse(row.value.atasan_nip.as_deref()?).ok());
        dossier.peers.assessor = assessor.and_then(|nip| self.roster_peers.status(nip));
    }

    /// Notes when each kind was last confirmed for the person.
    fn listen(&self, evidence: &[Evidence], heard: &mut BTreeMap<(Kind, Span), Heard>) {
        for item in evidence.iter().filter(|item| self.counts(item)) {
            let entry = heard.entry((item.statement.kind, item.statement.span)).or_default();
            let (at, said, follows) = (item.checked_at, item.observed_at, self.follows(item));
            match item.statement.state {
                StatementState::Present if says_nothing(item) => entry.hear_absent(at, Some(said), follows),
                StatementState::Present => entry.hear_present(at, said, follows),
                StatementState::DeclaredAbsent => entry.hear_absent(at, Some(said), follows),
                StatementState::Withdrawn => {}
            }
        }
    }

    /// Whether evidence says something about how well its kind is known for the period.
    fn counts(&self, item: &Evidence) -> bool {
        let (kind, span) = (item.statement.kind, item.statement.span);
        let spans = self.basis.spans(kind);
        spans.contains(&span) && (spans.len() == 1 || self.counted.contains(&(Arc::clone(&item.part), span)))
    }

    /// When somebody who speaks for everybody last said nothing about the person. Whose own row came broken is not
    /// missing: a failure about that very person which is not older wins over the conclusion.
    fn concluded_absence(&self, kind: Kind, span: Span, nip: Nip) -> Option<DateTime<Utc>> {
        let everybody = self.everybody.get(&(kind, span)).copied()?;
        let own = self.failures.get(&(kind, Some(nip)));
        own.is_none_or(|(_, failed_at)| *failed_at < everybody).then_some(everybody)
    }

    fn judge_all(&self, dossier: &mut Dossier, heard: &BTreeMap<(Kind, Span), Heard>, leaning: &mut Leaning) {
        for kind in &self.in_play {
            let own = self.failures.get(&(*kind, Some(dossier.nip)));
            let general = self.failures.get(&(*kind, None));
            let failure = own.into_iter().chain(general).max_by_key(|(_, at)| *at).copied();
            let of_span = |span: Span| {
                let mut known = heard.get(&(*kind, span)).copied().unwrap_or_default();
                if let Some(concluded) = self.concluded_absence(*kind, span, dossier.nip) {
                    known.hear_absent(concluded, self.everybody_said.get(&(*kind, span)).copied(), true);
                }
                Heard { failure, ..known }
            };
            let known: Vec<Heard> = self.basis.spans(*kind).into_iter().map(of_span).collect();
            let judged = judge_together(&known, |heard| judge(heard, self.basis.max_age.get(kind).copied(), self.basis.as_of));
            dossier.knowledge.insert(*kind, judged);
            self.lean(*kind, &known, judged.state, leaning);
            if *kind == Kind::Attendance {
                dossier.half_unknown = is_half_unknown(&known, self.basis.as_of);
            }
            if let Some((Reason::OtherNip, at)) = own {
                dossier.other_nip.push((*kind, *at));
            }
        }
    }

    /// Puts one statement into the dossier; `evidence` comes newest first.
    fn file(&self, evidence: Evidence, dossier: &mut Dossier, hash: &mut Inputs) {
        let Evidence { statement, part, source, batch, observed_at, sha256, .. } = evidence;
        let origin = Arc::new(Origin { kind: statement.kind, part, source, batch, observed_at, locator: statement.locator });
        if statement.state == StatementState::Withdrawn
            && statement.kind.is_bulk()
            && self.concluded_absence(statement.kind, statement.span, dossier.nip).is_some()
        {
            dossier.withdrawn.push(Arc::clone(&origin));
        }
        let Some(body) = statement.body else { return };
        let used = match body {
            Body::Roster(rows) => take(rows, &origin, &mut dossier.roster),
            Body::Attendance(rows) => self.file_days(&rows, &origin, dossier),
            Body::AttendanceRecap(rows) => first(rows, &origin, &mut dossier.recap),
            // told by Devices
            Body::Pins(_) => false,
            Body::Permits(rows) => {
                let (_, to) = self.basis.policy.attendance_window(self.basis.period);
                let from = self.basis.attendance_from();
                let known: BTreeSet<_> = dossier.permits.iter().map(|row| (row.value.jenis, row.value.mulai)).collect();
                take_if(rows, &origin, &mut dossier.permits, |permit| {
                    permit.mulai <= to && permit.selesai >= from && !known.contains(&(permit.jenis, permit.mulai))
                })
            }
            Body::Discipline(rows) => {
                let known = dossier.punishments.clone();
                take_if(rows, &origin, &mut dossier.punishments, |row| {
                    !known.iter().any(|earlier| several::same_decree(&earlier.value, row))
                })
            }
            Body::Payment(rows) => take(rows, &origin, &mut dossier.payments),
            Body::Bank(rows) => take(rows, &origin, &mut dossier.salary_accounts),
            Body::Evaluation(rows) if dossier.evaluation.is_empty() => take(rows, &origin, &mut dossier.evaluation),
            Body::Evaluation(rows) => take(rows, &origin, &mut dossier.evaluation_elsewhere),
            Body::Skp(rows) => several::add_skp(rows, &origin, &mut dossier.skp, |part| self.whole.contains(&(Kind::Skp, part.to_owned()))),
            Body::Identity(rows) => first(rows, &origin, &mut dossier.identity),
            Body::History(rows) => take(rows, &origin, &mut dossier.history),
            Body::SkpAnnual(rows) => take(rows, &origin, &mut dossier.skp_annual),
            Body::DisciplineBkn(rows) => take(rows, &origin, &mut dossier.discipline_bkn),
            Body::UnpaidLeave(rows) => take(rows, &origin, &mut dossier.unpaid_leave),
            Body::Position(rows) | Body::Termination(rows) | Body::Transfer(rows) | Body::StudyLeave(rows) => {
                take(rows, &origin, &mut dossier.notes)
            }
        };
        if used {
            hash.origin(&origin, &sha256);
        }
    }

    /// The days of the window, and those of the year before it; a day stands where the newest file has it.
    fn file_days(&self, rows: &Days, origin: &Arc<Origin>, dossier: &mut Dossier) -> bool {
        let (from, to) = self.basis.policy.attendance_window(self.basis.period);
        let (first, last) = (self.basis.attendance_from(), self.basis.attendance_to());
        let known = |rows: &[Row<AttendanceDay>]| rows.iter().map(|row| row.value.tanggal).collect::<BTreeSet<_>>();
        let (taken, earlier) = (known(&dossier.attendance), known(&dossier.earlier_attendance));
        let after = known(&dossier.attendance_after);
        let count = |dossier: &Dossier| dossier.attendance.len() + dossier.earlier_attendance.len() + dossier.attendance_after.len();
        let before = count(dossier);
        for (position, value) in rows.iter().enumerate() {
            let day = value.tanggal;
            let row = Row { value, origin: Arc::clone(origin), position };
            if from <= day && day <= to && !taken.contains(&day) {
                if dossier.attendance.is_empty() {
                    dossier.attendance.reserve_exact(rows.len() - position);
                }
                dossier.attendance.push(row);
            } else if day < from && first <= day && !earlier.contains(&day) {
                dossier.earlier_attendance.push(row);
            } else if to < day && day <= last && !after.contains(&day) {
                dossier.attendance_after.push(row);
            }
        }
        count(dossier) > before
    }
}

/// The hash of everything that a dossier is made of, where somebody wants it.
struct Inputs(Option<Sha256>);

impl Inputs {
    fn note(&mut self, what: impl FnOnce() -> String) {
        if let Some(hash) = &mut self.0 {
            hash.update(what());
        }
    }

    /// Takes a statement in.
    fn origin(&mut self, origin: &Origin, sha256: &str) {
        let Origin { kind, part, source, batch, observed_at, .. } = origin;
        self.note(|| format!("{kind} {part} {source} {batch} {sha256} {}", observed_at.timestamp_micros()));
    }
}

/// A source that lists the person only to say that there is no SKP declares absence.
fn says_nothing(evidence: &Evidence) -> bool {
    match &evidence.statement.body {
        Some(Body::Skp(rows)) => rows.iter().all(|row| !row.is_skp),
        _ => false,
    }
}

/// A full row before a Rekap row, where both are equally new.
pub(super) fn form_rank(evidence: &Evidence) -> u8 {
    match &evidence.statement.body {
        Some(Body::Evaluation(rows)) => rows.first().map_or(0, |row| row.form as u8),
        _ => 0,
    }
}

pub(super) fn take<T>(rows: Vec<T>, origin: &Arc<Origin>, to: &mut Vec<Row<T>>) -> bool {
    take_if(rows, origin, to, |_| true)
}

/// Takes the first row where nothing newer has been taken.
fn first<T>(rows: Vec<T>, origin: &Arc<Origin>, to: &mut Option<Row<T>>) -> bool {
    let mut taken = Vec::new();
    let used = take(rows, origin, &mut taken);
    *to = to.take().or(taken.into_iter().next());
    used
}

fn take_if<T>(rows: Vec<T>, origin: &Arc<Origin>, to: &mut Vec<Row<T>>, keep: impl Fn(&T) -> bool) -> bool {
    let before = to.len();
    to.extend(rows.into_iter().enumerate().filter(|(_, value)| keep(value)).map(|(position, value)| Row {
        value,
        origin: Arc::clone(origin),
        position,
    }));
    to.len() > before
}

/// The instant that a verdict shows for a gap or for what is missing. When known evidence was last confirmed moves with
/// every pull and shows nowhere.
fn stamp(known: &crate::domain::dossier::Knowledge) -> Option<i64> {
    let shown = match known.state {
        KnowledgeState::Present => None,
        KnowledgeState::DeclaredAbsent => known.said,
        KnowledgeState::NotAsked | KnowledgeState::Failed | KnowledgeState::Stale => known.at,
    };
    shown.map(|at| at.timestamp_micros())
}
