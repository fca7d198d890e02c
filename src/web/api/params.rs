//! Parameters that several requests know.

use super::describe::{Parameter, Values};
use crate::domain::Code;
use crate::domain::verdict::Standing;

/// Rows that come when nobody asks for another number, and at most.
pub(super) const ROWS: u32 = 50;
const MOST: u32 = 500;

pub(super) const CURSOR: Parameter =
    Parameter { name: "cursor", what: ("`next` dari jawaban sebelumnya.", "`next` of the answer before."), values: Values::Text(400) };

pub(super) const LIMIT: Parameter =
    Parameter { name: "limit", what: ("Baris paling banyak.", "Rows at most."), values: Values::Number(MOST, ROWS) };

pub(super) const CODE: Parameter = Parameter { name: "code", what: ("Kode temuan.", "Code of a finding."), values: Values::Keys(codes) };

pub(super) const UNIT: Parameter = Parameter { name: "unit", what: ("Kode unit.", "Code of a unit."), values: Values::Text(100) };

pub(super) const SEVERITY: Parameter =
    Parameter { name: "severity", what: ("Tingkat temuan.", "Severity of a finding."), values: Values::Keys(severities) };

pub(super) const OWNER: Parameter =
    Parameter { name: "owner", what: ("Siapa yang dapat memperbaikinya.", "Who can mend it."), values: Values::Keys(owners) };

pub(super) fn codes() -> Vec<&'static str> {
    Code::ALL.iter().map(|code| code.code()).collect()
}

pub(super) fn severities() -> Vec<&'static str> {
    super::SEVERITIES.map(|severity| severity.key()).into()
}

pub(super) fn owners() -> Vec<&'static str> {
    crate::web::ask::OWNERS.map(|owner| owner.key()).into()
}

pub(super) fn standings() -> Vec<&'static str> {
    Standing::ALL.map(Standing::key).into()
}
