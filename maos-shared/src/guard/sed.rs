//! The command line and the scripts of `sed`.

use super::arguments::{Argument, Options};
use super::list::List;
use super::shell::Word;

/// The options of `sed` that take a value.
pub(super) const OPTIONS: Options = Options {
    short: "efl",
    long: List("expression file line-length"),
};

/// Returns the scripts in the arguments of a `sed`: the values of `-e`, else
/// the first operand, where no file holds the script.
pub(super) fn scripts<'a>(arguments: &'a [Argument<'a>]) -> Vec<&'a Word> {
    let valued = |letter, long| {
        arguments.iter().filter_map(move |argument| match argument {
            Argument::Valued(_, value) if argument.is(Some(letter), long) => Some(value),
            _ => None,
        })
    };
    let mut scripts: Vec<&Word> = valued('e', "expression").collect();
    if scripts.is_empty() && valued('f', "file").next().is_none() {
        scripts.extend(arguments.iter().find_map(|argument| match argument {
            Argument::Operand(script) => Some(*script),
            _ => None,
        }));
    }
    scripts
}

/// What one command of a script does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// `s/pattern/replacement/flags`; a quoted delimiter stands for itself.
    Substitute {
        pattern: &'a str,
        replacement: String,
        /// `w` among them is followed by its file.
        flags: &'a str,
    },
    /// `e command`; without one, the line is the command.
    Execute(&'a str),
    /// `r file`, `R file`.
    Read(&'a str),
    /// `w file`, `W file`, the `w` of an `s` too.
    Write(&'a str),
    /// A command of one letter that prints, deletes, joins or jumps, or the
    /// text of an `a`, `i` or `c`.
    Prints(char),
    /// Anything else.
    Unknown,
}

/// Returns the commands of a script, in order; the last one is
/// [`Step::Unknown`] where the script is broken.
pub(super) fn read(script: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = script;
    loop {
        rest = after_address(rest);
        let Some(command) = rest.chars().next() else {
            return steps;
        };
        let behind = &rest[command.len_utf8()..];
        let (step, after) = match command {
            's' => substitution(behind, &mut steps),
            'y' => translation(behind),
            'e' => on_line(behind, Step::Execute),
            'r' | 'R' => on_line(behind, Step::Read),
            'w' | 'W' => on_line(behind, Step::Write),
            'a' | 'i' | 'c' => (Step::Prints(command), after_text(behind)),
            ':' | 'b' | 't' | 'T' => {
                let end = behind.find([';', '\n', '}']).unwrap_or(behind.len());
                (Step::Prints(command), &behind[end..])
            }
            '#' => (Step::Prints(command), after_line(behind)),
            _ if const { List("p P d D q Q = n N h H g G x l z") }
                .has(&rest[..command.len_utf8()]) =>
            {
                let after = behind.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
                match ends_command(after) {
                    true => (Step::Prints(command), after),
                    false => (Step::Unknown, ""),
                }
            }
            _ => (Step::Unknown, ""),
        };
        steps.push(step);
        rest = after;
    }
}

/// Returns what follows the lines that a command is for: `5`, `$`, `/re/I`,
/// `1,/end/`, `0~4`, `5!`, `\|re|`.
fn after_address(text: &str) -> &str {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || c.is_ascii_whitespace() || "$,~+!;{}".contains(c)
        });
        let (pattern, delimiter) = match next.chars().next() {
            Some('/') => (&next[1..], '/'),
            Some('\\') => match next[1..].chars().next() {
                Some(delimiter) => (&next[1 + delimiter.len_utf8()..], delimiter),
                None => return next,
            },
            _ => return next,
        };
        rest = match split(pattern, delimiter) {
            Some((_, after)) => after.trim_start_matches(['I', 'M']),
            None => return next,
        };
    }
}

/// Reads an `s` behind its letter; a file that it writes is a step before it.
fn substitution<'a>(text: &'a str, steps: &mut Vec<Step<'a>>) -> (Step<'a>, &'a str) {
    let parts = text.chars().next().and_then(|delimiter| {
        let (pattern, rest) = split(&text[delimiter.len_utf8()..], delimiter)?;
        let (replacement, flags) = split(rest, delimiter)?;
        Some((delimiter, pattern, replacement, flags))
    });
    let Some((delimiter, pattern, replacement, behind)) = parts else {
        return (Step::Unknown, "");
    };
    let quoted: String = ['\\', delimiter].iter().collect();
    let end = behind.find(|c: char| !c.is_ascii_digit() && !"gpiImMe ".contains(c));
    let (mut flags, mut after) = behind.split_at(end.unwrap_or(behind.len()));
    if after.starts_with('w') {
        let (write, rest) = on_line(&after[1..], Step::Write);
        steps.push(write);
        flags = &behind[..=flags.len()];
        after = rest;
    } else if !ends_command(after) {
        return (Step::Unknown, "");
    }
    let step = Step::Substitute {
        pattern,
        replacement: replacement.replace(&quoted, &delimiter.to_string()),
        flags,
    };
    (step, after)
}

fn translation(text: &str) -> (Step<'_>, &str) {
    let after = text.chars().next().and_then(|delimiter| {
        let (_, rest) = split(&text[delimiter.len_utf8()..], delimiter)?;
        Some(split(rest, delimiter)?.1)
    });
    match after {
        Some(after) => (Step::Prints('y'), after),
        None => (Step::Unknown, ""),
    }
}

/// Reads the rest of the line as what a command is given.
fn on_line<'a>(text: &'a str, step: fn(&'a str) -> Step<'a>) -> (Step<'a>, &'a str) {
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    (step(line.trim_start()), after)
}

fn after_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, after)| after)
}

/// Returns what follows a text that goes on where its line ends with a
/// backslash.
fn after_text(text: &str) -> &str {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        if !line.ends_with('\\') {
            return rest;
        }
    }
    ""
}

fn ends_command(text: &str) -> bool {
    text.is_empty() || text.starts_with([';', '\n', '}', '#', ' '])
}

/// Splits a text at the next `delimiter` that no backslash stands before and no
/// set encloses.
fn split(text: &str, delimiter: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        if quoted {
            quoted = false;
        } else if c == '\\' {
            quoted = true;
        } else if c == delimiter {
            return Some((&text[..at], &text[at + c.len_utf8()..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substitute<'a>(pattern: &'a str, replacement: &str, flags: &'a str) -> Step<'a> {
        Step::Substitute {
            pattern,
            replacement: replacement.to_owned(),
            flags,
        }
    }

    #[test]
    fn commands_are_found_behind_their_addresses() {
        assert_eq!(
            read("1,40p;/a\\/b/Id\n$!{s|a/b|\\|c|g;q}"),
            [
                Step::Prints('p'),
                Step::Prints('d'),
                substitute("a/b", "|c", "g"),
                Step::Prints('q'),
            ]
        );
        assert_eq!(
            read("1e rm x; y\np"),
            [Step::Execute("rm x; y"), Step::Prints('p')]
        );
        assert_eq!(read("\\,x,r .env"), [Step::Read(".env")]);
        assert_eq!(read("s/a/b/e"), [substitute("a", "b", "e")]);
        assert_eq!(
            read("s/a/b/gw out\nW two"),
            [
                Step::Write("out"),
                substitute("a", "b", "gw"),
                Step::Write("two")
            ]
        );
        assert_eq!(
            read("a e rm x\\\nw f\np"),
            [Step::Prints('a'), Step::Prints('p')]
        );
    }

    #[test]
    fn a_broken_script_is_not_known() {
        for script in ["s/a/b", "/x", "pw", "v", "s/a/b/q"] {
            assert_eq!(read(script).last(), Some(&Step::Unknown), "{script}");
        }
    }
}
