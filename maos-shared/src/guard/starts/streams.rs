//! Programs that give a command its arguments from a stream or a search.

use super::super::arguments::{Argument, Options, leading, leading_text};
use super::super::find;
use super::super::list::{List, Names};
use super::super::shell::{Part, Word};
use super::words::{streamed, word};
use super::{Family, Line, Started, parallel, shells, values_of, words};
use crate::config::limits;

/// What `find -exec` and its kin put a name in place of.
pub(super) const PLACEHOLDER: &str = "{}";

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List("xargs gxargs parallel rush find gfind fd fdfind")),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    match line.program() {
        "xargs" | "gxargs" => xargs(line),
        "parallel" | "rush" => parallel::started(line),
        "find" | "gfind" => find(line.words),
        "fd" | "fdfind" => fd(line.words),
        _ => Vec::new(),
    }
}

fn xargs(line: &Line<'_>) -> Vec<Started> {
    const OPTIONS: Options = Options {
        short: "adEIJLnPRSs",
        long: List("arg-file delimiter max-args max-chars max-procs process-slot-var"),
    };
    let (arguments, rest) = leading(line.words, &OPTIONS);
    let own = &line.words[..line.words.len() - rest.len()];
    let template = match rest {
        [] => vec![word("echo")],
        rest => rest.to_vec(),
    };
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    let stdin = match values_of(&arguments, &[('a', "arg-file")]).last() {
        Some(file) => line.text_of(file),
        None => line.stdin.cloned(),
    };
    let stdin = stdin.as_ref();
    let fills = |name: &String| template.iter().any(|word| holds(word, name));
    let Some(name) = replaced(&arguments, own).filter(fills) else {
        return match stdin {
            Some(text) if has('0', "null") || has('d', "delimiter") => {
                vec![Started::program(append(&template, words::lines(text)))]
            }
            Some(text) => xargs_of_words(&template, text),
            None => vec![Started::fed_program(template)],
        };
    };
    each(stdin.map(words::lines), |value| {
        let filled = template.iter();
        filled
            .map(|word| words::replace(word, &name, value))
            .collect()
    })
}

/// Returns the command with the words of a text behind it; with its lines too
/// where they may be the text of a shell.
fn xargs_of_words(template: &[Word], text: &Word) -> Vec<Started> {
    let by_words = append(template, words::split(text));
    let by_lines = append(template, words::lines(text));
    let shell = template.first().is_some_and(shells::is_shell) && by_lines != by_words;
    let by_lines = shell.then(|| Started::program(by_lines));
    std::iter::once(Started::program(by_words))
        .chain(by_lines)
        .collect()
}

pub(super) fn append(template: &[Word], more: Vec<Word>) -> Vec<Word> {
    let mut words = template.to_vec();
    words.extend(more);
    words
}

/// Returns what `xargs` puts a name in place of, where it does.
fn replaced(arguments: &[Argument<'_>], own: &[Word]) -> Option<String> {
    let letter = own.iter().rev().find_map(|word| {
        let text = leading_text(word);
        text.strip_prefix("-i").map(str::to_owned)
    });
    let options = [('I', "replace"), ('J', "")];
    let given = values_of(arguments, &options)
        .last()
        .and_then(Word::literal)
        .or(letter);
    let bare = arguments.iter().any(|one| one.is(None, "replace"));
    match given {
        Some(name) if !name.is_empty() => Some(name),
        given => (given.is_some() || bare).then(|| PLACEHOLDER.to_owned()),
    }
}

/// Returns a command for each value; one with names from a stream where the
/// values are not known.
pub(super) fn each(
    values: Option<Vec<Word>>,
    command: impl Fn(&Word) -> Vec<Word>,
) -> Vec<Started> {
    match values {
        Some(values) if values.len() <= limits::STREAM_COMMANDS => {
            let commands = values.iter().map(command);
            commands.map(Started::program).collect()
        }
        _ => vec![Started::fed_program(command(&streamed()))],
    }
}

fn find(words: &[Word]) -> Vec<Started> {
    let commands = find::read(words).commands.into_iter();
    commands
        .filter(|command| !command.is_empty())
        .map(
            |command| match command.iter().any(|one| holds(one, PLACEHOLDER)) {
                true => Started::fed_program(filled(command, &[PLACEHOLDER])),
                false => Started::program(command.to_vec()),
            },
        )
        .collect()
}

/// Returns the words with names from the stream in the place of these.
fn filled(command: &[Word], names: &[&str]) -> Vec<Word> {
    let fill = |word: Word, name: &&str| words::replace(&word, name, &streamed());
    let words = command.iter().cloned();
    words.map(|word| names.iter().fold(word, fill)).collect()
}

fn holds(word: &Word, text: &str) -> bool {
    word.parts
        .iter()
        .any(|part| matches!(part, Part::Text(known) if known.contains(text)))
}

/// Returns what a `fd` starts: all that is behind `-x` or `-X`, up to `;`.
fn fd(words: &[Word]) -> Vec<Started> {
    const STARTING: List = List("-x -X --exec --exec-batch");
    const NAMES: [&str; 5] = [PLACEHOLDER, "{/}", "{//}", "{.}", "{/.}"];
    let starting = |word: &Word| word.literal().is_some_and(|text| STARTING.has(&text));
    let Some(at) = words.iter().position(starting) else {
        return Vec::new();
    };
    let command = words[at + 1..].split(|word| word.literal().as_deref() == Some(";"));
    let Some(command) = command.into_iter().next().filter(|words| !words.is_empty()) else {
        return Vec::new();
    };
    vec![Started::fed_program(filled(command, &NAMES))]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fed};

    #[test]
    fn arguments_from_an_unknown_stream_stay_open() {
        check(&[
            ("xargs rm -rf", &["rm -rf +"]),
            ("xargs", &["echo +"]),
            ("xargs -0 -n 1 -P4 bash -n", &["bash -n +"]),
            ("xargs -I {} rm {}", &["rm {} +"]),
            ("xargs -IFOO bash -c 'rm FOO'", &["bash -c 'rm {}' +"]),
            ("xargs -i rm {}", &["rm {} +"]),
            ("xargs -i% rm %", &["rm {} +"]),
            ("xargs --replace=FOO rm FOO", &["rm {} +"]),
            ("xargs --replace= rm {}", &["rm {} +"]),
            ("xargs --replace -t rm {}", &["rm {} +"]),
            ("xargs --process-slot-var SLOT rm x", &["rm x +"]),
            ("xargs -a names rm", &["rm +"]),
            ("parallel rm -rf", &["rm -rf {} +"]),
            ("parallel rm -rf :::: names", &["rm -rf {} +"]),
            ("parallel", &["sh: ¤"]),
        ]);
    }

    #[test]
    fn the_words_of_a_known_stream_are_arguments() {
        check_fed(&[
            ("xargs rm -rf", "/ 'a b'\nc", &["rm -rf / 'a b' c"]),
            ("xargs -d '\\n' rm", "a b\nc", &["rm 'a b' c"]),
            ("xargs --arg-file=names rm", "/", &["rm +"]),
            (
                "xargs -I% rm -rf %/x",
                "a b\n/\n",
                &["rm -rf 'a b/x'", "rm -rf //x"],
            ),
            ("xargs -I{} bash -c {}", "rm -rf /", &["bash -c 'rm -rf /'"]),
            ("xargs bash -c", "rm /", &["bash -c rm /", "bash -c 'rm /'"]),
            ("parallel rm", "a\nb", &["rm a", "rm b"]),
        ]);
        let many = "x\n".repeat(1_000);
        check_fed(&[("xargs -I{} rm {}", &many, &["rm {} +"])]);
    }

    #[test]
    fn a_search_starts_its_commands() {
        check(&[
            ("find . -exec rm -rf {} +", &["rm -rf {} +"]),
            (
                "find . -name x -execdir sh -c 'rm {}' ';' -ok ls ';' -print",
                &["sh -c 'rm {}' +", "ls"],
            ),
            ("find . -exec rm -rf /", &["rm -rf /"]),
            ("find . -name -exec", &[]),
            ("fd -e o -x rm", &["rm +"]),
            ("fd pattern --exec-batch rm {//} ';' src", &["rm {} +"]),
            ("fd pattern", &[]),
        ]);
    }
}
