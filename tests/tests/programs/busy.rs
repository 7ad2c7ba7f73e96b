//! A project in which much has happened, for what shows that.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking; one writes what an agent would"
)]

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use maos_tests::{HookEvent, Sandbox};
use serde_json::json;

/// Two agents.
pub(crate) const ONE: &str = "a1584d067ecffbeda";
pub(crate) const TWO: &str = "b2584d067ecffbeda";

/// Returns the workspace of an agent that begins.
pub(crate) fn begun(sandbox: &Sandbox, id: &str) -> PathBuf {
    let create = HookEvent::new(sandbox, Event::WorktreeCreate);
    let path = create.with("name", format!("agent-{id}")).answer().path();
    let start = HookEvent::new(sandbox, Event::SubagentStart).by(id, "coder");
    start.from_folder(&path).answer().is_silent();
    path
}

/// Lets an agent stop.
pub(crate) fn stopped(sandbox: &Sandbox, id: &str, path: &Path) {
    let stop = HookEvent::new(sandbox, Event::SubagentStop).by(id, "coder");
    stop.from_folder(path).answer().is_silent();
}

/// Two agents whose work does not fit, a blocked call, leases and jobs.
pub(crate) fn busy() -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.keep_work_on_branches();
    let start = HookEvent::new(&sandbox, Event::SessionStart).with("source", "startup");
    let _ = start.answer();
    let denied = HookEvent::before(&sandbox, "Bash", json!({"command": "rm -rf /"}));
    assert!(denied.answer().refusal().contains("files.rm-root"));
    for id in [ONE, TWO] {
        let path = begun(&sandbox, id);
        let file = path.join("README.md");
        let edit = json!({"file_path": file, "content": id});
        let edit = HookEvent::before(&sandbox, "Write", edit).by(id, "coder");
        let _ = edit.from_folder(&path).answer();
        fs::write(file, id).unwrap();
        stopped(&sandbox, id, &path);
    }
    sandbox
}
