//! Times steps of the shared state within one process: in memory, and on the disk,
//! where what is measured is mostly how long that takes to make a file (on ext4 that
//! differs by a factor of forty with how many were deleted in the last minutes).

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use maos_shared::state::State;
use maos_shared::state::agents::{Agent, Stage};
use maos_shared::state::leases::{Owner, Taken, Terms};
use maos_shared::state::process::Process;
use tempfile::TempDir;

use crate::stopwatch::at;

/// The median of each step, with its name and how long it may take.
pub(crate) type Medians = Vec<(&'static str, Duration, Option<Duration>)>;

/// How long a step of the state may take.
const STEP: Option<Duration> = Some(Duration::from_micros(50));

/// A file system in memory, where there is one.
const MEMORY: &str = "/dev/shm";

/// Where the steps were timed, and what they took there.
pub(crate) struct Inside {
    /// In memory, where there is a file system for that.
    pub(crate) memory: Option<Medians>,
    /// On the disk.
    pub(crate) disk: Medians,
}

/// Times each step `rounds` times.
pub(crate) fn measure(rounds: usize) -> Inside {
    let memory = tempfile::tempdir_in(MEMORY).ok();
    let disk = tempfile::tempdir().expect("a scratch folder");
    Inside {
        memory: memory.map(|folder| measure_in(&folder, rounds)),
        disk: measure_in(&disk, rounds),
    }
}

/// Times the steps on a state in the folder, each on one of its own kind.
fn measure_in(folder: &TempDir, rounds: usize) -> Medians {
    let state = State::at(folder.path().join(".maos"), SystemTime::now());
    let session = state.session("s");
    let agents: Vec<Agent> = (0..rounds).map(agent).collect();
    let median = |step: &dyn Fn(usize)| {
        let timed = |round| {
            let began = Instant::now();
            step(round);
            began.elapsed()
        };
        let mut times: Vec<Duration> = (0..rounds).map(timed).collect();
        times.sort_unstable();
        at(&times, 50)
    };
    let bring = |stage| {
        move |round: usize| {
            let brought = session.bring(&agents[round], stage);
            brought.expect("an agent can be brought there");
        }
    };
    let (register, activate) = (bring.clone()(Stage::Pending), bring(Stage::Active));
    let owner = owner(folder.path());
    let lease = |round: usize| {
        let taken = state.take_lease(&format!("src/{round}.rs"), &owner, "Edit", Terms::default());
        assert_eq!(taken.expect("a lease"), Taken::Yes);
    };
    let file = |round: usize| {
        let made = File::create_new(folder.path().join(round.to_string()));
        drop(made.expect("a file can be made"));
    };
    vec![
        ("an empty file is made, for comparison", median(&file), None),
        ("an agent is registered", median(&register), STEP),
        ("an agent becomes active", median(&activate), STEP),
        ("a lease is taken that nobody holds", median(&lease), STEP),
        ("a lease is taken again", median(&lease), STEP),
    ]
}

fn agent(number: usize) -> Agent {
    Agent {
        agent_id: format!("a{number:016x}"),
        agent_type: "general-purpose".to_owned(),
        registered: "2026-01-01T00:00:00.000Z".to_owned(),
        client: None,
    }
}

fn owner(checkout: &Path) -> Owner {
    Owner {
        session: "s".to_owned(),
        agent: Some("a5584d067ecffbeda".to_owned()),
        agent_type: None,
        client: Some(Process::of(std::process::id())),
        checkout: checkout.to_owned(),
    }
}
