//! One verdict, explained: why, every Rupiah from the tariff to the net, each rule with its source, each piece of
//! evidence with its place, then what does not agree and who acts next.

use super::document::Header;
use super::json;
use super::json::{ExhibitPart, VerdictPart};
use super::object::{Object, instant};
use super::preamble;
use super::sentence;
use super::steps;
use super::table::{Cell, Column, Table, Voice, text};
use super::tabulate;
use super::text::{wrap, write_advice};
use super::words;
use super::words::{Pair, pick};
use crate::domain::finding::{Exhibit, Finding};
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use crate::domain::verdict::{Amounts, RuleCitation, Step, Verdict};
use chrono_tz::Tz;
use serde::Serialize;
use std::io;
use std::io::Write;

/// Who reads: the language, and the zone whose clock hangs on the wall.
#[derive(Debug, Clone, Copy)]
struct Reader {
    lang: Lang,
    zone: Tz,
}

/// The explanation for a person to read.
///
/// # Errors
/// Writing failed.
pub(super) fn write_text(header: &Header, verdict: &Verdict, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let reader = Reader { lang, zone: header.zone };
    for (_, line) in preamble::lines(pick(["penjelasan", "explanation"], lang), header, None, lang) {
        for line in wrap(&line, 120) {
            writeln!(out, "{line}")?;
        }
    }
    write_person(verdict, lang, out)?;
    write_deductions(verdict, lang, out)?;
    heading(pick(["Perhitungan", "Computation"], lang), out)?;
    if verdict.derivation.is_empty() {
        writeln!(out, "  {}", pick(["Tidak ada yang dapat dihitung.", "Nothing could be computed."], lang))?;
    }
    for (number, step) in verdict.derivation.iter().enumerate() {
        write_step(step, &format!("{}.", number + 1), 1, reader, out)?;
    }
    heading(pick(["Temuan", "Findings"], lang), out)?;
    if verdict.findings.is_empty() {
        writeln!(out, "  {}", pick(["Tidak ada.", "None."], lang))?;
    }
    for finding in &verdict.findings {
        write_finding(finding, reader, out)?;
    }
    write_unknown(verdict, lang, out)
}

fn heading(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{text}")
}

fn write_person(verdict: &Verdict, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let none = pick(["(tidak ada)", "(none)"], lang);
    let unit = [verdict.unit.as_deref(), verdict.unit_name.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let class = verdict.kelas_jabatan.map_or_else(|| none.to_owned(), |class| class.to_string());
    let verdict_line = format!("{}. {}", words::standing(verdict.standing, lang), tabulate::why(verdict, lang));
    let lines = [
        (pick(["NIP", "NIP"], lang), verdict.nip.to_string()),
        (pick(["Nama", "Name"], lang), verdict.name.clone().unwrap_or_else(|| none.to_owned())),
        (pick(["Unit", "Unit"], lang), if unit.is_empty() { none.to_owned() } else { unit }),
        (pick(["Kelas jabatan", "Class"], lang), class),
        (pick(["Predikat", "Predikat"], lang), verdict.predikat.map_or_else(|| none.to_owned(), |predikat| predikat.to_string())),
        (pick(["Putusan", "Verdict"], lang), verdict_line),
        (pick(["Seharusnya", "Due"], lang), amounts(verdict.expected, ["tidak dapat dihitung", "cannot be computed"], lang)),
        (pick(["Dibayar", "Paid"], lang), amounts(verdict.paid, ["tidak ada di berkas pembayaran", "not in the payment file"], lang)),
    ];
    writeln!(out)?;
    for (name, value) in lines {
        for (number, line) in wrap(&value, 100).into_iter().enumerate() {
            writeln!(out, "{:<14}{line}", if number == 0 { name } else { "" })?;
        }
    }
    if let Some(difference) = verdict.difference() {
        writeln!(out, "{:<14}{difference}", pick(["Selisih", "Difference"], lang))?;
    }
    Ok(())
}

/// `Rp4.595.150 - Rp45.952 = Rp4.549.198`.
fn amounts(amounts: Option<Amounts>, none: Pair, lang: Lang) -> String {
    match amounts {
        None => pick(none, lang).to_owned(),
        Some(Amounts { gross, deduction, net }) => match lang {
            Lang::Id => format!("bruto {gross} - potongan {deduction} = bersih {net}"),
            Lang::En => format!("gross {gross} - deduction {deduction} = net {net}"),
        },
    }
}

fn write_deductions(verdict: &Verdict, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if verdict.deductions.is_empty() {
        return Ok(());
    }
    heading(pick(["Rincian potongan", "Deductions"], lang), out)?;
    for line in &verdict.deductions {
        let days = line.days.map_or(String::new(), |days| format!("{days}{}", tabulate::day_word(days, lang)));
        writeln!(out, "  {:<32} {days:>8}  {:>8}", words::deduction(&line.rule, lang), words::percent(line.percent, lang))?;
    }
    Ok(())
}

fn write_step(step: &Step, number: &str, depth: usize, reader: Reader, out: &mut dyn Write) -> io::Result<()> {
    let lang = reader.lang;
    let indent = "  ".repeat(depth);
    let values: Vec<String> =
        step.values.iter().map(|(name, value)| format!("{} = {}", steps::value(name, lang), sentence::say(name, value, lang))).collect();
    let colon = if values.is_empty() { "" } else { ": " };
    writeln!(out, "{indent}{number} {}{colon}{}", steps::step(&step.name, lang), values.join(", "))?;
    let below = format!("{indent}{}", " ".repeat(number.chars().count() + 1));
    for rule in &step.rules {
        write_rule(rule, &below, lang, out)?;
    }
    for exhibit in &step.evidence {
        write_exhibit(exhibit, &below, reader, out)?;
    }
    for (at, part) in step.parts.iter().enumerate() {
        write_step(part, &format!("{number}{}.", at + 1), depth + 1, reader, out)?;
    }
    Ok(())
}

fn write_rule(rule: &RuleCitation, indent: &str, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let word = pick(["aturan", "rule"], lang);
    writeln!(out, "{indent}{word}: {} | {} | {}", rule.path, rule.source, steps::verified(rule, lang))
}

fn write_exhibit(exhibit: &Exhibit, indent: &str, reader: Reader, out: &mut dyn Write) -> io::Result<()> {
    let lang = reader.lang;
    let value = exhibit.value.as_deref().unwrap_or(pick(["(kosong)", "(empty)"], lang));
    let place = if exhibit.locator.is_empty() { String::new() } else { format!(", {}", exhibit.locator) };
    let seen = pick(["dilihat", "seen"], lang);
    let seen = exhibit.observed_at.map_or(String::new(), |at| format!(" | {seen} {}", words::instant(at, reader.zone, lang)));
    writeln!(
        out,
        "{indent}{}: {} = {value} | {}: {}{place}{seen}",
        pick(["bukti", "evidence"], lang),
        exhibit.field,
        words::kind(exhibit.kind, lang),
        exhibit.source
    )
}

fn write_finding(finding: &Finding, reader: Reader, out: &mut dyn Write) -> io::Result<()> {
    let lang = reader.lang;
    let mut line = format!("{} {} | {}", finding.code, sentence::title(finding.code, lang), words::severity(finding.severity, lang));
    if finding.rupiah_at_risk != Rupiah::ZERO {
        line.push_str(&format!(" | {}", finding.rupiah_at_risk));
    }
    if !finding.subject.is_empty() {
        line.push_str(&format!(" | {}", finding.subject));
    }
    writeln!(out, "  {line}")?;
    write_advice(out, "    ", &sentence::sentence(finding, lang), &sentence::next_step(finding, lang))?;
    for exhibit in &finding.evidence {
        write_exhibit(exhibit, "    ", reader, out)?;
    }
    Ok(())
}

fn write_unknown(verdict: &Verdict, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if verdict.unknown.is_empty() {
        return Ok(());
    }
    heading(pick(["Data wajib yang belum diketahui", "Required data not known"], lang), out)?;
    let mut kinds = verdict.unknown.clone();
    kinds.sort_by_key(|kind| kind.key());
    kinds.dedup();
    for kind in kinds {
        writeln!(out, "  {}", words::kind(kind, lang))?;
    }
    Ok(())
}

const LINES: &[Column] = &[
    text("number", "No.", "No.", 8),
    text("step", "Langkah", "Step", 28),
    text("values", "Nilai", "Values", 50),
    text("rule", "Aturan", "Rule", 30),
    text("rule_source", "Dasar aturan", "Source of the rule", 40),
    text("verified", "Diverifikasi", "Verified", 20),
    text("kind", "Bukti", "Evidence", 24),
    text("source", "Sumber", "Source", 40),
    text("locator", "Tempat", "Place", 24),
    text("field", "Kolom", "Field", 18),
    text("value", "Isi", "Value", 24),
    text("observed_at", "Dilihat", "Seen", 22),
];

/// The derivation, then the findings: one line for what is said, one for each rule and each piece of evidence.
pub(super) fn table(verdict: &Verdict, voice: Voice) -> Table<'_> {
    let mut lines = Vec::new();
    for (at, step) in verdict.derivation.iter().enumerate() {
        step_lines(step, &format!("{}.", at + 1), voice, &mut lines);
    }
    for finding in &verdict.findings {
        let sentence = sentence::sentence(finding, voice.lang);
        lines.push(line(finding.code.code(), Cell::text(sentence::title(finding.code, voice.lang)), Cell::text(sentence)));
        lines.extend(finding.evidence.iter().map(|exhibit| exhibit_line(finding.code.code(), exhibit, voice)));
    }
    Table::new(LINES, lines.into_iter())
}

fn line(number: &str, name: Cell, values: Cell) -> Vec<Cell> {
    let mut line = vec![Cell::text(number), name, values];
    line.resize(LINES.len(), Cell::Empty);
    line
}

fn step_lines(step: &Step, number: &str, voice: Voice, lines: &mut Vec<Vec<Cell>>) {
    let values = step.values.iter().map(|(name, value)| {
        if voice.keys {
            return format!("{name}={value}");
        }
        format!("{} = {}", steps::value(name, voice.lang), sentence::say(name, value, voice.lang))
    });
    let values = Cell::text(values.collect::<Vec<_>>().join("; "));
    lines.push(line(number, voice.say(&step.name, &steps::step(&step.name, voice.lang)), values));
    for rule in &step.rules {
        let mut cited = line(number, Cell::Empty, Cell::Empty);
        cited[3] = Cell::text(rule.path.as_str());
        cited[4] = Cell::text(rule.source.as_str());
        cited[5] = voice.say(&rule.verified, steps::verified(rule, voice.lang));
        lines.push(cited);
    }
    lines.extend(step.evidence.iter().map(|exhibit| exhibit_line(number, exhibit, voice)));
    for (at, part) in step.parts.iter().enumerate() {
        step_lines(part, &format!("{number}{}.", at + 1), voice, lines);
    }
}

fn exhibit_line(number: &str, exhibit: &Exhibit, voice: Voice) -> Vec<Cell> {
    let mut line = line(number, Cell::Empty, Cell::Empty);
    let shown = [
        voice.say(exhibit.kind.key(), words::kind(exhibit.kind, voice.lang)),
        Cell::text(exhibit.source.as_str()),
        Cell::text(exhibit.locator.as_str()),
        Cell::text(exhibit.field.as_str()),
        exhibit.value.as_deref().into(),
        exhibit.observed_at.map_or(Cell::Empty, |at| Cell::text(instant(at))),
    ];
    line.truncate(LINES.len() - shown.len());
    line.extend(shown);
    line
}

#[derive(Serialize)]
struct ValuePart<'a> {
    name: &'a str,
    value: &'a str,
}

/// `true`, `false` or `"secondary"`, as the policy file has it (contract §6).
#[derive(Serialize)]
#[serde(untagged)]
enum VerifiedPart<'a> {
    Bool(bool),
    Word(&'a str),
}

#[derive(Serialize)]
struct RulePart<'a> {
    path: &'a str,
    source: &'a str,
    verified: VerifiedPart<'a>,
}

impl<'a> From<&'a RuleCitation> for RulePart<'a> {
    fn from(rule: &'a RuleCitation) -> Self {
        let verified = rule.verified.parse().map_or(VerifiedPart::Word(&rule.verified), VerifiedPart::Bool);
        Self { path: &rule.path, source: &rule.source, verified }
    }
}

#[derive(Serialize)]
struct StepPart<'a> {
    step: &'a str,
    values: Vec<ValuePart<'a>>,
    rules: Vec<RulePart<'a>>,
    evidence: Vec<ExhibitPart<'a>>,
    parts: Vec<StepPart<'a>>,
}

impl<'a> From<&'a Step> for StepPart<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            step: &step.name,
            values: step.values.iter().map(|(name, value)| ValuePart { name, value }).collect(),
            rules: step.rules.iter().map(RulePart::from).collect(),
            evidence: step.evidence.iter().map(ExhibitPart::from).collect(),
            parts: step.parts.iter().map(StepPart::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct FindingPart<'a> {
    id: &'a str,
    code: &'static str,
    severity: &'static str,
    subject: &'a str,
    owner: &'static str,
    rupiah_at_risk: i64,
    params: Vec<ValuePart<'a>>,
    evidence: Vec<ExhibitPart<'a>>,
}

impl<'a> From<&'a Finding> for FindingPart<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: &finding.id,
            code: finding.code.code(),
            severity: finding.severity.key(),
            subject: &finding.subject,
            owner: finding.code.owner().key(),
            rupiah_at_risk: finding.rupiah_at_risk.0,
            params: finding.params.iter().map(|(name, value)| ValuePart { name, value }).collect(),
            evidence: finding.evidence.iter().map(ExhibitPart::from).collect(),
        }
    }
}

/// What a program is told about one verdict: its row, the derivation, the findings.
#[derive(Serialize)]
pub(super) struct ExplanationPart<'a> {
    verdict: VerdictPart<'a>,
    derivation: Vec<StepPart<'a>>,
    findings: Vec<FindingPart<'a>>,
}

impl<'a> From<&'a Verdict> for ExplanationPart<'a> {
    fn from(verdict: &'a Verdict) -> Self {
        Self {
            verdict: VerdictPart::from(verdict),
            derivation: verdict.derivation.iter().map(StepPart::from).collect(),
            findings: verdict.findings.iter().map(FindingPart::from).collect(),
        }
    }
}

/// The explanation for a program: the row of the verdict document, the derivation, the findings.
///
/// # Errors
/// Writing failed.
pub(super) fn write_json(header: &Header, verdict: &Verdict, out: &mut dyn Write) -> io::Result<()> {
    let mut object = Object::open(out)?;
    json::head(&mut object, header)?;
    let told = ExplanationPart::from(verdict);
    object.value("verdict", &told.verdict)?;
    object.rows("derivation", told.derivation)?;
    object.rows("findings", told.findings)?;
    object.close()?;
    out.write_all(b"\n")
}
