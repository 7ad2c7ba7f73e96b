//! What rable finds and the guard knows better: names that stand for other places,
//! and functions that are only looked at.

use std::collections::BTreeSet;

use maos_shared::guard::shell;
use rable::Node;

use crate::Words;
use crate::nodes::apart;

/// Programs that make a name stand for another place.
const RENAMING: [&str; 4] = ["bindfs", "ln", "mount", "mv"];

/// Builtins and programs that look at functions.
const LOOKING: [&str; 9] = [
    "command",
    "declare",
    "functions",
    "type",
    "typeset",
    "unset",
    "where",
    "whence",
    "which",
];

/// Returns the words of the commands of a script that one of these programs has.
fn words_of<'s>(
    script: &'s shell::Script,
    programs: &[&str],
) -> impl Iterator<Item = &'s shell::Word> {
    let is_meant = |command: &&shell::Command| {
        let program = command.words.first().and_then(shell::Word::literal);
        program.is_some_and(|name| programs.contains(&name.as_str()))
    };
    let commands = script.commands.iter().filter(is_meant);
    commands.flat_map(|command| command.words.iter().skip(1))
}

/// Returns whether the guard has a command with the places behind the names that
/// it says, and which the text has given to other places: by a command that rable
/// found (`theirs`), or the guard did, which may have its own words so changed.
pub(crate) fn is_noted_as_renamed(
    words: &Words,
    theirs: &BTreeSet<Words>,
    script: &shell::Script,
) -> bool {
    let renaming = |words: &&Words| RENAMING.contains(&words[0].as_str());
    let names = theirs.iter().filter(|words| !words.is_empty());
    let names = names.filter(renaming).flat_map(|words| words[1..].to_vec());
    let own = words_of(script, &RENAMING).filter_map(shell::Word::literal);
    let names: Vec<String> = names
        .chain(own)
        .map(|name| name.trim_matches('/').to_owned())
        .collect();
    let is_below = |word: &str, name: &String| {
        let last = name.rsplit('/').next().unwrap_or(name);
        !last.is_empty() && word.split('/').any(|one| one == last)
    };
    let is_named = |word: &String| names.iter().any(|name| is_below(word, name));
    let is_same = |command: &shell::Command| {
        command.words.len() == words.len()
            && words
                .iter()
                .zip(&command.words)
                .all(|(theirs, ours)| is_named(theirs) || ours.literal().as_ref() == Some(theirs))
    };
    words.iter().any(is_named) && script.commands.iter().any(is_same)
}

/// Returns whether a command is in the body of a function alone that the text looks
/// at by its name, or looks at all functions.
pub(crate) fn is_looked_at(words: &Words, nodes: &[Node], script: &shell::Script) -> bool {
    let mut outside = BTreeSet::new();
    let mut functions = Vec::new();
    nodes
        .iter()
        .for_each(|node| apart(node, &mut outside, &mut functions));
    let named: Vec<String> = words_of(script, &LOOKING)
        .filter_map(shell::Word::literal)
        .collect();
    let is_named = |name: &str| {
        let all = named.iter().all(|word| word.starts_with('-'));
        !named.is_empty() && (all || named.iter().any(|word| word == name))
    };
    let holding = functions.iter().filter(|(_, body)| body.contains(words));
    let holding: Vec<_> = holding.collect();
    let looked_at = |(name, _): &&(String, BTreeSet<Words>)| is_named(name);
    !outside.contains(words) && !holding.is_empty() && holding.iter().all(looked_at)
}
