//! Scripts that a package manager of JavaScript is given to keep: its other
//! calls run them, also from a file that the text wrote.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::list::{List, Names};
use super::super::shell::Word;
use super::words::{join, replace, word};
use super::{Family, Line, Started, values_of};
use crate::json::Object;

const PROGRAMS: List = List("npm pnpm yarn bun");

pub(super) static FAMILY: Family = Family {
    programs: Names::of(PROGRAMS),
    started,
};

/// Returns what `npm pkg set scripts.NAME=TEXT` and `npm set-script NAME TEXT`
/// keep, as what it starts.
fn started(line: &Line<'_>) -> Vec<Started> {
    if !PROGRAMS.has(line.program()) {
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
        let arguments = read(line.words, &FOLDERS);
        let folder = values_of(&arguments, &IN_FOLDER).last();
        let texts = scripts_of(line, &name, folder).into_iter();
        let started = texts.map(|text| Started::shell(text).in_folder(folder.cloned()));
        return started.collect();
    }
    match begin("set-script").map(|at| &line.words[at + 1..]) {
        Some([_, text, ..]) => vec![Started::shell(text.clone())],
        _ => Vec::new(),
    }
}

/// Returns the name of the script that a line runs, or that comes with what it
/// does.
fn script_run(line: &Line<'_>) -> Option<String> {
    let arguments = read(line.words, &FOLDERS);
    let mut names = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => Some(leading_text(word)),
        _ => None,
    });
    let name = match names.next()? {
        "run" | "run-script" => names.next()?,
        "ci" | "i" | "install" => "install",
        name @ ("restart" | "start" | "stop" | "test") => name,
        name if line.program() != "npm" => name,
        _ => return None,
    };
    Some(name.to_owned())
}

/// The options whose value is the folder of the package.
const IN_FOLDER: [(char, &str); 4] = [('C', "prefix"), (NONE, "dir"), (NONE, "cwd"), ('C', "C")];

const FOLDERS: Options = options("C", "prefix dir cwd");

/// Returns the texts of a script and of those around it, where the text wrote the
/// file that they stand in.
fn scripts_of(line: &Line<'_>, name: &str, folder: Option<&Word>) -> Vec<Word> {
    let found = || {
        let mut file = word("package.json");
        if let Some(folder) = folder {
            file = join([folder, &file], "/");
        }
        let text = line.text_of(&file)?.literal()?;
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
