//! The wire: redirects, cut and oversized bodies, compression, encodings, other people's answers.

use super::*;
use selaras::domain::evidence::Reason;
use std::io::Write;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = MockServer::start().await;
    Mock::given(method("GET")).respond_with(json(200, r#"{"data":[]}"#)).mount(&elsewhere).await;
    Mock::given(method("POST")).respond_with(json(200, fixture("token.wso2.json"))).mount(&elsewhere).await;
    for status in [301, 302, 307, 308] {
        let response = ResponseTemplate::new(status).insert_header("location", elsewhere.uri().as_str());
        let answer = ask_report(evaluation(), response.clone()).await;
        assert_eq!((fault(&answer).reason, answer.requests), (Reason::Redirect, 2), "{status}");
        let server = MockServer::start().await;
        Mock::given(path("/oauth2/token")).respond_with(response).mount(&server).await;
        let answer = siasn(&server).ask(&person(Kind::History), later()).await;
        assert_eq!(fault(&answer).reason, Reason::Redirect, "{status} at the token endpoint");
    }
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0, "no token reaches another host");
}

#[tokio::test]
async fn a_body_above_the_limit_is_not_read() {
    let server = siasn_server().await;
    let big = format!(r#"{{"code":1,"data":[],"x":"{}"}}"#, "x".repeat(5_000));
    serve(&server, "rw-hukdis", json(200, big.clone())).await;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(big.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 1_000, "small on the wire");
    serve(&server, "rw-cltn", json(200, "").set_body_raw(packed, "application/json").insert_header("content-encoding", "gzip")).await;
    let mut settings = siasn_settings(&server);
    settings.pace.max_body = 4_000;
    let client = Siasn::new(settings, clock().1).unwrap();
    for kind in [Kind::DisciplineBkn, Kind::UnpaidLeave] {
        let answer = client.ask(&person(kind), later()).await;
        assert_eq!((fault(&answer).reason, fault(&answer).is_quarantine(), answer.requests), (Reason::TooLarge, true, 1), "{kind}");
    }
}

#[tokio::test]
async fn compressed_answers_are_read_and_broken_ones_are_not() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(fixture("rw-hukdis.ok.json").as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let gzip =
        |bytes: Vec<u8>| ResponseTemplate::new(200).set_body_raw(bytes, "application/json").insert_header("content-encoding", "gzip");
    let answer = ask_siasn(Kind::DisciplineBkn, "rw-hukdis", gzip(packed.clone())).await;
    assert_eq!(only(&answer).kind, Kind::DisciplineBkn);
    assert_eq!(answer.raw.unwrap().bytes, fixture("rw-hukdis.ok.json").into_bytes());
    let cut = ask_siasn(Kind::DisciplineBkn, "rw-hukdis", gzip(packed[..packed.len() / 2].to_vec())).await;
    assert_eq!(fault(&cut).reason, Reason::Truncated);
    let broken = ask_siasn(Kind::DisciplineBkn, "rw-hukdis", gzip(b"{\"code\":1,\"data\":[]}".to_vec())).await;
    assert_eq!(fault(&broken).reason, Reason::Malformed);
}

/// A server that promises more than it sends, or hangs up at once.
async fn rude_server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0u8; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

/// A server that keeps its connections and counts them, and the requests that say that they read gzip.
async fn polite_server() -> (String, Arc<[std::sync::atomic::AtomicUsize; 3]>) {
    use std::sync::atomic::Ordering::SeqCst;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let counts: Arc<[std::sync::atomic::AtomicUsize; 3]> = Arc::default();
    let seen = counts.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let seen = seen.clone();
            seen[0].fetch_add(1, SeqCst);
            tokio::spawn(async move {
                let (mut heard, mut buffer) = (Vec::new(), [0u8; 4096]);
                while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                    heard.extend_from_slice(&buffer[..read]);
                    if heard.ends_with(b"\r\n\r\n") {
                        let head = String::from_utf8_lossy(&heard).to_lowercase();
                        seen[1].fetch_add(1, SeqCst);
                        seen[2].fetch_add(usize::from(head.contains("accept-encoding: gzip")), SeqCst);
                        heard.clear();
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{\"data\":[]}";
                        stream.write_all(answer).await.unwrap();
                    }
                }
            });
        }
    });
    (address, counts)
}

#[tokio::test]
async fn one_connection_serves_one_request_after_another() {
    let (address, counts) = polite_server().await;
    let settings = ReportSettings { base_url: address, token: Secret::new(SECRETS[0]), pace: quick() };
    let client = Report::new(settings, clock().1).unwrap();
    for _ in 0..20 {
        let answer = client.ask(&skp(), later()).await;
        assert!(statements(&answer).is_empty());
    }
    let counted = [0, 1, 2].map(|at| counts[at].load(std::sync::atomic::Ordering::SeqCst));
    assert_eq!(counted, [1, 20, 20], "connections, requests, requests that allow compression");
}

/// Nobody listens there, nobody answers there, and there is no such name: each ends in its own time, with a reason.
#[tokio::test]
async fn each_way_of_not_being_there_ends() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed_at = closed.local_addr().unwrap();
    drop(closed);
    for (address, reason) in [
        (format!("http://{closed_at}"), Reason::Connection),
        (format!("http://{}", silent.local_addr().unwrap()), Reason::Timeout),
        ("https://tidak-ada.invalid".to_owned(), Reason::Connection),
    ] {
        let pace = PaceSettings { attempts: 1, request_timeout: Duration::from_secs(2), ..quick() };
        let settings = ReportSettings { base_url: address.clone(), token: Secret::new(SECRETS[0]), pace };
        let start = std::time::Instant::now();
        let answer = Report::new(settings, clock().1).unwrap().ask(&skp(), later()).await;
        assert_eq!((fault(&answer).reason, answer.requests), (reason, 1), "{address}: {:?}", fault(&answer));
        assert!(start.elapsed() < Duration::from_secs(4), "{address}: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_lost_connection_is_told_from_a_cut_body() {
    for (sent, reason) in [
        (&b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"data\":[]"[..], Reason::Truncated),
        (&b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"dat\r\n"[..], Reason::Truncated),
        (&b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"data\":["[..], Reason::Truncated),
        (&b""[..], Reason::Connection),
        (&b"SSH-2.0-OpenSSH_9.6\r\n"[..], Reason::Connection),
    ] {
        let settings = ReportSettings { base_url: rude_server(sent).await, token: Secret::new(SECRETS[0]), pace: quick() };
        let answer = Report::new(settings, clock().1).unwrap().ask(&skp(), later()).await;
        assert_eq!((fault(&answer).reason, answer.requests), (reason, 3), "{}", String::from_utf8_lossy(sent));
    }
}

#[tokio::test]
async fn another_encoding_is_told_apart() {
    let latin = [&br#"{"code":1,"data":[{"id":"1","skNomor":"JOS"#[..], &[0xc9], br#""}]}"#].concat();
    let answer =
        ask_siasn(Kind::UnpaidLeave, "rw-cltn", ResponseTemplate::new(200).set_body_raw(latin, "application/json; charset=iso-8859-1"))
            .await;
    assert_eq!((fault(&answer).reason, answer.requests), (Reason::Encoding, 1));
}

#[tokio::test]
async fn an_answer_about_somebody_else_is_filed_under_nobody() {
    let other = |name: &str| fixture(name).replace(BUDI, ANI);
    for (name, what, kind) in [
        ("data-utama.ok.json", "data-utama", Kind::Identity),
        ("rw-jabatan.ok.json", "rw-jabatan", Kind::Position),
        ("rw-kinerjaperiodik.ok.json", "rw-kinerjaperiodik", Kind::History),
    ] {
        let answer = ask_siasn(kind, what, json(200, other(name))).await;
        let fault = fault(&answer);
        assert_eq!((fault.reason, fault.is_quarantine(), answer.requests), (Reason::OtherNip, true, 1), "{name}");
        assert!(answer.raw.is_some() && !format!("{answer:?}").contains(ANI), "{name}");
    }
}

#[tokio::test]
async fn a_personal_answer_is_whole_or_set_aside() {
    for (what, kind, data, reason) in [
        ("data-utama", Kind::Identity, format!(r#"{{"nipBaru":"{BUDI}"}}"#), Reason::Schema),
        ("data-utama", Kind::Identity, r#"{"kedudukanPnsId":"01"}"#.to_owned(), Reason::Schema),
        ("data-utama", Kind::Identity, r#"{"nipBaru":"","kedudukanPnsId":"01"}"#.to_owned(), Reason::Malformed),
        ("data-utama", Kind::Identity, format!(r#"[{{"nipBaru":"{BUDI}","kedudukanPnsId":"01"}}]"#), Reason::Malformed),
        ("data-utama", Kind::Identity, "\"rusak\"".to_owned(), Reason::Malformed),
        ("rw-hukdis", Kind::DisciplineBkn, r#"{"id":"1"}"#.to_owned(), Reason::Malformed),
        ("rw-hukdis", Kind::DisciplineBkn, r#"[{"id":"1"},7]"#.to_owned(), Reason::Malformed),
        ("rw-hukdis", Kind::DisciplineBkn, r#"[{"id":"1"},{"id":"2","hukumanTanggal":"besok"}]"#.to_owned(), Reason::Malformed),
    ] {
        let answer = ask_siasn(kind, what, json(200, format!(r#"{{"code":1,"data":{data}}}"#))).await;
        assert_eq!(fault(&answer).reason, reason, "{data}");
    }
}

#[tokio::test]
async fn nothing_is_ever_written() {
    let server = siasn_server().await;
    Mock::given(method("GET")).respond_with(json(200, fixture("skp22-save.response.mapData-object.json"))).mount(&server).await;
    let client = siasn(&server);
    for (_, kind) in Kind::ALL {
        client.ask(&person(kind), later()).await;
    }
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1 + 9, "one token, nine kinds");
    for request in requests {
        let token = request.url.path() == "/oauth2/token";
        assert_eq!(request.method.as_str(), if token { "POST" } else { "GET" });
    }
}

#[tokio::test]
async fn the_wrong_surface_is_not_asked() {
    let server = siasn_server().await;
    let answer = siasn(&server).ask(&evaluation(), later()).await;
    assert_eq!((answer.requests, matches!(answer.outcome, Outcome::Fault(_))), (0, true));
    let answer = report(&server).ask(&person(Kind::Identity), later()).await;
    assert_eq!((answer.requests, matches!(answer.outcome, Outcome::Fault(_))), (0, true));
}

#[tokio::test]
async fn connections_are_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            tokio::spawn(async move {
                let mut request = [0u8; 4096];
                while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"data\":[]}").await;
                }
            });
        }
    });
    let client = Report::new(ReportSettings { base_url, token: Secret::new(SECRETS[0]), pace: quick() }, clock().1).unwrap();
    for _ in 0..100 {
        assert_eq!(statements(&client.ask(&skp(), later()).await), []);
    }
    assert_eq!(connections.load(std::sync::atomic::Ordering::SeqCst), 1);
}
