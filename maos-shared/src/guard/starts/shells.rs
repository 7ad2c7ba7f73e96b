//! Shells, and the builtins that read text as a shell does.

use super::super::arguments::{FLAGS_ONLY, leading, leading_text};
use super::super::list::{List, Names};
use super::super::shell::{Part, Word};
use super::openers::{self, opens_shell};
use super::{Code, Family, Line, Started, What, words};

/// Programs that run shell text.
const SHELLS: List = List(
    "\
    ash bash bosh csh dash elvish fish hush ksh ksh93 mksh nu oksh osh posh powershell \
    powershell.exe pwsh pwsh.exe rbash rksh rzsh sh tcsh xonsh yash ysh zsh",
);

/// Names of PowerShell: its text is read as that of another shell, which finds
/// its plain commands.
const POWERSHELLS: List = List("powershell powershell.exe pwsh pwsh.exe");

pub(super) static FAMILY: Family = Family {
    programs: Names::of(List("eval trap . source"))
        .and(SHELLS)
        .and_all(openers::BY_PROGRAM.names()),
    started,
};

/// Returns what these programs start.
fn started(line: &Line<'_>) -> Vec<Started> {
    let mut first = Vec::new();
    let one = match line.program() {
        "eval" => eval(line.words),
        "trap" => trap(line.words),
        "." | "source" => source(line),
        program if POWERSHELLS.has(program) => powershell(line.words).or_else(|| shell(line)),
        program if SHELLS.has(program) => {
            first = read_first(line);
            shell(line)
        }
        _ if opens_shell(line) => line.stdin.cloned().map(Started::shell),
        _ => None,
    };
    first.into_iter().chain(one).collect()
}

/// Returns what a shell reads before all else: `--rcfile FILE`, `fish -C TEXT`.
fn read_first(line: &Line<'_>) -> Vec<Started> {
    const FILES: List = List("--init-file --rcfile");
    const TEXTS: List = List("--init-command -C");
    let pairs = line.words.windows(2).map_while(|pair| {
        let [option, value] = pair else { return None };
        Some((leading_text(option), value))
    });
    let texts = pairs.filter_map(|(option, value)| match option {
        option if FILES.has(option) => line.text_of(value),
        option if TEXTS.has(option) && line.program() == "fish" => Some(value.clone()),
        _ => None,
    });
    texts.map(Started::shell).collect()
}

/// The words after a shell.
struct ShellLine<'a> {
    /// The text of `-c` is the first operand.
    has_text: bool,
    /// It only checks how the text is written (`-n`), unless it is interactive.
    only_checks: bool,
    is_interactive: bool,
    /// It reads its standard input (`-s`).
    reads_stdin: bool,
    operands: &'a [Word],
}

/// Reads the options of a shell: joined in any order, `+x` like `-x`, and each
/// `o` or `O` with the next word as its value.
fn read(words: &[Word]) -> ShellLine<'_> {
    const VALUED: List = List("--rcfile --init-file --emulate --features --init-command");
    let mut line = ShellLine {
        has_text: false,
        only_checks: false,
        is_interactive: false,
        reads_stdin: false,
        operands: words,
    };
    while let Some((word, rest)) = line.operands.split_first() {
        let text = leading_text(word);
        let mut values = 0;
        match text {
            "--command" => line.has_text = true,
            "-" | "--" => {
                line.operands = rest;
                break;
            }
            long if long.starts_with("--") => values = usize::from(VALUED.has(long)),
            letters if letters.starts_with(['-', '+']) => {
                line.has_text |= letters.contains('c');
                line.only_checks |= letters.starts_with('-') && letters.contains('n');
                line.is_interactive |= letters.contains('i');
                line.reads_stdin |= letters.contains('s');
                values = letters.matches(['o', 'O', 'C']).count();
            }
            _ => break,
        }
        line.operands = rest.get(values..).unwrap_or_default();
    }
    line
}

/// Returns whether a word is the name of a shell.
pub(in crate::guard) fn is_shell(word: &Word) -> bool {
    let name = word.known().unwrap_or_default();
    is_shell_name(super::super::paths::base_name(&name)) && !name.contains(char::is_whitespace)
}

/// Returns whether a program without its folder is a shell.
pub(super) fn is_shell_name(name: &str) -> bool {
    SHELLS.has(name)
}

/// Returns where a shell, or a builtin that reads text as one does, takes its
/// text from.
pub(super) fn code(line: &Line<'_>) -> Option<Code> {
    if !FAMILY.knows(line) {
        return None;
    }
    let one = |word: &Word| Code::Words(vec![word.clone()]);
    match line.program() {
        "eval" => leading(line.words, &FLAGS_ONLY).1.first().map(one),
        "." | "source" => match leading(line.words, &FLAGS_ONLY).1.first() {
            // Of `fish`.
            None => Some(Code::Input),
            Some(file) if is_output(file) => Some(one(file)),
            Some(file) if is_stdin(file) => Some(Code::Input),
            Some(file) => Some(Code::File(file.clone())),
        },
        program if POWERSHELLS.has(program) && line.words.last().is_some_and(is_stdin) => {
            Some(Code::Input)
        }
        program if SHELLS.has(program) => {
            let read = read(line.words);
            read.code(line.command.more_arguments)
        }
        _ => opens_shell(line).then_some(Code::Input),
    }
}

impl ShellLine<'_> {
    /// Returns where the text comes from; `fed`, whether a stream gives more
    /// arguments.
    fn code(&self, fed: bool) -> Option<Code> {
        let script = self.operands.first();
        match script {
            _ if self.only_checks && !self.is_interactive => None,
            Some(text) if self.has_text => Some(Code::Words(vec![text.clone()])),
            None if self.has_text => fed.then_some(Code::Input),
            _ if self.reads_stdin => Some(Code::Input),
            Some(file) if is_output(file) => Some(Code::Words(vec![file.clone()])),
            Some(file) if is_stdin(file) => Some(Code::Input),
            Some(file) => Some(Code::File(file.clone())),
            None => (!fed).then_some(Code::Input),
        }
    }

    /// Returns `$0`, `$1`, …; without a file of its own, a script has the
    /// shell's name.
    fn arguments(&self, code: &Code, shell: Option<&Word>) -> Vec<Word> {
        let behind = self.operands.get(1..).unwrap_or_default();
        let (name, arguments) = match code {
            _ if self.has_text => (None, behind),
            Code::File(_) => (None, self.operands),
            _ if self.reads_stdin => (shell, self.operands),
            _ => (shell, behind),
        };
        name.into_iter().chain(arguments).cloned().collect()
    }
}

fn shell(line: &Line<'_>) -> Option<Started> {
    let read = read(line.words);
    let fed = line.command.more_arguments;
    let code = read.code(fed)?;
    let text = match &code {
        Code::Words(words) => words.last()?.clone(),
        Code::File(file) => line.text_of(file)?,
        Code::Input if read.has_text => unknown(),
        Code::Input => line.stdin?.clone(),
    };
    let mut arguments = read.arguments(&code, line.command.words.first());
    if fed {
        arguments.push(unknown());
    }
    Some(Started::of(What::Shell { text, arguments }))
}

/// Returns any number of words.
fn unknown() -> Word {
    Word {
        parts: vec![Part::Unknown { quoted: false }],
    }
}

/// Returns whether a file is what commands give out (`bash <(curl …)`).
pub(super) fn is_output(file: &Word) -> bool {
    matches!(
        file.parts.as_slice(),
        [Part::Output { .. } | Part::Process { .. }]
    )
}

/// Returns whether a file is the standard input.
pub(super) fn is_stdin(file: &Word) -> bool {
    const STDIN: List = List("- /dev/stdin /dev/fd/0 /proc/self/fd/0");
    file.known().is_some_and(|file| STDIN.has(&file))
}

/// Returns what is behind `-Command` or an abbreviation of it.
fn powershell(words: &[Word]) -> Option<Started> {
    let is_command = |word: &Word| {
        let option = word.literal().unwrap_or_default().to_ascii_lowercase();
        option.len() > 1 && "-command".starts_with(&option)
    };
    let at = words.iter().position(is_command)?;
    let text = words::join(&words[at + 1..], " ");
    Some(Started::shell(text))
}

fn eval(words: &[Word]) -> Option<Started> {
    let (_, words) = leading(words, &FLAGS_ONLY);
    (!words.is_empty()).then(|| Started::of(What::Here(words::join(words, " "))))
}

fn trap(words: &[Word]) -> Option<Started> {
    let (flags, words) = leading(words, &FLAGS_ONLY);
    match words {
        [text, _, ..] if flags.is_empty() && leading_text(text) != "-" => {
            Some(Started::of(What::Here(text.clone())))
        }
        _ => None,
    }
}

fn source(line: &Line<'_>) -> Option<Started> {
    let (_, words) = leading(line.words, &FLAGS_ONLY);
    let file = words.first()?;
    match is_output(file) {
        true => Some(Started::of(What::Here(file.clone()))),
        false if is_stdin(file) => Some(Started::of(What::Here(line.stdin?.clone()))),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fed, started, test_command};
    use super::*;

    #[test]
    fn the_text_of_a_shell_is_found_in_every_spelling() {
        check(&[
            ("bash -c 'rm x'", &["sh: rm x"]),
            ("/bin/sh -c 'rm x' name y", &["sh: rm x | name y"]),
            ("bash -lc 'rm x'", &["sh: rm x"]),
            ("bash -xec 'rm x'", &["sh: rm x"]),
            ("bash -c -- 'rm x'", &["sh: rm x"]),
            ("bash -c -e 'rm x'", &["sh: rm x"]),
            ("bash -euo pipefail -c 'rm x'", &["sh: rm x"]),
            ("bash -O extglob -c 'rm x'", &["sh: rm x"]),
            ("bash +o posix -c 'rm x'", &["sh: rm x"]),
            ("bash --norc --rcfile f -c 'rm x'", &["sh: rm x"]),
            ("zsh -fc 'rm x'", &["sh: rm x"]),
            ("fish --command 'rm x'", &["sh: rm x"]),
            ("bash script.sh -c 'rm x'", &[]),
            ("bash -n script.sh", &[]),
            ("bash -n -c 'rm x'", &[]),
            ("bash -in -c 'rm x'", &["sh: rm x"]),
            ("bash -c", &[]),
            ("bash", &[]),
            ("bashful -c 'rm x'", &[]),
            ("bash -c 'rm ¤'", &["sh: rm ¤"]),
        ]);
    }

    #[test]
    fn a_shell_without_a_script_reads_its_input() {
        check_fed(&[
            ("bash", "rm x", &["sh: rm x | bash"]),
            ("bash -s -- a", "rm x", &["sh: rm x | bash a"]),
            ("sh -eu", "rm x", &["sh: rm x | sh"]),
            ("sh -", "rm x", &["sh: rm x | sh"]),
            ("bash /dev/stdin a", "rm x", &["sh: rm x | bash a"]),
            ("bash -c ls", "rm x", &["sh: ls"]),
            ("bash script.sh", "rm x", &[]),
            ("source /dev/stdin", "rm x", &["here: rm x"]),
            ("cat", "rm x", &[]),
        ]);
    }

    #[test]
    fn builtins_read_text_in_the_same_shell() {
        check(&[
            ("eval 'rm x' y", &["here: rm x y"]),
            ("eval -- 'rm x'", &["here: rm x"]),
            ("eval", &[]),
            ("trap 'rm x' EXIT", &["here: rm x"]),
            ("trap -- 'rm x' EXIT INT", &["here: rm x"]),
            ("trap - EXIT", &[]),
            ("trap -p EXIT", &[]),
            ("source script.sh", &[]),
        ]);
    }

    #[test]
    fn names_from_a_stream_are_unknown_arguments() {
        let mut command = test_command("sh -c 'rm $1' _ x");
        command.more_arguments = true;
        assert_eq!(started(&command, None), ["sh: rm $1 | _ x ¤"]);
        command = test_command("bash -c");
        command.more_arguments = true;
        assert_eq!(started(&command, None), ["sh: ¤ | ¤"]);
    }

    #[test]
    fn the_output_of_commands_is_text_where_a_script_is_read() {
        let output = Word {
            parts: vec![Part::Output {
                commands: 0..1,
                quoted: false,
            }],
        };
        for (text, expected) in [("bash", "sh: ¤ | bash"), ("source", "here: ¤")] {
            let mut command = test_command(text);
            command.words.push(output.clone());
            assert_eq!(started(&command, None), [expected]);
        }
        let mut own = test_command("sh -c 'rm x'");
        own.words[0].parts = vec![Part::variable("SHELL", false)];
        assert_eq!(started(&own, None), ["sh: rm x"]);
    }
}
