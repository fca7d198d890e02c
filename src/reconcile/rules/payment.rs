//! AM01–AM03, BK01–BK03, PE01–PE03: the payment rows themselves.

use super::acting::paying;
use crate::domain::dossier::Row;
use crate::domain::finding::Code;
use crate::domain::nip::mask;
use crate::domain::payment::PaymentRow;
use crate::domain::rupiah::Rupiah;
use crate::domain::verdict::Amounts;
use crate::reconcile::worksheet::{Draft, Worksheet};

/// What the file pays for this period; PE02: it is the sum.
pub fn paid(rows: &[&Row<PaymentRow>]) -> Option<Amounts> {
    (!rows.is_empty()).then(|| Amounts {
        gross: rows.iter().map(|row| row.value.bruto).sum(),
        deduction: rows.iter().map(|row| row.value.potongan).sum(),
        net: rows.iter().map(|row| row.value.bersih).sum(),
    })
}

fn amounts_of(row: &Row<PaymentRow>) -> [crate::domain::finding::Exhibit; 3] {
    [
        row.exhibit("bruto", Some(row.value.bruto.to_string())),
        row.exhibit("potongan", Some(row.value.potongan.to_string())),
        row.exhibit("bersih", Some(row.value.bersih.to_string())),
    ]
}

/// What holds for every row, whoever it names: AM02, AM03, PE01, PE02.
pub fn rows(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    for row in &dossier.payments {
        let PaymentRow { bruto, potongan, bersih, awal, .. } = row.value;
        if bruto.0.checked_sub(potongan.0) != Some(bersih.0) && !sheet.has(Code::Am02) {
            let draft = Draft::new(Code::Am02).param("gross", bruto).param("deduction", potongan).param("net", bersih);
            sheet.find(draft.shows(amounts_of(row)));
        }
        if (potongan < Rupiah::ZERO || potongan > bruto) && !sheet.has(Code::Am03) {
            let draft = Draft::new(Code::Am03).param("deduction", potongan).param("gross", bruto);
            sheet.find(draft.shows(amounts_of(row)));
        }
        if awal != dossier.period && !sheet.has(Code::Pe01) {
            let draft = Draft::new(Code::Pe01).param("awal", awal).param("period", dossier.period);
            sheet.find(draft.shows([row.exhibit("bulan_awal", Some(awal.to_string()))]));
        }
    }
    let twice = paying(sheet.policy, dossier);
    if twice.len() > 1 {
        let shown = twice.iter().map(|row| row.exhibit("bersih", Some(row.value.bersih.to_string())));
        sheet.find(Draft::new(Code::Pe02).param("rows", twice.len()).shows(shown));
    }
}

/// BK01 account missing or bank code against bank name, BK02 one account for two NIPs, BK03 another bank.
pub fn bank(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let Some(row) = dossier.payments.first() else {
        return;
    };
    let account = |row: &Row<PaymentRow>| row.value.rekening.clone().filter(|text| !text.trim().is_empty());
    // The account of the salary file is shown for whoever has to find the right one; it decides nothing.
    let of_salary = || {
        let known = dossier.salary_accounts.iter().filter_map(|row| Some((row, row.value.rekening.as_deref()?)));
        known.map(|(row, number)| row.exhibit("rekening", Some(mask(number))))
    };
    let unnamed = dossier.payments.iter().find(|row| account(row).is_none());
    if let Some(row) = unnamed {
        sheet.find(Draft::new(Code::Bk01).param("reason", "missing").shows([row.exhibit("rekening", None)].into_iter().chain(of_salary())));
    } else if let Some(usual) = &dossier.peers.usual_bank {
        let stated = format!("{} {}", row.value.kode_bank.as_deref().unwrap_or(""), row.value.nama_bank.as_deref().unwrap_or(""));
        let draft = Draft::new(Code::Bk01).param("reason", "bank").param("usual", usual);
        sheet.find(draft.shows([row.exhibit("bank", Some(stated))].into_iter().chain(of_salary())));
    }
    if !dossier.peers.same_account.is_empty() {
        let others: Vec<String> = dossier.peers.same_account.iter().map(|nip| nip.masked()).collect();
        let shown = dossier.payments.iter().filter_map(|row| account(row).map(|number| row.exhibit("rekening", Some(mask(&number)))));
        sheet.find(Draft::new(Code::Bk02).param("others", others.join(", ")).shows(shown.chain(of_salary())));
    }
    if let Some(majority) = dossier.peers.majority_bank.as_ref().filter(|_| sheet.policy.file.payment.one_bank_per_file) {
        let outside = |row: &&Row<PaymentRow>| row.value.kode_bank.is_some() && row.value.kode_bank.as_ref() != Some(majority);
        let row = dossier.payments.iter().find(outside).unwrap_or(row);
        let draft = Draft::new(Code::Bk03).param("majority", majority).param("bank", row.value.kode_bank.clone().unwrap_or_default());
        sheet.find(draft.shows([row.exhibit("kode_bank", row.value.kode_bank.clone())]));
    }
}

/// AM01: the net in the file differs from the recomputed net beyond the tolerance.
pub fn compare(sheet: &mut Worksheet<'_>, rows: &[&Row<PaymentRow>], paid: Amounts, expected: Amounts) {
    let difference = paid.net - expected.net;
    let tolerance = Rupiah(sheet.policy.file.calc.compare.tolerance_rupiah);
    let step = sheet
        .step("compare")
        .value("paid", paid.net)
        .value("expected", expected.net)
        .value("difference", difference)
        .value("tolerance", tolerance);
    sheet.explain(step.evidence(rows.iter().flat_map(|row| amounts_of(row))));
    if difference.abs() > tolerance {
        let draft = Draft::new(Code::Am01).param("paid", paid.net).param("expected", expected.net).param("difference", difference);
        sheet.find(draft.shows(rows.iter().flat_map(|row| amounts_of(row))));
    }
}

/// PE03: what holds the payment is still open after the day on which KPPN takes it as induk. Nothing is to be paid to
/// somebody whom only BKN lists.
pub fn past_kppn_day(sheet: &mut Worksheet<'_>) {
    let dossier = sheet.dossier;
    let Some(last) = sheet.policy.kppn_deadline(dossier.period).filter(|_| dossier.past_kppn_day) else { return };
    let roster = dossier.roster.first().map(|row| row.exhibit("status", Some(row.value.status.code().to_owned())));
    let shown = roster.or_else(|| dossier.payments.first().map(|row| row.exhibit("bersih", Some(row.value.bersih.to_string()))));
    if let Some(shown) = shown {
        sheet.find(Draft::new(Code::Pe03).param("deadline", last).shows([shown]));
    }
}
