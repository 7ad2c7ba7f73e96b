//! What a sed script starts: the command `e`, and what `s///e` makes of a line;
//! a file that it reads counts as shown, one that it writes as filled.

use super::super::super::arguments::{Argument, leading_text, read};
use super::super::super::sed::{self, Step};
use super::super::super::shell::{Word, substitute};
use super::super::words::word;
use super::super::{Line, Started, values_of};
use super::tokens::Source;

/// Returns what a sed starts.
pub(super) fn started(line: &Line<'_>) -> Vec<Started> {
    let arguments: Vec<Argument<'_>> = read(line.words, &sed::OPTIONS);
    let on_line = sed::scripts(&arguments).into_iter().cloned();
    let in_files = values_of(&arguments, &[('f', "file")]).filter_map(|file| line.text_of(file));
    on_line
        .chain(in_files)
        .flat_map(|script| of_script(&script, line.stdin))
        .collect()
}

fn of_script(script: &Word, lines: Option<&Word>) -> Vec<Started> {
    let source = Source::of(script);
    let known = |text: &str| {
        let mut word = Word::default();
        source.push_to(&mut word, text);
        Some(word).filter(|word| !word.parts.is_empty())
    };
    let like = |program: &str, file: &str| {
        let file = known(file).filter(|file| !is_descriptor(file))?;
        Some(Started::program(vec![word(program), file]))
    };
    let steps = sed::read(&source.text).into_iter();
    steps
        .filter_map(|step| match step {
            // Without a command, the line is one.
            Step::Execute("") => lines.cloned().map(Started::shell),
            Step::Execute(text) => known(text).map(Started::shell),
            Step::Substitute {
                pattern,
                replacement,
                flags,
            } if flags.contains('e') => {
                let flags = flags.replace('e', "");
                let made = lines.and_then(|all| substitute(all, pattern, &replacement, &flags));
                made.or_else(|| known(&replacement)).map(Started::shell)
            }
            Step::Read(file) => like("cat", file),
            Step::Write(file) => like("tee", file),
            _ => None,
        })
        .collect()
}

/// Returns whether a file is the input or the output of the `sed` itself.
fn is_descriptor(file: &Word) -> bool {
    leading_text(file).starts_with("/dev/std")
}
