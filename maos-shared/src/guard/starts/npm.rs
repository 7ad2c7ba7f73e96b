//! Scripts that a package manager of JavaScript is given to keep: its other
//! calls run them, also from a file that the text wrote.

use super::super::arguments::{leading_text, skip};
use super::super::list::List;
use super::super::shell::Word;
use super::words::{replace, word};
use super::{Line, Started};
use crate::json::Object;

/// Returns what `npm pkg set scripts.NAME=TEXT` and `npm set-script NAME TEXT`
/// keep, as what it starts.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    if !List("npm pnpm yarn bun").has(line.program()) {
        return Vec::new();
    }
    let is = |word: Option<&Word>, text| word.is_some_and(|word| leading_text(word) == text);
    let begin = |first| {
        line.words
            .iter()
            .position(|word| leading_text(word) == first)
    };
    if let Some(at) = begin("pkg")
        && is(line.words.get(at + 1), "set")
    {
        let given = &line.words[at + 2..];
        let is_json = given.iter().any(|word| leading_text(word) == "--json");
        let scripts = given.iter().filter_map(script_set);
        let texts = scripts.map(|text| if is_json { unquoted(&text) } else { text });
        return texts.map(Started::shell).collect();
    }
    if let Some(name) = script_run(line) {
        return scripts_of(line, name)
            .into_iter()
            .map(Started::shell)
            .collect();
    }
    match begin("set-script").map(|at| &line.words[at + 1..]) {
        Some([_, text, ..]) => vec![Started::shell(text.clone())],
        _ => Vec::new(),
    }
}

/// Returns the name of the script that a line runs, or that comes with what it
/// does.
fn script_run<'a>(line: &'a Line<'_>) -> Option<&'a str> {
    let mut names = line.words.iter().map(leading_text);
    let mut names = names.by_ref().filter(|name| !name.starts_with('-'));
    match names.next()? {
        "run" | "run-script" => names.next(),
        "ci" | "i" | "install" => Some("install"),
        name @ ("restart" | "start" | "stop" | "test") => Some(name),
        name if line.program() != "npm" => Some(name),
        _ => None,
    }
}

/// Returns the texts of a script and of those around it, where the text wrote the
/// file that they stand in.
fn scripts_of(line: &Line<'_>, name: &str) -> Vec<Word> {
    let found = || {
        let text = line.text_of(&word("package.json"))?.literal()?;
        let package = serde_json::from_str(&text).ok()?;
        let package = Object::parse(package, "package.json").ok()?;
        let (_, scripts) = package.fields().find(|(name, _)| *name == "scripts")?;
        let scripts = Object::parse(scripts, "scripts").ok()?;
        let names = [format!("pre{name}"), name.to_owned(), format!("post{name}")];
        let texts = names.iter().filter_map(|name| scripts.text(name).ok()?);
        Some(texts.map(|text| word(&text)).collect())
    };
    found().unwrap_or_default()
}

/// Returns the text in `scripts.NAME=TEXT` or `scripts[NAME]=TEXT`.
fn script_set(word: &Word) -> Option<Word> {
    let (name, _) = leading_text(word).split_once('=')?;
    let is_script = name.starts_with("scripts.") || name.starts_with("scripts[");
    is_script.then(|| skip(word, name.len() + 1))
}

/// Returns the text that a string of JSON stands for, as far as its quotes go.
fn unquoted(text: &Word) -> Word {
    let without = replace(text, "\\\"", &word("\u{1}"));
    let without = replace(&without, "\"", &Word::default());
    replace(&without, "\u{1}", &word("\""))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn scripts_start_when_they_are_kept() {
        check(&[
            ("npm pkg set 'scripts.a=rm x'", &["sh: rm x"]),
            (
                "npm --prefix web pkg set 'scripts[a]=rm x' name=b scripts.c=ls",
                &["sh: rm x", "sh: ls"],
            ),
            (
                "pnpm pkg set --json 'scripts.a=\"rm \\\"x\\\"\"'",
                &["sh: rm \"x\""],
            ),
            ("npm set-script a 'rm x'", &["sh: rm x"]),
            ("npm pkg set 'description=rm x'", &[]),
            ("npm pkg get scripts.a", &[]),
            ("npm run a", &[]),
        ]);
    }
}
