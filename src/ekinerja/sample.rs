//! What a row looks like, without what it says: for whoever has to decide about an answer whose shape has changed.

use super::fault::presentable;
use super::top::Top;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::value::RawValue;

/// Keys of a row that are shown; no known row has as many.
const KEYS: usize = 60;

/// The structure of one row of `data` in a body: keys and types as a JSON object, text with its length. Nothing that
/// stands in a value is shown, and a key that could be a NIP is masked. `None` when there is no such row.
pub fn masked_row(body: &[u8], position: u32) -> Option<String> {
    #[derive(Deserialize)]
    struct Rows<'a>(#[serde(borrow)] Vec<&'a RawValue>);
    let text = std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).ok()?;
    let top: Top<'_> = serde_json::from_str(text).ok()?;
    let data = top.data?.get();
    let row: Value = if data.starts_with('[') {
        let rows: Rows<'_> = serde_json::from_str(data).ok()?;
        serde_json::from_str(rows.0.get(position as usize)?.get()).ok()?
    } else {
        serde_json::from_str(data).ok()?
    };
    Some(shape(&row, true).to_string())
}

fn shape(value: &Value, outermost: bool) -> Value {
    let said = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "truth".to_owned(),
        Value::Number(number) if number.is_f64() => "fraction".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) => format!("text({})", text.chars().count()),
        Value::Array(items) => format!("list({})", items.len()),
        Value::Object(fields) if outermost => {
            let shown = fields.iter().take(KEYS).map(|(key, value)| (presentable(key), shape(value, false)));
            return Value::Object(shown.collect::<Map<String, Value>>());
        }
        Value::Object(fields) => {
            let keys: Vec<String> = fields.keys().take(8).map(|key| presentable(key)).collect();
            format!("object({})", keys.join(","))
        }
    };
    Value::String(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_is_shown_and_nobody_in_it() {
        let body = r#"{"code":1,"DATA":[{},{"nip":"198501012010011901","nama":"BUDI","n":1,"f":1.5,"b":true,"p":null,
            "o":{"label":"Baik"},"l":[1,2],"198501012010011902":{"198501012010011903":1}}]}"#;
        let shown = masked_row(body.as_bytes(), 1).unwrap();
        for part in [
            r#""nip":"text(18)""#,
            r#""nama":"text(4)""#,
            r#""n":"number""#,
            r#""f":"fraction""#,
            r#""o":"object(label)""#,
            r#""l":"list(2)""#,
        ] {
            assert!(shown.contains(part), "{shown}");
        }
        for secret in ["BUDI", "Baik", "198501012010011901", "198501012010011902", "198501012010011903"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(masked_row(body.as_bytes(), 2), None);
        assert_eq!(masked_row(b"<html>", 0), None);
        assert_eq!(masked_row(br#"{"data":["text"]}"#, 0).as_deref(), Some(r#""text(4)""#));
    }
}
