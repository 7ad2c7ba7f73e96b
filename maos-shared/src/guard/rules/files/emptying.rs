//! Which files a command leaves without what was in them, and which commands
//! give out nothing that anybody wrote.

use super::super::super::arguments::{
    Argument, FLAGS_ONLY, Options, leading_text, options, read, skip,
};
use super::super::super::list::List;
use super::super::super::scene::Scene;
use super::super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::super::super::{arguments, sed};
use super::operands;

/// Files in which nothing is that anybody wrote.
const HOLLOW: List = List("/dev/null /dev/random /dev/urandom /dev/zero");

/// Returns whether a command surely prints nothing, or nothing that anybody
/// wrote.
pub(super) fn says_nothing(scene: &Scene<'_>, command: &Command, name: &str) -> bool {
    let words = command.words.get(1..).unwrap_or_default();
    match name {
        "" => command.words.is_empty() && command.assignments.is_empty(),
        ":" | "true" => true,
        "cat" if words.is_empty() => reads_nothing(scene, command),
        "cat" | "head" | "tail" => is_hollow(words.last()),
        "printf" => matches!(words, [format] if is_blank(format) || has_text(format, "\\n")),
        "echo" => words
            .iter()
            .all(|word| is_blank(word) || has_text(word, "-n")),
        _ => false,
    }
}

/// Returns whether there is surely nothing on the input of a command, or blank
/// lines alone.
pub(in super::super) fn reads_nothing(scene: &Scene<'_>, command: &Command) -> bool {
    let is_hollow = |one: &Redirection| one.operator == "<" && is_hollow(Some(&one.target));
    let is_blank_input = match &command.stdin {
        Stdin::Text(text) => is_blank(text),
        Stdin::Pipe(range) => {
            let source = scene.script.commands.get(range.clone()).unwrap_or_default();
            let silent = |one: &Command| {
                let name = arguments::program(one).unwrap_or_default();
                !one.words.is_empty() && says_nothing(scene, one, &name)
            };
            !source.is_empty() && source.iter().all(silent)
        }
        Stdin::Inherited => false,
    };
    is_blank_input || command.redirections.iter().any(is_hollow)
}

fn is_blank(word: &Word) -> bool {
    word.known().is_some_and(|text| text.trim().is_empty())
}

fn is_hollow(word: Option<&Word>) -> bool {
    let known = word.and_then(Word::known);
    known.is_some_and(|text| HOLLOW.has(&text))
}

fn has_text(word: &Word, expected: &str) -> bool {
    word.known().is_some_and(|text| text == expected)
}

/// Returns the files that a command empties by its arguments, where it does.
pub(super) fn named(scene: &Scene<'_>, command: &Command, name: &str) -> Option<Vec<Word>> {
    const COPY: Options = options("mogtS", "mode owner group target-directory suffix");
    let words = command.words.get(1..).unwrap_or_default();
    match name {
        "truncate" | "gtruncate" => {
            let arguments = read(words, &options("sr", "size reference"));
            let to_nothing = |one: &Argument<'_>| match one {
                Argument::Valued(_, size) if one.is(Some('s'), "size") => has_text(size, "0"),
                _ => false,
            };
            let empties = arguments.iter().any(to_nothing);
            empties.then(|| operands(&arguments).cloned().collect())
        }
        "cp" | "install" | "ln" | "rsync" => {
            let arguments = read(words, &COPY);
            let mut named = operands(&arguments);
            let from_nothing = is_hollow(named.next());
            let to: Vec<Word> = named.cloned().collect();
            (from_nothing && to.len() < 2).then_some(to)
        }
        "dd" => {
            let is_source = |word: &&Word| leading_text(word).starts_with("if=");
            let source = words.iter().find(is_source).map(|word| skip(word, 3));
            let empties = is_hollow(source.as_ref()) || reads_nothing(scene, command);
            let to = words
                .iter()
                .filter(|word| leading_text(word).starts_with("of="));
            empties.then(|| to.map(|word| skip(word, 3)).collect())
        }
        "tee" | "sponge" => {
            let arguments = read(words, &FLAGS_ONLY);
            let appends = arguments.iter().any(|one| one.is(Some('a'), "append"));
            // All that are listed get the same.
            let empties = command.more_arguments || reads_nothing(scene, command);
            (empties && !appends).then(|| operands(&arguments).cloned().collect())
        }
        "ed" | "ex" | "nvim" | "vi" | "vim" => {
            let arguments = read(words, &options("cp", "cmd"));
            let is_file = |word: &&Word| !leading_text(word).starts_with('+');
            let files = operands(&arguments).filter(is_file);
            deletes_lines(scene, command).then(|| files.cloned().collect())
        }
        _ => by_code(words, name),
    }
}

/// Returns the files that a filter edits in place, of which it keeps nothing.
fn by_code(words: &[Word], name: &str) -> Option<Vec<Word>> {
    /// What each language is called by, its options with a value, those whose value
    /// is code, and the code that keeps nothing: without blanks, and printing
    /// nothing by itself (`-n`) or as it is.
    const SILENT: [(List, Options, &str, List); 3] = [
        (
            List("sed gsed"),
            sed::OPTIONS,
            "e",
            List("d 1,$d 1,$!d //d /./d /^/d /.*/d /^.*$/d s/.*// s/.*//g"),
        ),
        (
            List("perl ruby"),
            options("eEI", ""),
            "eE",
            List(
                "$_=\"\" $_='' undef$_ $_=undef $_=nil $_.clear $_.replace(\"\") s/.*//s printif0 \
                 printif(0) printiffalse printunless1 next",
            ),
        ),
        (
            List("awk gawk mawk"),
            options("FvfeEil", "field-separator assign file include source"),
            "e",
            List("0 {} {next} BEGIN{} END{}"),
        ),
    ];
    let (_, options, letters, silent) = SILENT.iter().find(|row| row.0.has(name))?;
    let arguments = read(words, options);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    if !has('i', "in-place") {
        return None;
    }
    let is_code = |one: &&Argument<'_>| letters.chars().any(|letter| one.is(Some(letter), ""));
    let given = arguments.iter().find(is_code);
    let mut operands = operands(&arguments);
    let code = match given {
        Some(Argument::Valued(_, code)) => code,
        _ => operands.next()?,
    };
    let code = code.known()?.replace([' ', ';', '\n'], "");
    let keeps_nothing = silent.has(&code) || (has('n', "quiet") && code.is_empty());
    keeps_nothing.then(|| operands.cloned().collect())
}

/// Returns whether an editor is told to delete all lines: on its line, or on its
/// input.
fn deletes_lines(scene: &Scene<'_>, command: &Command) -> bool {
    const ALL: List = List("%d %delete %d_ 1,$d 0,$d ,d 1,$delete :%d :%delete");
    let says = |text: &str| text.split(['|', '\n']).any(|piece| ALL.has(piece.trim()));
    let in_word = |word: &Word| {
        let mut parts = word.parts.iter();
        parts.any(|part| matches!(part, Part::Text(text) if says(text.trim_start_matches('+'))))
    };
    let on_input = match &command.stdin {
        Stdin::Text(text) => in_word(text),
        Stdin::Pipe(range) => {
            let source = scene.script.commands.get(range.clone()).unwrap_or_default();
            source.iter().flat_map(|one| &one.words).any(in_word)
        }
        Stdin::Inherited => false,
    };
    on_input || command.words.iter().any(in_word)
}
