//! One verdict, from the tariff to the net, each step with its rule and its evidence.

use super::office::Office;
use serde_json::Value;

/// `4.595.150` or `4,595,150`, as people write it.
fn grouped(amount: i64, separator: char) -> String {
    let digits = amount.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

fn steps<'a>(steps: &'a Value, all: &mut Vec<&'a Value>) {
    for step in steps.as_array().unwrap() {
        all.push(step);
        self::steps(&step["parts"], all);
    }
}

#[test]
fn every_rupiah_has_its_rule_and_its_evidence() {
    let office = Office::open(60, 71);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let rows = desk.verdicts(&[]);
    let many = |row: &&Value| row["deductions"].as_array().unwrap().len();
    let row = rows.iter().max_by_key(many).unwrap();
    assert!(many(&row) >= 2, "{row}");
    let nip = row["nip"].as_str().unwrap();
    let explain = ["explain", "--period", "2026-10", "--nip", nip];

    let ran = desk.run(&[&explain[..], &["--as", "json"]].concat()).ended(0);
    let told = ran.json();
    for key in ["verdict", "expected", "paid", "deductions", "kelas_jabatan"] {
        assert_eq!(told["verdict"][key], row[key], "{key}");
    }
    let mut all = Vec::new();
    steps(&told["derivation"], &mut all);
    let values = |step: &Value| -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        step["values"].as_array().unwrap().iter().map(|pair| (text(&pair["name"]), text(&pair["value"]))).collect()
    };
    let rules: Vec<&Value> = all.iter().flat_map(|step| step["rules"].as_array().unwrap()).collect();
    assert!(rules.len() >= 3, "{told}");
    for rule in &rules {
        assert!(!rule["path"].as_str().unwrap().is_empty() && !rule["source"].as_str().unwrap().is_empty(), "{rule}");
        assert!(rule["verified"].is_boolean() || rule["verified"] == "secondary", "{rule}");
    }
    let evidence: Vec<&Value> = all.iter().flat_map(|step| step["evidence"].as_array().unwrap()).collect();
    assert!(evidence.len() >= 3, "{told}");
    for exhibit in &evidence {
        assert!(!exhibit["source"].as_str().unwrap().is_empty() && !exhibit["locator"].as_str().unwrap().is_empty(), "{exhibit}");
        assert!(chrono::DateTime::parse_from_rfc3339(exhibit["observed_at"].as_str().unwrap()).is_ok(), "{exhibit}");
    }
    let last = all.iter().find(|step| step["step"] == "round").unwrap();
    let net = row["expected"]["net"].as_i64().unwrap();
    let gross = row["expected"]["gross"].as_i64().unwrap();
    assert!(values(last).iter().any(|(name, value)| name == "net" && value.contains(&grouped(net, '.'))), "{last}");

    for (lang, separator, words) in [
        ("id", '.', ["Rincian potongan", "Perhitungan", "aturan:", "bukti:", "dilihat"]),
        ("en", ',', ["Deductions", "Computation", "rule:", "evidence:", "seen"]),
    ] {
        let text = desk.run(&[&["--lang", lang], &explain[..]].concat()).ended(0).out;
        for word in words {
            assert!(text.contains(word), "{lang}: {word}\n{text}");
        }
        for amount in [net, gross] {
            let shown = grouped(amount, separator);
            assert!(text.contains(&shown) || text.contains(&grouped(amount, '.')), "{lang}: {shown}\n{text}");
        }
        for deduction in row["deductions"].as_array().unwrap() {
            let percent = deduction["percent"]
                .as_str()
                .unwrap()
                .trim_end_matches('0')
                .trim_end_matches('.')
                .replace('.', if lang == "id" { "," } else { "." });
            assert!(text.lines().any(|line| line.contains(&percent) && line.contains('%')), "{lang}: {percent}\n{text}");
        }
        for exhibit in &evidence {
            let (source, locator) = (exhibit["source"].as_str().unwrap(), exhibit["locator"].as_str().unwrap());
            assert!(text.contains(source) && text.contains(locator), "{lang}: {exhibit}\n{text}");
        }
        for rule in &rules {
            assert!(
                text.contains(rule["path"].as_str().unwrap()) && text.contains(rule["source"].as_str().unwrap()),
                "{lang}: {rule}\n{text}"
            );
        }
    }

    // Somebody outside the roster has an explanation too; somebody nobody knows has none.
    let outside = rows.iter().find(|row| row["unknown"] == serde_json::json!(["roster"])).unwrap();
    let nip = outside["nip"].as_str().unwrap();
    let told = desk.run(&["explain", "--period", "2026-10", "--nip", nip, "--as", "json"]).ended(0).json();
    assert_eq!(told["verdict"]["nip"], nip);
    let text = desk.run(&["explain", "--period", "2026-10", "--nip", nip]).ended(0).out;
    assert!(text.contains(nip), "{text}");
    let nobody = "198501012010011998";
    assert!(rows.iter().all(|row| row["nip"] != nobody));
    for (lang, words) in [("id", "tidak dikenal"), ("en", "is not known")] {
        let ran = desk.run(&["--lang", lang, "explain", "--period", "2026-10", "--nip", nobody]);
        assert_eq!(ran.out, "");
        let sentence = ran.said(2);
        assert!(sentence.contains(words) && !sentence.contains(nobody), "{sentence}");
    }
}
