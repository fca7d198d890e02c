//! The payment rows: what a careful finance office pays, and the planted mistakes of a careless one.

use super::Ministry;
use super::amounts;
use super::amounts::Pay;
use super::attendance::Outcome;
use super::files::BANK;
use super::files::OTHER_BANK;
use super::names::misspelt;
use super::population::Person;
use super::population::Story;
use crate::domain::Code;
use crate::domain::Period;
use crate::domain::person::EmployeeKind;

/// One row of the ADK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub nip: String,
    pub name: String,
    pub decree: String,
    pub grade: u8,
    pub gross: i64,
    pub deduction: i64,
    pub net: i64,
    /// SPAN code and name.
    pub bank: (&'static str, &'static str),
    pub account: String,
    pub holder: String,
    /// The work month that it pays.
    pub work: Period,
}

impl Row {
    fn set(&mut self, pay: Pay) {
        (self.gross, self.deduction, self.net) = (pay.gross, pay.deduction, pay.net);
    }
}

/// Whether BKN has no predikat of the person for the cycle that decides.
pub(super) fn lacks_predikat(person: &Person) -> bool {
    [Code::Sk01, Code::Pr01, Code::Pr06, Code::Pr11].iter().any(|code| person.has(*code))
}

/// Everything that is rightly cut, in tenths of a percent.
fn due(person: &Person, month: &Outcome) -> i64 {
    let predikat = match person.story {
        _ if person.has(Code::Pr11) && !person.variant().is_multiple_of(2) => amounts::NO_PREDIKAT_FOR_LONG,
        _ if lacks_predikat(person) => amounts::NO_PREDIKAT,
        Story::Weak => amounts::SANGAT_KURANG,
        _ if person.has(Code::Am04) => amounts::SANGAT_KURANG,
        _ => 0,
    };
    let punishment = match person.story {
        Story::Punished => amounts::PUNISHMENT,
        _ if person.has(Code::Ds03) => amounts::PUNISHMENT,
        _ if person.has(Code::Ds01) && person.variant().is_multiple_of(2) => amounts::PUNISHMENT,
        _ => 0,
    };
    month.tenths + predikat + punishment
}

fn percent(person: &Person) -> i64 {
    if person.kind == EmployeeKind::Cpns { amounts::CPNS_PERCENT } else { 100 }
}

/// The row of somebody in the roster; `None` for who is not paid.
fn row(ministry: &Ministry, at: usize) -> Option<Row> {
    let (person, month) = (&ministry.people[at], &ministry.outcomes[at]);
    if person.has(Code::Ro02) || (!person.is_entitled() && !person.has(Code::St02)) {
        return None;
    }
    let due = due(person, month);
    let mut row = plain_row(ministry, person, at);
    row.set(amounts::pay(amounts::tariff(person.post.class), percent(person), due));
    if let Some((code, variant)) = person.slip {
        slip(ministry, person, &mut row, code, variant, due);
    }
    Some(row)
}

/// A row without amounts.
fn plain_row(ministry: &Ministry, person: &Person, at: usize) -> Row {
    let name = if at % 5 < 3 { person.shouted() } else { person.titled() };
    Row {
        nip: person.nip.to_string(),
        holder: person.shouted(),
        decree: format!("KEP-{:03}/KJ/{}", person.post.class, ministry.period.year() - 1),
        grade: person.post.class,
        gross: 0,
        deduction: 0,
        net: 0,
        bank: if person.has(Code::Bk03) { OTHER_BANK } else { BANK },
        account: person.account.clone(),
        work: ministry.period,
        name,
    }
}

/// Spoils the row in the way that is planted.
fn slip(ministry: &Ministry, person: &Person, row: &mut Row, code: Code, variant: usize, due: i64) {
    let tariff = amounts::tariff(person.post.class);
    match code {
        Code::Id04 => row.name = misspelt(&person.name).to_uppercase(),
        Code::Cl01 => {
            row.grade = person.post.class + 1;
            row.set(amounts::pay(amounts::tariff(row.grade), percent(person), due));
        }
        Code::Cl03 => row.set(amounts::pay(tariff - 125_000 - 1_000 * variant as i64, 100, due)),
        Code::St01 if person.kind == EmployeeKind::Cpns => row.set(amounts::pay(tariff, 100, due)),
        Code::St01 => row.set(amounts::pay(tariff, amounts::CPNS_PERCENT, due)),
        Code::Ds01 if variant.is_multiple_of(2) => row.set(amounts::pay(tariff, 100, due - amounts::PUNISHMENT)),
        Code::Ds01 | Code::Ds03 => row.set(amounts::pay(tariff, 100, due + amounts::PUNISHMENT)),
        // By the predikat of the month before, or by the one that has changed since.
        Code::Pr09 | Code::Pr08 => row.set(amounts::pay(tariff, percent(person), due + amounts::SANGAT_KURANG)),
        // One Rupiah is a difference too: the policy's tolerance is zero.
        Code::Am01 => {
            let short = if variant.is_multiple_of(2) { 37_501 + 1_117 * variant as i64 } else { 1 };
            (row.net, row.deduction) = (row.net - short, row.deduction + short);
        }
        Code::Am04 => row.set(amounts::pay(tariff, percent(person), 0)),
        Code::Am02 => row.deduction += 50_000 + 500 * variant as i64,
        Code::Am03 => {
            row.deduction = -150_000 - 1_000 * variant as i64;
            row.net = row.gross - row.deduction;
        }
        Code::Bk01 => row.account.clear(),
        Code::Bk02 => row.account = format!("6{variant:012}"),
        Code::Pe01 => row.work = ministry.period.offset(-1),
        _ => {}
    }
}

/// The supplement of an acting position: of who acts, and of who does not (CL04).
fn supplement(ministry: &Ministry, at: usize) -> Option<Row> {
    let person = &ministry.people[at];
    if person.story != Story::LongActing && !person.has(Code::Cl04) {
        return None;
    }
    let mut row = plain_row(ministry, person, at);
    row.set(amounts::pay(amounts::tariff(person.post.class), amounts::ACTING_PERCENT, 0));
    row.decree = ministry.supplement_decree(at);
    Some(row)
}

/// The row of somebody who is paid twice, under another decree.
fn twice(ministry: &Ministry, at: usize) -> Option<Row> {
    let again = row(ministry, at).filter(|_| ministry.people[at].has(Code::Pe02))?;
    Some(Row { decree: format!("{}-B", again.decree), ..again })
}

/// The rows of the second payment file: of people who were forgotten in the first, and nothing is deducted from any
/// (AM04). Empty where there is none.
pub(super) fn forgotten_rows(ministry: &Ministry) -> Vec<Row> {
    (0..ministry.people.len()).filter(|at| ministry.people[*at].has(Code::Am04)).filter_map(|at| row(ministry, at)).collect()
}

/// All rows of the payment file, in the order of the roster, people outside it last.
pub(super) fn rows(ministry: &Ministry) -> Vec<Row> {
    let everybody = (0..ministry.people.len()).filter(|at| !ministry.people[*at].has(Code::Am04));
    let mut rows: Vec<Row> =
        everybody.flat_map(|at| row(ministry, at).into_iter().chain(twice(ministry, at)).chain(supplement(ministry, at))).collect();
    for (at, person) in ministry.paid.iter().enumerate() {
        let mut row = plain_row(ministry, person, at);
        row.set(amounts::pay(amounts::tariff(person.post.class), 100, 0));
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Settings;

    fn ministry() -> Ministry {
        Ministry::grow(&Settings { employees: 700, seed: 11, ..Settings::default() }).unwrap()
    }

    fn row_of(ministry: &Ministry, code: Code, variant: usize) -> (Row, &Person, i64) {
        let at = ministry.people.iter().position(|person| person.slip == Some((code, variant))).unwrap();
        let due = due(&ministry.people[at], &ministry.outcomes[at]);
        (row(ministry, at).unwrap(), &ministry.people[at], due)
    }

    #[test]
    fn careful_rows_add_up() {
        let ministry = ministry();
        let mut cut = 0;
        for row in rows(&ministry) {
            let person = ministry.people.iter().find(|person| person.nip.as_str() == row.nip);
            if person.is_none_or(|person| person.slip.is_none()) {
                assert_eq!(row.gross - row.deduction, row.net);
                assert_eq!(row.work, ministry.period);
                assert!(row.deduction >= 0 && row.net >= 0);
                cut += i64::from(row.deduction > 0);
            }
        }
        assert!(cut > 50, "most months cost somebody something: {cut}");
    }

    #[test]
    fn each_slip_spoils_its_own_field() {
        let ministry = ministry();
        let right = |person: &Person, due: i64| amounts::pay(amounts::tariff(person.post.class), percent(person), due);
        let (row, person, due) = row_of(&ministry, Code::Am02, 0);
        assert_eq!(row.net, right(person, due).net);
        assert_ne!(row.gross - row.deduction, row.net);
        let (row, person, due) = row_of(&ministry, Code::Am01, 1);
        assert_eq!(row.net, right(person, due).net - 1);
        assert_eq!(row.gross - row.deduction, row.net);
        let (row, person, due) = row_of(&ministry, Code::St01, 0);
        assert_eq!(person.kind, EmployeeKind::Cpns);
        assert_eq!(row.gross, 4_595_150);
        assert!(row.net > right(person, due).net);
        let (row, person, due) = row_of(&ministry, Code::Ds01, 1);
        assert!(row.net < right(person, due).net);
        let (row, ..) = row_of(&ministry, Code::Am03, 0);
        assert!(row.deduction < 0 && row.net > row.gross);
        let (row, person, due) = row_of(&ministry, Code::Pr06, 0);
        assert!(due >= 350 && row.net == right(person, due).net);
        let (row, ..) = row_of(&ministry, Code::Ab04, 0);
        assert_eq!((row.net, row.deduction), (0, row.gross));
    }
}
