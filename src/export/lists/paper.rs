//! The lists on paper: which columns, headings and sums.

use super::{List, tables, text};
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::export::calllist::{By, Call, Calllist};
use crate::export::payout;
use crate::export::payout::{Nominatif, PayRow, Payout, RekapRow, Sum};
use crate::export::pdf::{About, Group, PageColumn, PageRow, Section, Side, Sums};
use crate::export::preamble;
use crate::export::preamble::Tone;
use crate::export::table::percent;
use crate::export::text::group;
use crate::export::words;
use crate::export::words::{Pair, pick};

/// What holds for the whole file: title, provenance, the mark of a trial.
pub(super) fn about(list: List, payout: &Payout<'_>, lang: Lang) -> About {
    let header = &payout.report.header;
    About {
        title: format!("{} {}", tables::title(list, lang), header.period),
        made: header.as_of,
        footer: format!("Selaras | {} | {} | {}", header.run, header.policy_id, header.policy_sha256),
        words: [pick(["Halaman", "Page"], lang), pick(["dari", "of"], lang), pick(["(lanjutan)", "(continued)"], lang)],
        mark: header.trial.then_some(pick(["DRAF", "DRAFT"], lang)),
    }
}

fn column(heading: Pair, share: f32, side: Side, lang: Lang) -> PageColumn {
    PageColumn { heading: pick(heading, lang).to_owned(), share, side }
}

/// `4.595.150`: the column says that it is Rupiah.
fn figure(amount: Rupiah) -> String {
    amount.to_string().replacen("Rp", "", 1)
}

fn sums(columns: [Option<usize>; 4], lang: Lang) -> Option<Sums> {
    let labels = [["Jumlah halaman ini", "This page"], ["Jumlah s.d. halaman ini", "Up to this page"], ["Jumlah seluruhnya", "Total"]];
    Some(Sums { columns, labels: labels.map(|pair| pick(pair, lang)), heads: pick(["orang", "heads"], lang) })
}

/// A section of a list, still without columns and rows.
fn section(list: List, payout: &Payout<'_>, lang: Lang) -> Section {
    let header = &payout.report.header;
    let mut small = Vec::new();
    let mut warnings = Vec::new();
    for (tone, line) in preamble::brief(header, Some(&payout.report.completeness), lang) {
        match tone {
            Tone::Title => {}
            Tone::Plain => small.push(line),
            Tone::Warning => warnings.push(line),
        }
    }
    Section {
        title: tables::title(list, lang),
        above: tables::above(payout, lang),
        small,
        warnings,
        columns: Vec::new(),
        groups: Vec::new(),
        sums: None,
        below: Vec::new(),
        signers: Vec::new(),
        year: payout.terms.payment_month.year(),
    }
}

/// The payment list: a group a unit.
pub(super) fn nominatif(list: &Nominatif<'_>, payout: &Payout<'_>, lang: Lang) -> Vec<Section> {
    let columns = vec![
        column(["No", "No"], 30.0, Side::Right, lang),
        column(["Nama / NIP", "Name / NIP"], 205.0, Side::Left, lang),
        column(["Kelas", "Class"], 36.0, Side::Middle, lang),
        column(["Tunjangan kinerja (Rp)", "Gross (Rp)"], 82.0, Side::Right, lang),
        column(["Potongan (%)", "Deduction (%)"], 54.0, Side::Right, lang),
        column(["Potongan (Rp)", "Deduction (Rp)"], 74.0, Side::Right, lang),
        column(["Dibayarkan (Rp)", "Net (Rp)"], 82.0, Side::Right, lang),
        column(["Bank", "Bank"], 92.0, Side::Left, lang),
        column(["Rekening / atas nama", "Account / holder"], 130.0, Side::Left, lang),
        column(["Keterangan", "Note"], 84.0, Side::Left, lang),
    ];
    let mut number = 0;
    let groups = list.units().map(|rows| {
        let name = unit_name(rows, lang);
        let rows = rows.iter().map(|row| {
            number += 1;
            pay_row(row, number, lang)
        });
        Group { total: Some(format!("{} {name}", pick(["Jumlah", "Total of"], lang))), heading: Some(name), rows: rows.collect() }
    });
    let groups = groups.collect();
    let sums = sums([None, Some(3), Some(5), Some(6)], lang);
    let signers = payout.terms.signers.clone();
    vec![Section { columns, groups, sums, below: tables::below(list, lang), signers, ..section(List::Nominatif, payout, lang) }]
}

/// `1001 Biro Umum`.
fn unit_name(rows: &[PayRow<'_>], lang: Lang) -> String {
    let code = rows.first().and_then(|row| row.verdict.unit.as_deref());
    let name = rows.iter().find_map(|row| row.verdict.unit_name.as_deref());
    match (code, name) {
        (None, None) => pick(["(unit tidak diketahui)", "(unit unknown)"], lang).to_owned(),
        (code, name) => [code, name].into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}

fn pay_row(row: &PayRow<'_>, number: u64, lang: Lang) -> PageRow {
    let mut sum = Sum::default();
    sum.add(row.amounts);
    let verdict = row.verdict;
    let bank = row.account.map(|account| account.bank.as_deref().or(account.bank_code.as_deref()).unwrap_or_default());
    let holder = row.account.and_then(|account| account.holder.as_deref()).unwrap_or_default();
    PageRow {
        cells: vec![
            group(number),
            format!("{}\n{}", verdict.name.as_deref().unwrap_or_default(), verdict.nip),
            verdict.kelas_jabatan.map(|class| class.to_string()).unwrap_or_default(),
            figure(row.amounts.gross),
            percent(row.basis_points()).replace('.', ","),
            figure(row.amounts.deduction),
            figure(row.amounts.net),
            bank.unwrap_or_default().to_owned(),
            format!("{}\n{holder}", row.number().unwrap_or("–")),
            tables::note(row, lang),
        ],
        sum,
    }
}

/// The list added up: by class, then by unit, each from a new page.
pub(super) fn rekap(list: &Nominatif<'_>, payout: &Payout<'_>, lang: Lang) -> Vec<Section> {
    let rows = payout::rekap(list);
    let mut sections: Vec<Section> = payout::By::ALL
        .into_iter()
        .map(|by| {
            let own: Vec<&RekapRow> = rows.iter().filter(|row| row.by == by).collect();
            let rows = own.iter().zip(1u64..).map(|(row, number)| rekap_row(row, number, lang)).collect();
            let columns = vec![
                column(["No", "No"], 40.0, Side::Right, lang),
                column(if by == payout::By::Class { ["Kelas jabatan", "Class"] } else { ["Unit", "Unit"] }, 330.0, Side::Left, lang),
                column(["Orang", "Heads"], 80.0, Side::Right, lang),
                column(["Tunjangan kinerja (Rp)", "Gross (Rp)"], 140.0, Side::Right, lang),
                column(["Potongan (Rp)", "Deduction (Rp)"], 130.0, Side::Right, lang),
                column(["Dibayarkan (Rp)", "Net (Rp)"], 140.0, Side::Right, lang),
            ];
            let heading = Some(tables::by_name(by, lang).to_owned());
            let groups = vec![Group { heading, total: None, rows }];
            let sums = sums([Some(2), Some(3), Some(4), Some(5)], lang);
            Section { columns, groups, sums, ..section(List::Rekap, payout, lang) }
        })
        .collect();
    if let Some(last) = sections.last_mut() {
        last.below = tables::below(list, lang);
        last.signers.clone_from(&payout.terms.signers);
    }
    sections
}

fn rekap_row(row: &RekapRow, number: u64, lang: Lang) -> PageRow {
    let name = tables::row_name(row, lang);
    let name = match (row.by, &row.key, &row.name) {
        (payout::By::Unit, Some(code), Some(_)) => format!("{code} {name}"),
        _ => name,
    };
    let Sum { heads, gross, deduction, net } = row.sum;
    PageRow { cells: vec![group(number), name, group(heads), figure(gross), figure(deduction), figure(net)], sum: row.sum }
}

/// Whom to call, then the same by unit and by cause. Groups overlap, so nothing is added up.
pub(super) fn calllist(list: &Calllist<'_>, payout: &Payout<'_>, lang: Lang) -> Vec<Section> {
    let said = format!(
        "{}: {} {}, {}",
        pick(["Tertahan dan belum diketahui", "Held and unknown"], lang),
        group(list.heads),
        pick(["orang", "heads"], lang),
        list.rupiah
    );
    By::ALL
        .into_iter()
        .map(|by| {
            let rows = list.by(by).zip(1u64..).map(|(call, number)| call_row(call, number, lang)).collect();
            let mut columns = vec![
                column(["No", "No"], 30.0, Side::Right, lang),
                column(["Hubungi", "Call"], 210.0, Side::Left, lang),
                column(["Orang", "Heads"], 52.0, Side::Right, lang),
                column(["Rupiah tertahan", "Rupiah held"], 98.0, Side::Right, lang),
                column(["Cair bila hanya ini selesai", "Freed by this alone"], 98.0, Side::Right, lang),
                column(["Sebab (orang)", "Causes (heads)"], 190.0, Side::Left, lang),
            ];
            if by == By::Actor {
                columns.push(column(["Untuk", "For"], 190.0, Side::Left, lang));
            }
            let heading = Some(format!("{} {}", pick(["Menurut", "By"], lang), tables::grouping(by, lang).to_lowercase()));
            let groups = vec![Group { heading, total: None, rows }];
            Section {
                columns,
                groups,
                above: vec![said.clone(), words::period(payout.report.header.period, lang)],
                ..section(List::Calllist, payout, lang)
            }
        })
        .collect()
}

fn call_row(call: &Call<'_>, number: u64, lang: Lang) -> PageRow {
    let causes = call.causes().into_iter().map(|(code, heads)| tables::cause(code, heads, lang));
    let mut cells = vec![
        group(number),
        text::actor_line(call, lang).replace(" | ", "\n"),
        group(call.heads()),
        figure(call.rupiah),
        figure(call.alone.1),
        causes.collect::<Vec<_>>().join("\n"),
    ];
    if call.who.by() == By::Actor {
        cells.push(text::names(call, lang));
    }
    PageRow { cells, sum: Sum::default() }
}
