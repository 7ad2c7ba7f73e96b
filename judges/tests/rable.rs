//! rable, a parser of bash, as a judge: a command of plain words that it finds
//! in a text is among those that the guard finds, and the other way round.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use maos_shared::guard::shell;
use rable::{Node, NodeKind};

/// A command as its words.
type Words = Vec<String>;

/// Texts that hold another: each `C` becomes one, on lines of its own.
const FORMS: [&str; 16] = [
    "C",
    "( C )",
    "{ C; }",
    "if true; then C; fi",
    "while C; do break; done",
    "for i in 1 2; do C; done",
    "case x in x) C ;; esac",
    "f() { C; }; f",
    "echo $( C )",
    "echo \"a $( C ) b\"",
    "cat <( C )",
    "true && C",
    "C | cat",
    "! C",
    "cat <<EOT\n$( C )\nEOT",
    "x=$( C )",
];

/// What begins a piece that rable keeps as text, also where commands are in it:
/// heredocs, parameters, arithmetic, conditional expressions.
const KEPT_AS_TEXT: [&str; 5] = ["<<", "${", "((", "$[", "[["];

/// What makes a name stand for another place: the guard notes a command that says
/// the name with the place.
const RENAMES: [&str; 3] = ["ln ", "mv ", "mount "];

/// What looks at a function: the body of one that is only looked at does not run.
const LOOKS_AT_FUNCTIONS: [&str; 6] = [
    "type ",
    "which ",
    "command -v",
    "unset -f",
    "declare -",
    "typeset -",
];

#[test]
fn what_rable_finds_the_guard_finds() {
    let mut missed = String::new();
    let mut compared = 0;
    let has = |text: &String, words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_plain = |text: &String| {
        let looks = text.contains("() {") && has(text, &LOOKS_AT_FUNCTIONS);
        !looks && !has(text, &RENAMES)
    };
    for text in texts().into_iter().filter(is_plain) {
        let (Ok(nodes), Ok(script)) = (rable::parse(&text, false), shell::parse(&text)) else {
            continue;
        };
        let ours = found_by_us(&script);
        let mut theirs = BTreeSet::new();
        nodes.iter().for_each(|node| collect(node, &mut theirs));
        compared += theirs.len();
        for words in theirs.difference(&ours) {
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

/// Returns the snippets and the cases, each in one form.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../maos-shared");
    let table = fs::read_to_string(root.join("src/guard/shell/tests/snippets.tsv"));
    let table = table.expect("the snippets");
    let snippet = |line: &str| {
        let column = line.split('\t').nth(3).expect("four columns");
        serde_json::from_str::<String>(column).expect("a JSON string")
    };
    let mut texts: Vec<String> = table.lines().skip(1).map(snippet).collect();
    for file in files(&root.join("tests/cases")) {
        let text = fs::read_to_string(file).expect("a table");
        let is_command = |line: &&str| !line.is_empty() && !line.starts_with('[');
        let commands = text.lines().filter(is_command);
        texts.extend(commands.map(|line| line.replace('⏎', "\n")));
    }
    let inner = texts.iter().enumerate();
    let nested = inner.map(|(at, text)| {
        let form = FORMS[at % FORMS.len()];
        // A heredoc or a comment ends with its line.
        let (before, after) = form.split_once('C').expect("a place");
        let after = after.strip_prefix(';').unwrap_or(after);
        format!("{before}{text}\n{after}")
    });
    let nested: Vec<String> = nested.collect();
    texts.extend(nested);
    texts
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
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

/// Adds the commands of plain words in a node and all below it.
fn collect(node: &Node, found: &mut BTreeSet<Words>) {
    if let NodeKind::Command { words, .. } = &node.kind {
        let words: Option<Words> = words.iter().map(plain_word).collect();
        if let Some(words) = words.filter(|words| !words.is_empty() && !declares(&words[0])) {
            found.insert(words);
        }
    }
    children(&node.kind)
        .into_iter()
        .for_each(|child| collect(child, found));
}

fn plain_word(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Word { value, .. } if is_plain(value) => Some(value.clone()),
        _ => None,
    }
}

/// Returns whether a word means itself wherever it stands.
fn is_plain(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:,+@%".contains(c))
}

/// What these are given, the guard lists in part.
fn declares(program: &str) -> bool {
    matches!(
        program,
        "declare" | "export" | "local" | "readonly" | "typeset"
    )
}

fn children(kind: &NodeKind) -> Vec<&Node> {
    let mut children: Vec<&Node> = Vec::new();
    match kind {
        NodeKind::Word { parts, .. } | NodeKind::ArithConcat { parts } => children.extend(parts),
        NodeKind::Array { elements } => children.extend(elements),
        NodeKind::Command {
            assignments,
            words,
            redirects,
        } => {
            children.extend(assignments.iter().chain(words).chain(redirects));
        }
        NodeKind::Pipeline { commands, .. } => children.extend(commands),
        NodeKind::List { items } => children.extend(items.iter().map(|item| &item.command)),
        NodeKind::If {
            condition,
            then_body,
            else_body,
            redirects,
        } => {
            children.extend([&**condition, &**then_body]);
            children.extend(else_body.as_deref());
            children.extend(redirects);
        }
        NodeKind::While {
            condition,
            body,
            redirects,
        }
        | NodeKind::Until {
            condition,
            body,
            redirects,
        } => {
            children.extend([&**condition, &**body]);
            children.extend(redirects);
        }
        NodeKind::For {
            words,
            body,
            redirects,
            ..
        }
        | NodeKind::Select {
            words,
            body,
            redirects,
            ..
        } => {
            children.extend(words.iter().flatten());
            children.push(body);
            children.extend(redirects);
        }
        NodeKind::ForArith {
            body, redirects, ..
        }
        | NodeKind::Subshell { body, redirects }
        | NodeKind::BraceGroup { body, redirects }
        | NodeKind::ConditionalExpr { body, redirects } => {
            children.push(body);
            children.extend(redirects);
        }
        NodeKind::Case {
            word,
            patterns,
            redirects,
        } => {
            children.push(word);
            children.extend(patterns.iter().filter_map(|pattern| pattern.body.as_ref()));
            children.extend(redirects);
        }
        NodeKind::Function { body, .. } => children.push(body),
        NodeKind::Redirect { target, .. } => children.push(target),
        NodeKind::Coproc { command, .. }
        | NodeKind::CommandSubstitution { command, .. }
        | NodeKind::ProcessSubstitution { command, .. } => children.push(command),
        NodeKind::Negation { pipeline } | NodeKind::Time { pipeline, .. } => {
            children.push(pipeline);
        }
        NodeKind::UnaryTest { operand, .. } | NodeKind::CondNot { operand } => {
            children.push(operand);
        }
        NodeKind::BinaryTest { left, right, .. }
        | NodeKind::CondAnd { left, right }
        | NodeKind::CondOr { left, right } => children.extend([&**left, &**right]),
        NodeKind::CondParen { inner } => children.push(inner),
        _ => {}
    }
    children
}
