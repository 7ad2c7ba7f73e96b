//! Times whole processes: from before the start to after the end.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::case::Case;
use crate::world::World;

/// How often each case runs before its time counts.
const WARM_UP: usize = 20;

/// The sorted times of a case and of the yardstick beside it.
pub(crate) struct Pair {
    /// The yardstick's.
    pub(crate) yardstick: Vec<Duration>,
    /// The case's.
    pub(crate) case: Vec<Duration>,
}

/// Times a case and the yardstick in turns.
pub(crate) fn alternate(yardstick: &Case, case: &Case, world: &World, rounds: usize) -> Pair {
    let input = world.home().join("input");
    fs::write(&input, &case.input).expect("an input can be written");
    let nothing = Path::new("/dev/null");
    let mut pair = Pair {
        yardstick: Vec::with_capacity(rounds),
        case: Vec::with_capacity(rounds),
    };
    for round in 0..WARM_UP + rounds {
        let times = (once(yardstick, nothing, world), once(case, &input, world));
        if round >= WARM_UP {
            pair.yardstick.push(times.0);
            pair.case.push(times.1);
        }
    }
    pair.yardstick.sort_unstable();
    pair.case.sort_unstable();
    pair
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
