//! The corpus of commands beside the repository: what the guard says of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;
use crate::guard::{Surroundings, judge_command};

/// Returns the corpus: the verdict expected, the category, the command.
fn corpus() -> Option<Vec<(String, String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/guard/corpus.tsv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    let rows = text.lines().skip(1).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [expected, category, command] = columns[..] else {
            panic!("{line}");
        };
        let command = serde_json::from_str(command).unwrap();
        (expected.to_owned(), category.to_owned(), command)
    });
    Some(rows.collect())
}

#[test]
fn the_corpus_is_understood() {
    let Some(corpus) = corpus() else { return };
    let unreadable: Vec<_> = corpus
        .iter()
        .filter(|(expected, ..)| expected == "allow")
        .filter_map(|(_, _, command)| Some((command, parse(command).err()?)))
        .collect();
    assert!(unreadable.is_empty(), "{unreadable:#?}");
    print_rates(&corpus);
}

/// Prints how many verdicts are as expected, and those that are not.
fn print_rates(corpus: &[(String, String, String)]) {
    let temp = [PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    let around = Surroundings {
        cwd: Path::new("/home/dev/project"),
        home: Some(Path::new("/home/dev")),
        project: Path::new("/home/dev/project"),
        temp: &temp,
    };
    let mut rates: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for (expected, category, command) in corpus {
        let judgement = judge_command(command, &around);
        let met = match judgement.verdict.denial() {
            Some(denial) => denial.rule,
            None => "allow",
        };
        let is_met = (met == "allow") == (expected == "allow");
        let rate = rates.entry((expected, category)).or_default();
        rate.0 += usize::from(is_met);
        rate.1 += 1;
        if !is_met {
            println!("{expected}, met {met}: {category}: {command:?}");
        }
    }
    for ((expected, category), (met, of)) in rates {
        println!("{expected:6} {category:24} {met:3} of {of:3}");
    }
}
