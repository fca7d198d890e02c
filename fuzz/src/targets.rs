//! What every fuzz target does with its bytes. libFuzzer calls these functions from `fuzz_targets`; the ordinary test
//! suite takes in this very file and calls them with every file of `corpus` (tests/it/fuzzed.rs). A panic is a finding,
//! and so is an error that is not one short sentence.

use selaras::domain::Kind;
use selaras::domain::Nip;
use selaras::domain::Percent;
use selaras::domain::Period;
use selaras::domain::text::Lang;
use selaras::ekinerja::Outcome;
use selaras::ekinerja::Question;
use selaras::ekinerja::understand;
use selaras::intake::Delivery;
use selaras::intake::FileKind;
use selaras::intake::IntakeError;
use selaras::intake::Reading;
use selaras::policy::CheckReport;
use selaras::policy::Policy;
use selaras::policy::PolicyFile;
use selaras::policy::holidays::HolidayList;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;

/// A target: its bytes become one file, one body or one field.
pub type Target = fn(&[u8]);

/// Every target under the name of its binary and its folder of seeds.
pub const TARGETS: [(&str, Target); 8] =
    [("nip", nip), ("csv", csv), ("attlog", attlog), ("adk", adk), ("xls", xls), ("xlsx", xlsx), ("bkn", bkn), ("policy", policy)];

/// Longest sentence to a person, in characters.
const SENTENCE: usize = 4000;

/// One field: a NIP, and the other words of the domain that are read from text.
pub fn nip(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(nip) = Nip::parse(&text) {
        assert_eq!(Nip::parse(nip.as_str()), Ok(nip), "a NIP that was read is not itself");
        assert!(nip.as_str().len() == 18 && nip.as_str().bytes().all(|byte| byte.is_ascii_digit()));
        let _ = nip.oddities(october().last_day());
        assert!(!nip.masked().contains(nip.as_str()));
    }
    if let Ok(period) = text.parse::<Period>() {
        assert_eq!(period.to_string().parse(), Ok(period), "a period that was read is not itself");
    }
    if let Ok(percent) = text.parse::<Percent>() {
        assert_eq!(percent.to_string().parse(), Ok(percent), "a percent that was read is not itself");
    }
}

/// A text file, read as every kind that has a header.
pub fn csv(bytes: &[u8]) {
    let kinds = FileKind::ALL.iter().map(|(_, kind)| *kind).filter(|kind| *kind != FileKind::Attlog);
    for kind in kinds {
        intake(kind, "berkas.csv", bytes);
    }
}

/// The log of a device.
pub fn attlog(bytes: &[u8]) {
    intake(FileKind::Attlog, "7_attlog.dat", bytes);
    intake(FileKind::Attlog, "unduhan.dat", bytes);
}

/// ADK tukin as text without a header.
pub fn adk(bytes: &[u8]) {
    intake(FileKind::Payment, "adk.txt", bytes);
}

/// A file of the OLE container as it is; anything else is the workbook stream in a sound container.
pub fn xls(bytes: &[u8]) {
    let container = if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) { Some(bytes.to_vec()) } else { contained(bytes) };
    for kind in [FileKind::Attendance, FileKind::Payment] {
        container.iter().for_each(|file| intake(kind, "berkas.xls", file));
    }
}

fn contained(stream: &[u8]) -> Option<Vec<u8>> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    container.create_stream("/Workbook").ok()?.write_all(stream).ok()?;
    container.flush().ok()?;
    Some(container.into_inner().into_inner())
}

/// The parts of a package in the order in which [`xlsx`] takes them, and what stands there when one is not given.
const PARTS: [(&str, &str); 6] = [
    ("xl/worksheets/sheet1.xml", "<worksheet/>"),
    ("xl/sharedStrings.xml", "<sst/>"),
    ("xl/styles.xml", "<styleSheet/>"),
    ("xl/workbook.xml", r#"<workbook><sheets><sheet name="P" sheetId="1" r:id="r1"/></sheets></workbook>"#),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="r1" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
];

/// A ZIP file as it is; anything else is the parts of a package, a zero byte between them, so that no check sum stands
/// between a change and the reader.
pub fn xlsx(bytes: &[u8]) {
    let package = if bytes.starts_with(b"PK") { Some(bytes.to_vec()) } else { packed(bytes) };
    for kind in [FileKind::Attendance, FileKind::Payment] {
        package.iter().for_each(|file| intake(kind, "berkas.xlsx", file));
    }
}

fn packed(parts: &[u8]) -> Option<Vec<u8>> {
    let mut given = parts.split(|byte| *byte == 0);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, usual) in PARTS {
        let content = given.next().filter(|content| !content.is_empty()).unwrap_or(usual.as_bytes());
        writer.start_file(name, stored).ok()?;
        writer.write_all(content).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}

/// The body of an answer, read as the answer to every question and under several statuses.
pub fn bkn(bytes: &[u8]) {
    let nip = somebody();
    let per_nip = [
        Kind::Identity,
        Kind::History,
        Kind::SkpAnnual,
        Kind::DisciplineBkn,
        Kind::UnpaidLeave,
        Kind::Position,
        Kind::Termination,
        Kind::Transfer,
        Kind::StudyLeave,
    ];
    for about in [None, Some(nip)] {
        answer(&Question::Evaluation { cycle: october().into(), nip: about }, bytes);
        answer(&Question::Skp { year: 2026, nip: about }, bytes);
    }
    for kind in per_nip {
        answer(&Question::Person { kind, nip, part_time: false }, bytes);
    }
    answer(&Question::Person { kind: Kind::Identity, nip, part_time: true }, bytes);
}

fn answer(question: &Question, bytes: &[u8]) {
    for status in [200, 404, 401, 429, 500] {
        let (outcome, drift) = understand(question, status, bytes.to_vec(), chrono::DateTime::UNIX_EPOCH);
        assert!(drift.len() <= 200, "drift without end");
        match outcome {
            Outcome::Fault(fault) => is_a_sentence(&fault.to_string()),
            Outcome::DeclaredAbsent => {}
            Outcome::Rows { statements, quarantined } => {
                assert!(statements.windows(2).all(|two| two[0].nip < two[1].nip), "statements out of order");
                quarantined.iter().for_each(|row| is_a_sentence(&row.detail));
            }
        }
    }
}

static FOLDER: LazyLock<Option<tempfile::TempDir>> = LazyLock::new(|| tempfile::tempdir().ok());

/// A policy with its list of holidays, and the same text as such a list.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let name = Path::new("policy.toml");
    if let Err(error) = PolicyFile::parse(name, text) {
        is_a_sentence(&error.sentence(Lang::Id));
        is_a_sentence(&error.sentence(Lang::En));
    } else if let Some(folder) = FOLDER.as_ref() {
        let path = written(folder.path(), bytes);
        let report = CheckReport::read(&path);
        let read = Policy::read(&path);
        let usable = report.as_ref().is_ok_and(CheckReport::is_usable);
        assert_eq!(read.is_ok(), usable, "check and use disagree about a policy");
        for problem in report.iter().flat_map(|report| report.problems.iter().chain(&report.notices)) {
            is_a_sentence(&problem.sentence(Lang::Id));
            is_a_sentence(&problem.sentence(Lang::En));
        }
    }
    match HolidayList::parse(name, text) {
        Ok(list) => assert!(list.days().count() == list.day.len()),
        Err(error) => is_a_sentence(&error.sentence(Lang::En)),
    }
}

fn written(folder: &Path, bytes: &[u8]) -> PathBuf {
    let path = folder.join("policy.toml");
    let _ = std::fs::write(&path, bytes);
    let _ = std::fs::write(folder.join("national-holidays-2026.toml"), include_str!("../../config/policy/national-holidays-2026.toml"));
    path
}

/// Reads a file as a kind, and once more without the rows that were refused.
fn intake(kind: FileKind, name: &str, bytes: &[u8]) {
    let synonyms = BTreeMap::new();
    let period = (kind == FileKind::Roster).then(october);
    let reading = Reading { kind, name, bytes, period, accept_partial: false, synonyms: &synonyms };
    match selaras::intake::read(&reading) {
        Ok(deliveries) => deliveries.iter().for_each(|delivery| holds(delivery, false)),
        Err(error) => {
            says_why(&error);
            if !error.refusals().is_empty() {
                match selaras::intake::read(&Reading { accept_partial: true, ..reading }) {
                    Ok(deliveries) => deliveries.iter().for_each(|delivery| holds(delivery, true)),
                    Err(error) => says_why(&error),
                }
            }
        }
    }
}

fn holds(delivery: &Delivery, partial: bool) {
    assert!(delivery.rows_refused() <= delivery.rows_read, "more rows refused than read");
    assert!(partial || delivery.refused.is_empty(), "rows were left out without leave");
    let order = |statement: &selaras::domain::Statement| (statement.nip, statement.span);
    assert!(delivery.statements.windows(2).all(|two| order(&two[0]) < order(&two[1])), "statements out of order");
    for notice in &delivery.notices {
        is_a_sentence(&notice.sentence(Lang::Id));
        is_a_sentence(&notice.sentence(Lang::En));
    }
}

fn says_why(error: &IntakeError) {
    is_a_sentence(&error.sentence(Lang::Id));
    is_a_sentence(&error.sentence(Lang::En));
}

/// One line of bounded length, without characters that would move the cursor or colour a terminal.
fn is_a_sentence(text: &str) {
    assert!(!text.trim().is_empty(), "an error says nothing");
    assert!(text.chars().count() <= SENTENCE, "a sentence of {} characters", text.chars().count());
    assert!(!text.chars().any(char::is_control), "a sentence with control characters: {text:?}");
}

fn october() -> Period {
    Period::new(2026, 10).unwrap()
}

fn somebody() -> Nip {
    Nip::parse("198501012010011901").unwrap()
}
