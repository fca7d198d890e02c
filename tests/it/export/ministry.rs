//! Four synthetic people and what the documents say about them.

use chrono::{DateTime, Utc};
use selaras::domain::evidence::{Kind, Reason};
use selaras::domain::finding::{Code, Exhibit, Finding};
use selaras::domain::verdict::{Amounts, DeductionLine, KnowledgeState, RuleCitation, Standing, Step, Verdict};
use selaras::domain::{Nip, Percent, Period, Predikat, Rupiah};
use selaras::export::{Completeness, CompletenessRow, FindingRow, FindingStatus, Header, InCharge};

pub(super) const BUDI: &str = "198501012010011901";
pub(super) const SITI: &str = "199002022015022902";
pub(super) const ANDI: &str = "197803032003031903";
pub(super) const RINA: &str = "199504042020122904";

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn nip(text: &str) -> Nip {
    Nip::parse(text).unwrap()
}

pub(super) fn amounts(gross: i64, net: i64) -> Amounts {
    Amounts { gross: Rupiah(gross), deduction: Rupiah(gross - net), net: Rupiah(net) }
}

pub(super) fn exhibit(kind: Kind, source: &str, locator: &str, field: &str, value: Option<&str>) -> Exhibit {
    Exhibit {
        kind,
        source: source.to_owned(),
        batch: format!("batch-{kind}"),
        locator: locator.to_owned(),
        field: field.to_owned(),
        value: value.map(str::to_owned),
        observed_at: Some(at("2026-11-01T23:00:00Z")),
    }
}

pub(super) fn finding(code: Code, nip: Option<Nip>, subject: &str, risk: i64, params: &[(&str, &str)], evidence: Vec<Exhibit>) -> Finding {
    let period: Period = "2026-10".parse().unwrap();
    Finding {
        id: Finding::stable_id(period, nip, code, subject),
        code,
        severity: code.default_severity(),
        nip,
        subject: subject.to_owned(),
        rupiah_at_risk: Rupiah(risk),
        excuse: None,
        params: params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        evidence,
    }
}

pub(super) fn verdict(number: &str, name: &str, standing: Standing) -> Verdict {
    Verdict {
        nip: nip(number),
        name: Some(name.to_owned()),
        unit: Some("1001".to_owned()),
        unit_name: Some("Biro Umum".to_owned()),
        kelas_jabatan: Some(8),
        standing,
        expected: Some(amounts(4_595_150, 4_595_150)),
        paid: Some(amounts(4_595_150, 4_595_150)),
        predikat: Some(Predikat::Baik),
        deductions: Vec::new(),
        findings: Vec::new(),
        unknown: Vec::new(),
        superior: None,
        derivation: Vec::new(),
        unverified_rules: Vec::new(),
    }
}

pub(super) fn rule(path: &str, source: &str, verified: &str) -> RuleCitation {
    RuleCitation { path: path.to_owned(), source: source.to_owned(), verified: verified.to_owned() }
}

pub(super) fn budi() -> Verdict {
    let roster = exhibit(Kind::Roster, "file:pegawai.csv sha256:aa11", "row 2", "kelas_jabatan", Some("8"));
    let status = exhibit(Kind::Roster, "file:pegawai.csv sha256:aa11", "row 2", "status", Some("AKTIF"));
    let morning = exhibit(Kind::Attendance, "file:presensi.csv sha256:bb22", "row 7", "jam_masuk", Some("07:52"));
    let empty = exhibit(Kind::Attendance, "file:presensi.csv sha256:bb22", "row 9", "jam_pulang", None);
    let paid = exhibit(Kind::Payment, "file:adk.xlsx sha256:cc33", "daftar bayar row 3", "bersih", Some("4595150"));
    let mut budi = verdict(BUDI, "Budi Contoh, S.E.", Standing::Layak);
    budi.expected = Some(amounts(4_595_150, 4_480_271));
    budi.deductions = vec![
        DeductionLine { rule: "PC4".into(), days: Some(1), percent: Percent::whole(2) },
        DeductionLine { rule: "TM1".into(), days: Some(1), percent: "0.5".parse().unwrap() },
    ];
    budi.derivation = vec![
        Step::new("eligibility").value("status", "AKTIF").evidence([status]),
        Step::new("base_class")
            .value("class", 8)
            .value("T", Rupiah(4_595_150))
            .rule(rule("tariff", "Perpres 6/2024", "false"))
            .evidence([roster]),
        Step::new("attendance")
            .value("D", "2.5")
            .part(
                Step::new("day")
                    .value("day", "2026-10-05")
                    .value("late", 22)
                    .value("code", "TM1")
                    .value("percent", "0.5")
                    .rule(rule("deduction.band[late]", "Permentan 68/2012", "false"))
                    .evidence([morning]),
            )
            .part(
                Step::new("event")
                    .value("day", "2026-10-06")
                    .value("code", "PC4")
                    .value("percent", "2")
                    .rule(rule("deduction.event[no_check_out]", "Permenko Infra 10/2025 Pasal 22(5)", "true"))
                    .evidence([empty.clone()]),
            ),
        Step::new("round").value("gross", Rupiah(4_595_150)).value("deduction", Rupiah(114_879)).value("net", Rupiah(4_480_271)),
    ];
    budi.findings = vec![
        finding(Code::Ab05, Some(nip(BUDI)), "2026-10-06", 114_879, &[("scan", "pulang"), ("day", "2026-10-06")], vec![empty]),
        finding(
            Code::Am01,
            Some(nip(BUDI)),
            "",
            114_879,
            &[("paid", "4595150"), ("expected", "4480271"), ("difference", "114879")],
            vec![paid],
        ),
    ];
    budi
}

pub(super) fn siti() -> Verdict {
    let mut siti = verdict(SITI, "=HYPERLINK(\"x\")", Standing::Tertahan);
    let evaluation = exhibit(Kind::Evaluation, "report:laporan/penilaian/2026/9", "data[4]", "hasil_akhir", Some("-"));
    siti.predikat = None;
    siti.findings = vec![finding(Code::Pr01, Some(nip(SITI)), "", 4_595_150, &[("cycle", "2026-09")], vec![evaluation])];
    siti
}

pub(super) fn andi() -> Verdict {
    let mut andi = verdict(ANDI, "Andi Contoh", Standing::BelumDiketahui);
    andi.unknown = vec![Kind::Skp, Kind::Attendance];
    andi.expected = None;
    andi.paid = None;
    andi.predikat = None;
    andi
}

pub(super) fn rina() -> Verdict {
    let mut rina = verdict(RINA, "Rina Contoh", Standing::TidakBerhak);
    rina.expected = Some(Amounts::default());
    rina.paid = None;
    rina
}

pub(super) fn verdicts() -> Vec<Verdict> {
    vec![siti(), budi(), rina(), andi()]
}

pub(super) fn finding_rows(verdicts: &[Verdict]) -> Vec<FindingRow> {
    let row = |finding: &Finding, status| FindingRow {
        finding: finding.clone(),
        status,
        first_seen: at("2026-10-30T06:00:00Z"),
        last_seen: at("2026-11-02T06:00:00.123456789Z"),
        charge: InCharge::default(),
    };
    let mut rows: Vec<_> =
        verdicts.iter().flat_map(|verdict| &verdict.findings).map(|finding| row(finding, FindingStatus::Persisting)).collect();
    let total = finding(Code::Am02, None, "adk.xlsx", 0, &[("stated", "100"), ("summed", "90")], Vec::new());
    rows.push(row(&total, FindingStatus::New));
    rows.push(row(&finding(Code::Id04, Some(nip(RINA)), "", 0, &[], Vec::new()), FindingStatus::Resolved));
    rows
}

pub(super) fn completeness() -> Completeness {
    let row = |number, kind, state, reason| CompletenessRow { nip: nip(number), kind, state, reason, observed_at: None };
    let mut rows = Vec::new();
    for number in [SITI, BUDI, RINA] {
        rows.push(row(number, Kind::Skp, KnowledgeState::Present, None));
        rows.push(row(number, Kind::Attendance, KnowledgeState::Present, None));
    }
    rows.push(row(ANDI, Kind::Skp, KnowledgeState::Failed, Some(Reason::Timeout)));
    rows.push(row(ANDI, Kind::Attendance, KnowledgeState::NotAsked, None));
    rows.push(row(SITI, Kind::Payment, KnowledgeState::DeclaredAbsent, None));
    Completeness::tally(&[Kind::Skp, Kind::Attendance], rows)
}

pub(super) fn header() -> Header {
    Header {
        period: "2026-10".parse().unwrap(),
        run: "run-1".to_owned(),
        as_of: at("2026-11-02T06:00:00Z"),
        zone: chrono_tz::Tz::Asia__Jakarta,
        trial: true,
        complete: false,
        policy_id: "contoh-2026".to_owned(),
        policy_sha256: "0123456789abcdef".repeat(4),
        unverified_rules_used: vec!["tariff".to_owned(), "deduction.band[late]".to_owned()],
    }
}
