//! What lies in `.maos`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Sandbox, entries};

impl Sandbox {
    /// Returns the agents of every session in `state`: `pending_agents`,
    /// `active_agents` or `completed_agents`.
    #[must_use]
    pub fn agents(&self, state: &str) -> Vec<Value> {
        let sessions = self.project().join(".maos/sessions");
        let mut agents = Vec::new();
        for session in entries(&sessions) {
            for file in entries(&session.join(state)) {
                agents.push(json(&fs::read(&file).expect("an agent's file"), &file));
            }
        }
        agents
    }

    /// Returns what is known of the agent `id` of any session under the name
    /// `fact`: `workspace.json`, `launch.json` or `result.json`.
    #[must_use]
    pub fn fact(&self, id: &str, fact: &str) -> Option<Value> {
        let sessions = entries(&self.project().join(".maos/sessions"));
        let files = sessions
            .iter()
            .map(|it| it.join("agents").join(id).join(fact));
        let file = files.into_iter().find(|file| file.exists())?;
        Some(json(&fs::read(&file).expect("a fact"), &file))
    }

    /// Returns every lease that was not given back, whether or not its owner
    /// lives. A clean-up may be putting others away meanwhile.
    #[must_use]
    pub fn leases(&self) -> Vec<Value> {
        let state = self.project().join(".maos");
        let marks = files(&state.join("sessions"));
        let is_marked = |lease: &Value| {
            let mark = lease["mark"].as_str().expect("a lease has a mark");
            marks.iter().any(|path| path.ends_with(mark))
        };
        let places = entries(&state.join("locks"));
        let is_lease = |place: &&PathBuf| place.extension().is_some_and(|end| end == "lock");
        let places = places.iter().filter(is_lease);
        let leases = places.filter_map(|file| Some(json(&fs::read(file).ok()?, file)));
        leases.filter(is_marked).collect()
    }

    /// Returns the files that somebody holds a lease on, sorted, as a person is
    /// told.
    ///
    /// # Panics
    /// When `maos status` does not say.
    #[must_use]
    pub fn live_leases(&self) -> Vec<String> {
        let told = self.maos(["status", "--json"]).exits(0).out();
        let told: Value = serde_json::from_str(&told).expect("JSON");
        let leases = told["leases"].as_array().expect("a list of leases").iter();
        let files = leases.map(|lease| lease["file"].as_str().expect("a file").to_owned());
        files.collect()
    }

    /// Returns every line of every journal below `.maos`.
    ///
    /// # Panics
    /// When a line is not a whole JSON object.
    #[must_use]
    pub fn journal(&self) -> Vec<Value> {
        let is_journal = |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl");
        let journals = files(&self.project().join(".maos"));
        let journals = journals.into_iter().filter(is_journal);
        journals.flat_map(|path| journal_lines(&path)).collect()
    }
}

/// Returns the files below `folder`, at any depth.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let (below, here) = entries(&folder).into_iter().partition(|path| path.is_dir());
        files.extend::<Vec<_>>(here);
        folders.extend::<Vec<_>>(below);
    }
    files
}

fn journal_lines(path: &Path) -> Vec<Value> {
    let text = fs::read(path).expect("a journal can be read");
    // One whose first line was never written is empty.
    assert!(
        text.is_empty() || text.ends_with(b"\n"),
        "{} ends in half a line",
        path.display()
    );
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| json(line, path)).collect()
}

fn json(text: &[u8], path: &Path) -> Value {
    let value: Value = serde_json::from_slice(text).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(text);
        panic!("{} holds broken JSON: {error}\n{text}", path.display())
    });
    assert!(
        value.is_object(),
        "{} holds JSON that is no object: {value}",
        path.display()
    );
    value
}
