//! Whether a pull under a fault ended as promised.

use super::Day;
use super::timeless;
use super::told;
use selaras::domain::Code;
use selaras::domain::Kind;
use selaras::domain::Nip;
use selaras::domain::Verdict;
use selaras::domain::verdict::KnowledgeState;
use selaras::domain::verdict::Standing;
use selaras::ekinerja::Surface;
use selaras::simulator::Listed;
use selaras::simulator::Promise;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Faults that end some of the questions in a second way: an answer of "nothing" inside another envelope is a bare 404,
/// and a list inside another one waits for a person where its rows can be told.
const ALSO: [(&str, &str); 3] = [("rewrapped", "server_error"), ("rewrapped", "schema"), ("bare-list", "server_error")];

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    AfterGood,
    First,
}

/// One fault on one surface.
#[derive(Clone, Copy)]
pub struct Case {
    pub fault: Listed,
    pub surface: Surface,
}

impl Case {
    pub fn name(&self) -> String {
        format!("{}@{}", self.fault.name, self.surface)
    }

    fn promise(&self) -> Promise {
        match self.surface {
            Surface::Report => self.fault.report,
            Surface::Siasn => self.fault.siasn,
        }
    }

    fn is_struck(&self, kind: Kind) -> bool {
        match self.surface {
            Surface::Report => kind.is_bulk(),
            Surface::Siasn => kind.is_per_nip(),
        }
    }

    /// What is not as promised.
    pub fn judge(&self, moment: Moment, calm: &Day, struck: &Day) -> Vec<String> {
        let mut broken = nobody_profits(calm, struck);
        broken.extend(self.nothing_is_lost(moment, calm, struck));
        broken.extend(self.ends(moment, calm, struck).map(|what| format!("{what}: {}", told(struck))));
        if self.is_harmless() && timeless(&calm.report.verdicts) != timeless(&struck.report.verdicts) {
            broken.push("verdicts differ from those of a calm day".to_owned());
        }
        if moment == Moment::AfterGood && !self.is_believed(moment) && !self.changes_rows() {
            let (before, after) = (timeless(&calm.report.verdicts), timeless(&struck.report.verdicts));
            // Whoever is answered for by somebody else's record is held for that alone.
            let other = |verdict: &Verdict| verdict.findings.iter().any(|finding| finding.code == Code::Sr05);
            let worse = before.iter().zip(&after).filter(|(before, after)| before.standing != after.standing && !other(after)).count();
            if worse > 0 && !matches!(self.promise(), Promise::FailsSome(_)) {
                broken.push(format!("{worse} verdicts changed although the earlier evidence holds"));
            }
        }
        broken
    }

    /// After the fault everything is as if there had been none.
    pub fn mended(&self, calm: &Day, mended: &Day) -> Option<String> {
        let complete = mended.pulled.is_complete() == calm.pulled.is_complete();
        let same = timeless(&calm.report.verdicts) == timeless(&mended.report.verdicts);
        let differ = || {
            let (before, after) = (timeless(&calm.report.verdicts), timeless(&mended.report.verdicts));
            let differ = before.iter().zip(&after).filter(|(before, after)| before != after).map(|(before, after)| {
                let codes = |verdict: &selaras::domain::Verdict| verdict.findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
                format!("{:?} {:?} -> {:?} {:?}", before.standing, codes(before), after.standing, codes(after))
            });
            differ.take(2).collect::<Vec<_>>()
        };
        (!complete || !same).then(|| format!("is not mended by the next pull: {} {:?}", told(mended), differ()))
    }

    fn is_harmless(&self) -> bool {
        matches!(self.promise(), Promise::Recovers | Promise::Noted(_) | Promise::Untouched)
    }

    /// BKN said so, and there was no reason not to believe it.
    fn is_believed(&self, moment: Moment) -> bool {
        match self.promise() {
            Promise::Absent | Promise::Retracted => true,
            Promise::Held("vanish") => moment == Moment::First,
            _ => false,
        }
    }

    fn changes_rows(&self) -> bool {
        self.promise() == Promise::Told
    }

    /// Nothing that a calm day knows is declared absent, except what BKN declares.
    fn nothing_is_lost(&self, moment: Moment, calm: &Day, struck: &Day) -> Vec<String> {
        let (before, after) = (gaps(calm), gaps(struck));
        let lost: Vec<_> = after.iter().filter(|(what, _)| !before.contains_key(what)).collect();
        let wrong = |what: &(Nip, Kind), state: &KnowledgeState| {
            let believed = self.is_believed(moment) && self.is_struck(what.1);
            match state {
                KnowledgeState::DeclaredAbsent => !believed,
                KnowledgeState::Failed | KnowledgeState::NotAsked => {
                    self.is_harmless() || (moment == Moment::AfterGood && !matches!(self.promise(), Promise::FailsSome(_)))
                }
                _ => true,
            }
        };
        let wrong: Vec<String> =
            lost.iter().filter(|(what, state)| wrong(what, state)).map(|((_, kind), state)| format!("{kind} {state:?}")).collect();
        let kinds: BTreeSet<&String> = wrong.iter().collect();
        if wrong.is_empty() { Vec::new() } else { vec![format!("{} statements are lost: {kinds:?}", wrong.len())] }
    }

    fn ends(&self, moment: Moment, calm: &Day, struck: &Day) -> Option<String> {
        let pulled = &struck.pulled;
        let complete = pulled.is_complete() == calm.pulled.is_complete() && self.failing(struck) == self.failing(calm);
        let usual = self.failing(calm);
        let more: BTreeMap<&str, u64> =
            self.failing(struck).into_iter().filter(|(reason, count)| usual.get(reason) != Some(count)).collect();
        let only =
            |reason: &str| more.contains_key(reason) && more.keys().all(|key| *key == reason || ALSO.contains(&(self.fault.name, key)));
        let incomplete = !pulled.is_complete();
        let drift = |change: &str| pulled.report.drift.iter().any(|drift| drift.change == change && self.is_struck(drift.kind));
        let vanished: Vec<_> = pulled.report.batches.iter().filter(|batch| self.is_struck(batch.kind) && batch.vanished > 0).collect();
        let kept = match self.promise() {
            _ if self.is_believed(moment) && self.promise() != Promise::Retracted => {
                pulled.stopped.is_empty() && !more.contains_key("vanish") && nobody_is_present(struck, self)
            }
            Promise::Recovers | Promise::Untouched => complete,
            Promise::Noted(change) => complete && drift(change),
            Promise::Told => complete && drift("value"),
            Promise::Fails(reason) => incomplete && only(reason),
            Promise::FailsSome(reason) => incomplete && (only(reason) || pulled.set_aside > calm.pulled.set_aside),
            Promise::Held("vanish") => incomplete && only("vanish") && vanished.len() == 2,
            Promise::Held(reason) => incomplete && only(reason) && pulled.report.held.len() == 2,
            Promise::Stops(reason, key) => {
                let stop = |stopped: &&selaras::sync::Stopped| stopped.surface == self.surface && stopped.key == Some(key);
                incomplete && pulled.stopped.iter().find(stop).is_some_and(|stopped| stopped.reason.key() == reason)
            }
            Promise::Retracted => moment == Moment::First || (complete && !vanished.is_empty() && tells_the_vanished(calm, struck)),
            Promise::Unasked => incomplete && pulled.deadline_hit && pulled.stopped.is_empty(),
            Promise::Absent => false,
        };
        (!kept).then(|| format!("promised {:?}", self.promise()))
    }

    /// Reasons for which questions of the struck surface have ended, with their number.
    fn failing<'a>(&self, day: &'a Day) -> BTreeMap<&'a str, u64> {
        let mut failing = BTreeMap::new();
        let rows = day.pulled.report.reasons.iter().filter(|row| self.is_struck(row.kind));
        for (reason, count) in rows.filter_map(|row| Some((row.reason?.key(), row.count))) {
            *failing.entry(reason).or_default() += count;
        }
        failing
    }
}

/// Nobody is layak who is not layak on a calm day, and nobody of whom something is not known.
fn nobody_profits(calm: &Day, struck: &Day) -> Vec<String> {
    let layak: BTreeSet<Nip> =
        calm.report.verdicts.iter().filter(|verdict| verdict.standing == Standing::Layak).map(|verdict| verdict.nip).collect();
    let gaps = gaps(struck);
    let required = [Kind::Skp, Kind::Evaluation, Kind::Attendance, Kind::Identity];
    let unknown =
        |nip: Nip| required.iter().any(|kind| gaps.get(&(nip, *kind)).is_some_and(|state| *state != KnowledgeState::DeclaredAbsent));
    let now = struck.report.verdicts.iter().filter(|verdict| verdict.standing == Standing::Layak);
    now.filter_map(|verdict| {
        let why = if !layak.contains(&verdict.nip) {
            "was not"
        } else if unknown(verdict.nip) || !verdict.unknown.is_empty() {
            "is not known"
        } else {
            return None;
        };
        Some(format!("{} is layak and {why}", verdict.nip.masked()))
    })
    .collect()
}

/// Who lacks which evidence.
fn gaps(day: &Day) -> BTreeMap<(Nip, Kind), KnowledgeState> {
    day.report.completeness.rows.iter().map(|row| ((row.nip, row.kind), row.state)).collect()
}

fn nobody_is_present(day: &Day, case: &Case) -> bool {
    let struck = day.report.completeness.kinds.iter().filter(|kind| case.is_struck(kind.kind));
    let few = if matches!(case.fault.name, "mass-vanish" | "half-vanish") { 20 } else { 0 };
    struck.filter(|kind| kind.required).all(|kind| kind.present <= few && kind.declared_absent > 0)
}

/// Each of those who are no longer listed has a finding, unless nothing is due to them anyway.
fn tells_the_vanished(calm: &Day, struck: &Day) -> bool {
    let (before, after) = (gaps(calm), gaps(struck));
    let gone = after.iter().filter(|(what, state)| **state == KnowledgeState::DeclaredAbsent && !before.contains_key(what));
    let gone: BTreeSet<Nip> = gone.map(|((nip, _), _)| *nip).collect();
    let told =
        |verdict: &Verdict| verdict.standing == Standing::TidakBerhak || verdict.findings.iter().any(|finding| finding.code == Code::Sr04);
    !gone.is_empty() && struck.report.verdicts.iter().filter(|verdict| gone.contains(&verdict.nip)).all(told)
}
