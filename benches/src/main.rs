//! Times the hook programs as the client starts them: one process an event,
//! its input on stdin. All cases and `/bin/true` take turns in one run, so that
//! a busy machine slows all of them alike; what counts is the ratio.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark makes a scratch project, starts programs and prints what it measured"
)]

mod case;
mod report;
mod stopwatch;
mod world;

use std::path::PathBuf;

use clap::Parser;

/// Time the hook programs against `/bin/true` and print a document in Markdown.
#[derive(Debug, Parser)]
struct Args {
    /// The folder that holds the programs
    programs: PathBuf,
    /// How often each case is timed
    #[arg(long, default_value_t = 500)]
    rounds: usize,
    /// What the times depend on, in one line
    #[arg(long)]
    machine: String,
}

fn main() {
    let args = Args::parse();
    let programs = args.programs.canonicalize().expect("a folder of programs");
    let world = world::World::new();
    let cases = case::all(&world, &programs);
    let times = stopwatch::alternate(&cases, &world, args.rounds);
    print!("{}", report::document(&cases, &times, &args.machine));
}
