//! Holds what the programs cost now against what was recorded: instructions,
//! system calls and sizes, never times.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::case::{Case, Most};
use crate::count::{self, Counts};
use crate::world::World;

/// How much more instructions or bytes than recorded pass, in percent.
const GROWTH_PERCENT: u64 = 3;
/// How many of the functions or calls that grew are named.
const NAMED: usize = 5;
/// A function is recorded where it has at least this share of a case's
/// instructions: one in so many.
const RECORDED_SHARE: u64 = 500;
/// Longest input of a case that is counted, in bytes: a tool that counts takes
/// fifty times as long.
pub(crate) const INPUT_BYTES: usize = 64 * 1024;

/// What all programs cost.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Costs {
    /// What they were built with: counts of other compilers say nothing.
    build: String,
    /// Sizes of the programs, without symbols, in bytes.
    sizes: BTreeMap<String, u64>,
    /// What a run of each case takes.
    cases: BTreeMap<String, Counts>,
}

impl Costs {
    /// Counts the cases whose programs are there.
    pub(crate) fn count(build: &str, cases: &[Case], world: &World) -> Self {
        let mut costs = Self {
            build: build.to_owned(),
            ..Self::default()
        };
        for case in cases {
            // A job would go on being counted when its hook has ended.
            let has_job = matches!(case.most, Most::Job);
            if has_job || case.input.len() > INPUT_BYTES || !case.program.exists() {
                continue;
            }
            let program = case.program.file_name().unwrap_or_default();
            let program = program.to_string_lossy().into_owned();
            let size = || stripped_size(&case.program, world);
            costs.sizes.entry(program).or_insert_with(size);
            let counts = count::count(case, world);
            costs.cases.insert(case.name.clone(), counts);
        }
        costs
    }

    /// Returns whether both come from the same compiler and target.
    pub(crate) fn is_comparable(&self, recorded: &Self) -> bool {
        self.build == recorded.build
    }

    /// Returns what they were built with.
    pub(crate) fn build(&self) -> &str {
        &self.build
    }

    /// Returns one line for each thing that costs more than recorded.
    pub(crate) fn excesses(&self, recorded: &Self) -> Vec<String> {
        let mut excesses = Vec::new();
        for (program, size) in &self.sizes {
            let before = recorded.sizes.get(program).copied().unwrap_or(*size);
            if has_grown(before, *size) {
                excesses.push(format!("{program}: {size} bytes, recorded were {before}"));
            }
        }
        for (name, now) in &self.cases {
            let Some(before) = recorded.cases.get(name) else {
                continue;
            };
            if has_grown(before.instructions(), now.instructions()) {
                excesses.push(format!(
                    "{name}: {} instructions, recorded were {}; {}",
                    now.instructions(),
                    before.instructions(),
                    growth(&before.functions, &now.functions)
                ));
            }
            if now.system_calls() > before.system_calls() {
                excesses.push(format!(
                    "{name}: {} system calls, recorded were {}; {}",
                    now.system_calls(),
                    before.system_calls(),
                    growth(&before.calls, &now.calls)
                ));
            }
        }
        excesses
    }

    /// Returns the record as text: fields between tabs, a line each.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let mut line = |fields: [&str; 4]| {
            let _ = writeln!(text, "{}", fields.join("	").trim_end());
        };
        line(["build", &self.build, "", ""]);
        for (program, size) in &self.sizes {
            line(["size", program, "", &size.to_string()]);
        }
        for (case, counts) in &self.cases {
            for (name, count) in &counts.calls {
                line(["call", case, name, &count.to_string()]);
            }
            let least = counts.instructions() / RECORDED_SHARE;
            let (large, small): (Vec<_>, Vec<_>) = counts
                .functions
                .iter()
                .partition(|(name, count)| **count >= least && name.as_str() != REST);
            for (name, count) in large {
                line(["function", case, name, &count.to_string()]);
            }
            let rest: u64 = small.iter().map(|(_, count)| **count).sum();
            line(["function", case, REST, &rest.to_string()]);
        }
        text
    }

    /// Reads a record; lines that are none are passed over.
    pub(crate) fn of_text(text: &str) -> Self {
        let mut costs = Self::default();
        for line in text.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["build", build] => build.clone_into(&mut costs.build),
                [kind, subject, name, count] => {
                    let Ok(count) = count.parse() else { continue };
                    let case = || subject.to_owned();
                    match kind {
                        "size" => drop(costs.sizes.insert(case(), count)),
                        "call" => {
                            let counts = costs.cases.entry(case()).or_default();
                            counts.calls.insert(name.to_owned(), count);
                        }
                        "function" => {
                            let counts = costs.cases.entry(case()).or_default();
                            counts.functions.insert(name.to_owned(), count);
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        costs
    }
}

/// The name of all functions together that are too small to be recorded.
const REST: &str = "(all others)";

fn has_grown(before: u64, now: u64) -> bool {
    now * 100 > before * (100 + GROWTH_PERCENT)
}

/// Returns which of these grew most. What was too small to be recorded counts
/// as if it had been nothing.
fn growth(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> String {
    let mut grown: Vec<(u64, &str)> = now
        .iter()
        .filter_map(|(name, now)| {
            let before = before.get(name).copied().unwrap_or_default();
            let more = now.checked_sub(before).filter(|more| *more > 0)?;
            Some((more, name.as_str()))
        })
        .collect();
    grown.sort_by(|a, b| b.cmp(a));
    let named = grown.iter().take(NAMED);
    let named: Vec<String> = named
        .map(|(more, name)| format!("{name} +{more}"))
        .collect();
    named.join(", ")
}

/// Returns the size of a program without its symbols, in bytes.
fn stripped_size(program: &Path, world: &World) -> u64 {
    let stripped = world.home().join("stripped");
    let ended = Command::new("strip")
        .arg("-o")
        .arg(&stripped)
        .arg(program)
        .status();
    assert!(ended.is_ok_and(|ended| ended.success()), "strip failed");
    fs::metadata(&stripped).expect("what strip wrote").len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(size: u64, functions: &[(&str, u64)], reads: u64) -> Costs {
        let named = |(name, count): &(&str, u64)| ((*name).to_owned(), *count);
        let counts = Counts {
            functions: functions.iter().map(named).collect(),
            calls: [("read".to_owned(), reads)].into(),
        };
        Costs {
            build: "rustc 1".to_owned(),
            sizes: [("maos-x".to_owned(), size)].into(),
            cases: [("maos-x: a case".to_owned(), counts)].into(),
        }
    }

    #[test]
    fn a_record_is_read_back_but_for_small_functions() {
        let now = costs(5, &[("large", 10_000), ("small", 3), ("tiny", 1)], 2);
        let read = Costs::of_text(&now.to_text());
        assert_eq!(read, costs(5, &[("large", 10_000), (REST, 4)], 2));
    }

    #[test]
    fn what_grew_is_named_with_the_function() {
        let before = costs(1_000, &[("a", 900), ("b", 100)], 2);
        let little = costs(1_030, &[("a", 900), ("b", 130)], 2);
        assert_eq!(little.excesses(&before), [""; 0]);
        let much = costs(1_031, &[("a", 880), ("b", 151)], 3);
        assert_eq!(
            much.excesses(&before),
            [
                "maos-x: 1031 bytes, recorded were 1000",
                "maos-x: a case: 1031 instructions, recorded were 1000; b +51",
                "maos-x: a case: 3 system calls, recorded were 2; read +1",
            ]
        );
        assert_eq!(before.excesses(&much), [""; 0], "less is no excess");
    }
}
