//! Pulling under the conditions of a real night: killed, told to leave, started twice.

mod interrupted;
mod need;
mod pace;
mod replicas;
mod together;

use crate::endtoend::office::Office;
use std::collections::BTreeMap;

/// How often each question was asked.
fn tally(office: &Office) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for path in office.bkn.asked() {
        *tally.entry(path).or_default() += 1;
    }
    tally
}
