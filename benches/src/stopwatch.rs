//! Times whole processes: from before the start to after the end.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::case::Case;
use crate::world::World;

/// How often each case runs before its time counts.
const WARM_UP: usize = 20;

/// Returns the times of each case, sorted. In every round each case has one
/// turn.
pub(crate) fn alternate(cases: &[Case], world: &World, rounds: usize) -> Vec<Vec<Duration>> {
    let inputs: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(at, case)| {
            let path = world.home().join(format!("input-{at}"));
            fs::write(&path, &case.input).expect("an input can be written");
            path
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); cases.len()];
    for round in 0..WARM_UP + rounds {
        for ((case, input), times) in cases.iter().zip(&inputs).zip(&mut times) {
            let time = once(case, input, world);
            if round >= WARM_UP {
                times.push(time);
            }
        }
    }
    times.iter_mut().for_each(|times| times.sort_unstable());
    times
}

fn once(case: &Case, input: &Path, world: &World) -> Duration {
    let mut command = Command::new(&case.program);
    command
        .env_clear()
        .env("HOME", world.home())
        .env("CLAUDE_PROJECT_DIR", world.project())
        .env("CLAUDE_PID", std::process::id().to_string())
        .stdin(File::open(input).expect("an input"))
        // Not the null device: a hook does not take that for an answer.
        .stdout(File::create(world.home().join("output")).expect("an output"))
        .stderr(Stdio::null());
    let began = Instant::now();
    let ended = command.status();
    let time = began.elapsed();
    let ended = ended.expect("a program that can be started");
    assert!(ended.success(), "{} ended with {ended}", case.name);
    time
}
