//! Waivers: what excuses one finding, for as long as the evidence behind it is what it was and until a day.

use super::finding::{Code, Exhibit, Finding, Severity};
use super::text::hex;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A waiver in force, as an evaluation takes it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiver {
    /// Id of the finding that it is about.
    pub finding: String,
    /// Hash of the evidence that it excuses ([`evidence_behind`]).
    pub evidence: String,
    /// Number of the document that allows it.
    pub document: String,
    /// Its last day.
    pub until: NaiveDate,
    /// The first instant at which it holds no longer.
    pub ends_at: DateTime<Utc>,
}

/// That a finding is excused, as the finding itself says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Excuse {
    /// Number of the document that allows it.
    pub document: String,
    /// Its last day.
    pub until: NaiveDate,
}

impl Waiver {
    /// What the finding says about it.
    pub fn excuse(&self) -> Excuse {
        Excuse { document: self.document.clone(), until: self.until }
    }
}

/// The hash of what a finding rests on: its severity, its values and what each side says. Where and when a source said
/// it is left out, so that the same file imported again is the same evidence; what hangs on the finding is left out too,
/// since other things move that.
pub fn evidence_behind(code: Code, severity: Severity, subject: &str, params: &[(String, String)], evidence: &[Exhibit]) -> String {
    let mut digest = Sha256::new();
    let mut put = |text: &str| {
        digest.update(format!("{}:", text.len()));
        digest.update(text);
    };
    for text in ["selaras-waiver-1", code.code(), severity.key(), subject] {
        put(text);
    }
    for (name, value) in params {
        put("param");
        put(name);
        put(value);
    }
    for exhibit in evidence {
        put("exhibit");
        put(exhibit.kind.key());
        put(&exhibit.field);
        put(if exhibit.value.is_some() { "says" } else { "silent" });
        put(exhibit.value.as_deref().unwrap_or_default());
    }
    hex(&digest.finalize())
}

impl Finding {
    /// The hash of what this finding rests on.
    pub fn evidence_hash(&self) -> String {
        evidence_behind(self.code, self.severity, &self.subject, &self.params, &self.evidence)
    }

    /// Whether somebody still has to act: nobody has excused it.
    pub fn is_open(&self) -> bool {
        self.excuse.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::evidence::Kind;

    fn exhibit(value: Option<&str>) -> Exhibit {
        Exhibit {
            kind: Kind::Evaluation,
            source: "report".to_owned(),
            batch: "b".to_owned(),
            locator: "data[3]".to_owned(),
            field: "hasil_akhir".to_owned(),
            value: value.map(str::to_owned),
            observed_at: None,
        }
    }

    fn hash(params: &[(&str, &str)], evidence: &[Exhibit]) -> String {
        let params: Vec<(String, String)> = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        evidence_behind(Code::Pr01, Severity::Block, "", &params, evidence)
    }

    #[test]
    fn only_what_is_said_counts() {
        let plain = hash(&[("a", "1")], &[exhibit(Some("Baik"))]);
        let again = Exhibit {
            batch: "c".into(),
            locator: "data[9]".into(),
            source: "file".into(),
            observed_at: Some(DateTime::UNIX_EPOCH),
            ..exhibit(Some("Baik"))
        };
        assert_eq!(plain, hash(&[("a", "1")], &[again]));
        for other in [
            hash(&[("a", "2")], &[exhibit(Some("Baik"))]),
            hash(&[("a", "1")], &[exhibit(Some("Kurang"))]),
            hash(&[("a", "1")], &[exhibit(None)]),
            hash(&[("a", "1")], &[exhibit(Some(""))]),
            hash(&[("a", "1")], &[]),
            hash(&[], &[exhibit(Some("Baik"))]),
            hash(&[("a", "1")], &[exhibit(Some("Baik")), exhibit(Some("Baik"))]),
        ] {
            assert_ne!(plain, other);
        }
        assert_ne!(hash(&[], &[exhibit(None)]), hash(&[], &[exhibit(Some(""))]), "nothing is not the empty text");
    }
}
