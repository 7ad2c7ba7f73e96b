//! Snippets and what runs in them, most of it checked with bash.

use super::super::Command;
use super::*;

/// Columns: id, category, whether bash agrees, the snippet as a JSON string, a
/// JSON list of lines: `C` and the words of a command, `R`, the operator and
/// the target of a redirection.
const SNIPPETS: &str = include_str!("snippets.tsv");

/// What these builtins are given is not listed.
const DECLARING: [&str; 3] = ["declare", "export", "local"];

#[test]
fn every_snippet_is_understood() {
    let mut failures = Vec::new();
    for line in SNIPPETS.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, _, _, snippet, expected] = columns[..] else {
            panic!("{line}");
        };
        let snippet: String = serde_json::from_str(snippet).unwrap();
        let expected: Vec<String> = serde_json::from_str(expected).unwrap();
        match parse(&snippet) {
            Ok(script) if is_as_expected(&script, &expected) => {}
            Ok(script) => failures.push(format!(
                "{id}: {snippet:?}\n  expected {expected:?}\n  met {:?} {:?}",
                commands(&script),
                redirections(&script)
            )),
            Err(error) => failures.push(format!("{id}: {snippet:?}\n  {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns the snippets.
pub(super) fn texts() -> impl Iterator<Item = String> {
    let lines = SNIPPETS.lines().skip(1);
    lines.map(|line| serde_json::from_str(line.split('\t').nth(3).unwrap()).unwrap())
}

fn is_as_expected(script: &Script, expected: &[String]) -> bool {
    let of_kind = |kind: &str| {
        let lines = expected.iter().filter_map(|line| line.strip_prefix(kind));
        lines.map(fields).collect::<Vec<_>>()
    };
    let mut expected_redirections = of_kind("R\t");
    expected_redirections.sort();
    redirections(script) == expected_redirections && commands_match(script, &of_kind("C\t"))
}

/// Returns the fields of a line, each with its escapes decoded.
fn fields(line: &str) -> Vec<String> {
    let decode = |field: &str| {
        let field = field.replace("\\\\", "\0").replace("\\n", "\n");
        field.replace("\\t", "\t").replace('\0', "\\")
    };
    line.split('\t').map(decode).collect()
}

/// Returns whether each expected command is met, by one command or by the
/// several that its values make of it.
fn commands_match(script: &Script, expected: &[Vec<String>]) -> bool {
    let met = commands(script);
    let mut at = 0;
    let mut matched = None;
    for (command, words) in script.commands.iter().zip(&met) {
        if command.words.is_empty() || is_of_code(script, command) {
            continue;
        }
        if expected
            .get(at)
            .is_some_and(|expected| words_match(words, expected))
        {
            matched = Some((at, command.span.clone()));
            at += 1;
            continue;
        }
        let again = matched.as_ref().is_some_and(|(before, span)| {
            *span == command.span && words_match(words, &expected[*before])
        });
        if !again {
            return false;
        }
    }
    at == expected.len()
}

/// Returns whether a command stands in the code of another language or runs in
/// a container: the snippets list what bash itself runs.
fn is_of_code(script: &Script, command: &Command) -> bool {
    let starter = |one: &&'_ Command| one.started_by.map(|at| &script.commands[at]);
    let mut starters = std::iter::successors(Some(command), starter).skip(1);
    starters.any(|starter| {
        let name = starter.words[0].literal();
        matches!(name.as_deref(), Some("awk" | "docker" | "python3"))
    })
}

fn words_match(met: &[String], expected: &[String]) -> bool {
    if DECLARING.contains(&expected[0].as_str()) {
        return met[0] == expected[0];
    }
    let vanished = expected.iter().filter(|word| *word == "¤").count();
    let whole = met.len() == expected.len()
        && met
            .iter()
            .zip(expected)
            .all(|(met, expected)| matches(met, expected));
    // A word that is not known may be several.
    let joined = vanished > 0 && matches(&met.join(" "), &expected.join(" "));
    whole || joined
}

fn redirections(script: &Script) -> Vec<Vec<String>> {
    let own = script
        .commands
        .iter()
        .flat_map(|command| &command.redirections);
    let all = own.chain(&script.redirections);
    let mut lines: Vec<Vec<String>> = all
        .map(|one| vec![one.operator.to_owned(), shown(&one.target)])
        .collect();
    lines.sort();
    lines
}
