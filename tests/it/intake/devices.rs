//! Scans of devices and the map of PINs: what is read, and what both come to, whichever comes first.

use super::*;
use chrono::DateTime;
use chrono::Utc;
use selaras::domain::Code;
use selaras::domain::Kind;
use selaras::domain::Nip;
use selaras::domain::attendance::AttendanceDay;
use selaras::domain::evidence::Evidence;
use selaras::domain::evidence::Source;
use selaras::intake::Notice;
use selaras::policy::Policy;
use selaras::reconcile::Devices;
use std::path::Path;

/// As a device writes it: PINs right-aligned, tabs, CRLF, four to six fields, states that mean nothing.
const LOG: &str = "        1\t2026-10-01 07:21:05\t1\t1\t1\t0\r\n        1\t2026-10-01 12:01:00\t1\t0\t1\t0\r\n\
                   \x20       1\t2026-10-01 16:33:59\t1\t0\t15\r\n       12\t2026-10-01 07:40:00\t1\t0\r\n\
                   \x20       1\t2026-10-02 16:31:00\t1\t4\t1\t0\r\n";

const PINS: &str = "perangkat;pin;nip\n7;1;198501012010011901\n7;00012;199202022023211902\n";

fn log(name: &str, text: &str) -> Delivery {
    one(load(FileKind::Attlog, name, text.as_bytes()))
}

#[test]
fn a_log_is_kept_by_pin_with_the_first_and_the_last_scan_of_a_day() {
    let delivery = log("7_attlog.dat", LOG);
    assert_eq!((delivery.kind, delivery.span.to_string().as_str(), delivery.rows_read), (Kind::Attlog, "2026-10", 5));
    assert_eq!(delivery.scope, selaras::domain::evidence::Scope::Named, "a device is one door");
    assert!(delivery.statements.is_empty(), "nobody is known yet");
    let scans = delivery.facts.scans.unwrap();
    let said: Vec<String> =
        scans.pins.iter().flat_map(|pin| pin.days.iter().zip(&pin.rows).map(|(day, row)| shown(&pin.pin, day, *row))).collect();
    assert_eq!(scans.device, "7");
    assert_eq!(said, ["1 2026-10-01 07:21:05 16:33:59 @1", "1 2026-10-02 16:31:00 16:31:00 @5", "12 2026-10-01 07:40:00 07:40:00 @4"]);
    assert_eq!(delivery.notices, [Notice::Scans { device: "7".into(), pins: 2, month: "2026-10".parse().unwrap() }]);
}

fn shown(pin: &str, day: &AttendanceDay, row: u32) -> String {
    let time = |time: Option<chrono::NaiveTime>| time.map_or("-".to_owned(), |time| time.to_string());
    format!("{pin} {} {} {} @{row}", day.tanggal, time(day.jam_masuk), time(day.jam_pulang))
}

#[test]
fn the_device_is_told_by_the_name_of_the_file_or_by_its_lines() {
    let device = |name: &str, text: &str| log(name, text).facts.scans.unwrap().device;
    assert_eq!(device("AF6P_attlog (2).dat", LOG), "AF6P");
    assert_eq!(device("oktober.dat", &LOG.replace("\t1\t", "\t3\t").replace("\t3\t3\t", "\t3\t1\t")), "3");
    let two = "1\t2026-10-01 07:21:05\t1\t1\n1\t2026-10-01 16:21:05\t2\t1\n";
    assert_eq!(reasons(load(FileKind::Attlog, "attlog.dat", two.as_bytes())), [RefusalReason::DeviceUnknown]);
}

#[test]
fn months_of_a_log_stand_apart_and_the_same_bytes_are_one_file() {
    let text = "1\t2026-08-03 07:21:05\t1\t1\n1\t2026-09-30 07:21:05\t1\t1\n1\t2026-10-01 07:21:05\t1\t1\n";
    let all = load(FileKind::Attlog, "7_attlog.dat", text.as_bytes()).unwrap();
    let months: Vec<String> = all.iter().map(|delivery| delivery.span.to_string()).collect();
    assert_eq!(months, ["2026-08", "2026-09", "2026-10"]);
    let renamed = load(FileKind::Attlog, "8_attlog.dat", text.as_bytes()).unwrap();
    assert_eq!(all[0].part, renamed[0].part, "a wrong device is put right by importing the file under its right name");
    assert_ne!(all[0].facts, renamed[0].facts);
    let october = Reading { period: "2026-10".parse().ok(), ..reading_of("7_attlog.dat", text) };
    let asked = read(&october).unwrap();
    assert_eq!(asked.len(), 2, "the month asked for and the one into which its window may reach");
    let left_out = Notice::MonthsLeftOut { months: vec!["2026-08".parse().unwrap()], period: "2026-10".parse().unwrap() };
    assert!(asked[0].notices.contains(&left_out));
    let none = Reading { period: "2026-12".parse().ok(), ..reading_of("7_attlog.dat", text) };
    assert_eq!(reasons(read(&none)), [RefusalReason::NoRowOfPeriod("2026-12".parse().unwrap())]);
}

fn reading_of<'a>(name: &'a str, text: &'a str) -> Reading<'a> {
    static NONE: BTreeMap<String, Vec<String>> = BTreeMap::new();
    Reading { kind: FileKind::Attlog, name, bytes: text.as_bytes(), period: None, accept_partial: false, synonyms: &NONE }
}

#[test]
fn broken_lines_of_a_log_are_refused_with_their_place() {
    let of = |line: &str| {
        let text = format!("1\t2026-10-01 07:21:05\t1\t0\n{line}\n");
        let refusal = refusals(load(FileKind::Attlog, "7_attlog.dat", text.as_bytes())).remove(0);
        assert_eq!(refusal.row, Some(2), "{line}");
        refusal.reason
    };
    assert_eq!(of("1\t2026-02-31 07:21:05\t1\t0"), RefusalReason::NotDate);
    assert_eq!(of("1\t2026-10-01 24:00:00\t1\t0"), RefusalReason::TwentyFour);
    assert_eq!(of("1\t2026-10-01\t1\t0"), RefusalReason::NotTime);
    assert_eq!(of("1\t26-10-01 07:00:00\t1\t0"), RefusalReason::TwoDigitYear);
    assert_eq!(of("\t2026-10-01 07:00:00\t1\t0"), RefusalReason::Empty);
    assert_eq!(of("1 2\t2026-10-01 07:00:00\t1\t0"), RefusalReason::NotPin);
    assert_eq!(of("1\t2026-10-01 07:00:00"), RefusalReason::ShortRow { cells: 2, needed: 4 });
    assert_eq!(of("1\t2026-10-01 07:00:00\t1\t0\t1\t0\t9"), RefusalReason::LongRow { cells: 7, columns: 6 });
    for wrong in ["nip;tanggal\n1;2\n", "\n\n"] {
        assert_eq!(reasons(load(FileKind::Attlog, "7_attlog.dat", wrong.as_bytes())), [RefusalReason::NotAttlog], "{wrong}");
    }
    let sheet = workbook(&[("Log", &[&[V::T("1"), V::T("2026-10-01 07:21:05")]])]);
    assert_eq!(reasons(load(FileKind::Attlog, "7_attlog.xlsx", &sheet)), [RefusalReason::NotAttlog]);
    let partial = format!("{LOG}x y\t2026-10-01 07:21:05\t1\t1\n");
    let read = read(&Reading { accept_partial: true, ..reading_of("7_attlog.dat", &partial) }).unwrap();
    assert_eq!((read[0].rows_refused(), read[0].facts.scans.as_ref().unwrap().pins.len()), (1, 2));
}

#[test]
fn a_map_says_whose_a_pin_is() {
    let delivery = one(text(FileKind::Pins, &format!("{PINS}7;99;\n")));
    assert_eq!((delivery.kind, delivery.span.to_string().as_str(), delivery.statements.len()), (Kind::Pins, "", 2));
    assert_eq!(delivery.notices, [Notice::PinsOfNobody { rows: 1 }]);
    let sheet = workbook(&[("PIN", &[&[V::T("Perangkat"), V::T("PIN"), V::T("NIP")], &[V::N(7.0), V::N(12.0), V::T(BUDI)]])]);
    let delivery = one(load(FileKind::Pins, "pin.xlsx", &sheet));
    assert_eq!(format!("{:?}", delivery.statements[0].body), r#"Some(Pins([DevicePin { perangkat: "7", pin: "12" }]))"#);
    let numeric =
        workbook(&[("PIN", &[&[V::T("Perangkat"), V::T("PIN"), V::T("NIP")], &[V::N(7.0), V::N(12.0), V::N(198_501_012_010_011_901.0)]])]);
    assert_eq!(reasons(load(FileKind::Pins, "pin.xlsx", &numeric)), [RefusalReason::NumericNip]);
    assert_eq!(reasons(text(FileKind::Pins, "perangkat;pin;nip\n7;;198501012010011901\n")), [RefusalReason::Empty]);
    assert_eq!(reasons(text(FileKind::Pins, "perangkat;pin;nip\n")), [RefusalReason::OnlyHeader]);
}

/// What a ministry has imported, with no store in between.
#[derive(Default)]
struct Shelf {
    sources: Vec<Source>,
    map: Vec<Evidence>,
}

impl Shelf {
    fn with(mut self, delivery: Delivery, hour: i64) -> Self {
        let at = DateTime::<Utc>::from_timestamp(1_793_500_000 + hour * 3600, 0).unwrap();
        for statement in delivery.statements {
            self.map.push(Evidence {
                statement,
                part: delivery.part.as_str().into(),
                source: delivery.source.as_str().into(),
                batch: delivery.part.as_str().into(),
                observed_at: at,
                checked_at: at,
                sha256: "".into(),
            });
        }
        self.sources.push(Source {
            batch: delivery.part.clone(),
            kind: delivery.kind,
            span: delivery.span,
            part: delivery.part,
            name: delivery.source,
            sha256: delivery.sha256,
            scope: delivery.scope,
            facts: delivery.facts,
            observed_at: at,
            checked_at: at,
        });
        self
    }

    fn devices(&self) -> Devices {
        Devices::new("2026-10-01".parse().unwrap(), policy().attendance_window("2026-10".parse().unwrap()), &self.sources, &self.map)
    }

    /// The days of somebody, beside what attendance files say.
    fn days(&self, nip: &str, files: Vec<Evidence>) -> Vec<String> {
        let mut evidence = files;
        self.devices().add_to(&policy(), Nip::parse(nip).unwrap(), &mut evidence);
        let bodies = evidence.into_iter().filter_map(|item| item.statement.body.map(|body| (body, item.statement.locator)));
        bodies
            .flat_map(|(body, place)| match body {
                Body::Attendance(days) => days.iter().enumerate().map(|(at, day)| shown("", &day, place.index.get(at).unwrap())).collect(),
                _ => Vec::new(),
            })
            .collect()
    }
}

fn policy() -> Policy {
    Policy::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/policy/contoh-kemenko-infra.toml")).unwrap()
}

fn pins(text: &str, name: &str) -> Delivery {
    one(load(FileKind::Pins, name, text.as_bytes()))
}

const OCTOBER_OF_BUDI: [&str; 2] = [" 2026-10-01 07:21:05 16:33:59 @1", " 2026-10-02 - 16:31:00 @5"];

#[test]
fn scans_become_days_whichever_comes_first() {
    for shelf in [
        Shelf::default().with(log("7_attlog.dat", LOG), 0).with(pins(PINS, "pin.csv"), 1),
        Shelf::default().with(pins(PINS, "pin.csv"), 0).with(log("7_attlog.dat", LOG), 1),
    ] {
        // a single scan counts for the nearer half of the day
        assert_eq!(shelf.days(BUDI, Vec::new()), OCTOBER_OF_BUDI);
        assert_eq!(shelf.days(ANI, Vec::new()), [" 2026-10-01 07:40:00 - @4"]);
        let sources = shelf.devices().sources();
        assert_eq!((sources.len(), sources[0].kind), (1, Kind::Attendance));
        assert!(shelf.devices().findings(&policy(), "2026-10".parse().unwrap()).is_empty());
    }
}

#[test]
fn two_doors_and_two_downloads_make_one_day() {
    let second = "1\t2026-10-01 17:05:00\t1\t0\n1\t2026-10-02 07:00:00\t1\t0\n1\t2026-10-02 07:01:00\t1\t0\n";
    let any = PINS.replace("\n7;", "\n*;");
    let shelf = Shelf::default().with(pins(&any, "pin.csv"), 0).with(log("7_attlog.dat", LOG), 1).with(log("9_attlog.dat", second), 2);
    assert_eq!(shelf.days(BUDI, Vec::new()), [" 2026-10-01 07:21:05 17:05:00 @1", " 2026-10-02 07:00:00 16:31:00 @2"]);
    let emptied = Shelf::default().with(pins(PINS, "pin.csv"), 0).with(log("7_attlog.dat", LOG), 1).with(log("7_attlog.dat", second), 2);
    assert_eq!(emptied.days(BUDI, Vec::new())[0], " 2026-10-01 07:21:05 17:05:00 @1");
}

#[test]
fn a_pin_without_a_nip_is_a_finding_about_the_device_until_the_map_has_it() {
    let period = "2026-10".parse().unwrap();
    let shelf = Shelf::default().with(log("7_attlog.dat", LOG), 0);
    let found = shelf.devices().findings(&policy(), period);
    let subjects: Vec<&str> = found.iter().map(|finding| finding.subject.as_str()).collect();
    assert_eq!(subjects, ["7/1", "7/12"]);
    assert!(found.iter().all(|finding| finding.code == Code::Id05 && finding.nip.is_none() && !finding.evidence.is_empty()));
    assert!(shelf.devices().sources().is_empty());
    let mapped = shelf.with(pins(PINS, "pin.csv"), 1);
    assert!(mapped.devices().findings(&policy(), period).is_empty());
}

#[test]
fn a_pin_of_two_people_counts_for_neither_and_both_are_told() {
    let twice = format!("{PINS}7;1;199202022023211902\n");
    let shelf = Shelf::default().with(pins(&twice, "pin.csv"), 0).with(log("7_attlog.dat", LOG), 1);
    assert!(shelf.days(BUDI, Vec::new()).is_empty());
    let devices = shelf.devices();
    for (nip, other) in [(BUDI, ANI), (ANI, BUDI)] {
        let shared = devices.shared(Nip::parse(nip).unwrap());
        assert_eq!((shared.len(), shared[0].subject.as_str(), shared[0].others[0].as_str()), (1, "7/1", other));
    }
    assert!(devices.findings(&policy(), "2026-10".parse().unwrap()).is_empty());
    // a corrected list replaces the earlier one of its devices, whatever it is called
    let mended = shelf.with(pins(PINS, "pin-baru.csv"), 2);
    assert_eq!(mended.days(BUDI, Vec::new()), OCTOBER_OF_BUDI);
    assert!(mended.devices().shared(Nip::parse(ANI).unwrap()).is_empty());
}

#[test]
fn an_attendance_file_wins_over_scans_unless_it_says_nothing() {
    let file = "nip;tanggal;jam_masuk;jam_pulang;status\n198501012010011901;2026-10-01;;;DINAS\n198501012010011901;2026-10-02;;;\n";
    let delivery = one(text(FileKind::Attendance, file));
    let files = Shelf::default().with(delivery, 0).map;
    let shelf = Shelf::default().with(pins(PINS, "pin.csv"), 0).with(log("7_attlog.dat", LOG), 1);
    assert_eq!(shelf.days(BUDI, files), [" 2026-10-01 - - @2", " 2026-10-02 - 16:31:00 @5"]);
}

#[test]
fn a_single_scan_counts_by_the_hours_of_the_shift() {
    let text = "1\t2026-10-01 12:55:00\t1\t0\n";
    let shelf = Shelf::default().with(pins(PINS, "pin.csv"), 0).with(log("7_attlog.dat", text), 1);
    let nip = Nip::parse(BUDI).unwrap();
    let roster = "nip;nama;jenis_pegawai;kode_unit;kelas_jabatan;status\n198501012010011901;Budi;PNS;U09;8;AKTIF\n";
    let roster = Shelf::default().with(one(load(FileKind::Roster, "pegawai.csv", roster.as_bytes())), 0).map;
    let mut rules = policy();
    let seen = |rules: &Policy| {
        let mut evidence = roster.clone();
        shelf.devices().add_to(rules, nip, &mut evidence);
        let days = evidence.into_iter().find_map(|item| match item.statement.body {
            Some(selaras::domain::Body::Attendance(days)) => Some(days),
            _ => None,
        });
        let day = days.unwrap().iter().next().unwrap();
        (day.jam_masuk.is_some(), day.jam_pulang.is_some())
    };
    assert_eq!(seen(&rules), (false, true), "the second half of an ordinary day");
    rules.file.worktime.schedule.push(selaras::policy::Schedule {
        name: "siang".to_owned(),
        days: vec![selaras::policy::DayName::Thu],
        start: "13:00:00".parse().unwrap(),
        end: "21:00:00".parse().unwrap(),
        break_minutes: 30,
        assign: Some(selaras::policy::Assign { units: vec!["U09".to_owned()], ..Default::default() }),
        works_on_holidays: false,
    });
    assert_eq!(seen(&rules), (true, false), "a check-in of the unit's afternoon shift");
}
