//! The lists as tables for CSV, XLSX and the terminal, and what stands around them.

use crate::domain::finding::{Code, Owner};
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::export::calllist::{By, Call, Calllist, Held, Who};
use crate::export::payout;
use crate::export::payout::{LeftOut, Nominatif, PayRow, Payout, RekapRow, Sum};
use crate::export::sentence;
use crate::export::table::{Cell, Column, Table, Voice, number, text};
use crate::export::tabulate;
use crate::export::terbilang;
use crate::export::text::group;
use crate::export::words;
use crate::export::words::pick;
use crate::export::xlsx::Form;

const NOMINATIF: &[Column] = &[
    number("no", "No", "No", 6),
    text("unit", "Kode unit", "Unit code", 11),
    text("unit_name", "Unit", "Unit", 30),
    text("nip", "NIP", "NIP", 20),
    text("name", "Nama", "Name", 30),
    number("kelas_jabatan", "Kelas", "Class", 7),
    number("gross", "Tunjangan (Rp)", "Gross (Rp)", 16),
    number("deduction_percent", "Potongan (%)", "Deduction (%)", 11),
    number("deduction", "Potongan (Rp)", "Deduction (Rp)", 16),
    number("net", "Dibayarkan (Rp)", "Net (Rp)", 17),
    text("bank_code", "Kode bank", "Bank code", 14),
    text("bank", "Bank", "Bank", 22),
    text("account", "Nomor rekening", "Account", 20),
    text("account_name", "Nama rekening", "Account holder", 28),
    text("note", "Keterangan", "Note", 30),
];

/// One row a person on the list.
pub(super) fn nominatif<'a>(list: &'a Nominatif<'_>, voice: Voice) -> Table<'a> {
    Table::new(NOMINATIF, list.rows.iter().zip(1..).map(move |(row, number)| pay_row(row, number, voice.lang)))
}

fn pay_row(row: &PayRow<'_>, number: i64, lang: Lang) -> Vec<Cell> {
    let verdict = row.verdict;
    let account = |part: fn(&payout::Account) -> Option<&str>| Cell::from(row.account.and_then(part));
    vec![
        Cell::Count(number),
        verdict.unit.as_deref().into(),
        verdict.unit_name.as_deref().into(),
        Cell::text(verdict.nip.as_str()),
        verdict.name.as_deref().into(),
        verdict.kelas_jabatan.map_or(Cell::Empty, Cell::Count),
        Cell::Rupiah(row.amounts.gross),
        Cell::Percent(row.basis_points()),
        Cell::Rupiah(row.amounts.deduction),
        Cell::Rupiah(row.amounts.net),
        account(|account| account.bank_code.as_deref()),
        account(|account| account.bank.as_deref()),
        account(|account| account.number.as_deref()),
        account(|account| account.holder.as_deref()),
        Cell::text(note(row, lang)),
    ]
}

/// What finance must still see to: no account, or another amount in the payment file.
pub(super) fn note(row: &PayRow<'_>, lang: Lang) -> String {
    let mut notes = Vec::new();
    if row.number().is_none() {
        notes.push(pick(["rekening belum ada", "no account"], lang).to_owned());
    }
    if let Some(difference) = row.verdict.difference().filter(|difference| *difference != Rupiah::ZERO) {
        let pair = if difference > Rupiah::ZERO { ["ADK lebih", "ADK over by"] } else { ["ADK kurang", "ADK under by"] };
        notes.push(format!("{} {}", pick(pair, lang), difference.abs()));
    }
    let rests = tabulate::rests_on(row.verdict, lang);
    if !rests.is_empty() {
        notes.push(rests.trim().trim_end_matches('.').to_owned());
    }
    notes.join("; ")
}

/// What stands above and below the printed list.
pub(super) fn nominatif_form(list: &Nominatif<'_>, payout: &Payout<'_>, lang: Lang) -> Form {
    let Sum { heads, gross, deduction, net } = list.total;
    let label = format!("{}: {} {}", pick(["Jumlah", "Total"], lang), group(heads), pick(["orang", "heads"], lang));
    let mut total = vec![Cell::Empty; NOMINATIF.len()];
    total[4] = Cell::text(label);
    total[6] = Cell::Rupiah(gross);
    total[8] = Cell::Rupiah(deduction);
    total[9] = Cell::Rupiah(net);
    Form {
        title: title(super::List::Nominatif, lang),
        above: above(payout, lang),
        total: Some(total),
        below: below(list, lang),
        signers: payout.terms.signers.clone(),
    }
}

/// The same around the rekap.
pub(super) fn rekap_form(list: &Nominatif<'_>, payout: &Payout<'_>, lang: Lang) -> Form {
    let Sum { heads, gross, deduction, net } = list.total;
    let total = vec![
        Cell::text(pick(["Jumlah", "Total"], lang)),
        Cell::Empty,
        Cell::heads(heads),
        Cell::Rupiah(gross),
        Cell::Rupiah(deduction),
        Cell::Rupiah(net),
    ];
    Form {
        title: title(super::List::Rekap, lang),
        above: above(payout, lang),
        total: Some(total),
        below: below(list, lang),
        signers: payout.terms.signers.clone(),
    }
}

/// The title of the form.
pub(super) fn title(list: super::List, lang: Lang) -> String {
    let pair = match list {
        super::List::Nominatif => ["DAFTAR NOMINATIF PEMBAYARAN TUNJANGAN KINERJA", "TUKIN PAYMENT LIST (NOMINATIF)"],
        super::List::Rekap => ["REKAPITULASI PEMBAYARAN TUNJANGAN KINERJA", "TUKIN PAYMENTS ADDED UP (REKAPITULASI)"],
        super::List::Calllist => ["DAFTAR YANG PERLU DIHUBUNGI", "WHOM TO CALL"],
    };
    pick(pair, lang).to_owned()
}

/// Whose tukin, of which month, paid when and by which SPP.
pub(super) fn above(payout: &Payout<'_>, lang: Lang) -> Vec<String> {
    let terms = payout.terms;
    let agency = if terms.agency_code.is_empty() {
        String::new()
    } else {
        format!(" ({} {})", pick(["kode instansi", "agency code"], lang), terms.agency_code)
    };
    let period = words::period(payout.report.header.period, lang);
    let month = words::period(terms.payment_month, lang);
    let deadline = terms
        .kppn_deadline
        .map(|day| format!(" – {} {}", pick(["batas KPPN", "KPPN deadline"], lang), words::day(day, lang)))
        .unwrap_or_default();
    vec![
        format!("{}{agency}", terms.title),
        format!(
            "{} {period}, {} {month} – SPP {} ({}){deadline}",
            pick(["Bulan kerja", "Work month"], lang),
            pick(["dibayar", "paid in"], lang),
            terms.spp_code,
            terms.kind,
        ),
    ]
}

/// The total in words, and who is not on the list.
pub(super) fn below(list: &Nominatif<'_>, lang: Lang) -> Vec<String> {
    let mut words = terbilang::rupiah(list.total.net);
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    vec![format!("Terbilang: {words}."), left_out(&list.left_out, lang)]
}

/// How many are not on the list, and where to look.
pub(super) fn left_out(left: &LeftOut, lang: Lang) -> String {
    let heads = |count| format!("{} {}", group(count), pick(["orang", "heads"], lang));
    let mut parts = vec![
        format!("{} {} ({})", heads(left.held.0), pick(["tertahan", "held"], lang), left.held.1),
        format!("{} {} ({})", heads(left.unknown.0), pick(["belum diketahui", "unknown"], lang), left.unknown.1),
        format!("{} {}", heads(left.not_entitled), pick(["tidak berhak", "not entitled"], lang)),
    ];
    if left.uncomputed > 0 {
        parts.push(format!(
            "{} {}",
            heads(left.uncomputed),
            pick(["layak tetapi jumlahnya belum dapat dihitung", "payable, amount not computable"], lang)
        ));
    }
    format!(
        "{}: {}. {}",
        pick(["Tidak ada dalam daftar ini", "Not on this list"], lang),
        parts.join(", "),
        pick(
            [
                "Nama mereka: selaras export verdicts; yang perlu dihubungi: selaras export calllist.",
                "Who they are: selaras export verdicts; whom to call: selaras export calllist."
            ],
            lang
        ),
    )
}

const REKAP_SUMS: [Column; 4] = [
    number("heads", "Orang", "Heads", 10),
    number("gross", "Tunjangan (Rp)", "Gross (Rp)", 22),
    number("deduction", "Potongan (Rp)", "Deduction (Rp)", 22),
    number("net", "Dibayarkan (Rp)", "Net (Rp)", 22),
];

fn sums(sum: Sum) -> [Cell; 4] {
    [Cell::heads(sum.heads), Cell::Rupiah(sum.gross), Cell::Rupiah(sum.deduction), Cell::Rupiah(sum.net)]
}

/// Both tables in one rectangle, for CSV.
pub(super) fn rekap(list: &Nominatif<'_>, voice: Voice) -> Table<'static> {
    let mut columns = vec![text("by", "Menurut", "By", 16), text("key", "Kode", "Code", 14), text("name", "Nama", "Name", 40)];
    columns.extend(REKAP_SUMS);
    let rows = payout::rekap(list).into_iter().map(move |row| {
        let mut cells = vec![voice.say(row.by.key(), by_name(row.by, voice.lang)), row.key.as_deref().into(), row.name.as_deref().into()];
        cells.extend(sums(row.sum));
        cells
    });
    Table::new(&columns, rows)
}

/// By class and by unit, each with the name of its sheet.
pub(super) fn rekaps(list: &Nominatif<'_>, voice: Voice) -> Vec<(&'static str, Table<'static>)> {
    let rows = payout::rekap(list);
    payout::By::ALL
        .into_iter()
        .map(|by| {
            let code = match by {
                payout::By::Class => text("key", "Kelas", "Class", 16),
                payout::By::Unit => text("key", "Kode unit", "Unit code", 16),
            };
            let columns: Vec<Column> = [code, text("name", "Nama", "Name", 44)].into_iter().chain(REKAP_SUMS).collect();
            let own: Vec<RekapRow> = rows.iter().filter(|row| row.by == by).cloned().collect();
            let cells = own.into_iter().map(move |row| {
                let mut cells = vec![key_cell(&row), Cell::text(row_name(&row, voice.lang))];
                cells.extend(sums(row.sum));
                cells
            });
            (by_name(by, voice.lang), Table::new(&columns, cells))
        })
        .collect()
}

fn key_cell(row: &RekapRow) -> Cell {
    match (row.by, row.key.as_deref().map(str::parse)) {
        (payout::By::Class, Some(Ok(class))) => Cell::Count(class),
        _ => row.key.as_deref().into(),
    }
}

/// Name of a line of the rekap.
pub(super) fn row_name(row: &RekapRow, lang: Lang) -> String {
    match (row.by, &row.key, &row.name) {
        (_, _, Some(name)) => name.clone(),
        (payout::By::Class, Some(class), None) => format!("{} {class}", pick(["Kelas jabatan", "Class"], lang)),
        (_, Some(code), None) => code.clone(),
        (_, None, None) => pick(["(tidak diketahui)", "(unknown)"], lang).to_owned(),
    }
}

/// Name of a table of the rekap.
pub(super) fn by_name(by: payout::By, lang: Lang) -> &'static str {
    match by {
        payout::By::Class => pick(["Per kelas jabatan", "By class"], lang),
        payout::By::Unit => pick(["Per unit", "By unit"], lang),
    }
}

const CALL: &[Column] = &[
    text("by", "Menurut", "By", 10),
    text("key", "Kunci", "Key", 30),
    text("owner", "Peran", "Role", 18),
    text("nip", "NIP", "NIP", 20),
    text("name", "Hubungi", "Call", 44),
    number("heads", "Orang", "Heads", 9),
    number("rupiah", "Rupiah tertahan", "Rupiah held", 20),
    number("heads_alone", "Orang bila hanya ini", "Heads by this alone", 12),
    number("rupiah_alone", "Rupiah bila hanya ini", "Rupiah by this alone", 20),
    number("findings", "Temuan", "Findings", 9),
    text("codes", "Sebab", "Causes", 60),
];

/// Groups of one grouping, or of all (for CSV).
pub(super) fn calls<'a>(list: &'a Calllist<'_>, only: Option<By>, voice: Voice) -> Table<'a> {
    let chosen = list.calls.iter().filter(move |call| only.is_none_or(|by| call.who.by() == by));
    Table::new(CALL, chosen.map(move |call| call_row(call, voice)))
}

fn call_row(call: &Call<'_>, voice: Voice) -> Vec<Cell> {
    let owner = call.who.owner().map_or(Cell::Empty, |owner| voice.say(owner.key(), words::owner(owner, voice.lang)));
    vec![
        voice.say(call.who.by().key(), grouping(call.who.by(), voice.lang)),
        Cell::text(call.who.key()),
        owner,
        call.who.nip().map_or(Cell::Empty, |nip| Cell::text(nip.as_str())),
        Cell::text(called(call, voice.lang)),
        Cell::heads(call.heads()),
        Cell::Rupiah(call.rupiah),
        Cell::heads(call.alone.0),
        Cell::Rupiah(call.alone.1),
        Cell::heads(call.findings),
        Cell::text(causes(call, voice)),
    ]
}

/// `PR01 Predikat belum ada (12); …`, in keys `PR01 12; …`.
pub(super) fn causes(call: &Call<'_>, voice: Voice) -> String {
    let said =
        call.causes().into_iter().map(|(code, heads)| if voice.keys { format!("{code} {heads}") } else { cause(code, heads, voice.lang) });
    said.collect::<Vec<_>>().join("; ")
}

/// `PR01 Predikat belum ada (12)`; a finding about a whole file holds nobody and says so.
pub(super) fn cause(code: Code, heads: u64, lang: Lang) -> String {
    let count = if heads == 0 { pick(["seluruh berkas", "whole file"], lang).to_owned() } else { group(heads) };
    format!("{code} {} ({count})", sentence::title(code, lang))
}

/// How people call a group.
pub(super) fn called(call: &Call<'_>, lang: Lang) -> String {
    let name = call.name.or(call.who.unit()).unwrap_or(pick(["(unit tidak diketahui)", "(unit unknown)"], lang));
    match call.who {
        Who::Assessor(nip) => call.name.map_or_else(|| format!("NIP {nip}"), str::to_owned),
        Who::Assessors(_) => format!("{} {name}", pick(["Pejabat penilai di", "Assessors in"], lang)),
        Who::Employees(_) => format!("{} {name}", pick(["Pegawai di", "Employees in"], lang)),
        Who::Office(owner) => words::owner(owner, lang).to_owned(),
        Who::Unit(_) => name.to_owned(),
        Who::Cause(code) => sentence::title(code, lang).to_owned(),
    }
}

/// Name of a grouping, also of its sheet.
pub(super) fn grouping(by: By, lang: Lang) -> &'static str {
    let pair = match by {
        By::Actor => ["Siapa", "Who"],
        By::Unit => ["Unit", "Unit"],
        By::Cause => ["Sebab", "Cause"],
    };
    pick(pair, lang)
}

const HELD: &[Column] = &[
    text("call", "Hubungi", "Call", 44),
    text("owner", "Peran", "Role", 18),
    text("in_charge", "Petugas kasus", "In charge of the case", 26),
    text("until", "Batas waktu", "Deadline", 14),
    text("nip", "NIP", "NIP", 20),
    text("name", "Nama", "Name", 32),
    text("unit", "Kode unit", "Unit code", 12),
    text("unit_name", "Unit", "Unit", 30),
    text("verdict", "Putusan", "Verdict", 18),
    number("rupiah", "Rupiah tertahan", "Rupiah held", 20),
    text("codes", "Sebab", "Causes", 16),
];

/// The three groupings, and each actor with his people.
pub(super) fn call_sheets<'a>(list: &'a Calllist<'_>, voice: Voice) -> Vec<(&'static str, Table<'a>)> {
    let mut sheets: Vec<_> = By::ALL
        .into_iter()
        .map(|by| {
            let hidden: &[&str] = match by {
                By::Actor => &["by", "key"],
                By::Unit => &["by", "owner", "nip", "heads_alone", "rupiah_alone"],
                By::Cause => &["by", "nip"],
            };
            let kept: Vec<&str> = CALL.iter().map(|column| column.key).filter(|key| !hidden.contains(key)).collect();
            (grouping(by, voice.lang), calls(list, Some(by), voice).only(&kept))
        })
        .collect();
    let people = list.by(By::Actor).flat_map(move |call| call.people.iter().map(move |held| held_row(call, held, voice)));
    sheets.insert(1, (pick(["Orang", "People"], voice.lang), Table::new(HELD, people)));
    sheets
}

fn held_row(call: &Call<'_>, held: &Held<'_>, voice: Voice) -> Vec<Cell> {
    let verdict = held.verdict;
    let owner = call.who.owner().unwrap_or(Owner::Sysadmin);
    vec![
        Cell::text(called(call, voice.lang)),
        voice.say(owner.key(), words::owner(owner, voice.lang)),
        Some(held.charge.name.as_str()).filter(|name| !name.is_empty()).into(),
        held.charge.until.map_or(Cell::Empty, |day| Cell::text(day.to_string())),
        Cell::text(verdict.nip.as_str()),
        verdict.name.as_deref().into(),
        verdict.unit.as_deref().into(),
        verdict.unit_name.as_deref().into(),
        voice.say(verdict.standing.key(), words::standing(verdict.standing, voice.lang)),
        Cell::Rupiah(held.rupiah),
        Cell::text(held.codes.iter().map(|code: &Code| code.code()).collect::<Vec<_>>().join(" ")),
    ]
}
