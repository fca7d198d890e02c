//! A synthetic ministry that pays, and a reader of the PDFs that it gets.

use super::ministry::{amounts, completeness, finding_rows, header, verdict, verdicts};
use calamine::{Data, Reader, Xlsx};
use flate2::read::ZlibDecoder;
use selaras::domain::Nip;
use selaras::domain::text::Lang;
use selaras::domain::verdict::{Standing, Verdict};
use selaras::export::{Account, FindingRow, Format, Header, List, Payout, Report, Terms, write_list, write_list_pdf};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

pub(super) fn terms() -> Terms {
    Terms {
        title: "Tukin Kementerian Contoh".to_owned(),
        agency_code: "9999".to_owned(),
        payment_month: "2026-11".parse().unwrap(),
        kppn_deadline: chrono::NaiveDate::from_ymd_opt(2026, 10, 29),
        kind: "induk".to_owned(),
        spp_code: "271".to_owned(),
        signers: ["PPABP", "Bendahara Pengeluaran", "PPK"].map(str::to_owned).to_vec(),
    }
}

/// A ministry with an account for everybody.
pub(super) struct Ministry {
    pub(super) header: Header,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) findings: Vec<FindingRow>,
    pub(super) accounts: BTreeMap<Nip, Account>,
}

impl Ministry {
    pub(super) fn of(verdicts: Vec<Verdict>, findings: Vec<FindingRow>) -> Self {
        let account = |verdict: &Verdict| Account {
            bank_code: Some("014000000000".to_owned()),
            bank: Some("BANK CONTOH".to_owned()),
            number: Some(format!("00{}", &verdict.nip.as_str()[6..])),
            holder: verdict.name.clone(),
        };
        let accounts = verdicts.iter().map(|verdict| (verdict.nip, account(verdict))).collect();
        Self { header: header(), verdicts, findings, accounts }
    }

    pub(super) fn small() -> Self {
        let verdicts = verdicts();
        let findings = finding_rows(&verdicts);
        Self::of(verdicts, findings)
    }

    /// `count` people; every seventh is held, every eleventh unknown.
    pub(super) fn large(count: u64) -> Self {
        let people = (0..count).map(|number| {
            let standing = match number {
                n if n % 7 == 3 => Standing::Tertahan,
                n if n % 11 == 5 => Standing::BelumDiketahui,
                _ => Standing::Layak,
            };
            let gross = 3_000_000 + 17 * number as i64;
            let mut person =
                verdict(&format!("19850101201001{}{:03}", 1 + number / 1000, number % 1000), &format!("Pegawai {number} Contoh"), standing);
            person.unit = Some(format!("{:02}", number % 5));
            person.unit_name = Some(format!("Biro {}", number % 5));
            person.kelas_jabatan = Some(5 + number as i64 % 4);
            person.expected = Some(amounts(gross, gross - number as i64 * 3));
            person.paid = person.expected;
            person
        });
        Self::of(people.collect(), Vec::new())
    }

    pub(super) fn write(&self, write: impl FnOnce(&Payout<'_>, &mut Vec<u8>)) -> Vec<u8> {
        let report =
            Report { header: self.header.clone(), verdicts: &self.verdicts, findings: &self.findings, completeness: completeness() };
        let mut out = Vec::new();
        write(&Payout { report, accounts: &self.accounts, terms: &terms() }, &mut out);
        out
    }

    pub(super) fn list(&self, list: List, format: Format) -> Vec<u8> {
        self.write(|payout, out| write_list(list, format, Lang::Id, payout, out).unwrap())
    }

    pub(super) fn text(&self, list: List, format: Format) -> String {
        String::from_utf8(self.list(list, format)).unwrap()
    }

    pub(super) fn json(&self, list: List) -> Value {
        serde_json::from_slice(&self.list(list, Format::Json)).unwrap()
    }

    pub(super) fn book(&self, list: List) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(self.list(list, Format::Xlsx))).unwrap()
    }

    /// The texts of each page.
    pub(super) fn pages(&self, list: List) -> Vec<Vec<String>> {
        pages(&self.write(|payout, out| write_list_pdf(list, Lang::Id, payout, out).unwrap()))
    }

    pub(super) fn payable(&self) -> Vec<&Verdict> {
        self.verdicts.iter().filter(|verdict| verdict.standing == Standing::Layak).collect()
    }
}

/// The shown texts of every content stream of a PDF, in the order of the pages.
pub(super) fn pages(pdf: &[u8]) -> Vec<Vec<String>> {
    let find = |from: usize, what: &[u8]| pdf[from..].windows(what.len()).position(|window| window == what).map(|at| from + at);
    let mut pages = Vec::new();
    let mut from = 0;
    while let Some(start) = find(from, b"\nstream\n") {
        let end = find(start, b"\nendstream").unwrap();
        let mut content = Vec::new();
        ZlibDecoder::new(&pdf[start + 8..end]).read_to_end(&mut content).unwrap();
        pages.push(shown(&content));
        from = end;
    }
    pages
}

/// The strings before `Tj`; Latin-1 is enough for the names of the tests.
pub(super) fn shown(content: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut at = 0;
    while at < content.len() {
        if content[at] == b'(' {
            let (mut text, mut depth) = (String::new(), 1);
            at += 1;
            while depth > 0 {
                match content[at] {
                    b'\\' => {
                        at += 1;
                        text.push(char::from(content[at]));
                    }
                    byte => {
                        depth += i32::from(byte == b'(') - i32::from(byte == b')');
                        if depth > 0 {
                            text.push(char::from(byte));
                        }
                    }
                }
                at += 1;
            }
            texts.push(text);
        } else {
            at += 1;
        }
    }
    texts
}

/// The figure that follows a label's text by `after`.
pub(super) fn figure(page: &[String], label: &str, after: usize) -> Option<i64> {
    let at = page.iter().position(|text| text.starts_with(label))?;
    page.get(at + after)?.replace('.', "").parse().ok()
}

pub(super) fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}
