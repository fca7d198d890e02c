//! Faults of rows: wrong people, other types, keys that come and go, rows that come twice or not at all.

use super::catalogue::Deed;
use super::catalogue::Entry;
use super::catalogue::Promise;
use super::catalogue::Promise::Fails;
use super::catalogue::Promise::Held;
use super::catalogue::Promise::Noted;
use super::catalogue::Promise::Recovers;
use super::catalogue::Promise::Retracted;
use super::catalogue::Promise::Told;
use super::catalogue::Promise::Untouched;
use super::catalogue::Strikes;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// Keys under which rows name a person.
const NIP: [&str; 2] = ["nip", "nipBaru"];

pub(super) fn entries() -> Vec<Entry> {
    let rows = |name: &str, does, change, promises: [Promise; 2]| Entry::new(name, does, Strikes::Always, Deed::Rows(change), promises);
    let schema = [Held("schema"), Fails("schema")];
    vec![
        rows(
            "wrong-nip",
            "everybody's row names somebody unknown",
            |rows| each(rows, &NIP, |_| json!("197001012000011998")),
            [Held("vanish"), Fails("other_nip")],
        ),
        rows("nip-blank", "every third row names nobody", |rows| third(rows, "", ""), [Held("schema"), Fails("malformed")]),
        rows("nip-gone", "no row has the key that names a person", |rows| gone(rows, &NIP), schema),
        rows("nip-number", "the NIP is a number", |rows| each(rows, &NIP, number), [Noted("type"); 2]),
        rows(
            "nip-float",
            "the NIP is a number with an exponent",
            |rows| each(rows, &NIP, |nip| json!(number(nip).as_f64())),
            [Held("schema"), Fails("malformed")],
        ),
        rows("nip-spaced", "the NIP is written with spaces", |rows| each(rows, &NIP, spaced), [Recovers; 2]),
        rows("empty-list", "the list is empty", Vec::clear, [Held("vanish"), Promise::Absent]),
        rows("two-vanish", "the last two rows are missing", |rows| rows.truncate(rows.len().max(3) - 2), [Retracted, Untouched]),
        rows("mass-vanish", "nobody but the first ten", |rows| rows.truncate(10), [Held("vanish"), Recovers]),
        rows("doubled", "every row comes twice", |rows| rows.extend(rows.clone()), [Recovers, Fails("malformed")]),
        rows("reversed", "rows stand in another order", |rows| rows.reverse(), [Recovers; 2]),
        rows("added", "a key that nobody announced", |rows| set(rows, "versiBaru", &json!(2)), [Noted("added"); 2]),
        rows(
            "added-deep",
            "an object that nobody announced",
            |rows| set(rows, "meta", &json!({"nip": "x", "data": [1]})),
            [Noted("added"); 2],
        ),
        rows("vanished", "a key that nobody needs is gone", |rows| gone(rows, &["jenis_pegawai", "karis_karsu"]), [Noted("missing"); 2]),
        rows(
            "needed-gone",
            "a key that decides is gone",
            |rows| gone(rows, &["hasil_akhir", "is_skp", "skp_id", "kedudukanPnsId"]),
            schema,
        ),
        rows("renamed", "a key that decides has another name", renamed, schema),
        rows("upper-keys", "keys in capitals", upper, [Recovers; 2]),
        rows(
            "flags-as-text",
            "0 and 1 are texts",
            |rows| each(rows, &["is_skp_plt_plh_pjb", "is_skp", "is_plt_plh", "validNik"], text),
            [Noted("type"); 2],
        ),
        rows(
            "flags-as-truth",
            "0 and 1 are truth values",
            |rows| each(rows, &["is_skp_plt_plh_pjb", "is_skp", "is_plt_plh"], truth),
            [Noted("type"), Untouched],
        ),
        rows(
            "ids-as-number",
            "an id is a number",
            |rows| each(rows, &["tahun_skp", "jenis", "jenisPegawaiId"], number),
            [Noted("type"); 2],
        ),
        rows(
            "flags-unreadable",
            "a flag that cannot be read",
            |rows| each(rows, &["is_skp_plt_plh_pjb", "is_skp"], |_| json!("mungkin")),
            [Held("schema"), Untouched],
        ),
        rows(
            "days-unreadable",
            "days in words",
            |rows| each(rows, &["periode_awal_skp", "periode_awal", "tmtCpns"], |_| json!("1 Januari 2026")),
            [Held("schema"), Fails("malformed")],
        ),
        rows("some-unreadable", "two rows cannot be read", some_unreadable, [Promise::FailsSome("malformed"), Untouched]),
        rows(
            "labels-nested",
            "labels are objects",
            |rows| each(rows, &["hasil_akhir", "skp_id", "kedudukanPnsId"], |label| json!({"id": 1, "label": label})),
            [Held("schema"), Fails("malformed")],
        ),
        rows("labels-unknown", "labels that nobody knows", |rows| each(rows, &["hasil_akhir"], |_| json!("Istimewa")), [Told, Untouched]),
        rows("labels-as-number", "labels are numbers", |rows| each(rows, &["hasil_akhir"], |_| json!(2)), [Told, Untouched]),
        rows(
            "rows-as-text",
            "rows are texts",
            |rows| rows.iter_mut().for_each(|row| *row = json!(row.to_string())),
            [Held("schema"), Fails("malformed")],
        ),
        rows("rows-null", "rows are null", |rows| rows.iter_mut().for_each(|row| *row = Value::Null), [Held("schema"), Promise::Absent]),
    ]
}

fn objects(rows: &mut [Value]) -> impl Iterator<Item = &mut Map<String, Value>> {
    rows.iter_mut().filter_map(Value::as_object_mut)
}

/// Every value under these keys becomes another.
fn each(rows: &mut [Value], keys: &[&str], other: impl Fn(&Value) -> Value) {
    for row in objects(rows) {
        for key in keys {
            if let Some(value) = row.get_mut(*key).filter(|value| !value.is_null()) {
                *value = other(value);
            }
        }
    }
}

fn gone(rows: &mut [Value], keys: &[&str]) {
    objects(rows).for_each(|row| keys.iter().for_each(|key| drop(row.remove(*key))));
}

fn set(rows: &mut [Value], key: &str, value: &Value) {
    objects(rows).for_each(|row| drop(row.insert(key.to_owned(), value.clone())));
}

fn third(rows: &mut [Value], nip: &str, nip_baru: &str) {
    for row in objects(rows).step_by(3) {
        for (key, value) in [("nip", nip), ("nipBaru", nip_baru)] {
            if row.contains_key(key) {
                row.insert(key.to_owned(), json!(value));
            }
        }
    }
}

#[allow(clippy::ptr_arg, reason = "the catalogue takes changes of whole lists")]
fn renamed(rows: &mut Vec<Value>) {
    for row in objects(rows) {
        for (old, new) in
            [("hasil_akhir", "predikat_kinerja"), ("is_skp", "punya_skp"), ("skp_id", "skp_uuid"), ("kedudukanPnsId", "kedudukanAsnId")]
        {
            if let Some(value) = row.remove(old) {
                row.insert(new.to_owned(), value);
            }
        }
    }
}

#[allow(clippy::ptr_arg, reason = "the catalogue takes changes of whole lists")]
fn upper(rows: &mut Vec<Value>) {
    for row in objects(rows) {
        *row = std::mem::take(row).into_iter().map(|(key, value)| (key.to_ascii_uppercase(), value)).collect();
    }
}

#[allow(clippy::ptr_arg, reason = "the catalogue takes changes of whole lists")]
fn some_unreadable(rows: &mut Vec<Value>) {
    let last = rows.len().saturating_sub(2);
    each(&mut rows[last..], &["periode_awal_skp", "periode_awal"], |_| json!("1 Januari 2026"));
}

fn number(value: &Value) -> Value {
    value.as_str().and_then(|text| text.parse::<i64>().ok()).map_or_else(|| value.clone(), Value::from)
}

fn text(value: &Value) -> Value {
    if value.is_string() { value.clone() } else { json!(value.to_string()) }
}

fn truth(value: &Value) -> Value {
    value.as_i64().map_or_else(|| value.clone(), |number| json!(number == 1))
}

fn spaced(value: &Value) -> Value {
    let digits = value.as_str().unwrap_or_default();
    match digits.len() {
        18 => json!(format!("{} {} {} {}", &digits[..8], &digits[8..14], &digits[14..15], &digits[15..])),
        _ => value.clone(),
    }
}
