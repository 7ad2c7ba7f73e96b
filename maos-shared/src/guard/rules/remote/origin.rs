//! Programs that give out what they fetch, decode or unpack.

use super::super::super::arguments::{Argument, FLAGS_ONLY, NONE, leading_text, program, read};
use super::super::super::list::List;
use super::super::super::shell::{Command, Word};
use super::super::super::starts::{self, Foreign};

/// Where code comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    Download,
    Decoded,
    /// Another command of the text writes it, and which one cannot be told
    /// (`tee >(bash)`).
    Hidden,
}

/// Programs that give out what they fetch.
const DOWNLOADERS: List = List(
    "\
    GET Invoke-RestMethod Invoke-WebRequest aria2c curl curlie dig fetch ftp http https irm iwr \
    lwp-request lynx nc ncat netcat socat telnet w3m wget xh xhs",
);

/// Programs that give out what they decode or unpack.
const DECODERS: List =
    List("bunzip2 bzcat gunzip gzcat rev unxz unzstd uudecode xzcat zcat zstdcat");

/// Programs that do so with one of these options, by letter and long name.
const DECODERS_WITH: [(List, &[(char, &str)]); 7] = [
    (
        List("base32 base64 basenc gbase64"),
        &[('d', "decode"), ('D', "decode")],
    ),
    (
        List("age gpg gpg2 openssl sops"),
        &[('d', "decrypt"), (NONE, "decrypt")],
    ),
    (List("7z 7za 7zr"), &[('s', "")]),
    (List("bzip2 gzip xz zstd"), &[('d', "decompress")]),
    (List("bsdtar gtar tar"), &[('O', "to-stdout")]),
    (List("unzip"), &[('p', "")]),
    (List("xxd"), &[('r', "revert")]),
];

/// Returns the origin of what a command gives out, where it does not pass on what
/// it reads.
pub(super) fn origin(command: &Command) -> Option<Origin> {
    let program = program(command)?;
    let words = command.words.get(1..)?;
    let arguments = || read(words, &FLAGS_ONLY);
    let first_is = |expected: &str| {
        let first = words.first().and_then(Word::literal);
        first.as_deref() == Some(expected)
    };
    let fetches = match &*program {
        name if DOWNLOADERS.has(name) => true,
        "openssl" => first_is("s_client"),
        "ssh" => words.len() > 1,
        "gsutil" => first_is("cat"),
        "aws" => gives_object(command),
        "gh" => first_is("gist") || first_is("api"),
        _ => false,
    };
    if fetches {
        return Some(Origin::Download);
    }
    let decodes = match &*program {
        name if DECODERS.has(name) => true,
        "tr" => substitutes_letters(&arguments()),
        "openssl" if first_is("x509") => false,
        "jq" | "gojq" => words
            .iter()
            .any(|word| leading_text(word).contains("@base64d")),
        _ => {
            let with = DECODERS_WITH.iter().find(|(names, _)| names.has(&program));
            with.is_some_and(|(_, options)| {
                let is_one = |one: &Argument<'_>| {
                    let mut options = options.iter();
                    options.any(|(letter, long)| one.is(Some(*letter), long))
                };
                arguments().iter().any(is_one)
            })
        }
    };
    if decodes {
        return Some(Origin::Decoded);
    }
    starts::printed_from(command).map(|from| match from {
        Foreign::Fetched => Origin::Download,
        Foreign::Decoded => Origin::Decoded,
    })
}

/// Returns whether a `tr` puts letters in place of others, their case aside.
fn substitutes_letters(arguments: &[Argument<'_>]) -> bool {
    let sets: Vec<String> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Operand(word) => word.literal(),
            _ => None,
        })
        .collect();
    let letters = |set: &String| set.chars().filter(char::is_ascii_alphanumeric).count() > 1;
    match sets.as_slice() {
        [from, to] => letters(from) && letters(to) && !from.eq_ignore_ascii_case(to),
        _ => false,
    }
}

/// Returns whether `aws s3 cp` copies an object to its output.
fn gives_object(command: &Command) -> bool {
    let is = |word: &Word, text: &str| word.literal().as_deref() == Some(text);
    command.words.iter().any(|word| is(word, "s3"))
        && command.words.iter().any(|word| is(word, "-"))
}
