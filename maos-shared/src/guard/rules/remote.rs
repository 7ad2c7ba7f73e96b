//! Code from elsewhere: what a download gives, or what is readable only once it
//! is decoded, must not run unread.

use std::ops::Range;

use super::super::arguments::{FLAGS_ONLY, fill_placeholder, leading_text, program, read};
use super::super::list::List;
use super::super::place::Scene;
use super::super::shell::{Command, Part, Redirection, Stdin, Word};
use super::super::starts::{self, Code};
use super::Denial;

/// Returns the objections to what the shells and interpreters of a script read.
pub(super) fn judge(scene: &Scene<'_>) -> Vec<Denial> {
    let commands = scene.script.commands.iter();
    commands
        .filter_map(|command| Some((command, starts::code(command)?)))
        .filter_map(|(command, code)| match code {
            Code::Words(words) => words.iter().find_map(|word| {
                let fed = fill_placeholder(word, command) != *word;
                of_word(scene, word).or_else(|| of_input(scene, command, FOLLOWED).filter(|_| fed))
            }),
            Code::Input => of_input(scene, command, FOLLOWED),
        })
        .map(deny)
        .collect()
}

/// Where code comes from.
#[derive(Clone, Copy)]
enum Origin {
    Download,
    Decoded,
}

/// How many pipes and wrappers before a command are followed.
const FOLLOWED: usize = 16;

/// Returns the origin of a text that begins with what commands give out.
fn of_word(scene: &Scene<'_>, word: &Word) -> Option<Origin> {
    let is_blank = |part: &&Part| matches!(part, Part::Text(text) if text.trim().is_empty());
    match word.parts.iter().find(|part| !is_blank(part))? {
        Part::Output { commands, .. } => of_commands(scene, commands, FOLLOWED),
        _ => None,
    }
}

/// Returns the origin of what a command reads on its standard input, its own or
/// that of the wrapper that starts it.
fn of_input(scene: &Scene<'_>, command: &Command, depth: usize) -> Option<Origin> {
    let depth = depth.checked_sub(1)?;
    if let Some(origin) = of_redirections(scene, &command.redirections) {
        return Some(origin);
    }
    match &command.stdin {
        Stdin::Pipe(range) => of_commands(scene, range, depth),
        Stdin::Text(text) => of_word(scene, text),
        Stdin::Inherited => {
            let wrapper = scene.script.commands.get(command.started_by?)?;
            of_input(scene, wrapper, depth)
        }
    }
}

fn of_redirections(scene: &Scene<'_>, redirections: &[Redirection]) -> Option<Origin> {
    let mut inputs = redirections.iter().filter(|one| one.operator == "<");
    inputs.find_map(|input| {
        let text = leading_text(&input.target);
        match text.starts_with("/dev/tcp/") || text.starts_with("/dev/udp/") {
            true => Some(Origin::Download),
            false => of_word(scene, &input.target),
        }
    })
}

/// Returns the origin of what commands give out: their own, or that of what
/// they hand on.
fn of_commands(scene: &Scene<'_>, range: &Range<usize>, depth: usize) -> Option<Origin> {
    let commands = scene.script.commands.get(range.clone())?;
    let own = commands.iter().find_map(origin);
    own.or_else(|| {
        let last = commands.last()?;
        of_input(scene, last, depth)
    })
}

/// Programs that give out what they fetch.
const DOWNLOADERS: List = List(
    "\
    GET aria2c curl curlie fetch ftp http https lwp-request lynx nc ncat netcat socat w3m wget xh \
    xhs",
);

fn origin(command: &Command) -> Option<Origin> {
    let program = program(command)?;
    let arguments = read(&command.words[1..], &FLAGS_ONLY);
    let has = |letter, long| arguments.iter().any(|one| one.is(Some(letter), long));
    let first_is = |expected: &str| {
        let first = command.words.get(1).and_then(Word::literal);
        first.as_deref() == Some(expected)
    };
    let decodes = match program.as_str() {
        name if DOWNLOADERS.has(name) => return Some(Origin::Download),
        "base64" | "gbase64" | "base32" | "basenc" => has('d', "decode") || has('D', "decode"),
        "openssl" => has('d', "decrypt") && !first_is("x509"),
        "xxd" => has('r', "revert"),
        "gzip" | "bzip2" | "xz" | "zstd" => has('d', "decompress"),
        "gunzip" | "gzcat" | "zcat" | "bunzip2" | "bzcat" | "unxz" | "xzcat" | "unzstd"
        | "zstdcat" | "rev" | "uudecode" => true,
        _ => false,
    };
    decodes.then_some(Origin::Decoded)
}

fn deny(origin: Origin) -> Denial {
    let (rule, reason, instead) = match origin {
        Origin::Download => (
            "remote.pipe-to-shell",
            "This runs what a download gives before anybody has read it.",
            "Download it with `curl -fsSLo install.sh https://example.com/install.sh`, read it, and \
             run the file when it does what you need.",
        ),
        Origin::Decoded => (
            "remote.decode-to-shell",
            "This runs text that is readable only once it is decoded.",
            "Decode it into a file with `base64 -d payload.txt > script.sh`, read it, and run the \
             file when it does what you need.",
        ),
    };
    Denial {
        rule: rule.into(),
        reason: reason.to_owned(),
        instead: instead.to_owned(),
    }
}
