//! Positions of the rows of a statement in its source.

use serde::{Deserialize, Serialize};

/// Positions, in the order of the rows. Rows mostly stand one below the other: such a run takes no memory of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places(Form);

/// A run whenever it is one, so that equal places are equal in form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Form {
    Run { from: u32, length: u32 },
    Listed(Box<[u32]>),
}

impl Default for Places {
    fn default() -> Self {
        Self(Form::Run { from: 0, length: 0 })
    }
}

impl Places {
    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Run { length, .. } => *length as usize,
            Form::Listed(all) => all.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of a row.
    pub fn get(&self, at: usize) -> Option<u32> {
        match &self.0 {
            Form::Run { from, length } => u32::try_from(at).ok().filter(|at| at < length).map(|at| from + at),
            Form::Listed(all) => all.get(at).copied(),
        }
    }

    /// All in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Leaves only the first ones.
    pub fn truncate(&mut self, length: usize) {
        if length < self.len() {
            *self = self.iter().take(length).collect();
        }
    }
}

impl FromIterator<u32> for Places {
    fn from_iter<I: IntoIterator<Item = u32>>(places: I) -> Self {
        let mut places = places.into_iter();
        let Some(from) = places.next() else { return Self::default() };
        let mut length = 1u32;
        for place in places.by_ref() {
            if from.checked_add(length) == Some(place) {
                length += 1;
                continue;
            }
            let mut all = Vec::with_capacity(length as usize + 1 + places.size_hint().0);
            all.extend((0..length).map(|after| from + after));
            all.push(place);
            all.extend(places);
            return Self(Form::Listed(all.into_boxed_slice()));
        }
        Self(Form::Run { from, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(places in proptest::collection::vec(prop_oneof![0u32..6, Just(u32::MAX)], 0..8), cut in 0usize..9) {
            let mut kept: Places = places.iter().copied().collect();
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), places.clone());
            kept.truncate(cut);
            let cut: Vec<u32> = places.into_iter().take(cut).collect();
            prop_assert_eq!(&kept, &cut.iter().copied().collect::<Places>());
            prop_assert_eq!(kept.len(), cut.len());
        }
    }

    #[test]
    fn a_run_takes_no_memory_of_its_own() {
        assert!(matches!((2..24).collect::<Places>().0, Form::Run { from: 2, length: 22 }));
        assert!(matches!([2, 4].into_iter().collect::<Places>().0, Form::Listed(_)));
    }
}
