//! Bulk answers: one bad row is set aside alone, a wrong whole is never taken for an empty one.

use super::*;
use selaras::domain::Body;
use selaras::domain::evidence::Reason;
use selaras::ekinerja::Change;
use wiremock::matchers::header;
use wiremock::matchers::query_param;
use wiremock::matchers::query_param_is_missing;

fn rows(rows: &[&str]) -> ResponseTemplate {
    json(200, format!(r#"{{"data":[{}]}}"#, rows.join(",")))
}

fn quarantined(answer: &Answer) -> Vec<(u32, Option<Nip>, Reason)> {
    match &answer.outcome {
        Outcome::Rows { quarantined, .. } => quarantined.iter().map(|row| (row.position, row.nip, row.reason)).collect(),
        other => panic!("no rows: {other:?}"),
    }
}

#[tokio::test]
async fn the_token_goes_out_as_bearer_with_our_name() {
    let server = report_server().await;
    Mock::given(path("/api_kinerja/laporan/skp/2025"))
        .and(header("authorization", format!("Bearer {}", SECRETS[0])))
        .and(header("accept", "application/json"))
        .and(header("user-agent", concat!("selaras/", env!("CARGO_PKG_VERSION"))))
        .respond_with(json(200, r#"{"data":[]}"#))
        .mount(&server)
        .await;
    assert_eq!(statements(&report(&server).ask(&skp(), later()).await), []);
}

#[tokio::test]
async fn a_bad_row_is_set_aside_alone() {
    let good = format!(r#"{{"nip":"{BUDI}","hasil_akhir":"Baik"}}"#);
    let answer = ask_report(
        evaluation(),
        rows(&[
            &good,
            r#"{"nip":"123","hasil_akhir":"Baik"}"#,
            r#"{"nip":null,"hasil_akhir":"Baik"}"#,
            r#"{"nip":1.98501012010011901e17,"hasil_akhir":"Baik"}"#,
            "7",
            r#"["nip"]"#,
            &format!(r#"{{"nip":"{ANI}","hasil_akhir":"Baik","periode_akhir_skp":"31 Desember"}}"#),
            &format!(r#"{{"nip":"{ANI}"}}"#),
        ]),
    )
    .await;
    assert_eq!(only(&answer).nip, nip(BUDI));
    let ani = Some(nip(ANI));
    let expected = [(1, None), (2, None), (3, None), (4, None), (5, None), (6, ani)].map(|(at, nip)| (at, nip, Reason::Malformed));
    assert_eq!(quarantined(&answer)[..6], expected);
    assert_eq!(quarantined(&answer)[6], (7, ani, Reason::Schema), "a person whose row is set aside is named: unknown, not absent");
    assert_no_secret(&format!("{answer:?}"));
}

#[tokio::test]
async fn numbers_and_truths_are_equal_in_every_spelling() {
    let mut bodies = Vec::new();
    for (plt, nip) in [
        ("0", format!("\"{BUDI}\"")),
        ("false", BUDI.to_owned()),
        ("\"0\"", format!("\"'{BUDI}\"")),
        ("\"false\"", format!("\" {BUDI} \"")),
    ] {
        let row = format!(r#"{{"NIP":{nip},"Hasil_Akhir":"Baik","is_skp_plt_plh_pjb":{plt},"skp_id":"7"}}"#);
        bodies.push(only(&ask_report(evaluation(), rows(&[&row])).await).body.clone());
    }
    let written =
        ask_report(evaluation(), rows(&[&format!(r#"{{"nip":"{BUDI}","hasil_akhir":"Baik","is_skp_plt_plh_pjb":0.0,"skp_id":7.0}}"#)]))
            .await;
    bodies.push(only(&written).body.clone());
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
}

#[tokio::test]
async fn data_that_is_no_list_is_malformed_and_never_empty() {
    for data in ["\"Gagal mengambil data\"", "\"\"", "7", "true", "{}", r#"{"nip":"1"}"#, "\"tidak ada data untuk periode ini\""] {
        let answer = ask_report(evaluation(), json(200, format!(r#"{{"data":{data}}}"#))).await;
        assert_eq!(fault(&answer).reason, Reason::Malformed, "{data}");
        assert!(fault(&answer).is_quarantine() && answer.raw.is_some(), "{data}");
    }
}

#[tokio::test]
async fn a_404_is_empty_only_when_its_body_says_so() {
    for body in [r#"{"message":"Not Found"}"#, "", "{}"] {
        let answer = ask_report(evaluation(), json(404, body)).await;
        assert_eq!(fault(&answer).reason, Reason::ServerError, "{body:?}");
    }
}

#[tokio::test]
async fn a_needed_key_missing_from_every_row_is_a_changed_schema() {
    for (question, row) in [
        (evaluation(), format!(r#"{{"nip":"{BUDI}","predikat":"Baik"}}"#)),
        (evaluation(), r#"{"nip_baru":"1","hasil_akhir":"Baik"}"#.to_owned()),
        (skp(), format!(r#"{{"nip":"{BUDI}","nama":"X"}}"#)),
    ] {
        let answer = ask_report(question, rows(&[&row, &row])).await;
        assert_eq!((fault(&answer).reason, fault(&answer).action), (Reason::Schema, selaras::ekinerja::Action::Quarantine), "{row}");
    }
}

#[tokio::test]
async fn either_key_tells_who_has_an_skp() {
    for (row, has) in [
        (r#""is_skp":true"#, true),
        (r#""skp_id":"7""#, true),
        (r#""is_skp":"1","skp_id":"7""#, true),
        (r#""is_skp":null,"skp_id":"7""#, true),
        (r#""is_skp":0,"skp_id":"7""#, false),
        (r#""is_skp":1,"skp_id":null"#, false),
        (r#""skp_id":"""#, false),
        (r#""is_skp":"false""#, false),
    ] {
        let answer = ask_report(skp(), rows(&[&format!(r#"{{"nip":"{BUDI}",{row}}}"#)])).await;
        let Some(Body::Skp(rows)) = &only(&answer).body else { panic!() };
        assert_eq!(rows[0].is_skp, has, "{row}");
    }
}

#[tokio::test]
async fn drift_is_reported_and_fails_nothing() {
    let row = format!(r#"{{"nip":"{BUDI}","hasil_akhir":"Baik","is_skp_plt_plh_pjb":"0","kolom_baru":{{"a":[1]}},"{BUDI}":1}}"#);
    let answer = ask_report(evaluation(), rows(&[&row])).await;
    assert_eq!(statements(&answer).len(), 1);
    let with =
        |change| answer.drift.iter().filter(move |drift| drift.change == change).map(|drift| drift.field.as_str()).collect::<Vec<_>>();
    assert_eq!(with(Change::Added), ["1985***********901", "kolom_baru"], "a NIP used as a key is masked");
    assert_eq!(with(Change::Type), ["is_skp_plt_plh_pjb"]);
    assert!(with(Change::Missing).contains(&"waktu_dinilai"));
    assert!(!with(Change::Missing).contains(&"created_at"), "a key that only some answers have is not missed");
}

#[tokio::test]
async fn one_person_can_be_asked_about() {
    let server = report_server().await;
    let about = |who: &str| format!(r#"{{"nip":"{who}","hasil_akhir":"Baik"}}"#);
    let at = "/api_kinerja/laporan/penilaian/2025/P01";
    Mock::given(path(at)).and(query_param("nip", BUDI)).respond_with(rows(&[&about(BUDI)])).mount(&server).await;
    Mock::given(path(at)).and(query_param("nip", ANI)).respond_with(rows(&[&about(BUDI)])).mount(&server).await;
    let both = [format!(r#"{{"nip":"{BUDI}","is_skp":1}}"#), format!(r#"{{"nip":"{ANI}","is_skp":1}}"#)];
    Mock::given(path("/api_kinerja/laporan/skp/2025"))
        .and(query_param_is_missing("nip"))
        .respond_with(rows(&[&both[0], &both[1]]))
        .mount(&server)
        .await;
    let client = report(&server);
    let ask = |who| Question::Evaluation { cycle: "2025-01".parse().unwrap(), nip: Some(nip(who)) };
    assert_eq!(only(&client.ask(&ask(BUDI), later()).await).nip, nip(BUDI));
    let other = client.ask(&ask(ANI), later()).await;
    assert_eq!(fault(&other).reason, Reason::OtherNip);
    let answer = client.ask(&Question::Skp { year: 2025, nip: Some(nip(ANI)) }, later()).await;
    assert_eq!(only(&answer).nip, nip(ANI));
    let stranger = client.ask(&Question::Skp { year: 2025, nip: Some(nip("198703032011012903")) }, later()).await;
    assert_eq!(stranger.outcome, Outcome::DeclaredAbsent, "the list speaks for everybody");
}

#[tokio::test]
async fn a_refused_token_stops_the_surface() {
    for status in [401, 403] {
        let answer = ask_report(evaluation(), json(status, r#"{"message":"Unauthenticated."}"#)).await;
        let fault = fault(&answer);
        assert_eq!((fault.reason, fault.stops_surface(), answer.requests), (Reason::AuthReport, Some("ekinerja.report.token"), 2));
        assert!(fault.to_string().contains("ekinerja.report.token"));
    }
}

#[tokio::test]
async fn the_period_list_is_read_once() {
    let server = report_server().await;
    for month in 1..=12 {
        let at = format!("/api_kinerja/laporan/penilaian/2026/P{month:02}");
        Mock::given(path(at)).respond_with(json(200, r#"{"data":[]}"#)).mount(&server).await;
    }
    let client = report(&server);
    for month in 1..=12 {
        let answer = client.ask(&Question::Evaluation { cycle: format!("2026-{month:02}").parse().unwrap(), nip: None }, later()).await;
        assert_eq!(statements(&answer), []);
    }
    assert_eq!(asked(&server, "/api_kinerja/referensi/periode").await, 1);
}

#[tokio::test]
async fn a_whole_agency_is_read_beside_the_workers() {
    let sample: serde_json::Value = serde_json::from_str(&fixture("ekinerja.laporan-penilaian.ok.json")).unwrap();
    let mut row = sample["data"][0].clone();
    let list: Vec<String> = (0..20_000)
        .map(|number| {
            row["nip"] = format!("1985010120100{:05}", number % 10_000).into();
            row.to_string()
        })
        .collect();
    let answer = ask_report(evaluation(), json(200, format!(r#"{{"data":[{}]}}"#, list.join(",")))).await;
    let rows: usize = statements(&answer).iter().map(|statement| statement.body.as_ref().unwrap().len()).sum();
    assert_eq!((statements(&answer).len(), rows), (10_000, 10_000), "equal rows collapse");
}
