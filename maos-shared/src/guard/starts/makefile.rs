//! A makefile whose text is known: what runs when something is made.

use std::collections::HashMap;

use super::super::arguments::{leading_text, skip};
use super::super::shell::{Part, Word};
use super::make_variables::Variables;
use super::words;

/// What is to be made.
pub(super) enum Goal {
    /// What the makefile says first.
    First,
    /// These targets.
    Named(Vec<String>),
    /// Any: they are not known.
    Any,
}

/// A text that a shell is given.
struct Text {
    word: Word,
    /// It is given to a shell also where make only says what it would do.
    runs_dry: bool,
}

/// What is made of what, and how.
struct Rule {
    targets: Vec<Word>,
    needs: Vec<Word>,
    texts: Vec<Text>,
}

/// Returns the texts that shells are given when a makefile of these lines makes
/// the goal, with variables that it is given; those alone that run nevertheless
/// where make `is_dry`.
pub(super) fn texts(
    lines: &[Word],
    given: &[(String, Word)],
    goal: &Goal,
    is_dry: bool,
) -> Vec<Word> {
    let (rules, free) = read(lines, given);
    let is_any = lines.iter().any(|line| contains(line, "DEFAULT_GOAL"));
    let reached = match goal {
        Goal::Any => rules,
        Goal::First if is_any => rules,
        Goal::First => {
            let first = rules.iter().find_map(|rule| plain(rule.targets.first()?));
            reached(rules, first.into_iter().collect())
        }
        Goal::Named(names) => reached(rules, names.clone()),
    };
    let in_one = lines
        .iter()
        .any(|line| leading_text(line).starts_with(".ONESHELL"));
    let texts = reached.into_iter().flat_map(|rule| match in_one {
        true => joined(rule.texts),
        false => rule.texts,
    });
    let texts = texts.filter(|text| text.runs_dry || !is_dry);
    free.into_iter()
        .chain(texts.map(|text| text.word))
        .collect()
}

/// Returns a recipe of which one shell is given all.
fn joined(texts: Vec<Text>) -> Vec<Text> {
    let runs_dry = texts.iter().any(|text| text.runs_dry);
    let word = words::join(texts.iter().map(|text| &text.word), "\n");
    vec![Text { word, runs_dry }]
}

/// Returns the files that a line has make read as well.
pub(super) fn included(line: &Word) -> Vec<Word> {
    let text = leading_text(line);
    let marks = ["include ", "-include ", "sinclude "].into_iter();
    let mark = marks.into_iter().find(|mark| text.starts_with(mark));
    let names = mark.map(|mark| skip(line, mark.len()));
    names.map_or_else(Vec::new, |names| words::pieces(&names, char::is_whitespace))
}

/// Reads the rules, and what runs whatever is made.
fn read(lines: &[Word], given: &[(String, Word)]) -> (Vec<Rule>, Vec<Word>) {
    let (mut rules, mut free): (Vec<Rule>, Vec<Word>) = (Vec::new(), Vec::new());
    let mut variables = Variables::of(lines, given);
    for line in lines {
        let (known, called) = variables.expanded(line);
        if let Some(behind) = leading_text(&known).strip_prefix('\t') {
            let mut texts = recipe(line, &known, behind);
            let called = called.into_iter().map(|word| Text {
                word,
                runs_dry: true,
            });
            texts.extend(called);
            match rules.last_mut() {
                Some(rule) => rule.texts.extend(texts),
                None => free.extend(texts.into_iter().map(|text| text.word)),
            }
            continue;
        }
        free.extend(called);
        rules.extend(rule(line, &known));
    }
    (rules, free)
}

/// Reads `targets: needs; recipe`; nothing where a line is none.
fn rule(line: &Word, known: &Word) -> Option<Rule> {
    let head = words::pieces(known, |c| c == ';').into_iter().next()?;
    if !contains(&head, ":") {
        return None;
    }
    let mut parts = words::pieces(&head, |c| c == ':').into_iter();
    let targets = parts.next()?;
    let needs: Vec<Word> = parts.collect();
    let is_assignment = contains(&targets, "=")
        || needs
            .first()
            .is_some_and(|needs| leading_text(needs).starts_with('='));
    if is_assignment {
        return None;
    }
    let names = |word: &Word| words::pieces(word, |c: char| c.is_whitespace() || c == '|');
    let text = leading_text(known);
    let inline = text.find(';').map(|end| &text[end + 1..]);
    Some(Rule {
        targets: names(&targets),
        needs: needs.iter().flat_map(names).collect(),
        texts: inline.map_or_else(Vec::new, |behind| recipe(line, known, behind)),
    })
}

/// Returns the command of a recipe, which is `behind` and all that follows.
fn recipe(line: &Word, known: &Word, behind: &str) -> Vec<Text> {
    let command = behind.trim_start_matches(['@', '-', '+', ' ', '\t']);
    let marks = &behind[..behind.len() - command.len()];
    let start = leading_text(known).len() - command.len();
    vec![Text {
        word: skip(known, start),
        runs_dry: marks.contains('+') || contains(line, "MAKE"),
    }]
}

/// Returns the rules that are needed for the targets of these names.
fn reached(rules: Vec<Rule>, names: Vec<String>) -> Vec<Rule> {
    let mut of_name: HashMap<String, Vec<usize>> = HashMap::new();
    let mut open = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        for target in &rule.targets {
            match plain(target) {
                Some(name) => of_name.entry(name).or_default().push(number),
                // It may be for anything.
                None if !is_special(target) => open.push(number),
                None => {}
            }
        }
    }
    let mut is_reached = vec![false; rules.len()];
    let mut names = names;
    loop {
        if let Some(name) = names.pop() {
            open.extend(of_name.remove(&name).unwrap_or_default());
        }
        let Some(number) = open.pop() else {
            match names.is_empty() {
                true => break,
                false => continue,
            }
        };
        if std::mem::replace(&mut is_reached[number], true) {
            continue;
        }
        let needs: Option<Vec<String>> = rules[number].needs.iter().map(Word::literal).collect();
        match needs {
            Some(needs) => names.extend(needs),
            None => return rules,
        }
    }
    let all = rules.into_iter().zip(is_reached);
    all.filter_map(|(rule, is_reached)| is_reached.then_some(rule))
        .collect()
}

/// Returns the name of a target that stands for itself alone.
fn plain(target: &Word) -> Option<String> {
    let name = target.literal()?;
    (!name.contains('%') && !name.starts_with('.')).then_some(name)
}

/// Returns whether a target says something about others and is none itself:
/// `.PHONY`, but not `.c.o`.
fn is_special(target: &Word) -> bool {
    let name = target.literal().unwrap_or_default();
    name.strip_prefix('.')
        .is_some_and(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        && name != ".DEFAULT"
}

fn contains(word: &Word, text: &str) -> bool {
    word.parts.iter().any(|part| match part {
        Part::Text(known) => known.contains(text),
        _ => false,
    })
}
