//! Which route needs which right: this one table. A route that does not stand here opens for nobody.

use crate::domain::access::{Right, Viewer};

/// What a route asks of whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: signing in, and what a supervisor asks.
    Open,
    /// To be somebody.
    SignedIn,
    /// One of these rights.
    Any(&'static [Right]),
}

/// A method and path (as the router writes it), and what it needs. HEAD counts as GET.
pub type Rule = (&'static str, &'static str, Need);

/// All routes.
pub const RULES: &[Rule] = &[
    ("GET", "/", Need::Any(&[Right::SeePeople, Right::SeeOperations])),
    ("GET", "/keuangan", Need::Any(&[Right::SeePeople])),
    ("GET", "/keuangan/jembatan", Need::Any(&[Right::SeePeople])),
    ("GET", "/keuangan/periksa-adk", Need::Any(&[Right::CheckPayment])),
    ("POST", "/keuangan/periksa-adk", Need::Any(&[Right::CheckPayment])),
    ("GET", "/unduh/{periode}/{dokumen}", Need::Any(&[Right::Export])),
    ("GET", "/sdm", Need::Any(&[Right::SeeCases])),
    ("GET", "/sdm/kelompok", Need::Any(&[Right::SeeCases])),
    ("POST", "/sdm/kelompok", Need::Any(&[Right::WorkCases])),
    ("GET", "/sdm/kasus/{periode}/{kasus}", Need::Any(&[Right::SeeCases])),
    ("POST", "/sdm/kasus/{periode}/{kasus}", Need::Any(&[Right::WorkCases])),
    ("GET", "/sinkronisasi", Need::Any(&[Right::SeeOperations])),
    ("GET", "/sinkronisasi/kemajuan", Need::Any(&[Right::SeeOperations])),
    ("POST", "/sinkronisasi/jalankan", Need::Any(&[Right::Operate])),
    ("POST", "/sinkronisasi/ulangi", Need::Any(&[Right::Operate])),
    ("POST", "/sinkronisasi/putuskan", Need::Any(&[Right::Operate])),
    ("GET", "/aset/kemajuan.js", Need::Open),
    ("GET", "/aset/sekali.js", Need::Open),
    ("GET", "/akun", Need::Any(&[Right::ManageAccounts])),
    ("POST", "/akun", Need::Any(&[Right::ManageAccounts])),
    ("GET", "/akun/{nama}", Need::Any(&[Right::ManageAccounts])),
    ("POST", "/akun/{nama}", Need::Any(&[Right::ManageAccounts])),
    ("GET", "/sesi", Need::SignedIn),
    ("POST", "/sesi", Need::SignedIn),
    ("GET", "/audit", Need::Any(&[Right::SeeAudit])),
    ("POST", "/tampilan", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("POST", "/tampilan/{tampilan}/nama", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("POST", "/tampilan/{tampilan}/hapus", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("GET", "/kebijakan", Need::Any(&[Right::SeePolicy])),
    ("GET", "/kebijakan/banding", Need::Any(&[Right::SeePolicy])),
    ("POST", "/kebijakan/banding", Need::Any(&[Right::SeePolicy])),
    ("GET", "/kebijakan/andai", Need::Any(&[Right::SeePolicy])),
    ("POST", "/kebijakan/andai", Need::Any(&[Right::SeePolicy])),
    ("GET", "/kebijakan/andai/{kerja}", Need::Any(&[Right::SeePolicy])),
    ("GET", "/temuan", Need::Any(&[Right::SeeCases])),
    ("GET", "/pegawai", Need::Any(&[Right::SeePeople])),
    ("GET", "/pegawai/{nip}", Need::Any(&[Right::SeePeople])),
    ("GET", "/sandi", Need::SignedIn),
    ("POST", "/sandi", Need::SignedIn),
    ("GET", "/masuk", Need::Open),
    ("POST", "/masuk", Need::Open),
    ("GET", "/masuk/oidc/mulai", Need::Open),
    ("GET", "/masuk/oidc", Need::Open),
    ("POST", "/keluar", Need::Open),
    ("GET", "/api", Need::SignedIn),
    ("GET", "/api/openapi.json", Need::SignedIn),
    ("GET", "/api/v1/me", Need::SignedIn),
    ("GET", "/api/v1/periods", Need::Any(&[Right::SeePeople, Right::SeeOperations])),
    ("GET", "/api/v1/periods/{period}", Need::Any(&[Right::SeePeople, Right::SeeOperations])),
    ("GET", "/api/v1/periods/{period}/figures", Need::Any(&[Right::SeePeople, Right::SeeOperations])),
    ("GET", "/api/v1/periods/{period}/verdicts", Need::Any(&[Right::SeePeople])),
    ("GET", "/api/v1/periods/{period}/verdicts/{person}", Need::Any(&[Right::SeePeople])),
    ("GET", "/api/v1/periods/{period}/verdicts/{person}/derivation", Need::Any(&[Right::SeePeople])),
    ("GET", "/api/v1/periods/{period}/findings", Need::Any(&[Right::SeeCases])),
    ("GET", "/api/v1/periods/{period}/cases", Need::Any(&[Right::SeeCases])),
    ("GET", "/api/v1/periods/{period}/cases/{case}", Need::Any(&[Right::SeeCases])),
    ("POST", "/api/v1/periods/{period}/cases/{case}/actions", Need::Any(&[Right::WorkCases])),
    ("POST", "/api/v1/periods/{period}/case-actions", Need::Any(&[Right::WorkCases])),
    ("GET", "/api/v1/periods/{period}/causes", Need::Any(&[Right::SeeCases])),
    ("GET", "/api/v1/periods/{period}/completeness", Need::Any(&[Right::SeePeople])),
    ("GET", "/api/v1/periods/{period}/bridge", Need::Any(&[Right::SeePeople])),
    ("GET", "/api/v1/periods/{period}/calllist", Need::Any(&[Right::Export])),
    ("GET", "/api/v1/periods/{period}/documents/{document}", Need::Any(&[Right::Export])),
    ("GET", "/api/v1/periods/{period}/policy", Need::Any(&[Right::SeePolicy])),
    ("POST", "/api/v1/periods/{period}/payment-checks", Need::Any(&[Right::CheckPayment])),
    ("GET", "/api/v1/operations", Need::Any(&[Right::SeeOperations])),
    ("GET", "/api/v1/operations/pulls", Need::Any(&[Right::SeeOperations])),
    ("GET", "/api/v1/operations/pulls/{pull}", Need::Any(&[Right::SeeOperations])),
    ("GET", "/api/v1/operations/quarantine", Need::Any(&[Right::SeeOperations])),
    ("GET", "/api/v1/operations/slots", Need::Any(&[Right::SeeOperations])),
    ("GET", "/api/v1/operations/sources", Need::Any(&[Right::SeeOperations])),
    ("GET", "/api/v1/operations/held", Need::Any(&[Right::SeeOperations])),
    ("POST", "/api/v1/operations/held", Need::Any(&[Right::Operate])),
    ("POST", "/api/v1/operations/quarantine/retries", Need::Any(&[Right::Operate])),
    ("POST", "/api/v1/operations/jobs/{job}/runs", Need::Any(&[Right::Operate])),
    ("GET", "/api/v1/policies", Need::Any(&[Right::SeePolicy])),
    ("GET", "/api/v1/policies/comparison", Need::Any(&[Right::SeePolicy])),
    ("POST", "/api/v1/policies/comparison", Need::Any(&[Right::SeePolicy])),
    ("POST", "/api/v1/what-ifs", Need::Any(&[Right::SeePolicy])),
    ("GET", "/api/v1/what-ifs/{what_if}", Need::Any(&[Right::SeePolicy])),
    ("GET", "/api/v1/views", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("POST", "/api/v1/views", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("POST", "/api/v1/views/{view}/name", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("POST", "/api/v1/views/{view}/deletion", Need::Any(&[Right::SeePeople, Right::SeeCases])),
    ("GET", "/api/v1/audit", Need::Any(&[Right::SeeAudit])),
    ("GET", "/healthz", Need::Open),
    ("GET", "/readyz", Need::Open),
    ("GET", "/metrics", Need::Open),
];

/// What stands in the table for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The route's need.
    Need(Need),
    /// The path is known, the method is not: the router says so to who is signed in.
    OtherMethod,
    /// No route has matched: the router says so to who is signed in.
    NoRoute,
    /// A route that the table does not list.
    Unlisted,
}

/// Looks a request up; `path` is the router's own form of it, `None` when none matched.
pub(super) fn find(method: &str, path: Option<&str>) -> Found {
    let Some(path) = path else { return Found::NoRoute };
    let method = if method == "HEAD" { "GET" } else { method };
    let mut known = RULES.iter().filter(|(_, rule, _)| *rule == path).peekable();
    if known.peek().is_none() {
        return Found::Unlisted;
    }
    known.find(|(rule, _, _)| *rule == method).map_or(Found::OtherMethod, |(_, _, need)| Found::Need(*need))
}

impl Need {
    /// Whether the viewer may.
    pub fn met_by(self, viewer: &Viewer) -> bool {
        match self {
            Self::Open | Self::SignedIn => true,
            Self::Any(rights) => rights.iter().any(|right| viewer.may(*right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(RULES.iter().all(|(method, path, _)| seen.insert((method, path))));
    }

    #[test]
    fn what_is_not_listed_is_not_open() {
        assert_eq!(find("GET", Some("/rahasia")), Found::Unlisted);
        assert_eq!(find("DELETE", Some("/pegawai")), Found::OtherMethod);
        assert_eq!(find("HEAD", Some("/healthz")), Found::Need(Need::Open));
        assert_eq!(find("GET", None), Found::NoRoute);
    }
}
