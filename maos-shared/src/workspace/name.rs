//! Names for branches and folders, made of texts that a model chose.

use crate::state::{SafeName, sha256_hex};

/// The longest agent type in a name, bytes.
const KIND_LIMIT: usize = 32;
/// The longest name of a worktree that a user or a model named, bytes.
const NAME_LIMIT: usize = 64;
/// How many bytes of an id are tried, one length after the other.
const ID_LENGTHS: [usize; 5] = [8, 12, 16, 24, 32];
/// The longest part of an id in a name, bytes.
const ID_LIMIT: usize = 40;
/// How much of a hash is in a name, bytes.
const HASH: usize = 8;
/// How many numbered names are tried when no length is free.
const NUMBERED: usize = 99;

/// A name to try: a folder and a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// One safe path component.
    pub(super) folder: String,
    /// The branch, without `refs/heads/`.
    pub(super) branch: String,
    /// The branch where one called `agent` is in the way of `agent/…`.
    pub(super) flat: String,
}

/// Returns the key that stands for an agent's id in markers: safe, and another
/// one for every id.
pub(super) fn agent_key(id: &str) -> String {
    SafeName::new(id).as_str().to_owned()
}

/// Returns the names to try for an agent's workspace, the shortest first.
pub(super) fn of_agent(kind: &str, id: &str) -> Vec<Name> {
    let kind = safe_kind(kind);
    short_ids(id)
        .into_iter()
        .map(|short| Name {
            folder: format!("{kind}-{short}"),
            branch: agent_branch(&kind, &short),
            flat: format!("agent-{kind}-{short}"),
        })
        .collect()
}

/// Returns the names to try for a worktree that has a name of its own: the
/// folder is that name, as the client's own worktrees have it. Where a folder cannot
/// have it, a part of its hash is added: no two names are one worktree.
pub(super) fn of_named(name: &str) -> Vec<Name> {
    let mut folder = safe(name, NAME_LIMIT, "worktree");
    if folder != name {
        let hash = sha256_hex(name.as_bytes());
        folder = format!("{folder}-{}", hash.get(..HASH).unwrap_or(&hash));
    }
    let branch = format!("worktree-{folder}");
    numbered(&branch)
        .map(|branch| Name {
            folder: folder.clone(),
            flat: branch.clone(),
            branch,
        })
        .collect()
}

/// Returns an agent's branch.
pub(super) fn agent_branch(kind: &str, short: &str) -> String {
    format!("agent/{kind}/{short}")
}

/// Returns the branches, as a pattern of git's, that an agent's branch becomes
/// once the agent's type is known; nothing where it is.
pub(super) fn renames_of(branch: &str) -> Option<String> {
    let short = branch.strip_prefix(&agent_branch(&safe_kind(""), ""))?;
    Some(agent_branch("*", short))
}

/// Returns an agent type as a name can hold it.
pub(super) fn safe_kind(kind: &str) -> String {
    safe(kind, KIND_LIMIT, "agent")
}

/// Returns a folder's name as a reference can hold it.
pub(super) fn component(folder: &str) -> String {
    safe(folder, NAME_LIMIT, "workspace")
}

/// Returns whether a branch has a name that is made here. A marker that names
/// any other branch was not written here.
pub(super) fn is_ours(branch: &str) -> bool {
    ["agent/", "agent-", "worktree-"]
        .iter()
        .any(|prefix| branch.starts_with(prefix))
}

/// The short forms of an id, each longer than the one before, then numbered.
fn short_ids(id: &str) -> Vec<String> {
    let key = agent_key(id);
    let digits: String = key
        .trim_start_matches("id-")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(ID_LIMIT)
        .collect();
    let lengths = ID_LENGTHS
        .into_iter()
        .filter(|length| *length < digits.len());
    let mut short: Vec<String> = lengths.map(|length| digits[..length].to_owned()).collect();
    short.push(digits);
    let first = short[0].clone();
    short.extend(numbered(&first).skip(1));
    short
}

/// `name`, `name-2`, `name-3`, …
fn numbered(name: &str) -> impl Iterator<Item = String> {
    let more = (2..=NUMBERED).map(move |number| format!("-{number}"));
    std::iter::once(String::new())
        .chain(more)
        .map(move |suffix| format!("{name}{suffix}"))
}

/// Returns `text` with everything but letters, digits, `-` and `_` of ASCII
/// replaced by single dashes, cut to `limit` bytes; `empty` when nothing is
/// left of it.
fn safe(text: &str, limit: usize, empty: &str) -> String {
    let mut name = String::new();
    for letter in text.chars().take(4 * limit) {
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => name.push(letter),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let name = name.trim_matches(['-', '_']);
    let name = name[..name.len().min(limit)].trim_end_matches(['-', '_']);
    match name.is_empty() {
        true => empty.to_owned(),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_names_are_kept() {
        let name = &of_agent("code-reviewer", "a5584d067ecffbeda")[0];
        assert_eq!(name.folder, "code-reviewer-a5584d06");
        assert_eq!(name.branch, "agent/code-reviewer/a5584d06");
        let name = &of_named("feat-x")[0];
        assert_eq!(
            (&*name.folder, &*name.branch),
            ("feat-x", "worktree-feat-x")
        );
        assert_eq!(of_named("feat-x")[1].branch, "worktree-feat-x-2");
        let odd = [
            "",
            "..",
            "é",
            "ü",
            "fix é",
            "fix ü",
            "worktree",
            &"x".repeat(99),
            &"x".repeat(98),
        ];
        let folders: std::collections::HashSet<_> = odd
            .iter()
            .map(|name| of_named(name)[0].folder.clone())
            .collect();
        assert_eq!(folders.len(), odd.len(), "{folders:?}");
    }

    #[test]
    fn every_hostile_text_becomes_one_short_safe_component() {
        let long = "x".repeat(100_000);
        let odd = [
            "",
            ".",
            "..",
            "../../x",
            "a/b",
            "-rf",
            "--upload-pack=x",
            "a\nb",
            "a\0b",
            "a.lock",
            "@{",
            "@{-1}",
            "a..b",
            "a b",
            "~^:?*[\\",
            "é",
            "\u{202e}",
            "HEAD",
            "___",
            &long,
        ];
        for text in odd {
            for name in of_agent(text, text).into_iter().chain(of_named(text)) {
                for part in name.branch.split('/').chain([&*name.folder, &*name.flat]) {
                    assert!((1..=90).contains(&part.len()), "{text:?}: {part:?}");
                    assert!(part.as_bytes()[0].is_ascii_alphanumeric(), "{part:?}");
                    let safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                    assert!(part.chars().all(safe), "{part:?}");
                }
            }
        }
    }

    #[test]
    fn names_for_one_id_differ_and_grow() {
        let names = of_agent("x", "a5584d067ecffbeda");
        let shorts: Vec<_> = names.iter().map(|name| &*name.folder).take(5).collect();
        let expected = ["x-a5584d06", "x-a5584d067ecf", "x-a5584d067ecffbed"];
        assert_eq!(shorts[..3], expected);
        assert_eq!(shorts[3..], ["x-a5584d067ecffbeda", "x-a5584d06-2"]);
        let all: std::collections::HashSet<_> = names.iter().map(|name| &name.branch).collect();
        assert_eq!(all.len(), names.len());
    }
}
