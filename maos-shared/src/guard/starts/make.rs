//! What a makefile starts whose text is known.

use super::super::arguments::{Argument, NONE, Options, leading_text, options, read, skip};
use super::super::shell::Word;
use super::makefile::{self, Goal};
use super::{Line, Started, values_of, words};

/// How `make` reads its line.
const MAKE: Options = options(
    "CfIjloW",
    "directory file makefile include-dir eval old-file new-file",
);

/// With these it says what it would do, or whether there is something to do.
const DRY: [(char, &str); 4] = [
    ('n', "dry-run"),
    ('n', "just-print"),
    ('n', "recon"),
    ('q', "question"),
];

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
    let mut lines: Vec<Word> = texts.iter().flat_map(words::lines).collect();
    let included = lines.iter().flat_map(makefile::included);
    let included: Vec<Word> = included.filter_map(|file| line.text_of(&file)).collect();
    lines.extend(included.iter().flat_map(words::lines));
    let is_dry = DRY.iter().any(|(letter, name)| {
        let mut given = arguments.iter();
        given.any(|argument| argument.is(Some(*letter), name))
    });
    let given = given(&arguments, &line.command.assignments);
    let texts = makefile::texts(&lines, &given, &goal(&arguments), is_dry).into_iter();
    texts
        .map(|text| Started::shell(text).in_folder(folder.clone()))
        .collect()
}

/// Returns what a `just` starts: its file is that of a make whose recipes any
/// blanks begin.
pub(super) fn of_justfile(line: &Line<'_>) -> Vec<Started> {
    let files = ["justfile", "Justfile", ".justfile"].map(words::word);
    let text = files.iter().find_map(|file| line.text_of(file));
    let lines = text
        .as_ref()
        .map(words::lines)
        .unwrap_or_default()
        .into_iter();
    let as_recipe = |line: Word| {
        let text = leading_text(&line);
        match text.len() - text.trim_start().len() {
            0 => line,
            blanks => words::join([&words::word("\t"), &skip(&line, blanks)], ""),
        }
    };
    let lines: Vec<Word> = lines.map(as_recipe).collect();
    let goal = goal(&read(
        line.words,
        &options("fd", "justfile working-directory set"),
    ));
    let texts = makefile::texts(&lines, &[], &goal, false).into_iter();
    texts.map(Started::shell).collect()
}

/// Returns the variables that stand above those of the makefile: of the line. What
/// is set in front of make counts as well.
fn given(arguments: &[Argument<'_>], set: &[(String, Word)]) -> Vec<(String, Word)> {
    let on_line = arguments.iter().filter_map(|argument| match argument {
        Argument::Operand(word) => {
            let (name, _) = leading_text(word).split_once('=')?;
            let value = skip(word, name.len() + 1);
            Some((name.trim_end_matches([':', '?', '+']).to_owned(), value))
        }
        _ => None,
    });
    set.iter().cloned().chain(on_line).collect()
}

/// Returns what a line asks for.
fn goal(arguments: &[Argument<'_>]) -> Goal {
    let operands = arguments.iter().filter_map(|argument| match argument {
        // A variable that is set.
        Argument::Operand(word) if leading_text(word).contains('=') => None,
        Argument::Operand(word) => Some(word.literal()),
        _ => None,
    });
    let Some(names) = operands.collect::<Option<Vec<String>>>() else {
        return Goal::Any;
    };
    match names.is_empty() {
        true => Goal::First,
        false => Goal::Named(names),
    }
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
        let makefile = "A = b:c\nall: $(OUT)x.o | dir\n\tcc\n.PHONY: all gone\n%.o: %.c\n\tas\ndir:; mkdir dir\ngone: dir\n\trm x\n\t+rm y\n";
        check_fed(&[
            ("make -f - dir", makefile, &["sh: as", "sh: mkdir dir"]),
            (
                "make -f - gone",
                makefile,
                &["sh: as", "sh: mkdir dir", "sh: rm x", "sh: rm y"],
            ),
            ("make -f - -n gone", makefile, &["sh: rm y"]),
            // What the first one needs is not known.
            (
                "make -f -",
                makefile,
                &["sh: cc", "sh: as", "sh: mkdir dir", "sh: rm x", "sh: rm y"],
            ),
            (
                "make -f - ¤",
                "a:\n\trm a\nb:\n\trm b\n",
                &["sh: rm a", "sh: rm b"],
            ),
            ("make -f - X=b", "a:\n\trm a\nb:\n\trm b\n", &["sh: rm a"]),
        ]);
        check(&[
            ("make --eval='$(shell rm x)'", &["sh: rm x"]),
            ("make -C sub '--eval=x:;-rm x' x", &["sh: rm x @ sub"]),
            ("make clean", &[]),
        ]);
    }
}
