//! Measures the hook programs as the client starts them: one process an event,
//! its input on stdin. `time` says how long they take beside `/bin/true`, `cost`
//! counts what does not depend on how busy the machine is.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark makes a scratch project, starts programs and prints what it measured"
)]

mod calls;
mod case;
mod count;
mod crowd;
mod gate;
mod inside;
mod memory;
mod program;
mod report;
mod scale;
mod spares;
mod stopwatch;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use count::Counts;
use gate::Costs;

/// Measure the hook programs.
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Time each beside /bin/true and print a document in Markdown
    Time {
        /// The folder that holds the programs
        programs: PathBuf,
        /// How often each case is timed
        #[arg(long, default_value_t = 500)]
        rounds: usize,
        /// How many tool calls each of the agents makes that work at once
        #[arg(long, default_value_t = 1000)]
        calls: usize,
        /// What the times depend on, in one line
        #[arg(long)]
        machine: String,
        /// Another program that answers PreToolUse, to be timed as well
        #[arg(long = "peer")]
        peers: Vec<PathBuf>,
        /// Where the picture goes (SVG)
        #[arg(long)]
        picture: PathBuf,
    },
    /// Run a program and write the most memory that it took to a file
    #[command(hide = true)]
    Memory {
        /// The file
        told: PathBuf,
        /// The program
        program: PathBuf,
        /// What stands behind its name
        arguments: Vec<String>,
    },
    /// Count instructions, system calls and bytes, and fail where they grew
    Cost {
        /// The folder that holds the programs, with their symbols
        programs: PathBuf,
        /// The file with what was recorded
        #[arg(long)]
        record: PathBuf,
        /// What the programs were built with, in one line
        #[arg(long)]
        build: String,
        /// Record what they cost now
        #[arg(long)]
        again: bool,
    },
    /// Count instructions beside much state and beside none, and fail where much
    /// costs more
    Scale {
        /// The folder that holds the programs
        programs: PathBuf,
    },
}

fn main() -> ExitCode {
    match Args::parse().what {
        What::Time {
            programs,
            rounds,
            calls,
            machine,
            peers,
            picture,
        } => {
            let world = world::World::new();
            let yardstick = case::yardstick();
            let mut cases = case::all(&world, &absolute(&programs));
            let of_peer = |peer: &PathBuf| Some(case::of_peer(&absolute(peer), cases.first()?));
            let peers: Vec<_> = peers.iter().filter_map(of_peer).collect();
            cases.extend(peers);
            let time = |case| stopwatch::alternate(&yardstick, case, &world, rounds);
            // Before the others delete files.
            let inside = inside::measure(rounds);
            let pairs: Vec<_> = cases.iter().map(time).collect();
            let peaks: Vec<_> = cases
                .iter()
                .map(|case| memory::peak(case, &world))
                .collect();
            let crowd = crowd::measure(&world, &absolute(&programs), calls);
            let spares = spares::measure(&absolute(&programs));
            fs::write(picture, report::picture(&cases, &pairs)).expect("a picture can be written");
            let counted = counted(&cases, &world);
            let measured = report::Measured {
                pairs,
                peaks,
                inside,
                crowd,
                spares,
                counted,
            };
            print!("{}", report::document(&cases, &measured, &machine));
            ExitCode::SUCCESS
        }
        What::Memory {
            told,
            program,
            arguments,
        } => memory::tell(&told, &program, &arguments),
        What::Cost {
            programs,
            record,
            build,
            again,
        } => cost(&absolute(&programs), &record, &build, again),
        What::Scale { programs } => scaled(&absolute(&programs)),
    }
}

/// The cases whose system calls are listed one by one.
const LISTED: [&str; 3] = ["`ls -la`", "an Edit by an isolated agent", "after `ls -la`"];

/// Counts what the cases take whose calls are listed, where that is possible.
fn counted(cases: &[case::Case], world: &world::World) -> Vec<(String, Counts)> {
    if count::missing_tool().is_some() {
        return Vec::new();
    }
    let listed = cases.iter().filter(|case| {
        let what = case.name.split_once(": ").map_or("", |(_, what)| what);
        case.name.starts_with("maos-") && LISTED.contains(&what)
    });
    let count = |case: &case::Case| (case.name.clone(), count::count(case, world));
    listed.map(count).collect()
}

/// Counts, and records or compares.
fn cost(programs: &Path, record: &Path, build: &str, again: bool) -> ExitCode {
    if let Some(tool) = count::missing_tool() {
        println!("skipped: {tool} is not installed, so nothing can be counted");
        return ExitCode::SUCCESS;
    }
    let recorded = Costs::of_text(&fs::read_to_string(record).unwrap_or_default());
    let world = world::World::new();
    let build = format!("{build}{}", count::machine());
    let costs = Costs::count(&build, &case::all(&world, programs), &world);
    if again {
        fs::write(record, costs.to_text()).expect("the record can be written");
        return ExitCode::SUCCESS;
    }
    if !costs.is_comparable(&recorded) {
        let (now, then) = (costs.build(), recorded.build());
        println!("skipped: counted with {now}, the record is of {then}");
        return ExitCode::SUCCESS;
    }
    let excesses = costs.excesses(&recorded);
    for excess in &excesses {
        println!("{excess}");
    }
    match excesses.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// Counts beside much state and beside none, and compares.
fn scaled(programs: &Path) -> ExitCode {
    if let Some(tool) = count::missing_tool() {
        println!("skipped: {tool} is not installed, so nothing can be counted");
        return ExitCode::SUCCESS;
    }
    let rows = scale::measure(programs);
    for row in &rows {
        println!("{}", row.line());
    }
    match rows.iter().any(scale::Row::has_grown) {
        false => ExitCode::SUCCESS,
        true => ExitCode::FAILURE,
    }
}

fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().expect("what is there")
}
