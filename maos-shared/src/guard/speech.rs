//! Commands that do nothing but say what stands in the text: `echo done`.

use super::shell::{Command, Part, Stdin, Word};

/// Builtins that give out their arguments, or nothing, and do no more.
const SPEAKERS: [&str; 5] = ["echo", "true", "false", ":", "printf"];

/// Returns whether a command does no more than give out words that stand in the
/// text, to where the text gives it out. Long texts are full of them, and no rule
/// has anything to say on one by itself; on what reads it, rules come to it from
/// there.
pub(super) fn only_speaks(command: &Command) -> bool {
    let Some((program, words)) = command.words.split_first() else {
        return false;
    };
    is_speaker(program)
        && words.iter().all(is_text)
        && !names_variable(words)
        && !command.calls_function
        && !command.more_arguments
        && command.stdin == Stdin::Inherited
        && command.started_by.is_none()
        && command.assignments.is_empty()
        && command.redirections.is_empty()
        && command.outputs.is_empty()
        && command.written.is_empty()
}

fn is_speaker(program: &Word) -> bool {
    match program.parts.as_slice() {
        [Part::Text(name)] => SPEAKERS.contains(&name.as_str()),
        _ => false,
    }
}

fn is_text(word: &Word) -> bool {
    matches!(word.parts.as_slice(), [] | [Part::Text(_)])
}

/// Returns whether `printf` puts what it says in a variable.
fn names_variable(words: &[Word]) -> bool {
    let first = words.first().and_then(|word| word.parts.first());
    matches!(first, Some(Part::Text(text)) if text.starts_with("-v"))
}

#[cfg(test)]
mod tests {
    use super::super::shell;
    use super::*;

    fn speaks(text: &str) -> Vec<bool> {
        let script = shell::parse(text).expect("a text that can be read");
        script.commands.iter().map(only_speaks).collect()
    }

    #[test]
    fn what_stands_in_the_text_is_speech() {
        for text in [
            "echo 'a b' c",
            "echo",
            "printf '%s\\n' x",
            ": done",
            "true",
            "x=1; echo \"$x\"",
        ] {
            assert_eq!(speaks(text), [true], "{text}");
        }
        assert_eq!(speaks("echo a && echo b | cat"), [true, true, false]);
    }

    #[test]
    fn what_does_more_or_is_not_known_is_none() {
        for text in [
            "echo *",
            "echo $x",
            "echo ~",
            "echo a > f",
            "x=1 echo a",
            "printf -v x a",
            "printf -vx a",
            "/bin/echo a",
            "cat a",
            "sudo echo a",
            "xargs echo a",
            "echo \"$(date)\"",
            "echo <(date)",
            "cat f | echo a",
            "echo a <<< b",
            "echo() { rm -rf ~; }; echo a",
        ] {
            assert!(!speaks(text).contains(&true), "{text}");
        }
    }
}
