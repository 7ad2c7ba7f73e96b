//! What every hook takes in a project that has seen much, beside what it takes in
//! one that has seen nothing.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use maos_shared::hook::Event;
use maos_shared::state::State;
use maos_shared::state::agents::{Agent, Launch, Outcome, Stage, fact};
use maos_shared::state::leases::{Owner, Terms};
use maos_shared::state::process::Process;
use serde_json::{Value, json};

use crate::case::{self, Case};
use crate::count;
use crate::gate::INPUT_BYTES;
use crate::world::{AGENT, SESSION, World};

/// Agents of the session.
const AGENTS: usize = 1_000;
/// How many of them are at work: with one more, `agents.max_active` would be
/// reached by the one of the cases.
const AT_WORK: usize = 62;
/// Leases of each.
const LEASES: usize = 10;
/// What all journals have together, in bytes (1 GiB).
const JOURNALS: u64 = 1024 * 1024 * 1024;
/// How much more instructions pass, in percent.
const GROWTH_PERCENT: u64 = 2;

/// What a hook takes in both projects.
pub(crate) struct Row {
    /// The case.
    name: String,
    /// Instructions where there is nothing.
    empty: u64,
    /// Instructions where there is much.
    full: u64,
}

impl Row {
    /// Returns whether the hook takes more where there is much.
    pub(crate) fn has_grown(&self) -> bool {
        self.full * 100 > self.empty * (100 + GROWTH_PERCENT)
    }

    /// Returns it as a line.
    pub(crate) fn line(&self) -> String {
        let percent = (self.full as f64 / self.empty as f64 - 1.0) * 100.0;
        let Self { name, empty, full } = self;
        format!("{percent:+6.2} %  {empty:>10}  {full:>10}  {name}")
    }
}

/// Counts every case in both projects.
pub(crate) fn measure(programs: &Path) -> Vec<Row> {
    let (empty, full) = (World::new(), World::new());
    fill(&full);
    for world in [&empty, &full] {
        let settings = world.home().join(".claude/maos.toml");
        let text = fs::read_to_string(&settings).unwrap_or_default();
        let written = fs::write(settings, text + "\n[cleanup]\nauto = false\n");
        written.expect("settings can be written");
    }
    let counted = |world: &World| -> Vec<(String, u64)> {
        let cases = cases(world, programs).into_iter();
        // A job that goes on beside them is counted with whoever comes then, and a
        // session that goes on starts one where it has many agents.
        let starts_a_job =
            |name: &str| name.ends_with("and a job") || name.ends_with("a session goes on");
        let cases =
            cases.filter(|case| case.input.len() <= INPUT_BYTES && !starts_a_job(&case.name));
        cases
            .map(|case| {
                let counts = count::count(&case, world);
                (case.name, counts.instructions())
            })
            .collect()
    };
    let both = counted(&empty).into_iter().zip(counted(&full));
    both.map(|((name, empty), (_, full))| Row { name, empty, full })
        .collect()
}

/// Returns the cases that are timed, and the other events.
fn cases(world: &World, programs: &Path) -> Vec<Case> {
    let launch = json!({
        "tool_name": "Agent", "tool_use_id": "toolu_2",
        "tool_input": {"description": "d", "prompt": "p", "subagent_type": "coder"},
    });
    let isolated = json!({"agent_id": AGENT, "agent_type": "coder", "cwd": world.workspace()});
    let ended = json!({
        "tool_name": "Agent", "tool_use_id": "toolu_3",
        "tool_response": {"status": "completed", "agentId": AGENT},
    });
    let task = format!("<task-notification><task-id>{AGENT}</task-id></task-notification>");
    let other_task = task.replace(AGENT, "b0123456");
    let worktree = json!({"name": format!("agent-{AGENT}")});
    let removed = json!({"worktree_path": world.project().join(".claude/worktrees/none")});
    let events = [
        ("a launch", Event::PreToolUse, launch),
        ("the end of a launch", Event::PostToolUse, ended),
        (
            "an agent has ended",
            Event::UserPromptSubmit,
            json!({"prompt": task}),
        ),
        (
            "another task has ended",
            Event::UserPromptSubmit,
            json!({"prompt": other_task}),
        ),
        ("a worktree", Event::WorktreeCreate, worktree),
        ("a worktree goes", Event::WorktreeRemove, removed),
        (
            "a session ends",
            Event::SessionEnd,
            json!({"reason": "other"}),
        ),
        // Behind it: a job of it would be ended with the session.
        ("a subagent ends", Event::SubagentStop, isolated),
        // The last one: it starts a job, which the end of a session would end.
        (
            "a session is resumed",
            Event::SessionStart,
            json!({"source": "resume"}),
        ),
    ];
    let case = |(name, event, fields): (&str, Event, Value)| {
        let fields = case::merged(&world.event(event), &fields);
        Case {
            name: format!("{}: {name}", event.program()),
            program: programs.join(event.program()),
            folder: fields["cwd"].as_str().unwrap_or_default().into(),
            input: fields.to_string().into_bytes(),
            prepare: complete,
            ..case::yardstick()
        }
    };
    let others = events.into_iter().map(case);
    case::all(world, programs)
        .into_iter()
        .chain(others)
        .collect()
}

/// Lets the agent have stopped: the end of its launch would see to that else.
fn complete(world: &World) {
    let state = State::at(world.project().join(".maos"), SystemTime::now());
    let session = state.session(SESSION);
    let agent = session.agent(AGENT).expect("a state that can be read");
    let completed = agent.map_or(Ok(()), |agent| session.bring(&agent, Stage::Completed));
    completed.expect("a state that can be written");
}

/// Lets a project have seen much.
fn fill(world: &World) {
    let state = State::at(world.project().join(".maos"), SystemTime::now());
    let session = state.session(SESSION);
    let launch = Launch {
        description: "d".to_owned(),
        agent_type: "coder".to_owned(),
    };
    for number in 0..AGENTS {
        let agent = Agent {
            agent_id: format!("b{number:016x}"),
            agent_type: "coder".to_owned(),
            registered: "2026-01-01T00:00:00.000Z".to_owned(),
            client: Some(Process::of(1)),
        };
        let stage = match number < AT_WORK {
            true => Stage::Active,
            false => Stage::Completed,
        };
        let kept = session.bring(&agent, stage);
        let kept = kept.and_then(|()| session.record(&agent.agent_id, fact::LAUNCH, &launch));
        let result = Outcome {
            branch: format!("agent/coder/{number}"),
            commit: format!("{number:040x}"),
            commits: 1,
            files: vec![format!("src/{number}.rs")],
            left: Vec::new(),
            trouble: None,
        };
        let kept = kept.and_then(|()| session.record(&agent.agent_id, fact::RESULT, &result));
        let told = &result.commit;
        let kept = kept.and_then(|()| session.record(&agent.agent_id, fact::TOLD, told));
        kept.expect("a state that can be written");
        let owner = Owner {
            session: SESSION.to_owned(),
            agent: Some(agent.agent_id),
            agent_type: None,
            client: Some(Process::of(1)),
            checkout: world.project(),
        };
        for lease in 0..LEASES {
            let file = format!("src/{number}/{lease}.rs");
            let taken = state.take_lease(&file, &owner, "Edit", Terms::default());
            taken.expect("a state that can be written");
        }
    }
    let of_events = Event::ALL.map(|event| state.log(event.name()).expect("a folder"));
    let of_session = ["agent_lifecycle.jsonl", "file_locks.jsonl"];
    let of_session = of_session.map(|name| session.dir().join(name));
    let journals = of_events
        .into_iter()
        .chain(of_session)
        .chain([state.audit()]);
    let journals: Vec<PathBuf> = journals.collect();
    for journal in &journals {
        lengthen(journal, JOURNALS / journals.len() as u64);
    }
}

/// Makes a journal as long, with a line's end at its end.
fn lengthen(journal: &Path, bytes: u64) {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    let lengthened = options.open(journal).and_then(|mut file| {
        file.seek(SeekFrom::Start(bytes))?;
        file.write_all(b"\n")
    });
    lengthened.expect("a journal that can be written");
    assert!(fs::metadata(journal).is_ok_and(|found| found.len() > bytes));
}
