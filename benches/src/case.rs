//! What is timed: an event for each kind of work that a hook does.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use maos_shared::hook::Event;
use maos_shared::jobs;
use maos_shared::state::{State, atomic};
use serde_json::{Value, json};

use crate::world::{self, AGENT, SESSION, World};

/// The session that begins.
const NEW_SESSION: &str = "cccccccc-0000-4000-8000-000000000000";

/// One program with one input.
pub(crate) struct Case {
    /// What it is, for people.
    pub(crate) name: String,
    /// The program.
    pub(crate) program: PathBuf,
    /// What stands behind its name.
    pub(crate) arguments: &'static [&'static str],
    /// The folder that it runs in.
    pub(crate) folder: PathBuf,
    /// What is on its standard input.
    pub(crate) input: Vec<u8>,
    /// How long it may take.
    pub(crate) most: Most,
    /// What is done before each run.
    pub(crate) prepare: fn(&World),
}

/// How long a case may take, in the median.
#[derive(Clone, Copy)]
pub(crate) enum Most {
    /// So many times as long as the yardstick.
    Times(f64),
    /// Twice as long as the yardstick: a job is started.
    Job,
    /// This long.
    Time(Duration),
    /// As long as it likes: it is somebody else's.
    Anything,
}

/// A tool call.
const CALL: Most = Most::Times(1.0);
/// An event beside it.
const EVENT: Most = Most::Times(1.25);

impl fmt::Display for Most {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Times(times) => write!(to, "{times} ×"),
            Self::Job => to.write_str("2 ×"),
            Self::Time(time) => write!(to, "{} ms", time.as_millis()),
            Self::Anything => Ok(()),
        }
    }
}

/// Three hundred characters of an ordinary pipeline.
const PIPELINE: &str = "git log --oneline --since='2 weeks ago' -- src tests | grep -v 'Merge' | \
    awk '{print $1}' | head -50 | while read -r commit; do git show --stat --format=%an \"$commit\" \
    | tail -1; done | sort | uniq -c | sort -rn | head -20 && echo \"done in $(pwd)\" && \
    ls -la target/debug | wc -l && find . -name '*.rs' -newer Cargo.toml";

/// Returns the yardstick: a program that does nothing.
pub(crate) fn yardstick() -> Case {
    Case {
        name: "`/bin/true`".to_owned(),
        program: PathBuf::from("/bin/true"),
        arguments: &[],
        folder: PathBuf::from("/"),
        input: Vec::new(),
        most: Most::Anything,
        prepare: |_| {},
    }
}

/// Returns every case.
pub(crate) fn all(world: &World, programs: &Path) -> Vec<Case> {
    let tool = |name: &str, input: Value| json!({"tool_name": name, "tool_use_id": "toolu_1", "tool_input": input});
    let bash = |command: &str| tool("Bash", json!({"command": command}));
    let isolated = json!({"agent_id": AGENT, "agent_type": "coder", "cwd": world.workspace()});
    let edit = tool("Edit", edit_in(world.workspace()));
    let write = tool(
        "Write",
        json!({"file_path": world.project().join("new.txt"), "content": "x".repeat(10 << 20)}),
    );
    let edited = |file: &str| tool("Edit", edit_of(&world.project().join(file)));
    let ls = bash("ls -la");
    let long = bash(&("echo 'a b' && ".repeat(14_600) + "true"));
    let prompt = json!({"prompt": "go on"});
    let begin = json!({"source": "startup", "session_id": NEW_SESSION});
    let within = |milliseconds| Most::Time(Duration::from_millis(milliseconds));
    use Event::{
        Notification, PostToolBatch, PostToolUse, PostToolUseFailure, PreCompact, PreToolUse,
        SessionStart, Stop, SubagentStart, UserPromptSubmit,
    };
    let events = [
        ("`ls -la`", PreToolUse, ls.clone(), CALL),
        (
            "a pipeline of 300 characters",
            PreToolUse,
            bash(PIPELINE),
            CALL,
        ),
        (
            "an Edit by an isolated agent",
            PreToolUse,
            merged(&edit, &isolated),
            CALL,
        ),
        ("a command of 200 KB", PreToolUse, long, within(15)),
        ("a Write of 10 MB", PreToolUse, write, within(30)),
        ("after `ls -la`", PostToolUse, ls.clone(), EVENT),
        ("after an Edit", PostToolUse, edited(world::TEXT), EVENT),
        ("after a failure", PostToolUseFailure, ls, EVENT),
        (
            "after a batch",
            PostToolBatch,
            json!({"tool_calls": []}),
            EVENT,
        ),
        ("a prompt", UserPromptSubmit, prompt, EVENT),
        (
            "a notification",
            Notification,
            json!({"message": "a question"}),
            EVENT,
        ),
        (
            "the end of a turn",
            Stop,
            json!({"background_tasks": []}),
            EVENT,
        ),
        ("a subagent begins", SubagentStart, isolated, EVENT),
        (
            "before a compaction",
            PreCompact,
            json!({"trigger": "auto"}),
            EVENT,
        ),
        (
            "a session goes on",
            SessionStart,
            json!({"source": "compact"}),
            EVENT,
        ),
        (
            "a denied command",
            PreToolUse,
            bash("sudo bash -c 'rm -rf /'"),
            CALL,
        ),
    ];
    let prepared: [(_, _, _, _, fn(&World)); 3] = [
        (
            "a session begins",
            SessionStart,
            begin.clone(),
            EVENT,
            put_session_aside,
        ),
        (
            "after an Edit of Rust, and a job",
            PostToolUse,
            edited(world::RUST),
            Most::Job,
            end_jobs,
        ),
        (
            "a session begins, and a job",
            SessionStart,
            begin,
            Most::Job,
            forget_cleaning,
        ),
    ];
    let case = |(name, event, fields, most): (&str, Event, Value, Most)| {
        let fields = merged(&world.event(event), &fields);
        Case {
            name: format!("{}: {name}", event.program()),
            program: programs.join(event.program()),
            arguments: &[],
            folder: fields["cwd"].as_str().unwrap_or_default().into(),
            input: fields.to_string().into_bytes(),
            most,
            prepare: |_| {},
        }
    };
    let prepared = prepared.map(|(name, event, fields, most, prepare)| Case {
        prepare,
        ..case((name, event, fields, most))
    });
    let events = events.into_iter().map(case);
    let shown = [status_line(world, programs)];
    events.chain(prepared).chain(shown).collect()
}

/// Returns the status line, which the client asks for several times a second.
fn status_line(world: &World, programs: &Path) -> Case {
    let folder = world.project();
    let input = json!({
        "session_id": world::SESSION,
        "transcript_path": world.home().join("transcript.jsonl"),
        "cwd": folder,
        "model": {"id": "claude-opus-5-5", "display_name": "Opus 5.5"},
        "workspace": {"current_dir": folder, "project_dir": folder},
        "version": "2.1.330",
        "output_style": {"name": "default"},
        "cost": {"total_cost_usd": 0.1, "total_duration_ms": 45_000},
    });
    Case {
        name: "maos: a status line".to_owned(),
        program: programs.join("maos"),
        arguments: &["statusline"],
        folder,
        input: input.to_string().into_bytes(),
        most: EVENT,
        prepare: |_| {},
    }
}

/// Ends the jobs, so that the next edit starts one.
fn end_jobs(world: &World) {
    let state = State::at(world.project().join(".maos"), SystemTime::now());
    jobs::end_with_session(&state, SESSION).expect("jobs that end");
    jobs::sweep(&state, Duration::ZERO).expect("a state that can be written");
}

/// Lets the next session be a new one. Nothing is deleted: where a file system
/// passes over what was deleted just now, the next file would take longer.
fn put_session_aside(world: &World) {
    static ASIDE: AtomicUsize = AtomicUsize::new(0);
    let sessions = world.project().join(".maos/sessions");
    let aside = world.project().join(".maos/aside");
    fs::create_dir_all(&aside).expect("a folder that can be made");
    let place = aside.join(ASIDE.fetch_add(1, Ordering::Relaxed).to_string());
    // It is not there before the first one.
    let _ = atomic::rename(&sessions.join(NEW_SESSION), &place);
}

/// Lets the next session order a clean-up, which is a job.
fn forget_cleaning(world: &World) {
    put_session_aside(world);
    // It is not there before the first one.
    let _ = fs::remove_file(world.project().join(".maos/cleaned.json"));
}

/// Returns the hooks around one edit of an agent in its worktree.
pub(crate) fn around_an_edit(
    agent: &str,
    workspace: &Path,
    world: &World,
    programs: &Path,
) -> [Case; 3] {
    let fields = json!({
        "agent_id": agent,
        "agent_type": "coder",
        "cwd": workspace,
        "tool_name": "Edit",
        "tool_use_id": "toolu_1",
        "tool_input": edit_in(workspace),
        "tool_calls": [],
    });
    [Event::PreToolUse, Event::PostToolUse, Event::PostToolBatch].map(|event| Case {
        name: format!("{} {agent}", event.program()),
        program: programs.join(event.program()),
        folder: workspace.to_owned(),
        input: merged(&world.event(event), &fields)
            .to_string()
            .into_bytes(),
        ..yardstick()
    })
}

/// Returns the input of an Edit of a file in a checkout.
fn edit_in(checkout: &Path) -> Value {
    edit_of(&checkout.join(world::TEXT))
}

/// Returns the input of an Edit of a file.
fn edit_of(file: &Path) -> Value {
    json!({"file_path": file, "old_string": "1", "new_string": "2"})
}

/// Returns another program with the input of a case.
pub(crate) fn of_peer(peer: &Path, like: &Case) -> Case {
    let what = like.name.split_once(": ").map_or("", |(_, what)| what);
    Case {
        name: format!("{}: {what}", peer.display()),
        program: peer.to_owned(),
        folder: like.folder.clone(),
        input: like.input.clone(),
        ..yardstick()
    }
}

/// Returns the fields of both, those of the second where both have one.
pub(crate) fn merged(first: &Value, second: &Value) -> Value {
    let mut all = first.clone();
    for (name, value) in second.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    all
}
