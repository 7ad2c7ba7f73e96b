//! Files that somebody has reserved, and whoever wants to change them.

use std::path::Path;

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::json;

const AGENT: &str = "a5584d067ecffbeda";

/// A change of the file by the main thread of a session.
fn edit<'a>(sandbox: &'a Sandbox, file: &str, session: &str) -> HookEvent<'a> {
    let input = json!({"file_path": file, "old_string": "a", "new_string": "b"});
    HookEvent::before(sandbox, "Edit", input).with("session_id", session)
}

fn begin(sandbox: &Sandbox, session: &str) {
    let start = HookEvent::new(sandbox, Event::SessionStart);
    let start = start.with("source", "startup").with("session_id", session);
    start.answer().is_silent();
}

#[test]
fn what_a_person_reserves_no_agent_changes_until_it_is_released() {
    let sandbox = Sandbox::with_repository();
    let reserve = ["reserve", "src/**", "--for", "1h", "--why", "a new layout"];
    let said = sandbox.maos(reserve).exits(0).out();
    assert_eq!(said, "src/** is reserved for 1h\n");
    let refusal = edit(&sandbox, "src/lib.rs", "one").answer().refusal();
    assert!(refusal.contains("MAOS rule leases.reserved"), "{refusal}");
    assert!(
        refusal.contains("a person at a terminal (`src/**`, for: a new layout"),
        "{refusal}"
    );
    edit(&sandbox, "README.md", "one").answer().is_silent();
    let status = sandbox.maos(["status"]).exits(0).out();
    let line = status.lines().find(|line| line.contains("src/**"));
    let line = line.unwrap_or_else(|| panic!("{status}"));
    assert!(
        line.contains("a person") && line.contains("a new layout"),
        "{line}"
    );
    let released = sandbox.maos(["release", "src/**"]).exits(0).out();
    assert_eq!(released, "1 reservation has ended\n");
    edit(&sandbox, "src/lib.rs", "one").answer().is_silent();
}

#[test]
fn who_reserves_may_change_it_hears_of_others_and_has_it_until_its_session_ends() {
    let sandbox = Sandbox::with_repository();
    begin(&sandbox, "one");
    let project = sandbox.project();
    let by =
        |session: &str, arguments: &[&str]| sandbox.maos_by_an_agent(session, &project, arguments);
    let _ = by("one", &["reserve", "./src/", "--why", "auth"]).exits(0);
    edit(&sandbox, "src/lib.rs", "one").answer().is_silent();
    let refusal = edit(&sandbox, "src/new.rs", "two").answer().refusal();
    assert!(
        refusal.contains("`src/new.rs` is reserved by the main thread"),
        "{refusal}"
    );
    let told = edit(&sandbox, "README.md", "one").answer().told();
    assert!(
        told.contains("wanted to change src/new.rs, which you have reserved"),
        "{told}"
    );
    let taken = by("two", &["reserve", "**/*.rs", "--why", "mine"])
        .exits(1)
        .err();
    assert!(
        taken.contains("the main thread has reserved `src`"),
        "{taken}"
    );
    let end = HookEvent::new(&sandbox, Event::SessionEnd).with("session_id", "one");
    end.answer().is_silent();
    edit(&sandbox, "src/new.rs", "two").answer().is_silent();
    let _ = by("two", &["reserve", "**/*.rs", "--why", "mine"]).exits(0);
}

#[test]
fn an_agent_is_known_by_its_worktree_and_others_are_told_in_theirs() {
    let sandbox = Sandbox::with_repository();
    let workspace = |id: &str| {
        let create = HookEvent::new(&sandbox, Event::WorktreeCreate);
        let path = create.with("name", format!("agent-{id}")).answer().path();
        let start = HookEvent::new(&sandbox, Event::SubagentStart);
        start
            .by(id, "coder")
            .from_folder(&path)
            .answer()
            .is_silent();
        path
    };
    let change = |id: &str, path: &Path| {
        let input = json!({"file_path": path.join("src/lib.rs"), "content": "x"});
        let call = HookEvent::before(&sandbox, "Write", input);
        call.by(id, "coder").from_folder(path).answer()
    };
    let own = workspace(AGENT);
    let session = HookEvent::new(&sandbox, Event::Stop).into_input()["session_id"].clone();
    let session = session.as_str().unwrap_or_default();
    let reserve = ["reserve", "src", "--why", "auth"];
    let _ = sandbox.maos_by_an_agent(session, &own, reserve).exits(0);
    let status = sandbox.maos(["status"]).exits(0).out();
    assert!(status.contains("coder a5584d06"), "{status}");
    change(AGENT, &own).is_silent();
    let other = workspace("b5584d067ecffbeda");
    let told = change("b5584d067ecffbeda", &other).told();
    assert!(
        told.contains("src/lib.rs is reserved by agent coder (a5584d067ecffbeda)"),
        "{told}"
    );
}

#[test]
fn what_is_shared_is_only_told() {
    let sandbox = Sandbox::with_repository();
    let reserve = ["reserve", "*.md", "--shared", "--why", "a chapter each"];
    let _ = sandbox.maos(reserve).exits(0);
    let told = edit(&sandbox, "README.md", "one").answer().told();
    assert!(
        told.contains("README.md is among the files that are shared with a person at a terminal"),
        "{told}"
    );
}

#[test]
fn what_is_no_pattern_is_refused_in_one_line() {
    let sandbox = Sandbox::with_repository();
    for pattern in ["../x", "/etc/**", "", "a\nb"] {
        let said = sandbox
            .maos(["reserve", pattern, "--why", "x"])
            .exits(1)
            .err();
        assert!(said.contains("is no pattern for files: it "), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let inside = format!("{}/src/**", sandbox.project().display());
    let said = sandbox
        .maos(["reserve", &inside, "--why", "x"])
        .exits(0)
        .out();
    assert_eq!(said, "src/** is reserved for 1h\n");
}

#[test]
fn who_changes_a_file_when_it_is_reserved_goes_on() {
    let sandbox = Sandbox::with_repository();
    edit(&sandbox, "README.md", "one").answer().is_silent();
    let reserve = ["reserve", "*.md", "--why", "x"];
    let said = sandbox
        .maos_by_an_agent("two", &sandbox.project(), reserve)
        .exits(0)
        .out();
    assert!(said.contains("README.md is being changed by"), "{said}");
    let warned = edit(&sandbox, "README.md", "one").answer().told();
    assert!(warned.contains("README.md is reserved by"), "{warned}");
    for session in ["two", "three"] {
        let refusal = edit(&sandbox, "README.md", session).answer().refusal();
        assert!(
            refusal.contains("MAOS rule leases."),
            "{session}: {refusal}"
        );
    }
}
