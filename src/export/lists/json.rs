//! The lists as JSON, in the manner of contract §8; never changes with the language.

use super::List;
use crate::domain::nip::Nip;
use crate::export::calllist::{By, Call, Calllist, Held};
use crate::export::document::InCharge;
use crate::export::json::head;
use crate::export::object::Object;
use crate::export::payout;
use crate::export::payout::{LeftOut, Nominatif, PayRow, Payout, Sum};
use serde::Serialize;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct SumPart {
    heads: u64,
    gross: i64,
    deduction: i64,
    net: i64,
}

impl From<Sum> for SumPart {
    fn from(sum: Sum) -> Self {
        Self { heads: sum.heads, gross: sum.gross.0, deduction: sum.deduction.0, net: sum.net.0 }
    }
}

#[derive(Serialize)]
struct Waiting {
    heads: u64,
    rupiah: i64,
}

#[derive(Serialize)]
struct LeftOutPart {
    tertahan: Waiting,
    belum_diketahui: Waiting,
    tidak_berhak: Waiting,
    not_computable: Waiting,
}

impl From<LeftOut> for LeftOutPart {
    fn from(left: LeftOut) -> Self {
        Self {
            tertahan: Waiting { heads: left.held.0, rupiah: left.held.1.0 },
            belum_diketahui: Waiting { heads: left.unknown.0, rupiah: left.unknown.1.0 },
            tidak_berhak: Waiting { heads: left.not_entitled, rupiah: 0 },
            not_computable: Waiting { heads: left.uncomputed, rupiah: 0 },
        }
    }
}

#[derive(Serialize)]
struct PayTotals {
    #[serde(flatten)]
    sum: SumPart,
    left_out: LeftOutPart,
}

#[derive(Serialize)]
struct PayPart<'a> {
    unit: Option<&'a str>,
    unit_name: Option<&'a str>,
    nip: Nip,
    name: Option<&'a str>,
    kelas_jabatan: Option<i64>,
    gross: i64,
    deduction: i64,
    net: i64,
    bank_code: Option<&'a str>,
    bank: Option<&'a str>,
    account: Option<&'a str>,
    account_name: Option<&'a str>,
}

impl<'a> From<&PayRow<'a>> for PayPart<'a> {
    fn from(row: &PayRow<'a>) -> Self {
        Self {
            unit: row.verdict.unit.as_deref(),
            unit_name: row.verdict.unit_name.as_deref(),
            nip: row.verdict.nip,
            name: row.verdict.name.as_deref(),
            kelas_jabatan: row.verdict.kelas_jabatan,
            gross: row.amounts.gross.0,
            deduction: row.amounts.deduction.0,
            net: row.amounts.net.0,
            bank_code: row.account.and_then(|account| account.bank_code.as_deref()),
            bank: row.account.and_then(|account| account.bank.as_deref()),
            account: row.account.and_then(|account| account.number.as_deref()),
            account_name: row.account.and_then(|account| account.holder.as_deref()),
        }
    }
}

#[derive(Serialize)]
struct RekapPart {
    by: &'static str,
    key: Option<String>,
    name: Option<String>,
    #[serde(flatten)]
    sum: SumPart,
}

#[derive(Serialize)]
struct CausePart {
    code: &'static str,
    heads: u64,
}

#[derive(Serialize)]
struct HeldPart<'a> {
    nip: Nip,
    name: Option<&'a str>,
    unit: Option<&'a str>,
    verdict: &'static str,
    rupiah: i64,
    codes: Vec<&'static str>,
    #[serde(flatten)]
    charge: InCharge,
}

impl<'a> From<&Held<'a>> for HeldPart<'a> {
    fn from(held: &Held<'a>) -> Self {
        Self {
            nip: held.verdict.nip,
            name: held.verdict.name.as_deref(),
            unit: held.verdict.unit.as_deref(),
            verdict: held.verdict.standing.key(),
            rupiah: held.rupiah.0,
            codes: held.codes.iter().map(|code| code.code()).collect(),
            charge: held.charge.clone(),
        }
    }
}

#[derive(Serialize)]
struct CallPart<'a> {
    by: &'static str,
    key: String,
    owner: Option<&'static str>,
    nip: Option<Nip>,
    name: Option<&'a str>,
    heads: u64,
    rupiah: i64,
    alone: Waiting,
    findings: u64,
    codes: Vec<CausePart>,
    people: Vec<HeldPart<'a>>,
}

impl<'a> From<&Call<'a>> for CallPart<'a> {
    fn from(call: &Call<'a>) -> Self {
        let people = if call.who.by() == By::Actor { call.people.iter().map(HeldPart::from).collect() } else { Vec::new() };
        Self {
            by: call.who.by().key(),
            key: call.who.key(),
            owner: call.who.owner().map(crate::domain::finding::Owner::key),
            nip: call.who.nip(),
            name: call.name,
            heads: call.heads(),
            rupiah: call.rupiah.0,
            alone: Waiting { heads: call.alone.0, rupiah: call.alone.1.0 },
            findings: call.findings,
            codes: call.causes().into_iter().map(|(code, heads)| CausePart { code: code.code(), heads }).collect(),
            people,
        }
    }
}

/// Writes the list.
pub(super) fn write(list: List, payout: &Payout<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    head(&mut object, &payout.report.header)?;
    match list {
        List::Nominatif => {
            let list = Nominatif::of(payout);
            object.value("totals", &PayTotals { sum: list.total.into(), left_out: list.left_out.into() })?;
            object.rows("rows", list.rows.iter().map(PayPart::from))?;
        }
        List::Rekap => {
            let list = Nominatif::of(payout);
            object.value("totals", &PayTotals { sum: list.total.into(), left_out: list.left_out.into() })?;
            let part = |row: payout::RekapRow| RekapPart { by: row.by.key(), key: row.key, name: row.name, sum: row.sum.into() };
            object.rows("rows", payout::rekap(&list).into_iter().map(part))?;
        }
        List::Calllist => {
            let list = Calllist::of(&payout.report);
            object.value("totals", &Waiting { heads: list.heads, rupiah: list.rupiah.0 })?;
            object.rows("rows", list.calls.iter().map(CallPart::from))?;
        }
    }
    object.close()?;
    out.write_all(b"\n")
}
