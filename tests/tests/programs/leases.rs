//! What leases mean to whoever meets one, and how many agents there may be.

use std::path::PathBuf;

use maos_shared::hook::Event;
use maos_tests::{Answered, HookEvent, Sandbox, Struck};
use serde_json::{Value, json};

/// A change of the file by the main thread of a session.
fn edit<'a>(sandbox: &'a Sandbox, file: &str, session: &str) -> HookEvent<'a> {
    let input = json!({"file_path": file, "old_string": "a", "new_string": "b"});
    HookEvent::before(sandbox, "Edit", input).with("session_id", session)
}

fn settings(sandbox: &Sandbox, text: &str) {
    sandbox.write("../.claude/maos.toml", text);
}

/// Returns what the model is told beside a call that may run.
fn told(answered: &Answered) -> String {
    let output = answered.finished().exits(0).answer().unwrap_or_default();
    let output = &output["hookSpecificOutput"];
    assert_eq!(output["permissionDecision"], Value::Null, "{output}");
    output["additionalContext"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn both_hear_of_it_when_one_meets_the_lease_of_another() {
    let sandbox = Sandbox::with_repository();
    edit(&sandbox, "README.md", "one").answer().is_silent();
    let refusal = edit(&sandbox, "README.md", "two").answer().refusal();
    assert!(
        refusal.contains("`README.md` is being changed by the main thread"),
        "{refusal}"
    );
    let holder = told(&edit(&sandbox, "src/lib.rs", "one").answer());
    assert!(holder.contains("wanted to change README.md"), "{holder}");
    edit(&sandbox, "README.md", "one").answer().is_silent();
}

#[test]
fn a_mode_says_what_a_lease_means() {
    let sandbox = Sandbox::with_repository();
    edit(&sandbox, "README.md", "one").answer().is_silent();
    settings(&sandbox, "[leases]\nmode = \"warn\"\n");
    let warned = told(&edit(&sandbox, "README.md", "two").answer());
    assert!(warned.contains("as well"), "{warned}");
    settings(&sandbox, "[leases]\nmode = \"off\"\n");
    edit(&sandbox, "README.md", "two").answer().is_silent();
    edit(&sandbox, "src/lib.rs", "two").answer().is_silent();
    assert_eq!(sandbox.leases().len(), 1, "none was taken");
    // What the person says counts before what the project says.
    let sandbox = sandbox.with_file(".claude/maos.toml", "[leases]\nmode = \"off\"\n");
    settings(&sandbox, "[leases]\nmode = \"enforce\"\nwait = \"1ms\"\n");
    let refusal = edit(&sandbox, "README.md", "two").answer().refusal();
    assert!(refusal.contains("MAOS rule leases.held"), "{refusal}");
}

#[test]
fn a_lease_that_is_given_back_is_free() {
    let sandbox = Sandbox::with_repository();
    edit(&sandbox, "README.md", "one").answer().is_silent();
    let released = sandbox.maos(["release", "README.md"]).exits(0).stdout;
    assert_eq!(released, b"1 lease is free\n");
    edit(&sandbox, "README.md", "two").answer().is_silent();
    let released = sandbox.maos(["release", "src/lib.rs"]).exits(0).stdout;
    assert_eq!(released, b"no such lease\n");
}

#[test]
fn more_agents_than_a_session_may_have_are_refused_with_the_figure() {
    let sandbox = Sandbox::with_repository();
    settings(&sandbox, "[agents]\nmax_active = 2\nmax_per_minute = 3\n");
    let launch = |n: usize| {
        let input = json!({"description": "d", "prompt": "p", "subagent_type": "coder"});
        let call = HookEvent::before(&sandbox, "Agent", input);
        call.with("tool_use_id", format!("toolu_{n}")).answer()
    };
    let lives = |event: Event, id: &str| {
        let event = HookEvent::new(&sandbox, event).by(id, "coder");
        let _ = event.answer().finished().exits(0);
    };
    let returns = |n: usize| {
        let response = json!({"status": "completed", "agentId": format!("a{n}")});
        let call = HookEvent::new(&sandbox, Event::PostToolUse).with("tool_name", "Agent");
        let call = call.with("tool_use_id", format!("toolu_{n}"));
        let _ = call
            .with("tool_response", response)
            .answer()
            .finished()
            .exits(0);
    };
    drop(launch(1).rewritten());
    for id in ["a1234567", "b1234567"] {
        lives(Event::SubagentStart, id);
    }
    let refusal = launch(2).refusal();
    assert!(refusal.contains("2 agents are at work"), "{refusal}");
    assert!(refusal.contains("MAOS rule agents.limit"), "{refusal}");
    for id in ["a1234567", "b1234567"] {
        lives(Event::SubagentStop, id);
    }
    returns(1);
    drop(launch(3).rewritten());
    drop(launch(4).rewritten());
    let refusal = launch(5).refusal();
    assert!(
        refusal.contains("2 agents are at work"),
        "none of two has begun"
    );
    returns(3);
    let refusal = launch(6).refusal();
    assert!(
        refusal.contains("3 agents were launched within a minute"),
        "{refusal}"
    );
}

#[test]
fn what_the_holder_did_not_get_to_hear_is_told_again() {
    let sandbox = Sandbox::without_repository();
    let own = || edit(&sandbox, "a.txt", "one");
    assert_eq!(told(&own().answer()), "");
    let unheard: [&dyn Fn(); 2] = [
        &|| drop(own().program().with_broken_stdout().run()),
        // The word is taken by then, and not told.
        &|| {
            let struck = own().program().killed_behind("rename", 1);
            assert!(!matches!(struck, Struck::Ended));
        },
    ];
    for try_to_tell in unheard {
        let _ = edit(&sandbox, "a.txt", "two").answer().refusal();
        try_to_tell();
        assert!(told(&own().answer()).contains("wanted to change a.txt"));
        assert_eq!(told(&own().answer()), "", "it is told once");
    }
}

/// A worktree of the person's own, beside the project.
fn own_worktree(sandbox: &Sandbox) -> PathBuf {
    let path = sandbox.home().join("beside");
    sandbox.git([
        "worktree",
        "add",
        "-q",
        &path.to_string_lossy(),
        "-b",
        "beside",
    ]);
    path
}

#[test]
fn a_worktree_of_the_persons_own_meets_the_same_leases() {
    let sandbox = Sandbox::with_repository();
    let there = own_worktree(&sandbox).join("README.md");
    edit(&sandbox, "README.md", "one").answer().is_silent();
    let warned = told(&edit(&sandbox, there.to_str().unwrap(), "two").answer());
    assert!(warned.contains("README.md is being changed by"), "{warned}");
    let refusal = edit(&sandbox, there.to_str().unwrap(), "three")
        .answer()
        .refusal();
    assert!(refusal.contains("MAOS rule leases.held"), "{refusal}");
}

#[test]
fn beside_a_lease_in_another_worktree_there_is_one_in_each() {
    let sandbox = Sandbox::with_repository();
    let there = own_worktree(&sandbox);
    edit(&sandbox, "README.md", "far")
        .from_folder(&there)
        .answer()
        .is_silent();
    let here = |session: &'static str| {
        let file = sandbox.project().join("README.md");
        edit(&sandbox, file.to_str().unwrap(), session).answer()
    };
    assert!(told(&here("one")).contains("expect to merge both changes"));
    let refusal = here("two").refusal();
    assert!(
        refusal.contains("`README.md` is being changed by the main thread"),
        "{refusal}"
    );
    // Both have met it, and it hears of both with its next call, whatever that is.
    let ends = HookEvent::new(&sandbox, Event::PostToolUse).with("session_id", "far");
    let heard = ends
        .with("tool_name", "Bash")
        .from_folder(&there)
        .answer()
        .told();
    assert_eq!(
        heard.matches("wanted to change README.md").count(),
        1,
        "{heard}"
    );
    let ends = HookEvent::new(&sandbox, Event::PostToolUse).with("session_id", "one");
    let heard = ends.with("tool_name", "Bash").answer().told();
    assert!(heard.contains("wanted to change README.md"), "{heard}");
}

#[test]
fn a_call_that_is_refused_takes_no_lease() {
    let sandbox = Sandbox::with_repository();
    let foreign = edit(&sandbox, ".git/config", "one").by("a1234567", "coder");
    assert!(foreign.answer().refusal().contains("MAOS rule isolation."));
    let shared = edit(&sandbox, "README.md", "one").by("a1234567", "coder");
    assert!(shared.answer().refusal().contains("MAOS rule isolation."));
    assert_eq!(sandbox.leases().len(), 0);
    edit(&sandbox, "README.md", "two").answer().is_silent();
}

#[test]
fn an_agent_gives_back_what_its_own_session_holds() {
    let sandbox = Sandbox::with_repository();
    edit(&sandbox, "README.md", "one").answer().is_silent();
    let release = |session: &str| {
        let arguments = ["release", "--all"];
        let released = sandbox.maos_by_an_agent(session, &sandbox.project(), arguments);
        released.exits(0).out()
    };
    assert_eq!(release("two"), "no such lease\n");
    assert_eq!(release("one"), "1 lease is free\n");
}
