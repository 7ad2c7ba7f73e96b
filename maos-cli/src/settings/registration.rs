//! What MAOS registers for each event, and how one of its entries is known.

use std::path::{Path, PathBuf};

use maos_shared::hook::{Event, Policy};
use serde::Serialize;
use serde_json::{Value, json};

/// The argument that makes `maos-pre-tool` let a call pass when it fails.
const FAIL_OPEN: &str = "--fail-open";

/// The registration that a settings file shall hold.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The absolute folder of the programs.
    programs: String,
    /// Whether a guard that fails lets the call pass.
    fail_open: bool,
    /// Whether the client's status line shows who works.
    statusline: bool,
}

/// One element of an event's list.
#[derive(Serialize)]
pub(super) struct Group {
    #[serde(skip_serializing_if = "Option::is_none")]
    matcher: Option<&'static str>,
    hooks: [Entry; 1],
}

/// One program, started without a shell because it has `args`.
#[derive(Serialize)]
struct Entry {
    r#type: &'static str,
    command: String,
    args: Vec<&'static str>,
    timeout: u64,
    #[serde(rename = "onFailure", skip_serializing_if = "Option::is_none")]
    on_failure: Option<&'static str>,
}

impl Registration {
    /// Returns the registration of the programs in the absolute folder
    /// `programs`.
    pub(crate) fn new(programs: &str, fail_open: bool) -> Self {
        Self {
            programs: programs.trim_end_matches('/').to_owned(),
            fail_open,
            statusline: false,
        }
    }

    /// Returns this registration with our status line, where `wanted`.
    #[must_use]
    pub(crate) const fn with_statusline(mut self, wanted: bool) -> Self {
        self.statusline = wanted;
        self
    }

    /// Returns the folder of the programs where a status line is wanted.
    pub(super) fn statusline(&self) -> Option<&str> {
        self.statusline.then_some(self.programs.as_str())
    }

    /// Returns the element that the list of `event` shall hold.
    pub(super) fn group(&self, event: Event) -> Group {
        let guards = event.policy() == Policy::Closed;
        let entry = Entry {
            r#type: "command",
            command: format!("{}/{}", self.programs, event.program()),
            args: if guards && self.fail_open {
                vec![FAIL_OPEN]
            } else {
                Vec::new()
            },
            timeout: event.timeout().as_secs(),
            on_failure: (guards && !self.fail_open).then_some("block"),
        };
        Group {
            matcher: matcher(event),
            hooks: [entry],
        }
    }
}

/// Returns the matcher of `event`: every tool, where the client matches tools.
const fn matcher(event: Event) -> Option<&'static str> {
    match event {
        Event::PreToolUse | Event::PostToolUse | Event::PostToolUseFailure => Some("*"),
        _ => None,
    }
}

/// Returns whether `entry` starts a program of ours, in whatever folder.
pub(super) fn is_ours(entry: &Value) -> bool {
    program(entry).is_some()
}

/// Returns the program of ours that `entry` starts, as it is named there.
pub(super) fn program(entry: &Value) -> Option<PathBuf> {
    let command = entry.get("command").and_then(Value::as_str)?;
    let program = if entry.get("args").is_some() {
        command
    } else {
        first_word(command)
    };
    let name = Path::new(program).file_name()?;
    let is_ours = Event::ALL.iter().any(|event| name == event.program());
    is_ours.then(|| PathBuf::from(program))
}

/// Returns what keeps an entry of ours from every event of its kind: how it is
/// called less, or not at all, in words that go on from the event's name.
pub(super) fn weakness(event: Event, group: &Value, entry: &Value) -> Option<&'static str> {
    let every = [None, Some(""), Some("*"), Some(".*")];
    let is_true = |name: &str| entry[name] == true;
    let arguments = match (entry.get("args"), entry["command"].as_str()) {
        (Some(given), _) => !(*given == json!([]) || *given == json!([FAIL_OPEN])),
        (None, Some(command)) => {
            let more = command.split_whitespace().skip(1);
            more.last()
                .is_some_and(|last| last.starts_with("--") && last != FAIL_OPEN)
        }
        (None, None) => false,
    };
    if matcher(event).is_some() && !every.contains(&group["matcher"].as_str()) {
        Some("is not for every tool (`matcher`)")
    } else if entry.get("type").is_some_and(|kind| kind != "command") {
        Some("is no command (`type`)")
    } else if is_true("async") {
        Some("is not waited for (`async`)")
    } else if entry.get("if").is_some() {
        Some("is not for every call (`if`)")
    } else if is_true("once") {
        Some("is for the first call alone (`once`)")
    } else if arguments {
        Some("is given arguments with which it judges nothing (`args`)")
    } else {
        None
    }
}

/// Returns the first word of a shell command, without the quotes around it.
pub(super) fn first_word(command: &str) -> &str {
    let command = command.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = command.strip_prefix(quote) {
            return quoted.split(quote).next().unwrap_or_default();
        }
    }
    command.split_whitespace().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_registered_is_called_each_time() {
        for (event, fail_open) in Event::ALL.iter().flat_map(|it| [(*it, false), (*it, true)]) {
            let group = Registration::new("/h", fail_open).group(event);
            let group = serde_json::to_value(group).unwrap();
            assert_eq!(weakness(event, &group, &group["hooks"][0]), None);
        }
        for shell in ["/a\\ b/maos-pre-tool", "~/h/maos-pre-tool --fail-open"] {
            let entry = json!({"command": shell});
            assert_eq!(
                weakness(Event::PreToolUse, &json!({}), &entry),
                None,
                "{shell}"
            );
        }
    }

    #[test]
    fn what_keeps_a_program_from_calls_is_found() {
        let group = Registration::new("/h", false).group(Event::PreToolUse);
        let group = serde_json::to_value(group).unwrap();
        for (field, value) in [
            ("type", json!("prompt")),
            ("async", json!(true)),
            ("if", json!("Bash(git *)")),
            ("once", json!(true)),
            ("args", json!(["--version"])),
        ] {
            let mut entry = group["hooks"][0].clone();
            entry[field] = value;
            let why = weakness(Event::PreToolUse, &group, &entry).unwrap();
            assert!(why.contains(&format!("`{field}`")), "{why}");
        }
        let entry = json!({"command": "/h/maos-pre-tool --version"});
        assert!(weakness(Event::PreToolUse, &group, &entry).is_some());
        for matcher in ["Edit", "Bash"] {
            let narrow = json!({"matcher": matcher});
            assert!(weakness(Event::PreToolUse, &narrow, &group["hooks"][0]).is_some());
        }
    }

    #[test]
    fn the_guard_blocks_when_it_fails_unless_told_otherwise() {
        let group = Registration::new("/h/", false).group(Event::PreToolUse);
        assert_eq!(
            serde_json::to_value(group).unwrap(),
            json!({"matcher": "*", "hooks": [{"type": "command", "command": "/h/maos-pre-tool",
                "args": [], "timeout": 120, "onFailure": "block"}]})
        );
        let group = Registration::new("/h", true).group(Event::PreToolUse);
        assert_eq!(
            serde_json::to_value(group).unwrap(),
            json!({"matcher": "*", "hooks": [{"type": "command", "command": "/h/maos-pre-tool",
                "args": ["--fail-open"], "timeout": 120}]})
        );
    }

    #[test]
    fn the_others_never_block_and_match_only_tools() {
        for fail_open in [false, true] {
            let group = Registration::new("/h", fail_open).group(Event::Stop);
            assert_eq!(
                serde_json::to_value(group).unwrap(),
                json!({"hooks": [{"type": "command", "command": "/h/maos-stop",
                    "args": [], "timeout": 10}]})
            );
        }
    }

    #[test]
    fn ours_is_known_by_file_name_in_any_folder_and_form() {
        for ours in [
            json!({"command": "/opt/a b/maos-stop", "args": []}),
            json!({"command": "~/.claude/hooks/maos-pre-tool --fail-open"}),
            json!({"command": "\"/a b/maos-notify\" x"}),
            json!({"command": "maos-agent-stop"}),
        ] {
            assert!(is_ours(&ours), "{ours}");
        }
        for foreign in [
            json!({"command": "/opt/maos-stop.py", "args": []}),
            json!({"command": "uv run maos-stop"}),
            json!({"command": "/maos-stop/notify.sh"}),
            json!({"command": ["maos-stop"]}),
            json!("maos-stop"),
        ] {
            assert!(!is_ours(&foreign), "{foreign}");
        }
    }
}
