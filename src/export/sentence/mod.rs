//! What a clerk reads about a finding: a short title, a sentence, and what to do next, in both languages.
//!
//! Sentences are templates. `{name}` stands for a parameter of the finding; a part in `[` `]` is left out when a
//! parameter inside it is not given, so every sentence also reads well without any.

mod money;
mod performance;
mod person;
mod presence;

use super::words;
use super::words::pick;
use crate::domain::evidence::{Kind, Reason};
use crate::domain::finding::{Code, Exhibit, Finding};
use crate::domain::percent::Percent;
use crate::domain::period::Period;
use crate::domain::period::Span;
use crate::domain::rupiah::Rupiah;
use crate::domain::text::Lang;
use chrono::NaiveDate;

/// Title, sentence and next step in one language.
struct Words {
    title: &'static str,
    sentence: &'static str,
    step: &'static str,
}

/// What is said about one code.
struct Entry {
    code: Code,
    id: Words,
    en: Words,
}

const fn says(code: Code, id: [&'static str; 3], en: [&'static str; 3]) -> Entry {
    Entry { code, id: Words { title: id[0], sentence: id[1], step: id[2] }, en: Words { title: en[0], sentence: en[1], step: en[2] } }
}

/// Never shown: a test holds that every code has its entry.
static NOTHING: Words = Words { title: "", sentence: "", step: "" };

fn words(code: Code, lang: Lang) -> &'static Words {
    let known = [person::SAYS, performance::SAYS, presence::SAYS, money::SAYS];
    let entry = known.iter().flat_map(|family| family.iter()).find(|entry| entry.code == code);
    match lang {
        Lang::Id => entry.map_or(&NOTHING, |entry| &entry.id),
        Lang::En => entry.map_or(&NOTHING, |entry| &entry.en),
    }
}

/// The short name of a code.
pub fn title(code: Code, lang: Lang) -> &'static str {
    words(code, lang).title
}

/// The finding in one sentence. When no parameter of it could be said, what the sources say is added.
pub fn sentence(finding: &Finding, lang: Lang) -> String {
    let (text, filled) = fill(words(finding.code, lang).sentence, finding, lang);
    let seen = seen(&finding.evidence, lang);
    if filled || seen.is_empty() {
        return text;
    }
    format!("{text} {}: {seen}.", pick(["Yang tercatat", "On record"], lang))
}

/// What to do next, beginning with who does it.
pub fn next_step(finding: &Finding, lang: Lang) -> String {
    let (step, _) = fill(words(finding.code, lang).step, finding, lang);
    format!("{}: {step}", words::owner(finding.code.owner(), lang))
}

/// Up to three things that the sources say: `kelas = 9 (berkas pembayaran)`.
fn seen(evidence: &[Exhibit], lang: Lang) -> String {
    let mut said: Vec<String> = Vec::new();
    for exhibit in evidence {
        let value = exhibit.value.as_deref().unwrap_or(pick(["(kosong)", "(empty)"], lang));
        let text = format!("{} = {value} ({})", exhibit.field, words::kind(exhibit.kind, lang));
        if !said.contains(&text) {
            said.push(text);
        }
    }
    let more = said.len() > 3;
    said.truncate(3);
    let mut text = said.join("; ");
    if more {
        text.push_str("; …");
    }
    text
}

/// Fills a template; also says whether any parameter could be said.
fn fill(template: &str, finding: &Finding, lang: Lang) -> (String, bool) {
    let mut text = String::with_capacity(template.len() + 32);
    let mut filled = false;
    let mut rest = template;
    while let Some(open) = rest.find(['[', '{']) {
        text.push_str(&rest[..open]);
        let (close, optional) = if rest[open..].starts_with('[') { (']', true) } else { ('}', false) };
        let Some(end) = rest[open..].find(close).map(|at| open + at) else { break };
        let inner = &rest[open + 1..end];
        if optional {
            if let Some(part) = fill_all(inner, finding, lang) {
                text.push_str(&part);
                filled = true;
            }
        } else {
            text.push_str(&value(inner, finding, lang));
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    (text, filled)
}

/// Fills an optional part; `None` when one of its parameters is not given.
fn fill_all(part: &str, finding: &Finding, lang: Lang) -> Option<String> {
    let mut text = String::with_capacity(part.len() + 32);
    let mut rest = part;
    while let Some(open) = rest.find('{') {
        let end = open + rest[open..].find('}')?;
        let said = value(&rest[open + 1..end], finding, lang);
        if said.is_empty() {
            return None;
        }
        text.push_str(&rest[..open]);
        text.push_str(&said);
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    Some(text)
}

/// A parameter as people say it. The day and the file of a finding may also stand in its subject.
fn value(name: &str, finding: &Finding, lang: Lang) -> String {
    let given = finding.param(name);
    let given = match name {
        "day" if given.is_empty() && finding.subject.parse::<NaiveDate>().is_ok() => finding.subject.as_str(),
        "file" if given.is_empty() && finding.nip.is_none() => finding.subject.as_str(),
        _ => given,
    };
    say(name, given, lang)
}

/// Parameters that are Rupiah when they are whole numbers.
const MONEY: &[&str] =
    &["paid", "expected", "difference", "paid_gross", "tariff", "gross", "deduction", "net", "stated", "summed", "fixed_gross", "amount"];
/// Parameters that are percents when they are numbers.
const PERCENTS: &[&str] = &["percent", "share", "usual", "multiplier", "percent_paid", "m", "p", "D", "Dk", "Dh", "Dt", "w_k", "w_h"];

/// A quarter, written `2026-Q3`.
fn quarter(given: &str, lang: Lang) -> Option<String> {
    match given.parse().ok()? {
        Span::Quarter(year, number) if lang == Lang::Id => Some(format!("triwulan {number} tahun {year}")),
        Span::Quarter(year, number) => Some(format!("quarter {number} of {year}")),
        _ => None,
    }
}

/// One value in the words of the language; what is not recognised stays as the rule gave it.
pub fn say(name: &str, given: &str, lang: Lang) -> String {
    let given = given.trim();
    if name == "cycles" && given.contains(", ") {
        return given.split(", ").map(|cycle| say("cycle", cycle, lang)).collect::<Vec<_>>().join(", ");
    }
    if name == "assessor_reasons" {
        return given.split(", ").map(|reason| word(name, reason, lang).unwrap_or(reason)).collect::<Vec<_>>().join(", ");
    }
    let amount = given.parse::<i64>().ok().filter(|_| MONEY.contains(&name)).map(|amount| Rupiah(amount).to_string());
    let share = given.parse::<Percent>().ok().filter(|_| PERCENTS.contains(&name)).map(|share| words::percent(share, lang));
    amount
        .or(share)
        .or_else(|| word(name, given, lang).map(str::to_owned))
        .or_else(|| words::predikat(given).map(str::to_owned))
        .or_else(|| quarter(given, lang))
        .or_else(|| given.parse::<NaiveDate>().ok().map(|day| words::day(day, lang)))
        .or_else(|| given.parse::<Period>().ok().map(|period| words::period(period, lang)))
        .unwrap_or_else(|| given.to_owned())
}

/// Keys that have a word in the language.
fn word(name: &str, given: &str, lang: Lang) -> Option<&'static str> {
    let pair = match (name, given) {
        ("scan", "masuk") => ["masuk", "check-in"],
        ("scan", "pulang") => ["pulang", "check-out"],
        ("hasil" | "perilaku", "atas") => ["Diatas Ekspektasi", "above expectation"],
        ("hasil" | "perilaku", "sesuai") => ["Sesuai Ekspektasi", "as expected"],
        ("hasil" | "perilaku", "bawah") => ["Dibawah Ekspektasi", "below expectation"],
        ("oddity", "birth_date") => ["tanggal lahirnya tidak mungkin", "its birth date is impossible"],
        ("oddity", "age") => ["usianya di luar 18 sampai 70 tahun", "the age is outside 18 to 70"],
        ("oddity", "tmt") => ["TMT CPNS-nya tidak mungkin", "its TMT is impossible"],
        ("oddity", "sex") => ["angka jenis kelaminnya bukan 1 atau 2", "its sex digit is neither 1 nor 2"],
        ("oddity", "serial") => ["nomor urutnya 000", "its serial is 000"],
        ("assessor_reasons", "self") => ["penilainya pegawai itu sendiri", "the assessor is the employee"],
        ("assessor_reasons", "inactive") => ["penilainya tidak aktif", "the assessor is not in service"],
        ("assessor_reasons", "not_superior") => ["penilainya bukan atasan di daftar pegawai", "the assessor is not the roster's superior"],
        ("follow_up", "service") => ["uji kompetensi atau mutasi", "a test of competence or a move"],
        ("follow_up", "contract") => {
            ["uji kompetensi, mutasi, dan peninjauan kontrak PPPK", "a test of competence, a move, and a review of the contract"]
        }
        ("why", "no_entry") => ["daftar pegawai tidak mencatat Plt/Plh", "the roster has no acting position"],
        ("why", "outside") => ["bulan yang dibayar di luar masa tugas", "the month paid lies outside the decree"],
        ("kind", key) => return Kind::from_key(key).map(|kind| words::kind(kind, lang)).or_else(|| words::permit(key, lang)),
        ("reason", key) => return Reason::from_key(key).map(|reason| words::reason(reason, lang)),
        ("status", code) => return words::employment(code, lang),
        _ => return None,
    };
    Some(pick(pair, lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::Severity;
    use crate::domain::nip::Nip;

    fn finding(code: Code, params: &[(&str, &str)]) -> Finding {
        Finding {
            id: "x".to_owned(),
            code,
            severity: Severity::Block,
            nip: Nip::parse("198501012010011901").ok(),
            subject: String::new(),
            rupiah_at_risk: Rupiah::ZERO,
            excuse: None,
            params: params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            evidence: Vec::new(),
        }
    }

    #[test]
    fn every_code_has_its_words_once_in_both_languages() {
        let known = [person::SAYS, performance::SAYS, presence::SAYS, money::SAYS];
        for code in Code::ALL {
            let entries: Vec<_> = known.iter().flat_map(|family| family.iter()).filter(|entry| entry.code == *code).collect();
            assert_eq!(entries.len(), 1, "{code}");
            for lang in [Lang::Id, Lang::En] {
                let words = words(*code, lang);
                assert!(!words.title.is_empty() && words.title.chars().count() <= 48, "{code} {lang:?}: {}", words.title);
                assert!(words.sentence.ends_with('.') && words.step.ends_with('.'), "{code} {lang:?}");
            }
            assert_ne!(title(*code, Lang::Id), title(*code, Lang::En), "{code}");
            let bare = finding(*code, &[]);
            assert_ne!(sentence(&bare, Lang::Id), sentence(&bare, Lang::En), "{code}");
            assert_ne!(next_step(&bare, Lang::Id), next_step(&bare, Lang::En), "{code}");
        }
    }

    #[test]
    fn no_sign_of_a_template_is_left() {
        for code in Code::ALL {
            for lang in [Lang::Id, Lang::En] {
                let words = words(*code, lang);
                for template in [words.sentence, words.step] {
                    // A parameter outside an optional part would leave a hole.
                    let outside: String = template.split('[').map(|part| part.rsplit(']').next().unwrap()).collect();
                    assert!(!outside.contains(['{', '}']), "{code} {lang:?}: {template}");
                    assert_eq!(template.matches('[').count(), template.matches(']').count(), "{code}: {template}");
                }
                let bare = finding(*code, &[]);
                for text in [sentence(&bare, lang), next_step(&bare, lang)] {
                    assert!(!text.contains(['[', ']', '{', '}']) && !text.contains("  ") && !text.contains(" ."), "{code}: {text}");
                }
            }
        }
    }

    #[test]
    fn parameters_are_said_in_the_language() {
        let missing = finding(Code::Ab05, &[("scan", "masuk"), ("day", "2026-10-05")]);
        assert!(sentence(&missing, Lang::Id).contains("masuk"), "{}", sentence(&missing, Lang::Id));
        assert!(sentence(&missing, Lang::Id).contains("5 Oktober 2026"));
        assert!(sentence(&missing, Lang::En).contains("check-in"));
        assert!(sentence(&missing, Lang::En).contains("5 October 2026"));
        let paid = finding(Code::Am01, &[("paid", "4595150"), ("expected", "4549199"), ("difference", "45951")]);
        assert!(sentence(&paid, Lang::Id).contains("Rp4.595.150"), "{}", sentence(&paid, Lang::Id));
        let matrix = finding(Code::Pr03, &[("hasil", "atas"), ("perilaku", "bawah"), ("predikat", "baik"), ("expected", "kurang")]);
        assert!(sentence(&matrix, Lang::En).contains("“Kurang”"), "{}", sentence(&matrix, Lang::En));
        assert_eq!(say("percent", "2.5", Lang::Id), "2,5%");
        assert_eq!(say("cycle", "2026-09", Lang::Id), "September 2026");
        assert_eq!(say("cycle", "2026-Q3", Lang::Id), "triwulan 3 tahun 2026");
        assert_eq!(say("cycles", "2026-08, 2026", Lang::Id), "Agustus 2026, 2026");
    }

    #[test]
    fn parameters_named_by_the_rules_are_used() {
        let named: &[(Code, &[&str])] = &[
            (Code::Pr01, &["cycle"]),
            (Code::Pr02, &["hasil", "perilaku"]),
            (Code::Pr03, &["hasil", "perilaku", "predikat", "expected"]),
            (Code::Pr04, &["hasil", "perilaku", "predikat"]),
            (Code::Ab05, &["scan", "day"]),
            (Code::Ab09, &["day", "holiday"]),
            (Code::Lv01, &["day", "kind"]),
            (Code::Lv02, &["day", "kind"]),
            (Code::Cl01, &["payment_class", "roster_class"]),
            (Code::Cl03, &["paid_gross", "tariff", "class"]),
            (Code::St01, &["status", "multiplier"]),
            (Code::St02, &["status"]),
            (Code::Ds01, &["level", "percent"]),
            (Code::Am01, &["paid", "expected", "difference"]),
            (Code::Am02, &["gross", "deduction", "net"]),
            (Code::Am02, &["file", "stated", "summed"]),
            (Code::Am03, &["deduction", "gross"]),
            (Code::Bk01, &["reason"]),
            (Code::Bk02, &["accounts", "others"]),
            (Code::Pe01, &["awal", "period"]),
            (Code::Sr01, &["kind"]),
            (Code::Sr02, &["kind", "reason"]),
            (Code::Sr03, &["kind"]),
            (Code::Sr04, &["kind"]),
            (Code::Sk02, &["status"]),
            (Code::Sk04, &["from", "to"]),
            (Code::Id03, &["field"]),
            (Code::Id04, &["roster_name", "other_name"]),
            (Code::Id06, &["oddity"]),
            (Code::Ro03, &["status"]),
            (Code::Pr05, &["cycles", "needed"]),
            (Code::Sk03, &["skp_position", "roster_position"]),
            (Code::Sk05, &["subordinates"]),
            (Code::Pr07, &["assessed", "due"]),
            (Code::Pr08, &["before", "predikat"]),
            (Code::Pr09, &["cycle", "predikat", "needed"]),
            (Code::Pr10, &["assessor_reasons"]),
            (Code::Pr11, &["cycles", "limit"]),
            (Code::Pr12, &["cycle", "predikat", "other"]),
            (Code::Pr13, &["cycles", "follow_up"]),
            (Code::St04, &["months", "limit"]),
            (Code::St05, &["status", "bkn"]),
            (Code::Cl04, &["why"]),
            (Code::Ro03, &["day"]),
            (Code::Pe03, &["deadline"]),
            (Code::Id01, &["place"]),
            (Code::Id02, &["place"]),
        ];
        for (code, names) in named {
            let params: Vec<(&str, &str)> = names.iter().map(|name| (*name, *name)).collect();
            for lang in [Lang::Id, Lang::En] {
                let text = sentence(&finding(*code, &params), lang);
                for name in *names {
                    assert!(*name == "accounts" || text.contains(name), "{code} {lang:?} does not say {name}: {text}");
                }
            }
        }
    }
}
