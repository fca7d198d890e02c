//! Writing what the pages list, beside each verdict: narrow rows with what is sought, sorted and added up.

use super::Result;
use super::reconciliation::NewVerdict;
use super::reconciliation::Saving;
use super::tx::Cell;
use super::tx::LIST;
use super::tx::list;
use crate::domain::Finding;
use crate::domain::Verdict;
use crate::domain::text::fold;
use crate::domain::verdict::Standing;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Longer texts are cut where they are sought: an index row has to fit into a page.
const LONGEST: usize = 400;

/// A person as they are listed.
struct Row {
    nip: String,
    handle: String,
    name: String,
    sought: String,
    unit: String,
    unit_name: String,
    superior: String,
    class: Option<i64>,
    standing: &'static str,
    gross: Option<i64>,
    due: Option<i64>,
    paid: Option<i64>,
    risk: i64,
    by_gap: i64,
    cuts: [i64; 4],
    codes: String,
    waived: String,
    causes: Vec<Cause>,
}

/// What all open findings of one code come to for the person.
struct Cause {
    code: &'static str,
    severity: &'static str,
    findings: i64,
    risk: i64,
}

impl Row {
    fn of(verdict: &Verdict, unit: &str) -> Self {
        let name = verdict.name.clone().unwrap_or_default();
        let unit_name = verdict.unit_name.clone().unwrap_or_default();
        let sought = fold(&format!("{name} {unit} {unit_name}")).chars().take(LONGEST).collect();
        let due = verdict.expected.map(|amounts| amounts.net.0);
        let paid = verdict.paid.map(|amounts| amounts.net.0);
        let causes = causes(&verdict.findings);
        Self {
            nip: verdict.nip.to_string(),
            handle: uuid::Uuid::new_v4().simple().to_string().chars().take(16).collect(),
            name,
            sought,
            unit: unit.to_owned(),
            unit_name,
            superior: verdict.superior.clone().unwrap_or_default(),
            class: verdict.kelas_jabatan,
            standing: verdict.standing.key(),
            gross: verdict.expected.map(|amounts| amounts.gross.0),
            due,
            paid,
            risk: risk(verdict),
            by_gap: due.zip(paid).map_or(1, |(due, paid)| -(paid - due).abs()),
            cuts: cuts(verdict),
            codes: causes.iter().map(|cause| cause.code).collect::<Vec<_>>().join(" "),
            waived: verdict.waived().map(|finding| finding.code.code()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" "),
            causes,
        }
    }

    fn cells<'a>(&'a self, period: &'a str) -> Vec<Cell<'a>> {
        let [predikat, attendance, leave, discipline] = self.cuts;
        vec![
            Cell::from(period),
            Cell::from(&self.nip),
            Cell::from(&self.handle),
            Cell::from(&self.name),
            Cell::from(&self.sought),
            Cell::from(&self.unit),
            Cell::from(&self.unit_name),
            Cell::from(&self.superior),
            Cell::from(self.class),
            Cell::from(self.standing),
            Cell::from(self.gross),
            Cell::from(self.due),
            Cell::from(self.paid),
            Cell::from(self.risk),
            Cell::from(-self.risk),
            Cell::from(self.by_gap),
            Cell::from(predikat),
            Cell::from(attendance),
            Cell::from(leave),
            Cell::from(discipline),
            Cell::from(&self.codes),
            Cell::from(&self.waived),
        ]
    }
}

/// What waits or differs: of whoever is held or unknown at least all that is due.
fn risk(verdict: &Verdict) -> i64 {
    let found = verdict.findings.iter().filter(|finding| finding.is_open()).map(|finding| finding.rupiah_at_risk.0).max().unwrap_or(0);
    let waits = matches!(verdict.standing, Standing::Tertahan | Standing::BelumDiketahui);
    found.max(verdict.expected.filter(|_| waits).map_or(0, |amounts| amounts.net.0)).max(0)
}

/// The deduction by what cut it: predikat, attendance, leave, discipline. Where several did, it is shared out by their
/// percents, and the last one takes what rounding leaves: the four are always the whole deduction.
fn cuts(verdict: &Verdict) -> [i64; 4] {
    let mut weights = [0_i128; 4];
    for line in &verdict.deductions {
        let at = match line.rule.split(':').next() {
            Some("predikat" | "predikat_missing") => 0,
            Some("leave") => 2,
            Some("discipline") => 3,
            _ => 1,
        };
        weights[at] += i128::from(line.percent.parts());
    }
    let whole = verdict.expected.map_or(0, |amounts| amounts.deduction.0);
    let sum: i128 = weights.iter().sum();
    if sum <= 0 {
        return [0, whole, 0, 0];
    }
    let mut cuts = weights.map(|weight| i64::try_from(i128::from(whole) * weight / sum).unwrap_or(0));
    let last = weights.iter().rposition(|weight| *weight > 0).unwrap_or(1);
    cuts[last] += whole - cuts.iter().sum::<i64>();
    cuts
}

fn causes(findings: &[Finding]) -> Vec<Cause> {
    let mut causes: BTreeMap<&'static str, (Cause, crate::domain::Severity)> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.is_open()) {
        let code = finding.code.code();
        let fresh = Cause { code, severity: finding.severity.key(), findings: 0, risk: 0 };
        let (cause, gravest) = causes.entry(code).or_insert((fresh, finding.severity));
        cause.findings += 1;
        cause.risk = cause.risk.max(finding.rupiah_at_risk.0);
        *gravest = (*gravest).min(finding.severity);
        cause.severity = gravest.key();
    }
    causes.into_values().map(|(cause, _)| cause).collect()
}

impl Saving {
    /// Lists these people as their verdicts say. Whoever was listed keeps the handle.
    pub(super) async fn list_people(&mut self, verdicts: &[NewVerdict]) -> Result<()> {
        let rows: Vec<Row> = verdicts.iter().map(|new| Row::of(&new.verdict, &new.noted.unit)).collect();
        self.forget_codes(&rows.iter().map(|row| row.nip.as_str()).collect::<Vec<_>>()).await?;
        let period = self.period.clone();
        self.tx
            .insert(
                "/* list_people */ INSERT INTO listed (period, nip, handle, name, sought, unit, unit_name, superior, class, standing, gross,
                    due, paid, risk, by_risk, by_gap, cut_predikat, cut_attendance, cut_leave, cut_discipline, codes, waived) VALUES",
                "ON CONFLICT (period, nip) DO UPDATE SET name = excluded.name, sought = excluded.sought, unit = excluded.unit,
                    unit_name = excluded.unit_name, superior = excluded.superior, class = excluded.class, standing = excluded.standing,
                    gross = excluded.gross, due = excluded.due, paid = excluded.paid, risk = excluded.risk, by_risk = excluded.by_risk,
                    by_gap = excluded.by_gap, cut_predikat = excluded.cut_predikat, cut_attendance = excluded.cut_attendance,
                    cut_leave = excluded.cut_leave, cut_discipline = excluded.cut_discipline, codes = excluded.codes,
                    waived = excluded.waived",
                22,
                rows.iter().map(|row| row.cells(&period)),
            )
            .await?;
        let causes = rows.iter().flat_map(|row| row.causes.iter().map(move |cause| (row, cause)));
        self.tx
            .insert(
                "/* list_people */ INSERT INTO listed_code (period, nip, code, severity, findings, risk, by_risk, unit, superior) VALUES",
                "",
                9,
                causes.map(|(row, cause)| {
                    vec![
                        Cell::from(&period),
                        Cell::from(&row.nip),
                        Cell::from(cause.code),
                        Cell::from(cause.severity),
                        Cell::from(cause.findings),
                        Cell::from(cause.risk),
                        Cell::from(-cause.risk),
                        Cell::from(&row.unit),
                        Cell::from(&row.superior),
                    ]
                }),
            )
            .await
    }

    /// Takes people who no longer belong to the period off the list.
    pub(super) async fn unlist(&mut self, nips: &[&str]) -> Result<()> {
        self.forget_codes(nips).await?;
        self.forget_of("listed", nips).await
    }

    async fn forget_codes(&mut self, nips: &[&str]) -> Result<()> {
        self.forget_of("listed_code", nips).await
    }

    async fn forget_of(&mut self, table: &'static str, nips: &[&str]) -> Result<()> {
        for some in nips.chunks(LIST) {
            let sql = format!("/* forget_of */ DELETE FROM {table} WHERE period = $1 AND nip IN ({})", list(2, some.len()));
            let mut values = vec![Cell::from(&self.period)];
            values.extend(some.iter().map(|nip| Cell::from(*nip)));
            self.tx.run(&sql, &values).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Nip;
    use crate::domain::Rupiah;
    use crate::domain::verdict::Amounts;
    use crate::domain::verdict::DeductionLine;

    fn cut(lines: &[(&str, &str)], deduction: i64) -> [i64; 4] {
        let line =
            |(rule, percent): &(&str, &str)| DeductionLine { rule: (*rule).to_owned(), days: None, percent: percent.parse().unwrap() };
        let mut verdict = blank();
        verdict.expected = Some(Amounts { gross: Rupiah(1_000_000), deduction: Rupiah(deduction), net: Rupiah(1_000_000 - deduction) });
        verdict.deductions = lines.iter().map(line).collect();
        cuts(&verdict)
    }

    fn blank() -> Verdict {
        Verdict {
            nip: Nip::parse("198501012010011901").unwrap(),
            name: None,
            unit: None,
            unit_name: None,
            kelas_jabatan: None,
            standing: Standing::Layak,
            expected: None,
            paid: None,
            predikat: None,
            deductions: Vec::new(),
            findings: Vec::new(),
            unknown: Vec::new(),
            superior: None,
            derivation: Vec::new(),
            unverified_rules: Vec::new(),
        }
    }

    #[test]
    fn the_parts_of_a_deduction_are_the_deduction() {
        assert_eq!(cut(&[], 0), [0; 4]);
        assert_eq!(cut(&[], 7), [0, 7, 0, 0]);
        assert_eq!(cut(&[("predikat:kurang", "25")], 250_000), [250_000, 0, 0, 0]);
        assert_eq!(cut(&[("predikat:kurang", "10"), ("absent", "5"), ("leave:cuti_sakit", "15")], 100_000), [33_333, 16_666, 50_001, 0]);
        assert_eq!(cut(&[("TL1", "1"), ("discipline:ringan", "2")], 100), [0, 33, 0, 67]);
    }
}
