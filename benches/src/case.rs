//! What is timed: an event for each kind of work that a hook does.

use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use serde_json::{Value, json};

use crate::world::World;

/// One program with one input.
pub(crate) struct Case {
    /// What it is, for people.
    pub(crate) name: String,
    /// The program.
    pub(crate) program: PathBuf,
    /// What is on its standard input.
    pub(crate) input: Vec<u8>,
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
        input: Vec::new(),
    }
}

/// Returns every case.
pub(crate) fn all(world: &World, programs: &Path) -> Vec<Case> {
    let tool = |name: &str, input: Value| json!({"tool_name": name, "tool_use_id": "toolu_1", "tool_input": input});
    let bash = |command: &str| tool("Bash", json!({"command": command}));
    let isolated =
        json!({"agent_id": "a5584d067ecffbeda", "agent_type": "coder", "cwd": world.workspace()});
    let edit = tool(
        "Edit",
        json!({"file_path": world.workspace().join("src/lib.rs"), "old_string": "1", "new_string": "2"}),
    );
    let write = tool(
        "Write",
        json!({"file_path": world.project().join("new.txt"), "content": "x".repeat(10 << 20)}),
    );
    let ls = bash("ls -la");
    let events = [
        ("`ls -la`", Event::PreToolUse, ls.clone()),
        (
            "a pipeline of 300 characters",
            Event::PreToolUse,
            bash(PIPELINE),
        ),
        (
            "a denied command",
            Event::PreToolUse,
            bash("sudo bash -c 'rm -rf /'"),
        ),
        (
            "an Edit by an isolated agent",
            Event::PreToolUse,
            merged(&edit, &isolated),
        ),
        (
            "a command of 200 KB",
            Event::PreToolUse,
            bash(&"echo 'a b' && ".repeat(14_600)),
        ),
        ("a Write of 10 MB", Event::PreToolUse, write),
        ("after `ls -la`", Event::PostToolUse, ls.clone()),
        ("after a failure", Event::PostToolUseFailure, ls),
        (
            "after a batch",
            Event::PostToolBatch,
            json!({"tool_calls": []}),
        ),
        (
            "a prompt",
            Event::UserPromptSubmit,
            json!({"prompt": "go on"}),
        ),
        (
            "a notification",
            Event::Notification,
            json!({"message": "a question"}),
        ),
        (
            "the end of a turn",
            Event::Stop,
            json!({"background_tasks": []}),
        ),
        (
            "a session begins",
            Event::SessionStart,
            json!({"source": "startup"}),
        ),
    ];
    let case = |(name, event, fields): (&str, Event, Value)| Case {
        name: format!("{}: {name}", event.program()),
        program: programs.join(event.program()),
        input: merged(&world.event(event), &fields)
            .to_string()
            .into_bytes(),
    };
    events.into_iter().map(case).collect()
}

/// Returns the hooks around one tool call.
pub(crate) fn around_a_call(world: &World, programs: &Path) -> [Case; 2] {
    let fields = json!({
        "tool_name": "Bash", "tool_use_id": "toolu_1", "tool_input": {"command": "ls -la"},
    });
    [Event::PreToolUse, Event::PostToolUse].map(|event| Case {
        name: event.program().to_owned(),
        program: programs.join(event.program()),
        input: merged(&world.event(event), &fields)
            .to_string()
            .into_bytes(),
    })
}

/// Returns another program with the input of `ls -la`.
pub(crate) fn of_peer(world: &World, peer: &Path) -> Case {
    let [before, _] = around_a_call(world, Path::new(""));
    Case {
        name: format!("{}: `ls -la`", peer.display()),
        program: peer.to_owned(),
        ..before
    }
}

/// Returns the fields of both, those of the second where both have one.
fn merged(first: &Value, second: &Value) -> Value {
    let mut all = first.clone();
    for (name, value) in second.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    all
}
