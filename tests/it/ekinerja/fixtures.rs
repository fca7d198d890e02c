//! Every BKN sample is read by at least one test here, and the list of samples cannot grow unnoticed.

use super::*;
use selaras::domain::Body;
use selaras::domain::evidence::Reason;
use selaras::domain::period::Span;
use selaras::ekinerja::Action;
use selaras::ekinerja::Change;
use selaras::ekinerja::Drift;
use std::collections::BTreeSet;

/// Answers about one person, with the path that gives them and the kind asked for.
const PERSONAL: &[(&str, &str, Kind)] = &[
    ("data-utama.ok.json", "data-utama", Kind::Identity),
    ("rw-kinerjaperiodik.ok.json", "rw-kinerjaperiodik", Kind::History),
    ("rw-kinerjaperiodik.duplicate-and-gap.json", "rw-kinerjaperiodik", Kind::History),
    ("rw-skp22.ok.json", "rw-skp22", Kind::SkpAnnual),
    ("rw-skp22.types-variant.json", "rw-skp22", Kind::SkpAnnual),
    ("rw-hukdis.ok.json", "rw-hukdis", Kind::DisciplineBkn),
    ("rw-cltn.ok.json", "rw-cltn", Kind::UnpaidLeave),
    ("rw-jabatan.ok.json", "rw-jabatan", Kind::Position),
    ("rw-pemberhentian.ok.json", "rw-pemberhentian", Kind::Termination),
    ("rw-pindahinstansi.ok.json", "rw-pindahinstansi", Kind::Transfer),
];

/// "No data", with the status under which it comes.
const EMPTY: &[(&str, u16)] = &[
    ("empty.404.code0.json", 404),
    ("empty.200.code0.json", 200),
    ("empty.200.code1-null.json", 200),
    ("empty.200.code1-string.json", 200),
    ("empty.record-not-found.json", 200),
    ("empty.record-not-found.json", 404),
    ("ekinerja.laporan-penilaian.data-not-array.json", 200),
    ("ekinerja.laporan-penilaian.empty.json", 200),
];

/// Failures: status, how the question ends, and how often it is asked with three attempts.
const FAILURES: &[(&str, u16, Reason, Action, u32)] = &[
    ("wso2.900901.json", 401, Reason::AuthGateway, Action::CallOperator("ekinerja.siasn.consumer_key"), 2),
    ("wso2.900901.error_message-variant.json", 401, Reason::AuthGateway, Action::CallOperator("ekinerja.siasn.consumer_key"), 2),
    ("wso2.900902.fault-wrapper.json", 401, Reason::AuthGateway, Action::CallOperator("ekinerja.siasn.consumer_key"), 1),
    ("error.jwt.401.json", 401, Reason::AuthSso, Action::CallOperator("ekinerja.siasn.sso_token"), 1),
    ("error.token-sso-mismatch.json", 200, Reason::AuthSso, Action::CallOperator("ekinerja.siasn.sso_token"), 1),
    ("error.sync.capitalised.json", 200, Reason::ServerError, Action::GiveUp, 1),
    ("error.save.validation.json", 200, Reason::ServerError, Action::GiveUp, 1),
    ("skp22-save.response.mapData-object.json", 200, Reason::ServerError, Action::GiveUp, 1),
    ("skp22-save.response.mapData-string.json", 200, Reason::ServerError, Action::GiveUp, 1),
    ("kinerjaperiodik-delete.response.json", 200, Reason::ServerError, Action::GiveUp, 1),
    // A request echoed back is no answer either.
    ("skp22-save.request.json", 200, Reason::Malformed, Action::Quarantine, 1),
    ("kinerjaperiodik-save.request.json", 200, Reason::Malformed, Action::Quarantine, 1),
    ("gateway.504.html", 504, Reason::ServerError, Action::Retry, 3),
    ("gateway.504.html", 200, Reason::Html, Action::Quarantine, 1),
    // Answers to questions that we do not ask have another shape than the ones that we do.
    ("nilaiipasn.ok.json", 200, Reason::Malformed, Action::Quarantine, 1),
];

/// Pauses: after one of these the surface is asked again.
const PAUSES: &[(&str, u16)] =
    &[("wso2.303001.suspended.json", 503), ("wso2.303001.suspended.xml", 500), ("wso2.900800.throttled.json", 429)];

/// Covered by a test of its own below, in `tokens.rs` or in the reader of files.
const ELSEWHERE: &[&str] = &[
    "data-utama.pppk.json",
    "ekinerja.laporan-penilaian.double-skp-mutasi.json",
    "ekinerja.laporan-penilaian.ok.json",
    "ekinerja.laporan-skp.ok.json",
    "ekinerja.referensi-periode.ok.json",
    "ref-unor.ok.json",
    "rw-skp.ok.json",
    "token.sso.json",
    "token.wso2.json",
    "export.laporan-penilaian-skp.csv",
    "export.rekap-penilaian-unit.csv",
];

#[test]
fn every_sample_is_covered() {
    let listed = PERSONAL.iter().map(|(name, ..)| *name);
    let listed = listed.chain(EMPTY.iter().map(|(name, _)| *name)).chain(FAILURES.iter().map(|(name, ..)| *name));
    let listed: BTreeSet<String> =
        listed.chain(PAUSES.iter().map(|(name, _)| *name)).chain(ELSEWHERE.iter().copied()).map(str::to_owned).collect();
    let present: BTreeSet<String> =
        std::fs::read_dir(fixture_path("")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(listed, present);
}

#[tokio::test]
async fn personal_answers_become_one_statement() {
    for (name, what, kind) in PERSONAL {
        let answer = ask_siasn(*kind, what, json(200, fixture(name))).await;
        let statement = only(&answer);
        assert_eq!((statement.nip, statement.kind, statement.span), (nip(BUDI), *kind, Span::Standing), "{name}");
        assert_eq!((answer.requests, answer.source.as_str()), (1, format!("siasn:{what}").as_str()), "{name}");
        let raw = answer.raw.as_ref().unwrap();
        assert_eq!(raw.bytes, fixture(name).into_bytes(), "{name}");
        assert_eq!((raw.status, raw.content_type.as_deref(), raw.sha256.len()), (200, Some("application/json"), 64), "{name}");
        if !name.contains("variant") {
            assert_eq!(answer.drift, [], "{name}");
        }
    }
}

async fn body(name: &str, what: &str, kind: Kind) -> Body {
    only(&ask_siasn(kind, what, json(200, fixture(name))).await).body.clone().unwrap()
}

fn day(text: &str) -> Option<chrono::NaiveDate> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn identity_says_who_and_in_what_standing() {
    let Body::Identity(rows) = body("data-utama.ok.json", "data-utama", Kind::Identity).await else { panic!() };
    let identity = &rows[0];
    assert_eq!(identity.nama.as_deref(), Some("BUDI CONTOH UJI"));
    assert_eq!((identity.kedudukan_id.as_deref(), identity.kedudukan_nama.as_deref()), (Some("01"), Some("Aktif")));
    assert_eq!((identity.tmt_cpns, identity.tmt_pns, identity.tmt_spmt), (day("2010-01-01"), day("2011-01-01"), None));
    assert_eq!(identity.instansi_kerja.as_deref(), Some("Pemerintah Kab. Contoh"));
    let shown = serde_json::to_string(&rows).unwrap();
    assert!(!shown.contains("080000000000") && !shown.contains("JL. CONTOH"), "private fields are not kept: {shown}");
}

#[tokio::test]
async fn a_pppk_has_the_same_answer_and_a_part_time_one_another_path() {
    let server = siasn_server().await;
    for what in ["data-utama", "data-utama/paruhwaktu"] {
        let at = format!("/apisiasn/1.0/pns/{what}/{ANI}");
        Mock::given(method("GET")).and(path(at)).respond_with(json(200, fixture("data-utama.pppk.json"))).mount(&server).await;
    }
    let client = siasn(&server);
    for (part_time, source) in [(false, "siasn:data-utama"), (true, "siasn:data-utama/paruhwaktu")] {
        let answer = client.ask(&Question::Person { kind: Kind::Identity, nip: nip(ANI), part_time }, later()).await;
        let Some(Body::Identity(rows)) = &only(&answer).body else { panic!() };
        assert_eq!((rows[0].status_pegawai.as_deref(), rows[0].tmt_pns, rows[0].tmt_cpns), (Some("PPPK"), None, day("2023-03-01")));
        assert_eq!(answer.source, source);
    }
}

#[tokio::test]
async fn a_part_time_answer_may_be_a_subset() {
    let answer = {
        let server = siasn_server().await;
        let body = r#"{"code":1,"data":{"id":"X","nama":"ANI","kedudukanPnsId":1}}"#;
        serve(&server, "data-utama/paruhwaktu", json(200, body)).await;
        siasn(&server).ask(&Question::Person { kind: Kind::Identity, nip: nip(BUDI), part_time: true }, later()).await
    };
    let Some(Body::Identity(rows)) = &only(&answer).body else { panic!() };
    assert_eq!(rows[0].kedudukan_id.as_deref(), Some("01"));
    assert_eq!(answer.drift, []);
}

#[tokio::test]
async fn periodic_results_keep_duplicates_and_gaps() {
    let Body::History(rows) = body("rw-kinerjaperiodik.duplicate-and-gap.json", "rw-kinerjaperiodik", Kind::History).await else {
        panic!()
    };
    let months: Vec<_> = rows.iter().map(|row| (row.bulan_mulai, row.kuadran_nilai, row.penilai_nip.is_some())).collect();
    assert_eq!(months, [(Some(1), Some(2), true), (Some(1), Some(1), true), (Some(3), Some(2), false)]);
    let Body::History(rows) = body("rw-kinerjaperiodik.ok.json", "rw-kinerjaperiodik", Kind::History).await else { panic!() };
    let quarter = rows.iter().find(|row| row.periodik_id == Some(2)).unwrap();
    assert_eq!((quarter.bulan_mulai, quarter.bulan_selesai, quarter.tahun_selesai), (Some(4), Some(6), Some(2024)));
    assert_eq!((quarter.hasil_nilai, quarter.perilaku_nilai, quarter.kuadran_nilai), (Some(2), Some(3), Some(4)));
}

#[tokio::test]
async fn equal_numbers_in_other_types_are_drift_and_not_other_evidence() {
    let answer = ask_siasn(Kind::SkpAnnual, "rw-skp22", json(200, fixture("rw-skp22.types-variant.json"))).await;
    let Some(Body::SkpAnnual(rows)) = &only(&answer).body else { panic!() };
    for row in rows {
        let values = (row.tahun, row.hasil_nilai, row.perilaku_nilai, row.kuadran_nilai);
        assert_eq!(values, (Some(2024), Some(2), Some(2), Some(2)));
    }
    assert_eq!(rows[0].penilai_nip.as_deref(), Some("19700303 199503 2 903"));
    let changed: Vec<&str> = answer.drift.iter().filter(|drift| drift.change == Change::Type).map(|drift| drift.field.as_str()).collect();
    assert_eq!(changed, ["KuadranKinerjaNilai", "PerilakuKerjaNilai", "hasilKinerjaNilai", "tahun"]);
    assert!(answer.drift.iter().all(|drift| drift.change == Change::Type));
}

#[tokio::test]
async fn histories_say_what_the_rules_need() {
    let Body::DisciplineBkn(rows) = body("rw-hukdis.ok.json", "rw-hukdis", Kind::DisciplineBkn).await else { panic!() };
    assert_eq!((rows[0].mulai, rows[0].akhir, rows[0].masa_bulan), (day("2024-02-01"), day("2024-07-31"), Some(6)));
    assert_eq!((rows[0].jenis_hukuman.as_deref(), rows[0].tingkat.as_deref(), &rows[0].pembatalan_nomor), (Some("2"), Some("R"), &None));
    let Body::UnpaidLeave(rows) = body("rw-cltn.ok.json", "rw-cltn", Kind::UnpaidLeave).await else { panic!() };
    assert_eq!((rows[0].cltn_id, rows[0].awal, rows[0].akhir, rows[0].aktif), (Some(1), day("2024-01-01"), day("2024-12-31"), None));
    let Body::Position(rows) = body("rw-jabatan.ok.json", "rw-jabatan", Kind::Position).await else { panic!() };
    assert_eq!((rows[0].isi.as_deref(), rows[0].tmt), (Some("Pranata Komputer Ahli Muda"), day("2021-03-01")));
    let Body::Termination(rows) = body("rw-pemberhentian.ok.json", "rw-pemberhentian", Kind::Termination).await else { panic!() };
    assert_eq!((rows[0].isi.as_deref(), rows[0].tmt), (Some("1"), day("2024-06-01")));
    let Body::Transfer(rows) = body("rw-pindahinstansi.ok.json", "rw-pindahinstansi", Kind::Transfer).await else { panic!() };
    assert_eq!((rows[0].sk_nomor.as_deref(), rows[0].tmt), (Some("CONTOH/PI/001"), day("2022-06-01")));
}

#[tokio::test]
async fn no_data_is_declared_absence_in_every_encoding() {
    for (name, status) in EMPTY {
        for (what, kind) in [("rw-tubel", Kind::StudyLeave), ("rw-hukdis", Kind::DisciplineBkn), ("data-utama", Kind::Identity)] {
            let answer = ask_siasn(kind, what, json(*status, fixture(name))).await;
            assert_eq!((&answer.outcome, answer.requests), (&Outcome::DeclaredAbsent, 1), "{name} {status} {what}");
        }
        for question in [evaluation(), skp()] {
            let answer = ask_report(question, json(*status, fixture(name))).await;
            assert_eq!(statements(&answer), [], "{name} {status}: empty for everybody");
        }
        let one = Question::Evaluation { cycle: "2025-01".parse().unwrap(), nip: Some(nip(BUDI)) };
        assert_eq!(ask_report(one, json(*status, fixture(name))).await.outcome, Outcome::DeclaredAbsent, "{name} {status}");
    }
}

#[tokio::test]
async fn failures_say_what_helps() {
    for (name, status, reason, action, requests) in FAILURES {
        let answer = ask_siasn(Kind::History, "rw-kinerjaperiodik", json(*status, fixture(name))).await;
        let fault = fault(&answer);
        assert_eq!((fault.reason, fault.action, answer.requests), (*reason, *action, *requests), "{name} {status}: {fault}");
        assert!(answer.raw.is_some(), "{name}: the body is kept");
        assert_no_secret(&format!("{fault} {fault:?} {answer:?}"));
    }
}

#[tokio::test]
async fn after_a_pause_the_surface_is_asked_again() {
    for (name, status) in PAUSES {
        let server = siasn_server().await;
        let at = format!("/apisiasn/1.0/pns/rw-hukdis/{BUDI}");
        let response = json(*status, fixture(name));
        Mock::given(path(at.clone())).respond_with(response).up_to_n_times(5).with_priority(1).mount(&server).await;
        Mock::given(path(at)).respond_with(json(200, fixture("rw-hukdis.ok.json"))).with_priority(2).mount(&server).await;
        let answer = siasn(&server).ask(&person(Kind::DisciplineBkn), later()).await;
        assert_eq!(only(&answer).kind, Kind::DisciplineBkn, "{name}");
        assert_eq!(answer.requests, 6, "{name}: five pauses spend none of three attempts");
    }
}

#[tokio::test]
async fn bulk_rows_become_one_statement_for_each_nip() {
    let answer = ask_report(evaluation(), json(200, fixture("ekinerja.laporan-penilaian.ok.json"))).await;
    let statements = statements(&answer);
    assert_eq!(statements.iter().map(|statement| statement.nip).collect::<Vec<_>>(), [nip(BUDI), nip(ANI)]);
    assert!(statements.iter().all(|statement| statement.span == Span::Month("2025-01".parse().unwrap())));
    let Some(Body::Evaluation(rows)) = &statements[0].body else { panic!() };
    assert_eq!((rows[0].hasil_akhir.as_str(), rows[0].plt, rows[0].atasan_nip.as_deref()), ("Baik", false, Some("197003031995032903")));
    assert_eq!(rows[0].waktu_dinilai.unwrap().to_string(), "2025-02-05 09:15:00");
    assert_eq!((rows[0].periode_awal_skp, rows[0].periode_akhir_skp), (day("2025-01-01"), day("2025-12-31")));
    assert_eq!(statements[1].locator.show(0), "data[1]");
    let Some(Body::Evaluation(rows)) = &statements[1].body else { panic!() };
    assert_eq!((rows[0].hasil_akhir.as_str(), &rows[0].atasan_nip, rows[0].waktu_dinilai), ("-", &None, None));
    assert_eq!((answer.requests, answer.source.as_str(), &answer.drift[..]), (2, "report:laporan/penilaian/2025/P01", &[][..]));
}

#[tokio::test]
async fn a_mutasi_keeps_all_its_rows() {
    let answer = ask_report(evaluation(), json(200, fixture("ekinerja.laporan-penilaian.double-skp-mutasi.json"))).await;
    let statement = only(&answer);
    let Some(Body::Evaluation(rows)) = &statement.body else { panic!() };
    let seen: BTreeSet<_> = rows.iter().map(|row| (row.periode_akhir_skp, row.plt, row.hasil_kerja.as_str())).collect();
    let expected = [
        (day("2025-06-30"), false, "Sesuai Ekspektasi"),
        (day("2025-12-31"), false, "Diatas Ekspektasi"),
        (day("2025-12-31"), true, "Sesuai Ekspektasi"),
    ];
    assert_eq!(seen, BTreeSet::from(expected));
    assert_eq!(statement.locator.index.iter().collect::<BTreeSet<_>>(), BTreeSet::from([0, 1, 2]));
}

#[tokio::test]
async fn the_skp_list_names_those_without_one() {
    let answer = ask_report(skp(), json(200, fixture("ekinerja.laporan-skp.ok.json"))).await;
    let statements = statements(&answer);
    let Some(Body::Skp(rows)) = &statements[0].body else { panic!() };
    assert_eq!((rows[0].is_skp, rows[0].status.as_deref(), rows[0].periode_akhir), (true, Some("Persetujuan"), day("2025-12-31")));
    let Some(Body::Skp(rows)) = &statements[1].body else { panic!() };
    assert_eq!((statements[1].nip, rows[0].is_skp, &rows[0].skp_id), (nip(ANI), false, &None));
    assert_eq!((statements[0].span, answer.drift.len(), answer.source.as_str()), (Span::Year(2025), 0, "report:laporan/skp/2025"));
}

#[tokio::test]
async fn the_period_list_gives_the_id_of_the_month() {
    let server = MockServer::start().await;
    Mock::given(path("/api_kinerja/referensi/periode"))
        .respond_with(json(200, fixture("ekinerja.referensi-periode.ok.json")))
        .mount(&server)
        .await;
    let at = "/api_kinerja/laporan/penilaian/2025/P0000001-contoh";
    Mock::given(path(at)).respond_with(json(200, fixture("ekinerja.laporan-penilaian.ok.json"))).mount(&server).await;
    let client = report(&server);
    assert_eq!(statements(&client.ask(&evaluation(), later()).await).len(), 2);
    let february = client.ask(&Question::Evaluation { cycle: "2025-02".parse().unwrap(), nip: None }, later()).await;
    assert!(fault(&february).detail.contains("no monthly period for 2025-02"), "{:?}", february.outcome);
    let next_january = client.ask(&Question::Evaluation { cycle: "2026-01".parse().unwrap(), nip: None }, later()).await;
    assert!(fault(&next_january).detail.contains("2026-01"), "the id of another year is not used");
}

/// Lists that we never ask for are no answers to what we do ask: their rows lack every key that we know.
#[tokio::test]
async fn answers_of_other_endpoints_are_noticed() {
    let answer = ask_report(skp(), json(200, fixture("ref-unor.ok.json"))).await;
    assert_eq!((fault(&answer).reason, answer.requests), (Reason::Schema, 1));
    let answer = ask_siasn(Kind::SkpAnnual, "rw-skp22", json(200, fixture("rw-skp.ok.json"))).await;
    let added = Drift { kind: Kind::SkpAnnual, field: "nilaiSkp".to_owned(), change: Change::Added };
    let missing = Drift { kind: Kind::SkpAnnual, field: "KuadranKinerjaNilai".to_owned(), change: Change::Missing };
    assert!(answer.drift.contains(&added) && answer.drift.contains(&missing), "{:?}", answer.drift);
}
