//! What a makefile starts whose text is known.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::shell::{Part, Word};
use super::{Line, Started, values_of, words};

/// How `make` reads its line.
const MAKE: Options = options(
    "CfIjloW",
    "directory file makefile include-dir eval old-file new-file",
);

/// Returns the files that a `make` reads: those that it names, or the usual ones.
pub(super) fn files(words: &[Word]) -> Vec<Word> {
    makefiles(&read(words, &MAKE))
}

fn makefiles(arguments: &[Argument<'_>]) -> Vec<Word> {
    let named = values_of(arguments, &[('f', "file"), (NONE, "makefile")]);
    let named: Vec<Word> = named.cloned().collect();
    match named.is_empty() {
        true => ["GNUmakefile", "makefile", "Makefile"]
            .map(words::word)
            .into(),
        false => named,
    }
}

/// Returns what a makefile starts that stands on the line or on the input.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    let arguments = read(line.words, &MAKE);
    let folder = values_of(&arguments, &[('C', "directory")]).last().cloned();
    let texts = values_of(&arguments, &[(NONE, "eval")]);
    let mut texts: Vec<Word> = texts.cloned().collect();
    let files = makefiles(&arguments);
    texts.extend(files.iter().filter_map(|file| line.text_of(file)));
    let lines = texts.iter().flat_map(words::lines);
    lines
        .flat_map(|line| recipe(&line))
        .map(|text| Started::shell(text).in_folder(folder.clone()))
        .collect()
}

/// Returns the shell texts in a line of a makefile: its recipe, behind a tab or
/// behind `target:;`, and each `$(shell …)`.
fn recipe(line: &Word) -> Vec<Word> {
    let (known, mut texts) = make_expanded(line);
    let text = leading_text(&known);
    let start = match text.starts_with('\t') {
        true => Some(1),
        false => text
            .find(';')
            .filter(|end| text[..*end].contains(':'))
            .map(|end| end + 1),
    };
    if let Some(start) = start {
        let behind = &text[start..];
        let command = behind.trim_start_matches(['@', '-', '+', ' ', '\t']);
        texts.push(skip(&known, start + behind.len() - command.len()));
    }
    texts
}

/// Returns a line with what make puts into it left unknown, and the texts of
/// its `$(shell …)`.
fn make_expanded(line: &Word) -> (Word, Vec<Word>) {
    let mut known = Word::default();
    let mut texts = Vec::new();
    for part in &line.parts {
        let Part::Text(text) = part else {
            words::push(&mut known, part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            words::push_text(&mut known, before);
            let taken = match after.chars().next() {
                Some('$') => {
                    words::push_text(&mut known, "$");
                    1
                }
                Some(open @ ('(' | '{')) => {
                    let (inside, taken) = enclosed(after, open);
                    texts.extend(inside.strip_prefix("shell ").map(words::word));
                    known.parts.push(Part::Unknown { quoted: false });
                    taken
                }
                Some(name) => {
                    known.parts.push(Part::Unknown { quoted: false });
                    name.len_utf8()
                }
                None => 0,
            };
            rest = &after[taken..];
        }
        words::push_text(&mut known, rest);
    }
    (known, texts)
}

/// Returns what is in the brackets that a text begins with, and how long they
/// are; all of it where they stay open.
fn enclosed(text: &str, open: char) -> (&str, usize) {
    let close = if open == '(' { ')' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
        }
        if depth == 0 {
            return (&text[1..at], at + 1);
        }
    }
    (&text[1..], text.len())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fed};

    #[test]
    fn a_makefile_on_the_line_or_the_input_starts_its_recipes() {
        check_fed(&[
            (
                "make -f - all",
                "all: x\n\t@rm $< $$HOME\n\techo",
                &["sh: rm ¤ $HOME", "sh: echo"],
            ),
            ("make -f /dev/stdin", "x:;rm x", &["sh: rm x"]),
            ("make", "all:\n\trm x", &[]),
        ]);
        check(&[
            ("make --eval='$(shell rm x)'", &["sh: rm x"]),
            ("make -C sub '--eval=x:;-rm x' x", &["sh: rm x @ sub"]),
            ("make clean", &[]),
        ]);
    }
}
