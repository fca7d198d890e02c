//! `SELARAS__SECTION__KEY`: the environment wins over the file.
//!
//! A variable is text; the key decides what it means. It is tried as text first (a token of digits stays a token),
//! then as TOML (`4`, `true`, `["a", "b"]`), then as a list parted by commas. An empty variable counts as not set.

use super::Config;
use super::error::{Complaint, ConfigError, Place, of_complaint};
use super::lang::Said;
use serde::Deserialize;
use toml::{Table, Value};

const PREFIX: &str = "SELARAS__";

/// The variable that sets a dotted key.
pub(super) fn variable(dotted: &str) -> String {
    format!("{PREFIX}{}", dotted.to_ascii_uppercase().replace('.', "__"))
}

/// The dotted key that a variable sets.
fn dotted(variable: &str) -> Option<String> {
    Some(variable.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", "."))
}

/// Variables that set a key, in a fixed order, with that key.
pub(super) fn settings(env: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String, String)> {
    let mut settings: Vec<_> = env
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .filter_map(|(name, value)| dotted(&name).map(|key| (name, key, value)))
        .collect();
    settings.sort();
    settings
}

/// Puts every variable into the table; each must leave a valid configuration.
///
/// # Errors
/// [`ConfigError`] naming the variable.
pub(super) fn apply(mut table: Table, settings: &[(String, String, String)]) -> Result<Table, ConfigError> {
    for (name, key, text) in settings {
        table = set(&table, name, key, text)?;
    }
    Ok(table)
}

fn set(table: &Table, name: &str, key: &str, text: &str) -> Result<Table, ConfigError> {
    let mut complaint: Option<String> = None;
    for value in readings(text) {
        let mut tried = table.clone();
        if !put(&mut tried, key, value) {
            let problem = Said::new("bukan bagian yang punya kunci di dalamnya", "is not a section with keys inside");
            return Err(ConfigError::BadValue { place: Place::Variable(name.to_owned()), key: key.to_owned(), problem });
        }
        match Config::deserialize(tried.clone()) {
            Ok(_) => return Ok(tried),
            // "Text where a list is wanted" says less than "unknown kind in that list".
            Err(error)
                if complaint
                    .as_ref()
                    .is_none_or(|said| said.starts_with("invalid type") && !error.message().starts_with("invalid type")) =>
            {
                complaint = Some(error.message().to_owned());
            }
            Err(_) => {}
        }
    }
    Err(of_complaint(Place::Variable(name.to_owned()), key, Complaint::read(&complaint.unwrap_or_default())))
}

fn readings(text: &str) -> Vec<Value> {
    let mut readings = vec![Value::String(text.to_owned())];
    readings.extend(format!("value = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("value")));
    let items = text.split(',').map(|item| Value::String(item.trim().to_owned()));
    readings.push(Value::Array(items.collect()));
    readings
}

/// Sets a dotted key, making the sections on its way; false when something on the way is no section.
fn put(table: &mut Table, dotted: &str, value: Value) -> bool {
    match dotted.split_once('.') {
        None => {
            table.insert(dotted.to_owned(), value);
            true
        }
        Some((section, rest)) => match table.entry(section).or_insert_with(|| Value::Table(Table::new())) {
            Value::Table(inner) => put(inner, rest, value),
            _ => false,
        },
    }
}
