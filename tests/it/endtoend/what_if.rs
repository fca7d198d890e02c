//! `policy what-if` says just what a reconciliation under the other policy would come to, and changes nothing.

use super::office::{Desk, Office, PERIOD, rows, same};
use super::truth::{app_at, play, stage};
use crate::support;
use selaras::app::what_if::{self, Wanted};
use selaras::domain::text::Lang;
use selaras::export::Format;
use selaras::export::what_if::{WhatIf, write_what_if};
use selaras::policy::Policy;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const EXAMPLE: &str = "contoh-kemenko-infra.toml";

/// The example with another percent, another tariff, and the predikat of the month itself.
fn otherwise(text: &str) -> String {
    [
        ("to_minute = 31, percent = \"0.5\"", "to_minute = 31, percent = \"5\""),
        ("lag = 1 ", "lag = 0 "),
        ("\"8\" = 4595150", "\"8\" = 4600000"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the example has no `{from}`");
        text.replacen(from, to, 1)
    })
}

fn what_if(desk: &Desk<'_>, file: &str, periods: &str, more: &[&str]) -> super::office::Ran {
    desk.run(&[&["policy", "what-if", file, "--periods", periods], more].concat())
}

/// Verdict and net by NIP.
fn said(verdicts: &[Value]) -> BTreeMap<String, (Value, Value)> {
    verdicts.iter().map(|row| (row["nip"].as_str().unwrap().to_owned(), (row["verdict"].clone(), row["expected"]["net"].clone()))).collect()
}

#[test]
fn it_says_what_a_reconciliation_would_say_and_changes_nothing() {
    let office = Office::open(60, 91);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let before = desk.lasting(&[]);
    let in_force = office.path("policy").join(EXAMPLE);
    let text = std::fs::read_to_string(&in_force).unwrap();
    std::fs::create_dir(office.path("calon")).unwrap();
    std::fs::copy(office.path("policy/national-holidays-2026.toml"), office.path("calon/national-holidays-2026.toml")).unwrap();
    std::fs::write(office.path("calon/baru.toml"), otherwise(&text)).unwrap();

    let nothing = what_if(&desk, "policy/contoh-kemenko-infra.toml", PERIOD, &["--as", "json"]).ended(0).json();
    assert_eq!(
        (&nothing["periods"][0]["moved"], nothing["rows"].as_array().unwrap().len()),
        (&0.into(), 0),
        "the same policy moves nobody"
    );
    assert_eq!(nothing["periods"][0]["before"], nothing["periods"][0]["after"]);

    let tried = what_if(&desk, "calon/baru.toml", PERIOD, &["--as", "json"]).ended(0).json();
    let period = &tried["periods"][0];
    let as_of = period["as_of"].as_str().unwrap().to_owned();
    let old = said(&desk.verdicts(&["--as-of", &as_of]));
    let after_document: Value = {
        std::fs::write(&in_force, otherwise(&text)).unwrap();
        let document = serde_json::from_str(&desk.export("verdicts", &["--as-of", &as_of])).unwrap();
        std::fs::write(&in_force, &text).unwrap();
        document
    };
    let new = said(&rows(&after_document.to_string()));
    assert_eq!(period["after"]["totals"], after_document["totals"]);
    assert_eq!(period["after"]["policy"], after_document["policy"]);
    let nips: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let moved: BTreeSet<&String> = nips.into_iter().filter(|nip| old.get(*nip) != new.get(*nip)).collect();
    let listed = tried["rows"].as_array().unwrap();
    assert!(moved.len() > 5, "{}", moved.len());
    assert_eq!(
        listed.iter().map(|row| row["nip"].as_str().unwrap()).collect::<Vec<_>>(),
        moved.iter().map(|nip| nip.as_str()).collect::<Vec<_>>()
    );
    for row in listed {
        let nip = row["nip"].as_str().unwrap();
        let side = |side: &Value, known: Option<&(Value, Value)>| {
            assert_eq!(
                (&side["verdict"], &side["net"]),
                known.map(|(verdict, net)| (verdict, net)).unwrap_or((&Value::Null, &Value::Null)),
                "{nip}"
            );
        };
        side(&row["before"], old.get(nip));
        side(&row["after"], new.get(nip));
    }
    // Units add up to the whole.
    let units = tried["units"].as_array().unwrap();
    for (side, key) in [("before", "layak"), ("after", "tertahan"), ("after", "belum_diketahui")] {
        for figure in ["heads", "rupiah"] {
            let sum: i64 = units.iter().map(|unit| unit[side][figure][key].as_i64().unwrap()).sum();
            assert_eq!(period[side]["totals"][figure][key], sum, "{side} {figure} {key}");
        }
    }
    for (one, other) in before.iter().zip(&desk.lasting(&[])) {
        same(one, other, "documents before and after a what-if");
    }
}

#[test]
fn every_format_holds_the_same_people_and_what_cannot_be_answered_is_refused() {
    let office = Office::open(40, 92);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let text = std::fs::read_to_string(office.path("policy").join(EXAMPLE)).unwrap();
    std::fs::copy(office.path("policy/national-holidays-2026.toml"), office.path("national-holidays-2026.toml")).unwrap();
    std::fs::write(office.path("baru.toml"), otherwise(&text).replace("effective_from = 2026-01-01", "effective_from = 2027-01-01"))
        .unwrap();

    what_if(&desk, "baru.toml", PERIOD, &["--as", "text,json,csv,xlsx", "--output", "andai/"]).ended(0);
    let read = |name: &str| std::fs::read_to_string(office.path("andai").join(name)).unwrap();
    let json: Value = serde_json::from_str(&read("what-if.json")).unwrap();
    let moved = json["periods"][0]["moved"].as_u64().unwrap();
    assert!(moved > 0 && json["periods"][0]["within_dates"] == false);
    assert_eq!(read("what-if-people.csv").lines().count() as u64, moved + 1);
    assert!(read("what-if-units.csv").starts_with("\u{feff}period,unit,unit_name,verdict,heads_before,"), "{}", read("what-if-units.csv"));
    assert!(read("what-if-findings.csv").lines().count() > 3);
    assert!(std::fs::metadata(office.path("andai/what-if.xlsx")).unwrap().len() > 8_000);
    let page = read("what-if.txt");
    for says in [
        "andai kebijakan ini berlaku",
        "UJI COBA",
        "TIDAK LENGKAP",
        "seolah-olah berlaku",
        "Selisih Rupiah",
        "Orang, perubahan terbesar dahulu",
    ] {
        assert!(page.contains(says), "{says}\n{page}");
    }

    let no_roster = what_if(&desk, "baru.toml", "2026-02..2026-03", &[]).said(2);
    assert!(no_roster.contains("belum ada daftar pegawai untuk 2026-02"), "{no_roster}");
    let not_covered = what_if(&desk, "baru.toml", "2025-11..2025-12", &[]).said(2);
    assert!(not_covered.contains("2025-11"), "{not_covered}");
    std::fs::write(office.path("tanpa-libur.toml"), text.replace("national-holidays-2026.toml", "national-holidays-2027.toml")).unwrap();
    let no_list = what_if(&desk, "tanpa-libur.toml", PERIOD, &[]).said(2);
    assert!(no_list.contains("national-holidays-2027.toml"), "{no_list}");
    std::fs::write(
        office.path("national-holidays-2027.toml"),
        "year = 2027\nsource = \"uji\"\nverified = true\n[[day]]\ndate = 2027-01-01\nkind = \"libur_nasional\"\nname = \"Tahun baru\"\n",
    )
    .unwrap();
    let no_year = what_if(&desk, "tanpa-libur.toml", PERIOD, &[]).said(2);
    assert!(no_year.contains("daftar hari libur 2026 belum ada"), "{no_year}");
    let folder = what_if(&desk, "baru.toml", PERIOD, &["--as", "csv"]).said(2);
    assert!(folder.contains("--output FOLDER/"), "{folder}");
}

/// Everybody, and only of one unit, on this store.
async fn tried(stage: &selaras::app::demo::Stage, policy: &Policy) -> [WhatIf; 2] {
    let ask = async |units: Option<&BTreeSet<String>>| {
        let wanted = Wanted { units, top: 5, rows: true };
        what_if::run(&stage.app, policy, &[stage.period], wanted, &mut |_| {}).await.unwrap()
    };
    let whole = ask(None).await;
    let unit = whole.periods[0].units.iter().find(|(code, unit)| !code.is_empty() && unit.moved > 0).unwrap().0.clone();
    let part = ask(Some(&BTreeSet::from([unit]))).await;
    [whole, part]
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_say_the_same_and_a_unit_sees_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let (mut stage, clock) = stage(60, 93, folder.path()).await;
    play(&stage).await;
    let lists = stage.app.config.policy.dir.clone();
    let file =
        std::fs::read_dir(&lists).unwrap().map(|entry| entry.unwrap().path()).find(|path| !path.ends_with("national-holidays-2026.toml"));
    let text = std::fs::read_to_string(file.unwrap()).unwrap();
    let policy = Policy::of_text(Path::new("baru.toml"), &otherwise(&text), &lists).unwrap();
    let on_sqlite = tried(&stage, &policy).await;
    stage.app = app_at(&stage, &support::postgres::fresh_database().await, &clock).await;
    play(&stage).await;
    let on_postgres = tried(&stage, &policy).await;
    let json = |found: &WhatIf| {
        let mut out = Vec::new();
        write_what_if(Format::Json, Lang::Id, found, &mut out).unwrap();
        super::office::without(&String::from_utf8(out).unwrap(), &super::office::OF_THE_RUN)
    };
    for (one, other) in on_sqlite.iter().zip(&on_postgres) {
        same(&json(one), &json(other), "SQLite and PostgreSQL");
    }
    let [whole, part] = &on_sqlite;
    let (whole, part) = (&whole.periods[0], &part.periods[0]);
    let (unit, figures) = part.units.iter().next().unwrap();
    assert_eq!((part.units.len(), figures), (1, &whole.units[unit]));
    assert_eq!((part.after.totals, part.before.totals), (figures.after, figures.before));
    assert!(part.rows.iter().all(|moved| moved.unit == *unit) && part.rows.len() == figures.moved && part.moved < whole.moved);
    let mut weights: Vec<i64> = whole.rows.iter().map(|moved| moved.weight().0).collect();
    weights.sort_by_key(|weight| -weight);
    assert_eq!(whole.top.iter().map(|moved| moved.weight().0).collect::<Vec<_>>(), weights[..5]);
}
