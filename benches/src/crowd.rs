//! Many agents at once: each makes tool calls one after the other, as a client
//! does, with the hooks before and after each.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::case::{self, Case};
use crate::program;
use crate::stopwatch::{at, once};
use crate::world::World;

/// How many agents work at once.
pub(crate) const AGENTS: usize = 16;

/// How a crowd fared with the hooks, and with `/bin/true` in the place of each.
pub(crate) struct Crowd {
    /// Tool calls that each agent made.
    pub(crate) calls: usize,
    /// With the hooks.
    pub(crate) hooks: Pace,
    /// With `/bin/true`.
    pub(crate) yardstick: Pace,
    /// Lines that are missing in the journals.
    pub(crate) lost: usize,
}

/// How fast it went.
pub(crate) struct Pace {
    /// Hooks a second, all agents together.
    pub(crate) per_second: f64,
    /// The time of one hook that one in a hundred went beyond.
    pub(crate) p99: Duration,
}

/// Lets [`AGENTS`] agents make `calls` tool calls each.
pub(crate) fn measure(world: &World, programs: &Path, calls: usize) -> Crowd {
    let both = case::around_a_call(world, programs);
    let before = journal_lines(world);
    let hooks = pace(world, &both, calls);
    let written = journal_lines(world) - before;
    let nothing = || Case {
        input: Vec::new(),
        ..case::yardstick()
    };
    Crowd {
        calls,
        hooks,
        yardstick: pace(world, &[nothing(), nothing()], calls),
        lost: (AGENTS * calls * both.len()).saturating_sub(written),
    }
}

fn pace(world: &World, hooks: &[Case; 2], calls: usize) -> Pace {
    let inputs = hooks
        .each_ref()
        .map(|hook| program::input_file(hook, world));
    let agent = || {
        let one_call = |_| {
            let both = hooks.iter().zip(&inputs);
            both.map(|(hook, input)| once(hook, input, world)).collect()
        };
        (0..calls).flat_map::<Vec<Duration>, _>(one_call).collect()
    };
    let began = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let agents: Vec<_> = (0..AGENTS).map(|_| scope.spawn(agent)).collect();
        let times = agents
            .into_iter()
            .flat_map(|agent| -> Vec<Duration> { agent.join().expect("an agent that ends") });
        times.collect()
    });
    let all = began.elapsed();
    times.sort_unstable();
    Pace {
        per_second: times.len() as f64 / all.as_secs_f64(),
        p99: at(&times, 99),
    }
}

/// Returns how many lines the journals of the events have.
fn journal_lines(world: &World) -> usize {
    let logs = world.project().join(".maos/logs");
    let entries = fs::read_dir(logs).into_iter().flatten().flatten();
    let lines = entries.map(|entry| {
        let text = fs::read_to_string(entry.path()).unwrap_or_default();
        text.lines().count()
    });
    lines.sum()
}
