//! What the client's tools do to files, as far as isolation has to know.

use maos_shared::hook::Error;
use maos_shared::json::Object;

/// A tool call by what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Runs a shell command.
    Command(String),
    /// Reads one file, named in `field`.
    Read(File),
    /// Searches a folder; without a path the agent's own.
    Search(Option<String>),
    /// Writes a whole file.
    Write(File),
    /// Changes a part of a file that the agent has read before.
    Edit(File),
    /// Launches a subagent.
    Launch,
    /// Changes no file of the project.
    Harmless,
    /// A tool of a server, or of a newer client: counts as modifying.
    Unknown,
}

/// The file of a tool call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// The input's field that names it.
    pub(crate) field: &'static str,
    /// Its path as the model wrote it.
    pub(crate) path: String,
}

/// Tools of the client that change no file of the project.
const HARMLESS: [&str; 25] = [
    "AskUserQuestion",
    "BashOutput",
    "CronCreate",
    "CronDelete",
    "CronList",
    "EnterPlanMode",
    "EnterWorktree",
    "ExitPlanMode",
    "ExitWorktree",
    "KillShell",
    "ListAgents",
    "Monitor",
    "ReportFindings",
    "ScheduleWakeup",
    "SendMessage",
    "Skill",
    "TaskCreate",
    "TaskGet",
    "TaskList",
    "TaskOutput",
    "TaskStop",
    "TaskUpdate",
    "TodoWrite",
    "ToolSearch",
    "Workflow",
];

impl Tool {
    /// Returns what the tool `name` does with `input`.
    ///
    /// # Errors
    /// When the field that decides is missing or no text.
    pub(crate) fn of(name: &str, input: &Object<'_>) -> Result<Self, Error> {
        Ok(match name {
            "Bash" => Self::Command(required(input, "command")?),
            "Read" | "NotebookRead" => Self::Read(file(
                input,
                if name == "Read" {
                    "file_path"
                } else {
                    "notebook_path"
                },
            )?),
            "Glob" | "Grep" | "LS" => Self::Search(input.text("path")?),
            "Write" => Self::Write(file(input, "file_path")?),
            "Edit" | "MultiEdit" => Self::Edit(file(input, "file_path")?),
            "NotebookEdit" => Self::Edit(file(input, "notebook_path")?),
            "Agent" | "Task" => Self::Launch,
            "WebFetch" | "WebSearch" => Self::Harmless,
            _ if HARMLESS.binary_search(&name).is_ok() => Self::Harmless,
            _ => Self::Unknown,
        })
    }

    /// Returns the file that the call would change.
    pub(crate) fn changed_file(&self) -> Option<&File> {
        match self {
            Self::Write(file) | Self::Edit(file) => Some(file),
            _ => None,
        }
    }
}

fn file(input: &Object<'_>, field: &'static str) -> Result<File, Error> {
    let path = required(input, field)?;
    Ok(File { field, path })
}

fn required(input: &Object<'_>, field: &str) -> Result<String, Error> {
    input
        .text(field)?
        .ok_or_else(|| Error::input(format!("`tool_input` has no `{field}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_searched() {
        assert!(HARMLESS.is_sorted());
    }
}
