//! What scripts depend on when they import and pull: exit codes, JSON, one sentence on stderr.

use super::{selaras, told};
use selaras::clock::{Clock, SystemClock};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;

const BUDI: &str = "198501012010011901";
const SITI: &str = "199202022023211902";
const ADK: &str =
    "123456\t11\t2026\t198501012010011901\tBUDI\t\t08\t3915950\t0\t3915950\t520\tBRI\t123\tBUDI\t10\t2026\t10\t2026\t1\t\t\r\n";

/// An office without BKN: a configuration and a roster of two.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy");
    write(folder.path(), "selaras.toml", &format!("[policy]\ndir = \"{}\"\n", policy.display()));
    let people = format!("{BUDI},BUDI,PNS,01,8,AKTIF\n{SITI},SITI,PPPK,01,8,AKTIF\n");
    write(folder.path(), "roster.csv", &format!("nip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n{people}"));
    let (code, _, err) = run(folder.path(), &["import", "roster", "roster.csv", "--period", "2026-10"]);
    assert_eq!((code, err.as_str()), (0, ""));
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    told(&selaras(folder, &[&["--config", "selaras.toml"], args].concat()))
}

/// Imports one file and gives exit code, its JSON and stderr.
fn import(folder: &Path, args: &[&str]) -> (i32, Value, String) {
    let (code, out, err) = run(folder, &[&["import"], args, &["--as", "json"]].concat());
    let document: Value = serde_json::from_str(&out).unwrap();
    (code, document["files"].as_array().unwrap().last().cloned().unwrap_or_default(), err)
}

#[test]
fn the_same_bytes_under_another_name_do_not_pay_twice() {
    let office = office();
    let folder = office.path();
    write(folder, "adk.txt", ADK);
    write(folder, "adk (1).txt", ADK);
    let (code, first, _) = import(folder, &["payment", "adk.txt"]);
    assert_eq!((code, &first["status"], &first["new"]), (0, &json!("new"), &json!(1)));
    let (code, again, _) = import(folder, &["payment", "adk (1).txt"]);
    assert_eq!((code, &again["status"], &again["unchanged"]), (0, &json!("unchanged"), &json!(1)));
    assert_eq!(again["batch"], first["batch"]);
    // The first name still supersedes itself, and what it said once may then come again under another name.
    write(folder, "adk.txt", &ADK.replace("3915950", "3915000"));
    assert_eq!(import(folder, &["payment", "adk.txt"]).1["status"], "changed");
    assert_eq!(import(folder, &["payment", "adk.txt"]).1["status"], "unchanged");
    run(folder, &["reconcile", "--period", "2026-10"]);
    let (_, out, _) = run(folder, &["export", "findings", "--period", "2026-10", "--as", "json"]);
    assert!(!out.contains("PE02"), "{out}");
}

#[test]
fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let office = office();
    let folder = office.path();
    let header = "nip,tanggal,jam_masuk,jam_pulang,status\n";
    let day = |nip: &str, time: &str| format!("{nip},2026-10-01,{time},16:00,WFO\n");
    write(folder, "presensi.csv", &format!("{header}{}", day(BUDI, "07:30")));
    for _ in 0..2 {
        let (code, file, err) = import(folder, &["attendance", "presensi.csv", "--dry-run"]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert_eq!((&file["status"], &file["batch"], &file["new"]), (&json!("dry_run"), &Value::Null, &json!(1)));
    }
    import(folder, &["attendance", "presensi.csv"]);
    assert_eq!(import(folder, &["attendance", "presensi.csv", "--dry-run"]).1["unchanged"], 1);
    write(folder, "presensi.csv", &format!("{header}{}{}", day(BUDI, "07:45"), day(SITI, "07:30")));
    let foreseen = import(folder, &["attendance", "presensi.csv", "--dry-run"]).1;
    assert_eq!((&foreseen["new"], &foreseen["changed"]), (&json!(1), &json!(1)));
    write(folder, "presensi.csv", &format!("{header}{}", day(SITI, "07:30")));
    let foreseen = import(folder, &["attendance", "presensi.csv", "--dry-run"]).1;
    let received = import(folder, &["attendance", "presensi.csv"]).1;
    for count in ["new", "changed", "unchanged", "vanished"] {
        assert_eq!(foreseen[count], received[count], "{count}");
    }
}

#[test]
fn every_refusal_is_listed_and_the_error_is_one_sentence() {
    let office = office();
    let folder = office.path();
    let rows: String = (0..5).map(|at| format!("{BUDI},2026-10-0{},25:0{at},16:00,WFO\n", at + 1)).collect();
    write(folder, "presensi.csv", &format!("nip,tanggal,jam_masuk,jam_pulang,status\n{rows}3174012345678901,2026-10-01,,,WFO\n"));
    let (code, file, err) = import(folder, &["attendance", "presensi.csv"]);
    assert_eq!((code, &file["status"], &file["batch"]), (2, &json!("refused"), &Value::Null));
    let refused = file["refused"].as_array().unwrap();
    assert_eq!(refused.len(), 6);
    let nik = json!({ "sheet": null, "row": 7, "column": "nip", "value": "3174*********901",
        "reason": "this is a NIK (16 digits), not a NIP: put the 18-digit NIP into this column" });
    assert_eq!(refused[5], nik);
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.starts_with("presensi.csv ditolak, 6 masalah: (1) baris 2, kolom jam_masuk") && err.ends_with("dan 3 lagi\n"), "{err}");
    let (_, indonesian, _) = run(folder, &["import", "attendance", "presensi.csv", "--as", "json"]);
    let (_, english, _) = run(folder, &["--lang", "en", "import", "attendance", "presensi.csv", "--as", "json"]);
    assert_eq!(indonesian, english, "JSON never changes with the language");
    let (_, out, _) = run(folder, &["import", "attendance", "presensi.csv"]);
    assert_eq!(out.lines().count(), 7, "{out}");
}

#[test]
fn files_before_a_refused_one_stay() {
    let office = office();
    let folder = office.path();
    write(folder, "bukan.csv", "x\n1\n");
    let (code, out, err) = run(folder, &["import", "roster", "roster.csv", "bukan.csv", "--period", "2026-10", "--as", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    let files = document["files"].as_array().unwrap();
    assert_eq!((code, files.len()), (2, 2), "{err}");
    assert_eq!((&files[0]["status"], &files[1]["status"]), (&json!("unchanged"), &json!("refused")));
}

/// A BKN whose list of evaluations is `data`; gives up after `answers` requests.
fn bkn(data: Value) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &data);
        }
    });
    address
}

fn answer(mut stream: TcpStream, data: &Value) {
    let mut request = Vec::new();
    let mut some = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut some) {
            Ok(read @ 1..) => request.extend_from_slice(&some[..read]),
            _ => return,
        }
    }
    let months: Vec<Value> = (1..=12)
        .map(|month| {
            json!({ "id": format!("P{month}"), "nama": "X", "tahun": "", "periode_awal": "01-01", "periode_akhir": "01-31",
                "batas_pengisian": "", "jenis_periode": "periodik", "tipe_periodik": "bulanan", "angka_periodik": month.to_string() })
        })
        .collect();
    let is_list = request.starts_with(b"GET /api_kinerja/laporan/penilaian");
    let body = json!({ "data": if is_list { data.clone() } else { json!(months) } }).to_string();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
}

fn connected(to: SocketAddr) -> tempfile::TempDir {
    let office = office();
    let config = std::fs::read_to_string(office.path().join("selaras.toml")).unwrap();
    let pull = "[evidence]\nrequired = [\"evaluation\"]\npull = [\"evaluation\"]\n";
    let surface = format!("[ekinerja.report]\nbase_url = \"http://{to}\"\ntoken = \"t\"\n[ekinerja.pace]\nattempts = 1\n");
    write(office.path(), "selaras.toml", &format!("{config}{pull}{surface}"));
    office
}

#[test]
fn a_row_set_aside_alone_makes_a_pull_incomplete_also_when_it_comes_again() {
    let row = |nip: Value| json!({ "nip": nip, "hasil_akhir": "BAIK", "hasil_kerja": "", "perilaku_kerja": "" });
    let office = connected(bkn(json!([row(json!(BUDI)), row(Value::Null)])));
    for status in ["new", "unchanged"] {
        let (code, out, err) = run(office.path(), &["sync", "--period", "2026-10", "--as", "json"]);
        let document: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &document["batches"][0]["status"]), (3, &json!(status)), "{err}");
        assert_eq!(document["batches"][0]["rows"], 1);
    }
    let (_, out, _) = run(office.path(), &["sync", "--period", "2026-10"]);
    assert!(out.contains("1 baris tidak terbaca dan disisihkan") && out.contains("TIDAK LENGKAP"), "{out}");
}

#[test]
fn a_surface_that_is_not_there_is_named_with_its_key() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let office = connected(nobody);
    let (code, _, err) = run(office.path(), &["sync", "--period", "2026-10"]);
    assert_eq!(code, 3);
    assert_eq!(err, "report tidak menjawab: tidak tersambung (connection); periksa ekinerja.report.base_url dan jaringan\n");
}

#[test]
fn a_stranger_is_not_asked_for() {
    let office = connected(bkn(json!([])));
    let (code, out, err) = run(office.path(), &["sync", "--period", "2026-10", "--nip", "197001011990031001"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(err, "NIP 1970***********001 tidak ada di daftar pegawai 2026-10: periksa NIP dan periodenya\n");
}

#[test]
fn a_shrunken_answer_is_held_and_named_with_the_way_out() {
    let row = |nip: &str| json!({ "nip": nip, "hasil_akhir": "BAIK", "hasil_kerja": "", "perilaku_kerja": "" });
    let office = connected(bkn(json!([row(BUDI), row(SITI)])));
    assert_eq!(run(office.path(), &["sync", "--period", "2026-10"]).0, 0);
    let limits = "\nvanish_limit_percent = \"0\"\nvanish_limit_min = 0\n[ekinerja.report]";
    let config = std::fs::read_to_string(office.path().join("selaras.toml")).unwrap();
    let smaller = bkn(json!([row(BUDI)]));
    let config = config.replace("[ekinerja.report]", limits);
    let from = config.find("http://").unwrap();
    let to = from + config[from..].find('"').unwrap();
    write(office.path(), "selaras.toml", &format!("{}http://{smaller}{}", &config[..from], &config[to..]));
    let (code, _, err) = run(office.path(), &["sync", "--period", "2026-10", "--as", "json"]);
    assert_eq!((code, err.lines().count()), (3, 1), "{err}");
    assert!(err.starts_with("evaluation 2026-09: 1 orang hilang dari jawaban BKN, batch ") && err.contains("--accept-vanish"), "{err}");
    assert_eq!(run(office.path(), &["sync", "--period", "2026-10", "--accept-vanish"]).0, 0);
}

#[test]
fn a_file_given_for_the_wrong_month_is_taken_back() {
    let office = office();
    let folder = office.path();
    write(folder, "adk.txt", ADK);
    let (code, wrong, _) = import(folder, &["payment", "adk.txt", "--period", "2026-09"]);
    assert_eq!((code, &wrong["status"]), (0, &json!("new")));
    let notice = wrong["notices"][0].as_str().unwrap();
    assert!(notice.contains("most are of 2026-10") && notice.contains("--withdraw"), "{notice}");
    let (_, right, _) = import(folder, &["payment", "adk.txt", "--period", "2026-10"]);
    assert_eq!((&right["status"], &right["notices"]), (&json!("new"), &json!([])));
    let paid_twice = |more: &[&str]| {
        let (_, out, _) = run(folder, &[&["export", "verdicts", "--period", "2026-10", "--as", "json"], more].concat());
        out.contains("PE02")
    };
    run(folder, &["reconcile", "--period", "2026-10"]);
    assert!(paid_twice(&[]));
    let before = SystemClock.now().to_rfc3339();

    let batch = wrong["batch"].as_str().unwrap();
    let (code, foreseen, _) = import(folder, &["--withdraw", batch, "--dry-run"]);
    assert_eq!((code, &foreseen["status"], &foreseen["vanished"]), (0, &json!("dry_run"), &json!(2)));
    assert!(paid_twice(&[]));
    let (code, gone, err) = import(folder, &["--withdraw", batch]);
    assert_eq!((code, &gone["status"], &gone["batch"], err.as_str()), (0, &json!("withdrawn"), &json!(batch), ""));
    run(folder, &["reconcile", "--period", "2026-10"]);
    assert!(!paid_twice(&[]));
    assert!(paid_twice(&["--as-of", &before]), "what was known then stays");
    let (_, again, _) = import(folder, &["--withdraw", batch]);
    assert_eq!(again["status"], "unchanged");
    let (_, out, _) = run(folder, &["doctor"]);
    assert!(out.contains("payment 2026-09/adk.txt ditarik sejak"), "{out}");
}

#[test]
fn what_cannot_be_taken_back_is_refused() {
    let office = office();
    let folder = office.path();
    write(folder, "adk.txt", ADK);
    let (_, first, _) = import(folder, &["payment", "adk.txt"]);
    write(folder, "adk.txt", &ADK.replace("3915950", "3915000"));
    let (_, second, _) = import(folder, &["payment", "adk.txt"]);
    for (batch, says) in [("x", "batch 'x' tidak dikenal"), (first["batch"].as_str().unwrap(), second["batch"].as_str().unwrap())] {
        let (code, _, err) = import(folder, &["--withdraw", batch]);
        assert_eq!((code, err.lines().count()), (2, 1), "{err}");
        assert!(err.contains(says), "{err}");
    }
    for args in
        [&["import"][..], &["import", "payment", "adk.txt", "--withdraw", "x"], &["import", "--withdraw", "x", "--period", "2026-10"]]
    {
        let (code, out, err) = run(folder, args);
        assert_eq!((code, out.as_str(), err.lines().count()), (2, "", 1), "{args:?}: {err}");
    }
}

/// Code, NIP, subject and severity of the findings of October.
fn findings(folder: &Path) -> Vec<[String; 4]> {
    let (_, out, _) = run(folder, &["export", "findings", "--period", "2026-10", "--as", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    document["rows"].as_array().unwrap().iter().map(|row| ["code", "nip", "subject", "severity"].map(|key| text(&row[key]))).collect()
}

#[test]
fn rows_that_name_nobody_are_findings_of_their_source_until_they_are_mended() {
    let row = |nip: Value| json!({ "nip": nip, "hasil_akhir": "BAIK", "hasil_kerja": "", "perilaku_kerja": "" });
    let listener = bkn(json!([row(json!(BUDI)), row(Value::Null), row(json!("3174012345678901"))]));
    let office = connected(listener);
    let folder = office.path();
    run(folder, &["sync", "--period", "2026-10"]);
    let nik = ADK.replace(BUDI, "3174012345678901");
    write(folder, "adk.txt", &format!("{ADK}{nik}"));
    assert_eq!(import(folder, &["payment", "adk.txt"]).0, 2, "not without --accept-partial");
    assert_eq!(import(folder, &["payment", "adk.txt", "--accept-partial"]).0, 0);
    run(folder, &["reconcile", "--period", "2026-10"]);
    let of = |code: &str| findings(folder).into_iter().filter(|row| row[0] == code).collect::<Vec<_>>();
    let expected = |code: &str, subject: &str| [code, "-", subject, "block"].map(str::to_owned);
    assert_eq!(of("ID02"), [expected("ID02", "adk.txt row 2")]);
    let unread = of("ID01");
    assert_eq!(unread.iter().map(|row| row[2].rsplit(' ').next().unwrap()).collect::<Vec<_>>(), ["data[1]", "data[2]"], "{unread:?}");
    assert!(unread.iter().all(|row| row[1] == "-" && row[3] == "block"), "{unread:?}");
    let (_, out, _) = run(folder, &["export", "findings", "--period", "2026-10", "--as", "json"]);
    assert!(!out.contains("3174012345678901"), "a NIK shows nowhere");
    write(folder, "adk.txt", ADK);
    assert_eq!(import(folder, &["payment", "adk.txt"]).0, 0);
    assert_eq!(of("ID02"), [] as [[String; 4]; 0]);
}

#[test]
fn an_export_of_another_agency_is_refused() {
    let office = office();
    let folder = office.path();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir(folder.join("policy")).unwrap();
    for name in ["contoh-kemenko-infra.toml", "national-holidays-2026.toml"] {
        let text = std::fs::read_to_string(shipped.join("config/policy").join(name)).unwrap();
        write(folder, &format!("policy/{name}"), &text.replace("agency_code = \"\"", "agency_code = \"0901\""));
    }
    write(folder, "selaras.toml", "[policy]\ndir = \"policy\"\n");
    let rekap = |code: &str| {
        format!(
            "{code} - Kementerian Contoh,,,,,,\nBiro Contoh,,,,,,\nPeriode Bulanan 9 Tahun 2026,,,,,,\n,,,,,,\n\
        No,NIP,Nama,Jabatan,Rating Hasil Kinerja,Rating Perilaku Kerja,Predikat Kinerja Periodik\n\
        1,{BUDI},BUDI,Analis,Sesuai Ekspektasi,Sesuai Ekspektasi,Baik\n"
        )
    };
    write(folder, "rekap.csv", &rekap("0902"));
    let (code, _, err) = run(folder, &["import", "ekinerja", "rekap.csv", "--period", "2026-10"]);
    assert_eq!(code, 2);
    assert_eq!(err, "rekap.csv: ekspor instansi 0902, bukan 0901 (policy.agency_code): pilih ekspor instansi ini\n");
    write(folder, "rekap.csv", &rekap("0901"));
    assert_eq!(import(folder, &["ekinerja", "rekap.csv", "--period", "2026-10"]).0, 0);
}
