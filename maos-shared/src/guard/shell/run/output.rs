//! What programs print, as far as their words and their input tell.

use super::scope::{map_text, text};
use crate::guard::paths::base_name;
use crate::guard::shell::escapes::{self, Dialect};
use crate::guard::shell::syntax::tree::{Descriptor, Redirect, RedirectKind};
use crate::guard::shell::{Command, Part, Word};

/// What commands print.
#[derive(Clone, Debug)]
pub(super) struct Printed(Option<Word>);

impl Printed {
    pub(super) fn nothing() -> Self {
        Self(Some(Word::default()))
    }

    pub(super) fn unknown() -> Self {
        Self(None)
    }

    /// Adds what is printed next.
    pub(super) fn push(&mut self, more: Self) {
        match (&mut self.0, more.0) {
            (Some(word), Some(more)) => more.parts.into_iter().for_each(|part| word.push(part)),
            _ => self.0 = None,
        }
    }

    /// Forgets what goes elsewhere, or is not printed because a file cannot be
    /// opened.
    pub(super) fn redirected(&mut self, redirects: &[Redirect]) {
        if !redirects.iter().all(keeps_output) {
            self.0 = None;
        }
    }

    pub(super) fn known(self) -> Option<Word> {
        self.0
    }
}

/// Returns whether a redirection surely leaves standard output as it is.
fn keeps_output(redirect: &Redirect) -> bool {
    let is_errors = match &redirect.descriptor {
        Some(Descriptor::Number(number)) => number == "2",
        _ => false,
    };
    match &redirect.kind {
        RedirectKind::File(_, file) => is_errors && matches!(file.bare(), Some("/dev/null" | "1")),
        RedirectKind::Heredoc(_) | RedirectKind::Herestring(_) => true,
    }
}

/// Returns what a command prints that gets `input`.
pub(super) fn of(command: &Command, input: Option<&Word>) -> Printed {
    let Some((program, words)) = command.words.split_first() else {
        return Printed::nothing();
    };
    let Some(program) = program.literal() else {
        return Printed::unknown();
    };
    if command.more_arguments {
        return Printed::unknown();
    }
    Printed(match base_name(&program) {
        "echo" => echo(words),
        "printf" => printf(words),
        "cat" | "tee" => reads_input(base_name(&program), words)
            .then(|| input.cloned())
            .flatten(),
        "base64" => decodes(words).then(|| input.and_then(decoded)).flatten(),
        "rev" => words.is_empty().then(|| input.and_then(reversed)).flatten(),
        ":" | "true" | "false" | "cd" | "export" | "local" | "readonly" | "unset" | "set"
        | "shift" | "read" | "test" | "[" | "sleep" => Some(Word::default()),
        _ => None,
    })
}

fn echo(words: &[Word]) -> Option<Word> {
    let (mut newline, mut escapes) = (true, false);
    let mut rest = words;
    while let [word, after @ ..] = rest
        && let Some(flags) = word.literal()
        && let Some(letters) = flags.strip_prefix('-')
        && !letters.is_empty()
        && letters.chars().all(|c| "neE".contains(c))
    {
        newline &= !letters.contains('n');
        for letter in letters.chars().filter(|c| *c != 'n') {
            escapes = letter == 'e';
        }
        rest = after;
    }
    let mut printed = Word::default();
    for (at, word) in rest.iter().enumerate() {
        if at > 0 {
            printed.push_text(" ");
        }
        word.parts
            .iter()
            .for_each(|part| printed.push(part.clone()));
    }
    if escapes {
        printed = decoded_escapes(&printed)?;
    }
    if newline {
        printed.push_text("\n");
    }
    Some(printed)
}

/// Returns what the escapes in a word mean; `None` where one ends all output.
fn decoded_escapes(word: &Word) -> Option<Word> {
    let decode = |text: &str| escapes::decode(text, Dialect::Echo);
    let ends = |part: &Part| matches!(part, Part::Text(text) if decode(text).1);
    (!word.parts.iter().any(ends)).then(|| map_text(word, |text| decode(text).0))
}

/// Returns what a format makes of its arguments; `None` where it has more than
/// plain conversions.
fn printf(words: &[Word]) -> Option<Word> {
    let words = match words {
        [first, rest @ ..] if first.literal().as_deref() == Some("--") => rest,
        all => all,
    };
    let (format, arguments) = words.split_first()?;
    let format = format.literal()?;
    let mut arguments = arguments.iter();
    let mut printed = Word::default();
    loop {
        let before = arguments.len();
        print_once(&format, &mut arguments, &mut printed)?;
        let used = arguments.len() < before;
        if arguments.len() == 0 || !used {
            return Some(printed);
        }
    }
}

fn print_once(
    format: &str,
    arguments: &mut std::slice::Iter<'_, Word>,
    printed: &mut Word,
) -> Option<()> {
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        printed.push_text(&escapes::decode(before, Dialect::Printf).0);
        let conversion = after.chars().next()?;
        rest = &after[conversion.len_utf8()..];
        if conversion == '%' {
            printed.push_text("%");
            continue;
        }
        let argument = arguments.next().cloned().unwrap_or_default();
        let argument = match conversion {
            's' => argument,
            'q' if is_made_of(&argument, |c| c.is_ascii_alphanumeric()) => argument,
            'd' | 'i' if is_made_of(&argument, |c| c.is_ascii_digit()) => argument,
            'b' => decoded_escapes(&argument)?,
            _ => return None,
        };
        argument
            .parts
            .into_iter()
            .for_each(|part| printed.push(part));
    }
    printed.push_text(&escapes::decode(rest, Dialect::Printf).0);
    Some(())
}

/// Returns whether a word has characters and all of them are known to be such.
fn is_made_of(word: &Word, such: impl Fn(char) -> bool) -> bool {
    word.literal()
        .is_some_and(|text| !text.is_empty() && text.chars().all(such))
}

/// Returns whether a program passes its input on: `tee` does whatever files it
/// names, `cat` without any.
fn reads_input(program: &str, words: &[Word]) -> bool {
    program == "tee"
        || words.iter().all(|word| {
            word.literal()
                .is_some_and(|word| matches!(word.as_str(), "-" | "-u" | "--" | "/dev/stdin"))
        })
}

fn decodes(words: &[Word]) -> bool {
    let is_flag = |flags: &str| {
        flags == "--decode"
            || flags == "--ignore-garbage"
            || flags.strip_prefix('-').is_some_and(|letters| {
                !letters.is_empty() && letters.chars().all(|c| "dDi".contains(c))
            })
    };
    !words.is_empty()
        && words
            .iter()
            .all(|word| word.literal().is_some_and(|word| is_flag(&word)))
}

/// Returns the text that base64 stands for.
fn decoded(input: &Word) -> Option<Word> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in input.literal()?.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'\n' | b'=' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
            bits &= (1 << count) - 1;
        }
    }
    bytes.retain(|byte| *byte != 0);
    String::from_utf8(bytes).ok().map(|decoded| text(&decoded))
}

fn reversed(input: &Word) -> Option<Word> {
    let lines = input.literal()?;
    let lines = lines.lines().map(|line| line.chars().rev().collect());
    let lines: Vec<String> = lines.collect();
    Some(text(&(lines.join("\n") + "\n")))
}
