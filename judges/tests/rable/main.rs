//! rable, a parser of bash, as a judge: a command of plain words that it finds
//! in a text is among those that the guard finds, and the other way round.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use maos_shared::guard::shell;

use excused::{is_looked_at, is_noted_as_renamed};
use nodes::{collect, declares, is_plain};
use texts::texts;

mod excused;
mod nodes;
mod texts;

/// A command as its words.
type Words = Vec<String>;

/// What begins a piece that rable keeps as text, also where commands are in it:
/// heredocs, parameters, arithmetic, conditional expressions.
const KEPT_AS_TEXT: [&str; 5] = ["<<", "${", "((", "$[", "[["];

#[test]
fn what_rable_finds_the_guard_finds() {
    let mut missed = String::new();
    let mut compared = 0;
    for text in texts() {
        let (Ok(nodes), Ok(script)) = (rable::parse(&text, false), shell::parse(&text)) else {
            continue;
        };
        let ours = found_by_us(&script);
        let mut theirs = BTreeSet::new();
        nodes.iter().for_each(|node| collect(node, &mut theirs));
        compared += theirs.len();
        let missing = theirs.difference(&ours);
        for words in missing.filter(|words| {
            !is_noted_as_renamed(words, &theirs, &script) && !is_looked_at(words, &nodes, &script)
        }) {
            writeln!(missed, "{words:?} of {text:?}").expect("a string");
        }
    }
    assert!(compared > 2_000, "{compared} commands are enough");
    assert!(
        missed.is_empty(),
        "{} missed:\n{missed}",
        missed.lines().count()
    );
}

#[test]
fn what_the_guard_finds_in_plain_sight_rable_finds() {
    let mut invented = String::new();
    let reads_all = |text: &String| {
        // Of what is in quotes twice, within a substitution, it keeps the inner part
        // as text.
        let quoted = text.matches("\"$(").count();
        let is_deep = quoted > 1 && (text.contains("<(") || text.matches("$(").count() > quoted);
        !is_deep && !KEPT_AS_TEXT.iter().any(|begin| text.contains(begin))
    };
    for text in texts().into_iter().filter(reads_all) {
        let (Ok(nodes), Ok(script)) = (rable::parse(&text, false), shell::parse(&text)) else {
            continue;
        };
        let mut theirs = BTreeSet::new();
        nodes.iter().for_each(|node| collect(node, &mut theirs));
        for words in in_plain_sight(&script, &text).difference(&theirs) {
            writeln!(invented, "{words:?} of {text:?}").expect("a string");
        }
    }
    assert!(
        invented.is_empty(),
        "{} invented:\n{invented}",
        invented.lines().count()
    );
}

/// Returns every command of the script whose words are all known.
fn found_by_us(script: &shell::Script) -> BTreeSet<Words> {
    let commands = script.commands.iter();
    commands
        .filter_map(|command| command.words.iter().map(shell::Word::literal).collect())
        .collect()
}

/// Returns the commands that stand in the text as they run: plain words with
/// single spaces, started by nothing but the shell.
fn in_plain_sight(script: &shell::Script, text: &str) -> BTreeSet<Words> {
    let commands = script
        .commands
        .iter()
        .filter(|one| one.started_by.is_none());
    let plain = commands.filter_map(|command| {
        let words: Words = command
            .words
            .iter()
            .map(shell::Word::literal)
            .collect::<Option<_>>()?;
        let as_written = text.get(command.span.clone())?.trim() == words.join(" ");
        let is_compared = words.first().is_some_and(|program| !declares(program));
        (as_written && is_compared && words.iter().all(|word| is_plain(word))).then_some(words)
    });
    plain.collect()
}
