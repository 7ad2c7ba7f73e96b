//! `parallel`: a command, or a shell text, for each of its values.

use super::super::arguments::{Argument, Options, leading, leading_text};
use super::super::list::List;
use super::super::shell::Word;
use super::streams::{PLACEHOLDER, append, each};
use super::words::unknown;
use super::{Line, Started, What, values_of, words};
use crate::config::limits;

const OPTIONS: Options = Options {
    short: "jaISNnLPCEWdX",
    long: List(
        "\
            arg-file arg-sep block recend recstart basefile colsep delay delimiter env halt jobs joblog load memfree nice \
            results retries return sshlogin tagstring timeout tmpdir trim wd workdir max-args \
            max-procs max-lines max-replace-args",
    ),
};

/// Returns what a `parallel` starts.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    let (arguments, rest) = leading(line.words, &OPTIONS);
    match arguments.iter().any(only_tells) {
        true => Vec::new(),
        false => commands(line, &arguments, rest),
    }
}

/// Returns what a `parallel` prints that only tells what it would start.
pub(super) fn printed(line: &Line<'_>) -> Option<Word> {
    let (arguments, rest) = leading(line.words, &OPTIONS);
    arguments.iter().any(only_tells).then_some(())?;
    let commands = commands(line, &arguments, rest).into_iter();
    let texts: Vec<Word> = commands
        .map(|one| match one.what {
            What::Program { words, .. } => words::join(&words, " "),
            What::File { text, .. } | What::Here(text) | What::Shell { text, .. } => text,
        })
        .collect();
    Some(words::join(&texts, "\n"))
}

fn only_tells(one: &Argument<'_>) -> bool {
    one.is(None, "dry-run") || one.is(None, "dryrun")
}

/// Returns one command, or one shell text, for each value behind `:::` or on the
/// standard input.
fn commands(line: &Line<'_>, arguments: &[Argument<'_>], rest: &[Word]) -> Vec<Started> {
    let lines = match values_of(arguments, &[('a', "arg-file")]).last() {
        Some(file) => line.text_of(file).as_ref().map(words::lines),
        None => line.stdin.map(words::lines),
    };
    let pipes = |one: &Argument<'_>| one.is(None, "pipe") || one.is(None, "spreadstdin");
    if arguments.iter().any(pipes) {
        return match rest {
            [text] if leading_text(text).contains(' ') => vec![Started::shell(text.clone())],
            words => vec![Started::program(words.to_vec())],
        };
    }
    let end = rest.iter().position(is_separator);
    let (template, sources) = rest.split_at(end.unwrap_or(rest.len()));
    let rows = match sources {
        [] => lines.map(|lines| lines.into_iter().map(|line| vec![line]).collect()),
        sources => combined(sources),
    };
    let operators = List("; & && | ||");
    let is_operator = |word: &Word| word.literal().is_some_and(|text| operators.has(&text));
    match template {
        [] => texts(rows, |row| words::join(row, " ")),
        // What stands in the place of the program is a text, not one word.
        [program, ..] if leading_text(program).starts_with('{') => {
            let text = words::join(template, " ");
            texts(rows, |row| filled_with(&text, row))
        }
        [text] if leading_text(text).contains(' ') => texts(rows, |row| filled_text(text, row)),
        words if words.iter().any(is_operator) => {
            let text = words::join(words, " ");
            texts(rows, |row| filled_text(&text, row))
        }
        words => match rows.filter(|rows| rows.len() <= limits::STREAM_COMMANDS) {
            Some(rows) => {
                let commands = rows.iter().map(|row| filled_words(words, row));
                commands.map(Started::program).collect()
            }
            None => each(None, |value| {
                filled_words(words, std::slice::from_ref(value))
            }),
        },
    }
}

fn is_separator(word: &Word) -> bool {
    leading_text(word).starts_with(":::")
}

/// Returns a row for each combination of what is behind each `:::`; `None` where
/// one of them names files.
fn combined(sources: &[Word]) -> Option<Vec<Vec<Word>>> {
    let mut rows = vec![Vec::new()];
    let mut rest = sources;
    while let [separator, after @ ..] = rest {
        if leading_text(separator).starts_with("::::") {
            return None;
        }
        let end = after.iter().position(is_separator).unwrap_or(after.len());
        let (values, next) = after.split_at(end);
        if rows.len().saturating_mul(values.len()) > limits::STREAM_COMMANDS {
            return None;
        }
        let longer = rows.iter().flat_map(|row: &Vec<Word>| {
            values.iter().map(|value| append(row, vec![value.clone()]))
        });
        rows = longer.collect();
        rest = next;
    }
    Some(rows)
}

/// Returns a shell text for each row; one of an unknown value where they are
/// not known.
fn texts(rows: Option<Vec<Vec<Word>>>, text: impl Fn(&[Word]) -> Word) -> Vec<Started> {
    let rows = rows.filter(|rows| rows.len() <= limits::STREAM_COMMANDS);
    let rows = rows.unwrap_or_else(|| vec![vec![unknown()]]);
    let texts = rows.iter().map(|row| text(row));
    texts.map(Started::shell).collect()
}

fn has_placeholder(word: &Word) -> bool {
    leading_text(word).contains('{')
}

/// Returns a word with the values of a row in the places for them: `{}`, `{2}`.
fn filled_with(word: &Word, row: &[Word]) -> Word {
    let all = words::replace(word, PLACEHOLDER, &words::join(row, " "));
    let numbered = row.iter().zip(1..);
    numbered.fold(all, |word, (value, number)| {
        words::replace(&word, &format!("{{{number}}}"), value)
    })
}

fn filled_words(template: &[Word], row: &[Word]) -> Vec<Word> {
    match template.iter().any(has_placeholder) {
        true => template.iter().map(|word| filled_with(word, row)).collect(),
        false => append(template, row.to_vec()),
    }
}

fn filled_text(template: &Word, row: &[Word]) -> Word {
    let row: Vec<Word> = row.iter().map(words::quoted).collect();
    match has_placeholder(template) {
        true => filled_with(template, &row),
        false => words::join(std::iter::once(template).chain(&row), " "),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn parallel_fills_its_template() {
        check(&[
            ("parallel rm -rf ::: / x", &["rm -rf /", "rm -rf x"]),
            ("parallel -j4 rm {} x ::: /", &["rm / x"]),
            ("parallel ::: 'rm x' ls", &["sh: rm x", "sh: ls"]),
            ("parallel bash -c ::: 'rm x'", &["bash -c 'rm x'"]),
            ("parallel -j2 {} ::: 'rm x' ls", &["sh: rm x", "sh: ls"]),
            ("parallel {} -f ::: rm", &["sh: rm -f"]),
            (
                "parallel {1} {2} ::: rm ls ::: x y",
                &["sh: rm x", "sh: rm y", "sh: ls x", "sh: ls y"],
            ),
            ("parallel mv {2} {1} ::: a ::: b", &["mv b a"]),
            ("parallel rm ::: -r ::: x", &["rm -r x"]),
            ("parallel 'rm {}; ls' ::: 'x y'", &["sh: rm 'x y'; ls"]),
            ("parallel 'rm -f' ::: x", &["sh: rm -f x"]),
            ("parallel ls '&&' rm ::: x", &["sh: ls && rm x"]),
        ]);
    }
}
