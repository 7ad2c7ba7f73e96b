//! Programs in an argument: do they only print?

use super::super::arguments::Argument;
use super::super::list::List;
use super::super::sed::{self, Step};
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
    has_only(&arguments, flags)
        && sed::scripts(&arguments).iter().all(|script| {
            let script = script.literal();
            script.is_some_and(|script| sed::read(&script).iter().all(prints))
        })
}

/// Returns whether a command of a sed script prints and no more.
fn prints(step: &Step<'_>) -> bool {
    match step {
        Step::Prints(_) => true,
        Step::Substitute { flags, .. } => !flags.contains(['e', 'w']),
        Step::Execute(_) | Step::Read(_) | Step::Write(_) | Step::Unknown => false,
    }
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
            assert!(sed::read(script).iter().all(prints), "{script}");
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
            assert!(!sed::read(script).iter().all(prints), "{script}");
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
