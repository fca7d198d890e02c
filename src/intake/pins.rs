//! The map of device PINs: one row a PIN. It is a statement about the person; scans are joined with it later, so that
//! neither has to come first.

use super::FileKind;
use super::cell::Cell;
use super::content::Reading;
use super::delivery::Delivery;
use super::delivery::Emptiness;
use super::delivery::Label;
use super::delivery::part;
use super::delivery::settle;
use super::error::IntakeError;
use super::header::Layout;
use super::header::must;
use super::ledger::Ledger;
use super::notice::Notice;
use super::refusal::RefusalReason;
use super::row::Row;
use super::table;
use super::values;
use crate::domain::Body;
use crate::domain::Kind;
use crate::domain::Nip;
use crate::domain::attendance::DevicePin;
use crate::domain::attendance::pin_key;
use crate::domain::evidence::Scope;
use crate::domain::evidence::SourceFacts;
use crate::domain::period::Span;

pub(super) static LAYOUT: Layout = Layout {
    kind: FileKind::Pins,
    form: "pins",
    columns: &[
        must("perangkat").or(&["device", "mesin", "id_perangkat", "no_mesin"]),
        must("pin").or(&["no_pin", "ac_no", "user_id"]),
        must("nip"),
    ],
    one_of: &[],
    full_rows: false,
    sections: false,
};

/// Longest PIN of the devices that are known.
pub(super) const PIN_CHARS: usize = 24;

/// Reads a map.
pub(super) fn read(reading: &Reading<'_>) -> Result<Vec<Delivery>, IntakeError> {
    let mut people = Ledger::default();
    let mut nobody = 0;
    let plan = table::Plan { layouts: &[&LAYOUT], headerless: None };
    let outcome = table::read(reading, &plan, &mut |row| match line(row) {
        Some((Some(nip), pin)) => people.add(nip, Span::Standing, pin, row.place()),
        Some((None, _)) => nobody += 1,
        None => {}
    })?;
    let mut settled = settle(reading, outcome, Emptiness::Refused)?;
    if nobody > 0 {
        settled.notices.push(Notice::PinsOfNobody { rows: nobody });
    }
    let statements = people.statements(&settled.outcome.sheets, Body::Pins);
    let label = Label { kind: Kind::Pins, span: Span::Standing, part: part("pins", reading), scope: Scope::Named, period: None };
    Ok(vec![settled.deliver(label, SourceFacts::default(), statements)])
}

/// A line without a NIP is a PIN that belongs to nobody yet: a visitor's card, or somebody to be found out.
fn line(row: &mut Row<'_>) -> Option<(Option<Nip>, DevicePin)> {
    if !row.fits() {
        return None;
    }
    let perangkat = row.need("perangkat", values::text);
    let pin = row.need("pin", pin);
    let nip = row.take("nip", values::nip);
    if !row.is_clean() {
        return None;
    }
    Some((nip, DevicePin { perangkat: perangkat?, pin: pin? }))
}

/// A PIN, as PINs are compared.
pub(super) fn pin(cell: Cell<'_>) -> Result<String, RefusalReason> {
    let pin = pin_key(&values::text(cell)?);
    let sound = pin.len() <= PIN_CHARS && pin.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if sound { Ok(pin) } else { Err(RefusalReason::NotPin) }
}
