//! What the scripted model says, turn by turn.

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

    /// Returns the answer to `request`.
    #[must_use]
    pub(crate) fn answer(&self, request: &Request) -> Vec<Block> {
        match self.turns.get(request.turn()) {
            Some(turn) => turn(request),
            None => vec![Block::text(format!("{} is done", self.name))],
        }
    }
}

/// Returns the tag that a prompt carries to name its script.
#[must_use]
pub(crate) fn tag(script: &str) -> String {
    format!("[[script:{script}]]")
}
