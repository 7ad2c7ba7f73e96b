//! What a type of subagent can do: the client's own types, and the
//! definitions that people write (`.claude/agents/*.md`).

use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::files::read_start;
use maos_shared::hook::Call;
use maos_shared::project::Project;

/// Types of the client that write nothing in the project. They may run
/// commands; those are looked at one by one.
const READERS: [&str; 4] = ["Explore", "Plan", "claude-code-guide", "statusline-setup"];

/// Tools that are there to change files. A type without them is left where the
/// person works; should a command of it modify files, it gets a workspace then.
const WRITERS: [&str; 5] = ["*", "Edit", "MultiEdit", "NotebookEdit", "Write"];

/// How much of a definition is read, in bytes.
const DEFINITION_BYTES: u64 = 1024 * 1024;

/// What is known of a type of subagent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Its tools can write files.
    pub(crate) writes: bool,
    /// It asks for a worktree itself.
    pub(crate) isolated: bool,
}

impl Definition {
    const ANY: Self = Self {
        writes: true,
        isolated: false,
    };
}

/// Returns what is known of `agent_type`: from the project's definitions, then
/// the person's, as the client does. An unknown type can write.
pub(crate) fn find(call: &Call<'_>, project: &Project, agent_type: &str) -> Definition {
    let home = call.environment.home.as_deref();
    let folders = [Some(project.checkout.as_path()), home];
    for folder in folders.into_iter().flatten() {
        if let Some(found) = find_in(&folder.join(".claude/agents"), agent_type) {
            return found;
        }
    }
    Definition {
        writes: !READERS.contains(&agent_type),
        ..Definition::ANY
    }
}

/// Looks for the file of that name first; a definition's name may differ from
/// its file's, so then in all of them.
fn find_in(folder: &Path, agent_type: &str) -> Option<Definition> {
    let is_plain = !agent_type.contains(['/', '\0']) && !agent_type.starts_with('.');
    if is_plain && let Some(found) = read(&folder.join(format!("{agent_type}.md")), agent_type) {
        return Some(found);
    }
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    maos_shared::order::sort_by(&mut files, &PathBuf::cmp);
    files.iter().find_map(|file| read(file, agent_type))
}

fn read(file: &Path, agent_type: &str) -> Option<Definition> {
    let text = read_start(file, DEFINITION_BYTES).ok()?;
    let fields = front_matter(&String::from_utf8_lossy(&text))?;
    let named = fields.iter().any(|(key, values)| {
        key == "name" && values.first().is_some_and(|name| name == agent_type)
    });
    named.then(|| interpret(&fields))
}

fn interpret(fields: &[(String, Vec<String>)]) -> Definition {
    let list = |key: &str| {
        let found = fields.iter().find(|(name, _)| name == key);
        found.map(|(_, values)| values.as_slice())
    };
    // `Write(src/**)` is still the tool Write.
    let tool = |entry: &str| {
        entry
            .split('(')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let refused: Vec<String> = list("disallowedTools")
        .unwrap_or_default()
        .iter()
        .filter(|entry| !entry.contains('('))
        .map(|entry| tool(entry))
        .collect();
    let offered: Vec<String> = match list("tools") {
        Some(tools) => tools.iter().map(|entry| tool(entry)).collect(),
        None => WRITERS[1..].iter().map(ToString::to_string).collect(),
    };
    Definition {
        writes: offered
            .iter()
            .any(|tool| WRITERS.contains(&tool.as_str()) && !refused.contains(tool)),
        isolated: list("isolation").is_some_and(|values| values == ["worktree"]),
    }
}

/// Returns the keys of the YAML front matter with their values: a scalar, a
/// comma-separated line, `[a, b]`, or a block of `- a` lines. That is all that
/// definitions use.
fn front_matter(text: &str) -> Option<Vec<(String, Vec<String>)>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines();
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        if line.trim_end() == "---" {
            return Some(fields);
        }
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if let Some((_, values)) = fields.last_mut() {
                values.push(unquoted(item));
            }
        } else if !line.starts_with([' ', '\t', '#'])
            && let Some((key, value)) = line.split_once(':')
        {
            let value = value.trim().trim_start_matches('[').trim_end_matches(']');
            let values = value.split(',').map(unquoted);
            let values = values.filter(|value| !value.is_empty()).collect();
            fields.push((key.trim().to_owned(), values));
        }
    }
    None
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use maos_shared::state::atomic;

    fn definition(front: &str) -> Definition {
        let text = format!("---\nname: x\n{front}---\nYou are x.\n");
        interpret(&front_matter(&text).unwrap())
    }

    #[test]
    fn tools_decide_whether_a_type_writes() {
        let cases = [
            ("", true),
            ("tools: Read, Grep, Glob\n", false),
            ("tools: [\"Read\", 'Bash']\n", false),
            ("tools:\n  - Read\n  - Edit\n", true),
            ("tools: '*'\n", true),
            ("tools: Write(docs/**), Read\n", true),
            (
                "disallowedTools: Write, Edit, MultiEdit, NotebookEdit\n",
                false,
            ),
            ("disallowedTools: Write\n", true),
            ("tools: Write, Read\ndisallowedTools:\n- Write\n", false),
        ];
        for (front, writes) in cases {
            assert_eq!(definition(front).writes, writes, "{front}");
        }
    }

    #[test]
    fn its_own_isolation_is_seen() {
        assert!(definition("isolation: worktree\n").isolated);
        assert!(!definition("isolation: remote\n").isolated);
    }

    #[test]
    fn a_definition_is_found_by_its_name_not_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let text = b"---\nname: reviewer\ntools: Read\n---\n";
        atomic::replace(&dir.path().join("other.md"), text).unwrap();
        atomic::replace(&dir.path().join("broken.md"), b"---\nname: reviewer\n").unwrap();
        let found = find_in(dir.path(), "reviewer").unwrap();
        assert!(!found.writes);
        assert_eq!(find_in(dir.path(), "other"), None);
        assert_eq!(find_in(dir.path(), "../other"), None);
    }
}
