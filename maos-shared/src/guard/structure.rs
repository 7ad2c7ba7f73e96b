//! What of a command may stand in a journal: its programs and options, nothing
//! that could be a secret or somebody's words.

use std::borrow::Cow;

use super::arguments;
use super::shell::{Command, Script};

/// Most commands of a script that are described.
const COMMANDS: usize = 32;
/// Longest program name that is kept, in bytes.
const PROGRAM_BYTES: usize = 32;
/// Most digits in one, as in `x86_64-linux-gnu-gcc-13`.
const DIGITS: usize = 6;
/// Most letters that options in one word may have; a longer word may be an
/// option and its value (`-pPASSWORD`).
const LETTERS: usize = 4;
/// Longest name of a long option.
const OPTION_BYTES: usize = 30;

/// Returns the commands of a script, those that another starts after it, each
/// as its program and options; every other argument is `…`.
pub(super) fn of(script: &Script) -> Vec<String> {
    script.commands.iter().take(COMMANDS).map(outline).collect()
}

/// Returns the base name of a command's program, `?` for one that is known only
/// when it runs or looks like none (`'TOKEN=…'`); nothing where there is none.
pub(super) fn program(command: &Command) -> Option<String> {
    command.words.first()?;
    let name = arguments::program(command).filter(|name| is_plain(name));
    Some(name.map_or_else(|| "?".to_owned(), Cow::into_owned))
}

/// Returns whether a name looks like a program's, and not like a token or a
/// password that came to stand where one should.
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.+:[".contains(c);
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let has_capital = name.chars().any(|c| c.is_ascii_uppercase());
    name.len() <= PROGRAM_BYTES
        && name.chars().all(plain)
        && digits <= DIGITS
        && !(has_capital && digits > 0)
}

fn outline(command: &Command) -> String {
    let mut text = program(command).unwrap_or_default();
    let mut hidden = false;
    for word in command.words.iter().skip(1) {
        match word.literal().as_deref().and_then(option) {
            Some(option) => {
                text.push(' ');
                text.push_str(option);
                hidden = false;
            }
            None if hidden => {}
            None => {
                text.push_str(" …");
                hidden = true;
            }
        }
    }
    text
}

/// Returns the option that a word is, without its value.
fn option(word: &str) -> Option<&str> {
    let name = word.split('=').next().unwrap_or_default();
    match name.strip_prefix("--") {
        Some(long) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            (long.len() <= OPTION_BYTES && long.chars().all(plain)).then_some(name)
        }
        None => {
            let letters = name.strip_prefix('-')?;
            let short = letters.len() <= LETTERS && !letters.is_empty();
            (short && letters.chars().all(|c| c.is_ascii_alphabetic())).then_some(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shell::{Part, Word};
    use super::*;

    fn outline_of(words: &[&str]) -> String {
        let word = |text: &&str| Word {
            parts: vec![Part::Text((*text).to_owned())],
        };
        outline(&Command {
            words: words.iter().map(word).collect(),
            ..Command::default()
        })
    }

    #[test]
    fn options_stay_and_values_go() {
        let rm = ["/bin/rm", "-rf", "--no-preserve-root", "/", "/home"];
        assert_eq!(outline_of(&rm), "rm -rf --no-preserve-root …");
        let secret = [
            "mysql",
            "-phunter2",
            "--password=hunter2",
            "-u",
            "me",
            "-e",
            "x",
        ];
        assert_eq!(outline_of(&secret), "mysql … --password -u … -e …");
        assert_eq!(outline_of(&[&"x".repeat(41), "--a b"]), "? …");
        assert_eq!(outline_of(&["TOKEN=hunter2", "ls"]), "? …");
        assert_eq!(outline_of(&["AKIAIOSFODNN7EXAMPLE"]), "?");
        assert_eq!(outline_of(&["550e8400-e29b-41d4"]), "?");
        for name in ["x86_64-linux-gnu-gcc-13", "python3.12", "[", "R", "7z"] {
            assert_eq!(outline_of(&[name]), name);
        }
    }
}
