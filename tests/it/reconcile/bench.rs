//! A bench with one clean person under the example policy; each test disturbs one thing.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use selaras::domain::attendance::{AttendanceDay, AttendanceRecap, DayStatus};
use selaras::domain::discipline::Punishment;
use selaras::domain::dossier::Dossier;
use selaras::domain::ekinerja::{EvaluationForm, EvaluationRow, SkpRow};
use selaras::domain::evidence::{Evidence, Failure, Reason, Scope, Source, SourceFacts};
use selaras::domain::finding::{Code, Finding};
use selaras::domain::leave::{DoctorsLetter, Permit, PermitKind};
use selaras::domain::payment::PaymentRow;
use selaras::domain::period::{Period, Span};
use selaras::domain::person::{EmployeeKind, EmploymentStatus, RosterEntry};
use selaras::domain::verdict::DeductionLine;
use selaras::domain::{Body, Cycle, Kind, Locator, Nip, Rupiah, Statement, StatementState, Verdict};
use selaras::policy::{Base, LinearRule, MinuteKind, Model, Policy, PolicyFile, Verified};
use selaras::reconcile::{Basis, Desk, Laid, PaymentPeers, RosterPeers, WhenPaid, evaluate, evaluate_briefly};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn time(text: &str) -> NaiveTime {
    text.parse().unwrap_or_else(|_| NaiveTime::parse_from_str(text, "%H:%M").unwrap())
}

/// Weights 70/30, attendance percents of the attendance component, absence 3 %, lateness 0.01 % a minute, no flexible
/// time.
pub fn weighted_70_30(file: &mut PolicyFile) {
    file.components.model = Model::Weighted;
    file.components.weight_performance = "70".parse().ok();
    file.components.weight_attendance = "30".parse().ok();
    file.deduction.band.clear();
    file.deduction.linear = vec![LinearRule {
        kind: MinuteKind::Late,
        percent_per_minute: "0.01".parse().unwrap(),
        base: Base::AttendanceComponent,
        verified: Verified::No,
        source: "uji".to_owned(),
    }];
    file.worktime.flex.mode = selaras::policy::FlexMode::None;
    let absent = file.deduction.event.iter_mut().find(|event| event.kind == selaras::policy::EventKind::Absent).unwrap();
    absent.base = Base::AttendanceComponent;
    absent.percent = "3".parse().ok();
}

/// What one person's evidence is, in pieces that a test can change.
pub struct Bench {
    policy: Policy,
    nip: Nip,
    period: Period,
    now: DateTime<Utc>,
    roster: Vec<RosterEntry>,
    attendance: Vec<AttendanceDay>,
    permits: Vec<Permit>,
    punishments: Vec<Punishment>,
    payments: Vec<PaymentRow>,
    evaluation: Vec<EvaluationRow>,
    skp: Vec<SkpRow>,
    neighbour: bool,
    forgotten: Vec<Kind>,
    withdrawn: Vec<Kind>,
    failures: Vec<Failure>,
    ages: BTreeMap<Kind, TimeDelta>,
    further: Vec<(&'static str, Body, Scope)>,
    scopes: BTreeMap<Kind, Scope>,
    strangers: Vec<(Nip, Body)>,
    colleagues: Vec<(Nip, Body)>,
    cycles: Vec<(Cycle, Vec<EvaluationRow>)>,
    whole_cycles: Vec<Cycle>,
    whole_months: Vec<Period>,
    when_paid: Vec<EvaluationRow>,
    required: Vec<Kind>,
    days_of_file: Vec<NaiveDate>,
    earlier: Vec<AttendanceDay>,
    recap: Option<AttendanceRecap>,
}

impl Bench {
    pub fn clean() -> Self {
        Self::of("2026-10")
    }

    /// The clean person in another month of 2026.
    pub fn of(month: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy/contoh-kemenko-infra.toml");
        let policy = Policy::read(&path).unwrap();
        let period: Period = month.parse().unwrap();
        let attendance = policy.calendar.workdays(period.first_day(), period.last_day()).into_iter().map(present).collect();
        Self {
            policy,
            nip: Nip::parse("198501012010011901").unwrap(),
            period,
            now: "2026-10-27T02:00:00Z".parse().unwrap(),
            roster: vec![entry()],
            attendance,
            permits: Vec::new(),
            punishments: Vec::new(),
            payments: vec![payment_row(period)],
            evaluation: vec![evaluation_row()],
            skp: vec![skp_row()],
            neighbour: false,
            forgotten: Vec::new(),
            withdrawn: Vec::new(),
            failures: Vec::new(),
            ages: BTreeMap::new(),
            further: Vec::new(),
            scopes: BTreeMap::new(),
            strangers: Vec::new(),
            colleagues: Vec::new(),
            cycles: Vec::new(),
            whole_cycles: Vec::new(),
            whole_months: Vec::new(),
            when_paid: Vec::new(),
            required: vec![Kind::Skp, Kind::Evaluation, Kind::Attendance],
            days_of_file: Vec::new(),
            earlier: Vec::new(),
            recap: None,
        }
    }

    /// The rows of every file in another order.
    pub fn shuffle(&mut self, seed: u64) {
        let mut dice = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        self.attendance.shuffle(&mut dice);
        self.payments.shuffle(&mut dice);
        self.punishments.shuffle(&mut dice);
        self.skp.shuffle(&mut dice);
    }

    /// The days from that one on stand in a second file.
    pub fn split_attendance(&mut self, from: &str) {
        let (first, second) = std::mem::take(&mut self.attendance).into_iter().partition(|row| row.tanggal < day(from));
        self.attendance = first;
        self.further("bagian-2", Body::Attendance(second.into()), Scope::Everybody);
    }

    /// The attendance file once more, under another name.
    pub fn attendance_twice(&mut self) {
        let again = self.attendance.clone();
        self.further("salinan", Body::Attendance(again.into()), Scope::Everybody);
    }

    /// The same person under another NIP.
    pub fn nip(&mut self, nip: &str) {
        self.nip = Nip::parse(nip).unwrap();
    }

    /// The days on which anybody has a row in the attendance file.
    pub fn file_has_days(&mut self, days: &[String]) {
        self.days_of_file = days.iter().map(|text| day(text)).collect();
    }

    /// A clean month of this year before the period, with these days disturbed.
    pub fn earlier(&mut self, month: &str, mut change: impl FnMut(&mut AttendanceDay)) {
        let month: Period = month.parse().unwrap();
        let mut rows: Vec<AttendanceDay> =
            self.policy.calendar.workdays(month.first_day(), month.last_day()).into_iter().map(present).collect();
        rows.iter_mut().for_each(&mut change);
        self.earlier.extend(rows);
    }

    pub fn recap(&mut self, recap: AttendanceRecap) {
        self.recap = Some(recap);
    }

    pub fn rules(&self) -> &Policy {
        &self.policy
    }

    pub fn policy_file(&self) -> Policy {
        self.policy.clone()
    }

    pub fn policy(&mut self, change: impl FnOnce(&mut PolicyFile)) {
        change(&mut self.policy.file);
    }

    pub fn roster(&mut self, change: impl FnOnce(&mut RosterEntry)) {
        change(&mut self.roster[0]);
    }

    pub fn roster_twin(&mut self, change: impl FnOnce(&mut RosterEntry)) {
        let mut twin = self.roster[0].clone();
        change(&mut twin);
        self.roster.push(twin);
    }

    pub fn not_in_roster(&mut self) {
        self.roster.clear();
    }

    pub fn workdays(&self) -> Vec<String> {
        self.attendance.iter().map(|row| row.tanggal.to_string()).collect()
    }

    pub fn row(&mut self, at: &str, change: impl FnOnce(&mut AttendanceDay)) {
        change(self.attendance.iter_mut().find(|row| row.tanggal == day(at)).unwrap());
    }

    pub fn every_row(&mut self, change: impl FnMut(&mut AttendanceDay)) {
        self.attendance.iter_mut().for_each(change);
    }

    pub fn add_row(&mut self, at: &str, change: impl FnOnce(&mut AttendanceDay)) {
        let mut row = present(day(at));
        (row.status, row.jam_masuk, row.jam_pulang) = (None, None, None);
        change(&mut row);
        self.attendance.push(row);
    }

    pub fn drop_day(&mut self, at: &str) {
        self.attendance.retain(|row| row.tanggal != day(at));
    }

    pub fn no_attendance(&mut self) {
        self.attendance.clear();
    }

    pub fn scan(&mut self, at: &str, masuk: Option<&str>, pulang: Option<&str>) {
        self.row(at, |row| (row.jam_masuk, row.jam_pulang) = (masuk.map(time), pulang.map(time)));
    }

    pub fn permit(&mut self, jenis: PermitKind, from: &str, to: &str) {
        self.permits.push(Permit {
            jenis,
            mulai: day(from),
            selesai: day(to),
            nomor_surat: Some("SI-1".to_owned()),
            tanggal_surat: None,
            disetujui_oleh: Some("Atasan Contoh".to_owned()),
            surat_dokter: DoctorsLetter::None,
            anak_ke: None,
        });
    }

    pub fn permits_unapproved(&mut self) {
        self.permits.iter_mut().for_each(|permit| permit.disetujui_oleh = Some("  ".to_owned()));
    }

    pub fn letter(&mut self, letter: DoctorsLetter) {
        self.permits[0].surat_dokter = letter;
    }

    pub fn punish(&mut self, tingkat: &str, mulai: &str) {
        self.punishments.push(Punishment {
            nomor_sk: Some("SK-1".to_owned()),
            tanggal_sk: None,
            tingkat: Some(tingkat.to_owned()),
            jenis: None,
            persen: None,
            mulai: mulai.parse().ok(),
            bulan: None,
        });
    }

    pub fn payment(&mut self, change: impl FnOnce(&mut PaymentRow)) {
        change(&mut self.payments[0]);
    }

    pub fn payment_twin(&mut self, change: impl FnOnce(&mut PaymentRow)) {
        let mut twin = self.payments[0].clone();
        change(&mut twin);
        self.payments.push(twin);
    }

    pub fn pay(&mut self, net: i64) {
        self.payment(|row| (row.bersih, row.potongan) = (Rupiah(net), row.bruto - Rupiah(net)));
    }

    pub fn no_payment(&mut self) {
        self.payments.clear();
    }

    pub fn evaluation(&mut self, change: impl FnOnce(&mut EvaluationRow)) {
        change(&mut self.evaluation[0]);
    }

    pub fn evaluation_twin(&mut self, change: impl FnOnce(&mut EvaluationRow)) {
        let mut twin = self.evaluation[0].clone();
        change(&mut twin);
        self.evaluation.push(twin);
    }

    pub fn no_evaluation(&mut self) {
        self.evaluation.clear();
    }

    pub fn skp(&mut self, change: impl FnOnce(&mut Vec<SkpRow>)) {
        change(&mut self.skp);
    }

    pub fn neighbour_with_same_account(&mut self) {
        self.neighbour = true;
    }

    pub fn forget(&mut self, kind: Kind) {
        self.forgotten.push(kind);
    }

    pub fn withdraw(&mut self, kind: Kind) {
        self.withdrawn.push(kind);
    }

    pub fn fail(&mut self, kind: Kind) {
        self.failures.push(Failure { kind, nip: None, span: self.span(kind), reason: Reason::Html, at: self.now });
    }

    pub fn other_nip(&mut self, kind: Kind) {
        self.failures.push(Failure { kind, nip: Some(self.nip), span: self.span(kind), reason: Reason::OtherNip, at: self.now });
    }

    pub fn age_hours(&mut self, kind: Kind, hours: i64) {
        self.ages.insert(kind, TimeDelta::hours(hours));
    }

    /// A failure about this very person, so many hours before now.
    pub fn own_failure(&mut self, kind: Kind, reason: Reason, hours_ago: i64) {
        let at = self.now - TimeDelta::hours(hours_ago);
        self.failures.push(Failure { kind, nip: Some(self.nip), span: self.span(kind), reason, at });
    }

    /// Another file of the same kind that names the person; its name decides which of two equally new files is read
    /// first. `report:` is the answer of BKN's report API.
    pub fn further(&mut self, file: &'static str, body: Body, scope: Scope) {
        self.further.push((file, body, scope));
    }

    /// The instant at which everything is looked at.
    pub fn now(&mut self, at: &str) {
        self.now = at.parse().unwrap();
    }

    /// Somebody else in the roster.
    pub fn colleague(&mut self, nip: &str, change: impl FnOnce(&mut RosterEntry)) {
        let mut entry = entry();
        change(&mut entry);
        self.colleagues.push((Nip::parse(nip).unwrap(), Body::Roster(vec![entry])));
    }

    /// The evaluation of another cycle.
    pub fn cycle(&mut self, cycle: &str, change: impl FnOnce(&mut EvaluationRow)) {
        let mut row = evaluation_row();
        change(&mut row);
        self.cycles.push((cycle.parse().unwrap(), vec![row]));
    }

    /// A source that speaks for everybody about another cycle does not name the person.
    pub fn silent_cycle(&mut self, cycle: &str) {
        self.whole_cycles.push(cycle.parse().unwrap());
    }

    /// An attendance file of another month, which speaks for everybody.
    pub fn attendance_file(&mut self, month: &str) {
        self.whole_months.push(month.parse().unwrap());
    }

    /// What the evaluation said when the payment file came.
    pub fn when_paid(&mut self, change: impl FnOnce(&mut EvaluationRow)) {
        let mut row = evaluation_row();
        change(&mut row);
        self.when_paid = vec![row];
    }

    /// For whom the source of a kind speaks.
    pub fn scope(&mut self, kind: Kind, scope: Scope) {
        self.scopes.insert(kind, scope);
    }

    /// A payment row of somebody else in the same file.
    pub fn stranger_is_paid(&mut self, nip: &str, change: impl FnOnce(&mut PaymentRow)) {
        let mut row = payment_row(self.period);
        row.rekening = Some(format!("9{}", &nip[..9]));
        change(&mut row);
        self.strangers.push((Nip::parse(nip).unwrap(), Body::Payment(vec![row])));
    }

    pub fn evaluation_rows(&self) -> Vec<EvaluationRow> {
        self.evaluation.clone()
    }

    pub fn skp_rows(&self) -> Vec<SkpRow> {
        self.skp.clone()
    }

    fn span(&self, kind: Kind) -> Span {
        match kind {
            Kind::Roster | Kind::Attendance | Kind::AttendanceRecap | Kind::Payment => Span::Month(self.period),
            Kind::Evaluation => self.policy.evaluation_cycle(self.period).span(),
            Kind::Skp => Span::Year(self.period.year()),
            _ => Span::Standing,
        }
    }

    fn checked_at(&self, kind: Kind) -> DateTime<Utc> {
        self.now - self.ages.get(&kind).copied().unwrap_or_default()
    }

    fn evidence(&self, nip: Nip, body: Body) -> Evidence {
        let kind = body.kind();
        let rows = body.len() as u32;
        let mut statement = Statement::present(nip, self.span(kind), body, Locator::new("row {}", 2..2 + rows));
        if self.withdrawn.contains(&kind) {
            statement.state = StatementState::Withdrawn;
            statement.body = None;
        }
        Evidence {
            part: format!("{}/uji", self.span(kind)).into(),
            source: format!("file:{kind}.csv").into(),
            batch: format!("batch-{kind}").into(),
            observed_at: self.checked_at(kind),
            checked_at: self.checked_at(kind),
            sha256: "".into(),
            statement,
        }
    }

    fn part(&self, file: &str, kind: Kind) -> String {
        let span = self.span(kind);
        if file == "report:" { format!("report:{span}") } else { format!("{span}/{file}") }
    }

    fn source(&self, kind: Kind, scope: Scope) -> Source {
        Source {
            batch: format!("batch-{kind}"),
            kind,
            span: self.span(kind),
            part: format!("{}/uji", self.span(kind)),
            name: format!("file:{kind}.csv"),
            sha256: String::new(),
            scope,
            facts: SourceFacts {
                days: if kind == Kind::Attendance { self.days_of_file.clone() } else { Vec::new() },
                ..SourceFacts::default()
            },
            observed_at: self.checked_at(kind),
            checked_at: self.checked_at(kind),
        }
    }

    /// The verdict for the person as disturbed so far.
    pub fn verdict(&self) -> Outcome {
        let dossier = self.dossier();
        let verdict = evaluate(&self.policy, &dossier);
        // whoever evaluates everybody writes no derivation, and must come to the same in all else
        let unexplained = Verdict { derivation: Vec::new(), ..verdict.clone() };
        assert_eq!(evaluate_briefly(&self.policy, &dossier), unexplained);
        Outcome(verdict)
    }

    /// The dossier of the person as disturbed so far; the order of evidence never shows in it.
    pub fn dossier(&self) -> Dossier {
        let everybody = [Kind::Roster, Kind::Attendance, Kind::Payment, Kind::Evaluation, Kind::Skp];
        let sources: Vec<Source> = everybody
            .iter()
            .filter(|kind| !self.forgotten.contains(kind))
            .map(|kind| self.source(*kind, self.scopes.get(kind).copied().unwrap_or(Scope::Everybody)))
            .chain(self.further.iter().map(|(file, body, scope)| {
                let part = self.part(file, body.kind());
                Source { part, ..self.source(body.kind(), *scope) }
            }))
            .chain(self.whole_months.iter().map(|month| Source {
                span: Span::Month(*month),
                part: format!("{month}/uji"),
                ..self.source(Kind::Attendance, Scope::Everybody)
            }))
            .chain(self.whole_cycles.iter().map(|cycle| Source {
                span: cycle.span(),
                part: format!("{cycle}/uji"),
                ..self.source(Kind::Evaluation, Scope::Everybody)
            }))
            .collect();
        let bodies = [
            Body::Roster(self.roster.clone()),
            Body::Attendance(self.attendance.clone().into()),
            Body::AttendanceRecap(self.recap.iter().cloned().collect()),
            Body::Permits(self.permits.clone()),
            Body::Discipline(self.punishments.clone()),
            Body::Payment(self.payments.clone()),
            Body::Evaluation(self.evaluation.clone()),
            Body::Skp(self.skp.clone()),
        ];
        let evidence: Vec<Evidence> = bodies
            .into_iter()
            .filter(|body| !body.is_empty() && !self.forgotten.contains(&body.kind()))
            .map(|body| self.evidence(self.nip, body))
            .chain(self.further.iter().map(|(file, body, _)| {
                let part = self.part(file, body.kind()).into();
                Evidence { part, ..self.evidence(self.nip, body.clone()) }
            }))
            .chain(self.cycles.iter().map(|(cycle, rows)| {
                let mut evidence = self.evidence(self.nip, Body::Evaluation(rows.clone()));
                (evidence.statement.span, evidence.part) = (cycle.span(), format!("{cycle}/uji").into());
                evidence
            }))
            .collect();
        let evidence: Vec<Evidence> = evidence.into_iter().chain(self.earlier_months()).collect();
        let mut peers = PaymentPeers::default();
        evidence.iter().for_each(|item| peers.add(item));
        self.strangers.iter().for_each(|(nip, body)| peers.add(&self.evidence(*nip, body.clone())));
        if self.neighbour {
            let other = Nip::parse("198601012010011902").unwrap();
            peers.add(&self.evidence(other, Body::Payment(self.payments.clone())));
        }
        let basis = Basis {
            policy: &self.policy,
            period: self.period,
            as_of: self.now,
            required: Arc::from(self.required.clone()),
            max_age: BTreeMap::from([(Kind::Evaluation, TimeDelta::hours(36))]),
            roster: self.period,
        };
        let mut roster_peers = RosterPeers::default();
        evidence.iter().for_each(|item| roster_peers.add(item));
        self.colleagues.iter().for_each(|(nip, body)| roster_peers.add(&self.evidence(*nip, body.clone())));
        let mut when_paid = WhenPaid::new();
        if !self.when_paid.is_empty() {
            let known = self.evidence(self.nip, Body::Evaluation(self.when_paid.clone()));
            when_paid.entry(format!("{}/uji", self.period)).or_default().insert(self.nip, vec![known]);
        }
        let desk = Desk::new(basis, &sources, &self.failures, peers).with_roster(roster_peers).with_evaluations_when_paid(when_paid);
        let Laid { dossier, inputs: hash, .. } = desk.lay_out(self.nip, evidence.clone());
        let mut reversed = evidence;
        reversed.reverse();
        let Laid { dossier: again, inputs: same_hash, .. } = desk.lay_out(self.nip, reversed);
        assert_eq!(hash, same_hash, "the order of evidence shows in the hash");
        assert_eq!(evaluate(&self.policy, &dossier), evaluate(&self.policy, &again), "the order of evidence shows in the verdict");
        dossier
    }

    fn earlier_months(&self) -> Vec<Evidence> {
        let months = self.earlier.chunk_by(|a, b| Period::of(a.tanggal) == Period::of(b.tanggal));
        let evidence = months.map(|rows| {
            let mut evidence = self.evidence(self.nip, Body::Attendance(rows.to_vec().into()));
            evidence.statement.span = Span::Month(Period::of(rows[0].tanggal));
            evidence.part = format!("{}/uji", evidence.statement.span).into();
            evidence
        });
        evidence.collect()
    }
}

/// A verdict with the questions that tests ask.
pub struct Outcome(Verdict);

impl std::ops::Deref for Outcome {
    type Target = Verdict;
    fn deref(&self) -> &Verdict {
        &self.0
    }
}

impl Outcome {
    pub fn codes(&self) -> Vec<Code> {
        self.findings.iter().map(|finding| finding.code).collect()
    }

    pub fn finding(&self, code: Code) -> &Finding {
        self.findings.iter().find(|finding| finding.code == code).unwrap()
    }

    pub fn line(&self, rule: &str) -> Option<&DeductionLine> {
        self.deductions.iter().find(|line| line.rule == rule)
    }

    pub fn lines(&self) -> Vec<&str> {
        self.deductions.iter().map(|line| line.rule.as_str()).collect()
    }
}

fn present(tanggal: NaiveDate) -> AttendanceDay {
    let end = if tanggal.format("%a").to_string() == "Fri" { "16:30" } else { "16:00" };
    AttendanceDay {
        tanggal,
        jam_masuk: Some(time("07:29:40")),
        jam_pulang: Some(time(end)),
        status: Some(DayStatus::Wfo),
        keterangan: None,
        alasan_manual: None,
        minutes_late: None,
        minutes_early: None,
    }
}

fn entry() -> RosterEntry {
    RosterEntry {
        nama: "Budi Contoh Uji, S.Kom.".to_owned(),
        jenis_pegawai: EmployeeKind::Pns,
        kode_unit: "U01".to_owned(),
        nama_unit: Some("Bidang Contoh".to_owned()),
        jabatan: Some("Pranata Komputer Ahli Muda".to_owned()),
        kelas_jabatan: Some(8),
        tmt_kelas: None,
        nip_atasan: None,
        status: EmploymentStatus::Aktif,
        tmt_status: None,
        tmt_cpns: None,
        tmt_pns: None,
        tmt_spmt: None,
        jpt: false,
        plt_jabatan: None,
        plt_sk: None,
        plt_mulai: None,
        plt_selesai: None,
        kode_bank_span: None,
        rekening: None,
        nama_rekening: None,
    }
}

fn payment_row(period: Period) -> PaymentRow {
    PaymentRow {
        kode_satker: Some("000000".to_owned()),
        dibayar: Some(period.offset(1)),
        awal: period,
        akhir: Some(period),
        nama: Some("BUDI CONTOH UJI".to_owned()),
        nomor_sk: None,
        kelas: Some(8),
        bruto: Rupiah(4_595_150),
        potongan: Rupiah::ZERO,
        bersih: Rupiah(4_595_150),
        kode_bank: Some("008".to_owned()),
        nama_bank: Some("BANK CONTOH".to_owned()),
        rekening: Some("0000000123".to_owned()),
        nama_rekening: Some("BUDI CONTOH UJI".to_owned()),
    }
}

fn evaluation_row() -> EvaluationRow {
    EvaluationRow {
        form: EvaluationForm::Laporan,
        nama: Some("BUDI CONTOH UJI".to_owned()),
        periode_awal_skp: Some(day("2026-01-01")),
        periode_akhir_skp: Some(day("2026-12-31")),
        jabatan: None,
        unor: None,
        plt: false,
        hasil_kerja: "Sesuai Ekspektasi".to_owned(),
        perilaku_kerja: "Sesuai Ekspektasi".to_owned(),
        hasil_akhir: "Baik".to_owned(),
        atasan_nip: None,
        atasan_nama: None,
        waktu_dinilai: None,
        skp_id: Some("SKP-1".to_owned()),
        skp_penilaian_id: Some("PEN-1".to_owned()),
    }
}

fn skp_row() -> SkpRow {
    SkpRow {
        nama: Some("BUDI CONTOH UJI".to_owned()),
        skp_id: Some("SKP-1".to_owned()),
        is_skp: true,
        status: Some("Persetujuan".to_owned()),
        jabatan: None,
        unor: None,
        periode_awal: Some(day("2026-01-01")),
        periode_akhir: Some(day("2026-12-31")),
        plt: false,
    }
}
