//! Scripts that a package manager of JavaScript is given to keep: its other
//! calls run them.

use super::super::arguments::{leading_text, skip};
use super::super::list::List;
use super::super::shell::Word;
use super::words::{replace, word};
use super::{Line, Started};

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
    match begin("set-script").map(|at| &line.words[at + 1..]) {
        Some([_, text, ..]) => vec![Started::shell(text.clone())],
        _ => Vec::new(),
    }
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
