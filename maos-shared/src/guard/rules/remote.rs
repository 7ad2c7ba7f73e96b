//! Code from elsewhere: what is downloaded or decoded does not go into a shell
//! or an interpreter unread.

use super::super::arguments::{Argument, FLAGS_ONLY, program, read};
use super::super::executes::{self, Code};
use super::super::list::List;
use super::super::place::Scene;
use super::super::shell::{Command, Part, Stdin, Word};
use super::Denial;

/// How many commands of a pipeline are followed back.
const FOLLOWED: usize = 64;

/// Programs that fetch from another machine.
const DOWNLOADERS: List = List(
    "\
    aria2c curl curlie elinks fetch GET http https links lwp-request lynx nc ncat netcat \
    socat telnet w3m wget wget2 xh",
);

/// Where a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Download,
    Decoder,
}

/// Returns the objections to what a script executes of what it fetches.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = &scene.script.commands;
    let found = commands.iter().filter_map(|command| {
        let origin = executes::code(command).iter().find_map(|code| match code {
            Code::Stdin => of_stdin(scene, command, 0),
            Code::Text(word) | Code::File(word) => of_word(scene, command, word),
        })?;
        Some(deny(origin, &program(command).unwrap_or_default()))
    });
    found.collect()
}

/// Returns the origin of what is on a command's standard input.
fn of_stdin(scene: &Scene<'_>, command: &Command, followed: usize) -> Option<Origin> {
    if followed > FOLLOWED {
        return None;
    }
    let commands = &scene.script.commands;
    // What `xargs` and its kin feed to a command comes on their own input.
    let starter = command.started_by.and_then(|at| commands.get(at));
    let fed = starter.filter(|_| command.more_arguments);
    let inputs = [Some(&command.stdin), fed.map(|starter| &starter.stdin)];
    inputs.into_iter().flatten().find_map(|stdin| match stdin {
        Stdin::Pipe(range) => commands
            .get(range.clone())?
            .iter()
            .find_map(|source| origin(source).or_else(|| of_stdin(scene, source, followed + 1))),
        Stdin::Text(word) => of_output(scene, word),
        Stdin::Inherited => None,
    })
}

/// Returns the origin of what a word holds, or of the file that it names.
fn of_word(scene: &Scene<'_>, command: &Command, word: &Word) -> Option<Origin> {
    let from_stream = command.more_arguments && has_unknown(word);
    of_output(scene, word).or_else(|| from_stream.then(|| of_stdin(scene, command, 0))?)
}

fn has_unknown(word: &Word) -> bool {
    let unknown = |part: &Part| matches!(part, Part::Unknown { .. });
    word.parts.iter().any(unknown) || word.literal().as_deref() == Some("{}")
}

fn of_output(scene: &Scene<'_>, word: &Word) -> Option<Origin> {
    let outputs = word.parts.iter().filter_map(|part| match part {
        Part::Output { commands, .. } => scene.script.commands.get(commands.clone()),
        _ => None,
    });
    outputs.flatten().find_map(origin)
}

fn origin(command: &Command) -> Option<Origin> {
    let program = program(command)?;
    if DOWNLOADERS.has(&program) {
        return Some(Origin::Download);
    }
    decodes(&program, &command.words[1..]).then_some(Origin::Decoder)
}

/// Returns whether a command turns unreadable text into another.
fn decodes(program: &str, words: &[Word]) -> bool {
    let arguments = read(words, &FLAGS_ONLY);
    let has = |letter: char, long: &str| arguments.iter().any(|one| one.is(Some(letter), long));
    match program {
        "base64" | "base32" | "basenc" | "gbase64" => has('d', "decode") || has('D', "decode"),
        "xxd" => has('r', "revert"),
        "uudecode" | "gunzip" | "zcat" | "bunzip2" | "bzcat" | "unxz" | "xzcat" | "zstdcat" => true,
        "gzip" | "bzip2" | "xz" | "zstd" => has('d', "decompress"),
        "openssl" => {
            let decodes = has('d', "d");
            let subject = arguments.iter().find_map(|argument| match argument {
                Argument::Operand(word) => word.literal(),
                _ => None,
            });
            decodes && subject.is_some_and(|name| name == "enc" || name == "base64")
        }
        _ => false,
    }
}

fn deny(origin: Origin, program: &str) -> Denial {
    match origin {
        Origin::Download => Denial {
            rule: "remote.pipe-to-shell".into(),
            reason: format!(
                "This lets `{program}` run code from the network that nobody has read."
            ),
            instead:
                "Save it with `curl -fsSL https://example.com/install.sh -o /tmp/install.sh`, \
                      read it, and ask the user before it runs."
                    .to_owned(),
        },
        Origin::Decoder => Denial {
            rule: "remote.decode-to-shell".into(),
            reason: format!("This lets `{program}` run code that is hidden in another form."),
            instead:
                "Decode it into a file, such as with `base64 -d code.txt > /tmp/code.sh`, and \
                      read that first."
                    .to_owned(),
        },
    }
}
