//! Two policy files, key by key: what only one of them writes and what they write otherwise, with the source of each
//! side and whether somebody has checked it.

use super::policy_sheet::plain;
use std::collections::{BTreeMap, HashMap};

/// Where something is written: `deduction.band`, in its table `late` and there in `TM2`, under `percent`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Path of tables: `deduction.band.bands`.
    pub section: String,
    /// Names of the tables of lists on the way.
    pub names: Vec<String>,
    /// The key.
    pub key: String,
}

/// What one file writes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The value on one line.
    pub value: String,
    /// Source of the rule.
    pub source: Option<String>,
    /// `true`, `false` or `secondary`.
    pub verified: Option<String>,
}

/// Where two files differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub place: Place,
    /// The one file; `None`: it does not write the key.
    pub left: Option<Written>,
    /// The other one.
    pub right: Option<Written>,
}

/// Where the texts of two policies that were read before differ, in the order of the files, section by section.
///
/// # Errors
/// A text that is no TOML.
pub fn compare(left: &str, right: &str) -> Result<Vec<Difference>, toml::de::Error> {
    let (left, right) = (written(left)?, written(right)?);
    let index: HashMap<&Place, &Written> = right.iter().map(|(place, said)| (place, said)).collect();
    let known: HashMap<&Place, &Written> = left.iter().map(|(place, said)| (place, said)).collect();
    let mut found: Vec<Difference> = Vec::new();
    for (place, said) in &left {
        let other = index.get(place).copied();
        if other.is_none_or(|other| other.value != said.value) {
            found.push(Difference { place: place.clone(), left: Some(said.clone()), right: other.cloned() });
        }
    }
    for (place, said) in right.iter().filter(|(place, _)| !known.contains_key(place)) {
        found.push(Difference { place: place.clone(), left: None, right: Some(said.clone()) });
    }
    let mut order: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, _) in left.iter().chain(&right) {
        let next = order.len();
        order.entry(&place.section).or_insert(next);
    }
    found.sort_by_key(|difference| order.get(difference.place.section.as_str()).copied());
    Ok(found)
}

fn written(text: &str) -> Result<Vec<(Place, Written)>, toml::de::Error> {
    let table: toml::Table = text.parse()?;
    let mut found = Vec::new();
    walk(&table, "", &[], (None, None), &mut found);
    Ok(found)
}

type Cited<'a> = (Option<&'a str>, Option<String>);

fn walk(table: &toml::Table, section: &str, names: &[String], above: Cited<'_>, into: &mut Vec<(Place, Written)>) {
    let own = |key: &str| table.get(key).filter(|value| !value.is_array() && !value.is_table());
    let source = own("source").and_then(toml::Value::as_str).or(above.0);
    let verified = own("verified").map(plain).or(above.1);
    let deeper = |key: &str| if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
    for (key, value) in table {
        match value {
            toml::Value::Table(inside) => walk(inside, &deeper(key), names, (source, verified.clone()), into),
            toml::Value::Array(rows) if rows.iter().any(toml::Value::is_table) => {
                for (name, row) in named(rows) {
                    let names: Vec<String> = names.iter().cloned().chain([name]).collect();
                    walk(row, &deeper(key), &names, (source, verified.clone()), into);
                }
            }
            single => into.push((
                Place { section: section.to_owned(), names: names.to_vec(), key: key.clone() },
                Written { value: plain(single), source: source.map(str::to_owned), verified: verified.clone() },
            )),
        }
    }
}

/// Keys by which tables of a list are told apart, the first that is there; where several tables have the same, they are
/// counted, so that none is lost.
const NAMES: [&str; 8] = ["code", "kind", "name", "step", "ref", "from", "from_day", "from_month"];

fn named(rows: &[toml::Value]) -> Vec<(String, &toml::Table)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut all = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().filter_map(toml::Value::as_table).enumerate() {
        let mut name = NAMES.iter().find_map(|key| row.get(*key)).map_or_else(|| format!("{}", at + 1), plain);
        // Two schedules of one name are of different days.
        if let Some(days) = row.get("days").filter(|_| row.contains_key("name")) {
            name = format!("{name} ({})", plain(days));
        }
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name} #{count}");
        }
        all.push((name, row));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: &str = "schema_version = 1\n[period]\nfrom_day = 1\nverified = false\nsource = \"belum\"\n[deduction]\n\
        [[deduction.band]]\nkind = \"late\"\nverified = true\nsource = \"Pasal 9\"\n\
        bands = [{ code = \"TM1\", percent = \"0.5\" }, { code = \"TM2\", percent = \"1\" }]\n";

    fn said(left: &str, right: &str) -> Vec<(String, Option<String>, Option<String>)> {
        let found = compare(left, right).unwrap();
        let value = |side: Option<Written>| side.map(|side| side.value);
        found
            .into_iter()
            .map(|it| (format!("{} {:?} {}", it.place.section, it.place.names, it.place.key), value(it.left), value(it.right)))
            .collect()
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn only_what_differs_is_named_and_where_it_stands() {
        assert_eq!(said(LEFT, LEFT), []);
        // The order of tables does not matter where they have names.
        let right = LEFT
            .replace(
                "{ code = \"TM1\", percent = \"0.5\" }, { code = \"TM2\", percent = \"1\" }",
                "{ code = \"TM2\", percent = \"1.5\" }, { code = \"TM1\", percent = \"0.5\" }, { code = \"TM3\", percent = \"2\" }",
            )
            .replace("verified = false", "verified = true");
        assert_eq!(
            said(LEFT, &right),
            [
                ("period [] verified".to_owned(), some("false"), some("true")),
                ("deduction.band.bands [\"late\", \"TM2\"] percent".to_owned(), some("1"), some("1.5")),
                ("deduction.band.bands [\"late\", \"TM3\"] code".to_owned(), None, some("TM3")),
                ("deduction.band.bands [\"late\", \"TM3\"] percent".to_owned(), None, some("2")),
            ]
        );
        assert_eq!(said(&right, LEFT).iter().filter(|(_, _, right)| right.is_none()).count(), 2);
    }

    #[test]
    fn each_side_has_its_own_source() {
        let right = LEFT.replace("\"1\"", "\"9\"").replace("Pasal 9", "Pasal 10").replacen("verified = true", "verified = false", 1);
        let found = compare(LEFT, &right).unwrap();
        let percent = found.iter().find(|it| it.place.key == "percent").unwrap();
        let cited = |side: &Option<Written>| {
            let side = side.as_ref().unwrap();
            (side.source.clone().unwrap(), side.verified.clone().unwrap())
        };
        assert_eq!(cited(&percent.left), ("Pasal 9".to_owned(), "true".to_owned()));
        assert_eq!(cited(&percent.right), ("Pasal 10".to_owned(), "false".to_owned()));
    }

    #[test]
    fn tables_of_one_name_are_not_lost() {
        let list = |days: &[&str]| days.iter().map(|day| format!("[[s]]\nname = \"r\"\ndays = [\"{day}\"]\nend = 1\n")).collect::<String>();
        assert_eq!(said(&list(&["mon", "fri"]), &list(&["fri", "mon"])), []);
        assert_eq!(said(&list(&["mon", "mon"]), &list(&["mon"])).len(), 3);
    }
}
