//! Variables whose value is a command that some program runs unseen:
//! `GIT_EDITOR='…' git commit`, `export PAGER='…'`, `PROMPT_COMMAND='…'`; or a
//! file with such: `BASH_ENV=x bash y`.

use super::super::arguments::{leading_text, skip};
use super::super::list::List;
use super::super::shell::{Command, Word};
use super::{Started, TextOf, words};

/// Variables that a program gives to a shell, or runs as one with arguments.
const COMMANDS: List = List(
    "\
    BROWSER EDITOR FCEDIT FZF_DEFAULT_COMMAND GIT_ASKPASS GIT_EDITOR GIT_EXTERNAL_DIFF GIT_PAGER \
    GIT_PROXY_COMMAND GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND KUBE_EDITOR LESSCLOSE LESSOPEN \
    MANPAGER PAGER PROMPT_COMMAND PSQL_PAGER RSYNC_RSH RUSTC_WRAPPER SSH_ASKPASS SUDO_EDITOR \
    SVN_EDITOR SYSTEMD_PAGER TAR_OPTIONS VISUAL",
);

/// Variables that name the file which a shell reads first.
const FILES: List = List("BASH_ENV ENV");

/// Variables that a shell expands before it shows them.
const PROMPTS: List = List("PS0 PS1 PS2 PS4");

/// How the names of variables begin that are functions of `bash`.
pub(super) const EXPORTED_FUNCTION: &str = "BASH_FUNC_";

/// Variables that an interpreter acts upon, with the words that do the same; its
/// value is more words of the line, or one.
const INTERPRETERS: [(&str, &[&str], bool); 8] = [
    ("NODE_OPTIONS", &["node", "-e", ""], true),
    ("PERL5OPT", &["perl", "-e", ""], true),
    ("RUBYOPT", &["ruby", "-e", ""], true),
    ("PERL5DB", &["perl", "-e"], false),
    ("LUA_INIT", &["lua", "-e"], false),
    ("PYTHONSTARTUP", &["python3"], false),
    ("R_PROFILE_USER", &["Rscript"], false),
    ("R_PROFILE", &["Rscript"], false),
];

/// Returns what would run through the variables that a command sets: in front
/// of a program, or for good.
pub(super) fn started(command: &Command, text_of: TextOf<'_>) -> Vec<Started> {
    let exports = command.words.first().and_then(Word::literal);
    let exports = exports.is_some_and(|name| List("declare export readonly typeset").has(&name));
    let kept = command.words.iter().skip(1).filter(|_| exports);
    let kept = kept.filter_map(|word| {
        let (name, _) = leading_text(word).split_once('=')?;
        Some((name, skip(word, name.len() + 1)))
    });
    let given = command.assignments.iter();
    let given = given.map(|(name, value)| (name.as_str(), value.clone()));
    given
        .chain(kept)
        .filter_map(|(name, value)| {
            interpreted(name, &value).or_else(|| text(name, value, text_of).map(Started::shell))
        })
        .collect()
}

/// Returns the interpreter that a variable is for, with what the variable tells it.
fn interpreted(name: &str, value: &Word) -> Option<Started> {
    let mut known = INTERPRETERS.iter();
    let (_, words, is_split) = known.find(|(known, ..)| *known == name)?;
    let mut command: Vec<Word> = words.iter().copied().map(words::word).collect();
    match is_split {
        true => drop(command.splice(1..1, words::split(value))),
        false => command.push(value.clone()),
    }
    Some(Started::program(command))
}

/// Returns the shell text that a variable holds.
fn text(name: &str, value: Word, text_of: TextOf<'_>) -> Option<Word> {
    match name {
        name if FILES.has(name) => text_of(&value),
        name if PROMPTS.has(name) => words::expansion(&value),
        name if name.starts_with(EXPORTED_FUNCTION) => {
            let body = leading_text(&value).starts_with("()");
            body.then(|| words::join([&words::word("f"), &value], ""))
        }
        name if !COMMANDS.has(name) => None,
        "LESSOPEN" | "LESSCLOSE" => {
            let bars = leading_text(&value).trim_start_matches(['|', '-']);
            let begin = leading_text(&value).len() - bars.len();
            Some(skip(&value, begin))
        }
        _ => Some(value),
    }
}

/// Returns whether it matters what this variable is given.
pub(in crate::guard) fn is_command(name: &str) -> bool {
    COMMANDS.has(name)
        || FILES.has(name)
        || PROMPTS.has(name)
        || INTERPRETERS.iter().any(|(known, ..)| *known == name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn what_a_variable_makes_others_run_starts() {
        check(&[
            ("GIT_EDITOR='rm x' git commit", &["sh: rm x"]),
            (
                "GIT_SSH_COMMAND='rm x' PAGER=cat git log",
                &["sh: rm x", "sh: cat"],
            ),
            ("GIT_DIR='rm x' git log", &[]),
            ("export 'PAGER=rm x'", &["sh: rm x"]),
            ("export PATH 'NAME=rm x'", &[]),
            ("PROMPT_COMMAND='rm x'", &["sh: rm x"]),
            ("LESSOPEN='|-rm %s' less f", &["sh: rm %s"]),
            ("echo 'PAGER=rm x'", &[]),
        ]);
    }
}
