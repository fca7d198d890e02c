//! Spans as a collector gets them from the real binary, and lines of the log with the ids of what they are about.

mod collector;

use crate::endtoend::office::Desk;
use crate::endtoend::office::Office;
use crate::endtoend::office::PERIOD;
use crate::endtoend::office::Ran;
use collector::Collector;
use collector::Mood;
use collector::Span;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// A token that must arrive in its header and nowhere else.
const TOKEN: &str = "Bearer rahasia-jejak";

/// What the log says when spans cannot leave.
const DOWN: &str = "the collector of traces takes no spans";

/// Leaving may take this long more with a collector that does not answer (2 s, and what a busy machine adds).
const LONGER: Duration = Duration::from_secs(6);

fn traced<'a>(desk: Desk<'a>, collector: &Collector) -> Desk<'a> {
    desk.with("LOG__OTLP", &collector.url()).with("LOG__OTLP_HEADERS__AUTHORIZATION", TOKEN)
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// Nothing as long as a NIP or a NIK stands in what left.
fn nobody_is_in(text: &str) {
    let runs = text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let long: Vec<_> = runs.filter(|run| run[0].is_ascii_digit() && (16..=18).contains(&run.len())).collect();
    assert!(long.is_empty(), "{:?}", String::from_utf8_lossy(long[0]));
    assert!(!text.contains("rahasia") && !text.contains("Bearer"), "a secret left");
}

#[test]
fn a_pull_is_a_trace_of_its_items_and_their_requests() {
    let office = Office::open(30, 5);
    let collector = Collector::open(&office, Mood::Takes);
    office.desk().import_all();
    let pulled = traced(office.desk(), &collector).pull();
    let spans = collector.spans();
    let [pull] = named(&spans, "pull")[..] else { panic!("{spans:#?}") };
    assert_eq!((&pull.held["run"], &pull.held["period"], &pull.held["surfaces"]), (&pulled["run"], &PERIOD.into(), &"report,siasn".into()));
    assert_eq!((&pull.held["requests"], &pull.parent), (&pulled["requests"], &None));
    let ids: BTreeSet<&str> = spans.iter().map(|span| span.id.as_str()).collect();
    assert_eq!(ids.len(), spans.len(), "no id comes twice");

    let items = named(&spans, "item");
    assert_eq!(items.len() as u64, pulled["items"]["planned"].as_u64().unwrap());
    let numbers: BTreeSet<i64> = items.iter().map(|item| item.held["item"].as_i64().unwrap()).collect();
    assert_eq!(numbers.len(), items.len());
    for item in &items {
        assert_eq!((&item.trace, item.parent.as_ref(), &item.held["attempt"]), (&pull.trace, Some(&pull.id), &1.into()), "{item:?}");
        assert!(pull.start <= item.start && item.start <= item.end && item.end <= pull.end, "{item:?}");
    }
    let kinds: BTreeMap<(&str, &str), usize> = items.iter().fold(BTreeMap::new(), |mut kinds, item| {
        *kinds.entry((item.held["surface"].as_str().unwrap(), item.held["kind"].as_str().unwrap())).or_default() += 1;
        kinds
    });
    assert_eq!(kinds, [(("report", "evaluation"), 1), (("report", "skp"), 1), (("siasn", "identity"), 30)].into());
    assert_eq!(items.iter().filter(|item| item.failed.is_some()).count() as u64, office.gaps, "what could not be known says why");

    let requests = named(&spans, "request");
    let of_items: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    for request in &requests {
        assert!(request.trace == pull.trace && of_items.contains(request.parent.as_deref().unwrap()) && request.kind == 3, "{request:?}");
        assert!(request.held["bytes"].as_i64().unwrap() > 0 && request.held["status"].is_i64(), "{request:?}");
    }
    let asked = requests.iter().filter(|request| !request.held["path"].as_str().unwrap().contains("token_url"));
    assert_eq!(asked.count() as u64, pulled["requests"].as_u64().unwrap());
    let paths: BTreeSet<&str> = requests.iter().map(|request| request.held["path"].as_str().unwrap()).collect();
    let lists = ["api_kinerja/laporan/penilaian/{year}/{period}", "api_kinerja/laporan/skp/{year}", "api_kinerja/referensi/periode"];
    let known: BTreeSet<&str> = lists.into_iter().chain(["pns/data-utama/{nip}", "pns/data-utama/paruhwaktu/{nip}"]).collect();
    let tokens: BTreeSet<&str> = ["{wso2_token_url}", "{sso_token_url}"].into();
    assert!(paths.is_superset(&tokens) && paths.difference(&tokens).all(|path| known.contains(path)), "{paths:?}");

    nobody_is_in(&collector.text());
    for (headers, _) in collector.posts() {
        assert_eq!(["authorization", "content-type"].map(|name| headers[name].to_str().unwrap()), [TOKEN, "application/json"]);
    }
}

#[test]
fn imports_and_reconciliations_are_traces_and_name_nobody() {
    let office = Office::open(40, 8);
    let collector = Collector::open(&office, Mood::Takes);
    let desk = traced(office.desk(), &collector);
    let mut batches = BTreeSet::new();
    for (kind, path) in desk.files() {
        let imported = desk.import(kind, path).ended(0).json();
        batches.extend(imported["files"].as_array().unwrap().iter().map(|one| one["batch"].as_str().unwrap().to_owned()));
    }
    desk.pull();
    desk.settle();
    let spans = collector.spans();
    let imports = named(&spans, "import");
    assert_eq!(imports.len(), desk.files().len());
    let told = named(&spans, "batch");
    assert_eq!(told.iter().map(|batch| batch.held["batch"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>(), batches);
    for batch in &told {
        assert!(imports.iter().any(|import| Some(&import.id) == batch.parent.as_ref() && import.trace == batch.trace), "{batch:?}");
        assert!(batch.held["kind"].is_string() && batch.held["rows"].is_i64(), "{batch:?}");
    }
    let [reconciled] = named(&spans, "reconcile")[..] else { panic!("{spans:#?}") };
    let text = collector.text();
    nobody_is_in(&text);
    let verdicts: Value = serde_json::from_str(&desk.export("verdicts", &[])).unwrap();
    assert_eq!((&reconciled.held["period"], &reconciled.held["mode"]), (&PERIOD.into(), &verdicts["mode"]));
    let rows = verdicts["rows"].as_array().unwrap();
    assert_eq!(reconciled.held["heads"], rows.len());
    for row in rows {
        let known = [&row["nip"], &row["name"]].into_iter().filter_map(Value::as_str);
        known.for_each(|word| assert!(!text.contains(word), "{word}"));
    }
}

/// Whatever the collector does, the pull says, stores and returns what it does without one.
#[test]
fn a_collector_in_trouble_costs_spans_and_nothing_else() {
    let office = Office::open(30, 6);
    let planned = |ran: Ran| {
        let pulled = ran.ended(if office.gaps == 0 { 0 } else { 3 }).json();
        (pulled["items"].clone(), pulled["batches"].as_array().unwrap().iter().map(|batch| batch["sha256"].clone()).collect::<Vec<_>>())
    };
    let calm = office.desk_at("sqlite://calm.db");
    calm.import_all();
    let began = Instant::now();
    let expected = planned(calm.sync(&[]));
    let usual = began.elapsed();
    let collector = Collector::open(&office, Mood::Takes);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (name, mood) in [
        ("down", None),
        ("hangs", Some(Mood::Hangs)),
        ("503", Some(Mood::Says(503))),
        ("400", Some(Mood::Says(400))),
        ("302", Some(Mood::Says(302))),
    ] {
        let desk = traced(office.desk_at(&format!("sqlite://{name}.db")), &collector);
        // Files come in with a collector that is well.
        collector.becomes(Mood::Takes);
        desk.import_all();
        let desk = match mood {
            Some(mood) => {
                collector.becomes(mood);
                desk
            }
            None => desk.with("LOG__OTLP", &format!("http://{nobody}")),
        };
        let (began, before) = (Instant::now(), collector.turned_away());
        let ran = desk.sync(&[]);
        let took = began.elapsed();
        let said = ran.err.lines().filter(|line| line.contains(DOWN)).count();
        // A collector that hangs is given up on leaving, before it can be said that it does.
        assert!(said == 1 || (name == "hangs" && said == 0), "{name}: {}", ran.err);
        assert_eq!(ran.err.lines().count(), said, "{name}: {}", ran.err);
        assert!(took < usual + LONGER, "{name}: {took:?}, without {usual:?}");
        assert_eq!(planned(ran), expected, "{name}");
        assert!(mood.is_none() || collector.turned_away() > before, "{name}");
    }
}

/// A collector that answers 200 and rejects some is told of once, in our own words; what it rejects is lost.
#[test]
fn what_a_collector_rejects_in_an_answer_of_200_is_lost_and_said_once() {
    let office = Office::open(20, 9);
    let collector = Collector::open(&office, Mood::Rejects(1));
    let desk = traced(office.desk(), &collector).with("WEB__LISTEN", "127.0.0.1:0").with("SCHEDULE__INBOX", "* * * * * *");
    let mut serve = desk.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (tell, lines) = std::sync::mpsc::channel();
    let stderr = BufReader::new(serve.stderr.take().unwrap());
    std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
    let mut said: Vec<String> = Vec::new();
    let mut address = None;
    while address.is_none() || collector.turned_away() < 3 {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => said.push(line),
            Err(_) => assert!(said.len() < 200 && serve.try_wait().unwrap().is_none(), "{said:#?}"),
        }
        let found = said.iter().find_map(|line| Some(line.split_once("/masuk?kunci=")?.0.split("http://").nth(1)?.to_owned()));
        address = found.or(address);
    }
    let metrics = get(&address.unwrap(), "/metrics");
    let count = |name: &str| -> u64 {
        metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok()).unwrap_or_else(|| panic!("{metrics}"))
    };
    assert!(count("selaras_trace_spans_lost_total") >= 2, "{metrics}");
    crate::support::terminate(&serve);
    assert_eq!(serve.wait().unwrap().code(), Some(0));
    said.extend(lines.iter());
    let told: Vec<&String> = said.iter().filter(|line| line.contains("collector of traces")).collect();
    assert!(told.len() == 1 && told[0].contains("WARN") && told[0].contains("rejects"), "{said:#?}");
    assert!(said.iter().all(|line| !line.contains("rahasia") || line.contains("/masuk?kunci=")), "{said:#?}");
}

/// A header that cannot be read is said, and nothing waits for it.
#[test]
fn a_secret_that_is_missing_stops_no_pull() {
    let office = Office::open(20, 6);
    let collector = Collector::open(&office, Mood::Takes);
    let desk = traced(office.desk(), &collector).with("LOG__OTLP_HEADERS__AUTHORIZATION", "env:SELARAS_TEST_NOT_SET");
    let (kind, path) = desk.files()[0];
    let ran = desk.import(kind, path).ended(0);
    assert!(ran.err.contains("no traces are sent") && ran.err.contains("log.otlp_headers.authorization"), "{}", ran.err);
    assert_eq!((collector.posts().len(), ran.err.lines().count()), (0, 1));
}

#[test]
fn lines_of_the_log_carry_run_and_item() {
    let office = Office::open(20, 7);
    office.desk().import_all();
    office.bkn.weather("html-504-for-ever@siasn");
    let desk = office.desk().with("EKINERJA__PACE__BREAKER_OPEN", "50ms").with("EKINERJA__PACE__GIVE_UP_AFTER", "12");
    let desk = desk.with("EKINERJA__PACE__ATTEMPTS", "2");

    // A warning has them at the level of every command that ends, too.
    for level in ["warn", "warn,selaras::sync=debug"] {
        let ran = desk.clone().with("LOG__FORMAT", "json").with("LOG__LEVEL", level).sync(&[]).ended(3);
        let run = ran.json()["run"].clone();
        let lines: Vec<Value> =
            ran.err.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(ran.err.lines().filter(|line| !line.starts_with('{')).all(|line| !line.contains("WARN")), "{}", ran.err);
        let opened = lines.iter().find(|line| line["message"].as_str().unwrap().contains("failed too often in a row"));
        let opened = opened.unwrap_or_else(|| panic!("{}", ran.err));
        assert_eq!((&opened["run"], &opened["level"], &opened["period"]), (&run, &"WARN".into(), &PERIOD.into()), "{opened}");
        assert!(opened["item"].is_i64() && opened["kind"] == "identity" && opened["surface"] == "siasn", "{opened}");
        assert!(
            opened["timestamp"].as_str().unwrap().ends_with('Z') && opened["span"].as_str().unwrap().starts_with("pull:item"),
            "{opened}"
        );
        let unusable: Vec<_> = lines.iter().filter(|line| line["message"] == "no usable answer").collect();
        assert_eq!(unusable.is_empty(), level == "warn", "{}", ran.err);
        assert!(
            unusable.iter().all(|line| line["run"] == run && line["error"] == "server_error" && line["requests"].is_u64()),
            "{unusable:?}"
        );
        nobody_is_in(&ran.err);
    }
    let ran = desk.sync(&[]).ended(3);
    let line = ran.err.lines().find(|line| line.contains("failed too often in a row")).unwrap_or_else(|| panic!("{}", ran.err));
    let run = ran.json()["run"].as_str().unwrap().to_owned();
    assert!(line.contains(&format!("run=\"{run}\"")) && line.contains("item{item="), "{line}");
}

/// The daemon: jobs and pages are traces; a collector that comes back gets what has waited, and is talked of twice.
#[test]
fn a_daemon_says_once_that_the_collector_is_gone_and_once_that_it_is_back() {
    let office = Office::open(20, 9);
    let collector = Collector::open(&office, Mood::Says(503));
    let desk = traced(office.desk(), &collector).with("WEB__LISTEN", "127.0.0.1:0").with("SCHEDULE__INBOX", "* * * * * *");
    let mut serve = desk.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (tell, lines) = std::sync::mpsc::channel();
    let stderr = BufReader::new(serve.stderr.take().unwrap());
    std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
    let mut said = Vec::new();
    let mut wait_for = |word: &str| loop {
        let line = lines.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| panic!("{word} is not said: {said:#?}"));
        said.push(line.clone());
        if line.contains(word) {
            return line;
        }
    };
    let link = wait_for("/masuk?kunci=");
    let address = link.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
    wait_for(DOWN);
    for path in
        ["/healthz", "/metrics", "/masuk?kunci=rahasia", "/pegawai/198501012010011901?cari=rahasia", "/tidak-ada/198501012010011901"]
    {
        get(&address, path);
    }
    collector.becomes(Mood::Takes);
    let back = wait_for("takes spans again");
    assert!(back.contains("INFO") && back.contains("lost=0"), "what waited was kept: {back}");
    let metrics = get(&address, "/metrics");
    let sent = metrics.lines().find_map(|line| line.strip_prefix("selaras_trace_spans_sent_total ")).unwrap_or_else(|| panic!("{metrics}"));
    assert!(sent.parse::<u64>().unwrap() > 0 && metrics.contains("selaras_trace_spans_lost_total 0\n"), "{metrics}");
    crate::support::terminate(&serve);
    assert_eq!(serve.wait().unwrap().code(), Some(0));
    let rest: Vec<String> = lines.iter().collect();
    assert_eq!(said.iter().chain(&rest).filter(|line| line.contains("collector of traces")).count(), 2, "{said:#?} {rest:#?}");

    let spans = collector.spans();
    let jobs = named(&spans, "job");
    assert!(!jobs.is_empty() && jobs.iter().all(|job| job.parent.is_none()), "{spans:#?}");
    assert!(jobs.iter().any(|job| job.held["job"] == "inbox" && job.held["slot"].is_string()), "{jobs:#?}");
    let pages: BTreeMap<&str, &Span> = named(&spans, "page").into_iter().map(|page| (page.held["route"].as_str().unwrap(), page)).collect();
    assert_eq!(pages.keys().copied().collect::<Vec<_>>(), ["/masuk", "/pegawai/{nip}", "unknown"]);
    for page in pages.values() {
        assert!(page.kind == 2 && page.held["method"] == "GET" && page.held["status"].is_i64() && page.held["ms"].is_i64(), "{page:?}");
    }
    nobody_is_in(&collector.text());
}

/// The body of a page that nobody has signed in for.
fn get(address: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
