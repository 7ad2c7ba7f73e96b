//! The prompt with which the client tells that a task in the background has
//! ended, such as an agent: `<task-notification>…<task-id>ID</task-id>…</task-notification>`.

/// Most tasks that one prompt is read for.
const TASKS: usize = 32;

/// Returns the ids of the tasks that `prompt` tells of, each once. An agent's
/// task has the agent's id.
pub(crate) fn tasks(prompt: &str) -> Vec<&str> {
    let mut ids = Vec::new();
    let mut rest = prompt;
    while let Some((notification, behind)) =
        between(rest, "<task-notification>", "</task-notification>")
    {
        rest = behind;
        if let Some((id, _)) = between(notification, "<task-id>", "</task-id>")
            && !ids.contains(&id.trim())
            && ids.len() < TASKS
        {
            ids.push(id.trim());
        }
    }
    ids
}

/// Returns the text between two marks and what follows the second.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    let (_, text) = text.split_once(open)?;
    text.split_once(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notification_names_its_task() {
        let one = |id: &str| {
            format!("<task-notification>\n<task-id>{id}</task-id>\n<x/></task-notification>")
        };
        let prompt = format!("{}\n{} {}", one("a1"), one(" a2 "), one("a1"));
        assert_eq!(tasks(&prompt), ["a1", "a2"]);
    }

    #[test]
    fn what_a_person_types_names_none() {
        for prompt in [
            "go",
            "<task-id>a1</task-id>",
            "<task-notification><task-id>a1",
        ] {
            assert!(tasks(prompt).is_empty(), "{prompt}");
        }
    }
}
