//! Who looks, and what they may see and do: a role answers one group's question, a scope limits it to units.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One group's question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Who can be paid and what it is worth.
    Keuangan,
    /// What to fix and who must act.
    Sdm,
    /// Whether the data is complete and fresh.
    Sysadmin,
    /// Reads everything, changes nothing.
    Auditor,
}

/// Something that a page or a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Verdicts and amounts of people.
    SeePeople,
    /// The whole NIP; without it the NIP is masked.
    SeeNip,
    /// Account numbers of people.
    SeeAccounts,
    /// Documents with people in them leave the page.
    Export,
    /// A payment file is judged before it goes out.
    CheckPayment,
    /// Findings as cases.
    SeeCases,
    /// Assign, comment, set a deadline, ask for a waiver, approve one of somebody else.
    WorkCases,
    /// Pulls, queue, schedule, sources, backups.
    SeeOperations,
    /// Retry, approve what was held.
    Operate,
    /// The written rules and what-if.
    SeePolicy,
    /// Accounts and tokens of others.
    ManageAccounts,
    /// The audit log.
    SeeAudit,
}

impl Right {
    /// All of them, with their keys: what a token may be limited to.
    pub const ALL: [(&'static str, Self); 12] = [
        ("see_people", Self::SeePeople),
        ("see_nip", Self::SeeNip),
        ("see_accounts", Self::SeeAccounts),
        ("export", Self::Export),
        ("check_payment", Self::CheckPayment),
        ("see_cases", Self::SeeCases),
        ("work_cases", Self::WorkCases),
        ("see_operations", Self::SeeOperations),
        ("operate", Self::Operate),
        ("see_policy", Self::SeePolicy),
        ("manage_accounts", Self::ManageAccounts),
        ("see_audit", Self::SeeAudit),
    ];

    /// The stable key.
    pub fn key(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, right)| *right == self).map_or("", |(key, _)| key)
    }

    /// The right of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, right)| right)
    }
}

impl Role {
    /// All of them, with their keys.
    pub const ALL: [(&'static str, Self); 4] =
        [("keuangan", Self::Keuangan), ("sdm", Self::Sdm), ("sysadmin", Self::Sysadmin), ("auditor", Self::Auditor)];

    /// The stable key.
    pub fn key(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, role)| *role == self).map_or("", |(key, _)| key)
    }

    /// The role of that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, role)| role)
    }

    /// Whether the role has that right.
    pub fn has(self, right: Right) -> bool {
        use Right::{CheckPayment, Export, ManageAccounts, Operate, SeeAccounts, SeeAudit, SeeCases, SeeNip};
        use Right::{SeeOperations, SeePeople, SeePolicy, WorkCases};
        match self {
            Self::Keuangan => matches!(right, SeePeople | SeeNip | SeeAccounts | Export | CheckPayment | SeeCases | SeePolicy),
            Self::Sdm => matches!(right, SeePeople | SeeNip | Export | SeeCases | WorkCases | SeePolicy),
            Self::Sysadmin => matches!(right, SeeOperations | Operate | SeePolicy | ManageAccounts),
            Self::Auditor => matches!(right, SeePeople | SeeCases | SeeOperations | SeePolicy | SeeAudit),
        }
    }
}

/// Whose data somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everybody's.
    All,
    /// Of these units (kode_unit) only.
    Units(BTreeSet<String>),
}

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Account, as it stands in the audit log.
    pub account: String,
    /// Name to greet with.
    pub name: String,
    /// What they are here for.
    pub roles: BTreeSet<Role>,
    /// Whose data they see.
    pub scope: Scope,
    /// A token's holder has these rights only, as far as the roles give them; `None`: all that the roles give.
    pub limits: Option<BTreeSet<Right>>,
}

impl Viewer {
    /// Holder of the sign-in link of a start: sees everything, changes nothing that asks for a name.
    pub fn of_link() -> Self {
        let roles = [Role::Keuangan, Role::Sdm, Role::Sysadmin, Role::Auditor].into();
        Self { account: "tautan-masuk".to_owned(), name: "Tautan masuk".to_owned(), roles, scope: Scope::All, limits: None }
    }

    /// Whether any of the roles has that right.
    pub fn may(&self, right: Right) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.contains(&right)) && self.roles.iter().any(|role| role.has(right))
    }

    /// Whether people of that unit (kode_unit; empty: of none) are seen.
    pub fn sees(&self, unit: &str) -> bool {
        match &self.scope {
            Scope::All => true,
            Scope::Units(units) => units.contains(unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(role: Role) -> Viewer {
        Viewer { roles: [role].into(), ..Viewer::of_link() }
    }

    #[test]
    fn keys_are_unique_and_lead_back() {
        for (key, right) in Right::ALL {
            assert_eq!((Right::from_key(key), right.key()), (Some(right), key));
        }
        for (key, role) in Role::ALL {
            assert_eq!((Role::from_key(key), role.key()), (Some(role), key));
        }
    }

    #[test]
    fn a_limit_takes_rights_and_gives_none() {
        let limited = Viewer { limits: Some([Right::SeeCases, Right::SeeAudit].into()), ..viewer(Role::Sdm) };
        assert!(limited.may(Right::SeeCases));
        assert!(!limited.may(Right::WorkCases) && !limited.may(Right::SeeAudit) && !limited.may(Right::SeeNip));
    }

    #[test]
    fn a_person_of_no_unit_belongs_to_nobody_with_units() {
        let of_units = Viewer { scope: Scope::Units(["01".to_owned()].into()), ..viewer(Role::Sdm) };
        assert!(of_units.sees("01") && !of_units.sees("02") && !of_units.sees("") && !of_units.sees("010"));
        assert!(viewer(Role::Sdm).sees(""));
    }
}
