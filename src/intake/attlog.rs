//! `attlog.dat` of ZKTeco and Solution devices: tab-separated scans without a header (facts tukin-rules §3.3). Whose a
//! PIN is, the map of PINs says; here nobody is known yet, so the scans are facts of the file and no statements.
//!
//! Devices are emptied after a download, and the next file has the same name: every file stands beside the others, and
//! the scans of all of them count. The same bytes are the same file: imported under another name they take that name,
//! which is how a file of a wrong device is put right.

use super::FileKind;
use super::cell::Cell;
use super::cell::RawRow;
use super::content::Content;
use super::content::Reading;
use super::csv::Records;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::Settled;
use super::delivery::refuse;
use super::delivery::settle;
use super::error::IntakeError;
use super::error::Unreadable;
use super::header::Header;
use super::header::Layout;
use super::header::may;
use super::header::must;
use super::notice::Notice;
use super::pins::pin;
use super::refusal::Refusal;
use super::refusal::RefusalReason;
use super::row::Row;
use super::sniff;
use super::sniff::Format;
use super::table::Outcome;
use super::table::Sheet;
use super::values;
use crate::domain::Kind;
use crate::domain::Period;
use crate::domain::attendance::AttendanceDay;
use crate::domain::attendance::DeviceScans;
use crate::domain::attendance::PinScans;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

static LAYOUT: Layout = Layout {
    kind: FileKind::Attlog,
    form: "attlog.dat",
    columns: &[must("pin"), must("waktu"), must("perangkat"), must("status"), may("verifikasi"), may("kode_kerja")],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// Fields that a line must have, up to the in/out state.
const NEEDED: usize = 4;

/// The days of a PIN, each with the row of its first scan.
type Days = BTreeMap<NaiveDate, (AttendanceDay, u32)>;

/// Scans by month, PIN and day, with the row of the first scan of a day.
#[derive(Default)]
pub(super) struct Scans {
    months: BTreeMap<Period, BTreeMap<String, Days>>,
}

impl Scans {
    /// Adds what one row says: the first check-in and the last check-out of a day stand.
    pub fn add(&mut self, pin: String, day: AttendanceDay, row: u32) {
        let days = self.months.entry(Period::of(day.tanggal)).or_default().entry(pin).or_default();
        let Some((known, at)) = days.get_mut(&day.tanggal) else {
            days.insert(day.tanggal, (day, row));
            return;
        };
        if day.jam_masuk.is_some() && known.jam_masuk.is_none_or(|time| day.jam_masuk < Some(time)) {
            (known.jam_masuk, *at) = (day.jam_masuk, row);
        }
        known.jam_pulang = known.jam_pulang.max(day.jam_pulang);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.months.is_empty()
    }

    /// One delivery a month: of the period asked for and the month before it, into which its window may reach; of all
    /// months when no period was asked for.
    pub fn deliveries(self, reading: &Reading<'_>, device: &str, settled: &mut Settled<'_>) -> Vec<Delivery> {
        let wanted = |month: &Period| reading.period.is_none_or(|period| *month == period || *month == period.offset(-1));
        let (taken, left): (BTreeMap<_, _>, BTreeMap<_, _>) = self.months.into_iter().partition(|(month, _)| wanted(month));
        if let Some(period) = reading.period.filter(|_| !left.is_empty()) {
            settled.notices.push(Notice::MonthsLeftOut { months: left.keys().copied().collect(), period });
        }
        let mut deliveries = Vec::new();
        for (month, pins) in taken {
            let of_pin = |(pin, days): (String, Days)| {
                let (days, rows) = days.into_values().unzip();
                PinScans { pin, days, rows }
            };
            let scans = DeviceScans { device: device.to_owned(), pins: pins.into_iter().map(of_pin).collect() };
            let notice = Notice::Scans { device: scans.device.clone(), pins: scans.pins.len(), month };
            let label = Label {
                kind: Kind::Attlog,
                span: Span::Month(month),
                part: format!("{month}/attlog-{}", settled.short_sha256()),
                scope: Scope::Named,
                period: Some(month),
            };
            let mut delivery = settled.deliver(label, SourceFacts { scans: Some(scans), ..SourceFacts::default() }, Vec::new());
            delivery.notices.push(notice);
            deliveries.push(delivery);
        }
        deliveries
    }
}

/// Reads a log.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let unreadable = |reason| IntakeError::Unreadable { file: reading.name.to_owned(), reason };
    let Content::Bytes(bytes) = reading.content else { return Err(refuse(reading, RefusalReason::NotAttlog)) };
    let Format::Text(text) = sniff::format(bytes).map_err(unreadable)? else {
        return Err(refuse(reading, RefusalReason::NotAttlog));
    };
    if text.lines().find(|line| !line.trim().is_empty()).is_none_or(|line| !line.contains('\t')) {
        return Err(refuse(reading, RefusalReason::NotAttlog));
    }
    let mut log = Log::default();
    let outcome = log.read(&text).map_err(unreadable)?;
    let mut settled = settle(reading, outcome, Emptiness::Refused)?;
    let device = match (device_of_name(reading.name), log.devices.len()) {
        (Some(device), _) => device,
        (None, 1) => log.devices.pop_first().unwrap_or_default(),
        _ => return Err(refuse(reading, RefusalReason::DeviceUnknown)),
    };
    if let Some(period) = reading.period.filter(|period| !log.scans.months.contains_key(period)) {
        return Err(refuse(reading, RefusalReason::NoRowOfPeriod(period)));
    }
    Ok(log.scans.deliveries(reading, &device, &mut settled))
}

/// `7_attlog.dat`, `7_attlog (2).dat`: the part before `_attlog`.
fn device_of_name(name: &str) -> Option<String> {
    let at = name.to_ascii_lowercase().find("_attlog")?;
    let device = name.get(..at)?.trim();
    (!device.is_empty()).then(|| device.to_owned())
}

/// A log while it is read.
#[derive(Default)]
struct Log {
    scans: Scans,
    /// What the lines say about the device: mostly 1, whatever the device.
    devices: BTreeSet<String>,
}

impl Log {
    fn read(&mut self, text: &str) -> Result<Outcome, Unreadable> {
        let sheet = Sheet { name: None, preamble: Vec::new(), continues: false };
        let header = Header::positional(&LAYOUT, 0);
        let mut outcome = Outcome::default();
        let mut records = Records::new(text, b'\t');
        let mut cells = Vec::new();
        loop {
            match records.read(&mut cells) {
                Ok(true) => {}
                Ok(false) => break,
                Err(broken) => {
                    outcome.refused.push(Refusal { row: Some(broken.row), ..Refusal::of_sheet(None, broken.reason) });
                    break;
                }
            }
            let raw = RawRow::Text(&cells);
            if raw.is_blank() {
                continue;
            }
            outcome.rows += 1;
            if outcome.rows > super::MAX_ROWS {
                return Err(Unreadable::TooManyRows);
            }
            self.line(&mut Row::new(&sheet, 0, &header, records.row(), raw, &mut outcome.refused));
        }
        outcome.sheets.push((sheet, header));
        Ok(outcome)
    }

    fn line(&mut self, row: &mut Row<'_>) {
        let cells = row.raw().len();
        if cells < NEEDED {
            row.refuse_row(RefusalReason::ShortRow { cells, needed: NEEDED });
            return;
        }
        if !row.fits() {
            return;
        }
        let pin = row.need("pin", pin);
        let at = row.need("waktu", scan);
        let device = row.take("perangkat", values::text);
        if let (true, Some(pin), Some(at)) = (row.is_clean(), pin, at) {
            self.devices.extend(device);
            self.scans.add(pin, tap(at), row.number);
        }
    }
}

/// A scan: a date with a time of day.
fn scan(cell: Cell<'_>) -> Result<chrono::NaiveDateTime, RefusalReason> {
    match cell {
        Cell::Text(text) if !text.contains([' ', 'T']) => Err(RefusalReason::NotTime),
        cell => values::timestamp(cell),
    }
}

/// A scan as a day: it is both the first and the last until another comes.
fn tap(at: chrono::NaiveDateTime) -> AttendanceDay {
    AttendanceDay {
        tanggal: at.date(),
        jam_masuk: Some(at.time()),
        jam_pulang: Some(at.time()),
        status: None,
        keterangan: None,
        alasan_manual: None,
        minutes_late: None,
        minutes_early: None,
    }
}
