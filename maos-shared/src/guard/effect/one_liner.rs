//! Programs in an argument: do they only print?

use super::super::arguments::Argument;
use super::super::list::List;
use super::super::shell::Word;
use super::{arguments, has_only};

/// Returns whether a `sed` edits nothing in place and its commands write no
/// file and start nothing.
pub(super) fn sed_only_reads(words: &[Word]) -> bool {
    let arguments = arguments(words, "el", "expression line-length");
    let flags = List(
        "-n -E -r -s -u -z -e -l --quiet --silent --expression --regexp-extended --separate \
         --unbuffered --null-data --posix --sandbox",
    );
    let mut scripts: Vec<&Word> = Vec::new();
    let mut first = None;
    for argument in &arguments {
        match argument {
            Argument::Valued(name, value) if name == "-e" || name == "--expression" => {
                scripts.push(value);
            }
            Argument::Operand(word) if first.is_none() => first = Some(*word),
            _ => {}
        }
    }
    if scripts.is_empty() {
        scripts.extend(first);
    }
    has_only(&arguments, flags)
        && scripts.iter().all(|script| {
            script
                .literal()
                .is_some_and(|text| sed_script_prints(&text))
        })
}

/// Returns whether a sed script has only commands that are known to print,
/// delete or replace.
fn sed_script_prints(script: &str) -> bool {
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', ';', '{', '}']);
        if rest.is_empty() {
            return true;
        }
        rest = match after_sed_command(after_address(rest)) {
            Some(after) => after,
            None => return false,
        };
    }
}

/// Returns what follows the lines that a command is for: `5`, `$`, `/re/I`,
/// `1,/end/`, `0~4`, `5!`.
fn after_address(text: &str) -> &str {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '$' | ',' | '~' | '+' | '!' | ' ')
        });
        rest = match next.strip_prefix('/') {
            Some(pattern) => match after_delimiter(pattern, '/') {
                Some(after) => after.trim_start_matches(['I', 'M']),
                None => return next,
            },
            None => return next,
        };
    }
}

/// Returns what follows one command; `None` for one that may do more than
/// print.
fn after_sed_command(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    match chars.next()? {
        '{' => Some(chars.as_str()),
        'p' | 'P' | 'd' | 'D' | 'q' | 'Q' | '=' | 'n' | 'N' | 'h' | 'H' | 'g' | 'G' | 'x' | 'l' => {
            let rest = chars.as_str();
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ');
            (rest.is_empty() || rest.starts_with([';', '\n', '}'])).then_some(rest)
        }
        's' => {
            let delimiter = chars.next()?;
            let rest = after_delimiter(chars.as_str(), delimiter)?;
            let rest = after_delimiter(rest, delimiter)?;
            let rest = rest.trim_start_matches(|c: char| {
                c.is_ascii_digit() || matches!(c, 'g' | 'p' | 'i' | 'I' | 'm' | 'M' | ' ')
            });
            (rest.is_empty() || rest.starts_with([';', '\n', '}'])).then_some(rest)
        }
        'y' => {
            let delimiter = chars.next()?;
            after_delimiter(after_delimiter(chars.as_str(), delimiter)?, delimiter)
        }
        _ => None,
    }
}

/// Returns what follows the next `delimiter` that no backslash stands before.
fn after_delimiter(text: &str, delimiter: char) -> Option<&str> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        if quoted {
            quoted = false;
        } else if c == '\\' {
            quoted = true;
        } else if c == delimiter {
            return Some(&text[at + c.len_utf8()..]);
        }
    }
    None
}

/// Returns whether an `awk` prints to its output alone and starts nothing.
pub(super) fn awk_only_reads(words: &[Word]) -> bool {
    let arguments = arguments(words, "Fv", "field-separator assign");
    let flags = List("-F -v --field-separator --assign");
    let program = arguments.iter().find_map(|argument| match argument {
        Argument::Operand(word) => word.literal(),
        _ => None,
    });
    has_only(&arguments, flags) && program.is_some_and(|text| awk_prints(&text))
}

fn awk_prints(text: &str) -> bool {
    let starts = text.contains("system") || text.replace("||", "").contains('|');
    let loads = text.contains('@');
    let writes = match text.find("print") {
        Some(print) => text[print..].contains('>'),
        None => false,
    };
    !starts && !loads && !writes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sed_scripts_that_print_are_told_from_those_that_write() {
        for script in [
            "1,40p",
            "s/old/new/g",
            "/start/,/end/p",
            "$!d",
            "s|a|w|; 5q",
            "y/abc/xyz/",
            "10q",
            "/a\\/b/Id",
            "1{p;q}",
            "s/[0-9]*/x/gp",
            "",
        ] {
            assert!(sed_script_prints(script), "{script}");
        }
        for script in [
            "w out.txt",
            "s/a/b/w out",
            "s/a/b/e",
            "e rm x",
            "1,3w f",
            "s/a/b",
            "/x",
            "r f",
            "p\nw f",
            "s/a/b/gw f",
            "W f",
            "1!w f",
        ] {
            assert!(!sed_script_prints(script), "{script}");
        }
    }

    #[test]
    fn awk_programs_that_print_are_told_from_those_that_write() {
        for program in [
            "{print $1}",
            "$3 > 100 {print}",
            "NR==1 || /x/",
            "END{print NR}",
        ] {
            assert!(awk_prints(program), "{program}");
        }
        for program in [
            "{print > \"f\"}",
            "{print $1 | \"sh\"}",
            "BEGIN{system(\"rm x\")}",
            "@load \"x\"",
            "\"ls\" | getline",
        ] {
            assert!(!awk_prints(program), "{program}");
        }
    }
}
