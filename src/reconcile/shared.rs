//! What all dossiers of a period share, as one hash, and on what of it one person leans: by these a reconciliation tells
//! whose dossier cannot have changed since the last one without laying it out.
//!
//! A dossier is made of the person's own evidence, of what everybody shares ([`Desk::shared`]), of what other people's
//! evidence says about the person ([`Recalled`]), and of times of confirmation. The latter move with every answer and
//! show only where something is open, concluded from silence, or said by two sources ([`Leaning`]).

use super::assemble::Desk;
use super::evaluate::ENGINE_REVISION;
use super::knowledge::Heard;
use crate::domain::dossier::Peers;
use crate::domain::evidence::{Evidence, Kind, Source};
use crate::domain::nip::Nip;
use crate::domain::period::Span;
use crate::domain::text::hex;
use crate::domain::verdict::KnowledgeState;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// What may move a dossier without any news about the person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Leaning {
    /// Bits as of [`Leaning::bit`]: a new answer of that kind, about whomever, may move it.
    pub on: i64,
    /// The last instant up to which the mere passing of time does not; `None`: it never does.
    pub fresh_until: Option<DateTime<Utc>>,
    /// Bits of kinds that besides stay fresh for the person as long as all their sources do.
    pub followed: i64,
}

impl Leaning {
    /// Anything may.
    pub const ALWAYS: i64 = 1 << 62;

    /// Together with what another person leans on.
    pub fn join(&mut self, other: Self) {
        self.on |= other.on;
        self.followed |= other.followed;
        self.fresh_until = [self.fresh_until, other.fresh_until].into_iter().flatten().min();
    }

    /// The bit of a kind.
    pub fn bit(kind: Kind) -> i64 {
        1 << (kind as u32)
    }

    /// The bits of several kinds, and of those whom anything may move.
    pub fn bits<'k>(kinds: impl IntoIterator<Item = &'k Kind>) -> i64 {
        kinds.into_iter().fold(Self::ALWAYS, |bits, kind| bits | Self::bit(*kind))
    }
}

/// What other people's evidence said about people when everybody was last looked at.
#[derive(Debug, Default)]
pub struct Recalled(pub HashMap<Nip, Peers>);

impl Recalled {
    pub(super) fn peers(&self, nip: Nip) -> Peers {
        self.0.get(&nip).cloned().unwrap_or_default()
    }
}

impl Desk<'_> {
    /// The hash of everything that all dossiers share and that is not looked up by person. While it stays, a dossier
    /// changes only with news about its person, with what the person leans on, or with peers; these come from the
    /// statements of the kinds whose sources are named here batch by batch.
    pub fn shared(&self, sources: &[Source]) -> String {
        let basis = &self.basis;
        let mut hash = Sha256::new();
        let mut note = |what: String| hash.update(what + "\n");
        note(format!("{} {ENGINE_REVISION} {} {}", env!("CARGO_PKG_VERSION"), basis.policy.sha256, basis.period));
        note(format!("{} {:?} {:?} {}", basis.roster, basis.required, basis.max_age, self.past_kppn_day));
        note(format!("{:?} {:?}", self.in_play, self.everybody.keys()));
        note(format!("{:?} {:?} {:?}", self.counted, self.whole, self.cycles.whole()));
        note(format!("{:?}", self.coverage));
        note(format!("{:?}", self.silent()));
        let general: BTreeMap<_, _> =
            self.failures.iter().filter(|((_, nip), _)| nip.is_none()).map(|((kind, _), why)| (kind, why)).collect();
        note(format!("{general:?}"));
        for source in sources.iter().filter(|source| names_peers(source.kind)) {
            let confirmed = matches!(source.kind, Kind::Pins | Kind::Attlog).then_some(source.checked_at);
            note(format!("{} {} {} {} {:?} {confirmed:?}", source.kind, source.span, source.part, source.batch, source.observed_at));
        }
        hex(&hash.finalize())
    }

    /// Of kinds that speak only for whom they name: whether what is concluded for all others is too old, and since when.
    /// It is taken from the newest file, which may be taken back without an answer about anybody who leans on it.
    fn silent(&self) -> Vec<(Kind, Option<DateTime<Utc>>)> {
        let concluded = SILENT.into_iter().filter_map(|kind| Some((kind, *self.everybody.get(&(kind, self.basis.span(kind)))?)));
        let stale = |kind: Kind, at: DateTime<Utc>| self.basis.max_age.get(&kind).is_some_and(|age| self.basis.as_of - at > *age);
        concluded.map(|(kind, at)| (kind, stale(kind, at).then_some(at))).collect()
    }

    /// Everybody about whom some question failed: any later answer may settle it.
    pub fn failed(&self) -> impl Iterator<Item = Nip> + '_ {
        self.failed.iter().copied()
    }

    /// What the evidence of a person leans on, before anything is judged: with two sources of one kind and span, the one
    /// that was confirmed last goes first.
    pub(super) fn leaning(&self, nip: Nip, evidence: &[Evidence]) -> Leaning {
        let mut counts: Vec<((Kind, Span), u32)> = Vec::with_capacity(evidence.len());
        for item in evidence {
            let key = (item.statement.kind, item.statement.span);
            match counts.iter_mut().find(|(known, _)| *known == key) {
                Some((_, count)) => *count += 1,
                None => counts.push((key, 1)),
            }
        }
        let several = counts.iter().filter(|(_, count)| *count > 1).fold(0, |bits, ((kind, _), _)| bits | Leaning::bit(*kind));
        let failed = if self.failed.contains(&nip) { Leaning::ALWAYS } else { 0 };
        Leaning { on: several | failed, ..Leaning::default() }
    }

    /// What a judgement leans on: an absence that follows from a whole answer shows when that was first given, and what
    /// failed or is stale shows when it was last confirmed. Somebody whom nobody asked shows nothing.
    pub(super) fn lean(&self, kind: Kind, known: &[Heard], state: KnowledgeState, leaning: &mut Leaning) {
        let concluded = || self.basis.spans(kind).iter().any(|span| self.everybody_said.contains_key(&(kind, *span)));
        let leans = match state {
            KnowledgeState::Present | KnowledgeState::NotAsked => false,
            KnowledgeState::DeclaredAbsent => concluded(),
            KnowledgeState::Failed | KnowledgeState::Stale => true,
        };
        if leans {
            leaning.on |= Leaning::bit(kind);
        }
        let Some(age) = self.basis.max_age.get(&kind) else { return };
        let confirmed = |heard: &Heard| match (heard.present, heard.absent) {
            (Some(at), _) => Some((at, heard.present_follows)),
            (None, Some(at)) => Some((at, heard.absent_follows)),
            (None, None) => None,
        };
        for (at, follows) in known.iter().filter_map(confirmed).filter(|(at, _)| self.basis.as_of <= *at + *age) {
            if follows {
                leaning.followed |= Leaning::bit(kind);
            } else {
                leaning.join(Leaning { fresh_until: Some(at + *age), ..Leaning::default() });
            }
        }
    }

    /// Whether evidence was confirmed when its source was as a whole, and will be whenever that is: whoever is passed over
    /// then has failed.
    pub(super) fn follows(&self, item: &Evidence) -> bool {
        let confirmed = self.confirmed.iter().find(|((kind, part), _)| *kind == item.statement.kind && **part == *item.part);
        confirmed.is_some_and(|(_, at)| *at == item.checked_at)
    }

    /// Up to when what follows its sources stays fresh: as long as the one that was confirmed first, among those that were
    /// still fresh at `since`, when the leaning was noted. Nobody followed the others then.
    pub fn fresh_until(&self, leaning: &Leaning, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let age = |kind: &Kind| self.basis.max_age.get(kind).copied().filter(|_| leaning.followed & Leaning::bit(*kind) != 0);
        let of_sources = self.confirmed.iter().filter_map(|((kind, _), at)| Some(*at + age(kind)?));
        of_sources.filter(|until| since <= *until).chain(leaning.fresh_until).min()
    }
}

/// Kinds that speak only for whom they name: not being named in any is no gap (contract §4).
pub(super) const SILENT: [Kind; 2] = [Kind::Permits, Kind::Discipline];

/// Kinds whose statements are about others as well: superiors and assessors, accounts and banks, scans.
pub fn names_peers(kind: Kind) -> bool {
    matches!(kind, Kind::Roster | Kind::Payment | Kind::Pins | Kind::Attlog)
}
