//! Every file of the fuzz corpus, crashes that were found included, through the very functions of the fuzz targets: none
//! may panic, take long, or end in an error that is not one short sentence.

#[path = "../../fuzz/src/targets.rs"]
mod targets;

use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;

/// For one file, all kinds that it is read as together. The fuzz runs allow 10 s, in a faster build.
const LONGEST: Duration = Duration::from_secs(10);

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn replay(name: &str) {
    let (_, target) = targets::TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    let seeds = folder("corpus").join(name);
    let files = names(&seeds);
    assert!(files.len() >= 2, "{name} has no corpus");
    for file in files {
        let bytes = std::fs::read(seeds.join(&file)).unwrap();
        let start = Instant::now();
        let held = std::panic::catch_unwind(|| target(&bytes));
        let took = start.elapsed();
        assert!(held.is_ok(), "fuzz/corpus/{name}/{file}: see the panic above");
        assert!(took < LONGEST, "fuzz/corpus/{name}/{file} took {took:?}");
    }
}

macro_rules! replayed {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name));
        })*

        #[test]
        fn every_target_has_a_binary_a_corpus_and_a_test() {
            let all: BTreeSet<String> = targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(all, BTreeSet::from([$(stringify!($name).to_owned()),*]));
            assert_eq!(all, names(&folder("corpus")));
            let binaries = names(&folder("fuzz_targets"));
            assert_eq!(all, binaries.iter().map(|file| file.trim_end_matches(".rs").to_owned()).collect());
        }
    };
}

replayed!(nip, csv, attlog, adk, xls, xlsx, bkn, policy);
