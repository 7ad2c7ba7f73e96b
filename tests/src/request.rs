//! What the client sent to the model, and what a test wants to know of it.

use std::path::PathBuf;

use serde_json::Value;

/// One request for a turn of the model.
#[derive(Clone, Debug)]
pub struct Request {
    body: Value,
}

/// How the use of a tool ended, as the model was told.
#[derive(Clone, Debug)]
pub struct ToolResult {
    /// The id of the use.
    pub id: String,
    /// Whether the tool was refused or failed.
    pub is_error: bool,
    /// What the model was told.
    pub text: String,
}

impl ToolResult {
    /// Returns the id of the agent that was launched, as the result names it.
    ///
    /// # Panics
    /// When it names none.
    #[must_use]
    pub fn agent_id(&self) -> &str {
        let rest = self.text.split("agentId: ").nth(1);
        let id = rest.and_then(|rest| rest.split_whitespace().next());
        id.unwrap_or_else(|| panic!("no agent in the result: {}", self.text))
    }

    /// Returns the text of a result without error.
    ///
    /// # Panics
    /// When the tool was refused or failed.
    #[must_use]
    pub fn succeeded(&self) -> &str {
        assert!(!self.is_error, "{} failed: {}", self.id, self.text);
        &self.text
    }

    /// Returns why the tool was refused or failed.
    ///
    /// # Panics
    /// When it succeeded.
    #[must_use]
    pub fn failed(&self) -> &str {
        assert!(self.is_error, "{} succeeded: {}", self.id, self.text);
        &self.text
    }
}

impl Request {
    pub(crate) fn new(body: Value) -> Self {
        Self { body }
    }

    /// Returns the model that is asked for.
    #[must_use]
    pub(crate) fn model(&self) -> &Value {
        &self.body["model"]
    }

    /// Returns the name in the first script tag that a user message carries:
    /// an agent's own prompt.
    #[must_use]
    pub fn script(&self) -> Option<&str> {
        self.messages()
            .iter()
            .filter(|message| message["role"] == "user")
            .find_map(|message| {
                blocks(message).find_map(|block| {
                    let (_, rest) = block
                        .as_str()
                        .or(block["text"].as_str())?
                        .split_once("[[script:")?;
                    rest.split_once("]]").map(|(name, _)| name)
                })
            })
    }

    /// Returns how many turns the model has had.
    #[must_use]
    pub fn turn(&self) -> usize {
        self.messages()
            .iter()
            .filter(|message| message["role"] == "assistant")
            .count()
    }

    /// Returns the names of the tools that the model may use.
    #[must_use]
    pub fn tools(&self) -> Vec<&str> {
        let tools = self.body["tools"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        tools
            .iter()
            .filter_map(|tool| tool["name"].as_str())
            .collect()
    }

    /// Returns the results of all tools that were used.
    #[must_use]
    pub fn tool_results(&self) -> Vec<ToolResult> {
        let blocks = self.messages().iter().flat_map(blocks);
        let results = blocks.filter(|block| block["type"] == "tool_result");
        results
            .map(|block| ToolResult {
                id: block["tool_use_id"].as_str().unwrap_or_default().to_owned(),
                is_error: block["is_error"] == true,
                text: words(&block["content"]),
            })
            .collect()
    }

    /// Returns the result of the tool that was used as block `index` of turn
    /// `turn` of the script, both counted from 0. Results come in any order.
    ///
    /// # Panics
    /// When the model was not told it.
    #[must_use]
    pub fn result(&self, turn: usize, index: usize) -> ToolResult {
        let script = self.script().unwrap_or("untagged");
        let (start, end) = (format!("toolu_{script}_{turn}_"), format!("_{index}"));
        let mut results = self.tool_results().into_iter();
        let found =
            results.find(|result| result.id.starts_with(&start) && result.id.ends_with(&end));
        found.unwrap_or_else(|| {
            let results = self.tool_results();
            panic!("no result of block {index} of turn {turn} of {script}: {results:#?}")
        })
    }

    /// Returns the folder that the agent works in, as the client tells it.
    ///
    /// # Panics
    /// When the client tells none.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        let shown = self.shown();
        let rest = shown.split("Primary working directory: ").nth(1);
        let folder = rest.and_then(|rest| rest.lines().next());
        folder.expect("the client names the folder").trim().into()
    }

    /// Returns what hooks told the model beside the conversation, each with the
    /// event in front, as the client shows it.
    #[must_use]
    pub fn told_by_hooks(&self) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for block in self.messages().iter().flat_map(blocks).map(words) {
            let mut is_told = false;
            for line in block.lines() {
                let event = line.split_once(" hook additional context: ");
                if event.is_some_and(|(event, _)| !event.contains(' ')) {
                    is_told = true;
                    told.push(line.to_owned());
                } else if let Some(last) = told.last_mut().filter(|_| is_told) {
                    last.push('\n');
                    last.push_str(line);
                }
            }
        }
        told
    }

    /// Returns all the words that the model was shown: prompts, tool results,
    /// reminders and what hooks added.
    #[must_use]
    pub fn shown(&self) -> String {
        let heard = self
            .messages()
            .iter()
            .filter(|message| message["role"] != "assistant");
        heard
            .flat_map(blocks)
            .map(words)
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn messages(&self) -> &[Value] {
        self.body["messages"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}

/// Returns the blocks of a message, whose content may be a bare string.
fn blocks(message: &Value) -> impl Iterator<Item = &Value> {
    let content = &message["content"];
    content
        .as_array()
        .map_or_else(|| std::slice::from_ref(content), Vec::as_slice)
        .iter()
}

/// Returns the words in a block or in a list of them.
fn words(block: &Value) -> String {
    match block {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks.iter().map(words).collect::<Vec<_>>().join("\n"),
        Value::Object(fields) => {
            let inner = fields.get("text").or_else(|| fields.get("content"));
            inner.map(words).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// Every request of one run of the client, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    pub(crate) requests: Vec<Request>,
}

impl Transcript {
    /// Returns the requests of the agent that plays `script`.
    #[must_use]
    pub fn of(&self, script: &str) -> Vec<&Request> {
        self.requests
            .iter()
            .filter(|request| request.script() == Some(script))
            .collect()
    }

    /// Returns all that the agent of `script` was shown until its end.
    ///
    /// # Panics
    /// When no such agent asked the model for anything.
    #[must_use]
    pub fn shown_to(&self, script: &str) -> String {
        self.last_of(script).shown()
    }

    /// Returns what hooks told the agent of `script` until its end, each with
    /// the event in front.
    ///
    /// # Panics
    /// When no such agent asked the model for anything.
    #[must_use]
    pub fn told_by_hooks(&self, script: &str) -> Vec<String> {
        self.last_of(script).told_by_hooks()
    }

    /// Returns the result of the tool that the agent of `script` used as block
    /// `index` of its turn `turn`, both counted from 0.
    ///
    /// # Panics
    /// When the agent was not told it.
    #[must_use]
    pub fn result(&self, script: &str, turn: usize, index: usize) -> ToolResult {
        self.last_of(script).result(turn, index)
    }

    /// Returns the folder that the agent of `script` works in, as the client
    /// told it.
    ///
    /// # Panics
    /// When no such agent asked the model for anything.
    #[must_use]
    pub fn folder_of(&self, script: &str) -> PathBuf {
        self.last_of(script).folder()
    }

    /// Returns the results of all tools that the agent of `script` used.
    ///
    /// # Panics
    /// When no such agent asked the model for anything.
    #[must_use]
    pub fn tool_results_of(&self, script: &str) -> Vec<ToolResult> {
        self.last_of(script).tool_results()
    }

    fn last_of(&self, script: &str) -> &Request {
        let requests = self.of(script);
        requests
            .last()
            .unwrap_or_else(|| panic!("no agent played the script {script}"))
    }
}
