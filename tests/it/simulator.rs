//! The simulator from outside: files, answers and truth. Its own arithmetic is tested beside it.

use calamine::Reader;
use selaras::domain::Code;
use selaras::domain::Nip;
use selaras::domain::text::name_key;
use selaras::simulator;
use selaras::simulator::Faults;
use selaras::simulator::Ministry;
use selaras::simulator::PaymentForm;
use selaras::simulator::Settings;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

fn grow(employees: usize, seed: u64) -> Ministry {
    Ministry::grow(&Settings { employees, seed, ..Settings::default() }).unwrap()
}

/// Every file below a folder with its bytes.
fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(dir).unwrap().display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn cells(path: &Path, sheet: &str) -> Vec<Vec<calamine::Data>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    book.worksheet_range(sheet).unwrap().rows().map(<[calamine::Data]>::to_vec).collect()
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let dirs = [(50, 4), (50, 4), (50, 5)].map(|(employees, seed)| {
        let dir = tempfile::tempdir().unwrap();
        grow(employees, seed).write(dir.path()).unwrap();
        dir
    });
    let [first, again, other] = dirs.each_ref().map(|dir| contents(dir.path()));
    assert_eq!(first.len(), 11);
    for (name, bytes) in &first {
        assert!(!bytes.is_empty(), "{name}");
        assert!(again[name] == *bytes, "{name} differs between two runs of one seed");
    }
    assert!(first.iter().filter(|(name, bytes)| other[*name] != **bytes).count() >= 8, "another seed is another ministry");
}

#[test]
fn a_hundred_people_are_enough_for_every_mistake() {
    let expected = [
        "ID03", "ID04", "ID06", "RO01", "RO02", "RO04", "SK01", "SK02", "SK04", "PR01", "PR02", "PR03", "PR04", "PR05", "PR06", "AB01",
        "AB02", "AB03", "AB04", "AB05", "AB08", "AB09", "AB11", "AB12", "LV01", "LV02", "CL01", "CL03", "ST01", "ST02", "DS01", "DS02",
        "AM01", "AM02", "AM03", "BK01", "BK02", "PE01", "SR02", "SR05", "CL04", "PR07", "PR08", "PR09", "PR10", "PR11", "PR12", "PR13",
        "RO03", "SK03", "SK05", "ST04", "ST05", "LV03", "LV04", "LV05", "CL02", "ST03", "DS03", "PE02", "BK03", "AB06", "AB07", "AM04",
    ];
    for seed in 0..20 {
        let truth = grow(100, seed).truth();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        truth.planted.iter().for_each(|planted| *counts.entry(planted.code.code()).or_default() += 1);
        let planted: BTreeSet<&str> = counts.keys().copied().collect();
        assert_eq!(planted, expected.into_iter().collect::<BTreeSet<&str>>(), "seed {seed}");
        assert_eq!((counts["AM01"], counts["BK02"], counts["SR02"]), (12, 2, 2), "seed {seed}");
        assert!((3..=4).contains(&counts["AB05"]), "one by itself, the others by a device that was down: seed {seed}");
        let twice = ["AM01", "BK02", "SR02", "SK02", "PR01", "PR12", "AB05"];
        assert!(counts.iter().all(|(code, count)| twice.contains(code) || *count == 1), "{counts:?}");
    }
    let truth = grow(4000, 1).truth();
    let count = |code: Code| truth.planted.iter().filter(|planted| planted.code == code).count();
    assert_eq!((count(Code::Sk03), count(Code::Bk02), count(Code::Ab08), count(Code::Pr06), count(Code::Pr05)), (12, 24, 12, 12, 1));
    assert_eq!(count(Code::Am01), 12 * 12);
}

#[test]
fn mistakes_are_planted_on_people_of_their_own() {
    let joined: [&[&str]; 15] = [
        &["AB04", "DS02"],
        &["AM01", "CL01"],
        &["AM01", "CL03"],
        &["AM01", "ST01"],
        &["AM01", "DS01"],
        &["AM01", "AM03"],
        &["AM01", "PR09"],
        &["AM01", "ST03"],
        &["AM01", "DS03"],
        &["AM01", "PE02"],
        &["AM01", "PR08", "PR12"],
        &["PR01", "PR11"],
        &["SK02", "SK05"],
        &["SR02", "SR05"],
        &["SK01", "SR04"],
    ];
    for (employees, seed) in [(20, 9), (50, 9), (333, 10), (1500, 9)] {
        let truth = Ministry::grow(&Settings::of_demo(employees, seed)).unwrap().truth();
        let mut by_person: BTreeMap<Nip, Vec<&str>> = BTreeMap::new();
        for planted in &truth.planted {
            if let Some(nip) = planted.nip {
                by_person.entry(nip).or_default().push(planted.code.code());
            }
        }
        for (nip, mut codes) in by_person {
            codes.sort_unstable();
            assert!(codes.len() == 1 || joined.contains(&codes.as_slice()), "{nip:?}: {codes:?}");
        }
    }
}

#[test]
fn after_the_kppn_day_who_is_held_is_late() {
    let ministry = grow(120, 4);
    let day = |text: &str| text.parse().unwrap();
    // two working days before November
    assert_eq!(ministry.truth_on(day("2026-10-29")), ministry.truth());
    let late = ministry.truth_on(day("2026-10-30"));
    let about =
        |code: Code| late.planted.iter().filter(|planted| planted.code == code).filter_map(|planted| planted.nip).collect::<BTreeSet<_>>();
    let of = about(Code::Pe03);
    assert_eq!(late.planted.len(), ministry.truth().planted.len() + of.len());
    for code in [Code::Sk02, Code::Pr01, Code::Sr02, Code::Ro01, Code::Bk02, Code::St05] {
        assert!(about(code).is_subset(&of), "{code}");
    }
    for code in [Code::Pr06, Code::St02, Code::Ro04, Code::Cl01, Code::Pr07] {
        assert!(about(code).is_disjoint(&of), "{code}");
    }
}

#[test]
fn truth_survives_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let ministry = grow(50, 2);
    let written = ministry.write(dir.path()).unwrap();
    let read: simulator::Truth = serde_json::from_slice(&std::fs::read(written.truth).unwrap()).unwrap();
    assert_eq!(read, ministry.truth());
}

#[test]
fn files_have_the_agreed_columns() {
    let dir = tempfile::tempdir().unwrap();
    let ministry = grow(120, 3);
    let written = ministry.write(dir.path()).unwrap();
    let head = |path: &Path, line: usize| std::fs::read_to_string(path).unwrap().lines().nth(line).unwrap().to_owned();
    assert!(
        head(&written.roster, 0)
            .starts_with("nip,nama,jenis_pegawai,kode_unit,nama_unit,jabatan,kelas_jabatan,tmt_kelas,nip_atasan,status")
    );
    let columns = "nip,tanggal,jam_masuk,jam_pulang,status,keterangan,alasan_manual,menit_terlambat,menit_pulang_cepat";
    assert_eq!(head(&written.attendance, 0), columns);
    assert_eq!(head(&written.permits, 0), "nip,jenis,mulai,selesai,nomor_surat,tanggal_surat,disetujui_oleh,surat_dokter,anak_ke");
    assert_eq!(head(&written.discipline, 0), "nip,nomor_sk,tanggal_sk,tingkat,jenis,persen,mulai,bulan");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bkn/export.laporan-penilaian-skp.csv");
    assert_eq!(head(&written.exports[0], 7), head(&sample, 7));
    assert_eq!(head(&written.exports[0], 0), "Laporan Penilaian SKP Periode Bulanan 9 Tahun 2026");
    assert!(head(&written.exports[1], 7).starts_with("skp_id;id;jenis;nip;nama;jabatan;is_skp;unit;jenis_pegawai;skp_status"));
    assert_eq!(rows(&written.roster).len(), 120);
    assert_eq!(written.ekinerja[0].file_name().unwrap(), "Rekap Penilaian (2).xlsx");
    assert_eq!(cells(&written.ekinerja[0], "Bulanan 8")[2][0].to_string(), "Periode Bulanan 8 Tahun 2026");
}

#[test]
fn the_payment_file_is_an_adk_whose_total_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let ministry = grow(60, 3);
    let written = ministry.write(dir.path()).unwrap();
    let sheet = cells(&written.payment[0], "daftar bayar");
    let number = |cell: &calamine::Data| match cell {
        calamine::Data::Float(value) => *value as i64,
        other => panic!("{other} is no amount"),
    };
    let (total, lines) = sheet[1..].split_last().unwrap();
    assert_eq!(sheet[0].len(), 21);
    assert_eq!(total[0].to_string(), "TOTAL");
    for column in 7..10 {
        assert_eq!(lines.iter().map(|line| number(&line[column])).sum::<i64>(), number(&total[column]));
    }
    for line in lines {
        assert!(matches!(&line[3], calamine::Data::String(nip) if Nip::parse(nip).is_ok()));
        assert_eq!((line[1].to_string().as_str(), line[14].to_string().len()), ("11", 2));
    }
    let text_path = dir.path().join("adk.txt");
    ministry.write_payment(&text_path, PaymentForm::Text).unwrap();
    let text = std::fs::read_to_string(text_path).unwrap();
    let text_lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(text_lines.len(), lines.len() + 1);
    for (line, row) in text_lines.iter().zip(lines) {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 21);
        assert_eq!((cells[3], cells[9]), (row[3].to_string().as_str(), number(&row[9]).to_string().as_str()));
    }
    let closing: Vec<&str> = text_lines[lines.len()].split('\t').collect();
    assert_eq!(closing[0], "TOTAL");
    assert_eq!(closing[9].trim().replace('.', "").parse::<i64>().unwrap(), number(&total[9]));
}

/// What would be found although nobody planted it, looked for without the engine.
#[test]
fn nothing_odd_happens_outside_the_truth() {
    let dir = tempfile::tempdir().unwrap();
    let ministry = grow(400, 8);
    let written = ministry.write(dir.path()).unwrap();
    let truth = ministry.truth();
    let about = |code: Code| {
        truth.planted.iter().filter(move |planted| planted.code == code).filter_map(|planted| planted.nip).collect::<BTreeSet<Nip>>()
    };
    let roster: BTreeMap<Nip, BTreeMap<String, String>> =
        rows(&written.roster).into_iter().map(|row| (Nip::parse(&row["nip"]).unwrap(), row)).collect();
    assert_eq!(roster.len(), 400, "no NIP twice");
    let odd: BTreeSet<Nip> = roster.keys().filter(|nip| !nip.oddities(ministry.period().last_day()).is_empty()).copied().collect();
    assert_eq!(odd, about(Code::Id06));
    for line in cells(&written.payment[0], "daftar bayar").into_iter().skip(1) {
        let Ok(nip) = Nip::parse(&line[3].to_string()) else { continue };
        let Some(person) = roster.get(&nip) else { continue };
        let same_name = name_key(&line[4].to_string()) == name_key(&person["nama"]);
        assert_eq!(same_name, !about(Code::Id04).contains(&nip), "{nip:?}");
    }
    let mut heads: BTreeMap<&str, usize> = BTreeMap::new();
    roster.values().for_each(|person| *heads.entry(&person["kode_unit"]).or_default() += 1);
    let mut absences: BTreeMap<Nip, usize> = BTreeMap::new();
    for row in rows(&written.attendance) {
        let nip = Nip::parse(&row["nip"]).unwrap();
        let person = &roster[&nip];
        let missing = row["jam_masuk"].is_empty() || row["jam_pulang"].is_empty();
        if missing && row["status"] != "CUTI" && !about(Code::Ab09).contains(&nip) {
            let down = about(Code::Ab05).contains(&nip);
            assert!(down || heads[person["kode_unit"].as_str()] < 5, "a missing scan among many people looks like an outage: {nip:?}");
            *absences.entry(nip).or_default() += 1;
        }
        assert!(nip.birth_date().is_some());
    }
    for (nip, days) in absences {
        assert!(days < 3 || about(Code::Ab04).contains(&nip), "{nip:?} is absent on {days} days: DS02");
    }
    let superiors: BTreeSet<&str> = roster.values().map(|person| person["nip_atasan"].as_str()).collect();
    for code in [Code::Sk01, Code::Sk02, Code::Sk04, Code::St02] {
        let broken: BTreeSet<Nip> = about(code).into_iter().filter(|nip| superiors.contains(nip.as_str())).collect();
        let planted = if code == Code::Sk02 { about(Code::Sk05) } else { BTreeSet::new() };
        assert_eq!(broken, planted, "{code} on a superior would break the cascade");
    }
}

#[test]
fn too_small_and_unknown_years_are_refused() {
    let settings = |employees, period: &str| Settings { employees, seed: 1, period: period.parse().unwrap(), history: false };
    assert!(Ministry::grow(&settings(20, "2026-10")).is_ok());
    assert!(Ministry::grow(&settings(19, "2026-10")).unwrap_err().to_string().contains("at least 20"));
    assert!(Ministry::grow(&settings(50, "2027-01")).unwrap_err().to_string().contains("2027"));
    for period in ["2026-01", "2026-02", "2026-03", "2026-12"] {
        let truth = Ministry::grow(&settings(50, period)).unwrap().truth();
        assert!(truth.planted.len() > 35, "{period}");
    }
}

/// A served ministry.
struct Served {
    address: SocketAddr,
    ministry: Arc<Ministry>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

async fn serve(employees: usize, faults: &str) -> Served {
    let ministry = Arc::new(grow(employees, 6));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    tokio::spawn(simulator::serve(ministry.clone(), listener, Faults::named(faults).unwrap(), shutdown));
    Served { address, ministry, _stop: stop }
}

struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    fn header(&self, name: &str) -> Option<String> {
        let wanted = format!("{name}:");
        self.head.lines().find(|line| line.to_lowercase().starts_with(&wanted)).map(|line| line[wanted.len()..].trim().to_owned())
    }
}

impl Served {
    /// One request on a connection of its own; `None` when the connection ends before the answer is whole.
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Reply> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: simulator\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        headers.iter().for_each(|(name, value)| request.push_str(&format!("{name}: {value}\r\n")));
        request.push_str("\r\n");
        request.push_str(body);
        let address = self.address;
        tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            let split = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
            let head = String::from_utf8(bytes[..split].to_vec()).unwrap();
            let status = head.split(' ').nth(1)?.parse().ok()?;
            let reply = Reply { status, head, body: bytes[split + 4..].to_vec() };
            let length: usize = reply.header("content-length")?.parse().unwrap();
            (length == reply.body.len()).then_some(reply)
        })
        .await
        .unwrap()
    }

    async fn report(&self, path: &str) -> Option<Reply> {
        let token = format!("Bearer {}", simulator::REPORT_TOKEN);
        self.ask("GET", &format!("{}{path}", simulator::REPORT_PATH), &[("authorization", &token)], "").await
    }

    async fn wso2(&self) -> String {
        let form = ("content-type", "application/x-www-form-urlencoded");
        // Basic demo-consumer:demo-consumer-secret
        let basic = ("authorization", "Basic ZGVtby1jb25zdW1lcjpkZW1vLWNvbnN1bWVyLXNlY3JldA==");
        let reply = self.ask("POST", simulator::WSO2_TOKEN_PATH, &[form, basic], "grant_type=client_credentials").await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.head);
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn siasn(&self, wso2: &str, path: &str) -> Option<Reply> {
        let (gateway, sso) = (format!("Bearer {wso2}"), format!("bearer {}", simulator::SSO_TOKEN));
        self.ask("GET", &format!("{}/pns/{path}", simulator::SIASN_PATH), &[("authorization", &gateway), ("auth", &sso)], "").await
    }

    async fn cycle_id(&self, month: &str) -> String {
        let periods = self.report("/referensi/periode").await.unwrap().json();
        let row = periods["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["angka_periodik"] == month && row["tahun"] == "2026")
            .unwrap()
            .clone();
        row["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn the_report_api_lists_the_whole_agency() {
    let served = serve(60, "none").await;
    let periods = served.report("/referensi/periode").await.unwrap().json();
    assert!(periods["data"].as_array().unwrap().iter().any(|row| row["nama"] == "FINAL" && row["tahun"].is_null()));
    let id = served.cycle_id("9").await;
    let path = format!("/laporan/penilaian/2026/{id}");
    let evaluations = served.report(&path).await.unwrap().json()["data"].as_array().unwrap().clone();
    assert!(evaluations.len() > 50, "{}", evaluations.len());
    let skps = served.report("/laporan/skp/2026").await.unwrap().json()["data"].as_array().unwrap().clone();

    let truth = served.ministry.truth();
    let of = |code: Code| truth.planted.iter().find(|planted| planted.code == code).unwrap().clone();
    let mine = |rows: &[Value], nip: Nip| rows.iter().filter(|row| row["nip"] == nip.as_str()).cloned().collect::<Vec<Value>>();
    let twice = of(Code::Id03);
    let rows = mine(&evaluations, twice.nip.unwrap());
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["skp_penilaian_id"] == twice.subject.as_str()));
    assert_ne!(rows[0]["hasil_akhir"], rows[1]["hasil_akhir"]);
    assert_eq!(mine(&evaluations, of(Code::Pr06).nip.unwrap()).len(), 0);
    assert_eq!(mine(&evaluations, of(Code::Sk01).nip.unwrap()).len(), 0);
    assert_eq!(mine(&skps, of(Code::Sk01).nip.unwrap())[0]["is_skp"], 0);
    let pending = of(Code::Sk02);
    assert_eq!(mine(&skps, pending.nip.unwrap())[0]["skp_id"], pending.subject.as_str());
    assert_eq!(mine(&evaluations, of(Code::Pr04).nip.unwrap())[0]["hasil_akhir"], "Istimewa");
    assert_eq!(mine(&skps, of(Code::Ro04).nip.unwrap()).len(), 1);
    assert_eq!(mine(&skps, of(Code::Ro01).nip.unwrap()).len(), 0);

    let one = served.report(&format!("{path}?nip={}", pending.nip.unwrap())).await.unwrap().json();
    assert_eq!(one["data"].as_array().unwrap().len(), 1);
    let later = served.cycle_id("12").await;
    assert_eq!(served.report(&format!("/laporan/penilaian/2026/{later}")).await.unwrap().json()["data"], Value::Array(Vec::new()));
    assert_eq!(served.report("/laporan/penilaian/2026/P1").await.unwrap().status, 404);
}

/// The rows of an answer: its list, or its one object.
fn rows_of(answer: &Value) -> Vec<Value> {
    match &answer["data"] {
        Value::Array(rows) => rows.clone(),
        row @ Value::Object(_) => vec![row.clone()],
        _ => Vec::new(),
    }
}

/// Keys with the types that their values have; null is of every type.
fn shape(rows: &[Value]) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut shape: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for (key, value) in rows.iter().flat_map(|row| row.as_object().unwrap()) {
        let types = shape.entry(key.clone()).or_default();
        match value {
            Value::Null => {}
            Value::Bool(_) => drop(types.insert("truth")),
            Value::Number(_) => drop(types.insert("number")),
            Value::String(_) => drop(types.insert("text")),
            Value::Array(_) | Value::Object(_) => drop(types.insert("nested")),
        }
    }
    shape
}

/// Every row has exactly the keys of the sample body, and no value is of another type than there.
fn assert_shape(what: &str, rows: &[Value], sample: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bkn").join(sample);
    let sample: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let expected = shape(&rows_of(&sample));
    assert!(!rows.is_empty(), "{what} never has a row");
    for row in rows {
        let found = shape(std::slice::from_ref(row));
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{what}");
        for (key, types) in found {
            assert!(expected[&key].is_empty() || types.is_subset(&expected[&key]), "{what}: {key} is {types:?}");
        }
    }
}

#[tokio::test]
async fn answers_have_the_keys_of_the_sample_bodies() {
    let served = serve(120, "none").await;
    let wso2 = served.wso2().await;
    let evaluations = format!("/laporan/penilaian/2026/{}", served.cycle_id("9").await);
    for (path, sample) in [
        ("/referensi/periode", "ekinerja.referensi-periode.ok.json"),
        (&evaluations, "ekinerja.laporan-penilaian.ok.json"),
        ("/laporan/skp/2026", "ekinerja.laporan-skp.ok.json"),
    ] {
        assert_shape(path, &rows_of(&served.report(path).await.unwrap().json()), sample);
    }
    for what in ["data-utama", "rw-hukdis", "rw-cltn", "rw-skp22", "rw-kinerjaperiodik", "rw-jabatan", "rw-pindahinstansi"] {
        let mut rows = Vec::new();
        for nip in served.ministry.nips() {
            let reply = served.siasn(&wso2, &format!("{what}/{nip}")).await.unwrap();
            // One identity is planted as no JSON (SR02).
            rows.extend(serde_json::from_slice(&reply.body).iter().flat_map(rows_of));
        }
        assert_shape(what, &rows, &format!("{what}.ok.json"));
    }
}

#[tokio::test]
async fn tokens_are_checked() {
    let served = serve(20, "none").await;
    let path = format!("{}/laporan/skp/2026", simulator::REPORT_PATH);
    for headers in [&[][..], &[("authorization", "Bearer wrong")][..]] {
        assert_eq!(served.ask("GET", &path, headers, "").await.unwrap().status, 401);
    }
    let nip = served.ministry.nips().next().unwrap();
    let path = format!("{}/pns/data-utama/{nip}", simulator::SIASN_PATH);
    let wso2 = format!("Bearer {}", served.wso2().await);
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Headers<'_>, u16, &str); 5] = [
        (&[], 401, "900902"),
        (&[("authorization", "Bearer wrong"), ("auth", "bearer demo-sso-token")], 401, "900901"),
        (&[("authorization", &wso2)], 400, "missing or malformed jwt"),
        (&[("authorization", &wso2), ("auth", "bearer wrong")], 401, "invalid or expired jwt"),
        (&[("authorization", &wso2), ("auth", "Bearer demo-sso-token")], 200, "kedudukanPnsId"),
    ];
    for (headers, status, text) in cases {
        let reply = served.ask("GET", &path, headers, "").await.unwrap();
        assert_eq!(reply.status, status, "{headers:?}");
        assert!(String::from_utf8_lossy(&reply.body).contains(text), "{headers:?}");
    }
    let form = ("content-type", "application/x-www-form-urlencoded");
    let grant = format!("client_id=contohws&grant_type=password&username={}&password={}", simulator::SSO_USERNAME, simulator::SSO_PASSWORD);
    let minted = served.ask("POST", simulator::SSO_TOKEN_PATH, &[form], &grant).await.unwrap().json();
    let sso = format!("bearer {}", minted["access_token"].as_str().unwrap());
    assert_eq!(served.ask("GET", &path, &[("authorization", &wso2), ("auth", &sso)], "").await.unwrap().status, 200);
    assert_eq!(served.ask("POST", simulator::SSO_TOKEN_PATH, &[form], &grant.replace("demo", "other")).await.unwrap().status, 401);
    assert_eq!(served.ask("POST", simulator::WSO2_TOKEN_PATH, &[form], "grant_type=client_credentials").await.unwrap().status, 401);
}

#[tokio::test]
async fn siasn_answers_one_person_at_a_time() {
    let served = serve(60, "none").await;
    let wso2 = served.wso2().await;
    let truth = served.ministry.truth();
    let of = |code: Code| truth.planted.iter().find(|planted| planted.code == code).unwrap().nip.unwrap();
    let nips: Vec<Nip> = served.ministry.nips().collect();
    let clean = *nips.iter().find(|nip| truth.planted.iter().all(|planted| planted.nip != Some(**nip))).unwrap();
    let identity = served.siasn(&wso2, &format!("data-utama/{clean}")).await.unwrap().json();
    assert_eq!(identity["data"]["nipBaru"], clean.as_str());
    let other = of(Code::Sr05);
    assert_ne!(served.siasn(&wso2, &format!("data-utama/{other}")).await.unwrap().json()["data"]["nipBaru"], other.as_str());
    let broken = truth.planted.iter().find(|planted| planted.code == Code::Sr02 && planted.nip != Some(other)).unwrap().nip.unwrap();
    let reply = served.siasn(&wso2, &format!("data-utama/{broken}")).await.unwrap();
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
    let punished = served.siasn(&wso2, &format!("rw-hukdis/{}", of(Code::Ds01))).await.unwrap().json();
    assert_eq!(punished["data"][0]["jenisHukuman"], "23");
    let months = served.siasn(&wso2, &format!("rw-kinerjaperiodik/{clean}")).await.unwrap().json();
    assert_eq!(months["data"].as_array().unwrap().last().unwrap()["bulanMulaiPenilaian"], "8");

    let mut encodings = BTreeSet::new();
    for nip in nips.iter().take(40) {
        let reply = served.siasn(&wso2, &format!("rw-tubel/{nip}")).await.unwrap();
        encodings.insert((reply.status, String::from_utf8(reply.body).unwrap()));
    }
    assert_eq!(encodings.len(), 6, "every way to say nothing occurs: {encodings:?}");
    for what in ["rw-cltn", "rw-skp22", "rw-jabatan", "rw-pemberhentian", "rw-pindahinstansi", "data-utama/paruhwaktu"] {
        assert!(matches!(served.siasn(&wso2, &format!("{what}/{clean}")).await.unwrap().status, 200 | 404), "{what}");
    }
    let wrong = served.siasn(&wso2, &format!("rw-nothing/{clean}")).await.unwrap();
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (404, Some("404")));
}

#[tokio::test]
async fn roster_status_and_bkn_agree() {
    let served = serve(300, "none").await;
    let wso2 = served.wso2().await;
    let dir = tempfile::tempdir().unwrap();
    let written = served.ministry.write(dir.path()).unwrap();
    let mut seen = BTreeSet::new();
    for person in rows(&written.roster).iter().filter(|person| person["status"] != "AKTIF") {
        let identity = served.siasn(&wso2, &format!("data-utama/{}", person["nip"])).await.unwrap().json();
        let leave = served.siasn(&wso2, &format!("rw-cltn/{}", person["nip"])).await.unwrap().json();
        let standing = identity["data"]["kedudukanPnsId"].as_str().unwrap().to_owned();
        assert_eq!(leave["data"].is_array() && leave["data"][0]["cltnId"] == "1", standing == "02");
        seen.insert((person["status"].clone(), standing));
    }
    let agreed = [("CLTN", "02"), ("MPP", "20"), ("TUGAS_BELAJAR", "03")].map(|(status, code)| (status.to_owned(), code.to_owned()));
    assert_eq!(seen, BTreeSet::from(agreed));
}

#[tokio::test]
async fn faults_are_felt() {
    let rows = |reply: Reply| reply.json()["data"].as_array().unwrap().len();
    let whole = rows(serve(40, "none").await.report("/laporan/skp/2026").await.unwrap());
    let half = rows(serve(40, "half-vanish").await.report("/laporan/skp/2026").await.unwrap());
    assert!(half * 10 < whole * 6 && half * 10 > whole * 4, "{half} of {whole}");
    assert_eq!(rows(serve(40, "empty").await.report("/laporan/skp/2026").await.unwrap()), 0);
    let drift = serve(40, "drift").await.report("/laporan/skp/2026").await.unwrap().json();
    assert_eq!(drift["data"][0]["skp_versi"], 2);

    let throttled = serve(20, "throttled").await.report("/referensi/periode").await.unwrap();
    assert_eq!((throttled.status, throttled.header("retry-after").as_deref()), (429, Some("1")));
    let html = serve(20, "html").await;
    let truncated = serve(20, "truncated").await;
    for _ in 0..2 {
        assert_eq!(html.report("/referensi/periode").await.unwrap().status, 200);
        assert_eq!(truncated.report("/referensi/periode").await.unwrap().status, 200);
    }
    assert_eq!(html.report("/referensi/periode").await.unwrap().header("content-type").as_deref(), Some("text/html"));
    assert!(truncated.report("/laporan/skp/2026").await.is_none(), "the third answer ends too early");
    assert!(truncated.report("/laporan/skp/2026").await.is_some());
}

#[tokio::test]
async fn gateways_suspend_and_tokens_die() {
    let suspended = serve(20, "suspended").await;
    let wso2 = suspended.wso2().await;
    let nip = suspended.ministry.nips().next().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let reply = suspended.siasn(&wso2, &format!("data-utama/{nip}")).await.unwrap();
        statuses.push((reply.status, String::from_utf8_lossy(&reply.body).contains("303001")));
    }
    assert!(statuses[..10].iter().all(|status| *status == (200, false)), "{statuses:?}");
    assert!(statuses[10..].iter().all(|status| *status == (503, true)), "{statuses:?}");

    let dying = serve(20, "token-expiry").await;
    let wso2 = dying.wso2().await;
    assert_eq!(dying.wso2().await, wso2, "a valid token is handed out again");
    let mut refused = 0;
    for _ in 0..41 {
        let reply = dying.siasn(&wso2, &format!("data-utama/{nip}")).await.unwrap();
        refused += usize::from(reply.status == 401);
    }
    assert_eq!(refused, 2);
    assert_ne!(dying.wso2().await, wso2);
}
