//! The papers on the desk: the policy as a table, and the files as rows of text.

use calamine::Reader;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use toml::{Table, Value};

/// One row of a file: header to cell.
pub type Row = BTreeMap<String, String>;

/// Everything that the amounts follow from.
pub struct Papers {
    pub policy: Table,
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// Working days of the month.
    pub workdays: Vec<NaiveDate>,
    holidays: BTreeSet<NaiveDate>,
    pub roster: Vec<Row>,
    pub attendance: HashMap<String, BTreeMap<NaiveDate, Row>>,
    /// Days that anybody has a row of.
    pub recorded: BTreeSet<NaiveDate>,
    pub permits: HashMap<String, Vec<Row>>,
    pub discipline: HashMap<String, Vec<Row>>,
    /// "Laporan Penilaian SKP" of the month before.
    pub evaluations: HashMap<String, Vec<Row>>,
    /// Of earlier months, by how many months before the deciding one: what the "Rekap Penilaian" says.
    pub earlier: HashMap<(String, i32), [String; 3]>,
    /// Gross, deduction and net that the payment files pay for the month, supplements of acting positions apart.
    pub paid: HashMap<String, [i64; 3]>,
}

pub fn date(text: &str) -> Option<NaiveDate> {
    text.get(..10)?.parse().ok()
}

fn csv(path: &Path, delimiter: u8, above: usize) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    let body: String = text.split_inclusive('\n').skip(above).collect();
    csv::ReaderBuilder::new().delimiter(delimiter).from_reader(body.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

fn by_nip(rows: Vec<Row>) -> HashMap<String, Vec<Row>> {
    let mut all: HashMap<String, Vec<Row>> = HashMap::new();
    rows.into_iter().for_each(|row| all.entry(row["nip"].clone()).or_default().push(row));
    all
}

/// Month number of a year and month.
fn months(year: i32, month: u32) -> i32 {
    year * 12 + month as i32
}

impl Papers {
    /// `exports`: BKN's evaluation export; `recap`: its workbook of earlier months.
    pub fn gather(policy: &Path, first: NaiveDate, folder: &Path, export: &Path, recap: &Path) -> Self {
        let read = |path: &Path| std::fs::read_to_string(path).unwrap().parse::<Table>().unwrap();
        let rules = read(policy);
        let list = read(&policy.with_file_name(rules["calendar"]["holidays_file"].as_str().unwrap()));
        assert_eq!(rules["calendar"]["cuti_bersama_is_workday"].as_bool(), Some(false));
        let days = list["day"].as_array().unwrap().iter();
        let holidays: BTreeSet<NaiveDate> = days.map(|day| day["date"].as_datetime().unwrap().to_string().parse().unwrap()).collect();
        let last = (first + chrono::Months::new(1)).pred_opt().unwrap();
        let mut attendance: HashMap<String, BTreeMap<NaiveDate, Row>> = HashMap::new();
        for row in csv(&folder.join("presensi.csv"), b',', 0) {
            attendance.entry(row["nip"].clone()).or_default().insert(date(&row["tanggal"]).unwrap(), row);
        }
        let mut papers = Self {
            policy: rules,
            first,
            last,
            workdays: Vec::new(),
            holidays,
            roster: csv(&folder.join("roster.csv"), b',', 0),
            recorded: attendance.values().flat_map(|days| days.keys().copied()).collect(),
            attendance,
            permits: by_nip(csv(&folder.join("izin.csv"), b',', 0)),
            discipline: by_nip(csv(&folder.join("hukdis.csv"), b',', 0)),
            evaluations: by_nip(csv(export, b';', 7)),
            earlier: HashMap::new(),
            paid: HashMap::new(),
        };
        papers.workdays = first.iter_days().take_while(|day| *day <= last).filter(|day| papers.is_workday(*day)).collect();
        papers.earlier_months(recap);
        papers.payment_files(folder);
        papers
    }

    fn earlier_months(&mut self, recap: &Path) {
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(recap).unwrap();
        for (_, sheet) in book.worksheets() {
            let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
            let words: Vec<&str> = rows[2][0].split(' ').collect();
            let of = months(words[4].parse().unwrap(), words[2].parse().unwrap());
            let back = months(self.first.year(), self.first.month()) - 1 - of;
            for row in rows.iter().filter(|row| row[1].len() == 18) {
                self.earlier.insert((row[1].clone(), back), [row[4].clone(), row[5].clone(), row[6].clone()]);
            }
        }
    }

    /// The sheet "daftar bayar" of workbooks, and texts of the same 21 columns.
    fn payment_files(&mut self, folder: &Path) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match name.strip_prefix("adk-").and_then(|rest| rest.rsplit_once('.')) {
                Some((_, "xlsx")) => {
                    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
                    let sheet = book.worksheet_range("daftar bayar").unwrap();
                    sheet.rows().for_each(|row| self.payment_row(&row.iter().map(ToString::to_string).collect::<Vec<_>>()));
                }
                Some((_, "txt")) => {
                    let text = std::fs::read_to_string(&path).unwrap();
                    text.lines().for_each(|line| self.payment_row(&line.split('\t').map(str::to_owned).collect::<Vec<_>>()));
                }
                _ => {}
            }
        }
    }

    /// A row that pays the month, unless its decree is that of an acting position.
    fn payment_row(&mut self, cells: &[String]) {
        let of_month = cells[14].parse() == Ok(self.first.month()) && cells[15].parse() == Ok(self.first.year());
        if of_month && cells[3].len() == 18 && !cells[5].starts_with("PLT-") {
            let paid = self.paid.entry(cells[3].clone()).or_default();
            (0..3).for_each(|at| paid[at] += cells[7 + at].parse::<i64>().unwrap());
        }
    }

    pub fn is_workday(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !self.holidays.contains(&day)
    }

    /// The n-th working day from that day on, it included.
    pub fn workday_from(&self, day: NaiveDate, number: usize) -> NaiveDate {
        day.iter_days().filter(|day| self.is_workday(*day)).nth(number - 1).unwrap()
    }

    /// The entry of an array of tables whose key says that.
    pub fn entry(&self, path: &[&str], key: &str, says: &str) -> Option<&Table> {
        let all = path.iter().fold(None, |at: Option<&Value>, name| Some(at.map_or_else(|| &self.policy[*name], |at| &at[*name])));
        all?.as_array()?.iter().filter_map(Value::as_table).find(|table| table.get(key).and_then(Value::as_str) == Some(says))
    }

    /// Start and end of office hours on that day, in minutes.
    pub fn hours(&self, day: NaiveDate) -> (i64, i64) {
        let between = |span: &Value| {
            let of = |key: &str| span[key].as_datetime().unwrap().to_string().parse::<NaiveDate>().unwrap();
            of("from") <= day && day <= of("to")
        };
        let ramadan = self.policy["calendar"]["ramadan"].as_array().unwrap().iter().any(between);
        let name = if ramadan { "ramadan" } else { "reguler" };
        let weekday = day.weekday().to_string().to_lowercase();
        let fits = |schedule: &&Value| {
            schedule["name"].as_str() == Some(name) && schedule["days"].as_array().unwrap().iter().any(|day| day.as_str() == Some(&weekday))
        };
        let schedule = self.policy["worktime"]["schedule"].as_array().unwrap().iter().find(fits).unwrap();
        let minutes = |key: &str| minute(schedule[key].as_str().unwrap()).unwrap();
        (minutes("start"), minutes("end"))
    }
}

/// Minutes since midnight; seconds are cut off.
pub fn minute(text: &str) -> Option<i64> {
    Some(text.get(..2)?.parse::<i64>().ok()? * 60 + text.get(3..5)?.parse::<i64>().ok()?)
}
