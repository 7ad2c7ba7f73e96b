//! An agent in a workspace of its own.

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::hook::Event;
use serde_json::json;

use crate::event::HookEvent;
use crate::process::Finished;
use crate::sandbox::Sandbox;

/// An agent, a `coder`, that has begun.
#[derive(Debug)]
pub struct Agent<'a> {
    sandbox: &'a Sandbox,
    id: &'static str,
    /// Its workspace.
    pub path: PathBuf,
}

impl<'a> Agent<'a> {
    /// Makes the agent `id` a workspace and lets it begin there.
    ///
    /// # Panics
    /// When a hook does not answer as it should.
    #[must_use]
    pub fn begun(sandbox: &'a Sandbox, id: &'static str) -> Self {
        Self::made(sandbox, id, HookEvent::new(sandbox, Event::WorktreeCreate))
    }

    /// Lets it launch another agent.
    ///
    /// # Panics
    /// When a hook does not answer as it should.
    #[must_use]
    pub fn launches(&self, id: &'static str) -> Self {
        Self::made(self.sandbox, id, self.event(Event::WorktreeCreate))
    }

    fn made(sandbox: &'a Sandbox, id: &'static str, create: HookEvent<'_>) -> Self {
        let path = create.with("name", format!("agent-{id}")).answer().path();
        let agent = Self { sandbox, id, path };
        agent.begins();
        agent
    }

    /// Lets it begin, or begin again.
    pub fn begins(&self) {
        self.event(Event::SubagentStart).answer().is_silent();
    }

    /// Returns an event of the agent's, in its workspace.
    pub fn event(&self, event: Event) -> HookEvent<'a> {
        let event = HookEvent::new(self.sandbox, event).by(self.id, "coder");
        event.from_folder(&self.path)
    }

    /// Writes a file in its workspace, with the folders above it.
    ///
    /// # Panics
    /// When the system refuses.
    pub fn writes(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Returns what git prints in its workspace.
    ///
    /// # Panics
    /// When git fails.
    pub fn git(&self, arguments: &[&str]) -> String {
        let folder = self.path.to_str().expect("a path of ours is UTF-8");
        self.sandbox.git([&["-C", folder], arguments].concat())
    }

    /// Lets it stop, and returns what the main agent is told of it.
    ///
    /// # Panics
    /// When a hook does not answer as it should.
    pub fn stops(&self) -> String {
        self.event(Event::SubagentStop).answer().is_silent();
        let response = json!({ "status": "completed", "agentId": self.id });
        let after = HookEvent::new(self.sandbox, Event::PostToolUse).with("tool_name", "Agent");
        after.with("tool_response", response).answer().told()
    }

    /// Runs the command of `maos` that begins with `words` in a text that was told.
    ///
    /// # Panics
    /// When the text has none.
    #[must_use]
    pub fn does_as_told(&self, told: &str, words: &str) -> Finished {
        let start = format!("{} {words}", self.sandbox.maos_command());
        let at = told
            .find(&start)
            .unwrap_or_else(|| panic!("{start}: {told}"));
        let command = told[at..].lines().next().unwrap_or_default();
        self.sandbox.maos(command.split(' ').skip(1))
    }
}
