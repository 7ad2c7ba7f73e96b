//! Counts what does not depend on how busy a machine is: instructions, by
//! function (`valgrind --tool=callgrind`), and system calls, by name (`strace`).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::case::Case;
use crate::program;
use crate::world::World;

/// What one run of a case takes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Instructions by function, without what it calls.
    pub(crate) functions: BTreeMap<String, u64>,
    /// System calls by name.
    pub(crate) calls: BTreeMap<String, u64>,
}

impl Counts {
    /// Returns all instructions.
    pub(crate) fn instructions(&self) -> u64 {
        self.functions.values().sum()
    }

    /// Returns all system calls.
    pub(crate) fn system_calls(&self) -> u64 {
        self.calls.values().sum()
    }
}

/// Returns what of the machine the counts depend on: the widest instructions
/// that searches are made with, by which callgrind goes too.
pub(crate) fn machine() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") {
        return " avx2";
    }
    ""
}

/// Returns the tool that is missing here, where one is.
pub(crate) fn missing_tool() -> Option<&'static str> {
    let is_there = |tool: &&str| {
        let asked = Command::new(tool).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    };
    ["valgrind", "strace"]
        .into_iter()
        .find(|tool| !is_there(tool))
}

/// Counts one run of a case, behind one that made what only the first makes.
pub(crate) fn count(case: &Case, world: &World) -> Counts {
    let input = program::input_file(case, world);
    let out = world.home().join("counted");
    let run = |tool: &str, arguments: &[&str]| {
        (case.prepare)(world);
        let mut command = program::command(Path::new(tool), case, &input, world);
        command.args(arguments).arg(&case.program);
        command.args(case.arguments);
        let ended = command.status().expect("a tool that can be started");
        assert!(ended.success(), "{tool} {}: {ended}", case.name);
        fs::read_to_string(&out).expect("what the tool wrote")
    };
    let path = out.to_str().expect("a scratch path is UTF-8");
    let callgrind = format!("--callgrind-out-file={path}");
    run("strace", &["-qq", "-o", path]);
    Counts {
        functions: functions(&run("valgrind", &["-q", "--tool=callgrind", &callgrind])),
        calls: calls(&run("strace", &["-qq", "-o", path])),
    }
}

/// Reads what callgrind writes: `fn=(ID) NAME`, the name at its first mention
/// alone, then a line a position with its cost last; behind `calls=`, one line
/// with what the called function took, which is counted where that stands.
fn functions(text: &str) -> BTreeMap<String, u64> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut costs: BTreeMap<String, u64> = BTreeMap::new();
    let mut current = "";
    let mut skips = false;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("fn=").or(line.strip_prefix("cfn=")) {
            let (id, name) = rest.split_once(' ').unwrap_or((rest, ""));
            if !name.is_empty() {
                names.insert(id, name);
            }
            if line.starts_with("fn=") {
                current = names.get(id).copied().unwrap_or(id);
            }
        } else if line.starts_with("calls=") {
            skips = true;
        } else if line.starts_with(|c: char| c.is_ascii_digit() || "+-*".contains(c)) {
            let cost = line
                .rsplit(' ')
                .next()
                .and_then(|cost| cost.parse::<u64>().ok());
            if let (false, Some(cost)) = (skips, cost) {
                *costs.entry(without_depth(current).to_owned()).or_insert(0) += cost;
            }
            skips = false;
        }
    }
    costs
}

/// Returns a function's name without the depth of its recursion: `name'2`.
fn without_depth(name: &str) -> &str {
    match name.rsplit_once('\'') {
        Some((name, depth)) if depth.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => name,
    }
}

/// Reads what strace writes: a call a line.
fn calls(text: &str) -> BTreeMap<String, u64> {
    let mut calls = BTreeMap::new();
    for (name, _) in text.lines().filter_map(|line| line.split_once('(')) {
        *calls.entry(name.to_owned()).or_insert(0) += 1;
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_its_own_cost_and_not_that_of_what_it_calls() {
        let text = "version: 1\nevents: Ir\n\nfl=(1) a.rs\nfn=(1) first\n10 5\n+1 2\n\
                    cfn=(2) second\ncalls=1 0\n* 100\n12 1\n\nfn=(2)\n7 90\n\
                    fn=(3) first'2\n* 4\ntotals: 102\n";
        let expected = [("first".to_owned(), 12), ("second".to_owned(), 90)];
        assert_eq!(functions(text), expected.into());
    }

    #[test]
    fn calls_are_counted_by_name() {
        let text = "execve(\"a\", [\"a\"]) = 0\nread(0, \"(\", 2) = 2\nread(0, \"\", 2) = 0\n+++ exited with 0 +++\n";
        let expected = [("execve".to_owned(), 1), ("read".to_owned(), 2)];
        assert_eq!(calls(text), expected.into());
    }
}
