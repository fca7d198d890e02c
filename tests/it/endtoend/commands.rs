//! Exit codes, one sentence on stderr, documents and nothing else on stdout, and nothing changed by what was refused.

use super::office::Desk;
use super::office::OF_THE_RUN;
use super::office::Office;
use super::office::Ran;
use super::office::same;
use super::office::without;
use sqlx::Connection;

/// Rows of every table that holds what sources said.
fn census(office: &Office, store: &str) -> Vec<i64> {
    office.bkn.block_on(async {
        let mut store = sqlx::SqliteConnection::connect(&format!("sqlite://{}", office.path(store).display())).await.unwrap();
        let mut counts = Vec::new();
        for sql in ["SELECT COUNT(*) FROM batch", "SELECT COUNT(*) FROM evidence", "SELECT COUNT(*) FROM answer"] {
            let (count,): (i64,) = sqlx::query_as(sql).fetch_one(&mut store).await.unwrap();
            counts.push(count);
        }
        store.close().await.unwrap();
        counts
    })
}

#[test]
fn a_refused_file_names_its_place_and_changes_nothing() {
    let office = Office::open(30, 81);
    let desk = office.desk();
    desk.import_all();
    desk.reconcile(&[]).ended(3);
    let before = (census(&office, "selaras.db"), desk.lasting(&[]));

    let roster = std::fs::read_to_string(&office.files.roster).unwrap();
    let fifth: Vec<&str> = roster.lines().nth(4).unwrap().split(',').collect();
    let wrong = office.path("pegawai-salah.csv");
    std::fs::write(&wrong, roster.replacen(fifth[0], "3173010101900001", 1)).unwrap();
    let refused = |ran: Ran| {
        assert!(ran.json()["files"].as_array().unwrap().iter().all(|file| file["status"] == "refused"), "{ran:?}");
        ran.said(2)
    };
    let sentence = refused(desk.import("roster", &wrong));
    for word in ["pegawai-salah.csv", "baris 5", "kolom nip", "NIK"] {
        assert!(sentence.contains(word), "{word}: {sentence}");
    }
    assert!(!sentence.contains("3173010101900001"), "{sentence}");

    let listed = desk.import("roster", &wrong).json()["files"][0]["refused"][0].clone();
    assert_eq!((&listed["row"], &listed["column"], &listed["value"]), (&5.into(), &"nip".into(), &"3173*********001".into()), "{listed}");

    let book = office.path("adk-salah.xlsx");
    numbers_for_nips(&book);
    let sentence = refused(desk.import("payment", &book));
    for word in ["adk-salah.xlsx", "daftar bayar", "baris ", "kolom "] {
        assert!(sentence.contains(word), "{word}: {sentence}");
    }
    assert!(!sentence.contains("19850101201001190"), "{sentence}");

    let sentence = refused(desk.import("attendance", &office.path("tidak-ada.csv")));
    assert!(sentence.contains("tidak-ada.csv"), "{sentence}");
    refused(desk.import("attendance", &office.files.roster));
    let empty = office.path("kosong.csv");
    std::fs::write(&empty, roster.lines().next().unwrap()).unwrap();
    refused(desk.import("roster", &empty));

    assert_eq!(census(&office, "selaras.db"), before.0, "nothing was imported");
    for (one, other) in before.1.iter().zip(&desk.lasting(&[])) {
        same(one, other, "documents before and after refusals");
    }
    let partial =
        desk.run(&["import", "roster", wrong.to_str().unwrap(), "--period", "2026-11", "--accept-partial", "--as", "json"]).ended(0).json();
    let file = &partial["files"][0];
    assert_eq!((&file["rows"], &file["new"], file["refused"].as_array().unwrap().len()), (&30.into(), &29.into(), 1), "{file}");
    let dry = desk.run(&["import", "roster", office.files.roster.to_str().unwrap(), "--period", "2026-12", "--dry-run", "--as", "json"]);
    assert_eq!(dry.ended(0).json()["files"][0]["status"], "dry_run");
}

/// An ADK workbook whose NIPs are numbers.
fn numbers_for_nips(path: &std::path::Path) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("daftar bayar").unwrap();
    let heads = [
        "No",
        "Kode Satker",
        "Kode Anak",
        "Bulan",
        "Tahun",
        "Bulan Awal",
        "Tahun Awal",
        "Bulan Akhir",
        "Tahun Akhir",
        "NIP",
        "Nama Pegawai",
        "Nomor SK",
        "Grade",
        "Nilai Bruto",
        "Potongan",
        "Nilai Bersih",
        "Kode Bank Span",
        "Nama Bank Span",
        "Nomor Rekening",
        "Nama Rekening",
        "Keterangan",
    ];
    for (at, head) in heads.iter().enumerate() {
        sheet.write(0, at as u16, *head).unwrap();
    }
    for at in 0..heads.len() as u16 {
        sheet.write(1, at, 1).unwrap();
    }
    sheet.write(1, 9, 198_501_012_010_011_901_f64).unwrap();
    book.save(path).unwrap();
}

#[test]
fn what_is_missing_is_named() {
    let office = Office::open(30, 82);
    let desk = office.desk();
    for command in
        [&["sync"][..], &["reconcile"], &["export", "verdicts"], &["explain", "--nip", "198501012010011901"], &["sync", "--plan"]]
    {
        let ran = desk.run(&[command, &["--period", "2026-10"]].concat());
        assert_eq!(ran.out, "", "{command:?}");
        let sentence = ran.said(2);
        assert!(sentence.contains("selaras import roster") && sentence.contains("2026-10"), "{command:?}: {sentence}");
    }
    desk.import("roster", &office.files.roster).ended(0);
    for command in [&["reconcile"][..], &["sync"], &["export", "findings"]] {
        let sentence = desk.run(&[command, &["--period", "2027-03"]].concat()).said(2);
        assert!(sentence.contains("2027") && !sentence.contains("198"), "a year without holidays: {sentence}");
    }
    let sentence = desk.run(&["reconcile", "--period", "2019-03"]).said(2);
    assert!(sentence.contains("2019"), "{sentence}");
    let bare = desk.clone().with("EKINERJA__REPORT__TOKEN", "env:NOBODY_SET_THIS");
    let sentence = bare.run(&["sync", "--period", "2026-10"]).said(2);
    assert!(sentence.contains("ekinerja.report.token") && sentence.contains("NOBODY_SET_THIS"), "{sentence}");

    let text = std::fs::read_to_string(office.path("selaras.toml")).unwrap();
    std::fs::write(office.path("selaras.toml"), text.replace("burst = 50", "brust = 50")).unwrap();
    let line = text.lines().position(|line| line.starts_with("burst")).unwrap() + 1;
    let sentence = desk.run(&["reconcile", "--period", "2026-10"]).said(2);
    for word in [&format!("baris {line}"), "brust", "burst", "[ekinerja.pace]"] {
        assert!(sentence.contains(word), "{word}: {sentence}");
    }
}

#[test]
fn a_surface_without_secrets_is_not_asked() {
    let office = Office::open(30, 83);
    let text = std::fs::read_to_string(office.path("selaras.toml")).unwrap();
    let text: String =
        text.lines().filter(|line| !line.starts_with("token") && !line.starts_with("consumer")).map(|line| format!("{line}\n")).collect();
    std::fs::write(office.path("selaras.toml"), text).unwrap();
    let desk = office.desk();
    desk.import_all();
    let sentence = desk.run(&["sync", "--period", "2026-10"]).said(2);
    assert!(sentence.contains("ekinerja.report.token") && sentence.contains("ekinerja.siasn.consumer_key"), "{sentence}");
    let desk = desk.with("EKINERJA__REPORT__TOKEN", selaras::simulator::REPORT_TOKEN);
    let pulled = desk.sync(&[]).ended(0).json();
    assert_eq!((&pulled["surfaces"], &pulled["items"]["planned"]), (&serde_json::json!(["report"]), &2.into()));
    let sentence = desk.run(&["sync", "--period", "2026-10", "--surface", "siasn"]).said(2);
    assert!(sentence.contains("ekinerja.siasn.consumer_key"), "{sentence}");
}

#[test]
fn documents_go_where_they_are_sent() {
    let office = Office::open(30, 84);
    let desk = office.desk();
    desk.import_all();
    let planned = desk.run(&["sync", "--period", "2026-10", "--plan", "--as", "json"]).ended(0).json();
    assert_eq!(planned["items"], serde_json::json!({ "evaluation": 1, "identity": 30, "skp": 1 }));
    assert!(office.bkn.asked().is_empty(), "a plan asks nothing");
    assert_eq!(desk.pull()["items"]["planned"], 32);
    assert_eq!(desk.settle()["period"], "2026-10");
    let to_file = |desk: &Desk<'_>, what: &str, format: &str| {
        desk.run(&["export", what, "--period", "2026-10", "--as", format, "--output", "keluaran/", "--as-of", "2027-01-01T00:00:00Z"])
            .ended(0)
    };
    let (documents, lists) = ("json,csv,xlsx,text", "json,csv,xlsx,text,pdf");
    for (what, formats) in [
        ("verdicts", documents),
        ("findings", documents),
        ("completeness", documents),
        ("nominatif", lists),
        ("rekap", lists),
        ("calllist", lists),
    ] {
        let ran = to_file(&desk, what, formats);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
        for ending in formats.replace("text", "txt").split(',') {
            let file = office.path(&format!("keluaran/{what}.{ending}"));
            let first = std::fs::read(&file).unwrap();
            to_file(&desk, what, formats);
            assert!(!first.is_empty() && first == std::fs::read(&file).unwrap(), "{}: the same bytes again", file.display());
        }
        let on_stdout = desk.export(what, &["--as-of", "2027-01-01T00:00:00Z"]);
        same(&on_stdout, &std::fs::read_to_string(office.path(&format!("keluaran/{what}.json"))).unwrap(), what);
        same(
            &without(&on_stdout, &OF_THE_RUN),
            &without(&desk.clone().with("UI__LANGUAGE", "en").export(what, &["--as-of", "2027-01-01T00:00:00Z"]), &OF_THE_RUN),
            what,
        );
    }
}

/// Amounts and heads of the printed lists are those of the verdicts, and the account is the payment file's or the roster's.
#[test]
fn the_lists_pay_what_the_verdicts_say() {
    let office = Office::open(60, 86);
    let desk = office.desk();
    desk.import_all();
    desk.pull();
    desk.settle();
    let json = |what| serde_json::from_str::<serde_json::Value>(&desk.export(what, &[])).unwrap();
    let (verdicts, nominatif, rekap, calls) = (json("verdicts"), json("nominatif"), json("rekap"), json("calllist"));
    let layak = &verdicts["totals"];
    assert_eq!(nominatif["totals"]["heads"], layak["heads"]["layak"]);
    assert_eq!(nominatif["totals"]["net"], layak["rupiah"]["layak"]);
    assert_eq!(nominatif["totals"]["left_out"]["tertahan"]["rupiah"], layak["rupiah"]["tertahan"]);
    assert_eq!(rekap["totals"], nominatif["totals"]);
    assert_eq!(calls["totals"]["rupiah"], layak["at_risk"]);
    let rows = nominatif["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["account"].as_str().is_some_and(|account| account.len() > 5)));
    assert!(desk.run(&["export", "verdicts", "--period", "2026-10", "--as", "pdf"]).said(2).contains("pdf"));
}

#[test]
fn a_newer_store_is_left_untouched() {
    let office = Office::open(30, 85);
    let desk = office.desk();
    desk.import("roster", &office.files.roster).ended(0);
    office.bkn.block_on(async {
        let mut store = sqlx::SqliteConnection::connect(&format!("sqlite://{}", office.path("selaras.db").display())).await.unwrap();
        sqlx::query("INSERT INTO schema_version (version, name, applied_at) VALUES (999, '0999_from_the_future', 0)")
            .execute(&mut store)
            .await
            .unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut store).await.unwrap();
        store.close().await.unwrap();
    });
    let bytes = std::fs::read(office.path("selaras.db")).unwrap();
    let roster = office.files.roster.to_str().unwrap();
    for command in [
        &["sync", "--period", "2026-10"][..],
        &["import", "roster", roster, "--period", "2026-10"],
        &["reconcile", "--period", "2026-10"],
        &["export", "verdicts", "--period", "2026-10"],
        &["explain", "--period", "2026-10", "--nip", "198501012010011901"],
        &["db", "migrate"],
    ] {
        let ran = desk.run(command);
        assert_eq!(ran.out, "", "{command:?}");
        let sentence = ran.said(2);
        assert!(sentence.contains("999") && sentence.contains("selaras.db"), "{command:?}: {sentence}");
    }
    assert!(bytes == std::fs::read(office.path("selaras.db")).unwrap(), "not a byte was changed");
    assert!(!office.path("selaras.db-wal").exists());
}
