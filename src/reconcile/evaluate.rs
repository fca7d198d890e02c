//! `evaluate(policy, dossier) -> verdict`: the order in which the rules are asked.
//!
//! The order is that of `calc.order`: eligibility, base class, status multiplier, leave, performance, attendance,
//! discipline, plt, round; then the payment file is held against the result.

use super::rules::{acting, assessment, attendance, class, discipline, identity, leave, other_cycles};
use super::rules::{payment, predikat, roster, skp, source, standing, status};
use super::worksheet::{Draft, Worksheet};
use crate::domain::dossier::{Dossier, Row};
use crate::domain::evidence::Kind;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::payment::PaymentRow;
use crate::domain::person::RosterEntry;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::{Amounts, Standing, Step, Verdict};
use crate::domain::waiver::{Excuse, evidence_behind};
use crate::policy::{Model, Policy};

/// Raised whenever the rules change, so that stored verdicts of older rules are worked out again.
pub const ENGINE_REVISION: u32 = 7;

/// The verdict for one person and one period. Pure: same policy and dossier, same bytes.
pub fn evaluate(policy: &Policy, dossier: &Dossier) -> Verdict {
    evaluate_on(Worksheet::new(policy, dossier, true))
}

/// The same verdict with an empty derivation, which would be most of it. For whoever evaluates everybody.
pub fn evaluate_briefly(policy: &Policy, dossier: &Dossier) -> Verdict {
    evaluate_on(Worksheet::new(policy, dossier, false))
}

fn evaluate_on(mut sheet: Worksheet<'_>) -> Verdict {
    let (policy, dossier) = (sheet.policy, sheet.dossier);
    identity::odd_nip(&mut sheet);
    identity::shared_pins(&mut sheet);
    let roster_in_doubt = identity::roster_twice(&mut sheet);
    let Some(entry) = dossier.roster.first() else {
        return outside(sheet);
    };
    let rows = acting::paying(policy, dossier);
    let paid = payment::paid(&rows);
    match status::entitlement(policy, dossier) {
        status::Entitlement::NotEntitled(why, rule) => {
            return not_entitled(sheet, entry, &rows, paid, &why, rule);
        }
        status::Entitlement::Undecided => roster::changes_inside(&mut sheet),
        status::Entitlement::Entitled => {}
    }
    let shown = || [entry.exhibit("status", Some(entry.value.status.code().to_owned()))];
    sheet.explain(sheet.step("eligibility").value("status", entry.value.status.code()).evidence_of(shown));
    entitled(&mut sheet, entry, roster_in_doubt, &rows, paid);
    let unknown = source::unknown(&mut sheet);
    source::upstream(&mut sheet);
    let expected = sheet.expected();
    if let Some(expected) = expected {
        let rule = sheet.cite(&policy.file.components);
        let step = formula(policy, &sheet)
            .rule(rule)
            .value("gross", expected.gross)
            .value("deduction", expected.deduction)
            .value("net", expected.net);
        let position = sheet.steps.iter().position(|step| step.name == "compare").unwrap_or(sheet.steps.len());
        if !step.is_silent() {
            sheet.steps.insert(position, step);
        }
    }
    close(sheet, Answer { paid, expected, unknown, not_entitled: false })
}

/// The last step: the formula of the model with what goes into it (contract §6).
fn formula(policy: &Policy, sheet: &Worksheet<'_>) -> Step {
    let ([total, performance, attendance], components) = (sheet.cuts.sums(), &policy.file.components);
    let step = sheet.step("round");
    match components.model {
        Model::DeductionOnly => {
            let sum = total + performance + attendance;
            let cap = policy.file.calc.max_total_deduction_percent;
            step.value("formula", "T × m × (100% - D)").value("D", sum.min(cap))
        }
        Model::Weighted => step
            .value("formula", "T × m × (w_k × p × (100% - Dk) + w_h × (100% - Dh) - Dt)")
            .value("w_k", components.weight_performance.unwrap_or_default())
            .value("p", sheet.performance_paid)
            .value("Dk", performance)
            .value("w_h", components.weight_attendance.unwrap_or_default())
            .value("Dh", attendance)
            .value("Dt", total),
    }
}

/// All rules for somebody who is entitled.
fn entitled(sheet: &mut Worksheet<'_>, entry: &Row<RosterEntry>, roster_in_doubt: bool, rows: &[&Row<PaymentRow>], paid: Option<Amounts>) {
    identity::differing_names(sheet);
    let predikat_in_doubt = identity::evaluation_twice(sheet);
    if !roster_in_doubt {
        // a roster that contradicts itself leaves open which class the payment file is held against
        class::tariff(sheet, entry);
    }
    status::multiplier(sheet, entry);
    let duty_days = attendance::duty_days(sheet.policy, sheet.dossier);
    let plan = leave::check(sheet, &duty_days);
    standing::check(sheet);
    roster::moved_by_bkn(sheet);
    skp::check(sheet);
    if !predikat_in_doubt {
        predikat::check(sheet);
        assessment::check(sheet);
        other_cycles::check(sheet);
    }
    attendance::check(sheet, &plan);
    discipline::apply(sheet);
    acting::check(sheet);
    payment::rows(sheet);
    payment::bank(sheet);
    roster::not_paid(sheet);
    for row in rows {
        status::paid_by_wrong_status(sheet, &entry.value, row);
    }
    for row in rows {
        class::compare(sheet, row);
    }
    if let (Some(paid), Some(expected)) = (paid, sheet.expected()) {
        discipline::compare(sheet, paid.net);
        other_cycles::compare(sheet, paid.net);
        payment::compare(sheet, rows, paid, expected);
    }
}

/// Somebody outside the roster: only RO*, ID*, BK*, AM02, AM03 and PE* (contract §6).
fn outside(mut sheet: Worksheet<'_>) -> Verdict {
    roster::outside(&mut sheet);
    payment::rows(&mut sheet);
    payment::bank(&mut sheet);
    let paid = payment::paid(&acting::paying(sheet.policy, sheet.dossier));
    close(sheet, Answer { paid, expected: None, unknown: vec![Kind::Roster], not_entitled: false })
}

/// Somebody to whom the policy gives nothing: only ST02, ID* and BK* (contract §7).
fn not_entitled(
    mut sheet: Worksheet<'_>,
    entry: &Row<RosterEntry>,
    rows: &[&Row<PaymentRow>],
    paid: Option<Amounts>,
    why: &str,
    rule: Option<crate::domain::verdict::RuleCitation>,
) -> Verdict {
    identity::differing_names(&mut sheet);
    payment::bank(&mut sheet);
    status::paid_though_not_entitled(&mut sheet, why, rows);
    let shown = [
        entry.exhibit("status", Some(entry.value.status.code().to_owned())),
        entry.exhibit("tmt_status", entry.value.tmt_status.map(|day| day.to_string())),
    ];
    let mut step = sheet.step("eligibility").value("status", why).value("net", Rupiah::ZERO).evidence(shown);
    if let Some(rule) = rule {
        step = step.rule(sheet.cite_as(rule));
    }
    sheet.explain(step);
    close(sheet, Answer { paid, expected: Some(Amounts::default()), unknown: Vec::new(), not_entitled: true })
}

/// What the rules came to, before it becomes a verdict.
struct Answer {
    paid: Option<Amounts>,
    expected: Option<Amounts>,
    unknown: Vec<Kind>,
    not_entitled: bool,
}

/// Severities, Rupiah at risk, and which of the four verdicts: the first that applies.
fn close(mut sheet: Worksheet<'_>, answer: Answer) -> Verdict {
    let dossier = sheet.dossier;
    let holds = |draft: &Draft| {
        let is_block = severity(sheet.policy, draft.code, draft.severity) == Severity::Block;
        is_block && excuse(sheet.policy, dossier, draft, answer.expected).is_none()
    };
    let blocked = sheet.drafts.iter().any(holds);
    let standing = if answer.not_entitled {
        Standing::TidakBerhak
    } else if blocked {
        Standing::Tertahan
    } else if !answer.unknown.is_empty() {
        Standing::BelumDiketahui
    } else {
        Standing::Layak
    };
    if matches!(standing, Standing::Tertahan | Standing::BelumDiketahui) {
        payment::past_kppn_day(&mut sheet);
    }
    let difference = answer.paid.zip(answer.expected).map(|(paid, expected)| paid.net - expected.net);
    let unverified_rules = sheet.unverified();
    explain_waivers(&mut sheet, answer.expected);
    let mut findings: Vec<Finding> =
        sheet.drafts.into_iter().map(|draft| finish(sheet.policy, dossier, draft, answer.expected, difference)).collect();
    findings.sort_by(|a, b| (a.code, &a.subject).cmp(&(b.code, &b.subject)));
    findings.dedup_by(|later, earlier| later.id == earlier.id);
    let mut deductions = sheet.lines;
    deductions.sort();
    let agreed = Agreed::of(&dossier.roster);
    Verdict {
        nip: dossier.nip,
        name: agreed.field(|entry| Some(entry.nama.clone())).or_else(|| name_elsewhere(dossier)),
        unit: agreed.field(|entry| Some(entry.kode_unit.clone())),
        unit_name: agreed.field(|entry| entry.nama_unit.clone()),
        kelas_jabatan: agreed.field(|entry| entry.kelas_jabatan),
        standing,
        expected: answer.expected,
        paid: answer.paid,
        predikat: sheet.predikat,
        deductions: if answer.expected.is_some() { deductions } else { Vec::new() },
        findings,
        unknown: answer.unknown,
        superior: agreed.field(|entry| entry.nip_atasan.map(|nip| nip.to_string())),
        derivation: sheet.steps,
        unverified_rules,
    }
}

/// Roster rows, of which only what all agree on is stated: fields on which sources differ are null.
struct Agreed<'a>(&'a [Row<RosterEntry>]);

impl<'a> Agreed<'a> {
    fn of(rows: &'a [Row<RosterEntry>]) -> Self {
        Self(rows)
    }

    fn field<T: PartialEq>(&self, field: impl Fn(&RosterEntry) -> Option<T>) -> Option<T> {
        let first = field(&self.0.first()?.value)?;
        self.0.iter().all(|row| field(&row.value).as_ref() == Some(&first)).then_some(first)
    }
}

/// The name of somebody outside the roster: the payment file's, else BKN's.
fn name_elsewhere(dossier: &Dossier) -> Option<String> {
    if !dossier.roster.is_empty() {
        return None;
    }
    let payment = dossier.payments.first().and_then(|row| row.value.nama.clone());
    let skp = || dossier.skp.first().and_then(|row| row.value.nama.clone());
    let evaluation = || dossier.evaluation.first().and_then(|row| row.value.nama.clone());
    payment.or_else(skp).or_else(evaluation)
}

/// The waiver in force that excuses just what the finding rests on. On a waiver is paid only what can be computed: what
/// holds somebody whose amount nobody knows goes on holding them, and says so.
fn excuse(policy: &Policy, dossier: &Dossier, draft: &Draft, expected: Option<Amounts>) -> Option<Excuse> {
    if dossier.waivers.is_empty() {
        return None;
    }
    let id = Finding::stable_id(dossier.period, Some(dossier.nip), draft.code, &draft.subject);
    let waiver = dossier.waivers.iter().find(|waiver| waiver.finding == id)?;
    let severity = severity(policy, draft.code, draft.severity);
    if severity == Severity::Block && expected.is_none() {
        return None;
    }
    let behind = evidence_behind(draft.code, severity, &draft.subject, &draft.params, &draft.evidence);
    (waiver.evidence == behind).then(|| waiver.excuse())
}

/// A step for each finding that is excused: the derivation says on which document the answer rests.
fn explain_waivers(sheet: &mut Worksheet<'_>, expected: Option<Amounts>) {
    let mut excused: Vec<(Code, String, Excuse)> = sheet
        .drafts
        .iter()
        .filter_map(|draft| Some((draft.code, draft.subject.clone(), excuse(sheet.policy, sheet.dossier, draft, expected)?)))
        .collect();
    excused.sort();
    excused.dedup();
    for (code, subject, Excuse { document, until }) in excused {
        let mut step = sheet.step("waiver").value("finding", code);
        if !subject.is_empty() {
            step = step.value("subject", subject);
        }
        sheet.explain(step.value("document", document).value("until", until));
    }
}

fn finish(policy: &Policy, dossier: &Dossier, draft: Draft, expected: Option<Amounts>, difference: Option<Rupiah>) -> Finding {
    let severity = severity(policy, draft.code, draft.severity);
    let excuse = excuse(policy, dossier, &draft, expected);
    let rupiah_at_risk = match severity {
        Severity::Block => expected.map(|amounts| amounts.net).unwrap_or_default(),
        Severity::Amount => draft.at_risk.or(difference.map(Rupiah::abs)).unwrap_or_default(),
        Severity::Info => Rupiah::ZERO,
    };
    Finding {
        id: Finding::stable_id(dossier.period, Some(dossier.nip), draft.code, &draft.subject),
        code: draft.code,
        severity,
        nip: Some(dossier.nip),
        subject: draft.subject,
        rupiah_at_risk,
        params: draft.params,
        evidence: draft.evidence,
        excuse,
    }
}

/// An entry in the policy's `[severity]` wins, then the rule's own, then the catalogue's.
pub fn severity(policy: &Policy, code: Code, own: Option<Severity>) -> Severity {
    policy.file.severity.get(&code).map(|word| word.0).or(own).unwrap_or_else(|| code.default_severity())
}
