//! A policy file as tables for people: what is written in it and nothing else, section by section.

use super::AppError;
use crate::policy::Policy;
use std::fmt::Write as _;

/// One section of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Path: `performance.missing`, `deduction.band`.
    pub path: String,
    /// Single values: key and text.
    pub values: Vec<(String, String)>,
    /// Rows of a list: column keys, then the cells of each row.
    pub columns: Vec<String>,
    /// Cells in the order of the columns; empty: not given.
    pub rows: Vec<Vec<String>>,
    /// `true`, `false` or `secondary`, where the section says it.
    pub verified: Option<String>,
    /// Regulation and article, where the section says it.
    pub source: Option<String>,
}

/// Reads the file of the policy as sections, in the order of the file.
///
/// # Errors
/// A file that cannot be read.
pub fn sections(policy: &Policy) -> Result<Vec<Section>, AppError> {
    let broken = |why: toml::de::Error| AppError::Io(policy.path.display().to_string(), std::io::Error::other(why.to_string()));
    let table: toml::Table = text(policy)?.parse().map_err(broken)?;
    let mut sections = Vec::new();
    for (key, value) in &table {
        lay_out(key.clone(), value, &mut sections);
    }
    Ok(sections)
}

/// The file of a policy, as it is written.
///
/// # Errors
/// A file that cannot be read.
pub fn text(policy: &Policy) -> Result<String, AppError> {
    std::fs::read_to_string(&policy.path).map_err(|why| AppError::Io(policy.path.display().to_string(), why))
}

fn lay_out(path: String, value: &toml::Value, into: &mut Vec<Section>) {
    match value {
        toml::Value::Table(table) => {
            let mut section = Section { path: path.clone(), ..Section::default() };
            let mut inside = Vec::new();
            for (key, value) in table {
                match value {
                    toml::Value::Table(_) => inside.push((key, value)),
                    toml::Value::Array(rows) if rows.iter().any(toml::Value::is_table) => inside.push((key, value)),
                    _ => match key.as_str() {
                        "verified" => section.verified = Some(plain(value)),
                        "source" => section.source = Some(plain(value)),
                        _ => section.values.push((key.clone(), plain(value))),
                    },
                }
            }
            if !section.values.is_empty() || section.source.is_some() {
                into.push(section);
            }
            for (key, value) in inside {
                lay_out(format!("{path}.{key}"), value, into);
            }
        }
        toml::Value::Array(rows) if rows.iter().any(toml::Value::is_table) => into.push(list(path, rows)),
        single => into.push(Section { path: String::new(), values: vec![(path, plain(single))], ..Section::default() }),
    }
}

/// A list of tables: one column a key that any of them has.
fn list(path: String, rows: &[toml::Value]) -> Section {
    let mut columns: Vec<String> = Vec::new();
    for key in rows.iter().filter_map(toml::Value::as_table).flat_map(toml::Table::keys) {
        if !columns.contains(key) {
            columns.push(key.clone());
        }
    }
    // What says where a row comes from stands last.
    columns.sort_by_key(|key| matches!(key.as_str(), "verified" | "source"));
    let cells = |row: &toml::Table| columns.iter().map(|key| row.get(key).map(plain).unwrap_or_default()).collect();
    let rows = rows.iter().filter_map(toml::Value::as_table).map(cells).collect();
    Section { path, columns, rows, ..Section::default() }
}

/// A value on one line.
pub(super) fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        toml::Value::Table(table) => table.iter().fold(String::new(), |mut text, (key, value)| {
            let _ = write!(text, "{}{key} {}", if text.is_empty() { "" } else { ", " }, plain(value));
            text
        }),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_is_left_out() {
        let text =
            "x = 1\n[a]\nb = \"2\"\nverified = false\nsource = \"s\"\n[a.c]\nd = [1, 2]\n[[a.e]]\nf = 1\nsource = \"t\"\n[[a.e]]\ng = 2\n";
        let table: toml::Table = text.parse().unwrap();
        let mut sections = Vec::new();
        table.iter().for_each(|(key, value)| lay_out(key.clone(), value, &mut sections));
        assert_eq!(sections.iter().map(|section| section.path.as_str()).collect::<Vec<_>>(), ["", "a", "a.c", "a.e"]);
        assert_eq!((sections[1].verified.as_deref(), sections[1].source.as_deref()), (Some("false"), Some("s")));
        assert_eq!(sections[2].values, [("d".to_owned(), "1; 2".to_owned())]);
        assert_eq!(sections[3].columns, ["f", "g", "source"]);
        assert_eq!(sections[3].rows, [["1", "", "t"], ["", "2", ""]]);
    }
}
