//! Many agents at once: each edits a file in a worktree of its own again and
//! again, as a client does it, with all hooks around each edit.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::case::{self, Case};
use crate::program;
use crate::stopwatch::{at, once};
use crate::world::{World, isolate};

/// How many agents work at once.
pub(crate) const AGENTS: usize = 16;

/// How a crowd fared with the hooks, and with `/bin/true` in the place of each.
pub(crate) struct Crowd {
    /// Edits that each agent made.
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

/// Lets [`AGENTS`] agents make `calls` edits each.
pub(crate) fn measure(world: &World, programs: &Path, calls: usize) -> Crowd {
    let agents: Vec<[Case; 3]> = (0..AGENTS)
        .map(|number| {
            let agent = format!("c{number:016x}");
            let workspace = isolate(&agent, &world.project());
            case::around_an_edit(&agent, &workspace, world, programs)
        })
        .collect();
    let before = journal_lines(world);
    let hooks = pace(world, &agents, calls);
    let written = journal_lines(world) - before;
    let nothing: Vec<_> = agents
        .iter()
        .map(|hooks| hooks.each_ref().map(|_| case::yardstick()))
        .collect();
    Crowd {
        calls,
        hooks,
        yardstick: pace(world, &nothing, calls),
        lost: (agents.iter().flatten().count() * calls).saturating_sub(written),
    }
}

fn pace(world: &World, agents: &[[Case; 3]], calls: usize) -> Pace {
    let agent = |hooks: &[Case; 3]| {
        let inputs = hooks
            .each_ref()
            .map(|hook| program::input_file(hook, world));
        let one_call = |_| {
            let all = hooks.iter().zip(&inputs);
            all.map(|(hook, input)| once(hook, input, world)).collect()
        };
        (0..calls)
            .flat_map::<Vec<Duration>, _>(one_call)
            .collect::<Vec<_>>()
    };
    let began = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let run = |hooks| scope.spawn(move || agent(hooks));
        let agents: Vec<_> = agents.iter().map(run).collect();
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
