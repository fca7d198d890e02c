//! What surrounds every page.

use super::links::Links;
use crate::domain::access::{Right, Viewer};
use crate::domain::text::Lang;

/// The style sheet, compiled in and written into each page.
pub(super) const CSS: &str = include_str!("assets/selaras.css");

/// The rooms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// `/`.
    Home,
    /// `/keuangan` and what belongs to it.
    Finance,
    /// `/sdm` and its groups.
    Hr,
    /// `/sinkronisasi`.
    Operations,
    /// `/kebijakan`.
    Policy,
    /// `/akun` and each of them.
    Accounts,
    /// `/audit`.
    Audit,
    /// `/sesi`.
    Sessions,
    /// One person.
    Person,
    /// `/api`, which the footer of the other rooms names.
    Api,
    /// None: an error.
    Outside,
}

impl Room {
    /// The rooms of the navigation: address, names, and the right that opens them; `None`: everybody's.
    const ALL: [(Self, &'static str, &'static str, &'static str, Option<Right>); 7] = [
        (Self::Home, "/", "Beranda", "Home", None),
        (Self::Finance, "/keuangan", "Keuangan", "Finance", Some(Right::SeePeople)),
        (Self::Hr, "/sdm", "SDM", "HR", Some(Right::SeeCases)),
        (Self::Operations, "/sinkronisasi", "Sinkronisasi", "Sync", Some(Right::SeeOperations)),
        (Self::Policy, "/kebijakan", "Kebijakan", "Policy", Some(Right::SeePolicy)),
        (Self::Accounts, "/akun", "Akun", "Accounts", Some(Right::ManageAccounts)),
        (Self::Audit, "/audit", "Audit", "Audit", Some(Right::SeeAudit)),
    ];
}

/// Title, place and links of a page.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Title of the window, without the name of the program.
    pub title: String,
    /// Where the reader is.
    pub room: Room,
    /// What links carry on.
    pub links: Links,
    /// The same page in the other language.
    pub other: String,
    /// Who reads; `None` on an error before anybody has signed in.
    pub viewer: Option<Viewer>,
}

impl Layout {
    /// The one of two texts that is in the reader's language.
    pub(super) fn t<'a>(&self, indonesian: &'a str, english: &'a str) -> &'a str {
        self.links.lang.pick(indonesian, english)
    }

    pub(super) fn lang(&self) -> Lang {
        self.links.lang
    }

    pub(super) fn css(&self) -> &'static str {
        CSS
    }

    pub(super) fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Whether the reader may start jobs.
    pub(super) fn may_operate(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.may(Right::Operate))
    }

    /// The entries of the navigation: address, text, whether the reader is there. Only what the reader may open.
    pub(super) fn navigation(&self) -> Vec<(String, &'static str, bool)> {
        let Some(viewer) = self.viewer.as_ref().filter(|_| self.room != Room::Outside) else { return Vec::new() };
        let open = Room::ALL.into_iter().filter(|(.., right)| right.is_none_or(|right| viewer.may(right)));
        open.map(|(room, path, id, en, _)| (self.links.to(path, &[]), self.lang().pick(id, en), self.room == room)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{Role, Scope};

    #[test]
    fn only_rooms_that_open_are_named() {
        let named = |roles: &[Role]| {
            let viewer =
                Viewer { account: "x".into(), name: "x".into(), roles: roles.iter().copied().collect(), scope: Scope::All, limits: None };
            let links = Links { period: None, lang: Lang::Id, default_lang: Lang::Id };
            let layout = Layout { title: String::new(), room: Room::Home, links, other: String::new(), viewer: Some(viewer) };
            layout.navigation().into_iter().map(|(link, ..)| link).collect::<Vec<_>>()
        };
        assert_eq!(named(&[Role::Keuangan]), ["/", "/keuangan", "/sdm", "/kebijakan"]);
        assert_eq!(named(&[Role::Sysadmin]), ["/", "/sinkronisasi", "/kebijakan", "/akun"]);
        assert_eq!(named(&[]), ["/"]);
    }
}
