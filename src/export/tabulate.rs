//! Turns the documents into tables.

use super::codes::CodeCount;
use super::document::{CompletenessRow, FindingRow, KindCompleteness, Overview, Report, Totals};
use super::json;
use super::object::instant;
use super::sentence;
use super::table::{Cell, Column, Table, Voice, number, text};
use super::words;
use super::words::{Pair, pick};
use crate::domain::evidence::Reason;
use crate::domain::finding::{Exhibit, Severity};
use crate::domain::nip::Nip;
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::domain::verdict::{Amounts, Standing, Verdict};

const VERDICT: &[Column] = &[
    text("nip", "NIP", "NIP", 20),
    text("name", "Nama", "Name", 30),
    text("unit", "Kode unit", "Unit code", 12),
    text("unit_name", "Unit", "Unit", 30),
    number("kelas_jabatan", "Kelas", "Class", 7),
    text("verdict", "Putusan", "Verdict", 26),
    text("predikat", "Predikat", "Predikat", 17),
    number("expected_gross", "Bruto", "Gross", 15),
    number("expected_deduction", "Potongan", "Deduction", 15),
    number("expected_net", "Bersih", "Net", 15),
    number("paid_gross", "Bruto dibayar", "Gross paid", 15),
    number("paid_deduction", "Potongan dibayar", "Deduction paid", 15),
    number("paid_net", "Bersih dibayar", "Net paid", 15),
    number("difference", "Selisih", "Difference", 15),
    text("deductions", "Rincian potongan", "Deductions", 34),
    text("findings", "Temuan", "Findings", 24),
    text("unknown", "Belum diketahui", "Unknown", 24),
    text("why", "Alasan", "Why", 60),
];

/// One row a person.
pub(super) fn verdicts<'a>(rows: impl IntoIterator<Item = &'a Verdict, IntoIter: 'a>, voice: Voice) -> Table<'a> {
    Table::new(VERDICT, rows.into_iter().map(move |verdict| verdict_row(verdict, voice)))
}

fn verdict_row(verdict: &Verdict, voice: Voice) -> Vec<Cell> {
    let amount = |amounts: Option<Amounts>, part: fn(Amounts) -> Rupiah| Cell::from(amounts.map(part));
    let unknown = if voice.keys { json::unknown(verdict).join(" ") } else { unknown(verdict, voice.lang) };
    vec![
        Cell::text(verdict.nip.as_str()),
        verdict.name.as_deref().into(),
        verdict.unit.as_deref().into(),
        verdict.unit_name.as_deref().into(),
        verdict.kelas_jabatan.map_or(Cell::Empty, Cell::Count),
        voice.say(verdict.standing.key(), words::standing(verdict.standing, voice.lang)),
        verdict.predikat.map_or(Cell::Empty, |predikat| voice.say(predikat.key(), predikat.label())),
        amount(verdict.expected, |amounts| amounts.gross),
        amount(verdict.expected, |amounts| amounts.deduction),
        amount(verdict.expected, |amounts| amounts.net),
        amount(verdict.paid, |amounts| amounts.gross),
        amount(verdict.paid, |amounts| amounts.deduction),
        amount(verdict.paid, |amounts| amounts.net),
        verdict.difference().into(),
        Cell::text(deductions(verdict, voice)),
        Cell::text(json::codes(verdict).join(" ")),
        Cell::text(unknown),
        Cell::text(why(verdict, voice.lang)),
    ]
}

/// `TM1 2 hari 1%; hukuman disiplin sedang_1 25%`, in keys `TM1 2 1.0; discipline:sedang_1 25.0`.
fn deductions(verdict: &Verdict, voice: Voice) -> String {
    let said = verdict.deductions.iter().map(|line| {
        let days = line.days.map_or(String::new(), |days| format!(" {days}"));
        if voice.keys {
            return format!("{}{days} {}", line.rule, line.percent);
        }
        let unit = line.days.map_or("", |days| day_word(days, voice.lang));
        format!("{}{days}{unit} {}", words::deduction(&line.rule, voice.lang), words::percent(line.percent, voice.lang))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// ` hari`, ` day`, ` days`.
pub(super) fn day_word(days: u32, lang: Lang) -> &'static str {
    match (lang, days) {
        (Lang::Id, _) => " hari",
        (Lang::En, 1) => " day",
        (Lang::En, _) => " days",
    }
}

/// Names of what is required and not known.
pub(super) fn unknown(verdict: &Verdict, lang: Lang) -> String {
    let mut kinds = verdict.unknown.clone();
    kinds.sort_by_key(|kind| kind.key());
    kinds.dedup();
    kinds.iter().map(|kind| words::kind(*kind, lang)).collect::<Vec<_>>().join(", ")
}

/// Why a person has the verdict, in one sentence.
pub fn why(verdict: &Verdict, lang: Lang) -> String {
    let (pair, list): (Pair, String) = match verdict.standing {
        Standing::Layak => (
            ["Semua data wajib diketahui dan tidak ada yang menahan", "All required data is known and nothing holds the payment"],
            String::new(),
        ),
        Standing::TidakBerhak => (
            [
                "Menurut data terbaru, aturan tidak memberi tukin untuk periode ini",
                "By fresh evidence the rules give no tukin for this period",
            ],
            String::new(),
        ),
        Standing::BelumDiketahui => (["Data wajib belum diketahui", "Required data is not known"], unknown(verdict, lang)),
        Standing::Tertahan => (["Pembayaran ditahan", "The payment is held"], blocking(verdict, lang)),
    };
    let colon = if list.is_empty() { "" } else { ": " };
    format!("{}{colon}{list}.{}", pick(pair, lang), rests_on(verdict, lang))
}

/// On which waivers a verdict rests: ` Dikesampingkan: PR01 (ND-12/2026, sampai 31 Desember 2026).`; empty: on none.
pub(super) fn rests_on(verdict: &Verdict, lang: Lang) -> String {
    let mut said: Vec<String> = Vec::new();
    for finding in verdict.waived() {
        let Some(excuse) = &finding.excuse else { continue };
        let (until, day) = (pick(["sampai", "until"], lang), words::day(excuse.until, lang));
        let one = format!("{} ({}, {until} {day})", finding.code, excuse.document);
        if !said.contains(&one) {
            said.push(one);
        }
    }
    let word = pick(["Dikesampingkan", "Waived"], lang);
    if said.is_empty() { String::new() } else { format!(" {word}: {}.", said.join("; ")) }
}

/// What holds the payment: `PR01 Predikat belum ada; …`.
fn blocking(verdict: &Verdict, lang: Lang) -> String {
    let blocks = verdict.findings.iter().filter(|finding| finding.severity == Severity::Block && finding.is_open());
    let mut codes: Vec<_> = blocks.map(|finding| finding.code).collect();
    codes.sort_by_key(|code| code.code());
    codes.dedup();
    codes.iter().map(|code| format!("{code} {}", sentence::title(*code, lang))).collect::<Vec<_>>().join("; ")
}

const FINDING: &[Column] = &[
    text("nip", "NIP", "NIP", 20),
    text("name", "Nama", "Name", 30),
    text("unit", "Kode unit", "Unit code", 12),
    text("code", "Kode", "Code", 7),
    text("title", "Temuan", "Finding", 36),
    text("severity", "Sifat", "Severity", 17),
    text("status", "Status", "Status", 15),
    text("owner", "Ditangani", "Owner", 20),
    text("in_charge", "Petugas kasus", "In charge of the case", 26),
    text("until", "Batas waktu", "Deadline", 14),
    text("subject", "Perihal", "Subject", 18),
    number("rupiah_at_risk", "Rupiah berisiko", "Rupiah at risk", 16),
    text("sentence", "Penjelasan", "Explanation", 70),
    text("next_step", "Langkah berikutnya", "Next step", 60),
    text("evidence", "Bukti", "Evidence", 70),
    text("first_seen", "Pertama terlihat", "First seen", 22),
    text("last_seen", "Terakhir terlihat", "Last seen", 22),
    text("id", "ID", "ID", 22),
];

/// One row a finding, with the person's name and unit where a verdict knows them.
pub(super) fn findings<'a>(report: &Report<'a>, voice: Voice) -> Table<'a> {
    let people = report.sorted_verdicts();
    Table::new(FINDING, report.sorted_findings().into_iter().map(move |row| finding_row(row, person(&people, row.finding.nip), voice)))
}

fn person<'a>(sorted: &[&'a Verdict], nip: Option<Nip>) -> Option<&'a Verdict> {
    sorted.binary_search_by_key(&nip?, |verdict| verdict.nip).ok().map(|at| sorted[at])
}

fn finding_row(row: &FindingRow, person: Option<&Verdict>, voice: Voice) -> Vec<Cell> {
    let finding = &row.finding;
    let owner = finding.code.owner();
    vec![
        finding.nip.map_or(Cell::Empty, |nip| Cell::text(nip.as_str())),
        person.and_then(|person| person.name.as_deref()).into(),
        person.and_then(|person| person.unit.as_deref()).into(),
        Cell::text(finding.code.code()),
        Cell::text(sentence::title(finding.code, voice.lang)),
        voice.say(finding.severity.key(), words::severity(finding.severity, voice.lang)),
        voice.say(row.status.key(), words::status(row.status, voice.lang)),
        voice.say(owner.key(), words::owner(owner, voice.lang)),
        Some(row.charge.name.as_str()).filter(|name| !name.is_empty()).into(),
        row.charge.until.map_or(Cell::Empty, |day| Cell::text(day.to_string())),
        Cell::text(finding.subject.as_str()),
        Cell::Rupiah(finding.rupiah_at_risk),
        Cell::text(sentence::sentence(finding, voice.lang)),
        Cell::text(sentence::next_step(finding, voice.lang)),
        Cell::text(finding.evidence.iter().map(exhibit).collect::<Vec<_>>().join(" | ")),
        Cell::text(instant(row.first_seen)),
        Cell::text(instant(row.last_seen)),
        Cell::text(finding.id.as_str()),
    ]
}

/// `payment file:adk.xlsx daftar bayar row 3 bruto=4595150`.
fn exhibit(exhibit: &Exhibit) -> String {
    let value = exhibit.value.as_deref().unwrap_or("");
    format!("{} {} {} {}={value}", exhibit.kind, exhibit.source, exhibit.locator, exhibit.field)
}

const KIND: &[Column] = &[
    text("kind", "Data", "Data", 32),
    text("required", "Wajib", "Required", 9),
    number("heads", "Orang", "Heads", 9),
    number("present", "Ada", "Present", 9),
    number("declared_absent", "Dinyatakan tidak ada", "Declared absent", 21),
    number("not_asked", "Belum ditanyakan", "Not asked", 17),
    number("failed", "Gagal", "Failed", 9),
    number("stale", "Basi", "Stale", 9),
    text("reasons", "Sebab", "Reasons", 50),
];

/// One row a kind of evidence.
pub(super) fn kinds<'a>(report: &'a Report<'_>, voice: Voice) -> Table<'a> {
    Table::new(KIND, report.completeness.sorted_kinds().into_iter().map(move |kind| kind_row(kind, voice)))
}

fn kind_row(kind: &KindCompleteness, voice: Voice) -> Vec<Cell> {
    let flag = if kind.required { ["ya", "yes"] } else { ["tidak", "no"] };
    vec![
        voice.say(kind.kind.key(), words::kind(kind.kind, voice.lang)),
        voice.say(if kind.required { "true" } else { "false" }, pick(flag, voice.lang)),
        Cell::heads(kind.heads),
        Cell::heads(kind.present),
        Cell::heads(kind.declared_absent),
        Cell::heads(kind.not_asked),
        Cell::heads(kind.failed),
        Cell::heads(kind.stale),
        Cell::text(reasons(kind, voice)),
    ]
}

fn reasons(kind: &KindCompleteness, voice: Voice) -> String {
    let said = kind.reasons.iter().map(|(key, count)| {
        let word = Reason::from_key(key).filter(|_| !voice.keys).map(|reason| words::reason(reason, voice.lang));
        format!("{} {count}", word.unwrap_or(key))
    });
    said.collect::<Vec<_>>().join("; ")
}

const OPEN: &[Column] = &[
    text("nip", "NIP", "NIP", 20),
    text("kind", "Data", "Data", 32),
    text("state", "Keadaan", "State", 22),
    text("reason", "Sebab", "Reason", 48),
    text("observed_at", "Terakhir ditanyakan", "Last asked", 26),
];

/// One row a person and kind that is not present.
pub(super) fn open<'a>(report: &'a Report<'_>, voice: Voice) -> Table<'a> {
    Table::new(OPEN, report.completeness.sorted_rows().into_iter().map(move |row| open_row(row, voice)))
}

fn open_row(row: &CompletenessRow, voice: Voice) -> Vec<Cell> {
    vec![
        Cell::text(row.nip.as_str()),
        voice.say(row.kind.key(), words::kind(row.kind, voice.lang)),
        voice.say(row.state.key(), words::state(row.state, voice.lang)),
        row.reason.map_or(Cell::Empty, |reason| voice.say(reason.key(), words::reason(reason, voice.lang))),
        row.observed_at.map_or(Cell::Empty, |at| Cell::text(instant(at))),
    ]
}

/// Kinds first (without NIP), then persons (without counts): one rectangle for `completeness.csv`.
pub(super) fn completeness<'a>(report: &'a Report<'_>, voice: Voice) -> Table<'a> {
    let columns: Vec<Column> = [&OPEN[..2], &KIND[1..], &OPEN[2..]].concat();
    let by_kind = kinds(report, voice).rows.map(|mut row| {
        row.insert(0, Cell::Empty);
        row.extend(std::iter::repeat_n(Cell::Empty, OPEN.len() - 2));
        row
    });
    let by_person = open(report, voice).rows.map(|mut row| {
        let tail = row.split_off(2);
        row.extend(std::iter::repeat_n(Cell::Empty, KIND.len() - 1));
        row.extend(tail);
        row
    });
    Table::new(&columns, by_kind.chain(by_person))
}

const STANDING: &[Column] = &[
    text("verdict", "Putusan", "Verdict", 28),
    number("heads", "Orang", "Heads", 9),
    number("rupiah", "Rupiah (bersih)", "Rupiah (net)", 22),
];

/// Heads and Rupiah by verdict, closed by the sum in words (scripts add up themselves).
pub(super) fn standings(totals: &Totals, voice: Voice) -> Table<'static> {
    let totals = *totals;
    let sum = (totals.heads.iter().sum(), totals.rupiah.into_iter().sum());
    let rows = Standing::ALL.into_iter().map(move |standing| {
        vec![
            voice.say(standing.key(), words::standing(standing, voice.lang)),
            Cell::heads(totals.heads(standing)),
            Cell::Rupiah(totals.rupiah(standing)),
        ]
    });
    let last = vec![Cell::text(pick(["Jumlah", "Total"], voice.lang)), Cell::heads(sum.0), Cell::Rupiah(sum.1)];
    Table::new(STANDING, rows.chain((!voice.keys).then_some(last)))
}

const CODE: &[Column] = &[
    text("code", "Kode", "Code", 6),
    text("title", "Temuan", "Finding", 48),
    text("severity", "Sifat", "Severity", 17),
    number("findings", "Jumlah", "Count", 8),
    number("heads", "Orang", "Heads", 8),
    number("rupiah_at_risk", "Rupiah berisiko", "Rupiah at risk", 20),
    text("owner", "Ditangani", "Owner", 22),
];

/// Verdicts and codes in one rectangle for `summary.csv`: `what` is a verdict or a code.
pub(super) fn summary(overview: &Overview, voice: Voice) -> Table<'static> {
    let columns =
        [text("what", "Apa", "What", 16), number("findings", "Jumlah", "Count", 8), STANDING[1], number("rupiah", "Rupiah", "Rupiah", 20)];
    let by_standing = standings(&overview.totals, voice).rows.map(|mut row| {
        row.insert(1, Cell::Empty);
        row
    });
    let by_code = codes(&overview.codes, voice).only(&["code", "findings", "heads", "rupiah_at_risk"]).rows;
    Table::new(&columns, by_standing.chain(by_code))
}

/// Open findings by code.
pub(super) fn codes(codes: &[CodeCount], voice: Voice) -> Table<'static> {
    let codes = codes.to_vec();
    let rows = codes.into_iter().map(move |count| {
        let owner = count.code.owner();
        vec![
            Cell::text(count.code.code()),
            Cell::text(sentence::title(count.code, voice.lang)),
            voice.say(count.severity.key(), words::severity(count.severity, voice.lang)),
            Cell::heads(count.findings),
            Cell::heads(count.heads),
            Cell::Rupiah(count.rupiah),
            voice.say(owner.key(), words::owner(owner, voice.lang)),
        ]
    });
    Table::new(CODE, rows)
}
