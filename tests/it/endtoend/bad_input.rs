//! Bad files through the real binary: each is refused in one clear sentence, with exit 2, within bounded time and memory,
//! and nothing is changed. Then those that look bad and are not.

use super::office::Ran;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Formula;
use rust_xlsxwriter::Workbook;
use rust_xlsxwriter::Worksheet;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;

/// Processor time of one command over one bad file, in a debug build.
const SECONDS: f64 = 10.0;

/// Most memory of one command over one bad file.
const MEMORY: u64 = 300 << 20;

const BUDI: &str = "198501012010011901";
const SITI: &str = "199202022023211902";
const DAYS: &str = "nip,tanggal,jam_masuk,jam_pulang,status\n";
const PAID: &str =
    "123456\t11\t2026\t198501012010011901\tBUDI\t\t08\t3915950\t0\t3915950\t520\tBRI\t123\tBUDI\t10\t2026\t10\t2026\t1\t\t\r\n";

/// A file and what is said about it.
struct Bad {
    what: &'static str,
    kind: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    says: &'static str,
}

fn bad(what: &'static str, kind: &'static str, name: &'static str, bytes: impl Into<Vec<u8>>, says: &'static str) -> Bad {
    Bad { what, kind, name, bytes: bytes.into(), says }
}

fn day(nip: &str, date: &str, from: &str) -> String {
    format!("{DAYS}{nip},{date},{from},16:00,WFO\n")
}

/// An attendance sheet with one row, changed by `change`.
fn book(change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Presensi").unwrap();
    for (at, name) in DAYS.trim_end().split(',').enumerate() {
        sheet.write_string(0, at as u16, name).unwrap();
    }
    for (at, value) in [BUDI, "2026-10-01", "07:30", "16:00", "WFO"].into_iter().enumerate() {
        sheet.write_string(1, at as u16, value).unwrap();
    }
    change(sheet);
    book.save_to_buffer().unwrap()
}

/// A package whose only sheet is `sheet`, packed.
fn package(sheet: &str) -> Vec<u8> {
    let rels = r#"<Relationships><Relationship Id="r1" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let workbook = r#"<workbook><sheets><sheet name="P" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let workbook_rels = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let parts = [
        ("_rels/.rels", rels),
        ("xl/workbook.xml", workbook),
        ("xl/_rels/workbook.xml.rels", workbook_rels),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A package that says of each part that it unpacks to 768 MB.
fn bomb() -> Vec<u8> {
    let mut bytes = package("<worksheet/>");
    let entries: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..].starts_with(b"PK\x01\x02")).collect();
    for at in entries {
        bytes[at + 24..at + 28].copy_from_slice(&0x3000_0000u32.to_le_bytes());
    }
    bytes
}

/// What Excel makes of a workbook with a password: an OLE container around the encrypted package.
fn encrypted() -> Vec<u8> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream("/EncryptedPackage").unwrap().write_all(&[7; 5000]).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

fn workbooks() -> Vec<Bad> {
    let xls = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake/presensi.xls")).unwrap();
    let good = book(|_| {});
    let blank: String = (2..1_000_002).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"0\"/></row>")).collect();
    let title = ["nip", "tanggal", "jam_masuk", "jam_pulang"].map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>")).concat();
    let blank = package(&format!("<worksheet><sheetData><row>{title}</row>{blank}</sheetData></worksheet>"));
    let spaces = package(&format!("<worksheet>{}</worksheet>", " ".repeat(8 << 20)));
    let cell = format!("<row><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "x".repeat(500_000));
    let packed = package(&format!("<worksheet><sheetData>{}</sheetData></worksheet>", cell.repeat(140)));
    let text = Format::new();
    let merged = book(|sheet| {
        sheet.merge_range(0, 2, 0, 3, "jam", &text).unwrap();
    });
    let at = "attendance";
    vec![
        bad("a bomb that says so", at, "bom.xlsx", bomb(), "lebih dari 2 GB"),
        bad("a bomb that says nothing", at, "bom.xlsx", packed, "lebih dari 100 kali"),
        bad("a bomb in one piece", at, "bom.xlsx", spaces, "lebih dari 1 MB"),
        bad("a million blank rows below a header", at, "kosong.xlsx", blank, "tidak ada baris data"),
        bad("half an XLSX", at, "separuh.xlsx", &good[..good.len() / 2], "buku kerja tidak dapat dibuka"),
        bad("half an XLS", at, "separuh.xls", &xls[..xls.len() / 2], "buku kerja tidak dapat dibuka"),
        bad("a workbook with a password", at, "rahasia.xlsx", encrypted(), "berkata sandi"),
        bad(
            "a formula that failed",
            at,
            "rumus.xlsx",
            book(|sheet| {
                sheet.write_formula(1, 2, Formula::new("=A9").set_result("#REF!")).unwrap();
            }),
            "sel berisi kesalahan rumus",
        ),
        bad(
            "a NIP in a numeric cell",
            at,
            "angka.xlsx",
            book(|sheet| {
                sheet.write_number(1, 0, 198_501_012_010_011_901.0).unwrap();
            }),
            "NIP tersimpan sebagai angka",
        ),
        bad(
            "a NIP out of a formula",
            at,
            "rumus.xlsx",
            book(|sheet| {
                sheet.write_formula(1, 0, Formula::new("=A9").set_result("198501012010011901.0")).unwrap();
            }),
            "NIP tersimpan sebagai angka",
        ),
        bad("merged headers", at, "gabung.xlsx", merged, "jam_masuk"),
        bad(
            "24:00 as a number",
            at,
            "jam.xlsx",
            book(|sheet| {
                sheet.write_number_with_format(1, 2, 1.0, &Format::new().set_num_format("hh:mm")).unwrap();
            }),
            "jam 24:00 tidak ada",
        ),
    ]
}

fn texts() -> Vec<Bad> {
    let (at, pay) = ("attendance", "payment");
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(day(BUDI, "2026-10-01", "07:30").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let long = "9".repeat(400);
    let total = |amounts: &str| format!("{PAID}TOTAL\t\t\t\t\t\t\t{amounts}\r\n");
    vec![
        bad("nothing", at, "kosong.csv", "", "file kosong"),
        bad("a million blank rows", at, "kosong.csv", format!("{DAYS}{}", ",,,,\n".repeat(1_000_000)), "tidak ada baris data"),
        bad("UTF-16", at, "p.csv", utf16, "bukan UTF-8"),
        bad("an unknown encoding", at, "p.csv", [day(BUDI, "2026-10-01", "07:30").as_bytes(), b"\x81\x8d\n"].concat(), "bukan UTF-8"),
        bad("zero bytes", at, "p.csv", day(BUDI, "2026-10-01", "07:\0"), "bukan CSV, XLSX, atau XLS"),
        bad("a web page", at, "p.xls", "<html><table><tr><td>nip</td></tr></table></html>", "halaman web"),
        bad("31 February", at, "p.csv", day(BUDI, "31-02-2026", "07:30"), "bukan tanggal"),
        bad("24:00", at, "p.csv", day(BUDI, "2026-10-01", "24:00"), "jam 24:00 tidak ada"),
        bad("a NIK", at, "p.csv", day("3174012345678901", "2026-10-01", "07:30"), "ini NIK (16 digit)"),
        bad("a NIP of a float", at, "p.csv", day("1.98501E+17", "2026-10-01", "07:30"), "notasi ilmiah"),
        bad("a NIP of 400 digits", at, "p.csv", day(&long, "2026-10-01", "07:30"), "NIP 400 digit"),
        bad("a header twice", at, "p.csv", day(BUDI, "2026-10-01", "07:30").replace("status", "NIP"), "kolom ini ada dua kali"),
        bad("a quote left open", at, "p.csv", day(BUDI, "2026-10-01", "\"07:30"), "tidak ditutup"),
        bad("a negative amount", pay, "adk.txt", PAID.replacen("3915950", "-3915950", 1), "nilai bruto negatif"),
        bad("an amount of 400 digits", pay, "adk.txt", PAID.replacen("3915950", &long, 1), "di luar batas"),
        bad("a TOTAL that cannot be read", pay, "adk.txt", total("banyak\t0\t1"), "TOTAL tidak memuat"),
        bad("rows below TOTAL", pay, "adk.txt", total("3915950\t0\t3915950") + PAID, "di bawah baris TOTAL"),
        bad("a row cut off", pay, "adk.txt", PAID.to_owned() + &PAID[..60], "baris terpotong"),
        bad("a roster without a column", "roster", "r.csv", format!("nip,nama\n{BUDI},BUDI\n"), "kolom"),
        bad("a percent above 100", "discipline", "h.csv", format!("nip;persen;mulai;bulan\n{BUDI};250;2026-10;6\n"), "bukan persen"),
        bad(
            "an end before its start",
            "permits",
            "c.csv",
            format!("nip;jenis;mulai;selesai\n{BUDI};cltn;2026-10-02;2026-10-01\n"),
            "lebih awal",
        ),
        bad("no log", "attlog", "7_attlog.dat", "101,2026-10-01 07:30:00,1,0\n", "bukan attlog.dat"),
        bad("a scan on 31 February", "attlog", "7_attlog.dat", "101\t2026-02-31 07:30:00\t1\t0\n", "bukan tanggal"),
        bad("a scan at 24:00", "attlog", "7_attlog.dat", "101\t2026-10-01 24:00:00\t1\t0\n", "jam 24:00 tidak ada"),
    ]
}

/// An office with a roster of two in its store.
fn office() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let policy = policy();
    std::fs::write(folder.path().join("selaras.toml"), format!("[policy]\ndir = \"{}\"\n", policy.parent().unwrap().display())).unwrap();
    let people = format!("{BUDI},BUDI,PNS,01,8,AKTIF\n{SITI},SITI,PPPK,01,8,AKTIF\n");
    let roster = format!("nip,nama,jenis_pegawai,kode_unit,kelas_jabatan,status\n{people}");
    std::fs::write(folder.path().join("roster.csv"), roster).unwrap();
    run(folder.path(), &["import", "roster", "roster.csv", "--period", "2026-10"]).ended(0);
    folder
}

fn policy() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy/contoh-kemenko-infra.toml")
}

/// Runs the binary and holds it to the bounds of time and memory.
fn run(folder: &Path, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selaras"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SELARAS")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["--config", "selaras.toml"]).args(args);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let process = child.id();
    let watch = std::thread::spawn(move || watched(process));
    let ran = Ran::of(child.wait_with_output().unwrap());
    let (seconds, memory) = watch.join().unwrap();
    assert!(seconds < SECONDS, "{args:?} took {seconds} s of processor time");
    assert!(memory < MEMORY, "{args:?} took {} MB", memory >> 20);
    assert!(memory > 0 || !cfg!(target_os = "linux"), "{args:?}: nothing was measured");
    ran
}

/// Processor time and most memory of a process, looked at until it ends.
fn watched(process: u32) -> (f64, u64) {
    let (start, mut seconds, mut memory) = (Instant::now(), 0.0, 0);
    let of = |file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}")).ok();
    while start.elapsed() < Duration::from_secs(100) {
        let peak = of("status").and_then(|text| text.lines().find_map(|line| line.strip_prefix("VmHWM:").map(str::to_owned)));
        // A process that has ended shows no memory any more.
        let Some(kilobytes) = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok()) else { break };
        memory = kilobytes << 10;
        if let Some(stat) = of("stat") {
            // Behind the name in parentheses; fields 14 and 15 of proc(5), in hundredths of a second.
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
            let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
            seconds = (ticks(11) + ticks(12)) / 100.0;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    (seconds, memory)
}

/// The one sentence of a refusal: it names the file, masks NIPs and cannot play with a terminal.
fn one_sentence(ran: &Ran, bad: &Bad) {
    let (what, err) = (bad.what, &ran.err);
    assert_eq!(ran.code, Some(2), "{what}: {err}");
    assert_eq!(err.lines().count(), 1, "{what}: {err}");
    assert!(err.starts_with(bad.name) && err.contains(bad.says), "{what}: {err}");
    assert!(err.chars().count() < 1000 && !err.trim_end().chars().any(char::is_control), "{what}: {err}");
    assert!(!err.contains(BUDI) && !err.contains("3174012345678901"), "{what}: {err}");
}

/// Every row of every table of the store: a refusal adds, changes and takes away none. Not the bytes of its files, since
/// SQLite may move rows from its log to the main file whenever it is opened.
fn store(folder: &Path) -> BTreeMap<String, String> {
    let url = format!("sqlite://{}", folder.join("selaras.db").display());
    let read = async {
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        let mut found = BTreeMap::new();
        for table in sqlx::query_scalar::<_, String>(tables).fetch_all(&pool).await.unwrap() {
            let columns: Vec<String> = sqlx::query_scalar("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_all(&pool)
                .await
                .unwrap();
            let row = columns.join(" || ',' || ");
            let rows = format!("SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT {row} AS line FROM \"{table}\" ORDER BY 1)");
            let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(rows)).fetch_one(&pool).await.unwrap();
            found.insert(table, rows);
        }
        pool.close().await;
        found
    };
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(read)
}

fn check_arguments<'a>(bad: &'a Bad, policy: &'a str) -> Option<Vec<&'a str>> {
    let option = match bad.kind {
        "roster" => "--roster",
        "attendance" => "--attendance",
        "permits" => "--permits",
        "discipline" => "--discipline",
        "payment" => "--payment",
        _ => return None,
    };
    let mut args = vec!["check", "--period", "2026-10", "--policy", policy, "--as", "json,csv", "--output", "hasil/"];
    if option != "--roster" {
        args.extend(["--roster", "roster.csv"]);
    }
    args.extend([option, bad.name]);
    Some(args)
}

fn refuse_all(all: Vec<Bad>) {
    let office = office();
    let folder = office.path();
    std::fs::create_dir(folder.join("hasil")).unwrap();
    let policy = policy().display().to_string();
    let before = store(folder);
    assert!(before.values().any(|rows| rows.contains(BUDI)), "the store lies elsewhere: {:?}", before.keys());
    let mut wrong = Vec::new();
    for bad in all {
        let held = std::panic::catch_unwind(|| refuse(folder, &bad, &policy, &before));
        if held.is_err() {
            wrong.push(bad.what);
        }
    }
    assert!(wrong.is_empty(), "see above: {wrong:?}");
}

fn refuse(folder: &Path, bad: &Bad, policy: &str, before: &BTreeMap<String, String>) {
    std::fs::write(folder.join(bad.name), &bad.bytes).unwrap();
    let mut args = vec!["import", bad.kind, bad.name, "--as", "json"];
    if bad.kind == "roster" {
        args.extend(["--period", "2026-10"]);
    }
    let imported = run(folder, &args);
    one_sentence(&imported, bad);
    let document = imported.json();
    assert_eq!(document["files"][0]["status"], "refused", "{}", bad.what);
    assert_ne!(document["files"][0]["refused"], Value::Array(Vec::new()), "{}", bad.what);
    let first = &document["files"][0]["refused"][0];
    for (key, word) in [("sheet", "lembar"), ("row", "baris"), ("column", "kolom")] {
        if let Some(place) = first[key].as_str().map(str::to_owned).or(first[key].as_u64().map(|row| row.to_string())) {
            assert!(imported.err.contains(&format!("{word} {place}")), "{}: {key} {place}: {}", bad.what, imported.err);
        }
    }
    println!("{}", imported.err.trim_end());
    if let Some(args) = check_arguments(bad, policy) {
        let checked = run(folder, &args);
        one_sentence(&checked, bad);
        assert_eq!(checked.out, "", "{}", bad.what);
        assert_eq!(std::fs::read_dir(folder.join("hasil")).unwrap().count(), 0, "{}", bad.what);
    }
    assert!(store(folder) == *before, "{} changed the store", bad.what);
    std::fs::remove_file(folder.join(bad.name)).unwrap();
}

#[test]
fn bad_workbooks_are_refused_and_nothing_changes() {
    refuse_all(workbooks());
}

#[test]
fn bad_texts_are_refused_and_nothing_changes() {
    refuse_all(texts());
}

#[test]
fn what_only_looks_bad_is_read() {
    let office = office();
    let folder = office.path();
    let days =
        format!("{DAYS}{BUDI},2026-10-01,07:30,16:00,WFO\r\n{BUDI},2026-10-02,07:30,16:00,WFO\r{SITI},2026-10-01,07:30,16:00,WFO\n\n");
    let blanks = format!("{}{}", day(BUDI, "2026-10-01", "07:30"), ",,,,\n".repeat(1_000_000));
    let formula = book(|sheet| {
        sheet.write_formula(1, 2, Formula::new("=TIME(7,30,0)").set_result("07:30")).unwrap();
    });
    for (name, bytes, rows) in
        [("akhir-baris.csv", days.into_bytes(), 3), ("kosong.csv", blanks.into_bytes(), 1), ("rumus.xlsx", formula, 1)]
    {
        std::fs::write(folder.join(name), bytes).unwrap();
        let ran = run(folder, &["import", "attendance", name, "--as", "json"]).ended(0);
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(document["files"][0]["rows"], rows, "{name}: {}", ran.out);
    }
}

#[test]
fn a_total_line_that_lies_is_flagged_and_the_rows_stand() {
    let office = office();
    let folder = office.path();
    std::fs::write(folder.join("adk.txt"), format!("{PAID}TOTAL\t\t\t\t\t\t\t3915951\t0\t3915951\r\n")).unwrap();
    run(folder, &["import", "payment", "adk.txt"]).ended(0);
    run(folder, &["reconcile", "--period", "2026-10"]).ended(3);
    let found = run(folder, &["export", "findings", "--period", "2026-10", "--as", "json"]).ended(0).json();
    let lies: Vec<&Value> = found["rows"].as_array().unwrap().iter().filter(|row| row["code"] == "AM02").collect();
    assert_eq!(lies.len(), 1, "{found}");
    assert_eq!((&lies[0]["nip"], &lies[0]["subject"]), (&Value::Null, &Value::from("adk.txt")), "{found}");
}
