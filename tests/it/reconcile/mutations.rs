//! Each finding of the catalogue is provoked: evidence without any finding, and a copy with one thing wrong in it, from
//! which exactly that finding follows, and what must follow from it.

mod cases;

use super::bench::Bench;
use super::small_office::SmallOffice;
use selaras::domain::Code;

/// How a finding is provoked.
enum Copy {
    /// In the evidence about one person.
    OfAPerson { clean: fn(&mut Bench), corrupt: fn(&mut Bench) },
    /// In the files of an office, through import and store.
    OfAnOffice { corrupt: fn(&mut SmallOffice) },
}

pub struct Case {
    code: Code,
    /// What must follow from it.
    also: &'static [Code],
    copy: Copy,
}

fn person(code: Code, corrupt: fn(&mut Bench)) -> Case {
    from(code, |_| {}, corrupt)
}

fn from(code: Code, clean: fn(&mut Bench), corrupt: fn(&mut Bench)) -> Case {
    Case { code, also: &[], copy: Copy::OfAPerson { clean, corrupt } }
}

fn office(code: Code, corrupt: fn(&mut SmallOffice)) -> Case {
    Case { code, also: &[], copy: Copy::OfAnOffice { corrupt } }
}

impl Case {
    fn and(self, also: &'static [Code]) -> Self {
        Self { also, ..self }
    }
}

async fn provoke(case: &Case) -> Result<(), String> {
    let (before, after) = match case.copy {
        Copy::OfAPerson { clean, corrupt } => {
            let mut bench = Bench::clean();
            clean(&mut bench);
            let before = bench.verdict().codes();
            corrupt(&mut bench);
            (before, bench.verdict().codes())
        }
        Copy::OfAnOffice { corrupt } => {
            let mut office = SmallOffice::clean();
            let before = office.codes().await;
            corrupt(&mut office);
            (before, office.codes().await)
        }
    };
    let mut wanted = [&[case.code], case.also].concat();
    wanted.sort();
    if !before.is_empty() {
        return Err(format!("{}: the clean copy has {before:?}", case.code));
    }
    if after != wanted {
        return Err(format!("{}: {after:?} instead of {wanted:?}", case.code));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_finding_fires_on_a_corrupted_copy_and_is_silent_on_the_clean_one() {
    let catalogue: toml::Table = include_str!("../../fixtures/findings.toml").parse().unwrap();
    let cases = cases::all();
    let mut faults: Vec<String> = Vec::new();
    for code in catalogue.keys().filter(|code| !cases.iter().any(|case| case.code.code() == *code)) {
        faults.push(format!("{code} has no case"));
    }
    for case in &cases {
        faults.extend(provoke(case).await.err());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!((cases.len(), catalogue.len()), (Code::ALL.len(), Code::ALL.len()), "one case a code");
}
