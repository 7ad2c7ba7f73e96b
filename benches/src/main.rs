//! Times the hook programs as the client starts them: one process an event,
//! its input on stdin. Each case and `/bin/true` take turns, so that a busy
//! machine slows both alike; what counts is the ratio.
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
    let (yardstick, cases) = (case::yardstick(), case::all(&world, &programs));
    let time = |case| stopwatch::alternate(&yardstick, case, &world, args.rounds);
    let pairs: Vec<_> = cases.iter().map(time).collect();
    print!("{}", report::document(&cases, &pairs, &args.machine));
}
