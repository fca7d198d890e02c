//! The ministry's files and BKN's exports, read into statements (contract §4).

mod devices;
mod ekinerja;
mod files;
mod formats;
mod kinds;
mod layouts;
mod payment;
mod safety;

use rust_xlsxwriter::Format;
use rust_xlsxwriter::Formula;
use rust_xlsxwriter::Workbook;
use selaras::domain::Body;
use selaras::domain::Statement;
use selaras::intake::Delivery;
use selaras::intake::FileKind;
use selaras::intake::IntakeError;
use selaras::intake::Reading;
use selaras::intake::Refusal;
use selaras::intake::RefusalReason;
use selaras::intake::read;
use std::collections::BTreeMap;

const BUDI: &str = "198501012010011901";
const ANI: &str = "199202022023211902";

/// A cell of a test workbook.
#[derive(Debug, Clone, Copy)]
enum V {
    T(&'static str),
    N(f64),
    /// A number shown as a date.
    D(f64),
    /// A number shown as a time.
    H(f64),
    /// A formula and its stored value.
    F(&'static str),
    B(bool),
    E,
}

fn workbook(sheets: &[(&str, &[&[V]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (down, row) in rows.iter().enumerate() {
            for (right, cell) in row.iter().enumerate() {
                let (down, right) = (down as u32, right as u16);
                match cell {
                    V::T(text) => sheet.write_string(down, right, *text).unwrap(),
                    V::N(number) => sheet.write_number(down, right, *number).unwrap(),
                    V::D(number) => {
                        sheet.write_number_with_format(down, right, *number, &Format::new().set_num_format("yyyy-mm-dd")).unwrap()
                    }
                    V::H(number) => sheet.write_number_with_format(down, right, *number, &Format::new().set_num_format("hh:mm")).unwrap(),
                    V::F(result) => sheet.write_formula(down, right, Formula::new("=A1").set_result(*result)).unwrap(),
                    V::B(value) => sheet.write_boolean(down, right, *value).unwrap(),
                    V::E => continue,
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// Reads with `--period 2026-10` where the kind needs one.
fn load(kind: FileKind, name: &str, bytes: &[u8]) -> Result<Vec<Delivery>, IntakeError> {
    let period = (kind == FileKind::Roster).then(|| "2026-10".parse().unwrap());
    read(&Reading { kind, name, bytes, period, accept_partial: false, synonyms: &BTreeMap::new() })
}

fn text(kind: FileKind, text: &str) -> Result<Vec<Delivery>, IntakeError> {
    load(kind, "berkas.csv", text.as_bytes())
}

fn one(deliveries: Result<Vec<Delivery>, IntakeError>) -> Delivery {
    let mut deliveries = deliveries.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(deliveries.len(), 1);
    deliveries.remove(0)
}

fn refusals(deliveries: Result<Vec<Delivery>, IntakeError>) -> Vec<Refusal> {
    match deliveries {
        Err(IntakeError::Refused { refusals, .. }) => refusals,
        Err(other) => panic!("not refused: {other}"),
        Ok(_) => panic!("read although it had to be refused"),
    }
}

fn reasons(deliveries: Result<Vec<Delivery>, IntakeError>) -> Vec<RefusalReason> {
    refusals(deliveries).into_iter().map(|refusal| refusal.reason).collect()
}

fn bodies(delivery: &Delivery) -> Vec<(String, String, Body)> {
    let of = |statement: &Statement| (statement.nip.to_string(), statement.span.to_string(), statement.body.clone().unwrap());
    delivery.statements.iter().map(of).collect()
}
