//! What surrounds every page.

use super::links::Links;
use crate::domain::text::Lang;

/// The style sheet, compiled in and written into each page.
pub(super) const CSS: &str = include_str!("assets/selaras.css");

/// The rooms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// `/`.
    Home,
    /// `/temuan`.
    Findings,
    /// `/pegawai` and one person.
    People,
    /// None: an error.
    Outside,
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

    /// The entries of the navigation: address, text, whether the reader is there.
    pub(super) fn navigation(&self) -> Vec<(String, &'static str, bool)> {
        let entry = |path: &str, room: Room, id: &'static str, en: &'static str| {
            (self.links.to(path, &[]), self.lang().pick(id, en), self.room == room)
        };
        if self.room == Room::Outside {
            return Vec::new();
        }
        vec![
            entry("/", Room::Home, "Ringkasan", "Summary"),
            entry("/temuan", Room::Findings, "Temuan", "Findings"),
            entry("/pegawai", Room::People, "Pegawai", "People"),
        ]
    }
}
