//! The examples in the help do what they say, in a project as they mean it: each ends
//! with the exit code that it names, and with 0 where it names none.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; one writes what an agent would"
)]

use std::fs;
use std::os::unix::fs::symlink;

use maos_shared::hook::Event;
use maos_shared::jobs;
use maos_shared::state::State;
use maos_tests::{HookEvent, Sandbox, programs_folder};
use serde_json::json;

use super::busy::busy;

/// What the examples call an agent, a session, an objection and a job.
const ID: &str = "3f2a9c1d";
/// What they call another agent.
const OTHER: &str = "a5584d06";
/// What does not end by itself, or draws on the whole terminal: tested elsewhere.
const LIVE: [&str; 2] = ["log -f", "top"];

/// Lets an agent begin that is launched for `task`, and write a file; it stops.
fn work(sandbox: &Sandbox, id: &str, task: &str, file: &str) {
    let launch = json!({"description": task, "prompt": "do it", "subagent_type": "coder"});
    let _ = HookEvent::before(sandbox, "Agent", launch.clone()).answer();
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{id}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(id, "coder");
    start.from_folder(&path).answer().is_silent();
    let launched = HookEvent::new(sandbox, Event::PostToolUse)
        .with("tool_name", "Agent")
        .with("tool_use_id", "toolu_Agent")
        .with("tool_input", launch)
        .with(
            "tool_response",
            json!({"status": "async_launched", "agentId": id}),
        );
    let _ = launched.answer();
    fs::write(path.join(file), task).unwrap();
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(id, "coder");
    stop.from_folder(&path).answer().is_silent();
}

/// Returns a project as the examples mean it.
fn world() -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let home = sandbox.home();
    for folder in [".local/share/man/man1", "src"] {
        fs::create_dir_all(home.join(folder)).unwrap();
    }
    symlink(programs_folder(), home.join(".claude/hooks")).unwrap();
    symlink(sandbox.project(), home.join("src/shop")).unwrap();
    let _ = sandbox
        .typed("maos register --programs ~/.claude/hooks")
        .exits(0);
    let begin = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let _ = begin.answer();
    let denied = HookEvent::before(&sandbox, "Bash", json!({"command": "rm -rf /"}));
    let _ = denied.answer().refusal();
    work(&sandbox, &format!("{ID}7e6b5a4f0"), "a task", "one.txt");
    work(
        &sandbox,
        &format!("{OTHER}7e6b5a4f0"),
        "write the docs",
        "two.txt",
    );
    sandbox.git(["update-ref", "refs/maos/rescue/coder-1a2b3c4d-abc", "HEAD"]);
    sandbox.write("script.sh", "ls\n");
    sandbox.write("status.json", "{}");
    sandbox.write(".claude/config.json", "{}");
    sandbox.write(".claude/maos.toml", "");
    let call = json!({
        "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "t",
        "tool_input": {"command": "rm -rf /"},
    });
    sandbox.write("inputs.jsonl", &call.to_string());
    let transcript = format!("../.claude/projects/-home-me-shop/{ID}.jsonl");
    sandbox.write(&transcript, &call.to_string());
    sandbox
}

/// Returns a line with the ids of this project, which nobody can choose, in the
/// place of those of the example.
fn with_own_ids(sandbox: &Sandbox, line: &str) -> String {
    if line.starts_with("maos jobs stop") {
        let now = std::time::SystemTime::now();
        let state = State::at(sandbox.project().join(".maos"), now);
        let order = jobs::Order {
            kind: jobs::Kind::Forecast,
            about: "a job",
            session: None,
        };
        let endless = || loop {
            std::thread::park();
        };
        jobs::start(&state, &order, endless).unwrap();
        // It puts itself on the disk.
        let job = std::iter::repeat_with(|| jobs::list(&state).unwrap());
        let mut job = job.filter_map(|all| all.into_iter().find(|job| job.about == "a job"));
        return line.replace(&format!("forecast-{ID}"), &job.next().unwrap().id);
    }
    let own = match line {
        _ if line.starts_with("maos why") => {
            let audit = sandbox.maos(["audit", "--json"]).exits(0).out();
            let audit: serde_json::Value = serde_json::from_str(&audit).unwrap();
            audit["id"].as_str().unwrap().to_owned()
        }
        _ if line.contains("--session") => "5e551011".to_owned(),
        _ => ID.to_owned(),
    };
    line.replace(ID, &own)
}

/// Returns every command, those below another too, as one writes it.
fn commands(sandbox: &Sandbox, above: &[String]) -> Vec<Vec<String>> {
    let help = sandbox.maos([above, &["--help".to_owned()]].concat());
    let help = help.exits(0).out();
    let Some((_, list)) = help.split_once("\nCommands:\n") else {
        return Vec::new();
    };
    let names = list.lines().take_while(|line| !line.is_empty());
    // A name stands two columns from the left, what it does further to the right.
    let names = names.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty() && *name != "help");
    let below = names.flat_map(|name| {
        let command = [above, &[name.to_owned()]].concat();
        let below = commands(sandbox, &command);
        std::iter::once(command).chain(below)
    });
    below.collect()
}

#[test]
fn the_examples_in_the_help_do_what_they_say() {
    let (mut ran, mut others) = (0, Vec::new());
    let anywhere = Sandbox::with_repository();
    for mut command in commands(&anywhere, &[]) {
        command.push("--help".to_owned());
        let help = anywhere.maos(command).exits(0).out();
        let examples = help.lines().filter(|line| line.starts_with("  maos "));
        let examples: Vec<&str> = examples.collect();
        let sandbox = (!examples.is_empty()).then(world);
        for (example, sandbox) in examples.iter().zip(sandbox.iter().cycle()) {
            let example = example.trim();
            let (line, code) = example
                .split_once("  # exit code ")
                .unwrap_or((example, "0"));
            let words = line.strip_prefix("maos ").unwrap();
            if LIVE.iter().any(|live| words.starts_with(live)) {
                continue;
            }
            // Only what `maos` does itself: others may not be installed.
            let line = line.split(" | ").next().unwrap();
            let line = line.split(" >").next().unwrap();
            let line = with_own_ids(sandbox, line);
            let ended = sandbox.typed(&format!("export EDITOR=true; {line}"));
            if ended.status.code() != code.parse().ok() {
                others.push(format!("{example}: {ended}"));
            }
            ran += 1;
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
    assert!(ran > 60, "{ran}");
}

#[test]
fn exit_codes_are_those_that_the_help_names() {
    let sandbox = world();
    let commands: Vec<Vec<String>> = commands(&sandbox, &[]);
    let documented = commands.iter().flat_map(|command| {
        let help = [&command[..], &["--help".to_owned()]].concat();
        let help = sandbox.maos(help).exits(0).out();
        let (_, codes) = help.split_once("\nExit codes:\n").unwrap_or_default();
        let codes = codes.lines().map_while(|line| {
            let code = line.strip_prefix("  ")?.split(' ').next()?;
            code.parse::<i32>().ok()
        });
        let name = command.join(" ");
        codes
            .map(move |code| (name.clone(), code))
            .collect::<Vec<_>>()
    });
    let documented: Vec<(String, i32)> = documented.collect();
    sandbox.write("none.jsonl", "");
    sandbox.write("bad.toml", "nothing = 1\n");
    let tried = [
        ("explain", "ls", 0),
        ("explain", "'rm -rf /'", 3),
        ("explain", "--project /nonexist ls", 1),
        ("explain", "", 2),
        ("doctor", "", 0),
        ("conflicts", "", 0),
        ("merge", ID, 0),
        ("replay", "inputs.jsonl", 0),
        ("replay", "none.jsonl", 1),
        ("config check", "", 0),
        ("config check", "bad.toml", 1),
        ("say", "--by terminal hello", 0),
        ("say", "--by openai hello", 1),
        ("clean", "", 0),
    ];
    let mut seen = Vec::new();
    for (command, rest, code) in tried {
        let ended = sandbox.typed(&format!("maos {command} {rest}"));
        assert_eq!(ended.status.code(), Some(code), "{command} {rest}: {ended}");
        seen.push((command.to_owned(), code));
    }
    let busy = busy();
    let _ = busy.maos(["conflicts"]).exits(4);
    let _ = busy.maos(["merge", "--all"]).exits(4);
    seen.extend(["conflicts", "merge"].map(|command| (command.to_owned(), 4)));
    // Nobody has registered the hooks here.
    let _ = Sandbox::with_repository().maos(["doctor"]).exits(1);
    seen.push(("doctor".to_owned(), 1));
    for (command, code) in documented {
        // Nothing fails to be removed in a folder of one's own.
        let is_failure = (&*command, code) == ("clean", 1);
        let is_seen = seen.iter().any(|(at, by)| (at, *by) == (&command, code));
        assert!(is_seen || is_failure, "{command} {code} is not tried");
    }
}
