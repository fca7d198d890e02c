//! Which mistakes are planted on whom: every kind on people of its own, so that each can be found by itself.

use super::population::Founding;
use super::population::Person;
use super::population::Role;
use super::population::Story;
use super::population::printed_unit;
use crate::domain::Code;
use crate::domain::person::EmployeeKind;
use std::collections::BTreeMap;

/// Among whom a mistake is planted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pool {
    /// Staff in units of ordinary size.
    Staff,
    /// The same, PNS only.
    Pns,
    /// Staff of the units of four: a missing scan there is no outage of the device.
    Small,
    /// JPT, the first one apart.
    Leaders,
    /// CPNS.
    Cpns,
    /// CLTN and MPP.
    Inactive,
    /// Heads of units, on whose SKP those of their staff depend.
    Heads,
}

/// One person each, in this order; BK02 stands twice, for the two who share an account. A ministry that is too small for all goes without the last ones.
const PLAN: &[(Code, Pool)] = &[
    (Code::Pr06, Pool::Leaders),
    (Code::St02, Pool::Inactive),
    (Code::St01, Pool::Cpns),
    (Code::Ab05, Pool::Small),
    (Code::Lv01, Pool::Small),
    (Code::Ds01, Pool::Pns),
    (Code::Pr01, Pool::Staff),
    (Code::Sk01, Pool::Staff),
    (Code::Am01, Pool::Staff),
    (Code::Cl01, Pool::Staff),
    (Code::Sk02, Pool::Staff),
    (Code::Pr03, Pool::Staff),
    (Code::Ab01, Pool::Staff),
    (Code::Ab04, Pool::Small),
    (Code::Lv02, Pool::Staff),
    (Code::Ro02, Pool::Staff),
    (Code::Bk01, Pool::Staff),
    (Code::Id03, Pool::Staff),
    (Code::Id04, Pool::Staff),
    (Code::Id06, Pool::Staff),
    (Code::Sk04, Pool::Staff),
    (Code::Pr02, Pool::Staff),
    (Code::Pr04, Pool::Staff),
    (Code::Ab09, Pool::Staff),
    (Code::Cl03, Pool::Staff),
    (Code::Am02, Pool::Staff),
    (Code::Am03, Pool::Staff),
    (Code::Bk02, Pool::Staff),
    (Code::Bk02, Pool::Staff),
    (Code::Pe01, Pool::Staff),
    (Code::Sr05, Pool::Staff),
    (Code::Sr02, Pool::Staff),
    (Code::Ab03, Pool::Staff),
    (Code::Ab12, Pool::Staff),
];

/// The same for mistakes that are planted only as long as some people remain without any: a ministry in which everybody
/// is wrong is not believable.
const LATER: &[(Code, Pool)] = &[
    (Code::Sk05, Pool::Heads),
    (Code::St04, Pool::Cpns),
    (Code::Sk03, Pool::Staff),
    (Code::Pr07, Pool::Staff),
    (Code::Pr10, Pool::Staff),
    (Code::St05, Pool::Pns),
    (Code::Cl04, Pool::Pns),
    (Code::Pr08, Pool::Pns),
    (Code::Pr09, Pool::Pns),
    (Code::Pr11, Pool::Pns),
    (Code::Pr12, Pool::Staff),
    (Code::Pr13, Pool::Staff),
    (Code::Ro03, Pool::Staff),
    (Code::Lv03, Pool::Staff),
    (Code::Lv04, Pool::Staff),
    (Code::Lv05, Pool::Staff),
    (Code::Cl02, Pool::Staff),
    (Code::St03, Pool::Pns),
    (Code::Ds03, Pool::Pns),
    (Code::Pe02, Pool::Staff),
    (Code::Bk03, Pool::Staff),
    (Code::Ab06, Pool::Small),
    (Code::Ab07, Pool::Small),
    (Code::Am04, Pool::Pns),
];
/// What takes a Ramadan.
const IN_RAMADAN: &[(Code, Pool)] = &[(Code::Ab10, Pool::Staff)];

/// What takes a history.
const IN_HISTORY: &[(Code, Pool)] = &[(Code::Sr01, Pool::Staff), (Code::Sr03, Pool::Staff), (Code::Sr04, Pool::Staff)];

/// Ordinary staff who stay without a mistake of [`LATER`].
const UNTOUCHED: usize = 8;

/// How often each mistake is planted: one for every 300 employees, at least one, at most twelve.
pub(super) fn times(employees: usize) -> usize {
    (employees / 300).clamp(1, 12)
}

/// How many units of four there are: room for the mistakes of [`Pool::Small`] and for somebody without one.
pub(super) fn small_units(employees: usize) -> usize {
    if employees < 100 { times(employees) + 1 } else { 2 * times(employees) + 1 }
}

/// People outside the roster.
pub(super) struct Outsiders {
    /// In the payment file only (RO01).
    pub paid: Vec<Person>,
    /// In BKN's lists only (RO04).
    pub listed: Vec<Person>,
    /// Units whose device was down (AB08) or ran slow (AB11).
    pub troubles: Vec<(Code, usize)>,
}

/// What the month and the ministry give occasion to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occasions {
    /// Some working days lie in Ramadan.
    pub ramadan: bool,
    /// There was something before today.
    pub history: bool,
}

/// Plants mistakes on people, then stories on those who have none.
pub(super) fn plant(founding: &mut Founding, occasions: Occasions) -> Outsiders {
    let employees = founding.people.len();
    let times = times(employees);
    let mut order: Vec<usize> = (0..employees).collect();
    founding.dice().shuffle(&mut order);
    for (code, pool) in PLAN {
        each_variant(founding, &order, *code, *pool, times);
    }
    let mut free = (0..employees).filter(|at| fits(&founding.people, *at, Pool::Staff)).count();
    let given = |plan: &'static [(Code, Pool)], occasion: bool| plan.iter().filter(move |_| occasion);
    for (code, pool) in given(IN_RAMADAN, occasions.ramadan).chain(given(IN_HISTORY, occasions.history)).chain(LATER) {
        let of_staff = matches!(pool, Pool::Staff | Pool::Pns);
        let most = if of_staff { times.min(free.saturating_sub(UNTOUCHED)) } else { times };
        let planted = each_variant(founding, &order, *code, *pool, most);
        free -= if of_staff { planted } else { 0 };
    }
    drop_half_pairs(&mut founding.people);
    let troubles = devices(&mut founding.people, times);
    stories(founding, &order);
    Outsiders { paid: outsiders(founding, times, Code::Ro01, '8'), listed: outsiders(founding, times, Code::Ro04, '7'), troubles }
}

/// Some of those without a mistake in a unit of ordinary size could not check out on the day on which its device was
/// down; the clock of another unit's device was an hour slow, which harms nobody.
fn devices(people: &mut [Person], times: usize) -> Vec<(Code, usize)> {
    let mut free: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in (0..people.len()).filter(|at| people[*at].role == Role::Staff) {
        let of_unit = free.entry(people[at].unit).or_default();
        if fits(people, at, Pool::Staff) {
            of_unit.push(at);
        }
    }
    let mut units: Vec<(usize, Vec<usize>)> = free.into_iter().collect();
    units.sort_by_key(|(unit, of_unit)| (std::cmp::Reverse(of_unit.len()), *unit));
    let mut troubles = Vec::new();
    let mut units = units.into_iter();
    for variant in 0..times {
        let (Some((down, of_unit)), Some((slow, _))) = (units.next(), units.next_back()) else { break };
        if of_unit.len() >= 2 {
            of_unit.iter().take(3).for_each(|at| people[*at].slip = Some((Code::Ab08, variant)));
            troubles.push((Code::Ab08, down));
        }
        troubles.push((Code::Ab11, slow));
    }
    troubles
}

/// Plants a mistake so many times; returns how often there was somebody for it.
fn each_variant(founding: &mut Founding, order: &[usize], code: Code, pool: Pool, times: usize) -> usize {
    for variant in 0..times {
        let pool = variant_pool(code, pool, variant);
        let Some(at) = order.iter().copied().find(|at| fits(&founding.people, *at, pool) && suits(&founding.people, *at, code)) else {
            return variant;
        };
        founding.people[at].slip = Some((code, variant));
        match code {
            Code::Id06 => founding.make_odd(at, variant),
            Code::St04 => founding.make_long_cpns(at, variant),
            _ => {}
        }
    }
    times
}

/// A study assignment is paid by class 7: whoever has that class is paid rightly. To pay everything in spite of a low
/// predikat looks like another month's predikat (PR09) where that one is known.
fn suits(people: &[Person], at: usize, code: Code) -> bool {
    match code {
        Code::St03 => people[at].post.class != 7,
        Code::Am04 => people[at].unit != printed_unit(people),
        _ => true,
    }
}

/// A PNS paid as CPNS is the other face of ST01.
fn variant_pool(code: Code, pool: Pool, variant: usize) -> Pool {
    if code == Code::St01 && !variant.is_multiple_of(2) { Pool::Pns } else { pool }
}

fn fits(people: &[Person], at: usize, pool: Pool) -> bool {
    let person = &people[at];
    if person.slip.is_some() || (pool == Pool::Inactive) == person.is_entitled() {
        return false;
    }
    let regular = person.role == Role::Staff && person.kind != EmployeeKind::Cpns;
    match pool {
        Pool::Staff | Pool::Inactive => regular,
        Pool::Pns => regular && person.kind == EmployeeKind::Pns,
        Pool::Small => person.role == Role::SmallStaff,
        Pool::Heads => person.role == Role::Head,
        Pool::Leaders => person.role == Role::Leader && person.superior.is_some(),
        Pool::Cpns => person.kind == EmployeeKind::Cpns,
    }
}

/// The two of a BK02 have the same variant; an account that nobody shares is no mistake.
fn drop_half_pairs(people: &mut [Person]) {
    let pairs: Vec<usize> = people.iter().filter(|person| person.has(Code::Bk02)).map(Person::variant).collect();
    for person in people.iter_mut().filter(|person| person.has(Code::Bk02)) {
        if pairs.iter().filter(|variant| **variant == person.variant()).count() == 1 {
            person.slip = None;
        }
    }
}

/// Gives some of those without a mistake a story that finance and BKN treat rightly.
fn stories(founding: &mut Founding, order: &[usize]) {
    let employees = founding.people.len();
    let share = |of: usize| (employees / of).max(1);
    let wanted = [
        (Story::Weak, share(200)),
        (Story::Punished, share(400)),
        (Story::Moved, share(100)),
        (Story::WasActing, share(100)),
        (Story::IsActing, share(200)),
        (Story::LongActing, share(200)),
    ];
    let mut free = order.iter().copied().filter(|at| {
        let person = &founding.people[*at];
        fits(&founding.people, *at, Pool::Pns) && person.post.class >= 7
    });
    let mut chosen = Vec::new();
    for (story, count) in wanted {
        chosen.extend(free.by_ref().take(count).map(|at| (at, story)));
    }
    for (at, story) in chosen {
        founding.people[at].story = story;
    }
}

fn outsiders(founding: &mut Founding, times: usize, code: Code, first_digit: char) -> Vec<Person> {
    (0..times)
        .filter_map(|variant| {
            let mut person = founding.outsider()?;
            person.slip = Some((code, variant));
            person.account = format!("{first_digit}{variant:012}");
            Some(person)
        })
        .collect()
}
