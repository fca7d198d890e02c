//! Who works in the simulated ministry: units, superiors, positions, classes, NIPs. It must not know what goes wrong
//! later; mistakes are planted on top of it.

use super::dice::Dice;
use super::names;
use crate::domain::Code;
use crate::domain::Nip;
use crate::domain::Period;
use crate::domain::period::add_months;
use crate::domain::person::EmployeeKind;
use crate::domain::person::EmploymentStatus;
use chrono::Datelike;
use chrono::Days;
use chrono::NaiveDate;
use std::collections::HashSet;

/// One unit of the organisation.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub code: String,
    pub name: String,
}

/// Part that somebody plays in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Jabatan pimpinan tinggi.
    Leader,
    /// Head of a unit, no JPT.
    Head,
    /// Somebody without subordinates, in a unit of ordinary size.
    Staff,
    /// The same in a unit of four, too small for a statistic of missing scans.
    SmallStaff,
}

/// What makes a person's year worth telling, apart from planted mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Story {
    /// Nothing.
    Plain,
    /// Moved within the ministry this year: two adjoining SKPs.
    Moved,
    /// Was Plt until last month: one more SKP and one more evaluation.
    WasActing,
    /// Became Plt in this period: one more SKP.
    IsActing,
    /// Plt for some months, with a supplement that finance pays rightly.
    LongActing,
    /// Under a punishment that finance applies.
    Punished,
    /// Predikat Sangat Kurang that finance applies.
    Weak,
}

/// A position.
#[derive(Debug, Clone)]
pub(super) struct Post {
    pub name: String,
    /// BKN's `jenisJabatan`.
    pub kind: u8,
    pub class: u8,
}

/// Dates of service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    pub tmt_cpns: Option<NaiveDate>,
    pub tmt_pns: Option<NaiveDate>,
    pub spmt: NaiveDate,
}

/// One person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub nip: Nip,
    /// Name without titles.
    pub name: String,
    pub front: &'static str,
    pub back: &'static str,
    pub woman: bool,
    pub kind: EmployeeKind,
    pub unit: usize,
    pub role: Role,
    pub post: Post,
    pub superior: Option<usize>,
    pub status: EmploymentStatus,
    pub status_since: Option<NaiveDate>,
    pub service: Service,
    pub account: String,
    pub story: Story,
    /// The planted mistake, and which of its variants.
    pub slip: Option<(Code, usize)>,
}

impl Person {
    /// Whether that mistake is planted on the person.
    pub(super) fn has(&self, code: Code) -> bool {
        self.slip.is_some_and(|(planted, _)| planted == code)
    }

    /// Which variant of the mistake; 0 without one.
    pub(super) fn variant(&self) -> usize {
        self.slip.map_or(0, |(_, variant)| variant)
    }

    /// Name with titles, as the roster writes it.
    pub(super) fn titled(&self) -> String {
        let front = if self.front.is_empty() { String::new() } else { format!("{} ", self.front) };
        let back = if self.back.is_empty() { String::new() } else { format!(", {}", self.back) };
        format!("{front}{}{back}", self.name)
    }

    /// Name as BKN writes it.
    pub(super) fn shouted(&self) -> String {
        self.name.to_uppercase()
    }

    /// Golongan ruang, plausible for class and kind.
    pub(super) fn rank(&self) -> &'static str {
        match (self.kind, self.post.class) {
            (EmployeeKind::Pppk | EmployeeKind::PppkParuhWaktu, ..=6) => "V",
            (EmployeeKind::Pppk | EmployeeKind::PppkParuhWaktu, _) => "IX",
            (EmployeeKind::Cpns, _) => "III/a",
            (EmployeeKind::Pns, ..=5) => "II/c",
            (EmployeeKind::Pns, 6) => "II/d",
            (EmployeeKind::Pns, 7) => "III/a",
            (EmployeeKind::Pns, 8) => "III/b",
            (EmployeeKind::Pns, 9 | 10) => "III/d",
            (EmployeeKind::Pns, 11 | 12) => "IV/a",
            (EmployeeKind::Pns, 13 | 14) => "IV/b",
            (EmployeeKind::Pns, 15) => "IV/c",
            (EmployeeKind::Pns, _) => "IV/d",
        }
    }

    /// `jenis_pegawai` as files and BKN spell it.
    pub(super) fn kind_code(&self) -> &'static str {
        EmployeeKind::ALL.iter().find(|(_, kind)| *kind == self.kind).map_or("", |(code, _)| code)
    }

    /// Whether the person is entitled to tukin at all.
    pub(super) fn is_entitled(&self) -> bool {
        self.status == EmploymentStatus::Aktif
    }
}

/// The unit of which the wrong month is printed (PR05), so that the predikat before the deciding one are known of its people.
pub(super) fn printed_unit(people: &[Person]) -> usize {
    people.iter().find(|person| person.role == Role::Staff).map_or(0, |person| person.unit)
}

/// How many people play which part.
struct Shape {
    leaders: usize,
    small_units: usize,
    inactive: usize,
    cpns: usize,
}

/// Makes people and units, in an order that never changes for the same dice.
pub(super) struct Founding {
    dice: Dice,
    period: Period,
    taken: HashSet<Nip>,
    pub units: Vec<Unit>,
    pub people: Vec<Person>,
}

impl Founding {
    pub(super) fn new(dice: Dice, period: Period) -> Self {
        Self { dice, period, taken: HashSet::new(), units: Vec::new(), people: Vec::new() }
    }

    /// Founds the ministry: leaders, units of about 25, units of four, then CPNS, CLTN and MPP among the staff.
    /// `small_units` is how many units of four there are.
    pub(super) fn found(&mut self, employees: usize, small_units: usize) {
        let shape = Shape {
            leaders: ((employees * 15 + 500) / 1000).max(2),
            small_units,
            inactive: (employees / 100).max(2),
            cpns: (employees / 50).max(2),
        };
        self.leaders(shape.leaders);
        for index in 0..shape.small_units {
            let code = format!("01.90.{:02}", index + 1);
            self.unit(code, names::unit("Kelompok Kerja", index), 0, 4, Role::SmallStaff);
        }
        let rest = employees - self.people.len();
        let units = ((rest + 12) / 25).max(1);
        let middle = shape.leaders / 8 + 1;
        for index in 0..units {
            let superior = middle + index % (shape.leaders - middle).max(1);
            let size = rest / units + usize::from(index < rest % units);
            let code = format!("{}.{:02}", self.units[superior].code, index / (shape.leaders - middle).max(1) + 1);
            self.unit(code, names::unit("Bagian", index), superior, size, Role::Staff);
        }
        self.special(&shape);
    }

    /// The first person leads all; one in eight leads a deputy's office, the others a bureau each.
    fn leaders(&mut self, count: usize) {
        let middle = count / 8;
        for index in 0..count {
            let (class, superior, code, rank) = match index {
                0 => (17, None, "01".to_owned(), ""),
                deputy if deputy <= middle => (16, Some(0), format!("{:02}", deputy + 1), "Deputi Bidang"),
                _ => {
                    let superior = index % (middle + 1);
                    (15, Some(superior), format!("{:02}.{:02}", superior + 1, index), "Asisten Deputi")
                }
            };
            let name = if index == 0 { "Sekretariat Kementerian".to_owned() } else { names::unit(rank, index) };
            self.units.push(Unit { code, name: name.clone() });
            let position = if index == 0 { "Sekretaris Kementerian".to_owned() } else { name };
            let unit = self.units.len() - 1;
            self.hire(unit, Role::Leader, Post { name: position, kind: 1, class }, superior, 46..57);
        }
    }

    /// A unit with its head and staff.
    fn unit(&mut self, code: String, name: String, superior: usize, size: usize, role: Role) {
        let title = if role == Role::SmallStaff { "Ketua" } else { "Kepala" };
        let position = format!("{title} {name}");
        self.units.push(Unit { code, name });
        let unit = self.units.len() - 1;
        let class = if self.dice.one_in(3) { 13 } else { 12 };
        let head = self.people.len();
        self.hire(unit, Role::Head, Post { name: position, kind: 1, class }, Some(superior), 38..56);
        for _ in 1..size {
            let (class, position, kind) = names::POSITIONS[self.dice.weighted(names::POSITION_WEIGHTS)];
            self.hire(unit, role, Post { name: position.to_owned(), kind, class }, Some(head), 24..56);
        }
    }

    /// Hires somebody whose age on the last day of the period lies in `ages`.
    fn hire(&mut self, unit: usize, role: Role, post: Post, superior: Option<usize>, ages: std::ops::Range<usize>) {
        let dice = &mut self.dice;
        let woman = dice.one_in(2);
        let name = names::name(woman, &mut |below| dice.below(below));
        let (front, back) = names::titles(&mut |below| dice.below(below));
        let pppk = matches!(role, Role::Staff | Role::SmallStaff) && post.class <= 9 && dice.one_in(6);
        let kind = if pppk { EmployeeKind::Pppk } else { EmployeeKind::Pns };
        let age = ages.start + dice.below(ages.len());
        let birth = birth_day(dice, self.period, age);
        let account = format!("9{:04}{:08}", dice.below(10_000), self.people.len() + 1);
        let service = self.service(kind, birth);
        let nip = self.nip(kind, woman, birth, service.spmt, 901);
        self.people.push(Person {
            nip,
            name,
            front,
            back,
            woman,
            kind,
            unit,
            role,
            post,
            superior,
            status: EmploymentStatus::Aktif,
            status_since: None,
            service,
            account,
            story: Story::Plain,
            slip: None,
        });
    }

    /// The dates of service of somebody born that day, some years ago at the latest.
    fn service(&mut self, kind: EmployeeKind, birth: NaiveDate) -> Service {
        let this_year = self.period.year();
        let first_of = |year, month| Period::new(year, month).map_or(birth, Period::first_day);
        if kind == EmployeeKind::Pppk {
            let year = (this_year - 1 - self.dice.below(4) as i32).max(birth.year() + 20);
            return Service { tmt_cpns: None, tmt_pns: None, spmt: first_of(year, 3) };
        }
        let oldest = (this_year - 3 - birth.year()).clamp(20, 30);
        let year = birth.year() + 20 + self.dice.below((oldest - 19) as usize) as i32;
        let start = first_of(year.min(this_year - 3), [1, 3, 4, 12][self.dice.below(4)]);
        Service { tmt_cpns: Some(start), tmt_pns: Some(add_months(start, 12)), spmt: start }
    }

    /// The first free NIP from `serial` on. Serials from 901 mark it as synthetic.
    fn nip(&mut self, kind: EmployeeKind, woman: bool, birth: NaiveDate, start: NaiveDate, serial: u32) -> Nip {
        let start_digits = match kind {
            EmployeeKind::Pppk | EmployeeKind::PppkParuhWaktu => format!("{:04}21", start.year()),
            EmployeeKind::Pns | EmployeeKind::Cpns => start.format("%Y%m").to_string(),
        };
        let sex = if woman { 2 } else { 1 };
        for serial in serial..1000 {
            let digits = format!("{}{start_digits}{sex}{serial:03}", birth.format("%Y%m%d"));
            if let Ok(nip) = Nip::parse(&digits)
                && self.taken.insert(nip)
            {
                return nip;
            }
        }
        // A hundred people born on one day, of one sex and appointed in one month: the day before is free.
        self.nip(kind, woman, birth - Days::new(1), start, 901)
    }

    /// Turns ordinary staff into CPNS, CLTN and MPP.
    fn special(&mut self, shape: &Shape) {
        let mut staff: Vec<usize> = (0..self.people.len()).filter(|at| self.people[*at].role == Role::Staff).collect();
        self.dice.shuffle(&mut staff);
        let (inactive, rest) = staff.split_at(shape.inactive.min(staff.len() / 4));
        for (count, at) in inactive.iter().enumerate() {
            let months = 2 + self.dice.below(8) as i32;
            let mpp = count % 2 == 1;
            let birth = birth_day(&mut self.dice, self.period, if mpp { 57 } else { 40 });
            let service = self.service(EmployeeKind::Pns, birth);
            self.reappoint(*at, EmployeeKind::Pns, birth, service);
            let person = &mut self.people[*at];
            person.status = if mpp { EmploymentStatus::Mpp } else { EmploymentStatus::Cltn };
            person.status_since = Some(self.period.offset(-months).first_day());
        }
        for at in rest.iter().take(shape.cpns) {
            let start = self.period.offset(-3 - self.dice.below(7) as i32).first_day();
            let age = 23 + self.dice.below(8);
            let birth = birth_day(&mut self.dice, self.period, age);
            self.reappoint(*at, EmployeeKind::Cpns, birth, Service { tmt_cpns: Some(start), tmt_pns: None, spmt: start });
            self.people[*at].post = Post { name: "Analis Kebijakan Ahli Pertama".to_owned(), kind: 2, class: 8 };
        }
    }

    /// Gives somebody another birthday and service, and the NIP that follows.
    fn reappoint(&mut self, at: usize, kind: EmployeeKind, birth: NaiveDate, service: Service) {
        let woman = self.people[at].woman;
        let nip = self.nip(kind, woman, birth, service.spmt, 901);
        let person = &mut self.people[at];
        (person.nip, person.kind, person.service) = (nip, kind, service);
    }

    /// Makes somebody a CPNS for longer than two years (ST04).
    pub(super) fn make_long_cpns(&mut self, at: usize, variant: usize) {
        let start = self.period.offset(-24 - variant as i32).first_day();
        let birth = self.people[at].nip.birth_date().unwrap_or(start);
        self.reappoint(at, EmployeeKind::Cpns, birth, Service { tmt_cpns: Some(start), tmt_pns: None, spmt: start });
    }

    /// Makes the NIP of a person odd (ID06): born too long ago, or serial 000.
    pub(super) fn make_odd(&mut self, at: usize, variant: usize) {
        let (kind, woman, start) = (self.people[at].kind, self.people[at].woman, self.people[at].service.spmt);
        let birth = self.people[at].nip.birth_date().unwrap_or(start);
        self.people[at].nip = if variant.is_multiple_of(2) {
            let day = self.dice.below(27) as u64;
            let long_ago = Period::new(self.period.year() - 76, birth.month()).map_or(birth, Period::first_day) + Days::new(day);
            self.nip(kind, woman, long_ago, start, 901)
        } else {
            self.nip(kind, woman, birth, start, 0)
        };
    }

    /// Somebody who is not in the roster, of an ordinary unit.
    pub(super) fn outsider(&mut self) -> Option<Person> {
        let (unit, superior) = self.people.iter().find(|person| person.role == Role::Staff).map(|person| (person.unit, person.superior))?;
        self.hire(unit, Role::Staff, Post { name: "Analis Kebijakan Ahli Muda".to_owned(), kind: 2, class: 9 }, superior, 30..50);
        self.people.pop()
    }

    /// The dice, for what comes after.
    pub(super) fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }
}

/// A birthday of somebody who is `age` years old on the last day of the period.
fn birth_day(dice: &mut Dice, period: Period, age: usize) -> NaiveDate {
    let months = i32::try_from(age * 12 + dice.below(11)).unwrap_or(0);
    period.offset(-months).first_day() + Days::new(dice.below(27) as u64)
}
