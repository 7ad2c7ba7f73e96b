//! What the scripted model says, turn by turn.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::request::Request;

/// One block of a turn of the model.
#[derive(Clone, Debug)]
pub enum Block {
    /// Words.
    Text(String),
    /// The use of a tool, with its input.
    Tool(String, Value),
}

impl Block {
    /// Returns words.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// Returns the use of the tool `name`.
    #[must_use]
    pub fn tool(name: &str, input: Value) -> Self {
        Self::Tool(name.to_owned(), input)
    }

    /// Returns a Bash command.
    #[must_use]
    pub fn bash(command: impl Into<String>) -> Self {
        Self::tool("Bash", json!({ "command": command.into() }))
    }

    /// Returns the reading of a whole file.
    #[must_use]
    pub fn read(file: impl AsRef<Path>) -> Self {
        Self::tool("Read", json!({ "file_path": file.as_ref() }))
    }

    /// Returns the writing of a whole file.
    #[must_use]
    pub fn write(file: impl AsRef<Path>, contents: &str) -> Self {
        Self::tool(
            "Write",
            json!({ "file_path": file.as_ref(), "content": contents }),
        )
    }

    /// Returns the replacement of the one `old` in a file.
    #[must_use]
    pub fn edit(file: impl AsRef<Path>, old: &str, new: &str) -> Self {
        Self::tool(
            "Edit",
            json!({ "file_path": file.as_ref(), "old_string": old, "new_string": new }),
        )
    }

    /// Returns the request for tools that the client does not offer at once;
    /// they can be used from the next turn on.
    #[must_use]
    pub fn load(tools: &str) -> Self {
        let query = format!("select:{tools}");
        Self::tool("ToolSearch", json!({ "query": query, "max_results": 9 }))
    }

    /// Returns a message to the agent `id`; it resumes one that has stopped.
    #[must_use]
    pub fn message(id: &str, words: &str) -> Self {
        Self::tool(
            "SendMessage",
            json!({ "to": id, "summary": words, "message": words }),
        )
    }

    /// Returns the launch of a subagent of the type `kind` that plays the
    /// script `script`; the main agent waits for it unless `background`.
    #[must_use]
    pub fn agent(script: &str, kind: &str, background: bool) -> Self {
        Self::tool(
            "Agent",
            json!({
                "description": format!("play {script}"),
                "prompt": format!("{} please", tag(script)),
                "subagent_type": kind,
                "run_in_background": background,
            }),
        )
    }
}

type Turn = Box<dyn Fn(&Request) -> Vec<Block> + Send + Sync>;

/// The turns of one agent. After the last of them it says that it is done.
#[must_use]
pub struct Script {
    pub(crate) name: String,
    turns: Vec<Turn>,
}

impl Script {
    /// Returns the script of the agent whose first message carries the tag of
    /// `name`.
    pub fn of(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            turns: Vec::new(),
        }
    }

    /// Returns the script with one more turn.
    pub fn then(self, blocks: impl Into<Vec<Block>>) -> Self {
        let blocks = blocks.into();
        self.then_from(move |_| blocks.clone())
    }

    /// Returns the script with one more turn, made from what the agent has
    /// been shown by then.
    pub fn then_from(
        mut self,
        turn: impl Fn(&Request) -> Vec<Block> + Send + Sync + 'static,
    ) -> Self {
        self.turns.push(Box::new(turn));
        self
    }

    /// Returns the script with one more turn, an empty one: the agent arrives at
    /// `gate` and gets no answer before it opens.
    pub fn then_wait_at(self, gate: &Gate) -> Self {
        let gate = gate.clone();
        self.then_from(move |_| {
            gate.arrive();
            vec![Block::text("the gate has opened")]
        })
    }

    /// Returns the script with one more turn, which the agent gets only once
    /// `gate` has opened.
    pub fn then_behind(self, gate: &Gate, blocks: impl Into<Vec<Block>>) -> Self {
        let (gate, blocks) = (gate.clone(), blocks.into());
        self.then_from(move |_| {
            gate.arrive();
            blocks.clone()
        })
    }

    /// Returns the answer to `request`.
    #[must_use]
    pub(crate) fn answer(&self, request: &Request) -> Vec<Block> {
        match self.turns.get(request.turn()) {
            Some(turn) => turn(request),
            None => vec![Block::text(format!("{} is done", self.name))],
        }
    }
}

/// A point at which agents wait, so that a test can act while they do.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<GateState>);

#[derive(Debug, Default)]
struct GateState {
    /// How many have arrived, and whether the gate is open.
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Gate {
    /// Returns a gate that is closed.
    #[must_use]
    pub fn closed() -> Self {
        Self::default()
    }

    /// Waits until `count` agents have arrived.
    ///
    /// # Panics
    /// When they do not within a minute.
    pub fn await_arrivals(&self, count: usize) {
        let state = self.0.state.lock().expect("no waiting thread panics");
        let missing = |state: &mut (usize, bool)| state.0 < count;
        let minute = Duration::from_secs(60);
        let waited = self.0.changed.wait_timeout_while(state, minute, missing);
        let (state, ended) = waited.expect("no waiting thread panics");
        let arrived = state.0;
        assert!(!ended.timed_out(), "{arrived} of {count} agents arrived");
    }

    /// Lets all go on that have arrived, and all that still come.
    pub fn open(&self) {
        self.0.state.lock().expect("no waiting thread panics").1 = true;
        self.0.changed.notify_all();
    }

    fn arrive(&self) {
        let mut state = self.0.state.lock().expect("no waiting thread panics");
        state.0 += 1;
        self.0.changed.notify_all();
        let is_closed = |state: &mut (usize, bool)| !state.1;
        let opened = self.0.changed.wait_while(state, is_closed);
        drop(opened.expect("no waiting thread panics"));
    }
}

/// Returns the tag that a prompt carries to name its script.
#[must_use]
pub(crate) fn tag(script: &str) -> String {
    format!("[[script:{script}]]")
}
