//! SR01–SR05: what is not known, and why. These explain a verdict of belum_diketahui; SR04 and SR05 hold the person.

use crate::domain::evidence::{Kind, Reason};
use crate::domain::finding::{Code, Exhibit};
use crate::domain::verdict::KnowledgeState;
use crate::reconcile::worksheet::{Draft, Worksheet};
use chrono::{DateTime, Utc};

/// A question to BKN as evidence of itself.
fn asked(kind: Kind, value: &str, at: Option<DateTime<Utc>>) -> Exhibit {
    Exhibit {
        kind,
        source: "completeness".to_owned(),
        batch: String::new(),
        locator: String::new(),
        field: "state".to_owned(),
        value: Some(value.to_owned()),
        observed_at: at,
    }
}

/// What proves that something is missing: which kind was asked for which month or year, what is known of it, and
/// when. Nothing while the kind is not known: then nobody has said so.
pub fn coverage(sheet: &Worksheet<'_>, kind: Kind) -> Option<Exhibit> {
    let (period, knowledge) = (sheet.dossier.period, sheet.dossier.knowledge(kind));
    let span = match kind {
        Kind::Evaluation => sheet.policy.evaluation_cycle(period).to_string(),
        Kind::Skp => period.year().to_string(),
        _ => period.to_string(),
    };
    knowledge.state.is_known().then(|| Exhibit { locator: span, ..asked(kind, knowledge.state.key(), knowledge.said) })
}

/// Required kinds that are not known, in the order of the configuration.
pub fn unknown(sheet: &mut Worksheet<'_>) -> Vec<Kind> {
    let dossier = sheet.dossier;
    let mut kinds = Vec::new();
    for kind in dossier.required.iter().copied() {
        let knowledge = dossier.knowledge(kind);
        let code = match knowledge.state {
            KnowledgeState::Present | KnowledgeState::DeclaredAbsent => continue,
            KnowledgeState::NotAsked => Code::Sr01,
            KnowledgeState::Failed => Code::Sr02,
            KnowledgeState::Stale => Code::Sr03,
        };
        kinds.push(kind);
        let reason = knowledge.reason.map_or("", Reason::key);
        let draft = Draft::new(code).about(kind).param("kind", kind).param("reason", reason);
        sheet.find(draft.shows([asked(kind, knowledge.state.key(), knowledge.at)]));
    }
    kinds
}

/// SR04 for evidence that vanished upstream, SR05 for answers about another NIP.
pub fn upstream(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    for origin in &dossier.withdrawn {
        let exhibit = Exhibit {
            kind: origin.kind,
            source: origin.source.to_string(),
            batch: origin.batch.to_string(),
            locator: origin.locator.show(0),
            field: "state".to_owned(),
            value: Some("withdrawn".to_owned()),
            observed_at: Some(origin.observed_at),
        };
        sheet.find(Draft::new(Code::Sr04).about(origin.kind).param("kind", origin.kind).shows([exhibit]));
    }
    for (kind, at) in &dossier.other_nip {
        let draft = Draft::new(Code::Sr05).about(*kind).param("kind", *kind);
        sheet.find(draft.shows([asked(*kind, Reason::OtherNip.key(), Some(*at))]));
    }
}
