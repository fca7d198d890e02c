//! What a reader may not see in verdicts and findings, before they are written: account numbers, and ids from which a
//! NIP could be worked out. Whole NIPs in texts are covered when the answer is written.

use crate::domain::verdict::{Step, Verdict};
use crate::domain::{Code, Finding, Nip};
use crate::store::FindingState;
use crate::web::veil::Veil;

/// How a person is named in addresses.
pub(super) fn person(veil: Veil, nip: Nip, handle: &str) -> String {
    if veil.shows_nips() { nip.to_string() } else { format!("~{handle}") }
}

/// The id of a finding; who may not see NIPs is given one that is made of the handle.
pub(super) fn id(veil: Veil, true_id: &str, handle: &str, code: Code, subject: &str) -> String {
    if veil.shows_nips() || handle.is_empty() { true_id.to_owned() } else { Finding::covered_id(handle, code, subject) }
}

/// How a case is named in addresses: by the id of its finding, or by the handle and the id that goes with it.
pub(super) fn case(veil: Veil, state: &FindingState, handle: &str) -> String {
    named(veil, state.nip, &state.id, handle, state.code, &state.subject)
}

/// The same of a finding.
pub(super) fn case_of(veil: Veil, finding: &Finding, handle: &str) -> String {
    named(veil, finding.nip, &finding.id, handle, finding.code, &finding.subject)
}

fn named(veil: Veil, nip: Option<Nip>, id: &str, handle: &str, code: Code, subject: &str) -> String {
    if veil.shows_nips() || nip.is_none() { id.to_owned() } else { format!("~{handle}-{}", Finding::covered_id(handle, code, subject)) }
}

/// Covers a finding about the person of a handle; about nobody: an empty one.
pub(super) fn finding(veil: Veil, finding: &mut Finding, handle: &str) {
    let of_accounts = finding.code.code().starts_with("BK");
    finding.id = id(veil, &finding.id, handle, finding.code, &finding.subject);
    finding.subject = veil.text(&finding.subject, of_accounts);
    finding.params.iter_mut().for_each(|(_, value)| *value = veil.text(value, of_accounts));
    finding.evidence.iter_mut().for_each(|exhibit| veil.exhibit(exhibit));
}

/// Covers a verdict with its derivation and findings.
pub(super) fn verdict(veil: Veil, verdict: &mut Verdict, handle: &str) {
    verdict.findings.iter_mut().for_each(|one| finding(veil, one, handle));
    verdict.derivation.iter_mut().for_each(|one| step(veil, one));
}

fn step(veil: Veil, of: &mut Step) {
    of.evidence.iter_mut().for_each(|exhibit| veil.exhibit(exhibit));
    of.parts.iter_mut().for_each(|part| step(veil, part));
}
