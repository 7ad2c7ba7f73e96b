//! Times whole processes: from before the start to after the end.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::case::Case;
use crate::program;
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
    let input = program::input_file(case, world);
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

/// Returns how long one run takes, from `posix_spawn` to `wait`.
pub(crate) fn once(case: &Case, input: &Path, world: &World) -> Duration {
    (case.prepare)(world);
    let mut command = program::command(&case.program, case, input, world);
    command.args(case.arguments);
    let began = Instant::now();
    let ended = command.status();
    let time = began.elapsed();
    let ended = ended.expect("a program that can be started");
    assert!(ended.success(), "{} ended with {ended}", case.name);
    time
}

/// Returns the time below which this percentage of the sorted `times` lies.
pub(crate) fn at(times: &[Duration], percent: usize) -> Duration {
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times: Vec<_> = (0..101).map(Duration::from_millis).collect();
        assert_eq!(at(&times, 50), Duration::from_millis(50));
        assert_eq!(at(&times, 95), Duration::from_millis(95));
        assert_eq!(at(&[], 50), Duration::ZERO);
    }
}
