//! Where in its source each row of a statement stands.

use crate::domain::places::Places;
use std::sync::Arc;

/// Where in its source each row of a statement stands: `at` with `{}` for the position, which counts as the source
/// itself does (file rows from 1, JSON arrays from 0).
///
/// ```
/// use selaras::domain::Locator;
/// let place = Locator::new("Presensi row {}", [2, 3, 4, 9]);
/// assert_eq!(place.show(3), "Presensi row 9");
/// assert_eq!(place.encode(), "Presensi row {}|2-4,9");
/// assert_eq!(Locator::decode("Presensi row {}|2-4,9"), place);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// Template of the place, for example `data[{}]` or `daftar bayar row {}`; all statements of a file share it.
    pub at: Arc<str>,
    /// Position of each row, in the order of the body's rows.
    pub index: Places,
}

impl Default for Locator {
    fn default() -> Self {
        Self::new("", [])
    }
}

impl Locator {
    /// A locator from its template and positions.
    pub fn new(at: impl Into<Arc<str>>, index: impl IntoIterator<Item = u32>) -> Self {
        Self { at: at.into(), index: index.into_iter().collect() }
    }

    /// The place of the row at `position` in the body; the first place when there are fewer.
    pub fn show(&self, position: usize) -> String {
        match self.index.get(position).or_else(|| self.index.get(0)) {
            Some(index) => self.at.replace("{}", &index.to_string()),
            None => self.at.replace("{}", ""),
        }
    }

    /// Compact text for the store: runs of consecutive positions become ranges.
    pub fn encode(&self) -> String {
        let mut text = format!("{}|", self.at);
        let mut run: Option<(u32, u32)> = None;
        let mut first = true;
        let mut close = |text: &mut String, run: Option<(u32, u32)>| {
            if let Some((from, to)) = run {
                if !first {
                    text.push(',');
                }
                first = false;
                text.push_str(&if from == to { from.to_string() } else { format!("{from}-{to}") });
            }
        };
        for index in self.index.iter() {
            run = match run {
                Some((from, to)) if to.checked_add(1) == Some(index) => Some((from, index)),
                other => {
                    close(&mut text, other);
                    Some((index, index))
                }
            };
        }
        close(&mut text, run);
        text
    }

    /// The inverse of [`Locator::encode`]; anything unreadable becomes a locator without positions.
    pub fn decode(text: &str) -> Self {
        let (at, ranges) = text.rsplit_once('|').unwrap_or((text, ""));
        let mut index = Vec::new();
        for range in ranges.split(',').filter(|range| !range.is_empty()) {
            let (from, to) = range.split_once('-').unwrap_or((range, range));
            if let (Ok(from), Ok(to)) = (from.parse::<u32>(), to.parse::<u32>()) {
                index.extend(from..=to);
            }
        }
        Self::new(at, index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn locators_survive_the_store(at in "[a-z {}|]{0,12}", index in proptest::collection::vec(0u32..50, 0..20)) {
            let place = Locator::new(at, index);
            prop_assert_eq!(Locator::decode(&place.encode()), place);
        }
    }
}
